//! Which of the known clients are on this machine, and what is in their configs.

use std::path::{Path, PathBuf};

use super::configs::Configs;
use super::shelf::{Seen as Read, Shelf};
use super::{Session, clients};
use crate::client::{self, Client, Closed, Config, Reach, Sort};
use crate::error::Error;
use crate::report::{ClientFile, ClientState, Seen, Whose};

/// Looks for the clients of this name, or for all; those first that are here. What could not be
/// looked at comes beside.
pub(crate) fn census(name: Option<&str>, session: &mut Session<'_, '_>) -> (Vec<Seen>, Vec<Error>) {
    let mut look = Look {
        configs: Configs::of(session),
        shelf: Shelf::default(),
        in_detail: name.is_some(),
    };
    let is_asked = |known: &str| name.is_none_or(|name| name == known);
    let mut all = Vec::new();
    for client in client::ALL.iter().filter(|client| is_asked(client.name)) {
        all.push(look.open(client, session));
    }
    for client in client::CLOSED.iter().filter(|client| is_asked(client.name)) {
        all.push(look.closed(client, session));
    }
    all.sort_by_key(|seen| !seen.is_here());
    (all, look.shelf.errors)
}

struct Look {
    configs: Configs,
    shelf: Shelf,
    /// Whether it is said what a client makes of its configs. In the list of all that would be
    /// too much.
    in_detail: bool,
}

impl Look {
    fn open(&mut self, client: &'static Client, session: &mut Session<'_, '_>) -> Seen {
        let mut files: Vec<ClientFile> = Vec::new();
        let mut known: Vec<(PathBuf, Vec<Vec<String>>)> = Vec::new();
        for mut config in clients::configs(client, session) {
            // From the home folder the config of the project is the user's.
            let servers = &config.servers;
            config
                .paths
                .retain(|path| !known.iter().any(|(one, of)| one == path && of == servers));
            known.extend(
                config
                    .paths
                    .iter()
                    .map(|path| (path.clone(), config.servers.clone())),
            );
            let is_new = |path: &Path| files.iter().all(|file| Path::new(&file.path) != path);
            let is_first = files.iter().all(|file| file.scope != config.scope.name())
                && config.paths.iter().all(|path| is_new(path));
            for (index, path) in config.paths.iter().enumerate() {
                files.push(ClientFile {
                    scope: config.scope.name(),
                    shown: self.configs.short(path),
                    path: path.to_string_lossy().into_owned(),
                    format: Some(config.format),
                    is_first: is_first && index == 0,
                    state: self.state(&config, path, session),
                    remote: config.modes(Sort::Remote),
                    stdio: config.modes(Sort::Stdio),
                });
                if self.in_detail {
                    self.warn(&config, path, session);
                }
            }
        }
        Seen {
            client: Whose::Open(client),
            files,
        }
    }

    fn closed(&mut self, client: &'static Closed, session: &mut Session<'_, '_>) -> Seen {
        let mut files = Vec::new();
        for (scope, paths) in client.files {
            for path in clients::paths(paths, session) {
                files.push(ClientFile {
                    scope: scope.name(),
                    shown: self.configs.short(&path),
                    path: path.to_string_lossy().into_owned(),
                    format: None,
                    is_first: true,
                    state: match self.shelf.file(&path, session) {
                        Read::Absent => ClientState::Absent,
                        Read::Broken => ClientState::Broken,
                        Read::There(found) => ClientState::There {
                            mode: Some(found.mode).filter(|mode| *mode != 0),
                            servers: Vec::new(),
                        },
                    },
                    remote: Vec::new(),
                    stdio: Vec::new(),
                });
            }
        }
        Seen {
            client: Whose::Closed(client),
            files,
        }
    }

    /// What is at a path of a config.
    fn state(
        &mut self,
        config: &Config,
        path: &Path,
        session: &mut Session<'_, '_>,
    ) -> ClientState {
        let servers = match self.shelf.tree(path, config.format, session) {
            Read::Absent => return ClientState::Absent,
            Read::Broken => return ClientState::Broken,
            Read::There(root) => {
                for error in client::no_maps(config, root) {
                    session.warn(self.configs.named(path, error));
                }
                client::sights(config, root, Reach::Here)
            }
        };
        let mode = match self.shelf.file(path, session) {
            Read::There(found) => Some(found.mode & 0o7777).filter(|mode| *mode != 0),
            _ => None,
        };
        ClientState::There { mode, servers }
    }

    /// Says what a client cannot read in its config, and what it makes of the entries.
    fn warn(&mut self, config: &Config, path: &Path, session: &mut Session<'_, '_>) {
        let Read::There(text) = self.shelf.text(path, session) else {
            return;
        };
        for error in client::misread(config, text) {
            session.warn(self.configs.named(path, error));
        }
    }
}
