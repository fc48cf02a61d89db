//! The tokens that nobody shall accept any more once their client is gone.

use std::collections::HashSet;

use crate::commands::uninstall::Wanted;
use crate::error::{Code, Error, Errors};
use crate::key::KeySet;
use crate::manifest::Token;
use crate::session::ledger::{self, Kept};
use crate::session::manifest::{self, Loaded};
use crate::session::tokens::{self, Trim};
use crate::session::{Session, revocations, ring};
use crate::state::ledger::{Event, Record};
use crate::state::revocations::{Entry, Traits, What};
use crate::token::{self, Signer, Template};

/// What is revoked.
pub(super) struct Revoked {
    records: Vec<Record>,
    list: String,
}

impl Revoked {
    /// The tokens of a client that the ledger knows, and those that are in its places, signed with
    /// a key of the manifest, that are still good, and not revoked. Where another client has the
    /// same subject, those alone that have been in its places.
    pub(super) fn of(
        loaded: &Loaded,
        (token, wanted): (&Token, &[Wanted]),
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let now = session.host.facts.now;
        let iss = manifest::issuer(Some(&loaded.manifest), &session.host.facts);
        let iss = iss.unwrap_or_else(|| Template::ISS.to_owned());
        let places: HashSet<String> = wanted.iter().map(|one| one.place.to_string()).collect();
        let tokens = &loaded.manifest.tokens;
        let is_alone = tokens.iter().filter(|it| it.sub == token.sub).count() == 1;
        let keys = keys(loaded, session);
        let there = there(wanted, &keys, session);
        let known = revocations::load(Some(loaded), session)?;
        let ledger = ledger::read(&mut |it| it.sub == token.sub, session)?;
        // Another project may have the same subjects and issuer, but not the same key.
        let is_ours = |kid: &str| keys.keys.iter().any(|key| key.kid() == kid);
        let recorded = ledger.records.iter().filter(|record| {
            let was_here = record.places.iter().any(|place| places.contains(place));
            record.event != Event::Revoked && (was_here || is_alone && is_ours(&record.kid))
        });
        let mut seen = HashSet::new();
        let records = recorded.chain(&there).filter(|record| {
            let traits = Traits {
                iss: Some(&record.iss),
                jti: Some(&record.jti),
                sub: Some(&record.sub),
                iat: Some(record.iat),
                kids: [Some(&record.kid), None],
                run: None,
            };
            record.sub == token.sub
                && record.iss == iss
                && record.exp.is_none_or(|exp| exp > now)
                && !record.jti.is_empty()
                && known.covers(&traits).is_none()
                && seen.insert(&record.jti)
        });
        let records = records.map(|record| Record {
            jti: record.jti.clone(),
            sub: record.sub.clone(),
            iss: record.iss.clone(),
            kid: record.kid.clone(),
            aud: record.aud.clone(),
            iat: record.iat,
            exp: record.exp,
            ..Record::new(Event::Revoked, now)
        });
        let records = records.collect();
        let list = revocations::target(Some(loaded), session)?.path;
        let list = manifest::shown(&list, session);
        Ok(Self { records, list })
    }

    /// The `jti` of each.
    pub(super) fn ids(&self) -> Vec<String> {
        self.records.iter().map(|one| one.jti.clone()).collect()
    }

    /// Says what would be done.
    pub(super) fn rehearse(&self, session: &mut Session<'_, '_>) {
        if let Some(tokens) = self.counted() {
            session.note(&format!("would revoke {tokens}, in `{}`", self.list));
        }
    }

    /// Puts them into the list, and into the ledger.
    pub(super) fn carry_out(
        &self,
        loaded: &Loaded,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Error> {
        let Some(tokens) = self.counted() else {
            return Ok(());
        };
        ledger::ready(session)?;
        let entries = self.records.iter().map(|record| Entry {
            what: What::Token {
                iss: Some(record.iss.clone()),
                jti: record.jti.clone(),
            },
            until: None,
            at: record.at,
            exp: record.exp,
            reason: None,
        });
        let entries: Vec<Entry> = entries.collect();
        revocations::add(&entries, Some(loaded), session)?;
        ledger::append(&self.records, Kept::Written, session)?;
        session.note(&format!("revoked {tokens}, in `{}`", self.list));
        // One without an end is the last.
        let ends: Option<Vec<i64>> = self.records.iter().map(|record| record.exp).collect();
        let until = match ends.and_then(|ends| ends.into_iter().max()) {
            Some(exp) => format!("until {}", session.clock().full(exp)),
            None => "for ever".to_owned(),
        };
        session.note(&format!(
            "a server that does not read that list accepts a copy {until}"
        ));
        Ok(())
    }

    fn counted(&self) -> Option<String> {
        match self.records.len() {
            0 => None,
            1 => Some("1 token".to_owned()),
            count => Some(format!("{count} tokens")),
        }
    }
}

/// The keys of the manifest. Without them its tokens can still be taken out.
fn keys(loaded: &Loaded, session: &mut Session<'_, '_>) -> KeySet {
    let wanted = loaded.key(session).map_err(Errors::from);
    match wanted.and_then(|wanted| ring::of(&wanted, Some(loaded), session)) {
        Ok(ring) => ring.declaring(loaded.manifest.alg),
        Err(errors) => {
            errors.into_iter().for_each(|error| session.warn(error));
            KeySet::of(Vec::new())
        }
    }
}

/// The tokens in these places that one of the keys has signed: another machine may have put them
/// there, whose ledger is not this one.
fn there(wanted: &[Wanted], keys: &KeySet, session: &mut Session<'_, '_>) -> Vec<Record> {
    let now = session.host.facts.now;
    let mut records = Vec::new();
    for one in wanted {
        let Ok(input) = tokens::at_place(&one.place, Trim::Bare, session) else {
            continue;
        };
        let health = token::health(input.token.expose(), Some(keys), (now, 0));
        let (Signer::Key { .. }, Some(claims)) = (&health.signer, &health.claims) else {
            continue;
        };
        let text = |name: &str| claims.text(name).unwrap_or_default().to_owned();
        if text("jti").is_empty() {
            let what = format!(
                "the token at `{}` has no `jti`, so it is not revoked",
                one.shown
            );
            let hint = "where it may have been copied: `mcpjwt rotate-secret --now`";
            session.warn(Error::new(Code::ClaimMissing, what).hint(hint));
            continue;
        }
        records.push(Record {
            jti: text("jti"),
            sub: text("sub"),
            iss: text("iss"),
            kid: health.kid.clone().unwrap_or_default(),
            aud: claims.audiences().into_iter().map(str::to_owned).collect(),
            iat: health.iat.unwrap_or_default(),
            exp: health.exp,
            ..Record::new(Event::Issued, now)
        });
    }
    records
}
