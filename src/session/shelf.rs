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
        /// What is in it, once that was asked for.
        tree: Option<Json>,
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
        let parsed = match self.volume(path, session) {
            Volume::Absent => return Seen::Absent,
            Volume::Broken => return Seen::Broken,
            Volume::There { tree: Some(_), .. } => Ok(()),
            Volume::There { found, tree } => {
                parsed(&found.bytes, format).map(|root| *tree = Some(root))
            }
        };
        if let Err(error) = parsed {
            self.refuse(path, error);
        }
        match self.files.get(path) {
            Some(Volume::There {
                tree: Some(tree), ..
            }) => Seen::There(tree),
            _ => Seen::Broken,
        }
    }

    fn volume(&mut self, path: &Path, session: &mut Session<'_, '_>) -> &mut Volume {
        let Self { files, errors } = self;
        files
            .entry(path.to_owned())
            .or_insert_with(|| match session.host.files.read_plain(path) {
                Ok(None) => Volume::Absent,
                Ok(Some(found)) => Volume::There { found, tree: None },
                Err(error) => {
                    errors.push(error);
                    Volume::Broken
                }
            })
    }

    fn refuse(&mut self, path: &Path, error: Error) {
        let shown = path.display();
        let message = format!("cannot read `{shown}`: {}", error.message);
        let error = Error { message, ..error }.at(shown.to_string());
        self.errors.push(error);
        self.files.insert(path.to_owned(), Volume::Broken);
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
