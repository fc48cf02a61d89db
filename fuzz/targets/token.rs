//! Tokens: no panic, nothing accepted without its signature, and no control character in
//! what a person is shown of one, good or bad.
//!
//! The bytes are judged as they are. A text of two lines is also taken as header and payload
//! and signed, so that what stands behind a right signature is reached.
#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use mcpjwt::json::Json;
use mcpjwt::key::{Algorithm, KeySet, Signer};
use mcpjwt::report::{self, Style};
use mcpjwt::secret::Secret;
use mcpjwt::time::Clock;
use mcpjwt::token::{self, Rules, Verdict};

/// The keys of RFC 7515, appendices A.1 to A.3, and of RFC 8037, appendix A.
const KEYS: [&str; 4] = [
    r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#,
    r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
    r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
];

/// A second before the token of RFC 7515 ends.
const NOW: i64 = 1_300_819_379;

const STYLE: Style = Style {
    colour: false,
    width: None,
};

struct Judge {
    keys: Vec<KeySet>,
    rules: [Rules; 3],
}

static JUDGE: LazyLock<Judge> = LazyLock::new(|| Judge {
    keys: KEYS
        .iter()
        .map(|key| {
            KeySet::read(&Secret::from(*key), None).unwrap_or_else(|error| panic!("{error}"))
        })
        .collect(),
    rules: [
        Rules::at(NOW),
        Rules {
            signature_only: true,
            ..Rules::at(NOW)
        },
        Rules {
            leeway: i64::MAX,
            iss: vec!["joe".to_owned(), "\u{1b}[31mjoe".to_owned()],
            aud: vec!["https://a.example/".to_owned()],
            sub: Some("vscode1".to_owned()),
            typ: Some("at+jwt".to_owned()),
            scopes: vec!["index:read".to_owned()],
            role: Some("developer".to_owned()),
            expect: vec![("quota".to_owned(), Json::from(100_i64))],
            require: vec!["jti".to_owned(), "nbf".to_owned()],
            max_age: Some(60),
            ..Rules::at(NOW)
        },
    ],
});

fuzz_target!(|bytes: &[u8]| {
    judged(bytes, &JUDGE.keys);
    looked_into(bytes);
    if let Some(at) = bytes.iter().position(|&b| b == b'\n') {
        judged(&signed(&bytes[..at], &bytes[at + 1..]), &JUDGE.keys[..1]);
    }
});

fn judged(token: &[u8], sets: &[KeySet]) {
    for keys in sets {
        // One set of rules an input: all of them would be a third as many inputs.
        let rules = &JUDGE.rules[token.len() % JUDGE.rules.len()];
        let verdict = token::judge(token, keys, rules);
        let good = verdict.failures.is_empty();
        assert!(!good || verdict.key.is_some(), "good without a key");
        assert!(
            verdict.key.is_some() || (verdict.claims.is_none() && verdict.header.is_none()),
            "says what no signature vouches for"
        );
        told(token, keys, rules, &verdict);
    }
}

fn told(token: &[u8], keys: &KeySet, rules: &Rules, verdict: &Verdict) {
    let findings = token::diagnose(token, keys, rules, verdict);
    if verdict.failures.is_empty() {
        harmless(&report::accepted(verdict, clock(), STYLE));
    } else {
        let text = report::refused(verdict, &findings, clock(), STYLE);
        assert!(text.starts_with("error: "), "{text:?}");
        harmless(&text);
    }
    for warning in &verdict.warnings {
        harmless(&report::warning(warning, STYLE));
    }
    let mut line = String::new();
    report::batch_line(verdict, &mut line);
    harmless(&line.replacen('\t', "", 1));
    assert_eq!(line.matches('\n').count(), 1, "{line:?}");
    let errors = report::verdict_errors(verdict, &findings, clock());
    let body = report::verdict_body(verdict);
    let document = report::document(errors.is_empty(), body, &verdict.warnings, &errors);
    harmless(&document);
    assert!(Json::parse(document.as_bytes()).is_ok(), "{document}");
}

fn looked_into(token: &[u8]) {
    let peek = token::peek(token);
    if let (Some(header), Some(claims)) = (&peek.header, &peek.claims) {
        harmless(&report::decoded(
            header,
            claims,
            peek.signature,
            clock(),
            STYLE,
        ));
    }
    if let Ok(text) = std::str::from_utf8(token) {
        let bare = token::bare(text);
        assert_eq!(token::bare(bare), bare, "taken off twice");
        let _ = token::looks_like_token(text);
    }
}

fn signed(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let input = format!("{}.{}", text(header), text(payload));
    let key = &JUDGE.keys[0].keys[0];
    let signature = Signer::new(key, Algorithm::HS256)
        .and_then(|signer| signer.sign(input.as_bytes()))
        .unwrap_or_else(|error| panic!("{error}"));
    format!("{input}.{}", text(&signature)).into_bytes()
}

fn clock() -> Clock {
    Clock {
        now: NOW,
        local_offset: |_| 0,
    }
}

#[track_caller]
fn harmless(text: &str) {
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n'),
        "{text:?} drives the terminal"
    );
    assert!(text.ends_with('\n'), "{text:?} ends without a line end");
}
