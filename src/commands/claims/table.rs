//! The same options as the keys of a `[[token]]`.

use super::{Own, add, claims_at, claims_file, free_claims};
use crate::error::{Errors, Gather};
use crate::json::Json;
use crate::session::Session;

/// What a token's own options come to in the manifest.
pub(in crate::commands) fn keys(
    own: &Own,
    session: &mut Session<'_, '_>,
) -> Result<Vec<(String, Json)>, Errors> {
    let mut gather = Gather::default();
    let mut rest = free_claims(own, &mut gather);
    let file = gather.take(claims_file(own)).flatten();
    gather.done()?;
    let mut gather = Gather::default();
    if let Some(place) = file {
        for (name, value) in gather.take(claims_at(&place, session)).unwrap_or_default() {
            add(&mut rest, name, value, &mut gather);
        }
    }
    gather.done()?;
    let mut keys = Vec::new();
    for (claim, key) in [("role", "role"), ("client_id", "client-id")] {
        if let Some(at) = rest.iter().position(|(name, _)| name == claim) {
            keys.push((key.to_owned(), rest.remove(at).1));
        }
    }
    if !own.scope.is_empty() {
        keys.push(("scope".to_owned(), own.scope.join(" ").into()));
    }
    if !rest.is_empty() {
        keys.push(("claims".to_owned(), Json::Object(rest)));
    }
    keys.extend(own.typ.as_deref().map(|typ| ("typ".to_owned(), typ.into())));
    Ok(keys)
}
