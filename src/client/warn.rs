//! What to tell a person about an edit that is possible all the same.

use super::config::{Config, Sort};
use super::entry::{Entry, below, document, entries, maps, pointer, walk};
use super::plan::Wish;
use super::url::open_host;
use super::{Mode, Scope, Start, Way};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::tree::Format;
use crate::place::{invalid, shown, split_bom};

/// What is to be said about this config and wish: what its client cannot read in the text, what
/// it makes of the entry, what the mode needs. The text is the one before the edit.
pub fn warnings(config: &Config, text: &str, wish: &Wish) -> Vec<Error> {
    let stays = "it was there before and stays; take it out by hand";
    let mut warnings: Vec<Error> = unreadable(config, text)
        .map(|error| error.hint(stays))
        .collect();
    let root = document(config, text).ok().flatten();
    let root = root.unwrap_or(Json::Object(Vec::new()));
    let entry = maps(config, &root).iter().find_map(|map| {
        let at = below(map, &wish.server);
        Entry::read(config, at.clone(), walk(&root, &at)?)
    });
    match &entry {
        Some(entry) => warnings.extend(amiss(config, entry, &wish.server)),
        None => warnings.extend(
            config
                .file
                .note
                .map(|note| Error::new(Code::ClientReader, note)),
        ),
    }
    let sort = entry.as_ref().and_then(Entry::sort);
    let sort = sort.unwrap_or(if wish.command.is_empty() {
        Sort::Remote
    } else {
        Sort::Stdio
    });
    warnings.extend(mode(config, wish, sort));
    warnings.extend(wish.url.as_deref().and_then(open_host).map(|host| {
        let message =
            format!("the token goes to `{host}` unencrypted: who is on the way can read it");
        Error::new(Code::ClientMode, message)
            .hint("use `https://` where the server is not on this machine")
    }));
    warnings
}

/// What the client of a config cannot read in its text, and what it makes of each entry.
pub fn misread(config: &Config, text: &str) -> Vec<Error> {
    let root = document(config, text).ok().flatten();
    let root = root.unwrap_or(Json::Object(Vec::new()));
    let of_entries = entries(config, &root, |at, name, json| {
        let entry = Entry::read(config, at, json);
        entry.map_or(Vec::new(), |entry| amiss(config, &entry, name))
    });
    let by_hand = unreadable(config, text).map(|error| error.hint("take it out by hand"));
    by_hand
        .chain(no_maps(config, &root))
        .chain(of_entries.into_iter().flatten())
        .collect()
}

/// What stands where the servers should be and can have none.
pub fn no_maps(config: &Config, root: &Json) -> Vec<Error> {
    let mut errors = Vec::new();
    for steps in config.servers.iter().filter(|steps| !steps.is_empty()) {
        if let Some(map) = walk(root, steps)
            && map.as_object().is_none()
        {
            let (at, kind) = (pointer(steps), map.kind());
            let message = format!("`{at}` has no servers: an object was expected, not {kind}");
            errors.push(Error::new(Code::ClientReader, message));
        }
    }
    errors
}

/// What the reader of a config rejects in it.
fn unreadable(config: &Config, text: &str) -> impl Iterator<Item = Error> {
    let reader = config.reader();
    let (mark, body) = split_bom(text);
    let odd = match config.format {
        Format::Json => Odd::of(body),
        Format::Toml => Odd::default(),
    };
    let rejects = |accepted: Option<bool>, at: Option<usize>, what: &str| {
        let at = at.filter(|_| accepted == Some(false))?;
        let what = format!("{} cannot read {what}", config.title());
        let place = invalid(body, at, &what);
        Some(Error::new(Code::ClientReader, place.message))
    };
    [
        rejects(
            reader.bom,
            (!mark.is_empty()).then_some(0),
            "a file with a byte order mark",
        ),
        rejects(reader.comments, odd.comment, "a file with comments"),
        rejects(
            reader.trailing_commas,
            odd.comma,
            "a file with a comma behind the last member",
        ),
    ]
    .into_iter()
    .flatten()
}

/// What the client makes of the entry as it stands.
fn amiss(config: &Config, entry: &Entry<'_>, server: &str) -> Vec<Error> {
    let mut warnings = Vec::new();
    let Some(remote) = &config.shape().remote else {
        return warnings;
    };
    if entry.sort() != Some(Sort::Remote) {
        return warnings;
    }
    let server = shown(server);
    let title = config.title();
    if let (Some(what), Some((name, value))) = (remote.untyped, remote.head.first())
        && entry.json.get(name).is_none()
    {
        let value = value.json();
        let message = format!("`{server}` has no `{name}`, and {title} {what}");
        let hint = format!("add `\"{name}\": {value}` to `{}`", pointer(&entry.at));
        warnings.push(Error::new(Code::ClientReader, message).hint(hint));
    }
    for (name, what) in remote.amiss {
        if entry.json.get(name).is_some() {
            let message = format!("`{server}` has `{name}`, and {title} {what}");
            let hint = format!("take `{name}` out of `{}`", pointer(&entry.at));
            warnings.push(Error::new(Code::ClientReader, message).hint(hint));
        }
    }
    warnings
}

/// What the mode needs in such an entry.
fn mode(config: &Config, wish: &Wish, sort: Sort) -> Vec<Error> {
    let mode = wish.means.mode();
    let title = config.title();
    let mut warnings = Vec::new();
    if mode == Mode::Env && config.row().start == Start::Desktop {
        let message =
            format!("started from a dock or a menu, {title} does not see the variables of a shell");
        warnings.push(Error::new(Code::ClientMode, message).hint(
            "start it from a shell that has the variable, or set the variable for the whole session",
        ));
    }
    let runs = |way: &Way| matches!(way, Way::Helper { .. });
    if mode == Mode::Helper && config.scope == Scope::Project && config.ways().iter().any(runs) {
        let message =
            format!("{title} runs a helper of a project only once the project is trusted there");
        warnings.push(Error::new(Code::ClientMode, message));
    }
    let notes = config.doubts(mode, sort);
    warnings.extend(notes.map(|note| Error::new(Code::ClientMode, note)));
    warnings
}

/// Where a JSON text has what strict readers reject.
#[derive(Debug, Default, PartialEq, Eq)]
struct Odd {
    comment: Option<usize>,
    comma: Option<usize>,
}

impl Odd {
    /// Of a text that was read already: strings and comments end.
    fn of(text: &str) -> Self {
        let mut odd = Self::default();
        let mut comma = None;
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let length = match c {
                '"' => string(rest),
                '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
                '/' => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => c.len_utf8(),
            };
            match c {
                '/' => odd.comment = odd.comment.or(Some(at)),
                ',' => comma = Some(at),
                '}' | ']' => odd.comma = odd.comma.or(comma.take()),
                ' ' | '\t' | '\r' | '\n' => {}
                _ => comma = None,
            }
            at += length;
        }
        odd
    }
}

/// The length of a string in quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
