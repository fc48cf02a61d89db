//! A survey made into edits: tokens are minted, and nothing is written yet.

use super::Ask;
use super::row::Row;
use super::survey::{Survey, Surveyed};
use crate::client::Means;
use crate::error::{Errors, Gather};
use crate::manifest::{Git, Of, Use};
use crate::plan::Act;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::manifest::permit;
use crate::session::mint::Signing;
use crate::session::places::{self, Edit};
use crate::state::ledger::Record;
use crate::token;

/// What a run does.
pub(crate) struct Decided {
    /// Every place of the manifest.
    pub(crate) rows: Vec<Row>,
    /// The tokens that were minted.
    pub(super) minted: Vec<Minted>,
    /// What is written.
    pub(crate) edits: Vec<Edit>,
    /// What stands for tokens from now on.
    pub(super) means: Vec<Means>,
}

/// A token that was minted, and the edits that take it to its places.
pub(super) struct Minted {
    pub(super) record: Record,
    pub(super) edits: Vec<usize>,
}

/// Decides every edit. `signing` is the key of new tokens; a survey that mints none needs none.
pub(crate) fn decide(
    mut survey: Survey,
    (ask, signing): (&Ask<'_>, Option<&Signing<'_>>),
    session: &mut Session<'_, '_>,
) -> Result<Decided, Errors> {
    let mut decided = Decided {
        rows: Vec::new(),
        minted: Vec::new(),
        edits: Vec::new(),
        means: Vec::new(),
    };
    if let Some(row) = survey.jwks_row(session.host.facts.now) {
        let edit = survey.jwks.take().map(|(_, edit)| edit);
        decided.add(row, edit);
    }
    let mut gather = Gather::default();
    for token in survey.tokens {
        gather.take(decided.take(token, signing, session));
    }
    gather.done()?;
    if ask.loaded.manifest.git == Git::Refuse {
        places::guard(&decided.edits, ask.way, session)?;
    } else if !decided.edits.is_empty() {
        let git = Use {
            by: "`git`".to_owned(),
            of: Of::Git,
        };
        permit(ask.loaded, &git, session)?;
    }
    Ok(decided)
}

impl Decided {
    /// What a dry run shows: the lines that would change.
    pub(crate) fn shown(&self) -> String {
        let edits = self.rows.iter().filter_map(|row| Some((row, row.edit?)));
        edits
            .map(|(row, number)| self.edits[number].shown_as(&row.place))
            .collect()
    }

    fn add(&mut self, row: Row, edit: Option<Edit>) -> usize {
        let number = self.edits.len();
        self.rows.push(Row {
            edit: edit.is_some().then_some(number),
            ..row
        });
        self.edits.extend(edit);
        number
    }

    fn take(
        &mut self,
        mut token: Surveyed,
        signing: Option<&Signing<'_>>,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Errors> {
        let now = session.host.facts.now;
        let is_new = token.spots.iter().any(|spot| spot.act == Act::Mint);
        let mut edits = Vec::new();
        // What the places get that do not keep what they have.
        let mut given = None;
        if let Some(signing) = signing.filter(|_| is_new) {
            let minted = signing.mint(&token.template, session)?;
            given = Some((minted.text, minted.record));
        } else if let Some(spot) = token.source() {
            let text = token::bare(spot.looked.text());
            given = Some((Secret::from(text), spot.record(&token, now)));
        }
        let mut gather = Gather::default();
        for spot in std::mem::take(&mut token.spots) {
            let mut row = spot.row(&token, now)?;
            let empty = Secret::from("");
            let text = match (&given, spot.act) {
                (_, Act::Keep) => {
                    self.add(row, None);
                    continue;
                }
                (Some((text, record)), Act::Mint | Act::Copy(_)) => {
                    row.record = record.clone();
                    text
                }
                _ => {
                    self.means.push(spot.target.wish.means.clone());
                    &empty
                }
            };
            let edit = spot.looked.decide(spot.target.value(text), session);
            if let Some(edit) = gather.take(edit) {
                let is_mint = spot.act == Act::Mint;
                let number = self.add(row, Some(edit.keeping(spot.file_mode)));
                edits.extend(is_mint.then_some(number));
            }
        }
        if let Some((_, record)) = given.filter(|_| is_new) {
            self.minted.push(Minted { record, edits });
        }
        gather.done()
    }
}
