//! Options about a server entry of a client, which `issue` and `install` share.

use super::misuse;
use crate::client::{Means, Mode, Wish};
use crate::error::{Error, Errors, Gather};
use crate::json::Json;
use crate::place::Place;
use crate::session::Session;
use crate::session::places::{self, Edit, Replace, Way};

/// Which value of an entry, and what a new entry is.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct EntryArguments {
    /// The header of a server entry that carries the bare token [default: `Authorization`, as `Bearer`]
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// How the token gets to the server: literal, helper, env, input, file or exec [default: literal]
    #[arg(long, value_name = "MODE", value_parser = MODES, hide_possible_values = true)]
    mode: Option<String>,
    /// Make the server entry if there is none: a server at this URL
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Make the server entry if there is none: a server that its client starts so
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
}

/// The names of the modes.
const MODES: [&str; 6] = ["literal", "helper", "env", "input", "file", "exec"];

impl EntryArguments {
    /// The mode that was asked for.
    pub(super) fn mode(&self) -> Mode {
        let known = |mode: &Mode| Some(mode.name()) == self.mode.as_deref();
        Mode::ALL.into_iter().find(known).unwrap_or(Mode::Literal)
    }

    /// The same as the keys of a place in a manifest.
    pub(super) fn keys(&self, variable: Option<&str>) -> Vec<(String, Json)> {
        let texts = [
            ("mode", self.mode.as_deref()),
            ("env", variable),
            ("header", self.header.as_deref()),
            ("url", self.url.as_deref()),
        ];
        let mut keys: Vec<(String, Json)> = texts
            .into_iter()
            .filter_map(|(key, text)| Some((key.to_owned(), text?.into())))
            .collect();
        if !self.command.is_empty() {
            keys.push(("command".to_owned(), self.command.clone().into()));
        }
        keys
    }

    /// What is wished for the entries among these places; `variable` is `--env`.
    pub(super) fn wish(&self, variable: Option<&str>, to: &[Place]) -> Result<Wish, Errors> {
        let mut gather = Gather::default();
        let has_entry = to.iter().any(is_entry);
        for (option, given) in [
            ("--header", self.header.is_some()),
            ("--mode", self.mode.is_some()),
            ("--url", self.url.is_some()),
            ("-- CMD", !self.command.is_empty()),
        ] {
            if given && !has_entry {
                gather.add(misuse(
                    &format!("`{option}` is about a server entry, and no place is one"),
                    "add `--to CLIENT/SERVER` or `--to mcp:PATH#SERVER`",
                ));
            }
        }
        if self.url.is_some() && !self.command.is_empty() {
            gather.add(misuse(
                "a server is either at a `--url` or started by a command",
                "leave one of them out",
            ));
        }
        if self.header.is_some() && variable.is_some() {
            gather.add(misuse(
                "a token goes into a `--header` or into a variable (`--env`)",
                "leave one of them out",
            ));
        }
        if let Some(url) = &self.url {
            gather.take(web_url(url));
        }
        if let Some(name) = &self.header {
            gather.take(header_name(name));
        }
        if let Some(name) = variable {
            gather.take(variable_name(name));
        }
        gather.done()?;
        Ok(Wish {
            url: self.url.clone(),
            command: self.command.clone(),
            variable: variable.map(str::to_owned),
            header: self.header.clone(),
            means: Means::Literal,
            ..Wish::default()
        })
    }
}

/// Whether a place is an entry of a client.
pub(super) fn is_entry(place: &Place) -> bool {
    matches!(place, Place::Mcp { .. } | Place::Entry { .. })
}

fn web_url(url: &str) -> Result<(), Error> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        Some(host) if host.contains('@') => Err(misuse(
            "`--url` holds a user or a password",
            "leave it out: the token says who it is",
        )),
        Some(host) if !host.is_empty() && url.chars().all(|c| c > ' ' && c != '\u{7f}') => Ok(()),
        _ => Err(misuse(
            "`--url` is no URL",
            "`https://..`, or `http://..` for a server on this machine",
        )),
    }
}

/// RFC 9110 section 5.1: a field name is a token.
fn header_name(name: &str) -> Result<(), Error> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if !name.is_empty() && name.bytes().all(is_token) {
        return Ok(());
    }
    Err(misuse(
        "`--header` is no name of a header",
        "such as `X-Api-Key`",
    ))
}

/// An entry may have variables that no shell could name; what ends a name is not part of one.
fn variable_name(name: &str) -> Result<(), Error> {
    let is_part = |c: char| c != '=' && !c.is_whitespace() && !c.is_control();
    if !name.is_empty() && name.chars().all(is_part) {
        return Ok(());
    }
    Err(misuse(
        "`--env` is no name of a variable",
        "such as `MCP_TOKEN`",
    ))
}

/// Refuses to write into files that git has. Forced it says so only: who wanted a value replaced
/// need not know of git.
pub(super) fn guard(
    edits: &[Edit],
    way: Way,
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let guarded = places::guard(edits, way, session);
    match (replace, guarded) {
        (Replace::Anything, Err(errors)) => {
            for error in errors {
                session.warn(Error {
                    hint: None,
                    ..error
                });
            }
            Ok(())
        }
        (_, guarded) => guarded,
    }
}
