//! Whole commands in a world in memory: what they print, write and exit with.
#![expect(clippy::unwrap_used, reason = "a broken test may panic")]
#![expect(
    clippy::too_many_lines,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::type_complexity,
    reason = "a snapshot is as long as what it shows"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "fixtures and keys are read from files"
)]

mod support;

mod commands {
    mod add;
    mod batch;
    mod batch_alone;
    mod batch_records;
    mod batch_rows;
    mod claims;
    mod clients;
    mod declined;
    mod decode;
    mod doctor;
    mod doctor_hints;
    mod dry_run;
    mod entries;
    mod exai;
    mod exec;
    mod expiry;
    mod export;
    mod headers;
    mod hints;
    mod init;
    mod install;
    mod issue;
    mod issue_kid;
    mod issue_manifest;
    mod issue_times;
    mod json;
    mod jwks;
    mod keys;
    mod leaked;
    mod lint;
    mod log;
    mod manifest;
    mod modes;
    mod places;
    mod places_refused;
    mod refresh;
    mod remove;
    mod revoke;
    mod revoked;
    mod rotate;
    mod rotate_abort;
    mod rotate_stops;
    mod round_trip;
    mod secret;
    mod shown;
    mod state;
    mod status;
    mod status_manifest;
    mod status_scan;
    mod store;
    mod sync;
    mod sync_entries;
    mod sync_ttl;
    mod trust;
    mod trust_leads;
    mod trust_lines;
    mod uninstall;
    mod usage;
    mod verify;
    mod verify_batch;
    mod verify_keys;
    mod verify_manifest;
    mod verify_shape;
    mod verify_why;
    mod work;
}

use support::Sandbox;

/// A secret that is long enough and nobody's default.
const SECRET: &str = "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d";

/// Another one.
const OTHER: &str = "d2c4b6a8907f5e3d1b29384756afbecd0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/// A sandbox with that secret in the file `k`.
fn with_key() -> Sandbox {
    Sandbox::default().file("k", format!("{SECRET}\n"))
}

/// Runs command lines one after the other; each is shown before what it did.
fn runs(sandbox: &mut Sandbox, lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| format!("$ {line}\n{}", sandbox.run(line)))
        .collect()
}

/// Mints one token with the secret in `k`.
fn token(sandbox: &mut Sandbox, options: &str) -> String {
    let shown = sandbox.run_raw(&format!(
        "mcpjwt issue --no-record --key file:k --sub vscode1 {options}"
    ));
    assert_eq!(shown.code, 0, "{options}: {}", shown.stderr);
    shown.stdout.trim_end().to_owned()
}

/// Verifies that token with the secret in `k`.
fn verify(sandbox: &mut Sandbox, token: &str, options: &str) -> String {
    let line = format!("mcpjwt verify {token} --key file:k {options}");
    let shown = sandbox.run(line.trim_end());
    format!("$ {}\n{shown}", line.replace(token, "TOKEN").trim_end())
}
