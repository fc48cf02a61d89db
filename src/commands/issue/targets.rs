//! Where the tokens of `issue` go, and what stands there instead of one.

use super::mint::Minted;
use super::settle::Settled;
use crate::client::Mode;
use crate::commands::entry::is_entry;
use crate::commands::misuse;
use crate::error::{Errors, Gather};
use crate::place::Place;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::helper::{self, Fresh};
use crate::session::places::{self, Edit, Replace};
use crate::session::target::{self, Target};

/// Finds out what goes where. With `--mode file` the file with the token is one of the targets.
pub(super) fn targets(
    settled: &Settled,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Target>, Errors> {
    let mut gather = Gather::default();
    let mut all = Vec::new();
    for place in settled.places() {
        let fresh = settled.claims.templates.first().map(|template| Fresh {
            template,
            key: &settled.choice.wanted,
            named: settled.named.as_deref(),
        });
        let (mode, wish) = (settled.mode, &settled.wish);
        let Some(means) = gather.take(helper::means(mode, place, (wish, fresh), session)) else {
            continue;
        };
        all.extend(
            gather
                .take(Target::of(place, wish, &means, session))
                .unwrap_or_default(),
        );
    }
    let is_lost = matches!(settled.mode, Mode::Env | Mode::Input)
        && !settled.to.contains(&Place::Std)
        && !all.iter().any(Target::takes_token);
    if is_lost {
        gather.add(misuse(
            &format!(
                "with `--mode {}` the token itself has to go somewhere too",
                settled.mode.name()
            ),
            "add `--to -` to print it, or a place such as `--to dotenv:.env#MCP_TOKEN`",
        ));
    }
    gather.done()?;
    Ok(all)
}

/// Whether nothing is minted now: every place gets a command that mints.
pub(super) fn mints_later(settled: &Settled, targets: &[Target]) -> bool {
    let commanded = matches!(settled.mode, Mode::Helper | Mode::Exec);
    commanded
        && !settled.to.contains(&Place::Std)
        && targets.iter().all(|target| is_entry(&target.place))
}

/// Decides how each token comes to the targets; where one does not go, what stands for it.
pub(super) fn decide(
    targets: &[Target],
    minted: &[Minted],
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Edit>, Errors> {
    let mut gather = Gather::default();
    let mut edits = Vec::new();
    for one in minted {
        let decided = target::decide(targets, &one.text, replace, session);
        edits.extend(gather.take(decided).unwrap_or_default());
    }
    gather.done()?;
    Ok(edits)
}

/// What stands for a token that is not minted yet.
const STAND_IN: &str = "eyJ.stand-in.for-a-token";

/// Refuses the places that would refuse a token.
pub(super) fn rehearse(
    targets: &[Target],
    replace: Replace,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Edit>, Errors> {
    target::decide(targets, &Secret::from(STAND_IN), replace, session)
}

/// Runs each helper once: it has to work before a client depends on it.
pub(super) fn try_out(targets: &[Target], session: &mut Session<'_, '_>) -> Result<(), Errors> {
    let mut gather = Gather::default();
    for target in targets {
        gather.take(helper::try_out(&target.wish.means, session));
    }
    gather.done()
}

/// Without an audience the server that the token goes to is it (RFC 8707, as MCP demands it).
pub(super) fn audience(settled: &mut Settled, session: &mut Session<'_, '_>) -> Result<(), Errors> {
    let mut gather = Gather::default();
    let mut urls: Vec<String> = Vec::new();
    for place in settled.to.iter().filter(|place| is_entry(place)) {
        let wish = helper::fitted(settled.mode, place, &settled.wish, session);
        let url = wish.and_then(|wish| places::server_url(place, &wish, session));
        let url = gather.take(url);
        urls.extend(url.flatten().filter(|url| !urls.contains(url)));
    }
    gather.done()?;
    match &urls[..] {
        [] => {}
        [url] => {
            settled.claims.assume_audience(url);
        }
        _ if settled.claims.assumes_audience() => {
            return Err(misuse(
                &format!("one token goes to several servers: `{}`", urls.join("`, `")),
                "name the audience with `--aud`, or run `mcpjwt issue` once for each",
            )
            .into());
        }
        _ => {}
    }
    Ok(())
}
