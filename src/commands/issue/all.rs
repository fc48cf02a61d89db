//! `issue --all`: what `sync --renew` does, told as tokens.

use super::Arguments;
use crate::commands::sync::{self, Doing, Report, Wish};
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::plan::{Act, Renew};
use crate::session::Session;
use crate::session::sync::{Row, Told};
use crate::time;

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let wish = Wish {
        key: &arguments.key,
        alg: arguments.alg.as_deref(),
        renew: Renew::All,
        doing: if arguments.dry_run {
            Doing::Rehearse
        } else {
            Doing::Write
        },
        told: if arguments.no_record {
            Told::Nobody
        } else {
            Told::Ledger
        },
    };
    let report = sync::fulfil(&wish, session)?;
    if !session.json {
        return sync::tell(&report, session);
    }
    let outcome = report.outcome();
    let body = vec![("tokens", Json::Array(tokens(&report)))];
    session.document(outcome, body, &report.into_errors(session))?;
    Ok(outcome)
}

/// Each token with the places that have it; where none was minted, all that only one has is null.
fn tokens(report: &Report) -> Vec<Json> {
    let mut tokens: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in &report.rows {
        let Some(name) = row.token.as_deref() else {
            continue;
        };
        match tokens.iter_mut().find(|(known, _)| *known == name) {
            Some((_, rows)) => rows.push(row),
            None => tokens.push((name, vec![row])),
        }
    }
    let described = |(_, rows): (&str, Vec<&Row>)| {
        let minted = rows.iter().find(|row| row.act == Act::Mint);
        let record = minted.map(|row| &row.record);
        let exp = record.and_then(|record| record.exp);
        let done = rows.iter().filter(|row| report.is_done(row) != Some(false));
        let places: Vec<String> = done.map(|row| row.place.to_string()).collect();
        Json::object([
            ("token", Json::Null),
            ("sub", rows[0].record.sub.as_str().into()),
            ("jti", record.map(|record| record.jti.clone()).into()),
            ("kid", record.map(|record| record.kid.clone()).into()),
            ("exp", exp.into()),
            ("expires", exp.map(time::rfc3339).into()),
            ("places", places.into()),
            ("claims", Json::Null),
        ])
    };
    tokens.into_iter().map(described).collect()
}
