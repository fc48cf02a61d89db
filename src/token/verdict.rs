//! Is this token good? Every rule, every failing check at once, each with what was found and
//! what was expected.
//!
//! The key decides the algorithm, never the token (RFC 8725 section 3.1). The words are
//! `report`'s, the exit code is `commands`'.

use std::borrow::Cow;
use std::rc::Rc;

use super::claims::Claims;
use super::compact::{self, Compact, Header};
use super::rules::claim_rules;
use super::signature::{Attempts, signature_rules};
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
    pub header: Option<Rc<Header>>,
    /// The claims; `None` unless the signature holds.
    pub claims: Option<Json>,
    /// The key, when the signature holds.
    pub key: Option<KeyUsed>,
    /// What was checked.
    pub checked: Vec<Cow<'static, str>>,
    /// What a careful server checks and this run did not.
    pub not_checked: Vec<&'static str>,
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
pub fn judge(token: &[u8], keys: &KeySet, rules: &Rules) -> Verdict {
    Judge::new(keys, rules).judge(token)
}

/// Judges many tokens by the same keys and rules.
///
/// Tokens of one issuer have few headers: what a header comes to, verifiers included, is kept for
/// the next token with the same bytes there. Nothing of the other parts is.
pub struct Judge<'k> {
    keys: &'k KeySet,
    rules: Cow<'k, Rules>,
    known: Vec<Known<'k>>,
    /// Which of those is given up next.
    oldest: usize,
}

/// How many headers are kept: so many keys of one issuer have tokens in use at once, and more.
const MOST_KNOWN: usize = 16;

/// A header, and what follows from it alone.
struct Known<'k> {
    /// The first part of the token, as it stands.
    text: Vec<u8>,
    header: Rc<Header>,
    failures: Vec<Failure>,
    attempts: Attempts<'k>,
}

impl<'k> Judge<'k> {
    /// A judge who trusts these keys and demands this.
    pub fn new(keys: &'k KeySet, rules: &'k Rules) -> Self {
        Self {
            keys,
            rules: Cow::Borrowed(rules),
            known: Vec::new(),
            oldest: 0,
        }
    }

    /// Judges as of this second from now on.
    pub fn set_now(&mut self, now: i64) {
        if self.rules.now != now {
            self.rules.to_mut().now = now;
            // Which keys are accepted follows from it.
            self.known.clear();
            self.oldest = 0;
        }
    }

    /// Judges one token, as it is: trimming is the caller's.
    pub fn judge(&mut self, token: &[u8]) -> Verdict {
        let mut verdict = Verdict {
            header: None,
            claims: None,
            key: None,
            checked: Vec::with_capacity(8),
            not_checked: Vec::new(),
            failures: Vec::new(),
            warnings: Vec::new(),
        };
        let parts = compact::parts(token);
        let known = parts.and_then(|parts| Ok((self.known(parts.header)?, parts)));
        let (at, parts) = match known {
            Ok(known) => known,
            Err(failure) => {
                verdict.refuse(failure);
                return verdict;
            }
        };
        let (known, rules) = (&self.known[at], &*self.rules);
        let compact = Compact::of(&parts, Rc::clone(&known.header));
        verdict.failures.extend(known.failures.iter().cloned());
        verdict
            .checked
            .extend(rules.typ.is_some().then_some(Cow::Borrowed("typ")));
        signature_rules(&compact, &known.attempts, rules, &mut verdict);
        if rules.signature_only {
            verdict.not_checked.push("claims");
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
                        verdict.claims = Some(claims.into_json());
                    }
                }
                Err(failure) => verdict.refuse(failure),
            }
        }
        if verdict.key.is_some() {
            verdict.header = Some(compact.header);
        }
        // Listed by how deep they cut: the order of the codes. The sort is stable, claims stay in
        // the order of the rules.
        verdict.failures.sort_by_key(|failure| failure.code);
        verdict
    }

    /// Where what follows from the header of this text is kept.
    fn known(&mut self, text: &[u8]) -> Result<usize, Failure> {
        if let Some(at) = self.known.iter().position(|known| known.text == text) {
            return Ok(at);
        }
        let header = compact::header(text)?;
        let known = Known {
            text: text.to_vec(),
            failures: header_failures(&header, &self.rules),
            attempts: Attempts::of(&header, self.keys, &self.rules),
            header: Rc::new(header),
        };
        let at = self.oldest;
        self.oldest = (at + 1) % MOST_KNOWN;
        if self.known.len() < MOST_KNOWN {
            self.known.push(known);
        } else {
            self.known[at] = known;
        }
        Ok(at)
    }
}

/// Whether an `alg` means "not signed", however it is spelled.
pub(super) fn means_none(alg: &str) -> bool {
    alg.trim_matches(|c: char| c.is_whitespace() || c.is_control())
        .eq_ignore_ascii_case("none")
}

fn header_failures(header: &Header, rules: &Rules) -> Vec<Failure> {
    let mut failures = Vec::new();
    match header.alg() {
        None => failures.push(Failure::new(
            Code::AlgMissing,
            "no `alg` in the header".into(),
            "the name of an algorithm".into(),
        )),
        Some(alg) if means_none(alg) => failures.push(Failure::new(
            Code::AlgNone,
            format!("`{alg}`"),
            "the algorithm of the key".into(),
        )),
        Some(_) => {}
    }
    if header.demands_extension() {
        failures.push(Failure::new(
            Code::CritUnsupported,
            "`crit` or `b64` in the header".into(),
            "a token without extensions".into(),
        ));
    }
    if let Some(typ) = &rules.typ {
        let plain = |typ: &str| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/")
                .map_or(typ.clone(), str::to_owned)
        };
        match header.typ() {
            Some(found) if plain(found) == plain(typ) => {}
            Some(found) => failures.push(
                Failure::new(Code::ClaimMismatch, found.to_owned(), typ.clone()).claim("typ"),
            ),
            None => failures.push(
                Failure::new(Code::ClaimMissing, "no `typ`".into(), typ.clone()).claim("typ"),
            ),
        }
    }
    failures
}
