//! The only two doors to a signature.
//!
//! `jsonwebtoken`'s verifiers, and its signers with secrets, are called directly, without its
//! process-wide default. Key pairs sign by themselves: theirs would be read and checked again,
//! for RSA with each signature (1036 against 409 us). And ES512 it does not have.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::crypto::{JwtSigner, JwtVerifier};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::algorithm::Algorithm;
use super::material::Material;
use super::one::Key;
use super::set::not_for_signing;
use super::{ed25519, weak};
use crate::error::{Code, Error};

/// Signs with one key by one algorithm; made once, used for one token or ten million.
pub struct Signer(Signing);

enum Signing {
    Secret(Box<dyn JwtSigner>),
    Rsa {
        pair: Arc<RsaKeyPair>,
        encoding: &'static dyn RsaEncoding,
    },
    Ec(Arc<EcdsaKeyPair>),
    Ed25519(Arc<Ed25519KeyPair>),
}

impl Signer {
    /// Refuses what [`Signer::check`] does.
    pub fn new(key: &Key, alg: Algorithm) -> Result<Self, Error> {
        Self::check(key, alg)?;
        Self::of(key, alg)
    }

    /// Refuses keys that cannot sign and, by [`Key::check_strength`], weak ones; besides,
    /// secrets that are one short text repeated or made of hardly any different bytes.
    pub fn check(key: &Key, alg: Algorithm) -> Result<(), Error> {
        let alg = key.algorithm(Some(alg))?;
        if !key.can_sign() {
            return Err(not_for_signing(key));
        }
        key.check_strength(alg)?;
        if let Some(secret) = key.secret_bytes() {
            weak::check_variety(secret)?;
        }
        Ok(())
    }

    fn of(key: &Key, alg: Algorithm) -> Result<Self, Error> {
        let missing = || not_for_signing(key);
        Ok(Self(match &key.material {
            Material::Secret(secret) => {
                let name = library_name(alg).ok_or_else(|| refused(alg))?;
                let secret = EncodingKey::from_secret(secret.expose());
                let signer = (DEFAULT_PROVIDER.signer_factory)(&name, &secret);
                Signing::Secret(signer.map_err(|_| refused(alg))?)
            }
            Material::Rsa(rsa) => {
                let private = rsa.private.as_ref().ok_or_else(missing)?;
                let pair = Arc::clone(private.pair.as_ref().ok_or_else(missing)?);
                let encoding = rsa_encoding(alg).ok_or_else(|| refused(alg))?;
                Signing::Rsa { pair, encoding }
            }
            Material::Ec(ec) => {
                let private = ec.private.as_ref().ok_or_else(missing)?;
                Signing::Ec(Arc::clone(&private.pair))
            }
            Material::Ed25519(ed) => {
                let private = ed.private.as_ref().ok_or_else(missing)?;
                Signing::Ed25519(Arc::clone(&private.pair))
            }
        }))
    }

    /// The JWS signature of the signing input.
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, Error> {
        // The library draws its own random numbers and ignores this parameter.
        let random = SystemRandom::new();
        let signature = match &self.0 {
            Signing::Secret(signer) => signer.try_sign(input).ok(),
            Signing::Rsa { pair, encoding } => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, input, &mut signature)
                    .ok()
                    .map(|()| signature)
            }
            Signing::Ec(pair) => pair
                .sign(&random, input)
                .ok()
                .map(|signature| signature.as_ref().to_vec()),
            Signing::Ed25519(pair) => pair
                .try_sign(input)
                .ok()
                .map(|signature| signature.as_ref().to_vec()),
        };
        signature
            .ok_or_else(|| Error::new(Code::Internal, "cannot sign: the crypto library refused"))
    }
}

/// Verifies with one key by one algorithm.
pub struct Verifier(Verifying);

enum Verifying {
    Library(Box<dyn JwtVerifier>),
    /// `None`: no signature of such a key counts.
    Ed25519(Option<Box<dyn JwtVerifier>>),
    P521(ParsedPublicKey),
}

impl Verifier {
    /// Does not judge strength; that is [`Key::check_strength`]. But RSA below 2048 bits is
    /// `key_weak` here too, since the library verifies nothing with it, and an empty secret
    /// `key_too_short`, since its signatures are anybody's.
    pub fn new(key: &Key, alg: Algorithm) -> Result<Self, Error> {
        let alg = key.algorithm(Some(alg))?;
        Self::asked(key, alg)
    }

    /// The same by any algorithm of the key's kind, whatever the key says it is for: to find out
    /// by which one a token was signed.
    pub fn asked(key: &Key, alg: Algorithm) -> Result<Self, Error> {
        if alg.kind() != key.kind() {
            return Err(refused(alg));
        }
        if !key.permitted.verify {
            let kid = key.kid().escape_debug();
            let what = format!("cannot verify: the key `{kid}` is not meant for it (`key_ops`)");
            return Err(Error::new(Code::KeyUnusable, what));
        }
        let library = match &key.material {
            Material::Secret(secret) => {
                // Anybody can sign with it.
                if secret.is_empty() {
                    key.check_strength(alg)?;
                }
                DecodingKey::from_secret(secret.expose())
            }
            Material::Rsa(rsa) => {
                key.check_strength(alg)?;
                DecodingKey::from_rsa_raw_components(&rsa.n, &rsa.e)
            }
            Material::Ec(ec) if alg == Algorithm::ES512 => {
                let public = ParsedPublicKey::new(ec.curve.verification, &ec.point);
                return Ok(Self(Verifying::P521(public.map_err(|_| refused(alg))?)));
            }
            Material::Ec(ec) => DecodingKey::from_ec_der(&ec.point),
            Material::Ed25519(ed) if !ed25519::is_good_point(&ed.x) => {
                return Ok(Self(Verifying::Ed25519(None)));
            }
            Material::Ed25519(ed) => DecodingKey::from_ed_der(&ed.x),
        };
        let name = library_name(alg).ok_or_else(|| refused(alg))?;
        let verifier =
            (DEFAULT_PROVIDER.verifier_factory)(&name, &library).map_err(|_| refused(alg))?;
        Ok(Self(match &key.material {
            Material::Ed25519(_) => Verifying::Ed25519(Some(verifier)),
            _ => Verifying::Library(verifier),
        }))
    }

    /// Whether the signature is one of this key over the signing input.
    pub fn verify(&self, input: &[u8], signature: &[u8]) -> bool {
        let by = |verifier: &dyn JwtVerifier| verifier.verify(input, &signature.to_vec()).is_ok();
        match &self.0 {
            Verifying::Library(verifier) => by(&**verifier),
            Verifying::Ed25519(verifier) => {
                // The first half is R; the library refuses every length but 64.
                let good = signature.get(..32).is_some_and(ed25519::is_good_point);
                good && verifier.as_ref().is_some_and(|verifier| by(&**verifier))
            }
            Verifying::P521(public) => public.verify_sig(input, signature).is_ok(),
        }
    }
}

fn refused(alg: Algorithm) -> Error {
    let name = alg.name();
    Error::new(
        Code::KeyInvalid,
        format!("the crypto library does not take the key for {name}"),
    )
}

/// The same algorithm in the library; ES512 it does not have.
fn library_name(alg: Algorithm) -> Option<jsonwebtoken::Algorithm> {
    use jsonwebtoken::Algorithm as Library;
    Some(match alg {
        Algorithm::HS256 => Library::HS256,
        Algorithm::HS384 => Library::HS384,
        Algorithm::HS512 => Library::HS512,
        Algorithm::RS256 => Library::RS256,
        Algorithm::RS384 => Library::RS384,
        Algorithm::RS512 => Library::RS512,
        Algorithm::PS256 => Library::PS256,
        Algorithm::PS384 => Library::PS384,
        Algorithm::PS512 => Library::PS512,
        Algorithm::ES256 => Library::ES256,
        Algorithm::ES384 => Library::ES384,
        Algorithm::ES512 => return None,
        Algorithm::EdDSA | Algorithm::Ed25519 => Library::EdDSA,
    })
}

fn rsa_encoding(alg: Algorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match alg {
        Algorithm::RS256 => &RSA_PKCS1_SHA256,
        Algorithm::RS384 => &RSA_PKCS1_SHA384,
        Algorithm::RS512 => &RSA_PKCS1_SHA512,
        Algorithm::PS256 => &RSA_PSS_SHA256,
        Algorithm::PS384 => &RSA_PSS_SHA384,
        Algorithm::PS512 => &RSA_PSS_SHA512,
        _ => return None,
    })
}
