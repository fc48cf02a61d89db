//! Why a key cannot be rotated as its places are.

use super::{Home, Order, Situation, Slots};
use crate::error::{Code, Error};
use crate::key::{Key, Signer, State};
use crate::session::configs::Configs;
use crate::session::{Session, places, revocations};

/// That the previous key is still accepted, so that none can take its place. One that was revoked
/// waits for no date: it can be taken out now.
pub(super) fn wait(
    situation: &Situation,
    until: Option<i64>,
    session: &mut Session<'_, '_>,
) -> Result<Error, Error> {
    let kid = situation.seen.previous.as_ref().map(|(id, _)| &*id.kid);
    let kid = kid.unwrap_or_default();
    let at = situation.place.clone();
    let revoked = revocations::load(situation.loaded.as_deref(), session)?;
    // A key of a set goes by itself, a place with all keys that are in it.
    let is_place = matches!(situation.home, Home::Single(_));
    let mut before = situation
        .keys
        .keys
        .iter()
        .filter(|key| key.state() == Some(State::Previous) && (is_place || key.kid() == kid));
    if before.all(|key| revoked.key(key.kid()).is_some()) {
        let message = format!("the key before this one, `{kid}`, was revoked, and is there yet");
        let hint = match (&situation.home, &situation.loaded) {
            (Home::Store(_), _) | (_, Some(_)) => "take it out with `mcpjwt secret prune`".into(),
            (Home::Set(_) | Home::Single(_), None) => format!(
                "take it out of `{}` by hand",
                situation.shown_previous(session)?
            ),
        };
        return Ok(Error::new(Code::KeyExists, message).hint(hint).at(at));
    }
    let (until, hint) = match until {
        Some(until) => (
            format!("accepted until {}", session.clock().full(until)),
            "rotate after that date",
        ),
        None => (
            "accepted without an end".to_owned(),
            "give it one: `previous-until = DATE` in the manifest",
        ),
    };
    let message =
        format!("the key before this one, `{kid}`, is {until}; a rotation would cut that short");
    let hint = format!(
        "{hint}; if the current key has leaked, `mcpjwt rotate-secret --now` replaces it at once"
    );
    Ok(Error::new(Code::KeyExists, message).hint(hint).at(at))
}

/// The staged key, which has to be one that signs, and by the algorithm that is asked for.
pub(super) fn staged<'s>(
    situation: &'s Situation,
    order: &Order,
    session: &mut Session<'_, '_>,
) -> Result<&'s Key, Error> {
    let next = situation.staged();
    let next = next.ok_or_else(|| Error::new(Code::Internal, "a staged key without a key"))?;
    let revoked = revocations::load(situation.loaded.as_deref(), session)?;
    if revoked.key(next.kid()).is_some() {
        let message = format!("the staged key `{}` was revoked", next.kid());
        return Err(Error::new(Code::Revoked, message)
            .hint("take it back with `mcpjwt rotate-secret --abort`"));
    }
    if let Some(alg) = order.alg {
        next.algorithm(Some(alg)).map_err(|error| {
            Error::usage(format!(
                "`--alg`: a key is staged already: {}",
                error.message
            ))
            .hint("leave it out, to use that key; `mcpjwt rotate-secret --abort` takes it back")
        })?;
    }
    let alg = next.algorithm(situation.alg());
    let Err(error) = alg.and_then(|alg| Signer::new(next, alg)) else {
        return Ok(next);
    };
    let place = match &situation.home {
        Home::Single(Slots {
            next: Some(next), ..
        }) => Configs::of(session).near(next).to_string(),
        _ => situation.shown(session)?,
    };
    let message = format!(
        "the staged key at `{place}` is no key to sign with: {}",
        error.message
    );
    Err(Error::new(error.code, message)
        .hint("take it back with `mcpjwt rotate-secret --abort`")
        .at(place))
}

/// Refuses slots of which two are the same: the key in it would be lost.
pub(super) fn one_place(slots: &Slots, session: &mut Session<'_, '_>) -> Result<(), Error> {
    let mut known = vec![places::lasting(&slots.key, session)?];
    for place in [&slots.previous, &slots.next].into_iter().flatten() {
        let lasting = places::lasting(place, session)?;
        if known.contains(&lasting) {
            let shown = Configs::of(session).near(place);
            return Err(Error::usage(format!(
                "`{shown}` is to hold two keys, and has room for one: it is named twice"
            ))
            .hint("name a place for each: the current key, the previous one, the next one"));
        }
        known.push(lasting);
    }
    Ok(())
}

pub(super) fn no_previous(situation: &Situation) -> Error {
    let (told, name) = suggested(situation, "PREVIOUS");
    let message = "the place of the key holds one key, and there is none for the one that goes: every token of it would be refused at once";
    let hint = if situation.loaded.is_some() {
        format!(
            "add `previous = \"{told}\"` to the manifest; after a leak, `mcpjwt rotate-secret --now` retires the old key at once"
        )
    } else {
        format!(
            "name one with `--previous {name}`; after a leak, `mcpjwt rotate-secret --now` retires the old key at once"
        )
    };
    Error::usage(message).hint(hint)
}

pub(super) fn no_next(situation: &Situation) -> Error {
    let (told, _) = suggested(situation, "NEXT");
    let hint = if situation.loaded.is_some() {
        format!("add `next = \"{told}\"` to the manifest for a server that reads two")
    } else {
        format!("write a manifest with `key`, and `next = \"{told}\"` for a server that reads two")
    };
    Error::usage(
        "the place of the key holds one key, and there is none for a staged one: such a server cannot be staged",
    )
    .hint(hint)
}

/// A place beside that of the key, as the manifest would name it and as a shell takes it.
fn suggested(situation: &Situation, role: &str) -> (String, String) {
    let of_manifest = situation.loaded.as_ref();
    let of_manifest = of_manifest.and_then(|loaded| loaded.manifest.key.as_ref());
    let key = match (&situation.home, of_manifest) {
        (_, Some(place)) | (Home::Single(Slots { key: place, .. }) | Home::Set(place), None) => {
            place.to_string()
        }
        (Home::Store(_), None) => "file:PATH".to_owned(),
    };
    let beside = match key.split_once('#') {
        Some((_, name)) if name.contains(|c: char| c.is_ascii_lowercase()) => {
            format!("{key}_{}", role.to_ascii_lowercase())
        }
        Some(_) => format!("{key}_{role}"),
        None => format!("{key}.{}", role.to_ascii_lowercase()),
    };
    let typed = crate::report::shell_word(&beside);
    (beside, typed.clone())
}

/// That the keys are not those any more that were looked at.
pub(crate) fn meanwhile() -> Error {
    Error::new(
        Code::Overwritten,
        "another run has changed the keys meanwhile; nothing was rotated",
    )
    .hint("see them with `mcpjwt secret list`, then run the same command again")
}
