//! What stands between two brackets, separated by commas: elements or members, in JSON and in
//! TOML. One more at the end, or one less; every other byte stays.

use std::ops::Range;

/// The items between two brackets of a text.
pub(super) struct List<'t> {
    pub(super) text: &'t str,
    /// From behind the opening bracket to the closing one.
    pub(super) inner: Range<usize>,
    /// Each item, with its name, without the comma behind it.
    pub(super) items: Vec<Range<usize>>,
    /// The length of the comment a text starts with.
    pub(super) comment: fn(&str) -> Option<usize>,
}

/// How the items of a list are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// Behind each other, with these blanks behind a comma and inside of the brackets.
    Inline {
        /// Behind a comma.
        gap: String,
        /// Inside of the brackets, where nothing stood there before.
        pad: &'static str,
    },
    /// Each on its own line.
    Lines {
        /// The blanks in front of an item.
        indent: String,
        /// The blanks in front of the closing bracket.
        base: String,
        /// The line end.
        end: &'static str,
    },
}

impl List<'_> {
    /// The text with one more item behind the last one.
    pub(super) fn with(&self, item: &str, layout: &Layout) -> String {
        let Some(last) = self.items.last() else {
            return self.with_first(item, layout);
        };
        let comma = self.comma_after(last.end);
        let after = comma.map_or(last.end, |at| at + 1);
        let (at, between) = match layout {
            // A comment behind the last item stays behind it.
            Layout::Lines { indent, end, .. } => {
                let at = self.end_of_comments(after);
                (at, format!("{}{indent}", end_at(self.text, at, end)))
            }
            Layout::Inline { gap, .. } => (after, gap.clone()),
        };
        let (comma, tail) = match comma {
            Some(_) => ("", ","),
            None => (",", ""),
        };
        let text = self.text;
        format!(
            "{}{comma}{}{between}{item}{tail}{}",
            &text[..after],
            &text[after..at],
            &text[at..]
        )
    }

    /// The text with one more item in front of the first one, which stays where a comment has it.
    pub(super) fn with_head(&self, item: &str, layout: &Layout) -> String {
        let Some(first) = self.items.first() else {
            return self.with_first(item, layout);
        };
        let text = self.text;
        let above = text[..first.start].trim_end_matches([' ', '\t']);
        let between = match layout {
            _ if above.ends_with("\r\n") => &text[above.len() - 2..first.start],
            _ if above.ends_with(LINE_ENDS) => &text[above.len() - 1..first.start],
            Layout::Inline { gap, .. } => gap,
            Layout::Lines { .. } => " ",
        };
        format!(
            "{}{item},{between}{}",
            &text[..first.start],
            &text[first.start..]
        )
    }

    fn with_first(&self, item: &str, layout: &Layout) -> String {
        let inside = &self.text[self.inner.clone()];
        let kept = self.inner.start + inside.trim_end_matches(is_blank).len();
        let before = &self.text[..kept];
        if kept == self.inner.start {
            let after = &self.text[self.inner.end..];
            return match layout {
                Layout::Inline { pad, .. } => format!("{before}{pad}{item}{pad}{after}"),
                Layout::Lines { indent, base, end } => {
                    format!("{before}{end}{indent}{item}{end}{base}{after}")
                }
            };
        }
        // Behind the comment that is all there is.
        let after = &self.text[kept..];
        let ends_line = self.text[kept..self.inner.end].contains(LINE_ENDS);
        match layout {
            Layout::Lines { indent, end, .. } if ends_line => {
                let end = end_at(self.text, kept, end);
                format!("{before}{end}{indent}{item}{after}")
            }
            _ if ends_line => {
                let line = after
                    .find(LINE_ENDS)
                    .map_or(0, |at| at + end_at(after, at, "").len());
                format!("{before}{}{item}{}", &after[..line], &after[line..])
            }
            _ => format!("{before} {item}{after}"),
        }
    }

    /// The text without one item, its comma, and the comment behind it on its line.
    pub(super) fn without(&self, index: usize) -> String {
        let text = self.text;
        let item = &self.items[index];
        let comma = self.comma_after(item.end);
        let end = comma.map_or(item.end, |at| at + 1);
        let is_last = index + 1 == self.items.len();
        let before = index.checked_sub(1).map(|index| self.items[index].end);
        // The comma in front goes where the last item had none behind it.
        let lost = before
            .filter(|_| is_last && comma.is_none())
            .and_then(|at| self.comma_after(at));

        let line_start = text[..item.start].trim_end_matches([' ', '\t']).len();
        let rest = self.end_of_comments(end);
        let own_line = text[..line_start].ends_with(LINE_ENDS);
        let line_end = end_at(text, rest, "");
        let span = if own_line && !line_end.is_empty() {
            line_start..rest + line_end.len()
        } else if is_last {
            // With the line end in front, where something else ends the line.
            let from = before
                .map(|at| self.comma_after(at).map_or(at, |at| at + 1))
                .filter(|from| own_line && text[*from..item.start].trim().is_empty());
            from.unwrap_or(line_start)..end
        } else {
            let blanks = text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
            item.start..end + blanks
        };
        match lost.filter(|at| *at < span.start) {
            Some(at) => format!(
                "{}{}{}",
                &text[..at],
                &text[at + 1..span.start],
                &text[span.end..]
            ),
            None => format!("{}{}", &text[..span.start], &text[span.end..]),
        }
    }

    /// The same, but brackets between which nothing is left are closed.
    pub(super) fn without_closed(&self, index: usize) -> String {
        let without = self.without(index);
        let start = self.inner.start;
        let end = without.len() - (self.text.len() - self.inner.end);
        if without[start..end].trim().is_empty() {
            format!("{}{}", &without[..start], &without[end..])
        } else {
            without
        }
    }

    /// Whether the last item begins its line.
    pub(super) fn own_line(&self) -> bool {
        self.items.last().is_some_and(|last| {
            self.text[..last.start]
                .trim_end_matches([' ', '\t'])
                .ends_with(LINE_ENDS)
        })
    }

    /// The blanks between the last two items, where they are on one line.
    pub(super) fn gap(&self) -> Option<&str> {
        let [.., before, last] = &self.items[..] else {
            return None;
        };
        let comma = self.comma_after(before.end)?;
        let gap = &self.text[comma + 1..last.start];
        gap.trim_matches([' ', '\t']).is_empty().then_some(gap)
    }

    /// Whether a comma stands behind the last item.
    pub(super) fn trailing_comma(&self) -> bool {
        self.items
            .last()
            .is_some_and(|last| self.comma_after(last.end).is_some())
    }

    /// The comma behind an item, past blanks and comments.
    fn comma_after(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let rest = &self.text[at..self.inner.end];
            at += match rest.chars().next()? {
                ' ' | '\t' | '\r' | '\n' => 1,
                ',' => return Some(at),
                _ => (self.comment)(rest)?,
            };
        }
    }

    /// Behind the comments that end a line; the offset itself where something else follows.
    fn end_of_comments(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            at += match rest.chars().next() {
                None => return at,
                Some(c) if LINE_ENDS.contains(&c) => return at,
                Some(' ' | '\t') => 1,
                Some(_) => match (self.comment)(rest) {
                    Some(length) if !rest[..length].contains(LINE_ENDS) => length,
                    _ => return from,
                },
            };
        }
    }
}

/// CR LF is one line end; a CR alone is one, too, to every reader of JSON.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// The blanks that the line of an offset starts with.
pub(super) fn line_indent(text: &str, offset: usize) -> &str {
    let start = text[..offset].rfind(LINE_ENDS).map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The file's own line end: that of its first line.
pub(super) fn line_end(text: &str) -> &'static str {
    let at = text.find(LINE_ENDS);
    at.map_or("\n", |at| end_at(text, at, "\n"))
}

/// The line end at an offset; the other one where none is there.
pub(super) fn end_at(text: &str, at: usize, other: &'static str) -> &'static str {
    let text = &text[at..];
    let mut ends = ["\r\n", "\n", "\r"].into_iter();
    ends.find(|end| text.starts_with(end)).unwrap_or(other)
}
