//! Making new keys, and the other readings of a secret.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Encoding, Hash, Kind};
use super::asn1;
use super::identity;
use super::material::{CURVES, Material, generation_failed};
use super::one::Key;
use super::set::decode;
use crate::error::{Code, Error};
use crate::secret::Secret;

/// More random bytes than this are a typing error.
const MOST_BYTES: usize = 4096;

/// Makes a new key. `bytes` only for secrets, at least what the algorithm requires; a secret
/// is the random bytes as text in `encoding`, used as text.
///
/// The key declares its algorithm. RSA has 2048 bits, with SHA-384 and SHA-512 3072.
pub fn generate(
    alg: Algorithm,
    bytes: Option<usize>,
    encoding: Encoding,
    random: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
) -> Result<Key, Error> {
    let material = match (alg.kind(), bytes) {
        (Kind::Secret, bytes) => Material::Secret(secret(length(alg, bytes)?, encoding, random)?),
        (kind, Some(_)) => {
            let kind = kind.name();
            return Err(
                Error::usage(format!("a key of kind {kind} has no choice of bytes"))
                    .hint("leave `--bytes` out"),
            );
        }
        (Kind::Rsa, None) => rsa(alg)?,
        (Kind::Ed25519, None) => Material::ed25519_generated()?,
        (kind @ (Kind::P256 | Kind::P384 | Kind::P521), None) => {
            let curve = CURVES.iter().find(|curve| curve.kind == kind);
            Material::ec_generated(curve.ok_or_else(generation_failed)?)?
        }
    };
    Ok(Key::of(material).declaring(alg))
}

fn length(alg: Algorithm, bytes: Option<usize>) -> Result<usize, Error> {
    let least = alg.least_secret_bytes().unwrap_or(0);
    let name = alg.name();
    match bytes {
        None => Ok(least),
        Some(bytes) if bytes < least => Err(Error::new(
            Code::KeyTooShort,
            format!("cannot make a secret of {bytes} bytes: {name} requires {least} (RFC 7518 section 3.2)"),
        )
        .hint(format!("leave `--bytes` out, or give at least {least}"))),
        Some(bytes) if bytes > MOST_BYTES => {
            Err(Error::usage(format!("a secret of {bytes} bytes is longer than {MOST_BYTES}")))
        }
        Some(bytes) => Ok(bytes),
    }
}

fn secret(
    length: usize,
    encoding: Encoding,
    random: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
) -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    random(&mut bytes)?;
    Ok(encoding.encode(&bytes))
}

impl Encoding {
    /// The text of these bytes.
    pub(super) fn encode(self, bytes: &[u8]) -> Secret {
        Secret::from(match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64url => identity::encode(bytes),
        })
    }
}

fn rsa(alg: Algorithm) -> Result<Material, Error> {
    let size = if alg.hash() == Hash::Sha256 {
        KeySize::Rsa2048
    } else {
        KeySize::Rsa3072
    };
    let pair = RsaKeyPair::generate(size).map_err(|_| generation_failed())?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| generation_failed())?;
    // Read like any other: 160 us, and some 300 ms went into making it.
    asn1::read(pkcs8.as_ref()).unwrap_or_else(|| Err(generation_failed()))
}

/// A secret read in another way than it was.
#[derive(Debug)]
pub struct Reading {
    /// Ends the sentence "the signature fits when the secret is read as ..".
    pub what: &'static str,
    /// The key of that reading, with the same `alg` and `key_ops`.
    pub key: Key,
}

impl Key {
    /// The other readings of a secret's text: what servers are known to do with the same
    /// value. Only those that are possible, and each key once; key pairs have none.
    pub fn readings(&self) -> Vec<Reading> {
        let Some(secret) = self.secret_bytes() else {
            return Vec::new();
        };
        let bytes = secret.expose();
        let with = |end: &[u8]| Some([bytes, end].concat());
        let decoded = |encoding| decode(secret.expose_str()?.trim(), encoding);
        #[rustfmt::skip]
        let candidates = [
            ("hex",                                             decoded(Encoding::Hex)),
            ("base64",                                          decoded(Encoding::Base64)),
            ("base64url",                                       decoded(Encoding::Base64url)),
            ("text with its trailing newline",                  with(b"\n")),
            ("text with its trailing carriage return and newline", with(b"\r\n")),
            ("text without the white space around it",
                secret.expose_str().map(|text| text.trim().as_bytes().to_vec())),
            ("text, not decoded from hex",                      Some(hex::encode(bytes).into_bytes())),
            ("text, not decoded from base64",                   Some(STANDARD.encode(bytes).into_bytes())),
            ("text, not decoded from base64url",                Some(URL_SAFE_NO_PAD.encode(bytes).into_bytes())),
        ];
        let mut readings: Vec<Reading> = Vec::new();
        for (what, bytes) in candidates {
            let Some(bytes) = bytes.map(Secret::new) else {
                continue;
            };
            let known = bytes == *secret
                || readings
                    .iter()
                    .any(|reading| reading.key.secret_bytes() == Some(&bytes));
            if !known {
                let key = Key {
                    declared: self.declared,
                    permitted: self.permitted,
                    ..Key::from_secret(bytes)
                };
                readings.push(Reading { what, key });
            }
        }
        readings
    }
}
