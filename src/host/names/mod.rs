//! The addresses of a host, by its name.
//!
//! Which services know names is said by `/etc/nsswitch.conf`, and glibc loads a module for each of
//! them into the process that asks. Modules bring the shared libc with them, which may crash a
//! program that has another one inside. Such a program asks `getent`, which comes with glibc, and
//! itself only where no file names a module: then glibc asks files and DNS, which it has inside.

#[cfg(static_libc)]
mod getent;

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

/// The addresses of a host, the best first and at least one, found by `end`.
pub(super) fn addresses(host: &str, port: u16, end: Instant) -> io::Result<Vec<SocketAddr>> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    #[cfg(static_libc)]
    let found = if std::path::Path::new("/etc/nsswitch.conf").exists() {
        getent::addresses(host, end)?
    } else {
        here(host.to_owned(), end)?
    };
    #[cfg(not(static_libc))]
    let found = here(host.to_owned(), end)?;
    if found.is_empty() {
        return Err(unknown());
    }
    Ok(found
        .into_iter()
        .map(|address| SocketAddr::new(address, port))
        .collect())
}

fn unknown() -> io::Error {
    io::Error::new(ErrorKind::NotFound, "there is no such host")
}

fn late() -> io::Error {
    ErrorKind::TimedOut.into()
}

/// Asks libc, in a thread that is left behind when its time is over: it cannot be given up.
fn here(host: String, end: Instant) -> io::Result<Vec<IpAddr>> {
    let (done, answer) = mpsc::channel();
    thread::spawn(move || {
        let found = (host.as_str(), 0).to_socket_addrs();
        let _ = done.send(found.map(|found| found.map(|one| one.ip()).collect()));
    });
    let left = end.saturating_duration_since(Instant::now());
    let answer = answer.recv_timeout(left).map_err(|_| late())?;
    answer.map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_address_is_its_own_and_localhost_is_here() {
        let end = Instant::now() + Duration::from_secs(5);
        for (host, want) in [
            ("10.0.0.1", "10.0.0.1:7"),
            ("[::1]", "[::1]:7"),
            ("::1", "[::1]:7"),
        ] {
            let got = addresses(host, 7, end).unwrap();
            assert_eq!(got, [want.parse().unwrap()], "{host}");
        }
        let here = addresses("localhost", 7, end).unwrap();
        assert!(here.iter().all(|one| one.ip().is_loopback()), "{here:?}");
    }
}
