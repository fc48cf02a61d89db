//! One value of a JSON or JSONC file.
//!
//! Comments and trailing commas are fine, every other leniency is refused: what two readers of
//! a file could understand differently is not edited and not trusted.

mod edit;
mod style;

pub(super) use edit::{add, remove, set, spans};

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::list::List;
use super::tree::index;
use super::{invalid, is_conflict, shown, split_bom};
use crate::error::Error;
use crate::json::Json;

/// The string at an RFC 6901 pointer; `None` when nothing is there. Errors name line and column.
///
/// `null` is nothing. A number, boolean, array or object there is an error. A name that an
/// object on the way has twice is an error too: readers take the first or the last.
pub fn get(text: &str, pointer: &str) -> Result<Option<String>, Error> {
    let (_, text) = split_bom(text);
    let steps = steps(pointer).map_err(Error::usage)?;
    let Some(root) = read(text)? else {
        return Ok(None);
    };
    match descend(text, &root, &steps)? {
        None | Some(Value::NullKeyword(_)) => Ok(None),
        Some(Value::StringLit(string)) => Ok(Some(string.value.to_string())),
        Some(other) => {
            let what = format!("a string was expected, not {}", kind(other));
            Err(invalid(text, other.start(), &what))
        }
    }
}

/// The value at these steps of a text without byte order mark, and nothing where it has none.
/// Below it names that are there twice stay twice.
pub(super) fn value(text: &str, at: &[String]) -> Result<Option<Json>, Error> {
    let Some(root) = read(text)? else {
        return Ok(None);
    };
    Ok(descend(text, &root, at)?.map(json))
}

fn json(value: &Value<'_>) -> Json {
    match value {
        Value::NullKeyword(_) => Json::Null,
        Value::BooleanLit(value) => Json::Bool(value.value),
        Value::NumberLit(number) => Json::Number(number.value.to_owned()),
        Value::StringLit(text) => Json::String(text.value.to_string()),
        Value::Array(array) => Json::Array(array.elements.iter().map(json).collect()),
        Value::Object(object) => {
            let member =
                |member: &ObjectProp<'_>| (member.name.as_str().to_owned(), json(&member.value));
            Json::Object(object.properties.iter().map(member).collect())
        }
    }
}

/// What is inside of an object or array; nothing for other values.
fn list<'t>(text: &'t str, value: &Value<'_>) -> List<'t> {
    let items = match value {
        Value::Object(object) => {
            let ranges = object.properties.iter().map(|member| member.range);
            ranges.map(|range| range.start..range.end).collect()
        }
        Value::Array(array) => {
            let elements = array.elements.iter();
            elements.map(|one| one.start()..one.end()).collect()
        }
        _ => Vec::new(),
    };
    List {
        text,
        inner: value.start() + 1..value.end() - 1,
        items,
        comment,
    }
}

/// How long the comment is that a text starts with.
pub(super) fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        Some(text.find(['\r', '\n']).unwrap_or(text.len()))
    } else if text.starts_with("/*") {
        Some(text.find("*/")? + 2)
    } else {
        None
    }
}

/// The parts of a pointer, unescaped; none for the whole document.
pub fn steps(pointer: &str) -> Result<Vec<String>, &'static str> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let rest = pointer
        .strip_prefix('/')
        .ok_or("a JSON pointer starts with `/`")?;
    rest.split('/').map(unescaped).collect()
}

fn unescaped(step: &str) -> Result<String, &'static str> {
    let mut out = String::with_capacity(step.len());
    let mut chars = step.chars();
    while let Some(c) = chars.next() {
        out.push(match (c, c == '~') {
            (_, false) => c,
            _ => match chars.next() {
                Some('0') => '~',
                Some('1') => '/',
                _ => return Err("in a JSON pointer `~` is written `~0` and `/` is written `~1`"),
            },
        });
    }
    Ok(out)
}

const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a text without byte order mark; `None` when it holds no value at all.
pub(super) fn read(text: &str) -> Result<Option<Value<'_>>, Error> {
    strict(text)?;
    match parse_to_ast(text, &CollectOptions::default(), &OPTIONS) {
        Ok(result) => Ok(result.value),
        Err(error) => {
            // Its words are fixed; they never repeat the text.
            let what = error.kind().to_string();
            let mut chars = what.chars();
            let first = chars.next().map(|c| c.to_ascii_lowercase());
            let what: String = first.into_iter().chain(chars).collect();
            Err(invalid(text, error.range().start, &what))
        }
    }
}

/// Refuses what jsonc-parser lets pass: raw control characters in strings, blanks that are none
/// in JSON, and the marks that a merge leaves behind.
fn strict(text: &str) -> Result<(), Error> {
    let mut inside = Inside::Nothing;
    let mut before = '\n';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if before == '\n' && is_conflict(&text[at..]) {
            return Err(invalid(text, at, "a merge conflict is not resolved"));
        }
        before = c;
        let next = chars.peek().map(|(_, next)| *next);
        inside = match (inside, c) {
            (Inside::Text, '\0'..='\u{1f}') => {
                return Err(invalid(text, at, "a control character stands in a string"));
            }
            (Inside::Text, '\\') => {
                // What follows an escape is no control character: the parser looks at it.
                if next.is_some_and(|next| next >= ' ') {
                    chars.next();
                }
                Inside::Text
            }
            (Inside::Text, '"') | (Inside::Line, '\n' | '\r') => Inside::Nothing,
            (Inside::Block, '*') if next == Some('/') => {
                chars.next();
                Inside::Nothing
            }
            (Inside::Nothing, '"') => Inside::Text,
            (Inside::Nothing, '/') if next == Some('/') => Inside::Line,
            (Inside::Nothing, '/') if next == Some('*') => {
                chars.next();
                Inside::Block
            }
            (Inside::Nothing, c) if !c.is_ascii() || (c.is_ascii_control() && !is_blank(c)) => {
                return Err(invalid(
                    text,
                    at,
                    "a character outside of strings that is not JSON",
                ));
            }
            (inside, _) => inside,
        };
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Inside {
    Nothing,
    Text,
    Line,
    Block,
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The value at the end of these steps.
pub(super) fn descend<'v, 'a>(
    text: &str,
    root: &'v Value<'a>,
    steps: &[String],
) -> Result<Option<&'v Value<'a>>, Error> {
    let mut value = root;
    for step in steps {
        let next = match value {
            Value::Object(object) => member(text, object, step)?.map(|member| &member.value),
            Value::Array(array) => index(step).and_then(|index| array.elements.get(index)),
            _ => None,
        };
        let Some(next) = next else {
            return Ok(None);
        };
        value = next;
    }
    Ok(Some(value))
}

/// The one member of this name.
pub(super) fn member<'v, 'a>(
    text: &str,
    object: &'v Object<'a>,
    name: &str,
) -> Result<Option<&'v ObjectProp<'a>>, Error> {
    let mut found = object
        .properties
        .iter()
        .filter(|member| member.name.as_str() == name);
    let first = found.next();
    match found.next() {
        Some(second) => {
            let what = format!("the name `{}` is there twice", shown(name));
            Err(invalid(text, second.range.start, &what))
        }
        None => Ok(first),
    }
}

/// What kind of value it is, with its article.
pub(super) fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::NullKeyword(_) => "null",
        Value::BooleanLit(_) => "a boolean",
        Value::NumberLit(_) => "a number",
        Value::StringLit(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use proptest::prelude::*;

    const FILE: &str = "\u{feff}// ours\r\n{\r\n  \"a/b\": \"x\", /* c */\r\n  \"~\": { \"\": \"empty\" },\r\n  \
                        \"list\": [\"zero\", {\"k\": \"v\"},],\r\n  \"n\": 1, \"t\": true, \"nil\": null,\r\n  \
                        \"\\u0061\\n\": \"\\u00e9\\ud83d\\ude42\",\r\n}\r\n";

    #[test]
    fn strings_are_found() {
        #[rustfmt::skip]
        let cases = [
            ("/a~1b",    Ok(Some("x"))),
            ("/~0/",     Ok(Some("empty"))),
            ("/list/0",  Ok(Some("zero"))),
            ("/list/1/k", Ok(Some("v"))),
            ("/a\n",     Ok(Some("é🙂"))),
            ("/list/2",  Ok(None)),
            ("/list/-",  Ok(None)),
            ("/list/00", Ok(None)),
            ("/list/+0", Ok(None)),
            ("/list/",   Ok(None)),
            ("/nil",     Ok(None)),
            ("/none/x",  Ok(None)),
            ("/n/x",     Ok(None)),
            ("",         Err("line 2, column 1: a string was expected, not an object")),
            ("/n",       Err("line 6, column 8: a string was expected, not a number")),
            ("/t",       Err("line 6, column 16: a string was expected, not a boolean")),
            ("/list",    Err("line 5, column 11: a string was expected, not an array")),
            ("list",     Err("a JSON pointer starts with `/`")),
        ];
        for (pointer, want) in cases {
            let got = get(FILE, pointer).map_err(|error| error.message);
            assert_eq!(
                got.as_ref().map(Option::as_deref).map_err(String::as_str),
                want,
                "{pointer}"
            );
        }
    }

    #[test]
    fn what_is_broken_has_a_line_and_a_column() {
        #[rustfmt::skip]
        let cases = [
            ("{\n  \"a\": \"x\"\n  \"b\": 1 }",      "line 2, column 11: expected comma"),
            ("{\"a\": \"x\", \"\\u0061\": \"y\"}",   "line 1, column 12: the name `a` is there twice"),
            ("{\"a\": \"x\ty\"}",                    "line 1, column 9: a control character stands in a string"),
            ("{\"a\": \"x\\\ny\"}",                  "line 1, column 10: a control character stands in a string"),
            ("{\u{a0}\"a\": 1}",                     "line 1, column 2: a character outside of strings that is not JSON"),
            ("{\u{c}\"a\": 1}",                      "line 1, column 2: a character outside of strings that is not JSON"),
            ("{\n<<<<<<< HEAD\n\"a\": 1\n}",         "line 2, column 1: a merge conflict is not resolved"),
            ("{ // é\n=======\n}",                   "line 2, column 1: a merge conflict is not resolved"),
            ("{'a': 1}",                             "line 1, column 2: single-quoted strings are not allowed"),
            ("{a: 1}",                               "line 1, column 2: expected string for object property"),
            ("{\"a\": 0x1}",                         "line 1, column 7: hexadecimal numbers are not allowed"),
            ("{\"a\": +1}",                          "line 1, column 7: unary plus on numbers is not allowed"),
            ("{\"a\": .5}",                          "line 1, column 7: leading or trailing decimal points on numbers are not allowed"),
            ("{\"a\": NaN}",                         "line 1, column 7: unexpected token"),
            ("{\"a\": 1} {}",                        "line 1, column 10: text cannot contain more than one JSON value"),
            ("{\"a\": \"\\x41\"}",                   "line 1, column 8: invalid escape"),
            ("{oops\n",                              "line 1, column 2: "),
            ("{\"a\": ",                             "line 1, column "),
        ];
        for (text, want) in cases {
            let Err(error) = get(text, "/a") else {
                panic!("{text}")
            };
            assert!(error.message.starts_with(want), "{text}: {error}");
        }
        for text in ["", " \n", "// nothing", "null"] {
            assert_eq!(get(text, "/a").ok(), Some(None), "{text}");
        }
    }

    fn base64(text: &str) -> Vec<u8> {
        let alphabet = ('A'..='Z')
            .chain('a'..='z')
            .chain('0'..='9')
            .chain(['+', '/']);
        let alphabet: String = alphabet.collect();
        let sixes = text.chars().filter_map(|c| alphabet.find(c));
        let bits: Vec<bool> = sixes
            .flat_map(|six| (0..6).rev().map(move |bit| six >> bit & 1 == 1))
            .collect();
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        bits.chunks_exact(8).map(byte).collect()
    }

    /// Whether all that is wrong with a text is a comment, or a comma behind the last item, which
    /// the row does not allow: here both may be in any file.
    fn is_only_lenient(row: &Json, text: &str) -> bool {
        let says = |name| {
            row.get("options").and_then(|options| options.get(name)) == Some(&Json::Bool(true))
        };
        let options = ParseOptions {
            allow_comments: !says("disallowComments"),
            allow_trailing_commas: says("allowTrailingComma"),
            ..OPTIONS
        };
        let parses = |options| parse_to_ast(text, &CollectOptions::default(), options).is_ok();
        parses(&OPTIONS) && !parses(&options)
    }

    #[test]
    fn the_collected_texts_are_judged_right() {
        let mut count = 0;
        for line in include_str!("../../tests/vectors/jsonc_parse.jsonl").lines() {
            let Ok(row) = Json::parse(line.as_bytes()) else {
                panic!("{line}")
            };
            let text = row.get("text").and_then(Json::as_str).unwrap_or_default();
            let want = row.get("expect").and_then(Json::as_str) == Some("valid")
                || is_only_lenient(&row, text);
            let got = value(text, &[]).ok().flatten();
            assert_eq!(got.is_some(), want, "{row}");
            let same = got
                .zip(row.get("value"))
                .is_none_or(|(got, want)| got.is_same(want));
            assert!(same, "{row}");
            count += 1;
        }
        for line in include_str!("../../tests/vectors/json_parsing.jsonl").lines() {
            let field = |name| line.split_once(name)?.1.split('"').nth(1);
            let bytes = field("\"bytes_b64\"").map(base64).unwrap_or_default();
            let Some(want @ ("valid" | "invalid")) = field("\"jsonc_expect\"") else {
                continue;
            };
            // What is not UTF-8 never becomes a text.
            let got = std::str::from_utf8(&bytes)
                .is_ok_and(|text| matches!(read(split_bom(text).1), Ok(Some(_))));
            assert_eq!(got, want == "valid", "{line}");
            count += 1;
        }
        assert!(count > 100, "{count}");
    }

    proptest! {
        #[test]
        fn every_string_is_found(name in any::<String>(), value in any::<String>()) {
            let text = Json::object([("x", Json::from(1.to_string().as_str())), ("y", Json::Object(vec![(name.clone(), Json::String(value.clone()))]))]).pretty();
            let pointer = format!("/y/{}", name.replace('~', "~0").replace('/', "~1"));
            prop_assert_eq!(get(&text, &pointer).ok(), Some(Some(value)));
        }

        #[test]
        fn nothing_panics(text in r#"[\[\]{}:,"'/*\\u0-9a-fntr \n\u{feff}\u{a0}+.-]{0,40}"#, pointer in "[/~01a-]{0,8}") {
            let _ = get(&text, &pointer);
        }
    }
}
