//! Single values of a manifest: each to what it means, or to what is wrong with it.

use toml_edit::{Item, TableLike, Value};

use super::read::invalid;
use crate::error::Error;
use crate::json::Json;
use crate::place::{dotenv, shown};
use crate::time;
use crate::token;

/// What durations and times are written like, for hints.
const DURATION: &str = "such as `\"12h\"` or `\"90d\"`";
const TIME: &str = "such as `2026-12-06T00:00:00Z`";

/// The same error, saying which key it is about; its message goes on from there.
pub(super) fn about(name: &str, error: Error) -> Error {
    let message = format!("`{}` {}", shown(name), error.message);
    Error { message, ..error }
}

pub(super) fn mistyped(name: &str, item: &Item, wanted: &str, hint: &str) -> Error {
    about(name, unlike(item, wanted).hint(hint))
}

/// That a value has another type than the one that was wanted.
fn unlike(item: &Item, wanted: &str) -> Error {
    invalid(format!("is {}, not {wanted}", kind(item.type_name())))
}

/// A type of TOML with its article.
pub(super) fn kind(name: &str) -> String {
    let article = if name.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

pub(super) fn text(item: &Item) -> Result<String, Error> {
    match item.as_str() {
        Some("") => Err(invalid("is empty").hint("leave it out, or give it a value")),
        Some(text) => Ok(text.to_owned()),
        None => Err(unlike(item, "a string").hint("put it between quotes")),
    }
}

pub(super) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    !text.is_empty() && text.bytes().all(fits)
}

pub(super) fn name(item: &Item) -> Result<String, Error> {
    let typed = text(item)?;
    if is_name(&typed) {
        return Ok(typed);
    }
    Err(invalid("has other characters than letters, digits and `._-`").hint("such as `vscode1`"))
}

pub(super) fn variable(item: &Item) -> Result<String, Error> {
    let typed = text(item)?;
    if dotenv::is_name(&typed) {
        return Ok(typed);
    }
    Err(invalid("is no name of a variable")
        .hint("letters, digits and `_`, not beginning with a digit"))
}

pub(super) fn header(item: &Item) -> Result<String, Error> {
    let typed = text(item)?;
    // RFC 9110 section 5.6.2: a token.
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if typed.bytes().all(fits) {
        return Ok(typed);
    }
    Err(invalid("is no name of a header").hint("such as `Authorization` or `X-API-Key`"))
}

pub(super) fn url(item: &Item) -> Result<String, Error> {
    let typed = text(item)?;
    let rest = typed
        .strip_prefix("https://")
        .or_else(|| typed.strip_prefix("http://"));
    if rest.is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| !c.is_whitespace() && !c.is_control())
    }) {
        return Ok(typed);
    }
    Err(invalid("is no URL").hint("such as `https://mcp.example.com/mcp`"))
}

/// The elements of a list that are all strings with something in them.
fn list(item: &Item) -> Option<Vec<String>> {
    let texts = item.as_array()?.iter().map(Value::as_str);
    texts
        .map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned))
        .collect()
}

pub(super) fn texts(item: &Item) -> Result<Vec<String>, Error> {
    if item.is_array() {
        let hint = "such as `[\"one\", \"two\"]`";
        let found = list(item).filter(|list| !list.is_empty());
        return found
            .ok_or_else(|| invalid("is no list of strings with something in them").hint(hint));
    }
    text(item).map(|text| vec![text])
}

pub(super) fn command(item: &Item) -> Result<Vec<String>, Error> {
    let hint = "`command = [\"npx\", \"-y\", \"server\"]`";
    let texts = item.as_array().map(|array| array.iter().map(Value::as_str));
    let words: Option<Vec<String>> =
        texts.and_then(|texts| texts.map(|text| text.map(str::to_owned)).collect());
    match words {
        Some(words) if words.first().is_some_and(|first| !first.is_empty()) => Ok(words),
        _ => Err(invalid("is no list of a program and its arguments").hint(hint)),
    }
}

pub(super) fn scopes(item: &Item) -> Result<Vec<String>, Error> {
    let Some(text) = item.as_str() else {
        let hint = "such as `[\"index:read\", \"search:read\"]`";
        let one_each = |scope: &String| !scope.contains(char::is_whitespace);
        let scopes = list(item).filter(|scopes| scopes.iter().all(one_each));
        return scopes.ok_or_else(|| invalid("is no list of scopes").hint(hint));
    };
    Ok(text.split_ascii_whitespace().map(str::to_owned).collect())
}

pub(super) fn duration(item: &Item) -> Result<i64, Error> {
    let Some(text) = item.as_str() else {
        return Err(unlike(item, "a duration in quotes").hint(DURATION));
    };
    // What was typed may be anything; the words of the command line would repeat it.
    time::parse_duration(text).map_err(|_| invalid("is no duration").hint(DURATION))
}

pub(super) fn lifetime(item: &Item) -> Result<i64, Error> {
    match duration(item)? {
        0 => Err(invalid("is 0: tokens would be expired from the start").hint(DURATION)),
        seconds => Ok(seconds),
    }
}

pub(super) fn instant(item: &Item) -> Result<i64, Error> {
    let text = match (item.as_datetime(), item.as_str()) {
        (Some(time), _) => time.to_string(),
        (None, Some(text)) => text.to_owned(),
        (None, None) => return Err(unlike(item, "a date and time").hint(TIME)),
    };
    // One relative to now would move with each reading.
    let fixed = !text.starts_with(['+', '-']);
    let instant = fixed.then(|| time::parse_instant(&text, 0).ok()).flatten();
    instant.ok_or_else(|| invalid("is no date and time with a zone").hint(TIME))
}

/// A claim, or what is wrong with it.
pub(super) fn claim(name: &str, item: &Item) -> Result<Json, String> {
    let value = item_json(item)?;
    match token::fault(name, &value) {
        Some(fault) => Err(fault),
        None => Ok(value),
    }
}

fn item_json(item: &Item) -> Result<Json, &'static str> {
    if let Some(value) = item.as_value() {
        return json(value);
    }
    if let Some(tables) = item.as_array_of_tables() {
        let tables = tables.iter().map(|table| members(table));
        return tables.collect::<Result<_, _>>().map(Json::Array);
    }
    item.as_table_like().map_or(Ok(Json::Null), members)
}

fn json(value: &Value) -> Result<Json, &'static str> {
    Ok(match value {
        Value::String(text) => text.value().as_str().into(),
        Value::Integer(number) => (*number.value()).into(),
        Value::Float(number) if number.value().is_finite() => {
            Json::Number(number.value().to_string())
        }
        Value::Float(_) => return Err("is a number that JSON cannot hold"),
        Value::Boolean(value) => (*value.value()).into(),
        Value::Datetime(time) => time.value().to_string().into(),
        Value::Array(items) => Json::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        Value::InlineTable(table) => members(table)?,
    })
}

fn members(table: &dyn TableLike) -> Result<Json, &'static str> {
    let members = table
        .iter()
        .map(|(name, item)| Ok((name.to_owned(), item_json(item)?)));
    members.collect::<Result<_, _>>().map(Json::Object)
}
