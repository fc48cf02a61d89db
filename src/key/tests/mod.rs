//! Tests that need several files of the module: texts, JWK, vectors, round trips.

mod jwks;
mod round_trips;
mod texts;
mod vectors;

use super::{Algorithm, Key, KeySet, Signer, Verifier};
use crate::error::{Code, Error};
use crate::secret::Secret;

/// Reads a text without encoding.
fn read(text: impl AsRef<[u8]>) -> Result<KeySet, Error> {
    KeySet::read(&Secret::new(text.as_ref().to_vec()), None)
}

/// The one key of a text that must be readable.
fn key(text: impl AsRef<[u8]>) -> Key {
    let mut keys = read(text).unwrap().keys;
    assert_eq!(keys.len(), 1);
    keys.remove(0)
}

/// The code and the message of a refusal, or what was read instead.
fn refusal(result: Result<KeySet, Error>) -> (Option<Code>, String) {
    match result {
        Ok(set) => (None, format!("{:?}", set.keys)),
        Err(error) => (Some(error.code), error.message),
    }
}

/// Asserts that what one key signs the other verifies, and nothing else.
fn assert_pair(private: &Key, public: &Key, alg: Algorithm, about: &str) {
    let signature = Signer::new(private, alg).unwrap().sign(b"a.b").unwrap();
    let verifier = Verifier::new(public, alg).unwrap();
    assert!(verifier.verify(b"a.b", &signature), "{about}: good");
    assert!(!verifier.verify(b"a.c", &signature), "{about}: other input");
    assert!(!verifier.verify(b"a.b", &signature[1..]), "{about}: cut");
    assert!(!verifier.verify(b"a.b", &[]), "{about}: empty");
    assert!(
        !verifier.verify(b"a.b", &[&signature[..], &[0]].concat()),
        "{about}: longer"
    );
    let mut flipped = signature;
    flipped[7] ^= 1;
    assert!(!verifier.verify(b"a.b", &flipped), "{about}: flipped");
}
