//! The rows, one a client, by family; and the parts that many of them share.
//!
//! A row says what was found out, and `known` how: by running the client, in its own source, in
//! its documentation, in another tool that writes its config. What nobody found is `None`.

mod agents;
mod closed;
mod desktop;
mod editors;
mod secondhand;
mod sources;
mod vscode;

pub(super) use self::agents::CODEX;
pub use self::closed::CLOSED;

use super::{
    Client, File, Fixed, Knowledge, Known, Paths, Reader, Remote, Scope, Shape, Start, Stdio, Way,
    Within,
};
use crate::place::tree::Format;

/// Every client whose config is edited, those that most people use first.
pub const ALL: &[&Client] = &[
    agents::CLAUDE_CODE,
    desktop::CLAUDE_DESKTOP,
    vscode::VSCODE,
    vscode::VSCODE_INSIDERS,
    vscode::VSCODIUM,
    editors::CURSOR,
    agents::CODEX,
    agents::GEMINI_CLI,
    agents::COPILOT_CLI,
    agents::OPENCODE,
    editors::WINDSURF,
    editors::CLINE,
    editors::ROO,
    editors::KILO,
    editors::ZED,
    vscode::VISUAL_STUDIO,
    editors::JETBRAINS_AI,
    editors::JUNIE,
    editors::ANTIGRAVITY,
    editors::KIRO,
    editors::TRAE,
    editors::DEVIN,
    editors::BOB,
    agents::QWEN_CODE,
    agents::FACTORY_DROID,
    agents::AUGMENT,
    agents::AMAZON_Q,
    agents::CRUSH,
    secondhand::AMP,
    sources::GROK_BUILD,
    sources::KIMI_CODE,
    secondhand::PI,
    sources::MASTRACODE,
    secondhand::FX,
    sources::MCPORTER,
    secondhand::ROVODEV,
    secondhand::TABNINE,
    secondhand::COMMAND_CODE,
    sources::DEEPAGENTS,
    secondhand::CORTEX_CODE,
    secondhand::MUSE_CODE,
    secondhand::ZCODE,
    sources::WARP,
    sources::NANOCODER,
    sources::FORGE,
    sources::ECA,
    sources::MCPHUB,
    sources::OTERM,
    sources::OPENHANDS,
    desktop::LM_STUDIO,
    desktop::BOLTAI,
    desktop::WITSY,
    desktop::ENCONVO,
    desktop::JAN,
];

/// Whose config nobody knows: all that any client writes is read, and what most of them read is
/// written.
pub(super) const ANY: &Client = &Client {
    name: "mcp",
    title: "this config",
    files: &[File {
        scope: Scope::User,
        paths: every(&[]),
        format: Format::Json,
        servers: &[
            &["mcpServers"],
            &["servers"],
            &["mcp", "servers"],
            &["context_servers"],
            &["mcp_servers"],
            &["amp.mcpServers"],
            &["mcp"],
            &[],
        ],
        head: &[],
        lock: None,
        reader: None,
        ways: None,
        note: None,
    }],
    shape: Shape {
        stdio: Stdio {
            env: &["env", "environment"],
            ..STDIO
        },
        remote: Some(Remote {
            url: &["url", "serverUrl", "httpUrl", "baseUrl"],
            headers: &["headers", "http_headers"],
            ..HTTP
        }),
    },
    start: Start::Shell,
    known: known([Known::Ran; 6]),
    ..BASE
};

/// What most rows have in common.
const BASE: Client = Client {
    name: "",
    title: "",
    files: &[],
    shape: Shape {
        stdio: STDIO,
        remote: Some(BARE),
    },
    reader: UNKNOWN,
    ways: &[],
    notes: &[],
    start: Start::Desktop,
    known: known([Known::Unknown; 6]),
};

/// `{command, args, env}`
const STDIO: Stdio = Stdio {
    head: &[],
    command: "command",
    args: Some("args"),
    env: &["env"],
    tail: &[],
};

/// `{type: stdio, command, args, env}`
const TYPED: Stdio = Stdio {
    head: &[("type", Fixed::Text("stdio"))],
    ..STDIO
};

/// `{type: local, command: [..], environment}`
const LOCAL: Stdio = Stdio {
    head: &[("type", Fixed::Text("local"))],
    args: None,
    env: &["environment"],
    ..STDIO
};

/// `{url, headers}`
const BARE: Remote = Remote {
    head: &[],
    url: &["url"],
    headers: &["headers"],
    tail: &[],
    untyped: None,
    rejects: None,
    amiss: &[],
};

/// `{type: http, url, headers}`
const HTTP: Remote = Remote {
    head: &[("type", Fixed::Text("http"))],
    ..BARE
};

/// `{type: remote, url, headers}`
const REMOTE: Remote = Remote {
    head: &[("type", Fixed::Text("remote"))],
    ..BARE
};

const MCP_SERVERS: &[&[&str]] = &[&["mcpServers"]];

const UNKNOWN: Reader = reader([None, None, None]);

/// `JSON.parse` and its like.
const STRICT: Reader = reader([Some(false), Some(false), Some(false)]);

/// A JSON config.
const fn json(scope: Scope, paths: Paths, servers: &'static [&'static [&'static str]]) -> File {
    File {
        scope,
        paths,
        format: Format::Json,
        servers,
        head: &[],
        lock: None,
        reader: None,
        ways: None,
        note: None,
    }
}

/// A TOML config.
const fn toml(scope: Scope, paths: Paths) -> File {
    File {
        format: Format::Toml,
        ..json(scope, paths, &[&["mcp_servers"]])
    }
}

/// The same path on every system.
const fn every(paths: &'static [&'static str]) -> Paths {
    Paths {
        linux: paths,
        macos: paths,
        windows: paths,
    }
}

/// Comments, trailing commas, byte order mark.
const fn reader([comments, trailing_commas, bom]: [Option<bool>; 3]) -> Reader {
    Reader {
        comments,
        trailing_commas,
        bom,
    }
}

/// Paths, servers, stdio, remote, reader, ways.
const fn known([paths, servers, stdio, remote, reader, ways]: [Known; 6]) -> Knowledge {
    Knowledge {
        paths,
        servers,
        stdio,
        remote,
        reader,
        ways,
    }
}

/// The same reference in headers and in variables.
const fn both(text: &'static str) -> Within {
    Within {
        header: Some(text),
        variable: Some(text),
    }
}

/// `${VAR}` in headers and in variables.
const SHELL_LIKE: Way = Way::Env(both("${{}}"));

/// `${env:VAR}` in headers and in variables.
const ENV_LIKE: Way = Way::Env(both("${env:{}}"));
