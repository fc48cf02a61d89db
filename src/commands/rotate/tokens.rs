//! The tokens of the manifest around a rotation: which are replaced, and then that they are.

use crate::commands::sync::{self, Doing, Orders, Past, Report};
use crate::error::Errors;
use crate::plan::Renew;
use crate::session::keys::Wanted;
use crate::session::manifest::Loaded;
use crate::session::mint::Choice;
use crate::session::sync::Told;
use crate::session::{Session, manifest};
use crate::state::ledger::Record;

/// The tokens of a manifest.
pub(super) struct Tokens<'a> {
    loaded: &'a Loaded,
    wanted: &'a Wanted,
}

impl<'a> Tokens<'a> {
    /// Those of this one, whose key is there.
    pub(super) fn of(loaded: &'a Loaded, wanted: &'a Wanted) -> Self {
        Self { loaded, wanted }
    }

    /// The tokens that are in their places now. Whatever would keep new ones from coming there is
    /// told here, before any key has changed.
    pub(super) fn replaced(&self, session: &mut Session<'_, '_>) -> Result<Vec<Record>, Errors> {
        let rows = self
            .carry_out(self.loaded, (Renew::All, Doing::Check), session)?
            .rows;
        self.carry_out(self.loaded, (Renew::All, Doing::Rehearse), session)?;
        Ok(rows.into_iter().map(|row| row.record).collect())
    }

    /// Mints them anew, all that are not of the new key already.
    pub(super) fn reissue(&self, session: &mut Session<'_, '_>) -> Result<Report, Errors> {
        // The date may have come into it. The lock is that of the whole rotation.
        let found = manifest::find(session)?;
        let loaded = found.as_deref().unwrap_or(self.loaded);
        self.carry_out(loaded, (Renew::Due, Doing::Write), session)
    }

    fn carry_out(
        &self,
        loaded: &Loaded,
        (renew, doing): (Renew, Doing),
        session: &mut Session<'_, '_>,
    ) -> Result<Report, Errors> {
        let orders = Orders {
            only: None,
            loaded,
            past: Past::Read,
            choice: Choice {
                wanted: self.wanted.clone(),
                kid: None,
                alg: loaded.manifest.alg,
            },
            renew,
            doing,
            told: Told::Ledger,
        };
        sync::carry_out(&orders, session)
    }
}
