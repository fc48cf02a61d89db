//! The times of the tokens of a run.

use crate::commands::{misuse, shared};
use crate::error::{Errors, Gather};
use crate::manifest::{self, Manifest, Token};
use crate::session::Session;
use crate::token::{Course, Point, Times};

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
    now: i64,
    /// The moment they are minted as of, where one is named.
    as_of: Option<i64>,
    nbf: Option<Point>,
    exp: Option<Point>,
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
        let as_of = shared::instant("--at", arguments.at.as_deref(), facts.now, &mut gather);
        let at = as_of.unwrap_or(facts.now);
        let ttl = arguments.ttl.as_deref().or_else(|| facts.env("MCPJWT_TTL"));
        let ttl = shared::duration("--ttl", ttl, &mut gather);
        let exp = point(("--exp", arguments.exp.as_deref()), at, &mut gather);
        let nbf = point(("--nbf", arguments.nbf.as_deref()), at, &mut gather);
        gather.done()?;
        Ok(Self {
            now: facts.now,
            as_of,
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
            now: session.host.facts.now,
            as_of: None,
            nbf: None,
            exp: None,
            ttl,
            lasting: Lasting::Used,
            default_ttl: manifest::HELPER_TTL,
        })
    }

    /// The times of one token that is minted now.
    pub(super) fn times(&self, course: &Course) -> Times {
        course.times(self.now)
    }

    /// The times of one token, or of all those of a batch.
    pub(super) fn course(
        &self,
        manifest: Option<&Manifest>,
        token: Option<&Token>,
        gather: &mut Gather,
    ) -> Course {
        let of_manifest = manifest.and_then(|manifest| match self.lasting {
            Lasting::Kept => token.and_then(|token| token.ttl).or(manifest.ttl),
            Lasting::Used => manifest.helper_ttl,
        });
        let ttl = self.ttl.or(of_manifest).unwrap_or(self.default_ttl);
        let course = Course {
            as_of: self.as_of,
            nbf: self.nbf,
            exp: self.exp.unwrap_or(Point::After(ttl)),
        };
        let Times { at, nbf, exp, .. } = self.times(&course);
        if exp <= at {
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
        if nbf.is_some_and(|nbf| nbf >= exp) {
            gather.add(misuse(
                "`--nbf` lies at or after the end of the token",
                "choose an earlier `--nbf` or a later `--exp`",
            ));
        }
        course
    }
}

/// What an option says of a time: `+90d` is counted from the minting.
fn point((option, text): (&str, Option<&str>), at: i64, gather: &mut Gather) -> Option<Point> {
    let instant = shared::instant(option, text, at, gather)?;
    let is_relative = text.is_some_and(|text| text.starts_with(['+', '-']));
    Some(if is_relative {
        Point::After(instant - at)
    } else {
        Point::At(instant)
    })
}
