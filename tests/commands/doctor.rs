//! `mcpjwt doctor`: what should be mended, and how.

use expect_test::expect;
use mcpjwt::host::Kept;

use crate::support::Sandbox;
use crate::{runs, token, with_key};

#[test]
fn nothing_is_wrong_with_an_empty_machine() {
    expect![[r#"
        --- stdout
        settings  /home/me/.config/mcpjwt
        data      /home/me/.local/share/mcpjwt
        state     /home/me/.local/state/mcpjwt
        clock     good
        ledger    good
        revoked   good
        keyring   not used
        manifest  none
        keys      none
        places    good
        --- exit 0
    "#]]
    .assert_eq(&Sandbox::default().run("mcpjwt doctor"));
}

#[test]
fn each_finding_says_what_to_type() {
    let mut room = with_key()
        .file_with_mode(
            "~/.cursor/mcp.json",
            r#"{"mcpServers":{"a":{"command":"x","env":{}}}}"#,
            0o644,
        )
        .git("~/.cursor/mcp.json", Kept::Tracked);
    room.run_raw("mcpjwt secret generate");
    for line in [
        "mcpjwt issue -q --sub a --aud one --ttl 1y --to file:a",
        "mcpjwt issue -q --sub b --aud two --ttl 1y --to keyring:exai/b",
        "mcpjwt issue -q --sub c --aud two --ttl 1y --no-record --force --to cursor/a --env T",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room.later(100 * 86_400);
    room.keyring.locked = true;
    let mut text = runs(&mut room, &["mcpjwt doctor", "mcpjwt doctor --json"]);
    room.keyring.locked = false;
    room.put_file("mcpjwt.toml", "kye = 1\n", 0o600);
    text += &runs(&mut room, &["mcpjwt doctor"]);
    room.put_file(
        "mcpjwt.toml",
        "[[token]]\nsub = 'a'\nto = ['cursor/a']\n",
        0o600,
    );
    text += &runs(&mut room, &["mcpjwt doctor"]);
    expect![[r#"
        $ mcpjwt doctor
        --- stdout
        settings  /home/me/.config/mcpjwt
        data      /home/me/.local/share/mcpjwt
        state     /home/me/.local/state/mcpjwt
        clock     good
        ledger    good
        revoked   good
        keyring   1 finding
        manifest  none
        keys      2 findings
        places    3 findings
        --- stderr
        error: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        error: the key `5g_GDEBptwToZRcD` has been in use for 100 d
        hint: make a new one with `mcpjwt rotate-secret`
        error: the key `5g_GDEBptwToZRcD` signs for several audiences: `one`, `two`
        hint: give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before
        error: `cursor/a`: git tracks it
        hint: take the token out with `mcpjwt uninstall cursor/a`; whoever has the repository has it
        error: `cursor/a` has a token of ours that the ledger does not know
        hint: take it out with `mcpjwt uninstall cursor/a`
        error: cannot read `keyring:exai/b`: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
        $ mcpjwt doctor --json
        --- stdout
        {
          "ok": false,
          "folders": {
            "settings": "/home/me/.config/mcpjwt",
            "data": "/home/me/.local/share/mcpjwt",
            "state": "/home/me/.local/state/mcpjwt"
          },
          "checks": [
            {
              "name": "clock",
              "good": true,
              "state": "good",
              "findings": []
            },
            {
              "name": "ledger",
              "good": true,
              "state": "good",
              "findings": []
            },
            {
              "name": "revoked",
              "good": true,
              "state": "good",
              "findings": []
            },
            {
              "name": "keyring",
              "good": false,
              "state": "bad",
              "findings": [
                "keyring_locked"
              ]
            },
            {
              "name": "manifest",
              "good": true,
              "state": "none",
              "findings": []
            },
            {
              "name": "keys",
              "good": false,
              "state": "bad",
              "findings": [
                "key_old",
                "key_shared"
              ]
            },
            {
              "name": "places",
              "good": false,
              "state": "bad",
              "findings": [
                "git_tracked",
                "token_unrecorded",
                "keyring_locked"
              ]
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "keyring_locked",
              "message": "the keyring is locked, or has no default collection",
              "hint": "unlock it in your desktop session, or keep the value in a file instead: `file:PATH`"
            },
            {
              "code": "key_old",
              "message": "the key `5g_GDEBptwToZRcD` has been in use for 100 d",
              "hint": "make a new one with `mcpjwt rotate-secret`"
            },
            {
              "code": "key_shared",
              "message": "the key `5g_GDEBptwToZRcD` signs for several audiences: `one`, `two`",
              "hint": "give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before"
            },
            {
              "code": "git_tracked",
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/a/env/T",
              "message": "`cursor/a`: git tracks it",
              "hint": "take the token out with `mcpjwt uninstall cursor/a`; whoever has the repository has it"
            },
            {
              "code": "token_unrecorded",
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/a/env/T",
              "message": "`cursor/a` has a token of ours that the ledger does not know",
              "hint": "take it out with `mcpjwt uninstall cursor/a`"
            },
            {
              "code": "keyring_locked",
              "place": "keyring:exai/b",
              "message": "cannot read `keyring:exai/b`: the keyring is locked, or has no default collection",
              "hint": "unlock it in your desktop session, or keep the value in a file instead: `file:PATH`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt doctor
        --- stdout
        settings  /home/me/.config/mcpjwt
        data      /home/me/.local/share/mcpjwt
        state     /home/me/.local/state/mcpjwt
        clock     good
        ledger    good
        revoked   good
        keyring   good
        manifest  1 finding
        keys      2 findings
        places    2 findings
        --- stderr
        error: `~/project/mcpjwt.toml` line 1: the manifest has no key `kye`
        hint: did you mean `key`?
        error: the key `5g_GDEBptwToZRcD` has been in use for 100 d
        hint: make a new one with `mcpjwt rotate-secret --key 'file:~/.local/share/mcpjwt/default.jwks'`
        error: the key `5g_GDEBptwToZRcD` signs for several audiences: `one`, `two`
        hint: give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before
        error: `cursor/a`: git tracks it
        hint: take the token out with `mcpjwt uninstall cursor/a`; whoever has the repository has it
        error: `cursor/a` has a token of ours that the ledger does not know
        hint: take it out with `mcpjwt uninstall cursor/a`
        --- exit 4
        $ mcpjwt doctor
        --- stdout
        settings  /home/me/.config/mcpjwt
        data      /home/me/.local/share/mcpjwt
        state     /home/me/.local/state/mcpjwt
        clock     good
        ledger    good
        revoked   good
        keyring   good
        manifest  1 finding
        keys      2 findings
        places    2 findings
        --- stderr
        error: `~/project/mcpjwt.toml` is not trusted as it is now, and wants what needs that
        hint: see what it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`
        error: the key `5g_GDEBptwToZRcD` has been in use for 100 d
        hint: make a new one with `mcpjwt rotate-secret --key 'file:~/.local/share/mcpjwt/default.jwks'`
        error: the key `5g_GDEBptwToZRcD` signs for several audiences: `one`, `two`
        hint: give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before
        error: `cursor/a`: git tracks it
        hint: take the token out with `mcpjwt uninstall cursor/a`; whoever has the repository has it
        error: `cursor/a` has a token of ours that the ledger does not know
        hint: take it out with `mcpjwt uninstall cursor/a`
        --- exit 4
    "#]].assert_eq(&text);
}

#[test]
fn a_clock_that_is_behind_is_noticed() {
    let mut room = with_key();
    room.run_raw("mcpjwt issue -q --key file:k --sub a --to file:a");
    room.later(-86_400);
    expect![[r#"
        --- stdout
        settings  /home/me/.config/mcpjwt
        data      /home/me/.local/share/mcpjwt
        state     /home/me/.local/state/mcpjwt
        clock     1 finding
        ledger    good
        revoked   good
        keyring   not used
        manifest  none
        keys      none
        places    good
        --- stderr
        error: the clock says 2025-11-21T04:00:00Z, but the newest record of the ledger is of 2025-11-22T04:00:00Z
        hint: set it, such as with `timedatectl set-ntp true`
        --- exit 1
    "#]].assert_eq(&room.run("mcpjwt doctor"));
}

#[test]
fn an_audience_that_nobody_named_is_none_of_several() {
    let mut room = Sandbox::default();
    room.run_raw("mcpjwt issue -q --sub a --to file:a");
    room.run_raw("mcpjwt issue -q --sub b --to cursor/x --url https://mcp.example.com/mcp");
    assert_eq!(room.run_raw("mcpjwt doctor").code, 0);
    room.run_raw("mcpjwt issue -q --sub c --aud two --to file:c");
    room.run_raw("mcpjwt rotate-secret -q");
    room.run_raw("mcpjwt issue -q --sub d --to cursor/y --url https://mcp.example.com/mcp");
    room.run_raw("mcpjwt issue -q --sub e --aud two --to file:e");
    let shown = room.run_raw("mcpjwt doctor");
    expect![[r#"
        error: the keys `5g_GDEBptwToZRcD`, `LjtPghPGVOwwQg-H` sign for several audiences: `https://mcp.example.com/mcp`, `two`
        hint: give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before
    "#]]
    .assert_eq(&shown.stderr);
    assert_eq!(shown.code, 1);
    room.run_raw("mcpjwt issue -q --sub f --aud three --to file:f");
    let shown = room.run_raw("mcpjwt doctor");
    expect![[r#"
        error: the key `LjtPghPGVOwwQg-H` signs for several audiences: `https://mcp.example.com/mcp`, `three`, `two`; the key `5g_GDEBptwToZRcD` signs for several audiences: `https://mcp.example.com/mcp`, `two`
        hint: give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before
    "#]]
    .assert_eq(&shown.stderr);
}

#[test]
fn the_usual_audience_is_one_of_several_where_the_manifest_names_it() {
    let other = r#"aud = "https://other.example""#;
    let several = "signs for several audiences: `https://other.example`, `mcp`";
    #[rustfmt::skip]
    let cases = [
        // the manifest's       of a token           of another  what is told
        (r#"aud = "mcp""#,      "",                  other,      several),
        ("",                    r#"aud = "mcp""#,    other,      several),
        (other,                 r#"aud = ["mcp"]"#,  "",         several),
        ("",                    "",                  other,      ""),
        (r#"aud = "mcp""#,      "",                  "",         ""),
    ];
    for (all, one, two, want) in cases {
        let manifest = format!(
            "iss = \"i\"\n{all}\nkey = \"file:k\"\n[[token]]\nsub = \"a\"\n{one}\nto = [\"file:a\"]\n[[token]]\nsub = \"b\"\n{two}\nto = [\"file:b\"]\n"
        );
        let mut room = with_key().file("mcpjwt.toml", &manifest);
        let shown = room.run_raw("mcpjwt sync");
        assert_eq!(shown.code, 0, "{manifest}{}", shown.stderr);
        let shown = room.run_raw("mcpjwt doctor");
        assert_eq!(shown.code, u8::from(!want.is_empty()), "{manifest}");
        assert!(shown.stderr.contains(want), "{manifest}{}", shown.stderr);
    }
}

#[test]
fn a_batch_that_was_revoked_is_good_for_no_audience() {
    let mut room = Sandbox::default().file("subs", "a\n");
    for aud in ["one", "two"] {
        let shown = room.run_raw(&format!("mcpjwt issue -q --from subs --aud {aud}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    let is_shared = |room: &mut Sandbox| {
        let shown = room.run_raw("mcpjwt doctor");
        shown.stderr.contains("several audiences: `one`, `two`")
    };
    assert!(is_shared(&mut room));
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    let run = &ledger.split("\"run\":\"").nth(1).unwrap()[..32];
    room.run_raw(&format!("mcpjwt revoke --run {run}"));
    assert!(!is_shared(&mut room));
}

#[test]
fn what_stands_beside_a_token_is_not_to_be_taken_out_with_it() {
    let mut room = with_key();
    room.run_raw("mcpjwt secret generate");
    let shown = room.run_raw("mcpjwt issue -q --sub a --no-record");
    let yaml = format!("envs: {{T: {}}}\n", shown.stdout.trim_end());
    room.put_file("~/.config/goose/config.yaml", &yaml, 0o600);
    let shown = room.run_raw("mcpjwt doctor").stderr;
    expect![[r#"
        error: `file:~/.config/goose/config.yaml` has a token of ours that the ledger does not know
        hint: take it out by hand: there is more than a token
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_clock_is_behind_what_was_done_already() {
    let finding = |room: &mut Sandbox| {
        let shown = room.run_raw("mcpjwt doctor").stderr;
        let line = shown.lines().find(|line| line.contains("the clock says"));
        line.unwrap_or("none").to_owned() + "\n"
    };
    let mut text = String::new();
    let mut room = Sandbox::default();
    text += &finding(&mut room);
    room.later(-31 * 86_400);
    text += &finding(&mut room);
    let mut room = Sandbox::default();
    room.run_raw("mcpjwt secret generate");
    room.later(-86_400);
    text += &finding(&mut room);
    let mut room = Sandbox::default().file("~/.local/state/mcpjwt/trust.json", "");
    let written = room.facts.now + 3600;
    let path = "/home/me/.local/state/mcpjwt/trust.json".into();
    room.files.written.insert(path, written);
    text += &finding(&mut room);
    expect![[r#"
        none
        error: the clock says 2025-10-22T04:00:00Z, but this program is of 2025-10-23T04:00:00Z
        error: the clock says 2025-11-21T04:00:00Z, but the key `5g_GDEBptwToZRcD` is of 2025-11-22T04:00:00Z
        error: the clock says 2025-11-22T04:00:00Z, but `/home/me/.local/state/mcpjwt/trust.json` is of 2025-11-22T05:00:00Z
    "#]].assert_eq(&text);
}

#[test]
fn the_keyring_is_tried_where_the_manifest_has_something_in_it() {
    let manifest = "key = 'keyring:exai/key'\n\n[[token]]\nsub = 'a'\nto = ['file:a']\n";
    let mut room = Sandbox::default().file("mcpjwt.toml", manifest);
    room.keyring.locked = true;
    let mut text = room.run_raw("mcpjwt doctor").stderr;
    room.run_raw("mcpjwt trust --yes");
    text += "== trusted\n";
    text += &room.run_raw("mcpjwt doctor").stderr;
    expect![[r#"
        error: `~/project/mcpjwt.toml` is not trusted as it is now, and wants what needs that
        hint: see what it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`
        == trusted
        error: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_file_is_told_once_however_many_tokens_it_has() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let other = token(&mut room, "--ttl 2d");
    let mut room = room.file_with_mode(
        "~/.cursor/mcp.json",
        format!(
            r#"{{"mcpServers":{{"a":{{"command":"x","env":{{"A":"{good}","B":"{other}"}}}}}}}}"#
        ),
        0o644,
    );
    expect![[r#"
        error: `json:~/.cursor/mcp.json#/mcpServers/a/env/A`: others can read it (0644)
        hint: close the file with `chmod 600 /home/me/.cursor/mcp.json`
    "#]]
    .assert_eq(&room.run_raw("mcpjwt doctor").stderr);
}

#[test]
fn the_age_of_a_key_is_known_where_its_place_cannot_carry_it() {
    let keys = "key = \"dotenv:.env#K\"\nprevious = \"dotenv:.env#P\"\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", format!("iss = \"i\"\naud = \"a\"\n{keys}"))
        .file(".env", format!("K={}\n", crate::SECRET));
    let made = room.run_raw("mcpjwt rotate-secret");
    assert_eq!(made.code, 0, "{}", made.stderr);
    room.later(80 * 86_400);
    let shown = room.run_raw("mcpjwt doctor");
    assert!(!shown.stdout.contains("in use for"), "{}", shown.stdout);
    room.later(120 * 86_400);
    let shown = room.run_raw("mcpjwt doctor");
    let said = shown.stdout + &shown.stderr;
    assert!(said.contains("has been in use for"), "{said}");
}

#[test]
fn a_key_that_others_made_is_as_old_as_its_first_token() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            "iss = \"i\"\naud = \"a\"\nkey = \"dotenv:.env#K\"\n",
        )
        .file(".env", format!("K={}\n", crate::SECRET));
    for _ in 0..2 {
        let made = room.run_raw("mcpjwt issue --sub a");
        assert_eq!(made.code, 0, "{}", made.stderr);
        let shown = room.run_raw("mcpjwt doctor");
        assert!(!shown.stdout.contains("in use for"), "{}", shown.stdout);
        room.later(80 * 86_400);
    }
    let shown = room.run_raw("mcpjwt doctor");
    let said = shown.stdout + &shown.stderr;
    assert!(said.contains("has been in use for"), "{said}");
}

#[test]
fn a_list_of_revoked_tokens_that_cannot_be_read_is_a_finding() {
    let mut room = crate::with_key().file("~/.local/state/mcpjwt/revoked.json", "x");
    let shown = room.run_raw("mcpjwt doctor");
    assert_eq!(shown.code, 4, "{}", shown.stderr);
    assert!(
        shown.stdout.contains("revoked   1 finding"),
        "{}",
        shown.stdout
    );
    assert!(
        shown
            .stderr
            .contains("the list of revoked tokens, is damaged"),
        "{}",
        shown.stderr
    );
}

#[test]
fn what_the_manifest_wants_is_good_on_a_second_machine_too() {
    let mut room = crate::with_key().file(
        "mcpjwt.toml",
        "iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n",
    );
    room.run_raw("mcpjwt sync --no-record");
    let shown = room.run_raw("mcpjwt doctor");
    assert_eq!(shown.code, 0, "{}{}", shown.stdout, shown.stderr);
}

#[test]
fn a_key_that_others_know_is_a_finding() {
    for secret in ["changeme", "your-256-bit-secret"] {
        let mut room = crate::with_key()
            .file_with_mode(".env", format!("JWT_SECRET={secret}\n"), 0o600)
            .file("mcpjwt.toml", "key = \"dotenv:.env#JWT_SECRET\"\n");
        let shown = room.run_raw("mcpjwt doctor");
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        assert!(
            shown.stdout.contains("keys      1 finding"),
            "{}",
            shown.stdout
        );
        assert!(
            shown.stderr.contains("mcpjwt rotate-secret --now"),
            "{}",
            shown.stderr
        );
        assert!(!shown.stderr.contains(secret), "{}", shown.stderr);
    }
}
