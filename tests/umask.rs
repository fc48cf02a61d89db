//! Modes do not depend on the umask. One test: the umask belongs to the process.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test of real files"
)]

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use mcpjwt::host::{Edited, Files, Foreign, Privacy, RealFiles, Target};
use mcpjwt::secret::Secret;
use rustix::fs::Mode;
use rustix::process::umask;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[test]
fn modes_are_the_same_under_any_umask() {
    // A writer that leaves modes to the umask: it has to fail this sweep.
    let mut naive = 0;
    for mask in [
        0o000, 0o002, 0o022, 0o027, 0o077, 0o177, 0o202, 0o277, 0o777,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let [state, store, secret, public, ledger, control] = [
            "s/state",
            "d/data/key.jwks",
            "secret",
            "public",
            "s/state/ledger",
            "control",
        ]
        .map(|name| folder.path().join(name));
        let old = umask(Mode::from_raw_mode(mask));
        let mut files = RealFiles::new(Some(&state));
        for (path, privacy) in [
            (&store, Privacy::Store),
            (&secret, Privacy::Secret { first_secret: true }),
            (&public, Privacy::Public),
        ] {
            let target = Target {
                path: path.clone(),
                privacy,
                lock: Some(Foreign::FolderWithOwner),
            };
            let lock = path.with_added_extension("lock");
            for text in ["one", "two"] {
                let edit = &mut |_: Option<&[u8]>| {
                    assert_eq!(mode(&lock), 0o700, "umask {mask:o}");
                    Ok(Edited::Replace(Secret::from(text)))
                };
                files.update(&target, edit).unwrap();
            }
        }
        files.append(&ledger, b"{}\n", false).unwrap();
        fs::write(&control, "").unwrap();
        umask(old);
        naive += u32::from(mode(&control) != 0o600);
        let locks = state.join("locks");
        #[rustfmt::skip]
        let cases = [
            (store.as_path(),                  0o600),
            (&secret,                          0o600),
            (&public,                          0o644 & !mask),
            (&ledger,                          0o600),
            (store.parent().unwrap(),          0o700),
            (&folder.path().join("d"),         0o700),
            (&folder.path().join("s"),         0o700),
            (&state,                           0o700),
            (&locks,                           0o700),
        ];
        for (path, want) in cases {
            assert_eq!(mode(path), want, "umask {mask:o} {}", path.display());
        }
        for lock in fs::read_dir(&locks).unwrap() {
            assert_eq!(mode(&lock.unwrap().path()), 0o600, "umask {mask:o}");
        }
    }
    assert!(naive > 0);
}
