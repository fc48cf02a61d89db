//! `issue --from`, and many `--sub`: a token a line. A *stream*: arguments and key are settled
//! first, then each line is minted alone and answered in its place, in constant memory.

mod input;
mod work;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

pub(super) use self::input::Source;
pub(super) use self::work::MEMBERS;
use self::work::{Answer, Plan, Seal, Worker};
use super::settle::Settled;
use super::{Arguments, first_key, refuse_first_key};
use crate::commands::claims::Left;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::host::Progress;
use crate::key::{KeySet, Kind};
use crate::session::ledger::{self, Kept};
use crate::session::mint::{self, Choice, Chosen};
use crate::session::stream::{self, Cut, Cutter, Input, Watch};
use crate::session::{Session, keys, manifest, revocations};
use crate::state::ledger::{Event, Record};
use crate::token::{self, Columns, Form};

/// So many issuers that lines have of their own are recorded.
const MOST_ISSUERS: usize = 64;

/// Mints a token for every line.
pub(super) fn run(
    arguments: &Arguments,
    from: Source<'_>,
    settled: &Settled,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let (form, is_told) = from.form(arguments);
    // What cannot be read must not leave a key behind.
    let source = from.open(session)?;
    let watch = watch(settled, session)?;
    let set = keys::open(&settled.choice.wanted, session)?;
    let (columns, lines) = input::begin(source.bytes, (form, is_told))?;
    let first = if columns.is_some() { 2 } else { 1 };
    let set = match set {
        None => no_key(arguments, settled, session)?,
        set => set,
    };
    let chosen = set.as_ref();
    let chosen = chosen.map(|set| Chosen::of(set, &settled.choice, session));
    let chosen = chosen.transpose()?;
    let lines_are = (form, is_told, columns);
    let (plan, begun) = plan((arguments, settled), lines_are, chosen, session)?;
    let cut = Cut {
        longest: token::MAX_BYTES,
        most: chunk(plan.seal.as_ref()),
        first,
    };
    let mut total = Total {
        recorded: !arguments.no_record && !arguments.dry_run,
        size: source.size,
        ..Total::default()
    };
    let cutter = Cutter::new(Input { lines, watch }, cut);
    let batch = (&plan, &begun);
    let ended = mint_all(cutter, batch, (&settled.choice, &mut total), session);
    let ended = total.end(ended, batch, session);
    if ended.is_ok() {
        let claims = &settled.claims;
        claims.notes_of_lines(&total.left, total.made, session);
    }
    if ended.is_ok() || total.made > 0 {
        let run = plan.seal.as_ref().map(|_| &*plan.run);
        session.note(&total.told(&ended, run));
    }
    ended?;
    Ok(total.outcome())
}

/// What else is looked at while it runs. A damaged list of revoked tokens is an error before
/// anything is made, one that others can write a warning.
fn watch(settled: &Settled, session: &mut Session<'_, '_>) -> Result<Watch, Errors> {
    let loaded = manifest::find(session)?;
    let lists = revocations::lists(loaded.as_deref(), session)?;
    revocations::read(&lists, session)?;
    let files = keys::files(&settled.choice.wanted, session);
    let as_of = settled.claims.course.and_then(|it| it.as_of);
    Ok(stream::watch(as_of, (lists, files), session))
}

/// What all threads go by, and the record of the run as it begins.
fn plan<'p>(
    (arguments, settled): (&Arguments, &Settled),
    (form, is_told, columns): (Form, bool, Option<Columns>),
    chosen: Option<Chosen<'p>>,
    session: &mut Session<'_, '_>,
) -> Result<(Plan<'p>, Record), Error> {
    let (Some(base), Some(course)) = (settled.claims.templates.first(), settled.claims.course)
    else {
        return Err(Error::new(Code::Internal, "a batch without a template"));
    };
    let run = mint::random_id(session)?;
    let kid = chosen.map(|chosen| chosen.key.kid());
    let begun = Record {
        iss: base.iss.clone(),
        aud: base.aud.clone(),
        kid: kid.unwrap_or_default().to_owned(),
        iat: base.times.iat,
        exp: Some(base.times.exp),
        run: Some(run.clone()),
        issuers: has_issuers(form, columns.as_ref()).then(Vec::new),
        ..Record::new(Event::Issued, session.host.facts.now)
    };
    let sealing = chosen.filter(|_| !arguments.dry_run);
    let plan = Plan {
        form,
        is_told,
        columns,
        base: base.clone(),
        course,
        run,
        kid,
        seal: sealing.map(|chosen| Seal {
            header: chosen.header(&base.typ),
            key: chosen.key,
            alg: chosen.alg,
        }),
        json: session.json,
        records: arguments.record_each.then(|| of_one(&begun)),
    };
    Ok((plan, begun))
}

/// Mints until the lines end, or the key signs no longer.
fn mint_all(
    mut cutter: Cutter,
    (plan, begun): (&Plan<'_>, &Record),
    (choice, total): (&Choice, &mut Total),
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let hire = || -> Result<stream::Work<'_, Answer>, Error> {
        let mut worker = Worker::new(plan)?;
        Ok(Box::new(move |lines, answer| worker.answer(lines, answer)))
    };
    loop {
        let mut take = |answer: &mut Answer| total.take(answer, (plan, begun), session);
        match stream::run(cutter, &hire, &mut take)? {
            Some(left) => cutter = left,
            None => return Ok(()),
        }
        still_signs(plan, choice, cutter.next_line(), session)?;
    }
}

/// What is recorded of a single token of a run: its issuer is its own.
fn of_one(begun: &Record) -> Record {
    Record {
        issuers: None,
        ..begun.clone()
    }
}

/// Makes the first key, but in a dry run.
fn no_key(
    arguments: &Arguments,
    settled: &Settled,
    session: &mut Session<'_, '_>,
) -> Result<Option<KeySet>, Errors> {
    refuse_first_key(settled, session)?;
    if arguments.dry_run {
        session.note("there is no key yet: the first run makes one");
        return Ok(None);
    }
    Ok(Some(first_key(&settled.choice, session)?))
}

/// What all chunks come to.
#[derive(Default)]
struct Total {
    made: u64,
    bad: u64,
    bytes: u64,
    latest: Option<i64>,
    /// The number of the last line that became one.
    last: Option<u64>,
    /// When the last of the tokens ends, at the latest, as the ledger has it.
    until: Option<i64>,
    issuers: BTreeSet<String>,
    left: Left,
    /// How large the input is, where that is known.
    size: Option<u64>,
    /// Whether there are records.
    recorded: bool,
}

impl Total {
    fn is_new(&self) -> bool {
        self.made + self.bad == 0
    }

    /// Lets an answer out, none before its record.
    fn take(
        &mut self,
        answer: &mut Answer,
        (plan, begun): (&Plan<'_>, &Record),
        session: &mut Session<'_, '_>,
    ) -> Result<ControlFlow<()>, Errors> {
        if let Some(error) = answer.failed.take() {
            return Err(error.into());
        }
        if self.recorded && plan.records.is_some() {
            self.recorded = ledger::issued_lines(&answer.records, Kept::Written, session)?;
        } else if self.recorded {
            let lines = self.reaching(answer.latest, begun);
            self.recorded = lines.is_empty() || ledger::issued(&lines, Kept::Written, session)?;
        }
        self.add(answer);
        session.host.terminal.out(&answer.out)?;
        session.progress(Some(Progress {
            lines: self.made + self.bad,
            bytes: (self.bytes, self.size),
        }));
        if !answer.errors.is_empty() && !session.json {
            session.host.terminal.err(&answer.errors);
        }
        Ok(if answer.is_last || session.host.terminal.closed() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    /// What the ledger lacks before tokens leave of which the last ends then: that the run began, or
    /// that its tokens end later than it has. A rotation goes by that.
    fn reaching(&mut self, latest: Option<i64>, begun: &Record) -> Vec<Record> {
        let mut lines = Vec::new();
        if self.until.is_none() {
            lines.push(begun.clone());
            self.until = begun.exp;
        }
        if let Some(latest) = latest.filter(|exp| Some(*exp) > self.until) {
            // Some time more, so that there are few such lines, however many tokens there are.
            let ahead = latest.saturating_sub(begun.at).max(0) / 8;
            self.until = Some(latest.saturating_add(ahead));
            lines.push(Record {
                exp: self.until,
                ..begun.clone()
            });
        }
        lines
    }

    /// Completes the record of the run, however that ended.
    fn end(
        &self,
        ended: Result<(), Errors>,
        (plan, begun): (&Plan<'_>, &Record),
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        let mut gather = Gather::default();
        gather.take(ended);
        session.progress(None);
        if self.recorded && plan.records.is_none() && !self.is_new() {
            gather.take(ledger::complete(begun, &self.done(begun), session));
        }
        gather.done()
    }

    fn add(&mut self, answer: &mut Answer) {
        self.made += answer.made;
        self.bad += answer.bad;
        self.bytes += answer.bytes;
        self.latest = self.latest.max(answer.latest);
        self.last = self.last.max(answer.last);
        if self.issuers.len() <= MOST_ISSUERS {
            self.issuers.append(&mut answer.issuers);
        }
        self.left += &answer.left;
    }

    fn outcome(&self) -> Outcome {
        match self.bad {
            0 => Outcome::Done,
            _ => Outcome::No,
        }
    }

    /// What is recorded of the run at its end.
    fn done(&self, begun: &Record) -> Record {
        Record {
            count: Some(self.made),
            last: self.last,
            exp: self.latest.or(begun.exp),
            issuers: match self.issuers.len() {
                0 => None,
                1..=MOST_ISSUERS => Some(self.issuers.iter().cloned().collect()),
                _ => Some(Vec::new()),
            },
            ..begun.clone()
        }
    }

    /// Says what was done, and how that is revoked; a dry run has no id. Behind a failure nobody
    /// knows how much of the last chunk has left.
    fn told(&self, ended: &Result<(), Errors>, run: Option<&str>) -> String {
        let verb = match (run, ended) {
            (None, _) => "would mint",
            (Some(_), Ok(())) => "minted",
            (Some(_), Err(_)) => "minted at most",
        };
        let count = |number: u64, what: &str| match number {
            1 => format!("1 {what}"),
            _ => format!("{number} {what}s"),
        };
        let bad = match self.bad {
            0 => String::new(),
            bad => format!(", {} refused", count(bad, "line")),
        };
        let leak = match run.filter(|_| self.made > 0) {
            None => String::new(),
            Some(run) => format!("; should they leak: `mcpjwt revoke --run {run}`"),
        };
        format!("{verb} {}{bad}{leak}", count(self.made, "token"))
    }
}

/// Refuses to go on from this line with a key that would not sign in a run that begins now: its
/// tokens are refused, or will be before they end, and the record of the run is about one key.
fn still_signs(
    plan: &Plan<'_>,
    choice: &Choice,
    line: u64,
    session: &mut Session<'_, '_>,
) -> Result<(), Errors> {
    let Some(seal) = &plan.seal else {
        return Ok(());
    };
    let mut gather = Gather::default();
    let set = gather.take(keys::require(&choice.wanted, session));
    let now = set
        .as_ref()
        .and_then(|set| gather.take(Chosen::of(set, choice, session)));
    let same = |now: &Chosen<'_>| {
        let (old, new) = (seal.key, now.key);
        (old.kid(), old.fingerprint(), seal.alg) == (new.kid(), new.fingerprint(), now.alg)
    };
    if !now.is_some_and(|now| same(&now)) {
        let kid = seal.key.kid();
        let message = format!(
            "key `{kid}` signs no longer since it was changed by another run: line {line} and those behind it were not minted"
        );
        let hint = format!("start again with the lines from {line} on");
        gather.add(Error::new(Code::KeyUnusable, message).hint(hint));
    }
    gather.done()
}

/// Whether a line can have an issuer of its own.
fn has_issuers(form: Form, columns: Option<&Columns>) -> bool {
    match form {
        Form::Subjects => false,
        Form::Csv => columns.is_some_and(|columns| columns.have("iss")),
        Form::Jsonl => true,
    }
}

/// So many lines that a chunk of them takes about a millisecond.
fn chunk(seal: Option<&Seal<'_>>) -> usize {
    match seal.map(|seal| seal.alg.kind()) {
        None | Some(Kind::Secret) => 512,
        Some(Kind::Rsa) => 4,
        Some(_) => 32,
    }
}
