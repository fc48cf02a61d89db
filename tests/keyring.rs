//! The keyring of the operating system, for real: run by `tests/with-keyring`.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test of the real keyring"
)]

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use mcpjwt::error::Code;
use mcpjwt::host::{Dirs, Facts, Keyring, Os, RealKeyring};
use mcpjwt::secret::Secret;

fn facts(env: Vec<(OsString, OsString)>) -> Facts {
    Facts {
        now: 0,
        clock: || 0,
        built: 0,
        local_offset: |_| 0,
        os: Os::Linux,
        dirs: Dirs {
            home: None,
            config: None,
            data: None,
            state: None,
        },
        cwd: PathBuf::from("/"),
        width: None,
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        env,
    }
}

fn keyring() -> RealKeyring {
    RealKeyring::new(&facts(std::env::vars_os().collect()))
}

/// Fails where `tests/with-keyring` has set up another kind of keyring, or nothing.
fn is_set_up_as(kind: &str) {
    let found = std::env::var("KEYRING").unwrap_or("unlocked".into());
    assert_eq!(found, kind, "see tests/with-keyring");
}

#[test]
fn without_a_bus_the_answer_is_immediate() {
    let begun = Instant::now();
    let room = tempfile::tempdir().unwrap();
    let env = vec![("XDG_RUNTIME_DIR".into(), room.path().into())];
    let error = RealKeyring::new(&facts(env))
        .get("mcpjwt", "a")
        .unwrap_err();
    assert_eq!(error.code, Code::KeyringAbsent);
    let bus = room.path().join("bus");
    assert_eq!(
        error.message,
        format!("there is no keyring: no session bus at `{}`", bus.display())
    );
    assert!(error.hint.unwrap().contains("file:PATH"));
    assert!(begun.elapsed() < Duration::from_millis(100));
}

#[test]
fn a_bus_at_a_port_is_not_trusted() {
    let address = "tcp:host=localhost,port=1".into();
    let env = vec![("DBUS_SESSION_BUS_ADDRESS".into(), address)];
    let mut keyring = RealKeyring::new(&facts(env));
    let error = keyring.get("mcpjwt", "a").unwrap_err();
    assert_eq!(error.code, Code::KeyringAbsent);
    let why = "there is no keyring: the session bus is at a TCP port, where others read along";
    assert_eq!(error.message, why);
}

/// Stops the daemon of this session meanwhile, for one test at a time.
fn while_it_hangs<T>(work: impl FnOnce() -> T) -> T {
    struct Stopped;
    impl Drop for Stopped {
        fn drop(&mut self) {
            signal("-CONT");
        }
    }
    fn signal(name: &str) {
        let daemon = std::env::var("MCPJWT_TEST_KEYRING_PID").unwrap();
        let status = Command::new("kill").args([name, &daemon]).status();
        assert!(status.unwrap().success(), "kill {name} {daemon}");
    }
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    keyring().list("mcpjwt-test").unwrap();
    signal("-STOP");
    let _stopped = Stopped;
    work()
}

/// The program itself, in a home of its own and the session of this test.
struct Program {
    home: tempfile::TempDir,
}

/// One run of it: exit code, both streams, how long it took.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
    took: Duration,
}

impl Program {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn run(&self, line: &str) -> Said {
        let begun = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcpjwt"));
        command.args(line.split(' ')).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MCPJWT_") {
                command.env_remove(name);
            }
        }
        let done = command
            .env("MCPJWT_HOME", self.home.path())
            .output()
            .unwrap();
        Said {
            code: done.status.code(),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
            took: begun.elapsed(),
        }
    }

    /// A run that has to end well; its standard output.
    fn ok(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "`mcpjwt {line}`: {}", said.err);
        said.out
    }

    /// A run that has to end with 4, an error that says this, a hint, and not a word of data.
    fn refuses(&self, line: &str, because: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(4), "`mcpjwt {line}`: {}", said.err);
        assert!(said.err.contains(because), "`mcpjwt {line}`: {}", said.err);
        assert!(said.err.contains("hint: "), "`mcpjwt {line}`: {}", said.err);
        assert_eq!(said.out, "", "`mcpjwt {line}`");
        said
    }

    /// Whether there is a key in a file: where the keyring should have been.
    fn has_key_file(&self) -> bool {
        self.home.path().join("default.jwks").exists()
    }

    /// As if the keyring had been chosen in better days.
    fn keeps_its_store_in_the_keyring(&self) {
        let record = self.home.path().join("default.store");
        std::fs::write(&record, "keyring:mcpjwt/default\n").unwrap();
        std::fs::set_permissions(&record, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::set_permissions(self.home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    }

    /// Everything that wants the keyring, first without and then with a store kept there: all
    /// of it is refused, and nothing goes into a file instead. How long each took.
    fn gets_nowhere(&self, because: &str) -> Vec<Duration> {
        let mut took = Vec::new();
        let key = self.home.path().join("key");
        self.ok(&format!("secret generate --to file:{}", key.display()));
        let key = key.display();
        for line in [
            "secret generate --store keyring".to_owned(),
            "secret generate --to keyring:mcpjwt-program/k".to_owned(),
            format!("issue --sub a --key file:{key} --to keyring:mcpjwt-program/x"),
        ] {
            took.push(self.refuses(&line, because).took);
        }
        assert!(!self.has_key_file());
        assert!(!self.home.path().join("default.store").exists());
        self.keeps_its_store_in_the_keyring();
        for line in [
            "issue --sub a",
            "issue --sub a --to file:token",
            "secret list",
            "secret generate",
        ] {
            took.push(self.refuses(line, because).took);
        }
        assert!(!self.has_key_file());
        assert!(!std::path::Path::new("token").exists());
        took
    }
}

/// Locks the collection that new items go into.
fn lock() {
    let done = Command::new("dbus-send")
        .args(["--session", "--print-reply"])
        .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .arg("org.freedesktop.Secret.Service.Lock")
        .arg("array:objpath:/org/freedesktop/secrets/collection/login")
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

mod when_unlocked {
    use super::*;

    #[test]
    #[ignore = "KEYRING=unlocked tests/with-keyring"]
    fn values_are_stored_read_listed_and_removed() {
        is_set_up_as("unlocked");
        let mut keyring = keyring();
        let service = "mcpjwt-test";
        let bytes = Secret::new((0..=255).collect());
        assert_eq!(keyring.get(service, "b").unwrap(), None);
        assert!(keyring.list(service).unwrap().is_empty());
        keyring
            .set(service, "vscode1@exai.local", &Secret::from("first"))
            .unwrap();
        keyring
            .set(service, "vscode1@exai.local", &Secret::from("second"))
            .unwrap();
        keyring.set(service, "b", &bytes).unwrap();
        keyring.set("mcpjwt-other", "c", &bytes).unwrap();
        assert_eq!(keyring.get(service, "b").unwrap(), Some(bytes));
        let got = keyring.get(service, "vscode1@exai.local").unwrap();
        assert_eq!(got, Some(Secret::from("second")));
        assert_eq!(keyring.list(service).unwrap(), ["b", "vscode1@exai.local"]);
        assert!(keyring.delete(service, "b").unwrap());
        assert!(!keyring.delete(service, "b").unwrap());
        assert_eq!(keyring.list(service).unwrap(), ["vscode1@exai.local"]);

        // What others see there is what we wrote.
        let lookup = [
            "lookup",
            "service",
            service,
            "username",
            "vscode1@exai.local",
        ];
        if let Ok(seen) = Command::new("secret-tool").args(lookup).output() {
            assert_eq!(seen.stdout, b"second");
        }
        keyring.delete(service, "vscode1@exai.local").unwrap();
        keyring.delete("mcpjwt-other", "c").unwrap();
    }

    #[test]
    #[ignore = "KEYRING=unlocked tests/with-keyring"]
    fn the_program_keeps_keys_and_tokens_there() {
        is_set_up_as("unlocked");
        let mut keyring = keyring();
        keyring.delete("mcpjwt", "default").unwrap();
        let program = Program::new();
        program.ok("secret generate --store keyring");
        let listed = program.ok("secret list --json");
        assert!(listed.contains(r#""state": "current""#), "{listed}");
        let stored = keyring.get("mcpjwt", "default").unwrap().unwrap();
        let stored = stored.expose_str().unwrap();
        assert!(stored.contains("HS256"), "the store is no key set");

        let token = program.ok("issue --sub a");
        let verified = program.ok(&format!("verify {}", token.trim()));
        assert!(verified.starts_with("valid: a, until "), "{verified}");

        let place = "keyring:mcpjwt-program/x";
        assert_eq!(program.ok(&format!("issue --sub b --to {place}")), "");
        let verified = program.ok(&format!("verify {place}"));
        assert!(verified.starts_with("valid: b, until "), "{verified}");
        let inside = keyring.get("mcpjwt-program", "x").unwrap().unwrap();
        assert!(inside.expose().starts_with(b"eyJ"));
        assert!(program.ok("expiry").contains(place));
        program.ok(&format!("issue --sub c --to {place}"));
        let verified = program.ok(&format!("verify {place}"));
        assert!(verified.starts_with("valid: c, until "), "{verified}");

        // A foreign value stays.
        keyring
            .set("mcpjwt-program", "theirs", &Secret::from("a password"))
            .unwrap();
        let theirs = "issue --sub d --to keyring:mcpjwt-program/theirs";
        program.refuses(theirs, "keyring:mcpjwt-program/theirs");
        let kept = keyring.get("mcpjwt-program", "theirs").unwrap();
        assert_eq!(kept, Some(Secret::from("a password")));

        // A second key is refused, wherever it should go, and none was put into a file.
        program.refuses("secret generate --store keyring", "there is a key already");
        program.refuses("secret generate", "there is a key already");
        assert!(!program.has_key_file());
        for (service, account) in [
            ("mcpjwt", "default"),
            ("mcpjwt-program", "x"),
            ("mcpjwt-program", "theirs"),
        ] {
            assert!(keyring.delete(service, account).unwrap());
        }
        program.refuses("issue --sub e", "is not there");
        assert!(!program.has_key_file());
    }
}

mod when_locked {
    use super::*;

    #[test]
    #[ignore = "KEYRING=locked tests/with-keyring"]
    fn a_locked_keyring_says_so() {
        is_set_up_as("locked");
        let begun = Instant::now();
        let error = keyring()
            .set("mcpjwt-test", "a", &Secret::from("x"))
            .unwrap_err();
        assert_eq!(error.code, Code::KeyringLocked, "{error}");
        assert!(error.hint.unwrap().contains("file:PATH"));
        assert!(begun.elapsed() < Duration::from_secs(4));
    }

    #[test]
    #[ignore = "KEYRING=locked tests/with-keyring"]
    fn the_program_puts_nothing_elsewhere_when_it_is_locked() {
        is_set_up_as("locked");
        let program = Program::new();
        let key = program.home.path().join("key");
        program.ok(&format!("secret generate --to file:{}", key.display()));
        let key = key.display();
        for line in [
            "secret generate --store keyring".to_owned(),
            "secret generate --to keyring:mcpjwt-program/k".to_owned(),
            format!("issue --sub a --key file:{key} --to keyring:mcpjwt-program/x"),
        ] {
            program.refuses(&line, "the keyring is locked");
        }
        assert!(!program.has_key_file());
    }
}

mod when_relocked {
    use super::*;

    #[test]
    #[ignore = "KEYRING=relocked tests/with-keyring"]
    fn the_program_says_when_what_it_kept_is_locked_in() {
        is_set_up_as("relocked");
        let program = Program::new();
        program.ok("secret generate --store keyring");
        program.ok("issue --sub a --to keyring:mcpjwt-program/x");
        lock();
        for line in [
            "issue --sub a",
            "issue --sub a --to file:token",
            "issue --sub b --to keyring:mcpjwt-program/x",
            "secret list",
            "secret generate",
            "verify keyring:mcpjwt-program/x",
            "expiry keyring:mcpjwt-program/x",
        ] {
            program.refuses(line, "the keyring is locked");
        }
        assert!(!program.has_key_file());
        assert!(!std::path::Path::new("token").exists());
    }
}

mod when_none {
    use super::*;

    #[test]
    #[ignore = "KEYRING=none tests/with-keyring"]
    fn a_bus_without_a_keyring_says_so() {
        is_set_up_as("none");
        let error = keyring().get("mcpjwt-test", "a").unwrap_err();
        assert_eq!(error.code, Code::KeyringAbsent, "{error}");
        assert!(error.hint.unwrap().contains("file:PATH"));
    }

    #[test]
    #[ignore = "KEYRING=none tests/with-keyring"]
    fn the_program_puts_nothing_elsewhere_when_there_is_none() {
        is_set_up_as("none");
        Program::new().gets_nowhere("no keyring service answers");
    }
}

mod when_hung {
    use super::*;

    #[test]
    #[ignore = "KEYRING=hung tests/with-keyring"]
    fn a_keyring_that_hangs_is_left_after_three_seconds() {
        is_set_up_as("hung");
        let (error, waited, again, both) = while_it_hangs(|| {
            let mut keyring = keyring();
            let begun = Instant::now();
            let error = keyring.get("mcpjwt-test", "a").unwrap_err();
            let waited = begun.elapsed();
            // There is no use in waiting again.
            let again = keyring.get("mcpjwt-test", "a").unwrap_err();
            (error, waited, again, begun.elapsed())
        });
        assert_eq!(error.code, Code::KeyringFailed, "{error}");
        assert_eq!(error.message, "the keyring did not answer within 3 s");
        assert_eq!(again.code, Code::KeyringFailed);
        assert!(
            waited > Duration::from_secs(2) && both < Duration::from_secs(4),
            "{both:?}"
        );
    }

    #[test]
    #[ignore = "KEYRING=hung tests/with-keyring"]
    fn the_program_waits_three_seconds_for_one_that_hangs() {
        is_set_up_as("hung");
        let program = Program::new();
        let took = while_it_hangs(|| program.gets_nowhere("the keyring did not answer within 3 s"));
        for took in took {
            assert!(
                took > Duration::from_secs(2) && took < Duration::from_millis(3500),
                "{took:?}"
            );
        }
    }
}
