//! What may be wrong with this machine, its keys and places, beyond single tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{self, Loaded, Trust};
use super::{Session, ledger, revocations};
use crate::error::{Code, Error};
use crate::host::Listing;
use crate::key::{Key, KeySet, Signer, State};
use crate::manifest::Of;
use crate::place::Place;
use crate::report::{self, Kind, Problem, Row, shell_word};
use crate::state::ledger::Ledger;
use crate::time;

/// A secret that is used for longer than this should be another one.
const OLD: i64 = 90 * 86_400;

/// One thing that was looked at.
#[derive(Debug)]
pub(crate) struct Check {
    /// What.
    pub(crate) name: &'static str,
    /// What is wrong with it, or could not be told.
    pub(crate) findings: Vec<Error>,
}

/// Looks at the clock, the records, the keyring, the manifest and the keys.
pub(crate) fn checks(keys: Option<&KeySet>, session: &mut Session<'_, '_>) -> Vec<Check> {
    let (ledger, unread) = match ledger::read(session) {
        Ok(ledger) => (ledger, Vec::new()),
        Err(error) => (Ledger::default(), vec![error]),
    };
    let now = session.host.facts.now;
    let clock = clock(&ledger, keys, session);
    let check = |name, findings| Check { name, findings };
    let mut all = vec![
        check("clock", clock),
        check("ledger", unread),
        check("revoked", revoked(session)),
        check("keyring", keyring(&ledger, session)),
        check("manifest", of_manifest(session)),
    ];
    let mut of_keys = keys.map_or(Vec::new(), weak);
    of_keys.extend(keys.map_or(Vec::new(), |keys| old(keys, &ledger, now)));
    of_keys.extend(shared(&ledger, now));
    all.push(check("keys", of_keys));
    all
}

/// Keys that nothing is signed with, since others know or guess them.
fn weak(keys: &KeySet) -> Vec<Error> {
    let signs = in_use(keys).filter(|key| key.can_sign());
    let tried = signs.map(|key| key.algorithm(None).and_then(|alg| Signer::new(key, alg)));
    let errors = tried.filter_map(Result::err);
    errors
        .map(|error| error.hint("replace it with `mcpjwt rotate-secret --now`"))
        .collect()
}

/// The lists of revoked tokens, where they cannot be read: nothing is known to be good then.
fn revoked(session: &mut Session<'_, '_>) -> Vec<Error> {
    let loaded = manifest::find(session).ok().flatten();
    let read = revocations::load(loaded.as_deref(), session);
    // What the manifest may not use is told with the manifest.
    let error = read.err().filter(|error| error.code != Code::Untrusted);
    error.into_iter().collect()
}

/// Whether something that was done already is still to come: the program was built, a file of ours
/// written, a key made, a token issued.
fn clock(ledger: &Ledger, keys: Option<&KeySet>, session: &mut Session<'_, '_>) -> Vec<Error> {
    let now = session.host.facts.now;
    let mut done = vec![(session.host.facts.built, "this program".to_owned())];
    done.extend(written(session));
    for key in keys.iter().flat_map(|keys| &keys.keys) {
        let kid = report::escape(key.kid());
        done.extend(key.created().map(|at| (at, format!("the key `{kid}`"))));
    }
    for record in &ledger.records {
        let newest = "the newest record of the ledger";
        done.push((record.at.max(record.iat), newest.to_owned()));
    }
    let Some((since, what)) = done.into_iter().max_by_key(|(at, _)| *at) else {
        return Vec::new();
    };
    if now >= since {
        return Vec::new();
    }
    vec![super::clock::behind(now, (since, &what))]
}

/// When each of our records was written.
fn written(session: &mut Session<'_, '_>) -> Vec<(i64, String)> {
    let Some(state) = session.host.facts.dirs.state.clone() else {
        return Vec::new();
    };
    let files = &mut session.host.files;
    let listed = files.list(&state).unwrap_or_default();
    let plain = listed
        .into_iter()
        .filter(|one| matches!(one.kind, Listing::File(_)));
    let mut all = Vec::new();
    for one in plain {
        let path = state.join(one.name);
        // What cannot be read is told elsewhere.
        if let Ok(Some(found)) = files.read_plain(&path)
            && let Some(at) = found.modified
        {
            all.push((at, format!("`{}`", path.display())));
        }
    }
    all
}

/// A keyring is looked at only where something of ours is in one, or is to be.
fn keyring(ledger: &Ledger, session: &mut Session<'_, '_>) -> Vec<Error> {
    let installed = ledger.installed();
    let service = |place: &str| {
        let (service, _) = place.strip_prefix("keyring:")?.split_once('/')?;
        Some(service.to_owned())
    };
    let known = installed.iter().find_map(|one| service(one.place));
    let told = || service(session.host.facts.env("MCPJWT_KEY")?);
    let Some(service) = known.or_else(told).or_else(|| wanted(session)) else {
        return Vec::new();
    };
    session
        .host
        .keyring
        .list(&service)
        .err()
        .into_iter()
        .collect()
}

/// The service of the keyring that the manifest uses, as far as it may.
fn wanted(session: &mut Session<'_, '_>) -> Option<String> {
    // What is wrong with it is another check's.
    let loaded = manifest::find(session).ok().flatten()?;
    loaded.manifest.uses().into_iter().find_map(|one| {
        let place = match one.of {
            Of::Place(place) => place,
            Of::Destination(to) => &to.place,
            Of::Store | Of::Git => return None,
        };
        match place {
            Place::Keyring { service, .. } => {
                let may = manifest::permit(&loaded, &one, session);
                may.is_ok().then(|| service.clone())
            }
            _ => None,
        }
    })
}

fn of_manifest(session: &mut Session<'_, '_>) -> Vec<Error> {
    let loaded = match manifest::find(session) {
        Ok(Some(loaded)) => loaded,
        Ok(None) => return Vec::new(),
        Err(errors) => return errors.into_iter().collect(),
    };
    match untrusted(&loaded, session) {
        Ok(finding) => finding.into_iter().collect(),
        Err(errors) => errors,
    }
}

fn untrusted(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<Option<Error>, Vec<Error>> {
    let demands = manifest::demands(loaded, session)
        .map_err(|errors| errors.into_iter().collect::<Vec<_>>())?;
    let trust = manifest::trust_of(loaded, session).map_err(|error| vec![error])?;
    let is_seen = || {
        demands
            .iter()
            .all(|(_, need)| manifest::is_seen(loaded, need))
    };
    match trust {
        Trust::Own => return Ok(None),
        Trust::Given if is_seen() => return Ok(None),
        _ if demands.is_empty() => return Ok(None),
        _ => {}
    }
    let shown = &loaded.shown;
    let message = format!("`{shown}` is not trusted as it is now, and wants what needs that");
    let path = shell_word(&loaded.path.display().to_string());
    let hint = format!("see what it wants, and allow it, with `mcpjwt trust {path}`");
    let error = Error::new(Code::Untrusted, message).hint(hint);
    Ok(Some(error.at(shown.clone())))
}

/// Keys in use that are older than 90 days. One that others made is at least as old as the first
/// token of it.
fn old(keys: &KeySet, ledger: &Ledger, now: i64) -> Vec<Error> {
    let old = in_use(keys).filter_map(|key| {
        let used = ledger.records.iter().filter(|it| it.kid == key.kid());
        let first = used.map(|record| record.at).min();
        let age = now - key.created().or(first)?;
        (age > OLD).then(|| {
            let (kid, age) = (report::escape(key.kid()), time::rough(age));
            let message = format!("the key `{kid}` has been in use for {age}");
            Error::new(Code::KeyOld, message).hint("make a new one with `mcpjwt rotate-secret`")
        })
    });
    old.collect()
}

/// The keys that sign, and those that nobody says of how they stand.
fn in_use(keys: &KeySet) -> impl Iterator<Item = &Key> {
    let keys = keys.keys.iter();
    keys.filter(|key| matches!(key.state(), None | Some(State::Current)))
}

/// Keys that sign for more than one audience: who may check for one can make tokens for the other.
fn shared(ledger: &Ledger, now: i64) -> Vec<Error> {
    let mut audiences: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in &ledger.records {
        if !record.kid.is_empty() && record.exp.is_none_or(|exp| exp > now) {
            let of_key = audiences.entry(&record.kid).or_default();
            of_key.extend(record.aud.iter().map(String::as_str));
        }
    }
    let several = audiences.into_iter().filter(|(_, all)| all.len() > 1);
    let told = several.map(|(kid, all)| {
        let all: Vec<String> = all.into_iter().map(report::escape).collect();
        let (kid, all) = (report::escape(kid), all.join("`, `"));
        let message = format!("the key `{kid}` signs for several audiences: `{all}`");
        let hint = "give each a key of its own: `mcpjwt secret generate --to PLACE`, and `issue --key PLACE`";
        Error::new(Code::KeyShared, message).hint(hint)
    });
    told.collect()
}

/// What is wrong with the files that tokens are in, and tokens of ours that the ledger has not.
pub(crate) fn places(rows: &[Row], clock: time::Clock) -> Vec<Error> {
    let of_file = |problem: &Problem| {
        matches!(
            problem,
            Problem::Loose(_) | Problem::Tracked | Problem::Open
        )
    };
    let mut findings = Vec::new();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for row in rows {
        let problems = row.problems.iter().filter(|problem| of_file(problem));
        // Of several tokens in a file it is told with the first.
        let file = row.file.as_deref().unwrap_or(&row.place);
        let problems = problems.filter(|problem| told.insert((file, problem.code().name())));
        findings.extend(problems.filter_map(|problem| report::spot_error(row, problem, clock)));
        let is_ours = matches!(row.key.1, "current" | "previous" | "next");
        // What the manifest wants may have come from another machine.
        if row.kind == Kind::Literal && !row.known && is_ours && row.wanted.is_none() {
            let message = format!(
                "`{}` has a token of ours that the ledger does not know",
                row.shown
            );
            let hint = if row.is_alone {
                let place = shell_word(&row.shown);
                format!("take it out with `mcpjwt uninstall {place}`")
            } else {
                // All that is at the place would go with it.
                "take it out by hand: there is more than a token".to_owned()
            };
            let error = Error::new(Code::TokenUnrecorded, message).hint(hint);
            findings.push(error.at(row.place.clone()));
        }
    }
    findings
}
