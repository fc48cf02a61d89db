//! `mcpjwt exec`: a program with a fresh token in its environment, and no key. A *hand over*:
//! settle, read, decide, give.

use std::ffi::OsString;

use super::{fresh, misuse};
use crate::error::{Code, Errors, Outcome};
use crate::host::Exec;
use crate::place::dotenv;
use crate::session::Session;

pub(super) const MEMBERS: &[&str] = &[];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "in front of a server that reads its token from MCP_TOKEN",
        "mcpjwt exec vscode1 -- npx -y mcp-server",
    ),
    (
        "from another variable",
        "mcpjwt exec vscode1 --env EXAI_JWT_TOKEN -- python server.py",
    ),
];

/// What it ends with when it did not come to the program, as `env` does.
pub(super) const FAILED: u8 = 125;

pub(super) const EXIT_CODES: &[(u8, &str)] = &[
    (
        0,
        "the program ended with 0; with any other code, it is that of the program",
    ),
    (
        FAILED,
        "there was no token to give, or the command line is wrong",
    ),
    (126, "the program could not be started"),
    (127, "there is no such program"),
];

/// Run a program with a fresh token in its environment
///
/// The program takes the place of mcpjwt. It finds the token in a variable, and neither the key
/// nor any variable whose name begins with MCPJWT_.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fresh: fresh::Arguments,
    /// The variable for the token [default: the manifest's, else `MCP_TOKEN`]
    #[arg(long, value_name = "VAR")]
    env: Option<String>,
    /// The program and its arguments
    #[arg(value_name = "CMD", last = true, required = true)]
    program: Vec<OsString>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if arguments
        .env
        .as_deref()
        .is_some_and(|name| !dotenv::is_name(name))
    {
        return Err(misuse(
            "`--env` is no name of a variable",
            "letters, digits and `_`, not beginning with a digit",
        )
        .into());
    }
    let fresh = fresh::token(&arguments.fresh, session)?;
    let variable = arguments.env.clone().or(fresh.variable);
    let variable = variable.unwrap_or_else(|| "MCP_TOKEN".to_owned());
    let names = session.host.facts.env.iter().map(|(name, _)| name);
    let ours = names.filter(|name| name.to_string_lossy().starts_with("MCPJWT_"));
    let mut unset: Vec<OsString> = ours.cloned().collect();
    unset.extend(fresh.keys.into_iter().map(OsString::from));
    let exec = Exec {
        program: arguments.program.clone(),
        set: vec![(variable.into(), fresh.token)],
        unset,
    };
    Ok(Outcome::Ended(session.host.children.replace(&exec)?))
}

/// The exit code of a run that did not come to the program.
pub(super) fn failed(errors: &Errors) -> u8 {
    let code = errors.iter().map(|error| error.code).next();
    match code {
        Some(Code::CommandMissing) => 127,
        Some(Code::CommandUnusable) => 126,
        _ => FAILED,
    }
}
