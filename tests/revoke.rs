//! `mcpjwt revoke` and its list in the real world: many at once, a real Redis.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test starts programs and reads what they wrote"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

/// Runs the program in a home of its own.
fn mcpjwt(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpjwt"));
    command
        .args(args)
        .env_clear()
        .env("MCPJWT_HOME", home)
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn good(home: &Path, args: &[&str]) -> Output {
    let done = mcpjwt(home, args).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{args:?}: {said}");
    done
}

fn issue(home: &Path, sub: &str) -> String {
    let done = good(home, &["issue", "-q", "--sub", sub]);
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

#[test]
fn of_64_at_once_all_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    good(home, &["secret", "generate"]);
    let each = |line: &dyn Fn(usize) -> Vec<String>| {
        let started: Vec<Child> = (0..64)
            .map(|number| {
                let words = line(number);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                mcpjwt(home, &words).spawn().unwrap()
            })
            .collect();
        for one in started {
            let done = one.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(done.status.success(), "{said}");
        }
    };
    let words = |text: String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    each(&|number| words(format!("issue --sub s{number}")));
    each(&|number| words(format!("revoke --jti j{number}")));
    let log = good(home, &["log", "--json"]);
    let log = String::from_utf8(log.stdout).unwrap();
    assert!(log.contains("\"damaged\": []"), "{log}");
    let list = good(home, &["revoke", "--list"]);
    let list = String::from_utf8(list.stdout).unwrap();
    for number in 0..64 {
        assert!(log.contains(&format!("\"sub\": \"s{number}\"")), "{number}");
        let row = format!("  j{number}, mcpjwt\n");
        assert!(list.contains(&row), "{number}: {list}");
    }
    assert_eq!(log.matches("\"event\": \"issued\"").count(), 64);
    assert_eq!(log.matches("\"event\": \"revoked\"").count(), 64);
}

#[test]
fn what_is_recorded_is_seen_by_who_follows() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    good(home, &["secret", "generate"]);
    let mut follower = mcpjwt(home, &["log", "--follow", "--json"])
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    for sub in ["a", "b", "c"] {
        issue(home, sub);
        let line = lines.next().unwrap().unwrap();
        assert!(line.contains(&format!("\"sub\":\"{sub}\"")), "{line}");
    }
    // The end of a batch puts its record into a new file.
    let mut batch = mcpjwt(home, &["issue", "-q", "--from", "-"]);
    let mut batch = batch.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = batch.stdin.take().unwrap();
    input.write_all(b"x\n").unwrap();
    let begun = lines.next().unwrap().unwrap();
    assert!(begun.contains("\"count\":null"), "{begun}");
    input.write_all(b"y\n").unwrap();
    drop(input);
    batch.wait().unwrap();
    let ended = lines.next().unwrap().unwrap();
    assert!(ended.contains("\"count\":2"), "{ended}");
    issue(home, "after");
    let after = lines.next().unwrap().unwrap();
    assert!(after.contains("\"sub\":\"after\""), "{after}");
    // Nobody reads any more: the next record ends it, quietly.
    drop(lines);
    issue(home, "d");
    let done = follower.wait_with_output().unwrap();
    assert!(done.status.success());
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
}

/// A server of our own, taken down at the end.
struct Redis {
    child: Child,
    port: u16,
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Redis {
    fn start(password: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args([
                "--save",
                "",
                "--appendonly",
                "no",
                "--requirepass",
                password,
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        Self { child, port }
    }

    /// What the server answers to lines, as a server library would ask it.
    fn ask(&self, lines: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(lines.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
#[ignore = "needs redis-server: tests/run ignored"]
fn a_server_that_asks_redis_finds_it_on_the_blacklist() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let redis = Redis::start("hunter2");
    let port = redis.port;
    good(home, &["secret", "generate"]);
    let token = issue(home, "a");
    let url = format!("redis://127.0.0.1:{port}/0");
    // It demands a password, which a place may hold: the list is written all the same.
    let done = mcpjwt(home, &["revoke", &token, "--redis", &url])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(4), "{said}");
    assert!(said.contains("it demands a password"), "{said}");
    let verify = mcpjwt(home, &["verify", &token]).output().unwrap();
    assert_eq!(verify.status.code(), Some(1));

    let url = format!("redis://:hunter2@127.0.0.1:{port}/0");
    let mut revoke = mcpjwt(home, &["revoke", &token, "--redis", "env:REDIS_URL"]);
    let done = revoke.env("REDIS_URL", url).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    let answer = redis.ask(&format!(
        "AUTH hunter2\r\nEXISTS blacklist:{token}\r\nTTL blacklist:{token}\r\nGET blacklist:{token}\r\nDBSIZE\r\n"
    ));
    let answers: Vec<&str> = answer.lines().collect();
    assert_eq!(answers[..2], ["+OK", ":1"], "{answer}");
    let left: i64 = answers[2].trim_start_matches(':').parse().unwrap();
    assert!((86_000..=86_400).contains(&left), "{left}");
    assert_eq!(answers[3..], ["$1", "1", ":2"], "{answer}");

    // Of a run the id of each line, in more commands than are sent at once.
    let lines = (0..2500).fold(String::new(), |lines, number| {
        lines + &format!("{number}\n")
    });
    fs::write(home.join("subs"), lines).unwrap();
    let tokens = good(home, &["issue", "-q", "--from", "subs"]).stdout;
    let last = String::from_utf8(tokens).unwrap();
    let last = last.lines().last().unwrap().to_owned();
    let shown = good(home, &["decode", &last, "--json"]).stdout;
    let shown = String::from_utf8(shown).unwrap();
    let id = shown.split("\"jti\": \"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let url = format!("redis://:hunter2@127.0.0.1:{port}/0");
    let mut revoke = mcpjwt(home, &["revoke", "--run", id, "--redis", "env:REDIS_URL"]);
    let done = revoke.env("REDIS_URL", url).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("wrote 2500 keys"), "{said}");
    let answer = redis.ask(&format!(
        "AUTH hunter2\r\nEXISTS blacklist:{id}\r\nDBSIZE\r\n"
    ));
    assert_eq!(answer, "+OK\r\n:1\r\n:2502\r\n");
}

/// What a batch answers, to the last of the first lines and to those that came of what was done
/// then, and its exit code.
fn answers(home: &Path, args: &[&str], first: &str, between: &dyn Fn() -> String) -> (String, i32) {
    let mut batch = mcpjwt(home, args).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = batch.stdin.take().unwrap();
    let mut output = BufReader::new(batch.stdout.take().unwrap());
    input.write_all(first.as_bytes()).unwrap();
    let mut answer = String::new();
    for _ in first.lines() {
        answer.clear();
        output.read_line(&mut answer).unwrap();
    }
    let second = between();
    // Lists and keys are looked at once a second.
    thread::sleep(Duration::from_millis(1100));
    input.write_all(second.as_bytes()).unwrap();
    drop(input);
    output.read_to_string(&mut answer).unwrap();
    (answer, batch.wait().unwrap().code().unwrap())
}

#[test]
fn a_batch_learns_of_what_is_revoked_while_it_runs() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    good(home, &["secret", "generate"]);
    // On one thread, and on several, which many lines at once start.
    for count in [1, 2000] {
        let token = issue(home, "x");
        let lines = format!("{token}\n").repeat(count);
        let revoke = || {
            good(home, &["revoke", &token]);
            format!("{token}\n")
        };
        let judged = answers(home, &["verify", "--batch"], &lines, &revoke);
        assert_eq!(judged.0, "ok\tx\nrevoked\tx\n", "{count}");

        let lines = "x\n".repeat(count);
        let revoke = || {
            good(home, &["revoke", "--sub", "x"]);
            "x\n".to_owned()
        };
        let (minted, _) = answers(home, &["issue", "-q", "--from", "-"], &lines, &revoke);
        for (token, code) in minted.lines().zip([1, 0]) {
            let verdict = mcpjwt(home, &["verify", token]).output().unwrap();
            assert_eq!(verdict.status.code(), Some(code), "{count}: {minted}");
        }
        assert_eq!(minted.lines().count(), 2);
    }
}

#[test]
fn a_batch_learns_of_keys_that_change_while_it_runs() {
    // On one thread, and on several.
    for count in [1, 2000] {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        good(home, &["secret", "generate"]);
        let old = issue(home, "old");
        let lines = format!("{old}\n").repeat(count);
        let rotate = || {
            good(home, &["rotate-secret", "--now", "--yes"]);
            format!("{old}\n{}\n", issue(home, "new"))
        };
        let (judged, _) = answers(home, &["verify", "--batch"], &lines, &rotate);
        assert_eq!(judged, "ok\told\nkey_not_found\t\nok\tnew\n", "{count}");

        let lines = "x\n".repeat(count);
        let mint = ["issue", "-q", "--from", "-"];
        // A staged key is no reason to stop.
        let stage = || {
            good(home, &["rotate-secret", "--stage"]);
            "x\n".to_owned()
        };
        let (minted, code) = answers(home, &mint, &lines, &stage);
        assert_eq!((minted.lines().count(), code), (2, 0), "{count}");
        let rotate = || {
            good(home, &["rotate-secret", "--now", "--yes"]);
            "x\n".to_owned()
        };
        let (minted, code) = answers(home, &mint, &lines, &rotate);
        assert_eq!((minted.lines().count(), code), (1, 4), "{count}");
    }
}
