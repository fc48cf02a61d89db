//! Commands that are told in backticks: what is typed next is about the manifest of this run, and
//! about its key.

/// The commands that take no manifest, or take it as an argument, and those that a config has:
/// nobody is told to type these.
const APART: [&str; 7] = [
    "completions",
    "decode",
    "exec",
    "headers",
    "init",
    "man",
    "trust",
];

/// The commands that take a key.
const KEYED: [&str; 7] = [
    "issue",
    "jwks",
    "refresh",
    "rotate-secret",
    "secret export",
    "secret list",
    "verify",
];

/// What of a command line is typed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// Which manifest.
    Manifest(String),
    /// Which key.
    Key(String),
}

impl Again {
    /// Whether a command with this verb takes it.
    fn suits(&self, verb: &str) -> bool {
        match self {
            Self::Manifest(_) => !APART.contains(&verb),
            Self::Key(_) => KEYED.contains(&verb),
        }
    }

    /// Whether an option says it.
    fn is_said_by(&self, option: &str) -> bool {
        match self {
            Self::Manifest(_) => matches!(option, "-m" | "--manifest" | "--no-manifest"),
            Self::Key(_) => option == "--key",
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Manifest(words) | Self::Key(words) => words,
        }
    }
}

/// What a text begins a command of ours with, and what follows one in the same line.
const BEGIN: &str = "`mcpjwt ";
const NEXT: &str = " && mcpjwt ";

/// The same text; each command of ours that takes it has these words behind its verb, unless it
/// says so itself.
pub fn repeating(text: &str, again: &Again) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, line) = rest.split_at(at + BEGIN.len());
        out.push_str(before);
        let (line, after) = line.split_at(line.find('`').unwrap_or(line.len()));
        let commands: Vec<String> = line.split(NEXT).map(|it| one(it, again)).collect();
        out.push_str(&commands.join(NEXT));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn one(command: &str, again: &Again) -> String {
    let is_said = command.split(' ').any(|word| {
        let name = word.split('=').next();
        name.is_some_and(|name| again.is_said_by(name))
    });
    let (verb, mut rest) = command.split_once(' ').unwrap_or((command, ""));
    let mut verb = verb.to_owned();
    if verb == "secret" {
        let (below, others) = rest.split_once(' ').unwrap_or((rest, ""));
        verb = format!("{verb} {below}");
        rest = others;
    }
    if is_said || verb.starts_with('-') || !again.suits(&verb) {
        return command.to_owned();
    }
    let parts = [&verb, again.words(), rest];
    let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_says_which_manifest() {
        #[rustfmt::skip]
        let cases = [
            ("mend it with `mcpjwt sync`",                      "mend it with `mcpjwt sync -m x`"),
            ("`mcpjwt sync --check`, then `mcpjwt sync`",       "`mcpjwt sync -m x --check`, then `mcpjwt sync -m x`"),
            ("`mcpjwt secret prune`",                           "`mcpjwt secret prune -m x`"),
            ("`mcpjwt secret export --kid a` prints it",        "`mcpjwt secret export -m x --kid a` prints it"),
            ("`mcpjwt revoke --kid=a && mcpjwt secret prune`",  "`mcpjwt revoke -m x --kid=a && mcpjwt secret prune -m x`"),
            ("`mcpjwt issue --sub a > t`",                      "`mcpjwt issue -m x --sub a > t`"),
            // What says it itself, what takes none, what a config has.
            ("`mcpjwt sync --dry-run -m y`",                    "`mcpjwt sync --dry-run -m y`"),
            ("`mcpjwt sync --manifest=y`",                      "`mcpjwt sync --manifest=y`"),
            ("`mcpjwt sync --no-manifest`",                     "`mcpjwt sync --no-manifest`"),
            ("`mcpjwt trust y; --no-manifest`",                 "`mcpjwt trust y; --no-manifest`"),
            ("`mcpjwt init --to FILE`",                         "`mcpjwt init --to FILE`"),
            ("`t` gets it from `mcpjwt headers a` now",         "`t` gets it from `mcpjwt headers a` now"),
            ("`mcpjwt --version`",                              "`mcpjwt --version`"),
            // No commands, and a text that ends early.
            ("mcpjwt sync, `chmod 600 t`, `/bin/mcpjwt sync`",  "mcpjwt sync, `chmod 600 t`, `/bin/mcpjwt sync`"),
            ("`mcpjwt sync",                                    "`mcpjwt sync -m x"),
            ("",                                                ""),
        ];
        for (text, want) in cases {
            let again = Again::Manifest("-m x".to_owned());
            assert_eq!(repeating(text, &again), want, "{text}");
        }
    }

    #[test]
    fn each_command_that_takes_a_key_says_which() {
        #[rustfmt::skip]
        let cases = [
            ("go on with `mcpjwt rotate-secret`",           "go on with `mcpjwt rotate-secret --key k`"),
            ("`mcpjwt rotate-secret -m x --abort`",         "`mcpjwt rotate-secret --key k -m x --abort`"),
            ("`mcpjwt secret list`, `mcpjwt secret prune`", "`mcpjwt secret list --key k`, `mcpjwt secret prune`"),
            ("`mcpjwt secret export --key=a --kid b`",      "`mcpjwt secret export --key=a --kid b`"),
            ("`mcpjwt issue --key PLACE`",                  "`mcpjwt issue --key PLACE`"),
            ("`mcpjwt sync`",                               "`mcpjwt sync`"),
            ("`mcpjwt --version`",                          "`mcpjwt --version`"),
        ];
        for (text, want) in cases {
            let again = Again::Key("--key k".to_owned());
            assert_eq!(repeating(text, &again), want, "{text}");
        }
    }
}
