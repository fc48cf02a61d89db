use crate::json::Json;
use crate::place::toml::steps;
use crate::place::tree::{Change, Format, Make};

fn apply(text: &str, change: Change) -> String {
    let new = Format::Toml.apply(text, &[change]);
    new.unwrap_or_else(|error| error.message)
}

fn at(key: &str) -> Vec<String> {
    steps(key).unwrap_or_default()
}

fn put(text: &str, key: &str, value: &Json, make: Make) -> String {
    let (at, value) = (at(key), value.clone());
    apply(text, Change::Set { at, value, make })
}

#[test]
fn setting_changes_one_span() {
    #[rustfmt::skip]
    let cases = [
        // before, key, after
        ("a = \"x\" # c\r\n",         "a",     "a = \"bar\" # c\r\n"),
        ("a = 'x'",                   "a",     "a = 'bar'"),
        ("a = 1_000 # c\n",           "a",     "a = \"bar\" # c\n"),
        ("a.b = { \"c d\" = 'x' }\n", "a.b.\"c d\"", "a.b = { \"c d\" = 'bar' }\n"),
        ("",                          "a",     "a = \"bar\"\n"),
        ("# c",                       "a",     "# c\na = \"bar\""),
        ("a = 1",                     "b",     "a = 1\nb = \"bar\""),
        ("a=1 # c\r\n\r\n[t]\r\n",    "b",     "a=1 # c\r\nb=\"bar\"\r\n\r\n[t]\r\n"),
        ("# c\n\n# t\n[t]\n",         "b",     "# c\n\nb = \"bar\"\n\n# t\n[t]\n"),
        ("[t] # c\n\n[u]\n",          "t.b",   "[t] # c\nb = \"bar\"\n\n[u]\n"),
        ("[t]\n  a = 1\n\n  # end\n", "t.b",   "[t]\n  a = 1\n  b = \"bar\"\n\n  # end\n"),
        ("[t]\na = { b = 1 }\n",      "t.a.c", "[t]\na = { b = 1, c = \"bar\" }\n"),
        ("[t]\na = {}\n",             "t.a.c", "[t]\na = { c = \"bar\" }\n"),
        ("t = {a=1}",                 "t.c",   "t = {a=1, c = \"bar\"}"),
        ("a.b = 1\na.c = 2\nd = 3\n", "a.e",   "a.b = 1\na.c = 2\na.e = \"bar\"\nd = 3\n"),
        ("[a.b]\nc = 1\n",            "a.d",   "[a.b]\nc = 1\n\n[a]\nd = \"bar\"\n"),
        ("[[t]]\na = 1\n[[t]]\na = 2\n", "t.0.b", "[[t]]\na = 1\nb = \"bar\"\n[[t]]\na = 2\n"),
        ("a = [1, 2]\n",              "a.1",   "a = [1, \"bar\"]\n"),
        ("[t]\na = 1\n",              "t.h.x", "[t]\na = 1\nh = { x = \"bar\" }\n"),
        ("",                          "t.x",   "[t]\nx = \"bar\"\n"),
        ("\u{feff}a = 1\r\n",         "a",     "\u{feff}a = \"bar\"\r\n"),
        // refused
        ("a = 1\n",                   "a.b",   "line 1, column 5: a table was expected, not an integer"),
        ("a = [1]\n",                 "a.b",   "line 1, column 5: a table was expected, not an array"),
        ("[[a]]\n",                   "a.b",   "line 1, column 1: a table was expected, not an array of tables"),
        ("[a]\n",                     "a",     "line 1, column 1: a value was expected, not a table"),
        ("a.b = 1\n",                 "a",     "line 1, column 1: a value was expected, not a table"),
        ("[a]\n",                     "a.b.c.d", "nothing is there: `a` has no member `b`"),
        ("a = 1\na = 2\n",            "b",     "line 2, column 1: duplicate key"),
        ("a = 1\n<<<<<<< x\n",        "b",     "line 2, column 1: a merge conflict is not resolved"),
        ("a = \n",                    "b",     "line 1, column 5: string values must be quoted, expected literal string"),
    ];
    for (before, key, want) in cases {
        let got = put(before, key, &Json::from("bar"), Make::Around);
        assert_eq!(got, want, "{before} {key}");
    }
}

#[test]
fn a_server_is_written_as_a_person_would() {
    let server = Json::object([
        ("url", Json::from("https://x/mcp")),
        (
            "http_headers",
            Json::object([("Authorization", Json::from("Bearer x"))]),
        ),
    ]);
    let written = "[mcp_servers.exai]\nurl = \"https://x/mcp\"\nhttp_headers = { Authorization = \"Bearer x\" }\n";
    #[rustfmt::skip]
    let cases = [
        ("",                                     "@"),
        ("model = \"o\"\n",                      "model = \"o\"\n\n@"),
        ("[mcp_servers]\n",                      "[mcp_servers]\n\n@"),
        ("[mcp_servers.a]\nurl = \"x\"\n# more\n\n# t\n[t]\n", "[mcp_servers.a]\nurl = \"x\"\n# more\n\n@\n# t\n[t]\n"),
        ("[mcp_servers.a]\n[mcp_servers.a.env]\nb = \"c\"\n[t]\n", "[mcp_servers.a]\n[mcp_servers.a.env]\nb = \"c\"\n@[t]\n"),
        ("[a]\n\n[b]\n# end\n",                  "[a]\n\n[b]\n# end\n\n@"),
    ];
    for (before, want) in cases {
        let want = want.replace('@', written);
        let got = put(before, "mcp_servers.exai", &server, Make::All);
        assert_eq!(got, want, "{before}");
        let crlf = before.replace('\n', "\r\n");
        let got = put(&crlf, "mcp_servers.exai", &server, Make::All);
        let end = if before.is_empty() { "\n" } else { "\r\n" };
        assert_eq!(got, want.replace('\n', end), "{before}");
    }
    let got = put("[a]\nb = 'c'", "mcp_servers.exai", &server, Make::All);
    let want = format!("[a]\nb = 'c'\n\n{}", written.trim_end().replace('"', "'"));
    assert_eq!(got, want);
    let inline = "mcp_servers = { a = { url = \"x\" } }\n";
    let want = "mcp_servers = { a = { url = \"x\" }, exai = { url = \"https://x/mcp\", http_headers = { Authorization = \"Bearer x\" } } }\n";
    assert_eq!(put(inline, "mcp_servers.exai", &server, Make::All), want);
}

#[test]
fn appending_grows_an_array_at_its_end() {
    let table = Json::object([
        ("sub", Json::from("x")),
        ("to", Json::Array(vec![Json::from("y")])),
    ]);
    #[rustfmt::skip]
    let cases = [
        // before, key, value, after
        ("a = [1, 2] # c\n",            "a",   "\"x\"", "a = [1, 2, \"x\"] # c\n"),
        ("a = []\n",                    "a",   "1",     "a = [1]\n"),
        ("a = [\n  'b', # c\n]\n",      "a",   "\"x\"", "a = [\n  'b', # c\n  'x',\n]\n"),
        ("a = [\n  1 # c\n]\n",         "a",   "2",     "a = [\n  1, # c\n  2\n]\n"),
        ("[t]\nb = 1\n",                "t.a", "1",     "[t]\nb = 1\na = [1]\n"),
        ("",                            "token", "@",   "[[token]]\nsub = \"x\"\nto = [\"y\"]\n"),
        ("a = 1\n\n[[token]]\nsub = 'z' # c\n\n[b]\n", "token", "@", "a = 1\n\n[[token]]\nsub = 'z' # c\n\n[[token]]\nsub = 'x'\nto = ['y']\n\n[b]\n"),
        ("a = [{ b = 1 }]\n",           "a",   "@",     "a = [{ b = 1 }, { sub = \"x\", to = [\"y\"] }]\n"),
        // refused
        ("a = 1\n",                     "a",   "1",     "line 1, column 5: an array was expected, not an integer"),
        ("[a]\n",                       "a",   "1",     "line 1, column 1: an array was expected, not a table"),
        ("[[a]]\n",                     "a",   "1",     "a table was expected, not a number"),
    ];
    for (before, key, value, want) in cases {
        let value = match value {
            "@" => table.clone(),
            _ => Json::parse(value.as_bytes()).unwrap_or(Json::Null),
        };
        let got = apply(before, Change::Append { at: at(key), value });
        assert_eq!(got, want, "{before} {key}");
    }
}

#[test]
fn removing_takes_the_lines() {
    #[rustfmt::skip]
    let cases = [
        ("a = 1 # c\r\nb = 2\r\n",      "a",     "b = 2\r\n"),
        ("a = 1\nb = 2",                "b",     "a = 1"),
        ("# c\n\na = [\n 1,\n]\n",      "a",     "# c\n\n"),
        ("a.b = 1\nc = 2\na.d = 3\n",   "a",     "c = 2\n"),
        ("a.b = 1\na.d = 3\n",          "a.b",   "a.d = 3\n"),
        ("a = { b = 1, c = 2 } # d\n",  "a.b",   "a = { c = 2 } # d\n"),
        ("a = { b = 1, c = 2 }\n",      "a.c",   "a = { b = 1 }\n"),
        ("a = [1, 2, 3]\n",             "a.1",   "a = [1, 3]\n"),
        ("[a]\nb = 1\n\n[a.c]\nd = 1\n\n# e\n[e]\n", "a", "\n# e\n[e]\n"),
        ("[a]\nb = 1\n\n[a.c]\nd = 1\n\n# e\n[e]\n", "a.c", "[a]\nb = 1\n\n# e\n[e]\n"),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\n", "a.1", "[[a]]\nb = 1\n"),
        ("[[a]]\nb = 1\n[a.c]\n[[a]]\nb = 2\n", "a.0", "[[a]]\nb = 2\n"),
        ("a = 1\n",                     "b",     "a = 1\n"),
        ("a = 1\n",                     "a.b",   "a = 1\n"),
        ("t = { a.b = 1, c = 2, a.d = 3 }\n", "t.a", "line 1, column 7: a key of its own was expected, not an inline table"),
    ];
    for (before, key, want) in cases {
        let got = apply(before, Change::Remove { at: at(key) });
        assert_eq!(got, want, "{before} {key}");
    }
    let got = apply("a = 1\n", Change::Remove { at: Vec::new() });
    assert_eq!(got, "the whole document cannot be taken out of itself");
}

#[test]
fn what_toml_cannot_hold_is_refused() {
    let got = put("a = 1\n", "b", &Json::Null, Make::All);
    assert_eq!(got, "TOML has no value that stands for nothing");
    for number in ["9223372036854775808", "1E400"] {
        let got = put("a = 1\n", "b", &Json::Number(number.to_owned()), Make::All);
        assert_eq!(got, "TOML has no number as large as that");
    }
    let got = put("", "b", &Json::Number("-1E5".to_owned()), Make::All);
    assert_eq!(got, "b = -1E5\n");
    #[rustfmt::skip]
    let cases = [
        // a text, as it is written
        ("a\"b\\c\n\r\t\u{1}\u{7f}é", "x = \"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007Fé\"\n"),
        ("",                          "x = \"\"\n"),
    ];
    for (text, want) in cases {
        assert_eq!(put("", "x", &Json::from(text), Make::All), want);
    }
    #[rustfmt::skip]
    let keys = [("a-b_1", "a-b_1"), ("a b", "\"a b\""), ("", "\"\""), ("é\n", "\"é\\n\"")];
    for (name, want) in keys {
        let (at, value, make) = (vec![name.to_owned()], Json::from(1_i64), Make::All);
        assert_eq!(
            apply("", Change::Set { at, value, make }),
            format!("{want} = 1\n")
        );
    }
}
