//! What a run does at each place, for people and for the ledger.

use super::survey::{Spot, Survey, Surveyed};
use crate::client::Mode;
use crate::error::Error;
use crate::place::Place;
use crate::plan::{Act, Reason};
use crate::state::ledger::{Event, Record};

/// A place, and what is done there.
pub(crate) struct Row {
    /// The name of its token; of keys none.
    pub(crate) token: Option<String>,
    /// As the manifest has it.
    pub(crate) place: Place,
    /// What is done.
    pub(crate) act: Act,
    /// How the token gets to the server.
    pub(crate) mode: Mode,
    /// Why.
    pub(crate) reasons: Vec<Reason>,
    /// The token that is there in the end; where something stands for one, its subject alone.
    pub(crate) record: Record,
    /// Which edit it is.
    pub(crate) edit: Option<usize>,
    /// The place as the ledger keeps it, where its token stays.
    pub(super) kept: Option<Place>,
}

impl Row {
    /// That of a place of keys.
    pub(crate) fn of_key(place: Place, reason: Reason, now: i64) -> Self {
        Self {
            token: None,
            place,
            act: Act::Refer,
            mode: Mode::Literal,
            reasons: vec![reason],
            record: Record::new(Event::Installed, now),
            edit: None,
            kept: None,
        }
    }
}

impl Survey {
    /// Every place, in the order of the manifest, with the token that is there now.
    pub(crate) fn rows(&self, now: i64) -> Result<Vec<Row>, Error> {
        let spots = self.tokens.iter();
        let spots = spots.flat_map(|token| token.spots.iter().map(move |spot| (token, spot)));
        let rows = spots.map(|(token, spot)| spot.row(token, now));
        self.jwks_row(now).into_iter().map(Ok).chain(rows).collect()
    }

    /// That of the public keys comes first: a server that reads them has to know the key of a
    /// token before it meets one.
    pub(super) fn jwks_row(&self, now: i64) -> Option<Row> {
        let (place, _) = self.jwks.as_ref()?;
        Some(Row::of_key(place.clone(), Reason::PublicKeys, now))
    }
}

impl Spot {
    pub(super) fn row(&self, token: &Surveyed, now: i64) -> Result<Row, Error> {
        let stays = self.act == Act::Keep && self.target.takes_token();
        Ok(Row {
            token: Some(token.name.clone()),
            place: self.place.clone(),
            act: self.act,
            mode: self.target.wish.means.mode(),
            reasons: self.reasons.clone(),
            record: self.record(token, now),
            edit: None,
            kept: stays.then(|| self.looked.lasting()).transpose()?,
        })
    }

    /// What the ledger keeps of the token that is there.
    pub(super) fn record(&self, token: &Surveyed, now: i64) -> Record {
        let kid = self.judged.kid.as_deref().unwrap_or_default();
        match &self.judged.claims {
            Some(claims) => Record::of(Event::Installed, now, claims, kid),
            None => Record {
                sub: token.template.sub.clone(),
                ..Record::new(Event::Installed, now)
            },
        }
    }
}
