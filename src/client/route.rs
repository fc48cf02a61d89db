//! Where the token of an entry ends up: what its client connects to, or starts.

use std::collections::HashSet;

use super::command::unwrapped;
use super::config::Config;
use super::entry::{Entry, Slot, URLS, below, document, entries, is_entry, walk};
use super::plan::{Wish, plan};
use super::table::ANY;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::shown;

/// What decides where a token of an entry goes. An edit of ours changes none of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// Every URL that some client would take for that of the server.
    pub urls: Vec<String>,
    /// The program that is started, and its arguments, without what carries a token.
    pub command: Vec<String>,
    /// The folders that some client would start it in.
    pub folders: Vec<String>,
    /// Its variables, but for those of tokens: which program a command starts, and what that
    /// loads, is up to them.
    pub variables: Vec<Slot>,
    /// The files that it has more of them from.
    pub files: Vec<String>,
}

/// Every name that some client has for the folder of a program, and for a file of variables.
const FOLDERS: [&str; 4] = ["cwd", "working_directory", "workingDirectory", "workdir"];
const FILES: [&str; 3] = ["envFile", "env_file", "envFiles"];

impl Route {
    /// It as one text, of a server in the config at this path.
    pub fn text(&self, path: &str) -> String {
        let mut text = String::new();
        let list = |words: &[String]| Json::from(words.to_vec());
        let mut variables: Vec<(&str, &str)> = Vec::new();
        for slot in &self.variables {
            variables.push((&slot.name, &slot.value));
        }
        // They come to the program in no order.
        variables.sort_unstable();
        let variables = variables
            .into_iter()
            .flat_map(|(name, value)| [name, value]);
        let variables: Vec<String> = variables.map(str::to_owned).collect();
        let all = vec![
            Json::from(path),
            list(&self.urls),
            list(&self.command),
            list(&self.folders),
            list(&variables),
            list(&self.files),
        ];
        Json::Array(all).write(&mut text);
        text
    }

    /// The same without variables of these names.
    #[must_use]
    pub fn without(mut self, names: &[String]) -> Self {
        self.variables.retain(|slot| !names.contains(&slot.name));
        self
    }

    /// What both say.
    fn and(mut self, other: Self) -> Self {
        self.urls.extend(other.urls);
        self.command.extend(other.command);
        self.folders.extend(other.folders);
        self.variables.extend(other.variables);
        self.files.extend(other.files);
        self
    }

    /// The same without what an edit of ours may change: variables that hold a token, and the one
    /// that is to hold it, whatever is in it.
    fn untouched(mut self, is_token: fn(&str) -> bool, is_ours: impl Fn(&Slot) -> bool) -> Self {
        self.variables
            .retain(|slot| !is_token(&slot.value) && !is_ours(slot));
        self
    }
}

/// Where the token of a server goes by this text (`None`: there is no file); of one that is not
/// in it where it would go by the entry that is made. An entry that is there twice goes to both.
pub fn route(
    config: &Config,
    text: Option<&str>,
    wish: &Wish,
    is_token: fn(&str) -> bool,
) -> Result<Route, Error> {
    let found = |text: &str| {
        let Some(route) = there(config, text, &wish.server)? else {
            return Ok(None);
        };
        if route.variables.is_empty() {
            return Ok(Some(route));
        }
        // What cannot be planned is not written, either.
        let plan = plan(config, Some(text), wish, is_token).ok();
        let changes = plan.iter().flat_map(|plan| plan.changes(None));
        let mut ours: Vec<Vec<String>> = changes.map(|change| change.at().to_vec()).collect();
        ours.extend(plan.iter().map(|plan| plan.at.clone()));
        let planned = plan.as_ref().map(|plan| &plan.name);
        let is_ours = |slot: &Slot| {
            let name = Some(&slot.name);
            ours.contains(&slot.at) || name == planned || name == wish.variable.as_ref()
        };
        Ok::<_, Error>(Some(route.untouched(is_token, is_ours)))
    };
    if let Some(route) = text.map(found).transpose()?.flatten() {
        return Ok(route);
    }
    let plan = plan(config, text, wish, is_token)?;
    let made = config
        .format
        .apply(text.unwrap_or_default(), &plan.changes(None))?;
    Ok(found(&made)?.unwrap_or_default())
}

/// Where a value goes that is in the entry of a server, by its place in the text: that of all that
/// may be one around it; `None`: nothing is.
pub fn route_around(
    config: &Config,
    text: &str,
    at: &[String],
    is_token: fn(&str) -> bool,
) -> Result<Option<Route>, Error> {
    let Some(root) = config.format.get(text, &[])? else {
        return Ok(None);
    };
    let mut found: Option<Route> = None;
    for depth in 1..at.len() {
        let at = &at[..depth];
        let Some(json) = walk(&root, at).filter(|json| is_entry(json)) else {
            continue;
        };
        plain(&root, at)?;
        let one = Entry::read(config, at.to_vec(), json);
        let one = one.map_or_else(Route::default, |entry| of(&entry, json));
        found = Some(match found {
            Some(all) => all.and(one),
            None => one,
        });
    }
    Ok(found.map(|route| route.untouched(is_token, |slot| slot.at == at)))
}

fn there(config: &Config, text: &str, server: &str) -> Result<Option<Route>, Error> {
    let Some(root) = document(config, text)? else {
        return Ok(None);
    };
    let all = entries(config, &root, |at, name, json| {
        (name == server).then(|| {
            plain(&root, &at)?;
            let entry = Entry::read(config, at, json);
            Ok(entry.map_or_else(Route::default, |entry| of(&entry, json)))
        })
    });
    let all: Vec<Route> = all.into_iter().flatten().collect::<Result<_, Error>>()?;
    Ok(all.into_iter().reduce(Route::and))
}

/// Refuses an entry in which, or around which, a name is there twice: clients take the first or
/// the last, and nobody knows which one is meant.
fn plain(root: &Json, at: &[String]) -> Result<(), Error> {
    let mut around = (0..at.len()).filter_map(|depth| walk(root, &at[..depth]));
    let twice = around.find_map(twice).or_else(|| within(walk(root, at)?));
    twice.map_or(Ok(()), |name| {
        let what = format!("the name `{}` is there twice", shown(name));
        Err(Error::new(Code::PlaceInvalid, what))
    })
}

fn twice(json: &Json) -> Option<&str> {
    let mut seen = HashSet::new();
    let mut names = json.as_object()?.iter().map(|(name, _)| name.as_str());
    names.find(|name| !seen.insert(*name))
}

/// The same of it and all that it holds.
fn within(json: &Json) -> Option<&str> {
    let members = json.as_object().unwrap_or_default().iter();
    twice(json).or_else(|| members.map(|(_, json)| json).find_map(within))
}

/// That of an entry; `json` is the whole of it.
fn of(entry: &Entry<'_>, json: &Json) -> Route {
    let own = entry.config.shape().remote.as_ref();
    let names = own.map_or(&[][..], |remote| remote.url).iter();
    let mut urls: Vec<String> = Vec::new();
    for name in names.chain(&URLS) {
        for json in [json, entry.json] {
            let url = json.get(name).and_then(Json::as_str);
            urls.extend(
                url.filter(|url| urls.iter().all(|known| known != url))
                    .map(str::to_owned),
            );
        }
    }
    let command = entry.command.as_deref().unwrap_or_default();
    let command = unwrapped(command).map_or(command, |(_, inner)| inner);
    let is_bridge = entry.bridge().is_some();
    let mut words = command.iter();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if is_bridge && matches!(word.as_str(), "--header" | "--header-file") {
            words.next();
        } else {
            kept.push(word.clone());
        }
    }
    if kept.is_empty() {
        return Route {
            urls,
            ..Route::default()
        };
    }
    let said = |names: &[&str]| {
        let said = names
            .iter()
            .flat_map(|name| [json.get(name), entry.json.get(name)]);
        let mut all: Vec<String> = Vec::new();
        let said = said.flatten().filter(|json| **json != Json::Null);
        for text in said.map(text_of) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    };
    Route {
        urls,
        command: kept,
        folders: said(&FOLDERS),
        variables: variables(entry),
        files: said(&FILES),
    }
}

/// The variables of an entry, by whatever name some client has for them.
fn variables(entry: &Entry<'_>) -> Vec<Slot> {
    let own = entry.config.shape().stdio.env.iter();
    let any = ANY.shape.stdio.env.iter();
    let mut maps: Vec<&str> = own.chain(any).copied().collect();
    maps.sort_unstable();
    maps.dedup();
    let mut all = Vec::new();
    for map in maps {
        let at = below(&entry.at, map);
        let Some(json) = entry.json.get(map).filter(|json| **json != Json::Null) else {
            continue;
        };
        let Some(members) = json.as_object() else {
            // A list of `NAME=value`, or whatever else its client makes of it.
            all.push(Slot {
                at,
                name: map.to_owned(),
                value: text_of(json),
            });
            continue;
        };
        all.extend(members.iter().map(|(name, value)| Slot {
            at: below(&at, name),
            name: name.clone(),
            value: text_of(value),
        }));
    }
    all
}

/// A text as it is, anything else as JSON.
fn text_of(json: &Json) -> String {
    json.as_str()
        .map_or_else(|| json.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::any;

    #[test]
    fn what_changes_where_a_token_goes_changes_the_route() {
        let config = any("m.json".into());
        let route = |entry: &str| {
            let text = format!("{{\"mcpServers\":{{\"x\":{entry}}}}}");
            let wish = Wish {
                server: "x".to_owned(),
                variable: (!entry.contains("url")).then(|| "OURS".to_owned()),
                ..Wish::default()
            };
            route(&config, Some(&text), &wish, |value| {
                value.starts_with("eyJ")
            })
            .map(|route| route.text("m.json"))
            .ok()
        };
        #[rustfmt::skip]
        let cases = [
            // one                                                     other                                                                                 same
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://a","headers":{"Authorization":"Bearer t"}}"#,                      true),
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://a","headersHelper":"mcpjwt headers x"}"#,                          true),
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://b"}"#,                                                             false),
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://a","serverUrl":"https://b"}"#,                                     false),
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://a","command":"x"}"#,                                               false),
            (r#"{"url":"https://a"}"#,                                 r#"{"transport":{"url":"https://b"},"url":"https://a"}"#,                             false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"env":{"T":"eyJhbGciOiJIUzI1NiJ9.e30.AA"}}"#,    true),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"/b/mcpjwt","args":["exec","a","--env","T","--","node","s.js"]}"#,      true),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["e.js"]}"#,                                              false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"./node","args":["s.js"]}"#,                                            false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js","--header","x"]}"#,                               false),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"npx","args":["mcp-remote","https://a","--header","Authorization:${T}"]}"#, true),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"./e","args":["mcp-remote","https://a"]}"#,                             false),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"npx","args":["mcp-remote","https://b","https://a"]}"#,                 false),
        ];
        #[rustfmt::skip]
        let cases = cases.into_iter().chain([
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"cwd":"e"}"#,                                    false),
            (r#"{"command":"node","args":["s.js"],"cwd":"a"}"#,        r#"{"command":"node","args":["s.js"],"working_directory":"b","cwd":"a"}"#,            false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"envFile":"e"}"#,                                false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"env":{"PATH":"e"}}"#,                           false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"environment":{"PATH":"e"}}"#,                   false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"env":["PATH=e"]}"#,                             false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"env":null,"cwd":null}"#,                        true),
            (r#"{"command":"node","env":{"PATH":"a"}}"#,               r#"{"command":"node","env":{"PATH":"b"}}"#,                                           false),
            (r#"{"command":"node","env":{"PATH":"a"}}"#,               r#"{"command":"node","env":{"PATH":""}}"#,                                            false),
            (r#"{"command":"node","env":{"A":"a","B":"b"}}"#,          r#"{"command":"node","env":{"B":"b","A":"a"}}"#,                                      true),
            (r#"{"command":"node","env":{"A":"a"}}"#,                  r#"{"command":"node","env":{"A":"a","OURS":""}}"#,                                    true),
            (r#"{"command":"node","env":{"A":"a"}}"#,                  r#"{"command":"node","env":{"A":"a","OURS":"${env:OURS}"}}"#,                         true),
            // A URL is reached from anywhere.
            (r#"{"url":"https://a"}"#,                                 r#"{"url":"https://a","env":{"A":"a"},"cwd":"b"}"#,                                   true),
        ]);
        // A name that is there twice: one client takes the first, another the last.
        for entry in [
            r#"{"url":"https://a","url":"https://b"}"#,
            r#"{"url":"https://a","transport":{"url":"https://a","url":"https://b"}}"#,
            r#"{"url":"https://a"},"x":{"url":"https://b"}"#,
        ] {
            assert_eq!(route(entry), None, "{entry}");
        }
        for (one, other, same) in cases {
            let (one_is, other_is) = (route(one), route(other));
            assert!(one_is.is_some() && other_is.is_some(), "{one} {other}");
            assert_eq!(one_is == other_is, same, "{one} {other}");
        }
    }

    #[test]
    fn a_value_in_a_tree_goes_where_the_entries_around_it_go() {
        let config = any("m.json".into());
        #[rustfmt::skip]
        let cases = [
            // text                                                                 where                want
            (r#"{"s":{"x":{"command":"a","env":{"T":"","A":"1"}}}}"#,               "s/x/env/T",         Some(("a", "", "A"))),
            (r#"{"s":{"x":{"command":"a","cwd":"c","env":{"T":"","A":"1"}}}}"#,     "s/x/env/A",         Some(("a", "", "T"))),
            (r#"{"s":{"x":{"url":"https://u","headers":{"H":""}}}}"#,               "s/x/headers/H",     Some(("", "https://u", ""))),
            (r#"{"s":{"x":{"transport":{"url":"https://u","headers":{"H":""}}}}}"#, "s/x/transport/headers/H", Some(("", "https://u https://u", ""))),
            (r#"{"s":{"url":"https://o","x":{"command":"a","env":{"T":""}}}}"#,     "s/x/env/T",         Some(("a", "https://o", ""))),
            (r#"{"s":{"x":{"env":{"T":""}}}}"#,                                     "s/x/env/T",         None),
            (r#"{"command":"a","env":{"T":""}}"#,                                   "env",               None),
            ("",                                                                    "s/x/env/T",         None),
        ];
        for (text, at, want) in cases {
            let at: Vec<String> = at.split('/').map(str::to_owned).collect();
            let route = route_around(&config, text, &at, |_| false).unwrap();
            let found = route.map(|route| {
                let names = route.variables.iter().map(|slot| slot.name.as_str());
                let names: Vec<&str> = names.collect();
                (
                    route.command.join(" "),
                    route.urls.join(" "),
                    names.join(" "),
                )
            });
            let want = want.map(|(command, urls, names)| {
                (command.to_owned(), urls.to_owned(), names.to_owned())
            });
            assert_eq!(found, want, "{text} {at:?}");
        }
        let twice = r#"{"s":{"x":{"command":"a","command":"b","env":{"T":""}}}}"#;
        let at = ["s", "x", "env", "T"].map(str::to_owned);
        assert!(route_around(&config, twice, &at, |_| false).is_err());
    }
}
