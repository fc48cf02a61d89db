//! mcpjwt issues, inspects and keeps alive the JWTs of MCP clients.
//!
//! The map, and which way the arrows point, is in `docs/ARCHITECTURE.md`.

pub mod error;
pub mod host;
pub mod json;
pub mod key;
pub mod place;
pub mod report;
pub mod secret;
pub mod time;
pub mod token;
