//! The key that takes the place of another: of the same form, encoding and length.

use super::algorithm::{Algorithm, Encoding};
use super::export::Part;
use super::generate::generate;
use super::one::Key;
use super::set::jwk_text;
use super::{asn1, pem};
use crate::error::{Code, Error};
use crate::secret::Secret;

/// What a key is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A secret as text, read as it is or decoded.
    Text(Option<Encoding>),
    /// PEM.
    Pem,
    /// A JWK.
    Jwk,
    /// A JWK Set.
    Set,
}

impl Form {
    /// The form of a text that a key was read from; an error where no other key is written so.
    pub fn of(text: &Secret, encoding: Option<Encoding>) -> Result<Self, Error> {
        let Some(string) = text
            .expose_str()
            .filter(|_| asn1::read(text.expose()).is_none())
        else {
            return Err(Error::new(
                Code::KeyUnusable,
                "the key is DER, and a new one is not written so",
            )
            .hint("store it as PEM: `openssl pkey -inform DER` writes that"));
        };
        if pem::is_meant(string) {
            return Ok(Self::Pem);
        }
        Ok(match jwk_text(string)? {
            Some(json) if json.0.get("keys").is_some() => Self::Set,
            Some(_) => Self::Jwk,
            None => Self::Text(encoding),
        })
    }

    /// Whether the text says which algorithm the key is for.
    pub fn tells_algorithm(self) -> bool {
        matches!(self, Self::Jwk | Self::Set)
    }

    /// The text of one key, without a line end.
    pub fn text(self, key: &Key) -> Result<Secret, Error> {
        match self {
            Self::Text(None) => key.to_text(),
            Self::Text(Some(encoding)) => {
                let bytes = key
                    .secret_bytes()
                    .ok_or_else(|| Error::new(Code::KeyUnusable, "a key pair has no text form"))?;
                Ok(encoding.encode(bytes.expose()))
            }
            Self::Pem => {
                let pem = key.to_pem(Part::Private)?;
                Ok(Secret::new(pem.expose().trim_ascii_end().to_vec()))
            }
            Self::Jwk | Self::Set => Ok(Secret::from(key.to_jwk(Part::Private)?.pretty())),
        }
    }

    /// A new key of this form for `alg` in place of `old`: a secret is as long as that was, and
    /// written in the same digits, but never weaker than `alg` demands.
    pub fn successor(
        self,
        old: &Key,
        alg: Algorithm,
        random: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
    ) -> Result<Key, Error> {
        let Some(least) = alg.least_secret_bytes() else {
            let key = generate(alg, None, Encoding::Hex, random)?;
            return match self {
                Self::Text(_) => Err(no_pair(alg)),
                _ => Ok(key),
            };
        };
        let old = old.secret_bytes().map(Secret::expose).unwrap_or_default();
        match self {
            Self::Pem => Err(Error::usage(format!(
                "{} takes a secret, and the place holds PEM",
                alg.name()
            ))
            .hint("rotate to an algorithm of key pairs, or name another `key`")),
            Self::Text(Some(_)) => {
                let mut bytes = zeroize::Zeroizing::new(vec![0; old.len().clamp(least, MOST)]);
                random(&mut bytes)?;
                let secret = Secret::new(std::mem::take(&mut *bytes));
                Ok(Key::from_secret(secret).declaring(alg))
            }
            Self::Text(None) | Self::Jwk | Self::Set => {
                let (encoding, bytes) = digits(old);
                generate(alg, Some(bytes.clamp(least, MOST)), encoding, random)
            }
        }
    }
}

/// More random bytes than this are of no use.
const MOST: usize = 1024;

fn no_pair(alg: Algorithm) -> Error {
    Error::usage(format!(
        "{} takes a key pair, and the place holds the text of a secret",
        alg.name()
    ))
    .hint("rotate to an algorithm of secrets, or name another `key`")
}

/// The encoding whose digits a secret has, and how many bytes that many digits encode.
fn digits(text: &[u8]) -> (Encoding, usize) {
    let all = |text: &[u8], also: &[u8]| {
        let is_digit = |b: &u8| b.is_ascii_alphanumeric() || also.contains(b);
        text.iter().all(is_digit)
    };
    if text.len().is_multiple_of(2) && text.iter().all(u8::is_ascii_hexdigit) {
        return (Encoding::Hex, text.len() / 2);
    }
    if all(text, b"-_") {
        return (Encoding::Base64url, text.len() * 3 / 4);
    }
    let end = text.iter().rposition(|b| *b != b'=').map_or(0, |at| at + 1);
    let bare = &text[..end];
    if all(bare, b"+/") {
        return (Encoding::Base64, bare.len() * 3 / 4);
    }
    (Encoding::Hex, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeySet;

    fn successor(text: &str, encoding: Option<Encoding>, alg: Algorithm) -> (String, Form) {
        let text = Secret::from(text);
        let form = Form::of(&text, encoding).unwrap();
        let old = KeySet::read(&text, encoding).unwrap();
        let mut random = |buffer: &mut [u8]| {
            buffer.fill(0xfb);
            Ok(())
        };
        let new = form.successor(&old.keys[0], alg, &mut random).unwrap();
        let text = form.text(&new).unwrap();
        let back = KeySet::read(&text, encoding).unwrap();
        assert_eq!(back.keys[0].fingerprint(), new.fingerprint());
        assert_eq!(new.declared(), Some(alg));
        (text.expose_str().unwrap().to_owned(), form)
    }

    #[test]
    fn a_new_secret_is_written_as_the_old_one_was() {
        use Algorithm::{HS256, HS512};
        use Encoding::{Base64, Base64url, Hex};
        let base64 = |bytes: usize| format!("{}+/8=", "A".repeat(bytes / 3 * 4 - 4));
        #[rustfmt::skip]
        let cases = [
            // old                  encoding         alg    new
            ("a".repeat(64),        None,            HS256, "fb".repeat(32)),
            ("A".repeat(64),        None,            HS256, "fb".repeat(32)),
            ("a".repeat(128),       None,            HS256, "fb".repeat(64)),
            ("a".repeat(64),        None,            HS512, "fb".repeat(64)),
            ("a".repeat(32),        None,            HS256, "fb".repeat(32)),
            ("x".repeat(64),        None,            HS256, "-_v7".repeat(16)),
            ("x".repeat(43),        None,            HS256, format!("{}-_s", "-_v7".repeat(10))),
            (base64(48),            None,            HS256, format!("{}+/s=", "+/v7".repeat(15))),
            ("a pass phrase, and a long one".into(), None, HS256, "fb".repeat(32)),
            ("a".repeat(96),        Some(Hex),       HS256, "fb".repeat(48)),
            ("A".repeat(64),        Some(Base64),    HS256, "+/v7".repeat(16)),
            ("A".repeat(64),        Some(Base64url), HS256, "-_v7".repeat(16)),
        ];
        for (old, encoding, alg, want) in cases {
            let (new, form) = successor(&old, encoding, alg);
            assert_eq!(new, want, "{old} {encoding:?} {alg:?}");
            assert_eq!(form, Form::Text(encoding));
        }
    }

    #[test]
    fn key_files_keep_their_form() {
        let pem = include_str!("../../tests/keys/rsa2048.pkcs8.pem");
        let (new, form) = successor(pem, None, Algorithm::EdDSA);
        assert!(new.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{new}");
        assert_eq!((form, new.ends_with('\n')), (Form::Pem, false));
        let jwk = r#"{"kty":"oct","k":"YQ","kid":"main"}"#;
        let (new, form) = successor(jwk, None, Algorithm::HS256);
        assert!(new.contains("\"alg\": \"HS256\""), "{new}");
        assert_eq!(form, Form::Jwk);
        let set = Secret::from(format!("{{\"keys\":[{jwk}]}}"));
        assert_eq!(Form::of(&set, None).unwrap(), Form::Set);
    }

    #[test]
    fn what_cannot_take_its_place_is_refused() {
        let mut random = |_: &mut [u8]| Ok(());
        let text = Key::from_secret(Secret::from("x"));
        for (form, alg) in [
            (Form::Text(None), Algorithm::EdDSA),
            (Form::Text(Some(Encoding::Hex)), Algorithm::RS256),
            (Form::Pem, Algorithm::HS256),
        ] {
            let error = form.successor(&text, alg, &mut random).unwrap_err();
            assert_eq!(error.code, Code::Usage, "{form:?} {alg:?}");
        }
        let der = Secret::new(include_bytes!("../../tests/keys/p256.pkcs8.der").to_vec());
        assert_eq!(Form::of(&der, None).unwrap_err().code, Code::KeyUnusable);
    }

    #[test]
    fn a_form_without_an_algorithm_says_so() {
        assert!(!Form::Pem.tells_algorithm() && !Form::Text(None).tells_algorithm());
        assert!(Form::Jwk.tells_algorithm() && Form::Set.tells_algorithm());
    }
}
