//! Bytes that must not be shown: key material and tokens.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// Secret bytes: wiped when dropped, shown by nothing but [`Secret::expose`].
///
/// Two secrets are compared in constant time.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves; `grep expose` finds every use.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, where they are UTF-8.
    pub fn expose_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// How many bytes; a length may be told.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A second copy, on purpose and by name.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::new(self.0.to_vec())
    }

    /// A copy that ends with a line end, as a file and a terminal want it.
    #[must_use]
    pub fn with_line_end(&self) -> Self {
        if self.0.last() == Some(&b'\n') {
            return self.duplicate();
        }
        // In one piece: a vector that grows leaves copies of the secret behind.
        Self::new([self.0.as_slice(), b"\n"].concat())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

/// Copies the bytes and wipes nothing: for text that is a copy already.
impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes().to_vec())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl Zeroize for Secret {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown() {
        let secret = Secret::from("hunter2 hunter2");
        assert_eq!(
            format!("{secret:?} {:#?}", [&secret]),
            "Secret(..) [\n    Secret(..),\n]"
        );
    }

    #[test]
    fn there_is_one_line_end() {
        for (text, want) in [("", "\n"), ("a", "a\n"), ("a\n", "a\n"), ("a\r\n", "a\r\n")] {
            let got = Secret::from(text).with_line_end();
            assert_eq!(got.expose_str(), Some(want), "{text:?}");
        }
    }

    #[test]
    fn equality_is_by_content() {
        assert_eq!(Secret::from("a"), Secret::from("a"));
        assert_ne!(Secret::from("a"), Secret::from("b"));
        assert_ne!(Secret::from("a"), Secret::from("ab"));
    }
}
