//! `verify --batch`: a token a line, each answered in its place, in constant memory.

use std::io::{BufRead, BufReader, Read};

use super::{Arguments, Settled, outcome, read_keys, revoked};
use crate::commands::misuse;
use crate::error::{Code, Error, Errors, Outcome};
use crate::place::Place;
use crate::report;
use crate::session::tokens::Trim;
use crate::session::{Session, places};
use crate::time::Clock;
use crate::token::{self, Trusted};

/// The longest line of a batch that is kept: one byte more than a token may have.
const MAX_LINE: u64 = token::MAX_BYTES as u64 + 1024;

/// Judges every line; the gravest answer is the exit code.
pub(super) fn run(
    arguments: &Arguments,
    settled: &Settled,
    session: &mut Session<'_, '_>,
) -> Result<Outcome, Errors> {
    let keys = read_keys(settled, session)?;
    let revoked = revoked(settled, session)?;
    let trusted = Trusted {
        keys: &keys,
        previous: None,
    };
    let clock = Clock {
        now: settled.rules.now,
        ..session.clock()
    };
    let mut lines = BufReader::new(source(arguments, session)?);
    let mut gravest = Outcome::Done;
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut line = Vec::new();
    while !session.host.terminal.closed() {
        line.clear();
        let read = lines
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::new(Code::Io, format!("cannot read the tokens: {error}")))?;
        if read == 0 {
            break;
        }
        if line.last() != Some(&b'\n') && read as u64 == MAX_LINE {
            // What is left of an endless line belongs to the same, refused, token.
            skip_line(&mut lines)?;
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = match std::str::from_utf8(text) {
            Ok(text) if settled.trim == Trim::Bare => token::bare(text).as_bytes(),
            _ => text,
        };
        let mut verdict = token::judge(text, trusted, &settled.rules);
        revoked.judge(&mut verdict);
        for warning in std::mem::take(&mut verdict.warnings) {
            session.warn(warning);
        }
        let outcome = outcome(&verdict);
        gravest = gravest.max(outcome);
        if outcome == Outcome::Done {
            good += 1;
        } else {
            bad += 1;
        }
        let answer = if session.json {
            let errors = report::verdict_errors(&verdict, &[], clock);
            report::document_line(
                outcome == Outcome::Done,
                report::verdict_body(&verdict),
                &[],
                &errors,
            )
        } else {
            report::batch_line(&verdict)
        };
        session.print(&answer)?;
    }
    session.note(&format!("{good} good, {bad} refused"));
    Ok(gravest)
}

fn source(
    arguments: &Arguments,
    session: &mut Session<'_, '_>,
) -> Result<Box<dyn std::io::Read + Send>, Error> {
    let place = arguments.token.as_deref().filter(|text| *text != "-");
    let Some(text) = place else {
        if session.input_taken {
            return Err(Error::usage("standard input is asked for twice")
                .hint("give one of the two as a place"));
        }
        return Ok(session.host.terminal.input());
    };
    match places::is_place(text)
        .then(|| places::parse(text))
        .transpose()?
    {
        Some(Place::File(path)) => {
            let path = places::path_of(&path, session.host)?;
            session.host.files.open(&path)
        }
        _ => Err(misuse(
            "`--batch` reads a token a line from standard input or a file",
            "`mcpjwt verify --batch < FILE`, or `file:PATH`",
        )),
    }
}

fn skip_line(lines: &mut impl BufRead) -> Result<(), Error> {
    loop {
        let buffer = lines
            .fill_buf()
            .map_err(|error| Error::new(Code::Io, format!("cannot read the tokens: {error}")))?;
        if buffer.is_empty() {
            return Ok(());
        }
        if let Some(end) = buffer.iter().position(|&b| b == b'\n') {
            lines.consume(end + 1);
            return Ok(());
        }
        let all = buffer.len();
        lines.consume(all);
    }
}
