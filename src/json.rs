//! Strict JSON (RFC 8259): what headers, claims and key texts are read with, and what
//! `--json` is written with.
//!
//! Stricter than most readers on purpose, since tokens are hostile: UTF-8 only, no
//! duplicate names, no lone surrogates, no byte order mark, depth at most [`MAX_DEPTH`].
//! Numbers keep their text, so nothing is rounded and `1e999` is a number that no time can be.

use std::fmt;

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
        let Ok(text) = std::str::from_utf8(text) else {
            return Err(ParseError {
                what: "it is not UTF-8",
                offset: 0,
                deep: false,
            });
        };
        let mut reader = Reader {
            text,
            at: 0,
            depth: 0,
        };
        reader.blank();
        let value = reader.value()?;
        reader.blank();
        if reader.at < text.len() {
            return Err(reader.fail("there is more after the end"));
        }
        Ok(value)
    }

    /// The member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?
            .iter()
            .find(|(key, _)| key == name)
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
        self.write(&mut out, Some(0));
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>) {
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
                    item.write(out, inner);
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
                    value.write(out, inner);
                }
                if !members.is_empty() {
                    new_line(out, indent);
                }
                out.push('}');
            }
        }
    }
}

/// Compact: no blanks outside of strings.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out, None);
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

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn fail(&self, what: &'static str) -> ParseError {
        ParseError {
            what,
            offset: self.at,
            deep: false,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Json, ParseError> {
        match self.peek() {
            None => Err(self.fail("it ends too early")),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.fail("a value was expected")),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, ParseError> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.fail("a value was expected"))
        }
    }

    fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        self.at += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError {
                what: "it nests deeper than 64",
                offset: self.at,
                deep: true,
            });
        }
        self.blank();
        Ok(())
    }

    /// After an element: steps over a comma (`true`) or the closing byte (`false`).
    fn more(&mut self, close: u8) -> Result<bool, ParseError> {
        self.blank();
        let more = match self.peek() {
            Some(b',') => true,
            Some(byte) if byte == close => false,
            Some(_) => return Err(self.fail("a comma or the end was expected")),
            None => return Err(self.fail("it ends too early")),
        };
        self.at += 1;
        if more {
            self.blank();
        } else {
            self.depth -= 1;
        }
        Ok(more)
    }

    fn empty(&mut self, close: u8) -> bool {
        let empty = self.peek() == Some(close);
        if empty {
            self.at += 1;
            self.depth -= 1;
        }
        empty
    }

    fn array(&mut self) -> Result<Json, ParseError> {
        self.deeper()?;
        let mut items = Vec::new();
        if self.empty(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            if !self.more(b']')? {
                return Ok(Json::Array(items));
            }
        }
    }

    fn object(&mut self) -> Result<Json, ParseError> {
        self.deeper()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        if self.empty(b'}') {
            return Ok(Json::Object(members));
        }
        // Above a few names a set, so that many names cost no quadratic time.
        let mut names = std::collections::HashSet::new();
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fail("a name in quotes was expected"));
            }
            let start = self.at;
            let name = self.string()?;
            let seen = if members.len() < 16 {
                members.iter().any(|(known, _)| *known == name)
            } else {
                if names.is_empty() {
                    names.extend(members.iter().map(|(known, _)| known.clone()));
                }
                !names.insert(name.clone())
            };
            if seen {
                return Err(ParseError {
                    what: "a name is there twice",
                    offset: start,
                    deep: false,
                });
            }
            self.blank();
            if self.peek() != Some(b':') {
                return Err(self.fail("a colon was expected"));
            }
            self.at += 1;
            self.blank();
            let value = self.value()?;
            members.push((name, value));
            if !self.more(b'}')? {
                return Ok(Json::Object(members));
            }
        }
    }

    fn number(&mut self) -> Result<Json, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Json::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.fail("a digit was expected"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escaped()?);
                }
                Some(_) => return Err(self.fail("a control character stands in a string")),
                None => return Err(self.fail("a string does not end")),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, ParseError> {
        let escaped = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(self.fail("an unknown escape")),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn code_point(&mut self) -> Result<char, ParseError> {
        let high = self.four_hex()?;
        let code = match high {
            0xd800..=0xdbff => {
                if !self.text[self.at..].starts_with("\\u") {
                    return Err(self.fail("a lone surrogate"));
                }
                self.at += 2;
                let low = self.four_hex()?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(self.fail("a lone surrogate"));
                }
                0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.fail("a lone surrogate"))
    }

    fn four_hex(&mut self) -> Result<u32, ParseError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let digits = digits.filter(|four| four.iter().all(u8::is_ascii_hexdigit));
        let code = digits
            .and_then(|four| std::str::from_utf8(four).ok())
            .and_then(|four| u32::from_str_radix(four, 16).ok())
            .ok_or_else(|| self.fail("four hex digits were expected"))?;
        self.at += 4;
        Ok(code)
    }
}

fn separate(out: &mut String, index: usize, indent: Option<usize>) {
    if index > 0 {
        out.push(',');
    }
    new_line(out, indent);
}

fn new_line(out: &mut String, indent: Option<usize>) {
    if let Some(level) = indent {
        out.push('\n');
        for _ in 0..level {
            out.push_str("  ");
        }
    }
}

fn write_string(out: &mut String, text: &str) {
    use fmt::Write as _;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // DEL, C1 and what turns text around: JSON allows them bare, terminals obey them.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_read_is_written_back() {
        #[rustfmt::skip]
        let cases = [
            r#"{"a":1,"b":[true,false,null,"x"],"c":{}}"#,
            r#"[1e999,-0,1.10,12345678901234567890]"#,
            r#""\"\\\n\r\tä\u0001\u202e""#,
            "[]",
        ];
        for case in cases {
            let got = Json::parse(case.as_bytes()).map(|json| json.to_string());
            assert_eq!(got.as_deref(), Ok(case));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        #[rustfmt::skip]
        let cases: [(&[u8], &str); 18] = [
            (b"",                     "it ends too early (at byte 0)"),
            (b"{\"a\":1,\"a\":2}",    "a name is there twice (at byte 7)"),
            (b"{\"a\":1,\"\\u0061\":2}", "a name is there twice (at byte 7)"),
            (b"{\"a\":1}x",           "there is more after the end (at byte 7)"),
            (b"\"\\ud800\"",          "a lone surrogate (at byte 7)"),
            (b"\"\\ud800\\u0041\"",   "a lone surrogate (at byte 13)"),
            (b"\"\\udc00\"",          "a lone surrogate (at byte 7)"),
            (b"\"\\u+123\"",          "four hex digits were expected (at byte 3)"),
            (b"\"\x01\"",             "a control character stands in a string (at byte 1)"),
            (b"\xff",                 "it is not UTF-8 (at byte 0)"),
            (b"\xef\xbb\xbf{}",       "a value was expected (at byte 0)"),
            (b"01",                   "there is more after the end (at byte 1)"),
            (b"+1",                   "a value was expected (at byte 0)"),
            (b"1.",                   "a digit was expected (at byte 2)"),
            (b"[1,]",                 "a value was expected (at byte 3)"),
            (b"{\"a\":1,}",           "a name in quotes was expected (at byte 7)"),
            (b"NaN",                  "a value was expected (at byte 0)"),
            (b"[",                    "it ends too early (at byte 1)"),
        ];
        for (text, want) in cases {
            let got = Json::parse(text).map_err(|error| error.to_string());
            assert_eq!(
                got.map(|_| ()),
                Err(want.to_owned()),
                "{:?}",
                String::from_utf8_lossy(text)
            );
        }
    }

    #[test]
    fn depth_is_bounded_at_64() {
        for (depth, want) in [(64, true), (65, false)] {
            let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(Json::parse(text.as_bytes()).is_ok(), want, "depth {depth}");
        }
    }

    #[test]
    fn whole_numbers_are_recognised() {
        #[rustfmt::skip]
        let cases = [
            ("1", Some(1)), ("-1", Some(-1)), ("1.0", Some(1)), ("1e3", Some(1000)),
            ("1.5", None), ("1e999", None), ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
        ];
        for (text, want) in cases {
            assert_eq!(Json::Number(text.to_owned()).as_i64(), want, "{text}");
        }
    }

    proptest! {
        /// Whatever we accept, serde_json accepts too (it has no rule of ours that is looser).
        #[test]
        fn never_looser_than_serde_json(text in r#"[\[\]{}:," \\u0-9a-fetrun.+-]{0,40}"#) {
            if Json::parse(text.as_bytes()).is_ok() && !text.contains(['e', 'E']) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            }
        }

        #[test]
        fn strings_survive(text in any::<String>()) {
            let json = Json::String(text);
            for text in [json.to_string(), json.pretty()] {
                let back = Json::parse(text.as_bytes());
                prop_assert_eq!(back.as_ref(), Ok(&json));
            }
        }
    }
}
