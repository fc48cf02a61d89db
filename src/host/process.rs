//! The process itself: no memory for others, no core, no panic that talks.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use super::Host;
use crate::error::Outcome;

/// Hardens the process and runs the program in the real world.
///
/// A panic ends in exit code 4, as every other "could not tell"; its payload may
/// quote a secret, so it is shown to nobody.
pub fn main(run: fn(&[OsString], &mut Host<'_>) -> u8) -> ExitCode {
    harden();
    panic::set_hook(Box::new(|_| {}));
    let args: Vec<OsString> = std::env::args_os().collect();
    let ended = panic::catch_unwind(AssertUnwindSafe(|| super::real(|host| run(&args, host))));
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(payload) => {
            // Dropping a payload can panic again.
            std::mem::forget(payload);
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                b"error: internal error\n\
                  hint: this is a defect of mcpjwt; please report the command you typed, without its secrets\n",
            );
            ExitCode::from(Outcome::CouldNot.exit_code())
        }
    }
}

#[cfg(unix)]
mod system {
    use std::sync::OnceLock;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    static CORE: OnceLock<(Option<u64>, Option<u64>)> = OnceLock::new();

    pub(super) fn harden() {
        let old = getrlimit(Resource::Core);
        let _ = CORE.set((old.current, old.maximum));
        no_core();
        dumpable(false);
    }

    pub(super) fn no_core() {
        // Only the soft limit: the hard one could not be raised again for `exec`.
        let none = Rlimit {
            current: Some(0),
            maximum: getrlimit(Resource::Core).maximum,
        };
        let _ = setrlimit(Resource::Core, none);
    }

    pub(super) fn restore() {
        if let Some((current, maximum)) = CORE.get().copied() {
            let _ = setrlimit(Resource::Core, Rlimit { current, maximum });
        }
    }

    #[cfg(target_os = "linux")]
    pub(super) fn dumpable(on: bool) {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(if on {
            DumpableBehavior::Dumpable
        } else {
            DumpableBehavior::NotDumpable
        });
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn dumpable(_on: bool) {}

    #[cfg(target_os = "linux")]
    pub(super) fn is_dumpable() -> bool {
        use rustix::process::{DumpableBehavior, dumpable_behavior};
        matches!(dumpable_behavior(), Ok(DumpableBehavior::Dumpable))
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn is_dumpable() -> bool {
        true
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn harden() {}
    pub(super) fn no_core() {}
    pub(super) fn restore() {}
    pub(super) fn dumpable(_on: bool) {}
    pub(super) fn is_dumpable() -> bool {
        true
    }
}

/// Makes the process non-dumpable (which also keeps other processes of the user
/// from reading its memory) and lets it write no core.
fn harden() {
    system::harden();
}

/// Runs something with the core limit that the process was started with: the program that takes
/// its place inherits it. Whether it can be dumped the kernel decides anew for that program.
pub(super) fn with_core_limit<T>(run: impl FnOnce() -> T) -> T {
    system::restore();
    let done = run();
    system::no_core();
    done
}

/// Opens something below `/proc/self`, which the kernel gives to root while the
/// process is not dumpable: the `<(command)` of a shell is such a path.
pub(super) fn with_own_descriptors<T>(open: impl FnOnce() -> T) -> T {
    let before = system::is_dumpable();
    if !before {
        system::dumpable(true);
    }
    let opened = open();
    if !before {
        system::dumpable(false);
    }
    opened
}
