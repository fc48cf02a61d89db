//! The reader: RFC 8259, with none of the leniencies readers usually have.

use std::collections::BTreeSet;

use super::{Json, MAX_DEPTH, ParseError, is_same_name};

pub(super) fn parse(text: &[u8]) -> Result<Json, ParseError> {
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

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
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
        if self.empty(b'}') {
            return Ok(Json::Object(Vec::new()));
        }
        // As many as a header or a payload mostly has.
        let mut members: Vec<(String, Json)> = Vec::with_capacity(8);
        // Above a few names a sorted set, so that many names cost no quadratic time.
        let mut names = BTreeSet::new();
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fail("a name in quotes was expected"));
            }
            let start = self.at;
            let name = self.string()?;
            let seen = if members.len() < 16 {
                members.iter().any(|(known, _)| is_same_name(known, &name))
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
        let mut out = self.plain().to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escaped()?);
                    out.push_str(self.plain());
                }
                Some(_) => return Err(self.fail("a control character stands in a string")),
                None => return Err(self.fail("a string does not end")),
            }
        }
    }

    /// Steps over what stands for itself in a string.
    fn plain(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = rest
            .bytes()
            .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
        let plain = &rest[..end.unwrap_or(rest.len())];
        self.at += plain.len();
        plain
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
