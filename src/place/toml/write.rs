//! How a TOML file is written, and new values written alike.

use super::lines::{Section, block_start, line_start};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::list::line_end;

/// The habits of a file.
pub(super) struct Style {
    pub(super) end: &'static str,
    /// Between key and value.
    equals: String,
    /// A blank line stands in front of a header.
    pub(super) blank_line: bool,
    /// Strings stand in single quotes.
    literal: bool,
}

impl Style {
    /// The habits of a text, as seen from one of its sections.
    pub(super) fn of(text: &str, sections: &[Section], near: Option<&Section>) -> Self {
        let entries = || sections.iter().flat_map(|section| &section.entries);
        let last = near.and_then(|section| section.entries.last());
        let equals = last
            .or_else(|| entries().next())
            .map_or(" = ", |entry| &text[entry.key.end..entry.value.start]);
        let quoted = |quote| {
            let values = entries().map(|entry| &text[entry.value.clone()]);
            values.filter(|value| value.starts_with(quote)).count()
        };
        Self {
            end: line_end(text),
            equals: equals.to_owned(),
            blank_line: blank_line(text, sections),
            literal: quoted('\'') > quoted('"'),
        }
    }

    /// A line with a key and its value, without line end.
    pub(super) fn line(&self, keys: &[String], value: &Json) -> Result<String, Error> {
        Ok(format!(
            "{}{}{}",
            dotted(keys),
            self.equals,
            self.value(value)?
        ))
    }

    /// A section with the members of an object, its lines behind this indent, without the last
    /// line end.
    pub(super) fn section(
        &self,
        header: &str,
        members: &[(String, Json)],
        indent: &str,
    ) -> Result<String, Error> {
        let mut out = format!("{indent}{header}");
        for (name, value) in members {
            let line = self.line(std::slice::from_ref(name), value)?;
            out.push_str(&format!("{}{indent}{line}", self.end));
        }
        Ok(out)
    }

    /// A value on one line.
    pub(super) fn value(&self, value: &Json) -> Result<String, Error> {
        Ok(match value {
            Json::Null => return Err(unwritable("TOML has no value that stands for nothing")),
            Json::Number(text) if !is_number(text) => {
                return Err(unwritable("TOML has no number as large as that"));
            }
            Json::Bool(value) => value.to_string(),
            Json::Number(text) => text.clone(),
            Json::String(text) if self.literal => literal(text).unwrap_or_else(|| basic(text)),
            Json::String(text) => basic(text),
            Json::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                format!("[{}]", items.collect::<Result<Vec<_>, _>>()?.join(", "))
            }
            Json::Object(members) if members.is_empty() => "{}".to_owned(),
            Json::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| Ok(format!("{} = {}", key(name), self.value(value)?)));
                let members = members.collect::<Result<Vec<_>, Error>>()?;
                format!("{{ {} }}", members.join(", "))
            }
        })
    }

    /// A value, in the quotes of another one.
    pub(super) fn instead(&self, value: &Json, old: &str) -> Result<String, Error> {
        match value {
            Json::String(text) if old.starts_with('\'') => {
                Ok(literal(text).unwrap_or_else(|| basic(text)))
            }
            Json::String(text) if old.starts_with('"') => Ok(basic(text)),
            _ => self.value(value),
        }
    }
}

/// Whether it is an integer or a float in the range of TOML.
fn is_number(text: &str) -> bool {
    let float = || text.parse().is_ok_and(f64::is_finite);
    text.parse::<i64>().is_ok() || (text.contains(['.', 'e', 'E']) && float())
}

fn unwritable(what: &str) -> Error {
    Error::new(Code::PlaceUnwritable, what)
}

/// Whether headers have a blank line in front of them; so it is where there are none.
fn blank_line(text: &str, sections: &[Section]) -> bool {
    let headers = sections
        .iter()
        .filter_map(|section| section.header.as_ref());
    let mut above = headers
        .map(|header| &text[..block_start(text, line_start(text, header.start))])
        .filter(|above| !above.trim().is_empty())
        .peekable();
    above.peek().is_none() || above.any(ends_blank)
}

/// Whether the last line of a text is blank.
pub(super) fn ends_blank(text: &str) -> bool {
    let Some(text) = text.strip_suffix('\n') else {
        return text.is_empty();
    };
    text[line_start(text, text.len())..].trim().is_empty()
}

/// A key of several parts.
pub(in crate::place) fn dotted(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|name| key(name)).collect();
    keys.join(".")
}

fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(bare) {
        name.to_owned()
    } else {
        basic(name)
    }
}

/// In single quotes, where that is possible.
fn literal(text: &str) -> Option<String> {
    let fine = |c: char| c != '\'' && (!c.is_control() || c == '\t');
    text.chars().all(fine).then(|| format!("'{text}'"))
}

fn basic(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
