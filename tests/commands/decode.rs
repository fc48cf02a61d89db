//! `mcpjwt decode`: what is in a token, never whether it is good.

use expect_test::expect;

use crate::{runs, token, with_key};

#[test]
fn a_token_from_anywhere() {
    let mut room = with_key();
    let token = token(
        &mut room,
        "--aud a --aud b --claim 'limits:={\"rpm\":60}' --nbf +1h",
    );
    let plain = room.run(&format!("mcpjwt decode {token}"));
    expect![[r#"
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss     mcpjwt
          sub     vscode1
          aud     ["a","b"]
          iat     2025-11-22 03:59:55 +00:00 (5 s ago)
          exp     2025-11-23 04:00:00 +00:00 (in 24 h)
          jti     d70d3259e4e1cb631c663cf4d73c4c04
          nbf     2025-11-22 05:00:00 +00:00 (in 60 min)
          limits  {"rpm":60}
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&plain);
    let mut room = room
        .file("t", format!("{token}\r\n"))
        .file(".env", format!("T=\"Bearer {token}\" # mine\n"))
        .file("c.jsonc", format!("{{// c\n\"a\":{{\"T\":\"{token}\"}},}}"))
        .file("c.toml", format!("[a]\nT = \"{token}\"\n"))
        .env("T", &token)
        .keyring("exai", "a", &token)
        .command("pass t", &format!("{token}\n"));
    for place in [
        "file:t",
        "dotenv:.env#T",
        "json:c.jsonc#/a/T",
        "toml:c.toml#a.T",
        "env:T",
        "keyring:exai/a",
        "'cmd:pass t'",
        &format!("'Authorization: Bearer {token}'"),
        &format!("'  \"{token}\" '"),
    ] {
        assert_eq!(
            room.run(&format!("mcpjwt decode {place}")),
            plain,
            "{place}"
        );
    }
    for line in ["mcpjwt decode", "mcpjwt decode -"] {
        room.set_stdin(format!("bearer {token}\n"));
        assert_eq!(room.run(line), plain, "{line}");
    }
}

#[test]
fn json_and_another_time() {
    let mut room = with_key();
    let token = token(&mut room, "");
    let shown = room.run(&format!("mcpjwt decode --json {token}"))
        + &room.run(&format!(
            "mcpjwt decode --at 2026-11-22T12:00:00+01:00 {token}"
        ));
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "mcpjwt",
            "sub": "vscode1",
            "aud": "mcp",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "signature": "not checked",
          "warnings": [],
          "errors": []
        }
        --- exit 0
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss  mcpjwt
          sub  vscode1
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (12 mo ago)
          exp  2025-11-23 04:00:00 +00:00 (expired 12 mo ago)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn expired_unsigned_and_foreign_tokens_are_shown_all_the_same() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ.",
            "mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ",
            "mcpjwt decode --json eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ.",
        ],
    );
    expect![[r#"
        $ mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ.
        --- stdout
        header
          alg  none
        claims
          sub  a
          exp  1970-01-01 00:00:01 +00:00 (expired 56 y ago)
        signature: missing
        --- exit 0
        $ mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ
        --- stdout
        header
          alg  none
        claims
          sub  a
          exp  1970-01-01 00:00:01 +00:00 (expired 56 y ago)
        signature: missing
        --- exit 0
        $ mcpjwt decode --json eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjoxfQ.
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "none"
          },
          "claims": {
            "sub": "a",
            "exp": 1
          },
          "times": {
            "exp": "1970-01-01T00:00:01Z"
          },
          "signature": "missing",
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn what_cannot_be_read_says_why() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt decode hello",
            "mcpjwt decode eyJhbGciOiJub25lIn0",
            "mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIi",
            "mcpjwt decode --json eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIi.x",
            "mcpjwt decode a.b.c.d.e",
            "mcpjwt decode",
            "mcpjwt decode file:absent",
            "mcpjwt decode dotenv:k#A",
            "mcpjwt decode env:ABSENT",
            "mcpjwt decode keyring:exai/absent",
            "mcpjwt decode 'cmd:false'",
            "mcpjwt decode --at never eyJhbGciOiJub25lIn0.e30.",
            "mcpjwt decode json:k#/a",
            "mcpjwt decode toml:k#a",
        ],
    );
    expect![[r#"
        $ mcpjwt decode hello
        --- stderr
        error: cannot read this as a token: its first part is no header
        --- exit 1
        $ mcpjwt decode eyJhbGciOiJub25lIn0
        --- stderr
        error: only the header of a token is here
        hint: a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        $ mcpjwt decode eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIi
        --- stderr
        error: cannot read the claims of `a`: the payload is cut or damaged
        hint: a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        $ mcpjwt decode --json eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIi.x
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
              "code": "malformed",
              "message": "cannot read the claims of `a`: the payload is cut or damaged"
            }
          ]
        }
        --- exit 1
        $ mcpjwt decode a.b.c.d.e
        --- stderr
        error: cannot read this as a token: its first part is no header
        --- exit 1
        $ mcpjwt decode
        --- stderr
        error: no token was given, and standard input is empty
        hint: give a token, a place such as `file:PATH`, or pipe the token in
        --- exit 2
        $ mcpjwt decode file:absent
        --- stderr
        error: nothing is at `file:absent`
        --- exit 4
        $ mcpjwt decode dotenv:k#A
        --- stderr
        error: nothing is at `dotenv:k#A`
        --- exit 4
        $ mcpjwt decode env:ABSENT
        --- stderr
        error: nothing is at `env:ABSENT`
        --- exit 4
        $ mcpjwt decode keyring:exai/absent
        --- stderr
        error: nothing is at `keyring:exai/absent`
        --- exit 4
        $ mcpjwt decode 'cmd:false'
        --- stderr
        error: a `cmd:` place failed: it ended with exit code 127
        hint: run the command by itself to see what it says
        --- exit 4
        $ mcpjwt decode --at never eyJhbGciOiJub25lIn0.e30.
        --- stderr
        error: `--at`: a text of 5 characters is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        --- exit 2
        $ mcpjwt decode json:k#/a
        --- stderr
        error: cannot read `json:k#/a`: line 1, column 2: text cannot contain more than one JSON value
        --- exit 4
        $ mcpjwt decode toml:k#a
        --- stderr
        error: cannot read `toml:k#a`: line 1, column 65: key with no value, expected `=`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn of_a_variable_that_is_not_there_those_with_a_token_are_named() {
    let mut room = with_key();
    let token = token(&mut room, "");
    let nine: String = (0..9).map(|i| format!("T{i}={token}\n")).collect();
    let mut room = room
        .file("client.env", format!("A=1\nMCP_TOKEN=\"{token}\"\n"))
        .file("my two.env", format!("A='Bearer {token}'\nB={token}\n"))
        .file("nine.env", nine)
        .file("none.env", "A=1\n");
    expect![[r#"
        $ mcpjwt decode dotenv:client.env#MCP
        --- stderr
        error: nothing is at `dotenv:client.env#MCP`
        hint: for the token in that file: `dotenv:client.env#MCP_TOKEN`
        --- exit 4
        $ mcpjwt verify --key file:k dotenv:client.env#MCP
        --- stderr
        error: nothing is at `dotenv:client.env#MCP`
        hint: for the token in that file: `dotenv:client.env#MCP_TOKEN`
        --- exit 4
        $ mcpjwt decode 'dotenv:my two.env#MCP'
        --- stderr
        error: nothing is at `dotenv:my two.env#MCP`
        hint: for a token in that file: `'dotenv:my two.env#A'`, `'dotenv:my two.env#B'`
        --- exit 4
        $ mcpjwt decode 'my two.env'
        --- stderr
        error: this is no token, but the name of a file
        hint: for a token in that file: `'dotenv:my two.env#A'`, `'dotenv:my two.env#B'`
        --- exit 2
        $ mcpjwt decode dotenv:nine.env#MCP
        --- stderr
        error: nothing is at `dotenv:nine.env#MCP`
        hint: for a token in that file: `dotenv:nine.env#T0`, `dotenv:nine.env#T1`, `dotenv:nine.env#T2`, `dotenv:nine.env#T3`, `dotenv:nine.env#T4`, `dotenv:nine.env#T5`, `dotenv:nine.env#T6`, `dotenv:nine.env#T7`, and 1 more
        --- exit 4
        $ mcpjwt decode dotenv:none.env#MCP
        --- stderr
        error: nothing is at `dotenv:none.env#MCP`
        --- exit 4
        $ mcpjwt decode dotenv:away.env#MCP
        --- stderr
        error: nothing is at `dotenv:away.env#MCP`
        --- exit 4
    "#]]
    .assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt decode dotenv:client.env#MCP",
            "mcpjwt verify --key file:k dotenv:client.env#MCP",
            "mcpjwt decode 'dotenv:my two.env#MCP'",
            "mcpjwt decode 'my two.env'",
            "mcpjwt decode dotenv:nine.env#MCP",
            "mcpjwt decode dotenv:none.env#MCP",
            "mcpjwt decode dotenv:away.env#MCP",
        ],
    ));
}
