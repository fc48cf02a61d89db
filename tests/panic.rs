//! What a defect shows: that there is one, and nothing of what it was about.
#![expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "the streams and the exit code of a process are what is tested"
)]

use std::process::{Command, ExitCode};

const AGAIN: &str = "MCPJWT_TEST_PANICS";

/// The test calls itself: the inner process hardens itself and panics.
#[test]
fn a_panic_is_caught_without_its_payload() {
    if std::env::var_os(AGAIN).is_some() {
        let code = mcpjwt::host::process::main(|_, _| panic!("hunter2"));
        std::process::exit(if code == ExitCode::from(4) { 4 } else { 1 });
    }
    let ended = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "a_panic_is_caught_without_its_payload",
            "--nocapture",
        ])
        .env(AGAIN, "1")
        .output()
        .unwrap();
    let shown = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert_eq!(ended.status.code(), Some(4), "{shown}");
    assert!(shown.contains("error: internal error\n"), "{shown}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("panicked"),
        "{shown}"
    );
}
