//! The clients that are known: which are here, what is in their configs, what they can do.

mod document;

use std::collections::BTreeSet;

pub use self::document::client_json;
use super::table::{fits, laid_out};
use super::tokens::short;
use super::{Style, escape, mask, pairs, table};
use crate::client::{Client, Closed, Kind, Known, Mode, Reader, Sight, Sort};
use crate::place::tree::Format;
use crate::token;

/// A client, and its configs on this machine.
#[derive(Debug)]
pub struct Seen {
    /// Which.
    pub client: Whose,
    /// Its configs, in the order in which they are preferred.
    pub files: Vec<File>,
}

/// A row of the table of clients.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// One whose config is edited.
    Open(&'static Client),
    /// One whose config is not.
    Closed(&'static Closed),
}

/// Where a config may be.
#[derive(Debug)]
pub struct File {
    /// Its scope.
    pub scope: &'static str,
    /// Its path as it is written from here.
    pub shown: String,
    /// Its path.
    pub path: String,
    /// How it is written; `None` where it is not edited.
    pub format: Option<Format>,
    /// Whether it is the first of its scope.
    pub is_first: bool,
    /// What there is.
    pub state: State,
    /// The modes of an entry that names a URL.
    pub remote: Vec<Mode>,
    /// The modes of an entry that starts a program.
    pub stdio: Vec<Mode>,
}

/// What there is at a path.
#[derive(Debug)]
pub enum State {
    /// Nothing.
    Absent,
    /// A file that cannot be read or understood.
    Broken,
    /// A config.
    There {
        /// Its permission bits; `None` where the system has none.
        mode: Option<u32>,
        /// The servers in it.
        servers: Vec<Sight>,
    },
}

impl Whose {
    fn name(self) -> &'static str {
        match self {
            Self::Open(client) => client.name,
            Self::Closed(client) => client.name,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Open(client) => client.title,
            Self::Closed(client) => client.title,
        }
    }

    fn weakest(self) -> Known {
        match self {
            Self::Open(client) => client.known.weakest(),
            Self::Closed(client) => client.known,
        }
    }
}

impl Seen {
    /// Whether any of its configs is here.
    pub fn is_here(&self) -> bool {
        self.files.iter().any(File::is_here)
    }

    /// The modes besides a literal token, in either kind of entry.
    fn modes(&self) -> Vec<Mode> {
        let works = |mode: &Mode| {
            let mut files = self.files.iter();
            files.any(|file| file.remote.contains(mode) || file.stdio.contains(mode))
        };
        let modes = Mode::ALL.into_iter();
        modes
            .filter(|mode| *mode != Mode::Literal && works(mode))
            .collect()
    }

    /// The files to tell of where all clients are told of: those that are here, without the ones
    /// that are for something else too and have no server.
    fn telling(&self) -> Vec<&File> {
        let here: Vec<&File> = self.files.iter().filter(|file| file.is_here()).collect();
        let mut telling = here.clone();
        telling.retain(|file| match &file.state {
            State::There { servers, .. } => file.is_first || !servers.is_empty(),
            State::Broken => true,
            State::Absent => false,
        });
        if telling.is_empty() { here } else { telling }
    }
}

impl File {
    fn is_here(&self) -> bool {
        !matches!(self.state, State::Absent)
    }
}

/// Which clients a table is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that are here; the others by name.
    Here,
    /// All.
    All,
}

/// The known clients. One that is here only by files that others before it have too is named
/// with those.
pub fn clients(all: &[Seen], which: Which, style: Style) -> String {
    let mut rows = Vec::new();
    let mut more = Vec::new();
    let mut absent = Vec::new();
    let mut claimed = BTreeSet::new();
    let mut shared: Vec<(&str, Vec<&str>)> = Vec::new();
    for seen in all {
        let name = seen.client.name();
        let here = || seen.files.iter().filter(|file| file.is_here());
        match seen.client {
            Whose::Closed(client) if seen.is_here() || which == Which::All => {
                let file = here().next().or(seen.files.first());
                let file = file.map_or_else(String::new, |file| escape(&file.shown));
                more.push(("not edited", format!("{name}: `{file}` {}", client.why)));
            }
            _ if which == Which::All && !seen.is_here() => {
                rows.extend(seen.files.iter().map(|file| row(seen, file, style)));
            }
            _ if !seen.is_here() => absent.push(name),
            _ if which == Which::Here && here().all(|file| claimed.contains(&file.path)) => {
                for file in here() {
                    match shared.iter_mut().find(|(known, _)| *known == file.shown) {
                        Some((_, names)) => names.push(name),
                        None => shared.push((&file.shown, vec![name])),
                    }
                }
            }
            _ => {
                claimed.extend(here().map(|file| &file.path));
                rows.extend(
                    seen.telling()
                        .into_iter()
                        .map(|file| row(seen, file, style)),
                );
            }
        }
    }
    let mut text = listed(rows, style);
    for (file, names) in &mut shared {
        names.dedup();
        let readers = format!("`{}`: {}", escape(file), names.join(", "));
        more.insert(0, ("also read", readers));
    }
    if !absent.is_empty() {
        more.push(("not found", absent.join(", ")));
    }
    if !text.is_empty() && !more.is_empty() {
        text.push('\n');
    }
    let more: Vec<(String, String)> = more
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    text + &pairs(&more, style)
}

/// A row a file. On a terminal what is true of a client stands in its first row only; where that
/// is too wide, below its last one.
fn listed(mut rows: Vec<Vec<String>>, style: Style) -> String {
    let heads = ["client", "scope", "file", "servers", "modes", "verified"];
    if style.width.is_none() {
        return table(&heads, &rows, style);
    }
    let mut last = None;
    for row in &mut rows {
        if last.as_ref() == Some(&row[0]) {
            for column in [0, 4, 5] {
                row[column].clear();
            }
        } else {
            last = Some(row[0].clone());
        }
    }
    if fits(&heads, &rows, style) {
        return table(&heads, &rows, style);
    }
    let mut notes: Vec<String> = Vec::new();
    for row in &mut rows {
        let [modes, verified] = [row.remove(4), row.remove(4)];
        let is_same = row[0].is_empty();
        let note = match notes.last_mut().filter(|_| is_same) {
            Some(before) => std::mem::take(before),
            None => style.dim(&format!("modes {modes}, verified {verified}")),
        };
        notes.push(note);
    }
    laid_out(&heads[..4], &rows, &notes, style)
}

fn row(seen: &Seen, file: &File, style: Style) -> Vec<String> {
    let modes: Vec<&str> = seen.modes().into_iter().map(Mode::name).collect();
    let modes = if modes.is_empty() {
        Mode::Literal.name().to_owned()
    } else {
        modes.join(" ")
    };
    let servers = match &file.state {
        State::Absent => style.dim("no such file"),
        State::Broken => style.bad("cannot be read"),
        State::There { servers, .. } if servers.is_empty() => style.dim("no servers"),
        State::There { servers, .. } => {
            let names: Vec<String> = servers
                .iter()
                .map(|sight| mask::name(&sight.name))
                .collect();
            names.join(", ")
        }
    };
    vec![
        seen.client.name().to_owned(),
        file.scope.to_owned(),
        escape(&file.shown),
        servers,
        modes,
        seen.client.weakest().name().to_owned(),
    ]
}

/// All about one client.
pub fn client(seen: &Seen, style: Style) -> String {
    let mut about = Vec::new();
    let mut say = |name: &str, value: String| about.push((name.to_owned(), value));
    say("client", style.bold(seen.client.title()));
    match seen.client {
        Whose::Open(client) => {
            for (name, sort) in [
                ("with a URL", Sort::Remote),
                ("with a command", Sort::Stdio),
            ] {
                let modes: Vec<&str> = modes_of(seen, sort).into_iter().map(Mode::name).collect();
                say(name, modes.join(" "));
            }
            for note in client.notes {
                say("note", format!("{}: {}", note.mode.name(), note.says));
            }
            say("reads", reads(client.reader));
            say("verified", verified(client));
        }
        Whose::Closed(client) => {
            say("not edited", format!("its config {}", client.why));
            if let Some(instead) = client.instead {
                say("instead", instead.to_owned());
            }
            say("verified", format!("{}: paths", client.known.name()));
        }
    }
    let mut files = Vec::new();
    let mut servers = Vec::new();
    for file in &seen.files {
        let state = match &file.state {
            State::Absent => style.dim("no such file"),
            State::Broken => style.bad("cannot be read"),
            State::There {
                mode: Some(mode), ..
            } => format!("mode {mode:04o}"),
            State::There { mode: None, .. } => "found".to_owned(),
        };
        files.push(vec![file.scope.to_owned(), escape(&file.shown), state]);
        if let State::There {
            servers: sights, ..
        } = &file.state
        {
            let rows = sights.iter().map(|sight| {
                let (kind, what) = kind(&sight.kind);
                vec![
                    mask::name(&sight.name),
                    file.scope.to_owned(),
                    format!("{kind} {}", escape(&what)).trim_end().to_owned(),
                    carried(sight).join(", "),
                ]
            });
            servers.extend(rows);
        }
    }
    let mut text = pairs(&about, style);
    text.push('\n');
    text += &table(&["scope", "file", "state"], &files, style);
    if !servers.is_empty() {
        text.push('\n');
        text += &table(&["server", "scope", "kind", "token"], &servers, style);
    }
    text
}

fn modes_of(seen: &Seen, sort: Sort) -> Vec<Mode> {
    let works = |mode: &Mode| {
        seen.files.iter().any(|file| match sort {
            Sort::Remote => file.remote.contains(mode),
            Sort::Stdio => file.stdio.contains(mode),
        })
    };
    Mode::ALL.into_iter().filter(works).collect()
}

fn reads(reader: Reader) -> String {
    let told = [
        ("comments", reader.comments),
        ("trailing commas", reader.trailing_commas),
        ("byte order mark", reader.bom),
    ]
    .map(|(what, is_read)| {
        let is_read = match is_read {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        format!("{what} {is_read}")
    });
    told.join(", ")
}

/// What is known how well: `ran: paths, servers; memory: reader`.
fn verified(client: &Client) -> String {
    let mut told: Vec<(Known, Vec<&str>)> = Vec::new();
    for (name, known) in facets(client) {
        match told.iter_mut().find(|(one, _)| *one == known) {
            Some((_, names)) => names.push(name),
            None => told.push((known, vec![name])),
        }
    }
    let told = told
        .iter()
        .map(|(known, names)| format!("{}: {}", known.name(), names.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

fn facets(client: &Client) -> [(&'static str, Known); 6] {
    let known = client.known;
    [
        ("paths", known.paths),
        ("servers", known.servers),
        ("stdio", known.stdio),
        ("remote", known.remote),
        ("reader", known.reader),
        ("modes", known.ways),
    ]
}

/// What a server is, without what may be a secret: of a URL where it is, of a command its
/// program.
fn kind(kind: &Kind) -> (&'static str, String) {
    match kind {
        Kind::Stdio { command } => {
            let program = program(command.first().map_or("", String::as_str));
            let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
            let is_plain = !program.contains('=') && !is_token(program);
            ("stdio", if is_plain { short(name) } else { String::new() })
        }
        Kind::Remote { url } => ("remote", short(&origin(url))),
        Kind::Unknown => ("unknown", String::new()),
    }
}

/// The program at the start of a text: some write its arguments behind it. A path of Windows may
/// have blanks, and is one up to where a program ends as it does there.
fn program(text: &str) -> &str {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split('"').next().unwrap_or_default();
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let has_drive = |text: &str| text.get(1..3) == Some(":\\");
    let is_cut = text
        .split_whitespace()
        .nth(1)
        .is_some_and(|next| next.contains('\\') && !has_drive(next));
    if !has_drive(text) || !is_cut {
        return first;
    }
    let ends = text
        .match_indices(' ')
        .map(|(at, _)| at)
        .chain([text.len()]);
    let is_program = |path: &&str| {
        let path = path.to_ascii_lowercase();
        [".exe", ".cmd", ".bat", ".com"]
            .iter()
            .any(|end| path.ends_with(end))
    };
    let mut paths = ends.map(|end| &text[..end]);
    paths.find(is_program).unwrap_or_default()
}

/// Scheme and host of a URL; the scheme alone where it is not plain what the host is, since a
/// password may stand in front of it.
fn origin(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return String::new();
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, port),
        _ => (host, ""),
    };
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    let is_plain = !name.is_empty()
        && !is_token(name)
        && name.chars().all(of_name)
        && (!name.contains(':') || name.starts_with('['))
        && port.bytes().all(|b| b.is_ascii_digit());
    if is_plain {
        format!("{scheme}://{host}")
    } else {
        format!("{scheme}://..")
    }
}

/// How a token gets to a server: the names of what holds one, then what stands for one.
fn carried(sight: &Sight) -> Vec<String> {
    let literal = sight.texts.iter().filter(|slot| is_token(&slot.value));
    let mut told: Vec<String> = literal.map(|slot| mask::name(&slot.name)).collect();
    told.extend(sight.references.iter().map(mask::reference));
    told.dedup();
    if told.is_empty() {
        told.push("-".to_owned());
    }
    told
}

fn is_token(text: &str) -> bool {
    token::found_in(text).is_some()
}

#[cfg(test)]
mod tests;
