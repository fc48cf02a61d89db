//! What to type about the problems of a place.

use super::super::{escape, ignoring, shell_word};
use super::{Problem, Row};
use crate::error::{Code, Outcome};
use crate::token::Claims;

impl Problem {
    /// What to type, where that is plain.
    pub(super) fn hint(&self, row: &Row) -> Option<String> {
        let place = shell_word(&row.shown);
        let file = || row.file.as_deref().map(shell_word);
        match self {
            // What the manifest still takes for good is minted anew only where that is said.
            Self::Ending(_) if row.wanted.is_some() => {
                Some("mint all tokens of the manifest anew with `mcpjwt sync --renew`".to_owned())
            }
            Self::Token(_)
            | Self::Expired(_)
            | Self::Previous { .. }
            | Self::Gone
            | Self::Lacking
                if row.wanted.is_some() =>
            {
                Some("make all places as the manifest wants them with `mcpjwt sync`".to_owned())
            }
            Self::Token(_) | Self::Expired(_) | Self::Ending(_) | Self::Previous { .. } => {
                let health = row.health.as_ref();
                let claims = health.and_then(|health| health.claims.as_ref());
                // Both commands make access tokens: a refresh token would be there no more, or as
                // old as before.
                let kind = claims.and_then(|claims| claims.get("type"));
                if kind.is_some_and(|kind| kind.as_str() != Some("access")) {
                    return None;
                }
                // Nobody else's token is to be replaced by one of ours.
                let is_own = matches!(row.key.1, "current" | "previous" | "next" | "retired");
                let is_ours = match row.key.1 {
                    // One that nobody accepts is no loss.
                    "unchecked" => row.known || matches!(self, Self::Token(_)),
                    "elsewhere" => true,
                    _ => is_own,
                };
                let is_ours = is_ours && row.is_alone;
                let sub = row.sub.as_deref().filter(|_| is_ours)?;
                let key = if is_own { "" } else { " --key PLACE" };
                // What is whole keeps its claims.
                if !matches!(self, Self::Token(_)) {
                    return Some(format!("renew it with `mcpjwt refresh {place}{key}`"));
                }
                let mut line = format!("mcpjwt issue --sub {}", shell_word(&escape(sub)));
                if let Some(iss) = row.iss.as_deref().filter(|iss| *iss != "mcpjwt") {
                    line.push_str(&format!(" --iss {}", shell_word(&escape(iss))));
                }
                for aud in claims.map(Claims::audiences).unwrap_or_default() {
                    if aud != "mcp" {
                        line.push_str(&format!(" --aud {}", shell_word(&escape(aud))));
                    }
                }
                Some(format!(
                    "put a new one there with `{line}{key} --to {place}`"
                ))
            }
            Self::Loose(_) => Some(format!("close the file with `chmod 600 {}`", file()?)),
            Self::Tracked => Some(if row.is_alone {
                format!(
                    "take the token out with `mcpjwt uninstall {place}`; whoever has the repository has it"
                )
            } else {
                format!(
                    "take the token out by hand and end it with `mcpjwt revoke {place}`: whoever has the repository has it"
                )
            }),
            Self::Open => {
                let ignoring = ignoring(row.file.as_deref()?);
                Some(format!("keep git from it with `{ignoring}`"))
            }
            Self::Gone => Some(format!(
                "let the ledger forget it with `mcpjwt uninstall {}`",
                shell_word(&row.place)
            )),
            Self::Lacking | Self::Early(_) | Self::Unread | Self::Foreign => None,
        }
    }
}

/// How many files a hint names at most.
const MOST: usize = 8;

/// What closes every file of these rows that others can read.
fn closing(rows: &[Row]) -> Option<String> {
    let is_loose = |row: &&Row| {
        let mut problems = row.problems.iter();
        problems.any(|problem| matches!(problem, Problem::Loose(_)))
    };
    let mut files: Vec<&str> = Vec::new();
    for file in rows
        .iter()
        .filter(is_loose)
        .filter_map(|row| row.file.as_deref())
    {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let words: Vec<String> = files
        .iter()
        .take(MOST)
        .map(|file| shell_word(file))
        .collect();
    let words = words.join(" ");
    Some(match files.len() {
        0 => return None,
        1 => format!("close the file with `chmod 600 {words}`"),
        2..=MOST => format!("close the files with `chmod 600 {words}`"),
        all => {
            let more = all - MOST;
            format!("close the files with `chmod 600 {words}`, and {more} more like these")
        }
    })
}

/// What to type about the problems of all rows: of each kind the first, and of files that others
/// can read all.
pub fn advice(rows: &[Row]) -> Vec<String> {
    let mut told = Vec::new();
    let mut advice = Vec::new();
    for row in rows {
        for problem in &row.problems {
            let kind = match problem {
                Problem::Ending(_) if row.wanted.is_some() => Code::Expiring,
                Problem::Token(_)
                | Problem::Expired(_)
                | Problem::Previous { .. }
                | Problem::Gone
                | Problem::Lacking
                    if row.wanted.is_some() =>
                {
                    Code::Drift
                }
                Problem::Token(_) | Problem::Ending(_) | Problem::Previous { .. } => Code::Expired,
                other => other.code(),
            };
            if problem.outcome() == Outcome::Done || told.contains(&kind) {
                continue;
            }
            let hint = match problem {
                Problem::Loose(_) => closing(rows),
                _ => problem.hint(row),
            };
            if let Some(hint) = hint {
                told.push(kind);
                advice.push(hint);
            }
        }
    }
    advice
}
