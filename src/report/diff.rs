//! What an edit would change in a file, with the secrets in it masked.

use super::escape;

/// The most that is shown of a line, in characters.
const WIDTH: usize = 160;

/// The lines that go, with `-`, and those that come, with `+`. Whatever looks like a JWT, and
/// each of the `hidden` texts, is masked by its length.
pub fn diff(before: &str, after: &str, hidden: &[&str]) -> String {
    let [old, new] = [before, after].map(|text| text.lines().collect::<Vec<_>>());
    let same = |(one, two): &(&&str, &&str)| one == two;
    let head = old.iter().zip(&new).take_while(same).count();
    let most = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev());
    let tail = tail.take(most).take_while(same).count();
    let mut out = String::new();
    let (going, coming) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    for (mark, lines) in [('-', going), ('+', coming)] {
        for line in lines {
            let line = shortened(&masked(line, hidden).replace('\t', "  "));
            out.push_str(&format!("{mark} {}\n", escape(&line)));
        }
    }
    out
}

/// The line with a text of fixed form for each secret.
fn masked(line: &str, hidden: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let secret = hidden
            .iter()
            .filter(|secret| !secret.is_empty() && rest.starts_with(**secret))
            .map(|secret| secret.len())
            .max();
        let length = secret.unwrap_or(0).max(token_length(rest));
        if length > 0 {
            let characters = rest[..length].chars().count();
            out.push_str(&format!("<{characters} characters>"));
            rest = &rest[length..];
        } else if let Some(c) = rest.chars().next() {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// How long the JWT is, whole or cut, that a text begins with.
fn token_length(text: &str) -> usize {
    if !text.starts_with("eyJ") {
        return 0;
    }
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '=')))
        .unwrap_or(text.len())
}

fn shortened(line: &str) -> String {
    let count = line.chars().count();
    if count <= WIDTH {
        return line.to_owned();
    }
    let head: String = line.chars().take(WIDTH).collect();
    format!("{head}… ({count} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_shown_and_no_secret() {
        #[rustfmt::skip]
        let cases = [
            ("a\nb\nc\n",      "a\nx\nc\n",                 "- b\n+ x\n"),
            ("",               "a\n",                        "+ a\n"),
            ("a\n",            "a\n",                        ""),
            ("a\na\n",         "a\na\na\n",                  "+ a\n"),
            ("t: \"eyJh.e30.s-_=\"\n", "t: \"Bearer eyJh.e31.x\"\n", "- t: \"<13 characters>\"\n+ t: \"Bearer <10 characters>\"\n"),
            ("k=hunter2 #\n",  "k=\u{1b}\n",                 "- k=<7 characters> #\n+ k=\\u{1b}\n"),
        ];
        for (before, after, want) in cases {
            assert_eq!(
                diff(before, after, &["hunter2", ""]),
                want,
                "{before:?} {after:?}"
            );
        }
        let long = diff("", &"x".repeat(200), &[]);
        assert_eq!(long, format!("+ {}… (200 characters)\n", "x".repeat(160)));
    }
}
