//! What of a token goes against RFC 8725, RFC 9068, the RFCs these build on, and the MCP
//! specification. Pure, and without a key: whether a signature holds is `token`'s to say.

mod checks;
mod rules;
#[cfg(test)]
mod tests;

use crate::json::Json;
use crate::token::Claims;

pub use self::rules::RULES;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Some server refuses the token, or should.
    Error,
    /// It works, and there is a better way.
    Advice,
}

impl Severity {
    /// The name, in tables and in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Advice => "advice",
        }
    }
}

/// A token that could be read, and when it is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'t> {
    /// Its whole text.
    pub token: &'t [u8],
    /// Its header; its members may have any type.
    pub header: &'t Json,
    /// Its claims, which may have any type too.
    pub claims: &'t Claims,
    /// The second that counts as now.
    pub now: i64,
}

/// A row of the table.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which stays.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where it is written.
    pub source: &'static str,
    /// What to do about it.
    pub hint: &'static str,
    check: fn(&Subject<'_>) -> Vec<Found>,
}

/// What a check found.
struct Found {
    claim: Option<String>,
    message: String,
}

/// A rule that a token breaks.
#[derive(Debug)]
pub struct Finding {
    /// Which one.
    pub rule: &'static Rule,
    /// The claim or header member, where it is about one.
    pub claim: Option<String>,
    /// How. Holds no value of the token, and of its names only known ones.
    pub message: String,
}

/// Every rule that a token breaks, errors first, else in the order of the table.
pub fn findings(subject: &Subject<'_>) -> Vec<Finding> {
    let of_severity = |severity: Severity| {
        let rules = RULES.iter().filter(move |rule| rule.severity == severity);
        rules.flat_map(|rule| {
            (rule.check)(subject).into_iter().map(move |found| Finding {
                rule,
                claim: found.claim,
                message: found.message,
            })
        })
    };
    of_severity(Severity::Error)
        .chain(of_severity(Severity::Advice))
        .collect()
}
