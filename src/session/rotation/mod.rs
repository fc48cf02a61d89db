//! Rotations: what there is, what a rotation writes where and in which order, and how one that
//! was killed is taken up again.
//!
//! Ledger `rotating`, the date, the previous key, the new one, what is published; then the tokens,
//! which are the caller's; then ledger `rotated`.

mod carry;
mod prepare;
mod refusals;
mod settle;
mod tokens;
mod unstage;

use std::rc::Rc;

pub(crate) use self::prepare::{Order, Prepared, prepare};
pub(crate) use self::refusals::meanwhile;
pub(crate) use self::settle::{Left, is_over, left, prune, publish, unrevoked};
pub(crate) use self::tokens::{Alive, Whose, alive};
use super::Session;
use super::configs::Configs;
use super::keys::{self, Wanted};
use super::ledger;
use super::manifest::Loaded;
use super::{places, ring};
use crate::error::{Code, Error, Errors, Gather};
use crate::key::rotation::{Id, Last, Seen};
use crate::key::{Algorithm, Encoding, Form, Key, KeySet, Signer, State};
use crate::place::Place;
use crate::secret::Secret;

/// A key that can be rotated, and what is around it.
pub(crate) struct Situation {
    /// Where the keys are.
    pub(crate) home: Home,
    /// That place as the ledger keeps it.
    pub(crate) place: String,
    /// The manifest whose key it is.
    pub(crate) loaded: Option<Rc<Loaded>>,
    /// Which keys there are, and what was begun.
    pub(crate) seen: Seen,
    /// All of them, each with its standing.
    pub(crate) keys: KeySet,
    /// How they are written.
    pub(crate) form: Form,
    /// The text of the current key, where it is alone at its place.
    text: Option<Secret>,
}

/// Where the keys are.
#[derive(Clone)]
pub(crate) enum Home {
    /// The person's own store of that name.
    Store(String),
    /// A JWK Set.
    Set(Place),
    /// A place for each.
    Single(Slots),
}

/// A place for each key.
#[derive(Clone)]
pub(crate) struct Slots {
    /// Of the one that signs.
    pub(crate) key: Place,
    /// Of the one before it.
    pub(crate) previous: Option<Place>,
    /// Of the staged one.
    pub(crate) next: Option<Place>,
    /// How their texts are read.
    encoding: Option<Encoding>,
}

/// Looks at the keys asked for, those of the manifest where they are its; `previous` is a place
/// that was told for the key that goes.
pub(crate) fn look(
    wanted: &Wanted,
    loaded: Option<Rc<Loaded>>,
    previous: Option<Place>,
    session: &mut Session<'_, '_>,
) -> Result<Situation, Errors> {
    match wanted {
        Wanted::Ask(_) => Err(Error::usage("a key that is typed cannot be replaced")
            .hint("name the place of the key with `--key PLACE`")
            .into()),
        Wanted::Store(name) => {
            let (store, set) = keys::read_store(name, session)?;
            let set = set.ok_or_else(keys::missing)?;
            let home = Home::Store(name.clone());
            of_set((home, store.place().to_string()), set, loaded, session)
        }
        Wanted::Place(place, encoding) => {
            places::writable(place)?;
            let (text, set) = keys::with_text(place, *encoding, session)?;
            let form = Form::of(&text, *encoding).map_err(|error| {
                let message = format!("cannot replace the key at `{place}`: {}", error.message);
                Error { message, ..error }
            })?;
            if form == Form::Set {
                let lasting = places::lasting(place, session)?.to_string();
                return of_set((Home::Set(place.clone()), lasting), set, loaded, session);
            }
            let of_manifest = loaded.as_deref();
            let planned = of_manifest.map(|loaded| loaded.previous(session));
            let next = of_manifest.map(|loaded| loaded.next(session));
            let slots = Slots {
                key: place.clone(),
                previous: previous.or(planned.transpose()?.flatten()),
                next: next.transpose()?.flatten(),
                encoding: *encoding,
            };
            refusals::one_place(&slots, session)?;
            of_slots(slots, (text, form), set, loaded, session)
        }
    }
}

fn of_set(
    (home, place): (Home, String),
    set: KeySet,
    loaded: Option<Rc<Loaded>>,
    session: &mut Session<'_, '_>,
) -> Result<Situation, Errors> {
    if let Some(ignored) = set.ignored().next() {
        let message = format!(
            "the JWK Set holds a key that would be lost: {}",
            ignored.message
        );
        return Err(Error::new(Code::KeyUnusable, message).into());
    }
    let standing = |state| {
        set.keys
            .iter()
            .filter(move |key| key.state() == Some(state))
    };
    // One without a date is accepted for ever.
    let until = |key: &&Key| key.accepted_until().unwrap_or(i64::MAX);
    let previous = standing(State::Previous).max_by_key(until);
    let seen = Seen {
        key: Id::of(set.signing()?),
        previous: previous.map(|key| (Id::of(key), key.accepted_until())),
        next: standing(State::Next).next().map(Id::of),
        last: ledger::read(&mut |it| it.is_of_rotation(), session)?.rotation(&place),
    };
    Ok(Situation {
        home,
        place,
        loaded,
        seen,
        keys: set,
        form: Form::Set,
        text: None,
    })
}

fn of_slots(
    slots: Slots,
    (text, form): (Secret, Form),
    key: KeySet,
    loaded: Option<Rc<Loaded>>,
    session: &mut Session<'_, '_>,
) -> Result<Situation, Errors> {
    let mut gather = Gather::default();
    let mut slot = |place: Option<&Place>| {
        let set = place.map(|place| keys::at_slot(place, slots.encoding, session));
        gather.take(set.transpose()).flatten().flatten()
    };
    let (previous, next) = (slot(slots.previous.as_ref()), slot(slots.next.as_ref()));
    gather.done()?;
    let current = Id::of(key.signing()?);
    let place = places::lasting(&slots.key, session)?.to_string();
    let last = ledger::read(&mut |it| it.is_of_rotation(), session)?.rotation(&place);
    let first = |set: &KeySet| set.keys.first().map(Id::of);
    let of_manifest = loaded.as_ref().and_then(|it| it.manifest.previous_until);
    let until = match &previous {
        Some(set) => ring::until(set, of_manifest, session)?,
        None => None,
    };
    let seen = Seen {
        key: current,
        previous: previous.as_ref().and_then(first).map(|id| (id, until)),
        next: next.as_ref().and_then(first),
        last,
    };
    let placed = [
        Some(ring::placed(key, State::Current, None)),
        previous.map(|set| ring::placed(set, State::Previous, seen.until())),
        next.map(|set| ring::placed(set, State::Next, None)),
    ];
    Ok(Situation {
        home: Home::Single(slots),
        place,
        loaded,
        seen,
        keys: KeySet::joined(placed.into_iter().flatten()),
        form,
        text: Some(text),
    })
}

impl Situation {
    /// The key that signs.
    pub(crate) fn current(&self) -> Result<&Key, Error> {
        self.keys.signing()
    }

    /// The algorithm that the manifest says.
    fn alg(&self) -> Option<Algorithm> {
        self.loaded.as_ref().and_then(|loaded| loaded.manifest.alg)
    }

    /// The rotation that was begun and not ended.
    fn open(&self) -> Option<&Last> {
        self.seen.last.as_ref().filter(|last| !last.ended)
    }

    /// The staged key.
    pub(crate) fn staged(&self) -> Option<&Key> {
        self.seen.next.as_ref().and_then(|id| self.key(id))
    }

    /// A key of it.
    pub(crate) fn key(&self, id: &Id) -> Option<&Key> {
        self.keys.keys.iter().find(|key| Id::of(key) == *id)
    }

    /// Why the key that signs is too weak for that.
    pub(crate) fn weakness(&self) -> Option<Error> {
        let current = self.current().ok()?;
        let signer = Signer::new(current, current.algorithm(self.alg()).ok()?);
        let is_weak = |error: &Error| matches!(error.code, Code::KeyWeak | Code::KeyTooShort);
        signer.err().filter(is_weak)
    }

    /// Where the key that goes is kept, for people.
    pub(crate) fn shown_previous(&self, session: &mut Session<'_, '_>) -> Result<String, Error> {
        match &self.home {
            Home::Single(Slots {
                previous: Some(place),
                ..
            }) => Ok(Configs::of(session).near(place).to_string()),
            _ => self.shown(session),
        }
    }

    /// Where the key is, for people.
    pub(crate) fn shown(&self, session: &mut Session<'_, '_>) -> Result<String, Error> {
        Ok(match &self.home {
            Home::Store(name) => keys::read_store(name, session)?.0.shown(session),
            Home::Set(place) | Home::Single(Slots { key: place, .. }) => {
                Configs::of(session).near(place).to_string()
            }
        })
    }
}
