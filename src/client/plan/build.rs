//! Changes of a value that is not in any text yet.

use crate::json::Json;
use crate::place::tree::Change;

/// An entry after the changes below it, and the changes that are elsewhere.
pub(super) fn folded(
    at: &[String],
    mut entry: Json,
    changes: impl Iterator<Item = Change>,
) -> (Json, Vec<Change>) {
    let mut outside = Vec::new();
    for change in changes {
        match &change {
            Change::Set { at: to, value, .. } if to.starts_with(at) => {
                if let Some(slot) = slot(&mut entry, &to[at.len()..]) {
                    *slot = value.clone();
                }
            }
            Change::Append { at: to, value } if to.starts_with(at) => {
                if let Some(slot) = slot(&mut entry, &to[at.len()..]) {
                    match slot {
                        Json::Array(items) => items.push(value.clone()),
                        other => *other = Json::Array(vec![value.clone()]),
                    }
                }
            }
            Change::Prepend { at: to, value } if to.starts_with(at) => {
                if let Some(slot) = slot(&mut entry, &to[at.len()..]) {
                    match slot {
                        Json::Array(items) => items.insert(0, value.clone()),
                        other => *other = Json::Array(vec![value.clone()]),
                    }
                }
            }
            // A new entry has nothing that has to go.
            Change::Remove { at: to } if to.starts_with(at) => {}
            _ => outside.push(change),
        }
    }
    (entry, outside)
}

/// The value at some steps, made as `null` where it is missing.
fn slot<'a>(json: &'a mut Json, steps: &[String]) -> Option<&'a mut Json> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(json);
    };
    if let Json::Array(items) = json {
        return slot(items.get_mut(step.parse::<usize>().ok()?)?, rest);
    }
    if json.as_object().is_none() {
        *json = Json::Object(Vec::new());
    }
    let Json::Object(members) = json else {
        return None;
    };
    let known = members.iter().position(|(name, _)| name == step);
    let index = known.unwrap_or(members.len());
    if known.is_none() {
        members.push((step.clone(), Json::Null));
    }
    slot(&mut members[index].1, rest)
}
