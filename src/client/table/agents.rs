//! Agents for the terminal that were run, or whose own source was read.

use super::{
    BARE, BASE, ENV_LIKE, HTTP, LOCAL, MCP_SERVERS, REMOTE, SHELL_LIKE, STDIO, STRICT, TYPED, both,
    every, json, known, reader, toml,
};
use crate::client::Known::{Memory, Ran, Source, Unknown};
use crate::client::Scope::{Local, Project, User};
use crate::client::{
    Client, File, Fixed, Lock, Mode, Note, Paths, Remote, Shape, Sort, Start, Stdio, Way, Within,
};

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
            note: Some("Claude Code asks before it uses a server of a project"),
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
    notes: &[Note {
        mode: Mode::Helper,
        of: Some(Sort::Remote),
        says: "Claude Code runs a helper when it connects, and not always again when its token has expired",
    }],
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
                "Codex reads the config of a project only where the user's own config trusts it",
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
            table: Some("env_http_headers"),
        },
        Way::EnvPass { member: "env_vars" },
    ],
    start: Start::Shell,
    known: known([Ran, Ran, Source, Ran, Ran, Ran]),
    ..BASE
};

/// opencode, run with both references; anomalyco/opencode `config/mcp.ts`.
pub(super) const OPENCODE: &Client = &Client {
    name: "opencode",
    title: "opencode",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/opencode/opencode.json[c]"],
                ..every(&["~/.config/opencode/opencode.json[c]"])
            },
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
    known: known([Ran, Ran, Source, Ran, Ran, Ran]),
    ..BASE
};

const MCP_OR_INNER: &[&[&str]] = &[&["mcp"], &["mcp", "servers"]];

/// @google/gemini-cli 0.61.0; google-gemini/gemini-cli 5411f113 `settings.ts`,
/// `envVarResolver.ts`, `commentJson.ts`, `mcp-client.ts`.
pub(super) const GEMINI_CLI: &Client = &Client {
    name: "gemini-cli",
    title: "Gemini CLI",
    files: &[
        json(User, every(&["~/.gemini/settings.json"]), MCP_SERVERS),
        File {
            note: Some(
                "Gemini CLI reads the settings of a project only where its folder is trusted",
            ),
            ..json(Project, every(&[".gemini/settings.json"]), MCP_SERVERS)
        },
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            // `httpUrl` wins where both are there.
            url: &["url", "httpUrl"],
            ..HTTP
        }),
    },
    reader: reader([Some(true), Some(false), Some(false)]),
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: known([Ran, Ran, Source, Ran, Ran, Ran]),
    ..BASE
};

/// Qwen Code, run with a header; QwenLM/qwen-code `mcp/add.ts`, `envVarResolver.ts`.
pub(super) const QWEN_CODE: &Client = &Client {
    name: "qwen-code",
    title: "Qwen Code",
    files: &[
        json(User, every(&["~/.qwen/settings.json"]), MCP_SERVERS),
        json(Project, every(&[".qwen/settings.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["httpUrl", "url"],
            ..BARE
        }),
    },
    reader: reader([Some(true), Some(false), Some(true)]),
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: known([Ran, Ran, Source, Ran, Ran, Ran]),
    ..BASE
};

/// Factory's droid 0.215.0, run; nothing is known of references in variables.
pub(super) const FACTORY_DROID: &Client = &Client {
    name: "factory-droid",
    title: "Factory droid",
    files: &[
        json(User, every(&["~/.factory/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".factory/mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    reader: reader([Some(true), Some(false), Some(false)]),
    ways: &[Way::Env(Within {
        header: Some("${{}}"),
        variable: None,
    })],
    start: Start::Shell,
    known: known([Ran; 6]),
    ..BASE
};

/// GitHub Copilot CLI, run as far as `list` and `add`; microsoft/vscode has its resolver.
pub(super) const COPILOT_CLI: &Client = &Client {
    name: "copilot-cli",
    title: "GitHub Copilot CLI",
    files: &[
        json(
            User,
            every(&[
                "$COPILOT_HOME/mcp-config.json",
                "~/.copilot/mcp-config.json",
            ]),
            MCP_SERVERS,
        ),
        File {
            note: Some(IN_TRUSTED),
            ..json(Project, every(&[".mcp.json"]), &[&["mcpServers"], &[]])
        },
        File {
            note: Some(IN_TRUSTED),
            ..json(Project, every(&[".github/mcp.json"]), MCP_SERVERS)
        },
    ],
    shape: Shape {
        stdio: Stdio {
            head: &[("type", Fixed::Text("local"))],
            tail: ALL_TOOLS,
            ..STDIO
        },
        remote: Some(Remote {
            tail: ALL_TOOLS,
            ..HTTP
        }),
    },
    reader: reader([Some(true), Some(true), Some(true)]),
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: known([Ran, Ran, Source, Ran, Ran, Source]),
    ..BASE
};

const ALL_TOOLS: &[(&str, Fixed)] = &[("tools", Fixed::Texts(&["*"]))];

const IN_TRUSTED: &str =
    "GitHub Copilot CLI reads the servers of a project only where its folder is trusted";

/// auggie 0.36.0, run as far as `list` and `add`.
pub(super) const AUGMENT: &Client = &Client {
    name: "augment",
    title: "Augment",
    files: &[
        json(User, every(&["~/.augment/settings.json"]), MCP_SERVERS),
        json(Project, every(&[".augment/settings.json"]), MCP_SERVERS),
        json(Local, every(&[".augment/settings.local.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    reader: reader([Some(true), Some(true), Some(false)]),
    start: Start::Shell,
    known: known([Ran, Ran, Ran, Ran, Ran, Unknown]),
    ..BASE
};

/// aws/amazon-q-developer-cli; its agents' own files are `mcp:` places.
pub(super) const AMAZON_Q: &Client = &Client {
    name: "amazon-q",
    title: "Amazon Q Developer CLI",
    files: &[
        json(User, every(&["~/.aws/amazonq/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".amazonq/mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    reader: STRICT,
    ways: &[ENV_LIKE],
    start: Start::Shell,
    known: known([Source, Source, Source, Source, Memory, Source]),
    ..BASE
};

/// charmbracelet/crush 37f36e93: `load.go`, `config.go`, `resolve.go`. It expands values as a shell does.
pub(super) const CRUSH: &Client = &Client {
    name: "crush",
    title: "Crush",
    files: &[
        json(
            User,
            every(&[
                "$CRUSH_GLOBAL_CONFIG/crush.json",
                "$XDG_CONFIG_HOME/crush/crush.json",
            ]),
            &[&["mcp"]],
        ),
        json(Project, every(&[".crush.json", "crush.json"]), &[&["mcp"]]),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    reader: STRICT,
    ways: &[Way::Command(both("$({})")), Way::Env(both("${}"))],
    start: Start::Shell,
    known: known([Source; 6]),
    ..BASE
};
