//! Others that write at the same time: with a lock, without one, at the end of a ledger.

use std::fs;
use std::thread;

use mcpjwt::error::Code;
use mcpjwt::host::{Edited, Files, Privacy, RealFiles, Target, Written};
use mcpjwt::secret::Secret;

use crate::room::{FIRST, Room, mode, put};

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
