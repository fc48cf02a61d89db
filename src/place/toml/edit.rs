//! Exact edits of TOML: one span changes, every other byte stays.
//!
//! These functions write; `tree` reads what came out and compares it with what was meant.

use std::ops::Range;

use toml_edit::Value;

use super::lines::{Section, block_start, line_start, line_stop, list, next_line, sections};
use super::write::{Style, dotted, ends_blank};
use super::{Node, descend, parse, path, wrong};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::list::{Layout, end_at, line_indent};
use crate::place::tree::{End, Make, Spans, index, missing, nested};

/// Puts a value there: in place of the one there, behind the last key of its table, or as a new
/// table behind its siblings.
pub(in crate::place) fn set(
    text: &str,
    at: &[String],
    value: &Json,
    make: Make,
) -> Result<String, Error> {
    let document = parse(text)?;
    let path = path(&document, at);
    let (found, rest) = at.split_at(path.len() - 1);
    if rest.len() > 2 && make == Make::Around {
        return Err(missing(found, &rest[0]));
    }
    let file = File {
        text,
        sections: sections(document.as_table()),
    };
    let there = path[path.len() - 1];
    let Some((name, below)) = rest.split_first() else {
        return file.instead(there, value);
    };
    // A dotted key belongs to the table that it stands in.
    let home = path.iter().rposition(|node| !node.is_dotted());
    let (above, dots) = found.split_at(home.unwrap_or_default());
    let keys: Vec<String> = dots.iter().chain([name]).cloned().collect();
    let new = nested(below, value.clone());
    match path[home.unwrap_or_default()] {
        Node::Value(table @ Value::InlineTable(_)) => file.member(table, &keys, &new),
        Node::Table(table) => {
            if dots.is_empty() && new.as_object().is_some() && wants_section(table, above, &new) {
                return file.section(above, rest, value);
            }
            file.line(above, &keys, &new)
        }
        other => Err(wrong(text, other, "a table")),
    }
}

/// Puts a value behind the last element of an array, or in front of the first one; the array and
/// what is around it are made where they are missing.
pub(in crate::place) fn add(
    text: &str,
    at: &[String],
    value: &Json,
    end: End,
) -> Result<String, Error> {
    let document = parse(text)?;
    let file = File {
        text,
        sections: sections(document.as_table()),
    };
    match descend(&document, at) {
        None if at.len() == 1 && value.as_object().is_some() => file.element(at, value),
        None => {
            let array = Json::Array(vec![value.clone()]);
            set(text, at, &array, Make::All)
        }
        Some(Node::Tables(_)) if end == End::Last => file.element(at, value),
        Some(Node::Value(array @ Value::Array(_))) => {
            let style = Style::of(text, &file.sections, None);
            let items = list(text, array);
            let layout = layout(&items, text, &style);
            let last = items.items.last().map_or("", |last| &text[last.clone()]);
            let item = style.instead(value, last)?;
            Ok(match end {
                End::First => items.with_head(&item, &layout),
                End::Last => items.with(&item, &layout),
            })
        }
        Some(other) => Err(wrong(text, other, "an array")),
    }
}

/// Takes out a key with its line, a member of an inline table, an element, or a table with all
/// its sections. Nothing there: nothing changes.
pub(in crate::place) fn remove(text: &str, at: &[String]) -> Result<String, Error> {
    let document = parse(text)?;
    let path = path(&document, at);
    let Some((name, _)) = at.split_last().filter(|_| path.len() > at.len()) else {
        return Ok(text.to_owned());
    };
    let file = File {
        text,
        sections: sections(document.as_table()),
    };
    match (around(&path), path[at.len()]) {
        (Node::Value(above), Node::Value(value)) if !path[at.len()].is_dotted() => {
            let items = list(text, above);
            let span = value.span().unwrap_or_default();
            let index = match above {
                Value::Array(_) => index(name),
                _ => items.items.iter().position(|item| item.end == span.end),
            };
            Ok(items.without_closed(index.unwrap_or_default()))
        }
        (Node::Value(_), other) => Err(wrong(text, other, "a key of its own")),
        _ => Ok(file.without(at)),
    }
}

/// Where something is with its name, and where its value is.
pub(in crate::place) fn spans(text: &str, at: &[String]) -> Result<Option<Spans>, Error> {
    let document = parse(text)?;
    let path = path(&document, at);
    if path.len() <= at.len() || at.is_empty() {
        return Ok(None);
    }
    let file = File {
        text,
        sections: sections(document.as_table()),
    };
    Ok(match (around(&path), path[at.len()]) {
        (_, node) if node.is_dotted() => None,
        (Node::Value(above), Node::Value(value)) => {
            let span = value.span().unwrap_or_default();
            let items = list(text, above).items;
            let whole = items.into_iter().find(|item| item.end == span.end);
            whole.map(|whole| Spans {
                whole,
                value: Some(span),
            })
        }
        (_, Node::Value(value)) => {
            let span = value.span().unwrap_or_default();
            let entries = file.sections.iter().flat_map(|section| &section.entries);
            let mut keys = entries.filter(|entry| entry.value == span);
            keys.next().map(|entry| {
                let start = line_start(text, entry.key.start);
                let indent = line_indent(text, entry.key.start).len();
                Spans {
                    whole: start + indent..span.end,
                    value: Some(span),
                }
            })
        }
        _ => file
            .table_span(at)
            .map(|whole| Spans { whole, value: None }),
    })
}

/// What the last node of a path stands in: a dotted key belongs to the table that it stands in.
fn around<'d>(path: &[Node<'d>]) -> Node<'d> {
    let above = &path[..path.len().saturating_sub(1)];
    let home = above.iter().rposition(|node| !node.is_dotted());
    above[home.unwrap_or_default()]
}

/// Whether a new table inside of another one gets a header of its own.
fn wants_section(table: &toml_edit::Table, above: &[String], new: &Json) -> bool {
    if above.is_empty() || table.is_implicit() {
        return true;
    }
    let has = |wanted: fn(&toml_edit::Item) -> bool| table.iter().any(|(_, item)| wanted(item));
    if has(|item| item.as_table().is_some_and(|table| !table.is_dotted())) {
        return true;
    }
    let is_deep = |new: &Json| {
        let members = new.as_object().unwrap_or_default();
        members.iter().any(|(_, value)| value.as_object().is_some())
    };
    !has(toml_edit::Item::is_inline_table)
        && ((above.len() == 1 && table.is_empty()) || is_deep(new))
}

/// How one more item of a list is laid out.
fn layout(items: &crate::place::list::List<'_>, text: &str, style: &Style) -> Layout {
    let open = items.inner.start;
    match items.items.last() {
        Some(last) if items.own_line() => Layout::Lines {
            indent: line_indent(text, last.start).to_owned(),
            base: line_indent(text, open).to_owned(),
            end: style.end,
        },
        _ => Layout::Inline {
            gap: items.gap().unwrap_or(" ").to_owned(),
            pad: "",
        },
    }
}

struct File<'t> {
    text: &'t str,
    sections: Vec<Section>,
}

impl File<'_> {
    /// A value in place of another one.
    fn instead(&self, there: Node<'_>, value: &Json) -> Result<String, Error> {
        let Node::Value(old) = there else {
            return Err(wrong(self.text, there, "a value"));
        };
        if there.is_dotted() {
            return Err(wrong(self.text, there, "a value"));
        }
        let span = old.span().unwrap_or_default();
        let style = Style::of(self.text, &self.sections, None);
        let new = style.instead(value, &self.text[span.clone()])?;
        Ok(self.replaced(span, &new))
    }

    /// One more member of an inline table.
    fn member(&self, table: &Value, keys: &[String], value: &Json) -> Result<String, Error> {
        let items = list(self.text, table);
        let style = Style::of(self.text, &self.sections, None);
        let mut layout = layout(&items, self.text, &style);
        if let Layout::Inline { pad, .. } = &mut layout {
            *pad = " ";
        }
        let item = format!("{} = {}", dotted(keys), style.value(value)?);
        Ok(items.with(&item, &layout))
    }

    /// One more line in a table that has a section, or gets one.
    fn line(&self, table: &[String], keys: &[String], value: &Json) -> Result<String, Error> {
        let near = self.sections.iter().find(|section| {
            section.path == table && (section.header.is_some() || table.is_empty())
        });
        let Some(section) = near else {
            let members = [(keys[0].clone(), value.clone())];
            return self.new_section(table, &members);
        };
        let style = Style::of(self.text, &self.sections, Some(section));
        let line = style.line(keys, value)?;
        let end = style.end;
        if section.header.is_none() && section.entries.is_empty() {
            return Ok(self.first_line(&line, end));
        }
        // Behind the last key that shares all but the last part, else behind the last key.
        let (dots, _) = keys.split_at(keys.len() - 1);
        let prefix: Vec<String> = table.iter().chain(dots).cloned().collect();
        let sibling = section
            .entries
            .iter()
            .rev()
            .find(|entry| !dots.is_empty() && entry.path.starts_with(&prefix));
        let last = sibling.map_or(section.end(), |entry| entry.value.end);
        let entry = section.entries.last().map(|entry| entry.key.start);
        let model = entry.or(section.header.as_ref().map(|header| header.start));
        let indent = line_indent(self.text, model.unwrap_or_default());
        let at = line_stop(self.text, last);
        let end = end_at(self.text, at, end);
        Ok(self.replaced(at..at, &format!("{end}{indent}{line}")))
    }

    /// The first line above all sections.
    fn first_line(&self, line: &str, end: &str) -> String {
        let text = self.text;
        match self.sections.get(1).and_then(|first| first.header.as_ref()) {
            Some(header) => {
                let at = block_start(text, line_start(text, header.start));
                self.replaced(at..at, &format!("{line}{end}{end}"))
            }
            None if text.is_empty() || text.ends_with('\n') => format!("{text}{line}{end}"),
            None => format!("{text}{end}{line}"),
        }
    }

    /// A new table for the names below another one.
    fn section(&self, above: &[String], names: &[String], value: &Json) -> Result<String, Error> {
        let mut path: Vec<String> = above.iter().chain(names).cloned().collect();
        if let Json::Object(members) = value {
            return self.new_section(&path, members);
        }
        let name = path.pop().unwrap_or_default();
        self.new_section(&path, &[(name, value.clone())])
    }

    fn new_section(&self, path: &[String], members: &[(String, Json)]) -> Result<String, Error> {
        let names: Vec<String> = self.names(path);
        let header = format!("[{}]", dotted(&names));
        self.insert(&path[..path.len() - 1], &header, members)
    }

    /// One more element of an array of tables.
    fn element(&self, at: &[String], value: &Json) -> Result<String, Error> {
        let header = format!("[[{}]]", dotted(&self.names(at)));
        let Json::Object(members) = value else {
            let what = format!("a table was expected, not {}", value.kind());
            return Err(Error::new(Code::PlaceInvalid, what));
        };
        self.insert(at, &header, members)
    }

    /// The names of a path, without the indices that a header leaves out.
    fn names(&self, path: &[String]) -> Vec<String> {
        let is_index = |depth: usize| {
            let is_it = |section: &Section| section.is_element && section.path == path[..=depth];
            self.sections.iter().any(is_it)
        };
        let names = (0..path.len()).filter(|depth| !is_index(*depth));
        names.map(|depth| path[depth].clone()).collect()
    }

    /// A section behind the last one of these, else at the end.
    fn insert(
        &self,
        siblings: &[String],
        header: &str,
        members: &[(String, Json)],
    ) -> Result<String, Error> {
        let text = self.text;
        let last = self.sections.iter().rposition(|section| {
            !siblings.is_empty() && section.header.is_some() && section.path.starts_with(siblings)
        });
        let near = last.map(|last| &self.sections[last]);
        let style = Style::of(text, &self.sections, near);
        let end = style.end;
        let header_at = near.and_then(|section| section.header.as_ref());
        let indent = header_at.map_or("", |header| line_indent(text, header.start));
        let section = style.section(header, members, indent)?;
        let at = match last {
            Some(last) if last + 1 < self.sections.len() => self.behind(&self.sections[last]),
            _ => text.len(),
        };
        let above = &text[..at];
        let gap = if style.blank_line && !ends_blank(above) {
            end
        } else {
            ""
        };
        let new = if above.is_empty() || above.ends_with('\n') {
            format!("{gap}{section}{end}")
        } else {
            // As before, the file does not end with a line end.
            format!("{end}{gap}{section}")
        };
        Ok(self.replaced(at..at, &new))
    }

    /// Where a section ends: behind the comments right below it, unless they belong to what
    /// follows.
    fn behind(&self, section: &Section) -> usize {
        let text = self.text;
        let end = next_line(text, section.end());
        let mut at = end;
        while text[at..].trim_start_matches([' ', '\t']).starts_with('#') {
            at = next_line(text, at);
        }
        let blank = text[at..line_stop(text, at)].trim().is_empty();
        if blank { at } else { end }
    }

    fn replaced(&self, span: Range<usize>, new: &str) -> String {
        format!(
            "{}{new}{}",
            &self.text[..span.start],
            &self.text[span.end..]
        )
    }

    /// The text without the lines and sections of a node.
    fn without(&self, at: &[String]) -> String {
        let mut spans = Vec::new();
        for section in &self.sections {
            if section.header.is_some() && section.path.starts_with(at) {
                spans.push(self.section_lines(section));
                continue;
            }
            for entry in &section.entries {
                if entry.path.starts_with(at) {
                    let start = line_start(self.text, entry.key.start);
                    spans.push(start..next_line(self.text, entry.value.end));
                }
            }
        }
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for span in &spans {
            out.push_str(&self.text[from..span.start.max(from)]);
            from = span.end;
        }
        out.push_str(&self.text[from..]);
        if from == self.text.len() && !self.text.ends_with('\n') {
            // As before, the file does not end with a line end.
            let kept = out.strip_suffix('\n').unwrap_or(&out);
            out.truncate(kept.strip_suffix('\r').unwrap_or(kept).len());
        }
        out
    }

    /// The lines of a section, and the blank one above where one is below, too.
    fn section_lines(&self, section: &Section) -> Range<usize> {
        let text = self.text;
        let header = section.header.as_ref().map_or(0, |header| header.start);
        let start = line_start(text, header);
        let end = next_line(text, section.end());
        let below = text[end..line_stop(text, end)].trim().is_empty();
        if below && start > 0 && ends_blank(&text[..start]) {
            return line_start(text, start - 1)..end;
        }
        start..end
    }

    /// The sections of a table, where they follow each other and hold nothing of others.
    fn table_span(&self, at: &[String]) -> Option<Range<usize>> {
        let is_of = |section: &&Section| section.header.is_some() && section.path.starts_with(at);
        let first = self.sections.iter().position(|section| is_of(&section))?;
        let last = self.sections.iter().rposition(|section| is_of(&section))?;
        let between = &self.sections[first..=last];
        let start = between.first()?.header.as_ref()?.start;
        let all = between.iter().all(|section| is_of(&section));
        all.then(|| start..between.last().map_or(start, Section::end))
    }
}

#[cfg(test)]
mod tests;
