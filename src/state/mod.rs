//! What mcpjwt remembers, as text: records to lines and back. Pure; reading and appending is
//! `session`'s.

pub mod keys;
pub mod ledger;
pub mod revocations;
pub mod trust;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A file that is one JSON document with the version of it; a newer one is refused, not rewritten.
pub trait Document: Default + Serialize + DeserializeOwned {
    /// The version that we write.
    const VERSION: u32;

    /// The version of this one.
    fn version(&mut self) -> &mut u32;

    /// An empty one.
    fn new() -> Self {
        let mut new = Self::default();
        *new.version() = Self::VERSION;
        new
    }

    /// Reads the file.
    fn read(text: &[u8]) -> Result<Self, Unread> {
        #[derive(serde::Deserialize)]
        struct Version {
            version: u32,
        }
        if let Ok(mut document) = serde_json::from_slice::<Self>(text)
            && *document.version() == Self::VERSION
        {
            return Ok(document);
        }
        match serde_json::from_slice::<Version>(text) {
            Ok(found) if found.version > Self::VERSION => Err(Unread::Newer),
            _ => Err(Unread::Damaged),
        }
    }

    /// The text of the file.
    fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

/// Why a file cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// A newer program wrote it.
    Newer,
    /// It is not what we write.
    Damaged,
}

#[cfg(test)]
mod tests {
    use super::trust::Book;
    use super::*;

    #[test]
    fn what_is_not_ours_is_not_believed() {
        #[rustfmt::skip]
        let cases = [
            (r#"{"version":1,"trusted":[]}"#,                   Ok(Book::new())),
            (r#"{"version":2,"trusted":{"a":1}}"#,              Err(Unread::Newer)),
            (r#"{"version":0,"trusted":[]}"#,                   Err(Unread::Damaged)),
            (r#"{"version":1,"trusted":[{"path":"/a"}]}"#,      Err(Unread::Damaged)),
            (r#"{"version":1,"trusted":["#,                     Err(Unread::Damaged)),
            ("",                                                Err(Unread::Damaged)),
        ];
        for (text, want) in cases {
            assert_eq!(Book::read(text.as_bytes()), want, "{text}");
        }
    }
}
