//! What a line of `mcpjwt issue --from` says: rows of CSV and JSON Lines.

use expect_test::expect;

use super::batch::claims;
use crate::support::NOW;
use crate::with_key;

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
fn a_line_that_goes_on_in_the_next_one_mints_for_nobody() {
    let long = "x".repeat(70_000);
    let field = format!("sub,name\na,\"{long}\nadmin,root\n");
    let value = format!("{{\"sub\":\"a\",\"x\":\"{long}\n{{\"sub\":\"admin\"}}\n}}\n");
    #[rustfmt::skip]
    let cases = [
        // form, lines, tokens of those before it
        ("csv",   "sub,name\na,A\nb,\"x\nadmin,root\ny\"\nc,C\n",                     1),
        ("csv",   "sub,name\na,A\nb,\"x\"\"\nadmin,root\ny\"\nc,C\n",                 1),
        ("csv",   "sub,name\na,A\nb,x\"y\nadmin,root\n",                              1),
        ("csv",   &field,                                                             0),
        ("jsonl", "{\"sub\":\"a\"}\n{\"sub\":\"a\",\n\"x\":\n{\"sub\":\"admin\"}\n}\n", 1),
        ("jsonl", "{\"sub\":\"a\"}\n[\n{\"sub\":\"admin\"}\n}\n",                     1),
        ("jsonl", "{\"sub\":\"a\"}\n{\"x\":undefined,\"y\":\n{\"sub\":\"admin\"}\n}\n", 1),
        ("jsonl", &value,                                                             0),
    ];
    for (form, lines, good) in cases {
        let about = &lines[..lines.len().min(60)];
        let mut room = with_key().stdin(lines);
        let line = format!("mcpjwt issue --from - --input {form} --key file:k --no-record");
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 1, "{about}: {}", shown.stderr);
        let is_told = shown.stderr.contains("no line behind it is read");
        assert!(is_told, "{about}: {}", shown.stderr);
        assert_eq!(shown.stdout.lines().count(), good + 1, "{about}");
        let minted: Vec<&str> = shown.stdout.lines().filter(|it| !it.is_empty()).collect();
        assert_eq!(minted.len(), good, "{about}");
        let claims = claims(&mut room, &minted.join("\n"));
        assert!(!claims.contains("admin"), "{about}: {claims}");
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
