//! Key texts, PEM, DER, JWK, JWK Set and plain secrets: no panic; what our own store says
//! reads back as the same keys, and what is published names no secret member.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::key::{Encoding, KeySet, Signer, Verifier};
use mcpjwt::secret::Secret;

fuzz_target!(|input: (u8, &[u8])| {
    let encoding = match input.0 % 8 {
        0 => Some(Encoding::Hex),
        1 => Some(Encoding::Base64),
        2 => Some(Encoding::Base64url),
        _ => None,
    };
    let Ok(set) = KeySet::read(&Secret::new(input.1.to_vec()), encoding) else {
        return;
    };
    let public = set.to_public_jwks(1_800_000_000);
    for member in [
        "\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\"", "\"oct\"",
    ] {
        assert!(
            !public.contains(&format!("{member}:")),
            "the public keys have {member}"
        );
    }
    for key in &set.keys {
        let Ok(alg) = key.algorithm(None) else {
            continue;
        };
        let Ok(verifier) = Verifier::new(key, alg) else {
            continue;
        };
        assert!(!verifier.verify(b"input", b"no signature"));
        if key.kind().name() == "RSA" {
            continue; // its signatures would be most of the time
        }
        if let Ok(signature) = Signer::new(key, alg).and_then(|signer| signer.sign(b"input")) {
            assert!(
                verifier.verify(b"input", &signature),
                "a key does not verify what it signed"
            );
        }
    }
    let Ok(again) = KeySet::read(&set.to_store(), None) else {
        panic!("our own store does not read back")
    };
    assert_eq!(
        set.keys
            .iter()
            .map(|key| key.kid().to_owned())
            .collect::<Vec<_>>(),
        again
            .keys
            .iter()
            .map(|key| key.kid().to_owned())
            .collect::<Vec<_>>(),
    );
});
