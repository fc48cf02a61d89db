//! `mcpjwt rotate-secret`, killed behind each of its writes, and what the next run makes of that.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::SECRET;
use crate::support::{Entry, Sandbox, absolute};

type Files = BTreeMap<PathBuf, Entry>;

const LEDGER: &str = "~/.local/state/mcpjwt/ledger.jsonl";
const TOKENS: &str = "[[token]]\nsub = \"a\"\nto = [\"file:a.jwt\"]\n\n[[token]]\nsub = \"b\"\nto = [\"dotenv:clients.env#B\"]\n";

/// A project whose tokens are in their places.
struct Project {
    name: &'static str,
    room: Sandbox,
}

fn projects() -> Vec<Project> {
    let manifest = |keys: &str| format!("iss = \"exai\"\naud = \"mcp\"\n{keys}\n{TOKENS}");
    let one = "key = \"dotenv:.env#K\"\nprevious = \"dotenv:.env#K_PREVIOUS\"\nnext = \"dotenv:.env#K_NEXT\"\n";
    let three = "key = \"file:k\"\nprevious = \"file:k.previous\"\nnext = \"file:k.next\"\n";
    let set = "key = \"file:keys.jwks\"\njwks = \"file:public.json\"\n";
    let pem = include_str!("../keys/ed25519.pkcs8.pem");
    let mut made = Sandbox::default().file("pem", pem);
    let keys = made.run_raw("mcpjwt secret export --key file:pem --format jwks");
    let mut projects = vec![
        Project {
            name: "one file",
            room: Sandbox::default()
                .file("mcpjwt.toml", manifest(one))
                .file(".env", format!("K={SECRET}\n")),
        },
        Project {
            name: "a file for each key",
            room: Sandbox::default()
                .file("mcpjwt.toml", manifest(three))
                .file("k", SECRET),
        },
        Project {
            name: "a set that is published",
            room: Sandbox::default()
                .file("mcpjwt.toml", manifest(set))
                .file("keys.jwks", keys.stdout),
        },
        Project {
            name: "the own store",
            room: Sandbox::default().file("mcpjwt.toml", manifest("")),
        },
    ];
    let store = &mut projects[3].room;
    good(store, "trust --yes", "");
    good(store, "--no-manifest secret generate", "");
    for project in &mut projects {
        good(&mut project.room, "sync", project.name);
    }
    projects
}

fn good(room: &mut Sandbox, line: &str, about: &str) {
    let shown = room.run_raw(&format!("mcpjwt {line}"));
    assert_eq!(shown.code, 0, "{about}: {line}: {}", shown.stderr);
}

/// The files of a run as each of its writes leaves them, those before the first one too.
fn states(room: &mut Sandbox, line: &str, about: &str) -> Vec<Files> {
    room.files.states = Some(vec![room.files.files.clone()]);
    good(room, line, about);
    room.files.states.take().unwrap()
}

/// The same world with other files.
fn with(files: &Files) -> Sandbox {
    // What was made before and not stored is not made again.
    let mut room = Sandbox::default().seed(11);
    room.files.files.clone_from(files);
    room
}

/// The `kid` of every key that there is, and the state of each.
fn keys(room: &mut Sandbox) -> BTreeMap<String, String> {
    let shown = room.run_raw("mcpjwt secret list --json");
    assert_eq!(shown.code, 0, "{}", shown.stdout);
    let document: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    let keys = document["keys"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    keys.map(|key| (text(&key["kid"]), text(&key["state"])))
        .collect()
}

fn current(keys: &BTreeMap<String, String>) -> &str {
    let mut keys = keys.iter().filter(|(_, state)| *state == "current");
    keys.next().unwrap().0
}

/// The tokens in the places of the manifest.
fn tokens(room: &Sandbox) -> [String; 2] {
    let env = room.text("clients.env").unwrap();
    let inside = env.trim().strip_prefix("B=").unwrap().to_owned();
    [room.text("a.jwt").unwrap().trim().to_owned(), inside]
}

fn code(room: &mut Sandbox, token: &str) -> u8 {
    room.run_raw(&format!("mcpjwt verify {token}")).code
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_same_command_and_by_sync() {
    let lines = [
        // before it, itself
        ("", "rotate-secret"),
        ("", "rotate-secret --reissue"),
        ("", "rotate-secret --now --yes"),
        ("", "rotate-secret --now --yes --reissue"),
        ("", "rotate-secret --stage"),
        ("rotate-secret --stage", "rotate-secret"),
        ("rotate-secret --stage", "rotate-secret --reissue"),
        ("rotate-secret --reissue", "rotate-secret --now --yes"),
    ];
    for (before, line) in lines {
        for mut project in projects() {
            let about = format!("{}: {before} {line}", project.name);
            if !before.is_empty() {
                good(&mut project.room, before, &about);
            }
            let room = &mut project.room;
            let (first, old) = (keys(room), tokens(room));
            let states = states(room, line, &about);
            assert!(states.len() > 1, "{about}");
            let last = states.len() - 1;
            for (at, files) in states.iter().enumerate().take(last).skip(1) {
                let about = format!("{about}: killed behind write {at} of {last}");
                for way in [&[line][..], &["sync", line]] {
                    converges((files, way), (&states[0], &first, &old), &about);
                }
            }
        }
    }
}

fn converges(
    (files, way): (&Files, &[&str]),
    (start, first, old): (&Files, &BTreeMap<String, String>, &[String]),
    about: &str,
) {
    let about = format!("{about}, then {way:?}");
    let mut room = with(files);
    room.later(60);
    let line = way.last().unwrap();
    let ended = |room: &Sandbox| room.text(LEDGER).unwrap().matches("\"rotated\"").count();
    let before = ended(&with(start));
    let stopped = keys(&mut room);
    for line in way {
        // What has come to its end is done, not killed.
        if *line != "sync" && ended(&room) > before {
            continue;
        }
        good(&mut room, line, &about);
        if *line == "sync" {
            good(&mut room, "sync --check", &about);
            sound(&mut room, &about);
        }
    }
    let now = keys(&mut room);
    // What was stored before is what signs, or is staged, in the end; there is no further key.
    let alive = now.values().filter(|state| *state != "retired").count();
    assert!(alive <= first.len().max(2), "{about}: {now:?}");
    if current(&stopped) != current(first) {
        assert_eq!(current(&now), current(&stopped), "{about}");
    }
    for (kid, state) in stopped.iter().chain(first) {
        let stays = *state == "previous" || !line.contains("--now");
        assert!(!stays || now.contains_key(kid), "{about}: lost {kid}");
        if state == "previous" && first.contains_key(kid) {
            assert_eq!(now.get(kid), Some(state), "{about}: {kid}");
        }
    }
    if !line.contains("--stage") {
        assert_eq!(ended(&room), before + 1, "{about}");
        assert_ne!(current(&now), current(first), "{about}");
        for token in old {
            let want = u8::from(line.contains("--now"));
            assert_eq!(code(&mut room, token), want, "{about}");
        }
    }
    good(&mut room, "sync", &about);
    good(&mut room, "sync --check", &about);
    sound(&mut room, &about);
}

/// Every token in a place is good, and in the ledger.
fn sound(room: &mut Sandbox, about: &str) {
    let ledger = room.text(LEDGER).unwrap();
    for token in tokens(room) {
        let shown = room.run_raw(&format!("mcpjwt verify --json {token}"));
        assert_eq!(shown.code, 0, "{about}: {}", shown.stdout);
        let document: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
        let jti = document["claims"]["jti"].as_str().unwrap();
        assert!(ledger.contains(jti), "{about}");
    }
}

#[test]
fn a_staged_key_that_is_taken_back_leaves_no_trace_wherever_the_run_is_killed() {
    for mut project in projects() {
        let (room, name) = (&mut project.room, project.name);
        // A staged key gives the current one of a set its standing.
        good(room, "rotate-secret --stage", name);
        good(room, "rotate-secret --abort", name);
        let (before, first) = (room.files.files.clone(), keys(room));
        let secrets = |files: &Files| {
            let kept = |path: &&PathBuf| *path != &absolute(LEDGER);
            let kept: Vec<_> = files.keys().filter(kept).cloned().collect();
            kept.into_iter()
                .map(|path| (path.clone(), files[&path].clone()))
                .collect::<Files>()
        };
        good(room, "rotate-secret --stage", name);
        let states = states(room, "rotate-secret --abort", name);
        assert!(states.len() > 2, "{name}");
        for (at, files) in states.iter().enumerate() {
            let about = format!("{name}: killed behind write {at} of {}", states.len() - 1);
            let mut room = with(files);
            let code = room.run_raw("mcpjwt rotate-secret --abort").code;
            let is_done = at == states.len() - 1;
            assert_eq!(code, if is_done { 4 } else { 0 }, "{about}");
            assert_eq!(keys(&mut room), first, "{about}");
            assert_eq!(secrets(&room.files.files), secrets(&before), "{about}");
            let ledger = room.text(LEDGER).unwrap();
            assert!(
                ledger.lines().last().unwrap().contains("\"unstaged\""),
                "{about}"
            );
            good(&mut room, "sync --check", &about);
            sound(&mut room, &about);
            good(&mut room, "rotate-secret", &about);
        }
    }
}
