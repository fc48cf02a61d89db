//! Texts that hold a tree of values, JSON (with comments) and TOML, read and edited alike.
//!
//! A step is the name of a member, or the index of an element in decimal digits. Every edit
//! changes one span; what comes out is read again and compared with what was meant.

mod comments;
mod made;

use std::fmt;
use std::ops::Range;

pub use self::made::{Made, Seam, Top, is_vacant};
use super::{jsonc, shown, split_bom, toml};
use crate::error::{Code, Error};
use crate::json::{Json, MAX_DEPTH};

/// How a tree is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON; comments and trailing commas are kept where they are.
    Json,
    /// TOML.
    Toml,
}

/// How much of a missing path an edit may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// The value and the object right around it.
    Around,
    /// Every object on the way, and the document itself.
    All,
}

/// Which end of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// One edit of a tree.
#[derive(Clone, PartialEq, Eq)]
pub enum Change {
    /// Puts a value there, in place of what is there or as a new last member, written as the
    /// members around it are. `null` on the way counts as missing.
    Set {
        /// Where.
        at: Vec<String>,
        /// What.
        value: Json,
        /// What of the path may be made.
        make: Make,
    },
    /// Puts a value behind the last element of an array; the array, and what is around it, is
    /// made where it is missing.
    Append {
        /// Where the array is.
        at: Vec<String>,
        /// The element.
        value: Json,
    },
    /// The same in front of the first element, so that all that is there stays as it is written.
    Prepend {
        /// Where the array is.
        at: Vec<String>,
        /// The element.
        value: Json,
    },
    /// Takes out a member, or an element; nothing there, nothing changes.
    Remove {
        /// Where.
        at: Vec<String>,
    },
}

/// Where only: the value may be a token.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, at) = match self {
            Self::Set { at, .. } => ("Set", at),
            Self::Append { at, .. } => ("Append", at),
            Self::Prepend { at, .. } => ("Prepend", at),
            Self::Remove { at } => ("Remove", at),
        };
        write!(f, "{kind}({})", pointer(at))
    }
}

impl Format {
    /// The value at these steps; `None` when nothing is there. Errors name line and column.
    ///
    /// Numbers keep their text, as do dates and times of TOML, which are strings here. A name
    /// on the way that its object has twice is an error.
    pub fn get(self, text: &str, at: &[String]) -> Result<Option<Json>, Error> {
        self.value(split_bom(text).1, at)
    }

    /// The text after some edits, one after the other. An edit whose value is there already
    /// changes nothing.
    ///
    /// Refused, with line and column: what is not understood completely, an object on the way
    /// that has any name twice, a value on the way that can have no members.
    pub fn apply(self, text: &str, changes: &[Change]) -> Result<String, Error> {
        let (bom, body) = split_bom(text);
        let body = changes
            .iter()
            .try_fold(body.to_owned(), |body, change| self.one(&body, change))?;
        Ok(format!("{bom}{body}"))
    }

    fn one(self, body: &str, change: &Change) -> Result<String, Error> {
        if change.depth() > MAX_DEPTH {
            let what = format!("an edit nests no deeper than {MAX_DEPTH}");
            return Err(Error::new(Code::PlaceInvalid, what));
        }
        if let Change::Set { at, value, .. } = change
            && self.value(body, at)?.as_ref() == Some(value)
        {
            return Ok(body.to_owned());
        }
        if let Change::Remove { at } = change
            && at.is_empty()
        {
            let what = "the whole document cannot be taken out of itself";
            return Err(Error::new(Code::PlaceInvalid, what));
        }
        let before = self.value(body, &[])?;
        let after = match (self, change) {
            (Self::Json, Change::Set { at, value, make }) => jsonc::set(body, at, value, *make),
            (Self::Toml, Change::Set { at, value, make }) => toml::set(body, at, value, *make),
            (Self::Json, Change::Append { at, value }) => jsonc::add(body, at, value, End::Last),
            (Self::Toml, Change::Append { at, value }) => toml::add(body, at, value, End::Last),
            (Self::Json, Change::Prepend { at, value }) => jsonc::add(body, at, value, End::First),
            (Self::Toml, Change::Prepend { at, value }) => toml::add(body, at, value, End::First),
            (_, Change::Remove { at }) => self.removed(body, at),
        }?;
        match change {
            Change::Remove { at } => self.lacks(&after, before, at)?,
            _ => self.holds(&after, change.wanted(before).as_ref())?,
        }
        Ok(after)
    }

    fn value(self, body: &str, at: &[String]) -> Result<Option<Json>, Error> {
        match self {
            Self::Json => jsonc::value(body, at),
            Self::Toml => toml::value(body, at),
        }
    }

    fn removed(self, body: &str, at: &[String]) -> Result<String, Error> {
        match self {
            Self::Json => jsonc::remove(body, at),
            Self::Toml => toml::remove(body, at),
        }
    }

    /// Where a member or element is, with its name, and where its value is.
    fn spans(self, body: &str, at: &[String]) -> Result<Option<Spans>, Error> {
        match self {
            Self::Json => jsonc::spans(body, at),
            Self::Toml => toml::spans(body, at),
        }
    }

    /// Reads an edited text again: it holds what was meant, and nothing else.
    fn holds(self, body: &str, want: Option<&Json>) -> Result<(), Error> {
        let there = self.value(body, &[]);
        let fine = match (&there, want) {
            (Ok(Some(there)), Some(want)) => same(there, want),
            (Ok(None), None) => true,
            _ => false,
        };
        if fine {
            return Ok(());
        }
        let error = Error::new(Code::Internal, "an edit did not do what was meant");
        Err(match there {
            Err(cause) => error.source(cause),
            Ok(_) => error,
        })
    }
    /// Reads an edited text again: nothing is gone but what is there.
    ///
    /// A table of TOML that is only named in the headers of others goes with the last of them.
    fn lacks(self, body: &str, root: Option<Json>, at: &[String]) -> Result<(), Error> {
        let Some((name, above)) = at.split_last() else {
            return self.holds(body, None);
        };
        let want = without(root, above, name);
        let holds = self.holds(body, want.as_ref());
        let is_empty = match want.as_ref().and_then(|root| find(root, above)) {
            Some(Json::Object(members)) => members.is_empty(),
            Some(Json::Array(items)) => items.is_empty(),
            _ => false,
        };
        if holds.is_err() && self == Self::Toml && is_empty && !above.is_empty() {
            return self.lacks(body, want, above);
        }
        holds
    }
}

/// Where something is with its name, and where its value is; none where it is in pieces.
pub(super) struct Spans {
    pub(super) whole: Range<usize>,
    pub(super) value: Option<Range<usize>>,
}

impl Change {
    /// Where it is.
    pub fn at(&self) -> &[String] {
        match self {
            Self::Set { at, .. }
            | Self::Append { at, .. }
            | Self::Prepend { at, .. }
            | Self::Remove { at } => at,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::Set { at, value, .. } => at.len() + depth(value),
            Self::Append { at, value } | Self::Prepend { at, value } => at.len() + 1 + depth(value),
            Self::Remove { at } => at.len(),
        }
    }

    /// What a tree is to become.
    fn wanted(&self, before: Option<Json>) -> Option<Json> {
        match self {
            Self::Set { at, value, .. } => Some(put(before, at, value.clone())),
            Self::Append { at, value } | Self::Prepend { at, value } => {
                let mut items = match before.as_ref().and_then(|root| find(root, at)) {
                    Some(Json::Array(items)) => items.clone(),
                    _ => Vec::new(),
                };
                let index = match self {
                    Self::Prepend { .. } => 0,
                    _ => items.len(),
                };
                items.insert(index, value.clone());
                Some(put(before, at, Json::Array(items)))
            }
            Self::Remove { at } => {
                let (name, above) = at.split_last()?;
                without(before, above, name)
            }
        }
    }
}

/// How many arrays and objects are around the innermost value.
fn depth(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Json::Object(members) => {
            let values = members.iter().map(|(_, value)| depth(value));
            1 + values.max().unwrap_or_default()
        }
        _ => 0,
    }
}

/// The node at these steps.
fn find<'j>(root: &'j Json, at: &[String]) -> Option<&'j Json> {
    at.iter().try_fold(root, |there, step| match there {
        Json::Array(items) => items.get(index(step)?),
        _ => there.get(step),
    })
}

fn find_mut<'j>(root: &'j mut Json, at: &[String]) -> Option<&'j mut Json> {
    at.iter().try_fold(root, |there, step| match there {
        Json::Array(items) => items.get_mut(index(step)?),
        Json::Object(members) => {
            let member = members.iter_mut().find(|(name, _)| name == step);
            member.map(|(_, value)| value)
        }
        _ => None,
    })
}

/// The tree with this value there.
fn put(root: Option<Json>, at: &[String], value: Json) -> Json {
    let mut root = root.unwrap_or(Json::Null);
    let deepest = (0..=at.len())
        .rev()
        .find(|depth| find(&root, &at[..*depth]).is_some());
    let (found, rest) = at.split_at(deepest.unwrap_or_default());
    if let Some(there) = find_mut(&mut root, found) {
        match (there, rest) {
            (Json::Object(members), [name, rest @ ..]) => {
                members.push((name.clone(), nested(rest, value)));
            }
            (there, rest) => *there = nested(rest, value),
        }
    }
    root
}

/// The tree without one member or element of what is there.
fn without(root: Option<Json>, above: &[String], name: &str) -> Option<Json> {
    let mut root = root?;
    match find_mut(&mut root, above) {
        Some(Json::Object(members)) => members.retain(|(known, _)| known != name),
        Some(Json::Array(items)) => {
            if let Some(index) = index(name).filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
    Some(root)
}

/// The value inside of an object for each of the names.
pub(super) fn nested(names: &[String], value: Json) -> Json {
    names.iter().rev().fold(value, |inner, name| {
        Json::Object(vec![(name.clone(), inner)])
    })
}

/// Whether two trees are the same, but for the order of members: TOML may write one table in
/// several pieces.
fn same(one: &Json, two: &Json) -> bool {
    match (one, two) {
        (Json::Array(one), Json::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Json::Object(one), Json::Object(two)) => {
            let sorted = |members: &[(String, Json)]| {
                let mut order: Vec<usize> = (0..members.len()).collect();
                order.sort_by(|one, two| members[*one].0.cmp(&members[*two].0));
                order
            };
            one.len() == two.len()
                && sorted(one).into_iter().zip(sorted(two)).all(|(at, of)| {
                    let ((name, one), (other, two)) = (&one[at], &two[of]);
                    name == other && same(one, two)
                })
        }
        _ => one == two,
    }
}

/// An array index as RFC 6901 section 4 writes it: no sign, no leading zero. `-`, the element
/// after the last one, is never there.
pub(super) fn index(step: &str) -> Option<usize> {
    let digits = step.bytes().all(|b| b.is_ascii_digit());
    let canonical = step == "0" || !step.starts_with('0');
    (digits && canonical).then(|| step.parse().ok())?
}

/// The steps as an RFC 6901 pointer.
pub fn pointer(at: &[String]) -> String {
    let escaped = |step: &String| format!("/{}", step.replace('~', "~0").replace('/', "~1"));
    at.iter().map(escaped).collect()
}

/// The error for a path of which more is missing than may be made.
pub(super) fn missing(found: &[String], name: &str) -> Error {
    let last = found.last().map_or("the document".to_owned(), |name| {
        format!("`{}`", shown(name))
    });
    let what = format!("nothing is there: {last} has no member `{}`", shown(name));
    Error::new(Code::PlaceMissing, what).hint("`--force` makes every object on the way")
}

#[cfg(test)]
mod tests;
