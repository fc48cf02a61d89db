//! The least work that a batch can be, on one thread.
//!
//! ```text
//! limit mint ALG KEY SUBJECTS      a token a line, claims as `mcpjwt issue --from` makes them
//! limit sign ALG KEY COUNT         bare signatures of a text as long as a token's
//! limit verify ALG KEY TOKENS      `ok` and the subject a line, after signature, times, iss, aud
//! ```
//! KEY is a file: the secret of HS256, PKCS#8 (DER) of the others. Everything is in memory, known
//! in advance and believed; no line is looked at twice; nothing is recorded.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

const ISSUER: &str = "exai-mcp-server";
const AUDIENCE: &str = "exai-mcp-client";
const NOW: i64 = 1_763_784_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, what, alg, key, last] = arguments.as_slice() else {
        return Err("usage: limit mint|sign|verify ALG KEY FILE|COUNT".into());
    };
    let key = std::fs::read(key)?;
    match what.as_str() {
        "mint" => mint(alg, &Signer::new(alg, &key)?, &std::fs::read_to_string(last)?),
        "sign" => sign(&Signer::new(alg, &key)?, last.parse()?),
        "verify" => verify(&key, &std::fs::read_to_string(last)?),
        _ => Err("mint, sign or verify".into()),
    }
}

enum Signer {
    Hs256(hmac::Key),
    EdDsa(Ed25519KeyPair),
    Es256(EcdsaKeyPair, SystemRandom),
    Rs256(RsaKeyPair, SystemRandom),
}

impl Signer {
    fn new(alg: &str, key: &[u8]) -> Result<Self, Box<dyn Error>> {
        Ok(match alg {
            "HS256" => Self::Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.trim_ascii_end())),
            "EdDSA" => Self::EdDsa(Ed25519KeyPair::from_pkcs8_maybe_unchecked(key)?),
            "ES256" => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key)?;
                Self::Es256(pair, SystemRandom::new())
            }
            "RS256" => Self::Rs256(RsaKeyPair::from_pkcs8(key)?, SystemRandom::new()),
            _ => return Err("HS256, EdDSA, ES256 or RS256".into()),
        })
    }

    /// Signs into the buffer and says how long the signature is.
    fn sign(&self, input: &[u8], out: &mut [u8; 512]) -> Result<usize, Box<dyn Error>> {
        let keep = |signature: &[u8], out: &mut [u8; 512]| {
            out[..signature.len()].copy_from_slice(signature);
            signature.len()
        };
        Ok(match self {
            Self::Hs256(key) => keep(hmac::sign(key, input).as_ref(), out),
            Self::EdDsa(pair) => keep(pair.sign(input).as_ref(), out),
            Self::Es256(pair, random) => keep(pair.sign(random, input)?.as_ref(), out),
            Self::Rs256(pair, random) => {
                let length = pair.public_modulus_len();
                pair.sign(&RSA_PKCS1_SHA256, random, input, &mut out[..length])?;
                length
            }
        })
    }
}

fn mint(alg: &str, signer: &Signer, subjects: &str) -> Result<(), Box<dyn Error>> {
    let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"UOuPGLMbqgKiRQGz"}}"#);
    let mut header = URL_SAFE_NO_PAD.encode(header).into_bytes();
    header.push(b'.');
    let before = format!(r#"{{"iss":"{ISSUER}","sub":""#);
    let between = format!(
        r#"","aud":"{AUDIENCE}","iat":{},"exp":{},"jti":"d70d3259e4e1cb631c663cf4d73c4c04-"#,
        NOW - 5,
        NOW + 86_400
    );
    let mut claims = Vec::new();
    let mut token = vec![0; 4096];
    token[..header.len()].copy_from_slice(&header);
    let mut signature = [0; 512];
    let mut out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    for (number, subject) in (1..).zip(subjects.lines()) {
        claims.clear();
        claims.extend_from_slice(before.as_bytes());
        claims.extend_from_slice(subject.as_bytes());
        claims.extend_from_slice(between.as_bytes());
        write!(claims, "{number}\"}}")?;
        let mut end = header.len();
        end += URL_SAFE_NO_PAD.encode_slice(&claims, &mut token[end..])?;
        let length = signer.sign(&token[..end], &mut signature)?;
        token[end] = b'.';
        end += 1;
        end += URL_SAFE_NO_PAD.encode_slice(&signature[..length], &mut token[end..])?;
        token[end] = b'\n';
        out.write_all(&token[..=end])?;
    }
    Ok(out.flush()?)
}

fn sign(signer: &Signer, count: u64) -> Result<(), Box<dyn Error>> {
    let mut input = [b'a'; 300];
    let mut signature = [0; 512];
    for number in 0..count {
        input[..8].copy_from_slice(&number.to_le_bytes());
        std::hint::black_box(signer.sign(&input, &mut signature)?);
    }
    Ok(())
}

/// The claims of [`mint`].
#[derive(Deserialize)]
struct Claims<'t> {
    iss: &'t str,
    sub: &'t str,
    aud: &'t str,
    iat: i64,
    exp: i64,
    #[serde(rename = "jti")]
    _jti: &'t str,
}

fn verify(key: &[u8], tokens: &str) -> Result<(), Box<dyn Error>> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.trim_ascii_end());
    let mut payload = vec![0; 64 * 1024];
    let mut signature = [0; 64];
    let mut out = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    for token in tokens.lines() {
        let (input, third) = token.rsplit_once('.').ok_or("no dot")?;
        let (_, second) = input.split_once('.').ok_or("one dot")?;
        let length = URL_SAFE_NO_PAD.decode_slice(third, &mut signature)?;
        hmac::verify(&key, input.as_bytes(), &signature[..length])?;
        let length = URL_SAFE_NO_PAD.decode_slice(second, &mut payload)?;
        let claims: Claims<'_> = serde_json::from_slice(&payload[..length])?;
        let good =
            claims.exp > NOW && claims.iat <= NOW && claims.iss == ISSUER && claims.aud == AUDIENCE;
        out.write_all(if good { b"ok\t" } else { b"no\t" })?;
        out.write_all(claims.sub.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
