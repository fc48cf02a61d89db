//! Reading a JWK (RFC 7517, RFC 7518 section 6, RFC 8037).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use der::Encode as _;
use der::asn1::UintRef;
use pkcs1::RsaPrivateKeyRef;
use zeroize::{Zeroize, Zeroizing};

use super::algorithm::{Algorithm, Kind};
use super::material::{CURVES, Curve, Material, invalid};
use super::one::{Key, Permitted, State};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::secret::Secret;

/// Our own member: where a key stands in its set.
pub(super) const STATE: &str = "mcpjwt_state";

/// The registered `alg` values that encrypt or wrap keys (RFC 7518 sections 4.1 and 5.1, and
/// HPKE): all begin with one of these.
const ENCRYPTION: &[&str] = &[
    "RSA1_5", "RSA-OAEP", "A128", "A192", "A256", "ECDH-ES", "PBES2-", "HPKE-",
];

/// A JSON value that holds key material, wiped when dropped.
pub(super) struct Wiped(pub(super) Json);

impl Drop for Wiped {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(json: &mut Json) {
    match json {
        Json::String(text) | Json::Number(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(members) => members.iter_mut().for_each(|(_, value)| wipe(value)),
        Json::Null | Json::Bool(_) => {}
    }
}

/// The key of a JWK. Members that are not named here are neither judged nor kept.
pub(super) fn read(json: &Json) -> Result<Key, Error> {
    if json.as_object().is_none() {
        return Err(invalid(format!(
            "a JWK is an object, and this is {}",
            json.kind()
        )));
    }
    // What the key is for comes first: a key for encryption may be of any kind.
    let permitted = permitted(json)?;
    let declared = text(json, "alg")?;
    if let Some(name) = declared
        && (ENCRYPTION.iter().any(|start| name.starts_with(start)) || name == "dir")
    {
        return Err(unusable(format!(
            "its `alg` `{}` encrypts",
            name.escape_debug()
        )));
    }
    let material = material(json)?;
    let mut key = match text(json, "kid")? {
        Some(kid) => Key::named(material, kid.to_owned()),
        None => Key::of(material),
    };
    key.declared = declared
        .map(|name| algorithm(name, key.kind()))
        .transpose()?;
    key.permitted = by_part(permitted, &key);
    key.created = time(json, "iat")?;
    key.accepted_until = time(json, "exp")?;
    key.state = text(json, STATE)?
        .map(|name| State::from_name(name).ok_or_else(|| invalid(format!("its `{STATE}` is none"))))
        .transpose()?;
    Ok(key)
}

fn unusable(cause: impl std::fmt::Display) -> Error {
    Error::new(
        Code::KeyUnusable,
        format!("the key is not meant for signatures: {cause}"),
    )
}

fn permitted(json: &Json) -> Result<Permitted, Error> {
    if let Some(purpose) = text(json, "use")?
        && purpose != "sig"
    {
        return Err(unusable(format!(
            "its `use` is `{}`",
            purpose.escape_debug()
        )));
    }
    let Some(operations) = json.get("key_ops") else {
        return Ok(Permitted::ALL);
    };
    let operations = operations
        .as_array()
        .ok_or_else(|| invalid("its `key_ops` is not an array"))?;
    let has = |name| {
        operations
            .iter()
            .any(|operation| operation.as_str() == Some(name))
    };
    let permitted = Permitted {
        sign: has("sign"),
        verify: has("verify"),
    };
    if permitted.sign || permitted.verify {
        Ok(permitted)
    } else {
        Err(unusable("its `key_ops` has neither `sign` nor `verify`"))
    }
}

/// `sign` is all that a private key is exported with (Web Cryptography API); its public
/// half can still verify. A secret has no halves: there each operation stands for itself.
fn by_part(permitted: Permitted, key: &Key) -> Permitted {
    let verify = permitted.verify || key.kind() != Kind::Secret && key.material.is_private();
    Permitted {
        verify,
        ..permitted
    }
}

/// The `alg` of a key. `ES521` is a misspelling of ES512 that published key sets carry (the name
/// of the curve is P-521); on that curve it can mean nothing else.
fn algorithm(name: &str, kind: Kind) -> Result<Algorithm, Error> {
    let name = if (name, kind) == ("ES521", Kind::P521) {
        "ES512"
    } else {
        name
    };
    Algorithm::from_name(name)
        .filter(|algorithm| algorithm.kind() == kind)
        .ok_or_else(|| {
            let (name, kind) = (name.escape_debug(), kind.name());
            invalid(format!(
                "its `alg` `{name}` is none that a key of kind {kind} can do"
            ))
        })
}

fn material(json: &Json) -> Result<Material, Error> {
    let Some(kty) = text(json, "kty")? else {
        return Err(invalid("the JWK has no `kty`"));
    };
    match kty {
        "oct" => Ok(Material::Secret(secret_bytes(json, "k")?)),
        "RSA" => rsa(json),
        "EC" => elliptic(json),
        "OKP" => okp(json),
        _ => Err(invalid(format!(
            "its `kty` `{}` is not one that is read",
            kty.escape_debug()
        ))),
    }
}

fn rsa(json: &Json) -> Result<Material, Error> {
    let (modulus, exponent) = (bytes(json, "n")?, bytes(json, "e")?);
    if json.get("d").is_none() {
        return Material::rsa_public(&modulus, &exponent);
    }
    if json.get("oth").is_some() {
        return Err(invalid("it is an RSA key of more than two primes (`oth`)"));
    }
    // RFC 7518 section 6.3.2 lets a JWK hold `d` alone; factoring n again is not our job.
    let missing: Vec<_> = ["p", "q", "dp", "dq", "qi"]
        .into_iter()
        .filter(|name| json.get(name).is_none())
        .collect();
    if !missing.is_empty() {
        let missing = missing.join("`, `");
        return Err(invalid(format!("the RSA private key has no `{missing}`")));
    }
    let number = |name| secret_bytes(json, name);
    let (d, p, q) = (number("d")?, number("p")?, number("q")?);
    let (dp, dq, qi) = (number("dp")?, number("dq")?, number("qi")?);
    let uint = |bytes| UintRef::new(bytes).map_err(|_| invalid("an RSA number is too long"));
    let pkcs1 = RsaPrivateKeyRef {
        modulus: uint(&modulus)?,
        public_exponent: uint(&exponent)?,
        private_exponent: uint(d.expose())?,
        prime1: uint(p.expose())?,
        prime2: uint(q.expose())?,
        exponent1: uint(dp.expose())?,
        exponent2: uint(dq.expose())?,
        coefficient: uint(qi.expose())?,
        other_prime_infos: None,
    };
    let pkcs1 = pkcs1
        .to_der()
        .map_err(|_| invalid("an RSA number is too long"))?;
    Material::rsa_private(Secret::new(pkcs1))
}

fn elliptic(json: &Json) -> Result<Material, Error> {
    let name = text(json, "crv")?.ok_or_else(|| invalid("the EC key has no `crv`"))?;
    let curve = CURVES
        .iter()
        .find(|curve| curve.kind.name() == name)
        .ok_or_else(|| {
            invalid(format!(
                "its `crv` `{}` is not one that is read",
                name.escape_debug()
            ))
        })?;
    let mut point = Vec::with_capacity(2 * curve.bytes + 1);
    point.push(4);
    point.extend_from_slice(&full_length(bytes(json, "x")?, "x", curve)?);
    point.extend_from_slice(&full_length(bytes(json, "y")?, "y", curve)?);
    if json.get("d").is_none() {
        return Material::ec_public(curve, &point);
    }
    let mut d = full_length(bytes(json, "d")?, "d", curve)?;
    Material::ec_private(curve, Secret::new(std::mem::take(&mut d)), Some(&point))
}

/// RFC 7518 sections 6.2.1.2 and 6.2.2.1: leading zeros are written.
fn full_length(
    bytes: Zeroizing<Vec<u8>>,
    name: &str,
    curve: &Curve,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    if bytes.len() == curve.bytes {
        return Ok(bytes);
    }
    let (kind, want, found) = (curve.kind.name(), curve.bytes, bytes.len());
    Err(invalid(format!(
        "its `{name}` has {found} bytes, and on {kind} it has {want}"
    )))
}

fn okp(json: &Json) -> Result<Material, Error> {
    match text(json, "crv")? {
        Some("Ed25519") => {}
        // RFC 8037 section 2: these two agree on keys and never sign.
        Some(name @ ("X25519" | "X448")) => {
            return Err(unusable(format!("its `crv` `{name}` is for key agreement")));
        }
        Some(name) => {
            let name = name.escape_debug();
            return Err(invalid(format!(
                "its `crv` `{name}` is not one that is read"
            )));
        }
        None => return Err(invalid("the OKP key has no `crv`")),
    }
    let x = bytes(json, "x")?;
    if json.get("d").is_none() {
        return Material::ed25519_public(&x);
    }
    Material::ed25519_private(secret_bytes(json, "d")?, Some(&x))
}

fn text<'j>(json: &'j Json, name: &str) -> Result<Option<&'j str>, Error> {
    json.get(name)
        .map(|value| value.as_str().ok_or_else(|| not_a_string(name, value)))
        .transpose()
}

fn not_a_string(name: &str, value: &Json) -> Error {
    invalid(format!(
        "its `{name}` is {}, and not a string",
        value.kind()
    ))
}

fn time(json: &Json, name: &str) -> Result<Option<i64>, Error> {
    json.get(name)
        .map(|value| {
            value
                .as_i64()
                .ok_or_else(|| invalid(format!("its `{name}` is no time")))
        })
        .transpose()
}

fn secret_bytes(json: &Json, name: &str) -> Result<Secret, Error> {
    let mut bytes = bytes(json, name)?;
    Ok(Secret::new(std::mem::take(&mut *bytes)))
}

/// Base64url as RFC 7515 section 2 has it: no padding, no bits left over, nothing else.
fn bytes(json: &Json, name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = text(json, name)?.ok_or_else(|| invalid(format!("the JWK has no `{name}`")))?;
    URL_SAFE_NO_PAD
        .decode(text)
        .map(Zeroizing::new)
        .map_err(|_| invalid(format!("its `{name}` is not base64url")))
}
