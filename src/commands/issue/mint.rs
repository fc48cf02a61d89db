//! The tokens of one run of `issue`: signed before any file is touched.

use super::claims::Template;
use super::settle::{Layout, Settled};
use crate::error::{Error, Errors};
use crate::json::Json;
use crate::key::{Algorithm, Key, Signer};
use crate::place::Place;
use crate::secret::Secret;
use crate::session::Session;
use crate::state::ledger::{Event, Record, VERSION};
use crate::token;

/// A token that was decided on.
pub(super) struct Minted {
    pub(super) sub: String,
    /// What the ledger keeps: the token, and the refresh token of a pair behind it.
    pub(super) records: Vec<Record>,
    pub(super) claims: Json,
    /// What is written: the token in its layout, or the pair as JSON.
    pub(super) text: Secret,
    /// The bare token, for `--json` on standard output.
    pub(super) token: Secret,
}

impl Minted {
    /// The record of the token itself.
    pub(super) fn access(&self) -> &Record {
        &self.records[0]
    }
}

/// Signs every token: no file is touched before all of them exist.
pub(super) fn mint(
    settled: &Settled,
    (key, alg): (&Key, Algorithm),
    signer: &Signer,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Minted>, Errors> {
    let template = &settled.template;
    let header = |typ: &str| {
        Json::object([
            ("alg", alg.name().into()),
            ("typ", typ.into()),
            ("kid", key.kid().into()),
        ])
    };
    let places: Vec<Place> = settled.places().cloned().collect();
    let [access_at, refresh_at] = [
        settled.recorded(&places, "access_token", session.host)?,
        settled.recorded(&places, "refresh_token", session.host)?,
    ];
    let record = |sub: &str, jti: String, exp: i64| Record {
        version: VERSION,
        at: session.host.facts.now,
        event: Event::Issued,
        jti,
        sub: sub.to_owned(),
        iss: template.iss.clone(),
        aud: template.aud.clone(),
        kid: key.kid().to_owned(),
        iat: template.times.iat,
        exp,
        places: access_at.clone(),
    };
    let random = &mut *session.host.random;
    let mut fresh = || -> Result<String, Error> {
        let mut bytes = [0; 16];
        random.fill(&mut bytes)?;
        Ok(hex::encode(bytes))
    };
    let mut minted = Vec::with_capacity(settled.subs.len());
    for sub in &settled.subs {
        let jti = match &template.jti {
            Some(jti) => jti.clone(),
            None => fresh()?,
        };
        let exp = template.times.exp;
        let kind = settled.refresh_ttl.map(|_| "access");
        let claims = template.claims(sub, &jti, exp, kind);
        let token = token::sign(&header(&template.typ), &claims, signer)?;
        let mut records = vec![record(sub, jti, exp)];
        let text = match settled.refresh_ttl {
            None => laid_out(&token, &settled.layout),
            Some(ttl) => {
                let (jti, exp) = (fresh()?, template.times.at.saturating_add(ttl));
                let refresh = template.claims(sub, &jti, exp, Some("refresh"));
                let refresh = token::sign(&header("JWT"), &refresh, signer)?;
                records.push(Record {
                    places: refresh_at.clone(),
                    ..record(sub, jti, exp)
                });
                pair(&token, &refresh, template)
            }
        };
        minted.push(Minted {
            sub: sub.clone(),
            records,
            claims,
            text,
            token,
        });
    }
    Ok(minted)
}

fn laid_out(token: &Secret, layout: &Layout) -> Secret {
    let token = token.expose_str().unwrap_or_default();
    match layout {
        Layout::Token => Secret::from(token),
        Layout::Env(name) => Secret::from(format!("{name}={token}")),
        Layout::Header => Secret::from(format!("Authorization: Bearer {token}")),
    }
}

/// The OAuth token response (RFC 6749 section 5.1).
fn pair(access: &Secret, refresh: &Secret, template: &Template) -> Secret {
    let text = |secret: &Secret| Json::from(secret.expose_str().unwrap_or_default());
    let mut members = vec![
        ("access_token".to_owned(), text(access)),
        ("token_type".to_owned(), "Bearer".into()),
        (
            "expires_in".to_owned(),
            (template.times.exp - template.times.at).into(),
        ),
        ("refresh_token".to_owned(), text(refresh)),
    ];
    if let Some(scope) = &template.scope {
        members.push(("scope".to_owned(), scope.as_str().into()));
    }
    Secret::from(Json::Object(members).to_string())
}
