//! Every rule of [`judge`] at its edges: a row each, and the codes it comes to.

use super::{Rules, Verdict, judge, sign};
use crate::error::Code;
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Signer};
use crate::secret::Secret;

const SECRET: &str = "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d";

type Change = fn(&mut Rules);

/// Judges a token with this header and these claims, signed with the key it is judged by.
fn judged(header: &str, claims: &str, change: impl FnOnce(&mut Rules)) -> Verdict {
    let set = KeySet::read(&Secret::from(SECRET), None).unwrap();
    let signer = Signer::new(set.signing().unwrap(), Algorithm::HS256).unwrap();
    let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
    let token = sign(&parse(header), &parse(claims), &signer).unwrap();
    let mut rules = Rules::at(1000);
    change(&mut rules);
    judge(token.expose(), &set, &rules)
}

/// The failing claims and their codes, `exp:expired iat:iat_future`; empty: the token is good.
fn failing(verdict: &Verdict) -> String {
    let told: Vec<String> = verdict
        .failures
        .iter()
        .map(|failure| match &failure.claim {
            Some(claim) => format!("{claim}:{}", failure.code.name()),
            None => failure.code.name().to_owned(),
        })
        .collect();
    told.join(" ")
}

fn told(claims: &str, change: impl FnOnce(&mut Rules)) -> String {
    failing(&judged(r#"{"alg":"HS256"}"#, claims, change))
}

#[test]
fn times_at_each_edge_of_the_leeway() {
    #[rustfmt::skip]
    let cases = [
        // claims                                  leeway  want
        (r#"{"exp":1001}"#,                             0, ""),
        (r#"{"exp":1000}"#,                             0, "exp:expired"),
        (r#"{"exp":1000.5}"#,                           0, ""),
        (r#"{"exp":1000}"#,                             1, ""),
        (r#"{"exp":995}"#,                              5, "exp:expired"),
        (r#"{"exp":995.1}"#,                            5, ""),
        (r#"{"exp":0}"#,                                0, "exp:expired"),
        (r#"{"exp":0}"#,                         i64::MAX, ""),
        (r#"{"exp":2000,"nbf":1000}"#,                  0, ""),
        (r#"{"exp":2000,"nbf":1000.5}"#,                0, "nbf:not_yet_valid"),
        (r#"{"exp":2000,"nbf":1001}"#,                  0, "nbf:not_yet_valid"),
        (r#"{"exp":2000,"nbf":1001}"#,                  1, ""),
        (r#"{"exp":2000,"nbf":1002}"#,                  1, "nbf:not_yet_valid"),
        (r#"{"exp":2000,"iat":1000}"#,                  0, ""),
        (r#"{"exp":2000,"iat":1001}"#,                  0, "iat:iat_future"),
        (r#"{"exp":2000,"iat":1001}"#,                  1, ""),
        (r#"{"exp":2000,"iat":1001,"nbf":1001}"#,       0, "nbf:not_yet_valid iat:iat_future"),
        (r#"{"exp":900,"nbf":1001}"#,                   0, "nbf:not_yet_valid exp:expired"),
        (r#"{"exp":253402300799}"#,                     0, ""),
        (r#"{"exp":253402300800}"#,                     0, "exp:claim_type"),
        (r#"{"exp":-1}"#,                               0, "exp:claim_type"),
        (r#"{"exp":1e3}"#,                              0, "exp:expired"),
        (r#"{"exp":1e999}"#,                            0, "exp:claim_type"),
        (r#"{"exp":"2000"}"#,                           0, "exp:claim_type"),
        (r#"{"exp":null}"#,                             0, "exp:claim_type"),
        (r#"{"exp":true}"#,                             0, "exp:claim_type"),
        (r#"{"exp":[2000]}"#,                           0, "exp:claim_type"),
        (r#"{}"#,                                       0, "exp:claim_missing"),
    ];
    for (claims, leeway, want) in cases {
        let got = told(claims, |rules| rules.leeway = leeway);
        assert_eq!(got, want, "{claims} leeway {leeway}");
    }
}

#[test]
fn types_are_told_in_one_order_whatever_that_of_the_token() {
    let want = "iss:claim_type sub:claim_type jti:claim_type aud:claim_type exp:claim_type \
                nbf:claim_type iat:claim_type quota:claim_type";
    let names: Vec<&str> = want
        .split(' ')
        .filter_map(|told| told.split(':').next())
        .collect();
    for turn in 0..names.len() {
        let mut names = names.clone();
        names.rotate_left(turn);
        for _ in 0..2 {
            let members: Vec<String> = names
                .iter()
                .map(|name| format!(r#""{name}":{{}}"#))
                .collect();
            let claims = format!("{{{}}}", members.join(","));
            assert_eq!(told(&claims, |_| {}), want, "{claims}");
            names.reverse();
        }
    }
}

#[test]
fn the_age_is_counted_from_iat() {
    #[rustfmt::skip]
    let cases = [
        // claims                        max_age  leeway  want
        (r#"{"exp":2000,"iat":990}"#,         10,      0, "iat:expired"),
        (r#"{"exp":2000,"iat":991}"#,         10,      0, ""),
        (r#"{"exp":2000,"iat":990}"#,         10,      1, ""),
        (r#"{"exp":2000,"iat":990}"#,   i64::MAX,      0, ""),
        (r#"{"exp":2000}"#,                   10,      0, "iat:claim_missing"),
        (r#"{"exp":2000,"iat":"990"}"#,       10,      0, "iat:claim_type"),
        (r#"{"exp":900,"iat":800}"#,          10,      0, "exp:expired iat:expired"),
    ];
    for (claims, max_age, leeway, want) in cases {
        let got = told(claims, |rules| {
            rules.max_age = Some(max_age);
            rules.leeway = leeway;
        });
        assert_eq!(got, want, "{claims} max_age {max_age} leeway {leeway}");
    }
}

#[test]
fn issuer_audience_and_subject() {
    #[rustfmt::skip]
    let cases = [
        // name   claim                wanted              want
        ("iss",   r#""exai""#,         &["exai"][..],      ""),
        ("iss",   r#""exai""#,         &["a", "exai"],     ""),
        ("iss",   r#""Exai""#,         &["exai"],          "iss:claim_mismatch"),
        ("iss",   r#""exai/""#,        &["exai"],          "iss:claim_mismatch"),
        ("iss",   r#"["exai"]"#,       &["exai"],          "iss:claim_type"),
        ("iss",   r#"["exai"]"#,       &[],                "iss:claim_type"),
        ("iss",   "null",              &["exai"],          "iss:claim_type"),
        ("aud",   r#""a""#,            &["a"],             ""),
        ("aud",   r#"["a","b"]"#,      &["b"],             ""),
        ("aud",   r#"["a","b"]"#,      &["c", "b"],        ""),
        ("aud",   r#"["a","b"]"#,      &["c"],             "aud:claim_mismatch"),
        ("aud",   r#"["a b"]"#,        &["a"],             "aud:claim_mismatch"),
        ("aud",   "[]",                &["a"],             "aud:claim_mismatch"),
        ("aud",   "[]",                &[],                ""),
        ("aud",   r#"["a",1]"#,        &["a"],             "aud:claim_type"),
        ("aud",   r#"{"a":1}"#,        &["a"],             "aud:claim_type"),
        ("sub",   r#""vscode1""#,      &["vscode1"],       ""),
        ("sub",   r#""vscode1 ""#,     &["vscode1"],       "sub:claim_mismatch"),
        ("sub",   "7",                 &["7"],             "sub:claim_type"),
        ("sub",   "7",                 &[],                "sub:claim_type"),
        ("jti",   r#""""#,             &[],                "jti:claim_type"),
        ("jti",   "1",                 &[],                "jti:claim_type"),
        ("other", "1",                 &[],                ""),
    ];
    for (name, claim, wanted, want) in cases {
        let wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
        let got = told(
            &format!(r#"{{"exp":2000,"{name}":{claim}}}"#),
            |rules| match name {
                "iss" => rules.iss.clone_from(&wanted),
                "aud" => rules.aud.clone_from(&wanted),
                _ => rules.sub = wanted.first().cloned(),
            },
        );
        assert_eq!(got, want, "{name} {claim} wanted {wanted:?}");
    }
    for name in ["iss", "aud", "sub"] {
        let got = told(r#"{"exp":2000}"#, |rules| match name {
            "iss" => rules.iss = vec!["a".into()],
            "aud" => rules.aud = vec!["a".into()],
            _ => rules.sub = Some("a".into()),
        });
        assert_eq!(got, format!("{name}:claim_missing"));
    }
}

#[test]
fn scopes_must_all_be_there() {
    #[rustfmt::skip]
    let cases = [
        // claims                                      wanted                     want
        (r#"{"exp":2000,"scope":"read write"}"#,       &["read"][..],             ""),
        (r#"{"exp":2000,"scope":"read write"}"#,       &["write", "read"],        ""),
        (r#"{"exp":2000,"scope":"read write"}"#,       &["read", "admin"],        "scope:claim_mismatch"),
        (r#"{"exp":2000,"scope":"read:all"}"#,         &["read"],                 "scope:claim_mismatch"),
        (r#"{"exp":2000,"scope":["read","write"]}"#,   &["write"],                ""),
        (r#"{"exp":2000,"scp":["read"]}"#,             &["read"],                 ""),
        (r#"{"exp":2000,"scp":"read write"}"#,         &["write"],                ""),
        (r#"{"exp":2000,"scope":"read","scp":"b"}"#,   &["read", "b"],            ""),
        (r#"{"exp":2000,"scope":""}"#,                 &["read"],                 "scope:claim_missing"),
        (r#"{"exp":2000}"#,                            &["read"],                 "scope:claim_missing"),
        (r#"{"exp":2000,"scope":7}"#,                  &["read"],                 "scope:claim_missing"),
    ];
    for (claims, wanted, want) in cases {
        let got = told(claims, |rules| {
            rules.scopes = wanted.iter().map(|text| (*text).to_owned()).collect();
        });
        assert_eq!(got, want, "{claims} wanted {wanted:?}");
    }
}

#[test]
fn the_role_and_other_values() {
    #[rustfmt::skip]
    let roles = [
        (r#"{"exp":2000,"role":"dev"}"#,               ""),
        (r#"{"exp":2000,"roles":["ops","dev"]}"#,      ""),
        (r#"{"exp":2000,"role":["dev"]}"#,             ""),
        (r#"{"exp":2000,"role":"developer"}"#,         "role:claim_mismatch"),
        (r#"{"exp":2000,"role":7}"#,                   "role:claim_mismatch"),
        (r#"{"exp":2000}"#,                            "role:claim_missing"),
    ];
    for (claims, want) in roles {
        let got = told(claims, |rules| rules.role = Some("dev".into()));
        assert_eq!(got, want, "{claims}");
    }
    #[rustfmt::skip]
    let values = [
        // claim          wanted           want
        (r#""a""#,        r#""a""#,        ""),
        (r#""a""#,        r#""b""#,        "x:claim_mismatch"),
        ("1",             r#""1""#,        "x:claim_mismatch"),
        ("true",          "true",          ""),
        ("null",          "null",          ""),
        (r#"{"a":[1]}"#,  r#"{"a":[1]}"#,  ""),
        ("[1,2]",         "[2,1]",         "x:claim_mismatch"),
    ];
    for (claim, wanted, want) in values {
        let wanted = Json::parse(wanted.as_bytes()).unwrap();
        let got = told(&format!(r#"{{"exp":2000,"x":{claim}}}"#), |rules| {
            rules.expect = vec![("x".into(), wanted.clone())];
        });
        assert_eq!(got, want, "{claim} wanted {wanted}");
    }
}

#[test]
fn what_is_required() {
    #[rustfmt::skip]
    let cases = [
        // claims                        required               want
        (r#"{"exp":2000}"#,              &["exp"][..],          ""),
        ("{}",                           &["exp"],              "exp:claim_missing"),
        ("{}",                           &[],                   ""),
        (r#"{"exp":2000}"#,              &["exp", "jti"],       "jti:claim_missing"),
        (r#"{"exp":2000,"jti":"1"}"#,    &["exp", "jti"],       ""),
        (r#"{"x":null}"#,                &["x"],                ""),
        ("{}",                           &["a", "b"],           "a:claim_missing b:claim_missing"),
    ];
    for (claims, required, want) in cases {
        let got = told(claims, |rules| {
            rules.require = required.iter().map(|name| (*name).to_owned()).collect();
        });
        assert_eq!(got, want, "{claims} required {required:?}");
    }
}

#[test]
fn a_quota_is_a_whole_number_above_zero() {
    #[rustfmt::skip]
    let cases = [
        ("1",       ""),
        ("100",     ""),
        ("0",       "quota:claim_mismatch"),
        ("-1",      "quota:claim_mismatch"),
        ("1.5",     "quota:claim_mismatch"),
        (r#""5""#,  "quota:claim_type"),
        ("null",    "quota:claim_type"),
    ];
    for (quota, want) in cases {
        let got = told(&format!(r#"{{"exp":2000,"quota":{quota}}}"#), |_| {});
        assert_eq!(got, want, "{quota}");
    }
}

#[test]
fn the_media_type_with_and_without_application() {
    #[rustfmt::skip]
    let cases = [
        // typ                          wanted                 want
        (r#","typ":"at+jwt""#,              "at+jwt",              ""),
        (r#","typ":"application/at+jwt""#,  "at+jwt",              ""),
        (r#","typ":"at+jwt""#,              "application/at+jwt",  ""),
        (r#","typ":"AT+JWT""#,              "at+jwt",              ""),
        (r#","typ":"APPLICATION/at+jwt""#,  "at+jwt",              ""),
        (r#","typ":"JWT""#,                 "at+jwt",              "typ:claim_mismatch"),
        (r#","typ":"text/at+jwt""#,         "at+jwt",              "typ:claim_mismatch"),
        (r#","typ":"""#,                    "at+jwt",              "typ:claim_mismatch"),
        ("",                                "JWT",                 "typ:claim_missing"),
    ];
    for (typ, wanted, want) in cases {
        let header = format!(r#"{{"alg":"HS256"{typ}}}"#);
        let verdict = judged(&header, r#"{"exp":2000}"#, |rules| {
            rules.typ = Some(wanted.into());
        });
        assert_eq!(failing(&verdict), want, "{header} wanted {wanted}");
    }
}

#[test]
fn what_was_checked_and_what_not() {
    #[rustfmt::skip]
    let cases: [(&str, Change, &str, &str); 5] = [
        (r#"{"exp":2000}"#, |_| {},                                  "signature exp",      "iss aud"),
        (r#"{"exp":2000,"nbf":1,"iat":1}"#, |_| {},                  "signature exp nbf iat", "iss aud"),
        (r#"{"exp":2000,"aud":"a"}"#, |r| r.aud = vec!["a".into()],  "signature exp aud",  "iss"),
        ("{}", |r| r.require.clear(),                                "signature",          "exp iss aud"),
        ("{}", |r| r.signature_only = true,                          "signature",          "claims"),
    ];
    for (claims, change, checked, not_checked) in cases {
        let verdict = judged(r#"{"alg":"HS256"}"#, claims, change);
        assert_eq!(failing(&verdict), "", "{claims}");
        assert_eq!(verdict.checked.join(" "), checked, "{claims}");
        assert_eq!(verdict.not_checked.join(" "), not_checked, "{claims}");
    }
}

#[test]
fn nothing_is_shown_of_a_token_whose_signature_does_not_hold() {
    let set = KeySet::read(&Secret::from(SECRET), None).unwrap();
    // {"alg":"HS256"}.{"exp":9}
    for signature in ["", "AAAA", "====", "QQ"] {
        let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjl9.{signature}");
        let verdict = judge(token.as_bytes(), &set, &Rules::at(1000));
        assert!(
            verdict.header.is_none() && verdict.claims.is_none(),
            "{token}"
        );
        assert!(verdict.key.is_none(), "{token}");
        let codes: Vec<Code> = verdict.failures.iter().map(|one| one.code).collect();
        assert!(codes.contains(&Code::Expired), "{token}: {codes:?}");
    }
}

#[test]
fn what_nests_too_deep_is_told_by_both_names() {
    let key = crate::key::KeySet::lone(crate::key::Key::from_secret(Secret::from(
        "0123456789abcdef0123456789abcdef",
    )));
    let deep = |depth: usize| {
        use base64::Engine as _;
        let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let payload = format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        format!("{}.{}.AAAA", part(r#"{"alg":"HS256"}"#), part(&payload))
    };
    for (depth, told) in [(63, false), (64, true)] {
        let verdict = judge(deep(depth).as_bytes(), &key, &Rules::at(0));
        for code in [Code::Malformed, Code::TooLarge] {
            let has = verdict.failures.iter().any(|failure| failure.code == code);
            assert_eq!(has, told, "depth {depth}: {code:?}");
        }
    }
}

fn pem(text: &str) -> Key {
    let mut keys = KeySet::read(&Secret::from(text), None).unwrap().keys;
    keys.remove(0)
}

fn rsa() -> Key {
    pem(include_str!("../../tests/keys/rsa2048.pkcs8.pem"))
}

fn ed25519() -> Key {
    pem(include_str!("../../tests/keys/ed25519.pkcs8.pem"))
}

/// A token with this header, good until 2000, by the algorithm that the key really signs with.
fn signed_by(key: &Key, alg: Algorithm, header: &str) -> Secret {
    let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
    let signer = Signer::new(key, alg).unwrap();
    sign(&parse(header), &parse(r#"{"exp":2000}"#), &signer).unwrap()
}

#[test]
fn the_header_must_name_the_algorithm_of_the_key_that_signed() {
    use Algorithm::{Ed25519, EdDSA, PS256, RS256};
    #[rustfmt::skip]
    let cases = [
        // header   signed by             allowed           want
        ("EdDSA",   (ed25519(), EdDSA),   &[][..],          ""),
        ("RS256",   (rsa(), RS256),       &[],              ""),
        ("RS256",   (ed25519(), EdDSA),   &[],              "alg:alg_not_allowed"),
        ("EdDSA",   (rsa(), RS256),       &[],              "alg:alg_not_allowed"),
        ("HS256",   (rsa(), RS256),       &[],              "alg:alg_not_allowed"),
        ("RS256",   (ed25519(), EdDSA),   &[RS256, EdDSA],  "alg:alg_key_mismatch"),
        ("EdDSA",   (rsa(), RS256),       &[RS256, EdDSA],  "alg:alg_key_mismatch"),
        ("EdDSA",   (rsa(), RS256),       &[RS256],         "alg:alg_not_allowed"),
        ("PS256",   (rsa(), PS256),       &[RS256, PS256],  ""),
        ("PS256",   (rsa(), PS256),       &[],              "alg:alg_not_allowed sig_invalid"),
        ("Ed25519", (ed25519(), EdDSA),   &[EdDSA, Ed25519], ""),
        ("Ed25519", (ed25519(), EdDSA),   &[],              "alg:alg_not_allowed"),
    ];
    for (alg, (key, by), allowed, want) in cases {
        let token = signed_by(&key, by, &format!(r#"{{"alg":"{alg}"}}"#));
        let mut rules = Rules::at(1000);
        rules.algs = allowed.to_vec();
        for rsa_first in [true, false] {
            let (one, other) = if rsa_first {
                (rsa(), ed25519())
            } else {
                (ed25519(), rsa())
            };
            let apart = [one.duplicate(), other.duplicate()].map(KeySet::lone);
            let apart = KeySet::joined(apart);
            let together = KeySet::of(vec![one, other]);
            for keys in [&together, &apart] {
                let got = failing(&judge(token.expose(), keys, &rules));
                assert_eq!(got, want, "{alg} {by:?} {allowed:?} RSA first: {rsa_first}");
            }
        }
    }
}

#[test]
fn the_same_key_twice_counts_by_whichever_algorithm_is_named() {
    let both = |one, other| KeySet::of(vec![ed25519().declaring(one), ed25519().declaring(other)]);
    let token = signed_by(&ed25519(), Algorithm::Ed25519, r#"{"alg":"Ed25519"}"#);
    for keys in [
        both(Algorithm::Ed25519, Algorithm::EdDSA),
        both(Algorithm::EdDSA, Algorithm::Ed25519),
    ] {
        assert_eq!(failing(&judge(token.expose(), &keys, &Rules::at(1000))), "");
    }
}

#[test]
fn a_weak_key_hides_no_wrong_signature() {
    let weak = || KeySet::lone(Key::from_secret(Secret::from("short")));
    let strong = || KeySet::lone(Key::from_secret(Secret::from(SECRET)));
    let other = Key::from_secret(Secret::from("another secret, of at least 32 bytes"));
    let forged = signed_by(&other, Algorithm::HS256, r#"{"alg":"HS256"}"#);
    #[rustfmt::skip]
    let cases = [
        // keys                   want             warnings
        (vec![weak()],           "key_too_short", 0),
        (vec![weak(), weak()],   "key_too_short", 0),
        (vec![strong(), weak()], "sig_invalid",   1),
        (vec![weak(), strong()], "sig_invalid",   1),
        (vec![strong()],         "sig_invalid",   0),
    ];
    for (index, (sets, want, warnings)) in cases.into_iter().enumerate() {
        let keys = KeySet::joined(sets);
        let verdict = judge(forged.expose(), &keys, &Rules::at(1000));
        assert_eq!(failing(&verdict), want, "{index}");
        assert_eq!(verdict.warnings.len(), warnings, "{index}");
    }
}

#[test]
fn an_empty_secret_verifies_nothing() {
    let keys = KeySet::lone(Key::from_secret(Secret::from("")));
    // HMAC-SHA256 with no key at all over {"alg":"HS256"}.{"exp":2000}
    let signed = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjIwMDB9";
    let none = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"");
    let signature = aws_lc_rs::hmac::sign(&none, signed.as_bytes());
    let token = {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        format!("{signed}.{}", engine.encode(signature.as_ref()))
    };
    for allow_weak_key in [false, true] {
        let rules = Rules {
            allow_weak_key,
            ..Rules::at(1000)
        };
        let verdict = judge(token.as_bytes(), &keys, &rules);
        assert_eq!(failing(&verdict), "key_too_short", "{allow_weak_key}");
        let hint = &verdict.failures[0].expected;
        assert!(!hint.contains("--allow-weak-key"), "{hint}");
    }
}

#[test]
fn of_many_near_misses_the_first_is_told() {
    let keys = KeySet::read(&Secret::from(SECRET), None).unwrap();
    let rules = Rules {
        aud: vec!["other".into(), "a".into()],
        iss: vec!["i".into()],
        ..Rules::at(1000)
    };
    let aud = ["x", "a/", "A", "A/"].repeat(2000);
    let claims = format!(r#"{{"exp":2000,"iss":"I","aud":{}}}"#, Json::from(aud));
    let signer = Signer::new(keys.signing().unwrap(), Algorithm::HS256).unwrap();
    let parse = |text: &str| Json::parse(text.as_bytes()).unwrap();
    let token = sign(&parse(r#"{"alg":"HS256"}"#), &parse(&claims), &signer).unwrap();
    let verdict = judge(token.expose(), &keys, &rules);
    let found: Vec<String> = super::diagnose(token.expose(), &keys, &rules, &verdict)
        .into_iter()
        .map(|finding| finding.what)
        .collect();
    let want = [
        "`iss` differs from what was expected only by upper and lower case",
        "`aud` differs from what was expected only by a slash at the end",
    ];
    assert_eq!(found, want);
}
