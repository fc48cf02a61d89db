//! Places: where a secret or a token lives, and the text editors for the files among them.
//!
//! Pure: text in, text out. Reading and writing is `session`'s.

use std::fmt;
use std::path::{Path, PathBuf};

use self::tree::Format;
use crate::error::{Code, Error};

pub mod dotenv;
pub mod jsonc;
mod list;
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

/// An error about the text of a file, with line and column (both from 1, columns in characters).
pub(crate) fn invalid(text: &str, offset: usize, what: &str) -> Error {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().count() + 1;
    Error::new(
        Code::PlaceInvalid,
        format!("line {line}, column {column}: {what}"),
    )
}

/// Whether a line is one of the marks that a merge leaves behind.
fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// The error for the first mark that a merge left in a text.
fn conflict(text: &str) -> Option<Error> {
    let mut at = 0;
    let line = text.split_inclusive('\n').find(|line| {
        let found = is_conflict(line);
        at += if found { 0 } else { line.len() };
        found
    });
    line.map(|_| invalid(text, at, "a merge conflict is not resolved"))
}

/// A name from a file, safe to repeat: no control characters, at most 40 characters.
pub(crate) fn shown(name: &str) -> String {
    let mut out: String = name.chars().flat_map(char::escape_debug).take(40).collect();
    if name.chars().count() > 40 {
        out.push('…');
    }
    out
}

/// The byte order mark some editors write, and the text after it.
pub(crate) fn split_bom(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(name: &str) -> bool {
        matches!(name, "vscode" | "claude-code")
    }

    fn said(text: &str) -> String {
        match parse(text, known) {
            Ok(place) => format!("{place:?}"),
            Err(error) => format!("{error} | {}", error.hint.as_deref().unwrap_or("")),
        }
    }

    #[test]
    fn places_are_read_and_written() {
        let dotenv = |path: &str, name: &str| Place::Dotenv {
            path: path.into(),
            name: name.into(),
        };
        let json = |path: &str, at: &str| Place::Json {
            path: path.into(),
            pointer: at.into(),
        };
        let toml = |path: &str, key: &str| Place::Toml {
            path: path.into(),
            key: key.into(),
        };
        let entry = |client: &str, scope, server: &str| Place::Entry {
            client: client.into(),
            scope,
            server: server.into(),
        };
        let keyring = |service: &str, account: &str| Place::Keyring {
            service: service.into(),
            account: account.into(),
        };
        #[rustfmt::skip]
        let cases = [
            ("-",                          Place::Std),
            ("env:JWT_SECRET",             Place::Env("JWT_SECRET".into())),
            ("cmd:pass show jwt # mine",   Place::Command("pass show jwt # mine".into())),
            ("file:/run/secrets/jwt",      Place::File("/run/secrets/jwt".into())),
            ("file:C:\\keys\\jwt.pem",     Place::File("C:\\keys\\jwt.pem".into())),
            ("file:a%23b",                 Place::File("a#b".into())),
            ("file:100%",                  Place::File("100%".into())),
            ("file:%41%2",                 Place::File("%41%2".into())),
            ("file:a%2523b%2525",          Place::File("a%23b%25".into())),
            ("dotenv:.env#JWT_SECRET",     dotenv(".env", "JWT_SECRET")),
            ("dotenv:~/a b/.env#_x9",      dotenv("~/a b/.env", "_x9")),
            ("json:C:\\x.json#/a/b",       json("C:\\x.json", "/a/b")),
            ("json:a.json#",               json("a.json", "")),
            ("json:a.json#/a#b/~0~1/",     json("a.json", "/a#b/~0~1/")),
            ("toml:c.toml#a.\"b.c\".d-e",  toml("c.toml", "a.\"b.c\".d-e")),
            ("keyring:mcpjwt/default",     keyring("mcpjwt", "default")),
            ("mcp:~/a.json#my/server#1",   Place::Mcp { path: "~/a.json".into(), server: "my/server#1".into() }),
            ("vscode/exai",                entry("vscode", None, "exai")),
            ("claude-code:local/a/b:c",    entry("claude-code", Some(Scope::Local), "a/b:c")),
            ("vscode:user/exai",           entry("vscode", Some(Scope::User), "exai")),
            ("keyring:a/b/c#d",            keyring("a", "b/c#d")),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text, known).ok(), Some(want.clone()), "{text}");
            assert_eq!(want.to_string(), text);
            assert!(is_place(text, known), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_place_is_said() {
        #[rustfmt::skip]
        let cases = [
            ("env:",             "this `env:` place cannot be read: it names no variable | write `env:NAME`"),
            ("env:A=b",          "this `env:` place cannot be read: a variable's name holds no `=` | write `env:NAME`"),
            ("cmd: ",            "this `cmd:` place cannot be read: it names no command | write `cmd:COMMAND`"),
            ("file:",            "this `file:` place cannot be read: it names no file | write `file:PATH`"),
            ("file:a\0b",        "this `file:` place cannot be read: it holds a NUL | write `file:PATH`"),
            ("file:a#b",         "this `file:` place cannot be read: it is a whole file and takes no `#` (one in its name is written `%23`) | write `file:PATH`"),
            ("dotenv:.env",      "this `dotenv:` place cannot be read: it names no variable after a `#` | write `dotenv:PATH#NAME`"),
            ("dotenv:#A",        "this `dotenv:` place cannot be read: it names no file | write `dotenv:PATH#NAME`"),
            ("dotenv:.env#9A",   "this `dotenv:` place cannot be read: a variable's name has letters, digits and `_`, and no digit first | write `dotenv:PATH#NAME`"),
            ("json:a.json",      "this `json:` place cannot be read: it has no JSON pointer after a `#` | write `json:PATH#/json/pointer`"),
            ("json:a.json#a/b",  "this `json:` place cannot be read: a JSON pointer starts with `/` | write `json:PATH#/json/pointer`"),
            ("json:a.json#/a~2", "this `json:` place cannot be read: in a JSON pointer `~` is written `~0` and `/` is written `~1` | write `json:PATH#/json/pointer`"),
            ("toml:a.toml#",     "this `toml:` place cannot be read: it has no key after a `#` | write `toml:PATH#dotted.key`"),
            ("toml:a.toml#a..b", "this `toml:` place cannot be read: its key is not a dotted TOML key | write `toml:PATH#dotted.key`"),
            ("keyring:mcpjwt",   "this `keyring:` place cannot be read: it names no account after a `/` | write `keyring:SERVICE/ACCOUNT`"),
            ("keyring:/a",       "this `keyring:` place cannot be read: its service is empty | write `keyring:SERVICE/ACCOUNT`"),
            ("keyring:a/",       "this `keyring:` place cannot be read: its account is empty | write `keyring:SERVICE/ACCOUNT`"),
            ("mcp:a.json",       "this `mcp:` place cannot be read: it names no server after a `#` | write `mcp:PATH#SERVER`"),
            ("vscode:exai",      "this place of `vscode` cannot be read: it names no server after a `/` | write `vscode[:SCOPE]/SERVER`"),
            ("vscode:all/exai",  "this place of `vscode` cannot be read: a scope is `user`, `project` or `local` | write `vscode[:SCOPE]/SERVER`"),
            ("vscode/",          "this place of `vscode` cannot be read: it names no server after the `/` | write `vscode[:SCOPE]/SERVER`"),
            ("~/jwt.key",        "a text of 9 characters is not a place | if it is a file, write `file:` in front of it"),
        ];
        for (text, want) in cases {
            assert_eq!(said(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_place_is_not_repeated() {
        #[rustfmt::skip]
        let cases = ["", "hunter2", "eyJhbGciOiJIUzI1NiJ9.e30.x", "s3cret:value", "C:\\keys\\x", "ENV:X", "vs/exai", "vscode", ":"];
        for text in cases {
            assert!(!is_place(text, known), "{text}");
            let said = said(text);
            assert!(
                said.contains("is not a place | a place is written `env:NAME`, "),
                "{said}"
            );
            assert!(text.len() < 2 || !said.contains(text), "{said}");
        }
        for text in [
            "dotenv:hunter2",
            "json:a#hunter2",
            "toml:a#..hunter2",
            "env:a=hunter2",
        ] {
            assert!(!said(text).contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn paths_are_made_whole() {
        let base = Path::new("/home/me/exai");
        let home = Some(Path::new("/home/ann"));
        #[rustfmt::skip]
        let cases = [
            (".env",         home, Some("/home/me/exai/.env")),
            ("./a/../.env",  home, Some("/home/me/exai/a/../.env")),
            ("/etc/x",       None, Some("/etc/x")),
            ("~/.config/x",  home, Some("/home/ann/.config/x")),
            ("~//etc/x",     home, Some("/home/ann/etc/x")),
            ("~/x",          None, None),
            ("~bob/x",       home, Some("/home/me/exai/~bob/x")),
            ("$HOME/x",      home, Some("/home/me/exai/$HOME/x")),
        ];
        for (path, home, want) in cases {
            let got = expand(path, base, home).ok();
            assert_eq!(
                got.as_deref().map(Path::as_os_str),
                want.map(AsRef::as_ref),
                "{path}"
            );
        }
    }

    proptest! {
        #[test]
        fn paths_survive(path in "[a-c/#%235 ]{1,12}") {
            let place = Place::File(path);
            prop_assert_eq!(parse(&place.to_string(), known).ok(), Some(place));
        }

        #[test]
        fn nothing_panics(scheme in "(env|cmd|file|dotenv|json|toml|keyring|mcp|x|vscode)?[:/]?", rest in any::<String>()) {
            if let Ok(place) = parse(&format!("{scheme}{rest}"), known) {
                prop_assert_eq!(parse(&place.to_string(), known).ok(), Some(place));
            }
        }
    }
}
