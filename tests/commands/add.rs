//! `mcpjwt add`: one more client, in the manifest and in its places.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = "# ours\niss = \"exai\"\naud = \"mcp\"\nkey = \"file:k\"\n\n[[token]]\nsub = \"a@x\" # the first\nto = [\"dotenv:.env#A\"]\n";

fn project() -> Sandbox {
    Sandbox::default()
        .file("k", SECRET)
        .file("mcpjwt.toml", MANIFEST)
        .file(".env", "OTHER=1\n")
}

/// The line, what it said, and the manifest after it.
fn told(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    let text = room.text("mcpjwt.toml").unwrap();
    let text = text.strip_prefix(MANIFEST).unwrap_or(&text);
    format!(
        "$ {line}\n{}{}--- exit {}\n--- manifest, from there on\n{text}",
        shown.stdout, shown.stderr, shown.code
    )
}

#[test]
fn the_sixth_client_is_one_command() {
    let mut room = project();
    expect![[r#"
        $ mcpjwt add b@y --to dotenv:.env#B --role reader --scope s:r --scope s:w --quota 5 --claim team=x --ttl 12h --dry-run
        TOKEN  GETS       PLACE          WHY
        b      new token  dotenv:.env#B  missing
        +
        + [[token]]
        + sub = "b@y"
        + role = "reader"
        + scope = "s:r s:w"
        + claims = { quota = 5, team = "x" }
        + ttl = "12h"
        + to = ["dotenv:.env#B"]
        would write `dotenv:.env#B`
          + B=<339 characters>
        --- exit 0
        --- manifest, from there on
    "#]].assert_eq(&told(&mut room, "mcpjwt add b@y --to dotenv:.env#B --role reader --scope s:r --scope s:w --quota 5 --claim team=x --ttl 12h --dry-run"));
    expect![[r#"
        $ mcpjwt add b@y --to dotenv:.env#B --role reader --scope s:r --scope s:w --quota 5 --claim team=x --ttl 12h
        TOKEN  GETS       PLACE          WHY
        b      new token  dotenv:.env#B  missing
        added `b` to `~/project/mcpjwt.toml`
        wrote 1 place with 1 new token, good until 2025-11-22 16:00:00 +00:00 (in 12 h)
        --- exit 0
        --- manifest, from there on

        [[token]]
        sub = "b@y"
        role = "reader"
        scope = "s:r s:w"
        claims = { quota = 5, team = "x" }
        ttl = "12h"
        to = ["dotenv:.env#B"]
    "#]].assert_eq(&told(&mut room, "mcpjwt add b@y --to dotenv:.env#B --role reader --scope s:r --scope s:w --quota 5 --claim team=x --ttl 12h"));
    expect![[r#"
        $ mcpjwt add b@y --to dotenv:.env#B --role reader --ttl 12h
        `b` has these places already
        nothing to do
        --- exit 0
        --- manifest, from there on

        [[token]]
        sub = "b@y"
        role = "reader"
        scope = "s:r s:w"
        claims = { quota = 5, team = "x" }
        ttl = "12h"
        to = ["dotenv:.env#B"]
    "#]]
    .assert_eq(&told(
        &mut room,
        "mcpjwt add b@y --to dotenv:.env#B --role reader --ttl 12h",
    ));
    expect![[r#"
        $ mcpjwt add b --to dotenv:.env#B --to file:t.jwt --json
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "token": "b",
          "added": [
            "file:t.jwt"
          ],
          "places": [
            {
              "token": "b",
              "sub": "b@y",
              "place": "dotenv:.env#B",
              "gets": "nothing",
              "reasons": [],
              "jti": "da211e6a663bd37311aabecb86beda3f",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1763827200,
              "expires": "2025-11-22T16:00:00Z",
              "done": true
            },
            {
              "token": "b",
              "sub": "b@y",
              "place": "file:t.jwt",
              "gets": "same_token",
              "reasons": [
                {
                  "code": "missing",
                  "message": "missing"
                }
              ],
              "jti": "da211e6a663bd37311aabecb86beda3f",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1763827200,
              "expires": "2025-11-22T16:00:00Z",
              "done": true
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        --- manifest, from there on

        [[token]]
        sub = "b@y"
        role = "reader"
        scope = "s:r s:w"
        claims = { quota = 5, team = "x" }
        ttl = "12h"
        to = ["dotenv:.env#B", "file:t.jwt"]
    "#]]
    .assert_eq(&told(
        &mut room,
        "mcpjwt add b --to dotenv:.env#B --to file:t.jwt --json",
    ));
    let mut text = String::new();
    for place in ["dotenv:.env#B", "file:t.jwt"] {
        text += &room.run(&format!("mcpjwt verify {place}"));
    }
    expect![[r#"
        --- stdout
        valid: b@y, until 2025-11-22 16:00:00 +00:00 (in 12 h)
          iss    exai
          sub    b@y
          aud    mcp
          iat    2025-11-22 03:59:55 +00:00 (5 s ago)
          exp    2025-11-22 16:00:00 +00:00 (in 12 h)
          jti    da211e6a663bd37311aabecb86beda3f
          scope  s:r s:w
          role   reader
          quota  5
          team   x
        --- exit 0
        --- stdout
        valid: b@y, until 2025-11-22 16:00:00 +00:00 (in 12 h)
          iss    exai
          sub    b@y
          aud    mcp
          iat    2025-11-22 03:59:55 +00:00 (5 s ago)
          exp    2025-11-22 16:00:00 +00:00 (in 12 h)
          jti    da211e6a663bd37311aabecb86beda3f
          scope  s:r s:w
          role   reader
          quota  5
          team   x
        --- exit 0
    "#]]
    .assert_eq(&text);
}

#[test]
fn what_cannot_be_added_changes_nothing() {
    let mut room = project()
        .file("c.env", "C=hunter2\n")
        .file("hostile/mcpjwt.toml", "key = \"file:../k\"\n");
    expect![[r#"
        $ mcpjwt add c --to dotenv:c.env#C
        --- stderr
        error: `dotenv:/home/me/project/c.env#C` holds something that is no token (7 bytes)
        hint: look at it; to replace it all the same: `mcpjwt issue --sub c --to dotenv:/home/me/project/c.env#C --force`
        --- exit 4
        $ mcpjwt add a --to file:t --role other
        --- stderr
        error: the token `a` is in the manifest already, with other claims than these
        hint: change them in line 6 of `~/project/mcpjwt.toml`, then `mcpjwt sync`
        --- exit 2
        $ mcpjwt add c --to dotenv:.env#A
        --- stderr
        error: `~/project/mcpjwt.toml` line 12: a place of token `c` is at the same place as a place of token `a` in line 8
        hint: give each a place of its own
        --- exit 4
        $ mcpjwt add c --to hunter2
        --- stderr
        error: `--to` takes a place, and these 7 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt add '' --to - --ttl 1 --claim exp=1
        --- stderr
        error: the subject is empty
        hint: say who the token is for
        error: standard output is no place of a manifest
        hint: to print a token: `mcpjwt issue --sub NAME`
        error: `--ttl`: `1` has no unit
        hint: write `1s`, `1m`, `1h` or `1d`
        error: `exp` cannot be a free claim: it has an option of its own
        hint: use `--exp` or `--ttl`
        --- exit 2
        $ mcpjwt add c
        --- stderr
        error: `--to` is missing
        hint: say who it is, and where the token goes: `mcpjwt add SUB --to CLIENT/SERVER`
        --- exit 2
        $ mcpjwt add c --to cursor/x --url https://mcp.example.com/mcp
        --- stderr
        error: `~/project/mcpjwt.toml` is not trusted, and its token `c` changes the config of a client: `cursor/x`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        --- exit 4
        $ mcpjwt -m hostile/mcpjwt.toml add c --to file:hostile/t
        --- stderr
        error: `~/project/hostile/mcpjwt.toml` is not trusted, and its `key` uses a file outside of its folder: `file:../k`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/hostile/mcpjwt.toml`; to go without it: `--no-manifest`
        --- exit 4
        $ mcpjwt --no-manifest add c --to file:t
        --- stderr
        error: there is no manifest: `--no-manifest` was given
        hint: leave out `--no-manifest`
        --- exit 4
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt add c --to dotenv:c.env#C",
            "mcpjwt add a --to file:t --role other",
            "mcpjwt add c --to dotenv:.env#A",
            "mcpjwt add c --to hunter2",
            "mcpjwt add '' --to - --ttl 1 --claim exp=1",
            "mcpjwt add c",
            "mcpjwt add c --to cursor/x --url https://mcp.example.com/mcp",
            "mcpjwt -m hostile/mcpjwt.toml add c --to file:hostile/t",
            "mcpjwt --no-manifest add c --to file:t",
        ],
    ));
}

#[test]
fn an_entry_of_a_client_is_written_with_its_options_where_the_manifest_is_trusted() {
    let mut room = project();
    room.run_raw("mcpjwt trust --yes");
    room.put_file(
        "~/.config/mcpjwt/own.toml",
        "iss = \"me\"\naud = \"mcp\"\nkey = \"file:/home/me/project/k\"\n",
        0o600,
    );
    expect![[r#"
        --- stdout
        TOKEN  GETS       PLACE     WHY
        a-b    new token  cursor/x  missing
        --- stderr
        added `a-b` to `~/.config/mcpjwt/own.toml`
        wrote 1 place with 1 new token, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.config/mcpjwt/own.toml (0600)
        iss = "me"
        aud = "mcp"
        key = "file:/home/me/project/k"

        [[token]]
        name = "a-b"
        sub = "a b"
        to = [{ place = "cursor/x", header = "X-Key", url = "https://mcp.example.com/mcp" }]
        --- ~/.cursor/mcp.json (0600)
        {
          "mcpServers": {
            "x": {
              "url": "https://mcp.example.com/mcp",
              "headers": {
                "X-Key": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtZSIsInN1YiI6ImEgYiIsImF1ZCI6Im1jcCIsImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzY2Mzc2MDAwLCJqdGkiOiIwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NSJ9.5FpQjQhrjuMAe8_0cIQWW7_G1jmz4qDwSapDNjZizg0"
              }
            }
          }
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a b","iss":"me","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/x/headers/X-Key"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a b","iss":"me","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/x/headers/X-Key"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/x/headers/X-Key":{"absent":true,"leaves":["/mcpServers/x/url","/mcpServers/x/headers/X-Key"],"tops":[{"at":""}],"sums":{"/mcpServers/x/url":"4d62"}}}}
        --- exit 0
    "#]].assert_eq(&room.run(
        "mcpjwt -m own add 'a b' --to cursor/x --header X-Key --url https://mcp.example.com/mcp",
    ));
}

#[test]
fn where_nothing_can_be_recorded_the_manifest_stays() {
    let manifest = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n";
    let room = || crate::with_key().file("mcpjwt.toml", manifest);
    for mut room in [room().homeless(), room().read_only("~/.local/state")] {
        for line in ["add b --to file:b", "add a --to file:b"] {
            let shown = room.run_raw(&format!("mcpjwt {line}"));
            assert_eq!(shown.code, 4, "{line}: {}", shown.stderr);
            assert!(shown.stderr.contains("`MCPJWT_HOME`"), "{}", shown.stderr);
            assert!(!shown.stderr.contains("--no-record"), "{}", shown.stderr);
            assert_eq!(room.text("mcpjwt.toml").as_deref(), Some(manifest));
        }
    }
}
