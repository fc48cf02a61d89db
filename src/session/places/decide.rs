//! Deciding how a value comes to its place. Nothing is written here.

use std::path::{Path, PathBuf};

use super::edit::{Edit, Matter, Target};
use super::spot::{self, Stands};
use super::{editable, is_vacant, named, writable};
use crate::client::{Means, Route, Slot, Wish};
use crate::error::{Code, Error};
use crate::host;
use crate::json::Json;
use crate::key::Holding;
use crate::place::{Place, dotenv};
use crate::report::{self, shell_word};
use crate::secret::Secret;
use crate::session::{Session, ledger};
use crate::state::ledger::Ledger;
use crate::token;

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

/// Decides how a value comes to a place, and refuses to replace what is not ours.
pub(crate) fn decide(
    place: &Place,
    value: Secret,
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Edit, Error> {
    decide_entry(place, value, (replace, &Wish::default()), session)
}

/// The same, with what is wished for a server entry.
pub(crate) fn decide_entry(
    place: &Place,
    value: Secret,
    (replace, wish): (Replace, &Wish),
    session: &mut Session<'_, '_>,
) -> Result<Edit, Error> {
    look_at(place, (replace, wish), session)?.decide(value, session)
}

/// A place that was looked at: what shall be there is yet to be decided.
pub(crate) struct Looked {
    place: Place,
    target: Target,
    bytes: Option<Secret>,
    seen: Option<Secret>,
    /// The values of an entry that are not ours and would go; of no entry none.
    lost: Option<Vec<Slot>>,
    /// Whether what is there is of a kind that we write.
    is_shaped: bool,
    /// Whether the ledger knows it as what was put there.
    is_known: bool,
    warnings: Vec<Error>,
    replace: Replace,
    matter: Matter,
}

/// Looks at a place that is to be written.
pub(crate) fn look_at(
    place: &Place,
    (replace, wish): (Replace, &Wish),
    session: &mut Session<'_, '_>,
) -> Result<Looked, Error> {
    writable(place)?;
    let (mut target, bytes, seen) = look(place, (replace, wish), session)?;
    if let Target::File { to, spot, .. } = &mut target {
        let gone = spot.gone(place, bytes.as_ref())?;
        let ledger = match &gone[..] {
            [] => Ledger::default(),
            _ => ledger::read(&mut |it| it.is_of_places(), session)?,
        };
        spot.learn(&to.to_string_lossy(), gone, &ledger.installed());
    }
    let (lost, warnings) = match &target {
        Target::File { spot, .. } => spot.concerns(place, bytes.as_ref())?,
        _ => (None, Vec::new()),
    };
    let found = Here {
        place,
        target: &target,
        bytes: bytes.as_ref(),
    };
    let is_shaped = match &lost {
        // Of an entry its client's shapes say what is ours.
        Some(lost) => lost.is_empty(),
        None => seen
            .as_ref()
            .and_then(Secret::expose_str)
            .is_some_and(is_ours),
    };
    let is_known = !is_shaped
        && replace == Replace::Tokens
        && match &lost {
            Some(lost) => found.are_known(lost, session)?,
            None => found.is_known(seen.as_ref(), session)?,
        };
    let is_entry = matches!(place, Place::Entry { .. } | Place::Mcp { .. });
    Ok(Looked {
        place: place.clone(),
        target,
        bytes,
        seen,
        lost,
        is_shaped,
        is_known,
        warnings,
        replace,
        matter: if is_entry && !matches!(wish.means, Means::Literal) {
            Matter::Reference
        } else {
            Matter::Secret
        },
    })
}

/// Whether a missing folder is made: that of a client that has not been started yet, or our own.
pub(super) fn makes_folder(place: &Place, path: &Path, session: &Session<'_, '_>) -> bool {
    let data = session.host.facts.dirs.data.as_ref();
    matches!(place, Place::Entry { .. }) || data.is_some_and(|data| path.starts_with(data))
}

impl Looked {
    /// The text there now, without white space around it; nothing where it is no text.
    pub(crate) fn text(&self) -> &str {
        let text = self.seen.as_ref().and_then(Secret::expose_str);
        text.unwrap_or_default().trim()
    }

    /// The place as the ledger keeps it.
    pub(crate) fn lasting(&self) -> Result<Place, Error> {
        let Target::File { to, spot, .. } = &self.target else {
            return Ok(self.place.clone());
        };
        let path = to.to_string_lossy().into_owned();
        spot.lasting(&self.place, path, self.bytes.as_ref())
    }

    /// The canonical URL of the server of an entry.
    pub(crate) fn server_url(&self) -> Result<Option<String>, Error> {
        match &self.target {
            Target::File { spot, .. } => spot.url(&self.place, self.bytes.as_ref()),
            _ => Ok(None),
        }
    }

    /// The config of an entry, and where that sends its token.
    pub(crate) fn route(&self) -> Result<Option<(PathBuf, Route)>, Error> {
        let Target::File { to, spot, .. } = &self.target else {
            return Ok(None);
        };
        let route = spot.route(&self.place, self.bytes.as_ref());
        let route = route.map_err(|error| spot::named("use", &self.place, error))?;
        Ok(route.map(|route| (to.clone(), route)))
    }

    /// How an entry stands to what is wished of it; nothing of any other place.
    pub(crate) fn stands(&self) -> Result<Option<Stands>, Error> {
        match &self.target {
            Target::File { spot, .. } => spot.stands(&self.place, self.bytes.as_ref()),
            _ => Ok(None),
        }
    }

    /// Why a token does not go there, where it does not.
    pub(crate) fn refusal(&self) -> Option<Error> {
        let allowed = match self.replace {
            Replace::Nothing => !self.is_filled(),
            Replace::Tokens => {
                (self.is_vacant() && self.lost.is_none()) || self.is_shaped || self.is_known
            }
            // What is private is refused by `decide_public`, with `--force` too.
            Replace::Public => {
                let is_key = |seen: &Secret| Holding::of(seen) != Holding::Other;
                !self.is_filled() || self.seen.as_ref().is_some_and(is_key)
            }
            Replace::Anything | Replace::AnyKey => true,
        };
        if allowed {
            return None;
        }
        let length = self.seen.as_ref().map_or(0, Secret::len);
        Some(match self.lost.as_deref() {
            Some([slot, ..]) => lost_value(&self.place, &slot.name),
            _ => foreign(&self.place, self.replace, length),
        })
    }

    /// Decides how a value comes there.
    pub(crate) fn decide(
        mut self,
        value: Secret,
        session: &mut Session<'_, '_>,
    ) -> Result<Edit, Error> {
        let put = match &self.target {
            Target::File { spot, .. } => Some(spot.put(&self.place, self.bytes.as_ref(), &value)),
            _ => None,
        };
        let is_done = match &put {
            Some(Ok(put)) => self.bytes.as_ref().is_some_and(|bytes| *bytes == put.bytes),
            Some(Err(_)) => false,
            None => self.seen.as_ref().is_some_and(|seen| *seen == value),
        };
        if let Some(error) = self.refusal().filter(|_| !is_done) {
            return Err(error);
        }
        let put = put.transpose()?;
        if let Target::File { path, to, .. } = &self.target
            && self.bytes.is_none()
            && !makes_folder(&self.place, path, session)
            && let Some(folder) = to.parent()
            && !session.host.files.is_folder(folder)
        {
            return Err(host::no_folder(path, folder));
        }
        if !is_done {
            self.target.replaceable()?;
        }
        let is_key = matches!(self.replace, Replace::Nothing | Replace::AnyKey);
        let is_vacant = self.seen.as_ref().is_none_or(is_vacant);
        let held = !is_vacant && (self.is_shaped || is_key);
        let replaced = match &self.target {
            Target::File { spot, .. } => spot.replaced(&self.place, self.bytes.as_ref(), &value)?,
            _ => None,
        };
        for warning in self.warnings.into_iter().chain(replaced) {
            session.warn(warning.at(self.place.to_string()));
        }
        Ok(Edit {
            place: self.place,
            target: self.target,
            held,
            seen: self.seen,
            value,
            matter: self.matter,
            is_done,
            file_mode: None,
            bytes: put.map(|put| (self.bytes, put.bytes)),
        })
    }

    /// Whether there is no token yet. In a `.env` file a scheme without quotes is a value: no blank
    /// goes there.
    fn is_vacant(&self) -> bool {
        let text = self.bytes.as_ref().and_then(Secret::expose_str);
        let waits = match (&self.place, text) {
            (Place::Dotenv { name, .. }, Some(text)) => {
                dotenv::vacant(text, name).is_ok_and(|was| was.is_some())
            }
            _ => self.seen.as_ref().is_some_and(is_vacant),
        };
        !self.is_filled() || waits
    }

    fn is_filled(&self) -> bool {
        let blank = |seen: &Secret| seen.expose().trim_ascii().is_empty();
        self.seen.as_ref().is_some_and(|seen| !blank(seen))
    }
}

/// Where a place is, the bytes of its file, and what it holds.
pub(super) fn look(
    place: &Place,
    manner: (Replace, &Wish),
    session: &mut Session<'_, '_>,
) -> Result<(Target, Option<Secret>, Option<Secret>), Error> {
    match place {
        Place::Std => Ok((Target::Output, None, None)),
        Place::Keyring { service, account } => {
            let seen = session
                .host
                .keyring
                .get(service, account)
                .map_err(|error| named(place, error))?;
            let target = Target::Keyring {
                service: service.clone(),
                account: account.clone(),
            };
            Ok((target, None, seen))
        }
        _ => {
            let (resolved, to) = editable(place, manner, session)?;
            let (bytes, fixed) = match resolved.found {
                Some(found) => (Some(found.bytes), found.fixed),
                None => (None, None),
            };
            let seen = resolved.spot.seen(place, bytes.as_ref())?;
            let target = Target::File {
                path: resolved.path,
                to,
                spot: resolved.spot,
                lock: resolved.lock,
                fixed,
            };
            Ok((target, bytes, seen))
        }
    }
}

/// What is at a place now.
struct Here<'a> {
    place: &'a Place,
    target: &'a Target,
    bytes: Option<&'a Secret>,
}

impl Here<'_> {
    /// Whether the ledger knows these values of an entry as what was put there.
    fn are_known(&self, lost: &[Slot], session: &mut Session<'_, '_>) -> Result<bool, Error> {
        let Target::File { to, spot, .. } = self.target else {
            return Ok(false);
        };
        let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
        let installed = ledger.installed();
        let path = to.to_string_lossy();
        Ok(lost.iter().all(|slot| {
            let place = spot.at(path.clone().into_owned(), &slot.at);
            place.is_some_and(|place| ledger::knows(&installed, &place, slot.value.as_bytes()))
        }))
    }

    /// The same of the value of any other place.
    fn is_known(
        &self,
        seen: Option<&Secret>,
        session: &mut Session<'_, '_>,
    ) -> Result<bool, Error> {
        let Some(seen) = seen.filter(|seen| !seen.is_empty()) else {
            return Ok(false);
        };
        let place = match self.target {
            Target::File { to, spot, .. } => {
                let path = to.to_string_lossy().into_owned();
                spot.lasting(self.place, path, self.bytes)?
            }
            _ => self.place.clone(),
        };
        let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
        Ok(ledger::knows(&ledger.installed(), &place, seen.expose()))
    }
}

fn lost_value(place: &Place, name: &str) -> Error {
    let name = report::escape(name);
    Error::new(
        Code::PlaceForeignValue,
        format!("`{name}` of `{place}` holds something that is no token"),
    )
    .hint("to replace it all the same, add `--force`")
    .at(place.to_string())
}

fn foreign(place: &Place, replace: Replace, length: usize) -> Error {
    let foreign = |what: &str| {
        Error::new(
            Code::PlaceForeignValue,
            format!("`{place}` holds something that is no {what} ({length} bytes)"),
        )
        .hint("to replace it all the same, add `--force`")
    };
    match replace {
        Replace::Nothing => Error::new(
            Code::KeyExists,
            format!(
                "`{place}` holds a value already ({length} bytes), and a key is never overwritten"
            ),
        )
        .hint(format!(
            "use it with `--key {}`, or name another place",
            shell_word(&place.to_string())
        )),
        Replace::Public => foreign("public key"),
        _ => foreign("token"),
    }
    .at(place.to_string())
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
        matter: Matter::Public,
        ..edit
    })
}
