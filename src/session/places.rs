//! Places read and written: the bridge from a `Place` to the host.

use std::path::{Path, PathBuf};

use super::Session;
use crate::error::{Code, Error, Errors, Gather};
use crate::host::{Edited, Host, Privacy, Target, Written};
use crate::json::Json;
use crate::key::Holding;
use crate::place::{self, Place, dotenv};
use crate::report::shell_word;
use crate::secret::Secret;
use crate::token;

/// The most that standard input may hold where it is read whole.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// What a place holds.
pub(crate) enum Value {
    /// Nothing is there.
    Absent,
    /// One value.
    One(Secret),
    /// Dialects of `.env` read it differently.
    Several(Vec<Secret>),
}

/// A place read: its value, and how open its file is.
pub(crate) struct Reading {
    /// The value.
    pub(crate) value: Value,
    /// The file's mode, where it is looser than it should be for a secret.
    pub(crate) loose: Option<(PathBuf, u32)>,
}

/// Whether an argument is a place, as the table of clients has it.
pub(crate) fn is_place(text: &str) -> bool {
    place::is_place(text, is_client)
}

/// Reads a place, as the table of clients has it.
pub(crate) fn parse(text: &str) -> Result<Place, Error> {
    place::parse(text, is_client)
}

fn is_client(name: &str) -> bool {
    // The table of clients comes with the commands that write their configs.
    name.is_empty()
}

/// The file of a place, absolute.
pub(crate) fn path_of(path: &str, host: &Host<'_>) -> Result<PathBuf, Error> {
    place::expand(path, &host.facts.cwd, host.facts.dirs.home.as_deref())
}

/// The same place with an absolute path, as the ledger keeps it.
pub(crate) fn absolute(place: &Place, host: &Host<'_>) -> Result<Place, Error> {
    let absolute = |path: &str| Ok::<_, Error>(path_of(path, host)?.to_string_lossy().into_owned());
    Ok(match place {
        Place::File(path) => Place::File(absolute(path)?),
        Place::Dotenv { path, name } => Place::Dotenv {
            path: absolute(path)?,
            name: name.clone(),
        },
        Place::Json { path, pointer } => Place::Json {
            path: absolute(path)?,
            pointer: pointer.clone(),
        },
        Place::Toml { path, key } => Place::Toml {
            path: absolute(path)?,
            key: key.clone(),
        },
        other => other.clone(),
    })
}

/// Reads a place. Nothing there is [`Value::Absent`]; not being able to tell is an error.
pub(crate) fn read(place: &Place, session: &mut Session<'_, '_>) -> Result<Reading, Error> {
    let plain = |value: Option<Secret>| Reading {
        value: value.map_or(Value::Absent, Value::One),
        loose: None,
    };
    match place {
        Place::Env(name) => {
            let value = session.host.facts.env.get(std::ffi::OsStr::new(name));
            match value.map(|value| value.to_str()) {
                None => Ok(plain(None)),
                Some(Some(text)) => Ok(plain(Some(Secret::from(text)))),
                Some(None) => Err(Error::new(
                    Code::PlaceUnreadable,
                    format!("cannot read `{place}`: it is not UTF-8"),
                )
                .at(place.to_string())),
            }
        }
        Place::Command(command) => {
            let hidden: Vec<&str> = session.hidden.iter().map(String::as_str).collect();
            let output = session.host.children.output(command, &hidden)?;
            Ok(plain(Some(output)))
        }
        Place::Keyring { service, account } => {
            Ok(plain(session.host.keyring.get(service, account)?))
        }
        Place::Std => Ok(plain(Some(standard_input(session)?))),
        Place::Mcp { .. } | Place::Entry { .. } => Err(no_clients(place)),
        Place::File(path)
        | Place::Dotenv { path, .. }
        | Place::Json { path, .. }
        | Place::Toml { path, .. } => {
            let path = path_of(path, session.host)?;
            let Some(found) = session.host.files.read(&path)? else {
                return Ok(plain(None));
            };
            let open = found.mode & 0o077 != 0 && !found.mounted_secret;
            Ok(Reading {
                value: inside(place, &found.bytes)?,
                loose: open.then_some((path, found.mode)),
            })
        }
    }
}

/// The value of a place inside the bytes of its file.
fn inside(place: &Place, bytes: &Secret) -> Result<Value, Error> {
    let text = || {
        bytes.expose_str().ok_or_else(|| {
            Error::new(
                Code::PlaceInvalid,
                format!("cannot read `{place}`: the file is not UTF-8"),
            )
            .at(place.to_string())
        })
    };
    let named = |error: Error| {
        let message = format!("cannot read `{place}`: {}", error.message);
        Error { message, ..error }.at(place.to_string())
    };
    let one = |value: Option<String>| value.map_or(Value::Absent, |value| Value::One(value.into()));
    Ok(match place {
        Place::Dotenv { name, .. } => match dotenv::get(text()?, name).map_err(named)? {
            dotenv::Value::Absent => Value::Absent,
            dotenv::Value::Plain(value) => Value::One(value.into()),
            dotenv::Value::Ambiguous(readings) => {
                Value::Several(readings.into_iter().map(Secret::from).collect())
            }
        },
        Place::Json { pointer, .. } => one(place::jsonc::get(text()?, pointer).map_err(named)?),
        Place::Toml { key, .. } => one(place::toml::get(text()?, key).map_err(named)?),
        _ => Value::One(bytes.duplicate()),
    })
}

/// Standard input as a whole; asking for it twice is a mistake on the command line.
pub(crate) fn standard_input(session: &mut Session<'_, '_>) -> Result<Secret, Error> {
    use std::io::Read as _;
    if std::mem::replace(&mut session.input_taken, true) {
        return Err(Error::usage("standard input is asked for twice")
            .hint("give one of the two as a place, such as `file:PATH`"));
    }
    let mut bytes = Vec::new();
    session
        .host
        .terminal
        .input()
        .take(MAX_INPUT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(Code::Io, format!("cannot read standard input: {error}")))?;
    let secret = Secret::new(bytes);
    if secret.len() as u64 > MAX_INPUT {
        return Err(Error::new(Code::TooLarge, "standard input is over 16 MiB"));
    }
    Ok(secret)
}

/// A value on its way to a place: decided, not yet written.
pub(crate) struct Edit {
    /// Where.
    pub(crate) place: Place,
    /// What is there now.
    seen: Option<Secret>,
    /// What shall be there.
    value: Secret,
    /// Whether what goes was a secret of the same kind already.
    held: bool,
    /// Who may read it.
    public: bool,
}

impl Edit {
    /// Whether the place holds that value already.
    pub(crate) fn is_done(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| *seen == self.value)
    }

    /// What goes, in words that give nothing away.
    pub(crate) fn before(&self) -> String {
        let Some(seen) = self.seen.as_ref().filter(|seen| !seen.is_empty()) else {
            return "nothing".to_owned();
        };
        let text = seen.expose_str().map(token::bare).unwrap_or_default();
        if !token::looks_like_token(text) {
            return format!("{} bytes", seen.len());
        }
        let sub = token::peek(text.as_bytes()).sub;
        sub.map_or_else(|| "a token".to_owned(), |sub| format!("a token of `{sub}`"))
    }
}

/// What may be replaced at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replace {
    /// Nothing: only an empty or absent value is filled.
    Nothing,
    /// A value shaped like a token, whole or cut.
    Tokens,
    /// Public keys, with public keys.
    Public,
    /// Whatever is there, with a token.
    Anything,
    /// Whatever is there, with a key: what goes is taken for one.
    AnyKey,
}

/// Decides how a token comes to a place, and refuses to replace what is not ours.
pub(crate) fn decide(
    place: &Place,
    value: Secret,
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Edit, Error> {
    writable(place)?;
    let seen = match read(place, session)?.value {
        Value::Absent => None,
        Value::One(seen) => Some(seen),
        Value::Several(readings) => shortest(readings),
    };
    let filled = seen
        .as_ref()
        .is_some_and(|seen| !seen.expose().trim_ascii().is_empty());
    let shaped = seen
        .as_ref()
        .and_then(Secret::expose_str)
        .is_some_and(is_ours);
    let same = seen.as_ref().is_some_and(|seen| *seen == value);
    let allowed = match replace {
        Replace::Nothing => !filled || same,
        Replace::Tokens => !filled || shaped,
        // What is private is refused by `decide_public`, with `--force` too.
        Replace::Public => {
            !filled
                || same
                || seen
                    .as_ref()
                    .is_some_and(|seen| Holding::of(seen) != Holding::Other)
        }
        Replace::Anything | Replace::AnyKey => true,
    };
    if !allowed {
        let length = seen.map_or(0, |seen| seen.len());
        let foreign = |what: &str| {
            Error::new(
                Code::PlaceForeignValue,
                format!("`{place}` holds something that is no {what} ({length} bytes)"),
            )
            .hint("to replace it all the same, add `--force`")
        };
        return Err(match replace {
            Replace::Nothing => Error::new(
                Code::KeyExists,
                format!("`{place}` holds a value already ({length} bytes), and a key is never overwritten"),
            )
            .hint(format!(
                "use it with `--key {}`, or name another place",
                shell_word(&place.to_string())
            )),
            Replace::Public => foreign("public key"),
            _ => foreign("token"),
        }
        .at(place.to_string()));
    }
    let held = filled && (shaped || matches!(replace, Replace::Nothing | Replace::AnyKey));
    Ok(Edit {
        place: place.clone(),
        seen,
        value,
        held,
        public: false,
    })
}

/// Whether a value is of a kind that `issue` writes: a token, `NAME=token`, or a pair.
fn is_ours(text: &str) -> bool {
    let assigned = text.split_once('=').is_some_and(|(name, value)| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        name.bytes().all(plain) && token::looks_like_token(value)
    });
    let pair = || {
        let json = Json::parse(text.as_bytes()).ok()?;
        json.get("refresh_token")?;
        let access = json.get("access_token")?.as_str()?;
        Some(token::looks_like_token(access))
    };
    token::looks_like_token(text) || assigned || pair().unwrap_or_default()
}

/// Of several readings the one without the comment behind the value.
fn shortest(readings: Vec<Secret>) -> Option<Secret> {
    readings.into_iter().min_by_key(Secret::len)
}

/// The same for public keys, which everybody may read. They never take the place of a private
/// key or a secret, whatever `replace` is.
pub(crate) fn decide_public(
    place: &Place,
    value: Secret,
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Edit, Error> {
    let edit = decide(place, value, replace, session)?;
    if edit.seen.as_ref().map(Holding::of) == Some(Holding::Private) {
        return Err(Error::new(
            Code::KeyExists,
            format!("`{place}` holds a private key or a secret, and public keys never replace one"),
        )
        .hint("name another place")
        .at(place.to_string()));
    }
    Ok(Edit {
        public: true,
        ..edit
    })
}

/// Refuses the places that cannot be written at all.
pub(crate) fn writable(place: &Place) -> Result<(), Error> {
    match place {
        Place::File(_) | Place::Dotenv { .. } | Place::Keyring { .. } | Place::Std => Ok(()),
        Place::Env(_) | Place::Command(_) => {
            Err(Error::usage(format!("`{place}` can only be read"))
                .hint("write to `file:PATH`, `dotenv:PATH#NAME` or `keyring:SERVICE/ACCOUNT`"))
        }
        Place::Mcp { .. } | Place::Entry { .. } => Err(no_clients(place)),
        Place::Json { .. } | Place::Toml { .. } => Err(Error::usage(format!(
            "this version of mcpjwt reads `{place}`, but does not write it"
        ))
        .hint("write to `file:PATH`, `dotenv:PATH#NAME` or `keyring:SERVICE/ACCOUNT`")),
    }
}

fn no_clients(place: &Place) -> Error {
    Error::usage(format!(
        "this version of mcpjwt does not know clients, so it cannot use `{place}`"
    ))
    .hint("write to `file:PATH`, `dotenv:PATH#NAME` or `keyring:SERVICE/ACCOUNT`")
}

/// Writes what was decided: each file once. All are tried; says which places have their value
/// now, and what went wrong with the others.
pub(crate) fn write(
    edits: &[Edit],
    session: &mut Session<'_, '_>,
) -> (Vec<Place>, Result<(), Errors>) {
    let mut gather = Gather::default();
    let mut done = Vec::new();
    let mut files: Vec<(PathBuf, Vec<&Edit>)> = Vec::new();
    for edit in edits {
        match &edit.place {
            Place::File(path) | Place::Dotenv { path, .. } => {
                let Some(path) = gather.take(path_of(path, session.host)) else {
                    continue;
                };
                match files.iter_mut().find(|(known, _)| *known == path) {
                    Some((_, list)) => list.push(edit),
                    None => files.push((path, vec![edit])),
                }
            }
            Place::Keyring { service, account } => {
                let set = if edit.is_done() {
                    Ok(())
                } else {
                    session.host.keyring.set(service, account, &edit.value)
                };
                if gather.take(set).is_some() {
                    done.push(edit.place.clone());
                }
            }
            _ => {}
        }
    }
    for (path, list) in files {
        if gather.take(write_file(&path, &list, session)).is_some() {
            done.extend(list.iter().map(|edit| edit.place.clone()));
        }
    }
    let all = gather.done();
    if all.is_err() && !done.is_empty() {
        let done: Vec<String> = done.iter().map(ToString::to_string).collect();
        session.warn(Error::new(
            Code::PlaceUnwritable,
            format!("wrote `{}`, the others not", done.join("`, `")),
        ));
    }
    (done, all)
}

fn write_file(path: &Path, edits: &[&Edit], session: &mut Session<'_, '_>) -> Result<(), Error> {
    let public = edits.iter().all(|edit| edit.public);
    let privacy = if public {
        Privacy::Public
    } else {
        Privacy::Secret {
            first_secret: !edits.iter().any(|edit| edit.held),
        }
    };
    let target = Target {
        path: path.to_owned(),
        privacy,
        lock: None,
    };
    let written = session.host.files.update(&target, &mut |bytes| {
        let mut bytes = bytes.map(|bytes| Secret::new(bytes.to_vec()));
        let mut changed = false;
        for edit in edits {
            if let Some(new) = edited(edit, bytes.as_ref())? {
                bytes = Some(new);
                changed = true;
            }
        }
        Ok(match bytes {
            Some(bytes) if changed => Edited::Replace(bytes),
            _ => Edited::Leave,
        })
    })?;
    if let Written::Replaced { tightened, loose } = written {
        let shown = path.display();
        if let Some(mode) = tightened {
            session.note(&format!(
                "`{shown}` holds a secret now: mode {mode:04o} became 0600"
            ));
        }
        if let Some(mode) = loose {
            session.warn(
                Error::new(
                    Code::PlaceLooseMode,
                    format!("others can read `{shown}` (mode {mode:04o})"),
                )
                .hint(format!("chmod 600 {}", shell_word(&shown.to_string())))
                .at(edits
                    .first()
                    .map_or_else(String::new, |edit| edit.place.to_string())),
            );
        }
    }
    Ok(())
}

/// The bytes of a file after one edit; `None` when it holds the value already. A value that is
/// no longer the one that was decided about is somebody else's change.
fn edited(edit: &Edit, bytes: Option<&Secret>) -> Result<Option<Secret>, Error> {
    let now = match bytes {
        None => None,
        Some(bytes) => match inside(&edit.place, bytes)? {
            Value::Absent => None,
            Value::One(value) => Some(value),
            Value::Several(readings) => shortest(readings),
        },
    };
    if now.as_ref().is_some_and(|now| *now == edit.value) {
        return Ok(None);
    }
    if now != edit.seen {
        return Err(Error::new(
            Code::Overwritten,
            format!(
                "another program changed `{}` meanwhile; it was left as it is",
                edit.place
            ),
        )
        .hint("run the same command again")
        .at(edit.place.to_string()));
    }
    match &edit.place {
        Place::Dotenv { name, .. } => {
            let text = bytes.and_then(Secret::expose_str).unwrap_or_default();
            let value = edit.value.expose_str().ok_or_else(|| {
                Error::new(
                    Code::PlaceInvalid,
                    format!("cannot write `{}`: the value is not text", edit.place),
                )
            })?;
            let text = dotenv::set(text, name, value).map_err(|error| {
                let message = format!("cannot edit `{}`: {}", edit.place, error.message);
                Error { message, ..error }.at(edit.place.to_string())
            })?;
            Ok(Some(Secret::from(text)))
        }
        _ => Ok(Some(edit.value.duplicate())),
    }
}
