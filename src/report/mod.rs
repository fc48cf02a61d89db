//! Results to text: tables, JSON documents, errors in words. Pure; writing is the terminal's.
//!
//! - `style`: colour, and what makes text from outside safe to show
//! - `table`: tables and `name  value` lists, fitted to the terminal
//! - `words`: errors, warnings, instants
//! - `document`: what `--json` writes

mod document;
mod style;
mod table;
mod words;

pub use document::{document, document_line, problem};
pub use style::escape;
pub use table::{pairs, table};
pub use words::{errors, expires, warning};

/// How the reader's terminal wants it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Columns; `None` when it goes into a pipe or file.
    pub width: Option<u16>,
}
