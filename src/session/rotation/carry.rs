//! A rotation that was decided, written in the order in which a run may be killed.

use super::prepare::{DATE, Date, Moves, Prepared};
use super::{Situation, refusals};
use crate::error::{Error, Errors};
use crate::key::rotation::{Id, Step};
use crate::key::{Key, KeySet};
use crate::manifest::edit;
use crate::session::ledger::{self, Kept};
use crate::session::{Session, keys, manifest, places, ring};
use crate::state::keys::Known;
use crate::state::ledger::{Event, Record};

impl Prepared {
    /// Writes it, all but the tokens and the end of the record.
    pub(crate) fn carry_out(
        &self,
        situation: &Situation,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        if self.step == Step::Unstage {
            return self.take_back(situation, session);
        }
        if let Some(record) = &self.record {
            ledger::append(std::slice::from_ref(record), Kept::Synced, session)?;
        }
        if !self.known.is_empty() {
            let known = self.known.iter().map(|(kid, known)| (kid.as_str(), *known));
            ring::learn(&known.collect::<Vec<_>>(), session)?;
        }
        self.write_date(situation, session)?;
        self.move_keys(situation, session)?;
        if !self.removals.is_empty() {
            places::take_out(self.removals.iter(), session).1?;
        }
        self.publish(session)
    }

    /// Writes the public keys, where there is a place for them.
    pub(super) fn publish(&self, session: &mut Session<'_, '_>) -> Result<(), Errors> {
        if let Some(edit) = self.publish.as_ref().filter(|edit| !edit.is_done()) {
            places::write(std::slice::from_ref(edit), session).1?;
        }
        Ok(())
    }

    fn write_date(
        &self,
        situation: &Situation,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        let Some(loaded) = &situation.loaded else {
            return Ok(());
        };
        match self.date {
            Date::Stays => {}
            Date::Set(until) => {
                let mut change = |text: &str| edit::set_time(text, DATE, until);
                manifest::edit(loaded, &mut change, session)?;
            }
            Date::Goes => {
                manifest::edit(loaded, &mut |text| edit::unset(text, DATE), session)?;
            }
        }
        Ok(())
    }

    pub(super) fn move_keys(
        &self,
        situation: &Situation,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        match &self.moves {
            Moves::Nothing => {}
            Moves::Places(phases) => {
                for edits in phases.iter().filter(|edits| !edits.is_empty()) {
                    places::write(edits, session).1?;
                }
            }
            Moves::Store { name, from } => {
                let before: Vec<Id> = situation.keys.keys.iter().map(Id::of).collect();
                keys::change_store(name, session, &mut |present| {
                    let keys = present.iter().flat_map(|set| &set.keys);
                    let current = present.as_ref().and_then(|set| set.signing().ok());
                    let same = keys.map(Id::of).eq(before.iter().cloned());
                    if !same || current.map(Id::of).as_ref() != Some(from) {
                        return Err(refusals::meanwhile());
                    }
                    let keys = self.after.keys.iter().map(Key::duplicate);
                    Ok(Some(KeySet::of(keys.collect())))
                })?;
            }
        }
        Ok(())
    }

    /// Ends the record: the tokens are where they belong.
    pub(crate) fn end(
        &self,
        situation: &Situation,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Error> {
        let rotating = self.record.as_ref().filter(|_| self.is_swap());
        let (from, to, until) = match (rotating, &situation.seen.last) {
            (Some(rotating), _) => (rotating.kid.clone(), rotating.to.clone(), rotating.until),
            (None, Some(last)) if self.step == Step::Finish => {
                let to = Some(situation.seen.key.kid.clone());
                (last.from.clone(), to, last.until)
            }
            _ => return Ok(()),
        };
        // Should a copy bring the key back: what signs knows that it is over.
        let over = Known {
            accepted_until: until,
            ..Known::default()
        };
        ring::learn(&[(&from, over)], session)?;
        let now = session.host.facts.now;
        let rotated = Record {
            kid: from,
            to,
            places: vec![situation.place.clone()],
            ..Record::new(Event::Rotated, now)
        };
        ledger::append(&[rotated], Kept::Synced, session)
    }
}
