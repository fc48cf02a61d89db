//! What the ledger has of a batch before its tokens leave.

use std::path::Path;

use expect_test::expect;

use crate::support::NOW;
use crate::{runs, with_key};

#[test]
fn a_record_of_each_or_of_none() {
    let mut room = with_key().file("subs", "a\n\nb\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --from subs --key file:k --record-each -q",
            "mcpjwt issue --from subs --key file:k --no-record -q",
            "mcpjwt issue --from subs --key file:k --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --from subs --key file:k --record-each -q
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0LTEifQ.cJcoARqmOP7CV-_ky_QygYW0ECZAyer7afn2Q2bm3oI

        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJiIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0LTMifQ.wyG5U3-fG1JdbcNETOTqadn5dyWZGh07UyEh2pJi3Yc
        --- stderr
        line 2: `sub` is empty
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04-1","sub":"a","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400,"run":"d70d3259e4e1cb631c663cf4d73c4c04"}
        {"version":1,"at":1763784000,"event":"issued","jti":"d70d3259e4e1cb631c663cf4d73c4c04-3","sub":"b","iss":"mcpjwt","aud":["mcp"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400,"run":"d70d3259e4e1cb631c663cf4d73c4c04"}
        --- exit 1
        $ mcpjwt issue --from subs --key file:k --no-record -q
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1LTEifQ.H6NdsOryIqt5VaABVLVaFr5bmWrM3RwOnZOPWoNUc5I

        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJiIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1LTMifQ.fReL0_jEUy4oQbmOcraPlSDXN2oTHN5Jc9o-6cT6S0E
        --- stderr
        line 2: `sub` is empty
        --- exit 1
        $ mcpjwt issue --from subs --key file:k --dry-run
        --- stderr
        line 2: `sub` is empty
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        would mint 2 tokens, 1 line refused
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn nothing_leaves_without_its_record() {
    let lines = [
        "mcpjwt issue --from subs --key file:k -q",
        "mcpjwt issue --from subs --key file:k -q --record-each",
    ];
    let full = runs(&mut with_key().file("subs", "a\n").disk_full(), &lines);
    let homeless = runs(&mut with_key().file("subs", "a\n").homeless(), &lines);
    expect![[r#"
        $ mcpjwt issue --from subs --key file:k -q
        --- stderr
        error: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: no space left on device
        --- exit 4
        $ mcpjwt issue --from subs --key file:k -q --record-each
        --- stderr
        error: cannot add to `/home/me/.local/state/mcpjwt/ledger.jsonl`: no space left on device
        --- exit 4
        $ mcpjwt issue --from subs --key file:k -q
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6ImQ3MGQzMjU5ZTRlMWNiNjMxYzY2M2NmNGQ3M2M0YzA0LTEifQ.cJcoARqmOP7CV-_ky_QygYW0ECZAyer7afn2Q2bm3oI
        --- stderr
        warning: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        --- exit 0
        $ mcpjwt issue --from subs --key file:k -q --record-each
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjoibWNwIiwiaWF0IjoxNzYzNzgzOTk1LCJleHAiOjE3NjM4NzA0MDAsImp0aSI6IjAyMmFiMWJhODA0MDk4ZTZjYjI5M2U2NzcwZWIzYTk1LTEifQ.H6NdsOryIqt5VaABVLVaFr5bmWrM3RwOnZOPWoNUc5I
        --- stderr
        warning: there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set
        hint: to leave the record out, add `--no-record`
        --- exit 0
    "#]]
    .assert_eq(&(full + &homeless));
}

#[test]
fn a_failed_write_says_what_may_be_out() {
    let subjects = "a\n".repeat(1000);
    let mut room = with_key().file("subs", subjects).output_full_after(1);
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k --no-record");
    assert_eq!((shown.stdout.lines().count(), shown.code), (512, 4));
    expect![[r#"
        minted at most 1000 tokens; should they leak: `mcpjwt revoke --run d70d3259e4e1cb631c663cf4d73c4c04`
        error: cannot write to standard output: no space left on device
    "#]]
    .assert_eq(&shown.stderr);
    // Nothing is out.
    let mut room = with_key().file("subs", "a\n").disk_full();
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k");
    assert!(!shown.stderr.contains("minted"), "{}", shown.stderr);
    // The record is complete all the same.
    let mut room = with_key().file("subs", "a\n").output_full_after(0);
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k");
    assert!(
        shown.stderr.starts_with("minted at most 1 token"),
        "{}",
        shown.stderr
    );
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert!(ledger.contains(r#""count":1"#), "{ledger}");
}

/// What a rotation goes by while a batch runs, and where it breaks off.
#[test]
fn the_ledger_never_has_tokens_of_a_batch_end_before_they_do() {
    const LEDGER: &str = "/home/me/.local/state/mcpjwt/ledger.jsonl";
    let day = 86_400;
    // Each line comes an hour after the one before, and ends a day after that one's token.
    let lines: Vec<String> = (0..60)
        .map(|at| format!("{{\"sub\":\"a\",\"exp\":{}}}\n", NOW + (at + 2) * day))
        .collect();
    let pieces: Vec<(i64, &str)> = lines.iter().map(|line| (3600, line.as_str())).collect();
    let mut room = with_key().slow_stdin(&pieces);
    room.files.states = Some(Vec::new());
    let shown = room.run_raw("mcpjwt issue --from - --input jsonl --key file:k -q");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let states = room.files.states.take().unwrap();
    let ledgers = states.iter().filter_map(|files| {
        let text = &files.get(Path::new(LEDGER))?.bytes;
        Some(String::from_utf8(text.clone()).unwrap())
    });
    let ledgers: Vec<String> = ledgers.collect();
    let (ended, running) = ledgers.split_last().unwrap();
    // The end of the last token, and few lines for many.
    assert!(
        ended.contains(&format!("\"exp\":{}", NOW + 61 * day)),
        "{ended}"
    );
    let last = running.last().unwrap();
    let ends = last.lines().map(|line| {
        let (_, end) = line.split_once("\"exp\":").unwrap();
        let end = end.split(|c: char| !c.is_ascii_digit()).next().unwrap();
        (end.parse::<i64>().unwrap() - NOW) / day
    });
    let ends: Vec<i64> = ends.collect();
    assert!(ends.iter().max() >= Some(&61), "{ends:?}");
    assert!(ends.len() < 30, "{ends:?}");
}
