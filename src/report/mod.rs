//! Results to text: tables, JSON documents, errors in words. Pure; writing is the terminal's.
//!
//! - `style`: colour, and what makes text from outside safe to show
//! - `table`: tables and `name  value` lists, fitted to the terminal
//! - `words`: errors, warnings, instants
//! - `commands`: what is told to be typed, about the manifest of the run
//! - `tokens`: why one is refused, what is in one, when it ends
//! - `status`: where tokens are, and what is wrong with each
//! - `clients`: which clients are known, and which are here
//! - `lint`: what of a token goes against the standards
//! - `plan`: what is done at the places of a manifest
//! - `rotation`: what a server needs to check tokens of two keys
//! - `diff`: what a dry run shows of a file
//! - `keys`: which algorithm a key is for, how it stands, what becomes of a store of them
//! - `document`: what `--json` writes

mod clients;
mod commands;
mod diff;
mod document;
mod keys;
mod lint;
mod mask;
mod plan;
mod rotation;
mod status;
mod style;
mod table;
mod tokens;
mod words;

pub use crate::error::{shell_path, shell_word};
pub use clients::{
    File as ClientFile, Seen, State as ClientState, Which, Whose, client, client_json, clients,
};
pub use commands::{Again, repeating};
pub use diff::{diff, lines};
pub use document::{document, document_line, problem};
pub use keys::{algorithm as key_algorithm, state as key_state, stored};
pub use lint::{Linted, finding_errors, findings, findings_json};
pub use mask::masked;
pub use plan::{Step, steps, why};
pub use rotation::Verifier;
pub use status::{Bars, Kind, Problem, Row, advice, spot, spot_error, spot_errors, spots};
pub use style::{escape, escape_lines, shell_words};
pub use table::{noted, pairs, table, whole};
pub use tokens::{
    Due, accepted, batch_line, decoded, due_error, dues, refused, times, verdict_body,
    verdict_errors,
};
pub use words::{errors, expires, ignoring, moving_away, warning};

/// How the reader's terminal wants it.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Columns; `None` when it goes into a pipe or file.
    pub width: Option<u16>,
}
