//! `mcpjwt secret import`: keys from elsewhere into your own store. A *change*.

use crate::commands::shared;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, State};
use crate::session::Session;
use crate::session::keys::{self, Wanted};

/// How long an imported key beside a current one is accepted.
const GRACE: i64 = 14 * 86_400;

/// Import keys into your own store
///
/// Into an empty store the key becomes the current one. Beside a current key it is a previous
/// one: its tokens are accepted for 14 days, and nothing is signed with it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where the key is: a place, or `ask` for a hidden prompt
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Read the text of a secret as hex, base64 or base64url instead of as it is
    #[arg(long, value_name = "ENCODING")]
    key_encoding: Option<String>,
    /// The algorithm it is for, where it does not say so itself
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    let alg = arguments
        .alg
        .as_deref()
        .and_then(|text| gather.take(shared::algorithm(text)));
    let encoding = arguments
        .key_encoding
        .as_deref()
        .and_then(|text| gather.take(shared::encoding(text)));
    let from = match arguments.from.as_str() {
        "ask" => Some(Wanted::Ask(encoding)),
        text => gather
            .take(shared::key_place(text))
            .map(|place| Wanted::Place(place, encoding)),
    };
    gather.done()?;
    let from = from.ok_or_else(|| Error::new(Code::Internal, "a place without a result"))?;
    let read = keys::require(&from, session)?;
    let incoming = sound(&read, alg)?;
    let now = session.host.facts.now;
    let mut report = Vec::new();
    let mut described = Vec::new();
    keys::change_store(session, &mut |present| {
        report.clear();
        described.clear();
        let mut keys = present.map(|set| set.keys).unwrap_or_default();
        let had = keys.len();
        for (key, alg) in &incoming {
            if let Some(known) = keys.iter().find(|known| known.kid() == key.kid()) {
                described.push(super::list::described(known));
                report.push((key.kid().to_owned(), None));
                continue;
            }
            let current = keys
                .iter()
                .any(|known| known.state() == Some(State::Current));
            let (state, until) = if current || !key.can_sign() {
                (State::Previous, Some(now + GRACE))
            } else {
                (State::Current, None)
            };
            report.push((key.kid().to_owned(), Some(state)));
            keys.push(
                key.duplicate()
                    .declaring(*alg)
                    .standing(state, Some(now), until),
            );
            described.extend(keys.last().map(super::list::described));
        }
        Ok((keys.len() > had).then(|| KeySet::of(keys)))
    })?;
    for (kid, state) in &report {
        session.note(&match state {
            None => format!("key `{kid}` is in the store already"),
            Some(State::Current) => {
                format!("imported key `{kid}`; tokens are signed with it from now on")
            }
            Some(_) => format!(
                "imported key `{kid}` as a previous one: accepted for 14 d, not signed with"
            ),
        });
    }
    if session.json {
        session.document(Outcome::Done, vec![("keys", Json::Array(described))], &[])?;
    }
    Ok(Outcome::Done)
}

/// The keys that are fit to be kept; every one that is not is reported.
fn sound(read: &KeySet, alg: Option<Algorithm>) -> Result<Vec<(&Key, Algorithm)>, Errors> {
    let mut gather = Gather::default();
    let sound = read
        .keys
        .iter()
        .filter_map(|key| {
            let alg = gather.take(key.algorithm(alg))?;
            gather.take(key.check_strength(alg)).map(|()| (key, alg))
        })
        .collect();
    gather.done()?;
    Ok(sound)
}
