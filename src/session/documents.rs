//! Our own records that are one JSON document each: read, and changed under their lock.

use std::path::{Path, PathBuf};

use super::Session;
use crate::error::{Code, Error};
use crate::host::{Edited, Privacy, Target};
use crate::report;
use crate::secret::Secret;
use crate::state::{Document, Unread};

/// Which one, in words.
pub(crate) struct About {
    /// The file in the state folder.
    pub(crate) file: &'static str,
    /// What it keeps.
    pub(crate) what: &'static str,
    /// What to do when a damaged one was moved away.
    pub(crate) mend: &'static str,
}

/// Reads it; none yet is an empty one. A damaged one is an error: nobody knows what it said.
pub(crate) fn read<D: Document>(about: &About, session: &mut Session<'_, '_>) -> Result<D, Error> {
    let path = file(about, session)?;
    let found = session.host.files.read_store(&path)?;
    parsed(
        found.as_ref().map(|found| found.bytes.expose()),
        &path,
        about,
    )
}

/// Changes it; one that stays as it is is not written.
pub(crate) fn change<D: Document>(
    about: &About,
    session: &mut Session<'_, '_>,
    edit: &mut dyn FnMut(&mut D),
) -> Result<(), Error> {
    let path = file(about, session)?;
    let target = Target {
        path: path.clone(),
        privacy: Privacy::Store,
        lock: None,
    };
    session.host.files.update(&target, &mut |text| {
        let mut document = parsed::<D>(text, &path, about)?;
        edit(&mut document);
        let text = document.text().map_err(|error| {
            let what = format!("the record of {} could not be written", about.what);
            Error::new(Code::Internal, what).source(error)
        })?;
        Ok(Edited::Replace(Secret::from(text)))
    })?;
    Ok(())
}

fn parsed<D: Document>(text: Option<&[u8]>, path: &Path, about: &About) -> Result<D, Error> {
    let Some(text) = text else {
        return Ok(D::new());
    };
    let shown = path.display();
    let error = |why| match why {
        Unread::Newer => Error::new(
            Code::StateUnreadable,
            format!("`{shown}` was written by a newer version of mcpjwt"),
        )
        .hint("update mcpjwt"),
        Unread::Damaged => {
            let away = report::moving_away(path);
            let hint = format!(
                "restore it from a copy, or move it away with `{away}` and {}",
                about.mend
            );
            Error::new(Code::StateUnreadable, format!("`{shown}` is damaged")).hint(hint)
        }
    };
    D::read(text).map_err(|why| error(why).at(shown.to_string()))
}

fn file(about: &About, session: &Session<'_, '_>) -> Result<PathBuf, Error> {
    let state = session.host.facts.dirs.state.as_ref().ok_or_else(|| {
        let what = about.what;
        Error::new(
            Code::StateUnwritable,
            format!("there is no folder for {what}: neither `MCPJWT_HOME` nor `HOME` is set"),
        )
        .hint("set `MCPJWT_HOME`")
    })?;
    Ok(state.join(about.file))
}
