//! Where the tokens of a manifest belong, as far as it may look there.

use super::Session;
use super::manifest::{Loaded, permit};
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
