//! `install` and `uninstall`: what they refuse, and how they call what they find.

use expect_test::expect;

use crate::commands::entries::TOKEN;
use crate::support::Sandbox;
use crate::{runs, with_key};

const CONFIG: &str = "{\"mcpServers\": {\"exai\": {\"url\": \"https://a.b\"}}}\n";

#[test]
fn what_is_taken_out_is_said_as_it_is() {
    let mut sandbox = with_key()
        .file(
            "~/.cursor/mcp.json",
            "{\"mcpServers\": {\n  \"exai\": {\"url\": \"https://a.b\"},\n  \"local\": {\"command\": \"x\", \"env\": {\"N\": \"1\"}}\n}}\n",
        )
        .file(
            "~/.claude.json",
            "{\"mcpServers\": {\"s\": {}}, \"projects\": {\"/home/me/project\": {\"mcpServers\": {\"s\": {}}}}}\n",
        );
    let install = "mcpjwt install eyJhbGciOiJIUzI1NiJ9.e30.c2ln --to cursor/exai --to json:~/.cursor/mcp.json#/mcpServers/exai/headers/X";
    sandbox.run(install);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt uninstall cursor/exai cursor/local cursor/gone",
            "mcpjwt uninstall nope/nope",
            "mcpjwt uninstall claude-code/s",
        ],
    );
    expect![[r#"
        $ mcpjwt uninstall cursor/exai cursor/local cursor/gone
        --- stderr
        nothing is at `cursor/local`
        nothing is at `cursor/gone`
        took the token out of `cursor/exai`
        --- ~/.cursor/mcp.json (0600)
        {"mcpServers": {
          "exai": {"url": "https://a.b"},
          "local": {"command": "x", "env": {"N": "1"}}
        }}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization","json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]},"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X":{"leaves":["/mcpServers/exai/headers/X"],"tops":[{"at":"/mcpServers/exai/headers/X"}]}}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X"]}
        --- exit 0
        $ mcpjwt uninstall nope/nope
        --- stderr
        error: `uninstall` takes a place, and these 9 characters are none
        hint: did you mean `tome/SERVER`?
        --- exit 2
        $ mcpjwt uninstall claude-code/s
        --- stderr
        error: Claude Code has `s` more than once: in `/home/me/.claude.json`
        hint: say which: `claude-code:user/s` or `claude-code:local/s`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn an_opaque_token_is_one_line_of_text() {
    let mut sandbox = Sandbox::default()
        .file("~/.cursor/mcp.json", CONFIG)
        .file("empty", "\n")
        .file("two", "a\r\nX-Admin: 1\n")
        .file("bytes", b"\xff\xfe");
    for name in ["empty", "two", "bytes"] {
        let line = format!("mcpjwt install file:{name} --opaque --to cursor/exai");
        let shown = sandbox.run_raw(&line);
        assert_eq!(shown.code, 2, "{name}: {}", shown.stderr);
        assert!(
            shown
                .stderr
                .starts_with("error: cannot install the token: it is "),
            "{name}"
        );
        assert_eq!(
            sandbox.text("~/.cursor/mcp.json").as_deref(),
            Some(CONFIG),
            "{name}"
        );
    }
}

#[test]
fn from_the_home_folder_the_project_is_the_user() {
    let mut sandbox = Sandbox::default()
        .cwd("/home/me")
        .file("~/.cursor/mcp.json", CONFIG);
    let shown =
        sandbox.run("mcpjwt install eyJhbGciOiJIUzI1NiJ9.e30.c2ln --no-record --to cursor/exai");
    expect![[r#"
        --- stderr
        wrote the token to `cursor/exai`
        --- .cursor/mcp.json (0600)
        {"mcpServers": {"exai": {"url": "https://a.b", "headers": {"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}}}}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn the_file_that_an_entry_refers_to_goes_with_the_reference() {
    let config = "{\"mcp\": {\"exai\": {\"type\": \"remote\", \"url\": \"https://a.b\"}}}\n";
    let mut sandbox = with_key().file("~/.config/opencode/opencode.json", config);
    sandbox.run("mcpjwt issue --sub a --key file:k --to opencode/exai --mode file");
    let file = "~/.local/share/mcpjwt/tokens/exai-7a5f80f6";
    let first = sandbox.text(file).unwrap();
    // By another name it is the same file.
    let again = "mcpjwt issue --sub a --key file:k --to mcp:~/.config/opencode/opencode.json#exai --mode file";
    assert_eq!(sandbox.run_raw(again).code, 0);
    assert_ne!(sandbox.text(file).unwrap(), first);
    let shown = sandbox.run_raw("mcpjwt uninstall opencode/exai");
    assert_eq!(
        shown.stderr,
        "took the token of `a` out of `opencode/exai`\n"
    );
    assert_eq!(sandbox.text(file), None);
    let now = sandbox.text("~/.config/opencode/opencode.json");
    assert_eq!(now.as_deref(), Some(config));
}

#[test]
fn a_variable_of_an_entry_has_the_name_of_one() {
    for name in ["A=eyJ", "A B", "", "a\u{1b}"] {
        let mut sandbox = Sandbox::default();
        let words = [
            "mcpjwt",
            "install",
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "--to",
            "cursor/exai",
            "--env",
            name,
            "--",
            "x",
        ];
        let shown = sandbox.run_words(&words);
        assert_eq!(shown.code, 2, "{name:?}");
        assert!(
            shown
                .stderr
                .starts_with("error: `--env` is no name of a variable\n"),
            "{name:?}"
        );
    }
}

#[test]
fn without_a_ledger_nothing_is_written() {
    let mut sandbox = Sandbox::default().homeless().file("/srv/mcp.json", CONFIG);
    let line = "mcpjwt install eyJhbGciOiJIUzI1NiJ9.e30.c2ln --to mcp:/srv/mcp.json#exai";
    let shown = runs(&mut sandbox, &[line, &format!("{line} --no-record")]);
    expect![[r#"
        $ mcpjwt install eyJhbGciOiJIUzI1NiJ9.e30.c2ln --to mcp:/srv/mcp.json#exai
        --- stderr
        error: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        --- exit 4
        $ mcpjwt install eyJhbGciOiJIUzI1NiJ9.e30.c2ln --to mcp:/srv/mcp.json#exai --no-record
        --- stderr
        wrote the token to `mcp:/srv/mcp.json#exai`
        --- /srv/mcp.json (0600)
        {"mcpServers": {"exai": {"url": "https://a.b", "headers": {"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"}}}}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn an_entry_that_is_gone_is_taken_off_the_record() {
    let mut sandbox = Sandbox::default().file("t", TOKEN);
    sandbox.run("mcpjwt install file:t --to cursor/exai --url https://x.example");
    sandbox.remove_file("~/.cursor/mcp.json");
    let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai").stderr;
    assert_eq!(shown, "nothing is at `cursor/exai`\n");
    let shown = sandbox.run_raw("mcpjwt uninstall --all").stderr;
    assert_eq!(shown, "no place holds a token that the ledger knows of\n");
}

/// A config with its entry, what installs into it, and what a person makes of it later.
#[test]
fn what_a_person_has_put_in_its_place_stays() {
    let entry = |value: &str| {
        format!(
            "{{\"mcpServers\": {{\"exai\": {{\"url\": \"https://a.b\", \"headers\": {{\"Authorization\": \"{value}\"}}}}}}}}\n"
        )
    };
    let command = |words: &str| format!("{{\"mcpServers\": {{\"exai\": {{{words}}}}}}}\n");
    let node = command("\"command\": \"node\", \"args\": [\"s.js\"]");
    let docker = command("\"command\": \"docker\", \"args\": [\"run\"]");
    let foreign = "holds something else than what was put there";
    #[rustfmt::skip]
    let cases = [
        ("install file:o --opaque --to cursor/exai",                        entry(""), entry("Bearer own"),  foreign),
        ("issue --sub a --key file:k --to - --to cursor/exai --mode env",   entry(""), entry("Bearer ${X}"), foreign),
        ("issue --sub a --key file:k --to cursor/exai --env T --mode exec", node,      docker,               "nothing is at"),
    ];
    for (line, before, own, want) in cases {
        let mut sandbox = with_key()
            .file("~/.cursor/mcp.json", &before)
            .file("o", "opaque-key\n");
        let shown = sandbox.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        let ledger = sandbox.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
        assert!(!ledger.contains("opaque-key"), "{ledger}");
        let ours = sandbox.text("~/.cursor/mcp.json").unwrap();

        sandbox.put_file("~/.cursor/mcp.json", &own, 0o600);
        let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai");
        assert!(shown.stderr.contains(want), "{line}: {}", shown.stderr);
        assert_eq!(shown.code == 4, want == foreign, "{line}");
        assert_eq!(
            sandbox.text("~/.cursor/mcp.json"),
            Some(own.clone()),
            "{line}"
        );
        if want == foreign {
            let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai --force");
            assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
            sandbox.run(&format!("mcpjwt {line} --force"));
        } else {
            sandbox.put_file("~/.cursor/mcp.json", &before, 0o600);
            sandbox.run(&format!("mcpjwt {line}"));
        }

        sandbox.put_file("~/.cursor/mcp.json", &ours, 0o600);
        let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai");
        assert_eq!((shown.code, &shown.stderr[..4]), (0, "took"), "{line}");
    }
}

#[test]
fn what_we_put_there_ourselves_is_replaced_without_force() {
    let config = "{\"mcp\": {\"exai\": {\"type\": \"remote\", \"url\": \"https://a.b\"}}}\n";
    let path = "~/.config/opencode/opencode.json";
    let modes = [
        "issue --sub a --key file:k --to opencode/exai --mode file",
        "issue --sub a --key file:k --to opencode/exai --to - --mode env",
        "install file:o --opaque --to opencode/exai",
        "install file:p --opaque --to opencode/exai",
        "issue --sub a --key file:k --to opencode/exai",
    ];
    let mut sandbox = with_key()
        .file(path, config)
        .file("o", "one")
        .file("p", "two");
    for line in modes.iter().chain(modes.iter().rev()) {
        let shown = sandbox.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    assert_eq!(sandbox.run_raw("mcpjwt uninstall --all").code, 0);
    assert_eq!(sandbox.text(path).as_deref(), Some(config));

    // Somebody else's reference of the same kind.
    let text = config.replace(
        "a.b\"",
        "a.b\", \"headers\": {\"Authorization\": \"Bearer {env:X}\"}",
    );
    sandbox.put_file(path, &text, 0o600);
    let shown = sandbox.run_raw(&format!("mcpjwt {}", modes[4]));
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert_eq!(sandbox.text(path), Some(text));
}

#[test]
fn one_file_by_two_names_is_one_place() {
    let config = "{\"mcpServers\": {\"exai\": {\"url\": \"https://a.b\"}}}\n";
    let mut sandbox = with_key()
        .file("~/dotfiles/mcp.json", config)
        .link("~/.cursor/mcp.json", "~/dotfiles/mcp.json")
        .link("k2", "k");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --key file:k2 --jti 1 --to cursor/exai --json",
            "mcpjwt issue --sub a --key file:k2 --jti 2 --to mcp:~/dotfiles/mcp.json#exai -q",
        ],
    );
    assert!(
        shown.contains("json:/home/me/dotfiles/mcp.json#/mcpServers/exai"),
        "{shown}"
    );
    let ledger = sandbox.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert!(!ledger.contains(".cursor"), "{ledger}");
    let shown = sandbox.run("mcpjwt expiry");
    assert!(shown.contains("cursor/exai"), "{shown}");
    let shown = sandbox.run_raw("mcpjwt uninstall mcp:~/dotfiles/mcp.json#exai");
    assert_eq!(
        shown.stderr,
        "took the token of `a` out of `mcp:~/dotfiles/mcp.json#exai`\n"
    );
    assert_eq!(sandbox.text("~/dotfiles/mcp.json").as_deref(), Some(config));
    let shown = sandbox.run_raw("mcpjwt uninstall --all").stderr;
    assert_eq!(shown, "no place holds a token that the ledger knows of\n");
}

#[test]
fn where_nothing_else_happened_the_bytes_are_back() {
    let config = |entry: &str| {
        format!("{{\"mcpServers\": {{\"exai\": {{\"url\": \"https://a.b\"{entry}}}}}}}\n")
    };
    let a = "install file:t --to cursor/exai";
    let b = "install file:t --to cursor/exai --header B";
    let out = "uninstall cursor/exai";
    let out_a = "uninstall json:~/.cursor/mcp.json#/mcpServers/exai/headers/Authorization";
    let out_b = "uninstall json:~/.cursor/mcp.json#/mcpServers/exai/headers/B";
    let new = "install file:t --to cursor/exai --url https://a.b";
    let codex = "install file:t --to codex/exai --url https://a.b";
    let dotenv = "issue --sub a --key file:k --to dotenv:.env#T";
    #[rustfmt::skip]
    let cases: &[(&str, Option<&str>, &[&str])] = &[
        ("~/.cursor/mcp.json", Some(&config(", \"headers\": {\"Authorization\": \"\"}")),        &[a, out]),
        ("~/.cursor/mcp.json", Some(&config(", \"headers\": {\"Authorization\": \"Bearer \"}")), &[a, a, out]),
        ("~/.cursor/mcp.json", Some(&config("")),                     &[a, b, out]),
        ("~/.cursor/mcp.json", Some(&config("")),                     &[a, b, out_a, out_b]),
        ("~/.cursor/mcp.json", Some(&config("")),                     &[a, b, out_b, out_a]),
        ("~/.cursor/mcp.json", Some(&config(", \"headers\": {}")),    &[a, b, out_a, out_b]),
        ("~/.cursor/mcp.json", Some(""),                              &[new, out]),
        ("~/.cursor/mcp.json", Some("\n"),                            &[new, out]),
        ("~/.cursor/mcp.json", Some("{}"),                            &[new, out]),
        ("~/.cursor/mcp.json", Some("{}"),                            &[new, b, out_a, out_b]),
        ("~/.cursor/mcp.json", None,                                  &[new, b, out_a, out_b]),
        ("~/.codex/config.toml", Some(""),                            &[codex, "uninstall codex/exai"]),
        ("~/.codex/config.toml", Some("# mine\n"),                    &[codex, "uninstall codex/exai"]),
        ("~/.codex/config.toml", None,                                &[codex, "uninstall codex/exai"]),
        (".env", Some("A=1\nT=\n"),                                   &[dotenv, "uninstall dotenv:.env#T"]),
        (".env", Some("export T=''"),                                 &[dotenv, dotenv, "uninstall dotenv:.env#T"]),
        (".env", Some("T= \r\nB=2\r\n"),                              &[dotenv, "uninstall dotenv:.env#T"]),
        (".env", Some(""),                                            &[dotenv, "uninstall dotenv:.env#T"]),
        (".env", None,                                                &[dotenv, "uninstall dotenv:.env#T"]),
        (".env", None, &[dotenv, "issue --sub a --key file:k --to dotenv:.env#U", "uninstall dotenv:.env#T", "uninstall dotenv:.env#U"]),
    ];
    for (path, before, lines) in cases {
        let mut sandbox = with_key().file("t", TOKEN);
        if let Some(before) = before {
            sandbox.put_file(path, before, 0o600);
        }
        for line in *lines {
            let shown = sandbox.run_raw(&format!("mcpjwt {line}"));
            assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        }
        assert_eq!(
            sandbox.text(path).as_deref(),
            *before,
            "{before:?} {lines:?}"
        );
    }
}

#[test]
fn what_could_not_be_recorded_is_not_taken_out() {
    let mut sandbox = with_key()
        .file("~/.cursor/mcp.json", CONFIG)
        .file("t", TOKEN);
    sandbox.run("mcpjwt install file:t --to cursor/exai");
    let ours = sandbox.text("~/.cursor/mcp.json");
    let mut sandbox = sandbox.read_only("~/.local/state");
    let shown = sandbox.run("mcpjwt uninstall cursor/exai");
    expect![[r#"
        --- stderr
        error: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: read-only file system
        hint: to leave the record out, add `--no-record`
        --- exit 4
    "#]]
    .assert_eq(&shown);
    assert_eq!(sandbox.text("~/.cursor/mcp.json"), ours);
    let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai --no-record");
    assert_eq!(
        shown.stderr,
        "took the token of `vscode1` out of `cursor/exai`\n"
    );
    assert_eq!(sandbox.text("~/.cursor/mcp.json").as_deref(), Some(CONFIG));
}

#[test]
fn a_token_whose_entry_was_renamed_is_found() {
    let mut sandbox = with_key().file("~/.cursor/mcp.json", CONFIG);
    sandbox.run("mcpjwt issue --sub a --key file:k --to cursor/exai");
    let text = sandbox.text("~/.cursor/mcp.json").unwrap();
    sandbox.put_file(
        "~/.cursor/mcp.json",
        text.replace("exai\"", "my exai\""),
        0o600,
    );
    let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai").stderr;
    expect![[r#"
        warning: the token of `a` is at `cursor/my exai` now, where it still works
        hint: take it out with `mcpjwt uninstall 'cursor/my exai'`
        nothing is at `cursor/exai`
    "#]]
    .assert_eq(&shown);
    let line = ["mcpjwt", "uninstall", "cursor/my exai"];
    assert_eq!(sandbox.run_words(&line).code, 0);
    let text = sandbox.text("~/.cursor/mcp.json").unwrap();
    assert!(!text.contains("eyJ"), "{text}");
}

#[test]
fn a_broken_config_of_another_scope_is_not_in_the_way() {
    let mut sandbox = with_key()
        .file("t", TOKEN)
        .file(
            "~/.claude.json",
            CONFIG.replace("\"url\"", "\"type\": \"http\", \"url\""),
        )
        .file(".mcp.json", "{oops\n");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt install file:t --to claude-code/exai --no-record -q",
            "mcpjwt install file:t --to claude-code/other --no-record -q",
            "mcpjwt install file:t --to cursor/exai --url http://mcp.example.com --no-record -q --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt install file:t --to claude-code/exai --no-record -q
        --- stderr
        warning: cannot read `/home/me/project/.mcp.json`: line 1, column 2: expected string for object property
        hint: repair it, or say which is meant: `claude-code:user/exai`
        --- ~/.claude.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://a.b", "headers": {"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"}}}}
        --- exit 0
        $ mcpjwt install file:t --to claude-code/other --no-record -q
        --- stderr
        error: cannot read `/home/me/project/.mcp.json`: line 1, column 2: expected string for object property
        --- exit 4
        $ mcpjwt install file:t --to cursor/exai --url http://mcp.example.com --no-record -q --dry-run
        --- stderr
        warning: the token goes to `mcp.example.com` unencrypted: who is on the way can read it
        hint: use `https://` where the server is not on this machine
        would write `cursor/exai`
          + {
          +   "mcpServers": {
          +     "exai": {
          +       "url": "http://mcp.example.com",
          +       "headers": {
          +         "Authorization": "Bearer <80 characters>"
          +       }
          +     }
          +   }
          + }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn an_empty_standard_input_is_no_token() {
    let mut sandbox = with_key().file("~/.cursor/mcp.json", CONFIG);
    for line in [
        "mcpjwt install - --to cursor/exai",
        "mcpjwt install --to cursor/exai",
    ] {
        sandbox.set_stdin("\n");
        let shown = sandbox.run_raw(line);
        let want = "error: no token was given, and standard input is empty\n";
        assert!(
            shown.code == 2 && shown.stderr.starts_with(want),
            "{line}: {}",
            shown.stderr
        );
    }
}

#[test]
fn a_hint_can_be_typed_where_a_path_has_a_blank() {
    let mut sandbox = with_key();
    let words = [
        "mcpjwt",
        "issue",
        "--sub",
        "a",
        "--key",
        "file:k",
        "--to",
        "file:my folder/t",
    ];
    let shown = sandbox.run_words(&words).stderr;
    assert!(
        shown.contains("hint: make it with `mkdir -p '/home/me/project/my folder'`"),
        "{shown}"
    );
}

#[test]
fn a_partial_failure_tells_which_places_got_the_token() {
    let mut sandbox = Sandbox::default()
        .file("~/.cursor/mcp.json", CONFIG)
        .file("o", "opaque-key\n")
        .folder("ro")
        .read_only("ro");
    let shown =
        sandbox.run_raw("mcpjwt install file:o --opaque --to cursor/exai --to file:ro/t --json");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    let want = "\"places\": [\n    \"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization\"\n  ]";
    assert!(shown.stdout.contains(want), "{}", shown.stdout);
    assert!(shown.stdout.contains("\"ok\": false"), "{}", shown.stdout);
    assert!(
        shown
            .stdout
            .contains("\"place\": \"/home/me/project/ro/t\""),
        "{}",
        shown.stdout
    );
}

#[test]
fn an_opaque_token_that_the_client_would_expand_is_warned_about() {
    #[rustfmt::skip]
    let cases = [
        // token              what Cursor would take for something else
        ("a${env:KEY}b",      "`${env:..}`"),
        ("a$b{c}${env:}",     ""),
        ("sk-1",              ""),
    ];
    for (token, want) in cases {
        let mut sandbox = Sandbox::default()
            .file("~/.cursor/mcp.json", CONFIG)
            .file("o", token);
        let shown = sandbox.run_raw("mcpjwt install file:o --opaque --to cursor/exai");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        let said = shown
            .stderr
            .lines()
            .find(|line| line.starts_with("warning"));
        let said = said.unwrap_or_default();
        assert_eq!(
            said.is_empty(),
            want.is_empty(),
            "{token}: {}",
            shown.stderr
        );
        assert!(
            said.contains(want) && !said.contains("KEY"),
            "{token}: {said}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_replaced_is_found_before_the_first_write() {
    let mut sandbox = with_key().file("a", "").file("b", "").foreign("b");
    let files = sandbox.files.files.clone();
    let line = "mcpjwt issue --sub a --key file:k --no-record --to file:a --to file:b";
    let shown = sandbox.run_raw(line);
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(
        shown.stderr.contains("belongs to another user"),
        "{}",
        shown.stderr
    );
    assert_eq!(sandbox.files.files, files);

    sandbox.files.foreign.clear();
    let line = line.replace("--no-record ", "");
    assert_eq!(sandbox.run_raw(&line).code, 0);
    let files = sandbox.files.files.clone();
    let mut sandbox = sandbox.foreign("b");
    let shown = sandbox.run_raw("mcpjwt uninstall file:a file:b");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert_eq!(sandbox.files.files, files);
}
