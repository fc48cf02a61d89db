//! What git keeps, asked of real repositories; and that nothing of theirs runs meanwhile.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files and programs"
)]

mod room;
mod traps;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::{Duration, Instant};

use mcpjwt::host::Kept;

use crate::room::{Room, ran};

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
        ("r/not-checked-out.log",  true,      Tracked),
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
    let skip = ["update-index", "--skip-worktree", "not-checked-out.log"];
    assert!(room.git("r", &skip));
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
    for sub in ["sub", "absent"] {
        assert!(room.git("r", &[&add[..], &[&library, sub]].concat()));
    }
    room.commit("r");
    assert!(room.git("r", &["submodule", "deinit", "-q", "absent"]));
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
        ("r/absent/new",       Open),
        ("r/absent/a.log",     Ignored),
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
    assert!(error.message.ends_with("links"), "{error}");
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

#[test]
#[ignore = "needs git; tests/run"]
fn many_paths_that_are_ignored_are_one_process_a_work_tree() {
    let mut room = Room::new();
    let mut names = Vec::new();
    for tree in ["a", "b", "c"] {
        room.repository(tree);
        room.write(format!("{tree}/.gitignore"), "file*\n!file*9\n");
        let ignored = (0..1000).filter(|number| number % 10 != 9);
        names.extend(ignored.map(|number| format!("{tree}/folder/file{number}")));
    }
    let real = room.env[OsStr::new("PATH")].to_str().unwrap().to_owned();
    let script =
        format!("echo call >>\"$HOME/ran\"\nenv >\"$HOME/env\"\nPATH='{real}' exec git \"$@\"");
    room.shadow_git(&script);
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(room.judge(&names), vec![Kept::Ignored; 2700]);
    assert_eq!(ran(&room).lines().count(), 3);
    names.extend(["a/open", "b/file9", "b/folder/file9"]);
    let kept = room.judge(&names);
    assert_eq!(kept[2700..], [Kept::Open, Kept::Open, Kept::Open]);
    assert_eq!(kept[..2700], vec![Kept::Ignored; 2700]);
    assert_eq!(ran(&room).lines().count(), 7);
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
fn many_paths_beside_a_large_index_are_not_compared_with_all_of_it() {
    let mut room = Room::new();
    room.repository("r");
    room.write("r/.gitignore", "*.log\n");
    let blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    let entry = |number| format!("100644 {blob} 0\tfolder/number{number:06}/file\n");
    let index: Vec<String> = (0..60_000).map(entry).collect();
    assert!(room.git_reads("r", &["update-index", "--index-info"], &index.concat()));
    let real = room.env[OsStr::new("PATH")].to_str().unwrap().to_owned();
    let script = format!("echo \"$*\" >>\"$HOME/ran\"\nPATH='{real}' exec git \"$@\"");
    room.shadow_git(&script);
    let names: Vec<String> = (0..1000).map(|number| format!("r/{number}.log")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (count, asked) in [(1, "check-ignore -z"), (1000, "ls-files")] {
        assert_eq!(room.judge(&names[..count]), vec![Kept::Ignored; count]);
        let ran = ran(&room);
        assert!(ran.lines().next().unwrap().contains(asked), "{ran}");
    }
    assert_eq!(room.one("r/folder/number000007/file"), Kept::Tracked);
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
