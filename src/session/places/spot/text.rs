//! The text of a file as a spot in it needs it: what a value is and becomes.

use crate::client::{self, Config, Plan, Route, Wish};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::place::tree::{Change, Format, Made, pointer};
use crate::place::{Place, dotenv};
use crate::secret::Secret;
use crate::token;

/// The text after the changes of a plan. A value of ours that goes takes along what was made for
/// it, but nothing that the new one is in.
pub(super) fn changed(
    text: &str,
    plan: &Plan,
    (token, ours): (Option<&str>, &[(Vec<String>, Made)]),
) -> Result<String, Error> {
    let format = plan.format;
    let changes = plan.changes(token);
    changes.iter().try_fold(text.to_owned(), |text, change| {
        let known = |at: &[String]| ours.iter().find(|(known, _)| known == at);
        let Some((at, made)) = (match change {
            Change::Remove { at } => known(at),
            _ => None,
        }) else {
            return format.apply(&text, std::slice::from_ref(change));
        };
        let without = format.take_out(&text, at, Some(&made.beside(&plan.at)))?;
        Ok(without.unwrap_or_default())
    })
}

/// The text without the questions of ours around a place that nothing names any more, and without
/// the words of a header that nothing is left of, where an edit made any; `None` where nothing else is left.
pub(super) fn unasked(
    (format, mut text): (Format, String),
    at: &[String],
    made: Option<&Made>,
) -> Result<Option<String>, Error> {
    let is_made = |list: &[String]| {
        let list = format!("{}/", pointer(list));
        made.is_some_and(|made| made.leaves.iter().any(|leaf| leaf.starts_with(&list)))
    };
    // The option whose value was just taken out is of no use, whoever wrote it.
    let went_with_it = |idle: &[String]| {
        let index = |at: &[String]| at.last().and_then(|last| last.parse::<usize>().ok());
        let (Some(idle_at), Some(value_at)) = (index(idle), index(at)) else {
            return false;
        };
        idle.len() == at.len()
            && idle[..idle.len() - 1] == at[..at.len() - 1]
            && idle_at + 1 == value_at
    };
    loop {
        let root = format.get(&text, &[])?.unwrap_or(Json::Null);
        let mut idle = client::idle_words(&root, at);
        idle.extend(client::idle(&root, at));
        idle.retain(|at| is_made(&at[..at.len() - 1]) || went_with_it(at));
        let Some(idle) = idle.first() else {
            return Ok(Some(text));
        };
        match format.take_out(&text, idle, made)? {
            Some(new) => text = new,
            None => return Ok(None),
        }
    }
}

/// A token with the scheme of the value it replaces; a new value named `Authorization` gets
/// `Bearer `. What is no bare token is written as it is.
pub(super) fn with_scheme(seen: Option<&Secret>, name: &str, value: &str) -> String {
    if !is_bare_token(value) {
        return value.to_owned();
    }
    let seen = seen.and_then(Secret::expose_str).unwrap_or_default();
    let scheme = match seen.split_once(' ') {
        Some((word, _)) if word.eq_ignore_ascii_case("bearer") => Some(word),
        None if seen.is_empty() && name.eq_ignore_ascii_case("authorization") => Some("Bearer"),
        _ => None,
    };
    scheme.map_or_else(|| value.to_owned(), |word| format!("{word} {value}"))
}

/// Whether a value is a token without a scheme, which it may get.
pub(super) fn is_bare_token(value: &str) -> bool {
    token::bare(value) == value && token::looks_like_token(value)
}

/// What an edit of a `.env` file made: a line, or the value of a variable that had none.
pub(super) fn made_of_variable(
    old: Option<&str>,
    name: &str,
    new: &str,
) -> Result<Option<Made>, Error> {
    let text = old.unwrap_or_default();
    if text == new {
        return Ok(None);
    }
    let was = dotenv::vacant(text, name)?;
    let is_new = dotenv::get(text, name)? == dotenv::Value::Absent;
    Ok((is_new || was.is_some()).then(|| Made {
        absent: old.is_none(),
        was,
        ..Made::default()
    }))
}

/// Whether a list is there with a text at this index, or with nothing.
pub(super) fn is_element(format: Format, text: &str, at: &[String]) -> bool {
    let Some((last, above)) = at.split_last() else {
        return false;
    };
    let is_list = |at| matches!(format.get(text, at), Ok(Some(Json::Array(_))));
    let item = format.get(text, at).ok().flatten();
    last.parse::<usize>().is_ok()
        && is_list(above)
        && item.is_none_or(|item| item.as_str().is_some())
}

/// Whether the value there is a program that no exec was put in front of by us.
pub(super) fn is_command(format: Format, text: &str, at: &[String]) -> bool {
    let value = format.get(text, at).ok().flatten();
    let word = value.as_ref().and_then(Json::as_str);
    word.is_some_and(client::is_ours)
}

pub(super) fn plan(
    place: &Place,
    config: &Config,
    text: Option<&str>,
    wish: &Wish,
) -> Result<Plan, Error> {
    client::plan(config, text, wish, token::looks_like_token)
        .map_err(|error| named("use", place, error))
}

pub(super) fn text<'b>(place: &Place, verb: &str, bytes: &'b Secret) -> Result<&'b str, Error> {
    bytes.expose_str().ok_or_else(|| {
        Error::new(
            Code::PlaceInvalid,
            format!("cannot {verb} `{place}`: the file is not UTF-8"),
        )
        .at(place.to_string())
    })
}

pub(in crate::session::places) fn named(verb: &str, place: &Place, error: Error) -> Error {
    let message = format!("cannot {verb} `{place}`: {}", error.message);
    Error { message, ..error }.at(place.to_string())
}

/// Where a value in a tree goes, by the server entry that it is in.
pub(super) fn around(
    (place, format): (&Place, Format),
    at: &[String],
    text: &str,
) -> Result<Option<Route>, Error> {
    let mut config = client::any(place.path().unwrap_or_default().into());
    config.format = format;
    client::route_around(&config, text, at, token::looks_like_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_keeps_the_scheme_of_the_value_it_replaces() {
        const T: &str = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln";
        #[rustfmt::skip]
        let cases = [
            (None,                "Authorization", T,            "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            (Some(""),            "authorization", T,            "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            (Some("bearer eyJ.x"), "X",            T,            "bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            (Some("Bearer   x"),  "Authorization", T,            "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln"),
            (Some("eyJ.x"),       "Authorization", T,            T),
            (None,                "TOKEN",         T,            T),
            (None,                "Authorization", "secret",     "secret"),
            (Some("Bearer x"),    "Authorization", "Bearer old", "Bearer old"),
        ];
        for (seen, name, value, want) in cases {
            let seen = seen.map(Secret::from);
            assert_eq!(
                with_scheme(seen.as_ref(), name, value),
                want,
                "{name} {value}"
            );
        }
    }
}
