//! `mcpjwt verify --batch`: a token a line.

use expect_test::expect;

use super::verify_why::signed;
use crate::support::Sandbox;
use crate::{token, with_key};

/// Good, expired, forged, empty, quoted, cut.
fn lines(room: &mut Sandbox) -> String {
    let good = token(room, "");
    let expired = token(room, "--at 2025-01-01 --ttl 1d");
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    let cut = good.rsplit_once('.').unwrap().0.to_owned();
    format!("{good}\n{expired}\r\n{forged}\n\n\"Bearer {good}\"\n{cut}\nhello")
}

#[test]
fn each_line_has_its_answer_in_its_place() {
    let mut room = with_key();
    let lines = lines(&mut room);
    room.set_stdin(&lines);
    let text = room.run("mcpjwt verify --batch --key file:k");
    room.set_stdin(&lines);
    let quiet = room.run_raw("mcpjwt verify --batch --key file:k -q");
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout.lines().count(), 7);
    expect![[r#"
        --- stdout
        ok	vscode1
        expired	vscode1
        sig_invalid	
        malformed	
        ok	vscode1
        malformed	
        malformed	
        --- stderr
        2 good, 5 refused
        --- exit 1
    "#]]
    .assert_eq(&text);
}

#[test]
fn json_lines() {
    let mut room = with_key();
    let lines = lines(&mut room);
    let mut room = room.file("tokens", lines);
    let shown = room.run("mcpjwt verify file:tokens --batch --key file:k --json");
    expect![[r#"
        --- stdout
        {"ok":true,"line":1,"header":{"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"},"claims":{"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"d70d3259e4e1cb631c663cf4d73c4c04"},"times":{"iat":"2025-11-22T03:59:55Z","exp":"2025-11-23T04:00:00Z"},"key":{"kid":"UOuPGLMbqgKiRQGz","alg":"HS256","state":"current"},"checked":["signature","exp","iat","revocation"],"not_checked":["iss","aud"],"warnings":[],"errors":[]}
        {"ok":false,"line":2,"header":{"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"},"claims":{"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1735689595,"exp":1735776000,"jti":"022ab1ba804098e6cb293e6770eb3a95"},"times":{"iat":"2024-12-31T23:59:55Z","exp":"2025-01-02T00:00:00Z"},"key":{"kid":"UOuPGLMbqgKiRQGz","alg":"HS256","state":"current"},"checked":["signature","exp","iat","revocation"],"not_checked":["iss","aud"],"warnings":[],"errors":[{"code":"expired","claim":"exp","message":"the token of `vscode1` expired 11 mo ago, on 2025-01-02 00:00:00 +00:00"}]}
        {"ok":false,"line":3,"header":null,"claims":null,"times":null,"key":null,"checked":["signature","exp","iat"],"not_checked":["iss","aud"],"warnings":[],"errors":[{"code":"sig_invalid","message":"the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)"}]}
        {"ok":false,"line":4,"header":null,"claims":null,"times":null,"key":null,"checked":[],"not_checked":[],"warnings":[],"errors":[{"code":"malformed","message":"the token is malformed: found nothing, expected three parts with two dots between them"}]}
        {"ok":true,"line":5,"header":{"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"},"claims":{"iss":"mcpjwt","sub":"vscode1","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"d70d3259e4e1cb631c663cf4d73c4c04"},"times":{"iat":"2025-11-22T03:59:55Z","exp":"2025-11-23T04:00:00Z"},"key":{"kid":"UOuPGLMbqgKiRQGz","alg":"HS256","state":"current"},"checked":["signature","exp","iat","revocation"],"not_checked":["iss","aud"],"warnings":[],"errors":[]}
        {"ok":false,"line":6,"header":null,"claims":null,"times":null,"key":null,"checked":[],"not_checked":[],"warnings":[],"errors":[{"code":"malformed","message":"the token is malformed: found two parts, expected three parts with two dots between them"}]}
        {"ok":false,"line":7,"header":null,"claims":null,"times":null,"key":null,"checked":[],"not_checked":[],"warnings":[],"errors":[{"code":"malformed","message":"the token is malformed: found one part, without a dot, expected three parts with two dots between them"}]}
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn the_gravest_line_is_the_exit_code() {
    let mut room = with_key().file("short", "short");
    let good = token(&mut room, "");
    let expired = token(&mut room, "--at 2025-01-01 --ttl 1d");
    let cases = [
        (String::new(), "file:k", 2),
        (format!("{good}\n{good}\n"), "file:k", 0),
        (format!("{good}\n{expired}\n"), "file:k", 3),
        (format!("{expired}\nx\n"), "file:k", 1),
        (format!("{good}\n"), "file:short", 4),
        (format!("{good}\n"), "file:absent", 4),
    ];
    for (stdin, key, code) in cases {
        room.set_stdin(&stdin);
        let shown = room.run_raw(&format!("mcpjwt verify --batch --key {key}"));
        assert_eq!(shown.code, code, "{key} {}", shown.stderr);
    }
}

#[test]
fn an_endless_line_is_one_refused_token() {
    let mut room = with_key();
    let good = token(&mut room, "");
    // What stands behind the blanks of a line is never seen, so it is no good token's; not even
    // where it was cut behind a CR.
    let cut = 64 * 1024 + 1024;
    let blanks = " ".repeat(70_000);
    let to_the_cut = " ".repeat(cut - 1 - good.len());
    for endless in [
        &"eyJh".repeat(200_000),
        &format!("{good}{blanks}x"),
        &format!("{good}{blanks}{good}"),
        &format!("{good}{to_the_cut}\rx"),
    ] {
        room.set_stdin(format!("{endless}\n{good}\n"));
        let shown = room.run("mcpjwt verify --batch --key file:k");
        expect![[r#"
            --- stdout
            too_large	
            ok	vscode1
            --- stderr
            1 good, 1 refused
            --- exit 1
        "#]]
        .assert_eq(&shown);
    }
}

#[test]
fn exactly_as_each_line_stands() {
    let mut room = with_key();
    let good = token(&mut room, "");
    room.set_stdin(format!("{good}\n{good}\r\n {good}\n{good}"));
    let shown = room.run("mcpjwt verify --batch --exact --key file:k");
    expect![[r#"
        --- stdout
        ok	vscode1
        malformed	
        malformed	
        ok	vscode1
        --- stderr
        2 good, 2 refused
        --- exit 1
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let all = 100_000;
    let mut room = room.stdin(format!("{good}\n").repeat(all)).closes_after(2);
    let shown = room.run_raw("mcpjwt verify --batch --key file:k -q");
    assert_eq!((shown.stderr.as_str(), shown.code), ("", 0));
    let answered = shown.stdout.lines().count();
    assert!(answered > 0 && answered < all, "{answered} of {all}");
}

#[test]
fn misuse() {
    let shown = with_key().run("mcpjwt verify --batch eyJhbGciOiJIUzI1NiJ9.e30.x --key file:k")
        + &with_key().run("mcpjwt verify --batch file:absent --key file:k")
        + &with_key().run("mcpjwt verify --batch --key -");
    expect![[r#"
        --- stderr
        error: `--batch` reads a token a line from standard input or a file
        hint: `mcpjwt verify --batch < FILE`, or `file:PATH`
        --- exit 2
        --- stderr
        error: cannot read `/home/me/project/absent`: there is no such file
        --- exit 4
        --- stderr
        error: standard input is asked for twice
        hint: give one of the two as a place, such as `file:PATH`
        --- exit 2
    "#]]
    .assert_eq(&shown);
}

#[test]
fn what_is_wrong_with_the_source_is_told_without_a_key_too() {
    let mut room = Sandbox::default().file("t", "x\n");
    let shown = room.run("mcpjwt verify --batch nofile")
        + &room.run("mcpjwt verify --batch t")
        + &room.run("mcpjwt verify --batch file:absent")
        + &room.run("mcpjwt verify --batch");
    expect![[r#"
        --- stderr
        error: `--batch` reads a token a line from standard input or a file
        hint: `mcpjwt verify --batch < FILE`, or `file:PATH`
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 2
        --- stderr
        error: `--batch` reads a token a line from standard input or a file
        hint: for the tokens in that file: `file:t`
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 2
        --- stderr
        error: cannot read `/home/me/project/absent`: there is no such file
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn control_characters_of_a_subject_cannot_make_a_line() {
    let mut room = with_key();
    let token = token(&mut room, "--claim 'sub2:=1'");
    let loud = signed(r#"{"sub":"a\u001b[2Jb\tok","exp":1763800000}"#);
    room.set_stdin(format!("{loud}\n{token}"));
    let shown = room.run("mcpjwt verify --batch --key file:k");
    expect![[r#"
        --- stdout
        ok	a\u{1b}[2Jb\u{9}ok
        ok	vscode1
        --- stderr
        2 good, 0 refused
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_token_is_judged_when_its_line_has_come() {
    let mut room = with_key();
    let token = token(&mut room, "--ttl 10s");
    let line = format!("{token}\n");
    #[rustfmt::skip]
    let cases = [
        // seconds before each line, options          answers
        ([0, 9, 1],                   "",                "ok ok expired"),
        ([10, 0, 0],                  "",                "expired expired expired"),
        ([0, 9, 1],                   "--at 2025-11-22T04:00:00Z", "ok ok ok"),
    ];
    let pieces = |after: [i64; 3]| after.map(|seconds| (seconds, &*line));
    for (after, options, want) in cases {
        room.set_slow_stdin(&pieces(after));
        let shown = room.run_raw(&format!("mcpjwt verify --batch --key file:k {options}"));
        let answers: Vec<&str> = shown.stdout.lines().collect();
        let answers: Vec<&str> = answers
            .iter()
            .map(|one| one.split('\t').next().unwrap())
            .collect();
        assert_eq!(answers.join(" "), want, "{after:?} {options}");
    }

    // And so is one alone.
    for (after, want) in [(9, 0), (10, 3)] {
        room.set_slow_stdin(&[(after, &token)]);
        let shown = room.run_raw("mcpjwt verify --key file:k");
        assert_eq!(shown.code, want, "{after}: {}", shown.stderr);
    }
}

#[test]
fn a_warning_of_a_line_is_in_its_document() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let jwk = r#"{"kty":"oct","alg":"HS512","k":"OGMxZjBlNmIyZDk3YTQ0NTNlZjEwYjdjNmQyOGU5NWY0YTNiN2MxZDBlOWY4YTdiNmM1ZDRlM2YyYTFiMGM5ZA"}"#;
    let mut room = room.file("jwk", jwk);
    room.set_stdin(format!("{good}\nhello\n"));
    let shown =
        room.run("mcpjwt verify --batch --json --key file:jwk --signature-only --alg HS256");
    expect![[r#"
        --- stdout
        {"ok":true,"line":1,"header":{"alg":"HS256","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"},"claims":null,"times":null,"key":{"kid":"UOuPGLMbqgKiRQGz","alg":"HS256","state":"current"},"checked":["signature"],"not_checked":["claims"],"warnings":[{"code":"alg_key_mismatch","message":"the key says it is for HS512; checked as asked for by `--alg`"}],"errors":[]}
        {"ok":false,"line":2,"header":null,"claims":null,"times":null,"key":null,"checked":[],"not_checked":[],"warnings":[],"errors":[{"code":"malformed","message":"the token is malformed: found one part, without a dot, expected three parts with two dots between them"}]}
        --- exit 1
    "#]].assert_eq(&shown);
}
