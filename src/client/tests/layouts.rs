//! Which layout a file has: by its content where it has several readers, by its path else.

use std::path::PathBuf;

use super::{configs_of, planned, wish};
use crate::client::{Wish, any};

/// A `.mcp.json` has readers that know different layouts.
#[test]
fn a_shared_file_gets_no_second_map() {
    let project = |name: &str| {
        let all = configs_of(name);
        let mut shared = all
            .into_iter()
            .filter(|config| config.new.ends_with(".mcp.json"));
        shared.next().unwrap()
    };
    let add = |server: &str| Wish {
        url: Some("http://x/mcp".to_owned()),
        ..wish(server)
    };
    let (wrapped, bare, visual) = (
        r#"{"mcpServers": {"a": {"command": "c"}}}"#,
        r#"{"a": {"command": "c"}}"#,
        r#"{"servers": {"a": {"command": "c"}}}"#,
    );
    let foreign = |name: &str, text: &str| {
        let error = planned(&project(name), text, &add("b")).err();
        error.map(|error| error.message)
    };
    #[rustfmt::skip]
    let cases = [
        ("claude-code", wrapped, None),
        ("claude-code", bare,    Some("the file is written for other clients: its servers are not in any object, and Claude Code reads `/mcpServers` only")),
        ("claude-code", visual,  Some("the file is written for other clients: its servers are in `/servers`, and Claude Code reads `/mcpServers` only")),
        ("copilot-cli", wrapped, None),
        ("copilot-cli", bare,    None),
        ("copilot-cli", visual,  Some("the file is written for other clients: its servers are in `/servers`, and GitHub Copilot CLI reads `/mcpServers` only")),
        ("vscode",      bare,    None),
        ("visual-studio", wrapped, Some("the file is written for other clients: its servers are in `/mcpServers`, and Visual Studio reads `/servers` only")),
        ("visual-studio", visual,  None),
    ];
    for (name, text, want) in cases {
        assert_eq!(foreign(name, text).as_deref(), want, "{name} {text}");
    }
    let any = any(PathBuf::from("/home/me/shop/.mcp.json"));
    for (text, at) in [
        (wrapped, "/mcpServers/b"),
        (bare, "/b"),
        (visual, "/servers/b"),
        ("", "/mcpServers/b"),
    ] {
        let (plan, _) = planned(&any, text, &add("b")).unwrap();
        let at: Vec<String> = at.split('/').skip(1).map(str::to_owned).collect();
        assert!(plan.at.starts_with(&at), "{text}: {plan:?}");
    }
}

#[test]
fn a_path_is_known_by_its_end_and_else_by_its_content() {
    #[rustfmt::skip]
    let cases = [
        ("/x/.vscode/mcp.json",             Some("vscode")),
        ("/x/.cursor/mcp.json",             Some("cursor")),
        ("/x/.codex/config.toml",           Some("codex")),
        ("/x/.grok/config.toml",            Some("grok-build")),
        ("/x/whatever.toml",                Some("codex")),
        ("/x/opencode.jsonc",               Some("opencode")),
        ("/x/.claude.json",                 Some("claude-code")),
        ("/x/.copilot/mcp-config.json",     Some("copilot-cli")),
        ("/x/.mcp.json",                    None),
        ("/x/mcp.json",                     None),
    ];
    for (path, want) in cases {
        let got = any(PathBuf::from(path)).client.map(|client| client.name);
        assert_eq!(got, want, "{path}");
    }
    let servers = r#"{"mcp": {"servers": {"a": {"type": "remote", "serverUrl": "u"}}}}"#;
    let flat = r#"{"amp.mcpServers": {"a": {"url": "u"}}}"#;
    let file = any(PathBuf::from("/x/settings.json"));
    let (plan, new) = planned(&file, servers, &wish("a")).unwrap();
    assert!(
        new.contains(r#""headers": {"Authorization": "Bearer eyJnew"}"#),
        "{new}"
    );
    assert_eq!(plan.at[..3], ["mcp", "servers", "a"]);
    let (plan, _) = planned(&file, flat, &wish("a")).unwrap();
    assert_eq!(plan.at[..2], ["amp.mcpServers", "a"]);
    let yaml = planned(&any(PathBuf::from("/x/config.yaml")), "a: b", &wish("a"));
    assert_eq!(
        yaml.err().unwrap().message,
        "it is YAML, which mcpjwt does not edit"
    );
}

#[test]
fn one_person_in_one_project_has_servers_under_its_path() {
    let local = configs_of("claude-code").pop().unwrap();
    let text = r#"{"mcpServers": {"exai": {"type": "http", "url": "http://a"}}, "projects": {"/home/me/shop": {"mcpServers": {"exai": {"type": "http", "url": "http://b"}}}}}"#;
    let (plan, _) = planned(&local, text, &wish("exai")).unwrap();
    assert_eq!(plan.url.as_deref(), Some("http://b"));
    let add = Wish {
        url: Some("http://x/mcp".to_owned()),
        ..wish("new")
    };
    for before in [text, "{}", r#"{"projects": {"/other": {}}}"#] {
        let (plan, _) = planned(&local, before, &add).unwrap();
        let at = ["projects", "/home/me/shop", "mcpServers", "new"];
        assert_eq!(plan.at[..4], at, "{before}");
    }
}
