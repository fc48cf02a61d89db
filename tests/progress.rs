//! A person at a terminal sees how far a batch is; nobody else does.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of the program at a real terminal"
)]

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

const SECRET: &str = "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d";

/// A terminal: where a person sits, and where a program writes.
fn terminal() -> (OwnedFd, File) {
    terminal_of(80)
}

/// One of so many columns.
fn terminal_of(columns: u16) -> (OwnedFd, File) {
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&person, size).unwrap();
    let name = ptsname(&person, Vec::new()).unwrap();
    let mut both = File::options();
    both.read(true).write(true);
    (person, both.open(name.to_str().unwrap()).unwrap())
}

/// What comes to a terminal until nobody holds it any more.
fn seen(person: OwnedFd) -> String {
    let mut text = Vec::new();
    let mut person = File::from(person);
    let mut block = [0; 1024];
    // The last reader of a terminal is told of its end by an error.
    while let Ok(length @ 1..) = person.read(&mut block) {
        text.extend_from_slice(&block[..length]);
    }
    String::from_utf8(text).unwrap()
}

/// Judges three lines, with a pause of more than a second before the last but one.
fn judge_slowly(options: &[&str], out: Stdio, err: Stdio) -> String {
    let home = tempfile::tempdir().unwrap();
    let key = home.path().join("key");
    fs::write(&key, SECRET).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
        .args(["verify", "--batch", "--key"])
        .arg(format!("file:{}", key.display()))
        .args(options)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(out)
        .stderr(err)
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"a\n").unwrap();
    std::thread::sleep(Duration::from_millis(1300));
    input.write_all(b"b\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    input.write_all(b"c\n").unwrap();
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    String::from_utf8(ended.stderr).unwrap()
}

#[test]
fn lines_and_their_rate_stand_on_one_line_that_goes_away() {
    let (person, program) = terminal();
    judge_slowly(&[], Stdio::null(), program.into());
    let seen = seen(person);
    let shown = "\r\u{1b}[K2 lines, ";
    let (before, after) = seen.split_once(shown).unwrap_or_else(|| panic!("{seen:?}"));
    // Whoever waits for less than a second is shown nothing.
    assert!(!before.contains("lines, "), "{seen:?}");
    let (rate, after) = after.split_once(" a second").unwrap();
    assert!(matches!(rate.parse(), Ok(0..=2)), "{seen:?}");
    let (_, last) = after.rsplit_once("\r\u{1b}[K").unwrap();
    assert!(last.starts_with("0 good, 3 refused"), "{seen:?}");
}

#[test]
fn a_plain_file_has_a_bar() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    fs::write(path("key"), SECRET).unwrap();
    fs::set_permissions(path("key"), Permissions::from_mode(0o600)).unwrap();
    let line = format!("{}\n", "a".repeat(200));
    fs::write(path("lines"), line.repeat(1000)).unwrap();
    // A file that a shell opened is one, too. Who reads the answers is slow.
    for from in ["-", "file:lines"] {
        let (person, program) = terminal();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
            .args(["verify", "--batch", "--json", from, "--key", "file:key"])
            .env_clear()
            .env("HOME", home.path())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(home.path())
            .stdin(File::open(path("lines")).unwrap())
            .stdout(Stdio::piped())
            .stderr(program)
            .spawn()
            .unwrap();
        let mut answers = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut block = vec![0; 20_000];
            while answers.read(&mut block).unwrap() > 0 {
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        let seen = seen(person);
        reader.join().unwrap();
        child.wait().unwrap();
        let shares = seen.split("\r\u{1b}[K").filter_map(|shown| {
            let (bar, rest) = shown.split_once(' ')?;
            let (share, rest) = rest.trim_start().split_once(" %, ")?;
            assert!(rest.ends_with(" a second"), "{seen:?}");
            let share: usize = share.parse().unwrap();
            assert_eq!(bar.chars().count(), 20, "{seen:?}");
            assert_eq!(bar.matches('█').count(), share / 5, "{seen:?}");
            Some(share)
        });
        let shares: Vec<usize> = shares.collect();
        assert!(!shares.is_empty() && shares.is_sorted(), "{from}: {seen:?}");
        assert!(shares.iter().all(|share| *share <= 100), "{seen:?}");
    }
}

#[test]
fn it_fits_the_terminal() {
    for (columns, want) in [(40, "2 lines, "), (15, "2 lines"), (5, "")] {
        let (person, program) = terminal_of(columns);
        judge_slowly(&[], Stdio::null(), program.into());
        let seen = seen(person);
        let (_, after) = seen.split_once("\r\u{1b}[K").unwrap();
        let (shown, _) = after.split_once("\r\u{1b}[K").unwrap();
        let is_whole = shown == want || columns == 40 && shown.starts_with(want);
        assert!(
            is_whole && shown.len() < columns.into(),
            "{columns}: {seen:?}"
        );
    }
}

#[test]
fn nobody_else_is_shown_it() {
    let bare = |text: &str| !text.contains('\u{1b}') && !text.contains("lines, ");
    let piped = judge_slowly(&[], Stdio::null(), Stdio::piped());
    assert!(bare(&piped), "{piped:?}");

    let (person, program) = terminal();
    judge_slowly(&["-q"], Stdio::null(), program.into());
    let quiet = seen(person);
    assert!(bare(&quiet), "{quiet:?}");

    // The answers themselves are on the screen.
    let (person, program) = terminal();
    let out = program.try_clone().unwrap();
    judge_slowly(&[], out.into(), program.into());
    let both = seen(person);
    assert!(bare(&both) && both.contains("malformed"), "{both:?}");
}
