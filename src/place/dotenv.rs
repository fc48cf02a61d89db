//! One variable of a `.env` file: find, set, remove; every other byte stays.

use crate::error::Error;

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

/// Whether it is a name that every dialect takes: `[A-Za-z_][A-Za-z0-9_]*`.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Reads a variable. Errors name line and column.
pub fn get(text: &str, name: &str) -> Result<Value, Error> {
    todo!("{text}{name}")
}

/// Sets a variable to a value that every dialect reads the same; replaces it in its line, or
/// appends a line in the file's own style.
pub fn set(text: &str, name: &str, value: &str) -> Result<String, Error> {
    todo!("{text}{name}{value}")
}

/// Removes the line of a variable.
pub fn remove(text: &str, name: &str) -> Result<String, Error> {
    todo!("{text}{name}")
}
