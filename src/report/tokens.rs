//! Tokens in words: why one is refused, what is in one, when it ends.

use super::style::escape_into;
use super::{Style, errors, escape, expires, pairs, table, whole};
use crate::error::{Code, Error, Gather};
use crate::json::Json;
use crate::key::State;
use crate::time::{self, Clock};
use crate::token::{Failure, Finding, KeyUsed, NumericDate, Standing, Verdict};

/// Claims that are times.
const TIMES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

/// The members of a verdict's JSON document.
pub fn verdict_body(verdict: &Verdict) -> Vec<(&'static str, Json)> {
    let key = verdict.key.as_ref().map_or(Json::Null, |key| {
        let mut members = vec![
            ("kid", key.kid.as_str().into()),
            ("alg", key.alg.name().into()),
            ("state", key.state.name().into()),
        ];
        if let Some(until) = key.accepted_until {
            members.push(("accepted_until", until.into()));
            members.push(("accepted_until_at", time::rfc3339(until).into()));
        }
        let members = members.into_iter();
        Json::Object(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    });
    let header = verdict.header.as_ref();
    vec![
        (
            "header",
            header.map_or(Json::Null, |header| header.json().clone()),
        ),
        ("claims", verdict.claims.clone().unwrap_or(Json::Null)),
        ("times", verdict.claims.as_ref().map_or(Json::Null, times)),
        ("key", key),
        (
            "checked",
            Json::Array(
                verdict
                    .checked
                    .iter()
                    .map(|name| (&**name).into())
                    .collect(),
            ),
        ),
        ("not_checked", verdict.not_checked.clone().into()),
    ]
}

/// The times among claims in RFC 3339, beside the unix seconds of the claims themselves.
pub fn times(claims: &Json) -> Json {
    let shown = |name: &&str| {
        let time = NumericDate::from_json(claims.get(name)?)?;
        Some(((*name).to_owned(), time::rfc3339(time.seconds()).into()))
    };
    Json::Object(["iat", "nbf", "exp"].iter().filter_map(shown).collect())
}

/// Every failing check as an error; what the diagnosis found is the hint of the one it
/// explains, else of the first.
pub fn verdict_errors(verdict: &Verdict, findings: &[Finding], clock: Clock) -> Vec<Error> {
    let mut errors: Vec<Error> = verdict
        .failures
        .iter()
        .map(|failure| {
            let mut error = Error::new(failure.code, sentence(failure, verdict, clock));
            error.claim.clone_from(&failure.claim);
            if is_about_key(failure.code) && !failure.expected.is_empty() {
                error = error.hint(failure.expected.clone());
            }
            error
        })
        .collect();
    let mut hints: Vec<Vec<String>> = errors
        .iter_mut()
        .map(|error| error.hint.take().into_iter().collect())
        .collect();
    for finding in findings {
        let told = match &finding.hint {
            Some(hint) => format!("{}; {hint}", finding.what),
            None => finding.what.clone(),
        };
        let about = errors
            .iter()
            .position(|error| finding.claim.is_some() && error.claim == finding.claim);
        if let Some(hints) = hints.get_mut(about.unwrap_or(0)) {
            hints.push(told);
        }
    }
    for (error, hints) in errors.iter_mut().zip(hints) {
        error.hint = (!hints.is_empty()).then(|| hints.join("; "));
    }
    errors
}

/// The words of a refusal, for standard error.
pub fn refused(verdict: &Verdict, findings: &[Finding], clock: Clock, style: Style) -> String {
    let mut gather = Gather::default();
    for error in verdict_errors(verdict, findings, clock) {
        gather.add(error);
    }
    gather
        .done()
        .err()
        .map_or_else(String::new, |all| errors(all.as_slice(), style))
}

fn is_about_key(code: Code) -> bool {
    matches!(
        code,
        Code::KeyTooShort | Code::KeyWeak | Code::KeyUnusable | Code::KeyInvalid
    )
}

/// The most characters that are shown of what a token or a rule holds.
const MOST_SHOWN: usize = 200;

/// A text from outside, escaped, its end left out where it is long.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}...", escape(&text[..end])),
        None => escape(text),
    }
}

/// One failing check, for a tired person.
fn sentence(failure: &Failure, verdict: &Verdict, clock: Clock) -> String {
    let found = short(&failure.found);
    let expected = short(&failure.expected);
    let claim = short(failure.claim.as_deref().unwrap_or_default());
    let when = failure
        .at
        .map_or_else(|| found.clone(), |at| clock.full(at));
    let token = verdict
        .claims
        .as_ref()
        .and_then(|claims| claims.get("sub"))
        .and_then(Json::as_str)
        .map_or_else(
            || "the token".to_owned(),
            |sub| format!("the token of `{}`", short(sub)),
        );
    match failure.code {
        Code::Malformed => format!("the token is malformed: found {found}, expected {expected}"),
        Code::TooLarge => format!("the token is too large: found {found}, expected {expected}"),
        Code::AlgNone => format!("the token is not signed: its header says {found}"),
        Code::AlgMissing => "the token names no algorithm in its header".to_owned(),
        Code::AlgNotAllowed => {
            format!("the token says it is signed by `{found}`, but the key is for {expected}")
        }
        Code::AlgKeyMismatch => {
            format!("the key cannot be used with `{found}`: it is for {expected}")
        }
        Code::CritUnsupported => {
            "the token demands an extension (`crit` or `b64` in its header) that is not supported"
                .to_owned()
        }
        Code::KeyNotFound if !claim.is_empty() => {
            format!(
                "the token names key `{found}`, and there is none of that name (only {expected})"
            )
        }
        Code::KeyNotFound | Code::KeyAmbiguous => {
            format!("cannot tell the key: found {found}, expected {expected}")
        }
        Code::SigMissing => "the token has no signature: its third part is empty".to_owned(),
        Code::SigInvalid => {
            format!(
                "the signature does not fit: the token was signed with another key, or changed since (expected {expected})"
            )
        }
        Code::Revoked => {
            let with = if found.is_empty() {
                String::new()
            } else {
                format!(", with every other one of {found}")
            };
            let why = if expected.is_empty() {
                String::new()
            } else {
                format!(": {expected}")
            };
            let (ago, on) = (ago(failure, clock), local(failure, clock));
            format!("{token} was revoked {ago}, on {on}{with}{why}")
        }
        Code::Expired if claim == "iat" => {
            format!("{token} is too old: issued {when}, expected {expected}")
        }
        Code::Expired => format!(
            "{token} expired {}, on {}",
            ago(failure, clock),
            local(failure, clock)
        ),
        Code::NotYetValid => format!("{token} is not valid before {when}"),
        Code::IatFuture => format!("{token} was issued in the future: `iat` is {when}"),
        Code::ClaimMissing if expected.is_empty() => {
            format!("`{claim}` is missing, and it is required")
        }
        Code::ClaimMissing => format!("`{claim}` is missing, expected `{expected}`"),
        Code::ClaimType => format!("`{claim}` is {found}, expected {expected}"),
        Code::ClaimMismatch => format!("`{claim}` is `{found}`, expected `{expected}`"),
        // What keys are refused for is a sentence already.
        _ => escape(&failure.found),
    }
}

fn ago(failure: &Failure, clock: Clock) -> String {
    match failure.at {
        None => short(&failure.found),
        Some(at) if at == clock.now => "just now".to_owned(),
        Some(at) => clock.relative(at),
    }
}

fn local(failure: &Failure, clock: Clock) -> String {
    failure
        .at
        .map_or_else(|| short(&failure.found), |at| clock.local(at))
}

/// The answer for a good token: one line, then its claims.
pub fn accepted(verdict: &Verdict, clock: Clock, style: Style) -> String {
    let good = style.good("valid:");
    let not_checked = if verdict.not_checked.is_empty() {
        String::new()
    } else {
        style.dim(&format!(
            " (not checked: {})",
            verdict.not_checked.join(", ")
        ))
    };
    let key = verdict.key.as_ref();
    let before = key.and_then(|key| standing(key, clock));
    let before = before.map_or_else(String::new, |text| style.warn(&text) + "\n");
    let Some(claims) = &verdict.claims else {
        let key = verdict.key.as_ref().map_or_else(String::new, |key| {
            format!(
                "signed with key `{}` by {}",
                escape(&key.kid),
                key.alg.name()
            )
        });
        return format!("{good} {key}{not_checked}\n{before}");
    };
    let sub = claims
        .get("sub")
        .and_then(Json::as_str)
        .map_or_else(|| "no subject".to_owned(), escape);
    let until = match claims.get("exp").and_then(NumericDate::from_json) {
        Some(exp) => format!("until {}", clock.full(exp.seconds())),
        None => "without an end".to_owned(),
    };
    format!(
        "{good} {}, {until}{not_checked}\n{before}{}",
        style.bold(&sub),
        members(claims, clock, style)
    )
}

/// That a key is not the current one, as a line.
fn standing(key: &KeyUsed, clock: Clock) -> Option<String> {
    match (key.state, key.accepted_until) {
        (State::Previous, Some(until)) => {
            let until = clock.full(until);
            Some(format!(
                "signed with a previous key, accepted until {until}"
            ))
        }
        (State::Previous, None) => Some("signed with a previous key".to_owned()),
        (State::Next, _) => Some("signed with a key that is only staged".to_owned()),
        (State::Current | State::Retired, _) => None,
    }
}

/// Adds a line of `verify --batch`: `ok` or the codes, a tab, the subject where the signature
/// holds.
pub fn batch_line(verdict: &Verdict, out: &mut String) {
    if verdict.failures.is_empty() {
        out.push_str("ok");
    }
    let mut last = None;
    for failure in &verdict.failures {
        if last == Some(failure.code) {
            continue;
        }
        if last.is_some() {
            out.push(',');
        }
        out.push_str(failure.code.name());
        last = Some(failure.code);
    }
    out.push('\t');
    let claims = verdict.claims.as_ref();
    if let Some(sub) = claims.and_then(|claims| claims.get("sub")?.as_str()) {
        escape_into(out, sub);
    }
    out.push('\n');
}

/// What is in a token, unbelieved.
pub fn decoded(header: &Json, claims: &Json, signed: bool, clock: Clock, style: Style) -> String {
    let signature = if signed { "not checked" } else { "missing" };
    format!(
        "{}\n{}{}\n{}{} {}\n",
        style.bold("header"),
        members(header, clock, style),
        style.bold("claims"),
        members(claims, clock, style),
        style.bold("signature:"),
        style.warn(signature),
    )
}

/// The members of an object as `name  value` lines, times readable.
fn members(object: &Json, clock: Clock, style: Style) -> String {
    let rows: Vec<(String, String)> = object
        .as_object()
        .unwrap_or_default()
        .iter()
        .map(|(name, value)| {
            let time = TIMES
                .contains(&name.as_str())
                .then(|| NumericDate::from_json(value))
                .flatten();
            let shown = match (time, value) {
                (Some(time), _) if name == "exp" => expires(&clock, time.seconds()),
                (Some(time), _) => clock.full(time.seconds()),
                (None, Json::String(text)) => escape(text),
                (None, other) => escape(&other.to_string()),
            };
            (format!("  {}", escape(name)), shown)
        })
        .collect();
    pairs(&rows, style)
}

/// When one token ends.
#[derive(Debug)]
pub struct Due {
    /// Its subject.
    pub sub: Option<String>,
    /// Where it is, in full.
    pub place: Option<String>,
    /// The same as it is written most shortly.
    pub shown: Option<String>,
    /// Its `nbf`.
    pub nbf: Option<i64>,
    /// Its `exp`.
    pub exp: Option<i64>,
    /// What that comes to.
    pub standing: Standing,
}

/// A table of when tokens end.
pub fn dues(dues: &[Due], clock: Clock, style: Style) -> String {
    if dues.is_empty() {
        return String::new();
    }
    let placed = dues.iter().any(|due| due.place.is_some());
    let rows: Vec<Vec<String>> = dues
        .iter()
        .map(|due| {
            let sub = due.sub.as_deref().map_or_else(|| "-".to_owned(), escape);
            let left = due.exp.map_or_else(String::new, |exp| clock.relative(exp));
            let (expires, left) = match due.standing {
                Standing::Expired => (expiry(due, clock), style.bad(&format!("expired {left}"))),
                Standing::Ending => (expiry(due, clock), style.warn(&format!("{left}, soon"))),
                Standing::Early => (
                    expiry(due, clock),
                    style.warn(&format!(
                        "not valid yet: {}",
                        due.nbf.map_or_else(String::new, |nbf| clock.relative(nbf))
                    )),
                ),
                Standing::Good => (expiry(due, clock), style.good(&left)),
                Standing::Endless => ("never (no `exp`)".to_owned(), style.warn("-")),
            };
            let mut row = vec![sub, expires, left];
            if placed {
                row.push(due.shown.as_deref().map_or_else(|| "-".to_owned(), escape));
            }
            row
        })
        .collect();
    let heads = ["subject", "expires", "left", "place"];
    if placed {
        whole(&heads, &rows, style)
    } else {
        table(&heads[..3], &rows, style)
    }
}

fn expiry(due: &Due, clock: Clock) -> String {
    due.exp
        .map_or_else(|| "never".to_owned(), |exp| clock.local(exp))
}

/// The error of a token that has ended or is about to, for the JSON document.
pub fn due_error(due: &Due, clock: Clock) -> Option<Error> {
    let exp = due.exp?;
    let whose = due.sub.as_deref().map_or_else(
        || "the token".to_owned(),
        |sub| format!("the token of `{}`", escape(sub)),
    );
    let error = match due.standing {
        Standing::Expired => Error::new(
            Code::Expired,
            format!(
                "{whose} expired {} on {}",
                clock.relative(exp),
                time::rfc3339(exp)
            ),
        ),
        Standing::Ending => Error::new(
            Code::Expiring,
            format!(
                "{whose} expires {} on {}",
                clock.relative(exp),
                time::rfc3339(exp)
            ),
        ),
        _ => return None,
    };
    Some(match &due.place {
        Some(place) => error.at(place.clone()),
        None => error,
    })
}

#[cfg(test)]
mod tests;
