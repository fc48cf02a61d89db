//! Whether a token may be minted once more, and the one that takes its place.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::error::{Code, Error, Errors, Gather};
use crate::json::Json;
use crate::key::KeySet;
use crate::place::Place;
use crate::report;
use crate::secret::Secret;
use crate::session::mint::{Signing, Token};
use crate::session::tokens::Input;
use crate::session::{Session, ledger};
use crate::state::revocations::Revocations;
use crate::token::{self, Claims, Rules, Times, Verdict};

/// What is asked of each token.
pub(super) struct Ask<'a> {
    /// The keys whose tokens are ours.
    pub(super) keys: &'a KeySet,
    pub(super) revoked: &'a Revocations,
    pub(super) signing: &'a Signing<'a>,
    /// Only what expires within these seconds.
    pub(super) within: Option<i64>,
    /// How long the new one lasts.
    pub(super) ttl: Option<i64>,
    /// How long the access token of a refresh token lasts.
    pub(super) access_ttl: i64,
    /// The keys that rotations took out of use, once somebody wants to know.
    pub(super) over: OnceCell<HashSet<String>>,
}

/// A token that was minted once more.
pub(super) struct Renewed {
    /// The text of the old one.
    old: Secret,
    pub(super) token: Token,
    /// Whether it is answered.
    pub(super) to_output: bool,
    /// The places that it is written to.
    pub(super) places: Vec<Place>,
    /// The same for people.
    pub(super) shown: Vec<String>,
    /// Which of them have it.
    pub(super) done: Vec<usize>,
}

impl Ask<'_> {
    /// Mints a token once more; the same one from several places once for all.
    pub(super) fn renew(
        &self,
        input: &Input,
        all: &mut Vec<Renewed>,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        let now = session.host.facts.now;
        let rules = Rules {
            require: Vec::new(),
            ..Rules::at(now)
        };
        let pair = pair(input);
        let text = pair.as_ref().map_or(&input.token, |(refresh, _)| refresh);
        let mut verdict = token::judge(text.expose(), self.keys, &rules);
        self.revoked.judge(&mut verdict);
        // Its times are what is to be mended.
        verdict
            .failures
            .retain(|failure| !matches!(failure.code, Code::Expired | Code::NotYetValid));
        let Some(claims) = claims(&verdict) else {
            return Err(self.refused(&verdict, input, session));
        };
        let is_refresh = kind(&claims).map_err(|error| about(error, input))?;
        let exp = claims.time("exp").map(token::NumericDate::seconds_up);
        if let Some(within) = self.within
            && exp.is_none_or(|exp| exp > now.saturating_add(within))
        {
            return Ok(());
        }
        // A place keeps its refresh token; what that is for is answered.
        let place = match &pair {
            Some((_, place)) => Some(place.clone()),
            None => input.place.clone().filter(|_| !is_refresh),
        };
        let shown = match &pair {
            Some((_, place)) => Some(place.to_string()),
            None => input.shown.clone().filter(|_| !is_refresh),
        };
        if let Some(known) = all.iter_mut().find(|known| known.old == *text) {
            known.to_output |= place.is_none();
            known.places.extend(place);
            known.shown.extend(shown);
            return Ok(());
        }
        let own = lasted(&claims).filter(|_| !is_refresh);
        let life = self.ttl.or(own).unwrap_or(self.access_ttl);
        let times = Times::of(now, None, now.saturating_add(life));
        if times.exp > Times::LAST {
            let error = Error::usage("the token would last beyond the year 9999");
            return Err(about(error.hint("give a shorter `--ttl`"), input).into());
        }
        let header = verdict.header.as_ref();
        let typ = header.and_then(|header| header.typ());
        let token = self
            .signing
            .remint((typ.unwrap_or("JWT"), &claims), times, session)?;
        all.push(Renewed {
            old: text.duplicate(),
            token,
            to_output: place.is_none(),
            places: place.into_iter().collect(),
            shown: shown.into_iter().collect(),
            done: Vec::new(),
        });
        Ok(())
    }

    fn refused(&self, verdict: &Verdict, input: &Input, session: &mut Session<'_, '_>) -> Errors {
        let mut gather = Gather::default();
        let to = input.shown.as_deref().map(report::shell_word);
        let to = to.map_or_else(String::new, |place| format!(" --to {place}"));
        let mint = &*format!("mint a new one with `mcpjwt issue --sub NAME{to}`");
        let key = "if its key is elsewhere, name that place with `--key PLACE`";
        let named = |it: &&token::Failure| it.code == Code::KeyNotFound && it.claim.is_some();
        let kid = verdict.failures.iter().find(named);
        let kid = kid.map_or("", |it| it.found.as_str());
        let is_over = !kid.is_empty() && self.over.get_or_init(|| over(session)).contains(kid);
        for mut error in report::verdict_errors(verdict, &[], session.clock()) {
            let hint = match error.code {
                Code::KeyNotFound if is_over => {
                    let kid = report::escape(kid);
                    error.message = format!("its key `{kid}` is no longer accepted");
                    mint
                }
                Code::KeyNotFound | Code::KeyAmbiguous | Code::SigInvalid => key,
                _ => mint,
            };
            error.hint.get_or_insert_with(|| hint.to_owned());
            gather.add(about(error, input));
        }
        match gather.done() {
            Err(errors) => errors,
            Ok(()) => Error::new(Code::Internal, "a refusal without a reason").into(),
        }
    }
}

fn over(session: &mut Session<'_, '_>) -> HashSet<String> {
    let ledger = ledger::read(&mut |it| it.is_of_rotation(), session);
    let ledger = ledger.unwrap_or_default();
    let over = ledger.retired(session.host.facts.now).into_iter();
    over.map(str::to_owned).collect()
}

/// How many seconds a token was made to last; our own `iat` lies a little back.
fn lasted(claims: &Claims) -> Option<i64> {
    let exp = claims.time("exp")?.seconds_up();
    let life = exp - claims.time("iat")?.seconds() + Times::of(0, None, 0).iat;
    (life > 0).then_some(life)
}

/// The refresh token of a file with the answer of `issue --pair`, and the place of the access token
/// beside it.
fn pair(input: &Input) -> Option<(Secret, Place)> {
    let Some(Place::File(path)) = &input.place else {
        return None;
    };
    let json = Json::parse(input.token.expose()).ok()?;
    json.get("access_token")?;
    let refresh = json.get("refresh_token")?.as_str()?;
    let access = Place::Json {
        path: path.clone(),
        pointer: "/access_token".to_owned(),
    };
    Some((Secret::from(refresh), access))
}

/// The claims of a token that nothing is wrong with.
fn claims(verdict: &Verdict) -> Option<Claims> {
    let claims = verdict
        .claims
        .clone()
        .filter(|_| verdict.failures.is_empty());
    Claims::from_json(claims?)
}

/// Whether it is a refresh token; what is neither that nor an access token is not ours to know.
fn kind(claims: &Claims) -> Result<bool, Error> {
    match claims.get("type") {
        None => Ok(false),
        Some(Json::String(kind)) if kind == "access" => Ok(false),
        Some(Json::String(kind)) if kind == "refresh" => Ok(true),
        Some(_) => Err(Error::new(
            Code::ClaimMismatch,
            "`type` of the token is neither `access` nor `refresh`",
        )
        .claim("type")
        .hint("mint a new one with `mcpjwt issue --sub NAME`")),
    }
}

/// The error, saying which token it is about.
fn about(error: Error, input: &Input) -> Error {
    let Some(place) = &input.place else {
        let message = format!("cannot refresh the token: {}", error.message);
        return Error { message, ..error };
    };
    let shown = input.shown.clone().unwrap_or_else(|| place.to_string());
    let message = format!("cannot refresh the token at `{shown}`: {}", error.message);
    Error { message, ..error }.at(place.to_string())
}
