//! What `sync` says: what is done and why, then what came of it.

use super::Doing;
use crate::error::{Code, Error, Errors, Outcome};
use crate::json::Json;
use crate::plan::{Act, Reason};
use crate::report::{self, Step};
use crate::session::Session;
use crate::session::sync::Row;
use crate::time;

/// What a run found and did.
pub(in crate::commands) struct Report {
    /// Every place.
    pub(in crate::commands) rows: Vec<Row>,
    doing: Doing,
    /// Of a rehearsal the lines that would change.
    pub(super) shown: String,
    /// Of each edit, whether its place has its value now.
    pub(super) done: Vec<bool>,
    /// Whether what a rotation has left is done.
    pub(super) settled: bool,
    /// What went wrong while files were written.
    pub(super) failed: Option<Errors>,
}

impl Report {
    pub(super) fn of(rows: Vec<Row>, doing: Doing) -> Self {
        Self {
            rows,
            doing,
            shown: String::new(),
            done: Vec::new(),
            settled: false,
            failed: None,
        }
    }

    /// That of a run that came to nothing.
    pub(in crate::commands) fn failed(errors: Errors) -> Self {
        Self {
            failed: Some(errors),
            ..Self::of(Vec::new(), Doing::Write)
        }
    }

    /// The places at which something is done.
    fn changes(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.act != Act::Keep)
    }

    /// What the run ends with.
    pub(in crate::commands) fn outcome(&self) -> Outcome {
        match &self.failed {
            Some(errors) => errors.outcome().max(Outcome::CouldNot),
            None if self.doing == Doing::Check && self.changes().next().is_some() => Outcome::No,
            None => Outcome::Done,
        }
    }

    /// What is wrong, for the JSON document.
    pub(in crate::commands) fn into_errors(self, session: &Session<'_, '_>) -> Vec<Error> {
        let clock = session.clock();
        let drift = self.changes().filter(|_| self.doing == Doing::Check);
        let drift = drift.map(|row| {
            let why = report::why(&row.reasons, clock);
            let place = row.place.to_string();
            let message = format!("`{place}` is not as the manifest wants it: {why}");
            Error::new(Code::Drift, message)
                .hint("mend it with `mcpjwt sync`")
                .at(place)
        });
        let drift: Vec<Error> = drift.collect();
        self.failed.into_iter().flatten().chain(drift).collect()
    }

    /// Whether the place has what it should, where that is known.
    pub(in crate::commands) fn is_done(&self, row: &Row) -> Option<bool> {
        match (row.act, self.doing) {
            (Act::Keep, _) => Some(true),
            (_, Doing::Write) => Some(
                row.edit
                    .map_or(self.settled, |edit| self.done.get(edit) == Some(&true)),
            ),
            (_, Doing::Check | Doing::Rehearse) => None,
        }
    }

    /// Every place, for the JSON document.
    pub(in crate::commands) fn places(&self, session: &Session<'_, '_>) -> Json {
        let places = self.rows.iter().map(|row| self.described(row, session));
        Json::Array(places.collect())
    }

    /// A place, for the JSON document.
    fn described(&self, row: &Row, session: &Session<'_, '_>) -> Json {
        let clock = session.clock();
        let reasons = row.reasons.iter().map(|reason| {
            Json::object([
                ("code", reason.name().into()),
                (
                    "message",
                    report::why(std::slice::from_ref(reason), clock).into(),
                ),
            ])
        });
        let record = &row.record;
        let text = |text: &str| Json::from((!text.is_empty()).then(|| text.to_owned()));
        Json::object([
            ("token", row.token.clone().into()),
            ("sub", text(&record.sub)),
            ("place", row.place.to_string().into()),
            ("gets", gets(row).replace(' ', "_").into()),
            ("reasons", Json::Array(reasons.collect())),
            ("jti", text(&record.jti)),
            ("kid", text(&record.kid)),
            ("exp", record.exp.into()),
            ("expires", record.exp.map(time::rfc3339).into()),
            ("done", self.is_done(row).map_or(Json::Null, Json::Bool)),
        ])
    }
}

/// What a place gets, in a word.
fn gets(row: &Row) -> &'static str {
    match (row.act, &row.token) {
        (Act::Keep, _) => "nothing",
        (Act::Mint, _) => "new token",
        (Act::Copy(_), _) => "same token",
        (Act::Refer, None) => match row.reasons.first() {
            Some(Reason::Over(_) | Reason::Promoted) => "removal",
            Some(Reason::RotationOpen) => "end of rotation",
            _ => "public keys",
        },
        (Act::Refer, Some(_)) => row.mode.name(),
    }
}

/// Says it to people; the exit code is that of the run.
pub(in crate::commands) fn tell(
    report: &Report,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let steps: Vec<Step> = report
        .changes()
        .map(|row| Step {
            token: row.token.clone(),
            gets: gets(row),
            reasons: row.reasons.clone(),
            place: row.place.to_string(),
        })
        .collect();
    let text = report::steps(&steps, session.clock(), session.out);
    session.print(&text)?;
    session.host.terminal.err(&report.shown);
    if steps.is_empty() && report.failed.is_none() {
        session.note("nothing to do");
        return Ok(Outcome::Done);
    }
    match report.doing {
        Doing::Check => {
            let count = counted(steps.len(), "place is", "places are");
            session.note(&format!(
                "{count} not as the manifest wants; mend that with `mcpjwt sync`"
            ));
        }
        Doing::Rehearse => {}
        Doing::Write if steps.is_empty() => {
            session.note("no token was minted: mend what follows, and run the same command again");
        }
        Doing::Write => session.note(&report.summary(session)),
    }
    let Some(failed) = &report.failed else {
        return Ok(report.outcome());
    };
    session.refuse(failed, super::MEMBERS);
    Ok(report.outcome())
}

impl Report {
    /// What was written and what was not.
    fn summary(&self, session: &Session<'_, '_>) -> String {
        let named = |rows: &[&Row]| {
            let places: Vec<String> = rows.iter().map(|row| format!("`{}`", row.place)).collect();
            places.join(", ")
        };
        let (done, left): (Vec<&Row>, Vec<&Row>) = self
            .changes()
            .partition(|row| self.is_done(row) == Some(true));
        if !left.is_empty() {
            let done = if done.is_empty() {
                String::new()
            } else {
                format!("wrote {}; ", named(&done))
            };
            return format!(
                "{done}not {}: mend what follows, and run the same command again",
                named(&left)
            );
        }
        let mut text = format!("wrote {}", counted(done.len(), "place", "places"));
        let mut ids: Vec<&str> = done
            .iter()
            .filter(|row| row.act == Act::Mint)
            .map(|row| row.record.jti.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            text.push_str(&format!(
                " with {}",
                counted(ids.len(), "new token", "new tokens")
            ));
        }
        let first = done
            .iter()
            .filter(|row| row.act == Act::Mint)
            .filter_map(|row| row.record.exp)
            .min();
        if let Some(exp) = first {
            let until = session.clock().full(exp);
            let which = if ids.len() > 1 { "the first " } else { "" };
            text.push_str(&format!(", {which}good until {until}"));
        }
        text
    }
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
