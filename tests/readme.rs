//! The README is a test: what it shows happens, what it tells to type works.
//!
//! All blocks are one session of `sh`, in the order of the README, in an empty home and an
//! empty folder, with the program first on `PATH`.
//!
//! - ```` ```console ````: a line that begins with `$ ` is typed; the lines after it are all
//!   that it prints, on both streams. There `..` stands for one or more characters of a line,
//!   and in such a line two blanks or more stand for two or more, so that columns stay columns.
//!   Everything else stands for itself.
//! - ```` ```sh ````: every line is typed, prints what it likes, and ends with exit code 0.
//!   A line that needs what a test has not got (Cargo, the network, a person, a keyring) is
//!   not run; of `mcpjwt` itself at least the arguments have to be right.
//!
//! ```` ```python ```` and other blocks are not looked at.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads files and starts the program"
)]

use std::path::Path;
use std::process::{Command, Stdio};

const README: &str = include_str!("../README.md");

/// One line to type.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    /// The line of the README, from 1.
    line: usize,
    typed: String,
    /// What it prints; `None`: anything, but it succeeds.
    prints: Option<Vec<String>>,
}

#[test]
fn what_the_readme_shows_happens() {
    let wrong = session(&steps(README), keyring_needed);
    assert!(wrong.is_empty(), "README.md\n{}", wrong.join("\n"));
}

#[test]
#[ignore = "needs a keyring: tests/run ignored"]
fn what_the_readme_shows_happens_with_a_keyring() {
    let wrong = session(&steps(README), |_| false);
    assert!(wrong.is_empty(), "README.md\n{}", wrong.join("\n"));
}

#[test]
fn a_wrong_line_fails() {
    #[rustfmt::skip]
    let cases = [
        // block                                       what is wrong
        ("```console\n$ echo one\none\n```",           None),
        ("```console\n$ echo one\no..\n```",           None),
        ("```console\n$ echo one\n..\n$ echo\n\n```",  None),
        ("```console\n$ true\n```",                    None),
        ("```console\n$ false\n$ echo $?\n1\n```",     None),
        ("```console\n$ echo one >&2\none\n```",       None),
        ("```console\n$ a=b\n```\n```sh\ntest $a\n```", None),
        ("```console\n$ printf one\none\n```",         None),
        ("```console\n$ echo one\ntwo\n```",           Some("line 2")),
        ("```console\n$ echo one\nne\n```",            Some("line 2")),
        ("```console\n$ echo one\none..\n```",         Some("line 2")),
        ("```console\n$ echo one\n..one\n```",         Some("line 2")),
        ("```console\n$ echo one\none\ntwo\n```",      Some("line 2")),
        ("```console\n$ echo one\n```",                Some("line 2")),
        ("```console\n$ echo 1; echo 2\n..\n```",      Some("line 2")),
        ("```console\n$ true\n$ echo $?\n1\n```",      Some("line 3")),
        ("```console\n$ exit\n$ true\n```",            Some("line 2")),
        ("```sh\ntrue\nfalse\n```",                    Some("line 3")),
        ("```sh\ncargo '\n```",                        Some("line 2")),
        ("```sh\nmcpjwt isue\n```",                    Some("line 2")),
        ("```sh\nmcpjwt issue --sub a --key ask\n```", None),
        ("```sh\nmcpjwt issue --sup a --key ask\n```", Some("line 2")),
    ];
    for (text, want) in cases {
        let wrong = session(&steps(text), keyring_needed).join("\n");
        match want {
            None => assert_eq!(wrong, "", "{text}"),
            Some(want) => assert!(wrong.contains(want), "{text}\n{wrong}"),
        }
    }
}

#[test]
fn dots_match_within_a_line() {
    #[rustfmt::skip]
    let cases = [
        // pattern      line           matches
        ("",            "",            true),
        ("..",          "a",           true),
        ("..",          "",            false),
        ("a..c",        "abc",         true),
        ("a..c",        "ac",          false),
        ("a..c",        "abcd",        false),
        ("a..",         "abcd",        true),
        ("..b..d",      "abcd",        true),
        ("..b..d",      "abcbdbd",     true),
        ("..b..d",      "bcd",         false),
        ("a..b..a",     "aba",         false),
        ("eyJ..",       "x eyJab",     false),
        ("a.b",         "axb",         false),
        ("..  a",       "x     a",     true),
        ("..     a",    "x  a",        true),
        ("..  a",       "x a",         false),
        (". a..",       ".  ab",       false),
        ("  b  ..",     "  b     c",   true),
        ("  b  ..",     "b     c",     false),
        ("  b  ..",     "    b  c",    false),
        ("b  a",        "b   a",       false),
    ];
    for (pattern, line, want) in cases {
        assert_eq!(is_line(pattern, line), want, "`{pattern}` `{line}`");
    }
}

/// Reads the steps of a text.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut kind = None;
    for (index, line) in text.lines().enumerate() {
        let step = |typed: &str, prints| Step {
            line: index + 1,
            typed: typed.to_owned(),
            prints,
        };
        match (kind, line.strip_prefix("```")) {
            (None, Some(name)) => kind = Some(name),
            (Some(_), Some(_)) => kind = None,
            (Some("sh"), None) if !line.is_empty() => steps.push(step(line, None)),
            (Some("console"), None) => {
                if let Some(typed) = line.strip_prefix("$ ") {
                    steps.push(step(typed, Some(Vec::new())));
                } else {
                    let last = steps.last_mut().and_then(|step| step.prints.as_mut());
                    // A block begins with `$ `.
                    last.unwrap().push(line.to_owned());
                }
            }
            _ => {}
        }
    }
    steps
}

/// Types every step and says what was not as it should be.
fn session(steps: &[Step], left_out: fn(&str) -> bool) -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("project");
    std::fs::create_dir(&folder).unwrap();
    let mut wrong = Vec::new();
    // After each step a line of its own says that it ended, and how; `$?` stays as it was.
    let mut script = String::from("exec 2>&1\n");
    for step in steps {
        let not_run = out_of_reach(&step.typed) || left_out(&step.typed);
        let parsed = shell(&["-n", "-c", &step.typed], home.path(), &folder);
        if !parsed.1 {
            wrong.push(format!("line {}: {}\n{}", step.line, step.typed, parsed.0));
        } else if !not_run {
            script.push_str(&step.typed);
        } else if step.typed.starts_with("mcpjwt ") {
            script.push_str(&step.typed);
            script.push_str(" --help");
        }
        script.push_str("\ncode=$?; printf '\\001%s\\n' $code; (exit $code)\n");
    }
    let (shown, _) = shell(&["-c", &script], home.path(), &folder);
    let mut rest = shown.as_str();
    for step in steps {
        let Some((printed, after)) = rest.split_once('\u{1}') else {
            wrong.push(format!("line {}: {}\nit ended here", step.line, step.typed));
            break;
        };
        let (code, after) = after.split_once('\n').unwrap();
        rest = after;
        let good = match &step.prints {
            None => code == "0",
            Some(lines) => all_match(lines, printed),
        };
        if !good {
            wrong.push(format!(
                "line {}: {}\n{printed}(exit code {code})",
                step.line, step.typed
            ));
        }
    }
    wrong
}

/// Whether a line needs what no test has: Cargo and the checkout, the network, a person.
fn out_of_reach(typed: &str) -> bool {
    ["cargo ", "tests/"]
        .iter()
        .any(|start| typed.starts_with(start))
        || typed.contains("--jwks https:")
        || typed.contains("--redis ")
        || typed.ends_with(" ask")
}

fn keyring_needed(typed: &str) -> bool {
    typed.contains("keyring:")
}

/// Runs `sh`; gives what it printed and whether it succeeded.
fn shell(arguments: &[&str], home: &Path, folder: &Path) -> (String, bool) {
    let program = Path::new(env!("CARGO_BIN_EXE_mcpjwt"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":/usr/local/bin:/usr/bin:/bin");
    let mut command = Command::new("sh");
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", home)
        .env("PATH", path)
        .env("TZ", "UTC0")
        .stdin(Stdio::null());
    // Where a keyring answers.
    for name in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    let output = command.output().unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    (text, output.status.success())
}

fn all_match(patterns: &[String], printed: &str) -> bool {
    let lines: Vec<&str> = printed.lines().collect();
    lines.len() == patterns.len()
        && patterns
            .iter()
            .zip(lines)
            .all(|(pattern, line)| is_line(pattern, line))
}

fn is_line(pattern: &str, line: &str) -> bool {
    if pattern.contains("..") {
        matches(&narrow(pattern), &narrow(line))
    } else {
        pattern == line
    }
}

/// Every gap of two blanks or more as one of two; the indent stays.
fn narrow(line: &str) -> String {
    let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
    let words: Vec<&str> = rest.split("  ").filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.into_iter().map(str::trim_start).collect();
    format!("{indent}{}", words.join("  "))
}

/// Whether `pattern`, in which `..` stands for one or more characters, is this line.
fn matches(pattern: &str, line: &str) -> bool {
    match pattern.split_once("..") {
        None => pattern == line,
        Some((start, rest)) => line.strip_prefix(start).is_some_and(|line| {
            line.char_indices()
                .skip(1)
                .map(|(at, _)| at)
                .chain((!line.is_empty()).then_some(line.len()))
                .any(|at| matches(rest, &line[at..]))
        }),
    }
}
