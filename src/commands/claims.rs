//! The claim options of every command that mints: what goes into each token of a run.

use super::{misuse, shared};
use crate::error::{Code, Error, Errors, Gather};
use crate::json::Json;
use crate::place;
use crate::session::Session;
use crate::session::places::{self, Value};
use crate::token::{Template, Times};

/// How far `iat` lies back: servers without leeway refuse a token from a clock a second ahead.
const IAT_BACK: i64 = 5;
/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

/// What `--claim` must not set, and the option that does.
const FLAGS: &[(&str, &str)] = &[
    ("iss", "--iss"),
    ("sub", "--sub"),
    ("aud", "--aud"),
    ("exp", "--exp` or `--ttl"),
    ("nbf", "--nbf"),
    ("iat", "--at"),
    ("jti", "--jti"),
    ("scope", "--scope"),
    ("role", "--role"),
    ("name", "--name"),
    ("quota", "--quota"),
    ("client_id", "--client-id"),
    ("type", "--pair"),
];

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Who issues it, its `iss` [default: `$MCPJWT_ISS`, else `mcpjwt`]
    #[arg(long, value_name = "ISSUER")]
    iss: Option<String>,
    /// The server it is for, its `aud`; repeat for several [default: `$MCPJWT_AUD`, else `mcp`]
    #[arg(long, value_name = "AUDIENCE")]
    aud: Vec<String>,
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
    /// The media type in the header
    #[arg(long, value_name = "TYPE", default_value = "JWT", value_parser = ["JWT", "at+jwt"])]
    typ: String,
}

/// When the tokens of `issue` begin and end.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct TimeArguments {
    /// How long it lasts, such as 12h or 90d [default: `$MCPJWT_TTL`, else 24h, into a place 30d]
    #[arg(long, value_name = "DURATION", conflicts_with = "exp")]
    ttl: Option<String>,
    /// When it expires: a date, RFC 3339, unix seconds, or +90d
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    exp: Option<String>,
    /// Not valid before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    nbf: Option<String>,
    /// Mint as of this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

/// When the tokens of a run begin and end, as far as the command line says.
pub(super) struct When {
    /// The moment they are minted as of.
    at: i64,
    nbf: Option<i64>,
    exp: i64,
}

/// Templates, and what was assumed for want of options.
pub(super) struct Settled {
    pub(super) templates: Vec<Template>,
    /// Whether the issuer is ours for want of any.
    iss_assumed: bool,
    /// Whether the audience is.
    aud_assumed: bool,
}

impl Settled {
    /// Says what was assumed.
    pub(super) fn notes(&self, session: &mut Session<'_, '_>) {
        let Some(template) = self.templates.first() else {
            return;
        };
        let assumed: Vec<String> = [
            (self.iss_assumed, "issuer", &template.iss, "--iss"),
            (
                self.aud_assumed,
                "audience",
                &template.aud.join(" "),
                "--aud",
            ),
        ]
        .into_iter()
        .filter(|(assumed, ..)| *assumed)
        .map(|(_, what, value, option)| format!("{what} is `{value}` (`{option}`)"))
        .collect();
        if !assumed.is_empty() {
            session.note(&format!("note: the {}", assumed.join(", the ")));
        }
    }
}

impl Settled {
    /// Whether the audience is one that nobody named.
    pub(super) fn assumes_audience(&self) -> bool {
        self.aud_assumed
    }

    /// Takes the server that the tokens go to as their audience, where nothing else was said.
    pub(super) fn assume_audience(&mut self, url: &str) {
        if self.aud_assumed {
            for template in &mut self.templates {
                template.aud = vec![url.to_owned()];
            }
        }
    }
}

/// Checks the claim options and makes a template for each subject of them.
pub(super) fn settle(
    arguments: &Arguments,
    subs: &[String],
    when: Result<When, Errors>,
    session: &mut Session<'_, '_>,
) -> Result<Settled, Errors> {
    let mut gather = Gather::default();
    let when = gather.take(when);
    let facts = &session.host.facts;
    let iss = arguments
        .iss
        .clone()
        .or_else(|| facts.env("MCPJWT_ISS").map(str::to_owned));
    let aud = match &arguments.aud[..] {
        [] => facts.env("MCPJWT_AUD").map(|aud| vec![aud.to_owned()]),
        given => Some(given.to_vec()),
    };
    for (option, empty) in [
        ("--iss", iss.as_ref().is_some_and(String::is_empty)),
        ("--aud", aud.iter().flatten().any(String::is_empty)),
    ] {
        if empty {
            gather.add(shared::empty(option));
        }
    }
    let mut rest = free_claims(arguments, &mut gather);
    let file = arguments
        .claims_file
        .as_deref()
        .map(|text| places::parse(text).map_err(|error| shared::named("--claims-file", error)))
        .and_then(|place| gather.take(place));
    gather.done()?;
    let when = when.ok_or_else(|| Error::new(Code::Internal, "times without a result"))?;

    // The one thing to read before the key: reported together with what is wrong in it.
    let mut gather = Gather::default();
    if let Some(place) = file {
        for (name, value) in gather.take(claims_at(&place, session)).unwrap_or_default() {
            add(&mut rest, name, value, &mut gather);
        }
    }
    gather.done()?;
    if arguments.typ == "at+jwt" && arguments.client_id.is_none() {
        session.warn(
            Error::new(
                Code::ClaimMissing,
                "an `at+jwt` token has a `client_id` (RFC 9068 section 2.2)",
            )
            .claim("client_id")
            .hint("add `--client-id ID`"),
        );
    }
    let template = |sub: &String| Template {
        typ: arguments.typ.clone(),
        iss: iss.clone().unwrap_or_else(|| "mcpjwt".to_owned()),
        sub: sub.clone(),
        aud: aud.clone().unwrap_or_else(|| vec!["mcp".to_owned()]),
        times: when.times(),
        jti: None,
        scope: (!arguments.scope.is_empty()).then(|| arguments.scope.join(" ")),
        kind: None,
        rest: rest.clone(),
    };
    Ok(Settled {
        templates: subs.iter().map(template).collect(),
        iss_assumed: iss.is_none(),
        aud_assumed: aud.is_none(),
    })
}

impl When {
    /// What the options of `issue` say.
    pub(super) fn settle(
        arguments: &TimeArguments,
        default_ttl: i64,
        session: &Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let mut gather = Gather::default();
        let facts = &session.host.facts;
        let at = shared::instant("--at", arguments.at.as_deref(), facts.now, &mut gather);
        let at = at.unwrap_or(facts.now);
        let ttl = arguments.ttl.as_deref().or_else(|| facts.env("MCPJWT_TTL"));
        let ttl = shared::duration("--ttl", ttl, &mut gather).unwrap_or(default_ttl);
        let exp = shared::instant("--exp", arguments.exp.as_deref(), at, &mut gather);
        let exp = exp.unwrap_or_else(|| at.saturating_add(ttl));
        let nbf = shared::instant("--nbf", arguments.nbf.as_deref(), at, &mut gather);
        if exp <= at {
            gather.add(misuse(
                "the token would be expired from the start",
                "choose a later `--exp`, or a longer `--ttl`",
            ));
        }
        if exp > LAST {
            gather.add(misuse(
                "the token would last beyond the year 9999",
                "choose an earlier `--exp`, or a shorter `--ttl`",
            ));
        }
        if nbf.is_some_and(|nbf| nbf >= exp) {
            gather.add(misuse(
                "`--nbf` lies at or after the end of the token",
                "choose an earlier `--nbf` or a later `--exp`",
            ));
        }
        gather.done()?;
        Ok(Self { at, nbf, exp })
    }

    fn times(&self) -> Times {
        Times {
            at: self.at,
            iat: self.at - IAT_BACK,
            nbf: self.nbf,
            exp: self.exp,
        }
    }
}

/// The claims that are not every token's, in the order of the options.
fn free_claims(arguments: &Arguments, gather: &mut Gather) -> Vec<(String, Json)> {
    let mut rest = Vec::new();
    for (name, value) in [
        ("client_id", &arguments.client_id),
        ("role", &arguments.role),
        ("name", &arguments.name),
    ] {
        rest.extend(value.as_deref().map(|text| (name.to_owned(), text.into())));
    }
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

fn add(rest: &mut Vec<(String, Json)>, name: String, value: Json, gather: &mut Gather) {
    if let Some((_, flag)) = FLAGS.iter().find(|(claim, _)| *claim == name) {
        gather.add(misuse(
            &format!("`{name}` cannot be a free claim: it has an option of its own"),
            &format!("use `{flag}`"),
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

fn claims_at(
    place: &place::Place,
    session: &mut Session<'_, '_>,
) -> Result<Vec<(String, Json)>, Error> {
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
