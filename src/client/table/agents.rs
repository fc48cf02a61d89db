//! Agents for the terminal.

use super::{
    BARE, BASE, HTTP, LOCAL, MCP_SERVERS, REMOTE, SHELL_LIKE, STDIO, TYPED, both, every, json,
    known, reader,
};
use crate::client::Known::{Docs, Ran, Source};
use crate::client::Scope::{Local, Project, User};
use crate::client::{Client, File, Lock, Mode, Paths, Remote, Shape, Start, Way};
use crate::place::tree::Format;

/// @anthropic-ai/claude-code 2.1.330.
pub(super) const CLAUDE_CODE: &Client = &Client {
    name: "claude-code",
    title: "Claude Code",
    files: &[
        File {
            lock: Some(Lock::Folder),
            ..json(User, CLAUDE_PATHS, MCP_SERVERS)
        },
        File {
            note: Some("Claude Code asks before it uses the servers of a project"),
            ..json(Project, every(&[".mcp.json"]), MCP_SERVERS)
        },
        File {
            lock: Some(Lock::Folder),
            ..json(
                Local,
                CLAUDE_PATHS,
                &[&["projects", "$PROJECT", "mcpServers"]],
            )
        },
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(Remote {
            untyped: Some("skips it"),
            ..HTTP
        }),
    },
    reader: reader([Some(false), Some(false), Some(true)]),
    ways: &[
        Way::Helper {
            member: "headersHelper",
        },
        SHELL_LIKE,
    ],
    notes: &[(
        Mode::Helper,
        "Claude Code runs a helper when it connects, not again when a token expires within a session",
    )],
    start: Start::Shell,
    known: known([Ran; 6]),
};

const CLAUDE_PATHS: Paths = every(&["$CLAUDE_CONFIG_DIR/.claude.json", "~/.claude.json"]);

/// Codex 0.169.0.
pub(in crate::client) const CODEX: &Client = &Client {
    name: "codex",
    title: "Codex",
    files: &[
        toml(
            User,
            every(&["$CODEX_HOME/config.toml", "~/.codex/config.toml"]),
        ),
        File {
            note: Some(
                "Codex reads the config of a project only where the user's config trusts the project",
            ),
            ..toml(Project, every(&[".codex/config.toml"]))
        },
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            headers: &["http_headers"],
            amiss: &[
                ("headers", "ignores it"),
                ("bearer_token", "refuses the whole config for it"),
            ],
            ..BARE
        }),
    },
    reader: reader([Some(true), None, Some(true)]),
    ways: &[
        Way::Helper {
            member: "http_headers_helper",
        },
        Way::EnvMember {
            bearer: "bearer_token_env_var",
            table: "env_http_headers",
        },
        Way::EnvPass { member: "env_vars" },
    ],
    start: Start::Shell,
    known: known([Ran, Ran, Source, Ran, Ran, Ran]),
    ..BASE
};

const fn toml(scope: crate::client::Scope, paths: Paths) -> File {
    File {
        format: Format::Toml,
        ..json(scope, paths, &[&["mcp_servers"]])
    }
}

/// opencode, run in both reference forms.
pub(super) const OPENCODE: &Client = &Client {
    name: "opencode",
    title: "opencode",
    files: &[
        json(
            User,
            every(&["$XDG_CONFIG_HOME/opencode/opencode.json[c]"]),
            MCP_OR_INNER,
        ),
        json(
            Project,
            every(&["opencode.json[c]", ".opencode/opencode.json[c]"]),
            MCP_OR_INNER,
        ),
    ],
    shape: Shape {
        stdio: LOCAL,
        remote: Some(REMOTE),
    },
    reader: reader([Some(true), Some(true), Some(true)]),
    ways: &[Way::Env(both("{env:{}}")), Way::File(both("{file:{}}"))],
    start: Start::Shell,
    known: known([Ran, Ran, Docs, Ran, Ran, Ran]),
    ..BASE
};

const MCP_OR_INNER: &[&[&str]] = &[&["mcp"], &["mcp", "servers"]];
