//! `mcpjwt verify`: judge a token. Reads, decides, tells; writes nothing. With `--batch` a
//! *stream*: the arguments and the key are settled first, then each line is judged alone and
//! answered in its place, in constant memory.

mod batch;

use std::path::PathBuf;
use std::rc::Rc;

use super::misuse;
use super::shared::{self, KeyArguments};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::key::{Key, KeySet};
use crate::manifest::Manifest;
use crate::place::Place;
use crate::report;
use crate::session::keys::{self, Wanted};
use crate::session::manifest::{self, Loaded};
use crate::session::revocations::{self, Lists};
use crate::session::ring::{self, Ring};
use crate::session::tokens::{self, Trim};
use crate::session::{Session, places};
use crate::state::revocations::Revocations;
use crate::time::Clock;
use crate::token::{self, Rules, Verdict};

pub(super) const MEMBERS: &[&str] = &["header", "claims", "times", "key", "checked", "not_checked"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token of yours",
        "mcpjwt issue --sub vscode1 | mcpjwt verify",
    ),
    (
        "as a server would that has its secret in a .env file",
        "mcpjwt verify \"$TOKEN\" --key dotenv:.env#JWT_SECRET --iss exai --aud https://mcp.example.com",
    ),
    (
        "against a published key set",
        "mcpjwt verify \"$TOKEN\" --jwks https://issuer.example/jwks.json",
    ),
    (
        "a file of tokens, a line each",
        "mcpjwt verify --batch < tokens.txt",
    ),
];

/// Judge a token, and say why it is refused
///
/// Checks signature, algorithm, times, the claims asked about, and whether it was revoked; tells
/// every one that fails. Without an argument the token is read from standard input.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A token, a place that holds one, or `-` for standard input
    #[arg(value_name = "TOKEN")]
    token: Option<String>,
    #[command(flatten)]
    key: KeyArguments,
    /// A JWK Set of public keys: a place or a URL
    #[arg(long, value_name = "PLACE|URL", conflicts_with = "key")]
    jwks: Option<String>,
    /// A place of previous keys, tried when the signature is not of the current one [default: the manifest's]
    #[arg(long, value_name = "PLACE")]
    previous: Option<String>,
    /// Allow only this algorithm; repeat for several [default: the manifest's, else the key's own]
    #[arg(long, value_name = "ALG")]
    alg: Vec<String>,
    /// Demand this issuer; repeat: any of them [default: `$MCPJWT_ISS`, else the manifest's]
    #[arg(long, value_name = "ISSUER")]
    iss: Vec<String>,
    /// Demand this audience; repeat: any of them [default: `$MCPJWT_AUD`, else the manifest's]
    #[arg(long, value_name = "AUDIENCE")]
    aud: Vec<String>,
    /// Demand this subject
    #[arg(long, value_name = "NAME")]
    sub: Option<String>,
    /// Demand this media type in the header, such as at+jwt
    #[arg(long, value_name = "TYPE")]
    typ: Option<String>,
    /// Demand this scope; repeat: all of them
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Demand this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Demand a claim: NAME=TEXT, or NAME:=JSON; repeat for several
    #[arg(long, value_name = "CLAIM")]
    expect: Vec<String>,
    /// Demand that a claim is there, besides `exp`; `none`: not even that
    #[arg(long, value_name = "CLAIM")]
    require: Vec<String>,
    /// Refuse tokens issued longer ago
    #[arg(long, value_name = "DURATION")]
    max_age: Option<String>,
    /// How far clocks may differ [default: 0s]
    #[arg(long, value_name = "DURATION")]
    leeway: Option<String>,
    /// Judge as of this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Check the signature alone; the payload may be anything
    #[arg(long)]
    signature_only: bool,
    /// Accept a key that is too short or published; for reading others' tokens
    #[arg(long)]
    allow_weak_key: bool,
    /// Insist on issuer and audience: both must be demanded
    #[arg(long)]
    strict: bool,
    /// Take the token byte by byte: do not take off white space, quotes or `Bearer`
    #[arg(long)]
    exact: bool,
    /// Judge a token a line; answer `ok` or the codes, a tab, and the subject
    #[arg(long)]
    batch: bool,
}

struct Settled {
    rules: Rules,
    keys: Keys,
    previous: Option<Place>,
    trim: Trim,
}

enum Keys {
    /// Ours: with the manifest's others where they are the manifest's.
    Wanted(Wanted, Option<Rc<Loaded>>),
    Jwks(Place),
    Url(String),
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    session.lines = arguments.batch.then_some(batch::MEMBERS);
    let mut settled = settle(arguments, session)?;
    if arguments.batch {
        return batch::run(arguments, settled, session);
    }
    let mut gather = Gather::default();
    let input = gather.take(tokens::one(
        arguments.token.as_deref(),
        settled.trim,
        session,
    ));
    if arguments.at.is_none() {
        settled.rules.now = session.host.facts.now;
    }
    let revoked = gather.take(revoked(&settled, session));
    let keys = gather.take(read_keys(&settled, session));
    gather.done()?;
    let (Some(input), Some(keys), Some(revoked)) = (input, keys, revoked) else {
        return Err(Error::new(Code::Internal, "input without a result").into());
    };
    let mut verdict = token::judge(input.token.expose(), &keys, &settled.rules);
    revoked.judge(&mut verdict);
    for warning in std::mem::take(&mut verdict.warnings) {
        session.warn(warning);
    }
    let outcome = outcome(&verdict);
    let clock = Clock {
        now: settled.rules.now,
        ..session.clock()
    };
    let findings = if outcome == Outcome::Done {
        Vec::new()
    } else {
        token::diagnose(input.token.expose(), &keys, &settled.rules, &verdict)
    };
    if session.json {
        let body = report::verdict_body(&verdict);
        let errors = report::verdict_errors(&verdict, &findings, clock);
        session.document(outcome, body, &errors)?;
    } else if outcome == Outcome::Done {
        let text = report::accepted(&verdict, clock, session.out);
        session.print(&text)?;
    } else {
        let text = report::refused(&verdict, &findings, clock, session.err);
        let text = session.repeating(&text);
        session.host.terminal.err(&text);
    }
    Ok(outcome)
}

/// What was revoked; of a signature alone nobody asks.
fn revoked(settled: &Settled, session: &mut Session<'_, '_>) -> Result<Revocations, Errors> {
    Ok(revocations::read(&lists(settled, session)?, session)?)
}

/// Where that stands.
fn lists(settled: &Settled, session: &mut Session<'_, '_>) -> Result<Lists, Errors> {
    if settled.rules.signature_only {
        return Ok(Lists::default());
    }
    let loaded = manifest::find(session)?;
    Ok(revocations::lists(loaded.as_deref(), session)?)
}

/// What the failing checks of a token come to.
fn outcome(verdict: &Verdict) -> Outcome {
    verdict
        .failures
        .iter()
        .map(|failure| failure.code.outcome())
        .max()
        .unwrap_or(Outcome::Done)
}

fn settle(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Settled, Errors> {
    let mut gather = Gather::default();
    let loaded = gather.take(manifest::find(session)).flatten();
    let wanted = wanted(arguments, loaded.as_ref(), session);
    let facts = &session.host.facts;
    let now = facts.now;
    let now = shared::instant("--at", arguments.at.as_deref(), now, &mut gather).unwrap_or(now);
    let mut rules = Rules::at(now);
    rules.leeway =
        shared::duration("--leeway", arguments.leeway.as_deref(), &mut gather).unwrap_or(0);
    rules.max_age = shared::duration("--max-age", arguments.max_age.as_deref(), &mut gather);
    rules.algs = arguments
        .alg
        .iter()
        .filter_map(|text| gather.take(shared::algorithm(text)))
        .collect();
    let first = |given: &[String], told: Option<String>, own: Vec<String>| match (given, told) {
        ([], Some(told)) => vec![told],
        ([], None) => own,
        (given, _) => given.to_vec(),
    };
    let (iss, aud) = manifest::told(facts);
    let own = loaded.as_ref().map(|loaded| &loaded.manifest);
    let issuers = own.and_then(|own| own.iss.clone()).into_iter().collect();
    rules.iss = first(&arguments.iss, iss, issuers);
    let audiences = own.map(Manifest::audiences).unwrap_or_default();
    rules.aud = first(&arguments.aud, aud, audiences);
    if rules.algs.is_empty() && arguments.jwks.is_none() {
        rules.algs.extend(own.and_then(|own| own.alg));
    }
    rules.sub.clone_from(&arguments.sub);
    rules.typ.clone_from(&arguments.typ);
    rules.scopes.clone_from(&arguments.scope);
    rules.role.clone_from(&arguments.role);
    rules.expect = arguments
        .expect
        .iter()
        .filter_map(|text| gather.take(shared::assignment("--expect", text)))
        .collect();
    if arguments.require.iter().any(|name| name == "none") {
        rules.require.clear();
    }
    for name in arguments.require.iter().filter(|name| *name != "none") {
        if !rules.require.contains(name) {
            rules.require.push(name.clone());
        }
    }
    rules.signature_only = arguments.signature_only;
    rules.allow_weak_key = arguments.allow_weak_key;
    if arguments.strict && (rules.iss.is_empty() || rules.aud.is_empty()) {
        gather.add(misuse(
            "`--strict` insists on issuer and audience",
            "add `--iss ISSUER --aud AUDIENCE`",
        ));
    }
    let wanted = gather.take(wanted);
    let (keys, previous) = wanted.map_or((None, None), |(keys, previous)| (Some(keys), previous));
    gather.done()?;
    let keys = keys.ok_or_else(|| Error::new(Code::Internal, "a key without a result"))?;
    let trim = if arguments.exact {
        Trim::Exact
    } else {
        Trim::Bare
    };
    Ok(Settled {
        rules,
        keys,
        previous,
        trim,
    })
}

/// Where the keys are, and the previous ones that are told.
fn wanted(
    arguments: &Arguments,
    loaded: Option<&Rc<Loaded>>,
    session: &mut Session<'_, '_>,
) -> Result<(Keys, Option<Place>), Errors> {
    let mut gather = Gather::default();
    let told = arguments
        .previous
        .as_deref()
        .and_then(|text| gather.take(shared::key_place(text)));
    // A key that is told is not the manifest's, and so has none of its past.
    let own = loaded.filter(|_| !arguments.key.is_told(session));
    let keys = match arguments.jwks.as_deref() {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            Some(Keys::Url(url.to_owned()))
        }
        Some(text) if !places::is_place(text) => {
            gather.add(misuse(
                &format!(
                    "`--jwks` takes a place or a URL, and these {} characters are neither",
                    text.chars().count()
                ),
                "`file:PATH` or `https://..`",
            ));
            None
        }
        Some(text) => gather.take(places::parse(text)).map(Keys::Jwks),
        None => gather
            .take(arguments.key.wanted(session))
            .map(|wanted| Keys::Wanted(wanted, own.cloned())),
    };
    gather.done()?;
    let keys = keys.ok_or_else(|| Error::new(Code::Internal, "a key without a result"))?;
    Ok((keys, told))
}

fn read_keys(settled: &Settled, session: &mut Session<'_, '_>) -> Result<KeySet, Errors> {
    let ring = match &settled.keys {
        Keys::Wanted(wanted, loaded) => ring::of(wanted, loaded.as_deref(), session)?,
        Keys::Jwks(place) => {
            let set = keys::require(&Wanted::Place(place.clone(), None), session)?;
            Ring {
                keys: public_only(set)?,
            }
        }
        Keys::Url(url) => {
            let body = session.host.network.get(url)?;
            let set = KeySet::read(&crate::secret::Secret::new(body), None)?;
            Ring {
                keys: public_only(set)?,
            }
        }
    };
    let encoding = match &settled.keys {
        Keys::Wanted(wanted, _) => ring::encoding(wanted),
        _ => None,
    };
    let ring = match &settled.previous {
        Some(place) => ring.with_previous(place, encoding, session)?,
        None => ring,
    };
    Ok(ring.keys)
}

/// The files in which these keys stand, or which say where. What can be had only once is not asked
/// for again for the sake of other keys.
fn key_files(settled: &Settled, session: &mut Session<'_, '_>) -> Vec<PathBuf> {
    let mut places: Vec<Place> = settled.previous.iter().cloned().collect();
    let mut files = match &settled.keys {
        Keys::Wanted(Wanted::Ask(_) | Wanted::Place(Place::Std, _), _) => return Vec::new(),
        Keys::Wanted(wanted, _) => keys::files(wanted, session),
        Keys::Jwks(place) => keys::file(place, session).into_iter().collect(),
        Keys::Url(_) => Vec::new(),
    };
    if let Keys::Wanted(_, Some(loaded)) = &settled.keys {
        files.push(loaded.path.clone());
        let slots = [loaded.previous(session), loaded.next(session)];
        places.extend(slots.into_iter().filter_map(|slot| slot.ok().flatten()));
    }
    let others = places.iter().filter_map(|place| keys::file(place, session));
    files.extend(others);
    files
}

/// The same as things are now: a rotation writes into the manifest, too.
fn settle_again(
    (arguments, settled): (&Arguments, &Settled),
    session: &mut Session<'_, '_>,
) -> Result<Settled, Errors> {
    if let Keys::Wanted(_, Some(loaded)) = &settled.keys {
        manifest::again(loaded, session)?;
    }
    settle(arguments, session)
}

/// A published set that holds a secret or a private key is none: everybody can sign with it.
fn public_only(set: KeySet) -> Result<KeySet, Error> {
    if set.is_lone() && set.keys.iter().any(|key| key.secret_bytes().is_some()) {
        return Err(
            Error::new(Code::KeyInvalid, "what `--jwks` names is no JWK Set")
                .hint("it is a JSON object with a list `keys`; for a secret use `--key PLACE`"),
        );
    }
    let gives_away = |key: &Key| key.secret_bytes().is_some() || key.can_sign();
    if set.keys.iter().any(gives_away) {
        return Err(Error::new(
            Code::KeyUnusable,
            "the JWK Set holds a secret or a private key, which a published set never may",
        )
        .hint("to check with a key of your own, use `--key PLACE`"));
    }
    Ok(set)
}
