//! Places read and written: the bridge from a `Place` to the host.

mod decide;
mod edit;
mod guard;
mod remove;
mod spot;
mod write;

use std::path::{Path, PathBuf};

pub(crate) use self::decide::{Looked, Replace, decide, decide_entry, decide_public, look_at};
pub(crate) use self::edit::Edit;
pub(crate) use self::guard::{Way, guard, untracking};
pub(crate) use self::remove::{Ours, Removal, decide_removal, take_out};
use self::spot::Spot;
pub(crate) use self::spot::Stands;
pub(crate) use self::write::{Done, write, write_each};
use super::{Session, clients, manifest};
use crate::client::{self, Route, Wish};
use crate::error::{Code, Error};
use crate::host::{Foreign, Found, Host};
use crate::json::Json;
use crate::manifest::nearest;
use crate::place::tree::{self, Format, Make};
use crate::place::{self, Place};
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

/// The client whose name is most like this one, if any is.
pub(crate) fn nearest_client(name: &str) -> Option<&'static str> {
    let open = client::ALL.iter().map(|client| client.name);
    let known = open.chain(client::CLOSED.iter().map(|client| client.name));
    nearest(name, known)
}

/// Whether a client of this name is known, one whose config is not edited too.
pub(crate) fn is_client(name: &str) -> bool {
    client::find(name).is_some() || client::closed(name).is_some()
}

/// The file of a place, absolute.
pub(crate) fn path_of(path: &str, host: &Host<'_>) -> Result<PathBuf, Error> {
    place::expand(path, &host.facts.cwd, host.facts.dirs.home.as_deref())
}

/// Reads a place. Nothing there is [`Value::Absent`]; not being able to tell is an error.
pub(crate) fn read(place: &Place, session: &mut Session<'_, '_>) -> Result<Reading, Error> {
    reading(place, session).map_err(|error| named(place, error))
}

/// Refuses a pipe in a folder, which nobody may ever write to; one that a shell hands over, as
/// `<(command)` or standard input, has its writer already.
pub(crate) fn refuse_pipe(place: &Place, session: &mut Session<'_, '_>) -> Result<(), Error> {
    let Some(path) = place.path() else {
        return Ok(());
    };
    let path = path_of(path, session.host)?;
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return Ok(());
    }
    session.host.files.require_plain(&path)
}

/// An error of a place, with the place where nothing more precise is named. What a command is may
/// be a secret.
fn named(place: &Place, error: Error) -> Error {
    match place {
        Place::Command(_) => error,
        _ => error.or_at(place.to_string()),
    }
}

fn reading(place: &Place, session: &mut Session<'_, '_>) -> Result<Reading, Error> {
    let plain = |value: Option<Secret>| Reading {
        value: value.map_or(Value::Absent, Value::One),
        loose: None,
    };
    match place {
        Place::Env(name) => {
            let value = session.host.facts.variable(name);
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
            let folder = manifest::runs_in(place, session);
            let output = session.host.children.output(command, &folder, &hidden)?;
            Ok(plain(Some(output)))
        }
        Place::Keyring { service, account } => {
            Ok(plain(session.host.keyring.get(service, account)?))
        }
        Place::Std => Ok(plain(Some(standard_input(session)?))),
        _ => {
            let manner = (Replace::Tokens, &Wish::default());
            let resolved = resolve(place, manner, Access::Read, session)?;
            let Some(found) = resolved.found else {
                return Ok(plain(None));
            };
            let open = found.mode & 0o077 != 0 && !found.mounted_secret;
            Ok(Reading {
                value: resolved.spot.read(place, &found.bytes)?,
                loose: open.then_some((resolved.path, found.mode)),
            })
        }
    }
}

/// A place as the ledger keeps it: absolute, without a link, and without a client.
pub(crate) fn lasting(place: &Place, session: &mut Session<'_, '_>) -> Result<Place, Error> {
    match place {
        Place::Std | Place::Keyring { .. } | Place::Env(_) | Place::Command(_) => Ok(place.clone()),
        _ => {
            let manner = (Replace::Tokens, &Wish::default());
            let (resolved, to) = editable(place, manner, session)?;
            let path = to.to_string_lossy().into_owned();
            let bytes = resolved.found.as_ref().map(|found| &found.bytes);
            resolved.spot.lasting(place, path, bytes)
        }
    }
}

/// Other places of the same file at which the token with this `jti` is: of an entry that was
/// renamed, its new name.
pub(crate) fn elsewhere(
    place: &Place,
    jti: &str,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Place>, Error> {
    let (format, path) = match place {
        Place::Json { path, .. } => (Format::Json, path),
        Place::Toml { path, .. } => (Format::Toml, path),
        _ => return Ok(Vec::new()),
    };
    let found = session.host.files.read_plain(Path::new(path))?;
    let text = found.as_ref().and_then(|found| found.bytes.expose_str());
    let root = format.get(text.unwrap_or_default(), &[])?;
    let mut at = Vec::new();
    holding(&root.unwrap_or(Json::Null), jti, &mut Vec::new(), &mut at);
    let places = at.iter().map(|at| Place::of_node(format, path.clone(), at));
    Ok(places.collect())
}

fn holding(json: &Json, jti: &str, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut below = |name: String, value: &Json| {
        at.push(name);
        holding(value, jti, at, found);
        at.pop();
    };
    match json {
        Json::Object(members) => {
            for (name, value) in members {
                below(name.clone(), value);
            }
        }
        Json::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                below(index.to_string(), value);
            }
        }
        Json::String(text) => {
            let claims = token::peek(token::bare(text).as_bytes()).claims;
            let is_it = |claims: &Json| claims.get("jti").and_then(Json::as_str) == Some(jti);
            if claims.as_ref().is_some_and(is_it) {
                found.push(at.clone());
            }
        }
        _ => {}
    }
}

/// A place by its absolute path, for a command that is started elsewhere. Links stay: where they
/// lead may change.
pub(crate) fn absolute(place: &Place, session: &Session<'_, '_>) -> Result<Place, Error> {
    let Some(path) = place.path() else {
        return Ok(place.clone());
    };
    let path = path_of(path, session.host)?;
    Ok(place.with_path(path.to_string_lossy().into_owned()))
}

/// The canonical URL of the server whose entry a place is, where it has one: scheme and host in
/// lower case, no fragment, no slash at the end.
pub(crate) fn server_url(
    place: &Place,
    wish: &Wish,
    session: &mut Session<'_, '_>,
) -> Result<Option<String>, Error> {
    let resolved = resolve(place, (Replace::Tokens, wish), Access::Read, session)?;
    let bytes = resolved.found.as_ref().map(|found| &found.bytes);
    resolved.spot.url(place, bytes)
}

/// The file of a place, and where the token in it goes from there, as [`Looked::route`] has it.
pub(crate) fn route(
    place: &Place,
    wish: &Wish,
    session: &mut Session<'_, '_>,
) -> Result<(PathBuf, Result<Option<Route>, Error>), Error> {
    let resolved = resolve(place, (Replace::Tokens, wish), Access::Edit, session)?;
    let bytes = resolved.found.as_ref().map(|found| &found.bytes);
    let route = resolved.spot.route(place, bytes);
    Ok((session.host.files.leads_to(&resolved.path)?, route))
}

/// A place in a file, found.
struct Resolved {
    path: PathBuf,
    spot: Spot,
    lock: Option<Foreign>,
    found: Option<Found>,
}

/// What a file is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Its value; it may come through a pipe, such as `<(command)` of a shell.
    Read,
    /// An edit: only a plain file can be replaced.
    Edit,
}

/// The same to be edited, and where its path leads: a manifest is no place for a value.
fn editable(
    place: &Place,
    manner: (Replace, &Wish),
    session: &mut Session<'_, '_>,
) -> Result<(Resolved, PathBuf), Error> {
    let resolved = resolve(place, manner, Access::Edit, session)?;
    let to = session.host.files.leads_to(&resolved.path)?;
    if manifest::is_one(&to, session) {
        let message = format!("`{place}` is a manifest, not a place for a token or a key");
        let error = Error::new(Code::PlaceForeignValue, message).hint("name another place");
        return Err(error.at(place.to_string()));
    }
    Ok((resolved, to))
}

/// Finds the file of a place, and where in it the value is.
fn resolve(
    place: &Place,
    (replace, wish): (Replace, &Wish),
    access: Access,
    session: &mut Session<'_, '_>,
) -> Result<Resolved, Error> {
    let make = match replace {
        Replace::Anything | Replace::AnyKey => Make::All,
        _ => Make::Around,
    };
    let wrong = |why: &str| named(place, Error::usage(why));
    let (path, spot) = match place {
        Place::Mcp { server, .. } | Place::Entry { server, .. } => {
            let located = clients::locate(place, session).map_err(|error| named(place, error))?;
            let wish = Wish {
                server: server.clone(),
                ..wish.clone()
            };
            return Ok(Resolved {
                lock: clients::lock(located.config.lock),
                spot: Spot::Entry {
                    config: Box::new(located.config),
                    wish: Box::new(wish),
                    ours: Vec::new(),
                },
                path: located.path,
                found: located.found,
            });
        }
        Place::Dotenv { path, name } => (path, Spot::Variable(name.clone())),
        Place::Json { path, pointer } => {
            let at = place::jsonc::steps(pointer).map_err(wrong)?;
            let format = Format::Json;
            (path, Spot::Node { format, at, make })
        }
        Place::Toml { path, key } => {
            let at = place::toml::steps(key).map_err(wrong)?;
            let format = Format::Toml;
            (path, Spot::Node { format, at, make })
        }
        Place::File(path) => (path, Spot::Whole),
        _ => return Err(Error::new(Code::Internal, "not a place in a file")),
    };
    let path = path_of(path, session.host).map_err(|error| named(place, error))?;
    let found = match access {
        Access::Read => session.host.files.read(&path)?,
        Access::Edit => session.host.files.read_plain(&path)?,
    };
    // Whose config it is takes all that is known of clients, and only a writer locks it.
    let lock = match access {
        Access::Read => None,
        Access::Edit => clients::lock_at(&path, session),
    };
    Ok(Resolved {
        path,
        spot,
        lock,
        found,
    })
}

/// Takes standard input for one use of it; a second one is a mistake on the command line.
pub(crate) fn take_input(session: &mut Session<'_, '_>) -> Result<(), Error> {
    if std::mem::replace(&mut session.input_taken, true) {
        return Err(Error::usage("standard input is asked for twice")
            .hint("give one of the two as a place, such as `file:PATH`"));
    }
    Ok(())
}

/// Standard input as a whole; asking for it twice is a mistake on the command line.
pub(crate) fn standard_input(session: &mut Session<'_, '_>) -> Result<Secret, Error> {
    use std::io::Read as _;
    take_input(session)?;
    let mut bytes = Vec::new();
    session
        .host
        .terminal
        .input()
        .bytes
        .take(MAX_INPUT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(Code::Io, format!("cannot read standard input: {error}")))?;
    let secret = Secret::new(bytes);
    if secret.len() as u64 > MAX_INPUT {
        return Err(Error::new(Code::TooLarge, "standard input is over 16 MiB"));
    }
    Ok(secret)
}

/// Of several readings the one without the comment behind the value.
fn shortest(readings: Vec<Secret>) -> Option<Secret> {
    readings.into_iter().min_by_key(Secret::len)
}

/// Whether a value has no secret yet: it is blank, or a scheme that waits for its token.
fn is_vacant(value: &Secret) -> bool {
    value.expose_str().is_some_and(tree::is_vacant)
}

/// Refuses the places that cannot be written at all.
pub(crate) fn writable(place: &Place) -> Result<(), Error> {
    match place {
        Place::Env(_) | Place::Command(_) => {
            let hint =
                "write to `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer` or `CLIENT/SERVER`";
            let error = Error::usage(format!("`{place}` can only be read")).hint(hint);
            Err(named(place, error))
        }
        _ => Ok(()),
    }
}
