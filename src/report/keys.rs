//! Keys in words, never their material.

use super::diff::lines;
use super::escape;
use crate::key::{Key, KeySet, State};
use crate::time::Clock;

/// The name of the algorithm that a key is for.
pub fn algorithm(key: &Key) -> &'static str {
    let declared = key.declared();
    declared
        .unwrap_or_else(|| key.kind().default_algorithm())
        .name()
}

/// How a key stands; one of a place does not say, and is the one in use.
pub fn state(key: &Key) -> &'static str {
    key.state().unwrap_or(State::Current).name()
}

/// What a dry run shows of a store: a line for each key that goes, comes or stands otherwise.
/// The key named `made` is made anew by the run itself, under another name.
pub fn stored(
    place: &str,
    (before, after): (&KeySet, &KeySet),
    made: Option<&str>,
    clock: Clock,
) -> String {
    let told = |set: &KeySet| {
        let keys = set.keys.iter().map(|key| line(key, made, clock));
        keys.collect::<String>()
    };
    let changes = lines(&told(before), &told(after));
    let place = escape(place);
    if changes.is_empty() {
        return format!("`{place}` would stay as it is\n");
    }
    let changes: String = changes
        .lines()
        .flat_map(|line| ["  ", line, "\n"])
        .collect();
    format!("would write `{place}`\n{changes}")
}

fn line(key: &Key, made: Option<&str>, clock: Clock) -> String {
    let name = match key.kid() {
        kid if made == Some(kid) => "a new key".to_owned(),
        kid => format!("key `{}`", escape(kid)),
    };
    let until = key
        .accepted_until()
        .filter(|_| key.state() == Some(State::Previous));
    let until = until.map_or_else(String::new, |until| {
        format!(", accepted until {}", clock.local(until))
    });
    format!("{name}, {}, {}{until}\n", algorithm(key), state(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key(name: &str) -> Key {
        Key::from_secret(Secret::from(name))
    }

    #[test]
    fn a_store_is_shown_without_what_is_in_its_keys() {
        let clock = Clock {
            now: 0,
            local_offset: |_| 0,
        };
        let [old, new] = ["hunter1", "hunter2"].map(key);
        let (kid, made) = (old.kid().to_owned(), new.kid().to_owned());
        let set = |keys: Vec<Key>| KeySet::of(keys);
        let current = |key: &Key| key.duplicate().standing(State::Current, None, None);
        let before = set(vec![current(&old)]);
        let none = set(Vec::new());
        let after = set(vec![
            old.duplicate().standing(State::Previous, None, Some(60)),
            current(&new),
        ]);
        #[rustfmt::skip]
        let cases = [
            (&none,   &before, format!("would write `p`\n  + key `{kid}`, HS256, current\n")),
            (&before, &before, "`p` would stay as it is\n".to_owned()),
            (&before, &after,  format!("would write `p`\n  - key `{kid}`, HS256, current\n  + key `{kid}`, HS256, previous, accepted until 1970-01-01 00:01:00 +00:00\n  + a new key, HS256, current\n")),
        ];
        for (before, after, want) in cases {
            assert_eq!(stored("p", (before, after), Some(&made), clock), want);
        }
    }
}
