//! `mcpjwt decode`: show what is in a token. Never a verdict, and no key is touched.

use crate::error::{Code, Error, Errors, Outcome};
use crate::report;
use crate::session::Session;
use crate::session::tokens::{self, Trim};
use crate::token;

pub(super) const MEMBERS: &[&str] = &["header", "claims", "times", "signature"];
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("a token", "mcpjwt decode \"$TOKEN\""),
    (
        "the token of a .env file",
        "mcpjwt decode dotenv:.env#MCP_TOKEN",
    ),
];

/// Show what is in a token, without judging it
///
/// Works on expired, unsigned and foreign tokens alike: whether it is any good is `verify`'s to
/// say. Without an argument the token is read from standard input.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A token, a place that holds one, or `-` for standard input
    #[arg(value_name = "TOKEN")]
    token: Option<String>,
    /// Tell times relative to this one [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Outcome, Errors> {
    let clock = super::shared::clock(arguments.at.as_deref(), session)?;
    let input = tokens::one(arguments.token.as_deref(), Trim::Bare, session)?;
    let peek = token::peek(input.token.expose());
    let (Some(header), Some(claims)) = (&peek.header, &peek.claims) else {
        return Err(unreadable(&peek).into());
    };
    if session.json {
        let signature = if peek.signature {
            "not checked"
        } else {
            "missing"
        };
        session.document(
            Outcome::Done,
            vec![
                ("header", header.clone()),
                ("claims", claims.clone()),
                ("times", report::times(claims)),
                ("signature", signature.into()),
            ],
            &[],
        )?;
    } else {
        let text = report::decoded(header, claims, peek.signature, clock, session.out);
        session.print(&text)?;
    }
    Ok(Outcome::Done)
}

fn unreadable(peek: &token::Peek) -> Error {
    if peek.too_large {
        return Error::new(
            Code::TooLarge,
            format!("the token is longer than {} bytes", token::MAX_BYTES),
        );
    }
    let of = peek.sub.as_deref().map_or(String::new(), |sub| {
        format!(" of `{}`", report::escape(sub))
    });
    let error = match (peek.header.is_some(), peek.parts) {
        (false, _) => Error::new(
            Code::Malformed,
            "cannot read this as a token: its first part is no header",
        ),
        (true, 1) => Error::new(Code::Malformed, "only the header of a token is here"),
        (true, _) => Error::new(
            Code::Malformed,
            format!("cannot read the claims{of}: the payload is cut or damaged"),
        ),
    };
    if peek.parts < 3 && peek.header.is_some() {
        return error
            .hint("a token has three parts; copy it whole, or mint a new one with `mcpjwt issue --sub NAME`");
    }
    error
}
