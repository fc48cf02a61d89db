//! `issue` into entries that get a command instead of a token: nothing is minted now.

use super::Arguments;
use super::settle::Settled;
use super::targets;
use crate::commands::entry::Target;
use crate::error::{Errors, Gather, Outcome};
use crate::json::Json;
use crate::session::Session;
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Replace};
use crate::state::ledger::{Event, Record};

/// Writes the commands, each tried before.
pub(super) fn run(
    arguments: &Arguments,
    (settled, targets): (&Settled, &[Target]),
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let edits = targets::rehearse(targets, replace, session)?;
    if arguments.dry_run {
        for edit in &edits {
            session.host.terminal.err(&edit.shown());
        }
        return Ok(Outcome::Done);
    }
    targets::try_out(targets, session)?;
    let (done, written) = places::write(&edits, session);
    let mut gather = Gather::default();
    gather.take(written);
    let sub = settled.claims.templates.first();
    let sub = sub.map_or_else(String::new, |template| template.sub.clone());
    let fresh = edits.iter().any(|edit| !edit.is_done());
    if !arguments.no_record && fresh && !done.is_empty() {
        // No token, so no id and no end: that it is there is what `uninstall` has to know.
        let record = Record {
            sub: sub.clone(),
            ..Record::new(Event::Installed, session.host.facts.now)
        };
        let line = ledger::installed(record, &done);
        gather.take(ledger::append(&[line], Kept::Written, session));
    }
    gather.done()?;
    if session.json {
        let places: Vec<Json> = done
            .iter()
            .map(|one| one.lasting.to_string().into())
            .collect();
        let token = Json::object([
            ("token", Json::Null),
            ("sub", sub.as_str().into()),
            ("places", Json::Array(places)),
        ]);
        session.document(
            Outcome::Done,
            vec![("tokens", Json::Array(vec![token]))],
            &[],
        )?;
        return Ok(Outcome::Done);
    }
    for (target, edit) in targets.iter().zip(&edits) {
        session.note(&if edit.is_done() {
            format!("`{}` is so already", target.place)
        } else {
            target.told(&sub, "")
        });
    }
    Ok(Outcome::Done)
}
