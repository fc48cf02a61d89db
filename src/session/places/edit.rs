//! Deciding how a value comes to its place. Nothing is written here.

use std::path::{Path, PathBuf};

use super::spot::{Put, Spot};
use super::{Access, Resolved, resolve, writable};
use crate::client::{Means, Slot, Wish};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::{self, Foreign, Kept};
use crate::json::Json;
use crate::key::Holding;
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::secret::Secret;
use crate::session::{Session, ledger};
use crate::token;

/// A value on its way to a place: decided, not yet written.
pub(crate) struct Edit {
    /// Where, as it was given.
    pub(crate) place: Place,
    /// Where that is.
    pub(super) target: Target,
    /// What is there now.
    seen: Option<Secret>,
    /// What shall be there.
    pub(super) value: Secret,
    /// Whether what goes was a secret of the same kind already.
    pub(super) held: bool,
    /// What is written.
    matter: Matter,
    /// Whether it is there already.
    is_done: bool,
    /// The file now, and as it shall be.
    pub(crate) bytes: Option<(Option<Secret>, Secret)>,
}

/// Where a value goes.
pub(super) enum Target {
    /// Into a file.
    File {
        path: PathBuf,
        /// Where that leads: one name for all paths to it.
        to: PathBuf,
        spot: Spot,
        lock: Option<Foreign>,
    },
    /// Into the keyring.
    Keyring { service: String, account: String },
    /// To standard output.
    Output,
}

/// What is written, as far as it matters who reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Matter {
    /// A token or a key.
    Secret,
    /// A reference to where the token is.
    Reference,
    /// Public keys.
    Public,
}

impl Edit {
    /// Whether the place holds that value already.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether nobody else may read the file: it gets a secret, or it is new and no public key.
    pub(super) fn is_private(&self) -> bool {
        match self.matter {
            Matter::Secret => true,
            Matter::Reference => self.is_new(),
            Matter::Public => false,
        }
    }

    /// Whether the value says where the token is.
    pub(crate) fn is_reference(&self) -> bool {
        self.matter == Matter::Reference
    }

    /// Whether it makes its file.
    pub(super) fn is_new(&self) -> bool {
        let bytes = self.bytes.as_ref();
        bytes.is_some_and(|(before, _)| before.is_none())
    }

    /// What a dry run shows of it: the place, and the lines of its file that change.
    pub(crate) fn shown(&self) -> String {
        let place = report::escape(&self.place.to_string());
        if self.is_done {
            return format!("`{place}` would stay as it is\n");
        }
        let mut text = format!("would write `{place}`\n");
        if let Some((before, after)) = &self.bytes {
            let [before, after] = [before.as_ref(), Some(after)]
                .map(|bytes| bytes.and_then(Secret::expose_str).unwrap_or_default());
            let seen = self.seen.as_ref().and_then(Secret::expose_str);
            let hidden = [
                seen.unwrap_or_default(),
                self.value.expose_str().unwrap_or_default(),
            ];
            for line in report::diff(before, after, &hidden).lines() {
                text.push_str(&format!("  {line}\n"));
            }
        }
        text
    }

    /// The place as the ledger keeps it: absolute, without a link, and without a client, whose
    /// entries may move.
    pub(crate) fn lasting(&self) -> Result<Place, Error> {
        let Target::File { to, spot, .. } = &self.target else {
            return Ok(self.place.clone());
        };
        let path = to.to_string_lossy().into_owned();
        let bytes = self.bytes.as_ref().map(|(_, after)| after);
        spot.lasting(&self.place, path, bytes)
    }

    /// What it leaves there: the value, with the scheme in front of it.
    pub(super) fn left(&self) -> Result<Option<Secret>, Error> {
        let (Target::File { spot, .. }, Some((_, after))) = (&self.target, &self.bytes) else {
            return Ok(Some(self.value.duplicate()));
        };
        spot.seen(&self.place, Some(after))
    }

    /// The file after this edit; `None` when it holds the value already. A value that is no
    /// longer the one that was decided about is somebody else's change.
    pub(super) fn on(&self, bytes: Option<&Secret>) -> Result<Option<Put>, Error> {
        let Target::File { spot, .. } = &self.target else {
            return Ok(None);
        };
        let now = spot.seen(&self.place, bytes)?;
        let put = spot.put(&self.place, bytes, &self.value)?;
        if bytes.is_some_and(|bytes| *bytes == put.bytes) {
            return Ok(None);
        }
        if now != self.seen {
            return Err(self.overwritten());
        }
        Ok(Some(put))
    }

    /// Whether the value is in these bytes.
    pub(super) fn is_in(&self, bytes: Option<&Secret>) -> Result<bool, Error> {
        let (Target::File { spot, .. }, Some(bytes)) = (&self.target, bytes) else {
            return Ok(false);
        };
        Ok(spot.put(&self.place, Some(bytes), &self.value)?.bytes == *bytes)
    }

    /// The error when another program had the last word.
    pub(super) fn overwritten(&self) -> Error {
        Error::new(
            Code::Overwritten,
            format!(
                "another program changed `{}` meanwhile; it was left as it is",
                self.place
            ),
        )
        .hint("close the program that uses it, then run the same command again")
        .at(self.place.to_string())
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
    writable(place)?;
    let (target, bytes, seen) = look(place, (replace, wish), session)?;
    let filled = seen
        .as_ref()
        .is_some_and(|seen| !seen.expose().trim_ascii().is_empty());
    let shaped = seen
        .as_ref()
        .and_then(Secret::expose_str)
        .is_some_and(is_ours);
    let (lost, warnings) = match &target {
        Target::File { spot, .. } => spot.concerns(place, bytes.as_ref())?,
        _ => (None, Vec::new()),
    };
    // Of an entry its client's shapes say what is ours.
    let shaped = lost.as_ref().map_or(shaped, Vec::is_empty);
    let found = Here {
        place,
        target: &target,
        bytes: bytes.as_ref(),
    };
    let is_known = !shaped
        && replace == Replace::Tokens
        && match &lost {
            Some(lost) => found.are_known(lost, session)?,
            None => found.is_known(seen.as_ref(), session)?,
        };
    let put = match &target {
        Target::File { spot, .. } => Some(spot.put(place, bytes.as_ref(), &value)),
        _ => None,
    };
    let is_done = match &put {
        Some(Ok(put)) => bytes.as_ref().is_some_and(|bytes| *bytes == put.bytes),
        Some(Err(_)) => false,
        None => seen.as_ref().is_some_and(|seen| *seen == value),
    };
    let allowed = match replace {
        Replace::Nothing => !filled || is_done,
        Replace::Tokens => (!filled && lost.is_none()) || shaped || is_known || is_done,
        // What is private is refused by `decide_public`, with `--force` too.
        Replace::Public => {
            !filled
                || is_done
                || seen
                    .as_ref()
                    .is_some_and(|seen| Holding::of(seen) != Holding::Other)
        }
        Replace::Anything | Replace::AnyKey => true,
    };
    if !allowed {
        let length = seen.map_or(0, |seen| seen.len());
        return Err(match lost.as_deref() {
            Some([slot, ..]) => lost_value(place, &slot.name),
            _ => foreign(place, replace, length),
        });
    }
    let put = put.transpose()?;
    let is_entry = matches!(place, Place::Entry { .. } | Place::Mcp { .. });
    if let Target::File { path, to, .. } = &target
        && bytes.is_none()
        && !makes_folder(place, path, session)
        && let Some(folder) = to.parent()
        && !session.host.files.is_folder(folder)
    {
        return Err(host::no_folder(path, folder));
    }
    for warning in warnings {
        session.warn(warning.at(place.to_string()));
    }
    Ok(Edit {
        place: place.clone(),
        target,
        held: filled && (shaped || matches!(replace, Replace::Nothing | Replace::AnyKey)),
        seen,
        value,
        matter: if is_entry && !matches!(wish.means, Means::Literal) {
            Matter::Reference
        } else {
            Matter::Secret
        },
        is_done,
        bytes: put.map(|put| (bytes, put.bytes)),
    })
}

/// Whether a missing folder is made: that of a client that has not been started yet, or our own.
pub(super) fn makes_folder(place: &Place, path: &Path, session: &Session<'_, '_>) -> bool {
    let data = session.host.facts.dirs.data.as_ref();
    matches!(place, Place::Entry { .. }) || data.is_some_and(|data| path.starts_with(data))
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
            let seen = session.host.keyring.get(service, account)?;
            let target = Target::Keyring {
                service: service.clone(),
                account: account.clone(),
            };
            Ok((target, None, seen))
        }
        _ => {
            let Resolved {
                path,
                spot,
                lock,
                found,
            } = resolve(place, manner, Access::Edit, session)?;
            let bytes = found.map(|found| found.bytes);
            let seen = spot.seen(place, bytes.as_ref())?;
            let target = Target::File {
                to: session.host.files.leads_to(&path)?,
                path,
                spot,
                lock,
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
        let ledger = ledger::read(session)?;
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
        let ledger = ledger::read(session)?;
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

/// Refuses secrets on their way into a file that git has, or would take: all at once, each with
/// its way out.
pub(crate) fn guard(edits: &[Edit], session: &mut Session<'_, '_>) -> Result<(), Errors> {
    let literal: Vec<(&Edit, &PathBuf)> = edits
        .iter()
        .filter(|edit| edit.matter == Matter::Secret && !edit.is_done)
        .filter_map(|edit| match &edit.target {
            Target::File { path, .. } => Some((edit, path)),
            _ => None,
        })
        .collect();
    let paths: Vec<PathBuf> = literal.iter().map(|(_, path)| (*path).clone()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    let kept = session.host.git.judge(&paths)?;
    let mut gather = Gather::default();
    for ((edit, path), kept) in literal.into_iter().zip(kept) {
        let shown = path.display();
        let place = edit.place.to_string();
        let message = match &kept {
            Kept::Outside | Kept::Ignored => continue,
            Kept::Unknown(why) => {
                session.warn(
                    Error::new(
                        Code::GitUnknown,
                        format!("cannot tell whether git has `{shown}`: {why}"),
                    )
                    .at(place),
                );
                continue;
            }
            Kept::Tracked => {
                format!("`{shown}` is tracked by git, so the secret in it would be committed")
            }
            Kept::Open => {
                format!("`{shown}` is not ignored by git, so the secret in it could be committed")
            }
        };
        gather.add(
            Error::new(Code::GitTracked, message)
                .hint(way_out(edit, path, &kept))
                .at(place),
        );
    }
    gather.done()
}

/// How to keep a secret out of the repository.
fn way_out(edit: &Edit, path: &Path, kept: &Kept) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut ignore = format!("add `{name}` to `.gitignore`");
    // What is tracked is not ignored, whatever is said there.
    if *kept == Kept::Tracked {
        let file = shell_word(&path.display().to_string());
        ignore.push_str(&format!(" and run `git rm --cached {file}`"));
    }
    let modes = match &edit.target {
        Target::File { spot, .. } => spot.modes(
            &edit.place,
            edit.bytes.as_ref().and_then(|(before, _)| before.as_ref()),
        ),
        _ => Vec::new(),
    };
    let modes: Vec<String> = modes
        .iter()
        .map(|mode| format!("`--mode {}`", mode.name()))
        .collect();
    if modes.is_empty() {
        format!("{ignore}, or write it all the same with `--force`")
    } else {
        format!(
            "keep it out of the file with {}; or {ignore}, or write it all the same with `--force`",
            modes.join(" or ")
        )
    }
}
