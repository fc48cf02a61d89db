//! `mcpjwt issue --from`, and many `--sub`: a token a line.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{runs, with_key};

/// The tokens of a batch, decoded by `verify --json` of each, as the claims that they hold.
pub(super) fn claims(room: &mut Sandbox, tokens: &str) -> String {
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
        {"version":1,"at":1763784000,"event":"issued","jti":"","sub":"","iss":"i","aud":["s"],"kid":"UOuPGLMbqgKiRQGz","iat":1763783995,"exp":1763870400,"count":3,"last":4,"run":"d70d3259e4e1cb631c663cf4d73c4c04"}
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
fn a_dry_run_judges_each_line_with_a_key_or_without() {
    let mut shown = String::new();
    for line in [
        "mcpjwt issue --from - --dry-run",
        "mcpjwt issue --from - --dry-run --json",
        "mcpjwt issue --from - --dry-run --json --key file:k",
    ] {
        shown.push_str(&runs(&mut with_key().stdin("a\n\nb\n"), &[line]));
    }
    expect![[r#"
        $ mcpjwt issue --from - --dry-run
        --- stderr
        there is no key yet: the first run makes one
        line 2: `sub` is empty
        note: the issuer is `mcpjwt` (`--iss`), the audience is `mcp` (`--aud`)
        would mint 2 tokens, 1 line refused
        --- exit 1
        $ mcpjwt issue --from - --dry-run --json
        --- stdout
        {"ok":true,"line":1,"token":null,"sub":"a","jti":null,"kid":null,"exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        {"ok":false,"line":2,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 2: `sub` is empty"}]}
        {"ok":true,"line":3,"token":null,"sub":"b","jti":null,"kid":null,"exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        --- exit 1
        $ mcpjwt issue --from - --dry-run --json --key file:k
        --- stdout
        {"ok":true,"line":1,"token":null,"sub":"a","jti":null,"kid":"UOuPGLMbqgKiRQGz","exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        {"ok":false,"line":2,"token":null,"sub":null,"jti":null,"kid":null,"exp":null,"expires":null,"warnings":[],"errors":[{"code":"line_invalid","message":"line 2: `sub` is empty"}]}
        {"ok":true,"line":3,"token":null,"sub":"b","jti":null,"kid":"UOuPGLMbqgKiRQGz","exp":1763870400,"expires":"2025-11-23T04:00:00Z","warnings":[],"errors":[]}
        --- exit 1
    "#]].assert_eq(&shown);
}
