//! `mcpjwt log`: what the ledger says, filtered, counted and followed.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

const LEDGER: &str = "~/.local/state/mcpjwt/ledger.jsonl";

/// Tokens of three subjects, one of them revoked, over two days.
fn room() -> Sandbox {
    let mut room = with_key().file(
        "~/.cursor/mcp.json",
        r#"{"mcpServers":{"exai":{"url":"https://mcp.example.com/mcp"}}}"#,
    );
    for line in [
        "mcpjwt issue --sub a --key file:k --ttl 7d",
        "mcpjwt issue --sub a --key file:k --to cursor/exai",
        "mcpjwt issue --sub b --key file:k --to dotenv:.env#B --ttl 1h",
        "mcpjwt revoke --sub a --reason leaked",
        "mcpjwt revoke --kid k --yes",
        "mcpjwt uninstall dotenv:.env#B",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        room.later(8 * 3600);
    }
    room
}

#[test]
fn the_newest_comes_last() {
    let mut room = room();
    expect![[r#"
        $ mcpjwt log
        --- stdout
        WHEN                        EVENT        WHAT   EXPIRES   WHERE, WHY
        2025-11-22 04:00:00 +00:00  issued       a      in 5 d
        2025-11-22 12:00:00 +00:00  issued       a      in 28 d   cursor/exai
        2025-11-22 20:00:00 +00:00  issued       b      31 h ago  dotenv:.env#B
        2025-11-23 04:00:00 +00:00  revoked      a                leaked
        2025-11-23 12:00:00 +00:00  revoked      key k
        2025-11-23 20:00:00 +00:00  uninstalled  b      31 h ago  dotenv:.env#B
        --- exit 0
        $ mcpjwt log --sub b --since -40h
        --- stdout
        WHEN                        EVENT        WHAT  EXPIRES   WHERE, WHY
        2025-11-22 20:00:00 +00:00  issued       b     31 h ago  dotenv:.env#B
        2025-11-23 20:00:00 +00:00  uninstalled  b     31 h ago  dotenv:.env#B
        --- exit 0
        $ mcpjwt log --sub nobody
        --- stderr
        nothing like that is recorded
        --- exit 0
        $ mcpjwt log --stats
        --- stdout
        SUBJECT  TOKENS  LAST ISSUED  NEXT EXPIRY
        a        2       40 h ago     in 5 d
        b        1       32 h ago     -
        --- exit 0
    "#]]
    .assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt log",
            "mcpjwt log --sub b --since -40h",
            "mcpjwt log --sub nobody",
            "mcpjwt log --stats",
        ],
    ));
    let mut room = room.terminal(80);
    expect![[r#"
        --- stdout
        WHEN                        EVENT        WHAT   EXPIRES   WHERE, WHY
        2025-11-22 04:00:00 +00:00  issued       a      in 5 d
        2025-11-22 12:00:00 +00:00  issued       a      in 28 d   cursor/exai
        2025-11-22 20:00:00 +00:00  issued       b      31 h ago  dotenv:.env#B
        2025-11-23 04:00:00 +00:00  revoked      a                leaked
        2025-11-23 12:00:00 +00:00  revoked      key k
        2025-11-23 20:00:00 +00:00  uninstalled  b      31 h ago  dotenv:.env#B
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt log --color never"));
    expect![[r#"
        --- stdout
        SUBJECT  TOKENS  LAST ISSUED  NEXT EXPIRY
        a        2       40 h ago     in 5 d
        b        1       32 h ago     -
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt log --stats --color never"));
}

#[test]
fn where_a_line_is_too_short_the_places_have_their_own() {
    let mut room = with_key().file(
        "config/daemon/mcp-config.augmentcode.vscode1.json",
        r#"{"mcpServers":{"EXAI-WS-VSCode1":{"env":{"EXAI_JWT_TOKEN":""}}}}"#,
    );
    room.run_raw(
        "mcpjwt issue --sub vscode1@exai-mcp.local --key file:k --to dotenv:.env#EXAI_JWT_TOKEN \
         --to json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
    );
    let mut room = room.terminal(80);
    expect![[r#"
        $ mcpjwt log --color never
        --- stdout
        WHEN                        EVENT   WHAT                    EXPIRES
        2025-11-22 04:00:00 +00:00  issued  vscode1@exai-mcp.local  in 30 d
          dotenv:.env#EXAI_JWT_TOKEN,
          json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN
        --- exit 0
        $ mcpjwt log --stats --color never
        --- stdout
        SUBJECT                 TOKENS  LAST ISSUED  NEXT EXPIRY
        vscode1@exai-mcp.local  1       now          in 30 d
        --- exit 0
    "#]]
    .assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt log --color never",
            "mcpjwt log --stats --color never",
        ],
    ));
}

#[test]
fn for_other_programs() {
    let mut room = with_key();
    room.run_raw("mcpjwt issue --sub a --key file:k");
    expect![[r#"
        $ mcpjwt log --json
        --- stdout
        {
          "ok": true,
          "records": [
            {
              "at": 1763784000,
              "time": "2025-11-22T04:00:00Z",
              "event": "issued",
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "sub": "a",
              "iss": "mcpjwt",
              "aud": [
                "mcp"
              ],
              "kid": "UOuPGLMbqgKiRQGz",
              "run": null,
              "count": null,
              "iat": 1763783995,
              "exp": 1763870400,
              "expires": "2025-11-23T04:00:00Z",
              "places": [],
              "reason": null
            }
          ],
          "subjects": null,
          "damaged": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt log --json --stats
        --- stdout
        {
          "ok": true,
          "records": null,
          "subjects": [
            {
              "sub": "a",
              "tokens": 1,
              "at_least": false,
              "last_issued": 1763784000,
              "issued": "2025-11-22T04:00:00Z",
              "next_expiry": 1763870400,
              "expires": "2025-11-23T04:00:00Z"
            }
          ],
          "damaged": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt log --since yesterday --json
        --- stdout
        {
          "ok": false,
          "records": null,
          "subjects": null,
          "damaged": null,
          "warnings": [],
          "errors": [
            {
              "code": "usage",
              "message": "`--since`: a text of 9 characters is not a time",
              "hint": "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"
            }
          ]
        }
        --- exit 2
    "#]]
    .assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt log --json",
            "mcpjwt log --json --stats",
            "mcpjwt log --since yesterday --json",
        ],
    ));
}

#[test]
fn a_damaged_line_is_named_and_the_others_shown() {
    let mut room = room();
    let ledger = room.text(LEDGER).unwrap();
    let lines: Vec<&str> = ledger.lines().collect();
    let broken = format!("{}\n{}\n{{\"version\":1\n", lines[0], &lines[1][..40]);
    room.put_file(LEDGER, &broken, 0o600);
    expect![[r#"
        --- stdout
        WHEN                        EVENT   WHAT  EXPIRES  WHERE, WHY
        2025-11-22 04:00:00 +00:00  issued  a     in 5 d
        --- stderr
        warning: `/home/me/.local/state/mcpjwt/ledger.jsonl` is damaged in line 2, 3; the other lines count
        hint: take them out with `sed -i.damaged '2d;3d' ~/.local/state/mcpjwt/ledger.jsonl`, which keeps a copy beside it
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt log"));
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "records": [
            {
              "at": 1763784000,
              "time": "2025-11-22T04:00:00Z",
              "event": "issued",
              "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
              "sub": "a",
              "iss": "mcpjwt",
              "aud": [
                "mcp"
              ],
              "kid": "UOuPGLMbqgKiRQGz",
              "run": null,
              "count": null,
              "iat": 1763783995,
              "exp": 1764388800,
              "expires": "2025-11-29T04:00:00Z",
              "places": [],
              "reason": null
            }
          ],
          "subjects": null,
          "damaged": [
            2,
            3
          ],
          "warnings": [
            {
              "code": "state_unreadable",
              "place": "/home/me/.local/state/mcpjwt/ledger.jsonl",
              "message": "`/home/me/.local/state/mcpjwt/ledger.jsonl` is damaged in line 2, 3; the other lines count",
              "hint": "take them out with `sed -i.damaged '2d;3d' ~/.local/state/mcpjwt/ledger.jsonl`, which keeps a copy beside it"
            }
          ],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt log --json"));
    let mut followed = room.closes_after(1);
    expect![[r#"
        --- stdout
        2025-11-22 04:00:00 +00:00  issued       a  until 2025-11-29 04:00:00 +00:00
        --- stderr
        warning: `/home/me/.local/state/mcpjwt/ledger.jsonl` is damaged in line 2, 3; the other lines count
        hint: take them out with `sed -i.damaged '2d;3d' ~/.local/state/mcpjwt/ledger.jsonl`, which keeps a copy beside it
        --- exit 0
    "#]].assert_eq(&followed.run("mcpjwt log --follow"));
    let newer = ledger.replace("\"version\":1", "\"version\":2");
    followed.put_file(LEDGER, newer, 0o600);
    expect![[r#"
        --- stderr
        error: `/home/me/.local/state/mcpjwt/ledger.jsonl` was written by a newer version of mcpjwt
        hint: update mcpjwt
        --- exit 4
    "#]]
    .assert_eq(&followed.run("mcpjwt log"));
}

#[test]
fn what_is_damaged_is_counted_nowhere() {
    let whole = r#"{"version":1,"at":1763784000,"event":"issued","jti":"j","sub":"a","iss":"i","aud":["m"],"kid":"k","iat":1763783995,"exp":1763870400}"#;
    let line = |more: &str| whole.replace('}', &format!(",{more}}}"));
    let begun = r#""jti":"","run":"r""#;
    let batch = |more: &str| line(&format!("{begun},{more}")).replace(r#""jti":"j","#, "");
    #[rustfmt::skip]
    let cases = [
        // a second line                                  damaged, of `a`, of batches
        (line(r#""places":["file:/x"]"#),                 "[]",    "1",    None),
        (line(r#""places":5"#).replace("\"j\"", "\"l\""), "[2]",   "1",    None),
        (line(r#""made":[]"#).replace("\"j\"", "\"l\""),  "[2]",   "1",    None),
        (whole.replace("\"j\"", "\"l\""),                 "[]",    "2",    None),
        (batch(r#""count":7"#),                           "[]",    "1",    Some("7")),
        (batch(r#""count":"7""#),                         "[2]",   "1",    None),
    ];
    for (second, damaged, tokens, of_batches) in cases {
        let mut room = Sandbox::default().file(
            "~/.local/state/mcpjwt/ledger.jsonl",
            format!("{whole}\n{second}\n"),
        );
        let mut said = Vec::new();
        for line in ["mcpjwt log --json", "mcpjwt log --stats --json"] {
            let shown = room.run_raw(line).stdout;
            let squeezed: String = shown.split_whitespace().collect();
            assert!(
                squeezed.contains(&format!("\"damaged\":{damaged}")),
                "{line}, {second}: {shown}"
            );
            said.push(squeezed);
        }
        let counts = said[1].split("\"tokens\":").skip(1);
        let counts: Vec<&str> = counts.filter_map(|it| it.split(',').next()).collect();
        let want: Vec<&str> = [tokens].into_iter().chain(of_batches).collect();
        assert_eq!(counts, want, "{second}");
        let warned = |said: &str| said.split_once("\"warnings\"").unwrap().1.to_owned();
        assert_eq!(warned(&said[0]), warned(&said[1]), "{second}");
    }
}

#[test]
fn followed_it_is_a_line_a_record() {
    let mut room = room().closes_after(8);
    expect![[r#"
        --- stdout
        2025-11-22 04:00:00 +00:00  issued       a  until 2025-11-29 04:00:00 +00:00
        2025-11-22 12:00:00 +00:00  issued       a  until 2025-12-22 12:00:00 +00:00  cursor/exai
        2025-11-22 12:00:00 +00:00  installed    a  until 2025-12-22 12:00:00 +00:00  cursor/exai
        2025-11-22 20:00:00 +00:00  issued       b  until 2025-11-22 21:00:00 +00:00  dotenv:.env#B
        2025-11-22 20:00:00 +00:00  installed    b  until 2025-11-22 21:00:00 +00:00  dotenv:.env#B
        2025-11-23 04:00:00 +00:00  revoked      a  leaked
        2025-11-23 12:00:00 +00:00  revoked      key k
        2025-11-23 20:00:00 +00:00  uninstalled  b  until 2025-11-22 21:00:00 +00:00  dotenv:.env#B
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt log --follow"));
    let mut room = self::room().closes_after(1);
    expect![[r#"
        --- stdout
        {"at":1763841600,"time":"2025-11-22T20:00:00Z","event":"issued","jti":"da211e6a663bd37311aabecb86beda3f","sub":"b","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","run":null,"count":null,"iat":1763841595,"exp":1763845200,"expires":"2025-11-22T21:00:00Z","places":["dotenv:/home/me/project/.env#B"],"reason":null}
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt log -f --json --sub b"));
}

#[test]
fn nothing_yet() {
    expect![[r#"
        --- stderr
        nothing is recorded
        --- exit 0
    "#]]
    .assert_eq(&Sandbox::default().run("mcpjwt log"));
    expect![[r#"
        $ mcpjwt log
        --- stderr
        nothing is recorded
        --- exit 0
        $ mcpjwt log --follow
        --- stderr
        error: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: set `MCPJWT_HOME`
        --- exit 4
    "#]]
    .assert_eq(&runs(
        &mut Sandbox::default().homeless(),
        &["mcpjwt log", "mcpjwt log --follow"],
    ));
}

#[test]
fn nothing_of_the_one_asked_for_is_not_nothing() {
    let mut room = with_key();
    let mut shown = runs(&mut room, &["mcpjwt log"]);
    room.run("mcpjwt issue --sub a --key file:k");
    shown.push_str(&runs(&mut room, &["mcpjwt log --sub nobody"]));
    expect![[r#"
        $ mcpjwt log
        --- stderr
        nothing is recorded
        --- exit 0
        $ mcpjwt log --sub nobody
        --- stderr
        nothing like that is recorded
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_batch_is_a_row_with_its_count_and_its_whole_id() {
    let mut room = with_key();
    let run = |room: &mut Sandbox, lines: &str, options: &str| {
        room.set_stdin(lines);
        let shown = room.run_raw(&format!("mcpjwt issue -q --from - --key file:k {options}"));
        assert_eq!(shown.code, 0, "{}", shown.stderr);
    };
    run(&mut room, "a\nb\n", "");
    run(&mut room, "c\n", "--record-each --ttl 1h");
    run(&mut room, "d\n", "");
    // One that was broken off has no count.
    let text = room.text(LEDGER).unwrap();
    let text = text.replace("\"count\":1,", "");
    room.put_file(LEDGER, &text, 0o600);
    let id = text.split("\"run\":\"").nth(1).unwrap();
    let id = id[..32].to_owned();
    room.run_raw(&format!("mcpjwt revoke --run {id} --reason leaked"));
    let piped = room.run("mcpjwt log") + &room.run("mcpjwt log --stats");
    let json = room
        .run("mcpjwt log --json")
        .matches("\"count\": 2")
        .count();
    assert_eq!(json, 1);
    let mut narrow = room.terminal(80);
    let shown = narrow.run("mcpjwt log --color never");
    expect![[r#"
        --- stdout
        WHEN                        EVENT    WHAT                            EXPIRES    WHERE, WHY
        2025-11-22 04:00:00 +00:00  issued   2 tokens                        in 24 h    run d70d3259e4e1cb631c663cf4d73c4c04
        2025-11-22 04:00:00 +00:00  issued   c                               in 60 min
        2025-11-22 04:00:00 +00:00  issued   a batch, running or broken off  in 24 h    run da211e6a663bd37311aabecb86beda3f
        2025-11-22 04:00:00 +00:00  revoked  a batch                                    run d70d3259e4e1cb631c663cf4d73c4c04, leaked
        --- exit 0
        --- stdout
        SUBJECT    TOKENS     LAST ISSUED  NEXT EXPIRY
        c          1          now          in 60 min
        (batches)  2 or more  now          in 24 h
        --- exit 0
        --- stdout
        WHEN                        EVENT    WHAT                            EXPIRES
        2025-11-22 04:00:00 +00:00  issued   2 tokens                        in 24 h
          run d70d3259e4e1cb631c663cf4d73c4c04
        2025-11-22 04:00:00 +00:00  issued   c                               in 60 min
        2025-11-22 04:00:00 +00:00  issued   a batch, running or broken off  in 24 h
          run da211e6a663bd37311aabecb86beda3f
        2025-11-22 04:00:00 +00:00  revoked  a batch
          run d70d3259e4e1cb631c663cf4d73c4c04, leaked
        --- exit 0
    "#]].assert_eq(&(piped + &shown));
}

/// A name that is shown means its place when it is typed.
#[test]
fn an_entry_has_its_short_name_as_long_as_that_means_it() {
    const ENTRY: &str = r#"{"mcpServers": {"x": {"url": "https://a.example"}}}"#;
    const OPEN: &str = r#"{"mcp": {"x": {"type": "remote", "url": "https://a.example"}}}"#;
    #[rustfmt::skip]
    let cases = [
        // installed into     then comes                                  shown as
        ("cursor/x",          None,                                       "cursor/x"),
        ("cursor/x",          Some((".cursor/mcp.json", "{}")),           "cursor/x"),
        ("cursor/x",          Some((".cursor/mcp.json", ENTRY)),          "cursor:user/x"),
        ("opencode/x",        None,                                       "opencode/x"),
        ("opencode/x",        Some(("~/.config/opencode/opencode.jsonc", OPEN)),
                              "json:~/.config/opencode/opencode.json#/mcp/x/headers/Authorization"),
    ];
    for (to, comes, shown) in cases {
        let mut room = with_key()
            .file("~/.cursor/mcp.json", ENTRY)
            .file("~/.config/opencode/opencode.json", OPEN);
        let line = format!("mcpjwt issue -q --sub a --key file:k --to {to}");
        assert_eq!(room.run_raw(&line).code, 0);
        if let Some((path, text)) = comes {
            room.put_file(path, text, 0o600);
        }
        for line in ["log", "status", "expiry"] {
            let said = room.run_raw(&format!("mcpjwt {line}")).stdout;
            let said: Vec<&str> = said.split_whitespace().collect();
            assert!(said.contains(&shown), "{line} {to} {comes:?}: {said:?}");
        }
        let token = room.run_raw(&format!("mcpjwt expiry --json {shown}"));
        assert!(
            token.stdout.contains("\"sub\": \"a\""),
            "{shown}: {}",
            token.stdout
        );
    }
}

#[test]
fn a_token_that_arrived_is_one_row_and_one_that_did_not_is_told() {
    let mut room = Sandbox::default();
    for line in [
        "mcpjwt issue -q --sub a --to file:a --to file:b",
        "mcpjwt issue -q --sub c --to file:c",
        "mcpjwt refresh -q --all",
        "mcpjwt install -q file:a --to file:d",
    ] {
        assert_eq!(room.run_raw(line).code, 0, "{line}");
    }
    // A run that was killed before its token arrived.
    let ledger = room.text(LEDGER).unwrap();
    let issued = ledger.lines().find(|line| line.contains("/c\"")).unwrap();
    let issued = issued
        .replace("\"sub\":\"c\"", "\"sub\":\"e\"")
        .replace("\"jti\":\"", "\"jti\":\"e");
    room.put_file(LEDGER, format!("{ledger}{issued}\n"), 0o600);
    expect![[r#"
        --- stdout
        WHEN                        EVENT      WHAT  EXPIRES  WHERE, WHY
        2025-11-22 04:00:00 +00:00  issued     a     in 30 d  file:a, file:b
        2025-11-22 04:00:00 +00:00  issued     c     in 30 d  file:c
        2025-11-22 04:00:00 +00:00  refreshed  a     in 30 d  file:a, file:b
        2025-11-22 04:00:00 +00:00  refreshed  c     in 30 d  file:c
        2025-11-22 04:00:00 +00:00  installed  a     in 30 d  file:d
        2025-11-22 04:00:00 +00:00  issued     e     in 30 d  meant for file:c
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt log"));
    let shown = room.run_raw("mcpjwt log --json").stdout;
    assert_eq!(shown.matches("\"event\": \"installed\"").count(), 5);
}
