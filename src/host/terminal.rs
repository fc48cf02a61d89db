//! The real standard streams.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use super::{Facts, Terminal};
use crate::error::{Code, Error};
use crate::host::files::why;
use crate::secret::Secret;

const NO_TERMINAL: &str = "nobody can be asked: there is no terminal";
const OTHER_PLACES: &str = "name a place instead: `file:PATH`, `env:NAME`, `keyring:SERVICE/ACCOUNT`, or `-` for standard input";

/// The standard streams of the process.
pub struct RealTerminal {
    closed: bool,
    stdin_is_terminal: bool,
    stderr_is_terminal: bool,
    /// Whether a line that changes disturbs nothing on the screen.
    shows_progress: bool,
    progress: Option<Progress>,
}

/// A batch that a person may be waiting for.
struct Progress {
    began: Instant,
    /// When it was shown last.
    shown: Option<Instant>,
}

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it changes.
const BEAT: Duration = Duration::from_millis(100);
/// To the start of the line, and everything on it away.
const CLEAR: &[u8] = b"\r\x1b[K";

impl RealTerminal {
    /// The streams; none is touched yet.
    pub fn new(facts: &Facts) -> Self {
        Self {
            closed: false,
            stdin_is_terminal: facts.stdin_is_terminal,
            stderr_is_terminal: facts.stderr_is_terminal,
            shows_progress: facts.stderr_is_terminal && !facts.stdout_is_terminal,
            progress: None,
        }
    }
}

impl Terminal for RealTerminal {
    fn out(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.closed {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Error::new(
                Code::Io,
                format!("cannot write to standard output: {}", why(&error)),
            )
            .source(error)),
        }
    }

    fn err(&mut self, text: &str) {
        let mut stderr = io::stderr().lock();
        if let Some(Progress { shown, .. }) = &mut self.progress
            && shown.take().is_some()
        {
            let _ = stderr.write_all(CLEAR);
        }
        let _ = stderr.write_all(text.as_bytes());
    }

    fn progress(&mut self, done: Option<u64>) {
        if !self.shows_progress {
            return;
        }
        let Some(done) = done else {
            self.err("");
            self.progress = None;
            return;
        };
        let now = Instant::now();
        let progress = self.progress.get_or_insert(Progress {
            began: now,
            shown: None,
        });
        let waited = now - progress.began;
        if waited < PATIENCE || progress.shown.is_some_and(|shown| now - shown < BEAT) {
            return;
        }
        progress.shown = Some(now);
        let rate = u128::from(done) * 1000 / waited.as_millis().max(1);
        let text = format!("{done} lines, {rate} a second");
        let _ = io::stderr()
            .lock()
            .write_all(&[CLEAR, text.as_bytes()].concat());
    }

    fn closed(&self) -> bool {
        self.closed
    }

    fn input(&mut self) -> Box<dyn Read + Send> {
        Box::new(io::stdin())
    }

    fn ask(&mut self, question: &str) -> Result<String, Error> {
        if !self.stdin_is_terminal {
            return Err(Error::usage(NO_TERMINAL));
        }
        self.err(question);
        let mut answer = String::new();
        let read = io::stdin().read_line(&mut answer).map_err(|error| {
            Error::new(Code::Io, format!("cannot read the answer: {}", why(&error)))
        })?;
        if read == 0 {
            return Err(Error::usage("the question was not answered"));
        }
        Ok(answer.trim_end_matches(['\n', '\r']).to_owned())
    }

    // Standard input may be a pipe while a person sits there: rpassword opens the
    // terminal itself. Without any stream to a terminal nobody would see the question.
    fn hidden(&mut self, question: &str) -> Result<Secret, Error> {
        if !self.stdin_is_terminal && !self.stderr_is_terminal {
            return Err(Error::usage(NO_TERMINAL).hint(OTHER_PLACES));
        }
        match rpassword::prompt_password(question) {
            Ok(typed) => Ok(Secret::from(typed)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Error::usage("the question was not answered").hint(OTHER_PLACES))
            }
            Err(error) => Err(Error::usage(NO_TERMINAL).hint(OTHER_PLACES).source(error)),
        }
    }
}
