//! What git keeps, asked of real repositories; and that nothing of theirs runs meanwhile.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files and programs"
)]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mcpjwt::error::Error;
use mcpjwt::host::{Git, Kept, RealGit};
use tempfile::TempDir;

/// A home with repositories in it.
struct Room {
    folder: TempDir,
    env: BTreeMap<OsString, OsString>,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = [
            ("HOME".into(), folder.path().into()),
            ("PATH".into(), std::env::var_os("PATH").unwrap()),
        ];
        let room = Self {
            folder,
            env: env.into(),
        };
        room.write(".gitconfig", "[user]\nname = a\nemail = a@b\n");
        room
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join(name)
    }

    fn write(&self, name: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Not written by this process: a child that another test starts meanwhile would hold the
    /// file open for writing, and then it cannot be run.
    fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.write(name, "");
        let made = Command::new("sh")
            .args([
                "-c",
                "printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$0\" && chmod 755 \"$0\"",
            ])
            .args([path.as_os_str(), OsStr::new(script)])
            .status();
        assert!(made.unwrap().success());
        path
    }

    /// Puts a script before the git that is found.
    fn shadow_git(&mut self, script: &str) {
        let bin = self.program("bin/git", script);
        let path = [
            bin.parent().unwrap().as_os_str(),
            &self.env[OsStr::new("PATH")],
        ];
        let path = path.join(OsStr::new(":"));
        self.env.insert("PATH".into(), path);
    }

    /// Runs git as anybody would; says whether it succeeded.
    fn git(&self, tree: &str, args: &[&str]) -> bool {
        Command::new("git")
            .arg("-C")
            .arg(self.path(tree))
            .args(args)
            .env_clear()
            .envs(&self.env)
            .stdin(Stdio::null())
            .output()
            .unwrap()
            .status
            .success()
    }

    fn repository(&self, tree: &str) {
        fs::create_dir_all(self.path(tree)).unwrap();
        assert!(self.git(tree, &["init", "-q", "-b", "main"]));
    }

    fn commit(&self, tree: &str) {
        assert!(self.git(tree, &["add", "-A"]));
        assert!(self.git(tree, &["commit", "-q", "-m", "all"]));
    }

    fn try_judge(&self, paths: &[PathBuf]) -> Result<Vec<Kept>, Error> {
        let env = self.env.clone();
        RealGit::new(move || env.clone().into_iter().collect()).judge(paths)
    }

    fn judge(&self, names: &[&str]) -> Vec<Kept> {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        self.try_judge(&paths).unwrap()
    }

    fn one(&self, name: &str) -> Kept {
        self.judge(&[name]).remove(0)
    }

    /// The words of a judgement that has to be `Unknown`.
    fn why(&self, name: &str) -> String {
        match self.one(name) {
            Kept::Unknown(why) => why,
            kept => panic!("{name}: {kept:?}"),
        }
    }
}

#[test]
#[ignore = "needs git; tests/run"]
fn each_file_of_a_work_tree() {
    use Kept::{Ignored, Open, Outside, Tracked};
    let room = Room::new();
    room.repository("r");
    room.write(".config/git/ignore", "*.everywhere\n");
    room.write("r/.git/info/exclude", "here-only\n");
    room.write("r/.gitignore", ".env\n*.log\n!kept.log\nout/\n");
    room.write("r/deep/.gitignore", "/local\n");
    #[rustfmt::skip]
    let cases = [
        // file                    before     want
        ("r/tracked",              true,      Tracked),
        ("r/deep/er/tracked",      true,      Tracked),
        ("r/both.log",             true,      Tracked),
        ("r/.env",                 false,     Ignored),
        ("r/deep/.env",            false,     Ignored),
        ("r/a.log",                false,     Ignored),
        ("r/kept.log",             false,     Open),
        ("r/here-only",            false,     Ignored),
        ("r/a.everywhere",         false,     Ignored),
        ("r/out/to/come",          false,     Ignored),
        ("r/to/come",              false,     Open),
        ("r/deep/local",           false,     Ignored),
        ("r/local",                false,     Open),
        ("r/-n",                   false,     Open),
        ("r/--help",               true,      Tracked),
        ("r/:(top)a.log",          false,     Ignored),
        ("r/:!tracked",            false,     Open),
        ("r/*",                    false,     Open),
        ("r/*.log",                false,     Ignored),
        ("r/[a].log",              false,     Ignored),
        ("r/a b\n\"c\"\\ \t",      true,      Tracked),
        ("r/a\nb.log",             false,     Ignored),
        ("r/ü",                    true,      Tracked),
        ("r/.git/config",          false,     Outside),
        ("elsewhere",              false,     Outside),
        ("no/such/folder",         false,     Outside),
    ];
    for (file, before, _) in &cases {
        if *before {
            room.write(file, "");
            let name = file.strip_prefix("r/").unwrap();
            assert!(room.git("r", &["--literal-pathspecs", "add", "-f", "--", name]));
        }
    }
    let names: Vec<&str> = cases.iter().map(|(file, ..)| *file).collect();
    let together = room.judge(&names);
    for ((file, _, want), together) in cases.iter().zip(&together) {
        assert_eq!(together, want, "{file}");
        assert_eq!(&room.one(file), want, "{file} alone");
    }
    let bytes = room.path("r").join(OsStr::from_bytes(b"\xff\xfe.log"));
    assert_eq!(room.try_judge(&[bytes]).unwrap(), [Ignored]);
}

#[test]
#[ignore = "needs git; tests/run"]
fn the_work_tree_is_where_the_path_leads() {
    use Kept::{Ignored, Open, Outside, Tracked};
    let room = Room::new();
    for tree in ["r", "library", "r/nested"] {
        room.repository(tree);
    }
    room.write("library/f", "");
    room.commit("library");
    room.write("r/f", "");
    room.write("r/.gitignore", "nested/\n*.log\n");
    let library = room.path("library").display().to_string();
    let add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    assert!(room.git("r", &[&add[..], &[&library, "sub"]].concat()));
    room.commit("r");
    assert!(room.git("r", &["worktree", "add", "-q", "../linked"]));
    fs::create_dir_all(room.path("r/hollow/.git")).unwrap();
    fs::create_dir_all(room.path("r/gone/sub")).unwrap();
    for (link, to) in [
        ("to-tracked", "r/f"),
        ("to-come", "r/to-come.log"),
        ("folder", "r"),
        ("r/out", "../elsewhere"),
        ("twice", "to-tracked"),
    ] {
        symlink(to, room.path(link)).unwrap();
    }
    #[rustfmt::skip]
    let cases = [
        ("r/sub/f",            Tracked),
        ("r/sub/new",          Open),
        ("r/sub/a.log",        Open),
        ("r/nested/new",       Open),
        ("linked/f",           Tracked),
        ("linked/a.log",       Ignored),
        ("linked/.git",        Outside),
        ("r/hollow/new",       Open),
        ("r/hollow/a.log",     Ignored),
        ("to-tracked",         Tracked),
        ("twice",              Tracked),
        ("to-come",            Ignored),
        ("folder/f",           Tracked),
        ("folder/no/such/dir", Open),
        ("r/out",              Outside),
        ("r/sub/../f",         Tracked),
    ];
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    for ((name, want), got) in cases.iter().zip(room.judge(&names)) {
        assert_eq!(&got, want, "{name}");
    }
    symlink("loop", room.path("loop")).unwrap();
    let error = room.try_judge(&[room.path("loop")]).unwrap_err();
    assert!(error.message.contains("too many links"), "{error}");
}

#[test]
#[ignore = "needs git; tests/run"]
fn where_git_is_unwilling_it_says_why() {
    let room = Room::new();
    for tree in ["bare", "foreign", "odd"] {
        room.repository(tree);
    }
    assert!(room.git("bare", &["config", "core.bare", "true"]));
    assert!(room.git("odd", &["config", "core.repositoryFormatVersion", "9"]));
    room.write("broken/.git", "gitdir: /no/such/place\n");
    #[rustfmt::skip]
    let mut cases = vec![
        ("bare/f",    "this operation must be run in a work tree"),
        ("odd/f",     "git repo version"),
        ("broken/f",  "not a git repository"),
    ];
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(room.path("foreign"), Some(1000), None).unwrap();
        std::os::unix::fs::chown(room.path("foreign/.git"), Some(1000), None).unwrap();
        cases.push(("foreign/f", "detected dubious ownership in repository at"));
    }
    for (name, words) in cases {
        let why = room.why(name);
        assert!(
            why.to_lowercase().contains(words) && !why.contains("fatal"),
            "{name}: {why}"
        );
    }
}

/// A program that writes down that it ran.
fn trap(room: &Room) -> String {
    let script = format!("echo \"$0 $*\" >>{}", room.path("ran").display());
    room.program("trap", &script).display().to_string()
}

/// Every way that we know of to name a program in a repository.
fn plant(room: &Room) {
    let trap = trap(room);
    room.repository("r");
    room.write("r/.gitattributes", "* filter=trap diff=trap merge=trap\n");
    room.write("r/.gitignore", "*.log\n");
    for name in ["f", "away/.gitignore", "away/f", "away/deep/f"] {
        room.write(format!("r/{name}"), "text\n");
    }
    room.commit("r");
    room.write("r/f", "other\n");
    #[rustfmt::skip]
    let hooks = [
        "post-index-change", "fsmonitor-watchman", "query-watchman", "reference-transaction",
        "post-checkout", "pre-auto-gc", "pre-commit",
    ];
    for hook in hooks {
        for folder in ["r/.git/hooks", "hooks"] {
            let path = room.path(folder).join(hook);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&path);
            symlink(&trap, path).unwrap();
        }
    }
    #[rustfmt::skip]
    let programs = [
        "core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.askPass", "core.pager",
        "core.editor", "core.alternateRefsCommand", "pager.ls-files", "pager.check-ignore",
        "filter.trap.clean", "filter.trap.smudge", "filter.trap.process", "diff.external",
        "diff.trap.command", "diff.trap.textconv", "merge.trap.driver", "credential.helper",
        "gpg.program", "uploadpack.packObjectsHook", "remote.origin.uploadpack",
    ];
    let hooks = room.path("hooks").display().to_string();
    let shell = format!("!{trap}");
    for (name, value) in programs
        .map(|name| (name, trap.as_str()))
        .into_iter()
        .chain([
            ("core.hooksPath", hooks.as_str()),
            ("alias.ls-files", &shell),
            ("alias.check-ignore", &shell),
            ("core.untrackedCache", "true"),
            ("filter.trap.required", "true"),
            ("remote.origin.url", "ssh://127.0.0.1/r"),
            ("remote.origin.promisor", "true"),
            ("extensions.partialClone", "origin"),
            ("core.repositoryFormatVersion", "1"),
            ("submodule.recurse", "true"),
            ("gc.auto", "1"),
        ])
    {
        assert!(room.git("r", &["config", name, value]), "{name}");
    }
}

/// What has run; and forgets it.
fn ran(room: &Room) -> String {
    let ran = fs::read_to_string(room.path("ran")).unwrap_or_default();
    let _ = fs::remove_file(room.path("ran"));
    ran
}

#[test]
#[ignore = "needs git; tests/run"]
fn no_program_of_the_repository_runs() {
    let mut room = Room::new();
    plant(&room);
    ran(&room);
    // The traps work: git by itself runs some of them.
    room.git("r", &["status"]);
    let control = ran(&room);
    assert!(control.contains("trap"), "nothing ran: {control:?}");

    let trap = room.path("trap");
    for name in [
        "GIT_SSH_COMMAND",
        "GIT_ASKPASS",
        "GIT_PAGER",
        "PAGER",
        "GIT_EXTERNAL_DIFF",
    ] {
        room.env.insert(name.into(), trap.clone().into());
    }
    room.env.insert("GIT_DIR".into(), room.path("other").into());
    room.env.insert("GIT_INDEX_FILE".into(), "/dev/null".into());
    room.env
        .insert("GIT_TRACE".into(), room.path("trace").into());
    let kept = room.judge(&["r/f", "r/a.log", "r/new", "r/away/new"]);
    assert_eq!(kept, [Kept::Tracked, Kept::Ignored, Kept::Open, Kept::Open]);
    assert_eq!(ran(&room), "");
    assert!(!room.path("trace").exists());
}

#[test]
#[ignore = "needs git; tests/run"]
fn what_a_partial_clone_lacks_is_not_fetched() {
    // A blob with ignore rules, and the trees under a sparse index.
    for (index, naive) in [
        ("--no-sparse-index", ["check-ignore", "away/x"]),
        ("--sparse-index", ["ls-files", "away"]),
    ] {
        let room = Room::new();
        let trap = trap(&room);
        room.repository("r");
        for name in ["f", "away/.gitignore", "away/deep/f"] {
            room.write(format!("r/{name}"), "text\n");
        }
        room.commit("r");
        for (name, value) in [
            ("core.sshCommand", trap.as_str()),
            ("remote.origin.url", "ssh://127.0.0.1/r"),
            ("remote.origin.promisor", "true"),
            ("extensions.partialClone", "origin"),
            ("core.repositoryFormatVersion", "1"),
        ] {
            assert!(room.git("r", &["config", name, value]), "{name}");
        }
        assert!(room.git("r", &["sparse-checkout", "set", "--cone", index, "none"]));
        for folder in fs::read_dir(room.path("r/.git/objects")).unwrap() {
            fs::remove_dir_all(folder.unwrap().path()).unwrap();
        }
        assert_eq!(ran(&room), "");
        room.git("r", &naive);
        assert!(ran(&room).contains("127.0.0.1"), "{index}: no control");

        let kept = room.judge(&["r/away/x"]).remove(0);
        assert_eq!(ran(&room), "", "{index}");
        assert!(
            matches!(kept, Kept::Unknown(_) | Kept::Open),
            "{index}: {kept:?}"
        );
    }
}

#[test]
#[ignore = "needs git; tests/run"]
fn git_is_not_looked_for_in_the_repository() {
    let mut room = Room::new();
    room.repository("r");
    let trap = room.program(
        "r/bin/git",
        &format!("echo trap >>{}", room.path("ran").display()),
    );
    fs::copy(&trap, room.path("r/git")).unwrap();
    symlink("r/bin", room.path("bin")).unwrap();
    let real = room.env[OsStr::new("PATH")].to_str().unwrap().to_owned();
    let [bin, link] = ["r/bin", "bin"].map(|name| room.path(name).display().to_string());
    let path = format!(".::bin:{bin}:{link}:{real}");
    room.env.insert("PATH".into(), path.into());
    assert_eq!(room.one("r/new"), Kept::Open);
    assert_eq!(ran(&room), "");
}

#[test]
#[ignore = "needs git; tests/run"]
fn many_paths_are_two_processes_a_work_tree() {
    let mut room = Room::new();
    let mut names = Vec::new();
    for tree in ["a", "b", "c"] {
        room.repository(tree);
        room.write(format!("{tree}/.gitignore"), "*7\n");
        names.extend((0..1000).map(|number| format!("{tree}/folder/file{number}")));
    }
    let real = room.env[OsStr::new("PATH")].to_str().unwrap().to_owned();
    let script =
        format!("echo call >>\"$HOME/ran\"\nenv >\"$HOME/env\"\nPATH='{real}' exec git \"$@\"");
    room.shadow_git(&script);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let kept = room.judge(&names);
    assert_eq!(
        kept.iter().filter(|kept| **kept == Kept::Ignored).count(),
        300
    );
    assert_eq!(ran(&room).lines().count(), 6);
    let env = fs::read_to_string(room.path("env")).unwrap();
    let names = env.lines().filter_map(|line| Some(line.split_once('=')?.0));
    // The shell of the script has some of its own.
    let known = ["HOME", "PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"];
    let unknown: Vec<&str> = names
        .filter(|name| !known.contains(name) && !name.starts_with("GIT_"))
        .collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
#[ignore = "needs git; tests/run"]
fn ignore_rules_that_never_come_are_given_up() {
    let room = Room::new();
    room.repository("r");
    let made = Command::new("mkfifo")
        .arg(room.path("r/.gitignore"))
        .status();
    assert!(made.unwrap().success());
    assert_eq!(room.why("r/new"), "git did not answer within 5 s");
}

#[test]
fn without_git_only_files_in_a_work_tree_are_in_doubt() {
    let mut room = Room::new();
    room.write("r/.git/HEAD", "ref: refs/heads/main\n");
    room.env.remove(OsStr::new("PATH"));
    let unknown = Kept::Unknown("git is not installed".into());
    assert_eq!(
        room.judge(&["f", "r/f", "r/no/f"]),
        [Kept::Outside, unknown.clone(), unknown]
    );
}

#[test]
fn a_git_that_hangs_or_breaks_is_given_up() {
    #[rustfmt::skip]
    let cases = [
        // what git does                                          what is said
        ("sleep 4242 & sleep 4242",                               "git did not answer within 5 s"),
        ("exec >&- 2>&-; sleep 4242",                             "git did not answer within 5 s"),
        ("head -c 300000 /dev/zero >&2; exit 3",                  ""),
        ("echo 'fatal: broken' >&2; echo more >&2; exit 128",     "broken"),
        ("exit 9",                                                "git ended with exit code 9"),
        ("kill -9 $$",                                            "git was killed by a signal"),
    ];
    std::thread::scope(|scope| {
        for (script, words) in cases {
            scope.spawn(move || {
                let mut room = Room::new();
                room.write("r/.git/HEAD", "ref: refs/heads/main\n");
                room.shadow_git(script);
                let begun = Instant::now();
                let why = room.why("r/f");
                assert!(why.ends_with(words), "{script}: {why}");
                assert!(begun.elapsed() < Duration::from_secs(9), "{script}");
            });
        }
    });
    let left = Command::new("pgrep").args(["-f", "sleep 424[2]$"]).output();
    assert!(left.is_ok_and(|left| left.stdout.is_empty()));
}
