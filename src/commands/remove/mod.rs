//! `mcpjwt remove`: one client less. A *change*: look at the places, ask, revoke its tokens, empty
//! the places, then take the token out of the manifest, so that a run that was cut off is finished by the same command.

mod revoked;

use self::revoked::Revoked;
use super::sync;
use super::uninstall::{self, Decided, Others, Recorded, Wanted};
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::manifest::{Of, Token, Use, edit};
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::session::configs::Configs;
use crate::session::manifest::{self, Loaded, permit};
use crate::session::{self, Session};

pub(super) const MEMBERS: &[&str] = &["manifest", "token", "places", "revoked"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("what that would change", "mcpjwt remove vscode2 --dry-run"),
    ("without a question", "mcpjwt remove vscode2 --yes"),
];

/// Take a client out of the manifest, and its token out of its places
///
/// Its tokens that are still good are revoked first.
/// What was made for the token goes with it, as with `mcpjwt uninstall`; then its `[[token]]` goes.
/// Comments and everything else stay.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The name of the token in the manifest, or its subject
    #[arg(value_name = "NAME")]
    name: String,
    /// Do not ask
    #[arg(long, short = 'y')]
    yes: bool,
    /// Show what would go, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let mut loaded = sync::required(session)?;
    let person = session.host.facts.stdin_is_terminal && session.host.facts.stderr_is_terminal;
    let mut agreed = None;
    if person && !arguments.yes && !arguments.dry_run {
        let wanted = wanted(&loaded, &arguments.name, session)?;
        let decided = decided(&wanted, session)?;
        uninstall::list(&decided, session);
        let name = &meant(&loaded, &arguments.name)?.1.name;
        let shown = &loaded.shown;
        let question = format!("take `{name}` out of these and out of `{shown}`? [y/N] ");
        let reply = session.ask(&question)?;
        if !matches!(reply.trim(), "y" | "Y" | "yes") {
            return session.declined(MEMBERS);
        }
        agreed = Some(uninstall::listed(&decided));
    }
    // Another run may have changed it while a person was asked, or this one waited.
    let mut _held = None;
    if !arguments.dry_run {
        let (held, now) = session::sync::lock(&loaded, session)?;
        (_held, loaded) = (Some(held), now);
    }
    let (index, token) = meant(&loaded, &arguments.name)?;
    let wanted = wanted(&loaded, &arguments.name, session)?;
    let decided = decided(&wanted, session)?;
    if agreed.is_some_and(|agreed| agreed != uninstall::listed(&decided)) {
        let message = format!(
            "another run has changed the places of `{}` meanwhile",
            token.name
        );
        let error = Error::new(Code::Overwritten, message).hint("run the same command again");
        return Err(error.into());
    }
    let change = manifest::changed(
        &loaded,
        &mut |text| edit::remove_token(text, index),
        session,
    )?;
    let revoked = Revoked::of(&loaded, (token, &wanted), session)?;
    let name = &token.name;
    let shown = &loaded.shown;
    if arguments.dry_run {
        if session.json {
            return answer(&loaded, (token, &revoked), session);
        }
        revoked.rehearse(session);
        uninstall::rehearse(&decided, session);
        let (old, new) = &change.texts;
        let lines = report::lines(old.expose_str().unwrap_or_default(), new);
        let lines: String = lines.lines().flat_map(|line| ["  ", line, "\n"]).collect();
        let shown = report::escape(shown);
        let text = format!("would take `{name}` out of `{shown}`\n{lines}");
        session.host.terminal.err(&text);
        return Ok(Outcome::Done);
    }
    revoked.carry_out(&loaded, session)?;
    let (done, written) = uninstall::carry_out(&decided, Recorded::Yes, session);
    if !session.json {
        uninstall::tell((&decided, &done), session);
    }
    written?;
    manifest::write(&loaded, change, session)?;
    session.note(&format!("took `{name}` out of `{shown}`"));
    answer(&loaded, (token, &revoked), session)
}

/// The places of the token that is meant.
fn wanted(
    loaded: &Loaded,
    name: &str,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Wanted>, Errors> {
    let (_, token) = meant(loaded, name)?;
    let places = places(loaded, token, session)?;
    let mut wanted = uninstall::of(places, session)?;
    let configs = Configs::of(session);
    for one in &mut wanted {
        one.shown = configs.near(&one.shown);
    }
    Ok(wanted)
}

fn decided<'w>(
    wanted: &'w [Wanted],
    session: &mut Session<'_, '_>,
) -> Result<Vec<Decided<'w>>, Errors> {
    let decided = uninstall::decide(wanted, Others::Stay, session);
    decided.map_err(|errors| errors.map(in_the_way))
}

/// What to do about a value that is not ours to take out.
fn in_the_way(error: Error) -> Error {
    match &error.place {
        Some(place) if error.code == Code::PlaceForeignValue => {
            let place = shell_word(place);
            error.hint(format!("look at it, take it out with `mcpjwt uninstall {place} --force`, then run the same command again"))
        }
        _ => error,
    }
}

/// The token that is meant, and which of the manifest it is.
fn meant<'l>(loaded: &'l Loaded, name: &str) -> Result<(usize, &'l Token), Error> {
    let tokens = &loaded.manifest.tokens;
    let found = loaded.manifest.token(name)?;
    let index = found.and_then(|found| tokens.iter().position(|token| token.name == found.name));
    if let (Some(index), Some(token)) = (index, found) {
        return Ok((index, token));
    }
    let names: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
    let error = Error::new(
        Code::TokenUnknown,
        format!("`{}` has no token of that name or subject", loaded.shown),
    );
    Err(
        match crate::manifest::nearest(name, names.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => error.hint("it has none at all"),
            None => error.hint(format!("it has `{}`", names.join("`, `"))),
        }
        .at(&*loaded.shown),
    )
}

/// Its places, where the manifest may use them.
fn places(
    loaded: &Loaded,
    token: &Token,
    session: &mut Session<'_, '_>,
) -> Result<Vec<Place>, Errors> {
    let mut gather = Gather::default();
    let mut places = Vec::new();
    for to in &token.to {
        let one = Use {
            by: format!("token `{}`", token.name),
            of: Of::Destination(to),
        };
        gather.take(permit(loaded, &one, session));
        places.extend(gather.take(loaded.place(&to.place, session)));
    }
    gather.done().map(|()| places)
}

fn answer(
    loaded: &Loaded,
    (token, revoked): (&Token, &Revoked),
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    if session.json {
        let places = token.to.iter().map(|to| to.place.to_string().into());
        let body = vec![
            ("manifest", loaded.path.display().to_string().into()),
            ("token", token.name.as_str().into()),
            ("places", Json::Array(places.collect())),
            ("revoked", revoked.ids().into()),
        ];
        session.document(Outcome::Done, body, &[])?;
    }
    Ok(Outcome::Done)
}
