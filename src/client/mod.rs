//! MCP clients: where the config of each is, how its entries are written, and what an edit of one is.
//!
//! Pure: the table knows paths as texts, and a config is a text. `session` reads and writes.

mod command;
mod config;
mod entry;
mod fresh;
mod plan;
mod question;
mod route;
mod sight;
mod table;
#[cfg(test)]
mod tests;
mod url;
mod value;
mod warn;

pub use self::command::{is_ours, unwrapping};
pub use self::config::{Config, Sort, System, Where, any, configs, paths};
pub use self::entry::{Kind, Server, Slot, object, servers, walk};
pub use self::plan::{Gives, Means, Plan, Wish, idle_words, plan};
pub use self::question::idle;
pub use self::route::{Route, route, route_around};
pub use self::sight::{Reach, Reference, Sight, each_text, reference, replaced, sights};
pub use self::table::{ALL, CLOSED};
pub use self::url::canonical;
pub use self::warn::{misread, no_maps, warnings};
use crate::error::Error;
pub use crate::place::Scope;
use crate::place::tree::Format;

/// The client of this name.
pub fn find(name: &str) -> Option<&'static Client> {
    ALL.iter().copied().find(|client| client.name == name)
}

/// The client of this name whose config is known, but not edited.
pub fn closed(name: &str) -> Option<&'static Closed> {
    CLOSED.iter().find(|client| client.name == name)
}

/// A program that connects to MCP servers.
#[derive(Debug)]
pub struct Client {
    /// As it is written in a place: `claude-code`.
    pub name: &'static str,
    /// As its maker writes it: `Claude Code`.
    pub title: &'static str,
    /// Its configs; of two with the same scope the one to prefer first.
    pub files: &'static [File],
    /// How its entries are written.
    pub shape: Shape,
    /// What its reader stands.
    pub reader: Reader,
    /// The ways a token can reach it without standing in the config.
    pub ways: &'static [Way],
    /// What to know before one chooses a mode.
    pub notes: &'static [Note],
    /// Where it is started from.
    pub start: Start,
    /// How well the row is known.
    pub known: Knowledge,
}

/// What is known to go wrong with a mode.
#[derive(Debug)]
pub struct Note {
    /// The mode.
    pub mode: Mode,
    /// The kind of entry that has it; `None`: both.
    pub of: Option<Sort>,
    /// What it is.
    pub says: &'static str,
}

/// A client whose config cannot be edited by us, and why.
#[derive(Debug)]
pub struct Closed {
    /// As it is written in a place.
    pub name: &'static str,
    /// As its maker writes it.
    pub title: &'static str,
    /// Where its configs are.
    pub files: &'static [(Scope, Paths)],
    /// What stands in the way, of its config: `is YAML`.
    pub why: &'static str,
    /// What to do instead, where something can be done.
    pub instead: Option<&'static str>,
    /// How well the paths are known.
    pub known: Known,
}

impl Closed {
    /// The error for a place in its config.
    pub fn refusal(&self) -> Error {
        let error = Error::usage(format!("the config of {} {}", self.title, self.why));
        error.hint(
            self.instead
                .unwrap_or("print the token with `mcpjwt issue --sub NAME`, and put it in by hand"),
        )
    }
}

/// One config of a client.
#[derive(Debug)]
pub struct File {
    /// Whose servers these are.
    pub scope: Scope,
    /// Where it is.
    pub paths: Paths,
    /// How it is written.
    pub format: Format,
    /// Where the servers are in it; several where its readers know several layouts, the one of a
    /// new file first. No step at all: the document is the map. A step `$PROJECT` is the absolute
    /// path of the project.
    pub servers: &'static [&'static [&'static str]],
    /// What a new file starts with.
    pub head: &'static [(&'static str, Fixed)],
    /// How the client itself locks it.
    pub lock: Option<Lock>,
    /// What the reader of this file stands, where the client's other readers differ.
    pub reader: Option<Reader>,
    /// The ways of this file, where those of the client's others differ.
    pub ways: Option<&'static [Way]>,
    /// What the client asks for before it reads this file.
    pub note: Option<&'static str>,
}

/// Where a config may be on each system, the path to prefer first. Empty: it has none there.
///
/// `~/` is the home folder (`%USERPROFILE%` on Windows), `$XDG_CONFIG_HOME` falls back to
/// `~/.config`, `$APPDATA` to `~/AppData/Roaming`. A path with any other variable counts only
/// where the variable is set, and then those behind it do not. `[c]` at the end: with and without
/// the `c`, the one with it wins. A path without any of these is relative to the project.
#[derive(Debug, Clone, Copy)]
pub struct Paths {
    /// Linux and the other free systems.
    pub linux: &'static [&'static str],
    /// macOS.
    pub macos: &'static [&'static str],
    /// Windows; written with slashes too.
    pub windows: &'static [&'static str],
}

/// A lock that a client takes while it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// An empty folder `<file>.lock`, taken over when it is older than 10 s.
    Folder,
    /// The same with a file `owner.<token>` in it.
    FolderWithOwner,
}

/// How entries are written.
#[derive(Debug)]
pub struct Shape {
    /// An entry that starts a program.
    pub stdio: Stdio,
    /// An entry that names a URL; `None` where the client has none and a bridge is needed.
    pub remote: Option<Remote>,
}

/// An entry that starts a program. Of several names the first is written, all are read.
#[derive(Debug)]
pub struct Stdio {
    /// What a new entry starts with.
    pub head: &'static [(&'static str, Fixed)],
    /// The member with the program.
    pub command: &'static str,
    /// The member with its arguments; `None` where `command` is a list of all.
    pub args: Option<&'static str>,
    /// The member with its variables.
    pub env: &'static [&'static str],
    /// What a new entry ends with.
    pub tail: &'static [(&'static str, Fixed)],
}

/// An entry that names a URL. Of several names the first is written, all are read.
#[derive(Debug)]
pub struct Remote {
    /// What a new entry starts with.
    pub head: &'static [(&'static str, Fixed)],
    /// The member with the URL.
    pub url: &'static [&'static str],
    /// The member with the headers.
    pub headers: &'static [&'static str],
    /// What a new entry ends with.
    pub tail: &'static [(&'static str, Fixed)],
    /// What the reader does with an entry that lacks the first member of `head`.
    pub untyped: Option<&'static str>,
    /// A header whose literal value the reader rejects.
    pub rejects: Option<&'static str>,
    /// Members that the reader takes amiss, and what it does then.
    pub amiss: &'static [(&'static str, &'static str)],
}

/// A value that is the same in every entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// A string.
    Text(&'static str),
    /// A number.
    Number(&'static str),
    /// A list of strings.
    Texts(&'static [&'static str]),
}

/// What a client's reader stands; `None` is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// `//` and `/* */`, in TOML `#`.
    pub comments: Option<bool>,
    /// A comma behind the last member.
    pub trailing_commas: Option<bool>,
    /// A byte order mark.
    pub bom: Option<bool>,
}

/// How a token gets to its server, as `--mode` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// The token stands in the config.
    Literal,
    /// The config names a command that prints it.
    Helper,
    /// The config names a variable.
    Env,
    /// The client asks for it and keeps it.
    Input,
    /// The config names a file.
    File,
    /// The server's command is started by `mcpjwt exec`.
    Exec,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Literal,
        Self::Helper,
        Self::Env,
        Self::Input,
        Self::File,
        Self::Exec,
    ];

    /// As `--mode` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Helper => "helper",
            Self::Env => "env",
            Self::Input => "input",
            Self::File => "file",
            Self::Exec => "exec",
        }
    }
}

/// One way besides a literal token. In a text, `{}` is the name of the variable, the path of the
/// file, or the command; `None` says that it does not work there.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// [`Mode::Helper`]: a member of a remote entry holds a shell command that prints all headers
    /// as a JSON object.
    Helper {
        /// The member.
        member: &'static str,
    },
    /// [`Mode::Helper`]: a shell command inside of a value prints the bare token.
    Command(Within),
    /// [`Mode::Env`]: a reference inside of a value.
    Env(Within),
    /// [`Mode::Env`]: members of a remote entry that name variables.
    EnvMember {
        /// Names the variable with the bare token of `Authorization`.
        bearer: &'static str,
        /// Has the names of other headers, and of the variables with their values.
        table: Option<&'static str>,
    },
    /// [`Mode::Env`]: a member of a stdio entry lists the variables that are passed on.
    EnvPass {
        /// The member.
        member: &'static str,
    },
    /// [`Mode::Input`]: `${input:ID}` in a value, and a question in `inputs` beside the servers.
    Input,
    /// [`Mode::File`]: a reference inside of a value; the file holds the bare token.
    File(Within),
}

/// How a reference is written in each kind of entry.
#[derive(Debug, Clone, Copy)]
pub struct Within {
    /// In the header of a remote entry.
    pub header: Option<&'static str>,
    /// In the variable of a stdio entry.
    pub variable: Option<&'static str>,
}

impl Way {
    /// The mode it is a way of.
    pub fn mode(self) -> Mode {
        match self {
            Self::Helper { .. } | Self::Command(_) => Mode::Helper,
            Self::Env(_) | Self::EnvMember { .. } | Self::EnvPass { .. } => Mode::Env,
            Self::Input => Mode::Input,
            Self::File(_) => Mode::File,
        }
    }

    /// Whether it works in a remote entry.
    pub fn is_for_headers(self) -> bool {
        match self {
            Self::Helper { .. } | Self::EnvMember { .. } | Self::Input => true,
            Self::Command(within) | Self::Env(within) | Self::File(within) => {
                within.header.is_some()
            }
            Self::EnvPass { .. } => false,
        }
    }

    /// Whether it works in a stdio entry.
    pub fn is_for_variables(self) -> bool {
        match self {
            Self::Helper { .. } | Self::EnvMember { .. } => false,
            Self::EnvPass { .. } | Self::Input => true,
            Self::Command(within) | Self::Env(within) | Self::File(within) => {
                within.variable.is_some()
            }
        }
    }
}

/// Where a client is started from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A shell: it has the variables of that shell.
    Shell,
    /// Often a dock, a menu or an icon, without the variables of any shell.
    Desktop,
}

/// How well something is known, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It was run.
    Ran,
    /// Its own source says so.
    Source,
    /// Its documentation says so.
    Docs,
    /// The source of another tool that writes its config says so.
    Secondary,
    /// Somebody remembered it.
    Memory,
    /// Nothing was found.
    Unknown,
}

impl Known {
    /// One word for tables and `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Source => "source",
            Self::Docs => "docs",
            Self::Secondary => "secondary",
            Self::Memory => "memory",
            Self::Unknown => "unknown",
        }
    }
}

/// How well each part of a row is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Where the configs are.
    pub paths: Known,
    /// Where the servers are in them.
    pub servers: Known,
    /// Entries that start a program.
    pub stdio: Known,
    /// Entries that name a URL, or that there are none.
    pub remote: Known,
    /// What the reader stands.
    pub reader: Known,
    /// The ways besides a literal token.
    pub ways: Known,
}

impl Knowledge {
    /// The weakest of what an edit relies on: paths, servers and both shapes.
    pub fn weakest(&self) -> Known {
        self.paths
            .max(self.servers)
            .max(self.stdio)
            .max(self.remote)
    }
}

/// Words in a row: `a`, `b` or `c`; the first twenty of many.
fn listed(words: &[String], last: &str) -> String {
    let more = words.len().saturating_sub(20);
    match words {
        [] => String::new(),
        [one] => one.clone(),
        _ if more > 0 => format!("{} and {more} more", words[..20].join(", ")),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
