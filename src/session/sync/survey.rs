//! What is at the places of a manifest, and what is to be done there.

use std::collections::HashMap;

use super::Ask;
use crate::client::{Means, Mode, Wish};
use crate::error::{Code, Error, Errors, Gather};
use crate::host::Facts;
use crate::key::Kind;
use crate::manifest::{Destination, Of, Token, Use};
use crate::place::Place;
use crate::plan::{self, Act, Judged, Reason, Renew, Said};
use crate::report::shell_words;
use crate::secret::Secret;
use crate::session::helper::{self, Fresh};
use crate::session::manifest::{self, Loaded, permit, permit_route};
use crate::session::places::{self, Edit, Looked, Replace, Stands, Way};
use crate::session::target::Target;
use crate::session::{Session, rotation};
use crate::time;
use crate::token::{self, Template};

/// A manifest and its places, looked at.
pub(crate) struct Survey {
    /// Its tokens.
    pub(crate) tokens: Vec<Surveyed>,
    /// The place of its public keys, and what they are to be.
    pub(crate) jwks: Option<(Place, Edit)>,
}

/// A token of a manifest.
pub(crate) struct Surveyed {
    /// Its name.
    pub(crate) name: String,
    /// What it is minted from.
    pub(crate) template: Template,
    /// Its places.
    pub(crate) spots: Vec<Spot>,
}

/// A place of a token, looked at.
pub(crate) struct Spot {
    /// As the manifest has it.
    pub(crate) place: Place,
    pub(super) target: Target,
    pub(super) looked: Looked,
    /// The token there.
    pub(super) judged: Judged,
    /// Why it is not as it is wanted.
    pub(crate) reasons: Vec<Reason>,
    /// What is done.
    pub(crate) act: Act,
    pub(super) file_mode: Option<u32>,
}

impl Survey {
    /// Whether a token is to be minted.
    pub(crate) fn mints(&self) -> bool {
        let mut spots = self.tokens.iter().flat_map(|token| &token.spots);
        spots.any(|spot| spot.act == Act::Mint)
    }
}

impl Surveyed {
    /// The place with the token that others get too.
    pub(super) fn source(&self) -> Option<&Spot> {
        let at = self.spots.iter().find_map(|spot| match spot.act {
            Act::Copy(at) => Some(at),
            _ => None,
        });
        self.spots.get(at?)
    }
}

/// Looks at every place once. What must not be written is told here, all of it.
pub(crate) fn survey(ask: &Ask<'_>, session: &mut Session<'_, '_>) -> Result<Survey, Errors> {
    let mut gather = Gather::default();
    let said = gather.take(said(&session.host.facts));
    let mut tokens = Vec::with_capacity(ask.tokens.len());
    if let Some(said) = &said {
        for token in &ask.tokens {
            tokens.extend(gather.take(surveyed(ask, token, said, session)));
        }
    }
    let jwks = gather.take(public_keys(ask, session)).flatten();
    gather.take(apart(&tokens, ask.loaded));
    gather.done().map_err(told_once)?;
    Ok(Survey { tokens, jwks })
}

/// Refuses two tokens whose places are one by a link: each run would put the other one there.
fn apart(tokens: &[Surveyed], loaded: &Loaded) -> Result<(), Errors> {
    let mut known: HashMap<String, (&str, &Place)> = HashMap::new();
    let mut gather = Gather::default();
    for token in tokens {
        for spot in &token.spots {
            // What cannot be told is told by who has to.
            let Ok(there) = spot.looked.lasting() else {
                continue;
            };
            let (name, to) = (&token.name, &spot.place);
            let there = there.to_string();
            match known.get(&there) {
                Some((other, first)) if *other != name => {
                    let message = format!(
                        "`{to}` of token `{name}` and `{first}` of token `{other}` are one place: `{there}`"
                    );
                    let hint = format!("give one of them another place in `{}`", loaded.shown);
                    let error = Error::new(Code::ManifestInvalid, message).hint(hint);
                    gather.add(error.at(to.to_string()));
                }
                Some(_) => {}
                None => {
                    known.insert(there, (name, to));
                }
            }
        }
    }
    gather.done()
}

/// The same errors, what to do about several of them said with the first.
fn told_once(errors: Errors) -> Errors {
    let mut known: Vec<String> = Vec::new();
    errors.map(|mut error| {
        error.hint = error.hint.filter(|hint| !known.contains(hint));
        known.extend(error.hint.clone());
        error
    })
}

/// What the environment says; it counts before the manifest.
fn said(facts: &Facts) -> Result<Said, Error> {
    let (iss, aud) = manifest::told(facts);
    let ttl = facts.env("MCPJWT_TTL").map(time::parse_duration);
    let ttl = ttl.transpose().map_err(|error| {
        let message = format!("`MCPJWT_TTL`: {}", error.message);
        Error { message, ..error }
    })?;
    if ttl == Some(0) {
        return Err(Error::usage("`MCPJWT_TTL` is 0")
            .hint("tokens would be expired from the start: unset it, or give it a longer time"));
    }
    Ok(Said { iss, aud, ttl })
}

fn surveyed(
    ask: &Ask<'_>,
    token: &Token,
    said: &Said,
    session: &mut Session<'_, '_>,
) -> Result<Surveyed, Errors> {
    let now = session.host.facts.now;
    let mut wanted = plan::wanted(&ask.loaded.manifest, token, said, now)?;
    let mut gather = Gather::default();
    let mut seen = Vec::with_capacity(token.to.len());
    for to in token.to.iter().filter(|to| to.place != Place::Std) {
        let looked = look(ask, (token, to), &wanted.template, session);
        let looked = match ask.way {
            Way::Manifest => {
                looked.map_err(|errors| errors.map(|error| in_manifest(error, (ask, to))))
            }
            _ => looked,
        };
        let looked = gather.take(looked).unwrap_or_default();
        seen.extend(
            looked
                .into_iter()
                .map(|(target, looked)| (to, target, looked)),
        );
    }
    if wanted.assumes_audience {
        // Without one the server that the token goes to is it.
        let mut urls: Vec<String> = Vec::new();
        for (.., looked) in &seen {
            let url = gather.take(looked.server_url()).flatten();
            urls.extend(url.filter(|url| !urls.contains(url)));
        }
        match &urls[..] {
            [] => {}
            [url] => wanted.template.aud = vec![url.clone()],
            _ => gather.add(several(token, &urls)),
        }
    }
    gather.done()?;

    let mut gather = Gather::default();
    let mut spots = Vec::with_capacity(seen.len());
    for (to, target, looked) in seen {
        let judged = if target.takes_token() {
            let text = token::bare(looked.text());
            plan::judge(text, &wanted, ask.ours, now)
        } else {
            Judged::default()
        };
        let reasons = gather.take(reasons(&judged, &target, &looked));
        let place = match &target.place {
            Place::File(_) if !matches!(to.place, Place::File(_)) => target.place.clone(),
            _ => to.place.clone(),
        };
        spots.push(Spot {
            place,
            target,
            looked,
            judged,
            reasons: reasons.unwrap_or_default(),
            act: Act::Keep,
            file_mode: to.file_mode,
        });
    }
    decide(&mut spots, ask.renew);
    for spot in spots.iter().filter(|spot| spot.act != Act::Keep) {
        if let Some(error) = spot.looked.refusal() {
            gather.add(refused(error, token, spot));
        }
    }
    gather.done()?;
    Ok(Surveyed {
        name: token.name.clone(),
        template: wanted.template,
        spots,
    })
}

/// The same error; what the command line would say is said in the manifest, and it is that which
/// what is there contradicts.
fn in_manifest(mut error: Error, (ask, to): (&Ask<'_>, &Destination)) -> Error {
    let (line, shown) = (to.line, &ask.loaded.shown);
    let mut said = |text: &str| {
        let keys = plan::keys_for_options(text)?;
        Some(format!("{keys}, in line {line} of `{shown}`"))
    };
    if error.code == Code::Usage {
        error.code = Code::ManifestInvalid;
    }
    if let Some(message) = plan::keys_for_options(&error.message) {
        error.message = message;
    }
    if let Some(hint) = error.hint.as_deref().and_then(&mut said) {
        error.hint = Some(hint);
    }
    error
}

fn decide(spots: &mut [Spot], renew: Renew) {
    let seen: Vec<plan::Spot<'_>> = spots
        .iter()
        .map(|spot| plan::Spot {
            refers: !spot.target.takes_token(),
            reasons: &spot.reasons,
            good_until: spot.judged.good_until(),
        })
        .collect();
    let acts = plan::acts(&seen, renew);
    for (spot, act) in spots.iter_mut().zip(acts) {
        if act == Act::Mint && spot.reasons.is_empty() {
            spot.reasons.push(Reason::Renewed);
        }
        spot.act = act;
    }
}

/// The places of a destination, looked at: in a file that an entry refers to, and in the entry.
fn look(
    ask: &Ask<'_>,
    (token, to): (&Token, &Destination),
    template: &Template,
    session: &mut Session<'_, '_>,
) -> Result<Vec<(Target, Looked)>, Errors> {
    let destination = Use {
        by: format!("token `{}`", token.name),
        of: Of::Destination(to),
    };
    permit(ask.loaded, &destination, session)?;
    let place = ask.loaded.place(&to.place, session)?;
    let mut wish = Wish {
        url: to.url.clone(),
        command: to.command.clone(),
        variable: to.env.clone(),
        header: to.header.clone(),
        ..Wish::default()
    };
    // The variable of the token itself is for `exec` and for entries that start a program.
    if to.env.is_some() && to.env == token.env && helper::is_remote(&place, &wish, session)? {
        wish.variable = None;
    }
    let fresh = Fresh {
        template,
        key: ask.wanted,
        named: Some(&token.name),
    };
    let mode = to.mode.unwrap_or(Mode::Literal);
    let means = helper::means(mode, &place, (&wish, Some(fresh)), session)?;
    let mut all = Vec::new();
    for target in Target::of(&place, &wish, &means, session)? {
        let looked = places::look_at(&target.place, (Replace::Tokens, &target.wish), session)?;
        permit_route(ask.loaded, &destination, &looked, session)?;
        all.push((target, looked));
    }
    Ok(all)
}

/// Why a place is not as it is wanted.
fn reasons(judged: &Judged, target: &Target, looked: &Looked) -> Result<Vec<Reason>, Error> {
    let mut reasons = judged.reasons.clone();
    let Some(stands) = looked.stands()? else {
        return Ok(reasons);
    };
    let mode = Reason::Mode(target.wish.means.mode());
    let reason = match (target.takes_token(), stands) {
        (_, Stands::AsWished) | (true, Stands::New) => None,
        (true, _) | (false, Stands::Token) => Some(mode),
        (false, Stands::Other) => Some(Reason::Reference),
        (false, Stands::New | Stands::Empty) => Some(Reason::Missing),
    };
    if let Some(reason) = reason {
        // A token that is not there because something stands for it is not missing.
        reasons.retain(|other| *other != Reason::Missing);
        reasons.push(reason);
    }
    Ok(reasons)
}

/// The public keys of the manifest, where those at their place are not the ones that count.
fn public_keys(
    ask: &Ask<'_>,
    session: &mut Session<'_, '_>,
) -> Result<Option<(Place, Edit)>, Errors> {
    let Some(place) = &ask.loaded.manifest.jwks else {
        return Ok(None);
    };
    let jwks = Use {
        by: "`jwks`".to_owned(),
        of: Of::Place(place),
    };
    permit(ask.loaded, &jwks, session)?;
    let set = ask.ours.keys;
    if set.keys.iter().all(|key| key.kind() == Kind::Secret) {
        return Err(Error::new(
            Code::KeyUnusable,
            format!(
                "`{}` has a `jwks`, and a secret cannot be published",
                ask.loaded.shown
            ),
        )
        .hint("leave `jwks` out: its servers need the secret itself")
        .at(ask.loaded.shown.clone())
        .into());
    }
    let set = rotation::unrevoked(set, ask.ours.revoked);
    let text = set.to_public_jwks(session.host.facts.now);
    let there = ask.loaded.place(place, session)?;
    let edit = places::decide_public(
        &there,
        Secret::from(text).with_line_end(),
        Replace::Public,
        session,
    )?;
    Ok((!edit.is_done()).then(|| (place.clone(), edit)))
}

fn several(token: &Token, urls: &[String]) -> Error {
    Error::new(
        Code::ManifestInvalid,
        format!(
            "token `{}` goes to several servers: `{}`",
            token.name,
            urls.join("`, `")
        ),
    )
    .hint("name its audience with `aud`, or make it a token for each")
}

/// The refusal of a place, with a way out that has no `--force`.
fn refused(error: Error, token: &Token, spot: &Spot) -> Error {
    let place = spot.target.place.to_string();
    let words = ["mcpjwt", "issue", "--sub", &token.name, "--to", &place];
    let mut issue: Vec<String> = words.map(str::to_owned).into();
    // Without what the manifest says of the entry it would go elsewhere in it.
    let Wish {
        means,
        variable,
        header,
        ..
    } = &spot.target.wish;
    let of_means = match means {
        Means::Env { name } => Some(name),
        _ => None,
    };
    let mode = Some(means.mode()).filter(|mode| *mode != Mode::Literal);
    let options = [
        ("--mode", mode.map(Mode::name)),
        ("--env", variable.as_ref().or(of_means).map(String::as_str)),
        ("--header", header.as_deref()),
    ];
    for (option, value) in options {
        issue.extend(
            value
                .iter()
                .flat_map(|value| [option, value])
                .map(str::to_owned),
        );
    }
    error.hint(format!(
        "look at it; to replace it all the same: `{} --force`",
        shell_words(&issue)
    ))
}
