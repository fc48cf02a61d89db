//! What is done at the places of a manifest, and why, in words.

use super::tokens::short;
use super::{Style, escape, table};
use crate::plan::Reason;
use crate::time::{self, Clock};

/// The most claims that are named.
const NAMES: usize = 5;

/// What is done at one place.
#[derive(Debug)]
pub struct Step {
    /// The name of the token; of the public keys none.
    pub token: Option<String>,
    /// One word: what it gets.
    pub gets: &'static str,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The place as the manifest has it.
    pub place: String,
}

/// A table of what is done and why; no text where nothing is.
pub fn steps(steps: &[Step], clock: Clock, style: Style) -> String {
    let rows: Vec<Vec<String>> = steps
        .iter()
        .map(|step| {
            let token = step.token.as_deref().map_or_else(|| "-".to_owned(), escape);
            let why = why(&step.reasons, clock);
            vec![
                style.bold(&token),
                step.gets.to_owned(),
                escape(&step.place),
                style.warn(&escape(&why)),
            ]
        })
        .collect();
    table(&["token", "gets", "place", "why"], &rows, style)
}

/// Why, in a line. What comes from a token is neither escaped nor long.
pub fn why(reasons: &[Reason], clock: Clock) -> String {
    let words: Vec<String> = reasons.iter().map(|reason| one(reason, clock)).collect();
    words.join(", ")
}

fn one(reason: &Reason, clock: Clock) -> String {
    match reason {
        Reason::Missing => "missing".to_owned(),
        Reason::Malformed(found) => format!("malformed: {}", short(found)),
        Reason::Unsigned => "no signature".to_owned(),
        Reason::UnknownKey => "signed with an unknown key".to_owned(),
        Reason::Signature => "the signature does not fit".to_owned(),
        Reason::Refused(why) => why.clone(),
        Reason::Revoked => "revoked".to_owned(),
        Reason::PreviousKey => "signed with a previous key".to_owned(),
        Reason::Expired(at) => format!("expired {}", clock.relative(*at)),
        Reason::Ending(at) => format!("expires {}", clock.relative(*at)),
        Reason::Endless => "never expires".to_owned(),
        Reason::Lasting { lasts, ttl } => {
            let (rough, wanted) = (time::rough(*lasts), time::rough(*ttl));
            if rough == wanted {
                let (lasts, ttl) = (time::exact(*lasts), time::exact(*ttl));
                return format!("lives {lasts}, the manifest says {ttl}");
            }
            format!("lives {rough}, the manifest says {wanted}")
        }
        Reason::Early(at) => format!("valid only {}", clock.relative(*at)),
        Reason::Claims(names) => {
            let few: Vec<String> = names.iter().take(NAMES).map(|name| short(name)).collect();
            let more = if names.len() > NAMES { ", .." } else { "" };
            format!("claims differ: {}{more}", few.join(", "))
        }
        Reason::Mode(mode) => format!("mode differs: `{}` is wanted", mode.name()),
        Reason::Reference => "something else stands for the token".to_owned(),
        Reason::Renewed => "renewed".to_owned(),
        Reason::PublicKeys => "other keys".to_owned(),
        Reason::Over(at) => format!("accepted no longer since {}", clock.full(*at)),
        Reason::Promoted => "the staged key signs already".to_owned(),
        Reason::RotationOpen => "a rotation was begun and not ended".to_owned(),
    }
}
