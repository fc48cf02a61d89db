//! Programs for the desktop that are no editors. Most of them start programs only: a server
//! with a URL goes through `mcp-remote`.

use super::{BASE, HTTP, MCP_SERVERS, STDIO, STRICT, every, json, known, reader};
use crate::client::Known::{Docs, Memory, Secondary, Source, Unknown};
use crate::client::Scope::User;
use crate::client::{Client, Knowledge, Paths, Shape};

const PROGRAMS_ONLY: Shape = Shape {
    stdio: STDIO,
    remote: None,
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
    shape: PROGRAMS_ONLY,
    reader: reader([Some(false), Some(false), None]),
    known: known([Secondary, Source, Source, Secondary, Memory, Memory]),
    ..BASE
};

/// Its documentation; lmstudio-ai/lmstudio-bug-tracker#1371 has the second path.
pub(super) const LM_STUDIO: &Client = &Client {
    name: "lm-studio",
    title: "LM Studio",
    files: &[json(
        User,
        every(&["~/.lmstudio/mcp.json", "~/.cache/lm-studio/mcp.json"]),
        MCP_SERVERS,
    )],
    known: known([Docs, Docs, Docs, Docs, Unknown, Memory]),
    ..BASE
};

/// The table of @smithery/cli 4.11.1, as for the next one.
const OF_SMITHERY: Knowledge = known([Secondary, Secondary, Secondary, Secondary, Unknown, Memory]);

pub(super) const BOLTAI: &Client = &Client {
    name: "boltai",
    title: "BoltAI",
    files: &[json(User, every(&["~/.boltai/mcp.json"]), MCP_SERVERS)],
    shape: PROGRAMS_ONLY,
    known: OF_SMITHERY,
    ..BASE
};

pub(super) const ENCONVO: &Client = &Client {
    name: "enconvo",
    title: "Enconvo",
    files: &[json(
        User,
        every(&["~/.config/enconvo/mcp_config.json"]),
        MCP_SERVERS,
    )],
    shape: PROGRAMS_ONLY,
    known: OF_SMITHERY,
    ..BASE
};

/// nbonamy/witsy: `main/config.ts`, `main/mcp.ts`. What it cannot parse it starts anew.
pub(super) const WITSY: &Client = &Client {
    name: "witsy",
    title: "Witsy",
    files: &[json(
        User,
        Paths {
            linux: &["$XDG_CONFIG_HOME/Witsy/settings.json"],
            macos: &["~/Library/Application Support/Witsy/settings.json"],
            windows: &["$APPDATA/Witsy/settings.json"],
        },
        MCP_SERVERS,
    )],
    shape: PROGRAMS_ONLY,
    reader: STRICT,
    known: known([Source; 6]),
    ..BASE
};

/// janhq/jan: `core/mcp/helpers.rs`, `core/app/commands.rs`. Its folder can be moved.
pub(super) const JAN: &Client = &Client {
    name: "jan",
    title: "Jan",
    files: &[json(
        User,
        Paths {
            linux: &[
                "$XDG_DATA_HOME/Jan/data/mcp_config.json",
                "~/.local/share/Jan/data/mcp_config.json",
            ],
            macos: &["~/Library/Application Support/Jan/data/mcp_config.json"],
            windows: &["$APPDATA/Jan/data/mcp_config.json"],
        },
        MCP_SERVERS,
    )],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    reader: STRICT,
    known: known([Source, Source, Source, Source, Source, Unknown]),
    ..BASE
};
