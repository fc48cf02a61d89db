//! What a kind of entry decides, before anything is said about what it would lose.

use super::{Ask, Change, Gives, Means, Plan};
use crate::client::entry::Slot;
use crate::client::value::{is_helper, split};
use crate::json::Json;

/// What is put there.
#[derive(Clone)]
pub(super) enum Value {
    /// The token behind this scheme.
    Token(String),
    Fixed(Json),
    /// There is none: all is in the other changes.
    None,
}

pub(super) struct Draft {
    pub(super) at: Vec<String>,
    pub(super) name: String,
    pub(super) seen: Option<String>,
    pub(super) value: Value,
    /// Texts besides the one seen that do not stay.
    pub(super) taken: Vec<Slot>,
    /// The program that no longer stands in front of the command.
    pub(super) unwrapped: Option<Vec<String>>,
    /// Whether the text seen is one that can be somebody's.
    pub(super) replaces: bool,
    pub(super) more: Vec<Change>,
    pub(super) url: Option<String>,
    pub(super) gives: Gives,
}

impl Draft {
    pub(super) fn new(at: Vec<String>, seen: Option<String>, value: Value) -> Self {
        Self {
            at,
            name: String::new(),
            seen,
            value,
            taken: Vec::new(),
            unwrapped: None,
            replaces: true,
            more: Vec::new(),
            url: None,
            gives: Gives::Token,
        }
    }

    /// A member that has to go.
    pub(super) fn drop(&mut self, slot: Slot) {
        self.more.push(Change::Remove {
            at: slot.at.clone(),
        });
        self.taken.push(slot);
    }
}

impl Ask<'_> {
    /// The plan, with what it would lose of others.
    pub(super) fn planned(&self, draft: Draft) -> Plan {
        let mut lost = draft.taken;
        let gone = lost.iter().map(|slot| slot.at.clone());
        let gone = gone.chain(draft.unwrapped).collect();
        let stays = matches!(&draft.value, Value::Fixed(Json::String(text)) if draft.seen.as_ref() == Some(text));
        if let Some(seen) = draft.seen.as_ref().filter(|_| draft.replaces && !stays) {
            lost.push(Slot {
                at: draft.at.clone(),
                name: draft.name.clone(),
                value: seen.clone(),
            });
        }
        lost.retain(|slot| !self.is_ours(&slot.value));
        let names_one = matches!(self.wish.means, Means::Helper { .. } | Means::File { .. });
        Plan {
            at: draft.at,
            name: draft.name,
            seen: draft.seen,
            foreign: lost,
            gone,
            url: draft.url,
            is_new: false,
            gives: names_one.then_some(draft.gives),
            format: self.config.format,
            value: draft.value,
            entry: None,
            more: draft.more,
            head: Vec::new(),
        }
    }

    /// Whether a text is empty, shaped like a token, or a command that we write.
    fn is_ours(&self, value: &str) -> bool {
        let (_, rest) = split(value);
        rest.trim().is_empty() || (self.is_token)(rest.trim()) || is_helper(value)
    }
}
