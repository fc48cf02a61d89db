//! A staged key taken back: what is written for that, and why it cannot be.

use super::prepare::{Prepared, as_a_whole, removal};
use super::{Home, Situation, Slots};
use crate::error::{Code, Error, Errors};
use crate::key::rotation::{Fate, Step};
use crate::key::{Key, State};
use crate::session::ledger::{self, Kept};
use crate::session::{Session, places, ring};
use crate::state::ledger::{Event, Record};

/// Decides how the staged key goes from where it is.
pub(super) fn prepare(
    situation: &Situation,
    session: &mut Session<'_, '_>,
) -> Result<Prepared, Errors> {
    let staged = situation.seen.next.as_ref().ok_or_else(none)?;
    let mut prepared = Prepared {
        gone: Some((staged.kid.clone(), Fate::Retired)),
        after: situation.keys.unstaged(),
        record: Some(Record {
            kid: staged.kid.clone(),
            places: vec![situation.place.clone()],
            ..Record::new(Event::Unstaged, session.host.facts.now)
        }),
        ..Prepared::unchanged(situation, Step::Unstage)
    };
    match &situation.home {
        Home::Store(_) | Home::Set(_) => {
            prepared.moves = as_a_whole(situation, &prepared.after, session)?;
        }
        Home::Single(Slots { next, .. }) => {
            if let Some(place) = next {
                prepared.removals.push(removal(place, session)?);
            }
        }
    }
    Ok(prepared)
}

impl Prepared {
    /// Writes it. The key itself goes last: until then the same command takes it back.
    pub(super) fn take_back(
        &self,
        situation: &Situation,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        if let Some(record) = &self.record {
            ledger::append(std::slice::from_ref(record), Kept::Synced, session)?;
        }
        self.publish(session)?;
        let staged = situation.keys.keys.iter();
        let staged = staged.filter(|key| key.state() == Some(State::Next));
        ring::forget(&staged.map(Key::kid).collect::<Vec<_>>(), session)?;
        self.move_keys(situation, session)?;
        if !self.removals.is_empty() {
            places::take_out(self.removals.iter(), session).1?;
        }
        Ok(())
    }
}

/// That there is nothing to take back.
pub(super) fn none() -> Error {
    Error::new(
        Code::KeyMissing,
        "no key is staged: there is nothing to take back",
    )
    .hint("see which keys there are with `mcpjwt secret list`")
}

/// That the staged key is on its way to its place.
pub(super) fn begun(situation: &Situation, session: &Session<'_, '_>) -> Error {
    let last = situation.seen.last.clone().unwrap_or_default();
    let (kid, at) = (last.from, session.clock().full(last.at));
    Error::new(
        Code::KeyExists,
        format!("a rotation of key `{kid}` was begun on {at}: it can only be continued"),
    )
    .hint("go on with `mcpjwt rotate-secret`")
    .at(situation.place.clone())
}
