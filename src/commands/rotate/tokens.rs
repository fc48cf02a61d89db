//! The tokens of the manifest around a rotation: which are replaced, and then that they are.

use crate::commands::sync::{self, Doing, Orders, Past, Report};
use crate::error::Errors;
use crate::key::{Key, KeySet};
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

    /// The tokens that are in their places now.
    pub(super) fn replaced(&self, session: &mut Session<'_, '_>) -> Result<Vec<Record>, Errors> {
        let now = self.orders(self.loaded, Past::Read);
        let orders = Orders {
            renew: Renew::All,
            doing: Doing::Check,
            ..now
        };
        let rows = sync::carry_out(&orders, session)?.rows;
        Ok(rows.into_iter().map(|row| row.record).collect())
    }

    /// What becomes of them with these keys. Whatever would keep new ones from coming to their
    /// places is told here, before any key has changed.
    pub(super) fn rehearse(
        &self,
        coming: &KeySet,
        session: &mut Session<'_, '_>,
    ) -> Result<Report, Errors> {
        let keys = coming.keys.iter().map(Key::duplicate);
        let past = Past::Coming(KeySet::of(keys.collect()));
        let orders = Orders {
            doing: Doing::Rehearse,
            ..self.orders(self.loaded, past)
        };
        sync::carry_out(&orders, session)
    }

    /// Mints them anew, all that are not of the new key already.
    pub(super) fn reissue(&self, session: &mut Session<'_, '_>) -> Result<Report, Errors> {
        // The date may have come into it. The lock is that of the whole rotation.
        let found = manifest::find(session)?;
        let loaded = found.as_deref().unwrap_or(self.loaded);
        sync::carry_out(&self.orders(loaded, Past::Read), session)
    }

    fn orders<'o>(&self, loaded: &'o Loaded, past: Past) -> Orders<'o> {
        Orders {
            only: None,
            loaded,
            past,
            choice: Choice {
                wanted: self.wanted.clone(),
                kid: None,
                alg: loaded.manifest.alg,
            },
            renew: Renew::Due,
            doing: Doing::Write,
            told: Told::Ledger,
        }
    }
}
