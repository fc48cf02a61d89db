//! The text of a manifest to what it means, or to all that is wrong with it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike};

use super::keys::{Key, Kind, MANIFEST, TOKEN, nearest};
use super::values::{about, duration, instant, lifetime, mistyped, name, scopes, text, texts};
use super::{Git, Manifest};
use crate::error::{Code, Error, Errors, Gather};
use crate::key::{Algorithm, Encoding};
use crate::place::{self, IsClient, Place, shown, split_bom};
use crate::time;

/// Reads a manifest. Every problem begins with its line; a value is never repeated, since what
/// stands where a place should may be the secret itself.
pub fn read(text: &str, is_client: IsClient) -> Result<Manifest, Errors> {
    let (_, text) = split_bom(text);
    let mut reader = Reader {
        ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        is_client,
        problems: Vec::new(),
        taken: Vec::new(),
    };
    let manifest = match Document::parse(text) {
        Ok(document) => reader.manifest(document.as_table()),
        Err(error) => {
            let line = reader.line(error.span());
            // The first line only: the others would repeat the text.
            let what = error.message().lines().next().unwrap_or("it is not TOML");
            reader.wrong(line, invalid(what));
            Manifest::default()
        }
    };
    let mut problems = reader.problems;
    problems.sort_by_key(|(line, _)| *line);
    let mut gather = Gather::default();
    for (_, problem) in problems {
        gather.add(problem);
    }
    gather.done().map(|()| manifest)
}

/// A problem that has no line yet.
pub(super) fn invalid(what: impl Into<String>) -> Error {
    Error::new(Code::ManifestInvalid, what)
}

pub(super) struct Reader {
    /// Where each line ends.
    ends: Vec<usize>,
    pub(super) is_client: IsClient,
    /// Each with its line.
    problems: Vec<(usize, Error)>,
    /// Every place that is something's own, with what that is and its line.
    pub(super) taken: Vec<(Place, String, usize)>,
}

/// A table of the manifest.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) table: &'a dyn TableLike,
    pub(super) keys: &'static [Key],
    /// What it is called in a message.
    pub(super) what: &'static str,
    pub(super) line: usize,
}

/// A value, and the line it is at.
pub(super) type Found<'a> = (&'a Item, usize);

impl Reader {
    /// The line of a span, from 1.
    pub(super) fn line(&self, span: Option<Range<usize>>) -> usize {
        let start = span.map_or(0, |span| span.start);
        self.ends.partition_point(|end| *end < start) + 1
    }

    pub(super) fn wrong(&mut self, line: usize, error: Error) {
        let message = format!("line {line}: {}", error.message);
        let problem = Error {
            code: Code::ManifestInvalid,
            message,
            ..error
        };
        self.problems.push((line, problem));
    }

    fn manifest(&mut self, table: &dyn TableLike) -> Manifest {
        let top = Section {
            table,
            keys: MANIFEST,
            what: "the manifest",
            line: 1,
        };
        self.unknown_keys(top);
        let manifest = Manifest {
            name: self.take(top, "name", name),
            iss: self.take(top, "iss", text),
            aud: self.take(top, "aud", texts),
            alg: self
                .word(top, "alg")
                .and_then(|word| Algorithm::from_name(&word)),
            ttl: self.take(top, "ttl", lifetime),
            refresh_before: self.take(top, "refresh-before", duration),
            helper_ttl: self.take(top, "helper-ttl", lifetime),
            key: self.own_place(top, "key"),
            key_encoding: self
                .word(top, "key-encoding")
                .and_then(|word| Encoding::from_name(&word)),
            previous: self.own_place(top, "previous"),
            next: self.own_place(top, "next"),
            previous_until: self.take(top, "previous-until", instant),
            revoked: self.own_place(top, "revoked"),
            jwks: self.own_place(top, "jwks"),
            git: match self.word(top, "git").as_deref() {
                Some("allow") => Git::Allow,
                _ => Git::Refuse,
            },
            roles: self.roles(top),
            tokens: self.tokens(top),
        };
        self.together(top, &manifest);
        manifest
    }

    /// What is wrong only with several values side by side.
    fn together(&mut self, top: Section<'_>, manifest: &Manifest) {
        if let (Some(before), Some(line)) =
            (manifest.refresh_before, self.line_of(top, "refresh-before"))
        {
            let too_long = |ttl: i64| {
                invalid(format!(
                    "`refresh-before` is {}, which is not below a ttl of {}",
                    time::exact(before),
                    time::exact(ttl)
                ))
                .hint("each run would renew such a token again: make the one shorter or the other longer")
            };
            let ttl = manifest.ttl.unwrap_or(super::TTL);
            let own = manifest.tokens.iter().filter_map(|token| token.ttl);
            if let Some(ttl) = std::iter::once(ttl).chain(own).find(|ttl| before >= *ttl) {
                self.wrong(line, too_long(ttl));
            }
        }
        let mut names: HashMap<&str, usize> = HashMap::new();
        for token in &manifest.tokens {
            let first = *names.entry(&token.name).or_insert(token.line);
            if first != token.line {
                let error = invalid(format!(
                    "a second token is named `{}`, as the one in line {first}",
                    token.name
                ));
                self.wrong(token.line, error.hint("give each a `name` of its own"));
            }
            if let Some(role) = &token.role
                && !manifest.roles.is_empty()
                && manifest.roles.iter().all(|(name, _)| name != role)
            {
                let names = manifest.roles.iter().map(|(name, _)| name.as_str());
                let error = invalid(format!("`[roles]` has no role `{}`", shown(role)));
                let hint = told_nearest(role, names);
                self.wrong(token.line, error.hint(hint));
            }
        }
        self.shared_places();
    }

    /// A place that two things would write, or that is a key and a token at once.
    fn shared_places(&mut self) {
        let taken = std::mem::take(&mut self.taken);
        let mut first = First::default();
        for (place, what, line) in &taken {
            if let Some((other, first)) = first.of(place, (what, *line)) {
                let error = invalid(format!(
                    "{what} is at the same place as {other} in line {first}"
                ));
                self.wrong(*line, error.hint("give each a place of its own"));
            }
        }
    }

    pub(super) fn unknown_keys(&mut self, section: Section<'_>) {
        for (key, item) in section.table.iter() {
            if section.keys.iter().any(|known| known.name == key) {
                continue;
            }
            let line = self.line_of(section, key);
            let line = line.unwrap_or_else(|| self.line(item.span()));
            let error = invalid(format!("{} has no key `{}`", section.what, shown(key)));
            self.wrong(line, error.hint(hint_for(key, section)));
        }
    }

    /// The line of a key of a table, where it has it.
    pub(super) fn line_of(&self, section: Section<'_>, name: &str) -> Option<usize> {
        let (key, item) = section.table.get_key_value(name)?;
        Some(self.line(key.span().or_else(|| item.span())))
    }

    pub(super) fn find<'a>(&self, section: Section<'a>, name: &str) -> Option<Found<'a>> {
        debug_assert!(section.keys.iter().any(|key| key.name == name), "{name}");
        let item = section.table.get(name).filter(|item| !item.is_none())?;
        Some((item, self.line_of(section, name)?))
    }

    /// The value of a key, read by `read`; what is wrong with it is told.
    pub(super) fn take<T>(
        &mut self,
        section: Section<'_>,
        name: &str,
        read: fn(&Item) -> Result<T, Error>,
    ) -> Option<T> {
        let (item, line) = self.find(section, name)?;
        match read(item) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(line, about(name, error));
                None
            }
        }
    }

    /// One of the words that the key's row has.
    pub(super) fn word(&mut self, section: Section<'_>, name: &str) -> Option<String> {
        let row = section.keys.iter().find(|key| key.name == name)?;
        let Kind::Word(words) = row.kind else {
            return None;
        };
        let typed = self.take(section, name, text)?;
        let words = words();
        if words.contains(&typed.as_str()) {
            return Some(typed);
        }
        let line = self.line_of(section, name).unwrap_or(section.line);
        let error = invalid(format!("`{name}` has another value than those it can have"));
        let hint = match nearest(&typed, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("one of `{}`", words.join("`, `")),
        };
        self.wrong(line, error.hint(hint));
        None
    }

    pub(super) fn place(&mut self, section: Section<'_>, name: &str) -> Option<(Place, usize)> {
        let typed = self.take(section, name, text)?;
        let line = self.line_of(section, name).unwrap_or(section.line);
        match self.parsed(&typed) {
            Ok(place) => Some((place, line)),
            Err(error) => {
                self.wrong(line, of_place(name, error));
                None
            }
        }
    }

    pub(super) fn parsed(&self, text: &str) -> Result<Place, Error> {
        match place::parse(text, self.is_client)? {
            Place::Std => Err(invalid(
                "standard input and output are no place of a manifest",
            )),
            place => Ok(place),
        }
    }

    /// A place of the manifest itself: of a key, or of a list that is kept.
    fn own_place(&mut self, top: Section<'_>, name: &'static str) -> Option<Place> {
        let (place, line) = self.place(top, name)?;
        let refusal = match (&place, name) {
            (Place::Entry { .. } | Place::Mcp { .. }, _) => {
                Some("is a server entry of a client, which holds tokens only")
            }
            (Place::Env(_) | Place::Command(_), "revoked" | "jwks" | "next") => {
                Some("has to be written, and this place can only be read")
            }
            (Place::File(_), "revoked") => None,
            (_, "revoked") => Some("is a list, which fills a file of its own"),
            _ => None,
        };
        if let Some(why) = refusal {
            let error = invalid(format!("`{name}` {why}"));
            self.wrong(line, error.hint("such as `file:PATH`"));
            return None;
        }
        self.taken.push((place.clone(), format!("`{name}`"), line));
        Some(place)
    }

    fn roles(&mut self, top: Section<'_>) -> Vec<(String, Vec<String>)> {
        let Some((item, line)) = self.find(top, "roles") else {
            return Vec::new();
        };
        let Some(table) = item.as_table_like() else {
            let error = mistyped(
                "roles",
                item,
                "a table",
                "`[roles]`, and a list of scopes for each role",
            );
            self.wrong(line, error);
            return Vec::new();
        };
        let mut roles = Vec::new();
        for (role, item) in table.iter() {
            let span = table.key(role).and_then(toml_edit::Key::span);
            let line = self.line(span.or_else(|| item.span()));
            if item.is_array() {
                match scopes(item) {
                    Ok(scopes) => roles.push((role.to_owned(), scopes)),
                    Err(error) => self.wrong(line, about(role, error)),
                }
                continue;
            }
            let hint = if MANIFEST.iter().any(|key| key.name == role) {
                above(role)
            } else {
                "such as `[\"index:read\", \"search:read\"]`".to_owned()
            };
            let error = mistyped(role, item, "a list of scopes", &hint);
            self.wrong(line, error);
        }
        roles
    }
}

/// What is wrong with the place that a key names.
pub(super) fn of_place(key: &str, error: Error) -> Error {
    let message = format!("`{key}`: {}", error.message);
    Error { message, ..error }
}

/// What to do about a key that is unknown.
fn hint_for(key: &str, section: Section<'_>) -> String {
    let of = |keys: &[Key]| keys.iter().any(|known| known.name == key);
    let is = |keys: &[Key]| std::ptr::eq(section.keys, keys);
    if is(TOKEN) && of(MANIFEST) {
        return above(key);
    }
    if !is(TOKEN) && of(TOKEN) {
        return format!("`{key}` is a key of a `[[token]]`");
    }
    told_nearest(key, section.keys.iter().map(|known| known.name))
}

/// TOML gives a key to the last table that was begun.
fn above(key: &str) -> String {
    format!("if it is the manifest's own `{key}`, write it above the first `[..]`")
}

fn told_nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str> + Clone) -> String {
    match nearest(typed, names.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("it can be `{}`", names.collect::<Vec<_>>().join("`, `")),
    }
}

/// What is at a place, and its line.
type Owner<'m> = (&'m String, usize);

/// What came first to each place. Two places cannot hold two things where they are one, or one is
/// the whole file of the other.
#[derive(Default)]
struct First<'m> {
    /// By file, of places that are all of it.
    whole: HashMap<PathBuf, Owner<'m>>,
    /// By file.
    any: HashMap<PathBuf, Owner<'m>>,
    /// By file and what of it.
    part: HashMap<(PathBuf, Option<&'m str>), Owner<'m>>,
    /// By the text of a place that is in no file.
    other: HashMap<String, Owner<'m>>,
}

impl<'m> First<'m> {
    /// Whose a place is already; else it is this one's from now on.
    fn of(&mut self, place: &'m Place, owner: Owner<'m>) -> Option<Owner<'m>> {
        let Some(file) = file(place) else {
            return taken(&mut self.other, place.to_string(), owner);
        };
        let there = if matches!(place, Place::File(_)) {
            taken(&mut self.whole, file.clone(), owner);
            self.any.get(&file).copied()
        } else {
            let part = taken(&mut self.part, (file.clone(), within(place)), owner);
            let whole = self.whole.get(&file).copied();
            [whole, part]
                .into_iter()
                .flatten()
                .min_by_key(|(_, line)| *line)
        };
        self.any.entry(file).or_insert(owner);
        there
    }
}

/// What has a key already; else it is this one's from now on.
fn taken<'m, K: Eq + Hash>(
    known: &mut HashMap<K, Owner<'m>>,
    key: K,
    owner: Owner<'m>,
) -> Option<Owner<'m>> {
    match known.entry(key) {
        Entry::Occupied(there) => Some(*there.get()),
        Entry::Vacant(free) => {
            free.insert(owner);
            None
        }
    }
}

/// The file of a place, as far as its text tells which one it is.
fn file(place: &Place) -> Option<PathBuf> {
    let (Place::File(path)
    | Place::Dotenv { path, .. }
    | Place::Json { path, .. }
    | Place::Toml { path, .. }
    | Place::Mcp { path, .. }) = place
    else {
        return None;
    };
    place::expand(path, Path::new("/"), Some(Path::new("~"))).ok()
}

/// What of its file a place is.
fn within(place: &Place) -> Option<&str> {
    match place {
        Place::Dotenv { name: at, .. }
        | Place::Json { pointer: at, .. }
        | Place::Toml { key: at, .. }
        | Place::Mcp { server: at, .. } => Some(at),
        _ => None,
    }
}
