//! The manifest of a run: which one is found, and what becomes of a wrong one.

use expect_test::expect;

use crate::support::Sandbox;
use crate::{OTHER, SECRET, runs};

const INSIDE: &str = "key = \"file:k\"\n";

/// The line of `issue` that tells which key signed.
const ISSUE: &str = "mcpjwt issue --sub a --no-record --dry-run";

/// The kids of the secrets in `k` and in `other`.
const KIDS: [(&str, &str); 2] = [("UOuPGLMbqgKiRQGz", "k"), ("G-2KYj0OXRAxhfq5", "other")];

/// Which of the two keys a command line signs with, or how it fails.
fn key(room: &mut Sandbox, line: &str) -> String {
    let shown = room.run_raw(line);
    let signed = shown.stderr.split("signed by key `").nth(1);
    let kid = signed.and_then(|rest| rest.split('`').next());
    match kid {
        Some(kid) => {
            let known = KIDS.iter().find(|(known, _)| *known == kid);
            known.map_or(kid, |(_, name)| name).to_owned()
        }
        None => shown.stderr.lines().next().unwrap_or("").to_owned(),
    }
}

/// A key in the working directory, another one above it and in the config folder.
fn room() -> Sandbox {
    Sandbox::default()
        .file("k", SECRET)
        .file("~/k", OTHER)
        .file("~/.config/mcpjwt/k", OTHER)
        .file("a/b/x", "")
}

#[test]
fn the_nearest_manifest_is_found_and_its_paths_are_its_own() {
    let up = "~/mcpjwt.toml";
    let config = "~/.config/mcpjwt/mcpjwt.toml";
    let mut room = room();
    assert!(key(&mut room, ISSUE).starts_with("there is no key yet"));
    room.put_file(config, INSIDE, 0o600);
    assert_eq!(key(&mut room, ISSUE), "other");
    room.put_file("mcpjwt.toml", INSIDE, 0o600);
    assert_eq!(key(&mut room, ISSUE), "k");
    let mut deep = room.cwd("a/b");
    assert_eq!(key(&mut deep, ISSUE), "k");
    deep.remove_file("/home/me/project/mcpjwt.toml");
    deep.remove_file(config);
    deep.put_file(up, INSIDE, 0o600);
    assert_eq!(key(&mut deep, ISSUE), "other");
    assert!(key(&mut deep, &format!("{ISSUE} --no-manifest")).starts_with("there is no key yet"));
}

#[test]
fn one_that_is_named_is_the_only_one_looked_for() {
    let mut room = room()
        .file("mcpjwt.toml", INSIDE)
        .file("sub/mcpjwt.toml", "key = \"file:../k\"")
        .file("~/.config/mcpjwt/work.toml", INSIDE);
    #[rustfmt::skip]
    let cases = [
        // words                        key, or what is wrong
        ("",                            "k"),
        ("-m work",                     "other"),
        ("--manifest=work",             "other"),
        ("-m sub/mcpjwt.toml",          "error: `~/project/sub/mcpjwt.toml` is not trusted, and its `key` uses a file outside of its folder: `file:../k`"),
        ("-m ~/mcpjwt.toml",            "error: there is no manifest `~/mcpjwt.toml`"),
        ("-m play",                     "error: `~/.config/mcpjwt` has no manifest of that name (4 characters)"),
        ("-m ./mcpjwt.toml",            "k"),
        ("--key file:~/k",              "other"),
    ];
    for (words, want) in cases {
        assert_eq!(key(&mut room, &format!("{ISSUE} {words}")), want, "{words}");
        let first = format!("mcpjwt {words} {}", &ISSUE["mcpjwt ".len()..]);
        if !words.contains("--key") {
            assert_eq!(key(&mut room, &first), want, "{first}");
        }
    }
    let both = room.run_raw(&format!("{ISSUE} -m work --no-manifest"));
    assert_eq!(both.code, 2, "{}", both.stderr);
    let mut room = room.env("MCPJWT_MANIFEST", "work");
    assert_eq!(key(&mut room, ISSUE), "other");
    assert_eq!(key(&mut room, &format!("{ISSUE} -m mcpjwt.toml")), "k");
    let mut room = room.env("MCPJWT_MANIFEST", "gone.toml");
    assert_eq!(
        key(&mut room, ISSUE),
        "error: there is no manifest `~/project/gone.toml`"
    );
    let mut room = room.env("MCPJWT_KEY", "file:~/k");
    assert_eq!(
        key(&mut room, &format!("{ISSUE} -m mcpjwt.toml")),
        "other",
        "the environment comes before the manifest"
    );
}

#[test]
fn all_that_is_wrong_with_it_is_told_and_nothing_is_done() {
    let text = "name = \"exai\"\nisss = \"x\"\nttl = 90\n\n[[token]]\nname = \"vscode1\"\nto = [\"hunter2\"]\n";
    let shown = runs(
        &mut Sandbox::default().file("mcpjwt.toml", text),
        &[
            "mcpjwt issue --sub a",
            "mcpjwt secret list --json",
            "mcpjwt issue --sub a --no-manifest --no-record --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: `~/project/mcpjwt.toml` line 2: the manifest has no key `isss`
        hint: did you mean `iss`?
        error: `~/project/mcpjwt.toml` line 3: `ttl` is an integer, not a duration in quotes
        hint: such as `"12h"` or `"90d"`
        error: `~/project/mcpjwt.toml` line 5: a `[[token]]` has no `sub`
        hint: say who it is for: `sub = "vscode1"`
        error: `~/project/mcpjwt.toml` line 7: `to`: a text of 7 characters is not a place
        hint: a place is written `env:NAME`, `cmd:COMMAND`, `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/json/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT`, `mcp:PATH#SERVER`, `CLIENT[:SCOPE]/SERVER` or `-`
        --- exit 4
        $ mcpjwt secret list --json
        --- stdout
        {
          "ok": false,
          "keys": null,
          "warnings": [],
          "errors": [
            {
              "code": "manifest_invalid",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` line 2: the manifest has no key `isss`",
              "hint": "did you mean `iss`?"
            },
            {
              "code": "manifest_invalid",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` line 3: `ttl` is an integer, not a duration in quotes",
              "hint": "such as `\"12h\"` or `\"90d\"`"
            },
            {
              "code": "manifest_invalid",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` line 5: a `[[token]]` has no `sub`",
              "hint": "say who it is for: `sub = \"vscode1\"`"
            },
            {
              "code": "manifest_invalid",
              "place": "~/project/mcpjwt.toml",
              "message": "`~/project/mcpjwt.toml` line 7: `to`: a text of 7 characters is not a place",
              "hint": "a place is written `env:NAME`, `cmd:COMMAND`, `file:PATH`, `dotenv:PATH#NAME`, `json:PATH#/json/pointer`, `toml:PATH#dotted.key`, `keyring:SERVICE/ACCOUNT`, `mcp:PATH#SERVER`, `CLIENT[:SCOPE]/SERVER` or `-`"
            }
          ]
        }
        --- exit 4
        $ mcpjwt issue --sub a --no-manifest --no-record --dry-run
        --- stderr
        there is no key yet: the first run makes one
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"(random)"}
          good until 2025-11-23 04:00:00 +00:00 (in 24 h)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn one_of_another_user_is_refused_wherever_it_is_found() {
    let mut room = Sandbox::default()
        .file("/home/mcpjwt.toml", INSIDE)
        .foreign("/home/mcpjwt.toml");
    let shown = runs(&mut room, &["mcpjwt issue --sub a", "mcpjwt trust --yes"]);
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: `/home/mcpjwt.toml` belongs to another user, so it is not used
        hint: look at it, then take it over with `sudo chown $USER /home/mcpjwt.toml`; to go without: `--no-manifest`
        --- exit 4
        $ mcpjwt trust --yes
        --- stderr
        error: `/home/mcpjwt.toml` belongs to another user, so it is not used
        hint: look at it, then take it over with `sudo chown $USER /home/mcpjwt.toml`; to go without: `--no-manifest`
        --- exit 4
    "#]].assert_eq(&shown);
}

#[test]
fn where_a_project_names_its_key_none_is_made() {
    let mut room = Sandbox::default().file("mcpjwt.toml", "name = \"exai\"\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt trust --yes",
            "mcpjwt issue --sub a",
            "mcpjwt secret generate",
            "mcpjwt issue --sub a --dry-run",
        ],
    );
    expect![[r#"
        $ mcpjwt trust --yes
        --- stderr
        `~/project/mcpjwt.toml` wants
        WHO    DOES                WHAT
        `key`  uses your own keys  the store `exai`
        `~/project/mcpjwt.toml` is trusted until it changes
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "dffa84636c0172d49c25584e3fe1d53995f07f6b8aa7fbbaced1946d88214241",
              "at": 1763784000
            }
          ]
        }
        --- exit 0
        $ mcpjwt issue --sub a
        --- stderr
        error: there is no key yet
        hint: make one with `mcpjwt secret generate`, or name one with `--key PLACE`
        --- exit 4
        $ mcpjwt secret generate
        --- stderr
        made key `5g_GDEBptwToZRcD` (HS256) in `file:~/.local/share/mcpjwt/exai.jwks`
        servers need the secret: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/exai.jwks (0600)
        {
          "keys": [
            {
              "kty": "oct",
              "use": "sig",
              "alg": "HS256",
              "kid": "5g_GDEBptwToZRcD",
              "k": "ZDcwZDMyNTllNGUxY2I2MzFjNjYzY2Y0ZDczYzRjMDQwMjJhYjFiYTgwNDA5OGU2Y2IyOTNlNjc3MGViM2E5NQ",
              "iat": 1763784000,
              "mcpjwt_state": "current"
            }
          ]
        }
        --- exit 0
        $ mcpjwt issue --sub a --dry-run
        --- stderr
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"(random)"}
          signed by key `5g_GDEBptwToZRcD` (HS256)
          good until 2025-11-23 04:00:00 +00:00 (in 24 h)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn a_manifest_without_a_store_of_its_own_says_where_to_put_the_key() {
    let mut room = Sandbox::default().file("mcpjwt.toml", "key = \"dotenv:.env#JWT_SECRET\"\n");
    let shown = runs(
        &mut room,
        &[
            "mcpjwt issue --sub a",
            "mcpjwt secret generate --to dotenv:/home/me/project/.env#JWT_SECRET",
            "mcpjwt issue --sub a --dry-run --no-record",
        ],
    );
    expect![[r#"
        $ mcpjwt issue --sub a
        --- stderr
        error: there is no key at `dotenv:/home/me/project/.env#JWT_SECRET`
        hint: make one there with `mcpjwt secret generate --to dotenv:/home/me/project/.env#JWT_SECRET`
        --- exit 4
        $ mcpjwt secret generate --to dotenv:/home/me/project/.env#JWT_SECRET
        --- stderr
        wrote key `5g_GDEBptwToZRcD` to `dotenv:/home/me/project/.env#JWT_SECRET`
        mint with it: `mcpjwt issue --sub NAME --key dotenv:/home/me/project/.env#JWT_SECRET`
        --- .env (0600)
        JWT_SECRET=d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e6cb293e6770eb3a95
        --- exit 0
        $ mcpjwt issue --sub a --dry-run --no-record
        --- stderr
        would mint {"iss":"mcpjwt","sub":"a","aud":"mcp","iat":1763783995,"exp":1763870400,"jti":"(random)"}
          signed by key `5g_GDEBptwToZRcD` (HS256)
          good until 2025-11-23 04:00:00 +00:00 (in 24 h)
        --- exit 0
    "#]].assert_eq(&shown);
}

#[test]
fn the_persons_own_store_is_the_manifests_only_where_that_has_no_key() {
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", "name = \"exai\"\nkey = \"cmd:evil\"\n")
        .file("sub/mcpjwt.toml", "name = \"exai\"\n");
    let made = room.run_raw("mcpjwt secret generate");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(room.text("~/.local/share/mcpjwt/default.jwks").is_some());
    let refused = room.run_raw("mcpjwt -m sub/mcpjwt.toml secret generate");
    let what = "is not trusted, and it uses your own keys";
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(refused.stderr.contains(what), "{}", refused.stderr);
}

#[test]
fn the_project_is_the_folder_of_its_manifest_for_every_command() {
    const CONFIG: &str = r#"{"mcpServers": {"web": {"type": "http", "url": "https://a.example"}}}"#;
    let manifest = "key = \"file:k\"\n[[token]]\nsub = \"a\"\nto = [\"claude-code:project/web\"]\n";
    let room = || {
        let mut room = Sandbox::default()
            .file("mcpjwt.toml", manifest)
            .file("k", SECRET)
            .file(".mcp.json", CONFIG)
            .file("src/deep/.mcp.json", CONFIG.replace("web", "other"));
        assert_eq!(room.run_raw("mcpjwt trust --yes").code, 0);
        room
    };
    #[rustfmt::skip]
    let lines = [
        "status",
        "status --scan",
        "status --scan --json",
        "sync --check",
        "sync",
        "expiry",
        "expiry claude-code:project/web",
        "clients claude-code",
        "doctor",
        "issue -q --sub b --to claude-code:project/web --aud x",
        "uninstall claude-code/web",
        "uninstall --all --yes",
        "install file:t --to claude-code:project/web",
        "issue -q --sub b --to claude-code:project/new --url https://b.example",
    ];
    for line in lines {
        let mut ends = Vec::new();
        for (cwd, options) in [
            (".", ""),
            ("src/deep", ""),
            ("~/elsewhere", " -m ~/project/mcpjwt.toml"),
        ] {
            let mut room = room();
            for first in ["sync", "issue --sub t --to file:t --aud x"] {
                assert_eq!(room.run_raw(&format!("mcpjwt {first}")).code, 0, "{first}");
            }
            let mut room = room.cwd(cwd);
            let shown = room.run_raw(&format!(
                "mcpjwt {}{options}",
                line.replace("file:t", "file:~/project/t")
            ));
            // What is told to be typed names the manifest again.
            let said = (shown.stdout + &shown.stderr).replace(options, "");
            let said = said.replace("~/project/", "");
            // The width of a column is that of the longest path in it.
            let said: Vec<&str> = said.split_whitespace().collect();
            let files = room.files.files.clone();
            ends.push((said.join(" "), shown.code, files));
        }
        let told = |at: usize| (&ends[at].0, ends[at].1);
        for at in [1, 2] {
            assert_eq!(told(at), told(0), "{line}");
            assert!(ends[at].2 == ends[0].2, "{line}");
        }
    }
}

#[test]
fn a_manifest_of_a_person_makes_no_project() {
    let mut room = Sandbox::default()
        .file("~/.config/mcpjwt/mcpjwt.toml", "iss = \"me\"\n")
        .file("~/.config/mcpjwt/work.toml", "iss = \"me\"\n")
        .file("k", SECRET);
    for (options, server) in [("", "a"), (" -m work", "b"), (" --no-manifest", "c")] {
        let line = format!(
            "mcpjwt issue --sub a --key file:k --to cursor:project/{server}{options} --url https://a.example"
        );
        let shown = room.run_raw(&line);
        assert_eq!(shown.code, 0, "{line}: {}", shown.stderr);
        let config = room.text(".cursor/mcp.json").unwrap();
        assert!(config.contains(&format!("\"{server}\"")), "{line}");
    }
}

#[test]
fn a_folder_is_no_manifest_but_has_one() {
    let mut room = Sandbox::default()
        .file("sub/mcpjwt.toml", "iss = \"i\"\n")
        .folder("sub");
    expect![[r#"
        --- stderr
        error: cannot read `/home/me/project/sub`: it is a folder
        hint: for the manifest in it: `-m /home/me/project/sub/mcpjwt.toml`
        --- exit 4
    "#]]
    .assert_eq(&room.run("mcpjwt -m ./sub status"));
}

#[test]
fn a_pipe_in_a_manifest_is_refused_and_not_waited_for() {
    // What reads a pipe hangs, and here panics.
    #[rustfmt::skip]
    let cases = [
        // key, previous, place                         command
        ("file:p", "file:q", "file:t",               "sync"),
        ("file:p", "file:q", "file:t",               "sync --check"),
        ("file:p", "file:q", "file:t",               "issue --sub s"),
        ("file:p", "file:q", "file:t",               "verify a.b.c"),
        ("file:p", "file:q", "file:t",               "headers s"),
        ("file:p", "file:q", "file:t",               "secret list"),
        ("file:p", "file:q", "file:t",               "rotate-secret"),
        ("file:p", "file:q", "file:t",               "refresh --all"),
        ("file:p", "file:q", "file:t",               "status"),
        ("file:p", "file:q", "file:t",               "doctor"),
        ("dotenv:p#K", "file:q", "file:t",           "sync"),
        ("json:p#/k", "file:q", "file:t",            "sync"),
        ("file:k", "file:p", "file:t",               "sync"),
        ("file:k", "file:p", "file:t",               "verify a.b.c"),
        ("file:k", "file:q", "file:p",               "sync"),
        ("file:k", "file:q", "file:p",               "status"),
        ("file:k", "file:q", "file:p",               "refresh --all"),
        ("file:k", "file:q", "json:p#/a",            "expiry"),
        ("file:k", "file:q", "file:t",               "issue --sub s --claims-file file:p"),
        ("file:k", "file:q", "file:t",               "-m ./p sync"),
    ];
    for (key, previous, to, line) in cases {
        let manifest = format!(
            "iss = \"i\"\naud = \"a\"\nkey = \"{key}\"\nprevious = \"{previous}\"\n[[token]]\nsub = \"s\"\nto = [\"{to}\"]\n"
        );
        let mut room = crate::with_key().file("mcpjwt.toml", manifest).pipe("p");
        let shown = room.run_raw(&format!("mcpjwt {line}"));
        let about = format!(
            "{key} {previous} {to} {line}: {}{}",
            shown.stdout, shown.stderr
        );
        assert!(shown.code == 4 || shown.code == 1, "{about}");
        assert!(about.contains("it is no plain file"), "{about}");
    }
    // What a shell hands over is read.
    let mut room = crate::with_key()
        .file("/dev/fd/63", "{\"team\":\"x\"}")
        .pipe("p");
    let shown = room.run_raw("mcpjwt issue -q --sub s --key file:k --claims-file file:/dev/fd/63");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}
