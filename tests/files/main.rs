//! The writer against real folders: links, modes, other writers, what is refused.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files"
)]

mod room;
mod writers;

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use mcpjwt::error::{Code, Error};
use mcpjwt::host::{Edited, Files, Privacy, Target, Written};

use crate::room::{AGAIN, FIRST, Room, mode, put};

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
fn a_file_is_read_to_its_end() {
    let room = Room::new();
    for size in [0, 1, 63, 64, 65, 4096, 100_000, 16 << 20] {
        let path = room.file("f", &"x".repeat(size), 0o600);
        let found = room.files().read(&path).unwrap().unwrap();
        assert_eq!(found.bytes.len(), size);
    }
    // Files that say that they are empty, or longer than they are.
    for path in [
        "/proc/self/status",
        "/sys/kernel/mm/transparent_hugepage/enabled",
    ] {
        if let Ok(want) = fs::read(path).map(|bytes| bytes.len()) {
            let found = room.files().read(Path::new(path)).unwrap().unwrap();
            assert!(found.bytes.len().abs_diff(want) < 20, "{path}");
        }
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
fn a_pipe_that_nobody_named_is_not_waited_at() {
    let room = Room::new();
    let pipe = room.path("mcpjwt.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    symlink("/dev/zero", room.path("zero")).unwrap();
    for path in [pipe, room.path("zero")] {
        let error = room.files().read_plain(&path).err().unwrap();
        assert!(error.message.ends_with("it is no plain file"), "{error}");
    }
    room.file("a", "text", 0o600);
    symlink("a", room.path("link")).unwrap();
    let found = room.files().read_plain(&room.path("link")).unwrap();
    assert_eq!(found.unwrap().bytes.expose(), b"text");
    assert!(
        room.files()
            .read_plain(&room.path("gone"))
            .unwrap()
            .is_none()
    );
    assert!(room.files().read_plain(&room.path("")).is_err());
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
        // What cannot be replaced is known once it was read.
        if ["hard links", "regular file"]
            .iter()
            .any(|early| words.contains(early))
        {
            let found = room.files().read(&path).unwrap().unwrap();
            assert_eq!(found.fixed.unwrap().message, error.message);
        }
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
    assert!(files.read(&file.join("below")).unwrap().is_none());
    assert!(files.read_plain(&file.join("below")).unwrap().is_none());
    for path in [room.path("nothing"), file.join("below")] {
        let error = files.open(&path).err().unwrap();
        assert_eq!(error.code, Code::PlaceMissing, "{}", path.display());
    }
    for path in [room.path(""), "/proc/self/mem".into(), "/dev/zero".into()] {
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
        .bytes
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "text");
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
