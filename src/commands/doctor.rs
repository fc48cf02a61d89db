//! `mcpjwt doctor`: what is wrong with this machine, and what to type about it. A *tell*.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::status;
use crate::error::{Code, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::KeySet;
use crate::report;
use crate::session::doctor::{self, Check};
use crate::session::{Session, manifest};

pub(super) const MEMBERS: &[&str] = &["folders", "checks"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("what should be mended, and how", "mcpjwt doctor"),
    ("for a script", "mcpjwt doctor --json"),
];

/// Look for what should be mended, and say how
///
/// The clock, our own records, the keyring, the manifest; keys that are old, that others know, or
/// that sign for several audiences; keys and tokens in files that others can read or that git has;
/// tokens of ours that the ledger does not know. And where mcpjwt keeps its own files.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let clock = session.clock();
    let (loaded, broken) = match manifest::find(session) {
        Ok(loaded) => (loaded, Vec::new()),
        Err(errors) => (None, errors.into_iter().collect()),
    };
    let (reached, lost) = doctor::heard(session, |session| status::keys_in_reach(&broken, session));
    let mut checks = doctor::checks(&reached, lost, session);
    let keys = KeySet::joined(reached.into_iter().map(|one| one.keys));
    let keys = Some(keys).filter(|set| !set.keys.is_empty());
    let (rows, unread) = doctor::heard(session, |session| {
        status::everywhere(keys.as_ref(), loaded.as_deref(), session)
    });
    let mut places = doctor::places(&rows, clock);
    places.extend(unread);
    checks.push(Check::new("places", places));
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut is_untrusted = false;
    for check in &mut checks {
        // That nobody trusts a manifest is told once, not with all that it wants.
        check.findings.retain(|error| {
            let is_known = is_untrusted && error.code == Code::Untrusted;
            !is_known && told.insert(error.message.clone())
        });
        is_untrusted |= check.findings.iter().any(|one| one.code == Code::Untrusted);
    }
    let findings = checks.iter().flat_map(|check| &check.findings);
    let outcome = findings
        .map(|error| outcome_of(error.code))
        .max()
        .unwrap_or(Outcome::Done);
    let folders = folders(session);
    if session.json {
        let all: Vec<Json> = checks.iter().map(described).collect();
        let folders = folders
            .into_iter()
            .map(|(name, path)| (name.to_owned(), path.map(|path| whole(&path)).into()));
        let body = vec![
            ("folders", Json::Object(folders.collect())),
            ("checks", Json::Array(all)),
        ];
        let errors: Vec<_> = checks
            .into_iter()
            .flat_map(|check| check.findings)
            .collect();
        session.document(outcome, body, &errors)?;
        return Ok(outcome);
    }
    let mut lines: Vec<(String, String)> = Vec::new();
    for (name, path) in folders {
        let path = path.map_or("none".to_owned(), |path| whole(&path));
        lines.push((name.to_owned(), path));
    }
    lines.extend(checks.iter().map(|check| {
        let told = match check.findings.len() {
            0 if check.state == "good" => session.out.good("good"),
            0 => session.out.dim(check.state),
            1 => session.out.bad("1 finding"),
            count => session.out.bad(&format!("{count} findings")),
        };
        (check.name.to_owned(), told)
    }));
    let text = report::pairs(&lines, session.out);
    session.print(&text)?;
    let mut gather = Gather::default();
    for error in checks.into_iter().flat_map(|check| check.findings) {
        gather.add(error);
    }
    if let Err(errors) = gather.done() {
        session.refuse(&errors, MEMBERS);
    }
    Ok(outcome)
}

/// What others can read is a finding here, not what kept us from something.
fn outcome_of(code: Code) -> Outcome {
    match code {
        Code::PlaceLooseMode | Code::GitTracked | Code::ClockWrong => Outcome::No,
        other => other.outcome(),
    }
}

fn whole(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn folders(session: &Session<'_, '_>) -> [(&'static str, Option<PathBuf>); 3] {
    let dirs = &session.host.facts.dirs;
    [
        ("settings", dirs.config.clone()),
        ("data", dirs.data.clone()),
        ("state", dirs.state.clone()),
    ]
}

fn described(check: &Check) -> Json {
    let codes = check.findings.iter().map(|error| error.code.name().into());
    let state = match check.findings.len() {
        0 => check.state,
        _ => "bad",
    };
    Json::object([
        ("name", check.name.into()),
        ("good", check.findings.is_empty().into()),
        ("state", state.into()),
        ("findings", Json::Array(codes.collect())),
    ])
}
