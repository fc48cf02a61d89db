//! `mcpjwt issue --from`, and many `--sub`: a token a line.

use std::path::Path;

use expect_test::expect;

use crate::support::{NOW, Sandbox};
use crate::{runs, with_key};

/// The tokens of a batch, decoded by `verify --json` of each, as the claims that they hold.
fn claims(room: &mut Sandbox, tokens: &str) -> String {
    room.set_stdin(tokens);
    let shown = room.run_raw("mcpjwt verify --batch --key file:k --json");
    let documents = shown.stdout.lines().map(|line| {
        let from = line.find(r#""claims":"#).unwrap();
        let to = line.find(r#","times""#).unwrap();
        format!("{}\n", &line[from..to])
    });
    documents.collect()
}

#[test]
fn a_line_is_a_token() {
    let mut room = with_key().file("subs", "a\nb@example.com\r\n\nc d");
    let shown = room.run("mcpjwt issue --from subs --key file:k --iss i --aud s --role dev");
    expect![[r#"
        --- stdout
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYSIsImF1ZCI6InMiLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2Mzg3MDQwMCwianRpIjoiZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQtMSIsInJvbGUiOiJkZXYifQ.TsUHEuxM7hrdcFH6OXYcctp2ktyWCyCbsurq1DXwPYI
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYkBleGFtcGxlLmNvbSIsImF1ZCI6InMiLCJpYXQiOjE3NjM3ODM5OTUsImV4cCI6MTc2Mzg3MDQwMCwianRpIjoiZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQtMiIsInJvbGUiOiJkZXYifQ.AJocEb7KkZSANMFbO8M0D9CL0tSY5Ba-FkuOKkhy1PA

        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJpIiwic3ViIjoiYyBkIiwiYXVkIjoicyIsImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzYzODcwNDAwLCJqdGkiOiJkNzBkMzI1OWU0ZTFjYjYzMWM2NjNjZjRkNzNjNGMwNC00Iiwicm9sZSI6ImRldiJ9.MUtKIQ5e-ILGPrSFaGrMKmNhWsPlwqAvZNTUJD-ADaA
        --- stderr
        line 3: `sub` is empty
        minted 3 tokens, 1 line refused; should they leak: `mcpjwt revoke --run d70d3259e4e1cb631c663cf4d73c4c04`
        --- ~/.local/state/mcpjwt/ledger.jsonl (0600)
        {"version":1,"at":1763784000,"event":"issued","jti":"","sub":"","iss":"i","aud":["s"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400,"count":3,"run":"d70d3259e4e1cb631c663cf4d73c4c04"}
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn rows_of_csv_over_the_options() {
    let csv = "sub,role,exp,quota,limits:,aud\n\
               a,,,,,\n\
               \"b, \"\"c\"\"\",admin,1763787600,5,\"{\"\"rpm\"\":60}\",other\n\
               d,admin\n\
               e,,tomorrow,,,\n\
               ,,,,,\n\
               f,,,,[,\n";
    let mut room = with_key().file("list.csv", csv);
    let shown = room.run_raw("mcpjwt issue --from list.csv --key file:k --aud s --role dev");
    let claims = claims(&mut room, &shown.stdout);
    expect![[r#"
        "claims":{"iss":"mcpjwt","sub":"a","aud":"s","iat":1763783995,"exp":1763870400,"jti":"d70d3259e4e1cb631c663cf4d73c4c04-2","role":"dev"}
        "claims":{"iss":"mcpjwt","sub":"b, \"c\"","aud":"other","iat":1763783995,"exp":1763787600,"jti":"d70d3259e4e1cb631c663cf4d73c4c04-3","role":"admin","quota":5,"limits":{"rpm":60}}
        "claims":null
        "claims":null
        "claims":null
        "claims":null
        line 4: it has 2 fields, and there are 6 columns
        line 5: `exp` is no whole number
        line 6: it has no `sub`
        line 7: `limits` is not valid JSON: it ends too early
        note: the issuer is `mcpjwt` (`--iss`)
        minted 2 tokens, 4 lines refused; should they leak: `mcpjwt revoke --run d70d3259e4e1cb631c663cf4d73c4c04`
        1
    "#]].assert_eq(&format!("{claims}{}{}\n", shown.stderr, shown.code));
}

#[test]
fn json_lines_in_and_out() {
    let lines = "{\"sub\":\"a\",\"team\":{\"id\":1},\"aud\":[\"x\",\"y\"]}\n\
                 {\"sub\":\"b\",\"jti\":\"mine\"}\n\
                 {\"sub\":\"c\",\"exp\":1e3}\n\
                 [\n";
    let mut room = with_key().stdin(lines);
    let shown = room.run("mcpjwt issue --from - --input jsonl --key file:k --json --no-record");
    expect![[r#"
        --- stdout
        {"ok":true,"line":1,"token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IlVPdVBHTE1icWdLaVJRR3oifQ.eyJpc3MiOiJtY3Bqd3QiLCJzdWIiOiJhIiwiYXVkIjpbIngiLCJ5Il0sImlhdCI6MTc2Mzc4Mzk5NSwiZXhwIjoxNzYzODcwNDAwLCJqdGkiOiJkNzBkMzI1OWU0ZTFjYjYzMWM2NjNjZjRkNzNjNGMwNC0xIiwidGVhbSI6eyJpZCI6MX19.3kPqbekYMEVoIaPVrRwYJ0QGgptH0tedTxc_dTrz48w","sub":"a","jti":"d70d3259e4e1cb631c663cf4d73c4c04-1","kid":"UOuPGLMbqgKiRQGz","exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        {"ok":false,"line":2,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 2: `jti` cannot be given: it is that of the run, with the number of the line"}]}
        {"ok":false,"line":3,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 3: the token would be expired from the start"}]}
        {"ok":false,"line":4,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 4: not valid JSON: it ends too early (at byte 1); no line behind it is read"}]}
        --- exit 1
    "#]].assert_eq(&shown);
}

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
fn an_id_is_that_of_the_run_and_the_number_of_the_line() {
    let mut room = with_key().file("subs", "a\nb\n");
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k");
    let (_, run) = shown.stderr.trim_end().rsplit_once("--run ").unwrap();
    let run = run.trim_end_matches('`');
    let claims = claims(&mut room, &shown.stdout);
    for number in 1..=2 {
        assert!(
            claims.contains(&format!(r#""jti":"{run}-{number}""#)),
            "{claims}"
        );
    }
}

#[test]
fn nothing_leaves_without_its_record() {
    let lines = ["mcpjwt issue --from subs --key file:k -q"];
    let full = runs(&mut with_key().file("subs", "a\n").disk_full(), &lines);
    let homeless = runs(&mut with_key().file("subs", "a\n").homeless(), &lines);
    expect![[r#"
        $ mcpjwt issue --from subs --key file:k -q
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
    "#]]
    .assert_eq(&(full + &homeless));
}

#[test]
fn a_first_run_makes_the_key() {
    let mut room = Sandbox::default().stdin("a\n");
    let shown = room.run_raw("mcpjwt issue --from - --no-record");
    assert_eq!((shown.stdout.lines().count(), shown.code), (1, 0));
    assert!(
        shown
            .stderr
            .starts_with("warning: there was no key yet: made")
    );
}

#[test]
fn no_key_is_made_for_lines_that_cannot_be_read() {
    let mut room = Sandbox::default().file("bad.csv", "name\na\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --from nofile",
            "mcpjwt issue --from env:SUBS",
            "mcpjwt issue --from bad.csv",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --from nofile
        --- stderr
        error: cannot read `/home/me/project/nofile`: there is no such file
        --- exit 4
        $ mcpjwt issue --from env:SUBS
        --- stderr
        error: `--from` reads a file or standard input
        hint: `--from FILE`, or `--from -`
        --- exit 2
        $ mcpjwt issue --from bad.csv
        --- stderr
        error: cannot mint from the CSV: there is no column `sub`
        hint: its first line names the columns, such as `sub,role,exp`
        --- exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_large_batch_is_in_order_and_a_closed_pipe_ends_it() {
    let subjects: String = (1..=5000)
        .map(|number| format!("client{number}\n"))
        .collect();
    let mut room = with_key().file("subs", &subjects);
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k -q");
    room.set_stdin(&shown.stdout);
    let judged = room.run_raw("mcpjwt verify --batch --key file:k -q");
    let want: String = (1..=5000)
        .map(|number| format!("ok\tclient{number}\n"))
        .collect();
    assert!(judged.stdout == want);
    let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl").unwrap();
    assert_eq!(ledger.lines().count(), 1);
    assert!(ledger.contains(r#""count":5000"#), "{ledger}");
    let mut room = room.closes_after(2);
    let shown = room.run_raw("mcpjwt issue --from subs --key file:k -q");
    assert_eq!((shown.stderr.as_str(), shown.code), ("", 0));
    assert_eq!(shown.stdout.lines().count(), 1024);
}

#[test]
fn a_field_that_goes_on_in_the_next_line_mints_for_nobody() {
    let long = format!("sub,name\na,\"{}\nadmin,root\n", "x".repeat(70_000));
    for (rows, bad) in [
        ("sub,name\na,A\nb,\"x\nadmin,root\ny\"\nc,C\n", "b,\"x"),
        ("sub,name\na,A\nb,\"x\"\"\nadmin,root\ny\"\nc,C\n", "b"),
        ("sub,name\na,A\nb,x\"y\nadmin,root\n", "b"),
        (&long, "the long one"),
    ] {
        let mut room = with_key().stdin(rows);
        let shown = room.run_raw("mcpjwt issue --from - --input csv --key file:k");
        assert_eq!(shown.code, 1, "{bad}");
        assert!(
            shown.stderr.contains("no line behind it is read"),
            "{}",
            shown.stderr
        );
        let minted: Vec<&str> = shown.stdout.lines().filter(|it| !it.is_empty()).collect();
        assert!(minted.len() <= 1, "{bad}: {minted:?}");
        let claims = claims(&mut room, &minted.join("\n"));
        assert!(!claims.contains("admin"), "{bad}: {claims}");
    }
}

#[test]
fn a_line_that_is_cut_mints_nothing_whatever_it_was_cut_behind() {
    let object = r#"{"sub":"a"}"#;
    for (blanks, code) in [(100, 0), (64 * 1024 - 1 - object.len(), 1)] {
        let line = format!("{object}{}\r", " ".repeat(blanks));
        let tail = if code == 0 { "" } else { "x" };
        let mut room = with_key().stdin(format!("{line}{tail}\n"));
        let shown = room.run_raw("mcpjwt issue --from - --input jsonl --key file:k -q --no-record");
        assert_eq!(shown.code, code, "{blanks}: {}", shown.stderr);
        let is_told = shown.stderr.contains("longer than 64 KiB");
        assert_eq!((is_told, shown.stdout == "\n"), (code == 1, code == 1));
    }
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

#[test]
fn a_value_that_goes_on_in_the_next_line_mints_for_nobody() {
    let long = format!("{{\"sub\":\"a\",\"x\":\"{}\n", "x".repeat(70_000));
    for open in [
        "{\"sub\":\"a\",\n\"x\":\n",
        "[\n",
        "{\"x\":undefined,\"y\":\n",
        &long,
    ] {
        let lines = format!("{{\"sub\":\"good\"}}\n{open}{{\"sub\":\"admin\"}}\n}}\n");
        let mut room = with_key().stdin(lines);
        let shown = room.run_raw("mcpjwt issue --from - --input jsonl --key file:k --no-record");
        assert_eq!(shown.code, 1, "{}", shown.stderr);
        let is_told = shown.stderr.contains("no line behind it is read");
        assert!(is_told, "{}", shown.stderr);
        assert_eq!(shown.stdout.lines().count(), 2, "{}", shown.stdout);
    }
}

#[test]
fn what_a_line_says_is_not_told_to_be_missing() {
    let none = "{\"sub\":\"a\"}\n";
    let all = "{\"sub\":\"b\",\"aud\":\"https://x\",\"client_id\":\"c\",\"iss\":\"i\"}\n";
    let mut shown = String::new();
    for (form, lines) in [
        ("subjects", "a\nb\n".to_owned()),
        ("csv", "sub,aud,client_id,iss\na,https://x,c,i\n".to_owned()),
        ("csv", "sub,aud,client_id\na,https://x,c\nb,,\n".to_owned()),
        ("jsonl", all.to_owned()),
        ("jsonl", [none, all, none].concat()),
        ("jsonl", "{\n".to_owned()),
    ] {
        let mut room = with_key().stdin(lines);
        let line =
            format!("mcpjwt issue --from - --input {form} --typ at+jwt --key file:k --dry-run");
        shown.push_str(&room.run_raw(&line).stderr);
    }
    expect![[r#"
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        warning: an `at+jwt` token has a `client_id` (RFC 9068 section 2.2)
        hint: add `--client-id ID`
        would mint 2 tokens
        would mint 1 token
        note: the issuer is `mcpjwt` (`--iss`), the audience of 1 token is `mcp` (`--aud`)
        warning: 1 `at+jwt` token has no `client_id` (RFC 9068 section 2.2)
        hint: add `--client-id ID`
        would mint 2 tokens
        would mint 1 token
        note: the issuer of 2 tokens is `mcpjwt` (`--iss`), the audience of 2 tokens is `mcp` (`--aud`)
        warning: 2 `at+jwt` tokens have no `client_id` (RFC 9068 section 2.2)
        hint: add `--client-id ID`
        would mint 3 tokens
        line 1: not valid JSON: a name in quotes was expected (at byte 1); no line behind it is read
        would mint 0 tokens, 1 line refused
    "#]]
    .assert_eq(&shown);
}

/// The key of somebody who had none.
const KEYS: &str = "~/.local/share/mcpjwt/default.jwks";

/// A command line with `clientN` as subjects.
fn many(count: u32, options: &str) -> String {
    let subs = (1..=count).map(|number| format!(" --sub client{number}"));
    format!(
        "mcpjwt issue --key file:k {options}{}",
        subs.collect::<String>()
    )
}

#[test]
fn many_subjects_are_a_batch() {
    let lines: String = (1..=101).map(|n| format!("client{n}\n")).collect();
    for options in ["--iss i --role dev", "--record-each -q", "--no-record -q"] {
        let mut named = with_key();
        let mut from = with_key().stdin(&lines);
        let of_line = from.run_raw(&format!(
            "mcpjwt issue --key file:k --from - --input subjects {options}"
        ));
        let of_words = named.run_raw(&many(101, options));
        assert_eq!(of_words.stdout.lines().count(), 101);
        assert_eq!(of_words.stdout, of_line.stdout, "{options}");
        assert_eq!(of_words.stderr, of_line.stderr, "{options}");
        let ledger = "~/.local/state/mcpjwt/ledger.jsonl";
        assert_eq!(named.text(ledger), from.text(ledger), "{options}");
    }
}

#[test]
fn what_is_no_batch_gets_each_token_alone() {
    let manifest = "[[token]]\nsub = \"client7\"\nrole = \"dev\"\nto = [\"file:t\"]\n";
    #[rustfmt::skip]
    let cases = [
        // subjects, options, manifest, records
        (100, "-q",                                None,           100),
        (101, "-q --format env",                   None,           101),
        (101, "-q --json",                         None,           101),
        (101, "-q --pair",                         None,           202),
        (101, "-q --dry-run",                      None,           0),
        (101, "-q --sub '\u{feff}a'",               None,           102),
        (101, "-q",                                Some(manifest), 101),
        (101, "-q --plain",                        Some(manifest), 1),
        (2,   "-q --record-each",                  None,           2),
    ];
    for (count, options, manifest, records) in cases {
        let mut room = with_key();
        if let Some(text) = manifest {
            room.put_file("mcpjwt.toml", text, 0o644);
        }
        let shown = room.run_raw(&many(count, options));
        assert_eq!(shown.code, 0, "{count} {options}: {}", shown.stderr);
        let ledger = room.text("~/.local/state/mcpjwt/ledger.jsonl");
        let found = ledger.map_or(0, |text| text.lines().count());
        assert_eq!(found, records, "{count} {options}");
    }
}

#[test]
fn what_cannot_be_minted_from() {
    let mut room = with_key()
        .file("bad.csv", "name,role\na,b\n")
        .file("twice.csv", "sub,jti\na,b\n")
        .file("json", "{\"sub\":\"a\"}\n")
        .file("zed/my subs", "a\n")
        .file("subs", "a\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --from bad.csv --key file:k",
            "mcpjwt issue --from twice.csv --key file:k",
            "mcpjwt issue --from json --key file:k --no-record",
            "mcpjwt issue --from absent --key file:k",
            "mcpjwt issue --from env:HOME --key file:k",
            "mcpjwt issue --from 'zed/my subs' --key file:k",
            "mcpjwt issue --from './zed/my subs' --key file:k -q --dry-run",
            "mcpjwt issue --from - --key -",
            "mcpjwt issue --from subs --key file:k --to file:t",
            "mcpjwt issue --from subs --key file:k --sub a",
            "mcpjwt issue --from subs --key file:k --pair",
            "mcpjwt issue --from subs --input xml --key file:k",
            "mcpjwt issue --input csv --sub a --key file:k",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --from bad.csv --key file:k
        --- stderr
        error: cannot mint from the CSV: there is no column `sub`
        hint: its first line names the columns, such as `sub,role,exp`
        --- exit 4
        $ mcpjwt issue --from twice.csv --key file:k
        --- stderr
        error: cannot mint from the CSV: `jti` cannot be given: it is that of the run, with the number of the line
        hint: its first line names the columns, such as `sub,role,exp`
        --- exit 4
        $ mcpjwt issue --from json --key file:k --no-record
        --- stdout

        --- stderr
        line 1: it is no subject but looks like JSON: add `--input jsonl`
        minted 0 tokens, 1 line refused
        --- exit 1
        $ mcpjwt issue --from absent --key file:k
        --- stderr
        error: cannot read `/home/me/project/absent`: there is no such file
        --- exit 4
        $ mcpjwt issue --from env:HOME --key file:k
        --- stderr
        error: `--from` reads a file or standard input
        hint: `--from FILE`, or `--from -`
        --- exit 2
        $ mcpjwt issue --from 'zed/my subs' --key file:k
        --- stderr
        error: `--from` reads a file or standard input
        hint: for the file of that name: `--from './zed/my subs'`
        --- exit 2
        $ mcpjwt issue --from './zed/my subs' --key file:k -q --dry-run
        --- exit 0
        $ mcpjwt issue --from - --key -
        --- stderr
        error: standard input is asked for twice
        hint: give one of the two as a place, such as `file:PATH`
        --- exit 2
        $ mcpjwt issue --from subs --key file:k --to file:t
        --- stderr
        error: the tokens of `--from` go to standard output
        hint: leave out `--to`: `mcpjwt issue --from FILE > tokens.txt`
        --- exit 2
        $ mcpjwt issue --from subs --key file:k --sub a
        --- stderr
        error: `--from` cannot be used together with `--sub`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt issue --from subs --key file:k --pair
        --- stderr
        error: `--from` cannot be used together with `--pair`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt issue --from subs --input xml --key file:k
        --- stderr
        error: `--input` does not take that value
        hint: one of subjects, csv, jsonl
        --- exit 2
        $ mcpjwt issue --input csv --sub a --key file:k
        --- stderr
        error: `--input` is about the lines of a batch
        hint: add `--from FILE`
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn what_is_no_list_of_subjects_mints_nothing() {
    let mut shown = String::new();
    for (stdin, line) in [
        ("sub,role\na,b\n", "mcpjwt issue --from - --no-record"),
        ("\u{feff}role,sub\r\n", "mcpjwt issue --from - --no-record"),
        ("sub;role\na;b\n", "mcpjwt issue --from -"),
        ("name,email\nA,a@x\n", "mcpjwt issue --from -"),
        ("", "mcpjwt issue --from -"),
        ("", "mcpjwt issue --from - --input csv --json"),
        ("sub,role\n", "mcpjwt issue --from - --input csv"),
        ("sub,role", "mcpjwt issue --from - --input csv"),
        ("", "mcpjwt verify --batch --key file:k"),
        ("", "mcpjwt verify --batch --key file:k --json"),
    ] {
        let mut room = with_key().stdin(stdin);
        shown.push_str(&runs(&mut room, &[line]));
        // No key was made for it, either.
        assert_eq!(room.text(KEYS), None, "{line}");
    }
    // One column may be a subject that is called so.
    for (stdin, input) in [
        ("sub\n", ""),
        ("Sub\n", ""),
        ("sub,role\n", "--input subjects"),
    ] {
        let mut room = with_key().stdin(stdin);
        let line = format!("mcpjwt issue --from - --key file:k --no-record {input}");
        assert_eq!(room.run_raw(&line).code, 0, "{stdin}");
    }
    expect![[r#"
        $ mcpjwt issue --from - --no-record
        --- stderr
        error: the first line looks like names of CSV columns, not like a subject
        hint: add `--input csv`, or `--input subjects` if it is one
        --- exit 2
        $ mcpjwt issue --from - --no-record
        --- stderr
        error: the first line looks like names of CSV columns, not like a subject
        hint: add `--input csv`, or `--input subjects` if it is one
        --- exit 2
        $ mcpjwt issue --from -
        --- stderr
        error: the first line looks like names of CSV columns, not like a subject
        hint: add `--input csv`, or `--input subjects` if it is one
        --- exit 2
        $ mcpjwt issue --from -
        --- stderr
        error: the first line looks like names of CSV columns, not like a subject
        hint: add `--input csv`, or `--input subjects` if it is one
        --- exit 2
        $ mcpjwt issue --from -
        --- stderr
        error: there is no line to mint a token for
        hint: give a line for each, such as its subject
        --- exit 2
        $ mcpjwt issue --from - --input csv --json
        --- stdout
        {"ok":false,"line":null,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"usage","message":"there is no line to mint a token for","hint":"give a line for each, such as its subject"}]}
        --- exit 2
        $ mcpjwt issue --from - --input csv
        --- stderr
        error: there is no row below the names of the columns
        hint: give a row for each token
        --- exit 2
        $ mcpjwt issue --from - --input csv
        --- stderr
        error: there is no row below the names of the columns
        hint: give a row for each token
        --- exit 2
        $ mcpjwt verify --batch --key file:k
        --- stderr
        error: there is no line in the batch, so nothing was judged
        hint: give a token a line
        --- exit 2
        $ mcpjwt verify --batch --key file:k --json
        --- stdout
        {"ok":false,"line":null,"header":null,"claims":null,"times":null,"key":null,"checked":null,"not_checked":null,"warnings":[],"errors":[{"code":"usage","message":"there is no line in the batch, so nothing was judged","hint":"give a token a line"}]}
        --- exit 2
    "#]].assert_eq(&shown);
}

#[test]
fn a_token_begins_when_its_line_has_come() {
    #[rustfmt::skip]
    let cases = [
        // options                         `iat`, `exp` and `nbf` of each, in seconds behind the start
        ("--ttl 50s",                      "-5 50, 95 150"),
        ("--exp +50s --nbf +10s",          "-5 50 10, 95 150 110"),
        ("--exp 2025-11-22T04:02:00Z",     "-5 120, 95 120"),
        ("--exp 2025-11-22T04:01:40Z",     "-5 100, none"),
        ("--at 2025-11-22T04:00:10Z --ttl 50s", "5 60, 5 60"),
    ];
    for (options, want) in cases {
        for form in ["subjects", "csv", "jsonl"] {
            let lines = match form {
                "subjects" => ["a\n", "b\n"],
                "csv" => ["sub\na\n", "b\n"],
                _ => ["{\"sub\":\"a\"}\n", "{\"sub\":\"b\"}\n"],
            };
            let mut room = with_key().slow_stdin(&[(0, lines[0]), (100, lines[1])]);
            let shown = room.run_raw(&format!(
                "mcpjwt issue --from - --input {form} --key file:k {options} -q"
            ));
            let times = shown.stdout.lines().map(|token| {
                if token.is_empty() {
                    return "none".to_owned();
                }
                let shown = room
                    .run_raw(&format!("mcpjwt decode {token} --json"))
                    .stdout;
                let time = |name: &str| {
                    let (_, after) = shown.split_once(&format!("\"{name}\": "))?;
                    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
                    Some((digits.parse::<i64>().ok()? - NOW).to_string())
                };
                let times = ["iat", "exp", "nbf"].into_iter().filter_map(time);
                times.collect::<Vec<_>>().join(" ")
            });
            let times: Vec<String> = times.collect();
            assert_eq!(times.join(", "), want, "{options} {form}: {}", shown.stderr);
        }
    }
}

#[test]
fn a_line_holds_what_an_option_may_hold() {
    let lines = "{\"sub\":\"a\",\"type\":\"refresh\"}\n\
                 {\"sub\":\"a\",\"role\":5}\n\
                 {\"sub\":\"a\",\"name\":\"\"}\n\
                 {\"sub\":\"a\\u0000\"}\n\
                 {\"sub\":\"a\",\"\":1}\n\
                 {\"sub\":\"a\",\"team\":\"\\u0000\"}\n";
    let mut room = with_key().stdin(lines);
    let batch = room.run_raw("mcpjwt issue --from - --input jsonl --key file:k -q --no-record");
    let answers: Vec<&str> = batch.stdout.lines().collect();
    assert!(answers[..5].iter().all(|line| line.is_empty()));
    assert_eq!(answers.len(), 6);
    let mut text = batch.stderr;
    let mut room = room.file("unnamed", "{\"\":1}");
    for option in [
        "--claim type=refresh",
        "--name ''",
        "--role 'a\tb'",
        "--scope ''",
        "--sub 'a\nb'",
        "--sub ' '",
        "--claims-file file:unnamed",
    ] {
        let shown = room.run_raw(&format!("mcpjwt issue --sub a --key file:k {option}"));
        assert_eq!((shown.code, shown.stdout.as_str()), (2, ""), "{option}");
        text.push_str(&shown.stderr);
    }
    // A subject of a file in UTF-16.
    room.set_stdin("a\0\r\0\n\0b\0");
    let subjects = room.run_raw("mcpjwt issue --from - --key file:k -q");
    text.push_str(&subjects.stderr);
    assert_eq!((subjects.code, &*subjects.stdout), (1, "\n\n"));
    expect![[r#"
        line 1: `type` cannot be given: a refresh token is minted by `mcpjwt issue --pair`
        line 2: `role` is a number, and not a string
        line 3: `name` is empty
        line 4: `sub` holds a control character
        line 5: `` is no name of a claim
        error: `type` cannot be a free claim: it has an option of its own
        hint: use `--pair`
        error: `--name` is empty
        hint: leave it out, or give it a value
        error: `--role` holds a control character
        hint: give it as one line of text
        error: `--scope` is empty
        hint: leave it out, or give it a value
        error: `--sub` holds a control character
        hint: name the client the token is for, such as `--sub vscode1`
        error: `--sub` is empty
        hint: name the client the token is for, such as `--sub vscode1`
        error: `` is no name of a claim
        hint: name each claim, such as `team`
        line 1: `sub` holds a control character
        line 2: `sub` holds a control character
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_dry_run_without_a_key_judges_each_line() {
    for (options, want) in [
        (
            "",
            expect![[r#"
                --- stderr
                there is no key yet: the first run makes one
                line 2: `sub` is empty
                note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
                would mint 2 tokens, 1 line refused
                --- exit 1
            "#]],
        ),
        (
            "--json",
            expect![[r#"
                --- stdout
                {"ok":true,"line":1,"token":null,"sub":"a","jti":null,"kid":null,"exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
                {"ok":false,"line":2,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 2: `sub` is empty"}]}
                {"ok":true,"line":3,"token":null,"sub":"b","jti":null,"kid":null,"exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
                --- exit 1
            "#]],
        ),
    ] {
        let mut room = Sandbox::default().stdin("a\n\nb\n");
        want.assert_eq(&room.run(&format!("mcpjwt issue --from - --dry-run {options}")));
    }
}

#[test]
fn a_dry_run_answers_each_line_in_json() {
    let mut room = with_key().stdin("a\n\nb\n");
    let shown = room.run("mcpjwt issue --from - --key file:k --dry-run --json");
    expect![[r#"
        --- stdout
        {"ok":true,"line":1,"token":null,"sub":"a","jti":null,"kid":"UOuPGLMbqgKiRQGz","exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        {"ok":false,"line":2,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 2: `sub` is empty"}]}
        {"ok":true,"line":3,"token":null,"sub":"b","jti":null,"kid":"UOuPGLMbqgKiRQGz","exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        --- exit 1
    "#]].assert_eq(&shown);
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
