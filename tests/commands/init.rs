//! `mcpjwt init`: a manifest out of what a project has already.

use expect_test::expect;

use crate::commands::exai::project;
use crate::support::{Sandbox, absolute};
use crate::{OTHER, SECRET, runs, token, with_key};

/// A key that no file of these has.
const THIRD: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0d2c4b6a8907f5e3d1b29384756afbecd";

#[test]
fn the_real_case_gets_a_manifest_that_names_its_six_places() {
    let mut room = project();
    expect![[r#"
        --- stderr
        found 1 secret, and 6 tokens of 3 subjects

          name = "project"
          iss = "exai-mcp-server"
          aud = "exai-mcp-client"
          alg = "HS256"
          ttl = "90d"

          key = "dotenv:.env.docker#JWT_SECRET_KEY"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
          # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

          [[token]]
          sub = "vscode1@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
            "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "vscode2@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
            "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "claude@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
            "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
          ]

        wrote `~/project/mcpjwt.toml`, and trusts it
        see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "2d08523fa62786b8d84f0862f43be4e41efc1a2e366e8df4650333f1da916ba6",
              "at": 1795316400
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "exai-mcp-server"
        aud = "exai-mcp-client"
        alg = "HS256"
        ttl = "90d"

        key = "dotenv:.env.docker#JWT_SECRET_KEY"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
        # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

        [[token]]
        sub = "vscode1@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
          "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "vscode2@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
          "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "claude@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
          "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
        ]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt init --ttl 90d"));
    expect![[r#"
        $ mcpjwt trust
        --- stderr
        `~/project/mcpjwt.toml` needs no trust: it uses variables and files in its own folder only
        --- exit 0
        $ mcpjwt status
        --- stdout
        PLACE                                                                                                  SUBJECT                 ISSUER           LEFT               PROBLEM
        dotenv:.env#EXAI_JWT_TOKEN_VSCODE1                                                                     vscode1@exai-mcp.local  exai-mcp-server  ........ 19 d ago  expired 2026-11-02 23:11:13 +00:00
        json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN  vscode1@exai-mcp.local  -                -                  malformed: two parts, no signature
        dotenv:.env#EXAI_JWT_TOKEN_VSCODE2                                                                     vscode2@exai-mcp.local  exai-mcp-server  ........ 19 d ago  expired 2026-11-02 23:11:13 +00:00
        json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN  vscode2@exai-mcp.local  -                -                  malformed: two parts, no signature
        dotenv:.env#EXAI_JWT_TOKEN_CLAUDE                                                                      claude@exai-mcp.local   exai-mcp-server  ........ 19 d ago  expired 2026-11-02 23:11:13 +00:00
        json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN                       claude@exai-mcp.local   -                -                  malformed: two parts, no signature
        --- stderr
        hint: make all places as the manifest wants them with `mcpjwt sync`
        --- exit 1
        $ mcpjwt init
        --- stderr
        error: there is a manifest already: `~/project/mcpjwt.toml`
        hint: add to it with `mcpjwt add SUB --to PLACE`, or name another one with `--to FILE`
        --- exit 4
    "#]]
    .assert_eq(&runs(
        &mut room,
        &["mcpjwt trust", "mcpjwt status", "mcpjwt init"],
    ));
}

#[test]
fn a_dry_run_and_a_document_tell_the_same() {
    let mut room = project();
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "written": false,
          "text": "name = \"project\"\niss = \"exai-mcp-server\"\naud = \"exai-mcp-client\"\nalg = \"HS256\"\nttl = \"90d\"\n\nkey = \"dotenv:.env.docker#JWT_SECRET_KEY\"\n# Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.\nprevious = \"dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS\"\n# next = \"dotenv:.env.docker#JWT_SECRET_KEY_NEXT\"\n\n[[token]]\nsub = \"vscode1@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_VSCODE1\",\n  \"json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN\",\n]\n\n[[token]]\nsub = \"vscode2@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_VSCODE2\",\n  \"json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN\",\n]\n\n[[token]]\nsub = \"claude@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_CLAUDE\",\n  \"json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN\",\n]\n",
          "key": "dotenv:.env.docker#JWT_SECRET_KEY",
          "tokens": [
            {
              "name": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
                "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN"
              ]
            },
            {
              "name": "vscode2",
              "sub": "vscode2@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
                "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN"
              ]
            },
            {
              "name": "claude",
              "sub": "claude@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
                "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN"
              ]
            }
          ],
          "left_out": [],
          "warnings": [],
          "errors": []
        }
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt init --dry-run --json"));
    expect![[r#"
        --- stdout
        {
          "ok": true,
          "manifest": "/home/me/project/mcpjwt.toml",
          "written": true,
          "text": "name = \"project\"\niss = \"exai-mcp-server\"\naud = \"exai-mcp-client\"\nalg = \"HS256\"\nttl = \"90d\"\n\nkey = \"dotenv:.env.docker#JWT_SECRET_KEY\"\n# Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.\nprevious = \"dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS\"\n# next = \"dotenv:.env.docker#JWT_SECRET_KEY_NEXT\"\n\n[[token]]\nsub = \"vscode1@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_VSCODE1\",\n  \"json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN\",\n]\n\n[[token]]\nsub = \"vscode2@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_VSCODE2\",\n  \"json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN\",\n]\n\n[[token]]\nsub = \"claude@exai-mcp.local\"\nto = [\n  \"dotenv:.env#EXAI_JWT_TOKEN_CLAUDE\",\n  \"json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN\",\n]\n",
          "key": "dotenv:.env.docker#JWT_SECRET_KEY",
          "tokens": [
            {
              "name": "vscode1",
              "sub": "vscode1@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
                "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN"
              ]
            },
            {
              "name": "vscode2",
              "sub": "vscode2@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
                "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN"
              ]
            },
            {
              "name": "claude",
              "sub": "claude@exai-mcp.local",
              "places": [
                "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
                "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN"
              ]
            }
          ],
          "left_out": [],
          "warnings": [],
          "errors": []
        }
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "2d08523fa62786b8d84f0862f43be4e41efc1a2e366e8df4650333f1da916ba6",
              "at": 1795316400
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "exai-mcp-server"
        aud = "exai-mcp-client"
        alg = "HS256"
        ttl = "90d"

        key = "dotenv:.env.docker#JWT_SECRET_KEY"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
        # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

        [[token]]
        sub = "vscode1@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
          "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "vscode2@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
          "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "claude@exai-mcp.local"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
          "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
        ]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt init --json --quiet"));
}

#[test]
fn a_person_is_asked_and_enter_takes_the_proposal() {
    let mut room = project().terminal(80);
    room.set_answers(&["", "", "", "n"]);
    expect![[r#"
        --- stderr
        found 1 secret, and 6 tokens of 3 subjects
        issuer [exai-mcp-server]: 
        audience [exai-mcp-client]: 
        how long tokens last [90d]: 

          name = "project"
          iss = "exai-mcp-server"
          aud = "exai-mcp-client"
          alg = "HS256"
          ttl = "90d"

          key = "dotenv:.env.docker#JWT_SECRET_KEY"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
          # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

          [[token]]
          sub = "vscode1@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
            "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "vscode2@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
            "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "claude@exai-mcp.local"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
            "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
          ]

        write this to `~/project/mcpjwt.toml`? [Y/n] 
        nothing was changed
        --- exit 1
    "#]].assert_eq(&room.run("mcpjwt init"));
    room.set_answers(&["other", "https://mcp.example.com/mcp", "soon", "30d", ""]);
    expect![[r#"
        --- stderr
        found 1 secret, and 6 tokens of 3 subjects
        issuer [exai-mcp-server]: 
        audience [exai-mcp-client]: 
        how long tokens last [90d]: 
        that is no lifetime: write one such as `30d`
        how long tokens last [90d]: 

          name = "project"
          iss = "other"
          aud = "https://mcp.example.com/mcp"
          alg = "HS256"
          ttl = "30d"

          key = "dotenv:.env.docker#JWT_SECRET_KEY"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
          # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

          [[token]]
          sub = "vscode1@exai-mcp.local"
          aud = "exai-mcp-client"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
            "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "vscode2@exai-mcp.local"
          aud = "exai-mcp-client"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
            "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
          ]

          [[token]]
          sub = "claude@exai-mcp.local"
          aud = "exai-mcp-client"
          to = [
            "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
            "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
          ]

        write this to `~/project/mcpjwt.toml`? [Y/n] 
        wrote `~/project/mcpjwt.toml`, and trusts it
        see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "8c5a6261c4f9068757e132316914fc7409f88ffed0b9344ce4af4aecaebf2e9f",
              "at": 1795316400
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "other"
        aud = "https://mcp.example.com/mcp"
        alg = "HS256"
        ttl = "30d"

        key = "dotenv:.env.docker#JWT_SECRET_KEY"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env.docker#JWT_SECRET_KEY_PREVIOUS"
        # next = "dotenv:.env.docker#JWT_SECRET_KEY_NEXT"

        [[token]]
        sub = "vscode1@exai-mcp.local"
        aud = "exai-mcp-client"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE1",
          "json:config/daemon/mcp-config.augmentcode.vscode1.json#/mcpServers/EXAI-WS-VSCode1/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "vscode2@exai-mcp.local"
        aud = "exai-mcp-client"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_VSCODE2",
          "json:config/daemon/mcp-config.augmentcode.vscode2.json#/mcpServers/EXAI-WS-VSCode2/env/EXAI_JWT_TOKEN",
        ]

        [[token]]
        sub = "claude@exai-mcp.local"
        aud = "exai-mcp-client"
        to = [
          "dotenv:.env#EXAI_JWT_TOKEN_CLAUDE",
          "json:config/daemon/mcp-config.claude.json#/mcpServers/EXAI-WS/env/EXAI_JWT_TOKEN",
        ]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt init"));
}

#[test]
fn the_secret_that_signed_the_tokens_is_the_key() {
    let mut room = with_key();
    let signed = token(
        &mut room,
        "--ttl 30d --aud one --quota 5 --claim team=search --role dev --scope a --scope b",
    );
    let mut room = Sandbox::default()
        .file(".env", format!("JWT_SECRET={OTHER}\n"))
        .file(
            "server/.env",
            format!("AUTH_SECRET={SECRET}\nMCP_TOKEN={signed}\n"),
        );
    expect![[r#"
        --- stderr
        found 2 secrets, and 1 token of 1 subject

          name = "project"
          iss = "mcpjwt"
          aud = "one"
          alg = "HS256"
          ttl = "30d"

          key = "dotenv:server/.env#AUTH_SECRET"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:server/.env#AUTH_SECRET_PREVIOUS"
          # next = "dotenv:server/.env#AUTH_SECRET_NEXT"

          # Seen, and left out:
          # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`

          [[token]]
          sub = "vscode1"
          role = "dev"
          scope = "a b"
          claims = { quota = 5, team = "search" }
          to = [
            "dotenv:server/.env#MCP_TOKEN",
          ]

        wrote `~/project/mcpjwt.toml`, and trusts it
        see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "853895ac4931d042c91f6cdbcf532d8f170e29ce438b5ff3409aa291dbf50007",
              "at": 1763784000
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "mcpjwt"
        aud = "one"
        alg = "HS256"
        ttl = "30d"

        key = "dotenv:server/.env#AUTH_SECRET"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:server/.env#AUTH_SECRET_PREVIOUS"
        # next = "dotenv:server/.env#AUTH_SECRET_NEXT"

        # Seen, and left out:
        # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`

        [[token]]
        sub = "vscode1"
        role = "dev"
        scope = "a b"
        claims = { quota = 5, team = "search" }
        to = [
          "dotenv:server/.env#MCP_TOKEN",
        ]
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt init"));
}

#[test]
fn tokens_of_another_key_or_other_claims_are_not_merged() {
    let mut room = with_key();
    let mut mint = |claims: &str| token(&mut room, claims);
    let (a, b) = (mint("--aud one"), mint("--aud one --scope read"));
    let c = mint("--aud two");
    let mut other = Sandbox::default().file("k", OTHER);
    let theirs = token(&mut other, "--aud two");
    let mut third = Sandbox::default().file("k", THIRD);
    let lost = token(&mut third, "--aud one");
    let mut room = Sandbox::default()
        .file(".env", format!("A={a}\nB={b}\nC={c}\nLOST={lost}\n"))
        .file(".env.server", format!("JWT_SECRET={SECRET}\n"))
        .file("b/.env", format!("T={theirs}\n"))
        .file("b/.env.server", format!("JWT_SECRET={OTHER}\n"));
    expect![[r#"
        --- stderr
        found 2 secrets, and 5 tokens of 1 subject

          name = "project"
          iss = "mcpjwt"
          aud = "one"
          alg = "HS256"
          ttl = "1d"

          key = "dotenv:.env.server#JWT_SECRET"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:.env.server#JWT_SECRET_PREVIOUS"
          # next = "dotenv:.env.server#JWT_SECRET_NEXT"

          # Seen, and left out:
          # - `dotenv:b/.env#T` holds a token of `dotenv:b/.env.server#JWT_SECRET`
          # - `dotenv:b/.env.server#JWT_SECRET` holds another secret than the `key`

          [[token]]
          sub = "vscode1"
          to = [
            "dotenv:.env#A",
            # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.
            "dotenv:.env#LOST",
          ]

          [[token]]
          name = "vscode1-2"
          sub = "vscode1"
          scope = "read"
          to = [
            "dotenv:.env#B",
          ]

          [[token]]
          name = "vscode1-3"
          sub = "vscode1"
          aud = "two"
          to = [
            "dotenv:.env#C",
          ]

        would write this to `~/project/mcpjwt.toml`
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt init --key dotenv:.env.server#JWT_SECRET --dry-run"));
    // Of a key that is elsewhere nobody knows whether it is one of these.
    expect![[r#"
        --- stderr
        found 2 secrets, and 5 tokens of 1 subject

          name = "project"
          iss = "mcpjwt"
          aud = "one"
          alg = "HS256"
          ttl = "1d"

          key = "env:KEY"

          # Seen, and left out:
          # - `dotenv:.env.server#JWT_SECRET` holds another secret than the `key`
          # - `dotenv:b/.env.server#JWT_SECRET` holds another secret than the `key`

          [[token]]
          sub = "vscode1"
          to = [
            # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.
            "dotenv:.env#A",
            "dotenv:.env#LOST",
          ]

          [[token]]
          name = "vscode1-2"
          sub = "vscode1"
          scope = "read"
          to = [
            # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.
            "dotenv:.env#B",
          ]

          [[token]]
          name = "vscode1-3"
          sub = "vscode1"
          aud = "two"
          to = [
            # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.
            "dotenv:.env#C",
            # Signed with a key that is not known to be this one: `mcpjwt sync` may replace it.
            "dotenv:b/.env#T",
          ]

        would write this to `~/project/mcpjwt.toml`
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt init --key env:KEY --dry-run"));
}

#[test]
fn of_several_secrets_a_person_says_which() {
    let scene = || {
        Sandbox::default()
            .file(".env", format!("JWT_SECRET={OTHER}\nSECRET_KEY=x\n"))
            .file(
                "server/.env.prod",
                format!(
                    "JWT_SECRET_KEY={SECRET}\nJWT_SECRET_KEY_PREVIOUS={OTHER}\nJWT_ISSUER=prod\n"
                ),
            )
            .file(".env.example", "JWT_SECRET=change-me\n")
    };
    expect![[r#"
        --- stderr
        found 4 secrets and no tokens
        error: 2 secrets may be the key: `dotenv:.env#JWT_SECRET`, `dotenv:server/.env.prod#JWT_SECRET_KEY`
        hint: say which one signs: `--key dotenv:.env#JWT_SECRET`
        --- exit 4
    "#]].assert_eq(&scene().run("mcpjwt init"));
    expect![[r#"
        --- stderr
        found 4 secrets and no tokens

          name = "project"
          iss = "prod"
          aud = "mcp"
          ttl = "30d"

          key = "dotenv:server/.env.prod#JWT_SECRET_KEY"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:server/.env.prod#JWT_SECRET_KEY_PREVIOUS"
          # next = "dotenv:server/.env.prod#JWT_SECRET_KEY_NEXT"

          # Seen, and left out:
          # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`
          # - `dotenv:.env#SECRET_KEY` holds another secret than the `key`

        wrote `~/project/mcpjwt.toml`, and trusts it
        add a client: `mcpjwt add SUB --to PLACE`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "0e4ba5439f0a45fbc286ec972ab379cb9d43228a518f68f15c932de340dacee6",
              "at": 1763784000
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "prod"
        aud = "mcp"
        ttl = "30d"

        key = "dotenv:server/.env.prod#JWT_SECRET_KEY"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:server/.env.prod#JWT_SECRET_KEY_PREVIOUS"
        # next = "dotenv:server/.env.prod#JWT_SECRET_KEY_NEXT"

        # Seen, and left out:
        # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`
        # - `dotenv:.env#SECRET_KEY` holds another secret than the `key`
        --- exit 0
    "#]]
    .assert_eq(&scene().run("mcpjwt init --key dotenv:server/../server/.env.prod#JWT_SECRET_KEY"));
    let mut room = scene().terminal(80);
    room.set_answers(&["2", "", "", ""]);
    let shown = room.run_raw("mcpjwt init --dry-run");
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let key = "key = \"dotenv:server/.env.prod#JWT_SECRET_KEY\"";
    assert!(shown.stderr.contains(key), "{}", shown.stderr);
    assert_eq!(room.text("mcpjwt.toml"), None);
    room.set_answers(&["3", "2", "", "", "", "y"]);
    expect![[r#"
        --- stderr
        found 4 secrets and no tokens
          1  dotenv:.env#JWT_SECRET
          2  dotenv:server/.env.prod#JWT_SECRET_KEY
        which of these signs the tokens? [1] 
        which of these signs the tokens? [1] 
        issuer [prod]: 
        audience [mcp]: 
        how long tokens last [30d]: 

          name = "project"
          iss = "prod"
          aud = "mcp"
          ttl = "30d"

          key = "dotenv:server/.env.prod#JWT_SECRET_KEY"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:server/.env.prod#JWT_SECRET_KEY_PREVIOUS"
          # next = "dotenv:server/.env.prod#JWT_SECRET_KEY_NEXT"

          # Seen, and left out:
          # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`
          # - `dotenv:.env#SECRET_KEY` holds another secret than the `key`

        write this to `~/project/mcpjwt.toml`? [Y/n] 
        wrote `~/project/mcpjwt.toml`, and trusts it
        add a client: `mcpjwt add SUB --to PLACE`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "0e4ba5439f0a45fbc286ec972ab379cb9d43228a518f68f15c932de340dacee6",
              "at": 1763784000
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "prod"
        aud = "mcp"
        ttl = "30d"

        key = "dotenv:server/.env.prod#JWT_SECRET_KEY"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:server/.env.prod#JWT_SECRET_KEY_PREVIOUS"
        # next = "dotenv:server/.env.prod#JWT_SECRET_KEY_NEXT"

        # Seen, and left out:
        # - `dotenv:.env#JWT_SECRET` holds another secret than the `key`
        # - `dotenv:.env#SECRET_KEY` holds another secret than the `key`
        --- exit 0
    "#]]
    .assert_eq(&room.run("mcpjwt init"));
}

#[test]
fn an_empty_folder_gets_a_manifest_for_ones_own_store() {
    let mut room = Sandbox::default().cwd("~/My Project");
    expect![[r#"
        $ mcpjwt init
        --- stderr
        found no secret and no tokens
        no secret is found, so the key is in your own store

          name = "My-Project"
          iss = "mcpjwt"
          aud = "mcp"
          ttl = "30d"

          # The key is in your own store: see `mcpjwt secret list`.

        wrote `~/My Project/mcpjwt.toml`, and trusts it
        make its key, where there is none yet: `mcpjwt secret generate`
        add a client: `mcpjwt add SUB --to PLACE`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/My Project/mcpjwt.toml",
              "sha256": "48297300ac77fa5852e26524ef6e1d6b196fe32502b4d73d8b7514ec18490282",
              "at": 1763784000
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "My-Project"
        iss = "mcpjwt"
        aud = "mcp"
        ttl = "30d"

        # The key is in your own store: see `mcpjwt secret list`.
        --- exit 0
        $ mcpjwt secret generate
        --- stderr
        made key `5g_GDEBptwToZRcD` (HS256) in `file:~/.local/share/mcpjwt/My-Project.jwks`
        servers need the secret: `mcpjwt secret export --format env` prints it
        --- ~/.local/share/mcpjwt/My-Project.jwks (0600)
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
        $ mcpjwt trust
        --- stderr
        `~/My Project/mcpjwt.toml` is trusted already
        --- exit 0
    "#]].assert_eq(&runs(
        &mut room,
        &["mcpjwt init", "mcpjwt secret generate", "mcpjwt trust"],
    ));
}

#[test]
fn what_is_left_out_is_said_with_its_reason() {
    let mut room = with_key();
    let other = token(&mut room, "--iss https://idp.example.com");
    let mine = token(&mut room, "--iss here");
    let mut room = Sandbox::default()
        .file(".env", format!("JWT_SECRET={SECRET}\nJWT_ISSUER=here\nTOKEN={mine}\nTHEIRS={other}\nANON=eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.x\n"))
        .file("api/.env", format!("JWT_SECRET={SECRET}\n"))
        .file(".mcp.json", format!(r#"{{"mcpServers":{{"a":{{"url":"https://mcp.example.com/mcp"}},"b":{{"command":"x","args":["--header","Authorization: Bearer {mine}"]}},"c":{{"command":"x","env":{{"MCP_TOKEN":"none"}}}}}}}}"#))
        .file("broken.json", "{\"mcpServers\": {")
        .file("other.json", "{oops")
        .file("list.toml", format!("tokens = [\"{mine}\"]\n"))
        .file("node_modules/x/.env", format!("TOKEN={mine}\n"))
        .file("~/outside/.env", format!("TOKEN={mine}\n"))
        .link("link", "~/outside")
        .link(".env.link", "~/outside/.env");
    expect![[r#"
        --- stderr
        found 2 secrets, and 2 tokens of 1 subject

          name = "project"
          iss = "here"
          aud = "mcp"
          alg = "HS256"
          ttl = "1d"

          key = "dotenv:.env#JWT_SECRET"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
          # next = "dotenv:.env#JWT_SECRET_NEXT"

          # Seen, and left out:
          # - `dotenv:.env#ANON` holds a token without a subject that can be read
          # - `.mcp.json` holds a token behind other words, which would be lost
          # - `mcp:.mcp.json#a` has no token yet; `mcpjwt add NAME --to` with this place gives it one
          # - `mcp:.mcp.json#c` has no token yet; `mcpjwt add NAME --to` with this place gives it one
          # - `broken.json` is not understood: line 1, column 16: unterminated object
          # - `list.toml` holds a token inside of a list, where no place can name it
          # - `dotenv:.env#THEIRS` holds a token that `https://idp.example.com` issued
          # - `dotenv:api/.env#JWT_SECRET` holds the same secret; `mcpjwt rotate-secret` changes the `key` only

          [[token]]
          sub = "vscode1"
          to = [
            "dotenv:.env#TOKEN",
          ]

        wrote `~/project/mcpjwt.toml`, and trusts it
        see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`
        --- ~/.local/state/mcpjwt/trust.json (0600)
        {
          "version": 1,
          "trusted": [
            {
              "path": "/home/me/project/mcpjwt.toml",
              "sha256": "f98994e7453cf0af33b1d213744732bd986ddb4dd71ac03d6682b59204c2cffd",
              "at": 1763784000
            }
          ]
        }
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "here"
        aud = "mcp"
        alg = "HS256"
        ttl = "1d"

        key = "dotenv:.env#JWT_SECRET"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:.env#JWT_SECRET_PREVIOUS"
        # next = "dotenv:.env#JWT_SECRET_NEXT"

        # Seen, and left out:
        # - `dotenv:.env#ANON` holds a token without a subject that can be read
        # - `.mcp.json` holds a token behind other words, which would be lost
        # - `mcp:.mcp.json#a` has no token yet; `mcpjwt add NAME --to` with this place gives it one
        # - `mcp:.mcp.json#c` has no token yet; `mcpjwt add NAME --to` with this place gives it one
        # - `broken.json` is not understood: line 1, column 16: unterminated object
        # - `list.toml` holds a token inside of a list, where no place can name it
        # - `dotenv:.env#THEIRS` holds a token that `https://idp.example.com` issued
        # - `dotenv:api/.env#JWT_SECRET` holds the same secret; `mcpjwt rotate-secret` changes the `key` only

        [[token]]
        sub = "vscode1"
        to = [
          "dotenv:.env#TOKEN",
        ]
        --- exit 0
    "#]].assert_eq(&room.run("mcpjwt init"));
}

#[test]
fn wrong_lines_and_places() {
    let mut room = Sandbox::default()
        .file("t/mcpjwt.toml", "")
        .denied("closed");
    expect![[r#"
        $ mcpjwt init --key hunter2 --ttl 0s --iss '' --aud ''
        --- stderr
        error: the key is no place, but 7 characters of something else; a secret does not belong on the command line
        hint: put it into a file and give `file:PATH`, or into a variable and give `env:NAME`
        error: `--ttl` is 0: tokens would be expired from the start
        hint: such as `30d`
        error: `--iss` is empty
        hint: leave it out, or give it a value
        error: `--aud` is empty
        hint: leave it out, or give it a value
        --- exit 2
        $ mcpjwt init --ttl 5
        --- stderr
        error: `--ttl`: `5` has no unit
        hint: write `5s`, `5m`, `5h` or `5d`
        --- exit 2
        $ mcpjwt init --to t
        --- stderr
        error: there is a manifest already: `~/project/t/mcpjwt.toml`
        hint: add to it with `mcpjwt add SUB --to PLACE`, or name another one with `--to FILE`
        --- exit 4
        $ mcpjwt init --to t/mcpjwt.toml --user
        --- stderr
        error: `--to` cannot be used together with `--user`
        hint: leave out one of the two
        --- exit 2
        $ mcpjwt init --scan nothing
        --- stderr
        error: cannot read `/home/me/project/nothing`: no such file or directory
        hint: name a folder, a `.env` file, or a config in JSON or TOML
        --- exit 4
        $ mcpjwt init --scan closed
        --- stderr
        error: cannot read `/home/me/project/closed`: permission denied
        hint: name a folder, a `.env` file, or a config in JSON or TOML
        --- exit 4
        $ mcpjwt init --to gone/mcpjwt.toml
        --- stderr
        error: cannot read `/home/me/project/gone`: no such file or directory
        hint: make it with `mkdir -p /home/me/project/gone`
        --- exit 4
        $ mcpjwt init --key -
        --- stderr
        error: standard input is no place of a manifest
        hint: name the place that the key is kept in
        --- exit 2
    "#]].assert_eq(&runs(
        &mut room,
        &[
            "mcpjwt init --key hunter2 --ttl 0s --iss '' --aud ''",
            "mcpjwt init --ttl 5",
            "mcpjwt init --to t",
            "mcpjwt init --to t/mcpjwt.toml --user",
            "mcpjwt init --scan nothing",
            "mcpjwt init --scan closed",
            "mcpjwt init --to gone/mcpjwt.toml",
            "mcpjwt init --key -",
        ],
    ));
    expect![[r#"
        $ mcpjwt init --user
        --- stderr
        error: there is no config folder: neither `MCPJWT_HOME` nor `HOME` is set
        hint: name a file: `--to FILE`
        --- exit 4
        $ mcpjwt init
        --- stderr
        found no secret and no tokens
        no secret is found, so the key is in your own store

          name = "project"
          iss = "mcpjwt"
          aud = "mcp"
          ttl = "30d"

          # The key is in your own store: see `mcpjwt secret list`.

        wrote `/home/me/project/mcpjwt.toml`
        make its key, where there is none yet: `mcpjwt secret generate`
        add a client: `mcpjwt add SUB --to PLACE`
        --- mcpjwt.toml (0644)
        name = "project"
        iss = "mcpjwt"
        aud = "mcp"
        ttl = "30d"

        # The key is in your own store: see `mcpjwt secret list`.
        --- exit 0
    "#]]
    .assert_eq(&runs(
        &mut Sandbox::default().homeless(),
        &["mcpjwt init --user", "mcpjwt init"],
    ));
}

#[test]
fn ones_own_clients_get_a_manifest_in_the_config_folder() {
    let mut room = with_key();
    let mine = token(&mut room, "--iss here");
    let mut room = Sandbox::default()
        .file("~/.cursor/mcp.json", format!(r#"{{"mcpServers":{{"a":{{"url":"https://mcp.example.com/mcp","headers":{{"Authorization":"Bearer {mine}"}}}}}}}}"#))
        .file("extra/.env", format!("JWT_SECRET={SECRET}\n"));
    expect![[r#"
        $ mcpjwt init --user --scan extra
        --- stderr
        found 1 secret, and 1 token of 1 subject

          iss = "here"
          aud = "mcp"
          alg = "HS256"
          ttl = "1d"

          key = "dotenv:~/project/extra/.env#JWT_SECRET"
          # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
          previous = "dotenv:~/project/extra/.env#JWT_SECRET_PREVIOUS"
          # next = "dotenv:~/project/extra/.env#JWT_SECRET_NEXT"

          [[token]]
          sub = "vscode1"
          to = [
            "json:~/.cursor/mcp.json#/mcpServers/a/headers/Authorization",
          ]

        wrote `~/.config/mcpjwt/mcpjwt.toml`, and trusts it
        see what would change with `mcpjwt sync --dry-run`, then `mcpjwt sync`
        --- ~/.config/mcpjwt/mcpjwt.toml (0644)
        iss = "here"
        aud = "mcp"
        alg = "HS256"
        ttl = "1d"

        key = "dotenv:~/project/extra/.env#JWT_SECRET"
        # Where `mcpjwt rotate-secret` keeps the key before it, and the one after it.
        previous = "dotenv:~/project/extra/.env#JWT_SECRET_PREVIOUS"
        # next = "dotenv:~/project/extra/.env#JWT_SECRET_NEXT"

        [[token]]
        sub = "vscode1"
        to = [
          "json:~/.cursor/mcp.json#/mcpServers/a/headers/Authorization",
        ]
        --- exit 0
        $ mcpjwt trust
        --- stderr
        `~/.config/mcpjwt/mcpjwt.toml` is trusted: it is in your config folder
        --- exit 0
    "#]]
    .assert_eq(&runs(
        &mut room,
        &["mcpjwt init --user --scan extra", "mcpjwt trust"],
    ));
}

#[test]
fn the_manifest_goes_where_the_option_for_it_says() {
    let room = || Sandbox::default().file(".env", format!("JWT_SECRET={SECRET}\n"));
    let lines = [
        ("init --yes -q -m other.toml", Some("other.toml")),
        ("-m sub/a.toml init --yes -q", Some("sub/a.toml")),
        (
            "init --yes -q -m work --key file:k",
            Some("~/.config/mcpjwt/work.toml"),
        ),
        ("init --yes -q --no-manifest", Some("mcpjwt.toml")),
        ("init --yes -q -m other.toml --to a.toml", None),
        ("init --yes -q -m other.toml --user", None),
        ("init --yes -q -m gone/a.toml", None),
        ("init --yes -q -m there.toml", None),
    ];
    let mut refused = String::new();
    for (line, path) in lines {
        let mut room = room().folder("sub").file("there.toml", "iss = \"i\"\n");
        let line = format!("mcpjwt {line}");
        let before: Vec<_> = room.files.files.keys().cloned().collect();
        let shown = room.run_raw(&line);
        let after = room
            .files
            .files
            .keys()
            .filter(|path| !before.contains(path));
        let made: Vec<_> = after
            .filter(|it| it.extension() == Some("toml".as_ref()))
            .collect();
        let want: Vec<_> = path.map(absolute).into_iter().collect();
        assert_eq!(
            made,
            want.iter().collect::<Vec<_>>(),
            "{line}: {}",
            shown.stderr
        );
        if path.is_none() {
            refused.push_str(&format!("$ {line}\n{}{}\n", shown.stderr, shown.code));
        }
    }
    expect![[r#"
        $ mcpjwt init --yes -q -m other.toml --to a.toml
        error: `-m` cannot be used together with `--to`
        hint: leave out one of the two
        2
        $ mcpjwt init --yes -q -m other.toml --user
        error: `-m` cannot be used together with `--user`
        hint: leave out one of the two
        2
        $ mcpjwt init --yes -q -m gone/a.toml
        error: cannot read `/home/me/project/gone`: no such file or directory
        hint: make it with `mkdir -p /home/me/project/gone`
        4
        $ mcpjwt init --yes -q -m there.toml
        error: there is a manifest already: `~/project/there.toml`
        hint: add to it with `mcpjwt add -m there.toml SUB --to PLACE`, or name another one with `--to FILE`
        4
    "#]]
    .assert_eq(&refused);
}
