//! A home with repositories in it, and programs that say that they ran.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mcpjwt::error::Error;
use mcpjwt::host::{Git, Kept, RealGit};
use tempfile::TempDir;

/// A home with repositories in it.
pub(crate) struct Room {
    folder: TempDir,
    pub(crate) env: BTreeMap<OsString, OsString>,
}

impl Room {
    pub(crate) fn new() -> Self {
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

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Not written by this process: a child that another test starts meanwhile would hold the
    /// file open for writing, and then it cannot be run.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
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
    pub(crate) fn shadow_git(&mut self, script: &str) {
        let bin = self.program("bin/git", script);
        let path = [
            bin.parent().unwrap().as_os_str(),
            &self.env[OsStr::new("PATH")],
        ];
        let path = path.join(OsStr::new(":"));
        self.env.insert("PATH".into(), path);
    }

    /// Runs git as anybody would; says whether it succeeded.
    pub(crate) fn git(&self, tree: &str, args: &[&str]) -> bool {
        self.git_reads(tree, args, "")
    }

    /// The same with something to read.
    pub(crate) fn git_reads(&self, tree: &str, args: &[&str], input: &str) -> bool {
        let mut git = Command::new("git")
            .arg("-C")
            .arg(self.path(tree))
            .args(args)
            .env_clear()
            .envs(&self.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // One that reads nothing may have ended already.
        let _ = git.stdin.take().unwrap().write_all(input.as_bytes());
        git.wait().unwrap().success()
    }

    pub(crate) fn repository(&self, tree: &str) {
        fs::create_dir_all(self.path(tree)).unwrap();
        assert!(self.git(tree, &["init", "-q", "-b", "main"]));
    }

    pub(crate) fn commit(&self, tree: &str) {
        assert!(self.git(tree, &["add", "-A"]));
        assert!(self.git(tree, &["commit", "-q", "-m", "all"]));
    }

    pub(crate) fn try_judge(&self, paths: &[PathBuf]) -> Result<Vec<Kept>, Error> {
        let env = self.env.clone();
        RealGit::new(move || env.clone().into_iter().collect()).judge(paths)
    }

    pub(crate) fn judge(&self, names: &[&str]) -> Vec<Kept> {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        self.try_judge(&paths).unwrap()
    }

    pub(crate) fn one(&self, name: &str) -> Kept {
        self.judge(&[name]).remove(0)
    }

    /// The words of a judgement that has to be `Unknown`.
    pub(crate) fn why(&self, name: &str) -> String {
        match self.one(name) {
            Kept::Unknown(why) => why,
            kept => panic!("{name}: {kept:?}"),
        }
    }
}

/// What has run; and forgets it.
pub(crate) fn ran(room: &Room) -> String {
    let ran = fs::read_to_string(room.path("ran")).unwrap_or_default();
    let _ = fs::remove_file(room.path("ran"));
    ran
}

/// A program that writes down that it ran.
pub(crate) fn trap(room: &Room) -> String {
    let script = format!("echo \"$0 $*\" >>{}", room.path("ran").display());
    room.program("trap", &script).display().to_string()
}
