//! Places that a token cannot go into, and the name of a file, which is no token.

use expect_test::expect;
use mcpjwt::host::Kept;

use crate::support::Sandbox;
use crate::{runs, token, with_key};

#[test]
fn places_that_cannot_be_written() {
    let mut room = with_key()
        .denied("shut")
        .folder("d")
        .read_only("ro")
        .folder("ro")
        .file(".env", "A='open\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --no-record --key file:k --to file:shut",
            "mcpjwt issue --sub a --no-record --key file:k --to file:d",
            "mcpjwt issue --sub a --no-record --key file:k --to file:ro/t",
            "mcpjwt issue --sub a --no-record --key file:k --to file:absent/t",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#B",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#1B",
            "mcpjwt issue --sub a --no-record --key file:k --to keyring:exai",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to file:shut
        --- stderr
        error: cannot read `/home/me/project/shut`: permission denied
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to file:d
        --- stderr
        error: cannot read `/home/me/project/d`: it is a folder
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to file:ro/t
        --- stderr
        error: cannot write `/home/me/project/ro/t`: read-only file system; nothing was changed
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to file:absent/t
        --- stderr
        error: cannot write `/home/me/project/absent/t`: there is no folder `/home/me/project/absent`
        hint: make it with `mkdir -p /home/me/project/absent`
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#B
        --- stderr
        error: cannot read `dotenv:.env#B`: line 1, column 3: a quoted value does not end
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env
        --- stderr
        error: this `dotenv:` place cannot be read: it names no variable after a `#`
        hint: write `dotenv:PATH#NAME`
        --- exit 2
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#1B
        --- stderr
        error: this `dotenv:` place cannot be read: a variable's name has letters, digits and `_`, and no digit first
        hint: write `dotenv:PATH#NAME`
        --- exit 2
        $ mcpjwt issue --sub a --no-record --key file:k --to keyring:exai
        --- stderr
        error: this `keyring:` place cannot be read: it names no account after a `/`
        hint: write `keyring:SERVICE/ACCOUNT`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_place_that_fails_does_not_stop_the_others() {
    let mut room = with_key().folder("ro").read_only("ro");
    let line = "mcpjwt issue --sub a --no-record --key file:k --to file:ro/t --to file:t";
    let shown = runs(&mut room, &[line]);
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to file:ro/t --to file:t
        --- stderr
        warning: wrote `file:t`, the others not
        error: cannot write `/home/me/project/ro/t`: read-only file system; nothing was changed
        --- t (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn a_keyring_that_is_absent_or_locked_is_never_replaced_by_a_file() {
    let line = ["mcpjwt issue --sub a --key file:k --to keyring:exai/a"];
    let absent = runs(&mut with_key().keyring_absent(), &line);
    let locked = runs(&mut with_key().keyring_locked(), &line);
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --to keyring:exai/a
        --- stderr
        error: there is no keyring: no session bus at `/run/user/1000/bus`
        hint: keep the value in a file instead: `file:PATH`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --to keyring:exai/a
        --- stderr
        error: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
    "#]]
    .assert_eq(&(absent + &locked));
}

#[test]
fn a_missing_folder_is_found_before_anything_is_written() {
    let mut sandbox = with_key();
    let line = "mcpjwt issue --sub a --key file:k --to dotenv:.env#T --to file:gone/t";
    let shown = runs(&mut sandbox, &[line, &format!("{line} --dry-run")]);
    let error = "--- stderr\nerror: cannot write `/home/me/project/gone/t`: there is no folder `/home/me/project/gone`\nhint: make it with `mkdir -p /home/me/project/gone`\n--- exit 4\n";
    assert_eq!(
        shown,
        format!("$ {line}\n{error}$ {line} --dry-run\n{error}")
    );
}

#[test]
fn a_pipe_where_a_file_is_edited_keeps_nobody_waiting() {
    for (path, place) in [
        ("p", "file:p"),
        ("p", "dotenv:p#T"),
        ("p", "json:p#/a"),
        ("p", "toml:p#a"),
        ("p", "mcp:p#exai"),
        ("~/.cursor/mcp.json", "cursor/exai"),
    ] {
        let mut sandbox = with_key().pipe(path);
        for line in [
            format!("mcpjwt issue --sub a --key file:k --to {place}"),
            format!("mcpjwt uninstall {place}"),
        ] {
            let shown = sandbox.run_raw(&line);
            let is_told = shown.stderr.contains("it is no plain file");
            assert!(shown.code == 4 && is_told, "{line}: {}", shown.stderr);
        }
    }
}

#[test]
fn the_file_that_a_link_leads_to_is_the_one_that_git_has() {
    for (kept, hint) in [
        (
            Kept::Tracked,
            "add `real.env` to `.gitignore` and run `git rm --cached real.env`",
        ),
        (Kept::Open, "add `real.env` to `.gitignore`"),
    ] {
        let mut sandbox = with_key()
            .file("real.env", "")
            .link("link.env", "real.env")
            .git("real.env", kept);
        let shown = sandbox.run_raw("mcpjwt issue --sub a --key file:k --to dotenv:link.env#T");
        assert_eq!(shown.code, 4, "{}", shown.stderr);
        assert!(shown.stderr.contains(hint), "{}", shown.stderr);
    }
}

#[test]
fn an_error_about_a_place_names_it_for_scripts() {
    let mut room = with_key().file("broken.json", "{").homeless();
    room.keyring.locked = true;
    for (place, code) in [
        ("env:X", "usage"),
        ("vscode:local/x", "usage"),
        ("goose/x", "usage"),
        ("keyring:a/b", "keyring_locked"),
        ("json:broken.json#/a", "place_invalid"),
        ("file:~/x", "place_unreadable"),
    ] {
        let line = format!("mcpjwt issue --no-record --key file:k --sub a --to {place} --json");
        let shown = room.run_raw(&line);
        let document = mcpjwt::json::Json::parse(shown.stdout.as_bytes()).unwrap();
        let errors = document.get("errors").unwrap().as_array().unwrap();
        assert!(!errors.is_empty(), "{place}");
        for error in errors {
            let text = |name: &str| error.get(name).and_then(|value| value.as_str());
            assert_eq!(text("code"), Some(code), "{place}: {}", shown.stdout);
            assert!(text("place").is_some(), "{place}: {}", shown.stdout);
        }
    }
}

#[test]
fn a_manifest_is_no_place_for_a_token_or_a_key() {
    let manifest = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n";
    for line in [
        "issue --sub f --to file:mcpjwt.toml --force",
        "issue --sub f --to file:link --force",
        "issue --sub f --to toml:mcpjwt.toml#key --force",
        "add f --to file:mcpjwt.toml",
        "add f --to dotenv:mcpjwt.toml#A",
        "uninstall file:mcpjwt.toml --force",
        "secret export --to file:mcpjwt.toml --force",
        "secret generate --to file:mcpjwt.toml --force",
        "-m other.toml issue --sub f --to file:other.toml --force",
    ] {
        let mut room = crate::with_key()
            .file("mcpjwt.toml", manifest)
            .file("other.toml", manifest)
            .link("link", "mcpjwt.toml");
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert!(matches!(shown.code, 2 | 4), "{line}: {}", shown.stderr);
        assert!(
            !shown.stderr.contains("--force"),
            "{line}: {}",
            shown.stderr
        );
        for file in ["mcpjwt.toml", "other.toml"] {
            assert_eq!(room.text(file).as_deref(), Some(manifest), "{line}");
        }
    }
}

#[test]
fn the_name_of_a_file_is_no_token() {
    let mut room = with_key();
    let signed = token(&mut room, "");
    let mut room = with_key().file("my token.jwt", signed).file("b/t.jwt", "x");
    // Whatever takes a token says the same.
    let want = "--- stderr\n\
        error: this is no token, but the name of a file\n\
        hint: for the token in that file: `file:b/t.jwt`\n\
        --- exit 2\n";
    let opaque = "install --opaque b/t.jwt --to cursor/exai --url https://x";
    for verb in ["expiry", "lint", "refresh", "revoke", "install --to file:x"] {
        assert_eq!(room.run(&format!("mcpjwt {verb} b/t.jwt")), want, "{verb}");
    }
    assert_eq!(room.run(&format!("mcpjwt {opaque}")), want);
    let read = room.run("mcpjwt decode 'file:my token.jwt'");
    assert!(read.contains("sub  vscode1"), "{read}");
    let want = "--- stderr\n\
        error: this is no token, and there is no file of that name\n\
        hint: a token in a file is given as `file:PATH`, in a variable of one as `dotenv:PATH#NAME`\n\
        error: there is no key yet\n\
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`\n\
        --- exit 2\n";
    for name in ["vscode1.jwt", "../b/vscode1", "client.env#MCP_TOKEN"] {
        let said = Sandbox::default().run(&format!("mcpjwt verify {name}"));
        assert_eq!(said, want, "{name}");
    }
    let mut shown = runs(
        &mut room,
        &[
            "mcpjwt verify 'my token.jwt' --key file:k",
            "mcpjwt decode 'my token.jwt' --json",
            "mcpjwt decode b",
        ],
    );
    for env in [
        "A=1\nMCP_TOKEN=Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.\n",
        "A=1\n",
    ] {
        room.put_file("client.env", env, 0o600);
        shown.push_str(&runs(&mut room, &["mcpjwt verify client.env --key file:k"]));
    }
    expect![[r#"
        $ mcpjwt verify 'my token.jwt' --key file:k
        --- stderr
        error: this is no token, but the name of a file
        hint: for the token in that file: `'file:my token.jwt'`
        --- exit 2
        $ mcpjwt decode 'my token.jwt' --json
        --- stdout
        {
          "ok": false,
          "header": null,
          "claims": null,
          "times": null,
          "signature": null,
          "warnings": [],
          "errors": [
            {
              "code": "usage",
              "message": "this is no token, but the name of a file",
              "hint": "for the token in that file: `'file:my token.jwt'`"
            }
          ]
        }
        --- exit 2
        $ mcpjwt decode b
        --- stderr
        error: cannot read this as a token: its first part is no header
        --- exit 1
        $ mcpjwt verify client.env --key file:k
        --- stderr
        error: this is no token, but the name of a file
        hint: for the token in that file: `dotenv:client.env#MCP_TOKEN`
        --- exit 2
        $ mcpjwt verify client.env --key file:k
        --- stderr
        error: this is no token, but the name of a file
        hint: for the token in that file: `file:client.env`
        --- exit 2
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_manifest_is_no_place_whatever_the_scheme() {
    let manifest = "iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\n";
    let entry = "[mcp_servers.x]\nurl = \"https://a.example\"\n";
    for (global, file) in [
        ("", "mcpjwt.toml"),
        ("", "sub/mcpjwt.toml"),
        ("-m other.toml ", "other.toml"),
        ("-m other.toml ", "link.toml"),
        ("-m link.toml ", "other.toml"),
    ] {
        for place in [
            format!("file:{file}"),
            format!("dotenv:{file}#T"),
            format!("toml:{file}#a"),
            format!("json:{file}#/a"),
            format!("mcp:{file}#x"),
            "codex:user/x".to_owned(),
        ] {
            for line in [
                "issue --no-record --key file:k --sub a --force",
                "install --opaque --no-record --force file:token",
                "secret generate --force",
                "secret export --key file:k --force",
                "jwks --key file:pub",
            ] {
                let mut room = with_key()
                    .file("mcpjwt.toml", manifest)
                    .file("sub/mcpjwt.toml", manifest)
                    .file("other.toml", format!("{manifest}{entry}"))
                    .file("token", "opaque-token\n")
                    .link("link.toml", "other.toml")
                    .link(
                        "~/.codex/config.toml",
                        if file.contains("mcpjwt") {
                            file
                        } else {
                            "other.toml"
                        },
                    );
                let before = room.files.files.clone();
                let is_entry = place.starts_with("mcp:") || place.starts_with("codex:");
                let url = if is_entry && !line.contains("key file:p") {
                    " --url https://a.example"
                } else {
                    ""
                };
                let shown = room.run_raw(&format!("mcpjwt {global}{line} --to {place}{url}"));
                assert_ne!(shown.code, 0, "{global}{line} {place}");
                let changed = room.files.files != before;
                assert!(!changed, "{global}{line} {place}: {}", shown.stderr);
                // A manifest that is wrong is told first, where it is needed.
                if line.starts_with("issue") && !file.contains("other") && !file.contains("link") {
                    let why = "is a manifest, not a place for a token or a key";
                    assert!(
                        shown.stderr.contains(why),
                        "{global}{line} {place}: {}",
                        shown.stderr
                    );
                }
            }
        }
    }
}
