//! Clients whose configs we do not edit.

use super::every;
use crate::client::Known::{Ran, Secondary, Source};
use crate::client::Scope::{Project, User};
use crate::client::{Closed, Paths};

const YAML: &str = "is YAML, which mcpjwt does not edit";

const LIST: &str = "has its servers in a list, which mcpjwt does not edit";

/// Every client whose config is known, but not edited.
pub const CLOSED: &[Closed] = &[
    Closed {
        name: "goose",
        title: "Goose",
        files: &[(
            User,
            Paths {
                linux: &["$XDG_CONFIG_HOME/goose/config.yaml"],
                macos: &["~/.config/goose/config.yaml"],
                windows: &["$APPDATA/Block/goose/config/config.yaml"],
            },
        )],
        why: YAML,
        instead: None,
        known: Secondary,
    },
    Closed {
        name: "continue",
        title: "Continue",
        files: &[(User, every(&["~/.continue/config.yaml"]))],
        why: YAML,
        instead: Some(
            "it also reads JSON: `mcp:~/.continue/mcpServers/NAME.json#SERVER`, in a project `mcp:.continue/mcpServers/NAME.json#SERVER`",
        ),
        known: Ran,
    },
    Closed {
        name: "mistral-vibe",
        title: "Mistral Vibe",
        files: &[
            (User, every(&["~/.vibe/config.toml"])),
            (Project, every(&[".vibe/config.toml"])),
        ],
        why: LIST,
        instead: None,
        known: Secondary,
    },
    Closed {
        name: "hermes-agent",
        title: "Hermes Agent",
        files: &[(User, every(&["~/.hermes/config.yaml"]))],
        why: YAML,
        instead: None,
        known: Secondary,
    },
    Closed {
        name: "poolside",
        title: "Poolside",
        files: &[
            (User, every(&["~/.config/poolside/settings.yaml"])),
            (Project, every(&[".poolside/settings.yaml"])),
        ],
        why: YAML,
        instead: None,
        known: Secondary,
    },
    Closed {
        name: "5ire",
        title: "5ire",
        files: &[(
            User,
            Paths {
                linux: &["~/.config/5ire/mcp.json"],
                macos: &["~/Library/Application Support/5ire/mcp.json"],
                windows: &["$APPDATA/5ire/mcp.json"],
            },
        )],
        why: LIST,
        instead: None,
        known: Secondary,
    },
    Closed {
        name: "tome",
        title: "Tome",
        files: &[],
        why: "is a database, which mcpjwt does not edit",
        instead: None,
        known: Source,
    },
    Closed {
        name: "librechat",
        title: "LibreChat",
        files: &[(
            User,
            every(&["$LIBRECHAT_CONFIG_DIR/LibreChat/librechat.yaml"]),
        )],
        why: YAML,
        instead: None,
        known: Secondary,
    },
];
