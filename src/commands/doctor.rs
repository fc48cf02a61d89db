//! `mcpjwt doctor`: what is wrong with this machine, and what to type about it. A *tell*.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::status;
use crate::error::{Code, Errors, Gather, Outcome};
use crate::json::Json;
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
/// The clock, the ledger, the keyring, the manifest; keys that are old, or sign for several
/// audiences; tokens in files that others can read or that git has; tokens of ours that the ledger
/// does not know. And where mcpjwt keeps its own files.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let clock = session.clock();
    let (loaded, broken) = match manifest::find(session) {
        Ok(loaded) => (loaded, Vec::new()),
        Err(errors) => (None, errors.into_iter().collect()),
    };
    let (keys, mut lost) = status::keys_in_reach(&broken, session);
    let (rows, unread) = status::everywhere(keys.as_ref(), loaded.as_deref(), session);
    let mut checks = doctor::checks(keys.as_ref(), session);
    let mut places = doctor::places(&rows, clock);
    places.extend(unread);
    for check in &mut checks {
        if check.name == "keys" {
            check.findings.splice(..0, lost.drain(..));
        }
    }
    checks.push(Check {
        name: "places",
        findings: places,
    });
    let mut told: BTreeSet<String> = BTreeSet::new();
    for check in &mut checks {
        check
            .findings
            .retain(|error| told.insert(error.message.clone()));
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
            0 => session.out.good("good"),
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
    Json::object([
        ("name", check.name.into()),
        ("good", check.findings.is_empty().into()),
        ("findings", Json::Array(codes.collect())),
    ])
}
