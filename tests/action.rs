//! The GitHub Action of this repository: its script, run with a stand-in and with the program.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test runs a script in a folder"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const ACTION: &str = include_str!("../.github/actions/check/action.yml");

/// Runs the script in a folder; what it said, and its exit code.
fn run(folder: &Path, path: &str, variables: &[(&str, &str)]) -> (String, i32) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/check/check.sh");
    let done = Command::new("sh")
        .arg(script)
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{path}:/usr/bin:/bin"))
        .env("HOME", folder)
        .env("GITHUB_OUTPUT", folder.join("output"))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary"))
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    (said, done.status.code().unwrap())
}

#[test]
fn the_gravest_code_wins() {
    #[rustfmt::skip]
    let cases = [
        // sync, expiry, what the script exits with
        (0,   0,   0),
        (1,   0,   1),
        (0,   3,   3),
        (1,   3,   1),
        (4,   3,   4),
        (1,   4,   4),
        (2,   3,   4),
        (3,   101, 4),
    ];
    for (sync, expiry, want) in cases {
        let room = tempfile::tempdir().unwrap();
        let stand_in = format!(
            "#!/bin/sh\necho \"$@\" >> called\nprintf 'said 100%%\\n::warning::no\\n'\ncase $3 in sync) exit {sync} ;; *) exit {expiry} ;; esac\n"
        );
        let path = room.path().join("mcpjwt");
        fs::write(&path, stand_in).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let within = "7d; touch evil";
        let variables = [
            ("CHECK_MANIFEST", "$(touch evil).toml"),
            ("CHECK_WITHIN", within),
        ];
        let (said, code) = run(room.path(), &room.path().display().to_string(), &variables);
        assert_eq!(code, want, "{sync} {expiry}: {said}");
        let called = fs::read_to_string(room.path().join("called")).unwrap();
        assert_eq!(
            called,
            "-m ./$(touch evil).toml sync --check\n-m ./$(touch evil).toml expiry --within 7d; touch evil\n"
        );
        assert!(!room.path().join("evil").exists());
        let output = fs::read_to_string(room.path().join("output")).unwrap();
        assert_eq!(output, format!("exit-code={want}\n"));
        let told = said
            .lines()
            .filter(|line| line.starts_with("::error title=mcpjwt "));
        let told: Vec<&str> = told.collect();
        let failing = usize::from(sync != 0) + usize::from(expiry != 0);
        assert_eq!(told.len(), failing, "{said}");
        assert!(
            said.lines()
                .all(|line| line.starts_with("| ") || told.contains(&line)),
            "{said}"
        );
        assert!(
            told.iter()
                .all(|line| line.ends_with("::said 100%25 ::warning::no")),
            "{said}"
        );
    }
}

#[test]
fn a_token_that_is_missing_and_one_that_expires_fail_the_job() {
    let room = tempfile::tempdir().unwrap();
    let folder = room.path();
    let program = Path::new(env!("CARGO_BIN_EXE_mcpjwt")).parent().unwrap();
    let program = program.display().to_string();
    fs::write(folder.join("k"), "x7Qm2Vb9Lr4Tz8Kp1Wc6Nf3Hs5Jd0GyA\n").unwrap();
    fs::set_permissions(folder.join("k"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(
        folder.join("mcpjwt.toml"),
        "iss = \"i\"\naud = \"a\"\nttl = \"5d\"\nkey = \"file:k\"\n[[token]]\nsub = \"s\"\nto = [\"file:t\"]\n",
    )
    .unwrap();
    let (said, code) = run(folder, &program, &[]);
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("missing"), "{said}");
    let done = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
        .args(["-q", "sync"])
        .current_dir(folder)
        .env("HOME", folder)
        .status()
        .unwrap();
    assert!(done.success());
    #[rustfmt::skip]
    let cases: [(&[(&str, &str)], i32); 5] = [
        (&[],                                              0),
        (&[("CHECK_WITHIN", "7d")],                        3),
        (&[("CHECK_WITHIN", "7d"), ("CHECK_SYNC", "false")], 3),
        (&[("CHECK_SYNC", "perhaps")],                     4),
        (&[("CHECK_MANIFEST", ".")],                       0),
    ];
    for (variables, want) in cases {
        let (said, code) = run(folder, &program, variables);
        assert_eq!(code, want, "{variables:?}: {said}");
    }
}

/// What a workflow puts into the text of a script is run as code.
#[test]
fn no_input_is_pasted_into_a_script() {
    let scripts = ACTION
        .lines()
        .filter(|line| line.trim_start().starts_with("run:"));
    let scripts: Vec<&str> = scripts.collect();
    assert_eq!(scripts.len(), 2);
    assert!(
        scripts.iter().all(|line| !line.contains("${{")),
        "{scripts:?}"
    );
}
