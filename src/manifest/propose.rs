//! A manifest out of what a project has already.

#[cfg(test)]
mod tests;

use super::findings::{Findings, FoundSecret, FoundToken, LeftOut, Role, What};
use super::keys::RESERVED;
use super::values::is_name;
use super::{DAY, TTL};
use crate::error::Error;
use crate::json::Json;
use crate::key::Algorithm;
use crate::place::tree::{Change, Format, Make};
use crate::place::{Place, shown};
use crate::time;

/// The longest lifetime that is proposed, whatever the tokens there have.
const LONGEST: i64 = 90 * DAY;

/// What a person decides, or what is proposed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the project is called.
    pub name: Option<String>,
    /// Where the key is; the person's own store when not given.
    pub key: Option<Place>,
    /// The issuer.
    pub iss: String,
    /// The audiences.
    pub aud: Vec<String>,
    /// The algorithm, where something says it.
    pub alg: Option<Algorithm>,
    /// How long tokens last.
    pub ttl: i64,
    /// Unix seconds.
    pub now: i64,
}

/// A token of the manifest that is proposed.
#[derive(Debug, PartialEq, Eq)]
pub struct Proposed {
    /// What it is called.
    pub name: String,
    /// Its subject.
    pub sub: String,
    /// Where it is found, and goes.
    pub places: Vec<Place>,
    /// Those of them that hold a token of a key that is not the manifest's.
    strange: Vec<Place>,
    /// The lines besides `sub` and `to`.
    lines: Vec<(&'static str, Json)>,
}

/// What is found of one token of the manifest.
struct Same<'f> {
    found: Vec<&'f FoundToken>,
    /// What its claims make the manifest say, once one of them can be read.
    lines: Option<Vec<(&'static str, Json)>>,
}

/// Whose a token is.
enum Whose<'f> {
    /// The key signed it, or nothing says that it did not.
    Own,
    /// The secret there signed it.
    Of(&'f Place),
    /// Not the key; nobody knows who.
    Strange,
}

/// What may be a project's name, out of the name of its folder.
pub fn name(folder: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let name: String = folder
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    let name = name.trim_matches(['-', '.']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The name of a token in a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// It.
    pub name: String,
    /// Whether the manifest need not say it: it is the subject before its `@`.
    pub is_plain: bool,
}

/// What a token of this subject is called, by a name that is free.
pub fn token_name(sub: &str, is_free: impl Fn(&str) -> bool) -> Named {
    let plain = sub.split('@').next().unwrap_or(sub);
    if is_name(plain) && is_free(plain) {
        return Named {
            name: plain.to_owned(),
            is_plain: true,
        };
    }
    let stem = name(sub).unwrap_or_else(|| "token".to_owned());
    let mut others = (2..).map(|count| format!("{stem}-{count}"));
    let free = Some(stem.clone()).filter(|name| is_free(name));
    Named {
        name: free
            .or_else(|| others.find(|name| is_free(name)))
            .unwrap_or(stem),
        is_plain: false,
    }
}

impl Findings {
    /// The secrets that may be the key: those that signed a token that is there; else those with
    /// the likeliest names. One that is there twice is told once.
    pub fn candidates(&self) -> Vec<&FoundSecret> {
        let current = || self.secrets.iter().filter(|it| it.role == Role::Current);
        let best = current()
            .map(|secret| secret.rank)
            .min()
            .unwrap_or_default();
        let mut found: Vec<&FoundSecret> = current()
            .filter(|secret| self.tokens.iter().any(|token| secret.signed(token)))
            .collect();
        if found.is_empty() {
            found = current().filter(|secret| secret.rank == best).collect();
        }
        let mut distinct: Vec<&FoundSecret> = Vec::new();
        for secret in found {
            if !distinct.iter().any(|known| known.is_same(secret)) {
                distinct.push(secret);
            }
        }
        distinct
    }

    /// The issuer that the server with this key expects, else the one of the tokens.
    pub fn issuer(&self, key: Option<&Place>) -> Option<String> {
        self.said(What::Issuer, key)
            .or_else(|| self.commonest(|claims| Some(claims.get("iss")?.as_str()?.to_owned())))
    }

    /// The audience that the server with this key expects, else the one of the tokens.
    pub fn audience(&self, key: Option<&Place>) -> Vec<String> {
        let said = self.said(What::Audience, key).map(|aud| vec![aud]);
        said.or_else(|| self.commonest(audiences))
            .unwrap_or_default()
    }

    /// The algorithm, where something says it and a secret can do it.
    pub fn algorithm(&self, key: Option<&Place>) -> Option<Algorithm> {
        let of_tokens = || self.tokens.first()?.alg.clone();
        let named = self.said(What::Algorithm, key).or_else(of_tokens)?;
        Algorithm::from_name(&named).filter(|alg| alg.name().starts_with("HS"))
    }

    /// As long as the tokens there last, at most 90 days.
    pub fn ttl(&self) -> i64 {
        let longest = longest(&self.tokens);
        longest.map_or(TTL, |ttl| ttl.min(LONGEST))
    }

    /// What is said beside the key, else anywhere.
    fn said(&self, what: What, key: Option<&Place>) -> Option<String> {
        let all = || self.said.iter().filter(|said| said.what == what);
        let beside = all().find(|said| key.is_some_and(|key| file(key) == file(&said.place)));
        beside
            .or_else(|| all().next())
            .map(|said| said.value.clone())
    }

    fn commonest<T: PartialEq>(&self, read: impl Fn(&Json) -> Option<T>) -> Option<T> {
        let claims = self.tokens.iter().filter_map(|token| token.claims.as_ref());
        let mut counted: Vec<(T, usize)> = Vec::new();
        for value in claims.filter_map(read) {
            match counted.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => counted.push((value, 1)),
            }
        }
        // Of two as common the first.
        counted.reverse();
        counted
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map(|(value, _)| value)
    }

    /// The tokens of the manifest, a subject each, and what of the findings is none.
    pub fn tokens(&self, choice: &Choice) -> (Vec<Proposed>, Vec<LeftOut>) {
        let mut left_out = self.left_out.clone();
        let mut tokens: Vec<Same<'_>> = Vec::new();
        // A person may give the project another issuer than it had.
        let own = self.issuer(choice.key.as_ref());
        for token in &self.tokens {
            let other = match self.whose(token, choice) {
                Whose::Of(place) => Some(format!("holds a token of `{place}`")),
                Whose::Own | Whose::Strange => None,
            };
            if let Some(why) = foreign(token, choice, own.as_deref()).or(other) {
                let what = token.place.to_string();
                left_out.push(LeftOut { what, why });
                continue;
            }
            let known = |same: &Same<'_>| same.found.iter().any(|it| it.place == token.place);
            if !tokens.iter().any(known) {
                join(token, &mut tokens, choice);
            }
        }
        for secret in self.secrets.iter().filter(|it| it.role == Role::Current) {
            if choice.key.as_ref() == Some(&secret.place) {
                continue;
            }
            let key = self
                .secrets
                .iter()
                .find(|it| choice.key.as_ref() == Some(&it.place));
            let why = if key.is_some_and(|key| key.is_same(secret)) {
                "holds the same secret; `mcpjwt rotate-secret` changes the `key` only"
            } else {
                "holds another secret than the `key`"
            };
            let what = secret.place.to_string();
            left_out.push(LeftOut {
                what,
                why: why.to_owned(),
            });
        }
        let mut proposed: Vec<Proposed> = Vec::new();
        for Same { found, lines: kept } in tokens {
            let sub = &found[0].sub;
            let mut lines = Vec::new();
            let named = token_name(sub, |name| proposed.iter().all(|it| it.name != name));
            if !named.is_plain {
                lines.push(("name", Json::from(named.name.as_str())));
            }
            lines.extend(kept.unwrap_or_default());
            // Else the first `sync` would replace it, though nobody asked for shorter ones.
            let stays = |token: &&FoundToken| {
                let exp = token
                    .claims
                    .as_ref()
                    .and_then(|claims| claims.get("exp")?.as_i64());
                let is_own = matches!(self.whose(token, choice), Whose::Own);
                token.is_whole() && is_own && exp.is_some_and(|exp| exp > choice.now)
            };
            let ttl = longest(found.iter().copied().filter(stays));
            let ttl = ttl.filter(|ttl| *ttl > choice.ttl);
            if let Some(ttl) = ttl.filter(|_| choice.ttl == self.ttl()) {
                lines.push(("ttl", time::exact(ttl).into()));
            }
            let place = |token: &&FoundToken| token.place.clone();
            let is_strange =
                |token: &&&FoundToken| matches!(self.whose(token, choice), Whose::Strange);
            proposed.push(Proposed {
                name: named.name,
                sub: sub.clone(),
                places: found.iter().map(place).collect(),
                strange: found.iter().filter(is_strange).map(place).collect(),
                lines,
            });
        }
        (proposed, left_out)
    }

    /// Whose a token is, as far as the secrets that were found can tell. The keys before and after
    /// the manifest's are its own.
    fn whose(&self, token: &FoundToken, choice: &Choice) -> Whose<'_> {
        let is_key = |secret: &&FoundSecret| choice.key.as_ref() == Some(&secret.place);
        let key = self.secrets.iter().find(is_key);
        let signer = self.secrets.iter().find(|secret| secret.signed(token));
        let is_own = |secret: &FoundSecret| {
            let beside = choice.key.as_ref().and_then(file) == file(&secret.place);
            key.is_some_and(|key| key.is_same(secret)) || (beside && secret.role != Role::Current)
        };
        match (key, signer) {
            (_, Some(signer)) if is_own(signer) => Whose::Own,
            (Some(_), Some(signer)) => Whose::Of(&signer.place),
            (None, Some(_)) => Whose::Strange,
            (Some(_), None) if token.is_whole() => Whose::Strange,
            (_, None) => Whose::Own,
        }
    }

    /// Where the key of this role is, or would be, beside the key.
    fn beside(&self, key: &Place, role: Role, end: &str) -> Option<String> {
        let Place::Dotenv { path, name } = key else {
            return None;
        };
        let there = self
            .secrets
            .iter()
            .find(|secret| secret.role == role && file(&secret.place) == Some(path));
        Some(match there {
            Some(secret) => secret.place.to_string(),
            None => Place::Dotenv {
                path: path.clone(),
                name: format!("{name}_{end}"),
            }
            .to_string(),
        })
    }

    /// The text of the manifest.
    pub fn manifest(&self, choice: &Choice) -> Result<String, Error> {
        let (tokens, left_out) = self.tokens(choice);
        let mut text = String::new();
        if let Some(name) = &choice.name {
            text.push_str(&line("name", &Json::from(name.as_str()))?);
        }
        text.push_str(&line("iss", &Json::from(choice.iss.as_str()))?);
        text.push_str(&line("aud", &one_or_list(&choice.aud))?);
        if let Some(alg) = choice.alg {
            text.push_str(&line("alg", &Json::from(alg.name()))?);
        }
        text.push_str(&line("ttl", &Json::from(time::exact(choice.ttl)))?);
        text.push('\n');
        match &choice.key {
            Some(key) => {
                text.push_str(&line("key", &Json::from(key.to_string()))?);
                if let Some(place) = self.beside(key, Role::Previous, "PREVIOUS") {
                    text.push_str("# Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.\n");
                    text.push_str(&line("previous", &Json::from(place))?);
                }
                if let Some(place) = self.beside(key, Role::Next, "NEXT") {
                    text.push_str(&format!("# {}", line("next", &Json::from(place))?));
                }
            }
            None => text.push_str("# The key is in your own store: see `mcpjwt secret list`.\n"),
        }
        if !left_out.is_empty() {
            text.push_str("\n# Seen, and left out:\n");
            for LeftOut { what, why } in &left_out {
                text.push_str(&comment(&format!("- `{what}` {why}")));
            }
        }
        for token in &tokens {
            text.push_str("\n[[token]]\n");
            let name = token.lines.iter().filter(|(key, _)| *key == "name");
            for (key, value) in name {
                text.push_str(&line(key, value)?);
            }
            text.push_str(&line("sub", &Json::from(token.sub.as_str()))?);
            for (key, value) in token.lines.iter().filter(|(key, _)| *key != "name") {
                text.push_str(&line(key, value)?);
            }
            text.push_str("to = [\n");
            for place in &token.places {
                if token.strange.contains(place) {
                    text.push_str(
                        "  # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.\n",
                    );
                }
                let value = line("x", &Json::from(place.to_string()))?;
                let value = value.trim_start_matches("x = ").trim_end();
                text.push_str(&format!("  {value},\n"));
            }
            text.push_str("]\n");
        }
        Ok(text)
    }
}

/// How long the longest of these tokens lasts.
fn longest<'f>(tokens: impl IntoIterator<Item = &'f FoundToken>) -> Option<i64> {
    let lasts = |token: &FoundToken| {
        let claims = token.claims.as_ref()?;
        let (exp, iat) = (claims.get("exp")?.as_i64()?, claims.get("iat")?.as_i64()?);
        exp.checked_sub(iat).filter(|ttl| *ttl > 0)
    };
    // Many have an `iat` a few seconds back, as ours do.
    let whole = |ttl: i64| if ttl < 3600 { ttl } else { ttl - ttl % 60 };
    tokens.into_iter().filter_map(lasts).max().map(whole)
}

/// Puts a token to those that a manifest cannot tell from it: of one subject and the same claims,
/// as far as they can be read.
fn join<'f>(token: &'f FoundToken, all: &mut Vec<Same<'f>>, choice: &Choice) {
    let lines = token.claims.as_ref().map(|claims| kept(claims, choice));
    let fits = |same: &&mut Same<'_>| {
        let is_open = same.lines.is_none() || lines.is_none();
        same.found[0].sub == token.sub && (is_open || same.lines == lines)
    };
    match all.iter_mut().find(fits) {
        Some(same) => {
            same.found.push(token);
            same.lines = same.lines.take().or(lines);
        }
        None => all.push(Same {
            found: vec![token],
            lines,
        }),
    }
}

/// Why a token is none of this issuer's and this key's.
fn foreign(token: &FoundToken, choice: &Choice, own: Option<&str>) -> Option<String> {
    let iss = token
        .claims
        .as_ref()
        .and_then(|claims| claims.get("iss")?.as_str());
    if let Some(iss) = iss.filter(|iss| *iss != choice.iss && Some(*iss) != own) {
        return Some(format!("holds a token that `{}` issued", shown(iss)));
    }
    let alg = token.alg.as_deref()?;
    let is_secret = matches!(choice.key, Some(Place::Dotenv { .. }));
    (is_secret && !alg.starts_with("HS") && !alg.eq_ignore_ascii_case("none")).then(|| {
        format!(
            "holds a token that is signed by {}, not with a secret",
            shown(alg)
        )
    })
}

/// What of a token's claims the manifest has to say, so that the next one has them too.
fn kept(claims: &Json, choice: &Choice) -> Vec<(&'static str, Json)> {
    let mut lines = Vec::new();
    let text = |name: &str| {
        claims
            .get(name)
            .filter(|value| value.as_str().is_some_and(|it| !it.is_empty()))
    };
    for (claim, key) in [
        ("role", "role"),
        ("scope", "scope"),
        ("client_id", "client-id"),
    ] {
        lines.extend(text(claim).map(|value| (key, value.clone())));
    }
    if let Some(aud) = audiences(claims).filter(|aud| *aud != choice.aud) {
        lines.push(("aud", one_or_list(&aud)));
    }
    let own: Vec<(String, Json)> = claims
        .as_object()
        .unwrap_or_default()
        .iter()
        .filter(|(name, value)| RESERVED.iter().all(|(known, _)| known != name) && is_toml(value))
        .filter(|(name, value)| name != "quota" || value.as_i64().is_some_and(|quota| quota > 0))
        .cloned()
        .collect();
    if !own.is_empty() {
        lines.push(("claims", Json::Object(own)));
    }
    lines
}

fn audiences(claims: &Json) -> Option<Vec<String>> {
    let aud = claims.get("aud")?;
    let list: Vec<String> = match aud {
        Json::String(one) => vec![one.clone()],
        list => list
            .as_array()?
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    };
    (!list.is_empty() && list.iter().all(|one| !one.is_empty())).then_some(list)
}

fn one_or_list(texts: &[String]) -> Json {
    match texts {
        [one] => Json::from(one.as_str()),
        many => Json::Array(many.iter().map(|one| Json::from(one.as_str())).collect()),
    }
}

/// Whether TOML has such a value.
fn is_toml(value: &Json) -> bool {
    line("x", value).is_ok()
}

/// A line of TOML.
fn line(key: &str, value: &Json) -> Result<String, Error> {
    let change = Change::Set {
        at: vec![key.to_owned()],
        value: value.clone(),
        make: Make::Around,
    };
    // In place of another value it goes on one line, whatever it is.
    Format::Toml.apply(&format!("{key} = \"\"\n"), &[change])
}

/// A line for people. TOML allows no control character there.
fn comment(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { '?' } else { c })
        .collect();
    format!("# {text}\n")
}

/// The file of a place of a `.env` file.
fn file(place: &Place) -> Option<&String> {
    match place {
        Place::Dotenv { path, .. } => Some(path),
        _ => None,
    }
}
