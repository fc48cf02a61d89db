//! How a token that lies somewhere is: what can be told of one without knowing what its server
//! demands.

use super::claims::{Claims, NumericDate};
use super::compact::peek;
use super::standing::{Standing, standing};
use super::verdict::{Failure, Rules, Verdict, judge};
use crate::error::Code;
use crate::json::Json;
use crate::key::{Key, KeySet, State};

/// What a token says of itself, and what is wrong with it.
#[derive(Debug)]
pub struct Health {
    /// Its claims, unbelieved, where they can be read whole.
    pub claims: Option<Claims>,
    /// Its subject, even out of a payload that is cut.
    pub sub: Option<String>,
    /// The key that its header names.
    pub kid: Option<String>,
    /// Its `iat`, in seconds.
    pub iat: Option<i64>,
    /// Its `nbf`, in seconds.
    pub nbf: Option<i64>,
    /// Its `exp`, in seconds.
    pub exp: Option<i64>,
    /// How it stands in time; `None` where its times cannot be read.
    pub standing: Option<Standing>,
    /// Whose signature it has.
    pub signer: Signer,
    /// What else is wrong with it, the gravest first. A signature that fits no key is
    /// `key_not_found`, one that does not fit the key it names `sig_invalid`.
    pub failures: Vec<Failure>,
}

/// Whose signature a token has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// There is no key to check it with, or no signature.
    Unchecked,
    /// One of our keys.
    Key {
        /// Its `kid`.
        kid: String,
        /// Where it stands in its set.
        state: State,
        /// Until when it is accepted, where that is known.
        until: Option<i64>,
    },
    /// None of our keys.
    Unknown,
}

/// Looks at a token, whole or cut, at a second and with a window as [`standing`] has them.
/// Whether a key is too weak to sign with is not its token's fault.
pub fn health(token: &[u8], keys: Option<&KeySet>, (now, within): (i64, i64)) -> Health {
    let peek = peek(token);
    let claims = peek.claims.and_then(Claims::from_json);
    let time = |name: &str| {
        let time = claims.as_ref()?.time(name)?;
        Some(time.seconds_up())
    };
    let (nbf, exp) = (time("nbf"), time("exp"));
    let is_timed = |claims: &Claims| {
        ["nbf", "exp"].iter().all(|name| {
            let value = claims.get(name);
            value.is_none_or(|value| NumericDate::from_json(value).is_some())
        })
    };
    let kid = peek.header.as_ref().and_then(|header| header.get("kid"));
    let kid = kid.and_then(Json::as_str).map(str::to_owned);
    let none = KeySet::of(Vec::new());
    let rules = Rules {
        require: Vec::new(),
        allow_weak_key: true,
        ..Rules::at(now)
    };
    let verdict = judge(token, keys.unwrap_or(&none), &rules);
    let mut failures: Vec<Failure> = verdict
        .failures
        .iter()
        .filter(|failure| {
            let is_time = matches!(failure.code, Code::Expired | Code::NotYetValid);
            !is_time && !is_of_key(failure.code)
        })
        .cloned()
        .collect();
    if peek.parts == 2
        && let Some(failure) = failures.first_mut()
    {
        failure.found.push_str(", no signature");
    }
    if peek.parts == 3 && !peek.signature && !has(&failures, Code::SigMissing) {
        let third = "an empty third part".to_owned();
        failures.push(Failure::new(Code::SigMissing, third, "a signature".into()));
    }
    let signer = match keys {
        Some(keys) => signer(&verdict, &mut failures, (keys, kid.as_deref(), now)),
        None => Signer::Unchecked,
    };
    failures.sort_by_key(|failure| failure.code);
    Health {
        sub: peek.sub,
        kid,
        iat: time("iat"),
        nbf,
        exp,
        standing: claims
            .as_ref()
            .filter(|claims| is_timed(claims))
            .map(|_| standing(nbf, exp, now, within)),
        claims,
        signer,
        failures,
    }
}

/// Whose signature it is, with the failure where that is wrong.
fn signer(
    verdict: &Verdict,
    failures: &mut Vec<Failure>,
    (keys, kid, now): (&KeySet, Option<&str>, i64),
) -> Signer {
    let of_ours = |key: &Key| Signer::Key {
        kid: key.kid().to_owned(),
        state: key.state().unwrap_or(State::Current),
        until: key.accepted_until(),
    };
    let named = |kid: &str| keys.keys.iter().find(|key| key.kid() == kid);
    if let Some(used) = &verdict.key {
        return named(&used.kid).map_or(Signer::Unknown, of_ours);
    }
    let cannot = [
        Code::Malformed,
        Code::TooLarge,
        Code::AlgNone,
        Code::SigMissing,
    ];
    if cannot.iter().any(|code| has(failures, *code)) {
        return Signer::Unchecked;
    }
    match kid.and_then(named) {
        Some(key) if !key.is_accepted(now) => {
            failures.push(retired(key.kid()));
            of_ours(key)
        }
        Some(key) => {
            let expected = format!("a signature of key `{}`", key.kid());
            let found = "a signature that does not fit the key it names".to_owned();
            failures.push(Failure::new(Code::SigInvalid, found, expected));
            Signer::Unknown
        }
        None => {
            let found = kid.unwrap_or("a signature that fits no key").to_owned();
            failures.push(Failure::new(
                Code::KeyNotFound,
                found,
                "one of our keys".into(),
            ));
            Signer::Unknown
        }
    }
}

/// What is wrong with a token of a key that is over.
pub fn retired(kid: &str) -> Failure {
    let found = format!("the key `{kid}`, which is no longer accepted");
    Failure::new(Code::KeyNotFound, found, "a current key".into()).claim("kid")
}

fn has(failures: &[Failure], code: Code) -> bool {
    failures.iter().any(|failure| failure.code == code)
}

/// What only says that no key fits; [`signer`] says which of its reasons it is.
fn is_of_key(code: Code) -> bool {
    matches!(
        code,
        Code::KeyNotFound
            | Code::KeyAmbiguous
            | Code::KeyInvalid
            | Code::KeyTooShort
            | Code::KeyUnusable
            | Code::KeyWeak
            | Code::AlgKeyMismatch
            | Code::AlgNotAllowed
            | Code::SigInvalid
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Algorithm, Signer as Hand};
    use crate::secret::Secret;
    use crate::token::sign;

    const NOW: i64 = 1000;

    fn key(fill: u8) -> Key {
        let text = Secret::new((0..32).map(|at| b'a' + (fill * 7 + at) % 26).collect());
        KeySet::read(&text, None).unwrap().keys.swap_remove(0)
    }

    fn signed(kid: Option<&Key>, claims: &str, by: &Key) -> String {
        let header = match kid {
            Some(key) => Json::object([("alg", "HS256".into()), ("kid", key.kid().into())]),
            None => Json::object([("alg", "HS256".into())]),
        };
        let claims = Json::parse(claims.as_bytes()).unwrap();
        let hand = Hand::new(by, Algorithm::HS256).unwrap();
        let token = sign(&header, &claims, &hand).unwrap();
        token.expose_str().unwrap().to_owned()
    }

    /// In a line: subject, standing, signer, codes.
    fn told(token: &str, keys: Option<&KeySet>) -> String {
        let health = health(token.as_bytes(), keys, (NOW, 100));
        let standing = health.standing.map(|standing| format!("{standing:?}"));
        let signer = match &health.signer {
            Signer::Key { state, .. } => state.name(),
            Signer::Unknown => "unknown",
            Signer::Unchecked => "unchecked",
        };
        let codes: Vec<&str> = health.failures.iter().map(|one| one.code.name()).collect();
        let mut parts = vec![health.sub.as_deref().unwrap_or("-")];
        parts.extend([standing.as_deref().unwrap_or("-"), signer]);
        parts.extend(codes);
        parts.join(" ")
    }

    #[test]
    fn what_can_be_told_of_a_token() {
        let [current, previous, late, stranger] = [1, 2, 3, 4].map(key);
        let good = |by: &Key| signed(Some(by), r#"{"sub":"a","exp":2000}"#, by);
        let bare = |claims: &str| signed(None, claims, &key(1));
        let head = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
        #[rustfmt::skip]
        let cases = [
            (good(&current),                                        "a Good current"),
            (good(&previous),                                       "a Good previous"),
            (good(&late),                                           "a Good previous key_not_found"),
            (good(&stranger),                                       "a Good unknown key_not_found"),
            (signed(None, r#"{"sub":"a","exp":2000}"#, &stranger),  "a Good unknown key_not_found"),
            (signed(Some(&key(1)), r#"{"exp":2000}"#, &stranger),   "- Good unknown sig_invalid"),
            (bare(r#"{"sub":"a","exp":1000}"#),                     "a Expired current"),
            (bare(r#"{"sub":"a","exp":1100}"#),                     "a Ending current"),
            (bare(r#"{"sub":"a","exp":1101}"#),                     "a Good current"),
            (bare(r#"{"sub":"a","nbf":1500,"exp":2000}"#),          "a Early current"),
            (bare(r#"{"sub":"a"}"#),                                "a Endless current"),
            (bare(r#"{"sub":"a","exp":"2000"}"#),                   "a - current claim_type"),
            (head(&good(&current)),                                 "a Good unchecked malformed"),
            (format!("{}.", head(&good(&current))),                 "a Good unchecked sig_missing"),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.".to_owned(),     "a Endless unchecked alg_none sig_missing"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwi==".to_owned(),  "a - unchecked malformed"),
            ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln".to_owned(), "a Endless unknown key_not_found"),
            ("hunter2".to_owned(),                                  "- - unchecked malformed"),
            (String::new(),                                         "- - unchecked malformed"),
        ];
        let set = KeySet::of(vec![
            current.standing(State::Current, None, None),
            previous.standing(State::Previous, None, Some(NOW + 1)),
            late.standing(State::Previous, None, Some(NOW)),
        ]);
        for (token, want) in &cases {
            assert_eq!(told(token, Some(&set)), *want, "{token}");
        }
    }

    #[test]
    fn without_a_key_the_rest_is_told() {
        #[rustfmt::skip]
        let cases = [
            (signed(None, r#"{"sub":"a","exp":2000}"#, &key(1)), "a Good unchecked"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.".to_owned(), "a Endless unchecked sig_missing"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0".to_owned(),  "a Endless unchecked malformed"),
        ];
        for (token, want) in &cases {
            assert_eq!(told(token, None), *want, "{token}");
        }
    }
}
