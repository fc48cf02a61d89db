//! The keyring of the operating system, each call bounded in time.
//!
//! A Secret Service that hangs would keep its caller for ever, so each call runs
//! in a thread that is left behind when its time is over. No error is ever
//! formatted with `{:?}`: some carry the secret.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::{Entry, Error as Failed};

use super::{Facts, Keyring, Os};
use crate::error::{Code, Error};
use crate::secret::Secret;

const ANSWER: Duration = Duration::from_secs(3);
const PROMPT: Duration = Duration::from_mins(1);
const INSTEAD: &str = "keep the value in a file instead: `file:PATH`";

/// The keyring of the person who runs us.
pub struct RealKeyring {
    os: Os,
    /// Whether a person may be shown a prompt, and could answer it.
    prompt: bool,
    bus: Bus,
    /// A call has not come back: there is no use in waiting again.
    hung: bool,
}

/// How the keyring of Linux is reached.
enum Bus {
    /// Nothing names a session bus, so it has to be there.
    At(PathBuf),
    /// By TCP, where others read along.
    Tcp,
    /// As the library finds it.
    Known,
}

impl RealKeyring {
    /// The keyring; it is not called before it is needed.
    pub fn new(facts: &Facts) -> Self {
        let screen = facts.os != Os::Linux
            || facts.env("DISPLAY").is_some()
            || facts.env("WAYLAND_DISPLAY").is_some();
        Self {
            os: facts.os,
            prompt: screen && facts.stdin_is_terminal && facts.stderr_is_terminal,
            bus: bus(facts),
            hung: false,
        }
    }

    /// Connects, then calls; the connection never shows a prompt.
    fn call<T: Send + 'static>(
        &mut self,
        call: impl FnOnce() -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, Error> {
        // Known at once, and said in clearer words than the library has.
        let why = match &self.bus {
            Bus::At(bus) if !bus.exists() => Some(format!("no session bus at `{}`", bus.display())),
            Bus::Tcp => Some("the session bus is at a TCP port, where others read along".into()),
            Bus::At(_) | Bus::Known => None,
        };
        if let Some(why) = why {
            let message = format!("there is no keyring: {why}");
            return Err(Error::new(Code::KeyringAbsent, message).hint(INSTEAD));
        }
        if self.hung {
            return Err(silent(ANSWER));
        }
        let connected = bounded(ANSWER, || match keyring::Entry::store_status() {
            Ok(()) => Ok(()),
            Err(failed) => Err(absent(failed)),
        });
        match connected {
            None => {
                self.hung = true;
                return Err(silent(ANSWER));
            }
            Some(connected) => connected?,
        }
        let wait = if self.prompt { PROMPT } else { ANSWER };
        match bounded(wait, || call().map_err(|failed| said(&failed))) {
            None => {
                self.hung = true;
                Err(silent(wait))
            }
            Some(answer) => answer,
        }
    }
}

impl Keyring for RealKeyring {
    fn get(&mut self, service: &str, account: &str) -> Result<Option<Secret>, Error> {
        let (service, account) = names(self.os, service, account)?;
        self.call(move || match Entry::new(&service, &account)?.get_secret() {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(Failed::NoEntry) => Ok(None),
            Err(failed) => Err(failed),
        })
    }

    fn set(&mut self, service: &str, account: &str, value: &Secret) -> Result<(), Error> {
        let (service, account) = names(self.os, service, account)?;
        let value = value.duplicate();
        self.call(move || Entry::new(&service, &account)?.set_secret(value.expose()))
    }

    fn delete(&mut self, service: &str, account: &str) -> Result<bool, Error> {
        let (service, account) = names(self.os, service, account)?;
        self.call(
            move || match Entry::new(&service, &account)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(Failed::NoEntry) => Ok(false),
                Err(failed) => Err(failed),
            },
        )
    }

    fn list(&mut self, service: &str) -> Result<Vec<String>, Error> {
        let (service, _) = names(self.os, service, "-")?;
        self.call(move || {
            let mut accounts = Vec::new();
            for entry in Entry::search(&HashMap::from([search(&service)]))? {
                match entry.get_specifiers() {
                    Some((of, account)) if of == service => accounts.push(account),
                    Some(_) => {}
                    // Either not made by us, or locked: only the latter is an error.
                    None => drop(entry.get_attributes()?),
                }
            }
            accounts.sort_unstable();
            accounts.dedup();
            Ok(accounts)
        })
    }
}

#[cfg(not(windows))]
fn search(service: &str) -> (&'static str, &str) {
    ("service", service)
}

// There the search is a regular expression on `account.service`; the caller
// compares the service again.
#[cfg(windows)]
fn search(_service: &str) -> (&'static str, &str) {
    ("pattern", ".*")
}

fn bounded<T: Send + 'static>(
    wait: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (send, receive) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let _ = send.send(call());
    });
    receive.recv_timeout(wait).ok()
}

/// The names, where every keyring can keep them apart: a NUL makes the Secret
/// Service drop the connection; Windows joins both names with a dot.
fn names(os: Os, service: &str, account: &str) -> Result<(String, String), Error> {
    for (what, name) in [("service", service), ("account", account)] {
        if name.is_empty() {
            return Err(
                Error::usage(format!("the {what} of a keyring place is empty"))
                    .hint("write `keyring:SERVICE/ACCOUNT`"),
            );
        }
        if name.contains(char::is_control) {
            return Err(Error::usage(format!(
                "the {what} of a keyring place holds a control character"
            )));
        }
    }
    if os == Os::Windows && service.contains('.') {
        return Err(
            Error::usage("the service of a keyring place cannot hold a dot on Windows")
                .hint("dots are fine in the account"),
        );
    }
    Ok((service.to_owned(), account.to_owned()))
}

/// Where the library will look for a session bus.
fn bus(facts: &Facts) -> Bus {
    if facts.os != Os::Linux {
        return Bus::Known;
    }
    match facts.env("DBUS_SESSION_BUS_ADDRESS") {
        Some(addresses) if is_tcp(addresses) => return Bus::Tcp,
        Some(_) => return Bus::Known,
        None => {}
    }
    let folder = match facts.env("XDG_RUNTIME_DIR") {
        Some(folder) => folder.to_owned(),
        None => format!("/run/user/{}", user()),
    };
    Bus::At(PathBuf::from(folder).join("bus"))
}

/// Whether one of these addresses of D-Bus is a port.
fn is_tcp(addresses: &str) -> bool {
    let mut transports = addresses
        .split(';')
        .filter_map(|address| address.split_once(':'));
    transports.any(|(transport, _)| matches!(transport, "tcp" | "nonce-tcp"))
}

#[cfg(unix)]
fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

#[cfg(not(unix))]
fn user() -> u32 {
    0
}

fn silent(wait: Duration) -> Error {
    Error::new(
        Code::KeyringFailed,
        format!("the keyring did not answer within {} s", wait.as_secs()),
    )
    .hint(format!("look whether its service runs, or {INSTEAD}"))
}

fn locked(failed: &Failed) -> Error {
    Error::new(
        Code::KeyringLocked,
        "the keyring is locked, or has no default collection",
    )
    .hint(format!("unlock it in your desktop session, or {INSTEAD}"))
    .source(anyhow::Error::msg(failed.to_string()))
}

fn absent(failed: &Failed) -> Error {
    if let Failed::NoStorageAccess(_) = failed {
        return locked(failed);
    }
    let reason = match failed {
        Failed::PlatformFailure(cause) => plain(&cause.to_string()),
        _ => "this system has none that we know".into(),
    };
    Error::new(
        Code::KeyringAbsent,
        format!("no keyring service answers: {reason}"),
    )
    .hint(INSTEAD)
}

/// Words for a failed call. The variants that hold bytes are not looked into.
fn said(failed: &Failed) -> Error {
    let reason = match failed {
        Failed::NoStorageAccess(_) => return locked(failed),
        Failed::PlatformFailure(cause) => plain(&cause.to_string()),
        Failed::TooLong(what, limit) => format!("`{what}` is longer than {limit}"),
        Failed::Invalid(what, _) => format!("`{what}` is not valid"),
        Failed::Ambiguous(entries) => format!("{} entries have that name", entries.len()),
        Failed::BadEncoding(_) | Failed::BadDataFormat(..) | Failed::BadStoreFormat(_) => {
            "what it holds is damaged".into()
        }
        _ => "it cannot do that".into(),
    };
    Error::new(
        Code::KeyringFailed,
        format!("the keyring refused: {reason}"),
    )
    .hint(INSTEAD)
}

/// The first line of what a library says, without control characters.
fn plain(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_keyring_would_mix_up_are_refused() {
        #[rustfmt::skip]
        let cases = [
            // system     service     account                 fine
            (Os::Linux,   "mcpjwt",   "vscode1@exai.local",   true),
            (Os::Linux,   "mc.pjwt",  "a.b",                  true),
            (Os::Windows, "mc.pjwt",  "a",                    false),
            (Os::Windows, "mcpjwt",   "a.b",                  true),
            (Os::Linux,   "",         "a",                    false),
            (Os::Linux,   "a",        "",                     false),
            (Os::Linux,   "a\0b",     "a",                    false),
            (Os::MacOs,   "a",        "a\n",                  false),
            (Os::Linux,   "\u{1F511}", "\u{e9}",              true),
        ];
        for (os, service, account, fine) in cases {
            assert_eq!(
                names(os, service, account).is_ok(),
                fine,
                "{os:?} {service:?} {account:?}"
            );
        }
    }

    #[test]
    fn a_bus_at_a_port_is_known_by_its_transport() {
        for (addresses, want) in [
            ("unix:path=/run/user/1000/bus", false),
            ("unix:path=/tcp:x;unix:abstract=tcp", false),
            ("tcp:host=example.org,port=1", true),
            ("unix:path=/run/bus;nonce-tcp:host=::1,port=1", true),
            ("", false),
        ] {
            assert_eq!(is_tcp(addresses), want, "{addresses}");
        }
    }

    #[test]
    fn no_error_shows_bytes_of_a_secret() {
        let bytes = b"hunter2".to_vec();
        let cause = || Box::new(std::io::Error::other("broken\nhunter2\x1b[m"));
        for failed in [
            Failed::BadEncoding(bytes.clone()),
            Failed::BadDataFormat(bytes, cause()),
            Failed::PlatformFailure(cause()),
            Failed::NoStorageAccess(cause()),
            Failed::Ambiguous(vec![]),
            Failed::NoDefaultStore,
        ] {
            for error in [said(&failed), absent(&failed)] {
                let all = format!("{error} {error:?} {:?}", error.hint);
                assert!(!all.contains("hunter2") && !all.contains('\x1b'), "{all}");
                assert!(error.hint.is_some_and(|hint| hint.contains("file:PATH")));
            }
        }
    }

    #[test]
    fn a_call_that_hangs_is_left_behind() {
        let short = Duration::from_millis(20);
        assert_eq!(
            bounded(short, || thread::sleep(Duration::from_secs(5))),
            None
        );
        assert_eq!(bounded(Duration::from_secs(5), || 1), Some(1));
    }
}
