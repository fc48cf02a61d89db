//! The real files: bounded reads, and the one writer.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::{Edit, Files, Found, Held, Incoming, Listed, Listing, Target, Written};
use crate::error::{Code, Error, shell_word};
use crate::secret::Secret;

mod append;
mod foreign;
mod lock;
mod resolve;
mod system;
mod update;

pub(super) use self::resolve::Leads;
use self::resolve::{Place, leads_to};
use self::system::{About, Kind};

/// The largest file that is read as a whole.
const LIMIT: u64 = 16 << 20;

/// The files of the machine.
pub struct RealFiles {
    /// Where locks are kept, if there is a state folder at all.
    locks: Option<PathBuf>,
    /// Whether there is a `/run/secrets`, once that was asked.
    has_secrets: Option<bool>,
    /// Makes a line of what is waited for, where that is to be said.
    words: Option<fn(&str) -> String>,
}

/// Is told what keeps us waiting.
type Waiting<'w> = dyn FnMut(&str) + 'w;

impl RealFiles {
    /// Files, with their locks below this state folder.
    pub fn new(state: Option<&Path>) -> Self {
        Self {
            locks: state.map(|folder| folder.join("locks")),
            has_secrets: None,
            words: None,
        }
    }
}

impl RealFiles {
    fn waiting(&self) -> impl FnMut(&str) + use<> {
        let words = self.words;
        move |what| {
            if let Some(words) = words {
                // Failures are nobody's business.
                let _ = io::stderr().write_all(words(what).as_bytes());
            }
        }
    }

    /// Whether a path leads below `/run/secrets`; on most machines there is no such folder.
    fn is_secret(&mut self, path: &Path) -> bool {
        const SECRETS: &str = "/run/secrets";
        *self
            .has_secrets
            .get_or_insert_with(|| Path::new(SECRETS).exists())
            && fs::canonicalize(path).is_ok_and(|path| path.starts_with(SECRETS))
    }
}

impl Files for RealFiles {
    fn read(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(unreadable(path, &error)),
        };
        let about = system::about(&file).map_err(|error| unreadable(path, &error))?;
        if about.kind == Kind::Folder {
            return Err(refused(Code::PlaceUnreadable, path, "it is a folder"));
        }
        let bytes = slurp(&file, &about).map_err(|error| unreadable(path, &error))?;
        let Some(bytes) = bytes else {
            return Err(too_large(Code::PlaceUnreadable, path));
        };
        let stat = about.stat;
        // Where a mode is tight nobody asks, and finding out takes a dozen system calls.
        let mounted_secret =
            stat.mode & 0o077 != 0 && (system::is_read_only(&file) || self.is_secret(path));
        Ok(Some(Found {
            bytes,
            mode: stat.mode,
            ours: stat.ours,
            mounted_secret,
            number: stat.number,
            modified: about.modified,
            fixed: update::replaceable(path, &about).err().map(Box::new),
        }))
    }

    fn read_plain(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        match fs::metadata(path) {
            Ok(about) if !about.is_file() && !about.is_dir() => Err(not_plain(path)),
            Err(error) if is_absent(&error) => Ok(None),
            _ => self.read(path),
        }
    }

    fn require_plain(&mut self, path: &Path) -> Result<(), Error> {
        match fs::metadata(path) {
            Ok(about) if !about.is_file() && !about.is_dir() => Err(not_plain(path)),
            _ => Ok(()),
        }
    }

    fn elsewhere(&self) -> Box<dyn Files + Send> {
        Box::new(Self {
            locks: self.locks.clone(),
            ..*self
        })
    }

    fn list(&mut self, folder: &Path) -> Result<Vec<Listed>, Error> {
        let listed = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            let kind = entry.file_type()?;
            let kind = if kind.is_file() {
                Listing::File(entry.metadata()?.len())
            } else if kind.is_dir() {
                Listing::Folder
            } else {
                Listing::Other
            };
            let name = entry.file_name();
            Ok(Listed { name, kind })
        };
        let found = fs::read_dir(folder).and_then(|all| all.map(listed).collect());
        let mut found: Vec<Listed> = found.map_err(|error| unreadable(folder, &error))?;
        found.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(found)
    }

    fn open(&mut self, path: &Path) -> Result<Incoming, Error> {
        let opened = open(path).and_then(|file| {
            let about = file.metadata()?;
            if about.is_dir() {
                return Err(ErrorKind::IsADirectory.into());
            }
            Ok(Incoming {
                size: about.is_file().then_some(about.len()),
                bytes: Box::new(file),
            })
        });
        match opened {
            Ok(incoming) => Ok(incoming),
            Err(error) if is_absent(&error) => {
                Err(refused(Code::PlaceMissing, path, "there is no such file"))
            }
            Err(error) => Err(unreadable(path, &error)),
        }
    }

    fn number(&mut self, path: &Path) -> Option<(u64, u64)> {
        system::stat(&fs::metadata(path).ok()?).number
    }

    fn leads_to(&mut self, path: &Path) -> Result<PathBuf, Error> {
        leads_to(path)
    }

    fn all_lead_to(&mut self, paths: &[PathBuf]) -> Vec<Result<PathBuf, Error>> {
        let mut leads = Leads::default();
        paths.iter().map(|path| leads.leads_to(path)).collect()
    }

    fn is_folder(&mut self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|about| about.is_dir())
    }

    fn update(&mut self, target: &Target, edit: &mut Edit<'_>) -> Result<Written, Error> {
        update::update(self.locks.as_deref(), target, edit, &mut self.waiting())
    }

    fn hold(&mut self, path: &Path, waiting: &mut dyn FnMut()) -> Result<Held, Error> {
        Ok(Box::new(lock::work(self.locks.as_deref(), path, waiting)?))
    }

    fn append(&mut self, path: &Path, lines: &[u8], durable: bool) -> Result<(), Error> {
        append::append(path, lines, durable, &mut self.waiting())
    }

    // A link stays, as in an update: what has to go is the file that it leads to.
    fn remove(&mut self, path: &Path) -> Result<(), Error> {
        let Ok(place) = Place::resolve(path)? else {
            return Ok(());
        };
        let _held = lock::take(self.locks.as_deref(), &place, false, &mut self.waiting())?;
        match fs::remove_file(&place.path) {
            Ok(()) => {
                let _ = system::sync_folder(&place.folder);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(cannot("remove", path, &error)),
        }
    }

    fn make_folder(&mut self, path: &Path) -> Result<(), Error> {
        system::private_folder(path).map_err(|error| cannot("make", path, &error))
    }

    fn tell_waits(&mut self, words: fn(&str) -> String) {
        self.words = Some(words);
    }

    fn pause(&mut self, time: Duration) {
        thread::sleep(time);
    }
}

/// Opens to read. `/dev/fd/63`, the `<(command)` of a shell, belongs to root while
/// the process is not dumpable.
fn open(path: &Path) -> io::Result<File> {
    match File::open(path) {
        Err(error)
            if error.kind() == ErrorKind::PermissionDenied
                && (path.starts_with("/dev") || path.starts_with("/proc/self")) =>
        {
            super::process::with_own_descriptors(|| File::open(path))
        }
        opened => opened,
    }
}

/// Everything in a file; `None` when that is over the limit.
fn slurp(mut file: &File, about: &About) -> io::Result<Option<Secret>> {
    if about.size > LIMIT {
        return Ok(None);
    }
    let size = usize::try_from(about.size).unwrap_or(0);
    // All at once: a vector that grows leaves copies of the secret behind.
    let mut bytes = Vec::with_capacity(size + 64);
    if about.kind == Kind::File && size > 0 {
        // One byte more than there is to be: where that does not come, a plain file is at its end,
        // and need not be asked once more.
        bytes.resize(size + 1, 0);
        let read = file.read(&mut bytes);
        bytes.truncate(*read.as_ref().unwrap_or(&0));
        match read {
            Ok(read) if read == size => return Ok(Some(Secret::new(bytes))),
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
    }
    let rest = LIMIT + 1 - bytes.len() as u64;
    let read = file.take(rest).read_to_end(&mut bytes);
    let bytes = Secret::new(bytes);
    read?;
    Ok((bytes.len() as u64 <= LIMIT).then_some(bytes))
}

/// The reason in an I/O error, in our manner: lower case, no number, no full stop.
pub(super) fn why(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.trim_end_matches('.').chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Whether an error means that there is no such file: below one that is no folder there is none.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Whether an error means that this place takes nothing from us, as opposed to a
/// disk that is full or fails.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::NotADirectory
            | ErrorKind::NotFound
    )
}

fn refused(code: Code, path: &Path, reason: &str) -> Error {
    let verb = match code {
        Code::PlaceUnwritable => "write",
        _ => "read",
    };
    Error::new(
        code,
        format!("cannot {verb} `{}`: {reason}", path.display()),
    )
    .at(path.display().to_string())
}

/// That a file is a pipe or a device.
fn not_plain(path: &Path) -> Error {
    refused(Code::PlaceUnreadable, path, "it is no plain file")
        .hint("name a plain file: a pipe or a device may keep us waiting for ever")
}

fn too_large(code: Code, path: &Path) -> Error {
    refused(code, path, "it is larger than 16 MiB")
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    let refusal = refused(Code::PlaceUnreadable, path, &why(error));
    match error.kind() {
        ErrorKind::PermissionDenied => refusal.hint(format!(
            "see who may read it with `ls -l {}`",
            shell_word(&path.display().to_string())
        )),
        _ => refusal,
    }
}

/// A failed change that left the old bytes where they were.
fn cannot(verb: &str, path: &Path, error: &io::Error) -> Error {
    let code = if is_closed(error) {
        Code::PlaceUnwritable
    } else {
        Code::Io
    };
    Error::new(
        code,
        format!(
            "cannot {verb} `{}`: {}; nothing was changed",
            path.display(),
            why(error)
        ),
    )
    .at(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_in_our_manner() {
        #[rustfmt::skip]
        let cases = [
            (io::Error::from_raw_os_error(28),         "no space left on device"),
            (io::Error::from_raw_os_error(5),          "input/output error"),
            (io::Error::other("Broken thing."),        "broken thing"),
        ];
        for (error, want) in cases {
            assert_eq!(why(&error), want);
        }
    }
}
