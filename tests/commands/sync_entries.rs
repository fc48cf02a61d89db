//! `mcpjwt sync` and `add` for entries of clients: where a helper is tried, and what is said of
//! an entry that does not say where its token goes.

use expect_test::expect;

use crate::SECRET;
use crate::support::Sandbox;

/// A project with two servers in Claude Code's own file, trusted.
fn room(token: &str) -> Sandbox {
    let manifest = format!("aud = \"mcp\"\nkey = \"file:k\"\n\n[[token]]\nsub = \"a\"\n{token}");
    let config = r#"{"mcpServers":{"web":{"type":"http","url":"https://a.example"},"own":{"command":"node"}}}"#;
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file("k", SECRET)
        .file(".mcp.json", config)
        .command("mcpjwt headers a", "{}");
    assert_eq!(room.run_raw("mcpjwt trust --yes").code, 0);
    room
}

#[test]
fn a_helper_of_a_project_is_tried_in_its_folder() {
    let helper = "to = [{ place = \"claude-code:project/web\", mode = \"helper\" }]\n";
    let mut room = room(helper);
    room.facts.cwd = "/tmp".into();
    room.facts.env.push((
        "MCPJWT_MANIFEST".into(),
        "/home/me/project/mcpjwt.toml".into(),
    ));
    let shown = room.run_raw("mcpjwt sync -q -m ../home/me/project/mcpjwt.toml");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert_eq!(
        room.children.called_in,
        std::path::Path::new("/home/me/project")
    );
    // A client starts it without.
    let hidden = ["MCPJWT_MANIFEST".to_owned()];
    assert_eq!(room.children.calls[0].1, hidden);

    let mut room = self::room(helper);
    room.facts.cwd = "/tmp".into();
    room.children.prints.clear();
    let shown = room.run_raw("mcpjwt sync -m ../home/me/project/mcpjwt.toml");
    let said: Vec<&str> = shown.stderr.lines().rev().take(2).collect();
    expect![[r#"
        hint: see what it says: `cd /home/me/project && mcpjwt headers a`
        error: the command for the config does not work: it ended with exit code 127"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn what_is_to_be_said_of_an_entry_is_said_where_it_was_asked() {
    let mut room = room("to = [\"claude-code:project/own\"]\n");
    expect![[r#"
        error: cannot use `claude-code:project/own`: `own` of Claude Code has no variables yet
        hint: name the one that the server reads its token from by `env = "NAME"`, in line 6 of `~/project/mcpjwt.toml`
    "#]].assert_eq(&room.run_raw("mcpjwt sync").stderr);
    let mut room = self::room("to = []\n");
    let shown = room.run_raw("mcpjwt add b --to claude-code:project/own");
    let hint = "reads its token from by `--env NAME`\n";
    assert!(shown.stderr.ends_with(hint), "{}", shown.stderr);
    let shown = room.run_raw("mcpjwt add b --to claude-code:project/own --env B");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let mut room = self::room("to = [{ place = \"claude-code:project/own\", env = \"A\" }]\n");
    let shown = room.run_raw("mcpjwt sync");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}

#[test]
fn an_entry_that_contradicts_the_manifest_is_no_mistake_of_the_command_line() {
    let there = r#"{"mcpServers":{"e":{"url":"https://one.example/mcp"}}}"#;
    let manifest = "iss = \"i\"\nkey = \"file:k\"\n[[token]]\nsub = \"b\"\nto = [{ client = \"cursor\", scope = \"project\", server = \"e\", url = \"https://two.example/mcp\" }]\n";
    let mut room = Sandbox::default()
        .file("mcpjwt.toml", manifest)
        .file("k", SECRET)
        .file(".cursor/mcp.json", there);
    room.run_raw("mcpjwt trust --yes");
    let mut shown = String::new();
    for line in ["mcpjwt sync", "mcpjwt sync --check", "mcpjwt issue --all"] {
        let told = room.run_raw(line);
        shown.push_str(&format!(
            "$ {line}\n{}--- exit {}\n",
            told.stderr, told.code
        ));
    }
    expect![[r#"
        $ mcpjwt sync
        error: cannot use `cursor:project/e`: `e` of Cursor is there already, with another URL (`/mcpServers/e`)
        hint: leave out `url`, or choose another name, in line 5 of `~/project/mcpjwt.toml`
        --- exit 4
        $ mcpjwt sync --check
        error: cannot use `cursor:project/e`: `e` of Cursor is there already, with another URL (`/mcpServers/e`)
        hint: leave out `url`, or choose another name, in line 5 of `~/project/mcpjwt.toml`
        --- exit 4
        $ mcpjwt issue --all
        error: cannot use `cursor:project/e`: `e` of Cursor is there already, with another URL (`/mcpServers/e`)
        hint: leave out `url`, or choose another name, in line 5 of `~/project/mcpjwt.toml`
        --- exit 4
    "#]].assert_eq(&shown);
}
