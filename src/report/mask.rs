//! What is never shown: a token where a name should be.

use super::tokens::short;
use crate::client::{Mode, Reference};
use crate::token;

/// A text with `..` for each token in it.
pub fn masked(text: &str) -> String {
    let mut shown = text.to_owned();
    while let Some(token) = token::found_in(&shown) {
        shown = shown.replace(token, "..");
    }
    shown
}

/// A name from outside, as people see it.
pub(super) fn name(text: &str) -> String {
    short(&masked(text))
}

/// What stands for a token: how, and what it names.
pub(super) fn reference(reference: &Reference) -> String {
    let named = match reference.unnamed {
        Some(length) if reference.mode == Mode::Env => {
            format!("not a variable name ({length} characters)")
        }
        Some(length) => format!("not a name ({length} characters)"),
        None => name(&reference.name),
    };
    let told = format!("{} {named}", reference.mode.name());
    told.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_shown_wherever_it_stands() {
        #[rustfmt::skip]
        let cases = [
            ("exai",                                     "exai"),
            ("eyJhbGciOiJIUzI1NiJ9.e30.c2ln",            ".."),
            ("eyJhbGciOiJIUzI1NiJ9",                     ".."),
            ("a eyJh.e30.c2ln b eyJi.e30.c2ln",          "a .. b .."),
            ("cursor/eyJh.e30.c2ln",                     "cursor/.."),
            ("/servers/eyJh.e30.c2ln/env/T",             "/servers/../env/T"),
            ("eyJh",                                     "eyJh"),
        ];
        for (text, want) in cases {
            assert_eq!(masked(text), want, "{text}");
        }
    }
}
