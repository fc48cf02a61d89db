//! A token that every rule likes, and for each rule one that it does not.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{RULES, Subject, findings};
use crate::token::{Claims, peek};

const NOW: i64 = 1_763_784_000;
const HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt","kid":"UOuPGLMbqgKiRQGz"}"#;
const CLAIMS: &str = r#"{"iss":"https://as.example","sub":"a","aud":"https://mcp.example/mcp","client_id":"c","iat":1763783995,"exp":1771560000,"jti":"j","scope":"a b"}"#;

fn token(header: &str, claims: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2ln", encode(header), encode(claims))
}

/// The codes of what is found, each with its claim.
fn codes(token: &str) -> String {
    let peek = peek(token.as_bytes());
    let claims = peek.claims.and_then(Claims::from_json).unwrap();
    let all = findings(&Subject {
        token: token.as_bytes(),
        header: &peek.header.unwrap(),
        claims: &claims,
        now: NOW,
    });
    let told = |claim: Option<String>| claim.map_or(String::new(), |claim| format!(":{claim}"));
    let codes: Vec<String> = all
        .into_iter()
        .map(|finding| format!("{}{}", finding.rule.code, told(finding.claim)))
        .collect();
    codes.join(" ")
}

/// The claims with the first text replaced by the second.
fn claims(from: &str, to: &str) -> String {
    assert!(CLAIMS.contains(from), "{from}");
    token(HEADER, &CLAIMS.replacen(from, to, 1))
}

fn header(text: &str) -> String {
    token(text, CLAIMS)
}

#[test]
fn each_rule_finds_what_it_is_for() {
    let good = token(HEADER, CLAIMS);
    let unsigned = good.rsplit_once('.').unwrap().0.to_owned();
    let padded = |from: &str| format!("{good}{from}");
    let long = "x".repeat(4096);
    #[rustfmt::skip]
    let cases = [
        // token                                                       found
        (good.clone(),                                                 ""),
        (header(r#"{"alg":"None","typ":"JWT","kid":"a"}"#),            "alg_none:alg"),
        (header(r#"{"typ":"JWT","kid":"a"}"#),                         "alg_missing:alg"),
        (unsigned.clone(),                                             "sig_missing"),
        (format!("{unsigned}."),                                       "sig_missing"),
        (padded("="),                                                  "encoding"),
        (padded(".a"),                                                 "encoding"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":7}"#),             "encoding"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"a","crit":[]}"#), "crit:crit"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"a","b64":false}"#), "crit:b64"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"a","jku":"https://a.example"}"#), "key_in_header:jku"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"../../dev/null"}"#), "kid_unsafe:kid"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"/dev/null"}"#),   "kid_unsafe:kid"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"a' UNION SELECT 'b"}"#), "kid_unsafe:kid"),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"/Zm9v/+8="}"#),   ""),
        (header(r#"{"alg":"HS256","typ":"JWT","kid":"did:web:a.example#key-1"}"#), ""),
        (header(r#"{"alg":"HS256","typ":"JWT"}"#),                     "kid_missing:kid"),
        (header(r#"{"alg":"HS256","kid":"a"}"#),                       "typ_missing:typ"),
        (claims(r#""client_id":"c","#, ""),                            "at_jwt_claims"),
        (claims(r#""sub":"a""#, r#""sub":7"#),                         "claim_type:sub"),
        (claims(r#""https://mcp.example/mcp""#, "[7]"),                "claim_type:aud"),
        (claims("1771560000", "\"1771560000\""),                       "time_type:exp"),
        (claims("1771560000", "1771560000000"),                        "time_type:exp"),
        (claims("1771560000", "1771560000.5"),                         ""),
        (claims("1771560000", "1763783995"),                           "time_order:exp"),
        (claims(r#""exp":1771560000"#, r#""exp":1771560000,"nbf":1771560000"#), "time_order:exp"),
        (claims("1771560000", "1771646400"),                           "exp_far:exp"),
        (claims("1763783995", "1763784061"),                           "iat_future:iat"),
        (claims("1763783995", "1763784060"),                           ""),
        (claims("https://mcp.example/mcp", "mcp"),                     "aud_no_url:aud"),
        (claims("https://mcp.example/mcp", "https://mcp.example/"),    "aud_form:aud"),
        (claims("https://mcp.example/mcp", "https://mcp.example/#a"),  "aud_form:aud"),
        (claims("https://mcp.example/mcp", "https://MCP.example/a"),   "aud_form:aud"),
        (claims("https://mcp.example/mcp", "https://mcp.example/A"),   ""),
        (claims(r#""https://mcp.example/mcp""#, r#"["https://a.example","b"]"#), "aud_shared:aud"),
        (claims(r#""https://mcp.example/mcp""#, "[]"),                 "aud_missing:aud"),
        (claims(r#""a b""#, r#"["a","b"]"#),                           "scope_type:scope"),
        (claims("scope", "api-key"),                                   "secret_inside:api-key"),
        (claims("scope", "Password"),                                  "secret_inside:Password"),
        (claims("scope", "email"),                                     "personal_data:email"),
        (claims("a b", &long),                                         "too_long"),
        (token(r#"{"alg":"HS256","typ":"JWT","kid":"a"}"#, "{}"),
         "exp_missing:exp aud_missing:aud iat_missing:iat iss_missing:iss sub_missing:sub jti_missing:jti"),
    ];
    let mut seen = BTreeSet::new();
    for (token, want) in &cases {
        assert_eq!(codes(token), *want, "{token}");
        let codes = want.split_whitespace();
        seen.extend(codes.map(|code| code.split(':').next().unwrap()));
    }
    let all: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(seen, all, "a rule without a row here");
}

#[test]
fn codes_are_unique_and_plain() {
    let mut seen = BTreeSet::new();
    for rule in RULES {
        let code = rule.code;
        assert!(seen.insert(code), "two rules are named `{code}`");
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "`{code}`"
        );
    }
}
