//! A token that is made at the moment of its use: what `headers` and `exec` have in common.

use super::claims::{self, Start, When};
use super::shared::{self, KeyArguments};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Facts;
use crate::manifest::{Token, nearest};
use crate::place::Place;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::keys::{self, Wanted};
use crate::session::ledger::{self, Kept};
use crate::session::manifest::{self, Loaded};
use crate::session::mint::{Choice, Signing};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// The token of the manifest, by its name or subject; without a manifest, the subject
    #[arg(value_name = "NAME")]
    token: String,
    #[command(flatten)]
    claims: claims::Arguments,
    /// How long it lasts, such as 1h [default: the manifest's `helper-ttl`, else 12h]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// Where the key is: a place [default: the manifest's; without a manifest `$MCPJWT_KEY`, else your own store]
    #[arg(long, value_name = "PLACE")]
    key: Option<String>,
    /// Read the text of a secret as hex, base64 or base64url instead of as it is
    #[arg(long, value_name = "ENCODING")]
    key_encoding: Option<String>,
    /// The key of a set to sign with [default: the current one]
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    kid: Option<String>,
    /// The algorithm to sign by, where the key leaves it open [default: the manifest's, else by the kind of key]
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Keep no record in the ledger
    #[arg(long)]
    no_record: bool,
}

/// A token of one use.
pub(super) struct Fresh {
    /// Itself.
    pub(super) token: Secret,
    /// The variable that the manifest puts it into.
    pub(super) variable: Option<String>,
    /// The variables that hold its key, or others of the manifest.
    pub(super) keys: Vec<String>,
}

/// Mints the token; it is recorded before it leaves.
pub(super) fn token(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Fresh, Errors> {
    let mut gather = Gather::default();
    let loaded = gather.take(manifest::find(session)).flatten();
    let loaded = loaded.as_deref();
    let listed = gather.take(listed(&arguments.token, loaded)).flatten();
    let sub = listed.map_or(&arguments.token, |token| &token.sub);
    let start = Start {
        manifest: loaded.map(|loaded| &loaded.manifest),
        tokens: vec![(sub.clone(), listed)],
    };
    let when = When::used(arguments.ttl.as_deref(), session);
    let claims = gather.take(claims::settle(&arguments.claims, &start, when, session));
    let alg = gather.take(shared::optional_algorithm(arguments.alg.as_deref()));
    let key = KeyArguments {
        key: arguments.key.clone(),
        key_encoding: arguments.key_encoding.clone(),
    };
    let wanted = gather.take(key.wanted_here(session));
    gather.done()?;
    let (Some(claims), Some(wanted)) = (claims, wanted) else {
        return Err(Error::new(Code::Internal, "arguments without a result").into());
    };
    claims.warn(session);
    let choice = Choice {
        wanted,
        kid: arguments.kid.clone(),
        alg: alg.flatten().or_else(|| loaded?.manifest.alg),
    };

    // No first key is made here: no server would know it.
    let set = keys::require(&choice.wanted, session)?;
    let signing = Signing::of(&set, &choice, session)?;
    let template = claims.templates.first();
    let template = template.ok_or_else(|| Error::new(Code::Internal, "no token was settled"))?;
    let minted = signing.mint(template, session)?;
    if !arguments.no_record {
        ledger::issued(&[minted.record], Kept::Written, session)?;
    }
    Ok(Fresh {
        token: minted.text,
        variable: listed.and_then(|token| token.env.clone()),
        keys: variables(&choice.wanted, loaded, &session.host.facts),
    })
}

/// The token of that name in the manifest, which has to have it.
fn listed<'m>(name: &str, loaded: Option<&'m Loaded>) -> Result<Option<&'m Token>, Error> {
    if name.is_empty() {
        return Err(Error::usage("`NAME` is empty").hint("say whose token it is"));
    }
    let Some(loaded) = loaded else {
        return Ok(None);
    };
    if let Some(token) = loaded.manifest.token(name)? {
        return Ok(Some(token));
    }
    let names = loaded.manifest.tokens.iter().map(|it| it.name.as_str());
    let hint = match nearest(name, names.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if loaded.manifest.tokens.is_empty() => {
            "it has none at all; to make a token without it: `--no-manifest`".to_owned()
        }
        None => format!(
            "it has `{}`; to make a token without it: `--no-manifest`",
            names.collect::<Vec<_>>().join("`, `")
        ),
    };
    let count = name.chars().count();
    let shown = &loaded.shown;
    Err(Error::new(
        Code::TokenUnknown,
        format!("`{shown}` has no token of that name ({count} characters)"),
    )
    .hint(hint)
    .at(shown.clone()))
}

/// The variables that key places name: of the key, of those before and after it, and of the one
/// that the environment names.
fn variables(wanted: &Wanted, loaded: Option<&Loaded>, facts: &Facts) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if let Wanted::Place(Place::Env(name) | Place::Dotenv { name, .. }, _) = wanted {
        names.push(name.clone());
    }
    if let Some(loaded) = loaded {
        let of_manifest = loaded.manifest.key_variables();
        names.extend(of_manifest.into_iter().map(str::to_owned));
    }
    if let Some(Ok(place)) = facts.env("MCPJWT_KEY").map(shared::key_place)
        && let Place::Env(name) | Place::Dotenv { name, .. } = place
    {
        names.push(name);
    }
    names.sort();
    names.dedup();
    names
}
