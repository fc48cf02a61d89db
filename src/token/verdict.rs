//! Is this token good? Every rule, every failing check at once, each with what was found and
//! what was expected.
//!
//! The key decides the algorithm, never the token (RFC 8725 section 3.1). The words are
//! `report`'s, the exit code is `commands`'.

use super::claims::{Claims, shown};
use super::compact::{self, Compact, Header};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, State, Verifier};
use crate::time;

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
            verdict.failures.push(failure);
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
            Err(failure) => verdict.failures.push(failure),
        }
    }
    if verdict.key.is_some() {
        verdict.header = Some(compact.header.json().clone());
    }
    // Listed by how deep they cut: the order of the codes. The sort is stable, claims stay in
    // the order of the rules.
    verdict.failures.sort_by_key(|failure| failure.code);
    verdict
}

/// Whether an `alg` means "not signed", however it is spelled.
fn means_none(alg: &str) -> bool {
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

/// A key that may have signed, and the algorithms it may have done so by.
struct Candidate<'k> {
    key: &'k Key,
    algs: Vec<Algorithm>,
    state: State,
}

fn signature_rules(
    compact: &Compact<'_>,
    trusted: Trusted<'_>,
    rules: &Rules,
    verdict: &mut Verdict,
) {
    verdict.checked.push("signature".to_owned());
    let header = &compact.header;
    verdict
        .failures
        .extend(compact.signature.as_ref().err().cloned());
    let (input, signature) = compact.signed();
    let unsigned = header.alg().is_some_and(means_none);
    let candidates = match candidates(header, trusted, rules, verdict) {
        Ok(candidates) => candidates,
        Err(failure) => {
            verdict.failures.push(failure);
            return;
        }
    };
    let asked = header.alg().and_then(Algorithm::from_name);
    let mut refused: Option<Failure> = None;
    let mut spoken_for = false;
    for candidate in &candidates {
        let alg = match asked {
            Some(alg) if candidate.algs.contains(&alg) => alg,
            _ => match candidate.algs.first() {
                Some(first) => *first,
                None => continue,
            },
        };
        spoken_for |= asked == Some(alg);
        if !rules.allow_weak_key
            && let Err(error) = candidate.key.check_strength(alg)
        {
            refused.get_or_insert_with(|| key_failure(&error));
            continue;
        }
        if signature.is_empty() {
            continue;
        }
        // `algorithms` has seen to it that the key allows it.
        match Verifier::asked(candidate.key, alg) {
            Ok(verifier) if verifier.verify(&input, &signature) => {
                verdict.key = Some(KeyUsed {
                    kid: candidate.key.kid().to_owned(),
                    alg,
                    state: candidate.state,
                });
                refused = None;
                break;
            }
            Ok(_) => {}
            Err(error) => {
                refused.get_or_insert_with(|| key_failure(&error));
            }
        }
    }
    let held = verdict.key.is_some();
    if !compact.is_canonical() {
        // Nothing is shown of a token that is spelled wrongly.
        verdict.key = None;
    }
    if signature.is_empty() {
        verdict.failures.push(Failure::new(
            Code::SigMissing,
            "an empty third part".into(),
            "a signature".into(),
        ));
    } else if !held && refused.is_none() {
        verdict.failures.push(Failure::new(
            Code::SigInvalid,
            format!("{} bytes that do not fit the key", signature.len()),
            expected_signature(&candidates),
        ));
    }
    verdict.failures.extend(refused);
    if let Some(alg) = header.alg()
        && !unsigned
        && !spoken_for
    {
        verdict.failures.push(alg_failure(alg, &candidates, rules));
    }
}

/// The keys this token may be of, in the order they are tried.
fn candidates<'k>(
    header: &Header,
    trusted: Trusted<'k>,
    rules: &Rules,
    verdict: &mut Verdict,
) -> Result<Vec<Candidate<'k>>, Failure> {
    let sets = [
        Some((trusted.keys, State::Current)),
        trusted.previous.map(|set| (set, State::Previous)),
    ];
    let mut named = Vec::new();
    let mut lone = Vec::new();
    let mut any = Vec::new();
    let mut accepted = 0_usize;
    for (set, place_state) in sets.into_iter().flatten() {
        // A set of somebody else's that mixes secrets and public keys is how a public key comes
        // to be used as a secret; ours say of each key what it is for.
        if set.mixes_secret_and_public() && !set.is_ours() {
            return Err(Failure::new(
                Code::KeyAmbiguous,
                "a key set with both secrets and public keys".into(),
                "one kind of keys".into(),
            ));
        }
        let twice = |kid: &str| set.keys.iter().filter(|key| key.kid() == kid).count() > 1;
        if let Some(kid) = header.kid().filter(|kid| twice(kid)) {
            return Err(Failure::new(
                Code::KeyAmbiguous,
                format!("several keys named `{kid}` in the set"),
                "one key of that name".into(),
            ));
        }
        for key in &set.keys {
            let state = key.state().unwrap_or(place_state);
            let over = key.accepted_until().is_some_and(|until| until <= rules.now);
            if state == State::Retired || (state == State::Previous && over) {
                continue;
            }
            accepted += 1;
            let candidate = Candidate {
                key,
                algs: algorithms(key, rules, verdict),
                state,
            };
            if header.kid().is_some_and(|kid| kid == key.kid()) {
                named.push(candidate);
            } else if set.is_lone() {
                lone.push(candidate);
            } else {
                any.push(candidate);
            }
        }
    }
    if accepted == 0 {
        return Err(Failure::new(
            Code::KeyNotFound,
            "no key that is still accepted".into(),
            "a current or previous key".into(),
        ));
    }
    // A lone key is what was asked for, whatever its name (RFC 7515 section 4.1.4: a hint).
    // In a set the name is binding: an unknown one does not mean "try them all".
    match header.kid() {
        Some(_) if !named.is_empty() => {
            named.extend(lone);
            Ok(named)
        }
        Some(_) if !lone.is_empty() => Ok(lone),
        Some(kid) => Err(Failure::new(
            Code::KeyNotFound,
            kid.to_owned(),
            any.iter()
                .map(|one| one.key.kid())
                .collect::<Vec<_>>()
                .join(", "),
        )
        .claim("kid")),
        None => {
            lone.extend(any);
            Ok(lone)
        }
    }
}

/// What one key may have been used with, under the allow-list.
fn algorithms(key: &Key, rules: &Rules, verdict: &mut Verdict) -> Vec<Algorithm> {
    let own = key.declared();
    if rules.algs.is_empty() {
        return vec![own.unwrap_or_else(|| key.kind().default_algorithm())];
    }
    let possible: Vec<Algorithm> = rules
        .algs
        .iter()
        .copied()
        .filter(|alg| alg.kind() == key.kind())
        .collect();
    match own {
        None => possible,
        Some(own) if possible.contains(&own) => vec![own],
        // "Is this a signature of that key, by this algorithm?" is a question about the
        // mathematics, and the person asking has named the algorithm.
        Some(own) if rules.signature_only && !possible.is_empty() => {
            verdict.warnings.push(Error::new(
                Code::AlgKeyMismatch,
                format!(
                    "the key says it is for {}; checked as asked for by `--alg`",
                    own.name()
                ),
            ));
            possible
        }
        Some(_) => Vec::new(),
    }
}

fn alg_failure(found: &str, candidates: &[Candidate<'_>], rules: &Rules) -> Failure {
    let listed = Algorithm::from_name(found).is_some_and(|alg| rules.algs.contains(&alg));
    let none_possible = candidates.iter().all(|candidate| candidate.algs.is_empty());
    let code = if listed || none_possible {
        Code::AlgKeyMismatch
    } else {
        Code::AlgNotAllowed
    };
    let expected = expected_algs(candidates);
    let expected = if expected.is_empty() {
        let mut own: Vec<&str> = candidates
            .iter()
            .map(|one| {
                one.key
                    .declared()
                    .unwrap_or_else(|| one.key.kind().default_algorithm())
                    .name()
            })
            .collect();
        own.dedup();
        own.join(" or ")
    } else {
        expected
    };
    Failure::new(code, found.to_owned(), expected).claim("alg")
}

fn expected_algs(candidates: &[Candidate<'_>]) -> String {
    let mut names: Vec<&str> = candidates
        .iter()
        .flat_map(|one| &one.algs)
        .map(|alg| alg.name())
        .collect();
    names.dedup();
    names.join(" or ")
}

fn expected_signature(candidates: &[Candidate<'_>]) -> String {
    match candidates {
        [one] => format!("a signature of key `{}`", one.key.kid()),
        _ => "a signature of an accepted key".to_owned(),
    }
}

fn key_failure(error: &Error) -> Failure {
    Failure::new(
        error.code,
        error.message.clone(),
        error.hint.clone().unwrap_or_default(),
    )
}

fn claim_rules(claims: &Claims, rules: &Rules, verdict: &mut Verdict) {
    let mut failures = claims.type_failures();
    let wrong_type = |failures: &[Failure], name: &str| {
        failures.iter().any(|failure| {
            failure.code == Code::ClaimType && failure.claim.as_deref() == Some(name)
        })
    };
    for name in &rules.require {
        if claims.get(name).is_none() {
            failures.push(missing(name, ""));
        }
    }
    time_rules(claims, rules, &mut failures);
    for name in ["exp", "nbf", "iat"] {
        if claims.get(name).is_some() {
            verdict.checked.push(name.to_owned());
        }
    }
    if claims.get("exp").is_none() && !rules.require.iter().any(|name| name == "exp") {
        verdict.not_checked.push("exp".to_owned());
    }

    let sub: Vec<String> = rules.sub.iter().cloned().collect();
    for (name, wanted) in [("iss", &rules.iss), ("aud", &rules.aud), ("sub", &sub)] {
        if wanted.is_empty() {
            if name != "sub" {
                verdict.not_checked.push(name.to_owned());
            }
            continue;
        }
        verdict.checked.push(name.to_owned());
        if wrong_type(&failures, name) {
            continue;
        }
        match claims.get(name) {
            None => failures.push(missing(name, &wanted.join(" or "))),
            Some(found)
                if !claims
                    .texts(name)
                    .iter()
                    .any(|text| wanted.iter().any(|w| w == text)) =>
            {
                failures.push(mismatch(name, found, &wanted.join(" or ")));
            }
            Some(_) => {}
        }
    }
    if !rules.scopes.is_empty() {
        verdict.checked.push("scope".to_owned());
        let has = claims.scopes();
        let lacking: Vec<&str> = rules
            .scopes
            .iter()
            .map(String::as_str)
            .filter(|scope| !has.contains(scope))
            .collect();
        if !lacking.is_empty() {
            let code = if has.is_empty() {
                Code::ClaimMissing
            } else {
                Code::ClaimMismatch
            };
            let found = if has.is_empty() {
                "no scope".to_owned()
            } else {
                has.join(" ")
            };
            failures.push(Failure::new(code, found, lacking.join(" ")).claim("scope"));
        }
    }
    if let Some(role) = &rules.role {
        verdict.checked.push("role".to_owned());
        let has = [claims.texts("role"), claims.texts("roles")].concat();
        if !has.contains(&role.as_str()) {
            match claims.get("role").or_else(|| claims.get("roles")) {
                None => failures.push(missing("role", role)),
                Some(found) => failures.push(mismatch("role", found, role)),
            }
        }
    }
    for (name, wanted) in &rules.expect {
        verdict.checked.push(name.clone());
        match claims.get(name) {
            None => failures.push(missing(name, &wanted.to_string())),
            Some(found) if found != wanted => {
                failures.push(mismatch(name, found, &wanted.to_string()))
            }
            Some(_) => {}
        }
    }
    verdict.failures.extend(failures);
}

fn time_rules(claims: &Claims, rules: &Rules, failures: &mut Vec<Failure>) {
    let now = rules.now;
    let at = |name: &str, code: Code, expected: String| {
        let time = claims.time(name);
        let found = time.map_or_else(String::new, super::NumericDate::shown);
        Failure {
            at: time.map(super::NumericDate::seconds),
            ..Failure::new(code, found, expected).claim(name)
        }
    };
    if claims
        .time("exp")
        .is_some_and(|exp| exp.is_at_or_before(now.saturating_sub(rules.leeway)))
    {
        failures.push(at(
            "exp",
            Code::Expired,
            format!("after {}", time::rfc3339(now)),
        ));
    }
    let latest = now.saturating_add(rules.leeway);
    if claims.time("nbf").is_some_and(|nbf| nbf.is_after(latest)) {
        failures.push(at(
            "nbf",
            Code::NotYetValid,
            format!("not after {}", time::rfc3339(now)),
        ));
    }
    if claims.time("iat").is_some_and(|iat| iat.is_after(latest)) {
        failures.push(at(
            "iat",
            Code::IatFuture,
            format!("not after {}", time::rfc3339(now)),
        ));
    }
    if let Some(max_age) = rules.max_age {
        let oldest = now.saturating_sub(max_age).saturating_sub(rules.leeway);
        if claims.get("iat").is_none() {
            failures.push(missing("iat", ""));
        } else if claims
            .time("iat")
            .is_some_and(|iat| iat.is_at_or_before(oldest))
        {
            failures.push(at(
                "iat",
                Code::Expired,
                format!("after {}", time::rfc3339(oldest)),
            ));
        }
    }
}

fn missing(name: &str, expected: &str) -> Failure {
    Failure::new(
        Code::ClaimMissing,
        format!("no `{name}`"),
        expected.to_owned(),
    )
    .claim(name)
}

fn mismatch(name: &str, found: &Json, expected: &str) -> Failure {
    let found = match found {
        Json::String(text) => text.clone(),
        other => shown(Some(other)),
    };
    Failure::new(Code::ClaimMismatch, found, expected.to_owned()).claim(name)
}
