//! The tokens that nobody shall accept any more once their client is gone.

use std::collections::HashSet;

use crate::commands::uninstall::Wanted;
use crate::error::Error;
use crate::manifest::Token;
use crate::session::ledger::{self, Kept};
use crate::session::manifest::{self, Loaded};
use crate::session::{Session, revocations};
use crate::state::ledger::{Event, Record};
use crate::state::revocations::{Entry, Traits, What};
use crate::token::Template;

/// What is revoked.
pub(super) struct Revoked {
    records: Vec<Record>,
    list: String,
}

impl Revoked {
    /// The tokens of a client that the ledger knows, that are still good, and not revoked. Where
    /// another client has the same subject, those alone that have been in its places.
    pub(super) fn of(
        loaded: &Loaded,
        (token, wanted): (&Token, &[Wanted]),
        session: &mut Session<'_, '_>,
    ) -> Result<Self, Error> {
        let now = session.host.facts.now;
        let iss = manifest::issuer(Some(&loaded.manifest), &session.host.facts);
        let iss = iss.unwrap_or_else(|| Template::ISS.to_owned());
        let places: HashSet<String> = wanted.iter().map(|one| one.place.to_string()).collect();
        let tokens = &loaded.manifest.tokens;
        let is_alone = tokens.iter().filter(|it| it.sub == token.sub).count() == 1;
        let known = revocations::load(Some(loaded), session)?;
        let ledger = ledger::read(session)?;
        let mut seen = HashSet::new();
        let records = ledger.records.iter().filter(|record| {
            let is_its = record.sub == token.sub && record.iss == iss;
            let is_good = record.exp.is_none_or(|exp| exp > now);
            let was_here = record.places.iter().any(|place| places.contains(place));
            let traits = Traits {
                iss: Some(&record.iss),
                jti: Some(&record.jti),
                sub: Some(&record.sub),
                iat: Some(record.iat),
                kids: [Some(&record.kid), None],
            };
            is_its
                && is_good
                && (is_alone || was_here)
                && !record.jti.is_empty()
                && record.event != Event::Revoked
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
