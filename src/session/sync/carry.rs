//! The edits of a run, written: recorded before, each file once, recorded after.

use std::collections::{BTreeMap, HashMap};

use super::decide::{Decided, Minted};
use super::row::Row;
use crate::error::{Error, Errors, Gather};
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Done};
use crate::session::{Session, helper};
use crate::state::ledger::Record;

/// Whether the ledger is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is.
    Ledger,
    /// Nobody is.
    Nobody,
}

/// What came of it.
pub(crate) struct Carried {
    /// Of each edit, whether its place has its value now.
    pub(crate) done: Vec<bool>,
    /// What went wrong.
    pub(crate) failed: Result<(), Errors>,
}

/// Writes what was decided. Where the places could not be recorded, or a helper does not work,
/// nothing is written; after that all files are tried.
pub(crate) fn carry_out(
    decided: &Decided,
    told: Told,
    session: &mut Session<'_, '_>,
) -> Result<Carried, Errors> {
    let mut gather = Gather::default();
    for means in &decided.means {
        gather.take(helper::try_out(means, session));
    }
    gather.done()?;
    if told == Told::Ledger && !decided.edits.is_empty() {
        let issued = issued(decided)?;
        if issued.is_empty() {
            ledger::ready(session)?;
        } else {
            ledger::issued(&issued, Kept::Synced, session)?;
        }
    }
    let (done, failed) = places::write_each(&decided.edits, session);
    let mut gather = Gather::default();
    gather.take(failed);
    if told == Told::Ledger {
        let mut lines = arrived(decided, &done);
        lines.extend(gather.take(found(decided, session)).unwrap_or_default());
        if !lines.is_empty() {
            gather.take(ledger::append(&lines, Kept::Written, session));
        }
    }
    let mut all = vec![false; decided.edits.len()];
    for one in done {
        all[one.number] = true;
    }
    Ok(Carried {
        done: all,
        failed: gather.done(),
    })
}

/// The records of the new tokens, with the places that they go to.
fn issued(decided: &Decided) -> Result<Vec<Record>, Error> {
    let record = |minted: &Minted| {
        let edits = minted.edits.iter().map(|&at| &decided.edits[at]);
        let places = edits.map(|edit| edit.lasting().map(|place| place.to_string()));
        Ok(Record {
            places: places.collect::<Result<_, Error>>()?,
            ..minted.record.clone()
        })
    };
    decided.minted.iter().map(record).collect()
}

/// The records of what arrived, a line for each token.
fn arrived(decided: &Decided, done: &[Done]) -> Vec<Record> {
    let rows: HashMap<usize, &Row> = decided
        .rows
        .iter()
        .filter_map(|row| Some((row.edit?, row)))
        .collect();
    let mut tokens: BTreeMap<&str, (Vec<Record>, Vec<&Done>)> = BTreeMap::new();
    for one in done {
        let Some((row, token)) = rows
            .get(&one.number)
            .and_then(|row| Some((row, row.token.as_deref()?)))
        else {
            continue;
        };
        let (records, places) = tokens.entry(token).or_default();
        // What refers to the token carries no record of it.
        if records.is_empty() || !one.is_reference {
            *records = vec![row.record.clone()];
        }
        places.push(one);
    }
    tokens
        .into_values()
        .flat_map(|(records, places)| ledger::arrived(records, places))
        .collect()
}

/// The records of good tokens that the ledger does not know at their places: an earlier run was
/// killed before it could tell, or they came from somewhere else.
fn found(decided: &Decided, session: &mut Session<'_, '_>) -> Result<Vec<Record>, Error> {
    let mut kept = decided
        .rows
        .iter()
        .filter(|row| row.kept.is_some())
        .peekable();
    if kept.peek().is_none() {
        return Ok(Vec::new());
    }
    let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
    let known: HashMap<&str, &str> = ledger
        .installed()
        .iter()
        .map(|one| (one.place, one.record.jti.as_str()))
        .collect();
    let unknown = kept.filter_map(|row| {
        let place = row.kept.as_ref()?.to_string();
        let is_known = known.get(place.as_str()) == Some(&row.record.jti.as_str());
        (!is_known).then(|| Record {
            places: vec![place],
            ..row.record.clone()
        })
    });
    Ok(unknown.collect())
}
