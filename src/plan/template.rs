//! What a token of a manifest is minted from.

use crate::error::{Code, Error};
use crate::manifest::{Manifest, Token};
use crate::token::{Template, Times};

/// What was said besides the manifest, and counts before it.
#[derive(Debug, Default)]
pub struct Said {
    /// The issuer.
    pub iss: Option<String>,
    /// The audience.
    pub aud: Option<String>,
    /// How long a token lasts, in seconds.
    pub ttl: Option<i64>,
}

/// A token that is wanted.
#[derive(Debug)]
pub struct Wanted {
    /// What it is minted from, from now on.
    pub template: Template,
    /// Whether nobody named its audience.
    pub assumes_audience: bool,
    /// How long before its end it is renewed.
    pub refresh_before: i64,
}

/// The token that a manifest wants at `now`.
pub fn wanted(manifest: &Manifest, token: &Token, said: &Said, now: i64) -> Result<Wanted, Error> {
    let aud = said.aud.clone().map(|aud| vec![aud]);
    let aud = aud
        .or_else(|| token.aud.clone())
        .or_else(|| manifest.aud.clone());
    let ttl = said.ttl.unwrap_or_else(|| manifest.ttl(token));
    let times = Times::of(now, None, now.saturating_add(ttl));
    if times.exp > Times::LAST {
        return Err(Error::new(
            Code::ManifestInvalid,
            format!("token `{}` would last beyond the year 9999", token.name),
        )
        .hint("give it a shorter `ttl`"));
    }
    let refresh_before = manifest.refresh_before(token);
    let refresh_before = match said.ttl {
        // Else a short life would be over before it began.
        Some(ttl) => refresh_before.min(ttl / 10),
        None => refresh_before,
    };
    let iss = said.iss.clone().or_else(|| manifest.iss.clone());
    Ok(Wanted {
        assumes_audience: aud.is_none(),
        refresh_before,
        template: Template {
            typ: token.typ.clone().unwrap_or_else(|| "JWT".to_owned()),
            iss: iss.unwrap_or_else(|| Template::ISS.to_owned()),
            sub: token.sub.clone(),
            aud: aud.unwrap_or_else(|| vec![Template::AUD.to_owned()]),
            times,
            jti: None,
            scope: manifest.scope(token, token.role.as_deref()),
            kind: None,
            rest: token.own_claims(),
        },
    })
}
