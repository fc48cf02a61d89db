//! One value of a TOML file.

use crate::error::Error;

/// The string at a dotted key; `None` when nothing is there. Errors name line and column.
pub fn get(text: &str, key: &str) -> Result<Option<String>, Error> {
    todo!("{text}{key}")
}
