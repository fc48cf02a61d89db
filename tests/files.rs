//! The writer against real folders: links, modes, other writers, what is refused.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files"
)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::thread;

use mcpjwt::error::{Code, Error};
use mcpjwt::host::{Edited, Files, Privacy, RealFiles, Target, Written};
use mcpjwt::secret::Secret;
use tempfile::TempDir;

const FIRST: Privacy = Privacy::Secret { first_secret: true };
const AGAIN: Privacy = Privacy::Secret {
    first_secret: false,
};

struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("in").join(name)
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("home/state")
    }

    fn files(&self) -> RealFiles {
        RealFiles::new(Some(&self.state()))
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn put(files: &mut RealFiles, path: &Path, privacy: Privacy, text: &str) -> Result<Written, Error> {
    let target = Target {
        path: path.to_owned(),
        privacy,
        lock: None,
    };
    files.update(&target, &mut |_| Ok(Edited::Replace(Secret::from(text))))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn modes_of_old_and_new_files() {
    #[rustfmt::skip]
    let cases = [
        // before        privacy           after  tightened     loose
        (Some(0o644),    FIRST,            0o600, Some(0o644),  None),
        (Some(0o640),    FIRST,            0o600, Some(0o640),  None),
        (Some(0o600),    FIRST,            0o600, None,         None),
        (Some(0o400),    FIRST,            0o400, None,         None),
        (Some(0o644),    AGAIN,            0o644, None,         Some(0o644)),
        (Some(0o600),    AGAIN,            0o600, None,         None),
        (Some(0o664),    Privacy::Public,  0o664, None,         None),
        (Some(0o600),    Privacy::Public,  0o600, None,         None),
        (Some(0o600),    Privacy::Store,   0o600, None,         None),
    ];
    for (before, privacy, after, tightened, loose) in cases {
        let room = Room::new();
        let path = match before {
            Some(mode) => room.file("f", "old", mode),
            None => room.path("f"),
        };
        let written = put(&mut room.files(), &path, privacy, "new").unwrap();
        let row = format!("{before:?} {privacy:?}");
        assert_eq!(written, Written::Replaced { tightened, loose }, "{row}");
        assert_eq!(mode(&path), after, "{row}");
        assert_eq!(fs::read(&path).unwrap(), b"new", "{row}");
        assert_eq!(room.names(), ["f"], "{row}");
    }
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let room = Room::new();
    let path = room.file("f", "old", 0o644);
    let inode = fs::metadata(&path).unwrap().ino();
    assert_eq!(
        put(&mut room.files(), &path, FIRST, "old").unwrap(),
        Written::Unchanged
    );
    let target = Target {
        path: path.clone(),
        privacy: FIRST,
        lock: None,
    };
    let left = room
        .files()
        .update(&target, &mut |_| Ok(Edited::Leave))
        .unwrap();
    assert_eq!(left, Written::Unchanged);
    let error = room
        .files()
        .update(&target, &mut |_| Err(Error::new(Code::PlaceInvalid, "no")))
        .unwrap_err();
    assert_eq!(error.code, Code::PlaceInvalid);
    assert_eq!(fs::metadata(&path).unwrap().ino(), inode);
}

#[test]
fn links_are_kept() {
    let room = Room::new();
    let path = room.file("target", "old", 0o600);
    symlink("target", room.path("one")).unwrap();
    symlink(room.path("one"), room.path("two")).unwrap();
    put(&mut room.files(), &room.path("two"), FIRST, "new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(
        fs::read_link(room.path("one")).unwrap(),
        Path::new("target")
    );
    assert!(room.path("two").is_symlink());

    symlink("later", room.path("dangling")).unwrap();
    assert!(room.files().read(&room.path("dangling")).unwrap().is_none());
    let written = put(&mut room.files(), &room.path("dangling"), FIRST, "made").unwrap();
    assert_eq!(written, Written::Created);
    assert!(room.path("dangling").is_symlink());
    assert_eq!(fs::read(room.path("later")).unwrap(), b"made");
    assert_eq!(mode(&room.path("later")), 0o600);

    room.files().remove(&room.path("dangling")).unwrap();
    room.files().remove(&room.path("dangling")).unwrap();
    assert_eq!(room.names(), ["dangling", "one", "target", "two"]);

    symlink("loop", room.path("loop")).unwrap();
    let error = put(&mut room.files(), &room.path("loop"), FIRST, "x").unwrap_err();
    assert!(error.message.contains("too many links"), "{error}");
}

#[test]
fn a_path_leads_through_every_link() {
    let room = Room::new();
    let real = fs::canonicalize(room.path("")).unwrap();
    room.file("a", "", 0o600);
    fs::create_dir(room.path("d")).unwrap();
    for (link, to) in [
        ("file", "a"),
        ("folder", "d"),
        ("dangling", "d/new"),
        ("up", ".."),
    ] {
        symlink(to, room.path(link)).unwrap();
    }
    #[rustfmt::skip]
    let cases = [
        ("a",               "a"),
        ("file",            "a"),
        ("folder",          "d"),
        ("folder/new",      "d/new"),
        ("dangling",        "d/new"),
        ("d/../file",       "a"),
        ("up/in/file",      "a"),
        ("folder/x/y",      "d/x/y"),
        ("x/../../a",       "x/../../a"),
    ];
    for (path, want) in cases {
        let got = room.files().leads_to(&room.path(path)).unwrap();
        assert_eq!(got, real.join(want), "{path}");
    }
}

#[test]
fn a_path_and_a_link_to_it_share_one_lock() {
    let room = Room::new();
    let path = room.file("f", "", 0o600);
    symlink(&path, room.path("link")).unwrap();
    put(&mut room.files(), &path, FIRST, "1").unwrap();
    put(&mut room.files(), &room.path("link"), FIRST, "2").unwrap();
    assert_eq!(fs::read_dir(room.state().join("locks")).unwrap().count(), 1);
    assert_eq!(mode(&room.state()), 0o700);
    assert_eq!(mode(&room.state().join("locks")), 0o700);
    assert_eq!(mode(room.state().parent().unwrap()), 0o700);
}

#[test]
fn what_cannot_be_replaced_safely_is_refused_and_left() {
    let room = Room::new();
    let hard = room.file("hard", "old", 0o600);
    fs::hard_link(&hard, room.path("hard2")).unwrap();
    let big = room.file("big", "", 0o600);
    fs::File::options()
        .write(true)
        .open(&big)
        .unwrap()
        .set_len((16 << 20) + 1)
        .unwrap();
    let loose = room.file("loose", "old", 0o640);
    fs::create_dir(room.path("folder")).unwrap();
    #[rustfmt::skip]
    let cases = [
        // path                    privacy           code                     words
        (hard,                     FIRST,            Code::PlaceUnwritable,  "it has 2 hard links"),
        (big,                      FIRST,            Code::PlaceUnwritable,  "it is larger than 16 MiB"),
        (loose,                    Privacy::Store,   Code::PlaceLooseMode,   "others can read it (mode 0640)"),
        (room.path("folder"),      FIRST,            Code::PlaceUnwritable,  "it is a folder"),
        (room.path("no/where"),    FIRST,            Code::PlaceMissing,     "there is no folder"),
        (room.path("no/where"),    Privacy::Public,  Code::PlaceMissing,     "there is no folder"),
        (room.path("hard/below"),  FIRST,            Code::PlaceUnwritable,  "not a directory"),
        ("/dev/null".into(),       FIRST,            Code::PlaceUnwritable,  "it is not a regular file"),
        ("/".into(),               FIRST,            Code::PlaceUnwritable,  "it is a folder"),
        ("/proc/version".into(),   FIRST,            Code::PlaceUnwritable,  ""),
    ];
    let before = room.names();
    for (path, privacy, code, words) in cases {
        let error = put(&mut room.files(), &path, privacy, "new").unwrap_err();
        assert_eq!(error.code, code, "{} {error}", path.display());
        assert!(error.message.contains(words), "{} {error}", path.display());
    }
    assert_eq!(room.names(), before);
    let error = room.files().read_store(&room.path("loose")).err().unwrap();
    assert_eq!(error.code, Code::PlaceLooseMode);
    assert_eq!(
        error.hint,
        Some(format!(
            "close it with `chmod 600 {}`",
            room.path("loose").display()
        ))
    );
}

#[test]
fn a_foreign_owner_is_refused_and_a_group_is_kept() {
    if !rustix::process::geteuid().is_root() {
        return; // Only root can make such files.
    }
    let room = Room::new();
    let path = room.file("f", "old", 0o640);
    std::os::unix::fs::chown(&path, None, Some(1000)).unwrap();
    put(&mut room.files(), &path, AGAIN, "new").unwrap();
    let about = fs::metadata(&path).unwrap();
    assert_eq!((about.gid(), about.mode() & 0o777), (1000, 0o640));

    std::os::unix::fs::chown(&path, Some(1000), None).unwrap();
    let error = put(&mut room.files(), &path, AGAIN, "newer").unwrap_err();
    assert!(
        error.message.ends_with("it belongs to another user"),
        "{error}"
    );
    assert!(!room.files().read(&path).unwrap().unwrap().ours);
    assert_eq!(
        room.files().read_store(&path).err().unwrap().code,
        Code::PlaceLooseMode
    );
}

#[test]
fn only_a_missing_file_is_absent() {
    let room = Room::new();
    let file = room.file("f", "text", 0o604);
    let mut files = room.files();
    let found = files.read(&file).unwrap().unwrap();
    assert_eq!(
        (found.bytes.expose(), found.mode, found.ours),
        (&b"text"[..], 0o604, true)
    );
    assert!(!found.mounted_secret);
    assert!(files.read(&room.path("nothing")).unwrap().is_none());
    assert!(files.read(&room.path("no/where")).unwrap().is_none());
    assert_eq!(
        files.open(&room.path("nothing")).err().unwrap().code,
        Code::PlaceMissing
    );
    for path in [
        room.path(""),
        file.join("below"),
        "/proc/self/mem".into(),
        "/dev/zero".into(),
    ] {
        let error = files.read(&path).err().unwrap();
        assert_eq!(
            error.code,
            Code::PlaceUnreadable,
            "{} {error}",
            path.display()
        );
    }
    let mut text = String::new();
    files
        .open(&file)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "text");
}

#[test]
fn concurrent_updates_are_all_kept() {
    let room = Room::new();
    let path = room.path("counter");
    thread::scope(|scope| {
        for worker in 0..64 {
            let (path, state) = (&path, room.state());
            scope.spawn(move || {
                let mut files = RealFiles::new(Some(&state));
                for turn in 0..20 {
                    let target = Target {
                        path: path.clone(),
                        privacy: Privacy::Store,
                        lock: None,
                    };
                    files
                        .update(&target, &mut |old| {
                            let mut text = old.unwrap_or_default().to_vec();
                            text.extend(format!("{worker} {turn}\n").bytes());
                            Ok(Edited::Replace(Secret::new(text)))
                        })
                        .unwrap();
                }
            });
        }
    });
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 64 * 20);
    assert_eq!(room.names(), ["counter"]);
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_store_without_a_state_folder_is_locked_beside_itself() {
    let room = Room::new();
    let path = room.path("new/folders/counter");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut files = RealFiles::new(None);
                for _ in 0..10 {
                    let target = Target {
                        path: path.clone(),
                        privacy: Privacy::Store,
                        lock: None,
                    };
                    files
                        .update(&target, &mut |old| {
                            Ok(Edited::Replace(Secret::new(
                                [old.unwrap_or_default(), b"x"].concat(),
                            )))
                        })
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(fs::read(&path).unwrap().len(), 80);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&room.path("new")), 0o700);
    // Somebody else's folder gets no file of ours.
    put(&mut RealFiles::new(None), &room.path("theirs"), FIRST, "x").unwrap();
    assert_eq!(room.names(), ["new", "theirs"]);
}

#[test]
fn a_writer_without_a_lock_is_noticed() {
    let room = Room::new();
    let path = room.file("f", "1", 0o600);
    let target = Target {
        path: path.clone(),
        privacy: FIRST,
        lock: None,
    };
    let mut calls = 0;
    let written = room.files().update(&target, &mut |old| {
        calls += 1;
        let old = String::from_utf8(old.unwrap().to_vec()).unwrap();
        if calls < 4 {
            fs::write(&path, format!("{old}!")).unwrap();
        }
        Ok(Edited::Replace(Secret::from(format!("{old} and ours"))))
    });
    assert!(matches!(written, Ok(Written::Replaced { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), "1!!! and ours");

    calls = 0;
    let error = room.files().update(&target, &mut |_| {
        calls += 1;
        fs::write(&path, format!("theirs {calls}")).unwrap();
        Ok(Edited::Replace(Secret::from("ours")))
    });
    assert_eq!((error.unwrap_err().code, calls), (Code::Overwritten, 5));
    assert_eq!(fs::read_to_string(&path).unwrap(), "theirs 5");
    assert_eq!(room.names(), ["f"]);
}

#[test]
fn a_file_that_comes_or_goes_meanwhile_is_noticed() {
    let room = Room::new();
    let path = room.path("f");
    let target = Target {
        path: path.clone(),
        privacy: FIRST,
        lock: None,
    };
    let mut seen = Vec::new();
    room.files()
        .update(&target, &mut |old| {
            seen.push(old.is_some());
            match seen.len() {
                1 => fs::write(&path, "theirs").unwrap(),
                2 => fs::remove_file(&path).unwrap(),
                _ => {}
            }
            Ok(Edited::Replace(Secret::from("ours")))
        })
        .unwrap();
    assert_eq!(seen, [false, true, false]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
}

#[test]
fn an_edit_can_delete_the_file_that_it_saw() {
    let room = Room::new();
    let path = room.file("f", "1", 0o600);
    symlink(&path, room.path("link")).unwrap();
    let target = Target {
        path: room.path("link"),
        privacy: FIRST,
        lock: None,
    };
    let mut seen = Vec::new();
    let mut files = room.files();
    let mut remove = |old: Option<&[u8]>| {
        seen.push(old.map(<[u8]>::to_vec));
        if seen.len() == 1 {
            fs::write(&path, "2").unwrap();
        }
        Ok(Edited::Remove)
    };
    for want in [Written::Removed, Written::Unchanged] {
        assert_eq!(files.update(&target, &mut remove).unwrap(), want);
    }
    assert_eq!(seen, [Some(b"1".to_vec()), Some(b"2".to_vec()), None]);
    assert_eq!(room.names(), ["link"]);
}

#[test]
fn only_the_stale_files_of_that_file_are_removed() {
    let room = Room::new();
    let long = "l".repeat(255);
    for stale in [
        ".f.mcpjwt-abcdef",
        ".f.mcpjwt-",
        ".g.mcpjwt-abcdef",
        ".f.other",
        "f.mcpjwt-x",
    ] {
        room.file(stale, "secret", 0o600);
    }
    fs::create_dir(room.path(".f.mcpjwt-folder")).unwrap();
    put(&mut room.files(), &room.path("f"), FIRST, "x").unwrap();
    put(&mut room.files(), &room.path(&long), FIRST, "x").unwrap();
    assert_eq!(
        room.names(),
        [
            ".f.mcpjwt-folder",
            ".f.other",
            ".g.mcpjwt-abcdef",
            "f",
            "f.mcpjwt-x",
            &long
        ]
    );
}

#[test]
fn concurrent_appends_stay_whole_lines() {
    let room = Room::new();
    let path = room.path("deep/ledger.jsonl");
    thread::scope(|scope| {
        for worker in 0..32 {
            let path = &path;
            scope.spawn(move || {
                let mut files = RealFiles::new(None);
                for turn in 0..50 {
                    let line = format!("{{\"worker\":{worker},\"turn\":{turn}}}\n").repeat(2);
                    files.append(path, line.as_bytes(), turn == 49).unwrap();
                }
            });
        }
    });
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 32 * 50 * 2);
    assert!(
        text.lines()
            .all(|line| line.starts_with('{') && line.ends_with('}'))
    );
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn a_torn_last_line_does_not_swallow_the_next() {
    let room = Room::new();
    let path = room.file("ledger", "one\ntwo", 0o644);
    room.files().append(&path, b"three", false).unwrap();
    room.files().append(&path, b"four\n", true).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "one\ntwo\nthree\nfour\n"
    );
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn appends_and_updates_of_a_store_do_not_lose_each_other() {
    let room = Room::new();
    let path = room.file("ledger", "", 0o600);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..200 {
                room.files().append(&path, b"line\n", false).unwrap();
            }
        });
        scope.spawn(|| {
            for _ in 0..50 {
                let target = Target {
                    path: path.clone(),
                    privacy: Privacy::Store,
                    lock: None,
                };
                room.files()
                    .update(&target, &mut |old| {
                        Ok(Edited::Replace(Secret::new(
                            [b"top\n", old.unwrap_or_default()].concat(),
                        )))
                    })
                    .unwrap();
            }
        });
    });
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 250);
}
