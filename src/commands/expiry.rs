//! `mcpjwt expiry`: when tokens expire. Needs no key: a claim is read, not believed.

use std::path::Path;

use super::shared;
use crate::client::Mode;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::place::Place;
use crate::report::{self, Due};
use crate::session::configs::Configs;
use crate::session::manifest::{self, Loaded};
use crate::session::tokens::{self, Input, Trim};
use crate::session::{Session, helper, ledger, places, wanted};
use crate::time;
use crate::token::{self, Claims, Standing};

pub(super) const MEMBERS: &[&str] = &["tokens"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("every token that was put into a place", "mcpjwt expiry"),
    (
        "in CI: fail when one expires within a week",
        "mcpjwt expiry dotenv:.env#MCP_TOKEN --within 7d",
    ),
];

/// Say when tokens expire
///
/// Without an argument: every place that the manifest has for a token; without a manifest every
/// place that one was put into, as the ledger knows them.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Tokens, or places that hold one
    #[arg(value_name = "TOKEN|PLACE")]
    tokens: Vec<String>,
    /// Exit with 3 when one expires within this time
    #[arg(long, value_name = "DURATION")]
    within: Option<String>,
    /// Refuse a token without `exp`
    #[arg(long)]
    require_exp: bool,
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

    let (inputs, mut errors) = read(&arguments.tokens, session)?;
    let mut dues = Vec::with_capacity(inputs.len());
    for input in &inputs {
        match due(input, (clock.now, within), arguments.require_exp) {
            Ok(due) => dues.push(due),
            Err(error) => errors.push(error),
        }
    }
    let worst = |due: &Due| match due.standing {
        Standing::Expired | Standing::Ending => Outcome::Expired,
        Standing::Good | Standing::Early | Standing::Endless => Outcome::Done,
    };
    let outcome = dues
        .iter()
        .map(worst)
        .chain(errors.iter().map(|error| error.code.outcome()))
        .max()
        .unwrap_or(Outcome::Done);
    if session.json {
        errors.extend(dues.iter().filter_map(|due| report::due_error(due, clock)));
        let tokens: Vec<Json> = dues.iter().map(|due| described(due, clock.now)).collect();
        session.document(outcome, vec![("tokens", Json::Array(tokens))], &errors)?;
        return Ok(outcome);
    }
    let text = report::dues(&dues, clock, session.out);
    session.print(&text)?;
    let mut gather = Gather::default();
    for error in errors {
        gather.add(error);
    }
    if let Err(errors) = gather.done() {
        session.refuse(&errors, MEMBERS);
    }
    Ok(outcome)
}

/// The tokens asked about, and what could not be read of them.
pub(super) fn read(
    arguments: &[String],
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Input>, Vec<Error>), Errors> {
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for text in arguments {
        match tokens::from_argument(text, Trim::Bare, session) {
            Ok(input) => inputs.push(input),
            Err(error) => errors.push(error),
        }
    }
    if !arguments.is_empty() {
        return Ok((inputs, errors));
    }
    if let Some(loaded) = manifest::find(session)?
        && !loaded.manifest.tokens.is_empty()
    {
        return Ok(of_manifest(&loaded, session));
    }
    let ledger = ledger::read(&mut |it| it.is_of_places(), session)?;
    let places = ledger.installed();
    if places.is_empty() {
        return Err(Error::new(
            Code::PlaceMissing,
            "there is no token to look at: none was put into a place yet",
        )
        .hint("give a token, a place, or `-` for standard input")
        .into());
    }
    let configs = Configs::of(session);
    for one in places {
        // What stands for a token has no end of its own.
        if one.record.refers.contains_key(one.place) {
            continue;
        }
        let place = match places::parse(one.place) {
            Ok(place) => place,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let shown = configs.shortest(&place, session).to_string();
        match tokens::at_place(&place, Trim::Bare, session) {
            Ok(input) => inputs.push(shown_as(input, shown)),
            // Somebody took it away, which is no trouble of the tokens that are left.
            Err(error) if error.code == Code::PlaceMissing => {
                session.note(&format!(
                    "note: nothing is at `{shown}`, where a token was put once"
                ));
            }
            Err(error) => errors.push(error),
        }
    }
    Ok((inputs, errors))
}

/// The tokens of a manifest, but those that are made when they are used.
fn of_manifest(loaded: &Loaded, session: &mut Session<'_, '_>) -> (Vec<Input>, Vec<Error>) {
    let (all, mut errors) = wanted::places(loaded, session);
    let configs = Configs::of(session);
    let mut inputs = Vec::new();
    let mut is_hinted = false;
    for one in all {
        let (whole, shown) = (
            one.place.to_string(),
            configs.shortest(&one.place, session).to_string(),
        );
        let place = match one.to.mode {
            None | Some(Mode::Literal) => Ok(one.place),
            Some(Mode::File) => helper::token_file(&one.place, session)
                .map(|path| Place::File(path.to_string_lossy().into_owned())),
            Some(Mode::Helper | Mode::Env | Mode::Input | Mode::Exec) => continue,
        };
        let input = place.and_then(|place| {
            if let Some(path) = place.path() {
                session.host.files.require_plain(Path::new(path))?;
            }
            tokens::at_place(&place, Trim::Bare, session)
        });
        match input {
            Ok(input) if !input.token.expose().is_empty() => inputs.push(shown_as(input, shown)),
            Err(error) if error.code != Code::PlaceMissing => errors.push(error),
            Ok(_) | Err(_) => {
                let message = format!("there is no token at `{shown}` yet");
                let mut error = Error::new(Code::PlaceMissing, message).at(whole);
                // What to do about all of them is said once.
                if !std::mem::replace(&mut is_hinted, true) {
                    error =
                        error.hint("put all that are missing into their places with `mcpjwt sync`");
                }
                errors.push(error);
            }
        }
    }
    (inputs, errors)
}

fn shown_as(input: Input, shown: String) -> Input {
    let shown = Some(shown);
    Input { shown, ..input }
}

fn due(input: &Input, (now, within): (i64, i64), require_exp: bool) -> Result<Due, Error> {
    let place = input.place.as_ref().map(ToString::to_string);
    let about = |error: Error| match &place {
        Some(place) => error.at(place.clone()),
        None => error,
    };
    let whose = input
        .shown
        .as_ref()
        .map_or("this token".to_owned(), |shown| {
            format!("the token at `{shown}`")
        });
    let peek = token::peek(input.token.expose());
    let sub = peek.sub.clone();
    if peek.too_large {
        let most = token::MAX_BYTES;
        let message = format!("{whose} is longer than {most} bytes");
        return Err(about(Error::new(Code::TooLarge, message)));
    }
    if peek.header.is_none() {
        return Err(about(Error::new(
            Code::Malformed,
            format!("{whose} cannot be read: its first part is no header"),
        )));
    }
    if peek.parts != 3 || !peek.signature {
        let whose = match &sub {
            Some(sub) => format!("{whose}, of `{}`,", report::escape(sub)),
            None => whose,
        };
        return Err(about(
            Error::new(
                Code::Malformed,
                format!("{whose} is not whole: its signature is missing"),
            )
            .hint("mint a new one with `mcpjwt issue --sub NAME`"),
        ));
    }
    let Some(claims) = peek.claims.and_then(Claims::from_json) else {
        return Err(about(Error::new(
            Code::Malformed,
            format!("{whose} cannot be read: its payload is damaged"),
        )));
    };
    let timed = |name: &str| match (claims.get(name), claims.time(name)) {
        (Some(_), None) => Err(about(
            Error::new(
                Code::ClaimType,
                format!("`{name}` of {whose} is no time in seconds"),
            )
            .claim(name),
        )),
        (_, time) => Ok(time.map(token::NumericDate::seconds_up)),
    };
    let (nbf, exp) = (timed("nbf")?, timed("exp")?);
    if exp.is_none() && require_exp {
        return Err(about(
            Error::new(
                Code::ClaimMissing,
                format!("{whose} has no `exp`: it never expires"),
            )
            .claim("exp"),
        ));
    }
    Ok(Due {
        sub,
        place,
        shown: input.shown.clone(),
        nbf,
        exp,
        standing: token::standing(nbf, exp, now, within),
    })
}

fn described(due: &Due, now: i64) -> Json {
    Json::object([
        ("sub", due.sub.clone().into()),
        ("place", due.place.clone().into()),
        ("exp", due.exp.into()),
        ("expires", due.exp.map(time::rfc3339).into()),
        ("seconds_left", due.exp.map(|exp| exp - now).into()),
        ("standing", due.standing.name().into()),
    ])
}
