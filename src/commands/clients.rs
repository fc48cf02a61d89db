//! `mcpjwt clients`: the clients that are known. A *tell*: read every config, print.

use super::misuse;
use crate::error::{Errors, Gather, Outcome};
use crate::json::Json;
use crate::report::{self, Seen, Which};
use crate::session::{Session, census, places};

pub(super) const MEMBERS: &[&str] = &["clients"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("which clients are on this machine", "mcpjwt clients"),
    (
        "every config of one of them, and the servers in it",
        "mcpjwt clients claude-code",
    ),
];

/// Show the known clients, and what is in their configs
///
/// Those first whose config is on this machine. `modes` are the ways in which a token gets to a
/// server without standing in the config; `verified` is how the least certain part of what mcpjwt
/// knows about a client is known: by running it, from its source, its documentation, from another
/// tool that writes its config, or from memory.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// All about this client
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Show where the configs of the others would be, too
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let name = arguments.name.as_deref();
    if let Some(name) = name.filter(|name| !is_known(name)) {
        return Err(unknown(name).into());
    }
    let (seen, errors) = census::census(name, session);
    let outcome = errors
        .iter()
        .map(|error| error.code.outcome())
        .max()
        .unwrap_or(Outcome::Done);
    if session.json {
        let clients: Vec<Json> = seen.iter().map(report::client_json).collect();
        session.document(outcome, vec![("clients", Json::Array(clients))], &errors)?;
        return Ok(outcome);
    }
    let text = told(&seen, arguments, session);
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

fn told(seen: &[Seen], arguments: &Arguments, session: &Session<'_, '_>) -> String {
    match seen {
        [one] if arguments.name.is_some() => report::client(one, session.out),
        _ => {
            let which = if arguments.all {
                Which::All
            } else {
                Which::Here
            };
            report::clients(seen, which, session.out)
        }
    }
}

fn is_known(name: &str) -> bool {
    places::is_client(name)
}

/// What is no client may be anything, so it is not repeated.
fn unknown(name: &str) -> crate::error::Error {
    let length = name.chars().count();
    let what = format!("no client is called by these {length} characters");
    match places::nearest_client(name) {
        Some(near) => misuse(&what, &format!("did you mean `{near}`?")),
        None => misuse(&what, "`mcpjwt clients --all` lists those that are known"),
    }
}
