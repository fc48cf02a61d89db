//! Keys: from a place, or from the person's own store.

mod store;

use std::path::PathBuf;

pub(crate) use self::store::{
    SERVICE, Store, change_store, first, first_in_keyring, has_current, joined, put_first,
    read_store, rehearse_store,
};
use super::Session;
use super::places::{self, Value};
use crate::error::{Code, Error};
use crate::key::{Encoding, Key, KeySet};
use crate::place::{Place, dotenv};
use crate::report::{shell_path, shell_word};
use crate::secret::Secret;

/// The name of the store when no manifest gives another.
pub(crate) const DEFAULT: &str = "default";

/// Which key a command was asked to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The key at a place.
    Place(Place, Option<Encoding>),
    /// What the person types, hidden.
    Ask(Option<Encoding>),
    /// The person's own store of that name.
    Store(String),
}

/// Reads the keys asked for; `None` when that is the person's own store and it is empty.
pub(crate) fn open(
    wanted: &Wanted,
    session: &mut Session<'_, '_>,
) -> Result<Option<KeySet>, Error> {
    match wanted {
        Wanted::Store(name) => Ok(read_store(name, session)?.1),
        Wanted::Ask(encoding) => {
            let typed = session.host.terminal.hidden("Secret: ")?;
            KeySet::read(&typed, *encoding).map(Some)
        }
        Wanted::Place(place, encoding) => at_place(place, *encoding, session).map(Some),
    }
}

/// The files in which keys stand that are asked for.
pub(crate) fn files(wanted: &Wanted, session: &mut Session<'_, '_>) -> Vec<PathBuf> {
    match wanted {
        Wanted::Store(name) => store::files(name, session),
        Wanted::Place(place, _) => file(place, session).into_iter().collect(),
        Wanted::Ask(_) => Vec::new(),
    }
}

/// The file of a place, where it is in one.
pub(crate) fn file(place: &Place, session: &mut Session<'_, '_>) -> Option<PathBuf> {
    let lasting = match place.path() {
        Some(_) => None,
        None => places::lasting(place, session).ok(),
    };
    let path = lasting.as_ref().unwrap_or(place).path()?;
    places::path_of(path, session.host).ok()
}

/// The same, where an empty store is an error.
pub(crate) fn require(wanted: &Wanted, session: &mut Session<'_, '_>) -> Result<KeySet, Error> {
    match open(wanted, session)? {
        Some(set) if !set.keys.is_empty() => Ok(set),
        _ => Err(missing()),
    }
}

/// That a store is empty.
pub(crate) fn missing() -> Error {
    Error::new(Code::KeyMissing, "there is no key yet")
        .hint("make one with `mcpjwt secret generate`, or name one with `--key PLACE`")
}

/// The key of that `kid`, or the one to sign with.
pub(crate) fn choose<'k>(set: &'k KeySet, kid: Option<&str>) -> Result<&'k Key, Error> {
    let Some(kid) = kid else {
        return set.signing();
    };
    set.keys.iter().find(|key| key.kid() == kid).ok_or_else(|| {
        let known: Vec<&str> = set.keys.iter().map(Key::kid).collect();
        Error::new(Code::KeyMissing, "there is no key with that `--kid`")
            .hint(format!("one of `{}`", known.join("`, `")))
    })
}

fn at_place(
    place: &Place,
    encoding: Option<Encoding>,
    session: &mut Session<'_, '_>,
) -> Result<KeySet, Error> {
    with_text(place, encoding, session).map(|(_, set)| set)
}

/// The keys at a place, and their text.
pub(crate) fn with_text(
    place: &Place,
    encoding: Option<Encoding>,
    session: &mut Session<'_, '_>,
) -> Result<(Secret, KeySet), Error> {
    let (text, loose) = text_at(place, encoding, session)?;
    let Some(text) = text else {
        return Err(
            Error::new(Code::PlaceMissing, format!("there is no key at `{place}`"))
                .hint(missing_hint(place))
                .at(place.to_string()),
        );
    };
    let set = set_of(&text, place, encoding)?;
    warn_if_loose(&set, place, loose, session);
    Ok((text, set))
}

/// The keys at a place where there need not be any: nothing or blank is none.
pub(crate) fn at_slot(
    place: &Place,
    encoding: Option<Encoding>,
    session: &mut Session<'_, '_>,
) -> Result<Option<KeySet>, Error> {
    let (text, loose) = text_at(place, encoding, session)?;
    let Some(text) = text.filter(|text| !text.expose().trim_ascii().is_empty()) else {
        return Ok(None);
    };
    let set = set_of(&text, place, encoding)?;
    warn_if_loose(&set, place, loose, session);
    Ok(Some(set))
}

/// A file that is more open than it should be, and its mode.
type Loose = Option<(PathBuf, u32)>;

/// The text of the keys at a place.
fn text_at(
    place: &Place,
    encoding: Option<Encoding>,
    session: &mut Session<'_, '_>,
) -> Result<(Option<Secret>, Loose), Error> {
    if let Place::Env(name) = place {
        session.hidden.push(name.clone());
    }
    let reading = places::read(place, session)?;
    match reading.value {
        Value::One(text) => Ok((Some(text), reading.loose)),
        Value::Absent => Ok((None, None)),
        Value::Several(readings) => Err(two_readings(place, &readings, encoding)),
    }
}

fn set_of(text: &Secret, place: &Place, encoding: Option<Encoding>) -> Result<KeySet, Error> {
    KeySet::read(text, encoding).map_err(|error| {
        let message = format!("cannot use the key at `{place}`: {}", error.message);
        Error { message, ..error }.at(place.to_string())
    })
}

fn warn_if_loose(set: &KeySet, place: &Place, loose: Loose, session: &mut Session<'_, '_>) {
    if let Some((path, mode)) = loose
        && set.keys.iter().any(Key::can_sign)
    {
        let shown = session.short(&path);
        let what = format!("others can read the key in `{shown}` (mode {mode:04o})");
        session.warn(
            Error::new(Code::PlaceLooseMode, what)
                .hint(format!("chmod 600 {}", shell_path(&shown)))
                .at(place.to_string()),
        );
    }
}

fn missing_hint(place: &Place) -> String {
    match place {
        Place::Env(name) if dotenv::is_name(name) => format!("set it: `export {name}=..`"),
        Place::File(_) | Place::Dotenv { .. } | Place::Keyring { .. } => {
            let place = shell_word(&place.to_string());
            format!("make one there with `mcpjwt secret generate --to {place}`")
        }
        _ => "look whether the name is right".to_owned(),
    }
}

/// A `.env` value that programs read differently signs nothing: the server might hold another key.
fn two_readings(place: &Place, readings: &[Secret], encoding: Option<Encoding>) -> Error {
    let told: Vec<String> = readings
        .iter()
        .map(|reading| {
            let kid = KeySet::read(reading, encoding)
                .ok()
                .and_then(|set| set.keys.first().map(|key| format!(", kid `{}`", key.kid())));
            format!("{} bytes{}", reading.len(), kid.unwrap_or_default())
        })
        .collect();
    Error::new(
        Code::KeyAmbiguous,
        format!(
            "programs read `{place}` differently: {}",
            told.join("; or ")
        ),
    )
    .hint(
        "write the value without quotes, `$`, `#` and line breaks, comments on lines of their own",
    )
    .at(place.to_string())
}
