//! `log --stats`: how many tokens each subject has, counted while the ledger is read.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{Filter, Tally, document};
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::report::{self, escape};
use crate::session::{Session, ledger};
use crate::state::ledger::{Event, Record};
use crate::time::{self, Clock};

pub(super) fn run(filter: &Filter<'_>, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let clock = session.clock();
    let (mut stats, mut tally) = (Stats::at(clock.now), Tally::default());
    // What is known of a batch may stand in several lines, so these alone are kept.
    let mut keeps = |record: &Record| {
        stats.token(record);
        record.is_batch()
    };
    let ledger = ledger::read_through(&mut |it| tally.lets(it, filter), &mut keeps, session)?;
    for record in &ledger.records {
        stats.batch(record);
    }
    if session.json {
        let subjects = stats.rows().map(|(sub, count)| of_subject(sub, count));
        let subjects = Json::Array(subjects.collect());
        return document((Json::Null, subjects), &ledger.damaged, session);
    }
    tally.note(session);
    let rows = stats.rows().map(|(sub, count)| row_of(sub, count, clock));
    let rows: Vec<Vec<String>> = rows.collect();
    let heads = ["subject", "tokens", "last issued", "next expiry"];
    let text = report::table(&heads, &rows, session.out);
    session.print(&text)?;
    Ok(Outcome::Done)
}

/// What is known of the tokens of a subject, or of those of all batches.
#[derive(Default)]
struct Count {
    tokens: u64,
    /// Whether there are batches that were not counted to their end.
    is_least: bool,
    /// When the last one was made.
    last: i64,
    /// When the first of those ends that have not ended.
    next: Option<i64>,
}

impl Count {
    fn add(&mut self, number: u64, (at, exp): (i64, Option<i64>), now: i64) {
        self.tokens += number;
        self.last = self.last.max(at);
        let end = exp.filter(|exp| *exp > now);
        self.next = self.next.into_iter().chain(end).min();
    }
}

/// The tokens of each subject, and those of batches.
struct Stats {
    now: i64,
    subjects: BTreeMap<String, Count>,
    /// Of these nobody knows the subjects.
    batches: Option<Count>,
    /// Hashes of the tokens that were counted, for several records may be about one.
    seen: HashSet<u64>,
}

impl Stats {
    fn at(now: i64) -> Self {
        Self {
            now,
            subjects: BTreeMap::new(),
            batches: None,
            seen: HashSet::new(),
        }
    }

    fn token(&mut self, it: &Record) {
        if it.jti.is_empty() || matches!(it.event, Event::Revoked | Event::Uninstalled) {
            return;
        }
        let mut hasher = DefaultHasher::new();
        (&it.sub, &it.iss, &it.jti).hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            let count = self.subjects.entry(it.sub.clone());
            count.or_default().add(1, (it.at, it.exp), self.now);
        }
    }

    fn batch(&mut self, record: &Record) {
        let all = self.batches.get_or_insert_default();
        all.is_least |= record.count.is_none();
        let number = record.count.unwrap_or_default();
        all.add(number, (record.at, record.exp), self.now);
    }

    /// Each subject, in the order of their names, and behind them the batches.
    fn rows(&self) -> impl Iterator<Item = (Option<&str>, &Count)> {
        let subjects = self.subjects.iter();
        let subjects = subjects.map(|(sub, count)| (Some(sub.as_str()), count));
        subjects.chain(self.batches.iter().map(|count| (None, count)))
    }
}

fn row_of(sub: Option<&str>, count: &Count, clock: Clock) -> Vec<String> {
    vec![
        sub.map_or_else(|| "(batches)".to_owned(), escape),
        if count.is_least {
            format!("{} or more", count.tokens)
        } else {
            count.tokens.to_string()
        },
        clock.relative(count.last),
        count
            .next
            .map_or_else(|| "-".to_owned(), |next| clock.relative(next)),
    ]
}

fn of_subject(sub: Option<&str>, count: &Count) -> Json {
    Json::object([
        ("sub", sub.map(str::to_owned).into()),
        ("tokens", Json::Number(count.tokens.to_string())),
        ("at_least", count.is_least.into()),
        ("last_issued", count.last.into()),
        ("issued", time::rfc3339(count.last).into()),
        ("next_expiry", count.next.into()),
        ("expires", count.next.map(time::rfc3339).into()),
    ])
}
