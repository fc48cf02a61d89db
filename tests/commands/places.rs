//! Tokens into places: `mcpjwt issue --to`.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

#[test]
fn a_place_gets_the_token_and_nothing_secret_is_printed() {
    let shown = runs(
        &mut with_key(),
        &[
            "mcpjwt issue --sub a --key file:k --to file:t",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#MCP_TOKEN",
            "mcpjwt issue --sub a --key file:k --to keyring:exai/a",
            "mcpjwt issue --sub a --key file:k --to keyring:exai/b --to -",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --to file:t
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `file:t`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        --- t (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#MCP_TOKEN
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#MCP_TOKEN`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"],"made":{"dotenv:/home/me/project/.env#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        --- .env (0600)
        MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.wbDEM9l_hLjgRZWfbNROMIlWm2uyJ7oPhPC54T0CWeg
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to keyring:exai/a
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `keyring:exai/a`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"],"made":{"dotenv:/home/me/project/.env#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/a"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/a"]}
        --- keyring:exai/a
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        --- (no newline at the end)
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to keyring:exai/b --to -
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `keyring:exai/b`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["file:/home/me/project/t"]}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#MCP_TOKEN"],"made":{"dotenv:/home/me/project/.env#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/a"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/a"]}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/b"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/b"]}
        --- keyring:exai/b
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        --- (no newline at the end)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn two_variables_of_a_file_are_written_together() {
    let mut room = with_key().file(
        ".env",
        "# ours\r\nA=eyJhbGciOiJIUzI1NiJ9.e30.x # old\r\n\r\nPORT=1\r\n",
    );
    let line =
        "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --to dotenv:.env#B";
    let shown = runs(&mut room, &[line]);
    // Source has no carriage returns, so they are shown.
    let shown = shown.replace('\r', "<CR>");
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --to dotenv:.env#B
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        wrote the token of `a` to `dotenv:.env#B`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        # ours<CR>
        # old<CR>
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU<CR>
        <CR>
        PORT=1<CR>
        B=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU<CR>
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn all_values_of_a_file_are_one_write_whatever_it_is_called() {
    let mut room = with_key().link("link", ".env").file(".env", "");
    room.run(
        "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --to dotenv:./x/../.env#B --to dotenv:link#C",
    );
    assert_eq!(room.files.writes, 1);
    let text = room.text(".env").unwrap_or_default();
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(names, ["A", "B", "C"]);
}

#[test]
fn what_is_no_token_is_replaced_only_with_force() {
    let mut room = with_key()
        .file(".env", "A=legacy-token\nB=\nC=eyJhbGciOiJIUzI1NiJ9.cut\nD=\"Bearer eyJhbGciOiJIUzI1NiJ9.e30.x\"\n")
        .file("notes", "my notes\n")
        .keyring("exai", "a", "foreign");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --to file:notes --to keyring:exai/a",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --json",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --force",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#B --to dotenv:.env#C",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#D",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --to file:notes --to keyring:exai/a
        --- stderr
        error: `dotenv:.env#A` holds something that is no token (12 bytes)
        hint: to replace it all the same, add `--force`
        error: `file:notes` holds something that is no token (9 bytes)
        hint: to replace it all the same, add `--force`
        error: `keyring:exai/a` holds something that is no token (7 bytes)
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --json
        --- stdout
        {
          "ok": false,
          "tokens": null,
          "warnings": [],
          "errors": [
            {
              "code": "place_foreign_value",
              "place": "dotenv:.env#A",
              "message": "`dotenv:.env#A` holds something that is no token (12 bytes)",
              "hint": "to replace it all the same, add `--force`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A --force
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        B=
        C=eyJhbGciOiJIUzI1NiJ9.cut
        D="Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"
        --- exit 0
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#B --to dotenv:.env#C
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#B`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        wrote the token of `a` to `dotenv:.env#C`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        B=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        C=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        D="Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"
        --- exit 0
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#D
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#D`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.L0kbj7ItkGo7eCaQiTZmdvUkxkIPFbxd0ZGgoaFUkmc
        B=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        C=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.crhsTupZxVmDfMeTfZMl1ntZUBL7kXV87D6MUr2TIIQ
        D="Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjYxNjc1MDk5N2FjMDVlMjI2OTUzNzk4ODc2YTJjMzY5In0.KgCSO60QCkdb3-zFONMPS3qHL-Z2pP1eCv4emFJbhlg"
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_dry_run_changes_nothing() {
    let mut room = with_key().file(".env", "A=legacy-token\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#B --dry-run",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#B --dry-run --json",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#A --dry-run",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#A --dry-run --force",
            "mcpjwt issue --sub a --sub b --dry-run",
            "mcpjwt issue --sub a --dry-run --json",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#B --dry-run
        --- stderr
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1766376000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS256)
          good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        would write `dotenv:.env#B`
          + B=<266 characters>
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#B --dry-run --json
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": null,
              "sub": "a",
              "jti": null,
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "places": [
                "dotenv:/home/me/project/.env#B"
              ],
              "claims": {
                "iss": "mcpjwt",
                "sub": "a",
                "aud": "mcp",
                "iat": 1763783995,
                "exp": 1766376000,
                "jti": "(random)"
              }
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#A --dry-run
        --- stderr
        error: `dotenv:.env#A` holds something that is no token (12 bytes)
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#A --dry-run --force
        --- stderr
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1766376000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS256)
          good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        would write `dotenv:.env#A`
          - A=<12 characters>
          + A=<266 characters>
        --- exit 0
        $ mcpjwt issue --sub a --sub b --dry-run
        --- stderr
        there is no key yet: the first run makes one
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"(random)"}
          good until 2025-11-23 04:00:00 +00:00 (in 24 h)
        would mint {"iss":"mcpjwt","sub":"b","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"(random)"}
          good until 2025-11-23 04:00:00 +00:00 (in 24 h)
        --- exit 0
        $ mcpjwt issue --sub a --dry-run --json
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": null,
              "sub": "a",
              "jti": null,
              "kid": null,
              "exp": 1763870400,
              "expires": "2025-11-23T04:00:00Z",
              "places": [],
              "claims": {
                "iss": "mcpjwt",
                "sub": "a",
                "aud": "mcp",
                "iat": 1763783995,
                "exp": 1763870400,
                "jti": "(random)"
              }
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&shown);
    assert!(room.keyring.entries.is_empty() && room.files.files.len() == 2);
}

#[test]
fn files_that_others_can_read_are_told_at_once() {
    let shown = with_key()
        .file_with_mode("a b.env", "A=eyJhbGciOiJIUzI1NiJ9.e30.x\n", 0o644)
        .file_with_mode("~/c.env", "A=eyJhbGciOiJIUzI1NiJ9.e30.x\n", 0o640)
        .run_raw("mcpjwt issue --sub a --no-record --key file:k -q --to 'dotenv:a b.env#A' --to dotenv:~/c.env#A")
        .stderr;
    expect![[r#"
        warning: others can read `a b.env` (mode 0644), `~/c.env` (mode 0640)
        hint: chmod 600 'a b.env' ~/c.env
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_file_that_gets_its_first_secret_is_closed_and_one_that_had_one_is_not() {
    let mut room = with_key()
        .file_with_mode("new.env", "PORT=1\n", 0o644)
        .file_with_mode("old.env", "A=eyJhbGciOiJIUzI1NiJ9.e30.x\n", 0o640);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:new.env#A",
            "mcpjwt issue --sub a --no-record --key file:k --to dotenv:old.env#A",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:new.env#A
        --- stderr
        `new.env` holds a secret now: mode 0644 became 0600
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:new.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- new.env (0600)
        PORT=1
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 0
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:old.env#A
        --- stderr
        warning: others can read `old.env` (mode 0640)
        hint: chmod 600 old.env
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:old.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- old.env (0640)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.wbDEM9l_hLjgRZWfbNROMIlWm2uyJ7oPhPC54T0CWeg
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn another_program_that_keeps_writing_is_told_and_one_that_writes_elsewhere_is_not() {
    let other = |text: &str| (crate::support::absolute(".env"), text.as_bytes().to_vec());
    let line = ["mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A"];
    let mut room = with_key().file(".env", "PORT=1\n");
    room.files.meddler.push_back(other("PORT=2\n"));
    let elsewhere = runs(&mut room, &line);
    let mut room = with_key().file(".env", "PORT=1\n");
    room.files.meddler.push_back(other("A=theirs\n"));
    let same = runs(&mut room, &line);
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        PORT=2
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 0
        $ mcpjwt issue --sub a --no-record --key file:k --to dotenv:.env#A
        --- stderr
        error: another program changed `dotenv:.env#A` meanwhile; it was left as it is
        hint: close the program that uses it, then run the same command again
        --- .env (0600)
        A=theirs
        --- exit 4
    "#]].assert_eq(&(elsewhere + &same));
}

#[test]
fn a_link_is_kept_and_the_home_folder_is_found() {
    let mut room = Sandbox::default()
        .file("~/k", "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b")
        .file("real.env", "A=\n")
        .link(".env", "real.env");
    let line = "mcpjwt issue --sub a --no-record --key file:~/k --to dotenv:.env#A";
    let shown = runs(&mut room, &[line]);
    expect![[r#"
        $ mcpjwt issue --sub a --no-record --key file:~/k --to dotenv:.env#A
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#A`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- real.env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IkZUNFpGM1Q1YTM3SEJVbEkifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.k45Tohc0r8XuUK9OH5aDy6DOHUI-mj0FluvBsQ53a-8
        --- exit 0
    "#]].assert_eq(&shown);
}
