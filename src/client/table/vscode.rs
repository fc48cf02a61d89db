//! VS Code, what is built from its source, and Visual Studio.
//!
//! microsoft/vscode: `mcpConfiguration.ts`, `mcpResourceScannerService.ts`,
//! `mcpWorkspaceConfiguration.ts`, `mcpCopilotGlobalConfiguration.ts`, `userDataPath.ts`,
//! `userDataProfile.ts`. What the folder is called is up to the product.

use super::{
    BASE, ENV_LIKE, HTTP, MCP_SERVERS, SHELL_LIKE, STRICT, TYPED, every, json, known, reader,
};
use crate::client::Known::{Docs, Memory, Source, Unknown};
use crate::client::Scope::{Project, User};
use crate::client::{Client, File, Mode, Note, Paths, Shape, Sort, Way};

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
            SERVERS,
        ),
        OF_PROJECT,
        ROOT_FILE,
        COPILOT_FILE,
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/Code/User/settings.json"],
                macos: &["~/Library/Application Support/Code/User/settings.json"],
                windows: &["$APPDATA/Code/User/settings.json"],
            },
            IN_SETTINGS,
        ),
    ],
    ..BUILT
};

pub(super) const VSCODE_INSIDERS: &Client = &Client {
    name: "vscode-insiders",
    title: "VS Code Insiders",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/Code - Insiders/User/mcp.json"],
                macos: &["~/Library/Application Support/Code - Insiders/User/mcp.json"],
                windows: &["$APPDATA/Code - Insiders/User/mcp.json"],
            },
            SERVERS,
        ),
        OF_PROJECT,
        ROOT_FILE,
        COPILOT_FILE,
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/Code - Insiders/User/settings.json"],
                macos: &["~/Library/Application Support/Code - Insiders/User/settings.json"],
                windows: &["$APPDATA/Code - Insiders/User/settings.json"],
            },
            IN_SETTINGS,
        ),
    ],
    ..BUILT
};

/// VSCodium/vscodium a6a4322e, `prepare_vscode.sh`.
pub(super) const VSCODIUM: &Client = &Client {
    name: "vscodium",
    title: "VSCodium",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/VSCodium/User/mcp.json"],
                macos: &["~/Library/Application Support/VSCodium/User/mcp.json"],
                windows: &["$APPDATA/VSCodium/User/mcp.json"],
            },
            SERVERS,
        ),
        OF_PROJECT,
        ROOT_FILE,
    ],
    ..BUILT
};

/// What all that is built from this source have in common.
const BUILT: Client = Client {
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    reader: reader([Some(true), Some(true), None]),
    ways: &[Way::Input, ENV_LIKE],
    notes: &[Note {
        mode: Mode::Env,
        of: Some(Sort::Remote),
        says: "VS Code is said not to replace `${env:NAME}` in headers (microsoft/vscode#336232); \
         `--mode input` works there",
    }],
    known: known([Source; 6]),
    ..BASE
};

const SERVERS: &[&[&str]] = &[&["servers"]];

const OF_PROJECT: File = json(Project, every(&[".vscode/mcp.json"]), SERVERS);

/// Where servers were before they had a file of their own.
const IN_SETTINGS: &[&[&str]] = &[&["mcp", "servers"]];

/// A project's `.mcp.json`; older versions drop the headers of its servers.
const ROOT_FILE: File = File {
    ways: Some(&[SHELL_LIKE]),
    ..json(Project, every(&[".mcp.json"]), &[&["mcpServers"], &[]])
};

/// The config of Copilot CLI, here with a reader of its own.
const COPILOT_FILE: File = File {
    ways: Some(&[SHELL_LIKE]),
    reader: Some(STRICT),
    ..json(User, every(&["~/.copilot/mcp-config.json"]), MCP_SERVERS)
};

/// Microsoft's documentation; on Windows only.
pub(super) const VISUAL_STUDIO: &Client = &Client {
    name: "visual-studio",
    title: "Visual Studio",
    files: &[
        json(
            User,
            Paths {
                windows: &["~/.mcp.json"],
                ..every(&[])
            },
            SERVERS,
        ),
        json(
            Project,
            Paths {
                windows: &[".mcp.json"],
                ..every(&[])
            },
            SERVERS,
        ),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(HTTP),
    },
    ways: &[Way::Input],
    known: known([Docs, Docs, Docs, Docs, Unknown, Memory]),
    ..BASE
};
