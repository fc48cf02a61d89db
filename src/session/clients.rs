//! Configs of clients: which file of this person a place means.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Session;
use super::helper;
use super::manifest;
use super::places::{self, path_of};
use crate::client::{self, Client, Config, Kind, Lock, Paths, System, Where};
use crate::error::{Code, Error};
use crate::host::{Foreign, Found, Os};
use crate::place::{Place, Scope};
use crate::state::ledger::Installed;
use crate::token;

/// A config of a client on this machine.
pub(crate) struct Located {
    /// What it is, with the path that counts.
    pub(crate) config: Config,
    /// The path that counts: the first that exists, else the first.
    pub(crate) path: PathBuf,
    /// Its file; `None` when there is none.
    pub(crate) found: Option<Found>,
}

impl Located {
    /// The text; empty without a file.
    pub(crate) fn text(&self) -> Result<Option<&str>, Error> {
        let Some(found) = &self.found else {
            return Ok(None);
        };
        let text = found.bytes.expose_str().ok_or_else(|| {
            let shown = self.path.display();
            Error::new(
                Code::PlaceInvalid,
                format!("cannot read `{shown}`: the file is not UTF-8"),
            )
            .at(shown.to_string())
        })?;
        Ok(Some(text))
    }
}

/// The config that a place of a server entry means.
pub(crate) fn locate(place: &Place, session: &mut Session<'_, '_>) -> Result<Located, Error> {
    match place {
        Place::Entry {
            client,
            scope,
            server,
        } => entry(known(client)?, *scope, server, session),
        Place::Mcp { path, .. } => {
            let path = path_of(path, session.host)?;
            look(client::any(path), session)
        }
        _ => Err(Error::new(Code::Internal, "not a server entry")),
    }
}

fn known(name: &str) -> Result<&'static Client, Error> {
    client::find(name).ok_or_else(|| match client::closed(name) {
        Some(closed) => closed.refusal(),
        None => Error::usage(format!("there is no client `{name}`")),
    })
}

/// The places, as the ledger keeps them, that a place means for what is to be taken out. For a
/// server entry those are the ones that were installed into it, else the one of its token.
pub(crate) fn lasting(
    place: &Place,
    installed: &[Installed<'_>],
    session: &mut Session<'_, '_>,
) -> Result<Vec<Place>, Error> {
    let (Place::Mcp { server, .. } | Place::Entry { server, .. }) = place else {
        return Ok(vec![places::lasting(place, session)?]);
    };
    let located = locate(place, session)?;
    let text = located.text()?.unwrap_or_default();
    let servers = client::servers(&located.config, text)?;
    let entry = servers.iter().find(|known| known.name == *server);
    // An entry that is gone may be on record still: a run was cut off, or somebody was faster.
    let entries: Vec<Vec<String>> = if let Some(entry) = entry {
        vec![entry.at.clone()]
    } else {
        let maps = located.config.servers.iter();
        maps.map(|map| [&map[..], std::slice::from_ref(server)].concat())
            .collect()
    };
    let path = session.host.files.leads_to(&located.path)?;
    let path = path.to_string_lossy().into_owned();
    let token_file = helper::token_file(place, session).ok();
    let mut ours = Vec::new();
    for one in installed {
        // What is no place is nowhere in an entry.
        let Ok(known) = places::parse(one.place) else {
            continue;
        };
        let is_inside = |(file, at): (&str, Vec<String>)| {
            file == path && entries.iter().any(|entry| at.starts_with(entry))
        };
        // With `--mode file` the token itself is in a file of ours.
        let is_its_file =
            matches!(&known, Place::File(path) if token_file.as_deref() == Some(path.as_ref()));
        if is_its_file || known.node().is_some_and(is_inside) {
            ours.push(known);
        }
    }
    let is_empty = entry.is_none_or(|entry| {
        let is_token = |slot: &client::Slot| token::looks_like_token(&slot.value);
        matches!(entry.kind, Kind::Stdio { .. }) && !entry.values.iter().any(is_token)
    });
    if ours.is_empty() && !is_empty {
        ours.push(places::lasting(place, session)?);
    }
    Ok(ours)
}

/// Without a scope the one config that has the entry, else the user's.
fn entry(
    client: &'static Client,
    scope: Option<Scope>,
    server: &str,
    session: &mut Session<'_, '_>,
) -> Result<Located, Error> {
    let among: Vec<Config> = configs(client, session)
        .into_iter()
        .filter(|config| scope.is_none_or(|scope| config.scope == scope))
        .collect();
    if among.is_empty() {
        return Err(no_scope(client, scope, session));
    }
    let mut all: Vec<Located> = Vec::new();
    for config in among {
        let one = look(config, session)?;
        // From the home folder the config of the project is the user's.
        let is_known =
            |known: &Located| known.path == one.path && known.config.servers == one.config.servers;
        if !all.iter().any(is_known) {
            all.push(one);
        }
    }
    if all.len() == 1 {
        return Ok(all.remove(0));
    }
    let mut having = Vec::new();
    let mut broken = Vec::new();
    for (index, one) in all.iter().enumerate() {
        match has(one, server) {
            Ok(true) => having.push(index),
            Ok(false) => {}
            Err(error) => broken.push(error),
        }
    }
    match broken.pop() {
        // The entry may be in the one that cannot be read.
        Some(error) if having.is_empty() => return Err(error),
        Some(error) => {
            let meant = Place::Entry {
                client: client.name.to_owned(),
                scope: Some(all[having[0]].config.scope),
                server: server.to_owned(),
            };
            session.warn(error.hint(format!("repair it, or say which is meant: `{meant}`")));
        }
        None => {}
    }
    match meant(&having) {
        Some(index) => Ok(all.remove(index)),
        None => Err(several(
            client,
            server,
            &having.iter().map(|&index| &all[index]).collect::<Vec<_>>(),
        )),
    }
}

/// Which of several configs is meant: the one that has the entry, else the first; none where
/// several have it.
fn meant(having: &[usize]) -> Option<usize> {
    match having {
        [] => Some(0),
        [index] => Some(*index),
        _ => None,
    }
}

/// A config of a client, and the names of its entries.
pub(crate) struct Holder {
    scope: Scope,
    path: PathBuf,
    /// The same without links.
    real: PathBuf,
    servers: Vec<Vec<String>>,
    names: HashSet<String>,
}

/// Every config of a client with the names in it; in one that cannot be read there are none.
pub(crate) fn holders(client: &'static Client, session: &mut Session<'_, '_>) -> Vec<Holder> {
    let mut all: Vec<Holder> = Vec::new();
    for config in configs(client, session) {
        let Ok(one) = look(config, session) else {
            continue;
        };
        let text = one.text().ok().flatten().unwrap_or_default();
        let known = client::servers(&one.config, text).unwrap_or_default();
        let real = session.host.files.leads_to(&one.path);
        all.push(Holder {
            scope: one.config.scope,
            real: real.unwrap_or_else(|_| one.path.clone()),
            path: one.path,
            servers: one.config.servers,
            names: known.into_iter().map(|server| server.name).collect(),
        });
    }
    all
}

/// Whether a name of an entry means the one in this file.
pub(crate) fn means(all: &[Holder], (scope, server): (Option<Scope>, &str), path: &Path) -> bool {
    let mut among: Vec<&Holder> = Vec::new();
    for one in all
        .iter()
        .filter(|one| scope.is_none_or(|it| it == one.scope))
    {
        let is_known = |known: &&Holder| known.path == one.path && known.servers == one.servers;
        if !among.iter().any(is_known) {
            among.push(one);
        }
    }
    let having = among.iter().enumerate();
    let having = having.filter(|(_, one)| among.len() == 1 || one.names.contains(server));
    let having: Vec<usize> = having.map(|(index, _)| index).collect();
    let meant = meant(&having).and_then(|index| among.get(index));
    meant.is_some_and(|one| one.path == path || one.real == path)
}

fn has(one: &Located, server: &str) -> Result<bool, Error> {
    let Some(text) = one.text()? else {
        return Ok(false);
    };
    let servers = client::servers(&one.config, text).map_err(|error| {
        let shown = one.path.display();
        let message = format!("cannot read `{shown}`: {}", error.message);
        Error { message, ..error }.at(shown.to_string())
    })?;
    Ok(servers.iter().any(|known| known.name == server))
}

fn several(client: &Client, server: &str, having: &[&Located]) -> Error {
    let mut files: Vec<String> = having
        .iter()
        .map(|one| format!("`{}`", one.path.display()))
        .collect();
    files.dedup();
    let mut ways: Vec<String> = Vec::new();
    for one in having {
        let scope = one.config.scope;
        let alone = having
            .iter()
            .filter(|other| other.config.scope == scope)
            .count()
            == 1;
        let place = if alone {
            Place::Entry {
                client: client.name.to_owned(),
                scope: Some(scope),
                server: server.to_owned(),
            }
        } else {
            Place::Mcp {
                path: one.path.to_string_lossy().into_owned(),
                server: server.to_owned(),
            }
        };
        ways.push(format!("`{place}`"));
    }
    Error::new(
        Code::PlaceAmbiguous,
        format!(
            "{} has `{server}` more than once: in {}",
            client.title,
            files.join(", ")
        ),
    )
    .hint(format!("say which: {}", ways.join(" or ")))
}

fn no_scope(client: &'static Client, scope: Option<Scope>, session: &mut Session<'_, '_>) -> Error {
    let mut scopes: Vec<Scope> = configs(client, session)
        .iter()
        .map(|config| config.scope)
        .collect();
    scopes.dedup();
    let (title, name) = (client.title, client.name);
    if scopes.is_empty() {
        return Error::usage(format!(
            "{title} has no config on this system that mcpjwt knows"
        ))
        .hint("for a file of it use `mcp:PATH#SERVER`");
    }
    let ways: Vec<String> = scopes
        .iter()
        .map(|scope| format!("`{name}:{}/SERVER`", scope.name()))
        .collect();
    let asked = scope.map_or("such", Scope::name);
    Error::usage(format!("{title} has no {asked} scope on this system")).hint(ways.join(" or "))
}

fn look(config: Config, session: &mut Session<'_, '_>) -> Result<Located, Error> {
    for path in &config.paths {
        // No config is a pipe, and one in its place would keep us waiting.
        if let Some(found) = session.host.files.read_plain(path)? {
            let path = path.clone();
            return Ok(Located {
                config,
                path,
                found: Some(found),
            });
        }
    }
    Ok(Located {
        path: config.new.clone(),
        config,
        found: None,
    })
}

/// How a client's lock is taken.
pub(super) fn lock(lock: Option<Lock>) -> Option<Foreign> {
    lock.map(|lock| match lock {
        Lock::Folder => Foreign::Folder,
        Lock::FolderWithOwner => Foreign::FolderWithOwner,
    })
}

/// The lock of the client whose config a path is, if it is one.
pub(super) fn lock_at(path: &Path, session: &mut Session<'_, '_>) -> Option<Foreign> {
    let mut all = client::ALL
        .iter()
        .filter(|client| client.files.iter().any(|file| file.lock.is_some()))
        .flat_map(|client| configs(client, session));
    let config = all.find(|config| config.paths.iter().any(|known| known == path))?;
    lock(config.lock)
}

/// Where a config may be that is not edited, the path to prefer first.
pub(crate) fn paths(paths: &Paths, session: &mut Session<'_, '_>) -> Vec<PathBuf> {
    let found = here(session, |place| client::paths(paths, place));
    found.map_or_else(Vec::new, |(all, _)| all)
}

/// Where things are in this run.
fn here<T>(session: &mut Session<'_, '_>, then: impl FnOnce(&Where<'_>) -> T) -> T {
    let project = manifest::project(session);
    let facts = &session.host.facts;
    then(&Where {
        system: match facts.os {
            Os::Linux => System::Linux,
            Os::MacOs => System::MacOs,
            Os::Windows => System::Windows,
        },
        home: facts.dirs.home.clone(),
        project,
        env: &|name| facts.variable(name).map(OsStr::to_owned),
    })
}

/// Every config of a client on this system.
pub(crate) fn configs(client: &'static Client, session: &mut Session<'_, '_>) -> Vec<Config> {
    here(session, |place| client::configs(client, place))
}
