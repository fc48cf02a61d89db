//! Agents for the terminal that are known from what other tools write for them (add-mcp 2.4.0,
//! rulesync 17.0.0, mcporter 0.12.3) and from documentation.

use super::{BASE, HTTP, LOCAL, MCP_SERVERS, STDIO, every, json, known, reader};
use crate::client::Known::{Docs, Memory, Secondary, Unknown};
use crate::client::Scope::{Project, User};
use crate::client::{Client, File, Fixed, Knowledge, Remote, Shape, Start, Way, Within};

const SECONDHAND: Knowledge = known([Secondary, Secondary, Secondary, Secondary, Unknown, Unknown]);

pub(super) const AMP: &Client = &Client {
    name: "amp",
    title: "Amp",
    files: &[
        json(User, every(&["~/.config/amp/settings.json[c]"]), FLAT),
        json(Project, every(&[".amp/settings.json[c]"]), FLAT),
    ],
    reader: reader([Some(true), Some(true), None]),
    ways: &[IN_HEADERS],
    start: Start::Shell,
    known: known([Secondary, Secondary, Secondary, Memory, Secondary, Memory]),
    ..BASE
};

/// One name with a dot in it.
const FLAT: &[&[&str]] = &[&["amp.mcpServers"]];

const IN_HEADERS: Way = Way::Env(Within {
    header: Some("${{}}"),
    variable: None,
});

pub(super) const PI: &Client = &Client {
    name: "pi",
    title: "Pi",
    files: &[
        json(
            User,
            every(&["$PI_CODING_AGENT_DIR/mcp.json", "~/.pi/agent/mcp.json"]),
            MCP_SERVERS,
        ),
        json(Project, every(&[".pi/mcp.json"]), MCP_SERVERS),
    ],
    reader: reader([Some(false), None, None]),
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};

/// It rejects a literal `Authorization`.
pub(super) const FX: &Client = &Client {
    name: "fx",
    title: "fx",
    files: &[json(User, every(&["~/.fx/mcp.json"]), &[&["mcp"]])],
    shape: Shape {
        stdio: LOCAL,
        remote: Some(Remote {
            rejects: Some("Authorization"),
            ..HTTP
        }),
    },
    ways: &[Way::EnvMember {
        bearer: "bearer_token_env",
        table: Some("header_env"),
    }],
    start: Start::Shell,
    known: known([
        Secondary, Secondary, Secondary, Secondary, Unknown, Secondary,
    ]),
    ..BASE
};

pub(super) const ROVODEV: &Client = &Client {
    name: "rovodev",
    title: "Rovo Dev CLI",
    files: &[
        json(User, every(&["~/.rovodev/mcp.json"]), MCP_SERVERS),
        File {
            note: Some(
                "Rovo Dev CLI reads the file of a project only where `mcpConfigPath` in its `config.yml` names it",
            ),
            ..json(Project, every(&[".rovodev/mcp.json"]), MCP_SERVERS)
        },
    ],
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};

pub(super) const TABNINE: &Client = &Client {
    name: "tabnine",
    title: "Tabnine",
    files: &[
        json(
            User,
            every(&["~/.tabnine/agent/settings.json"]),
            MCP_SERVERS,
        ),
        json(
            Project,
            every(&[".tabnine/agent/settings.json"]),
            MCP_SERVERS,
        ),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};

/// Its issue 599 says that it has no references.
pub(super) const COMMAND_CODE: &Client = &Client {
    name: "command-code",
    title: "Command Code",
    files: &[
        json(User, every(&["~/.commandcode/mcp.json"]), MCP_SERVERS),
        json(Project, every(&[".mcp.json"]), MCP_SERVERS),
    ],
    start: Start::Shell,
    known: known([Secondary, Secondary, Secondary, Secondary, Unknown, Docs]),
    ..BASE
};

pub(super) const CORTEX_CODE: &Client = &Client {
    name: "cortex-code",
    title: "Snowflake Cortex Code",
    files: &[json(
        User,
        every(&["~/.snowflake/cortex/mcp.json"]),
        MCP_SERVERS,
    )],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};

/// Its file has to name its version.
pub(super) const MUSE_CODE: &Client = &Client {
    name: "muse-code",
    title: "Muse Code",
    files: &[File {
        head: &[("schema_version", Fixed::Number("1"))],
        ..json(
            User,
            every(&["~/.config/muse/settings.json"]),
            &[&["mcp_servers"]],
        )
    }],
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};

pub(super) const ZCODE: &Client = &Client {
    name: "zcode",
    title: "ZCode",
    files: &[
        json(
            User,
            every(&["~/.zcode/cli/config.json"]),
            &[&["mcp", "servers"]],
        ),
        json(
            Project,
            every(&[".zcode/config.json"]),
            &[&["mcp", "servers"]],
        ),
    ],
    shape: Shape {
        stdio: STDIO,
        remote: Some(HTTP),
    },
    start: Start::Shell,
    known: SECONDHAND,
    ..BASE
};
