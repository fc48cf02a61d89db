//! `mcpjwt verify` where there is a manifest: its key, the one before it, issuer and audience.

use expect_test::expect;

use crate::support::{NOW, Sandbox};
use crate::{OTHER, SECRET};

const MANIFEST: &str = r#"
iss = "exai"
aud = "one"
alg = "HS384"
key = "file:k"
previous = "dotenv:.env#OLD"

[[token]]
sub = "a"

[[token]]
sub = "b"
aud = "two"
"#;

fn room() -> Sandbox {
    Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file("k", SECRET)
        .file("other", OTHER)
        .file("~/k", OTHER)
}

/// What is said of a token made with some options, and the exit code.
fn verdict(room: &mut Sandbox, issue: &str, verify: &str) -> String {
    let made = room.run_raw(&format!("mcpjwt issue -q --no-record {issue}"));
    assert_eq!(made.code, 0, "{issue}: {}", made.stderr);
    let line = format!("mcpjwt verify {} {verify}", made.stdout.trim());
    let shown = room.run_raw(line.trim_end());
    let said = format!("{}{}", shown.stdout, shown.stderr);
    let lines: Vec<&str> = said
        .lines()
        .take_while(|line| !line.starts_with("  "))
        .collect();
    format!("{} {}", shown.code, lines.join("; "))
}

/// The `kid` of [`OTHER`].
const OTHER_KID: &str = "G-2KYj0OXRAxhfq5";

#[test]
fn key_algorithm_issuer_and_audience_are_the_manifests() {
    #[rustfmt::skip]
    let cases = [
        // issue                                        verify                    verdict
        ("--sub a",                                     "",                       "0 valid: a, until"),
        ("--sub b",                                     "",                       "0 valid: b, until"),
        ("--sub a --alg HS512",                         "",                       "1 error: the token says it is signed by `HS512`"),
        ("--sub a --iss other",                         "",                       "1 error: `iss` is `other`, expected `exai`"),
        ("--sub a --aud three",                         "",                       "1 error: `aud` is `three`, expected `one or two`"),
        ("--sub a --aud three",                         "--aud three",            "0 valid"),
        ("--sub a --key file:other",                    "",                       "1 error: "),
        ("--sub a --key file:other",                    "--key file:other",       "0 valid"),
        ("--sub a --key file:other --no-manifest",      "--key file:other --no-manifest", "0 valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h) (not checked: iss, aud)"),
        ("--sub a",                                     "--strict",               "0 valid"),
    ];
    for (issue, verify, want) in cases {
        let got = verdict(&mut room(), issue, verify);
        assert!(got.starts_with(want), "{issue} | {verify}: {got}");
    }
    let mut room = room().env("MCPJWT_ISS", "e").env("MCPJWT_AUD", "f");
    assert!(verdict(&mut room, "--sub a", "").starts_with("0 valid"));
}

#[test]
fn the_key_before_it_is_accepted_until_its_date() {
    let old = "--sub a --key file:other";
    let mut room = room();
    assert!(verdict(&mut room, old, "").starts_with("1 error"));
    room.put_file(".env", "OLD=\n", 0o600);
    assert!(verdict(&mut room, "--sub a", "").starts_with("0 valid"));
    room.put_file(".env", format!("OLD={OTHER}\n"), 0o600);
    expect!["0 valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h); signed with a previous key"]
        .assert_eq(&verdict(&mut room, old, ""));
    // A key that is told has no past in the manifest.
    assert!(verdict(&mut room, old, "--key file:k").starts_with("1 error"));
    let told = [NOW + 1, NOW].map(|until| {
        let until = mcpjwt::time::rfc3339(until);
        let text = format!("previous-until = {until}\n{MANIFEST}");
        room.put_file("mcpjwt.toml", text, 0o600);
        verdict(&mut room, old, "")
    });
    expect![[r#"
        0 valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h); signed with a previous key, accepted until 2025-11-22 04:00:01 +00:00 (in 1 s)
        1 error: the signature does not fit: the token was signed with another key, or changed since (expected a signature of key `UOuPGLMbqgKiRQGz`); hint: it was signed with key `G-2KYj0OXRAxhfq5`, which is no longer accepted since 2025-11-22T04:00:00Z; mint a new token with `mcpjwt issue --sub NAME`"#]].assert_eq(&told.join("\n"));
    // So do our own records, where the manifest gives no date.
    room.put_file("mcpjwt.toml", MANIFEST, 0o600);
    for (records, want) in [
        (
            format!(
                r#"{{"version":1,"keys":{{"{OTHER_KID}":{{"accepted_until":{}}}}}}}"#,
                NOW + 1
            ),
            "0 valid",
        ),
        (
            format!(r#"{{"version":1,"keys":{{"{OTHER_KID}":{{"accepted_until":{NOW}}}}}}}"#),
            "1 error",
        ),
        (
            r#"{"version":2,"keys":{}}"#.to_owned(),
            "4 error: `/home/me/.local/state/mcpjwt/keys.json` was written by a newer",
        ),
        (
            "{".to_owned(),
            "4 error: `/home/me/.local/state/mcpjwt/keys.json` is damaged",
        ),
    ] {
        room.put_file("~/.local/state/mcpjwt/keys.json", &records, 0o600);
        let got = verdict(&mut room, old, "");
        assert!(got.starts_with(want), "{records}: {got}");
    }
    room.remove_file("~/.local/state/mcpjwt/keys.json");
    let text = MANIFEST.replace("dotenv:.env#OLD", "cmd:evil");
    room.put_file("mcpjwt.toml", text, 0o600);
    expect!["4 error: `~/project/mcpjwt.toml` is not trusted, and its `previous` runs a command: `cmd:evil`; hint: see all that it wants, and allow it, with `mcpjwt trust /home/me/project/mcpjwt.toml`; to go without it: `--no-manifest`"].assert_eq(&verdict(&mut room, "--sub a", ""));
}

#[test]
fn a_staged_key_is_accepted_and_one_that_is_at_two_places_counts_once() {
    let text = format!("next = \"dotenv:.env#NEXT\"\n{MANIFEST}");
    let mut room = room()
        .file("mcpjwt.toml", text)
        .file(".env", format!("NEXT={OTHER}\nOLD={SECRET}\n"));
    expect!["0 valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h); signed with a key that is only staged"].assert_eq(&verdict(&mut room, "--sub a --key file:other", ""));
    expect!["0 valid: a, until 2025-11-23 04:00:00 +00:00 (in 24 h)"]
        .assert_eq(&verdict(&mut room, "--sub a", ""));
}
