//! The one way in which we change the text of a manifest.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{Loaded, Trust, trust, understood};
use crate::error::{Code, Error, Errors};
use crate::host::{Edited, Privacy, Target};
use crate::secret::Secret;
use crate::session::Session;
use crate::state::trust::digest;

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
    let found = session.host.files.read_plain(&loaded.path)?;
    let found = found.filter(|found| digest(found.bytes.expose()) == loaded.digest);
    let found = found.ok_or_else(|| changed(loaded))?;
    let old = found.bytes.expose_str().ok_or_else(|| changed(loaded))?;
    let text = change(old).map_err(|error| {
        let message = format!("cannot edit `{}`: {}", loaded.shown, error.message);
        Error { message, ..error }.at(&*loaded.shown)
    })?;
    let trusted = trust::trust_of(loaded, session)?;
    let new = Loaded {
        manifest: understood(&text, &loaded.shown, session)?,
        path: loaded.path.clone(),
        digest: digest(text.as_bytes()),
        shown: loaded.shown.clone(),
        trust: OnceCell::from(trusted),
    };
    if trusted == Trust::Given {
        trust::foresee(loaded, &new, session)?;
    }
    let target = Target {
        path: loaded.path.clone(),
        privacy: Privacy::Public,
        lock: None,
    };
    session.host.files.update(&target, &mut |bytes| {
        if bytes != Some(old.as_bytes()) {
            return Err(changed(loaded));
        }
        Ok(Edited::Replace(Secret::from(text.clone())))
    })?;
    if trusted == Trust::Given {
        trust::keep(&new, session)?;
    }
    let new = Rc::new(new);
    let known = session.manifest.found.get();
    if known.is_some_and(|known| known.as_ref().is_some_and(|it| it.path == new.path)) {
        session.manifest.found = OnceCell::from(Some(Rc::clone(&new)));
    }
    Ok(new)
}

fn changed(loaded: &Loaded) -> Error {
    let shown = &loaded.shown;
    Error::new(
        Code::Overwritten,
        format!("`{shown}` was changed by another program meanwhile, so it is left as it is"),
    )
    .hint("run the same command again")
    .at(&**shown)
}
