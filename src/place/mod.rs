//! Places: where a secret or a token lives, and the text editors for the files among them.
//!
//! Pure: text in, text out. Reading and writing is `session`'s.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::Error;

pub mod dotenv;
pub mod jsonc;
pub mod toml;

/// Where a secret or a token lives. Paths are as written; [`expand`] makes them absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `env:NAME`: an environment variable.
    Env(String),
    /// `cmd:COMMAND`: what a command prints.
    Command(String),
    /// `file:PATH`: a whole file.
    File(String),
    /// `dotenv:PATH#NAME`: one variable of a `.env` file.
    Dotenv {
        /// The file.
        path: String,
        /// The variable.
        name: String,
    },
    /// `json:PATH#/json/pointer`: one value of a JSON or JSONC file.
    Json {
        /// The file.
        path: String,
        /// An RFC 6901 pointer.
        pointer: String,
    },
    /// `toml:PATH#dotted.key`: one value of a TOML file.
    Toml {
        /// The file.
        path: String,
        /// A dotted key.
        key: String,
    },
    /// `keyring:SERVICE/ACCOUNT`: the keyring of the operating system.
    Keyring {
        /// The service.
        service: String,
        /// The account.
        account: String,
    },
    /// `-`: standard input or output.
    Std,
}

/// Whether an argument is a place: it starts with a known scheme and `:`, or it is `-`.
pub fn is_place(text: &str) -> bool {
    todo!("{text}")
}

/// Reads a place. A text that is none is never repeated in the error (it may be a secret).
pub fn parse(text: &str) -> Result<Place, Error> {
    todo!("{text}")
}

/// The path of a place as the system wants it: a leading `~/` is the home folder, a relative
/// one starts at `base`.
pub fn expand(path: &str, base: &Path, home: Option<&Path>) -> Result<PathBuf, Error> {
    todo!("{path}{base:?}{home:?}")
}

/// As it is written on the command line; `parse` reads it back.
impl fmt::Display for Place {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}
