//! What of a token goes against the standards.

use super::table::laid_out;
use super::{Style, escape};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::lint::{Finding, Severity};

/// A token, and what was found about it.
#[derive(Debug)]
pub struct Linted {
    /// Its subject.
    pub sub: Option<String>,
    /// The place it came from, as it is shown.
    pub place: Option<String>,
    /// The rules it breaks.
    pub findings: Vec<Finding>,
}

/// A table for each token, below its name where there are several.
pub fn findings(all: &[Linted], style: Style) -> String {
    let blocks: Vec<String> = all
        .iter()
        .map(|linted| {
            let table = table(&linted.findings, style);
            match all.len() {
                1 => table,
                _ => format!("{}\n{table}", style.bold(&name(linted))),
            }
        })
        .collect();
    blocks.join("\n")
}

fn name(linted: &Linted) -> String {
    match (&linted.place, &linted.sub) {
        (Some(place), _) => escape(place),
        (None, Some(sub)) => escape(sub),
        (None, None) => "no subject".to_owned(),
    }
}

fn table(findings: &[Finding], style: Style) -> String {
    if findings.is_empty() {
        return format!("{}\n", style.good("no finding"));
    }
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| {
            let name = finding.rule.severity.name();
            let severity = match finding.rule.severity {
                Severity::Error => style.bad(name),
                Severity::Advice => style.warn(name),
            };
            vec![
                severity,
                finding.rule.code.to_owned(),
                escape(&finding.message),
            ]
        })
        .collect();
    let notes: Vec<String> = findings
        .iter()
        .map(|finding| {
            let rule = finding.rule;
            style.dim(&format!("{} ({})", rule.hint, rule.source))
        })
        .collect();
    laid_out(&["weight", "code", "what", "why"], &rows, &notes, style)
}

/// The findings of a token that are errors, as every document has them.
pub fn finding_errors(linted: &Linted) -> Vec<Error> {
    let findings = linted.findings.iter();
    let errors = findings.filter(|finding| finding.rule.severity == Severity::Error);
    let told = errors.map(|finding| {
        let rule = finding.rule;
        let message = format!("`{}`: {}", rule.code, finding.message);
        Error {
            claim: finding.claim.clone(),
            place: linted.place.clone(),
            ..Error::new(Code::Standard, message).hint(rule.hint)
        }
    });
    told.collect()
}

/// The findings of a token for the JSON document.
pub fn findings_json(linted: &Linted) -> Vec<Json> {
    let described = |finding: &Finding| {
        let rule = finding.rule;
        let members = [
            ("code", Some(rule.code)),
            ("severity", Some(rule.severity.name())),
            ("claim", finding.claim.as_deref()),
            ("place", linted.place.as_deref()),
            ("message", Some(finding.message.as_str())),
            ("hint", Some(rule.hint)),
            ("source", Some(rule.source)),
        ];
        let present =
            |(name, value): (&str, Option<&str>)| Some((name.to_owned(), Json::from(value?)));
        Json::Object(members.into_iter().filter_map(present).collect())
    };
    linted.findings.iter().map(described).collect()
}
