//! A new entry, and who may get one.

use super::config::Config;
use super::entry::{Entry, below, has_entries, maps, pointer, walk};
use super::plan::{Ask, Plan};
use super::{Fixed, Remote, Stdio};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;
use crate::place::tree::Change;
use crate::place::tree::Make;

/// The plan for a server that is not there yet.
pub(super) fn plan(ask: &Ask<'_>, root: &Json) -> Result<Plan, Error> {
    let (config, wish) = (ask.config, ask.wish);
    if wish.url.is_none() && wish.command.is_empty() {
        return Err(absent(ask, root));
    }
    let map = place(ask, root)?;
    let shape = config.shape();
    let json = match (&wish.url, &shape.remote) {
        (Some(url), Some(remote)) => named(remote, url),
        (Some(url), None) => {
            let bridge = ["npx", "-y", "mcp-remote", url.as_str()].map(str::to_owned);
            started(&shape.stdio, &bridge)
        }
        (None, _) if wish.variable.is_none() && wish.header.is_none() => {
            return Err(Error::usage(format!(
                "the new entry {} needs the variable that its token goes into",
                ask.server()
            ))
            .hint("name the one that the server reads its token from by `--env NAME`"));
        }
        (None, _) => started(&shape.stdio, &wish.command),
    };
    let at = below(&map, &wish.server);
    let entry = Entry::read(config, at.clone(), &json)
        .ok_or_else(|| Error::new(Code::Internal, "a new entry is no object"))?;
    let plan = ask.entry(&entry, root)?;
    Ok(plan.of_new(at, json.clone(), head(config, root)))
}

/// An entry that names a URL.
fn named(remote: &Remote, url: &str) -> Json {
    let url = [(remote.url[0].to_owned(), Json::from(url))];
    members(remote.head, url, remote.tail)
}

/// An entry that starts a program.
fn started(stdio: &Stdio, command: &[String]) -> Json {
    let list = |words: &[String]| Json::from(words.to_vec());
    let words = match stdio.args {
        None => vec![(stdio.command.to_owned(), list(command))],
        Some(args) => vec![
            (stdio.command.to_owned(), Json::from(command[0].as_str())),
            (args.to_owned(), list(&command[1..])),
        ],
    };
    members(stdio.head, words, stdio.tail)
}

fn members(
    head: &[(&str, Fixed)],
    own: impl IntoIterator<Item = (String, Json)>,
    tail: &[(&str, Fixed)],
) -> Json {
    let fixed = |list: &[(&str, Fixed)]| -> Vec<(String, Json)> {
        let json = |(name, value): &(&str, Fixed)| ((*name).to_owned(), value.json());
        list.iter().map(json).collect()
    };
    Json::Object(
        fixed(head)
            .into_iter()
            .chain(own)
            .chain(fixed(tail))
            .collect(),
    )
}

impl Fixed {
    pub(super) fn json(self) -> Json {
        match self {
            Self::Text(text) => Json::from(text),
            Self::Number(text) => Json::Number(text.to_owned()),
            Self::Texts(texts) => Json::from(texts.to_vec()),
        }
    }
}

/// What a document that holds nothing yet starts with.
fn head(config: &Config, root: &Json) -> Vec<Change> {
    let is_empty = root.as_object().is_none_or(<[_]>::is_empty);
    let head = config.file.head.iter().filter(|_| is_empty);
    head.map(|(name, value)| Change::Set {
        at: vec![(*name).to_owned()],
        value: value.json(),
        make: Make::All,
    })
    .collect()
}

/// Where a new entry goes: into the map that is there. A document that another reader's map is
/// in gets no second one.
fn place(ask: &Ask<'_>, root: &Json) -> Result<Vec<String>, Error> {
    let config = ask.config;
    if let Some(map) = maps(config, root).into_iter().next() {
        return Ok(map);
    }
    for steps in &config.servers {
        // The nearest thing there that stands in the way.
        let blocked = (1..=steps.len())
            .filter_map(|depth| Some((&steps[..depth], walk(root, &steps[..depth])?)))
            .find(|(_, json)| json.as_object().is_none() && **json != Json::Null);
        if let Some((at, json)) = blocked {
            return Err(ask.wrong(at, "an object", json));
        }
    }
    let rival = ["mcpServers", "servers"]
        .into_iter()
        .find(|name| root.get(name).is_some_and(|map| has_entries(map, false)));
    let own = config.servers.first().cloned().unwrap_or_default();
    let is_shared = matches!(
        own.first().map(String::as_str),
        Some("mcpServers" | "servers")
    );
    let layout = match rival {
        Some(name) => format!("its servers are in `/{name}`"),
        None if has_entries(root, true) => "its servers are not in any object".to_owned(),
        None => return Ok(own),
    };
    if !is_shared {
        return Ok(own);
    }
    Err(Error::new(
        Code::PlaceForeignValue,
        format!(
            "the file is written for other clients: {layout}, and {} reads `{}` only",
            config.title(),
            pointer(&own)
        ),
    )
    .hint("name it as `mcp:PATH#SERVER` to add the server for those clients"))
}

/// The error for a server that is not there, with those that are.
fn absent(ask: &Ask<'_>, root: &Json) -> Error {
    let maps = maps(ask.config, root);
    let names: Vec<String> = maps
        .iter()
        .filter_map(|map| walk(root, map)?.as_object())
        .flatten()
        .map(|(name, _)| format!("`{}`", shown(name)))
        .collect();
    let there = if names.is_empty() {
        "it has none".to_owned()
    } else {
        format!("it has {}", super::listed(&names, "and"))
    };
    Error::new(
        Code::PlaceMissing,
        format!(
            "{} has no server `{}`; {there}",
            ask.config.title(),
            shown(&ask.wish.server)
        ),
    )
    .hint("to add it, write `--url URL`, or `--env NAME -- COMMAND ARG..` last on the line")
}
