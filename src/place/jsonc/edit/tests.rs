use super::*;
use proptest::prelude::*;

fn put(text: &str, pointer: &str, value: &str) -> String {
    set(text, pointer, &Json::from(value), Make::Around).unwrap_or_else(|error| error.message)
}

#[test]
fn setting_changes_one_span() {
    #[rustfmt::skip]
    let cases = [
        // before, pointer, after
        ("{\n  \"x\": \"y\"\n}",            "/x",   "{\n  \"x\": \"bar\"\n}"),
        ("true",                            "",     "\"bar\""),
        ("{}",                              "/x",   "{\n  \"x\": \"bar\"\n}"),
        ("{\n}",                            "/x",   "{\n  \"x\": \"bar\"\n}"),
        ("",                                "/x",   "{\n  \"x\": \"bar\"\n}\n"),
        ("// c",                            "/x",   "// c\n{\n  \"x\": \"bar\"\n}\n"),
        ("{\n  \"x\": \"y\"\n}",            "/z",   "{\n  \"x\": \"y\",\n  \"z\": \"bar\"\n}"),
        ("{\r\n\t\"x\": 1, // c\r\n}\r\n",  "/z",   "{\r\n\t\"x\": 1, // c\r\n\t\"z\": \"bar\",\r\n}\r\n"),
        ("{\n    \"x\": 1 // c\n}",         "/z",   "{\n    \"x\": 1, // c\n    \"z\": \"bar\"\n}"),
        ("{\n  \"x\": 1 /* c */ }",         "/z",   "{\n  \"x\": 1,\n  \"z\": \"bar\" /* c */ }"),
        ("{\n  \"x\": {\n    \"a\": 1\n  }\n}\n", "/x/c", "{\n  \"x\": {\n    \"a\": 1,\n    \"c\": \"bar\"\n  }\n}\n"),
        ("{\"a\":{\"b\":1}}",               "/a/c", "{\"a\":{\"b\":1,\"c\":\"bar\"}}"),
        ("{\"a\":{}}",                      "/a/c", "{\"a\":{\"c\":\"bar\"}}"),
        ("{ \"a\": 1 }",                    "/b",   "{ \"a\": 1, \"b\": \"bar\" }"),
        ("{ \"a\": 1, }",                   "/b",   "{ \"a\": 1, \"b\": \"bar\", }"),
        ("{\n  \"a\": null\n}",             "/a/b", "{\n  \"a\": {\n    \"b\": \"bar\"\n  }\n}"),
        ("{\n  \"a\": { // c\n  }\n}",      "/a/b", "{\n  \"a\": { // c\n    \"b\": \"bar\"\n  }\n}"),
        ("{\n  \"a\": 1\n}",                "/b/c", "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": \"bar\"\n  }\n}"),
        ("[1, 2]",                          "/1",   "[1, \"bar\"]"),
        ("\u{feff}{\"a\": 1}",              "/a",   "\u{feff}{\"a\": \"bar\"}"),
        // refused
        ("{\n  \"a\": {}\n}",               "/a/b/c/d", "nothing is there: `a` has no member `b`"),
        ("",                                "/a/b", "nothing is there: the document has no member `a`"),
        ("null",                            "/a",   "line 1, column 1: an object was expected, not null"),
        ("{\"a\": [1]}",                    "/a/1", "line 1, column 7: an object was expected, not an array"),
        ("{\"a\": 1, \"a\": 2}",            "/a",   "line 1, column 10: the name `a` is there twice"),
        ("{\"b\": 1, \"b\": 2}",            "/a",   "line 1, column 10: the name `b` is there twice"),
        ("{\"a\": 1",                       "/a",   "line 1, column 1: unterminated object"),
    ];
    for (before, pointer, want) in cases {
        assert_eq!(put(before, pointer, "bar"), want, "{before} {pointer}");
    }
}

#[test]
fn whole_paths_are_made_on_demand() {
    let value = Json::object([
        ("url", Json::from("u")),
        ("n", Json::Array(vec![Json::Null])),
    ]);
    let got = set("{\n\t\"a\": 1\n}\n", "/b/c/d", &value, Make::All).map_err(|error| error.message);
    let want = "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": {\n\t\t\t\"d\": {\n\t\t\t\t\"url\": \"u\",\n\t\t\t\t\"n\": [\n\
                \t\t\t\t\tnull\n\t\t\t\t]\n\t\t\t}\n\t\t}\n\t}\n}\n";
    assert_eq!(got.as_deref(), Ok(want));
    let got = replace("{}", "/a", &value).map_err(|error| error.message);
    assert_eq!(got, Ok(None));
}

#[test]
fn removing_takes_the_comma_too() {
    #[rustfmt::skip]
    let cases = [
        ("{\n  \"x\": \"y\"\n}",                 "/x", "{\n}"),
        ("{\n  \"x\": \"y\", \"a\": []\n}",      "/a", "{\n  \"x\": \"y\"\n}"),
        ("{\n  \"x\": \"y\", \"a\": []\n}",      "/x", "{\n  \"a\": []\n}"),
        ("{\n  \"a\": 1, // c\n  \"b\": 2\n}",   "/b", "{\n  \"a\": 1 // c\n}"),
        ("{\n  \"a\": 1, // c\n  \"b\": 2\n}",   "/a", "{\n  \"b\": 2\n}"),
        ("{\r\n  \"a\": 1,\r\n  \"b\": 2,\r\n}", "/b", "{\r\n  \"a\": 1,\r\n}"),
        ("{\"a\":1,\"b\":2,\"c\":3}",            "/b", "{\"a\":1,\"c\":3}"),
        ("{\"a\":1,\"b\":2}",                    "/b", "{\"a\":1}"),
        ("{ \"a\": 1, }",                        "/a", "{ }"),
        ("{\"a\": 1}",                           "/b", "{\"a\": 1}"),
        ("",                                     "/b", ""),
        ("[1]",                                  "/0", "an element of an array is not taken out"),
        ("{}",                                   "",   "the whole document cannot be taken out of itself"),
    ];
    for (before, pointer, want) in cases {
        let got = remove(before, pointer).unwrap_or_else(|error| error.message);
        assert_eq!(got, want, "{before} {pointer}");
    }
}

/// Objects written in any of the usual ways.
fn file() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[0-9]",
        "\"[a-z/*,]{0,4}\"",
        Just("null".to_owned()),
        Just("{}".to_owned())
    ];
    let gap = || {
        prop_oneof![
            Just(""),
            Just(" "),
            Just("\n"),
            Just("\r\n\t"),
            Just(" /*,*/ "),
            Just(" // x\n  ")
        ]
    };
    let member = (gap(), "[a-c]", gap(), leaf, gap());
    (
        proptest::collection::vec(member, 0..4),
        any::<bool>(),
        gap(),
    )
        .prop_map(|(members, comma, gap)| {
            let mut seen = Vec::new();
            let mut parts = Vec::new();
            for (before, name, colon, value, after) in members {
                if !seen.contains(&name) {
                    parts.push(format!("{before}\"{name}\":{colon}{value}{after}"));
                    seen.push(name);
                }
            }
            let comma = if comma && !parts.is_empty() { "," } else { "" };
            format!("{{{}{comma}{gap}}}", parts.join(","))
        })
}

proptest! {
    #[test]
    fn edits_do_what_was_meant(text in file(), name in "[a-d]", value in any::<String>()) {
        let pointer = format!("/{name}");
        let json = Json::String(value);
        let new = set(&text, &pointer, &json, Make::Around);
        prop_assert!(new.is_ok(), "{text} {new:?}");
        let Ok(new) = new else { return Ok(()) };
        prop_assert_eq!(set(&new, &pointer, &json, Make::Around).ok(), Some(new.clone()), "twice");
        for other in ["/a", "/b", "/c"] {
            if other != pointer {
                let (was, is) = (super::super::get(&text, other), super::super::get(&new, other));
                prop_assert_eq!(was.ok(), is.ok());
            }
        }
        // Every character that was there is still there, but for the value replaced.
        if super::super::get(&text, &pointer).is_ok_and(|value| value.is_none()) && name == "d" {
            let mut rest = new.chars();
            prop_assert!(text.trim().chars().filter(|c| !c.is_whitespace()).all(|c| rest.any(|d| c == d)));
        }
        let gone = remove(&new, &pointer);
        prop_assert!(gone.is_ok(), "{new} {gone:?}");
    }
}
