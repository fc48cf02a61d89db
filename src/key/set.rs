//! The keys of one issuer, and how a text becomes one key or many.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::algorithm::{Algorithm, Encoding, Kind};
use super::jwk::{self, Wiped};
use super::material::{Material, invalid};
use super::one::{Key, State};
use super::{asn1, pem};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::secret::Secret;

/// What a text would lose if it were replaced by public keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// Public keys alone: a JWK, a JWK Set or PEM.
    Public,
    /// A private key, a secret in a JWK, or keys of our own store.
    Private,
    /// Something else; it may be a secret of plain text, which looks like any other text.
    Other,
}

impl Holding {
    /// Looks at every member of a set, those too that are not understood as a key.
    pub fn of(text: &Secret) -> Self {
        let Some(string) = text.expose_str() else {
            return match asn1::read(text.expose()) {
                Some(Ok(material)) if material.is_private() => Self::Private,
                _ => Self::Other,
            };
        };
        if string.contains("PRIVATE KEY-----") {
            return Self::Private;
        }
        if pem::is_meant(string) {
            return match pem::read(string) {
                Ok(material) if !material.is_private() => Self::Public,
                _ => Self::Other,
            };
        }
        let Ok(Some(json)) = jwk_text(string) else {
            return Self::Other;
        };
        let one = std::slice::from_ref(&json.0);
        let members = match json.0.get("keys") {
            None => one,
            Some(keys) => match keys.as_array() {
                Some(members) => members,
                None => return Self::Other,
            },
        };
        let private = |key: &Json| {
            key.get("kty").and_then(Json::as_str) == Some("oct")
                || [
                    jwk::STATE,
                    "d",
                    "k",
                    "p",
                    "q",
                    "dp",
                    "dq",
                    "qi",
                    "oth",
                    "priv",
                ]
                .iter()
                .any(|name| key.get(name).is_some())
        };
        if members.iter().any(private) {
            return Self::Private;
        }
        if members.iter().all(|key| key.get("kty").is_some()) {
            return Self::Public;
        }
        Self::Other
    }
}

/// The keys of one issuer, a JWK Set (RFC 7517 section 5).
#[derive(Debug)]
pub struct KeySet {
    /// The keys, in the order of the text.
    pub keys: Vec<Key>,
    ignored: Vec<Ignored>,
    mixed: bool,
}

/// A key of the text that is not in the set.
#[derive(Debug)]
struct Ignored {
    kid: Option<String>,
    why: Error,
}

impl KeySet {
    /// Reads a key or a set by content: PEM (PKCS#1, PKCS#8, SEC1, SPKI, certificate), DER, JWK,
    /// JWK Set, else a text secret (one trailing newline removed, or decoded by `encoding`).
    ///
    /// What is meant to be PEM or JWK and is broken is an error, never a secret of that text.
    pub fn read(text: &Secret, encoding: Option<Encoding>) -> Result<Self, Error> {
        let bytes = text.expose();
        if let Some(material) = asn1::read(bytes) {
            return material.map(|material| Self::lone(Key::of(material)));
        }
        match text.expose_str() {
            Some(text) if pem::is_meant(text) => {
                pem::read(text).map(|material| Self::lone(Key::of(material)))
            }
            Some(text) => match jwk_text(text)? {
                Some(json) if json.0.get("keys").is_some() => Self::read_jwks(&json.0),
                Some(json) => jwk::read(&json.0).map(Self::lone),
                None => secret(text, encoding).map(Self::lone),
            },
            None => Err(binary(bytes)),
        }
    }

    /// Reads our own store: a JWK Set of which every key carries its state. Blank text is a store
    /// without keys; anything else is not ours, and the caller leaves it alone.
    pub fn read_store(text: &Secret) -> Result<Self, Error> {
        if text.expose().trim_ascii().is_empty() {
            return Ok(Self::of(Vec::new()));
        }
        let foreign = || {
            Error::new(Code::KeyInvalid, "it is not a key store of mcpjwt").hint(
                "it is left as it is: move it away, then take its keys with `mcpjwt secret import`",
            )
        };
        let string = text.expose_str().ok_or_else(foreign)?;
        let json = jwk_text(string)?.ok_or_else(foreign)?;
        let members = json.0.get("keys").and_then(Json::as_array);
        let ours = |key: &Json| key.get(jwk::STATE).is_some();
        if !members.is_some_and(|members| members.iter().all(ours)) {
            return Err(foreign());
        }
        Self::read_jwks(&json.0)
    }

    /// The same set, every key for `alg`; an error where one is for another algorithm or of
    /// another kind.
    pub fn declaring(self, alg: Option<Algorithm>) -> Result<Self, Error> {
        if alg.is_none() {
            return Ok(self);
        }
        let keys = self.keys.into_iter().map(|key| {
            let alg = key.algorithm(alg)?;
            Ok(key.declaring(alg))
        });
        let keys = keys.collect::<Result<_, Error>>()?;
        Ok(Self { keys, ..self })
    }

    /// A set of these keys.
    pub fn of(mut keys: Vec<Key>) -> Self {
        for key in &mut keys {
            key.alone = false;
        }
        Self {
            keys,
            ignored: Vec::new(),
            mixed: false,
        }
    }

    /// This key alone.
    pub fn lone(key: Key) -> Self {
        let mut set = Self::of(vec![key]);
        for key in &mut set.keys {
            key.alone = true;
        }
        set
    }

    /// The keys of several texts in one set: a key that an earlier text has by the same name is
    /// left out, one that was alone in its text stays so.
    #[must_use]
    pub fn joined(sets: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::of(Vec::new());
        for set in sets {
            for key in set.keys {
                let same = |known: &Key| {
                    known.kid() == key.kid() && known.fingerprint() == key.fingerprint()
                };
                if !all.keys.iter().any(same) {
                    all.keys.push(key);
                }
            }
            all.ignored.extend(set.ignored);
            all.mixed |= set.mixed;
        }
        all
    }

    /// The same set, each key standing as `standing` has it.
    #[must_use]
    pub fn standing(self, standing: impl FnMut(Key) -> Key) -> Self {
        let keys = self.keys.into_iter().map(standing).collect();
        Self { keys, ..self }
    }

    /// RFC 7517 section 5: a key that is not understood or not meant for us is ignored. One of
    /// ours is not: it would be lost when the store is written again. A set of which nothing
    /// is left says what was wrong with its first key.
    fn read_jwks(json: &Json) -> Result<Self, Error> {
        let members = json
            .get("keys")
            .and_then(Json::as_array)
            .ok_or_else(|| invalid("`keys` of the JWK Set is not an array"))?;
        let mut set = Self::of(Vec::with_capacity(members.len()));
        for (index, member) in members.iter().enumerate() {
            match jwk::read(member) {
                Ok(key) => set.keys.push(key),
                Err(mut error) => {
                    error.message = format!("{} (key {} of the set)", error.message, index + 1);
                    if member.get(jwk::STATE).is_some() {
                        return Err(error);
                    }
                    let kid = member.get("kid").and_then(Json::as_str).map(str::to_owned);
                    set.ignored.push(Ignored { kid, why: error });
                }
            }
        }
        if set.keys.is_empty() && !set.ignored.is_empty() {
            return Err(set.ignored.swap_remove(0).why);
        }
        let secrets = set.keys.iter().filter(|key| key.kind() == Kind::Secret);
        let secrets = secrets.count();
        set.mixed = secrets > 0 && secrets < set.keys.len() && !set.is_ours();
        Ok(set)
    }

    /// Whether no key of it was one of several in its text.
    pub fn is_lone(&self) -> bool {
        !self.keys.is_empty() && self.keys.iter().all(Key::is_alone)
    }

    /// Whether every key carries our own standing.
    pub fn is_ours(&self) -> bool {
        self.keys.iter().all(|key| key.state.is_some())
    }

    /// Why keys of the text are not in the set; a set of ours has none.
    pub fn ignored(&self) -> impl Iterator<Item = &Error> {
        self.ignored.iter().map(|ignored| &ignored.why)
    }

    /// How many keys that stand alike have this `kid`, the ignored ones included: with more than
    /// one it does not tell which is meant.
    pub fn named(&self, kid: &str) -> usize {
        let ignored = self.ignored.iter();
        let ignored = ignored.filter(|one| one.kid.as_deref() == Some(kid));
        let named = || self.keys.iter().filter(|key| key.kid() == kid);
        let alike = |one: &Key| named().filter(|key| key.state == one.state).count();
        named().map(alike).max().unwrap_or(0) + ignored.count()
    }

    /// Whether a text of somebody else's held secrets beside public keys: who publishes it by
    /// mistake gives the secrets away, and a token could be made to fit either (RFC 8725 section
    /// 3.1). Ours say of each key what it is for.
    pub fn is_mixed(&self) -> bool {
        self.mixed
    }

    /// The key to sign with: the current one; where no key has a state, the first that can.
    pub fn signing(&self) -> Result<&Key, Error> {
        let staged = self.keys.iter().any(|key| key.state.is_some());
        let found = if staged {
            self.keys
                .iter()
                .find(|key| key.state == Some(State::Current))
        } else {
            self.keys
                .iter()
                .find(|key| key.can_sign())
                .or(self.keys.first())
        };
        let Some(key) = found else {
            let what = if staged {
                "no key of the set is the current one"
            } else {
                "there is no key"
            };
            return Err(Error::new(Code::KeyMissing, format!("cannot sign: {what}"))
                .hint("make one with `mcpjwt secret generate`"));
        };
        if key.can_sign() {
            Ok(key)
        } else {
            Err(not_for_signing(key))
        }
    }
}

/// That a key cannot sign, and why.
pub(super) fn not_for_signing(key: &Key) -> Error {
    let kid = key.kid().escape_debug();
    let why = if key.material.is_private() {
        "is not meant for signing (`key_ops`)"
    } else {
        "holds no private key"
    };
    Error::new(
        Code::KeyUnusable,
        format!("cannot sign: the key `{kid}` {why}"),
    )
}

/// The JSON of a text that is meant to be a JWK or a JWK Set; nothing if it is not.
pub(super) fn jwk_text(text: &str) -> Result<Option<Wiped>, Error> {
    // Some editors put a byte order mark; the JSON reader takes none.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_ascii_start().starts_with(['{', '[']) {
        return Ok(None);
    }
    // A secret may begin with a brace too; one with these words in quotes is a broken JWK.
    let is_meant = text.contains("\"kty\"") || text.contains("\"keys\"");
    let json = match Json::parse(text.as_bytes()).map(Wiped) {
        Ok(json) => json,
        Err(error) if is_meant => return Err(invalid(format!("not valid JSON: {error}"))),
        Err(_) => return Ok(None),
    };
    if json.0.get("kty").is_some() || json.0.get("keys").is_some() {
        return Ok(Some(json));
    }
    if is_meant {
        return Err(invalid(
            "it is JSON, but neither a JWK (an object with `kty`) nor a JWK Set (with `keys`)",
        ));
    }
    Ok(None)
}

fn secret(text: &str, encoding: Option<Encoding>) -> Result<Key, Error> {
    let bytes = match encoding {
        None => without_line_end(text).as_bytes().to_vec(),
        Some(encoding) => decode(text.trim_ascii(), encoding).ok_or_else(|| {
            let name = encoding.name();
            invalid(format!("the text of the secret is not {name}"))
        })?,
    };
    Ok(Key::of(Material::Secret(Secret::new(bytes))))
}

fn without_line_end(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(text) => text.strip_suffix('\r').unwrap_or(text),
        None => text,
    }
}

/// The bytes of an encoded text; base64 with its padding or without.
pub(super) fn decode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match encoding {
        Encoding::Hex => hex::decode(text).ok(),
        Encoding::Base64 => GeneralPurpose::new(&alphabet::STANDARD, LENIENT)
            .decode(text)
            .ok(),
        Encoding::Base64url => GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT)
            .decode(text)
            .ok(),
    }
}

/// Bytes that are neither a structure nor text.
///
/// They could be a raw secret, but also a damaged key file, UTF-16, or a PKCS#12 store; a
/// secret that is meant to be bytes has a way to say so.
fn binary(bytes: &[u8]) -> Error {
    if asn1::is_sequence(bytes) {
        return invalid("it is DER, but none of the structures that are read")
            .hint("`openssl pkey -inform DER` and `openssl x509 -inform DER` write PEM of most");
    }
    invalid("it is neither text nor DER")
        .hint("write a secret of raw bytes as hex and give `--key-encoding hex`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_blank_or_ours_as_a_whole() {
        let ours = r#"{"kty":"oct","k":"YQ","kid":"a","mcpjwt_state":"current"}"#;
        let set = |keys: &str| format!("{{\"keys\":[{keys}]}}");
        let cases = [
            (String::new(), Some(0)),
            (" \n\t\n".to_owned(), Some(0)),
            (set(""), Some(0)),
            (set(ours), Some(1)),
            (
                set(&format!("{ours},{{\"kty\":\"oct\",\"k\":\"YQ\"}}")),
                None,
            ),
            (set(r#"{"kty":"oct","k":"YQ","mcpjwt_state":"new"}"#), None),
            (set("1"), None),
            (ours.to_owned(), None),
            ("{}".to_owned(), None),
            ("{\"keys\":".to_owned(), None),
            ("notes".to_owned(), None),
            (
                include_str!("../../tests/keys/ed25519.pkcs8.pem").to_owned(),
                None,
            ),
        ];
        for (text, want) in cases {
            let got = KeySet::read_store(&Secret::from(text.as_str()));
            assert_eq!(got.ok().map(|set| set.keys.len()), want, "{text}");
        }
    }

    #[test]
    fn what_public_keys_may_replace() {
        use Holding::{Other, Private, Public};
        let cases = [
            (r#"{"keys":[]}"#, Public),
            (r#"{"keys":[{"kty":"EC","x":"a"}]}"#, Public),
            ("\u{feff}{\"kty\":\"EC\",\"x\":\"a\"}", Public),
            (r#"{"kty":"EC","x":"a","d":"b"}"#, Private),
            (r#"{"kty":"oct"}"#, Private),
            // One that is not understood is lost as well.
            (r#"{"keys":[{"kty":"EC"},{"kty":"new","d":"b"}]}"#, Private),
            (r#"{"keys":[{"kty":"AKP","priv":"b"}]}"#, Private),
            (
                r#"{"keys":[{"kty":"EC","mcpjwt_state":"previous"}]}"#,
                Private,
            ),
            (r#"{"keys":[1]}"#, Other),
            (r#"{"keys":{"kty":"EC"}}"#, Other),
            (r#"{"kty":"oct""#, Other),
            (r#"{"a":1}"#, Other),
            ("# notes", Other),
            ("", Other),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", Private),
            ("-----BEGIN PUBLIC KEY-----\n", Other),
            (include_str!("../../tests/keys/ed25519.pkcs8.pem"), Private),
        ];
        for (text, want) in cases {
            assert_eq!(Holding::of(&Secret::from(text)), want, "{text}");
        }
    }
}
