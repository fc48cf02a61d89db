//! Where a path leads: through links once, and never again.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{cannot, refused, system, unreadable};
use crate::error::{Code, Error};

/// More links than the kernel follows.
const LINKS: usize = 40;

/// A file that is to be written, whether it exists or not.
pub(super) struct Place {
    /// As it was given, for messages.
    pub(super) shown: PathBuf,
    /// Without any link.
    pub(super) path: PathBuf,
    /// The folder it is in, without any link.
    pub(super) folder: PathBuf,
    /// Its name in that folder.
    name: OsString,
}

impl Place {
    /// Follows all links; the file itself need not exist. When its folder does not
    /// exist either, that folder is the inner error.
    pub(super) fn resolve(shown: &Path) -> Result<Result<Self, PathBuf>, Error> {
        let path = follow(shown).map_err(|error| match error.kind() {
            ErrorKind::IsADirectory => refused(Code::PlaceUnwritable, shown, "it is a folder"),
            _ => cannot("write", shown, &error),
        })?;
        let Some(name) = path.file_name() else {
            return Err(refused(Code::PlaceUnwritable, shown, "it is a folder"));
        };
        let folder = folder_of(&path);
        match system::real(folder) {
            Ok(folder) => Ok(Ok(Self {
                shown: shown.to_owned(),
                path: folder.join(name),
                name: name.to_owned(),
                folder,
            })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(folder.to_owned())),
            Err(error) => Err(cannot("write", shown, &error)),
        }
    }

    /// How the names of its temporary files begin. A name that is too long for
    /// more letters is replaced by its hash.
    pub(super) fn temp_prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        if self.name.len() > 200 {
            prefix.push(&super::lock::hash(self.name.as_encoded_bytes())[..16]);
        } else {
            prefix.push(&self.name);
        }
        prefix.push(".mcpjwt-");
        prefix
    }

    /// A lock beside the file, for our own store where there is no state folder.
    pub(super) fn lock_beside(&self) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(".lock");
        self.folder.join(name)
    }

    /// Where other programs lock it: beside the file, and beside a link to it.
    pub(super) fn locks_beside(&self) -> Vec<PathBuf> {
        let beside = |folder: &Path, name: &OsStr| {
            let mut lock = name.to_owned();
            lock.push(".lock");
            folder.join(lock)
        };
        let mut locks = vec![beside(&self.folder, &self.name)];
        if let Some(name) = self.shown.file_name()
            && let Ok(folder) = system::real(folder_of(&self.shown))
        {
            locks.push(beside(&folder, name));
        }
        locks.dedup();
        locks
    }

    /// Removes what writers that were killed have left behind.
    pub(super) fn remove_stale(&self) {
        let prefix = self.temp_prefix();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for entry in entries.flatten() {
            if !starts_with(&entry.file_name(), &prefix) {
                continue;
            }
            let is_ours = entry
                .metadata()
                .is_ok_and(|about| about.is_file() && system::stat(&about).ours);
            if is_ours {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Where a path leads, without any link; folders on the way that do not exist stay as they
/// are written.
pub(super) fn leads_to(shown: &Path) -> Result<PathBuf, Error> {
    match system::real(shown) {
        Ok(real) => return Ok(real),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable(shown, &error)),
    }
    let missing = match Place::resolve(shown)? {
        Ok(place) => return Ok(place.path),
        Err(folder) => folder,
    };
    let path = follow(shown).map_err(|error| cannot("write", shown, &error))?;
    for folder in missing.ancestors() {
        if let Ok(real) = system::real(folder)
            && let Ok(below) = path.strip_prefix(folder)
        {
            return Ok(real.join(below));
        }
    }
    Ok(path)
}

/// Where many paths lead: what several of them share is looked at once, and nothing below a folder
/// that is not there.
#[derive(Default)]
pub(in crate::host) struct Leads {
    folders: HashMap<PathBuf, Option<Folder>>,
}

/// A folder without any link in its path.
#[derive(Clone)]
struct Folder {
    real: PathBuf,
    is_there: bool,
}

impl Leads {
    /// The same as [`leads_to`] alone.
    pub(in crate::host) fn leads_to(&mut self, path: &Path) -> Result<PathBuf, Error> {
        // Where case does not count a name may be spelled in many ways, and the system knows one.
        let is_exact = !cfg!(any(windows, target_os = "macos"));
        let (Some(folder), Some(name), true) = (path.parent(), path.file_name(), is_exact) else {
            return leads_to(path);
        };
        let Some(folder) = self.folder(folder) else {
            return leads_to(path);
        };
        let is_plain = || match fs::symlink_metadata(path) {
            Ok(about) => about.is_file(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        if folder.is_there && !is_plain() {
            return leads_to(path);
        }
        Ok(folder.real.join(name))
    }

    /// A folder; `None` where it has to be asked for with what is in it.
    fn folder(&mut self, path: &Path) -> Option<Folder> {
        if let Some(known) = self.folders.get(path) {
            return known.clone();
        }
        let folder = match (path.parent(), path.file_name()) {
            (Some(above), Some(name)) => {
                self.folder(above).and_then(|above| above.below(name, path))
            }
            (None, None) if path.is_absolute() => Some(Folder {
                real: path.to_owned(),
                is_there: true,
            }),
            _ => None,
        };
        self.folders.insert(path.to_owned(), folder.clone());
        folder
    }
}

impl Folder {
    /// The folder of this name in it, at this path.
    fn below(self, name: &OsStr, path: &Path) -> Option<Self> {
        let real = self.real.join(name);
        if !self.is_there {
            return Some(Self { real, ..self });
        }
        let (real, is_there) = match fs::symlink_metadata(path) {
            Ok(about) if about.is_dir() => (real, true),
            Ok(about) if about.is_symlink() => (system::real(path).ok()?, true),
            Err(error) if error.kind() == ErrorKind::NotFound => (real, false),
            _ => return None,
        };
        Some(Self { real, is_there })
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn starts_with(name: &OsStr, prefix: &OsStr) -> bool {
    name.as_encoded_bytes()
        .starts_with(prefix.as_encoded_bytes())
}

/// Follows the links at the end of a path, one by one: `canonicalize` would fail at a
/// link whose target is yet to be made.
fn follow(shown: &Path) -> io::Result<PathBuf> {
    let mut path = shown.to_owned();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&path) {
            Ok(about) if about.is_symlink() => {
                let to = fs::read_link(&path)?;
                path.pop();
                path.push(to);
            }
            Ok(about) if about.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many links"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_kernel_and_the_library_lead_to_the_same() {
        let room = tempfile::tempdir().unwrap();
        let at = |name: &str| room.path().join(name);
        fs::create_dir_all(at("a (b)/c")).unwrap();
        fs::write(at("a (b)/c/file"), "").unwrap();
        fs::write(at("a (b)/c/x (deleted)"), "").unwrap();
        symlink("a (b)/c", at("folder")).unwrap();
        symlink("folder/file", at("link")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        for name in [
            "a (b)",
            "folder",
            "folder/../c/file",
            "folder/x (deleted)",
            "link",
            "link/below",
            "loop",
            "dangling",
            "absent",
        ] {
            let path = at(name);
            let (ours, library) = (system::real(&path), fs::canonicalize(&path));
            assert_eq!(ours.as_ref().ok(), library.as_ref().ok(), "{name}");
            let kind = |result: &io::Result<PathBuf>| result.as_ref().err().map(io::Error::kind);
            assert_eq!(kind(&ours), kind(&library), "{name}");
        }
    }

    #[test]
    fn many_lead_where_each_does_alone() {
        let room = tempfile::tempdir().unwrap();
        let at = |name: &str| room.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::write(at("a/b/file"), "").unwrap();
        fs::write(at("file"), "").unwrap();
        symlink("a/b", at("link")).unwrap();
        symlink("../absent", at("a/dangling")).unwrap();
        symlink("file", at("a/b/to-file")).unwrap();
        symlink("../to/come", at("a/b/to-come")).unwrap();
        symlink("loop", at("loop")).unwrap();
        #[rustfmt::skip]
        let names = [
            "a/b/file", "a/b/new", "a/b", "a", "link/file", "link/new", "link/to-file", "link/no/such",
            "a/b/to-file", "a/b/to-come", "a/dangling", "a/dangling/x", "a/dangling/x/y", "a/../file",
            "a/b/../new", "no/such/../file", "no/such/file", "no/such", "no", "file/x", "file/x/y", "loop",
            "loop/x", "a/./b/file", "link", "link/../file",
        ];
        let mut leads = Leads::default();
        for name in names.iter().chain(&names) {
            let path = at(name);
            let (many, alone) = (leads.leads_to(&path), leads_to(&path));
            let text = |led: &Result<PathBuf, Error>| format!("{led:?}");
            assert_eq!(text(&many), text(&alone), "{name}");
        }
    }
}
