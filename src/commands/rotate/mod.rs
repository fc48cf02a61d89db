//! `mcpjwt rotate-secret`: a new key in place of the current one. A *change*: settle the
//! arguments, read the keys, decide, ask, then write in the order that a run may be killed in.

mod decide;
mod servers;
mod tokens;
mod told;

use self::decide::{Decided, decide, own, settle};
use super::shared;
use super::sync::Report;
use crate::error::{Code, Error, Errors, Outcome};
use crate::key::rotation::{Fate, Wish};
use crate::report::shell_word;
use crate::session::rotation::{self, Home, Whose};
use crate::session::{Session, sync};

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
        "the staged key is not wanted after all",
        "mcpjwt rotate-secret --abort",
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
    /// Take the staged key back: it goes from where it is, and nothing else changes
    #[arg(long, conflicts_with_all = ["stage", "now", "grace", "alg", "previous", "reissue", "force", "yes"])]
    abort: bool,
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
    let asked = settle(arguments, session)?;
    if arguments.dry_run {
        let decided = decide(&asked, session)?;
        warn_of_weak(&decided, Said::Before, session)?;
        return told::planned(decided, session);
    }
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    let mut agreed = None;
    if asked.wish == Wish::Now && person && !arguments.yes {
        let seen = decide(&asked, session)?;
        if !agrees(&seen, session)? {
            return session.declined(MEMBERS);
        }
        agreed = Some(seen.situation.seen.key);
    }
    // One lock for the whole, from the first look to the last token. A key that is told, and the
    // person's own store, have none but those of their files.
    let mut _held = None;
    if let Some(loaded) = own(arguments, session)? {
        _held = Some(sync::lock(&loaded, session)?.0);
    }
    let asked = settle(arguments, session)?;
    let decided = decide(&asked, session)?;
    if agreed.is_some_and(|key| key != decided.situation.seen.key) {
        return Err(rotation::meanwhile().into());
    }
    let Decided {
        situation,
        prepared,
        ended,
        ..
    } = &decided;
    warn(&decided, session);
    warn_of_weak(&decided, Said::Done, session)?;
    told::before(situation, prepared, session)?;
    prepared.carry_out(situation, session)?;
    // The keys are written: whatever happens to the tokens is told beside that.
    let tokens = asked.tokens();
    let report = tokens.map(|tokens| tokens.reissue(session).unwrap_or_else(Report::failed));
    let failed = report
        .as_ref()
        .is_some_and(|it| it.outcome() != Outcome::Done);
    if !failed {
        prepared.end(situation, session)?;
    }
    told::after(situation, prepared, (ended, report), session)
}

fn agrees(seen: &Decided, session: &mut Session<'_, '_>) -> Result<bool, Errors> {
    let kid = &seen.situation.seen.key.kid;
    let whose = match &seen.ended[..] {
        [] => String::new(),
        ended => format!(" that ends tokens of {}", told::whose(ended, session)),
    };
    let question = format!("accept key `{kid}` no longer, from now on?{whose} [y/N] ");
    let reply = session.ask(&question)?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

/// Names the tokens that are refused before they end.
fn warn(decided: &Decided, session: &mut Session<'_, '_>) {
    let Decided {
        situation,
        prepared,
        ended,
        ..
    } = decided;
    let Some((kid, fate)) = prepared.gone.as_ref().filter(|_| !ended.is_empty()) else {
        return;
    };
    let when = match fate {
        Fate::Until(until) => format!("from {} on", session.clock().full(*until)),
        Fate::Retired => "from now on".to_owned(),
    };
    let whose = told::whose(ended, session);
    let has_batch = ended
        .iter()
        .any(|one| matches!(one.whose, Whose::Batch(..)));
    let anew = match (&situation.loaded, fate, &situation.home) {
        (Some(_), ..) => "mint those of the manifest anew with `mcpjwt sync`",
        // Until then they can be read, so they keep their claims.
        (None, Fate::Until(_), Home::Store(_)) => {
            "renew them with `mcpjwt refresh --all` where they are in places, else with `mcpjwt refresh TOKEN`"
        }
        (None, ..) => "mint them anew with `mcpjwt issue --sub NAME --to PLACE`",
    };
    let of_run = if has_batch {
        ", those of a run with `mcpjwt issue --from FILE`"
    } else {
        ""
    };
    session.warn(
        Error::new(
            Code::KeyNotFound,
            format!("{when}, tokens of key `{kid}` are refused before they end: {whose}"),
        )
        .hint(format!("{anew}{of_run}")),
    );
}

/// When something is said of a rotation.
#[derive(Clone, Copy)]
enum Said {
    /// Of one that is not done yet.
    Before,
    /// Of one that is done by then.
    Done,
}

/// Says that the key that goes is one with which others make tokens as long as it is accepted.
fn warn_of_weak(
    decided: &Decided,
    said: Said,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let Decided {
        situation,
        prepared,
        ..
    } = decided;
    let (Some((kid, Fate::Until(until))), Some(weakness)) = (&prepared.gone, situation.weakness())
    else {
        return Ok(());
    };
    if !prepared.is_swap() || *until <= session.host.facts.now {
        return Ok(());
    }
    let until = session.clock().full(*until);
    let what = format!(
        "key `{kid}` is accepted until {until}, and others can make tokens with it: {}",
        weakness.message
    );
    // What `secret prune` takes a key out of.
    let is_own = match (&situation.home, &situation.loaded) {
        (Home::Store(_), _) | (Home::Set(_), Some(_)) => true,
        (Home::Single(slots), Some(loaded)) => loaded.previous(session)? == slots.previous,
        (Home::Set(_) | Home::Single(_), None) => false,
    };
    let hint = match said {
        Said::Before => "`mcpjwt rotate-secret --now` instead ends that at once".to_owned(),
        // By then `--now` replaces the new key, and this one stays.
        Said::Done if is_own => format!(
            "to end that at once: `mcpjwt revoke --kid={} && mcpjwt secret prune`, and restart what has read that key",
            shell_word(kid)
        ),
        Said::Done => format!(
            "to end that at once: take it out of `{}` by hand, and restart what has read it",
            situation.shown_previous(session)?
        ),
    };
    session.warn(Error::new(weakness.code, what).hint(hint));
    Ok(())
}
