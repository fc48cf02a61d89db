//! Whether the token at a place is the one that is wanted.

use super::{Reason, Wanted};
use crate::error::Code;
use crate::json::Json;
use crate::key::{KeySet, State};
use crate::state::revocations::Revocations;
use crate::token::{self, Claims, Failure, Header, Rules, Template, Verdict};

/// Claims that differ from token to token.
const OWN: [&str; 4] = ["iat", "exp", "nbf", "jti"];

/// How much longer than it is to last a token may last: others round their times.
const SLACK: i64 = 60;

/// A token that was looked at.
#[derive(Debug, Default)]
pub struct Judged {
    /// Why it is not the one that is wanted; none: it is.
    pub reasons: Vec<Reason>,
    /// Its claims, where the signature is one of ours.
    pub claims: Option<Claims>,
    /// The `kid` of the key that signed it, where it is one of ours.
    pub kid: Option<String>,
}

impl Judged {
    /// The end of a token that is the one wanted.
    pub fn good_until(&self) -> Option<i64> {
        self.reasons.is_empty().then(|| self.exp()).flatten()
    }

    fn exp(&self) -> Option<i64> {
        let exp = self.claims.as_ref()?.time("exp")?;
        Some(exp.seconds_up())
    }
}

/// What makes a token one of ours.
#[derive(Clone, Copy)]
pub struct Ours<'a> {
    /// Every key whose signature counts.
    pub keys: &'a KeySet,
    /// What was revoked.
    pub revoked: &'a Revocations,
}

/// Looks at what is at a place, blanks and scheme taken off.
pub fn judge(text: &str, wanted: &Wanted, ours: Ours<'_>, now: i64) -> Judged {
    let none = |reason: Reason| Judged {
        reasons: vec![reason],
        claims: None,
        kid: None,
    };
    if text.is_empty() {
        return none(Reason::Missing);
    }
    let rules = Rules {
        // It is minting that refuses a weak key, with words about the key.
        allow_weak_key: true,
        ..Rules::at(now)
    };
    let mut verdict = token::judge(text.as_bytes(), ours.keys, &rules);
    ours.revoked.judge(&mut verdict);
    let (Some(key), Some(claims)) = (&verdict.key, &verdict.claims) else {
        return none(unsound(&verdict, text, ours.keys));
    };
    let Some(claims) = Claims::from_json(claims.clone()) else {
        return none(Reason::Malformed("a payload that is not an object".into()));
    };
    let mut reasons: Vec<Reason> = verdict.failures.iter().map(of_failure).collect();
    let exp = claims.time("exp").map(token::NumericDate::seconds_up);
    let is_over = |reason: &Reason| matches!(reason, Reason::Expired(_));
    if let Some(exp) = exp.filter(|_| !reasons.iter().any(is_over)) {
        if exp <= now.saturating_add(wanted.refresh_before) {
            reasons.push(Reason::Ending(exp));
        }
        let since = claims.time("iat").map_or(now, token::NumericDate::seconds);
        let (lasts, ttl) = (exp.saturating_sub(since), wanted.template.times.life());
        if lasts > ttl.saturating_add(SLACK) {
            reasons.push(Reason::Lasting { lasts, ttl });
        }
    }
    if key.state == State::Previous {
        reasons.push(Reason::PreviousKey);
    }
    let mut others = differing(claims.json(), &wanted.template);
    if !is_type(
        verdict.header.as_deref().map(Header::json),
        &wanted.template.typ,
    ) {
        others.push("typ".to_owned());
    }
    if !others.is_empty() {
        reasons.push(Reason::Claims(others));
    }
    Judged {
        reasons,
        kid: Some(key.kid.clone()),
        claims: Some(claims),
    }
}

/// Why a text is no token of ours at all.
fn unsound(verdict: &Verdict, text: &str, ours: &KeySet) -> Reason {
    let has = |code: Code| verdict.failures.iter().find(|one| one.code == code);
    if let Some(failure) = has(Code::Malformed).or(has(Code::TooLarge)) {
        return Reason::Malformed(failure.found.clone());
    }
    if has(Code::AlgNone).or(has(Code::SigMissing)).is_some() {
        return Reason::Unsigned;
    }
    if has(Code::SigInvalid).is_none() && has(Code::KeyNotFound).is_none() {
        let first = verdict.failures.first();
        return first.map_or(Reason::UnknownKey, of_failure);
    }
    let peek = token::peek(text.as_bytes());
    let kid = peek.header.as_ref().and_then(|header| header.get("kid"));
    let is_ours = kid
        .and_then(Json::as_str)
        .is_some_and(|kid| ours.keys.iter().any(|key| key.kid() == kid));
    if is_ours && has(Code::SigInvalid).is_some() {
        Reason::Signature
    } else {
        Reason::UnknownKey
    }
}

fn of_failure(failure: &Failure) -> Reason {
    match (failure.code, failure.claim.as_deref(), failure.at) {
        (Code::Revoked, ..) => Reason::Revoked,
        (Code::Expired, _, Some(at)) => Reason::Expired(at),
        (Code::NotYetValid, _, Some(at)) => Reason::Early(at),
        (Code::ClaimMissing, Some("exp"), _) => Reason::Endless,
        (code, _, _) => Reason::Refused(code.about().to_owned()),
    }
}

/// The claims that are not those of the template, by name: its own first, then those that it has
/// not. What is a set of words is one in any order.
fn differing(found: &Json, template: &Template) -> Vec<String> {
    let wanted = template.claims("");
    let members = |json: &Json| json.as_object().unwrap_or_default().to_vec();
    let counts = |name: &str| !OWN.contains(&name);
    let mut names = Vec::new();
    for (name, want) in members(&wanted) {
        let is_same = |found: &Json| match name.as_str() {
            "aud" => words(found, false) == words(&want, false),
            "scope" => words(found, true) == words(&want, true),
            _ => found.is_same(&want),
        };
        if counts(&name) && !found.get(&name).is_some_and(is_same) {
            names.push(name);
        }
    }
    for (name, _) in members(found) {
        if counts(&name) && wanted.get(&name).is_none() {
            names.push(name);
        }
    }
    names
}

/// The words of a text or a list of texts, sorted; of anything else none.
fn words(value: &Json, split: bool) -> Option<Vec<&str>> {
    let mut words: Vec<&str> = match value {
        Json::String(text) if split => text.split_ascii_whitespace().collect(),
        Json::String(text) => vec![text],
        Json::Array(items) => items.iter().map(Json::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    words.sort_unstable();
    words.dedup();
    Some(words)
}

/// Whether a header has this media type (RFC 7515 section 4.1.9); one without any is a JWT's.
fn is_type(header: Option<&Json>, want: &str) -> bool {
    let typ = header.and_then(|header| header.get("typ"));
    let typ = typ.and_then(Json::as_str).unwrap_or("JWT");
    let bare = typ.split_once('/').map_or(typ, |(_, bare)| bare);
    bare.eq_ignore_ascii_case(want)
}
