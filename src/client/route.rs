//! Where the token of an entry ends up: what its client connects to, or starts.

use std::collections::HashSet;

use super::command::unwrapped;
use super::config::Config;
use super::entry::{Entry, URLS, document, entries, walk};
use super::plan::{Wish, plan};
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
}

impl Route {
    /// It as one text, of a server in the config at this path.
    pub fn text(&self, path: &str) -> String {
        let mut text = String::new();
        let list = |words: &[String]| Json::from(words.to_vec());
        let all = vec![Json::from(path), list(&self.urls), list(&self.command)];
        Json::Array(all).write(&mut text);
        text
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
    if let Some(route) = text
        .map(|text| there(config, text, &wish.server))
        .transpose()?
        .flatten()
    {
        return Ok(route);
    }
    let plan = plan(config, text, wish, is_token)?;
    let made = config
        .format
        .apply(text.unwrap_or_default(), &plan.changes(None))?;
    Ok(there(config, &made, &wish.server)?.unwrap_or_default())
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
    Ok(all.into_iter().reduce(|mut all, one| {
        all.urls.extend(one.urls);
        all.command.extend(one.command);
        all
    }))
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
    Route {
        urls,
        command: kept,
    }
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
                ..Wish::default()
            };
            route(&config, Some(&text), &wish, |_| false)
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
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js"],"env":{"T":"t"}}"#,                              true),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"/b/mcpjwt","args":["exec","a","--env","T","--","node","s.js"]}"#,      true),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["e.js"]}"#,                                              false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"./node","args":["s.js"]}"#,                                            false),
            (r#"{"command":"node","args":["s.js"]}"#,                  r#"{"command":"node","args":["s.js","--header","x"]}"#,                               false),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"npx","args":["mcp-remote","https://a","--header","Authorization:${T}"]}"#, true),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"./e","args":["mcp-remote","https://a"]}"#,                             false),
            (r#"{"command":"npx","args":["mcp-remote","https://a"]}"#, r#"{"command":"npx","args":["mcp-remote","https://b","https://a"]}"#,                 false),
        ];
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
}
