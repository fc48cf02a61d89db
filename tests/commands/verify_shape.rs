//! `mcpjwt verify` and tokens that are cut, of the wrong types, or lie about themselves.

use expect_test::expect;

use super::verify_why::signed;
use crate::{token, verify, with_key};

#[test]
fn a_token_that_is_not_whole() {
    let mut room = with_key();
    let good = token(&mut room, "");
    let parts: Vec<&str> = good.split('.').collect();
    let texts = [
        good[..good.len() - 5].to_owned(),
        format!("{good}AAAA"),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}", parts[0], &parts[1][..40]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], &parts[1][..40], parts[2]),
        parts[0].to_owned(),
        "hello".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}=="),
        format!("{good}.x"),
        format!("{good}.x.y"),
        format!("{good}.x.y.z"),
        with_last(&good, |last| last + 1),
        with_last(&good, |last| last ^ 4),
        with_last(&good, |last| (last ^ 4) + 1),
    ];
    let mut text = String::new();
    for token in texts {
        text.push_str(&verify(&mut room, &token, ""));
    }
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a signature whose last character is cut off or changed, expected base64url without padding
        hint: the end of the token is missing: its signature has 28 of 32 bytes; copy the whole token
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        hint: there is something behind the token: its signature has 35 bytes, not 32
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found two parts, expected three parts with two dots between them
        hint: the signature is missing: there are only header and payload of the token of `vscode1`; mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found two parts, expected three parts with two dots between them
        hint: the signature is missing: there are only header and payload, and the payload is cut short; mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token has no signature: its third part is empty
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a payload that is not JSON: a string does not end (at byte 30), expected a JSON object
        hint: the payload is damaged
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found one part, without a dot, expected three parts with two dots between them
        hint: this is only the header of a token; payload and signature are missing; copy the whole token, up to the end of its third part
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found one part, without a dot, expected three parts with two dots between them
        hint: it does not begin as a token does; for a token in a file give `file:PATH`, for one in a variable `env:NAME`
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a header whose last character is cut off or changed, expected base64url without padding
        hint: it does not begin as a token does; for a token in a file give `file:PATH`, for one in a variable `env:NAME`
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found `=` at the end of the signature, expected base64url without padding
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found four parts, expected three parts with two dots between them
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found five parts, as an encrypted token (JWE) has, expected three parts with two dots between them
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found more than five parts, expected three parts with two dots between them
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a signature whose last character is cut off or changed, expected base64url without padding
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a signature whose last character is cut off or changed, expected base64url without padding
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
    "#]].assert_eq(&text);
}

/// The token with another last character, by its value of 6 bits: the lower two belong to no byte.
fn with_last(token: &str, change: fn(usize) -> usize) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = token.split_at(token.len() - 1);
    let value = change(ALPHABET.find(last).unwrap());
    format!("{rest}{}", &ALPHABET[value..=value])
}

#[test]
fn claims_of_the_wrong_type() {
    let mut room = with_key();
    let tokens = [
        signed(r#"{"sub":7,"iss":[],"aud":{"a":1},"jti":"","exp":4000000000}"#),
        signed(r#"{"sub":"a","exp":1e999}"#),
        signed(r#"{"sub":"a","exp":-1}"#),
        signed(r#"{"sub":"a","exp":253402300800}"#),
        signed(r#"{"sub":"a","exp":4000000000,"quota":0}"#),
        signed(r#"{"sub":"a","exp":4000000000,"quota":"many"}"#),
        signed(r#"{"sub":"a","sub":"b","exp":4000000000}"#),
        signed("[]"),
        signed("hello"),
        signed(r#"{"sub":"a"}"#),
    ];
    let text: String = tokens
        .iter()
        .map(|token| verify(&mut room, token, ""))
        .collect();
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `iss` is [], expected a string
        error: `sub` is 7, expected a string
        error: `jti` is "", expected a string that is not empty
        error: `aud` is {"a":1}, expected a string or a list of strings
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is 1e999, expected seconds since 1970, before the year 10000
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is -1, expected seconds since 1970, before the year 10000
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is 253402300800, expected seconds since 1970, before the year 10000
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `quota` is `0`, expected `a whole number above 0`
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `quota` is "many", expected a whole number above 0
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a payload that is not JSON: a name is there twice (at byte 11), expected a JSON object
        hint: the payload of the token of `a` is damaged
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a payload that is not an object, expected a JSON object
        hint: the payload is damaged
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a payload that is not JSON: a value was expected (at byte 0), expected a JSON object
        hint: the payload is damaged
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: `exp` is missing, and it is required
        --- exit 1
    "#]].assert_eq(&text);
    let shown = verify(&mut room, &signed("hello"), "--signature-only");
    expect![[r#"
        $ mcpjwt verify TOKEN --key file:k --signature-only
        --- stdout
        valid: signed with key `UOuPGLMbqgKiRQGz` by HS256 (not checked: claims)
        --- exit 0
    "#]]
    .assert_eq(&shown);
}

#[test]
fn headers_that_lie() {
    use base64::Engine as _;
    let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let mut room = with_key();
    let good = token(&mut room, "");
    let rest = good.split_once('.').unwrap().1.to_owned();
    let unsigned = rest.split_once('.').unwrap().0.to_owned();
    let mut text = String::new();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"nOnE"}"#,
        r#"{}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256","b64":false}"#,
        r#"{"alg":"HS256","jku":"https://evil.example/jwks"}"#,
        r#"{"alg":"HS256","kid":"../../etc/passwd"}"#,
        r#"{"alg":7}"#,
    ] {
        text.push_str(&format!("{header}\n"));
        text.push_str(&verify(
            &mut room,
            &format!("{}.{rest}", encode(header)),
            "",
        ));
    }
    text.push_str(&verify(
        &mut room,
        &format!("{}.{unsigned}.", encode(r#"{"alg":"none"}"#)),
        "",
    ));
    expect![[r#"
        {"alg":"none"}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is not signed: its header says `none`
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"nOnE"}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is not signed: its header says `nOnE`
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token names no algorithm in its header
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"RS256"}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token says it is signed by `RS256`, but the key is for HS256
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"HS256","crit":["exp"]}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token demands an extension (`crit` or `b64` in its header) that is not supported
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"HS256","b64":false}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token demands an extension (`crit` or `b64` in its header) that is not supported
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"HS256","jku":"https://evil.example/jwks"}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":"HS256","kid":"../../etc/passwd"}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`)
        --- exit 1
        {"alg":7}
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is malformed: found a number as `alg` in the header, expected a string
        --- exit 1
        $ mcpjwt verify TOKEN --key file:k
        --- stderr
        error: the token is not signed: its header says `none`
        error: the token has no signature: its third part is empty
        --- exit 1
    "#]].assert_eq(&text);
}
