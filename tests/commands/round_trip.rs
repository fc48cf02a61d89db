//! Each client, each of its modes: there, there already, there anew, and out again without a trace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use mcpjwt::client::{ALL, Client, Config, Mode, Sort, System, Where, configs};
use mcpjwt::host::Os;
use mcpjwt::place::tree::Change;

use crate::support::{CWD, HOME, Sandbox};
use crate::with_key;

/// What a token is put into.
#[derive(Debug)]
struct Goal {
    server: &'static str,
    /// What says how a new entry is made, and where in an entry the token goes.
    options: String,
    sort: Sort,
}

/// A config before any token came into it; `None`: there is no file.
struct Scene {
    client: &'static Client,
    config: Config,
    before: Option<String>,
}

#[test]
fn a_new_entry_leaves_no_trace_in_any_mode() {
    each(|scene| goals(scene.client, Entry::New));
}

#[test]
fn an_entry_that_was_there_is_what_it_was_in_any_mode() {
    each(|scene| match scene.before {
        Some(_) => goals(scene.client, Entry::There),
        None => Vec::new(),
    });
}

/// Runs through all modes of all goals; from each mode to each other where that is no other
/// client's way too.
fn each(goals: fn(&Scene) -> Vec<Goal>) {
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for scene in scenes() {
        for goal in goals(&scene) {
            let modes = modes(&scene, &goal);
            let shape = &scene.client.shape.stdio;
            let way = format!("{:?} {:?} {modes:?} {goal:?}", scene.config.format, shape);
            // Behind a bridge the words of one mode take the place of those of the other.
            let is_new = known.insert(way) && scene.client.shape.remote.is_some();
            for first in &modes {
                for second in modes.iter().filter(|second| is_new || *second == first) {
                    wrong.extend(trip(&scene, &goal, (*first, *second)).err());
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

/// In one mode twice (or in one and then another), once more with another token, and out again.
fn trip(scene: &Scene, goal: &Goal, (first, second): (Mode, Mode)) -> Result<(), String> {
    let (client, path) = (scene.client.name, scene.config.new.to_str().unwrap());
    let place = format!("{client}:{}/{}", scene.config.scope.name(), goal.server);
    let what = format!("{place} {} {}", first.name(), second.name());
    let mut sandbox = with_key();
    if client == "visual-studio" {
        sandbox.facts.os = Os::Windows;
    }
    if let Some(before) = &scene.before {
        sandbox.put_file(path, before, 0o600);
    }
    let mut install = |sub: &str, mode: Mode| -> Result<Option<String>, String> {
        let more = match mode {
            Mode::Literal | Mode::Helper | Mode::Exec | Mode::File => "",
            Mode::Env | Mode::Input => " --to -",
        };
        let options = &goal.options;
        let words = options.split_once(" -- ").unwrap_or((options, ""));
        let (options, command) = match words {
            (options, "") => (options, String::new()),
            (options, command) => (options, format!(" -- {command}")),
        };
        let line = format!(
            "mcpjwt issue --sub {sub} --key file:k --to {place}{more} --mode {} {options}{command}",
            mode.name()
        );
        let mut shown = sandbox.run_raw(&line);
        // The helper is tried out before it is written.
        if let Some((_, command)) = shown.stderr.split_once("see what it says: `") {
            let command = command.split('`').next().unwrap_or_default();
            sandbox
                .children
                .prints
                .insert(command.to_owned(), "{}".into());
            shown = sandbox.run_raw(&line);
        }
        if shown.code != 0 {
            return Err(format!("{what}: {line}: {}", shown.stderr));
        }
        Ok(sandbox.text(path))
    };
    let one = install("a", first)?;
    let two = install("a", second)?;
    if first == second && first != Mode::Literal && one != two {
        return Err(format!("{what}: {one:?} became {two:?}"));
    }
    install("b", second)?;
    let shown = sandbox.run_raw(&format!("mcpjwt uninstall {place}"));
    let after = sandbox.text(path);
    if shown.code != 0 || after != scene.before {
        let show = |text: &Option<String>| text.clone().unwrap_or_default();
        return Err(format!(
            "{what}: {}{}",
            shown.stderr,
            difference(&show(&scene.before), &show(&after))
        ));
    }
    let tokens = Path::new(HOME).join(".local/share/mcpjwt/tokens");
    let left = sandbox
        .files
        .files
        .keys()
        .find(|path| path.starts_with(&tokens));
    left.map_or(Ok(()), |left| {
        Err(format!("{what}: {} is left", left.display()))
    })
}

/// Behind `mcp-remote` a header is words of the command, which somebody wrote by hand.
#[test]
fn a_command_gets_its_words_of_a_header_and_loses_them_again() {
    let client = ALL.iter().find(|client| client.name == "claude-desktop");
    let client = client.unwrap();
    let mut scenes = scenes().into_iter();
    let mut scene = scenes
        .find(|scene| scene.client.name == client.name)
        .unwrap();
    let goal = Goal {
        server: "exai",
        options: String::new(),
        sort: Sort::Remote,
    };
    let list = |words: &str, more: &str| {
        format!(
            "{{\"mcpServers\": {{\n  \"exai\": {{\"command\": \"npx\", \"args\": [{words}]{more}}}\n}}}}\n"
        )
    };
    let url = "\"mcp-remote@0.1\", \"https://shop.example/mcp\"";
    for before in [
        list(url, ""),
        list(
            &format!("\n    {url},\n    \"--debug\"\n  "),
            ", \"env\": {\"A\": \"b\"}",
        ),
        list(
            &format!("\"-y\", {url}, \"--header\", \"X-Team:${{A}}\""),
            ", \"env\": {\"A\": \"b\"}",
        ),
    ] {
        scene.before = Some(before);
        for first in [Mode::Literal, Mode::File] {
            for second in [Mode::Literal, Mode::File] {
                trip(&scene, &goal, (first, second)).unwrap();
            }
        }
    }
}

/// A word that took the token from elsewhere is replaced by the file; with the file its option goes.
#[test]
fn no_option_is_left_without_its_value() {
    let list = |words: &str| {
        format!(
            "{{\"mcpServers\": {{\"exai\": {{\"command\": \"npx\", \"args\": [\"mcp-remote\", \"https://shop.example/mcp\"{words}]}}}}}}\n"
        )
    };
    let config = "~/.config/Claude/claude_desktop_config.json";
    let mut room = Sandbox::default().file(config, list(", \"--header\", \"Authorization:${T}\""));
    for line in [
        "mcpjwt issue -q --sub a --to claude-desktop/exai --mode file",
        "mcpjwt uninstall -q claude-desktop/exai",
    ] {
        let shown = room.run_raw(line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
    }
    assert_eq!(room.text(config).unwrap(), list(""));
}

fn difference(before: &str, after: &str) -> String {
    let lines = |text: &str, of: &str| -> Vec<String> {
        let known: BTreeSet<&str> = of.split('\n').collect();
        let lines = text.split('\n').filter(|line| !known.contains(line));
        lines.map(str::to_owned).collect()
    };
    format!("- {:?} + {:?}", lines(before, after), lines(after, before))
}

/// Whether an entry is to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    New,
    There,
}

fn goals(client: &Client, entry: Entry) -> Vec<Goal> {
    let rejects = client.shape.remote.as_ref().and_then(|one| one.rejects);
    let header = rejects.map_or("", |_| " --header X-Token");
    let goal = |server, options: String, sort| Goal {
        server,
        options,
        sort,
    };
    match entry {
        Entry::New => vec![
            goal(
                "shop",
                format!("--url https://shop.example/mcp{header}"),
                Sort::Remote,
            ),
            goal(
                "till",
                "--env SHOP_TOKEN -- uvx shop-mcp --quiet".to_owned(),
                Sort::Stdio,
            ),
        ],
        Entry::There => vec![
            goal("exai", header.to_owned(), Sort::Remote),
            goal("local", "--env EXAI_TOKEN".to_owned(), Sort::Stdio),
            goal("other", "--env TOKEN".to_owned(), Sort::Stdio),
        ],
    }
}

fn modes(scene: &Scene, goal: &Goal) -> Vec<Mode> {
    let mut modes = scene.config.modes(goal.sort);
    modes.retain(|mode| match mode {
        // It gives `Authorization` only.
        Mode::Helper => !goal.options.contains("--header"),
        // The word that names a variable makes room for the one that names a file.
        Mode::File if scene.client.shape.remote.is_none() => goal.server != "exai",
        _ => true,
    });
    modes
}

fn scenes() -> Vec<Scene> {
    let mut all = Vec::new();
    for client in ALL {
        let system = match client.name {
            "visual-studio" => System::Windows,
            _ => System::Linux,
        };
        let place = Where {
            system,
            home: Some(HOME.into()),
            project: CWD.into(),
            env: &|_| None,
        };
        let mut scopes = BTreeSet::new();
        for (number, config) in configs(client, &place).into_iter().enumerate() {
            if !scopes.insert(config.scope.name()) {
                continue;
            }
            if number == 0 {
                all.push(Scene {
                    client,
                    config: config.clone(),
                    before: Some(without_tokens(client, &config)),
                });
            }
            all.push(Scene {
                client,
                config,
                before: None,
            });
        }
    }
    all
}

/// The fixture of a client without the tokens that are in it.
fn without_tokens(client: &Client, config: &Config) -> String {
    let path = |end: &&str| PathBuf::from(format!("tests/fixtures/clients/{}.{end}", client.name));
    let path = ["json", "jsonc", "toml"]
        .iter()
        .map(path)
        .find(|path| path.exists());
    let text = std::fs::read_to_string(path.unwrap()).unwrap();
    let servers = mcpjwt::client::servers(config, &text).unwrap();
    let held = servers.iter().flat_map(|server| &server.values);
    let held = held.filter(|slot| slot.value.contains("eyJ"));
    let changes: Vec<Change> = held
        .map(|slot| Change::Remove {
            at: slot.at.clone(),
        })
        .collect();
    assert_eq!(changes.len(), 2, "{}", client.name);
    config.format.apply(&text, &changes).unwrap()
}
