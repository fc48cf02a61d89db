//! What is said about a config besides the edit.

use super::{config, configs_of, wish};
use crate::client::{Config, Means, Wish, warnings};

fn said(config: &Config, text: &str, wish: &Wish) -> Vec<String> {
    let warnings = warnings(config, text, wish).into_iter();
    warnings.map(|error| error.message).collect()
}

#[test]
fn what_a_reader_rejects_has_a_line_and_a_column() {
    let text = "\u{feff}{\n  \"a\": \"// no comment\", // mine\n  \"b\": [1, 2,],\n}\n";
    assert_eq!(
        said(&config("roo"), text, &wish("exai")),
        [
            "line 1, column 1: Roo Code cannot read a file with a byte order mark",
            "line 2, column 25: Roo Code cannot read a file with comments",
            "line 3, column 13: Roo Code cannot read a file with a comma behind the last member",
        ]
    );
    assert!(said(&config("opencode"), text, &wish("exai")).is_empty());
    // Nobody knows what Cursor's reader stands.
    assert!(said(&config("cursor"), text, &wish("exai")).is_empty());
}

#[test]
fn what_a_client_makes_of_an_entry() {
    let json = |entry: &str| format!("{{\"mcpServers\": {{\"exai\": {entry}}}}}");
    let toml = "[mcp_servers.exai]\nurl = 'http://x'\nheaders = { A = 'b' }\nbearer_token = 'c'\n";
    #[rustfmt::skip]
    let cases = [
        ("claude-code", json(r#"{"url": "http://x"}"#),                  "`exai` has no `type`, and Claude Code skips it"),
        ("cline",       json(r#"{"url": "http://x"}"#),                  "`exai` has no `type`, and Cline takes it for SSE"),
        ("cline",       json(r#"{"transport": {"url": "http://x"}}"#),   "`exai` has no `type`, and Cline takes it for SSE"),
        ("claude-code", json(r#"{"url": "http://x", "type": "sse"}"#),   ""),
        ("claude-code", json(r#"{"command": "c"}"#),                     ""),
        ("cursor",      json(r#"{"url": "http://x"}"#),                  ""),
        ("codex",       toml.to_owned(),
            "`exai` has `headers`, and Codex ignores it; `exai` has `bearer_token`, and Codex refuses the whole config for it"),
    ];
    for (name, text, want) in cases {
        let got = said(&config(name), &text, &wish("exai")).join("; ");
        assert_eq!(got, want, "{name} {text}");
    }
}

#[test]
fn what_a_mode_and_a_new_entry_need() {
    let by = |means: Means| Wish {
        means,
        ..wish("exai")
    };
    let env = || {
        by(Means::Env {
            name: "T".to_owned(),
        })
    };
    let helper = by(Means::Helper {
        command: "c".to_owned(),
    });
    let count = |name: &str, wish: &Wish| said(&config(name), "", wish).len();
    assert_eq!(count("gemini-cli", &env()), 0);
    assert_eq!(count("cursor", &env()), 1);
    // One more about headers.
    assert_eq!(count("vscode", &env()), 2);
    assert_eq!(count("claude-code", &helper), 1);
    let project = configs_of("codex").pop().unwrap();
    let there = "[mcp_servers.exai]\nurl = 'http://x'\n";
    assert_eq!(said(&project, "", &wish("exai")).len(), 1);
    assert!(said(&project, there, &wish("exai")).is_empty());
}

#[test]
fn what_goes_wrong_in_headers_is_not_told_of_variables() {
    let env = || Means::Env {
        name: "T".to_owned(),
    };
    let new = |url: Option<&str>, command: &[&str]| Wish {
        means: env(),
        url: url.map(str::to_owned),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        ..wish("exai")
    };
    let there = || new(None, &[]);
    let entry = |entry: &str| format!("{{\"servers\": {{\"exai\": {entry}}}}}");
    #[rustfmt::skip]
    let cases = [
        (entry(r#"{"type": "http", "url": "https://x"}"#),  there(),                         true),
        (entry(r#"{"type": "stdio", "command": "node"}"#),  there(),                         false),
        ("{}".to_owned(),                                   new(Some("https://x"), &[]),     true),
        ("{}".to_owned(),                                   new(None, &["node", "s.js"]),    false),
    ];
    for (text, wish, told) in cases {
        let said = said(&config("vscode"), &text, &wish).join("; ");
        assert_eq!(said.contains("in headers"), told, "{text}: {said}");
    }
}
