//! `mcpjwt issue`: what comes out, and into what shape.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

#[test]
fn the_first_run_makes_the_key_and_says_so_even_when_quiet_and_the_second_uses_it() {
    let shown = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt issue --quiet --sub vscode1",
            "mcpjwt issue --sub vscode2",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --quiet --sub vscode1
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjVnX0dERUJwdHdUb1pSY0QifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUxIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.fJDVw9JqhXowly8mNpChW-iK8CyS450KlwBSbtkDiSs
        --- stderr
        warning: there was no key yet: made `5g_GDEBptwToZRcD` (HS256) in `file:~/.local/share/mcpjwt/default.jwks`
        hint: a server must know it: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/default.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"vscode1","iss":"mcpjwt","aud":["mcp"],"kid":"5g_GDEBptwToZRcD","iat":1763783995,"exp":1763870400}
        --- exit 0
        $ mcpjwt issue --sub vscode2
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IjVnX0dERUJwdHdUb1pSY0QifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJ2c2NvZGUyIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.JPlBgwUUDVz1ZnCv3L3DM3dYL9ZngPeSF0k1D5cA3wk
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"vscode1","iss":"mcpjwt","aud":["mcp"],"kid":"5g_GDEBptwToZRcD","iat":1763783995,"exp":1763870400}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"vscode2","iss":"mcpjwt","aud":["mcp"],"kid":"5g_GDEBptwToZRcD","iat":1763783995,"exp":1763870400}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn quiet_leaves_only_the_token() {
    let shown = with_key().run("mcpjwt issue -q --sub a --no-record --key file:k");
    expect![[r#"
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn each_subject_gets_a_token_of_its_own() {
    let mut room = with_key();
    let shown = room.run_raw("mcpjwt issue --sub a --sub b --no-record --key file:k");
    assert_eq!(shown.stdout.lines().count(), 2);
    let claims: String = shown
        .stdout
        .lines()
        .map(|token| room.run(&format!("mcpjwt decode {token}")))
        .collect();
    expect![[r#"
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss  mcpjwt
          sub  a
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        signature: not checked
        --- exit 0
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss  mcpjwt
          sub  b
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  022ab1ba804098e6cb293e6770eb3a95
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&claims);
}

#[test]
fn a_pair_is_an_oauth_token_response() {
    let mut room = with_key();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --pair --scope read --scope write --ttl 15m --refresh-ttl 30d --no-record --key file:k",
            "mcpjwt issue --sub a --pair --json --no-record --key file:k",
            "mcpjwt issue --sub a --pair --to file:pair.json --no-record --key file:k",
            "mcpjwt issue --sub a --pair --to file:pair.json --no-record --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --pair --scope read --scope write --ttl 15m --refresh-ttl 30d --no-record --key file:k
        --- stdout
        {"access_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM3ODQ5MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0Iiwic2NvcGUiOiJyZWFkIHdyaXRlIiwidHlwZSI6ImFjY2VzcyJ9.o--rqWaV-MSoOq0E18YZMcWY7n_zUNI3-YZ_yplX11o","token_type":"Bearer","expires_in":900,"refresh_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1Iiwic2NvcGUiOiJyZWFkIHdyaXRlIiwidHlwZSI6InJlZnJlc2gifQ.BNhob71khCdb15PAfjmLJ37ZFwsnq1FYUFaL0yY_ffg","scope":"read write"}
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --pair --json --no-record --key file:k
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIiwidHlwZSI6ImFjY2VzcyJ9.mbSbj-UDvt9GvKkVx3Iln-n1K0-wwzgM7dzsgfV8qio",
              "sub": "a",
              "jti": "da211e6a663bd37311aabecb86beda3f",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1763870400,
              "expires": "2025-11-23T04:00:00Z",
              "places": [],
              "claims": {
                "iss": "mcpjwt",
                "sub": "a",
                "aud": "mcp",
                "iat": 1763783995,
                "exp": 1763870400,
                "jti": "da211e6a663bd37311aabecb86beda3f",
                "type": "access"
              },
              "response": {
                "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIiwidHlwZSI6ImFjY2VzcyJ9.mbSbj-UDvt9GvKkVx3Iln-n1K0-wwzgM7dzsgfV8qio",
                "token_type": "Bearer",
                "expires_in": 86400,
                "refresh_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NzE1NjAwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIiwidHlwZSI6InJlZnJlc2gifQ.Ox6rjmYuRdVOS-bfKPCGKPrEs_G-XNFWvYRjf9dU07Y"
              }
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt issue --sub a --pair --to file:pair.json --no-record --key file:k
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:pair.json`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- pair.json (0600)
        {"access_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjYxNjc1MDk5N2FjMDVlMjI2OTUzNzk4ODc2YTJjMzY5IiwidHlwZSI6ImFjY2VzcyJ9.RZvKsoQzJePx0awRAESNkcYi7AFCVTos7cYKXj-McTE","token_type":"Bearer","expires_in":2592000,"refresh_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NzE1NjAwMDAsImp0aSI6ImViZmFiNTA1OWJlNzgyMWEyYzYzZGQyOGI3NGViYWY1IiwidHlwZSI6InJlZnJlc2gifQ.rd0ftHhRPM4h0WYOKFGkRRClz1c-JCQWpqffJmc9fvM"}
        --- exit 0
        $ mcpjwt issue --sub a --pair --to file:pair.json --no-record --key file:k
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:pair.json`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- pair.json (0600)
        {"access_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjRlYjM0NTRhZGY1NDAzZWIzMDY0MDFhMzI0OTkwZmRmIiwidHlwZSI6ImFjY2VzcyJ9.DqPPmzyBzxeiM5ZCgad2ENUZGMLthXiTh4ZXlTcDYf4","token_type":"Bearer","expires_in":2592000,"refresh_token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NzE1NjAwMDAsImp0aSI6ImU2MTU1ZjBiMmQ5YjJmZGRmODg1ZWIxYTZiOTA1YzhjIiwidHlwZSI6InJlZnJlc2gifQ.bWXUAAfngt6qUWow_yJsyozArhlO5eIF_WsGs45Cpto"}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn the_two_tokens_of_a_pair_differ_in_type_end_and_id() {
    let mut room = with_key();
    let shown = room.run_raw("mcpjwt issue --sub a --pair --no-record --key file:k");
    let response = mcpjwt::json::Json::parse(shown.stdout.as_bytes()).unwrap();
    let mut text = String::new();
    for name in ["access_token", "refresh_token"] {
        let token = response.get(name).and_then(|token| token.as_str()).unwrap();
        text.push_str(&room.run(&format!("mcpjwt decode {token}")));
    }
    expect![[r#"
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss   mcpjwt
          sub   a
          aud   mcp
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2025-11-23 04:00:00 +00:00 (in 24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          type  access
        signature: not checked
        --- exit 0
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss   mcpjwt
          sub   a
          aud   mcp
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2026-02-20 04:00:00 +00:00 (in 90 d)
          jti   022ab1ba804098e6cb293e6770eb3a95
          type  refresh
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&text);
}

#[test]
fn formats() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt issue --sub a --format token --no-record --key file:k",
            "mcpjwt issue --sub a --format env --no-record --key file:k",
            "mcpjwt issue --sub a --format env --env EXAI_TOKEN --no-record --key file:k",
            "mcpjwt issue --sub a --format header --no-record --key file:k",
            "mcpjwt issue --sub a --format env --to dotenv:.env#A --no-record --key file:k",
            "mcpjwt issue --sub a --format header --to file:h --no-record --key file:k",
            "mcpjwt issue --sub a --format header --to file:h --no-record --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --format token --no-record --key file:k
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.K9xxpSqvnDm7NsjkA4y_XO_0WgNz4jKTyul3hypgDDY
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --format env --no-record --key file:k
        --- stdout
        MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.FLn-CRNgYJ4dQ11ZwcDDAIkK1XyN9a2z8ka38RopKrA
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --format env --env EXAI_TOKEN --no-record --key file:k
        --- stdout
        EXAI_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.YkFoYkjAcuVYs4EnF6iwKG3MQuD__XjRNqx-Ag7SSe8
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --format header --no-record --key file:k
        --- stdout
        Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.fLtpzUC5HPZbTECt2-QykcfGXAcYsruD6tVq5Y4Sikc
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        --- exit 0
        $ mcpjwt issue --sub a --format env --to dotenv:.env#A --no-record --key file:k
        --- stderr
        error: `--format env` writes a whole line, and a `dotenv:` place names its variable already
        hint: leave out `--format`
        --- exit 2
        $ mcpjwt issue --sub a --format header --to file:h --no-record --key file:k
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:h`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- h (0600)
        Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjYxNjc1MDk5N2FjMDVlMjI2OTUzNzk4ODc2YTJjMzY5In0.KgCSO60QCkdb3-zFONMPS3qHL-Z2pP1eCv4emFJbhlg
        --- exit 0
        $ mcpjwt issue --sub a --format header --to file:h --no-record --key file:k
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:h`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- h (0600)
        Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImViZmFiNTA1OWJlNzgyMWEyYzYzZGQyOGI3NGViYWY1In0.v3-yLCgexdY6JtpSgwExjG6n_eUqLPc2eFwcX7qVq7c
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_misuse_of_options_says_which_and_what_instead() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt issue",
            "mcpjwt issue --sub ''",
            "mcpjwt issue --sub a --env X",
            "mcpjwt issue --sub a --format env --env 1X",
            "mcpjwt issue --sub a --format xml",
            "mcpjwt issue --sub a --refresh-ttl 3d",
            "mcpjwt issue --sub a --pair --format env",
            "mcpjwt issue --sub a --pair --to dotenv:.env#T",
            "mcpjwt issue --sub a --sub b --to file:t",
            "mcpjwt issue --sub a --sub b --jti 1",
            "mcpjwt issue --sub a --jti ''",
            "mcpjwt issue --sub a --alg hs256",
            "mcpjwt issue --sub a --alg HS257",
            "mcpjwt issue --sub a --to ./t",
            "mcpjwt issue --sub a --to env:X",
            "mcpjwt issue --sub a --to 'cmd:cat x'",
            "mcpjwt issue --sub a --to json:a.json#x",
            "mcpjwt issue --sub a --to cursor:me/x",
            "mcpjwt issue --sub a --kid other --key file:k",
            "mcpjwt issue --sub a --alg RS256 --key file:k",
            "mcpjwt issue --sub a --key-encoding base32 --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue
        --- stderr
        error: `--sub` is missing
        hint: name who the token is for: `mcpjwt issue --sub NAME`
        --- exit 2
        $ mcpjwt issue --sub ''
        --- stderr
        error: `--sub` is empty
        hint: name the client the token is for, such as `--sub vscode1`
        --- exit 2
        $ mcpjwt issue --sub a --env X
        --- stderr
        error: `--env` names the variable of `--format env`, or of a server entry
        hint: add `--format env`
        --- exit 2
        $ mcpjwt issue --sub a --format env --env 1X
        --- stderr
        error: `--env` is no name of a variable
        hint: letters, digits and `_`, not beginning with a digit
        --- exit 2
        $ mcpjwt issue --sub a --format xml
        --- stderr
        error: `--format` does not take that value
        hint: one of token, env, header
        --- exit 2
        $ mcpjwt issue --sub a --refresh-ttl 3d
        --- stderr
        error: `--pair` is missing
        hint: see `mcpjwt issue --help`
        --- exit 2
        $ mcpjwt issue --sub a --pair --format env
        --- stderr
        error: `--pair` prints an OAuth token response
        hint: leave out `--format`
        --- exit 2
        $ mcpjwt issue --sub a --pair --to dotenv:.env#T
        --- stderr
        error: a pair of tokens does not fit into one variable
        hint: write it to `file:PATH`
        --- exit 2
        $ mcpjwt issue --sub a --sub b --to file:t
        --- stderr
        error: several tokens cannot go into one place
        hint: run `mcpjwt issue` once for each `--sub`, each with its `--to`
        --- exit 2
        $ mcpjwt issue --sub a --sub b --jti 1
        --- stderr
        error: several tokens cannot share one `--jti`
        hint: leave `--jti` out: each gets one of its own
        --- exit 2
        $ mcpjwt issue --sub a --jti ''
        --- stderr
        error: `--jti` is empty
        hint: leave it out, or give it a value
        --- exit 2
        $ mcpjwt issue --sub a --alg hs256
        --- stderr
        error: there is no such algorithm
        hint: did you mean `HS256`? names are case-sensitive
        --- exit 2
        $ mcpjwt issue --sub a --alg HS257
        --- stderr
        error: there is no such algorithm
        hint: one of HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519
        --- exit 2
        $ mcpjwt issue --sub a --to ./t
        --- stderr
        error: `--to` takes a place, and these 3 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        --- exit 2
        $ mcpjwt issue --sub a --to env:X
        --- stderr
        error: `env:X` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt issue --sub a --to 'cmd:cat x'
        --- stderr
        error: `cmd:cat x` can only be read
        hint: write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`
        --- exit 2
        $ mcpjwt issue --sub a --to json:a.json#x
        --- stderr
        error: this `json:` place cannot be read: a JSON pointer starts with `/`
        hint: write `json:PATH#/json/pointer`
        --- exit 2
        $ mcpjwt issue --sub a --to cursor:me/x
        --- stderr
        error: this place of `cursor` cannot be read: a scope is `user`, `project` or `local`
        hint: write `cursor[:SCOPE]/SERVER`
        --- exit 2
        $ mcpjwt issue --sub a --kid other --key file:k
        --- stderr
        error: there is no key with that `--kid`
        hint: one of `UOuPGLMbqgKiRQGz`
        --- exit 4
        $ mcpjwt issue --sub a --alg RS256 --key file:k
        --- stderr
        error: RS256 takes a key of kind RSA, and this one is of kind secret
        --- exit 4
        $ mcpjwt issue --sub a --key-encoding base32 --key file:k
        --- stderr
        error: there is no such encoding
        hint: `hex`, `base64` or `base64url`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn all_mistakes_of_a_line_are_told_at_once() {
    let shown = with_key().run(
        "mcpjwt issue --sub '' --ttl 5 --nbf soon --quota 0 --claim x --to nowhere --alg none --key mysecret",
    );
    expect![[r#"
        --- stderr
        error: `--to` takes a place, and these 7 characters are none
        hint: `CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`
        error: `--ttl`: `5` has no unit
        hint: write `5s`, `5m`, `5h` or `5d`
        error: `--nbf`: `soon` is not a time
        hint: write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`
        error: `--quota` takes a whole number above 0
        hint: such as `--quota 100`
        error: `--claim` takes `NAME=TEXT` or `NAME:=JSON`
        hint: such as `--claim team=search` or `--claim 'limits:={"rpm":60}'`
        error: there is no such algorithm
        hint: one of HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519
        error: the key is no place, but 8 characters of something else; a secret does not belong on the command line
        hint: put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `--key ask`
        error: `--sub` is empty
        hint: name the client the token is for, such as `--sub vscode1`
        --- exit 2
    "#]].assert_eq(&shown);
}
