//! What may change while a batch runs, which may be for days: the time, and what is revoked.

use std::sync::Arc;

use crate::error::Error;
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

/// Says how things stand, on whatever thread reads.
pub(crate) type Watch = Box<dyn FnMut() -> Result<Moment, Error> + Send>;

/// One of the clock, unless a moment was asked about, and of these lists. They are read again in
/// another second than before, and parsed where something else is in them.
pub(crate) fn watch(fixed: Option<i64>, lists: Lists, session: &Session<'_, '_>) -> Watch {
    let clock = session.host.facts.clock;
    let mut files = session.host.files.elsewhere();
    let mut seen: Option<(Texts, i64)> = None;
    let mut revoked = Arc::default();
    Box::new(move || {
        let now = clock();
        if seen.as_ref().is_none_or(|(_, second)| *second != now) {
            let texts = lists.read(&mut *files)?;
            if seen.as_ref().is_none_or(|(old, _)| !old.are(&texts)) {
                revoked = Arc::new(lists.parse(&texts)?);
            }
            seen = Some((texts, now));
        }
        Ok(Moment {
            now: fixed.unwrap_or(now),
            revoked: Arc::clone(&revoked),
        })
    })
}
