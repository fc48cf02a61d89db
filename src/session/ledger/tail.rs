//! The ledger as it grows, for who follows it.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{no_state, open, path, told, unreadable};
use crate::error::Error;
use crate::session::Session;
use crate::state::ledger::{self, Ledger, Record};

/// The ledger as it grows.
pub(crate) struct Tail {
    path: PathBuf,
    file: Option<Box<dyn Read + Send>>,
    /// Which file that is: the record of a batch that ends is put into a new one.
    number: Option<(u64, u64)>,
    /// What was read of a line that is not whole yet.
    begun: Vec<u8>,
    /// How many lines came before.
    lines: usize,
    /// The batches whose end did not come yet.
    batches: Vec<String>,
}

impl Tail {
    /// From its first line.
    pub(crate) fn new(session: &Session<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            path: path(session).ok_or_else(|| no_state().hint("set `MCPJWT_HOME`"))?,
            file: None,
            number: None,
            begun: Vec::new(),
            lines: 0,
            batches: Vec::new(),
        })
    }

    /// What came since; damaged lines are set aside with a warning that names them.
    pub(crate) fn more(&mut self, session: &mut Session<'_, '_>) -> Result<Ledger, Error> {
        let number = session.host.files.number(&self.path);
        let was_replaced = self.file.is_some() && number.is_some() && number != self.number;
        if self.file.is_none() || was_replaced {
            self.file = open(&self.path, session)?;
            self.number = number;
        }
        let Some(file) = &mut self.file else {
            return Ok(Ledger::default());
        };
        if was_replaced {
            self.begun.clear();
        }
        rest(&mut **file, &self.path, &mut self.begun)?;
        let end = self.begun.iter().rposition(|&b| b == b'\n');
        let rest = self.begun.split_off(end.map_or(0, |end| end + 1));
        let mut whole = std::mem::replace(&mut self.begun, rest);
        let mut ended = Vec::new();
        if was_replaced {
            let ends = memchr::memchr_iter(b'\n', &whole);
            let known = self
                .lines
                .checked_sub(1)
                .and_then(|last| ends.clone().nth(last));
            let new = whole.split_off(known.map_or(0, |end| end + 1));
            let is_end = |record: &Record| {
                let run = record.run.as_ref();
                record.count.is_some() && run.is_some_and(|run| self.batches.contains(run))
            };
            ended = ledger::read(&whole).records;
            ended.retain(is_end);
            whole = new;
        }
        let before = self.lines;
        self.lines += memchr::memchr_iter(b'\n', &whole).count();
        let mut ledger = told(ledger::read(&whole), (&self.path, before), session)?;
        ended.append(&mut ledger.records);
        ledger.records = ended;
        // That a batch goes on is no news.
        ledger.records.retain(|record| {
            let is_known = |run: &String| self.batches.contains(run);
            !record.is_batch()
                || record.count.is_some()
                || !record.run.as_ref().is_some_and(is_known)
        });
        for record in ledger.records.iter().filter(|record| record.is_batch()) {
            let run = record.run.clone().unwrap_or_default();
            self.batches.retain(|begun| *begun != run);
            if record.count.is_none() {
                self.batches.push(run);
            }
        }
        Ok(ledger)
    }
}

/// Reads on to the end.
fn rest(file: &mut dyn Read, path: &Path, bytes: &mut Vec<u8>) -> Result<(), Error> {
    let read = file.read_to_end(bytes);
    read.map(drop).map_err(|why| unreadable(path, &why))
}
