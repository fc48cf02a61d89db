//! What the editors of all formats know of text.

use crate::error::{Code, Error};

/// An error about the text of a file, with line and column (both from 1, columns in characters).
pub(crate) fn invalid(text: &str, offset: usize, what: &str) -> Error {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().count() + 1;
    Error::new(
        Code::PlaceInvalid,
        format!("line {line}, column {column}: {what}"),
    )
}

/// Whether a line is one of the marks that a merge leaves behind.
pub(super) fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// The error for the first mark that a merge left in a text.
pub(super) fn conflict(text: &str) -> Option<Error> {
    let mut at = 0;
    let line = text.split_inclusive('\n').find(|line| {
        let found = is_conflict(line);
        at += if found { 0 } else { line.len() };
        found
    });
    line.map(|_| invalid(text, at, "a merge conflict is not resolved"))
}

/// A name from a file, safe to repeat: no control characters, at most 40 characters.
pub(crate) fn shown(name: &str) -> String {
    let mut out: String = name.chars().flat_map(char::escape_debug).take(40).collect();
    if name.chars().count() > 40 {
        out.push('…');
    }
    out
}

/// The byte order mark some editors write, and the text after it.
pub(crate) fn split_bom(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    })
}
