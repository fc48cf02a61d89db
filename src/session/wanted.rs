//! Where the tokens of a manifest belong, as far as it may look there.

use std::path::PathBuf;

use super::Session;
use super::clients;
use super::manifest::{Loaded, permit};
use super::places::path_of;
use crate::client;
use crate::error::Error;
use crate::manifest::{Destination, Of, Token, Use};
use crate::place::Place;

/// A token of a manifest, and one of its places.
pub(crate) struct Wanted<'m> {
    /// The token.
    pub(crate) token: &'m Token,
    /// The place as the manifest has it, and how the token comes there.
    pub(crate) to: &'m Destination,
    /// The place, absolute.
    pub(crate) place: Place,
}

/// Every place of every token, in the order of the text. Those that the manifest may not use
/// come beside.
pub(crate) fn places<'m>(
    loaded: &'m Loaded,
    session: &mut Session<'_, '_>,
) -> (Vec<Wanted<'m>>, Vec<Error>) {
    let mut all = Vec::new();
    let mut errors = Vec::new();
    for token in &loaded.manifest.tokens {
        for to in &token.to {
            let one = Use {
                by: format!("token `{}`", token.name),
                of: Of::Destination(to),
            };
            let place =
                permit(loaded, &one, session).and_then(|()| loaded.place(&to.place, session));
            match place {
                Ok(Place::Std) => {}
                Ok(place) => all.push(Wanted { token, to, place }),
                Err(mut error) => {
                    // What to do about it is said once.
                    if errors.iter().any(|known: &Error| known.hint == error.hint) {
                        error.hint = None;
                    }
                    errors.push(error);
                }
            }
        }
    }
    (all, errors)
}

/// Whether a manifest has a token in a file that one of these places may be in. No file is read:
/// what is in it may change until the manifest's lock is held.
pub(crate) fn meets(loaded: &Loaded, places: &[Place], session: &mut Session<'_, '_>) -> bool {
    let theirs: Vec<Place> = places
        .iter()
        .flat_map(|place| homes(place, session))
        .collect();
    let mut wanted = loaded.manifest.tokens.iter().flat_map(|token| &token.to);
    wanted.any(|to| {
        let place = loaded.place(&to.place, session);
        let homes = place.map(|place| homes(&place, session));
        homes.is_ok_and(|homes| homes.iter().any(|home| theirs.contains(home)))
    })
}

/// The files that a place may be in; of one that is in none, itself.
fn homes(place: &Place, session: &mut Session<'_, '_>) -> Vec<Place> {
    let paths = match place {
        Place::Entry { client, scope, .. } => client::find(client)
            .map(|client| clients::configs(client, session))
            .into_iter()
            .flatten()
            .filter(|config| scope.is_none_or(|scope| scope == config.scope))
            .flat_map(|config| config.paths)
            .collect(),
        _ => match place.path().map(|path| path_of(path, session.host)) {
            Some(path) => Vec::from_iter(path.ok()),
            None => return vec![place.clone()],
        },
    };
    let file = |path: PathBuf| {
        let path = session.host.files.leads_to(&path).unwrap_or(path);
        Place::File(path.to_string_lossy().into_owned())
    };
    paths.into_iter().map(file).collect()
}
