//! Repositories that would like a program of theirs to be run.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;

use mcpjwt::host::Kept;

use crate::room::{Room, ran, trap};

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
