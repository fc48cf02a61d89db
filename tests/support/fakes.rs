//! Fakes of the seven capabilities, all in memory.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mcpjwt::error::{Code, Error};
use mcpjwt::host::{
    Children, Edit, Edited, Exec, Files, Foreign, Found, Git, Held, Incoming, Kept, Keyring,
    Listed, Listing, Network, Privacy, Random, Redis, Target, Terminal, Written,
};
use mcpjwt::secret::Secret;

/// A file in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub bytes: Vec<u8>,
    pub mode: u32,
}

thread_local! {
    /// What the clock says on the thread of a test; one that a batch starts finds it as it was made.
    static CLOCK: Cell<i64> = const { Cell::new(super::NOW) };
}

/// The clock of the machine.
pub(super) fn clock() -> i64 {
    CLOCK.get()
}

pub(super) fn set_clock(now: i64) {
    CLOCK.set(now);
}

/// Files with absolute paths; a folder exists where a file is below it, and our own
/// folders are made on demand, as the real ones are.
#[derive(Clone)]
pub struct FakeFiles {
    pub files: BTreeMap<PathBuf, Entry>,
    pub links: BTreeMap<PathBuf, PathBuf>,
    pub folders: BTreeSet<PathBuf>,
    pub denied: BTreeSet<PathBuf>,
    pub read_only: BTreeSet<PathBuf>,
    /// When files were written, where a test says so.
    pub written: BTreeMap<PathBuf, i64>,
    /// Files of another user.
    pub foreign: BTreeSet<PathBuf>,
    /// Pipes, which keep a reader waiting for ever.
    pub pipes: BTreeSet<PathBuf>,
    pub full: bool,
    /// Another run holds every lock that there is.
    pub busy: bool,
    /// What another program does to a file between our reads and our rename: the
    /// bytes of the first element the first time, and so on.
    pub meddler: VecDeque<(PathBuf, Vec<u8>)>,
    /// What another program makes of a file after our write, while we pause before the
    /// second look: an element a pause.
    pub overwriter: VecDeque<(PathBuf, Vec<u8>)>,
    /// How many updates replaced or deleted a file.
    pub writes: usize,
    /// What a run that is waited for makes of a file.
    pub awaited: Option<(PathBuf, Vec<u8>)>,
    /// What is being worked on, and how often something was.
    pub held: Arc<Mutex<Vec<PathBuf>>>,
    pub holds: usize,
    /// What was written while nothing was being worked on.
    pub alone: Vec<PathBuf>,
    /// What was read.
    pub reads: BTreeSet<PathBuf>,
    /// All files after each write, where that is asked for.
    pub states: Option<Vec<BTreeMap<PathBuf, Entry>>>,
    /// The locks of other programs that updates took.
    pub locked: Vec<(PathBuf, Foreign)>,
}

impl Default for FakeFiles {
    fn default() -> Self {
        Self {
            written: BTreeMap::new(),
            files: BTreeMap::new(),
            links: BTreeMap::new(),
            folders: [super::CWD, "/tmp"].map(PathBuf::from).into(),
            denied: BTreeSet::new(),
            read_only: BTreeSet::new(),
            foreign: BTreeSet::new(),
            pipes: BTreeSet::new(),
            full: false,
            busy: false,
            meddler: VecDeque::new(),
            overwriter: VecDeque::new(),
            writes: 0,
            awaited: None,
            held: Arc::default(),
            holds: 0,
            alone: Vec::new(),
            reads: BTreeSet::new(),
            states: None,
            locked: Vec::new(),
        }
    }
}

impl FakeFiles {
    fn resolve(&self, path: &Path) -> PathBuf {
        let mut path = normal(path);
        for _ in 0..40 {
            let link = self.links.iter().find(|(link, _)| path.starts_with(link));
            let Some((link, to)) = link else { break };
            path = match path.strip_prefix(link) {
                Ok(below) if below != Path::new("") => to.join(below),
                _ => to.clone(),
            };
        }
        path
    }

    fn check_readable(&self, shown: &Path, path: &Path) -> Result<(), Error> {
        let cause = if self.denied.contains(path) {
            "permission denied"
        } else if self.is_folder(path) {
            "it is a folder"
        } else {
            return Ok(());
        };
        let shown = shown.display().to_string();
        let message = format!("cannot read `{shown}`: {cause}");
        Err(Error::new(Code::PlaceUnreadable, message).at(shown))
    }

    fn check_writable(&self, shown: &Path, path: &Path) -> Result<(), Error> {
        let (code, cause) = if self.denied.contains(path) {
            (Code::PlaceUnwritable, "permission denied")
        } else if path.ancestors().any(|part| self.read_only.contains(part)) {
            (Code::PlaceUnwritable, "read-only file system")
        } else if self.full {
            (Code::Io, "no space left on device")
        } else {
            return Ok(());
        };
        let shown = shown.display().to_string();
        let message = format!("cannot write `{shown}`: {cause}; nothing was changed");
        Err(Error::new(code, message).at(shown))
    }

    fn is_folder(&self, path: &Path) -> bool {
        let in_files = self
            .files
            .keys()
            .any(|file| file != path && file.starts_with(path));
        in_files || self.folders.iter().any(|folder| folder.starts_with(path))
    }

    fn wrote(&mut self, path: &Path) {
        if self.held.lock().unwrap().is_empty() {
            self.alone.push(path.to_owned());
        }
        if let Some(states) = &mut self.states {
            states.push(self.files.clone());
        }
    }

    fn replaceable(&self, path: &Path) -> Result<(), Error> {
        if self.foreign.contains(&self.resolve(path)) {
            let shown = path.display().to_string();
            let message = format!("cannot write `{shown}`: it belongs to another user");
            return Err(Error::new(Code::PlaceUnwritable, message)
                .hint("run mcpjwt as the user who owns it")
                .at(shown));
        }
        Ok(())
    }

    /// Only the folders of our own store are made on demand.
    fn check_folder(&self, target: &Target, path: &Path) -> Result<(), Error> {
        let folder = path.parent().unwrap_or(path);
        if target.privacy == Privacy::Store || self.is_folder(folder) {
            return Ok(());
        }
        let (shown, folder) = (target.path.display().to_string(), folder.display());
        let message = format!("cannot write `{shown}`: there is no folder `{folder}`");
        Err(Error::new(Code::PlaceMissing, message)
            .hint(format!("make it with `mkdir -p {folder}`"))
            .at(shown))
    }
}

/// Work that is held until it is dropped.
struct Work(Arc<Mutex<Vec<PathBuf>>>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.lock().unwrap().pop();
    }
}

impl Files for FakeFiles {
    fn read(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        let resolved = self.resolve(path);
        self.check_readable(path, &resolved)?;
        assert!(!self.pipes.contains(&resolved), "{} hangs", path.display());
        self.reads.insert(resolved.clone());
        Ok(self.files.get(&resolved).map(|entry| Found {
            bytes: Secret::new(entry.bytes.clone()),
            mode: entry.mode,
            ours: !self.foreign.contains(&resolved),
            mounted_secret: resolved.starts_with("/run/secrets"),
            number: self
                .files
                .keys()
                .position(|path| *path == resolved)
                .map(|at| (0, at as u64)),
            modified: self.written.get(&resolved).copied(),
            fixed: self.replaceable(path).err().map(Box::new),
        }))
    }

    fn read_plain(&mut self, path: &Path) -> Result<Option<Found>, Error> {
        self.require_plain(path)?;
        self.read(path)
    }

    fn require_plain(&mut self, path: &Path) -> Result<(), Error> {
        if self.pipes.contains(&self.resolve(path)) {
            let shown = path.display().to_string();
            let message = format!("cannot read `{shown}`: it is no plain file");
            return Err(Error::new(Code::PlaceUnreadable, message)
                .hint("name a plain file: a pipe or a device may keep us waiting for ever")
                .at(shown));
        }
        Ok(())
    }

    fn elsewhere(&self) -> Box<dyn Files + Send> {
        Box::new(self.clone())
    }

    fn list(&mut self, folder: &Path) -> Result<Vec<Listed>, Error> {
        let resolved = self.resolve(folder);
        let shown = folder.display().to_string();
        let cannot = |cause: &str| {
            let message = format!("cannot read `{shown}`: {cause}");
            Err(Error::new(Code::PlaceUnreadable, message).at(&*shown))
        };
        if self.denied.contains(&resolved) {
            return cannot("permission denied");
        }
        if !self.is_folder(&resolved) {
            return cannot("no such file or directory");
        }
        let mut found = BTreeMap::new();
        let all = self.files.keys().chain(&self.folders);
        for path in all.chain(self.links.keys()) {
            let mut below = match path.strip_prefix(&resolved) {
                Ok(below) => below.components(),
                Err(_) => continue,
            };
            let Some(name) = below.next() else { continue };
            let name = name.as_os_str().to_owned();
            let whole = resolved.join(&name);
            let kind = if self.links.contains_key(&whole) || self.pipes.contains(&whole) {
                Listing::Other
            } else if let Some(entry) = self.files.get(&whole) {
                Listing::File(entry.bytes.len() as u64)
            } else {
                Listing::Folder
            };
            found.insert(name.clone(), Listed { name, kind });
        }
        Ok(found.into_values().collect())
    }

    fn open(&mut self, path: &Path) -> Result<Incoming, Error> {
        if let Some(found) = self.read(path)? {
            return Ok(Incoming {
                size: Some(found.bytes.len() as u64),
                bytes: Box::new(Cursor::new(found.bytes.expose().to_vec())),
            });
        }
        let shown = path.display().to_string();
        let message = format!("cannot read `{shown}`: there is no such file");
        Err(Error::new(Code::PlaceMissing, message).at(shown))
    }

    fn leads_to(&mut self, path: &Path) -> Result<PathBuf, Error> {
        Ok(self.resolve(path))
    }

    fn is_folder(&mut self, path: &Path) -> bool {
        let path = self.resolve(path);
        FakeFiles::is_folder(self, &path)
    }

    fn update(&mut self, target: &Target, edit: &mut Edit<'_>) -> Result<Written, Error> {
        let shown = target.path.display().to_string();
        let path = self.resolve(&target.path);
        self.check_folder(target, &path)?;
        self.replaceable(&target.path)?;
        self.locked
            .extend(target.lock.map(|lock| (path.clone(), lock)));
        for _ in 0..5 {
            self.check_readable(&target.path, &path)?;
            let old = self.files.get(&path).cloned();
            if let (Privacy::Store, Some(old)) = (target.privacy, &old)
                && old.mode & 0o077 != 0
            {
                // The same words as the real one has.
                return self.read_store(&target.path).map(|_| Written::Unchanged);
            }
            let new = match edit(old.as_ref().map(|entry| entry.bytes.as_slice()))? {
                Edited::Leave => return Ok(Written::Unchanged),
                Edited::Remove if old.is_none() => return Ok(Written::Unchanged),
                Edited::Remove => None,
                Edited::Replace(new) => Some(new),
            };
            if let (Some(old), Some(new)) = (&old, &new)
                && old.bytes == new.expose()
            {
                return Ok(Written::Unchanged);
            }
            self.check_writable(&target.path, &path)?;
            if let Some((_, bytes)) = self.meddler.pop_front_if(|(of, _)| *of == path) {
                let mode = old.map_or(0o600, |old| old.mode);
                self.files.insert(path.clone(), Entry { bytes, mode });
                continue;
            }
            self.writes += 1;
            let Some(new) = new else {
                self.files.remove(&path);
                self.wrote(&path);
                return Ok(Written::Removed);
            };
            let was = old.map(|old| old.mode);
            let mode = match (target.privacy, was) {
                (Privacy::Public, None) => 0o644,
                (Privacy::Store | Privacy::Secret { .. }, None) => 0o600,
                (Privacy::Chosen(bits), None) => bits,
                (Privacy::Chosen(bits), Some(was)) => was & bits,
                (Privacy::Store | Privacy::Secret { first_secret: true }, Some(was)) => was & 0o700,
                (Privacy::Secret { .. } | Privacy::Public, Some(was)) => was,
            };
            let bytes = new.expose().to_vec();
            self.files.insert(path.clone(), Entry { bytes, mode });
            self.wrote(&path);
            let (is_secret, open) = match target.privacy {
                Privacy::Secret { .. } => (true, 0o077),
                Privacy::Chosen(bits) => (true, 0o077 & !bits),
                Privacy::Store | Privacy::Public => (false, 0),
            };
            return Ok(match was {
                None => Written::Created,
                Some(was) => Written::Replaced {
                    tightened: (is_secret && was & 0o077 & !mode != 0).then_some(was),
                    loose: (mode & open != 0).then_some(mode),
                },
            });
        }
        let message = format!("cannot write `{shown}`: another program keeps changing it");
        Err(Error::new(Code::Overwritten, message)
            .hint("close the program that uses it, then try again")
            .at(shown))
    }

    fn hold(&mut self, path: &Path, waiting: &mut dyn FnMut()) -> Result<Held, Error> {
        if self.busy {
            waiting();
            let shown = path.display();
            let message = format!("another mcpjwt is at work on `{shown}`");
            return Err(Error::new(Code::Io, message)
                .hint("wait for it to end, then try again")
                .at(shown.to_string()));
        }
        // The real one would wait for itself, for ever.
        let path = self.resolve(path);
        assert!(!self.held.lock().unwrap().contains(&path), "held twice");
        self.holds += 1;
        if let Some((path, bytes)) = self.awaited.take() {
            waiting();
            self.files.insert(path, Entry { bytes, mode: 0o600 });
        }
        self.held.lock().unwrap().push(path);
        Ok(Box::new(Work(Arc::clone(&self.held))))
    }

    fn append(&mut self, path: &Path, lines: &[u8], _durable: bool) -> Result<(), Error> {
        let resolved = self.resolve(path);
        self.check_writable(path, &resolved).map_err(|mut error| {
            if error.code == Code::PlaceUnwritable {
                error.code = Code::StateUnwritable;
            }
            let shown = path.display();
            error.message = error
                .message
                .replace("cannot write", "cannot add to")
                .replace("; nothing was changed", "");
            error.at(shown.to_string())
        })?;
        let entry = self.files.entry(resolved.clone()).or_insert(Entry {
            bytes: Vec::new(),
            mode: 0o600,
        });
        entry.mode = 0o600;
        if lines.is_empty() {
            return Ok(());
        }
        if entry.bytes.last().is_some_and(|last| *last != b'\n') {
            entry.bytes.push(b'\n');
        }
        entry.bytes.extend_from_slice(lines);
        if !lines.ends_with(b"\n") {
            entry.bytes.push(b'\n');
        }
        self.wrote(&resolved);
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> Result<(), Error> {
        let resolved = self.resolve(path);
        if self.files.contains_key(&resolved) {
            self.check_writable(path, &resolved)?;
            self.files.remove(&resolved);
            self.wrote(&resolved);
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &Path) -> Result<(), Error> {
        self.folders.insert(path.to_owned());
        Ok(())
    }

    fn pause(&mut self, _time: Duration) {
        if let Some((path, bytes)) = self.overwriter.pop_front() {
            let mode = self.files.get(&path).map_or(0o600, |entry| entry.mode);
            self.files.insert(path, Entry { bytes, mode });
        }
    }
}

/// Takes `.` and `..` out of a path, without links.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            other => normal.push(other),
        }
    }
    normal
}

/// Git that knows what the scene says of each file; others are in no work tree.
#[derive(Default)]
pub struct FakeGit {
    pub kept: BTreeMap<PathBuf, Kept>,
    /// Every question: the paths that were asked about at once.
    pub calls: Vec<Vec<PathBuf>>,
}

impl Git for FakeGit {
    fn judge(&mut self, paths: &[PathBuf]) -> Result<Vec<Kept>, Error> {
        self.calls.push(paths.to_vec());
        let kept = |path: &PathBuf| self.kept.get(&normal(path)).cloned();
        Ok(paths
            .iter()
            .map(|path| kept(path).unwrap_or(Kept::Outside))
            .collect())
    }
}

/// A keyring in memory.
#[derive(Default)]
pub struct FakeKeyring {
    pub entries: BTreeMap<(String, String), Vec<u8>>,
    pub absent: bool,
    pub locked: bool,
    /// How often something was asked of it.
    pub asked: usize,
}

impl FakeKeyring {
    pub fn put(&mut self, service: &str, account: &str, value: &str) {
        self.entries
            .insert((service.into(), account.into()), value.into());
    }

    fn check(&self) -> Result<(), Error> {
        let instead = "keep the value in a file instead: `file:PATH`";
        if self.absent {
            let message = "there is no keyring: no session bus at `/run/user/1000/bus`";
            return Err(Error::new(Code::KeyringAbsent, message).hint(instead));
        }
        if self.locked {
            let message = "the keyring is locked, or has no default collection";
            let hint = format!("unlock it in your desktop session, or {instead}");
            return Err(Error::new(Code::KeyringLocked, message).hint(hint));
        }
        Ok(())
    }
}

impl Keyring for FakeKeyring {
    fn get(&mut self, service: &str, account: &str) -> Result<Option<Secret>, Error> {
        self.asked += 1;
        self.check()?;
        let found = self.entries.get(&(service.into(), account.into()));
        Ok(found.map(|bytes| Secret::new(bytes.clone())))
    }

    fn set(&mut self, service: &str, account: &str, value: &Secret) -> Result<(), Error> {
        self.asked += 1;
        self.check()?;
        let name = (service.into(), account.into());
        self.entries.insert(name, value.expose().to_vec());
        Ok(())
    }

    fn delete(&mut self, service: &str, account: &str) -> Result<bool, Error> {
        self.check()?;
        let name = (service.into(), account.into());
        Ok(self.entries.remove(&name).is_some())
    }

    fn list(&mut self, service: &str) -> Result<Vec<String>, Error> {
        self.check()?;
        let of = self.entries.keys().filter(|(of, _)| of == service);
        Ok(of.map(|(_, account)| account.clone()).collect())
    }
}

/// Programs that print what the scene says.
#[derive(Default)]
pub struct FakeChildren {
    pub prints: BTreeMap<String, String>,
    /// Every call: the command and the variables that were hidden from it.
    pub calls: Vec<(String, Vec<String>)>,
    /// Where the last one was called.
    pub called_in: PathBuf,
    /// The programs that can be handed over to, and the code each ends with.
    pub programs: BTreeMap<String, u8>,
    /// What was handed over to, in the words of a snapshot.
    pub replaced: String,
}

impl Children for FakeChildren {
    fn output(&mut self, command: &str, folder: &Path, hidden: &[&str]) -> Result<Secret, Error> {
        folder.clone_into(&mut self.called_in);
        let hidden = hidden.iter().map(|name| (*name).to_owned()).collect();
        self.calls.push((command.into(), hidden));
        match self.prints.get(command) {
            Some(text) => Ok(Secret::from(text.as_str())),
            None => Err(Error::new(
                Code::CommandFailed,
                "a `cmd:` place failed: it ended with exit code 127",
            )
            .hint("run the command by itself to see what it says")),
        }
    }

    fn find(&mut self, name: &str) -> Option<PathBuf> {
        Some(Path::new("/usr/local/bin").join(name))
    }

    fn replace(&mut self, exec: &Exec) -> Result<u8, Error> {
        let words: Vec<_> = exec.program.iter().map(|it| it.to_string_lossy()).collect();
        let Some(code) = self.programs.get(&*words[0]) else {
            let message = format!("cannot run `{}`: there is no such program", words[0]);
            return Err(Error::new(Code::CommandMissing, message)
                .hint("see whether it is installed, and on `PATH`"));
        };
        self.replaced = format!("{}\n", words.join(" "));
        for (name, value) in &exec.set {
            let value = value.expose_str().unwrap_or("?");
            let _ = writeln!(self.replaced, "+ {}={value}", name.display());
        }
        for name in &exec.unset {
            let _ = writeln!(self.replaced, "- {}", name.display());
        }
        Ok(*code)
    }
}

/// URLs with the bodies that the scene says.
#[derive(Default)]
pub struct FakeNetwork {
    pub bodies: BTreeMap<String, String>,
    /// Every URL that was asked for, and every command for Redis.
    pub calls: Vec<String>,
    /// Whether Redis does not answer.
    pub is_down: bool,
}

impl Network for FakeNetwork {
    fn get(&mut self, url: &str) -> Result<Vec<u8>, Error> {
        self.calls.push(url.into());
        self.bodies
            .get(url)
            .map(|body| body.clone().into_bytes())
            .ok_or_else(|| {
                let message = format!("cannot read `{url}`: the server answered 404");
                Error::new(Code::NetworkFailed, message).at(url)
            })
    }

    fn redis(&mut self, server: &Redis, commands: &[Vec<Secret>]) -> Result<(), Error> {
        let shown = server.shown();
        if self.is_down {
            let message = format!("cannot write to the Redis server `{shown}`: connection refused");
            return Err(Error::new(Code::NetworkFailed, message).at(shown));
        }
        for words in commands {
            let words: Vec<&str> = words.iter().filter_map(Secret::expose_str).collect();
            self.calls.push(format!("{shown} {}", words.join(" ")));
        }
        Ok(())
    }
}

/// Streams in memory, and a person who types the scripted answers.
#[derive(Default)]
pub struct FakeTerminal {
    pub stdin: Vec<u8>,
    pub slow: VecDeque<(i64, Vec<u8>)>,
    pub answers: VecDeque<String>,
    pub is_there: bool,
    pub closes_after: Option<usize>,
    pub full_after: Option<usize>,
    stdout: Vec<u8>,
    stderr: String,
    writes: usize,
}

impl FakeTerminal {
    pub(super) fn begin(&mut self) {
        self.writes = 0;
    }

    /// What was written; unused answers do not reach the next run.
    pub(super) fn end(&mut self) -> (String, String) {
        self.answers.clear();
        self.stdin.clear();
        let stdout = std::mem::take(&mut self.stdout);
        let stderr = std::mem::take(&mut self.stderr);
        (String::from_utf8_lossy(&stdout).into_owned(), stderr)
    }

    fn answered(&mut self, question: &str) -> Result<String, Error> {
        if !self.is_there {
            return Err(Error::usage("nobody can be asked: there is no terminal"));
        }
        self.stderr.push_str(question);
        self.stderr.push('\n');
        self.answers
            .pop_front()
            .ok_or_else(|| Error::usage("the question was not answered"))
    }
}

impl Terminal for FakeTerminal {
    fn out(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.full_after.is_some_and(|limit| self.writes >= limit) {
            let message = "cannot write to standard output: no space left on device";
            return Err(Error::new(Code::Io, message));
        }
        if !self.closed() {
            self.stdout.extend_from_slice(bytes);
            self.writes += 1;
        }
        Ok(())
    }

    fn err(&mut self, text: &str) {
        self.stderr.push_str(text);
    }

    fn closed(&self) -> bool {
        self.closes_after.is_some_and(|limit| self.writes >= limit)
    }

    fn input(&mut self) -> Incoming {
        let stdin = std::mem::take(&mut self.stdin);
        let slow = Slow(std::mem::take(&mut self.slow));
        Incoming {
            bytes: Box::new(slow.chain(Cursor::new(stdin))),
            size: None,
        }
    }

    fn ask(&mut self, question: &str) -> Result<String, Error> {
        self.answered(question)
    }

    fn hidden(&mut self, question: &str) -> Result<Secret, Error> {
        self.answered(question).map(Secret::from).map_err(|error| {
            error.hint("name a place instead: `file:PATH`, `env:NAME`, `keyring:SERVICE/ACCOUNT`, or `-` for standard input")
        })
    }
}

/// Standard input that comes in pieces, each so many seconds after the one before.
struct Slow(VecDeque<(i64, Vec<u8>)>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((seconds, mut piece)) = self.0.pop_front() else {
            return Ok(0);
        };
        set_clock(clock() + seconds);
        if piece.len() > buffer.len() {
            self.0.push_front((0, piece.split_off(buffer.len())));
        }
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

/// A stream that is the same in each test: `SplitMix64` over a counter.
pub struct FakeRandom {
    state: u64,
    left: VecDeque<u8>,
}

impl FakeRandom {
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            left: VecDeque::new(),
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Default for FakeRandom {
    fn default() -> Self {
        Self::new(7)
    }
}

impl Random for FakeRandom {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        for byte in buffer {
            while self.left.is_empty() {
                let bytes = self.next().to_le_bytes();
                self.left.extend(bytes);
            }
            *byte = self.left.pop_front().unwrap_or(0);
        }
        Ok(())
    }
}
