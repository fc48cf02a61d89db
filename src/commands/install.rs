//! `mcpjwt install`: put a token where its client reads it. A *change*: settle the arguments,
//! read the token and the places, decide, then write and record.

use super::entry::EntryArguments;
use super::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::place::Place;
use crate::report;
use crate::session::Session;
use crate::session::ledger::{self, Kept};
use crate::session::places::{self, Edit, Replace};
use crate::session::tokens::{self, Trim};
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

    let input = tokens::one(arguments.token.as_deref(), Trim::Bare, session)?;
    let record = about(&input.token, arguments.opaque, session)?;
    let replace = if arguments.force {
        Replace::Anything
    } else {
        Replace::Tokens
    };
    let mut gather = Gather::default();
    let edits: Vec<Edit> = to
        .iter()
        .filter_map(|place| {
            let value = input.token.duplicate();
            gather.take(places::decide_entry(
                place,
                value,
                (replace, &wish),
                session,
            ))
        })
        .collect();
    gather.done()?;
    if !arguments.force {
        places::guard(&edits, session)?;
    }
    if arguments.dry_run {
        return show(&edits, &record, session);
    }
    let (done, written) = places::write(&edits, session);
    let mut gather = Gather::default();
    gather.take(written);
    let fresh = edits.iter().any(|edit| !edit.is_done());
    if !arguments.no_record && fresh && !done.is_empty() {
        let line = ledger::installed(record.clone(), &done);
        gather.take(ledger::append(&[line], Kept::Written, session));
    }
    gather.done()?;
    answer(&edits, &record, session)
}

/// What the ledger keeps of a token; of an opaque one that there is one.
fn about(
    secret: &crate::secret::Secret,
    opaque: bool,
    session: &mut Session<'_, '_>,
) -> Result<Record, Error> {
    let now = session.host.facts.now;
    let mut record = Record::new(Event::Installed, now);
    if opaque {
        return Ok(record);
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
                "`mcpjwt decode` shows what is in it; a token that is no JWT needs `--opaque`",
            ),
        );
    };
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    record.jti = text("jti");
    record.sub = text("sub");
    record.iss = text("iss");
    record.aud = claims
        .audiences()
        .iter()
        .map(|aud| (*aud).to_owned())
        .collect();
    let kid = peek.header.as_ref().and_then(|header| header.get("kid"));
    record.kid = kid.and_then(Json::as_str).unwrap_or_default().into();
    record.iat = claims.time("iat").map_or(0, token::NumericDate::seconds_up);
    record.exp = claims.time("exp").map(token::NumericDate::seconds_up);
    if let Some(exp) = record.exp.filter(|exp| *exp <= now) {
        let when = session.clock().full(exp);
        session.warn(
            Error::new(Code::Expired, format!("this token expired {when}"))
                .hint("mint a new one with `mcpjwt issue`"),
        );
    }
    Ok(record)
}

fn show(edits: &[Edit], record: &Record, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        return document(edits, record, session);
    }
    let mut text = String::new();
    for edit in edits {
        text.push_str(&edit.shown());
    }
    session.host.terminal.err(&text);
    Ok(Outcome::Done)
}

fn answer(
    edits: &[Edit],
    record: &Record,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        return document(edits, record, session);
    }
    let whose = match &record.sub[..] {
        "" => "the token".to_owned(),
        sub => format!("the token of `{sub}`"),
    };
    let until = record.exp.map_or_else(String::new, |exp| {
        format!(", good until {}", session.clock().full(exp))
    });
    for edit in edits {
        let place = &edit.place;
        session.note(&if edit.is_done() {
            format!("`{place}` has {whose} already{until}")
        } else {
            format!("wrote {whose} to `{place}`{until}")
        });
    }
    Ok(Outcome::Done)
}

fn document(
    edits: &[Edit],
    record: &Record,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let mut places = Vec::new();
    for edit in edits {
        places.push(edit.lasting()?.to_string());
    }
    let body = vec![
        ("sub", record.sub.as_str().into()),
        ("places", places.into()),
    ];
    session.document(Outcome::Done, body, &[])?;
    Ok(Outcome::Done)
}
