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
