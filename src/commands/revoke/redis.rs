//! `--redis`: servers that ask Redis whether a token is on its blacklist.

use super::aim::{Aim, Ends};
use crate::commands::{misuse, shared};
use crate::error::{Code, Error};
use crate::host::Redis;
use crate::place::Place;
use crate::secret::Secret;
use crate::session::Session;
use crate::session::places::{self, Value};

/// Where the server is said to be.
pub(super) enum Push {
    /// On the command line.
    Told(Redis),
    /// At a place.
    At(Place),
}

/// Reads the option. What is neither a place nor a URL may be a secret and is not repeated.
pub(super) fn parse(text: &str) -> Result<Push, Error> {
    if !text.starts_with("redis://") && !text.starts_with("rediss://") {
        if !places::is_place(text) {
            return Err(misuse(
                &format!(
                    "`--redis` takes a URL or a place, and these {} characters are neither",
                    text.chars().count()
                ),
                "`redis://HOST:PORT/DB`, or a place that holds such a URL",
            ));
        }
        return shared::key_place(text).map(Push::At);
    }
    if text.contains('@') {
        return Err(misuse(
            "the URL of `--redis` holds a user or a password, which others see on the command line",
            "keep the URL in a place, and give that: `--redis env:REDIS_URL`, `--redis file:PATH`",
        ));
    }
    let server = Redis::parse(text).ok_or_else(|| {
        misuse(
            "`--redis` is no URL of a Redis server",
            "`redis://HOST:PORT/DB`, or `rediss://` for TLS",
        )
    })?;
    Ok(Push::Told(server))
}

impl Push {
    /// The server itself.
    pub(super) fn server(self, session: &mut Session<'_, '_>) -> Result<Redis, Error> {
        let place = match self {
            Self::Told(server) => return Ok(server),
            Self::At(place) => place,
        };
        let value = places::read(&place, session)?.value;
        let about = |code: Code, what: &str| {
            Error::new(code, format!("`{place}` holds {what}"))
                .hint("write a URL there: `redis://USER:PASSWORD@HOST:PORT/DB`")
                .at(place.to_string())
        };
        let url = match &value {
            Value::Absent => return Err(about(Code::PlaceMissing, "nothing")),
            Value::Several(_) => {
                return Err(about(
                    Code::PlaceAmbiguous,
                    "what programs read differently",
                ));
            }
            Value::One(url) => url.expose_str().map(str::trim),
        };
        let server = url.and_then(Redis::parse);
        server.ok_or_else(|| about(Code::PlaceInvalid, "no URL of a Redis server"))
    }
}

/// The most keys that a server is told: more take their time, and its memory.
const MOST: u64 = 100_000;

/// What the server is told: the `jti` of every token that is known, and the token that was given,
/// each until it expires. Those of a run begin with its id and end with the number of a line; of
/// lines that became no token they mean nothing.
pub(super) fn commands(aim: &Aim, session: &Session<'_, '_>) -> Result<Vec<Vec<Secret>>, Error> {
    let lines = aim.lines.iter().map(|(_, last, _)| *last);
    let all = lines.fold(aim.known.len() as u64, u64::saturating_add);
    if all > MOST {
        return Err(misuse(
            &format!("`--redis` takes up to {MOST} tokens, and these are up to {all}"),
            "leave out `--redis`, and have `mcpjwt rotate-secret --now` lock them out",
        ));
    }
    let now = session.host.facts.now;
    let mut commands = Vec::new();
    for (jti, ends) in &aim.known {
        let left = match ends {
            Ends::At(at) => Some(at - now),
            Ends::Never | Ends::Unknown => None,
        };
        if left.is_some_and(|left| left <= 0) {
            continue;
        }
        commands.push(blacklisted(jti.as_bytes(), left));
        let token = aim.token.as_ref();
        commands.extend(token.map(|token| blacklisted(token.expose(), left)));
    }
    for (run, last, exp) in &aim.lines {
        let of_line = |line: u64| blacklisted(format!("{run}-{line}").as_bytes(), Some(exp - now));
        commands.extend((1..=*last).map(of_line));
    }
    Ok(commands)
}

fn blacklisted(what: &[u8], left: Option<i64>) -> Vec<Secret> {
    let key = Secret::new([b"blacklist:", what].concat());
    match left {
        Some(left) => vec![
            Secret::from("SETEX"),
            key,
            Secret::from(left.to_string()),
            Secret::from("1"),
        ],
        None => vec![Secret::from("SET"), key, Secret::from("1")],
    }
}
