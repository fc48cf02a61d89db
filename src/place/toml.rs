//! One value of a TOML file.

use toml_edit::{Document, Item, Key};

use super::{invalid, shown, split_bom};
use crate::error::Error;

/// The string at a dotted key; `None` when nothing is there. Errors name line and column.
///
/// The parts of the key may be quoted, as in TOML itself. A byte order mark is skipped.
pub fn get(text: &str, key: &str) -> Result<Option<String>, Error> {
    let (_, text) = split_bom(text);
    let document = Document::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        // The first line only: the others would repeat the text of the file.
        invalid(
            text,
            offset,
            error.message().lines().next().unwrap_or("it is not TOML"),
        )
    })?;
    let mut item = document.as_item();
    for step in steps(key).map_err(Error::usage)? {
        let Some(table) = item.as_table_like() else {
            return if item.is_array() || item.is_array_of_tables() {
                Err(wrong(text, item, "a table"))
            } else {
                Ok(None)
            };
        };
        let Some(next) = table.get(&step) else {
            return Ok(None);
        };
        item = next;
    }
    match item.as_str() {
        Some(value) => Ok(Some(value.to_owned())),
        None if item.is_none() => Ok(None),
        None => Err(wrong(text, item, "a string")),
    }
}

/// The parts of a dotted key, unquoted.
pub(super) fn steps(key: &str) -> Result<Vec<String>, &'static str> {
    let keys = Key::parse(key).map_err(|_| "its key is not a dotted TOML key")?;
    Ok(keys.iter().map(|key| key.get().to_owned()).collect())
}

fn wrong(text: &str, item: &Item, want: &str) -> Error {
    let offset = item.span().map_or(0, |span| span.start);
    let kind = shown(item.type_name());
    invalid(
        text,
        offset,
        &format!("{want} was expected, not {}", with_article(&kind)),
    )
}

fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
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
