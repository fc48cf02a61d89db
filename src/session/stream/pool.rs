//! The threads of a batch: a reader, workers, and the caller's thread, which takes the answers.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::lines::{Cutter, Next};
use super::{Hire, Job, Take};
use crate::error::{Code, Error, Errors};

/// What the threads share.
struct Desk<A> {
    state: Mutex<State<A>>,
    /// There is a job to be used again.
    free: Condvar,
    /// There are lines to be answered, or never will be.
    work: Condvar,
    /// There is an answer, or never will be.
    answers: Condvar,
}

struct State<A> {
    /// Jobs that are in nobody's hands. There are so many in all, which bounds the memory.
    free: Vec<Job<A>>,
    cut: VecDeque<Job<A>>,
    answered: Vec<Job<A>>,
    /// How the input ended, or what is left of it for other keys, and the index that its next chunk
    /// would have had.
    end: Option<(u64, Result<Option<Cutter>, Error>)>,
    /// Nobody wants more answers.
    is_over: bool,
    failed: Option<Error>,
}

/// Goes on with an input of which a first part was answered already.
pub(super) fn run<A: Default + Send + 'static>(
    threads: usize,
    cutter: Cutter,
    hire: &Hire<'_, A>,
    take: &mut Take<'_, A>,
) -> Result<Option<Cutter>, Errors> {
    let next = cutter.next_index();
    let mut free = Vec::new();
    free.resize_with(2 * threads + 2, Job::default);
    let desk = Arc::new(Desk {
        state: Mutex::new(State {
            free,
            cut: VecDeque::new(),
            answered: Vec::new(),
            end: None,
            is_over: false,
            failed: None,
        }),
        free: Condvar::new(),
        work: Condvar::new(),
        answers: Condvar::new(),
    });
    let for_reader = Arc::clone(&desk);
    // Not one of the scope, which would wait for it.
    thread::Builder::new()
        .spawn(move || for_reader.read(cutter))
        .map_err(|why| no_thread(&why))?;
    thread::scope(|scope| {
        let _over = Over(&desk);
        for _ in 0..threads {
            thread::Builder::new()
                .spawn_scoped(scope, || desk.answer(hire))
                .map_err(|why| no_thread(&why))?;
        }
        desk.take(next, take)
    })
}

fn no_thread(why: &io::Error) -> Error {
    Error::new(Code::Io, format!("cannot start a thread: {why}"))
}

impl<A: Send> Desk<A> {
    fn state(&self) -> MutexGuard<'_, State<A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the reader does.
    fn read(&self, mut cutter: Cutter) {
        let _alarm = Alarm(self);
        loop {
            let mut job = {
                let state = self.state();
                let waits = |state: &mut State<A>| state.free.is_empty() && !state.is_over;
                let waited = self.free.wait_while(state, waits);
                let mut state = waited.unwrap_or_else(PoisonError::into_inner);
                match state.free.pop() {
                    Some(job) if !state.is_over => job,
                    _ => return,
                }
            };
            let end = match cutter.next(&mut job.lines) {
                Ok(Next::Lines) => {
                    self.state().cut.push_back(job);
                    self.work.notify_one();
                    continue;
                }
                Ok(Next::Stale) => Ok(Some(cutter)),
                Ok(Next::End) => Ok(None),
                Err(error) => Err(error),
            };
            self.state().end = Some((job.lines.index, end));
            self.work.notify_all();
            self.answers.notify_all();
            return;
        }
    }

    /// What a worker does.
    fn answer(&self, hire: &Hire<'_, A>) {
        let _alarm = Alarm(self);
        let mut work = match hire() {
            Ok(work) => work,
            Err(error) => return self.fail(error),
        };
        loop {
            let mut job = {
                let state = self.state();
                let waits = |state: &mut State<A>| {
                    state.cut.is_empty() && state.end.is_none() && !state.is_over
                };
                let waited = self.work.wait_while(state, waits);
                let mut state = waited.unwrap_or_else(PoisonError::into_inner);
                match state.cut.pop_front() {
                    Some(job) if !state.is_over => job,
                    _ => return,
                }
            };
            work(&job.lines, &mut job.answer);
            self.state().answered.push(job);
            self.answers.notify_one();
        }
    }

    fn fail(&self, error: Error) {
        self.state().failed.get_or_insert(error);
        self.answers.notify_all();
    }

    /// What the caller's thread does.
    fn take(&self, mut next: u64, take: &mut Take<'_, A>) -> Result<Option<Cutter>, Errors> {
        loop {
            let mut job = {
                let mut state = self.state();
                loop {
                    if let Some(error) = state.failed.take() {
                        return Err(error.into());
                    }
                    let is_next = |job: &Job<A>| job.lines.index == next;
                    if let Some(at) = state.answered.iter().position(is_next) {
                        break state.answered.swap_remove(at);
                    }
                    if let Some((_, read)) = state.end.take_if(|(end, _)| *end == next) {
                        return Ok(read?);
                    }
                    let waited = self.answers.wait(state);
                    state = waited.unwrap_or_else(PoisonError::into_inner);
                }
            };
            if take(&mut job.answer)?.is_break() {
                return Ok(None);
            }
            next += 1;
            self.state().free.push(job);
            self.free.notify_one();
        }
    }
}

/// Sends the others home when the caller's thread leaves, for whatever reason.
struct Over<'d, A>(&'d Desk<A>);

impl<A> Drop for Over<'_, A> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        self.0.free.notify_all();
        self.0.work.notify_all();
    }
}

/// Wakes the caller's thread when another one panics: it would wait for ever.
struct Alarm<'d, A: Send>(&'d Desk<A>);

impl<A: Send> Drop for Alarm<'_, A> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0
                .fail(Error::new(Code::Internal, "a thread broke off"));
        }
    }
}
