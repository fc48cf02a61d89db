//! Whose signature is it? The key decides, and decides the algorithm too; the header is a hint
//! at best.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::compact::{Compact, Header};
use super::verdict::{Failure, KeyUsed, Rules, Verdict, means_none};
use crate::error::{Code, Error};
use crate::key::{Algorithm, Key, KeySet, State, Verifier};

/// What may have signed a token with a certain header: it follows from the header, the keys and
/// the rules, so it is made once for many tokens.
pub(super) struct Attempts<'k> {
    candidates: Result<Vec<Candidate<'k>>, Failure>,
    asked: Option<Algorithm>,
    is_unsigned: bool,
    warnings: Vec<(Code, String)>,
}

/// A key that may have signed, and the algorithms it may have done so by.
struct Candidate<'k> {
    key: &'k Key,
    algs: Vec<Algorithm>,
    state: State,
    /// The one it is tried with.
    alg: Option<Algorithm>,
    /// Made when the first signature is checked with it.
    verifier: OnceCell<Result<Verifier, Error>>,
    too_weak: OnceCell<Option<Error>>,
}

impl<'k> Attempts<'k> {
    pub(super) fn of(header: &Header, keys: &'k KeySet, rules: &Rules) -> Self {
        let asked = header.alg().and_then(Algorithm::from_name);
        let mut warnings = Vec::new();
        let mut candidates = candidates(header, keys, rules, &mut warnings);
        for candidate in candidates.iter_mut().flatten() {
            candidate.alg = asked
                .filter(|alg| candidate.algs.contains(alg))
                .or(candidate.algs.first().copied());
        }
        Self {
            candidates,
            asked,
            is_unsigned: header.alg().is_some_and(means_none),
            warnings,
        }
    }
}

impl Candidate<'_> {
    fn too_weak(&self, alg: Algorithm) -> Option<&Error> {
        let error = self
            .too_weak
            .get_or_init(|| self.key.check_strength(alg).err());
        error.as_ref()
    }

    fn verifier(&self, alg: Algorithm) -> Result<&Verifier, &Error> {
        // `algorithms` has seen to it that the key allows it.
        let verifier = self.verifier.get_or_init(|| Verifier::asked(self.key, alg));
        verifier.as_ref()
    }
}

pub(super) fn signature_rules(
    compact: &Compact<'_>,
    attempts: &Attempts<'_>,
    rules: &Rules,
    verdict: &mut Verdict,
) {
    verdict.checked.push(Cow::Borrowed("signature"));
    let header = &compact.header;
    verdict
        .failures
        .extend(compact.signature.as_ref().err().cloned());
    let (input, signature) = compact.signed();
    let asked = attempts.asked;
    let warnings = attempts.warnings.iter();
    verdict
        .warnings
        .extend(warnings.map(|(code, what)| Error::new(*code, what.clone())));
    let candidates = match &attempts.candidates {
        Ok(candidates) => candidates,
        Err(failure) => {
            verdict.failures.push(failure.clone());
            return;
        }
    };
    let mut refused: Option<(&Error, &Key)> = None;
    let mut tried = false;
    let mut held: Option<Algorithm> = None;
    for candidate in candidates {
        let Some(alg) = candidate.alg else {
            continue;
        };
        if !rules.allow_weak_key
            && let Some(error) = candidate.too_weak(alg)
        {
            refused.get_or_insert((error, candidate.key));
            continue;
        }
        if signature.is_empty() {
            tried = true;
            continue;
        }
        match candidate.verifier(alg) {
            Ok(verifier) if verifier.verify(&input, &signature) => {
                if held.is_some() && asked != Some(alg) {
                    continue;
                }
                verdict.key = Some(KeyUsed {
                    kid: candidate.key.kid().to_owned(),
                    alg,
                    state: candidate.state,
                    accepted_until: (candidate.state == State::Previous)
                        .then(|| candidate.key.accepted_until())
                        .flatten(),
                });
                held = Some(alg);
                // The same key may be there once more, for the algorithm that the header names.
                if asked == held {
                    break;
                }
            }
            Ok(_) => tried = true,
            Err(error) => {
                refused.get_or_insert((error, candidate.key));
            }
        }
    }
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
    } else if held.is_none() && (tried || refused.is_none()) {
        verdict.failures.push(Failure::new(
            Code::SigInvalid,
            format!("{} bytes that do not fit the key", signature.len()),
            expected_signature(candidates),
        ));
    }
    match refused {
        // A key that is good for nothing is no answer where a good one gave another.
        Some((error, key)) if held.is_none() && tried => {
            let kid = key.kid().escape_debug();
            let what = format!("the key `{kid}` was not tried: {}", error.message);
            verdict.warnings.push(Error::new(error.code, what));
        }
        Some((error, key)) if held.is_none() => {
            verdict.failures.push(key_failure(error, key));
        }
        _ => {}
    }
    if held.is_some() && held == asked {
        return;
    }
    // The algorithm of another key speaks for nothing once it is known whose signature it is.
    let all = || candidates.iter().flat_map(|one| one.algs.iter().copied());
    let allowed: Vec<Algorithm> = held.map_or_else(|| all().collect(), |alg| vec![alg]);
    if let Some(alg) = header.alg()
        && !attempts.is_unsigned
        && !asked.is_some_and(|alg| allowed.contains(&alg))
    {
        verdict
            .failures
            .push(alg_failure(alg, &allowed, candidates, rules));
    }
}

/// The keys this token may be of, in the order they are tried.
fn candidates<'k>(
    header: &Header,
    keys: &'k KeySet,
    rules: &Rules,
    warnings: &mut Vec<(Code, String)>,
) -> Result<Vec<Candidate<'k>>, Failure> {
    // That is how a public key comes to be used as a secret.
    if keys.is_mixed() {
        return Err(Failure::new(
            Code::KeyAmbiguous,
            "a key set with both secrets and public keys".into(),
            "one kind of keys".into(),
        ));
    }
    if let Some(kid) = header.kid().filter(|kid| keys.named(kid) > 1) {
        return Err(Failure::new(
            Code::KeyAmbiguous,
            format!("several keys named `{kid}` in the set"),
            "one key of that name".into(),
        ));
    }
    let mut named = Vec::new();
    let mut lone = Vec::new();
    let mut any = Vec::new();
    let accepted = keys.keys.iter().filter(|key| key.is_accepted(rules.now));
    for key in accepted {
        let candidate = Candidate {
            key,
            algs: algorithms(key, rules, warnings),
            state: key.state().unwrap_or(State::Current),
            alg: None,
            verifier: OnceCell::new(),
            too_weak: OnceCell::new(),
        };
        if header.kid().is_some_and(|kid| kid == key.kid()) {
            named.push(candidate);
        } else if key.is_alone() {
            lone.push(candidate);
        } else {
            any.push(candidate);
        }
    }
    if named.is_empty() && lone.is_empty() && any.is_empty() {
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
fn algorithms(key: &Key, rules: &Rules, warnings: &mut Vec<(Code, String)>) -> Vec<Algorithm> {
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
            let what = format!(
                "the key says it is for {}; checked as asked for by `--alg`",
                own.name()
            );
            warnings.push((Code::AlgKeyMismatch, what));
            possible
        }
        Some(_) => Vec::new(),
    }
}

fn alg_failure(
    found: &str,
    allowed: &[Algorithm],
    candidates: &[Candidate<'_>],
    rules: &Rules,
) -> Failure {
    let listed = Algorithm::from_name(found).is_some_and(|alg| rules.algs.contains(&alg));
    if !allowed.is_empty() {
        let mut names: Vec<&str> = allowed.iter().map(|alg| alg.name()).collect();
        names.dedup();
        let expected = names.join(" or ");
        let code = if listed {
            Code::AlgKeyMismatch
        } else {
            Code::AlgNotAllowed
        };
        return Failure::new(code, found.to_owned(), expected).claim("alg");
    }
    // No key can do any algorithm of the allow-list: that is what is wrong, not the token.
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
    let allowed: Vec<&str> = rules.algs.iter().map(|alg| alg.name()).collect();
    Failure::new(Code::AlgKeyMismatch, allowed.join(", "), own.join(" or ")).claim("alg")
}

fn expected_signature(candidates: &[Candidate<'_>]) -> String {
    match candidates {
        [one] => format!("a signature of key `{}`", one.key.kid()),
        _ => "a signature of an accepted key".to_owned(),
    }
}

/// Why a key is refused, with the way out for somebody who only wants to read.
fn key_failure(error: &Error, key: &Key) -> Failure {
    let hint = match (error.code, key.secret_bytes()) {
        (Code::KeyTooShort | Code::KeyWeak, Some(secret)) if !secret.is_empty() => {
            "to check the token all the same, add `--allow-weak-key`".to_owned()
        }
        _ => error.hint.clone().unwrap_or_default(),
    };
    Failure::new(error.code, error.message.clone(), hint)
}
