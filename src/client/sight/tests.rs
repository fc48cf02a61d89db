use std::path::PathBuf;

use super::*;
use crate::client::{System, Where, configs, find};

fn seen(client: &str, text: &str) -> Vec<String> {
    let place = Where {
        system: System::Linux,
        home: Some(PathBuf::from("/h")),
        project: PathBuf::from("/w"),
        env: &|_| None,
    };
    let config = configs(find(client).unwrap(), &place).swap_remove(0);
    let root = config.format.get(text, &[]).unwrap().unwrap();
    let mut told = Vec::new();
    for sight in sights(&config, &root, Reach::Here) {
        for one in sight.references {
            let at = one.at[sight.at.len()..].join("/");
            told.push(
                format!("{} {at} {}", one.mode.name(), one.name)
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    told
}

#[test]
fn what_stands_for_a_token_is_seen() {
    #[rustfmt::skip]
    let cases: &[(&str, &str, &[&str])] = &[
        ("claude-code", r#"{"mcpServers":{"a":{"type":"http","url":"https://a","headersHelper":"x"}}}"#,
            &["helper headersHelper"]),
        ("claude-code", r#"{"mcpServers":{"a":{"url":"https://a","headers":{"Authorization":"Bearer ${MCP_TOKEN:-x}"}}}}"#,
            &["env headers/Authorization MCP_TOKEN"]),
        ("claude-code", r#"{"mcpServers":{"a":{"command":"x","env":{"HOME":"${HOME}","A_TOKEN":"${T}","B":"${B_KEY}"}}}}"#,
            &["env env/A_TOKEN T", "env env/B B_KEY"]),
        ("claude-code", r#"{"mcpServers":{"a":{"url":"https://a","headers":{"Authorization":"Bearer eyJ"}}}}"#, &[]),
        ("claude-code", r#"{"mcpServers":{"a":{"command":"/bin/mcpjwt","args":["exec","n","--","node"]}}}"#,
            &["exec command"]),
        ("claude-code", r#"{"mcpServers":{"a":7,"b":{}}}"#, &[]),
        ("vscode", r#"{"servers":{"a":{"url":"https://a","headers":{"X-Api-Key":"${input:pat}"}}}}"#,
            &["input headers/X-Api-Key pat"]),
        ("cursor", r#"{"mcpServers":{"a":{"url":"https://a","headers":{"Authorization":"Bearer ${env:T}"}}}}"#,
            &["env headers/Authorization T"]),
        ("opencode", r#"{"mcp":{"a":{"url":"https://a","headers":{"Authorization":"Bearer {file:~/t}"}}}}"#,
            &["file headers/Authorization ~/t"]),
        ("codex", "[mcp_servers.a]\nurl = 'https://a'\nbearer_token_env_var = 'T'\nenv_http_headers = { X = 'U' }\n",
            &["env bearer_token_env_var T", "env env_http_headers/X U"]),
        ("codex", "[mcp_servers.a]\ncommand = 'x'\nenv_vars = ['PATH', 'LANG', 'GITHUB_PAT', 'MY_TOKEN']\n",
            &["env env_vars/2 GITHUB_PAT", "env env_vars/3 MY_TOKEN"]),
        ("codex", "[mcp_servers.a]\nurl = 'https://a'\nbearer_token_env_var = 'eyJh.e30.c2ln'\nenv_http_headers = { X = 'Bearer eyJh.e30.c2ln' }\n",
            &["env bearer_token_env_var", "env env_http_headers/X"]),
        ("codex", "[mcp_servers.a]\ncommand = 'x'\nenv_vars = ['MY_KEY=sk-live-1']\n",
            &["env env_vars/0"]),
        ("claude-desktop", r#"{"mcpServers":{"a":{"command":"npx","args":["mcp-remote","https://a","--header","Authorization:${sk-live-1}"]}}}"#,
            &["env args/3"]),
        ("claude-desktop", r#"{"mcpServers":{"a":{"command":"npx","args":["mcp-remote","https://a","--header","Authorization:${T}"],"env":{"T":"Bearer x"}}}}"#,
            &[]),
        ("claude-desktop", r#"{"mcpServers":{"a":{"command":"npx","args":["mcp-remote","https://a","--header","Authorization:Bearer ${T}"]}}}"#,
            &["env args/3 T"]),
        ("claude-desktop", r#"{"mcpServers":{"a":{"command":"npx","args":["mcp-remote","https://a","--header-file","/h/f"]}}}"#,
            &["file args/3 /h/f"]),
    ];
    for (client, text, want) in cases {
        assert_eq!(seen(client, text), *want, "{client} {text}");
    }
}

#[test]
fn a_name_that_may_be_a_secret_is_none() {
    #[rustfmt::skip]
    let cases = [
        ("GITHUB_TOKEN",                                 false),
        ("hf_token",                                     false),
        ("EXAI_JWT_TOKEN_VSCODE1",                       false),
        ("MY_VERY_LONG_SERVICE_ACCOUNT_TOKEN_2024_OF_ME", false),
        ("myServiceAccountTokenForProduction",           false),
        ("ghp_0123456789abcdefghijABCDEFGHIJ456789",     true),
        ("github_pat_11ABCDEFG0aBcDeFgHiJkL_xyz",        true),
        ("sk_live_abcdefghijklmnop",                     true),
        ("AKIAIOSFODNN7EXAMPLE",                         true),
        ("TOKEN_aB3dE5fG7hI9jK1lM",                      true),
        ("d41d8cd98f00b204e9800998ecf8427e",             true),
    ];
    for (text, want) in cases {
        assert_eq!(is_secret(text), want, "{text}");
        let env = Reference::new(Mode::Env, (Vec::new(), None), text);
        assert_eq!(env.unnamed.is_some(), want, "{text}");
        assert_eq!(env.name.is_empty(), want, "{text}");
    }
}

#[test]
fn what_was_written_for_a_token_is_told_by_itself() {
    #[rustfmt::skip]
    let cases = [
        ("mcpServers/a/headersHelper",          "mcpjwt headers a",      (Mode::Helper, "")),
        ("mcpServers/a/command",                "/opt/bin/mcpjwt",       (Mode::Exec, "")),
        ("mcpServers/a/headers/Authorization",  "Bearer ${TOKEN}",       (Mode::Env, "TOKEN")),
        ("mcpServers/a/headers/Authorization",  "Bearer ${env:TOKEN}",   (Mode::Env, "TOKEN")),
        ("servers/a/headers/Authorization",     "Bearer ${input:pat}",   (Mode::Input, "pat")),
        ("mcp/a/headers/Authorization",         "Bearer {file:/h/t}",    (Mode::File, "/h/t")),
        ("mcp_servers/a/bearer_token_env_var",  "TOKEN",                 (Mode::Env, "TOKEN")),
        ("mcp_servers/a/env_vars/0",            "TOKEN",                 (Mode::Env, "TOKEN")),
        ("mcpServers/a/args/3",                 "/h/file",               (Mode::File, "/h/file")),
    ];
    for (at, text, (mode, name)) in cases {
        let at: Vec<String> = at.split('/').map(str::to_owned).collect();
        let got = reference(&at, text);
        assert_eq!((got.mode, &*got.name), (mode, name), "{at:?} {text}");
    }
}

#[test]
fn every_text_of_an_entry_is_looked_at() {
    let config = crate::client::any(PathBuf::from("/x.json"));
    let text =
        r#"{"mcpServers":{"a":{"url":"u","args":["x","y"],"n":{"deep":[{"z":"v"}]},"t":1}}}"#;
    let root = Json::parse(text.as_bytes()).unwrap();
    let sights = sights(&config, &root, Reach::Here);
    let texts: Vec<String> = sights[0]
        .texts
        .iter()
        .map(|slot| format!("{} {} {}", slot.at[2..].join("/"), slot.name, slot.value))
        .collect();
    assert_eq!(
        texts,
        [
            "url url u",
            "args/0 args x",
            "args/1 args y",
            "n/deep/0/z z v"
        ]
    );
}

#[test]
fn other_projects_are_seen_where_that_is_asked_for() {
    let place = Where {
        system: System::Linux,
        home: Some(PathBuf::from("/h")),
        project: PathBuf::from("/w"),
        env: &|_| None,
    };
    let text = r#"{"projects":{"/w":{"mcpServers":{"here":{"url":"u"}}},"/v":{"mcpServers":{"there":{"url":"u"}}},"/u":{}}}"#;
    let root = Json::parse(text.as_bytes()).unwrap();
    let configs = configs(find("claude-code").unwrap(), &place);
    let names = |reach| -> Vec<String> {
        configs
            .iter()
            .flat_map(|config| sights(config, &root, reach))
            .map(|sight| sight.at[1..].join(" "))
            .collect()
    };
    assert_eq!(names(Reach::Here), ["/w mcpServers here"]);
    assert_eq!(
        names(Reach::Everywhere),
        ["/w mcpServers here", "/v mcpServers there"]
    );
}
