//! A value on its way to a place: decided, not yet written.

use std::path::PathBuf;

use super::spot::{Put, Spot};
use crate::error::{Code, Error};
use crate::host::Foreign;
use crate::place::Place;
use crate::report;
use crate::secret::Secret;

/// A value, and where it goes.
pub(crate) struct Edit {
    /// Where, as it was given.
    pub(crate) place: Place,
    /// Where that is.
    pub(super) target: Target,
    /// What is there now.
    pub(super) seen: Option<Secret>,
    /// What shall be there.
    pub(super) value: Secret,
    /// Whether what goes was a secret of the same kind already.
    pub(super) held: bool,
    /// What is written.
    pub(super) matter: Matter,
    /// Whether it is there already.
    pub(super) is_done: bool,
    /// The permission bits that its file shall keep.
    pub(super) file_mode: Option<u32>,
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
        /// Why it cannot be replaced, where it cannot.
        fixed: Option<Box<Error>>,
    },
    /// Into the keyring.
    Keyring { service: String, account: String },
    /// To standard output.
    Output,
}

impl Target {
    /// Refuses a file that cannot be replaced, before anything is written.
    pub(super) fn replaceable(&mut self) -> Result<(), Error> {
        match self {
            Self::File { fixed, .. } => fixed.take().map_or(Ok(()), |error| Err(*error)),
            Self::Keyring { .. } | Self::Output => Ok(()),
        }
    }
}

/// What is written, as far as it matters who reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
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

    /// The same, into a file that shall keep these permission bits.
    #[must_use]
    pub(crate) fn keeping(self, file_mode: Option<u32>) -> Self {
        Self { file_mode, ..self }
    }

    /// What a dry run shows of it: the place, and the lines of its file that change.
    pub(crate) fn shown(&self) -> String {
        self.shown_as(&self.place)
    }

    /// The same for a place that is spelled otherwise.
    pub(crate) fn shown_as(&self, place: &Place) -> String {
        let place = report::escape(&place.to_string());
        if self.is_done {
            return format!("`{place}` would stay as it is\n");
        }
        let mut text = format!("would write `{place}`\n");
        if let Some((before, after)) = &self.bytes {
            let [before, after] = [before.as_ref(), Some(after)]
                .map(|bytes| bytes.and_then(Secret::expose_str).unwrap_or_default());
            let seen = self.seen.as_ref().and_then(Secret::expose_str);
            let value = self.value.expose_str().unwrap_or_default();
            let hidden: &[&str] = match self.matter {
                Matter::Public => &[],
                Matter::Secret | Matter::Reference => &[seen.unwrap_or_default(), value],
            };
            for line in report::diff(before, after, hidden).lines() {
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

    /// Other places of its entry, as the ledger keeps them.
    pub(super) fn places_at(&self, all: &[Vec<String>]) -> Vec<Place> {
        let Target::File { to, spot, .. } = &self.target else {
            return Vec::new();
        };
        let path = to.to_string_lossy();
        let places = all
            .iter()
            .filter_map(|at| spot.at(path.clone().into_owned(), at));
        places.collect()
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
