//! A TOML document in the order of its text: sections, and the lines with a value in them.

use std::ops::Range;

use toml_edit::{Item, Table, Value};

use crate::place::list::List;

/// The part of a document from one header to the next.
pub(super) struct Section {
    /// The table it fills; an element of an array of tables by its index.
    pub(super) path: Vec<String>,
    /// Whether it is such an element.
    pub(super) is_element: bool,
    /// The `[..]`; the part before the first header has none.
    pub(super) header: Option<Range<usize>>,
    pub(super) entries: Vec<Entry>,
}

/// A key and its value.
pub(super) struct Entry {
    /// From the root on.
    pub(super) path: Vec<String>,
    /// The last part of its key.
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The sections of a document in the order of its text; the first one has no header.
pub(super) fn sections(root: &Table) -> Vec<Section> {
    let mut found = Found::default();
    found.table(root, &mut Vec::new());
    let Found {
        mut sections,
        mut entries,
    } = found;
    sections.sort_by_key(|section| section.header.as_ref().map(|header| header.start));
    entries.sort_by_key(|entry| entry.key.start);
    let mut at = 0;
    for entry in entries {
        let begun = |section: &Section| {
            let header = section.header.as_ref();
            header.is_none_or(|header| header.start < entry.key.start)
        };
        while sections.get(at + 1).is_some_and(begun) {
            at += 1;
        }
        sections[at].entries.push(entry);
    }
    sections
}

impl Section {
    /// Behind what it holds: the last value, else the header.
    pub(super) fn end(&self) -> usize {
        let header = self.header.as_ref().map_or(0, |header| header.end);
        self.entries.last().map_or(header, |entry| entry.value.end)
    }
}

struct Found {
    sections: Vec<Section>,
    entries: Vec<Entry>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            sections: vec![Section {
                path: Vec::new(),
                is_element: false,
                header: None,
                entries: Vec::new(),
            }],
            entries: Vec::new(),
        }
    }
}

impl Found {
    fn table(&mut self, table: &Table, path: &mut Vec<String>) {
        for (name, item) in table {
            path.push(name.to_owned());
            match item {
                Item::Value(value) => {
                    let key = table.key(name).and_then(toml_edit::Key::span);
                    if let (Some(key), Some(value)) = (key, value.span()) {
                        let path = path.clone();
                        self.entries.push(Entry { path, key, value });
                    }
                }
                Item::Table(table) => {
                    if !table.is_implicit() && !table.is_dotted() {
                        self.section(table, path);
                    }
                    self.table(table, path);
                }
                Item::ArrayOfTables(tables) => {
                    for (index, table) in tables.iter().enumerate() {
                        path.push(index.to_string());
                        self.section(table, path);
                        if let Some(section) = self.sections.last_mut() {
                            section.is_element = true;
                        }
                        self.table(table, path);
                        path.pop();
                    }
                }
                Item::None => {}
            }
            path.pop();
        }
    }

    fn section(&mut self, table: &Table, path: &[String]) {
        self.sections.push(Section {
            path: path.to_vec(),
            is_element: false,
            header: table.span(),
            entries: Vec::new(),
        });
    }
}

/// What is inside of an inline table or an array; nothing for other values.
pub(super) fn list<'t>(text: &'t str, value: &Value) -> List<'t> {
    let span = value.span().unwrap_or_default();
    let mut items: Vec<Range<usize>> = match value {
        Value::Array(array) => array.iter().filter_map(Value::span).collect(),
        Value::InlineTable(table) => {
            let values = table.get_values();
            let spans = values
                .iter()
                .filter_map(|(keys, value)| Some(keys.last()?.span()?.start..value.span()?.end));
            spans.collect()
        }
        _ => Vec::new(),
    };
    items.sort_by_key(|item| item.start);
    // A dotted key begins before its last part.
    let mut from = span.start + 1;
    for item in &mut items {
        let start = from + skipped(&text[from..item.start]);
        from = item.end;
        item.start = start;
    }
    List {
        text,
        inner: span.start + 1..span.end.saturating_sub(1),
        items,
        comment,
    }
}

/// How much of a text is commas, blanks and comments.
fn skipped(text: &str) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            ' ' | '\t' | '\r' | '\n' | ',' => 1,
            '#' => comment(&text[at..]).unwrap_or(1),
            _ => break,
        };
    }
    at
}

/// How long the comment is that a text starts with.
pub(in crate::place) fn comment(text: &str) -> Option<usize> {
    text.starts_with('#')
        .then(|| text.find(['\r', '\n']).unwrap_or(text.len()))
}

/// Where the line of an offset starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

/// Where the line of an offset ends, before its line end.
pub(super) fn line_stop(text: &str, at: usize) -> usize {
    let stop = text[at..].find('\n').map_or(text.len(), |stop| at + stop);
    stop - usize::from(stop > at && text[..stop].ends_with('\r'))
}

/// Where the line behind that of an offset starts.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |stop| at + stop + 1)
}

/// Where the comments start that stand right above a line.
pub(super) fn block_start(text: &str, line: usize) -> usize {
    let mut start = line;
    while start > 0 {
        let above = line_start(text, start - 1);
        if !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}
