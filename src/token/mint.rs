//! Making a token: header and claims to text, and the signature under it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Code, Error};
use crate::json::Json;
use crate::key::Signer;
use crate::secret::Secret;

/// Signs claims under a header, in the compact form. The caller has put the signer's algorithm
/// into the header.
pub fn sign(header: &Json, claims: &Json, signer: &Signer) -> Result<Secret, Error> {
    let mut token = Vec::new();
    Press::new(header).sign(&claims.to_string(), signer, &mut token)?;
    Ok(Secret::new(token))
}

/// A header that many tokens have.
pub struct Press {
    /// Its part of a token, and the dot behind it.
    header: String,
}

impl Press {
    /// One for this header.
    pub fn new(header: &Json) -> Self {
        let mut header = URL_SAFE_NO_PAD.encode(header.to_string());
        header.push('.');
        Self { header }
    }

    /// Adds a token with the claims of this text to what is there.
    pub fn sign(&self, claims: &str, signer: &Signer, out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        out.extend_from_slice(self.header.as_bytes());
        encode(claims.as_bytes(), out)?;
        let signature = signer.sign(&out[start..])?;
        out.push(b'.');
        encode(&signature, out)
    }
}

/// Adds base64url.
fn encode(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
    let start = out.len();
    // Four characters for each three bytes, or for what is left of them.
    out.resize(start + bytes.len().div_ceil(3) * 4, 0);
    let written = URL_SAFE_NO_PAD
        .encode_slice(bytes, &mut out[start..])
        .map_err(|_| Error::new(Code::Internal, "a token does not fit its buffer"))?;
    out.truncate(start + written);
    Ok(())
}
