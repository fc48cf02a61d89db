//! Where the assignments of a `.env` file begin and end.
//!
//! All dialects see the same extents, but for quotes: some let a quoted value run over several
//! lines, and what stands inside is no variable. Where it cannot be known how far a value goes,
//! the file is refused.

use std::ops::Range;

use super::invalid;
use crate::error::Error;
use crate::place::is_conflict;

/// One assignment, by where its parts are in the text.
#[derive(Debug)]
pub(super) struct Assignment<'a> {
    pub(super) name: &'a str,
    /// `export ` stands before the name.
    pub(super) export: bool,
    /// Blanks stand between name and `=`.
    pub(super) spaced: bool,
    /// The lines it takes, with their line ends.
    pub(super) line: Range<usize>,
    /// Where `export` or the name begins.
    pub(super) start: usize,
    /// Where the `=` is.
    pub(super) equals: usize,
    /// The value with its quotes, without the blanks around it and the comment behind it.
    pub(super) value: Range<usize>,
    /// Where the last line ends, before the line end.
    pub(super) end: usize,
    /// The text from behind `=` to `end`.
    pub(super) raw: &'a str,
    /// Blanks and comment behind the value: the comment, from its `#`.
    pub(super) comment: Option<&'a str>,
    /// The file has lines that end with CR LF.
    pub(super) crlf: bool,
}

impl Assignment<'_> {
    /// Whether a comment may stay behind a value: who takes it for a part of that reads no such line.
    pub(super) fn keeps_comment(&self) -> bool {
        self.export || self.spaced
    }

    /// Where the value ends, and what stands between it and a comment begins.
    pub(super) fn before_comment(&self) -> usize {
        if self.value.is_empty() {
            self.equals + 1
        } else {
            self.value.end
        }
    }
}

/// Every assignment of a text without byte order mark, in order.
pub(super) fn assignments(text: &str) -> Result<Vec<Assignment<'_>>, Error> {
    if let Some((at, _)) = text
        .match_indices('\r')
        .find(|(at, _)| !text[*at..].starts_with("\r\n"))
    {
        return Err(invalid(text, at, "a carriage return without a line feed"));
    }
    let crlf = text.contains('\r');
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if is_conflict(&text[at..]) {
            return Err(invalid(text, at, "a merge conflict is not resolved"));
        }
        match assignment(text, at, crlf)? {
            Some(one) => {
                at = one.line.end;
                found.push(one);
            }
            None => at = next_line(text, at),
        }
    }
    Ok(found)
}

fn assignment(text: &str, line_start: usize, crlf: bool) -> Result<Option<Assignment<'_>>, Error> {
    let line = &text[line_start..line_end(text, line_start)];
    let start = line_start + blanks(line);
    let body = text[start..line_start + line.len()].trim_end();
    let Some((left, _)) = body.split_once('=').filter(|_| !body.starts_with('#')) else {
        return Ok(None);
    };
    let equals = start + left.len();
    let (export, name) = match left.strip_prefix("export") {
        Some(rest) if rest.starts_with(is_blank) => (true, rest.trim_start_matches(is_blank)),
        _ => (false, left),
    };
    let spaced = name.ends_with(is_blank);
    let name = name.trim_end_matches(is_blank);

    let value_start = equals + 1 + blanks(&text[equals + 1..line_end(text, equals)]);
    let value = value_start..value_end(text, value_start)?;
    let end = line_end(text, value.end);
    let rest = &text[value.end..end];
    Ok(Some(Assignment {
        name,
        export,
        spaced,
        line: line_start..next_line(text, end),
        start,
        equals,
        end,
        raw: &text[equals + 1..end],
        comment: rest.find('#').map(|at| &rest[at..]),
        value,
        crlf,
    }))
}

/// Where a value ends: behind its closing quote, or before the blanks and the comment behind it.
fn value_end(text: &str, start: usize) -> Result<usize, Error> {
    let line = &text[start..line_end(text, start)];
    let quote = line
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'));
    let Some(quote) = quote else {
        return Ok(bare(text, start));
    };
    // A backslash before a quote hides it from most dialects, but not at the price of reading
    // the next lines: `'C:\dir\'`.
    let same = closing(line, quote).or_else(|| closing_literal(line, quote));
    if let Some(end) = same {
        let rest = line[end..].trim_start_matches(is_blank);
        // `"a"b` is one word to a shell and no quoted value to anybody else.
        let quoted = rest.is_empty() || rest.starts_with('#');
        return Ok(if quoted {
            start + end
        } else {
            bare(text, start)
        });
    }
    let Some(end) = closing(&text[start..], quote) else {
        return if quote == '`' {
            // Only one dialect knows this quote; unclosed it is a character for it, too.
            Ok(bare(text, start))
        } else {
            Err(invalid(text, start, "a quoted value does not end"))
        };
    };
    let end = start + end;
    let rest = text[end..line_end(text, end)].trim_start_matches(is_blank);
    if rest.is_empty() || rest.starts_with('#') {
        Ok(end)
    } else {
        Err(invalid(
            text,
            end,
            "a quoted value of several lines goes on behind its quote",
        ))
    }
}

/// Behind the closing quote of a text that starts with that quote; a backslash hides the
/// character after it.
pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut hidden = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !hidden {
            return Some(at + 1);
        }
        hidden = c == '\\' && !hidden;
    }
    None
}

/// The same where a backslash is a character like any other.
pub(super) fn closing_literal(text: &str, quote: char) -> Option<usize> {
    Some(text[1..].find(quote)? + 2)
}

/// A bare value from `start` on, without what follows it: blanks, and a comment, whose `#` has a
/// blank before it.
fn bare(text: &str, start: usize) -> usize {
    let line = &text[..line_end(text, start)];
    let comment = line[start..]
        .match_indices('#')
        .find(|(at, _)| line[..start + at].ends_with(is_blank));
    let end = comment.map_or(line.len(), |(at, _)| start + at);
    start + line[start..end].trim_end_matches(is_blank).len()
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// How many bytes of blanks a text starts with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

/// The end of the line, before CR LF or LF.
fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length);
    if end > at && text[..end].ends_with('\r') {
        end - 1
    } else {
        end
    }
}

fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |length| at + length + 1)
}
