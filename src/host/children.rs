//! Running a `cmd:` place, and handing over to another program.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Children, Exec};
use crate::error::{Code, Error};
use crate::host::files::why;
use crate::secret::Secret;

const LIMIT: usize = 1 << 20;
const WAIT: Duration = Duration::from_secs(30);

/// The programs of the machine.
pub struct RealChildren;

impl Children for RealChildren {
    fn output(&mut self, command: &str, folder: &Path, hidden: &[&str]) -> Result<Secret, Error> {
        run(shell(command).current_dir(folder), hidden, WAIT)
    }

    fn find(&mut self, name: &str) -> Option<PathBuf> {
        let path = std::env::var_os("PATH")?;
        let folders: Vec<PathBuf> = std::env::split_paths(&path)
            .filter(|folder| folder.is_absolute())
            .collect();
        program(name, &folders)
    }

    fn replace(&mut self, exec: &Exec) -> Result<u8, Error> {
        let Some((name, arguments)) = exec.program.split_first() else {
            return Err(Error::usage("there is no program to run"));
        };
        let mut program = Command::new(name);
        program.args(arguments);
        for name in &exec.unset {
            program.env_remove(name);
        }
        for (name, value) in &exec.set {
            program.env(name, value.expose_str().unwrap_or_default());
        }
        let shown = name.to_string_lossy();
        hand_over(program).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::new(
                Code::CommandMissing,
                format!("cannot run `{shown}`: there is no such program"),
            )
            .hint("see whether it is installed, and on `PATH`"),
            _ => Error::new(
                Code::CommandUnusable,
                format!("cannot run `{shown}`: {}", why(&error)),
            ),
        })
    }
}

/// `exec` resets what Rust ignores (`SIGPIPE`) and the signals that are held back.
#[cfg(unix)]
fn hand_over(mut program: Command) -> io::Result<u8> {
    use std::os::unix::process::CommandExt;
    Err(super::process::with_core_limit(|| program.exec()))
}

#[cfg(not(unix))]
fn hand_over(mut program: Command) -> io::Result<u8> {
    let status = program.status()?;
    let code = status.code().unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(u8::MAX))
}

/// The first file of that name in these folders.
pub(super) fn program(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    folders
        .iter()
        .map(|folder| folder.join(&name))
        .find(|file| fs::metadata(file).is_ok_and(|about| about.is_file()))
}

/// Standard error is thrown away: it may quote the secret, and the hint says how
/// to see it.
fn run(program: &mut Command, hidden: &[&str], wait: Duration) -> Result<Secret, Error> {
    let end = Instant::now() + wait;
    for name in hidden {
        program.env_remove(name);
    }
    let mut child = program
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(&format!("the shell does not start: {}", why(&error))))?;

    let (send, receive) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        // Left behind when it does not come to an end: a process that the command
        // started may hold the pipe open for ever.
        thread::spawn(move || {
            let mut bytes = Vec::with_capacity(4096);
            let read = stdout.take(LIMIT as u64 + 1).read_to_end(&mut bytes);
            let _ = send.send(read.map(|_| Secret::new(bytes)));
        });
    }
    let Ok(read) = receive.recv_timeout(wait) else {
        kill(&mut child);
        return Err(timed_out(wait));
    };
    let printed = match read {
        Ok(printed) if printed.len() <= LIMIT => printed,
        Ok(_) => {
            kill(&mut child);
            return Err(failed("it printed more than 1 MiB"));
        }
        Err(error) => {
            kill(&mut child);
            return Err(failed(&why(&error)));
        }
    };
    match ended(&mut child, end) {
        None => {
            kill(&mut child);
            Err(timed_out(wait))
        }
        Some(status) if status.success() => Ok(printed),
        Some(status) => Err(failed(&match status.code() {
            Some(code) => format!("it ended with exit code {code}"),
            None => "it was killed by a signal".into(),
        })),
    }
}

/// Waits for a child that has closed its standard output; `None` when it has not ended by then.
pub(super) fn ended(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(50);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= end {
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn timed_out(wait: Duration) -> Error {
    failed(&format!("it did not end within {} s", wait.as_secs()))
}

// The command itself may hold a secret, so it is not repeated.
fn failed(reason: &str) -> Error {
    Error::new(
        Code::CommandFailed,
        format!("a `cmd:` place failed: {reason}"),
    )
    .hint("run the command by itself to see what it says")
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut program = Command::new("sh");
    program.arg("-c").arg(command);
    of_its_own_group(&mut program);
    program
}

/// So that all it starts can be killed with it.
pub(super) fn of_its_own_group(program: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(program, 0);
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut program = Command::new("cmd");
    program.arg("/C").arg(command);
    program
}

/// Ends a child and all that it started.
pub(super) fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn output_is_what_was_printed() {
        #[rustfmt::skip]
        let cases = [
            // command                                 prints or message
            ("printf secret",                          Ok("secret")),
            ("cat; echo a; echo b >&2",                Ok("a\n")),
            ("pwd",                                    Ok("/\n")),
            ("echo a | cat",                           Ok("a\n")),
            ("echo \"[$PATH_HIDDEN_HERE]$HOME_GONE\"", Ok("[]\n")),
            ("echo hunter2; exit 3",                   Err("a `cmd:` place failed: it ended with exit code 3")),
            ("kill -9 $$",                             Err("a `cmd:` place failed: it was killed by a signal")),
            ("no-such-program-here",                   Err("a `cmd:` place failed: it ended with exit code 127")),
            ("head -c 1048577 /dev/zero",              Err("a `cmd:` place failed: it printed more than 1 MiB")),
            ("yes",                                    Err("a `cmd:` place failed: it printed more than 1 MiB")),
        ];
        for (command, want) in cases {
            let got = RealChildren.output(command, Path::new("/"), &[]);
            let got = got
                .as_ref()
                .map(|secret| secret.expose_str().unwrap_or("?"));
            let got = got.map_err(|error| error.message.as_str());
            assert_eq!(got, want, "{command}");
        }
    }

    #[test]
    fn a_program_that_cannot_take_over_is_told_apart_from_none() {
        #[rustfmt::skip]
        let cases = [
            ("no-such-program-here",  Code::CommandMissing,   "cannot run `no-such-program-here`: there is no such program"),
            ("/no/such/program",      Code::CommandMissing,   "cannot run `/no/such/program`: there is no such program"),
            ("/dev/null",             Code::CommandUnusable,  "cannot run `/dev/null`: permission denied"),
        ];
        for (name, code, message) in cases {
            let exec = Exec {
                program: vec![name.into(), "x".into()],
                set: Vec::new(),
                unset: Vec::new(),
            };
            let error = RealChildren.replace(&exec).unwrap_err();
            assert_eq!((error.code, error.message.as_str()), (code, message));
        }
    }

    #[test]
    fn a_hidden_variable_is_not_inherited() {
        let printed = RealChildren.output("echo ${PATH:-none}", Path::new("/"), &["PATH"]);
        // The shell may put a default of its own there, but never ours.
        let ours = std::env::var("PATH").unwrap_or_default();
        assert_ne!(printed.unwrap().expose_str().unwrap().trim(), ours);
    }

    #[test]
    fn a_command_that_hangs_is_killed_with_all_it_started() {
        let marker = format!("4{}", std::process::id());
        let begun = Instant::now();
        for command in [
            format!("sleep {marker} | sleep {marker}"),
            format!("sleep {marker} & exit 0"),
            format!("exec >&-; sleep {marker}"),
        ] {
            let error = run(&mut shell(&command), &[], Duration::from_secs(1)).unwrap_err();
            assert_eq!(
                error.message, "a `cmd:` place failed: it did not end within 1 s",
                "{command}"
            );
        }
        assert!(begun.elapsed() < Duration::from_secs(5));
        thread::sleep(Duration::from_millis(100));
        let left = run(
            &mut shell(&format!("pgrep -f 'sleep {marker}$' || true")),
            &[],
            WAIT,
        );
        assert_eq!(left.unwrap().expose_str(), Some(""));
    }
}
