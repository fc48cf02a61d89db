//! A world in memory around one whole command: one line in, all a user could see out.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]
#![allow(clippy::unwrap_used, reason = "a broken test may panic")]

mod fakes;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mcpjwt::host::{Dirs, Facts, Host, Kept, Os};

pub use self::fakes::Entry;
use self::fakes::{
    FakeChildren, FakeFiles, FakeGit, FakeKeyring, FakeNetwork, FakeRandom, FakeTerminal,
};

/// 2025-11-22T04:00:00Z.
pub const NOW: i64 = 1_763_784_000;
pub const HOME: &str = "/home/me";
pub const CWD: &str = "/home/me/project";

/// A machine in memory. It keeps its files, keyring and random stream from one run
/// to the next; standard input and answers are used up by the next run.
pub struct Sandbox {
    pub facts: Facts,
    pub files: FakeFiles,
    pub git: FakeGit,
    pub keyring: FakeKeyring,
    pub children: FakeChildren,
    pub network: FakeNetwork,
    pub terminal: FakeTerminal,
    pub random: FakeRandom,
}

/// What one run showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub stdout: String,
    pub stderr: String,
    pub code: u8,
}

impl Default for Sandbox {
    fn default() -> Self {
        let under = |path: &str| Some(Path::new(HOME).join(path));
        Self {
            facts: Facts {
                now: NOW,
                clock: fakes::clock,
                built: NOW - 30 * 86_400,
                local_offset: |_| 0,
                os: Os::Linux,
                dirs: Dirs {
                    home: Some(HOME.into()),
                    config: under(".config/mcpjwt"),
                    data: under(".local/share/mcpjwt"),
                    state: under(".local/state/mcpjwt"),
                },
                cwd: CWD.into(),
                width: None,
                stdin_is_terminal: false,
                stdout_is_terminal: false,
                stderr_is_terminal: false,
                env: vec![("HOME".into(), HOME.into())],
            },
            files: FakeFiles::default(),
            git: FakeGit::default(),
            keyring: FakeKeyring::default(),
            children: FakeChildren::default(),
            network: FakeNetwork::default(),
            terminal: FakeTerminal::default(),
            random: FakeRandom::default(),
        }
    }
}

/// Setting the scene. Paths are relative to the working directory, or begin with
/// `~/` or `/`.
impl Sandbox {
    /// A file of mode 0600.
    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.file_with_mode(path, text, 0o600)
    }

    pub fn file_with_mode(mut self, path: &str, text: impl AsRef<[u8]>, mode: u32) -> Self {
        self.put_file(path, text, mode);
        self
    }

    /// An empty folder; those around files are there anyway.
    pub fn folder(mut self, path: &str) -> Self {
        self.files.folders.insert(absolute(path));
        self
    }

    /// A file whose reading and writing fails with "permission denied".
    pub fn denied(mut self, path: &str) -> Self {
        self.files.denied.insert(absolute(path));
        self
    }

    /// A named pipe.
    pub fn pipe(mut self, path: &str) -> Self {
        self.files.pipes.insert(absolute(path));
        self
    }

    /// A file that belongs to another user.
    pub fn foreign(mut self, path: &str) -> Self {
        self.files.foreign.insert(absolute(path));
        self
    }

    /// A file or folder below which nothing can be written or made.
    pub fn read_only(mut self, path: &str) -> Self {
        self.files.read_only.insert(absolute(path));
        self
    }

    /// Every write fails for want of space.
    pub fn disk_full(mut self) -> Self {
        self.files.full = true;
        self
    }

    /// A link, which reads and writes follow.
    pub fn link(mut self, path: &str, to: &str) -> Self {
        self.files.links.insert(absolute(path), absolute(to));
        self
    }

    /// What git does with a file; the others are in no work tree.
    pub fn git(mut self, path: &str, kept: Kept) -> Self {
        self.git.kept.insert(absolute(path), kept);
        self
    }

    /// What another program makes of a file after our write, before the second look.
    pub fn overwritten(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let bytes = text.as_ref().to_vec();
        self.files.overwriter.push_back((absolute(path), bytes));
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.facts.env.push((name.into(), value.into()));
        self
    }

    pub fn keyring(mut self, service: &str, account: &str, value: &str) -> Self {
        self.keyring.put(service, account, value);
        self
    }

    pub fn keyring_absent(mut self) -> Self {
        self.keyring.absent = true;
        self
    }

    pub fn keyring_locked(mut self) -> Self {
        self.keyring.locked = true;
        self
    }

    /// What a `cmd:` place prints; other commands fail.
    pub fn command(mut self, command: &str, prints: &str) -> Self {
        self.children.prints.insert(command.into(), prints.into());
        self
    }

    /// A program that can be handed over to, and the code it ends with.
    pub fn program(mut self, name: &str, code: u8) -> Self {
        self.children.programs.insert(name.into(), code);
        self
    }

    /// The body behind a URL; other URLs fail.
    pub fn url(mut self, url: &str, body: &str) -> Self {
        self.network.bodies.insert(url.into(), body.into());
        self
    }

    /// Standard input of the next run.
    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.terminal.stdin = bytes.as_ref().to_vec();
        self
    }

    /// The same in pieces, each so many seconds after the one before.
    pub fn slow_stdin(mut self, pieces: &[(i64, &str)]) -> Self {
        self.set_slow_stdin(pieces);
        self
    }

    /// All three streams are a terminal of this width.
    pub fn terminal(mut self, width: u16) -> Self {
        self.facts.width = Some(width);
        self.facts.stdin_is_terminal = true;
        self.facts.stdout_is_terminal = true;
        self.facts.stderr_is_terminal = true;
        self.terminal.is_there = true;
        self
    }

    /// What a person types at the next question of the next run, hidden or not.
    pub fn answer(mut self, line: &str) -> Self {
        self.terminal.answers.push_back(line.into());
        self
    }

    /// The reader of standard output goes away after this many writes.
    pub fn closes_after(mut self, writes: usize) -> Self {
        self.terminal.closes_after = Some(writes);
        self
    }

    /// There is no more room for standard output after so many writes.
    pub fn output_full_after(mut self, writes: usize) -> Self {
        self.terminal.full_after = Some(writes);
        self
    }

    /// The clock, in unix seconds.
    pub fn at(mut self, now: i64) -> Self {
        self.facts.now = now;
        self
    }

    /// The local zone: `|_| 3600` is an hour east of UTC.
    pub fn local_offset(mut self, offset: fn(i64) -> i32) -> Self {
        self.facts.local_offset = offset;
        self
    }

    pub fn os(mut self, os: Os) -> Self {
        self.facts.os = os;
        self
    }

    pub fn cwd(mut self, path: &str) -> Self {
        self.facts.cwd = absolute(path);
        self.files.folders.insert(absolute(path));
        self
    }

    /// No home, no folders of ours.
    pub fn homeless(mut self) -> Self {
        self.facts.dirs = Dirs {
            home: None,
            config: None,
            data: None,
            state: None,
        };
        self.facts.env.retain(|(name, _)| name != "HOME");
        self
    }

    /// Another stream of random bytes.
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = FakeRandom::new(seed);
        self
    }
}

/// Between two runs.
impl Sandbox {
    pub fn put_file(&mut self, path: &str, text: impl AsRef<[u8]>, mode: u32) {
        let bytes = text.as_ref().to_vec();
        self.files
            .files
            .insert(absolute(path), Entry { bytes, mode });
    }

    pub fn remove_file(&mut self, path: &str) {
        self.files.files.remove(&absolute(path));
    }

    /// The text of a file, if it is there.
    pub fn text(&self, path: &str) -> Option<String> {
        let entry = self.files.files.get(&absolute(path))?;
        Some(String::from_utf8_lossy(&entry.bytes).into_owned())
    }

    pub fn mode(&self, path: &str) -> Option<u32> {
        Some(self.files.files.get(&absolute(path))?.mode)
    }

    /// Lets time pass.
    pub fn later(&mut self, seconds: i64) {
        self.facts.now += seconds;
    }

    pub fn set_stdin(&mut self, bytes: impl AsRef<[u8]>) {
        self.terminal.stdin = bytes.as_ref().to_vec();
    }

    pub fn set_slow_stdin(&mut self, pieces: &[(i64, &str)]) {
        let piece = |(after, text): &(i64, &str)| (*after, text.as_bytes().to_vec());
        self.terminal.slow = pieces.iter().map(piece).collect();
    }

    pub fn set_answers(&mut self, lines: &[&str]) {
        self.terminal.answers = lines.iter().map(|line| (*line).to_owned()).collect();
    }
}

/// Running.
impl Sandbox {
    /// Runs one command line and renders what a user could see: both streams, every
    /// file and keyring entry that changed, the exit code.
    pub fn run(&mut self, line: &str) -> String {
        let (files, keyring) = (self.files.files.clone(), self.keyring.entries.clone());
        let shown = self.run_raw(line);
        let mut text = String::new();
        section(&mut text, "stdout", &shown.stdout);
        section(&mut text, "stderr", &shown.stderr);
        section(
            &mut text,
            "exec",
            &std::mem::take(&mut self.children.replaced),
        );
        for (path, entry) in &self.files.files {
            if files.get(path) != Some(entry) {
                let title = format!("{} ({:04o})", self.short(path), entry.mode);
                section(&mut text, &title, &String::from_utf8_lossy(&entry.bytes));
            }
        }
        for path in files.keys() {
            if !self.files.files.contains_key(path) {
                let _ = writeln!(text, "--- {} (removed)", self.short(path));
            }
        }
        for ((service, account), value) in &self.keyring.entries {
            if keyring.get(&(service.clone(), account.clone())) != Some(value) {
                let title = format!("keyring:{service}/{account}");
                section(&mut text, &title, &String::from_utf8_lossy(value));
            }
        }
        for (service, account) in keyring.keys() {
            if !self
                .keyring
                .entries
                .contains_key(&(service.clone(), account.clone()))
            {
                let _ = writeln!(text, "--- keyring:{service}/{account} (removed)");
            }
        }
        let _ = writeln!(text, "--- exit {}", shown.code);
        text
    }

    /// Runs one command line, split at blanks; `'..'` and `".."` hold a word together.
    pub fn run_raw(&mut self, line: &str) -> Shown {
        self.run_words(&split(line))
    }

    /// Runs a command line whose words are given, `mcpjwt` first.
    pub fn run_words<S: AsRef<str>>(&mut self, words: &[S]) -> Shown {
        let args: Vec<OsString> = words.iter().map(|word| word.as_ref().into()).collect();
        self.terminal.begin();
        fakes::set_clock(self.facts.now);
        let code = mcpjwt::run(
            &args,
            &mut Host {
                facts: self.facts.clone(),
                files: &mut self.files,
                git: &mut self.git,
                keyring: &mut self.keyring,
                children: &mut self.children,
                network: &mut self.network,
                terminal: &mut self.terminal,
                random: &mut self.random,
            },
        );
        let (stdout, stderr) = self.terminal.end();
        Shown {
            stdout,
            stderr,
            code,
        }
    }

    fn short(&self, path: &Path) -> String {
        if let Ok(below) = path.strip_prefix(&self.facts.cwd) {
            return below.display().to_string();
        }
        match path.strip_prefix(HOME) {
            Ok(below) => format!("~/{}", below.display()),
            Err(_) => path.display().to_string(),
        }
    }
}

/// A text that does not end its last line says so.
fn section(text: &mut String, title: &str, body: &str) {
    if body.is_empty() && !title.ends_with(')') {
        return;
    }
    let _ = writeln!(text, "--- {title}");
    text.push_str(body);
    if !body.is_empty() && !body.ends_with('\n') {
        text.push_str("\n--- (no newline at the end)\n");
    }
}

/// A path of a scene: `~/..`, `/..`, or below the working directory.
pub fn absolute(path: &str) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(below) => Path::new(HOME).join(below),
        None => fakes::normal(&Path::new(CWD).join(path)),
    }
}

fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    assert_eq!(quote, None, "an open quote in `{line}`");
    words.extend(word);
    words
}
