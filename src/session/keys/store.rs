//! The person's own store of keys.
//!
//! It is `$DATA/NAME.jwks`, or the keyring when `$DATA/NAME.store` says so; the manifest has the
//! name, else it is `default`. It is found, never guessed: recorded but out of reach is an error,
//! not an empty store.

use std::path::{Path, PathBuf};

use crate::error::{Code, Error};
use crate::host::{Edited, Files, Keyring, Privacy, Target};
use crate::key::{self, Algorithm, Encoding, Key, KeySet, State};
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::secret::Secret;
use crate::session::Session;

/// The keyring service our own store is kept under.
pub(crate) const SERVICE: &str = "mcpjwt";

/// Where the person's own store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Store {
    /// A file of ours.
    File(PathBuf),
    /// An item of the keyring.
    Keyring {
        /// The account under our service.
        account: String,
        /// The file of ours that says so; its lock guards the item.
        record: PathBuf,
    },
}

impl Store {
    /// As a place for people, the home folder as `~`.
    pub(crate) fn shown(&self, session: &Session<'_, '_>) -> String {
        let home = session.host.facts.dirs.home.as_deref();
        match (self, home) {
            (Self::File(path), Some(home)) => match path.strip_prefix(home) {
                Ok(inside) => format!("file:~/{}", inside.display()),
                Err(_) => self.place().to_string(),
            },
            _ => self.place().to_string(),
        }
    }

    /// As a place, for people and for `--key`.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::File(path) => Place::File(path.to_string_lossy().into_owned()),
            Self::Keyring { account, .. } => Place::Keyring {
                service: SERVICE.to_owned(),
                account: account.clone(),
            },
        }
    }
}

/// Finds the store and reads it; a store without keys is like none.
pub(crate) fn read_store(
    name: &str,
    session: &mut Session<'_, '_>,
) -> Result<(Store, Option<KeySet>), Error> {
    let data = session.host.facts.dirs.data.clone().ok_or_else(|| {
        Error::new(
            Code::KeyMissing,
            "there is no folder for keys: neither `MCPJWT_HOME` nor `HOME` is set",
        )
        .hint("set `MCPJWT_HOME`, or name a key with `--key PLACE`")
    })?;
    let path = data.join(format!("{name}.jwks"));
    if let Some(found) = session.host.files.read_store(&path)?
        && let Some(set) = parse_store(&found.bytes, &path.display().to_string())?
    {
        return Ok((Store::File(path), Some(set)));
    }
    let record = record_of(&data, name);
    let Some(found) = session.host.files.read_store(&record)? else {
        return Ok((Store::File(path), None));
    };
    if found.bytes.expose().trim_ascii().is_empty() {
        return Ok((Store::File(path), None));
    }
    let account = found
        .bytes
        .expose_str()
        .and_then(|text| text.trim().strip_prefix("keyring:"))
        .and_then(|text| text.strip_prefix(SERVICE)?.strip_prefix('/'))
        .ok_or_else(|| {
            Error::new(
                Code::StateUnreadable,
                format!("`{}` names no keyring item of ours", record.display()),
            )
            .hint(format!(
                "write `keyring:{SERVICE}/{name}` into it, or remove it to use a file"
            ))
            .at(record.display().to_string())
        })?
        .to_owned();
    let Some(text) = session.host.keyring.get(SERVICE, &account)? else {
        return Err(lost(&account, &record));
    };
    let set = parse_store(&text, &format!("keyring:{SERVICE}/{account}"))?;
    Ok((Store::Keyring { account, record }, set))
}

/// The files that a store is in, or that say where it is.
pub(super) fn files(name: &str, session: &Session<'_, '_>) -> Vec<PathBuf> {
    let data = session.host.facts.dirs.data.as_deref();
    data.map_or_else(Vec::new, |data| {
        vec![data.join(format!("{name}.jwks")), record_of(data, name)]
    })
}

/// The file that says that the store is in the keyring.
fn record_of(data: &Path, name: &str) -> PathBuf {
    data.join(format!("{name}.store"))
}

/// That the keyring should have the keys and has not.
fn lost(account: &str, record: &Path) -> Error {
    let record = shell_word(&record.display().to_string());
    Error::new(
        Code::KeyMissing,
        format!("the keys are kept in the keyring, but `keyring:{SERVICE}/{account}` is not there"),
    )
    .hint(format!("to begin anew with a file, remove `{record}`"))
    .at(format!("keyring:{SERVICE}/{account}"))
}

/// The keys of a store; nothing where it has none.
fn parse_store(text: &Secret, name: &str) -> Result<Option<KeySet>, Error> {
    let set = KeySet::read_store(text).map_err(|error| {
        let message = format!("cannot read the key store `{name}`: {}", error.message);
        let hint = error.hint.clone();
        let hint = hint.unwrap_or_else(|| "it is left as it is: restore it from a copy".to_owned());
        Error { message, ..error }.hint(hint).at(name)
    })?;
    Ok(Some(set).filter(|set| !set.keys.is_empty()))
}

/// Puts a current key that was made already into a store that has none, beside its other keys.
pub(crate) fn put_first(
    name: &str,
    set: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Store, Error> {
    change_store(name, session, &mut |present| match present {
        Some(present) if has_current(&present) => Err(Error::new(
            Code::KeyExists,
            "another run has just made a key",
        )
        .hint("see it with `mcpjwt secret list`")),
        present => Ok(Some(joined(present.as_ref(), set))),
    })
}

/// Whether tokens are signed with a key of the set.
pub(crate) fn has_current(set: &KeySet) -> bool {
    let current = |key: &Key| key.state() == Some(State::Current);
    set.keys.iter().any(current)
}

/// The keys of a store, and new ones behind them.
pub(crate) fn joined(present: Option<&KeySet>, new: &KeySet) -> KeySet {
    let keys = present.into_iter().chain([new]).flat_map(|set| &set.keys);
    KeySet::of(keys.map(Key::duplicate).collect())
}

/// The first key of an empty store, made under the store's lock: of many at once one makes it,
/// the others find it. Says whether it was made here.
pub(crate) fn first(
    name: &str,
    alg: Algorithm,
    session: &mut Session<'_, '_>,
) -> Result<(Store, KeySet, bool), Error> {
    let (store, found) = read_store(name, session)?;
    if let Some(set) = found {
        return Ok((store, set, false));
    }
    let now = session.host.facts.now;
    let crate::host::Host {
        files,
        keyring,
        random,
        ..
    } = &mut *session.host;
    let mut made = false;
    change(&store, *files, *keyring, &mut |present| {
        made = present.is_none();
        match present {
            Some(_) => Ok(None),
            None => fresh(alg, now, &mut |buffer| random.fill(buffer)).map(Some),
        }
    })?;
    // Read back rather than kept: what is in the file is what the next run will use.
    match read_store(name, session)? {
        (store, Some(set)) => Ok((store, set, made)),
        (_, None) => Err(Error::new(
            Code::Io,
            "the key store vanished while it was made",
        )),
    }
}

/// A set of one new current key.
fn fresh(
    alg: Algorithm,
    now: i64,
    random: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
) -> Result<KeySet, Error> {
    let key = key::generate(alg, None, Encoding::Hex, random)?;
    Ok(KeySet::of(vec![key.standing(
        State::Current,
        Some(now),
        None,
    )]))
}

/// Puts the first key into the keyring, and records that the store is there, under the lock of
/// the record. The record comes last: a keyring that fails leaves no trace, and a key of ours
/// that an earlier run left without a record gets one. Says whether such a key was found.
pub(crate) fn first_in_keyring(
    name: &str,
    set: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<(Store, Option<KeySet>), Error> {
    let data = session.host.facts.dirs.data.clone().ok_or_else(|| {
        Error::new(
            Code::StateUnwritable,
            "there is no folder to record the store in: `HOME` is not set",
        )
        .hint("set `MCPJWT_HOME`")
    })?;
    let record = record_of(&data, name);
    let target = Target {
        path: record.clone(),
        privacy: Privacy::Store,
        lock: None,
    };
    let shown = format!("keyring:{SERVICE}/{name}");
    let keyring = &mut *session.host.keyring;
    let mut found = None;
    session.host.files.update(&target, &mut |present| {
        let item = keyring.get(SERVICE, name)?;
        let held = match &item {
            None => None,
            Some(text) => KeySet::read_store(text)
                .map(|held| Some(held).filter(|held| !held.keys.is_empty()))
                .map_err(|_| {
                    Error::new(
                        Code::KeyExists,
                        format!("`{shown}` holds something that is not a key store of mcpjwt"),
                    )
                    .hint(format!("if it is a key, use it with `--key {shown}`"))
                    .at(&shown)
                })?,
        };
        found = None;
        match held {
            Some(held) if has_current(&held) => {
                if present.is_some_and(|text| !text.trim_ascii().is_empty()) {
                    return Err(
                        Error::new(Code::KeyExists, "another run has just made a key")
                            .hint("see it with `mcpjwt secret list`"),
                    );
                }
                found = Some(held);
            }
            held => keyring.set(SERVICE, name, &joined(held.as_ref(), set).to_store())?,
        }
        Ok(Edited::Replace(Secret::from(format!("{shown}\n"))))
    })?;
    let store = Store::Keyring {
        account: name.to_owned(),
        record,
    };
    Ok((store, found))
}

/// What becomes of the keys of a store; `None` leaves them.
type Edit<'e> = dyn FnMut(Option<KeySet>) -> Result<Option<KeySet>, Error> + 'e;

/// Changes the store: `edit` gets the set as it is under the lock and gives the new one, or
/// `None` to leave it.
pub(crate) fn change_store(
    name: &str,
    session: &mut Session<'_, '_>,
    edit: &mut Edit<'_>,
) -> Result<Store, Error> {
    let (store, _) = read_store(name, session)?;
    change(&store, session.host.files, session.host.keyring, edit)?;
    Ok(store)
}

/// What a dry run shows of such a change.
pub(crate) fn rehearse_store(
    name: &str,
    session: &mut Session<'_, '_>,
    edit: &mut Edit<'_>,
) -> Result<String, Error> {
    let (store, present) = read_store(name, session)?;
    let none = KeySet::of(Vec::new());
    let before = joined(present.as_ref(), &none);
    let after = edit(present)?.unwrap_or_else(|| joined(Some(&before), &none));
    let shown = store.shown(session);
    Ok(report::stored(
        &shown,
        (&before, &after),
        None,
        session.clock(),
    ))
}

/// The same for a store that was found. The keyring has no lock of its own: that of the record
/// is held meanwhile.
fn change(
    store: &Store,
    files: &mut dyn Files,
    keyring: &mut dyn Keyring,
    edit: &mut Edit<'_>,
) -> Result<(), Error> {
    let target = |path: &Path| Target {
        path: path.to_owned(),
        privacy: Privacy::Store,
        lock: None,
    };
    match store {
        Store::File(path) => {
            let name = path.display().to_string();
            files.update(&target(path), &mut |present| {
                let set = match present {
                    Some(text) => parse_store(&Secret::new(text.to_vec()), &name)?,
                    None => None,
                };
                Ok(edit(set)?.map_or(Edited::Leave, |set| Edited::Replace(set.to_store())))
            })?;
        }
        Store::Keyring { account, record } => {
            let name = format!("keyring:{SERVICE}/{account}");
            files.update(&target(record), &mut |_| {
                let text = keyring.get(SERVICE, account)?;
                let set = parse_store(&text.ok_or_else(|| lost(account, record))?, &name)?;
                if let Some(set) = edit(set)? {
                    keyring.set(SERVICE, account, &set.to_store())?;
                }
                Ok(Edited::Leave)
            })?;
        }
    }
    Ok(())
}
