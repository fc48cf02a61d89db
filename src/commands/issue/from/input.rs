//! Where the lines of a batch come from, and how they are written.

use std::io::{Cursor, Read};

use super::super::Arguments;
use super::super::settle::{Layout, Settled};
use crate::commands::misuse;
use crate::error::{Code, Error};
use crate::host::Incoming;
use crate::place::Place;
use crate::report::shell_word;
use crate::session::{Session, places, tokens};
use crate::token::{self, Columns, Form};

/// Up to so many `--sub` get a token each as one alone does, with a record that names it.
const FEW: usize = 100;

/// Where the lines come from.
pub(in super::super) enum Source<'s> {
    /// A file, a place that is one, or `-`.
    Named(&'s str),
    /// The subjects of the command line, a line each.
    Subjects(String),
}

impl<'s> Source<'s> {
    /// What makes a batch of this command line, where something does: `--from`, or many `--sub`
    /// whose tokens are printed and differ in nothing else. A JSON document stays one.
    pub(in super::super) fn of(
        arguments: &'s Arguments,
        settled: &Settled,
        session: &Session<'_, '_>,
    ) -> Option<Self> {
        if let Some(from) = &arguments.from {
            return Some(Self::Named(from));
        }
        let templates = &settled.claims.templates;
        let (first, rest) = templates.split_first()?;
        let is_plain = settled.layout == Layout::Token && !arguments.pair;
        let is_printed = settled.places().next().is_none();
        let is_one_answer = session.json || arguments.dry_run;
        let is_line = |sub: &str| !sub.contains('\u{feff}');
        let is_batch = templates.len() > FEW
            && is_plain
            && is_printed
            && !is_one_answer
            && rest.iter().all(|other| first.differs_in_sub_alone(other))
            && templates.iter().all(|template| is_line(&template.sub));
        is_batch.then(|| {
            let lines = templates.iter().flat_map(|template| [&*template.sub, "\n"]);
            Self::Subjects(lines.collect())
        })
    }

    /// How the lines are written, and whether somebody said so.
    pub(super) fn form(&self, arguments: &Arguments) -> (Form, bool) {
        let Self::Named(from) = self else {
            return (Form::Subjects, true);
        };
        let ends = |end: &str| from.to_ascii_lowercase().ends_with(end);
        match arguments.input.as_deref() {
            Some("csv") => (Form::Csv, true),
            Some("jsonl") => (Form::Jsonl, true),
            Some(_) => (Form::Subjects, true),
            None if ends(".csv") => (Form::Csv, true),
            None if ends(".jsonl") || ends(".ndjson") => (Form::Jsonl, true),
            None => (Form::Subjects, false),
        }
    }

    /// The lines, to be read as they come.
    pub(super) fn open(self, session: &mut Session<'_, '_>) -> Result<Incoming, Error> {
        let from = match self {
            Self::Named(from) => from,
            Self::Subjects(lines) => {
                return Ok(Incoming {
                    size: Some(lines.len() as u64),
                    bytes: Box::new(Cursor::new(lines)),
                });
            }
        };
        // What is called as a client is may be a folder, too.
        let hint = match places::is_place(from).then(|| places::parse(from)) {
            Some(Ok(Place::Entry { .. })) => {
                let path = shell_word(&format!("./{from}"));
                format!("for the file of that name: `--from {path}`")
            }
            _ => "`--from FILE`, or `--from -`".to_owned(),
        };
        tokens::lines(from, session)?
            .ok_or_else(|| misuse("`--from` reads a file or standard input", &hint))
    }
}

/// Looks at the first line, before there is a key: the names in that of CSV, which is taken off.
pub(super) fn begin(
    mut input: Box<dyn Read + Send>,
    (form, is_told): (Form, bool),
) -> Result<(Option<Columns>, Box<dyn Read + Send>), Error> {
    let mut text = Vec::new();
    let end = loop {
        if let Some(end) = memchr::memchr(b'\n', &text) {
            break end;
        }
        if text.len() > token::MAX_BYTES || !reads(&mut *input, &mut text)? {
            break text.len();
        }
    };
    if text.is_empty() {
        return Err(misuse(
            "there is no line to mint a token for",
            "give a line for each, such as its subject",
        ));
    }
    let columns = match form {
        Form::Csv => Some(names(&text[..end])?),
        Form::Subjects if !is_told && first(&text[..end]).is_some_and(token::looks_like_names) => {
            return Err(misuse(
                "the first line looks like names of CSV columns, not like a subject",
                "add `--input csv`, or `--input subjects` if it is one",
            ));
        }
        _ => None,
    };
    if columns.is_some() {
        text.drain(..text.len().min(end + 1));
        if text.is_empty() && !reads(&mut *input, &mut text)? {
            return Err(misuse(
                "there is no row below the names of the columns",
                "give a row for each token",
            ));
        }
    }
    Ok((columns, Box::new(Cursor::new(text).chain(input))))
}

/// Reads what is there, behind what was read; says whether it is anything.
fn reads(input: &mut dyn Read, text: &mut Vec<u8>) -> Result<bool, Error> {
    // As much as a pipe holds, so that no chunk gets smaller by it.
    let mut block = vec![0; 64 * 1024];
    let read = input
        .read(&mut block)
        .map_err(|why| Error::new(Code::Io, format!("cannot read the lines: {why}")))?;
    text.extend_from_slice(&block[..read]);
    Ok(read > 0)
}

/// The names of columns in a first line.
fn names(line: &[u8]) -> Result<Columns, Error> {
    let unusable = |why: String| {
        Error::new(
            Code::PlaceInvalid,
            format!("cannot mint from the CSV: {why}"),
        )
        .hint("its first line names the columns, such as `sub,role,exp`")
    };
    let line = first(line).ok_or_else(|| unusable("it is not UTF-8".into()))?;
    Columns::read(line).map_err(unusable)
}

/// The text of a first line, which may begin with a mark and end with a CR.
fn first(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?;
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    Some(line.strip_suffix('\r').unwrap_or(line))
}
