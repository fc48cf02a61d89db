//! `issue` into entries that get a command instead of a token: nothing is minted now.

use super::Arguments;
use super::settle::Settled;
use super::targets;
use crate::error::{Errors, Gather, Outcome};
use crate::json::Json;
use crate::place::Place;
use crate::session::Session;
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Edit, Replace};
use crate::session::target::Target;
use crate::state::ledger::{Event, Record};

/// Writes the commands, each tried before.
pub(super) fn run(
    arguments: &Arguments,
    (settled, targets): (&Settled, &[Target]),
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let edits = targets::rehearse(targets, replace, session)?;
    let sub = settled.claims.templates.first();
    let sub = sub.map_or_else(String::new, |template| template.sub.clone());
    if arguments.dry_run {
        if session.json {
            let places: Vec<Place> = edits.iter().map(Edit::lasting).collect::<Result<_, _>>()?;
            return document(&sub, &places, session);
        }
        for edit in &edits {
            session.host.terminal.err(&edit.shown());
        }
        return Ok(Outcome::Done);
    }
    targets::try_out(targets, session)?;
    let recorded = !arguments.no_record && edits.iter().any(|edit| !edit.is_done());
    if recorded {
        ledger::ready(session)?;
    }
    let (done, written) = places::write(&edits, session);
    let mut gather = Gather::default();
    gather.take(written);
    if recorded && !done.is_empty() {
        let record = Record {
            sub: sub.clone(),
            ..Record::new(Event::Installed, session.host.facts.now)
        };
        let lines = ledger::arrived(vec![record], &done);
        gather.take(ledger::append(&lines, Kept::Written, session));
    }
    gather.done()?;
    if session.json {
        let places: Vec<Place> = done.into_iter().map(|one| one.lasting).collect();
        return document(&sub, &places, session);
    }
    settled.claims.notes(session);
    for (target, edit) in targets.iter().zip(&edits) {
        session.note(&if edit.is_done() {
            format!("`{}` is so already", target.place)
        } else {
            target.told(&sub, "")
        });
    }
    Ok(Outcome::Done)
}

/// The document of `issue`, in which all that only a minted token has is null.
fn document(sub: &str, places: &[Place], session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let places: Vec<Json> = places
        .iter()
        .map(|place| place.to_string().into())
        .collect();
    let token = Json::object([
        ("token", Json::Null),
        ("sub", sub.into()),
        ("jti", Json::Null),
        ("kid", Json::Null),
        ("exp", Json::Null),
        ("expires", Json::Null),
        ("places", Json::Array(places)),
        ("claims", Json::Null),
    ]);
    let tokens = Json::Array(vec![token]);
    session.document(Outcome::Done, vec![("tokens", tokens)], &[])?;
    Ok(Outcome::Done)
}
