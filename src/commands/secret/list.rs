//! `mcpjwt secret list`: which keys there are. Never any material.

use crate::commands::shared;
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::key::Key;
use crate::report;
use crate::session::{Session, ring};
use crate::time;

/// List keys, without their material
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    key: shared::KeyArguments,
    /// The algorithm it is for, where it does not say so itself
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let alg = shared::optional_algorithm(arguments.alg.as_deref())?;
    let set = arguments.key.ring(session)?.declaring(alg)?;
    let set = ring::remembered(set, &ring::known(session)?);
    if session.json {
        let keys: Vec<Json> = set.keys.iter().map(described).collect();
        session.document(Outcome::Done, vec![("keys", Json::Array(keys))], &[])?;
        return Ok(Outcome::Done);
    }
    let clock = session.clock();
    let rows: Vec<Vec<String>> = set
        .keys
        .iter()
        .map(|key| {
            vec![
                report::escape(key.kid()),
                report::key_algorithm(key).to_owned(),
                report::key_state(key).to_owned(),
                key.created()
                    .map_or_else(|| "-".to_owned(), |at| time::rough(clock.now - at)),
                key.accepted_until()
                    .map_or_else(|| "-".to_owned(), |at| clock.full(at)),
                key.fingerprint(),
            ]
        })
        .collect();
    let text = report::whole(
        &[
            "kid",
            "alg",
            "state",
            "age",
            "accepted until",
            "fingerprint",
        ],
        &rows,
        session.out,
    );
    session.print(&text)?;
    Ok(Outcome::Done)
}

/// A key in JSON, without its material.
pub(in crate::commands) fn described(key: &Key) -> Json {
    Json::object([
        ("kid", key.kid().into()),
        ("alg", report::key_algorithm(key).into()),
        ("kind", key.kind().name().into()),
        ("state", report::key_state(key).into()),
        ("signs", key.can_sign().into()),
        ("created", key.created().into()),
        ("created_at", key.created().map(time::rfc3339).into()),
        ("accepted_until", key.accepted_until().into()),
        (
            "accepted_until_at",
            key.accepted_until().map(time::rfc3339).into(),
        ),
        ("fingerprint", key.fingerprint().into()),
    ])
}
