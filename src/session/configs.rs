//! Every config of every client, found once a run: whose entry a place is, and how it is written
//! most shortly.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::clients::Holder;
use super::{Session, clients};
use crate::client::{self, Client, Config};
use crate::error::Error;
use crate::place::{self, Place, Scope};
use crate::report::masked;

/// The configs of this person in this project.
pub(crate) struct Configs {
    all: Vec<Config>,
    /// Which of them may be at a path, with links in it or without.
    at: HashMap<PathBuf, Vec<usize>>,
    /// The names in them, of the clients that were asked for.
    holders: RefCell<HashMap<&'static str, Rc<Vec<Holder>>>>,
    cwd: PathBuf,
    home: Option<PathBuf>,
}

/// A client that reads an entry.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Reader {
    /// Its name.
    pub(crate) client: &'static str,
    /// The scope of the config.
    pub(crate) scope: Scope,
    /// The name of the entry, where it is in one.
    pub(crate) server: Option<String>,
}

impl Configs {
    pub(crate) fn of(session: &mut Session<'_, '_>) -> Self {
        let all: Vec<Config> = client::ALL
            .iter()
            .flat_map(|client| clients::configs(client, session))
            .collect();
        let (indices, paths): (Vec<usize>, Vec<PathBuf>) = all
            .iter()
            .enumerate()
            .flat_map(|(index, config)| config.paths.iter().map(move |path| (index, path.clone())))
            .unzip();
        let real = session.host.files.all_lead_to(&paths);
        let mut at: HashMap<PathBuf, Vec<usize>> = HashMap::new();
        for ((index, path), real) in indices.into_iter().zip(paths).zip(real) {
            for path in [Some(path), real.ok()].into_iter().flatten() {
                let known = at.entry(path).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        Self {
            all,
            at,
            holders: RefCell::default(),
            cwd: session.host.facts.cwd.clone(),
            home: session.host.facts.dirs.home.clone(),
        }
    }

    /// All of them, client by client.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Config> {
        self.all.iter()
    }

    /// Those that may be at a path.
    pub(crate) fn at(&self, path: &Path) -> impl Iterator<Item = &Config> {
        let indices = self.at.get(path).into_iter().flatten();
        indices.map(|&index| &self.all[index])
    }

    /// Every client in whose entry a place of the ledger is.
    pub(crate) fn readers(&self, place: &Place) -> Vec<Reader> {
        let Some((path, at)) = place.node() else {
            return Vec::new();
        };
        let reader = |config: &Config| {
            let server = config.servers.iter().find_map(|map| {
                let rest = at.strip_prefix(&map[..])?;
                // The value is in the entry, not the entry.
                (rest.len() > 1).then(|| rest[0].clone())
            })?;
            Some(Reader {
                client: config.client?.name,
                scope: config.scope,
                server: Some(server),
            })
        };
        self.at(Path::new(path)).filter_map(reader).collect()
    }

    /// How a place of the ledger is written most shortly: as an entry of a client, where it is a
    /// value of one and that name means it; else with the path as it is from here.
    pub(crate) fn shortest(&self, place: &Place, session: &mut Session<'_, '_>) -> Place {
        let path = Path::new(place.path().unwrap_or_default());
        let mut readers = self.readers(place).into_iter();
        let entry = readers.find_map(|reader| {
            let server = reader.server?;
            let holders = self.holders(reader.client, session)?;
            // A scope that comes first needs no name; another one always has its own.
            let is_first = self.first(reader.client) == Some(reader.scope);
            let scopes = [None, Some(reader.scope)].into_iter();
            let mut scopes = scopes.skip(usize::from(!is_first));
            let scope = scopes.find(|scope| clients::means(&holders, (*scope, &server), path))?;
            Some(Place::Entry {
                client: reader.client.to_owned(),
                scope,
                server,
            })
        });
        entry.unwrap_or_else(|| self.near(place))
    }

    /// The configs of a client with the names in them, read once.
    fn holders(
        &self,
        client: &'static str,
        session: &mut Session<'_, '_>,
    ) -> Option<Rc<Vec<Holder>>> {
        let known = self.holders.borrow().get(client).cloned();
        if known.is_some() {
            return known;
        }
        let found = Rc::new(clients::holders(client::find(client)?, session));
        self.holders.borrow_mut().insert(client, Rc::clone(&found));
        Some(found)
    }

    /// The scope that is meant first where a place of this client names none.
    fn first(&self, client: &str) -> Option<Scope> {
        let is_of = |config: &&Config| config.client.is_some_and(|one| one.name == client);
        self.all.iter().find(is_of).map(|config| config.scope)
    }

    /// The same place, its path as it is written from here.
    pub(crate) fn near(&self, place: &Place) -> Place {
        match place.path() {
            Some(path) => place.with_path(self.short(Path::new(path))),
            None => place.clone(),
        }
    }

    /// What is wrong in the file at a path, with its name.
    pub(crate) fn named(&self, path: &Path, error: Error) -> Error {
        let message = masked(&format!("`{}`: {}", self.short(path), error.message));
        let hint = error.hint.as_deref().map(masked);
        let error = Error {
            message,
            hint,
            ..error
        };
        error.at(path.to_string_lossy())
    }

    /// A path as it is written from here: below the working directory, below `~/`, or in full.
    pub(crate) fn short(&self, path: &Path) -> String {
        place::contract(path, &self.cwd, self.home.as_deref())
            .unwrap_or_else(|| path.to_string_lossy().into_owned())
    }
}

/// Where a client is in the table; those that are in none come last.
pub(crate) fn rank(client: Option<&str>) -> usize {
    let is_it = |known: &&'static Client| Some(known.name) == client;
    let found = client::ALL.iter().position(is_it);
    found.unwrap_or(client::ALL.len())
}
