//! `mcpjwt sync`: make every place of the manifest hold what the manifest wants. A *change*: read
//! the keys and every place, decide, then record, write, record.

mod answer;

pub(super) use self::answer::{Report, tell};
use std::rc::Rc;

use super::shared::{self, KeyArguments};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::key::KeySet;
use crate::plan::{Ours, Renew};
use crate::session::manifest::{self, Loaded};
use crate::session::mint::{Choice, Signing};
use crate::session::places::Way;
use crate::session::ring::{self, Ring};
use crate::session::rotation::{self, Left};
use crate::session::sync::{self, Ask, Row, Told};
use crate::session::{Session, revocations};

pub(super) const MEMBERS: &[&str] = &["places"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "see what it would do, every changed line with its secrets masked",
        "mcpjwt sync --dry-run",
    ),
    (
        "in CI: fail when a place is not as the manifest wants it",
        "mcpjwt sync --check",
    ),
];

/// Put the tokens of the manifest into their places
///
/// A token that is missing, broken, expired or about to, revoked, signed with another or a
/// previous key, or has other claims than the manifest says is minted anew; the rest is left alone.
/// The previous key goes once its `previous-until` has come, and a rotation that was begun ends.
/// Everything is decided before the first file is written, each is written once, and a run that was
/// cut off is finished by the same command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write nothing, and exit with 1 where something is to be done
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Mint every token anew
    #[arg(long)]
    renew: bool,
    /// Where the key is: a place, or `ask` for a hidden prompt [default: the manifest's]
    #[arg(long, value_name = "PLACE")]
    key: Option<String>,
    /// Read the text of a secret as hex, base64 or base64url instead of as it is
    #[arg(long, value_name = "ENCODING")]
    key_encoding: Option<String>,
    /// The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Show what would be written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let key = KeyArguments {
        key: arguments.key.clone(),
        key_encoding: arguments.key_encoding.clone(),
    };
    let wish = Wish {
        key: &key,
        alg: arguments.alg.as_deref(),
        renew: if arguments.renew {
            Renew::All
        } else {
            Renew::Due
        },
        doing: match (arguments.check, arguments.dry_run) {
            (true, _) => Doing::Check,
            (_, true) => Doing::Rehearse,
            _ => Doing::Write,
        },
        told: if arguments.no_record {
            Told::Nobody
        } else {
            Told::Ledger
        },
    };
    let report = fulfil(&wish, session)?;
    if session.json {
        let body = vec![("places", report.places(session))];
        let outcome = report.outcome();
        session.document(outcome, body, &report.into_errors(session))?;
        return Ok(outcome);
    }
    tell(&report, session)
}

/// The manifest, which has to be there.
pub(super) fn required(session: &mut Session<'_, '_>) -> Result<std::rc::Rc<Loaded>, Errors> {
    if session.manifest.is_left_out() {
        let what = "there is no manifest: `--no-manifest` was given";
        let error = Error::new(Code::PlaceMissing, what).hint("leave out `--no-manifest`");
        return Err(error.into());
    }
    let loaded = manifest::find(session)?;
    Ok(loaded.ok_or_else(|| {
        Error::new(
            Code::PlaceMissing,
            "there is no manifest: no `mcpjwt.toml` from here upward",
        )
        .hint("make one with `mcpjwt init`, or name one with `-m PATH`")
    })?)
}

/// What the options of a run say about the manifest that is found.
pub(super) struct Wish<'a> {
    pub(super) key: &'a KeyArguments,
    pub(super) alg: Option<&'a str>,
    pub(super) renew: Renew,
    pub(super) doing: Doing,
    pub(super) told: Told,
}

/// Finds the manifest and its key, and does what has to be done.
pub(super) fn fulfil(wish: &Wish<'_>, session: &mut Session<'_, '_>) -> Result<Report, Errors> {
    let mut gather = Gather::default();
    let loaded = gather.take(required(session));
    let alg = gather.take(shared::optional_algorithm(wish.alg));
    let wanted = gather.take(wish.key.wanted_here(session));
    gather.done()?;
    let (Some(mut loaded), Some(mut wanted)) = (loaded, wanted) else {
        return Err(Error::new(Code::Internal, "arguments without a result").into());
    };
    let mut _held = None;
    if wish.doing == Doing::Write {
        let (held, now) = sync::lock(&loaded, session)?;
        _held = Some(held);
        if !Rc::ptr_eq(&loaded, &now) {
            loaded = now;
            wanted = wish.key.wanted_here(session)?;
        }
    }
    let orders = Orders {
        loaded: &loaded,
        only: None,
        past: match wish.key.key {
            None => Past::Settled(Rc::clone(&loaded)),
            Some(_) => Past::None,
        },
        choice: Choice {
            wanted,
            kid: None,
            alg: alg.flatten().or(loaded.manifest.alg),
        },
        renew: wish.renew,
        doing: wish.doing,
        told: wish.told,
    };
    carry_out(&orders, session)
}

/// What a run is to do with a manifest.
pub(super) struct Orders<'a> {
    pub(super) loaded: &'a Loaded,
    /// The name of the one token that it is about, as the command line has it.
    pub(super) only: Option<&'a str>,
    /// What becomes of the keys before and behind the one that signs.
    pub(super) past: Past,
    pub(super) choice: Choice,
    pub(super) renew: Renew,
    pub(super) doing: Doing,
    pub(super) told: Told,
}

/// The keys of a manifest before and behind the one that signs.
pub(super) enum Past {
    /// There are none: the key was told, and is not the manifest's own.
    None,
    /// They are read.
    Read,
    /// They are read, and what rotations have left to do is done.
    Settled(Rc<Loaded>),
    /// All keys as a rotation will have them, which publishes them itself.
    Coming(KeySet),
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// It looks.
    Check,
    /// It decides.
    Rehearse,
    /// It writes.
    Write,
}

/// Looks at every place, and does what has to be done. Who writes holds the manifest's lock.
pub(super) fn carry_out(
    orders: &Orders<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Report, Errors> {
    let loaded = orders.loaded;
    let mut gather = Gather::default();
    let wanted = &orders.choice.wanted;
    let ring = gather.take(match &orders.past {
        Past::None => ring::of(wanted, None, session),
        Past::Read | Past::Settled(_) => ring::of(wanted, Some(loaded), session),
        Past::Coming(keys) => Ok(Ring::coming(keys)),
    });
    let revoked = gather.take(revocations::load(Some(loaded), session));
    gather.done()?;
    let (Some(ring), Some(revoked)) = (ring, revoked) else {
        return Err(Error::new(Code::Internal, "keys without a result").into());
    };
    let keys = ring.declaring(orders.choice.alg);
    let mut ask = Ask::all(
        loaded,
        wanted,
        Ours {
            keys: &keys,
            revoked: &revoked,
        },
        orders.renew,
    );
    if let Some(only) = orders.only {
        ask.tokens.retain(|token| token.name == only);
        ask.way = Way::Add;
    }
    let mut survey = sync::survey(&ask, session)?;
    if let Past::Coming(_) = orders.past {
        survey.jwks = None;
    }
    let left = match &orders.past {
        Past::Settled(loaded) => rotation::left(wanted, loaded, session)?,
        Past::None | Past::Read | Past::Coming(_) => None,
    };
    let now = session.host.facts.now;
    let places = left.iter().flat_map(|left| left.places.clone());
    let rows = places.map(|(place, reason)| Row::of_key(place, reason, now));
    let rows: Vec<Row> = rows.collect();
    if orders.doing == Doing::Check {
        let mut report = Report::of(survey.rows(now)?, orders.doing);
        report.rows.extend(rows);
        return Ok(report);
    }
    let signing = if survey.mints() {
        Some(Signing::of(&keys, &orders.choice, session)?)
    } else {
        None
    };
    let mut decided = sync::decide(survey, (&ask, signing.as_ref()), session)?;
    if orders.doing == Doing::Rehearse {
        let mut report = Report::of(Vec::new(), orders.doing);
        report.shown = decided.shown();
        report.shown.extend(left.as_ref().map(Left::shown));
        report.rows = decided.rows;
        report.rows.extend(rows);
        return Ok(report);
    }
    let carried = sync::carry_out(&decided, orders.told, session)?;
    decided.rows.extend(rows);
    let mut report = Report::of(decided.rows, orders.doing);
    report.done = carried.done;
    let mut gather = Gather::default();
    let tokens = gather.take(carried.failed);
    if let Some(mut left) = left {
        let mut settled = gather.take(left.carry_out(session));
        // A token that could not be replaced is of a key that goes.
        if (settled, tokens, orders.told) == (Some(()), Some(()), Told::Ledger) {
            settled = gather.take(left.end(session));
        }
        report.settled = settled.is_some();
    }
    report.failed = gather.done().err();
    Ok(report)
}

/// The same for one token of a manifest, with the manifest's own key; likewise under its lock.
pub(super) fn one(
    loaded: &Loaded,
    name: &str,
    doing: Doing,
    session: &mut Session<'_, '_>,
) -> Result<Report, Errors> {
    let orders = Orders {
        loaded,
        only: Some(name),
        past: Past::Read,
        choice: Choice {
            wanted: loaded.key(session)?,
            kid: None,
            alg: loaded.manifest.alg,
        },
        renew: Renew::Due,
        doing,
        told: Told::Ledger,
    };
    carry_out(&orders, session)
}
