//! All keys of a run in one set, each with its standing: the key at a manifest's `key` is the
//! current one, at `previous` the one before it, at `next` the staged one. What a store or a JWK
//! Set says of its own keys holds.

use super::Session;
use super::documents::{self, About};
use super::keys::{self, Wanted};
use super::manifest::Loaded;
use crate::error::{Code, Error, Errors, Gather};
use crate::key::{Algorithm, Encoding, Key, KeySet, State};
use crate::place::Place;
use crate::state::Document as _;
use crate::state::keys::{Keys, Known};

const KNOWN: About = About {
    file: "keys.json",
    what: "what is known of keys",
    mend: "say with `previous-until` in the manifest until when a previous key is accepted",
};

/// The keys of a run.
pub(crate) struct Ring {
    /// The current key first, then previous ones, then staged ones; those of a set as it has them.
    pub(crate) keys: KeySet,
}

/// Reads all keys: those asked for, and where they are those of a manifest, its others too.
/// An empty or missing place of a previous or staged key is none.
pub(crate) fn of(
    wanted: &Wanted,
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Ring, Errors> {
    let mut gather = Gather::default();
    let keys = gather.take(keys::require(wanted, session));
    let keys = keys.map(|set| placed(set, State::Current, None));
    let mut sets: Vec<KeySet> = keys.into_iter().collect();
    if let Some(loaded) = loaded {
        let manifest = &loaded.manifest;
        let encoding = encoding(wanted);
        for (state, slot) in [
            (State::Previous, loaded.previous(session)),
            (State::Next, loaded.next(session)),
        ] {
            let Some(Some(place)) = gather.take(slot) else {
                continue;
            };
            let set = gather
                .take(keys::at_slot(&place, encoding, session))
                .flatten();
            let until = manifest.previous_until.filter(|_| state == State::Previous);
            sets.extend(set.map(|set| placed(set, state, until)));
        }
    }
    gather.done()?;
    Ok(dated(Ring::joined(sets), session)?)
}

impl Ring {
    /// That of keys as a rotation will have them.
    pub(crate) fn coming(keys: &KeySet) -> Self {
        Self::joined([KeySet::of(keys.keys.iter().map(Key::duplicate).collect())])
    }

    /// The keys, each for this algorithm where it can do that and says no other.
    pub(crate) fn declaring(self, alg: Option<Algorithm>) -> KeySet {
        self.keys.standing(|key| match key.algorithm(alg) {
            Ok(alg) => key.declaring(alg),
            Err(_) => key,
        })
    }

    fn joined(sets: impl IntoIterator<Item = KeySet>) -> Self {
        Self {
            keys: KeySet::joined(sets),
        }
    }

    /// The same ring, with the keys at a place as previous ones.
    pub(crate) fn with_previous(
        self,
        place: &Place,
        encoding: Option<Encoding>,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Error> {
        let wanted = Wanted::Place(place.clone(), encoding);
        let previous = keys::require(&wanted, session)?;
        let previous = placed(previous, State::Previous, None);
        dated(Self::joined([self.keys, previous]), session)
    }
}

/// How the text of the secret of a manifest is read.
pub(crate) fn encoding(wanted: &Wanted) -> Option<Encoding> {
    match wanted {
        Wanted::Place(_, encoding) | Wanted::Ask(encoding) => *encoding,
        Wanted::Store(_) => None,
    }
}

/// The keys of a place with the standing that the place gives them. Several keys of one text that
/// says nothing of them stay without at the place of the current key: it does not say which.
pub(super) fn placed(set: KeySet, place: State, until: Option<i64>) -> KeySet {
    let is_set = !set.is_lone();
    set.standing(|key| {
        let (created, own) = (key.created(), key.accepted_until());
        match (key.state(), place) {
            (None, State::Current) if is_set => key,
            (Some(_), State::Current) | (Some(State::Retired), _) => key,
            (_, State::Previous) => key.standing(place, created, until.or(own)),
            (_, place) => key.standing(place, created, None),
        }
    })
}

/// The same ring; the dates that our own records have of previous keys whose places carry none.
fn dated(ring: Ring, session: &mut Session<'_, '_>) -> Result<Ring, Error> {
    let open = |key: &Key| key.state() == Some(State::Previous) && key.accepted_until().is_none();
    if !ring.keys.keys.iter().any(open) {
        return Ok(ring);
    }
    let known = known(session)?;
    let keys = remembered(ring.keys, &known);
    Ok(Ring { keys })
}

/// The same keys; what our own records have of those whose places carry no dates.
pub(crate) fn remembered(keys: KeySet, known: &Keys) -> KeySet {
    keys.standing(|key| {
        let Some(state) = key.state() else {
            return key;
        };
        let own = known.of(key.kid());
        let created = key.created().or(own.created);
        let until = key.accepted_until();
        let until = match state {
            State::Previous => until.or(own.accepted_until),
            _ => until,
        };
        key.standing(state, created, until)
    })
}

/// What is known of keys whose places cannot carry it.
pub(crate) fn known(session: &mut Session<'_, '_>) -> Result<Keys, Error> {
    if session.host.facts.dirs.state.is_none() {
        return Ok(Keys::new());
    }
    documents::read(&KNOWN, session)
}

/// Keeps what is known of keys.
pub(crate) fn learn(known: &[(&str, Known)], session: &mut Session<'_, '_>) -> Result<(), Error> {
    documents::change::<Keys>(&KNOWN, session, &mut |keys| {
        for (kid, known) in known {
            keys.learn(kid, *known);
        }
    })
}

/// Drops what is known of keys.
pub(crate) fn forget(kids: &[&str], session: &mut Session<'_, '_>) -> Result<(), Error> {
    let known = known(session)?;
    if kids.iter().all(|kid| known.of(kid) == Known::default()) {
        return Ok(());
    }
    documents::change::<Keys>(&KNOWN, session, &mut |keys| {
        for kid in kids {
            keys.forget(kid);
        }
    })
}

/// That a key signs which was taken out of use.
pub(crate) fn returned(kid: &str) -> Error {
    Error::new(
        Code::Drift,
        format!(
            "key `{kid}` signs, and a rotation took it out of use: a copy of before has come back"
        ),
    )
}

/// Until when the key of a place for previous keys is accepted: as the manifest has it, else the
/// key itself, else our own records.
pub(super) fn until(
    set: &KeySet,
    of_manifest: Option<i64>,
    session: &mut Session<'_, '_>,
) -> Result<Option<i64>, Error> {
    let Some(key) = set.keys.first() else {
        return Ok(None);
    };
    match of_manifest.or(key.accepted_until()) {
        None => Ok(known(session)?.of(key.kid()).accepted_until),
        until => Ok(until),
    }
}
