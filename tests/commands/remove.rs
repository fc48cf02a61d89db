//! `mcpjwt remove`: a client less, in its places and in the manifest.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = "# ours\niss = \"exai\"\naud = \"mcp\"\nkey = \"file:k\"\n\n# the first\n[[token]]\nsub = \"a@x\"\nto = [\"dotenv:.env#A\"] # here\n\n[[token]]\nsub = \"b\"\nto = [\"dotenv:.env#B\", \"json:c/mcp.json#/s/env/T\"]\n\n[[token]]\nname = \"c\"\nsub = \"b@y\"\n";

fn project() -> Sandbox {
    Sandbox::default()
        .file("k", SECRET)
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", "# tokens\nOTHER=1\n")
        .file(
            "c/mcp.json",
            "{\"s\": {\"command\": \"x\", \"env\": {\"A\": \"1\"}}}\n",
        )
}

fn installed() -> Sandbox {
    let mut room = project();
    for line in [
        "mcpjwt issue --sub a --to dotenv:.env#A",
        "mcpjwt issue --sub b --to dotenv:.env#B --to json:c/mcp.json#/s/env/T",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room
}

/// Without what the ledger says.
fn told(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run(line);
    let mut text = String::new();
    let mut skips = false;
    for line in shown.lines() {
        if line.starts_with("---") {
            skips = line.contains("ledger.jsonl");
        }
        if !skips {
            text.push_str(&format!("{line}\n"));
        }
    }
    format!("$ {line}\n{text}")
}

#[test]
fn a_client_goes_from_its_places_and_from_the_manifest() {
    let mut room = installed();
    expect![[r#"
        $ mcpjwt remove b --dry-run
        --- stderr
        would empty `dotenv:.env#B`
          - B=<263 characters>
        would empty `json:c/mcp.json#/s/env/T`
          - {"s": {"command": "<1 characters>", "env": {"A": "<1 characters>", "T": "<263 characters>"}}}
          + {"s": {"command": "<1 characters>", "env": {"A": "<1 characters>"}}}
        would take `b` out of `~/project/mcpjwt.toml`
          -
          - [[token]]
          - sub = "b"
          - to = ["dotenv:.env#B", "json:c/mcp.json#/s/env/T"]
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b --dry-run"));
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    expect![[r#"
        $ mcpjwt remove a@x --json
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "token": "a",
          "places": [
            "dotenv:.env#A"
          ],
          "warnings": [],
          "errors": []
        }
        --- .env (0600)
        # tokens
        OTHER=1
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
        $ mcpjwt remove c
        --- stderr
        took `c` out of `~/project/mcpjwt.toml`
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        --- exit 0
        $ mcpjwt status
        --- stderr
        no token was put into a place yet; `mcpjwt status --scan` looks into every client's config
        --- exit 0
    "#]]
    .assert_eq(
        &(told(&mut room, "mcpjwt remove a@x --json")
            + &told(&mut room, "mcpjwt remove c")
            + &told(&mut room, "mcpjwt status")),
    );
}

#[test]
fn a_person_is_asked_first() {
    let mut room = installed().terminal(80);
    room.set_answers(&["n"]);
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        dotenv:.env#B, of `b`
        json:c/mcp.json#/s/env/T, of `b`
        take `b` out of these and out of `~/project/mcpjwt.toml`? [y/N] 
        nothing was changed
        --- exit 1
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove b"));
    room.set_answers(&["y"]);
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        dotenv:.env#B, of `b`
        json:c/mcp.json#/s/env/T, of `b`
        take `b` out of these and out of `~/project/mcpjwt.toml`? [y/N] 
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    expect![[r#"
        $ mcpjwt remove a --yes
        --- stderr
        took the token of `a@x` out of `dotenv:.env#A`
        took `a` out of `~/project/mcpjwt.toml`
        --- .env (0600)
        # tokens
        OTHER=1
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove a --yes"));
}

#[test]
fn what_was_cut_off_is_finished_by_the_same_command() {
    let mut room = installed().read_only("mcpjwt.toml");
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        took the token of `b` out of `dotenv:.env#B`
        took the token of `b` out of `json:c/mcp.json#/s/env/T`
        error: cannot write `/home/me/project/mcpjwt.toml`: read-only file system; nothing was changed
        --- .env (0600)
        # tokens
        OTHER=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpIiwic3ViIjoiYUB4IiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.OHW6WMoThBN4dT1mbC6UJuDTdps0hpRcxsG89o4lAgQ
        --- c/mcp.json (0600)
        {"s": {"command": "x", "env": {"A": "1"}}}
        --- exit 4
    "#]].assert_eq(&told(&mut room, "mcpjwt remove b"));
    room.files.read_only.clear();
    expect![[r#"
        $ mcpjwt remove b
        --- stderr
        nothing is at `dotenv:.env#B`
        nothing is at `json:c/mcp.json#/s/env/T`
        took `b` out of `~/project/mcpjwt.toml`
        --- mcpjwt.toml (0600)
        # ours
        iss = "exai"
        aud = "mcp"
        key = "file:k"

        # the first
        [[token]]
        sub = "a@x"
        to = ["dotenv:.env#A"] # here

        [[token]]
        name = "c"
        sub = "b@y"
        --- exit 0
    "#]]
    .assert_eq(&told(&mut room, "mcpjwt remove b"));
}

#[test]
fn what_cannot_be_removed() {
    let mut room = project();
    room.put_file(
        "hostile/mcpjwt.toml",
        "[[token]]\nsub = \"a\"\nto = [\"file:/home/me/.bashrc\", \"cursor/x\"]\n",
        0o600,
    );
    room.put_file("~/.bashrc", "true\n", 0o644);
    room.put_file(".env", "B=not-a-token\n", 0o600);
    expect![[r#"
        $ mcpjwt remove d
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name or subject
        hint: did you mean `a`?
        --- exit 4
        $ mcpjwt remove nothing-like-it --json
        --- stdout
        {
          "ok": false,
          "manifest": null,
          "token": null,
          "places": null,
          "warnings": [],
          "errors": [
            {
              "code": "token_unknown",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` has no token of that name or subject",
              "hint": "it has `a`, `b`, `c`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt remove b
        --- stderr
        error: `dotenv:/home/me/project/.env#B` holds something that is no token (11 bytes)
        hint: look at it, take it out with `mcpjwt uninstall dotenv:/home/me/project/.env#B --force`, then run the same command again
        --- exit 4
        $ mcpjwt -m hostile/mcpjwt.toml remove a
        --- stderr
        error: `~/project/hostile/mcpjwt.toml` is not trusted, and its token `a` uses a file outside of its folder: `file:/home/me/.bashrc`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/hostile/mcpjwt.toml`; to go without it: `--no-manifest`
        error: `~/project/hostile/mcpjwt.toml` is not trusted, and its token `a` changes the config of a client: `cursor/x`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/hostile/mcpjwt.toml`; to go without it: `--no-manifest`
        --- exit 4
        $ mcpjwt --no-manifest remove a
        --- stderr
        error: there is no manifest: `--no-manifest` was given
        hint: leave out `--no-manifest`
        --- exit 4
        $ mcpjwt remove
        --- stderr
        error: `NAME` is missing
        hint: see `mcpjwt remove --help`
        --- exit 2
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt remove d",
            "mcpjwt remove nothing-like-it --json",
            "mcpjwt remove b",
            "mcpjwt -m hostile/mcpjwt.toml remove a",
            "mcpjwt --no-manifest remove a",
            "mcpjwt remove",
        ],
    ));
}
