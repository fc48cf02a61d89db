//! What a ledger knows of the tokens that a key has signed.

use std::collections::HashSet;

use super::{Event, Ledger, Record};

impl Ledger {
    /// Every token that was signed with the key of that `kid`, once, and every batch of them: its
    /// tokens have no records of their own.
    pub fn signed_with(&self, kid: &str) -> Vec<&Record> {
        let mut known = HashSet::new();
        let records = self.records.iter().filter(|record| record.kid == kid);
        records
            .filter(|record| record.named().is_some_and(|name| known.insert(name)))
            .collect()
    }
}

impl Record {
    /// By which a token or a batch of them is told from others; nothing where it is about a key or
    /// a subject. Tokens that others made may have no id.
    fn named(&self) -> Option<(&str, &str, Option<i64>)> {
        let Self { jti, sub, exp, .. } = self;
        match (self.event, self.run.as_deref()) {
            _ if !jti.is_empty() => Some((jti, "", None)),
            (Event::Issued, Some(run)) => Some((run, "", None)),
            (Event::Installed, _) => Some(("", sub, *exp)),
            _ => None,
        }
    }
}
