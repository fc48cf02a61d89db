//! Commands that are told in backticks: what is typed next is about the manifest of this run.

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

/// What a text begins a command of ours with, and what follows one in the same line.
const BEGIN: &str = "`mcpjwt ";
const NEXT: &str = " && mcpjwt ";

/// The same text; each command of ours has these words behind its verb, which say which manifest,
/// unless it says so itself.
pub fn repeating(text: &str, words: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, line) = rest.split_at(at + BEGIN.len());
        out.push_str(before);
        let (line, after) = line.split_at(line.find('`').unwrap_or(line.len()));
        let commands: Vec<String> = line.split(NEXT).map(|it| one(it, words)).collect();
        out.push_str(&commands.join(NEXT));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn one(command: &str, words: &str) -> String {
    let is_said = command.split(' ').any(|word| {
        let name = word.split('=').next();
        matches!(name, Some("-m" | "--manifest" | "--no-manifest"))
    });
    let (verb, mut rest) = command.split_once(' ').unwrap_or((command, ""));
    if is_said || verb.starts_with('-') || APART.contains(&verb) {
        return command.to_owned();
    }
    let mut verb = verb.to_owned();
    if verb == "secret" {
        let (below, others) = rest.split_once(' ').unwrap_or((rest, ""));
        verb = format!("{verb} {below}");
        rest = others;
    }
    let parts = [&verb, words, rest];
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
            assert_eq!(repeating(text, "-m x"), want, "{text}");
        }
    }
}
