//! What a rotation leaves to be done later: an old key whose date has come goes, what is
//! published follows, and one that was killed comes to its end.

use std::rc::Rc;

use super::prepare::{self, DATE, Prepared};
use super::{Home, Situation, Slots, look};
use crate::error::{Code, Error, Errors, Gather};
use crate::key::rotation::{Last, Wish};
use crate::key::{Key, KeySet, Kind, State};
use crate::manifest::{Of, Use, edit};
use crate::place::Place;
use crate::plan::Reason;
use crate::report;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::keys::Wanted;
use crate::session::manifest::{self, Loaded, permit};
use crate::session::places::{self, Edit, Removal, Replace};
use crate::session::revocations;
use crate::state::revocations::Revocations;
use crate::time;

/// What a rotation has left to do, and nothing of it done yet.
pub(crate) struct Left {
    /// The places that it is about, as the manifest has them, and why.
    pub(crate) places: Vec<(Place, Reason)>,
    /// The `kid` of every key that goes.
    pub(crate) gone: Vec<String>,
    situation: Situation,
    loaded: Rc<Loaded>,
    /// What was revoked: nothing waits for the date of a key that is among it.
    revoked: Revocations,
    /// One that was begun and not ended.
    open: Option<Prepared>,
    edits: Vec<Edit>,
    /// What goes, with its place as the manifest has it.
    removals: Vec<(Place, Removal)>,
    /// The manifest once its date has gone.
    change: Option<manifest::Change>,
}

/// What the rotations of the key of a manifest have left to do.
pub(crate) fn left(
    wanted: &Wanted,
    loaded: &Rc<Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Option<Left>, Errors> {
    match wanted {
        Wanted::Ask(_) => return Ok(None),
        Wanted::Place(place, _) if places::writable(place).is_err() => return Ok(None),
        Wanted::Place(..) | Wanted::Store(_) => {}
    }
    // A key that cannot be rotated has no rotation; that it can be read is seen elsewhere.
    let Ok(situation) = look(wanted, Some(Rc::clone(loaded)), None, session) else {
        return Ok(None);
    };
    let mut left = Left::of(situation, loaded, session)?;
    if left.situation.seen.is_stored() {
        left.open = Some(prepare::finish(&left.situation, Wish::Rotate, session)?);
        let place = match &loaded.manifest.key {
            Some(place) => place.clone(),
            None => places::parse(&left.situation.place)?,
        };
        left.places.push((place, Reason::RotationOpen));
    } else {
        if let Some(last) = left.situation.open() {
            session.warn(stopped(last, session));
        }
        left.age(session)?;
    }
    Ok((!left.places.is_empty()).then_some(left))
}

/// That a rotation came to no new key: this one is made by the command that was stopped, not here.
fn stopped(last: &Last, session: &Session<'_, '_>) -> Error {
    let (kid, at) = (&last.from, session.clock().full(last.at));
    Error::new(
        Code::Drift,
        format!(
            "a rotation of key `{kid}` was begun on {at}, and stopped before a new key was stored"
        ),
    )
    .hint("go on with `mcpjwt rotate-secret`; until then no old key is taken out of its place")
}

/// The keys of a manifest that are not accepted any more, on their way out of its places; none of
/// them where a rotation is open.
pub(crate) fn prune(
    wanted: &Wanted,
    loaded: &Rc<Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Left, Errors> {
    let situation = look(wanted, Some(Rc::clone(loaded)), None, session)?;
    let mut left = Left::of(situation, loaded, session)?;
    left.age(session)?;
    if let Home::Set(place) = &left.situation.home {
        let now = session.host.facts.now;
        let keys = left.situation.keys.keys.iter().map(Key::duplicate);
        let (over, kept): (Vec<Key>, Vec<Key>) =
            keys.partition(|key| is_over(key, &left.revoked, now));
        if left.situation.open().is_none() && !over.is_empty() {
            let text = KeySet::of(kept).to_store();
            let edit = places::decide(place, text, Replace::AnyKey, session)?;
            left.edits.push(edit);
            left.gone = over.iter().map(|key| key.kid().to_owned()).collect();
        }
    }
    if !left.gone.is_empty() {
        let public = publish(loaded, &left.situation.keys, session)?;
        left.edits.extend(public.filter(|edit| !edit.is_done()));
    }
    Ok(left)
}

impl Left {
    fn of(
        situation: Situation,
        loaded: &Rc<Loaded>,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Error> {
        Ok(Self {
            places: Vec::new(),
            gone: Vec::new(),
            situation,
            loaded: Rc::clone(loaded),
            revoked: revocations::load(Some(loaded), session)?,
            open: None,
            edits: Vec::new(),
            removals: Vec::new(),
            change: None,
        })
    }

    /// Where the keys are, for people.
    pub(crate) fn home(&self, session: &mut Session<'_, '_>) -> Result<String, Error> {
        let previous = match &self.situation.home {
            Home::Single(_) => self.loaded.manifest.previous.as_ref(),
            Home::Set(_) | Home::Store(_) => None,
        };
        previous.map_or_else(
            || self.situation.shown(session),
            |place| Ok(place.to_string()),
        )
    }

    /// What has been in its place for long enough: the key whose date has come, with the date, and
    /// a staged key that signs already.
    fn age(&mut self, session: &mut Session<'_, '_>) -> Result<(), Errors> {
        let seen = &self.situation.seen;
        let manifest = &self.loaded.manifest;
        let now = session.host.facts.now;
        let Home::Single(Slots { previous, next, .. }) = &self.situation.home else {
            return Ok(());
        };
        if self.situation.open().is_some() {
            return Ok(());
        }
        let mut gather = Gather::default();
        let keys = self.situation.keys.keys.iter();
        let over: Vec<&Key> = keys
            .filter(|key| is_over(key, &self.revoked, now))
            .collect();
        // Their place goes as a whole: one of them that is still accepted keeps it.
        let mut previous_keys = self.situation.keys.keys.iter();
        let is_kept =
            |key: &Key| key.state() == Some(State::Previous) && !is_over(key, &self.revoked, now);
        let revoked = if previous_keys.any(is_kept) {
            None
        } else {
            let mut entries = over.iter().filter_map(|key| self.revoked.key(key.kid()));
            entries.next().map(|entry| entry.at)
        };
        let date = manifest.previous_until.filter(|date| *date <= now);
        if let (Some(date), Some(place), Some(written)) =
            (date.or(revoked), previous, &manifest.previous)
        {
            let is_over = revoked.is_some() || seen.is_previous_over(now);
            if is_over {
                self.gone = over.iter().map(|key| key.kid().to_owned()).collect();
                let removal = gather.take(prepare::removal(place, session));
                self.removals
                    .extend(removal.map(|removal| (written.clone(), removal)));
            }
            // A run that was killed may have left the date without the key.
            if is_over || seen.previous.is_none() {
                if manifest.previous_until.is_some() {
                    let mut change = |text: &str| edit::unset(text, DATE);
                    let changed = manifest::changed(&self.loaded, &mut change, session);
                    self.change = gather.take(changed);
                }
                self.places.push((written.clone(), Reason::Over(date)));
            }
        }
        if let (true, Some(place), Some(written)) = (seen.is_next_left(), next, &manifest.next) {
            let removal = gather.take(prepare::removal(place, session));
            self.removals
                .extend(removal.map(|removal| (written.clone(), removal)));
            self.places.push((written.clone(), Reason::Promoted));
        }
        gather.done()
    }

    /// What a dry run shows: the lines that would change.
    pub(crate) fn shown(&self) -> String {
        let mut text = self.open.as_ref().map_or_else(String::new, Prepared::shown);
        let shown = report::escape(&self.loaded.shown);
        if let Some(until) = self.open.as_ref().and_then(Prepared::date) {
            let until = time::rfc3339(until);
            text.push_str(&format!("would write `{DATE} = {until}` into `{shown}`\n"));
        }
        for edit in &self.edits {
            text.push_str(&edit.shown());
        }
        for (place, removal) in &self.removals {
            text.push_str(&removal.shown(&report::escape(&place.to_string())));
        }
        if let Some(change) = &self.change {
            text.push_str(&format!("would take `{DATE}` out of `{shown}`\n"));
            let (old, new) = &change.texts;
            let lines = report::lines(old.expose_str().unwrap_or_default(), new);
            text.extend(lines.lines().flat_map(|line| ["  ", line, "\n"]));
        }
        text
    }

    /// Does it, but for the end of the record. The date goes last: a previous key without one
    /// would be accepted for ever.
    pub(crate) fn carry_out(&mut self, session: &mut Session<'_, '_>) -> Result<(), Errors> {
        if let Some(open) = &self.open {
            open.carry_out(&self.situation, session)?;
        }
        if !self.edits.is_empty() {
            places::write(&self.edits, session).1?;
        }
        if !self.removals.is_empty() {
            places::take_out(self.removals.iter().map(|(_, removal)| removal), session).1?;
        }
        if let Some(change) = self.change.take() {
            manifest::write(&self.loaded, change, session)?;
        }
        Ok(())
    }

    /// Ends the record: the tokens are where they belong.
    pub(crate) fn end(&self, session: &mut Session<'_, '_>) -> Result<(), Error> {
        match &self.open {
            Some(open) => open.end(&self.situation, session),
            None => Ok(()),
        }
    }
}

/// Whether a key goes: nothing that it has signed is accepted, or it was revoked since another one
/// signs.
pub(crate) fn is_over(key: &Key, revoked: &Revocations, now: i64) -> bool {
    let is_previous = key.state() == Some(State::Previous);
    key.is_over(now) || (is_previous && revoked.key(key.kid()).is_some())
}

/// The keys that servers are told of: one that was revoked is none of them, but for the one that
/// signs, which has to be rotated.
pub(crate) fn unrevoked(keys: &KeySet, revoked: &Revocations) -> KeySet {
    let is_kept = |key: &&Key| match key.state() {
        Some(State::Previous | State::Next) => revoked.key(key.kid()).is_none(),
        _ => true,
    };
    let kept = keys.keys.iter().filter(is_kept);
    KeySet::of(kept.map(Key::duplicate).collect())
}

/// The public keys on their way to the `jwks` place of a manifest, where it has one and there are
/// any.
pub(crate) fn publish(
    loaded: &Loaded,
    keys: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Option<Edit>, Error> {
    let Some(place) = &loaded.manifest.jwks else {
        return Ok(None);
    };
    let jwks = Use {
        by: "`jwks`".to_owned(),
        of: Of::Place(place),
    };
    permit(loaded, &jwks, session)?;
    let place = loaded.place(place, session)?;
    if keys.keys.iter().all(|key| key.kind() == Kind::Secret) {
        session.warn(
            Error::new(
                Code::KeyUnusable,
                format!("nothing was published at `{place}`: a secret has no public part"),
            )
            .hint("take `jwks` out of the manifest"),
        );
        return Ok(None);
    }
    let revoked = revocations::load(Some(loaded), session)?;
    let now = session.host.facts.now;
    let text = Secret::from(unrevoked(keys, &revoked).to_public_jwks(now));
    places::decide_public(&place, text, Replace::Public, session).map(Some)
}
