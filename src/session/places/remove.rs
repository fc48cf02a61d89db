//! Taking values out of places again: decided first, then each file once.

use std::path::{Path, PathBuf};

use super::decide::look;
use super::edit::Target;
use super::write::SECOND_LOOK;
use super::{Replace, is_vacant, named, writable};
use crate::client::{self, Wish};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::{self, Edited, Privacy, Written};
use crate::json::Json;
use crate::place::Place;
use crate::place::tree::Made;
use crate::report;
use crate::secret::Secret;
use crate::session::Session;
use crate::state::ledger::Record;
use crate::token;

/// A value on its way out.
pub(crate) struct Removal {
    /// Where, as the ledger keeps it.
    pub(crate) place: Place,
    target: Target,
    seen: Option<Secret>,
    /// Whether that is something else than what the ledger has there.
    is_another: bool,
    made: Option<Made>,
    /// The file now, and as it shall be: `None`, it goes.
    bytes: Option<(Secret, Option<Secret>)>,
}

/// What goes from a place; that anything else is there is an error.
#[derive(Clone, Copy)]
pub(crate) enum Ours<'r> {
    /// What is shaped like a token.
    Tokens,
    /// That, and what was put there by this record; but no token that can be seen to be another.
    Known(&'r Record),
    /// Whatever is there, where this record put something.
    Forced(&'r Record),
    /// Whatever is there.
    Anything,
}

impl<'r> Ours<'r> {
    fn record(self) -> Option<&'r Record> {
        match self {
            Self::Known(record) | Self::Forced(record) => Some(record),
            Self::Tokens | Self::Anything => None,
        }
    }

    fn has(self, place: &Place, value: &Secret) -> bool {
        let is_token =
            || is_vacant(value) || value.expose_str().is_some_and(token::looks_like_token);
        match self {
            Self::Tokens => is_token(),
            Self::Known(record) => {
                record.knows(&place.to_string(), value.expose())
                    || (is_token() && !is_another(record, value))
            }
            Self::Forced(_) | Self::Anything => true,
        }
    }
}

/// Whether it is a token that can be read, and not that of the record.
fn is_another(record: &Record, value: &Secret) -> bool {
    let text = value.expose_str().unwrap_or_default();
    let claims = token::peek(token::bare(text).as_bytes()).claims;
    let is_it = |claims: &Json| claims.get("jti").and_then(Json::as_str) == Some(&*record.jti);
    !record.jti.is_empty() && claims.is_some_and(|claims| !is_it(&claims))
}

impl Removal {
    /// Whether nothing is there any more.
    pub(crate) fn is_done(&self) -> bool {
        self.seen.is_none()
    }

    /// Whether something else is there than what the ledger has.
    pub(crate) fn is_another(&self) -> bool {
        self.is_another
    }

    /// What a dry run shows of it: the place, and the lines of its file that change.
    pub(crate) fn shown(&self, place: &str) -> String {
        let Some((before, after)) = &self.bytes else {
            return if self.is_done() {
                format!("nothing is at `{place}`\n")
            } else {
                format!("would empty `{place}`\n")
            };
        };
        let Some(after) = after else {
            return format!("would delete the file of `{place}`\n");
        };
        let [before, after] = [before, after].map(|bytes| bytes.expose_str().unwrap_or_default());
        let seen = self.seen.as_ref().and_then(Secret::expose_str);
        let mut text = format!("would empty `{place}`\n");
        for line in report::diff(before, after, &[seen.unwrap_or_default()]).lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text
    }

    fn from(&self, bytes: &Secret) -> Result<Edited, Error> {
        let Target::File { spot, .. } = &self.target else {
            return Ok(Edited::Leave);
        };
        let now = spot.seen(&self.place, Some(bytes))?;
        if now.is_none() || self.is_done() {
            return Ok(Edited::Leave);
        }
        if now != self.seen {
            return Err(self.overwritten());
        }
        spot.take_out(&self.place, bytes, self.made.as_ref())
    }

    /// Whether the value refers to a file.
    fn names(&self, path: &Path) -> bool {
        let seen = self.seen.as_ref().and_then(Secret::expose_str);
        path.to_str()
            .is_some_and(|path| seen.is_some_and(|seen| seen.contains(path)))
    }

    /// The error when another program had the last word.
    fn overwritten(&self) -> Error {
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

/// Decides what goes from a place.
pub(crate) fn decide_removal(
    place: &Place,
    made: Option<Made>,
    ours: Ours<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Removal, Error> {
    writable(place)?;
    let (mut target, bytes, mut seen) = look(place, (Replace::Tokens, &Wish::default()), session)?;
    let name = place.to_string();
    if let Target::File { spot, .. } = &mut target
        && let Some(text) = ours.record().and_then(|record| record.refers.get(&name))
        && spot.follow(place, bytes.as_ref(), text)?
    {
        seen = spot.seen(place, bytes.as_ref())?;
    }
    if let Ours::Known(record) = ours
        && record.wraps(&name)
    {
        // A command that is not wrapped any more is somebody's own.
        let is_wrapped = |seen: &Secret| seen.expose_str().is_some_and(client::is_ours);
        seen = seen.filter(is_wrapped);
    } else if let Ours::Tokens = ours
        && seen.as_ref().is_some_and(is_vacant)
    {
        // Nobody of us has emptied it: it waits for its value.
        seen = None;
    } else if let Some(seen) = &seen
        && !ours.has(place, seen)
    {
        let what = match ours {
            Ours::Known(_) => "something else than what was put there",
            _ => "something that is no token",
        };
        let length = seen.len();
        return Err(Error::new(
            Code::PlaceForeignValue,
            format!("`{place}` holds {what} ({length} bytes)"),
        )
        .hint("to take it out all the same, add `--force`")
        .at(place.to_string()));
    }
    let is_another = match (ours, &seen) {
        (Ours::Forced(record), Some(seen)) => !Ours::Known(record).has(place, seen),
        _ => false,
    };
    let mut removal = Removal {
        is_another,
        place: place.clone(),
        target,
        seen,
        made,
        bytes: None,
    };
    if let Some(bytes) = bytes {
        removal.bytes = match removal.from(&bytes)? {
            Edited::Leave => None,
            Edited::Replace(new) => Some((bytes, Some(new))),
            Edited::Remove => Some((bytes, None)),
        };
    }
    if removal.bytes.is_some() {
        removal.target.replaceable()?;
    }
    Ok(removal)
}

/// What goes from one file.
struct Batch<'r> {
    path: PathBuf,
    /// Where that leads: one name for all paths to it.
    to: PathBuf,
    lock: Option<host::Foreign>,
    removals: Vec<&'r Removal>,
}

/// Takes out what was decided; all are tried. Says which places are empty now.
pub(crate) fn take_out<'r>(
    removals: impl Iterator<Item = &'r Removal>,
    session: &mut Session<'_, '_>,
) -> (Vec<Place>, Result<(), Errors>) {
    let mut gather = Gather::default();
    let mut done = Vec::new();
    let mut batches: Vec<Batch<'_>> = Vec::new();
    for removal in removals {
        match &removal.target {
            Target::File { path, to, lock, .. } => {
                match batches.iter_mut().find(|batch| batch.to == *to) {
                    Some(batch) => batch.removals.push(removal),
                    None => batches.push(Batch {
                        path: path.clone(),
                        to: to.clone(),
                        lock: *lock,
                        removals: vec![removal],
                    }),
                }
            }
            Target::Keyring { service, account } => {
                let gone = session.host.keyring.delete(service, account);
                let gone = gone.map_err(|error| named(&removal.place, error));
                if gather.take(gone).is_some() {
                    done.push(removal.place.clone());
                }
            }
            Target::Output => {}
        }
    }
    let mut written = Vec::new();
    let mut stays: Vec<&Removal> = Vec::new();
    // What came last goes first: a reference before the file that it names.
    for batch in batches.iter().rev() {
        if stays.iter().any(|removal| removal.names(&batch.path)) {
            continue;
        }
        match gather.take(batch.write(&batch.removals, session)) {
            Some(left) => written.push((batch, left)),
            None => stays.extend(&batch.removals),
        }
    }
    written.reverse();
    if written.iter().any(|(_, left)| left.is_some()) {
        session.host.files.pause(SECOND_LOOK);
    }
    for (batch, left) in written {
        let back = left.map_or(Ok(Vec::new()), |left| batch.look_again(&left, session));
        let Some(back) = gather.take(back) else {
            continue;
        };
        for removal in &batch.removals {
            if back.iter().any(|back| back.place == removal.place) {
                gather.add(removal.overwritten());
            } else {
                done.push(removal.place.clone());
            }
        }
    }
    (done, gather.done())
}

/// What an edit left of a file: its bytes, if there is one.
struct Left(Option<Secret>);

impl<'r> Batch<'r> {
    /// Takes these out of the file; `None`: they were gone already.
    fn write(
        &self,
        removals: &[&Removal],
        session: &mut Session<'_, '_>,
    ) -> Result<Option<Left>, Error> {
        let target = host::Target {
            path: self.path.clone(),
            privacy: Privacy::Secret {
                first_secret: false,
            },
            lock: self.lock,
        };
        let mut left = None;
        let written = session.host.files.update(&target, &mut |bytes| {
            left = None;
            let Some(bytes) = bytes else {
                return Ok(Edited::Leave);
            };
            let mut now = Secret::new(bytes.to_vec());
            let mut edited = Edited::Leave;
            // What came last goes first: it may be inside of what was made before it.
            for removal in removals.iter().rev() {
                edited = match removal.from(&now)? {
                    Edited::Leave => edited,
                    Edited::Remove => return Ok(Edited::Remove),
                    Edited::Replace(new) => {
                        now = new.duplicate();
                        Edited::Replace(new)
                    }
                };
            }
            left = Some(now);
            Ok(edited)
        })?;
        Ok((written != Written::Unchanged).then_some(Left(left)))
    }

    /// Looks whether the values are still gone, and takes out once more what is back; says what
    /// came back even then.
    fn look_again(
        &self,
        left: &Left,
        session: &mut Session<'_, '_>,
    ) -> Result<Vec<&'r Removal>, Error> {
        let back = self.back(left, session)?;
        if back.is_empty() {
            return Ok(back);
        }
        let Some(left) = self.write(&back, session)? else {
            return Ok(Vec::new());
        };
        session.host.files.pause(SECOND_LOOK);
        self.back(&left, session)
    }

    /// The values that are there, and were not when the file was left so.
    fn back(&self, left: &Left, session: &mut Session<'_, '_>) -> Result<Vec<&'r Removal>, Error> {
        let found = session.host.files.read_plain(&self.path)?;
        let now = found.as_ref().map(|found| &found.bytes);
        let mut back = Vec::new();
        for removal in &self.removals {
            let Target::File { spot, .. } = &removal.target else {
                continue;
            };
            // Another element of an array may have come to its place with the same value.
            let is_there = !removal.is_done()
                && spot.seen(&removal.place, now)? == removal.seen
                && spot.seen(&removal.place, left.0.as_ref())? != removal.seen;
            if is_there {
                back.push(*removal);
            }
        }
        Ok(back)
    }
}
