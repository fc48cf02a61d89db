//! `mcpjwt log`: what the ledger says. Reads and tells; with `--follow` a *stream*.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::shared;
use crate::error::{Errors, Gather, Outcome};
use crate::json::Json;
use crate::report::{self, escape};
use crate::session::configs::Configs;
use crate::session::ledger::{self, Tail};
use crate::session::{Session, places};
use crate::state::ledger::{Brief, Event, Record};
use crate::time::{self, Clock};

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
    let mut is_empty = true;
    let mut wants = |it: &Brief<'_>| {
        is_empty = false;
        filter.lets((it.at, &it.sub))
    };
    let ledger = ledger::read(&mut wants, session)?;
    let records: Vec<&Record> = ledger.records.iter().collect();
    let clock = session.clock();
    let counts = arguments.stats.then(|| counted(&records, clock.now));
    if session.json {
        let records = if arguments.stats {
            Json::Null
        } else {
            Json::Array(records.iter().map(|record| described(record)).collect())
        };
        let subjects = counts.map(|counts| Json::Array(counts.iter().map(of_subject).collect()));
        let body = vec![
            ("records", records),
            ("subjects", subjects.unwrap_or(Json::Null)),
            (
                "damaged",
                Json::Array(ledger.damaged.iter().map(|&line| line.into()).collect()),
            ),
        ];
        session.document(Outcome::Done, body, &[])?;
        return Ok(Outcome::Done);
    }
    if records.is_empty() {
        session.note(if is_empty {
            "nothing is recorded"
        } else {
            "nothing like that is recorded"
        });
    }
    let text = if let Some(counts) = counts {
        let rows: Vec<Vec<String>> = counts.iter().map(|it| row_of(it, clock)).collect();
        let heads = ["subject", "tokens", "last issued", "next expiry"];
        report::table(&heads, &rows, session.out)
    } else {
        let configs = Configs::of(session);
        let rows = records.iter().map(|it| row(it, &configs, session));
        let rows: Vec<Vec<String>> = rows.collect();
        let heads = ["when", "event", "what", "expires", "where, why"];
        report::noted(&heads, &rows, session.out)
    };
    session.print(&text)?;
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

/// What the ledger knows of a subject, or of the tokens of all batches.
#[derive(Default)]
struct Count<'r> {
    /// Of batches nobody knows the subjects.
    sub: Option<&'r str>,
    /// Its tokens, by issuer and id.
    tokens: BTreeSet<(&'r str, &'r str)>,
    /// How many more there are, of which no id is known.
    others: u64,
    /// Whether there are batches that were not counted to their end.
    is_least: bool,
    /// When the last one was made.
    last: i64,
    /// When the first of those ends that have not ended.
    next: Option<i64>,
}

impl Count<'_> {
    fn number(&self) -> u64 {
        self.others + self.tokens.len() as u64
    }

    fn saw(&mut self, record: &Record, now: i64) {
        self.last = self.last.max(record.at);
        let end = record.exp.filter(|exp| *exp > now);
        self.next = self.next.into_iter().chain(end).min();
    }
}

/// Counts the tokens of each subject, in the order of their names, and behind them those of batches.
fn counted<'r>(records: &[&'r Record], now: i64) -> Vec<Count<'r>> {
    let mut counts: BTreeMap<&str, Count<'_>> = BTreeMap::new();
    let mut batches: Option<Count<'_>> = None;
    for record in records {
        if record.is_batch() {
            let all = batches.get_or_insert_default();
            all.others += record.count.unwrap_or_default();
            all.is_least |= record.count.is_none();
            all.saw(record, now);
        }
        if record.jti.is_empty() || matches!(record.event, Event::Revoked | Event::Uninstalled) {
            continue;
        }
        let count = counts.entry(&record.sub).or_default();
        count.sub = Some(&record.sub);
        if count.tokens.insert((&record.iss, &record.jti)) {
            count.saw(record, now);
        }
    }
    counts.into_values().chain(batches).collect()
}

fn row_of(count: &Count<'_>, clock: Clock) -> Vec<String> {
    vec![
        count.sub.map_or_else(|| "(batches)".to_owned(), escape),
        if count.is_least {
            format!("{} or more", count.number())
        } else {
            count.number().to_string()
        },
        clock.relative(count.last),
        count
            .next
            .map_or_else(|| "-".to_owned(), |next| clock.relative(next)),
    ]
}

fn of_subject(count: &Count<'_>) -> Json {
    Json::object([
        ("sub", count.sub.map(str::to_owned).into()),
        ("tokens", Json::Number(count.number().to_string())),
        ("at_least", count.is_least.into()),
        ("last_issued", count.last.into()),
        ("issued", time::rfc3339(count.last).into()),
        ("next_expiry", count.next.into()),
        ("expires", count.next.map(time::rfc3339).into()),
    ])
}
