//! A server's command, and `mcpjwt exec` in front of it: put there and taken away, while the
//! words behind it stay as they are written.

use crate::error::Error;
use crate::json::Json;
use crate::place::tree::{Change, Format, Make};

/// What `mcpjwt exec` starts, where that is what a command does: the variable it sets, and the
/// command behind `--`.
pub(super) fn unwrapped(command: &[String]) -> Option<(Option<&String>, &[String])> {
    if !is_ours(command.first()?) {
        return None;
    }
    let end = command.iter().position(|word| word == "--")?;
    let (ours, rest) = command.split_at(end);
    ours.iter().find(|word| *word == "exec")?;
    let variable = ours.iter().skip_while(|word| *word != "--env").nth(1);
    Some((variable, &rest[1..]))
}

/// Whether a program is mcpjwt.
pub fn is_ours(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next();
    matches!(name, Some("mcpjwt" | "mcpjwt.exe"))
}

/// Where a command is: one list, or a program beside the list of its arguments.
pub(super) struct Words {
    /// The program, where it is no element of the list.
    pub(super) program: Option<Vec<String>>,
    /// The list.
    pub(super) list: Vec<String>,
}

impl Words {
    /// The changes that make one command of another. What both end with stays as it is written,
    /// and so do the comments in between.
    pub(super) fn rewritten(&self, old: &[String], new: &[String]) -> Vec<Change> {
        let mut changes = Vec::new();
        let set = |at: Vec<String>, word: &str| Change::Set {
            at,
            value: Json::from(word),
            make: Make::All,
        };
        let from = usize::from(self.program.is_some());
        if let (Some(at), [old, ..], [new, ..]) = (&self.program, old, new)
            && old != new
        {
            changes.push(set(at.clone(), new));
        }
        let (old, new) = (&old[from..], &new[from..]);
        let same = old.iter().rev().zip(new.iter().rev());
        let same = same.take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[..old.len() - same], &new[..new.len() - same]);
        let item = |index: usize| {
            let mut at = self.list.clone();
            at.push(index.to_string());
            at
        };
        let (fewer, more) = (
            old.len().saturating_sub(new.len()),
            new.len().saturating_sub(old.len()),
        );
        changes.extend(vec![Change::Remove { at: item(0) }; fewer]);
        let (added, kept) = new.split_at(more);
        for (index, (old, new)) in old[fewer..].iter().zip(kept).enumerate() {
            if old != new {
                changes.push(set(item(index), new));
            }
        }
        changes.extend(added.iter().rev().map(|word| Change::Prepend {
            at: self.list.clone(),
            value: Json::from(word.as_str()),
        }));
        changes
    }
}

/// The changes by which a command comes out of its wrapping, where the member at these steps is
/// the program of one; `None` where it is not.
pub fn unwrapping(format: Format, text: &str, at: &[String]) -> Result<Option<Vec<Change>>, Error> {
    // In a list the program is the first element, else a member beside its arguments.
    let (above, is_list) = match at {
        [above @ .., last] if last == "0" => (above, true),
        [above @ .., _] => (above, false),
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
    let (old, words) = if is_list {
        let list = above.to_vec();
        let words = Words {
            program: None,
            list,
        };
        (texts(&there), words)
    } else {
        let mut list = above.to_vec();
        list.push("args".to_owned());
        let program = there.get(&at[above.len()]).and_then(Json::as_str);
        let args = there.get("args").and_then(texts).unwrap_or_default();
        let old = program.map(|program| [vec![program.to_owned()], args].concat());
        let program = Some(at.to_vec());
        (old, Words { program, list })
    };
    let Some(old) = old else {
        return Ok(None);
    };
    let new = unwrapped(&old).map(|(_, new)| new);
    let new = new.filter(|new| !new.is_empty());
    Ok(new.map(|new| words.rewritten(&old, new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_ours_is_known_again() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        #[rustfmt::skip]
        let cases = [
            ("/opt/mcpjwt -m /m.toml exec x --env T -- node s.js", Some((Some("T"), "node s.js"))),
            ("C:\\bin\\mcpjwt.exe exec x -- node -- s.js",         Some((None, "node -- s.js"))),
            ("mcpjwt headers x -- y",                              None),
            ("mcpjwt exec x",                                      None),
            ("node exec -- y",                                     None),
        ];
        for (text, want) in cases {
            let command = words(text);
            let got = unwrapped(&command);
            let got = got.map(|(name, rest)| (name.map(String::as_str), rest.join(" ")));
            let want = want.map(|(name, rest): (_, &str)| (name, rest.to_owned()));
            assert_eq!(got, want, "{text}");
        }
    }

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

    #[test]
    fn what_both_commands_end_with_stays_as_it_is_written() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        let list = "[\n  // first\n  \"s\\u002ejs\", // second\n  \"-v\"\n]";
        let place = Words {
            program: None,
            list: Vec::new(),
        };
        #[rustfmt::skip]
        let cases = [
            ("s.js -v",   "x -- s.js -v", "[\n  // first\n  \"x\",\n  \"--\",\n  \"s\\u002ejs\", // second\n  \"-v\"\n]"),
            ("s.js -v",   "y -v",         "[\n  // first\n  \"y\", // second\n  \"-v\"\n]"),
            ("s.js -v",   "-v",           "[\n  // first\n  \"-v\"\n]"),
            ("s.js -v",   "s.js -v",      list),
        ];
        for (old, new, want) in cases {
            let changes = place.rewritten(&words(old), &words(new));
            let got = Format::Json.apply(list, &changes).unwrap();
            assert_eq!(got, want, "{new}");
        }
    }
}
