//! Editors and what runs inside of them.

use super::{
    BARE, BASE, ENV_LIKE, HTTP, LOCAL, MCP_SERVERS, REMOTE, STDIO, STRICT, TYPED, both, every,
    json, known, reader,
};
use crate::client::Known::{Docs, Memory, Ran, Secondary, Source, Unknown};
use crate::client::Scope::{Local, Project, User};
use crate::client::{
    Client, File, Fixed, Lock, Mode, Note, Paths, Remote, Shape, Start, Stdio, Way, Within,
};

/// add-mcp, rulesync `CursorMcp`, mcp-config-schema; its files were read by mcporter and fastmcp.
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

/// add-mcp, mcp-config-schema, syllago.dev for `${file:}`; its file was read by mcporter.
pub(super) const WINDSURF: &Client = &Client {
    name: "windsurf",
    title: "Windsurf",
    files: &[json(
        User,
        every(&["~/.codeium/windsurf/mcp_config.json"]),
        MCP_SERVERS,
    )],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["serverUrl", "url"],
            ..BARE
        }),
    },
    ways: &[
        ENV_LIKE,
        Way::File(Within {
            header: Some("${file:{}}"),
            variable: None,
        }),
    ],
    known: known([
        Secondary, Secondary, Secondary, Secondary, Unknown, Secondary,
    ]),
    ..BASE
};

/// add-mcp, rulesync `Antigravity*`; mcp-config-schema has the older path.
pub(super) const ANTIGRAVITY: &Client = &Client {
    name: "antigravity",
    title: "Google Antigravity",
    files: &[
        json(
            User,
            every(&[
                "~/.gemini/config/mcp_config.json",
                "~/.gemini/antigravity/mcp_config.json",
            ]),
            MCP_SERVERS,
        ),
        json(Project, every(&[".agents/mcp_config.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["serverUrl"],
            ..BARE
        }),
    },
    known: known([Secondary, Secondary, Secondary, Secondary, Unknown, Unknown]),
    ..BASE
};

/// rulesync `DevinMcp`, docs.devin.ai.
pub(super) const DEVIN: &Client = &Client {
    name: "devin",
    title: "Devin",
    files: &[
        json(
            User,
            Paths {
                windows: &["$APPDATA/devin/mcp_config.json"],
                ..every(&["~/.config/devin/mcp_config.json"])
            },
            MCP_SERVERS,
        ),
        json(Project, every(&[".devin/mcp_config.json"]), MCP_SERVERS),
        json(Local, every(&[".devin/mcp_config.local.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["url", "serverUrl"],
            ..BARE
        }),
    },
    start: Start::Shell,
    known: known([Secondary, Docs, Docs, Secondary, Unknown, Unknown]),
    ..BASE
};

/// cline/cline 21cb8d25: `config-loader.ts`, `paths.ts`, `schemas.ts`, `envExpansion.ts`; the CLI
/// 3.0.65 was run.
pub(super) const CLINE: &Client = &Client {
    name: "cline",
    title: "Cline",
    files: &[
        File {
            lock: Some(Lock::FolderWithOwner),
            ..json(
                User,
                every(&[
                    "$CLINE_MCP_SETTINGS_PATH",
                    "$CLINE_DATA_DIR/settings/cline_mcp_settings.json",
                    "$CLINE_DIR/data/settings/cline_mcp_settings.json",
                    "~/.cline/data/settings/cline_mcp_settings.json",
                ]),
                MCP_SERVERS,
            )
        },
        // Of older extensions; a newer one takes them over once.
        json(
            User,
            Paths {
                linux: &[
                    "$XDG_CONFIG_HOME/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                ],
                macos: &[
                    "~/Library/Application Support/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                ],
                windows: &[
                    "$APPDATA/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json",
                ],
            },
            MCP_SERVERS,
        ),
        json(
            User,
            every(&["~/Documents/Cline/MCP/cline_mcp_settings.json"]),
            MCP_SERVERS,
        ),
    ],
    shape: Shape {
        stdio: TYPED,
        remote: Some(Remote {
            head: &[("type", Fixed::Text("streamableHttp"))],
            untyped: Some("takes it for SSE"),
            ..BARE
        }),
    },
    reader: STRICT,
    ways: &[ENV_LIKE],
    notes: &[Note {
        mode: Mode::Env,
        of: None,
        says: "only Cline's extension replaces `${env:NAME}`; its CLI sends it as it stands",
    }],
    known: known([Source, Ran, Source, Ran, Ran, Source]),
    ..BASE
};

/// RooCodeInc/Roo-Code cb836567: `McpHub.ts`, `config.ts`, `globalFileNames.ts`; its storage is
/// where `userDataProfile.ts` of VS Code has `globalStorage`.
pub(super) const ROO: &Client = &Client {
    name: "roo",
    title: "Roo Code",
    files: &[
        json(
            User,
            Paths {
                linux: &[
                    "$XDG_CONFIG_HOME/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
                ],
                macos: &[
                    "~/Library/Application Support/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
                ],
                windows: &[
                    "$APPDATA/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/mcp_settings.json",
                ],
            },
            MCP_SERVERS,
        ),
        json(Project, every(&[".roo/mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            head: &[("type", Fixed::Text("streamable-http"))],
            untyped: Some("rejects it"),
            ..BARE
        }),
    },
    reader: STRICT,
    ways: &[ENV_LIKE],
    known: known([Source, Source, Source, Source, Source, Source]),
    ..BASE
};

/// add-mcp and rulesync `KiloMcp` for the paths; Kilo-Org/kilocode `v1/config/mcp.ts`,
/// `config/variable.ts`: no config of a project may refer to a variable, or to a file outside.
pub(super) const KILO: &Client = &Client {
    name: "kilo",
    title: "Kilo Code",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/kilo/kilo.json[c]"],
                ..every(&["~/.config/kilo/kilo.json[c]"])
            },
            &[&["mcp"]],
        ),
        File {
            ways: Some(&[]),
            ..json(
                Project,
                every(&["kilo.json[c]", ".kilo/kilo.json[c]"]),
                &[&["mcp"]],
            )
        },
    ],
    shape: Shape {
        stdio: Stdio {
            env: &["environment", "env"],
            ..LOCAL
        },
        remote: Some(REMOTE),
    },
    reader: reader([Some(true), Some(true), None]),
    ways: &[Way::Env(both("{env:{}}")), Way::File(both("{file:{}}"))],
    known: known([Secondary, Secondary, Source, Source, Secondary, Source]),
    ..BASE
};

/// zed-industries/zed: `settings_content/src/project.rs`, `paths/src/paths.rs`.
pub(super) const ZED: &Client = &Client {
    name: "zed",
    title: "Zed",
    files: &[
        json(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/zed/settings.json"],
                macos: &["~/.config/zed/settings.json"],
                windows: &["$APPDATA/Zed/settings.json"],
            },
            CONTEXT_SERVERS,
        ),
        json(Project, every(&[".zed/settings.json"]), CONTEXT_SERVERS),
    ],
    shape: Shape {
        stdio: Stdio {
            // Older ones need it, newer ones do not look at it.
            head: &[("source", Fixed::Text("custom"))],
            ..STDIO
        },
        remote: Some(BARE),
    },
    reader: reader([Some(true), Some(true), None]),
    known: known([Source, Source, Source, Source, Memory, Memory]),
    ..BASE
};

const CONTEXT_SERVERS: &[&[&str]] = &[&["context_servers"]];

/// What is known from other tools; the user's own servers are in a config of the IDE.
pub(super) const JETBRAINS_AI: &Client = &Client {
    name: "jetbrains-ai",
    title: "JetBrains AI Assistant",
    files: &[json(Project, every(&[".ai/mcp/mcp.json"]), MCP_SERVERS)],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    known: known([Secondary, Secondary, Secondary, Secondary, Unknown, Unknown]),
    ..BASE
};

/// Two other tools.
pub(super) const JUNIE: &Client = &Client {
    name: "junie",
    title: "JetBrains Junie",
    files: &[
        json(User, every(&["~/.junie/mcp/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".junie/mcp/mcp.json"]), MCP_SERVERS),
    ],
    known: known([Secondary, Secondary, Secondary, Secondary, Unknown, Unknown]),
    ..BASE
};

/// Its documentation; aws/amazon-q-developer-cli#3646 for its CLI, which has another reference
/// in headers than the IDE has in variables.
pub(super) const KIRO: &Client = &Client {
    name: "kiro",
    title: "Kiro",
    files: &[
        json(User, every(&["~/.kiro/settings/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".kiro/settings/mcp.json"]), MCP_SERVERS),
    ],
    ways: &[Way::Env(Within {
        header: None,
        variable: Some("${{}}"),
    })],
    known: known([Docs, Docs, Docs, Docs, Unknown, Docs]),
    ..BASE
};

/// Other tools.
pub(super) const TRAE: &Client = &Client {
    name: "trae",
    title: "Trae",
    files: &[json(
        User,
        Paths {
            linux: &["~/.config/trae/mcp.json"],
            macos: &["~/Library/Application Support/Trae/User/mcp.json"],
            windows: &["$APPDATA/Trae/User/mcp.json"],
        },
        MCP_SERVERS,
    )],
    known: known([Secondary, Secondary, Secondary, Memory, Unknown, Unknown]),
    ..BASE
};

/// add-mcp.
pub(super) const BOB: &Client = &Client {
    name: "bob",
    title: "IBM Bob",
    files: &[
        json(User, every(&["~/.bob/settings/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".bob/mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            head: &[("type", Fixed::Text("streamable-http"))],
            ..BARE
        }),
    },
    known: known([Memory, Secondary, Secondary, Secondary, Unknown, Unknown]),
    ..BASE
};
