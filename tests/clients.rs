//! Every client of the table against a config somebody keeps by hand: comments and trailing
//! commas where its reader allows them, CRLF, tabs, members nobody knows, other servers.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a broken test may panic, and reads its fixtures"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use mcpjwt::client::{
    ALL, CLOSED, Client, Config, Kind, Known, Means, Mode, Sort, System, Where, Wish, configs,
    plan, servers, warnings,
};
use mcpjwt::place::tree::Format;
use mcpjwt::token::looks_like_token;

/// In the remote entry `exai` of every fixture.
const REMOTE: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvbmUifQ.c2lnLW9uZQ";
/// In the stdio entry `local` of every fixture.
const STDIO: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0d28ifQ.c2lnLXR3bw";
const NEW: &str = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJuZXcifQ.c2lnLW5ldw";
const NEWER: &str = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJuZXdlciJ9.c2lnLW5ld2Vy";

#[test]
fn one_value_changes_and_nothing_else() {
    for (client, config, text) in fixtures() {
        for (wish, old) in [(remote(client), REMOTE), (wish("local"), STDIO)] {
            let what = format!("{} {}", client.name, wish.server);
            let new = edited(&config, &text, &wish, NEW);
            assert_eq!(new, text.replace(old, NEW), "{what}");
            assert!(
                changes(&config, &new, &wish, NEW).is_empty(),
                "{what}: a second install changes something"
            );
            let newer = edited(&config, &new, &wish, NEWER);
            assert_eq!(newer, text.replace(old, NEWER), "{what}");
        }
    }
}

#[test]
fn a_new_entry_is_an_insertion_and_can_be_taken_out() {
    for (client, config, text) in fixtures() {
        for wish in [new_remote(client), new_stdio()] {
            let what = format!("{} {}", client.name, wish.server);
            let plan = plan(&config, Some(&text), &wish, looks_like_token).unwrap();
            assert!(plan.is_new && plan.foreign.is_empty(), "{what}");
            let new = edited(&config, &text, &wish, NEW);
            assert!(changes(&config, &new, &wish, NEW).is_empty(), "{what}");
            assert!(is_subsequence(&text, &new), "{what}: {new}");
            let newer = edited(&config, &new, &wish, NEWER);
            assert_eq!(newer, new.replace(NEW, NEWER), "{what}");

            let made = config.format.made(Some(&text), &new).unwrap();
            let out = config.format.take_out(&newer, &plan.at, made.as_ref());
            assert_eq!(out.unwrap().as_deref(), Some(text.as_str()), "{what}");
        }
    }
}

#[test]
fn a_file_of_ours_is_strict_and_goes_when_its_entry_goes() {
    for (client, config, _) in fixtures() {
        for wish in [new_remote(client), new_stdio()] {
            let what = format!("{} {}", client.name, wish.server);
            let plan = plan(&config, None, &wish, looks_like_token).unwrap();
            let new = edited(&config, "", &wish, NEW);
            assert!(
                new.ends_with('\n') && !new.contains(['\r', '\t', '\u{feff}']),
                "{what}: {new}"
            );
            if config.format == Format::Json {
                assert!(
                    mcpjwt::json::Json::parse(new.as_bytes()).is_ok(),
                    "{what}: {new}"
                );
            }
            let warned = warnings(&config, &new, &wish);
            assert!(warned.is_empty(), "{what}: {warned:?}");
            let made = config.format.made(None, &new).unwrap();
            let out = config.format.take_out(&new, &plan.at, made.as_ref());
            assert_eq!(out.unwrap(), None, "{what}");
        }
    }
}

#[test]
fn new_entries_are_what_each_client_reads() {
    let mut shown = String::new();
    for (client, config, _) in fixtures() {
        for wish in [new_remote(client), new_stdio()] {
            let new = edited(&config, "", &wish, "TOKEN");
            shown += &format!("--- {} {}\n{new}", client.name, wish.server);
        }
    }
    expect_file!["fixtures/clients/new_entries.txt"].assert_eq(&shown);
}

#[test]
fn what_is_in_a_config_is_seen() {
    for (client, config, text) in fixtures() {
        let servers = servers(&config, &text).unwrap();
        let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
        assert_eq!(names, ["other", "exai", "local"], "{}", client.name);
        let remote = Kind::Remote {
            url: "https://exai.example/mcp".to_owned(),
        };
        assert_eq!(servers[1].kind, remote, "{}", client.name);
        let command = ["node", "server.js", "--port=0"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(servers[2].kind, Kind::Stdio { command }, "{}", client.name);
        for (server, token) in [(1, REMOTE), (2, STDIO)] {
            let holds = servers[server]
                .values
                .iter()
                .filter(|slot| slot.value.ends_with(token));
            assert_eq!(holds.count(), 1, "{} {server}", client.name);
        }
    }
}

/// From each mode to each other: no token stays behind, and what was by hand stays.
#[test]
fn every_mode_of_the_table_can_be_switched_to() {
    for (client, config, text) in fixtures() {
        for (sort, wanted) in [(Sort::Remote, remote(client)), (Sort::Stdio, wish("local"))] {
            for mode in config.modes(sort) {
                let Some(means) = means(mode, &wanted) else {
                    continue;
                };
                let what = format!("{} {} {}", client.name, wanted.server, mode.name());
                // A helper gives `Authorization`.
                if mode == Mode::Helper && wanted.header.is_some() {
                    continue;
                }
                let wanted = Wish {
                    means,
                    ..wanted.clone()
                };
                let plan = plan(&config, Some(&text), &wanted, looks_like_token).unwrap();
                assert!(plan.foreign.is_empty(), "{what}: {:?}", plan.foreign);
                let new = config
                    .format
                    .apply(&text, &plan.changes(None))
                    .unwrap_or_else(|error| panic!("{what}: {error}"));
                let old = if sort == Sort::Remote { REMOTE } else { STDIO };
                assert!(!new.contains(old), "{what}: {new}");
                assert!(
                    changes(&config, &new, &wanted, NEW).is_empty(),
                    "{what}: {new}"
                );
                let there = mcpjwt::client::plan(&config, Some(&new), &wanted, looks_like_token);
                let at = there.unwrap().at;
                let value = config.format.get(&new, &at).unwrap();
                assert!(
                    value.is_some_and(|value| value.as_str().is_some()),
                    "{what}: no text at {at:?}"
                );
                // Words of the command may move to another line, the comments behind them not.
                let is_command = |line: &str| {
                    let starts = [
                        "\"command\"",
                        "command =",
                        "\"args\"",
                        "args =",
                        "\"server.js\"",
                        "\"--port=0\"",
                    ];
                    let moves = mode == Mode::Exec
                        || config
                            .client
                            .is_some_and(|client| client.shape.remote.is_none());
                    moves
                        && starts
                            .iter()
                            .any(|start| line.trim_start().starts_with(start))
                };
                for line in text.split("\r\n").filter(|line| !line.contains(old)) {
                    let kept = line.trim().trim_end_matches(',');
                    let kept = if is_command(line) {
                        kept.split_once(" // ").map_or("", |(_, comment)| comment)
                    } else {
                        kept
                    };
                    assert!(new.contains(kept), "{what}: lost {kept}: {new}");
                }
            }
        }
    }
}

#[test]
fn readers_are_warned_about_and_only_where_they_reject() {
    for (client, config, text) in fixtures() {
        let warned = warnings(&config, &text, &wish("exai"));
        assert!(warned.is_empty(), "{}: {warned:?}", client.name);
        if config.format == Format::Toml {
            continue;
        }
        let odd = format!("\u{feff}// mine\n{}", text.trim_start_matches('\u{feff}'));
        let odd = odd.replace("\"X-Team\": \"shop\"\r\n", "\"X-Team\": \"shop\",\r\n");
        let count = warnings(&config, &odd, &wish("exai")).len();
        let reader = client.reader;
        let rejected = [reader.comments, reader.bom]
            .iter()
            .filter(|stands| **stands == Some(false))
            .count();
        let commas = usize::from(
            reader.trailing_commas == Some(false) && odd.contains("\"shop\",\r\n\t\t\t}"),
        );
        assert_eq!(count, rejected + commas, "{}: {odd}", client.name);
    }
}

#[test]
fn every_client_has_one_fixture() {
    let mut files: BTreeSet<String> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "txt"))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    for client in ALL {
        let path = fixture(client);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(files.remove(name), "{name}");
    }
    assert!(files.is_empty(), "{files:?}");
}

#[test]
fn names_are_unique_and_shell_safe() {
    let mut seen = BTreeSet::new();
    let names = ALL.iter().map(|client| client.name);
    for name in names.chain(CLOSED.iter().map(|client| client.name)) {
        assert!(seen.insert(name), "two clients are named `{name}`");
        let safe = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(name.bytes().all(safe), "`{name}`");
        assert!(
            !mcpjwt::place::is_place(&format!("{name}:x"), |_| false),
            "`{name}`"
        );
    }
}

/// What a row must satisfy so that the rest of the program can rely on it.
#[test]
fn every_row_is_whole() {
    for client in ALL {
        let name = client.name;
        assert!(
            !client.title.is_empty() && !client.files.is_empty(),
            "{name}"
        );
        for file in client.files {
            assert!(!file.servers.is_empty(), "{name}");
            for path in [file.paths.linux, file.paths.macos, file.paths.windows].concat() {
                assert!(
                    !path.contains('\\') && !path.contains('%'),
                    "{name}: {path}"
                );
                assert!(
                    !path.starts_with('/') && !path.contains("//"),
                    "{name}: {path}"
                );
            }
        }
        for note in client.notes {
            let known = client.ways.iter().any(|way| way.mode() == note.mode);
            assert!(known && !note.says.ends_with('.'), "{name}: {note:?}");
        }
        for (sort, works) in [
            (
                Sort::Remote,
                client
                    .ways
                    .iter()
                    .filter(|way| way.is_for_headers())
                    .count(),
            ),
            (
                Sort::Stdio,
                client
                    .ways
                    .iter()
                    .filter(|way| way.is_for_variables())
                    .count(),
            ),
        ] {
            let config = here(client, System::Windows).remove(0);
            let modes = config.modes(sort);
            let distinct: BTreeSet<&Mode> = modes.iter().collect();
            assert_eq!(
                distinct.len(),
                modes.len(),
                "{name}: one way a mode and kind"
            );
            assert!(modes.len() >= works, "{name}");
        }
    }
}

#[test]
fn every_client_has_a_config_on_every_system() {
    for client in ALL {
        for system in [System::Linux, System::MacOs, System::Windows] {
            let found = here(client, system);
            let scopes: Vec<&str> = found.iter().map(|config| config.scope.name()).collect();
            let expected = client.name != "visual-studio" || system == System::Windows;
            assert_eq!(!found.is_empty(), expected, "{} {system:?}", client.name);
            let has_user = scopes.contains(&"user");
            assert_eq!(
                has_user,
                expected && client.name != "jetbrains-ai",
                "{}",
                client.name
            );
            let unique: BTreeSet<(&Path, &[Vec<String>])> = found
                .iter()
                .map(|config| (config.new.as_path(), config.servers.as_slice()))
                .collect();
            assert_eq!(unique.len(), found.len(), "{} {system:?}", client.name);
        }
    }
}

/// What an edit relies on was seen in a run or in the client's own source.
#[test]
fn at_least_thirty_clients_are_known_at_first_hand() {
    let first_hand = |client: &&&Client| client.known.weakest() <= Known::Source;
    let names: Vec<&str> = ALL
        .iter()
        .filter(first_hand)
        .map(|client| client.name)
        .collect();
    assert!(
        names.len() >= 30,
        "{} of {}: {names:?}",
        names.len(),
        ALL.len()
    );
}

const FOLDER: &str = "tests/fixtures/clients";

fn fixture(client: &Client) -> PathBuf {
    ["json", "jsonc", "toml"]
        .iter()
        .map(|end| Path::new(FOLDER).join(format!("{}.{end}", client.name)))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("no fixture of {}", client.name))
}

/// Every client with its config of most use and its fixture.
fn fixtures() -> impl Iterator<Item = (&'static Client, Config, String)> {
    ALL.iter().map(|client| {
        let config = here(client, System::Windows).remove(0);
        let text = std::fs::read_to_string(fixture(client)).unwrap();
        (*client, config, text)
    })
}

fn here(client: &'static Client, system: System) -> Vec<Config> {
    let place = Where {
        system,
        home: Some(PathBuf::from("/home/me")),
        project: PathBuf::from("/home/me/shop"),
        env: &|_| None,
    };
    configs(client, &place)
}

fn wish(server: &str) -> Wish {
    Wish {
        server: server.to_owned(),
        url: None,
        command: Vec::new(),
        variable: None,
        header: None,
        means: Means::Literal,
    }
}

/// The header that the fixture has its token in.
fn remote(client: &Client) -> Wish {
    let rejects = client
        .shape
        .remote
        .as_ref()
        .and_then(|remote| remote.rejects);
    Wish {
        header: rejects.map(|_| "X-Token".to_owned()),
        ..wish("exai")
    }
}

fn new_remote(client: &Client) -> Wish {
    Wish {
        url: Some("https://shop.example/mcp".to_owned()),
        server: "shop".to_owned(),
        ..remote(client)
    }
}

fn new_stdio() -> Wish {
    Wish {
        command: ["uvx", "shop-mcp", "--quiet"].map(str::to_owned).to_vec(),
        variable: Some("SHOP_TOKEN".to_owned()),
        ..wish("till")
    }
}

/// What a mode puts there; `None` for a literal one.
fn means(mode: Mode, wish: &Wish) -> Option<Means> {
    let name = if wish.server == "local" {
        "EXAI_TOKEN"
    } else {
        "MCP_TOKEN"
    };
    Some(match mode {
        Mode::Literal => return None,
        Mode::Helper => Means::Helper {
            command: "/opt/mcpjwt -m /home/me/mcpjwt.toml headers exai".to_owned(),
        },
        Mode::Env => Means::Env {
            name: name.to_owned(),
        },
        Mode::Input => Means::Input {
            id: "exai-token".to_owned(),
            about: "Token of exai".to_owned(),
        },
        Mode::File => Means::File {
            path: "/home/me/.exai-token".to_owned(),
        },
        Mode::Exec => Means::Exec {
            prefix: ["/opt/mcpjwt", "exec", "exai"].map(str::to_owned).to_vec(),
        },
    })
}

fn changes(
    config: &Config,
    text: &str,
    wish: &Wish,
    token: &str,
) -> Vec<mcpjwt::place::tree::Change> {
    let wish = Wish {
        url: None,
        command: Vec::new(),
        ..wish.clone()
    };
    let plan = plan(config, Some(text), &wish, looks_like_token).unwrap();
    plan.changes(Some(token))
}

fn edited(config: &Config, text: &str, wish: &Wish, token: &str) -> String {
    let plan = plan(config, Some(text), wish, looks_like_token)
        .unwrap_or_else(|error| panic!("{} {}: {error}", config.title(), wish.server));
    let changes = plan.changes(Some(token));
    config.format.apply(text, &changes).unwrap()
}

/// Whether a text is another one with some bytes left out.
fn is_subsequence(text: &str, of: &str) -> bool {
    let mut rest = of.bytes();
    text.bytes().all(|byte| rest.any(|other| other == byte))
}
