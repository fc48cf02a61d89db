//! `mcpjwt issue`: mint tokens. A *change*: settle the arguments, read the key and the places,
//! decide what to mint, then record, write, record.

mod all;
mod from;
mod mint;
mod plan;
mod refer;
mod settle;
mod targets;

use std::rc::Rc;

use self::from::Source;
use self::mint::{Minted, mint};
use self::settle::{Settled, settle};
use super::claims;
use super::entry::{self, EntryArguments};
use super::shared::KeyArguments;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::host::Held;
use crate::json::Json;
use crate::key::{Algorithm, KeySet};
use crate::place::Place;
use crate::session::Session;
use crate::session::keys::{self, Wanted};
use crate::session::ledger::{self, Kept};
use crate::session::manifest;
use crate::session::mint::{Choice, Signing};
use crate::session::places::{self, Done, Edit, Replace, Way};
use crate::session::target::Target;
use crate::session::{revocations, sync, wanted};
use crate::state::ledger::Record;

pub(super) const MEMBERS: &[&str] = &["tokens"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token for one client, on standard output",
        "mcpjwt issue --sub vscode1",
    ),
    (
        "for a server that checks issuer and audience, 90 days, into a .env file",
        "mcpjwt issue --sub vscode1 --iss exai --aud https://mcp.example.com --ttl 90d --to dotenv:.env#MCP_TOKEN",
    ),
    (
        "every token of the manifest anew, into its places",
        "mcpjwt issue --all",
    ),
    (
        "with the secret of a server",
        "mcpjwt issue --sub ci --key dotenv:.env.docker#JWT_SECRET_KEY",
    ),
    (
        "for each line of a file: subjects, CSV with a line of names, or JSON Lines of claims",
        "mcpjwt issue --from clients.csv --ttl 90d > tokens.txt",
    ),
];

/// Mint a token
///
/// The token goes to standard output. With `--to` it goes into that place instead, and nothing
/// secret is printed. On a new machine the first run makes a key and says so.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who the token is for, its `sub`; repeat for several tokens (more than 100 are a batch, as by `--from`)
    #[arg(long, value_name = "NAME", required_unless_present_any = ["all", "from"])]
    sub: Vec<String>,
    /// Renew every token of the manifest, and put each into its places
    #[arg(long, conflicts_with_all = NOT_OF_ALL)]
    all: bool,
    /// Mint a token a line of this file, or of standard input (`-`)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sub", "jti", "pair", "format", "env"])]
    from: Option<String>,
    /// What the lines are: subjects, csv (below a line of names) or jsonl (claims) [default: by the name of the file, else subjects]
    #[arg(long, value_name = "FORM", value_parser = ["subjects", "csv", "jsonl"], hide_possible_values = true)]
    input: Option<String>,
    /// Do not start from the token of that name or subject in the manifest
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    claims: claims::Arguments,
    #[command(flatten)]
    times: claims::TimeArguments,
    /// The token's own id [default: random]
    #[arg(long, value_name = "ID")]
    jti: Option<String>,
    #[command(flatten)]
    key: KeyArguments,
    /// The key of a set to sign with [default: the current one]
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    kid: Option<String>,
    /// The algorithm to sign by, where the key leaves it open [default: by the kind of key]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Mint an access and a refresh token, as an OAuth token response
    #[arg(long)]
    pair: bool,
    /// How long the refresh token of `--pair` lasts [default: 90d]
    #[arg(long, value_name = "DURATION", requires = "pair")]
    refresh_ttl: Option<String>,
    /// Write the token to this place instead of standard output (`-`); repeat for several
    #[arg(long, value_name = "PLACE")]
    to: Vec<String>,
    /// What to write: the bare token, `NAME=token`, or an `Authorization` header
    #[arg(long, value_name = "FORMAT", value_parser = ["token", "env", "header"])]
    format: Option<String>,
    /// The variable of `--format env` [default: `MCP_TOKEN`], or of a server entry
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    #[command(flatten)]
    entry: EntryArguments,
    /// Replace whatever a place holds, and write into files that git has
    #[arg(long)]
    force: bool,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Keep a record of each token of a batch, by which `log` and `revoke --sub` find it, not one of all: about 250 bytes a token, and 1.4 times the processor time
    #[arg(long, conflicts_with = "no_record")]
    record_each: bool,
    /// Show what would be minted and written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// What the manifest says of each token, so that `--all` takes none of it.
const NOT_OF_ALL: [&str; 31] = [
    "sub",
    "from",
    "input",
    "record_each",
    "plain",
    "iss",
    "aud",
    "scope",
    "role",
    "name",
    "quota",
    "client_id",
    "claim",
    "claims_file",
    "typ",
    "ttl",
    "exp",
    "nbf",
    "at",
    "jti",
    "kid",
    "pair",
    "refresh_ttl",
    "to",
    "format",
    "env",
    "header",
    "mode",
    "url",
    "command",
    "force",
];

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if arguments.all {
        return all::run(arguments, session);
    }
    session.lines = arguments.from.as_ref().map(|_| from::MEMBERS);
    let mut settled = settle(arguments, session)?;
    if let Some(source) = Source::of(arguments, &settled, session) {
        return from::run(arguments, source, &settled, session);
    }
    let _held = lock(arguments, &mut settled, session)?;
    targets::audience(&mut settled, session)?;
    let targets = targets::targets(&settled, session)?;
    let replace = if arguments.force {
        Replace::Anything
    } else {
        Replace::Tokens
    };
    let set = if let Some(set) = keys::open(&settled.choice.wanted, session)? {
        set
    } else {
        refuse_first_key(&settled, session)?;
        let edits = targets::rehearse(&targets, replace, session)?;
        entry::guard(&edits, Way::Issue, replace, session)?;
        if arguments.dry_run {
            session.note("there is no key yet: the first run makes one");
            return plan::show(&settled, None, &edits, session);
        }
        first_key(&settled.choice, session)?
    };
    let signing = Signing::of(&set, &settled.choice, session)?;
    if targets::mints_later(&settled, &targets) {
        return refer::run(arguments, (&settled, &targets), replace, session);
    }
    let mut minted = mint(&settled, &signing, session)?;
    let edits = targets::decide(&targets, &minted, replace, session)?;
    entry::guard(&edits, Way::Issue, replace, session)?;
    if arguments.dry_run {
        return plan::show(&settled, Some(&signing), &edits, session);
    }
    targets::try_out(&targets, session)?;
    let all: Vec<Place> = edits
        .iter()
        .filter(|edit| !edit.is_reference())
        .map(Edit::lasting)
        .collect::<Result<_, _>>()?;
    settled.record_places(&mut minted, &all);
    let kept = if settled.places().next().is_some() {
        Kept::Synced
    } else {
        Kept::Written
    };
    let recorded = !arguments.no_record && ledger::issued(&records(&minted), kept, session)?;
    let (done, written) = places::write(&edits, session);
    let mut gather = Gather::default();
    gather.take(written);
    let at = |done: &Done| done.lasting.clone();
    let arrived: Vec<Place> = done
        .iter()
        .filter(|one| !one.is_reference)
        .map(at)
        .collect();
    let references: Vec<Place> = done.iter().filter(|one| one.is_reference).map(at).collect();
    settled.record_places(&mut minted, &arrived);
    if recorded && !done.is_empty() {
        let lines = ledger::arrived(records(&minted), &done);
        gather.take(ledger::append(&lines, Kept::Written, session));
    }
    for one in &mut minted {
        one.references.clone_from(&references);
    }
    match gather.done() {
        Ok(()) => answer(&settled, &targets, &minted, session),
        // What was done is told too: the document has the places that got their token.
        Err(errors) if session.json && !done.is_empty() => {
            let tokens: Vec<Json> = minted.iter().map(|one| described(one, false)).collect();
            let outcome = errors.outcome();
            session.document(
                outcome,
                vec![("tokens", Json::Array(tokens))],
                errors.as_slice(),
            )?;
            Ok(outcome)
        }
        Err(errors) => Err(errors),
    }
}

/// Keeps other runs away from the manifest, where its key signs what a place gets or it has tokens
/// there too: a rotation that went by would not know of a token that comes after it.
fn lock(
    arguments: &Arguments,
    settled: &mut Settled,
    session: &mut Session<'_, '_>,
) -> Result<Option<Held>, Errors> {
    let places: Vec<Place> = settled.places().cloned().collect();
    if arguments.dry_run || places.is_empty() {
        return Ok(None);
    }
    let Some(loaded) = manifest::find(session)? else {
        return Ok(None);
    };
    if arguments.key.is_told(session) && !wanted::meets(&loaded, &places, session) {
        return Ok(None);
    }
    let (held, now) = sync::lock(&loaded, session)?;
    if !Rc::ptr_eq(&loaded, &now) {
        if session.input_taken {
            let message = format!("`{}` was changed by another run meanwhile", loaded.shown);
            let error = Error::new(Code::Overwritten, message).hint("run the same command again");
            return Err(error.into());
        }
        *settled = settle(arguments, session)?;
    }
    Ok(Some(held))
}

fn records(minted: &[Minted]) -> Vec<Record> {
    minted.iter().flat_map(|one| one.records.clone()).collect()
}

/// Refuses to make the first key where it would be of no use: what would be refused later must not
/// leave a key behind.
fn refuse_first_key(settled: &Settled, session: &mut Session<'_, '_>) -> Result<(), Errors> {
    if settled.choice.kid.is_some() {
        return Err(Error::new(
            Code::KeyMissing,
            "there is no key yet, so none of that `--kid`",
        )
        .hint("leave out `--kid`: the first run makes a key")
        .into());
    }
    // A project names its key: a new one would fit no server of it.
    if manifest::find(session)?.is_some() {
        return Err(keys::missing().into());
    }
    revocations::load(None, session)?;
    Ok(())
}

/// Makes the first key of the person's own store, and says so: servers must learn of it.
fn first_key(choice: &Choice, session: &mut Session<'_, '_>) -> Result<KeySet, Error> {
    let alg = choice.alg.unwrap_or(Algorithm::HS256);
    let name = match &choice.wanted {
        Wanted::Store(name) => name,
        _ => keys::DEFAULT,
    };
    let (store, set, made) = keys::first(name, alg, session)?;
    if made {
        let kid = set.signing()?.kid().to_owned();
        session.warn(
            Error::new(
                Code::KeyMade,
                format!(
                    "there was no key yet: made `{kid}` ({}) in `{}`",
                    alg.name(),
                    store.shown(session)
                ),
            )
            .hint("a server must know it: `mcpjwt secret export --format env` prints it"),
        );
    }
    Ok(set)
}

fn answer(
    settled: &Settled,
    targets: &[Target],
    minted: &[Minted],
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let to_output = settled.to.is_empty() || settled.to.contains(&Place::Std);
    if session.json {
        let tokens: Vec<Json> = minted.iter().map(|one| described(one, to_output)).collect();
        session.document(Outcome::Done, vec![("tokens", Json::Array(tokens))], &[])?;
        return Ok(Outcome::Done);
    }
    settled.claims.notes(session);
    let clock = session.clock();
    for one in minted {
        if to_output {
            session
                .host
                .terminal
                .out(one.text.with_line_end().expose())?;
        }
        for target in targets {
            session.note(&target.told(&one.access().sub, &clock.full(one.exp)));
        }
    }
    Ok(Outcome::Done)
}

fn described(one: &Minted, to_output: bool) -> Json {
    let mut places = one.access().places.clone();
    places.extend(one.references.iter().map(Place::to_string));
    let token = to_output.then(|| one.token.expose_str().unwrap_or_default().to_owned());
    let mut members = vec![
        ("token".to_owned(), Json::from(token)),
        ("sub".to_owned(), one.access().sub.as_str().into()),
        ("jti".to_owned(), one.access().jti.as_str().into()),
        ("kid".to_owned(), one.access().kid.as_str().into()),
        ("exp".to_owned(), one.exp.into()),
        ("expires".to_owned(), crate::time::rfc3339(one.exp).into()),
        ("places".to_owned(), places.into()),
        ("claims".to_owned(), one.claims.clone()),
    ];
    if one.text != one.token && to_output {
        let text = one.text.expose_str().unwrap_or_default();
        let text = Json::parse(text.as_bytes()).unwrap_or_else(|_| text.into());
        members.push(("response".to_owned(), text));
    }
    Json::Object(members)
}
