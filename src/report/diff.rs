//! What an edit would change in a file, with the secrets in it masked.

use std::collections::BTreeSet;
use std::ops::Range;

use super::escape;

/// The most that is shown of a line, in characters.
const WIDTH: usize = 160;

/// The least that is masked of a text besides the whole, in bytes.
const LEAST: usize = 4;

/// How much is shown in front of the first change of a longer line.
const LEAD: usize = 40;

/// The lines that go, with `-`, and those that come, with `+`. Whatever looks like a JWT, each of
/// the `hidden` texts and of their parts, every quoted value that was there before, and every comment is masked by its
/// length: a line may hold more secrets than the one that the edit is about.
pub fn diff(before: &str, after: &str, hidden: &[&str]) -> String {
    let [old, new] = [before, after].map(|text| text.lines().collect::<Vec<_>>());
    let head = alike(old.iter(), new.iter());
    let most = old.len().min(new.len()) - head;
    let tail = alike(old.iter().rev().take(most), new.iter().rev().take(most));
    let (going, coming) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let hidden: Vec<&str> = hidden.iter().flat_map(|text| parts(text)).collect();
    let known: BTreeSet<&str> = going
        .iter()
        .flat_map(|line| values(line).into_iter().map(|value| &line[value]))
        .collect();
    let [going, coming] = [going, coming].map(|lines| {
        let masked = |line: &&str| masked(line, &hidden, &known).replace('\t', "  ");
        lines.iter().map(masked).collect::<Vec<_>>()
    });
    let mut out = String::new();
    for (mark, lines, others) in [('-', &going, &coming), ('+', &coming, &going)] {
        for (index, line) in lines.iter().enumerate() {
            let other = others.get(index).map_or("", String::as_str);
            let same = alike(line.chars(), other.chars());
            out.push_str(&format!("{mark} {}\n", escape(&shortened(line, same))));
        }
    }
    out
}

/// The same of a text that holds no secrets: nothing is masked.
pub fn lines(before: &str, after: &str) -> String {
    let [old, new] = [before, after].map(|text| text.lines().collect::<Vec<_>>());
    let head = alike(old.iter(), new.iter());
    let most = old.len().min(new.len()) - head;
    let tail = alike(old.iter().rev().take(most), new.iter().rev().take(most));
    let mut out = String::new();
    for (mark, all) in [('-', &old), ('+', &new)] {
        let (mut from, mut to) = (head, all.len() - tail);
        // One block that comes or goes can be seen in several ways; best is the first.
        while old.len() != new.len() && from < to && from > 0 && all[from - 1] == all[to - 1] {
            (from, to) = (from - 1, to - 1);
        }
        for line in &all[from..to] {
            out.push_str(escape(&format!("{mark} {line}")).trim_end());
            out.push('\n');
        }
    }
    out
}

/// How many of the first are the same.
fn alike<T: PartialEq>(one: impl Iterator<Item = T>, two: impl Iterator<Item = T>) -> usize {
    one.zip(two).take_while(|(one, two)| one == two).count()
}

/// The text, and what of it is a secret by itself where it comes on several lines or inside of
/// another text: the values of JSON and of variables, the lines of a PEM.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.starts_with("-----")) {
        let values = values(line);
        let assigned = line.split_once('=').map(|(_, value)| value);
        let assigned = assigned.filter(|value| !value.trim_matches('=').is_empty());
        match assigned {
            _ if !values.is_empty() => parts.extend(values.into_iter().map(|value| &line[value])),
            Some(value) => parts.push(value),
            None if line.ends_with(['[', '{']) => {}
            None => parts.push(line),
        }
    }
    // What is shorter is no secret, but many a word holds it.
    parts.retain(|part| part.len() >= LEAST || *part == text);
    parts
}

/// Where in a line the quoted values are: not the names in front of a `:` or `=`. An apostrophe
/// inside of a word opens nothing; what is not closed goes to the end of the line.
fn values(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((at, quote)) = opening(line, from) {
        let start = at + 1;
        let end = closing(&line[start..], quote).map_or(line.len(), |length| start + length);
        from = line.len().min(end + 1);
        if !line[from..].trim_start().starts_with([':', '=']) && start < end {
            found.push(start..end);
        }
    }
    found
}

/// Where in a line the text of each comment is, of JSON, TOML or a `.env` file. What is none, such
/// as a `#` in the value of a variable, may be taken for one.
fn comments(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        let quoted = opening(line, from);
        let end = quoted.map_or(line.len(), |(at, _)| at);
        if let Some((at, mark)) = comment(line, from..end) {
            let rest = &line[at + mark.len()..];
            let close = if mark == "/*" { rest.find("*/") } else { None };
            let text = close.map_or(rest, |length| &rest[..length]);
            let start = at + mark.len() + text.len() - text.trim_start().len();
            found.push(start..start + text.trim().len());
            let Some(length) = close else { break };
            from = at + mark.len() + length + 2;
        } else if let Some((at, quote)) = quoted {
            let start = at + 1;
            let Some(length) = closing(&line[start..], quote) else {
                break;
            };
            from = start + length + 1;
        } else {
            break;
        }
    }
    found
}

/// The first mark of a comment, where there is one. That of a URL is none.
fn comment(line: &str, within: Range<usize>) -> Option<(usize, &'static str)> {
    let text = &line[within.clone()];
    ["//", "/*", "#"]
        .into_iter()
        .flat_map(|mark| text.match_indices(mark).map(move |(at, _)| (at, mark)))
        .map(|(at, mark)| (within.start + at, mark))
        .filter(|(at, mark)| *mark != "//" || !line[..*at].ends_with(':'))
        .min()
}

fn opening(line: &str, from: usize) -> Option<(usize, char)> {
    let in_word = |at: usize| line[..at].ends_with(char::is_alphanumeric);
    line[from..]
        .match_indices(['"', '\''])
        .map(|(at, quote)| (from + at, if quote == "\"" { '"' } else { '\'' }))
        .find(|(at, quote)| *quote == '"' || !in_word(*at))
}

fn closing(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    rest.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && quote == '"' && !escaped;
        closes.then_some(at)
    })
}

/// The line with a text of fixed form for each secret.
fn masked(line: &str, hidden: &[&str], known: &BTreeSet<&str>) -> String {
    let (values, comments) = (values(line), comments(line));
    let comment = |at: usize| {
        comments
            .iter()
            .find(|text| text.start == at)
            .map(Range::len)
    };
    let known = |at: usize| {
        let value = values.iter().find(|value| value.start == at)?;
        let text = &line[value.clone()];
        // What scheme a token has is no secret.
        let is_shown = text.split_once(' ').is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && token_length(token) == token.len()
        });
        (known.contains(text) && !is_shown).then_some(text.len())
    };
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let rest = &line[at..];
        let secret = hidden
            .iter()
            .filter(|secret| rest.starts_with(**secret))
            .map(|secret| secret.len())
            .chain([
                token_length(rest),
                known(at).unwrap_or(0),
                comment(at).unwrap_or(0),
            ])
            .max();
        match secret {
            Some(length) if length > 0 => {
                let characters = rest[..length].chars().count();
                out.push_str(&format!("<{characters} characters>"));
                at += length;
            }
            _ => {
                out.push(c);
                at += c.len_utf8();
            }
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

/// The line, or the part of it around what changes: that is behind the `same` first characters.
fn shortened(line: &str, same: usize) -> String {
    let count = line.chars().count();
    if count <= WIDTH {
        return line.to_owned();
    }
    let from = if same < WIDTH { 0 } else { same - LEAD };
    let part: String = line.chars().skip(from).take(WIDTH).collect();
    let [lead, trail] =
        [from > 0, from + WIDTH < count].map(|is_cut| if is_cut { "…" } else { "" });
    format!("{lead}{part}{trail} ({count} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_secrets_are_shown_as_they_are() {
        #[rustfmt::skip]
        let cases = [
            ("a\n\n[[t]]\ns = 1\n",               "a\n\n[[t]]\ns = 1\n\n[[t]]\ns = 2\n", "+\n+ [[t]]\n+ s = 2\n"),
            ("a\n\n[[t]]\ns = 1\n\n[[t]]\ns = 2\n", "a\n\n[[t]]\ns = 2\n",              "-\n- [[t]]\n- s = 1\n"),
            ("to = [\"a\"]\n",                    "to = [\"a\", \"b\"]\n",             "- to = [\"a\"]\n+ to = [\"a\", \"b\"]\n"),
            ("a\n",                               "a\n",                               ""),
            ("",                                  "\u{1b}\n",                          "+ \\u{1b}\n"),
        ];
        for (before, after, want) in cases {
            assert_eq!(lines(before, after), want, "{before}");
        }
    }

    #[test]
    fn only_what_changes_is_shown_and_no_secret() {
        #[rustfmt::skip]
        let cases = [
            ("a\nb\nc\n",      "a\nx\nc\n",                 "- b\n+ x\n"),
            ("",               "a\n",                        "+ a\n"),
            ("a\n",            "a\n",                        ""),
            ("a\na\n",         "a\na\na\n",                  "+ a\n"),
            ("t: \"eyJh.e30.s-_=\"\n", "t: \"Bearer eyJh.e31.x\"\n", "- t: \"<13 characters>\"\n+ t: \"Bearer <10 characters>\"\n"),
            ("t: \"Bearer eyJh.e30.s\"\n", "t: \"\"\n",      "- t: \"Bearer <10 characters>\"\n+ t: \"\"\n"),
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

    #[test]
    fn a_secret_is_masked_on_each_of_its_lines_and_inside_of_another_text() {
        #[rustfmt::skip]
        let cases = [
            // the secret                        coming                            what is shown of it
            ("-----B\nMC4CAQ\nAB==\n-----E",     "-----B\nMC4CAQ\nAB==\n-----E\n",  "+ -----B\n+ <6 characters>\n+ <4 characters>\n+ -----E\n"),
            ("-----B\nMC4CAQ\n-----E",           "k = \"-----B\\nMC4CAQ\\n-----E\"\n", "+ k = \"-----B\\n<6 characters>\\n-----E\"\n"),
            ("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}", "k = '{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"c2VjcmV0\\\"}'\n", "+ k = '{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"<8 characters>\\\"}'\n"),
            ("{\n\"keys\": [\n\"k1234\"\n]}",    "{\n\"keys\": [\n\"k1234\"\n]}\n", "+ {\n+ \"keys\": [\n+ \"<5 characters>\"\n+ ]}\n"),
            ("S=hunter2\nA=mcp",                 "S=hunter2\nA=mcp\n",             "+ S=<7 characters>\n+ A=mcp\n"),
        ];
        for (secret, after, want) in cases {
            assert_eq!(diff("", after, &[secret]), want, "{secret:?}");
        }
    }

    #[test]
    fn values_that_were_there_are_masked() {
        #[rustfmt::skip]
        let cases = [
            // what was there                    what is masked of it
            (r#"{"a":"sk-1","b":"x"}"#,          r#"{"a":"<4 characters>","b":"<1 characters>"}"#),
            (r#"{"a" : "s\"k", "b": 1}"#,        r#"{"a" : "<4 characters>", "b": 1}"#),
            (r#"["--key", "s\\", ""]"#,          r#"["<5 characters>", "<3 characters>", ""]"#),
            (r"e = { K = 'sk-1', 'L' = 'é' }",   r"e = { K = '<4 characters>', 'L' = '<1 characters>' }"),
        ];
        for (line, want) in cases {
            let got = diff(line, &format!("{line} \"new\""), &[]);
            assert_eq!(got, format!("- {want}\n+ {want} \"new\"\n"));
        }
    }

    #[test]
    fn comments_are_masked() {
        #[rustfmt::skip]
        let cases = [
            // coming                                       what is shown of it
            (r#"{"a": "http://b"}, // was hunter2"#,        r#"{"a": "http://b"}, // <11 characters>"#),
            (r#"/* k1 */ "a": 1, /*k2*/ "b": 2 // it's"#,   r#"/* <2 characters> */ "a": 1, /*<2 characters>*/ "b": 2 // <4 characters>"#),
            (r"t = 'a # b' # old: eyJh.e30.s",              r"t = 'a # b' # <15 characters>"),
            ("# é",                                         "# <1 characters>"),
            ("a = 1 #",                                     "a = 1 #"),
            ("URL=http://a.b/c",                            "URL=http://a.b/c"),
            ("a /* is not closed",                          "a /* <13 characters>"),
        ];
        for (line, want) in cases {
            assert_eq!(diff("", line, &[]), format!("+ {want}\n"));
        }
    }

    #[test]
    fn of_a_long_line_the_part_that_changes_is_shown() {
        let numbers = "[1,2,3],".repeat(40);
        let got = diff(
            &format!("{{{numbers}}}"),
            &format!("{{{numbers}\"n\":0,{numbers}}}"),
            &[],
        );
        let lead = &numbers[numbers.len() - LEAD..];
        let (_, coming) = got.split_once("\n+ ").unwrap();
        assert!(coming.starts_with(&format!("…{lead}\"n\":0,[1")), "{got}");
        assert!(coming.ends_with("… (648 characters)\n"), "{got}");
    }
}
