//! The times of the tokens of a run.

use crate::commands::{misuse, shared};
use crate::error::{Errors, Gather};
use crate::manifest::{self, Manifest, Token};
use crate::session::Session;
use crate::token::Times;

/// When the tokens of `issue` begin and end.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(in crate::commands) struct TimeArguments {
    /// How long it lasts, such as 12h or 90d [default: `$MCPJWT_TTL`, else the manifest's, else 24h, into a place 30d]
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
pub(in crate::commands) struct When {
    /// The moment they are minted as of.
    at: i64,
    nbf: Option<i64>,
    exp: Option<i64>,
    ttl: Option<i64>,
    /// Which lifetime of the manifest counts.
    lasting: Lasting,
    /// How long one lasts when nothing says otherwise.
    default_ttl: i64,
}

/// How long tokens are meant to last.
#[derive(Clone, Copy)]
enum Lasting {
    /// Until they are renewed.
    Kept,
    /// Until the session they were made for is over.
    Used,
}

impl When {
    /// What the options of `issue` say.
    pub(in crate::commands) fn settle(
        arguments: &TimeArguments,
        default_ttl: i64,
        session: &Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let mut gather = Gather::default();
        let facts = &session.host.facts;
        let at = shared::instant("--at", arguments.at.as_deref(), facts.now, &mut gather);
        let at = at.unwrap_or(facts.now);
        let ttl = arguments.ttl.as_deref().or_else(|| facts.env("MCPJWT_TTL"));
        let ttl = shared::duration("--ttl", ttl, &mut gather);
        let exp = shared::instant("--exp", arguments.exp.as_deref(), at, &mut gather);
        let nbf = shared::instant("--nbf", arguments.nbf.as_deref(), at, &mut gather);
        gather.done()?;
        Ok(Self {
            at,
            nbf,
            exp,
            ttl,
            lasting: Lasting::Kept,
            default_ttl,
        })
    }

    /// From now on, as long as a token made at the moment of its use lasts.
    pub(in crate::commands) fn used(
        ttl: Option<&str>,
        session: &Session<'_, '_>,
    ) -> Result<Self, Errors> {
        let mut gather = Gather::default();
        let ttl = shared::duration("--ttl", ttl, &mut gather);
        gather.done()?;
        Ok(Self {
            at: session.host.facts.now,
            nbf: None,
            exp: None,
            ttl,
            lasting: Lasting::Used,
            default_ttl: manifest::HELPER_TTL,
        })
    }

    /// The times of one token.
    pub(super) fn times(
        &self,
        manifest: Option<&Manifest>,
        token: Option<&Token>,
        gather: &mut Gather,
    ) -> Times {
        let of_manifest = manifest.and_then(|manifest| match self.lasting {
            Lasting::Kept => token.and_then(|token| token.ttl).or(manifest.ttl),
            Lasting::Used => manifest.helper_ttl,
        });
        let ttl = self.ttl.or(of_manifest).unwrap_or(self.default_ttl);
        let exp = self.exp.unwrap_or_else(|| self.at.saturating_add(ttl));
        if exp <= self.at {
            gather.add(misuse(
                "the token would be expired from the start",
                "choose a later `--exp`, or a longer `--ttl`",
            ));
        }
        if exp > Times::LAST {
            gather.add(misuse(
                "the token would last beyond the year 9999",
                "choose an earlier `--exp`, or a shorter `--ttl`",
            ));
        }
        if self.nbf.is_some_and(|nbf| nbf >= exp) {
            gather.add(misuse(
                "`--nbf` lies at or after the end of the token",
                "choose an earlier `--nbf` or a later `--exp`",
            ));
        }
        Times::of(self.at, self.nbf, exp)
    }
}
