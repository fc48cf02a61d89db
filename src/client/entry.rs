//! The servers of a config, read: whatever shape its client gives them.

use super::config::{Config, Sort};
use super::table::ANY;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;

/// One server of a config.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its name.
    pub name: String,
    /// Where its entry is.
    pub at: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// The variables and headers that have a text.
    pub values: Vec<Slot>,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It starts a program.
    Stdio {
        /// The program and its arguments.
        command: Vec<String>,
    },
    /// It names a URL, itself or by a program that bridges to it (`mcp-remote`).
    Remote {
        /// The URL.
        url: String,
    },
    /// Neither.
    Unknown,
}

/// A text that may hold a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Slot {
    /// Where it is.
    pub at: Vec<String>,
    /// The variable or header; of another member its name.
    pub name: String,
    /// What stands there.
    pub value: String,
}

/// Not the value, which may be a secret.
impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slot({})", pointer(&self.at))
    }
}

/// The servers of a config, in the order of its text.
pub fn servers(config: &Config, text: &str) -> Result<Vec<Server>, Error> {
    let Some(root) = document(config, text)? else {
        return Ok(Vec::new());
    };
    Ok(entries(config, &root, |at, name, json| {
        let (kind, values) = match Entry::read(config, at.clone(), json) {
            Some(entry) => (entry.kind(), entry.values()),
            None => (Kind::Unknown, Vec::new()),
        };
        Server {
            name: name.to_owned(),
            at,
            kind,
            values,
        }
    }))
}

/// What is made of each entry of a document: of its place, its name and its value.
pub(super) fn entries<T>(
    config: &Config,
    root: &Json,
    make: impl Fn(Vec<String>, &str, &Json) -> T,
) -> Vec<T> {
    let mut all = Vec::new();
    for map in maps(config, root) {
        let entries = walk(root, &map).and_then(Json::as_object);
        for (name, json) in entries.unwrap_or_default() {
            all.push(make(below(&map, name), name, json));
        }
    }
    all
}

/// The document of a config; `None` where the text has no value at all.
pub(super) fn document(config: &Config, text: &str) -> Result<Option<Json>, Error> {
    let is_yaml = config
        .new
        .extension()
        .is_some_and(|end| end == "yaml" || end == "yml");
    if is_yaml && config.client.is_none() {
        return Err(Error::new(
            Code::PlaceInvalid,
            "it is YAML, which mcpjwt does not edit",
        ));
    }
    let root = config.format.get(text, &[])?;
    root.map(object).transpose()
}

/// The root of a document, which has to be an object.
pub fn object(root: Json) -> Result<Json, Error> {
    if root.as_object().is_some() {
        return Ok(root);
    }
    Err(Error::new(
        Code::PlaceInvalid,
        format!("an object was expected, not {}", root.kind()),
    ))
}

/// Where the servers of a document are: each layout of the client that has any; else the deepest
/// that is there at all; else none.
pub(super) fn maps(config: &Config, root: &Json) -> Vec<Vec<String>> {
    let there: Vec<(&Vec<String>, &Json)> = config
        .servers
        .iter()
        .filter_map(|steps| Some((steps, walk(root, steps)?)))
        .filter(|(_, map)| map.as_object().is_some())
        .collect();
    let full: Vec<Vec<String>> = there
        .iter()
        .filter(|(steps, map)| has_entries(map, steps.is_empty()))
        .map(|(steps, _)| (*steps).clone())
        .collect();
    if !full.is_empty() {
        return full;
    }
    let deepest = there
        .iter()
        .map(|(steps, _)| *steps)
        .filter(|steps| !steps.is_empty())
        .max_by_key(|steps| steps.len());
    deepest.cloned().into_iter().collect()
}

/// Whether an object is a map of servers: some member is an entry; all of them are, where the
/// object is a whole document.
pub(super) fn has_entries(map: &Json, whole: bool) -> bool {
    let members = map.as_object().unwrap_or_default();
    let mut entries = members.iter().map(|(_, member)| is_entry(member));
    if whole {
        !members.is_empty() && entries.all(|entry| entry)
    } else {
        entries.any(|entry| entry)
    }
}

/// Whether an object says what a server is.
pub(super) fn is_entry(json: &Json) -> bool {
    let command = json.get("command").or_else(|| json.get("cmd"));
    command.is_some_and(|command| command.as_str().is_some() || command.as_array().is_some())
        || URLS
            .iter()
            .any(|name| json.get(name).is_some_and(|url| url.as_str().is_some()))
        || json.get("transport").is_some_and(is_entry)
}

/// Every name that some client has for the URL of an entry.
pub(super) const URLS: [&str; 5] = ["url", "serverUrl", "httpUrl", "baseUrl", "uri"];

/// One entry of a document.
pub(super) struct Entry<'a> {
    pub(super) config: &'a Config,
    /// Where its members are: inside of a nested `transport`, where it has one.
    pub(super) at: Vec<String>,
    pub(super) json: &'a Json,
    pub(super) command: Option<Vec<String>>,
    pub(super) url: Option<String>,
}

impl<'a> Entry<'a> {
    /// `None` when it is no object.
    pub(super) fn read(config: &'a Config, at: Vec<String>, json: &'a Json) -> Option<Self> {
        json.as_object()?;
        let (at, json) = match json.get("transport") {
            Some(inner) if inner.as_object().is_some() => (below(&at, "transport"), inner),
            _ => (at, json),
        };
        let shape = config.shape();
        let urls = shape.remote.as_ref().map_or(&URLS[..], |remote| remote.url);
        let url = urls.iter().find_map(|name| json.get(name)?.as_str());
        let args = || {
            let args = json.get(shape.stdio.args.unwrap_or("args"))?;
            texts(args)
        };
        let command = json
            .get(shape.stdio.command)
            .and_then(|command| match command {
                Json::String(program) => Some(
                    std::iter::once(program.clone())
                        .chain(args().unwrap_or_default())
                        .collect(),
                ),
                list => texts(list),
            });
        Some(Self {
            config,
            at,
            json,
            command,
            url: url.map(str::to_owned),
        })
    }

    /// Which kind of entry it is; `None` when it is neither, or says both.
    pub(super) fn sort(&self) -> Option<Sort> {
        let named = ["type", "transport"]
            .iter()
            .find_map(|name| self.json.get(name)?.as_str());
        match (&self.command, &self.url, named) {
            (Some(_), None, _) | (Some(_), Some(_), Some("stdio" | "local")) => Some(Sort::Stdio),
            (None, Some(_), _) | (Some(_), Some(_), Some(_)) => Some(Sort::Remote),
            (Some(_), Some(_), None) | (None, None, _) => None,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match (self.sort(), &self.command, &self.url) {
            (Some(Sort::Stdio), Some(command), _) => match self.bridge() {
                Some(bridge) => Kind::Remote { url: bridge.url },
                None => Kind::Stdio {
                    command: command.clone(),
                },
            },
            (Some(Sort::Remote), _, Some(url)) => Kind::Remote { url: url.clone() },
            _ => Kind::Unknown,
        }
    }

    /// Every variable and header with a text, also those that its client does not read.
    pub(super) fn values(&self) -> Vec<Slot> {
        let shape = self.config.shape();
        let mut maps: Vec<&str> = shape.stdio.env.to_vec();
        maps.extend(shape.remote.iter().flat_map(|remote| remote.headers));
        maps.extend(ANY.shape.stdio.env);
        maps.extend(ANY.shape.remote.iter().flat_map(|remote| remote.headers));
        let mut slots: Vec<Slot> = Vec::new();
        for map in maps {
            let at = below(&self.at, map);
            if slots.iter().any(|slot| slot.at.starts_with(&at)) {
                continue;
            }
            let members = self.json.get(map).and_then(Json::as_object);
            for (name, value) in members.unwrap_or_default() {
                if let Some(value) = value.as_str() {
                    slots.push(Slot {
                        at: below(&at, name),
                        name: name.clone(),
                        value: value.to_owned(),
                    });
                }
            }
        }
        let bridge = self.bridge();
        slots.extend(bridge.into_iter().flat_map(|bridge| bridge.headers));
        slots
    }

    /// The program `mcp-remote`, if that is what the entry starts.
    pub(super) fn bridge(&self) -> Option<Bridge> {
        let command = self.command.as_ref()?;
        let start = command.iter().position(|word| is_bridge(word))?;
        let is_url = |word: &&String| word.starts_with("http://") || word.starts_with("https://");
        let url = command[start..].iter().find(is_url)?.clone();
        let behind = |option: &'static str| {
            (start + 1..command.len())
                .filter(move |index| command[index - 1] == option)
                .filter_map(|index| {
                    Some(Slot {
                        at: self.argument(index)?,
                        name: option.to_owned(),
                        value: command[index].clone(),
                    })
                })
        };
        let headers = behind("--header")
            .filter_map(|slot| {
                let (name, _) = slot.value.split_once(':')?;
                Some(Slot {
                    name: name.trim().to_owned(),
                    ..slot
                })
            })
            .collect();
        Some(Bridge {
            url,
            headers,
            file: behind("--header-file").next(),
        })
    }

    /// Where the list of words is that the command ends with.
    pub(super) fn words_at(&self) -> Vec<String> {
        let stdio = &self.config.shape().stdio;
        below(&self.at, stdio.args.unwrap_or(stdio.command))
    }

    /// Where one word of the command is; the program is the first.
    pub(super) fn argument(&self, index: usize) -> Option<Vec<String>> {
        let stdio = &self.config.shape().stdio;
        let is_list = self.json.get(stdio.command)?.as_array().is_some();
        let at = below(&self.at, stdio.command);
        Some(match (is_list, index) {
            (true, index) => below(&at, &index.to_string()),
            (false, 0) => at,
            (false, index) => below(
                &below(&self.at, stdio.args.unwrap_or("args")),
                &(index - 1).to_string(),
            ),
        })
    }
}

/// A program that makes a remote server one that is started.
pub(super) struct Bridge {
    pub(super) url: String,
    /// The words `Name:value` behind each `--header`.
    pub(super) headers: Vec<Slot>,
    /// The path behind `--header-file`.
    pub(super) file: Option<Slot>,
}

/// Whether a word of a command is that program.
pub(super) fn is_bridge(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name == "mcp-remote" || name.starts_with("mcp-remote@")
}

/// The value at some steps.
pub fn walk<'a>(json: &'a Json, steps: &[String]) -> Option<&'a Json> {
    steps.iter().try_fold(json, |json, step| match json {
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => json.get(step),
    })
}

/// The steps with one more.
pub(super) fn below(at: &[String], step: &str) -> Vec<String> {
    let mut at = at.to_vec();
    at.push(step.to_owned());
    at
}

/// Steps as RFC 6901 writes them, for people.
pub(super) fn pointer(at: &[String]) -> String {
    at.iter()
        .flat_map(|step| {
            [
                "/".to_owned(),
                shown(step).replace('~', "~0").replace('/', "~1"),
            ]
        })
        .collect()
}

fn texts(list: &Json) -> Option<Vec<String>> {
    list.as_array()?
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}
