//! One variable of a `.env` file: find, set, remove; every other byte stays.
//!
//! There is no one `.env` syntax. `scan` finds where assignments begin and end, `dialects` says
//! what each known reader makes of one, and a value counts only where they agree.

mod dialects;
mod scan;

use std::collections::BTreeMap;

use super::{invalid, split_bom};
use crate::error::{Code, Error};
use scan::Assignment;

/// What a variable holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// There is no such variable.
    Absent,
    /// Every dialect reads the same.
    Plain(String),
    /// Two dialects read it differently (quotes, `$`, `#`, several lines); the distinct readings.
    Ambiguous(Vec<String>),
}

/// Reads a variable. Errors name line and column.
///
/// The dialects are python-dotenv, node's dotenv, Docker Compose, `docker run --env-file` and
/// `set -a; . file` in a shell. One that refuses the line, or would not set the variable at all,
/// has no say; when nobody reads it, that is an error. All of them take the last of several
/// assignments. An expansion (`$NAME`) reads as if the variable were not set.
pub fn get(text: &str, name: &str) -> Result<Value, Error> {
    let (_, text) = split_bom(text);
    let found = scan::assignments(text)?;
    let Some(last) = found.iter().rev().find(|one| one.name == name) else {
        return Ok(Value::Absent);
    };
    let mut readings = dialects::readings(last);
    match readings.len() {
        0 => Err(invalid(
            text,
            last.value.start,
            "no reader of `.env` files takes this value",
        )),
        1 => Ok(Value::Plain(readings.remove(0))),
        _ => Ok(Value::Ambiguous(readings)),
    }
}

/// Every variable with its value, in the order of their last assignments.
pub fn all(text: &str) -> Result<Vec<(String, Value)>, Error> {
    let (_, text) = split_bom(text);
    let found = scan::assignments(text)?;
    let mut last = BTreeMap::new();
    for (index, one) in found.iter().enumerate() {
        last.insert(one.name, index);
    }
    let mut order: Vec<usize> = last.into_values().collect();
    order.sort_unstable();
    let values = order.into_iter().map(|index| {
        let one = &found[index];
        let mut readings = dialects::readings(one);
        let value = match readings.len() {
            0 => Value::Absent,
            1 => Value::Plain(readings.remove(0)),
            _ => Value::Ambiguous(readings),
        };
        (one.name.to_owned(), value)
    });
    Ok(values.collect())
}

/// Sets a variable to a value that every dialect reads the same; replaces it in its line, or
/// appends a line in the file's own style.
///
/// Of several assignments the last one, which counts, is replaced. `export` and the blanks before
/// `=` stay. A comment behind the old value moves to a line of its own above where a dialect would
/// take it for a part of the value. A file that did not end with a line end still does not. A value
/// that no quoting makes unanimous (a blank, a quote, `$`, `#` ..) is refused.
pub fn set(text: &str, name: &str, value: &str) -> Result<String, Error> {
    check(name, value)?;
    let same = Value::Plain(value.to_owned());
    if get(text, name)? == same {
        return Ok(text.to_owned());
    }
    let (bom, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let new = match found.iter().rev().find(|one| one.name == name) {
        Some(last) => format!("{bom}{}", replaced(body, last, value)),
        None => format!(
            "{bom}{}",
            appended(body, &found, &format!("{name}={value}"))
        ),
    };
    if get(&new, name)? == same {
        return Ok(new);
    }
    let what = format!("cannot write `{name}` so that every reader of `.env` files sees the same");
    Err(Error::new(Code::PlaceInvalid, what).hint("write that line anew by hand as `NAME=value`"))
}

/// Puts one text in the place of another inside of a variable's value, whose quotes and blanks
/// stay: what its readers made of them they still do. `None` where the value does not hold the
/// other text exactly once.
pub fn set_within(text: &str, name: &str, old: &str, new: &str) -> Result<Option<String>, Error> {
    check(name, new)?;
    let (bom, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let Some(last) = found.iter().rev().find(|one| one.name == name) else {
        return Ok(None);
    };
    let value = &body[last.value.clone()];
    if old.is_empty() || value.matches(old).count() != 1 {
        return Ok(None);
    }
    let (before, after) = (&body[..last.value.start], &body[last.value.end..]);
    Ok(Some(format!(
        "{bom}{before}{}{after}",
        value.replacen(old, new, 1)
    )))
}

/// Puts a value behind a scheme that waits for it in quotes, which stay. `None` where none does.
pub fn fill(text: &str, name: &str, value: &str) -> Result<Option<String>, Error> {
    let (bom, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let Some(last) = found.iter().rev().find(|one| one.name == name) else {
        return Ok(None);
    };
    let Some(scheme) = scheme(&body[last.value.clone()]) else {
        return Ok(None);
    };
    check(name, value)?;
    let at = last.value.start + 1 + scheme.len();
    let blank = if scheme.ends_with(scan::is_blank) {
        ""
    } else {
        " "
    };
    let (before, after) = body.split_at(at);
    Ok(Some(format!("{bom}{before}{blank}{value}{after}")))
}

/// The scheme without a token that a value is, without its quotes. A bare one is a word as any.
fn scheme(value: &str) -> Option<&str> {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    let mut inners = ['"', '\'', '`'].into_iter().filter_map(inner);
    inners.find(|inner| {
        inner
            .trim_matches(scan::is_blank)
            .eq_ignore_ascii_case("bearer")
    })
}

/// Removes the line of a variable.
///
/// All of its lines, if there are several: else an older value would come to light. When the last
/// line of the file goes and had no line end, the line before it loses its own.
pub fn remove(text: &str, name: &str) -> Result<String, Error> {
    let (bom, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let mut out = bom.to_owned();
    let mut at = 0;
    for one in found.iter().filter(|one| one.name == name) {
        out.push_str(&body[at..one.line.start]);
        at = one.line.end;
    }
    out.push_str(&body[at..]);
    if at == body.len() && at > 0 && !body.ends_with('\n') {
        let kept = out.strip_suffix('\n').unwrap_or(&out);
        out.truncate(kept.strip_suffix('\r').unwrap_or(kept).len());
    }
    Ok(out)
}

/// What stands behind the `=` of a variable that has no value: blanks, quotes and in them a scheme;
/// and the `#` of a comment that will have to move. `None` where it has a value, or is not there.
pub fn vacant(text: &str, name: &str) -> Result<Option<String>, Error> {
    let (_, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let Some(last) = found.iter().rev().find(|one| one.name == name) else {
        return Ok(None);
    };
    let value = &body[last.equals + 1..last.value.end];
    let is_vacant = value.chars().all(|c| " \t'\"`".contains(c));
    let has_scheme = scheme(&body[last.value.clone()]).is_some();
    let end = match last.comment {
        None => last.end,
        // One that waits in its quotes is filled there.
        Some(_) if last.keeps_comment() || has_scheme => last.before_comment(),
        Some(comment) => last.end - comment.len() + 1,
    };
    let there = &body[last.equals + 1..end];
    Ok((is_vacant || has_scheme).then(|| there.to_owned()))
}

/// Puts such a text back in place of a value, and the comment that had to move behind it.
pub fn vacate(text: &str, name: &str, was: &str) -> Result<String, Error> {
    let (bom, body) = split_bom(text);
    let found = scan::assignments(body)?;
    let Some(last) = found.iter().rev().find(|one| one.name == name) else {
        return Ok(text.to_owned());
    };
    let mut before = &body[..last.line.start];
    let head = &body[last.line.start..=last.equals];
    let Some(gap) = was.strip_suffix('#') else {
        let after = match last.comment {
            None => &body[last.end..],
            Some(_) => &body[last.before_comment()..],
        };
        return Ok(format!("{bom}{before}{head}{was}{after}"));
    };
    let line = before.strip_suffix('\n').unwrap_or(before).rfind('\n');
    let line = line.map_or(0, |at| at + 1);
    let above = before[line..].trim();
    let comment = if above.starts_with('#') {
        before = &before[..line];
        format!("{gap}{above}")
    } else {
        // Somebody has taken it away.
        gap.trim_end_matches(scan::is_blank).to_owned()
    };
    let after = &body[last.end..];
    Ok(format!("{bom}{before}{head}{comment}{after}"))
}

/// Whether it is a name that every dialect takes: `[A-Za-z_][A-Za-z0-9_]*`.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Refuses what cannot be written unanimously. Of the value only the kind of character is told.
fn check(name: &str, value: &str) -> Result<(), Error> {
    if !is_name(name) {
        let what = "a variable's name has letters, digits and `_`, and no digit first";
        return Err(Error::usage(what));
    }
    let safe = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
    let Some(odd) = value.chars().find(|c| !safe(*c)) else {
        return Ok(());
    };
    let kind = match odd {
        '\n' | '\r' => "a line end".to_owned(),
        ' ' | '\t' => "a blank".to_owned(),
        '"' | '\'' | '`' => "a quote".to_owned(),
        c if c.is_ascii_graphic() => format!("`{c}`"),
        c if c.is_ascii() => "a control character".to_owned(),
        _ => "a character outside of ASCII".to_owned(),
    };
    let what = format!("cannot write `{name}`: its value holds {kind}, which readers differ about");
    Err(Error::new(Code::PlaceUnwritable, what)
        .hint("keep it in a `file:` place, or use a value of letters, digits and `_./:@%+=,-`"))
}

/// The text with this assignment's value replaced.
fn replaced(text: &str, one: &Assignment<'_>, value: &str) -> String {
    let indent = &text[one.line.start..one.start];
    let keeps = one.keeps_comment();
    let comment = match one.comment.filter(|_| !keeps) {
        Some(comment) => format!("{indent}{}{}", comment.trim_end(), line_end(text)),
        None => String::new(),
    };
    let rest = match one.comment.filter(|_| keeps) {
        Some(_) => &text[one.before_comment()..],
        None => &text[one.end..],
    };
    // Blanks behind `=` are kept only where blanks before it already keep `docker` out.
    let keep = if one.spaced {
        one.value.start
    } else {
        one.equals + 1
    };
    let head = &text[one.line.start..keep];
    format!("{}{comment}{head}{value}{rest}", &text[..one.line.start])
}

/// The text with one more assignment, written as the others are.
fn appended(text: &str, found: &[Assignment<'_>], assignment: &str) -> String {
    let export = !found.is_empty() && found.iter().all(|one| one.export);
    let export = if export { "export " } else { "" };
    let end = line_end(text);
    if text.is_empty() || text.ends_with('\n') {
        format!("{text}{export}{assignment}{end}")
    } else {
        format!("{text}{end}{export}{assignment}")
    }
}

/// The file's own line end: that of its first line.
fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests;
