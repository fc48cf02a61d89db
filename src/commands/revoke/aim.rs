//! What is to be revoked, and what is known of it.

use std::collections::{BTreeSet, HashSet};

use super::{Arguments, no_run};
use crate::error::{Code, Error, Errors};
use crate::secret::Secret;
use crate::session::manifest::{self, Loaded};
use crate::session::{Session, ledger};
use crate::state::ledger::{Brief, Event, Ledger, Record};
use crate::state::revocations::{self, Entry, Revocations, Traits, What};
use crate::token::Template;

/// What is to be revoked.
pub(super) struct Aim {
    /// How it is called.
    pub(super) called: String,
    /// Its lines of the list.
    pub(super) entries: Vec<Entry>,
    /// Its records for the ledger.
    pub(super) records: Vec<Record>,
    /// The tokens of it that are known and have not expired: their `jti`, and their end.
    pub(super) known: Vec<(String, Ends)>,
    /// Of runs of `issue --from` that came to their end: how many tokens they made, and when the
    /// last of them ends.
    pub(super) run: Option<(u64, i64)>,
    /// Where their tokens are known by no record of their own: the run, the number of its last line, and
    /// when the last of them ends.
    pub(super) lines: Vec<(String, u64, i64)>,
    /// The `kid` of every key that its tokens were signed with, as far as that is known.
    pub(super) kids: BTreeSet<String>,
    /// The token itself, where it was given.
    pub(super) token: Option<Secret>,
}

/// When a token ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Then.
    At(i64),
    /// It has no `exp`.
    Never,
    /// Nobody knows.
    Unknown,
}

impl Aim {
    /// Whether it is one token.
    pub(super) fn is_one(&self) -> bool {
        let one = |entry: &Entry| matches!(entry.what, What::Token { .. });
        self.entries.iter().all(one)
    }

    /// Whether every one of its tokens has expired so long ago that nobody accepts it.
    pub(super) fn is_over(&self, now: i64) -> bool {
        self.entries.iter().all(|entry| entry.is_over(now))
    }

    /// How many of its tokens are known.
    pub(super) fn count(&self) -> u64 {
        let known = u64::try_from(self.known.len()).unwrap_or(u64::MAX);
        self.run
            .map_or(known, |(count, _)| count.saturating_add(known))
    }

    /// When the last of its tokens that are known ends.
    pub(super) fn last(&self) -> Ends {
        let ends = self.known.iter().map(|(_, ends)| *ends);
        let run = self.run.map(|(_, exp)| Ends::At(exp));
        ends.chain(run)
            .max_by_key(|ends| match ends {
                Ends::Unknown => (0, 0),
                Ends::At(at) => (1, *at),
                Ends::Never => (2, 0),
            })
            .unwrap_or(Ends::Unknown)
    }
}

/// Finds out what is meant.
pub(super) fn take(
    arguments: &Arguments,
    (loaded, revoked): (Option<&Loaded>, &Revocations),
    session: &mut Session<'_, '_>,
) -> Result<Aim, Errors> {
    let ledger = ledger::read(&mut |it| is_asked_for(it, arguments), session)?;
    let ask = Ask {
        arguments,
        loaded,
        ledger: &ledger,
        revoked,
        now: session.host.facts.now,
    };
    if let Some(text) = &arguments.token {
        return ask.token(text, session);
    }
    if let Some(jti) = &arguments.jti {
        return Ok(ask.id(jti, session));
    }
    if let Some(sub) = &arguments.sub {
        return Ok(ask.subject(sub, session));
    }
    if let Some(kid) = &arguments.kid {
        let what = What::Key { kid: kid.clone() };
        let called = format!("every token of key `{kid}`");
        return Ok(ask.many(called, vec![what], &|record| record.kid == *kid));
    }
    let run = arguments.run.as_deref().unwrap_or_default();
    let id = Some(run).filter(|run| revocations::is_run(run));
    let id = id.or_else(|| revocations::run_of(run)).ok_or_else(no_run)?;
    let what = What::Run { id: id.to_owned() };
    let called = format!("every token of run `{id}`");
    let is_of = |record: &Record| {
        record.run.as_deref() == Some(id) || revocations::run_of(&record.jti) == Some(id)
    };
    Ok(ask.many(called, vec![what], &is_of))
}

/// Whether a line of the ledger may be about what is to be revoked; of a token that was given nobody
/// knows that yet.
fn is_asked_for(it: &Brief<'_>, arguments: &Arguments) -> bool {
    let run = |run: &str| it.run.as_deref() == Some(run);
    match (
        &arguments.jti,
        &arguments.sub,
        &arguments.kid,
        &arguments.run,
    ) {
        (Some(jti), ..) => it.jti == *jti || revocations::run_of(jti).is_some_and(run),
        (_, Some(sub), ..) => it.sub == *sub || it.is_batch(),
        (_, _, Some(kid), _) => it.kid == *kid,
        (.., Some(text)) => {
            let id = revocations::run_of(text).unwrap_or(text);
            run(id) || revocations::run_of(&it.jti) == Some(id)
        }
        _ => false,
    }
}

fn kids<'r>(records: impl IntoIterator<Item = &'r Record>) -> BTreeSet<String> {
    let kids = records.into_iter().map(|record| record.kid.clone());
    kids.filter(|kid| !kid.is_empty()).collect()
}

/// What was asked, and where to look for what is known.
pub(super) struct Ask<'a> {
    pub(super) arguments: &'a Arguments,
    loaded: Option<&'a Loaded>,
    ledger: &'a Ledger,
    /// What is revoked already.
    revoked: &'a Revocations,
    pub(super) now: i64,
}

impl Ask<'_> {
    /// The same with what is known by now.
    pub(super) fn knowing<'k>(&'k self, ledger: &'k Ledger) -> Ask<'k> {
        Ask { ledger, ..*self }
    }

    /// The issuer of what the environment or the manifest says.
    fn issuer(&self, session: &Session<'_, '_>) -> Option<String> {
        let own = self.loaded.map(|loaded| &loaded.manifest);
        manifest::issuer(own, &session.host.facts)
    }

    /// A token by its id.
    fn id(&self, jti: &str, session: &mut Session<'_, '_>) -> Aim {
        let is_meant = |record: &Record| {
            let iss = self.arguments.iss.as_ref();
            record.jti == jti && iss.is_none_or(|iss| *iss == record.iss)
        };
        let known = self.issued().find(|record| is_meant(record)).cloned();
        let iss = known.as_ref().map(|record| record.iss.clone());
        let iss = self.arguments.iss.clone().or(iss);
        let iss = iss.or_else(|| self.issuer(session));
        let iss = iss.unwrap_or_else(|| Template::ISS.to_owned());
        let what = What::Token {
            iss: Some(iss.clone()),
            jti: jti.to_owned(),
        };
        if known.is_none() {
            session.note(&format!(
                "note: the ledger knows no token of that `jti`; the issuer is `{iss}` (`--iss`)"
            ));
        }
        let run = revocations::run_of(jti).and_then(|run| {
            let is_its = |record: &Record| record.run.as_deref() == Some(run);
            self.runs(&is_its).map(|(_, exp)| exp)
        });
        let exp = known.as_ref().map_or(run, |record| record.exp);
        let called = match &known {
            Some(record) => format!("the token of `{}`", record.sub),
            None => format!("the token with `jti` `{jti}`"),
        };
        let record = Record {
            jti: jti.to_owned(),
            iss,
            exp,
            ..self.record()
        };
        let record = match known {
            Some(known) => Record {
                sub: known.sub,
                kid: known.kid,
                aud: known.aud,
                iat: known.iat,
                ..record
            },
            None => record,
        };
        let ends = match (record.iat, exp) {
            (_, Some(exp)) => Ends::At(exp),
            (0, None) => Ends::Unknown,
            (_, None) => Ends::Never,
        };
        Aim {
            called,
            entries: vec![self.entry(what, exp)],
            kids: kids([&record]),
            records: vec![record],
            known: vec![(jti.to_owned(), ends)],
            run: None,
            lines: Vec::new(),
            token: None,
        }
    }

    /// The tokens of a subject.
    fn subject(&self, sub: &str, session: &mut Session<'_, '_>) -> Aim {
        let told = self.arguments.iss.clone();
        let told = told.or_else(|| self.issuer(session));
        let mut issuers: Vec<String> = told.iter().cloned().collect();
        if told.is_none() {
            let of_sub = self.issued().filter(|record| record.sub == sub);
            issuers.extend(of_sub.map(|record| record.iss.clone()));
            if issuers.is_empty() {
                issuers.push(Template::ISS.to_owned());
            }
            issuers.extend(self.issuers_of_batches(sub, session));
        }
        issuers.sort();
        issuers.dedup();
        let is_of = |record: &Record| record.sub == sub && issuers.contains(&record.iss);
        if !self.issued().any(is_of) {
            let iss = issuers.join("`, `");
            session.note(&format!(
                "note: the ledger knows no token of `{sub}`; the issuer is `{iss}` (`--iss`)"
            ));
        }
        let whats = issuers.iter().map(|iss| What::Subject {
            iss: Some(iss.clone()),
            sub: sub.to_owned(),
        });
        let called = format!("every token that `{sub}` has now");
        self.many(called, whats.collect(), &is_of)
    }

    /// The issuers of the batches that may have tokens of a subject, for their records do not say
    /// whose tokens they are: an entry too many revokes nothing. Of issuers that nobody knows it is
    /// said what is left to do.
    fn issuers_of_batches(&self, sub: &str, session: &mut Session<'_, '_>) -> Vec<String> {
        let is_over = |record: &Record| {
            record.count.is_some() && record.exp.is_some_and(|exp| exp <= self.now)
        };
        let records = self.ledger.records.iter();
        let batches = records.filter(|record| record.is_batch() && !is_over(record));
        let mut issuers = Vec::new();
        for record in batches {
            let own = record.issuers.as_deref();
            issuers.push(record.iss.clone());
            issuers.extend(own.unwrap_or_default().iter().cloned());
            let is_revoked = self.revoked.covers(&Traits::recorded(record)).is_some();
            if own.is_some_and(<[String]>::is_empty) && !is_revoked {
                let run = record.run.as_deref().unwrap_or_default();
                let message = format!(
                    "a batch has issuers that nobody knows, and its tokens of `{sub}` stay good"
                );
                session.warn(Error::new(Code::StateUnreadable, message).hint(format!(
                    "revoke all of it with `mcpjwt revoke --run {run}`, or name the issuer with `--iss`"
                )));
            }
        }
        issuers
    }

    /// Several tokens, of which the ledger may know some. What is not known may be good for ever,
    /// so their entries stay; but of a run that came to its end every token is known.
    fn many(&self, called: String, whats: Vec<What>, is_of: &dyn Fn(&Record) -> bool) -> Aim {
        let of_it = self.ledger.records.iter().filter(|record| is_of(record));
        let mut kids = kids(of_it.filter(|it| it.exp.is_none_or(|exp| exp > self.now)));
        kids.extend(whats.iter().filter_map(|what| match what {
            What::Key { kid } => Some(kid.clone()),
            _ => None,
        }));
        let (mut known, mut early) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        let alive = |record: &&Record| record.exp.is_none_or(|exp| exp > self.now);
        for record in self.issued().filter(|record| is_of(record)).filter(alive) {
            if !seen.insert((&record.iss, &record.jti)) {
                continue;
            }
            known.push((record.jti.clone(), record.exp.map_or(Ends::Never, Ends::At)));
            // A subject is revoked up to this second. Where a clock was ahead, or this one is
            // behind, there are tokens from after that.
            if record.iat > self.now {
                let (iss, jti) = (Some(record.iss.clone()), record.jti.clone());
                early.push(self.entry(What::Token { iss, jti }, record.exp));
            }
        }
        // What is known of a token by itself counts once.
        let run = self.runs(is_of).map(|(count, exp)| {
            let counted = self.ledger.records.iter().filter(|it| it.count.is_some());
            let counted: HashSet<&str> = counted.filter_map(|it| it.run.as_deref()).collect();
            let of_runs = known.iter().filter(|(jti, _)| {
                revocations::run_of(jti).is_some_and(|run| counted.contains(run))
            });
            let twice = u64::try_from(of_runs.count()).unwrap_or(u64::MAX);
            (count.saturating_sub(twice), exp)
        });
        let is_subject = whats
            .iter()
            .any(|what| matches!(what, What::Subject { .. }));
        let mut entries: Vec<Entry> = whats
            .into_iter()
            .map(|what| {
                let end = run.filter(|_| matches!(what, What::Run { .. }));
                self.entry(what, end.map(|(_, exp)| exp))
            })
            .collect();
        if is_subject {
            entries.append(&mut early);
        }
        let records = entries.iter().map(|entry| {
            let record = self.record();
            match entry.what.clone() {
                What::Subject { iss, sub } => Record {
                    iss: iss.unwrap_or_default(),
                    sub,
                    iat: self.now,
                    ..record
                },
                What::Key { kid } => Record { kid, ..record },
                What::Run { id } => Record {
                    run: Some(id),
                    ..record
                },
                What::Token { iss, jti } => Record {
                    iss: iss.unwrap_or_default(),
                    jti,
                    exp: entry.exp,
                    ..record
                },
            }
        });
        Aim {
            called,
            records: records.collect(),
            entries,
            known,
            run,
            lines: self.lines(is_of),
            kids,
            token: None,
        }
    }

    /// The lines of the runs that came to their end, and whose tokens have not.
    fn lines(&self, is_of: &dyn Fn(&Record) -> bool) -> Vec<(String, u64, i64)> {
        let runs = self.ledger.records.iter().filter(|record| is_of(record));
        let lines = runs.filter_map(|it| Some((it.run.clone()?, it.last?, it.exp?)));
        lines.filter(|(.., exp)| *exp > self.now).collect()
    }

    /// How many tokens the runs made that came to their end, and when the last of those ends.
    fn runs(&self, is_of: &dyn Fn(&Record) -> bool) -> Option<(u64, i64)> {
        let runs = self.ledger.records.iter().filter(|record| is_of(record));
        runs.filter_map(|record| Some((record.count?, record.exp?)))
            .reduce(|(count, exp), (more, later)| (count.saturating_add(more), exp.max(later)))
    }

    /// What the ledger knows of tokens that were made.
    pub(super) fn issued(&self) -> impl Iterator<Item = &Record> {
        let records = self.ledger.records.iter();
        records.filter(|record| record.event != Event::Revoked && !record.jti.is_empty())
    }

    pub(super) fn entry(&self, what: What, exp: Option<i64>) -> Entry {
        Entry {
            until: matches!(what, What::Subject { .. }).then_some(self.now),
            what,
            at: self.now,
            exp,
            reason: self.arguments.reason.clone(),
        }
    }

    pub(super) fn record(&self) -> Record {
        Record {
            reason: self.arguments.reason.clone(),
            ..Record::new(Event::Revoked, self.now)
        }
    }
}
