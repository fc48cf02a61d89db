//! `mcpjwt completions`: what a shell needs to complete our command line.

use clap_complete::{Generator, Shell};

use super::misuse;
use crate::error::{Errors, Outcome};
use crate::session::Session;

pub(super) const MEMBERS: &[&str] = &[];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "bash",
        "mcpjwt completions bash > ~/.local/share/bash-completion/completions/mcpjwt",
    ),
    (
        "fish",
        "mcpjwt completions fish > ~/.config/fish/completions/mcpjwt.fish",
    ),
];

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// bash, zsh, fish, powershell, elvish or nushell
    #[arg(value_name = "SHELL", value_parser = SHELLS)]
    shell: String,
}

const SHELLS: [&str; 6] = ["bash", "zsh", "fish", "powershell", "elvish", "nushell"];

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let text = script(&arguments.shell)
        .ok_or_else(|| misuse("there is no such shell", &SHELLS.join(" ")))?;
    session.print(&text)?;
    Ok(Outcome::Done)
}

fn script(shell: &str) -> Option<String> {
    Some(match shell {
        "bash" => generated(Shell::Bash),
        "zsh" => generated(Shell::Zsh),
        "fish" => generated(Shell::Fish),
        "powershell" => generated(Shell::PowerShell),
        "elvish" => generated(Shell::Elvish),
        "nushell" => generated(clap_complete_nushell::Nushell),
        _ => return None,
    })
}

fn generated(shell: impl Generator) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "mcpjwt", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
