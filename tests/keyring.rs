//! The keyring of the operating system, for real: run by `tests/with-keyring`.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test of the real keyring")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use mcpjwt::error::Code;
use mcpjwt::host::{Dirs, Facts, Keyring, Os, RealKeyring};
use mcpjwt::secret::Secret;

fn facts(env: BTreeMap<OsString, OsString>) -> Facts {
    Facts {
        now: 0,
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

/// Which keyring `tests/with-keyring` has set up.
fn is_set_up_as(kind: &str) -> bool {
    std::env::var("KEYRING").unwrap_or("unlocked".into()) == kind
}

#[test]
fn without_a_bus_the_answer_is_immediate() {
    let begun = Instant::now();
    let room = tempfile::tempdir().unwrap();
    let env = BTreeMap::from([("XDG_RUNTIME_DIR".into(), room.path().into())]);
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
#[ignore = "needs a keyring: tests/with-keyring"]
fn values_are_stored_read_listed_and_removed() {
    if !is_set_up_as("unlocked") {
        return;
    }
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
#[ignore = "needs a keyring: KEYRING=locked tests/with-keyring"]
fn a_locked_keyring_says_so() {
    if !is_set_up_as("locked") {
        return;
    }
    let begun = Instant::now();
    let error = keyring()
        .set("mcpjwt-test", "a", &Secret::from("x"))
        .unwrap_err();
    assert_eq!(error.code, Code::KeyringLocked, "{error}");
    assert!(error.hint.unwrap().contains("file:PATH"));
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[test]
#[ignore = "needs a bus: KEYRING=none tests/with-keyring"]
fn a_bus_without_a_keyring_says_so() {
    if !is_set_up_as("none") {
        return;
    }
    let error = keyring().get("mcpjwt-test", "a").unwrap_err();
    assert_eq!(error.code, Code::KeyringAbsent, "{error}");
    assert!(error.hint.unwrap().contains("file:PATH"));
}

#[test]
#[ignore = "needs a keyring: KEYRING=hung tests/with-keyring"]
fn a_keyring_that_hangs_is_left_after_three_seconds() {
    if !is_set_up_as("hung") {
        return;
    }
    let daemon = std::env::var("MCPJWT_TEST_KEYRING_PID").unwrap();
    let signal = |name: &str| Command::new("kill").args([name, &daemon]).status().unwrap();
    let mut keyring = keyring();
    keyring.list("mcpjwt-test").unwrap();
    assert!(signal("-STOP").success());
    let begun = Instant::now();
    let error = keyring.get("mcpjwt-test", "a").unwrap_err();
    let waited = begun.elapsed();
    // There is no use in waiting again.
    let again = keyring.get("mcpjwt-test", "a").unwrap_err();
    let both = begun.elapsed();
    assert!(signal("-CONT").success());
    assert_eq!(error.code, Code::KeyringFailed, "{error}");
    assert_eq!(error.message, "the keyring did not answer within 3 s");
    assert_eq!(again.code, Code::KeyringFailed);
    assert!(
        waited > Duration::from_secs(2) && both < Duration::from_secs(4),
        "{both:?}"
    );
}
