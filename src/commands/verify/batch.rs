//! `verify --batch`: a token a line, each answered in its place, in constant memory.

use std::ops::ControlFlow;

use super::{Arguments, Settled, key_files, lists, outcome, read_keys, settle_again};
use crate::commands::misuse;
use crate::error::{Code, Error, Errors, Gather, Outcome};
use crate::host::{Incoming, Progress};
use crate::json::Json;
use crate::place::Place;
use crate::report::{self, shell_word};
use crate::session::stream::{self, Cut, Cutter, Input, Lines, Watch};
use crate::session::tokens::{self, Trim};
use crate::session::{Session, places, revocations};
use crate::time::Clock;
use crate::token::{self, Judge, Verdict};

/// A line is kept up to a length that no token has. What was cut is refused by its length: nobody
/// knows what stood behind it, so nothing is taken off it.
const CUT: Cut = Cut {
    longest: token::MAX_BYTES + 1024,
    most: 1024,
    first: 1,
};

/// The members of a document, which is about one line.
pub(super) const MEMBERS: &[&str] = &[
    "line",
    "header",
    "claims",
    "times",
    "key",
    "checked",
    "not_checked",
];

/// What a chunk of tokens comes to.
struct Answer {
    text: String,
    gravest: Outcome,
    good: u64,
    bad: u64,
    bytes: u64,
    warnings: Vec<Error>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            text: String::new(),
            gravest: Outcome::Done,
            good: 0,
            bad: 0,
            bytes: 0,
            warnings: Vec::new(),
        }
    }
}

/// Judges every line; the gravest answer is the exit code.
pub(super) fn run(
    arguments: &Arguments,
    mut settled: Settled,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let mut gather = Gather::default();
    // It is opened and not read: a person shall not type tokens that no key judges.
    let source = gather.take(source(arguments, session));
    let watch = gather.take(watch(arguments, &settled, session));
    let keys = gather.take(read_keys(&settled, session));
    gather.done()?;
    let (Some(source), Some(watch), Some(mut keys)) = (source, watch, keys) else {
        return Err(Error::new(Code::Internal, "a batch without a result").into());
    };
    let json = session.json.then(|| session.clock());
    let input = Input {
        lines: source.bytes,
        watch,
    };
    let mut gravest = Outcome::Done;
    let (mut good, mut bad, mut bytes) = (0, 0, 0);
    let mut rest = Some(Cutter::new(input, CUT));
    while let Some(cutter) = rest {
        let (rules, trim) = (&settled.rules, settled.trim);
        let hire = || -> Result<stream::Work<'_, Answer>, Error> {
            let mut judge = Judge::new(&keys, rules);
            Ok(Box::new(move |lines, answer| {
                let moment = lines.moment();
                judge.set_now(moment.now);
                let mut judge = |token: &[u8]| {
                    let mut verdict = judge.judge(token);
                    moment.revoked.judge(&mut verdict);
                    verdict
                };
                let now = moment.now;
                let json = json.map(|clock| Clock { now, ..clock });
                judged(&mut judge, lines, (trim, json), answer);
            }))
        };
        let mut take = |answer: &mut Answer| {
            gravest = gravest.max(answer.gravest);
            good += answer.good;
            bad += answer.bad;
            bytes += answer.bytes;
            for warning in answer.warnings.drain(..) {
                session.warn(warning);
            }
            session.print(&answer.text)?;
            session.progress(Some(Progress {
                lines: good + bad,
                bytes: (bytes, source.size),
            }));
            Ok(if session.host.terminal.closed() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        };
        let ended = stream::run(cutter, &hire, &mut take);
        session.progress(None);
        rest = ended?;
        if rest.is_some() {
            settled = settle_again((arguments, &settled), session)?;
            keys = read_keys(&settled, session)?;
        }
    }
    // What comes behind a pipe that broke must not pass for good.
    if good + bad == 0 && !session.host.terminal.closed() {
        return Err(misuse(
            "there is no line in the batch, so nothing was judged",
            "give a token a line",
        )
        .into());
    }
    session.note(&format!("{good} good, {bad} refused"));
    Ok(gravest)
}

/// What else is looked at while it runs. A damaged list is an error before the first line, one that
/// others can write a warning.
fn watch(
    arguments: &Arguments,
    settled: &Settled,
    session: &mut Session<'_, '_>,
) -> Result<Watch, Errors> {
    let lists = lists(settled, session)?;
    revocations::read(&lists, session)?;
    let fixed = arguments.at.as_ref().map(|_| settled.rules.now);
    let files = key_files(settled, session);
    Ok(stream::watch(fixed, (lists, files), session))
}

/// Judges the tokens of a chunk; with a clock each is told in a JSON document.
fn judged(
    judge: &mut dyn FnMut(&[u8]) -> Verdict,
    lines: &Lines,
    (trim, json): (Trim, Option<Clock>),
    answer: &mut Answer,
) {
    answer.text.clear();
    (answer.good, answer.bad, answer.gravest) = (0, 0, Outcome::Done);
    answer.bytes = lines.bytes();
    for (number, line) in lines.each() {
        let token = match std::str::from_utf8(line) {
            _ if line.len() >= CUT.longest => line,
            Ok(text) if trim == Trim::Bare => token::bare(text).as_bytes(),
            _ => line,
        };
        let mut verdict = judge(token);
        let warnings = std::mem::take(&mut verdict.warnings);
        let outcome = outcome(&verdict);
        answer.gravest = answer.gravest.max(outcome);
        let is_good = outcome == Outcome::Done;
        answer.good += u64::from(is_good);
        answer.bad += u64::from(!is_good);
        if let Some(clock) = json {
            let errors = report::verdict_errors(&verdict, &[], clock);
            let mut body = vec![("line", Json::Number(number.to_string()))];
            body.extend(report::verdict_body(&verdict));
            let text = report::document_line(is_good, body, &warnings, &errors);
            answer.text.push_str(&text);
        } else {
            report::batch_line(&verdict, &mut answer.text);
            for warning in warnings {
                let same = |known: &Error| known.message == warning.message;
                if !answer.warnings.iter().any(same) {
                    answer.warnings.push(warning);
                }
            }
        }
    }
}

fn source(arguments: &Arguments, session: &mut Session<'_, '_>) -> Result<Incoming, Error> {
    let text = arguments.token.as_deref().unwrap_or("-");
    // A word that is no place is a token, and one is no batch.
    let meant = text == "-" || places::is_place(text);
    let input = meant.then(|| tokens::lines(text, session)).transpose()?;
    let why = "`--batch` reads a token a line from standard input or a file";
    input.flatten().ok_or_else(|| {
        let path = places::path_of(text, session.host);
        let found = path.map(|path| session.host.files.read_plain(&path));
        if matches!(found, Ok(Ok(Some(_)))) {
            let place = shell_word(&Place::File(text.to_owned()).to_string());
            return misuse(why, &format!("for the tokens in that file: `{place}`"));
        }
        misuse(why, "`mcpjwt verify --batch < FILE`, or `file:PATH`")
    })
}
