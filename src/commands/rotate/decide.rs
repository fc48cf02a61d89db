//! What the arguments ask for, and what is done for that: keys and tokens are read, nothing is
//! written.

use std::rc::Rc;

use super::Arguments;
use super::tokens::Tokens;
use crate::commands::sync::{self, Report};
use crate::commands::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::key::Algorithm;
use crate::key::rotation::{Fate, Step, Wish};
use crate::manifest::Git;
use crate::place::Place;
use crate::report::{Again, shell_word};
use crate::session::Session;
use crate::session::keys::Wanted;
use crate::session::manifest::{self, Loaded};
use crate::session::rotation::{self, Alive, Order, Prepared, Situation};

/// How long the key that goes is accepted at least.
const LEAST: i64 = 14 * 86_400;

/// What the command line asks for.
pub(super) struct Asked {
    pub(super) wish: Wish,
    wanted: Wanted,
    loaded: Option<Rc<Loaded>>,
    reissue: bool,
    previous: Option<Place>,
    alg: Option<Algorithm>,
    grace: Option<i64>,
    git: Git,
}

/// What will be done.
pub(super) struct Decided {
    pub(super) situation: Situation,
    pub(super) prepared: Prepared,
    /// The tokens that are refused before they end.
    pub(super) ended: Vec<Alive>,
    /// What becomes of the tokens that are minted anew.
    pub(super) rehearsed: Option<Report>,
}

/// The manifest whose key it is. A key that is told is not, and so has none of its places.
pub(super) fn own(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Option<Rc<Loaded>>, Errors> {
    match arguments.key.key {
        None => manifest::find(session),
        Some(_) => Ok(None),
    }
}

pub(super) fn settle(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Asked, Errors> {
    let mut gather = Gather::default();
    let alg = gather.take(shared::optional_algorithm(arguments.alg.as_deref()));
    let grace = shared::duration("--grace", arguments.grace.as_deref(), &mut gather);
    let previous = arguments
        .previous
        .as_deref()
        .and_then(|text| gather.take(shared::place_of("--previous", text)));
    let wanted = gather.take(arguments.key.wanted_here(session));
    gather.done()?;
    let wanted = wanted.ok_or_else(|| Error::new(Code::Internal, "a key without a result"))?;
    if arguments.key.key.is_some() {
        session.key_again = again(&wanted);
    }
    if arguments.reissue {
        if arguments.key.key.is_some() {
            return Err(misuse(
                "`--reissue` mints the tokens of a manifest, and the key is not one of those",
                "leave out `--key`, in the folder of a manifest",
            )
            .into());
        }
        sync::required(session)?;
    }
    let loaded = own(arguments, session)?;
    Ok(Asked {
        wish: match (arguments.stage, arguments.now, arguments.abort) {
            (true, ..) => Wish::Stage,
            (_, true, _) => Wish::Now,
            (.., true) => Wish::Abort,
            _ => Wish::Rotate,
        },
        wanted,
        loaded,
        reissue: arguments.reissue,
        previous,
        alg: alg.flatten(),
        grace,
        git: if arguments.force {
            Git::Allow
        } else {
            Git::Refuse
        },
    })
}

/// How this key is named in what is typed next.
fn again(wanted: &Wanted) -> Option<Again> {
    let Wanted::Place(place, encoding) = wanted else {
        return None;
    };
    let place = shell_word(&place.to_string());
    Some(Again::Key(match encoding {
        Some(encoding) => format!("--key {place} --key-encoding {}", encoding.name()),
        None => format!("--key {place}"),
    }))
}

impl Asked {
    /// The tokens that are minted anew.
    pub(super) fn tokens(&self) -> Option<Tokens<'_>> {
        let loaded = self.loaded.as_deref().filter(|_| self.reissue)?;
        Some(Tokens::of(loaded, &self.wanted))
    }
}

pub(super) fn decide(asked: &Asked, session: &mut Session<'_, '_>) -> Result<Decided, Errors> {
    let replaced = match asked.tokens() {
        Some(tokens) => tokens.replaced(session)?,
        None => Vec::new(),
    };
    let (loaded, previous) = (asked.loaded.clone(), asked.previous.clone());
    let situation = rotation::look(&asked.wanted, loaded, previous, session)?;
    let now = session.host.facts.now;
    let step = situation.seen.step(asked.wish, now);
    let going = match step {
        Step::Make | Step::Promote => Some(situation.current()?),
        Step::Unstage => situation.staged(),
        _ => None,
    };
    let alive = match going {
        Some(key) => rotation::alive(&situation, key, &replaced, session)?,
        None => Vec::new(),
    };
    let order = Order {
        wish: asked.wish,
        alg: asked.alg,
        fate: match (asked.wish, asked.grace) {
            (Wish::Now | Wish::Abort, _) => Fate::Retired,
            (_, Some(grace)) => Fate::Until(now.saturating_add(grace)),
            _ => Fate::Until(last(&alive, now)),
        },
        git: asked.git,
    };
    let prepared = rotation::prepare(&situation, step, &order, session)?;
    let rehearsed = match asked.tokens() {
        Some(tokens) => Some(tokens.rehearse(&prepared.after, session)?),
        None => None,
    };
    let ended = cut_short(alive, order.fate);
    Ok(Decided {
        situation,
        prepared,
        ended,
        rehearsed,
    })
}

/// When the last of these ends that has an end, at least 14 days from now.
fn last(tokens: &[Alive], now: i64) -> i64 {
    let ends = tokens.iter().filter_map(|one| one.exp);
    ends.max().unwrap_or(0).max(now.saturating_add(LEAST))
}

/// The tokens that are refused before they end.
fn cut_short(mut tokens: Vec<Alive>, fate: Fate) -> Vec<Alive> {
    tokens.retain(|one| match fate {
        Fate::Retired => true,
        Fate::Until(until) => one.exp.is_none_or(|exp| exp > until),
    });
    tokens
}
