//! The one way in which we change the text of a manifest, and make a new one.

use std::cell::OnceCell;
use std::path::Path;
use std::rc::Rc;

use super::{Loaded, Trust, leads, shown, trust, understood};
use crate::error::{Code, Error, Errors};
use crate::host::{Edited, Privacy, Target};
use crate::manifest::FILE;
use crate::secret::Secret;
use crate::session::Session;
use crate::state::trust::digest;

/// A change of the text of a manifest: what it would be.
pub(crate) struct Change {
    /// The manifest then.
    pub(crate) new: Loaded,
    /// Its text now, and then.
    pub(crate) texts: (Secret, String),
}

/// Changes the text of a manifest that was read, and gives it as it is then; the rest of the run
/// finds that one.
///
/// Nothing is written that could not be read again, nor over a text that another one has changed
/// meanwhile. A manifest that was trusted stays so, wherever the run is killed.
pub(crate) fn edit(
    loaded: &Loaded,
    change: &mut dyn FnMut(&str) -> Result<String, Error>,
    session: &mut Session<'_, '_>,
) -> Result<Rc<Loaded>, Errors> {
    let change = changed(loaded, change, session)?;
    write(loaded, change, session)
}

/// The same, and nothing is written yet.
pub(crate) fn changed(
    loaded: &Loaded,
    change: &mut dyn FnMut(&str) -> Result<String, Error>,
    session: &mut Session<'_, '_>,
) -> Result<Change, Errors> {
    let found = session.host.files.read_plain(&loaded.path)?;
    let found = found.filter(|found| digest(found.bytes.expose()) == loaded.digest);
    let found = found.ok_or_else(|| meanwhile(loaded))?;
    let old = found.bytes.expose_str().ok_or_else(|| meanwhile(loaded))?;
    let text = change(old).map_err(|error| {
        let message = format!("cannot edit `{}`: {}", loaded.shown, error.message);
        Error { message, ..error }.at(&*loaded.shown)
    })?;
    let new = Loaded {
        manifest: understood(&text, &loaded.shown, session)?,
        path: loaded.path.clone(),
        digest: digest(text.as_bytes()),
        shown: loaded.shown.clone(),
        trust: OnceCell::new(),
    };
    trust::inherit(&new, loaded, session)?;
    Ok(Change {
        new,
        texts: (found.bytes, text),
    })
}

/// Writes a change.
pub(crate) fn write(
    loaded: &Loaded,
    change: Change,
    session: &mut Session<'_, '_>,
) -> Result<Rc<Loaded>, Errors> {
    let Change {
        new,
        texts: (old, text),
    } = change;
    let trusted = trust::trust_of(&new, session)?;
    if trusted == Trust::Given {
        trust::foresee(loaded, &new, session)?;
    }
    if !put(&new, &text, Some(old.expose()), session)? {
        return Err(meanwhile(loaded).into());
    }
    if trusted == Trust::Given {
        trust::renew(&new, session)?;
    }
    let new = Rc::new(new);
    let known = session.manifest.found.get();
    if known.is_some_and(|known| known.as_ref().is_some_and(|it| it.path == new.path)) {
        session.manifest.found = OnceCell::from(Some(Rc::clone(&new)));
    }
    Ok(new)
}

/// What a new manifest with this text would be.
pub(crate) fn draft(
    path: &Path,
    text: &str,
    session: &mut Session<'_, '_>,
) -> Result<Loaded, Errors> {
    let shown = shown(path, session);
    let folder = path.parent().unwrap_or(path);
    super::settle_project(folder, session);
    let folder = session.host.files.leads_to(folder)?;
    Ok(Loaded {
        manifest: understood(text, &shown, session)?,
        path: folder.join(path.file_name().unwrap_or_else(|| FILE.as_ref())),
        digest: digest(text.as_bytes()),
        shown,
        trust: OnceCell::new(),
    })
}

/// Writes a new manifest, and trusts it where that can be recorded; one that is there stays.
pub(crate) fn create(
    draft: &Loaded,
    text: &str,
    session: &mut Session<'_, '_>,
) -> Result<Trust, Errors> {
    let mut trust = trust::trust_of(draft, session)?;
    if matches!(trust, Trust::Never | Trust::Changed) {
        // Before it is there: a run that ends in between has trusted this text and no other.
        let demands = trust::demands(draft, session)?;
        let leads = leads(draft, &demands, session);
        trust::keep(draft, leads, session)?;
        trust = Trust::Given;
    }
    if !put(draft, text, None, session)? {
        return Err(exists(&draft.path, session).into());
    }
    Ok(trust)
}

/// That there is a manifest already.
pub(crate) fn exists(path: &Path, session: &Session<'_, '_>) -> Error {
    let shown = shown(path, session);
    Error::new(
        Code::PlaceForeignValue,
        format!("there is a manifest already: `{shown}`"),
    )
    .hint("add to it with `mcpjwt add SUB --to PLACE`, or name another one with `--to FILE`")
    .at(shown)
}

/// Writes a text in place of this one; says whether that was there.
fn put(
    loaded: &Loaded,
    text: &str,
    old: Option<&[u8]>,
    session: &mut Session<'_, '_>,
) -> Result<bool, Error> {
    let target = Target {
        path: loaded.path.clone(),
        privacy: Privacy::Public,
        lock: None,
    };
    let mut is_as_seen = true;
    session.host.files.update(&target, &mut |bytes| {
        is_as_seen = bytes == old;
        if !is_as_seen {
            return Ok(Edited::Leave);
        }
        Ok(Edited::Replace(Secret::from(text)))
    })?;
    Ok(is_as_seen)
}

fn meanwhile(loaded: &Loaded) -> Error {
    let shown = &loaded.shown;
    Error::new(
        Code::Overwritten,
        format!("`{shown}` was changed by another program meanwhile, so it is left as it is"),
    )
    .hint("run the same command again")
    .at(&**shown)
}
