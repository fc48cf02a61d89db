//! Making a token: header and claims to text, and the signature under it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;
use crate::json::Json;
use crate::key::Signer;
use crate::secret::Secret;

/// Signs claims under a header, in the compact form. The caller has put the signer's algorithm
/// into the header.
pub fn sign(header: &Json, claims: &Json, signer: &Signer) -> Result<Secret, Error> {
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
    let signature = signer.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(Secret::from(token))
}
