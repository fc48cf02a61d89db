//! Where a token goes, and what stands there instead of one.

use super::Session;
use super::helper;
use super::places::{self, Edit, Replace};
use crate::client::{Gives, Means, Wish};
use crate::error::{Error, Errors, Gather};
use crate::place::Place;
use crate::secret::Secret;

/// A place, and how the token gets there.
pub(crate) struct Target {
    pub(crate) place: Place,
    pub(crate) wish: Wish,
    /// What a file has to hold that an entry refers to.
    gives: Option<Gives>,
}

impl Target {
    /// The targets of a place: with [`Means::File`] the file with the token comes first.
    pub(crate) fn of(
        place: &Place,
        wish: &Wish,
        means: &Means,
        session: &mut Session<'_, '_>,
    ) -> Result<Vec<Self>, Error> {
        let mut all = Vec::new();
        let file = match means {
            Means::File { path } => Some(path.clone()),
            _ => None,
        };
        let wish = Wish {
            means: means.clone(),
            ..helper::fitted(means.mode(), place, wish, session)?
        };
        if let Some(path) = file {
            all.push(Self {
                gives: helper::gives(place, &wish, session)?,
                place: Place::File(path),
                wish: Wish::default(),
            });
        }
        all.push(Self {
            place: place.clone(),
            wish,
            gives: None,
        });
        Ok(all)
    }

    /// What to say of it once it is written.
    pub(crate) fn told(&self, sub: &str, until: &str) -> String {
        let place = &self.place;
        match &self.wish.means {
            Means::Literal => {
                format!("wrote the token of `{sub}` to `{place}`, good until {until}")
            }
            Means::Helper { command } => {
                format!("`{place}` gets its token from `{command}` now")
            }
            Means::Exec { .. } => {
                format!("`{place}` starts its server by `mcpjwt exec` now, with a token of `{sub}`")
            }
            Means::Env { name } => {
                format!(
                    "`{place}` takes the token from the variable `{name}` now: set it where the client is started"
                )
            }
            Means::Input { .. } => {
                format!("`{place}` asks for the token now, once: paste it there")
            }
            Means::File { path } => format!("`{place}` takes the token from `{path}` now"),
        }
    }

    /// What is written for this text: a file of a token ends its line.
    pub(crate) fn value(&self, text: &Secret) -> Secret {
        match &self.place {
            _ if !self.takes_token() => Secret::from(""),
            Place::File(_) if self.gives == Some(Gives::Line) => {
                let token = text.expose_str().unwrap_or_default();
                Secret::from(format!("Authorization: Bearer {token}\n"))
            }
            Place::File(_) => text.with_line_end(),
            _ => text.duplicate(),
        }
    }

    /// Whether the token itself goes there.
    pub(crate) fn takes_token(&self) -> bool {
        self.wish.means == Means::Literal
    }
}

/// Decides how this text comes to each target; where it does not go, what stands for it.
pub(crate) fn decide(
    targets: &[Target],
    text: &Secret,
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Edit>, Errors> {
    let mut gather = Gather::default();
    let mut edits = Vec::new();
    for target in targets {
        let value = target.value(text);
        let manner = (replace, &target.wish);
        edits.extend(gather.take(places::decide_entry(&target.place, value, manner, session)));
    }
    gather.done()?;
    Ok(edits)
}
