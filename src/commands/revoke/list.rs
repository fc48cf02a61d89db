//! `revoke --list`: what was revoked.

use std::collections::{HashMap, HashSet};

use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::report::{self, escape};
use crate::session::manifest::Loaded;
use crate::session::{Session, ledger, revocations};
use crate::state::ledger::Ledger;
use crate::state::revocations::{Entry, What};
use crate::time;

/// Shows every entry.
pub(super) fn run(
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let revoked = revocations::load(loaded, session)?;
    let listed = revoked.iter().filter_map(|entry| match &entry.what {
        What::Token { jti, .. } => Some(jti.as_str()),
        _ => None,
    });
    let listed: HashSet<&str> = listed.collect();
    let ledger = ledger::read(&mut |it| listed.contains(&*it.jti), session)?;
    let subjects = subjects(&ledger);
    if session.json {
        let each = |entry| described(entry, subject(entry, &subjects));
        let body = vec![
            ("revoked", Json::Array(revoked.iter().map(each).collect())),
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
            let (kind, name, id, iss) = match &entry.what {
                What::Token { iss, jti } => {
                    let sub = subject(entry, &subjects).unwrap_or("-");
                    ("token", sub, Some(jti), iss.as_ref())
                }
                What::Subject { iss, sub } => ("subject", sub.as_str(), None, iss.as_ref()),
                What::Key { kid } => ("key", kid.as_str(), None, None),
                What::Run { id } => ("run", id.as_str(), None, None),
            };
            let more = [id, iss, entry.reason.as_ref()].into_iter().flatten();
            let more: Vec<&str> = more.map(String::as_str).collect();
            let ends = entry
                .exp
                .map_or("stays".to_owned(), |exp| clock.relative(exp));
            vec![
                kind.to_owned(),
                escape(name),
                clock.relative(entry.at),
                ends,
                escape(&more.join(", ")),
            ]
        })
        .collect();
    let heads = ["what", "name", "revoked", "ends", "id, issuer, reason"];
    let text = report::whole(&heads, &rows, session.out);
    session.print(&text)?;
    Ok(Outcome::Done)
}

/// Whose each token is, by its issuer and id.
type Subjects<'l> = HashMap<(&'l str, &'l str), &'l str>;

/// Whose each token was that the ledger knows.
fn subjects(ledger: &Ledger) -> Subjects<'_> {
    let records = ledger.records.iter();
    let known = records.filter(|record| !record.jti.is_empty() && !record.sub.is_empty());
    known
        .map(|record| ((&*record.iss, &*record.jti), &*record.sub))
        .collect()
}

/// Whose token an entry is about, where that is known.
fn subject<'l>(entry: &Entry, subjects: &Subjects<'l>) -> Option<&'l str> {
    let What::Token { iss, jti } = &entry.what else {
        return None;
    };
    let iss = iss.as_deref().unwrap_or_default();
    subjects.get(&(iss, jti.as_str())).copied()
}

/// An entry for other programs: the members that it has in the list, its times in RFC 3339, and
/// whose token it is about.
pub(super) fn described(entry: &Entry, subject: Option<&str>) -> Json {
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
        (
            "subject",
            subject
                .or(sub.map(String::as_str))
                .map(str::to_owned)
                .into(),
        ),
        ("until", entry.until.into()),
        ("at", entry.at.into()),
        ("revoked", time::rfc3339(entry.at).into()),
        ("exp", entry.exp.into()),
        ("expires", entry.exp.map(time::rfc3339).into()),
        ("reason", text(entry.reason.as_ref())),
    ])
}
