//! `mcpjwt sync`.

use expect_test::expect;
use mcpjwt::host::Kept;
use mcpjwt::state::revocations::{Entry, Revocations, What};

use crate::support::{NOW, Sandbox};
use crate::{OTHER, SECRET, runs};

const MANIFEST: &str = r#"
iss = "exai-mcp-server"
aud = "exai-mcp-client"
ttl = "90d"
key = "dotenv:.env.docker#JWT_SECRET_KEY"
previous = "dotenv:.env.docker#JWT_PREVIOUS_KEY"

[roles]
developer = ["index:read", "index:write"]

[[token]]
name = "vscode1"
sub = "vscode1@exai-mcp.local"
role = "developer"
to = ["dotenv:.env#VSCODE1", "json:mcp.json#/servers/exai/env/TOKEN"]

[[token]]
sub = "claude@exai-mcp.local"
to = ["file:claude.jwt"]
"#;

/// A project whose places are all empty.
fn room() -> Sandbox {
    let keys = format!("JWT_SECRET_KEY={SECRET}\nJWT_PREVIOUS_KEY=\n");
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env.docker", keys)
        .file(".env", "# ours\nOTHER=1\n")
        .file(
            "mcp.json",
            "{\n  // the one server\n  \"servers\": {\"exai\": {\"env\": {\"TOKEN\": \"\"}}}\n}\n",
        )
}

/// The same after a first run.
fn synced() -> Sandbox {
    let mut room = room();
    let shown = room.run_raw("mcpjwt sync");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    room
}

/// What it says, without the files.
fn said(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    format!("{}--\n{}exit {}\n", shown.stdout, shown.stderr, shown.code)
}

#[test]
fn every_place_gets_its_token_once() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt sync --check",
            "mcpjwt sync",
            "mcpjwt sync",
            "mcpjwt sync --check",
        ],
    );
    expect![[r#"
        $ mcpjwt sync --check
        --- stdout
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    missing
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  missing
        claude   new token  file:claude.jwt                        missing
        --- stderr
        3 places are not as the manifest wants; mend that with `mcpjwt sync`
        --- exit 1
        $ mcpjwt sync
        --- stdout
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    missing
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  missing
        claude   new token  file:claude.jwt                        missing
        --- stderr
        wrote 3 places with 2 new tokens, the first good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["dotenv:/home/me/project/.env#VSCODE1","json:/home/me/project/mcp.json#/servers/exai/env/TOKEN"]}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"claude@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["file:/home/me/project/claude.jwt"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"claude@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["file:/home/me/project/claude.jwt"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["dotenv:/home/me/project/.env#VSCODE1","json:/home/me/project/mcp.json#/servers/exai/env/TOKEN"],"made":{"dotenv:/home/me/project/.env#VSCODE1":{"leaves":[],"tops":[]},"json:/home/me/project/mcp.json#/servers/exai/env/TOKEN":{"leaves":["/servers/exai/env/TOKEN"],"tops":[{"at":"/servers/exai/env/TOKEN","seam":["","","\"\""]}]}}}
        --- .env (0600)
        # ours
        OTHER=1
        VSCODE1=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NzE1NjAwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0Iiwic2NvcGUiOiJpbmRleDpyZWFkIGluZGV4OndyaXRlIiwicm9sZSI6ImRldmVsb3BlciJ9.esqN-3OOB8sI4QAkSZXhm3vPh2Ei2X6haVOFnEMwTk0
        --- claude.jwt (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJjbGF1ZGVAZXhhaS1tY3AubG9jYWwiLCJhdWQiOiJleGFpLW1jcC1jbGllbnQiLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc3MTU2MDAwMCwianRpIjoiMDIyYWIxYmE4MDQwOThlNmNiMjkzZTY3NzBlYjNhOTUifQ.jWW_vYfM4xkb6SD2qEpHmF52M1kvllb0A16KAObLdTE
        --- mcp.json (0600)
        {
          // the one server
          "servers": {"exai": {"env": {"TOKEN": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NzE1NjAwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0Iiwic2NvcGUiOiJpbmRleDpyZWFkIGluZGV4OndyaXRlIiwicm9sZSI6ImRldmVsb3BlciJ9.esqN-3OOB8sI4QAkSZXhm3vPh2Ei2X6haVOFnEMwTk0"}}}
        }
        --- exit 0
        $ mcpjwt sync
        --- stderr
        nothing to do
        --- exit 0
        $ mcpjwt sync --check
        --- stderr
        nothing to do
        --- exit 0
    "#]].assert_eq(&shown);
    assert_eq!(room.files.writes, 3);
}

#[test]
fn each_drift_is_told_and_mended() {
    let mut tokens = String::new();
    let mut room = room();
    room.put_file("other", OTHER, 0o600);
    room.put_file(
        ".env.docker",
        format!("JWT_SECRET_KEY={SECRET}\nJWT_PREVIOUS_KEY={OTHER}\n"),
        0o600,
    );
    let own = "--key dotenv:.env.docker#JWT_SECRET_KEY --aud exai-mcp-client --iss exai-mcp-server";
    let before = "--key file:other --aud exai-mcp-client --iss exai-mcp-server";
    room.put_file("stranger", OTHER.replace('d', "e"), 0o600);
    let stranger = before.replace("file:other", "file:stranger");
    #[rustfmt::skip]
    let drifts = [
        ("good",      own,       "--ttl 30d"),
        ("late",      own,       "--ttl 7d"),
        ("over",      own,       "--at 2025-11-01 --ttl 1d"),
        ("before",    before,    "--ttl 30d"),
        ("stranger",  &stranger, "--ttl 30d"),
        ("claims",    own,       "--ttl 30d --role admin --scope x --aud other"),
        ("typ",       own,       "--ttl 30d --typ at+jwt --client-id c"),
        ("revoked",   own,       "--ttl 30d --jti gone"),
        ("cut",       own,       "--ttl 30d"),
        ("unsigned",  own,       "--ttl 30d"),
    ];
    for (name, key, options) in drifts {
        tokens.push_str(&format!(
            "[[token]]\nsub = \"{name}\"\nto = [\"dotenv:.tokens#T_{name}\"]\n"
        ));
        let line = format!(
            "mcpjwt issue --plain --no-record --sub {name} {key} {options} --to dotenv:.tokens#T_{name}"
        );
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 0, "{name}: {}", shown.stderr);
    }
    let text = room.text(".tokens").unwrap();
    let lines = text.lines().map(|line| match line.split_once('=') {
        Some(("T_cut", token)) => format!("T_cut={}\n", token.rsplit_once('.').unwrap().0),
        Some(("T_unsigned", token)) => {
            format!("T_unsigned={}.\n", token.rsplit_once('.').unwrap().0)
        }
        _ => format!("{line}\n"),
    });
    room.put_file(".tokens", lines.collect::<String>(), 0o600);
    let (head, _) = MANIFEST.split_once("[roles]").unwrap();
    room.put_file("mcpjwt.toml", format!("{head}\n{tokens}"), 0o600);
    let mut revoked = Revocations::default();
    revoked.add(Entry {
        what: What::Token {
            iss: Some("exai-mcp-server".into()),
            jti: "gone".into(),
        },
        until: None,
        at: NOW,
        exp: None,
        reason: None,
    });
    room.put_file("~/.local/state/mcpjwt/revoked.json", revoked.text(), 0o600);

    room.facts.width = Some(80);
    let shown = said(&mut room, "mcpjwt sync --check");
    expect![[r#"
        TOKEN     GETS       PLACE                      WHY
        late      new token  dotenv:.tokens#T_late      expires in 7 d
        over      new token  dotenv:.tokens#T_over      expired 20 d ago
        before    new token  dotenv:.tokens#T_before    signed with a previous key
        stranger  new token  dotenv:.tokens#T_stranger  signed with an unknown key
        claims    new token  dotenv:.tokens#T_claims    claims differ: aud, scope, role
        typ       new token  dotenv:.tokens#T_typ       claims differ: client_id, typ
        revoked   new token  dotenv:.tokens#T_revoked   revoked
        cut       new token  dotenv:.tokens#T_cut       malformed: two parts
        unsigned  new token  dotenv:.tokens#T_unsigned  no signature
        --
        9 places are not as the manifest wants; mend that with `mcpjwt sync`
        exit 1
    "#]]
    .assert_eq(&shown);
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN     GETS       PLACE                      WHY
        late      new token  dotenv:.tokens#T_late      expires in 7 d
        over      new token  dotenv:.tokens#T_over      expired 20 d ago
        before    new token  dotenv:.tokens#T_before    signed with a previous key
        stranger  new token  dotenv:.tokens#T_stranger  signed with an unknown key
        claims    new token  dotenv:.tokens#T_claims    claims differ: aud, scope, role
        typ       new token  dotenv:.tokens#T_typ       claims differ: client_id, typ
        revoked   new token  dotenv:.tokens#T_revoked   revoked
        cut       new token  dotenv:.tokens#T_cut       malformed: two parts
        unsigned  new token  dotenv:.tokens#T_unsigned  no signature
        --
        wrote 9 places with 9 new tokens, the first good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        exit 0
    "#]]
    .assert_eq(&shown);
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
    let after = room.text(".tokens").unwrap();
    let line = |text: &str, name: &str| {
        let found = text.lines().find(|line| line.starts_with(name));
        found.unwrap().to_owned()
    };
    assert_eq!(line(&after, "T_good="), line(&text, "T_good="));
}

#[test]
fn a_good_token_is_enough_for_all_places_of_its_name() {
    let mut room = synced();
    let token = room.text("mcp.json").unwrap();
    room.put_file(
        ".env",
        "OTHER=1\nVSCODE1=eyJhbGciOiJIUzI1NiJ9.eyJzdWIi\n",
        0o600,
    );
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN    GETS        PLACE                WHY
        vscode1  same token  dotenv:.env#VSCODE1  malformed: two parts
        --
        wrote 1 place
        exit 0
    "#]]
    .assert_eq(&shown);
    let value = room.text(".env").unwrap();
    let value = value.trim_end().rsplit_once('=').unwrap().1;
    assert!(token.contains(value), "{value}");
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert_eq!(ledger.matches("\"issued\"").count(), 2, "{ledger}");
    assert_eq!(ledger.matches("\"installed\"").count(), 3, "{ledger}");
}

#[test]
fn what_a_dry_run_shows_fits_a_terminal_and_holds_no_secret() {
    let mut room = synced();
    room.facts.width = Some(80);
    let shown = room.run("mcpjwt sync --renew --dry-run");
    expect![[r#"
        --- stdout
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    renewed
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  renewed
        claude   new token  file:claude.jwt                        renewed
        --- stderr
        would write `dotenv:.env#VSCODE1`
          - VSCODE1=<391 characters>
          + VSCODE1=<391 characters>
        would write `json:mcp.json#/servers/exai/env/TOKEN`
          -   "servers": {"exai": {"env": {"TOKEN": "<391 characters>"}}}
          +   "servers": {"exai": {"env": {"TOKEN": "<391 characters>"}}}
        would write `file:claude.jwt`
          - <321 characters>
          + <321 characters>
        --- exit 0
    "#]]
    .assert_eq(&shown);
    let shown = room.run("mcpjwt sync --dry-run");
    expect![[r#"
        --- stderr
        nothing to do
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn everything_is_renewed_where_that_is_asked_for() {
    let mut room = synced();
    let before = room.text("claude.jwt");
    let shown = said(&mut room, "mcpjwt sync --renew");
    expect![[r#"
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    renewed
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  renewed
        claude   new token  file:claude.jwt                        renewed
        --
        wrote 3 places with 2 new tokens, the first good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        exit 0
    "#]]
    .assert_eq(&shown);
    assert_ne!(before, room.text("claude.jwt"));
    assert_eq!(room.files.writes, 6);
}

#[test]
fn a_value_of_somebody_else_stops_everything() {
    let mut room = room().file(".env", "VSCODE1=hunter2\n");
    let mut shown = room.run("mcpjwt sync --check");
    shown.push_str(&room.run("mcpjwt sync"));
    expect![[r#"
        --- stderr
        error: `dotenv:/home/me/project/.env#VSCODE1` holds something that is no token (7 bytes)
        hint: look at it; to replace it all the same: `mcpjwt issue --sub vscode1 --to dotenv:/home/me/project/.env#VSCODE1 --force`
        --- exit 4
        --- stderr
        error: `dotenv:/home/me/project/.env#VSCODE1` holds something that is no token (7 bytes)
        hint: look at it; to replace it all the same: `mcpjwt issue --sub vscode1 --to dotenv:/home/me/project/.env#VSCODE1 --force`
        --- exit 4
    "#]].assert_eq(&shown);
    let hinted = "mcpjwt issue --sub vscode1 --to dotenv:/home/me/project/.env#VSCODE1 --force";
    assert_eq!(room.run_raw(hinted).code, 0);
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
}

#[test]
fn a_file_that_cannot_be_written_is_finished_later() {
    let mut room = room().read_only("mcp.json");
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    missing
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  missing
        claude   new token  file:claude.jwt                        missing
        --
        wrote `dotenv:.env#VSCODE1`, `file:claude.jwt`; not `json:mcp.json#/servers/exai/env/TOKEN`: mend what follows, and run the same command again
        error: cannot write `/home/me/project/mcp.json`: read-only file system; nothing was changed
        exit 4
    "#]].assert_eq(&shown);
    let shown = said(&mut room, "mcpjwt sync --json");
    expect![[r#"
        {
          "ok": false,
          "places": [
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "dotenv:.env#VSCODE1",
              "gets": "nothing",
              "reasons": [],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            },
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "json:mcp.json#/servers/exai/env/TOKEN",
              "gets": "same_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": false
            },
            {
              "token": "claude",
              "sub": "claude@exai-mcp.local",
              "place": "file:claude.jwt",
              "gets": "nothing",
              "reasons": [],
              "jti": "022ab1ba804098e6cb293e6770eb3a95",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "place_unwritable",
              "place": "/home/me/project/mcp.json",
              "message": "cannot write `/home/me/project/mcp.json`: read-only file system; nothing was changed"
            }
          ]
        }
        --
        exit 4
    "#]].assert_eq(&shown);
    room.files.read_only.clear();
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN    GETS        PLACE                                  WHY
        vscode1  same token  json:mcp.json#/servers/exai/env/TOKEN  missing
        --
        wrote 1 place
        exit 0
    "#]]
    .assert_eq(&shown);
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert_eq!(ledger.matches("\"issued\"").count(), 2, "{ledger}");
}

#[test]
fn what_an_earlier_run_could_not_record_is_recorded() {
    let mut room = synced();
    let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
    let text = room.text(ledger).unwrap();
    let issued: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("\"issued\""))
        .collect();
    room.put_file(ledger, issued.join("\n") + "\n", 0o600);
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
    let places = |room: &mut Sandbox| {
        room.run_raw("mcpjwt status --json")
            .stdout
            .matches("\"place\"")
            .count()
    };
    assert_eq!(places(&mut room), 3);
    let text = room.text(ledger).unwrap();
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
    assert_eq!(room.text(ledger), Some(text));
}

#[test]
fn json_tells_every_place() {
    let mut room = room();
    let mut shown = room.run("mcpjwt sync --check --json");
    shown.push_str(&said(&mut room, "mcpjwt sync --json"));
    shown.push_str(&said(&mut room, "mcpjwt sync --check --json"));
    let mut none = Sandbox::default();
    shown.push_str(&none.run("mcpjwt sync --json"));
    shown.push_str(&none.run("mcpjwt sync"));
    expect![[r#"
        --- stdout
        {
          "ok": false,
          "places": [
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "dotenv:.env#VSCODE1",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": null,
              "kid": null,
              "exp": null,
              "expires": null,
              "done": null
            },
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "json:mcp.json#/servers/exai/env/TOKEN",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": null,
              "kid": null,
              "exp": null,
              "expires": null,
              "done": null
            },
            {
              "token": "claude",
              "sub": "claude@exai-mcp.local",
              "place": "file:claude.jwt",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": null,
              "kid": null,
              "exp": null,
              "expires": null,
              "done": null
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "drift",
              "place": "dotenv:.env#VSCODE1",
              "message": "`dotenv:.env#VSCODE1` is not as the manifest wants it: missing",
              "hint": "mend it with `mcpjwt sync`"
            },
            {
              "code": "drift",
              "place": "json:mcp.json#/servers/exai/env/TOKEN",
              "message": "`json:mcp.json#/servers/exai/env/TOKEN` is not as the manifest wants it: missing",
              "hint": "mend it with `mcpjwt sync`"
            },
            {
              "code": "drift",
              "place": "file:claude.jwt",
              "message": "`file:claude.jwt` is not as the manifest wants it: missing",
              "hint": "mend it with `mcpjwt sync`"
            }
          ]
        }
        --- exit 1
        {
          "ok": true,
          "places": [
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "dotenv:.env#VSCODE1",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            },
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "json:mcp.json#/servers/exai/env/TOKEN",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            },
            {
              "token": "claude",
              "sub": "claude@exai-mcp.local",
              "place": "file:claude.jwt",
              "gets": "new_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": "022ab1ba804098e6cb293e6770eb3a95",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            }
          ],
          "warnings": [],
          "errors": []
        }
        --
        exit 0
        {
          "ok": true,
          "places": [
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "dotenv:.env#VSCODE1",
              "gets": "nothing",
              "reasons": [],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            },
            {
              "token": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "place": "json:mcp.json#/servers/exai/env/TOKEN",
              "gets": "nothing",
              "reasons": [],
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            },
            {
              "token": "claude",
              "sub": "claude@exai-mcp.local",
              "place": "file:claude.jwt",
              "gets": "nothing",
              "reasons": [],
              "jti": "022ab1ba804098e6cb293e6770eb3a95",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "done": true
            }
          ],
          "warnings": [],
          "errors": []
        }
        --
        exit 0
        --- stdout
        {
          "ok": false,
          "places": null,
          "warnings": [],
          "errors": [
            {
              "code": "place_missing",
              "message": "there is no manifest: no `mcpjwt.toml` from here upward",
              "hint": "make one with `mcpjwt init`, or name one with `-m PATH`"
            }
          ]
        }
        --- exit 4
        --- stderr
        error: there is no manifest: no `mcpjwt.toml` from here upward
        hint: make one with `mcpjwt init`, or name one with `-m PATH`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn git_is_asked_once_and_only_of_what_is_written() {
    let mut room = room()
        .git(".env", Kept::Tracked)
        .git("claude.jwt", Kept::Open)
        .git("mcp.json", Kept::Ignored);
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        error: `.env` is tracked by git, so the secret in it would be committed
        hint: add `.env` to `.gitignore` and run `git rm --cached .env`, or write it all the same with `git = "allow"` at the top of the manifest
        error: `claude.jwt` is not ignored by git, so the secret in it could be committed
        hint: add `claude.jwt` to `.gitignore`, or write it all the same with `git = "allow"` at the top of the manifest
        exit 4
    "#]].assert_eq(&shown);
    assert_eq!(room.git.calls.len(), 1);
    room.put_file("mcpjwt.toml", format!("git = \"allow\"\n{MANIFEST}"), 0o600);
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        error: `~/project/mcpjwt.toml` is not trusted, and it puts tokens into files that git keeps
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        exit 4
    "#]].assert_eq(&shown);
    room.run_raw("mcpjwt trust --yes");
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    room.put_file("mcpjwt.toml", MANIFEST, 0o600);
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
    assert_eq!(room.git.calls.len(), 1);
}

#[test]
fn what_another_run_holds_is_waited_for() {
    let mut room = room();
    room.files.busy = true;
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        note: another mcpjwt is at work on `~/project/mcpjwt.toml`; waiting for it
        error: another mcpjwt is at work on `/home/me/project/mcpjwt.toml`
        hint: wait for it to end, then try again
        exit 4
    "#]]
    .assert_eq(&shown);
    assert_eq!(
        said(&mut room, "mcpjwt sync --check").lines().last(),
        Some("exit 1")
    );
}

#[test]
fn without_a_ledger_nothing_is_written_unless_that_is_wanted() {
    let mut room = room().homeless();
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        error: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        exit 4
    "#]]
    .assert_eq(&shown);
    assert_eq!(room.files.writes, 0);
    assert_eq!(room.run_raw("mcpjwt sync --no-record").code, 0);
}

const ENTRIES: &str = r#"
aud = "mcp"
key = "file:k"

[[token]]
sub = "a"
env = "A_TOKEN"
to = ["claude-code:project/web", "claude-code:project/own"]
"#;

/// A project with two servers in Claude Code's own file, trusted.
fn entries(manifest: &str) -> Sandbox {
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file("k", SECRET)
        .file(
            ".mcp.json",
            r#"{
  "mcpServers": {
    "web": { "type": "http", "url": "https://mcp.example.com/mcp" },
    "own": { "command": "node", "args": ["server.js"] }
  }
}
"#,
        )
        .command("mcpjwt headers a", "{}");
    assert_eq!(room.run_raw("mcpjwt trust --yes").code, 0);
    room
}

#[test]
fn an_entry_gets_what_its_mode_says_and_keeps_nothing_else() {
    let mut room = entries(ENTRIES);
    let literal = said(&mut room, "mcpjwt sync -q");
    let helper = ENTRIES.replace(
        r#"["claude-code:project/web", "claude-code:project/own"]"#,
        r#"[{ place = "claude-code:project/web", mode = "helper" }, { place = "claude-code:project/own", mode = "exec" }]"#,
    );
    let change = |room: &mut Sandbox, manifest: &str| {
        room.put_file("mcpjwt.toml", manifest, 0o600);
        room.run_raw("mcpjwt trust --yes");
    };
    change(&mut room, &helper);
    let referred = said(&mut room, "mcpjwt sync") + &room.text(".mcp.json").unwrap();
    let again = said(&mut room, "mcpjwt sync");
    change(&mut room, ENTRIES);
    let back = said(&mut room, "mcpjwt sync") + &said(&mut room, "mcpjwt sync");
    let shown = [literal, referred, again, back].join("\n");
    expect![[r#"
        TOKEN  GETS       PLACE                    WHY
        a      new token  claude-code:project/web  missing
        a      new token  claude-code:project/own  missing
        --
        exit 0

        TOKEN  GETS    PLACE                    WHY
        a      helper  claude-code:project/web  mode differs: `helper` is wanted
        a      exec    claude-code:project/own  mode differs: `exec` is wanted
        --
        warning: Claude Code runs a helper of a project only once the project is trusted there
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        wrote 2 places
        exit 0
        {
          "mcpServers": {
            "web": { "type": "http", "url": "https://mcp.example.com/mcp", "headersHelper": "mcpjwt headers a" },
            "own": { "command": "mcpjwt", "args": ["exec", "a", "--env", "A_TOKEN", "--", "node", "server.js"] }
          }
        }

        --
        nothing to do
        exit 0

        TOKEN  GETS       PLACE                    WHY
        a      new token  claude-code:project/web  mode differs: `literal` is wanted
        a      new token  claude-code:project/own  mode differs: `literal` is wanted
        --
        wrote 2 places with 1 new token, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        exit 0
        --
        nothing to do
        exit 0
    "#]].assert_eq(&shown);
    let text = room.text(".mcp.json").unwrap();
    assert!(!text.contains("mcpjwt"), "{text}");
}

#[test]
fn a_helper_that_does_not_work_is_not_written() {
    let helper = ENTRIES.replace(
        r#"["claude-code:project/web", "claude-code:project/own"]"#,
        r#"[{ place = "claude-code:project/web", mode = "helper" }]"#,
    );
    let mut room = entries(&helper);
    room.children.prints.clear();
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        warning: Claude Code runs a helper of a project only once the project is trusted there
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        error: the command for the config does not work: it ended with exit code 127
        hint: see what it says: `mcpjwt headers a`
        exit 4
    "#]].assert_eq(&shown);
    assert_eq!(room.files.writes, 1);
}

#[test]
fn a_token_in_a_file_that_an_entry_names_is_kept_too() {
    let manifest = ENTRIES
        .replace(
            r#"["claude-code:project/web", "claude-code:project/own"]"#,
            r#"["opencode:user/web"]"#,
        )
        .replace("env =", "mode = \"file\"\n#");
    let mut room = entries(&manifest).file(
        "~/.config/opencode/opencode.json",
        r#"{"mcp":{"web":{"type":"remote","url":"https://a.example"}}}"#,
    );
    // It was trusted while there was no such entry.
    assert_eq!(room.run_raw("mcpjwt trust --yes").code, 0);
    let first = said(&mut room, "mcpjwt sync");
    room.put_file(
        "~/.local/share/mcpjwt/tokens/web-bac7c20b",
        "eyJ.cut\n",
        0o600,
    );
    let second = said(&mut room, "mcpjwt sync");
    let third = said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN  GETS       PLACE                                                  WHY
        a      new token  file:/home/me/.local/share/mcpjwt/tokens/web-bac7c20b  missing
        a      file       opencode:user/web                                      missing
        --
        wrote 2 places with 1 new token, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        exit 0

        TOKEN  GETS       PLACE                                                  WHY
        a      new token  file:/home/me/.local/share/mcpjwt/tokens/web-bac7c20b  malformed: two parts
        --
        wrote 1 place with 1 new token, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        exit 0

        --
        nothing to do
        exit 0
    "#]].assert_eq(&[first, second, third].join("\n"));
}

#[test]
fn an_untrusted_manifest_writes_nothing() {
    let mut room = entries(ENTRIES);
    room.put_file(
        "mcpjwt.toml",
        ENTRIES.replace("env", "# changed\nenv"),
        0o600,
    );
    let shown = room.run("mcpjwt sync");
    expect![[r#"
        --- stderr
        error: `~/project/mcpjwt.toml` has changed since it was trusted, and its token `a` changes the config of a client: `claude-code:project/web`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        error: `~/project/mcpjwt.toml` has changed since it was trusted, and its token `a` changes the config of a client: `claude-code:project/own`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn places_are_those_of_the_manifest_wherever_one_is() {
    let mut room = entries(ENTRIES).cwd("src/deep");
    let shown = said(&mut room, "mcpjwt sync");
    assert!(shown.ends_with("exit 0\n"), "{shown}");
    assert!(room.text(".mcp.json").unwrap().contains("Bearer eyJ"));
    assert_eq!(room.text("src/deep/.mcp.json"), None);
}

#[test]
fn the_audience_is_the_server_where_nobody_names_one() {
    let manifest = ENTRIES.replace("aud = \"mcp\"", "");
    let mut room = entries(&manifest);
    assert_eq!(room.run_raw("mcpjwt sync").code, 0);
    let verify = "mcpjwt verify claude-code:project/own --aud https://mcp.example.com/mcp";
    assert_eq!(room.run_raw(verify).code, 0);
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
    let text = room.text(".mcp.json").unwrap();
    let other = text.replace(
        "\"own\": {",
        "\"other\": { \"type\": \"http\", \"url\": \"https://b.example\" },\n    \"own\": {",
    );
    room.put_file(".mcp.json", other, 0o600);
    room.put_file("mcpjwt.toml", manifest.replace("/own", "/other"), 0o600);
    room.run_raw("mcpjwt trust --yes");
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        error: token `a` goes to several servers: `https://mcp.example.com/mcp`, `https://b.example`
        hint: name its audience with `aud`, or make it a token for each
        exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn public_keys_are_kept_current() {
    let manifest = ENTRIES
        .replace("file:k", "file:key.jwk")
        .replace("aud =", "jwks = \"file:jwks.json\"\naud =");
    let mut room = entries(&manifest).file("jwks.json", "");
    assert_eq!(
        room.run_raw("mcpjwt --no-manifest secret generate --alg EdDSA --to file:key.jwk")
            .code,
        0
    );
    let token = room.run_raw("mcpjwt sync").stdout;
    let first = room.text("jwks.json").unwrap();
    room.put_file("jwks.json", r#"{"keys":[]}"#, 0o644);
    let shown = said(&mut room, "mcpjwt sync --check") + &said(&mut room, "mcpjwt sync");
    expect![[r#"
        TOKEN  GETS         PLACE                    WHY
        -      public keys  file:jwks.json           other keys
        a      new token    claude-code:project/web  missing
        a      new token    claude-code:project/own  missing
        TOKEN  GETS         PLACE           WHY
        -      public keys  file:jwks.json  other keys
        --
        1 place is not as the manifest wants; mend that with `mcpjwt sync`
        exit 1
        TOKEN  GETS         PLACE           WHY
        -      public keys  file:jwks.json  other keys
        --
        wrote 1 place
        exit 0
    "#]]
    .assert_eq(&(token + &shown));
    assert_eq!(room.text("jwks.json").unwrap(), first);
    room.put_file("key.jwk", SECRET, 0o600);
    let shown = said(&mut room, "mcpjwt sync");
    expect![[r#"
        --
        error: `~/project/mcpjwt.toml` has a `jwks`, and a secret cannot be published
        hint: leave `jwks` out: its servers need the secret itself
        exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_file_keeps_the_mode_that_was_chosen() {
    let manifest = MANIFEST.replace("name = \"vscode1\"", "name = \"vscode1\"\nmode = \"0640\"");
    let mut room = room()
        .file("mcpjwt.toml", manifest)
        .file_with_mode(".env", "", 0o664);
    let shown = room.run_raw("mcpjwt sync").stderr;
    expect![[r#"
        `.env` holds a secret now: mode 0664 became 0640
        wrote 3 places with 2 new tokens, the first good until 2026-02-20 04:00:00 +00:00 (in 90 d)
    "#]]
    .assert_eq(&shown);
    let modes = [".env", "mcp.json", "claude.jwt"].map(|path| room.mode(path).unwrap());
    assert_eq!(modes, [0o640, 0o600, 0o600]);
}

#[test]
fn issue_all_renews_what_sync_would_leave() {
    let mut room = synced();
    let before = room.text("claude.jwt");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --all --sub a",
            "mcpjwt issue --all --ttl 1d",
            "mcpjwt issue --all --dry-run",
        ],
    );
    let shown = shown + &said(&mut room, "mcpjwt issue --all --json");
    expect![[r#"
        $ mcpjwt issue --all --sub a
        --- stderr
        error: `--all` cannot be used together with `--sub`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt issue --all --ttl 1d
        --- stderr
        error: `--all` cannot be used together with `--ttl`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt issue --all --dry-run
        --- stdout
        TOKEN    GETS       PLACE                                  WHY
        vscode1  new token  dotenv:.env#VSCODE1                    renewed
        vscode1  new token  json:mcp.json#/servers/exai/env/TOKEN  renewed
        claude   new token  file:claude.jwt                        renewed
        --- stderr
        would write `dotenv:.env#VSCODE1`
          - VSCODE1=<391 characters>
          + VSCODE1=<391 characters>
        would write `json:mcp.json#/servers/exai/env/TOKEN`
          -   "servers": {"exai": {"env": {"TOKEN": "<391 characters>"}}}
          +   "servers": {"exai": {"env": {"TOKEN": "<391 characters>"}}}
        would write `file:claude.jwt`
          - <321 characters>
          + <321 characters>
        --- exit 0
        {
          "ok": true,
          "tokens": [
            {
              "token": null,
              "sub": "vscode1@exai-mcp.local",
              "jti": "616750997ac05e226953798876a2c369",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "places": [
                "dotenv:.env#VSCODE1",
                "json:mcp.json#/servers/exai/env/TOKEN"
              ],
              "claims": null
            },
            {
              "token": null,
              "sub": "claude@exai-mcp.local",
              "jti": "ebfab5059be7821a2c63dd28b74ebaf5",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "places": [
                "file:claude.jwt"
              ],
              "claims": null
            }
          ],
          "warnings": [],
          "errors": []
        }
        --
        exit 0
    "#]]
    .assert_eq(&shown);
    assert_ne!(room.text("claude.jwt"), before);
    assert_eq!(
        said(&mut room, "mcpjwt sync"),
        "--\nnothing to do\nexit 0\n"
    );
}

#[test]
fn two_tokens_whose_places_are_one_by_a_link_are_refused() {
    let text = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:x\"]\n[[token]]\nsub = \"b\"\nto = [\"file:y\"]\n";
    let mut room = crate::with_key().file("mcpjwt.toml", text).link("y", "x");
    expect![[r#"
        --- stderr
        error: `file:y` of token `b` and `file:x` of token `a` are one place: `file:/home/me/project/x`
        hint: give one of them another place in `~/project/mcpjwt.toml`
        --- exit 4
    "#]].assert_eq(&room.run("mcpjwt sync"));
    assert_eq!(room.run_raw("mcpjwt sync --check").code, 4);
}

#[test]
fn by_a_clock_of_long_ago_nothing_is_replaced() {
    let mut room = crate::with_key().file(
        "mcpjwt.toml",
        "iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n",
    );
    room.run_raw("mcpjwt sync");
    let before = room.text("t");
    room.facts.now = 800_000_000;
    for line in [
        "mcpjwt sync",
        "mcpjwt issue --sub a --plain --key file:k",
        "mcpjwt refresh file:t",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 4, "{line}: {}", shown.stderr);
        assert!(
            shown.stderr.contains("the clock says 1995-05-09"),
            "{line}: {}",
            shown.stderr
        );
        assert_eq!(
            (shown.stdout.as_str(), room.text("t")),
            ("", before.clone()),
            "{line}"
        );
    }
}
