//! What a token is minted from: everything but its id and its signature.

use std::fmt::Write as _;

use crate::json::{self, Json};

/// A token to be: its header's type and its claims.
#[derive(Debug, Clone)]
pub struct Template {
    /// The media type in the header.
    pub typ: String,
    /// Who issues it.
    pub iss: String,
    /// Who it is for.
    pub sub: String,
    /// The servers it is for.
    pub aud: Vec<String>,
    /// When it begins and ends.
    pub times: Times,
    /// Its id; `None`: a random one.
    pub jti: Option<String>,
    /// Its scopes, separated by blanks.
    pub scope: Option<String>,
    /// The `type` claim of a token of a pair: `access` or `refresh`.
    pub kind: Option<&'static str>,
    /// Its other claims, in order.
    pub rest: Vec<(String, Json)>,
}

/// When a token begins and ends, in unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The moment it is minted as of.
    pub at: i64,
    /// The time of issue that it claims.
    pub iat: i64,
    /// Not valid before.
    pub nbf: Option<i64>,
    /// Expired from this second on.
    pub exp: i64,
}

impl Times {
    /// The last second of the year 9999, beyond which no token lasts.
    pub const LAST: i64 = 253_402_300_799;

    /// Those of a token that is minted as of `at`. Its `iat` lies a little back: servers without
    /// leeway refuse a token from a clock a second ahead.
    pub fn of(at: i64, nbf: Option<i64>, exp: i64) -> Self {
        Self {
            at,
            iat: at - 5,
            nbf,
            exp,
        }
    }
}

impl Times {
    /// How long a token lasts from its minting on.
    pub fn life(&self) -> i64 {
        self.exp - self.at
    }

    /// What makes a token of these times one that nobody ever accepts, if anything does.
    pub fn fault(&self) -> Option<&'static str> {
        if self.exp <= self.at {
            Some("the token would be expired from the start")
        } else if self.nbf.is_some_and(|nbf| nbf >= self.exp) {
            Some("`nbf` lies at or after the end of the token")
        } else if self.iat > self.at {
            Some("`iat` lies in the future")
        } else {
            None
        }
    }
}

/// When something is, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// At this second.
    At(i64),
    /// So many seconds after the token is minted.
    After(i64),
}

impl Point {
    fn of(self, at: i64) -> i64 {
        match self {
            Self::At(second) => second,
            Self::After(seconds) => at.saturating_add(seconds),
        }
    }
}

/// The times of tokens, whenever each of them is minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The moment that all are minted as of, where one was named.
    pub as_of: Option<i64>,
    /// When they begin.
    pub nbf: Option<Point>,
    /// When they end.
    pub exp: Point,
}

impl Course {
    /// The times of one that is minted now.
    pub fn times(&self, now: i64) -> Times {
        let at = self.as_of.unwrap_or(now);
        Times::of(at, self.nbf.map(|nbf| nbf.of(at)), self.exp.of(at))
    }
}

impl Template {
    /// The issuer where nobody names one.
    pub const ISS: &str = "mcpjwt";
    /// The audience where nobody names one.
    pub const AUD: &str = "mcp";

    /// The claims with this id, in the order people read them.
    pub fn claims(&self, jti: &str) -> Json {
        let member = |(name, value): (&str, Value<'_>)| (name.to_owned(), value.json());
        Json::Object(self.members(jti).map(member).collect())
    }

    /// Writes the text of the same claims, in place of what is there.
    pub fn write(&self, jti: &str, out: &mut String) {
        out.clear();
        for (name, value) in self.members(jti) {
            out.push(if out.is_empty() { '{' } else { ',' });
            json::write_string(out, name);
            out.push(':');
            value.write(out);
        }
        out.push('}');
    }

    fn members<'t>(&'t self, jti: &'t str) -> impl Iterator<Item = (&'t str, Value<'t>)> {
        let aud = match &self.aud[..] {
            [one] => Value::Text(one),
            several => Value::Texts(several),
        };
        let every = [
            ("iss", Value::Text(&self.iss)),
            ("sub", Value::Text(&self.sub)),
            ("aud", aud),
            ("iat", Value::Number(self.times.iat)),
            ("exp", Value::Number(self.times.exp)),
            ("jti", Value::Text(jti)),
        ];
        let nbf = self.times.nbf.map(|nbf| ("nbf", Value::Number(nbf)));
        let scope = self.scope.as_deref();
        let scope = scope.map(|scope| ("scope", Value::Text(scope)));
        let kind = self.kind.map(|kind| ("type", Value::Text(kind)));
        let rest = self.rest.iter();
        let rest = rest.map(|(name, value)| (name.as_str(), Value::Json(value)));
        every
            .into_iter()
            .chain(nbf)
            .chain(scope)
            .chain(kind)
            .chain(rest)
    }

    /// Whether another one is the same but for its subject.
    pub fn differs_in_sub_alone(&self, other: &Self) -> bool {
        let Self {
            typ,
            iss,
            sub: _,
            aud,
            times,
            jti,
            scope,
            kind,
            rest,
        } = self;
        *typ == other.typ
            && *iss == other.iss
            && *aud == other.aud
            && *times == other.times
            && *jti == other.jti
            && *scope == other.scope
            && *kind == other.kind
            && *rest == other.rest
    }

    /// The refresh token that goes with this access token, good for `ttl` seconds.
    #[must_use]
    pub fn refresh(&self, ttl: i64) -> Self {
        Self {
            typ: "JWT".to_owned(),
            times: Times {
                exp: self.times.at.saturating_add(ttl),
                ..self.times
            },
            jti: None,
            kind: Some("refresh"),
            ..self.clone()
        }
    }
}

/// The value of a claim, before it is JSON.
enum Value<'t> {
    Text(&'t str),
    Texts(&'t [String]),
    Number(i64),
    Json(&'t Json),
}

impl Value<'_> {
    fn json(&self) -> Json {
        match self {
            Self::Text(text) => Json::from(*text),
            Self::Texts(texts) => texts.to_vec().into(),
            Self::Number(number) => Json::from(*number),
            Self::Json(value) => (*value).clone(),
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => json::write_string(out, text),
            Self::Number(number) => {
                // Writing to a String cannot fail.
                let _ = write!(out, "{number}");
            }
            Self::Texts(_) => self.json().write(out),
            Self::Json(value) => value.write(out),
        }
    }
}

/// The claims of many tokens that differ in `sub` and in the end of their `jti` alone, as text.
pub struct Stencil {
    before_sub: String,
    between: String,
    after: String,
}

impl Stencil {
    /// One for tokens of this template whose `jti` begins so.
    pub fn new(template: &Template, jti: &str) -> Self {
        let mut pieces = [String::new(), String::new(), String::new()];
        let mut at = 0;
        for (name, value) in template.members(jti) {
            let piece = &mut pieces[at];
            piece.push(if at == 0 && piece.is_empty() {
                '{'
            } else {
                ','
            });
            json::write_string(piece, name);
            piece.push(':');
            match (name, at) {
                ("sub", 0) => at = 1,
                ("jti", 1) => {
                    value.write(piece);
                    // The number comes before the closing quote.
                    piece.pop();
                    at = 2;
                    pieces[at].push('"');
                }
                _ => value.write(piece),
            }
        }
        pieces[at].push('}');
        let [before_sub, between, after] = pieces;
        Self {
            before_sub,
            between,
            after,
        }
    }

    /// Writes the claims for a subject, in place of what is there: the `jti` ends with the number.
    pub fn write(&self, sub: &str, number: u64, out: &mut String) {
        out.clear();
        out.push_str(&self.before_sub);
        json::write_string(out, sub);
        out.push_str(&self.between);
        // Writing to a String cannot fail.
        let _ = write!(out, "{number}");
        out.push_str(&self.after);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_those_of_the_tree(
            sub in "\\PC{0,20}|[a-z\"\\\\\u{0}-\u{1f}\u{202e}]{0,9}",
            iss in "[a-z\"{}:,]{0,9}",
            aud in prop::collection::vec("[a-z\"]{0,9}", 0..3),
            scope in prop::option::of("[a-z ]{0,9}"),
            nbf in prop::option::of(0_i64..2_000_000_000),
            rest in prop::collection::btree_map("[a-z]{4,9}", "\\PC{0,9}", 0..4),
            number in any::<u64>(),
        ) {
            let template = Template {
                typ: "JWT".to_owned(),
                iss,
                sub: sub.clone(),
                aud,
                times: Times::of(1_763_784_000, nbf, 1_763_870_400),
                jti: None,
                scope,
                kind: None,
                rest: rest.into_iter().map(|(name, text)| (name, text.into())).collect(),
            };
            let stencil = Stencil::new(&template, "run-");
            let jti = format!("run-{number}");
            let claims = template.claims(&jti).to_string();
            let mut text = "what was there".to_owned();
            stencil.write(&sub, number, &mut text);
            prop_assert_eq!(&text, &claims);
            text.push_str("and more");
            template.write(&jti, &mut text);
            prop_assert_eq!(text, claims);
        }
    }
}
