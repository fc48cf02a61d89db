//! What mcpjwt remembers, as text: records to lines and back. Pure; reading and appending is
//! `session`'s.

pub mod ledger;
pub mod trust;
