//! The tokens that a key has signed and that are still good.

use std::collections::{BTreeSet, HashSet};

use super::Situation;
use crate::error::Error;
use crate::key::{Key, KeySet};
use crate::report::Problem;
use crate::session::status::{self, Ask, Reach};
use crate::session::{Session, ledger, revocations};
use crate::state::ledger::{Brief, Record};
use crate::state::revocations::Traits;

/// A token of the key that goes, or a batch of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alive {
    /// When it ends; `None`: never.
    pub(crate) exp: Option<i64>,
    /// Whose it is.
    pub(crate) whose: Whose,
}

/// Whose tokens they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// That of a subject.
    Subject(String),
    /// Those of a batch: its run, and how many it made, where it came to its end.
    Batch(String, Option<u64>),
}

/// A token by its `jti`, or by its subject and end where it has none.
type Name = (String, Option<i64>);

fn name(jti: &str, sub: &str, exp: Option<i64>) -> Name {
    match jti {
        "" => (sub.to_owned(), exp),
        jti => (jti.to_owned(), None),
    }
}

/// Every token of a key that is known of and still good, the last first: those of the
/// ledger, and those that lie in the places that it or the manifest knows. What is replaced in
/// the same run is not among them, unless it lies in a place of none of the manifest's tokens too.
pub(crate) fn alive(
    situation: &Situation,
    key: &Key,
    replaced: &[Record],
    session: &mut Session<'_, '_>,
) -> Result<Vec<Alive>, Error> {
    let now = session.host.facts.now;
    let kid = key.kid();
    let replaced: HashSet<Name> = replaced
        .iter()
        .map(|record| name(&record.jti, &record.sub, record.exp))
        .collect();
    let mut alive: BTreeSet<Alive> = BTreeSet::new();
    let mut add = |whose: Whose, exp: Option<i64>| {
        let is_none = matches!(whose, Whose::Batch(_, Some(0)));
        if exp.is_none_or(|exp| exp > now) && !is_none {
            alive.insert(Alive { exp, whose });
        }
    };
    let revoked = revocations::load(situation.loaded.as_deref(), session)?;
    let is_over = |it: &Brief<'_>| !it.jti.is_empty() && it.exp.is_some_and(|exp| exp <= now);
    let ledger = ledger::read(&mut |it| it.kid == kid && !is_over(it), session)?;
    for record in ledger.signed_with(kid) {
        let name = name(&record.jti, &record.sub, record.exp);
        if !replaced.contains(&name) && revoked.covers(&Traits::recorded(record)).is_none() {
            let run = record.run.clone().filter(|_| record.is_batch());
            let whose = match run {
                Some(run) => Whose::Batch(run, record.count),
                None => Whose::Subject(record.sub.clone()),
            };
            add(whose, record.exp);
        }
    }
    let alone = KeySet::lone(key.duplicate());
    let ask = Ask {
        reach: Reach::Known,
        keys: Some(&alone),
        revoked: &revoked,
        now,
        within: 0,
    };
    for row in status::survey(ask, situation.loaded.as_deref(), session).0 {
        let (Some(health), (Some(signer), _)) = (&row.health, &row.key) else {
            continue;
        };
        let is_bad = |problem: &Problem| matches!(problem, Problem::Token(_));
        if signer != kid || row.problems.iter().any(is_bad) {
            continue;
        }
        let jti = health.claims.as_ref().and_then(|claims| claims.text("jti"));
        let sub = row.sub.as_deref().unwrap_or_default();
        let name = name(jti.unwrap_or_default(), sub, health.exp);
        if row.wanted.is_none() || !replaced.contains(&name) {
            add(Whose::Subject(sub.to_owned()), health.exp);
        }
    }
    let mut alive: Vec<Alive> = alive.into_iter().collect();
    alive.sort_by_key(|one| std::cmp::Reverse(one.exp.unwrap_or(i64::MAX)));
    Ok(alive)
}
