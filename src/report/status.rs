//! Where tokens are, how long they last, what is wrong with each, and what to do about it.

mod hints;

pub use self::hints::advice;
use super::table::noted;
use super::tokens::short;
use super::{Style, escape, mask};
use crate::client::{Mode, Reference};
use crate::error::{Code, Error, Outcome};
use crate::json::Json;
use crate::time::{self, Clock, rough};
use crate::token::{Failure, Health, Standing};

/// A place with a token, or where one should be.
#[derive(Debug)]
pub struct Row {
    /// The place as it is written most shortly.
    pub shown: String,
    /// The place in full.
    pub place: String,
    /// Its file.
    pub file: Option<String>,
    /// The clients that read it there: client, scope, server, where it is in the entry of one.
    pub readers: Vec<(&'static str, &'static str, Option<String>)>,
    /// What is there.
    pub kind: Kind,
    /// The token's, or what the ledger says of the one that was there.
    pub sub: Option<String>,
    /// Likewise.
    pub iss: Option<String>,
    /// The key it was signed with, and how that stands: a state, `elsewhere`, `unknown`,
    /// `unchecked`.
    pub key: (Option<String>, &'static str),
    /// What the token is like, where there is one.
    pub health: Option<Health>,
    /// Whether nothing is beside the token but a scheme.
    pub is_alone: bool,
    /// Whether the ledger knows the place.
    pub known: bool,
    /// The token of the manifest that belongs there.
    pub wanted: Option<String>,
    /// What git does with the file: `outside`, `ignored`, `tracked`, `open`, `unknown`.
    pub git: Option<&'static str>,
    /// What is wrong with it, or worth a remark.
    pub problems: Vec<Problem>,
}

/// What is at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A token.
    Literal,
    /// What stands for one.
    Reference(Reference),
    /// Something else.
    Other,
    /// Nothing.
    Missing,
    /// It cannot be read.
    Unreadable,
}

/// What is wrong with a token or its place.
#[derive(Debug, Clone)]
pub enum Problem {
    /// With the token itself.
    Token(Failure),
    /// Its `exp` has come.
    Expired(i64),
    /// Its `exp` comes within the window.
    Ending(i64),
    /// Its `nbf` has not come.
    Early(i64),
    /// It was signed with a previous key, which is accepted until then; `Some(true)`: within the
    /// window.
    Previous {
        /// Until when, where that is known.
        until: Option<i64>,
        /// Whether that is within the window.
        soon: bool,
    },
    /// Others can read the file, which has this mode.
    Loose(u32),
    /// Git has the file.
    Tracked,
    /// Git would take the file.
    Open,
    /// Nothing is there any more.
    Gone,
    /// Nothing is there yet.
    Lacking,
    /// It cannot be read.
    Unread,
    /// There is something that is no token.
    Foreign,
}

impl Problem {
    /// Its name in `--json`.
    pub fn code(&self) -> Code {
        match self {
            Self::Token(failure) => failure.code,
            Self::Expired(_) => Code::Expired,
            Self::Ending(_) | Self::Previous { .. } => Code::Expiring,
            Self::Early(_) => Code::NotYetValid,
            Self::Loose(_) => Code::PlaceLooseMode,
            Self::Tracked | Self::Open => Code::GitTracked,
            Self::Gone | Self::Lacking => Code::PlaceMissing,
            Self::Unread => Code::PlaceUnreadable,
            Self::Foreign => Code::PlaceForeignValue,
        }
    }

    /// What a run ends with for it. All but what passes by itself is a finding.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Expired(_) | Self::Ending(_) | Self::Previous { soon: true, .. } => {
                Outcome::Expired
            }
            Self::Early(_) | Self::Previous { soon: false, .. } => Outcome::Done,
            Self::Unread => Outcome::CouldNot,
            Self::Token(_)
            | Self::Loose(_)
            | Self::Tracked
            | Self::Open
            | Self::Gone
            | Self::Lacking
            | Self::Foreign => Outcome::No,
        }
    }

    fn words(&self, clock: Clock) -> String {
        match self {
            Self::Token(failure) => of_token(failure),
            Self::Expired(exp) => format!("expired {}", clock.local(*exp)),
            Self::Ending(exp) => format!("expires {}", clock.local(*exp)),
            Self::Early(nbf) => format!("not valid before {}", clock.local(*nbf)),
            Self::Previous { until: None, .. } => "signed with a previous key".to_owned(),
            Self::Previous {
                until: Some(until), ..
            } => {
                format!(
                    "signed with a previous key, accepted until {}",
                    clock.local(*until)
                )
            }
            Self::Loose(mode) => format!("others can read it ({mode:04o})"),
            Self::Tracked => "git tracks it".to_owned(),
            Self::Open => "git does not ignore it".to_owned(),
            Self::Gone => "taken away since it was put there".to_owned(),
            Self::Lacking => "not there yet".to_owned(),
            Self::Unread => "cannot be read".to_owned(),
            Self::Foreign => "replaced by something that is no token".to_owned(),
        }
    }
}

/// What is wrong with a token itself, in few words.
fn of_token(failure: &Failure) -> String {
    let found = short(&failure.found);
    let claim = failure.claim.as_deref().map(short);
    match (failure.code, claim) {
        (Code::Malformed, _) => format!("malformed: {found}"),
        (Code::TooLarge, _) => format!("too large: {found}"),
        (Code::AlgNone, _) => "not signed (`alg` none)".to_owned(),
        (Code::AlgMissing, _) => "names no algorithm".to_owned(),
        (Code::SigMissing, _) => "no signature".to_owned(),
        (Code::CritUnsupported, _) => "demands an extension (`crit`)".to_owned(),
        (Code::KeyNotFound, Some(_)) => format!("signed with {found}"),
        (Code::KeyNotFound, None) if found.contains(' ') => "signed by an unknown key".to_owned(),
        (Code::KeyNotFound, None) => format!("signed by an unknown key, `{found}`"),
        (Code::SigInvalid, _) => "its signature does not fit the key it names".to_owned(),
        (Code::Revoked, _) if failure.expected.is_empty() => "revoked".to_owned(),
        (Code::Revoked, _) => format!("revoked: {}", short(&failure.expected)),
        (Code::IatFuture, _) => "issued in the future".to_owned(),
        (Code::ClaimType, Some(claim)) => format!("`{claim}` is {found}"),
        (_, Some(claim)) => format!("`{claim}`: {found}"),
        (_, None) => found,
    }
}

/// How time left is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bars {
    /// `█████░░░`
    Blocks,
    /// `#####...`
    Ascii,
}

/// Cells of a bar.
const CELLS: i64 = 8;

/// A lifetime where a token does not say since when it is.
const MONTH: i64 = 30 * 86_400;

/// Every row, its problems below it.
pub fn spots(rows: &[Row], bars: Bars, clock: Clock, style: Style) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let or_dash = |text: &Option<String>| text.as_deref().map_or("-".to_owned(), escape);
            vec![
                escape(&row.shown),
                or_dash(&row.sub),
                or_dash(&row.iss),
                left(row, bars, clock, style),
                told(row, clock, style),
            ]
        })
        .collect();
    noted(
        &["place", "subject", "issuer", "left", "problem"],
        &cells,
        style,
    )
}

fn told(row: &Row, clock: Clock, style: Style) -> String {
    let words = row.problems.iter().map(|problem| {
        let words = problem.words(clock);
        match problem.outcome() {
            Outcome::Done => style.dim(&words),
            Outcome::Expired if !matches!(problem, Problem::Expired(_)) => style.warn(&words),
            _ => style.bad(&words),
        }
    });
    words.collect::<Vec<_>>().join("; ")
}

fn left(row: &Row, bars: Bars, clock: Clock, style: Style) -> String {
    if let Kind::Reference(reference) = &row.kind {
        // Of a file the name will do.
        let name = match reference.mode {
            Mode::File => reference.name.rsplit(['/', '\\']).next(),
            _ => None,
        };
        return match name {
            Some(name) => format!("{} {}", Mode::File.name(), mask::name(name)),
            None => mask::reference(reference),
        };
    }
    let Some(health) = &row.health else {
        return "-".to_owned();
    };
    let (Some(standing), Some(exp)) = (health.standing, health.exp) else {
        return match health.standing {
            Some(_) => "no end".to_owned(),
            None => "-".to_owned(),
        };
    };
    let left = exp.saturating_sub(clock.now);
    let since = health.iat.or(health.nbf).filter(|since| *since < exp);
    let whole = since.map_or(left.max(MONTH), |since| exp.saturating_sub(since));
    let bar = bar(left, whole, bars);
    match standing {
        Standing::Expired => style.bad(&format!("{bar} {}", clock.relative(exp))),
        Standing::Ending => style.warn(&format!("{bar} {}", rough(left))),
        Standing::Early => format!("{bar} {}", rough(left)),
        Standing::Good | Standing::Endless => style.good(&format!("{bar} {}", rough(left))),
    }
}

/// As many cells as there is time left, at least one while there is any.
fn bar(left: i64, whole: i64, bars: Bars) -> String {
    let (full, empty) = match bars {
        Bars::Blocks => ("█", "░"),
        Bars::Ascii => ("#", "."),
    };
    let part = i128::from(left.max(0)) * i128::from(CELLS);
    let whole = i128::from(whole.max(1));
    let cells = usize::try_from((part + whole - 1) / whole).unwrap_or(usize::MAX);
    let all = usize::try_from(CELLS).unwrap_or_default();
    let cells = cells.min(all);
    format!("{}{}", full.repeat(cells), empty.repeat(all - cells))
}

/// The problems of all rows, for the JSON document. What cannot be read is told by its file.
pub fn spot_errors(rows: &[Row], clock: Clock) -> Vec<Error> {
    let mut errors = Vec::new();
    for row in rows {
        let told = row.problems.iter();
        errors.extend(told.filter_map(|problem| spot_error(row, problem, clock)));
    }
    errors
}

/// A problem of a row, where it is a finding and not told otherwise.
pub fn spot_error(row: &Row, problem: &Problem, clock: Clock) -> Option<Error> {
    if problem.outcome() == Outcome::Done || matches!(problem, Problem::Unread) {
        return None;
    }
    let message = format!("`{}`: {}", row.shown, problem.words(clock));
    let error = Error::new(problem.code(), message).at(row.place.clone());
    Some(match problem.hint(row) {
        Some(hint) => error.hint(hint),
        None => error,
    })
}

/// A row in JSON.
pub fn spot(row: &Row, clock: Clock) -> Json {
    let (kind, names) = match &row.kind {
        Kind::Literal => ("literal", None),
        Kind::Reference(reference) => (reference.mode.name(), Some(reference.name.as_str())),
        Kind::Other => ("other", None),
        Kind::Missing => ("missing", None),
        Kind::Unreadable => ("unreadable", None),
    };
    let health = row.health.as_ref();
    let exp = health.and_then(|health| health.exp);
    let standing = health.and_then(|health| health.standing);
    let until = row.problems.iter().find_map(|problem| match problem {
        Problem::Previous { until, .. } => *until,
        _ => None,
    });
    let reader = row.readers.first();
    let mode = row.problems.iter().find_map(|problem| match problem {
        Problem::Loose(mode) => Some(format!("{mode:04o}")),
        _ => None,
    });
    let problems: Vec<Json> = row
        .problems
        .iter()
        .map(|problem| problem.code().name().into())
        .collect();
    Json::object([
        ("client", reader.map(|(client, ..)| *client).into()),
        ("scope", reader.map(|(_, scope, _)| *scope).into()),
        (
            "server",
            reader.and_then(|(.., server)| server.as_deref()).into(),
        ),
        (
            "clients",
            Json::Array(
                row.readers
                    .iter()
                    .map(|(name, ..)| (*name).into())
                    .collect(),
            ),
        ),
        ("place", row.place.as_str().into()),
        ("short", row.shown.as_str().into()),
        ("file", row.file.as_deref().into()),
        ("kind", kind.into()),
        (
            "names",
            names
                .filter(|name| !name.is_empty())
                .map(mask::masked)
                .into(),
        ),
        ("sub", row.sub.as_deref().into()),
        ("iss", row.iss.as_deref().into()),
        (
            "key",
            Json::object([
                ("kid", row.key.0.as_deref().into()),
                ("state", row.key.1.into()),
                ("accepted_until", until.into()),
            ]),
        ),
        ("iat", health.and_then(|health| health.iat).into()),
        ("exp", exp.into()),
        ("expires", exp.map(time::rfc3339).into()),
        ("seconds_left", exp.map(|exp| exp - clock.now).into()),
        ("standing", standing.map(Standing::name).into()),
        ("known", row.known.into()),
        ("token", row.wanted.as_deref().into()),
        ("git", row.git.into()),
        ("readable_by_others", mode.into()),
        ("problems", Json::Array(problems)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_as_many_cells_as_there_is_time() {
        #[rustfmt::skip]
        let cases = [
            // left    whole  want
            (100,      100,   "########"),
            (99,       100,   "########"),
            (50,       100,   "####...."),
            (51,       100,   "#####..."),
            (1,        100,   "#......."),
            (0,        100,   "........"),
            (-5,       100,   "........"),
            (200,      100,   "########"),
            (5,        0,     "########"),
            (i64::MAX, i64::MAX, "########"),
            (i64::MIN, 1,     "........"),
        ];
        for (left, whole, want) in cases {
            assert_eq!(bar(left, whole, Bars::Ascii), want, "{left} of {whole}");
        }
        assert_eq!(bar(3, 8, Bars::Blocks), "███░░░░░");
    }
}
