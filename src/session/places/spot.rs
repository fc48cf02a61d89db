//! Where in a file a value is: read, put there, taken out. Bytes in, bytes out.

mod text;

use crate::client::{self, Config, Means, Mode, Route, Slot, Sort, Wish};
use crate::error::{Code, Error};
use crate::host::Edited;
use crate::json::Json;
use crate::place::tree::{Change, Format, Made, Make};
use crate::place::{self, Place, dotenv};
use crate::secret::Secret;
use crate::session::ledger;
use crate::state::ledger::Installed;
use crate::token;

pub(super) use self::text::named;
use self::text::{
    around, changed, is_bare_token, is_command, is_element, made_of_variable, plan, text, unasked,
    with_scheme,
};
use super::{Value, shortest};

/// Where in a file the value of a place is.
pub(super) enum Spot {
    /// It is the file.
    Whole,
    /// A variable of a `.env` file.
    Variable(String),
    /// A node of a tree.
    Node {
        format: Format,
        at: Vec<String>,
        make: Make,
    },
    /// A value of a server entry.
    Entry {
        config: Box<Config>,
        wish: Box<Wish>,
        /// What was made for values of ours that are in it, by where they are.
        ours: Vec<(Vec<String>, Made)>,
    },
}

/// A file after its edit.
pub(super) struct Put {
    pub(super) bytes: Secret,
    pub(super) trace: Trace,
}

/// What an edit leaves besides its value.
#[derive(Default)]
pub(super) struct Trace {
    /// What it made.
    pub(super) made: Option<Made>,
    /// Where else something of ours may have stood that is there no longer.
    pub(super) over: Vec<Vec<String>>,
}

/// How a server entry stands to what is wished of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Everything but the token itself is so already.
    AsWished,
    /// The entry is yet to be made.
    New,
    /// A token stands in it, and is to get to the server otherwise.
    Token,
    /// Something else stands for the token.
    Other,
    /// Nothing does.
    Empty,
}

impl Spot {
    /// The value in these bytes.
    pub(super) fn read(&self, place: &Place, bytes: &Secret) -> Result<Value, Error> {
        let named = |error| named("read", place, error);
        let one =
            |value: Option<String>| value.map_or(Value::Absent, |value| Value::One(value.into()));
        let text = || text(place, "read", bytes);
        Ok(match self {
            Self::Whole => Value::One(bytes.duplicate()),
            Self::Variable(name) => match dotenv::get(text()?, name).map_err(named)? {
                dotenv::Value::Absent => Value::Absent,
                dotenv::Value::Plain(value) => Value::One(value.into()),
                dotenv::Value::Ambiguous(readings) => {
                    Value::Several(readings.into_iter().map(Secret::from).collect())
                }
            },
            Self::Node { format, at, .. } => one(match place {
                // A client may list what it passes on.
                _ if is_element(*format, text()?, at) => {
                    let item = format.get(text()?, at);
                    item.map(|item| item.and_then(|item| item.as_str().map(str::to_owned)))
                }
                Place::Json { pointer, .. } => place::jsonc::get(text()?, pointer),
                Place::Toml { key, .. } => place::toml::get(text()?, key),
                _ => Ok(None),
            }
            .map_err(named)?),
            Self::Entry { config, wish, .. } => one(plan(place, config, Some(text()?), wish)?.seen),
        })
    }

    /// Follows a text that was put into a list to where it is in it now; says whether it moved.
    pub(super) fn follow(
        &mut self,
        place: &Place,
        bytes: Option<&Secret>,
        was: &str,
    ) -> Result<bool, Error> {
        let (Self::Node { format, at, .. }, Some(bytes)) = (self, bytes) else {
            return Ok(false);
        };
        let Some((last, above)) = at.split_last_mut() else {
            return Ok(false);
        };
        let found = format.get(text(place, "read", bytes)?, above);
        let found = found.map_err(|error| named("read", place, error))?;
        let items = found.as_ref().and_then(Json::as_array).unwrap_or_default();
        let is_it = |item: &Json| item.as_str() == Some(was);
        let own = last.parse().ok().and_then(|index: usize| items.get(index));
        let moved = match items.iter().position(is_it) {
            Some(index) if !own.is_some_and(is_it) => index,
            _ => return Ok(false),
        };
        *last = moved.to_string();
        Ok(true)
    }

    /// The bytes with this value in its place. A value keeps the scheme of the one it replaces.
    pub(super) fn put(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
        value: &Secret,
    ) -> Result<Put, Error> {
        let named = |error| named("edit", place, error);
        if let Self::Whole = self {
            let was = bytes.and_then(Secret::expose_str);
            let was = was.filter(|was| was.trim().is_empty());
            let made = was.map(|was| Made {
                was: Some(was.to_owned()),
                ..Made::default()
            });
            return Ok(Put {
                bytes: value.duplicate(),
                trace: Trace {
                    made,
                    ..Trace::default()
                },
            });
        }
        let old = bytes.map(|bytes| text(place, "edit", bytes)).transpose()?;
        let value = value.expose_str().ok_or_else(|| {
            Error::new(
                Code::PlaceInvalid,
                format!("cannot write `{place}`: the value is not text"),
            )
            .at(place.to_string())
        })?;
        let old_text = old.unwrap_or_default();
        let (format, new, over) = match self {
            Self::Whole => (Format::Json, Ok(String::new()), Vec::new()),
            Self::Variable(name) => {
                let seen = self.seen(place, bytes)?;
                let old = old.unwrap_or_default();
                let filled = is_bare_token(value).then(|| dotenv::fill(old, name, value));
                let filled = filled.transpose().map_err(named)?.flatten();
                let whole = with_scheme(seen.as_ref(), name, value);
                // A scheme has a blank behind it, which no new value could have.
                let token = seen.as_ref().and_then(Secret::expose_str).map(token::bare);
                let within = token
                    .filter(|_| whole != value && filled.is_none())
                    .map(|token| dotenv::set_within(old, name, token, value));
                let within = within.transpose().map_err(named)?.flatten();
                let new = match filled.or(within) {
                    Some(new) => new,
                    None => dotenv::set(old, name, &whole).map_err(named)?,
                };
                let made = made_of_variable(bytes.map(|_| old), name, &new).map_err(named)?;
                return Ok(Put {
                    bytes: new.into(),
                    trace: Trace {
                        made,
                        over: Vec::new(),
                    },
                });
            }
            Self::Node { format, at, make } => {
                let seen = self.seen(place, bytes)?;
                let name = at.last().map_or("", String::as_str);
                let change = Change::Set {
                    at: at.clone(),
                    value: Json::from(with_scheme(seen.as_ref(), name, value)),
                    make: *make,
                };
                (*format, format.apply(old_text, &[change]), Vec::new())
            }
            Self::Entry { config, wish, ours } => {
                let plan = plan(place, config, old, wish)?;
                let token = matches!(wish.means, Means::Literal).then_some(value);
                let new = changed(old_text, &plan, (token, ours));
                (config.format, new, plan.gone)
            }
        };
        let new = new.map_err(named)?;
        let trace = if old == Some(&new) {
            Trace::default()
        } else {
            let made = format.made(old, &new).map_err(named)?;
            let made = made.map(|made| self.summed(made, &new, place));
            let made = made.transpose()?;
            Trace { made, over }
        };
        Ok(Put {
            bytes: new.into(),
            trace,
        })
    }

    /// What was made for an entry, with what shows that somebody changed it since.
    fn summed(&self, made: Made, new: &str, place: &Place) -> Result<Made, Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok(made);
        };
        let (format, at) = (config.format, plan(place, config, Some(new), wish)?.at);
        // A command is seen again without its wrapping.
        let plain = client::unwrapping(format, new, &at).and_then(|changes| {
            changes
                .map(|changes| format.apply(new, &changes))
                .transpose()
        });
        let summed = plain.and_then(|plain| match plain {
            Some(plain) => made.summed((format, &plain), None),
            None => made.summed((format, new), Some(&at)),
        });
        summed.map_err(|error| named("edit", place, error))
    }

    /// The bytes without the value, and without what was made for it.
    pub(super) fn take_out(
        &self,
        place: &Place,
        bytes: &Secret,
        made: Option<&Made>,
    ) -> Result<Edited, Error> {
        let named = |error| named("edit", place, error);
        let old = || text(place, "edit", bytes);
        let new = match self {
            // A file that waited for its token does so again.
            Self::Whole => made.and_then(|made| made.was.clone()),
            Self::Variable(name) => {
                let was = made.and_then(|made| made.was.as_deref());
                let new = match was {
                    Some(was) => dotenv::vacate(old()?, name, was),
                    None => dotenv::remove(old()?, name),
                };
                let is_ours = made.is_some_and(|made| made.absent);
                Some(new.map_err(named)?).filter(|new| !(is_ours && new.trim().is_empty()))
            }
            Self::Node { format, at, .. } => {
                let old = old()?;
                // A wrapped command comes out of its wrapping.
                match client::unwrapping(*format, old, at).map_err(named)? {
                    Some(changes) => format
                        .apply(old, &changes)
                        .and_then(|plain| format.take_out_around(&plain, at, made))
                        .map_err(named)?,
                    // The command of an entry is never ours.
                    None if is_command(*format, old, at) => Some(old.to_owned()),
                    None => format.take_out(old, at, made).map_err(named)?,
                }
                .map(|new| unasked((*format, new), at, made).map_err(named))
                .transpose()?
                .flatten()
            }
            Self::Entry { config, wish, .. } => {
                let old = old()?;
                let plan = plan(place, config, Some(old), wish)?;
                config.format.take_out(old, &plan.at, made).map_err(named)?
            }
        };
        Ok(match new {
            None => Edited::Remove,
            Some(new) if new.as_bytes() == bytes.expose() => Edited::Leave,
            Some(new) => Edited::Replace(new.into()),
        })
    }

    /// The place by path and position alone; `bytes` are the file with the value in it.
    pub(super) fn lasting(
        &self,
        place: &Place,
        path: String,
        bytes: Option<&Secret>,
    ) -> Result<Place, Error> {
        Ok(match self {
            Self::Whole => Place::File(path),
            Self::Variable(name) => Place::Dotenv {
                path,
                name: name.clone(),
            },
            Self::Node { format, at, .. } => Place::of_node(*format, path, at),
            Self::Entry { config, wish, .. } => {
                let text = bytes.map(|bytes| text(place, "read", bytes)).transpose()?;
                let plan = plan(place, config, text, wish)?;
                Place::of_node(config.format, path, &plan.at)
            }
        })
    }

    /// The place of another value of the same entry.
    pub(super) fn at(&self, path: String, at: &[String]) -> Option<Place> {
        match self {
            Self::Entry { config, .. } => Some(Place::of_node(config.format, path, at)),
            _ => None,
        }
    }

    /// The values of an entry that go with its edit.
    pub(super) fn gone(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<Vec<Vec<String>>, Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok(Vec::new());
        };
        let text = bytes.map(|bytes| text(place, "edit", bytes)).transpose()?;
        Ok(plan(place, config, text, wish)?.gone)
    }

    /// Keeps what was made for these values, by the ledger.
    pub(super) fn learn(&mut self, path: &str, gone: Vec<Vec<String>>, known: &[Installed<'_>]) {
        let made = |at: &Vec<String>| {
            let place = self.at(path.to_owned(), at)?.to_string();
            let one = known.iter().find(|one| one.place == place)?;
            one.made.as_ref().map(ledger::made)
        };
        let found: Vec<_> = gone
            .into_iter()
            .filter_map(|at| made(&at).map(|made| (at, made)))
            .collect();
        if let Self::Entry { ours, .. } = self {
            *ours = found;
        }
    }

    /// An entry's values that are not ours and would go (`None`: this is no entry), and what is
    /// to be said of its client.
    pub(super) fn concerns(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<(Option<Vec<Slot>>, Vec<Error>), Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok((None, Vec::new()));
        };
        let text = bytes.map(|bytes| text(place, "edit", bytes)).transpose()?;
        let plan = plan(place, config, text, wish)?;
        let warnings = client::warnings(config, text.unwrap_or_default(), wish);
        Ok((Some(plan.foreign), warnings))
    }

    /// What the client of an entry would make of a value that is put there as it is, where that
    /// is something else.
    pub(super) fn replaced(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
        value: &Secret,
    ) -> Result<Option<Error>, Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok(None);
        };
        // Every such reference begins so, and a JWT has neither.
        let value = value.expose_str().filter(|text| text.contains(['$', '{']));
        let Some(value) = value.filter(|_| wish.means == Means::Literal) else {
            return Ok(None);
        };
        let text = bytes.map(|bytes| text(place, "edit", bytes)).transpose()?;
        let sort = match plan(place, config, text, wish)?.url {
            Some(_) => Sort::Remote,
            None => Sort::Stdio,
        };
        let found = client::replaced(config, sort, value);
        Ok(found.map(|(mode, written)| {
            let title = config.title();
            let message =
                format!("{title} replaces the `{written}` in this token, and sends something else");
            let hint = format!(
                "keep the token out of the config with `--mode {}`",
                mode.name()
            );
            Error::new(Code::ClientReader, message).hint(hint)
        }))
    }

    /// How an entry stands to what is wished of it; nothing of any other place.
    pub(super) fn stands(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<Option<Stands>, Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok(None);
        };
        let text = bytes.map(|bytes| text(place, "read", bytes)).transpose()?;
        let plan = plan(place, config, text, wish)?;
        let servers = client::servers(config, text.unwrap_or_default());
        let servers = servers.map_err(|error| named("read", place, error))?;
        let entry = servers.iter().find(|known| known.name == wish.server);
        let is_token = |slot: &client::Slot| token::looks_like_token(&slot.value);
        let is_filled = plan
            .seen
            .as_ref()
            .is_some_and(|seen| !seen.trim().is_empty());
        Ok(Some(if plan.is_new {
            Stands::New
        } else if plan.changes(None).is_empty() {
            Stands::AsWished
        } else if entry.is_some_and(|entry| entry.values.iter().any(is_token)) {
            Stands::Token
        } else if is_filled {
            Stands::Other
        } else {
            Stands::Empty
        }))
    }

    /// The modes that an entry can have besides a literal token; those that its client is said
    /// not to do well only where there is no other.
    pub(super) fn modes(&self, place: &Place, bytes: Option<&Secret>) -> Vec<Mode> {
        let Self::Entry { config, wish, .. } = self else {
            return Vec::new();
        };
        let text = bytes.and_then(Secret::expose_str);
        let sort = match plan(place, config, text, wish) {
            Ok(plan) if plan.url.is_none() => Sort::Stdio,
            _ => Sort::Remote,
        };
        let mut modes = config.modes(sort);
        modes.retain(|mode| *mode != Mode::Literal);
        let good = |mode: &Mode| config.doubts(*mode, sort).next().is_none();
        if modes.iter().any(good) {
            modes.retain(good);
        }
        modes
    }

    /// The canonical URL of the server of an entry.
    pub(super) fn url(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<Option<String>, Error> {
        let Self::Entry { config, wish, .. } = self else {
            return Ok(None);
        };
        let text = bytes.map(|bytes| text(place, "read", bytes)).transpose()?;
        let plan = plan(place, config, text, wish)?;
        Ok(plan.url.as_deref().and_then(client::canonical))
    }

    /// Where an entry sends its token, as it is or would be made; of a value anywhere else in a tree
    /// the entry that it is in.
    pub(super) fn route(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<Option<Route>, Error> {
        let text = bytes.map(|bytes| text(place, "read", bytes)).transpose()?;
        match (self, text) {
            (Self::Entry { config, wish, .. }, text) => {
                client::route(config, text, wish, token::looks_like_token).map(Some)
            }
            (Self::Node { format, at, .. }, Some(text)) => around((place, *format), at, text),
            _ => Ok(None),
        }
    }

    /// The value there now, in its shortest reading.
    pub(super) fn seen(
        &self,
        place: &Place,
        bytes: Option<&Secret>,
    ) -> Result<Option<Secret>, Error> {
        Ok(
            match bytes.map(|bytes| self.read(place, bytes)).transpose()? {
                None | Some(Value::Absent) => None,
                Some(Value::One(value)) => Some(value),
                Some(Value::Several(readings)) => shortest(readings),
            },
        )
    }
}
