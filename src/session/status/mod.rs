//! Every token that is known of or found: where it is, who reads it there, who else could.

mod past;
mod row;
mod scan;
mod wanted;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use self::past::Past;
use super::configs::{self, Configs, Reader};
use super::manifest::Loaded;
use super::places::{self, Value};
use super::shelf::{Seen, Shelf};
use super::{Session, ledger};
use crate::client::{self, Config, Reference, Sight, Slot};
use crate::error::{Code, Error};
use crate::host::Kept;
use crate::json::Json;
use crate::key::KeySet;
use crate::manifest::Token;
use crate::place::tree::Format;
use crate::place::{Place, dotenv};
use crate::report;
use crate::secret::Secret;
use crate::state::ledger::{Brief, Ledger, Record};
use crate::state::revocations::Revocations;
use crate::token;

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'k> {
    /// How far it is looked.
    pub(crate) reach: Reach,
    /// Whose signatures are ours; nothing where there is no key.
    pub(crate) keys: Option<&'k KeySet>,
    /// What was revoked.
    pub(crate) revoked: &'k Revocations,
    /// As of when.
    pub(crate) now: i64,
    /// What ends within so many seconds ends soon.
    pub(crate) within: i64,
}

/// How far it is looked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Into the places of the ledger and the manifest.
    Known,
    /// Into the config of every known client too.
    Machine,
}

/// A place with a token, or with what stands for one, or where one should be.
struct Spot<'l> {
    /// As the ledger keeps it.
    place: Place,
    /// As it is written most shortly.
    shown: Place,
    /// Every client that reads it, the one to name first.
    readers: Vec<Reader>,
    held: Held,
    /// Its file.
    path: Option<PathBuf>,
    /// The mode of the file, where others can read it.
    loose: Option<u32>,
    /// What git does with the file.
    kept: Option<Kept>,
    /// What the ledger says was put there.
    record: Option<&'l Record>,
    /// The token of the manifest that belongs there.
    wanted: Option<&'l Token>,
}

/// Why a place is looked at.
#[derive(Clone, Copy)]
enum Source<'l> {
    Ledger(&'l Record),
    Manifest {
        token: &'l Token,
        /// The mode that its file is to have, where that is said.
        file_mode: Option<u32>,
    },
    Scan,
}

/// What was found at a place.
struct Find<'l> {
    held: Held,
    path: Option<PathBuf>,
    source: Source<'l>,
}

/// What is at a place.
enum Held {
    /// A token, whole or cut.
    Token {
        token: Secret,
        /// Whether there is nothing beside it but a scheme.
        is_alone: bool,
    },
    /// What stands for one.
    Reference(Reference),
    /// Something else; what is no text is empty here.
    Other(Secret),
    /// Nothing any more.
    Nothing,
    /// It cannot be read, which is among the errors.
    Unread,
}

impl Held {
    /// Whether another look at the same place that found this tells nothing new.
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Token { token, .. }, Self::Token { token: other, .. }) => token == other,
            (_, Self::Token { .. }) => false,
            _ => true,
        }
    }
}

/// Looks at every place that is known, and where it is asked for at every config. What could not
/// be looked at comes beside.
pub(crate) fn survey(
    ask: Ask<'_>,
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> (Vec<report::Row>, Vec<Error>) {
    let mut wants = |it: &Brief<'_>| it.is_of_places() || it.is_of_rotation();
    let (ledger, unread) = match ledger::read(&mut wants, session) {
        Ok(ledger) => (ledger, None),
        Err(error) => (Ledger::default(), Some(error)),
    };
    let mut look = Look {
        configs: Configs::of(session),
        shelf: Shelf::default(),
        spots: Vec::new(),
        known: HashMap::new(),
        linked: HashMap::new(),
    };
    look.shelf.errors.extend(unread);
    for one in ledger.installed() {
        match places::parse(one.place) {
            Ok(place) => look.known_place(place, Source::Ledger(one.record), session),
            Err(error) => look.shelf.errors.push(error),
        }
    }
    if let Some(loaded) = loaded {
        look.wanted(loaded, session);
    }
    if ask.reach == Reach::Machine {
        look.machine(session);
    }
    look.name();
    if let Err(error) = judge(&mut look.spots, session) {
        look.shelf.errors.push(error);
    }
    let past = Past {
        signed: past::signed(&look.spots, ask, session),
        retired: ledger.retired(ask.now),
    };
    let spots = look.spots.into_iter();
    let rows = spots.map(|spot| row::of(spot, ask, &past)).collect();
    (rows, look.shelf.errors)
}

struct Look<'l> {
    configs: Configs,
    shelf: Shelf,
    spots: Vec<Spot<'l>>,
    /// Which spots a place is: of several tokens in it each is one.
    known: HashMap<String, Vec<usize>>,
    /// The same of a place of the ledger or the manifest, by the number of its file.
    linked: HashMap<((u64, u64), String), Vec<usize>>,
}

impl<'l> Look<'l> {
    /// A place of the ledger, or of the manifest where that names no entry.
    fn known_place(&mut self, place: Place, source: Source<'l>, session: &mut Session<'_, '_>) {
        let path = match &place {
            Place::File(path)
            | Place::Dotenv { path, .. }
            | Place::Json { path, .. }
            | Place::Toml { path, .. } => Some(path),
            _ => None,
        };
        let path = path.map(PathBuf::from);
        let held = match &path {
            Some(path) => self.in_file(&place, path, session),
            None => self.elsewhere(&place, session),
        };
        let held = match (held, source) {
            (Held::Other(text), Source::Ledger(record)) => recorded(&place, text, record),
            (held, _) => held,
        };
        let readers = self.configs.readers(&place);
        self.add(place, readers, Find { held, path, source }, session);
    }

    fn in_file(&mut self, place: &Place, path: &Path, session: &mut Session<'_, '_>) -> Held {
        let at = || place.node().map(|(_, at)| at).unwrap_or_default();
        let seen = match place {
            Place::Dotenv { name, .. } => {
                let file = self.shelf.text(path, session);
                file.map(|file| variable(file, name))
            }
            Place::Json { .. } => {
                let root = self.shelf.tree(path, Format::Json, session);
                root.map(|root| Ok(node(root, &at())))
            }
            Place::Toml { .. } => {
                let root = self.shelf.tree(path, Format::Toml, session);
                root.map(|root| Ok(node(root, &at())))
            }
            _ => self.shelf.text(path, session).map(|file| Ok(held(file))),
        };
        match seen {
            Seen::Absent => Held::Nothing,
            Seen::Broken => Held::Unread,
            Seen::There(Ok(Held::Other(text))) => {
                let reference = self.reference(path, &at(), session);
                reference.map_or(Held::Other(text), Held::Reference)
            }
            Seen::There(Ok(held)) => held,
            Seen::There(Err(error)) => {
                self.shelf.errors.push(unread(place, error));
                Held::Unread
            }
        }
    }

    /// What is no token may stand for one, to a client whose config the file is.
    fn reference(
        &mut self,
        path: &Path,
        at: &[String],
        session: &mut Session<'_, '_>,
    ) -> Option<Reference> {
        let configs: Vec<Config> = self.configs.at(path).cloned().collect();
        for config in configs {
            let Seen::There(root) = self.shelf.tree(path, config.format, session) else {
                continue;
            };
            let found = client::sights(&config, root, client::Reach::Everywhere)
                .into_iter()
                .flat_map(|sight| sight.references)
                .find(|reference| reference.at == at);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A place that is no file.
    fn elsewhere(&mut self, place: &Place, session: &mut Session<'_, '_>) -> Held {
        let other = || Held::Other(Secret::from(""));
        match places::read(place, session).map(|reading| reading.value) {
            Ok(Value::Absent) => Held::Nothing,
            Ok(Value::One(value)) => value.expose_str().map_or_else(other, held),
            Ok(Value::Several(_)) => other(),
            Err(error) => {
                self.shelf.errors.push(unread(place, error));
                Held::Unread
            }
        }
    }

    /// The tokens of a server entry, of all or of this variable or header, and what stands for
    /// one; says whether there is any.
    fn entry(
        &mut self,
        sight: &Sight,
        (config, path): (&Config, &Path),
        (source, name): (Source<'l>, Option<&str>),
        session: &mut Session<'_, '_>,
    ) -> bool {
        let reader = config.client.map(|client| Reader {
            client: client.name,
            scope: config.scope,
            server: Some(sight.name.clone()),
        });
        let readers = Vec::from_iter(reader);
        let texts = sight.texts.iter();
        let texts = texts.filter(|slot| name.is_none_or(|name| fills(slot, name)));
        let tokens = texts.flat_map(|slot| tokens(&slot.value).map(|held| (&slot.at, held)));
        let references = sight.references.iter().filter(|reference| {
            let fills = reference.fills.as_ref().zip(name);
            fills.is_none_or(|(fills, name)| fills.eq_ignore_ascii_case(name))
        });
        let references = references.map(|reference| {
            let held = Held::Reference(reference.clone());
            (&reference.at, held)
        });
        let mut is_any = false;
        for (at, held) in tokens.chain(references) {
            is_any = true;
            let place = Place::of_node(config.format, path.to_string_lossy().into_owned(), at);
            let path = Some(path.to_owned());
            let find = Find { held, path, source };
            self.add(place, readers.clone(), find, session);
        }
        is_any
    }

    /// Adds a spot, or to one that is known already.
    fn add(
        &mut self,
        place: Place,
        readers: Vec<Reader>,
        Find { held, path, source }: Find<'l>,
        session: &mut Session<'_, '_>,
    ) {
        let (record, wanted, file_mode) = match source {
            Source::Ledger(record) => (Some(record), None, None),
            Source::Manifest { token, file_mode } => (None, Some(token), file_mode),
            Source::Scan => (None, None, None),
        };
        let is_open = |mode: &u32| mode & 0o077 & !file_mode.unwrap_or(0) != 0;
        let key = place.to_string();
        let found = path.as_ref().map(|path| self.shelf.file(path, session));
        let (number, loose) = match found {
            Some(Seen::There(found)) => {
                let mode = Some(found.mode & 0o7777).filter(|_| !found.mounted_secret);
                (found.number, mode.filter(is_open))
            }
            _ => (None, None),
        };
        // A file may be reached by several paths.
        let node = number.map(|number| (number, place.with_path(String::new()).to_string()));
        let linked = node.as_ref().and_then(|node| self.linked.get(node));
        let known = [self.known.get(&key), linked].into_iter().flatten();
        let index = known
            .flatten()
            .copied()
            .find(|index| self.spots[*index].held.covers(&held));
        if let Some(index) = index {
            let spot = &mut self.spots[index];
            spot.wanted = spot.wanted.or(wanted);
            spot.loose = spot.loose.filter(is_open);
            if spot.place != place {
                spot.shown = self.configs.shortest(&place, session);
            }
            let has_none = spot.readers.is_empty();
            for reader in readers {
                let says_more = reader.server.is_some() || has_none;
                if says_more && !spot.readers.contains(&reader) {
                    spot.readers.push(reader);
                }
            }
            return;
        }
        let index = self.spots.len();
        self.known.entry(key).or_default().push(index);
        if let Some(node) = node.filter(|_| record.is_some() || wanted.is_some()) {
            self.linked.entry(node).or_default().push(index);
        }
        let is_outside = readers.iter().any(|reader| reader.server.is_none());
        self.spots.push(Spot {
            shown: if is_outside {
                self.configs.near(&place)
            } else {
                self.configs.shortest(&place, session)
            },
            place,
            readers,
            loose: loose.filter(|_| matches!(held, Held::Token { .. } | Held::Other(_))),
            held,
            path,
            kept: None,
            record,
            wanted,
        });
    }

    /// Orders the spots by client, and gives those the longer name whose short one is not theirs
    /// alone.
    fn name(&mut self) {
        self.spots.sort_by_key(|spot| {
            let reader = spot.readers.first();
            (
                configs::rank(reader.map(|reader| reader.client)),
                reader.map(|reader| reader.scope),
            )
        });
        let mut shown: HashMap<String, usize> = HashMap::new();
        for spot in &self.spots {
            *shown.entry(spot.shown.to_string()).or_default() += 1;
        }
        for spot in &mut self.spots {
            if shown[&spot.shown.to_string()] > 1 {
                spot.shown = self.configs.near(&spot.place);
            }
        }
    }
}

fn unread(place: &Place, error: Error) -> Error {
    let message = format!("cannot read `{place}`: {}", error.message);
    Error { message, ..error }.at(place.to_string())
}

/// What a variable of a `.env` file holds.
fn variable(file: &str, name: &str) -> Result<Held, Error> {
    Ok(match dotenv::get(file, name)? {
        dotenv::Value::Absent => Held::Nothing,
        dotenv::Value::Plain(value) => held(&value),
        // A comment behind a token: the shortest reading is the one without it.
        dotenv::Value::Ambiguous(readings) => {
            let shortest = readings.iter().min_by_key(|reading| reading.len());
            shortest.map_or(Held::Nothing, |value| held(value))
        }
    })
}

/// What a node of a tree holds.
fn node(root: &Json, at: &[String]) -> Held {
    match client::walk(root, at) {
        None | Some(Json::Null) => Held::Nothing,
        Some(Json::String(value)) => held(value),
        Some(_) => Held::Other(Secret::from("")),
    }
}

/// What is no token, but was written in the place of one, stands for it: the config may be one of
/// another folder's project.
fn recorded(place: &Place, text: Secret, record: &Record) -> Held {
    let refers = record.refers.get(&place.to_string());
    let is_it = refers.is_some_and(|refers| refers.as_bytes() == text.expose());
    match place.node().zip(text.expose_str()) {
        Some(((_, at), text)) if is_it => Held::Reference(client::reference(&at, text)),
        _ => Held::Other(text),
    }
}

/// Whether a text of an entry is the variable or header of this name; the words of a bridge are
/// `Name:value`.
fn fills(slot: &Slot, name: &str) -> bool {
    let of_bridge = slot.value.split_once(':').map(|(name, _)| name.trim());
    [Some(slot.name.as_str()), of_bridge]
        .into_iter()
        .flatten()
        .any(|known| known.eq_ignore_ascii_case(name))
}

fn held(text: &str) -> Held {
    let rest = || match text.trim() {
        "" => Held::Nothing,
        _ => Held::Other(Secret::from(text)),
    };
    tokens(text).next().unwrap_or_else(rest)
}

/// Every token in a text.
fn tokens(text: &str) -> impl Iterator<Item = Held> {
    token::all_in(text).map(move |token| Held::Token {
        is_alone: token::bare(text) == token,
        token: Secret::from(token),
    })
}

/// Asks git about every file with a token in it.
fn judge(spots: &mut [Spot<'_>], session: &mut Session<'_, '_>) -> Result<(), Error> {
    let mut paths: Vec<PathBuf> = spots
        .iter()
        .filter(|spot| matches!(spot.held, Held::Token { .. }))
        .filter_map(|spot| spot.path.clone())
        .collect();
    paths.sort();
    paths.dedup();
    if paths.is_empty() {
        return Ok(());
    }
    let kept = session.host.git.judge(&paths)?;
    let kept: BTreeMap<PathBuf, Kept> = paths.into_iter().zip(kept).collect();
    let mut told = BTreeSet::new();
    for (path, kept) in &kept {
        if let Kept::Unknown(why) = kept
            && told.insert(why)
        {
            let shown = path.display();
            let what = format!("cannot tell whether git has `{shown}`: {why}");
            session.warn(Error::new(Code::GitUnknown, what).at(shown.to_string()));
        }
    }
    for spot in spots {
        if matches!(spot.held, Held::Token { .. }) {
            spot.kept = spot.path.as_ref().and_then(|path| kept.get(path).cloned());
        }
    }
    Ok(())
}
