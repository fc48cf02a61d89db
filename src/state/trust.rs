//! Which manifests were trusted: where each is, and a digest of what was in it then.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest::{SHA256, digest as hash};
use serde::{Deserialize, Serialize};

use super::Document;

/// All of them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Where each place of it was seen to lead, by the place as the manifest has it: a link of its
    /// folder may lead elsewhere by now, and a config say something else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub leads: BTreeMap<String, Lead>,
    /// When it was trusted, in unix seconds.
    pub at: i64,
}

/// Where a place was seen to lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// The files outside of the manifest's folder, without links.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub files: BTreeSet<String>,
    /// The SHA-256, in hex, of where its server entry sends a token: that may hold a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

impl Trusted {
    /// Whether this text is trusted.
    pub fn covers(&self, sha256: &str) -> bool {
        self.sha256 == sha256 || self.next.as_deref() == Some(sha256)
    }
}

impl Document for Book {
    const VERSION: u32 = 1;

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Book {
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
            leads: BTreeMap::new(),
            at: 100,
        }
    }

    #[test]
    fn a_path_is_trusted_once_with_its_last_content() {
        let mut book = Book::new();
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
    fn one_of_before_led_nowhere() {
        let text = br#"{"version": 1, "trusted": [{"path": "/a", "sha256": "0", "outside": ["/b"], "at": 100}]}"#;
        let book = Book::read(text).unwrap();
        assert!(book.at("/a").is_some_and(|one| one.leads.is_empty()));
    }

    #[test]
    fn a_text_about_to_be_written_is_trusted_too() {
        let mut book = Book::new();
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
}
