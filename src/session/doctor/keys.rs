//! What is wrong with keys, and with the files that they are in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::keys::{self, Store, Wanted, read_store};
use super::super::places::{path_of, untracking};
use super::super::{manifest, ring};
use super::Session;
use crate::error::{Code, Error};
use crate::host::Kept;
use crate::key::{Key, KeySet, Signer, State};
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::state::ledger::Ledger;
use crate::state::revocations::{Revocations, Traits};
use crate::time;
use crate::token::Template;

/// A secret that is used for longer than this should be another one.
const OLD: i64 = 90 * 86_400;

/// Keys that commands use here.
pub(crate) struct Reached {
    /// They.
    pub(crate) keys: KeySet,
    /// Where they are.
    pub(crate) wanted: Wanted,
    /// Whether `rotate-secret` takes them where no other is named.
    pub(crate) is_plain: bool,
}

/// What there is to be said of all keys, and of the files that they are in.
pub(super) fn findings(
    reached: &[Reached],
    (ledger, revoked): (&Ledger, &Revocations),
    session: &mut Session<'_, '_>,
) -> Vec<Error> {
    let now = session.host.facts.now;
    let mut findings: Vec<Error> = ring::known(session).err().into_iter().collect();
    for one in reached {
        let rotate = rotate(one, session);
        findings.extend(weak(&one.keys, &rotate));
        findings.extend(returned(&one.keys, (ledger, now), &rotate));
        findings.extend(old(&one.keys, (ledger, now), &rotate));
        findings.extend(kept(one, &rotate, session));
    }
    findings.extend(shared((ledger, revoked), session));
    findings
}

/// The command that replaces these keys.
fn rotate(one: &Reached, session: &mut Session<'_, '_>) -> String {
    let place = match &one.wanted {
        _ if one.is_plain => None,
        Wanted::Place(place, _) => Some(place.to_string()),
        Wanted::Store(name) => {
            let found = read_store(name, session).ok();
            found.map(|(store, _)| store.shown(session))
        }
        Wanted::Ask(_) => None,
    };
    let mut line = "mcpjwt rotate-secret".to_owned();
    if let Some(place) = place {
        line.push_str(&format!(" --key {}", shell_word(&place)));
    }
    line
}

/// Keys that nothing is signed with, since others know or guess them.
fn weak(keys: &KeySet, rotate: &str) -> Vec<Error> {
    let signs = in_use(keys).filter(|key| key.can_sign());
    let tried = signs.map(|key| key.algorithm(None).and_then(|alg| Signer::new(key, alg)));
    let errors = tried.filter_map(Result::err);
    errors
        .map(|error| error.hint(format!("replace it with `{rotate} --now`")))
        .collect()
}

/// Keys that sign although a rotation took them out of use: a copy of before came back.
fn returned(keys: &KeySet, (ledger, now): (&Ledger, i64), rotate: &str) -> Vec<Error> {
    let retired = ledger.retired(now);
    let back = in_use(keys).filter(|key| retired.contains(key.kid()));
    let told =
        back.map(|key| ring::returned(key.kid()).hint(format!("replace it with `{rotate} --now`")));
    told.collect()
}

/// Keys in use that are older than 90 days. One that others made is at least as old as the first
/// token of it.
fn old(keys: &KeySet, (ledger, now): (&Ledger, i64), rotate: &str) -> Vec<Error> {
    let old = in_use(keys).filter_map(|key| {
        let used = ledger.records.iter().filter(|it| it.kid == key.kid());
        let first = used.map(|record| record.at).min();
        let age = now - key.created().or(first)?;
        (age > OLD).then(|| {
            let (kid, age) = (report::escape(key.kid()), time::rough(age));
            let message = format!("the key `{kid}` has been in use for {age}");
            Error::new(Code::KeyOld, message).hint(format!("make a new one with `{rotate}`"))
        })
    });
    old.collect()
}

/// The keys that sign, and those that nobody says of how they stand.
fn in_use(keys: &KeySet) -> impl Iterator<Item = &Key> {
    let keys = keys.keys.iter();
    keys.filter(|key| matches!(key.state(), None | Some(State::Current)))
}

/// Files with a key in them that git has, or would take.
fn kept(one: &Reached, rotate: &str, session: &mut Session<'_, '_>) -> Vec<Error> {
    let mut files: BTreeMap<PathBuf, &str> = BTreeMap::new();
    for (what, place) in places(one, session) {
        let path = place
            .path()
            .and_then(|path| path_of(path, session.host).ok());
        // No command is run once more, no pipe read twice. What cannot be read is told already.
        let is_file = |path: &PathBuf| matches!(session.host.files.read_plain(path), Ok(Some(_)));
        let Some(path) = path.filter(is_file) else {
            continue;
        };
        let set = keys::at_slot(&place, ring::encoding(&one.wanted), session);
        let signs = |set: KeySet| set.keys.iter().any(Key::can_sign);
        if set.is_ok_and(|set| set.is_some_and(signs))
            && let Ok(path) = session.host.files.leads_to(&path)
        {
            files.entry(path).or_insert(what);
        }
    }
    let paths: Vec<PathBuf> = files.keys().cloned().collect();
    if paths.is_empty() {
        return Vec::new();
    }
    let judged = match session.host.git.judge(&paths) {
        Ok(judged) => judged,
        Err(error) => return vec![error],
    };
    let mut findings = Vec::new();
    for ((path, what), kept) in files.iter().zip(judged) {
        let shown = session.short(path);
        let whole = path.display().to_string();
        let ignore = report::ignoring(&shown);
        let (message, hint) = match kept {
            Kept::Outside | Kept::Ignored => continue,
            Kept::Unknown(why) => {
                let message = format!("cannot tell whether git has `{shown}`: {why}");
                session.warn(Error::new(Code::GitUnknown, message).at(whole));
                continue;
            }
            Kept::Open => (
                format!("git does not ignore `{shown}`, which holds {what}"),
                format!("keep it out with `{ignore}`"),
            ),
            Kept::Tracked => (
                format!("git tracks `{shown}`, which holds {what}"),
                format!(
                    "take it out with `{}`, keep it out with `{ignore}`, then replace the key with `{rotate} --now`: whoever has the repository has it",
                    untracking(path, session)
                ),
            ),
        };
        findings.push(Error::new(Code::GitTracked, message).hint(hint).at(whole));
    }
    findings
}

/// Where keys are: what is there, and its place.
fn places(one: &Reached, session: &mut Session<'_, '_>) -> Vec<(&'static str, Place)> {
    let mut places = Vec::new();
    match &one.wanted {
        Wanted::Ask(_) => {}
        Wanted::Place(place, _) => places.push(("the key", place.clone())),
        Wanted::Store(name) => {
            if let Ok((Store::File(path), _)) = read_store(name, session) {
                let path = path.to_string_lossy().into_owned();
                places.push(("your own keys", Place::File(path)));
            }
        }
    }
    let loaded = manifest::find(session).ok().flatten();
    if let Some(loaded) = loaded.filter(|_| one.is_plain) {
        let others = [
            ("the previous key", loaded.previous(session)),
            ("the next key", loaded.next(session)),
        ];
        for (what, place) in others {
            places.extend(place.ok().flatten().map(|place| (what, place)));
        }
    }
    places
}

/// Keys that sign for more than one audience: who may check for one can make tokens for the other.
/// The audience that tokens have where nobody names one is nobody's, unless the manifest names it.
fn shared(
    (ledger, revoked): (&Ledger, &Revocations),
    session: &mut Session<'_, '_>,
) -> Option<Error> {
    let now = session.host.facts.now;
    let loaded = manifest::find(session).ok().flatten();
    let is_named = loaded.is_some_and(|loaded| loaded.manifest.names_audience(Template::AUD));
    let mut audiences: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in &ledger.records {
        let is_good = record.exp.is_none_or(|exp| exp > now)
            && revoked.covers(&Traits::recorded(record)).is_none();
        if !record.kid.is_empty() && is_good {
            let named = record.aud.iter().map(String::as_str);
            let of_key = audiences.entry(&record.kid).or_default();
            of_key.extend(named.filter(|aud| is_named || *aud != Template::AUD));
        }
    }
    let mut alike: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
    for (kid, all) in audiences.into_iter().filter(|(_, all)| all.len() > 1) {
        alike.entry(all).or_default().push(kid);
    }
    let told = alike.into_iter().map(|(all, kids)| {
        let who = match &kids[..] {
            [kid] => format!("the key `{}` signs", report::escape(kid)),
            _ => format!("the keys {} sign", listed(kids)),
        };
        format!("{who} for several audiences: {}", listed(all))
    });
    let told: Vec<String> = told.collect();
    let hint = "give one a key of its own with `mcpjwt secret generate --to PLACE`, mint its tokens with `mcpjwt issue --key PLACE`, and revoke those of before";
    (!told.is_empty()).then(|| Error::new(Code::KeyShared, told.join("; ")).hint(hint))
}

fn listed<'s>(names: impl IntoIterator<Item = &'s str>) -> String {
    let names = names.into_iter();
    let shown: Vec<String> = names
        .map(|name| format!("`{}`", report::escape(name)))
        .collect();
    shown.join(", ")
}
