//! Two real runs at one manifest: what changes a place by itself waits for a rotation, and then
//! finds what that has left.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real processes"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;

const MANIFEST: &str = r#"key = "dotenv:.env#K"
previous = "dotenv:.env#K_PREVIOUS"

[[token]]
sub = "a"
to = ["file:a.jwt", "claude-code:user/a"]
"#;

fn spawn(line: &str, home: &Path) -> (Child, BufReader<ChildStderr>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
        .args(line.split(' '))
        .env_clear()
        .env("HOME", home)
        .current_dir(home.join("w"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    (child, said)
}

/// Reads until a line has these words; what was said before it.
fn until(words: &str, said: &mut BufReader<ChildStderr>) {
    let mut all = String::new();
    while !all.contains(words) {
        let read = said.read_line(&mut all).unwrap();
        assert_ne!(read, 0, "it ended without `{words}`: {all}");
    }
}

fn ends((mut child, mut said): (Child, BufReader<ChildStderr>), line: &str) {
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success(), "{line}: {rest}");
}

fn run(line: &str, home: &Path) {
    ends(spawn(line, home), line);
}

/// A rotation is held where it writes a config, by the lock of the client.
#[test]
fn who_writes_a_place_of_the_manifest_comes_after_a_rotation() {
    #[rustfmt::skip]
    let cases = [
        // line                                       what the place holds then
        ("issue --sub a --to file:a.jwt",             Some("verify file:a.jwt --iss mcpjwt")),
        ("install --opaque file:o --to file:a.jwt",   Some("install --opaque file:a.jwt --to file:o2")),
        ("uninstall file:a.jwt",                      None),
    ];
    thread::scope(|scope| {
        for (line, then) in cases {
            scope.spawn(move || {
                let home = tempfile::tempdir().unwrap();
                let home = home.path();
                let room = home.join("w");
                fs::create_dir(&room).unwrap();
                fs::write(room.join("mcpjwt.toml"), MANIFEST).unwrap();
                fs::write(room.join("o"), "sk-1").unwrap();
                let config = home.join(".claude.json");
                let entry = r#"{"mcpServers": {"a": {"type": "http", "url": "https://a.b"}}}"#;
                fs::write(&config, entry).unwrap();
                run("secret generate --to dotenv:.env#K", home);
                run("trust --yes", home);
                run("sync", home);
                let lock = home.join(".claude.json.lock");
                fs::create_dir(&lock).unwrap();

                let mut rotation = spawn("rotate-secret --reissue", home);
                until("keeps it locked", &mut rotation.1);
                let mut other = spawn(line, home);
                until("another mcpjwt is at work on", &mut other.1);
                fs::remove_dir(&lock).unwrap();
                ends(rotation, "rotate-secret --reissue");
                ends(other, line);

                match then {
                    Some(then) => run(then, home),
                    None => assert!(!room.join("a.jwt").exists()),
                }
                if line.starts_with("install") {
                    let held = fs::read_to_string(room.join("a.jwt")).unwrap();
                    assert_eq!(held.trim(), "sk-1");
                }
                run("verify claude-code:user/a", home);
            });
        }
    });
}
