//! What is planned for each kind of entry and each mode.

use expect_test::{Expect, expect};

use super::{config, is_token, planned, wish};
use crate::client::{Config, Means, Wish, plan};

fn helper() -> Means {
    Means::Helper {
        command: "mcpjwt headers exai".to_owned(),
    }
}

fn env(name: &str) -> Means {
    Means::Env {
        name: name.to_owned(),
    }
}

fn exec() -> Means {
    Means::Exec {
        prefix: ["mcpjwt", "exec", "exai"].map(str::to_owned).to_vec(),
    }
}

/// The text after the plan, and what it would lose of others.
fn becomes(config: &Config, text: &str, wish: &Wish, want: &Expect) {
    let shown = match planned(config, text, wish) {
        Err(error) => {
            let hint = error.hint.as_deref().unwrap_or_default();
            format!("{}: {error}\nhint: {hint}\n", error.code.name())
        }
        Ok((plan, text)) => {
            let foreign: Vec<String> = plan
                .foreign
                .iter()
                .map(|slot| format!("loses {slot:?}\n"))
                .collect();
            format!("{text}\n{}", foreign.concat())
        }
    };
    want.assert_eq(&shown);
}

const CURSOR: &str = r#"{"mcpServers": {"exai": {"url": "http://x/mcp", "headers": {"authorization": "bearer eyJold"}}}}"#;

#[test]
fn the_name_and_the_scheme_of_a_header_stay() {
    let cursor = config("cursor");
    becomes(
        &cursor,
        CURSOR,
        &wish("exai"),
        &expect![[r#"
            {"mcpServers": {"exai": {"url": "http://x/mcp", "headers": {"authorization": "bearer eyJnew"}}}}
        "#]],
    );
    let other = Wish {
        header: Some("X-Token".to_owned()),
        ..wish("exai")
    };
    becomes(
        &cursor,
        CURSOR,
        &other,
        &expect![[r#"
            {"mcpServers": {"exai": {"url": "http://x/mcp", "headers": {"authorization": "bearer eyJold", "X-Token": "eyJnew"}}}}
        "#]],
    );
    let (plan, _) = planned(&cursor, CURSOR, &wish("exai")).unwrap();
    assert_eq!(plan.url.as_deref(), Some("http://x/mcp"));
    assert_eq!(plan.seen.as_deref(), Some("bearer eyJold"));
}

#[test]
fn what_is_not_ours_is_told() {
    let text = CURSOR.replace("bearer eyJold", "Bearer ${input:pat}");
    becomes(
        &config("cursor"),
        &text,
        &wish("exai"),
        &expect![[r#"
            {"mcpServers": {"exai": {"url": "http://x/mcp", "headers": {"authorization": "Bearer eyJnew"}}}}
            loses Slot(/mcpServers/exai/headers/authorization)
        "#]],
    );
    let text = r#"{"mcpServers": {"exai": {"type": "http", "url": "http://x/mcp", "headersHelper": "/opt/corp/headers", "headers": {"Authorization": "Basic dXNlcjpwYXNz"}}}}"#;
    becomes(
        &config("claude-code"),
        text,
        &Wish {
            means: helper(),
            ..wish("exai")
        },
        &expect![[r#"
            {"mcpServers": {"exai": {"type": "http", "url": "http://x/mcp", "headersHelper": "mcpjwt headers exai", "headers": {}}}}
            loses Slot(/mcpServers/exai/headers/Authorization)
            loses Slot(/mcpServers/exai/headersHelper)
        "#]],
    );
}

#[test]
fn a_literal_token_goes_when_a_mode_comes_and_the_other_way_round() {
    let claude = config("claude-code");
    let literal = CURSOR.replace("\"url\"", "\"type\": \"http\", \"url\"");
    let (_, helped) = planned(
        &claude,
        &literal,
        &Wish {
            means: helper(),
            ..wish("exai")
        },
    )
    .unwrap();
    assert!(!helped.contains("eyJ"), "{helped}");
    becomes(
        &claude,
        &helped,
        &wish("exai"),
        &expect![[r#"
            {"mcpServers": {"exai": {"type": "http", "url": "http://x/mcp", "headers": {"Authorization": "Bearer eyJnew"}}}}
        "#]],
    );
    let codex = config("codex");
    let text = "[mcp_servers.exai]\nurl = \"http://x/mcp\"\nhttp_headers = { Authorization = \"Bearer eyJold\", A = \"b\" }\n";
    let by_env = Wish {
        means: env("EXAI_TOKEN"),
        ..wish("exai")
    };
    becomes(
        &codex,
        text,
        &by_env,
        &expect![[r#"
            [mcp_servers.exai]
            url = "http://x/mcp"
            http_headers = { A = "b" }
            bearer_token_env_var = "EXAI_TOKEN"

        "#]],
    );
    let by_table = Wish {
        header: Some("X-Token".to_owned()),
        ..by_env
    };
    becomes(
        &codex,
        text,
        &by_table,
        &expect![[r#"
            [mcp_servers.exai]
            url = "http://x/mcp"
            http_headers = { Authorization = "Bearer eyJold", A = "b" }
            env_http_headers = { X-Token = "EXAI_TOKEN" }

        "#]],
    );
}

const STDIO: &str = r#"{"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"LOG": "1", "TOKEN": "eyJold"}}}}"#;

#[test]
fn the_variable_is_the_one_with_a_token_or_the_one_that_is_named() {
    let cursor = config("cursor");
    becomes(
        &cursor,
        STDIO,
        &wish("exai"),
        &expect![[r#"
            {"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"LOG": "1", "TOKEN": "eyJnew"}}}}
        "#]],
    );
    let named = Wish {
        variable: Some("OTHER".to_owned()),
        ..wish("exai")
    };
    becomes(
        &cursor,
        STDIO,
        &named,
        &expect![[r#"
            {"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"LOG": "1", "TOKEN": "eyJold", "OTHER": "eyJnew"}}}}
        "#]],
    );
    becomes(
        &cursor,
        &STDIO.replace("eyJold", "x"),
        &wish("exai"),
        &expect![[r#"
            place_ambiguous: no variable of `exai` of Cursor holds a token; it has `LOG` and `TOKEN` in `/mcpServers/exai/env`
            hint: name the one that the server reads its token from by `--env NAME`
        "#]],
    );
    becomes(
        &cursor,
        &STDIO.replace("\"1\"", "\"eyJtoo\""),
        &wish("exai"),
        &expect![[r#"
            place_ambiguous: several variables of `exai` of Cursor hold a token: `LOG` and `TOKEN` in `/mcpServers/exai/env`
            hint: name one of them by `--env NAME`
        "#]],
    );
    becomes(
        &cursor,
        r#"{"mcpServers": {"exai": {"command": "node"}}}"#,
        &wish("exai"),
        &expect![[r#"
            place_ambiguous: `exai` of Cursor has no variables yet
            hint: name the one that the server reads its token from by `--env NAME`
        "#]],
    );
}

#[test]
fn exec_is_put_in_front_of_a_command_and_taken_off_again() {
    let cursor = config("cursor");
    let by_exec = Wish {
        means: exec(),
        ..wish("exai")
    };
    becomes(
        &cursor,
        STDIO,
        &by_exec,
        &expect![[r#"
            {"mcpServers": {"exai": {"command": "mcpjwt", "args": ["exec", "exai", "--env", "TOKEN", "--", "node", "s.js"], "env": {"LOG": "1"}}}}
        "#]],
    );
    let (_, wrapped) = planned(&cursor, STDIO, &by_exec).unwrap();
    let (again, _) = planned(&cursor, &wrapped, &by_exec).unwrap();
    assert!(again.changes(Some("eyJnew")).is_empty());
    becomes(
        &cursor,
        &wrapped,
        &wish("exai"),
        &expect![[r#"
            {"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"LOG": "1", "TOKEN": "eyJnew"}}}}
        "#]],
    );
    let taken_off = plan(&cursor, Some(&wrapped), &wish("exai"), is_token).unwrap();
    let without = cursor.format.apply(&wrapped, &taken_off.changes(None));
    assert_eq!(
        without.unwrap(),
        r#"{"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"LOG": "1"}}}}"#
    );
    let inner = Wish {
        command: ["node", "s.js"].map(str::to_owned).to_vec(),
        ..by_exec
    };
    assert!(planned(&cursor, &wrapped, &inner).is_ok());
}

#[test]
fn what_contradicts_the_entry_is_refused() {
    let cursor = config("cursor");
    let with_url = |url: &str| Wish {
        url: Some(url.to_owned()),
        ..wish("exai")
    };
    let with_command = |words: &[&str]| Wish {
        command: words.iter().map(|word| (*word).to_owned()).collect(),
        ..wish("exai")
    };
    #[rustfmt::skip]
    let cases = [
        (CURSOR, with_url("http://x/mcp"),        None),
        (CURSOR, with_url("http://x/mcp/"),       None),
        (CURSOR, with_url("http://y/mcp"),        Some("`exai` of Cursor is there already, with another URL (`/mcpServers/exai`)")),
        (CURSOR, with_command(&["node"]),         Some("`exai` of Cursor is there already, with a URL (`/mcpServers/exai`)")),
        (STDIO,  with_command(&["node", "s.js"]), None),
        (STDIO,  with_command(&["node"]),         Some("`exai` of Cursor is there already, with another command (`/mcpServers/exai`)")),
        (STDIO,  with_url("http://x/mcp"),        Some("`exai` of Cursor is there already, with a command (`/mcpServers/exai`)")),
        (STDIO,  Wish { header: Some("X".into()), ..wish("exai") },
            Some("`exai` of Cursor starts a program and has no headers")),
        (CURSOR, Wish { variable: Some("X".into()), ..wish("exai") },
            Some("`exai` of Cursor names a URL and has no variables")),
        (CURSOR, Wish { url: Some("u".into()), command: vec!["c".into()], ..wish("exai") },
            Some("an entry has `--url` or a command, not both")),
        (CURSOR, Wish { means: helper(), ..wish("exai") },
            Some("`exai` of Cursor cannot have its token by `--mode helper`: the entry names a URL")),
        (CURSOR, Wish { means: exec(), ..wish("exai") },
            Some("`exai` of Cursor cannot have its token by `--mode exec`: the entry names a URL")),
        (CURSOR, wish("other"),                   Some("Cursor has no server `other`; it has `exai`")),
        ("",     wish("other"),                   Some("Cursor has no server `other`; it has none")),
        (CURSOR, Wish { command: vec!["c".into()], ..wish("other") },
            Some("the new entry `other` of Cursor needs the variable that its token goes into")),
        (CURSOR, wish(""),                        Some("the place names no server")),
    ];
    for (text, wish, want) in cases {
        let got = planned(&cursor, text, &wish).err();
        assert_eq!(got.map(|error| error.message).as_deref(), want, "{wish:?}");
    }
}

#[test]
fn an_error_names_the_modes_there_are() {
    let hint = |name: &str, text: &str, means: Means| {
        let wish = Wish {
            means,
            ..wish("exai")
        };
        planned(&config(name), text, &wish).err().unwrap().hint
    };
    let bridge =
        r#"{"mcpServers": {"exai": {"command": "npx", "args": ["mcp-remote", "http://x"]}}}"#;
    #[rustfmt::skip]
    let cases = [
        ("cursor",         CURSOR, helper(),   "it can by `--mode literal` or `--mode env`"),
        ("cursor",         STDIO,  helper(),   "it can by `--mode literal`, `--mode env` or `--mode exec`"),
        ("claude-desktop", STDIO,  env("X"),   "it can by `--mode literal` or `--mode exec`"),
        ("claude-desktop", bridge, env("X"),   "it can by `--mode literal` or `--mode file`"),
        ("vscode",         &CURSOR.replace("mcpServers", "servers"), helper(),
            "it can by `--mode literal`, `--mode input` or `--mode env`"),
        ("fx",             &CURSOR.replace("mcpServers", "mcp"), Means::Literal, "it can by `--mode env`"),
    ];
    for (name, text, means, want) in cases {
        let shown = format!("{name} {means:?}");
        assert_eq!(hint(name, text, means).as_deref(), Some(want), "{shown}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    #[rustfmt::skip]
    let cases = [
        ("null",                                                   "an object was expected, not null"),
        (r#"{"mcpServers": []}"#,                                  "`exai` of Cursor: an object was expected in `/mcpServers`, not an array"),
        (r#"{"mcpServers": {"exai": "x"}}"#,                       "`exai` of Cursor: an object was expected in `/mcpServers/exai`, not a string"),
        (r#"{"mcpServers": {"exai": {}}}"#,                        "`exai` of Cursor has to have either a command or a URL (`/mcpServers/exai`)"),
        (r#"{"mcpServers": {"exai": {"url": "u", "command": "c"}}}"#, "`exai` of Cursor has to have either a command or a URL (`/mcpServers/exai`)"),
        (r#"{"mcpServers": {"exai": {"url": "u", "headers": []}}}"#,  "`exai` of Cursor: an object was expected in `/mcpServers/exai/headers`, not an array"),
        (r#"{"mcpServers": {"exai": {"url": "u", "headers": {"Authorization": 1}}}}"#,
            "`exai` of Cursor: a string was expected in `/mcpServers/exai/headers/Authorization`, not a number"),
        (r#"{"mcpServers": {"exai": {"url": "u", "headers": {"Authorization": "", "AUTHORIZATION": ""}}}}"#,
            "`exai` of Cursor has the header `Authorization` twice"),
        (r#"{"mcpServers": {"exai": {"command": "c", "env": "x"}}}"#, "`exai` of Cursor: an object was expected in `/mcpServers/exai/env`, not a string"),
    ];
    for (text, want) in cases {
        let wish = Wish {
            url: (!text.contains("exai")).then(|| "http://x".to_owned()),
            ..wish("exai")
        };
        let got = planned(&config("cursor"), text, &wish).err();
        assert_eq!(got.unwrap().message, want, "{text}");
    }
    // Nothing there yet is no wrong type.
    for text in [
        "",
        "// mine\n",
        "{}",
        r#"{"mcpServers": null}"#,
        r#"{"mcpServers": {"exai": null}}"#,
    ] {
        let wish = Wish {
            url: Some("http://x".to_owned()),
            ..wish("exai")
        };
        let (plan, new) = planned(&config("cursor"), text, &wish).unwrap();
        assert!(
            plan.is_new && new.contains("Bearer eyJnew"),
            "{text}: {new}"
        );
    }
}

#[test]
fn a_bridge_gets_its_token_where_it_reads_it() {
    let bridge = |rest: &str| {
        format!(
            r#"{{"mcpServers": {{"exai": {{"command": "npx", "args": ["-y", "mcp-remote", "http://x/mcp"{rest}}}}}}}"#
        )
    };
    #[rustfmt::skip]
    let cases = [
        (r#"], "env": {"A": "b"}"#,
            r#", "--header", "Authorization:${AUTH_HEADER}"], "env": {"A": "b", "AUTH_HEADER": "Bearer eyJnew"}"#),
        (r#", "--header", "authorization: ${T}"], "env": {"T": "Bearer eyJold"}"#,
            r#", "--header", "authorization: ${T}"], "env": {"T": "Bearer eyJnew"}"#),
        (r#", "--header", "Authorization:Bearer ${T}"], "env": {"T": "eyJold"}"#,
            r#", "--header", "Authorization:Bearer ${T}"], "env": {"T": "eyJnew"}"#),
        (r#", "--header", "Authorization:Bearer ${T}"]"#,
            r#", "--header", "Authorization:Bearer ${T}"], "env": {"T": "eyJnew"}"#),
        (r#", "--header", "Authorization: Bearer eyJold", "--debug"]"#,
            r#", "--header", "Authorization: Bearer eyJnew", "--debug"]"#),
        (r#", "--header", "X-A:b"]"#,
            r#", "--header", "X-A:b", "--header", "Authorization:${AUTH_HEADER}"], "env": {"AUTH_HEADER": "Bearer eyJnew"}"#),
    ];
    for name in ["claude-desktop", "cursor"] {
        for (before, after) in cases {
            let (plan, new) = planned(&config(name), &bridge(before), &wish("exai")).unwrap();
            assert_eq!(new, bridge(after), "{name}");
            assert_eq!(plan.url.as_deref(), Some("http://x/mcp"));
            assert!(plan.foreign.is_empty());
        }
    }
    let file = Wish {
        means: Means::File {
            path: "/home/me/.exai".to_owned(),
        },
        ..wish("exai")
    };
    let (_, new) = planned(&config("claude-desktop"), &bridge(cases[1].0), &file).unwrap();
    assert_eq!(
        new,
        bridge(r#", "--header-file", "/home/me/.exai"], "env": {}"#)
    );
}

#[test]
fn a_question_is_asked_once() {
    let input = Wish {
        means: Means::Input {
            id: "exai".to_owned(),
            about: "Token of exai".to_owned(),
        },
        ..wish("exai")
    };
    let text = "{\n  \"inputs\": [],\n  \"servers\": {\n    \"exai\": {\n      \"url\": \"http://x\"\n    }\n  }\n}\n";
    let vscode = config("vscode");
    let (_, once) = planned(&vscode, text, &input).unwrap();
    expect![[r#"
        {
          "inputs": [
            {
              "type": "promptString",
              "id": "exai",
              "description": "Token of exai",
              "password": true
            }
          ],
          "servers": {
            "exai": {
              "url": "http://x",
              "headers": {
                "Authorization": "Bearer ${input:exai}"
              }
            }
          }
        }
    "#]]
    .assert_eq(&once);
    let (again, _) = planned(&vscode, &once, &input).unwrap();
    assert!(again.changes(None).is_empty());
}
