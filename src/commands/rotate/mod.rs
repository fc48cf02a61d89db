//! `mcpjwt rotate-secret`: a new key in place of the current one. A *change*: settle the
//! arguments, read the keys, decide, ask, then write in the order that a run may be killed in.

mod servers;
mod tokens;
mod told;

use self::tokens::Tokens;
use super::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::key::rotation::{Fate, Step, Wish};
use crate::manifest::Git;
use crate::session::rotation::{self, Alive, Order, Prepared, Situation};
use crate::session::{Session, manifest, sync};

/// How long the key that goes is accepted at least.
const LEAST: i64 = 14 * 86_400;

pub(super) const MEMBERS: &[&str] = &[
    "step", "keys", "until", "until_at", "tokens", "reissued", "restart", "snippets",
];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "a new key; tokens of the old one stay good until they end",
        "mcpjwt rotate-secret",
    ),
    (
        "without one refused token: stage the key, restart the servers, then use it",
        "mcpjwt rotate-secret --stage && mcpjwt rotate-secret --reissue",
    ),
    (
        "the key and every token of the manifest",
        "mcpjwt rotate-secret --reissue",
    ),
    (
        "the key has leaked: nobody accepts it any more",
        "mcpjwt rotate-secret --now",
    ),
    (
        "the secret of a server that has a place for two",
        "mcpjwt rotate-secret --key dotenv:.env#JWT_SECRET --previous dotenv:.env#JWT_SECRET_PREVIOUS",
    ),
];

/// Replace the key by a new one, and let the old one age
///
/// The old key is accepted until the last of its tokens ends that is known of, at least for 14
/// days. A rotation that was stopped in between is taken up again, with no further key.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    key: shared::KeyArguments,
    /// Make the next key and store it; sign nothing with it before the next rotation
    #[arg(long, conflicts_with_all = ["now", "grace", "previous"])]
    stage: bool,
    /// Accept the old key no longer, and tell whose tokens that ends
    #[arg(long, conflicts_with = "grace")]
    now: bool,
    /// Accept the old key for exactly this long, and tell whose tokens that cuts short
    #[arg(long, value_name = "DURATION")]
    grace: Option<String>,
    /// The algorithm of the new key [default: that of the old one]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Where the old key is kept until then [default: the manifest's `previous`]
    #[arg(long, value_name = "PLACE")]
    previous: Option<String>,
    /// Mint every token of the manifest anew with the new key, and put each into its places
    #[arg(long, conflicts_with = "stage")]
    reissue: bool,
    /// Write keys into files that git has or would take, too
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Show what would change, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
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
    // A key that is told is not the manifest's, and so has none of its places.
    let loaded = match arguments.key.key {
        None => manifest::find(session)?,
        Some(_) => None,
    };
    let tokens = match (&loaded, arguments.reissue) {
        (_, false) => None,
        (Some(loaded), true) => Some(Tokens::of(loaded, &wanted)),
        (None, true) => {
            return Err(misuse(
                "`--reissue` mints the tokens of a manifest, and the key is not one of those",
                "leave out `--key`, in the folder of a manifest",
            )
            .into());
        }
    };
    let replaced = match &tokens {
        Some(tokens) => tokens.replaced(session)?,
        None => Vec::new(),
    };
    let situation = rotation::look(&wanted, loaded.clone(), previous, session)?;
    let wish = match (arguments.stage, arguments.now) {
        (true, _) => Wish::Stage,
        (_, true) => Wish::Now,
        _ => Wish::Rotate,
    };
    let now = session.host.facts.now;
    let step = situation.seen.step(wish, now);
    let alive = match step {
        Step::Make | Step::Promote => rotation::alive(&situation, &replaced, session)?,
        _ => Vec::new(),
    };
    let fate = match (wish, grace) {
        (Wish::Now, _) => Fate::Retired,
        (_, Some(grace)) => Fate::Until(now.saturating_add(grace)),
        _ => Fate::Until(last(&alive, now)),
    };
    let order = Order {
        wish,
        alg: alg.flatten(),
        fate,
        git: if arguments.force {
            Git::Allow
        } else {
            Git::Refuse
        },
    };
    let prepared = rotation::prepare(&situation, step, &order, session)?;
    let ended = ended(alive, fate);
    if arguments.dry_run {
        return told::planned(&situation, &prepared, &ended, session);
    }
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    if wish == Wish::Now && person && !arguments.yes && !agreed(&situation, &ended, session)? {
        session.note("nothing was changed");
        return Ok(Outcome::No);
    }
    warn(&situation, &prepared, &ended, session);
    told::before(&situation, &prepared, session)?;
    write(&situation, &prepared, session)?;
    let report = match &tokens {
        Some(tokens) => Some(tokens.reissue(session)?),
        None => None,
    };
    let failed = report
        .as_ref()
        .is_some_and(|it| it.outcome() != Outcome::Done);
    if !failed {
        prepared.end(&situation, session)?;
    }
    told::after(&situation, &prepared, (&ended, report), session)
}

/// Writes the keys, while no other run is at work on the manifest.
fn write(
    situation: &Situation,
    prepared: &Prepared,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let _held = match &situation.loaded {
        Some(loaded) => Some(sync::lock(loaded, session)?),
        None => None,
    };
    prepared.carry_out(situation, session)
}

/// When the last of these ends that has an end, at least 14 days from now.
fn last(tokens: &[Alive], now: i64) -> i64 {
    let ends = tokens.iter().filter_map(|one| one.exp);
    ends.max().unwrap_or(0).max(now.saturating_add(LEAST))
}

/// The tokens that are refused before they end.
fn ended(tokens: Vec<Alive>, fate: Fate) -> Vec<Alive> {
    let is_cut = |one: &Alive| match fate {
        Fate::Retired => true,
        Fate::Until(until) => one.exp.is_none_or(|exp| exp > until),
    };
    tokens.into_iter().filter(is_cut).collect()
}

fn agreed(
    situation: &Situation,
    ended: &[Alive],
    session: &mut Session<'_, '_>,
) -> Result<bool, Errors> {
    let kid = &situation.seen.key.kid;
    let whose = match ended {
        [] => String::new(),
        _ => format!(" that ends tokens of {}", told::whose(ended, session)),
    };
    let question = format!("accept key `{kid}` no longer, from now on?{whose} [y/N] ");
    let reply = session.ask(&question)?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

/// Names the tokens that are refused before they end.
fn warn(
    situation: &Situation,
    prepared: &Prepared,
    ended: &[Alive],
    session: &mut Session<'_, '_>,
) {
    if ended.is_empty() || !prepared.is_swap() {
        return;
    }
    let kid = &situation.seen.key.kid;
    let when = match prepared.gone {
        Some((_, Fate::Until(until))) => format!("from {} on", session.clock().full(until)),
        _ => "from now on".to_owned(),
    };
    let whose = told::whose(ended, session);
    session.warn(
        Error::new(
            Code::KeyNotFound,
            format!("{when}, tokens of key `{kid}` are refused before they end: {whose}"),
        )
        .hint(match situation.loaded {
            Some(_) => "mint those of the manifest anew with `mcpjwt sync`",
            None => "mint them anew with `mcpjwt issue --sub NAME --to PLACE`",
        }),
    );
}
