//! The rotation of a key as a state machine: what there is, to what has to be done.
//!
//! Whatever a run has left behind, the next one finds out from the keys alone where it stopped:
//! the record that a rotation was begun names the key that goes, and only a key that has taken
//! its place differs from it.

use super::one::{Key, State};
use super::set::KeySet;

/// What there is.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The key that signs.
    pub key: Id,
    /// The one before it, and until when it is accepted.
    pub previous: Option<(Id, Option<i64>)>,
    /// The staged one.
    pub next: Option<Id>,
    /// The last rotation.
    pub last: Option<Last>,
}

/// Which key it is: of what it is made, and its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Id {
    /// The fingerprint.
    pub fingerprint: String,
    /// The `kid`.
    pub kid: String,
}

/// A rotation that was begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Last {
    /// When.
    pub at: i64,
    /// The `kid` of the key that goes.
    pub from: String,
    /// Until when that one was to be accepted.
    pub until: Option<i64>,
    /// Whether it was ended.
    pub ended: bool,
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// That a new key signs, and the old one is accepted for a while.
    Rotate,
    /// That the new key is there, and not used yet.
    Stage,
    /// That a new key signs, and the old one is not accepted any more.
    Now,
    /// That no key is staged any more.
    Abort,
}

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the place of the previous key holds one that is accepted until then.
    Wait(Option<i64>),
    /// A new key is made and takes the place of the current one.
    Make,
    /// The staged key takes the place of the current one.
    Promote,
    /// The keys are where they belong; the tokens and the record are left.
    Finish,
    /// A new key is made and staged.
    Stage,
    /// It was staged already.
    Staged,
    /// The staged key is taken back.
    Unstage,
    /// Nothing: there is none.
    Unstaged,
    /// Nothing: a rotation was begun, and is to be ended.
    Begun,
}

impl Id {
    /// That of a key.
    pub fn of(key: &Key) -> Self {
        Self {
            fingerprint: key.fingerprint(),
            kid: key.kid().to_owned(),
        }
    }
}

impl Seen {
    /// What has to be done for a wish at `now`.
    pub fn step(&self, wish: Wish, now: i64) -> Step {
        // One that equals the current key is left of a promotion that stopped before its end.
        let staged = self.next.as_ref().is_some_and(|next| *next != self.key);
        let is_open = self.last.as_ref().is_some_and(|last| !last.ended);
        match wish {
            Wish::Stage if staged => return Step::Staged,
            Wish::Stage => return Step::Stage,
            Wish::Abort if is_open => return Step::Begun,
            Wish::Abort if staged => return Step::Unstage,
            Wish::Abort => return Step::Unstaged,
            Wish::Rotate | Wish::Now => {}
        }
        if self.is_stored() {
            return Step::Finish;
        }
        if wish == Wish::Rotate && self.is_previous_valid(now) {
            return Step::Wait(self.until());
        }
        if staged { Step::Promote } else { Step::Make }
    }

    /// Whether a rotation was begun and not ended, and its new key is in place.
    pub fn is_stored(&self) -> bool {
        let open = self.last.as_ref().filter(|last| !last.ended);
        open.is_some_and(|last| last.from != self.key.kid)
    }

    /// Whether the staged key is the current one already.
    pub fn is_next_left(&self) -> bool {
        self.next.as_ref() == Some(&self.key)
    }

    /// Until when the previous key is accepted. A date that is older than the rotation that made
    /// it the previous one is not its own: then the record has it.
    pub fn until(&self) -> Option<i64> {
        let (previous, until) = self.previous.as_ref()?;
        match &self.last {
            Some(last) if last.from == previous.kid => {
                until.filter(|until| *until >= last.at).or(last.until)
            }
            _ => *until,
        }
    }

    /// Whether the previous key is over and may go. One that equals the current key, and any while
    /// a rotation is open, may not: a run has stopped in between.
    pub fn is_previous_over(&self, now: i64) -> bool {
        let Some((previous, until)) = &self.previous else {
            return false;
        };
        let open = self.last.as_ref().is_some_and(|last| !last.ended);
        let own = *until == self.until();
        *previous != self.key && !open && own && until.is_some_and(|until| until <= now)
    }

    fn is_previous_valid(&self, now: i64) -> bool {
        let other = self.previous.as_ref().filter(|(id, _)| *id != self.key);
        other.is_some() && self.until().is_none_or(|until| now < until)
    }
}

/// What becomes of the key that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is accepted until then.
    Until(i64),
    /// It is not accepted any more.
    Retired,
}

impl KeySet {
    /// The set in which `new` signs in place of the current key; a staged key of that name takes
    /// its standing. The order stays, a key that was not there comes last.
    #[must_use]
    pub fn rotated(&self, new: &Key, fate: Fate, now: i64) -> Self {
        let current = self.signing().map(Id::of).ok();
        let new_id = Id::of(new);
        let mut there = false;
        let mut keys: Vec<Key> = Vec::new();
        for key in &self.keys {
            let (id, created, key) = (Id::of(key), key.created(), key.duplicate());
            keys.push(if id == new_id {
                there = true;
                key.standing(State::Current, created.or(Some(now)), None)
            } else if Some(&id) == current.as_ref() {
                match fate {
                    Fate::Until(until) => key.standing(State::Previous, created, Some(until)),
                    Fate::Retired => key.standing(State::Retired, created, Some(now)),
                }
            } else {
                key
            });
        }
        if !there {
            keys.push(new.duplicate().standing(State::Current, Some(now), None));
        }
        Self::of(keys)
    }

    /// The set with one more key that is staged.
    #[must_use]
    pub fn staging(&self, next: &Key, now: i64) -> Self {
        let mut keys: Vec<Key> = self.keys.iter().map(Key::duplicate).collect();
        let current = self.signing().map(Id::of).ok();
        // A set of somebody else's says of no key what it is: now it has to.
        for key in &mut keys {
            if key.state().is_none() && Some(Id::of(key)) == current {
                let created = key.created();
                *key = key.duplicate().standing(State::Current, created, None);
            }
        }
        keys.push(next.duplicate().standing(State::Next, Some(now), None));
        Self::of(keys)
    }

    /// The set without staged keys.
    #[must_use]
    pub fn unstaged(&self) -> Self {
        let kept = self
            .keys
            .iter()
            .filter(|key| key.state() != Some(State::Next));
        Self::of(kept.map(Key::duplicate).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1000;

    fn id(name: &str) -> Id {
        Id {
            fingerprint: format!("SHA256:{name}"),
            kid: name.to_owned(),
        }
    }

    /// `key previous until next`, and the last rotation: when it began, the key that goes, until
    /// when that one was to be accepted, whether it was ended.
    fn seen(keys: &str, last: Option<(i64, &str, Option<i64>, bool)>) -> Seen {
        let words: Vec<&str> = keys.split_whitespace().collect();
        let named = |at: usize| Some(words[at]).filter(|word| *word != "-");
        Seen {
            key: id(words[0]),
            previous: named(1).map(|it| (id(it), named(2).map(|it| it.parse().unwrap()))),
            next: named(3).map(id),
            last: last.map(|(at, from, until, ended)| Last {
                at,
                from: from.to_owned(),
                until,
                ended,
            }),
        }
    }

    #[test]
    fn whatever_a_run_left_behind_the_next_one_goes_on() {
        use Step::{Finish, Make, Promote, Wait};
        let begun = |from| Some((900, from, Some(2000), false));
        let ended = |from| Some((900, from, Some(2000), true));
        #[rustfmt::skip]
        let cases = [
            // key previous until next, last            what follows    gone  left
            ("K - - -",                 None,            Make,           false, false),
            ("K - - N",                 None,            Promote,        false, false),
            ("K P 2000 -",              None,            Wait(Some(2000)), false, false),
            ("K P 1001 -",              None,            Wait(Some(1001)), false, false),
            ("K P 1000 -",              None,            Make,           true,  false),
            ("K P - -",                 None,            Wait(None),     false, false),
            // Killed behind `rotating`, behind the date, behind the previous key.
            ("K - - -",                 begun("K"),      Make,           false, false),
            ("K - 2000 -",              begun("K"),      Make,           false, false),
            ("K P 800 -",               begun("K"),      Make,           false, false),
            ("K P 800 N",               begun("K"),      Promote,        false, false),
            ("K K 2000 -",              begun("K"),      Make,           false, false),
            ("K K 800 N",               begun("K"),      Promote,        false, false),
            // Killed behind the new key, behind `rotated`.
            ("N K 2000 -",              begun("K"),      Finish,         false, false),
            ("N K 2000 N",              begun("K"),      Finish,         false, true),
            ("N K 950 -",               begun("K"),      Finish,         false, false),
            ("N K 800 -",               begun("K"),      Finish,         false, false),
            ("N K 2000 -",              ended("K"),      Wait(Some(2000)), false, false),
            ("N K 950 -",               ended("K"),      Make,           true,  false),
            // Retired at once: it is nowhere.
            ("N - - -",                 begun("K"),      Finish,         false, false),
            ("N P 2000 -",              begun("K"),      Finish,         false, false),
            ("N - - -",                 ended("K"),      Make,           false, false),
            // Somebody took the manifest back to before: the record has the date.
            ("N K 800 -",               ended("K"),      Wait(Some(2000)), false, false),
            ("N K - -",                 ended("K"),      Wait(Some(2000)), false, false),
            // The last rotation was of other keys.
            ("Z Y 950 -",               ended("K"),      Make,           true,  false),
            ("Z Y 800 -",               ended("K"),      Make,           true,  false),
        ];
        for (keys, last, want, over, left) in cases {
            let seen = seen(keys, last);
            let about = format!("{keys} {last:?}");
            assert_eq!(seen.step(Wish::Rotate, NOW), want, "{about}");
            assert_eq!(seen.is_previous_over(NOW), over, "{about}");
            assert_eq!(seen.is_next_left(), left, "{about}");
        }
    }

    #[test]
    fn one_that_leaked_waits_for_nothing() {
        use Step::{Finish, Make, Promote};
        #[rustfmt::skip]
        let cases = [
            ("K P 2000 -",  None,                                 Make),
            ("K P - N",     None,                                 Promote),
            ("N K 2000 -",  Some((900, "K", Some(2000), false)),  Finish),
            ("N K 2000 -",  Some((900, "K", Some(2000), true)),   Make),
        ];
        for (keys, last, want) in cases {
            assert_eq!(seen(keys, last).step(Wish::Now, NOW), want, "{keys}");
        }
    }

    #[test]
    fn one_key_is_staged_at_a_time() {
        use Step::{Stage, Staged};
        #[rustfmt::skip]
        let cases = [
            ("K - - -",    Stage),
            ("K P 2000 -", Stage),
            ("K - - N",    Staged),
            ("N K 2000 N", Stage),
        ];
        for (keys, want) in cases {
            assert_eq!(seen(keys, None).step(Wish::Stage, NOW), want, "{keys}");
        }
    }

    #[test]
    fn a_staged_key_is_taken_back_until_a_rotation_to_it_is_begun() {
        use Step::{Begun, Unstage, Unstaged};
        let begun = |from| Some((900, from, Some(2000), false));
        let ended = |from| Some((900, from, Some(2000), true));
        #[rustfmt::skip]
        let cases = [
            ("K - - -",    None,        Unstaged),
            ("K - - N",    None,        Unstage),
            ("K P 2000 N", None,        Unstage),
            ("K P 2000 N", ended("P"),  Unstage),
            ("K P 2000 -", ended("P"),  Unstaged),
            // Begun, promoted, ended with the staged one left.
            ("K - - N",    begun("K"),  Begun),
            ("N K 2000 N", begun("K"),  Begun),
            ("N K 2000 -", begun("K"),  Begun),
            ("N K 2000 N", ended("K"),  Unstaged),
        ];
        for (keys, last, want) in cases {
            let about = format!("{keys} {last:?}");
            assert_eq!(seen(keys, last).step(Wish::Abort, NOW), want, "{about}");
        }
    }

    #[test]
    fn a_set_says_of_each_key_how_it_stands() {
        use crate::secret::Secret;
        let key = |name: &str| Key::from_secret(Secret::from(name));
        let told = |set: &KeySet| {
            let told = set.keys.iter().map(|key| {
                let name = key.secret_bytes().and_then(Secret::expose_str);
                let state = key.state().map_or("-", State::name);
                let times = [key.created(), key.accepted_until()];
                let times = times.map(|at| at.map_or("-".to_owned(), |at| at.to_string()));
                format!("{} {state} {}", name.unwrap(), times.join(" "))
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let current = key("K").standing(State::Current, Some(1), None);
        let before = key("P").standing(State::Previous, Some(0), Some(900));
        let set = KeySet::of(vec![before, current]);
        let kept = "P previous 0 900";
        let cases = [
            (
                set.rotated(&key("N"), Fate::Until(2000), NOW),
                "K previous 1 2000, N current 1000 -",
            ),
            (
                set.rotated(&key("N"), Fate::Retired, NOW),
                "K retired 1 1000, N current 1000 -",
            ),
            (set.staging(&key("N"), NOW), "K current 1 -, N next 1000 -"),
            (set.staging(&key("N"), NOW).unstaged(), "K current 1 -"),
            (
                set.staging(&key("N"), 500)
                    .rotated(&key("N"), Fate::Until(2000), NOW),
                "K previous 1 2000, N current 500 -",
            ),
        ];
        for (set, want) in cases {
            assert_eq!(told(&set), format!("{kept}, {want}"));
        }
        let foreign = KeySet::of(vec![key("K"), key("L")]);
        let rotated = foreign.rotated(&key("N"), Fate::Until(2000), NOW);
        assert_eq!(
            told(&rotated),
            "K previous - 2000, L - - -, N current 1000 -"
        );
        let staged = foreign.staging(&key("N"), NOW);
        assert_eq!(told(&staged), "K current - -, L - - -, N next 1000 -");
    }
}
