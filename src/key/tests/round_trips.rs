//! Generated keys, written and read again.

use proptest::prelude::*;

use super::{assert_pair, key, read};
use crate::error::{Code, Error};
use crate::key::{Algorithm, Encoding, Key, KeySet, Kind, Part, generate};
use crate::secret::Secret;

/// Bytes that no weakness rule knows.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is a source of randomness, which may fail"
)]
fn counting(bytes: &mut [u8]) -> Result<(), Error> {
    for (byte, value) in bytes.iter_mut().zip((1..=u8::MAX).cycle()) {
        *byte = value.wrapping_mul(167);
    }
    Ok(())
}

fn make(alg: Algorithm) -> Key {
    generate(alg, None, Encoding::Hex, &mut counting).unwrap()
}

#[test]
fn a_generated_key_of_each_algorithm_survives_every_text() {
    for alg in Algorithm::ALL {
        // RSA takes seconds to make here; one size of each is enough.
        if alg.kind() == Kind::Rsa && !matches!(alg, Algorithm::RS256 | Algorithm::PS512) {
            continue;
        }
        let name = alg.name();
        let made = make(*alg);
        assert_eq!(
            (made.declared(), made.can_sign()),
            (Some(*alg), true),
            "{name}"
        );
        let jwk = key(made.to_jwk(Part::Private).unwrap().to_string());
        assert_eq!(
            (jwk.kid(), jwk.declared()),
            (made.kid(), Some(*alg)),
            "{name}"
        );
        assert_pair(&jwk, &made, *alg, name);
        if alg.kind() == Kind::Secret {
            let text = key(made.to_text().unwrap().expose());
            assert_eq!(text.kid(), made.kid(), "{name}");
            continue;
        }
        let public = key(made.to_jwk(Part::Public).unwrap().to_string());
        assert_eq!(
            (public.kid(), public.can_sign()),
            (made.kid(), false),
            "{name}"
        );
        assert_pair(&made, &public, *alg, name);
        assert_texts(&made, *alg);
    }
}

/// PEM and, cut out of it, DER.
fn assert_texts(made: &Key, alg: Algorithm) {
    use base64::Engine as _;
    let name = alg.name();
    for part in [Part::Private, Part::Public] {
        let pem = made.to_pem(part).unwrap();
        let lines: Vec<_> = pem.expose_str().unwrap().lines().collect();
        let body = lines[1..lines.len() - 1].concat();
        let der = base64::engine::general_purpose::STANDARD
            .decode(body)
            .unwrap();
        for text in [pem.expose(), &der] {
            let back = key(text);
            assert_eq!(back.kid(), made.kid(), "{name} {part:?}");
            assert_eq!(back.can_sign(), part == Part::Private, "{name} {part:?}");
            assert_pair(made, &back, alg, name);
            if part == Part::Private {
                assert_pair(&back, made, alg, name);
            }
        }
    }
}

#[test]
fn generated_secrets_are_random_bytes_as_text() {
    #[rustfmt::skip]
    let cases = [
        // algorithm         bytes       encoding             characters, or the code
        (Algorithm::HS256, None,       Encoding::Hex,       Ok(64)),
        (Algorithm::HS384, None,       Encoding::Hex,       Ok(96)),
        (Algorithm::HS512, None,       Encoding::Hex,       Ok(128)),
        (Algorithm::HS256, None,       Encoding::Base64,    Ok(44)),
        (Algorithm::HS256, None,       Encoding::Base64url, Ok(43)),
        (Algorithm::HS256, Some(31),   Encoding::Hex,       Err(Code::KeyTooShort)),
        (Algorithm::HS256, Some(0),    Encoding::Hex,       Err(Code::KeyTooShort)),
        (Algorithm::HS512, Some(63),   Encoding::Hex,       Err(Code::KeyTooShort)),
        (Algorithm::HS512, Some(65),   Encoding::Hex,       Ok(130)),
        (Algorithm::HS256, Some(4096), Encoding::Hex,       Ok(8192)),
        (Algorithm::HS256, Some(4097), Encoding::Hex,       Err(Code::Usage)),
        (Algorithm::ES256, Some(32),   Encoding::Hex,       Err(Code::Usage)),
    ];
    for (alg, bytes, encoding, want) in cases {
        let got = generate(alg, bytes, encoding, &mut counting);
        let got = got
            .map(|key| key.secret_bytes().unwrap().len())
            .map_err(|error| error.code);
        assert_eq!(got, want, "{alg:?} {bytes:?} {encoding:?}");
    }
}

#[test]
fn without_random_numbers_there_is_no_secret() {
    let mut dry = |_: &mut [u8]| Err(Error::new(Code::Io, "none"));
    let got = generate(Algorithm::HS256, None, Encoding::Hex, &mut dry);
    assert_eq!(got.err().map(|error| error.code), Some(Code::Io));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_never_shown(text in ".*") {
        if let Err(error) = read(&text) {
            prop_assert!(text.len() < 12 || !error.message.contains(&text));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes: Vec<u8>) {
        let _ = read(&bytes);
        bytes.insert(0, 0x30);
        let _ = read(&bytes);
    }

    #[test]
    fn a_changed_byte_of_a_key_file_never_panics(at in 0usize..138, value: u8) {
        let mut der = include_bytes!("../../../tests/keys/p256.pkcs8.der").to_vec();
        der[at] = value;
        let _ = read(&der);
    }

    #[test]
    fn any_secret_survives_its_jwk(bytes: Vec<u8>) {
        let made = Key::from_secret(Secret::new(bytes));
        let back = key(made.to_jwk(Part::Private).unwrap().to_string());
        prop_assert_eq!(back.secret_bytes(), made.secret_bytes());
        prop_assert_eq!(back.kid(), made.kid());
    }

    #[test]
    fn text_that_is_exported_is_read_the_same(text in "\\PC*[\n\r]{0,2}") {
        let made = Key::from_secret(Secret::from(text));
        if let Ok(text) = made.to_text() {
            let back = KeySet::read(&text, None).unwrap();
            prop_assert_eq!(back.keys[0].secret_bytes(), made.secret_bytes());
        }
    }

    #[test]
    fn elliptic_and_edwards_keys_survive(which in 0usize..4) {
        let alg = [Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA][which];
        let made = make(alg);
        let back = key(made.to_jwk(Part::Private).unwrap().to_string());
        prop_assert_eq!(back.kid(), made.kid());
        let back = key(made.to_pem(Part::Private).unwrap().expose());
        prop_assert_eq!(back.kid(), made.kid());
    }
}
