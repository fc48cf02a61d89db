//! Writing keys: JWK, PEM, text, and the two JWK Sets, our store and the public one.

use der::Decode as _;
use pem_rfc7468::LineEnding;
use pkcs1::RsaPrivateKeyRef;

use super::algorithm::Kind;
use super::asn1;
use super::identity::encode;
use super::jwk::{self, Wiped};
use super::material::{Material, Rsa, invalid};
use super::one::Key;
use super::set::{KeySet, not_for_signing};
use crate::error::{Code, Error};
use crate::json::Json;
use crate::secret::Secret;

/// Which half of a key pair is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What verifies.
    Public,
    /// What signs; it holds the public half too.
    Private,
}

/// The members of a JWK, in their order.
type Members = Vec<(&'static str, Json)>;

impl Key {
    /// The JWK: `kty`, `use` (or `key_ops`, where it allows less), `alg` if declared, `kid`,
    /// and the material. Its standing in a set is not in it.
    ///
    /// The private JWK holds the material in plain, and [`Json`] is not wiped when dropped.
    pub fn to_jwk(&self, part: Part) -> Result<Json, Error> {
        self.check_part(part)?;
        Ok(object(self.members(part)?))
    }

    /// PEM: PKCS#8 `PRIVATE KEY` or SPKI `PUBLIC KEY`.
    pub fn to_pem(&self, part: Part) -> Result<Secret, Error> {
        if self.kind() == Kind::Secret {
            return Err(Error::new(Code::KeyUnusable, "a secret has no PEM form")
                .hint("export it with `--format jwk` or `--format text`"));
        }
        self.check_part(part)?;
        let (label, der) = match part {
            Part::Private => ("PRIVATE KEY", asn1::to_pkcs8(&self.material)?),
            Part::Public => (
                "PUBLIC KEY",
                asn1::to_spki(&self.material)?.map(Secret::new),
            ),
        };
        let der = der.ok_or_else(|| not_for_signing(self))?;
        pem_rfc7468::encode_string(label, LineEnding::LF, der.expose())
            .map(Secret::from)
            .map_err(|_| Error::new(Code::Internal, "cannot write the key as PEM"))
    }

    /// A secret as text that [`KeySet::read`] reads back as the same secret: without a line
    /// end. Not every secret has one: it may be no text, end with a line end, or look like a
    /// key file.
    pub fn to_text(&self) -> Result<Secret, Error> {
        let Some(secret) = self.secret_bytes() else {
            let kind = self.kind().name();
            return Err(Error::new(
                Code::KeyUnusable,
                format!("a key of kind {kind} has no text form"),
            )
            .hint("export it with `--format pem` or `--format jwk`"));
        };
        let back = KeySet::read(secret, None).ok();
        let same = back
            .as_ref()
            .and_then(|set| set.keys.first())
            .and_then(Key::secret_bytes)
            .is_some_and(|read| read == secret);
        if same {
            Ok(secret.duplicate())
        } else {
            Err(
                Error::new(Code::KeyUnusable, "the secret is not plain text")
                    .hint("export it with `--format jwk`"),
            )
        }
    }

    fn check_part(&self, part: Part) -> Result<(), Error> {
        match part {
            Part::Public if self.kind() == Kind::Secret => {
                Err(Error::new(Code::KeyUnusable, "a secret has no public part"))
            }
            Part::Private if !self.material.is_private() => {
                let kid = self.kid().escape_debug();
                let what = format!("the key `{kid}` holds no private key");
                Err(Error::new(Code::KeyUnusable, what))
            }
            Part::Public | Part::Private => Ok(()),
        }
    }

    /// The members without judging the part: `Public` of a secret has none of its material.
    fn members(&self, part: Part) -> Result<Members, Error> {
        let mut members = vec![("kty", Json::from(self.kind().kty()))];
        let operations = match (self.permitted.sign, self.permitted.verify) {
            (true, false) => Some("sign"),
            (false, true) if part == Part::Private => Some("verify"),
            _ => None,
        };
        members.push(match operations {
            Some(operation) => ("key_ops", Json::from(vec![operation])),
            None => ("use", Json::from("sig")),
        });
        if let Some(declared) = self.declared {
            members.push(("alg", Json::from(declared.name())));
        }
        members.push(("kid", Json::from(self.kid())));
        members.extend(public_members(&self.material));
        if part == Part::Private {
            members.extend(private_members(&self.material)?);
        }
        Ok(members)
    }
}

impl KeySet {
    /// The JWK Set text with everything in it, and a line end: our own store.
    pub fn to_store(&self) -> Secret {
        let keys = self.keys.iter().map(|key| {
            let part = if key.material.is_private() {
                Part::Private
            } else {
                Part::Public
            };
            // Cannot fail: an RSA key was taken apart in the same way when it became a key.
            let mut members = key.members(part).unwrap_or_default();
            members.extend(key.created.map(|time| ("iat", Json::from(time))));
            members.extend(key.accepted_until.map(|time| ("exp", Json::from(time))));
            members.extend(
                key.state
                    .map(|state| (jwk::STATE, Json::from(state.name()))),
            );
            object(members)
        });
        let set = Wiped(Json::object([("keys", Json::Array(keys.collect()))]));
        let mut text = set.0.pretty();
        text.push('\n');
        Secret::from(text)
    }

    /// The JWK Set text of the public keys, next to previous, and a line end; no private and
    /// no `oct` member.
    ///
    /// A previous key is left out from the second on in which it is no longer accepted, like
    /// a token in the second of its `exp`. Keys without a state count as current.
    pub fn to_public_jwks(&self, now: i64) -> String {
        let published = self
            .keys
            .iter()
            .filter(|key| key.is_accepted(now) && key.kind() != Kind::Secret);
        let keys = published.map(|key| {
            let alg = key
                .declared
                .unwrap_or_else(|| key.kind().default_algorithm());
            let mut members = vec![
                ("kty", Json::from(key.kind().kty())),
                ("use", Json::from("sig")),
                ("alg", Json::from(alg.name())),
                ("kid", Json::from(key.kid())),
            ];
            members.extend(public_members(&key.material));
            object(members)
        });
        let mut text = Json::object([("keys", Json::Array(keys.collect()))]).pretty();
        text.push('\n');
        text
    }
}

fn object(members: Members) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn public_members(material: &Material) -> Members {
    match material {
        Material::Secret(_) => vec![],
        Material::Rsa(rsa) => vec![number("n", &rsa.n), number("e", &rsa.e)],
        Material::Ec(ec) => {
            let (x, y) = ec.point[1..].split_at(ec.curve.bytes);
            vec![
                ("crv", Json::from(ec.curve.kind.name())),
                number("x", x),
                number("y", y),
            ]
        }
        Material::Ed25519(ed) => vec![("crv", Json::from("Ed25519")), number("x", &ed.x)],
    }
}

fn private_members(material: &Material) -> Result<Members, Error> {
    Ok(match material {
        Material::Secret(secret) => vec![number("k", secret.expose())],
        Material::Rsa(Rsa {
            private: Some(private),
            ..
        }) => {
            let key = RsaPrivateKeyRef::from_der(private.pkcs1.expose())
                .map_err(|_| invalid("it is not an RSA private key inside"))?;
            vec![
                number("d", key.private_exponent.as_bytes()),
                number("p", key.prime1.as_bytes()),
                number("q", key.prime2.as_bytes()),
                number("dp", key.exponent1.as_bytes()),
                number("dq", key.exponent2.as_bytes()),
                number("qi", key.coefficient.as_bytes()),
            ]
        }
        Material::Rsa(_) => vec![],
        Material::Ec(ec) => ec
            .private
            .iter()
            .map(|private| number("d", private.d.expose()))
            .collect(),
        Material::Ed25519(ed) => ed
            .private
            .iter()
            .map(|private| number("d", private.seed.expose()))
            .collect(),
    })
}

fn number(name: &'static str, bytes: &[u8]) -> (&'static str, Json) {
    (name, Json::from(encode(bytes)))
}
