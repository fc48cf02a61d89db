//! Where the configs of a client are on one system, for one person in one project.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::entry::walk;
use super::table::{ALL, ANY, CODEX};
use super::{Client, File, Lock, Mode, Note, Paths, Reader, Scope, Shape, Way};
use crate::json::Json;
use crate::place::tree::Format;

/// Which system a path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and the other free systems.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

/// Where things are for one person.
#[derive(Clone)]
pub struct Where<'a> {
    /// The system.
    pub system: System,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The folder of the project, absolute.
    pub project: PathBuf,
    /// A variable of the environment.
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
}

/// One config, found out for this person and system.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whose; `None` for a config of any client (`mcp:PATH#SERVER`).
    pub client: Option<&'static Client>,
    /// Its scope.
    pub scope: Scope,
    /// Where it may be, the one to prefer first: the config is the first that exists.
    pub paths: Vec<PathBuf>,
    /// The one to make where none of them exists.
    pub new: PathBuf,
    /// How it is written.
    pub format: Format,
    /// Where the servers may be in it.
    pub servers: Vec<Vec<String>>,
    /// How the client locks it.
    pub lock: Option<Lock>,
    /// The row it comes from.
    pub(super) file: &'static File,
}

/// Which of the two kinds an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// It starts a program.
    Stdio,
    /// It names a URL.
    Remote,
}

/// The modes of a server behind `mcp-remote`.
pub(super) const BRIDGED: [Mode; 2] = [Mode::Literal, Mode::File];

impl Config {
    /// Whose it is, for people.
    pub fn title(&self) -> &'static str {
        self.row().title
    }

    /// The modes that work in an entry of this kind.
    pub fn modes(&self, sort: Sort) -> Vec<Mode> {
        let works = |way: &&Way| match sort {
            Sort::Stdio => way.is_for_variables(),
            Sort::Remote => way.is_for_headers(),
        };
        if sort == Sort::Remote && self.shape().remote.is_none() {
            return BRIDGED.to_vec();
        }
        let mut modes = vec![Mode::Literal];
        modes.extend(self.ways().iter().filter(works).map(|way| way.mode()));
        if sort == Sort::Stdio {
            modes.push(Mode::Exec);
        }
        modes
    }

    /// What is known to go wrong with a mode in such an entry.
    pub fn doubts(&self, mode: Mode, sort: Sort) -> impl Iterator<Item = &'static str> {
        let notes = self.row().notes.iter();
        let of = move |note: &&Note| note.mode == mode && note.of.is_none_or(|of| of == sort);
        notes.filter(of).map(|note| note.says)
    }

    /// The same config with the servers of every project that it has.
    pub(super) fn of_every_project(&self, root: &Json) -> Self {
        let mut servers = self.servers.clone();
        for steps in self.file.servers.iter().map(|steps| owned(steps)) {
            let Some(at) = steps.iter().position(|step| step == PROJECT) else {
                continue;
            };
            let projects = walk(root, &steps[..at]).and_then(Json::as_object);
            for (project, _) in projects.unwrap_or_default() {
                let steps = named(&steps, project);
                if !servers.contains(&steps) {
                    servers.push(steps);
                }
            }
        }
        Self {
            servers,
            ..self.clone()
        }
    }

    pub(super) fn row(&self) -> &'static Client {
        self.client.unwrap_or(ANY)
    }

    pub(super) fn shape(&self) -> &'static Shape {
        &self.row().shape
    }

    pub(super) fn reader(&self) -> Reader {
        self.file.reader.unwrap_or(self.row().reader)
    }

    pub(super) fn ways(&self) -> &'static [Way] {
        self.file.ways.unwrap_or(self.row().ways)
    }
}

/// Every config that a client has on this system: those of the user first, then of the project,
/// then of the user in the project. Of two with the same scope the one to prefer is first.
pub fn configs(client: &'static Client, place: &Where<'_>) -> Vec<Config> {
    let mut configs: Vec<Config> = client
        .files
        .iter()
        .filter_map(|file| {
            let (paths, new) = paths(&file.paths, place)?;
            Some(Config {
                client: Some(client),
                scope: file.scope,
                paths,
                new,
                format: file.format,
                servers: servers(file, place),
                lock: file.lock,
                file,
            })
        })
        .collect();
    configs.sort_by_key(|config| config.scope);
    configs
}

/// The config at a path, whoever's it is. A path that ends like one of a known client is read
/// and written as that client does; of any other file the content decides.
pub fn any(path: PathBuf) -> Config {
    let (client, file) = match known(&path) {
        Some((client, file)) => (Some(client), file),
        // No other client's TOML has a map of servers that it would be mistaken for.
        None if path.extension().is_some_and(|end| end == "toml") => (Some(CODEX), &CODEX.files[0]),
        None => (None, &ANY.files[0]),
    };
    Config {
        client,
        scope: file.scope,
        paths: vec![path.clone()],
        new: path,
        format: file.format,
        servers: file.servers.iter().map(|steps| owned(steps)).collect(),
        lock: file.lock,
        file,
    }
}

/// The row that a path belongs to by its end, where all rows with such a path agree on where
/// servers are: a `.mcp.json` is nobody's.
fn known(path: &Path) -> Option<(&'static Client, &'static File)> {
    let mut found: Vec<(&'static Client, &'static File, usize)> = Vec::new();
    for client in ALL.iter().copied() {
        let fits = |file: &&File| tails(&file.paths).iter().any(|tail| path.ends_with(tail));
        if let Some(index) = client.files.iter().position(|file| fits(&file)) {
            found.push((client, &client.files[index], index));
        }
    }
    let (client, file, _) = *found.iter().min_by_key(|(_, _, index)| *index)?;
    let agree = found
        .iter()
        .all(|(_, other, _)| other.servers == file.servers);
    agree.then_some((client, file))
}

/// What paths end with, behind the folder they start in. A folder that a person sets can be
/// called anything, so what is in it is not known by its end.
fn tails(paths: &Paths) -> Vec<PathBuf> {
    [paths.linux, paths.macos, paths.windows]
        .concat()
        .iter()
        .filter_map(|path| match path.strip_prefix('$') {
            Some(rest) => {
                let (name, tail) = rest.split_once('/')?;
                matches!(name, "XDG_CONFIG_HOME" | "APPDATA").then_some(tail)
            }
            None => Some(path.strip_prefix("~/").unwrap_or(path)),
        })
        .flat_map(siblings)
        .map(PathBuf::from)
        .collect()
}

/// Where a config may be, the path to prefer first, and the one to make; `None` on a system
/// where it has no path.
pub fn paths(paths: &Paths, place: &Where<'_>) -> Option<(Vec<PathBuf>, PathBuf)> {
    let list = match place.system {
        System::Linux => paths.linux,
        System::MacOs => paths.macos,
        System::Windows => paths.windows,
    };
    let mut all = Vec::new();
    let mut new = None;
    for path in list {
        let Some(folder) = folder(path, place) else {
            continue;
        };
        let mut both = siblings(folder.rest).into_iter().map(|rest| {
            let mut path = folder.path.clone();
            rest.split('/')
                .filter(|part| !part.is_empty())
                .for_each(|part| path.push(part));
            path
        });
        all.extend(both.by_ref());
        new = new.or_else(|| all.last().cloned());
        if folder.is_alone {
            break;
        }
    }
    Some((all, new?))
}

/// The folder that a path of the table starts in, and the rest of it.
struct Folder<'p> {
    path: PathBuf,
    rest: &'p str,
    /// Whether the person set it, so that the other paths are not looked at.
    is_alone: bool,
}

fn folder<'p>(path: &'p str, place: &Where<'_>) -> Option<Folder<'p>> {
    let set = |name: &str| (place.env)(name).filter(|value| !value.is_empty());
    let home = |below: &str| Some(place.home.as_ref()?.join(below));
    let usual = |path: Option<PathBuf>, rest: &'p str| {
        Some(Folder {
            path: path?,
            rest,
            is_alone: false,
        })
    };
    if let Some(rest) = path.strip_prefix("~/") {
        return usual(place.home.clone(), rest);
    }
    let Some(rest) = path.strip_prefix('$') else {
        return usual(Some(place.project.clone()), path);
    };
    let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let value = set(name).map(PathBuf::from);
    match name {
        // Its specification wants a relative path ignored.
        "XDG_CONFIG_HOME" => usual(
            value
                .filter(|path| path.is_absolute())
                .or_else(|| home(".config")),
            rest,
        ),
        "APPDATA" => usual(
            value.or_else(|| Some(place.home.as_ref()?.join("AppData").join("Roaming"))),
            rest,
        ),
        _ => Some(Folder {
            path: place.project.join(value?),
            rest,
            is_alone: true,
        }),
    }
}

/// Both names that a `[c]` at the end stands for, the one that wins first.
fn siblings(path: &str) -> Vec<String> {
    match path.strip_suffix("[c]") {
        Some(plain) => vec![format!("{plain}c"), plain.to_owned()],
        None => vec![path.to_owned()],
    }
}

/// Where servers may be, with the project put in.
fn servers(file: &File, place: &Where<'_>) -> Vec<Vec<String>> {
    let project = place.project.to_string_lossy();
    let mut all = Vec::new();
    for steps in file.servers {
        let steps = owned(steps);
        if place.system == System::Windows && steps.iter().any(|step| step == PROJECT) {
            // It was seen with slashes of both kinds.
            all.push(named(&steps, &project.replace('\\', "/")));
        }
        all.push(named(&steps, &project));
    }
    all.dedup();
    all
}

/// The step that is the path of the project.
const PROJECT: &str = "$PROJECT";

fn named(steps: &[String], project: &str) -> Vec<String> {
    steps
        .iter()
        .map(|step| if step == PROJECT { project } else { step }.to_owned())
        .collect()
}

fn owned(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_owned()).collect()
}
