//! `mcpjwt lint`: what of a token goes against the RFCs and the MCP specification. Needs no key, and
//! says nothing about signatures.

use super::shared;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::json::Json;
use crate::lint::{self, Severity, Subject};
use crate::report::{self, Linted};
use crate::session::Session;
use crate::session::tokens::{self, Input, Trim};
use crate::time::Clock;
use crate::token::{self, Claims};

pub(super) const MEMBERS: &[&str] = &["findings"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    (
        "what a token should be and is not",
        "mcpjwt lint \"$TOKEN\"",
    ),
    (
        "in CI: fail when a finding is an error",
        "mcpjwt lint dotenv:.env#MCP_TOKEN",
    ),
];

/// Check a token against the standards
///
/// The rules are those of RFC 8725, RFC 9068 and the MCP specification. No key is needed: whether
/// the signature holds is `verify`'s to say. Without an argument the token is read from standard
/// input. Exits with 1 when a finding is an error; advice is no error.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Tokens, places that hold one, or `-` for standard input
    #[arg(value_name = "TOKEN|PLACE")]
    tokens: Vec<String>,
    /// Judge as of this time [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let clock = shared::clock(arguments.at.as_deref(), session)?;
    let (inputs, mut errors) = read(&arguments.tokens, session)?;
    let mut all = Vec::with_capacity(inputs.len());
    for input in &inputs {
        match linted(input, clock) {
            Ok(linted) => all.push(linted),
            Err(error) => errors.push(error),
        }
    }
    let weights = all.iter().flat_map(|linted| &linted.findings);
    let outcome = weights
        .map(|finding| match finding.rule.severity {
            Severity::Error => Outcome::No,
            Severity::Advice => Outcome::Done,
        })
        .chain(errors.iter().map(|error| error.code.outcome()))
        .max()
        .unwrap_or(Outcome::Done);
    if session.json {
        let findings: Vec<Json> = all.iter().flat_map(report::findings_json).collect();
        errors.extend(all.iter().flat_map(report::finding_errors));
        session.document(outcome, vec![("findings", findings.into())], &errors)?;
        return Ok(outcome);
    }
    let text = report::findings(&all, session.out);
    session.print(&text)?;
    let mut gather = Gather::default();
    for error in errors {
        gather.add(error);
    }
    if let Err(errors) = gather.done() {
        session.refuse(&errors, MEMBERS);
    }
    Ok(outcome)
}

/// The tokens asked about, and what could not be read of them.
fn read(
    arguments: &[String],
    session: &mut Session<'_, '_>,
) -> Result<(Vec<Input>, Vec<Error>), Errors> {
    if arguments.is_empty() {
        return Ok((vec![tokens::one(None, Trim::Bare, session)?], Vec::new()));
    }
    let mut inputs = Vec::new();
    let mut errors = Vec::new();
    for text in arguments {
        match tokens::from_argument(text, Trim::Bare, session) {
            Ok(input) => inputs.push(input),
            // Nothing is lost that was not read yet.
            Err(error) if error.code == Code::Usage => return Err(error.into()),
            Err(error) => errors.push(error),
        }
    }
    Ok((inputs, errors))
}

fn linted(input: &Input, clock: Clock) -> Result<Linted, Error> {
    let place = input.place.as_ref().map(ToString::to_string);
    let bytes = input.token.expose();
    let peek = token::peek(bytes);
    let claims = peek.claims.and_then(Claims::from_json);
    let (Some(header), Some(claims)) = (&peek.header, &claims) else {
        let whose = match &place {
            Some(place) => format!("the token at `{place}`"),
            None => "this token".to_owned(),
        };
        let error = if peek.too_large {
            let most = token::MAX_BYTES;
            Error::new(
                Code::TooLarge,
                format!("{whose} is longer than {most} bytes"),
            )
        } else {
            let why = why_unreadable(bytes);
            Error::new(
                Code::Malformed,
                format!("{whose} cannot be read: it has {why}"),
            )
        };
        return Err(match place {
            Some(place) => error.at(place),
            None => error,
        });
    };
    let subject = Subject {
        token: bytes,
        header,
        claims,
        now: clock.now,
    };
    Ok(Linted {
        findings: lint::findings(&subject),
        sub: peek.sub,
        place,
    })
}

/// What keeps a token from being read, strictly seen.
fn why_unreadable(token: &[u8]) -> String {
    let strict = token::parse(token).and_then(|token| Claims::parse(&token.payload?));
    match strict {
        Err(failure) => report::escape(&failure.found),
        Ok(_) => "a payload that is cut or damaged".to_owned(),
    }
}
