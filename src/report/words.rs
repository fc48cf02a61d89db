//! Errors, warnings and instants in words.

use std::path::Path;

use super::Style;
use super::style::{Ink, escape};
use crate::error::{Error, shell_path, shell_word};
use crate::time::Clock;

/// `error: ..` and, where there is one, `hint: ..`, for every problem. Ends with a line end.
pub fn errors(errors: &[Error], style: Style) -> String {
    errors
        .iter()
        .map(|error| problem("error:", Ink::Error, error, style))
        .collect()
}

/// `warning: ..` with its hint. Ends with a line end.
pub fn warning(warning: &Error, style: Style) -> String {
    problem("warning:", Ink::Warn, warning, style)
}

/// When a token ends, `2026-11-23 04:00:00 +01:00 (in 23 h)`; from the second of its `exp` on
/// `.. (expired now)`, `.. (expired 12 d ago)`.
pub fn expires(clock: &Clock, exp: i64) -> String {
    let expired = if exp <= clock.now { "expired " } else { "" };
    format!("{} ({expired}{})", clock.local(exp), clock.relative(exp))
}

/// The command that takes a damaged file out of the way, and keeps it.
pub fn moving_away(path: &Path) -> String {
    let path = path.to_string_lossy();
    let (from, to) = (shell_path(&path), shell_path(&format!("{path}.damaged")));
    format!("mv {from} {to}")
}

/// The command that makes git ignore a file. What is in the list already may have no line end.
pub fn ignoring(path: &str) -> String {
    let (folder, name) = match path.rfind(['/', '\\']) {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    };
    let mut line = String::from("/");
    for letter in name.chars() {
        if matches!(letter, '\\' | '*' | '?' | '[' | ' ') {
            line.push('\\');
        }
        line.push(letter);
    }
    let list = shell_path(&format!("{folder}.gitignore"));
    format!("printf '\\n%s\\n' {} >> {list}", shell_word(&line))
}

fn problem(label: &str, ink: Ink, error: &Error, style: Style) -> String {
    let mut out = labelled(label, ink, &error.message, style);
    if let Some(hint) = &error.hint {
        out.push_str(&labelled("hint:", Ink::Hint, hint, style));
    }
    out
}

/// A label and its text. Further lines are indented: nothing that a message carries along can
/// look like a line of its own.
fn labelled(label: &str, ink: Ink, text: &str, style: Style) -> String {
    let mut out = style.ink(ink, label);
    let indent = format!("\n{}", " ".repeat(label.len()));
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push_str(&indent);
        }
        out.push(' ');
        out.push_str(&escape(line));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Code, Gather};

    const PLAIN: Style = Style {
        colour: false,
        width: Some(20),
    };

    #[test]
    fn every_problem_and_its_hint() {
        let mut gather = Gather::default();
        gather.add(
            Error::new(Code::KeyMissing, "there is no key `old`")
                .hint("make one with `mcpjwt secret generate`"),
        );
        gather.add(Error::usage("a\u{1b}[2Jb\nerror: forged"));
        gather.add(Error::usage("two ways").hint("`a`\n`b`"));
        let Err(all) = gather.done() else {
            panic!("three problems")
        };
        let want = "error: there is no key `old`\n\
                    hint: make one with `mcpjwt secret generate`\n\
                    error: a\\u{1b}[2Jb\n       error: forged\n\
                    error: two ways\n\
                    hint: `a`\n      `b`\n";
        assert_eq!(errors(all.as_slice(), PLAIN), want);
    }

    #[test]
    fn only_the_labels_are_coloured() {
        let error = Error::usage("no").hint("yes");
        let style = Style {
            colour: true,
            width: None,
        };
        let hint = "\u{1b}[36mhint:\u{1b}[0m yes\n";
        assert_eq!(
            warning(&error, style),
            format!("\u{1b}[33mwarning:\u{1b}[0m no\n{hint}")
        );
        assert_eq!(
            errors(&[error], style),
            format!("\u{1b}[1;31merror:\u{1b}[0m no\n{hint}")
        );
    }

    #[test]
    fn ends_of_tokens() {
        let clock = Clock {
            now: 1_795_316_400,
            local_offset: |_| 3600,
        };
        #[rustfmt::skip]
        let cases = [
            (clock.now + 86_399,     "2026-11-23 03:59:59 +01:00 (in 24 h)"),
            (clock.now + 1,          "2026-11-22 04:00:01 +01:00 (in 1 s)"),
            (clock.now,              "2026-11-22 04:00:00 +01:00 (expired now)"),
            (clock.now - 12 * 86_400, "2026-11-10 04:00:00 +01:00 (expired 12 d ago)"),
        ];
        for (exp, want) in cases {
            assert_eq!(expires(&clock, exp), want);
        }
    }
}
