//! `mcpjwt doctor`: what its hints say is typed, and mends what it found.

use mcpjwt::host::Kept;

use crate::support::Sandbox;
use crate::{OTHER, SECRET, with_key};

/// The commands of all hints, in their order. What has a word in capitals is to be filled in.
fn commands(stderr: &str) -> Vec<String> {
    let hints = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("hint: "));
    let typed = |hint: &str| -> Vec<String> {
        if hint.starts_with("chmod ") {
            return vec![hint.to_owned()];
        }
        hint.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    hints.flat_map(typed).collect()
}

/// Types a command: ours, and what the few others would do.
fn types(room: &mut Sandbox, line: &str) {
    if line.starts_with("mcpjwt ") {
        room.facts.stdin_is_terminal = true;
        room.facts.stderr_is_terminal = true;
        room.terminal.is_there = true;
        room.set_answers(&["y"]);
        let shown = room.run_raw(line);
        assert!(shown.code <= 1, "{line}: {}", shown.stderr);
        return;
    }
    let words: Vec<&str> = line.split(' ').collect();
    let path = |text: &str| {
        text.strip_prefix("~/")
            .map_or(text.to_owned(), |rest| format!("/home/me/{rest}"))
    };
    match words[..] {
        ["chmod", "600", file] => {
            let text = room.text(&path(file)).unwrap();
            room.put_file(&path(file), text, 0o600);
        }
        ["chmod", "o-w", file] => {
            let (text, mode) = (
                room.text(&path(file)).unwrap(),
                room.mode(&path(file)).unwrap(),
            );
            room.put_file(&path(file), text, mode & !0o002);
        }
        ["mv", from, to] => {
            let text = room.text(&path(from)).unwrap();
            room.remove_file(&path(from));
            room.put_file(&path(to), text, 0o600);
        }
        ["git", "rm", "--cached", file] => git(room, file, Kept::Open),
        ["git", "-C", folder, "rm", "--cached", file] => {
            git(room, &format!("{}/{file}", path(folder)), Kept::Open);
        }
        ["printf", r"'\n%s\n'", name, ">>", list] => {
            let folder = path(list);
            let file = folder.replace("/.gitignore", name);
            let file = file.replace(".gitignore", name.trim_start_matches('/'));
            git(room, &file, Kept::Ignored);
        }
        ["sed", "-i.damaged", lines, file] => {
            let lines: Vec<usize> = lines
                .trim_matches('\'')
                .split(';')
                .map(|line| line.trim_end_matches('d').parse().unwrap())
                .collect();
            let text = room.text(&path(file)).unwrap();
            let rest = text.split_inclusive('\n').enumerate();
            let rest = rest.filter(|(at, _)| !lines.contains(&(at + 1)));
            let rest: String = rest.map(|(_, line)| line).collect();
            room.put_file(&path(file), rest, 0o600);
        }
        ["timedatectl", "set-ntp", "true"] => room.later(86_400),
        _ => panic!("nobody knows how to type `{line}`"),
    }
}

fn git(room: &mut Sandbox, file: &str, kept: Kept) {
    let file = crate::support::absolute(file);
    assert!(room.git.kept.contains_key(&file), "{}", file.display());
    room.git.kept.insert(file, kept);
}

const MANIFEST: &str = "iss = \"i\"\naud = \"a\"\nkey = \"dotenv:.env#K\"\nprevious = \"dotenv:.env#P\"\n[[token]]\nsub = \"a\"\nto = [\"file:t\"]\n";

/// A project whose tokens are where they should be.
fn project(secret: &str, mode: u32) -> Sandbox {
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", MANIFEST)
        .file_with_mode(".env", format!("K={secret}\nP=\n"), mode);
    room.run_raw("mcpjwt sync");
    room
}

/// What is wrong after all was typed, or with what was said.
fn typed(room: &mut Sandbox, found: &str) -> Option<String> {
    typed_after(room, "mcpjwt doctor", found)
}

fn typed_after(room: &mut Sandbox, doctor: &str, found: &str) -> Option<String> {
    let shown = room.run_raw(doctor);
    if shown.code == 0 || !shown.stderr.contains(found) || shown.stderr.contains("warning:") {
        return Some(format!(
            "{found}: not found\n{}{}",
            shown.stdout, shown.stderr
        ));
    }
    for line in commands(&shown.stderr) {
        let is_for_a_person = line
            .split([' ', ':'])
            .any(|word| matches!(word, "PLACE" | "PATH"));
        if !is_for_a_person && line.contains(' ') {
            types(room, &line);
        }
    }
    let after = room.run_raw(doctor);
    (after.code != 0).then(|| {
        format!(
            "{found}\n{}=> {}{}",
            shown.stderr, after.stdout, after.stderr
        )
    })
}

#[test]
fn every_hint_that_is_typed_mends_what_was_found() {
    let state = |name: &str| format!("~/.local/state/mcpjwt/{name}");
    let old = || {
        let mut room = project(SECRET, 0o600);
        room.later(91 * 86_400);
        room.run_raw("mcpjwt sync");
        room
    };
    let own = || {
        let mut room = Sandbox::default();
        room.run_raw("mcpjwt issue --sub a --to file:t --ttl 1y");
        room
    };
    let own_old = || {
        let mut room = own();
        room.later(91 * 86_400);
        room
    };
    let rooms: Vec<(&str, Sandbox)> = vec![
        (
            "others can read the key in `.env` (mode 0644)",
            project(SECRET, 0o644),
        ),
        (
            "git tracks `.env`, which holds the key",
            project(SECRET, 0o600).git(".env", Kept::Tracked),
        ),
        (
            "git does not ignore `.env`, which holds the key",
            project(SECRET, 0o600).git(".env", Kept::Open),
        ),
        (
            "git tracks `~/.local/share/mcpjwt/default.jwks`, which holds your own keys",
            own().git("~/.local/share/mcpjwt/default.jwks", Kept::Tracked),
        ),
        (
            "git tracks `k`, which holds the key",
            with_key()
                .env("MCPJWT_KEY", "file:k")
                .git("k", Kept::Tracked),
        ),
        ("others can read it (0644)", {
            let mut room = own();
            let text = room.text("t").unwrap();
            room.put_file("t", text, 0o644);
            room
        }),
        ("git tracks it", own().git("t", Kept::Tracked)),
        ("git does not ignore it", own().git("t", Kept::Open)),
        ("has been in use for 91 d", old()),
        ("has been in use for 91 d", own_old()),
        (
            "has been in use for 91 d",
            own_old()
                .file("mcpjwt.toml", MANIFEST)
                .file(".env", format!("K={OTHER}\nP=\n")),
        ),
        ("the secret has 8 bytes", project("changeme", 0o600)),
        ("is of 2025-11-22", {
            let mut room = own();
            room.later(-86_400);
            room
        }),
        ("is not trusted as it is now", {
            let room = Sandbox::default().file(
                "mcpjwt.toml",
                "iss = \"i\"\n[[token]]\nsub = \"a\"\nto = [\"file:../t\"]\n",
            );
            room.file(
                "~/.local/share/mcpjwt/default.jwks",
                own().text("~/.local/share/mcpjwt/default.jwks").unwrap(),
            )
        }),
        ("has a token of ours that the ledger does not know", {
            let mut room = own();
            let token = room.run_raw("mcpjwt issue --sub b --no-record").stdout;
            room.file(
                "~/.cursor/mcp.json",
                format!(
                    "{{\"mcpServers\":{{\"x\":{{\"command\":\"c\",\"env\":{{\"T\":\"{}\"}}}}}}}}",
                    token.trim_end()
                ),
            )
        }),
        ("ledger.jsonl` is damaged in line 2, 4", {
            let mut room = own();
            let text = room.text(&state("ledger.jsonl")).unwrap();
            let (first, rest) = text.split_once('\n').unwrap();
            let text = format!("{first}\nx\n{rest}{{\"half\n");
            room.put_file(&state("ledger.jsonl"), text, 0o600);
            room
        }),
        (
            "others can read `~/.local/state/mcpjwt/ledger.jsonl` (mode 0644)",
            {
                let mut room = own();
                let text = room.text(&state("ledger.jsonl")).unwrap();
                room.put_file(&state("ledger.jsonl"), text, 0o644);
                room
            },
        ),
        (
            "keys.json` is damaged",
            own().file(&state("keys.json"), "{"),
        ),
        (
            "trust.json` is damaged",
            own().file(&state("trust.json"), "{"),
        ),
        (
            "trust.json` is damaged",
            project(SECRET, 0o600).file(&state("trust.json"), "{"),
        ),
        (
            "revoked.json`, the list",
            own().file(&state("revoked.json"), "x"),
        ),
        ("others can write `revoked.json`", {
            let room = project(SECRET, 0o600).file(
                "mcpjwt.toml",
                format!("revoked = \"file:revoked.json\"\n{MANIFEST}"),
            );
            let mut room = room;
            room.run_raw("mcpjwt revoke --sub x");
            let text = room.text("revoked.json").unwrap();
            room.put_file("revoked.json", text, 0o666);
            room
        }),
    ];
    let wrong = rooms
        .into_iter()
        .filter_map(|(found, mut room)| typed(&mut room, found));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_told_of_a_manifest_that_was_named_mends_that_one() {
    let room = |secret: &str, mode| {
        let mut room = Sandbox::default()
            .file(
                "other.toml",
                MANIFEST
                    .replace(".env", "other.env")
                    .replace("file:t", "file:o"),
            )
            .file_with_mode("other.env", format!("K={secret}\nP=\n"), mode)
            .file("mcpjwt.toml", "key = \"file:mine\"\n")
            .file("mine", SECRET);
        room.run_raw("mcpjwt sync -m other.toml");
        room
    };
    let old = || {
        let mut room = room(OTHER, 0o600);
        room.later(91 * 86_400);
        room.run_raw("mcpjwt sync -m other.toml");
        room
    };
    let rooms = [
        ("has been in use for 91 d", old()),
        ("the secret has 8 bytes", room("changeme", 0o600)),
        (
            "git tracks `other.env`",
            room(OTHER, 0o600).git("other.env", Kept::Tracked),
        ),
    ];
    for (found, mut room) in rooms {
        let wrong = typed_after(&mut room, "mcpjwt doctor -m other.toml", found);
        assert_eq!(wrong, None);
        assert_eq!(room.text("mine").as_deref(), Some(SECRET), "{found}");
    }
}
