//! The arguments of `issue`, found sound before anything is read: all that is wrong is told at once.

use super::Arguments;
use super::mint::Minted;
use crate::client::{Mode, Wish};
use crate::commands::claims::{self, Start, When};
use crate::commands::entry::is_entry;
use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::manifest::TTL;
use crate::place::Place;
use crate::session::Session;
use crate::session::manifest::{self, Loaded};
use crate::session::mint::Choice;
use crate::token;

/// How long a token on standard output lasts.
const TTL_OUTPUT: i64 = 24 * 3600;

/// The arguments after they were found sound.
pub(super) struct Settled {
    pub(super) claims: claims::Settled,
    pub(super) choice: Choice,
    pub(super) refresh_ttl: Option<i64>,
    pub(super) to: Vec<Place>,
    pub(super) layout: Layout,
    /// What is wished for server entries.
    pub(super) wish: Wish,
    /// How the token gets to their servers.
    pub(super) mode: Mode,
    /// The name of the token in the manifest, where it is one of it.
    pub(super) named: Option<String>,
}

impl Settled {
    /// The places besides standard output.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.to.iter().filter(|place| **place != Place::Std)
    }
}

impl Settled {
    /// Puts these places, as the ledger keeps them, into the records: where in a file of more
    /// than the bare token the token is, so that it is found again.
    pub(super) fn record_places(&self, minted: &mut [Minted], places: &[Place]) {
        for one in minted {
            let members = ["access_token", "refresh_token"];
            for (record, member) in one.records.iter_mut().zip(members) {
                record.places = self.recorded(places, member);
            }
        }
    }

    /// `member` is the one of a pair's JSON that holds the token.
    fn recorded(&self, places: &[Place], member: &str) -> Vec<String> {
        let recorded = |place: &Place| {
            match (place, &self.layout, self.refresh_ttl) {
                (Place::File(path), _, Some(_)) => Place::Json {
                    path: path.clone(),
                    pointer: format!("/{member}"),
                },
                (Place::File(path), Layout::Env(name), None) => Place::Dotenv {
                    path: path.clone(),
                    name: name.clone(),
                },
                _ => place.clone(),
            }
            .to_string()
        };
        places.iter().map(recorded).collect()
    }
}

/// How a token is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    Token,
    Env(String),
    Header,
}

pub(super) fn settle(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Settled, Errors> {
    let mut gather = Gather::default();
    let to: Vec<Place> = arguments
        .to
        .iter()
        .filter_map(|text| gather.take(shared::destination(text)))
        .collect();
    let into_place = to.iter().any(|place| *place != Place::Std);
    let default_ttl = if into_place { TTL } else { TTL_OUTPUT };
    let loaded = gather.take(manifest::find(session)).flatten();
    let claims = gather.take(claims(arguments, default_ttl, loaded.as_deref(), session));
    let manifest = loaded.as_deref().filter(|_| !arguments.plain);
    let token = manifest
        .zip(arguments.sub.first())
        .and_then(|(loaded, sub)| loaded.manifest.token(sub).ok().flatten());
    let named = token.map(|token| token.name.clone());
    let alg = arguments
        .alg
        .as_deref()
        .and_then(|text| gather.take(shared::algorithm(text)))
        .or_else(|| loaded.as_ref()?.manifest.alg);
    let wanted = gather.take(arguments.key.wanted(session));
    let refresh_ttl = arguments.pair.then(|| {
        shared::duration(
            "--refresh-ttl",
            arguments.refresh_ttl.as_deref(),
            &mut gather,
        )
        .unwrap_or(90 * 86_400)
    });
    let layout = layout(arguments, &to, &mut gather);
    if let Some(fault) = arguments.sub.iter().find_map(|sub| token::text_fault(sub)) {
        gather.add(misuse(
            &format!("`--sub` {fault}"),
            "name the client the token is for, such as `--sub vscode1`",
        ));
    }
    if arguments.sub.len() > 1 && into_place {
        gather.add(misuse(
            "several tokens cannot go into one place",
            "run `mcpjwt issue` once for each `--sub`, each with its `--to`",
        ));
    }
    if arguments.sub.len() > 1 && arguments.jti.is_some() {
        gather.add(misuse(
            "several tokens cannot share one `--jti`",
            "leave `--jti` out: each gets one of its own",
        ));
    }
    let is_alone = arguments.from.is_none() && arguments.sub.len() < 2;
    for (option, is_lost) in [
        (
            "--input",
            arguments.input.is_some() && arguments.from.is_none(),
        ),
        ("--record-each", arguments.record_each && is_alone),
    ] {
        if is_lost {
            gather.add(misuse(
                &format!("`{option}` is about the lines of a batch"),
                "add `--from FILE`",
            ));
        }
    }
    if arguments.from.is_some() && into_place {
        gather.add(misuse(
            "the tokens of `--from` go to standard output",
            "leave out `--to`: `mcpjwt issue --from FILE > tokens.txt`",
        ));
    }
    fits(arguments, &layout, &to, &mut gather);
    let variable = match &layout {
        Layout::Env(_) => None,
        _ => arguments.env.as_deref(),
    };
    let wish = gather.take(arguments.entry.wish(variable, &to));
    gather.done()?;
    match (claims, wanted, wish) {
        (Some(claims), Some(wanted), Some(wish)) => Ok(Settled {
            wish,
            mode: arguments.entry.mode(),
            named,
            claims,
            choice: Choice {
                wanted,
                kid: arguments.kid.clone(),
                alg,
            },
            refresh_ttl,
            to,
            layout,
        }),
        // One is missing only with an error, which `done` has returned.
        _ => Err(Error::new(Code::Internal, "arguments without a result").into()),
    }
}

/// How the token is to be written out.
fn layout(arguments: &Arguments, to: &[Place], gather: &mut Gather) -> Layout {
    match (arguments.format.as_deref(), &arguments.env) {
        (Some("env"), name) => {
            let name = name.clone().unwrap_or_else(|| "MCP_TOKEN".to_owned());
            if !is_variable(&name) {
                gather.add(misuse(
                    "`--env` is no name of a variable",
                    "letters, digits and `_`, not beginning with a digit",
                ));
            }
            Layout::Env(name)
        }
        (_, Some(_)) if !to.iter().any(is_entry) => {
            gather.add(misuse(
                "`--env` names the variable of `--format env`, or of a server entry",
                "add `--format env`",
            ));
            Layout::Token
        }
        (Some("header"), _) => Layout::Header,
        _ => Layout::Token,
    }
}

/// Refuses what does not fit into the places.
fn fits(arguments: &Arguments, layout: &Layout, to: &[Place], gather: &mut Gather) {
    if matches!(layout, Layout::Env(_))
        && to.iter().any(|place| matches!(place, Place::Dotenv { .. }))
    {
        gather.add(misuse(
            "`--format env` writes a whole line, and a `dotenv:` place names its variable already",
            "leave out `--format`",
        ));
    }
    if arguments.pair && *layout != Layout::Token {
        gather.add(misuse(
            "`--pair` prints an OAuth token response",
            "leave out `--format`",
        ));
    }
    if arguments.pair && to.iter().any(|place| matches!(place, Place::Dotenv { .. })) {
        gather.add(misuse(
            "a pair of tokens does not fit into one variable",
            "write it to `file:PATH`",
        ));
    }
    if (arguments.pair || *layout != Layout::Token) && to.iter().any(is_entry) {
        gather.add(misuse(
            "a server entry takes the bare token",
            "leave out `--pair` and `--format`",
        ));
    }
}

/// The claims, and what only `issue` adds to them.
fn claims(
    arguments: &Arguments,
    default_ttl: i64,
    loaded: Option<&Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<claims::Settled, Errors> {
    let mut gather = Gather::default();
    let start = gather.take(start(arguments, loaded, session));
    let start = start.unwrap_or_default();
    if arguments.jti.as_ref().is_some_and(String::is_empty) {
        gather.add(shared::empty("--jti"));
    }
    let when = When::settle(&arguments.times, default_ttl, session);
    let settled = claims::settle(&arguments.claims, &start, when, session);
    let mut settled = gather.take(settled);
    gather.done()?;
    // A line may have what the options lack.
    if let Some(settled) = settled.as_ref().filter(|_| arguments.from.is_none()) {
        settled.warn(session);
    }
    for template in settled
        .iter_mut()
        .flat_map(|settled| &mut settled.templates)
    {
        template.jti.clone_from(&arguments.jti);
        template.kind = arguments.pair.then_some("access");
    }
    settled.ok_or_else(|| Error::new(Code::Internal, "claims without a result").into())
}

/// What each `--sub` starts from: its token in the manifest, where there is one.
fn start<'m>(
    arguments: &Arguments,
    loaded: Option<&'m Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Start<'m>, Errors> {
    let mut gather = Gather::default();
    let mut tokens = Vec::new();
    if arguments.from.is_some() {
        // Each line puts its own subject here; none of them is looked up in the manifest.
        tokens.push((String::new(), None));
    }
    for sub in &arguments.sub {
        let named = loaded.filter(|_| !arguments.plain);
        let token = named.and_then(|loaded| gather.take(loaded.manifest.token(sub)).flatten());
        if let (Some(token), Some(loaded)) = (token, loaded) {
            session.note(&format!(
                "note: `{}` is the token `{}` of `{}` (to start from nothing: `--plain`)",
                token.sub, token.name, loaded.shown
            ));
        }
        let sub = token.map_or(sub, |token| &token.sub).clone();
        tokens.push((sub, token));
    }
    gather.done()?;
    Ok(Start {
        manifest: loaded.map(|loaded| &loaded.manifest),
        tokens,
    })
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
