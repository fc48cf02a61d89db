//! The ledger: what was issued and where it was put, a JSON line a record. History only: never
//! a token, never a secret.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::key::rotation::Last;

pub use self::reading::{Brief, Reading, read};
use super::trust::digest;
use crate::client;
use crate::token::{Claims, NumericDate};

/// The version of the records that we write; a newer one is refused, not guessed at.
pub const VERSION: u32 = 1;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A token was signed; it may or may not have arrived at its places.
    Issued,
    /// A token was signed in place of an older one, with the same claims.
    Refreshed,
    /// A token was written to its places.
    Installed,
    /// A token was taken out of its places.
    Uninstalled,
    /// A key is about to be replaced: its `kid`, until when it is accepted, and where it is.
    Rotating,
    /// It was replaced, and its tokens as far as that was asked for.
    Rotated,
    /// A staged key was taken back.
    Unstaged,
    /// A token was revoked, or all of a subject, a key or a run: what of the record says which is
    /// not empty.
    Revoked,
}

impl Event {
    /// As it is called, in a line and for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Refreshed => "refreshed",
            Self::Installed => "installed",
            Self::Uninstalled => "uninstalled",
            Self::Revoked => "revoked",
            Self::Rotating => "rotating",
            Self::Rotated => "rotated",
            Self::Unstaged => "unstaged",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// When, in unix seconds.
    pub at: i64,
    /// What happened.
    pub event: Event,
    /// The token's `jti`.
    pub jti: String,
    /// Its `sub`.
    pub sub: String,
    /// Its `iss`.
    pub iss: String,
    /// Its `aud`.
    pub aud: Vec<String>,
    /// The `kid` of the key it was signed with.
    pub kid: String,
    /// Its `iat`, in unix seconds.
    pub iat: i64,
    /// Its `exp`, in unix seconds; an opaque token has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The places it goes to, as on the command line but absolute; empty for standard output.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// The `kid` of the key that takes the place of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Until when the key that goes is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// How many tokens of a batch were made; while it is not over nobody knows. Their `exp` is then
    /// the latest one, and `jti` and `sub` are empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The number of the last line of a batch that became a token, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
    /// The issuers of a batch besides its `iss`, where its lines could have some: while it is not over
    /// nobody knows them, nor where they are too many, and then the list is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<String>>,
    /// What was made around the value, by place, where something was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub made: BTreeMap<String, Made>,
    /// The text that stands for a token which is somewhere else, by place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refers: BTreeMap<String, String>,
    /// By which an opaque value is known again, by place: see [`seal`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seals: BTreeMap<String, String>,
    /// Places whose value went when this one came: what was made for them is left to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<String>,
    /// The run of `issue --from` that was minted or revoked: the `jti` of each of its tokens is
    /// this, `-`, and the number of its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Why something was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an install made in a file, so that it can be taken out again: names, and 16 bits of a hash
/// of each value that is no token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Whether there was no document at all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub absent: bool,
    /// RFC 6901 pointers of every leaf that was added.
    pub leaves: Vec<String>,
    /// The topmost nodes that hold nothing but these.
    pub tops: Vec<Top>,
    /// What stood behind the `=` of a `.env` file before: blanks, quotes, a scheme, the `#` of a
    /// comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// By which it is seen that a leaf was changed since, by its pointer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<String, String>,
}

/// A topmost node that an install made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Top {
    /// Its RFC 6901 pointer.
    pub at: String,
    /// What was put in front of it, behind it, and what stood there instead: blanks, brackets,
    /// commas and `null`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seam: Option<[String; 3]>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A place that holds a token of the ledger.
#[derive(Debug, PartialEq, Eq)]
pub struct Installed<'l> {
    /// The place.
    pub place: &'l str,
    /// The record of the token that came there last.
    pub record: &'l Record,
    /// What was made for it when the first one came, and what is left of what was made for others.
    pub made: Option<Made>,
}

impl Installed<'_> {
    /// Takes over what another place leaves behind whose value was taken out: what was made for
    /// that one and could not go with it, for this value had come into it.
    fn inherit(&mut self, gone: &Self) {
        let (file, at) = gone.place.split_once('#').unwrap_or((gone.place, ""));
        let is_same = self
            .place
            .split_once('#')
            .is_some_and(|(own, _)| own == file);
        let (Some(made), Some(left)) = (self.made.as_mut().filter(|_| is_same), &gone.made) else {
            return;
        };
        let holds = |top: &&Top| made.leaves.iter().any(|leaf| is_below(leaf, &top.at));
        let tops: Vec<Top> = left.tops.iter().filter(holds).cloned().collect();
        let is_variable = left.tops.is_empty() && made.tops.is_empty();
        if tops.is_empty() && !is_variable {
            return;
        }
        let was = made.was.take();
        let left = left.without(gone.record, (gone.place, at));
        *made = std::mem::take(made).after(Made { tops, was, ..left });
    }

    /// The same of a place whose value went for this one.
    fn succeed(&mut self, gone: &Self) {
        let (_, at) = gone.place.split_once('#').unwrap_or((gone.place, ""));
        if let Some(left) = &gone.made {
            let left = left.without(gone.record, (gone.place, at));
            let own = self.made.take().unwrap_or_default();
            self.made = Some(own.after(left));
        }
    }
}

impl Made {
    /// What was made by two edits, this one the later.
    fn after(mut self, first: Self) -> Self {
        let is_new = |top: &Top| !first.tops.iter().any(|known| known.at == top.at);
        self.tops.retain(is_new);
        self.leaves.retain(|leaf| !first.leaves.contains(leaf));
        self.sums.extend(first.sums);
        Self {
            absent: first.absent || self.absent,
            leaves: [first.leaves, self.leaves].concat(),
            tops: [first.tops, self.tops].concat(),
            was: first.was.or(self.was),
            sums: self.sums,
        }
    }

    /// What is left of it without the value at a place. Whoever writes that one again is somebody
    /// else; what it was in may be empty now. A command stays, and only comes out of its wrapping.
    fn without(&self, record: &Record, (place, at): (&str, &str)) -> Self {
        let key = at.replace(['"', '\''], "");
        let is_value = |leaf: &str| leaf == at || leaf[1..].replace('/', ".") == key;
        let is_gone = |leaf: &str| is_value(leaf) && !record.wraps(place);
        let left = self.leaves.iter().filter(|leaf| !leaf.is_empty());
        let left = left.filter_map(|leaf| match leaf.rsplit_once('/') {
            Some((above, _)) if is_gone(leaf) => Some(above).filter(|above| !above.is_empty()),
            _ => Some(leaf),
        });
        Self {
            leaves: left.map(str::to_owned).collect(),
            ..self.clone()
        }
    }
}

/// Whether one pointer is another one or goes on from there.
fn is_below(pointer: &str, above: &str) -> bool {
    let rest = pointer.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Record {
    /// A record of nothing yet but that something happened, and when.
    pub fn new(event: Event, at: i64) -> Self {
        Self {
            version: VERSION,
            at,
            event,
            jti: String::new(),
            sub: String::new(),
            iss: String::new(),
            aud: Vec::new(),
            kid: String::new(),
            iat: 0,
            exp: None,
            places: Vec::new(),
            to: None,
            until: None,
            count: None,
            last: None,
            issuers: None,
            made: BTreeMap::new(),
            refers: BTreeMap::new(),
            seals: BTreeMap::new(),
            over: Vec::new(),
            run: None,
            reason: None,
        }
    }

    /// Whether it is of all the tokens of a batch.
    pub fn is_batch(&self) -> bool {
        self.event == Event::Issued && self.jti.is_empty() && self.run.is_some()
    }

    /// Takes over what is known of a batch later: that its tokens may end later, and once it is over
    /// all of it.
    fn end(&mut self, later: &Self) {
        if later.count.is_some() {
            self.count = later.count;
            self.last = later.last;
            self.exp = later.exp;
            self.issuers.clone_from(&later.issuers);
        } else if self.count.is_none() {
            self.exp = self.exp.max(later.exp);
        }
    }

    /// Whether what was put there is the program in front of a command.
    pub fn wraps(&self, place: &str) -> bool {
        let text = self.refers.get(place);
        text.is_some_and(|text| client::is_ours(text))
    }

    /// Whether a value at a place is the one that was put there, where that was no JWT.
    pub fn knows(&self, place: &str, value: &[u8]) -> bool {
        let refers = self.refers.get(place);
        let sealed = self.seals.get(place).and_then(|text| text.split_once(':'));
        refers.is_some_and(|text| text.as_bytes() == value)
            || sealed.is_some_and(|(salt, hash)| digest(&[salt.as_bytes(), value].concat()) == hash)
    }

    /// A record of a token with these claims; `kid` names its key.
    pub fn of(event: Event, at: i64, claims: &Claims, kid: &str) -> Self {
        let text = |name: &str| claims.text(name).unwrap_or_default().to_owned();
        let aud = claims.audiences();
        Self {
            jti: text("jti"),
            sub: text("sub"),
            iss: text("iss"),
            aud: aud.into_iter().map(str::to_owned).collect(),
            kid: kid.to_owned(),
            iat: claims.time("iat").map_or(0, NumericDate::seconds_up),
            exp: claims.time("exp").map(NumericDate::seconds_up),
            ..Self::new(event, at)
        }
    }

    /// The line, with its end.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|mut line| {
            line.push('\n');
            line
        })
    }

    /// Adds the same line to what is there.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        serde_json::to_writer(&mut *out, self)?;
        out.push(b'\n');
        Ok(())
    }
}

/// What is kept of an opaque value: salt and SHA-256 of both, in hex.
pub fn seal(salt: [u8; 16], value: &[u8]) -> String {
    let salt = hex::encode(salt);
    let hash = digest(&[salt.as_bytes(), value].concat());
    format!("{salt}:{hash}")
}

/// What a ledger says, and which lines of it could not be read.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Numbers of damaged lines, from 1.
    pub damaged: Vec<usize>,
    /// Whether a newer program wrote into it.
    pub newer: bool,
}

impl Ledger {
    /// Every place that holds a token, in the order in which the first one came.
    pub fn installed(&self) -> Vec<Installed<'_>> {
        let mut all = There::default();
        for record in &self.records {
            match record.event {
                Event::Installed => {
                    for place in &record.places {
                        all.put(place, record);
                    }
                    for place in &record.over {
                        let Some(gone) = all.take(place) else {
                            continue;
                        };
                        let is_own = |one: &&mut Installed<'_>| {
                            record.places.iter().any(|own| own == one.place)
                        };
                        for one in all.places.iter_mut().filter(is_own) {
                            one.succeed(&gone);
                        }
                    }
                }
                Event::Uninstalled => {
                    for place in &record.places {
                        let Some(gone) = all.take(place) else {
                            continue;
                        };
                        for one in &mut all.places {
                            one.inherit(&gone);
                        }
                    }
                }
                _ => {}
            }
        }
        all.places
    }

    /// The last rotation of the key at a place.
    pub fn rotation(&self, place: &str) -> Option<Last> {
        let here = |record: &&Record| record.places.iter().any(|it| it == place);
        let mut records = self.records.iter().rev().filter(here);
        let mut ended = false;
        let begun = records.find(|record| {
            ended |= record.event == Event::Rotated;
            record.event == Event::Rotating
        })?;
        Some(Last {
            at: begun.at,
            from: begun.kid.clone(),
            until: begun.until,
            ended,
        })
    }

    /// The `kid` of every key that a rotation took out of use, and that nothing accepts any more.
    pub fn retired(&self, now: i64) -> HashSet<&str> {
        let kids_of = |event: Event| {
            let records = self.records.iter();
            records.filter(move |record| record.event == event)
        };
        let rotated: HashSet<&str> = kids_of(Event::Rotated).map(|it| it.kid.as_str()).collect();
        let mut until: HashMap<&str, i64> = HashMap::new();
        for record in kids_of(Event::Rotating) {
            until.insert(&record.kid, record.until.unwrap_or(i64::MAX));
        }
        let over = until.into_iter().filter(|(_, until)| *until <= now);
        over.map(|(kid, _)| kid)
            .filter(|kid| rotated.contains(kid))
            .collect()
    }
}

/// The places that hold a token so far.
#[derive(Default)]
struct There<'l> {
    places: Vec<Installed<'l>>,
    /// Which of them a place is.
    known: HashMap<&'l str, usize>,
}

impl<'l> There<'l> {
    fn put(&mut self, place: &'l str, record: &'l Record) {
        let made = record.made.get(place).cloned();
        let Some(&index) = self.known.get(place) else {
            self.known.insert(place, self.places.len());
            self.places.push(Installed {
                place,
                record,
                made,
            });
            return;
        };
        let one = &mut self.places[index];
        one.record = record;
        one.made = match (one.made.take(), made) {
            (Some(first), Some(made)) => Some(made.after(first)),
            (first, made) => first.or(made),
        };
    }

    fn take(&mut self, place: &str) -> Option<Installed<'l>> {
        let index = self.known.remove(place)?;
        for at in self.known.values_mut().filter(|at| **at > index) {
            *at -= 1;
        }
        Some(self.places.remove(index))
    }
}

mod reading;
mod signed;
#[cfg(test)]
mod tests;
