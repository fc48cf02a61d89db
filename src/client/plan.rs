//! Where the token of a server goes in a config, and by which changes.

mod bridge;
mod build;
mod draft;
mod remote;
mod stdio;

pub use self::bridge::idle_words;
use self::draft::{Draft, Value};
use super::config::{Config, Sort};
use super::entry::{Entry, Kind, Slot, below, document, maps, pointer, walk};
use super::fresh;
use super::{Mode, Way, canonical};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;
use crate::place::tree::{Change, Format, Make};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The server.
    pub server: String,
    /// `--url`: of a new entry, or the one that is there.
    pub url: Option<String>,
    /// `-- CMD ARG..`: of a new entry, or the one that is there; empty where none was given.
    pub command: Vec<String>,
    /// `--env NAME`: the variable of a stdio entry.
    pub variable: Option<String>,
    /// `--header NAME`: the header of a remote entry.
    pub header: Option<String>,
    /// How the token gets there.
    pub means: Means,
}

/// A mode with what it puts into the config.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Means {
    /// The token itself.
    #[default]
    Literal,
    /// A command, quoted for the client's shell, that prints what [`Config::prints`] says.
    Helper {
        /// The command.
        command: String,
    },
    /// A reference to a variable.
    Env {
        /// The variable.
        name: String,
    },
    /// A question that the client asks.
    Input {
        /// Its id.
        id: String,
        /// What it asks for.
        about: String,
    },
    /// A reference to a file with the bare token.
    File {
        /// The file.
        path: String,
    },
    /// A program in front of the server's command: `mcpjwt exec NAME`, without `--env` and `--`.
    Exec {
        /// The program and its first arguments.
        prefix: Vec<String>,
    },
}

impl Means {
    /// The mode.
    pub fn mode(&self) -> Mode {
        match self {
            Self::Literal => Mode::Literal,
            Self::Helper { .. } => Mode::Helper,
            Self::Env { .. } => Mode::Env,
            Self::Input { .. } => Mode::Input,
            Self::File { .. } => Mode::File,
            Self::Exec { .. } => Mode::Exec,
        }
    }
}

/// What a command or a file named in a config has to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// Every header, as a JSON object.
    Headers,
    /// The bare token.
    Token,
    /// A line `Authorization: Bearer TOKEN`, or of the header asked for.
    Line,
}

/// An edit that is decided, all but the token.
#[derive(Clone)]
pub struct Plan {
    /// Where the value is or will be: the token, or what stands for it; with
    /// [`Means::Exec`] the program.
    pub at: Vec<String>,
    /// The variable or header that it is for.
    pub name: String,
    /// The text there now.
    pub seen: Option<String>,
    /// Texts that the edit replaces or takes out and that are neither empty, nor shaped like a
    /// token, nor written by us.
    pub foreign: Vec<Slot>,
    /// Where else something of ours may have stood that is there no longer.
    pub gone: Vec<Vec<String>>,
    /// The URL of a remote entry, also of one behind a bridge.
    pub url: Option<String>,
    /// Whether the entry is made.
    pub is_new: bool,
    /// What the command or the file has to give, where the plan names one.
    pub gives: Option<Gives>,
    /// How the config is written.
    pub format: Format,
    value: Value,
    /// A new entry, but for what the changes add to it.
    entry: Option<(Vec<String>, Json)>,
    /// What else changes.
    more: Vec<Change>,
    /// What a new document starts with.
    head: Vec<Change>,
}

/// Not the values, which may be secrets.
impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plan({})", pointer(&self.at))
    }
}

impl Config {
    /// What a helper command of this config has to print, in an entry of this kind; `None`
    /// where there is no such mode.
    pub fn prints(&self, sort: Sort) -> Option<Gives> {
        self.ways().iter().find_map(|way| match (way, sort) {
            (Way::Helper { .. }, Sort::Remote) => Some(Gives::Headers),
            (Way::Command(within), Sort::Remote) => within.header.map(|_| Gives::Token),
            (Way::Command(within), Sort::Stdio) => within.variable.map(|_| Gives::Token),
            _ => None,
        })
    }
}

impl Plan {
    /// The same for an entry that is yet to be made.
    pub(super) fn of_new(self, at: Vec<String>, entry: Json, head: Vec<Change>) -> Self {
        Self {
            is_new: true,
            entry: Some((at, entry)),
            seen: None,
            head,
            ..self
        }
    }

    /// The edit, in the order of its changes; empty when all is there already. Without a token
    /// nothing is put where one would stand.
    pub fn changes(&self, token: Option<&str>) -> Vec<Change> {
        let value = match (&self.value, token) {
            (Value::Token(scheme), Some(token)) => Some(Json::from(format!("{scheme}{token}"))),
            (Value::Fixed(value), _) => Some(value.clone()),
            (Value::Token(_), None) | (Value::None, _) => None,
        };
        let same =
            |value: &Json| value.as_str().is_some() && value.as_str() == self.seen.as_deref();
        let set = value.filter(|value| !same(value)).map(|value| Change::Set {
            at: self.at.clone(),
            value,
            make: Make::All,
        });
        let changes = set.into_iter().chain(self.more.iter().cloned());
        let Some((at, entry)) = &self.entry else {
            return changes.collect();
        };
        let (entry, outside) = build::folded(at, entry.clone(), changes);
        let set = Change::Set {
            at: at.clone(),
            value: entry,
            make: Make::All,
        };
        self.head
            .iter()
            .cloned()
            .chain([set])
            .chain(outside)
            .collect()
    }
}

/// Decides where the token of a server goes in this text (`None`: there is no file).
/// `is_token` says whether a text, without its scheme, is shaped like a token, whole or cut.
pub fn plan(
    config: &Config,
    text: Option<&str>,
    wish: &Wish,
    is_token: fn(&str) -> bool,
) -> Result<Plan, Error> {
    check(wish)?;
    let root = match text {
        Some(text) => document(config, text)?,
        None => None,
    };
    let ask = Ask {
        config,
        wish,
        is_token,
    };
    let root = root.unwrap_or(Json::Object(Vec::new()));
    let mut found = Vec::new();
    for map in maps(config, &root) {
        let at = below(&map, &wish.server);
        if let Some(json) = walk(&root, &at).filter(|json| **json != Json::Null) {
            found.push((at, json));
        }
    }
    match &found[..] {
        [] => fresh::plan(&ask, &root),
        [(at, json)] => ask.existing(at, json, &root),
        [(one, _), (two, _), ..] => Err(Error::new(
            Code::PlaceAmbiguous,
            format!("{} is there twice", ask.server()),
        )
        .hint(format!(
            "take one of `{}` and `{}` out",
            pointer(one),
            pointer(two)
        ))),
    }
}

/// Refuses what no config can mean.
fn check(wish: &Wish) -> Result<(), Error> {
    if wish.server.is_empty() {
        return Err(Error::usage("the place names no server").hint("write it as `CLIENT/SERVER`"));
    }
    if wish.url.is_some() && !wish.command.is_empty() {
        return Err(Error::usage("an entry has `--url` or a command, not both"));
    }
    if wish.header.is_some() && wish.variable.is_some() {
        return Err(Error::usage(
            "a token goes into `--header` or into `--env`, not both",
        ));
    }
    Ok(())
}

/// What is asked, and of whom.
pub(super) struct Ask<'a> {
    pub(super) config: &'a Config,
    pub(super) wish: &'a Wish,
    pub(super) is_token: fn(&str) -> bool,
}

impl Ask<'_> {
    /// The server with its client, for messages.
    pub(super) fn server(&self) -> String {
        format!("`{}` of {}", shown(&self.wish.server), self.config.title())
    }

    /// The plan for an entry that is there.
    fn existing(&self, at: &[String], json: &Json, root: &Json) -> Result<Plan, Error> {
        let Some(entry) = Entry::read(self.config, at.to_vec(), json) else {
            return Err(self.wrong(at, "an object", json));
        };
        self.agrees(&entry)?;
        self.entry(&entry, root)
    }

    /// The plan for an entry, there or to be made.
    pub(super) fn entry(&self, entry: &Entry<'_>, root: &Json) -> Result<Plan, Error> {
        let bridge = entry.bridge().filter(|_| self.wish.variable.is_none());
        match (entry.sort(), bridge) {
            (Some(Sort::Stdio), Some(bridge)) => self.bridge(entry, &bridge),
            (Some(Sort::Stdio), None) => self.stdio(entry, root),
            (Some(Sort::Remote), _) => self.remote(entry, root),
            (None, _) => Err(Error::new(
                Code::PlaceInvalid,
                format!(
                    "{} has to have either a command or a URL (`{}`)",
                    self.server(),
                    pointer(&entry.at)
                ),
            )),
        }
    }

    /// Refuses a URL or a command that is not the one of the entry.
    fn agrees(&self, entry: &Entry<'_>) -> Result<(), Error> {
        let (wish, kind) = (self.wish, entry.kind());
        let other = |what: &str, option: &str| {
            let error = Error::usage(format!(
                "{} is there already, with {what} (`{}`)",
                self.server(),
                pointer(&entry.at)
            ));
            error.hint(format!("leave out {option}, or choose another name"))
        };
        if let Some(url) = &wish.url {
            let same = |there: &str| {
                there == url || (canonical(there).is_some() && canonical(there) == canonical(url))
            };
            match &kind {
                Kind::Remote { url: there } if same(there) => {}
                Kind::Remote { .. } => return Err(other("another URL", "`--url`")),
                Kind::Stdio { .. } => return Err(other("a command", "`--url`")),
                Kind::Unknown => {}
            }
        }
        if !wish.command.is_empty() {
            let inner = entry.command.as_deref().map(|command| {
                super::command::unwrapped(command).map_or(command, |(_, inner)| inner)
            });
            match (&inner, entry.sort()) {
                (Some(inner), _) if **inner == wish.command[..] => {}
                (_, Some(Sort::Remote)) => return Err(other("a URL", "the command")),
                (Some(_), _) => return Err(other("another command", "the command")),
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// The way of a mode, or an error that names the modes there are.
    pub(super) fn way(&self, sort: Sort) -> Result<Option<Way>, Error> {
        let mode = self.wish.means.mode();
        let works = |way: &&Way| match sort {
            Sort::Stdio => way.is_for_variables(),
            Sort::Remote => way.is_for_headers(),
        };
        let ways = self.config.ways().iter().filter(works);
        let way = ways.copied().find(|way| way.mode() == mode);
        match mode {
            Mode::Literal => Ok(None),
            Mode::Exec if sort == Sort::Stdio => Ok(None),
            _ if way.is_some() => Ok(way),
            _ => Err(self.unsupported(sort, &self.config.modes(sort))),
        }
    }

    /// The error for a mode that the entry cannot have.
    pub(super) fn unsupported(&self, sort: Sort, modes: &[Mode]) -> Error {
        let kind = match sort {
            Sort::Stdio => "starts a program",
            Sort::Remote => "names a URL",
        };
        let names: Vec<String> = modes
            .iter()
            .map(|mode| format!("`--mode {}`", mode.name()))
            .collect();
        Error::usage(format!(
            "{} cannot have its token by `--mode {}`: the entry {kind}",
            self.server(),
            self.wish.means.mode().name()
        ))
        .hint(format!("it can by {}", super::listed(&names, "or")))
    }

    /// The error for a value of the wrong type.
    pub(super) fn wrong(&self, at: &[String], want: &str, there: &Json) -> Error {
        Error::new(
            Code::PlaceInvalid,
            format!(
                "{}: {want} was expected in `{}`, not {}",
                self.server(),
                pointer(at),
                there.kind()
            ),
        )
    }
}
