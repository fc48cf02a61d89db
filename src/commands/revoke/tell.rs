//! What `revoke` says: what it did, and until when a server that does not know accepts it.

use std::path::Path;

use super::aim::{Aim, Ends};
use super::list;
use crate::commands::status::keys_in_reach;
use crate::error::{Errors, Outcome};
use crate::json::Json;
use crate::key::{Key, State};
use crate::report::shell_word;
use crate::session::{Session, manifest};
use crate::state::revocations::{Entry, What};

/// What takes the current key away.
const ROTATE: &str = "mcpjwt rotate-secret --now";

/// What went to a Redis server.
pub(super) struct Pushed {
    /// Which.
    pub(super) server: String,
    /// How many keys.
    pub(super) count: usize,
}

/// Says that nobody accepts it any more.
pub(super) fn over(aim: &Aim, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        return document(aim, (None, None), session);
    }
    let when = match aim.last() {
        Ends::At(exp) => format!(" expired {}", session.clock().full(exp)),
        Ends::Never | Ends::Unknown => " expired".to_owned(),
    };
    session.note(&format!("{}{when}: nothing has to be revoked", aim.called));
    Ok(Outcome::Done)
}

/// Says what would be done.
pub(super) fn plan(
    aim: &Aim,
    list: &Path,
    pushed: Option<&Pushed>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        return document(aim, (Some(list), pushed), session);
    }
    let called = called_wholly(aim, session);
    let list = manifest::shown(list, session);
    session.note(&format!("would revoke {called}, in `{list}`"));
    if let Some(Pushed { server, count }) = pushed {
        session.note(&format!(
            "would write {} to the Redis server `{server}`",
            keys(*count)
        ));
    }
    Ok(Outcome::Done)
}

/// Says what was done, and what is left to do.
pub(super) fn done(
    aim: &Aim,
    path: &Path,
    (added, pushed): (&[bool], Option<&Pushed>),
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        return document(aim, (Some(path), pushed), session);
    }
    let list = manifest::shown(path, session);
    let called = &aim.called;
    session.note(&if added.contains(&true) {
        format!("revoked {called}, in `{list}`")
    } else {
        format!("{called} is in `{list}` already")
    });
    for entry in &aim.entries {
        if let What::Key { kid } = &entry.what {
            session.note(&format!("nothing is minted with key `{kid}` any more"));
        }
    }
    let readers = match pushed {
        Some(Pushed { server, count: 0 }) => {
            session.note(&format!(
                "nothing was written to the Redis server `{server}`: no `jti` of a token that is still good is known"
            ));
            "that list"
        }
        Some(Pushed { server, count }) => {
            let keys = keys(*count);
            session.note(&format!("wrote {keys} to the Redis server `{server}`"));
            "that list or that Redis"
        }
        None => "that list",
    };
    let it = if aim.is_one() { "it" } else { "them" };
    let until = match aim.last() {
        Ends::At(exp) if aim.is_one() => format!("until {}", session.clock().full(exp)),
        Ends::At(exp) => format!(
            "until {} at the latest, as far as the ledger knows",
            session.clock().full(exp)
        ),
        Ends::Never => "for ever: there is no `exp`".to_owned(),
        Ends::Unknown if aim.is_one() => {
            "until it expires, and the ledger does not know when".to_owned()
        }
        Ends::Unknown => "until they expire, and the ledger does not know when".to_owned(),
    };
    session.note(&format!(
        "a server that does not read {readers} accepts {it} {until}"
    ));
    for line in locks(aim, session) {
        // What a rotation is followed by it tells itself.
        let then = if line == ROTATE {
            ""
        } else {
            ", and restart what has read that key"
        };
        session.note(&format!("to lock {it} out there now: `{line}`{then}"));
    }
    Ok(Outcome::Done)
}

/// What takes the keys away that these tokens were signed with, as far as that is known: the
/// current one goes when another takes its place, a previous one waits for nothing once it is
/// revoked. Of a retired key nothing is accepted.
fn locks(aim: &Aim, session: &mut Session<'_, '_>) -> Vec<String> {
    let (reached, _) = keys_in_reach(&[], session);
    let standing = |kid: &str| {
        let mut keys = reached.iter().flat_map(|one| &one.keys.keys);
        keys.find(|key| key.kid() == kid).and_then(Key::state)
    };
    let mut lines: Vec<String> = Vec::new();
    for kid in &aim.kids {
        let is_revoked =
            |entry: &Entry| matches!(&entry.what, What::Key { kid: its } if its == kid);
        let line = match standing(kid) {
            Some(State::Retired) => continue,
            Some(State::Previous) if aim.entries.iter().any(is_revoked) => {
                "mcpjwt secret prune".to_owned()
            }
            // A `kid` may begin as an option does.
            Some(State::Previous) => format!(
                "mcpjwt revoke --kid={} && mcpjwt secret prune",
                shell_word(kid)
            ),
            Some(State::Next) => "mcpjwt rotate-secret --abort".to_owned(),
            Some(State::Current) | None => ROTATE.to_owned(),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if aim.kids.is_empty() {
        lines.push(ROTATE.to_owned());
    }
    lines
}

/// What is to be revoked, with what is known of it.
pub(super) fn called_wholly(aim: &Aim, session: &Session<'_, '_>) -> String {
    let called = &aim.called;
    if aim.is_one() {
        return called.clone();
    }
    match (aim.count(), aim.last()) {
        (0, _) => format!("{called}, of which the ledger knows none"),
        (count, Ends::At(exp)) => {
            let until = session.clock().full(exp);
            format!("{called}, {count} of them known, good until {until}")
        }
        (count, _) => format!("{called}, {count} of them known"),
    }
}

fn keys(count: usize) -> String {
    match count {
        1 => "1 key".to_owned(),
        _ => format!("{count} keys"),
    }
}

fn document(
    aim: &Aim,
    (list, pushed): (Option<&Path>, Option<&Pushed>),
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let revoked = list.map_or_else(Vec::new, |_| {
        let each = aim.entries.iter().zip(&aim.records);
        each.map(|(entry, record)| {
            let sub = Some(record.sub.as_str()).filter(|sub| !sub.is_empty());
            list::described(entry, sub)
        })
        .collect()
    });
    let until = match aim.last() {
        Ends::At(exp) => Some(exp),
        Ends::Never | Ends::Unknown => None,
    };
    let redis = pushed.map(|pushed| {
        Json::object([
            ("server", pushed.server.as_str().into()),
            ("keys", pushed.count.into()),
        ])
    });
    let list = list.map(|list| list.to_string_lossy().into_owned());
    let body = vec![
        ("revoked", Json::Array(revoked)),
        ("list", list.into()),
        ("accepted_until", until.into()),
        ("redis", redis.unwrap_or(Json::Null)),
    ];
    session.document(Outcome::Done, body, &[])?;
    Ok(Outcome::Done)
}
