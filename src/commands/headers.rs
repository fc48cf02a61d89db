//! `mcpjwt headers`: the header of a fresh token, for a client that runs a command to get it.
//! A *hand over*: settle, read, decide, give. Without a token nothing is printed.

use super::fresh;
use crate::error::{Errors, Outcome};
use crate::secret::Secret;
use crate::session::Session;

pub(super) const MEMBERS: &[&str] = &[];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("what a client's helper runs", "mcpjwt headers vscode1"),
    (
        "in a request of your own",
        "curl -H \"$(mcpjwt headers vscode1 --format header)\" https://mcp.example.com/mcp",
    ),
];

/// Print the header of a fresh token, for a client
///
/// The token starts from the manifest's token NAME; without a manifest NAME is its subject and the
/// rest as `issue` has it. It is made anew each time, and lasts as long as a session of work.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fresh: fresh::Arguments,
    /// What to print: an object of headers, one header, or the bare token
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "json",
        value_parser = ["json", "header", "token"]
    )]
    format: String,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let fresh = fresh::token(&arguments.fresh, session)?;
    // A JWT has no character that JSON escapes.
    let token = fresh.token.expose_str().unwrap_or_default();
    let text = Secret::from(match arguments.format.as_str() {
        "header" => format!("Authorization: Bearer {token}\n"),
        "token" => format!("{token}\n"),
        _ => format!("{{\"Authorization\":\"Bearer {token}\"}}\n"),
    });
    session.host.terminal.out(text.expose())?;
    Ok(Outcome::Done)
}
