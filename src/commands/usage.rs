//! What the command line says before a command runs: help, version, and mistakes.
//!
//! clap repeats what was typed; a word in the wrong place may be a secret, so our sentences
//! name options and lengths instead.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::{Error, Errors, Outcome};
use crate::host::Facts;
use crate::session::Session;

/// Which streams get colours.
pub(super) struct Colours {
    pub(super) out: bool,
    pub(super) err: bool,
}

/// Decides on colours before clap has spoken, since its mistakes are coloured too:
/// `--color`, then `CLICOLOR_FORCE`, then `NO_COLOR`, then whether it is a terminal.
pub(super) fn colours(args: &[OsString], facts: &Facts) -> Colours {
    let ours = args.iter().take_while(|arg| *arg != "--");
    let words: Vec<&str> = ours.filter_map(|arg| arg.to_str()).collect();
    let asked = words
        .iter()
        .enumerate()
        .find_map(|(index, word)| match *word {
            "--color" => words.get(index + 1).copied(),
            other => other.strip_prefix("--color="),
        });
    let force = facts
        .env("CLICOLOR_FORCE")
        .is_some_and(|value| value != "0");
    let (out, err) = match asked {
        Some("always") => (true, true),
        Some("never") => (false, false),
        _ if force => (true, true),
        _ if facts.env("NO_COLOR").is_some() || facts.env("TERM") == Some("dumb") => (false, false),
        _ => (facts.stdout_is_terminal, facts.stderr_is_terminal),
    };
    Colours { out, err }
}

/// Whether the answer is to be JSON, known even when the rest of the line is wrong.
pub(super) fn asks_for_json(args: &[OsString]) -> bool {
    args.iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--json")
}

/// Answers what clap ends with: help and version on standard output, mistakes as ours.
///
/// `members` are those of the JSON document of the command that was meant.
pub(super) fn answer(
    error: &clap::Error,
    members: &[&str],
    session: &mut Session<'_, '_>,
) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = if session.out.colour {
                text.ansi().to_string()
            } else {
                text.to_string()
            };
            match session.print(&text) {
                Ok(()) => Outcome::Done,
                Err(errors) => {
                    session.refuse(&errors, &[]);
                    errors.outcome()
                }
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = error.render();
            let text = if session.err.colour {
                text.ansi().to_string()
            } else {
                text.to_string()
            };
            session.host.terminal.err(&text);
            Outcome::Usage
        }
        _ => {
            session.refuse(&Errors::from(self::error(error)), members);
            Outcome::Usage
        }
    }
}

pub(super) fn examples(examples: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (what, line) in examples {
        if text.is_empty() {
            text.push_str("Examples:");
        }
        text.push_str(&format!("\n  {what}\n    {}", broken(line)));
    }
    text
}

/// A command line over as many lines as a terminal of 80 columns needs, to be copied as it stands:
/// broken between words, where no quotes are open.
pub(super) fn broken(line: &str) -> String {
    /// What is left beside the indent and ` \`.
    const WIDTH: usize = 72;
    let (mut text, mut width, mut is_open) = (String::new(), 0, false);
    for word in line.split(' ') {
        let length = word.chars().count();
        if !text.is_empty() && !is_open && width + 1 + length > WIDTH {
            text.push_str(" \\\n     ");
            width = 1;
        }
        if !text.is_empty() {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
        is_open ^= word.matches('\'').count() % 2 == 1;
    }
    text
}

/// What is typed for a command whose line lacks something, or has a word too many.
const FORMS: &[(&str, &str, &str)] = &[
    (
        "mcpjwt issue",
        "name who the token is for",
        "mcpjwt issue --sub NAME",
    ),
    ("mcpjwt verify", "give one token", "mcpjwt verify TOKEN"),
    ("mcpjwt decode", "give one token", "mcpjwt decode TOKEN"),
    (
        "mcpjwt revoke",
        "give one token, or a place that holds it",
        "mcpjwt revoke TOKEN",
    ),
    (
        "mcpjwt install",
        "say where the token goes",
        "mcpjwt install TOKEN --to CLIENT/SERVER",
    ),
    (
        "mcpjwt uninstall",
        "say what to empty",
        "mcpjwt uninstall CLIENT/SERVER",
    ),
    (
        "mcpjwt add",
        "say who it is, and where the token goes",
        "mcpjwt add SUB --to CLIENT/SERVER",
    ),
    (
        "mcpjwt remove",
        "name a token of the manifest",
        "mcpjwt remove NAME",
    ),
    (
        "mcpjwt headers",
        "say whose token it is",
        "mcpjwt headers NAME",
    ),
    (
        "mcpjwt exec",
        "the program comes last, behind `--`",
        "mcpjwt exec NAME -- CMD",
    ),
    (
        "mcpjwt init",
        "another file is named by an option",
        "mcpjwt init --to FILE",
    ),
    (
        "mcpjwt secret import",
        "say where the key is",
        "mcpjwt secret import --from PLACE",
    ),
    (
        "mcpjwt completions",
        "name a shell",
        "mcpjwt completions bash",
    ),
    (
        "mcpjwt sync",
        "it is for every place of the manifest",
        "mcpjwt sync",
    ),
    (
        "mcpjwt status",
        "it shows every place; of one",
        "mcpjwt expiry PLACE",
    ),
    ("mcpjwt doctor", "it looks at everything", "mcpjwt doctor"),
    (
        "mcpjwt log",
        "a subject is named by an option",
        "mcpjwt log --sub NAME",
    ),
    (
        "mcpjwt rotate-secret",
        "the place of a key is named by an option",
        "mcpjwt rotate-secret --key PLACE",
    ),
    (
        "mcpjwt jwks",
        "the place of a key is named by an option",
        "mcpjwt jwks --key PLACE",
    ),
    (
        "mcpjwt secret generate",
        "say where the key goes by an option",
        "mcpjwt secret generate --to PLACE",
    ),
    (
        "mcpjwt secret list",
        "the place of keys is named by an option",
        "mcpjwt secret list --key PLACE",
    ),
    (
        "mcpjwt secret export",
        "one key of several is named by an option",
        "mcpjwt secret export --kid KID",
    ),
    (
        "mcpjwt secret prune",
        "all keys that are no longer accepted go at once",
        "mcpjwt secret prune",
    ),
];

/// Whether what was typed is no option; a `-` alone is standard input.
fn is_word(argument: &str) -> bool {
    argument == "-" || !argument.starts_with('-')
}

/// A mistake in our words, without what was typed.
pub(super) fn error(error: &clap::Error) -> Error {
    let told = |kind: ContextKind| error.get(kind).and_then(words);
    let argument = told(ContextKind::InvalidArg)
        .map(|text| option_of(&text))
        .unwrap_or_default();
    let typed = error.get(ContextKind::InvalidArg).map_or(0, length);
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .find_map(told);
    let made = match error.kind() {
        // Neither is repeated: a secret may begin with a dash as well.
        ErrorKind::UnknownArgument if !is_word(&argument) => Error::usage(format!(
            "there is no such option here ({} typed)",
            characters(typed)
        )),
        ErrorKind::UnknownArgument => {
            Error::usage(format!("a word of {} is one too many", characters(typed)))
        }
        ErrorKind::InvalidSubcommand => Error::usage("there is no such command"),
        ErrorKind::MissingSubcommand => Error::usage("a command is missing"),
        ErrorKind::MissingRequiredArgument => {
            let plain = argument.replace(['<', '>'], "").replace("...", "");
            let several = plain.contains(", ");
            let plain = plain.replace(", ", "`, `");
            let verb = if several { "are" } else { "is" };
            Error::usage(format!("`{plain}` {verb} missing"))
        }
        ErrorKind::ArgumentConflict => {
            let other = told(ContextKind::PriorArg)
                .map(|text| option_of(&text))
                .unwrap_or_default();
            if other == argument {
                Error::usage(format!("`{argument}` is given twice")).hint("give it once")
            } else {
                Error::usage(format!(
                    "`{argument}` cannot be used together with `{other}`"
                ))
                .hint("leave out one of the two")
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let plain = argument.trim_matches(['<', '>']);
            let empty = told(ContextKind::InvalidValue).is_none();
            let error = Error::usage(if empty {
                format!("`{plain}` needs a value")
            } else {
                format!("`{plain}` does not take that value")
            });
            match (told(ContextKind::ValidValue), told(ContextKind::InvalidArg)) {
                (Some(values), _) => error.hint(format!("one of {values}")),
                (None, Some(form)) => {
                    let form = form.replace(['<', '>'], "");
                    error.hint(if empty {
                        format!("write `{form}`")
                    } else {
                        format!("write a number: `{form}`")
                    })
                }
                (None, None) => error,
            }
        }
        ErrorKind::TooManyValues if argument.starts_with('-') => {
            Error::usage(format!("`{argument}` takes no value"))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            Error::usage(format!("`{argument}` has the wrong number of values"))
        }
        ErrorKind::NoEquals => Error::usage(format!("`{argument}` needs `=` before its value")),
        ErrorKind::InvalidUtf8 => Error::usage("an argument is not UTF-8"),
        _ => Error::usage("the command line is not understood"),
    };
    if made.hint.is_some() {
        return made;
    }
    let spoken_to = spoken_to(error);
    let missing = argument.split('<').next().unwrap_or_default();
    let has_it = |form: &str| match error.kind() {
        ErrorKind::UnknownArgument => is_word(&argument),
        // An option that another one needs is in no form.
        ErrorKind::MissingRequiredArgument => is_word(&argument) || form.contains(missing),
        _ => false,
    };
    if error.kind() == ErrorKind::UnknownArgument && has_option(&spoken_to, &argument) {
        return made.hint(format!("did you mean `--{argument}`?"));
    }
    let form = FORMS.iter().find(|(verb, ..)| *verb == spoken_to);
    if let Some((_, what, form)) = form.filter(|(.., form)| has_it(form)) {
        return made.hint(format!("{what}: `{form}`"));
    }
    match similar {
        // What every program has an option for.
        Some(_) if told(ContextKind::InvalidSubcommand).as_deref() == Some("version") => {
            made.hint("the version is told by `mcpjwt --version`")
        }
        Some(similar) => made.hint(format!(
            "did you mean `{}`?",
            similar.replace(", ", "` or `")
        )),
        None => made.hint(format!("see `{spoken_to} --help`")),
    }
}

/// The command that was meant, such as `mcpjwt secret list`, out of the usage line that clap
/// made of our own names.
fn spoken_to(error: &clap::Error) -> String {
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip_while(|word| *word != "mcpjwt")
        .take_while(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        .take_while(|word| !word.starts_with('-'))
        .collect();
    if words.is_empty() {
        return "mcpjwt".to_owned();
    }
    words.join(" ")
}

/// Whether a command has an option of this name, to be repeated then.
fn has_option(spoken_to: &str, word: &str) -> bool {
    let mut all = super::command();
    all.build();
    let mut names = spoken_to.split(' ').skip(1);
    let command = names.try_fold(&all, |command, name| command.find_subcommand(name));
    command.is_some_and(|it| it.get_arguments().any(|one| one.get_long() == Some(word)))
}

/// How many characters were typed.
fn length(value: &ContextValue) -> usize {
    words(value).map_or(0, |text| text.chars().count())
}

fn characters(count: usize) -> String {
    if count == 1 {
        "1 character".to_owned()
    } else {
        format!("{count} characters")
    }
}

/// The name of an option without the value that may be glued to it.
fn option_of(text: &str) -> String {
    if text.starts_with('-') {
        text.split(['=', ' ']).next().unwrap_or_default().to_owned()
    } else {
        text.to_owned()
    }
}

fn words(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) if !text.is_empty() => Some(text.clone()),
        ContextValue::Strings(list) if !list.is_empty() => Some(list.join(", ")),
        _ => None,
    }
}
