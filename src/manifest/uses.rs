//! What a manifest would touch: for the person who is asked whether to trust it.

use super::{Destination, Git, Manifest};
use crate::place::Place;

/// One thing that it would use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use<'m> {
    /// What of the manifest wants it: `key`, or token `vscode1`.
    pub by: String,
    /// What it is.
    pub of: Of<'m>,
}

/// What a manifest uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'m> {
    /// A place of the manifest itself.
    Place(&'m Place),
    /// A place of a token, and what is written there besides it.
    Destination(&'m Destination),
    /// The person's own key store, since it names no key.
    Store,
    /// Files that git tracks or would add.
    Git,
}

impl<'m> Of<'m> {
    /// The place, where it is one.
    pub fn place(self) -> Option<&'m Place> {
        match self {
            Self::Place(place) => Some(place),
            Self::Destination(to) => Some(&to.place),
            Self::Store | Self::Git => None,
        }
    }
}

impl Manifest {
    /// Everything that it would use, in the order of the tables of keys.
    pub fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        if self.key.is_none() {
            uses.push(Use {
                by: "`key`".to_owned(),
                of: Of::Store,
            });
        }
        for (name, place) in [
            ("key", &self.key),
            ("previous", &self.previous),
            ("next", &self.next),
            ("revoked", &self.revoked),
            ("jwks", &self.jwks),
        ] {
            uses.extend(place.as_ref().map(|place| Use {
                by: format!("`{name}`"),
                of: Of::Place(place),
            }));
        }
        if self.git == Git::Allow {
            uses.push(Use {
                by: "`git`".to_owned(),
                of: Of::Git,
            });
        }
        for token in &self.tokens {
            uses.extend(token.to.iter().map(|to| Use {
                by: format!("token `{}`", token.name),
                of: Of::Destination(to),
            }));
        }
        uses
    }

    /// The variables that hold its keys.
    pub fn key_variables(&self) -> Vec<&str> {
        let keys = [&self.key, &self.previous, &self.next];
        let named = keys.into_iter().flatten().filter_map(|place| match place {
            Place::Env(name) | Place::Dotenv { name, .. } => Some(name.as_str()),
            _ => None,
        });
        named.collect()
    }
}
