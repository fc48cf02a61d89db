//! `mcpjwt jwks`: the public keys, for servers. A *change* with `--to`.

use super::shared;
use crate::error::{Code, Error, Errors, Outcome};
use crate::json::Json;
use crate::key::Kind;
use crate::place::Place;
use crate::secret::Secret;
use crate::session::places::{self, Replace};
use crate::session::{Session, manifest, revocations, rotation};

pub(super) const MEMBERS: &[&str] = &["jwks"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("the set that servers load", "mcpjwt jwks"),
    (
        "into a file that is served",
        "mcpjwt jwks --to file:public/jwks.json",
    ),
];

/// Publish the public keys as a JWK Set
///
/// The current, the next and the previous keys that are still accepted (RFC 7517). A secret is
/// never in it. With `--json` the set is in the document, as `jwks`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    key: shared::KeyArguments,
    /// The algorithm it is for, where it does not say so itself
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Write it to this place instead of standard output
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// Replace whatever the place holds, but for a private key
    #[arg(long)]
    force: bool,
    /// Show what would be written, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let alg = shared::optional_algorithm(arguments.alg.as_deref())?;
    let to = match arguments.to.as_deref() {
        None => Place::Std,
        Some(text) => shared::public_destination(text)?,
    };
    let set = arguments.key.ring(session)?.declaring(alg)?;
    if set.keys.iter().all(|key| key.kind() == Kind::Secret) {
        return Err(Error::new(
            Code::KeyUnusable,
            "there is no public key: a secret cannot be published",
        )
        .hint("make a key pair with `mcpjwt secret generate --alg EdDSA --to file:PATH`, then `mcpjwt jwks --key file:PATH`")
        .into());
    }
    let revoked = revocations::load(manifest::find(session)?.as_deref(), session)?;
    let set = rotation::unrevoked(&set, &revoked);
    let mut text = set.to_public_jwks(session.host.facts.now);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let jwks = Json::parse(text.as_bytes()).ok();
    if to == Place::Std {
        if arguments.dry_run {
            session.note("would print the public keys");
        } else if !session.json {
            session.print(&text)?;
        }
        return answer(jwks, session);
    }
    let replace = if arguments.force {
        Replace::Anything
    } else {
        Replace::Public
    };
    let edit = places::decide_public(&to, Secret::from(text), replace, session)?;
    if arguments.dry_run {
        session.show(&edit.shown());
    } else if edit.is_done() {
        session.note(&format!("`{to}` is up to date"));
    } else {
        places::write(&[edit], session).1?;
        session.note(&format!("wrote the public keys to `{to}`"));
    }
    answer(jwks, session)
}

/// The document, where one is asked for.
fn answer(jwks: Option<Json>, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    if session.json {
        let body = vec![("jwks", jwks.unwrap_or(Json::Null))];
        session.document(Outcome::Done, body, &[])?;
    }
    Ok(Outcome::Done)
}
