use super::*;
use proptest::prelude::*;

/// What `get` says of one value, `=` for what is plain.
fn read(text: &str, name: &str) -> String {
    match get(text, name) {
        Ok(Value::Absent) => "absent".to_owned(),
        Ok(Value::Plain(value)) => format!("= {value}"),
        Ok(Value::Ambiguous(readings)) => readings.join(" | "),
        Err(error) => error.message,
    }
}

#[test]
fn a_value_counts_where_all_agree() {
    #[rustfmt::skip]
    let cases = [
        // the text              python, node, compose, docker, shell: the distinct ones
        ("A=b",                  "= b"),
        ("A=b\r\n",              "= b"),
        ("\u{feff}A=b\n",        "= b"),
        ("  A=b\n",              "= b"),
        ("A=",                   "= "),
        ("export A=b",           "= b"),
        ("export\tA=b",          "= b"),
        ("A = b",                "= b"),
        ("A=1=2==",              "= 1=2=="),
        ("A=correct horse",      "= correct horse"),
        ("A=p&q",                "= p&q"),
        ("A=1\nA=2\n",           "= 2"),
        ("# A=b\nAB=c\n",        "absent"),
        ("A\nB=1",               "absent"),
        ("",                     "absent"),
        ("A=b # c",              "b | b # c"),
        ("A=b\t# c",             "b | b\t# c"),
        ("A=14  # 0 = strict",   "14 | 14  # 0 = strict"),
        ("A=b#c",                "b#c | b"),
        ("A= b",                 "b |  b"),
        ("A=b ",                 "b | b "),
        ("A='b'",                "b | 'b'"),
        ("A=\"b\"",              "b | \"b\""),
        ("A=`b`",                "`b` | b | "),
        ("A='b' # c",            "b | 'b' # c"),
        ("A=\"b#c\"",            "b#c | \"b#c\""),
        ("A=\"b\\nc\"",          "b\nc | \"b\\nc\" | b\\nc"),
        ("A='b\\nc'",            "b\\nc | 'b\\nc'"),
        ("A=\"b\nc\"",           "b\nc | \"b"),
        ("A=$B",                 "$B | "),
        ("A=x${B}y",             "xy | x${B}y"),
        ("A='${B}'",             " | ${B} | '${B}'"),
        ("A=$(id)",              "$(id) | "),
        ("A=a$",                 "= a$"),
        ("A=a\\b",               "a\\b | ab"),
        ("A=a;b",                "a;b | a"),
        ("A=~/b",                "~/b | /b"),
        ("A=it's",               "= it's"),
        ("A=a\"b\"c",            "a\"b\"c | abc"),
        ("A='C:\\dir\\'",        "C:\\dir\\ | 'C:\\dir\\'"),
        ("A=\"say \\\"x\\\"\"",  "say \"x\" | say \\\"x\\\" | \"say \\\"x\\\"\""),
        ("A= # c",               " | # c |  # c"),
        ("A=#c",                 "#c | "),
        ("A=\"a\\$b\"",          "a\\$b | a$b | \"a\\$b\""),
        ("A=a$$b",               "a$$b | a$b | ab"),
        ("A=a:~/b",              "a:~/b | a:/b"),
        ("B='x\nA=no\n'\nA=yes", "= yes"),
        ("B='x\nA=no\n'\n",      "absent"),
        ("B=it's\nA=yes\nC=it's", "= yes"),
        ("B=`\nA=yes",           "= yes"),
        ("A='b",                 "line 1, column 3: a quoted value does not end"),
        ("A=1\nB=\"b\nc",        "line 2, column 3: a quoted value does not end"),
        ("A=1\nB=\"b\nc\" d",    "line 3, column 3: a quoted value of several lines goes on behind its quote"),
        ("A=1\rB=2",             "line 1, column 4: a carriage return without a line feed"),
        ("A=1\n=======\nA=2",    "line 2, column 1: a merge conflict is not resolved"),
        ("<<<<<<< x\r\nA=1\r\n", "line 1, column 1: a merge conflict is not resolved"),
        ("B='\n=======\n'\nA=1", "= 1"),
    ];
    for (text, want) in cases {
        assert_eq!(read(text, "A"), want, "{text:?}");
    }
}

const EXAI: &str = "# tokens\n\nEXAI_WS_PORT=8079\nEXAI_WS_TOKEN=legacy-token # old handshake\n\
                    \n# VSCode Instance 1\nEXAI_JWT_TOKEN_VSCODE1=eyJh.eyJz.ykh-_\n";

#[test]
fn setting_changes_one_line() {
    #[rustfmt::skip]
    let cases = [
        // before                 after
        ("",                      "A=new\n"),
        ("B=1\n",                 "B=1\nA=new\n"),
        ("B=1",                   "B=1\nA=new"),
        ("B=1\r\nC=2",            "B=1\r\nC=2\r\nA=new"),
        ("\u{feff}B=1\r\n",       "\u{feff}B=1\r\nA=new\r\n"),
        ("export B=1\n",          "export B=1\nexport A=new\n"),
        ("# c\nB=1\nexport C=2\n", "# c\nB=1\nexport C=2\nA=new\n"),
        ("A=old\nB=1\n",          "A=new\nB=1\n"),
        ("A=old",                 "A=new"),
        ("A=\n",                  "A=new\n"),
        ("\u{feff}A=old\r\nB=\"x\r\ny\"\r\n", "\u{feff}A=new\r\nB=\"x\r\ny\"\r\n"),
        ("  export  A=old\n",     "  export  A=new\n"),
        ("A =  'old'\n",          "A =  new\n"),
        ("A=  old  \n",           "A=new\n"),
        ("  A=old # why\r\nB=1\r\n", "  # why\r\n  A=new\r\nB=1\r\n"),
        ("A='old' # why",         "# why\nA=new"),
        ("A= # why\n",            "# why\nA=new\n"),
        ("A=#not\n",              "A=new\n"),
        ("A=old#not\n",           "A=new\n"),
        ("A=\"o\nl\nd\" # why\nB=1\n", "# why\nA=new\nB=1\n"),
        ("A=1\nA=2\nB=1\n",       "A=1\nA=new\nB=1\n"),
        ("A=new\n",               "A=new\n"),
        ("A=\"new\"\n",           "A=new\n"),
        ("B='\nA=x\n'\n",         "B='\nA=x\n'\nA=new\n"),
    ];
    for (before, want) in cases {
        let got = set(before, "A", "new").map_err(|error| error.message);
        assert_eq!(got.as_deref(), Ok(want), "{before:?}");
    }
    let got = set(EXAI, "EXAI_WS_TOKEN", "e.y.J").map_err(|error| error.message);
    let want = EXAI.replace(
        "EXAI_WS_TOKEN=legacy-token # old handshake",
        "# old handshake\nEXAI_WS_TOKEN=e.y.J",
    );
    assert_eq!(got, Ok(want));
}

#[test]
fn removing_takes_the_whole_line() {
    #[rustfmt::skip]
    let cases = [
        ("",                  ""),
        ("B=1\n",             "B=1\n"),
        ("A=1\nB=1\n",        "B=1\n"),
        ("B=1\nA=1\n",        "B=1\n"),
        ("B=1\nA=1",          "B=1"),
        ("B=1\r\nA=1",        "B=1"),
        ("A=1",               ""),
        ("\u{feff}A=1\r\n# c", "\u{feff}# c"),
        ("# c\n export A=1 # d\nB=1", "# c\nB=1"),
        ("A='x\ny'\nB=1\n",   "B=1\n"),
        ("A=1\nB=1\nA=2\nC=1\n", "B=1\nC=1\n"),
        ("B='\nA=1\n'\n",     "B='\nA=1\n'\n"),
    ];
    for (before, want) in cases {
        let got = remove(before, "A").map_err(|error| error.message);
        assert_eq!(got.as_deref(), Ok(want), "{before:?}");
    }
}

#[test]
fn what_cannot_be_unanimous_is_refused() {
    #[rustfmt::skip]
    let cases = [
        ("A", "hunter2 x",  "its value holds a blank"),
        ("A", "hunter2'",   "its value holds a quote"),
        ("A", "hunter2$",   "its value holds `$`"),
        ("A", "hunter2#",   "its value holds `#`"),
        ("A", "hunter2\\",  "its value holds `\\`"),
        ("A", "~hunter2",   "its value holds `~`"),
        ("A", "hunter2\n",  "its value holds a line end"),
        ("A", "hunter2\0",  "its value holds a control character"),
        ("A", "hunter2é",   "its value holds a character outside of ASCII"),
        ("9", "hunter2",    "a variable's name has letters"),
        ("A B", "hunter2",  "a variable's name has letters"),
    ];
    for (name, value, want) in cases {
        let Err(error) = set("B=1\n", name, value) else {
            panic!("{value}")
        };
        assert!(
            error.message.contains(want) && !error.message.contains("hunter2"),
            "{error}"
        );
    }
}

/// Lines of any kind, and how they end.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[A-C]=[a-z0-9]{0,4}",
        "(export )?[A-C] ?= ?[a-z$#'\"\\\\ ]{0,6}",
        "[B-C]='[a-zA=\n]{0,8}'( #.*)?",
        "[B-C]=\"[a-zA=\n]{0,8}\"",
        "#.{0,6}",
        " {0,2}",
    ];
    (
        proptest::collection::vec(line, 0..6),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(lines, crlf, bom, end)| {
            let mut text = lines.join("\n").replace('\r', "");
            if end {
                text.push('\n');
            }
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            format!("{}{text}", if bom { "\u{feff}" } else { "" })
        })
}

proptest! {
    #[test]
    fn what_is_set_is_read(text in file(), value in "[A-Za-z0-9_./:@%+=,-]{0,12}") {
        let Ok(new) = set(&text, "A", &value) else { return Ok(()) };
        prop_assert_eq!(get(&new, "A").ok(), Some(Value::Plain(value.clone())));
        prop_assert_eq!(set(&new, "A", &value).ok(), Some(new.clone()), "twice");
        for other in ["B", "C"] {
            prop_assert_eq!(get(&new, other).ok(), get(&text, other).ok());
        }
        // Taking the variable out of both leaves the same, but for a comment that moved and the
        // line end in front of an appended line.
        let (Ok(before), Ok(after)) = (remove(&text, "A"), remove(&new, "A")) else { panic!() };
        if !text.contains('#') {
            prop_assert_eq!(before.trim_end(), after.trim_end());
        }
        prop_assert_eq!(get(&after, "A").ok(), Some(Value::Absent));
    }

    #[test]
    fn appending_is_undone_by_removing(text in file()) {
        if get(&text, "A").ok() == Some(Value::Absent) {
            let back = set(&text, "A", "x").and_then(|new| remove(&new, "A"));
            prop_assert_eq!(back.ok(), Some(text));
        }
    }

    #[test]
    fn nothing_panics(text in "[A-B=\"'`\\\\$#{}() ~;\\r\\n\u{feff}é\u{a0}]{0,30}", value in any::<String>()) {
        let _ = (get(&text, "A"), set(&text, "A", &value), set(&text, "A", "x"), remove(&text, "A"));
    }
}

#[test]
fn a_large_file_is_read_at_once() {
    let size = 1 << 20;
    let many = |line: &str| line.repeat(size / line.len());
    #[rustfmt::skip]
    let cases = [
        // text                              want
        (many("B=1\n"),                      "absent"),
        (many("B=\"1\"\n") + "A=\r\n",       "= "),
        (many("B=1 # c\n") + "A=x",          "= x"),
        (format!("B=`\n{}", many("C=\\`\n")), "absent"),
        (many("B=\\`\n"),                    "absent"),
        (many("B=`\\`\n"),                   "absent"),
        (many("B=` \n"),                     "absent"),
        (format!("B={}", many(" #")),        "absent"),
        (many("=\n"),                        "absent"),
        (many("#\n"),                        "absent"),
    ];
    for (text, want) in cases {
        // Work that grows with the square of the text would not end before the run is cut.
        let head = text[..12].escape_debug();
        assert_eq!(read(&text, "A"), want, "{head}");
    }
}

#[test]
fn a_token_is_replaced_inside_of_its_quotes() {
    #[rustfmt::skip]
    let cases = [
        ("A=\"Bearer eyJ.a\" # mine\r\nB=1", "A", "eyJ.a", Some("A=\"Bearer new\" # mine\r\nB=1")),
        ("A='Bearer eyJ.a'\n",               "A", "eyJ.a", Some("A='Bearer new'\n")),
        ("A=1\nA=Bearer eyJ.a\n",            "A", "eyJ.a", Some("A=1\nA=Bearer new\n")),
        ("A=eyJ eyJ\n",                      "A", "eyJ",   None),
        ("A=x\n",                            "A", "",      None),
        ("A=x\n",                            "B", "x",     None),
    ];
    for (text, name, old, want) in cases {
        let got = super::set_within(text, name, old, "new").unwrap();
        assert_eq!(got.as_deref(), want, "{text:?}");
    }
    assert!(super::set_within("A=x\n", "A", "x", "$y").is_err());
}

#[test]
fn every_variable_is_told_once_with_its_last_value() {
    let text = "\u{feff}A=1\nexport B='x' # y\n# C=1\nD=a#b\nA=2\nE=\nF=\"$X\"\n";
    let got = all(text).unwrap();
    let names: Vec<&str> = got.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["B", "D", "A", "E", "F"]);
    for (name, value) in got {
        assert_eq!(get(text, &name).unwrap(), value, "{name}");
    }
    assert!(all("A='x\n").is_err());
}

#[test]
fn what_waits_for_a_value_is_filled_where_it_stands_and_waits_again() {
    #[rustfmt::skip]
    let cases = [
        // line                         with a value in it            what is kept of it
        ("T=",                          "T=x",                        Some("")),
        ("T=\"\" ",                     "T=x",                        Some("\"\" ")),
        ("T=\"Bearer \"",               "T=\"Bearer x\"",             Some("\"Bearer \"")),
        ("T='bearer'",                  "T='bearer x'",               Some("'bearer'")),
        ("T = \"Bearer  \"",            "T = \"Bearer  x\"",          Some(" \"Bearer  \"")),
        ("T=\"Bearer \"  # c",          "T=\"Bearer x\"  # c",        Some("\"Bearer \"")),
        ("export T='Bearer '",          "export T='Bearer x'",        Some("'Bearer '")),
        ("export T=\"\" # c",           "export T=x # c",             Some("\"\"")),
        ("export T=  # c",              "export T=x  # c",            Some("")),
        ("T = '' # c",                  "T = x # c",                  Some(" ''")),
        // `docker run --env-file` takes the comment for a part of the value.
        ("T= # c",                      "# c\nT=x",                   Some(" #")),
        ("  T='' # c",                  "  # c\n  T=x",               Some("'' #")),
        ("T=Bearer",                    "T=x",                        None),
        ("T=\"Bearer y\"",              "T=x",                        None),
        ("export T=y # c",              "export T=x # c",             None),
        ("T=y # c",                     "# c\nT=x",                   None),
    ];
    for (line, filled, kept) in cases {
        for end in ["\n", "\r\n"] {
            let old = format!("A=1{end}{line}{end}B=2{end}");
            let was = vacant(&old, "T").unwrap();
            assert_eq!(was.as_deref(), kept, "{line}");
            let new = fill(&old, "T", "x").unwrap();
            let new = new.unwrap_or_else(|| set(&old, "T", "x").unwrap());
            let filled = filled.replace('\n', end);
            assert_eq!(new, format!("A=1{end}{filled}{end}B=2{end}"), "{line}");
            if let Some(was) = was {
                assert_eq!(vacate(&new, "T", &was).unwrap(), old, "{line}");
            }
        }
    }
}

#[test]
fn a_comment_that_came_or_went_meanwhile_is_nobody_elses() {
    #[rustfmt::skip]
    let cases = [
        // now                 was         then
        ("T=x # new\n",        "",         "T= # new\n"),
        ("A=1\nT=x\n",         "'' #",     "A=1\nT=''\n"),
        ("T=x\n",              " #",       "T=\n"),
        ("# c\n\nT=x\n",       " #",       "# c\n\nT=\n"),
    ];
    for (now, was, then) in cases {
        assert_eq!(vacate(now, "T", was).unwrap(), then, "{now}");
    }
}
