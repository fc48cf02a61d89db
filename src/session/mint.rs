//! Minting: a key that is ready to sign, and tokens of it with what the ledger keeps of them.

use std::time::Duration;

use super::keys::{self, Wanted};
use super::{Session, manifest, revocations};
use crate::error::{Code, Error, Errors};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Signer, State};
use crate::secret::Secret;
use crate::state::ledger::{Event, Record};
use crate::state::revocations::{Revocations, Traits};
use crate::token::{self, Template, Times};

/// Which key signs, and how.
pub(crate) struct Choice {
    /// Where it is.
    pub(crate) wanted: Wanted,
    /// Which one of a set; `None`: the current one.
    pub(crate) kid: Option<String>,
    /// By which algorithm, where the key leaves that open.
    pub(crate) alg: Option<Algorithm>,
}

/// A key that signs.
pub(crate) struct Signing<'k> {
    /// The key.
    pub(crate) key: &'k Key,
    /// Its algorithm.
    pub(crate) alg: Algorithm,
    signer: Signer,
    revoked: Revocations,
}

impl<'k> Signing<'k> {
    /// The key of a set that was chosen. One that verifiers refuse, or will before its tokens
    /// end, is no use; neither is one of which it cannot be told what was revoked.
    pub(crate) fn of(
        set: &'k KeySet,
        choice: &Choice,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let loaded = manifest::find(session)?;
        let revoked = revocations::load(loaded.as_deref(), session)?;
        let key = chosen(set, choice.kid.as_deref(), session)?;
        let alg = key.algorithm(choice.alg)?;
        let signer = Signer::new(key, alg).map_err(|error| about_key(error, &choice.wanted))?;
        Ok(Self {
            key,
            alg,
            signer,
            revoked,
        })
    }

    /// Mints one token, never one that was revoked. Its record names no places yet.
    pub(crate) fn mint(
        &self,
        template: &Template,
        session: &mut Session<'_, '_>,
    ) -> Result<Token, Error> {
        let header = Json::object([
            ("alg", self.alg.name().into()),
            ("typ", template.typ.as_str().into()),
            ("kid", self.key.kid().into()),
        ]);
        let jti = if let Some(jti) = &template.jti {
            jti.clone()
        } else {
            let mut bytes = [0; 16];
            session.host.random.fill(&mut bytes)?;
            hex::encode(bytes)
        };
        let template = &self.after_revocation(template, session);
        let claims = template.claims(&jti);
        let traits = Traits::of(&claims, [Some(self.key.kid()), None]);
        if let Some(entry) = self.revoked.covers(&traits) {
            return Err(revocations::would_be(entry, &template.sub, session));
        }
        let text = token::sign(&header, &claims, &self.signer)?;
        let record = Record {
            jti,
            sub: template.sub.clone(),
            iss: template.iss.clone(),
            aud: template.aud.clone(),
            kid: self.key.kid().to_owned(),
            iat: template.times.iat,
            exp: Some(template.times.exp),
            ..Record::new(Event::Issued, session.host.facts.now)
        };
        Ok(Token {
            text,
            claims,
            record,
        })
    }
}

impl Signing<'_> {
    /// The template with an `iat` behind the revocation of its subject: the usual one lies a few
    /// seconds back. Where that second has not come yet, it is waited for.
    fn after_revocation(&self, template: &Template, session: &mut Session<'_, '_>) -> Template {
        let Times { at, iat, .. } = template.times;
        let first = self.revoked.free_from(&template.iss, &template.sub);
        let Some(first) = first.filter(|first| iat < *first && at >= *first - 1) else {
            return template.clone();
        };
        if at < first {
            session.host.files.pause(Duration::from_secs(1));
        }
        let times = Times {
            iat: first,
            ..template.times
        };
        Template {
            times,
            ..template.clone()
        }
    }
}

/// A token that was signed and has not left yet.
pub(crate) struct Token {
    /// Itself.
    pub(crate) text: Secret,
    /// Its claims.
    pub(crate) claims: Json,
    /// What the ledger keeps of it.
    pub(crate) record: Record,
}

/// An error about the key, saying which place it came from.
fn about_key(error: Error, wanted: &Wanted) -> Error {
    match wanted {
        Wanted::Place(place, _) => Error {
            message: format!("cannot sign with the key at `{place}`: {}", error.message),
            ..error
        }
        .at(place.to_string()),
        Wanted::Ask(_) | Wanted::Store(_) => error,
    }
}

fn chosen<'k>(
    set: &'k KeySet,
    kid: Option<&str>,
    session: &mut Session<'_, '_>,
) -> Result<&'k Key, Error> {
    let key = keys::choose(set, kid)?;
    let Some(kid) = kid else {
        return Ok(key);
    };
    let now = session.host.facts.now;
    match key.state() {
        None | Some(State::Current) => {}
        Some(State::Previous) if key.is_accepted(now) => {
            let until = key.accepted_until();
            let until = until.map_or_else(String::new, |until| {
                format!(", and is accepted until {}", session.clock().full(until))
            });
            session.warn(Error::new(
                Code::KeyUnusable,
                format!("key `{kid}` is a previous one{until}"),
            ));
        }
        Some(State::Next) => session.warn(
            Error::new(Code::KeyUnusable, format!("key `{kid}` is staged"))
                .hint("servers must load it before its tokens are accepted"),
        ),
        Some(State::Previous | State::Retired) => {
            return Err(Error::new(
                Code::KeyUnusable,
                format!("key `{kid}` is no longer accepted, so its tokens would be refused"),
            )
            .hint("leave out `--kid` to sign with the current key"));
        }
    }
    Ok(key)
}
