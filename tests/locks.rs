//! The locks of other programs: taken as they do it, and given back.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files"
)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mcpjwt::error::{Code, Error};
use mcpjwt::host::{Edited, Files, Foreign, Privacy, RealFiles, Target, Written};
use mcpjwt::secret::Secret;
use tempfile::TempDir;

const KINDS: [Foreign; 2] = [Foreign::Folder, Foreign::FolderWithOwner];

struct Room(TempDir);

impl Room {
    /// A folder with a config in it.
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        fs::create_dir(room.path("")).unwrap();
        fs::write(room.path("f"), "0").unwrap();
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("in").join(name)
    }

    fn update(
        &self,
        name: &str,
        lock: Option<Foreign>,
        mut edit: impl FnMut() -> Result<Edited, Error>,
    ) -> Result<Written, Error> {
        let target = Target {
            path: self.path(name),
            privacy: Privacy::Secret {
                first_secret: false,
            },
            lock,
        };
        let mut files = RealFiles::new(Some(&self.0.path().join("state")));
        files.update(&target, &mut |_| edit())
    }

    fn write(&self, lock: Foreign) -> Result<Written, Error> {
        self.update("f", Some(lock), || Ok(Edited::Replace(Secret::from("new"))))
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path("f")).unwrap()
    }

    fn names(&self) -> Vec<String> {
        names(&self.path(""))
    }

    /// A lock as another program leaves it, last touched so many seconds ago.
    fn lock(&self, inside: &[&str], age: i64) -> PathBuf {
        let lock = self.path("f.lock");
        fs::create_dir(&lock).unwrap();
        for name in inside {
            fs::write(lock.join(name), "").unwrap();
        }
        touch(&lock, age);
        lock
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn touch(path: &Path, age: i64) {
    let now = SystemTime::now();
    let time = if age < 0 {
        now + Duration::from_secs(age.unsigned_abs())
    } else {
        now - Duration::from_secs(age.unsigned_abs())
    };
    File::open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_lock_is_there_during_the_edit_and_gone_after_it() {
    let room = Room::new();
    symlink("f", room.path("link")).unwrap();
    let me = format!("owner.mcpjwt.{}", std::process::id());
    #[rustfmt::skip]
    let cases: [(&str, Foreign, &[&str], Vec<String>); 3] = [
        // file   kind                        locks                     inside
        ("f",     Foreign::Folder,            &["f.lock"],              vec![]),
        ("f",     Foreign::FolderWithOwner,   &["f.lock"],              vec![me.clone()]),
        ("link",  Foreign::FolderWithOwner,   &["f.lock", "link.lock"], vec![me]),
    ];
    for (file, kind, locks, inside) in cases {
        for end in 0..4 {
            let mut calls = 0;
            let done = room.update(file, Some(kind), || {
                calls += 1;
                let seen: Vec<String> = room.names();
                let seen: Vec<&String> = seen.iter().filter(|name| name.contains("lock")).collect();
                assert_eq!(seen, locks, "{file} {kind:?}");
                for lock in locks {
                    assert_eq!(names(&room.path(lock)), inside, "{file} {kind:?}");
                }
                match end {
                    0 => Ok(Edited::Leave),
                    1 => Ok(Edited::Replace(Secret::from(calls.to_string()))),
                    2 => Err(Error::new(Code::PlaceInvalid, "no")),
                    _ => {
                        fs::write(room.path("f"), format!("theirs {calls}")).unwrap();
                        Ok(Edited::Remove)
                    }
                }
            });
            assert_eq!(done.is_err(), end > 1, "{file} {kind:?} {end}");
            assert_eq!(room.names(), ["f", "link"], "{file} {kind:?} {end}");
        }
    }
}

#[test]
fn a_lock_that_is_held_is_waited_for() {
    for kind in KINDS {
        for inside in [&[][..], &["owner.1.2.3"]] {
            let room = Room::new();
            let lock = room.lock(inside, 0);
            thread::scope(|scope| {
                scope.spawn(|| {
                    thread::sleep(Duration::from_millis(300));
                    assert_eq!(room.text(), "0");
                    fs::remove_dir_all(&lock).unwrap();
                });
                let begun = Instant::now();
                room.write(kind).unwrap();
                assert!(begun.elapsed() >= Duration::from_millis(300));
            });
            assert_eq!((room.text().as_str(), room.names().len()), ("new", 1));
        }
    }
}

#[test]
fn what_is_waited_for_is_said_after_a_second() {
    #[rustfmt::skip]
    let cases: [(&[&str], &str); 3] = [
        (&[],         "note: the program that `~/.claude.json` belongs to keeps it locked; waiting for it\n"),
        (&["--json"], "note: the program that `~/.claude.json` belongs to keeps it locked; waiting for it\n"),
        (&["-q"],     ""),
    ];
    thread::scope(|scope| {
        for (flags, want) in cases {
            scope.spawn(move || {
                let home = tempfile::tempdir().unwrap();
                let config = home.path().join(".claude.json");
                fs::write(
                    &config,
                    r#"{"mcpServers":{"a":{"type":"http","url":"https://a.b"}}}"#,
                )
                .unwrap();
                let token = home.path().join("token");
                fs::write(&token, "sk-1").unwrap();
                let lock = home.path().join(".claude.json.lock");
                fs::create_dir(&lock).unwrap();
                let run = Command::new(env!("CARGO_BIN_EXE_mcpjwt"))
                    .args(["install", "--opaque", "--to", "claude-code:user/a"])
                    .arg(format!("file:{}", token.display()))
                    .args(flags)
                    .env_clear()
                    .env("HOME", home.path())
                    .current_dir(home.path())
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap();
                thread::sleep(Duration::from_secs(2));
                fs::remove_dir(&lock).unwrap();
                let done = run.wait_with_output().unwrap();
                let said = String::from_utf8(done.stderr).unwrap();
                let said = said.replace(&home.path().display().to_string(), "~");
                assert!(done.status.success(), "{flags:?}: {said}");
                assert_eq!(
                    said.matches("note: ").count(),
                    want.lines().count(),
                    "{said}"
                );
                assert!(said.contains(want), "{flags:?}: {said}");
                assert_eq!(flags == ["--json"], done.stdout.starts_with(b"{"));
                assert!(fs::read_to_string(&config).unwrap().contains("sk-1"));
            });
        }
    });
}

#[test]
fn a_lock_that_was_left_behind_is_taken_over() {
    for kind in KINDS {
        for inside in [&[][..], &["owner.1.2.3"], &["owner.1", "owner.2"]] {
            let room = Room::new();
            room.lock(inside, 11);
            let begun = Instant::now();
            room.write(kind).unwrap();
            assert!(
                begun.elapsed() < Duration::from_secs(2),
                "{kind:?} {inside:?}"
            );
            assert_eq!((room.text().as_str(), room.names().len()), ("new", 1));
        }
    }
}

#[test]
fn what_is_no_lock_is_left_alone() {
    for kind in KINDS {
        let room = Room::new();
        room.lock(&["owner.1", "thesis.txt"], 11);
        let error = room.write(kind).unwrap_err();
        assert_eq!(error.code, Code::Io);
        assert!(
            error.message.ends_with("f.lock`: it is in the way"),
            "{error}"
        );
        assert_eq!(names(&room.path("f.lock")), ["owner.1", "thesis.txt"]);

        for link in [false, true] {
            let room = Room::new();
            if link {
                symlink(room.path(""), room.path("f.lock")).unwrap();
            } else {
                fs::write(room.path("f.lock"), "").unwrap();
            }
            let error = room.write(kind).unwrap_err();
            assert!(
                error.message.ends_with("f.lock`: it is in the way"),
                "{error}"
            );
            assert_eq!(room.names(), ["f", "f.lock"]);
            assert_eq!(room.text(), "0");
        }
    }
}

#[test]
fn a_lock_that_was_taken_from_us_is_not_removed() {
    for kind in KINDS {
        let room = Room::new();
        let lock = room.path("f.lock");
        room.update("f", Some(kind), || {
            // As a program does that takes ours for stale, after a long sleep of the machine.
            fs::rename(&lock, room.path("stale")).unwrap();
            fs::create_dir(&lock).unwrap();
            Ok(Edited::Leave)
        })
        .unwrap();
        assert!(lock.is_dir(), "{kind:?}");
    }
}

#[test]
#[ignore = "takes 10 s; tests/run"]
fn a_lock_that_is_kept_is_an_error_after_10_s() {
    for_both(|kind| {
        let room = Room::new();
        let lock = room.lock(&["owner.1"], 0);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    touch(&lock, 0);
                    thread::sleep(Duration::from_millis(500));
                }
            });
            let begun = Instant::now();
            let error = room.write(kind).unwrap_err();
            done.store(true, Ordering::Relaxed);
            let waited = begun.elapsed().as_millis();
            assert!((9_900..11_000).contains(&waited), "{waited} ms");
            let words = "the program it belongs to has kept it locked for 10 s";
            assert!(error.message.ends_with(words), "{error}");
            assert_eq!(error.code, Code::Io);
        });
        assert_eq!(room.text(), "0");
        assert_eq!(names(&lock), ["owner.1"]);
    });
}

#[test]
#[ignore = "takes 10 s; tests/run"]
fn a_lock_from_the_future_is_stale_when_it_does_not_change() {
    for_both(|kind| {
        let room = Room::new();
        room.lock(&["owner.1"], -86_400);
        let begun = Instant::now();
        room.write(kind).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(11));
        assert_eq!((room.text().as_str(), room.names().len()), ("new", 1));
    });
}

#[test]
#[ignore = "takes 9 s; tests/run"]
fn a_lock_of_ours_is_kept_fresh() {
    for_both(|kind| {
        let room = Room::new();
        let lock = room.path("f.lock");
        room.update("f", Some(kind), || {
            thread::sleep(Duration::from_secs(9));
            let touched = fs::metadata(&lock).unwrap().modified().unwrap();
            assert!(touched.elapsed().unwrap() < Duration::from_secs(5));
            Ok(Edited::Leave)
        })
        .unwrap();
    });
}

/// Our own lock, kept by somebody for 12 s; says whether an update came through.
fn waits_for_us(mut meanwhile: impl FnMut(&File)) -> bool {
    let room = Room::new();
    let write = || room.update("f", None, || Ok(Edited::Replace(Secret::from("new"))));
    write().unwrap();
    let lock = fs::read_dir(room.0.path().join("state/locks")).unwrap();
    let lock = lock.map(|entry| entry.unwrap().path()).next().unwrap();
    fs::write(room.path("f"), "0").unwrap();
    let lock = File::open(lock).unwrap();
    lock.lock().unwrap();
    thread::scope(|scope| {
        let write = scope.spawn(write);
        for _ in 0..12 {
            thread::sleep(Duration::from_secs(1));
            meanwhile(&lock);
        }
        drop(lock);
        write.join().unwrap().is_ok()
    })
}

#[test]
#[ignore = "takes 12 s; tests/run"]
fn our_own_lock_is_waited_for_while_it_changes_hands() {
    assert!(waits_for_us(|lock| {
        lock.set_modified(SystemTime::now()).unwrap();
    }));
}

#[test]
#[ignore = "takes 12 s; tests/run"]
fn one_process_that_keeps_our_lock_is_an_error_after_10_s() {
    assert!(!waits_for_us(|_| {}));
}

fn for_both(test: impl Fn(Foreign) + Sync) {
    thread::scope(|scope| {
        for kind in KINDS {
            let test = &test;
            scope.spawn(move || test(kind));
        }
    });
}

/// How often we count up in one file, while another program does so too.
const TURNS: u64 = 100;

/// Says how many of the updates that both believe to have made are not there. The other goes on
/// until there is a file `stop`, and says how many it made.
fn lost(room: &Room, lock: Option<Foreign>, other: impl FnOnce() -> u64 + Send) -> u64 {
    let made = thread::scope(|scope| {
        let other = scope.spawn(other);
        while room.text() == "0" && !other.is_finished() {
            thread::sleep(Duration::from_millis(1));
        }
        let mut made = 0;
        for _ in 0..TURNS {
            let done = room.update("f", lock, || {
                let next = room.text().parse::<u64>().unwrap() + 1;
                Ok(Edited::Replace(Secret::from(next.to_string())))
            });
            assert!(lock.is_none() || done.is_ok(), "{done:?}");
            made += u64::from(done.is_ok());
        }
        fs::write(room.path("stop"), "").unwrap();
        made + other.join().unwrap()
    });
    assert_eq!(room.names(), ["f", "stop"]);
    made - room.text().parse::<u64>().unwrap()
}

/// Counts up as Cline writes: a populated folder is moved to where the lock shall be.
fn cline(room: &Room) -> u64 {
    let lock = room.path("f.lock");
    for turn in 0.. {
        let staging = room.path(&format!("f.lock.tmp.{turn}"));
        let owner = format!("owner.{turn}");
        loop {
            if room.path("stop").exists() {
                return turn;
            }
            fs::create_dir(&staging).unwrap();
            fs::write(staging.join(&owner), "").unwrap();
            if fs::rename(&staging, &lock).is_ok() {
                break;
            }
            fs::remove_dir_all(&staging).unwrap();
            thread::sleep(Duration::from_micros(200));
        }
        let next = room.text().parse::<u64>().unwrap() + 1;
        thread::sleep(Duration::from_micros(300));
        let new = room.path("f.tmp");
        fs::write(&new, next.to_string()).unwrap();
        fs::rename(&new, room.path("f")).unwrap();
        fs::remove_file(lock.join(&owner)).unwrap();
        let _ = fs::remove_dir(&lock);
        thread::sleep(Duration::from_millis(3));
    }
    unreachable!()
}

#[test]
fn cline_and_we_lose_nothing_of_each_other() {
    let room = Room::new();
    let kind = Some(Foreign::FolderWithOwner);
    assert_eq!(lost(&room, kind, || cline(&room)), 0);
    let room = Room::new();
    let naive = lost(&room, None, || cline(&room));
    assert!(naive > 0, "the race cannot be lost");
}

/// Counts up as Claude Code writes, by the library that it uses.
const LOCKFILE: &str = r#"
const fs = require("fs"), { lock } = require("proper-lockfile");
const [file, stop] = process.argv.slice(1);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  let turns = 0;
  while (!fs.existsSync(stop)) {
    const retries = { retries: 10000, minTimeout: 1, maxTimeout: 3 };
    const release = await lock(file, { lockfilePath: `${file}.lock`, retries });
    const next = Number(fs.readFileSync(file, "utf8")) + 1;
    await pause(1);
    fs.writeFileSync(`${file}.tmp`, String(next));
    fs.renameSync(`${file}.tmp`, file);
    turns++;
    await release();
    await pause(3);
  }
  console.log(turns);
})();
"#;

fn proper_lockfile(room: &Room) -> u64 {
    let var = |name| std::env::var(name).unwrap();
    let done = Command::new(var("MCPJWT_TEST_NODE"))
        .args(["-e", LOCKFILE])
        .args([room.path("f"), room.path("stop")])
        .env("NODE_PATH", var("MCPJWT_TEST_NODE_MODULES"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&done.stdout)
        .trim()
        .parse()
        .unwrap()
}

#[test]
#[ignore = "needs node and proper-lockfile; tests/run"]
fn proper_lockfile_and_we_lose_nothing_of_each_other() {
    let room = Room::new();
    let kind = Some(Foreign::Folder);
    assert_eq!(lost(&room, kind, || proper_lockfile(&room)), 0);
    let room = Room::new();
    let naive = lost(&room, None, || proper_lockfile(&room));
    assert!(naive > 0, "the race cannot be lost");
}
