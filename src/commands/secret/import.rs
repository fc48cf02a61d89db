//! `mcpjwt secret import`: keys from elsewhere into your own store. A *change*.

use crate::commands::shared;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::key::{Algorithm, Key, KeySet, State};
use crate::session::keys::{self, Wanted};
use crate::session::{Session, manifest};

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
    /// Show what would be imported, and keep nothing
    #[arg(long)]
    dry_run: bool,
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
            .take(shared::key_place_of("--from", text))
            .map(|place| Wanted::Place(place, encoding)),
    };
    gather.done()?;
    let from = from.ok_or_else(|| Error::new(Code::Internal, "a place without a result"))?;
    let read = keys::require(&from, session)?;
    let incoming = sound(&read, alg)?;
    let now = session.host.facts.now;
    let mut report = Vec::new();
    let mut described = Vec::new();
    let name = manifest::own_store(session)?;
    let mut edit = |present: Option<KeySet>| {
        report.clear();
        described.clear();
        let mut keys = present.map(|set| set.keys).unwrap_or_default();
        for (key, alg) in &incoming {
            let (at, done) = taken(&mut keys, key, *alg, now)?;
            report.push((key.kid().to_owned(), done));
            described.extend(keys.get(at).map(super::list::described));
        }
        let changed = report.iter().any(|(_, done)| *done != Taken::Already);
        Ok(changed.then(|| KeySet::of(keys)))
    };
    if arguments.dry_run {
        let text = keys::rehearse_store(&name, session, &mut edit)?;
        session.show(&text);
        return answer(described, session);
    }
    keys::change_store(&name, session, &mut edit)?;
    for (kid, done) in &report {
        session.note(&match done {
            Taken::Already => format!("key `{kid}` is in the store already"),
            Taken::Completed(State::Current) => format!(
                "key `{kid}` has its private half now; tokens are signed with it from now on"
            ),
            Taken::Completed(_) => {
                format!("key `{kid}` has its private half now, and stands as it did")
            }
            Taken::New(State::Current) => {
                format!("imported key `{kid}`; tokens are signed with it from now on")
            }
            Taken::New(_) => format!(
                "imported key `{kid}` as a previous one: accepted for 14 d, not signed with"
            ),
        });
    }
    answer(described, session)
}

fn answer(described: Vec<Json>, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        session.document(Outcome::Done, vec![("keys", Json::Array(described))], &[])?;
    }
    Ok(Outcome::Done)
}

/// What became of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// The store has it.
    Already,
    /// The store had its public half.
    Completed(State),
    /// It was put behind the others.
    New(State),
}

/// Takes a key into the keys of the store; says where it is. The same `kid` is not yet the same
/// key: anybody may name a key as they like.
fn taken(
    keys: &mut Vec<Key>,
    key: &Key,
    alg: Algorithm,
    now: i64,
) -> Result<(usize, Taken), Error> {
    let current = keys
        .iter()
        .any(|known| known.state() == Some(State::Current));
    let standing = if current || !key.can_sign() {
        (State::Previous, Some(now + GRACE))
    } else {
        (State::Current, None)
    };
    let Some(at) = keys.iter().position(|known| known.kid() == key.kid()) else {
        let (state, until) = standing;
        let new = key.duplicate().declaring(alg);
        keys.push(new.standing(state, Some(now), until));
        return Ok((keys.len() - 1, Taken::New(state)));
    };
    let known = &mut keys[at];
    if known.fingerprint() != key.fingerprint() {
        return Err(Error::new(
            Code::KeyExists,
            format!(
                "the store has another key by the name of `{}`; nothing was imported",
                key.kid()
            ),
        )
        .hint("give the key another `kid`, or use it where it is with `--key`"));
    }
    if known.can_sign() || !key.can_sign() {
        return Ok((at, Taken::Already));
    }
    // A key that tokens were never signed with here becomes the current one like a new one would.
    let (state, until) = match (known.state(), standing) {
        (None | Some(State::Previous), (State::Current, _)) => (State::Current, None),
        (state, _) => (state.unwrap_or(State::Previous), known.accepted_until()),
    };
    let alg = known.declared().unwrap_or(alg);
    let created = known.created();
    *known = key
        .duplicate()
        .declaring(alg)
        .standing(state, created, until);
    Ok((at, Taken::Completed(state)))
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
