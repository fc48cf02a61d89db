//! The sandbox of whole-command tests keeps what it promises.

mod support;

use std::path::Path;
use std::time::Duration;

use mcpjwt::error::Code;
use mcpjwt::host::{
    Children, Edited, Exec, Files, Foreign, Git, Kept, Keyring, Listing, Network, Privacy, Random,
    Target, Terminal, Written,
};
use mcpjwt::secret::Secret;
use support::{Sandbox, absolute};

#[test]
fn files_follow_links_and_refuse_as_the_real_ones() {
    let mut room = Sandbox::default()
        .file_with_mode("a", "old", 0o644)
        .link("l", "a")
        .denied("secret")
        .folder("d/ro")
        .read_only("d/ro");
    let update = |room: &mut Sandbox, path: &str, privacy| {
        let target = Target {
            path: absolute(path),
            privacy,
            lock: None,
        };
        room.files
            .update(&target, &mut |_| Ok(Edited::Replace(Secret::from("new"))))
    };
    let first = Privacy::Secret { first_secret: true };
    let written = update(&mut room, "l", first).unwrap();
    assert_eq!(
        written,
        Written::Replaced {
            tightened: Some(0o644),
            loose: None
        }
    );
    assert_eq!(room.text("a").as_deref(), Some("new"));
    assert_eq!(room.mode("a"), Some(0o600));
    assert_eq!(update(&mut room, "l", first).unwrap(), Written::Unchanged);
    room.put_file("s", "x", 0o644);
    #[rustfmt::skip]
    let cases = [
        ("secret",  first,           Code::PlaceUnreadable),
        ("ro/x",    first,           Code::PlaceMissing),
        ("d/ro/x",  first,           Code::PlaceUnwritable),
        ("s",       Privacy::Store,  Code::PlaceLooseMode),
    ];
    for (path, privacy, code) in cases {
        assert_eq!(
            update(&mut room, path, privacy).unwrap_err().code,
            code,
            "{path}"
        );
    }
    room.files.append(&absolute("log"), b"a", false).unwrap();
    room.files.append(&absolute("log"), b"b\n", true).unwrap();
    assert_eq!(room.text("log").as_deref(), Some("a\nb\n"));
    let error = room
        .files
        .append(&absolute("d/ro/log"), b"a", false)
        .unwrap_err();
    assert_eq!(error.code, Code::StateUnwritable);
}

#[test]
fn a_folder_is_listed_by_name_without_its_links() {
    let mut room = Sandbox::default()
        .file("d/b", "12")
        .file("d/a/x", "")
        .folder("d/c")
        .link("d/l", "/etc")
        .denied("no");
    let listed = room.files.list(&absolute("d")).unwrap();
    let listed: Vec<(&str, Listing)> = listed
        .iter()
        .map(|one| (one.name.to_str().unwrap(), one.kind))
        .collect();
    #[rustfmt::skip]
    let want = [
        ("a", Listing::Folder), ("b", Listing::File(2)), ("c", Listing::Folder), ("l", Listing::Other),
    ];
    assert_eq!(listed, want);
    for path in ["gone", "no"] {
        let error = room.files.list(&absolute(path)).unwrap_err();
        assert_eq!(error.code, Code::PlaceUnreadable, "{path}");
    }
}

#[test]
fn a_link_may_be_a_folder_on_the_way() {
    let mut room = Sandbox::default()
        .file("d/a", "old")
        .link("l", "d")
        .link("m", "l/a");
    for (path, want) in [("l/a", "d/a"), ("m", "d/a"), ("l", "d"), ("l/x/y", "d/x/y")] {
        let got = room.files.leads_to(&absolute(path)).unwrap();
        assert_eq!(got, absolute(want), "{path}");
    }
}

#[test]
fn a_program_is_handed_over_to_once_it_is_known() {
    let exec = |program: &str| Exec {
        program: vec![program.into(), "-x".into()],
        set: vec![("A".into(), Secret::from("b"))],
        unset: vec!["C".into()],
    };
    let mut room = Sandbox::default().program("ls", 3);
    assert_eq!(room.children.replace(&exec("ls")).ok(), Some(3));
    assert_eq!(room.children.replaced, "ls -x\n+ A=b\n- C\n");
    let error = room.children.replace(&exec("sl")).unwrap_err();
    assert_eq!(error.code, Code::CommandMissing);
}

#[test]
fn a_meddler_makes_the_edit_run_again() {
    let mut room = Sandbox::default().file("f", "1");
    room.files.meddler.push_back((absolute("f"), b"2".to_vec()));
    let target = Target {
        path: absolute("f"),
        privacy: Privacy::Public,
        lock: None,
    };
    let edit =
        &mut |old: Option<&[u8]>| Ok(Edited::Replace(Secret::new([old.unwrap(), b"!"].concat())));
    room.files.update(&target, edit).unwrap();
    assert_eq!(room.text("f").as_deref(), Some("2!"));
}

#[test]
fn an_edit_deletes_a_file_and_a_pause_lets_others_write() {
    let mut room = Sandbox::default().file("f", "1").overwritten("f", "2");
    let target = Target {
        path: absolute("f"),
        privacy: Privacy::Public,
        lock: Some(Foreign::Folder),
    };
    let remove = &mut |_: Option<&[u8]>| Ok(Edited::Remove);
    for want in [Written::Removed, Written::Unchanged] {
        assert_eq!(room.files.update(&target, remove).unwrap(), want);
    }
    assert_eq!(room.text("f"), None);
    room.files.pause(Duration::ZERO);
    assert_eq!(room.text("f").as_deref(), Some("2"));
    assert_eq!(room.files.locked[0], (absolute("f"), Foreign::Folder));
}

#[test]
fn the_other_capabilities_answer_as_scripted() {
    let mut room = Sandbox::default()
        .keyring("s", "a", "v")
        .command("pass x", "hunter2\n")
        .url("https://a/", "{}")
        .terminal(80)
        .git("f", Kept::Tracked)
        .answer("yes");
    let kept = room.git.judge(&[absolute("f"), absolute("g")]).unwrap();
    assert_eq!(kept, [Kept::Tracked, Kept::Outside]);
    assert_eq!(room.keyring.list("s").unwrap(), ["a"]);
    assert!(room.keyring.delete("s", "a").unwrap() && !room.keyring.delete("s", "a").unwrap());
    assert_eq!(
        room.children
            .output("pass x", Path::new("/"), &["K"])
            .unwrap(),
        Secret::from("hunter2\n")
    );
    assert!(room.children.output("other", Path::new("/"), &[]).is_err());
    assert_eq!(room.network.get("https://a/").unwrap(), b"{}");
    assert!(room.network.get("https://b/").is_err());
    assert_eq!(room.terminal.ask("sure? ").unwrap(), "yes");
    assert!(room.terminal.ask("sure? ").is_err());
    let mut locked = Sandbox::default().keyring_locked();
    assert_eq!(
        locked.keyring.get("s", "a").unwrap_err().code,
        Code::KeyringLocked
    );
}

#[test]
fn random_bytes_do_not_depend_on_how_they_are_asked_for() {
    let (mut one, mut two) = (Sandbox::default(), Sandbox::default());
    let (mut all, mut parts) = ([0; 19], [0; 19]);
    one.random.fill(&mut all).unwrap();
    for byte in parts.chunks_mut(3) {
        two.random.fill(byte).unwrap();
    }
    assert_eq!(all, parts);
    Sandbox::default().seed(8).random.fill(&mut parts).unwrap();
    assert_ne!(all, parts);
}
