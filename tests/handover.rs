//! `headers` and `exec` of the real program: started with next to nothing, and what they leave
//! to the program that takes over.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test of the real program"
)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mcpjwt");
const SECRET: &str = "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d";

/// A folder with a key and a manifest that needs no trust, and nothing else of ours.
struct Room(TempDir);

impl Room {
    fn new(key: &str) -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        room.write("k", SECRET);
        room.write(
            "mcpjwt.toml",
            &format!("key = \"{key}\"\nprevious = \"env:H_PREVIOUS\"\n[[token]]\nsub = \"a\"\n"),
        );
        room
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// `mcpjwt exec`, with a home of its own and a key in a variable.
    fn exec(&self, options: &[&str], program: &[&str]) -> Command {
        let mut command = bare(PROGRAM);
        command
            .env("PATH", "/usr/bin:/bin")
            .env("MCPJWT_HOME", self.path("home"))
            .env("MCPJWT_KEY", "env:H_OTHER")
            .env("H_KEY", SECRET)
            .env("H_PREVIOUS", SECRET)
            .env("H_OTHER", SECRET)
            .env("KEPT", "yes")
            .args(["-m", &self.path("mcpjwt.toml"), "exec", "a"])
            .args(options)
            .arg("--")
            .args(program);
        command
    }
}

/// A program in `/`, with nothing in its environment but where programs are.
fn bare(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir("/").stdin(Stdio::null());
    if program != PROGRAM {
        command.env("PATH", "/usr/bin:/bin");
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The token in what was printed.
fn token(output: &Output) -> String {
    let text = text(&output.stdout);
    let at = text.find("eyJ").unwrap_or_else(|| panic!("{output:?}"));
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text[at..].chars().take_while(|c| is_part(*c)).collect()
}

#[test]
fn a_helper_runs_from_the_root_with_an_empty_environment() {
    let room = Room::new("file:k");
    let key = format!("--key=file:{}", room.path("k"));
    let manifest = room.path("mcpjwt.toml");
    let lines: [&[&str]; 2] = [
        &[
            "headers",
            "a",
            &key,
            "--iss=i",
            "--aud=https://x",
            "--no-manifest",
        ],
        &["-m", &manifest, "headers", "a"],
    ];
    for line in lines {
        let output = bare(PROGRAM).args(line).output().unwrap();
        assert!(output.status.success(), "{line:?}: {output:?}");
        let token = token(&output);
        assert_eq!(
            text(&output.stdout),
            format!("{{\"Authorization\":\"Bearer {token}\"}}\n")
        );
        assert!(text(&output.stderr).starts_with("warning: there is no folder for the ledger"));
        let verify = ["verify", &token, &key, "--no-manifest"];
        let verdict = bare(PROGRAM).args(verify).output().unwrap();
        assert!(verdict.status.success(), "{verdict:?}");
    }
}

#[test]
fn the_program_finds_the_token_and_nothing_else_has_changed() {
    let room = Room::new("env:H_KEY");
    let output = room.exec(&["--env", "VAR"], &["env"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let token = token(&output);
    let mut lines: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "KEPT=yes".to_owned(),
            "PATH=/usr/bin:/bin".to_owned(),
            format!("VAR={token}")
        ]
    );
    assert_eq!(text(&output.stderr), "");
    // It is in no argument, and in no file that was left.
    let script = "tr '\\0' ' ' < /proc/$$/cmdline; find \"$1\" -type f -exec cat {} +";
    let home = room.path("");
    let output = room
        .exec(&[], &["sh", "-c", script, "sh", &home])
        .output()
        .unwrap();
    assert!(
        text(&output.stdout).contains("\"event\":\"issued\""),
        "{output:?}"
    );
    assert!(!text(&output.stdout).contains("eyJ"), "{output:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_process_becomes_the_program_as_if_nothing_had_been_before() {
    let room = Room::new("env:H_KEY");
    // Signals, limits, descriptors and what the kernel lets others see.
    let script = "grep -E '^(SigBlk|SigIgn|SigCgt|NoNewPrivs|CoreDumping)' /proc/self/status
        ulimit -S -c; ulimit -H -c
        ls /proc/self/fd | tr '\\n' ' '
        stat -c %u /proc/self/environ
        cat";
    for limit in ["0", "$(ulimit -H -c)"] {
        let under = format!("ulimit -S -c {limit}; exec \"$@\"");
        let direct = bare("sh")
            .args(["-c", &under, "sh", "sh", "-c", script])
            .output()
            .unwrap();
        let through = room.exec(&[], &["sh", "-c", script]);
        let mut limited = bare("sh");
        limited
            .args(["-c", &under, "sh"])
            .arg(through.get_program());
        limited.args(through.get_args());
        limited.envs(
            through
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let through = limited.output().unwrap();
        assert!(through.status.success(), "{through:?}");
        assert_eq!(text(&through.stdout), text(&direct.stdout), "{limit}");
    }
    // The same process: what waits for it waits for the program.
    let mut child = room
        .exec(&[], &["sh", "-c", "echo $$"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout), format!("{pid}\n"));
    // And its input is the program's.
    child = room
        .exec(&[], &["cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"for it\n").unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout), "for it\n");
}

#[test]
fn the_exit_code_is_the_programs_or_says_why_there_was_none() {
    let room = Room::new("env:H_KEY");
    let plain = room.path("k");
    #[rustfmt::skip]
    let cases: [(&[&str], &[&str], i32); 6] = [
        // options              program                     code
        (&[],                   &["sh", "-c", "exit 7"],    7),
        (&[],                   &["true"],                  0),
        (&[],                   &["no-such-program-here"],  127),
        (&[],                   &[&plain],                  126),
        (&["--key=file:gone"],  &["true"],                  125),
        (&["--nonsense"],       &["true"],                  125),
    ];
    for (options, program, code) in cases {
        let output = room.exec(options, program).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{program:?}: {output:?}");
        assert_eq!(text(&output.stdout), "", "{program:?}");
        let told = text(&output.stderr).starts_with("error: ");
        assert_eq!(told, code >= 125, "{program:?}: {output:?}");
    }
    let killed = room.exec(&[], &["sh", "-c", "kill -TERM $$"]).output();
    assert_eq!(killed.unwrap().status.signal(), Some(15));
}
