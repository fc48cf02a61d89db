//! `completions/` and `man/` are what the program prints; `UPDATE_EXPECT=1 cargo test` writes
//! them anew.
#![expect(clippy::unwrap_used, reason = "a broken test may panic")]
#![expect(
    clippy::disallowed_methods,
    reason = "the files that are checked in are looked at, and bash is asked about its own"
)]

mod support;

use std::collections::BTreeSet;
use std::process::Command;

use expect_test::expect_file;
use support::Sandbox;

/// The shells and the file each expects.
const COMPLETIONS: [(&str, &str); 6] = [
    ("bash", "mcpjwt.bash"),
    ("zsh", "_mcpjwt"),
    ("fish", "mcpjwt.fish"),
    ("powershell", "_mcpjwt.ps1"),
    ("elvish", "mcpjwt.elv"),
    ("nushell", "mcpjwt.nu"),
];

fn printed(line: &str) -> String {
    let shown = Sandbox::default().run_raw(line);
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""), "{line}");
    shown.stdout
}

/// Every page that the manual mentions, `mcpjwt` first.
fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("mcpjwt".to_owned(), printed("mcpjwt man"))];
    let mut at = 0;
    while let Some((_, text)) = pages.get(at) {
        let named: Vec<String> = text
            .lines()
            .filter_map(|line| line.strip_suffix("(1)"))
            .map(|name| name.replace('\\', ""))
            .collect();
        for name in named {
            let short = name.strip_prefix("mcpjwt-").unwrap();
            pages.push((name.clone(), printed(&format!("mcpjwt man {short}"))));
        }
        at += 1;
    }
    pages
}

/// No file is left over from a command that is gone.
fn same_files(folder: &str, wanted: &[String]) {
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted: BTreeSet<String> = wanted.iter().cloned().collect();
    assert_eq!(found, wanted, "the files of {folder}/");
}

#[test]
fn completions_are_up_to_date() {
    for (shell, file) in COMPLETIONS {
        let text = printed(&format!("mcpjwt completions {shell}"));
        expect_file![format!("../completions/{file}")].assert_eq(&text);
    }
    same_files("completions", &COMPLETIONS.map(|(_, file)| file.to_owned()));
}

#[test]
fn completions_know_the_commands_of_secret() {
    for (shell, _) in COMPLETIONS {
        let text = printed(&format!("mcpjwt completions {shell}"));
        for word in [
            "generate",
            "prune",
            "within",
            "claims-file",
            "allow-weak-key",
        ] {
            assert!(text.contains(word), "{shell} does not complete `{word}`");
        }
    }
}

#[test]
fn bash_loads_its_completions_and_completes_secret() {
    let script = "source completions/mcpjwt.bash
        COMP_WORDS=(mcpjwt $1 '')
        COMP_CWORD=2
        _mcpjwt mcpjwt '' $1
        echo ${COMPREPLY[@]}";
    for name in ["secret", "key"] {
        let run = Command::new("bash")
            .args(["-c", script, "-", name])
            .output();
        // A machine without bash has nobody to load them.
        let Ok(run) = run else { return };
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{name}");
        for verb in ["generate", "list", "export", "import", "prune"] {
            assert!(
                said.split_whitespace().any(|word| word == verb),
                "{name}: {said}"
            );
        }
    }
}

#[test]
fn the_manual_is_up_to_date_and_has_a_page_for_each_command() {
    let pages = pages();
    let names: Vec<String> = pages.iter().map(|(name, _)| format!("{name}.1")).collect();
    for (name, text) in &pages {
        expect_file![format!("../man/{name}.1")].assert_eq(text);
        assert!(text.contains(".SH NAME"), "{name}");
        assert!(text.contains("EXIT STATUS"), "{name}");
    }
    assert!(
        names.contains(&"mcpjwt-secret-generate.1".to_owned()),
        "{names:?}"
    );
    same_files("man", &names);
}
