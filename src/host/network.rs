//! Other machines: a URL is read by `https`, or `http` from this very machine; Redis is written to.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error as Failed};

use super::{Network, Redis, names, redis};
use crate::error::{Code, Error};
use crate::secret::Secret;

const LIMIT: u64 = 1 << 20;
const WAIT: Duration = Duration::from_secs(5);
/// How many addresses of a host are kept: `ResolvedSocketAddrs` has no room for more.
const MOST: usize = 16;

/// The network of the machine, without proxies, redirects or cookies.
pub struct RealNetwork;

impl Network for RealNetwork {
    fn get(&mut self, url: &str) -> Result<Vec<u8>, Error> {
        check(url)?;
        agent()
            .get(url)
            .call()
            .and_then(|mut answer| {
                let status = answer.status().as_u16();
                if status != 200 {
                    return Err(Failed::StatusCode(status));
                }
                answer.body_mut().with_config().limit(LIMIT).read_to_vec()
            })
            .map_err(|failed| {
                Error::new(
                    Code::NetworkFailed,
                    format!("cannot read `{url}`: {}", reason(&failed)),
                )
                .at(url)
                .source(failed)
            })
    }

    fn redis(&mut self, server: &Redis, commands: &[Vec<Secret>]) -> Result<(), Error> {
        redis::send(server, commands)
    }
}

fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::WebPki)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(WAIT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent(concat!("mcpjwt/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Names)
}

/// Names are looked up as for every connection of ours.
#[derive(Debug)]
struct Names;

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Failed> {
        let host = uri.host().ok_or(Failed::HostNotFound)?;
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("http") => 80,
            _ => 443,
        });
        let end = Instant::now() + (*timeout.after).min(WAIT);
        let found = names::addresses(host, port, end).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failed::HostNotFound,
            ErrorKind::TimedOut => Failed::Timeout(timeout.reason),
            _ => Failed::Io(error),
        })?;
        let mut kept = self.empty();
        for address in found.into_iter().take(MOST) {
            kept.push(address);
        }
        Ok(kept)
    }
}

/// Refuses what could be read or changed on its way, and passwords in the URL.
fn check(url: &str) -> Result<(), Error> {
    let refuse = |message: &str| Err(Error::new(Code::NetworkFailed, message));
    let Ok(uri) = url.parse::<Uri>() else {
        return refuse("cannot read a URL: it is malformed");
    };
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return refuse("cannot read a URL that holds a user name or password");
    }
    let secure = match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) => true,
        (Some("http"), Some(host)) => is_loopback(host),
        _ => false,
    };
    if secure {
        return Ok(());
    }
    Err(Error::new(
        Code::NetworkFailed,
        format!("cannot read `{url}`: only `https` is safe to read keys from"),
    )
    .hint("`http` works for `localhost`, `127.0.0.1` and `[::1]` only")
    .at(url))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn reason(failed: &Failed) -> String {
    match failed {
        Failed::StatusCode(code @ 300..=399) => {
            format!("the server answered {code}, and redirects are not followed")
        }
        Failed::StatusCode(code) => format!("the server answered {code}"),
        Failed::Timeout(_) => "no answer within 5 s".into(),
        Failed::HostNotFound => "there is no such host".into(),
        Failed::BodyExceedsLimit(_) => "the answer is longer than 1 MiB".into(),
        Failed::Io(error) => super::files::why(error),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn answer(text: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&text);
        });
        format!("http://127.0.0.1:{port}/jwks")
    }

    fn get(text: &str) -> Result<Vec<u8>, String> {
        let url = answer(text.as_bytes().to_vec());
        RealNetwork.get(&url).map_err(|error| {
            assert_eq!(error.code, Code::NetworkFailed);
            error.message.replace(&url, "URL")
        })
    }

    #[test]
    fn a_body_is_read_and_nothing_else_is_followed() {
        let big = format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}",
            "x".repeat(1 << 20) + "y"
        );
        #[rustfmt::skip]
        let cases = [
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",          Ok("{}")),
            ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",     Err("cannot read `URL`: the server answered 404")),
            ("HTTP/1.1 302 F\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
                Err("cannot read `URL`: the server answered 302, and redirects are not followed")),
            (big.as_str(),                                              Err("cannot read `URL`: the answer is longer than 1 MiB")),
        ];
        for (text, want) in cases {
            let got = get(text);
            let want = want
                .map(|body| body.as_bytes().to_vec())
                .map_err(str::to_owned);
            assert_eq!(got, want, "{text:.40}");
        }
    }

    #[test]
    fn a_silent_server_is_given_up_after_five_seconds() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let begun = std::time::Instant::now();
        let error = RealNetwork.get(&url).unwrap_err();
        assert!(error.message.ends_with("no answer within 5 s"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(7));
    }

    #[test]
    fn only_safe_urls_are_tried() {
        for url in [
            "http://example.org/jwks",
            "http://127.0.0.1.example.org/",
            "http://localhost.example.org/",
            "https://user:pass@example.org/",
            "http://localhost@example.org/",
            "file:///etc/passwd",
            "ftp://localhost/",
            "example.org",
            "",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
        for url in [
            "https://example.org/jwks",
            "http://LOCALHOST:1/",
            "http://[::1]:8/",
            "http://127.8.8.8/",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
    }
}
