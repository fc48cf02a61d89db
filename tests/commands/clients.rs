//! `mcpjwt clients`: what is known, what is here.

use expect_test::expect;

use crate::runs;
use crate::support::Sandbox;

const T: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";

/// A person with some clients, in a project of some.
fn machine() -> Sandbox {
    Sandbox::default()
        .file(
            "~/.claude.json",
            format!(
                r#"{{"mcpServers":{{"exai":{{"type":"http","url":"https://mcp.example.com/mcp?key=SECRET","headers":{{"Authorization":"Bearer {T}"}}}}}},
                "projects":{{"/home/me/project":{{"mcpServers":{{"here":{{"command":"uvx","args":["here","--token={T}"]}}}}}},
                "/home/me/other":{{"mcpServers":{{"there":{{"command":"uvx"}}}}}}}}}}"#
            ),
        )
        .file(
            ".mcp.json",
            r#"{"mcpServers":{"exai":{"type":"http","url":"https://user:SECRET@mcp.example.com","headersHelper":"mcpjwt headers exai"}}}"#,
        )
        .file_with_mode(
            "~/.config/Code/User/mcp.json",
            "{\n  // mine\n  \"servers\": {\"search\": {\"url\": \"https://search.example\", \"headers\": {\"Authorization\": \"Bearer ${input:pat}\"}}},\n}\n",
            0o644,
        )
        .file("~/.config/Code/User/settings.json", "{}")
        .file("~/.codex/config.toml", "model = \"x\"\n")
        .file("~/.config/goose/config.yaml", "extensions: {}\n")
}

#[test]
fn those_that_are_here_come_first() {
    let mut room = machine();
    let mut text = runs(&mut room, &["mcpjwt clients"]);
    for width in [80, 120] {
        room = room.terminal(width);
        text += &format!("== {width}\n{}", room.run("mcpjwt clients --color never"));
    }
    expect![[r#"
        $ mcpjwt clients
        --- stdout
        CLIENT       SCOPE    FILE                          SERVERS     MODES            VERIFIED
        claude-code  user     ~/.claude.json                exai        helper env exec  ran
        claude-code  project  .mcp.json                     exai        helper env exec  ran
        claude-code  local    ~/.claude.json                here        helper env exec  ran
        vscode       user     ~/.config/Code/User/mcp.json  search      env input exec   source
        vscode       project  .mcp.json                     exai        env input exec   source
        codex        user     ~/.codex/config.toml          no servers  helper env exec  source

        also read   `.mcp.json`: vscode-insiders, vscodium, copilot-cli, kimi-code, command-code, deepagents, nanocoder, forge
        not edited  goose: `~/.config/goose/config.yaml` is YAML, which mcpjwt does not edit
        not found   claude-desktop, cursor, gemini-cli, opencode, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, pi, mastracode, fx, mcporter, rovodev, tabnine, cortex-code, muse-code, zcode, warp, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
        == 80
        --- stdout
        CLIENT       SCOPE    FILE                          SERVERS
        claude-code  user     ~/.claude.json                exai
                     project  .mcp.json                     exai
                     local    ~/.claude.json                here
          modes helper env exec, verified ran
        vscode       user     ~/.config/Code/User/mcp.json  search
                     project  .mcp.json                     exai
          modes env input exec, verified source
        codex        user     ~/.codex/config.toml          no servers
          modes helper env exec, verified source

        also read   `.mcp.json`: vscode-insiders, vscodium, copilot-cli, kimi-code,
                    command-code, deepagents, nanocoder, forge
        not edited  goose: `~/.config/goose/config.yaml` is YAML, which mcpjwt does not
                    edit
        not found   claude-desktop, cursor, gemini-cli, opencode, windsurf, cline, roo,
                    kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro,
                    trae, devin, bob, qwen-code, factory-droid, augment, amazon-q,
                    crush, amp, grok-build, pi, mastracode, fx, mcporter, rovodev,
                    tabnine, cortex-code, muse-code, zcode, warp, eca, mcphub, oterm,
                    openhands, lm-studio, boltai, witsy, enconvo, jan, continue,
                    mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
        == 120
        --- stdout
        CLIENT       SCOPE    FILE                          SERVERS     MODES            VERIFIED
        claude-code  user     ~/.claude.json                exai        helper env exec  ran
                     project  .mcp.json                     exai
                     local    ~/.claude.json                here
        vscode       user     ~/.config/Code/User/mcp.json  search      env input exec   source
                     project  .mcp.json                     exai
        codex        user     ~/.codex/config.toml          no servers  helper env exec  source

        also read   `.mcp.json`: vscode-insiders, vscodium, copilot-cli, kimi-code, command-code, deepagents, nanocoder, forge
        not edited  goose: `~/.config/goose/config.yaml` is YAML, which mcpjwt does not edit
        not found   claude-desktop, cursor, gemini-cli, opencode, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai,
                    junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp,
                    grok-build, pi, mastracode, fx, mcporter, rovodev, tabnine, cortex-code, muse-code, zcode, warp, eca,
                    mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, continue, mistral-vibe, hermes-agent,
                    poolside, 5ire, tome, librechat
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn one_in_detail() {
    let mut room = machine();
    let mut text = runs(
        &mut room,
        &[
            "mcpjwt clients claude-code",
            "mcpjwt clients vscode",
            "mcpjwt clients goose",
            "mcpjwt clients zed",
        ],
    );
    for width in [80, 120] {
        room = room.terminal(width);
        text += &format!(
            "== {width}\n{}",
            room.run("mcpjwt clients claude-code --color never")
        );
    }
    expect![[r#"
        $ mcpjwt clients claude-code
        --- stdout
        client          Claude Code
        with a URL      literal helper env
        with a command  literal env exec
        note            helper: Claude Code runs a helper when it connects, and not always again when its token has expired
        reads           comments no, trailing commas no, byte order mark yes
        verified        ran: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE            STATE
        user     ~/.claude.json  mode 0600
        project  .mcp.json       mode 0600
        local    ~/.claude.json  mode 0600

        SERVER  SCOPE    KIND                            TOKEN
        exai    user     remote https://mcp.example.com  Authorization
        exai    project  remote https://mcp.example.com  helper
        here    local    stdio uvx                       args
        --- exit 0
        $ mcpjwt clients vscode
        --- stdout
        client          VS Code
        with a URL      literal env input
        with a command  literal env input exec
        note            env: VS Code is said not to replace `${env:NAME}` in headers (microsoft/vscode#336232); `--mode input` works there
        reads           comments yes, trailing commas yes, byte order mark unknown
        verified        source: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE                               STATE
        user     ~/.config/Code/User/mcp.json       mode 0644
        user     ~/.copilot/mcp-config.json         no such file
        user     ~/.config/Code/User/settings.json  mode 0600
        project  .vscode/mcp.json                   no such file
        project  .mcp.json                          mode 0600

        SERVER  SCOPE    KIND                            TOKEN
        search  user     remote https://search.example   input pat
        exai    project  remote https://mcp.example.com  -
        --- exit 0
        $ mcpjwt clients goose
        --- stdout
        client      Goose
        not edited  its config is YAML, which mcpjwt does not edit
        verified    secondary: paths

        SCOPE  FILE                         STATE
        user   ~/.config/goose/config.yaml  mode 0600
        --- exit 0
        $ mcpjwt clients zed
        --- stdout
        client          Zed
        with a URL      literal
        with a command  literal exec
        reads           comments yes, trailing commas yes, byte order mark unknown
        verified        source: paths, servers, stdio, remote; memory: reader, modes

        SCOPE    FILE                         STATE
        user     ~/.config/zed/settings.json  no such file
        project  .zed/settings.json           no such file
        --- exit 0
        == 80
        --- stdout
        client          Claude Code
        with a URL      literal helper env
        with a command  literal env exec
        note            helper: Claude Code runs a helper when it connects, and not
                        always again when its token has expired
        reads           comments no, trailing commas no, byte order mark yes
        verified        ran: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE            STATE
        user     ~/.claude.json  mode 0600
        project  .mcp.json       mode 0600
        local    ~/.claude.json  mode 0600

        SERVER  SCOPE    KIND                            TOKEN
        exai    user     remote https://mcp.example.com  Authorization
        exai    project  remote https://mcp.example.com  helper
        here    local    stdio uvx                       args
        --- exit 0
        == 120
        --- stdout
        client          Claude Code
        with a URL      literal helper env
        with a command  literal env exec
        note            helper: Claude Code runs a helper when it connects, and not always again when its token has expired
        reads           comments no, trailing commas no, byte order mark yes
        verified        ran: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE            STATE
        user     ~/.claude.json  mode 0600
        project  .mcp.json       mode 0600
        local    ~/.claude.json  mode 0600

        SERVER  SCOPE    KIND                            TOKEN
        exai    user     remote https://mcp.example.com  Authorization
        exai    project  remote https://mcp.example.com  helper
        here    local    stdio uvx                       args
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn one_in_json() {
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "clients": [
            {
              "name": "claude-code",
              "title": "Claude Code",
              "found": true,
              "edited": true,
              "why": null,
              "instead": null,
              "modes": {
                "remote": [
                  "literal",
                  "helper",
                  "env"
                ],
                "stdio": [
                  "literal",
                  "env",
                  "exec"
                ]
              },
              "reads": {
                "comments": false,
                "trailing_commas": false,
                "byte_order_mark": true
              },
              "verified": {
                "weakest": "ran",
                "paths": "ran",
                "servers": "ran",
                "stdio": "ran",
                "remote": "ran",
                "reader": "ran",
                "modes": "ran"
              },
              "files": [
                {
                  "scope": "user",
                  "path": "/home/me/.claude.json",
                  "found": true,
                  "format": "json",
                  "mode": "0600",
                  "servers": [
                    {
                      "name": "exai",
                      "at": "/mcpServers/exai",
                      "kind": "remote",
                      "what": "https://mcp.example.com",
                      "tokens": [
                        "/mcpServers/exai/headers/Authorization"
                      ],
                      "references": []
                    }
                  ]
                },
                {
                  "scope": "project",
                  "path": "/home/me/project/.mcp.json",
                  "found": true,
                  "format": "json",
                  "mode": "0600",
                  "servers": [
                    {
                      "name": "exai",
                      "at": "/mcpServers/exai",
                      "kind": "remote",
                      "what": "https://mcp.example.com",
                      "tokens": [],
                      "references": [
                        {
                          "mode": "helper",
                          "at": "/mcpServers/exai/headersHelper",
                          "names": null
                        }
                      ]
                    }
                  ]
                },
                {
                  "scope": "local",
                  "path": "/home/me/.claude.json",
                  "found": true,
                  "format": "json",
                  "mode": "0600",
                  "servers": [
                    {
                      "name": "here",
                      "at": "/projects/~1home~1me~1project/mcpServers/here",
                      "kind": "stdio",
                      "what": "uvx",
                      "tokens": [
                        "/projects/~1home~1me~1project/mcpServers/here/args/1"
                      ],
                      "references": []
                    }
                  ]
                }
              ]
            }
          ],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]]
    .assert_eq(&machine().run("mcpjwt clients claude-code --json"));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_shown() {
    let mut room = machine()
        .file("~/.cursor/mcp.json", "{oops\n")
        .file("opencode.json", "[]")
        .denied("~/.codex/config.toml");
    let text = runs(
        &mut room,
        &[
            "mcpjwt clients",
            "mcpjwt clients cursor",
            "mcpjwt clients cursor --json",
        ],
    );
    expect![[r#"
        $ mcpjwt clients
        --- stdout
        CLIENT       SCOPE    FILE                          SERVERS         MODES            VERIFIED
        claude-code  user     ~/.claude.json                exai            helper env exec  ran
        claude-code  project  .mcp.json                     exai            helper env exec  ran
        claude-code  local    ~/.claude.json                here            helper env exec  ran
        vscode       user     ~/.config/Code/User/mcp.json  search          env input exec   source
        vscode       project  .mcp.json                     exai            env input exec   source
        cursor       user     ~/.cursor/mcp.json            cannot be read  env exec         secondary
        codex        user     ~/.codex/config.toml          cannot be read  helper env exec  source
        opencode     project  opencode.json                 cannot be read  env file exec    source

        also read   `.mcp.json`: vscode-insiders, vscodium, copilot-cli, kimi-code, command-code, deepagents, nanocoder, forge
        not edited  goose: `~/.config/goose/config.yaml` is YAML, which mcpjwt does not edit
        not found   claude-desktop, gemini-cli, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, pi, mastracode, fx, mcporter, rovodev, tabnine, cortex-code, muse-code, zcode, warp, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 2: expected string for object property
        error: cannot read `/home/me/.codex/config.toml`: permission denied
        error: cannot read `/home/me/project/opencode.json`: an object was expected, not an array
        --- exit 4
        $ mcpjwt clients cursor
        --- stdout
        client          Cursor
        with a URL      literal env
        with a command  literal env exec
        reads           comments unknown, trailing commas unknown, byte order mark unknown
        verified        secondary: paths, servers, stdio, remote, modes; unknown: reader

        SCOPE    FILE                STATE
        user     ~/.cursor/mcp.json  cannot be read
        project  .cursor/mcp.json    no such file
        --- stderr
        error: cannot read `/home/me/.cursor/mcp.json`: line 1, column 2: expected string for object property
        --- exit 4
        $ mcpjwt clients cursor --json
        --- stdout
        {
          "ok": false,
          "clients": [
            {
              "name": "cursor",
              "title": "Cursor",
              "found": true,
              "edited": true,
              "why": null,
              "instead": null,
              "modes": {
                "remote": [
                  "literal",
                  "env"
                ],
                "stdio": [
                  "literal",
                  "env",
                  "exec"
                ]
              },
              "reads": {
                "comments": null,
                "trailing_commas": null,
                "byte_order_mark": null
              },
              "verified": {
                "weakest": "secondary",
                "paths": "secondary",
                "servers": "secondary",
                "stdio": "secondary",
                "remote": "secondary",
                "reader": "unknown",
                "modes": "secondary"
              },
              "files": [
                {
                  "scope": "user",
                  "path": "/home/me/.cursor/mcp.json",
                  "found": true,
                  "format": "json",
                  "mode": null,
                  "servers": null
                },
                {
                  "scope": "project",
                  "path": "/home/me/project/.cursor/mcp.json",
                  "found": false,
                  "format": "json",
                  "mode": null,
                  "servers": null
                }
              ]
            }
          ],
          "warnings": [],
          "errors": [
            {
              "code": "place_invalid",
              "place": "/home/me/.cursor/mcp.json",
              "message": "cannot read `/home/me/.cursor/mcp.json`: line 1, column 2: expected string for object property"
            }
          ]
        }
        --- exit 4
    "#]].assert_eq(&text);
}

#[test]
fn what_a_client_makes_of_its_config_is_told_in_detail() {
    let mut room = Sandbox::default()
        .file(
            "~/.claude.json",
            "{\n  // mine\n  \"mcpServers\": {\"a\": {\"url\": \"https://a.example\"}},\n}\n",
        )
        .file(
            "~/.codex/config.toml",
            format!("[mcp_servers.a]\nurl = 'https://a.example'\nbearer_token = '{T}'\n"),
        );
    let text = runs(
        &mut room,
        &["mcpjwt clients claude-code", "mcpjwt clients codex"],
    );
    expect![[r#"
        $ mcpjwt clients claude-code
        --- stdout
        client          Claude Code
        with a URL      literal helper env
        with a command  literal env exec
        note            helper: Claude Code runs a helper when it connects, and not always again when its token has expired
        reads           comments no, trailing commas no, byte order mark yes
        verified        ran: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE            STATE
        user     ~/.claude.json  mode 0600
        project  .mcp.json       no such file
        local    ~/.claude.json  mode 0600

        SERVER  SCOPE  KIND                      TOKEN
        a       user   remote https://a.example  -
        --- stderr
        warning: `~/.claude.json`: line 2, column 3: Claude Code cannot read a file with comments
        hint: take it out by hand
        warning: `~/.claude.json`: line 3, column 52: Claude Code cannot read a file with a comma behind the last member
        hint: take it out by hand
        warning: `~/.claude.json`: `a` has no `type`, and Claude Code skips it
        hint: add `"type": "http"` to `/mcpServers/a`
        --- exit 0
        $ mcpjwt clients codex
        --- stdout
        client          Codex
        with a URL      literal helper env
        with a command  literal env exec
        reads           comments yes, trailing commas unknown, byte order mark yes
        verified        ran: paths, servers, remote, reader, modes; source: stdio

        SCOPE    FILE                  STATE
        user     ~/.codex/config.toml  mode 0600
        project  .codex/config.toml    no such file

        SERVER  SCOPE  KIND                      TOKEN
        a       user   remote https://a.example  bearer_token
        --- stderr
        warning: `~/.codex/config.toml`: `a` has `bearer_token`, and Codex refuses the whole config for it
        hint: take `bearer_token` out of `/mcp_servers/a`
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn a_name_that_is_no_client_is_not_repeated() {
    let text = runs(
        &mut Sandbox::default(),
        &[
            "mcpjwt clients cursr",
            "mcpjwt clients 4f3a9b7c",
            "mcpjwt clients cursor --all",
            "mcpjwt clients -q",
        ],
    );
    expect![[r#"
        $ mcpjwt clients cursr
        --- stderr
        error: no client is called by these 5 characters
        hint: did you mean `cursor`?
        --- exit 2
        $ mcpjwt clients 4f3a9b7c
        --- stderr
        error: no client is called by these 8 characters
        hint: `mcpjwt clients --all` lists those that are known
        --- exit 2
        $ mcpjwt clients cursor --all
        --- stderr
        error: `[NAME]` cannot be used together with `--all`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt clients -q
        --- stdout
        not found  claude-code, claude-desktop, vscode, vscode-insiders, vscodium, cursor, codex, gemini-cli, copilot-cli, opencode, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, kimi-code, pi, mastracode, fx, mcporter, rovodev, tabnine, command-code, deepagents, cortex-code, muse-code, zcode, warp, nanocoder, forge, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, goose, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn a_token_where_a_name_should_be_is_not_shown() {
    let mut room = Sandbox::default()
        .file(
            "~/.codex/config.toml",
            format!("[mcp_servers.a]\nurl = 'https://a.example'\nbearer_token_env_var = '{T}'\nenv_http_headers = {{ Y = 'Bearer {T}' }}\n\n[mcp_servers.b]\ncommand = 'node --token={T}'\nenv_vars = ['MY_KEY=sk-live-1']\n"),
        )
        .file(
            "~/.claude.json",
            format!(r#"{{"mcpServers":{{"{T}":{{"url":"https://a.example","headers":{{"Authorization":"Bearer {T}"}}}}}}}}"#),
        );
    let lines = [
        "mcpjwt clients",
        "mcpjwt clients codex",
        "mcpjwt clients claude-code",
        "mcpjwt status --scan",
    ];
    let text = runs(&mut room, &lines);
    for line in lines {
        let json = room.run(&format!("{line} --json"));
        for secret in [T, "sk-live-1"] {
            assert!(!json.contains(secret), "{line}: {json}");
        }
    }
    expect![[r#"
        $ mcpjwt clients
        --- stdout
        CLIENT       SCOPE  FILE                  SERVERS  MODES            VERIFIED
        claude-code  user   ~/.claude.json        ..       helper env exec  ran
        codex        user   ~/.codex/config.toml  a, b     helper env exec  source

        not found  claude-desktop, vscode, vscode-insiders, vscodium, cursor, gemini-cli, copilot-cli, opencode, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, kimi-code, pi, mastracode, fx, mcporter, rovodev, tabnine, command-code, deepagents, cortex-code, muse-code, zcode, warp, nanocoder, forge, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, goose, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- exit 0
        $ mcpjwt clients codex
        --- stdout
        client          Codex
        with a URL      literal helper env
        with a command  literal env exec
        reads           comments yes, trailing commas unknown, byte order mark yes
        verified        ran: paths, servers, remote, reader, modes; source: stdio

        SCOPE    FILE                  STATE
        user     ~/.codex/config.toml  mode 0600
        project  .codex/config.toml    no such file

        SERVER  SCOPE  KIND                      TOKEN
        a       user   remote https://a.example  bearer_token_env_var, Y, env not a variable name (41 characters), env not a variable name (48 characters)
        b       user   stdio node                command, env not a variable name (16 characters)
        --- exit 0
        $ mcpjwt clients claude-code
        --- stdout
        client          Claude Code
        with a URL      literal helper env
        with a command  literal env exec
        note            helper: Claude Code runs a helper when it connects, and not always again when its token has expired
        reads           comments no, trailing commas no, byte order mark yes
        verified        ran: paths, servers, stdio, remote, reader, modes

        SCOPE    FILE            STATE
        user     ~/.claude.json  mode 0600
        project  .mcp.json       no such file
        local    ~/.claude.json  mode 0600

        SERVER  SCOPE  KIND                      TOKEN
        ..      user   remote https://a.example  Authorization
        --- stderr
        warning: `~/.claude.json`: `..` has no `type`, and Claude Code skips it
        hint: add `"type": "http"` to `/mcpServers/..`
        --- exit 0
        $ mcpjwt status --scan
        --- stdout
        PLACE                                                         SUBJECT  ISSUER  LEFT                                     PROBLEM
        claude-code/..                                                a        -       no end
        toml:~/.codex/config.toml#mcp_servers.a.bearer_token_env_var  a        -       no end
        toml:~/.codex/config.toml#mcp_servers.a.env_http_headers.Y    a        -       no end
        toml:~/.codex/config.toml#mcp_servers.b.command               a        -       no end
        toml:~/.codex/config.toml#mcp_servers.b.env_vars.0            -        -       env not a variable name (16 characters)
        --- stderr
        note: there is no key here to check signatures with
        --- exit 0
    "#]].assert_eq(&text);
}

#[test]
fn servers_that_are_no_object_are_told() {
    let mut room = Sandbox::default().file(".cursor/mcp.json", r#"{"mcpServers":7}"#);
    let lines = [
        "mcpjwt clients cursor",
        "mcpjwt clients",
        "mcpjwt status --scan",
    ];
    let shown = runs(&mut room, &lines);
    expect![[r#"
        $ mcpjwt clients cursor
        --- stdout
        client          Cursor
        with a URL      literal env
        with a command  literal env exec
        reads           comments unknown, trailing commas unknown, byte order mark unknown
        verified        secondary: paths, servers, stdio, remote, modes; unknown: reader

        SCOPE    FILE                STATE
        user     ~/.cursor/mcp.json  no such file
        project  .cursor/mcp.json    mode 0600
        --- stderr
        warning: `.cursor/mcp.json`: `/mcpServers` has no servers: an object was expected, not a number
        --- exit 0
        $ mcpjwt clients
        --- stdout
        CLIENT  SCOPE    FILE              SERVERS     MODES     VERIFIED
        cursor  project  .cursor/mcp.json  no servers  env exec  secondary

        not found  claude-code, claude-desktop, vscode, vscode-insiders, vscodium, codex, gemini-cli, copilot-cli, opencode, windsurf, cline, roo, kilo, zed, visual-studio, jetbrains-ai, junie, antigravity, kiro, trae, devin, bob, qwen-code, factory-droid, augment, amazon-q, crush, amp, grok-build, kimi-code, pi, mastracode, fx, mcporter, rovodev, tabnine, command-code, deepagents, cortex-code, muse-code, zcode, warp, nanocoder, forge, eca, mcphub, oterm, openhands, lm-studio, boltai, witsy, enconvo, jan, goose, continue, mistral-vibe, hermes-agent, poolside, 5ire, tome, librechat
        --- stderr
        warning: `.cursor/mcp.json`: `/mcpServers` has no servers: an object was expected, not a number
        --- exit 0
        $ mcpjwt status --scan
        --- stderr
        warning: `.cursor/mcp.json`: `/mcpServers` has no servers: an object was expected, not a number
        there is no token in any place that is known, nor in the config of any client
        --- exit 0
    "#]].assert_eq(&shown);
}
