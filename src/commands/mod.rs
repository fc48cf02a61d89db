//! The commands: one file a verb, in one table. What they say no with becomes the exit code here.

mod add;
mod claims;
mod clients;
mod completions;
mod decode;
mod doctor;
mod entry;
mod exec;
mod expiry;
mod fresh;
mod headers;
mod init;
mod install;
mod issue;
mod jwks;
mod lint;
mod log;
mod man;
mod refresh;
mod remove;
mod revoke;
mod rotate;
mod secret;
mod shared;
mod status;
mod sync;
mod trust;
mod uninstall;
mod usage;
mod verify;

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::{ArgMatches, Args, FromArgMatches};

use crate::error::{Error, Errors, Outcome};
use crate::host::{Facts, Host};
use crate::report;
use crate::report::Style;
use crate::session::Session;
use crate::session::manifest::{Ask, Slot};

/// A verb.
struct Verb {
    name: &'static str,
    alias: Option<&'static str>,
    /// The first line of its help, here so that `mcpjwt --help` need not build its arguments.
    about: &'static str,
    /// Adds its arguments, called only when the verb is used.
    arguments: fn(clap::Command) -> clap::Command,
    /// The same with examples, for help and manual.
    described: fn(clap::Command) -> clap::Command,
    /// Takes the arguments out of what clap matched.
    run: fn(&mut ArgMatches, &mut Session<'_, '_>) -> Result<Outcome, Errors>,
    /// The members of its JSON document, `null` in one that only reports errors.
    members: &'static [&'static str],
    /// What it is for and what to type, for help and manual.
    examples: &'static [(&'static str, &'static str)],
}

impl Verb {
    /// Whether it reports, with `--json` in one document.
    fn reports(&self) -> bool {
        !HAND_OVER.contains(&self.name)
    }
}

/// Parses the arguments that clap matched and runs the command with them.
macro_rules! verb {
    ($module:ident, $name:literal, $alias:expr, $about:literal) => {
        Verb {
            name: $name,
            alias: $alias,
            about: $about,
            arguments: <$module::Arguments as Args>::augment_args,
            described: |command| {
                let command = <$module::Arguments as Args>::augment_args(command);
                match usage::examples($module::EXAMPLES) {
                    text if text.is_empty() => command,
                    text => command.after_help(text),
                }
            },
            run: |matches, session| $module::run(&parsed(matches)?, session),
            members: $module::MEMBERS,
            examples: $module::EXAMPLES,
        }
    };
}

const VERBS: &[Verb] = &[
    verb!(issue, "issue", None, "Mint a token"),
    verb!(
        verify,
        "verify",
        None,
        "Judge a token, and say why it is refused"
    ),
    verb!(
        decode,
        "decode",
        None,
        "Show what is in a token, without judging it"
    ),
    verb!(expiry, "expiry", None, "Say when tokens expire"),
    verb!(lint, "lint", None, "Check a token against the standards"),
    verb!(
        refresh,
        "refresh",
        None,
        "Renew tokens: the same claims, new times"
    ),
    verb!(
        secret,
        "secret",
        Some("key"),
        "Make, list, export and import keys"
    ),
    verb!(
        sync,
        "sync",
        None,
        "Put the tokens of the manifest into their places"
    ),
    verb!(
        install,
        "install",
        None,
        "Put a token where its client reads it"
    ),
    verb!(
        uninstall,
        "uninstall",
        None,
        "Take tokens out of their places again"
    ),
    verb!(
        headers,
        "headers",
        None,
        "Print the header of a fresh token, for a client"
    ),
    verb!(
        exec,
        "exec",
        None,
        "Run a program with a fresh token in its environment"
    ),
    verb!(
        init,
        "init",
        None,
        "Write a manifest from what the project has already"
    ),
    verb!(
        add,
        "add",
        None,
        "Add a client to the manifest, and put its token into its places"
    ),
    verb!(
        remove,
        "remove",
        None,
        "Take a client out of the manifest, and its token out of its places"
    ),
    verb!(
        clients,
        "clients",
        None,
        "Show the known clients, and what is in their configs"
    ),
    verb!(
        status,
        "status",
        None,
        "Show every token, where it lives, and what is wrong with it"
    ),
    verb!(
        rotate,
        "rotate-secret",
        None,
        "Replace the key by a new one, and let the old one age"
    ),
    verb!(revoke, "revoke", None, "Revoke tokens before they expire"),
    verb!(
        log,
        "log",
        None,
        "Show what was issued, installed and revoked"
    ),
    verb!(
        doctor,
        "doctor",
        None,
        "Look for what should be mended, and say how"
    ),
    verb!(jwks, "jwks", None, "Publish the public keys as a JWK Set"),
    verb!(
        trust,
        "trust",
        None,
        "Let a manifest use what lies outside its folder"
    ),
    verb!(
        completions,
        "completions",
        None,
        "Print the completions of a shell"
    ),
    verb!(man, "man", None, "Print the manual"),
];

/// The verbs whose answer can be no.
const JUDGES: [&str; 5] = ["verify", "decode", "expiry", "lint", "status"];

/// The verbs that hand something over to another program, and so report nothing: `--json` is
/// nothing to them.
const HAND_OVER: [&str; 2] = ["headers", "exec"];

const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done, or the answer is yes"),
    (
        1,
        "the answer is no: a token is refused, something is wrong with one, or `sync --check` finds something to do",
    ),
    (2, "the command line is wrong"),
    (
        3,
        "expired, or expiring within the window asked about, and nothing worse",
    ),
    (
        4,
        "it could not be told or done: no key, a weak key, a locked keyring, an unreadable file",
    ),
];

/// Runs one command line and says the exit code.
pub(crate) fn run(args: &[OsString], host: &mut Host<'_>) -> u8 {
    let colours = usage::colours(args, &host.facts);
    let mut session = Session {
        json: usage::asks_for_json(args),
        lines: None,
        quiet: false,
        out: Style {
            colour: colours.out,
            width: host.facts.width,
        },
        err: Style {
            colour: colours.err,
            width: host.facts.width,
        },
        warnings: Vec::new(),
        overheard: None,
        input_taken: false,
        manifest: Slot::default(),
        key_again: None,
        hidden: named_variables(args, &host.facts),
        host,
    };
    let found = match direct(args) {
        Some(found) => found,
        None => match whole(args) {
            Ok(Some(found)) => found,
            Ok(None) => return Outcome::Usage.exit_code(),
            Err(error) => {
                let meant = args.iter().skip(1).find_map(|arg| verb_of(arg.to_str()?));
                let members = meant.map_or(&[][..], |verb| verb.members);
                session.json &= meant.is_none_or(Verb::reports);
                return match usage::answer(&error, members, &mut session) {
                    Outcome::Usage if meant.is_some_and(|verb| verb.name == "exec") => exec::FAILED,
                    outcome => outcome.exit_code(),
                };
            }
        },
    };
    let (verb, mut matches) = found;
    session.quiet = matches.get_flag("quiet");
    if !session.quiet {
        let words = |what: &str| report::escape(&format!("note: {what}; waiting for it")) + "\n";
        session.host.files.tell_waits(words);
    }
    session.json &= verb.reports();
    session.manifest = Slot::new(if matches.get_flag("no-manifest") {
        Ask::Never
    } else {
        let told = matches.get_one::<String>("manifest");
        told.map_or(Ask::Search, |text| Ask::Named(text.clone()))
    });
    let members = match verb.name {
        "secret" => secret::members(matches.subcommand_name()),
        _ => verb.members,
    };
    match (verb.run)(&mut matches, &mut session) {
        Ok(outcome) => outcome.exit_code(),
        Err(errors) => {
            session.refuse(&errors, members);
            if verb.name == "exec" {
                return exec::failed(&errors);
            }
            match errors.outcome() {
                // Only a command that judges tokens answers no; the others could not do it.
                Outcome::No if !JUDGES.contains(&verb.name) => Outcome::CouldNot,
                outcome => outcome,
            }
            .exit_code()
        }
    }
}

/// The verb of a line and what clap matched for it, which is not taken down: the process ends
/// right after, and that costs time each run.
type Matched = (&'static Verb, ManuallyDrop<ArgMatches>);

/// Reads a line whose first word is a verb by the arguments of that verb alone, since to build
/// the whole command line is half the work of a run. Nothing where that does not succeed: what
/// is wrong, and every help, is for [`whole`] to say.
fn direct(args: &[OsString]) -> Option<Matched> {
    let words = args.get(1..)?;
    let verb = verb_of(words.first()?.to_str()?)?;
    let command = clap::Command::new(verb.name)
        .disable_help_subcommand(true)
        .args(shared::global());
    let mut command = ManuallyDrop::new((verb.arguments)(command));
    let matches = command.try_get_matches_from_mut(words).ok()?;
    Some((verb, ManuallyDrop::new(matches)))
}

/// Reads any line; nothing where it names no verb.
fn whole(args: &[OsString]) -> Result<Option<Matched>, clap::Error> {
    let asks_for_help = args.get(1).is_some_and(|word| word == "help");
    let mut command = ManuallyDrop::new(command().disable_help_subcommand(!asks_for_help));
    let mut matches = ManuallyDrop::new(command.try_get_matches_from_mut(args)?);
    let verb = matches.remove_subcommand();
    Ok(verb.and_then(|(name, matches)| Some((verb_of(&name)?, ManuallyDrop::new(matches)))))
}

fn verb_of(word: &str) -> Option<&'static Verb> {
    VERBS
        .iter()
        .find(|verb| verb.name == word || verb.alias == Some(word))
}

/// The variables that the command line or `MCPJWT_KEY` names as places: no child gets to see
/// them, whichever place is read first.
fn named_variables(args: &[OsString], facts: &Facts) -> Vec<String> {
    let ours = args.iter().take_while(|arg| *arg != "--");
    let words = ours.filter_map(|arg| arg.to_str());
    words
        .chain(facts.env("MCPJWT_KEY"))
        .filter_map(|word| {
            let (option, value) = word.split_once('=').unwrap_or(("--", word));
            let place = if option.starts_with("--") {
                value
            } else {
                word
            };
            place.strip_prefix("env:").map(str::to_owned)
        })
        .collect()
}

fn parsed<T: FromArgMatches>(matches: &mut ArgMatches) -> Result<T, Errors> {
    T::from_arg_matches_mut(matches).map_err(|error| usage::error(&error).into())
}

/// The whole command line; the arguments of a verb are built when it is used.
pub(crate) fn command() -> clap::Command {
    let mut command = clap::Command::new("mcpjwt")
        .about("Issue, inspect and keep alive the JWTs of MCP clients")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .infer_long_args(false)
        .args(shared::global())
        .after_help("Exit codes: 0 done or yes, 1 no, 2 usage, 3 expired, 4 could not tell or do");
    for verb in VERBS {
        let mut sub = clap::Command::new(verb.name)
            .about(verb.about)
            .defer(verb.described);
        if let Some(alias) = verb.alias {
            sub = sub.visible_alias(alias);
        }
        command = command.subcommand(sub);
    }
    command
}

/// An error for a combination of options that makes no sense.
fn misuse(message: &str, hint: &str) -> Error {
    Error::usage(message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_read_directly_means_what_the_whole_command_line_makes_of_it() {
        #[rustfmt::skip]
        let cases = [
            // line                                                direct
            ("verify TOKEN",                                       true),
            ("verify TOKEN -q --json --color=always --iss a --iss b --leeway 5s", true),
            ("verify -- -TOKEN",                                   true),
            ("decode - --color never",                             true),
            ("issue --sub a --sub b --to file:t --ttl 1d",         true),
            ("expiry",                                             true),
            ("secret generate --alg EdDSA -q",                     true),
            ("key list --json",                                    true),
            ("secret -q prune",                                    true),
            ("jwks",                                               true),
            ("man verify",                                         true),
            ("-q verify TOKEN",                                    false),
            ("--color always secret --json list",                  false),
        ];
        for (line, want) in cases {
            let args: Vec<OsString> = std::iter::once("mcpjwt")
                .chain(line.split(' '))
                .map(OsString::from)
                .collect();
            let (verb, matches) = whole(&args).unwrap().unwrap();
            let found = direct(&args);
            assert_eq!(found.is_some(), want, "{line}");
            if let Some((same, found)) = found {
                assert_eq!(
                    (same.name, said(&found)),
                    (verb.name, said(&matches)),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn nothing_is_read_directly_that_is_not_a_good_line() {
        for line in [
            "",
            "help",
            "help verify",
            "--version",
            "--help",
            "verify --help",
            "verify -V",
            "verify help",
            "verify --version",
            "verify --nothing",
            "secret",
            "secret help",
            "secret list --help",
            "secret generate --color",
            "verify a b",
            "nothing",
            "jwks --js",
            "completions tcsh",
        ] {
            let args: Vec<OsString> = std::iter::once("mcpjwt")
                .chain(line.split(' ').filter(|word| !word.is_empty()))
                .map(OsString::from)
                .collect();
            let good = matches!(whole(&args), Ok(Some(_)));
            assert_eq!(direct(&args).is_some(), good, "{line}");
        }
    }

    /// What was matched, in an order of its own.
    fn said(matches: &ArgMatches) -> Vec<String> {
        let mut said: Vec<String> = matches
            .ids()
            .map(|id| {
                let raw: Vec<_> = matches.get_raw(id.as_str()).into_iter().flatten().collect();
                let by = matches.value_source(id.as_str());
                format!("{id} {raw:?} {by:?}")
            })
            .collect();
        said.sort();
        if let Some((name, inner)) = matches.subcommand() {
            said.push(name.to_owned());
            said.extend(self::said(inner));
        }
        said
    }
}
