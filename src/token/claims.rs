//! The claims of a token: a JSON object whose registered names have the types of RFC 7519.

use super::verdict::Failure;
use crate::error::Code;
use crate::json::Json;
use crate::time;

/// The claim names that RFC 7519 section 4.1 registers.
pub const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// The claims whose types are rules, in the order in which they are told.
const TYPED: [&str; 8] = ["iss", "sub", "jti", "aud", "exp", "nbf", "iat", "quota"];

/// 10000-01-01T00:00:00Z: no time of a token lies there or later.
const END_OF_TIME: f64 = 253_402_300_800.0;

/// A claims set.
#[derive(Debug, Clone)]
pub struct Claims(Json);

impl Claims {
    /// Reads a payload.
    pub fn parse(payload: &[u8]) -> Result<Self, Failure> {
        let json =
            Json::parse(payload).map_err(|error| super::compact::not_json("payload", error))?;
        Self::from_json(json).ok_or_else(|| {
            Failure::new(
                Code::Malformed,
                "a payload that is not an object".into(),
                "a JSON object".into(),
            )
        })
    }

    /// Claims of a JSON object.
    pub fn from_json(json: Json) -> Option<Self> {
        json.as_object().is_some().then_some(Self(json))
    }

    /// The whole object.
    pub fn json(&self) -> &Json {
        &self.0
    }

    /// The whole object, given away.
    pub fn into_json(self) -> Json {
        self.0
    }

    /// Any claim.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// A claim that is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// A claim that is a time; `None` when it is not there or is no time.
    pub fn time(&self, name: &str) -> Option<NumericDate> {
        NumericDate::from_json(self.get(name)?)
    }

    /// The audiences: a string or a list of them.
    pub fn audiences(&self) -> Vec<&str> {
        self.texts("aud").collect()
    }

    /// The scopes: `scope` or `scp`, separated by blanks (RFC 8693 section 4.2) or a list.
    pub fn scopes(&self) -> Vec<&str> {
        ["scope", "scp"]
            .into_iter()
            .flat_map(|name| self.texts(name))
            .flat_map(str::split_ascii_whitespace)
            .collect()
    }

    /// A claim that is a string or a list of strings.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).into_iter().flat_map(texts_of)
    }

    /// Every registered claim of a wrong type or range, `quota` included.
    pub(super) fn type_failures(&self) -> Vec<Failure> {
        let members = self.0.as_object().unwrap_or_default();
        // In one go, since every token of a batch comes along here.
        let mut failures: Vec<Failure> = members
            .iter()
            .filter_map(|(name, value)| type_failure(name, value))
            .collect();
        failures.sort_by_key(|failure| {
            let name = failure.claim.as_deref();
            TYPED.iter().position(|known| Some(*known) == name)
        });
        failures
    }
}

/// The strings of a value that is one or a list of them.
pub(super) fn texts_of(value: &Json) -> impl Iterator<Item = &str> {
    let items = match value {
        Json::Array(items) => &items[..],
        one => std::slice::from_ref(one),
    };
    items.iter().filter_map(Json::as_str)
}

/// What is wrong with the type or the range of a claim.
fn type_failure(name: &str, value: &Json) -> Option<Failure> {
    let is_text = |value: &Json| value.as_str().is_some();
    let (is_fine, expected) = match name {
        "iss" | "sub" => (is_text(value), "a string"),
        "aud" => {
            let is_list = || {
                value
                    .as_array()
                    .is_some_and(|list| list.iter().all(is_text))
            };
            (is_text(value) || is_list(), "a string or a list of strings")
        }
        "exp" | "nbf" | "iat" => (
            NumericDate::from_json(value).is_some(),
            "seconds since 1970, before the year 10000",
        ),
        // An empty one would slip through a list of revoked ones.
        "jti" => (
            value.as_str().is_some_and(|text| !text.is_empty()),
            "a string that is not empty",
        ),
        "quota" => (
            value.as_i64().is_some_and(|quota| quota > 0),
            "a whole number above 0",
        ),
        _ => return None,
    };
    if is_fine {
        return None;
    }
    let code = match (name, value) {
        ("quota", Json::Number(_)) => Code::ClaimMismatch,
        _ => Code::ClaimType,
    };
    Some(Failure::new(code, shown(Some(value)), expected.to_owned()).claim(name))
}

/// How a claim is shown in a failure: its JSON text, short.
pub(super) fn shown(value: Option<&Json>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let text = value.to_string();
    if text.chars().count() <= 60 {
        return text;
    }
    let head: String = text.chars().take(57).collect();
    format!("{head}...")
}

/// Seconds since 1970 (RFC 7519 section 2): not negative, before the year 10000, fractions allowed.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct NumericDate(f64);

impl NumericDate {
    /// Reads a JSON number; anything else, and what is out of range, is no time.
    pub fn from_json(value: &Json) -> Option<Self> {
        let Json::Number(text) = value else {
            return None;
        };
        // Most are whole, which is read in half the time.
        let seconds = match text.parse::<u32>() {
            Ok(whole) => f64::from(whole),
            Err(_) => text.parse().ok()?,
        };
        (0.0..END_OF_TIME)
            .contains(&seconds)
            .then_some(Self(seconds))
    }

    /// Whole seconds, rounded down: for showing.
    #[expect(clippy::cast_possible_truncation, reason = "in range by construction")]
    pub fn seconds(self) -> i64 {
        self.0.floor() as i64
    }

    /// Whole seconds, rounded up: the first of which it can be said that the time has come.
    #[expect(clippy::cast_possible_truncation, reason = "in range by construction")]
    pub fn seconds_up(self) -> i64 {
        self.0.ceil() as i64
    }

    /// Whether this is at or before that many seconds; fractions count.
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact below 2^53, and times end long before"
    )]
    pub fn is_at_or_before(self, seconds: i64) -> bool {
        self.0 <= seconds as f64
    }

    /// Whether this is after that many seconds; fractions count.
    pub fn is_after(self, seconds: i64) -> bool {
        !self.is_at_or_before(seconds)
    }

    /// For a failure: the instant in RFC 3339.
    pub(super) fn shown(self) -> String {
        time::rfc3339(self.seconds())
    }
}
