//! What a project has already: the files below a folder, looked into. Nothing is followed out of
//! it, and no file is read that its name does not call for.

use std::path::{Path, PathBuf};

use super::Session;
use super::configs::Configs;
use crate::error::{Error, Errors, Gather};
use crate::host::Listing;
use crate::manifest::findings::{Findings, Reads, reads};
use crate::place::{self, Scope};

/// Folders that others fill.
const SKIPPED: [&str; 17] = [
    ".cache",
    ".git",
    ".gradle",
    ".hg",
    ".mypy_cache",
    ".next",
    ".nox",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "__pycache__",
    "node_modules",
    "site-packages",
    "target",
    "vendor",
    "venv",
];
/// How deep folders are looked into.
const DEPTH: usize = 8;
/// How many files and folders are looked at.
const MOST: usize = 50_000;
/// The largest file that is looked into; configs are smaller by far.
const LARGEST: u64 = 1 << 20;

/// A file or folder, and how it is read where its name does not say so.
pub(crate) type Root = (PathBuf, Option<Reads>);

/// Looks into these files and folders. Paths are told from `base` on, absolute and without links, where they are below it.
pub(crate) fn look(
    roots: &[Root],
    base: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Findings, Errors> {
    let mut walk = Walk {
        base,
        home: session.host.facts.dirs.home.clone(),
        left: MOST,
        findings: Findings::default(),
    };
    let mut gather = Gather::default();
    for (root, reads) in roots {
        gather.take(walk.root(root, *reads, session));
    }
    gather.done().map(|()| walk.findings)
}

/// The configs that known clients have of this person.
pub(crate) fn of_clients(session: &mut Session<'_, '_>) -> Vec<Root> {
    let configs = Configs::of(session);
    let mut found: Vec<Root> = Vec::new();
    for config in configs.iter().filter(|config| config.scope == Scope::User) {
        for path in &config.paths {
            let is_known = found.iter().any(|(known, _)| known == path);
            if !is_known && matches!(session.host.files.read_plain(path), Ok(Some(_))) {
                found.push((path.clone(), Some(Reads::Tree(config.format))));
            }
        }
    }
    found
}

struct Walk<'b> {
    base: &'b Path,
    home: Option<PathBuf>,
    /// How many more are looked at.
    left: usize,
    findings: Findings,
}

impl Walk<'_> {
    /// What somebody named: its links are followed.
    fn root(
        &mut self,
        root: &Path,
        known: Option<Reads>,
        session: &mut Session<'_, '_>,
    ) -> Result<(), Error> {
        let root = session.host.files.leads_to(root)?;
        let name = root.file_name().and_then(|name| name.to_str());
        if let Some(reads) = known.or_else(|| name.and_then(reads))
            && let Ok(Some(found)) = session.host.files.read_plain(&root)
        {
            self.text(&root, reads, found.bytes.expose_str());
            return Ok(());
        }
        let below = self.folder(&root, session).map_err(|error| {
            error.hint("name a folder, a `.env` file, or a config in JSON or TOML")
        })?;
        // The nearest first.
        let mut open: Vec<(PathBuf, usize)> = below.into_iter().map(|it| (it, 1)).collect();
        let mut at = 0;
        while at < open.len() && self.left > 0 {
            let (folder, depth) = open[at].clone();
            at += 1;
            // A folder that we may not read is nobody's config.
            let below = self.folder(&folder, session).unwrap_or_default();
            if depth < DEPTH {
                open.extend(below.into_iter().map(|it| (it, depth + 1)));
            }
        }
        if self.left == 0 {
            let path = self.path(&root).filter(|path| !path.is_empty());
            let why = format!(
                "has more than {MOST} files, so the last were not looked at; `--scan` names them"
            );
            self.findings.leave_out(path.unwrap_or(".".to_owned()), why);
        }
        Ok(())
    }

    /// Looks into the files of a folder, and gives the folders in it.
    fn folder(
        &mut self,
        folder: &Path,
        session: &mut Session<'_, '_>,
    ) -> Result<Vec<PathBuf>, Error> {
        let mut below = Vec::new();
        for one in session.host.files.list(folder)? {
            self.left = self.left.saturating_sub(1);
            let Some(name) = one.name.to_str().filter(|_| self.left > 0) else {
                continue;
            };
            let path = folder.join(name);
            match (one.kind, reads(name)) {
                (Listing::Folder, _) if !SKIPPED.contains(&name) => below.push(path),
                (Listing::File(size), Some(reads)) if size <= LARGEST => {
                    self.file(&path, reads, session);
                }
                _ => {}
            }
        }
        Ok(below)
    }

    fn file(&mut self, path: &Path, reads: Reads, session: &mut Session<'_, '_>) {
        match session.host.files.read_plain(path) {
            Ok(Some(found)) => self.text(path, reads, found.bytes.expose_str()),
            Err(_) if reads == Reads::Dotenv => {
                if let Some(path) = self.path(path) {
                    self.findings.leave_out(path, "cannot be read");
                }
            }
            Ok(None) | Err(_) => {}
        }
    }

    fn text(&mut self, path: &Path, reads: Reads, text: Option<&str>) {
        if let (Some(path), Some(text)) = (self.path(path), text) {
            self.findings.take(&path, reads, text);
        }
    }

    /// As a path stands in the manifest: from its folder on, else from the home folder on.
    fn path(&self, path: &Path) -> Option<String> {
        place::contract(path, self.base, self.home.as_deref())
    }
}
