//! The algorithms and the kinds of keys: two const tables, and the words for them.

/// A JWS algorithm (RFC 7518 section 3.1, RFC 8037, RFC 9864).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the registered ones")]
#[rustfmt::skip]
pub enum Algorithm {
    HS256, HS384, HS512,
    RS256, RS384, RS512,
    PS256, PS384, PS512,
    ES256, ES384, ES512,
    EdDSA, Ed25519,
}

/// One row of the table of algorithms.
struct Row {
    algorithm: Algorithm,
    name: &'static str,
    kind: Kind,
    /// The hash, which is also the least number of bytes of a secret (RFC 7518 section 3.2).
    hash: Hash,
}

const fn row(algorithm: Algorithm, name: &'static str, kind: Kind, hash: Hash) -> Row {
    Row {
        algorithm,
        name,
        kind,
        hash,
    }
}

/// In the order of the enum, which a test holds it to: a lookup is an index.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(Algorithm::HS256,   "HS256",   Kind::Secret,  Hash::Sha256),
    row(Algorithm::HS384,   "HS384",   Kind::Secret,  Hash::Sha384),
    row(Algorithm::HS512,   "HS512",   Kind::Secret,  Hash::Sha512),
    row(Algorithm::RS256,   "RS256",   Kind::Rsa,     Hash::Sha256),
    row(Algorithm::RS384,   "RS384",   Kind::Rsa,     Hash::Sha384),
    row(Algorithm::RS512,   "RS512",   Kind::Rsa,     Hash::Sha512),
    row(Algorithm::PS256,   "PS256",   Kind::Rsa,     Hash::Sha256),
    row(Algorithm::PS384,   "PS384",   Kind::Rsa,     Hash::Sha384),
    row(Algorithm::PS512,   "PS512",   Kind::Rsa,     Hash::Sha512),
    row(Algorithm::ES256,   "ES256",   Kind::P256,    Hash::Sha256),
    row(Algorithm::ES384,   "ES384",   Kind::P384,    Hash::Sha384),
    row(Algorithm::ES512,   "ES512",   Kind::P521,    Hash::Sha512),
    row(Algorithm::EdDSA,   "EdDSA",   Kind::Ed25519, Hash::Sha512),
    row(Algorithm::Ed25519, "Ed25519", Kind::Ed25519, Hash::Sha512),
];

impl Algorithm {
    /// Every algorithm, in the order of the manual.
    #[rustfmt::skip]
    pub const ALL: &[Self] = &[
        Self::HS256, Self::HS384, Self::HS512,
        Self::RS256, Self::RS384, Self::RS512,
        Self::PS256, Self::PS384, Self::PS512,
        Self::ES256, Self::ES384, Self::ES512,
        Self::EdDSA, Self::Ed25519,
    ];

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The `alg` of a header.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The algorithm of that exact name; names are case-sensitive (RFC 7515 section 4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.algorithm)
    }

    /// What kind of key it takes.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// The least number of bytes of a secret (RFC 7518 section 3.2); nothing for key pairs.
    pub fn least_secret_bytes(self) -> Option<usize> {
        (self.kind() == Kind::Secret).then_some(self.row().hash.bytes())
    }

    pub(super) fn hash(self) -> Hash {
        self.row().hash
    }
}

/// The hash of an algorithm or of a thumbprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
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
    pub fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Rsa => "RSA",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The algorithm of a key of this kind that names none itself.
    pub fn default_algorithm(self) -> Algorithm {
        match self {
            Self::Secret => Algorithm::HS256,
            Self::Rsa => Algorithm::RS256,
            Self::P256 => Algorithm::ES256,
            Self::P384 => Algorithm::ES384,
            Self::P521 => Algorithm::ES512,
            Self::Ed25519 => Algorithm::EdDSA,
        }
    }

    /// The `kty` of a JWK.
    pub(super) fn kty(self) -> &'static str {
        match self {
            Self::Secret => "oct",
            Self::Rsa => "RSA",
            Self::P256 | Self::P384 | Self::P521 => "EC",
            Self::Ed25519 => "OKP",
        }
    }
}

/// How the text of a secret is to be read, `--key-encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Encoding {
    Hex,
    Base64,
    Base64url,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: &[Self] = &[Self::Hex, Self::Base64, Self::Base64url];

    /// Its name in `--key-encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
        }
    }

    /// The encoding of that exact name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|encoding| encoding.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_complete() {
        assert_eq!(TABLE.len(), Algorithm::ALL.len());
        for (index, (row, algorithm)) in TABLE.iter().zip(Algorithm::ALL).enumerate() {
            assert_eq!(row.algorithm, *algorithm, "row {index}");
            assert_eq!(*algorithm as usize, index, "{}", row.name);
            assert_eq!(row.name, format!("{algorithm:?}"), "row {index}");
            assert_eq!(
                Algorithm::from_name(row.name),
                Some(*algorithm),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn names_are_exact() {
        for name in [
            "", "none", "None", "hs256", "HS256 ", "ES256K", "Ed448", "ed25519",
        ] {
            assert_eq!(Algorithm::from_name(name), None, "`{name}`");
        }
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_name(encoding.name()), Some(*encoding));
        }
    }

    #[test]
    fn the_default_of_a_kind_is_of_that_kind() {
        for algorithm in Algorithm::ALL {
            let kind = algorithm.kind();
            assert_eq!(kind.default_algorithm().kind(), kind, "{algorithm:?}");
        }
    }

    #[test]
    fn secrets_are_as_long_as_their_hash() {
        #[rustfmt::skip]
        let cases = [
            (Algorithm::HS256, Some(32)),
            (Algorithm::HS384, Some(48)),
            (Algorithm::HS512, Some(64)),
            (Algorithm::RS512, None),
            (Algorithm::EdDSA, None),
        ];
        for (algorithm, want) in cases {
            assert_eq!(algorithm.least_secret_bytes(), want, "{algorithm:?}");
        }
    }
}
