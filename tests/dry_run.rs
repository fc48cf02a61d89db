//! A dry run writes nothing, whichever command it is of, and each command that writes has one.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test starts programs and looks at what they wrote"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What a command does besides telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// It writes, so it has `--dry-run`.
    Writes,
    /// It reads.
    Reads,
    /// It gives a token to a program that waits for it, and records that alone.
    HandsOver,
}

use Does::{HandsOver, Reads, Writes};

/// Every command, and lines of it that do what it does in the room below.
#[rustfmt::skip]
const COMMANDS: &[(&str, Does, &[&str])] = &[
    ("issue",           Writes,    &["issue --sub two", "issue --sub two --to dotenv:two.env#T", "issue --all",
                                     "issue --sub two --to cursor/exai --url https://mcp.example.com/mcp",
                                     "issue --from subjects"]),
    ("verify",          Reads,     &["verify dotenv:client.env#T"]),
    ("decode",          Reads,     &["decode dotenv:client.env#T"]),
    ("expiry",          Reads,     &["expiry"]),
    ("lint",            Reads,     &["lint dotenv:client.env#T"]),
    ("refresh",         Writes,    &["refresh dotenv:client.env#T", "refresh --all"]),
    ("secret generate", Writes,    &["secret generate --to dotenv:.env#X", "secret generate --to file:new/k.pem --alg EdDSA",
                                     "secret generate -m named"]),
    ("secret list",     Reads,     &["secret list"]),
    ("secret export",   Writes,    &["secret export --to file:out", "secret export --to dotenv:.env#X",
                                     "secret export --key file:pair.pem --public --to file:out"]),
    ("secret import",   Writes,    &["secret import --from dotenv:.env#K"]),
    ("secret prune",    Writes,    &["secret prune --no-manifest", "secret prune -m over.toml"]),
    ("sync",            Writes,    &["sync --renew"]),
    ("install",         Writes,    &["install dotenv:client.env#T --to dotenv:two.env#T",
                                     "install dotenv:client.env#T --to cursor/exai --url https://mcp.example.com/mcp"]),
    ("uninstall",       Writes,    &["uninstall dotenv:client.env#T", "uninstall --all --yes"]),
    ("headers",         HandsOver, &["headers one"]),
    ("exec",            HandsOver, &["exec one -- true"]),
    ("init",            Writes,    &["init --yes --to new/mcpjwt.toml --key dotenv:.env#K", "init --user --yes"]),
    ("add",             Writes,    &["add two --to dotenv:two.env#T"]),
    ("remove",          Writes,    &["remove one --yes"]),
    ("clients",         Reads,     &["clients"]),
    ("status",          Reads,     &["status --scan"]),
    ("rotate-secret",   Writes,    &["rotate-secret", "rotate-secret --stage", "rotate-secret --abort -m staged.toml", "rotate-secret --now --reissue --yes",
                                     "rotate-secret --no-manifest"]),
    ("revoke",          Writes,    &["revoke dotenv:client.env#T", "revoke --sub one --yes", "revoke --kid k1 --yes"]),
    ("log",             Reads,     &["log", "log --stats"]),
    ("doctor",          Reads,     &["doctor"]),
    ("jwks",            Writes,    &["jwks --key file:pair.pem --to file:jwks.json"]),
    ("trust",           Writes,    &["trust --yes wants", "trust --yes"]),
    ("completions",     Reads,     &["completions bash"]),
    ("man",             Reads,     &["man"]),
];

const MANIFEST: &str = r#"
iss = "i"
aud = "a"
key = "dotenv:.env#K"
previous = "dotenv:.env#P"
next = "dotenv:.env#N"

[[token]]
sub = "one"
to = ["dotenv:client.env#T"]
"#;

/// A home with a project in it, where somebody works.
struct Room {
    home: TempDir,
}

impl Room {
    fn empty() -> Self {
        let room = Self {
            home: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(room.project()).unwrap();
        room
    }

    /// Keys, tokens, records, and something for each command to do.
    fn full() -> Self {
        let room = Self::empty();
        let [one, two] = [
            "8c1f0e6b2d97a4453ef10b7c6d28e95f4a3b7c1d0e9f8a7b6c5d4e3f2a1b0c9d",
            "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a",
        ];
        for folder in ["new", "wants", "../.cursor", "../.config/mcpjwt"] {
            fs::create_dir_all(room.project().join(folder)).unwrap();
        }
        for (name, text) in [
            ("mcpjwt.toml", MANIFEST.to_owned()),
            (".env", format!("K={one}
")),
            ("../.config/mcpjwt/named.toml", "name = \"named\"\n".to_owned()),
            (
                "over.toml",
                "key = \"dotenv:over.env#K\"\nprevious = \"dotenv:over.env#P\"\nprevious-until = 2025-01-01T00:00:00Z\n"
                    .to_owned(),
            ),
            (
                "over.env",
                format!("K={one}
P={two}
"),
            ),
            (
                "staged.toml",
                "key = \"dotenv:staged.env#K\"\nnext = \"dotenv:staged.env#N\"\n".to_owned(),
            ),
            ("staged.env", format!("K={one}\nN={two}\n")),
            ("subjects", "three\nfour\n".to_owned()),
        ] {
            room.put(name, &text);
        }
        room.put("wants/mcpjwt.toml", "key = \"cmd:cat key\"\n");
        for line in [
            "sync",
            "secret generate --no-manifest",
            "rotate-secret --now --yes --no-manifest",
            "secret generate --alg EdDSA --to file:pair.pem",
        ] {
            let done = room.run(line);
            assert_eq!(done.status.code(), Some(0), "{line}: {}", said(&done));
        }
        room
    }

    fn project(&self) -> PathBuf {
        self.home.path().join("project")
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.project().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn run(&self, line: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
            .args(line.split(' '))
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.project())
            .output()
            .unwrap()
    }

    /// Everything below the home: modes, bytes, where links lead.
    fn seen(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let mut seen = BTreeMap::new();
        look(self.home.path(), &mut seen);
        seen
    }
}

fn look(path: &Path, seen: &mut BTreeMap<PathBuf, (u32, Vec<u8>)>) {
    let about = fs::symlink_metadata(path).unwrap();
    let bytes = if about.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            look(&entry.unwrap().path(), seen);
        }
        Vec::new()
    } else if about.is_symlink() {
        let to = fs::read_link(path).unwrap();
        to.into_os_string().into_encoded_bytes()
    } else {
        fs::read(path).unwrap()
    };
    seen.insert(path.to_owned(), (about.permissions().mode(), bytes));
}

/// What became otherwise.
fn changes(before: &BTreeMap<PathBuf, (u32, Vec<u8>)>, room: &Room) -> Vec<PathBuf> {
    let after = room.seen();
    let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let changed = |path: &&&PathBuf| before.get(**path) != after.get(**path);
    paths
        .iter()
        .filter(changed)
        .map(|path| (*path).clone())
        .collect()
}

fn said(done: &Output) -> String {
    let [out, err] = [&done.stdout, &done.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}{err}")
}

/// The same line as a dry run.
fn dry(line: &str) -> String {
    let (ours, rest) = line.split_once(" -- ").unwrap_or((line, ""));
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!(" -- {rest}")
    };
    format!("{ours} --dry-run{rest}")
}

#[test]
fn each_command_that_writes_has_a_dry_run() {
    let room = Room::empty();
    let mut found = BTreeSet::new();
    for name in commands(&room, "mcpjwt") {
        let inner = commands(&room, &format!("mcpjwt-{name}"));
        if inner.is_empty() {
            found.insert(name);
        } else {
            found.extend(inner.iter().map(|inner| inner.replacen('-', " ", 1)));
        }
    }
    let known: BTreeSet<String> = COMMANDS
        .iter()
        .map(|(name, ..)| (*name).to_owned())
        .collect();
    assert_eq!(found, known, "the table above has every command");
    for (name, does, _) in COMMANDS {
        let help = said(&room.run(&format!("{name} --help")));
        let has = help.contains("--dry-run");
        assert_eq!(has, *does == Writes, "`{name}`, which {does:?}: {help}");
    }
}

/// The commands that a page of the manual names, without what is in front of theirs.
fn commands(room: &Room, page: &str) -> Vec<String> {
    let page = page.strip_prefix("mcpjwt-").unwrap_or("");
    let text = said(&room.run(format!("man {page}").trim()));
    let lines = text.lines().filter_map(|line| line.strip_suffix("(1)"));
    let names = lines.map(|name| name.replace('\\', ""));
    names
        .filter_map(|name| Some(name.strip_prefix("mcpjwt-")?.to_owned()))
        .collect()
}

#[test]
fn a_dry_run_changes_nothing_and_the_run_does() {
    for (_, does, lines) in COMMANDS {
        for line in *lines {
            let room = Room::full();
            let before = room.seen();
            if *does == Writes {
                let done = room.run(&dry(line));
                assert_eq!(done.status.code(), Some(0), "{line}: {}", said(&done));
                assert_eq!(
                    changes(&before, &room),
                    [] as [PathBuf; 0],
                    "{line} --dry-run"
                );
            }
            let done = room.run(line);
            let changes = changes(&before, &room);
            match does {
                Reads => assert_eq!(changes, [] as [PathBuf; 0], "{line}"),
                Writes | HandsOver => {
                    assert_eq!(done.status.code(), Some(0), "{line}: {}", said(&done));
                    assert_ne!(changes, [] as [PathBuf; 0], "{line}: {}", said(&done));
                }
            }
        }
    }
}

#[test]
fn a_dry_run_on_a_new_machine_leaves_no_trace() {
    for (_, does, lines) in COMMANDS.iter().filter(|(_, does, _)| *does != HandsOver) {
        for line in *lines {
            let room = Room::empty();
            let before = room.seen();
            let line = if *does == Writes {
                dry(line)
            } else {
                (*line).to_owned()
            };
            let done = room.run(&line);
            assert_eq!(
                changes(&before, &room),
                [] as [PathBuf; 0],
                "{line}: {}",
                said(&done)
            );
        }
    }
}
