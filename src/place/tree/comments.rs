//! The comments of a tree's text.

use super::Format;
use crate::place::{jsonc, toml};

impl Format {
    /// The comments of a text that was read already.
    pub(super) fn comments(self, text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let comment = match self {
                Self::Json => jsonc::comment(rest),
                Self::Toml => toml::comment(rest),
            };
            found.extend(comment.map(|length| &rest[..length]));
            let length = comment.or_else(|| self.string(rest));
            rest = &rest[length.unwrap_or(c.len_utf8())..];
        }
        found
    }

    /// How long the string is that a text starts with.
    fn string(self, text: &str) -> Option<usize> {
        let quotes: &[&str] = match self {
            Self::Json => &["\""],
            Self::Toml => &["\"\"\"", "'''", "\"", "'"],
        };
        let quote = quotes.iter().find(|quote| text.starts_with(**quote))?;
        let mut is_escaped = false;
        let inner = &text[quote.len()..];
        let stop = inner.char_indices().find(|(at, c)| {
            let stops = !is_escaped && inner[*at..].starts_with(quote);
            is_escaped = !is_escaped && *c == '\\' && quote.starts_with('"');
            stops
        });
        let Some((stop, c)) = stop else {
            return Some(text.len());
        };
        let stop = 2 * quote.len() + stop;
        // Three quotes may have more of them right in front, which are text.
        let more = text[stop..].chars().take_while(|next| *next == c).count();
        Some(stop + if quote.len() > 1 { more } else { 0 })
    }
}
