//! Entries that name a URL: the token is in a header.

use super::{Ask, Change, Draft, Gives, Means, Plan, Sort, Value, Way};
use crate::client::entry::{Entry, Slot, below, pointer, walk};
use crate::client::value::{filled, scheme};
use crate::client::{Mode, question};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;

pub(super) const AUTHORIZATION: &str = "Authorization";

impl Ask<'_> {
    pub(super) fn remote(&self, entry: &Entry<'_>, root: &Json) -> Result<Plan, Error> {
        let Some(remote) = &self.config.shape().remote else {
            return Err(Error::new(
                Code::PlaceInvalid,
                format!(
                    "{} does not read entries that name a URL (`{}`)",
                    self.config.title(),
                    pointer(&entry.at)
                ),
            )
            .hint("take the entry out; with `--url URL` a new one goes through `mcp-remote`"));
        };
        if self.wish.variable.is_some() {
            return Err(Error::usage(format!(
                "{} names a URL and has no variables",
                self.server()
            ))
            .hint("leave out `--env`, or name a header by `--header NAME`"));
        }
        let way = self.way(Sort::Remote)?;
        let header = self.header(entry)?;
        let is_authorization = header.name.eq_ignore_ascii_case(AUTHORIZATION);
        let rejected = remote
            .rejects
            .is_some_and(|name| name.eq_ignore_ascii_case(&header.name));
        if rejected && self.wish.means == Means::Literal {
            let mut modes = self.config.modes(Sort::Remote);
            modes.retain(|mode| *mode != Mode::Literal);
            return Err(self.unsupported(Sort::Remote, &modes));
        }
        let prefix = scheme(header.seen.as_deref(), &header.name);
        let fixed = |text: &str| Value::Fixed(Json::from(text));
        let mut draft = Draft::new(header.at.clone(), header.seen.clone(), Value::None);
        draft.url.clone_from(&entry.url);
        draft.value = match (&self.wish.means, way) {
            (Means::Helper { command }, Some(Way::Helper { member })) => {
                if !is_authorization {
                    return Err(Error::usage(format!(
                        "the helper of {} gives `Authorization` only",
                        self.server()
                    ))
                    .hint("leave out `--header`, or choose another mode"));
                }
                draft.at = below(&entry.at, member);
                draft.gives = Gives::Headers;
                fixed(command)
            }
            (Means::Env { name }, Some(Way::EnvMember { bearer, .. })) if is_authorization => {
                draft.at = below(&entry.at, bearer);
                fixed(name)
            }
            (
                Means::Env { name },
                Some(Way::EnvMember {
                    table: Some(table), ..
                }),
            ) => {
                let header = Self::same_name(entry, table, &header.name);
                draft.at = below(&below(&entry.at, table), &header);
                fixed(name)
            }
            (Means::Env { .. }, Some(Way::EnvMember { table: None, .. })) => {
                return Err(Error::usage(format!(
                    "{} takes `Authorization` only out of a variable",
                    self.config.title()
                ))
                .hint("leave out `--header`, or choose another mode"));
            }
            (means, way) => {
                let (value, question) = self.within(means, way, (Sort::Remote, &prefix), root);
                draft.more.extend(question);
                value
            }
        };
        if draft.at != header.at {
            draft.seen = self.text(entry, &draft.at)?;
            if let Some(slot) = header.slot() {
                draft.drop(slot);
            }
        }
        for slot in self.members(entry, &header.name) {
            if slot.at != draft.at {
                draft.drop(slot);
            }
        }
        draft.name = header.name;
        Ok(self.planned(draft))
    }

    /// The value of a header or variable, and the question it may need.
    pub(super) fn within(
        &self,
        means: &Means,
        way: Option<Way>,
        (sort, prefix): (Sort, &str),
        root: &Json,
    ) -> (Value, Option<Change>) {
        let template = match way {
            Some(Way::Command(within) | Way::Env(within) | Way::File(within)) => match sort {
                Sort::Remote => within.header,
                Sort::Stdio => within.variable,
            },
            _ => None,
        };
        let put = |text: &str| {
            let reference = filled(template.unwrap_or("{}"), text);
            Value::Fixed(Json::from(format!("{prefix}{reference}")))
        };
        match means {
            Means::Helper { command } => (put(command), None),
            Means::Env { name } => (put(name), None),
            Means::File { path } => (put(path), None),
            Means::Input { id, about } => {
                let value = format!("{prefix}{}", question::named(id));
                (
                    Value::Fixed(Json::from(value)),
                    self.question(id, about, root),
                )
            }
            Means::Literal | Means::Exec { .. } => (Value::Token(prefix.to_owned()), None),
        }
    }

    /// The question that an input needs, unless it is asked already.
    fn question(&self, id: &str, about: &str, root: &Json) -> Option<Change> {
        let servers = super::maps(self.config, root);
        let servers = servers.first().or_else(|| self.config.servers.first())?;
        let (_, above) = servers.split_last()?;
        let at = below(above, "inputs");
        let asked = walk(root, &at).and_then(Json::as_array).unwrap_or_default();
        let is_it = |input: &Json| input.get("id").and_then(Json::as_str) == Some(id);
        if asked.iter().any(is_it) {
            return None;
        }
        Some(Change::Append {
            at,
            value: question::written(id, about),
        })
    }

    /// The header that the token goes into.
    fn header(&self, entry: &Entry<'_>) -> Result<Header, Error> {
        let wanted = self.wish.header.as_deref().unwrap_or(AUTHORIZATION);
        let remote = self.config.shape().remote.as_ref();
        let names = remote.map_or(&[][..], |remote| remote.headers);
        let there = |name: &&&str| entry.json.get(name).is_some_and(|map| *map != Json::Null);
        let member = names
            .iter()
            .find(there)
            .or(names.first())
            .copied()
            .unwrap_or("headers");
        let map_at = below(&entry.at, member);
        let map = match entry.json.get(member) {
            None | Some(Json::Null) => &[][..],
            Some(map) => map
                .as_object()
                .ok_or_else(|| self.wrong(&map_at, "an object", map))?,
        };
        let same: Vec<&(String, Json)> = map
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .collect();
        let (name, seen) = match same[..] {
            [] => (wanted, None),
            [(name, value)] => (name.as_str(), Some(value)),
            _ => {
                return Err(Error::new(
                    Code::PlaceAmbiguous,
                    format!("{} has the header `{}` twice", self.server(), shown(wanted)),
                )
                .hint(format!("take one out of `{}`", pointer(&map_at))));
            }
        };
        let at = below(&map_at, name);
        let seen = match seen {
            None | Some(Json::Null) => None,
            Some(Json::String(text)) => Some(text.clone()),
            Some(other) => return Err(self.wrong(&at, "a string", other)),
        };
        Ok(Header {
            at,
            name: name.to_owned(),
            seen,
        })
    }

    /// The name that a table of headers has for this one.
    fn same_name(entry: &Entry<'_>, table: &str, name: &str) -> String {
        let members = entry
            .json
            .get(table)
            .and_then(Json::as_object)
            .unwrap_or_default();
        let same = members
            .iter()
            .find(|(there, _)| there.eq_ignore_ascii_case(name));
        same.map_or(name, |(there, _)| there).to_owned()
    }

    /// The members of the entry that would give this header another value.
    fn members(&self, entry: &Entry<'_>, name: &str) -> Vec<Slot> {
        let is_authorization = name.eq_ignore_ascii_case(AUTHORIZATION);
        let mut places = Vec::new();
        for way in self.config.ways() {
            match way {
                Way::Helper { member } if is_authorization => places.push(below(&entry.at, member)),
                Way::EnvMember { bearer, table } => {
                    if is_authorization {
                        places.push(below(&entry.at, bearer));
                    }
                    if let Some(table) = table {
                        let name = Self::same_name(entry, table, name);
                        places.push(below(&below(&entry.at, table), &name));
                    }
                }
                _ => {}
            }
        }
        let slot = |at: Vec<String>| {
            let value = walk(entry.json, &at[entry.at.len()..])?
                .as_str()?
                .to_owned();
            let name = at.last()?.clone();
            Some(Slot { at, name, value })
        };
        places.into_iter().filter_map(slot).collect()
    }

    /// The text at some steps of the entry.
    pub(super) fn text(&self, entry: &Entry<'_>, at: &[String]) -> Result<Option<String>, Error> {
        match walk(entry.json, &at[entry.at.len()..]) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.wrong(at, "a string", other)),
        }
    }
}

/// A header as it is or will be.
struct Header {
    at: Vec<String>,
    name: String,
    seen: Option<String>,
}

impl Header {
    fn slot(&self) -> Option<Slot> {
        Some(Slot {
            at: self.at.clone(),
            name: self.name.clone(),
            value: self.seen.clone()?,
        })
    }
}
