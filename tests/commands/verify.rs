//! `mcpjwt verify`: what is checked, and how a good and a bad token are told.

use expect_test::expect;

use crate::{runs, token, verify, with_key};

#[test]
fn a_good_token_is_one_sentence_and_its_claims() {
    let mut room = with_key();
    let good = token(
        &mut room,
        "--iss exai --aud a --aud b --role dev --claim x:=1.50",
    );
    let shown = verify(&mut room, &good, "")
        + &verify(
            &mut room,
            &good,
            "--iss exai --aud b --sub vscode1 --role dev",
        )
        + &verify(
            &mut room,
            &good,
            "--iss exai --aud c --aud a --strict --json",
        )
        + &verify(&mut room, &good, "--signature-only")
        + &verify(&mut room, &good, "--signature-only --json");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)
          iss   exai
          sub   vscode1
          aud   ["a","b"]
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2025-11-23 04:00:00 +00:00 (in 24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          role  dev
          x     1.50
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k --iss exai --aud b --sub vscode1 --role dev
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h)
          iss   exai
          sub   vscode1
          aud   ["a","b"]
          iat   2025-11-22 03:59:55 +00:00 (5 s ago)
          exp   2025-11-23 04:00:00 +00:00 (in 24 h)
          jti   d70d3259e4e1cb631c663cf4d73c4c04
          role  dev
          x     1.50
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k --iss exai --aud c --aud a --strict --json
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "exai",
            "sub": "vscode1",
            "aud": [
              "a",
              "b"
            ],
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
            "role": "dev",
            "x": 1.50
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "signature",
            "exp",
            "iat",
            "iss",
            "aud",
            "revocation"
          ],
          "not_checked": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k --signature-only
        --- stdout
        valid: signed with key `UOuPGLMbqgKiRQGz` by HS256 (not checked: claims)
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k --signature-only --json
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": null,
          "times": null,
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "signature"
          ],
          "not_checked": [
            "claims"
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn every_failing_check_is_told_at_once_with_found_and_expected() {
    let mut room = with_key().file("other", crate::OTHER);
    let good = token(
        &mut room,
        "--iss exai --aud a --role dev --scope read --nbf +1h",
    );
    let options = "--iss other --aud b --aud c --sub claude --role admin --scope read --scope write --typ at+jwt --expect team=search --expect role=x --require client_id --at 2025-11-22T03:00:00Z";
    let shown = verify(&mut room, &good, options)
        + &verify(&mut room, &good, &format!("{options} --json"))
        + &room.run(&format!(
            "mcpjwt verify {good} --key file:other --iss other --at 2030-01-01"
        ));
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k --iss other --aud b --aud c --sub claude --role admin --scope read --scope write --typ at+jwt --expect team=search --expect role=x --require client_id --at 2025-11-22T03:00:00Z
        --- stderr
        error: `client_id` is missing, and it is required
        error: `team` is missing, expected `search`
        error: `typ` is `JWT`, expected `at+jwt`
        error: `iss` is `exai`, expected `other`
        error: `aud` is `a`, expected `b or c`
        error: `sub` is `vscode1`, expected `claude`
        error: `scope` is `read`, expected `write`
        error: `role` is `dev`, expected `admin`
        error: `role` is `dev`, expected `x`
        error: the token of `vscode1` is not valid before 2025-11-22 05:00:00 +00:00 (in 2 h)
        hint: `nbf` is 2 h ahead, as from a clock that took local time for UTC; set the time zone of the machine that minted it
        error: the token of `vscode1` was issued in the future: `iat` is 2025-11-22 03:59:55 +00:00 (in 60 min)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --iss other --aud b --aud c --sub claude --role admin --scope read --scope write --typ at+jwt --expect team=search --expect role=x --require client_id --at 2025-11-22T03:00:00Z --json
        --- stdout
        {
          "ok": false,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "exai",
            "sub": "vscode1",
            "aud": "a",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04",
            "nbf": 1763787600,
            "scope": "read",
            "role": "dev"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "nbf": "2025-11-22T05:00:00Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "typ",
            "signature",
            "exp",
            "nbf",
            "iat",
            "iss",
            "aud",
            "sub",
            "scope",
            "role",
            "team",
            "revocation"
          ],
          "not_checked": [],
          "warnings": [],
          "errors": [
            {
              "code": "claim_missing",
              "claim": "client_id",
              "message": "`client_id` is missing, and it is required"
            },
            {
              "code": "claim_missing",
              "claim": "team",
              "message": "`team` is missing, expected `search`"
            },
            {
              "code": "claim_mismatch",
              "claim": "typ",
              "message": "`typ` is `JWT`, expected `at+jwt`"
            },
            {
              "code": "claim_mismatch",
              "claim": "iss",
              "message": "`iss` is `exai`, expected `other`"
            },
            {
              "code": "claim_mismatch",
              "claim": "aud",
              "message": "`aud` is `a`, expected `b or c`"
            },
            {
              "code": "claim_mismatch",
              "claim": "sub",
              "message": "`sub` is `vscode1`, expected `claude`"
            },
            {
              "code": "claim_mismatch",
              "claim": "scope",
              "message": "`scope` is `read`, expected `write`"
            },
            {
              "code": "claim_mismatch",
              "claim": "role",
              "message": "`role` is `dev`, expected `admin`"
            },
            {
              "code": "claim_mismatch",
              "claim": "role",
              "message": "`role` is `dev`, expected `x`"
            },
            {
              "code": "not_yet_valid",
              "claim": "nbf",
              "message": "the token of `vscode1` is not valid before 2025-11-22 05:00:00 +00:00 (in 2 h)",
              "hint": "`nbf` is 2 h ahead, as from a clock that took local time for UTC; set the time zone of the machine that minted it"
            },
            {
              "code": "iat_future",
              "claim": "iat",
              "message": "the token of `vscode1` was issued in the future: `iat` is 2025-11-22 03:59:55 +00:00 (in 60 min)"
            }
          ]
        }
        --- exit 1
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `G-2KYj0OXRAxhfq5`)
        error: `iss` is `exai`, expected `other`
        error: the token expired 4 y ago, on 2025-11-23 04:00:00 +00:00
        --- exit 1
    "#]].assert_eq(&shown);
}

#[test]
fn each_demand_alone() {
    let mut room = with_key();
    let good = token(
        &mut room,
        "--iss exai --aud https://mcp.example.com --role dev --scope 'read write' --client-id c --claim 'o:={\"a\":[1,2]}' --claim t=x --typ at+jwt",
    );
    let cases = [
        ("--iss exai", 0),
        ("--iss nobody --iss exai", 0),
        ("--iss nobody", 1),
        ("--aud https://mcp.example.com", 0),
        ("--aud x --aud https://mcp.example.com", 0),
        ("--aud https://mcp.example.com/", 1),
        ("--sub vscode1", 0),
        ("--sub vscode", 1),
        ("--typ at+jwt", 0),
        ("--typ application/AT+JWT", 0),
        ("--typ JWT", 1),
        ("--scope write", 0),
        ("--scope write --scope read", 0),
        ("--scope admin", 1),
        ("--scope 'read write'", 0),
        ("--scope 'read admin'", 1),
        ("--scope ''", 1),
        ("--expect 'o:={\"a\":[1.0,2e0]}'", 0),
        ("--role dev", 0),
        ("--role admin", 1),
        ("--expect t=x", 0),
        ("--expect t:=\\\"x\\\"", 2),
        ("--expect 'o:={\"a\":[1,2]}'", 0),
        ("--expect 'o:={\"a\":[2,1]}'", 1),
        ("--expect absent=1", 1),
        ("--require client_id --require sub", 0),
        ("--require absent", 1),
        ("--require none", 0),
        ("--max-age 5s", 3),
        ("--max-age 6s", 0),
        ("--max-age 5s --leeway 1s", 0),
        ("--at 2025-11-23T03:59:59Z", 0),
        ("--at 2025-11-23T04:00:00Z", 3),
        ("--at 2025-11-23T04:00:00Z --leeway 1s", 0),
        ("--at 2025-11-22T03:59:54Z", 1),
        ("--at 2025-11-22T03:59:54Z --leeway 1s", 0),
        ("--alg HS256", 0),
        ("--alg HS512 --alg HS256", 0),
        ("--alg HS512", 1),
        ("--alg RS256", 1),
        ("--strict", 2),
        ("--strict --iss exai", 2),
        ("--strict --iss exai --aud https://mcp.example.com", 0),
        ("--jwks file:k", 2),
        ("--leeway 5", 2),
        ("--expect t", 2),
        ("--previous k", 2),
    ];
    for (options, code) in cases {
        let shown = room.run_raw(&format!("mcpjwt verify {good} --key file:k {options}"));
        assert_eq!(shown.code, code, "{options}: {}", shown.stderr);
        assert_eq!(
            shown.stdout.is_empty(),
            code != 0,
            "{options}: {}",
            shown.stdout
        );
        assert_eq!(
            shown.stderr.is_empty(),
            code == 0,
            "{options}: {}",
            shown.stderr
        );
    }
}

#[test]
fn a_token_that_is_too_old_says_how_old_it_may_be() {
    let mut room = with_key();
    let token = token(&mut room, "");
    let shown = verify(&mut room, &token, "--max-age 1h --leeway 2s --at +2h");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k --max-age 1h --leeway 2s --at +2h
        --- stderr
        error: the token of `vscode1` is too old: issued 2025-11-22 03:59:55 +00:00 (2 h ago), expected less than 1h2s ago
        --- exit 3
    "#]].assert_eq(&shown);
}

#[test]
fn exp_is_required_unless_asked_otherwise() {
    let mut room = with_key();
    // Minted elsewhere: {"alg":"HS256"}.{"sub":"a"} with the secret in `k`.
    let endless = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA";
    let good = token(&mut room, "");
    let shown = verify(&mut room, endless, "")
        + &verify(&mut room, &good, "--require jti --require none --json");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: the end of the token is missing: its signature has 3 of 32 bytes; copy the whole token
        error: `exp` is missing, and it is required
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --require jti --require none --json
        --- stdout
        {
          "ok": true,
          "header": {
            "alg": "HS256",
            "typ": "JWT",
            "kid": "UOuPGLMbqgKiRQGz"
          },
          "claims": {
            "iss": "mcpjwt",
            "sub": "vscode1",
            "aud": "mcp",
            "iat": 1763783995,
            "exp": 1763870400,
            "jti": "d70d3259e4e1cb631c663cf4d73c4c04"
          },
          "times": {
            "iat": "2025-11-22T03:59:55Z",
            "exp": "2025-11-23T04:00:00Z"
          },
          "key": {
            "kid": "UOuPGLMbqgKiRQGz",
            "alg": "HS256",
            "state": "current"
          },
          "checked": [
            "signature",
            "exp",
            "iat",
            "revocation"
          ],
          "not_checked": [
            "iss",
            "aud"
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn tokens_come_from_places_and_standard_input() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let mut room = room
        .file("t", format!("Bearer {good}\n"))
        .file(".env", format!("T={good}\n"))
        .stdin(format!(" \"{good}\"\r\n"));
    for input in ["", "file:t", "dotenv:.env#T", "-"] {
        let shown = room.run_raw(&format!("mcpjwt verify {input} --key file:k"));
        assert_eq!(shown.code, 0, "{input}: {}", shown.stderr);
        room.set_stdin(&good);
    }
    room.set_stdin("");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt verify --key file:k",
            "mcpjwt verify - --key file:k",
            "mcpjwt verify file:absent --key file:absent",
            "mcpjwt verify file:t --exact --key file:k",
            "mcpjwt verify - --key -",
        ],
    );
    let terminal = with_key().terminal(80).run("mcpjwt verify --color never");
    expect![[r#"
        $ mcpjwt verify --key file:k
        --- stderr
        error: no token was given, and standard input is empty
        hint: give a token, a place such as `file:PATH`, or pipe the token in
        --- exit 2
        $ mcpjwt verify - --key file:k
        --- stderr
        error: the token is malformed: found nothing, expected three parts with two dots between them
        hint: it does not begin as a token does; for a token in a file give `file:PATH`, for one in a variable `env:NAME`
        --- exit 1
        $ mcpjwt verify file:absent --key file:absent
        --- stderr
        error: nothing is at `file:absent`
        error: there is no key at `file:absent`
        hint: make one there with `mcpjwt secret generate --to file:absent`
        --- exit 4
        $ mcpjwt verify file:t --exact --key file:k
        --- stderr
        error: the token is malformed: found white space in the header, expected base64url without padding
        hint: the token is good once the quotes, blanks or `Bearer` around it are taken off; leave out `--exact`, or store the bare token
        --- exit 1
        $ mcpjwt verify - --key -
        --- stderr
        error: standard input is asked for twice
        hint: give one of the two as a place, such as `file:PATH`
        --- exit 2
        --- stderr
        error: no token was given
        hint: give a token, a place such as `file:PATH`, or pipe the token in
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 2
    "#]].assert_eq(&(shown + &terminal));
}

#[test]
fn issuer_and_audience_of_the_environment() {
    let mut room = with_key();
    let good = token(&mut room, "--iss exai --aud mcp");
    let mut room = room.env("MCPJWT_ISS", "exai").env("MCPJWT_AUD", "other");
    let shown = verify(&mut room, &good, "") + &verify(&mut room, &good, "--aud mcp --strict");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `aud` is `mcp`, expected `other`
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k --aud mcp --strict
        --- stdout
        valid: vscode1, until 2025-11-23 04:00:00 +00:00 (in 24 h)
          iss  exai
          sub  vscode1
          aud  mcp
          iat  2025-11-22 03:59:55 +00:00 (5 s ago)
          exp  2025-11-23 04:00:00 +00:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_local_zone_is_told() {
    let mut room = with_key().local_offset(|_| 11 * 3600);
    let good = token(&mut room, "");
    let shown = verify(&mut room, &good, "") + &verify(&mut room, &good, "--at 2025-12-01");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stdout
        valid: vscode1, until 2025-11-23 15:00:00 +11:00 (in 24 h) (not checked: iss, aud)
          iss  mcpjwt
          sub  vscode1
          aud  mcp
          iat  2025-11-22 14:59:55 +11:00 (5 s ago)
          exp  2025-11-23 15:00:00 +11:00 (in 24 h)
          jti  d70d3259e4e1cb631c663cf4d73c4c04
        --- exit 0
        $ mcpjwt verify TOKEN --key file:k --at 2025-12-01
        --- stderr
        error: the token of `vscode1` expired 8 d ago, on 2025-11-23 15:00:00 +11:00
        --- exit 3
    "#]]
    .assert_eq(&shown);
}
