//! The arguments of `issue`, found sound before anything is read: all that is wrong is told at once.

use super::{Arguments, claims};
use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Host;
use crate::key::Algorithm;
use crate::place::Place;
use crate::session::keys::Wanted;
use crate::session::{Session, places};

/// The arguments after they were found sound.
pub(super) struct Settled {
    pub(super) subs: Vec<String>,
    pub(super) template: claims::Template,
    pub(super) wanted: Wanted,
    pub(super) alg: Option<Algorithm>,
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
    let default_ttl = if into_place {
        claims::TTL_PLACE
    } else {
        claims::TTL_OUTPUT
    };
    let template = gather.take(claims::settle(&arguments.claims, default_ttl, session));
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
    if arguments.sub.len() > 1 && arguments.claims.jti.is_some() {
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
    match (template, wanted) {
        (Some(template), Some(wanted)) => Ok(Settled {
            subs: arguments.sub.clone(),
            template,
            wanted,
            alg,
            refresh_ttl,
            to,
            layout,
        }),
        // Both are missing only with an error, which `done` has returned.
        _ => Err(Error::new(Code::Internal, "arguments without a result").into()),
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
