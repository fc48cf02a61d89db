//! Which manifests were trusted: where each is, and a digest of what was in it then.

use aws_lc_rs::digest::{SHA256, digest as hash};
use serde::{Deserialize, Serialize};

/// The version of the file that we write; a newer one is refused, not rewritten.
const VERSION: u32 = 1;

/// All of them.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    version: u32,
    trusted: Vec<Trusted>,
}

/// A manifest that was trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// Where it is; its folder without links.
    pub path: String,
    /// What was in it: the SHA-256, in hex.
    pub sha256: String,
    /// What our own edit is about to put there, which is trusted as well: a run that ends in
    /// between leaves either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// When it was trusted, in unix seconds.
    pub at: i64,
}

impl Trusted {
    /// Whether this text is trusted.
    pub fn covers(&self, sha256: &str) -> bool {
        self.sha256 == sha256 || self.next.as_deref() == Some(sha256)
    }
}

/// Why the file cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// A newer program wrote it.
    Newer,
    /// It is not what we write.
    Damaged,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            version: VERSION,
            trusted: Vec::new(),
        }
    }
}

impl Book {
    /// Reads the file.
    pub fn read(text: &[u8]) -> Result<Self, Unread> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        match serde_json::from_slice::<Self>(text) {
            Ok(book) if book.version == VERSION => Ok(book),
            _ if serde_json::from_slice::<Version>(text).is_ok_and(|it| it.version > VERSION) => {
                Err(Unread::Newer)
            }
            _ => Err(Unread::Damaged),
        }
    }

    /// The text of the file.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// What was trusted at that path.
    pub fn at(&self, path: &str) -> Option<&Trusted> {
        self.trusted.iter().find(|one| one.path == path)
    }

    /// Trusts what is at a path now, in place of what was there.
    pub fn trust(&mut self, new: Trusted) {
        self.trusted.retain(|one| one.path != new.path);
        self.trusted.push(new);
    }
}

/// The digest of the text of a manifest.
pub fn digest(text: &[u8]) -> String {
    hex::encode(hash(&SHA256, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusted(path: &str, text: &str) -> Trusted {
        Trusted {
            path: path.to_owned(),
            sha256: digest(text.as_bytes()),
            next: None,
            at: 100,
        }
    }

    #[test]
    fn a_path_is_trusted_once_with_its_last_content() {
        let mut book = Book::default();
        for (path, text) in [("/a", "1"), ("/b", "2"), ("/a", "3")] {
            book.trust(trusted(path, text));
        }
        assert_eq!(book.at("/a"), Some(&trusted("/a", "3")));
        assert_eq!(book.at("/b"), Some(&trusted("/b", "2")));
        assert_eq!(book.at("/c"), None);
        let text = book.text().unwrap();
        assert_eq!(Book::read(text.as_bytes()), Ok(book));
    }

    #[test]
    fn a_text_about_to_be_written_is_trusted_too() {
        let mut book = Book::default();
        book.trust(Trusted {
            next: Some(digest(b"2")),
            ..trusted("/a", "1")
        });
        let text = book.text().unwrap();
        let book = Book::read(text.as_bytes()).unwrap();
        for (text, want) in [("1", true), ("2", true), ("3", false)] {
            let covered = book
                .at("/a")
                .is_some_and(|it| it.covers(&digest(text.as_bytes())));
            assert_eq!(covered, want, "{text}");
        }
    }

    #[test]
    fn what_is_not_ours_is_not_believed() {
        #[rustfmt::skip]
        let cases = [
            (r#"{"version":1,"trusted":[]}"#,                   Ok(Book::default())),
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
