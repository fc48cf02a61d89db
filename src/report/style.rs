//! Colour, and what makes text from outside safe to show.

use std::fmt::Write as _;

use super::Style;

/// The colours we use, and the only escape sequences that pass through a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Plain,
    Bad,
    Good,
    Warn,
    Dim,
    Bold,
    Error,
    Hint,
}

const INKS: [(Ink, &str); 7] = [
    (Ink::Bad, "\u{1b}[31m"),
    (Ink::Good, "\u{1b}[32m"),
    (Ink::Warn, "\u{1b}[33m"),
    (Ink::Dim, "\u{1b}[2m"),
    (Ink::Bold, "\u{1b}[1m"),
    (Ink::Error, "\u{1b}[1;31m"),
    (Ink::Hint, "\u{1b}[36m"),
];

const RESET: &str = "\u{1b}[0m";

impl Ink {
    fn code(self) -> &'static str {
        let row = INKS.iter().find(|(ink, _)| *ink == self);
        row.map_or("", |(_, code)| code)
    }
}

/// The five colours take text that is safe already; what comes from outside goes through
/// [`escape`] first. They do not nest: the inner one would end the outer one.
impl Style {
    /// Red: refusals and errors.
    pub fn bad(&self, text: &str) -> String {
        self.ink(Ink::Bad, text)
    }

    /// Green: what is well.
    pub fn good(&self, text: &str) -> String {
        self.ink(Ink::Good, text)
    }

    /// Yellow: warnings, and what ends soon.
    pub fn warn(&self, text: &str) -> String {
        self.ink(Ink::Warn, text)
    }

    /// Dim: what matters less.
    pub fn dim(&self, text: &str) -> String {
        self.ink(Ink::Dim, text)
    }

    /// Bold: names of things.
    pub fn bold(&self, text: &str) -> String {
        self.ink(Ink::Bold, text)
    }

    pub(super) fn ink(self, ink: Ink, text: &str) -> String {
        if self.colour && ink != Ink::Plain && !text.is_empty() {
            format!("{}{text}{RESET}", ink.code())
        } else {
            text.to_owned()
        }
    }
}

/// Makes text from outside safe to show: C0, C1, DEL, bidi and other invisible controls become
/// `\u{..}`. Line ends and tabs are controls too. Escaping twice changes nothing more.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// The same behind another text.
pub(super) fn escape_into(out: &mut String, text: &str) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        push_escaped(out, c);
    }
}

/// The same for a text of several lines: the line ends stay.
pub fn escape_lines(text: &str) -> String {
    text.split('\n').map(escape).collect::<Vec<_>>().join("\n")
}

/// Words as a line of a POSIX shell.
pub fn shell_words(words: &[String]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| crate::error::shell_word(word))
        .collect();
    words.join(" ")
}

fn push_escaped(out: &mut String, c: char) {
    if is_unsafe(c) {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
}

fn is_unsafe(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // bidi
        | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' // without width
        | '\u{2028}' | '\u{2029}' // ends of line and paragraph
    )
}

/// Text as its visible characters, each with its colour.
///
/// Our own colour codes are taken in, when there is colour at all; every other control is
/// escaped. So nothing from outside reaches the terminal, whatever a cell holds.
pub(super) fn inked(text: &str, style: Style) -> Vec<(char, Ink)> {
    let mut out = Vec::with_capacity(text.len());
    let mut ink = Ink::Plain;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\u{1b}' && style.colour {
            if let Some(after) = rest.strip_prefix(RESET) {
                (ink, rest) = (Ink::Plain, after);
                continue;
            }
            let found = INKS
                .iter()
                .find_map(|(ink, code)| Some((*ink, rest.strip_prefix(code)?)));
            if let Some((next, after)) = found {
                (ink, rest) = (next, after);
                continue;
            }
        }
        let mut safe = String::new();
        push_escaped(&mut safe, c);
        out.extend(safe.chars().map(|c| (c, ink)));
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The reverse of [`inked`]: as few codes as the colours need.
pub(super) fn painted(chars: &[(char, Ink)], style: Style) -> String {
    let mut out = String::new();
    for run in chars.chunk_by(|(_, a), (_, b)| a == b) {
        let text: String = run.iter().map(|(c, _)| c).collect();
        let ink = run.first().map_or(Ink::Plain, |(_, ink)| *ink);
        out.push_str(&style.ink(ink, &text));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COLOUR: Style = Style {
        colour: true,
        width: None,
    };
    const PLAIN: Style = Style {
        colour: false,
        width: None,
    };

    #[test]
    fn controls_are_escaped() {
        #[rustfmt::skip]
        let cases = [
            ("vscode1 ä 日本 🙂", "vscode1 ä 日本 🙂"),
            ("a\nb\tc\r",        "a\\u{a}b\\u{9}c\\u{d}"),
            ("\u{1b}[31mred",    "\\u{1b}[31mred"),
            ("\0\u{7f}\u{9b}2J", "\\u{0}\\u{7f}\\u{9b}2J"),
            ("a\u{202e}b\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}", "a\\u{202e}b\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}"),
            ("\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}", "\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ];
        for (text, want) in cases {
            assert_eq!(escape(text), want);
            assert_eq!(escape(want), want, "twice");
        }
    }

    #[test]
    fn colours_only_where_wanted() {
        #[rustfmt::skip]
        let cases = [
            (COLOUR.bad("x"),  "\u{1b}[31mx\u{1b}[0m"),
            (COLOUR.good("x"), "\u{1b}[32mx\u{1b}[0m"),
            (COLOUR.warn("x"), "\u{1b}[33mx\u{1b}[0m"),
            (COLOUR.dim("x"),  "\u{1b}[2mx\u{1b}[0m"),
            (COLOUR.bold("x"), "\u{1b}[1mx\u{1b}[0m"),
            (COLOUR.bad(""),   ""),
            (PLAIN.bad("x"),   "x"),
            (PLAIN.bold("x"),  "x"),
        ];
        for (got, want) in cases {
            assert_eq!(got, want);
        }
    }

    #[test]
    fn only_our_codes_pass() {
        let cell = format!("{} \u{1b}[5mblink\u{1b}]0;title\u{7}", COLOUR.good("ok"));
        let want = "\u{1b}[32mok\u{1b}[0m \\u{1b}[5mblink\\u{1b}]0;title\\u{7}";
        assert_eq!(painted(&inked(&cell, COLOUR), COLOUR), want);
        // Without colour there are no codes of ours.
        let shown = painted(&inked("\u{1b}[32mok", PLAIN), PLAIN);
        assert_eq!(shown, "\\u{1b}[32mok");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in any::<String>()) {
            prop_assert!(!escape(&text).contains(is_unsafe));
            let shown: String = inked(&text, COLOUR).iter().map(|(c, _)| c).collect();
            prop_assert!(!shown.contains(is_unsafe));
        }
    }
}
