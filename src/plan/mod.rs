//! What a manifest wants of a place and what is there, to what is done and why.
//!
//! Pure. Reading the places, minting and writing is `session`'s.

mod judge;
mod template;
#[cfg(test)]
mod tests;
mod words;

pub use self::judge::{Judged, Ours, judge};
pub use self::template::{Said, Wanted, wanted};
pub use self::words::keys_for_options;
use crate::client::Mode;

/// Why a place is not as the manifest wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is there.
    Missing,
    /// A token that is cut or damaged: what was found.
    Malformed(String),
    /// A token without a signature.
    Unsigned,
    /// A signature of no key of ours.
    UnknownKey,
    /// A signature that does not fit the key it names.
    Signature,
    /// A token that every server refuses for this.
    Refused(String),
    /// It was revoked.
    Revoked,
    /// A token of a previous key.
    PreviousKey,
    /// It has expired, at this second.
    Expired(i64),
    /// It expires soon, at this second.
    Ending(i64),
    /// It never expires.
    Endless,
    /// It was made to last longer than it is to last, in seconds.
    Lasting {
        /// How long it lasts from its issue on.
        lasts: i64,
        /// How long is wanted.
        ttl: i64,
    },
    /// It is not valid before this second.
    Early(i64),
    /// These claims are others; `typ` is the header's.
    Claims(Vec<String>),
    /// The token is to get to the server by this mode, and does not.
    Mode(Mode),
    /// What stands for the token is another.
    Reference,
    /// It was asked for.
    Renewed,
    /// The public keys there are not the ones that count.
    PublicKeys,
    /// The previous key there is accepted no longer, since this second.
    Over(i64),
    /// The staged key there signs already.
    Promoted,
    /// A rotation of the key there was begun and not ended.
    RotationOpen,
}

impl Reason {
    /// The word in `--json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed(_) => "malformed",
            Self::Unsigned => "unsigned",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::Refused(_) => "refused",
            Self::Revoked => "revoked",
            Self::PreviousKey => "previous_key",
            Self::Expired(_) => "expired",
            Self::Ending(_) => "expiring",
            Self::Endless => "endless",
            Self::Lasting { .. } => "lasts_longer",
            Self::Early(_) => "not_yet_valid",
            Self::Claims(_) => "claims",
            Self::Mode(_) => "mode",
            Self::Reference => "reference",
            Self::Renewed => "renewed",
            Self::PublicKeys => "public_keys",
            Self::Over(_) => "over",
            Self::Promoted => "promoted",
            Self::RotationOpen => "rotation_open",
        }
    }
}

/// What is done at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Keep,
    /// It gets a new token.
    Mint,
    /// It gets the token of this other place.
    Copy(usize),
    /// It gets what stands for the token.
    Refer,
}

/// Which tokens are minted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renew {
    /// Those that are due.
    Due,
    /// All.
    All,
}

/// A place of a token, as it was found.
#[derive(Debug)]
pub struct Spot<'r> {
    /// Whether something stands for the token there.
    pub refers: bool,
    /// Why it is not as it is wanted.
    pub reasons: &'r [Reason],
    /// The end of the token there, where that is good.
    pub good_until: Option<i64>,
}

/// Decides about the places of one token: a good token at one of them is enough for all, the one
/// that lasts longest.
pub fn acts(spots: &[Spot<'_>], renew: Renew) -> Vec<Act> {
    let good = spots.iter().enumerate().filter(|(_, spot)| !spot.refers);
    let good = good.filter_map(|(at, spot)| Some((spot.good_until?, at)));
    let source = match renew {
        Renew::Due => good.max_by_key(|(until, at)| (*until, std::cmp::Reverse(*at))),
        Renew::All => None,
    };
    let act = |spot: &Spot<'_>| match (spot.refers, spot.reasons, renew, source) {
        (false, _, Renew::All, _) => Act::Mint,
        (_, [], ..) => Act::Keep,
        (true, ..) => Act::Refer,
        (false, _, _, Some((_, at))) => Act::Copy(at),
        (false, _, _, None) => Act::Mint,
    };
    spots.iter().map(act).collect()
}
