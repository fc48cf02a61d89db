//! `revoke --list`: what was revoked.

use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::report::{self, escape};
use crate::session::manifest::Loaded;
use crate::session::{Session, revocations};
use crate::state::revocations::{Entry, What};
use crate::time;

/// Shows every entry.
pub(super) fn run(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let revoked = revocations::load(loaded, session)?;
    if session.json {
        let body = vec![
            (
                "revoked",
                Json::Array(revoked.iter().map(described).collect()),
            ),
            ("list", Json::Null),
            ("accepted_until", Json::Null),
            ("redis", Json::Null),
        ];
        session.document(Outcome::Done, body, &[])?;
        return Ok(Outcome::Done);
    }
    if revoked.is_empty() {
        session.note("nothing is revoked");
    }
    let clock = session.clock();
    let rows: Vec<Vec<String>> = revoked
        .iter()
        .map(|entry| {
            let (kind, name, iss) = match &entry.what {
                What::Token { iss, jti } => ("token", jti, iss.as_deref()),
                What::Subject { iss, sub } => ("subject", sub, iss.as_deref()),
                What::Key { kid } => ("key", kid, None),
                What::Run { id } => ("run", id, None),
            };
            let ends = entry
                .exp
                .map_or("stays".to_owned(), |exp| clock.relative(exp));
            vec![
                kind.to_owned(),
                escape(name),
                escape(iss.unwrap_or("-")),
                clock.relative(entry.at),
                ends,
                escape(entry.reason.as_deref().unwrap_or("")),
            ]
        })
        .collect();
    let heads = ["what", "name", "issuer", "revoked", "ends", "reason"];
    let text = report::table(&heads, &rows, session.out);
    session.print(&text)?;
    Ok(Outcome::Done)
}

/// An entry for other programs: the members that it has in the list, and its times in RFC 3339.
pub(super) fn described(entry: &Entry) -> Json {
    let text = |text: Option<&String>| Json::from(text.cloned());
    let (iss, jti, sub, kid, run) = match &entry.what {
        What::Token { iss, jti } => (iss.as_ref(), Some(jti), None, None, None),
        What::Subject { iss, sub } => (iss.as_ref(), None, Some(sub), None, None),
        What::Key { kid } => (None, None, None, Some(kid), None),
        What::Run { id } => (None, None, None, None, Some(id)),
    };
    Json::object([
        ("iss", text(iss)),
        ("jti", text(jti)),
        ("sub", text(sub)),
        ("kid", text(kid)),
        ("run", text(run)),
        ("until", entry.until.into()),
        ("at", entry.at.into()),
        ("revoked", time::rfc3339(entry.at).into()),
        ("exp", entry.exp.into()),
        ("expires", entry.exp.map(time::rfc3339).into()),
        ("reason", text(entry.reason.as_ref())),
    ])
}
