//! How a JSON file is written, and new values written alike.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::list;
use crate::json::Json;
use crate::place::list::{Layout, line_end, line_indent};

/// The habits of a file; of several the one nearest to the edit.
pub(super) struct Style {
    pub(super) end: &'static str,
    unit: String,
    /// The whole document is one line.
    one_line: bool,
    /// Behind a colon.
    gap: &'static str,
    /// Inside of braces on one line.
    pad: &'static str,
    /// Whatever is written in lines has a comma behind its last item.
    trailing_comma: bool,
    /// Arrays of plain values stand on one line.
    flat_arrays: bool,
}

impl Style {
    /// The habits of a text, as seen from the end of a path of values.
    pub(super) fn of(text: &str, root: Option<&Value<'_>>, path: &[&Value<'_>]) -> Self {
        let mut seen = Seen::default();
        for value in path.iter().rev() {
            seen.one(text, value);
        }
        if let Some(root) = root {
            seen.all(text, root);
        }
        let whole = root.map_or("", |root| &text[root.start()..root.end()]);
        Self {
            end: line_end(text),
            unit: seen.unit.unwrap_or_else(|| "  ".to_owned()),
            one_line: !whole.contains(['\n', '\r']) && root.is_some_and(has_items),
            gap: seen.gap.unwrap_or(" "),
            pad: seen.pad.unwrap_or(""),
            trailing_comma: seen.with_comma > 0 && seen.without_comma == 0,
            flat_arrays: seen.flat > seen.tall,
        }
    }

    /// How one more item of this value is laid out.
    pub(super) fn layout(&self, text: &str, value: &Value<'_>) -> Layout {
        let base = line_indent(text, value.start());
        let items = list(text, value);
        let (lines, indent) = match items.items.last() {
            Some(last) => (items.own_line(), line_indent(text, last.start).to_owned()),
            None => (!self.one_line, format!("{base}{}", self.unit)),
        };
        if lines {
            return Layout::Lines {
                indent,
                base: base.to_owned(),
                end: self.end,
            };
        }
        let is_object = matches!(value, Value::Object(_));
        Layout::Inline {
            gap: items.gap().unwrap_or(self.gap).to_owned(),
            pad: if is_object { self.pad } else { "" },
        }
    }

    /// A member or, without a name, an element.
    pub(super) fn item(&self, name: Option<&str>, value: &Json, layout: &Layout) -> String {
        let value = match layout {
            Layout::Lines { indent, .. } => self.lines(value, indent),
            Layout::Inline { .. } => self.inline(value),
        };
        match name {
            Some(name) => format!("{}:{}{value}", Json::from(name), self.gap),
            None => value,
        }
    }

    /// A value in place of another one.
    pub(super) fn instead(&self, value: &Json, indent: Option<&str>) -> String {
        match indent {
            Some(indent) if !self.one_line => self.lines(value, indent),
            _ => self.inline(value),
        }
    }

    /// A value in lines, the further ones behind this indent.
    fn lines(&self, value: &Json, indent: &str) -> String {
        let inner = format!("{indent}{}", self.unit);
        let (open, items, close) = match value {
            Json::Array(items) if self.flat_arrays && items.iter().all(is_plain) => {
                return self.inline(value);
            }
            Json::Array(items) if !items.is_empty() => {
                let items = items.iter().map(|item| self.lines(item, &inner));
                ('[', items.collect::<Vec<_>>(), ']')
            }
            Json::Object(members) if !members.is_empty() => {
                let member = |(name, value): &(String, Json)| {
                    let value = self.lines(value, &inner);
                    format!("{}:{}{value}", Json::from(name.as_str()), self.gap)
                };
                ('{', members.iter().map(member).collect(), '}')
            }
            _ => return value.to_string(),
        };
        let between = format!("{}{inner}", self.end);
        let comma = if self.trailing_comma { "," } else { "" };
        let items = items.join(&format!(",{between}"));
        format!("{open}{between}{items}{comma}{}{indent}{close}", self.end)
    }

    /// A value on one line.
    fn inline(&self, value: &Json) -> String {
        let comma = format!(",{}", self.gap);
        match value {
            Json::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.inline(item)).collect();
                format!("[{}]", items.join(&comma))
            }
            Json::Object(members) if !members.is_empty() => {
                let member = |(name, value): &(String, Json)| {
                    let value = self.inline(value);
                    format!("{}:{}{value}", Json::from(name.as_str()), self.gap)
                };
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{1}{}{1}}}", members.join(&comma), self.pad)
            }
            _ => value.to_string(),
        }
    }
}

#[derive(Default)]
struct Seen {
    unit: Option<String>,
    gap: Option<&'static str>,
    pad: Option<&'static str>,
    with_comma: usize,
    without_comma: usize,
    flat: usize,
    tall: usize,
}

impl Seen {
    fn all(&mut self, text: &str, value: &Value<'_>) {
        self.one(text, value);
        if let Value::Array(array) = value
            && array.elements.iter().all(|one| !is_container(one))
        {
            if list(text, value).own_line() {
                self.tall += 1;
            } else if !array.elements.is_empty() {
                self.flat += 1;
            }
        }
        if has_items(value) && list(text, value).own_line() {
            if list(text, value).trailing_comma() {
                self.with_comma += 1;
            } else {
                self.without_comma += 1;
            }
        }
        match value {
            Value::Array(array) => array.elements.iter().for_each(|one| self.all(text, one)),
            Value::Object(object) => {
                let values = object.properties.iter().map(|member| &member.value);
                values.for_each(|one| self.all(text, one));
            }
            _ => {}
        }
    }

    /// What a value shows of the habits that are taken from the nearest.
    fn one(&mut self, text: &str, value: &Value<'_>) {
        let items = list(text, value);
        let Some(last) = items.items.last() else {
            return;
        };
        let unit = line_indent(text, last.start).strip_prefix(line_indent(text, value.start()));
        if let Some(unit) = unit.filter(|unit| items.own_line() && !unit.is_empty()) {
            self.unit.get_or_insert_with(|| unit.to_owned());
        }
        let Value::Object(object) = value else {
            return;
        };
        let blank = |text: &str| if text.is_empty() { "" } else { " " };
        if let Some(first) = object.properties.first() {
            let colon = &text[first.name.end()..first.value.start()];
            let gap = colon.split_once(':').map_or("", |(_, gap)| gap);
            self.gap.get_or_insert(blank(gap));
            let pad = &text[items.inner.start..first.range.start];
            if !items.own_line() && !pad.contains(['\n', '\r']) {
                self.pad.get_or_insert(blank(pad));
            }
        }
    }
}

fn has_items(value: &Value<'_>) -> bool {
    match value {
        Value::Array(array) => !array.elements.is_empty(),
        Value::Object(object) => !object.properties.is_empty(),
        _ => false,
    }
}

fn is_container(value: &Value<'_>) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

fn is_plain(value: &Json) -> bool {
    !matches!(value, Json::Array(_) | Json::Object(_))
}
