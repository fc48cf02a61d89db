//! The real standard streams.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::{Facts, Incoming, Progress, Terminal};
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
    /// What a bar is made of: done, and to be done.
    cells: [&'static str; 2],
    progress: Option<Wait>,
}

/// A batch that a person may be waiting for.
struct Wait {
    began: Instant,
    /// When it was shown last.
    shown: Option<Instant>,
}

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// So many cells are in a bar, which leaves room on a line of 80 columns.
const CELLS: usize = 20;
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
            cells: if facts.shows_unicode() {
                ["█", "░"]
            } else {
                ["#", "-"]
            },
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
        if let Some(Wait { shown, .. }) = &mut self.progress
            && shown.take().is_some()
        {
            let _ = stderr.write_all(CLEAR);
        }
        let _ = stderr.write_all(text.as_bytes());
    }

    fn progress(&mut self, done: Option<Progress>) {
        if !self.shows_progress {
            return;
        }
        let Some(done) = done else {
            self.err("");
            self.progress = None;
            return;
        };
        let now = Instant::now();
        let progress = self.progress.get_or_insert(Wait {
            began: now,
            shown: None,
        });
        let waited = now - progress.began;
        if waited < PATIENCE || progress.shown.is_some_and(|shown| now - shown < BEAT) {
            return;
        }
        progress.shown = Some(now);
        // It may have become narrower since.
        let width = width().map_or(usize::MAX, usize::from);
        let text = line(done, waited, self.cells);
        let text = text.into_iter().find(|text| text.chars().count() < width);
        let text = text.unwrap_or_default();
        let _ = io::stderr()
            .lock()
            .write_all(&[CLEAR, text.as_bytes()].concat());
    }

    fn closed(&self) -> bool {
        self.closed
    }

    fn input(&mut self) -> Incoming {
        Incoming {
            bytes: Box::new(io::stdin()),
            size: stdin_size(),
        }
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

/// How far a batch is, in words, and as a bar where it is known how much there is; then shorter
/// and shorter, for whoever has less room.
fn line(done: Progress, waited: Duration, [full, empty]: [&str; 2]) -> Vec<String> {
    let rate = u128::from(done.lines) * 1000 / waited.as_millis().max(1);
    let count = format!("{} lines", done.lines);
    let words = format!("{count}, {rate} a second");
    let (bytes, all) = done.bytes;
    let Some(all) = all.filter(|all| *all > 0) else {
        return vec![words, count];
    };
    let bytes = u128::from(bytes.min(all));
    let share = |of: usize| usize::try_from(bytes * of as u128 / u128::from(all)).unwrap_or(of);
    let cells = share(CELLS);
    let bar: String = (0..CELLS)
        .map(|at| if at < cells { full } else { empty })
        .collect();
    let share = format!("{:>3} %", share(100));
    vec![
        format!("{bar} {share}, {words}"),
        format!("{bar} {share}, {count}"),
        format!("{bar} {share}"),
        share,
    ]
}

/// The columns of the terminal that is standard error.
#[cfg(unix)]
fn width() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    Some(size.ws_col).filter(|width| *width > 0)
}

#[cfg(not(unix))]
fn width() -> Option<u16> {
    None
}

/// How much is left to be read of standard input, where that is a plain file.
#[cfg(unix)]
fn stdin_size() -> Option<u64> {
    let about = rustix::fs::fstat(io::stdin()).ok()?;
    let is_file = rustix::fs::FileType::from_raw_mode(about.st_mode).is_file();
    let at = rustix::fs::tell(io::stdin()).ok()?;
    let size = u64::try_from(about.st_size).ok().filter(|_| is_file)?;
    Some(size.saturating_sub(at))
}

#[cfg(not(unix))]
fn stdin_size() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;

    #[test]
    fn a_bar_where_it_is_known_how_much_there_is() {
        #[rustfmt::skip]
        let cases = [
            // bytes, of all,     what is shown
            (5,  None,            "7 lines, 3 a second"),
            (0,  Some(0),         "7 lines, 3 a second"),
            (0,  Some(1000),      "--------------------   0 %, 7 lines, 3 a second"),
            (399,  Some(1000),    "#######-------------  39 %, 7 lines, 3 a second"),
            (999,  Some(1000),    "###################-  99 %, 7 lines, 3 a second"),
            (1000, Some(1000),    "#################### 100 %, 7 lines, 3 a second"),
            // It has grown since.
            (2000, Some(1000),    "#################### 100 %, 7 lines, 3 a second"),
        ];
        for (bytes, all, want) in cases {
            let done = Progress {
                lines: 7,
                bytes: (bytes, all),
            };
            let got = line(done, Duration::from_secs(2), ["#", "-"]);
            assert_eq!(got[0], want);
            assert!(got.is_sorted_by_key(|text| Reverse(text.len())), "{got:?}");
        }
    }
}
