//! Outside vectors: RFC signatures and thumbprints, hostile Ed25519 signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{key, read};
use crate::error::Code;
use crate::json::Json;
use crate::key::{Algorithm, Hash, Signer, Verifier};

fn rows(text: &str) -> impl Iterator<Item = Json> + '_ {
    text.lines()
        .map(|line| Json::parse(line.as_bytes()).unwrap())
}

fn member<'r>(row: &'r Json, name: &str) -> &'r str {
    row.get(name).and_then(Json::as_str).unwrap()
}

#[test]
fn signatures_of_the_rfcs_are_made_byte_for_byte() {
    let mut count = 0;
    for row in rows(include_str!("../../../tests/vectors/sign_exact.jsonl")) {
        let id = member(&row, "id");
        let key = key(row.get("key").unwrap().get("jwk").unwrap().to_string());
        let alg = Algorithm::from_name(member(&row, "alg")).unwrap();
        let payload = URL_SAFE_NO_PAD.encode(member(&row, "payload_utf8"));
        let input = format!("{}.{payload}", member(&row, "header_b64u"));
        let signature = Signer::new(&key, alg)
            .unwrap()
            .sign(input.as_bytes())
            .unwrap();
        let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(&signature));
        assert_eq!(token, member(&row, "token"), "{id}");
        assert!(
            Verifier::new(&key, alg)
                .unwrap()
                .verify(input.as_bytes(), &signature),
            "{id}"
        );
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn thumbprints_are_those_of_the_rfcs() {
    let mut count = 0;
    for row in rows(include_str!("../../../tests/vectors/jwk_thumbprint.jsonl")) {
        // One row is a key for encryption, which we read only without saying so.
        let jwk = row
            .get("jwk")
            .unwrap()
            .to_string()
            .replace(r#""use":"enc","#, "");
        let hash = match member(&row, "hash") {
            "sha256" => Hash::Sha256,
            "sha384" => Hash::Sha384,
            _ => Hash::Sha512,
        };
        assert_eq!(
            key(jwk).thumbprint(hash),
            member(&row, "thumbprint"),
            "{}",
            member(&row, "id")
        );
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn hostile_ed25519_signatures_are_refused() {
    let mut count = 0;
    for row in rows(include_str!(
        "../../../tests/vectors/ed25519_must_refuse.jsonl"
    )) {
        let id = member(&row, "id");
        let jwk = row.get("key").unwrap().get("jwk").unwrap();
        let message = hex::decode(member(&row, "msg_hex")).unwrap();
        let signature = hex::decode(member(&row, "sig_hex")).unwrap();
        let key = key(jwk.to_string());
        for alg in [Algorithm::EdDSA, Algorithm::Ed25519] {
            let verifier = Verifier::new(&key, alg).unwrap();
            assert!(!verifier.verify(&message, &signature), "{id} {alg:?}");
        }
        assert!(
            !dalek_accepts(member(jwk, "x"), &message, &signature),
            "{id} verify_strict"
        );
        count += 1;
    }
    assert_eq!(count, 63);
}

/// What `verify_strict` of ed25519-dalek says, the strictest of the known libraries.
fn dalek_accepts(x: &str, message: &[u8], signature: &[u8]) -> bool {
    use ed25519_dalek::{Signature, VerifyingKey};
    let x = URL_SAFE_NO_PAD.decode(x).unwrap().try_into().unwrap();
    let Ok(public) = VerifyingKey::from_bytes(&x) else {
        return false;
    };
    let Ok(signature) = Signature::from_slice(signature) else {
        return false;
    };
    public.verify_strict(message, &signature).is_ok()
}

proptest::proptest! {
    #[test]
    fn good_ed25519_signatures_are_accepted_by_both(seed: [u8; 32], message: Vec<u8>) {
        use ed25519_dalek::Signer as _;
        let pair = ed25519_dalek::SigningKey::from_bytes(&seed);
        let x = URL_SAFE_NO_PAD.encode(pair.verifying_key().to_bytes());
        let d = URL_SAFE_NO_PAD.encode(seed);
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{d}"}}"#);
        let key = key(jwk);
        let signature = Signer::new(&key, Algorithm::EdDSA).unwrap().sign(&message).unwrap();
        assert_eq!(signature, pair.sign(&message).to_bytes());
        assert!(dalek_accepts(&x, &message, &signature));
        let verifier = Verifier::new(&key, Algorithm::Ed25519).unwrap();
        assert!(verifier.verify(&message, &signature));
        // S + L: the same signature for a verifier that does not reduce.
        assert!(!verifier.verify(&message, &plus_order(&signature)));
    }
}

/// The signature with the order of the group added to its S.
fn plus_order(signature: &[u8]) -> Vec<u8> {
    let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let order = hex::decode(order).unwrap();
    let mut sum = signature.to_vec();
    let mut carry = 0;
    for (byte, add) in sum[32..].iter_mut().zip(order) {
        let total = u16::from(*byte) + u16::from(add) + carry;
        *byte = total.to_le_bytes()[0];
        carry = total >> 8;
    }
    sum
}

/// Every token of the collection whose key decides alone: reading the key, strength and
/// the signature, as far as this module goes.
#[test]
fn keys_of_the_token_vectors_are_read_or_refused_as_they_say() {
    let files = [
        include_str!("../../../tests/vectors/rfc.jsonl"),
        include_str!("../../../tests/vectors/wycheproof_jws.jsonl"),
        include_str!("../../../tests/vectors/library_tokens.jsonl"),
        include_str!("../../../tests/vectors/negatives.jsonl"),
    ];
    let mut valid = 0;
    for row in files.into_iter().flat_map(rows) {
        let id = member(&row, "id");
        let given = row.get("key").unwrap();
        let text = match given.as_object().unwrap()[0].0.as_str() {
            "secret_hex" => hex::decode(member(given, "secret_hex")).unwrap(),
            "pem" => member(given, "pem").as_bytes().to_vec(),
            name => given.get(name).unwrap().to_string().into_bytes(),
        };
        let keys = if given.get("secret_hex").is_some() {
            let secret = crate::secret::Secret::new(text);
            Ok(crate::key::KeySet::lone(crate::key::Key::from_secret(
                secret,
            )))
        } else {
            read(text)
        };
        let reason = row.get("reason").and_then(Json::as_str).unwrap_or("");
        if matches!(reason, "key_unusable" | "key_invalid") {
            let want = if reason == "key_invalid" {
                Code::KeyInvalid
            } else {
                Code::KeyUnusable
            };
            assert_eq!(keys.err().map(|error| error.code), Some(want), "{id}");
            continue;
        }
        let keys = keys.unwrap_or_else(|error| panic!("{id}: {error}"));
        let allowed = row.get("opts").and_then(|opts| opts.get("allow_weak_key"));
        let weak = allowed == Some(&Json::Bool(true));
        let token = row.get("token").and_then(Json::as_str).unwrap_or("");
        // A strict reader refuses some that the source accepts: another `alg` than the JWK's.
        if row.get("strict").and_then(Json::as_str) == Some("invalid") {
            continue;
        }
        if row.get("expect").and_then(Json::as_str) == Some("valid") {
            let (input, signature) = token.trim().rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            let algs = row.get("algs").and_then(Json::as_array).unwrap();
            let algs = algs
                .iter()
                .filter_map(|alg| Algorithm::from_name(alg.as_str()?));
            let fits = algs
                .flat_map(|alg| keys.keys.iter().map(move |key| (alg, key)))
                .any(|(alg, key)| {
                    (weak || key.check_strength(alg).is_ok())
                        && Verifier::new(key, alg)
                            .is_ok_and(|verifier| verifier.verify(input.as_bytes(), &signature))
                });
            assert!(fits, "{id}: no key fits");
            valid += 1;
        } else if matches!(reason, "key_weak" | "key_too_short") {
            let key = &keys.keys[0];
            let alg = key.algorithm(None).unwrap();
            let got = key.check_strength(alg).err().map(|error| error.code.name());
            assert_eq!(got, Some(reason), "{id}");
        }
    }
    assert_eq!(valid, 84);
}
