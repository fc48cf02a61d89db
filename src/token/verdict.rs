//! Is this token good? Every rule, every failing check at once, each with what was found and
//! what was expected.
//!
//! The key decides the algorithm, never the token (RFC 8725 section 3.1). The words are
//! `report`'s, the exit code is `commands`'.

use super::claims::Claims;
use super::compact::{self, Header};
use super::rules::claim_rules;
use super::signature::signature_rules;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::key::{Algorithm, KeySet, State};

/// One failing check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which rule.
    pub code: Code,
    /// Which claim or header member, where it is about one.
    pub claim: Option<String>,
    /// What the token has. From outside: escape it before showing.
    pub found: String,
    /// What would have passed.
    pub expected: String,
    /// The time in the claim, where it is about one.
    pub at: Option<i64>,
}

impl Failure {
    pub(super) fn new(code: Code, found: String, expected: String) -> Self {
        Self {
            code,
            claim: None,
            found,
            expected,
            at: None,
        }
    }

    pub(super) fn claim(mut self, name: &str) -> Self {
        self.claim = Some(name.to_owned());
        self
    }
}

/// What is demanded of a token.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The second it is judged at.
    pub now: i64,
    /// How many seconds clocks may differ.
    pub leeway: i64,
    /// The algorithms allowed; none: each key's own.
    pub algs: Vec<Algorithm>,
    /// Any of these issuers; none: not checked.
    pub iss: Vec<String>,
    /// Any of these audiences; none: not checked.
    pub aud: Vec<String>,
    /// This subject.
    pub sub: Option<String>,
    /// This media type, with or without `application/` (RFC 7515 section 4.1.9).
    pub typ: Option<String>,
    /// All of these scopes.
    pub scopes: Vec<String>,
    /// This role.
    pub role: Option<String>,
    /// These values.
    pub expect: Vec<(String, Json)>,
    /// These claims must be there.
    pub require: Vec<String>,
    /// At most this many seconds since `iat`.
    pub max_age: Option<i64>,
    /// Only the signature: the payload may be any bytes.
    pub signature_only: bool,
    /// Accept keys that are too short or known; for reading others' tokens.
    pub allow_weak_key: bool,
}

impl Rules {
    /// The rules without options: `exp` is required, clocks agree.
    pub fn at(now: i64) -> Self {
        Self {
            now,
            leeway: 0,
            algs: Vec::new(),
            iss: Vec::new(),
            aud: Vec::new(),
            sub: None,
            typ: None,
            scopes: Vec::new(),
            role: None,
            expect: Vec::new(),
            require: vec!["exp".to_owned()],
            max_age: None,
            signature_only: false,
            allow_weak_key: false,
        }
    }
}

/// The keys a signature may be of: the set asked for, then previous ones.
#[derive(Clone, Copy)]
pub struct Trusted<'k> {
    /// The set asked for.
    pub keys: &'k KeySet,
    /// Keys of a place for previous ones, tried after a mismatch.
    pub previous: Option<&'k KeySet>,
}

/// Which key a signature was checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUsed {
    /// Its `kid`.
    pub kid: String,
    /// The algorithm it decided on.
    pub alg: Algorithm,
    /// Where it stands in its set.
    pub state: State,
    /// Until when it is accepted, where that has an end.
    pub accepted_until: Option<i64>,
}

/// The answer.
#[derive(Debug)]
pub struct Verdict {
    /// The header; `None` unless the signature holds.
    pub header: Option<Json>,
    /// The claims; `None` unless the signature holds.
    pub claims: Option<Json>,
    /// The key, when the signature holds.
    pub key: Option<KeyUsed>,
    /// What was checked.
    pub checked: Vec<String>,
    /// What a careful server checks and this run did not.
    pub not_checked: Vec<String>,
    /// Every check that failed; none: the token is good.
    pub failures: Vec<Failure>,
    /// What is worth saying although it is no reason to refuse.
    pub warnings: Vec<Error>,
}

impl Verdict {
    /// Notes a part that cannot be read. JSON that nests too deep is too much of it, and none
    /// that we read: scripts may look for either code.
    fn refuse(&mut self, failure: Failure) {
        if failure.code == Code::TooLarge && !failure.found.ends_with("bytes") {
            self.failures.push(Failure {
                code: Code::Malformed,
                ..failure.clone()
            });
        }
        self.failures.push(failure);
    }
}

/// Judges one token, as it is: trimming is the caller's.
pub fn judge(token: &[u8], trusted: Trusted<'_>, rules: &Rules) -> Verdict {
    let mut verdict = Verdict {
        header: None,
        claims: None,
        key: None,
        checked: Vec::new(),
        not_checked: Vec::new(),
        failures: Vec::new(),
        warnings: Vec::new(),
    };
    let compact = match compact::parse(token) {
        Ok(compact) => compact,
        Err(failure) => {
            verdict.refuse(failure);
            return verdict;
        }
    };
    header_rules(&compact.header, rules, &mut verdict);
    signature_rules(&compact, trusted, rules, &mut verdict);
    if rules.signature_only {
        verdict.not_checked.push("claims".to_owned());
        verdict
            .failures
            .extend(compact.payload.as_ref().err().cloned());
    } else {
        match compact
            .payload
            .as_deref()
            .map_err(Clone::clone)
            .and_then(Claims::parse)
        {
            Ok(claims) => {
                claim_rules(&claims, rules, &mut verdict);
                if verdict.key.is_some() {
                    verdict.claims = Some(claims.json().clone());
                }
            }
            Err(failure) => verdict.refuse(failure),
        }
    }
    if verdict.key.is_some() {
        verdict.header = Some(compact.header.json().clone());
    }
    let checked = std::mem::take(&mut verdict.checked);
    for name in checked {
        if !verdict.checked.contains(&name) {
            verdict.checked.push(name);
        }
    }
    // Listed by how deep they cut: the order of the codes. The sort is stable, claims stay in
    // the order of the rules.
    verdict.failures.sort_by_key(|failure| failure.code);
    verdict
}

/// Whether an `alg` means "not signed", however it is spelled.
pub(super) fn means_none(alg: &str) -> bool {
    alg.trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .eq_ignore_ascii_case("none")
}

fn header_rules(header: &Header, rules: &Rules, verdict: &mut Verdict) {
    match header.alg() {
        None => verdict.failures.push(Failure::new(
            Code::AlgMissing,
            "no `alg` in the header".into(),
            "the name of an algorithm".into(),
        )),
        Some(alg) if means_none(alg) => verdict.failures.push(Failure::new(
            Code::AlgNone,
            format!("`{alg}`"),
            "the algorithm of the key".into(),
        )),
        Some(_) => {}
    }
    if header.demands_extension() {
        verdict.failures.push(Failure::new(
            Code::CritUnsupported,
            "`crit` or `b64` in the header".into(),
            "a token without extensions".into(),
        ));
    }
    if let Some(typ) = &rules.typ {
        verdict.checked.push("typ".to_owned());
        let plain = |typ: &str| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/")
                .map_or(typ.clone(), str::to_owned)
        };
        match header.typ() {
            Some(found) if plain(found) == plain(typ) => {}
            Some(found) => verdict.failures.push(
                Failure::new(Code::ClaimMismatch, found.to_owned(), typ.clone()).claim("typ"),
            ),
            None => verdict.failures.push(
                Failure::new(Code::ClaimMissing, "no `typ`".into(), typ.clone()).claim("typ"),
            ),
        }
    }
}
