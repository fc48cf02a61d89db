//! mcpjwt issues, inspects and keeps alive the JWTs of MCP clients.
//!
//! The map, and which way the arrows point, is in `docs/ARCHITECTURE.md`.

pub mod client;
mod commands;
pub mod error;
pub mod host;
pub mod json;
pub mod key;
pub mod lint;
pub mod manifest;
pub mod place;
pub mod plan;
pub mod report;
pub mod secret;
mod session;
pub mod state;
pub mod time;
pub mod token;

use std::ffi::OsString;

/// Runs one command line against a world and says the exit code.
pub fn run(args: &[OsString], host: &mut host::Host<'_>) -> u8 {
    commands::run(args, host)
}
