//! Configs that hold no token: `--mode helper`, `env`, `input`, `file`, `exec`.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

const STORE: &str = r#"{"keys":[{"kty":"oct","use":"sig","alg":"HS256","kid":"k1","k":"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA","mcpjwt_state":"current"}]}"#;
const CLAUDE: &str = r#"{"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1", "Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"}}}}
"#;
const HELPER: &str = "/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=exai --aud=https://mcp.example.com/mcp --scope=read";

fn with_store() -> Sandbox {
    Sandbox::default().file("~/.local/share/mcpjwt/default.jwks", STORE)
}

#[test]
fn a_helper_takes_the_place_of_a_token_and_carries_all_it_needs() {
    let mut sandbox = with_store()
        .file("~/.claude.json", CLAUDE)
        .command(HELPER, "{\"Authorization\": \"Bearer x\"}");
    let line = "mcpjwt issue --sub a --iss exai --scope read --to claude-code/exai --mode helper";
    let shown = runs(
        &mut sandbox,
        &[
            &format!("{line} --dry-run"),
            line,
            line,
            "mcpjwt uninstall claude-code/exai",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --iss exai --scope read --to claude-code/exai --mode helper --dry-run
        --- stderr
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        would write `claude-code/exai`
          - {"mcpServers": {"exai": {"type": "<4 characters>", "url": "<27 characters>", "headers": {"X": "<1 characters>", "Authorization": "Bearer <26 characters>"}}}}
          + {"mcpServers": {"exai": {"type": "<4 characters>", "url": "<27 characters>", "headers": {"X": "<1 characters>"}, "headersHelper": "/usr/local/bin/mcpjwt headers… (291 characters)
        --- exit 0
        $ mcpjwt issue --sub a --iss exai --scope read --to claude-code/exai --mode helper
        --- stderr
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        note: the audience is `https://mcp.example.com/mcp` (`--aud`)
        `claude-code/exai` gets its token from `/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=exai --aud=https://mcp.example.com/mcp --scope=read` now
        --- ~/.claude.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1"}, "headersHelper": "/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=exai --aud=https://mcp.example.com/mcp --scope=read"}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headersHelper"],"made":{"json:/home/me/.claude.json#/mcpServers/exai/headersHelper":{"leaves":["/mcpServers/exai/headersHelper"],"tops":[{"at":"/mcpServers/exai/headersHelper"}]}},"refers":{"json:/home/me/.claude.json#/mcpServers/exai/headersHelper":"/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=exai --aud=https://mcp.example.com/mcp --scope=read"},"over":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"]}
        --- exit 0
        $ mcpjwt issue --sub a --iss exai --scope read --to claude-code/exai --mode helper
        --- stderr
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        note: the audience is `https://mcp.example.com/mcp` (`--aud`)
        `claude-code/exai` is so already
        --- exit 0
        $ mcpjwt uninstall claude-code/exai
        --- stderr
        took the token of `a` out of `claude-code/exai`
        --- ~/.claude.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1"}}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headersHelper"],"made":{"json:/home/me/.claude.json#/mcpServers/exai/headersHelper":{"leaves":["/mcpServers/exai/headersHelper"],"tops":[{"at":"/mcpServers/exai/headersHelper"}]}},"refers":{"json:/home/me/.claude.json#/mcpServers/exai/headersHelper":"/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=exai --aud=https://mcp.example.com/mcp --scope=read"},"over":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headersHelper"]}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_helper_that_does_not_work_is_not_written() {
    let mut sandbox = with_store().file("~/.claude.json", CLAUDE);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --to claude-code/exai --mode helper",
            "mcpjwt issue --sub a --to cursor/exai --url https://x.example --mode helper",
            "mcpjwt issue --sub a --to claude-code/exai --mode env",
            "mcpjwt install --to claude-code/exai --mode helper",
            "mcpjwt issue --sub a --mode helper",
            "mcpjwt issue --sub a --to claude-code/exai --mode exec",
        ],
    );
    assert_eq!(sandbox.text("~/.claude.json").as_deref(), Some(CLAUDE));
    expect![[r#"
        $ mcpjwt issue --sub a --to claude-code/exai --mode helper
        --- stderr
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        error: the command for the config does not work: it ended with exit code 127
        hint: see what it says: `/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=mcpjwt --aud=https://mcp.example.com/mcp`
        --- exit 4
        $ mcpjwt issue --sub a --to cursor/exai --url https://x.example --mode helper
        --- stderr
        error: cannot use `cursor/exai`: `exai` of Cursor cannot have its token by `--mode helper`: the entry names a URL
        hint: it can by `--mode literal` or `--mode env`
        --- exit 2
        $ mcpjwt issue --sub a --to claude-code/exai --mode env
        --- stderr
        error: with `--mode env` the token itself has to go somewhere too
        hint: add `--to -` to print it, or a place such as `--to dotenv:.env#MCP_TOKEN`
        --- exit 2
        $ mcpjwt install --to claude-code/exai --mode helper
        --- stderr
        error: with `--mode helper` the token is made anew each time
        hint: say whose: `mcpjwt issue --sub NAME --to .. --mode ..`
        --- exit 2
        $ mcpjwt issue --sub a --mode helper
        --- stderr
        error: `--mode` is about a server entry, and no place is one
        hint: add `--to CLIENT/SERVER` or `--to mcp:PATH#SERVER`
        --- exit 2
        $ mcpjwt issue --sub a --to claude-code/exai --mode exec
        --- stderr
        error: cannot use `claude-code/exai`: `exai` of Claude Code cannot have its token by `--mode exec`: the entry names a URL
        hint: it can by `--mode literal`, `--mode helper` or `--mode env`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_project_names_nothing_of_one_machine() {
    let mut sandbox = with_store().file(".mcp.json", CLAUDE).command(
        "mcpjwt headers a --no-manifest --iss=mcpjwt --aud=https://mcp.example.com/mcp",
        "{}",
    );
    let shown = runs(
        &mut sandbox,
        &["mcpjwt issue --sub a --to claude-code:project/exai --mode helper --no-record"],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --to claude-code:project/exai --mode helper --no-record
        --- stderr
        warning: Claude Code runs a helper of a project only once the project is trusted there
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        note: the issuer is `mcpjwt` (`--iss`), the audience is `https://mcp.example.com/mcp` (`--aud`)
        `claude-code:project/exai` gets its token from `mcpjwt headers a --no-manifest --iss=mcpjwt --aud=https://mcp.example.com/mcp` now
        --- .mcp.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1"}, "headersHelper": "mcpjwt headers a --no-manifest --iss=mcpjwt --aud=https://mcp.example.com/mcp"}}}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn references_by_variable_question_and_file() {
    let mut sandbox = with_key()
        .file("~/.claude.json", CLAUDE)
        .file(
            "~/.config/Code/User/mcp.json",
            "{\n\t\"servers\": {\n\t\t\"exai\": {\"url\": \"https://mcp.example.com/mcp\"}\n\t}\n}\n",
        )
        .file(
            "~/.config/opencode/opencode.json",
            "{\"mcp\": {\"exai\": {\"type\": \"remote\", \"url\": \"https://mcp.example.com/mcp\"}}}\n",
        );
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --key file:k --no-record --to claude-code/exai --mode env --env EXAI --to -",
            "mcpjwt install --no-record --to vscode/exai --mode input",
            "mcpjwt issue --sub a --key file:k --no-record --to opencode/exai --mode file",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --no-record --to claude-code/exai --mode env --env EXAI --to -
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoiaHR0cHM6Ly9tY3AuZXhhbXBsZS5jb20vbWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.2I81xnp8p-d-UtuI35qFxKv7Yw5AO87-di7d9HKveEk
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `https://mcp.example.com/mcp` (`--aud`)
        `claude-code/exai` takes the token from the variable `EXAI` now: set it where the client is started
        --- ~/.claude.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1", "Authorization": "Bearer ${EXAI}"}}}}
        --- exit 0
        $ mcpjwt install --no-record --to vscode/exai --mode input
        --- stderr
        `vscode/exai` asks for the token now, once: paste it there
        --- ~/.config/Code/User/mcp.json (0600)
        {
        	"servers": {
        		"exai": {"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${input:exai-token}"}}
        	},
        	"inputs": [
        		{
        			"type": "promptString",
        			"id": "exai-token",
        			"description": "Token of exai",
        			"password": true
        		}
        	]
        }
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --no-record --to opencode/exai --mode file
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `https://mcp.example.com/mcp` (`--aud`)
        wrote the token of `a` to `file:/home/me/.local/share/mcpjwt/tokens/exai-7a5f80f6`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        `opencode/exai` takes the token from `/home/me/.local/share/mcpjwt/tokens/exai-7a5f80f6` now
        --- ~/.config/opencode/opencode.json (0600)
        {"mcp": {"exai": {"type": "remote", "url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer {file:/home/me/.local/share/mcpjwt/tokens/exai-7a5f80f6}"}}}}
        --- ~/.local/share/mcpjwt/tokens/exai-7a5f80f6 (0600)
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoiaHR0cHM6Ly9tY3AuZXhhbXBsZS5jb20vbWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1In0.YHBZ_Mp8oi7U3sMj2zBdPteVDUofE8223hHsbC27Y2o
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_command_is_wrapped_and_unwrapped() {
    let config = "{\"mcpServers\": {\"exai\": {\"command\": \"node\", \"args\": [\"s.js\"], \"env\": {\"TOKEN\": \"eyJhbGciOiJIUzI1NiJ9.e30.x\", \"N\": \"1\"}}}}\n";
    let mut sandbox = with_store().file("~/.cursor/mcp.json", config);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --to cursor/exai --mode exec",
            "mcpjwt issue --sub a --to cursor/exai --mode exec",
            "mcpjwt uninstall cursor/exai",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --to cursor/exai --mode exec
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        `cursor/exai` starts its server by `mcpjwt exec` now, with a token of `a`
        --- ~/.cursor/mcp.json (0600)
        {"mcpServers": {"exai": {"command": "/usr/local/bin/mcpjwt", "args": ["exec", "a", "--no-manifest", "--key=file:/home/me/.local/share/mcpjwt/default.jwks", "--iss=mcpjwt", "--aud=mcp", "--env", "TOKEN", "--", "node", "s.js"], "env": {"N": "1"}}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/command"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/command":{"leaves":["/mcpServers/exai/args/1","/mcpServers/exai/args/2","/mcpServers/exai/args/3","/mcpServers/exai/args/4","/mcpServers/exai/args/5","/mcpServers/exai/args/6","/mcpServers/exai/args/7","/mcpServers/exai/args/8","/mcpServers/exai/args/9","/mcpServers/exai/args/10"],"tops":[{"at":"/mcpServers/exai/args/1"},{"at":"/mcpServers/exai/args/2"},{"at":"/mcpServers/exai/args/3"},{"at":"/mcpServers/exai/args/4"},{"at":"/mcpServers/exai/args/5"},{"at":"/mcpServers/exai/args/6"},{"at":"/mcpServers/exai/args/7"},{"at":"/mcpServers/exai/args/8"},{"at":"/mcpServers/exai/args/9"},{"at":"/mcpServers/exai/args/10"}]}},"refers":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/command":"/usr/local/bin/mcpjwt"},"over":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/env/TOKEN"]}
        --- exit 0
        $ mcpjwt issue --sub a --to cursor/exai --mode exec
        --- stderr
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        `cursor/exai` is so already
        --- exit 0
        $ mcpjwt uninstall cursor/exai
        --- stderr
        took the token of `a` out of `cursor/exai`
        --- ~/.cursor/mcp.json (0600)
        {"mcpServers": {"exai": {"command": "node", "args": ["s.js"], "env": {"N": "1"}}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/command"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/command":{"leaves":["/mcpServers/exai/args/1","/mcpServers/exai/args/2","/mcpServers/exai/args/3","/mcpServers/exai/args/4","/mcpServers/exai/args/5","/mcpServers/exai/args/6","/mcpServers/exai/args/7","/mcpServers/exai/args/8","/mcpServers/exai/args/9","/mcpServers/exai/args/10"],"tops":[{"at":"/mcpServers/exai/args/1"},{"at":"/mcpServers/exai/args/2"},{"at":"/mcpServers/exai/args/3"},{"at":"/mcpServers/exai/args/4"},{"at":"/mcpServers/exai/args/5"},{"at":"/mcpServers/exai/args/6"},{"at":"/mcpServers/exai/args/7"},{"at":"/mcpServers/exai/args/8"},{"at":"/mcpServers/exai/args/9"},{"at":"/mcpServers/exai/args/10"}]}},"refers":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/command":"/usr/local/bin/mcpjwt"},"over":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/env/TOKEN"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/command"]}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_token_of_the_manifest_is_named_and_nothing_else() {
    let mut sandbox = with_store()
        .file("k", "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d\n")
        .file(
            "mcpjwt.toml",
            "name = \"exai\"\niss = \"exai\"\naud = \"exai\"\nkey = \"file:k\"\n\n[[token]]\nsub = \"vscode1@exai\"\n",
        )
        .file("~/.claude.json", CLAUDE)
        .file(".mcp.json", CLAUDE)
        .command("/usr/local/bin/mcpjwt -m /home/me/project/mcpjwt.toml headers vscode1", "{}")
        .command("mcpjwt headers vscode1", "{}");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub vscode1 --to claude-code:user/exai --mode helper --no-record",
            "mcpjwt issue --sub vscode1 --to claude-code:project/exai --mode helper --no-record",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub vscode1 --to claude-code:user/exai --mode helper --no-record
        --- stderr
        note: `vscode1@exai` is the token `vscode1` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        `claude-code:user/exai` gets its token from `/usr/local/bin/mcpjwt -m /home/me/project/mcpjwt.toml headers vscode1` now
        --- ~/.claude.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1"}, "headersHelper": "/usr/local/bin/mcpjwt -m /home/me/project/mcpjwt.toml headers vscode1"}}}
        --- exit 0
        $ mcpjwt issue --sub vscode1 --to claude-code:project/exai --mode helper --no-record
        --- stderr
        note: `vscode1@exai` is the token `vscode1` of `~/project/mcpjwt.toml` (to start from nothing: `--plain`)
        warning: Claude Code runs a helper of a project only once the project is trusted there
        warning: Claude Code runs a helper when it connects, and not always again when its token has expired
        `claude-code:project/exai` gets its token from `mcpjwt headers vscode1` now
        --- .mcp.json (0600)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"X": "1"}, "headersHelper": "mcpjwt headers vscode1"}}}
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_reference_comes_out_again_and_its_file_keeps_its_mode() {
    let mut sandbox = with_key().file_with_mode(
        "~/.claude.json",
        "{\"mcpServers\": {\"exai\": {\"type\": \"http\", \"url\": \"https://mcp.example.com/mcp\"}}}\n",
        0o644,
    );
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --key file:k --to claude-code/exai --mode env --to dotenv:t#MCP_TOKEN --json",
            "mcpjwt uninstall claude-code/exai",
            "mcpjwt uninstall --all",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --to claude-code/exai --mode env --to dotenv:t#MCP_TOKEN --json
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": null,
              "sub": "a",
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "kid": "UOuPGLMbqgKiRQGz",
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "places": [
                "dotenv:/home/me/project/t#MCP_TOKEN",
                "json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"
              ],
              "claims": {
                "iss": "mcpjwt",
                "sub": "a",
                "aud": "https://mcp.example.com/mcp",
                "iat": 1763783995,
                "exp": 1766376000,
                "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
              }
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- ~/.claude.json (0644)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${MCP_TOKEN}"}}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"],"made":{"dotenv:/home/me/project/t#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}},"refers":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":"Bearer ${MCP_TOKEN}"}}
        --- t (0600)
        MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoiaHR0cHM6Ly9tY3AuZXhhbXBsZS5jb20vbWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.2I81xnp8p-d-UtuI35qFxKv7Yw5AO87-di7d9HKveEk
        --- exit 0
        $ mcpjwt uninstall claude-code/exai
        --- stderr
        took the token of `a` out of `claude-code/exai`
        --- ~/.claude.json (0644)
        {"mcpServers": {"exai": {"type": "http", "url": "https://mcp.example.com/mcp"}}}
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"],"made":{"dotenv:/home/me/project/t#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}},"refers":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":"Bearer ${MCP_TOKEN}"}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"]}
        --- exit 0
        $ mcpjwt uninstall --all
        --- stderr
        took the token of `a` out of `dotenv:t#MCP_TOKEN`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"],"made":{"dotenv:/home/me/project/t#MCP_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}},"refers":{"json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization":"Bearer ${MCP_TOKEN}"}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"a","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.claude.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/t#MCP_TOKEN"]}
        --- t (removed)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_wrapped_command_keeps_what_is_written_around_its_words() {
    #[rustfmt::skip]
    let cases = [
        ("cursor", "~/.cursor/mcp.json",
         "{\n  \"mcpServers\": {\n    \"exai\": {\n      \"command\": \"node\", // the server\n      \"args\": [\n        // its script\n        \"s\\u002ejs\", // escaped\n        \"-v\"\n      ],\n    },\n  },\n}\n"),
        ("cursor", "~/.cursor/mcp.json", "{\"mcpServers\": {\"exai\": {\"command\": \"node\", \"cwd\": \".\"}}}\n"),
        ("cursor", "~/.cursor/mcp.json", "{\"mcpServers\": {\"exai\": {\"command\": \"node\", \"args\": [ ]}}}\n"),
        ("opencode", "~/.config/opencode/opencode.json",
         "{\"mcp\": {\"exai\": {\"type\": \"local\", \"command\": [\"node\", /* it */ \"s\\u002ejs\"]}}}\n"),
        ("codex", "~/.codex/config.toml",
         "[mcp_servers.exai]\ncommand = 'node'\nargs = [\n  's.js', # it\n  \"\\u002dv\",\n]\n"),
    ];
    for (client, path, before) in cases {
        let mut sandbox = with_store().file(path, before);
        let line = format!("mcpjwt issue --sub a --to {client}/exai --env T --mode exec");
        for line in [&line, &line.replace("--sub a", "--sub b --role r")] {
            assert_eq!(sandbox.run_raw(line).code, 0, "{before}");
            let text = sandbox.text(path).unwrap();
            for comment in [
                "// the server",
                "// its script",
                "// escaped",
                "/* it */",
                "# it",
            ] {
                assert_eq!(text.contains(comment), before.contains(comment), "{text}");
            }
        }
        let out = sandbox.run_raw(&format!("mcpjwt uninstall {client}/exai"));
        assert_eq!(out.code, 0, "{}", out.stderr);
        assert_eq!(sandbox.text(path).as_deref(), Some(before));
    }
}

#[test]
fn a_variable_that_waits_for_a_value_still_does_when_exec_is_gone() {
    let path = "~/.cursor/mcp.json";
    for blank in ["\"\"", "\" \"", "\"Bearer \""] {
        let before = format!(
            "{{\"mcpServers\": {{\"exai\": {{\"command\": \"node\", \"env\": {{ \"T\": {blank}, \"N\": \"1\" }}}}}}}}\n"
        );
        for modes in [&["exec"][..], &["literal", "exec"], &["exec", "literal"]] {
            let mut sandbox = with_key().file(path, &before);
            for mode in modes {
                let line = "mcpjwt issue --sub a --key file:k --to cursor/exai --env T --mode";
                let shown = sandbox.run_raw(&format!("{line} {mode}"));
                assert_eq!(shown.code, 0, "{}", shown.stderr);
            }
            assert_ne!(sandbox.text(path).as_deref(), Some(before.as_str()));
            let shown = sandbox.run_raw("mcpjwt uninstall cursor/exai");
            assert_eq!(shown.code, 0, "{}", shown.stderr);
            assert_eq!(
                sandbox.text(path).as_deref(),
                Some(before.as_str()),
                "{modes:?}"
            );
        }
    }
}

#[test]
fn a_rehearsal_in_json_is_one_document() {
    let mut sandbox = with_store().file(
        "~/.cursor/mcp.json",
        "{\"mcpServers\": {\"exai\": {\"command\": \"node\", \"env\": {\"T\": \"\"}}}}\n",
    );
    let shown =
        sandbox.run("mcpjwt issue --sub a --to cursor/exai --env T --mode exec --dry-run --json");
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "tokens": [
            {
              "token": null,
              "sub": "a",
              "jti": null,
              "kid": null,
              "exp": null,
              "expires": null,
              "places": [
                "json:/home/me/.cursor/mcp.json#/mcpServers/exai/command"
              ],
              "claims": null
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_variable_that_is_passed_on_is_taken_out_again() {
    let path = "~/.codex/config.toml";
    let config = "[mcp_servers.exai]\ncommand = \"node\"\nargs = [\"s.js\"]\n";
    let listed = format!("{config}env_vars = [\"OTHER\"]\n");
    for before in [config, listed.as_str()] {
        let mut sandbox = with_key().file(path, before);
        let line = "mcpjwt issue --sub a --key file:k --to - --to codex/exai --env T --mode env";
        for _ in 0..2 {
            let shown = sandbox.run_raw(line);
            assert_eq!(shown.code, 0, "{}", shown.stderr);
        }
        let ours = sandbox.text(path).unwrap();
        assert!(ours.contains("\"T\"]"), "{ours}");

        // Somebody else's variable in its place is not ours to take.
        let other = ours.replace("\"T\"", "\"OWN\"");
        sandbox.put_file(path, &other, 0o600);
        assert_eq!(sandbox.run_raw("mcpjwt uninstall codex/exai").code, 4);
        assert_eq!(sandbox.text(path), Some(other));

        // Nor is one that came in front of it.
        for line in ["uninstall --all", "uninstall codex/exai --force"] {
            let moved = ours.replace("env_vars = [", "env_vars = [\"OWN\", ");
            let ledger = sandbox.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
            let mut sandbox = Sandbox::default()
                .file(path, &moved)
                .file("~/.local/state/mcpjwt/ledger.jsonl", ledger);
            let shown = sandbox.run_raw(&format!("mcpjwt {line}"));
            assert_eq!(shown.code, 0, "{}", shown.stderr);
            let left = moved.replace(", \"T\"]", "]");
            assert_eq!(sandbox.text(path), Some(left));
        }

        sandbox.put_file(path, &ours, 0o600);
        let shown = sandbox.run_raw("mcpjwt uninstall --all");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_eq!(sandbox.text(path).as_deref(), Some(before));
    }
}
