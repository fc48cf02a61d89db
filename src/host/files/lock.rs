//! Locks between our own processes.
//!
//! A lock is a side file, never the file itself: after a rename that one would be
//! another file, and locked by nobody.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::digest;

use super::resolve::{Place, leads_to};
use super::{Waiting, is_closed, system, why};
use crate::error::{Code, Error};

/// How long one other process may keep us waiting.
const WAIT: Duration = Duration::from_secs(10);

/// How long before that is said.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// How long many may, one after the other.
const WAIT_FOR_ALL: Duration = Duration::from_mins(1);

/// A lock that is held until it is dropped.
pub(super) struct Held(#[expect(dead_code, reason = "closing the file ends the lock")] File);

/// Waits for the lock of a file. `None` where nothing can be locked: without a state
/// folder that takes a file, only our own store gets one, beside itself.
pub(super) fn take(
    locks: Option<&Path>,
    place: &Place,
    store: bool,
    waiting: &mut Waiting<'_>,
) -> Result<Option<Held>, Error> {
    let failed = |error: &io::Error| {
        Error::new(
            Code::Io,
            format!("cannot lock `{}`: {}", place.shown.display(), why(error)),
        )
        .at(place.shown.display().to_string())
    };
    let opened = match locks {
        Some(folder) => open(
            folder,
            &folder.join(hash(place.path.as_os_str().as_encoded_bytes())),
        ),
        None => Err(ErrorKind::NotFound.into()),
    };
    let file = match opened {
        Ok(file) => file,
        Err(error) if !is_closed(&error) => return Err(failed(&error)),
        Err(_) if store => match open(&place.folder, &place.lock_beside()) {
            Ok(file) => file,
            // The write itself says it better: this folder takes no new file.
            Err(error) if is_closed(&error) => return Ok(None),
            Err(error) => return Err(failed(&error)),
        },
        Err(_) => return Ok(None),
    };
    match hold(file, &mut || waiting(&ours(&place.shown))) {
        Ok(Some(file)) => Ok(Some(held(file))),
        Ok(None) => Err(busy(&place.shown)),
        Err(error) => Err(failed(&error)),
    }
}

/// Waits until no other process does the work that this file describes; `None` where nothing can
/// be locked. The lock has another name than that of the file, which may change meanwhile.
pub(super) fn work(
    locks: Option<&Path>,
    path: &Path,
    waiting: &mut dyn FnMut(),
) -> Result<Option<Held>, Error> {
    let shown = path.display();
    let failed = |error: &io::Error| {
        let what = format!("cannot lock `{shown}`: {}", why(error));
        Error::new(Code::Io, what).at(shown.to_string())
    };
    let Some(folder) = locks else {
        return Ok(None);
    };
    let mut name = b"work on ".to_vec();
    name.extend(leads_to(path)?.as_os_str().as_encoded_bytes());
    let file = match open(folder, &folder.join(hash(&name))) {
        Ok(file) => file,
        Err(error) if is_closed(&error) => return Ok(None),
        Err(error) => return Err(failed(&error)),
    };
    match hold(file, waiting) {
        Ok(Some(file)) => Ok(Some(held(file))),
        Ok(None) => Err(
            Error::new(Code::Io, format!("another mcpjwt is at work on `{shown}`"))
                .hint("wait for it to end, then try again")
                .at(shown.to_string()),
        ),
        Err(error) => Err(failed(&error)),
    }
}

fn held(file: File) -> Held {
    // Tells those who wait that it has changed hands.
    let _ = file.set_modified(SystemTime::now());
    Held(file)
}

/// What is said while another run of ours keeps this file locked.
pub(super) fn ours(path: &Path) -> String {
    format!("another mcpjwt keeps `{}` locked", path.display())
}

pub(super) fn busy(path: &Path) -> Error {
    Error::new(
        Code::Io,
        format!(
            "cannot write `{}`: another mcpjwt keeps it locked",
            path.display()
        ),
    )
    .hint("wait for it to end, then try again")
    .at(path.display().to_string())
}

fn open(folder: &Path, path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    system::private(&mut options);
    let file = match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            system::private_folder(folder)?;
            options.open(path)?
        }
        opened => opened?,
    };
    // Whatever the umask took away, the next process has to open it.
    if system::stat(&file.metadata()?).mode & 0o600 != 0o600 {
        system::set_mode(&file, 0o600)?;
    }
    Ok(file)
}

/// Locks an open file; `None` when another process kept it for too long. While it changes
/// hands, as the time of the file tells, there is more patience: the kernel lets those who wait
/// in by no order. Waiting is done by a thread, so that it can be given up; `waiting` is called
/// once where it takes a second.
pub(super) fn hold(file: File, waiting: &mut dyn FnMut()) -> io::Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => return Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let begun = Instant::now();
    let watched = file.try_clone()?;
    let touched = || watched.metadata()?.modified();
    let mut seen = touched()?;
    let (send, receive) = mpsc::sync_channel(1);
    thread::Builder::new().spawn(move || {
        let locked = loop {
            match file.lock() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                locked => break locked,
            }
        };
        // Nobody waits any more: the file is closed, which unlocks it.
        let _ = send.send(locked.map(|()| file));
    })?;
    if let Ok(locked) = receive.recv_timeout(PATIENCE) {
        return locked.map(Some);
    }
    waiting();
    let mut patience = WAIT.saturating_sub(PATIENCE);
    loop {
        if let Ok(locked) = receive.recv_timeout(patience) {
            return locked.map(Some);
        }
        patience = WAIT;
        let now = touched()?;
        if now == seen || begun.elapsed() >= WAIT_FOR_ALL {
            return Ok(None);
        }
        seen = now;
    }
}

/// SHA-256 in hex, a file name for any path.
pub(super) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = digest::digest(&digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
