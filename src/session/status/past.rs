//! What the ledger knows of tokens whose key is not at hand.

use std::collections::HashSet;

use super::{Ask, Held, Spot};
use crate::session::{Session, ledger};
use crate::state::ledger::Event;
use crate::token;

/// What the ledger knows of keys that are not at hand.
pub(super) struct Past<'l> {
    /// `jti` and `kid` of the tokens that were signed here, as far as it is asked.
    pub(super) signed: HashSet<(String, String)>,
    /// The `kid` of every key that a rotation retired.
    pub(super) retired: HashSet<&'l str>,
}

impl Past<'_> {
    /// Whether this token was signed here.
    pub(super) fn has(&self, jti: &str, kid: &str) -> bool {
        self.signed.contains(&(jti.to_owned(), kid.to_owned()))
    }
}

/// Of the tokens whose key is not at hand `jti` and `kid` of those that were signed here.
pub(super) fn signed(
    spots: &[Spot<'_>],
    ask: Ask<'_>,
    session: &mut Session<'_, '_>,
) -> HashSet<(String, String)> {
    let name = |spot: &Spot<'_>| {
        let Held::Token { token, .. } = &spot.held else {
            return None;
        };
        let health = token::health(token.expose(), None, (ask.now, 0));
        let jti = health.claims.as_ref()?.text("jti")?.to_owned();
        Some((jti, health.kid?))
    };
    let is_at_hand = |kid: &str| {
        let keys = ask.keys.map_or(&[][..], |set| &set.keys[..]);
        keys.iter().any(|key| key.kid() == kid)
    };
    let strange = spots.iter().filter_map(name);
    let strange: HashSet<_> = strange.filter(|(_, kid)| !is_at_hand(kid)).collect();
    if strange.is_empty() {
        return strange;
    }
    let mut signed = HashSet::new();
    // Only to be seen: what cannot be read was told.
    let _ = ledger::read(
        &mut |it| {
            let name = (it.jti.clone().into_owned(), it.kid.clone().into_owned());
            if it.event != Event::Revoked && strange.contains(&name) {
                signed.insert(name);
            }
            false
        },
        session,
    );
    signed
}
