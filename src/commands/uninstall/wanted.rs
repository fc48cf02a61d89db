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

/// Finds the places that are meant, and says which of the ledger's are none.
pub(super) fn settle(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Wanted>, Result<(), Errors>), Errors> {
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
    gather.done()?;
    let mut wanted = of(given, session)?;
    let ledger = ledger::read(session)?;
    let installed = ledger.installed();
    let mut gather = Gather::default();
    if arguments.place.is_empty() {
        let ours = installed.iter().filter(|one| match &arguments.sub {
            Some(sub) => one.record.sub == *sub,
            None => arguments.all,
        });
        let configs = Configs::of(session);
        for one in ours {
            let place = places::parse(one.place).map_err(|error| unread(one.place, &error));
            if let Some(place) = gather.take(place) {
                let shown = configs.shortest(&place);
                wanted.push(found(shown, place, Some(one)));
            }
        }
    }
    let all = gather.done();
    if wanted.is_empty() && arguments.place.is_empty() && all.is_ok() {
        let whose = match &arguments.sub {
            Some(sub) => format!("no place holds a token of `{sub}`"),
            None => "no place holds a token".to_owned(),
        };
        session.note(&format!("{whose} that the ledger knows of"));
    }
    Ok((wanted, all))
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
    let ledger = ledger::read(session)?;
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
