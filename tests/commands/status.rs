//! `mcpjwt status`: every token, where it lives, what is wrong with it.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{OTHER, SECRET, runs, with_key};

pub(super) const CURSOR: &str = "~/.cursor/mcp.json";

/// One key in the store, and tokens in places of each kind.
pub(super) fn room() -> Sandbox {
    let mut room = with_key()
        .file(
            CURSOR,
            r#"{"mcpServers":{"exai":{"url":"https://mcp.example.com/mcp"},"local":{"command":"node","env":{}}}}"#,
        )
        .file("other", OTHER);
    room.run_raw("mcpjwt secret import --from file:k");
    for line in [
        "mcpjwt issue --sub vscode1@exai-mcp.local --iss exai-mcp-server --ttl 90d --to cursor/exai",
        "mcpjwt issue --sub soon --iss exai-mcp-server --ttl 3d --to cursor/local --env TOKEN",
        "mcpjwt issue --sub ci --ttl 1h --to dotenv:.env#CI_TOKEN",
        "mcpjwt issue --sub laptop --to keyring:exai/laptop",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    room
}

#[test]
fn every_place_of_the_ledger() {
    let mut room = room();
    room.later(86_400);
    let mut text = runs(&mut room, &["mcpjwt status", "mcpjwt status --within 7d"]);
    for (width, locale) in [(80, "C.UTF-8"), (120, "C.UTF-8"), (80, "C"), (40, "C")] {
        room = room.terminal(width).env("LANG", locale);
        text += &format!("== {width} {locale}\n");
        text += &room.run("mcpjwt status --within 7d --color never");
    }
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT               PROBLEM
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  ######## 89 d
        cursor/local          soon                    exai-mcp-server  ######.. 2 d
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           ........ 23 h ago  expired 2025-11-22 05:00:00 +00:00
        keyring:exai/laptop   laptop                  mcpjwt           ######## 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh dotenv:.env#CI_TOKEN`
        --- exit 3
        $ mcpjwt status --within 7d
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT               PROBLEM
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  ######## 89 d
        cursor/local          soon                    exai-mcp-server  ######.. 2 d       expires 2025-11-25 04:00:00 +00:00
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           ........ 23 h ago  expired 2025-11-22 05:00:00 +00:00
        keyring:exai/laptop   laptop                  mcpjwt           ######## 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh cursor/local`
        --- exit 3
        == 80 C.UTF-8
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  ████████ 89 d
        cursor/local          soon                    exai-mcp-server  ██████░░ 2 d
          expires 2025-11-25 04:00:00 +00:00
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           ░░░░░░░░ 23 h ago
          expired 2025-11-22 05:00:00 +00:00
        keyring:exai/laptop   laptop                  mcpjwt           ████████ 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh cursor/local`
        --- exit 3
        == 120 C.UTF-8
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT               PROBLEM
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  ████████ 89 d
        cursor/local          soon                    exai-mcp-server  ██████░░ 2 d       expires 2025-11-25 04:00:00 +00:00
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           ░░░░░░░░ 23 h ago  expired 2025-11-22 05:00:00 +00:00
        keyring:exai/laptop   laptop                  mcpjwt           ████████ 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh cursor/local`
        --- exit 3
        == 80 C
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  ######## 89 d
        cursor/local          soon                    exai-mcp-server  ######.. 2 d
          expires 2025-11-25 04:00:00 +00:00
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           ........ 23 h ago
          expired 2025-11-22 05:00:00 +00:00
        keyring:exai/laptop   laptop                  mcpjwt           ######## 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh cursor/local`
        --- exit 3
        == 40 C
        --- stdout
        PLACE    cursor/exai
        SUBJECT  vscode1@exai-mcp.local
        ISSUER   exai-mcp-server
        LEFT     ######## 89 d

        PLACE    cursor/local
        SUBJECT  soon
        ISSUER   exai-mcp-server
        LEFT     ######.. 2 d
        PROBLEM  expires 2025-11-25 04:00:00
                 +00:00

        PLACE    dotenv:.env#CI_TOKEN
        SUBJECT  ci
        ISSUER   mcpjwt
        LEFT     ........ 23 h ago
        PROBLEM  expired 2025-11-22 05:00:00
                 +00:00

        PLACE    keyring:exai/laptop
        SUBJECT  laptop
        ISSUER   mcpjwt
        LEFT     ######## 29 d
        --- stderr
        hint: renew it with `mcpjwt refresh cursor/local`
        --- exit 3
    "#]].assert_eq(&text);
}

/// A token with all that is in one, signed with the secret in `k`; as if for another program.
pub(super) fn foreign(room: &mut Sandbox, options: &str) -> String {
    let line = format!(
        "mcpjwt issue -q --no-record --key file:other --iss https://other.example {options}"
    );
    let shown = room.run_raw(&line);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    shown.stdout.trim_end().to_owned()
}

#[test]
fn what_was_taken_away_or_replaced_is_told_and_can_be_forgotten() {
    let mut room = room();
    let env = room.text(".env").unwrap();
    room.put_file(".env", env.replace("CI_TOKEN", "OTHER"), 0o600);
    room.put_file(
        CURSOR,
        r#"{"mcpServers":{"exai":{"url":"https://mcp.example.com/mcp","headers":{"Authorization":"Bearer ${env:T}"}},"local":{"command":"node","env":{"TOKEN":"hello"}}}}"#,
        0o600,
    );
    let mut text = runs(
        &mut room,
        &[
            "mcpjwt status",
            "mcpjwt uninstall dotenv:/home/me/project/.env#CI_TOKEN",
            "mcpjwt status",
        ],
    );
    room.put_file(CURSOR, "{oops", 0o600);
    room.keyring.locked = true;
    text += &runs(&mut room, &["mcpjwt status", "mcpjwt status --scan"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                 SUBJECT                 ISSUER           LEFT           PROBLEM
        cursor/exai           vscode1@exai-mcp.local  exai-mcp-server  env T
        cursor/local          soon                    exai-mcp-server  -              replaced by something that is no token
        dotenv:.env#CI_TOKEN  ci                      mcpjwt           -              taken away since it was put there
        keyring:exai/laptop   laptop                  mcpjwt           ######## 30 d
        --- stderr
        hint: let the ledger forget it with `mcpjwt uninstall dotenv:/home/me/project/.env#CI_TOKEN`
        --- exit 1
        $ mcpjwt uninstall dotenv:/home/me/project/.env#CI_TOKEN
        --- stderr
        nothing is at `dotenv:/home/me/project/.env#CI_TOKEN`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"d70d3259e4e1cb631c663cf4d73c4c04","sub":"vscode1@exai-mcp.local","iss":"exai-mcp-server","aud":["https://mcp.example.com/mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1771560000,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/exai/headers/Authorization":{"leaves":["/mcpServers/exai/headers/Authorization"],"tops":[{"at":"/mcpServers/exai/headers"}]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"soon","iss":"exai-mcp-server","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1764043200,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"022ab1ba804098e6cb293e6770eb3a95","sub":"soon","iss":"exai-mcp-server","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1764043200,"places":["json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN"],"made":{"json:/home/me/.cursor/mcp.json#/mcpServers/local/env/TOKEN":{"leaves":["/mcpServers/local/env/TOKEN"],"tops":[{"at":"/mcpServers/local/env","seam":["","","{}"]}]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"ci","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763787600,"places":["dotenv:/home/me/project/.env#CI_TOKEN"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"da211e6a663bd37311aabecb86beda3f","sub":"ci","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763787600,"places":["dotenv:/home/me/project/.env#CI_TOKEN"],"made":{"dotenv:/home/me/project/.env#CI_TOKEN":{"absent":true,"leaves":[],"tops":[]}}}
        {"version":1,"at":1763784000,"event":"issued","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"laptop","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/laptop"]}
        {"version":1,"at":1763784000,"event":"installed","jti":"f6d0c233a1c4cb77febe023d51d6fc53","sub":"laptop","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1766376000,"places":["keyring:exai/laptop"]}
        {"version":1,"at":1763784000,"event":"uninstalled","jti":"da211e6a663bd37311aabecb86beda3f","sub":"ci","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763787600,"places":["dotenv:/home/me/project/.env#CI_TOKEN"]}
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE                SUBJECT                 ISSUER           LEFT           PROBLEM
        cursor/exai          vscode1@exai-mcp.local  exai-mcp-server  env T
        cursor/local         soon                    exai-mcp-server  -              replaced by something that is no token
        keyring:exai/laptop  laptop                  mcpjwt           ######## 30 d
        --- exit 1
        $ mcpjwt status
        --- stdout
        PLACE                SUBJECT                 ISSUER           LEFT  PROBLEM
        cursor/exai          vscode1@exai-mcp.local  exai-mcp-server  -     cannot be read
        cursor/local         soon                    exai-mcp-server  -     cannot be read
        keyring:exai/laptop  laptop                  mcpjwt           -     cannot be read
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 2: expected string for object property
        error: cannot read `keyring:exai/laptop`: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
        $ mcpjwt status --scan
        --- stdout
        PLACE                SUBJECT                 ISSUER           LEFT  PROBLEM
        cursor/exai          vscode1@exai-mcp.local  exai-mcp-server  -     cannot be read
        cursor/local         soon                    exai-mcp-server  -     cannot be read
        keyring:exai/laptop  laptop                  mcpjwt           -     cannot be read
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 2: expected string for object property
        error: cannot read `keyring:exai/laptop`: the keyring is locked, or has no default collection
        hint: unlock it in your desktop session, or keep the value in a file instead: `file:PATH`
        --- exit 4
    "#]].assert_eq(&text);
}

#[test]
fn whose_signature_it_is_is_told_where_there_is_a_key() {
    let mut room = Sandbox::default()
        .file("k", format!("{SECRET}\n"))
        .file("other", OTHER);
    for line in [
        "mcpjwt issue -q --sub elsewhere --key file:other --to file:a",
        "mcpjwt issue -q --sub env --key file:k --no-record --to file:b",
    ] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    let env = room.text("b").unwrap().trim_end().to_owned();
    let stranger = foreign(&mut room, "--sub stranger");
    let (head, _) = stranger.rsplit_once('.').unwrap();
    room.put_file(
        CURSOR,
        format!(r#"{{"mcpServers":{{"env":{{"command":"x","env":{{"T":"{env}"}}}},"stranger":{{"command":"x","env":{{"T":"{stranger}"}}}},"forged":{{"command":"x","env":{{"T":"{head}.AAAA"}}}}}}}}"#),
        0o600,
    );
    // No key at all; then a store whose only key is another; then a key in the environment.
    let mut text = runs(&mut room, &["mcpjwt status --scan"]);
    room.run_raw("mcpjwt secret generate --alg EdDSA");
    text += &room.run("mcpjwt status --scan");
    let mut room = room.env("MCPJWT_KEY", "file:k");
    text += &room.run("mcpjwt status --scan");
    let mut room = room.env("MCPJWT_KEY", "file:absent");
    text += &room.run("mcpjwt status --scan");
    expect![[r#"
        $ mcpjwt status --scan
        --- stdout
        PLACE            SUBJECT    ISSUER                 LEFT           PROBLEM
        cursor/env       env        mcpjwt                 ######## 30 d
        cursor/stranger  stranger   https://other.example  ######## 24 h
        cursor/forged    stranger   https://other.example  ######## 24 h
        file:a           elsewhere  mcpjwt                 ######## 30 d
        --- stderr
        note: there is no key here to check signatures with
        --- exit 0
        --- stdout
        PLACE            SUBJECT    ISSUER                 LEFT           PROBLEM
        cursor/env       env        mcpjwt                 ######## 30 d  signed by an unknown key, `UOuPGLMbqgKiRQGz`
        cursor/stranger  stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        cursor/forged    stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        file:a           elsewhere  mcpjwt                 ######## 30 d
        --- exit 1
        --- stdout
        PLACE            SUBJECT    ISSUER                 LEFT           PROBLEM
        cursor/env       env        mcpjwt                 ######## 30 d
        cursor/stranger  stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        cursor/forged    stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        file:a           elsewhere  mcpjwt                 ######## 30 d
        --- exit 1
        --- stdout
        PLACE            SUBJECT    ISSUER                 LEFT           PROBLEM
        cursor/env       env        mcpjwt                 ######## 30 d  signed by an unknown key, `UOuPGLMbqgKiRQGz`
        cursor/stranger  stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        cursor/forged    stranger   https://other.example  ######## 24 h  signed by an unknown key, `G-2KYj0OXRAxhfq5`
        file:a           elsewhere  mcpjwt                 ######## 30 d
        --- stderr
        warning: there is no key at `file:absent`
        hint: make one there with `mcpjwt secret generate --to file:absent`
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn a_previous_key_is_told_and_counts_within_the_window() {
    let mut room = with_key();
    room.run_raw("mcpjwt secret generate");
    room.run_raw("mcpjwt secret import --from file:k");
    room.run_raw("mcpjwt issue -q --key file:k --sub old --ttl 90d --to file:t");
    let mut text = runs(
        &mut room,
        &[
            "mcpjwt status",
            "mcpjwt status --within 15d",
            "mcpjwt status --at +20d",
        ],
    );
    text += &room.run("mcpjwt status --json --within 15d");
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE   SUBJECT  ISSUER  LEFT           PROBLEM
        file:t  old      mcpjwt  ######## 90 d  signed with a previous key, accepted until 2025-12-06 04:00:00 +00:00
        --- exit 0
        $ mcpjwt status --within 15d
        --- stdout
        PLACE   SUBJECT  ISSUER  LEFT           PROBLEM
        file:t  old      mcpjwt  ######## 90 d  signed with a previous key, accepted until 2025-12-06 04:00:00 +00:00
        --- stderr
        hint: renew it with `mcpjwt refresh file:t`
        --- exit 3
        $ mcpjwt status --at +20d
        --- stdout
        PLACE   SUBJECT  ISSUER  LEFT           PROBLEM
        file:t  old      mcpjwt  #######. 70 d  signed with the key `UOuPGLMbqgKiRQGz`, which is no longer accepted
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub old --to file:t`
        --- exit 1
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
              "kind": "literal",
              "names": null,
              "sub": "old",
              "iss": "mcpjwt",
              "key": {
                "kid": "UOuPGLMbqgKiRQGz",
                "state": "previous",
                "accepted_until": 1764993600
              },
              "iat": 1763783995,
              "exp": 1771560000,
              "expires": "2026-02-20T04:00:00Z",
              "seconds_left": 7776000,
              "standing": "good",
              "known": true,
              "token": null,
              "git": "outside",
              "readable_by_others": null,
              "problems": [
                "expiring"
              ]
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "expiring",
              "place": "file:/home/me/project/t",
              "message": "`file:t`: signed with a previous key, accepted until 2025-12-06 04:00:00 +00:00",
              "hint": "renew it with `mcpjwt refresh file:t`"
            }
          ]
        }
        --- exit 3
    "#]].assert_eq(&text);
}

#[test]
fn nothing_is_known_of_an_empty_machine() {
    let text = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt status",
            "mcpjwt status --scan",
            "mcpjwt status --json",
            "mcpjwt status --within 7",
        ],
    );
    expect![[r#"
        $ mcpjwt status
        --- stderr
        no token was put into a place yet; `mcpjwt status --scan` looks into every client's config
        --- exit 0
        $ mcpjwt status --scan
        --- stderr
        there is no token in any place that is known, nor in the config of any client
        --- exit 0
        $ mcpjwt status --json
        --- stdout
        {
          "ok": true,
          "tokens": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt status --within 7
        --- stderr
        error: `--within`: `7` has no unit
        hint: write `7s`, `7m`, `7h` or `7d`
        --- exit 2
    "#]]
    .assert_eq(&text);
}

#[test]
fn the_keys_of_a_manifest_are_ours() {
    let manifest = "key = 'dotenv:.env.docker#KEY'\nprevious = 'dotenv:.env.docker#OLD'\nprevious-until = 2025-12-01T00:00:00Z\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file(".env.docker", format!("KEY={SECRET}\nOLD={OTHER}\n"));
    for line in [
        "mcpjwt issue -q --sub new --no-record --to file:new",
        "mcpjwt issue -q --sub old --no-record --key dotenv:.env.docker#OLD --to file:old",
    ] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    let [new, old] = ["new", "old"].map(|name| room.text(name).unwrap().trim_end().to_owned());
    let config = format!(
        r#"{{"mcpServers":{{"new":{{"command":"x","env":{{"T":"{new}"}}}},"old":{{"command":"x","env":{{"T":"{old}"}}}}}}}}"#
    );
    room.put_file(".cursor/mcp.json", config, 0o600);
    let mut text = runs(
        &mut room,
        &[
            "mcpjwt status --scan",
            "mcpjwt status --scan --at +10d",
            "mcpjwt status --scan --no-manifest",
        ],
    );
    room.put_file("mcpjwt.toml", "kye = 1\n", 0o600);
    text += &room.run("mcpjwt status --scan");
    expect![[r#"
        $ mcpjwt status --scan
        --- stdout
        PLACE               SUBJECT  ISSUER  LEFT           PROBLEM
        cursor:project/new  new      mcpjwt  ######## 30 d
        cursor:project/old  old      mcpjwt  ######## 30 d  signed with a previous key, accepted until 2025-12-01 00:00:00 +00:00
        --- exit 0
        $ mcpjwt status --scan --at +10d
        --- stdout
        PLACE               SUBJECT  ISSUER  LEFT           PROBLEM
        cursor:project/new  new      mcpjwt  ######.. 20 d
        cursor:project/old  old      mcpjwt  ######.. 20 d  signed with the key `G-2KYj0OXRAxhfq5`, which is no longer accepted
        --- stderr
        hint: put a new one there with `mcpjwt issue --sub old --to cursor:project/old`
        --- exit 1
        $ mcpjwt status --scan --no-manifest
        --- stdout
        PLACE               SUBJECT  ISSUER  LEFT           PROBLEM
        cursor:project/new  new      mcpjwt  ######## 30 d
        cursor:project/old  old      mcpjwt  ######## 30 d
        --- stderr
        note: there is no key here to check signatures with
        --- exit 0
        --- stdout
        PLACE               SUBJECT  ISSUER  LEFT           PROBLEM
        cursor:project/new  new      mcpjwt  ######## 30 d
        cursor:project/old  old      mcpjwt  ######## 30 d
        --- stderr
        error: `~/project/mcpjwt.toml` line 1: the manifest has no key `kye`
        hint: did you mean `key`?
        note: there is no key here to check signatures with
        --- exit 4
    "#]].assert_eq(&text);
}

#[test]
fn nobody_is_told_that_there_is_nothing_where_it_could_not_be_looked() {
    let mut room = Sandbox::default().denied("~/.local/state/mcpjwt/ledger.jsonl");
    let mut text = runs(&mut room, &["mcpjwt status"]);
    let mut room = Sandbox::default().file(CURSOR, "{");
    text += &runs(&mut room, &["mcpjwt status --scan"]);
    expect![[r#"
        $ mcpjwt status
        --- stderr
        error: cannot read `/home/me/.local/state/mcpjwt/ledger.jsonl`: permission denied
        --- exit 4
        $ mcpjwt status --scan
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 1: unterminated object
        --- exit 4
    "#]]
    .assert_eq(&text);
}

#[test]
fn what_stands_for_a_token_in_another_project_is_seen() {
    let mut room = with_key()
        .file(
            "~/.claude.json",
            r#"{"projects":{"/home/me/project":{"mcpServers":{"a":{"type":"http","url":"https://a.example"}}}}}"#,
        )
        .command(
            "/usr/local/bin/mcpjwt headers a --no-manifest --key=file:/home/me/.local/share/mcpjwt/default.jwks --iss=mcpjwt --aud=https://a.example",
            "{\"Authorization\": \"Bearer x\"}",
        );
    room.run_raw("mcpjwt secret import --from file:k");
    let shown = room.run_raw("mcpjwt issue -q --sub a --to claude-code:local/a --mode helper");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    room = room.cwd("/home/me/other");
    let shown = runs(&mut room, &["mcpjwt status"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                                                                         SUBJECT  ISSUER  LEFT    PROBLEM
        json:~/.claude.json#/projects/~1home~1me~1project/mcpServers/a/headersHelper  a        -       helper
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn an_entry_of_ours_in_another_folder_is_no_stranger() {
    let mut room = Sandbox::default().file(".mcp.json", "{}").command(
        "mcpjwt headers a --no-manifest --iss=mcpjwt --aud=https://a.example",
        "{\"Authorization\": \"Bearer x\"}",
    );
    for line in [
        "mcpjwt issue -q --sub a --to claude-code:project/a --url https://a.example --mode helper",
        "mcpjwt issue -q --sub b --to claude-code:project/b --mode exec --env T -- node b.js",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    let mut room = room.cwd("/home/me/elsewhere");
    let mut text = runs(&mut room, &["mcpjwt status"]);
    let entry = room.text("/home/me/project/.mcp.json").unwrap();
    let changed = entry.replace("headers a", "headers z");
    room.put_file("/home/me/project/.mcp.json", &changed, 0o600);
    text += &runs(&mut room, &["mcpjwt status"]);
    expect![[r#"
        $ mcpjwt status
        --- stdout
        PLACE                                                 SUBJECT  ISSUER  LEFT    PROBLEM
        json:~/project/.mcp.json#/mcpServers/a/headersHelper  a        -       helper
        json:~/project/.mcp.json#/mcpServers/b/command        b        -       exec
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE                                                 SUBJECT  ISSUER  LEFT  PROBLEM
        json:~/project/.mcp.json#/mcpServers/a/headersHelper  a        -       -     replaced by something that is no token
        json:~/project/.mcp.json#/mcpServers/b/command        b        -       exec
        --- exit 1
    "#]].assert_eq(&text);
}

#[test]
fn the_hint_for_a_whole_token_keeps_its_claims() {
    let mut room = crate::with_key();
    room.run_raw("mcpjwt secret import --from file:k");
    room.run_raw("mcpjwt issue --sub a --scope r:w --quota 5 --ttl 2d --to dotenv:c.env#T");
    let before = room.text("c.env");
    for (later, options) in [(0, "--within 7d"), (3 * 86_400, "")] {
        room.later(later);
        let shown = room.run_raw(&format!("mcpjwt status {options}"));
        let hint = shown
            .stderr
            .split('`')
            .find(|it| it.starts_with("mcpjwt refresh"));
        let shown = room.run_raw(hint.unwrap());
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_ne!(room.text("c.env"), before);
        let shown = room.run_raw("mcpjwt verify dotenv:c.env#T --scope r:w --require quota");
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    }
}

#[test]
fn a_refresh_token_is_not_told_to_be_renewed() {
    let mut room = Sandbox::default();
    room.run_raw("mcpjwt issue -q --pair --sub a --ttl 1h --refresh-ttl 2h --to file:pair");
    room.later(5400);
    let mut told = String::new();
    for line in [
        "mcpjwt status --within 45m",
        "mcpjwt refresh json:pair#/access_token",
        "mcpjwt status --within 45m",
        "mcpjwt revoke -q --yes --sub a",
        "mcpjwt uninstall -q json:pair#/access_token",
        "mcpjwt status",
    ] {
        let shown = room.run_raw(line);
        told.push_str(&format!("$ {line}\n"));
        let hints = shown.stderr.lines().filter(|it| it.starts_with("hint: "));
        hints.for_each(|hint| told.push_str(&format!("{hint}\n")));
        told.push_str(&format!("--- exit {}\n", shown.code));
    }
    expect![[r#"
        $ mcpjwt status --within 45m
        hint: renew it with `mcpjwt refresh json:pair#/access_token`
        --- exit 3
        $ mcpjwt refresh json:pair#/access_token
        --- exit 0
        $ mcpjwt status --within 45m
        --- exit 3
        $ mcpjwt revoke -q --yes --sub a
        --- exit 0
        $ mcpjwt uninstall -q json:pair#/access_token
        --- exit 0
        $ mcpjwt status
        --- exit 1
    "#]]
    .assert_eq(&told);
}
