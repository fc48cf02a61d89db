//! The world, as seen from inside: the only door to files, git, keyring, children,
//! network, terminal and randomness.
//!
//! [`Host`] is handed down from `main`; whole commands are tested with fakes of
//! these traits. A helper takes the one capability it needs, not `Host`.
//! Platform differences (`cfg`) stay in this folder.

use std::ffi::OsString;
use std::io::Read;
use std::mem::ManuallyDrop;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Code, Error, shell_word};
use crate::secret::Secret;

mod children;
mod facts;
mod files;
mod git;
mod keyring;
mod names;
mod network;
pub mod process;
mod random;
mod redis;
mod terminal;

pub use self::children::RealChildren;
pub use self::facts::{Dirs, Facts, Os};
pub use self::files::RealFiles;
pub use self::git::RealGit;
pub use self::keyring::RealKeyring;
pub use self::network::RealNetwork;
pub use self::random::RealRandom;
pub use self::redis::Redis;
pub use self::terminal::RealTerminal;

/// Calls `run` with the real world. Nothing is read or opened before it is needed.
pub fn real<T>(run: impl FnOnce(&mut Host<'_>) -> T) -> T {
    let facts = facts::now();
    // The facts are not taken down: the process ends right after.
    run(&mut ManuallyDrop::new(Host {
        files: &mut RealFiles::new(facts.dirs.state.as_deref()),
        git: &mut RealGit::new(facts::environment),
        keyring: &mut RealKeyring::new(&facts),
        children: &mut RealChildren,
        network: &mut RealNetwork,
        terminal: &mut RealTerminal::new(&facts),
        random: &mut RealRandom,
        facts,
    }))
}

/// How many threads can run at once. Asked only when there is work for several: the answer takes
/// a dozen system calls.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Everything a run may touch.
pub struct Host<'a> {
    /// What was so when the run began.
    pub facts: Facts,
    /// Files and folders.
    pub files: &'a mut dyn Files,
    /// What git keeps.
    pub git: &'a mut dyn Git,
    /// The keyring of the operating system.
    pub keyring: &'a mut dyn Keyring,
    /// Other programs.
    pub children: &'a mut dyn Children,
    /// Other machines.
    pub network: &'a mut dyn Network,
    /// The three standard streams, and the person in front of them.
    pub terminal: &'a mut dyn Terminal,
    /// Unpredictable bytes.
    pub random: &'a mut dyn Random,
}

/// A file as it was read.
pub struct Found {
    /// What is in it.
    pub bytes: Secret,
    /// Unix permission bits, lower twelve; 0 where the system has none.
    pub mode: u32,
    /// Whether the file belongs to this user (or the system cannot say).
    pub ours: bool,
    /// Whether others can read it because the file system is mounted read-only, or because it
    /// is below `/run/secrets`: containers mount secrets so.
    pub mounted_secret: bool,
    /// Device and number, the same by whatever path the file is read; `None` where the system
    /// has none.
    pub number: Option<(u64, u64)>,
    /// When it was last written, in unix seconds, where the system says so.
    pub modified: Option<i64>,
    /// Why it cannot be replaced, where it cannot: it is of another user, has other names, is a
    /// mount point.
    pub fixed: Option<Box<Error>>,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: OsString,
    /// What it is.
    pub kind: Listing,
}

/// What something in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// A plain file of so many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A link, a pipe, a device.
    Other,
}

/// Who else may read a file that we make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Our own store: 0600 in folders of 0700, and refused when looser.
    Store,
    /// A secret in somebody else's file: made 0600; `first_secret` says whether the
    /// edit puts the first secret into the file, which is then tightened.
    Secret {
        /// The file held no secret at that place before.
        first_secret: bool,
    },
    /// A secret in a file whose permission bits somebody chose: made with these, narrowed to them.
    Chosen(u32),
    /// Public material: 0644 less the umask.
    Public,
}

/// What to write where.
#[derive(Debug, Clone)]
pub struct Target {
    /// The path as it was given; links are followed and kept.
    pub path: PathBuf,
    /// Who may read it.
    pub privacy: Privacy,
    /// The lock that its owner takes, which is then taken too.
    pub lock: Option<Foreign>,
}

/// A lock of the program whose file it is: a folder `<file>.lock` beside the file. One that
/// nobody has touched for 10 s is taken over, as that program does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// An empty one, as npm's `proper-lockfile` makes it (Claude Code).
    Folder,
    /// One that holds a file `owner.<token>` (Cline, which replaces an empty one).
    FolderWithOwner,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The edit left the bytes as they were.
    Unchanged,
    /// The file was made.
    Created,
    /// The file was replaced. `tightened` carries the old mode when group and other
    /// lost their bits; `loose` the mode when others can still read it.
    Replaced {
        /// The mode before, when it was narrowed.
        tightened: Option<u32>,
        /// The mode, when it stayed wider than 0600.
        loose: Option<u32>,
    },
    /// The file was deleted.
    Removed,
}

/// A lock that ends when it is dropped.
pub type Held = Box<dyn std::any::Any>;

/// What an edit wants of a file.
pub enum Edited {
    /// That it stays as it is.
    Leave,
    /// That it holds these bytes.
    Replace(Secret),
    /// That it goes; where there is none, nothing has to be done.
    Remove,
}

/// The edit of one file, given what it holds under the lock (`None`: no such file). Called
/// again when the file changed meanwhile.
pub type Edit<'e> = dyn FnMut(Option<&[u8]>) -> Result<Edited, Error> + 'e;

/// Files and folders. Errors name the path and say what to do.
pub trait Files {
    /// Reads a whole file of at most 16 MiB. `None` only when there is none (`ENOENT`).
    fn read(&mut self, path: &Path) -> Result<Option<Found>, Error>;

    /// Reads one of our own files, which nobody else may read or own.
    fn read_store(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        let found = self.read(path)?;
        if let Some(found) = &found {
            refuse_loose(path, found.mode, found.ours)?;
        }
        Ok(found)
    }

    /// Reads a file that nobody named, or that is to be edited. A pipe or a device, which may keep its reader waiting, is
    /// refused.
    fn read_plain(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        self.read(path)
    }

    /// Refuses what a manifest may not make us read: a pipe or a device, which may keep its reader
    /// waiting for ever. None there is no error.
    fn require_plain(&mut self, path: &Path) -> Result<(), Error>;

    /// The same files, for another thread.
    fn elsewhere(&self) -> Box<dyn Files + Send>;

    /// What is in a folder, by name; no link is followed.
    fn list(&mut self, folder: &Path) -> Result<Vec<Listed>, Error>;

    /// Opens a file to be read as it comes.
    fn open(&mut self, path: &Path) -> Result<Incoming, Error>;

    /// Device and number of a file, where it is there and the system has them: another one stands
    /// for it once it was replaced.
    fn number(&mut self, _path: &Path) -> Option<(u64, u64)> {
        None
    }

    /// Where a path leads, without any link: the same for all paths to one file.
    fn leads_to(&mut self, path: &Path) -> Result<PathBuf, Error>;

    /// The same of many paths.
    fn all_lead_to(&mut self, paths: &[PathBuf]) -> Vec<Result<PathBuf, Error>> {
        paths.iter().map(|path| self.leads_to(path)).collect()
    }

    /// Whether a folder is there.
    fn is_folder(&mut self, path: &Path) -> bool;

    /// Replaces a file as a whole, or leaves it as it was: lock, read, edit, write
    /// beside it, sync, compare, rename (or delete), sync.
    fn update(&mut self, target: &Target, edit: &mut Edit<'_>) -> Result<Written, Error>;

    /// Keeps other runs of ours from the same work until the lock is dropped: of many that name
    /// this file one is let in. Calls `waiting` once where that takes a second, gives up after 10.
    /// It is no lock of the file itself. Without a folder for locks there is none.
    fn hold(&mut self, path: &Path, waiting: &mut dyn FnMut()) -> Result<Held, Error>;

    /// Adds whole lines to one of our own files (0600), under a lock; `durable`
    /// waits until they are on the disk. No lines: only says whether it could.
    fn append(&mut self, path: &Path, lines: &[u8], durable: bool) -> Result<(), Error>;

    /// Removes a file; none there is no error.
    fn remove(&mut self, path: &Path) -> Result<(), Error>;

    /// Makes a folder for its owner alone, and those around it; one that is there stays as it is.
    fn make_folder(&mut self, path: &Path) -> Result<(), Error>;

    /// From now on says on standard error what keeps a write waiting for more than a second, as
    /// these words make a line of it.
    fn tell_waits(&mut self, _words: fn(&str) -> String) {}

    /// Gives other writers of our files this long to show themselves, before a second look.
    fn pause(&mut self, time: Duration);
}

/// Refuses a file of our own store that others may read, or could have written.
pub(crate) fn refuse_loose(path: &Path, mode: u32, ours: bool) -> Result<(), Error> {
    let shown = path.display();
    if !ours {
        return Err(Error::new(
            Code::PlaceLooseMode,
            format!("cannot use `{shown}`: it belongs to another user"),
        )
        .hint(format!(
            "look at it, then take it over with `sudo chown $USER {}`",
            shell_word(&shown.to_string())
        ))
        .at(shown.to_string()));
    }
    if mode & 0o077 != 0 {
        return Err(Error::new(
            Code::PlaceLooseMode,
            format!(
                "cannot use `{shown}`: others can read it (mode {:04o})",
                mode & 0o7777
            ),
        )
        .hint(format!(
            "close it with `chmod 600 {}`",
            shell_word(&shown.to_string())
        ))
        .at(shown.to_string()));
    }
    Ok(())
}

/// The error for a file whose folder is not there.
pub(crate) fn no_folder(path: &Path, folder: &Path) -> Error {
    let (shown, folder) = (path.display(), folder.display());
    let word = shell_word(&folder.to_string());
    Error::new(
        Code::PlaceMissing,
        format!("cannot write `{shown}`: there is no folder `{folder}`"),
    )
    .hint(format!("make it with `mkdir -p {word}`"))
    .at(shown.to_string())
}

/// What git keeps, asked without running a program of the repository.
pub trait Git {
    /// Says of each path what git would do with it, by where the path leads. For any number of
    /// paths one process a work tree, and at most two more where it does not keep all of them out.
    fn judge(&mut self, paths: &[PathBuf]) -> Result<Vec<Kept>, Error>;
}

/// What git does with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is in no work tree.
    Outside,
    /// An ignore rule keeps it out.
    Ignored,
    /// It is in the index.
    Tracked,
    /// Neither tracked nor ignored: the next `git add .` takes it.
    Open,
    /// It is in a work tree, and git cannot or will not say more: why.
    Unknown(String),
}

/// The keyring of the operating system. Every call answers within 3 s (60 s while
/// it shows a prompt to a person at a terminal), or is an error.
pub trait Keyring {
    /// The value under service and account; `None` when there is none.
    fn get(&mut self, service: &str, account: &str) -> Result<Option<Secret>, Error>;

    /// Stores or replaces a value.
    fn set(&mut self, service: &str, account: &str, value: &Secret) -> Result<(), Error>;

    /// Removes a value; says whether there was one.
    fn delete(&mut self, service: &str, account: &str) -> Result<bool, Error>;

    /// The accounts under a service, sorted.
    fn list(&mut self, service: &str) -> Result<Vec<String>, Error>;
}

/// Other programs.
pub trait Children {
    /// What `sh -c command` prints in this folder, at most 1 MiB, within 30 s, without standard
    /// input and without the variables named in `hidden`. An exit code other than 0 is an error.
    fn output(&mut self, command: &str, folder: &Path, hidden: &[&str]) -> Result<Secret, Error>;

    /// Where a program is on `PATH`, as it is found there: links are not followed.
    fn find(&mut self, name: &str) -> Option<PathBuf>;

    /// Becomes another program, and returns only when that fails; where a process cannot do so,
    /// runs it to its end and gives its exit code.
    fn replace(&mut self, exec: &Exec) -> Result<u8, Error>;
}

/// A program that takes the place of this one.
pub struct Exec {
    /// It, and its arguments; looked for on `PATH` where it has no `/`.
    pub program: Vec<OsString>,
    /// What it finds in its environment besides what this process has.
    pub set: Vec<(OsString, Secret)>,
    /// What it does not find there.
    pub unset: Vec<OsString>,
}

/// Other machines.
pub trait Network {
    /// The body behind an `https` URL (or `http` on a loopback address), at most
    /// 1 MiB, within 5 s, without redirects.
    fn get(&mut self, url: &str) -> Result<Vec<u8>, Error>;

    /// Sends commands, each a list of words, to a Redis server, within 5 s. An answer that is an
    /// error is one; what was sent is in no error.
    fn redis(&mut self, server: &Redis, commands: &[Vec<Secret>]) -> Result<(), Error>;
}

/// The three standard streams, and the person in front of them.
pub trait Terminal {
    /// Writes data to standard output. A closed pipe is no error, see [`Terminal::closed`].
    fn out(&mut self, bytes: &[u8]) -> Result<(), Error>;

    /// Writes words for people to standard error; failures are nobody's business.
    fn err(&mut self, text: &str);

    /// Whether the reader of standard output has gone; a stream then ends quietly.
    fn closed(&self) -> bool;

    /// Shows how far a batch is, to a person who has been waiting for a second; `None` takes it
    /// away again.
    fn progress(&mut self, _done: Option<Progress>) {}

    /// Standard input, to be read as it comes.
    fn input(&mut self) -> Incoming;

    /// Asks a question on the terminal; the answer without its line end.
    fn ask(&mut self, question: &str) -> Result<String, Error>;

    /// Asks for a secret on the terminal, without showing what is typed.
    fn hidden(&mut self, question: &str) -> Result<Secret, Error>;
}

/// What is read as it comes.
pub struct Incoming {
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// How many there are, where it is a plain file.
    pub size: Option<u64>,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How many lines are done.
    pub lines: u64,
    /// How many bytes these are, and how many there are in all, where that is known.
    pub bytes: (u64, Option<u64>),
}

/// Unpredictable bytes.
pub trait Random {
    /// Fills the buffer from the system's source.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error>;
}
