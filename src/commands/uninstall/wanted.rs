//! Which places are to be emptied: those that were given, or those that the ledger has.

use super::Arguments;
use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::place::{Place, tree};
use crate::report;
use crate::session::configs::Configs;
use crate::session::{Session, clients, ledger, places};
use crate::state::ledger::{Installed, Record};

/// A place that is to be emptied.
pub(in crate::commands) struct Wanted {
    /// As it was given, for people.
    pub(in crate::commands) shown: Place,
    /// As the ledger keeps it.
    pub(in crate::commands) place: Place,
    pub(super) record: Option<Record>,
    pub(super) made: Option<tree::Made>,
}

/// The places of the command line.
pub(super) fn given(arguments: &Arguments) -> Result<Vec<Place>, Errors> {
    let mut gather = Gather::default();
    let given: Vec<Place> = arguments
        .place
        .iter()
        .filter_map(|text| gather.take(shared::place_of("uninstall", text)))
        .collect();
    if given.contains(&Place::Std) {
        gather.add(misuse(
            "nothing can be taken out of standard output",
            "name a place, such as `CLIENT/SERVER`",
        ));
    }
    gather.done().map(|()| given)
}

/// Every place that may be meant, before anything but the ledger is read.
pub(super) fn meant(
    (arguments, given): (&Arguments, &[Place]),
    session: &mut Session<'_, '_>,
) -> Result<Vec<Place>, Errors> {
    let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
    let installed = ledger.installed();
    let known = ours(arguments, &installed).filter_map(|one| places::parse(one.place).ok());
    Ok(given.iter().cloned().chain(known).collect())
}

/// What the ledger has of those that were asked for by no place.
fn ours<'l>(
    arguments: &'l Arguments,
    installed: &'l [Installed<'l>],
) -> impl Iterator<Item = &'l Installed<'l>> {
    installed.iter().filter(|one| match &arguments.sub {
        Some(sub) => one.record.sub == *sub,
        None => arguments.all,
    })
}

/// Finds the places that are meant, and says which of the ledger's are none.
pub(super) fn settle(
    (arguments, given): (&Arguments, &[Place]),
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Wanted>, Result<(), Errors>), Errors> {
    let mut wanted = of(given.to_vec(), session)?;
    let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
    let installed = ledger.installed();
    let mut gather = Gather::default();
    if given.is_empty() {
        let configs = Configs::of(session);
        for one in ours(arguments, &installed) {
            let place = places::parse(one.place).map_err(|error| unread(one.place, &error));
            if let Some(place) = gather.take(place) {
                let shown = configs.shortest(&place, session);
                wanted.push(found(shown, place, Some(one)));
            }
        }
    }
    Ok((wanted, gather.done()))
}

/// The error for a place of the ledger that this program does not know.
fn unread(place: &str, error: &Error) -> Error {
    let place = report::escape(place);
    let message = format!("`{place}` of the ledger is no place: {}", error.message);
    Error::new(Code::StateUnreadable, message)
        .hint("look there for the token, and take it out by hand")
        .at(place)
}

/// What is at these places, by the ledger where that knows them.
pub(in crate::commands) fn of(
    given: Vec<Place>,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Wanted>, Errors> {
    let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
    let installed = ledger.installed();
    let mut wanted = Vec::new();
    let mut gather = Gather::default();
    for shown in given {
        let Some(places) = gather.take(clients::lasting(&shown, &installed, session)) else {
            continue;
        };
        if places.is_empty() {
            session.note(&format!("nothing is at `{shown}`"));
        }
        for place in places {
            // By two names it is one place.
            if wanted.iter().any(|one: &Wanted| one.place == place) {
                continue;
            }
            let text = place.to_string();
            let known = installed.iter().find(|one| one.place == text);
            wanted.push(found(shown.clone(), place, known));
        }
    }
    gather.done().map(|()| wanted)
}

fn found(shown: Place, place: Place, known: Option<&Installed<'_>>) -> Wanted {
    Wanted {
        shown,
        place,
        record: known.map(|known| known.record.clone()),
        made: known
            .and_then(|known| known.made.as_ref())
            .map(ledger::made),
    }
}
