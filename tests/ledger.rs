//! A ledger that has grown for years, and one that can have no file.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test starts a program and reads what it wrote"
)]

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn one_of_17_mib_is_read() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let mut lines = String::new();
    let sub = "s".repeat(4 << 10);
    while lines.len() <= 17 << 20 {
        let number = lines.len();
        let line = format!(
            r#"{{"version":1,"at":1763784000,"event":"issued","jti":"{number}","sub":"{sub}","iss":"mcpjwt","aud":["mcp"],"kid":"k","iat":1763783995,"exp":1763870400}}"#
        );
        writeln!(lines, "{line}").unwrap();
    }
    let count = lines.lines().count();
    fs::write(home.join("ledger.jsonl"), lines).unwrap();
    for (args, want) in [
        (&["log", "--stats"][..], format!("{count}")),
        (&["status"], String::new()),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
            .args(args)
            .env_clear()
            .env("MCPJWT_HOME", home)
            .current_dir(home)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{args:?}: {said}");
        let shown = String::from_utf8_lossy(&done.stdout);
        assert!(shown.contains(&want), "{args:?}: {shown:.300}");
    }
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
            let done = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
                .args(line.split(' '))
                .env_clear()
                .env(at, home.join(folder))
                .current_dir(home)
                .stdin(Stdio::null())
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
