//! `mcpjwt man`: the manual, a page a command, made from the same descriptions as the help.

use super::{EXIT_CODES, VERBS, misuse};
use crate::error::{Code, Error, Errors, Outcome};
use crate::session::Session;

pub(super) const MEMBERS: &[&str] = &[];
pub(super) const EXAMPLES: &[(&str, &str)] =
    &[("read the page of a command", "mcpjwt man verify | man -l -")];

/// Print the manual
///
/// The page of a command such as `verify` or `secret-generate`; without one, that of mcpjwt.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The command
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let name = match arguments.command.as_deref() {
        None => "mcpjwt".to_owned(),
        Some(name) => format!("mcpjwt-{name}"),
    };
    let pages = pages()?;
    let Some((_, text)) = pages.iter().find(|(page, _)| *page == name) else {
        let names: Vec<&str> = pages
            .iter()
            .filter_map(|(page, _)| page.strip_prefix("mcpjwt-"))
            .collect();
        return Err(misuse(
            "there is no page of that name",
            &format!("one of {}", names.join(", ")),
        )
        .into());
    };
    session.print(text)?;
    Ok(Outcome::Done)
}

/// Every page: its name without section, and its text.
fn pages() -> Result<Vec<(String, String)>, Error> {
    let mut command = super::command()
        .disable_help_flag(true)
        .disable_version_flag(true);
    command.build();
    let mut pages = vec![("mcpjwt".to_owned(), page(&command, "mcpjwt", &[])?)];
    for verb in VERBS {
        let Some(sub) = command.find_subcommand(verb.name) else {
            continue;
        };
        let name = format!("mcpjwt-{}", verb.name);
        pages.push((name.clone(), page(sub, &name, verb.examples)?));
        for inner in sub.get_subcommands() {
            let name = format!("{name}-{}", inner.get_name());
            pages.push((name.clone(), page(inner, &name, &[])?));
        }
    }
    Ok(pages)
}

fn page(command: &clap::Command, name: &str, examples: &[(&str, &str)]) -> Result<String, Error> {
    let shown = command.clone().name(name.to_owned()).after_help("");
    let man = clap_mangen::Man::new(shown)
        .title(name.to_uppercase())
        .section("1")
        .date("")
        .manual("mcpjwt");
    let mut text = Vec::new();
    let fail = |error: std::io::Error| {
        Error::new(Code::Internal, "the manual could not be made").source(error)
    };
    man.render_title(&mut text).map_err(fail)?;
    man.render_name_section(&mut text).map_err(fail)?;
    text.extend(synopsis(command).bytes());
    man.render_description_section(&mut text).map_err(fail)?;
    man.render_options_section(&mut text).map_err(fail)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text).map_err(fail)?;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if !examples.is_empty() {
        text.push_str(".SH EXAMPLES\n");
        for (what, line) in examples {
            text.push_str(&format!(
                ".TP\n{}\n.nf\n\\fB{}\\fR\n.fi\n",
                roff(what),
                roff(&super::usage::broken(line))
            ));
        }
    }
    text.push_str(".SH \"EXIT STATUS\"\n");
    let codes = match name {
        "mcpjwt-exec" => super::exec::EXIT_CODES,
        _ => EXIT_CODES,
    };
    for (code, what) in codes {
        text.push_str(&format!(".TP\n\\fB{code}\\fR\n{}\n", roff(what)));
    }
    if name == "mcpjwt" || name == "mcpjwt-verify" {
        text.push_str(
            ".SH \"ERROR CODES\"\nWhat \\fBcode\\fR says in the document of \\fB\\-\\-json\\fR.\n",
        );
        for code in Code::ALL {
            text.push_str(&format!(
                ".TP\n\\fB{}\\fR\n{}\n",
                roff(code.name()),
                roff(code.about())
            ));
        }
    }
    Ok(text)
}

/// How the command is typed: `clap_mangen` leaves out the values of options.
fn synopsis(command: &clap::Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut words = vec![format!("\\fB{}\\fR", roff(name))];
    let groups: Vec<_> = command
        .get_groups()
        .filter(|group| group.is_required_set())
        .map(|group| group.get_args().collect::<Vec<_>>())
        .collect();
    let is_shown = |arg: &&clap::Arg| {
        !arg.is_hide_set() && !groups.iter().any(|group| group.contains(&arg.get_id()))
    };
    let (places, mut options): (Vec<_>, Vec<_>) = command
        .get_arguments()
        .filter(is_shown)
        .partition(|arg| arg.is_positional());
    // What every command has comes behind what only this one has.
    options.sort_by_key(|option| option.is_global_set());
    words.extend(options.into_iter().map(one));
    for group in &groups {
        let of_group = |arg: &&clap::Arg| group.contains(&arg.get_id());
        let members = command.get_arguments().filter(of_group);
        let members: Vec<String> = members.map(typed).collect();
        words.push(format!("<{}>", members.join("|")));
    }
    words.extend(places.into_iter().map(one));
    if command.has_subcommands() {
        words.push("\\fICOMMAND\\fR".to_owned());
    }
    format!(".SH SYNOPSIS\n{}\n", words.join(" "))
}

/// One argument of a synopsis, in brackets where it may be left out.
fn one(arg: &clap::Arg) -> String {
    let typed = typed(arg);
    let several = match arg.get_action() {
        clap::ArgAction::Append => "...",
        _ => "",
    };
    if arg.is_required_set() {
        format!("{typed}{several}")
    } else {
        format!("[{typed}]{several}")
    }
}

/// The same without brackets: names of the option, and its value.
fn typed(arg: &clap::Arg) -> String {
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    let names = short.into_iter().chain(long);
    let names: Vec<String> = names
        .map(|name| format!("\\fB{}\\fR", roff(&name)))
        .collect();
    let mut words = vec![names.join("|")];
    if arg.is_last_set() {
        words = vec!["\\-\\-".to_owned()];
    }
    let values = arg
        .get_value_names()
        .filter(|_| arg.get_action().takes_values());
    for value in values.into_iter().flatten() {
        words.push(format!("\\fI{}\\fR", roff(value)));
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Text that roff takes literally.
fn roff(text: &str) -> String {
    let text = text
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('`', "");
    match text.strip_prefix(['.', '\'']) {
        Some(_) => format!("\\&{text}"),
        None => text,
    }
}
