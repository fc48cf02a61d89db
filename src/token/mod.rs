//! Tokens: what one is, how it is made, whether it is good, and why not. Pure: no clock, no
//! files, no randomness.
//!
//! The compact form, the header rules and the claim rules are ours; signatures are `key`'s.

mod claims;
mod compact;
mod diagnosis;
mod health;
mod mint;
mod order;
mod rules;
mod signature;
mod special;
mod standing;
mod template;
#[cfg(test)]
mod tests;
mod verdict;

pub use claims::{Claims, NumericDate, REGISTERED};
pub use compact::{
    Compact, Header, MAX_BYTES, Peek, all_in, bare, found_in, looks_like_token, parse, peek,
};
pub use diagnosis::{Finding, diagnose};
pub use health::{Health, Signer, health, retired};
pub use mint::{Press, sign};
pub use order::{Columns, Form, is_row, looks_like_names, ordered};
pub use special::{fault, special, text_fault};
pub use standing::{Standing, standing};
pub use template::{Course, Point, Stencil, Template, Times};
pub use verdict::{Failure, Judge, KeyUsed, Rules, Verdict, judge};
