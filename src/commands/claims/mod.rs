//! The claim options of every command that mints: what goes into each token of a run.

mod table;
mod when;

pub(super) use self::table::keys;
pub(super) use self::when::{TimeArguments, When};
use super::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::json::Json;
use crate::manifest::{Manifest, Token};
use crate::place;
use crate::session::places::{self, Value};
use crate::session::{Session, manifest};
use crate::token::{self, Course, Template};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Who issues it, its `iss` [default: `$MCPJWT_ISS`, else the manifest's, else `mcpjwt`]
    #[arg(long, value_name = "ISSUER")]
    iss: Option<String>,
    /// The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else the manifest's, else `mcp`]
    #[arg(long, value_name = "AUDIENCE")]
    aud: Vec<String>,
    #[command(flatten)]
    own: Own,
}

/// What is one token's own.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Own {
    /// A scope; repeat for several
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The `role` claim
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The `name` claim
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// The `quota` claim, a whole number above 0
    #[arg(long, value_name = "N")]
    quota: Option<String>,
    /// The `client_id` claim (RFC 8693)
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Another claim: NAME=TEXT, or NAME:=JSON; repeat for several
    #[arg(long, value_name = "CLAIM")]
    claim: Vec<String>,
    /// A place that holds a JSON object of other claims
    #[arg(long, value_name = "PLACE")]
    claims_file: Option<String>,
    /// The media type in the header [default: JWT]
    #[arg(long, value_name = "TYPE", value_parser = ["JWT", "at+jwt"])]
    typ: Option<String>,
}

/// What the tokens of a run start from.
#[derive(Default)]
pub(super) struct Start<'m> {
    /// The manifest.
    pub(super) manifest: Option<&'m Manifest>,
    /// Each subject, and its token in the manifest.
    pub(super) tokens: Vec<(String, Option<&'m Token>)>,
}

/// Templates, and what was assumed for want of options.
pub(super) struct Settled {
    pub(super) templates: Vec<Template>,
    /// When those of the first template begin and end, whenever they are minted.
    pub(super) course: Option<Course>,
    /// Whether the issuer is ours for want of any.
    iss_assumed: bool,
    /// The first template whose audience is.
    aud_assumed: Option<usize>,
}

impl Settled {
    /// Says what was assumed.
    pub(super) fn notes(&self, session: &mut Session<'_, '_>) {
        self.note([Some(String::new()), Some(String::new())], session);
    }

    /// The same of so many tokens of a batch, whose lines may have said it, and what they lack.
    pub(super) fn notes_of_lines(&self, left: &Left, made: u64, session: &mut Session<'_, '_>) {
        let of = |count: u64| match count {
            0 => None,
            _ if count == made => Some(String::new()),
            1 => Some(" of 1 token".to_owned()),
            _ => Some(format!(" of {count} tokens")),
        };
        self.note([of(left.iss), of(left.aud)], session);
        if left.client_id > 0 {
            let some = Some(left.client_id).filter(|count| *count < made);
            session.warn(no_client_id(some));
        }
    }

    /// Notes what was assumed, and of which tokens; of none where there are no words for them.
    fn note(&self, [iss, aud]: [Option<String>; 2], session: &mut Session<'_, '_>) {
        let at = self.aud_assumed.unwrap_or(0);
        let Some(template) = self.templates.get(at) else {
            return;
        };
        let iss = iss.filter(|_| self.iss_assumed);
        let aud = aud.filter(|_| self.aud_assumed.is_some());
        let assumed: Vec<String> = [
            (iss, "issuer", &template.iss, "--iss"),
            (aud, "audience", &template.aud.join(" "), "--aud"),
        ]
        .into_iter()
        .filter_map(|(of, what, value, option)| {
            Some(format!("{what}{} is `{value}` (`{option}`)", of?))
        })
        .collect();
        if !assumed.is_empty() {
            session.note(&format!("note: the {}", assumed.join(", the ")));
        }
    }

    /// Warns of what the tokens lack.
    pub(super) fn warn(&self, session: &mut Session<'_, '_>) {
        if self.templates.iter().any(lacks_client_id) {
            session.warn(no_client_id(None));
        }
    }
}

/// How many tokens of a batch have what of the command line.
#[derive(Default)]
pub(super) struct Left {
    /// Its issuer.
    pub(super) iss: u64,
    /// Its audience.
    pub(super) aud: u64,
    /// No `client_id`, which they should have.
    pub(super) client_id: u64,
}

impl Left {
    /// Counts so many tokens of this template, which began as that one.
    pub(super) fn add(&mut self, count: u64, template: &Template, base: &Template) {
        let count = |is_left| if is_left { count } else { 0 };
        self.iss += count(template.iss == base.iss);
        self.aud += count(template.aud == base.aud);
        self.client_id += count(lacks_client_id(template));
    }
}

impl std::ops::AddAssign<&Self> for Left {
    fn add_assign(&mut self, other: &Self) {
        self.iss += other.iss;
        self.aud += other.aud;
        self.client_id += other.client_id;
    }
}

impl Settled {
    /// Whether the audience is one that nobody named.
    pub(super) fn assumes_audience(&self) -> bool {
        self.aud_assumed.is_some()
    }

    /// Takes the server that the tokens go to as their audience, where nothing else was said.
    pub(super) fn assume_audience(&mut self, url: &str) {
        if self.assumes_audience() {
            for template in &mut self.templates {
                template.aud = vec![url.to_owned()];
            }
        }
    }
}

/// Checks the claim options and makes a template of them for each subject.
pub(super) fn settle(
    arguments: &Arguments,
    start: &Start<'_>,
    when: Result<When, Errors>,
    session: &mut Session<'_, '_>,
) -> Result<Settled, Errors> {
    let mut gather = Gather::default();
    let when = gather.take(when);
    let facts = &session.host.facts;
    let iss = arguments
        .iss
        .clone()
        .or_else(|| manifest::issuer(start.manifest, facts));
    let aud = match &arguments.aud[..] {
        [] => manifest::told(facts).1.map(|aud| vec![aud]),
        given => Some(given.to_vec()),
    };
    judge("--iss", &iss, &mut gather);
    judge("--aud", aud.iter().flatten(), &mut gather);
    let own = &arguments.own;
    let mut rest = free_claims(own, &mut gather);
    let file = gather.take(claims_file(own)).flatten();
    let mut times = Vec::new();
    if let Some(when) = when {
        for (_, token) in &start.tokens {
            let course = when.course(start.manifest, *token, &mut gather);
            times.push((course, when.times(&course)));
        }
    }
    gather.done()?;

    // The one thing to read before the key: reported together with what is wrong in it.
    let mut gather = Gather::default();
    if let Some(place) = file {
        for (name, value) in gather.take(claims_at(&place, session)).unwrap_or_default() {
            add(&mut rest, name, value, &mut gather);
        }
    }
    gather.done()?;
    let mut settled = Settled {
        templates: Vec::new(),
        course: times.first().map(|(course, _)| *course),
        iss_assumed: iss.is_none(),
        aud_assumed: None,
    };
    for (at, ((sub, token), (_, times))) in start.tokens.iter().zip(times).enumerate() {
        let aud = aud
            .clone()
            .or_else(|| token.and_then(|token| token.aud.clone()))
            .or_else(|| start.manifest?.aud.clone());
        if aud.is_none() && settled.aud_assumed.is_none() {
            settled.aud_assumed = Some(at);
        }
        let typ = own.typ.as_ref();
        let typ = typ.or_else(|| token.and_then(|token| token.typ.as_ref()));
        let template = Template {
            typ: typ.cloned().unwrap_or_else(|| "JWT".to_owned()),
            iss: iss.clone().unwrap_or_else(|| Template::ISS.to_owned()),
            sub: sub.clone(),
            aud: aud.unwrap_or_else(|| vec![Template::AUD.to_owned()]),
            times,
            jti: None,
            scope: scope(own, start.manifest, *token),
            kind: None,
            rest: over(*token, &rest),
        };
        settled.templates.push(template);
    }
    Ok(settled)
}

fn lacks_client_id(template: &Template) -> bool {
    template.typ == "at+jwt" && !template.rest.iter().any(|(name, _)| name == "client_id")
}

/// That a token has none, or so many of a batch where others have one.
fn no_client_id(some: Option<u64>) -> Error {
    let what = match some {
        None => "an `at+jwt` token has a `client_id`".to_owned(),
        Some(1) => "1 `at+jwt` token has no `client_id`".to_owned(),
        Some(count) => format!("{count} `at+jwt` tokens have no `client_id`"),
    };
    Error::new(Code::ClaimMissing, format!("{what} (RFC 9068 section 2.2)"))
        .claim("client_id")
        .hint("add `--client-id ID`")
}

/// The scopes asked for, else those of the token and of its role.
fn scope(arguments: &Own, manifest: Option<&Manifest>, token: Option<&Token>) -> Option<String> {
    if !arguments.scope.is_empty() {
        return Some(arguments.scope.join(" "));
    }
    let (manifest, token) = (manifest?, token?);
    let role = arguments.role.as_ref().or(token.role.as_ref());
    manifest.scope(token, role.map(String::as_str))
}

/// The claims of a token of the manifest, with those of the options over them.
fn over(token: Option<&Token>, options: &[(String, Json)]) -> Vec<(String, Json)> {
    let mut claims = token.map_or(Vec::new(), Token::own_claims);
    for (name, value) in options {
        match claims.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => old.clone_from(value),
            None => claims.push((name.clone(), value.clone())),
        }
    }
    claims
}

/// The claims that are not every token's, in the order of the options.
fn free_claims(arguments: &Own, gather: &mut Gather) -> Vec<(String, Json)> {
    let mut rest = Vec::new();
    for (option, name, value) in [
        ("--client-id", "client_id", &arguments.client_id),
        ("--role", "role", &arguments.role),
        ("--name", "name", &arguments.name),
    ] {
        judge(option, value, gather);
        rest.extend(value.as_deref().map(|text| (name.to_owned(), text.into())));
    }
    judge("--scope", &arguments.scope, gather);
    match arguments.quota.as_deref().map(str::parse::<i64>) {
        None => {}
        Some(Ok(quota)) if quota > 0 => rest.push(("quota".to_owned(), quota.into())),
        Some(_) => gather.add(misuse(
            "`--quota` takes a whole number above 0",
            "such as `--quota 100`",
        )),
    }
    for text in &arguments.claim {
        if let Some((name, value)) = gather.take(shared::assignment("--claim", text)) {
            add(&mut rest, name, value, gather);
        }
    }
    rest
}

/// Refuses a text that no line of a batch may hold either.
pub(super) fn judge<'t>(
    option: &str,
    texts: impl IntoIterator<Item = &'t String>,
    gather: &mut Gather,
) {
    match texts.into_iter().find_map(|text| token::text_fault(text)) {
        Some("is empty") => gather.add(shared::empty(option)),
        Some(fault) => gather.add(misuse(
            &format!("`{option}` {fault}"),
            "give it as one line of text",
        )),
        None => {}
    }
}

fn add(rest: &mut Vec<(String, Json)>, name: String, value: Json, gather: &mut Gather) {
    if let Some(special) = token::special(&name) {
        gather.add(misuse(
            &format!("`{name}` cannot be a free claim: it has an option of its own"),
            &format!("use `{}`", special.option),
        ));
    } else if let Some(fault) = token::fault(&name, &value) {
        gather.add(misuse(
            &format!("`{name}` {fault}"),
            "name each claim, such as `team`",
        ));
    } else if rest.iter().any(|(known, _)| *known == name) {
        gather.add(misuse(
            &format!("the claim `{name}` is given twice"),
            "give it once",
        ));
    } else {
        rest.push((name, value));
    }
}

/// The place of `--claims-file`.
fn claims_file(arguments: &Own) -> Result<Option<place::Place>, Error> {
    let place = arguments.claims_file.as_deref().map(places::parse);
    place
        .transpose()
        .map_err(|error| shared::named("--claims-file", error))
}

fn claims_at(
    place: &place::Place,
    session: &mut Session<'_, '_>,
) -> Result<Vec<(String, Json)>, Error> {
    places::refuse_pipe(place, session)?;
    let Value::One(text) = places::read(place, session)?.value else {
        return Err(Error::new(
            Code::PlaceMissing,
            format!("there are no claims at `{place}`"),
        )
        .at(place.to_string()));
    };
    let about = |what: String| {
        Error::new(
            Code::PlaceInvalid,
            format!("cannot take claims from `{place}`: {what}"),
        )
        .hint("it must hold one JSON object, such as {\"team\":\"search\"}")
        .at(place.to_string())
    };
    match Json::parse(text.expose()) {
        Ok(Json::Object(members)) => Ok(members),
        Ok(other) => Err(about(format!("it is {}", other.kind()))),
        Err(error) => Err(about(format!("not valid JSON: {error}"))),
    }
}
