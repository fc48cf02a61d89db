//! What is in the configs of the clients on this machine, whoever put it there.

use std::path::PathBuf;

use super::{Find, Held, Look, Source, tokens};
use crate::client::{self, Config};
use crate::place::Place;
use crate::place::tree::Format;
use crate::secret::Secret;
use crate::session::configs::Reader;
use crate::session::shelf::Seen;
use crate::session::{Session, clients};
use crate::token;

/// A config, and who reads it.
struct File {
    path: PathBuf,
    /// How it is written; `None` where it is searched as a text only.
    format: Option<Format>,
    readers: Vec<Reader>,
}

impl Look<'_> {
    /// Every config of every client: first the entries of its servers, then what else is in it.
    pub(super) fn machine(&mut self, session: &mut Session<'_, '_>) {
        let mut files: Vec<File> = Vec::new();
        let configs: Vec<Config> = self.configs.iter().cloned().collect();
        for config in &configs {
            let mut counts = true;
            for path in &config.paths {
                let sights = self.shelf.tree(path, config.format, session).map(|root| {
                    for error in client::no_maps(config, root) {
                        session.warn(self.configs.named(path, error));
                    }
                    client::sights(config, root, client::Reach::Everywhere)
                });
                if matches!(sights, Seen::Absent) {
                    continue;
                }
                // Behind the first that exists there are others that its client does not read.
                if let Seen::There(sights) = sights
                    && counts
                {
                    for sight in sights {
                        self.entry(&sight, (config, path), (Source::Scan, None), session);
                    }
                }
                counts = false;
                let client = config.client.map(|client| (client.name, config.scope));
                note(&mut files, (path.clone(), Some(config.format)), client);
            }
        }
        for client in client::CLOSED {
            for (scope, paths) in client.files {
                for path in clients::paths(paths, session) {
                    note(&mut files, (path, None), Some((client.name, *scope)));
                }
            }
        }
        for file in files {
            self.rest(&file, session);
        }
    }

    /// The tokens of a file outside of its servers: of its tree each where it is, and those that
    /// only its text has, in comments or because it is not read as a tree, by the file.
    fn rest(&mut self, file: &File, session: &mut Session<'_, '_>) {
        let path = file.path.to_string_lossy().into_owned();
        let mut found: Vec<(Place, Held)> = Vec::new();
        if let Some(format) = file.format
            && let Seen::There(root) = self.shelf.tree(&file.path, format, session)
        {
            client::each_text(root, "", &mut Vec::new(), &mut |_, at, value| {
                let place = || Place::of_node(format, path.clone(), at);
                found.extend(tokens(value).map(|held| (place(), held)));
            });
        }
        let in_tree = found.len();
        if let Seen::There(text) = self.shelf.text(&file.path, session) {
            for token in token::all_in(text) {
                // What an escape ends in the text may be longer in the tree.
                let is_known = |(_, held): &(Place, Held)| match held {
                    Held::Token { token: known, .. } => {
                        known.expose().starts_with(token.as_bytes())
                    }
                    _ => false,
                };
                if found[..in_tree].iter().any(is_known) {
                    continue;
                }
                let held = Held::Token {
                    token: Secret::from(token),
                    is_alone: false,
                };
                found.push((Place::File(path.clone()), held));
            }
        }
        for (place, held) in found {
            let find = Find {
                held,
                path: Some(file.path.clone()),
                source: Source::Scan,
            };
            self.add(place, file.readers.clone(), find, session);
        }
    }
}

/// Adds a reader of a file.
fn note(
    files: &mut Vec<File>,
    (path, format): (PathBuf, Option<Format>),
    client: Option<(&'static str, crate::place::Scope)>,
) {
    let reader = client.map(|(client, scope)| Reader {
        client,
        scope,
        server: None,
    });
    let known = files
        .iter_mut()
        .find(|file| file.path == path && file.format == format);
    match known {
        Some(file) => {
            let is_new = |reader: &Reader| file.readers.iter().all(|known| known != reader);
            let reader = reader.filter(is_new);
            file.readers.extend(reader);
        }
        None => files.push(File {
            path,
            format,
            readers: Vec::from_iter(reader),
        }),
    }
}
