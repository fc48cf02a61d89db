//! Places: where a secret or a token lives, and the text editors for the files among them.
//!
//! Pure: text in, text out. Reading and writing is `session`'s.

use std::fmt;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use self::text::{conflict, is_conflict};
pub(crate) use self::text::{invalid, shown, split_bom};
use self::tree::Format;
use crate::error::{Code, Error};

pub mod dotenv;
pub mod jsonc;
mod list;
mod text;
pub mod toml;
pub mod tree;

/// Where a secret or a token lives. Paths are as written; [`expand`] makes them absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `env:NAME`: an environment variable.
    Env(String),
    /// `cmd:COMMAND`: what a command prints.
    Command(String),
    /// `file:PATH`: a whole file.
    File(String),
    /// `dotenv:PATH#NAME`: one variable of a `.env` file.
    Dotenv {
        /// The file.
        path: String,
        /// The variable.
        name: String,
    },
    /// `json:PATH#/json/pointer`: one value of a JSON or JSONC file.
    Json {
        /// The file.
        path: String,
        /// An RFC 6901 pointer.
        pointer: String,
    },
    /// `toml:PATH#dotted.key`: one value of a TOML file.
    Toml {
        /// The file.
        path: String,
        /// A dotted key.
        key: String,
    },
    /// `keyring:SERVICE/ACCOUNT`: the keyring of the operating system.
    Keyring {
        /// The service.
        service: String,
        /// The account.
        account: String,
    },
    /// `mcp:PATH#SERVER`: a server entry of any client's config.
    Mcp {
        /// The file.
        path: String,
        /// The name of the entry.
        server: String,
    },
    /// `CLIENT[:SCOPE]/SERVER`: a server entry of a known client's config.
    Entry {
        /// The client, by its name in the table.
        client: String,
        /// Whose entry; `None`: the one scope that has it.
        scope: Option<Scope>,
        /// The name of the entry.
        server: String,
    },
    /// `-`: standard input or output.
    Std,
}

/// Whose servers the config of a client holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One person's, in every project.
    User,
    /// A project's, for everybody who works in it.
    Project,
    /// One person's, in one project.
    Local,
}

impl Scope {
    /// Every scope, the one to prefer first.
    pub const ALL: [Self; 3] = [Self::User, Self::Project, Self::Local];

    /// As it is written in a place.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Local => "local",
        }
    }
}

/// Whether a client of that name is known; the table of clients is not this module's.
pub type IsClient = fn(&str) -> bool;

/// How each kind of place is written, and how its rest is read.
const SCHEMES: [Scheme; 8] = [
    Scheme {
        name: "env",
        shape: "env:NAME",
        read: env,
    },
    Scheme {
        name: "cmd",
        shape: "cmd:COMMAND",
        read: command,
    },
    Scheme {
        name: "file",
        shape: "file:PATH",
        read: file,
    },
    Scheme {
        name: "dotenv",
        shape: "dotenv:PATH#NAME",
        read: dotenv,
    },
    Scheme {
        name: "json",
        shape: "json:PATH#/json/pointer",
        read: json,
    },
    Scheme {
        name: "toml",
        shape: "toml:PATH#dotted.key",
        read: toml_key,
    },
    Scheme {
        name: "keyring",
        shape: "keyring:SERVICE/ACCOUNT",
        read: keyring,
    },
    Scheme {
        name: "mcp",
        shape: "mcp:PATH#SERVER",
        read: mcp,
    },
];

/// What a server entry of a client is written like.
const ENTRY: &str = "CLIENT[:SCOPE]/SERVER";

struct Scheme {
    name: &'static str,
    /// What to write, for hints.
    shape: &'static str,
    /// Reads what follows the colon, or says what is wrong with it.
    read: fn(&str) -> Result<Place, &'static str>,
}

/// Whether an argument is a place: it starts with a known scheme and `:`, or with a known client
/// and `/` or `:`, or it is `-`.
///
/// It may still be a place that [`parse`] refuses, such as `env:`.
pub fn is_place(text: &str, is_client: IsClient) -> bool {
    text == "-" || scheme(text).is_some() || client(text, is_client).is_some()
}

/// Reads a place. A text that is none is never repeated in the error (it may be a secret).
///
/// A path ends at the first `#`; inside of it `%23` stands for `#` and `%25` for `%`, every
/// other `%` for itself. The path after `file:` follows the same rule. A path is not looked at
/// otherwise: `C:\x` is fine.
pub fn parse(text: &str, is_client: IsClient) -> Result<Place, Error> {
    if text == "-" {
        return Ok(Place::Std);
    }
    let Some((scheme, rest)) = scheme(text) else {
        let Some((client, rest)) = client(text, is_client) else {
            return Err(no_place(text));
        };
        return entry(client, rest).map_err(|why| {
            Error::usage(format!("this place of `{client}` cannot be read: {why}"))
                .hint(format!("write `{}`", ENTRY.replace("CLIENT", client)))
        });
    };
    let place = if rest.contains('\0') {
        Err("it holds a NUL")
    } else {
        (scheme.read)(rest)
    };
    place.map_err(|why| {
        Error::usage(format!(
            "this `{}:` place cannot be read: {why}",
            scheme.name
        ))
        .hint(format!("write `{}`", scheme.shape))
    })
}

/// The path of a place as the system wants it: a leading `~/` is the home folder, a relative
/// one starts at `base`. `.` is taken out, `..` stays (it may follow a link).
pub fn expand(path: &str, base: &Path, home: Option<&Path>) -> Result<PathBuf, Error> {
    let whole = match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
        (Some(_), None) => {
            let error = Error::new(
                Code::PlaceUnreadable,
                "`~/` has no meaning: there is no home folder",
            );
            return Err(error.hint("write the path in full"));
        }
        (None, _) => base.join(path),
    };
    Ok(whole.components().collect())
}

/// The reverse of [`expand`]: a whole path as it is written from `base`, below it or below `~/`,
/// whichever is shorter, or in full. `None` where it is no text.
pub fn contract(path: &Path, base: &Path, home: Option<&Path>) -> Option<String> {
    let whole = path.to_str()?;
    let below = |folder: &Path, mark: &str| {
        let rest = path.strip_prefix(folder).ok()?.to_str()?;
        // A folder that is called `~` is not the home folder.
        let is_odd = rest.is_empty() || (mark.is_empty() && rest.starts_with('~'));
        (!is_odd).then(|| format!("{mark}{}", rest.replace(MAIN_SEPARATOR, "/")))
    };
    let ways = [below(base, ""), home.and_then(|home| below(home, "~/"))];
    let shortest = ways.into_iter().flatten().min_by_key(String::len);
    Some(shortest.unwrap_or_else(|| whole.to_owned()))
}

impl Place {
    /// The place of a node of a tree in a file.
    pub fn of_node(format: Format, path: String, at: &[String]) -> Self {
        match format {
            Format::Json => Self::Json {
                path,
                pointer: tree::pointer(at),
            },
            Format::Toml => Self::Toml {
                path,
                key: toml::dotted(at),
            },
        }
    }

    /// The path of the file it is in, as it is written.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::File(path)
            | Self::Dotenv { path, .. }
            | Self::Json { path, .. }
            | Self::Toml { path, .. }
            | Self::Mcp { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The same in the file at another path.
    #[must_use]
    pub fn with_path(&self, new: String) -> Self {
        let mut place = self.clone();
        match &mut place {
            Self::File(path)
            | Self::Dotenv { path, .. }
            | Self::Json { path, .. }
            | Self::Toml { path, .. }
            | Self::Mcp { path, .. } => *path = new,
            _ => {}
        }
        place
    }

    /// The file and the steps of such a place.
    pub fn node(&self) -> Option<(&str, Vec<String>)> {
        match self {
            Self::Json { path, pointer } => Some((path, jsonc::steps(pointer).ok()?)),
            Self::Toml { path, key } => Some((path, toml::steps(key).ok()?)),
            _ => None,
        }
    }
}

/// As it is written on the command line; `parse` reads it back.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::Command(command) => write!(f, "cmd:{command}"),
            Self::File(path) => write!(f, "file:{}", encoded(path)),
            Self::Dotenv { path, name } => write!(f, "dotenv:{}#{name}", encoded(path)),
            Self::Json { path, pointer } => write!(f, "json:{}#{pointer}", encoded(path)),
            Self::Toml { path, key } => write!(f, "toml:{}#{key}", encoded(path)),
            Self::Keyring { service, account } => write!(f, "keyring:{service}/{account}"),
            Self::Mcp { path, server } => write!(f, "mcp:{}#{server}", encoded(path)),
            Self::Entry {
                client,
                scope: None,
                server,
            } => write!(f, "{client}/{server}"),
            Self::Entry {
                client,
                scope: Some(scope),
                server,
            } => write!(f, "{client}:{}/{server}", scope.name()),
            Self::Std => f.write_str("-"),
        }
    }
}

fn scheme(text: &str) -> Option<(&'static Scheme, &str)> {
    let (name, rest) = text.split_once(':')?;
    Some((SCHEMES.iter().find(|scheme| scheme.name == name)?, rest))
}

/// The client that a text begins with, and what follows its name: `:` or `/` first.
fn client(text: &str, is_client: IsClient) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at(text.find([':', '/'])?);
    is_client(name).then_some((name, rest))
}

fn entry(client: &str, rest: &str) -> Result<Place, &'static str> {
    if rest.contains('\0') {
        return Err("it holds a NUL");
    }
    let (scope, server) = rest
        .split_once('/')
        .ok_or("it names no server after a `/`")?;
    let scope = match scope.strip_prefix(':') {
        None => None,
        Some(name) => {
            let known = Scope::ALL.into_iter().find(|scope| scope.name() == name);
            Some(known.ok_or("a scope is `user`, `project` or `local`")?)
        }
    };
    if server.is_empty() {
        return Err("it names no server after the `/`");
    }
    Ok(Place::Entry {
        client: client.to_owned(),
        scope,
        server: server.to_owned(),
    })
}

/// Says what a place looks like; of the text only its length.
fn no_place(text: &str) -> Error {
    let count = text.chars().count();
    let error = Error::usage(match count {
        0 => "an empty text is not a place".to_owned(),
        1 => "a text of 1 character is not a place".to_owned(),
        _ => format!("a text of {count} characters is not a place"),
    });
    if text.starts_with(['/', '.', '~']) {
        return error.hint("if it is a file, write `file:` in front of it");
    }
    let mut shapes: Vec<String> = SCHEMES
        .iter()
        .map(|scheme| format!("`{}`", scheme.shape))
        .collect();
    shapes.push(format!("`{ENTRY}`"));
    error.hint(format!("a place is written {} or `-`", shapes.join(", ")))
}

fn env(rest: &str) -> Result<Place, &'static str> {
    match rest {
        "" => Err("it names no variable"),
        _ if rest.contains('=') => Err("a variable's name holds no `=`"),
        _ => Ok(Place::Env(rest.to_owned())),
    }
}

fn command(rest: &str) -> Result<Place, &'static str> {
    if rest.trim().is_empty() {
        return Err("it names no command");
    }
    Ok(Place::Command(rest.to_owned()))
}

fn file(rest: &str) -> Result<Place, &'static str> {
    match path_and_rest(rest)? {
        (path, None) => Ok(Place::File(path)),
        (_, Some(_)) => {
            Err("it is a whole file and takes no `#` (one in its name is written `%23`)")
        }
    }
}

fn dotenv(rest: &str) -> Result<Place, &'static str> {
    match path_and_rest(rest)? {
        (_, None | Some("")) => Err("it names no variable after a `#`"),
        (path, Some(name)) if dotenv::is_name(name) => Ok(Place::Dotenv {
            path,
            name: name.to_owned(),
        }),
        _ => Err("a variable's name has letters, digits and `_`, and no digit first"),
    }
}

fn json(rest: &str) -> Result<Place, &'static str> {
    match path_and_rest(rest)? {
        (_, None) => Err("it has no JSON pointer after a `#`"),
        (path, Some(pointer)) => {
            jsonc::steps(pointer)?;
            Ok(Place::Json {
                path,
                pointer: pointer.to_owned(),
            })
        }
    }
}

fn toml_key(rest: &str) -> Result<Place, &'static str> {
    match path_and_rest(rest)? {
        (_, None | Some("")) => Err("it has no key after a `#`"),
        (path, Some(key)) => {
            toml::steps(key)?;
            Ok(Place::Toml {
                path,
                key: key.to_owned(),
            })
        }
    }
}

fn keyring(rest: &str) -> Result<Place, &'static str> {
    match rest.split_once('/') {
        None => Err("it names no account after a `/`"),
        Some(("", _)) => Err("its service is empty"),
        Some((_, "")) => Err("its account is empty"),
        Some((service, account)) => Ok(Place::Keyring {
            service: service.to_owned(),
            account: account.to_owned(),
        }),
    }
}

fn mcp(rest: &str) -> Result<Place, &'static str> {
    match path_and_rest(rest)? {
        (_, None | Some("")) => Err("it names no server after a `#`"),
        (path, Some(server)) => Ok(Place::Mcp {
            path,
            server: server.to_owned(),
        }),
    }
}

fn path_and_rest(rest: &str) -> Result<(String, Option<&str>), &'static str> {
    let (path, after) = match rest.split_once('#') {
        Some((path, after)) => (path, Some(after)),
        None => (rest, None),
    };
    if path.is_empty() {
        return Err("it names no file");
    }
    Ok((decoded(path), after))
}

fn decoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = match rest.get(..3) {
            Some("%23") => ('#', 3),
            Some("%25") => ('%', 3),
            _ => ('%', 1),
        };
        out.push(c);
        rest = &rest[length..];
    }
    out + rest
}

/// The reverse of [`decoded`]; a `%` stays one where it cannot be misread.
fn encoded(path: &str) -> String {
    // In this order: what one step writes must not look like the input of the next.
    path.replace("%25", "%2525")
        .replace("%23", "%2523")
        .replace('#', "%23")
}

#[cfg(test)]
mod tests;
