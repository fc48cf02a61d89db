//! What a project has already: secrets, tokens and who issues them, in the texts of its files.
//!
//! Pure: which files are looked into is `session`'s. Of what is found names and places are told,
//! never a value.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use crate::client::{self, Kind, Server};
use crate::json::Json;
use crate::key::KeySet;
use crate::place::tree::Format;
use crate::place::{Place, dotenv, jsonc, split_bom, toml};
use crate::secret::Secret;
use crate::token::{self, Rules};

/// The names that secrets go by, the likeliest first: how well a name says what it is for.
const SECRETS: [(&str, u8); 8] = [
    ("JWT_SECRET_KEY", 0),
    ("JWT_SECRET", 0),
    ("MCP_JWT_SECRET", 0),
    ("SUPABASE_JWT_SECRET", 0),
    ("MCP_AUTH_SECRET", 1),
    ("MCP_AUTH_SECRET_KEY", 1),
    ("AUTH_SECRET", 2),
    ("SECRET_KEY", 2),
];

/// The names that tokens go by where there is none yet.
const TOKENS: [&str; 5] = [
    "MCP_TOKEN",
    "MCP_JWT",
    "MCP_AUTH_TOKEN",
    "MCP_API_KEY",
    "AUTH_TOKEN",
];

/// What the variables of a server are called, by the end of their names.
const SAID: [(&str, What); 5] = [
    ("JWT_ISSUER", What::Issuer),
    ("JWT_ISS", What::Issuer),
    ("JWT_AUDIENCE", What::Audience),
    ("JWT_AUD", What::Audience),
    ("JWT_ALGORITHM", What::Algorithm),
];

/// The longest subject that is one.
const LONGEST: usize = 200;

/// All that was found.
#[derive(Default)]
pub struct Findings {
    /// What may sign.
    pub secrets: Vec<FoundSecret>,
    /// Tokens with a subject, cut ones too.
    pub tokens: Vec<FoundToken>,
    /// What servers are told to expect.
    pub said: Vec<Said>,
    /// What was seen and is not used.
    pub left_out: Vec<LeftOut>,
}

/// A secret.
pub struct FoundSecret {
    /// Where it is.
    pub place: Place,
    /// Which of the keys of a project its name says it is.
    pub role: Role,
    /// How well its name says what it is for, 0 best.
    pub rank: u8,
    value: Secret,
}

/// Which key of a project something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The one that signs.
    Current,
    /// The one before it.
    Previous,
    /// The one after it.
    Next,
}

/// A token.
pub struct FoundToken {
    /// Where it is.
    pub place: Place,
    /// Its subject, even out of a payload that is cut.
    pub sub: String,
    /// The algorithm that its header claims.
    pub alg: Option<String>,
    /// Its claims, where they can be read whole.
    pub claims: Option<Json>,
    /// The token, where it is whole.
    whole: Option<Secret>,
}

/// Something a server is told to expect.
pub struct Said {
    /// What it is.
    pub what: What,
    /// The value.
    pub value: String,
    /// Where it says so.
    pub place: Place,
}

/// What a server is told to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The issuer.
    Issuer,
    /// The audience.
    Audience,
    /// The algorithm.
    Algorithm,
}

/// Something that was seen and is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// A place or a file.
    pub what: String,
    /// Why, as what follows its name.
    pub why: String,
}

/// Of a kind of file how it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Variables.
    Dotenv,
    /// A tree of values.
    Tree(Format),
}

/// How a file of this name is read; `None` for one that is not looked into.
pub fn reads(name: &str) -> Option<Reads> {
    // Of these people copy; what is in them is nobody's.
    const EXAMPLES: [&str; 5] = ["example", "sample", "template", "dist", "defaults"];
    let end = name.rsplit('.').next().unwrap_or_default();
    if name == ".env" || name.starts_with(".env.") || (end == "env" && name != "env") {
        let is_example = name.split('.').any(|part| EXAMPLES.contains(&part));
        return (!is_example).then_some(Reads::Dotenv);
    }
    match end {
        _ if name == super::FILE => None,
        "json" | "jsonc" => Some(Reads::Tree(Format::Json)),
        "toml" => Some(Reads::Tree(Format::Toml)),
        _ => None,
    }
}

impl FoundSecret {
    /// Whether it is the same as another one.
    pub fn is_same(&self, other: &Self) -> bool {
        self.value == other.value
    }

    /// Whether a token was signed with it, its text taken as it is.
    pub fn signed(&self, token: &FoundToken) -> bool {
        let (Some(whole), Ok(keys)) = (&token.whole, KeySet::read(&self.value, None)) else {
            return false;
        };
        let rules = Rules {
            signature_only: true,
            allow_weak_key: true,
            ..Rules::at(0)
        };
        token::judge(whole.expose(), &keys, &rules).key.is_some()
    }
}

impl FoundToken {
    /// Whether it has all that a signature is told by.
    pub fn is_whole(&self) -> bool {
        self.whole.is_some()
    }
}

impl Findings {
    /// Takes what is in one file. The path is as it shall stand in a place.
    pub fn take(&mut self, path: &str, reads: Reads, text: &str) {
        match reads {
            Reads::Dotenv => self.variables(path, text),
            Reads::Tree(format) => self.tree(format, path, text),
        }
    }

    /// Notes something that is not used.
    pub fn leave_out(&mut self, what: impl Into<String>, why: impl Into<String>) {
        let (what, why) = (what.into(), why.into());
        self.left_out.push(LeftOut { what, why });
    }

    fn variables(&mut self, path: &str, text: &str) {
        let all = match dotenv::all(text) {
            Ok(all) => all,
            Err(error) => return self.leave_out(path, unread(&error.message)),
        };
        for (name, value) in all {
            if !dotenv::is_name(&name) {
                continue;
            }
            let place = Place::Dotenv {
                path: path.to_owned(),
                name: name.clone(),
            };
            let known = named(&name);
            let value = match value {
                dotenv::Value::Plain(value) => value,
                // A comment behind a token: the shortest reading is the one without it.
                dotenv::Value::Ambiguous(readings) => {
                    let shortest = readings.into_iter().min_by_key(String::len);
                    let shortest = shortest.unwrap_or_default();
                    if known.is_some() {
                        self.leave_out(
                            place.to_string(),
                            "is read differently by different programs; write it as `NAME=value`",
                        );
                        continue;
                    }
                    shortest
                }
                dotenv::Value::Absent => continue,
            };
            if value.is_empty() {
                continue;
            }
            if token::looks_like_token(&value) {
                self.token(place, &value);
            } else if let Some((role, rank)) = known {
                self.secrets.push(FoundSecret {
                    place,
                    role,
                    rank,
                    value: Secret::from(value),
                });
            } else if let Some((_, what)) = SAID.iter().find(|(end, _)| name.ends_with(end)) {
                let what = *what;
                self.said.push(Said { what, value, place });
            }
        }
    }

    fn tree(&mut self, format: Format, path: &str, text: &str) {
        let root = match format.get(text, &[]) {
            Ok(Some(root)) => root,
            Ok(None) => return,
            Err(error) => {
                // Of what is broken only what may matter is worth a word.
                if ["eyJ", "mcpServers", "mcp_servers"]
                    .iter()
                    .any(|word| text.contains(word))
                {
                    self.leave_out(path, unread(&error.message));
                }
                return;
            }
        };
        let config = client::any(PathBuf::from(path));
        let servers = client::servers(&config, text).unwrap_or_default();
        let mut seen = Vec::new();
        shaped(&root, &mut Vec::new(), &mut seen);
        for (at, value) in &seen {
            let entry = servers.iter().find(|server| at.starts_with(&server.at));
            let place = addressed(format, path, text, at, entry);
            if let Some(place) = place.filter(|place| is_alone(value) || is_entry(place)) {
                self.token(place, value);
            } else if is_alone(value) {
                let why = "holds a token inside of a list, where no place can name it";
                self.leave_out(path, why);
            } else {
                let why = "holds a token behind other words, which would be lost";
                self.leave_out(path, why);
            }
        }
        for server in &servers {
            if !seen.iter().any(|(at, _)| at.starts_with(&server.at)) && wants_token(server) {
                let place = Place::Mcp {
                    path: path.to_owned(),
                    server: server.name.clone(),
                };
                self.leave_out(
                    place.to_string(),
                    "has no token yet; `mcpjwt add NAME --to` with this place gives it one",
                );
            }
        }
    }

    fn token(&mut self, place: Place, value: &str) {
        let shown = place.to_string();
        if shown.chars().any(char::is_control) {
            return self.leave_out(
                "a place with a control character in its name",
                "holds a token",
            );
        }
        let bare = token::bare(value);
        let peek = token::peek(bare.as_bytes());
        let member = |json: &Option<Json>, name: &str| {
            let member = json.as_ref()?.get(name)?.as_str()?;
            Some(member.to_owned())
        };
        if member(&peek.claims, "type").as_deref() == Some("refresh") {
            return self.leave_out(shown, "holds a refresh token, which is no client's");
        }
        let fits = |sub: &String| {
            !sub.is_empty() && sub.len() <= LONGEST && !sub.chars().any(char::is_control)
        };
        let Some(sub) = peek.sub.filter(fits) else {
            return self.leave_out(shown, "holds a token without a subject that can be read");
        };
        self.tokens.push(FoundToken {
            place,
            sub,
            alg: member(&peek.header, "alg"),
            claims: peek.claims,
            whole: peek.signature.then(|| Secret::from(bare)),
        });
    }
}

/// What a name says of a secret.
fn named(name: &str) -> Option<(Role, u8)> {
    let roles = [
        ("PREVIOUS", Role::Previous),
        ("OLD", Role::Previous),
        ("NEXT", Role::Next),
    ];
    for (word, role) in roles {
        if name == format!("JWT_{word}_KEY") {
            return Some((role, 0));
        }
        let rest = name
            .strip_suffix(&format!("_{word}"))
            .or_else(|| name.strip_prefix(&format!("{word}_")));
        if let Some((_, rank)) = rest.and_then(named) {
            return Some((role, rank));
        }
    }
    let known = SECRETS.iter().find(|(known, _)| *known == name);
    let ours = name.ends_with("_JWT_SECRET") || name.ends_with("_JWT_SECRET_KEY");
    let rank = known.map(|(_, rank)| *rank).or(ours.then_some(0))?;
    Some((Role::Current, rank))
}

/// Every text that is shaped like a token, with where it is.
fn shaped(json: &Json, at: &mut Vec<String>, seen: &mut Vec<(Vec<String>, String)>) {
    match json {
        Json::String(text) if token::looks_like_token(text) => {
            seen.push((at.clone(), text.clone()));
        }
        Json::Object(members) => {
            for (name, value) in members {
                at.push(name.clone());
                shaped(value, at, seen);
                at.pop();
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(index.to_string());
                shaped(item, at, seen);
                at.pop();
            }
        }
        _ => {}
    }
}

/// The place of a value: of itself, or of its entry where it is a word of a command.
fn addressed(
    format: Format,
    path: &str,
    text: &str,
    at: &[String],
    entry: Option<&Server>,
) -> Option<Place> {
    if let Some(entry) = entry
        && matches!(entry.kind, Kind::Remote { .. })
        && at.last().is_some_and(|last| last.parse::<usize>().is_ok())
    {
        return Some(Place::Mcp {
            path: path.to_owned(),
            server: entry.name.clone(),
        });
    }
    let place = Place::of_node(format, path.to_owned(), at);
    let (_, text) = split_bom(text);
    let found = match &place {
        Place::Json { pointer, .. } => jsonc::get(text, pointer),
        Place::Toml { key, .. } => toml::get(text, key),
        _ => return None,
    };
    found.ok().flatten().map(|_| place)
}

/// Whether a value is a token and nothing else, but for a scheme such as `Bearer`.
fn is_alone(value: &str) -> bool {
    let (value, bare) = (value.trim(), token::bare(value));
    let scheme = value.strip_suffix(bare).unwrap_or(value).trim_end();
    scheme.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_entry(place: &Place) -> bool {
    matches!(place, Place::Mcp { .. })
}

/// Whether an entry is one that a token is likely to be missing in.
fn wants_token(server: &Server) -> bool {
    let is_reference = |value: &str| value.contains("${") || value.contains("{env:");
    match &server.kind {
        Kind::Remote { .. } => server
            .values
            .iter()
            .all(|slot| slot.name != "Authorization"),
        Kind::Stdio { .. } => server.values.iter().any(|slot| {
            let is_usual = TOKENS.contains(&slot.name.as_str()) || slot.name.contains("JWT_TOKEN");
            is_usual && !is_reference(&slot.value)
        }),
        Kind::Unknown => false,
    }
}

fn unread(message: &str) -> String {
    format!("is not understood: {message}")
}
