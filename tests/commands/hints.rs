//! What a hint says to type does what it says.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{OTHER, SECRET};

/// The command in backticks that begins so.
fn command<'t>(text: &'t str, begin: &str) -> &'t str {
    let told = text.split('`').find(|part| part.starts_with(begin));
    told.unwrap_or_else(|| panic!("no `{begin}` in {text}"))
}

#[test]
fn a_foreign_value_of_an_entry_is_replaced_where_the_manifest_wants_the_token() {
    let entries = [
        (
            ".cursor/mcp.json",
            r#"{"mcpServers":{"old":{"command":"x","env":{"TOKEN":"foreign","A":"1"}}}}"#,
            r#"client = "cursor", server = "old", env = "TOKEN""#,
        ),
        (
            ".cursor/mcp.json",
            r#"{"mcpServers":{"old":{"url":"https://x.example/mcp","headers":{"X-Tok":"foreign"}}}}"#,
            r#"client = "cursor", server = "old", header = "X-Tok""#,
        ),
        (
            "~/.codex/config.toml",
            "[mcp_servers.old]\ncommand = \"x\"\n[mcp_servers.old.env]\nTOKEN = \"foreign\"\n",
            r#"client = "codex", server = "old", env = "TOKEN""#,
        ),
    ];
    for (path, config, to) in entries {
        let to = if path.starts_with('~') {
            to.to_owned()
        } else {
            format!("{to}, scope = \"project\"")
        };
        let manifest = format!(
            "iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\n[[token]]\nsub = \"b\"\nto = [{{ {to} }}]\n"
        );
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", manifest)
            .file("k", SECRET)
            .file(path, config);
        room.run_raw("mcpjwt trust --yes");
        let shown = room.run_raw("mcpjwt sync");
        let line = command(&shown.stderr, "mcpjwt issue").to_owned();
        assert_eq!(room.run_raw(&line).code, 0, "{line}");
        assert!(!room.text(path).unwrap().contains("foreign"), "{line}");
        let shown = room.run_raw("mcpjwt sync --check");
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
}

#[test]
fn a_token_that_expired_is_minted_anew_for_the_places_where_it_is_installed() {
    let mut room = Sandbox::default()
        .file("k", SECRET)
        .env("MCPJWT_KEY", "file:k");
    let token = room.run_raw("mcpjwt issue -q --sub 'a b' --ttl 1h").stdout;
    room.later(7200);
    let shown = room.run_raw(&format!(
        "mcpjwt install {} --to cursor:project/x --to file:a.jwt --env T -- node s.js",
        token.trim()
    ));
    let line = command(&shown.stderr, "mcpjwt issue").to_owned();
    expect![[r#"mcpjwt issue --sub 'a b' --to cursor:project/x --to file:a.jwt --env T"#]]
        .assert_eq(&line);
    for line in [&*line, "mcpjwt verify file:a.jwt", "mcpjwt status"] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
}

#[test]
fn a_token_that_no_key_can_check_is_shown() {
    let mut room = Sandbox::default().file("k", SECRET);
    room.run_raw("mcpjwt issue -q --key file:k --sub a --to 'file:my token'");
    room.run_raw("mcpjwt secret generate -q");
    let token = room.text("my token").unwrap();
    for (given, place) in [("'file:my token'", "'file:my token'"), (token.trim(), "-")] {
        let shown = room.run_raw(&format!("mcpjwt revoke --dry-run {given}"));
        let line = command(&shown.stderr, "mcpjwt decode").to_owned();
        assert_eq!(line, format!("mcpjwt decode {place}"));
        room.set_stdin(&token);
        assert_eq!(room.run_raw(&line).code, 0, "{line}");
    }
}

#[test]
fn a_staged_key_is_promoted_no_earlier_than_it_can_be() {
    let mut room = Sandbox::default();
    for line in ["mcpjwt secret generate -q", "mcpjwt rotate-secret -q"] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    let mut told = String::new();
    for line in [
        "mcpjwt rotate-secret --stage",
        "mcpjwt rotate-secret --stage",
    ] {
        let shown = room.run_raw(line);
        let lines = shown.stderr.lines();
        told.extend(
            lines
                .filter(|line| line.contains("promote"))
                .flat_map(|line| [line, "\n"]),
        );
    }
    expect![[r#"
        restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`, from 2025-12-06 04:00:00 +00:00 (in 14 d) on:
        restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`, from 2025-12-06 04:00:00 +00:00 (in 14 d) on:
    "#]].assert_eq(&told);
    assert_eq!(room.run_raw("mcpjwt rotate-secret").code, 4);
    room.later(14 * 86_400);
    let shown = room.run_raw("mcpjwt rotate-secret --stage").stderr;
    assert!(shown.contains("with `mcpjwt rotate-secret`:"), "{shown}");
    assert_eq!(room.run_raw("mcpjwt rotate-secret").code, 0);
}

#[test]
fn what_is_told_is_about_the_manifest_that_was_named() {
    let room = || {
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", "key = \"file:mine\"\n")
            .file("mine", OTHER)
            .file(
                "a b/x.toml",
                "iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\nprevious = \"file:p\"\nnext = \"file:n\"\n[[token]]\nname = \"one\"\nsub = \"a\"\nto = [\"file:t\"]\n",
            )
            .file("a b/k", SECRET);
        room.run_raw("mcpjwt sync -m 'a b/x.toml'");
        room
    };
    let told = |line: &str, json: &str, room: &mut Sandbox| {
        let shown = room.run_raw(&format!("mcpjwt {line} -m 'a b/x.toml'{json}"));
        let text = format!("{}{}", shown.stdout, shown.stderr);
        let commands = text.split('`').filter(|part| part.starts_with("mcpjwt "));
        commands.map(str::to_owned).collect::<Vec<_>>()
    };
    #[rustfmt::skip]
    let cases = [
        // before                      line              what it tells to type
        ("foreign",                    "sync",           "mcpjwt issue -m 'a b/x.toml' --sub one --to 'file:/home/me/project/a b/t' --force"),
        ("",                           "sync --check",   "mcpjwt sync -m 'a b/x.toml'"),
        ("",                           "status",         "mcpjwt sync -m 'a b/x.toml'"),
        ("",                           "expiry",         "mcpjwt sync -m 'a b/x.toml'"),
    ];
    for (there, line, want) in cases {
        for json in ["", " --json"] {
            let mut room = room();
            room.put_file("a b/t", there, 0o600);
            let commands = told(line, json, &mut room);
            assert_eq!(
                commands.first().map(String::as_str),
                Some(want),
                "{line}{json}"
            );
            assert!(commands.iter().all(|it| it == want), "{commands:?}");
            if json.is_empty() {
                assert_eq!(room.run_raw(want).code, 0, "{want}");
                let shown = room.run_raw("mcpjwt verify 'file:a b/t' --key 'file:a b/k'");
                assert_eq!(shown.code, 0, "{want}: {}", shown.stderr);
            }
        }
    }
    let mut room = room();
    for (line, want) in [
        (
            "rotate-secret --stage",
            "mcpjwt rotate-secret -m 'a b/x.toml'",
        ),
        (
            "rotate-secret --stage",
            "mcpjwt rotate-secret -m 'a b/x.toml' --abort",
        ),
        (
            "revoke --sub a",
            "mcpjwt rotate-secret -m 'a b/x.toml' --now",
        ),
    ] {
        let commands = told(line, "", &mut room);
        assert!(commands.iter().any(|it| it == want), "{line}: {commands:?}");
        assert!(
            commands.iter().all(|it| it.contains(" -m ")),
            "{commands:?}"
        );
    }
    let shown = room.run_raw("mcpjwt jwks --no-manifest");
    expect![[r#"
        error: there is no key yet
        hint: make one with `mcpjwt secret generate --no-manifest`, or name one with `--key PLACE`
    "#]]
    .assert_eq(&shown.stderr);
}

#[test]
fn a_rotation_of_a_key_that_was_told_goes_on_as_it_says() {
    let lines = [
        "mcpjwt rotate-secret --stage --key 'file:my keys'",
        "mcpjwt rotate-secret --stage --key 'file:my keys' -m none",
        "mcpjwt rotate-secret --key 'file:my keys' --key-encoding hex --alg EdDSA",
        "mcpjwt rotate-secret --key 'file:my keys' --abort",
        "mcpjwt rotate-secret --key 'file:my keys' --abort --json",
        "mcpjwt rotate-secret --key 'file:my keys' --now --yes",
    ];
    // What is told is typed where it was told, once a staged key may be promoted.
    let room_after = |lines: &[&str]| {
        let mut room = Sandbox::default();
        room.run_raw("mcpjwt issue -q --sub a");
        room.run_raw("mcpjwt secret export --format jwks --to 'file:my keys'");
        let said = lines.iter().map(|line| room.run_raw(line)).last();
        (room, said.unwrap())
    };
    let mut told = String::new();
    for (at, line) in lines.iter().enumerate() {
        let (_, shown) = room_after(&lines[..=at]);
        told.push_str(&format!("$ {line}\n"));
        let text = format!("{}{}", shown.stdout, shown.stderr);
        for command in text.split('`').filter(|it| it.starts_with("mcpjwt ")) {
            told.push_str(&format!("{command}\n"));
            let (mut room, _) = room_after(&lines[..=at]);
            room.later(15 * 86_400);
            let typed = command.replace("NAME", "a").replace("PLACE", "file:t");
            let shown = room.run_raw(&typed);
            assert_eq!(shown.code, 0, "{line}: {typed}: {}", shown.stderr);
        }
    }
    expect![[r#"
        $ mcpjwt rotate-secret --stage --key 'file:my keys'
        mcpjwt rotate-secret --key 'file:my keys'
        mcpjwt secret export --key 'file:my keys' --kid vVk__HmhiMNLCPjz
        $ mcpjwt rotate-secret --stage --key 'file:my keys' -m none
        mcpjwt rotate-secret -m none --key 'file:my keys' --abort
        mcpjwt rotate-secret -m none --key 'file:my keys'
        mcpjwt secret export -m none --key 'file:my keys' --kid vVk__HmhiMNLCPjz
        $ mcpjwt rotate-secret --key 'file:my keys' --key-encoding hex --alg EdDSA
        mcpjwt rotate-secret --key 'file:my keys' --key-encoding hex --abort
        $ mcpjwt rotate-secret --key 'file:my keys' --abort
        $ mcpjwt rotate-secret --key 'file:my keys' --abort --json
        mcpjwt secret list --key 'file:my keys'
        $ mcpjwt rotate-secret --key 'file:my keys' --now --yes
        mcpjwt issue --key 'file:my keys' --sub NAME --to PLACE
        mcpjwt secret export --key 'file:my keys' --kid LjtPghPGVOwwQg-H
        mcpjwt secret export --key 'file:my keys' --kid LjtPghPGVOwwQg-H
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_key_of_the_manifest_is_handed_out_beside_a_variable_that_names_another() {
    let mut told = String::new();
    for (manifest, alg) in [
        ("key = \"file:set\"\n", "HS256"),
        ("key = \"file:set\"\n", "EdDSA"),
        ("", "HS256"),
        (
            "key = \"file:k\"\nprevious = \"file:p\"\nnext = \"file:n\"\n",
            "EdDSA",
        ),
    ] {
        let mut room = Sandbox::default();
        for line in [
            "mcpjwt secret generate -q --alg ALG",
            "mcpjwt secret export --format jwks --to file:set",
            "mcpjwt secret export --to file:k",
            "mcpjwt secret generate -q --to file:other",
        ] {
            let shown = room.run_raw(&line.replace("ALG", alg));
            assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        }
        room.put_file("mcpjwt.toml", manifest, 0o600);
        room.run_raw("mcpjwt trust -q --yes");
        let mut room = room.env("MCPJWT_KEY", "file:other");
        let shown = room.run_raw("mcpjwt rotate-secret --stage");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        let kid = shown.stderr.split('`').nth(1).unwrap();
        let line = shown.stderr.lines().find(|it| it.contains("has a copy"));
        told.push_str(&format!("{}\n", line.unwrap().trim_start()));
        let command = line.unwrap().split('`').nth(1).unwrap();
        if line.unwrap().contains("without") {
            room = room.env("MCPJWT_KEY", "");
        }
        let shown = room.run_raw(command);
        assert_eq!(shown.code, 0, "{command}: {}", shown.stderr);
        if command.starts_with("mcpjwt jwks") {
            assert!(shown.stdout.contains(kid), "{}", shown.stdout);
        }
    }
    expect![[r#"
        what has a copy of the key: `mcpjwt secret export --key file:/home/me/project/set --kid Z-KfO0oyr9vZ8LjA`
        what has a copy of the key: `mcpjwt jwks --key file:/home/me/project/set`
        what has a copy of the key: `mcpjwt secret export --key file:/home/me/.local/share/mcpjwt/default.jwks --kid Z-KfO0oyr9vZ8LjA`
        what has a copy of the key: `mcpjwt jwks`, without `MCPJWT_KEY`
    "#]].assert_eq(&told);
}
