//! Keys: algorithms, texts they are read from and written to, key sets, and the
//! only two doors to a signature, [`Signer`] and [`Verifier`].
//!
//! Pure but for one stated exception: key pairs, ES* and PS* use the crypto
//! library's own randomness. Random bytes of secrets are a parameter.

use crate::error::Error;
use crate::secret::Secret;

/// A JWS algorithm (RFC 7518 section 3.1, RFC 8037, RFC 9864).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the registered ones")]
pub enum Algorithm {
    HS256, HS384, HS512,
    RS256, RS384, RS512,
    PS256, PS384, PS512,
    ES256, ES384, ES512,
    EdDSA, Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the order of the manual.
    pub const ALL: &[Self] = &[];
    /// The `alg` of a header.
    pub fn name(self) -> &'static str { todo!() }
    /// The algorithm of that exact name.
    pub fn from_name(name: &str) -> Option<Self> { todo!("{name}") }
    /// What kind of key it takes.
    pub fn kind(self) -> Kind { todo!() }
}

/// What kind of key: it decides which algorithms are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A symmetric secret, `oct`.
    Secret,
    /// RSA.
    Rsa,
    /// The curve P-256.
    P256,
    /// The curve P-384.
    P384,
    /// The curve P-521.
    P521,
    /// The curve Ed25519.
    Ed25519,
}

impl Kind {
    /// For people: `secret`, `RSA`, `P-256`, `Ed25519`.
    pub fn name(self) -> &'static str { todo!() }
    /// The algorithm of a key of this kind that names none itself.
    pub fn default_algorithm(self) -> Algorithm { todo!() }
}

/// How the text of a secret is to be read, `--key-encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Encoding { Hex, Base64, Base64url }

/// Where a key stands in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Staged: published and accepted, not used to sign.
    Next,
    /// Used to sign.
    Current,
    /// Accepted until a date.
    Previous,
    /// No longer accepted.
    Retired,
}

/// One key: material with its `kid` and what it may do.
pub struct Key { /* private: material */ }

impl Key {
    /// The `kid`: the JWK's own, else derived from the key. A public key: the first 16
    /// characters of its RFC 7638 SHA-256 thumbprint. A secret: the first 16 characters of
    /// base64url(HMAC-SHA256(secret, "mcpjwt kid v1")).
    pub fn kid(&self) -> &str { todo!() }
    /// The whole of what a derived `kid` is cut from, `SHA256:` in front (43 characters after it).
    pub fn fingerprint(&self) -> String { todo!() }
    /// Its kind.
    pub fn kind(&self) -> Kind { todo!() }
    /// The JWK's own `alg`.
    pub fn declared(&self) -> Option<Algorithm> { todo!() }
    /// Whether it holds what signing takes.
    pub fn can_sign(&self) -> bool { todo!() }
    /// The algorithm to use: the JWK's `alg`, else `asked`, else the default of the kind.
    /// `alg_key_mismatch` when the kind cannot do `asked` or the JWK denies it.
    pub fn algorithm(&self, asked: Option<Algorithm>) -> Result<Algorithm, Error> { todo!("{asked:?}") }
    /// Refuses a key that is too short, a published default, or of a weak kind for `alg`:
    /// `key_too_short`, `key_weak`.
    pub fn check_strength(&self, alg: Algorithm) -> Result<(), Error> { todo!("{alg:?}") }
    /// The same key made of other bytes: a secret of this text. Only for secrets.
    pub fn secret_bytes(&self) -> Option<&Secret> { todo!() }
    /// Where it stands, for keys of our own sets.
    pub fn state(&self) -> Option<State> { todo!() }
    /// When it was made (`iat` of OpenID Federation's JWK members), if known.
    pub fn created(&self) -> Option<i64> { todo!() }
    /// Until when a previous key is accepted (`exp` likewise), if known.
    pub fn accepted_until(&self) -> Option<i64> { todo!() }
    /// The same key with other standing in its set.
    #[must_use]
    pub fn standing(self, state: State, created: Option<i64>, accepted_until: Option<i64>) -> Self { todo!("{state:?}{created:?}{accepted_until:?}") }
    /// The same key with its algorithm written down.
    #[must_use]
    pub fn declaring(self, alg: Algorithm) -> Self { todo!("{alg:?}") }
    /// A secret of these bytes.
    pub fn from_secret(bytes: Secret) -> Self { todo!("{bytes:?}") }
    /// The RFC 7638 thumbprint, base64url; `oct` keys have one too (never shown: it is a plain hash).
    pub fn thumbprint(&self, hash: Hash) -> String { todo!("{hash:?}") }
}

/// The hash of a thumbprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hash { Sha256, Sha384, Sha512 }

/// The keys of one issuer, a JWK Set (RFC 7517 section 5).
pub struct KeySet { /// The keys, in the order of the text.
    pub keys: Vec<Key>, /* private: whether it was a set, or a lone key */ }

impl KeySet {
    /// Reads a key or a set by content: PEM (PKCS#1, PKCS#8, SEC1, SPKI, certificate), DER, JWK,
    /// JWK Set, else a text secret (one trailing newline removed, or decoded by `encoding`).
    pub fn read(text: &Secret, encoding: Option<Encoding>) -> Result<Self, Error> { todo!("{text:?}{encoding:?}") }
    /// Whether it was a lone key: then the `kid` of a token is only a hint (RFC 7515 section 4.1.4).
    pub fn is_lone(&self) -> bool { todo!() }
    /// Whether every key carries our own standing.
    pub fn is_ours(&self) -> bool { todo!() }
    /// The key to sign with: the current one, or the only one.
    pub fn signing(&self) -> Result<&Key, Error> { todo!() }
    /// The JWK Set text with everything in it: our own store.
    pub fn to_store(&self) -> Secret { todo!() }
    /// The JWK Set text of the public keys, next to previous; no private and no `oct` member.
    pub fn to_public_jwks(&self, now: i64) -> String { todo!("{now}") }
}

/// Makes a new key. `bytes` only for secrets, at least what the algorithm requires; a secret
/// is the random bytes as text in `encoding` (default hex), used as text.
pub fn generate(
    alg: Algorithm, bytes: Option<usize>, encoding: Encoding,
    random: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
) -> Result<Key, Error> { let _ = random; todo!("{alg:?}{bytes:?}{encoding:?}") }

/// Signs with one key by one algorithm; made once, used for one token or ten million.
pub struct Signer(());
impl Signer {
    /// Refuses keys that cannot sign and, by [`Key::check_strength`], weak ones.
    pub fn new(key: &Key, alg: Algorithm) -> Result<Self, Error> { let _ = key; todo!("{alg:?}") }
    /// The JWS signature of the signing input.
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, Error> { todo!("{input:?}") }
}

/// Verifies with one key by one algorithm.
pub struct Verifier(());
impl Verifier {
    /// Does not judge strength; that is [`Key::check_strength`].
    pub fn new(key: &Key, alg: Algorithm) -> Result<Self, Error> { let _ = key; todo!("{alg:?}") }
    /// Whether the signature is one of this key over the signing input.
    pub fn verify(&self, input: &[u8], signature: &[u8]) -> bool { todo!("{input:?}{signature:?}") }
}
