//! The ledger: what was issued and where it was put, a JSON line a record. History only: never
//! a token, never a secret.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::key::rotation::Last;

use super::trust::digest;
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
    /// What was made around the value, by place, where something was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub made: BTreeMap<String, Made>,
    /// The text that stands for a token which is somewhere else, by place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refers: BTreeMap<String, String>,
    /// By which an opaque value is known again, by place: see [`seal`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seals: BTreeMap<String, String>,
    /// The run of `issue --from` that was minted or revoked: the `jti` of each of its tokens is
    /// this, `-`, and the number of its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Why something was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an install made in a file, so that it can be taken out again: names, never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Whether there was no document at all.
    #[serde(default, skip_serializing_if = "is_false")]
    pub absent: bool,
    /// RFC 6901 pointers of every leaf that was added.
    pub leaves: Vec<String>,
    /// The topmost nodes that hold nothing but these.
    pub tops: Vec<Top>,
    /// What stood behind the `=` of a `.env` file before: blanks and quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
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
    /// Takes over what another place leaves behind whose value is taken out: what was made for
    /// that one and could not go with it, for this value had come into it.
    fn inherit(&mut self, gone: &str, left: &Made) {
        let (file, at) = gone.split_once('#').unwrap_or((gone, ""));
        let is_same = self
            .place
            .split_once('#')
            .is_some_and(|(own, _)| own == file);
        let Some(made) = self.made.as_mut().filter(|_| is_same) else {
            return;
        };
        let holds = |top: &&Top| {
            let is_below = |leaf: &String| {
                let rest = leaf.strip_prefix(&top.at);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            made.leaves.iter().any(is_below)
        };
        let tops: Vec<Top> = left.tops.iter().filter(holds).cloned().collect();
        let is_variable = left.tops.is_empty() && made.tops.is_empty();
        if tops.is_empty() && !is_variable {
            return;
        }
        made.absent |= left.absent;
        made.tops.extend(tops);
        // Whoever writes the value that went again is somebody else.
        let key = at.replace(['"', '\''], "");
        let is_gone = |leaf: &String| *leaf == at || leaf[1..].replace('/', ".") == key;
        let stay = left
            .leaves
            .iter()
            .filter(|leaf| !leaf.is_empty() && !is_gone(leaf));
        made.leaves.extend(stay.cloned());
    }
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
            made: BTreeMap::new(),
            refers: BTreeMap::new(),
            seals: BTreeMap::new(),
            run: None,
            reason: None,
        }
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

/// Reads a ledger; a damaged line is set aside, the others count.
pub fn read(text: &[u8]) -> Ledger {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let mut ledger = Ledger::default();
    for (index, line) in text.split(|&b| b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Record>(line) {
            Ok(record) if record.version <= VERSION => ledger.records.push(record),
            _ if serde_json::from_slice::<Version>(line).is_ok_and(|it| it.version > VERSION) => {
                ledger.newer = true;
            }
            _ => ledger.damaged.push(index + 1),
        }
    }
    ledger
}

impl Ledger {
    /// Every place that holds a token, in the order in which the first one came.
    pub fn installed(&self) -> Vec<Installed<'_>> {
        let mut all: Vec<Installed<'_>> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for record in &self.records {
            for place in &record.places {
                match (record.event, known.get(place.as_str())) {
                    (
                        Event::Issued
                        | Event::Refreshed
                        | Event::Rotating
                        | Event::Rotated
                        | Event::Revoked,
                        _,
                    )
                    | (Event::Uninstalled, None) => {}
                    (Event::Installed, Some(&index)) => {
                        let one = &mut all[index];
                        one.record = record;
                        one.made = one.made.take().or_else(|| record.made.get(place).cloned());
                    }
                    (Event::Installed, None) => {
                        known.insert(place, all.len());
                        all.push(Installed {
                            place,
                            record,
                            made: record.made.get(place).cloned(),
                        });
                    }
                    (Event::Uninstalled, Some(&index)) => {
                        let gone = all.remove(index);
                        if let Some(left) = gone.made {
                            for one in &mut all {
                                one.inherit(place, &left);
                            }
                        }
                        known.remove(place.as_str());
                        for at in known.values_mut().filter(|at| **at > index) {
                            *at -= 1;
                        }
                    }
                }
            }
        }
        all
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

    /// Every token that was signed with the key of that `kid`, once.
    pub fn signed_with(&self, kid: &str) -> Vec<&Record> {
        let mut known = HashSet::new();
        let records = self.records.iter();
        let of_key = records.filter(|record| record.kid == kid && !record.jti.is_empty());
        of_key
            .filter(|record| known.insert(record.jti.as_str()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(event: Event, places: &[&str]) -> Record {
        Record {
            version: VERSION,
            at: 100,
            event,
            jti: "j".into(),
            sub: "s".into(),
            iss: "i".into(),
            aud: vec!["a".into()],
            kid: "k".into(),
            iat: 95,
            exp: Some(200),
            to: None,
            until: None,
            count: None,
            made: BTreeMap::new(),
            refers: BTreeMap::new(),
            seals: BTreeMap::new(),
            run: None,
            reason: None,
            places: places.iter().map(|&place| place.to_owned()).collect(),
        }
    }

    #[test]
    fn a_line_is_read_back() {
        let issued = record(Event::Issued, &["file:/x"]);
        let line = issued.line().unwrap();
        assert_eq!(
            line,
            concat!(
                r#"{"version":1,"at":100,"event":"issued","jti":"j","sub":"s","iss":"i","aud":["a"],"#,
                r#""kid":"k","iat":95,"exp":200,"places":["file:/x"]}"#,
                "\n"
            )
        );
        assert_eq!(read(line.as_bytes()).records, [issued]);
    }

    #[test]
    fn damage_is_set_aside_and_a_newer_version_noticed() {
        let good = record(Event::Installed, &["file:/x", "file:/x"])
            .line()
            .unwrap();
        let text = format!("{good}{{\"version\":1,\"at\n\n{good}{{\"version\":2,\"what\":1}}\n");
        let ledger = read(text.as_bytes());
        assert_eq!(ledger.records.len(), 2);
        assert_eq!(ledger.damaged, [2]);
        assert!(ledger.newer);
        assert_eq!(live(&ledger), ["file:/x"]);
    }

    #[test]
    fn what_is_left_of_a_place_is_the_others() {
        let made = |leaves: &[&str], top: &str| Made {
            absent: top.is_empty(),
            leaves: leaves.iter().map(|&leaf| leaf.to_owned()).collect(),
            tops: vec![Top {
                at: top.to_owned(),
                seam: None,
            }],
            was: None,
        };
        #[rustfmt::skip]
        let cases = [
            // what was made for the first, for the second, and what the second has in the end
            (made(&["/h/A"], "/h"),       made(&["/h/B"], "/h/B"), vec!["/h/B"],         &["/h/B", "/h"][..]),
            (made(&["/u", "/h/A"], ""),   made(&["/h/B"], "/h/B"), vec!["/h/B", "/u"],   &["/h/B", ""]),
            (made(&["/h/A"], "/h"),       made(&["/hi/B"], "/hi"), vec!["/hi/B"],        &["/hi"]),
        ];
        for (first, second, leaves, tops) in cases {
            for (one, two) in [
                ("json:/y#/h/A", "json:/y#/h/B"),
                ("toml:/y#h.A", "toml:/y#h.\"B\""),
            ] {
                let mut installed = record(Event::Installed, &[one, two]);
                installed.made.insert(one.into(), first.clone());
                installed.made.insert(two.into(), second.clone());
                let ledger = Ledger {
                    records: vec![installed, record(Event::Uninstalled, &[one])],
                    ..Ledger::default()
                };
                let left = ledger.installed()[0].made.clone().unwrap();
                let at: Vec<&str> = left.tops.iter().map(|top| top.at.as_str()).collect();
                assert_eq!(
                    (
                        left.leaves.iter().map(String::as_str).collect::<Vec<_>>(),
                        &at[..]
                    ),
                    (leaves.clone(), tops),
                    "{one}"
                );
                assert_eq!(left.absent, at.contains(&""), "{one}");
            }
        }
    }

    #[test]
    fn what_was_put_somewhere_is_known_again() {
        let mut record = record(Event::Installed, &["json:/y#/a", "file:/x"]);
        record.refers = BTreeMap::from([("json:/y#/a".to_owned(), "${TOKEN}".to_owned())]);
        record.seals = BTreeMap::from([("file:/x".to_owned(), seal([7; 16], b"hunter2"))]);
        let line = record.line().unwrap();
        assert!(!line.contains("hunter2"), "{line}");
        let read = read(line.as_bytes()).records.remove(0);
        #[rustfmt::skip]
        let cases = [
            ("json:/y#/a", "${TOKEN}", true),
            ("json:/y#/a", "${OTHER}", false),
            ("json:/y#/b", "${TOKEN}", false),
            ("file:/x",    "hunter2",  true),
            ("file:/x",    "hunter3",  false),
            ("json:/y#/a", "hunter2",  false),
        ];
        for (place, value, want) in cases {
            assert_eq!(read.knows(place, value.as_bytes()), want, "{place} {value}");
        }
    }

    fn live(ledger: &Ledger) -> Vec<&str> {
        ledger.installed().iter().map(|one| one.place).collect()
    }

    #[test]
    fn what_is_installed_is_what_was_not_taken_out() {
        let made = |leaf: &str| Made {
            leaves: vec![leaf.to_owned()],
            ..Made::default()
        };
        let mut first = record(Event::Installed, &["file:/x", "json:/y#/a"]);
        first.made.insert("json:/y#/a".into(), made("/a"));
        let mut ledger = Ledger {
            records: vec![
                record(Event::Issued, &["file:/w"]),
                first,
                record(Event::Installed, &["json:/y#/a", "file:/z"]),
                record(Event::Uninstalled, &["file:/x", "file:/never"]),
            ],
            ..Ledger::default()
        };
        assert_eq!(live(&ledger), ["json:/y#/a", "file:/z"]);
        assert_eq!(ledger.installed()[0].made, Some(made("/a")));
        ledger
            .records
            .push(record(Event::Uninstalled, &["json:/y#/a"]));
        ledger
            .records
            .push(record(Event::Installed, &["json:/y#/a"]));
        assert_eq!(live(&ledger), ["file:/z", "json:/y#/a"]);
        assert_eq!(ledger.installed()[1].made, None);
    }

    #[test]
    fn a_rotation_is_of_a_place_and_ends() {
        let line = |event, at, kid: &str, place: &str| Record {
            at,
            jti: String::new(),
            kid: kid.to_owned(),
            until: Some(at + 100),
            ..record(event, &[place])
        };
        let mut ledger = Ledger::default();
        let told = |ledger: &Ledger| {
            let last = ledger.rotation("file:/k");
            last.map(|last| (last.at, last.from, last.until, last.ended))
        };
        let want = |at: i64, from: &str, ended| Some((at, from.to_owned(), Some(at + 100), ended));
        ledger.records.push(line(Event::Issued, 1, "a", "file:/k"));
        ledger
            .records
            .push(line(Event::Rotating, 2, "a", "file:/other"));
        assert_eq!(told(&ledger), None);
        ledger
            .records
            .push(line(Event::Rotating, 3, "a", "file:/k"));
        ledger
            .records
            .push(line(Event::Rotated, 4, "a", "file:/other"));
        assert_eq!(told(&ledger), want(3, "a", false));
        ledger.records.push(line(Event::Rotated, 5, "a", "file:/k"));
        assert_eq!(told(&ledger), want(3, "a", true));
        ledger
            .records
            .push(line(Event::Rotating, 6, "b", "file:/k"));
        assert_eq!(told(&ledger), want(6, "b", false));
        assert_eq!(ledger.installed(), []);
    }

    #[test]
    fn each_token_of_a_key_is_told_once() {
        let ledger = Ledger {
            records: vec![
                record(Event::Issued, &[]),
                record(Event::Installed, &["file:/x"]),
                Record {
                    jti: "other".into(),
                    kid: "l".into(),
                    ..record(Event::Issued, &[])
                },
                record(Event::Rotating, &["file:/k"]),
            ],
            ..Ledger::default()
        };
        let events: Vec<Event> = ledger
            .signed_with("k")
            .iter()
            .map(|record| record.event)
            .collect();
        assert_eq!(events, [Event::Issued]);
    }
}
