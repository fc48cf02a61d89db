//! One key: material with its `kid` and what it may do.

use std::fmt;

use super::algorithm::{Algorithm, Hash, Kind};
use super::material::{Material, RSA_BITS, bits};
use super::{ed25519, identity, roca, weak};
use crate::error::{Code, Error};
use crate::secret::Secret;

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

impl State {
    /// Every state, in the order a key goes through them.
    pub const ALL: &[Self] = &[Self::Next, Self::Current, Self::Previous, Self::Retired];

    /// The value of `mcpjwt_state`, and the word for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Current => "current",
            Self::Previous => "previous",
            Self::Retired => "retired",
        }
    }

    /// The state of that exact name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }
}

/// One key: material with its `kid` and what it may do.
///
/// Of a JWK the members named here are kept; the others (`x5c`, `x5t`, any extension) are
/// not, and are not written again.
pub struct Key {
    pub(super) material: Material,
    pub(super) kid: String,
    pub(super) declared: Option<Algorithm>,
    pub(super) permitted: Permitted,
    pub(super) state: Option<State>,
    pub(super) created: Option<i64>,
    pub(super) accepted_until: Option<i64>,
    /// Whether its text held no other.
    pub(super) alone: bool,
}

/// What `key_ops` leaves (RFC 7517 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permitted {
    pub(super) sign: bool,
    pub(super) verify: bool,
}

impl Permitted {
    pub(super) const ALL: Self = Self {
        sign: true,
        verify: true,
    };
}

impl Key {
    /// A key of this material that declares nothing, with a derived `kid`.
    pub(super) fn of(material: Material) -> Self {
        let mut kid = identity::digest(&material);
        kid.truncate(identity::KID_LENGTH);
        Self::named(material, kid)
    }

    /// The same under a name that it has already.
    pub(super) fn named(material: Material, kid: String) -> Self {
        Self {
            material,
            kid,
            declared: None,
            permitted: Permitted::ALL,
            state: None,
            created: None,
            accepted_until: None,
            alone: false,
        }
    }

    /// The `kid`: the JWK's own, else derived from the key. A public key: the first 16
    /// characters of its RFC 7638 SHA-256 thumbprint, so private and public half share it. A
    /// secret: the first 16 characters of base64url(HMAC-SHA256(secret, "mcpjwt kid v1")).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The whole of what a derived `kid` is cut from, `SHA256:` in front (43 characters after it).
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", identity::digest(&self.material))
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.material.kind()
    }

    /// The JWK's own `alg`.
    pub fn declared(&self) -> Option<Algorithm> {
        self.declared
    }

    /// Whether it holds what signing takes, and its `key_ops` allow it.
    pub fn can_sign(&self) -> bool {
        self.material.is_private() && self.permitted.sign
    }

    /// The algorithm to use: the JWK's `alg`, else `asked`, else the default of the kind.
    /// `alg_key_mismatch` when the kind cannot do `asked` or the JWK denies it.
    pub fn algorithm(&self, asked: Option<Algorithm>) -> Result<Algorithm, Error> {
        let algorithm = asked
            .or(self.declared)
            .unwrap_or_else(|| self.kind().default_algorithm());
        let name = algorithm.name();
        if algorithm.kind() != self.kind() {
            let (wanted, kind) = (algorithm.kind().name(), self.kind().name());
            return Err(Error::new(
                Code::AlgKeyMismatch,
                format!("{name} takes a key of kind {wanted}, and this one is of kind {kind}"),
            ));
        }
        match self.declared {
            Some(declared) if declared != algorithm => Err(Error::new(
                Code::AlgKeyMismatch,
                format!(
                    "the key is for {} only, and not for {name}",
                    declared.name()
                ),
            )),
            _ => Ok(algorithm),
        }
    }

    /// Refuses a key that is too short, a published default, or of a weak kind for `alg`:
    /// `key_too_short`, `key_weak`.
    ///
    /// What a secret is made of is judged by [`super::Signer::new`] alone.
    pub fn check_strength(&self, alg: Algorithm) -> Result<(), Error> {
        match &self.material {
            Material::Secret(secret) => weak::check(secret, alg),
            Material::Rsa(rsa) if bits(&rsa.n) < *RSA_BITS.start() => {
                let bits = bits(&rsa.n);
                Err(Error::new(
                    Code::KeyWeak,
                    format!(
                        "the RSA key has {bits} bits, and 2048 are required (RFC 7518 section 3.3)"
                    ),
                )
                .hint("make another with `mcpjwt secret generate --alg RS256 --to PLACE`"))
            }
            Material::Rsa(rsa) if roca::has_structure(&rsa.n) => Err(Error::new(
                Code::KeyWeak,
                "the RSA key was made by a faulty generator and can be factored (CVE-2017-15361)",
            )
            .hint("make another with `mcpjwt secret generate --alg RS256 --to PLACE`")),
            Material::Ed25519(ed) if !ed25519::is_good_point(&ed.x) => Err(Error::new(
                Code::KeyWeak,
                "the Ed25519 key is a point with which signatures prove nothing",
            )),
            Material::Rsa(_) | Material::Ec(_) | Material::Ed25519(_) => Ok(()),
        }
    }

    /// The bytes of a secret; nothing for key pairs.
    pub fn secret_bytes(&self) -> Option<&Secret> {
        match &self.material {
            Material::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// Where it stands, for keys of our own sets.
    pub fn state(&self) -> Option<State> {
        self.state
    }

    /// When it was made (`iat` of `OpenID` Federation's JWK members), if known.
    pub fn created(&self) -> Option<i64> {
        self.created
    }

    /// Until when a previous key is accepted (`exp` likewise), if known.
    pub fn accepted_until(&self) -> Option<i64> {
        self.accepted_until
    }

    /// Whether nothing that it has signed is accepted any more: it is retired, or its date has come.
    pub fn is_over(&self, now: i64) -> bool {
        match self.state {
            Some(State::Retired) => true,
            Some(State::Previous) => self.accepted_until.is_some_and(|until| until <= now),
            Some(State::Current | State::Next) | None => false,
        }
    }

    /// Whether its text held no other: then the `kid` of a token is only a hint (RFC 7515 section
    /// 4.1.4).
    pub fn is_alone(&self) -> bool {
        self.alone
    }

    /// Whether its set accepts it at `now`: never a retired key, a previous one until the second
    /// of its `exp`, in which it is out as a token is. A key without a state counts as current.
    pub fn is_accepted(&self, now: i64) -> bool {
        match self.state.unwrap_or(State::Current) {
            State::Next | State::Current => true,
            State::Previous => self.accepted_until.is_none_or(|until| now < until),
            State::Retired => false,
        }
    }

    /// The same key with other standing in its set.
    #[must_use]
    pub fn standing(self, state: State, created: Option<i64>, accepted_until: Option<i64>) -> Self {
        Self {
            state: Some(state),
            created,
            accepted_until,
            ..self
        }
    }

    /// The same key with its algorithm written down.
    #[must_use]
    pub fn declaring(self, alg: Algorithm) -> Self {
        Self {
            declared: Some(alg),
            ..self
        }
    }

    /// A secret of these bytes.
    pub fn from_secret(bytes: Secret) -> Self {
        Self::of(Material::Secret(bytes))
    }

    /// A second copy, on purpose and by name.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            material: self.material.duplicate(),
            kid: self.kid.clone(),
            ..*self
        }
    }

    /// The RFC 7638 thumbprint, base64url; `oct` keys have one too (never shown: it is a plain hash).
    pub fn thumbprint(&self, hash: Hash) -> String {
        identity::thumbprint(&self.material, hash)
    }
}

/// Kind and `kid`, which are public.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} {})", self.kind().name(), self.kid.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_accepted_at_each_edge() {
        use State::{Current, Next, Previous, Retired};
        #[rustfmt::skip]
        let cases = [
            // state         until      want at 100
            (None,           None,      true),
            (None,           Some(100), true),
            (Some(Next),     Some(1),   true),
            (Some(Current),  Some(1),   true),
            (Some(Previous), None,      true),
            (Some(Previous), Some(101), true),
            (Some(Previous), Some(100), false),
            (Some(Retired),  Some(101), false),
            (Some(Retired),  None,      false),
        ];
        for (state, accepted_until, want) in cases {
            let key = Key {
                state,
                accepted_until,
                ..Key::from_secret(Secret::from("any"))
            };
            let about = format!("{state:?} until {accepted_until:?}");
            assert_eq!(key.is_accepted(100), want, "{about}");
        }
    }
}
