//! Outside vectors: RFC signatures and thumbprints, hostile Ed25519 signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{key, read};
use crate::error::Error;
use crate::json::Json;
use crate::key::{Algorithm, Hash, Key, KeySet, Signer, Verifier};
use crate::secret::Secret;

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

/// Every token row whose outcome is not a quirk: some the source accepts and a strict
/// reader refuses, since they are of another `alg` than their JWK's.
fn token_rows() -> impl Iterator<Item = Json> {
    let files = [
        include_str!("../../../tests/vectors/rfc.jsonl"),
        include_str!("../../../tests/vectors/wycheproof_jws.jsonl"),
        include_str!("../../../tests/vectors/library_tokens.jsonl"),
        include_str!("../../../tests/vectors/negatives.jsonl"),
    ];
    let strict = |row: &Json| row.get("strict").and_then(Json::as_str) == Some("invalid");
    files
        .into_iter()
        .flat_map(rows)
        .filter(move |row| !strict(row))
}

fn keys_of(row: &Json) -> Result<KeySet, Error> {
    let given = row.get("key").unwrap();
    match given.as_object().unwrap()[0].0.as_str() {
        "secret_hex" => {
            let secret = hex::decode(member(given, "secret_hex")).unwrap();
            Ok(KeySet::lone(Key::from_secret(Secret::new(secret))))
        }
        "pem" => read(member(given, "pem")),
        name => read(given.get(name).unwrap().to_string()),
    }
}

fn reason(row: &Json) -> &str {
    row.get("reason").and_then(Json::as_str).unwrap_or("")
}

/// Whether the signature is one of a key of the row by an algorithm that the row allows.
fn fits(row: &Json) -> bool {
    let keys = keys_of(row).unwrap();
    let weak = row.get("opts").and_then(|opts| opts.get("allow_weak_key"));
    let weak = weak == Some(&Json::Bool(true));
    let Some((input, signature)) = member(row, "token").trim().rsplit_once('.') else {
        return false;
    };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
        return false;
    };
    let algs = row.get("algs").and_then(Json::as_array).unwrap();
    let algs = algs
        .iter()
        .filter_map(|alg| Algorithm::from_name(alg.as_str()?));
    let keys = &keys.keys;
    algs.flat_map(|alg| keys.iter().map(move |key| (alg, key)))
        .any(|(alg, key)| {
            (weak || key.check_strength(alg).is_ok())
                && Verifier::new(key, alg)
                    .is_ok_and(|verifier| verifier.verify(input.as_bytes(), &signature))
        })
}

#[test]
fn a_key_of_every_valid_token_fits() {
    let mut count = 0;
    for row in token_rows().filter(|row| member(row, "expect") == "valid") {
        assert!(fits(&row), "{}", member(&row, "id"));
        count += 1;
    }
    assert_eq!(count, 84);
}

#[test]
fn no_key_fits_a_wrong_signature() {
    let mut count = 0;
    for row in token_rows().filter(|row| reason(row) == "sig_invalid") {
        // Two are refused elsewhere: another key of the set fits, and the `kid` is against it;
        // the payload is not base64url as it must be, though signed as it is.
        let id = member(&row, "id");
        assert!(
            !fits(&row) || matches!(id, "ks-crossed" | "wp-sig-375"),
            "{id}"
        );
        count += 1;
    }
    assert_eq!(count, 178);
}

#[test]
fn bad_keys_of_tokens_are_refused_by_their_code() {
    let mut count = 0;
    for row in token_rows() {
        let want = reason(&row);
        let got = match want {
            "key_unusable" | "key_invalid" => keys_of(&row).err(),
            "key_weak" | "key_too_short" => {
                let keys = keys_of(&row).unwrap().keys;
                let alg = keys[0].algorithm(None).unwrap();
                keys[0].check_strength(alg).err()
            }
            _ => continue,
        };
        let got = got.map(|error| error.code.name());
        assert_eq!(got, Some(want), "{}", member(&row, "id"));
        count += 1;
    }
    assert_eq!(count, 10);
}
