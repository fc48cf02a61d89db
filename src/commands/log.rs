//! `mcpjwt log`: what the ledger says. Reads and tells; with `--follow` a *stream*.

mod stats;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use super::shared;
use crate::error::{Errors, Gather, Outcome};
use crate::json::Json;
use crate::report::{self, escape};
use crate::session::configs::Configs;
use crate::session::ledger::{self, Tail};
use crate::session::{Session, places};
use crate::state::ledger::{Brief, Event, Record};
use crate::time;

pub(super) const MEMBERS: &[&str] = &["records", "subjects", "damaged"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("what happened today", "mcpjwt log --since -24h"),
    (
        "how many tokens each subject has, and which ends next",
        "mcpjwt log --stats",
    ),
    (
        "what happens, for another program as it does",
        "mcpjwt log --follow --json",
    ),
];

/// How long the ledger is left alone before it is looked at again.
const PAUSE: Duration = Duration::from_millis(250);

/// Show what was issued, installed and revoked
///
/// The ledger of this machine, the newest last. It holds no token: subjects, ids, times and places.
/// A token that arrived where it was meant to is one line; `--json` and `--follow` have both.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only of this subject
    #[arg(long, value_name = "NAME")]
    sub: Option<String>,
    /// Only from this time on: a date, RFC 3339, unix seconds, or -24h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Count per subject: tokens, when the last one was issued, when the next one expires
    #[arg(long, conflicts_with = "follow")]
    stats: bool,
    /// Wait for more, and show it as it comes
    #[arg(long, short)]
    follow: bool,
}

/// Which records are asked for.
struct Filter<'a> {
    sub: Option<&'a str>,
    since: i64,
}

impl Filter<'_> {
    fn lets(&self, (at, sub): (i64, &str)) -> bool {
        at >= self.since && self.sub.is_none_or(|own| own == sub)
    }
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    session.lines = arguments.follow.then_some(MEMBERS);
    let mut gather = Gather::default();
    let now = session.host.facts.now;
    let since = arguments.since.as_deref();
    let since = shared::instant("--since", since, now, &mut gather).unwrap_or(i64::MIN);
    gather.done()?;
    let filter = Filter {
        sub: arguments.sub.as_deref(),
        since,
    };
    if arguments.follow {
        return follow(&filter, session);
    }
    if arguments.stats {
        return stats::run(&filter, session);
    }
    let mut tally = Tally::default();
    let ledger = ledger::read(&mut |it| tally.lets(it, &filter), session)?;
    if session.json {
        let records = Json::Array(ledger.records.iter().map(described).collect());
        return document((records, Json::Null), &ledger.damaged, session);
    }
    tally.note(session);
    let rows = told(&ledger.records.iter().collect::<Vec<_>>(), session);
    let heads = ["when", "event", "what", "expires", "where, why"];
    let text = report::noted(&heads, &rows, session.out);
    session.print(&text)?;
    Ok(Outcome::Done)
}

/// How many records there are.
#[derive(Default)]
struct Tally {
    all: u64,
    /// How many of them were asked for.
    meant: u64,
}

impl Tally {
    /// Whether a record is asked for.
    fn lets(&mut self, it: &Brief<'_>, filter: &Filter<'_>) -> bool {
        let is_meant = filter.lets((it.at, &it.sub));
        self.all += 1;
        self.meant += u64::from(is_meant);
        is_meant
    }

    /// Says so where none is shown.
    fn note(&self, session: &mut Session<'_, '_>) {
        match self {
            Self { all: 0, .. } => session.note("nothing is recorded"),
            Self { meant: 0, .. } => session.note("nothing like that is recorded"),
            _ => {}
        }
    }
}

fn document(
    (records, subjects): (Json, Json),
    damaged: &[usize],
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let damaged = damaged.iter().map(|&line| line.into()).collect();
    let body = vec![
        ("records", records),
        ("subjects", subjects),
        ("damaged", Json::Array(damaged)),
    ];
    session.document(Outcome::Done, body, &[])?;
    Ok(Outcome::Done)
}

/// Shows every record as it comes, until nobody reads any more.
fn follow(filter: &Filter<'_>, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut tail = Tail::new(session)?;
    let configs = Configs::of(session);
    while !session.host.terminal.closed() {
        let ledger = tail.more(session)?;
        if ledger.records.is_empty() {
            session.host.files.pause(PAUSE);
        }
        let lets = |record: &&Record| filter.lets((record.at, &record.sub));
        for record in ledger.records.iter().filter(lets) {
            let line = if session.json {
                format!("{}\n", described(record))
            } else {
                let mut cells = row(record, &configs, session);
                cells[1] = format!("{:<11}", cells[1]);
                if record.is_batch() && record.count.is_none() {
                    "a batch".clone_into(&mut cells[2]);
                }
                // What lies ahead now will not for ever, and the line stays.
                let until = record.exp.map(|exp| session.clock().local(exp));
                cells[3] = until.map_or_else(String::new, |until| format!("until {until}"));
                cells.retain(|cell| !cell.is_empty());
                format!("{}\n", cells.join("  "))
            };
            session.print(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// The rows of these records. Of a token that arrived where it was meant to it is not said twice:
/// what was signed is one row with the `installed` of it, and tells where it did not arrive.
fn told(records: &[&Record], session: &mut Session<'_, '_>) -> Vec<Vec<String>> {
    let configs = Configs::of(session);
    let arrived = arrivals(records);
    let repeated: HashSet<usize> = arrived.values().copied().collect();
    let mut rows = Vec::new();
    for (at, record) in records.iter().enumerate() {
        if repeated.contains(&at) {
            continue;
        }
        let mut cells = row(record, &configs, session);
        if is_signed(record) && !record.places.is_empty() && !arrived.contains_key(&at) {
            cells[4] = format!("meant for {}", cells[4]);
        }
        rows.push(cells);
    }
    rows
}

/// Which of these records say that a token was signed, and which one behind each that it is at all
/// places it was meant for. What a run does with other tokens may come in between, nothing else.
fn arrivals(records: &[&Record]) -> HashMap<usize, usize> {
    fn places(record: &Record) -> BTreeSet<&String> {
        record.places.iter().collect()
    }
    let mut later: HashMap<(&str, &str), usize> = HashMap::new();
    let mut arrived = HashMap::new();
    for (at, record) in records.iter().enumerate().rev() {
        let id = (&*record.iss, &*record.jti);
        if is_signed(record) {
            let then = later.remove(&id);
            let then = then.filter(|&then| places(records[then]) == places(record));
            arrived.extend(then.map(|then| (at, then)));
        } else if record.event != Event::Installed {
            later.clear();
        } else if !record.jti.is_empty() {
            later.insert(id, at);
        }
    }
    arrived
}

fn is_signed(record: &Record) -> bool {
    matches!(record.event, Event::Issued | Event::Refreshed)
}

fn row(record: &Record, configs: &Configs, session: &mut Session<'_, '_>) -> Vec<String> {
    let clock = session.clock();
    let what = match record {
        Record { count: Some(1), .. } => "1 token".to_owned(),
        Record {
            count: Some(count), ..
        } => format!("{count} tokens"),
        _ if record.is_batch() => "a batch, running or broken off".to_owned(),
        Record {
            run: Some(_), sub, ..
        } if sub.is_empty() => "a batch".to_owned(),
        Record { sub, kid, .. } if sub.is_empty() && !kid.is_empty() => format!("key {kid}"),
        Record { sub, jti, .. } if sub.is_empty() => jti.clone(),
        Record { sub, .. } => sub.clone(),
    };
    let mut places: Vec<String> = record
        .places
        .iter()
        .map(|text| match places::parse(text) {
            Ok(place) => configs.shortest(&place, session).to_string(),
            Err(_) => text.clone(),
        })
        .collect();
    // By this one all of them are revoked: it is never shortened.
    let run = record.run.as_ref().filter(|_| record.jti.is_empty());
    places.extend(run.map(|run| format!("run {run}")));
    places.extend(record.reason.clone());
    vec![
        clock.local(record.at),
        record.event.name().to_owned(),
        escape(&what),
        record
            .exp
            .map_or_else(String::new, |exp| clock.relative(exp)),
        escape(&places.join(", ")),
    ]
}

/// A record for other programs: what it has not is null.
fn described(record: &Record) -> Json {
    let text = |text: &str| Json::from((!text.is_empty()).then(|| text.to_owned()));
    Json::object([
        ("at", record.at.into()),
        ("time", time::rfc3339(record.at).into()),
        ("event", record.event.name().into()),
        ("jti", text(&record.jti)),
        ("sub", text(&record.sub)),
        ("iss", text(&record.iss)),
        ("aud", record.aud.clone().into()),
        ("kid", text(&record.kid)),
        ("run", record.run.clone().into()),
        (
            "count",
            record
                .count
                .and_then(|count| i64::try_from(count).ok())
                .into(),
        ),
        ("iat", (record.iat != 0).then_some(record.iat).into()),
        ("exp", record.exp.into()),
        ("expires", record.exp.map(time::rfc3339).into()),
        ("places", record.places.clone().into()),
        ("reason", record.reason.clone().into()),
    ])
}
