//! The tokens of one run of `issue`: signed before any file is touched.

use super::settle::{Layout, Settled};
use crate::error::Errors;
use crate::json::Json;
use crate::place::Place;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::mint::Signing;
use crate::state::ledger::Record;
use crate::token::Template;

/// A token that was decided on.
pub(super) struct Minted {
    /// What the ledger keeps: the token, and the refresh token of a pair behind it.
    pub(super) records: Vec<Record>,
    pub(super) claims: Json,
    /// What is written: the token in its layout, or the pair as JSON.
    pub(super) text: Secret,
    /// The bare token, for `--json` on standard output.
    pub(super) token: Secret,
    /// When it expires, in unix seconds.
    pub(super) exp: i64,
    /// What refers to it, once that is written.
    pub(super) references: Vec<Place>,
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
    signing: &Signing<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Minted>, Errors> {
    let mut minted = Vec::with_capacity(settled.claims.templates.len());
    for template in &settled.claims.templates {
        let access = signing.mint(template, session)?;
        let mut records = vec![access.record];
        let text = match settled.refresh_ttl {
            None => laid_out(&access.text, &settled.layout),
            Some(ttl) => {
                let refresh = signing.mint(&template.refresh(ttl), session)?;
                records.push(refresh.record);
                pair(&access.text, &refresh.text, template)
            }
        };
        minted.push(Minted {
            records,
            claims: access.claims,
            text,
            token: access.text,
            exp: template.times.exp,
            references: Vec::new(),
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
