//! Key material, checked: whatever is in a [`Material`] was accepted by the crypto library
//! (but for RSA below 2048 bits, which it does not take and which we only judge).
//!
//! Every text a key is read from ends in one of the constructors here, so each rule
//! stands once.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsBigEndian, Curve25519SeedBin, EcPrivateKeyBin};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use der::Decode as _;
use der::asn1::ObjectIdentifier;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};

use super::algorithm::Kind;
use super::asn1;
use crate::error::{Code, Error};
use crate::secret::Secret;

/// The least and the greatest size of an RSA modulus that signs and verifies, in bits.
pub(super) const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// What a key is made of.
pub(super) enum Material {
    Secret(Secret),
    Rsa(Rsa),
    Ec(Ec),
    Ed25519(Ed25519),
}

/// Modulus and exponent without leading zeros.
pub(super) struct Rsa {
    pub(super) n: Vec<u8>,
    pub(super) e: Vec<u8>,
    pub(super) private: Option<RsaPrivate>,
}

pub(super) struct RsaPrivate {
    /// The `RSAPrivateKey` of RFC 8017.
    pub(super) pkcs1: Secret,
    /// The key the library made of it: checking costs 160 us, so it is kept for signing.
    /// Nothing below 2048 bits.
    pub(super) pair: Option<Arc<RsaKeyPair>>,
}

pub(super) struct Ec {
    pub(super) curve: &'static Curve,
    /// Uncompressed: 4, x, y.
    pub(super) point: Vec<u8>,
    pub(super) private: Option<EcPrivate>,
}

pub(super) struct EcPrivate {
    /// As many bytes as a coordinate has.
    pub(super) d: Secret,
    /// The key the library made of it to check it, kept for signing: making it again is as
    /// much work as a signature.
    pub(super) pair: Arc<EcdsaKeyPair>,
}

pub(super) struct Ed25519 {
    pub(super) x: Vec<u8>,
    pub(super) private: Option<Ed25519Private>,
}

pub(super) struct Ed25519Private {
    pub(super) seed: Secret,
    /// Kept for signing, as that of [`EcPrivate`].
    pub(super) pair: Arc<Ed25519KeyPair>,
}

/// A curve of ECDSA.
pub(super) struct Curve {
    pub(super) kind: Kind,
    pub(super) oid: ObjectIdentifier,
    /// How many bytes a coordinate has.
    pub(super) bytes: usize,
    pub(super) signing: &'static EcdsaSigningAlgorithm,
    pub(super) verification: &'static EcdsaVerificationAlgorithm,
}

/// The curves of RFC 7518 section 6.2.1.1.
pub(super) static CURVES: [Curve; 3] = [
    Curve {
        kind: Kind::P256,
        oid: ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        bytes: 32,
        signing: &ECDSA_P256_SHA256_FIXED_SIGNING,
        verification: &ECDSA_P256_SHA256_FIXED,
    },
    Curve {
        kind: Kind::P384,
        oid: ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        bytes: 48,
        signing: &ECDSA_P384_SHA384_FIXED_SIGNING,
        verification: &ECDSA_P384_SHA384_FIXED,
    },
    Curve {
        kind: Kind::P521,
        oid: ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        bytes: 66,
        signing: &ECDSA_P521_SHA512_FIXED_SIGNING,
        verification: &ECDSA_P521_SHA512_FIXED,
    },
];

/// The one way in which a key text is refused.
pub(super) fn invalid(cause: impl std::fmt::Display) -> Error {
    Error::new(Code::KeyInvalid, format!("cannot read the key: {cause}"))
}

impl Material {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Secret(_) => Kind::Secret,
            Self::Rsa(_) => Kind::Rsa,
            Self::Ec(ec) => ec.curve.kind,
            Self::Ed25519(_) => Kind::Ed25519,
        }
    }

    /// Whether it holds what signing takes.
    pub(super) fn is_private(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Rsa(rsa) => rsa.private.is_some(),
            Self::Ec(ec) => ec.private.is_some(),
            Self::Ed25519(ed) => ed.private.is_some(),
        }
    }

    pub(super) fn duplicate(&self) -> Self {
        match self {
            Self::Secret(bytes) => Self::Secret(bytes.duplicate()),
            Self::Rsa(rsa) => Self::Rsa(Rsa {
                n: rsa.n.clone(),
                e: rsa.e.clone(),
                private: rsa.private.as_ref().map(|private| RsaPrivate {
                    pkcs1: private.pkcs1.duplicate(),
                    pair: private.pair.clone(),
                }),
            }),
            Self::Ec(ec) => Self::Ec(Ec {
                curve: ec.curve,
                point: ec.point.clone(),
                private: ec.private.as_ref().map(|private| EcPrivate {
                    d: private.d.duplicate(),
                    pair: private.pair.clone(),
                }),
            }),
            Self::Ed25519(ed) => Self::Ed25519(Ed25519 {
                x: ed.x.clone(),
                private: ed.private.as_ref().map(|private| Ed25519Private {
                    seed: private.seed.duplicate(),
                    pair: private.pair.clone(),
                }),
            }),
        }
    }

    /// An RSA public key of these big-endian numbers.
    ///
    /// RFC 7518 section 6.3.1.1 wants no leading zeros, and knows of writers that put one:
    /// it is dropped, since it changes no number and the thumbprint must not depend on it.
    pub(super) fn rsa_public(n: &[u8], e: &[u8]) -> Result<Self, Error> {
        let (n, e) = (without_zeros(n), without_zeros(e));
        check_rsa_numbers(n, e)?;
        if RSA_BITS.contains(&bits(n)) {
            RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .map_err(|_| invalid("the RSA modulus or exponent is not one"))?;
        }
        Ok(Self::Rsa(Rsa {
            n: n.to_vec(),
            e: e.to_vec(),
            private: None,
        }))
    }

    /// An RSA public key of the `RSAPublicKey` of RFC 8017.
    pub(super) fn rsa_public_der(key: &RsaPublicKeyRef<'_>) -> Result<Self, Error> {
        Self::rsa_public(key.modulus.as_bytes(), key.public_exponent.as_bytes())
    }

    /// An RSA key pair of the `RSAPrivateKey` of RFC 8017.
    pub(super) fn rsa_private(pkcs1: Secret) -> Result<Self, Error> {
        let key = RsaPrivateKeyRef::from_der(pkcs1.expose())
            .map_err(|_| invalid("it is not an RSA private key inside"))?;
        let (n, e) = (key.modulus.as_bytes(), key.public_exponent.as_bytes());
        check_rsa_numbers(n, e)?;
        let pair = if RSA_BITS.contains(&bits(n)) {
            let pair = RsaKeyPair::from_der(pkcs1.expose())
                .map_err(|_| invalid("the numbers of the RSA key contradict each other"))?;
            Some(Arc::new(pair))
        } else {
            None
        };
        let (n, e) = (n.to_vec(), e.to_vec());
        Ok(Self::Rsa(Rsa {
            n,
            e,
            private: Some(RsaPrivate { pkcs1, pair }),
        }))
    }

    /// An elliptic public key of an uncompressed point.
    pub(super) fn ec_public(curve: &'static Curve, point: &[u8]) -> Result<Self, Error> {
        check_uncompressed(curve, point)?;
        ParsedPublicKey::new(curve.verification, point).map_err(|_| {
            invalid(format!(
                "its point is not on the curve {}",
                curve.kind.name()
            ))
        })?;
        Ok(Self::Ec(Ec {
            curve,
            point: point.to_vec(),
            private: None,
        }))
    }

    /// An elliptic key pair; `point`, where the text had one, must be the point of `d`.
    pub(super) fn ec_private(
        curve: &'static Curve,
        d: Secret,
        point: Option<&[u8]>,
    ) -> Result<Self, Error> {
        let load = |point| {
            let pkcs8 = asn1::ec_pkcs8(curve, &d, point)?;
            EcdsaKeyPair::from_pkcs8(curve.signing, pkcs8.expose()).map_err(|_| {
                let name = curve.kind.name();
                invalid(format!("its private value is not one of the curve {name}"))
            })
        };
        // Told the point, the library computes it only once, to compare. Where it refuses both
        // together, the second look finds out which of them is wrong.
        let pair = match point {
            Some(_) => load(point).or_else(|_| load(None))?,
            None => load(None)?,
        };
        let own = pair.public_key().as_ref();
        if let Some(point) = point {
            check_uncompressed(curve, point)?;
            if point != own {
                return Err(invalid(
                    "its private and public parts do not belong together",
                ));
            }
        }
        Ok(Self::Ec(Ec {
            curve,
            point: own.to_vec(),
            private: Some(EcPrivate {
                d,
                pair: Arc::new(pair),
            }),
        }))
    }

    /// A new elliptic key pair.
    pub(super) fn ec_generated(curve: &'static Curve) -> Result<Self, Error> {
        let pair = EcdsaKeyPair::generate(curve.signing).map_err(|_| generation_failed())?;
        let d: EcPrivateKeyBin<'_> = pair
            .private_key()
            .as_be_bytes()
            .map_err(|_| generation_failed())?;
        let d = Secret::new(d.as_ref().to_vec());
        Ok(Self::Ec(Ec {
            curve,
            point: pair.public_key().as_ref().to_vec(),
            private: Some(EcPrivate {
                d,
                pair: Arc::new(pair),
            }),
        }))
    }

    /// An Ed25519 public key. Whether its point is a bad one is for the verifier and
    /// `check_strength`: here only the length counts.
    pub(super) fn ed25519_public(x: &[u8]) -> Result<Self, Error> {
        check_32(x, "public key")?;
        Ok(Self::Ed25519(Ed25519 {
            x: x.to_vec(),
            private: None,
        }))
    }

    /// An Ed25519 key pair; `x`, where the text had it, must be the public key of `seed`.
    pub(super) fn ed25519_private(seed: Secret, x: Option<&[u8]>) -> Result<Self, Error> {
        check_32(seed.expose(), "private key")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose())
            .map_err(|_| invalid("it is not an Ed25519 private key"))?;
        let own = pair.public_key().as_ref();
        if let Some(x) = x
            && x != own
        {
            return Err(invalid(
                "its private and public parts do not belong together",
            ));
        }
        Ok(Self::Ed25519(Ed25519 {
            x: own.to_vec(),
            private: Some(Ed25519Private {
                seed,
                pair: Arc::new(pair),
            }),
        }))
    }

    /// A new Ed25519 key pair.
    pub(super) fn ed25519_generated() -> Result<Self, Error> {
        let pair = Ed25519KeyPair::generate().map_err(|_| generation_failed())?;
        let seed = pair.seed().map_err(|_| generation_failed())?;
        let seed: Curve25519SeedBin<'_> = seed.as_be_bytes().map_err(|_| generation_failed())?;
        let seed = Secret::new(seed.as_ref().to_vec());
        Ok(Self::Ed25519(Ed25519 {
            x: pair.public_key().as_ref().to_vec(),
            private: Some(Ed25519Private {
                seed,
                pair: Arc::new(pair),
            }),
        }))
    }
}

/// What the crypto library answers when it has no randomness.
pub(super) fn generation_failed() -> Error {
    Error::new(
        Code::Internal,
        "cannot make a key pair: the crypto library refused",
    )
}

/// How many bits a big-endian number without leading zeros has.
pub(super) fn bits(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

fn check_rsa_numbers(n: &[u8], e: &[u8]) -> Result<(), Error> {
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !odd(n) {
        return Err(invalid("its RSA modulus is even, so it is not one"));
    }
    // With exponent 1 every message is its own signature.
    if !odd(e) || e == [1] {
        return Err(invalid("its RSA exponent is even or 1"));
    }
    let bits = bits(n);
    if bits > *RSA_BITS.end() {
        return Err(invalid(format!(
            "it has {bits} bits, and RSA is supported up to 8192"
        )));
    }
    Ok(())
}

fn check_uncompressed(curve: &Curve, point: &[u8]) -> Result<(), Error> {
    match point.first() {
        Some(4) if point.len() == 2 * curve.bytes + 1 => Ok(()),
        Some(2 | 3) => Err(invalid("its point is compressed")
            .hint("write it out with `openssl ec -conv_form uncompressed`, or `openssl pkey`")),
        _ => {
            let name = curve.kind.name();
            Err(invalid(format!(
                "its point has not the length of the curve {name}"
            )))
        }
    }
}

fn check_32(bytes: &[u8], what: &str) -> Result<(), Error> {
    if bytes.len() == 32 {
        Ok(())
    } else {
        Err(invalid(format!(
            "an Ed25519 {what} has 32 bytes, this has {}",
            bytes.len()
        )))
    }
}
