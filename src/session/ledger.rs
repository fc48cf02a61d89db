//! The ledger file: appended to before a token leaves, read for what is known.

mod tail;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

pub(crate) use self::tail::Tail;
use super::Session;
use super::places::Done;
use crate::error::{Code, Error};
use crate::host::{Edited, Privacy, Target};
use crate::place::{Place, tree};
use crate::report::shell_path;
use crate::secret::Secret;
use crate::state::ledger::{self, Brief, Event, Installed, Ledger, Made, Reading, Record, Top};

const FILE: &str = "ledger.jsonl";

/// How much of it is read at once.
const BLOCK: usize = 64 * 1024;

/// Where a run's records go when there is no state folder: nowhere, and that is said.
fn no_state() -> Error {
    Error::new(
        Code::StateUnwritable,
        "there is no folder for the ledger: neither `MCPJWT_HOME` nor `HOME` is set",
    )
    .hint("set `MCPJWT_HOME`, or leave the record out with `--no-record`")
}

/// How sure a record must be before the run goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Written: what goes to standard output is gone with the power too.
    Written,
    /// On the disk: the file it tells of will be.
    Synced,
}

/// Appends records, in one piece.
pub(crate) fn append(
    records: &[Record],
    kept: Kept,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let mut lines = String::new();
    for record in records {
        lines.push_str(&line(record)?);
    }
    append_lines(lines.as_bytes(), kept, session)
}

/// The line of a record, with its end.
pub(crate) fn line(record: &Record) -> Result<String, Error> {
    record.line().map_err(|error| {
        Error::new(
            Code::Internal,
            "a record of the ledger could not be written",
        )
        .source(error)
    })
}

fn append_lines(lines: &[u8], kept: Kept, session: &mut Session<'_, '_>) -> Result<(), Error> {
    let path = path(session).ok_or_else(no_state)?;
    session
        .host
        .files
        .append(&path, lines, kept == Kept::Synced)
}

/// Refuses to go on where nothing could be recorded afterwards.
pub(crate) fn ready(session: &mut Session<'_, '_>) -> Result<(), Error> {
    append(&[], Kept::Written, session)
        .map_err(|error| error.hint("to leave the record out, add `--no-record`"))
}

/// Records tokens before they leave; says whether it did. Without a folder to write in, a token on
/// standard output still comes, one for a place does not.
pub(crate) fn issued(
    records: &[Record],
    kept: Kept,
    session: &mut Session<'_, '_>,
) -> Result<bool, Error> {
    let mut lines = String::new();
    for record in records {
        lines.push_str(&line(record)?);
    }
    issued_lines(lines.as_bytes(), kept, session)
}

/// The same for lines of records.
pub(crate) fn issued_lines(
    lines: &[u8],
    kept: Kept,
    session: &mut Session<'_, '_>,
) -> Result<bool, Error> {
    match append_lines(lines, kept, session) {
        Ok(()) => Ok(true),
        Err(error) if error.code == Code::StateUnwritable => {
            let error = error.hint("to leave the record out, add `--no-record`");
            if kept == Kept::Synced {
                return Err(error);
            }
            session.warn(error);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Completes the record of a batch, which was written before its first token left, by what is
/// known at the end. Where it is no longer there, or the ledger is too large to be rewritten, the
/// complete one stands below it.
pub(crate) fn complete(
    begun: &Record,
    done: &Record,
    session: &mut Session<'_, '_>,
) -> Result<(), Error> {
    let (old, new) = (line(begun)?, line(done)?);
    let target = Target {
        path: path(session).ok_or_else(no_state)?,
        privacy: Privacy::Store,
        lock: None,
    };
    let mut found = false;
    let rewritten = session.host.files.update(&target, &mut |bytes| {
        let bytes = bytes.unwrap_or_default();
        let at = memchr::memmem::find(bytes, old.as_bytes());
        found = at.is_some();
        Ok(at.map_or(Edited::Leave, |at| {
            let rest = &bytes[at + old.len()..];
            Edited::Replace(Secret::new([&bytes[..at], new.as_bytes(), rest].concat()))
        }))
    });
    match rewritten {
        Ok(_) if found => Ok(()),
        _ => append_lines(new.as_bytes(), Kept::Written, session),
    }
}

/// What an install made, as it was recorded.
pub(crate) fn made(made: &Made) -> tree::Made {
    let top = |top: &Top| tree::Top {
        at: top.at.clone(),
        seam: top
            .seam
            .clone()
            .map(|[lead, trail, was]| tree::Seam { lead, trail, was }),
    };
    tree::Made {
        absent: made.absent,
        leaves: made.leaves.clone(),
        tops: made.tops.iter().map(top).collect(),
        was: made.was.clone(),
        sums: made.sums.clone(),
    }
}

/// The records of what arrived: one for each token, and one for what refers to a token that is
/// somewhere else. That is no token, so it has no id and no end.
pub(crate) fn arrived<'d>(
    tokens: Vec<Record>,
    done: impl IntoIterator<Item = &'d Done>,
) -> Vec<Record> {
    let (references, values): (Vec<&Done>, Vec<&Done>) =
        done.into_iter().partition(|one| one.is_reference);
    let reference = tokens.first().map(|token| Record {
        sub: token.sub.clone(),
        ..Record::new(Event::Installed, token.at)
    });
    let of_tokens = tokens.into_iter().map(|token| installed(token, &values));
    let mut all: Vec<Record> = of_tokens.filter(|_| !values.is_empty()).collect();
    if !references.is_empty() {
        all.extend(reference.map(|record| installed(record, &references)));
    }
    all
}

/// By which opaque values are known again at the places where they arrived.
pub(crate) fn seals(
    done: &[Done],
    session: &mut Session<'_, '_>,
) -> Result<BTreeMap<String, String>, Error> {
    let mut seals = BTreeMap::new();
    for one in done.iter().filter(|one| !one.is_reference) {
        if let Some(value) = &one.value {
            let mut salt = [0; 16];
            session.host.random.fill(&mut salt)?;
            seals.insert(one.lasting.to_string(), ledger::seal(salt, value.expose()));
        }
    }
    Ok(seals)
}

/// Whether a value at a place is the one that was put there last, where that was no JWT.
pub(crate) fn knows(installed: &[Installed<'_>], place: &Place, value: &[u8]) -> bool {
    let place = place.to_string();
    let known = installed.iter().find(|one| one.place == place);
    known.is_some_and(|one| one.record.knows(&place, value))
}

/// The record of a token that arrived at these places. Its own places are kept where it has some:
/// they say more precisely where in a file it is.
fn installed(record: Record, done: &[&Done]) -> Record {
    let top = |top: &tree::Top| Top {
        at: top.at.clone(),
        seam: top
            .seam
            .clone()
            .map(|tree::Seam { lead, trail, was }| [lead, trail, was]),
    };
    let made = done.iter().filter_map(|one| {
        let made = one.made.as_ref()?;
        Some((
            one.lasting.to_string(),
            Made {
                absent: made.absent,
                leaves: made.leaves.clone(),
                tops: made.tops.iter().map(top).collect(),
                was: made.was.clone(),
                sums: made.sums.clone(),
            },
        ))
    });
    let refers = done.iter().filter(|one| one.is_reference);
    let refers = refers.filter_map(|one| {
        let text = one.value.as_ref()?.expose_str()?.to_owned();
        Some((one.lasting.to_string(), text))
    });
    let places = match &record.places[..] {
        [] => done.iter().map(|one| one.lasting.to_string()).collect(),
        _ => record.places.clone(),
    };
    let over = done.iter().flat_map(|one| &one.over);
    Record {
        event: Event::Installed,
        made: made.collect(),
        over: over.map(ToString::to_string).collect(),
        refers: refers.collect(),
        places,
        ..record
    }
}

/// Reads of the ledger, however long it has become, the records that are asked for; damaged lines are
/// set aside with a warning that names them.
pub(crate) fn read(
    wants: &mut dyn FnMut(&Brief<'_>) -> bool,
    session: &mut Session<'_, '_>,
) -> Result<Ledger, Error> {
    read_through(wants, &mut |_| true, session)
}

/// The same; of those records only what `keeps` says is held.
pub(crate) fn read_through(
    wants: &mut dyn FnMut(&Brief<'_>) -> bool,
    keeps: &mut dyn FnMut(&Record) -> bool,
    session: &mut Session<'_, '_>,
) -> Result<Ledger, Error> {
    let Some(path) = path(session) else {
        return Ok(Ledger::default());
    };
    let Some(file) = open(&path, session)? else {
        return Ok(Ledger::default());
    };
    let mut file = BufReader::with_capacity(BLOCK, file);
    let (mut reading, mut line) = (Reading::default(), Vec::new());
    loop {
        line.clear();
        let read = file.read_until(b'\n', &mut line);
        if read.map_err(|why| unreadable(&path, &why))? == 0 {
            return told(reading.done(), (&path, 0), session);
        }
        let whole = line.strip_suffix(b"\n").unwrap_or(&line);
        if let Some(record) = reading.line(whole, wants).filter(&mut *keeps) {
            reading.keep(record);
        }
    }
}

/// That others can read the ledger; the next record closes it.
pub(crate) fn open_to_others(session: &mut Session<'_, '_>) -> Option<Error> {
    let path = path(session)?;
    // What cannot be read is told by who reads it.
    let found = session.host.files.read_plain(&path).ok()??;
    let shown = session.short(&path);
    (found.mode & 0o077 != 0).then(|| {
        let mode = found.mode & 0o7777;
        let message = format!("others can read `{shown}` (mode {mode:04o})");
        Error::new(Code::PlaceLooseMode, message)
            .hint(format!("chmod 600 {}", shell_path(&shown)))
            .at(path.display().to_string())
    })
}

/// The file; the first record makes it.
fn open(path: &Path, session: &mut Session<'_, '_>) -> Result<Option<Box<dyn Read + Send>>, Error> {
    match session.host.files.open(path) {
        Ok(file) => Ok(Some(file.bytes)),
        Err(error) if error.code == Code::PlaceMissing => Ok(None),
        Err(error) => Err(error),
    }
}

fn unreadable(path: &Path, why: &io::Error) -> Error {
    let shown = path.display();
    Error::new(Code::Io, format!("cannot read `{shown}`: {why}")).at(shown.to_string())
}

fn path(session: &Session<'_, '_>) -> Option<PathBuf> {
    let state = session.host.facts.dirs.state.as_ref();
    state.map(|state| state.join(FILE))
}

/// What was read, with a word on what could not be; so many lines came before.
fn told(
    mut ledger: Ledger,
    (path, before): (&Path, usize),
    session: &mut Session<'_, '_>,
) -> Result<Ledger, Error> {
    let shown = path.display();
    if ledger.newer {
        return Err(Error::new(
            Code::StateUnreadable,
            format!("`{shown}` was written by a newer version of mcpjwt"),
        )
        .hint("update mcpjwt")
        .at(shown.to_string()));
    }
    for line in &mut ledger.damaged {
        *line += before;
    }
    if !ledger.damaged.is_empty() {
        let lines: Vec<String> = ledger.damaged.iter().map(ToString::to_string).collect();
        let message = format!(
            "`{shown}` is damaged in line {}; the other lines count",
            lines.join(", ")
        );
        let file = shell_path(&session.short(path));
        let hint = format!(
            "take them out with `sed -i.damaged '{}d' {file}`, which keeps a copy beside it",
            lines.join("d;")
        );
        let error = Error::new(Code::StateUnreadable, message).hint(hint);
        session.warn(error.at(shown.to_string()));
    }
    Ok(ledger)
}
