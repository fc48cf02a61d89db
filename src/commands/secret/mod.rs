//! `mcpjwt secret` (or `key`): make, list, export, import and clear out keys.

mod export;
mod generate;
mod import;
mod list;
mod prune;

pub(super) use self::list::described;

use crate::error::{Errors, Outcome};
use crate::session::Session;

pub(super) const MEMBERS: &[&str] = &[];

/// The members of a document of one of the verbs.
pub(super) fn members(verb: Option<&str>) -> &'static [&'static str] {
    match verb {
        Some("generate") => &["keys", "place"],
        Some("list" | "import") => &["keys"],
        Some("export") => &["place"],
        Some("prune") => &["pruned"],
        _ => MEMBERS,
    }
}
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a first secret, in your own store",
        "mcpjwt secret generate",
    ),
    (
        "a secret for a server, into its .env file",
        "mcpjwt secret generate --to dotenv:.env#JWT_SECRET",
    ),
    ("a key pair", "mcpjwt secret generate --alg EdDSA"),
    (
        "what a server needs to check your tokens",
        "mcpjwt secret export --format env",
    ),
];

/// Make, list, export and import keys
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Generate(generate::Arguments),
    List(list::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Prune(prune::Arguments),
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    match &arguments.verb {
        Verb::Generate(arguments) => generate::run(arguments, session),
        Verb::List(arguments) => list::run(arguments, session),
        Verb::Export(arguments) => export::run(arguments, session),
        Verb::Import(arguments) => import::run(arguments, session),
        Verb::Prune(arguments) => prune::run(arguments, session),
    }
}
