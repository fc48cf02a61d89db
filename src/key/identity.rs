//! What a key is recognised by: thumbprint, `kid`, fingerprint.

use aws_lc_rs::digest::{self, Context};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::algorithm::Hash;
use super::material::Material;

/// How much of a fingerprint a derived `kid` is: 96 bits, enough that no two keys of one
/// issuer meet by chance.
pub(super) const KID_LENGTH: usize = 16;

/// The RFC 7638 thumbprint, base64url.
///
/// The hash is fed part by part, so that no text with a secret in it is put together.
pub(super) fn thumbprint(material: &Material, hash: Hash) -> String {
    let mut context = Context::new(match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    });
    let mut feed = |parts: &[&str]| {
        for part in parts {
            context.update(part.as_bytes());
        }
    };
    // RFC 7638 section 3.2: the required members, by name in order.
    match material {
        Material::Secret(secret) => {
            let k = Zeroizing::new(encode(secret.expose()));
            feed(&[r#"{"k":""#, &k, r#"","kty":"oct"}"#]);
        }
        Material::Rsa(rsa) => {
            feed(&[
                r#"{"e":""#,
                &encode(&rsa.e),
                r#"","kty":"RSA","n":""#,
                &encode(&rsa.n),
                r#""}"#,
            ]);
        }
        Material::Ec(ec) => {
            let (x, y) = ec.point[1..].split_at(ec.curve.bytes);
            feed(&[r#"{"crv":""#, ec.curve.kind.name(), r#"","kty":"EC","x":""#]);
            feed(&[&encode(x), r#"","y":""#, &encode(y), r#""}"#]);
        }
        Material::Ed25519(ed) => {
            feed(&[
                r#"{"crv":"Ed25519","kty":"OKP","x":""#,
                &encode(&ed.x),
                r#""}"#,
            ]);
        }
    }
    encode(context.finish().as_ref())
}

/// The 43 characters of a fingerprint: what a derived `kid` is cut from.
///
/// The thumbprint of a secret is its plain hash: who has it can try secrets against it, and
/// a `kid` is public. The HMAC is no better against guessing a weak secret, but the same
/// value is then no proof of the secret to a system that compares thumbprints.
pub(super) fn digest(material: &Material) -> String {
    match material {
        Material::Secret(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
            encode(hmac::sign(&key, b"mcpjwt kid v1").as_ref())
        }
        _ => thumbprint(material, Hash::Sha256),
    }
}

/// Base64url without padding (RFC 7515 section 2).
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
