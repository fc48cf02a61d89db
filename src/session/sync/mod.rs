//! Making places what a manifest wants of them: every place is looked at once, everything is
//! decided, then each file is written once.

mod carry;
mod decide;
mod row;
mod survey;

use std::rc::Rc;

pub(crate) use self::carry::{Told, carry_out};
pub(crate) use self::decide::decide;
pub(crate) use self::row::Row;
pub(crate) use self::survey::survey;
use super::Session;
use super::keys::Wanted;
use super::manifest::{self, Loaded};
use super::places::Way;
use super::wanted;
use crate::error::Errors;
use crate::host::{Held, Host};
use crate::manifest::Token;
use crate::place::Place;
use crate::plan::{Ours, Renew};
use crate::report;

/// What is asked of a manifest.
pub(crate) struct Ask<'a> {
    /// It.
    pub(crate) loaded: &'a Loaded,
    /// Those of its tokens that it is about.
    pub(crate) tokens: Vec<&'a Token>,
    /// Where its key is.
    pub(crate) wanted: &'a Wanted,
    /// What makes a token one of ours.
    pub(crate) ours: Ours<'a>,
    /// Which tokens are minted anew.
    pub(crate) renew: Renew,
    /// Where a person would change what keeps a token from its place.
    pub(crate) way: Way,
}

impl<'a> Ask<'a> {
    /// About every token of a manifest.
    pub(crate) fn all(
        loaded: &'a Loaded,
        wanted: &'a Wanted,
        ours: Ours<'a>,
        renew: Renew,
    ) -> Self {
        Self {
            loaded,
            tokens: loaded.manifest.tokens.iter().collect(),
            wanted,
            ours,
            renew,
            way: Way::Manifest,
        }
    }
}

/// Keeps other runs away from a manifest and its places until it is dropped: what one has surveyed
/// another must not change. Gives the manifest as it is then, for a run that was waited for may
/// have changed it.
pub(crate) fn lock(
    loaded: &Rc<Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<(Held, Rc<Loaded>), Errors> {
    let is_told = session.quiet || session.json;
    let Host {
        files, terminal, ..
    } = &mut *session.host;
    let held = files.hold(&loaded.path, &mut || {
        if !is_told {
            let shown = report::escape(&loaded.shown);
            terminal.err(&format!(
                "note: another mcpjwt is at work on `{shown}`; waiting for it\n"
            ));
        }
    })?;
    Ok((held, manifest::again(loaded, session)?))
}

/// The same lock for a run that changes places by itself, where the manifest that is found has
/// tokens there too. One that cannot be read is nobody's work.
pub(crate) fn lock_around(
    places: &[Place],
    session: &mut Session<'_, '_>,
) -> Result<Option<Held>, Errors> {
    let Some(loaded) = manifest::find(session).ok().flatten() else {
        return Ok(None);
    };
    if !wanted::meets(&loaded, places, session) {
        return Ok(None);
    }
    lock(&loaded, session).map(|(held, _)| Some(held))
}
