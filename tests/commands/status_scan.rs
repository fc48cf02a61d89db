//! `mcpjwt status --scan`: every token in the config of every client, whoever put it there.

use expect_test::expect;
use mcpjwt::host::Kept;

use super::status::{CURSOR, foreign, room};
use crate::support::Sandbox;
use crate::{runs, token, with_key};

#[test]
fn a_scan_finds_what_nobody_installed() {
    let mut room = room();
    let good = token(&mut room, "--ttl 40d");
    let stranger = foreign(&mut room, "--sub bot --ttl 2d");
    let (head, _) = good.rsplit_once('.').unwrap();
    let mut room = room
        .file_with_mode(
            "~/.codex/config.toml",
            format!("[mcp_servers.a]\nurl = \"https://a.example\"\nhttp_headers = {{ Authorization = \"Bearer {stranger}\" }}\n"),
            0o644,
        )
        .file(
            "~/.config/Claude/claude_desktop_config.json",
            format!(r#"{{"mcpServers":{{"bridge":{{"command":"npx","args":["mcp-remote","https://b.example","--header","Authorization:Bearer {head}"]}}}}}}"#),
        )
        .file(
            "~/.config/Code/User/mcp.json",
            r#"{"servers":{"asked":{"url":"https://c.example","headers":{"Authorization":"Bearer ${input:pat}"}}}}"#,
        )
        .file(
            ".mcp.json",
            format!(
                r#"{{"mcpServers":{{"helped":{{"type":"http","url":"https://d.example","headersHelper":"mcpjwt headers d"}},
                "none":{{"command":"x","env":{{"A":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ."}}}},
                "query":{{"type":"http","url":"https://e.example/mcp?token={good}"}}}}}}"#
            ),
        )
        .git(".mcp.json", Kept::Tracked)
        .git(".env", Kept::Open);
    let mut text = runs(&mut room, &["mcpjwt status --scan"]);
    for width in [80, 120] {
        room = room.terminal(width).env("LANG", "C.UTF-8");
        text += &format!(
            "== {width}\n{}",
            room.run("mcpjwt status --scan --color never")
        );
    }
    expect![[r#"
        $ mcpjwt status --scan
        --- stdout
        PLACE                       SUBJECT                 ISSUER                 LEFT             PROBLEM
        claude-code:project/helped  -                       -                      helper
        claude-code:project/none    nobody                  -                      no end           not signed (`alg` none); no signature; git tracks it
        claude-code:project/query   vscode1                 mcpjwt                 ######## 40 d    git tracks it
        claude-desktop/bridge       vscode1                 mcpjwt                 ######## 40 d    malformed: two parts, no signature
        vscode/asked                -                       -                      input pat
        cursor/exai                 vscode1@exai-mcp.local  exai-mcp-server        ######## 90 d
        cursor/local                soon                    exai-mcp-server        ######## 3 d
        codex/a                     bot                     https://other.example  ######## 2 d     signed by an unknown key, `G-2KYj0OXRAxhfq5`; others can read it (0644)
        dotenv:.env#CI_TOKEN        ci                      mcpjwt                 ######## 60 min  git does not ignore it
        keyring:exai/laptop         laptop                  mcpjwt                 ######## 30 d
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub nobody --key PLACE --to claude-code:project/none`
        hint: take the token out with `mcpjwt uninstall claude-code:project/none`; whoever has the repository has it
        hint: close the file with `chmod 600 /home/me/.codex/config.toml`
        --- exit 1
        == 80
        --- stdout
        PLACE                 SUBJECT               ISSUER               LEFT
        claude-co…ect/helped  -                     -                    helper
        claude-co…oject/none  nobody                -                    no end
          not signed (`alg` none); no signature; git tracks it
        claude-co…ject/query  vscode1               mcpjwt               ████████ 40 d
          git tracks it
        claude-de…top/bridge  vscode1               mcpjwt               ████████ 40 d
          malformed: two parts, no signature
        vscode/asked          -                     -                    input pat
        cursor/exai           vscode1@exai-mcp.lo…  exai-mcp-server      ████████ 90 d
        cursor/local          soon                  exai-mcp-server      ████████ 3 d
        codex/a               bot                   https://o…r.example  ████████ 2 d
          signed by an unknown key, `G-2KYj0OXRAxhfq5`; others can read it (0644)
        dotenv:.env#CI_TOKEN  ci                    mcpjwt               ████████ 60 min
          git does not ignore it
        keyring:exai/laptop   laptop                mcpjwt               ████████ 30 d
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub nobody --key PLACE --to claude-code:project/none`
        hint: take the token out with `mcpjwt uninstall claude-code:project/none`; whoever has the repository has it
        hint: close the file with `chmod 600 /home/me/.codex/config.toml`
        --- exit 1
        == 120
        --- stdout
        PLACE                       SUBJECT                 ISSUER                 LEFT
        claude-code:project/helped  -                       -                      helper
        claude-code:project/none    nobody                  -                      no end
          not signed (`alg` none); no signature; git tracks it
        claude-code:project/query   vscode1                 mcpjwt                 ████████ 40 d
          git tracks it
        claude-desktop/bridge       vscode1                 mcpjwt                 ████████ 40 d
          malformed: two parts, no signature
        vscode/asked                -                       -                      input pat
        cursor/exai                 vscode1@exai-mcp.local  exai-mcp-server        ████████ 90 d
        cursor/local                soon                    exai-mcp-server        ████████ 3 d
        codex/a                     bot                     https://other.example  ████████ 2 d
          signed by an unknown key, `G-2KYj0OXRAxhfq5`; others can read it (0644)
        dotenv:.env#CI_TOKEN        ci                      mcpjwt                 ████████ 60 min
          git does not ignore it
        keyring:exai/laptop         laptop                  mcpjwt                 ████████ 30 d
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub nobody --key PLACE --to claude-code:project/none`
        hint: take the token out with `mcpjwt uninstall claude-code:project/none`; whoever has the repository has it
        hint: close the file with `chmod 600 /home/me/.codex/config.toml`
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn a_scan_is_one_document() {
    let mut room = room();
    room = room.git(CURSOR, Kept::Open);
    expect![[r#"
        --- stdout
        {
          "ok": false,
          "tokens": [
            {
              "client": "cursor",
              "scope": "user",
              "server": "exai",
              "clients": [
                "cursor"
              ],
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization",
              "short": "cursor/exai",
              "file": "/home/me/.cursor/mcp.json",
              "kind": "literal",
              "names": null,
              "sub": "vscode1@exai-mcp.local",
              "iss": "exai-mcp-server",
              "key": {
                "kid": "UOuPGLMbqgKiRQGz",
                "state": "current",
                "accepted_until": null
              },
              "iat": 1763783995,
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "seconds_left": 7776000,
              "standing": "good",
              "known": true,
              "token": null,
              "git": "open",
              "readable_by_others": null,
              "problems": [
                "git_tracked"
              ]
            },
            {
              "client": "cursor",
              "scope": "user",
              "server": "local",
              "clients": [
                "cursor"
              ],
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN",
              "short": "cursor/local",
              "file": "/home/me/.cursor/mcp.json",
              "kind": "literal",
              "names": null,
              "sub": "soon",
              "iss": "exai-mcp-server",
              "key": {
                "kid": "UOuPGLMbqgKiRQGz",
                "state": "current",
                "accepted_until": null
              },
              "iat": 1763783995,
              "exp": 1764043200,
              "expires": "2025-11-25T04:00:00Z",
              "seconds_left": 259200,
              "standing": "expiring",
              "known": true,
              "token": null,
              "git": "open",
              "readable_by_others": null,
              "problems": [
                "expiring",
                "git_tracked"
              ]
            },
            {
              "client": null,
              "scope": null,
              "server": null,
              "clients": [],
              "place": "dotenv:/home/me/project/.env#CI_TOKEN",
              "short": "dotenv:.env#CI_TOKEN",
              "file": "/home/me/project/.env",
              "kind": "literal",
              "names": null,
              "sub": "ci",
              "iss": "mcpjwt",
              "key": {
                "kid": "UOuPGLMbqgKiRQGz",
                "state": "current",
                "accepted_until": null
              },
              "iat": 1763783995,
              "exp": 1763787600,
              "expires": "2025-11-22T05:00:00Z",
              "seconds_left": 3600,
              "standing": "expiring",
              "known": true,
              "token": null,
              "git": "outside",
              "readable_by_others": null,
              "problems": [
                "expiring"
              ]
            },
            {
              "client": null,
              "scope": null,
              "server": null,
              "clients": [],
              "place": "keyring:exai/laptop",
              "short": "keyring:exai/laptop",
              "file": null,
              "kind": "literal",
              "names": null,
              "sub": "laptop",
              "iss": "mcpjwt",
              "key": {
                "kid": "UOuPGLMbqgKiRQGz",
                "state": "current",
                "accepted_until": null
              },
              "iat": 1763783995,
              "exp": 1766376000,
              "expires": "2025-12-22T04:00:00Z",
              "seconds_left": 2592000,
              "standing": "good",
              "known": true,
              "token": null,
              "git": null,
              "readable_by_others": null,
              "problems": []
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "git_tracked",
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization",
              "message": "`cursor/exai`: git does not ignore it",
              "hint": "keep git from it with `printf '\\n%s\\n' /mcp.json >> /home/me/.cursor/.gitignore`"
            },
            {
              "code": "expiring",
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN",
              "message": "`cursor/local`: expires 2025-11-25 04:00:00 +00:00",
              "hint": "renew it with `mcpjwt refresh cursor/local`"
            },
            {
              "code": "git_tracked",
              "place": "json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN",
              "message": "`cursor/local`: git does not ignore it",
              "hint": "keep git from it with `printf '\\n%s\\n' /mcp.json >> /home/me/.cursor/.gitignore`"
            },
            {
              "code": "expiring",
              "place": "dotenv:/home/me/project/.env#CI_TOKEN",
              "message": "`dotenv:.env#CI_TOKEN`: expires 2025-11-22 05:00:00 +00:00",
              "hint": "renew it with `mcpjwt refresh dotenv:.env#CI_TOKEN`"
            }
          ]
        }
        --- exit 1
    "#]]
    .assert_eq(&room.run("mcpjwt status --scan --json --within 7d"));
}

#[test]
fn what_tokens_say_of_themselves_is_escaped() {
    let mut room = with_key();
    let odd = token(&mut room, "--iss 'a\u{202e}b' --claim 'x=y'");
    let mut room = room.file(
        CURSOR,
        format!("{{\"mcpServers\":{{\"a\\u001b[31mb\":{{\"command\":\"x\",\"env\":{{\"T\":\"{odd}\"}}}}}}}}"),
    );
    let shown = room.run("mcpjwt status --scan") + &room.run("mcpjwt clients cursor");
    assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    assert!(shown.contains("cursor/a\\u{1b}[31mb"), "{shown}");
}

#[test]
fn git_is_asked_once_about_all_files() {
    let mut room = room();
    let good = token(&mut room, "");
    for name in [".mcp.json", ".vscode/mcp.json"] {
        room.put_file(
            name,
            format!(r#"{{"servers":{{"a":{{"url":"https://a","headers":{{"A":"{good}"}}}}}},"mcpServers":{{"a":{{"url":"https://a","headers":{{"A":"{good}"}}}}}}}}"#),
            0o600,
        );
    }
    room.git.calls.clear();
    room.run_raw("mcpjwt status --scan");
    assert_eq!(room.git.calls.len(), 1);
    let asked: Vec<String> = room.git.calls[0]
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let want = [
        "/home/me/.cursor/mcp.json",
        "/home/me/project/.env",
        "/home/me/project/.mcp.json",
        "/home/me/project/.vscode/mcp.json",
    ];
    assert_eq!(asked, want);
}

#[test]
fn one_file_by_two_paths_is_one_place() {
    let mut room = with_key()
        .file(
            "~/dotfiles/cursor.json",
            r#"{"mcpServers":{"a":{"url":"https://a"}}}"#,
        )
        .link(CURSOR, "~/dotfiles/cursor.json");
    room.run_raw("mcpjwt secret import --from file:k");
    room.run_raw("mcpjwt issue -q --sub a --to json:~/dotfiles/cursor.json#/mcpServers/a/headers/Authorization");
    let shown = room.run("mcpjwt status") + &room.run("mcpjwt status --scan");
    expect![[r#"
        --- stdout
        PLACE     SUBJECT  ISSUER  LEFT           PROBLEM
        cursor/a  a        mcpjwt  ######## 30 d
        --- exit 0
        --- stdout
        PLACE     SUBJECT  ISSUER  LEFT           PROBLEM
        cursor/a  a        mcpjwt  ######## 30 d
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_scan_sees_what_a_client_keeps_for_other_projects() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let mut room = room.file(
        "~/.claude.json",
        format!(
            r#"{{"projects":{{"/home/me/other":{{"mcpServers":{{"a":{{"command":"x","env":{{"T":"{good}"}}}}}}}},"/home/me/project":{{"mcpServers":{{"a":{{"command":"x","env":{{"T":"{good}"}}}}}}}}}}}}"#
        ),
    );
    expect![[r#"
        --- stdout
        PLACE                                                               SUBJECT  ISSUER  LEFT           PROBLEM
        claude-code:local/a                                                 vscode1  mcpjwt  ######## 24 h
        json:~/.claude.json#/projects/~1home~1me~1other/mcpServers/a/env/T  vscode1  mcpjwt  ######## 24 h
        --- stderr
        note: there is no key here to check signatures with
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt status --scan"));
}

#[test]
fn an_entry_without_a_literal_token_is_named_as_such() {
    let mut room = Sandbox::default().file("~/.claude.json", "{}");
    for line in [
        "mcpjwt issue -q --sub a --to claude-code:user/a --mode exec --env T -- node a.js",
        "mcpjwt issue -q --sub b --to opencode/b --url https://b.example --mode file",
        "mcpjwt issue -q --sub c --to claude-code:user/c --url https://c.example --mode env --env C_TOKEN --to dotenv:.env#C_TOKEN",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    let text = runs(&mut room, &["mcpjwt status", "mcpjwt status --scan"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                                         SUBJECT  ISSUER  LEFT             PROBLEM
        claude-code/a                                 a        -       exec
        claude-code/c                                 c        -       env C_TOKEN
        opencode/b                                    b        -       file b-dcf7a2d6
        file:~/.local/share/mcpjwt/tokens/b-dcf7a2d6  b        mcpjwt  ######## 30 d
        dotenv:.env#C_TOKEN                           c        mcpjwt  ######## 30 d
        --- exit 0
        $ mcpjwt status --scan
        --- stdout
        PLACE                                         SUBJECT  ISSUER  LEFT             PROBLEM
        claude-code/a                                 a        -       exec
        claude-code/c                                 c        -       env C_TOKEN
        opencode/b                                    b        -       file b-dcf7a2d6
        file:~/.local/share/mcpjwt/tokens/b-dcf7a2d6  b        mcpjwt  ######## 30 d
        dotenv:.env#C_TOKEN                           c        mcpjwt  ######## 30 d
        --- exit 0
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_pipe_in_the_place_of_a_config_keeps_nobody_waiting() {
    let mut room = Sandbox::default()
        .pipe(CURSOR)
        .pipe("~/pipe")
        .link("~/.codex/config.toml", "~/pipe");
    let shown = runs(&mut room, &["mcpjwt status --scan"]);
    expect![[r#"
        $ mcpjwt status --scan
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: it is no plain file
        hint: name a plain file: a pipe or a device may keep us waiting for ever
        error: cannot read `/home/me/.codex/config.toml`: it is no plain file
        hint: name a plain file: a pipe or a device may keep us waiting for ever
        --- exit 4
    "#]]
    .assert_eq(&shown);
    for line in ["mcpjwt clients", "mcpjwt clients cursor", "mcpjwt doctor"] {
        let shown = room.run_raw(line);
        let told = "cannot read `/home/me/.cursor/mcp.json`: it is no plain file";
        assert!(shown.stderr.contains(told), "{line}: {}", shown.stderr);
    }
}

#[test]
fn nobody_is_told_to_replace_the_token_of_a_stranger() {
    let expired =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ0aGVpcnMiLCJleHAiOjE2MDAwMDAwMDB9.c2ln";
    let mut room = Sandbox::default().file(
        CURSOR,
        format!(r#"{{"mcpServers":{{"a":{{"url":"https://a","headers":{{"Authorization":"Bearer {expired}"}}}}}}}}"#),
    );
    let shown = runs(&mut room, &["mcpjwt status --scan"]);
    expect![[r#"
        $ mcpjwt status --scan
        --- stdout
        PLACE     SUBJECT  ISSUER  LEFT              PROBLEM
        cursor/a  theirs   -       ........ 5 y ago  expired 2020-09-13 12:26:40 +00:00
        --- stderr
        note: there is no key here to check signatures with
        --- exit 3
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_scan_finds_every_token_wherever_it_stands() {
    let mut room = with_key();
    let mut mint = |sub: &str| {
        let line = format!("mcpjwt issue --plain --no-record --key file:k --sub {sub}");
        room.run_raw(&line).stdout.trim_end().to_owned()
    };
    let subs = "first second top asked listed twice remark yaml other broken hidden list";
    let tokens: Vec<String> = subs.split(' ').map(&mut mint).collect();
    let [
        first,
        second,
        top,
        asked,
        listed,
        twice,
        remark,
        yaml,
        other,
        broken,
        hidden,
        list,
    ] = &tokens[..]
    else {
        panic!("{subs}");
    };
    let vscode = format!(
        r#"{{
            // "Authorization": "Bearer {remark}"
            "inputs": [{{"id": "a", "default": "Bearer {asked}"}}],
            "env": {{"T": "{top}"}},
            "list": [["{listed}"]],
            "servers": {{"a": {{"url": "https://a", "headers": {{"Cookie": "a={first}; b={second}"}}}}}},
            "servers": {{"a": {{"url": "https://a", "headers": {{"Cookie": "{twice}"}}}}}}
        }}"#
    );
    let mut room = room
        .file("~/.config/Code/User/mcp.json", vscode)
        .file(
            CURSOR,
            format!(r#"{{"mcpServers":{{"a":{{"env":{{"T":"{broken}"}}"#),
        )
        .file("~/.config/opencode/opencode.jsonc", "{}")
        .file(
            "~/.config/opencode/opencode.json",
            format!(r#"{{"mcp":{{"a":{{"url":"https://a","headers":{{"A":"{hidden}"}}}}}}}}"#),
        )
        .file(
            "~/.vibe/config.toml",
            format!("[[mcp_servers]]\nname = 'a'\nheaders = {{ A = 'Bearer {list}' }}\n"),
        )
        .file_with_mode(
            "~/.config/goose/config.yaml",
            format!("extensions:\n  a:\n    envs: {{T: {yaml}}}\n  b:\n    envs: {{T: {other}}}\n"),
            0o644,
        );
    expect![[r#"
        $ mcpjwt status --scan
        --- stdout
        PLACE                                                        SUBJECT  ISSUER  LEFT           PROBLEM
        json:~/.config/Code/User/mcp.json#/servers/a/headers/Cookie  first    mcpjwt  ######## 24 h
        json:~/.config/Code/User/mcp.json#/servers/a/headers/Cookie  second   mcpjwt  ######## 24 h
        json:~/.config/Code/User/mcp.json#/inputs/0/default          asked    mcpjwt  ######## 24 h
        json:~/.config/Code/User/mcp.json#/env/T                     top      mcpjwt  ######## 24 h
        json:~/.config/Code/User/mcp.json#/list/0/0                  listed   mcpjwt  ######## 24 h
        json:~/.config/Code/User/mcp.json#/servers/a/headers/Cookie  twice    mcpjwt  ######## 24 h
        file:~/.config/Code/User/mcp.json                            remark   mcpjwt  ######## 24 h
        file:~/.cursor/mcp.json                                      broken   mcpjwt  ######## 24 h
        json:~/.config/opencode/opencode.json#/mcp/a/headers/A       hidden   mcpjwt  ######## 24 h
        file:~/.config/goose/config.yaml                             yaml     mcpjwt  ######## 24 h  others can read it (0644)
        file:~/.config/goose/config.yaml                             other    mcpjwt  ######## 24 h  others can read it (0644)
        file:~/.vibe/config.toml                                     list     mcpjwt  ######## 24 h
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 20: unterminated object
        note: there is no key here to check signatures with
        hint: close the file with `chmod 600 /home/me/.config/goose/config.yaml`
        --- exit 4
    "#]].assert_eq(&runs(&mut room, &["mcpjwt status --scan"]));
    let shown = room.run_raw("mcpjwt status --scan --json").stdout;
    let document = mcpjwt::json::Json::parse(shown.as_bytes()).unwrap();
    let tokens = document.get("tokens").unwrap().as_array().unwrap();
    let told: Vec<String> = tokens
        .iter()
        .map(|token| {
            let text = |name: &str| token.get(name).unwrap().as_str().unwrap_or("-");
            ["sub", "client", "scope", "server", "place"]
                .map(text)
                .join(" ")
        })
        .collect();
    expect![[r#"
        first vscode user a json:/home/me/.config/Code/User/mcp.json#/servers/a/headers/Cookie
        second vscode user a json:/home/me/.config/Code/User/mcp.json#/servers/a/headers/Cookie
        asked vscode user - json:/home/me/.config/Code/User/mcp.json#/inputs/0/default
        top vscode user - json:/home/me/.config/Code/User/mcp.json#/env/T
        listed vscode user - json:/home/me/.config/Code/User/mcp.json#/list/0/0
        twice vscode user - json:/home/me/.config/Code/User/mcp.json#/servers/a/headers/Cookie
        remark vscode user - file:/home/me/.config/Code/User/mcp.json
        broken cursor user - file:/home/me/.cursor/mcp.json
        hidden opencode user - json:/home/me/.config/opencode/opencode.json#/mcp/a/headers/A
        yaml goose user - file:/home/me/.config/goose/config.yaml
        other goose user - file:/home/me/.config/goose/config.yaml
        list mistral-vibe user - file:/home/me/.vibe/config.toml"#]]
    .assert_eq(&told.join("\n"));
}
