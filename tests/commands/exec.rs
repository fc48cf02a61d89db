//! `mcpjwt exec`: what the program finds in its environment, and what it ends with.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = r#"
key = "env:H_KEY"
previous = "env:H_PREVIOUS"
next = "dotenv:.env#H_NEXT"

[[token]]
sub = "a"

[[token]]
sub = "b"
env = "B_TOKEN"
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .env("H_KEY", SECRET)
        .env("MCPJWT_KEY", "dotenv:x#OLD_KEY")
        .env("MCPJWT_TTL", "1d")
        .program("npx", 3)
        .program("true", 0)
}

#[test]
fn the_program_gets_the_token_and_neither_the_key_nor_anything_of_ours() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt exec a -- npx -y server --json --color always env:PATH",
            "mcpjwt exec b --no-record -- true",
            "mcpjwt exec b --no-record --env H_KEY -q -- true",
            "mcpjwt exec --no-record --no-manifest --key env:H_KEY c -- true",
        ],
    );
    expect![[r#"
        $ mcpjwt exec a -- npx -y server --json --color always env:PATH
        --- exec
        npx -y server --json --color always env:PATH
        + MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.7pxPIq4HoQLlqdUbw936Q62zXuGDCRoFQFD0s872AUU
        - MCPJWT_KEY
        - MCPJWT_TTL
        - H_KEY
        - H_NEXT
        - H_PREVIOUS
        - OLD_KEY
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763827200}
        --- exit 3
        $ mcpjwt exec b --no-record -- true
        --- exec
        true
        + B_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJiIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.xFOjPOWcqExP_gV8p0aG5I8VarzMW-tUpKNHiMhCQQ0
        - MCPJWT_KEY
        - MCPJWT_TTL
        - H_KEY
        - H_NEXT
        - H_PREVIOUS
        - OLD_KEY
        --- exit 0
        $ mcpjwt exec b --no-record --env H_KEY -q -- true
        --- exec
        true
        + H_KEY=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJiIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.wxdO5nFJ5JVGUJaRYFRGcp1RPjFV5xD2ZUdHmghuVBI
        - MCPJWT_KEY
        - MCPJWT_TTL
        - H_KEY
        - H_NEXT
        - H_PREVIOUS
        - OLD_KEY
        --- exit 0
        $ mcpjwt exec --no-record --no-manifest --key env:H_KEY c -- true
        --- exec
        true
        + MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJjIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImY2ZDBjMjMzYTFjNGNiNzdmZWJlMDIzZDUxZDZmYzUzIn0.VgSdpA6pPK0FQ3fANTB0rlpt4Sa8zj02fIvLjXBUvnE
        - MCPJWT_KEY
        - MCPJWT_TTL
        - H_KEY
        - OLD_KEY
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn its_own_troubles_end_as_those_of_env() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt exec a -- gone",
            "mcpjwt exec nobody -- true",
            "mcpjwt exec a --key file:gone --json -- true",
            "mcpjwt exec a true",
            "mcpjwt exec a --",
            "mcpjwt exec a --env 1A -- true",
            "mcpjwt exec --json",
            "mcpjwt exec a --ttl 5 --aud '' -- true",
        ],
    );
    expect![[r#"
        $ mcpjwt exec a -- gone
        --- stderr
        error: cannot run `gone`: there is no such program
        hint: see whether it is installed, and on `PATH`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763827200}
        --- exit 127
        $ mcpjwt exec nobody -- true
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name (6 characters)
        hint: it has `a`, `b`; to make a token without it: `--no-manifest`
        --- exit 125
        $ mcpjwt exec a --key file:gone --json -- true
        --- stderr
        error: there is no key at `file:gone`
        hint: make one there with `mcpjwt secret generate --to file:gone`
        --- exit 125
        $ mcpjwt exec a true
        --- stderr
        error: a word of 4 characters is one too many
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        --- exit 125
        $ mcpjwt exec a --
        --- stderr
        error: `CMD` is missing
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        --- exit 125
        $ mcpjwt exec a --env 1A -- true
        --- stderr
        error: `--env` is no name of a variable
        hint: letters, digits and `_`, not beginning with a digit
        --- exit 125
        $ mcpjwt exec --json
        --- stderr
        error: `NAME`, `CMD` are missing
        hint: the program comes last, behind `--`: `mcpjwt exec NAME -- CMD`
        --- exit 125
        $ mcpjwt exec a --ttl 5 --aud '' -- true
        --- stderr
        error: `--ttl`: `5` has no unit
        hint: write `5s`, `5m`, `5h` or `5d`
        error: `--aud` is empty
        hint: leave it out, or give it a value
        --- exit 125
    "#]].assert_eq(&shown);
    let help = room.run_raw("mcpjwt exec --help");
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
}
