//! `mcpjwt uninstall`: take tokens out of their places. A *change*: settle the arguments, read the
//! ledger and the places, decide, ask, then write and record.

mod wanted;

use std::collections::BTreeMap;

pub(super) use self::wanted::{Wanted, of};
use self::wanted::{given, meant, settle};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::session::configs::Configs;
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Ours, Removal};
use crate::session::{Session, sync};
use crate::state::ledger::{Event, Record};

pub(super) const MEMBERS: &[&str] = &["places"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("the token of one entry", "mcpjwt uninstall cursor/exai"),
    (
        "every token of a subject, without a question",
        "mcpjwt uninstall --sub vscode1 --yes",
    ),
    ("what that would change", "mcpjwt uninstall --all --dry-run"),
];

/// Take tokens out of their places again
///
/// What `install` or `issue` made for a token goes with it: a header, an entry, a file; whatever
/// else has come into it meanwhile stays. The token itself is not revoked by this.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["place", "sub", "all"])))]
pub(super) struct Arguments {
    /// A place to empty; several may follow
    #[arg(value_name = "PLACE")]
    place: Vec<String>,
    /// Every place that holds a token of this subject, by the ledger
    #[arg(long, value_name = "NAME")]
    sub: Option<String>,
    /// Every place that holds a token, by the ledger
    #[arg(long)]
    all: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Take out a value that is no token, too
    #[arg(long)]
    force: bool,
    /// Keep no record in the ledger, which then has the token there still
    #[arg(long)]
    no_record: bool,
    /// Show what would change, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let others = if arguments.force {
        Others::Go
    } else {
        Others::Stay
    };
    let given = given(arguments)?;
    let is_person = session.host.facts.stdin_is_terminal;
    let mut agreed = None;
    if arguments.all && !arguments.yes && !arguments.dry_run && is_person {
        let (wanted, known) = settle((arguments, &given), session)?;
        let (decided, all) = decide_each(&wanted, others, session);
        let listed = listed(&decided);
        if !listed.is_empty() && !agrees(&decided, session)? {
            known.and(all)?;
            return session.declined(MEMBERS);
        }
        agreed = Some(listed);
    }
    let mut _held = None;
    if !arguments.dry_run {
        let around = meant((arguments, &given), session)?;
        _held = sync::lock_around(&around, session)?;
    }
    let (wanted, known) = settle((arguments, &given), session)?;
    if wanted.is_empty() && given.is_empty() && known.is_ok() {
        let whose = match &arguments.sub {
            Some(sub) => format!("no place holds a token of `{sub}`"),
            None => "no place holds a token".to_owned(),
        };
        session.note(&format!("{whose} that the ledger knows of"));
    }
    let mut gather = Gather::default();
    gather.take(known);
    let (decided, all) = decide_each(&wanted, others, session);
    if agreed.is_some_and(|agreed| agreed != listed(&decided)) {
        let message = "another run has changed these places meanwhile";
        let error = Error::new(Code::Overwritten, message).hint("run the same command again");
        return Err(error.into());
    }
    if given.is_empty() {
        // What stands in the way at one place keeps no token at the others.
        gather.take(all);
    } else {
        all?;
    }
    for (one, _) in decided.iter().filter(|(_, removal)| removal.is_done()) {
        tell_elsewhere(one, session);
    }
    if arguments.dry_run {
        return show(&decided, gather.done(), session);
    }
    let recorded = if arguments.no_record {
        Recorded::No
    } else {
        Recorded::Yes
    };
    let (done, written) = carry_out(&decided, recorded, session);
    gather.take(written);
    answer((&decided, &done), gather.done(), session)
}

/// What goes from a place besides tokens and what the ledger knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing.
    Stay,
    /// Whatever is there.
    Go,
}

/// Decides what goes from each place; nothing does where that cannot be told of one.
pub(super) fn decide<'w>(
    wanted: &'w [Wanted],
    others: Others,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Decided<'w>>, Errors> {
    let (decided, all) = decide_each(wanted, others, session);
    all.map(|()| decided)
}

/// The same for those of which it can be told, and what is wrong with the others.
fn decide_each<'w>(
    wanted: &'w [Wanted],
    others: Others,
    session: &mut Session<'_, '_>,
) -> (Vec<Decided<'w>>, Result<(), Errors>) {
    let mut gather = Gather::default();
    let mut decided = Vec::new();
    for one in wanted {
        let ours = match &one.record {
            // A command of somebody's own is never taken out.
            Some(record) if record.wraps(&one.place.to_string()) => Ours::Known(record),
            Some(record) if others == Others::Go => Ours::Forced(record),
            Some(record) => Ours::Known(record),
            None if others == Others::Go => Ours::Anything,
            None => Ours::Tokens,
        };
        let removal = places::decide_removal(&one.place, one.made.clone(), ours, session);
        let is_foreign = |error: &Error| error.code == Code::PlaceForeignValue;
        if removal.as_ref().is_err_and(is_foreign) {
            tell_elsewhere(one, session);
        }
        decided.extend(gather.take(removal).map(|removal| (one, removal)));
    }
    (decided, gather.done())
}

/// A place, and what goes from it.
pub(super) type Decided<'w> = (&'w Wanted, Removal);

/// Whether the ledger is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorded {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Writes what was decided, and records it. Says which places are empty now, and what went wrong.
pub(super) fn carry_out(
    decided: &[Decided<'_>],
    recorded: Recorded,
    session: &mut Session<'_, '_>,
) -> (Vec<Place>, Result<(), Errors>) {
    let recorded = recorded == Recorded::Yes && decided.iter().any(|(one, _)| one.record.is_some());
    if recorded && let Err(error) = ledger::ready(session) {
        return (Vec::new(), Err(error.into()));
    }
    let (done, written) = places::take_out(decided.iter().map(|(_, removal)| removal), session);
    let mut gather = Gather::default();
    gather.take(written);
    let now = session.host.facts.now;
    let records: Vec<Record> = decided
        .iter()
        .filter(|(one, _)| done.contains(&one.place))
        .filter_map(|(one, removal)| {
            let mut record = one.record.clone()?;
            if removal.is_another() {
                record = Record::new(Event::Uninstalled, now);
            }
            Some(Record {
                at: now,
                event: Event::Uninstalled,
                places: vec![one.place.to_string()],
                made: BTreeMap::new(),
                refers: BTreeMap::new(),
                seals: BTreeMap::new(),
                over: Vec::new(),
                ..record
            })
        })
        .collect();
    if recorded && !records.is_empty() {
        gather.take(ledger::append(&records, Kept::Written, session));
    }
    (done, gather.done())
}

/// Says where a token is that is not where it was put: its entry has another name now.
fn tell_elsewhere(one: &Wanted, session: &mut Session<'_, '_>) {
    let Some(record) = one.record.as_ref().filter(|record| !record.jti.is_empty()) else {
        return;
    };
    // A file that cannot be read was complained about already.
    let places = places::elsewhere(&one.place, &record.jti, session).unwrap_or_default();
    let configs = Configs::of(session);
    for place in places {
        let shown = configs.shortest(&place, session).to_string();
        let sub = report::escape(&record.sub);
        session.warn(
            Error::new(
                Code::PlaceMissing,
                format!("the token of `{sub}` is at `{shown}` now, where it still works"),
            )
            .hint(format!(
                "take it out with `mcpjwt uninstall {}`",
                shell_word(&shown)
            ))
            .at(place.to_string()),
        );
    }
}

fn agrees(decided: &[Decided<'_>], session: &mut Session<'_, '_>) -> Result<bool, Errors> {
    list(decided, session);
    let answer = session.ask("take the token out of each of these? [y/N] ")?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Lists the places that have something to lose.
pub(super) fn list(decided: &[Decided<'_>], session: &mut Session<'_, '_>) {
    for line in listed(decided) {
        session.host.terminal.err(&line);
    }
}

/// A line for each of them.
pub(super) fn listed(decided: &[Decided<'_>]) -> Vec<String> {
    let left = decided.iter().filter(|(_, removal)| !removal.is_done());
    left.map(|one| {
        format!(
            "{}{}\n",
            report::escape(&one.0.shown.to_string()),
            whose(one)
        )
    })
    .collect()
}

fn whose((one, removal): &Decided<'_>) -> String {
    match one.record.as_ref().map(|record| record.sub.as_str()) {
        None | Some("") => String::new(),
        Some(sub) if removal.is_another() => {
            format!(", another than that of `{}`", report::escape(sub))
        }
        Some(sub) => format!(", of `{}`", report::escape(sub)),
    }
}

fn show(
    decided: &[Decided<'_>],
    all: Result<(), Errors>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        let would = decided.iter().filter(|(_, removal)| !removal.is_done());
        return document(would.map(|(one, _)| &one.place), all, session);
    }
    rehearse(decided, session);
    all.map(|()| Outcome::Done)
}

/// Shows what would go.
pub(super) fn rehearse(decided: &[Decided<'_>], session: &mut Session<'_, '_>) {
    let mut text = String::new();
    for (one, removal) in decided {
        let place = report::escape(&one.shown.to_string());
        text.push_str(&removal.shown(&place));
    }
    session.host.terminal.err(&text);
}

fn answer(
    (decided, done): (&[Decided<'_>], &[Place]),
    all: Result<(), Errors>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        let emptied = decided.iter().filter(|(_, removal)| !removal.is_done());
        let emptied = emptied.map(|(one, _)| &one.place);
        return document(emptied.filter(|place| done.contains(place)), all, session);
    }
    tell((decided, done), session);
    all.map(|()| Outcome::Done)
}

/// Says of each place what became of it, where it is empty now.
pub(super) fn tell((decided, done): (&[Decided<'_>], &[Place]), session: &mut Session<'_, '_>) {
    let mut told = Vec::new();
    let all = || decided.iter();
    for (one, removal) in all() {
        let place = &one.shown;
        let is_other = |(other, removal): &Decided<'_>| other.shown == *place && !removal.is_done();
        if removal.is_done() && all().any(is_other) {
            continue;
        }
        if !done.contains(&one.place) {
            continue;
        }
        told.push(if removal.is_done() {
            format!("nothing is at `{place}`")
        } else {
            match &one.record {
                Some(_) if removal.is_another() => {
                    format!("took what was there instead of our token out of `{place}`")
                }
                Some(record) if !record.sub.is_empty() => {
                    format!("took the token of `{}` out of `{place}`", record.sub)
                }
                _ => format!("took the token out of `{place}`"),
            }
        });
    }
    // An entry may have had more than one value, or a value and a file.
    told.dedup();
    for line in &told {
        session.note(line);
    }
}

/// The document, also of what was done before something went wrong.
fn document<'w>(
    places: impl Iterator<Item = &'w Place>,
    all: Result<(), Errors>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let places: Vec<Json> = places.map(|place| place.to_string().into()).collect();
    let (outcome, errors) = match &all {
        Ok(()) => (Outcome::Done, &[][..]),
        Err(_) if places.is_empty() => return all.map(|()| Outcome::Done),
        Err(errors) => (errors.outcome(), errors.as_slice()),
    };
    session.document(outcome, vec![("places", Json::Array(places))], errors)?;
    Ok(outcome)
}
