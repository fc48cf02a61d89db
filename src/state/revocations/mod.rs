//! Which tokens were revoked. Pure: what is in the list, and whether it covers a token; `text` is
//! how it stands in a file.
//!
//! Tokens are named by what stays the same however they are spelled: issuer and `jti`, issuer and
//! subject, key, or the run that made them. Never by a digest of their text, which a change of a
//! padding character would evade.

#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, HashSet};

pub use self::text::Unread;
use super::ledger::Record;
use crate::error::Code;
use crate::json::Json;
use crate::token::{Failure, NumericDate, Verdict};

/// After how many seconds nobody accepts a token that has ended: a verifier may be told of a leeway.
const AFTER: i64 = 86_400;

/// How many seconds an entry outlives the tokens it is about: a clock that was ahead for a while
/// must not bring them back.
const KEPT: i64 = 30 * 86_400;

/// What was revoked, in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// One token.
    Token {
        /// Its `iss`, where it has one.
        iss: Option<String>,
        /// Its `jti`.
        jti: String,
    },
    /// The tokens of a subject, up to a second.
    Subject {
        /// Their `iss`, where they have one.
        iss: Option<String>,
        /// Their `sub`.
        sub: String,
    },
    /// Every token of a key.
    Key {
        /// Its `kid`.
        kid: String,
    },
    /// Every token that one run of `issue --from` made.
    Run {
        /// What their `jti` begin with.
        id: String,
    },
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was revoked.
    pub what: What,
    /// Of a subject: its tokens with an `iat` up to this second. Of anything else: none.
    pub until: Option<i64>,
    /// When it was revoked, in unix seconds.
    pub at: i64,
    /// When the last of these tokens ends; `None`: never, or nobody knows, so the entry stays.
    pub exp: Option<i64>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// What of a token decides whether it was revoked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traits<'t> {
    /// Its `iss`.
    pub iss: Option<&'t str>,
    /// Its `jti`.
    pub jti: Option<&'t str>,
    /// Its `sub`.
    pub sub: Option<&'t str>,
    /// Its `iat`, in whole seconds, rounded down.
    pub iat: Option<i64>,
    /// The key that it names, and the one that signed it, which may have another name.
    pub kids: [Option<&'t str>; 2],
    /// The run of `issue --from` that made it, where its `jti` is not known to say so.
    pub run: Option<&'t str>,
}

impl<'t> Traits<'t> {
    /// Those of a token with these claims and keys.
    pub fn of(claims: &'t Json, kids: [Option<&'t str>; 2]) -> Self {
        let text = |name: &str| claims.get(name).and_then(Json::as_str);
        Self {
            iss: text("iss"),
            jti: text("jti"),
            sub: text("sub"),
            iat: claims
                .get("iat")
                .and_then(NumericDate::from_json)
                .map(NumericDate::seconds),
            kids,
            run: None,
        }
    }

    /// Those of the token that a record of the ledger is about, or of all of a batch.
    pub fn recorded(record: &'t Record) -> Self {
        let names = [&record.iss, &record.jti, &record.sub, &record.kid];
        Self::named(names.map(String::as_str), record.iat, record.run.as_deref())
    }

    /// Those of issuer, id, subject and key, where none of them is empty; `iat` in unix seconds.
    pub(super) fn named(names: [&'t str; 4], iat: i64, run: Option<&'t str>) -> Self {
        let [iss, jti, sub, kid] = names.map(|name| (!name.is_empty()).then_some(name));
        Self {
            iss,
            jti,
            sub,
            iat: Some(iat),
            kids: [kid, None],
            run,
        }
    }
}

/// When a new token of a subject begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// With this `iat`, now.
    Now(i64),
    /// With this one, once that second has come.
    Soon(i64),
}

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revocations(BTreeMap<What, Entry>);

impl Revocations {
    /// The entries, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }

    /// Whether nothing was revoked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entry that covers a token, the most particular one first.
    ///
    /// Without an `iat` a token cannot show that it is younger than the revocation of its subject.
    pub fn covers(&self, token: &Traits<'_>) -> Option<&Entry> {
        if self.is_empty() {
            return None;
        }
        let iss = || token.iss.map(str::to_owned);
        let by_token = token.jti.and_then(|jti| {
            let (iss, jti) = (iss(), jti.to_owned());
            self.0.get(&What::Token { iss, jti })
        });
        let by_subject = || {
            let entry = self.subject(token.iss, token.sub?)?;
            let is_younger = token
                .iat
                .zip(entry.until)
                .is_some_and(|(iat, until)| iat > until);
            (!is_younger).then_some(entry)
        };
        let by_run = || {
            let id = token.run.or_else(|| run_of(token.jti?))?.to_owned();
            self.0.get(&What::Run { id })
        };
        let by_key = || {
            let of = |kid: &str| {
                let kid = kid.to_owned();
                self.0.get(&What::Key { kid })
            };
            token.kids.into_iter().flatten().find_map(of)
        };
        by_token.or_else(by_subject).or_else(by_run).or_else(by_key)
    }

    /// Refuses a token that was revoked. Of one whose signature does not hold nothing is known.
    pub fn judge(&self, verdict: &mut Verdict) {
        let Some(claims) = &verdict.claims else {
            return;
        };
        verdict.checked.push("revocation".into());
        if self.is_empty() {
            return;
        }
        let named = verdict.header.as_ref().and_then(|header| header.kid());
        let signer = verdict.key.as_ref().map(|key| key.kid.as_str());
        let kids = [named, signer];
        if let Some(entry) = self.covers(&Traits::of(claims, kids)) {
            verdict.failures.push(entry.failure());
            verdict.failures.sort_by_key(|failure| failure.code);
        }
    }

    /// The entry of a key.
    pub fn key(&self, kid: &str) -> Option<&Entry> {
        let kid = kid.to_owned();
        self.0.get(&What::Key { kid })
    }

    /// When a token begins that is minted for this subject at this second: behind the revocation of
    /// its older ones, for the usual `iat` lies a few seconds back. One that was to be minted as of
    /// long ago stays as it is.
    pub fn begin(&self, (iss, sub): (&str, &str), (at, iat): (i64, i64)) -> Begin {
        let until = self.subject(Some(iss), sub).and_then(|entry| entry.until);
        match until.map(|until| until.saturating_add(1)) {
            Some(first) if iat < first && at >= first => Begin::Now(first),
            Some(first) if iat < first && at == first - 1 => Begin::Soon(first),
            _ => Begin::Now(iat),
        }
    }

    /// The subjects of this issuer some of whose tokens were revoked, where nothing else of the list can
    /// be about a token of this key and run; nothing where something is.
    pub fn subjects_alone(&self, iss: &str, kid: &str, run: &str) -> Option<HashSet<&str>> {
        let mut subjects = HashSet::new();
        for entry in self.iter() {
            let is_about = match &entry.what {
                What::Token { jti, .. } => run_of(jti) == Some(run),
                What::Key { kid: its } => its == kid,
                What::Run { id } => id == run,
                What::Subject { iss: its, sub } => {
                    if its.as_deref() == Some(iss) {
                        subjects.insert(sub.as_str());
                    }
                    false
                }
            };
            if is_about {
                return None;
            }
        }
        Some(subjects)
    }

    fn subject(&self, iss: Option<&str>, sub: &str) -> Option<&Entry> {
        let (iss, sub) = (iss.map(str::to_owned), sub.to_owned());
        self.0.get(&What::Subject { iss, sub })
    }

    /// Adds an entry; says whether that revokes anything that was not revoked before.
    ///
    /// What is there already keeps the time and, unless there is a new one, the reason of its
    /// first revocation; ends only move away.
    pub fn add(&mut self, new: Entry) -> bool {
        let Some(old) = self.0.get_mut(&new.what) else {
            self.0.insert(new.what.clone(), new);
            return true;
        };
        let is_more = new.until > old.until;
        if is_more {
            (old.until, old.at) = (new.until, new.at);
        }
        old.exp = old.exp.zip(new.exp).map(|(old, new)| old.max(new));
        if new.reason.is_some() {
            old.reason = new.reason;
        }
        is_more
    }

    /// Takes everything in that another list has.
    pub fn join(&mut self, other: Self) {
        for entry in other.0.into_values() {
            self.add(entry);
        }
    }

    /// Forgets the entries whose tokens ended a month ago.
    pub fn prune(&mut self, now: i64) {
        let is_kept = |exp: i64| exp.saturating_add(KEPT) > now;
        self.0.retain(|_, entry| entry.exp.is_none_or(is_kept));
    }
}

impl Entry {
    /// Whether its tokens have all ended, for a day now.
    pub fn is_over(&self, now: i64) -> bool {
        self.exp.is_some_and(|exp| exp.saturating_add(AFTER) <= now)
    }

    /// As a failing check: `found` is what else was revoked with the token, `expected` why.
    pub fn failure(&self) -> Failure {
        let (claim, others) = match &self.what {
            What::Token { .. } => ("jti", String::new()),
            What::Subject { .. } => ("sub", "its subject".to_owned()),
            What::Run { id } => ("jti", format!("run `{id}`")),
            What::Key { kid } => ("kid", format!("key `{kid}`")),
        };
        Failure {
            code: Code::Revoked,
            claim: Some(claim.to_owned()),
            found: others,
            expected: self.reason.clone().unwrap_or_default(),
            at: Some(self.at),
        }
    }
}

/// The run of `issue --from` that a `jti` is of: 32 hexadecimal digits, in lower case, that are
/// the run's, then `-` and the number of the line.
pub fn run_of(jti: &str) -> Option<&str> {
    let (run, line) = jti.split_once('-')?;
    let is_number = !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit());
    (is_run(run) && is_number).then_some(run)
}

/// Whether a text is the id of a run.
pub fn is_run(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
