//! Results to text: tables, JSON documents, errors in words. Pure; writing is the terminal's.

use crate::error::{Error, Errors};
use crate::json::Json;

/// How the reader's terminal wants it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Columns; `None` when it goes into a pipe or file.
    pub width: Option<u16>,
}

impl Style {
    /// Red: refusals and errors.
    pub fn bad(&self, text: &str) -> String { todo!("{text}") }
    /// Green: what is well.
    pub fn good(&self, text: &str) -> String { todo!("{text}") }
    /// Yellow: warnings, and what ends soon.
    pub fn warn(&self, text: &str) -> String { todo!("{text}") }
    /// Dim: what matters less.
    pub fn dim(&self, text: &str) -> String { todo!("{text}") }
    /// Bold: names of things.
    pub fn bold(&self, text: &str) -> String { todo!("{text}") }
}

/// Makes text from outside safe to show: C0, C1, DEL, bidi and other invisible controls become `\u{..}`.
pub fn escape(text: &str) -> String {
    todo!("{text}")
}

/// A table without lines: dim upper-case heads, two blanks between columns, fitted to the width
/// (no width: never wrapped). Cells are escaped unless they carry our own colours.
pub fn table(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    todo!("{heads:?}{rows:?}{style:?}")
}

/// `name  value` lines, names dim and padded to one width; values wrapped with a hanging indent
/// when there is a width.
pub fn pairs(rows: &[(String, String)], style: Style) -> String {
    todo!("{rows:?}{style:?}")
}

/// `error: ..` and, where there is one, `hint: ..`, for every problem.
pub fn errors(errors: &Errors, style: Style) -> String {
    todo!("{errors:?}{style:?}")
}

/// `warning: ..` with its hint.
pub fn warning(warning: &Error, style: Style) -> String {
    todo!("{warning:?}{style:?}")
}

/// The one JSON document of a command: `ok` first, then `body`, then `warnings` and `errors`
/// (`{code, claim?, place?, message, hint?}`), indented by two, with a line end.
pub fn document(ok: bool, body: Vec<(&str, Json)>, warnings: &[Error], errors: &[Error]) -> String {
    todo!("{ok}{body:?}{warnings:?}{errors:?}")
}

/// The same as one line, for JSON Lines.
pub fn document_line(ok: bool, body: Vec<(&str, Json)>, warnings: &[Error], errors: &[Error]) -> String {
    todo!("{ok}{body:?}{warnings:?}{errors:?}")
}
