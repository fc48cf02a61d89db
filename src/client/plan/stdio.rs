//! Entries that start a program: the token is in a variable.

use super::{Ask, Change, Draft, Means, Plan, Sort, Value, Way};
use crate::client::command::{Words, unwrapped};
use crate::client::entry::{Entry, Slot, below, pointer};
use crate::client::value::{scheme, split};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;

impl Ask<'_> {
    pub(super) fn stdio(&self, entry: &Entry<'_>, root: &Json) -> Result<Plan, Error> {
        if self.wish.header.is_some() {
            return Err(Error::usage(format!(
                "{} starts a program and has no headers",
                self.server()
            ))
            .hint("name a variable by `--env NAME`"));
        }
        let way = self.way(Sort::Stdio)?;
        let command = entry.command.clone().unwrap_or_default();
        let wrapped = unwrapped(&command);
        let map = below(&entry.at, self.env(entry));
        let variables = self.variables(entry)?;
        let fixed = |seen: Option<&str>| {
            let prefix = scheme(seen, "");
            match self.within(&self.wish.means, way, (Sort::Stdio, &prefix), root) {
                (Value::Fixed(Json::String(text)), _) => Some(text),
                _ => None,
            }
        };
        let name = match (&self.wish.variable, &wrapped, self.passed(entry, way)) {
            (Some(name), _, _) | (None, _, Some(name)) => name.clone(),
            (None, Some((Some(name), _)), None) => (*name).clone(),
            _ => self.variable(&map, &variables, &fixed)?,
        };
        let at = below(&map, &name);
        let seen = self.text(entry, &at)?;
        let prefix = scheme(seen.as_deref(), "");
        let plain = wrapped.map_or(&command[..], |(_, inner)| inner);
        let mut draft = Draft::new(at, seen, Value::None);
        draft.name.clone_from(&name);
        let drop = |draft: &mut Draft| {
            draft.replaces = false;
            if let Some(value) = draft.seen.take() {
                draft.drop(Slot {
                    at: draft.at.clone(),
                    name: name.clone(),
                    value,
                });
            }
        };
        match (&self.wish.means, way) {
            (Means::Exec { prefix }, _) => {
                // It sets the variable, whatever the entry has; what is blank is not lost so.
                let blank = |seen: &str| split(seen).1.trim().is_empty();
                if !draft.seen.as_deref().is_some_and(blank) {
                    drop(&mut draft);
                }
                draft.replaces = false;
                let words = ["--env", &name, "--"].map(str::to_owned);
                let new: Vec<String> = [prefix, &words[..], plain].concat();
                draft.more.extend(self.command(entry, &command, &new));
                draft.at = entry.argument(0).unwrap_or_default();
                draft.seen = command.first().cloned();
            }
            (Means::Env { name: source }, Some(Way::EnvPass { member })) => {
                if *source != name {
                    return Err(Error::usage(format!(
                        "{} passes a variable on under its own name: `{}` cannot become `{}`",
                        self.config.title(),
                        shown(source),
                        shown(&name)
                    ))
                    .hint("name the same variable twice"));
                }
                drop(&mut draft);
                let list = below(&entry.at, member);
                let listed = entry.json.get(member).and_then(Json::as_array);
                let listed = listed.unwrap_or_default();
                let index = listed.iter().position(|item| item.as_str() == Some(source));
                draft.at = below(&list, &index.unwrap_or(listed.len()).to_string());
                draft.seen = index.map(|_| source.clone());
                if index.is_none() {
                    draft.more.push(Change::Append {
                        at: list,
                        value: Json::from(source.as_str()),
                    });
                }
            }
            (means, way) => {
                let (value, question) = self.within(means, way, (Sort::Stdio, &prefix), root);
                draft.value = value;
                draft.more.extend(question);
            }
        }
        if wrapped.is_some() && !matches!(self.wish.means, Means::Exec { .. }) {
            draft.more.extend(self.command(entry, &command, plain));
            draft.unwrapped = entry.argument(0);
        }
        Ok(self.planned(draft))
    }

    /// The variable that the entry passes on already, where that is what is asked for.
    fn passed(&self, entry: &Entry<'_>, way: Option<Way>) -> Option<&String> {
        let (Means::Env { name }, Some(Way::EnvPass { member })) = (&self.wish.means, way) else {
            return None;
        };
        let listed = entry.json.get(member)?.as_array()?;
        let is_it = |item: &Json| item.as_str() == Some(name);
        listed.iter().any(is_it).then_some(name)
    }

    /// The member with the variables.
    pub(super) fn env(&self, entry: &Entry<'_>) -> &'static str {
        let names = self.config.shape().stdio.env;
        let there = |name: &&&str| entry.json.get(name).is_some_and(|map| *map != Json::Null);
        names
            .iter()
            .find(there)
            .or(names.first())
            .copied()
            .unwrap_or("env")
    }

    /// The variables that have a text.
    fn variables<'e>(&self, entry: &'e Entry<'_>) -> Result<Vec<(&'e str, &'e str)>, Error> {
        let member = self.env(entry);
        let map = match entry.json.get(member) {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(map) => map
                .as_object()
                .ok_or_else(|| self.wrong(&below(&entry.at, member), "an object", map))?,
        };
        let texts = map
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        Ok(texts.collect())
    }

    /// The one variable that holds a token, or what stands for it in this mode.
    fn variable(
        &self,
        map: &[String],
        variables: &[(&str, &str)],
        fixed: &dyn Fn(Option<&str>) -> Option<String>,
    ) -> Result<String, Error> {
        let holds = |value: &str| {
            (self.is_token)(split(value).1.trim()) || fixed(Some(value)).as_deref() == Some(value)
        };
        let found: Vec<&str> = variables
            .iter()
            .filter(|(_, value)| holds(value))
            .map(|(name, _)| *name)
            .collect();
        let quoted = |names: &[&str]| -> Vec<String> {
            names
                .iter()
                .map(|name| format!("`{}`", shown(name)))
                .collect()
        };
        let all: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        let (what, hint) = match (&found[..], &all[..]) {
            ([name], _) => return Ok((*name).to_owned()),
            ([], []) => (
                format!("{} has no variables yet", self.server()),
                "name the one that the server reads its token from by `--env NAME`",
            ),
            ([], all) => (
                format!(
                    "no variable of {} holds a token; it has {} in `{}`",
                    self.server(),
                    super::super::listed(&quoted(all), "and"),
                    pointer(map)
                ),
                "name the one that the server reads its token from by `--env NAME`",
            ),
            (several, _) => (
                format!(
                    "several variables of {} hold a token: {} in `{}`",
                    self.server(),
                    super::super::listed(&quoted(several), "and"),
                    pointer(map)
                ),
                "name one of them by `--env NAME`",
            ),
        };
        Err(Error::new(Code::PlaceAmbiguous, what).hint(hint))
    }

    /// The changes that make one command of another.
    fn command(&self, entry: &Entry<'_>, old: &[String], new: &[String]) -> Vec<Change> {
        let stdio = &self.config.shape().stdio;
        let command = entry.json.get(stdio.command);
        let is_list = command.is_some_and(|json| json.as_array().is_some());
        let member = |name: &str| below(&entry.at, name);
        let words = if is_list {
            Words {
                program: None,
                list: member(stdio.command),
            }
        } else {
            Words {
                program: Some(member(stdio.command)),
                list: member(stdio.args.unwrap_or("args")),
            }
        };
        words.rewritten(old, new)
    }
}
