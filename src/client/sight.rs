//! How a token gets to each server of a config: the texts it may stand in, and what stands there
//! for one that is kept elsewhere.

use super::command::{is_ours, unwrapped};
use super::config::{Config, Sort};
use super::entry::{Entry, Kind, Slot, below, entries};
use super::table::ALL;
use super::value::split;
use super::{Mode, Way, Within};
use crate::json::Json;
use crate::place::dotenv::is_name;

/// One server of a config, as it is looked at for tokens.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Its name.
    pub name: String,
    /// Where its entry is.
    pub at: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// Every text in it, named by the member that it is or is in.
    pub texts: Vec<Slot>,
    /// What stands for a token.
    pub references: Vec<Reference>,
}

/// What stands in an entry for a token that is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// How the token gets there.
    pub mode: Mode,
    /// Where it stands.
    pub at: Vec<String>,
    /// The variable or header that gets the token; `None` where it may be any.
    pub fills: Option<String>,
    /// The variable, question or file that it names; empty for a command, and for what is no name.
    pub name: String,
    /// The length of what stands where a name should be and is none: it may be a secret.
    pub unnamed: Option<usize>,
}

impl Reference {
    fn new(mode: Mode, (at, fills): (Vec<String>, Option<&str>), name: &str) -> Self {
        let is_name = match mode {
            Mode::Env => is_name(name) && !is_secret(name),
            Mode::Input => !is_secret(name),
            _ => true,
        };
        Self {
            mode,
            at,
            fills: fills.map(str::to_owned),
            name: if is_name { name } else { "" }.to_owned(),
            unnamed: (!is_name).then(|| name.chars().count()),
        }
    }
}

/// Which servers of a config are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those that count here.
    Here,
    /// Those that it has for other projects too.
    Everywhere,
}

/// Looks at each server of a document, in the order of its text.
pub fn sights(config: &Config, root: &Json, reach: Reach) -> Vec<Sight> {
    let every;
    let config = match reach {
        Reach::Here => config,
        Reach::Everywhere => {
            every = config.of_every_project(root);
            &every
        }
    };
    entries(config, root, |at, name, json| {
        let mut texts = Vec::new();
        each_text(json, name, &mut at.clone(), &mut |name, at, value| {
            texts.push(Slot {
                at: at.to_vec(),
                name: name.to_owned(),
                value: value.to_owned(),
            });
        });
        let (kind, references) = match Entry::read(config, at.clone(), json) {
            Some(entry) => (entry.kind(), references(&entry)),
            None => (Kind::Unknown, Vec::new()),
        };
        Sight {
            name: name.to_owned(),
            at,
            kind,
            texts,
            references,
        }
    })
}

/// Calls `visit` for every text in a value, with the name of the member that it is or is in, where
/// it is, and what it is; `at` is where the value is.
pub fn each_text(
    json: &Json,
    name: &str,
    at: &mut Vec<String>,
    visit: &mut dyn FnMut(&str, &[String], &str),
) {
    match json {
        Json::String(value) => visit(name, at, value),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.to_string());
                each_text(item, name, at, visit);
                at.pop();
            }
        }
        Json::Object(members) => {
            for (name, member) in members {
                at.push(name.clone());
                each_text(member, name, at, visit);
                at.pop();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// What stands for a token in an entry. A variable or header counts where its name, or that of
/// what it names, says that it is for a credential.
fn references(entry: &Entry<'_>) -> Vec<Reference> {
    let mut found = Vec::new();
    let bridge = entry.bridge();
    let of_bridge: Vec<&Slot> = bridge.iter().flat_map(|bridge| &bridge.headers).collect();
    let values = entry.values();
    for slot in &values {
        let (sort, value) = if of_bridge.contains(&slot) {
            // It replaces variables of its own, which may be in the entry.
            let value = slot.value.split_once(':').map_or("", |(_, value)| value);
            (Sort::Stdio, value)
        } else {
            (entry.sort().unwrap_or(Sort::Remote), slot.value.as_str())
        };
        let (_, value) = split(value);
        let value = value.trim();
        let reference = if of_bridge.contains(&slot) {
            let variable = inside(value, "${{}}");
            let is_there = |name: &&str| values.iter().any(|other| other.name == *name);
            variable
                .filter(|name| !is_there(name))
                .map(|name| (Mode::Env, name))
        } else {
            entry
                .config
                .ways()
                .iter()
                .find_map(|way| within(*way, sort, value))
        };
        if let Some((mode, name)) = reference
            && (is_credential(&slot.name) || is_credential(name))
        {
            let name = if mode == Mode::Helper { "" } else { name };
            let at = (slot.at.clone(), Some(slot.name.as_str()));
            found.push(Reference::new(mode, at, name));
        }
    }
    for way in entry.config.ways() {
        found.extend(members(*way, entry));
    }
    if let Some(file) = bridge.and_then(|bridge| bridge.file) {
        found.push(Reference::new(Mode::File, (file.at, None), &file.value));
    }
    if let Some(command) = &entry.command
        && unwrapped(command).is_some()
        && let Some(at) = entry.argument(0)
    {
        found.push(Reference::new(Mode::Exec, (at, None), ""));
    }
    found
}

/// What a text is that was written in the place of a token, whichever client it was written for.
pub fn reference(at: &[String], text: &str) -> Reference {
    let [.., around, name] = at else {
        return Reference::new(Mode::Env, (at.to_vec(), None), text);
    };
    let (_, value) = split(text);
    let value = value.trim();
    let told = |way: &Way| match *way {
        Way::Helper { member } => (name == member).then_some((Mode::Helper, "")),
        Way::EnvMember { bearer, table } => {
            let is_it = name == bearer || table.is_some_and(|table| around == table);
            is_it.then_some((Mode::Env, text))
        }
        Way::EnvPass { member } => (around == member).then_some((Mode::Env, text)),
        way => [Sort::Remote, Sort::Stdio]
            .into_iter()
            .find_map(|sort| within(way, sort, value)),
    };
    let mut ways = ALL.iter().flat_map(|client| client.ways);
    let (mode, named) = match ways.find_map(told) {
        _ if is_ours(text) => (Mode::Exec, ""),
        Some((Mode::Helper, _)) => (Mode::Helper, ""),
        Some(found) => found,
        // Behind `--header-file` there is the path alone.
        None => (Mode::File, text),
    };
    Reference::new(mode, (at.to_vec(), None), named)
}

/// What a client would replace inside of a value that is meant as it is: the mode that this is
/// otherwise used for, and how it is written, without what is named in it.
pub fn replaced(config: &Config, sort: Sort, value: &str) -> Option<(Mode, String)> {
    config.ways().iter().find_map(|way| {
        let template = match (way, sort) {
            (Way::Command(texts) | Way::Env(texts) | Way::File(texts), Sort::Remote) => {
                texts.header?
            }
            (Way::Command(texts) | Way::Env(texts) | Way::File(texts), Sort::Stdio) => {
                texts.variable?
            }
            (Way::Input, _) => "${input:{}}",
            (Way::Helper { .. } | Way::EnvMember { .. } | Way::EnvPass { .. }, _) => return None,
        };
        let (before, after) = template.split_once("{}")?;
        let is_replaced = value.match_indices(before).any(|(at, _)| {
            let rest = &value[at + before.len()..];
            let inner = match rest.find(after) {
                _ if after.is_empty() => rest
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next(),
                end => end.map(|end| &rest[..end]),
            };
            inner.is_some_and(|inner| match way {
                Way::Env(_) => is_name(inner.split(":-").next().unwrap_or_default()),
                _ => !inner.is_empty(),
            })
        });
        is_replaced.then(|| (way.mode(), template.replacen("{}", "..", 1)))
    })
}

/// What a value names, in the way of its client.
fn within(way: Way, sort: Sort, value: &str) -> Option<(Mode, &str)> {
    let template = |within: Within| match sort {
        Sort::Remote => within.header,
        Sort::Stdio => within.variable,
    };
    match way {
        Way::Command(texts) | Way::File(texts) => {
            Some((way.mode(), inside(value, template(texts)?)?))
        }
        Way::Env(texts) => {
            let inner = inside(value, template(texts)?)?;
            // A shell takes what is behind `:-` where there is no such variable.
            let name = inner.split(":-").next().unwrap_or_default();
            is_name(name).then_some((way.mode(), name))
        }
        Way::Input => Some((way.mode(), inside(value, "${input:{}}")?)),
        Way::Helper { .. } | Way::EnvMember { .. } | Way::EnvPass { .. } => None,
    }
}

/// What stands in the place of `{}` in a template.
fn inside<'v>(value: &'v str, template: &str) -> Option<&'v str> {
    let (before, after) = template.split_once("{}")?;
    let inner = value.strip_prefix(before)?.strip_suffix(after)?;
    (!inner.is_empty()).then_some(inner)
}

/// The members of an entry that stand for a token, in the way of its client.
fn members(way: Way, entry: &Entry<'_>) -> Vec<Reference> {
    let text = |name: &str| entry.json.get(name).and_then(Json::as_str);
    let mut found = Vec::new();
    let mut add = |at: Vec<String>, fills: Option<&str>, name: &str| {
        found.push(Reference::new(way.mode(), (at, fills), name));
    };
    match way {
        Way::Helper { member } => {
            if text(member).is_some() {
                add(below(&entry.at, member), None, "");
            }
        }
        Way::EnvMember { bearer, table } => {
            if let Some(name) = text(bearer) {
                add(below(&entry.at, bearer), Some("Authorization"), name);
            }
            let Some(table) = table else {
                return found;
            };
            let headers = entry.json.get(table).and_then(Json::as_object);
            for (header, name) in headers.unwrap_or_default() {
                if let Some(name) = name.as_str() {
                    let at = below(&below(&entry.at, table), header);
                    add(at, Some(header), name);
                }
            }
        }
        Way::EnvPass { member } => {
            let names = entry.json.get(member).and_then(Json::as_array);
            for (index, name) in names.unwrap_or_default().iter().enumerate() {
                if let Some(name) = name.as_str().filter(|name| is_credential(name)) {
                    let at = below(&below(&entry.at, member), &index.to_string());
                    add(at, Some(name), name);
                }
            }
        }
        Way::Command(_) | Way::Env(_) | Way::Input | Way::File(_) => {}
    }
    found
}

/// What the secrets of well known services begin with.
const MARKS: [&str; 13] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_",
    "xox",
    "AKIA",
    "AIza",
    "hf_",
];

/// Whether a text looks like a secret, where a name should be: by how it begins, or by a long run
/// of letters and digits that nobody would think up.
fn is_secret(text: &str) -> bool {
    let has = |text: &str, of: fn(char) -> bool| text.chars().filter(|c| of(*c)).count();
    let is_marked = MARKS.iter().any(|mark| text.starts_with(mark));
    let is_random = |run: &str| {
        let digits = has(run, |c| c.is_ascii_digit());
        let mixed = has(run, |c| c.is_ascii_lowercase()) > 0
            && has(run, |c| c.is_ascii_uppercase()) > 0
            && digits > 1;
        let is_hex = run.chars().all(|c| c.is_ascii_hexdigit());
        run.len() >= 16 && mixed || run.len() >= 32 && is_hex && digits > 0
    };
    is_marked && text.len() >= 20
        || text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(is_random)
}

/// Whether a name says that it is for a credential.
fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_word = |part: &str| matches!(part, "pat" | "jwt" | "bearer");
    ["auth", "token", "key", "secret", "credential", "password"]
        .iter()
        .any(|word| name.contains(word))
        || name.split(['_', '-', '.']).any(is_word)
}

#[cfg(test)]
mod tests;
