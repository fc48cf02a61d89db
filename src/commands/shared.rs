//! Options that several commands share, and how their values are read.

use clap::{Arg, ArgAction};

use super::misuse;
use crate::error::{Code, Error, Errors, Gather};
use crate::json::Json;
use crate::key::{Algorithm, Encoding, KeySet};
use crate::place;
use crate::session::Session;
use crate::session::keys::{self, Wanted};
use crate::session::manifest;
use crate::session::places;
use crate::session::ring;
use crate::time::{self, Clock};

/// The options of every command.
pub(super) fn global() -> [Arg; 5] {
    [
        Arg::new("manifest")
            .long("manifest")
            .short('m')
            .global(true)
            .display_order(898)
            .value_name("PATH")
            .help("Use this manifest, or the one of that name in the config folder"),
        Arg::new("no-manifest")
            .long("no-manifest")
            .global(true)
            .display_order(899)
            .action(ArgAction::SetTrue)
            .conflicts_with("manifest")
            .help("Look for no manifest"),
        Arg::new("json")
            .long("json")
            .global(true)
            .display_order(900)
            .action(ArgAction::SetTrue)
            .help("Answer with one JSON document"),
        Arg::new("quiet")
            .long("quiet")
            .short('q')
            .global(true)
            .display_order(901)
            .action(ArgAction::SetTrue)
            .help("Leave out notes, not warnings and errors"),
        Arg::new("color")
            .long("color")
            .global(true)
            .display_order(902)
            .value_name("WHEN")
            .value_parser(["auto", "always", "never"])
            .hide_possible_values(true)
            .help("Use colours: auto, always or never"),
    ]
}

/// Which key.
#[derive(Debug, Default, clap::Args)]
pub(super) struct KeyArguments {
    /// Where the key is: a place, or `ask` for a hidden prompt [default: `$MCPJWT_KEY`, else the manifest's, else your own store]
    #[arg(long, value_name = "PLACE")]
    pub(super) key: Option<String>,
    /// Read the text of a secret as hex, base64 or base64url instead of as it is
    #[arg(long, value_name = "ENCODING")]
    pub(super) key_encoding: Option<String>,
}

impl KeyArguments {
    /// The key asked for by flag or environment, else that of the manifest, else the store.
    pub(super) fn wanted(&self, session: &mut Session<'_, '_>) -> Result<Wanted, Errors> {
        let env = session.host.facts.env("MCPJWT_KEY").map(str::to_owned);
        self.first_of(env.as_deref(), session)
    }

    /// The key asked for by flag, else that of the manifest; the environment has a say only where
    /// there is none.
    pub(super) fn wanted_here(&self, session: &mut Session<'_, '_>) -> Result<Wanted, Errors> {
        if self.key.is_none() && manifest::find(session)?.is_some() {
            return self.first_of(None, session);
        }
        self.wanted(session)
    }

    /// Whether the command line or the environment names the key.
    pub(super) fn is_told(&self, session: &Session<'_, '_>) -> bool {
        self.key.is_some() || session.host.facts.env("MCPJWT_KEY").is_some()
    }

    /// All keys: those asked for, and where they are the manifest's its previous and staged ones.
    pub(super) fn ring(&self, session: &mut Session<'_, '_>) -> Result<KeySet, Errors> {
        let wanted = self.wanted(session)?;
        // A key that is told is not the manifest's, and so has none of its past.
        let loaded = if self.is_told(session) {
            None
        } else {
            manifest::find(session)?
        };
        Ok(ring::of(&wanted, loaded.as_deref(), session)?.keys)
    }

    fn first_of(&self, env: Option<&str>, session: &mut Session<'_, '_>) -> Result<Wanted, Errors> {
        let encoding = self.key_encoding.as_deref().map(encoding).transpose()?;
        match self.key.as_deref().or(env) {
            Some("ask") => return Ok(Wanted::Ask(encoding)),
            Some(text) => return Ok(Wanted::Place(key_place(text)?, encoding)),
            None => {}
        }
        let Some(loaded) = manifest::find(session)? else {
            return Ok(Wanted::Store(keys::DEFAULT.to_owned()));
        };
        Ok(match loaded.key(session)? {
            Wanted::Place(place, own) => Wanted::Place(place, encoding.or(own)),
            other => other,
        })
    }
}

/// A place of a key; what is no place may be a secret and is not repeated.
pub(super) fn key_place(text: &str) -> Result<place::Place, Error> {
    key_place_of("--key", text)
}

/// The same for another option.
pub(super) fn key_place_of(option: &str, text: &str) -> Result<place::Place, Error> {
    if !places::is_place(text) {
        return Err(Error::usage(format!(
            "the key is no place, but {} characters of something else; a secret does not belong on the command line",
            text.chars().count()
        ))
        .hint(format!("put it into a file and give `file:PATH`, or a variable and `env:NAME`, or type it with `{option} ask`")));
    }
    places::parse(text)
}

/// `--to` of one key: a place that can be written.
pub(super) fn destination(text: &str) -> Result<place::Place, Error> {
    place_of("--to", text)
}

/// `--to` of a set of public keys: no client reads one from a server entry, and a variable of a
/// `.env` file cannot hold one.
pub(super) fn public_destination(text: &str) -> Result<place::Place, Error> {
    use place::Place::{Dotenv, Entry, Mcp};
    const TAKEN: &str = "`file:PATH`, `json:PATH#/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT` or `-`";
    if !places::is_place(text) {
        return Err(no_place("--to", text, TAKEN));
    }
    let place = places::parse(text)?;
    let hint = format!("write to {TAKEN}");
    if matches!(place, Entry { .. } | Mcp { .. } | Dotenv { .. }) {
        let message = format!("`{place}` is no place for a set of public keys");
        return Err(misuse(&message, &hint));
    }
    places::writable(&place).map_err(|error| error.hint(hint))?;
    Ok(place)
}

/// A place to change, as `taker` was given it.
pub(super) fn place_of(taker: &str, text: &str) -> Result<place::Place, Error> {
    if !places::is_place(text) {
        let end = text.find([':', '/']);
        let name = end.map(|end| &text[..end]);
        let alone = Some(text).filter(|text| places::is_client(text));
        let near = alone.or_else(|| name.and_then(places::nearest_client));
        let hint = near.map_or_else(
            || "`CLIENT/SERVER` (see `mcpjwt clients`), `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/pointer`, `keyring:SERVICE/ACCOUNT` or `-`".to_owned(),
            |near| format!("did you mean `{near}/SERVER`?"),
        );
        return Err(no_place(taker, text, &hint));
    }
    let place = places::parse(text)?;
    places::writable(&place)?;
    Ok(place)
}

fn no_place(taker: &str, text: &str, hint: &str) -> Error {
    let count = text.chars().count();
    let message = format!("`{taker}` takes a place, and these {count} characters are none");
    misuse(&message, hint)
}

/// `--key-encoding`.
pub(super) fn encoding(text: &str) -> Result<Encoding, Error> {
    Encoding::from_name(text).ok_or_else(|| {
        Error::usage("there is no such encoding").hint("`hex`, `base64` or `base64url`")
    })
}

/// `--alg`.
pub(super) fn algorithm(text: &str) -> Result<Algorithm, Error> {
    Algorithm::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = Algorithm::ALL.iter().map(|alg| alg.name()).collect();
        let exact = Algorithm::ALL
            .iter()
            .find(|alg| alg.name().eq_ignore_ascii_case(text));
        let error = Error::usage("there is no such algorithm");
        match exact {
            Some(alg) => error.hint(format!(
                "did you mean `{}`? names are case-sensitive",
                alg.name()
            )),
            None => error.hint(format!("one of {}", names.join(" "))),
        }
    })
}

/// `--alg` where it may be left out.
pub(super) fn optional_algorithm(text: Option<&str>) -> Result<Option<Algorithm>, Error> {
    text.map(algorithm).transpose()
}

/// A duration option.
pub(super) fn duration(option: &str, text: Option<&str>, gather: &mut Gather) -> Option<i64> {
    text.and_then(|text| {
        gather.take(time::parse_duration(text).map_err(|error| named(option, error)))
    })
}

/// An instant option.
pub(super) fn instant(
    option: &str,
    text: Option<&str>,
    now: i64,
    gather: &mut Gather,
) -> Option<i64> {
    text.and_then(|text| {
        gather.take(time::parse_instant(text, now).map_err(|error| named(option, error)))
    })
}

/// An option whose value is the empty text.
pub(super) fn empty(option: &str) -> Error {
    misuse(
        &format!("`{option}` is empty"),
        "leave it out, or give it a value",
    )
}

/// The same error, saying which option it is about.
pub(super) fn named(option: &str, error: Error) -> Error {
    Error {
        message: format!("`{option}`: {}", error.message),
        ..error
    }
}

/// `k=v` is a string, `k:=json` any JSON.
pub(super) fn assignment(option: &str, text: &str) -> Result<(String, Json), Error> {
    let shape = || {
        Error::usage(format!("`{option}` takes `NAME=TEXT` or `NAME:=JSON`")).hint(format!(
            "such as `{option} team=search` or `{option} 'limits:={{\"rpm\":60}}'`"
        ))
    };
    let (name, value) = text.split_once('=').ok_or_else(shape)?;
    let (name, value) = match name.strip_suffix(':') {
        Some(name) => {
            let json = Json::parse(value.as_bytes()).map_err(|error| {
                Error::new(
                    Code::Usage,
                    format!("`{option} {name}:=` is not valid JSON: {error}"),
                )
                .hint(format!(
                    "for text leave out the colon: `{option} {name}=..`"
                ))
            })?;
            (name, json)
        }
        None => (name, Json::from(value)),
    };
    if name.is_empty() {
        return Err(shape());
    }
    Ok((name.to_owned(), value))
}

/// The clock of a run that tells times as of `--at`.
pub(super) fn clock(at: Option<&str>, session: &Session<'_, '_>) -> Result<Clock, Errors> {
    let clock = session.clock();
    let mut gather = Gather::default();
    let now = instant("--at", at, clock.now, &mut gather).unwrap_or(clock.now);
    gather.done()?;
    Ok(Clock { now, ..clock })
}
