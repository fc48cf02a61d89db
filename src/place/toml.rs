//! One value of a TOML file.

mod edit;
mod lines;
mod write;

pub(super) use self::write::dotted;

pub(super) use edit::{add, remove, set, spans};
pub(super) use lines::comment;

use toml_edit::{ArrayOfTables, Document, Item, Key, Table, TableLike, Value};

use super::tree::index;
use super::{conflict, invalid, split_bom};
use crate::error::Error;
use crate::json::Json;

/// The string at a dotted key; `None` when nothing is there. Errors name line and column.
///
/// The parts of the key may be quoted, as in TOML itself. A byte order mark is skipped.
pub fn get(text: &str, key: &str) -> Result<Option<String>, Error> {
    let (_, text) = split_bom(text);
    let document = parse(text)?;
    let mut node = Node::Table(document.as_table());
    for step in steps(key).map_err(Error::usage)? {
        let next = match node {
            Node::Tables(_) | Node::Value(Value::Array(_)) => {
                return Err(wrong(text, node, "a table"));
            }
            _ => node.step(&step),
        };
        let Some(next) = next else {
            return Ok(None);
        };
        node = next;
    }
    match node {
        Node::Value(Value::String(value)) => Ok(Some(value.value().clone())),
        _ => Err(wrong(text, node, "a string")),
    }
}

/// The value at these steps of a text without byte order mark; dates and times are strings.
pub(super) fn value(text: &str, at: &[String]) -> Result<Option<Json>, Error> {
    let document = parse(text)?;
    Ok(descend(&document, at).map(|node| node.json(text)))
}

/// The parts of a dotted key, unquoted.
pub fn steps(key: &str) -> Result<Vec<String>, &'static str> {
    let keys = Key::parse(key).map_err(|_| "its key is not a dotted TOML key")?;
    Ok(keys.iter().map(|key| key.get().to_owned()).collect())
}

/// Reads a text without byte order mark.
fn parse(text: &str) -> Result<Document<&str>, Error> {
    Document::parse(text).map_err(|error| {
        if let Some(error) = conflict(text) {
            return error;
        }
        let offset = error.span().map_or(0, |span| span.start);
        // The first line only: the others would repeat the text of the file.
        let what = error.message().lines().next();
        invalid(text, offset, what.unwrap_or("it is not TOML"))
    })
}

/// What a document holds.
#[derive(Clone, Copy)]
enum Node<'d> {
    Table(&'d Table),
    Tables(&'d ArrayOfTables),
    Value(&'d Value),
}

impl<'d> Node<'d> {
    fn of(item: &'d Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Value(value) => Some(Self::Value(value)),
            Item::Table(table) => Some(Self::Table(table)),
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
        }
    }

    fn step(self, step: &str) -> Option<Self> {
        match self {
            Self::Table(table) => Self::of(table.get(step)?),
            Self::Tables(tables) => tables.get(index(step)?).map(Self::Table),
            Self::Value(Value::InlineTable(table)) => table.get(step).map(Self::Value),
            Self::Value(Value::Array(items)) => items.get(index(step)?).map(Self::Value),
            Self::Value(_) => None,
        }
    }

    /// Whether it is a table only because the key of another value has a dot.
    fn is_dotted(self) -> bool {
        match self {
            Self::Table(table) => table.is_dotted(),
            Self::Value(Value::InlineTable(table)) => table.is_dotted(),
            _ => false,
        }
    }

    fn json(self, text: &str) -> Json {
        let table = |table: &dyn TableLike| {
            let items = table.iter();
            let members = items
                .filter_map(|(name, item)| Some((name.to_owned(), Node::of(item)?.json(text))));
            Json::Object(members.collect())
        };
        let raw = |value: &Value| text[value.span().unwrap_or_default()].to_owned();
        match self {
            Self::Table(one) => table(one),
            Self::Tables(tables) => Json::Array(tables.iter().map(|one| table(one)).collect()),
            Self::Value(value) => match value {
                Value::InlineTable(one) => table(one),
                Value::Array(items) => {
                    let items = items.iter().map(|item| Node::Value(item).json(text));
                    Json::Array(items.collect())
                }
                Value::String(value) => Json::from(value.value().as_str()),
                Value::Boolean(value) => Json::Bool(*value.value()),
                Value::Integer(_) | Value::Float(_) => Json::Number(raw(value)),
                Value::Datetime(_) => Json::String(raw(value)),
            },
        }
    }

    fn span(self) -> Option<std::ops::Range<usize>> {
        match self {
            Self::Table(table) => table.span(),
            Self::Tables(tables) => tables.span(),
            Self::Value(value) => value.span(),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Tables(_) => "an array of tables",
            Self::Value(value) => match value {
                Value::String(_) => "a string",
                Value::Integer(_) => "an integer",
                Value::Float(_) => "a float",
                Value::Boolean(_) => "a boolean",
                Value::Datetime(_) => "a date or time",
                Value::Array(_) => "an array",
                Value::InlineTable(_) => "an inline table",
            },
        }
    }
}

fn descend<'d>(document: &'d Document<&str>, at: &[String]) -> Option<Node<'d>> {
    let root = Node::Table(document.as_table());
    at.iter().try_fold(root, |node, step| node.step(step))
}

/// The nodes from the root on, as far as the steps are there.
fn path<'d>(document: &'d Document<&str>, at: &[String]) -> Vec<Node<'d>> {
    let mut node = Node::Table(document.as_table());
    let mut path = vec![node];
    for step in at {
        let Some(next) = node.step(step) else {
            break;
        };
        node = next;
        path.push(node);
    }
    path
}

fn wrong(text: &str, node: Node<'_>, want: &str) -> Error {
    let offset = node.span().map_or(0, |span| span.start);
    invalid(
        text,
        offset,
        &format!("{want} was expected, not {}", node.kind()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\u{feff}# ours\r\ntop = 'x'\r\nport = 1\r\n[a.\"b.c\"]\r\nd = \"y\" # z\r\n\
                        e.f = \"\"\"two\r\nlines\"\"\"\r\ng = { h = \"i\" }\r\nk = [1]\r\n[[t]]\r\nu = 'v'\r\n";

    #[test]
    fn strings_are_found() {
        #[rustfmt::skip]
        let cases = [
            ("top",           Ok(Some("x"))),
            ("a.\"b.c\".d",   Ok(Some("y"))),
            ("a . 'b.c' . d", Ok(Some("y"))),
            ("a.\"b.c\".e.f", Ok(Some("two\r\nlines"))),
            ("a.\"b.c\".g.h", Ok(Some("i"))),
            ("none",          Ok(None)),
            ("top.x",         Ok(None)),
            ("a.b.c",         Ok(None)),
            ("port",          Err("line 3, column 8: a string was expected, not an integer")),
            ("a",             Err("line 4, column 2: a string was expected, not a table")),
            ("a.\"b.c\".k",   Err("line 9, column 5: a string was expected, not an array")),
            ("a.\"b.c\".k.x", Err("line 9, column 5: a table was expected, not an array")),
            ("t.u",           Err("line 10, column 1: a table was expected, not an array of tables")),
        ];
        for (key, want) in cases {
            let got = get(FILE, key).map_err(|error| error.message);
            assert_eq!(
                got.as_ref().map(Option::as_deref).map_err(String::as_str),
                want,
                "{key}"
            );
        }
    }

    #[test]
    fn what_is_broken_has_a_line_and_a_column() {
        #[rustfmt::skip]
        let cases = [
            ("a = 'x'\nb = \n",         "line 2, column 5: "),
            ("a = 'hunter2'\na = 'y'",  "line 2, column 1: "),
            ("[a\n",                    "line 1, column 3: "),
            ("key = hunter2",           "line 1, column 7: "),
        ];
        for (text, want) in cases {
            let Err(error) = get(text, "a") else {
                panic!("{text}")
            };
            assert!(error.message.starts_with(want), "{error}");
            assert!(!error.message.contains("hunter2"), "{error}");
        }
        assert_eq!(get("", "a").ok(), Some(None));
    }
}
