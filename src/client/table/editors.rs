//! Editors and what runs inside of them.

use super::{
    BASE, ENV_LIKE, HTTP, MCP_SERVERS, SHELL_LIKE, STRICT, TYPED, every, json, known, reader,
};
use crate::client::Known::{Memory, Secondary, Source, Unknown};
use crate::client::Scope::{Project, User};
use crate::client::{Client, File, Mode, Paths, Shape, Way};

const IN_HEADERS: &str = "VS Code is said not to replace `${env:NAME}` in headers; `--mode input` \
                          works there (microsoft/vscode#336232)";

/// microsoft/vscode `mcpConfiguration.ts`, `mcpResourceScannerService`, `mcpWorkspaceConfiguration.ts`,
/// `mcpCopilotGlobalConfiguration`.
pub(super) const VSCODE: &Client = &Client {
    name: "vscode",
    title: "VS Code",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/Code/User/mcp.json"],
                macos: &["~/Library/Application Support/Code/User/mcp.json"],
                windows: &["$APPDATA/Code/User/mcp.json"],
            },
            &[&["servers"]],
        ),
        json(Project, every(&[".vscode/mcp.json"]), &[&["servers"]]),
        ROOT_FILE,
        COPILOT_FILE,
        // Where it was before it had a file of its own.
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/Code/User/settings.json"],
                macos: &["~/Library/Application Support/Code/User/settings.json"],
                windows: &["$APPDATA/Code/User/settings.json"],
            },
            &[&["mcp", "servers"]],
        ),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    reader: reader([Some(true), Some(true), None]),
    ways: &[Way::Input, ENV_LIKE],
    notes: &[(Mode::Env, IN_HEADERS)],
    known: known([Secondary, Source, Source, Source, Source, Source]),
    ..BASE
};

/// A project's `.mcp.json` as VS Code reads it.
const ROOT_FILE: File = File {
    ways: Some(&[SHELL_LIKE]),
    ..json(Project, every(&[".mcp.json"]), &[&["mcpServers"], &[]])
};

/// The config of Copilot CLI as VS Code reads it.
const COPILOT_FILE: File = File {
    ways: Some(&[SHELL_LIKE]),
    reader: Some(STRICT),
    ..json(User, every(&["~/.copilot/mcp-config.json"]), MCP_SERVERS)
};

/// add-mcp, rulesync `CursorMcp`, mcp-config-schema.
pub(super) const CURSOR: &Client = &Client {
    name: "cursor",
    title: "Cursor",
    files: &[
        json(User, every(&["~/.cursor/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".cursor/mcp.json"]), MCP_SERVERS),
    ],
    ways: &[ENV_LIKE],
    known: known([
        Secondary, Secondary, Secondary, Secondary, Unknown, Secondary,
    ]),
    ..BASE
};

/// microsoft/vscode `nativeMcpDiscoveryAdapters.ts`; the bridge was run.
pub(super) const CLAUDE_DESKTOP: &Client = &Client {
    name: "claude-desktop",
    title: "Claude Desktop",
    files: &[json(
        User,
        Paths {
            linux: &["$XDG_CONFIG_HOME/Claude/claude_desktop_config.json"],
            macos: &["~/Library/Application Support/Claude/claude_desktop_config.json"],
            windows: &["$APPDATA/Claude/claude_desktop_config.json"],
        },
        MCP_SERVERS,
    )],
    shape: Shape {
        remote: None,
        ..BASE.shape
    },
    reader: reader([Some(false), Some(false), None]),
    known: known([Secondary, Source, Source, Secondary, Memory, Memory]),
    ..BASE
};
