//! `uninstall`: what it takes out, what it leaves, and what it says of each.

use crate::with_key;

#[test]
fn the_token_of_somebody_else_stays() {
    let mut room = with_key().file("s.json", r#"{"a": ["", ""]}"#);
    for (sub, at) in [("b", 0), ("a", 1)] {
        let line = format!("mcpjwt issue --sub {sub} --key file:k --to json:s.json#/a/{at}");
        assert_eq!(room.run_raw(&line).code, 0);
    }
    let moved = room.text("s.json").unwrap().replacen('[', "[\"\", ", 1);
    room.put_file("s.json", &moved, 0o600);
    let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
    let before = room.text(ledger);
    let shown = room.run_raw("mcpjwt uninstall json:s.json#/a/1");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert_eq!(room.text("s.json").as_deref(), Some(&*moved));
    assert_eq!(room.text(ledger), before);
    for want in [
        "the token of `a` is at `json:s.json#/a/2` now",
        "holds something else than what was put there",
        "add `--force`",
    ] {
        assert!(shown.stderr.contains(want), "{}", shown.stderr);
    }
    // A cut one is ours for all that can be known.
    let cut = r#"{"a": ["", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi"]}"#;
    room.put_file("s.json", cut, 0o600);
    let shown = room.run_raw("mcpjwt uninstall json:s.json#/a/1");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(!room.text("s.json").unwrap().contains("eyJ"));
}

#[test]
fn a_client_that_writes_the_token_back_at_once_does_not_win() {
    let config = "{\"mcpServers\": {\"exai\": {\"url\": \"https://a.b\"}}}\n";
    let path = "~/.cursor/mcp.json";
    for (times, want) in [
        (0, "gone, exit 0"),
        (1, "gone, exit 0"),
        (2, "back, exit 4"),
    ] {
        let mut room = with_key().file(path, config);
        let line = "mcpjwt issue --sub a --key file:k --to cursor/exai";
        assert_eq!(room.run_raw(line).code, 0);
        let old = room.text(path).unwrap();
        for _ in 0..times {
            room = room.overwritten(path, &old);
        }
        let shown = room.run_raw("mcpjwt uninstall cursor/exai --json");
        let text = room.text(path).unwrap();
        let is = if text == config { "gone" } else { "back" };
        assert_eq!(format!("{is}, exit {}", shown.code), want, "{times} times");
        let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
        assert_eq!(
            ledger.contains("uninstalled"),
            is == "gone",
            "{times} times"
        );
        assert_eq!(shown.stdout.contains("\"overwritten\""), is == "back");
    }
}

#[test]
fn a_value_that_waits_for_its_token_stays() {
    for (file, place, text) in [
        ("s.json", "json:s.json#/a/t", "{\"a\": {\"t\": \"\"}}\n"),
        (".env", "dotenv:.env#TOK", "A=1\nTOK=\n"),
        (".env", "dotenv:.env#TOK", "TOK=\"\"\n"),
    ] {
        let mut room = with_key().file(file, text);
        let issue = format!("mcpjwt issue --sub a --key file:k --to {place}");
        assert_eq!(room.run_raw(&issue).code, 0);
        for told in ["took the token of `a` out of", "nothing is at"] {
            let shown = room.run_raw(&format!("mcpjwt uninstall {place}"));
            assert_eq!(shown.code, 0, "{}", shown.stderr);
            assert_eq!(shown.stderr, format!("{told} `{place}`\n"));
            assert_eq!(room.text(file).as_deref(), Some(text));
        }
    }
}

#[test]
fn one_place_by_two_names_is_emptied_once() {
    let mut room = with_key().file(".env", "A=1\n");
    let line = "mcpjwt issue --sub a --key file:k --to dotenv:.env#TOK";
    assert_eq!(room.run_raw(line).code, 0);
    let shown = room.run_raw("mcpjwt uninstall dotenv:.env#TOK dotenv:/home/me/project/.env#TOK");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(
        shown.stderr,
        "took the token of `a` out of `dotenv:.env#TOK`\n"
    );
    assert_eq!(room.text(".env").as_deref(), Some("A=1\n"));
}

#[test]
fn one_place_in_the_way_keeps_no_token_at_the_others() {
    for (options, json) in [("--all", ""), ("--sub a", ""), ("--all", " --json")] {
        let mut room = with_key();
        let line = "mcpjwt issue --sub a --key file:k --to dotenv:.env#A --to file:t --to file:u";
        assert_eq!(room.run_raw(line).code, 0);
        room.put_file("t", "mine\n", 0o600);
        let named = room.run_raw("mcpjwt uninstall dotenv:.env#A file:t");
        assert_eq!(named.code, 4);
        assert!(room.text(".env").is_some());
        let shown = room.run_raw(&format!("mcpjwt uninstall {options}{json}"));
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        assert_eq!(room.text("t").as_deref(), Some("mine\n"));
        assert_eq!((room.text(".env"), room.text("u")), (None, None));
        let said = if json.is_empty() {
            assert!(
                shown
                    .stderr
                    .contains("took the token of `a` out of `dotenv:.env#A`")
            );
            shown.stderr
        } else {
            assert!(shown.stdout.contains("\"dotenv:/home/me/project/.env#A\""));
            shown.stdout
        };
        assert!(
            said.contains("holds something else than what was put there"),
            "{said}"
        );
        let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
        assert_eq!(ledger.matches("\"uninstalled\"").count(), 2);
    }
}

#[test]
fn what_was_done_before_something_went_wrong_is_told() {
    for json in ["", " --json"] {
        let mut room = with_key().file("b/t", "");
        let line = "mcpjwt issue --sub a --key file:k --to dotenv:.env#A --to file:b/t";
        assert_eq!(room.run_raw(line).code, 0);
        room = room.read_only("b");
        let shown = room.run_raw(&format!("mcpjwt uninstall dotenv:.env#A file:b/t{json}"));
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        assert_eq!(room.text(".env"), None);
        if json.is_empty() {
            let first = "took the token of `a` out of `dotenv:.env#A`\nerror: ";
            assert!(shown.stderr.starts_with(first), "{}", shown.stderr);
        } else {
            let places = "\"places\": [\n    \"dotenv:/home/me/project/.env#A\"\n  ]";
            assert!(shown.stdout.contains(places), "{}", shown.stdout);
        }
    }
}

#[test]
fn a_scheme_that_waits_for_its_token_is_no_secret_yet() {
    let path = "~/.cursor/mcp.json";
    let config = r#"{"mcpServers": {"exai": {"url": "https://a.b", "headers": {"Authorization": "Bearer "}}}}"#;
    let mut room = with_key().file_with_mode(path, config, 0o644);
    let shown = room.run_raw("mcpjwt issue --sub a --key file:k --to cursor/exai");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(room.mode(path), Some(0o600));
    assert!(
        shown.stderr.contains("mode 0644 became 0600"),
        "{}",
        shown.stderr
    );
    for told in ["took the token of `a` out of", "nothing is at"] {
        let shown = room.run_raw("mcpjwt uninstall cursor/exai");
        assert_eq!(shown.stderr, format!("{told} `cursor/exai`\n"));
        assert_eq!(room.text(path).as_deref(), Some(config));
    }
}

#[test]
fn an_entry_of_ours_that_somebody_changed_stays_without_the_token() {
    let url = "--url https://shop.example/mcp";
    let command = "--env T -- uvx shop --quiet";
    #[rustfmt::skip]
    let cases = [
        // where, how it is made, what is changed by hand, whether the entry stays
        ("cursor", url,                               "https://shop", "https://mine", true),
        ("cursor", url,                               "https://shop", "https://shop", false),
        ("cursor", command,                           "--quiet",      "--loud",       true),
        ("cursor", command,                           "\"uvx\"",      "\"/bin/uvx\"", true),
        ("cursor", "--mode exec --env T -- uvx shop", "\"shop\"",     "\"mine\"",     true),
        ("cursor", "--mode exec --env T -- uvx shop", "--iss=mcpjwt", "--iss=other",  false),
        ("cursor", "--mode env --to - --env T -- uvx shop", "shop",   "mine",         true),
        ("claude-code:user", url,                     "\"http\"",     "\"sse\"",      true),
        ("vscode:user", "--mode input --to - --url https://x.example", "Token of",    "The token of", true),
        ("codex:user", url,                           "https://shop", "https://mine", true),
        ("codex:user", "--env T --mode env --to - -- uvx shop", "\"shop\"", "\"mine\"", true),
    ];
    for (client, options, old, new, stays) in cases {
        let what = format!("{client} {options} {new}");
        let mut sandbox = with_key();
        let (options, command) = options.split_once(" -- ").unwrap_or((options, ""));
        let command = if command.is_empty() {
            String::new()
        } else {
            format!(" -- {command}")
        };
        let line = format!("mcpjwt issue --sub a --key file:k --to {client}/n {options}{command}");
        let known = sandbox.files.files.clone();
        let shown = sandbox.run_raw(&line);
        assert_eq!(shown.code, 0, "{what}: {}", shown.stderr);
        let is_new = |path: &&std::path::PathBuf| {
            !known.contains_key(*path) && !path.ends_with("ledger.jsonl")
        };
        let path = sandbox.files.files.keys().find(is_new).unwrap();
        let path = path.to_str().unwrap().to_owned();
        let text = sandbox.text(&path).unwrap();
        assert!(text.contains(old), "{what}: {text}");
        let text = text.replacen(old, new, 1);
        sandbox.put_file(&path, &text, 0o600);

        let shown = sandbox.run_raw(&format!("mcpjwt uninstall {client}/n"));
        assert_eq!(shown.code, 0, "{what}: {}", shown.stderr);
        let left = sandbox.text(&path);
        assert_eq!(left.is_some(), stays, "{what}: {left:?}");
        if let Some(left) = left {
            assert!(left.contains(new), "{what}: {left}");
            let token = ["eyJ", "${T}", "mcpjwt", "Authorization", "env_vars"];
            assert!(
                !token.iter().any(|one| left.contains(one)),
                "{what}: {left}"
            );
        }
    }
}

#[test]
fn a_file_that_a_config_still_names_stays() {
    let path = "~/.config/opencode/opencode.json";
    let config = "{\"mcp\": {\"n\": {\"type\": \"remote\", \"url\": \"https://a.b\"}}}\n";
    let mut room = with_key().file(path, config);
    let line = "mcpjwt issue --sub a --key file:k --to opencode/n --mode file";
    assert_eq!(room.run_raw(line).code, 0);
    let tokens = |room: &crate::support::Sandbox| {
        let names = room.files.files.keys();
        names
            .filter(|path| path.to_string_lossy().contains("/tokens/"))
            .count()
    };
    let config = room.text(path).unwrap();
    let mut room = room.read_only(path);
    for line in ["mcpjwt uninstall opencode/n", "mcpjwt uninstall --all"] {
        assert_eq!(room.run_raw(line).code, 4, "{line}");
        assert_eq!(room.text(path).as_deref(), Some(&*config), "{line}");
        assert_eq!(tokens(&room), 1, "{line}");
    }
    room.files.read_only.clear();
    assert_eq!(room.run_raw("mcpjwt uninstall --all").code, 0);
    assert_eq!(tokens(&room), 0);
}

#[test]
fn a_place_of_the_ledger_that_is_none_keeps_no_other_one() {
    let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
    let config = "{\"mcpServers\": {\"n\": {\"url\": \"https://a.b\"}}}\n";
    for line in [
        "uninstall --all",
        "uninstall --sub a",
        "uninstall --all --json",
    ] {
        let mut room = with_key().file("~/.cursor/mcp.json", config);
        for to in ["dotenv:.env#T", "cursor/n"] {
            let line = format!("mcpjwt issue --sub a --key file:k --to {to}");
            assert_eq!(room.run_raw(&line).code, 0);
        }
        let text = room.text(ledger).unwrap();
        let text = text.replace("dotenv:/home/me/project/.env#T", "vault:secret/T");
        room.put_file(ledger, &text, 0o600);
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 4, "{line}: {}", shown.stderr);
        let told = [shown.stdout, shown.stderr].concat();
        assert!(told.contains("`vault:secret/T` of the ledger"), "{told}");
        assert_eq!(
            room.text("~/.cursor/mcp.json").as_deref(),
            Some(config),
            "{line}"
        );
        let more = room.text(ledger).unwrap();
        assert_eq!(more.matches("uninstalled").count(), 1, "{line}");

        room.put_file("~/.cursor/mcp.json", config, 0o600);
        room.put_file(ledger, &text, 0o600);
        let shown = room.run_raw("mcpjwt uninstall cursor/n");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
}

#[test]
fn a_scheme_that_waits_for_its_token_gets_it_and_waits_again() {
    #[rustfmt::skip]
    let cases = [
        ("json:s.json#/a/T", "s.json", "{\"a\": {\"T\": \"Bearer \"}}"),
        ("toml:t.toml#a.T",  "t.toml", "[a]\nT = 'bearer '\n"),
    ];
    for (place, path, before) in cases {
        let mut room = with_key().file_with_mode(path, before, 0o644);
        let line = format!("mcpjwt issue --sub a --key file:k --to {place}");
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 0, "{before}: {}", shown.stderr);
        assert_eq!(room.mode(path), Some(0o600), "{before}");
        let shown = room.run_raw(&format!("mcpjwt verify {place} --key file:k --aud mcp"));
        assert_eq!(shown.code, 0, "{before}: {}", shown.stderr);
        let shown = room.run_raw(&format!("mcpjwt uninstall {place}"));
        assert_eq!(shown.code, 0, "{before}: {}", shown.stderr);
        assert_eq!(room.text(path).as_deref(), Some(before));
    }
}

#[test]
fn a_file_that_was_there_without_a_token_is_there_again() {
    for before in [None, Some(""), Some("\n")] {
        let mut room = with_key();
        if let Some(before) = before {
            room.put_file("t", before, 0o600);
        }
        for _ in 0..2 {
            let shown = room.run_raw("mcpjwt issue --sub a --key file:k --to file:t");
            assert_eq!(shown.code, 0, "{}", shown.stderr);
        }
        assert_eq!(room.run_raw("mcpjwt uninstall file:t").code, 0);
        assert_eq!(room.text("t").as_deref(), before);
        assert_eq!(room.run_raw("mcpjwt uninstall file:t").code, 0);
        assert_eq!(room.text("t").as_deref(), before);
    }
}

/// It goes by force, and nobody is told that it was ours.
#[test]
fn what_was_forced_out_is_not_called_the_token_that_was_there_before() {
    #[rustfmt::skip]
    let cases = [
        // what is there now                   what is told                             whose
        (None,                                 "took the token of `a` out of",           "a"),
        (Some("eyJhbGciOiJIUzI1NiJ9.eyJzdWIi"), "took the token of `a` out of",          "a"),
        (Some("sk-live-1"),                    "took what was there instead of our token out of", ""),
        (Some("theirs"),                       "took what was there instead of our token out of", ""),
    ];
    for (now, told, sub) in cases {
        let mut room = with_key().file(".env", "T=\n");
        for line in [
            "issue --sub a --key file:k --to dotenv:.env#T",
            "issue --sub b --key file:k --to file:b --no-record",
        ] {
            assert_eq!(room.run_raw(&format!("mcpjwt {line}")).code, 0);
        }
        if let Some(now) = now {
            let theirs = room.text("b").unwrap();
            let now = now.replace("theirs", theirs.trim());
            room.put_file(".env", format!("T={now}\n"), 0o600);
        }
        let shown = room.run_raw("mcpjwt uninstall dotenv:.env#T --force");
        assert_eq!(shown.code, 0, "{now:?}: {}", shown.stderr);
        assert!(shown.stderr.contains(told), "{now:?}: {}", shown.stderr);
        let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
        let last = ledger.lines().last().unwrap();
        assert!(last.contains("uninstalled"), "{last}");
        assert!(
            last.contains(&format!("\"sub\":\"{sub}\"")),
            "{now:?}: {last}"
        );
        assert_eq!(
            last.contains("\"jti\":\"\""),
            sub.is_empty(),
            "{now:?}: {last}"
        );
        let after = room.run_raw("mcpjwt uninstall --all --yes");
        assert!(
            after.stderr.starts_with("no place holds"),
            "{}",
            after.stderr
        );
        assert_eq!(room.run_raw("mcpjwt log").code, 0);
    }
}

#[test]
fn a_variable_that_waits_for_its_token_waits_again_with_all_that_stood_there() {
    const MANIFEST: &str = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"dotenv:.env#T\"]\n";
    #[rustfmt::skip]
    let cases = [
        ("T=\"Bearer \"",         "T=\"Bearer eyJ"),
        ("T='Bearer' # mine",     "T='Bearer eyJ"),
        ("export T=\"\" # mine",  "export T=eyJ"),
        ("T= # mine",             "# mine\nT=eyJ"),
    ];
    for (line, filled) in cases {
        for write in ["issue -q --sub a --to dotenv:.env#T --key file:k", "sync"] {
            let env = format!("A=1\n{line}\nB=2\n");
            let mut room = with_key()
                .file(".env", env.as_str())
                .file("mcpjwt.toml", MANIFEST);
            let shown = room.run_raw(&format!("mcpjwt {write}"));
            assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
            let text = room.text(".env").unwrap();
            assert!(text.contains(filled), "{line}: {text}");
            for then in ["verify dotenv:.env#T", "sync --check"] {
                let shown = room.run_raw(&format!("mcpjwt {then}"));
                assert_eq!(shown.code, 0, "{line} {then}: {}", shown.stderr);
            }
            for times in 0..2 {
                let shown = room.run_raw("mcpjwt uninstall dotenv:.env#T");
                assert_eq!(shown.code, 0, "{line} {times}: {}", shown.stderr);
                assert_eq!(room.text(".env"), Some(env.clone()), "{line} {times}");
            }
        }
    }
}
