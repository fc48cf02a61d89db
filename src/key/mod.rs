//! Keys: algorithms, texts they are read from and written to, key sets, and the
//! only two doors to a signature, [`Signer`] and [`Verifier`].
//!
//! Pure but for one stated exception: key pairs, ES* and PS* use the crypto
//! library's own randomness. Random bytes of secrets are a parameter.
//!
//! ```text
//! text -> set -> asn1, pem, jwk -> material (every check of key material) -> one (a Key)
//! Key  -> sign (with ed25519, weak in front)      Key, KeySet -> export
//! what there is -> rotation (what has to be done)  Key -> successor (another of the same form)
//! ```

mod algorithm;
mod asn1;
mod ed25519;
mod export;
mod generate;
mod identity;
mod jwk;
mod material;
mod one;
mod pem;
mod roca;
pub mod rotation;
mod set;
mod sign;
mod successor;
mod weak;

#[cfg(test)]
mod tests;

pub use algorithm::{Algorithm, Encoding, Hash, Kind};
pub use export::Part;
pub use generate::{Reading, generate};
pub use one::{Key, State};
pub use set::{Holding, KeySet};
pub use sign::{Signer, Verifier};
pub use successor::Form;
