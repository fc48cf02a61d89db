//! `mcpjwt expiry`: when tokens end.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, token, with_key};

/// Four tokens in a `.env` file: 30 days, 3 days, one from tomorrow on, one without an end.
fn room() -> Sandbox {
    let mut room = with_key();
    for (name, options) in [
        ("LONG", "--ttl 30d"),
        ("SOON", "--ttl 3d"),
        ("LATER", "--ttl 9d --nbf +1d"),
    ] {
        let shown = room.run_raw(&format!(
            "mcpjwt issue --sub {} --key file:k {options} --to dotenv:.env#{name}",
            name.to_lowercase()
        ));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
    let endless = "ENDLESS=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlbmRsZXNzIn0.c2ln\n";
    let text = room.text(".env").unwrap() + endless + "NOTE=hello\n";
    room.put_file(".env", text, 0o600);
    room
}

#[test]
fn places_and_the_window_asked_about() {
    let shown = runs(
        &mut room(),
        &[
            "mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON dotenv:.env#LATER dotenv:.env#ENDLESS",
            "mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON --within 7d",
            "mcpjwt expiry dotenv:.env#SOON --within 3d --at +1s",
            "mcpjwt expiry dotenv:.env#SOON --at 2025-11-25T04:00:00Z",
            "mcpjwt expiry dotenv:.env#SOON --at 2025-11-25T03:59:59Z",
            "mcpjwt expiry dotenv:.env#ENDLESS --require-exp",
            "mcpjwt expiry dotenv:.env#LONG dotenv:.env#ENDLESS --require-exp --within 60d",
            "mcpjwt expiry -q eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxNzYzNzg0MDAxfQ.c2ln",
        ],
    );
    expect![[r#"
        $ mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON dotenv:.env#LATER dotenv:.env#ENDLESS
        --- stdout
        SUBJECT  EXPIRES                     LEFT                    PLACE
        long     2025-12-22 04:00:00 +00:00  in 30 d                 dotenv:.env#LONG
        soon     2025-11-25 04:00:00 +00:00  in 3 d                  dotenv:.env#SOON
        later    2025-12-01 04:00:00 +00:00  not valid yet: in 24 h  dotenv:.env#LATER
        endless  never (no `exp`)            -                       dotenv:.env#ENDLESS
        --- exit 0
        $ mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON --within 7d
        --- stdout
        SUBJECT  EXPIRES                     LEFT          PLACE
        long     2025-12-22 04:00:00 +00:00  in 30 d       dotenv:.env#LONG
        soon     2025-11-25 04:00:00 +00:00  in 3 d, soon  dotenv:.env#SOON
        --- exit 3
        $ mcpjwt expiry dotenv:.env#SOON --within 3d --at +1s
        --- stdout
        SUBJECT  EXPIRES                     LEFT          PLACE
        soon     2025-11-25 04:00:00 +00:00  in 3 d, soon  dotenv:.env#SOON
        --- exit 3
        $ mcpjwt expiry dotenv:.env#SOON --at 2025-11-25T04:00:00Z
        --- stdout
        SUBJECT  EXPIRES                     LEFT         PLACE
        soon     2025-11-25 04:00:00 +00:00  expired now  dotenv:.env#SOON
        --- exit 3
        $ mcpjwt expiry dotenv:.env#SOON --at 2025-11-25T03:59:59Z
        --- stdout
        SUBJECT  EXPIRES                     LEFT    PLACE
        soon     2025-11-25 04:00:00 +00:00  in 1 s  dotenv:.env#SOON
        --- exit 0
        $ mcpjwt expiry dotenv:.env#ENDLESS --require-exp
        --- stderr
        error: the token at `dotenv:.env#ENDLESS` has no `exp`: it never expires
        --- exit 1
        $ mcpjwt expiry dotenv:.env#LONG dotenv:.env#ENDLESS --require-exp --within 60d
        --- stdout
        SUBJECT  EXPIRES                     LEFT           PLACE
        long     2025-12-22 04:00:00 +00:00  in 30 d, soon  dotenv:.env#LONG
        --- stderr
        error: the token at `dotenv:.env#ENDLESS` has no `exp`: it never expires
        --- exit 1
        $ mcpjwt expiry -q eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxNzYzNzg0MDAxfQ.c2ln
        --- stdout
        SUBJECT  EXPIRES                     LEFT
        a        2025-11-22 04:00:01 +00:00  in 1 s
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn without_an_argument_every_place_of_the_ledger() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &["mcpjwt expiry", "mcpjwt expiry --json --within 7d"],
    );
    room.remove_file(".env");
    let gone = room.run("mcpjwt expiry");
    let empty = Sandbox::default().run("mcpjwt expiry");
    expect![[r#"
        $ mcpjwt expiry
        --- stdout
        SUBJECT  EXPIRES                     LEFT                    PLACE
        long     2025-12-22 04:00:00 +00:00  in 30 d                 dotenv:.env#LONG
        soon     2025-11-25 04:00:00 +00:00  in 3 d                  dotenv:.env#SOON
        later    2025-12-01 04:00:00 +00:00  not valid yet: in 24 h  dotenv:.env#LATER
        --- exit 0
        $ mcpjwt expiry --json --within 7d
        --- stdout
        {
          "ok": false,
          "tokens": [
            {
              "sub": "long",
              "place": "dotenv:/home/me/project/.env#LONG",
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "seconds_left": 2592000,
              "standing": "good"
            },
            {
              "sub": "soon",
              "place": "dotenv:/home/me/project/.env#SOON",
              "exp": 1764043200,
              "expires": "2025-11-25T04:00:00Z",
              "seconds_left": 259200,
              "standing": "expiring"
            },
            {
              "sub": "later",
              "place": "dotenv:/home/me/project/.env#LATER",
              "exp": 1764561600,
              "expires": "2025-12-01T04:00:00Z",
              "seconds_left": 777600,
              "standing": "not_yet_valid"
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "expiring",
              "place": "dotenv:/home/me/project/.env#SOON",
              "message": "the token of `soon` expires in 3 d on 2025-11-25T04:00:00Z"
            }
          ]
        }
        --- exit 3
        --- stderr
        note: nothing is at `dotenv:.env#LONG`, where a token was put once
        note: nothing is at `dotenv:.env#SOON`, where a token was put once
        note: nothing is at `dotenv:.env#LATER`, where a token was put once
        --- exit 0
        --- stderr
        error: there is no token to look at: none was put into a place yet
        hint: give a token, a place, or `-` for standard input
        --- exit 4
    "#]]
    .assert_eq(&(shown + &gone + &empty));
}

#[test]
fn the_gravest_answer_is_the_exit_code() {
    let shown = runs(
        &mut room(),
        &[
            "mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON dotenv:.env#NOTE file:absent --within 7d",
            "mcpjwt expiry dotenv:.env#SOON dotenv:.env#NOTE --within 7d",
            "mcpjwt expiry dotenv:.env#SOON dotenv:.env#NOTE --within 7d --json",
            "mcpjwt expiry --within 7",
            "mcpjwt expiry --within 7d --at whenever",
            "mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxNzYzNzg0MDAxfQ",
            "mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiIxNzYzNzg0MDAxIn0.c2ln",
            "mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjM3ODQw.c2ln",
        ],
    );
    expect![[r#"
        $ mcpjwt expiry dotenv:.env#LONG dotenv:.env#SOON dotenv:.env#NOTE file:absent --within 7d
        --- stdout
        SUBJECT  EXPIRES                     LEFT          PLACE
        long     2025-12-22 04:00:00 +00:00  in 30 d       dotenv:.env#LONG
        soon     2025-11-25 04:00:00 +00:00  in 3 d, soon  dotenv:.env#SOON
        --- stderr
        error: nothing is at `file:absent`
        error: the token at `dotenv:.env#NOTE` cannot be read: its first part is no header
        --- exit 4
        $ mcpjwt expiry dotenv:.env#SOON dotenv:.env#NOTE --within 7d
        --- stdout
        SUBJECT  EXPIRES                     LEFT          PLACE
        soon     2025-11-25 04:00:00 +00:00  in 3 d, soon  dotenv:.env#SOON
        --- stderr
        error: the token at `dotenv:.env#NOTE` cannot be read: its first part is no header
        --- exit 1
        $ mcpjwt expiry dotenv:.env#SOON dotenv:.env#NOTE --within 7d --json
        --- stdout
        {
          "ok": false,
          "tokens": [
            {
              "sub": "soon",
              "place": "dotenv:.env#SOON",
              "exp": 1764043200,
              "expires": "2025-11-25T04:00:00Z",
              "seconds_left": 259200,
              "standing": "expiring"
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "malformed",
              "place": "dotenv:.env#NOTE",
              "message": "the token at `dotenv:.env#NOTE` cannot be read: its first part is no header"
            },
            {
              "code": "expiring",
              "place": "dotenv:.env#SOON",
              "message": "the token of `soon` expires in 3 d on 2025-11-25T04:00:00Z"
            }
          ]
        }
        --- exit 1
        $ mcpjwt expiry --within 7
        --- stderr
        error: `--within`: `7` has no unit
        hint: write `7s`, `7m`, `7h` or `7d`
        --- exit 2
        $ mcpjwt expiry --within 7d --at whenever
        --- stderr
        error: `--at`: a text of 8 characters is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        --- exit 2
        $ mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjoxNzYzNzg0MDAxfQ
        --- stderr
        error: this token, of `a`, is not whole: its signature is missing
        hint: mint a new one with `mcpjwt issue --sub NAME`
        --- exit 1
        $ mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiIxNzYzNzg0MDAxIn0.c2ln
        --- stderr
        error: `exp` of this token is no time in seconds
        --- exit 1
        $ mcpjwt expiry eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjM3ODQw.c2ln
        --- stderr
        error: this token cannot be read: its payload is damaged
        --- exit 1
    "#]]
    .assert_eq(&shown);
}

#[test]
fn what_stands_for_a_token_has_no_end() {
    let mut room = with_key()
        .file(
            "~/.claude.json",
            r#"{"mcpServers":{"a":{"type":"http","url":"https://a.example"}}}"#,
        )
        .command(
            "/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=mcpjwt --aud=https://a.example",
            "{\"Authorization\": \"Bearer x\"}",
        );
    room.run_raw("mcpjwt secret import --from file:k");
    for line in [
        "mcpjwt issue -q --sub a --to claude-code/a --mode helper",
        "mcpjwt issue -q --sub b --to dotenv:.env#B",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    let shown = room.run("mcpjwt expiry");
    expect![[r#"
        --- stdout
        SUBJECT  EXPIRES                     LEFT     PLACE
        b        2025-12-22 04:00:00 +00:00  in 30 d  dotenv:.env#B
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn at_80_columns_no_place_and_no_date_is_cut() {
    let token = token(&mut with_key(), "--ttl 90d");
    let long = "config/daemon/mcp-config.augmentcode.vscode1.json";
    let pointer = "/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN";
    let config = format!(
        "{{\"mcpServers\":{{\"EXAI-WS-VSCode1\":{{\"env\":{{\"EXAI_JWT_TOKEN\":\"{token}\"}}}}}}}}"
    );
    let mut sandbox = Sandbox::default()
        .terminal(80)
        .file("client.env", format!("MCP_TOKEN={token}\n"))
        .file(long, config);
    let line = format!("mcpjwt expiry dotenv:client.env#MCP_TOKEN json:{long}#{pointer}");
    expect![[r#"
        $ mcpjwt expiry dotenv:client.env#MCP_TOKEN json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN
        --- stdout
        [2mSUBJECT[0m  [2mEXPIRES[0m                     [2mLEFT[0m
        vscode1  2026-02-20 04:00:00 +00:00  [32min 90 d[0m
          dotenv:client.env#MCP_TOKEN
        vscode1  2026-02-20 04:00:00 +00:00  [32min 90 d[0m
          json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN
        --- exit 0
        $ mcpjwt expiry dotenv:client.env#MCP_TOKEN json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN --json
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "sub": "vscode1",
              "place": "dotenv:client.env#MCP_TOKEN",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "seconds_left": 7776000,
              "standing": "good"
            },
            {
              "sub": "vscode1",
              "place": "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "seconds_left": 7776000,
              "standing": "good"
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&runs(&mut sandbox, &[&line, &format!("{line} --json")]));
}
