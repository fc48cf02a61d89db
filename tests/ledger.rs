//! A ledger that has grown for years.
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
