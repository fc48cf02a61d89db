//! What may be wrong with this machine, its keys and places, beyond single tokens.

mod keys;

use std::collections::{BTreeSet, HashMap, HashSet};

pub(crate) use self::keys::Reached;
use super::keys::{SERVICE, Store, read_store};
use super::manifest::{self, Loaded, Trust};
use super::{Session, ledger, revocations};
use crate::error::{Code, Error, Outcome};
use crate::host::Listing;
use crate::manifest::Of;
use crate::place::Place;
use crate::report::{self, Kind, Problem, Row, shell_word};
use crate::state::ledger::{Brief, Event, Ledger};
use crate::state::revocations::Revocations;
use crate::time;

/// One thing that was looked at.
#[derive(Debug)]
pub(crate) struct Check {
    /// What.
    pub(crate) name: &'static str,
    /// What is wrong with it, or could not be told.
    pub(crate) findings: Vec<Error>,
    /// What is said of it where nothing is wrong.
    pub(crate) state: &'static str,
}

impl Check {
    /// Of something that was looked at.
    pub(crate) fn new(name: &'static str, findings: Vec<Error>) -> Self {
        Self {
            name,
            findings,
            state: "good",
        }
    }

    fn instead(self, state: Option<&'static str>) -> Self {
        Self {
            state: state.unwrap_or(self.state),
            ..self
        }
    }
}

/// Looks at the clock, the records, the keyring, the manifest and the keys; `lost` is what kept
/// keys out of reach.
pub(crate) fn checks(
    reached: &[Reached],
    lost: Vec<Error>,
    session: &mut Session<'_, '_>,
) -> Vec<Check> {
    let (revoked, unknown) = heard(session, revoked);
    let mut telling = Telling::default();
    let now = session.host.facts.now;
    let mut wants = |it: &Brief<'_>| telling.wants(it, (&revoked, now));
    let (ledger, unread) = heard(session, |session| match ledger::read(&mut wants, session) {
        Ok(ledger) => (ledger, Vec::new()),
        Err(error) => (Ledger::default(), vec![error]),
    });
    let unread = unread.into_iter().chain(ledger::open_to_others(session));
    let unread = unread.collect();
    let loaded = manifest::find(session);
    let of_manifest = of_manifest(session);
    let (is_tried, keyring) = keyring(&ledger, session);
    let ((), mut of_keys) = heard(session, |session| {
        ((), keys::findings(reached, (&ledger, &revoked), session))
    });
    of_keys.splice(..0, lost);
    let unseen = match loaded {
        _ if !reached.is_empty() => None,
        Ok(None) if of_keys.is_empty() => Some("none"),
        _ => Some("not looked at"),
    };
    vec![
        Check::new("clock", clock(&ledger, reached, session)),
        Check::new("ledger", unread),
        Check::new("revoked", unknown),
        Check::new("keyring", keyring).instead((!is_tried).then_some("not used")),
        Check::new("manifest", of_manifest).instead(matches!(loaded, Ok(None)).then_some("none")),
        Check::new("keys", of_keys).instead(unseen),
    ]
}

/// What a look finds, and what it would only have warned of; what is no finding is still a warning.
pub(crate) fn heard<T>(
    session: &mut Session<'_, '_>,
    look: impl FnOnce(&mut Session<'_, '_>) -> (T, Vec<Error>),
) -> (T, Vec<Error>) {
    let ((found, mut findings), warned) = session.overhear(|session| look(session));
    for warning in warned {
        if warning.code.outcome() == Outcome::Done {
            session.warn(warning);
        } else {
            findings.push(warning);
        }
    }
    (found, findings)
}

/// The lists of revoked tokens, where they cannot be read: nothing is known to be good then.
fn revoked(session: &mut Session<'_, '_>) -> (Revocations, Vec<Error>) {
    let loaded = manifest::find(session).ok().flatten();
    match revocations::load(loaded.as_deref(), session) {
        Ok(revoked) => (revoked, Vec::new()),
        // What the manifest may not use is told with the manifest.
        Err(error) if error.code == Code::Untrusted => (Revocations::default(), Vec::new()),
        Err(error) => (Revocations::default(), vec![error]),
    }
}

/// What of the ledger tells something: of many tokens alike the first one does, and the newest.
#[derive(Default)]
struct Telling {
    newest: Option<i64>,
    /// When the first token of each key was made.
    first: HashMap<String, i64>,
    /// Whom good tokens of each key are for.
    aims: HashSet<(String, Vec<String>)>,
}

impl Telling {
    fn wants(&mut self, it: &Brief<'_>, (revoked, now): (&Revocations, i64)) -> bool {
        let newest = Some(it.at.max(it.iat));
        let is_newest = newest > self.newest;
        self.newest = self.newest.max(newest);
        let first = self.first.get(&*it.kid);
        let is_first = first.is_none_or(|first| it.at < *first);
        if is_first {
            self.first.insert(it.kid.clone().into_owned(), it.at);
        }
        let is_good = it.exp.is_none_or(|exp| exp > now) && revoked.covers(&it.traits()).is_none();
        let is_new = is_good && {
            let aud = it.aud.iter().map(|aud| aud.clone().into_owned());
            self.aims
                .insert((it.kid.clone().into_owned(), aud.collect()))
        };
        let is_one = it.event == Event::Issued && !it.is_batch();
        !is_one || is_newest || is_first || is_new
    }
}

/// Whether something that was done already is still to come: the program was built, a file of ours
/// written, a key made, a token issued.
fn clock(ledger: &Ledger, reached: &[Reached], session: &mut Session<'_, '_>) -> Vec<Error> {
    let now = session.host.facts.now;
    let mut done = vec![(session.host.facts.built, "this program".to_owned())];
    done.extend(written(session));
    for key in reached.iter().flat_map(|one| &one.keys.keys) {
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

/// A keyring is looked at only where something of ours is in one, or is to be; says whether it was.
fn keyring(ledger: &Ledger, session: &mut Session<'_, '_>) -> (bool, Vec<Error>) {
    let installed = ledger.installed();
    let service = |place: &str| {
        let (service, _) = place.strip_prefix("keyring:")?.split_once('/')?;
        Some(service.to_owned())
    };
    let known = installed.iter().find_map(|one| service(one.place));
    let told = || service(session.host.facts.env("MCPJWT_KEY")?);
    let Some(service) = known
        .or_else(told)
        .or_else(|| wanted(session))
        .or_else(|| stored(session))
    else {
        return (false, Vec::new());
    };
    let tried = session.host.keyring.list(&service);
    (true, tried.err().into_iter().collect())
}

/// The service of the person's own store, where that is in the keyring.
fn stored(session: &mut Session<'_, '_>) -> Option<String> {
    let name = manifest::store_name(session).ok()?;
    let is_there = match read_store(&name, session) {
        Ok((store, _)) => matches!(store, Store::Keyring { .. }),
        Err(error) => matches!(
            error.code,
            Code::KeyringAbsent | Code::KeyringLocked | Code::KeyringFailed
        ),
    };
    is_there.then(|| SERVICE.to_owned())
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
    // Without it no other manifest is trusted either.
    let mut findings: Vec<Error> = manifest::readable(session).err().into_iter().collect();
    match manifest::find(session) {
        Ok(None) => {}
        Ok(Some(loaded)) => match untrusted(&loaded, session) {
            Ok(finding) => findings.extend(finding),
            Err(errors) => findings.extend(errors),
        },
        Err(errors) => findings.extend(errors),
    }
    findings
}

fn untrusted(loaded: &Loaded, session: &mut Session<'_, '_>) -> Result<Option<Error>, Vec<Error>> {
    let demands = manifest::demands(loaded, session)
        .map_err(|errors| errors.into_iter().collect::<Vec<_>>())?;
    let trust = manifest::trust_of(loaded, session).map_err(|error| vec![error])?;
    let mut is_seen = || {
        let mut all = demands.iter();
        all.all(|demand| manifest::is_seen(loaded, demand, session))
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
