//! The places of a manifest: what is there, or that nothing is there yet.

use std::path::PathBuf;

use super::{Find, Held, Look, Reader, Source};
use crate::client::{self, Config, Kind, Mode, Sight};
use crate::place::Place;
use crate::session::manifest::Loaded;
use crate::session::shelf::Seen;
use crate::session::wanted::{self, Wanted};
use crate::session::{Session, helper};

/// What is known of an entry.
enum Entry {
    There(Box<(Config, PathBuf, Sight)>),
    Absent,
    Unread(PathBuf),
}

fn source<'l>(one: &Wanted<'l>) -> Source<'l> {
    Source::Manifest {
        token: one.token,
        file_mode: one.to.file_mode,
    }
}

/// The variable or header of an entry that the token belongs into; `None` where that may be any.
fn target<'l>(one: &Wanted<'l>, kind: &Kind) -> Option<&'l str> {
    match kind {
        Kind::Remote { .. } => Some(one.to.header.as_deref().unwrap_or("Authorization")),
        Kind::Stdio { .. } => one.to.env.as_deref(),
        Kind::Unknown => None,
    }
}

impl<'l> Look<'l> {
    /// Every place that a manifest wants a token at.
    pub(super) fn wanted(&mut self, loaded: &'l Loaded, session: &mut Session<'_, '_>) {
        let (all, errors) = wanted::places(loaded, session);
        self.shelf.errors.extend(errors);
        for one in all {
            let source = source(&one);
            if matches!(one.place, Place::Entry { .. } | Place::Mcp { .. }) {
                self.token_file(&one, session);
                self.wanted_entry(one, session);
            } else {
                self.known_place(one.place, source, session);
            }
        }
    }

    /// The file of ours that an entry has its token from.
    fn token_file(&mut self, one: &Wanted<'l>, session: &mut Session<'_, '_>) {
        if one.to.mode != Some(Mode::File) {
            return;
        }
        // Where the entry cannot be found that is told of the entry.
        if let Ok(path) = helper::token_file(&one.place, session)
            && let Seen::There(_) = self.shelf.file(&path, session)
        {
            let place = Place::File(path.to_string_lossy().into_owned());
            self.known_place(place, source(one), session);
        }
    }

    /// An entry, with all that carries a token to its server.
    fn wanted_entry(&mut self, one: Wanted<'l>, session: &mut Session<'_, '_>) {
        let source = source(&one);
        let (held, path) = match self.look_up(&one.place, session) {
            Entry::There(there) => {
                let (config, path, sight) = *there;
                let name = target(&one, &sight.kind);
                if self.entry(&sight, (&config, &path), (source, name), session) {
                    return;
                }
                (Held::Nothing, Some(path))
            }
            Entry::Absent => (Held::Nothing, None),
            Entry::Unread(path) => (Held::Unread, Some(path)),
        };
        if matches!(held, Held::Nothing) && self.was_there(&one) {
            return;
        }
        let find = Find { held, path, source };
        self.add(one.place, Vec::new(), find, session);
    }

    /// Whether the ledger has the token in this entry, from which it was taken since: that place
    /// is then the one that is wanted.
    fn was_there(&mut self, one: &Wanted<'l>) -> bool {
        let Place::Entry {
            client,
            scope,
            server,
        } = &one.place
        else {
            return false;
        };
        let is_it = |reader: &Reader| {
            reader.client == client
                && scope.is_none_or(|scope| scope == reader.scope)
                && reader.server.as_ref() == Some(server)
        };
        let mut found = false;
        for spot in &mut self.spots {
            if matches!(spot.held, Held::Nothing) && spot.readers.iter().any(is_it) {
                spot.wanted = spot.wanted.or(Some(one.token));
                found = true;
            }
        }
        found
    }

    fn look_up(&mut self, place: &Place, session: &mut Session<'_, '_>) -> Entry {
        let (configs, name) = match place {
            Place::Mcp { path, server } => (vec![client::any(PathBuf::from(path))], server),
            Place::Entry {
                client,
                scope,
                server,
            } => {
                let is_it = |config: &&Config| {
                    config.client.is_some_and(|known| known.name == client)
                        && scope.is_none_or(|scope| scope == config.scope)
                };
                (self.configs.iter().filter(is_it).cloned().collect(), server)
            }
            _ => return Entry::Absent,
        };
        let mut entry = Entry::Absent;
        for config in configs {
            for path in &config.paths {
                match self.shelf.tree(path, config.format, session) {
                    Seen::Absent => continue,
                    Seen::Broken => entry = Entry::Unread(path.clone()),
                    Seen::There(root) => {
                        let sights = client::sights(&config, root, client::Reach::Here);
                        if let Some(sight) = sights.into_iter().find(|sight| sight.name == *name) {
                            let path = path.clone();
                            return Entry::There(Box::new((config, path, sight)));
                        }
                    }
                }
                break;
            }
        }
        entry
    }
}
