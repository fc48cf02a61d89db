//! A server's command out of `mcpjwt exec`, which was put in front of it.

use super::value::unwrapped;
use crate::error::Error;
use crate::json::Json;
use crate::place::tree::{Change, Format, Make};

/// The changes that leave the command behind `mcpjwt exec .. --`, where the member at these
/// steps is a command that was wrapped so; `None` where it is not.
pub fn unwrapping(format: Format, text: &str, at: &[String]) -> Result<Option<Vec<Change>>, Error> {
    // In a list the program is the first element, else a member beside its arguments.
    let (above, list) = match at {
        [above @ .., last] if last == "0" => (above, Some(above)),
        [above @ .., _] => (above, None),
        [] => return Ok(None),
    };
    let Some(there) = format.get(text, above)? else {
        return Ok(None);
    };
    let texts = |json: &Json| {
        let items = json.as_array()?.iter();
        items
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<String>>>()
    };
    if let Some(list) = list {
        let Some(words) = texts(&there) else {
            return Ok(None);
        };
        let inner = unwrapped(&words).map(|(_, inner)| inner.len());
        return Ok(inner.map(|inner| first_removed(list, words.len() - inner)));
    }
    let (Some(program), Some(name)) = (
        there.get(&at[above.len()]).and_then(Json::as_str),
        there.as_object().and_then(|members| {
            let is_list = |(name, json): &&(String, Json)| name == "args" && texts(json).is_some();
            members.iter().find(is_list).map(|(name, _)| name.clone())
        }),
    ) else {
        return Ok(None);
    };
    let mut words = vec![program.to_owned()];
    words.extend(there.get(&name).and_then(texts).unwrap_or_default());
    let Some((_, [command, rest @ ..])) = unwrapped(&words) else {
        return Ok(None);
    };
    let mut changes = vec![Change::Set {
        at: at.to_vec(),
        value: command.as_str().into(),
        make: Make::Around,
    }];
    let mut args = above.to_vec();
    args.push(name);
    changes.extend(first_removed(&args, words.len() - 1 - rest.len()));
    Ok(Some(changes))
}

fn first_removed(list: &[String], count: usize) -> Vec<Change> {
    let mut first = list.to_vec();
    first.push("0".to_owned());
    vec![Change::Remove { at: first }; count]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_comes_out_of_its_wrapping() {
        #[rustfmt::skip]
        let cases = [
            (r#"{"command": "/x/mcpjwt", "args": ["exec", "a", "--env", "T", "--", "node", "s.js"], "cwd": "."}"#, "command",
             Some(r#"{"command": "node", "args": ["s.js"], "cwd": "."}"#)),
            (r#"{"command": "mcpjwt", "args": ["exec", "a", "--", "node"]}"#, "command",
             Some(r#"{"command": "node", "args": []}"#)),
            (r#"{"command": ["mcpjwt", "exec", "a", "--", "node", "s.js"]}"#, "command/0",
             Some(r#"{"command": ["node", "s.js"]}"#)),
            (r#"{"command": "node", "args": ["exec", "--", "x"]}"#, "command", None),
            (r#"{"command": "mcpjwt", "args": ["headers", "a"]}"#,  "command", None),
            (r#"{"command": "mcpjwt"}"#,                             "command", None),
        ];
        for (text, at, want) in cases {
            let at: Vec<String> = at.split('/').map(str::to_owned).collect();
            let changes = unwrapping(Format::Json, text, &at).unwrap();
            let got = changes.map(|changes| Format::Json.apply(text, &changes).unwrap());
            assert_eq!(got.as_deref(), want, "{text}");
        }
    }
}
