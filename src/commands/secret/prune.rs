//! `mcpjwt secret prune`: forget keys that are no longer accepted. A *change*.

use std::rc::Rc;

use crate::error::{Errors, Outcome};
use crate::key::{Key, KeySet};
use crate::session::manifest::{self, Loaded};
use crate::session::{Session, keys, places, revocations, rotation, sync};

/// Forget keys that are no longer accepted
///
/// Retired keys, and previous ones whose date has come or that were revoked. Tokens signed with them are refused
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
    if let Some(loaded) = manifest::find(session)?.filter(|it| it.manifest.key.is_some()) {
        return of_manifest(arguments, &loaded, session);
    }
    let name = manifest::store_name(session)?;
    let revoked = revocations::load(manifest::find(session)?.as_deref(), session)?;
    let (store, set) = keys::read_store(&name, session)?;
    let gone: Vec<String> = set
        .iter()
        .flat_map(|set| &set.keys)
        .filter(|key| rotation::is_over(key, &revoked, now))
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
    // Judged again under the lock: another run may have changed the store since.
    let mut gone = Vec::new();
    let mut edit = |present: Option<KeySet>| {
        let keys = present.map(|set| set.keys).unwrap_or_default();
        let keys = keys.into_iter();
        let (over, kept): (Vec<Key>, Vec<Key>) =
            keys.partition(|key| rotation::is_over(key, &revoked, now));
        gone = over.iter().map(|key| key.kid().to_owned()).collect();
        Ok((!over.is_empty()).then(|| KeySet::of(kept)))
    };
    if arguments.dry_run {
        let text = keys::rehearse_store(&name, session, &mut edit)?;
        session.note(&format!("would forget `{listed}`"));
        session.show(&text);
        return answer(&gone, session);
    }
    if !agreed(arguments, (&listed, &store.shown(session)), session)? {
        return session.declined(super::members(Some("prune")));
    }
    keys::change_store(&name, session, &mut edit)?;
    publish(&name, session)?;
    if gone.is_empty() {
        session.note("nothing to prune: another run has done it");
    } else {
        session.note(&format!("forgot `{}`", gone.join("`, `")));
    }
    answer(&gone, session)
}

/// Keeps what a manifest publishes of the store as that is now.
fn publish(name: &str, session: &mut Session<'_, '_>) -> Result<(), Errors> {
    let Some(loaded) = manifest::find(session)?.filter(|it| it.manifest.jwks.is_some()) else {
        return Ok(());
    };
    let keys = keys::read_store(name, session)?.1;
    let keys = keys.unwrap_or_else(|| KeySet::of(Vec::new()));
    match rotation::publish(&loaded, &keys, session)? {
        Some(edit) if !edit.is_done() => places::write(&[edit], session).1,
        _ => Ok(()),
    }
}

/// The keys in the places of a manifest.
fn of_manifest(
    arguments: &Arguments,
    loaded: &Rc<Loaded>,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let wanted = loaded.key(session)?;
    let left = rotation::prune(&wanted, loaded, session)?;
    if left.gone.is_empty() {
        session.note("nothing to prune: every key is still accepted");
        return answer(&left.gone, session);
    }
    let listed = left.gone.join("`, `");
    if arguments.dry_run {
        session.note(&format!("would forget `{listed}`"));
        session.show(&left.shown());
        return answer(&left.gone, session);
    }
    if !agreed(arguments, (&listed, &left.home(session)?), session)? {
        return session.declined(super::members(Some("prune")));
    }
    let (_held, loaded) = sync::lock(loaded, session)?;
    // Another run may have changed the keys since.
    let wanted = loaded.key(session)?;
    let mut left = rotation::prune(&wanted, &loaded, session)?;
    left.carry_out(session)?;
    session.note(&match &left.gone[..] {
        [] => "nothing to prune: another run has done it".to_owned(),
        gone => format!("forgot `{}`", gone.join("`, `")),
    });
    answer(&left.gone, session)
}

fn agreed(
    arguments: &Arguments,
    (listed, place): (&str, &str),
    session: &mut Session<'_, '_>,
) -> Result<bool, Errors> {
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    if !person || arguments.yes {
        return Ok(true);
    }
    let reply = session.ask(&format!("forget `{listed}` in `{place}`? [y/N] "))?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

fn answer(gone: &[String], session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        session.document(Outcome::Done, vec![("pruned", gone.to_vec().into())], &[])?;
    }
    Ok(Outcome::Done)
}
