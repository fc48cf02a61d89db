//! Entries that start `mcp-remote`: a server with a URL for a client that starts programs only.
//!
//! Its headers are the words `Name:value` behind `--header`, in which it replaces `${VAR}` by a
//! variable of its own, and the lines of the file behind `--header-file`. There is no blank
//! behind the colon: on Windows some clients split the word there.

use super::remote::AUTHORIZATION;
use super::{Ask, Change, Draft, Gives, Means, Plan, Sort, Value};
use crate::client::config::BRIDGED;
use crate::client::entry::{Bridge, Entry, Slot, below, is_bridge, walk};
use crate::client::value::{scheme, split};
use crate::error::Error;
use crate::json::Json;

impl Ask<'_> {
    pub(super) fn bridge(&self, entry: &Entry<'_>, bridge: &Bridge) -> Result<Plan, Error> {
        let wanted = self.wish.header.as_deref().unwrap_or(AUTHORIZATION);
        let said = bridge
            .headers
            .iter()
            .find(|slot| slot.name.eq_ignore_ascii_case(wanted));
        let mut draft = match (&self.wish.means, said) {
            (Means::Literal, said) => {
                let mut draft = match said {
                    Some(said) => self.said(entry, said)?,
                    None => self.unsaid(entry, wanted)?,
                };
                if let Some(file) = &bridge.file {
                    draft.more.extend(without(file));
                    draft.taken.push(file.clone());
                }
                draft
            }
            (Means::File { path }, said) => {
                let mut draft = in_file(entry, bridge, path);
                if let Some(said) = said {
                    self.unsay(entry, said, &mut draft)?;
                }
                draft
            }
            _ => return Err(self.unsupported(Sort::Remote, &BRIDGED)),
        };
        wanted.clone_into(&mut draft.name);
        draft.url = Some(bridge.url.clone());
        Ok(self.planned(draft))
    }

    /// The token goes where the word of its header takes it from.
    fn said(&self, entry: &Entry<'_>, said: &Slot) -> Result<Draft, Error> {
        let (before, rest) = value_of(said);
        if let Some(variable) = variable_in(rest) {
            let at = self.variable_at(entry, variable);
            let seen = self.text(entry, &at)?;
            let name = if before.is_empty() { &said.name } else { "" };
            let value = Value::Token(scheme(seen.as_deref(), name));
            return Ok(Draft::new(at, seen, value));
        }
        let mut prefix = said.value[..said.value.len() - rest.len()].to_owned();
        if rest.is_empty() && before.is_empty() {
            prefix += &scheme(None, &said.name);
        }
        let seen = Some(said.value.clone());
        let mut draft = Draft::new(said.at.clone(), seen, Value::Token(prefix));
        draft.replaces = !rest.is_empty() && !(self.is_token)(rest);
        Ok(draft)
    }

    /// A new header, from a variable of its own.
    fn unsaid(&self, entry: &Entry<'_>, wanted: &str) -> Result<Draft, Error> {
        let variable = variable_for(wanted);
        let at = self.variable_at(entry, &variable);
        let seen = self.text(entry, &at)?;
        let value = Value::Token(scheme(seen.as_deref(), wanted));
        let mut draft = Draft::new(at, seen, value);
        let word = format!("{wanted}:${{{variable}}}");
        draft.more.extend(appended(entry, ["--header", &word]));
        Ok(draft)
    }

    /// Takes a header out, and the variable that it comes from.
    fn unsay(&self, entry: &Entry<'_>, said: &Slot, draft: &mut Draft) -> Result<(), Error> {
        let (_, rest) = value_of(said);
        let mut taken = said.clone();
        rest.clone_into(&mut taken.value);
        if let Some(variable) = variable_in(rest) {
            taken.at = self.variable_at(entry, variable);
            taken.value = self.text(entry, &taken.at)?.unwrap_or_default();
            draft.more.insert(
                0,
                Change::Remove {
                    at: taken.at.clone(),
                },
            );
        }
        draft.taken.push(taken);
        draft.more.extend(without(said));
        Ok(())
    }

    fn variable_at(&self, entry: &Entry<'_>, name: &str) -> Vec<String> {
        below(&below(&entry.at, self.env(entry)), name)
    }
}

/// The file with the headers: the one that is named, or a new one.
fn in_file(entry: &Entry<'_>, bridge: &Bridge, path: &str) -> Draft {
    let mut draft = if let Some(file) = &bridge.file {
        let value = Value::Fixed(Json::from(path));
        Draft::new(file.at.clone(), Some(file.value.clone()), value)
    } else {
        let mut draft = Draft::new(entry.words_at(), None, Value::None);
        draft.more.extend(appended(entry, ["--header-file", path]));
        draft
    };
    draft.gives = Gives::Line;
    draft
}

/// The scheme and the rest of a header's word.
fn value_of(said: &Slot) -> (&str, &str) {
    let (_, text) = said.value.split_once(':').unwrap_or_default();
    let (scheme, rest) = split(text.trim());
    (scheme, rest.trim())
}

fn variable_in(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}')
}

/// Words put behind the last of a command.
fn appended(entry: &Entry<'_>, words: [&str; 2]) -> Vec<Change> {
    let put = |word: &str| Change::Append {
        at: entry.words_at(),
        value: Json::from(word),
    };
    words.map(put).to_vec()
}

/// Takes a word out, and the option in front of it.
fn without(word: &Slot) -> Vec<Change> {
    let Some((index, list)) = word.at.split_last() else {
        return Vec::new();
    };
    let index: usize = index.parse().unwrap_or_default();
    let remove = |index: usize| Change::Remove {
        at: below(list, &index.to_string()),
    };
    [index, index.saturating_sub(1)].map(remove).to_vec()
}

/// The words of a header that nothing is left of, in the entry around a place: of the file that
/// is no longer named, or the variable that is gone. The last one comes first.
pub fn idle_words(root: &Json, at: &[String]) -> Vec<Vec<String>> {
    let around = (0..at.len()).rev().map(|depth| &at[..depth]);
    let idle = around.into_iter().find_map(|above| {
        let entry = walk(root, above)?.as_object()?;
        let is_set = |name: &str| {
            let maps = entry.iter().filter_map(|(_, map)| map.as_object());
            maps.flatten().any(|(known, _)| known == name)
        };
        let words = entry.iter().find_map(|(name, list)| {
            let words = list.as_array()?.iter().map(Json::as_str);
            let words: Vec<&str> = words.collect::<Option<_>>()?;
            words
                .iter()
                .any(|word| is_bridge(word))
                .then_some((name, words))
        });
        let (name, words) = words?;
        let list = below(above, name);
        let index = words.iter().enumerate().find_map(|(index, word)| {
            let next = words.get(index + 1);
            match (*word, next) {
                ("--header" | "--header-file", None) => Some((index, 1)),
                ("--header" | "--header-file", Some(next)) if next.starts_with("--") => {
                    Some((index, 1))
                }
                ("--header", Some(next)) => {
                    let (_, value) = next.split_once(':')?;
                    let variable = variable_in(split(value.trim()).1.trim())?;
                    (!is_set(variable)).then_some((index, 2))
                }
                _ => None,
            }
        });
        let (index, count) = index?;
        let words = (index..index + count).rev();
        Some(
            words
                .map(|index| below(&list, &index.to_string()))
                .collect(),
        )
    });
    idle.unwrap_or_default()
}

/// The variable that a new header comes from.
fn variable_for(header: &str) -> String {
    if header.eq_ignore_ascii_case(AUTHORIZATION) {
        return "AUTH_HEADER".to_owned();
    }
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    header.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_header_that_nothing_is_left_of() {
        #[rustfmt::skip]
        let cases = [
            (r#"["mcp-remote","https://a","--header-file"]"#,                              "{}",         "2"),
            (r#"["mcp-remote","--header-file","--debug","https://a"]"#,                    "{}",         "1"),
            (r#"["mcp-remote","https://a","--header"]"#,                                   "{}",         "2"),
            (r#"["mcp-remote","https://a","--header-file","/h"]"#,                         "{}",         ""),
            (r#"["mcp-remote","https://a","--header","Authorization:${T}"]"#,              "{}",         "3 2"),
            (r#"["mcp-remote","https://a","--header","Authorization: Bearer ${T}","-d"]"#, r#"{"U":""}"#, "3 2"),
            (r#"["mcp-remote","https://a","--header","Authorization:${T}"]"#,              r#"{"T":""}"#, ""),
            (r#"["mcp-remote","https://a","--header","X:y"]"#,                             "{}",         ""),
            (r#"["other","https://a","--header","Authorization:${T}"]"#,                   "{}",         ""),
            (r#"["mcp-remote",1,"--header-file"]"#,                                        "{}",         ""),
        ];
        for (args, env, want) in cases {
            let text = format!(r#"{{"s":{{"a":{{"args":{args},"env":{env}}}}}}}"#);
            let root = Json::parse(text.as_bytes()).unwrap();
            let at = ["s", "a", "env", "T"].map(str::to_owned);
            let found: Vec<String> = idle_words(&root, &at)
                .iter()
                .map(|at| at.last().cloned().unwrap_or_default())
                .collect();
            assert_eq!(found.join(" "), want, "{text}");
        }
    }
}
