use crate::json::Json;
use crate::place::jsonc::steps;
use crate::place::tree::{Change, Format, Make};

fn apply(text: &str, change: Change) -> String {
    let new = Format::Json.apply(text, &[change]);
    new.unwrap_or_else(|error| error.message)
}

fn at(pointer: &str) -> Vec<String> {
    steps(pointer).unwrap_or_default()
}

fn put(text: &str, pointer: &str, value: &Json, make: Make) -> String {
    let (at, value) = (at(pointer), value.clone());
    apply(text, Change::Set { at, value, make })
}

fn remove(text: &str, pointer: &str) -> String {
    apply(text, Change::Remove { at: at(pointer) })
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
        ("// c",                            "/x",   "// c\n{\n  \"x\": \"bar\"\n}"),
        ("// c\n",                          "/x",   "// c\n{\n  \"x\": \"bar\"\n}\n"),
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
        let got = put(before, pointer, &Json::from("bar"), Make::Around);
        assert_eq!(got, want, "{before} {pointer}");
    }
}

#[test]
fn whole_paths_are_made_on_demand() {
    let value = Json::object([
        ("url", Json::from("u")),
        ("n", Json::Array(vec![Json::Null])),
    ]);
    let got = put("{\n\t\"a\": 1\n}\n", "/b/c/d", &value, Make::All);
    let want = "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": {\n\t\t\t\"d\": {\n\t\t\t\t\"url\": \"u\",\n\t\t\t\t\"n\": [\n\
                \t\t\t\t\tnull\n\t\t\t\t]\n\t\t\t}\n\t\t}\n\t}\n}\n";
    assert_eq!(got, want);
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
        ("[1]",                                  "/0", "[]"),
        ("[\n  1,\n  2,\n]",                     "/1", "[\n  1,\n]"),
        ("[1, [2], 3]",                          "/1", "[1, 3]"),
        ("{}",                                   "",   "the whole document cannot be taken out of itself"),
    ];
    for (before, pointer, want) in cases {
        assert_eq!(remove(before, pointer), want, "{before} {pointer}");
    }
}

#[test]
fn appending_grows_an_array_at_its_end() {
    #[rustfmt::skip]
    let cases = [
        // before, pointer, after
        ("{\"a\": [1, 2]}",               "/a",   "{\"a\": [1, 2, \"bar\"]}"),
        ("{\"a\":[1]}",                   "/a",   "{\"a\":[1,\"bar\"]}"),
        ("{\"a\":[1,  2,]}",              "/a",   "{\"a\":[1,  2,  \"bar\",]}"),
        ("[\n  1, // c\n  2 // d\n]",     "",     "[\n  1, // c\n  2, // d\n  \"bar\"\n]"),
        ("[\r\n\t1,\r\n]",                "",     "[\r\n\t1,\r\n\t\"bar\",\r\n]"),
        ("[]",                            "",     "[\n  \"bar\"\n]"),
        ("{\"a\": []}",                   "/a",   "{\"a\": [\"bar\"]}"),
        ("{\n  \"a\": [ // c\n  ]\n}",    "/a",   "{\n  \"a\": [ // c\n    \"bar\"\n  ]\n}"),
        ("{\n  \"b\": 1\n}",              "/a",   "{\n  \"b\": 1,\n  \"a\": [\n    \"bar\"\n  ]\n}"),
        ("{\n  \"b\": [1],\n}",           "/a",   "{\n  \"b\": [1],\n  \"a\": [\"bar\"],\n}"),
        ("{\n  \"a\": null\n}",           "/a",   "{\n  \"a\": [\n    \"bar\"\n  ]\n}"),
        ("",                              "/a/b", "{\n  \"a\": {\n    \"b\": [\n      \"bar\"\n    ]\n  }\n}\n"),
        ("[[1], [2]]",                    "/1",   "[[1], [2, \"bar\"]]"),
        // refused
        ("{\"a\": {}}",                   "/a",   "line 1, column 7: an array was expected, not an object"),
        ("{\"a\": 1}",                    "/a/b", "line 1, column 7: an object was expected, not a number"),
        ("null",                          "",     "line 1, column 1: an array was expected, not null"),
        ("{\"a\": [], \"a\": []}",        "/a",   "line 1, column 11: the name `a` is there twice"),
    ];
    for (before, pointer, want) in cases {
        let value = Json::from("bar");
        let got = apply(
            before,
            Change::Append {
                at: at(pointer),
                value,
            },
        );
        assert_eq!(got, want, "{before} {pointer}");
    }
}

#[test]
fn new_values_are_written_as_the_file_is() {
    let value = Json::object([
        ("url", Json::from("u")),
        ("args", Json::Array(vec![Json::from("x"), Json::from("y")])),
        ("env", Json::Object(Vec::new())),
    ]);
    #[rustfmt::skip]
    let cases = [
        ("{\"a\":{\"b\":1}}",                          "{\"a\":{\"b\":1,\"n\":{\"url\":\"u\",\"args\":[\"x\",\"y\"],\"env\":{}}}}"),
        ("{ \"a\": { \"b\": 1 } }",                    "{ \"a\": { \"b\": 1, \"n\": { \"url\": \"u\", \"args\": [\"x\", \"y\"], \"env\": {} } } }"),
        ("{\n\t\"a\": {\n\t\t\"b\": [1]\n\t}\n}",      "{\n\t\"a\": {\n\t\t\"b\": [1],\n\t\t\"n\": {\n\t\t\t\"url\": \"u\",\n\t\t\t\"args\": [\"x\", \"y\"],\n\t\t\t\"env\": {}\n\t\t}\n\t}\n}"),
        ("{\r\n \"a\":{\r\n  \"b\":1,\r\n },\r\n}",    "{\r\n \"a\":{\r\n  \"b\":1,\r\n  \"n\":{\r\n   \"url\":\"u\",\r\n   \"args\":[\r\n    \"x\",\r\n    \"y\",\r\n   ],\r\n   \"env\":{},\r\n  },\r\n },\r\n}"),
        ("{\n    \"a\": {\n      \"b\": 1 }\n}",       "{\n    \"a\": {\n      \"b\": 1,\n      \"n\": {\n        \"url\": \"u\",\n        \"args\": [\n          \"x\",\n          \"y\"\n        ],\n        \"env\": {}\n      } }\n}"),
        ("  {\n    \"a\": {}\n  }",                    "  {\n    \"a\": {\n      \"n\": {\n        \"url\": \"u\",\n        \"args\": [\n          \"x\",\n          \"y\"\n        ],\n        \"env\": {}\n      }\n    }\n  }"),
    ];
    for (before, want) in cases {
        assert_eq!(put(before, "/a/n", &value, Make::Around), want, "{before}");
    }
}
