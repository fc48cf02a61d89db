//! `mcpjwt refresh`: tokens once more, with new times. A *change*: read the tokens and keys,
//! decide, then record, write, record.

mod renew;

use std::cell::OnceCell;
use std::rc::Rc;

use self::renew::{Ask, Renewed};
use super::expiry;
use super::shared::{self, KeyArguments};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::place::Place;
use crate::session::keys::Wanted;
use crate::session::ledger::{self, Kept};
use crate::session::manifest::Loaded;
use crate::session::mint::{Choice, Signing};
use crate::session::places::{self, Done, Edit, Replace, Way};
use crate::session::tokens::{self, Input, Trim};
use crate::session::{Session, manifest, revocations, ring, sync};
use crate::state::ledger::Record;
use crate::time;

pub(super) const MEMBERS: &[&str] = &["tokens"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token that is printed, from one that is read",
        "mcpjwt refresh < token.txt",
    ),
    (
        "in a cron job: renew whatever expires within a week, where it is",
        "mcpjwt refresh --all --within 7d",
    ),
];

/// How long the access token of a refresh token lasts when nothing says otherwise.
const ACCESS_TTL: i64 = 24 * 3600;

/// Renew tokens: the same claims, new times
///
/// Only tokens that are signed by one of our keys, expired ones too, revoked ones never. A token is
/// answered on standard output, one at a place is replaced there. A refresh token of `--pair` gives
/// an access token, on standard output.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Tokens, or places that hold one [default: a piped standard input]
    #[arg(value_name = "TOKEN|PLACE", conflicts_with = "all")]
    tokens: Vec<String>,
    /// Every place of the manifest; without one every place that a token was put into
    #[arg(long)]
    all: bool,
    /// Only what expires within this time
    #[arg(long, value_name = "DURATION")]
    within: Option<String>,
    /// How long the new token lasts [default: as long as the old one]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    #[command(flatten)]
    key: KeyArguments,
    /// The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Write into files that git has
    #[arg(long)]
    force: bool,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Show what would be minted and written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let within = shared::duration("--within", arguments.within.as_deref(), &mut gather);
    let ttl = shared::duration("--ttl", arguments.ttl.as_deref(), &mut gather);
    if ttl == Some(0) {
        gather.add(super::misuse("`--ttl` is 0", "such as `--ttl 30d`"));
    }
    let alg = gather.take(shared::optional_algorithm(arguments.alg.as_deref()));
    let wanted = gather.take(arguments.key.wanted(session));
    gather.done()?;
    let mut wanted = wanted.ok_or_else(|| Error::new(Code::Internal, "a key without a result"))?;
    let mut _held = None;
    if let Some(loaded) = signing_for_places(arguments, session)? {
        // Else a rotation could pass by, which knows nothing of tokens that come after it.
        let (held, now) = sync::lock(&loaded, session)?;
        _held = Some(held);
        if !Rc::ptr_eq(&loaded, &now) {
            wanted = arguments.key.wanted(session)?;
        }
    }
    let found = read(arguments, session);
    let mut all = renewed(
        (found?, wanted, alg.flatten()),
        (within, ttl),
        arguments,
        session,
    )?;

    let edits = all.decide(session)?;
    if !arguments.force {
        places::guard(&edits, Way::Before, session)?;
    }
    if arguments.dry_run {
        for edit in &edits {
            session.show(&edit.shown());
        }
        return all.answer(session);
    }
    let mut gather = Gather::default();
    if !arguments.no_record && !all.renewed.is_empty() {
        let kept = if edits.is_empty() {
            Kept::Written
        } else {
            Kept::Synced
        };
        ledger::issued(&all.records(&edits)?, kept, session)?;
    }
    let (done, written) = places::write_each(&edits, session);
    gather.take(written);
    if !arguments.no_record {
        let lines = all.arrived(&done);
        gather.take(ledger::append(&lines, Kept::Written, session));
    }
    for one in &done {
        all.done(one.number);
    }
    all.failed.extend(gather.done().err().into_iter().flatten());
    all.is_rehearsed = false;
    all.answer(session)
}

/// The manifest whose key signs what places get.
fn signing_for_places(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Option<Rc<Loaded>>, Errors> {
    let to_places = arguments.all || arguments.tokens.iter().any(|text| places::is_place(text));
    if arguments.dry_run || !to_places || arguments.key.is_told(session) {
        return Ok(None);
    }
    manifest::find(session)
}

/// The tokens, and what could not be read.
fn read(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Input>, Vec<Error>), Errors> {
    if arguments.all {
        return expiry::read(&[], session);
    }
    if arguments.tokens.is_empty() {
        return Ok((vec![tokens::one(None, Trim::Bare, session)?], Vec::new()));
    }
    let mut gather = Gather::default();
    let read = |text: &String| gather.take(tokens::from_argument(text, Trim::Bare, session));
    let inputs = arguments.tokens.iter().filter_map(read).collect();
    gather.done()?;
    Ok((inputs, Vec::new()))
}

/// What was minted once more, and where it goes.
struct All {
    renewed: Vec<Renewed>,
    /// Which token and which of its places each edit is of.
    edits: Vec<(usize, usize)>,
    /// What went wrong with others.
    failed: Vec<Error>,
    /// Whether nothing was done.
    is_rehearsed: bool,
}

/// Judges each token and mints it once more. Of those that were named each has to be good; of all
/// there are the bad ones are told, and the others go on.
fn renewed(
    ((inputs, unread), wanted, alg): (
        (Vec<Input>, Vec<Error>),
        Wanted,
        Option<crate::key::Algorithm>,
    ),
    (within, ttl): (Option<i64>, Option<i64>),
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<All, Errors> {
    let loaded = manifest::find(session)?;
    if let Some(loaded) = loaded.as_deref().filter(|_| arguments.all) {
        manifest::permit_routes(loaded, session)?;
    }
    let own = loaded.clone().filter(|_| !arguments.key.is_told(session));
    let mut gather = Gather::default();
    let ring = gather.take(ring::of(&wanted, own.as_deref(), session));
    let revoked = gather.take(revocations::load(loaded.as_deref(), session));
    gather.done()?;
    let (Some(ring), Some(revoked)) = (ring, revoked) else {
        return Err(Error::new(Code::Internal, "keys without a result").into());
    };
    let alg = alg.or_else(|| own.as_ref()?.manifest.alg);
    let choice = Choice {
        wanted,
        kid: None,
        alg,
    };
    let keys = ring.declaring(alg);
    let signing = Signing::of(&keys, &choice, session)?;
    let access_ttl = loaded.as_ref().and_then(|loaded| loaded.manifest.ttl);
    let ask = Ask {
        keys: &keys,
        revoked: &revoked,
        signing: &signing,
        within,
        ttl,
        access_ttl: access_ttl.unwrap_or(ACCESS_TTL),
        over: OnceCell::new(),
    };
    let mut gather = Gather::default();
    for error in unread {
        gather.add(error);
    }
    let mut renewed = Vec::new();
    for input in &inputs {
        gather.take(ask.renew(input, &mut renewed, session));
    }
    let failed = match gather.done() {
        Err(errors) if !arguments.all => return Err(errors),
        failed => failed.err().into_iter().flatten().collect(),
    };
    Ok(All {
        renewed,
        edits: Vec::new(),
        failed,
        is_rehearsed: true,
    })
}

impl All {
    fn decide(&mut self, session: &mut Session<'_, '_>) -> Result<Vec<Edit>, Errors> {
        let mut gather = Gather::default();
        let mut edits = Vec::new();
        for (token, one) in self.renewed.iter().enumerate() {
            for (at, place) in one.places.iter().enumerate() {
                let value = match place {
                    Place::File(_) => one.token.text.with_line_end(),
                    _ => one.token.text.duplicate(),
                };
                let edit = places::decide(place, value, Replace::Tokens, session);
                if let Some(edit) = gather.take(edit) {
                    self.edits.push((token, at));
                    edits.push(edit);
                }
            }
        }
        gather.done().map(|()| edits)
    }

    /// What the ledger keeps of each token, with the places that it goes to.
    fn records(&self, edits: &[Edit]) -> Result<Vec<Record>, Error> {
        let mut records: Vec<Record> = self
            .renewed
            .iter()
            .map(|one| one.token.record.clone())
            .collect();
        for (edit, (token, _)) in edits.iter().zip(&self.edits) {
            records[*token].places.push(edit.lasting()?.to_string());
        }
        Ok(records)
    }

    fn arrived(&self, done: &[Done]) -> Vec<Record> {
        let of = |token: usize| {
            done.iter()
                .filter(move |one| self.edits[one.number].0 == token)
        };
        let tokens = self.renewed.iter().enumerate();
        tokens
            .flat_map(|(at, one)| ledger::arrived(vec![one.token.record.clone()], of(at)))
            .collect()
    }

    fn done(&mut self, number: usize) {
        let (token, at) = self.edits[number];
        self.renewed[token].done.push(at);
    }

    fn answer(self, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
        let worst = self.failed.iter().map(|error| error.code.outcome()).max();
        let outcome = worst.map_or(Outcome::Done, |worst| worst.max(Outcome::CouldNot));
        if session.json {
            let tokens: Vec<Json> = self.renewed.iter().map(|one| self.described(one)).collect();
            let body = vec![("tokens", Json::Array(tokens))];
            session.document(outcome, body, &self.failed)?;
            return Ok(outcome);
        }
        let clock = session.clock();
        for one in &self.renewed {
            let record = &one.token.record;
            let until = clock.full(record.exp.unwrap_or_default());
            if one.to_output && !self.is_rehearsed {
                let line = one.token.text.with_line_end();
                session.host.terminal.out(line.expose())?;
            } else if one.to_output {
                session.note(&format!(
                    "would mint a token of `{}`, good until {until}",
                    record.sub
                ));
            }
            for at in &one.done {
                session.note(&format!(
                    "refreshed the token of `{}` at `{}`, good until {until}",
                    record.sub, one.shown[*at]
                ));
            }
        }
        if self.renewed.is_empty() && self.failed.is_empty() {
            session.note("nothing to do");
        }
        let mut gather = Gather::default();
        self.failed.into_iter().for_each(|error| gather.add(error));
        if let Err(errors) = gather.done() {
            session.refuse(&errors, MEMBERS);
        }
        Ok(outcome)
    }

    fn described(&self, one: &Renewed) -> Json {
        let record = &one.token.record;
        let token = (one.to_output && !self.is_rehearsed)
            .then(|| one.token.text.expose_str().unwrap_or_default().to_owned());
        let done: Vec<String> = one
            .done
            .iter()
            .map(|at| one.places[*at].to_string())
            .collect();
        Json::object([
            ("token", token.into()),
            ("sub", record.sub.as_str().into()),
            ("jti", record.jti.as_str().into()),
            ("kid", record.kid.as_str().into()),
            ("exp", record.exp.into()),
            ("expires", record.exp.map(time::rfc3339).into()),
            ("places", done.into()),
            ("claims", one.token.claims.clone()),
        ])
    }
}
