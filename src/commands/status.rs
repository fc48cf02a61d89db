//! `mcpjwt status`: every token, where it lives, how long it lasts, what is wrong with it. Needs no
//! key; where there is one, it is told whose signature each has.

use super::shared;
use crate::error::{Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::KeySet;
use crate::report::{self, Bars, Row};
use crate::session::doctor::Reached;
use crate::session::keys::{self, Wanted};
use crate::session::manifest;
use crate::session::ring;
use crate::session::status::{self, Ask, Reach};
use crate::session::{Session, revocations};
use crate::state::revocations::Revocations;

pub(super) const MEMBERS: &[&str] = &["tokens"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("every token that was put into a place", "mcpjwt status"),
    (
        "every JWT in the config of every client on this machine, ours or not",
        "mcpjwt status --scan",
    ),
    (
        "in a cron job: exit with 3 when one expires within a week",
        "mcpjwt status --within 7d --json",
    ),
];

/// Show every token, where it lives, and what is wrong with it
///
/// Every place that a token was put into, and every one that the manifest has for a token. One that
/// is expired, not whole, or signed by an unknown key is told; so is a file that others can read,
/// or that git has or would take.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Look into the config of every known client on this machine, too
    #[arg(long)]
    scan: bool,
    /// Exit with 3 when one expires within this time
    #[arg(long, value_name = "DURATION")]
    within: Option<String>,
    /// Judge as of this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let clock = gather.take(shared::clock(arguments.at.as_deref(), session));
    let within =
        shared::duration("--within", arguments.within.as_deref(), &mut gather).unwrap_or(0);
    gather.done()?;
    let clock = clock.unwrap_or_else(|| session.clock());

    let (loaded, broken) = match manifest::find(session) {
        Ok(loaded) => (loaded, Vec::new()),
        Err(errors) => (None, errors.into_iter().collect()),
    };
    let keys = our_keys(&broken, session);
    let (revoked, unknown) = match revocations::load(loaded.as_deref(), session) {
        Ok(revoked) => (revoked, None),
        Err(error) => (Revocations::default(), Some(error)),
    };
    let ask = Ask {
        reach: if arguments.scan {
            Reach::Machine
        } else {
            Reach::Known
        },
        keys: keys.as_ref(),
        revoked: &revoked,
        now: clock.now,
        within,
    };
    let (rows, mut errors) = status::survey(ask, loaded.as_deref(), session);
    errors.splice(..0, broken);
    errors.extend(unknown);
    let problems = rows.iter().flat_map(|row| &row.problems);
    let outcome = problems
        .map(report::Problem::outcome)
        .chain(errors.iter().map(|error| error.code.outcome()))
        .max()
        .unwrap_or(Outcome::Done);
    if session.json {
        errors.extend(report::spot_errors(&rows, clock));
        let tokens: Vec<Json> = rows.iter().map(|row| report::spot(row, clock)).collect();
        session.document(outcome, vec![("tokens", Json::Array(tokens))], &errors)?;
        return Ok(outcome);
    }
    let bars = if session.host.facts.stdout_is_terminal && session.host.facts.shows_unicode() {
        Bars::Blocks
    } else {
        Bars::Ascii
    };
    let text = report::spots(&rows, bars, clock, session.out);
    session.print(&text)?;
    let saw_all = errors.is_empty();
    let mut gather = Gather::default();
    for error in errors {
        gather.add(error);
    }
    if let Err(errors) = gather.done() {
        session.refuse(&errors, MEMBERS);
    }
    if keys.is_none() && rows.iter().any(|row| row.kind == report::Kind::Literal) {
        session.note("note: there is no key here to check signatures with");
    }
    if rows.is_empty() && saw_all {
        session.note(if arguments.scan {
            "there is no token in any place that is known, nor in the config of any client"
        } else {
            "no token was put into a place yet; `mcpjwt status --scan` looks into every client's config"
        });
    }
    for line in report::advice(&rows) {
        session.note(&format!("hint: {line}"));
    }
    Ok(outcome)
}

/// All that `--scan` would show, as of now.
pub(super) fn everywhere(
    keys: Option<&KeySet>,
    loaded: Option<&manifest::Loaded>,
    session: &mut Session<'_, '_>,
) -> (Vec<Row>, Vec<Error>) {
    let ask = Ask {
        reach: Reach::Machine,
        keys,
        revoked: &Revocations::default(),
        now: session.host.facts.now,
        within: 0,
    };
    status::survey(ask, loaded, session)
}

/// The keys whose tokens are ours: those of the environment or the manifest, and of the person's
/// store. What is out of reach is said, and nothing is told of its signatures, as where the
/// manifest is broken.
pub(super) fn our_keys(broken: &[Error], session: &mut Session<'_, '_>) -> Option<KeySet> {
    let (all, errors) = keys_in_reach(broken, session);
    for error in errors {
        session.warn(error);
    }
    let keys = KeySet::joined(all.into_iter().map(|one| one.keys));
    Some(keys).filter(|set| !set.keys.is_empty())
}

/// The same keys by where they are, and what is out of reach.
pub(super) fn keys_in_reach(
    broken: &[Error],
    session: &mut Session<'_, '_>,
) -> (Vec<Reached>, Vec<Error>) {
    let mut unread: Vec<Error> = Vec::new();
    let own = Wanted::Store(keys::DEFAULT.to_owned());
    let arguments = shared::KeyArguments::default();
    let wanted = match arguments.wanted(session) {
        // Nobody is asked for a key just to look.
        Ok(Wanted::Ask(_)) => own.clone(),
        Ok(wanted) => wanted,
        Err(errors) => {
            let is_told = |error: &Error| broken.iter().any(|one| one.message == error.message);
            unread.extend(errors.into_iter().filter(|error| !is_told(error)));
            own.clone()
        }
    };
    // A key that is told is not the manifest's, and so has none of its past.
    let loaded = if arguments.is_told(session) {
        None
    } else {
        manifest::find(session).ok().flatten()
    };
    let mut opened = |wanted: &Wanted, unread: &mut Vec<Error>| {
        let set = keys::open(wanted, session).unwrap_or_else(|error| {
            unread.push(error);
            None
        });
        set.filter(|set| !set.keys.is_empty())
    };
    let is_there = !matches!(wanted, Wanted::Store(_)) || opened(&wanted, &mut unread).is_some();
    let store = opened(&own, &mut unread);
    let mut all = Vec::new();
    if is_there {
        match ring::of(&wanted, loaded.as_deref(), session) {
            Ok(ring) => all.push(Reached {
                keys: match ring::known(session) {
                    Ok(known) => ring::remembered(ring.keys, &known),
                    Err(error) => {
                        unread.push(error);
                        ring.keys
                    }
                },
                is_plain: is_plain(&wanted, session),
                wanted,
            }),
            Err(errors) => unread.extend(errors),
        }
    }
    all.extend(store.map(|keys| Reached {
        keys,
        is_plain: is_plain(&own, session),
        wanted: own,
    }));
    (all, unread)
}

/// Whether `rotate-secret` takes that key where no other is named.
fn is_plain(wanted: &Wanted, session: &mut Session<'_, '_>) -> bool {
    let plain = shared::KeyArguments::default().wanted_here(session);
    plain.is_ok_and(|plain| plain == *wanted)
}
