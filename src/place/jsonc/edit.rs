//! Exact edits of JSON and JSONC: one span changes, every other byte stays.
//!
//! These functions write; `tree` reads what came out and compares it with what was meant.

use std::collections::HashSet;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::style::Style;
use super::{descend, invalid, kind, list, member, read};
use crate::error::Error;
use crate::json::Json;
use crate::place::list::{end_at, line_indent};
use crate::place::tree::{End, Make, Spans, index, missing, nested};

/// Puts a value there: in place of the one there, or as a new last member, written as the
/// members around it are. `null` on the way counts as missing. Nothing is added to an array.
pub(in crate::place) fn set(
    text: &str,
    at: &[String],
    value: &Json,
    make: Make,
) -> Result<String, Error> {
    let Some(root) = read(text)? else {
        if make == Make::Around && at.len() > 1 {
            return Err(missing(&[], &at[0]));
        }
        return Ok(whole(text, &nested(at, value.clone())));
    };
    unique(text, &root, at)?;
    let path = path(text, &root, at)?;
    let (found, rest) = at.split_at(path.len() - 1);
    if rest.len() > 2 && make == Make::Around {
        return Err(missing(found, &rest[0]));
    }
    let there = path[path.len() - 1];
    match (there, rest) {
        (Value::Object(_), [name, rest @ ..]) => {
            let style = Style::of(text, Some(&root), &path);
            let layout = style.layout(text, there);
            let item = style.item(Some(name), &nested(rest, value.clone()), &layout);
            Ok(list(text, there).with(&item, &layout))
        }
        (_, []) => Ok(instead(text, &path, value)),
        (Value::NullKeyword(_), rest) if !found.is_empty() => {
            Ok(instead(text, &path, &nested(rest, value.clone())))
        }
        _ => Err(wrong(text, there, "an object")),
    }
}

/// Puts a value behind the last element of an array, or in front of the first one; the array and
/// what is around it are made where they are missing or `null`.
pub(in crate::place) fn add(
    text: &str,
    at: &[String],
    value: &Json,
    end: End,
) -> Result<String, Error> {
    if let Some(root) = read(text)? {
        unique(text, &root, at)?;
        match descend(text, &root, at)? {
            Some(there @ Value::Array(_)) => {
                let path = path(text, &root, at)?;
                let style = Style::of(text, Some(&root), &path);
                let layout = style.layout(text, there);
                let item = style.item(None, value, &layout);
                return Ok(match end {
                    End::First => list(text, there).with_head(&item, &layout),
                    End::Last => list(text, there).with(&item, &layout),
                });
            }
            None => {}
            Some(Value::NullKeyword(_)) if !at.is_empty() => {}
            Some(other) => return Err(wrong(text, other, "an array")),
        }
    }
    set(text, at, &Json::Array(vec![value.clone()]), Make::All)
}

/// Takes out a member or an element with its comma and the comment behind it on its line, or
/// the whole value of a document. Nothing there: nothing changes.
pub(in crate::place) fn remove(text: &str, at: &[String]) -> Result<String, Error> {
    let Some(root) = read(text)? else {
        return Ok(text.to_owned());
    };
    unique(text, &root, at)?;
    let Some((name, above)) = at.split_last() else {
        return Ok(without_root(text, &root));
    };
    if descend(text, &root, at)?.is_none() {
        return Ok(text.to_owned());
    }
    let Some(above) = descend(text, &root, above)? else {
        return Ok(text.to_owned());
    };
    let items = list(text, above);
    match above {
        Value::Object(object) => {
            let index = object
                .properties
                .iter()
                .position(|member| member.name.as_str() == name);
            Ok(items.without(index.unwrap_or_default()))
        }
        Value::Array(_) => Ok(items.without_closed(index(name).unwrap_or_default())),
        _ => Ok(text.to_owned()),
    }
}

/// Where a member or element is, with its name, and where its value is.
pub(in crate::place) fn spans(text: &str, at: &[String]) -> Result<Option<Spans>, Error> {
    let Some(root) = read(text)? else {
        return Ok(None);
    };
    let Some(value) = descend(text, &root, at)? else {
        return Ok(None);
    };
    let range = |value: &Value<'_>| value.start()..value.end();
    let mut whole = range(value);
    if let Some((name, above)) = at.split_last()
        && let Some(Value::Object(object)) = descend(text, &root, above)?
        && let Some(member) = member(text, object, name)?
    {
        whole = member.range.start..member.range.end;
    }
    Ok(Some(Spans {
        whole,
        value: Some(range(value)),
    }))
}

/// The values from the root on, as far as the steps are there.
fn path<'v, 'a>(
    text: &str,
    root: &'v Value<'a>,
    at: &[String],
) -> Result<Vec<&'v Value<'a>>, Error> {
    let mut path = vec![root];
    for step in at {
        let there = path[path.len() - 1];
        match descend(text, there, std::slice::from_ref(step))? {
            Some(next) => path.push(next),
            None => break,
        }
    }
    Ok(path)
}

/// A document around a value, behind the comments that are all there is.
fn whole(text: &str, value: &Json) -> String {
    let style = Style::of(text, None, &[]);
    let value = style.instead(value, Some(""));
    if text.is_empty() || text.ends_with(['\n', '\r']) {
        format!("{text}{value}{}", style.end)
    } else {
        // As before, the file does not end with a line end.
        format!("{text}{}{value}", style.end)
    }
}

/// The reverse of [`whole`].
fn without_root(text: &str, root: &Value<'_>) -> String {
    let (before, after) = (&text[..root.start()], &text[root.end()..]);
    if after.is_empty() {
        let end = ["\r\n", "\n", "\r"]
            .into_iter()
            .find(|end| before.ends_with(end));
        return before[..before.len() - end.map_or(0, str::len)].to_owned();
    }
    format!("{before}{}", &after[end_at(after, 0, "").len()..])
}

/// A value in place of the last one of a path.
fn instead(text: &str, path: &[&Value<'_>], value: &Json) -> String {
    let there = path[path.len() - 1];
    let style = Style::of(text, path.first().copied(), path);
    let in_lines = path
        .len()
        .checked_sub(2)
        .is_none_or(|above| list(text, path[above]).own_line());
    let indent = in_lines.then(|| line_indent(text, there.start()));
    format!(
        "{}{}{}",
        &text[..there.start()],
        style.instead(value, indent),
        &text[there.end()..]
    )
}

fn wrong(text: &str, there: &Value<'_>, want: &str) -> Error {
    let what = format!("{want} was expected, not {}", kind(there));
    invalid(text, there.start(), &what)
}

/// Refuses an object on the way that has any name twice: its writer meant something else than
/// what its readers see.
fn unique(text: &str, root: &Value<'_>, at: &[String]) -> Result<(), Error> {
    for value in path(text, root, at)? {
        let Value::Object(object) = value else {
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

#[cfg(test)]
mod tests;
