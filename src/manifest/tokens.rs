//! The tokens of a manifest, and the places they go to.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::keys::{DESTINATION, FILE_MODES, RESERVED, TOKEN};
use super::read::{Reader, Section, invalid, of_place};
use super::values::{
    claim, command, header, is_name, kind, lifetime, mistyped, name, scopes, text, texts, url,
    variable,
};
use super::{Destination, Token};
use crate::client::Mode;
use crate::json::Json;
use crate::place::{Place, Scope, shown};

impl Reader {
    pub(super) fn tokens(&mut self, top: Section<'_>) -> Vec<Token> {
        let Some((item, line)) = self.find(top, "token") else {
            return Vec::new();
        };
        let Some(listed) = listed(item) else {
            let hint = "begin each token with `[[token]]`";
            self.wrong(line, mistyped("token", item, "a list of tables", hint));
            return Vec::new();
        };
        let mut tokens = Vec::new();
        for (one, span) in listed {
            let line = span.map_or(line, |span| self.line(Some(span)));
            match one {
                One::Table(table) => tokens.extend(self.token(Section {
                    table,
                    keys: TOKEN,
                    what: "a `[[token]]`",
                    line,
                })),
                One::Text(_) | One::Other(_) => {
                    let error = invalid("`token` lists something that is no table");
                    self.wrong(line, error.hint("begin each token with `[[token]]`"));
                }
            }
        }
        tokens
    }

    fn token(&mut self, section: Section<'_>) -> Option<Token> {
        self.unknown_keys(section);
        let sub = self.take(section, "sub", text);
        let given = self.take(section, "name", name);
        if sub.is_none() && section.table.get("sub").is_none() {
            let error = invalid("a `[[token]]` has no `sub`");
            self.wrong(
                section.line,
                error.hint("say who it is for: `sub = \"vscode1\"`"),
            );
        }
        let named = given.or_else(|| self.named_after(section, sub.as_deref()?));
        let what = named
            .as_deref()
            .map_or("a token".to_owned(), |name| format!("token `{name}`"));
        let (mode, file_mode) = self.modes(section);
        let env = self.take(section, "env", variable);
        let token = Token {
            role: self.take(section, "role", text),
            scope: self.take(section, "scope", scopes).unwrap_or_default(),
            claims: self.claims(section),
            ttl: self.take(section, "ttl", lifetime),
            aud: self.take(section, "aud", texts),
            typ: self.word(section, "typ"),
            client_id: self.take(section, "client-id", text),
            to: self.destinations(section, &what),
            line: section.line,
            name: named.unwrap_or_default(),
            sub: sub.unwrap_or_default(),
            env,
        };
        let to = token.to.into_iter().map(|to| Destination {
            mode: to.mode.or(mode.filter(|_| is_entry(&to.place))),
            file_mode: to.file_mode.or(file_mode.filter(|_| is_in_file(&to.place))),
            env: to
                .env
                .or_else(|| token.env.clone().filter(|_| is_entry(&to.place))),
            ..to
        });
        let to = to.collect();
        (!token.name.is_empty() && !token.sub.is_empty()).then_some(Token { to, ..token })
    }

    /// The subject before its `@`, as a name.
    fn named_after(&mut self, section: Section<'_>, sub: &str) -> Option<String> {
        if section.table.get("name").is_some() {
            return None;
        }
        let before = sub.split('@').next().unwrap_or(sub);
        if is_name(before) {
            return Some(before.to_owned());
        }
        let error = invalid("the `sub` of this token does not make a name");
        self.wrong(
            section.line,
            error.hint("give it one of letters, digits and `._-`: `name = \"vscode1\"`"),
        );
        None
    }

    fn claims(&mut self, section: Section<'_>) -> Vec<(String, Json)> {
        let Some((item, line)) = self.find(section, "claims") else {
            return Vec::new();
        };
        let Some(table) = item.as_table_like() else {
            let hint = "`claims = { quota = 100 }`";
            self.wrong(line, mistyped("claims", item, "a table", hint));
            return Vec::new();
        };
        let mut claims = Vec::new();
        for (name, value) in table.iter() {
            let span = table.key(name).and_then(toml_edit::Key::span);
            let line = span.map_or(line, |span| self.line(Some(span)));
            let reserved = RESERVED.iter().find(|(claim, _)| *claim == name);
            match (reserved, claim(name, value)) {
                (Some((_, hint)), _) => {
                    let error = invalid(format!("`claims` does not set `{name}`"));
                    self.wrong(line, error.hint(*hint));
                }
                (None, Ok(value)) => claims.push((name.to_owned(), value)),
                (None, Err(why)) => {
                    self.wrong(line, invalid(format!("the claim `{}` {why}", shown(name))));
                }
            }
        }
        claims
    }

    /// `mode` is of clients, or of files.
    fn modes(&mut self, section: Section<'_>) -> (Option<Mode>, Option<u32>) {
        let Some(word) = self.word(section, "mode") else {
            return (None, None);
        };
        let file = FILE_MODES.iter().find(|(name, _)| *name == word);
        let mode = Mode::ALL.into_iter().find(|mode| mode.name() == word);
        (mode, file.map(|(_, bits)| *bits))
    }

    fn destinations(&mut self, section: Section<'_>, whose: &str) -> Vec<Destination> {
        let Some((item, line)) = self.find(section, "to") else {
            return Vec::new();
        };
        let hint = "`to = [\"dotenv:.env#MCP_TOKEN\"]`";
        let Some(listed) = listed(item) else {
            self.wrong(line, mistyped("to", item, "a list of places", hint));
            return Vec::new();
        };
        let mut to = Vec::new();
        for (one, span) in listed {
            let line = span.map_or(line, |span| self.line(Some(span)));
            let found = match one {
                One::Text(text) => match self.parsed(text) {
                    Ok(place) => Some(plain(place, line)),
                    Err(error) => {
                        self.wrong(line, of_place("to", error));
                        None
                    }
                },
                One::Table(table) => self.destination(Section {
                    table,
                    keys: DESTINATION,
                    what: "a table in `to`",
                    line,
                }),
                One::Other(kind) => {
                    let error = invalid(format!("`to` lists {kind}, not a place"));
                    self.wrong(line, error.hint(hint));
                    None
                }
            };
            let Some(found) = found else { continue };
            if matches!(found.place, Place::Env(_) | Place::Command(_)) {
                let error = invalid("`to` names a place that can only be read");
                self.wrong(
                    line,
                    error.hint("such as `file:PATH` or `dotenv:PATH#NAME`"),
                );
                continue;
            }
            let what = format!("a place of {whose}");
            self.taken.push((found.place.clone(), what, line));
            to.push(found);
        }
        to
    }

    fn destination(&mut self, section: Section<'_>) -> Option<Destination> {
        self.unknown_keys(section);
        let place = self.destined(section);
        let (mode, file_mode) = self.modes(section);
        let found = Destination {
            mode,
            file_mode,
            env: self.take(section, "env", variable),
            header: self.take(section, "header", header),
            url: self.take(section, "url", url),
            command: self.take(section, "command", command).unwrap_or_default(),
            line: section.line,
            place: place?,
        };
        for (one, two) in [
            ("url", "command"),
            ("env", "header"),
            ("url", "env"),
            ("command", "header"),
        ] {
            if section.table.contains_key(one) && section.table.contains_key(two) {
                let error = invalid(format!("`{one}` and `{two}` contradict each other"));
                self.wrong(
                    section.line,
                    error.hint("`url` and `header` are of an entry that names a URL, `command` and `env` of one that starts a program"),
                );
            }
        }
        let entry = is_entry(&found.place);
        for key in ["env", "header", "url", "command"] {
            if !entry && section.table.contains_key(key) {
                let error = invalid(format!(
                    "`{key}` is of an entry of a client, and this is another place"
                ));
                self.wrong(section.line, error.hint("leave it out"));
            }
        }
        let of_files = found.file_mode.is_some() && !is_in_file(&found.place);
        let of_clients = found.mode.is_some() && !entry;
        if of_files || of_clients {
            let error = invalid("`mode` does not go with this kind of place");
            self.wrong(
                section.line,
                error.hint("`0600` and `0640` are of files, the others of entries of clients"),
            );
        }
        Some(found)
    }

    /// The place of such a table: as it is, or in parts.
    fn destined(&mut self, section: Section<'_>) -> Option<Place> {
        let parts = ["client", "scope", "server"];
        let given = |name: &&str| section.table.contains_key(name);
        if section.table.contains_key("place") {
            if let Some(part) = parts.iter().find(|part| given(part)) {
                let error = invalid(format!("`place` and `{part}` contradict each other"));
                let hint = "give `place`, or `client` and `server`";
                self.wrong(section.line, error.hint(hint));
            }
            return Some(self.place(section, "place")?.0);
        }
        let client = self.take(section, "client", text);
        let server = self.take(section, "server", text);
        let scope = self.word(section, "scope");
        if let Some(missing) = ["client", "server"].iter().find(|part| !given(part)) {
            let error = invalid(format!("a table in `to` has no `{missing}`"));
            let hint =
                "`{ client = \"claude-code\", server = \"exai\" }`, or `{ place = \"file:PATH\" }`";
            self.wrong(section.line, error.hint(hint));
            return None;
        }
        let client = client?;
        if !(self.is_client)(&client) {
            let line = self.line_of(section, "client").unwrap_or(section.line);
            let error = invalid("`client` names no client that is known");
            self.wrong(
                line,
                error.hint("for another, name the file itself: `{ place = \"mcp:PATH#SERVER\" }`"),
            );
            return None;
        }
        let scope = scope.and_then(|word| Scope::ALL.into_iter().find(|it| it.name() == word));
        Some(Place::Entry {
            client,
            scope,
            server: server?,
        })
    }
}

fn plain(place: Place, line: usize) -> Destination {
    Destination {
        place,
        mode: None,
        file_mode: None,
        env: None,
        header: None,
        url: None,
        command: Vec::new(),
        line,
    }
}

fn is_entry(place: &Place) -> bool {
    matches!(place, Place::Entry { .. } | Place::Mcp { .. })
}

fn is_in_file(place: &Place) -> bool {
    !matches!(
        place,
        Place::Keyring { .. } | Place::Env(_) | Place::Command(_) | Place::Std
    )
}

/// An element of a list.
enum One<'a> {
    Text(&'a str),
    Table(&'a dyn TableLike),
    /// Another one, by its kind.
    Other(String),
}

/// The elements of a list or of an array of tables, with their spans.
fn listed(item: &Item) -> Option<Vec<(One<'_>, Option<Range<usize>>)>> {
    if let Some(tables) = item.as_array_of_tables() {
        let tables = tables.iter();
        return Some(
            tables
                .map(|table| (One::Table(table), table.span()))
                .collect(),
        );
    }
    let items = item.as_array()?.iter();
    Some(items.map(|value| (one(value), value.span())).collect())
}

fn one(value: &Value) -> One<'_> {
    match (value.as_str(), value.as_inline_table()) {
        (Some(text), _) => One::Text(text),
        (None, Some(table)) => One::Table(table),
        (None, None) => One::Other(kind(value.type_name())),
    }
}
