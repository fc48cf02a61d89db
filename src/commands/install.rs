//! `mcpjwt install`: put a token where its client reads it. A *change*: settle the arguments,
//! read the token and the places, decide, then write and record.

use super::entry::{self, EntryArguments};
use super::{misuse, shared};
use crate::client::{Mode, Wish};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::host::Held;
use crate::json::Json;
use crate::place::Place;
use crate::report::{self, shell_words};
use crate::secret::Secret;
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Edit, Replace, Way};
use crate::session::target::{self, Target};
use crate::session::tokens::{self, Trim};
use crate::session::{Session, helper, sync};
use crate::state::ledger::{Event, Record};
use crate::token::{self, Claims};

pub(super) const MEMBERS: &[&str] = &["sub", "places"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a token from standard input, into an entry of Cursor's config",
        "mcpjwt install --to cursor/exai < token.txt",
    ),
    (
        "into a new entry, for a server at a URL",
        "mcpjwt install file:token.txt --to vscode:project/exai --url https://mcp.example.com/mcp",
    ),
    (
        "a token that is no JWT, into a header of another name",
        "mcpjwt install file:key.txt --opaque --to claude-code/search --header X-Api-Key",
    ),
];

/// Put a token where its client reads it
///
/// Exactly one value of the file changes. A value there that is no token stays, unless `--force`
/// is given. What was made for the token is remembered, and `mcpjwt uninstall` takes it out.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The token, a place that holds it, or `-` [default: a piped standard input]
    #[arg(value_name = "TOKEN")]
    token: Option<String>,
    /// The place to write it to; repeat for several
    #[arg(long, value_name = "PLACE", required = true)]
    to: Vec<String>,
    /// The variable of a server entry that carries the token
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    #[command(flatten)]
    entry: EntryArguments,
    /// Take a token that is no JWT
    #[arg(long)]
    opaque: bool,
    /// Replace whatever a place holds, and write into files that git has
    #[arg(long)]
    force: bool,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
    /// Show what would be written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let to: Vec<Place> = arguments
        .to
        .iter()
        .filter_map(|text| gather.take(shared::destination(text)))
        .collect();
    if to.contains(&Place::Std) {
        gather.add(misuse(
            "a token is not installed on standard output",
            "name a place, such as `--to CLIENT/SERVER`",
        ));
    }
    let wish = gather.take(arguments.entry.wish(arguments.env.as_deref(), &to));
    gather.done()?;
    let wish = wish.unwrap_or_default();

    let targets = targets(&to, (arguments.entry.mode(), &wish), session)?;
    let (_held, token, mut record) = if targets.iter().any(Target::takes_token) {
        token(arguments, &to, session)?
    } else {
        let held = lock(arguments, &to, session)?;
        let record = Record::new(Event::Installed, session.host.facts.now);
        (held, Secret::from(""), record)
    };
    let replace = if arguments.force {
        Replace::Anything
    } else {
        Replace::Tokens
    };
    let edits = target::decide(&targets, &token, replace, session)?;
    entry::guard(&edits, Way::Install, replace, session)?;
    if arguments.dry_run {
        return show(&edits, &record, session);
    }
    let recorded = !arguments.no_record && edits.iter().any(|edit| !edit.is_done());
    if recorded {
        ledger::ready(session)?;
    }
    let (done, written) = places::write(&edits, session);
    let mut gather = Gather::default();
    gather.take(written);
    if recorded && !done.is_empty() {
        if arguments.opaque {
            record.seals = gather
                .take(ledger::seals(&done, session))
                .unwrap_or_default();
        }
        let lines = ledger::arrived(vec![record.clone()], &done);
        gather.take(ledger::append(&lines, Kept::Written, session));
    }
    match gather.done() {
        Ok(()) => answer((&targets, &edits), &record, session),
        // What was done is told too: the document has the places that got the token.
        Err(errors) if session.json && !done.is_empty() => {
            let places = done.iter().map(|one| one.lasting.to_string()).collect();
            document(places, &record, errors.as_slice(), session)?;
            Ok(errors.outcome())
        }
        Err(errors) => Err(errors),
    }
}

/// The token and what the ledger keeps of it, and the lock under which it is installed.
fn token(
    arguments: &Arguments,
    to: &[Place],
    session: &mut Session<'_, '_>,
) -> Result<(Option<Held>, Secret, Record), Errors> {
    // What a command or a pipe gives may wait for us, so that is read without a lock.
    let mut held = lock(arguments, &source(arguments), session)?;
    let input = tokens::one(arguments.token.as_deref(), Trim::Bare, session)?;
    if input.place.is_none() && input.token.is_empty() {
        return Err(tokens::nothing().into());
    }
    let record = about(&input.token, arguments, session)?;
    if held.is_none() {
        held = lock(arguments, to, session)?;
    }
    Ok((held, input.token, record))
}

/// The place that the token is read from.
fn source(arguments: &Arguments) -> Vec<Place> {
    let text = arguments.token.iter().filter(|text| places::is_place(text));
    text.flat_map(|text| places::parse(text)).collect()
}

/// Keeps runs away that are at work on a manifest with tokens there too.
fn lock(
    arguments: &Arguments,
    around: &[Place],
    session: &mut Session<'_, '_>,
) -> Result<Option<Held>, Errors> {
    if arguments.dry_run {
        return Ok(None);
    }
    sync::lock_around(around, session)
}

/// What goes where.
fn targets(
    to: &[Place],
    (mode, wish): (Mode, &Wish),
    session: &mut Session<'_, '_>,
) -> Result<Vec<Target>, Errors> {
    let mut gather = Gather::default();
    let mut all = Vec::new();
    for place in to {
        let means = gather.take(helper::means(mode, place, (wish, None), session));
        if let Some(means) = means {
            let targets = Target::of(place, wish, &means, session);
            all.extend(gather.take(targets).unwrap_or_default());
        }
    }
    gather.done()?;
    Ok(all)
}

/// What the ledger keeps of a token; of an opaque one that there is one.
fn about(
    secret: &Secret,
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Record, Error> {
    let now = session.host.facts.now;
    if arguments.opaque {
        sound(secret)?;
        return Ok(Record::new(Event::Installed, now));
    }
    let peek = token::peek(secret.expose());
    let claims = peek.claims.and_then(Claims::from_json);
    let Some(claims) =
        claims.filter(|_| peek.parts == 3 && peek.signature && peek.header.is_some())
    else {
        let length = secret.expose_str().map_or(0, |text| text.chars().count());
        let what = match peek.sub {
            Some(sub) => format!("the token of `{}` is not whole", report::escape(&sub)),
            None => format!("these {length} characters are no JWT"),
        };
        return Err(
            Error::new(Code::Malformed, format!("cannot install: {what}")).hint(
                "`mcpjwt decode -` shows what is in it; a token that is no JWT needs `--opaque`",
            ),
        );
    };
    let kid = peek.header.as_ref().and_then(|header| header.get("kid"));
    let kid = kid.and_then(Json::as_str).unwrap_or_default();
    let record = Record::of(Event::Installed, now, &claims, kid);
    if let Some(exp) = record.exp.filter(|exp| *exp <= now) {
        let when = session.clock().full(exp);
        session.warn(
            Error::new(Code::Expired, format!("this token expired {when}")).hint(format!(
                "mint a new one with `{}`",
                minting(arguments, &record.sub)
            )),
        );
    }
    Ok(record)
}

/// The command that mints a token for these places.
fn minting(arguments: &Arguments, sub: &str) -> String {
    let sub = if sub.is_empty() { "NAME" } else { sub };
    let mut words = ["mcpjwt", "issue", "--sub", sub]
        .map(str::to_owned)
        .to_vec();
    for to in &arguments.to {
        words.extend(["--to".to_owned(), to.clone()]);
    }
    // What makes an entry has made it then.
    let keys = arguments.entry.keys(arguments.env.as_deref());
    for (key, value) in keys {
        if let ("mode" | "env" | "header", Some(value)) = (&*key, value.as_str()) {
            words.extend([format!("--{key}"), value.to_owned()]);
        }
    }
    shell_words(&words)
}

/// Refuses what no header or variable can hold.
fn sound(opaque: &Secret) -> Result<(), Error> {
    let what = match opaque.expose_str() {
        Some("") => "it is empty",
        Some(text) if !text.chars().any(char::is_control) => return Ok(()),
        _ => "it is no text of one line",
    };
    Err(Error::usage(format!("cannot install the token: {what}"))
        .hint("give one line of text, or a place such as `file:PATH` that holds one"))
}

fn show(edits: &[Edit], record: &Record, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        document(lasting(edits)?, record, &[], session)?;
        return Ok(Outcome::Done);
    }
    let mut text = String::new();
    for edit in edits {
        text.push_str(&edit.shown());
    }
    session.host.terminal.err(&text);
    Ok(Outcome::Done)
}

fn answer(
    (targets, edits): (&[Target], &[Edit]),
    record: &Record,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        document(lasting(edits)?, record, &[], session)?;
        return Ok(Outcome::Done);
    }
    let until = record.exp.map_or_else(String::new, |exp| {
        format!(", good until {}", session.clock().full(exp))
    });
    for (target, edit) in targets.iter().zip(edits) {
        let place = &edit.place;
        session.note(&match (edit.is_done(), &record.sub[..]) {
            (true, _) if !target.takes_token() => format!("`{place}` is so already"),
            (false, _) if !target.takes_token() => target.told("", ""),
            (true, "") => format!("`{place}` has the token already"),
            (true, sub) => format!("`{place}` has the token of `{sub}` already{until}"),
            (false, "") => format!("wrote the token to `{place}`"),
            (false, sub) => format!("wrote the token of `{sub}` to `{place}`{until}"),
        });
    }
    Ok(Outcome::Done)
}

fn lasting(edits: &[Edit]) -> Result<Vec<String>, Error> {
    let place = |edit: &Edit| Ok(edit.lasting()?.to_string());
    edits.iter().map(place).collect()
}

fn document(
    places: Vec<String>,
    record: &Record,
    errors: &[Error],
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let outcome = match errors {
        [] => Outcome::Done,
        _ => Outcome::CouldNot,
    };
    let body = vec![
        ("sub", record.sub.as_str().into()),
        ("places", places.into()),
    ];
    session.document(outcome, body, errors)
}
