//! The real standard streams.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::io::{self, Read, Write};

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
}

impl RealTerminal {
    /// The streams; none is touched yet.
    pub fn new(facts: &Facts) -> Self {
        Self {
            closed: false,
            stdin_is_terminal: facts.stdin_is_terminal,
            stderr_is_terminal: facts.stderr_is_terminal,
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
        let _ = io::stderr().lock().write_all(text.as_bytes());
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
