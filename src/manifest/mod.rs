//! The manifest, `mcpjwt.toml`: text to checked desired state.
//!
//! Pure. Places are kept as written; finding the file, what its paths are relative to, and
//! whether it is trusted is `session`'s.

pub mod edit;
pub mod findings;
mod keys;
pub mod propose;
mod read;
#[cfg(test)]
mod tests;
mod tokens;
mod uses;
mod values;

pub use self::keys::{DESTINATION, Key, Kind, MANIFEST, TOKEN, nearest};
pub use self::read::read;
pub use self::uses::{Of, Use};
use crate::client::Mode;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::key::{Algorithm, Encoding};
use crate::place::Place;

/// The name of the file.
pub const FILE: &str = "mcpjwt.toml";
/// How long a token in a place lasts when nothing says otherwise.
pub const TTL: i64 = 30 * DAY;
/// How long a token made at the moment of use lasts when nothing says otherwise.
pub const HELPER_TTL: i64 = 12 * 3600;
/// The longest time before its end that a token is renewed when nothing says otherwise.
const REFRESH_BEFORE: i64 = 7 * DAY;
const DAY: i64 = 86_400;

/// What a project wants: an issuer, its key, and every token with the places it belongs in.
#[derive(Debug, Default)]
pub struct Manifest {
    /// What the project is called; the person's own key store may have that name.
    pub name: Option<String>,
    /// The issuer.
    pub iss: Option<String>,
    /// The audiences; never an empty list.
    pub aud: Option<Vec<String>>,
    /// The algorithm, where the key leaves it open.
    pub alg: Option<Algorithm>,
    /// How long tokens last, in seconds.
    pub ttl: Option<i64>,
    /// How long before their end they are renewed.
    pub refresh_before: Option<i64>,
    /// How long a token made at the moment of use lasts.
    pub helper_ttl: Option<i64>,
    /// Where the key is.
    pub key: Option<Place>,
    /// How the text of a secret is read.
    pub key_encoding: Option<Encoding>,
    /// Where the key before it is.
    pub previous: Option<Place>,
    /// Where the staged key is.
    pub next: Option<Place>,
    /// Until when the previous key is accepted, in unix seconds.
    pub previous_until: Option<i64>,
    /// Where the list of revoked tokens is.
    pub revoked: Option<Place>,
    /// Where the public keys are published.
    pub jwks: Option<Place>,
    /// What becomes of tokens that git would keep.
    pub git: Git,
    /// Role to scopes, in order.
    pub roles: Vec<(String, Vec<String>)>,
    /// The tokens, in order; their names are unique.
    pub tokens: Vec<Token>,
}

/// What becomes of a token in a file that git tracks or would add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Git {
    /// It is refused.
    #[default]
    Refuse,
    /// It is written.
    Allow,
}

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What people call it.
    pub name: String,
    /// Its subject.
    pub sub: String,
    /// Its role.
    pub role: Option<String>,
    /// Scopes besides those of its role.
    pub scope: Vec<String>,
    /// Its other claims, in order.
    pub claims: Vec<(String, Json)>,
    /// How long it lasts, where not as the others.
    pub ttl: Option<i64>,
    /// Its audiences, where not those of the others.
    pub aud: Option<Vec<String>>,
    /// The media type in its header.
    pub typ: Option<String>,
    /// Its `client_id`.
    pub client_id: Option<String>,
    /// The variable that `exec` puts it into.
    pub env: Option<String>,
    /// Where it goes.
    pub to: Vec<Destination>,
    /// The line it begins at, from 1.
    pub line: usize,
}

/// One place of a token, and how the token comes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The place.
    pub place: Place,
    /// How a client's entry gets at the token.
    pub mode: Option<Mode>,
    /// The permission bits that the file keeps: 0600 or 0640.
    pub file_mode: Option<u32>,
    /// The variable of an entry that starts a program.
    pub env: Option<String>,
    /// The header of an entry that names a URL.
    pub header: Option<String>,
    /// The URL of a new entry.
    pub url: Option<String>,
    /// The program of a new entry, and its arguments.
    pub command: Vec<String>,
    /// The line it is at, from 1.
    pub line: usize,
}

impl Manifest {
    /// The token of that name, else the one with that subject.
    pub fn token(&self, name: &str) -> Result<Option<&Token>, Error> {
        if let Some(token) = self.tokens.iter().find(|token| token.name == name) {
            return Ok(Some(token));
        }
        let with: Vec<&Token> = self.tokens.iter().filter(|it| it.sub == name).collect();
        match with[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => {
                let names: Vec<&str> = with.iter().map(|token| token.name.as_str()).collect();
                Err(Error::new(
                    Code::TokenUnknown,
                    format!("{} tokens of the manifest have that subject", names.len()),
                )
                .hint(format!("say which by its name: `{}`", names.join("`, `"))))
            }
        }
    }

    /// Every audience that its tokens may be for; none where it leaves that open.
    pub fn audiences(&self) -> Vec<String> {
        let mut all = self.aud.clone().unwrap_or_default();
        if !all.is_empty() {
            let own = self.tokens.iter().filter_map(|token| token.aud.clone());
            all.extend(own.flatten());
            all.sort();
            all.dedup();
        }
        all
    }

    /// Whether it names this audience, for all its tokens or for one.
    pub fn names_audience(&self, aud: &str) -> bool {
        let own = self.tokens.iter().map(|token| &token.aud);
        let mut all = own.chain([&self.aud]).flatten().flatten();
        all.any(|one| one == aud)
    }

    /// How long this token lasts in a place.
    pub fn ttl(&self, token: &Token) -> i64 {
        token.ttl.or(self.ttl).unwrap_or(TTL)
    }

    /// How long before its end it is renewed: a tenth of its life, at most 7 days.
    pub fn refresh_before(&self, token: &Token) -> i64 {
        let tenth = (self.ttl(token) / 10).min(REFRESH_BEFORE);
        self.refresh_before.unwrap_or(tenth)
    }

    /// How long a token made at the moment of use lasts.
    pub fn helper_ttl(&self) -> i64 {
        self.helper_ttl.unwrap_or(HELPER_TTL)
    }

    /// The scopes of a token with this role: those of the role, then its own, each once.
    pub fn scope(&self, token: &Token, role: Option<&str>) -> Option<String> {
        let known = self
            .roles
            .iter()
            .find(|(name, _)| Some(name.as_str()) == role);
        let of_role = known.map_or(&[][..], |(_, scopes)| scopes);
        let mut scopes: Vec<&str> = Vec::new();
        for scope in of_role.iter().chain(&token.scope) {
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        (!scopes.is_empty()).then(|| scopes.join(" "))
    }
}

impl Token {
    /// Its claims besides the registered ones and `scope`, in the order people read them.
    pub fn own_claims(&self) -> Vec<(String, Json)> {
        let mut claims = Vec::new();
        for (name, value) in [("client_id", &self.client_id), ("role", &self.role)] {
            claims.extend(value.as_deref().map(|text| (name.to_owned(), text.into())));
        }
        claims.extend(self.claims.iter().cloned());
        claims
    }
}
