//! The locks that other programs take around their own files.
//!
//! A folder `<file>.lock`. Who makes it holds it, touches it while it takes long, and removes
//! it; one that nobody has touched for 10 s was left behind by a program that was killed, and
//! the next one takes it over. In npm's `proper-lockfile` the folder is empty. Cline has its
//! owner's name in it, and moves it into place as a whole: that would replace an empty one.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::lock::PATIENCE;
use super::resolve::Place;
use super::system::Identity;
use super::{Waiting, is_closed, system, why};
use crate::error::{Code, Error, shell_word};
use crate::host::Foreign;

/// How old the last touch of a lock is when it is taken over.
const STALE: Duration = Duration::from_secs(10);

/// How long a lock that is held may keep us waiting.
const WAIT: Duration = Duration::from_secs(10);

/// How often a lock that we hold is touched, and one that others hold is looked at.
const TOUCH: Duration = Duration::from_secs(4);
const LOOK: Duration = Duration::from_millis(5);

/// Locks that are held until they are dropped.
pub(super) struct Held(#[expect(dead_code, reason = "dropping them ends the locks")] Vec<Folder>);

/// Waits for the locks of a file. Where a link leads to it there are two: some programs put
/// theirs beside the link, some beside the file.
pub(super) fn take(kind: Foreign, place: &Place, waiting: &mut Waiting<'_>) -> Result<Held, Error> {
    let failed = |path: &Path, error: &io::Error| {
        let shown = place.shown.display();
        let message = if error.kind() == ErrorKind::TimedOut {
            format!("cannot write `{shown}`: the program it belongs to has kept it locked for 10 s")
        } else {
            format!(
                "cannot lock `{shown}`: `{}`: {}",
                path.display(),
                why(error)
            )
        };
        let hint = match error.kind() {
            ErrorKind::TimedOut => "close that program, then try again".to_owned(),
            _ => format!(
                "see what is there with `ls -ld {}`",
                shell_word(&path.display().to_string())
            ),
        };
        Error::new(Code::Io, message)
            .hint(hint)
            .at(shown.to_string())
    };
    let mut held = Vec::new();
    for path in place.locks_beside() {
        let mut waiting = || {
            let shown = place.shown.display();
            waiting(&format!(
                "the program that `{shown}` belongs to keeps it locked"
            ));
        };
        match Folder::take(kind, &path, &mut waiting) {
            Ok(folder) => held.push(folder),
            // Then this folder takes no new file either, and the write itself says it better.
            Err(error) if is_closed(&error) => {}
            Err(error) => return Err(failed(&path, &error)),
        }
    }
    Ok(Held(held))
}

/// A lock of ours.
struct Folder {
    path: PathBuf,
    /// What it is; `None` until that is known.
    is: Option<Identity>,
    /// The file in it that names us.
    owner: Option<PathBuf>,
    /// Who touches it; ends when the other end of the channel is gone.
    touching: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Folder {
    fn take(kind: Foreign, path: &Path, waiting: &mut dyn FnMut()) -> io::Result<Self> {
        let begun = Instant::now();
        let mut is_told = false;
        let mut seen = None;
        loop {
            match system::make_folder(path) {
                Ok(()) => {
                    if let Some(folder) = Self::made(kind, path)? {
                        return Ok(folder);
                    }
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
            match is_stale(path, &mut seen)? {
                true => remove_stale(path)?,
                false if begun.elapsed() >= WAIT => return Err(ErrorKind::TimedOut.into()),
                false => thread::sleep(LOOK),
            }
            if !is_told && begun.elapsed() >= PATIENCE {
                is_told = true;
                waiting();
            }
        }
    }

    /// Makes a folder that we have just made a lock; `None` when somebody else's has
    /// replaced it.
    fn made(kind: Foreign, path: &Path) -> io::Result<Option<Self>> {
        let mut folder = Self {
            path: path.to_owned(),
            is: None,
            owner: None,
            touching: None,
        };
        folder.is = Some(system::identity(&fs::symlink_metadata(path)?));
        system::open_up(path)?;
        if kind == Foreign::FolderWithOwner {
            let name = format!("owner.mcpjwt.{}", std::process::id());
            let owner = path.join(&name);
            folder.owner = Some(owner.clone());
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            system::private(&mut options);
            let made = options
                .open(&owner)
                .and_then(|mut file| file.write_all(name.as_bytes()));
            match made {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                made => made?,
            }
            if fs::read_dir(path)?.count() != 1 {
                return Ok(None);
            }
        }
        let handle = system::open_folder(path)?;
        let (send, receive) = mpsc::channel();
        let touching = thread::Builder::new().spawn(move || {
            while receive.recv_timeout(TOUCH) == Err(RecvTimeoutError::Timeout) {
                let _ = system::touch(&handle);
            }
        });
        folder.touching = Some((send, touching?));
        Ok(Some(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some((send, touching)) = self.touching.take() {
            drop(send);
            let _ = touching.join();
        }
        if let Some(owner) = &self.owner {
            let _ = fs::remove_file(owner);
        }
        // Not one that somebody made since, having taken ours for stale. Left behind it would
        // keep its owner waiting, so one failure is not the last word.
        let look = || fs::symlink_metadata(&self.path).map(|now| system::identity(&now));
        let is_ours = self.is.is_none_or(|is| {
            look()
                .or_else(|error| match error.kind() {
                    ErrorKind::NotFound => Err(error),
                    _ => look(),
                })
                .is_ok_and(|now| now == is)
        });
        if is_ours {
            let _ = fs::remove_dir(&self.path).or_else(|_| fs::remove_dir(&self.path));
        }
    }
}

/// What a lock looked like, and since when.
type Sight = (Identity, SystemTime, Instant);

/// Says whether nobody has touched a lock for so long: by its own time or, where clocks
/// differ, because it has not changed while we looked on. One that has gone is not stale.
fn is_stale(path: &Path, seen: &mut Option<Sight>) -> io::Result<bool> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => about,
        Ok(_) => return Err(io::Error::other("it is in the way")),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let (is, touched) = (system::identity(&about), about.modified()?);
    let since = match seen {
        Some((was, at, since)) if (*was, *at) == (is, touched) => *since,
        _ => seen.insert((is, touched, Instant::now())).2,
    };
    let age = SystemTime::now().duration_since(touched);
    Ok(age.is_ok_and(|age| age >= STALE) || since.elapsed() >= STALE)
}

/// Removes a stale lock. A folder that holds anything but owners is none.
fn remove_stale(path: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?.collect::<io::Result<Vec<_>>>()?,
    };
    let is_owner = |name: &OsStr| name.as_encoded_bytes().starts_with(b"owner.");
    if !entries.iter().all(|entry| is_owner(&entry.file_name())) {
        return Err(io::Error::other("it is in the way"));
    }
    for entry in entries {
        gone(fs::remove_file(entry.path()))?;
    }
    match fs::remove_dir(path) {
        // Somebody else was faster.
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => gone(removed),
    }
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
