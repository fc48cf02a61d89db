//! What each reader of `.env` files makes of one assignment.
//!
//! Written from the sources of the readers. `None`: it refuses the line or sets nothing. In
//! expansions every variable counts as not set; who expands reads something else than who does
//! not, and that is all that matters here.

use super::scan::{Assignment, closing, closing_literal, is_blank};

/// The distinct readings, in the order of the dialects.
pub(super) fn readings(one: &Assignment<'_>) -> Vec<String> {
    let all = [
        python(one),
        Some(node(one)),
        compose(one),
        docker(one),
        shell(one),
    ];
    let mut distinct = Vec::new();
    for reading in all.into_iter().flatten() {
        if !distinct.contains(&reading) {
            distinct.push(reading);
        }
    }
    distinct
}

/// python-dotenv 1.x (`parser.py`): one quoted string or the rest of the line up to blank and
/// `#`; then `${NAME}`, inside of any quotes, too.
fn python(one: &Assignment<'_>) -> Option<String> {
    let text = one.raw.trim_start_matches(is_blank);
    let value = match text.chars().next() {
        Some(quote @ ('\'' | '"')) => {
            let end = closing(text, quote)?;
            if !is_end(&text[end..]) {
                return None;
            }
            let inner = &text[1..end - 1];
            unescaped(inner, |c| match (quote, c) {
                (_, '\\' | '\'') => Some(c),
                ('"', '"') => Some('"'),
                ('"', 'a') => Some('\u{7}'),
                ('"', 'b') => Some('\u{8}'),
                ('"', 'f') => Some('\u{c}'),
                ('"', 'n') => Some('\n'),
                ('"', 'r') => Some('\r'),
                ('"', 't') => Some('\t'),
                ('"', 'v') => Some('\u{b}'),
                _ => None,
            })
        }
        Some('#') if one.raw.starts_with(is_blank) => String::new(),
        _ => {
            let line = first_line(text);
            let cut = line
                .char_indices()
                .find(|(at, c)| *c == '#' && line[..*at].ends_with(char::is_whitespace));
            line[..cut.map_or(line.len(), |(at, _)| at)]
                .trim_end()
                .to_owned()
        }
    };
    Some(expanded(&value, Dollar::Braces))
}

/// dotenv for node 16 and 17 (`main.js`): three quotes, `\n` and `\r` only in double ones, a `#`
/// ends a bare value even without a blank; nothing is expanded.
fn node(one: &Assignment<'_>) -> String {
    let text = one.raw.trim_start();
    if let Some((quote, inner, rest)) = quoted(text, &['\'', '"', '`'])
        && is_end(rest)
    {
        return match quote {
            '"' => inner.replace("\\n", "\n").replace("\\r", "\r"),
            _ => inner.to_owned(),
        };
    }
    let line = first_line(text);
    let bare = line.split('#').next().unwrap_or(line).trim();
    let quote = bare
        .chars()
        .next()
        .filter(|c| matches!(c, '\'' | '"' | '`'));
    let inner = quote.and_then(|quote| bare.get(1..)?.strip_suffix(quote));
    inner.unwrap_or(bare).to_owned()
}

/// Docker Compose (compose-go `dotenv/parser.go`): two quotes, escapes and `$NAME` in double ones,
/// `$NAME` and blank `#` in bare ones.
fn compose(one: &Assignment<'_>) -> Option<String> {
    let text = one.raw.trim_start_matches(is_blank);
    if let Some((quote, inner, _)) = quoted(text, &['\'', '"']) {
        return Some(if quote == '"' {
            let inner = unescaped(inner, |c| match c {
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                '"' | '\\' => Some(c),
                _ => None,
            });
            composed(&inner.replace("\\$", "$$"))
        } else {
            unescaped(inner, |c| (c == '\'').then_some(c))
        });
    }
    if text.starts_with(['\'', '"']) {
        return None;
    }
    let line = first_line(text);
    let bare = line.find(" #").map_or(line, |at| &line[..at]).trim_end();
    Some(composed(bare))
}

/// The expansions of Compose, where `$$` stands for `$`.
fn composed(text: &str) -> String {
    let parts = text.split("$$").map(|part| expanded(part, Dollar::Names));
    parts.collect::<Vec<_>>().join("$")
}

/// `docker run --env-file` (`opts/file.go`): all behind `=` as it is; no blanks in a name.
fn docker(one: &Assignment<'_>) -> Option<String> {
    (!one.export && !one.spaced).then(|| first_line(one.raw).to_owned())
}

/// A POSIX shell that sources the file: one word. A file with CR LF is no script of anybody's.
fn shell(one: &Assignment<'_>) -> Option<String> {
    if one.spaced || one.crlf || !super::is_name(one.name) {
        return None;
    }
    let mut out = String::new();
    let mut rest = one.raw;
    if rest == "~" || rest.starts_with("~/") {
        rest = &rest[1..]; // the home folder, which counts as not set
    }
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        match c {
            ' ' | '\t' => {
                // A comment, or nothing; else a command that gets the variable for itself alone.
                let rest = rest.trim_start_matches(is_blank);
                return (is_end(rest) || rest.starts_with(';')).then_some(out);
            }
            ';' | '<' | '>' => return Some(out),
            '&' | '|' | '(' | ')' | '\n' => return None,
            '\'' => {
                step = closing_literal(rest, '\'')?;
                out.push_str(&rest[1..step - 1]);
            }
            '"' => {
                step = closing(rest, '"')?;
                out.push_str(&double_quoted(&rest[1..step - 1]));
            }
            // What a command prints counts as nothing.
            '`' => step = closing(rest, '`')?,
            // `~` is the home folder behind a colon, too.
            ':' if rest == ":~" || rest.starts_with(":~/") => {
                out.push(':');
                step = 2;
            }
            '\\' => {
                let next = rest[1..].chars().next();
                out.extend(next);
                step += next.map_or(0, char::len_utf8);
            }
            '$' => {
                step = expansion(rest, Dollar::Names).unwrap_or(1);
                if step == 1 && !rest[1..].starts_with(['\'', '"']) {
                    out.push('$');
                }
            }
            _ => out.push(c),
        }
        rest = &rest[step..];
    }
    Some(out)
}

/// The inside of a shell's double quotes: expansions, and a backslash before what is special.
fn double_quoted(inner: &str) -> String {
    let mut out = String::new();
    let mut rest = inner;
    while let Some(at) = rest.find(['\\', '$', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let next = rest[1..].chars().next();
        let step = match (&rest[..1], next) {
            ("\\", Some('\n')) => 2,
            ("\\", Some(c @ ('$' | '`' | '"' | '\\'))) => {
                out.push(c);
                2
            }
            ("$", _) => expansion(rest, Dollar::Names).unwrap_or_default(),
            ("`", _) => closing(rest, '`').unwrap_or_default(),
            _ => 0,
        };
        if step == 0 {
            out.push_str(&rest[..1]);
        }
        rest = &rest[step.max(1)..];
    }
    out + rest
}

/// The quote, the text inside and the text behind, if it starts with one of these quotes that is
/// closed. A hidden quote closes after all where no other one does.
fn quoted<'a>(text: &'a str, quotes: &[char]) -> Option<(char, &'a str, &'a str)> {
    let quote = text.chars().next().filter(|c| quotes.contains(c))?;
    let end = closing(text, quote).or_else(|| closing_literal(text, quote))?;
    Some((quote, &text[1..end - 1], &text[end..]))
}

/// Nothing but blanks and a comment.
fn is_end(rest: &str) -> bool {
    let rest = rest.trim_start_matches(is_blank);
    rest.is_empty() || rest.starts_with('#')
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// Takes out the backslash where `meaning` knows what stands behind it.
fn unescaped(text: &str, meaning: impl Fn(char) -> Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(c);
        if c != '\\' {
            continue;
        }
        let Some(next) = chars.next() else { break };
        if let Some(meant) = meaning(next) {
            out.pop();
            out.push(meant);
        } else {
            out.push(next);
        }
    }
    out
}

/// What a dialect expands.
#[derive(Clone, Copy, PartialEq)]
enum Dollar {
    /// Only `${..}`.
    Braces,
    /// `$NAME`, `$(..)` and the like, too.
    Names,
}

/// The text with its expansions taken out.
fn expanded(text: &str, dollar: Dollar) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = expansion(rest, dollar).unwrap_or_else(|| {
            out.push('$');
            1
        });
        rest = &rest[length..];
    }
    out + rest
}

/// How long the expansion is that a text starts with.
fn expansion(text: &str, dollar: Dollar) -> Option<usize> {
    let names = dollar == Dollar::Names;
    let rest = text.strip_prefix('$')?;
    let close = match rest.chars().next()? {
        '{' => '}',
        '(' if names => ')',
        '$' if names => return Some(2),
        c if names && (c.is_ascii_alphabetic() || c == '_') => {
            let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            return Some(1 + name.unwrap_or(rest.len()));
        }
        c if names && (c.is_ascii_digit() || "?!#*@-".contains(c)) => return Some(2),
        _ => return None,
    };
    Some(1 + rest.find(close)? + 1)
}
