//! `mcpjwt issue` where there is a manifest: what a token starts from.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = r#"
name = "exai"
iss = "exai-mcp-server"
aud = "exai-mcp-client"
alg = "HS384"
ttl = "90d"
key = "file:k"

[roles]
developer = ["index:read", "index:write"]
reader = ["index:read"]

[[token]]
name = "vscode1"
sub = "vscode1@exai-mcp.local"
role = "developer"
scope = "search:read index:read"
claims = { name = "VS Code 1", quota = 100, team = "search" }
ttl = "30d"
aud = ["one", "two"]
typ = "at+jwt"
client-id = "vscode"

[[token]]
sub = "claude@exai-mcp.local"

[[token]]
name = "other"
sub = "claude@exai-mcp.local"
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file("k", format!("{SECRET}\n"))
}

/// The claims that a dry run would mint, and how long they last.
fn claims(room: &mut Sandbox, options: &str) -> String {
    let shown = room.run_raw(&format!("mcpjwt issue -q --dry-run {options}"));
    let minted = shown
        .stderr
        .lines()
        .find(|it| it.starts_with("would mint "));
    let minted = minted.unwrap_or_else(|| panic!("{options}: {}", shown.stderr));
    let claims = minted.trim_start_matches("would mint ");
    claims
        .replace(r#""iat":1763783995,"#, "")
        .replace(r#","jti":"(random)""#, "")
}

#[test]
fn a_name_or_subject_of_the_manifest_starts_from_that_token() {
    let mut room = room();
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub vscode1 --dry-run",
            "mcpjwt issue --sub vscode1@exai-mcp.local --no-record --json",
            "mcpjwt issue --sub vscode1 --plain --dry-run",
            "mcpjwt issue --sub stranger --dry-run",
            "mcpjwt issue --sub claude@exai-mcp.local --dry-run",
            "mcpjwt issue --sub claude --sub vscode1 --sub new --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub vscode1 --dry-run
        --- stderr
        note: `vscode1@exai-mcp.local` is the token `vscode1` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        would mint {"iss":"exai-mcp-server","sub":"vscode1@exai-mcp.local","aud":["one","two"],"iat":1763783995,"exp":1766376000,"jti":"(random)","scope":"index:read index:write search:read","client_id":"vscode","role":"developer","name":"VS Code 1","quota":100,"team":"search"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- exit 0
        $ mcpjwt issue --sub vscode1@exai-mcp.local --no-record --json
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": "eyJhbGciOiJIUzM4NCIsInR5cCI6ImF0K2p3dCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjpbIm9uZSIsInR3byJdLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2NjM3NjAwMCwianRpIjoiMDIyYWIxYmE4MDQwOThlNmNiMjkzZTY3NzBlYjNhOTUiLCJzY29wZSI6ImluZGV4OnJlYWQgaW5kZXg6d3JpdGUgc2VhcmNoOnJlYWQiLCJjbGllbnRfaWQiOiJ2c2NvZGUiLCJyb2xlIjoiZGV2ZWxvcGVyIiwibmFtZSI6IlZTIENvZGUgMSIsInF1b3RhIjoxMDAsInRlYW0iOiJzZWFyY2gifQ.-JVTqGEKRzE4-LNfemvt0oDpZD2XXuSXuGSPIJ6ZD-GMJK_VLtAAOJJz8HcCGck7",
              "sub": "vscode1@exai-mcp.local",
              "jti": "022ab1ba804098e6cb293e6770eb3a95",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "places": [],
              "claims": {
                "iss": "exai-mcp-server",
                "sub": "vscode1@exai-mcp.local",
                "aud": [
                  "one",
                  "two"
                ],
                "iat": 1763783995,
                "exp": 1766376000,
                "jti": "022ab1ba804098e6cb293e6770eb3a95",
                "scope": "index:read index:write search:read",
                "client_id": "vscode",
                "role": "developer",
                "name": "VS Code 1",
                "quota": 100,
                "team": "search"
              }
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt issue --sub vscode1 --plain --dry-run
        --- stderr
        would mint {"iss":"exai-mcp-server","sub":"vscode1","aud":"exai-mcp-client","iat":1763783995,"exp":1771560000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        --- exit 0
        $ mcpjwt issue --sub stranger --dry-run
        --- stderr
        would mint {"iss":"exai-mcp-server","sub":"stranger","aud":"exai-mcp-client","iat":1763783995,"exp":1771560000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        --- exit 0
        $ mcpjwt issue --sub claude@exai-mcp.local --dry-run
        --- stderr
        error: 2 tokens of the manifest have that subject
        hint: say which by its name: `claude`, `other`
        --- exit 4
        $ mcpjwt issue --sub claude --sub vscode1 --sub new --dry-run
        --- stderr
        note: `claude@exai-mcp.local` is the token `claude` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        note: `vscode1@exai-mcp.local` is the token `vscode1` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        would mint {"iss":"exai-mcp-server","sub":"claude@exai-mcp.local","aud":"exai-mcp-client","iat":1763783995,"exp":1771560000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        would mint {"iss":"exai-mcp-server","sub":"vscode1@exai-mcp.local","aud":["one","two"],"iat":1763783995,"exp":1766376000,"jti":"(random)","scope":"index:read index:write search:read","client_id":"vscode","role":"developer","name":"VS Code 1","quota":100,"team":"search"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        would mint {"iss":"exai-mcp-server","sub":"new","aud":"exai-mcp-client","iat":1763783995,"exp":1771560000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS384)
          good until 2026-02-20 04:00:00 +00:00 (in 90 d)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn options_and_environment_come_before_the_manifest() {
    #[rustfmt::skip]
    let cases = [
        // options                                    claims
        ("--sub claude",                              r#"{"iss":"exai-mcp-server","sub":"claude@exai-mcp.local","aud":"exai-mcp-client","exp":1771560000}"#),
        ("--sub claude --iss i --aud a --ttl 1h",     r#"{"iss":"i","sub":"claude@exai-mcp.local","aud":"a","exp":1763787600}"#),
        ("--sub claude --exp +2h",                    r#"{"iss":"exai-mcp-server","sub":"claude@exai-mcp.local","aud":"exai-mcp-client","exp":1763791200}"#),
        ("--sub vscode1 --scope x --role reader --name N --quota 7 --claim team=a --claim b=c --client-id d",
                                                      r#"{"iss":"exai-mcp-server","sub":"vscode1@exai-mcp.local","aud":["one","two"],"exp":1766376000,"scope":"x","client_id":"d","role":"reader","name":"N","quota":7,"team":"a","b":"c"}"#),
        ("--sub vscode1 --role reader",               r#"{"iss":"exai-mcp-server","sub":"vscode1@exai-mcp.local","aud":["one","two"],"exp":1766376000,"scope":"index:read search:read","client_id":"vscode","role":"reader","name":"VS Code 1","quota":100,"team":"search"}"#),
        ("--sub new --role reader",                   r#"{"iss":"exai-mcp-server","sub":"new","aud":"exai-mcp-client","exp":1771560000,"role":"reader"}"#),
        ("--sub claude --no-manifest --key file:k",   r#"{"iss":"mcpjwt","sub":"claude","aud":"mcp","exp":1763870400}"#),
    ];
    for (options, want) in cases {
        assert_eq!(claims(&mut room(), options), want, "{options}");
    }
    let mut room = room()
        .env("MCPJWT_ISS", "e")
        .env("MCPJWT_AUD", "f")
        .env("MCPJWT_TTL", "1d");
    assert_eq!(
        claims(&mut room, "--sub vscode1 --plain"),
        r#"{"iss":"e","sub":"vscode1","aud":"f","exp":1763870400}"#
    );
}

#[test]
fn a_token_without_an_end_of_its_own_lasts_as_the_manifest_says_in_a_place_too() {
    let mut room = room().file(
        "mcpjwt.toml",
        "key = \"file:k\"\nttl = \"2d\"\n[[token]]\nsub = \"a\"\n",
    );
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a --to file:t --no-record -q --json",
            "mcpjwt expiry file:t",
        ],
    );
    assert!(shown.contains("in 2 d"), "{shown}");
}
