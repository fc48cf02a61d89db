//! The arguments of `issue`, found sound before anything is read: all that is wrong is told at once.

use super::Arguments;
use crate::commands::claims::{self, When};
use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Host;
use crate::place::Place;
use crate::session::mint::Choice;
use crate::session::{Session, places};

/// How long a token on standard output lasts, and one in a place.
const TTL_OUTPUT: i64 = 24 * 3600;
const TTL_PLACE: i64 = 30 * 86_400;

/// The arguments after they were found sound.
pub(super) struct Settled {
    pub(super) claims: claims::Settled,
    pub(super) choice: Choice,
    pub(super) refresh_ttl: Option<i64>,
    pub(super) to: Vec<Place>,
    pub(super) layout: Layout,
}

impl Settled {
    /// The places besides standard output.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.to.iter().filter(|place| **place != Place::Std)
    }
}

impl Settled {
    /// Those places as the ledger keeps them: absolute, and where in a file of more than the
    /// bare token the token is, so that it is found again.
    ///
    /// `member` is the one of a pair's JSON that holds the token.
    pub(super) fn recorded(
        &self,
        places: &[Place],
        member: &str,
        host: &Host<'_>,
    ) -> Result<Vec<String>, Error> {
        let recorded = |place: &Place| {
            let place = places::absolute(place, host)?;
            Ok(match (&place, &self.layout, self.refresh_ttl) {
                (Place::File(path), _, Some(_)) => Place::Json {
                    path: path.clone(),
                    pointer: format!("/{member}"),
                },
                (Place::File(path), Layout::Env(name), None) => Place::Dotenv {
                    path: path.clone(),
                    name: name.clone(),
                },
                _ => place,
            }
            .to_string())
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
    let default_ttl = if into_place { TTL_PLACE } else { TTL_OUTPUT };
    let claims = gather.take(claims(arguments, default_ttl, session));
    let alg = arguments
        .alg
        .as_deref()
        .and_then(|text| gather.take(shared::algorithm(text)));
    let wanted = gather.take(arguments.key.wanted(&session.host.facts));
    let refresh_ttl = arguments.pair.then(|| {
        shared::duration(
            "--refresh-ttl",
            arguments.refresh_ttl.as_deref(),
            &mut gather,
        )
        .unwrap_or(90 * 86_400)
    });
    let layout = match (arguments.format.as_deref(), &arguments.env) {
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
        (_, Some(_)) => {
            gather.add(misuse(
                "`--env` names the variable of `--format env`",
                "add `--format env`",
            ));
            Layout::Token
        }
        (Some("header"), None) => Layout::Header,
        _ => Layout::Token,
    };
    if arguments.sub.iter().any(String::is_empty) {
        gather.add(misuse(
            "`--sub` is empty",
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
    if matches!(layout, Layout::Env(_))
        && to.iter().any(|place| matches!(place, Place::Dotenv { .. }))
    {
        gather.add(misuse(
            "`--format env` writes a whole line, and a `dotenv:` place names its variable already",
            "leave out `--format`",
        ));
    }
    if arguments.pair && layout != Layout::Token {
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
    gather.done()?;
    match (claims, wanted) {
        (Some(claims), Some(wanted)) => Ok(Settled {
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
        // Both are missing only with an error, which `done` has returned.
        _ => Err(Error::new(Code::Internal, "arguments without a result").into()),
    }
}

/// The claims, and what only `issue` adds to them.
fn claims(
    arguments: &Arguments,
    default_ttl: i64,
    session: &mut Session<'_, '_>,
) -> Result<claims::Settled, Errors> {
    let mut gather = Gather::default();
    if arguments.jti.as_ref().is_some_and(String::is_empty) {
        gather.add(shared::empty("--jti"));
    }
    let when = When::settle(&arguments.times, default_ttl, session);
    let settled = claims::settle(&arguments.claims, &arguments.sub, when, session);
    let mut settled = gather.take(settled);
    gather.done()?;
    for template in settled
        .iter_mut()
        .flat_map(|settled| &mut settled.templates)
    {
        template.jti.clone_from(&arguments.jti);
        template.kind = arguments.pair.then_some("access");
    }
    settled.ok_or_else(|| Error::new(Code::Internal, "claims without a result").into())
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
