//! The one writer: lock, read, edit, write beside, sync, compare, rename, sync.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::resolve::Place;
use super::system::{About, Kind, Stat};
use super::{Waiting, cannot, foreign, lock, refused, slurp, system, too_large, unreadable, why};
use crate::error::{Code, Error, shell_word};
use crate::host::{Edit, Edited, Privacy, Target, Written, no_folder, refuse_loose};
use crate::secret::Secret;

/// How often the edit is made anew because the file changed meanwhile.
const ROUNDS: usize = 5;

/// How long a rename is tried while another program has the file open (Windows).
const BUSY: Duration = Duration::from_secs(1);

/// A file as it was when it was read under the lock.
struct Seen {
    bytes: Secret,
    stat: Stat,
    /// Kept open: for our own store it is locked, against appends.
    _file: File,
}

pub(super) fn update(
    locks: Option<&Path>,
    target: &Target,
    edit: &mut Edit<'_>,
    tell: &mut Waiting<'_>,
) -> Result<Written, Error> {
    let place = place(target)?;
    let store = target.privacy == Privacy::Store;
    let held = lock::take(locks, &place, store, tell)?;
    if held.is_some() {
        place.remove_stale();
    }
    let _theirs = target
        .lock
        .map(|kind| foreign::take(kind, &place, tell))
        .transpose()?;
    for _ in 0..ROUNDS {
        let seen = look(&place, target.privacy, tell)?;
        let edited = edit(seen.as_ref().map(|seen| seen.bytes.expose()))?;
        let writing = Writing {
            place: &place,
            privacy: target.privacy,
            seen: seen.as_ref(),
        };
        let written = match edited {
            Edited::Leave => Some(Written::Unchanged),
            Edited::Replace(bytes) if seen.as_ref().is_some_and(|seen| seen.bytes == bytes) => {
                Some(Written::Unchanged)
            }
            Edited::Replace(bytes) => writing.replace(&bytes)?,
            Edited::Remove if seen.is_none() => Some(Written::Unchanged),
            Edited::Remove => writing.remove()?,
        };
        if let Some(written) = written {
            return Ok(written);
        }
    }
    Err(Error::new(
        Code::Overwritten,
        format!(
            "cannot write `{}`: another program keeps changing it",
            place.shown.display()
        ),
    )
    .hint("close the program that uses it, then try again")
    .at(place.shown.display().to_string()))
}

/// Resolves the target; folders are made for our own store only.
fn place(target: &Target) -> Result<Place, Error> {
    let folder = match Place::resolve(&target.path)? {
        Ok(place) => return Ok(place),
        Err(folder) => folder,
    };
    if target.privacy == Privacy::Store {
        system::private_folder(&folder).map_err(|error| cannot("write", &target.path, &error))?;
        if let Ok(place) = Place::resolve(&target.path)? {
            return Ok(place);
        }
    }
    Err(no_folder(&target.path, &folder))
}

/// Reads the file, or refuses one that could not be replaced safely.
fn look(place: &Place, privacy: Privacy, tell: &mut Waiting<'_>) -> Result<Option<Seen>, Error> {
    let shown = &place.shown;
    let mut options = fs::OpenOptions::new();
    options.read(true);
    system::plain(&mut options);
    let file = match options.open(&place.path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(shown, &error)),
    };
    let about = system::about(&file).map_err(|error| unreadable(shown, &error))?;
    let stat = about.stat;
    if privacy == Privacy::Store && about.kind == Kind::File {
        refuse_loose(shown, stat.mode, stat.ours)?;
    }
    replaceable(shown, &about)?;
    if privacy == Privacy::Store {
        let own = file
            .try_clone()
            .map_err(|error| unreadable(shown, &error))?;
        let locked = lock::hold(own, &mut || tell(&lock::ours(shown)));
        let locked = locked.map_err(|error| cannot("write", shown, &error))?;
        if locked.is_none() {
            return Err(lock::busy(shown));
        }
    }
    let bytes = slurp(&file, &about).map_err(|error| unreadable(shown, &error))?;
    let Some(bytes) = bytes else {
        return Err(too_large(Code::PlaceUnwritable, shown));
    };
    Ok(Some(Seen {
        bytes,
        stat,
        _file: file,
    }))
}

/// Refuses a file that could not be replaced safely.
pub(super) fn replaceable(shown: &Path, about: &About) -> Result<(), Error> {
    let stat = about.stat;
    let no = |reason: &str| refused(Code::PlaceUnwritable, shown, reason);
    if about.kind != Kind::File {
        return Err(no("it is not a regular file"));
    }
    if !stat.ours {
        return Err(no("it belongs to another user").hint("run mcpjwt as the user who owns it"));
    }
    if stat.links > 1 {
        let hint = format!(
            "give it a file of its own with `cp -p {0} {1} && mv {1} {0}`",
            shell_word(&shown.display().to_string()),
            shell_word(&format!("{}.new", shown.display()))
        );
        return Err(no(&format!("it has {} hard links", stat.links)).hint(hint));
    }
    if about.is_mount {
        return Err(
            no("it is a mount point, so it cannot be replaced as a whole")
                .hint("mount the folder around it instead, or write it where it is mounted from"),
        );
    }
    Ok(())
}

struct Writing<'a> {
    place: &'a Place,
    privacy: Privacy,
    seen: Option<&'a Seen>,
}

impl Writing<'_> {
    /// Puts the new bytes in place of those seen; `None` when these are gone.
    fn replace(&self, bytes: &Secret) -> Result<Option<Written>, Error> {
        let place = self.place;
        let failed = |error: &io::Error| cannot("write", &place.shown, error);
        let (mut temp, mode) = self.temp()?;
        let file = temp.as_file_mut();
        file.write_all(bytes.expose())
            .and_then(|()| file.sync_all())
            .map_err(|error| failed(&error))?;
        if !self.is_as_seen()? || !self.rename(temp).map_err(|error| failed(&error))? {
            return Ok(None);
        }
        self.sync_folder("wrote")?;
        Ok(Some(self.written(mode)))
    }

    /// Deletes the file; `None` when the bytes seen are gone.
    fn remove(&self) -> Result<Option<Written>, Error> {
        if !self.is_as_seen()? {
            return Ok(None);
        }
        match fs::remove_file(&self.place.path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot("remove", &self.place.shown, &error)),
        }
        self.sync_folder("removed")?;
        Ok(Some(Written::Removed))
    }

    fn sync_folder(&self, done: &str) -> Result<(), Error> {
        system::sync_folder(&self.place.folder).map_err(|error| {
            let shown = self.place.shown.display();
            Error::new(
                Code::Io,
                format!(
                    "{done} `{shown}`, but a power cut may undo it: {}",
                    why(&error)
                ),
            )
            .at(shown.to_string())
        })
    }

    /// An empty file beside the target, with owner and mode as they shall be in the
    /// end; says that mode.
    fn temp(&self) -> Result<(NamedTempFile, u32), Error> {
        let shown = &self.place.shown;
        let open = self.seen.is_none() && self.privacy == Privacy::Public;
        let mut builder = tempfile::Builder::new();
        let prefix = self.place.temp_prefix();
        builder.prefix(&prefix).rand_bytes(12);
        system::temp_mode(&mut builder, if open { 0o644 } else { 0o600 });
        let temp = builder.tempfile_in(&self.place.folder).map_err(|error| {
            let folder = shell_word(&self.place.folder.display().to_string());
            let error = cannot("write", shown, &error);
            match error.code {
                Code::PlaceUnwritable => error.hint(format!(
                    "the folder has to take a new file for a moment: see `ls -ld {folder}`"
                )),
                _ => error,
            }
        })?;
        if open {
            // The kernel has taken the umask away from 0644.
            return Ok((temp, 0o644));
        }
        let mut mode = self.mode();
        if let Some(seen) = self.seen
            && !system::set_group(temp.as_file(), seen.stat.group)
        {
            // Not that group: then no group at all.
            mode &= !0o070;
        }
        system::set_mode(temp.as_file(), mode).map_err(|error| cannot("write", shown, &error))?;
        Ok((temp, mode))
    }

    fn mode(&self) -> u32 {
        let Some(seen) = self.seen else {
            return match self.privacy {
                Privacy::Chosen(bits) => bits,
                _ => 0o600,
            };
        };
        let old = seen.stat.mode & 0o777;
        match self.privacy {
            Privacy::Store | Privacy::Secret { first_secret: true } => old & 0o700,
            Privacy::Chosen(bits) => old & bits,
            Privacy::Secret { .. } | Privacy::Public => old,
        }
    }

    /// Whether the target still holds what the edit was made for.
    fn is_as_seen(&self) -> Result<bool, Error> {
        let shown = &self.place.shown;
        let mut options = fs::OpenOptions::new();
        options.read(true);
        system::plain(&mut options);
        let file = match options.open(&self.place.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(self.seen.is_none()),
            Err(error) => return Err(unreadable(shown, &error)),
        };
        let Some(seen) = self.seen else {
            return Ok(false);
        };
        let about = system::about(&file).map_err(|error| unreadable(shown, &error))?;
        let stat = about.stat;
        let is_file = about.kind == Kind::File;
        if !is_file || (stat.mode, stat.links) != (seen.stat.mode, seen.stat.links) {
            return Ok(false);
        }
        let now = slurp(&file, &about).map_err(|error| unreadable(shown, &error))?;
        Ok(now.is_some_and(|now| now == seen.bytes))
    }

    /// Says whether the temporary file has become the target. A file that has turned
    /// up where there was none is not replaced; a temporary file that somebody
    /// removed cannot be renamed.
    fn rename(&self, mut temp: NamedTempFile) -> io::Result<bool> {
        let path = &self.place.path;
        let end = Instant::now() + BUSY;
        let mut clobber = self.seen.is_some();
        loop {
            let renamed = if clobber {
                temp.persist(path)
            } else {
                temp.persist_noclobber(path)
            };
            let Err(failed) = renamed else {
                return Ok(true);
            };
            temp = failed.file;
            match failed.error.kind() {
                ErrorKind::AlreadyExists if !clobber => return Ok(false),
                ErrorKind::NotFound => return Ok(false),
                _ if system::is_busy(&failed.error) && Instant::now() < end => {
                    thread::sleep(Duration::from_millis(20));
                }
                // A file system without hard links, and without a rename that minds.
                ErrorKind::PermissionDenied | ErrorKind::Unsupported if !clobber => clobber = true,
                _ => return Err(failed.error),
            }
        }
    }

    fn written(&self, mode: u32) -> Written {
        let Some(seen) = self.seen else {
            return Written::Created;
        };
        let old = seen.stat.mode;
        let (is_secret, open) = match self.privacy {
            Privacy::Secret { .. } => (true, 0o077),
            Privacy::Chosen(bits) => (true, 0o077 & !bits),
            Privacy::Store | Privacy::Public => (false, 0),
        };
        Written::Replaced {
            tightened: (is_secret && old & 0o077 & !mode != 0).then_some(old),
            loose: (mode & open != 0).then_some(mode),
        }
    }
}
