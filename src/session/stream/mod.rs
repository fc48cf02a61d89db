//! Batches: lines in, an answer for each chunk of them out, in order, in constant memory.
//!
//! A reader cuts chunks of whole lines and notes the moment of each, workers answer them, and the
//! caller's thread, which alone touches the rest of the host, takes the answers in the order of the
//! lines. What comes slowly or is little is all done on that one thread, and answered at once; the
//! others are started when a full chunk has come. The reader is left behind when nobody wants
//! answers any more: it may be waiting for a pipe that never says another word.

mod lines;
mod moment;
mod pool;
#[cfg(test)]
mod tests;

use std::io::{self, Read};
use std::ops::ControlFlow;

use self::lines::Next;
pub(crate) use self::lines::{Cutter, Lines};
pub(crate) use self::moment::{Moment, Watch, watch};
use crate::error::{Code, Error, Errors};
use crate::host;

/// The most threads that work: more are not kept busy by one reader and one writer.
const MOST_THREADS: usize = 16;

/// Where lines come from, and what is looked at whenever some have come.
pub(crate) struct Input {
    /// The lines.
    pub(crate) lines: Box<dyn Read + Send>,
    /// What else may change.
    pub(crate) watch: Watch,
}

/// How lines are cut into chunks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    /// The longest line that is kept, its end included: of one that is longer so many bytes are left,
    /// and of no other, by which it is known.
    pub(crate) longest: usize,
    /// The most lines of a chunk.
    pub(crate) most: usize,
    /// The number of the first line.
    pub(crate) first: u64,
}

/// Answers one chunk, into what held an older answer.
pub(crate) type Work<'w, A> = Box<dyn FnMut(&Lines, &mut A) + 'w>;

/// Makes the work of one thread: signers and verifiers are not shared between them.
pub(crate) type Hire<'w, A> = dyn Fn() -> Result<Work<'w, A>, Error> + Sync + 'w;

/// Takes the answers in the order of the lines; breaks off when nobody wants more.
pub(crate) type Take<'t, A> = dyn FnMut(&mut A) -> Result<ControlFlow<()>, Errors> + 't;

/// A chunk on its way, and its answer. It is used again for a later chunk.
#[derive(Default)]
struct Job<A> {
    lines: Lines,
    answer: A,
}

/// Answers every line of the input. Where the keys change meanwhile it gives back the lines that
/// came behind that, for the work of the new ones.
pub(crate) fn run<A: Default + Send + 'static>(
    cutter: Cutter,
    hire: &Hire<'_, A>,
    take: &mut Take<'_, A>,
) -> Result<Option<Cutter>, Errors> {
    run_on(None, cutter, hire, take)
}

/// The same on so many threads; `None`: as many as there are processors.
fn run_on<A: Default + Send + 'static>(
    threads: Option<usize>,
    mut cutter: Cutter,
    hire: &Hire<'_, A>,
    take: &mut Take<'_, A>,
) -> Result<Option<Cutter>, Errors> {
    let mut work = hire()?;
    let mut job = Job::default();
    let mut alone = false;
    loop {
        match cutter.next(&mut job.lines)? {
            Next::Lines => {}
            Next::Stale => return Ok(Some(cutter)),
            Next::End => return Ok(None),
        }
        work(&job.lines, &mut job.answer);
        if take(&mut job.answer)?.is_break() {
            return Ok(None);
        }
        if !alone && job.lines.is_full() {
            let threads = threads.unwrap_or_else(host::processors).min(MOST_THREADS);
            if threads > 1 {
                drop(work);
                return pool::run(threads, cutter, hire, take);
            }
            alone = true;
        }
    }
}

fn unreadable(why: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot read the lines: {why}"))
}
