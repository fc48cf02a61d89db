//! The ASN.1 structures that keys come in: one const table, for DER and for PEM alike.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode, Tag, Tagged as _};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use x509_cert::Certificate;

use super::material::{CURVES, Curve, Material, Rsa, invalid};
use crate::error::{Code, Error};
use crate::secret::Secret;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// One structure.
pub(super) struct Structure {
    /// Its label in PEM (RFC 7468; the two of openssl for PKCS#1 and SEC1).
    pub(super) label: &'static str,
    pub(super) part: Part,
    /// `None`: the bytes are not this structure, completely and without anything after it.
    pub(super) parse: fn(&[u8]) -> Option<Result<Material, Error>>,
}

/// What a structure holds, so that of several in one PEM text the right one is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Private,
    Public,
    Certificate,
}

/// No two of them can be mistaken for each other: they differ in their first fields.
#[rustfmt::skip]
pub(super) const STRUCTURES: &[Structure] = &[
    Structure { label: "PRIVATE KEY",           part: Part::Private,     parse: pkcs8_private },
    Structure { label: "RSA PRIVATE KEY",       part: Part::Private,     parse: pkcs1_private },
    Structure { label: "EC PRIVATE KEY",        part: Part::Private,     parse: sec1_private },
    Structure { label: "ENCRYPTED PRIVATE KEY", part: Part::Private,     parse: encrypted_private },
    Structure { label: "PUBLIC KEY",            part: Part::Public,      parse: spki_public },
    Structure { label: "RSA PUBLIC KEY",        part: Part::Public,      parse: pkcs1_public },
    Structure { label: "CERTIFICATE",           part: Part::Certificate, parse: certificate },
];

/// The key of DER bytes; `None` when they are none of the structures.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Material, Error>> {
    // Every structure is a SEQUENCE. The byte is the character 0 too, but no structure is
    // made of printable characters alone, so no text secret is taken for one.
    if bytes.first() != Some(&0x30) {
        return None;
    }
    STRUCTURES
        .iter()
        .find_map(|structure| (structure.parse)(bytes))
}

/// Whether the bytes are one complete DER SEQUENCE, of whatever.
pub(super) fn is_sequence(bytes: &[u8]) -> bool {
    AnyRef::from_der(bytes).is_ok_and(|any| any.tag() == Tag::Sequence)
}

/// That an encrypted key is not read, and how to decrypt it.
pub(super) fn encrypted() -> Error {
    invalid("it is encrypted with a passphrase")
        .hint("decrypt it first: `openssl pkey -in KEY.pem -out DECRYPTED.pem`")
}

/// The PKCS#8 of an elliptic key, inside it the SEC1 structure of RFC 5915.
pub(super) fn ec_pkcs8(curve: &Curve, d: &Secret, point: Option<&[u8]>) -> Result<Secret, Error> {
    let sec1 = EcPrivateKey {
        private_key: d.expose(),
        parameters: None,
        public_key: point,
    };
    let sec1 = Secret::new(encode(&sec1)?);
    private_key_info(EC, Some(AnyRef::from(&curve.oid)), &sec1)
}

/// The PKCS#8 of a key; nothing for a public one and for a secret.
pub(super) fn to_pkcs8(material: &Material) -> Result<Option<Secret>, Error> {
    match material {
        Material::Rsa(Rsa {
            private: Some(private),
            ..
        }) => private_key_info(RSA, Some(AnyRef::NULL), &private.pkcs1).map(Some),
        Material::Ec(ec) => match &ec.private {
            Some(private) => ec_pkcs8(ec.curve, &private.d, Some(&ec.point)).map(Some),
            None => Ok(None),
        },
        Material::Ed25519(ed) => match &ed.private {
            // RFC 8410 section 7: an OCTET STRING inside the OCTET STRING.
            Some(private) => {
                let inner = OctetStringRef::new(private.seed.expose()).map_err(unwritable)?;
                private_key_info(ED25519, None, &Secret::new(encode(&inner)?)).map(Some)
            }
            None => Ok(None),
        },
        Material::Secret(_) | Material::Rsa(_) => Ok(None),
    }
}

/// The SPKI of a key; nothing for a secret.
pub(super) fn to_spki(material: &Material) -> Result<Option<Vec<u8>>, Error> {
    let rsa;
    let (oid, parameters, bytes): (_, _, &[u8]) = match material {
        Material::Secret(_) => return Ok(None),
        Material::Rsa(key) => {
            let modulus = der::asn1::UintRef::new(&key.n).map_err(unwritable)?;
            let public_exponent = der::asn1::UintRef::new(&key.e).map_err(unwritable)?;
            rsa = encode(&RsaPublicKeyRef {
                modulus,
                public_exponent,
            })?;
            (RSA, Some(AnyRef::NULL), &rsa)
        }
        Material::Ec(ec) => (EC, Some(AnyRef::from(&ec.curve.oid)), &ec.point),
        Material::Ed25519(ed) => (ED25519, None, &ed.x),
    };
    let subject_public_key = BitStringRef::from_bytes(bytes).map_err(unwritable)?;
    let algorithm = AlgorithmIdentifierRef { oid, parameters };
    encode(&SubjectPublicKeyInfoRef {
        algorithm,
        subject_public_key,
    })
    .map(Some)
}

fn private_key_info(
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
    inner: &Secret,
) -> Result<Secret, Error> {
    let algorithm = AlgorithmIdentifierRef { oid, parameters };
    let inner = OctetStringRef::new(inner.expose()).map_err(unwritable)?;
    encode(&PrivateKeyInfoRef::new(algorithm, inner)).map(Secret::new)
}

fn encode(value: &(impl Encode + ?Sized)) -> Result<Vec<u8>, Error> {
    // The length is known first, so the buffer never grows and leaves no copy behind.
    value.to_der().map_err(unwritable)
}

fn unwritable(_: der::Error) -> Error {
    Error::new(Code::Internal, "cannot write the key as DER")
}

fn pkcs8_private(bytes: &[u8]) -> Option<Result<Material, Error>> {
    let info = PrivateKeyInfoRef::from_der(bytes).ok()?;
    let inner = info.private_key.as_bytes();
    Some(match info.algorithm.oid {
        RSA => Material::rsa_private(Secret::new(inner.to_vec())),
        EC => curve_of(&info.algorithm).and_then(|curve| sec1_inside(inner, curve)),
        ED25519 => ed25519_inside(&info),
        oid => Err(unsupported(oid)),
    })
}

fn pkcs1_private(bytes: &[u8]) -> Option<Result<Material, Error>> {
    RsaPrivateKeyRef::from_der(bytes).ok()?;
    Some(Material::rsa_private(Secret::new(bytes.to_vec())))
}

fn sec1_private(bytes: &[u8]) -> Option<Result<Material, Error>> {
    let key = EcPrivateKey::from_der(bytes).ok()?;
    let Some(EcParameters::NamedCurve(oid)) = key.parameters else {
        return Some(Err(invalid("the elliptic key does not say its curve")));
    };
    Some(curve_by(oid).and_then(|curve| ec_private(&key, curve)))
}

fn encrypted_private(bytes: &[u8]) -> Option<Result<Material, Error>> {
    // EncryptedPrivateKeyInfo has the shape of an SPKI whose key is an OCTET STRING.
    SubjectPublicKeyInfo::<AnyRef<'_>, &OctetStringRef>::from_der(bytes).ok()?;
    Some(Err(encrypted()))
}

fn spki_public(bytes: &[u8]) -> Option<Result<Material, Error>> {
    let info = SubjectPublicKeyInfoRef::from_der(bytes).ok()?;
    let Some(key) = info.subject_public_key.as_bytes() else {
        return Some(Err(invalid("its public key is not made of whole bytes")));
    };
    Some(match info.algorithm.oid {
        RSA => {
            pkcs1_public(key).unwrap_or_else(|| Err(invalid("it is not an RSA public key inside")))
        }
        EC => curve_of(&info.algorithm).and_then(|curve| Material::ec_public(curve, key)),
        ED25519 => Material::ed25519_public(key),
        oid => Err(unsupported(oid)),
    })
}

fn pkcs1_public(bytes: &[u8]) -> Option<Result<Material, Error>> {
    Some(Material::rsa_public_der(
        &RsaPublicKeyRef::from_der(bytes).ok()?,
    ))
}

/// The public key of a certificate. Who signed the certificate, and until when, is not
/// looked at: whoever names a key trusts it, in whatever text it comes.
fn certificate(bytes: &[u8]) -> Option<Result<Material, Error>> {
    let certificate = Certificate::from_der(bytes).ok()?;
    let spki = certificate
        .tbs_certificate()
        .subject_public_key_info()
        .to_der()
        .ok()?;
    spki_public(&spki)
}

fn ed25519_inside(info: &PrivateKeyInfoRef<'_>) -> Result<Material, Error> {
    let broken = || invalid("it is not an Ed25519 private key inside");
    // RFC 8410 section 3 wants none.
    if info.algorithm.parameters.is_some() {
        return Err(broken());
    }
    let seed = <&OctetStringRef>::from_der(info.private_key.as_bytes()).map_err(|_| broken())?;
    let x = match &info.public_key {
        Some(bits) => Some(bits.as_bytes().ok_or_else(broken)?),
        None => None,
    };
    Material::ed25519_private(Secret::new(seed.as_bytes().to_vec()), x)
}

fn sec1_inside(inner: &[u8], curve: &'static Curve) -> Result<Material, Error> {
    let key = EcPrivateKey::from_der(inner)
        .map_err(|_| invalid("it is not an elliptic private key inside"))?;
    match key.parameters {
        Some(EcParameters::NamedCurve(oid)) if oid != curve.oid => {
            Err(invalid("the elliptic key names two curves"))
        }
        _ => ec_private(&key, curve),
    }
}

fn ec_private(key: &EcPrivateKey<'_>, curve: &'static Curve) -> Result<Material, Error> {
    // RFC 5915 wants the full length, but writers that drop leading zeros are about.
    let Some(missing) = curve.bytes.checked_sub(key.private_key.len()) else {
        let name = curve.kind.name();
        return Err(invalid(format!(
            "its private value is too long for the curve {name}"
        )));
    };
    let mut d = Vec::with_capacity(curve.bytes);
    d.resize(missing, 0);
    d.extend_from_slice(key.private_key);
    Material::ec_private(curve, Secret::new(d), key.public_key)
}

fn curve_of(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<&'static Curve, Error> {
    let oid = algorithm
        .parameters_oid()
        .map_err(|_| invalid("its curve is not given by name, and only named ones are read"))?;
    curve_by(oid)
}

fn curve_by(oid: ObjectIdentifier) -> Result<&'static Curve, Error> {
    CURVES
        .iter()
        .find(|curve| curve.oid == oid)
        .ok_or_else(|| invalid(format!("its curve {oid} is not P-256, P-384 or P-521")))
}

fn unsupported(oid: ObjectIdentifier) -> Error {
    invalid(format!("its kind {oid} is not RSA, EC or Ed25519"))
}
