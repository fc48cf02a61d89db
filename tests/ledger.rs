//! A ledger that has grown for years, one that can grow no further, and one that can have no file.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts a program and reads what it wrote"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const MCPJWT: &str = env!("CARGO_BIN_EXE_mcpjwt");

/// This program in this folder, where its home is too, with nothing on standard input.
fn at_home(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("MCPJWT_HOME", home)
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

/// The record of a token, a line.
fn issued(number: usize, sub: &str) -> String {
    format!(
        r#"{{"version":1,"at":1763784000,"event":"issued","jti":"{number}","sub":"{sub}","iss":"mcpjwt","aud":["mcp"],"kid":"k","iat":1763783995,"exp":1763870400}}"#
    )
}

#[test]
fn one_of_17_mib_is_read() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let mut lines = String::new();
    let sub = "s".repeat(4 << 10);
    while lines.len() <= 17 << 20 {
        let number = lines.len();
        writeln!(lines, "{}", issued(number, &sub)).unwrap();
    }
    let count = lines.lines().count();
    fs::write(home.join("ledger.jsonl"), lines).unwrap();
    for (args, want) in [
        (&["log", "--stats"][..], format!("{count}")),
        (&["status"], String::new()),
    ] {
        let done = at_home(MCPJWT, home).args(args).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{args:?}: {said}");
        let shown = String::from_utf8_lossy(&done.stdout);
        assert!(shown.contains(&want), "{args:?}: {shown:.300}");
    }
}

/// The ids in these lines.
fn ids(lines: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(lines);
    let id = |line: &str| {
        let (_, behind) = line.split_once(r#""jti":""#)?;
        Some(behind.split('"').next()?.to_owned())
    };
    text.lines().filter_map(id).collect()
}

/// Where the file may grow no further a run gets an error, and takes a line that was cut out again,
/// or a signal, which ends it in the midst of a line.
#[test]
fn a_batch_ends_where_its_records_do() {
    const LINES: usize = 4000;
    for (signal, code) in [("trap '' XFSZ;", Some(4)), ("", None)] {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        fs::write(home.join("k"), "2f0c9c1b7d4e8a6355d1e0f9a8b7c6d5").unwrap();
        fs::write(home.join("subs"), "client\n".repeat(LINES)).unwrap();
        // In blocks of 512 bytes: about half of what the records of all take.
        let limit = format!("{signal} ulimit -f 1000; exec \"$@\"");
        let run = |before: &[&str], line: &str, stdin: Stdio| {
            let mut words = before.to_vec();
            words.push(MCPJWT);
            words.extend(line.split(' '));
            let mut command = at_home(words[0], home);
            command.args(&words[1..]).stdin(stdin).output().unwrap()
        };
        let line = "issue --from subs --record-each --key file:k";
        let done = run(&["/bin/sh", "-c", &limit, "sh"], line, Stdio::null());
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), code, "{said}");
        fs::write(home.join("tokens"), &done.stdout).unwrap();
        let tokens = fs::File::open(home.join("tokens")).unwrap();
        let judged = run(&[], "verify --batch --key file:k --json", tokens.into());
        let left = ids(&judged.stdout);
        assert!(judged.status.success() && (512..LINES).contains(&left.len()));
        let ledger = fs::read(home.join("ledger.jsonl")).unwrap();
        let end = ledger.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        assert!(code.is_none() || end == ledger.len(), "a line is torn");
        let recorded: BTreeSet<String> = ids(&ledger[..end]).into_iter().collect();
        for id in &left {
            assert!(recorded.contains(id), "{id} is not on record: {said}");
        }
        // Whoever comes next finds a ledger to read and to add to.
        let next = run(&[], "issue -q --sub z --key file:k", Stdio::null());
        let log = run(&[], "log --stats", Stdio::null());
        let said = String::from_utf8_lossy(&log.stderr);
        assert!(next.status.success() && log.status.success(), "{said}");
        assert!(code.is_none() || said.is_empty(), "{said}");
    }
}

/// What only counts keeps no records: these would take twice as much.
#[cfg(target_os = "linux")]
#[test]
fn a_long_one_is_counted_in_little_memory() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let mut lines = String::new();
    for number in 0..150_000 {
        writeln!(lines, "{}", issued(number, "s")).unwrap();
    }
    fs::write(home.join("ledger.jsonl"), lines).unwrap();
    let done = at_home("/bin/sh", home)
        .args(["-c", "ulimit -v 65536; exec \"$0\" log --stats", MCPJWT])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let shown = String::from_utf8_lossy(&done.stdout);
    assert!(shown.contains("150000"), "{shown:.300}");
}

/// No file is below what is no folder, so nothing is known and nothing was revoked.
#[test]
fn where_the_state_folder_can_be_none_the_record_is_left_out() {
    const KEY: &str = "K=2f0c9c1b7d4e8a6355d1e0f9a8b7c6d5\n";
    #[rustfmt::skip]
    let lines = [
        // line                                                    code     without a record
        ("issue -q --sub a --key dotenv:k#K",                      Some(0), Some(0)),
        ("issue -q --sub a --key dotenv:k#K --to dotenv:env#T",    Some(4), Some(0)),
        ("refresh -q dotenv:env#T --key dotenv:k#K",               Some(4), Some(0)),
        ("install -q dotenv:env#T --to file:t",                    Some(4), Some(0)),
        ("uninstall -q file:t",                                    Some(0), Some(0)),
    ];
    for (stands, at) in [("state", "HOME"), ("home", "MCPJWT_HOME")] {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        fs::create_dir_all(home.join(".local")).unwrap();
        fs::write(home.join(".local/state"), "").unwrap();
        fs::write(home.join("home"), "").unwrap();
        fs::write(home.join("k"), KEY).unwrap();
        fs::write(home.join("env"), "T=\n").unwrap();
        let folder = if stands == "home" { "home/in" } else { "" };
        let run = |line: &str| {
            let done = at_home(MCPJWT, home)
                .env_remove("MCPJWT_HOME")
                .env(at, home.join(folder))
                .args(line.split(' '))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            (done.status.code(), said)
        };
        for (line, code, without) in lines {
            let (got, said) = run(line);
            assert_eq!(got, code, "{stands} {line}: {said}");
            if line.starts_with("issue") || code == Some(4) {
                assert!(
                    said.contains("add `--no-record`"),
                    "{stands} {line}: {said}"
                );
            }
            let (got, said) = run(&format!("{line} --no-record"));
            assert_eq!(got, without, "{stands} {line} --no-record: {said}");
        }
    }
}
