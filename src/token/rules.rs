//! The rules for claims: types, times, and what was asked for.

use std::borrow::Cow;

use super::NumericDate;
use super::claims::{Claims, shown, texts_of};
use super::verdict::{Failure, Rules, Verdict};
use crate::error::Code;
use crate::json::Json;
use crate::time;

/// The claims that are times, in the order in which they are judged.
const TIMES: [&str; 3] = ["exp", "nbf", "iat"];

pub(super) fn claim_rules(claims: &Claims, rules: &Rules, verdict: &mut Verdict) {
    let mut failures = claims.type_failures();
    for name in &rules.require {
        if claims.get(name).is_none() {
            failures.push(missing(name, ""));
        }
    }
    let times = TIMES.map(|name| claims.get(name));
    time_rules(times, rules, &mut failures);
    for (name, time) in TIMES.into_iter().zip(times) {
        if time.is_some() {
            verdict.checked.push(Cow::Borrowed(name));
        }
    }
    if times[0].is_none() && !rules.require.iter().any(|name| name == "exp") {
        verdict.not_checked.push("exp");
    }
    let sub = rules.sub.as_slice();
    for (name, wanted) in [("iss", &rules.iss[..]), ("aud", &rules.aud), ("sub", sub)] {
        if !wanted.is_empty() {
            verdict.checked.push(Cow::Borrowed(name));
            identity_rule(claims, name, wanted, &mut failures);
        } else if name != "sub" {
            verdict.not_checked.push(name);
        }
    }
    if !rules.scopes.is_empty() {
        verdict.checked.push(Cow::Borrowed("scope"));
        failures.extend(scope_failure(claims, &rules.scopes));
    }
    if let Some(role) = &rules.role {
        verdict.checked.push(Cow::Borrowed("role"));
        failures.extend(role_failure(claims, role));
    }
    for (name, wanted) in &rules.expect {
        // It may be one of those above.
        if !verdict.checked.iter().any(|known| known == name) {
            verdict.checked.push(Cow::Owned(name.clone()));
        }
        failures.extend(match claims.get(name) {
            None => Some(missing(name, &plain(wanted))),
            Some(found) => (!found.is_same(wanted)).then(|| mismatch(name, found, &plain(wanted))),
        });
    }
    verdict.failures.extend(failures);
}

/// A claim of strings must have one of those wanted; one of a wrong type has failed already.
fn identity_rule(claims: &Claims, name: &str, wanted: &[String], failures: &mut Vec<Failure>) {
    let of_wrong_type = failures
        .iter()
        .any(|failure| failure.code == Code::ClaimType && failure.claim.as_deref() == Some(name));
    if of_wrong_type {
        return;
    }
    let is_wanted = |text: &str| wanted.iter().any(|want| want == text);
    match claims.get(name) {
        None => failures.push(missing(name, &wanted.join(" or "))),
        Some(found) if texts_of(found).any(is_wanted) => {}
        Some(found) => failures.push(mismatch(name, found, &wanted.join(" or "))),
    }
}

/// Every scope wanted must be there.
fn scope_failure(claims: &Claims, wanted: &[String]) -> Option<Failure> {
    let has = claims.scopes();
    // `--scope "a b"` means both, as it does in `issue`; a blank one is in no token.
    let each = |text: &'_ String| -> Vec<String> {
        match text.split_ascii_whitespace().next() {
            None => vec![text.clone()],
            Some(_) => text.split_ascii_whitespace().map(str::to_owned).collect(),
        }
    };
    let wanted: Vec<String> = wanted.iter().flat_map(each).collect();
    let lacking: Vec<&str> = wanted
        .iter()
        .map(String::as_str)
        .filter(|scope| !has.contains(scope))
        .collect();
    if lacking.is_empty() {
        return None;
    }
    Some(if has.is_empty() {
        missing("scope", &lacking.join(" "))
    } else {
        Failure::new(Code::ClaimMismatch, has.join(" "), lacking.join(" ")).claim("scope")
    })
}

/// The role may be a string or in a list, under `role` or `roles`.
fn role_failure(claims: &Claims, wanted: &str) -> Option<Failure> {
    if ["role", "roles"]
        .iter()
        .any(|name| claims.texts(name).any(|text| text == wanted))
    {
        return None;
    }
    Some(match claims.get("role").or_else(|| claims.get("roles")) {
        None => missing("role", wanted),
        Some(found) => mismatch("role", found, wanted),
    })
}

fn time_rules(
    [exp_claim, nbf_claim, iat_claim]: [Option<&Json>; 3],
    rules: &Rules,
    failures: &mut Vec<Failure>,
) {
    let now = rules.now;
    let mut fail = |name: &str, code: Code, time: NumericDate, expected: String| {
        failures.push(Failure {
            at: Some(time.seconds()),
            ..Failure::new(code, time.shown(), expected).claim(name)
        });
    };
    let earliest = now.saturating_sub(rules.leeway);
    let latest = now.saturating_add(rules.leeway);
    let [exp, nbf, iat] =
        [exp_claim, nbf_claim, iat_claim].map(|time| time.and_then(NumericDate::from_json));
    if let Some(exp) = exp.filter(|exp| exp.is_at_or_before(earliest)) {
        let expected = format!("after {}", time::rfc3339(now));
        fail("exp", Code::Expired, exp, expected);
    }
    let not_after = || format!("not after {}", time::rfc3339(now));
    if let Some(nbf) = nbf.filter(|nbf| nbf.is_after(latest)) {
        fail("nbf", Code::NotYetValid, nbf, not_after());
    }
    if let Some(iat) = iat.filter(|iat| iat.is_after(latest)) {
        fail("iat", Code::IatFuture, iat, not_after());
    }
    let Some(max_age) = rules.max_age else {
        return;
    };
    let oldest = earliest.saturating_sub(max_age);
    if let Some(iat) = iat.filter(|iat| iat.is_at_or_before(oldest)) {
        let age = time::exact(now.saturating_sub(oldest));
        fail("iat", Code::Expired, iat, format!("less than {age} ago"));
    }
    if iat_claim.is_none() {
        failures.push(missing("iat", ""));
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

/// A text as it is, anything else as short JSON.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => shown(Some(other)),
    }
}

fn mismatch(name: &str, found: &Json, expected: &str) -> Failure {
    Failure::new(Code::ClaimMismatch, plain(found), expected.to_owned()).claim(name)
}
