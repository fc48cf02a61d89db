//! `mcpjwt status` and `expiry` in a project with a manifest.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{SECRET, runs};

const MANIFEST: &str = r##"iss = "exai-mcp-server"
aud = "exai-mcp-client"
ttl = "90d"
key = "dotenv:.env.docker#KEY"

[[token]]
sub = "vscode1@exai-mcp.local"
to = ["dotenv:.env#VSCODE1", "json:mcp.json#/mcpServers/exai/env/TOKEN"]

[[token]]
sub = "vscode2@exai-mcp.local"
to = ["dotenv:.env#VSCODE2"]

[[token]]
sub = "claude@exai-mcp.local"
to = [
  { client = "cursor", scope = "project", server = "exai" },
  { client = "claude-code", scope = "project", server = "exai", mode = "helper" },
  { client = "opencode", scope = "project", server = "new", url = "https://x.example" },
]
"##;

/// A project of a manifest, one token of which was put into one of its places.
fn project() -> Sandbox {
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file(".env.docker", format!("KEY={SECRET}\n"))
        .file("mcp.json", r#"{"mcpServers":{"exai":{"command":"x","env":{"TOKEN":""}}}}"#)
        .file(".cursor/mcp.json", r#"{"mcpServers":{"exai":{"url":"https://x.example","headers":{"X-Api-Key":"abc"}}}}"#)
        .file(".mcp.json", r#"{"mcpServers":{"exai":{"type":"http","url":"https://x.example","headersHelper":"mcpjwt headers claude"}}}"#);
    let shown = room.run_raw("mcpjwt issue -q --sub vscode1 --to dotenv:.env#VSCODE1");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    room
}

#[test]
fn every_place_of_the_manifest_is_looked_at() {
    let mut room = project();
    let mut text = runs(&mut room, &["mcpjwt status", "mcpjwt expiry"]);
    room.run_raw("mcpjwt trust --yes");
    room.run_raw("mcpjwt issue -q --sub claude --to cursor:project/exai");
    room.later(88 * 86_400);
    text += &runs(
        &mut room,
        &[
            "mcpjwt status --within 7d",
            "mcpjwt expiry",
            "mcpjwt issue -q --sub vscode1 --to dotenv:.env#VSCODE1",
            "mcpjwt status --no-manifest",
        ],
    );
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                                     SUBJECT                 ISSUER           LEFT           PROBLEM
        dotenv:.env#VSCODE1                       vscode1@exai-mcp.local  exai-mcp-server  ######## 90 d
        json:mcp.json#/mcpServers/exai/env/TOKEN  vscode1@exai-mcp.local  -                -              not there yet
        dotenv:.env#VSCODE2                       vscode2@exai-mcp.local  -                -              not there yet
        --- stderr
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `cursor:project/exai`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `claude-code:project/exai`
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `opencode:project/new`
        hint: make all places as the manifest wants them with `mcpjwt sync`
        --- exit 4
        $ mcpjwt expiry
        --- stdout
        SUBJECT                 EXPIRES                     LEFT     PLACE
        vscode1@exai-mcp.local  2026-02-20 04:00:00 +00:00  in 90 d  dotenv:.env#VSCODE1
        --- stderr
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `cursor:project/exai`
        hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `claude-code:project/exai`
        error: `~/project/mcpjwt.toml` is not trusted, and its token `claude` changes the config of a client: `opencode:project/new`
        error: there is no token at `json:mcp.json#/mcpServers/exai/env/TOKEN` yet
        hint: put all that are missing into their places with `mcpjwt sync`
        error: there is no token at `dotenv:.env#VSCODE2` yet
        --- exit 4
        $ mcpjwt status --within 7d
        --- stdout
        PLACE                                     SUBJECT                 ISSUER           LEFT          PROBLEM
        claude-code:project/exai                  claude@exai-mcp.local   -                helper
        cursor:project/exai                       claude@exai-mcp.local   exai-mcp-server  #....... 2 d  expires 2026-02-20 04:00:00 +00:00
        dotenv:.env#VSCODE1                       vscode1@exai-mcp.local  exai-mcp-server  #....... 2 d  expires 2026-02-20 04:00:00 +00:00
        json:mcp.json#/mcpServers/exai/env/TOKEN  vscode1@exai-mcp.local  -                -             not there yet
        dotenv:.env#VSCODE2                       vscode2@exai-mcp.local  -                -             not there yet
        opencode:project/new                      claude@exai-mcp.local   -                -             not there yet
        --- stderr
        hint: mint all tokens of the manifest anew with `mcpjwt sync --renew`
        hint: make all places as the manifest wants them with `mcpjwt sync`
        --- exit 1
        $ mcpjwt expiry
        --- stdout
        SUBJECT                 EXPIRES                     LEFT    PLACE
        vscode1@exai-mcp.local  2026-02-20 04:00:00 +00:00  in 2 d  dotenv:.env#VSCODE1
        claude@exai-mcp.local   2026-02-20 04:00:00 +00:00  in 2 d  cursor:project/exai
        --- stderr
        error: there is no token at `json:mcp.json#/mcpServers/exai/env/TOKEN` yet
        hint: put all that are missing into their places with `mcpjwt sync`
        error: there is no token at `dotenv:.env#VSCODE2` yet
        error: there is no token at `opencode:project/new` yet
        --- exit 4
        $ mcpjwt issue -q --sub vscode1 --to dotenv:.env#VSCODE1
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["dotenv:/home/me/project/.env#VSCODE1"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["dotenv:/home/me/project/.env#VSCODE1"],"made":{"dotenv:/home/me/project/.env#VSCODE1":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"claude@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["json:/home/me/project/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"claude@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["json:/home/me/project/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/project/.cursor/mcp.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers/Authorization"}]}}}
        {"version":1,"at":1771387200,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1771387195,"exp":1779163200,"places":["dotenv:/home/me/project/.env#VSCODE1"]}
        {"version":1,"at":1771387200,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["exai-mcp-client"],"kid":"UOuPGLMbqgKiRQGz","iat":1771387195,"exp":1779163200,"places":["dotenv:/home/me/project/.env#VSCODE1"]}
        --- .env (0600)
        VSCODE1=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJleGFpLW1jcC1zZXJ2ZXIiLCJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIiwiYXVkIjoiZXhhaS1tY3AtY2xpZW50IiwiaWF0IjoxNzcxMzg3MTk1LCJleHAiOjE3NzkxNjMyMDAsImp0aSI6ImRhMjExZTZhNjYzYmQzNzMxMWFhYmVjYjg2YmVkYTNmIn0.nyYcBNqyo9vp_p8MDuq1c_oT_1eZWfZYeY4COr9BE00
        --- exit 0
        $ mcpjwt status --no-manifest
        --- stdout
        PLACE                SUBJECT                 ISSUER           LEFT           PROBLEM
        cursor:project/exai  claude@exai-mcp.local   exai-mcp-server  #....... 2 d
        dotenv:.env#VSCODE1  vscode1@exai-mcp.local  exai-mcp-server  ######## 90 d
        --- stderr
        note: there is no key here to check signatures with
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn what_the_manifest_wants_is_named_in_json() {
    let mut room = Sandbox::default()
        .file(
            "mcpjwt.toml",
            "key = 'dotenv:.env.docker#KEY'\n[[token]]\nsub = 'a'\nto = ['file:t']\n",
        )
        .file(".env.docker", format!("KEY={SECRET}\n"));
    expect![[r#"
        --- stdout
        {
          "ok": false,
          "tokens": [
            {
              "client": null,
              "scope": null,
              "server": null,
              "clients": [],
              "place": "file:/home/me/project/t",
              "short": "file:t",
              "file": "/home/me/project/t",
              "kind": "missing",
              "names": null,
              "sub": "a",
              "iss": null,
              "key": {
                "kid": null,
                "state": "unchecked",
                "accepted_until": null
              },
              "iat": null,
              "exp": null,
              "expires": null,
              "seconds_left": null,
              "standing": null,
              "known": false,
              "token": "a",
              "git": null,
              "readable_by_others": null,
              "problems": [
                "place_missing"
              ]
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "place_missing",
              "place": "file:/home/me/project/t",
              "message": "`file:t`: not there yet",
              "hint": "make all places as the manifest wants them with `mcpjwt sync`"
            }
          ]
        }
        --- exit 1
    "#]]
    .assert_eq(&room.run("mcpjwt status --json"));
}

#[test]
fn a_broken_manifest_is_an_error_and_the_ledger_is_shown() {
    let mut room = project();
    room.put_file("mcpjwt.toml", "kye = 1\n", 0o600);
    let text = runs(&mut room, &["mcpjwt status", "mcpjwt expiry"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                SUBJECT                 ISSUER           LEFT           PROBLEM
        dotenv:.env#VSCODE1  vscode1@exai-mcp.local  exai-mcp-server  ######## 90 d
        --- stderr
        error: `~/project/mcpjwt.toml` line 1: the manifest has no key `kye`
        hint: did you mean `key`?
        note: there is no key here to check signatures with
        --- exit 4
        $ mcpjwt expiry
        --- stderr
        error: `~/project/mcpjwt.toml` line 1: the manifest has no key `kye`
        hint: did you mean `key`?
        --- exit 4
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_mode_that_the_manifest_asks_for_is_no_finding() {
    let manifest = "key = 'dotenv:.env.docker#KEY'\n\n[[token]]\nsub = 'a'\nto = [{ place = 'dotenv:.env#A', mode = '0640' }]\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env.docker", format!("KEY={SECRET}\n"));
    let lines = [
        "mcpjwt issue -q --sub a --to dotenv:.env#A",
        "mcpjwt status",
    ];
    room.put_file(".env", "", 0o640);
    let mut text = runs(&mut room, &lines);
    let held = room.text(".env").unwrap();
    room.put_file(".env", &held, 0o640);
    text += &runs(&mut room, &["mcpjwt status"]);
    room.put_file(".env", &held, 0o644);
    text += &runs(&mut room, &["mcpjwt status"]);
    expect![[r#"
        $ mcpjwt issue -q --sub a --to dotenv:.env#A
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["dotenv:/home/me/project/.env#A"],"made":{"dotenv:/home/me/project/.env#A":{"leaves":[],"tops":[]}}}
        --- .env (0600)
        A=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjYzNzYwMDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0In0.EHJ-kWYvbgdYrTxl4SVWBBhjNRxO1rfExejWZMqG0tU
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE          SUBJECT  ISSUER  LEFT           PROBLEM
        dotenv:.env#A  a        mcpjwt  ######## 30 d
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE          SUBJECT  ISSUER  LEFT           PROBLEM
        dotenv:.env#A  a        mcpjwt  ######## 30 d
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE          SUBJECT  ISSUER  LEFT           PROBLEM
        dotenv:.env#A  a        mcpjwt  ######## 30 d  others can read it (0644)
        --- stderr
        hint: close the file with `chmod 600 /home/me/project/.env`
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn the_file_that_an_entry_has_its_token_from_is_looked_at() {
    let manifest = "key = 'dotenv:.env.docker#KEY'\n\n[[token]]\nsub = 'a'\nttl = '1d'\nto = [{ client = 'opencode', scope = 'project', server = 'x', url = 'https://x.example', mode = 'file' }]\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env.docker", format!("KEY={SECRET}\n"));
    for line in ["mcpjwt trust --yes", "mcpjwt sync"] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room.remove_file("~/.local/state/mcpjwt/ledger.jsonl");
    room.later(2 * 86_400);
    let shown = runs(&mut room, &["mcpjwt status"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                                         SUBJECT  ISSUER  LEFT               PROBLEM
        opencode:project/x                            a        -       file x-5e51debc
        file:~/.local/share/mcpjwt/tokens/x-5e51debc  a        mcpjwt  ........ 24 h ago  expired 2025-11-23 04:00:00 +00:00
        --- stderr
        hint: make all places as the manifest wants them with `mcpjwt sync`
        --- exit 3
    "#]].assert_eq(&shown);
}

#[test]
fn a_file_is_read_in_each_way_that_a_place_asks_for() {
    let manifest = "key = 'dotenv:.env.docker#KEY'\n\n[[token]]\nsub = 'a'\nto = ['json:conf#/a', 'toml:conf#a']\n\n[[token]]\nsub = 'b'\nto = ['json:conf#/b']\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env.docker", format!("KEY={SECRET}\n"))
        .file("conf", "");
    let shown = room.run_raw("mcpjwt issue -q --sub a --to toml:conf#a");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE         SUBJECT  ISSUER  LEFT           PROBLEM
        toml:conf#a   a        mcpjwt  ######## 30 d
        json:conf#/a  a        -       -              cannot be read
        json:conf#/b  b        -       -              cannot be read
        --- stderr
        error: cannot read `/home/me/project/conf`: line 1, column 1: unexpected word
        --- exit 4
    "#]]
    .assert_eq(&runs(&mut room, &["mcpjwt status"]));
}

#[test]
fn another_credential_in_an_entry_is_not_the_wanted_one() {
    let manifest = "aud = 'mcp'\nkey = 'dotenv:.env.docker#KEY'\n\n[[token]]\nsub = 'a'\nenv = 'A_TOKEN'\nto = ['cursor:project/remote', 'cursor:project/plain', 'cursor:project/other', 'cursor:project/stdio', 'claude-desktop/bridge']\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env.docker", format!("KEY={SECRET}\n"));
    let shown = room.run_raw("mcpjwt issue -q --sub a --no-record");
    let token = shown.stdout.trim_end();
    let mut room = room
        .file(
            ".cursor/mcp.json",
            format!(
                r#"{{"mcpServers":{{
                "remote":{{"url":"https://a","headers":{{"X-Api-Key":"${{env:KEY}}"}}}},
                "plain":{{"url":"https://a","headers":{{"authorization":"Bearer {token}"}}}},
                "other":{{"url":"https://a","headers":{{"X-Other":"{token}"}}}},
                "stdio":{{"command":"x","env":{{"GITHUB_TOKEN":"${{env:GITHUB_TOKEN}}"}}}}}}}}"#
            ),
        )
        .file(
            "~/.config/Claude/claude_desktop_config.json",
            format!(r#"{{"mcpServers":{{"bridge":{{"command":"npx","args":["mcp-remote","https://b.example","--header","Authorization:Bearer {token}"]}}}}}}"#),
        );
    room.run_raw("mcpjwt trust --yes");
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                  SUBJECT  ISSUER  LEFT           PROBLEM
        claude-desktop/bridge  a        mcpjwt  ######## 24 h
        cursor:project/plain   a        mcpjwt  ######## 24 h
        cursor:project/remote  a        -       -              not there yet
        cursor:project/other   a        -       -              not there yet
        cursor:project/stdio   a        -       -              not there yet
        --- stderr
        hint: make all places as the manifest wants them with `mcpjwt sync`
        --- exit 1
        $ mcpjwt sync --check
        --- stdout
        TOKEN  GETS       PLACE                  WHY
        a      new token  cursor:project/remote  missing
        a      new token  cursor:project/plain   expires in 24 h
        a      new token  cursor:project/other   missing
        a      new token  cursor:project/stdio   missing
        a      new token  claude-desktop/bridge  expires in 24 h
        --- stderr
        5 places are not as the manifest wants; mend that with `mcpjwt sync`
        --- exit 1
    "#]]
    .assert_eq(&runs(&mut room, &["mcpjwt status", "mcpjwt sync --check"]));
}

#[test]
fn the_hint_about_files_that_others_can_read_names_all_of_them() {
    for (count, words) in [
        (
            1,
            "hint: close the file with `chmod 600 /home/me/project/0.env`\n",
        ),
        (
            3,
            "hint: close the files with `chmod 600 /home/me/project/0.env /home/me/project/1.env /home/me/project/2.env`\n",
        ),
        (10, "/7.env`, and 2 more like these\n"),
    ] {
        let mut room = crate::with_key();
        for at in 0..count {
            // Two tokens are in each.
            for name in ["A", "B"] {
                let line =
                    format!("mcpjwt issue -q --sub a --key file:k --to dotenv:{at}.env#{name}");
                assert_eq!(room.run_raw(&line).code, 0);
            }
            let path = format!("{at}.env");
            let text = room.text(&path).unwrap();
            room.put_file(&path, text, 0o644);
        }
        let shown = room.run_raw("mcpjwt status");
        assert!(shown.stderr.contains(words), "{count}: {}", shown.stderr);
        assert_eq!(shown.stderr.matches("chmod").count(), 1, "{}", shown.stderr);
    }
}

#[test]
fn what_was_taken_out_by_hand_and_is_wanted_is_one_place_with_one_hint() {
    const EMPTY: &str = r#"{"mcpServers": {"web": {"type": "http", "url": "https://a.example"}}}"#;
    for (mode, left) in [
        ("literal", EMPTY),
        ("helper", EMPTY),
        ("literal", r#"{"mcpServers": {}}"#),
    ] {
        let manifest = format!(
            "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [{{ client = \"claude-code\", scope = \"project\", server = \"web\", mode = \"{mode}\", url = \"https://a.example\" }}]\n"
        );
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", manifest)
            .file("k", crate::SECRET)
            .file(".mcp.json", EMPTY)
            .command("mcpjwt headers a", "{}");
        for line in ["trust --yes", "sync"] {
            let shown = room.run_raw(&format!("mcpjwt {line}"));
            assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        }
        room.put_file(".mcp.json", left, 0o600);
        let shown = room.run_raw("mcpjwt status");
        let rows: Vec<&str> = shown.stdout.lines().skip(1).collect();
        let row = "claude-code:project/web  a";
        assert!(
            rows.len() == 1 && rows[0].starts_with(row),
            "{mode}: {}",
            shown.stdout
        );
        assert!(
            rows[0].ends_with("taken away since it was put there"),
            "{}",
            rows[0]
        );
        let hint = "hint: make all places as the manifest wants them with `mcpjwt sync`\n";
        assert_eq!(shown.stderr, hint, "{mode}");
        assert_eq!(room.run_raw("mcpjwt sync").code, 0, "{mode}");
        assert_eq!(room.run_raw("mcpjwt status").code, 0, "{mode}");
    }
}
