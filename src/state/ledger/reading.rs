//! Lines of a ledger to records, as many as are asked for: there may be a million others.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Deserialize;

use super::{Event, Ledger, Record, VERSION};
use crate::state::revocations::Traits;

/// What a line says at a glance, by which it is told whether its record is asked for.
#[derive(Debug, Deserialize)]
pub struct Brief<'l> {
    version: u32,
    /// As the record has them.
    pub at: i64,
    /// What happened.
    pub event: Event,
    /// The token's `jti`.
    #[serde(borrow)]
    pub jti: Cow<'l, str>,
    /// Its `sub`.
    #[serde(borrow)]
    pub sub: Cow<'l, str>,
    /// Its `iss`.
    #[serde(borrow)]
    pub iss: Cow<'l, str>,
    /// Its `aud`.
    #[serde(borrow)]
    pub aud: Vec<Cow<'l, str>>,
    /// The `kid` of its key.
    #[serde(borrow)]
    pub kid: Cow<'l, str>,
    /// Its `iat`.
    pub iat: i64,
    /// Its `exp`.
    #[serde(default)]
    pub exp: Option<i64>,
    /// Its run.
    #[serde(borrow, default)]
    pub run: Option<Cow<'l, str>>,
}

impl Brief<'_> {
    /// Whether it is about what came to a place, or went: see [`Ledger::installed`].
    pub fn is_of_places(&self) -> bool {
        matches!(self.event, Event::Installed | Event::Uninstalled)
    }

    /// Whether it is about a rotation: see [`Ledger::rotation`] and [`Ledger::retired`].
    pub fn is_of_rotation(&self) -> bool {
        matches!(
            self.event,
            Event::Rotating | Event::Rotated | Event::Unstaged
        )
    }

    /// Whether it is about all the tokens of a batch, whose end may be known only later.
    pub fn is_batch(&self) -> bool {
        self.event == Event::Issued && self.jti.is_empty() && self.run.is_some()
    }

    /// What decides whether it was revoked.
    pub fn traits(&self) -> Traits<'_> {
        let names = [&self.iss, &self.jti, &self.sub, &self.kid];
        Traits::named(names.map(AsRef::as_ref), self.iat, self.run.as_deref())
    }
}

/// A ledger that is read line by line.
#[derive(Debug, Default)]
pub struct Reading {
    ledger: Ledger,
    /// Where the record of each batch is.
    batches: HashMap<String, usize>,
    lines: usize,
}

impl Reading {
    /// The record of the next line, which has no end, where it is asked for; a damaged one is set
    /// aside.
    pub fn line(
        &mut self,
        line: &[u8],
        wants: &mut dyn FnMut(&Brief<'_>) -> bool,
    ) -> Option<Record> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        self.lines += 1;
        let brief = serde_json::from_slice::<Brief<'_>>(line);
        let is_left = brief.is_ok_and(|brief| brief.version <= VERSION && !wants(&brief));
        if line.is_empty() || is_left {
            return None;
        }
        match serde_json::from_slice::<Record>(line) {
            Ok(record) if record.version <= VERSION => return Some(record),
            _ if serde_json::from_slice::<Version>(line).is_ok_and(|it| it.version > VERSION) => {
                self.ledger.newer = true;
            }
            _ => self.ledger.damaged.push(self.lines),
        }
        None
    }

    /// Keeps a record. What is known at the end of a batch may stand below what was at its
    /// beginning: they are one record.
    pub fn keep(&mut self, record: Record) {
        let records = &mut self.ledger.records;
        let run = record.run.clone().filter(|_| record.is_batch());
        let begun = run.and_then(|run| match self.batches.entry(run) {
            Entry::Occupied(known) => Some(*known.get()),
            Entry::Vacant(new) => {
                new.insert(records.len());
                None
            }
        });
        match begun.and_then(|at| records.get_mut(at)) {
            Some(begun) => begun.end(&record),
            None => records.push(record),
        }
    }

    /// What it came to.
    pub fn done(self) -> Ledger {
        self.ledger
    }
}

/// Reads every line of a text.
pub fn read(text: &[u8]) -> Ledger {
    let mut reading = Reading::default();
    for line in text.split(|&b| b == b'\n') {
        if let Some(record) = reading.line(line, &mut |_| true) {
            reading.keep(record);
        }
    }
    reading.done()
}
