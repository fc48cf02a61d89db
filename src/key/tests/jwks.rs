//! JWK and JWK Set: each rule and its edges.

use super::{key, read, refusal};
use crate::error::Code;
use crate::key::{Algorithm, Key, KeySet, Part, Signer, State, Verifier};
use crate::secret::Secret;

const EC: &str = r#""kty":"EC","crv":"P-256","x":"04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY","y":"UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw""#;
const OCT: &str = r#""kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow""#;
const OKP: &str =
    r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
const SEED: &str = r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#;

/// The private RSA key of the fixtures as a JWK text.
fn rsa_jwk() -> String {
    let pem = include_str!("../../../tests/keys/rsa2048.pkcs8.pem");
    key(pem).to_jwk(Part::Private).unwrap().to_string()
}

/// The same JWK without a member.
fn without(jwk: &str, name: &str) -> String {
    let json = crate::json::Json::parse(jwk.as_bytes()).unwrap();
    let rest = json
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| key != name)
        .cloned();
    crate::json::Json::Object(rest.collect()).to_string()
}

/// The same JWK with a member of another value.
fn with(jwk: &str, name: &str, value: &str) -> String {
    let rest = without(jwk, name);
    format!(r#"{{"{name}":"{value}",{}"#, &rest[1..])
}

#[test]
fn a_jwk_is_refused_by_its_first_fault() {
    use Code::{KeyInvalid, KeyUnusable};
    let rsa = rsa_jwk();
    let ec = format!("{{{EC}}}");
    let okp = format!("{{{OKP},{SEED}}}");
    #[rustfmt::skip]
    let cases = [
        (r#"{"kty":"foo"}"#.to_owned(),                 KeyInvalid,  "`kty` `foo`"),
        (r#"{"kty":5}"#.to_owned(),                     KeyInvalid,  "`kty` is a number"),
        (r#"{"kty":"oct"}"#.to_owned(),                 KeyInvalid,  "no `k`"),
        (r#"{"kty":"oct","k":"YQ=="}"#.to_owned(),      KeyInvalid,  "not base64url"),
        (r#"{"kty":"oct","k":"YR"}"#.to_owned(),        KeyInvalid,  "not base64url"),
        (r#"{"kty":"oct","k":"+/8"}"#.to_owned(),       KeyInvalid,  "not base64url"),
        (r#"{"kty":"oct","k":"YQ\n"}"#.to_owned(),      KeyInvalid,  "not base64url"),
        (with(&ec, "use", "enc"),                       KeyUnusable, "`use` is `enc`"),
        (format!(r#"{{{EC},"use":5}}"#),                KeyInvalid,  "`use` is a number"),
        (format!(r#"{{{EC},"key_ops":["encrypt"]}}"#),  KeyUnusable, "neither `sign` nor `verify`"),
        (format!(r#"{{{EC},"key_ops":[]}}"#),           KeyUnusable, "neither `sign` nor `verify`"),
        (format!(r#"{{{EC},"key_ops":"verify"}}"#),     KeyInvalid,  "not an array"),
        (with(&ec, "alg", "ES224"),                     KeyInvalid,  "`alg` `ES224`"),
        (with(&ec, "alg", "ES384"),                     KeyInvalid,  "`alg` `ES384`"),
        (with(&ec, "alg", "none"),                      KeyInvalid,  "`alg` `none`"),
        (with(&ec, "alg", "es256"),                     KeyInvalid,  "`alg` `es256`"),
        (with(&ec, "alg", "ECDH-ES"),                   KeyUnusable, "encrypts"),
        (with(&ec, "alg", "ECDH-ES+A128KW"),            KeyUnusable, "encrypts"),
        (with(&rsa, "alg", "RSA1_5"),                   KeyUnusable, "encrypts"),
        (with(&rsa, "alg", "RSA-OAEP-256"),             KeyUnusable, "encrypts"),
        (with(&rsa, "alg", "HS256"),                    KeyInvalid,  "`alg` `HS256`"),
        (format!(r#"{{{OCT},"alg":"A256KW"}}"#),        KeyUnusable, "encrypts"),
        (format!(r#"{{{OCT},"alg":"A192GCMKW"}}"#),     KeyUnusable, "encrypts"),
        (format!(r#"{{{OCT},"alg":"dir"}}"#),           KeyUnusable, "encrypts"),
        (format!(r#"{{{OCT},"alg":"PBES2-HS256+A128KW"}}"#), KeyUnusable, "encrypts"),
        (format!(r#"{{{OCT},"alg":"direct"}}"#),        KeyInvalid,  "`alg` `direct`"),
        (format!(r#"{{{OCT},"kid":5}}"#),               KeyInvalid,  "`kid` is a number"),
        (format!(r#"{{{OCT},"iat":"5"}}"#),             KeyInvalid,  "`iat` is no time"),
        (format!(r#"{{{OCT},"exp":1.5}}"#),             KeyInvalid,  "`exp` is no time"),
        (format!(r#"{{{OCT},"mcpjwt_state":"old"}}"#),  KeyInvalid,  "`mcpjwt_state` is none"),
        (with(&ec, "crv", "secp256k1"),                 KeyInvalid,  "`crv` `secp256k1`"),
        (without(&ec, "crv"),                           KeyInvalid,  "no `crv`"),
        (without(&ec, "y"),                             KeyInvalid,  "no `y`"),
        (with(&ec, "y", "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgg"), KeyInvalid, "has 31 bytes"),
        (with(&ec, "crv", "P-384"),                     KeyInvalid,  "on P-384 it has 48"),
        (with(&ec, "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), KeyInvalid, "not on the curve"),
        (with(&ec, "d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), KeyInvalid, "private value"),
        (with(&ec, "d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"), KeyInvalid, "do not belong together"),
        (with(&ec, "d", "AQ"),                          KeyInvalid,  "has 1 bytes"),
        (with(&okp, "crv", "X25519"),                   KeyUnusable, "key agreement"),
        (with(&okp, "crv", "Ed448"),                    KeyInvalid,  "`crv` `Ed448`"),
        (with(&okp, "x", "AQ"),                         KeyInvalid,  "do not belong together"),
        (with(&without(&okp, "d"), "x", "AQ"),          KeyInvalid,  "has 32 bytes, this has 1"),
        (with(&okp, "d", "AQ"),                         KeyInvalid,  "has 32 bytes, this has 1"),
        (with(&okp, "d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), KeyInvalid, "do not belong together"),
        (without(&without(&rsa, "p"), "qi"),            KeyInvalid,  "no `p`, `qi`"),
        (with(&rsa, "oth", "x"),                        KeyInvalid,  "more than two primes"),
        (with(&rsa, "d", "AQAB"),                       KeyInvalid,  "contradict each other"),
        (with(&rsa, "dp", "AQAB"),                      KeyInvalid,  "contradict each other"),
        (with(&rsa, "e", "AQ"),                         KeyInvalid,  "even or 1"),
        (with(&rsa, "e", "Ag"),                         KeyInvalid,  "even or 1"),
        (with(&without(&rsa, "d"), "e", ""),            KeyInvalid,  "even or 1"),
        (with(&without(&rsa, "d"), "e", "AA"),          KeyInvalid,  "even or 1"),
        (with(&without(&rsa, "d"), "n", "Ag"),          KeyInvalid,  "modulus is even"),
        (with(&without(&rsa, "d"), "n", &"_".repeat(1400)), KeyInvalid, "up to 8192"),
    ];
    for (jwk, code, what) in cases {
        let (got, message) = refusal(read(&jwk));
        assert_eq!(got, Some(code), "{what}: {message}");
        assert!(message.contains(what), "`{message}` has not `{what}`");
    }
}

#[test]
fn a_jwk_may_do_what_key_ops_leaves() {
    #[rustfmt::skip]
    let cases = [
        // jwk                                                   signs  verifies
        (format!(r#"{{{OCT}}}"#),                                true,  true),
        (format!(r#"{{{OCT},"key_ops":["sign"]}}"#),             true,  false),
        (format!(r#"{{{OCT},"key_ops":["verify"]}}"#),           false, true),
        (format!(r#"{{{OCT},"key_ops":["verify","sign"]}}"#),    true,  true),
        (format!(r#"{{{OKP},{SEED},"key_ops":["sign"]}}"#),      true,  true),
        (format!(r#"{{{OKP},{SEED},"key_ops":["verify"]}}"#),    false, true),
        (format!(r#"{{{OKP},"key_ops":["verify"]}}"#),           false, true),
        (format!(r#"{{{OKP},"key_ops":["sign"]}}"#),             false, false),
        (format!(r#"{{{OKP},"use":"sig"}}"#),                    false, true),
    ];
    for (jwk, signs, verifies) in cases {
        // Writing it and reading it again must change nothing.
        let stored = KeySet::of(vec![key(&jwk)]).to_store();
        for key in [key(&jwk), key(stored.expose())] {
            let alg = key.algorithm(None).unwrap();
            assert_eq!(Signer::new(&key, alg).is_ok(), signs, "{jwk}");
            assert_eq!(key.can_sign(), signs, "{jwk}");
            assert_eq!(Verifier::new(&key, alg).is_ok(), verifies, "{jwk}");
        }
    }
}

#[test]
fn the_algorithm_is_the_keys_own() {
    use Algorithm::{ES256, ES384, Ed25519, EdDSA, HS256, HS512};
    #[rustfmt::skip]
    let cases = [
        // jwk                                 asked          want
        (format!("{{{OCT}}}"),                 None,          Some(HS256)),
        (format!("{{{OCT}}}"),                 Some(HS512),   Some(HS512)),
        (format!("{{{OCT}}}"),                 Some(ES256),   None),
        (format!(r#"{{{OCT},"alg":"HS512"}}"#), None,         Some(HS512)),
        (format!(r#"{{{OCT},"alg":"HS512"}}"#), Some(HS512),  Some(HS512)),
        (format!(r#"{{{OCT},"alg":"HS512"}}"#), Some(HS256),  None),
        (format!("{{{EC}}}"),                  None,          Some(ES256)),
        (format!("{{{EC}}}"),                  Some(HS256),   None),
        (format!("{{{EC}}}"),                  Some(ES384),   None),
        (format!("{{{OKP}}}"),                 None,          Some(EdDSA)),
        (format!("{{{OKP}}}"),                 Some(Ed25519), Some(Ed25519)),
        (format!(r#"{{{OKP},"alg":"Ed25519"}}"#), None,       Some(Ed25519)),
        (format!(r#"{{{OKP},"alg":"Ed25519"}}"#), Some(EdDSA), None),
    ];
    for (jwk, asked, want) in cases {
        let got = key(&jwk).algorithm(asked).map_err(|error| error.code);
        assert_eq!(got, want.ok_or(Code::AlgKeyMismatch), "{jwk} {asked:?}");
        if let (Some(asked), None) = (asked, want) {
            let refused = Verifier::new(&key(&jwk), asked)
                .err()
                .map(|error| error.code);
            assert_eq!(refused, Some(Code::AlgKeyMismatch), "{jwk} {asked:?}");
        }
    }
}

#[test]
fn a_set_takes_the_algorithm_asked_for_where_each_key_can() {
    use Algorithm::{ES256, HS256, HS512};
    let read = |text: &str| KeySet::read(&Secret::from(text), None).unwrap();
    let text = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
    let jwk = format!(r#"{{"kty":"oct","k":"{text}","alg":"HS512"}}"#);
    #[rustfmt::skip]
    let cases = [
        // text  asked         want
        (text,   None,         Ok(None)),
        (text,   Some(HS512),  Ok(Some(HS512))),
        (text,   Some(ES256),  Err(Code::AlgKeyMismatch)),
        (&*jwk,  None,         Ok(Some(HS512))),
        (&*jwk,  Some(HS512),  Ok(Some(HS512))),
        (&*jwk,  Some(HS256),  Err(Code::AlgKeyMismatch)),
    ];
    for (text, asked, want) in cases {
        let got = read(text).declaring(asked);
        let got = got
            .map(|set| set.keys[0].declared())
            .map_err(|error| error.code);
        assert_eq!(got, want, "{text} for {asked:?}");
    }
}

#[test]
fn leading_zeros_of_rsa_numbers_change_no_key() {
    let pem = include_str!("../../../tests/keys/rsa2048.spki.pem");
    let plain = key(pem);
    let jwk = plain.to_jwk(Part::Public).unwrap().to_string();
    // 00 01 00 01
    assert_eq!(
        key(with(&jwk, "e", "AAEAAQ")).thumbprint(crate::key::Hash::Sha256),
        plain.thumbprint(crate::key::Hash::Sha256)
    );
}

#[test]
fn a_set_ignores_what_it_cannot_use_and_says_why_if_nothing_is_left() {
    let enc = format!(r#"{{{EC},"use":"enc"}}"#);
    let odd = r#"{"kty":"XYZ"}"#;
    let good = format!(r#"{{{EC},"kid":"good"}}"#);
    let ours = r#"{"kty":"XYZ","mcpjwt_state":"current"}"#;
    #[rustfmt::skip]
    let cases = [
        // keys                           read, or the code
        (format!("{enc},{good},{odd}"),   Ok((1, 2))),
        (format!("{odd},{enc}"),          Err(Code::KeyInvalid)),
        (format!("{enc},{odd}"),          Err(Code::KeyUnusable)),
        (format!("{good},{ours}"),        Err(Code::KeyInvalid)),
        (format!("{good},{good}"),        Ok((2, 0))),
        (String::new(),                   Ok((0, 0))),
    ];
    for (keys, want) in cases {
        let set = read(format!(r#"{{"keys":[{keys}]}}"#));
        let got = set.map(|set| {
            assert!(!set.is_lone(), "{keys}");
            (set.keys.len(), set.ignored().count())
        });
        assert_eq!(got.map_err(|error| error.code), want, "{keys}");
    }
}

#[test]
fn a_set_that_mixes_secrets_and_public_keys_says_so() {
    let ours = |key: &str| format!(r#"{{{key},"mcpjwt_state":"next"}}"#);
    #[rustfmt::skip]
    let cases = [
        (String::new(),                       false),
        (format!("{{{OCT}}}"),                false),
        (format!("{{{OCT}}},{{{OCT}}}"),      false),
        (format!("{{{OKP}}},{{{EC}}}"),       false),
        (format!("{{{OCT}}},{{{EC}}}"),       true),
        (format!("{},{{{EC}}}", ours(OCT)),   true),
        (format!("{},{}", ours(OCT), ours(EC)), false),
    ];
    for (keys, want) in cases {
        let set = read(format!(r#"{{"keys":[{keys}]}}"#)).unwrap();
        assert_eq!(set.is_mixed(), want, "{keys}");
    }
}

#[test]
fn joined_keys_keep_what_their_texts_said_of_them() {
    let text = |text: &str| KeySet::read(&Secret::from(text), None).unwrap();
    let pair = read(format!(
        r#"{{"keys":[{{{OCT},"kid":"a"}},{{{EC},"kid":"b"}},{{}}]}}"#
    ))
    .unwrap();
    let all = KeySet::joined([text("one"), pair, text("two"), text("one")]);
    let alone: Vec<bool> = all.keys.iter().map(Key::is_alone).collect();
    assert_eq!(alone, [true, false, false, true]);
    assert!(all.is_mixed() && !all.is_lone());
    assert_eq!(all.ignored().count(), 1);
    assert!(KeySet::joined([text("one"), text("two")]).is_lone());
    assert!(!KeySet::joined([]).is_lone());
}

#[test]
fn a_name_is_ambiguous_among_keys_that_stand_alike() {
    use State::{Current, Previous};
    let key = |state| {
        let key = Key::from_secret(Secret::from("any"));
        Key {
            kid: "main".to_owned(),
            ..key.standing(state, None, None)
        }
    };
    for (states, want) in [
        (vec![], 0),
        (vec![Current, Previous], 1),
        (vec![Current, Previous, Previous], 2),
    ] {
        let set = KeySet::of(states.iter().map(|state| key(*state)).collect());
        assert_eq!(set.named("main"), want, "{states:?}");
    }
}

#[test]
fn the_signing_key_is_the_current_one_or_the_first_that_can() {
    let public = format!(r#"{{{EC},"kid":"public"}}"#);
    let secret = format!(r#"{{{OCT},"kid":"secret"}}"#);
    let staged =
        |kid: &str, state: &str| format!(r#"{{{OCT},"kid":"{kid}","mcpjwt_state":"{state}"}}"#);
    let (next, current) = (staged("next", "next"), staged("current", "current"));
    let seen = format!(r#"{{{EC},"kid":"seen","mcpjwt_state":"current"}}"#);
    #[rustfmt::skip]
    let cases = [
        (format!("{public},{secret}"),          Ok("secret")),
        (format!("{next},{current},{secret}"),  Ok("current")),
        (format!("{next},{secret}"),            Err(Code::KeyMissing)),
        (String::new(),                         Err(Code::KeyMissing)),
        (public.clone(),                        Err(Code::KeyUnusable)),
        (format!("{seen},{secret}"),            Err(Code::KeyUnusable)),
    ];
    for (keys, want) in cases {
        let set = read(format!(r#"{{"keys":[{keys}]}}"#)).unwrap();
        let got = set.signing().map(Key::kid).map_err(|error| error.code);
        assert_eq!(got, want, "{keys}");
    }
}

#[test]
fn the_public_set_holds_what_is_accepted_and_nothing_private() {
    let okp = || key(format!("{{{OKP},{SEED}}}"));
    let keys = vec![
        okp().standing(State::Next, Some(5), None),
        okp().standing(State::Current, Some(4), Some(1)),
        okp().standing(State::Previous, Some(3), Some(100)),
        okp().standing(State::Previous, Some(2), None),
        okp().standing(State::Retired, Some(1), Some(1000)),
        okp(),
        key(format!("{{{OCT}}}")).standing(State::Current, None, None),
    ];
    let set = KeySet::of(keys);
    for (now, want) in [(99, 5), (100, 4), (101, 4)] {
        let text = set.to_public_jwks(now);
        assert_eq!(read(&text).unwrap().keys.len(), want, "at {now}");
        for word in [
            "\"d\"",
            "\"k\"",
            "oct",
            "nWGxne_9",
            "AyM1SysPpb",
            "mcpjwt_state",
            "iat",
        ] {
            assert!(!text.contains(word), "{word} at {now}: {text}");
        }
    }
    let want = r#"{
  "keys": [
    {
      "kty": "OKP",
      "use": "sig",
      "alg": "EdDSA",
      "kid": "kPrK_qmxVWaYVA9w",
      "crv": "Ed25519",
      "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    }
  ]
}
"#;
    assert_eq!(KeySet::lone(okp()).to_public_jwks(0), want);
}

#[test]
fn the_store_keeps_every_key_with_its_standing() {
    let set = KeySet::of(vec![
        key(format!(r#"{{{OKP},{SEED},"kid":"a","alg":"Ed25519"}}"#)).standing(
            State::Next,
            Some(5),
            None,
        ),
        key(format!("{{{OCT}}}")).standing(State::Previous, Some(4), Some(100)),
        key(rsa_jwk()).standing(State::Current, None, None),
        key(format!("{{{EC}}}")).standing(State::Retired, None, Some(7)),
    ]);
    let store = set.to_store();
    let back = KeySet::read(&store, None).unwrap();
    assert!(back.is_ours() && !back.is_lone());
    let tell = |key: &Key| {
        let (declared, can) = (key.declared(), key.can_sign());
        let times = (key.created(), key.accepted_until());
        (
            key.kid().to_owned(),
            key.fingerprint(),
            declared,
            can,
            key.state(),
            times,
        )
    };
    let (got, want): (Vec<_>, Vec<_>) = (
        back.keys.iter().map(tell).collect(),
        set.keys.iter().map(tell).collect(),
    );
    assert_eq!(got, want);
    assert_eq!(back.to_store(), store);
}

#[test]
fn what_a_key_has_not_is_not_exported() {
    let secret = key(format!("{{{OCT}}}"));
    let public = key(format!("{{{EC}}}"));
    let text = |bytes: &[u8]| {
        Key::from_secret(Secret::new(bytes.to_vec()))
            .to_text()
            .map(|_| ())
    };
    #[rustfmt::skip]
    let cases = [
        ("public of a secret",  secret.to_jwk(Part::Public).map(|_| ())),
        ("pem of a secret",     secret.to_pem(Part::Private).map(|_| ())),
        ("public pem of one",   secret.to_pem(Part::Public).map(|_| ())),
        ("private of a public", public.to_jwk(Part::Private).map(|_| ())),
        ("private pem of one",  public.to_pem(Part::Private).map(|_| ())),
        ("text of a pair",      public.to_text().map(|_| ())),
        ("text of bytes",       text(b"\xff")),
        ("text with line end",  text(b"s\n")),
        ("text like PEM",       text(b"-----BEGIN")),
        ("text like JWK",       text(br#"{"kty":"oct","k":"YQ"}"#)),
    ];
    for (what, got) in cases {
        assert_eq!(
            got.map_err(|error| error.code),
            Err(Code::KeyUnusable),
            "{what}"
        );
    }
    assert_eq!(
        Key::from_secret(Secret::from("s")).to_text().unwrap(),
        Secret::from("s")
    );
}

#[test]
fn nothing_of_a_key_is_shown() {
    let shown = format!(
        "{:?}",
        read(format!(r#"{{"keys":[{{{OCT}}},{{{OKP},{SEED}}}]}}"#)).unwrap()
    );
    assert!(
        !shown.contains("AyM1") && !shown.contains("nWGx"),
        "{shown}"
    );
    assert!(
        shown.contains("Key(secret ") && shown.contains("Key(Ed25519 kPrK_qmxVWaYVA9w)"),
        "{shown}"
    );
}
