//! Questions of ours in a config: a client asks them once, and puts the answer where they are
//! named.

use super::Means;
use super::entry::{below, walk};
use crate::json::Json;

impl Means {
    /// The question for the token of a server.
    pub fn question(server: &str) -> Self {
        Self::Input {
            id: format!("{server}{END}"),
            about: format!("Token of {server}"),
        }
    }
}

/// What the id of each of ours ends with.
const END: &str = "-token";

/// The question as it is written.
pub(super) fn written(id: &str, about: &str) -> Json {
    Json::object([
        ("type", "promptString".into()),
        ("id", id.into()),
        ("description", about.into()),
        ("password", true.into()),
    ])
}

/// The question that is named in a value.
pub(super) fn named(id: &str) -> String {
    format!("${{input:{id}}}")
}

/// Where a question of ours is that nothing in the document names, in one of the lists around a
/// place.
pub fn idle(root: &Json, at: &[String]) -> Option<Vec<String>> {
    let lists = (0..at.len()).map(|depth| below(&at[..depth], "inputs"));
    lists.into_iter().find_map(|list| {
        let asked = walk(root, &list)?.as_array()?;
        let is_idle = |asked: &Json| is_ours(asked).is_some_and(|id| !has(root, &named(id)));
        let index = asked.iter().position(is_idle)?;
        Some(below(&list, &index.to_string()))
    })
}

/// The id of a question that is just as we write it.
fn is_ours(asked: &Json) -> Option<&str> {
    let id = asked.get("id")?.as_str()?;
    let Means::Input { about, .. } = Means::question(id.strip_suffix(END)?) else {
        return None;
    };
    (*asked == written(id, &about)).then_some(id)
}

fn has(json: &Json, text: &str) -> bool {
    match json {
        Json::String(own) => own.contains(text),
        Json::Array(items) => items.iter().any(|item| has(item, text)),
        Json::Object(members) => members.iter().any(|(_, member)| has(member, text)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_question_of_ours_that_nothing_names_is_idle() {
        let ours = written("a-token", "Token of a").to_string();
        #[rustfmt::skip]
        let cases = [
            (format!(r#"{{"inputs":[{ours}]}}"#),                              Some("/inputs/0")),
            (format!(r#"{{"inputs":[{{"id":"b"}},{ours}]}}"#),                  Some("/inputs/1")),
            (format!(r#"{{"mcp":{{"inputs":[{ours}]}}}}"#),                     Some("/mcp/inputs/0")),
            (format!(r#"{{"inputs":[{ours}],"b":["Bearer ${{input:a-token}}"]}}"#), None),
            (format!(r#"{{"inputs":[{ours}],"b":["${{input:b-token}}"]}}"#),    Some("/inputs/0")),
            (format!(r#"{{"inputs":[{}]}}"#, ours.replace("Token of", "Key of")), None),
            (format!(r#"{{"inputs":[{}]}}"#, ours.replace("-token", "")),       None),
            (format!(r#"{{"inputs":{ours},"other":{{"inputs":[{ours}]}}}}"#),    None),
            ("{}".to_owned(),                                                   None),
        ];
        let at = ["mcp", "servers", "a"].map(str::to_owned);
        for (text, want) in cases {
            let root = Json::parse(text.as_bytes()).unwrap();
            let found = idle(&root, &at).map(|at| format!("/{}", at.join("/")));
            assert_eq!(found.as_deref(), want, "{text}");
        }
    }
}
