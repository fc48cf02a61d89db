//! What a rotation will write, decided before the first write.

use std::path::PathBuf;

use super::{Home, Situation, Slots, publish, refusals, unstage};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Random;
use crate::key::rotation::{Fate, Id, Step, Wish};
use crate::key::{Algorithm, Key, KeySet, Kind, State};
use crate::manifest::Git;
use crate::place::Place;
use crate::report;
use crate::secret::Secret;
use crate::session::places::{self, Edit, Ours, Removal, Replace, Way};
use crate::session::{Session, ring};
use crate::state::keys::Known;
use crate::state::ledger::{Event, Record};
use crate::time::Clock;

/// The key of the manifest that has the date.
pub(super) const DATE: &str = "previous-until";

/// What is wanted, and how.
pub(crate) struct Order {
    /// What.
    pub(crate) wish: Wish,
    /// The algorithm of a new key, where it is not that of the old one.
    pub(crate) alg: Option<Algorithm>,
    /// What becomes of the key that goes.
    pub(crate) fate: Fate,
    /// Whether git may have the files of keys.
    pub(crate) git: Git,
}

/// A rotation, decided.
pub(crate) struct Prepared {
    /// What is done.
    pub(crate) step: Step,
    /// The key that comes, to sign or to be staged.
    pub(crate) key: Option<Key>,
    /// All keys as they shall be.
    pub(crate) after: KeySet,
    /// The `kid` of the key that goes, and what becomes of it.
    pub(crate) gone: Option<(String, Fate)>,
    /// What the ledger gets before anything else is written.
    pub(super) record: Option<Record>,
    pub(super) known: Vec<(String, Known)>,
    pub(super) date: Date,
    pub(super) moves: Moves,
    pub(super) removals: Vec<Removal>,
    pub(super) publish: Option<Edit>,
}

/// What becomes of the date in the manifest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Date {
    Stays,
    Set(i64),
    Goes,
}

/// How the keys come to their places.
pub(super) enum Moves {
    /// They are there.
    Nothing,
    /// By a change of the person's own store, where this is still the current key.
    Store { name: String, from: Id },
    /// By these edits, one write after the other.
    Places(Vec<Vec<Edit>>),
}

/// Decides what to write for a step.
pub(crate) fn prepare(
    situation: &Situation,
    step: Step,
    order: &Order,
    session: &mut Session<'_, '_>,
) -> Result<Prepared, Errors> {
    let mut prepared = match step {
        Step::Wait(until) => return Err(refusals::wait(situation, until, session)?.into()),
        Step::Make | Step::Promote => swap(situation, step, order, session)?,
        Step::Finish => finish(situation, order.wish, session)?,
        Step::Stage => stage(situation, order, session)?,
        Step::Unstage => unstage::prepare(situation, session)?,
        Step::Unstaged => return Err(unstage::none().into()),
        Step::Begun => return Err(unstage::begun(situation, session).into()),
        Step::Staged => {
            refusals::staged(situation, order, session)?;
            Prepared::unchanged(situation, step)
        }
    };
    // What cannot be read cannot be added to: that is told before the first write.
    if !prepared.known.is_empty() || prepared.is_swap() {
        ring::known(session)?;
    }
    if let Some(loaded) = &situation.loaded {
        prepared.publish = publish(loaded, &prepared.after, session)?;
    }
    if let Moves::Places(phases) = &prepared.moves
        && order.git == Git::Refuse
    {
        let mut gather = Gather::default();
        for edits in phases {
            gather.take(places::guard(edits, Way::Before, session));
        }
        gather.done()?;
    }
    Ok(prepared)
}

impl Prepared {
    pub(super) fn unchanged(situation: &Situation, step: Step) -> Self {
        let keys = situation.keys.keys.iter().map(Key::duplicate);
        Self {
            step,
            key: None,
            after: KeySet::of(keys.collect()),
            gone: None,
            record: None,
            known: Vec::new(),
            date: Date::Stays,
            moves: Moves::Nothing,
            removals: Vec::new(),
            publish: None,
        }
    }
}

/// The algorithm that a new key is for.
fn algorithm(situation: &Situation, order: &Order) -> Result<Algorithm, Error> {
    let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
    let of_manifest = manifest.and_then(|manifest| manifest.alg);
    let Some(alg) = order.alg else {
        return situation.current()?.algorithm(of_manifest);
    };
    let name = alg.name();
    match of_manifest {
        Some(own) if own != alg => Err(Error::usage(format!(
            "`--alg {name}` contradicts the manifest, which has `alg = \"{}\"`",
            own.name()
        ))
        .hint("change it there first")),
        None if manifest.is_some()
            && !situation.form.tells_algorithm()
            && alg != alg.kind().default_algorithm() =>
        {
            Err(Error::usage(format!(
                "the place of the key does not say that it is for {name}"
            ))
            .hint(format!("write `alg = \"{name}\"` into the manifest first")))
        }
        _ if manifest.is_some_and(|manifest| manifest.jwks.is_some())
            && alg.kind() == Kind::Secret =>
        {
            Err(Error::usage(format!(
                "{name} takes a secret, and what reads the `jwks` of the manifest could not check it"
            ))
            .hint("rotate to an algorithm of key pairs"))
        }
        _ => Ok(alg),
    }
}

fn made(situation: &Situation, order: &Order, session: &mut Session<'_, '_>) -> Result<Key, Error> {
    let alg = algorithm(situation, order)?;
    let random: &mut dyn Random = session.host.random;
    let mut fill = |buffer: &mut [u8]| random.fill(buffer);
    situation
        .form
        .successor(situation.current()?, alg, &mut fill)
}

fn swap(
    situation: &Situation,
    step: Step,
    order: &Order,
    session: &mut Session<'_, '_>,
) -> Result<Prepared, Errors> {
    let now = session.host.facts.now;
    let current = situation.current()?;
    if let (Home::Single(Slots { previous: None, .. }), Fate::Until(_)) =
        (&situation.home, order.fate)
    {
        return Err(refusals::no_previous(situation).into());
    }
    let new = match step {
        Step::Promote => refusals::staged(situation, order, session)?.duplicate(),
        _ => made(situation, order, session)?,
    };
    let until = match order.fate {
        Fate::Until(until) => until,
        Fate::Retired => now,
    };
    let mut prepared = Prepared {
        gone: Some((current.kid().to_owned(), order.fate)),
        record: Some(Record {
            kid: current.kid().to_owned(),
            to: Some(new.kid().to_owned()),
            until: Some(until),
            places: vec![situation.place.clone()],
            ..Record::new(Event::Rotating, now)
        }),
        after: situation.keys.rotated(&new, order.fate, now),
        ..Prepared::unchanged(situation, step)
    };
    match &situation.home {
        Home::Store(_) | Home::Set(_) => {
            prepared.moves = as_a_whole(situation, &prepared.after, session)?;
        }
        Home::Single(slots) => {
            into_slots(&mut prepared, situation, (slots, &new, order.fate), session)?;
        }
    }
    prepared.key = Some(new);
    Ok(prepared)
}

/// A place for each key: the one that goes comes to the place of the previous one, with its date.
fn into_slots(
    prepared: &mut Prepared,
    situation: &Situation,
    (slots, new, fate): (&Slots, &Key, Fate),
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let now = session.host.facts.now;
    let old = situation.text.as_ref().map(Secret::duplicate);
    let old = old.ok_or_else(|| Error::new(Code::Internal, "a key without its text"))?;
    let mut gather = Gather::default();
    let text = gather.take(situation.form.text(new));
    let text = text.map(|text| fitting(&text, &slots.key, &old));
    let key = text
        .and_then(|text| gather.take(places::decide(&slots.key, text, Replace::AnyKey, session)));
    let mut previous = None;
    if let (Fate::Until(until), Some(place)) = (fate, &slots.previous) {
        let text = fitting(&old, place, &old);
        previous = gather.take(places::decide(place, text, Replace::AnyKey, session));
        let known = Known {
            accepted_until: Some(until),
            ..Known::default()
        };
        let gone = situation.seen.key.kid.clone();
        prepared.known.push((gone, known));
        // The date is where the place is: what the manifest does not name it gives no date.
        let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
        if manifest.is_some_and(|manifest| manifest.previous.is_some()) {
            prepared.date = Date::Set(until);
        }
    }
    if situation.seen.next.is_some()
        && let Some(place) = &slots.next
    {
        prepared
            .removals
            .extend(gather.take(removal(place, session)));
    }
    gather.done()?;
    let created = Known {
        created: new.created().or(Some(now)),
        ..Known::default()
    };
    prepared.known.push((new.kid().to_owned(), created));
    let together = match &slots.previous {
        Some(place) => same_file(place, &slots.key, session)?,
        None => false,
    };
    let (previous, key) = (previous.into_iter(), key.into_iter());
    prepared.moves = Moves::Places(if together {
        vec![previous.chain(key).collect()]
    } else {
        vec![previous.collect(), key.collect()]
    });
    Ok(())
}

/// The keys are in place: the date, and what a run has left behind.
pub(super) fn finish(
    situation: &Situation,
    wish: Wish,
    session: &mut Session<'_, '_>,
) -> Result<Prepared, Errors> {
    let now = session.host.facts.now;
    let mut prepared = Prepared::unchanged(situation, Step::Finish);
    let last = situation.seen.last.as_ref();
    let from = last.map(|last| last.from.clone()).unwrap_or_default();
    // The one before the key that goes has a date of its own.
    let previous = situation.seen.previous.as_ref().map(|(id, _)| id);
    let gone = previous.filter(|id| id.kid == from);
    let leaked = gone.filter(|_| wish == Wish::Now);
    let retires = leaked.is_some();
    let fate = match situation.seen.until() {
        Some(until) if gone.is_some() && !retires => Fate::Until(until),
        _ => Fate::Retired,
    };
    prepared.gone = last.map(|_| (from, fate));
    if retires {
        prepared.after = prepared.after.standing(|key| {
            if Some(&Id::of(&key)) == leaked {
                let created = key.created();
                key.standing(State::Retired, created, Some(now))
            } else {
                key
            }
        });
    }
    match &situation.home {
        Home::Store(_) | Home::Set(_) if !retires => {}
        Home::Store(_) | Home::Set(_) => {
            prepared.moves = as_a_whole(situation, &prepared.after, session)?;
        }
        Home::Single(slots) => {
            let mut gather = Gather::default();
            let mut gone = Vec::new();
            if retires {
                gone.extend(&slots.previous);
            }
            if situation.seen.is_next_left() {
                gone.extend(&slots.next);
            }
            for place in gone {
                prepared
                    .removals
                    .extend(gather.take(removal(place, session)));
            }
            gather.done()?;
            let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
            let has = manifest.and_then(|manifest| manifest.previous_until);
            prepared.date = match (retires, situation.seen.until()) {
                (true, _) if has.is_some() => Date::Goes,
                (false, Some(until)) if manifest.is_some() && has != Some(until) => {
                    Date::Set(until)
                }
                _ => Date::Stays,
            };
        }
    }
    Ok(prepared)
}

/// How keys that are kept together get to where they are; keys with places of their own do not.
pub(super) fn as_a_whole(
    situation: &Situation,
    after: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Moves, Error> {
    match &situation.home {
        Home::Store(name) => Ok(Moves::Store {
            name: name.clone(),
            from: situation.seen.key.clone(),
        }),
        Home::Set(place) => {
            let edit = places::decide(place, after.to_store(), Replace::AnyKey, session)?;
            Ok(Moves::Places(vec![vec![edit]]))
        }
        Home::Single(_) => Ok(Moves::Nothing),
    }
}

fn stage(
    situation: &Situation,
    order: &Order,
    session: &mut Session<'_, '_>,
) -> Result<Prepared, Errors> {
    let now = session.host.facts.now;
    if let Home::Single(Slots { next: None, .. }) = &situation.home {
        return Err(refusals::no_next(situation).into());
    }
    let new = made(situation, order, session)?;
    let mut prepared = Prepared {
        after: situation.keys.staging(&new, now),
        ..Prepared::unchanged(situation, Step::Stage)
    };
    match &situation.home {
        Home::Store(_) | Home::Set(_) => {
            prepared.moves = as_a_whole(situation, &prepared.after, session)?;
        }
        Home::Single(slots) => {
            let place = slots.next.as_ref().unwrap_or(&slots.key);
            let old = situation.text.as_ref().map(Secret::duplicate);
            let text = situation.form.text(&new)?;
            let text = fitting(&text, place, &old.unwrap_or_else(|| text.duplicate()));
            let edit = places::decide(place, text, Replace::AnyKey, session)?;
            prepared.moves = Moves::Places(vec![vec![edit]]);
            let created = Known {
                created: Some(now),
                ..Known::default()
            };
            prepared.known.push((new.kid().to_owned(), created));
        }
    }
    prepared.key = Some(new);
    Ok(prepared)
}

/// The text as a place takes it: only a file has a line end, and only where the old one had one.
fn fitting(text: &Secret, place: &Place, old: &Secret) -> Secret {
    match place {
        Place::File(_) if old.expose().ends_with(b"\n") => text.with_line_end(),
        Place::File(_) => text.duplicate(),
        _ => Secret::new(text.expose().trim_ascii_end().to_vec()),
    }
}

pub(super) fn removal(place: &Place, session: &mut Session<'_, '_>) -> Result<Removal, Error> {
    places::decide_removal(place, None, Ours::Anything, session)
}

/// Whether two places are in one file.
fn same_file(one: &Place, other: &Place, session: &mut Session<'_, '_>) -> Result<bool, Error> {
    let mut file = |place: &Place| -> Result<Option<PathBuf>, Error> {
        let (Place::File(path)
        | Place::Dotenv { path, .. }
        | Place::Json { path, .. }
        | Place::Toml { path, .. }) = place
        else {
            return Ok(None);
        };
        let path = places::path_of(path, session.host)?;
        session.host.files.leads_to(&path).map(Some)
    };
    let (one, other) = (file(one)?, file(other)?);
    Ok(one.is_some() && one == other)
}

impl Prepared {
    /// Whether a new key takes the place of the current one.
    pub(crate) fn is_swap(&self) -> bool {
        matches!(self.step, Step::Make | Step::Promote)
    }

    /// The date that the manifest gets.
    pub(crate) fn date(&self) -> Option<i64> {
        match self.date {
            Date::Set(until) => Some(until),
            Date::Stays | Date::Goes => None,
        }
    }

    /// What a dry run shows of the person's own store, which is at that place.
    pub(crate) fn shown_store(&self, situation: &Situation, at: &str, clock: Clock) -> String {
        if !matches!(self.moves, Moves::Store { .. }) {
            return String::new();
        }
        let made = self.key.as_ref().filter(|_| self.step != Step::Promote);
        let keys = (&situation.keys, &self.after);
        report::stored(at, keys, made.map(Key::kid), clock)
    }

    /// What a dry run shows: the lines of the files that would change.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::new();
        if let Moves::Places(phases) = &self.moves {
            phases
                .iter()
                .flatten()
                .for_each(|edit| text.push_str(&edit.shown()));
        }
        for removal in &self.removals {
            text.push_str(&removal.shown(&removal.place.to_string()));
        }
        if let Some(edit) = &self.publish {
            text.push_str(&edit.shown());
        }
        text
    }
}
