//! Which folder a run takes for the project.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::located;
use crate::session::Session;

/// The folder whose configs are the project's: that of the run's manifest, so that it is the same
/// wherever below it the run was started; else the working directory. One in the config folder is
/// nobody's project.
pub(crate) fn project(session: &mut Session<'_, '_>) -> PathBuf {
    if let Some(known) = session.manifest.project.get() {
        return known.clone();
    }
    let is_none = matches!(session.manifest.found.get(), Some(None));
    // A manifest of somebody else makes no project of ours.
    if !is_none
        && let Ok(Some((path, found))) = located(session)
        && found.ours
    {
        return settle_project(path.parent().unwrap_or(&path), session);
    }
    // What is wrong is told by whoever needs the manifest. Of every client it is asked anew.
    let project = session.host.facts.cwd.clone();
    session.manifest.project = OnceCell::from(project.clone());
    project
}

/// From now on the run is about the project in this folder.
pub(super) fn settle_project(folder: &Path, session: &mut Session<'_, '_>) -> PathBuf {
    let config = session.host.facts.dirs.config.clone();
    let mut real = |path: &Path| session.host.files.leads_to(path).ok();
    let folder = real(folder).unwrap_or_else(|| folder.to_owned());
    let is_own = config.is_some_and(|config| real(&config).as_ref() == Some(&folder));
    let project = if is_own {
        session.host.facts.cwd.clone()
    } else {
        folder
    };
    session.manifest.project = OnceCell::from(project.clone());
    project
}
