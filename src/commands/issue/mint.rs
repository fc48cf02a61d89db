//! The tokens of one run of `issue`: signed before any file is touched.

use super::claims::Template;
use super::settle::{Layout, Settled};
use crate::error::{Error, Errors};
use crate::json::Json;
use crate::key::{Algorithm, Key, Signer};
use crate::secret::Secret;
use crate::session::{Session, places};
use crate::state::ledger::{Event, Record, VERSION};
use crate::token;

/// A token that was decided on.
pub(super) struct Minted {
    pub(super) sub: String,
    pub(super) record: Record,
    pub(super) claims: Json,
    /// What is written: the token in its layout, or the pair as JSON.
    pub(super) text: Secret,
    /// The bare token, for `--json` on standard output.
    pub(super) token: Secret,
}

/// Signs every token: no file is touched before all of them exist.
pub(super) fn mint(
    settled: &Settled,
    key: &Key,
    alg: Algorithm,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Minted>, Errors> {
    let signer = Signer::new(key, alg)?;
    let header = |typ: &str| {
        Json::object([
            ("alg", alg.name().into()),
            ("typ", typ.into()),
            ("kid", key.kid().into()),
        ])
    };
    let now = session.host.facts.now;
    let places = settled
        .places()
        .map(|place| places::absolute(place, session.host).map(|place| place.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut minted = Vec::with_capacity(settled.subs.len());
    for sub in &settled.subs {
        let template = &settled.template;
        let mut jti = || -> Result<String, Error> {
            let mut bytes = [0; 16];
            session.host.random.fill(&mut bytes)?;
            Ok(hex::encode(bytes))
        };
        let id = match &template.jti {
            Some(id) => id.clone(),
            None => jti()?,
        };
        let kind = settled.refresh_ttl.map(|_| "access");
        let claims = template.claims(sub, &id, template.times.exp, kind);
        let token = token::sign(&header(&template.typ), &claims, &signer)?;
        let text = match settled.refresh_ttl {
            None => laid_out(&token, &settled.layout),
            Some(ttl) => {
                let refresh = template.claims(
                    sub,
                    &jti()?,
                    template.times.at.saturating_add(ttl),
                    Some("refresh"),
                );
                let refresh = token::sign(&header("JWT"), &refresh, &signer)?;
                pair(&token, &refresh, template)
            }
        };
        let record = Record {
            version: VERSION,
            at: now,
            event: Event::Issued,
            jti: id,
            sub: sub.clone(),
            iss: template.iss.clone(),
            aud: template.aud.clone(),
            kid: key.kid().to_owned(),
            iat: template.times.iat,
            exp: template.times.exp,
            places: places.clone(),
        };
        minted.push(Minted {
            sub: sub.clone(),
            record,
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

/// With a line end.
pub(super) fn line(text: &Secret) -> Secret {
    let mut bytes = text.expose().to_vec();
    bytes.push(b'\n');
    Secret::new(bytes)
}
