//! Strict JSON (RFC 8259): what headers, claims and key texts are read with, and what
//! `--json` is written with.
//!
//! Stricter than most readers on purpose, since tokens are hostile: UTF-8 only, no
//! duplicate names, no lone surrogates, no byte order mark, depth at most [`MAX_DEPTH`].
//! Numbers keep their text, so nothing is rounded and `1e999` is a number that no time can be.

mod number;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

pub use self::write::write_string;
use self::write::{new_line, separate};
use crate::error::{Code, Error};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// A JSON value; objects keep the order of their text.
#[derive(Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// The text of a number, as written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in order, names unique.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one JSON text. Errors say what and at which byte, never the text itself.
    pub fn parse(text: &[u8]) -> Result<Self, ParseError> {
        read::parse(text)
    }

    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?
            .iter()
            .find(|(key, _)| is_same_name(key, name))
            .map(|(_, value)| value)
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&[(String, Json)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one that is an integer in range (`1.0` and `1e3` count).
    pub fn as_i64(&self) -> Option<i64> {
        let Self::Number(text) = self else {
            return None;
        };
        if let Ok(number) = text.parse::<i64>() {
            return Some(number);
        }
        let float = text.parse::<f64>().ok()?;
        // 2^53: beyond it a double no longer tells neighbours apart.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and in range"
        )]
        (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
    }

    /// Whether both mean the same: numbers by value, objects in any order.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => {
                let value = number::canonical(one);
                one == two || (value.is_some() && value == number::canonical(two))
            }
            (Self::Array(one), Self::Array(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_same(two))
            }
            (Self::Object(one), Self::Object(two)) => {
                one.len() == two.len()
                    && one
                        .iter()
                        .all(|(name, value)| other.get(name).is_some_and(|two| value.is_same(two)))
            }
            _ => self == other,
        }
    }

    /// What kind of value it is, with its article, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// An object of these members, in this order.
    pub fn object<const N: usize>(members: [(&str, Json); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// The text, indented by two blanks a level, without a line end.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_at(&mut out, Some(0));
        out
    }

    /// Adds the text, compact.
    pub fn write(&self, out: &mut String) {
        self.write_at(out, None);
    }

    fn write_at(&self, out: &mut String, indent: Option<usize>) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(text) => out.push_str(text),
            Self::String(text) => write_string(out, text),
            Self::Array(items) => {
                let inner = indent.map(|level| level + 1);
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    separate(out, index, inner);
                    item.write_at(out, inner);
                }
                if !items.is_empty() {
                    new_line(out, indent);
                }
                out.push(']');
            }
            Self::Object(members) => {
                let inner = indent.map(|level| level + 1);
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    separate(out, index, inner);
                    write_string(out, name);
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    value.write_at(out, inner);
                }
                if !members.is_empty() {
                    new_line(out, indent);
                }
                out.push('}');
            }
        }
    }
}

/// Whether two names are the same. Those of claims are as long as each other and differ in their
/// last byte, which spares most comparisons of the rest.
fn is_same_name(one: &str, two: &str) -> bool {
    one.len() == two.len() && one.as_bytes().last() == two.as_bytes().last() && one == two
}

/// Compact: no blanks outside of strings.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// Only the kind: the value may be a secret (a JWK).
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.kind())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

/// Why a text is not JSON: what, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong there.
    pub what: &'static str,
    /// The byte, from 0.
    pub offset: usize,
    /// Whether it is the depth.
    pub deep: bool,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.what, self.offset)
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        let code = if error.deep {
            Code::TooLarge
        } else {
            Code::Malformed
        };
        Self::new(code, format!("not valid JSON: {error}"))
    }
}
