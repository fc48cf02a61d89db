//! What may change while a batch runs, which may be for days: the time, what is revoked, and keys.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Error;
use crate::host::{Files, Found};
use crate::session::Session;
use crate::session::revocations::{Lists, Texts};
use crate::state::revocations::Revocations;

/// How things stand once the lines of a chunk are there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moment {
    /// Unix seconds.
    pub(crate) now: i64,
    /// Everything that was revoked until then.
    pub(crate) revoked: Arc<Revocations>,
}

/// Says how things stand, on whatever thread reads; nothing where a file with keys has changed
/// since the time before, so that these have to be read again first.
pub(crate) type Watch = Box<dyn FnMut() -> Result<Option<Moment>, Error> + Send>;

/// One of the clock, unless a moment was asked about, of these lists, and of these files with keys,
/// which are read from now on. They are looked at again in another second than before, and parsed
/// where something else is in them.
pub(crate) fn watch(
    fixed: Option<i64>,
    (lists, keys): (Lists, Vec<PathBuf>),
    session: &Session<'_, '_>,
) -> Watch {
    let clock = session.host.facts.clock;
    let mut files = session.host.files.elsewhere();
    let mut keys = Contents::of(keys, &mut *files);
    let mut seen: Option<(Texts, i64)> = None;
    let mut revoked = Arc::default();
    Box::new(move || {
        let now = clock();
        if seen.as_ref().is_none_or(|(_, second)| *second != now) {
            if keys.have_changed(&mut *files)? {
                return Ok(None);
            }
            let texts = lists.read(&mut *files)?;
            if seen.as_ref().is_none_or(|(old, _)| !old.are(&texts)) {
                revoked = Arc::new(lists.parse(&texts)?);
            }
            seen = Some((texts, now));
        }
        Ok(Some(Moment {
            now: fixed.unwrap_or(now),
            revoked: Arc::clone(&revoked),
        }))
    })
}

/// Files, and what was in each.
struct Contents(Vec<(PathBuf, Option<Found>)>);

impl Contents {
    /// What can be read only once, such as a pipe, cannot change.
    fn of(paths: Vec<PathBuf>, files: &mut dyn Files) -> Self {
        let read = |path: PathBuf| {
            let found = files.read_plain(&path).ok()?;
            Some((path, found))
        };
        Self(paths.into_iter().filter_map(read).collect())
    }

    /// Whether something else is in one of them than before.
    fn have_changed(&mut self, files: &mut dyn Files) -> Result<bool, Error> {
        let mut changed = false;
        for (path, seen) in &mut self.0 {
            let found = files.read_plain(path)?;
            let before = seen.as_ref().map(|seen| &seen.bytes);
            changed |= found.as_ref().map(|found| &found.bytes) != before;
            *seen = found;
        }
        Ok(changed)
    }
}
