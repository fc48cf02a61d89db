//! `mcpjwt trust`: what a place leads to is kept with the trust, and only that is used.

use mcpjwt::client::{ALL, Mode};

use crate::support::Sandbox;
use crate::with_key;

const OTHER_SERVER: &str = "was trusted while this went to another server";
const ELSEWHERE: &str = "was trusted while this led elsewhere";

fn manifest(to: &str) -> String {
    format!("iss = \"i\"\naud = \"a\"\nkey = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [{to}]\n")
}

fn good(room: &mut Sandbox, line: &str) {
    let shown = room.run_raw(&format!("mcpjwt {line}"));
    assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
}

/// Refuses all that would put a token there, and changes no file.
fn refused(room: &mut Sandbox, what: &str, why: &str) {
    let lines = [
        "sync",
        "sync --renew",
        "sync --check",
        "issue --all",
        "rotate-secret --reissue",
    ];
    // What is not a token's place is none of those that are refreshed.
    let refresh = (why == OTHER_SERVER).then_some("refresh --all --ttl 80d");
    for line in lines.into_iter().chain(refresh) {
        let before = room.files.files.clone();
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        assert_eq!(shown.code, 4, "{what}: {line}: {}", shown.stderr);
        assert!(
            shown.stderr.contains(why),
            "{what}: {line}: {}",
            shown.stderr
        );
        let changed: Vec<_> = room
            .files
            .files
            .keys()
            .filter(|path| before.get(*path) != room.files.files.get(*path))
            .collect();
        assert!(changed.is_empty(), "{what}: {line}: {changed:?}");
    }
}

#[test]
fn another_server_is_asked_about_again() {
    let map = |entry: &str| format!("{{\"mcpServers\": {{\"x\": {entry}}}}}\n");
    let toml = |entry: &str| format!("[mcp_servers.x]\n{entry}\n");
    let json = (
        map(r#"{"url": "https://mcp.example/mcp"}"#),
        map(r#"{"url": "https://evil.example/mcp"}"#),
    );
    let code = (
        map(r#"{"type": "http", "url": "https://mcp.example/mcp"}"#),
        map(r#"{"type": "http", "url": "https://evil.example/mcp"}"#),
    );
    let starts = (
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": ""}}"#),
        map(r#"{"command": "node", "args": ["e.js"], "env": {"T": ""}}"#),
    );
    let bridge = (
        map(r#"{"command": "npx", "args": ["mcp-remote", "https://mcp.example"]}"#),
        map(r#"{"command": "./npx", "args": ["mcp-remote", "https://mcp.example"]}"#),
    );
    let two = (
        map(r#"{"url": "https://mcp.example/mcp"}"#),
        map(r#"{"url": "https://mcp.example/mcp", "serverUrl": "https://evil.example"}"#),
    );
    let codex = (
        toml("url = \"https://mcp.example\""),
        toml("url = \"https://evil.example\""),
    );
    let folder = (
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": ""}}"#),
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": ""}, "cwd": "/tmp/evil"}"#),
    );
    let path = (
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": "", "KEY": "1"}}"#),
        map(
            r#"{"command": "node", "args": ["s.js"], "env": {"T": "", "KEY": "2", "PATH": "evil"}}"#,
        ),
    );
    let value = (
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": "", "KEY": "hunter2"}}"#),
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": "", "KEY": "hunter3"}}"#),
    );
    let lines = (
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": ""}}"#),
        map(r#"{"command": "node", "args": ["s.js"], "env": {"T": ""}, "envFile": "evil.env"}"#),
    );
    let tables = (
        toml("command = \"node\"\n[mcp_servers.x.env]\nT = \"\""),
        toml("command = \"node\"\n[mcp_servers.x.env]\nT = \"\"\nNODE_OPTIONS = \"-r ./e\""),
    );
    #[rustfmt::skip]
    let cases = [
        // place                                                                                   config                   entries   what trust shows
        ("\"cursor:project/x\"",                                                                   ".cursor/mcp.json",      &json,    "url https://evil.example/mcp"),
        ("\"cursor/x\"",                                                                           ".cursor/mcp.json",      &json,    "url https://evil.example/mcp"),
        ("\"cursor:user/x\"",                                                                      "~/.cursor/mcp.json",    &json,    "url https://evil.example/mcp"),
        ("{ client = \"cursor\", scope = \"project\", server = \"x\", mode = \"env\", env = \"T\" }", ".cursor/mcp.json",   &json,    "url https://evil.example/mcp"),
        ("\"mcp:in/m.json#x\"",                                                                    "in/m.json",             &json,    "url https://evil.example/mcp"),
        ("\"mcp:../m.json#x\"",                                                                    "../m.json",             &json,    "url https://evil.example/mcp"),
        ("\"mcp:m.json#x\"",                                                                       "m.json",                &two,     "url https://evil.example"),
        ("\"claude-code:project/x\"",                                                              ".mcp.json",             &code,    "url https://evil.example/mcp"),
        ("{ client = \"claude-code\", scope = \"project\", server = \"x\", mode = \"helper\" }",   ".mcp.json",             &code,    "url https://evil.example/mcp"),
        ("{ place = \"cursor:project/x\", env = \"T\" }",                                                                   ".cursor/mcp.json",      &starts,  "command node e.js"),
        ("{ client = \"cursor\", scope = \"project\", server = \"x\", mode = \"exec\", env = \"T\" }", ".cursor/mcp.json",  &starts,  "command node e.js"),
        ("\"mcp:m.json#x\"",                                                                       "m.json",                &bridge,  "command ./npx mcp-remote"),
        ("{ place = \"cursor:project/x\", env = \"T\" }",                                            ".cursor/mcp.json",      &folder,  "command node s.js, started in /tmp/evil"),
        ("{ place = \"cursor:project/x\", env = \"T\" }",                                            ".cursor/mcp.json",      &path,    "with the variables KEY PATH"),
        ("{ place = \"cursor:project/x\", env = \"T\" }",                                            ".cursor/mcp.json",      &value,   "with the variables KEY"),
        ("{ client = \"cursor\", scope = \"project\", server = \"x\", mode = \"env\", env = \"T\" }", ".cursor/mcp.json",   &value,   "with the variables KEY"),
        ("{ client = \"cursor\", scope = \"project\", server = \"x\", mode = \"exec\", env = \"T\" }", ".cursor/mcp.json",  &value,   "with the variables KEY"),
        ("{ place = \"mcp:m.json#x\", env = \"T\" }",                                                "m.json",                &lines,   "and those of evil.env"),
        ("{ place = \"codex:user/x\", env = \"T\" }",                                                "~/.codex/config.toml",  &tables,  "with the variables NODE_OPTIONS"),
        ("\"json:../m.json#/mcpServers/x/env/T\"",                                                   "../m.json",             &starts,  "command node e.js"),
        ("\"json:../m.json#/mcpServers/x/env/T\"",                                                   "../m.json",             &folder,  "started in /tmp/evil"),
        ("\"json:../m.json#/mcpServers/x/env/T\"",                                                   "../m.json",             &path,    "with the variables KEY PATH"),
        ("\"toml:../m.toml#mcp_servers.x.env.T\"",                                                   "../m.toml",             &tables,  "with the variables NODE_OPTIONS"),
        ("\"codex:user/x\"",                                                                       "~/.codex/config.toml",  &codex,   "url https://evil.example"),
    ];
    for (to, config, (before, after), shows) in cases {
        let what = format!("{to} {shows}");
        let mut room = with_key()
            .command("mcpjwt headers a", "{}")
            .file("mcpjwt.toml", manifest(to))
            .file(config, before);
        for line in [
            "trust --yes",
            "sync",
            "sync --renew",
            "add b --to file:b",
            "sync --renew",
        ] {
            good(&mut room, line);
        }
        let shown = room.run_raw("mcpjwt trust");
        assert!(
            shown.stderr.contains("trusted already"),
            "{what}: {}",
            shown.stderr
        );
        room.put_file(config, after, 0o600);
        refused(&mut room, &what, OTHER_SERVER);
        // Who adds what is somewhere else has not seen it either, nor who adds a token to it.
        good(&mut room, "add c --to file:c");
        refused(&mut room, &what, OTHER_SERVER);
        if to.starts_with('"') {
            let place = to.trim_matches('"');
            let shown = room.run_raw(&format!("mcpjwt add d --to {place} --header X-D"));
            // Another name for the place is another place.
            let is_known = shown.code != 0 || place.contains("..");
            assert!(is_known, "{what}: {}", shown.stderr);
            refused(&mut room, &what, OTHER_SERVER);
        }
        let shown = room.run_raw("mcpjwt doctor");
        assert!(
            shown.stderr.contains("is not trusted as it is now"),
            "{what}: {}",
            shown.stderr
        );
        let shown = room.run_raw("mcpjwt trust --yes");
        assert!(shown.stderr.contains(shows), "{what}: {}", shown.stderr);
        assert!(!shown.stderr.contains("hunter"), "{}", shown.stderr);
        good(&mut room, "sync --renew");
    }
}

/// An entry that appears where the manifest was to make one is somebody else's too.
#[test]
fn an_entry_that_was_not_there_is_asked_about() {
    let to = "{ client = \"cursor\", server = \"x\", url = \"https://mcp.example/mcp\" }";
    let entry = |url: &str| {
        format!(
            "{{\"mcpServers\": {{\"x\": {{\"url\": \"{url}\", \"serverUrl\": \"https://evil.example\"}}}}}}\n"
        )
    };
    let mut room = with_key().file("mcpjwt.toml", manifest(to));
    good(&mut room, "trust --yes");
    room.put_file(".cursor/mcp.json", entry("https://mcp.example/mcp"), 0o600);
    refused(&mut room, to, OTHER_SERVER);
    room.remove_file(".cursor/mcp.json");
    good(&mut room, "sync");
    // The very same in the project's config would be taken before the user's.
    let own = room.text("~/.cursor/mcp.json").unwrap();
    room.remove_file("~/.cursor/mcp.json");
    room.put_file(".cursor/mcp.json", own, 0o600);
    refused(&mut room, to, OTHER_SERVER);
}

#[test]
fn a_place_leads_only_where_it_was_shown_to() {
    let mut room = with_key()
        .file("mcpjwt.toml", manifest("\"file:one/t\", \"file:two/t\""))
        .folder("/home/me/one")
        .folder("/home/me/two")
        .link("one", "/home/me/one")
        .link("two", "/home/me/two");
    good(&mut room, "trust --yes");
    good(&mut room, "sync");
    let mut room = room.link("one", "/home/me/two").link("two", "/home/me/one");
    refused(&mut room, "swapped", ELSEWHERE);
    let mut room = room.link("one", "/home/me/one").link("two", "/home/me/two");
    good(&mut room, "sync --renew");
}

#[test]
fn what_our_own_edits_make_of_an_entry_stays_trusted() {
    let modes = [
        Mode::Literal,
        Mode::Helper,
        Mode::Env,
        Mode::Input,
        Mode::File,
        Mode::Exec,
    ];
    let mut count = 0;
    for client in ALL {
        for (target, mode) in [
            "url = \"https://mcp.example/mcp\"",
            "command = [\"node\", \"s.js\"], env = \"T\"",
        ]
        .into_iter()
        .flat_map(|target| modes.map(|mode| (target, mode)))
        {
            let (name, mode) = (client.name, mode.name());
            let to =
                format!("{{ client = \"{name}\", server = \"x\", {target}, mode = \"{mode}\" }}");
            let mut room = with_key()
                .command("mcpjwt headers a", "{}")
                .file("mcpjwt.toml", manifest(&to));
            good(&mut room, "trust --yes");
            let shown = room.run_raw("mcpjwt sync");
            assert!(
                !shown.stderr.contains(OTHER_SERVER),
                "{to}: {}",
                shown.stderr
            );
            if shown.code != 0 {
                // A client without that mode.
                continue;
            }
            count += 1;
            for line in ["sync --renew", "sync"] {
                let shown = room.run_raw(&format!("mcpjwt {line}"));
                assert_eq!(shown.code, 0, "{to}: {line}: {}", shown.stderr);
            }
        }
    }
    assert!(count > 150, "{count}");
}

#[test]
fn a_command_of_a_manifest_runs_in_its_folder() {
    let text = manifest("\"file:t\"").replace("file:k", "cmd:./key.sh");
    for (cwd, line, calls) in [
        ("", "sync", 1),
        ("deep/er", "sync", 1),
        ("deep/er", "issue --sub x --no-record", 1),
        // A command is not run once more to look at the files of keys.
        ("deep/er", "doctor", 1),
    ] {
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", &text)
            .command("./key.sh", crate::SECRET);
        good(&mut room, "trust --yes");
        let mut room = if cwd.is_empty() { room } else { room.cwd(cwd) };
        good(&mut room, line);
        assert_eq!(
            room.children.called_in.to_str(),
            Some("/home/me/project"),
            "{cwd} {line}"
        );
        assert_eq!(room.children.calls.len(), calls, "{cwd} {line}");
        if line == "sync" {
            continue;
        }
        good(
            &mut room,
            "issue --sub x --no-record --no-manifest --key cmd:./key.sh",
        );
        let folder = room.facts.cwd.clone();
        assert_eq!(room.children.called_in, folder, "{cwd} {line}");
    }
}

/// Nobody has agreed to what a manifest is that was never trusted.
#[test]
fn a_command_of_the_person_runs_in_no_folder_of_an_untrusted_manifest() {
    let text = manifest("\"file:t\"").replace("file:k", "cmd:./key.sh");
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", &text)
        .command("./key.sh", crate::SECRET)
        .env("MCPJWT_KEY", "cmd:./key.sh")
        .cwd("deep");
    good(&mut room, "issue --sub x --no-record");
    let folder = room.facts.cwd.clone();
    assert_eq!(room.children.called_in, folder);
}

#[test]
fn a_manifest_of_somebody_else_makes_no_project() {
    let entry = r#"{"mcpServers": {"x": {"url": "https://mcp.example"}}}"#;
    let mut room = with_key()
        .file("mcpjwt.toml", manifest("\"file:t\""))
        .file("sub/k", crate::SECRET)
        .file("sub/.cursor/mcp.json", entry)
        .file(".cursor/mcp.json", entry)
        .foreign("mcpjwt.toml")
        .cwd("sub");
    good(
        &mut room,
        "issue -q --no-manifest --key file:k --sub a --to file:t",
    );
    good(&mut room, "install -q file:t --to cursor:project/x");
    assert_eq!(
        room.text("/home/me/project/.cursor/mcp.json").unwrap(),
        entry
    );
}

#[test]
fn what_is_agreed_to_is_seen_whole() {
    #[rustfmt::skip]
    let cases = [
        // entry                                                                                what is shown
        (r#"{"url": "https://good.example@eyJhbGciOiJIUzI1NiJ9.evil.example/mcp"}"#,            "url https://good.example@eyJhbGciOiJIUzI1NiJ9.evil.example/mcp"),
        (r#"{"url": "https://a.example/?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA"}"#,        "url https://a.example/?t=.."),
        (r#"{"command": "./eyJhbGciOiJIUzI1NiJ9.sh", "env": {"T": ""}}"#,                       "command ./eyJhbGciOiJIUzI1NiJ9.sh"),
        (r#"{"command": "node", "args": ["./eyJhbGciOiJIUzI1NiJ9.js"], "env": {"T": ""}}"#,     "command node ./eyJhbGciOiJIUzI1NiJ9.js"),
        (r#"{"url": "https://good.example", "url": "https://evil.example"}"#,                   "nobody can tell where to: the name `url` is there twice"),
        (r#"{"url": "https://good.example"}, "x": {"url": "https://evil.example"}"#,            "nobody can tell where to: the name `x` is there twice"),
    ];
    for (entry, want) in cases {
        let to = if entry.contains("command") {
            "{ place = \"mcp:m.json#x\", env = \"T\" }"
        } else {
            "{ place = \"mcp:m.json#x\" }"
        };
        let mut room = with_key().file("mcpjwt.toml", manifest(to)).file(
            "m.json",
            format!("{{\"mcpServers\": {{\"x\": {entry}}}}}\n"),
        );
        let shown = room.run_raw("mcpjwt trust --dry-run");
        let all = format!("{}{}", shown.stdout, shown.stderr);
        let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains(want), "{entry}: {all}");
        if want.contains("twice") {
            good(&mut room, "trust --yes");
            let shown = room.run_raw("mcpjwt sync");
            assert_eq!(shown.code, 4, "{entry}: {}", shown.stderr);
        }
    }
}

#[test]
fn what_git_keeps_for_itself_is_not_in_the_folder() {
    for place in [
        "file:.git/hooks/pre-commit",
        "dotenv:.git/config#sshCommand",
        "toml:sub/.GIT/config#core.pager",
        "mcp:.hg/x.json#x",
    ] {
        let mut room = with_key()
            .file("mcpjwt.toml", manifest(&format!("\"{place}\"")))
            .file(".git/config", "[core]\n")
            .folder(".git/hooks")
            .file("sub/.GIT/config", "[core]\n");
        refused(&mut room, place, "is not trusted");
        let shown = room.run_raw("mcpjwt trust --yes");
        assert!(shown.stderr.contains(place), "{place}: {}", shown.stderr);
    }
    let mut room = with_key()
        .file("mcpjwt.toml", manifest("\"file:.gitea/t\""))
        .folder(".gitea");
    good(&mut room, "sync");
}

/// What any manifest may do needs no trust, and asks for none again.
#[test]
fn an_entry_in_the_folder_that_a_pointer_names_may_change() {
    let entry = |program: &str| {
        format!(
            "{{\"mcpServers\": {{\"x\": {{\"command\": \"{program}\", \"env\": {{\"T\": \"\"}}}}}}}}\n"
        )
    };
    let to = "\"json:m.json#/mcpServers/x/env/T\", \"file:../t\"";
    let mut room = with_key()
        .file("mcpjwt.toml", manifest(to))
        .file("m.json", entry("node"));
    good(&mut room, "trust --yes");
    room.put_file("m.json", entry("deno"), 0o600);
    good(&mut room, "sync");
    good(&mut room, "refresh --all");
}

/// Two tokens of one entry: each run changes the variable of the other.
#[test]
fn two_tokens_of_one_entry_are_no_news_to_each_other() {
    let entry = r#"{"mcpServers": {"x": {"command": "node", "env": {"A": "1", "U": ""}}}}"#;
    let in_entry = "{ place = \"mcp:../m.json#x\", env = \"T\" }";
    let by_pointer = "\"json:../m.json#/mcpServers/x/env/U\"";
    let other = "\"json:../m.json#/mcpServers/x/env/T\"";
    for [one, two] in [[in_entry, by_pointer], [other, by_pointer]] {
        let text = format!("{}[[token]]\nsub = \"b\"\nto = [{two}]\n", manifest(one));
        let mut room = with_key()
            .file("mcpjwt.toml", text)
            .file("../m.json", entry);
        good(&mut room, "trust --yes");
        for line in ["sync", "sync --renew", "sync --check"] {
            good(&mut room, line);
        }
    }
}
