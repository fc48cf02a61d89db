//! What git keeps: asked of git itself, so that nothing of the repository runs.
//!
//! A repository may be somebody else's, and its config names programs. So git gets an
//! environment of our making, no monitor, no hooks, no way to fetch what a partial clone
//! lacks; it is asked only for what its index and its ignore rules say, which neither refreshes
//! the index nor looks into a file; and it is never looked for inside of the repository.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::children::{ended, kill, of_its_own_group};
use super::files::{Leads, why};
use super::{Git, Kept};
use crate::error::Error;

/// How long git may take to say all about one work tree.
const WAIT: Duration = Duration::from_secs(5);

/// How long it may take over all in one question, before it is asked two that take it less.
const WAIT_FOR_ONE: Duration = Duration::from_secs(2);

/// So many names, times so many bytes of the index, git compares one by one in a fifth of a second.
const COMPARED: u64 = 1 << 29;

/// So few names are compared with the index sooner than it is printed.
const FEW: u64 = 12;

/// As much as is read of what git says to be wrong.
const WORDS: u64 = 4096;

/// What git inherits: where the user's own settings are, and what Windows cannot do without.
const INHERITED: &[&str] = &[
    "HOME",
    "XDG_CONFIG_HOME",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
];

/// Whatever else there is in the environment, this is what git gets.
const SET: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    // For a git that does not know the line above.
    ("GIT_ALLOW_PROTOCOL", "none"),
];

const SETTINGS: &[&str] = &[
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
];

/// A path inside a work tree, as git spells it.
type Name = Vec<u8>;

type Environment = Vec<(OsString, OsString)>;

/// The git of the machine.
pub struct RealGit {
    env: Box<dyn Fn() -> Environment>,
}

impl RealGit {
    /// Git as it is found in this environment, which is looked at once there is a work tree to
    /// ask about: most runs do without.
    pub fn new(env: impl Fn() -> Environment + 'static) -> Self {
        Self { env: Box::new(env) }
    }
}

/// Git in one work tree.
struct Asked<'a> {
    tree: &'a Path,
    env: &'a Environment,
    end: Instant,
}

impl Asked<'_> {
    /// Says of each name in one work tree what git does with it. Mostly it keeps all of them out,
    /// and one question tells.
    fn ask(&self, names: &[Name]) -> Vec<Kept> {
        let out = self.kept_out(names);
        let rest = without(names, &out);
        if rest.is_empty() {
            return vec![Kept::Ignored; names.len()];
        }
        let (tracked, ignored) = match self.named(Question::Tracked, &rest) {
            Err(why) => (BTreeSet::new(), Err(why)),
            Ok(tracked) => {
                let rest = without(&rest, &tracked);
                let ignored = if rest.is_empty() {
                    Ok(BTreeSet::new())
                } else {
                    self.named(Question::Ignored, &rest)
                };
                (tracked, ignored)
            }
        };
        let judged = |name| match &ignored {
            _ if out.contains(name) => Kept::Ignored,
            _ if tracked.contains(name) => Kept::Tracked,
            Ok(ignored) if ignored.contains(name) => Kept::Ignored,
            Ok(_) => Kept::Open,
            Err(why) => Kept::Unknown(why.clone()),
        };
        names.iter().map(judged).collect()
    }

    /// The names that git is sure to keep out; of the others it is asked more. So it is where it
    /// says nothing, as of a name in a submodule that is not there yet.
    fn kept_out(&self, names: &[Name]) -> BTreeSet<Name> {
        let count = names.len() as u64;
        let index = || match fs::metadata(self.tree.join(".git/index")) {
            Ok(about) => about.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            // It is elsewhere.
            Err(_) => u64::MAX,
        };
        if count > FEW && count.saturating_mul(index()) > COMPARED {
            return BTreeSet::new();
        }
        let end = self.end.min(Instant::now() + WAIT_FOR_ONE);
        let asked = Asked { end, ..*self };
        asked.named(Question::KeptOut, names).unwrap_or_default()
    }

    /// Which of these names git prints as the answer, or why it has none.
    fn named(&self, question: Question, names: &[Name]) -> Result<BTreeSet<Name>, String> {
        let path = self.path();
        let mut git =
            Command::new(super::children::program("git", &path).ok_or("git is not installed")?);
        git.args(SETTINGS)
            .arg("-C")
            .arg(self.tree)
            .args(question.arguments())
            .env_clear()
            .envs(
                self.env
                    .iter()
                    .filter(|(name, _)| is_inherited(name))
                    .cloned(),
            )
            .envs(std::env::join_paths(&path).map(|path| ("PATH", path)))
            .envs(SET.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        of_its_own_group(&mut git);
        let mut child = git
            .spawn()
            .map_err(|error| format!("git does not start: {}", why(&error)))?;

        let (send, receive) = mpsc::sync_channel(1);
        let (send_words, receive_words) = mpsc::sync_channel(1);
        if let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        {
            let asked = question.input(names);
            aside(move || stdin.write_all(&asked));
            let names: BTreeSet<Name> = names.iter().cloned().collect();
            aside(move || send.send(question.answer(stdout, &names)));
            aside(move || send_words.send(first_line(stderr)));
        }
        let left = || self.end.saturating_duration_since(Instant::now());
        let answer = receive.recv_timeout(left());
        let words = receive_words.recv_timeout(left());
        let status = ended(&mut child, self.end);
        let (Ok(answer), Ok(words), Some(status)) = (answer, words, status) else {
            kill(&mut child);
            return Err(format!("git did not answer within {} s", WAIT.as_secs()));
        };
        match status.code() {
            Some(code) if question.is_good(code) => {
                answer.map_err(|error| format!("git cannot be read: {}", why(&error)))
            }
            Some(code) if words.is_empty() => Err(format!("git ended with exit code {code}")),
            Some(_) => Err(words),
            None => Err("git was killed by a signal".into()),
        }
    }

    /// The folders to look for git in: none that depends on where we are, and none inside of
    /// the work tree.
    fn path(&self) -> Vec<PathBuf> {
        // Windows calls it `Path`.
        let path = self
            .env
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("PATH"));
        std::env::split_paths(path.map_or(OsStr::new(""), |(_, path)| path))
            .filter(|folder| folder.is_absolute())
            .filter(|folder| {
                fs::canonicalize(folder).is_ok_and(|folder| !folder.starts_with(self.tree))
            })
            .collect()
    }
}

impl Git for RealGit {
    fn judge(&mut self, paths: &[PathBuf]) -> Result<Vec<Kept>, Error> {
        let mut kept = vec![Kept::Outside; paths.len()];
        let mut trees: BTreeMap<PathBuf, Vec<(usize, Name)>> = BTreeMap::new();
        let mut known = Trees::default();
        for (number, path) in paths.iter().enumerate() {
            if let Some((tree, name)) = known.of_path(path)? {
                trees.entry(tree).or_default().push((number, name));
            }
        }
        if trees.is_empty() {
            return Ok(kept);
        }
        let env = &(self.env)();
        for (tree, names) in trees {
            let (numbers, names): (Vec<_>, Vec<_>) = names.into_iter().unzip();
            let tree = &tree;
            let end = Instant::now() + WAIT;
            let answers = Asked { tree, env, end }.ask(&names);
            for (number, answer) in numbers.into_iter().zip(answers) {
                kept[number] = answer;
            }
        }
        Ok(kept)
    }
}

/// What git is asked about names in a work tree.
#[derive(Clone, Copy)]
enum Question {
    /// Which names an ignore rule keeps out that are not in the index. It compares each name with
    /// all of the index, and takes it for a pattern there: it may leave out a name, but prints none
    /// that is not kept out.
    KeptOut,
    /// Which names are in the index. It takes none, and prints all.
    Tracked,
    /// Which names an ignore rule keeps out, whether they are in the index or not.
    Ignored,
}

impl Question {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Tracked => &["ls-files", "-z"],
            Self::Ignored => &["check-ignore", "--no-index", "-z", "--stdin"],
            Self::KeptOut => &["check-ignore", "-z", "--stdin"],
        }
    }

    fn input(self, names: &[Name]) -> Vec<u8> {
        match self {
            Self::Tracked => Vec::new(),
            // A name behind `./` is never magic.
            Self::Ignored | Self::KeptOut => names
                .iter()
                .flat_map(|name| [b"./", name.as_slice(), b"\0"].concat())
                .collect(),
        }
    }

    /// The names that were asked for, out of those printed.
    fn answer(self, stdout: impl Read, names: &BTreeSet<Name>) -> io::Result<BTreeSet<Name>> {
        let mut found = BTreeSet::new();
        for printed in BufReader::new(stdout).split(0) {
            let printed = printed?;
            let printed = match self {
                Self::Tracked => &printed,
                Self::Ignored | Self::KeptOut => printed.strip_prefix(b"./").unwrap_or(&printed),
            };
            found.extend(names.get(printed).cloned());
        }
        Ok(found)
    }

    fn is_good(self, code: i32) -> bool {
        code == 0 || (code == 1 && !matches!(self, Self::Tracked))
    }
}

/// The names that are not among these.
fn without(names: &[Name], others: &BTreeSet<Name>) -> Vec<Name> {
    let rest = names.iter().filter(|name| !others.contains(*name));
    rest.cloned().collect()
}

/// The work trees of paths. Most of a run share theirs, and the folders on the way.
#[derive(Default)]
struct Trees {
    leads: Leads,
    /// The work tree that a folder without links is in.
    of: HashMap<PathBuf, Option<PathBuf>>,
}

impl Trees {
    /// The work tree that a path leads into, and its name there. What is in `.git` itself is
    /// never added to anything.
    fn of_path(&mut self, path: &Path) -> Result<Option<(PathBuf, Name)>, Error> {
        let path = self.leads.leads_to(path)?;
        let tree = path.parent().and_then(|folder| self.of_folder(folder));
        Ok(tree.and_then(|tree| {
            let mut parts = path.strip_prefix(&tree).ok()?.components().peekable();
            if parts.peek() == Some(&Component::Normal(OsStr::new(".git"))) {
                return None;
            }
            let parts: Vec<&[u8]> = parts
                .map(|part| part.as_os_str().as_encoded_bytes())
                .collect();
            let name = parts.join(&b'/');
            Some((tree, name))
        }))
    }

    fn of_folder(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.of.get(folder) {
            return known.clone();
        }
        let tree = if is_repository(&folder.join(".git")) {
            Some(folder.to_owned())
        } else {
            folder.parent().and_then(|above| self.of_folder(above))
        };
        self.of.insert(folder.to_owned(), tree.clone());
        tree
    }
}

/// Whether git would take this for a repository, or a file that leads to one: an empty folder
/// of that name is passed over.
fn is_repository(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(about) => !about.is_dir() || fs::symlink_metadata(path.join("HEAD")).is_ok(),
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

/// Starts a thread that is left behind when git does not come to an end. Where there can be
/// none, its answer does not come either.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) {
    let _ = thread::Builder::new().spawn(work);
}

fn is_inherited(name: &OsStr) -> bool {
    INHERITED
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// What git says first, without its `fatal: `.
fn first_line(mut stderr: impl Read) -> String {
    let mut words = Vec::new();
    let _ = stderr.by_ref().take(WORDS).read_to_end(&mut words);
    let _ = io::copy(&mut stderr, &mut io::sink());
    let words = String::from_utf8_lossy(&words);
    let line = words.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ").trim().to_owned()
}
