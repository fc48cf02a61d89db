//! What an edit made, so that it can be taken out again and leaves no trace.

use std::collections::BTreeMap;

use super::{Change, Format, Spans, find, pointer, put};
use crate::error::Error;
use crate::json::Json;
use crate::place::{jsonc, split_bom, toml};

/// What was not there before an edit. Names only, and no more of a value than shows a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// There was no document at all.
    pub absent: bool,
    /// Each value that was added and is no object or array with something in it, by its RFC
    /// 6901 pointer.
    pub leaves: Vec<String>,
    /// The topmost nodes that hold nothing but these leaves.
    pub tops: Vec<Top>,
    /// What stood behind the `=` of a `.env` file before, where that was no value.
    pub was: Option<String>,
    /// By which it is seen that a leaf was changed since, by its pointer: too little to tell the
    /// value by. What has none may change.
    pub sums: BTreeMap<String, String>,
}

/// A topmost node that an edit made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// An RFC 6901 pointer.
    pub at: String,
    /// How the text around it is restored, where taking it out is not enough.
    pub seam: Option<Seam>,
}

/// Blanks, brackets, commas, `null` and empty strings around a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seam {
    /// What the edit put in front of it.
    pub lead: String,
    /// What the edit put behind it.
    pub trail: String,
    /// What stood there before instead of all three: an empty object, blanks, nothing.
    pub was: String,
}

impl Format {
    /// What the second text has that the first had not; `None` when nothing was added. `before`
    /// is `None` where there was no file.
    pub fn made(self, before: Option<&str>, after: &str) -> Result<Option<Made>, Error> {
        let mut found = Found {
            format: self,
            before: split_bom(before.unwrap_or_default()).1,
            made: Made {
                absent: before.is_none(),
                ..Made::default()
            },
        };
        let after = split_bom(after).1;
        let was = match before {
            Some(_) => self.value(found.before, &[])?,
            None => None,
        };
        if let Some(is) = self.value(after, &[])? {
            found.compare(was.as_ref(), &is, &mut Vec::new())?;
        }
        let (before, mut made) = (found.before, found.made);
        if made.leaves.is_empty() {
            return Ok(None);
        }
        if !made.absent
            && let [top] = &mut made.tops[..]
            && top.seam.is_none()
            && self.removed(after, &steps(&top.at)?)? != before
            && let Some(spans) = self.spans(after, &steps(&top.at)?)?
        {
            top.seam = seam(before, after, &spans);
        }
        Ok(Some(made))
    }

    /// Takes a value out; where it is not there, nothing changes.
    ///
    /// With what an edit made: the topmost node above it that holds nothing else (a value that
    /// changed since still counts, it is known by its name), and what else was made and is empty
    /// now, so that the bytes from before the edit are back. Without, or where something else came
    /// into each of them, a comment too: the value only.
    /// `None`: nothing is left of a document that the edit made as a whole.
    pub fn take_out(
        self,
        text: &str,
        at: &[String],
        made: Option<&Made>,
    ) -> Result<Option<String>, Error> {
        if self.get(text, at)?.is_none() {
            return Ok(Some(text.to_owned()));
        }
        let left = match made {
            Some(made) => self.unmade_around(text, at, (made, at.len()))?,
            None => Left::All,
        };
        let text = match left {
            Left::Nothing => return Ok(None),
            Left::Rest(text) => text,
            Left::All => self.apply(text, &[Change::Remove { at: at.to_vec() }])?,
        };
        self.swept(text, made).map(Some)
    }

    /// The same of a value that is not ours, such as a command that came out of its wrapping: it
    /// goes only with a node above it.
    pub fn take_out_around(
        self,
        text: &str,
        at: &[String],
        made: Option<&Made>,
    ) -> Result<Option<String>, Error> {
        let left = match made {
            Some(made) => self.unmade_around(text, at, (made, at.len().saturating_sub(1)))?,
            None => Left::All,
        };
        let text = match left {
            Left::Nothing => return Ok(None),
            Left::Rest(text) => text,
            Left::All => text.to_owned(),
        };
        self.swept(text, made).map(Some)
    }

    /// The text without the topmost node on the way, down to this depth, that was made with all
    /// that is in it.
    fn unmade_around(
        self,
        text: &str,
        at: &[String],
        (made, deepest): (&Made, usize),
    ) -> Result<Left, Error> {
        let (bom, body) = split_bom(text);
        let Some(root) = self.value(body, &[])? else {
            return Ok(Left::All);
        };
        let nodes = (0..=deepest).map(|depth| &at[..depth]);
        for node in nodes.filter(|node| made.holds_all_of(&root, node)) {
            let new = self.unmade(body, (&root, node), made)?;
            let left = new.as_deref().unwrap_or_default();
            let is_value = new.is_some() && node.len() == at.len();
            if is_value || self.comments(left) == self.comments(body) {
                return Ok(match new {
                    Some(new) => Left::Rest(format!("{bom}{new}")),
                    None => Left::Nothing,
                });
            }
        }
        Ok(Left::All)
    }

    /// The text without the members that were made and are empty now.
    fn swept(self, text: String, made: Option<&Made>) -> Result<String, Error> {
        let tops = made.map_or(&[][..], |made| &made.tops);
        tops.iter().try_fold(text, |text, top| {
            let at = steps(&top.at)?;
            let (bom, body) = split_bom(&text);
            let root = self.value(body, &[])?.unwrap_or(Json::Null);
            let is_member = matches!(at.split_last(), Some((_, above))
                if find(&root, above).is_some_and(|above| above.as_object().is_some()));
            let is_empty = match find(&root, &at) {
                Some(Json::Object(members)) => members.is_empty(),
                Some(Json::Array(items)) => items.is_empty(),
                _ => false,
            };
            let (Some(made), true) = (made, is_member && is_empty) else {
                return Ok(text);
            };
            let new = self.unmade(body, (&root, &at), made)?.unwrap_or_default();
            let is_kept = self.comments(&new) == self.comments(body);
            Ok(if is_kept { format!("{bom}{new}") } else { text })
        })
    }

    /// The text without a node that an edit made, with what stood there before.
    fn unmade(
        self,
        body: &str,
        (root, at): (&Json, &[String]),
        made: &Made,
    ) -> Result<Option<String>, Error> {
        if made.absent && at.is_empty() {
            return Ok(None);
        }
        let top = made.tops.iter().find(|top| top.at == pointer(at));
        if let Some(seam) = top.and_then(|top| top.seam.as_ref())
            && let Some(body) = self.restored(body, at, seam)?
            && self.is_back(&body, root, (at, seam))
        {
            return Ok(Some(body));
        }
        let body = self.removed(body, at)?;
        self.lacks(&body, Some(root.clone()), at)?;
        Ok(Some(body))
    }

    /// Reads a restored text again: it holds what there was before the edit.
    fn is_back(self, body: &str, root: &Json, (at, seam): (&[String], &Seam)) -> bool {
        let root = Some(root.clone());
        let fine = match seam.value() {
            Some(value) => self.holds(body, Some(&put(root, at, value))),
            None => self.lacks(body, root, at),
        };
        fine.is_ok()
    }

    /// The text with what stood there before an edit; `None` when what is around it is not what
    /// the edit left.
    fn restored(self, body: &str, at: &[String], seam: &Seam) -> Result<Option<String>, Error> {
        let Some(Spans { whole, value }) = self.spans(body, at)? else {
            return Ok(None);
        };
        let span = match (seam.value(), value) {
            (Some(_), Some(value)) => value,
            (Some(_), None) => return Ok(None),
            (None, _) => whole,
        };
        let before = body[..span.start].strip_suffix(seam.lead.as_str());
        let after = body[span.end..].strip_prefix(seam.trail.as_str());
        Ok(before
            .zip(after)
            .map(|(before, after)| format!("{before}{}{after}", seam.was)))
    }
}

impl Made {
    /// The same, with the sum of every leaf of a text besides a value that may change.
    pub fn summed(
        mut self,
        (format, text): (Format, &str),
        value: Option<&[String]>,
    ) -> Result<Self, Error> {
        let root = format.get(text, &[])?.unwrap_or(Json::Null);
        let value = value.map(pointer);
        for leaf in self
            .leaves
            .iter()
            .filter(|leaf| Some(*leaf) != value.as_ref())
        {
            if let Some(there) = find(&root, &steps(leaf)?) {
                self.sums.insert(leaf.clone(), sum(there));
            }
        }
        Ok(self)
    }

    /// The same without the nodes that a place is in.
    #[must_use]
    pub fn beside(&self, at: &[String]) -> Self {
        let mut made = self.clone();
        made.tops.retain(|top| !is_below(&pointer(at), &top.at));
        made
    }

    /// Whether a node was made, and all that is in it now.
    fn holds_all_of(&self, root: &Json, at: &[String]) -> bool {
        let here = pointer(at);
        self.tops.iter().any(|top| is_below(&here, &top.at))
            && find(root, at).is_some_and(|node| self.made_all(node, &here))
    }

    fn made_all(&self, node: &Json, here: &str) -> bool {
        match node {
            Json::Object(members) if !members.is_empty() => members.iter().all(|(name, value)| {
                let below = format!("{here}{}", pointer(std::slice::from_ref(name)));
                self.made_all(value, &below)
            }),
            Json::Array(items) if !items.is_empty() => {
                let mut items = items.iter().enumerate();
                items.all(|(index, item)| self.made_all(item, &format!("{here}/{index}")))
            }
            // What was emptied since may have held something of ours.
            _ => {
                let sum_then = self.sums.get(here);
                self.leaves.iter().any(|leaf| is_below(leaf, here))
                    && sum_then.is_none_or(|then| *then == sum(node))
            }
        }
    }
}

/// 16 bits of the FNV-1a hash of a value, in hex.
fn sum(json: &Json) -> String {
    let text = json.to_string();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:04x}", (hash >> 32) & 0xffff)
}

/// Whether one pointer is another one or goes on from there.
fn is_below(pointer: &str, above: &str) -> bool {
    let rest = pointer.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Seam {
    /// The value that stood there before, if it was one.
    fn value(&self) -> Option<Json> {
        match self.was.trim_start().chars().next()? {
            '{' => Some(Json::Object(Vec::new())),
            '[' => Some(Json::Array(Vec::new())),
            'n' => Some(Json::Null),
            '"' | '\'' => Some(self.was.get(1..self.was.len() - 1)?.into()),
            _ => None,
        }
    }
}

/// What is left of a text.
enum Left {
    /// Nothing: it was made as a whole.
    Nothing,
    /// This.
    Rest(String),
    /// All of it.
    All,
}

struct Found<'t> {
    format: Format,
    before: &'t str,
    made: Made,
}

impl Found<'_> {
    fn compare(
        &mut self,
        was: Option<&Json>,
        is: &Json,
        at: &mut Vec<String>,
    ) -> Result<(), Error> {
        if was == Some(is) {
            return Ok(());
        }
        if let Some(seam) = was.map_or(Ok(None), |was| self.empty(was, is, at))? {
            self.top(is, at, Some(seam));
            return Ok(());
        }
        match (was, is) {
            (None, _) => self.top(is, at, None),
            (Some(was @ Json::Object(_)), Json::Object(members)) => {
                for (name, value) in members {
                    at.push(name.clone());
                    self.compare(was.get(name), value, at)?;
                    at.pop();
                }
            }
            (Some(Json::Array(was)), Json::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    at.push(index.to_string());
                    self.compare(was.get(index), item, at)?;
                    at.pop();
                }
            }
            // Changed, not added.
            _ => {}
        }
        Ok(())
    }

    /// What stood in place of a node, if that was nothing but `null`, brackets with blanks, or a
    /// string without a value.
    fn empty(&self, was: &Json, is: &Json, at: &[String]) -> Result<Option<Seam>, Error> {
        let emptied = match (was, is) {
            (Json::Null, _) => true,
            (Json::Object(was), Json::Object(_)) => was.is_empty(),
            (Json::Array(was), Json::Array(_)) => was.is_empty(),
            (Json::String(was), Json::String(_)) => is_vacant(was),
            _ => false,
        };
        if !emptied {
            return Ok(None);
        }
        let spans = self.format.spans(self.before, at)?;
        let span = spans.and_then(|spans| spans.value);
        let was = span.map(|span| &self.before[span]);
        let is_told = |was: &&str| is_bare(was) || was.starts_with(['"', '\'']);
        Ok(was.filter(is_told).map(|was| Seam {
            lead: String::new(),
            trail: String::new(),
            was: was.to_owned(),
        }))
    }

    fn top(&mut self, node: &Json, at: &[String], seam: Option<Seam>) {
        let at = pointer(at);
        self.leaves(node, &at);
        self.made.tops.push(Top { at, seam });
    }

    fn leaves(&mut self, node: &Json, here: &str) {
        match node {
            Json::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    let below = pointer(std::slice::from_ref(name));
                    self.leaves(value, &format!("{here}{below}"));
                }
            }
            Json::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    self.leaves(item, &format!("{here}/{index}"));
                }
            }
            _ => self.made.leaves.push(here.to_owned()),
        }
    }
}

/// The one difference between two texts, around what was added.
fn seam(before: &str, after: &str, added: &Spans) -> Option<Seam> {
    let start = common(before.chars(), after.chars());
    let (old, new) = (&before[start..], &after[start..]);
    let end = common(old.chars().rev(), new.chars().rev());
    let was = &old[..old.len() - end];
    let around = |start: usize, stop: usize| {
        let lead = after.get(start..added.whole.start)?;
        let trail = after.get(added.whole.end..stop)?;
        let bare = is_blank(was) && is_bare_lead(lead) && is_bare(trail);
        bare.then(|| Seam {
            lead: lead.to_owned(),
            trail: trail.to_owned(),
            was: was.to_owned(),
        })
    };
    // One insertion can be seen in several ways; best is the one that begins with a line.
    let stop = after.len() - end;
    let line = before[..start].rfind('\n').map_or(0, |at| at + 1);
    let same = &before[line..start];
    let whole_lines = was.is_empty() && after[..stop].ends_with(same);
    let by_line = whole_lines.then(|| around(line, stop - same.len()));
    by_line.flatten().or_else(|| around(start, stop))
}

/// Whether blanks and brackets are all, and the header that a table of TOML got which had only
/// other tables in it.
fn is_bare_lead(lead: &str) -> bool {
    let is_header = |line: &str| {
        let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
        toml::steps(name).ok()
    };
    let mut lines = lead.lines();
    lines.all(|line| is_bare(line) || is_header(line).is_some())
}

/// How many bytes two texts have in common, at the end where they begin.
fn common(one: impl Iterator<Item = char>, two: impl Iterator<Item = char>) -> usize {
    let same = one.zip(two).take_while(|(one, two)| one == two);
    same.map(|(c, _)| c.len_utf8()).sum()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|c| " \t\r\n,".contains(c))
}

/// Whether a string is empty, or has a scheme only.
pub fn is_vacant(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.eq_ignore_ascii_case("bearer")
}

/// Whether a text holds nothing that anybody wrote.
fn is_bare(text: &str) -> bool {
    text == "null" || text.chars().all(|c| " \t\r\n,{}[]".contains(c))
}

fn steps(at: &str) -> Result<Vec<String>, Error> {
    jsonc::steps(at).map_err(Error::usage)
}
