//! Files that are looked at for many reasons in a run: each is read once and parsed once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Session;
use crate::client;
use crate::error::{Code, Error};
use crate::host::Found;
use crate::json::Json;
use crate::place::tree::Format;
use crate::secret::Secret;

/// The files of a run.
#[derive(Default)]
pub(crate) struct Shelf {
    files: HashMap<PathBuf, Volume>,
    /// What could not be read, a file once.
    pub(crate) errors: Vec<Error>,
}

/// One of them.
enum Volume {
    Absent,
    Broken,
    There {
        found: Found,
        /// What is in it, read in each way that was asked for; `None` where it is not that.
        trees: Vec<(Format, Option<Json>)>,
    },
}

/// What is known of a file.
#[derive(Clone, Copy)]
pub(crate) enum Seen<T> {
    /// There is none.
    Absent,
    /// It cannot be read, which is among the errors.
    Broken,
    /// This.
    There(T),
}

impl<T> Seen<T> {
    /// The same of what is made of it.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Self::Absent => Seen::Absent,
            Self::Broken => Seen::Broken,
            Self::There(value) => Seen::There(make(value)),
        }
    }
}

impl Shelf {
    /// The file at a path.
    pub(crate) fn file(&mut self, path: &Path, session: &mut Session<'_, '_>) -> Seen<&Found> {
        match self.volume(path, session) {
            Volume::Absent => Seen::Absent,
            Volume::Broken => Seen::Broken,
            Volume::There { found, .. } => Seen::There(found),
        }
    }

    /// The text of a file.
    pub(crate) fn text(&mut self, path: &Path, session: &mut Session<'_, '_>) -> Seen<&str> {
        let text = match self.file(path, session) {
            Seen::Absent => return Seen::Absent,
            Seen::Broken => return Seen::Broken,
            Seen::There(found) => utf8(&found.bytes).map(drop),
        };
        if let Err(error) = text {
            self.refuse(path, error);
            return Seen::Broken;
        }
        match self.files.get(path) {
            Some(Volume::There { found, .. }) => {
                Seen::There(found.bytes.expose_str().unwrap_or_default())
            }
            _ => Seen::Broken,
        }
    }

    /// The tree in a file, an object; an empty one where the file has nothing in it.
    pub(crate) fn tree(
        &mut self,
        path: &Path,
        format: Format,
        session: &mut Session<'_, '_>,
    ) -> Seen<&Json> {
        let mut refused = None;
        match self.volume(path, session) {
            Volume::Absent => return Seen::Absent,
            Volume::Broken => return Seen::Broken,
            Volume::There { found, trees } => {
                if trees.iter().all(|(known, _)| *known != format) {
                    let tree = parsed(&found.bytes, format);
                    let tree = tree.map_err(|error| refused = Some(error)).ok();
                    trees.push((format, tree));
                }
            }
        }
        if let Some(error) = refused {
            self.refuse(path, error);
        }
        let Some(Volume::There { trees, .. }) = self.files.get(path) else {
            return Seen::Broken;
        };
        let tree = trees.iter().find(|(known, _)| *known == format);
        match tree {
            Some((_, Some(tree))) => Seen::There(tree),
            _ => Seen::Broken,
        }
    }

    fn volume(&mut self, path: &Path, session: &mut Session<'_, '_>) -> &mut Volume {
        let Self { files, errors } = self;
        files
            .entry(path.to_owned())
            .or_insert_with(|| match session.host.files.read_plain(path) {
                Ok(None) => Volume::Absent,
                Ok(Some(found)) => Volume::There {
                    found,
                    trees: Vec::new(),
                },
                Err(error) => {
                    errors.push(error);
                    Volume::Broken
                }
            })
    }

    /// Notes what a file is not, once: another reader may understand it all the same.
    fn refuse(&mut self, path: &Path, error: Error) {
        let shown = path.display();
        let message = format!("cannot read `{shown}`: {}", error.message);
        if self.errors.iter().all(|known| known.message != message) {
            let error = Error { message, ..error }.at(shown.to_string());
            self.errors.push(error);
        }
    }
}

fn utf8(bytes: &Secret) -> Result<&str, Error> {
    let text = bytes.expose_str();
    text.ok_or_else(|| Error::new(Code::PlaceInvalid, "the file is not UTF-8"))
}

fn parsed(bytes: &Secret, format: Format) -> Result<Json, Error> {
    let root = format.get(utf8(bytes)?, &[])?;
    client::object(root.unwrap_or(Json::Object(Vec::new())))
}
