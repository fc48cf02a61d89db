//! Tokens in the configs of clients: `issue --to CLIENT/SERVER`, `install`, `uninstall`.

use expect_test::expect;
use mcpjwt::host::Kept;

use crate::support::Sandbox;
use crate::{runs, with_key};

const CURSOR: &str = "~/.cursor/mcp.json";
const CONFIG: &str = "{\r\n\t// mine\r\n\t\"mcpServers\": {\r\n\t\t\"exai\": {\"url\": \"https://MCP.example.com/mcp/\"}, // ours\r\n\t\t\
                      \"local\": {\"command\": \"node\", \"env\": {\"TOKEN\": \"eyJhbGciOiJIUzI1NiJ9.e30\", \"N\": 1.0}},\r\n\t},\r\n}\r\n";

/// A token that never changes.
pub(crate) const TOKEN: &str =
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl";

fn with_cursor() -> Sandbox {
    with_key().file(CURSOR, CONFIG)
}

/// What a run did to a file: the text in front of the change, what came, what went.
fn change(before: &str, after: &str) -> (String, String) {
    let head = before
        .char_indices()
        .zip(after.chars())
        .take_while(|((_, one), two)| one == two)
        .last()
        .map_or(0, |((at, c), _)| at + c.len_utf8());
    let most = before.len().min(after.len()) - head;
    let tail: usize = before
        .chars()
        .rev()
        .zip(after.chars().rev())
        .take_while(|(one, two)| one == two)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let tail = tail.min(most);
    let went = &before[head..before.len() - tail];
    (went.to_owned(), after[head..after.len() - tail].to_owned())
}

/// The bytes are compared elsewhere; a snapshot has line ends of one kind.
fn without_cr(shown: &str) -> String {
    shown.replace('\r', "")
}

#[test]
fn exactly_one_value_changes_and_comes_out_again() {
    let mut sandbox = with_cursor().stdin(TOKEN);
    sandbox.run("mcpjwt install --to cursor/exai");
    let after = sandbox.text(CURSOR).unwrap();
    let made = format!(", \"headers\": {{\"Authorization\": \"Bearer {TOKEN}\"}}");
    assert_eq!(change(CONFIG, &after), (String::new(), made));
    assert_eq!(sandbox.mode(CURSOR), Some(0o600));

    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt uninstall cursor/exai --dry-run",
            "mcpjwt uninstall cursor/exai",
            "mcpjwt uninstall cursor/exai",
        ],
    );
    assert_eq!(sandbox.text(CURSOR).as_deref(), Some(CONFIG));
    expect![[r#"
        $ mcpjwt uninstall cursor/exai --dry-run
        --- stderr
        would empty `cursor/exai`
          -     "exai": {"url": "<28 characters>", "headers": {"Authorization": "<87 characters>"}}, // <4 characters>
          +     "exai": {"url": "<28 characters>"}, // <4 characters>
        --- exit 0
        $ mcpjwt uninstall cursor/exai
        --- stderr
        took the token of `vscode1` out of `cursor/exai`
        --- ~/.cursor/mcp.json (0600)
        {
        	// mine
        	"mcpServers": {
        		"exai": {"url": "https://MCP.example.com/mcp/"}, // ours
        		"local": {"command": "node", "env": {"TOKEN": "eyJhbGciOiJIUzI1NiJ9.e30", "N": 1.0}},
        	},
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"]}
        --- exit 0
        $ mcpjwt uninstall cursor/exai
        --- stderr
        nothing is at `cursor/exai`
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn a_second_install_says_already_and_another_token_changes_the_value_only() {
    let mut sandbox = with_cursor();
    let mut shown = String::new();
    for token in [TOKEN, TOKEN, &TOKEN.replace("c2ln", "d2ln")] {
        sandbox.set_stdin(token);
        let before = sandbox.text(CURSOR).unwrap();
        shown += &sandbox.run_raw("mcpjwt install --to cursor/local").stderr;
        let (went, came) = change(&before, &sandbox.text(CURSOR).unwrap());
        shown += &format!("- {went}\n+ {came}\n");
    }
    expect![[r#"
        wrote the token of `vscode1` to `cursor/local`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        - 30
        + yJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl
        `cursor/local` has the token of `vscode1` already, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        - 
        + 
        wrote the token of `vscode1` to `cursor/local`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        - c
        + d
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn the_audience_is_the_server() {
    let shown = runs(
        &mut with_cursor(),
        &[
            "mcpjwt issue --sub a --key file:k --to cursor/exai --dry-run",
            "mcpjwt issue --sub a --key file:k --to cursor/exai --to cursor/new --url https://other.example",
            "mcpjwt verify cursor/exai --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --to cursor/exai --dry-run
        --- stderr
        would mint {"iss":"mcpjwt","sub":"a","aud":"https://mcp.example.com/mcp","iat":1763783995,"exp":1766376000,"jti":"(random)"}
          signed by key `UOuPGLMbqgKiRQGz` (HS256)
          good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        would write `cursor/exai`
          -     "exai": {"url": "<28 characters>"}, // <4 characters>
          +     "exai": {"url": "<28 characters>", "headers": {"Authorization": "Bearer <298 characters>"}}, // <4 characters>
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --to cursor/exai --to cursor/new --url https://other.example
        --- stderr
        error: cannot use `cursor/exai`: `exai` of Cursor is there already, with another URL (`/mcpServers/exai`)
        hint: leave out `--url`, or choose another name
        --- exit 2
        $ mcpjwt verify cursor/exai --key file:k
        --- stderr
        error: nothing is at `cursor/exai`
        --- exit 4
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn new_entries_are_written_as_their_client_wants_them() {
    let mut shown = String::new();
    for (place, more) in [
        ("claude-code:user/exai", "--url https://mcp.example.com/mcp"),
        ("vscode:user/exai", "--url https://mcp.example.com/mcp"),
        ("opencode/exai", "--env TOKEN -- node server.js"),
        ("codex/exai", "--url https://mcp.example.com/mcp"),
        ("claude-desktop/exai", "--url https://mcp.example.com/mcp"),
    ] {
        let mut sandbox = Sandbox::default().stdin(TOKEN);
        let line = format!("mcpjwt install --no-record --to {place} {more}");
        shown += &format!("$ {line}\n{}", sandbox.run(&line));
    }
    expect![[r#"
        $ mcpjwt install --no-record --to claude-code:user/exai --url https://mcp.example.com/mcp
        --- stderr
        wrote the token of `vscode1` to `claude-code:user/exai`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        --- ~/.claude.json (0600)
        {
          "mcpServers": {
            "exai": {
              "type": "http",
              "url": "https://mcp.example.com/mcp",
              "headers": {
                "Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"
              }
            }
          }
        }
        --- exit 0
        $ mcpjwt install --no-record --to vscode:user/exai --url https://mcp.example.com/mcp
        --- stderr
        wrote the token of `vscode1` to `vscode:user/exai`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        --- ~/.config/Code/User/mcp.json (0600)
        {
          "servers": {
            "exai": {
              "type": "http",
              "url": "https://mcp.example.com/mcp",
              "headers": {
                "Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"
              }
            }
          }
        }
        --- exit 0
        $ mcpjwt install --no-record --to opencode/exai --env TOKEN -- node server.js
        --- stderr
        wrote the token of `vscode1` to `opencode/exai`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        --- ~/.config/opencode/opencode.json (0600)
        {
          "mcp": {
            "exai": {
              "type": "local",
              "command": [
                "node",
                "server.js"
              ],
              "environment": {
                "TOKEN": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"
              }
            }
          }
        }
        --- exit 0
        $ mcpjwt install --no-record --to codex/exai --url https://mcp.example.com/mcp
        --- stderr
        wrote the token of `vscode1` to `codex/exai`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        --- ~/.codex/config.toml (0600)
        [mcp_servers.exai]
        url = "https://mcp.example.com/mcp"
        http_headers = { Authorization = "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl" }
        --- exit 0
        $ mcpjwt install --no-record --to claude-desktop/exai --url https://mcp.example.com/mcp
        --- stderr
        wrote the token of `vscode1` to `claude-desktop/exai`, good until 2100-01-01 00:00:00 +00:00 (in 74 y)
        --- ~/.config/Claude/claude_desktop_config.json (0600)
        {
          "mcpServers": {
            "exai": {
              "command": "npx",
              "args": [
                "-y",
                "mcp-remote",
                "https://mcp.example.com/mcp",
                "--header",
                "Authorization:${AUTH_HEADER}"
              ],
              "env": {
                "AUTH_HEADER": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"
              }
            }
          }
        }
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_changes() {
    let mut sandbox = with_cursor()
        .file("broken.json", "{\n  \"mcpServers\": {,}\n}\n")
        .file(
            ".vscode/mcp.json",
            "{\"servers\": {\"exai\": {\"url\": \"http://x\", \"headers\": {\"Authorization\": \"${input:pat}\"}}}}\n",
        )
        .file("t", TOKEN);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt install file:t --to cursor/nope",
            "mcpjwt install file:t --to cursor:project/exai",
            "mcpjwt install file:t --to windsurf/exai",
            "mcpjwt install file:t --to goose/exai",
            "mcpjwt install file:t --to cursor/exai --url https://other.example",
            "mcpjwt install file:t --to cursor/local --env OTHER --header X",
            "mcpjwt install file:t --to mcp:broken.json#exai",
            "mcpjwt install file:t --to vscode/exai",
            "mcpjwt install file:t --to file:x --url http://x",
            "mcpjwt install file:t --to -",
            "mcpjwt install file:k --to cursor/exai",
            "mcpjwt install eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2In0 --to cursor/exai",
            "mcpjwt uninstall",
            "mcpjwt uninstall --sub nobody",
            "mcpjwt uninstall vscode/exai",
        ],
    );
    assert_eq!(sandbox.text(CURSOR).as_deref(), Some(CONFIG));
    expect![[r#"
        $ mcpjwt install file:t --to cursor/nope
        --- stderr
        error: cannot use `cursor/nope`: Cursor has no server `nope`; it has `exai` and `local`
        hint: to add it, write `--url URL`, or `--env NAME -- COMMAND ARG..` last on the line
        --- exit 4
        $ mcpjwt install file:t --to cursor:project/exai
        --- stderr
        error: cannot use `cursor:project/exai`: Cursor has no server `exai`; it has none
        hint: to add it, write `--url URL`, or `--env NAME -- COMMAND ARG..` last on the line
        --- exit 4
        $ mcpjwt install file:t --to windsurf/exai
        --- stderr
        error: cannot use `windsurf/exai`: Windsurf has no server `exai`; it has none
        hint: to add it, write `--url URL`, or `--env NAME -- COMMAND ARG..` last on the line
        --- exit 4
        $ mcpjwt install file:t --to goose/exai
        --- stderr
        error: the config of Goose is YAML, which mcpjwt does not edit
        hint: print the token with `mcpjwt issue --sub NAME`, and put it in by hand
        --- exit 2
        $ mcpjwt install file:t --to cursor/exai --url https://other.example
        --- stderr
        error: cannot use `cursor/exai`: `exai` of Cursor is there already, with another URL (`/mcpServers/exai`)
        hint: leave out `--url`, or choose another name
        --- exit 2
        $ mcpjwt install file:t --to cursor/local --env OTHER --header X
        --- stderr
        error: a token goes into a `--header` or into a variable (`--env`)
        hint: leave one of them out
        --- exit 2
        $ mcpjwt install file:t --to mcp:broken.json#exai
        --- stderr
        error: cannot use `mcp:broken.json#exai`: line 2, column 18: unexpected token in object
        --- exit 4
        $ mcpjwt install file:t --to vscode/exai
        --- stderr
        error: `Authorization` of `vscode/exai` holds something that is no token
        hint: to replace it all the same, add `--force`
        --- exit 4
        $ mcpjwt install file:t --to file:x --url http://x
        --- stderr
        error: `--url` is about a server entry, and no place is one
        hint: add `--to CLIENT/SERVER` or `--to mcp:PATH#SERVER`
        --- exit 2
        $ mcpjwt install file:t --to -
        --- stderr
        error: a token is not installed on standard output
        hint: name a place, such as `--to CLIENT/SERVER`
        --- exit 2
        $ mcpjwt install file:k --to cursor/exai
        --- stderr
        error: cannot install: these 64 characters are no JWT
        hint: `mcpjwt decode -` shows what is in it; a token that is no JWT needs `--opaque`
        --- exit 4
        $ mcpjwt install eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2In0 --to cursor/exai
        --- stderr
        error: cannot install: the token of `v` is not whole
        hint: `mcpjwt decode -` shows what is in it; a token that is no JWT needs `--opaque`
        --- exit 4
        $ mcpjwt uninstall
        --- stderr
        error: `PLACE|--sub NAME|--all` is missing
        hint: say what to empty: `mcpjwt uninstall CLIENT/SERVER`
        --- exit 2
        $ mcpjwt uninstall --sub nobody
        --- stderr
        no place holds a token of `nobody` that the ledger knows of
        --- exit 0
        $ mcpjwt uninstall vscode/exai
        --- stderr
        error: `json:/home/me/project/.vscode/mcp.json#/servers/exai/headers/Authorization` holds something that is no token (12 bytes)
        hint: to take it out all the same, add `--force`
        --- exit 4
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn a_file_that_git_has_gets_no_secret() {
    let mut sandbox = with_cursor()
        .file("t", TOKEN)
        .file(".env", "A=1\n")
        .file(
            ".mcp.json",
            "{\"mcpServers\": {\"exai\": {\"type\": \"http\", \"url\": \"http://x\"}}}\n",
        )
        .git(".env", Kept::Open)
        .git(".mcp.json", Kept::Tracked)
        .git(CURSOR, Kept::Unknown("git is not installed".to_owned()));
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt install file:t --to claude-code:project/exai --to dotenv:.env#TOKEN --to cursor/exai",
            "mcpjwt issue --sub a --key file:k --to dotenv:.env#TOKEN --no-record --force",
        ],
    );
    expect![[r#"
        $ mcpjwt install file:t --to claude-code:project/exai --to dotenv:.env#TOKEN --to cursor/exai
        --- stderr
        warning: cannot tell whether git has `~/.cursor/mcp.json`: git is not installed
        error: `.mcp.json` is tracked by git, so the secret in it would be committed
        hint: keep it out of the file with `--mode env --to dotenv:.env#MCP_TOKEN`; or add `.mcp.json` to `.gitignore` and run `git rm --cached .mcp.json`, or write it all the same with `--force`
        error: `.env` is not ignored by git, so the secret in it could be committed
        hint: add `.env` to `.gitignore`, or write it all the same with `--force`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --to dotenv:.env#TOKEN --no-record --force
        --- stderr
        warning: `.env` is not ignored by git, so the secret in it could be committed
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        wrote the token of `a` to `dotenv:.env#TOKEN`, good until 2025-12-22 04:00:00 +00:00 (in 30 d)
        --- .env (0600)
        A=1
        TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn everything_of_a_subject_is_taken_out_after_a_question() {
    let mut sandbox = with_cursor().file("t", TOKEN).terminal(100);
    sandbox.run("mcpjwt install file:t --to cursor/exai --to file:token --to dotenv:.env#TOKEN");
    sandbox.set_answers(&["n"]);
    let mut shown = runs(&mut sandbox, &["mcpjwt uninstall --all"]);
    sandbox.set_answers(&["y"]);
    shown += &runs(
        &mut sandbox,
        &["mcpjwt uninstall --all", "mcpjwt uninstall --sub vscode1"],
    );
    assert_eq!(sandbox.text(CURSOR).as_deref(), Some(CONFIG));
    expect![[r#"
        $ mcpjwt uninstall --all
        --- stderr
        cursor/exai, of `vscode1`
        file:token, of `vscode1`
        dotenv:.env#TOKEN, of `vscode1`
        take the token out of each of these? [y/N] 
        nothing was changed
        --- exit 1
        $ mcpjwt uninstall --all
        --- stderr
        cursor/exai, of `vscode1`
        file:token, of `vscode1`
        dotenv:.env#TOKEN, of `vscode1`
        take the token out of each of these? [y/N] 
        took the token of `vscode1` out of `cursor/exai`
        took the token of `vscode1` out of `file:token`
        took the token of `vscode1` out of `dotenv:.env#TOKEN`
        --- ~/.cursor/mcp.json (0600)
        {
        	// mine
        	"mcpServers": {
        		"exai": {"url": "https://MCP.example.com/mcp/"}, // ours
        		"local": {"command": "node", "env": {"TOKEN": "eyJhbGciOiJIUzI1NiJ9.e30", "N": 1.0}},
        	},
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization","file:/home/me/project/token","dotenv:/home/me/project/.env#TOKEN"],"made":{"dotenv:/home/me/project/.env#TOKEN":{"absent":true,"leaves":[],"tops":[]},"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["file:/home/me/project/token"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"vscode1","iss":"","aud":[],"kid":"","iat":0,"exp":4102444800,"places":["dotenv:/home/me/project/.env#TOKEN"]}
        --- .env (removed)
        --- token (removed)
        --- exit 0
        $ mcpjwt uninstall --sub vscode1
        --- stderr
        no place holds a token of `vscode1` that the ledger knows of
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn an_opaque_token_is_installed_as_it_is() {
    let mut sandbox = with_cursor().file("t", "sk-4f2a9c\n");
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt install file:t --opaque --to cursor/exai --header X-Api-Key",
            "mcpjwt uninstall cursor/exai",
        ],
    );
    assert_eq!(sandbox.text(CURSOR).as_deref(), Some(CONFIG));
    expect![[r#"
        $ mcpjwt install file:t --opaque --to cursor/exai --header X-Api-Key
        --- stderr
        wrote the token to `cursor/exai`
        --- ~/.cursor/mcp.json (0600)
        {
        	// mine
        	"mcpServers": {
        		"exai": {"url": "https://MCP.example.com/mcp/", "headers": {"X-Api-Key": "sk-4f2a9c"}}, // ours
        		"local": {"command": "node", "env": {"TOKEN": "eyJhbGciOiJIUzI1NiJ9.e30", "N": 1.0}},
        	},
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key":{"leaves":["/mcpServers/exai/headers/X-Api-Key"],"tops":[{"at":"/mcpServers/exai/headers"}]}},"seals":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key":"d70d3259e4e1cb631c663cf4d73c4c04:6f8f6821c7c692717307256d9631e6b33775c118e721a3dfe45bed64ddf83e3b"}}
        --- exit 0
        $ mcpjwt uninstall cursor/exai
        --- stderr
        took the token out of `cursor/exai`
        --- ~/.cursor/mcp.json (0600)
        {
        	// mine
        	"mcpServers": {
        		"exai": {"url": "https://MCP.example.com/mcp/"}, // ours
        		"local": {"command": "node", "env": {"TOKEN": "eyJhbGciOiJIUzI1NiJ9.e30", "N": 1.0}},
        	},
        }
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"installed","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key":{"leaves":["/mcpServers/exai/headers/X-Api-Key"],"tops":[{"at":"/mcpServers/exai/headers"}]}},"seals":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key":"d70d3259e4e1cb631c663cf4d73c4c04:6f8f6821c7c692717307256d9631e6b33775c118e721a3dfe45bed64ddf83e3b"}}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"","sub":"","iss":"","aud":[],"kid":"","iat":0,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/X-Api-Key"]}
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn a_client_that_rewrites_its_config_at_once_does_not_win() {
    let without_token = "{\"mcpServers\": {\"exai\": {\"url\": \"http://x\"}}}\n";
    let with_more = "{\"n\": 1, \"mcpServers\": {\"exai\": {\"url\": \"http://x\"}}}\n";
    let other = "{\"mcpServers\": {\"exai\": {\"url\": \"http://x\", \"headers\": {\"Authorization\": \"Bearer theirs\"}}}}\n";
    #[rustfmt::skip]
    let cases: [(&[&str], &str); 5] = [
        (&[],                               "kept, exit 0"),
        (&[without_token],                  "kept, exit 0"),
        (&[with_more],                      "kept, exit 0"),
        (&[without_token, without_token],   "lost, exit 4"),
        (&[other],                          "lost, exit 4"),
    ];
    for (rewrites, want) in cases {
        let mut sandbox = Sandbox::default()
            .file(CURSOR, without_token)
            .file("t", TOKEN);
        for text in rewrites {
            sandbox = sandbox.overwritten(CURSOR, text);
        }
        let shown = sandbox.run_raw("mcpjwt install file:t --to cursor/exai --json");
        let text = sandbox.text(CURSOR).unwrap();
        let kept = if text.contains(TOKEN) { "kept" } else { "lost" };
        assert_eq!(format!("{kept}, exit {}", shown.code), want, "{rewrites:?}");
        if kept == "lost" {
            assert!(shown.stdout.contains("\"overwritten\""), "{}", shown.stdout);
            assert_eq!(text, rewrites[rewrites.len() - 1]);
        }
        assert_eq!(
            text.contains("\"n\": 1"),
            rewrites.contains(&with_more),
            "{text}"
        );
    }
}

#[test]
fn the_way_around_git_works_as_it_is_typed() {
    let config = "{\"servers\": {\"exai\": {\"type\": \"http\", \"url\": \"http://x\"}}}\n";
    let mut sandbox = with_key()
        .file("t", TOKEN)
        .file(".vscode/mcp.json", config)
        .file(
            ".cursor/mcp.json",
            "{\"mcpServers\": {\"exai\": {\"url\": \"http://x\"}}}\n",
        )
        .git(".vscode/mcp.json", Kept::Tracked)
        .git(".cursor/mcp.json", Kept::Tracked);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt issue --sub a --key file:k --no-record --to vscode:project/exai",
            "mcpjwt issue --sub a --key file:k --no-record --to vscode:project/exai --mode input --to - --quiet",
            "mcpjwt issue --sub a --key file:k --no-record --to cursor:project/exai",
            "mcpjwt issue --sub a --key file:k --no-record --to cursor:project/exai --mode env --to dotenv:.env#MCP_TOKEN --quiet",
            "mcpjwt install file:t --no-record --to vscode:project/exai --force --quiet",
            "mcpjwt refresh json:.vscode/mcp.json#/servers/exai/headers/Authorization --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a --key file:k --no-record --to vscode:project/exai
        --- stderr
        error: `.vscode/mcp.json` is tracked by git, so the secret in it would be committed
        hint: keep it out of the file with `--mode input --to -`; or add `mcp.json` to `.gitignore` and run `git -C .vscode rm --cached mcp.json`, or write it all the same with `--force`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --no-record --to vscode:project/exai --mode input --to - --quiet
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoiaHR0cDovL3giLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2NjM3NjAwMCwianRpIjoiMDIyYWIxYmE4MDQwOThlNmNiMjkzZTY3NzBlYjNhOTUifQ.sVS9ctpOIjKJRLgP05W0qFqNAfcRb6holXoG38bZNHY
        --- .vscode/mcp.json (0600)
        {"servers": {"exai": {"type": "http", "url": "http://x", "headers": {"Authorization": "Bearer ${input:exai-token}"}}}, "inputs": [{"type": "promptString", "id": "exai-token", "description": "Token of exai", "password": true}]}
        --- exit 0
        $ mcpjwt issue --sub a --key file:k --no-record --to cursor:project/exai
        --- stderr
        error: `.cursor/mcp.json` is tracked by git, so the secret in it would be committed
        hint: keep it out of the file with `--mode env --to dotenv:.env#MCP_TOKEN`; or add `mcp.json` to `.gitignore` and run `git -C .cursor rm --cached mcp.json`, or write it all the same with `--force`
        --- exit 4
        $ mcpjwt issue --sub a --key file:k --no-record --to cursor:project/exai --mode env --to dotenv:.env#MCP_TOKEN --quiet
        --- stderr
        warning: started from a dock or a menu, Cursor does not see the variables of a shell
        hint: start it from a shell that has the variable, or set the variable for the whole session
        --- .cursor/mcp.json (0600)
        {"mcpServers": {"exai": {"url": "http://x", "headers": {"Authorization": "Bearer ${env:MCP_TOKEN}"}}}}
        --- .env (0600)
        MCP_TOKEN=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoiaHR0cDovL3giLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2NjM3NjAwMCwianRpIjoiZjZkMGMyMzNhMWM0Y2I3N2ZlYmUwMjNkNTFkNmZjNTMifQ.z83igYQJnzM8sc9_HY8n7cmpADH7JxfhMS7SGzu4Lh8
        --- exit 0
        $ mcpjwt install file:t --no-record --to vscode:project/exai --force --quiet
        --- stderr
        warning: `.vscode/mcp.json` is tracked by git, so the secret in it would be committed
        --- .vscode/mcp.json (0600)
        {"servers": {"exai": {"type": "http", "url": "http://x", "headers": {"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2c2NvZGUxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl"}}}, "inputs": [{"type": "promptString", "id": "exai-token", "description": "Token of exai", "password": true}]}
        --- exit 0
        $ mcpjwt refresh json:.vscode/mcp.json#/servers/exai/headers/Authorization --key file:k
        --- stderr
        error: cannot refresh the token at `json:.vscode/mcp.json#/servers/exai/headers/Authorization`: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: if its key is elsewhere, name that place with `--key PLACE`
        --- exit 4
    "#]].assert_eq(&without_cr(&shown));
}

#[test]
fn install_is_not_sent_to_what_only_issue_can_do() {
    let config = "{\"servers\": {\"exai\": {\"type\": \"http\", \"url\": \"http://x\"}}}\n";
    let mut sandbox = Sandbox::default()
        .file("t", TOKEN)
        .file(".vscode/mcp.json", config)
        .git(".vscode/mcp.json", Kept::Tracked);
    let shown = runs(
        &mut sandbox,
        &[
            "mcpjwt install file:t --no-record --to vscode:project/exai",
            "mcpjwt install --no-record --to vscode:project/exai --mode input",
        ],
    );
    expect![[r#"
        $ mcpjwt install file:t --no-record --to vscode:project/exai
        --- stderr
        error: `.vscode/mcp.json` is tracked by git, so the secret in it would be committed
        hint: keep it out of the file with `--mode input`; or add `mcp.json` to `.gitignore` and run `git -C .vscode rm --cached mcp.json`, or write it all the same with `--force`
        --- exit 4
        $ mcpjwt install --no-record --to vscode:project/exai --mode input
        --- stderr
        `vscode:project/exai` asks for the token now, once: paste it there
        --- .vscode/mcp.json (0600)
        {"servers": {"exai": {"type": "http", "url": "http://x", "headers": {"Authorization": "Bearer ${input:exai-token}"}}}, "inputs": [{"type": "promptString", "id": "exai-token", "description": "Token of exai", "password": true}]}
        --- exit 0
    "#]].assert_eq(&without_cr(&shown));
}
