//! `mcpjwt headers`: a fresh token for a client, or nothing on standard output.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{OTHER, SECRET, runs};

const MANIFEST: &str = r#"
iss = "exai-mcp-server"
aud = "exai-mcp-client"
ttl = "90d"
key = "file:k"

[[token]]
sub = "vscode1@exai-mcp.local"
claims = { quota = 100 }
ttl = "30d"
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file("k", format!("{SECRET}\n"))
}

#[test]
fn a_token_of_the_manifest_is_made_anew_each_time_for_twelve_hours() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt headers vscode1",
            "mcpjwt headers vscode1@exai-mcp.local --format header --no-record",
            "mcpjwt headers vscode1 --format token --no-record --json",
        ],
    );
    expect![[r#"
        $ mcpjwt headers vscode1
        --- stdout
        {"Authorization":"Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwicXVvdGEiOjEwMH0.NxWQ_ZtMD2k_e0lD3jLsFqYXxssU2fXEfcq4Xod5zDg"}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763827200}
        --- exit 0
        $ mcpjwt headers vscode1@exai-mcp.local --format header --no-record
        --- stdout
        Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1IiwicXVvdGEiOjEwMH0.o-D66pyWC2XZDUqDlu893ISjP2gcdeYNGIXeXfajOAs
        --- exit 0
        $ mcpjwt headers vscode1 --format token --no-record --json
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIiwicXVvdGEiOjEwMH0.iUdjSJ6SdfoY85yrt55RgZiBaCl6A2exfYnEroI6ij8
        --- exit 0
    "#]].assert_eq(&shown);
    let token = room.run_raw("mcpjwt headers vscode1 --format token --no-record");
    let line = format!("mcpjwt decode {}", token.stdout.trim());
    expect![[r#"
        --- stdout
        header
          alg  HS256
          typ  JWT
          kid  UOuPGLMbqgKiRQGz
        claims
          iss    exai-mcp-server
          sub    vscode1@exai-mcp.local
          aud    exai-mcp-client
          iat    2025-11-22 03:59:55 +00:00 (5 s ago)
          exp    2025-11-22 16:00:00 +00:00 (in 12 h)
          jti    f6d0c233a1c4cb77febe023d51d6fc53
          quota  100
        signature: not checked
        --- exit 0
    "#]]
    .assert_eq(&room.run(&line));
}

#[test]
fn without_a_manifest_the_name_is_the_subject_and_the_line_carries_the_rest() {
    let mut room = Sandbox::default().file("k", SECRET);
    let shown = runs(
        &mut room,
        &[
            "mcpjwt headers vscode1",
            "mcpjwt headers vscode1 --key file:k --no-record --format token --iss i --aud a --ttl 1h --role r --scope s --quota 3 --claim x:=[1] --client-id c --typ at+jwt --alg HS512",
        ],
    );
    expect![[r#"
        $ mcpjwt headers vscode1
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt headers vscode1 --key file:k --no-record --format token --iss i --aud a --ttl 1h --role r --scope s --quota 3 --claim x:=[1] --client-id c --typ at+jwt --alg HS512
        --- stdout
        eyJhbGciOiJIUzUxMiIsInR5cCI6ImF0K2p3dCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoidnNjb2RlMSIsImF1ZCI6ImEiLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2Mzc4NzYwMCwianRpIjoiZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQiLCJzY29wZSI6InMiLCJjbGllbnRfaWQiOiJjIiwicm9sZSI6InIiLCJxdW90YSI6MywieCI6WzFdfQ.Rhxa_kg7Eaphy28JzrFjC6h34nREF3V79jC9xTmVyDVhwJ3q360pgjDByfK_sFUEwrh8Mzi4dmYmQjHEf5tZxA
        --- exit 0
    "#]].assert_eq(&shown);
    let token = shown.lines().rfind(|line| line.starts_with("eyJ"));
    let decoded = room.run(&format!("mcpjwt decode {} --json", token.unwrap()));
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "HS512",
            "typ": "at+jwt",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "i",
            "sub": "vscode1",
            "aud": "a",
            "iat": 1763783995,
            "exp": 1763787600,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
            "scope": "s",
            "client_id": "c",
            "role": "r",
            "quota": 3,
            "x": [
              1
            ]
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-22T05:00:00Z"
          },
          "signature": "not checked",
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&decoded);
    let made = runs(
        &mut room,
        &[
            "mcpjwt secret generate -q",
            "mcpjwt headers vscode1 -q --no-record",
        ],
    );
    assert!(made.contains("{\"Authorization\":\"Bearer eyJ"), "{made}");
}

#[test]
fn the_key_is_the_manifests_unless_it_is_told() {
    let mut room = room().file("other", OTHER).env("MCPJWT_KEY", "file:other");
    let kid = |room: &mut Sandbox, options: &str| {
        let token = room
            .run_raw(&format!(
                "mcpjwt headers vscode1 --format token --no-record {options}"
            ))
            .stdout;
        let header = room
            .run_raw(&format!("mcpjwt decode {}", token.trim()))
            .stdout;
        let kid = header.lines().find(|line| line.contains("kid"));
        kid.and_then(|line| line.split_whitespace().last())
            .unwrap()
            .to_owned()
    };
    assert_eq!(kid(&mut room, ""), "UOuPGLMbqgKiRQGz");
    assert_eq!(kid(&mut room, "--key file:other"), "G-2KYj0OXRAxhfq5");
    assert_eq!(kid(&mut room, "--no-manifest"), "G-2KYj0OXRAxhfq5");
}

#[test]
fn an_error_leaves_standard_output_empty() {
    let mut room = room()
        .file(
            "untrusted.toml",
            "key = \"cmd:evil\"\n[[token]]\nsub = \"a\"\n",
        )
        .file("broken.toml", "key = 1\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt headers vscode2",
            "mcpjwt headers nobody",
            "mcpjwt headers ''",
            "mcpjwt headers vscode1 --key file:gone --json",
            "mcpjwt headers a -m untrusted.toml",
            "mcpjwt headers a -m broken.toml --ttl 5 --json",
            "mcpjwt headers --json",
            "mcpjwt headers vscode1 --format xml",
        ],
    );
    expect![[r#"
        $ mcpjwt headers vscode2
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name (7 characters)
        hint: did you mean `vscode1`?
        --- exit 4
        $ mcpjwt headers nobody
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name (6 characters)
        hint: it has `vscode1`; to make a token without it: `--no-manifest`
        --- exit 4
        $ mcpjwt headers ''
        --- stderr
        error: `NAME` is empty
        hint: say whose token it is
        --- exit 2
        $ mcpjwt headers vscode1 --key file:gone --json
        --- stderr
        error: there is no key at `file:gone`
        hint: make one there with `mcpjwt secret generate --to file:gone`
        --- exit 4
        $ mcpjwt headers a -m untrusted.toml
        --- stderr
        error: `~/project/untrusted.toml` is not trusted, and its `key` runs a command: `cmd:evil`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/untrusted.toml`; to go without it: `--no-manifest`
        --- exit 4
        $ mcpjwt headers a -m broken.toml --ttl 5 --json
        --- stderr
        error: `~/project/broken.toml` line 1: `key` is an integer, not a string
        hint: put it between quotes
        error: `--ttl`: `5` has no unit
        hint: write `5s`, `5m`, `5h` or `5d`
        --- exit 2
        $ mcpjwt headers --json
        --- stderr
        error: `NAME` is missing
        hint: say whose token it is: `mcpjwt headers NAME`
        --- exit 2
        $ mcpjwt headers vscode1 --format xml
        --- stderr
        error: `--format` does not take that value
        hint: one of json, header, token
        --- exit 2
    "#]].assert_eq(&shown);
    assert!(!shown.contains("--- stdout"), "{shown}");
}

#[test]
fn helper_ttl_is_the_lifetime_and_the_environment_has_no_say_in_it() {
    #[rustfmt::skip]
    let cases = [
        // of the manifest               options         seconds
        ("",                             "",             43_200),
        ("helper-ttl = \"8h\"\n",        "",             28_800),
        ("helper-ttl = \"8h\"\n",        "--ttl 5m",     300),
    ];
    for (line, options, want) in cases {
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", format!("{line}{MANIFEST}"))
            .file("k", SECRET)
            .env("MCPJWT_TTL", "90d");
        let token = room.run_raw(&format!("mcpjwt headers vscode1 --format token {options}"));
        let decoded = room.run_raw(&format!("mcpjwt decode --json {}", token.stdout.trim()));
        let exp = format!("\"exp\": {}", crate::support::NOW + want);
        assert!(
            decoded.stdout.contains(&exp),
            "{line} {options}: {}",
            decoded.stdout
        );
    }
}

#[test]
fn without_a_state_folder_the_token_comes_with_a_warning() {
    let mut room = room().homeless();
    let shown = room.run("mcpjwt headers vscode1");
    expect![[r#"
        --- stdout
        {"Authorization":"Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4MjcyMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0IiwicXVvdGEiOjEwMH0.NxWQ_ZtMD2k_e0lD3jLsFqYXxssU2fXEfcq4Xod5zDg"}
        --- stderr
        warning: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        --- exit 0
    "#]].assert_eq(&shown);
    let mut room = room.read_only("~/.local");
    assert_eq!(
        room.run_raw("mcpjwt headers vscode1 --no-record").stderr,
        ""
    );
}

#[test]
fn a_manifest_without_tokens_has_none_to_name() {
    let mut room = Sandbox::default().file("mcpjwt.toml", "iss = \"i\"\nkey = \"file:k\"\n");
    expect![[r#"
        --- stderr
        error: `~/project/mcpjwt.toml` has no token of that name (7 characters)
        hint: it has none at all; to make a token without it: `--no-manifest`
        --- exit 4
    "#]]
    .assert_eq(&room.run("mcpjwt headers vscode1"));
}
