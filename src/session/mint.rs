//! Minting: a key that is ready to sign, and tokens of it with what the ledger keeps of them.

use std::time::Duration;

use super::keys::{self, Wanted};
use super::manifest::{self, Loaded};
use super::{Session, clock, places, revocations, ring};
use crate::error::{Code, Error, Errors};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, Signer, State};
use crate::place::Place;
use crate::secret::Secret;
use crate::state::ledger::{Event, Record};
use crate::state::revocations::{Begin, Revocations, Traits};
use crate::token::{self, Claims, Template, Times};

/// Which key signs, and how.
pub(crate) struct Choice {
    /// Where it is.
    pub(crate) wanted: Wanted,
    /// Which one of a set; `None`: the current one.
    pub(crate) kid: Option<String>,
    /// By which algorithm, where the key leaves that open.
    pub(crate) alg: Option<Algorithm>,
}

/// A key that was chosen to sign, and its algorithm.
#[derive(Clone, Copy)]
pub(crate) struct Chosen<'k> {
    /// The key.
    pub(crate) key: &'k Key,
    /// Its algorithm.
    pub(crate) alg: Algorithm,
}

impl<'k> Chosen<'k> {
    /// The key of a set that was chosen. One that verifiers refuse, or will before its tokens
    /// end, is no use.
    pub(crate) fn of(
        set: &'k KeySet,
        choice: &Choice,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let found = Self::found(set, choice, session)?;
        let checked = Signer::check(found.key, found.alg);
        checked.map_err(|error| about_key(error, &choice.wanted))?;
        Ok(found)
    }

    /// The same, but for whether it can sign.
    fn found(
        set: &'k KeySet,
        choice: &Choice,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Errors> {
        clock::require(session)?;
        let key = if let Some(kid) = &choice.kid {
            chosen(set, kid, session)?
        } else {
            let key = keys::choose(set, None)?;
            let loaded = manifest::find(session)?;
            look_at_place(key, &choice.wanted, loaded.as_deref(), session)?;
            key
        };
        let alg = key.algorithm(choice.alg)?;
        Ok(Self { key, alg })
    }

    /// The header of a token of this type.
    pub(crate) fn header(&self, typ: &str) -> Json {
        Json::object([
            ("alg", self.alg.name().into()),
            ("typ", typ.into()),
            ("kid", self.key.kid().into()),
        ])
    }
}

/// A key that is ready to sign.
pub(crate) struct Signing<'k> {
    /// Which, and by what.
    pub(crate) chosen: Chosen<'k>,
    signer: Signer,
    revoked: Revocations,
}

impl<'k> Signing<'k> {
    /// The key of a set that was chosen, as [`Chosen::of`] has it; neither is one of use of which it
    /// cannot be told what was revoked.
    pub(crate) fn of(
        set: &'k KeySet,
        choice: &Choice,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let chosen = Chosen::found(set, choice, session)?;
        let loaded = manifest::find(session)?;
        let revoked = revocations::load(loaded.as_deref(), session)?;
        let signer = Signer::new(chosen.key, chosen.alg);
        Ok(Self {
            chosen,
            signer: signer.map_err(|error| about_key(error, &choice.wanted))?,
            revoked,
        })
    }

    /// Mints one token, never one that was revoked. Its record names no places yet.
    pub(crate) fn mint(
        &self,
        template: &Template,
        session: &mut Session<'_, '_>,
    ) -> Result<Token, Error> {
        let jti = match &template.jti {
            Some(jti) => jti.clone(),
            None => random_id(session)?,
        };
        let times = self.behind((&template.iss, &template.sub), template.times, session);
        let template = Template {
            times,
            ..template.clone()
        };
        self.sign(&template.typ, template.claims(&jti), session)
    }

    /// Mints a token with the claims of an older one, but for its times and its `jti`: of a
    /// refresh token the access token that it is for.
    pub(crate) fn remint(
        &self,
        (typ, old): (&str, &Claims),
        times: Times,
        session: &mut Session<'_, '_>,
    ) -> Result<Token, Error> {
        let text = |name: &str| old.text(name).unwrap_or_default();
        let times = self.behind((text("iss"), text("sub")), times, session);
        let mut new: Vec<(&str, Json)> = vec![
            ("iat", times.iat.into()),
            ("exp", times.exp.into()),
            ("jti", random_id(session)?.into()),
        ];
        if old.text("type").is_some() {
            new.push(("type", "access".into()));
        }
        let mut members = old.json().as_object().unwrap_or_default().to_vec();
        members.retain(|(name, _)| name != "nbf");
        for (name, value) in new {
            match members.iter_mut().find(|(known, _)| known == name) {
                Some(member) => member.1 = value,
                None => members.push((name.to_owned(), value)),
            }
        }
        let token = self.sign(typ, Json::Object(members), session)?;
        let record = Record {
            event: Event::Refreshed,
            ..token.record
        };
        Ok(Token { record, ..token })
    }

    fn sign(&self, typ: &str, claims: Json, session: &mut Session<'_, '_>) -> Result<Token, Error> {
        let kid = self.chosen.key.kid();
        let header = self.chosen.header(typ);
        let traits = Traits::of(&claims, [Some(kid), None]);
        if let Some(entry) = self.revoked.covers(&traits) {
            let sub = traits.sub.unwrap_or_default();
            return Err(revocations::would_be(entry, sub, session));
        }
        let text = token::sign(&header, &claims, &self.signer)?;
        let now = session.host.facts.now;
        let record = match Claims::from_json(claims.clone()) {
            Some(claims) => Record::of(Event::Issued, now, &claims, kid),
            None => Record::new(Event::Issued, now),
        };
        Ok(Token {
            text,
            claims,
            record,
        })
    }

    /// The times with an `iat` behind the revocation of a subject. Where that second has not come yet,
    /// it is waited for.
    fn behind(&self, whose: (&str, &str), times: Times, session: &mut Session<'_, '_>) -> Times {
        let iat = match self.revoked.begin(whose, (times.at, times.iat)) {
            Begin::Now(iat) => iat,
            Begin::Soon(iat) => {
                session.host.files.pause(Duration::from_secs(1));
                iat
            }
        };
        Times { iat, ..times }
    }
}

/// An id that nobody guesses and nothing else has: of a token, or of a run.
pub(crate) fn random_id(session: &mut Session<'_, '_>) -> Result<String, Error> {
    let mut bytes = [0; 16];
    session.host.random.fill(&mut bytes)?;
    Ok(hex::encode(bytes))
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

fn chosen<'k>(set: &'k KeySet, kid: &str, session: &mut Session<'_, '_>) -> Result<&'k Key, Error> {
    let key = keys::choose(set, Some(kid))?;
    let now = session.host.facts.now;
    match key.state() {
        None | Some(State::Current) => {}
        Some(State::Previous) if key.is_accepted(now) => {
            session.warn(previous(kid, key.accepted_until(), session));
        }
        Some(State::Next) => session.warn(
            Error::new(Code::KeyUnusable, format!("key `{kid}` is staged"))
                .hint("servers must load it before its tokens are accepted"),
        ),
        Some(State::Previous | State::Retired) => {
            return Err(over(kid).hint("leave out `--kid` to sign with the current key"));
        }
    }
    Ok(key)
}

/// The same of a key that is named by its place: that of the manifest's previous one, or one that
/// a rotation has taken from elsewhere.
fn look_at_place(
    key: &Key,
    wanted: &Wanted,
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let (now, kid) = (session.host.facts.now, key.kid());
    // What cannot be read is told where it is needed.
    let known = ring::known(session).ok();
    let known = known.and_then(|known| known.of(kid).accepted_until);
    let Wanted::Place(place, _) = wanted else {
        if known.is_some_and(|until| until <= now) {
            session.warn(returned(kid));
        }
        return Ok(());
    };
    let slot = loaded.and_then(|loaded| loaded.previous(session).ok().flatten());
    if known.is_none() && slot.is_none() {
        return Ok(());
    }
    let here = places::lasting(place, session)?;
    let mut is_here = |place: &Place| places::lasting(place, session).is_ok_and(|it| it == here);
    let is_previous = slot.as_ref().is_some_and(&mut is_here);
    let of_manifest = loaded.filter(|_| is_previous);
    let of_manifest = of_manifest.and_then(|loaded| loaded.manifest.previous_until);
    let own = loaded.and_then(|loaded| loaded.key(session).ok());
    let is_current = match own {
        Some(Wanted::Place(own, _)) => places::lasting(&own, session).is_ok_and(|it| it == here),
        _ => false,
    };
    let hint = "leave out `--key` to sign with the current key";
    match of_manifest.or(known) {
        Some(until) if is_current && until <= now => session.warn(returned(kid)),
        _ if is_current => {}
        Some(until) if until <= now && is_previous => return Err(over(kid).hint(hint)),
        None if !is_previous => {}
        until if loaded.is_some() => session.warn(previous(kid, until, session).hint(hint)),
        until => session.warn(previous(kid, until, session)),
    }
    Ok(())
}

/// That a key has come back which had gone.
fn returned(kid: &str) -> Error {
    ring::returned(kid).hint("if it had leaked, replace it with `mcpjwt rotate-secret --now`")
}

/// That a key is one that goes.
fn previous(kid: &str, until: Option<i64>, session: &Session<'_, '_>) -> Error {
    let until = until.map_or_else(String::new, |until| {
        let was = if until > session.host.facts.now {
            "is"
        } else {
            "was"
        };
        format!(", and {was} accepted until {}", session.clock().full(until))
    });
    Error::new(
        Code::KeyUnusable,
        format!("key `{kid}` is a previous one{until}"),
    )
}

/// That it has gone.
fn over(kid: &str) -> Error {
    Error::new(
        Code::KeyUnusable,
        format!("key `{kid}` is no longer accepted, so its tokens would be refused"),
    )
}
