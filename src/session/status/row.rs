//! What is told of one place.

use super::past::Past;
use super::{Ask, Held, Spot};
use crate::error::Code;
use crate::host::Kept;
use crate::key::State;
use crate::report::{Kind, Problem, Row, masked};
use crate::secret::Secret;
use crate::state::revocations::{Entry, Traits};
use crate::token::{self, Health, Signer, Standing};

pub(super) fn of(spot: Spot<'_>, ask: Ask<'_>, past: &Past<'_>) -> Row {
    let mut problems = Vec::new();
    let mut health = None;
    let mut key = (None, "unchecked");
    let mut kept_alone = true;
    let kind = match spot.held {
        Held::Token { token, is_alone } => {
            kept_alone = is_alone;
            let found = look(&token, ask, past, &mut problems);
            key = (found.kid.clone(), state(&found, past));
            health = Some(found);
            Kind::Literal
        }
        Held::Reference(reference) => Kind::Reference(reference),
        Held::Other(_) => {
            // Of an opaque token the ledger has no claim.
            if spot.record.is_some_and(|record| !record.sub.is_empty()) {
                problems.push(Problem::Foreign);
            }
            Kind::Other
        }
        Held::Nothing => {
            problems.push(match spot.record {
                Some(_) => Problem::Gone,
                None => Problem::Lacking,
            });
            Kind::Missing
        }
        Held::Unread => {
            problems.push(Problem::Unread);
            Kind::Unreadable
        }
    };
    problems.extend(spot.loose.map(Problem::Loose));
    match spot.kept {
        Some(Kept::Tracked) => problems.push(Problem::Tracked),
        Some(Kept::Open) => problems.push(Problem::Open),
        _ => {}
    }
    let record = spot.record;
    let recorded = |text: fn(&crate::state::ledger::Record) -> &str| {
        let text = record.filter(|_| kind != Kind::Literal).map(text);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let claimed = |name: &str| {
        let claims = health.as_ref()?.claims.as_ref()?;
        claims.text(name).map(str::to_owned)
    };
    Row {
        shown: masked(&spot.shown.to_string()),
        place: masked(&spot.place.to_string()),
        file: spot.path.map(|path| path.to_string_lossy().into_owned()),
        readers: spot
            .readers
            .into_iter()
            .map(|reader| {
                (
                    reader.client,
                    reader.scope.name(),
                    reader.server.as_deref().map(masked),
                )
            })
            .collect(),
        sub: health
            .as_ref()
            .and_then(|health| health.sub.clone())
            .or_else(|| recorded(|record| &record.sub))
            .or_else(|| spot.wanted.map(|token| token.sub.clone())),
        iss: claimed("iss").or_else(|| recorded(|record| &record.iss)),
        known: record.is_some(),
        wanted: spot.wanted.map(|token| token.name.clone()),
        git: spot.kept.as_ref().map(|kept| match kept {
            Kept::Outside => "outside",
            Kept::Ignored => "ignored",
            Kept::Tracked => "tracked",
            Kept::Open => "open",
            Kept::Unknown(_) => "unknown",
        }),
        is_alone: kept_alone,
        kind,
        key,
        health,
        problems,
    }
}

/// Looks at a token, and notes what is wrong with it.
fn look(token: &Secret, ask: Ask<'_>, past: &Past<'_>, problems: &mut Vec<Problem>) -> Health {
    let health = token::health(token.expose(), ask.keys, (ask.now, ask.within));
    for failure in &health.failures {
        let mut failure = failure.clone();
        if failure.code == Code::KeyNotFound && health.signer == Signer::Unknown {
            match (state(&health, past), health.kid.as_deref()) {
                (ELSEWHERE, _) => continue,
                (RETIRED, Some(kid)) => failure = token::retired(kid),
                _ => {}
            }
        }
        problems.push(Problem::Token(failure));
    }
    if let Some(entry) = revoked(&health, ask) {
        problems.push(Problem::Token(entry.failure()));
    }
    if let Signer::Key {
        state: State::Previous,
        until,
        ..
    } = health.signer
        && until.is_none_or(|until| until > ask.now)
    {
        let is_soon = |until: i64| {
            ask.within > 0
                && until <= ask.now.saturating_add(ask.within)
                && Some(until) < health.exp
        };
        problems.push(Problem::Previous {
            until,
            soon: until.is_some_and(is_soon),
        });
    }
    match (health.standing, health.exp, health.nbf) {
        (Some(Standing::Expired), Some(exp), _) => problems.push(Problem::Expired(exp)),
        (Some(Standing::Ending), Some(exp), _) => problems.push(Problem::Ending(exp)),
        (Some(Standing::Early), _, Some(nbf)) => problems.push(Problem::Early(nbf)),
        _ => {}
    }
    health
}

/// What revoked a token. Its claims need not be believed: it is no harm to call a forged one so.
fn revoked<'k>(health: &Health, ask: Ask<'k>) -> Option<&'k Entry> {
    let signer = match &health.signer {
        Signer::Key { kid, .. } => Some(kid.as_str()),
        _ => None,
    };
    let claims = health.claims.as_ref()?.json();
    let traits = Traits::of(claims, [health.kid.as_deref(), signer]);
    ask.revoked.covers(&traits)
}

/// A key that is not among those looked at, but that signed here once.
const ELSEWHERE: &str = "elsewhere";

/// A key that a rotation retired: its text may be gone.
const RETIRED: &str = "retired";

fn state(health: &Health, past: &Past<'_>) -> &'static str {
    let jti = health.claims.as_ref().and_then(|claims| claims.text("jti"));
    match &health.signer {
        Signer::Unchecked => "unchecked",
        Signer::Key { state, .. } => state.name(),
        Signer::Unknown => match (jti, health.kid.as_deref()) {
            (_, Some(kid)) if past.retired.contains(kid) => RETIRED,
            (Some(jti), Some(kid)) if past.has(jti, kid) => ELSEWHERE,
            _ => "unknown",
        },
    }
}
