//! Why a token was refused, in a way that ends the search: what would have made it pass.
//!
//! Everything here is tried offline with what is at hand. A finding is a hint for the person,
//! never a reason to accept.

use super::claims::Claims;
use super::compact::{self, Compact};
use super::verdict::{Rules, Verdict, judge};
use crate::error::Code;
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Verifier};
use crate::time;

/// One thing that was found out: what, and what to type or change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is so, as half a sentence.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The claim it explains; none: the refusal as a whole.
    pub claim: Option<String>,
}

impl Finding {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
            claim: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn of(mut self, claim: &str) -> Self {
        self.claim = Some(claim.to_owned());
        self
    }
}

/// Looks for the cause of a refusal.
pub fn diagnose(token: &[u8], keys: &KeySet, rules: &Rules, verdict: &Verdict) -> Vec<Finding> {
    let failed = |code: Code| verdict.failures.iter().any(|failure| failure.code == code);
    let mut findings = Vec::new();
    if failed(Code::Malformed) {
        findings.extend(shape(token, keys, rules));
    }
    if let Ok(compact) = compact::parse(token) {
        let is_of_key =
            failed(Code::SigInvalid) || failed(Code::KeyNotFound) || failed(Code::AlgNotAllowed);
        let found = is_of_key.then(|| signature(&compact, keys, rules, verdict));
        let found = found.flatten();
        if failed(Code::KeyNotFound) && found.is_none() {
            findings.push(
                Finding::new("it is a token of another issuer, or of a key that is gone")
                    .hint("name the key that signed it with `--key PLACE` or `--jwks URL`"),
            );
        }
        findings.extend(found);
        if let Ok(claims) = compact
            .payload
            .as_deref()
            .map_err(Clone::clone)
            .and_then(Claims::parse)
        {
            findings.extend(near_misses(&claims, rules, verdict));
            findings.extend(times(&claims, rules, verdict));
        }
    }
    findings
}

/// A token that is cut, quoted, or not one.
fn shape(token: &[u8], keys: &KeySet, rules: &Rules) -> Option<Finding> {
    let text = std::str::from_utf8(token).ok()?;
    let bare = compact::bare(text);
    if bare.len() != text.len() && judge(bare.as_bytes(), keys, rules).failures.is_empty() {
        return Some(
            Finding::new(
                "the token is good once the quotes, blanks or `Bearer` around it are taken off",
            )
            .hint("leave out `--exact`, or store the bare token"),
        );
    }
    let peek = compact::peek(bare.as_bytes());
    let of = peek.sub.map_or(String::new(), |sub| {
        format!(
            " of the token of `{}`",
            sub.chars().take(200).collect::<String>()
        )
    });
    match peek.parts {
        1 if peek.header.is_some() => Some(
            Finding::new("this is only the header of a token; payload and signature are missing")
                .hint("copy the whole token, up to the end of its third part"),
        ),
        2 if peek.header.is_some() => {
            let payload = if peek.claims.is_some() {
                ""
            } else {
                ", and the payload is cut short"
            };
            Some(
                Finding::new(format!(
                    "the signature is missing: there are only header and payload{of}{payload}"
                ))
                .hint("mint a new one with `mcpjwt issue --sub NAME`; a token cannot be completed"),
            )
        }
        3 if peek.header.is_some() && peek.claims.is_none() => {
            Some(Finding::new(format!("the payload{of} is damaged")))
        }
        _ if peek.header.is_none() => Some(
            Finding::new("it does not begin as a token does")
                .hint("for a token in a file give `file:PATH`, for one in a variable `env:NAME`"),
        ),
        _ => None,
    }
}

/// Which reading, key or algorithm the signature would fit.
fn signature(
    compact: &Compact<'_>,
    keys: &KeySet,
    rules: &Rules,
    verdict: &Verdict,
) -> Option<Finding> {
    if verdict.key.is_some() {
        return Some(
            Finding::new(
                "the signature is right; only the `alg` in the header names another algorithm",
            )
            .hint("have the header name the algorithm that the token was signed with"),
        );
    }
    let asked = compact.header.alg().and_then(Algorithm::from_name);
    for key in &keys.keys {
        let own = own_algorithm(key, rules);
        if fits(compact, key, own) {
            let kid = key.kid();
            if !key.is_accepted(rules.now) {
                let since = key.accepted_until().map(time::rfc3339);
                let since = since.map_or_else(String::new, |date| format!(" since {date}"));
                return Some(
                    Finding::new(format!(
                        "it was signed with key `{kid}`, which is no longer accepted{since}"
                    ))
                    .hint("mint a new token with `mcpjwt issue --sub NAME`"),
                );
            }
            if compact.header.kid().is_some_and(|named| named != kid) && !key.is_alone() {
                return Some(Finding::new(format!(
                    "it was signed with key `{kid}` of the set, but names another `kid`"
                )));
            }
            let finding = Finding::new(format!(
                "the signature is one of this key by {}",
                own.name()
            ));
            let ruled_out = !rules.algs.is_empty() && !rules.algs.contains(&own);
            return Some(if ruled_out {
                finding.hint("only `--alg` rules it out: leave it out, or name that algorithm")
            } else {
                finding
            });
        }
    }
    for key in &keys.keys {
        for alg in Algorithm::ALL.iter().filter(|alg| alg.kind() == key.kind()) {
            if fits(compact, key, *alg) {
                return Some(
                    Finding::new(format!(
                        "the key is right, but the token was signed with {}, not {}",
                        alg.name(),
                        own_algorithm(key, rules).name()
                    ))
                    .hint(format!("to accept it: `--alg {}`", alg.name())),
                );
            }
        }
    }
    for key in &keys.keys {
        for reading in key.readings() {
            let alg = asked
                .filter(|alg| alg.kind() == key.kind())
                .unwrap_or_else(|| own_algorithm(key, rules));
            if fits(compact, &reading.key, alg) {
                let finding = Finding::new(format!(
                    "the signature fits when the secret is read as {}",
                    reading.what
                ));
                return Some(match reading.what {
                    "hex" | "base64" | "base64url" => finding.hint(format!(
                        "whoever signed it decoded the secret: `--key-encoding {}`",
                        reading.what
                    )),
                    what if what.starts_with("text, not") => finding.hint(
                        "whoever signed it used the text of the secret: leave out `--key-encoding`",
                    ),
                    _ => finding.hint(
                        "whoever signed it used the secret with other white space at its end",
                    ),
                });
            }
        }
    }
    short_signature(compact, asked)
}

/// A signature of another length than its algorithm makes: an end is missing, or something was added.
fn short_signature(compact: &Compact<'_>, asked: Option<Algorithm>) -> Option<Finding> {
    let wanted = match asked? {
        Algorithm::HS256 => 32,
        Algorithm::HS384 => 48,
        Algorithm::HS512 | Algorithm::ES256 | Algorithm::EdDSA | Algorithm::Ed25519 => 64,
        Algorithm::ES384 => 96,
        Algorithm::ES512 => 132,
        _ => return None,
    };
    let has = compact.signed().1.len();
    match has {
        0 => None,
        has if has < wanted => Some(
            Finding::new(format!(
                "the end of the token is missing: its signature has {has} of {wanted} bytes"
            ))
            .hint("copy the whole token"),
        ),
        has if has > wanted => Some(Finding::new(format!(
            "there is something behind the token: its signature has {has} bytes, not {wanted}"
        ))),
        _ => None,
    }
}

fn own_algorithm(key: &Key, rules: &Rules) -> Algorithm {
    key.declared()
        .or_else(|| {
            rules
                .algs
                .iter()
                .copied()
                .find(|alg| alg.kind() == key.kind())
        })
        .unwrap_or_else(|| key.kind().default_algorithm())
}

fn fits(compact: &Compact<'_>, key: &Key, alg: Algorithm) -> bool {
    let (input, signature) = compact.signed();
    Verifier::asked(key, alg).is_ok_and(|verifier| verifier.verify(&input, &signature))
}

/// `iss` and `aud` that differ by a slash at the end or by case: the first such value of each,
/// since a token may hold thousands.
fn near_misses(claims: &Claims, rules: &Rules, verdict: &Verdict) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, wanted) in [("iss", &rules.iss), ("aud", &rules.aud)] {
        let failed = verdict.failures.iter().any(|failure| {
            failure.code == Code::ClaimMismatch && failure.claim.as_deref() == Some(name)
        });
        if !failed {
            continue;
        }
        let mut pairs = claims
            .texts(name)
            .flat_map(|found| wanted.iter().map(move |want| (found, want.as_str())));
        if let Some(how) = pairs.find_map(|(found, want)| difference(found, want)) {
            findings.push(
                Finding::new(format!(
                    "`{name}` differs from what was expected only by {how}"
                ))
                .hint("servers compare it byte by byte: make both the same")
                .of(name),
            );
        }
    }
    findings
}

/// What two values differ by that a person does not see.
fn difference(found: &str, want: &str) -> Option<&'static str> {
    let (found_bare, want_bare) = (found.trim_end_matches('/'), want.trim_end_matches('/'));
    if found_bare == want_bare {
        Some("a slash at the end")
    } else if found.eq_ignore_ascii_case(want) {
        Some("upper and lower case")
    } else if found_bare.eq_ignore_ascii_case(want_bare) {
        Some("case and a slash at the end")
    } else if found.trim() == want.trim() {
        Some("white space")
    } else {
        None
    }
}

/// Milliseconds for seconds, and clocks that are a time zone apart.
fn times(claims: &Claims, rules: &Rules, verdict: &Verdict) -> Vec<Finding> {
    let mut findings = Vec::new();
    for failure in &verdict.failures {
        let Some(name) = failure.claim.as_deref() else {
            continue;
        };
        match failure.code {
            Code::ClaimType => {
                if let Some(seconds) = as_milliseconds(claims.get(name)) {
                    findings.push(
                        Finding::new(format!(
                            "`{name}` is in milliseconds: as seconds it would be {}",
                            time::rfc3339(seconds)
                        ))
                        .hint("RFC 7519 wants seconds since 1970: divide by 1000")
                        .of(name),
                    );
                }
            }
            Code::IatFuture | Code::NotYetValid => {
                let ahead = claims.time(name).map_or(0, |at| at.seconds() - rules.now);
                if let Some(zone) = as_zone(ahead) {
                    findings.push(
                        Finding::new(format!(
                            "`{name}` is {zone} ahead, as from a clock that took local time for UTC"
                        ))
                        .hint("set the time zone of the machine that minted it")
                        .of(name),
                    );
                }
            }
            _ => {}
        }
    }
    // One sentence is enough when `iat` and `nbf` tell the same story.
    findings.dedup_by(|a, b| a.hint == b.hint && a.hint.is_some());
    findings
}

/// The time a number of milliseconds means, when that lies between 2001 and 2100.
fn as_milliseconds(value: Option<&Json>) -> Option<i64> {
    let seconds = value?.as_i64()? / 1000;
    (1_000_000_000..4_102_444_800)
        .contains(&seconds)
        .then_some(seconds)
}

/// A difference that is a time zone (a multiple of 15 minutes up to 14 hours, less the two
/// minutes that clocks differ by and people take), in words.
fn as_zone(seconds: i64) -> Option<String> {
    const STEP: i64 = 15 * 60;
    const SLACK: i64 = 120;
    let steps = (seconds + SLACK) / STEP;
    let off = seconds - steps * STEP;
    // Less than an hour is a bad clock, not a zone.
    if !(4..=56).contains(&steps) || off.abs() > SLACK {
        return None;
    }
    let (hours, minutes) = (steps / 4, steps % 4 * 15);
    Some(if minutes == 0 {
        format!("{hours} h")
    } else {
        format!("{hours} h {minutes} min")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_recognised() {
        #[rustfmt::skip]
        let cases = [
            (3600,         Some("1 h")),
            (19_800,       Some("5 h 30 min")),
            (19_790,       Some("5 h 30 min")),
            (19_921,       None),
            (900,          None),
            (14 * 3600,    Some("14 h")),
            (15 * 3600,    None),
            (-3600,        None),
        ];
        for (seconds, want) in cases {
            assert_eq!(as_zone(seconds).as_deref(), want, "{seconds}");
        }
    }

    #[test]
    fn milliseconds_are_recognised() {
        #[rustfmt::skip]
        let cases = [
            ("1793661073000", Some(1_793_661_073)),
            ("1793661073",    None),
            ("1e999",         None),
            ("99999999999999999", None),
        ];
        for (number, want) in cases {
            assert_eq!(
                as_milliseconds(Some(&Json::Number(number.into()))),
                want,
                "{number}"
            );
        }
    }
}
