//! Adding lines to one of our own files.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Waiting, is_closed, lock, system, why};
use crate::error::{Code, Error};

/// How long the file may be replaced again and again while we wait for it.
const WAIT: Duration = Duration::from_secs(10);

/// Adds whole lines in one write, under a lock on the file itself, which an update of
/// our own store takes too. A write that fails half-way is taken back.
pub(super) fn append(
    path: &Path,
    lines: &[u8],
    durable: bool,
    waiting: &mut Waiting<'_>,
) -> Result<(), Error> {
    let failed = |error: &io::Error| {
        let code = if is_closed(error) {
            Code::StateUnwritable
        } else {
            Code::Io
        };
        let shown = path.display();
        Error::new(code, format!("cannot add to `{shown}`: {}", why(error))).at(shown.to_string())
    };
    let end = Instant::now() + WAIT;
    loop {
        let file = open(path).map_err(|error| failed(&error))?;
        let held = lock::hold(file, &mut || waiting(&lock::ours(path)));
        let Some(mut file) = held.map_err(|error| failed(&error))? else {
            return Err(lock::busy(path));
        };
        let about = file.metadata().map_err(|error| failed(&error))?;
        let stat = system::stat(&about);
        if stat.links == 0 {
            if Instant::now() < end {
                continue;
            }
            return Err(lock::busy(path));
        }
        if !about.is_file() {
            return Err(failed(&io::Error::other("it is not a regular file")));
        }
        if !stat.ours {
            return Err(failed(&ErrorKind::PermissionDenied.into()));
        }
        if stat.mode & 0o777 != 0o600 {
            system::set_mode(&file, 0o600).map_err(|error| failed(&error))?;
        }
        if lines.is_empty() {
            return Ok(());
        }
        return add(&mut file, about.len(), lines)
            .and_then(|()| {
                if durable {
                    sync(path, &file, about.len() == 0)
                } else {
                    Ok(())
                }
            })
            .map_err(|error| failed(&error));
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).append(true).create(true);
    system::private(&mut options);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(folder) = path.parent() {
                system::private_folder(folder)?;
            }
            options.open(path)
        }
        opened => opened,
    }
}

fn add(file: &mut File, size: u64, lines: &[u8]) -> io::Result<()> {
    let mut torn = false;
    if size > 0 {
        let mut last = [0];
        file.seek(SeekFrom::Start(size - 1))?;
        file.read_exact(&mut last)?;
        torn = last != *b"\n";
    }
    let whole;
    let lines = if torn || !lines.ends_with(b"\n") {
        let mut text = Vec::with_capacity(lines.len() + 2);
        if torn {
            text.push(b'\n');
        }
        text.extend_from_slice(lines);
        if !lines.ends_with(b"\n") {
            text.push(b'\n');
        }
        whole = text;
        &whole
    } else {
        lines
    };
    file.write_all(lines).inspect_err(|_| {
        let _ = file.set_len(size);
    })
}

fn sync(path: &Path, file: &File, made: bool) -> io::Result<()> {
    file.sync_data()?;
    match path.parent() {
        Some(folder) if made && !folder.as_os_str().is_empty() => system::sync_folder(folder),
        _ => Ok(()),
    }
}
