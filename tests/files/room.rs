//! A folder with files, and the writer that works there.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use mcpjwt::error::Error;
use mcpjwt::host::{Edited, Files, Privacy, RealFiles, Target, Written};
use mcpjwt::secret::Secret;
use tempfile::TempDir;

pub(crate) const FIRST: Privacy = Privacy::Secret { first_secret: true };
pub(crate) const AGAIN: Privacy = Privacy::Secret {
    first_secret: false,
};

pub(crate) struct Room {
    folder: TempDir,
}

impl Room {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("in").join(name)
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("home/state")
    }

    pub(crate) fn files(&self) -> RealFiles {
        RealFiles::new(Some(&self.state()))
    }

    pub(crate) fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn put(
    files: &mut RealFiles,
    path: &Path,
    privacy: Privacy,
    text: &str,
) -> Result<Written, Error> {
    let target = Target {
        path: path.to_owned(),
        privacy,
        lock: None,
    };
    files.update(&target, &mut |_| Ok(Edited::Replace(Secret::from(text))))
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}
