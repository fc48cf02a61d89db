//! Which servers have to have the keys of a rotation, and what their verifiers look like for two.

use std::fmt;

use crate::error::Errors;
use crate::key::rotation::{Fate, Step, Wish};
use crate::key::{Algorithm, Key, Kind};
use crate::place::Place;
use crate::report::{self, Verifier, shell_word};
use crate::session::Session;
use crate::session::configs::Configs;
use crate::session::rotation::{Home, Prepared, Situation};

/// Who has to have the keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reader {
    /// Whatever reads this place.
    Place(String),
    /// The server at this URL.
    Url(String),
    /// Every copy of what a command prints, and how that is typed.
    Copy(String),
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => write!(f, "what reads `{place}`"),
            Self::Url(url) => write!(f, "the server at `{url}`"),
            Self::Copy(command) => write!(f, "what has a copy of the key: {command}"),
        }
    }
}

/// What has to be restarted, and what its verifier looks like for two keys.
pub(super) fn told(
    situation: &Situation,
    prepared: &Prepared,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let is_secret = situation.current()?.kind() == Kind::Secret;
    // Its place is not free while another key is accepted there.
    let from = match situation.seen.step(Wish::Rotate, session.host.facts.now) {
        Step::Wait(Some(until)) => format!(", from {} on", session.clock().full(until)),
        Step::Wait(None) => ", once the previous key has a date that has come".to_owned(),
        _ => String::new(),
    };
    session.note(&match (is_secret, prepared.step) {
        (_, Step::Unstage) => "these may do without it, where they have it:".to_owned(),
        (true, Step::Stage | Step::Staged) => {
            format!("restart these with both keys, then promote the staged one with `mcpjwt rotate-secret`{from}:")
        }
        // PyJWKClient, FastMCP and jose ask for a key that they do not know once in 30 s.
        (false, Step::Stage | Step::Staged) => {
            format!("once these have the new public key, in 30 s at the earliest, promote it with `mcpjwt rotate-secret`{from}:")
        }
        (true, Step::Promote) => {
            "restart these, unless it was done since the key was staged:".to_owned()
        }
        (true, _) => "restart these:".to_owned(),
        (false, _) => "these need the new public key:".to_owned(),
    });
    for reader in readers(situation, prepared, session)? {
        session.note(&match reader {
            Reader::Copy(_) if is_secret && prepared.step == Step::Unstage => {
                "  what has a copy of it".to_owned()
            }
            reader => format!("  {reader}"),
        });
    }
    if prepared.step == Step::Unstage {
        return Ok(());
    }
    let algs = algorithms(situation, prepared, session.host.facts.now)?;
    if algs.len() > 1 {
        let names: Vec<&str> = algs.iter().map(|alg| alg.name()).collect();
        session.note(&format!(
            "each of them has to accept all of these algorithms: {}",
            names.join(", ")
        ));
    }
    for (name, text) in snippets(situation, prepared, session)? {
        session.note(&format!("two keys with {name}:"));
        for line in text.lines() {
            session.note(&format!("  {line}"));
        }
    }
    Ok(())
}

/// Where servers find the key, and the servers that the manifest names.
pub(super) fn readers(
    situation: &Situation,
    prepared: &Prepared,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Reader>, Errors> {
    let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
    let is_secret = situation.current()?.kind() == Kind::Secret;
    let jwks = manifest.and_then(|manifest| manifest.jwks.as_ref());
    let mut readers = vec![match (&situation.home, jwks) {
        (_, Some(jwks)) if !is_secret => Reader::Place(report::escape(&jwks.to_string())),
        (Home::Single(slots), _) if is_secret => {
            let near = Configs::of(session).near(&slots.key);
            Reader::Place(report::escape(&near.to_string()))
        }
        _ => Reader::Copy(handed_out(situation, prepared, session)),
    }];
    let tokens = manifest.iter().flat_map(|manifest| &manifest.tokens);
    for url in tokens
        .flat_map(|token| &token.to)
        .filter_map(|to| to.url.as_ref())
    {
        readers.push(Reader::Url(report::escape(url)));
    }
    readers.sort();
    readers.dedup();
    Ok(readers)
}

/// The command that gives a server its key, where no place of a server is known.
fn handed_out(situation: &Situation, prepared: &Prepared, session: &Session<'_, '_>) -> String {
    let staged = situation.seen.next.as_ref();
    let kid = match (&prepared.key, staged) {
        (Some(key), _) => key.kid(),
        (None, Some(next)) if prepared.step == Step::Staged => &next.kid,
        _ => &situation.seen.key.kid,
    };
    // The variable is for tokens; a rotation is of the manifest's key. That has a past only where
    // it is not told.
    let is_other = situation.loaded.is_some() && session.host.facts.env("MCPJWT_KEY").is_some();
    let (key, without) = match &situation.home {
        _ if !is_other => (String::new(), ""),
        Home::Store(_) | Home::Set(_) => (format!(" --key {}", shell_word(&situation.place)), ""),
        Home::Single(_) => (String::new(), ", without `MCPJWT_KEY`"),
    };
    match situation.current().map(Key::kind) {
        Ok(Kind::Secret) => {
            let kid = shell_word(kid);
            format!("`mcpjwt secret export{key} --kid {kid}`{without}")
        }
        _ => format!("`mcpjwt jwks{key}`{without}"),
    }
}

/// The algorithms of the keys that servers have to have, that of the one that signed first.
fn algorithms(
    situation: &Situation,
    prepared: &Prepared,
    now: i64,
) -> Result<Vec<Algorithm>, Errors> {
    let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
    let alg = manifest.and_then(|manifest| manifest.alg);
    let before = match prepared.gone {
        Some((_, Fate::Retired)) => None,
        _ => Some(situation.current()?),
    };
    let keys = prepared.after.keys.iter();
    let kept = keys.filter(|key| key.is_accepted(now));
    let mut algs = Vec::new();
    for key in before.into_iter().chain(kept) {
        // What the manifest says is for keys that say nothing.
        let alg = key.declared().map_or_else(|| key.algorithm(alg), Ok)?;
        if !algs.contains(&alg) {
            algs.push(alg);
        }
    }
    Ok(algs)
}

/// How each library checks with all keys of the place; nothing where the old one is not to be
/// loaded any more, or where no library takes secrets and key pairs in one.
pub(super) fn snippets(
    situation: &Situation,
    prepared: &Prepared,
    session: &Session<'_, '_>,
) -> Result<Vec<(&'static str, String)>, Errors> {
    let algs = algorithms(situation, prepared, session.host.facts.now)?;
    let secrets = algs.iter().filter(|alg| alg.kind() == Kind::Secret);
    let is_mixed = ![0, algs.len()].contains(&secrets.count());
    if is_mixed || matches!(prepared.gone, Some((_, Fate::Retired))) {
        return Ok(Vec::new());
    }
    let manifest = situation.loaded.as_ref().map(|loaded| &loaded.manifest);
    let variable = |place: &Option<Place>| match place {
        Some(Place::Dotenv { name, .. }) => Some(name.clone()),
        _ => None,
    };
    let mut variables = match &situation.home {
        Home::Single(slots) => {
            let places = [
                Some(slots.key.clone()),
                slots.next.clone(),
                slots.previous.clone(),
            ];
            places.iter().filter_map(variable).collect()
        }
        Home::Store(_) | Home::Set(_) => Vec::new(),
    };
    if variables.len() < 2 {
        variables = ["", "_NEXT", "_PREVIOUS"]
            .map(|role| format!("JWT_SECRET{role}"))
            .into();
    }
    let aud = manifest.and_then(|manifest| manifest.aud.as_ref());
    let verifier = Verifier {
        algs: &algs,
        variables: &variables,
        iss: manifest.and_then(|manifest| manifest.iss.as_deref()),
        aud: aud.and_then(|aud| aud.first()).map(String::as_str),
    };
    Ok(verifier.snippets())
}
