//! How each rule looks at a token.

use super::{Found, Subject};
use crate::json::Json;
use crate::time;
use crate::token;

/// Header members that bring a key, or say where to fetch one.
const KEY_MEMBERS: [&str; 4] = ["jwk", "jku", "x5c", "x5u"];

/// What RFC 9068 section 2.2 requires.
const OF_AT_JWT: [&str; 7] = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];

/// Names of claims that hold what must stay secret; `-` and `_` do not count.
const SECRETS: [&str; 10] = [
    "password",
    "passwd",
    "secret",
    "clientsecret",
    "apikey",
    "privatekey",
    "accesstoken",
    "refreshtoken",
    "jwtsecret",
    "secretkey",
];

/// Names of claims about a person (`OpenID` Connect Core section 5.1, and what else is in use).
const PERSONAL: [&str; 7] = [
    "email",
    "phone",
    "phonenumber",
    "address",
    "birthdate",
    "ssn",
    "creditcard",
];

/// The longest lifetime that goes without saying.
const DAYS: i64 = 90;

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;

/// Half of what common servers take for all headers together.
const LONG: usize = 4096;

pub(super) fn alg_none(subject: &Subject<'_>) -> Vec<Found> {
    let alg = subject.header.get("alg").and_then(Json::as_str);
    let is_none = alg.is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
    only(is_none.then(|| about("alg", "the header says that it is not signed")))
}

pub(super) fn alg_missing(subject: &Subject<'_>) -> Vec<Found> {
    let is_missing = subject.header.get("alg").is_none();
    only(is_missing.then(|| about("alg", "the header names no algorithm")))
}

pub(super) fn sig_missing(subject: &Subject<'_>) -> Vec<Found> {
    let parts: Vec<&[u8]> = subject.token.split(|&b| b == b'.').collect();
    let is_signed = parts.get(2).is_some_and(|third| !third.is_empty());
    if is_signed || !alg_none(subject).is_empty() {
        return Vec::new();
    }
    vec![found("it has no signature")]
}

pub(super) fn encoding(subject: &Subject<'_>) -> Vec<Found> {
    if subject.token.split(|&b| b == b'.').count() < 3 {
        return Vec::new();
    }
    let said = |failure: &token::Failure| found(&format!("it has {}", failure.found));
    match token::parse(subject.token) {
        Err(failure) => vec![said(&failure)],
        Ok(token) => {
            let failures = [token.payload.as_ref().err(), token.signature.as_ref().err()];
            failures.into_iter().flatten().map(said).collect()
        }
    }
}

pub(super) fn crit(subject: &Subject<'_>) -> Vec<Found> {
    let has_crit = subject.header.get("crit").is_some();
    let mut all = only(has_crit.then(|| about("crit", "the header demands extensions")));
    let is_plain = matches!(subject.header.get("b64"), None | Some(Json::Bool(true)));
    all.extend(only((!is_plain).then(|| {
        about("b64", "the header says that the payload is not base64url")
    })));
    all
}

pub(super) fn key_in_header(subject: &Subject<'_>) -> Vec<Found> {
    let brought = KEY_MEMBERS.into_iter();
    brought
        .filter(|name| subject.header.get(name).is_some())
        .map(|name| about(name, "the header brings the key to check it with"))
        .collect()
}

pub(super) fn kid_unsafe(subject: &Subject<'_>) -> Vec<Found> {
    let Some(kid) = subject.header.get("kid").and_then(Json::as_str) else {
        return Vec::new();
    };
    // A digest in base64 may begin with one `/`, and end with `=`.
    let is_absolute = kid.starts_with('/') && kid[1..].contains('/') && !kid.ends_with('=');
    let is_path = is_absolute || kid.split(['/', '\\']).any(|part| part == "..");
    let of_query = |c: char| c.is_control() || "'\"`;|*()<>\\".contains(c);
    let mut all = only(is_path.then(|| about("kid", "`kid` looks like a path")));
    all.extend(only((!is_path && kid.contains(of_query)).then(|| {
        about(
            "kid",
            "`kid` has characters that mean something in a query or a shell",
        )
    })));
    all
}

pub(super) fn kid_missing(subject: &Subject<'_>) -> Vec<Found> {
    let is_missing = subject.header.get("kid").is_none();
    only(is_missing.then(|| about("kid", "the header names no key")))
}

pub(super) fn typ_missing(subject: &Subject<'_>) -> Vec<Found> {
    let is_missing = subject.header.get("typ").is_none();
    only(is_missing.then(|| about("typ", "the header does not say what it is")))
}

pub(super) fn at_jwt_claims(subject: &Subject<'_>) -> Vec<Found> {
    let typ = subject.header.get("typ").and_then(Json::as_str);
    let typ = typ.unwrap_or_default().to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "at+jwt" {
        return Vec::new();
    }
    let absent: Vec<String> = OF_AT_JWT
        .iter()
        .filter(|name| subject.claims.get(name).is_none())
        .map(|name| format!("`{name}`"))
        .collect();
    if absent.is_empty() {
        return Vec::new();
    }
    vec![found(&format!(
        "an access token (`at+jwt`) without {}",
        absent.join(", ")
    ))]
}

pub(super) fn claim_type(subject: &Subject<'_>) -> Vec<Found> {
    let texts = ["iss", "sub", "jti"].into_iter().filter(|name| {
        let value = subject.claims.get(name);
        value.is_some_and(|value| value.as_str().is_none())
    });
    let is_fine = |aud: &Json| {
        let items = aud.as_array();
        let all_texts = |items: &[Json]| items.iter().all(|item| item.as_str().is_some());
        aud.as_str().is_some() || items.is_some_and(all_texts)
    };
    let aud = subject.claims.get("aud").filter(|aud| !is_fine(aud));
    texts
        .chain(aud.map(|_| "aud"))
        .filter_map(|name| {
            let kind = subject.claims.get(name)?.kind();
            Some(about(name, &format!("`{name}` is {kind}")))
        })
        .collect()
}

pub(super) fn time_type(subject: &Subject<'_>) -> Vec<Found> {
    let told = |name: &str| {
        let value = subject.claims.get(name)?;
        if subject.claims.time(name).is_some() {
            return None;
        }
        let message = match value {
            Json::Number(text) if text.starts_with('-') => format!("`{name}` lies before 1970"),
            Json::Number(_) => format!("`{name}` lies beyond the year 9999, as milliseconds do"),
            other => format!("`{name}` is {}", other.kind()),
        };
        Some(about(name, &message))
    };
    ["exp", "nbf", "iat"].into_iter().filter_map(told).collect()
}

pub(super) fn time_order(subject: &Subject<'_>) -> Vec<Found> {
    let Some(exp) = subject.claims.time("exp") else {
        return Vec::new();
    };
    let never = |name: &&str| {
        let time = subject.claims.time(name);
        time.is_some_and(|time| exp <= time)
    };
    let names = ["nbf", "iat"].into_iter().filter(never);
    names
        .map(|name| {
            about(
                "exp",
                &format!("it ends before it begins: `exp` is not after `{name}`"),
            )
        })
        .collect()
}

pub(super) fn exp_far(subject: &Subject<'_>) -> Vec<Found> {
    let Some(exp) = subject.claims.time("exp") else {
        return Vec::new();
    };
    let from = subject.claims.time("iat").map(token::NumericDate::seconds);
    let lasts = exp.seconds() - from.unwrap_or(subject.now);
    // In whole days: `iat` is often set back by some seconds.
    if lasts / 86_400 <= DAYS {
        return Vec::new();
    }
    vec![about("exp", &format!("it lasts {}", time::rough(lasts)))]
}

pub(super) fn iat_future(subject: &Subject<'_>) -> Vec<Found> {
    let iat = subject.claims.time("iat");
    let is_future = iat.is_some_and(|iat| iat.is_after(subject.now.saturating_add(LEEWAY)));
    only(is_future.then(|| about("iat", "`iat` lies in the future")))
}

pub(super) fn aud_missing(subject: &Subject<'_>) -> Vec<Found> {
    let is_empty = match subject.claims.get("aud") {
        None => true,
        Some(Json::Array(items)) => items.is_empty(),
        Some(_) => false,
    };
    let message = "there is no `aud`: a token for another server passes as one for this";
    only(is_empty.then(|| about("aud", message)))
}

pub(super) fn aud_no_url(subject: &Subject<'_>) -> Vec<Found> {
    let audiences = subject.claims.audiences();
    let none = !audiences.is_empty() && !audiences.iter().any(|aud| rest_of_url(aud).is_some());
    only(none.then(|| about("aud", "`aud` is not the URL of a server")))
}

pub(super) fn aud_form(subject: &Subject<'_>) -> Vec<Found> {
    let is_bent = |aud: &&str| {
        let Some(rest) = rest_of_url(aud) else {
            return false;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let scheme = &aud[..aud.len() - rest.len()];
        let has_upper = |text: &str| text.bytes().any(|b| b.is_ascii_uppercase());
        has_upper(scheme) || has_upper(host) || aud.contains('#') || aud.ends_with('/')
    };
    let is_any = subject.claims.audiences().iter().any(is_bent);
    let message = "`aud` is not in the form in which servers compare it, byte by byte";
    only(is_any.then(|| about("aud", message)))
}

pub(super) fn aud_shared(subject: &Subject<'_>) -> Vec<Found> {
    let count = subject.claims.audiences().len();
    if count < 2 {
        return Vec::new();
    }
    vec![about("aud", &format!("it is good at {count} servers"))]
}

pub(super) fn scope_type(subject: &Subject<'_>) -> Vec<Found> {
    let scope = subject.claims.get("scope");
    let wrong = scope.filter(|scope| scope.as_str().is_none());
    wrong
        .map(|scope| about("scope", &format!("`scope` is {}", scope.kind())))
        .into_iter()
        .collect()
}

pub(super) fn secret_inside(subject: &Subject<'_>) -> Vec<Found> {
    named_like(&SECRETS, "holds what should be secret", subject)
}

pub(super) fn personal_data(subject: &Subject<'_>) -> Vec<Found> {
    named_like(&PERSONAL, "is about a person", subject)
}

pub(super) fn too_long(subject: &Subject<'_>) -> Vec<Found> {
    let bytes = subject.token.len();
    if bytes <= LONG {
        return Vec::new();
    }
    vec![found(&format!("it has {bytes} bytes"))]
}

/// The claims whose names are among these.
fn named_like(known: &[&str], what: &str, subject: &Subject<'_>) -> Vec<Found> {
    let members = subject.claims.json().as_object().unwrap_or_default();
    let is_known = |name: &&String| {
        let plain = name.replace(['_', '-'], "").to_ascii_lowercase();
        known.contains(&plain.as_str())
    };
    let names = members.iter().map(|(name, _)| name).filter(is_known);
    names
        .map(|name| about(name, &format!("`{name}` {what}")))
        .collect()
}

pub(super) fn missing(subject: &Subject<'_>, name: &str, so: &str) -> Vec<Found> {
    let is_missing = subject.claims.get(name).is_none();
    only(is_missing.then(|| about(name, &format!("there is no `{name}`: {so}"))))
}

/// What follows the scheme of a URL of a server.
fn rest_of_url(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let is_http = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    (is_http && !rest.is_empty()).then_some(rest)
}

fn only(found: Option<Found>) -> Vec<Found> {
    found.into_iter().collect()
}

fn about(claim: &str, message: &str) -> Found {
    Found {
        claim: Some(claim.to_owned()),
        ..found(message)
    }
}

fn found(message: &str) -> Found {
    Found {
        claim: None,
        message: message.to_owned(),
    }
}
