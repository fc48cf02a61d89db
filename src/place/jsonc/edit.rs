//! Exact edits of JSON and JSONC: one span changes, every other byte stays.
//!
//! What comes out is read again, and an edit that did not do what was meant is refused.

use std::collections::HashSet;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::{descend, invalid, kind, member, read, shown, split_bom, steps};
use crate::error::{Code, Error};
use crate::json::Json;

/// How much of a missing path an edit may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// The value and the object right around it.
    Around,
    /// Every object on the way, and the document itself.
    All,
}

/// Puts a value at a pointer: in place of the one there, or as a new last member, written as the
/// members around it are. `null` on the way counts as missing. Nothing is added to an array.
pub fn set(text: &str, pointer: &str, value: &Json, make: Make) -> Result<String, Error> {
    let (bom, body) = split_bom(text);
    let steps = steps(pointer).map_err(Error::usage)?;
    let style = Style::of(body);
    let new = match read(body)? {
        Some(root) => {
            unique(body, &root, &steps)?;
            let splice = place(body, &root, &steps, (value, make), &style)?;
            splice.apply(body)
        }
        None if make == Make::Around && steps.len() > 1 => return Err(missing(&[], &steps[0])),
        None => {
            let gap = if body.is_empty() || body.ends_with('\n') {
                ""
            } else {
                style.end
            };
            let whole = style.lines(&nested(&steps, value), "");
            format!("{body}{gap}{whole}{}", style.end)
        }
    };
    checked(&new, &steps, Some(value))?;
    Ok(format!("{bom}{new}"))
}

/// Puts a value in place of the one that is there; `None` when nothing is.
pub fn replace(text: &str, pointer: &str, value: &Json) -> Result<Option<String>, Error> {
    let (_, body) = split_bom(text);
    let steps = steps(pointer).map_err(Error::usage)?;
    let there = match read(body)? {
        Some(root) => descend(body, &root, &steps)?.is_some(),
        None => false,
    };
    there
        .then(|| set(text, pointer, value, Make::Around))
        .transpose()
}

/// Takes out the member at a pointer, with its comma and the comment behind it on its line.
/// Nothing there: nothing changes. Elements of arrays are not removed, the others would move.
pub fn remove(text: &str, pointer: &str) -> Result<String, Error> {
    let (bom, body) = split_bom(text);
    let steps = steps(pointer).map_err(Error::usage)?;
    let Some((name, above)) = steps.split_last() else {
        return Err(Error::usage(
            "the whole document cannot be taken out of itself",
        ));
    };
    let Some(root) = read(body)? else {
        return Ok(text.to_owned());
    };
    unique(body, &root, &steps)?;
    if descend(body, &root, &steps)?.is_none() {
        return Ok(text.to_owned());
    }
    let Some(Value::Object(object)) = descend(body, &root, above)? else {
        return Err(Error::new(
            Code::PlaceInvalid,
            "an element of an array is not taken out",
        ));
    };
    let index = object
        .properties
        .iter()
        .position(|member| member.name.as_str() == name);
    let new = without(body, object, index.unwrap_or_default());
    checked(&new, &steps, None)?;
    Ok(format!("{bom}{new}"))
}

/// Replaces each range by a text; the ranges in order.
struct Splice(Vec<(std::ops::Range<usize>, String)>);

impl Splice {
    fn one(range: std::ops::Range<usize>, text: String) -> Self {
        Self(vec![(range, text)])
    }

    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, new) in &self.0 {
            out.push_str(&text[at..range.start]);
            out.push_str(new);
            at = range.end;
        }
        out + &text[at..]
    }
}

/// How the file is written.
struct Style {
    end: &'static str,
    unit: String,
    /// All in one line, but for an empty document.
    minified: bool,
}

impl Style {
    fn of(text: &str) -> Self {
        let end = match text.find('\n') {
            Some(at) if text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let unit = text.lines().find_map(|line| {
            let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
            (!blanks.is_empty() && line[blanks.len()..].starts_with('"')).then_some(blanks)
        });
        let minified = !text.trim_end().contains('\n') && text.contains('"');
        Self {
            end,
            unit: unit.unwrap_or("  ").to_owned(),
            minified,
        }
    }

    /// A value in lines, the further ones behind this indent.
    fn lines(&self, value: &Json, indent: &str) -> String {
        let mut out = String::new();
        for (index, line) in value.pretty().lines().enumerate() {
            let rest = line.trim_start_matches(' ');
            if index > 0 {
                out.push_str(self.end);
                out.push_str(indent);
                out.push_str(&self.unit.repeat((line.len() - rest.len()) / 2));
            }
            out.push_str(rest);
        }
        out
    }
}

/// Refuses an object on the way that has any name twice: its writer meant something else than
/// what its readers see.
fn unique(text: &str, root: &Value<'_>, steps: &[String]) -> Result<(), Error> {
    for depth in 0..=steps.len() {
        let Some(Value::Object(object)) = descend(text, root, &steps[..depth])? else {
            continue;
        };
        let mut seen = HashSet::new();
        for one in &object.properties {
            if !seen.insert(one.name.as_str()) {
                // The same words and position as for a name on the way.
                member(text, object, one.name.as_str())?;
            }
        }
    }
    Ok(())
}

/// The edit that puts the value there.
fn place(
    text: &str,
    root: &Value<'_>,
    steps: &[String],
    (value, make): (&Json, Make),
    style: &Style,
) -> Result<Splice, Error> {
    let mut there = root;
    let mut depth = 0;
    while depth < steps.len()
        && let Some(next) = descend(text, there, &steps[depth..=depth])?
    {
        there = next;
        depth += 1;
    }
    let (found, rest) = steps.split_at(depth);
    if rest.len() > 2 && make == Make::Around {
        return Err(missing(found, &rest[0]));
    }
    let indent = line_indent(text, there.start());
    match (there, rest) {
        (_, []) => Ok(Splice::one(
            there.start()..there.end(),
            inline_or_lines(value, indent, style),
        )),
        (Value::Object(object), [name, rest @ ..]) => {
            Ok(insert(text, object, (name, &nested(rest, value)), style))
        }
        (Value::NullKeyword(_), rest) if depth > 0 => {
            let value = nested(rest, value);
            Ok(Splice::one(
                there.start()..there.end(),
                inline_or_lines(&value, indent, style),
            ))
        }
        _ => {
            let what = format!("an object was expected, not {}", kind(there));
            Err(invalid(text, there.start(), &what))
        }
    }
}

fn missing(found: &[String], name: &str) -> Error {
    let last = found.last().map_or("the document".to_owned(), |name| {
        format!("`{}`", shown(name))
    });
    let what = format!("nothing is there: {last} has no member `{}`", shown(name));
    Error::new(Code::PlaceMissing, what).hint("`--force` makes every object on the way")
}

/// The value inside of an object for each of the names.
fn nested(names: &[String], value: &Json) -> Json {
    names.iter().rev().fold(value.clone(), |inner, name| {
        Json::Object(vec![(name.clone(), inner)])
    })
}

fn inline_or_lines(value: &Json, indent: &str, style: &Style) -> String {
    if style.minified {
        value.to_string()
    } else {
        style.lines(value, indent)
    }
}

/// A new last member.
fn insert(text: &str, object: &Object<'_>, (name, value): (&str, &Json), style: &Style) -> Splice {
    let key = Json::from(name);
    let base = line_indent(text, object.range.start);
    let Some(last) = object.properties.last() else {
        let close = object.range.end - 1;
        let inner = &text[..close];
        let from = inner.trim_end_matches([' ', '\t', '\r', '\n']).len();
        if style.minified {
            return Splice::one(from..close, format!("{key}:{value}"));
        }
        let indent = format!("{base}{}", style.unit);
        let member = format!("{key}: {}", style.lines(value, &indent));
        let end = style.end;
        return Splice::one(from..close, format!("{end}{indent}{member}{end}{base}"));
    };
    let comma = comma_after(text, last.range.end);
    let after = comma.map_or(last.range.end, |at| at + 1);
    let own_line = text[..last.range.start]
        .trim_end_matches([' ', '\t'])
        .ends_with('\n');
    let between = if own_line {
        format!("{}{}", style.end, line_indent(text, last.range.start))
    } else if text[last.name.end()..last.value.start()].ends_with(':') {
        String::new()
    } else {
        " ".to_owned()
    };
    let value = if own_line {
        style.lines(value, line_indent(text, last.range.start))
    } else {
        value.to_string()
    };
    let colon = if between.is_empty() { ":" } else { ": " };
    let tail = if comma.is_some() { "," } else { "" };
    let member = format!("{between}{key}{colon}{value}{tail}");
    // A comment behind the last member stays behind it.
    let at = if own_line {
        end_of_comments(text, after)
    } else {
        after
    };
    match comma {
        Some(_) => Splice::one(at..at, member),
        None if at == after => Splice::one(at..at, format!(",{member}")),
        None => Splice(vec![(after..after, ",".to_owned()), (at..at, member)]),
    }
}

/// The text without one member of an object.
fn without(text: &str, object: &Object<'_>, index: usize) -> String {
    let member = &object.properties[index];
    let mut spans = Vec::new();
    let mut end = member.range.end;
    let comma = comma_after(text, end);
    let is_last = index + 1 == object.properties.len();
    // The last of several without a comma behind it: the comma before it goes.
    if is_last
        && comma.is_none()
        && let Some(before) = index
            .checked_sub(1)
            .and_then(|index| object.properties.get(index))
        && let Some(at) = comma_after(text, before.range.end)
    {
        spans.push((at..at + 1, String::new()));
    }
    if let Some(at) = comma {
        end = at + 1;
    }
    let line_start = text[..member.range.start]
        .trim_end_matches([' ', '\t'])
        .len();
    let rest = end_of_comments(text, end);
    let whole_lines = text[..line_start].ends_with('\n') && text[rest..].starts_with(['\r', '\n']);
    let span = if whole_lines {
        line_start
            ..text[rest..]
                .find('\n')
                .map_or(text.len(), |at| rest + at + 1)
    } else if is_last {
        line_start..end
    } else {
        let blanks = text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
        member.range.start..end + blanks
    };
    spans.push((span, String::new()));
    Splice(spans).apply(text)
}

/// The blanks that the line of an offset starts with.
fn line_indent(text: &str, offset: usize) -> &str {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The comma behind a member, past blanks and comments.
fn comma_after(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        at += match rest.chars().next()? {
            ' ' | '\t' | '\r' | '\n' => 1,
            '/' => comment(rest)?,
            ',' => return Some(at),
            _ => return None,
        };
    }
}

/// How long the comment is that a text starts with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        Some(text.find(['\r', '\n']).unwrap_or(text.len()))
    } else if text.starts_with("/*") {
        Some(text.find("*/")? + 2)
    } else {
        None
    }
}

/// Behind the comments that end a line; the offset itself where something else follows.
fn end_of_comments(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        at += match rest.chars().next() {
            None | Some('\r' | '\n') => return at,
            Some(' ' | '\t') => 1,
            Some('/') => match comment(rest) {
                Some(length) if !rest[..length].contains('\n') => length,
                _ => return from,
            },
            Some(_) => return from,
        };
    }
}

/// Reads the result again: what was meant is there.
fn checked(text: &str, steps: &[String], want: Option<&Json>) -> Result<(), Error> {
    let root = read(text)?;
    let there = match &root {
        Some(root) => descend(text, root, steps)?,
        None => None,
    };
    let same = match (there, want) {
        (Some(there), Some(want)) => same(there, want),
        (None, None) => true,
        _ => false,
    };
    if same {
        Ok(())
    } else {
        Err(Error::new(
            Code::Internal,
            "an edit did not do what was meant",
        ))
    }
}

fn same(there: &Value<'_>, want: &Json) -> bool {
    match (there, want) {
        (Value::NullKeyword(_), Json::Null) => true,
        (Value::BooleanLit(there), Json::Bool(want)) => there.value == *want,
        (Value::NumberLit(there), Json::Number(want)) => there.value == want,
        (Value::StringLit(there), Json::String(want)) => there.value == want.as_str(),
        (Value::Array(there), Json::Array(want)) => {
            there.elements.len() == want.len()
                && there
                    .elements
                    .iter()
                    .zip(want)
                    .all(|(there, want)| same(there, want))
        }
        (Value::Object(there), Json::Object(want)) => {
            there.properties.len() == want.len()
                && there
                    .properties
                    .iter()
                    .zip(want)
                    .all(|(there, (name, want))| {
                        there.name.as_str() == name && same(&there.value, want)
                    })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
