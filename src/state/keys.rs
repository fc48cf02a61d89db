//! What is known of keys whose places cannot carry it: when each was made, and until when
//! it is accepted. By `kid`; never a key. When the last of its tokens ends is asked of the ledger and
//! the places at the rotation, and is in that date then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Document;

/// All of them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    version: u32,
    keys: BTreeMap<String, Known>,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// When it was made, in unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Until when it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_until: Option<i64>,
}

impl Document for Keys {
    const VERSION: u32 = 1;

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Keys {
    /// What is known of the key of that `kid`.
    pub fn of(&self, kid: &str) -> Known {
        self.keys.get(kid).copied().unwrap_or_default()
    }

    /// Drops what is known of a key.
    pub fn forget(&mut self, kid: &str) {
        self.keys.remove(kid);
    }

    /// Keeps what is known of a key now, over what was known before: what is `None` stays as it was.
    pub fn learn(&mut self, kid: &str, known: Known) {
        let before = self.keys.entry(kid.to_owned()).or_default();
        *before = Known {
            created: known.created.or(before.created),
            accepted_until: known.accepted_until.or(before.accepted_until),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_learned_of_a_key_is_read_back() {
        let mut keys = Keys::new();
        let known = |created, accepted_until| Known {
            created,
            accepted_until,
        };
        keys.learn("a", known(Some(1), None));
        keys.learn("a", known(None, Some(5)));
        keys.learn("b", known(None, None));
        assert_eq!(keys.of("a"), known(Some(1), Some(5)));
        assert_eq!(keys.of("c"), Known::default());
        keys.learn("d", known(Some(1), None));
        keys.forget("d");
        assert_eq!(keys.of("d"), Known::default());
        let text = keys.text().unwrap();
        assert!(text.starts_with("{\n  \"version\": 1,\n"), "{text}");
        assert_eq!(Keys::read(text.as_bytes()), Ok(keys));
    }
}
