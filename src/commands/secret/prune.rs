//! `mcpjwt secret prune`: forget keys that are no longer accepted. A *change*.

use crate::error::{Errors, Outcome};
use crate::key::{Key, KeySet, State};
use crate::session::{Session, keys, manifest};

/// Forget keys that are no longer accepted
///
/// Retired keys, and previous ones whose date has come. Tokens signed with them are refused
/// already; afterwards nobody can tell any more which key they were of.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Show what would go, and keep it
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let now = session.host.facts.now;
    let name = manifest::store_name(session)?;
    let (store, set) = keys::read_store(&name, session)?;
    let gone: Vec<String> = set
        .iter()
        .flat_map(|set| &set.keys)
        .filter(|key| is_over(key, now))
        .map(|key| key.kid().to_owned())
        .collect();
    if gone.is_empty() {
        session.note(match set {
            None => "nothing to prune: there is no key yet",
            Some(_) => "nothing to prune: every key is still accepted",
        });
        return answer(&gone, session);
    }
    let listed = gone.join("`, `");
    if arguments.dry_run {
        session.note(&format!("would forget `{listed}`"));
        return answer(&gone, session);
    }
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    if person && !arguments.yes {
        let place = store.shown(session);
        let reply = session.ask(&format!("forget `{listed}` in `{place}`? [y/N] "))?;
        if !matches!(reply.trim(), "y" | "Y" | "yes") {
            session.note("nothing was changed");
            return Ok(Outcome::No);
        }
    }
    // Judged again under the lock: another run may have changed the store since.
    let mut gone = Vec::new();
    keys::change_store(&name, session, &mut |present| {
        let keys = present.map(|set| set.keys).unwrap_or_default();
        let (over, kept): (Vec<Key>, Vec<Key>) =
            keys.into_iter().partition(|key| is_over(key, now));
        gone = over.iter().map(|key| key.kid().to_owned()).collect();
        Ok((!over.is_empty()).then(|| KeySet::of(kept)))
    })?;
    if gone.is_empty() {
        session.note("nothing to prune: another run has done it");
    } else {
        session.note(&format!("forgot `{}`", gone.join("`, `")));
    }
    answer(&gone, session)
}

fn is_over(key: &Key, now: i64) -> bool {
    match key.state() {
        Some(State::Retired) => true,
        Some(State::Previous) => key.accepted_until().is_some_and(|until| until <= now),
        _ => false,
    }
}

fn answer(gone: &[String], session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        session.document(Outcome::Done, vec![("pruned", gone.to_vec().into())], &[])?;
    }
    Ok(Outcome::Done)
}
