//! Agents and hubs that are known from their own source; the line above each says which.

use super::{
    BARE, BASE, ENV_LIKE, HTTP, MCP_SERVERS, SHELL_LIKE, STDIO, STRICT, both, every, json, known,
    reader, toml,
};
use crate::client::Known::{Ran, Source, Unknown};
use crate::client::Scope::{Project, User};
use crate::client::{
    Client, File, Fixed, Knowledge, Paths, Remote, Shape, Start, Stdio, Way, Within,
};

const ALL_OF_IT: Knowledge = known([Source; 6]);

/// xai-org/grok-build 19d42e3: `config-types/src/mcp.rs`, `grok-home`, `07-mcp-servers.md`.
pub(super) const GROK_BUILD: &Client = &Client {
    name: "grok-build",
    title: "Grok Build",
    files: &[
        toml(
            User,
            every(&["$GROK_HOME/config.toml", "~/.grok/config.toml"]),
        ),
        toml(Project, every(&[".grok/config.toml"])),
    ],
    reader: reader([Some(true), None, None]),
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

/// MoonshotAI/kimi-code d723cc47: `configLoader.ts`, `config-schema.ts`, `client-remote.ts`.
pub(super) const KIMI_CODE: &Client = &Client {
    name: "kimi-code",
    title: "Kimi Code",
    files: &[
        json(
            User,
            every(&["$KIMI_CODE_HOME/mcp.json", "~/.kimi-code/mcp.json"]),
            MCP_SERVERS,
        ),
        json(Project, every(&[".kimi-code/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: Stdio {
            head: &[("transport", Fixed::Text("stdio"))],
            ..STDIO
        },
        remote: Some(Remote {
            head: &[("transport", Fixed::Text("http"))],
            ..BARE
        }),
    },
    reader: STRICT,
    ways: &[Way::EnvMember {
        bearer: "bearerTokenEnvVar",
        table: None,
    }],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

/// mastra-ai/mastra: `mastracode/src/mcp/config.ts`.
pub(super) const MASTRACODE: &Client = &Client {
    name: "mastracode",
    title: "Mastra Code",
    files: &[
        json(User, every(&["~/.mastracode/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".mastracode/mcp.json"]), MCP_SERVERS),
    ],
    reader: STRICT,
    start: Start::Shell,
    known: known([Source, Source, Source, Source, Source, Unknown]),
    ..BASE
};

/// openclaw/mcporter ae3d900: `paths.ts`, `path-discovery.ts`, `config-schema.ts`, `shared.ts`;
/// 0.12.3 was run with a reference. Here the file without the `c` wins.
pub(super) const MCPORTER: &Client = &Client {
    name: "mcporter",
    title: "MCPorter",
    files: &[
        json(
            User,
            every(&[
                "$MCPORTER_CONFIG",
                "~/.mcporter/mcporter.json",
                "~/.mcporter/mcporter.jsonc",
                "$XDG_CONFIG_HOME/mcporter/mcporter.json",
                "$XDG_CONFIG_HOME/mcporter/mcporter.jsonc",
            ]),
            MCP_SERVERS,
        ),
        json(Project, every(&["config/mcporter.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["url", "baseUrl", "base_url", "serverUrl", "server_url"],
            ..BARE
        }),
    },
    reader: reader([Some(true), Some(true), Some(false)]),
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: known([Source, Source, Source, Source, Source, Ran]),
    ..BASE
};

/// langchain-ai/deepagents 23b83ad5: `mcp_tools.py`, `mcp_config.py`.
pub(super) const DEEPAGENTS: &Client = &Client {
    name: "deepagents",
    title: "Deep Agents Code",
    files: &[
        json(User, every(&["~/.deepagents/.mcp.json"]), MCP_SERVERS),
        File {
            note: Some(DEEPAGENTS_TRUST),
            ..json(Project, every(&[".deepagents/.mcp.json"]), MCP_SERVERS)
        },
        File {
            note: Some(DEEPAGENTS_TRUST),
            ..json(Project, every(&[".mcp.json"]), MCP_SERVERS)
        },
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    reader: STRICT,
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

const DEEPAGENTS_TRUST: &str = "Deep Agents Code asks before it uses a server of a project";

/// warpdotdev/warp 19548aec: `ai/mcp/mod.rs`, `parsing.rs`, `file_mcp_watcher.rs`, and its skill
/// `add-mcp-server`, which has the layouts.
pub(super) const WARP: &Client = &Client {
    name: "warp",
    title: "Warp",
    files: &[
        json(User, every(&["~/.warp/.mcp.json"]), WARP_LAYOUTS),
        File {
            note: Some("Warp waits until somebody starts a server of a project"),
            ..json(Project, every(&[".warp/.mcp.json"]), WARP_LAYOUTS)
        },
    ],
    reader: STRICT,
    ways: &[SHELL_LIKE],
    known: ALL_OF_IT,
    ..BASE
};

const WARP_LAYOUTS: &[&[&str]] = &[
    &["mcpServers"],
    &["mcp_servers"],
    &["servers"],
    &["mcp", "servers"],
];

/// Nano-Collective/nanocoder 0649028a: `mcp-config-loader.ts`, `paths.ts`, `transport-factory.ts`.
pub(super) const NANOCODER: &Client = &Client {
    name: "nanocoder",
    title: "Nanocoder",
    files: &[
        json(
            User,
            Paths {
                linux: &[
                    "$NANOCODER_CONFIG_DIR/.mcp.json",
                    "$XDG_CONFIG_HOME/nanocoder/.mcp.json",
                ],
                macos: &[
                    "$NANOCODER_CONFIG_DIR/.mcp.json",
                    "~/Library/Preferences/nanocoder/.mcp.json",
                ],
                windows: &[
                    "$NANOCODER_CONFIG_DIR/.mcp.json",
                    "$APPDATA/nanocoder/.mcp.json",
                ],
            },
            MCP_SERVERS,
        ),
        json(Project, every(&[".mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: Stdio {
            head: &[("transport", Fixed::Text("stdio"))],
            ..STDIO
        },
        remote: Some(Remote {
            head: &[("transport", Fixed::Text("http"))],
            untyped: Some("rejects it"),
            ..BARE
        }),
    },
    reader: STRICT,
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

/// antinomyhq/forge 54cecac1: `mcp.rs`, `env.rs`, `reader.rs`, `manager.rs`, `mcp_client.rs`.
pub(super) const FORGE: &Client = &Client {
    name: "forge",
    title: "Forge",
    files: &[
        json(
            User,
            every(&[
                "$FORGE_CONFIG/.mcp.json",
                "~/.forge/.mcp.json",
                "~/forge/.mcp.json",
            ]),
            MCP_SERVERS,
        ),
        json(Project, every(&[".mcp.json"]), MCP_SERVERS),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            url: &["url", "serverUrl"],
            ..BARE
        }),
    },
    reader: STRICT,
    ways: &[Way::Env(Within {
        header: Some("{{.env.{}}}"),
        variable: None,
    })],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

/// editor-code-assistant/eca 09e864f5: `config.clj`, `interpolation.clj`, `shared.clj`,
/// `features/tools/mcp.clj`.
pub(super) const ECA: &Client = &Client {
    name: "eca",
    title: "ECA",
    files: &[
        json(
            User,
            every(&["$XDG_CONFIG_HOME/eca/config.json"]),
            MCP_SERVERS,
        ),
        json(Project, every(&[".eca/config.json"]), MCP_SERVERS),
    ],
    reader: reader([Some(true), None, None]),
    ways: &[
        Way::Command(both("${cmd:{}}")),
        ENV_LIKE,
        Way::File(both("${file:{}}")),
    ],
    known: ALL_OF_IT,
    ..BASE
};

/// ravitemer/mcp-hub bdbd7e4: `config.js`, `env-resolver.js`; ravitemer/mcphub.nvim 7cd5db3.
pub(super) const MCPHUB: &Client = &Client {
    name: "mcphub",
    title: "MCP Hub",
    files: &[
        json(User, every(&["~/.config/mcphub/servers.json"]), HUB_LAYOUTS),
        json(Project, every(&[".mcphub/servers.json"]), HUB_LAYOUTS),
    ],
    reader: reader([Some(true), Some(true), None]),
    ways: &[Way::Command(both("${cmd: {}}")), SHELL_LIKE],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

const HUB_LAYOUTS: &[&[&str]] = &[&["mcpServers"], &["servers"]];

/// ggozad/oterm e090ffe: `config.py`, `utils.py`, `tools/mcp/setup.py`.
pub(super) const OTERM: &Client = &Client {
    name: "oterm",
    title: "oterm",
    files: &[json(
        User,
        Paths {
            linux: &[
                "$OTERM_DATA_DIR/config.json",
                "$XDG_DATA_HOME/oterm/config.json",
                "~/.local/share/oterm/config.json",
            ],
            macos: &[
                "$OTERM_DATA_DIR/config.json",
                "$XDG_DATA_HOME/oterm/config.json",
                "~/Library/Application Support/oterm/config.json",
            ],
            windows: &[
                "$OTERM_DATA_DIR/config.json",
                "~/AppData/Roaming/oterm/config.json",
            ],
        },
        MCP_SERVERS,
    )],
    reader: STRICT,
    ways: &[SHELL_LIKE],
    start: Start::Shell,
    known: ALL_OF_IT,
    ..BASE
};

/// OpenHands/OpenHands-CLI 6b3838ce: `locations.py`, `mcp_utils.py`, which reads as fastmcp does.
pub(super) const OPENHANDS: &Client = &Client {
    name: "openhands",
    title: "OpenHands CLI",
    files: &[json(
        User,
        every(&[
            "$OPENHANDS_PERSISTENCE_DIR/mcp.json",
            "~/.openhands/mcp.json",
        ]),
        MCP_SERVERS,
    )],
    shape: Shape {
        stdio: STDIO,
        remote: Some(Remote {
            head: &[("transport", Fixed::Text("http"))],
            ..BARE
        }),
    },
    start: Start::Shell,
    known: known([Source, Source, Source, Source, Unknown, Unknown]),
    ..BASE
};
