//! What a rotation leaves to be done later: an old key whose date has come goes, what is
//! published follows, and one that was killed comes to its end.

use crate::error::{Code, Error};
use crate::key::{KeySet, Kind};
use crate::manifest::{Of, Use};
use crate::secret::Secret;
use crate::session::Session;
use crate::session::manifest::{Loaded, permit};
use crate::session::places::{self, Edit, Replace};

/// The public keys on their way to the `jwks` place of a manifest, where it has one and there are
/// any.
pub(crate) fn publish(
    loaded: &Loaded,
    keys: &KeySet,
    session: &mut Session<'_, '_>,
) -> Result<Option<Edit>, Error> {
    let Some(place) = &loaded.manifest.jwks else {
        return Ok(None);
    };
    let jwks = Use {
        by: "`jwks`".to_owned(),
        of: Of::Place(place),
    };
    permit(loaded, &jwks, session)?;
    let place = loaded.place(place, session)?;
    if keys.keys.iter().all(|key| key.kind() == Kind::Secret) {
        session.warn(
            Error::new(
                Code::KeyUnusable,
                format!("nothing was published at `{place}`: a secret has no public part"),
            )
            .hint("take `jwks` out of the manifest"),
        );
        return Ok(None);
    }
    let text = Secret::from(keys.to_public_jwks(session.host.facts.now));
    places::decide_public(&place, text, Replace::Public, session).map(Some)
}
