//! A few words with a Redis server, in its protocol (RESP).

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::names;
use crate::error::{Code, Error};
use crate::secret::Secret;

const WAIT: Duration = Duration::from_secs(5);
/// So many commands are sent before their answers are read.
const AT_ONCE: usize = 1000;
const PORT: u16 = 6379;
/// The longest line that a server answers with.
const LONGEST: u64 = 4096;

/// Where a Redis server is, and who we are there: `redis[s]://[USER:PASSWORD@]HOST[:PORT][/DB]`.
pub struct Redis {
    is_secure: bool,
    host: String,
    port: u16,
    user: Option<Secret>,
    password: Option<Secret>,
    db: Option<u32>,
}

impl Redis {
    /// Reads a URL; `None` where it is none of Redis.
    pub fn parse(url: &str) -> Option<Self> {
        let (is_secure, rest) = match url.strip_prefix("redis://") {
            Some(rest) => (false, rest),
            None => (true, url.strip_prefix("rediss://")?),
        };
        let (authority, db) = match rest.split_once('/') {
            None | Some((_, "")) => (rest.trim_end_matches('/'), None),
            Some((authority, db)) => (authority, Some(db.parse().ok()?)),
        };
        let (user, at) = match authority.rsplit_once('@') {
            Some((user, at)) => (Some(user), at),
            None => (None, authority),
        };
        let (user, password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
            Some((user, password)) => (Some(decoded(user)?), Some(decoded(password)?)),
            None => (None, None),
        };
        let is_there = |text: &Secret| !text.is_empty();
        let (user, password) = (user.filter(is_there), password.filter(is_there));
        let (host, port) = match at.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']')?;
                (
                    host,
                    port.strip_prefix(':').or(port.is_empty().then_some("")),
                )
            }
            None => match at.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (at, Some("")),
            },
        };
        let port = match port? {
            "" => PORT,
            port => port.parse().ok()?,
        };
        let of_host = |b: u8| b.is_ascii_alphanumeric() || b"-._:%".contains(&b);
        let is_host = !host.is_empty() && host.bytes().all(of_host);
        is_host.then(|| Self {
            is_secure,
            host: host.to_owned(),
            port,
            user,
            password,
            db,
        })
    }

    /// Which server, for people.
    pub fn shown(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// What has to be said before the first command.
    fn greeting(&self) -> Vec<Secret> {
        let mut requests = Vec::new();
        if let Some(password) = &self.password {
            let mut words: Vec<&[u8]> = vec![b"AUTH"];
            words.extend(self.user.as_ref().map(Secret::expose));
            words.push(password.expose());
            requests.push(request(&words));
        }
        if let Some(db) = self.db {
            requests.push(request(&[b"SELECT", db.to_string().as_bytes()]));
        }
        requests
    }
}

/// A part of a URL without its percent-encoding.
fn decoded(text: &str) -> Option<Secret> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    Some(Secret::new(bytes))
}

/// Sends commands, in their order; the server has to answer each well, all of them within 5 s, or
/// 5 s more for each 10,000.
pub(super) fn send(server: &Redis, commands: &[Vec<Secret>]) -> Result<(), Error> {
    let shown = server.shown();
    let mut requests: Vec<_> = server.greeting().into_iter().map(|it| (it, 1)).collect();
    requests.extend(
        commands
            .chunks(AT_ONCE)
            .map(|some| (joined(some), some.len())),
    );
    let more = u32::try_from(commands.len() / 10_000).unwrap_or(u32::MAX);
    let wait = WAIT.saturating_mul(more.saturating_add(1));
    let (host, port, is_secure) = (server.host.clone(), server.port, server.is_secure);
    let (done, answer) = mpsc::channel();
    // All of it together has so long, so it is left behind after that.
    thread::spawn(move || {
        let _ = done.send(talk((&host, port), is_secure, &requests));
    });
    let answer = answer.recv_timeout(wait).unwrap_or_else(|_| {
        let late = format!("no answer within {} s", wait.as_secs());
        Err(Refused::Io(io::Error::new(ErrorKind::TimedOut, late)))
    });
    answer.map_err(|refused| {
        let (why, hint) = refused.told();
        let message = format!("cannot write to the Redis server `{shown}`: {why}");
        let error = Error::new(Code::NetworkFailed, message).at(shown);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

/// Why a server did not take a command.
enum Refused {
    Io(io::Error),
    /// The first word of its answer. The rest may repeat the command, and so a secret.
    Said(String),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Refused {
    fn told(&self) -> (String, Option<&'static str>) {
        let password =
            "keep its URL with the password in a place, and give that: `--redis env:NAME`";
        match self {
            Self::Io(error) => (super::files::why(error), None),
            Self::Said(code) => match code.as_str() {
                "NOAUTH" => ("it demands a password".to_owned(), Some(password)),
                "WRONGPASS" => ("it refuses the password".to_owned(), None),
                "NOPERM" => ("its user may not write there".to_owned(), None),
                "READONLY" => ("it is a read-only replica".to_owned(), None),
                code => (format!("it answers `{code}`"), None),
            },
        }
    }
}

fn talk(
    (host, port): (&str, u16),
    is_secure: bool,
    requests: &[(Secret, usize)],
) -> Result<(), Refused> {
    let stream = connect(host, port)?;
    if is_secure {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        exchange(StreamOwned::new(connection, stream), requests)
    } else {
        exchange(stream, requests)
    }
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::new(ErrorKind::NotFound, "there is no such host");
    for address in names::addresses(host, port, Instant::now() + WAIT)? {
        match TcpStream::connect_timeout(&address, WAIT) {
            Ok(stream) => {
                stream.set_read_timeout(Some(WAIT))?;
                stream.set_write_timeout(Some(WAIT))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Sends what is sent at once, each with how many answers it has, and reads these.
fn exchange(stream: impl Read + Write, requests: &[(Secret, usize)]) -> Result<(), Refused> {
    let mut stream = BufReader::new(stream);
    for (request, answers) in requests {
        stream.get_mut().write_all(request.expose())?;
        stream.get_mut().flush()?;
        for _ in 0..*answers {
            answer(&mut stream)?;
        }
    }
    Ok(())
}

/// Reads an answer, which has to be a good one.
fn answer(stream: &mut impl BufRead) -> Result<(), Refused> {
    let mut line = Vec::new();
    stream.take(LONGEST).read_until(b'\n', &mut line)?;
    match line.first() {
        Some(b'+' | b':') if line.ends_with(b"\r\n") => Ok(()),
        Some(b'-') => {
            let word = |b: &&u8| b.is_ascii_uppercase();
            let code = line[1..].iter().take_while(word).copied();
            Err(Refused::Said(code.map(char::from).collect()))
        }
        None => Err(io::Error::other("it hung up").into()),
        Some(_) => Err(io::Error::other("it is no Redis server").into()),
    }
}

/// Some commands in one piece.
fn joined(commands: &[Vec<Secret>]) -> Secret {
    let requests: Vec<Secret> = commands
        .iter()
        .map(|words| request(&words.iter().map(Secret::expose).collect::<Vec<_>>()))
        .collect();
    let requests: Vec<&[u8]> = requests.iter().map(Secret::expose).collect();
    Secret::new(requests.concat())
}

/// A command as an array of strings, in one piece of memory.
fn request(words: &[&[u8]]) -> Secret {
    let room: usize = words.iter().map(|word| word.len() + 32).sum();
    let mut bytes = Vec::with_capacity(room + 32);
    bytes.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
    for word in words {
        bytes.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
        bytes.extend_from_slice(word);
        bytes.extend_from_slice(b"\r\n");
    }
    Secret::new(bytes)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn urls_are_read_as_redis_writes_them() {
        #[rustfmt::skip]
        let cases = [
            // url                              server               user       password      db       tls
            ("redis://localhost",               "localhost:6379",    None,      None,         None,    false),
            ("redis://localhost/",              "localhost:6379",    None,      None,         None,    false),
            ("redis://10.0.0.1:1234/7",         "10.0.0.1:1234",     None,      None,         Some(7), false),
            ("rediss://r.example.com",          "r.example.com:6379", None,     None,         None,    true),
            ("redis://:p%40ss@h",               "h:6379",            None,      Some("p@ss"), None,    false),
            ("redis://me:a:b@h:1",              "h:1",               Some("me"), Some("a:b"), None,    false),
            ("redis://[::1]:7/0",               "[::1]:7",           None,      None,         Some(0), false),
            ("redis://[fe80::1]",               "[fe80::1]:6379",    None,      None,         None,    false),
        ];
        for (url, shown, user, password, db, secure) in cases {
            let server = Redis::parse(url).unwrap_or_else(|| panic!("{url}"));
            let text = |secret: &Option<Secret>| {
                let secret = secret.as_ref()?;
                Some(secret.expose_str().unwrap_or_default().to_owned())
            };
            let got = (
                server.shown(),
                text(&server.user),
                text(&server.password),
                server.db,
                server.is_secure,
            );
            let want = (
                shown.to_owned(),
                user.map(str::to_owned),
                password.map(str::to_owned),
                db,
                secure,
            );
            assert_eq!(got, want, "{url}");
        }
        for url in [
            "",
            "localhost:6379",
            "http://localhost",
            "redis:localhost",
            "redis://",
            "redis://:6379",
            "redis://h:x",
            "redis://h:99999",
            "redis://h/x",
            "redis://h?db=1",
            "redis://a b",
            "redis://h\r\n",
            "redis://u:%4@h",
            "redis://[::1",
            "redis://[::1]6379",
        ] {
            assert!(Redis::parse(url).is_none(), "{url}");
        }
    }

    /// A server that answers each read with the next text, then hangs up; what it was sent.
    fn server(answers: &'static [&'static str]) -> (String, thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("redis://user:pw@{}/3", listener.local_addr().unwrap());
        let sent = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut sent = String::new();
            for answer in answers {
                let mut buffer = [0; 4096];
                let count = stream.read(&mut buffer).unwrap();
                sent.push_str(&String::from_utf8_lossy(&buffer[..count]));
                stream.write_all(answer.as_bytes()).unwrap();
            }
            sent
        });
        (url, sent)
    }

    fn push(url: &str) -> Result<(), Error> {
        let words = ["SETEX", "blacklist:x", "5", "1"].map(Secret::from);
        let server = Redis::parse(url).unwrap();
        send(&server, &[words.into_iter().collect()])
    }

    #[test]
    fn commands_follow_name_and_database() {
        let (url, sent) = server(&["+OK\r\n", "+OK\r\n", "+OK\r\n"]);
        push(&url).unwrap();
        assert_eq!(
            sent.join().unwrap(),
            "*3\r\n$4\r\nAUTH\r\n$4\r\nuser\r\n$2\r\npw\r\n\
             *2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n\
             *4\r\n$5\r\nSETEX\r\n$11\r\nblacklist:x\r\n$1\r\n5\r\n$1\r\n1\r\n"
        );
    }

    #[test]
    fn a_refusal_never_repeats_what_was_sent() {
        #[rustfmt::skip]
        let cases: [(&'static [&'static str], &str); 6] = [
            (&["-WRONGPASS invalid pair pw\r\n"],              "it refuses the password"),
            (&["+OK\r\n", "-NOAUTH Authentication\r\n"],       "it demands a password"),
            (&["+OK\r\n", "+OK\r\n", "-ERR unknown `SETEX`, args `blacklist:x`\r\n"], "it answers `ERR`"),
            (&["HTTP/1.1 400 Bad Request\r\n"],                "it is no Redis server"),
            (&["+OK\r\n", ""],                                 "it hung up"),
            (&["+OK"],                                         "it is no Redis server"),
        ];
        for (answers, want) in cases {
            let (url, _) = server(answers);
            let error = push(&url).unwrap_err();
            let (_, why) = error.message.split_once("`: ").unwrap();
            assert_eq!(why, want, "{answers:?}");
            assert!(!format!("{error:?}{:?}", error.hint).contains("pw"));
        }
    }

    #[test]
    fn a_silent_server_is_given_up_after_five_seconds() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let begun = std::time::Instant::now();
        let error = push(&format!("redis://{}", listener.local_addr().unwrap())).unwrap_err();
        assert!(error.message.ends_with("no answer within 5 s"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(7));
    }
}
