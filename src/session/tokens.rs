//! Tokens as input: an argument, a place, or standard input.

use super::Session;
use super::places::{self, Value};
use crate::error::{Code, Error, Errors};
use crate::host::Incoming;
use crate::place::{Place, dotenv};
use crate::report::shell_word;
use crate::secret::Secret;
use crate::token;

/// A token that was given.
pub(crate) struct Input {
    /// The token, trimmed unless it was asked for exactly.
    pub(crate) token: Secret,
    /// Where it came from, when that was a place other than standard input.
    pub(crate) place: Option<Place>,
    /// That place for people, as it was typed or as it is written most shortly.
    pub(crate) shown: Option<String>,
}

/// Whether a token is taken as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trim {
    /// White space, quotes and `Bearer` around it are taken off.
    Bare,
    /// Not one byte is taken off.
    Exact,
}

/// Reads one token; without an argument from a piped standard input.
pub(crate) fn one(
    argument: Option<&str>,
    trim: Trim,
    session: &mut Session<'_, '_>,
) -> Result<Input, Errors> {
    let input = match argument {
        Some(text) => from_argument(text, trim, session)?,
        None if session.host.facts.stdin_is_terminal => {
            return Err(Error::usage("no token was given")
                .hint("give a token, a place such as `file:PATH`, or pipe the token in")
                .into());
        }
        None => {
            let bytes = places::standard_input(session)?;
            if bytes.expose().trim_ascii().is_empty() {
                return Err(nothing().into());
            }
            Input {
                token: trimmed(bytes, trim),
                place: None,
                shown: None,
            }
        }
    };
    // A pipe may have kept us waiting until the token was over.
    session.look_at_the_clock();
    Ok(input)
}

/// What a batch reads its lines from: standard input for `-`, else a file, with `file:` or, where
/// no token can be meant, without. Nothing where it is any other place.
pub(crate) fn lines(text: &str, session: &mut Session<'_, '_>) -> Result<Option<Incoming>, Error> {
    if text == "-" {
        places::take_input(session)?;
        return Ok(Some(session.host.terminal.input()));
    }
    let path = match places::is_place(text).then(|| places::parse(text)) {
        None => text.to_owned(),
        Some(place) => match place? {
            Place::File(path) => path,
            _ => return Ok(None),
        },
    };
    let path = places::path_of(&path, session.host)?;
    session.host.files.open(&path).map(Some)
}

/// That standard input held no token.
pub(crate) fn nothing() -> Error {
    Error::usage("no token was given, and standard input is empty")
        .hint("give a token, a place such as `file:PATH`, or pipe the token in")
}

/// Reads the token at a place.
pub(crate) fn at_place(
    place: &Place,
    trim: Trim,
    session: &mut Session<'_, '_>,
) -> Result<Input, Error> {
    let token = match places::read(place, session)?.value {
        Value::One(token) => token,
        // A comment behind a token: the shortest reading is the one without it.
        Value::Several(readings) => {
            let shortest = readings.into_iter().min_by_key(Secret::len);
            shortest.unwrap_or_else(|| Secret::new(Vec::new()))
        }
        Value::Absent => return Err(missing(place, session)),
    };
    let place = Some(place).filter(|place| **place != Place::Std);
    Ok(Input {
        token: trimmed(token, trim),
        place: place.cloned(),
        shown: place.map(Place::to_string),
    })
}

/// That nothing is at a place. Of a `.env` file it is said which of its variables hold a token.
fn missing(place: &Place, session: &mut Session<'_, '_>) -> Error {
    let message = format!("nothing is at `{place}`");
    let error = Error::new(Code::PlaceMissing, message).at(place.to_string());
    let Place::Dotenv { path, .. } = place else {
        return error;
    };
    let full = places::path_of(path, session.host).ok();
    let found = full.and_then(|full| session.host.files.read_plain(&full).ok()?);
    let text = found.as_ref().and_then(|found| found.bytes.expose_str());
    let held = variables(path, text.unwrap_or_default());
    if held.is_empty() {
        return error;
    }
    error.hint(in_that_file(&held))
}

/// Where in a file the tokens are.
fn in_that_file(places: &[Place]) -> String {
    /// How many are named at most.
    const MOST: usize = 8;
    let shown = places.iter().take(MOST);
    let shown: Vec<String> = shown
        .map(|place| format!("`{}`", shell_word(&place.to_string())))
        .collect();
    let which = if places.len() == 1 { "the" } else { "a" };
    let more = match places.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("for {which} token in that file: {}{more}", shown.join(", "))
}

/// Reads what an argument names: a place, or the token that it is.
pub(crate) fn from_argument(
    text: &str,
    trim: Trim,
    session: &mut Session<'_, '_>,
) -> Result<Input, Error> {
    if places::is_place(text) {
        return at_place(&places::parse(text)?, trim, session);
    }
    if let Some(error) = names_a_file(text, session) {
        return Err(error);
    }
    Ok(Input {
        token: trimmed(Secret::from(text), trim),
        place: None,
        shown: None,
    })
}

/// That a file is meant, whether or not there is one of this name. What is shaped like a token is one.
fn names_a_file(text: &str, session: &mut Session<'_, '_>) -> Option<Error> {
    /// No path is longer.
    const LONGEST: usize = 4096;
    if token::looks_like_token(text) || text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let path = places::path_of(text, session.host).ok()?;
    if let Ok(Some(found)) = session.host.files.read_plain(&path) {
        let held = match variables(text, found.bytes.expose_str().unwrap_or_default()) {
            none if none.is_empty() => vec![Place::File(text.to_owned())],
            held => held,
        };
        return Some(
            Error::usage("this is no token, but the name of a file").hint(in_that_file(&held)),
        );
    }
    is_path(text).then(|| {
        Error::usage("this is no token, and there is no file of that name").hint(
            "a token in a file is given as `file:PATH`, in a variable of one as `dotenv:PATH#NAME`",
        )
    })
}

/// The variables of a `.env` file that hold a token, where its text is none as a whole.
fn variables(path: &str, text: &str) -> Vec<Place> {
    if token::looks_like_token(text) {
        return Vec::new();
    }
    let is_token = |value: &dotenv::Value| match value {
        dotenv::Value::Plain(value) => token::looks_like_token(value),
        dotenv::Value::Ambiguous(readings) => {
            let mut readings = readings.iter();
            readings.any(|reading| token::looks_like_token(reading))
        }
        dotenv::Value::Absent => false,
    };
    let all = dotenv::all(text).unwrap_or_default().into_iter();
    let held = all.filter(|(_, value)| is_token(value));
    held.map(|(name, _)| Place::Dotenv {
        path: path.to_owned(),
        name,
    })
    .collect()
}

/// Whether a text can hardly be anything but the name of a file: by how it begins, or by an end
/// that files with a token in them have, what is in them aside.
fn is_path(text: &str) -> bool {
    const BEGINS: [&str; 3] = ["./", "../", "~/"];
    const ENDS: [&str; 6] = [".jwt", ".token", ".txt", ".json", ".toml", ".env"];
    let path = text.split('#').next().unwrap_or_default();
    BEGINS.iter().any(|begin| path.starts_with(begin)) || ENDS.iter().any(|end| path.ends_with(end))
}

fn trimmed(bytes: Secret, trim: Trim) -> Secret {
    match bytes.expose_str() {
        Some(text) if trim == Trim::Bare => Secret::from(token::bare(text)),
        _ => bytes,
    }
}
