//! The keys that a manifest may have, in three const tables: what is read, and what the JSON
//! Schema says.

use crate::client::Mode;
use crate::key::{Algorithm, Encoding};
use crate::place::Scope;

/// A key that a table of the manifest may have.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it is for, in a sentence.
    pub about: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string that is not empty.
    Text,
    /// What may name a file of ours: letters, digits and `._-`.
    Name,
    /// The name of a variable.
    Variable,
    /// Such a string, or a list of them.
    Texts,
    /// Scopes: a string of them with blanks between, or a list.
    Scopes,
    /// A duration such as `90d`.
    Duration,
    /// A date and time.
    Time,
    /// A place.
    Place,
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// `http://` or `https://`.
    Url,
    /// A program and its arguments.
    Command,
    /// Any claims.
    Claims,
    /// Role to scopes.
    Roles,
    /// [`TOKEN`] tables.
    Tokens,
    /// Places, as texts or [`DESTINATION`] tables.
    Destinations,
}

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, about }
}

/// The keys of the manifest itself.
#[rustfmt::skip]
pub const MANIFEST: &[Key] = &[
    key("name", Kind::Name, "What the project is called; your own key store for it has this name."),
    key("iss", Kind::Text, "Who issues the tokens."),
    key("aud", Kind::Texts, "The server the tokens are for; over HTTP its canonical URL."),
    key("alg", Kind::Word(algorithms), "The algorithm, where the key leaves it open."),
    key("ttl", Kind::Duration, "How long tokens last; 30d when not given."),
    key("refresh-before", Kind::Duration, "How long before their end they are renewed; a tenth of ttl when not given, at most 7d."),
    key("helper-ttl", Kind::Duration, "How long a token of `mcpjwt headers` and `mcpjwt exec` lasts; 12h when not given."),
    key("key", Kind::Place, "Where the key is; your own store when not given."),
    key("key-encoding", Kind::Word(encodings), "How the text of a secret is read; as it is when not given."),
    key("previous", Kind::Place, "Where the key before it is, still accepted for a while after a rotation."),
    key("next", Kind::Place, "Where `mcpjwt rotate-secret --stage` puts the next key."),
    key("previous-until", Kind::Time, "Until when the previous key is accepted; written by `mcpjwt rotate-secret`."),
    key("revoked", Kind::Place, "Where the list of revoked tokens is kept."),
    key("jwks", Kind::Place, "Where the public keys are kept current."),
    key("git", Kind::Word(git), "Whether a token may go into a file that git tracks or would add."),
    key("roles", Kind::Roles, "The scopes of each role."),
    key("token", Kind::Tokens, "The tokens, one for each client."),
];

/// The keys of a `[[token]]`.
#[rustfmt::skip]
pub const TOKEN: &[Key] = &[
    key("name", Kind::Name, "What you call it; the subject before its `@` when not given."),
    key("sub", Kind::Text, "Who the token is for."),
    key("role", Kind::Text, "Its role, which gives it the scopes of that role."),
    key("scope", Kind::Scopes, "Scopes besides those of its role."),
    key("claims", Kind::Claims, "Its other claims."),
    key("ttl", Kind::Duration, "How long it lasts, where not as the others."),
    key("aud", Kind::Texts, "The server it is for, where not that of the others."),
    key("typ", Kind::Word(types), "The media type in its header."),
    key("client-id", Kind::Text, "Its `client_id` claim (RFC 8693)."),
    key("env", Kind::Variable, "The variable it goes into: of `mcpjwt exec`, and of entries that start a program."),
    key("mode", Kind::Word(modes), "How clients get at it, or the mode that its files keep."),
    key("to", Kind::Destinations, "The places it belongs in."),
];

/// The keys of a table in `to`.
#[rustfmt::skip]
pub const DESTINATION: &[Key] = &[
    key("place", Kind::Place, "The place, where it is not written as client, scope and server."),
    key("client", Kind::Text, "The client whose config it goes into."),
    key("scope", Kind::Word(scopes), "Whose config: the user's, the project's, or the user's in this project."),
    key("server", Kind::Text, "The server's entry in that config."),
    key("mode", Kind::Word(modes), "How the client gets at it, or the mode that the file keeps."),
    key("env", Kind::Variable, "The variable of an entry that starts a program."),
    key("header", Kind::Text, "The header of an entry that names a URL; `Authorization` when not given."),
    key("url", Kind::Url, "The URL of a new entry."),
    key("command", Kind::Command, "The program of a new entry, and its arguments."),
];

/// What a claim of a manifest is set by instead, for those that `claims` must not set.
pub(super) const RESERVED: &[(&str, &str)] = &[
    ("iss", "set `iss` of the manifest"),
    ("sub", "set `sub` of the token"),
    ("aud", "set `aud` of the token or of the manifest"),
    ("exp", "set `ttl` of the token or of the manifest"),
    ("nbf", "leave it out: a token is good from its issue on"),
    ("iat", "leave it out: it is the time of issue"),
    ("jti", "leave it out: each token gets one of its own"),
    ("scope", "set `scope` or `role` of the token"),
    ("role", "set `role` of the token"),
    ("client_id", "set `client-id` of the token"),
    ("type", "leave it out: `mcpjwt issue --pair` sets it"),
];

/// The modes that a file with a token may keep.
pub(super) const FILE_MODES: [(&str, u32); 2] = [("0600", 0o600), ("0640", 0o640)];

fn algorithms() -> Vec<&'static str> {
    Algorithm::ALL.iter().map(|alg| alg.name()).collect()
}

fn encodings() -> Vec<&'static str> {
    Encoding::ALL.iter().map(|it| it.name()).collect()
}

fn git() -> Vec<&'static str> {
    vec!["refuse", "allow"]
}

fn types() -> Vec<&'static str> {
    vec!["JWT", "at+jwt"]
}

fn scopes() -> Vec<&'static str> {
    Scope::ALL.map(Scope::name).to_vec()
}

fn modes() -> Vec<&'static str> {
    let ways = Mode::ALL.map(Mode::name);
    let files = FILE_MODES.map(|(name, _)| name);
    [&ways[..], &files[..]].concat()
}

/// The name that is most like what was typed, where one is at all.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let (distance, name) = names
        .into_iter()
        .map(|name| match typed.strip_prefix(name) {
            // `audience` is `aud`, written out.
            Some(_) if name.len() > 2 => (1, name),
            _ => (distance(typed, name), name),
        })
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + typed.chars().count().max(name.chars().count()) / 3).then_some(name)
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour;
/// capitals are like small ones.
fn distance(one: &str, two: &str) -> usize {
    let letters = |text: &str| {
        text.chars()
            .map(|c| c.to_ascii_lowercase())
            .collect::<Vec<char>>()
    };
    let (one, two) = (letters(one), letters(two));
    // Only the start decides whether a long text is like a short name.
    let one = &one[..one.len().min(64)];
    let mut rows = vec![(0..=two.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in two.iter().enumerate() {
            let mut least = (rows[i][j + 1] + 1)
                .min(row[j] + 1)
                .min(rows[i][j] + usize::from(a != b));
            if i > 0 && j > 0 && *a == two[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_in_each_table() {
        for table in [MANIFEST, TOKEN, DESTINATION] {
            for (at, key) in table.iter().enumerate() {
                let earlier = table[..at].iter().any(|other| other.name == key.name);
                assert!(!earlier, "two keys are named `{}`", key.name);
                assert!(key.about.ends_with('.'), "`{}`", key.name);
            }
        }
    }

    #[test]
    fn the_nearest_name() {
        let names = || MANIFEST.iter().map(|key| key.name);
        #[rustfmt::skip]
        let cases = [
            ("isss",            Some("iss")),
            ("audience",        Some("aud")),
            ("refresh_before",  Some("refresh-before")),
            ("tokens",          Some("token")),
            ("yek",             Some("key")),
            ("prevoius",        Some("previous")),
            ("Key",             Some("key")),
            ("description",     None),
            ("",                None),
        ];
        for (typed, want) in cases {
            assert_eq!(nearest(typed, names()), want, "{typed}");
        }
        assert_eq!(nearest("x", []), None);
    }
}
