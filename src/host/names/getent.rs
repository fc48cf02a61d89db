//! Asks `getent`, which knows what services this machine has for names.
#![expect(clippy::disallowed_methods, reason = "this is the real world")]

use std::io::{self, ErrorKind, Read};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::{late, unknown};
use crate::host::children::{ended, kill, of_its_own_group, program};

/// What resolvers are told by variables; no other is handed on.
const HANDED_ON: [&str; 2] = ["LOCALDOMAIN", "RES_OPTIONS"];

pub(super) fn addresses(host: &str, end: Instant) -> io::Result<Vec<IpAddr>> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    ask(&folders.collect::<Vec<_>>(), host, end)
}

fn ask(folders: &[PathBuf], host: &str, end: Instant) -> io::Result<Vec<IpAddr>> {
    // It would be an option, and no host is called so.
    if host.starts_with('-') {
        return Err(unknown());
    }
    let getent = program("getent", folders).ok_or_else(|| {
        let why = "names are looked up by `getent`, which is not installed";
        io::Error::new(ErrorKind::Unsupported, why)
    })?;
    let mut getent = Command::new(getent);
    getent
        .args(["ahosts", host])
        .env_clear()
        .envs(
            HANDED_ON
                .iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    of_its_own_group(&mut getent);
    let mut child = getent.spawn()?;
    // All that it prints fits into the pipe: an answer of DNS has at most 64 KiB.
    let Some(status) = ended(&mut child, end) else {
        kill(&mut child);
        return Err(late());
    };
    match status.code() {
        Some(0) => {}
        Some(2) => return Err(unknown()),
        _ => return Err(io::Error::other(format!("`getent` failed: {status}"))),
    }
    let mut printed = String::new();
    if let Some(stdout) = child.stdout {
        stdout.take(1 << 16).read_to_string(&mut printed)?;
    }
    Ok(read(&printed))
}

/// A line has an address, the type of its socket, and on the first the name itself.
fn read(printed: &str) -> Vec<IpAddr> {
    printed
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let address = words.next()?.parse().ok()?;
            (words.next() == Some("STREAM")).then_some(address)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_address_is_taken_once() {
        #[rustfmt::skip]
        let cases = [
            ("10.0.0.1       STREAM example.org\n10.0.0.1       DGRAM\n10.0.0.1       RAW\n", "10.0.0.1"),
            ("2001:db8::1 STREAM a\n2001:db8::1 DGRAM\n10.0.0.1 STREAM\n10.0.0.1 RAW\n",      "2001:db8::1 10.0.0.1"),
            ("fe80::1%eth0 STREAM a\nno words\n\n",                                            ""),
        ];
        for (printed, want) in cases {
            let got: Vec<_> = read(printed).iter().map(IpAddr::to_string).collect();
            assert_eq!(got.join(" "), want, "{printed}");
        }
    }

    #[test]
    fn each_way_that_getent_ends_is_told_apart() {
        #[rustfmt::skip]
        let cases = [
            // the program                                     the host     addresses, or the error
            ("[ \"$*\" = 'ahosts a.b' ] && echo 10.0.0.1 STREAM", "a.b",    "10.0.0.1"),
            ("[ -z \"$HOME$MCPJWT_KEY\" ] && echo 10.0.0.1 STREAM", "a.b",  "10.0.0.1"),
            ("exit 2",                                         "a.b",       "there is no such host"),
            ("echo 10.0.0.1 STREAM",                           "--version", "there is no such host"),
            ("exit 3",                                         "a.b",       "`getent` failed: exit status: 3"),
            ("sleep 9",                                        "a.b",       "timed out"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let none = ask(&[folder.path().into()], "a.b", Instant::now());
        let missing = "names are looked up by `getent`, which is not installed";
        assert_eq!(none.unwrap_err().to_string(), missing);
        for (script, host, want) in cases {
            let getent = folder.path().join("getent");
            fs::write(
                &getent,
                format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n"),
            )
            .unwrap();
            fs::set_permissions(&getent, fs::Permissions::from_mode(0o700)).unwrap();
            let end = Instant::now() + Duration::from_secs(2);
            let got = match ask(&[folder.path().into()], host, end) {
                Ok(found) => found
                    .iter()
                    .map(IpAddr::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
                Err(error) => error.to_string(),
            };
            assert_eq!(got, want, "{script}");
        }
    }
}
