//! What is said of a rotation: before it, after it, and what servers need then.

use super::decide::Decided;
use super::servers::{self, Reader};
use crate::commands::secret::described;
use crate::commands::sync::{self, Report};
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::key::rotation::{Fate, Step};
use crate::key::{Key, State};
use crate::plan::Act;
use crate::report;
use crate::session::Session;
use crate::session::rotation::{Alive, Prepared, Situation, Whose};
use crate::time;

/// The most tokens that are named.
const NAMED: usize = 10;

/// Whose tokens are refused before they end: each subject and batch once, with the last of them.
pub(super) fn whose<'a>(
    ended: impl IntoIterator<Item = &'a Alive>,
    session: &Session<'_, '_>,
) -> String {
    let clock = session.clock();
    let mut known: Vec<&Alive> = Vec::new();
    for one in ended {
        if !known.iter().any(|it| it.whose == one.whose) {
            known.push(one);
        }
    }
    let named = known.iter().take(NAMED).map(|one| {
        let whose = match &one.whose {
            Whose::Subject(sub) => format!("`{sub}`"),
            Whose::Batch(run, None) => format!("run `{run}`, running or broken off"),
            Whose::Batch(run, Some(1)) => format!("1 token of run `{run}`"),
            Whose::Batch(run, Some(count)) => format!("{count} tokens of run `{run}`"),
        };
        match one.exp {
            Some(exp) => format!("{whose} (until {})", clock.full(exp)),
            None => format!("{whose} (without an end)"),
        }
    });
    let named: Vec<String> = named.collect();
    let more = match known.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    named.join(", ") + &more
}

/// What a dry run shows.
pub(super) fn planned(decided: Decided, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let Decided {
        situation,
        prepared,
        ended,
        rehearsed,
        ..
    } = decided;
    if session.json {
        return document(&situation, &prepared, (&ended, rehearsed), session);
    }
    let what = match prepared.step {
        Step::Make => "would make a key that signs",
        Step::Promote => "would sign with the staged key",
        Step::Stage => "would stage a key",
        Step::Unstage => "would take the staged key back",
        Step::Staged | Step::Unstaged | Step::Begun | Step::Wait(_) => "a key is staged already",
        Step::Finish => "would end the rotation that was begun",
    };
    let at = situation.shown(session)?;
    session.note(&format!("{what}, at `{at}`"));
    match &prepared.gone {
        Some((kid, Fate::Until(until))) => {
            let until = session.clock().full(*until);
            session.note(&format!("key `{kid}` would be accepted until {until}"));
        }
        Some((kid, Fate::Retired)) => {
            session.note(&format!("key `{kid}` would not be accepted any more"));
        }
        None => {}
    }
    if let Some(until) = prepared.date() {
        let until = time::rfc3339(until);
        session.note(&format!(
            "the manifest would say `previous-until = {until}`"
        ));
    }
    let text = prepared.shown_store(&situation, &at, session.clock()) + &prepared.shown();
    session.show(&text);
    match rehearsed {
        Some(report) => sync::tell(&report, session),
        None => Ok(Outcome::Done),
    }
}

/// Before a step that servers have to know of: which ones refuse what comes.
pub(super) fn before(
    situation: &Situation,
    prepared: &Prepared,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    if prepared.step != Step::Make {
        return Ok(());
    }
    session.note("note: until they have the new key, these refuse its tokens:");
    for reader in servers::readers(situation, prepared, session)? {
        session.note(&format!("  {reader}"));
    }
    Ok(())
}

/// What was done, and what servers need now.
pub(super) fn after(
    situation: &Situation,
    prepared: &Prepared,
    (ended, report): (&[Alive], Option<Report>),
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        return document(situation, prepared, (ended, report), session);
    }
    let at = situation.shown(session)?;
    let kid = prepared.key.as_ref().map(Key::kid);
    let kid = report::escape(kid.unwrap_or(&situation.seen.key.kid));
    session.note(&match prepared.step {
        Step::Make => format!("made key `{kid}` at `{at}`; tokens are signed with it from now on"),
        Step::Promote => format!("tokens are signed with key `{kid}` from now on, at `{at}`"),
        Step::Finish => {
            format!(
                "ended the rotation that was begun: tokens are signed with key `{kid}`, at `{at}`"
            )
        }
        Step::Stage => format!("staged key `{kid}`; nothing is signed with it yet"),
        Step::Unstage => format!("took the staged key back, at `{at}`"),
        Step::Staged | Step::Unstaged | Step::Begun | Step::Wait(_) => {
            let staged = situation.seen.next.as_ref();
            let kid = staged.map_or("", |next| &next.kid);
            format!("key `{kid}` is staged already; nothing is signed with it yet, and `mcpjwt rotate-secret --abort` takes it back")
        }
    });
    match &prepared.gone {
        Some((kid, Fate::Until(until))) => {
            let until = session.clock().full(*until);
            session.note(&format!("key `{kid}` is accepted until {until}"));
        }
        Some((kid, Fate::Retired)) => {
            session.note(&format!("key `{kid}` is not accepted any more"));
        }
        None => {}
    }
    let before = situation.seen.previous.as_ref();
    if prepared.is_swap()
        && let Some((_, Fate::Retired)) = prepared.gone
        && let (Some((id, _)), Some(until)) = (before, situation.seen.until())
        && until > session.host.facts.now
    {
        let (kid, until) = (&id.kid, session.clock().full(until));
        session.note(&format!("key `{kid}` stays accepted until {until}"));
    }
    let outcome = match report {
        Some(report) => sync::tell(&report, session)?,
        None => Outcome::Done,
    };
    servers::told(situation, prepared, session)?;
    Ok(outcome)
}

fn document(
    situation: &Situation,
    prepared: &Prepared,
    (ended, report): (&[Alive], Option<Report>),
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let step = match prepared.step {
        Step::Make | Step::Promote => "rotated",
        Step::Finish => "continued",
        Step::Unstage => "aborted",
        Step::Stage | Step::Staged | Step::Unstaged | Step::Begun | Step::Wait(_) => "staged",
    };
    let is_kept = |key: &&Key| key.state() != Some(State::Retired);
    let keys = prepared.after.keys.iter().filter(is_kept).map(described);
    let until = match prepared.gone {
        Some((_, Fate::Until(until))) => Some(until),
        _ => None,
    };
    let tokens = ended.iter().map(|one| {
        let (sub, run, count) = match &one.whose {
            Whose::Subject(sub) => (Some(sub.clone()), None, None),
            Whose::Batch(run, count) => (None, Some(run.clone()), *count),
        };
        Json::object([
            ("sub", sub.into()),
            ("run", run.into()),
            (
                "count",
                count.and_then(|count| i64::try_from(count).ok()).into(),
            ),
            ("exp", one.exp.into()),
            ("exp_at", one.exp.map(time::rfc3339).into()),
        ])
    });
    let readers = servers::readers(situation, prepared, session)?.into_iter();
    let restart: Vec<String> = readers
        .filter_map(|reader| match reader {
            Reader::Place(text) | Reader::Url(text) => Some(text),
            Reader::Copy(_) => None,
        })
        .collect();
    let snippets = servers::snippets(situation, prepared, session)?.into_iter();
    let snippets = snippets.map(|(name, text)| (name.to_owned(), text.into()));
    let outcome = report.as_ref().map_or(Outcome::Done, Report::outcome);
    let rows = report.iter().flat_map(|report| &report.rows);
    let minted = rows.filter(|row| row.act == Act::Mint);
    let reissued: Vec<String> = minted.map(|row| row.place.to_string()).collect();
    let errors = report.map_or_else(Vec::new, |report| report.into_errors(session));
    let body = vec![
        ("step", step.into()),
        ("keys", Json::Array(keys.collect())),
        ("until", until.into()),
        ("until_at", until.map(time::rfc3339).into()),
        ("tokens", Json::Array(tokens.collect())),
        ("reissued", reissued.into()),
        ("restart", restart.into()),
        ("snippets", Json::Object(snippets.collect())),
    ];
    session.document(outcome, body, &errors)?;
    Ok(outcome)
}
