//! The lists of revoked tokens: the manifest's, and the person's own in the state folder.

use std::path::{Path, PathBuf};

use super::Session;
use super::manifest::{Loaded, permit};
use crate::error::{Code, Error};
use crate::host::{Edited, Files, Found, Privacy, Target};
use crate::manifest::{Of, Use};
use crate::place::Place;
use crate::report::{self, shell_path, shell_word};
use crate::secret::Secret;
use crate::state::revocations::{Entry, Revocations, Unread, What};

const FILE: &str = "revoked.json";

/// Where the lists are: the person's own, and the manifest's.
#[derive(Default)]
pub(crate) struct Lists {
    own: Option<PathBuf>,
    shared: Option<PathBuf>,
}

/// What is in each.
pub(crate) struct Texts {
    own: Option<Found>,
    shared: Option<Found>,
}

/// The lists that count here.
pub(crate) fn lists(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Lists, Error> {
    Ok(Lists {
        own: own(session),
        shared: of_manifest(loaded, session)?,
    })
}

impl Lists {
    /// Reads what is in them; no list is an empty one.
    pub(crate) fn read(&self, files: &mut dyn Files) -> Result<Texts, Error> {
        let own = self.own.as_ref().map(|path| files.read_store(path));
        let shared = self.shared.as_ref().map(|path| files.read_plain(path));
        Ok(Texts {
            own: own.transpose()?.flatten(),
            shared: shared.transpose()?.flatten(),
        })
    }

    /// Everything that these texts revoke; a damaged one is an error.
    pub(crate) fn parse(&self, texts: &Texts) -> Result<Revocations, Error> {
        let read = |path: &Option<PathBuf>, found: &Option<Found>| match (path, found) {
            (Some(path), Some(found)) => parsed(Some(found.bytes.expose()), path),
            _ => Ok(Revocations::default()),
        };
        let mut all = read(&self.own, &texts.own)?;
        if texts.shared.is_some() {
            all.join(read(&self.shared, &texts.shared)?);
        }
        Ok(all)
    }
}

impl Texts {
    /// Whether the same stands there.
    pub(crate) fn are(&self, other: &Self) -> bool {
        let same = |(one, other): (&Option<Found>, &Option<Found>)| match (one, other) {
            (Some(one), Some(other)) => one.bytes == other.bytes,
            (one, other) => one.is_none() && other.is_none(),
        };
        same((&self.own, &other.own)) && same((&self.shared, &other.shared))
    }
}

/// Everything that was revoked, here and by the manifest.
pub(crate) fn load(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Revocations, Error> {
    read(&lists(loaded, session)?, session)
}

/// Everything that these lists revoke.
pub(crate) fn read(lists: &Lists, session: &mut Session<'_, '_>) -> Result<Revocations, Error> {
    let texts = lists.read(session.host.files)?;
    if let (Some(path), Some(found)) = (&lists.shared, &texts.shared) {
        warn_if_writable(path, found.mode, session);
    }
    lists.parse(&texts)
}

/// Says that others can take entries out of a list, and so bring back what was revoked.
fn warn_if_writable(path: &Path, mode: u32, session: &mut Session<'_, '_>) {
    if mode & 0o002 == 0 {
        return;
    }
    let shown = session.short(path);
    let what = format!(
        "others can write `{shown}`, the list of revoked tokens, and bring those back (mode {:04o})",
        mode & 0o7777
    );
    session.warn(
        Error::new(Code::PlaceLooseMode, what)
            .hint(format!("chmod o-w {}", shell_path(&shown)))
            .at(shown),
    );
}

/// Adds entries to the manifest's list, where it has one, else to the person's own, and forgets
/// what is over. Says of each whether it is new.
pub(crate) fn add(
    entries: &[Entry],
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Vec<bool>, Error> {
    let target = target(loaded, session)?;
    let path = target.path.clone();
    let now = session.host.facts.now;
    let mut new = Vec::new();
    session.host.files.update(&target, &mut |text| {
        let mut list = parsed(text, &path)?;
        let before = list.clone();
        list.prune(now);
        new = entries.iter().map(|one| list.add(one.clone())).collect();
        if list == before {
            return Ok(Edited::Leave);
        }
        Ok(Edited::Replace(Secret::from(list.text())))
    })?;
    Ok(new)
}

/// The file that new entries go to.
pub(crate) fn target(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Target, Error> {
    let target = |path, privacy| Target {
        path,
        privacy,
        lock: None,
    };
    if let Some(path) = of_manifest(loaded, session)? {
        return Ok(target(path, Privacy::Public));
    }
    let path = own(session).ok_or_else(|| {
        Error::new(
            Code::StateUnwritable,
            "there is no folder for the list of revoked tokens: neither `MCPJWT_HOME` nor `HOME` is set",
        )
        .hint("set `MCPJWT_HOME`")
    })?;
    Ok(target(path, Privacy::Store))
}

/// That a token about to be minted would be revoked from the start.
pub(crate) fn would_be(entry: &Entry, sub: &str, session: &Session<'_, '_>) -> Error {
    let when = session.clock().full(entry.at);
    let (what, hint) = match &entry.what {
        What::Token { .. } => (
            "its `jti` was".to_owned(),
            "leave out `--jti`: each token gets one of its own".to_owned(),
        ),
        What::Subject { .. } => (
            "those of its subject were".to_owned(),
            "mint it as of now: leave out `--at`, and look at the clock of this machine".to_owned(),
        ),
        What::Run { .. } => (
            "those of its run were".to_owned(),
            "leave out `--jti`: each token gets one of its own".to_owned(),
        ),
        What::Key { kid } => (
            format!("those of key `{kid}` were"),
            "make a new key with `mcpjwt rotate-secret --now`".to_owned(),
        ),
    };
    let why = entry.reason.as_ref();
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    Error::new(
        Code::Revoked,
        format!("a token of `{sub}` would be refused: {what} revoked on {when}{why}"),
    )
    .hint(hint)
}

fn own(session: &Session<'_, '_>) -> Option<PathBuf> {
    let state = session.host.facts.dirs.state.as_ref();
    state.map(|state| state.join(FILE))
}

/// The manifest's own list, where it has one and may use it.
fn of_manifest(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Option<PathBuf>, Error> {
    let Some((loaded, place)) =
        loaded.and_then(|loaded| Some((loaded, loaded.manifest.revoked.as_ref()?)))
    else {
        return Ok(None);
    };
    let revoked = Use {
        by: "`revoked`".to_owned(),
        of: Of::Place(place),
    };
    permit(loaded, &revoked, session)?;
    match loaded.place(place, session)? {
        Place::File(path) => Ok(Some(path.into())),
        _ => Err(Error::new(
            Code::Internal,
            "a list of revoked tokens that is no file",
        )),
    }
}

/// A damaged list is an error: it may have named the very token that is asked about.
fn parsed(text: Option<&[u8]>, path: &Path) -> Result<Revocations, Error> {
    let Some(text) = text else {
        return Ok(Revocations::default());
    };
    let shown = path.display().to_string();
    Revocations::read(text).map_err(|why| {
        match why {
            Unread::Newer => Error::new(
                Code::StateUnreadable,
                format!("`{shown}` was written by a newer version of mcpjwt"),
            )
            .hint("update mcpjwt"),
            Unread::Damaged(line) => Error::new(
                Code::StateUnreadable,
                format!("`{shown}`, the list of revoked tokens, is damaged in line {line}, so nothing is known to be good"),
            )
            .hint(format!(
                "restore it from a copy or from git, or move it away with `{}` and revoke anew what `mcpjwt log` has as revoked",
                report::moving_away(path)
            )),
            Unread::Conflict(line) => {
                let file = shell_word(&shown);
                Error::new(
                    Code::StateUnreadable,
                    format!("`{shown}`, the list of revoked tokens, was not merged by git, from line {line} on, so nothing is known to be good"),
                )
                .hint(format!("keep one side, `git checkout --ours -- {file}`; revoke what `git diff -R --theirs -- {file}` adds, such as with `mcpjwt revoke --jti ID`; then `git add -- {file}`"))
            }
        }
        .at(shown)
    })
}
