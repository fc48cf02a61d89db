//! What is found in a text, and what is not.

use super::*;

/// With a subject that is legible although the payload is cut.
const CUT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhQGIiLi4u";

#[test]
fn files_are_known_by_their_names() {
    let dotenv = Some(Reads::Dotenv);
    let json = Some(Reads::Tree(Format::Json));
    #[rustfmt::skip]
    let cases = [
        (".env",               dotenv),
        (".env.docker",        dotenv),
        ("prod.env",           dotenv),
        (".env.example",       None),
        (".env.local.sample",  None),
        ("env",                None),
        (".envrc",             None),
        ("mcp.json",           json),
        ("settings.jsonc",     json),
        ("config.toml",        Some(Reads::Tree(Format::Toml))),
        ("mcpjwt.toml",        None),
        ("x.yaml",             None),
        ("",                   None),
    ];
    for (name, want) in cases {
        assert_eq!(reads(name), want, "{name}");
    }
}

#[test]
fn secrets_are_known_by_their_names() {
    #[rustfmt::skip]
    let cases = [
        ("JWT_SECRET_KEY",             Some((Role::Current, 0))),
        ("EXAI_JWT_SECRET",            Some((Role::Current, 0))),
        ("MCP_AUTH_SECRET",            Some((Role::Current, 1))),
        ("SECRET_KEY",                 Some((Role::Current, 2))),
        ("JWT_SECRET_KEY_PREVIOUS",    Some((Role::Previous, 0))),
        ("JWT_PREVIOUS_KEY",           Some((Role::Previous, 0))),
        ("OLD_JWT_SECRET",             Some((Role::Previous, 0))),
        ("JWT_SECRET_NEXT",            Some((Role::Next, 0))),
        ("STRIPE_SECRET_KEY",          None),
        ("JWT_SECRET_FILE",            None),
        ("PREVIOUS",                   None),
    ];
    for (name, want) in cases {
        assert_eq!(named(name), want, "{name}");
    }
}

#[test]
fn tokens_are_found_where_a_place_can_name_them() {
    #[rustfmt::skip]
    let cases = [
        // file, text with @ for a token, the places, what is left out
        (".env",   "A=@\nB='@'\nC=\"Bearer @\" # c\nD=x@\nE=\n", vec!["dotenv:.env#A", "dotenv:.env#B", "dotenv:.env#C"], vec![]),
        (".env",   "A='@\n",                 vec![],                     vec![".env"]),
        ("a.json", r#"{"a/b":{"c":"@"}}"#,   vec!["json:a.json#/a~1b/c"], vec![]),
        ("a.json", r#"["Bearer @", "@ x"]"#, vec!["json:a.json#/0"],     vec![]),
        ("a.json", r#"{"a":"Authorization: Bearer @"}"#, vec![],         vec!["a.json"]),
        ("a.json", r#"{"mcpServers":{"s":{"command":"npx","args":["mcp-remote","https://x/mcp","--header","Authorization: Bearer @"]}}}"#, vec!["mcp:a.json#s"], vec![]),
        ("a.json", r#"{"mcpServers":{"s":{"url":"https://x/mcp"}}}"#, vec![], vec!["mcp:a.json#s"]),
        ("a.json", r#"{"mcpServers":{"s":{"command":"x","env":{"MCP_TOKEN":"${T}"}}}}"#, vec![], vec![]),
        ("a.json", "{\"a\": \"@\"",         vec![],                     vec!["a.json"]),
        ("a.json", "{oops",                   vec![],                     vec![]),
        ("#.toml", "a.\"b c\" = '@'\n[[d]]\ne = '@'\n", vec!["toml:%23.toml#a.\"b c\""], vec!["#.toml"]),
        ("a.json", r#"{"a":"eyJhbGciOiJIUzI1NiJ9.e30.x"}"#, vec![],      vec!["json:a.json#/a"]),
        ("a.json", "{\"a\\u000ab\":\"@\"}", vec![], vec!["a place with a control character in its name"]),
    ];
    for (path, text, places, left_out) in cases {
        let mut found = Findings::default();
        if let Some(reads) = reads(path) {
            found.take(path, reads, &text.replace('@', CUT));
        } else {
            let format = Reads::Tree(Format::Toml);
            found.take(path, format, &text.replace('@', CUT));
        }
        let got: Vec<String> = found.tokens.iter().map(|it| it.place.to_string()).collect();
        assert_eq!(got, places, "{text}");
        assert!(found.tokens.iter().all(|it| it.sub == "a@b"), "{text}");
        let got: Vec<&str> = found.left_out.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(got, left_out, "{text}");
    }
}
