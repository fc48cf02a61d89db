//! The compact serialization (RFC 7515 section 7.1), read strictly: three parts, canonical
//! unpadded base64url, a header that is a JSON object with members of the right types.

use std::borrow::Cow;
use std::rc::Rc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD, URL_SAFE_NO_PAD};

use super::verdict::Failure;
use crate::error::Code;
use crate::json::Json;

/// The longest token that is looked at.
pub const MAX_BYTES: usize = 64 * 1024;

/// Takes a last character in which bits are set that belong to no byte, as most programs do.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    NO_PAD.with_decode_allow_trailing_bits(true),
);

/// A token taken apart; nothing about it is believed yet. Once the header can be read the other
/// parts are judged each by itself, so that all that is wrong with a token is told at once.
#[derive(Debug)]
pub struct Compact<'t> {
    /// The JOSE header.
    pub header: Rc<Header>,
    /// The bytes of the payload, whatever they are, or why there are none.
    pub payload: Result<Vec<u8>, Failure>,
    /// The bytes of the signature, empty when the third part is, or why there are none.
    pub signature: Result<Vec<u8>, Failure>,
    /// What the signature is over: both first parts and the dot between.
    pub signing_input: &'t [u8],
    /// The third part as it stands.
    third: &'t [u8],
}

impl<'t> Compact<'t> {
    /// The parts after the header, read.
    pub(super) fn of(parts: &Parts<'t>, header: Rc<Header>) -> Self {
        Self {
            header,
            payload: decode(parts.payload, "payload"),
            signature: decode(parts.signature, "signature"),
            signing_input: parts.signing_input,
            third: parts.signature,
        }
    }

    /// The signing input and the signature; where a part is not spelled canonically, as it was
    /// meant: a signature over another spelling is none of the JWS signing input (RFC 7515
    /// section 5.2), and a signature that is only spelled badly need not be called forged.
    pub(super) fn signed(&self) -> (Cow<'_, [u8]>, Cow<'_, [u8]>) {
        let input = if self.payload.is_ok() {
            Cow::Borrowed(self.signing_input)
        } else {
            let dot = self.signing_input.iter().position(|&b| b == b'.');
            let dot = dot.unwrap_or_default();
            let payload = lenient(&self.signing_input[dot + 1..]);
            let mut input = self.signing_input[..=dot].to_vec();
            input.extend(URL_SAFE_NO_PAD.encode(payload).bytes());
            Cow::Owned(input)
        };
        let signature = match &self.signature {
            Ok(signature) => Cow::Borrowed(&signature[..]),
            Err(_) => Cow::Owned(lenient(self.third)),
        };
        (input, signature)
    }

    /// Whether every part is base64url as RFC 7515 wants it.
    pub(super) fn is_canonical(&self) -> bool {
        self.payload.is_ok() && self.signature.is_ok()
    }
}

/// A JOSE header: an object whose `alg`, `kid`, `typ` and `cty` are strings where they are there.
#[derive(Debug, Clone)]
pub struct Header(Json);

impl Header {
    /// The algorithm it claims. Never decides anything: the key does.
    pub fn alg(&self) -> Option<&str> {
        self.member("alg")
    }

    /// The key it names.
    pub fn kid(&self) -> Option<&str> {
        self.member("kid")
    }

    /// Its media type.
    pub fn typ(&self) -> Option<&str> {
        self.member("typ")
    }

    /// Whether it demands an extension. We know none, and a JWT must not use the one of
    /// RFC 7797 (its section 7), so any `crit` will do, and any `b64` but `true`.
    pub fn demands_extension(&self) -> bool {
        self.0.get("crit").is_some() || !matches!(self.0.get("b64"), None | Some(Json::Bool(true)))
    }

    /// The whole object.
    pub fn json(&self) -> &Json {
        &self.0
    }

    fn member(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Json::as_str)
    }
}

/// The text of a token, cut at its dots.
pub(super) struct Parts<'t> {
    pub(super) header: &'t [u8],
    payload: &'t [u8],
    signature: &'t [u8],
    signing_input: &'t [u8],
}

/// Takes a token apart. The only failures, here and in the parts, are `malformed` and `too_large`.
pub fn parse(token: &[u8]) -> Result<Compact<'_>, Failure> {
    let parts = parts(token)?;
    Ok(Compact::of(&parts, Rc::new(header(parts.header)?)))
}

/// Cuts a token at its dots.
pub(super) fn parts(token: &[u8]) -> Result<Parts<'_>, Failure> {
    if token.len() > MAX_BYTES {
        return Err(Failure::new(
            Code::TooLarge,
            format!("{} bytes", token.len()),
            format!("at most {MAX_BYTES} bytes"),
        ));
    }
    let mut dots = memchr::memchr_iter(b'.', token);
    if let (Some(first), Some(second), None) = (dots.next(), dots.next(), dots.next()) {
        return Ok(Parts {
            header: &token[..first],
            payload: &token[first + 1..second],
            signature: &token[second + 1..],
            signing_input: &token[..second],
        });
    }
    let parts = match token {
        [] => 0,
        _ => memchr::memchr_iter(b'.', token).count() + 1,
    };
    Err(malformed(
        count(parts),
        "three parts with two dots between them",
    ))
}

/// Reads the first part of a token.
pub(super) fn header(text: &[u8]) -> Result<Header, Failure> {
    let text = decode(text, "header")?;
    Json::parse(&text)
        .map_err(|error| not_json("header", error))
        .and_then(checked_header)
}

/// Takes off what people paste along with a token: white space, quotes, `Bearer `,
/// `Authorization: Bearer `.
pub fn bare(text: &str) -> &str {
    let mut text = text;
    loop {
        let mut next = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        for prefix in ["authorization:", "bearer "] {
            if let Some(head) = next.get(..prefix.len())
                && head.eq_ignore_ascii_case(prefix)
            {
                next = &next[prefix.len()..];
            }
        }
        for quote in ['"', '\'', '`'] {
            next = next
                .strip_prefix(quote)
                .and_then(|inner| inner.strip_suffix(quote))
                .unwrap_or(next);
        }
        if next.len() == text.len() {
            return text;
        }
        text = next;
    }
}

/// Whether a text is shaped like a JWT, whole or cut: base64url parts with dots, of which the
/// first begins a JSON object.
pub fn looks_like_token(text: &str) -> bool {
    let mut parts = bare(text).split('.');
    let header = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let text_of = |part: &str| {
        let part = part.trim_end_matches('=').trim_end_matches('…');
        part.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    header.starts_with("eyJ")
        && text_of(header)
        && rest.len() <= 4
        && rest.iter().all(|part| text_of(part))
}

/// The first text inside of another that is shaped like a JWT, as [`all_in`] finds them.
pub fn found_in(text: &str) -> Option<&str> {
    all_in(text).next()
}

/// Every text inside of another that is shaped like a JWT, whole or cut: behind a scheme, in an
/// argument, in a URL. Without a dot it is one only where its header can be read.
pub fn all_in(text: &str) -> impl Iterator<Item = &str> {
    let of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=' | '…');
    let is_inside = move |at: usize| {
        let before = text[..at].chars().next_back();
        before.is_some_and(|c| of_token(c) && c != '=')
    };
    text.match_indices("eyJ")
        .filter(move |(at, _)| !is_inside(*at))
        .filter_map(move |(at, _)| {
            let rest = &text[at..];
            let run = &rest[..rest.find(|c| !of_token(c)).unwrap_or(rest.len())];
            let shortest = run.split('=').next().unwrap_or_default();
            [run, shortest].into_iter().find(|run| is_token(run))
        })
}

fn is_token(text: &str) -> bool {
    let is_header = || {
        let header = Json::parse(&lenient(text.as_bytes()));
        header.is_ok_and(|header| header.get("alg").is_some())
    };
    looks_like_token(text) && (text.contains('.') || is_header())
}

/// What can be made out of a token without believing or checking it, even a cut one.
#[derive(Debug, Default)]
pub struct Peek {
    /// The header, where it can be read.
    pub header: Option<Json>,
    /// The claims, where they can be read whole.
    pub claims: Option<Json>,
    /// The subject, even out of a payload that is cut short.
    pub sub: Option<String>,
    /// How many parts there are.
    pub parts: usize,
    /// Whether there is a signature.
    pub signature: bool,
    /// Whether it is longer than [`MAX_BYTES`]; then nothing else is told.
    pub too_large: bool,
}

/// Looks into a token leniently: padding, cut ends and unknown algorithms are no obstacle.
pub fn peek(token: &[u8]) -> Peek {
    if token.len() > MAX_BYTES {
        return Peek {
            too_large: true,
            ..Peek::default()
        };
    }
    let parts: Vec<&[u8]> = token.split(|&b| b == b'.').collect();
    let header = parts.first().map(|part| lenient(part)).unwrap_or_default();
    let payload = parts.get(1).map(|part| lenient(part)).unwrap_or_default();
    let object = |bytes: &[u8]| {
        Json::parse(bytes)
            .ok()
            .filter(|json| json.as_object().is_some())
    };
    let claims = object(&payload);
    let sub = match &claims {
        Some(claims) => claims.get("sub").and_then(Json::as_str).map(str::to_owned),
        None => legible_sub(&payload),
    };
    Peek {
        header: object(&header),
        claims,
        sub,
        parts: parts.len(),
        signature: parts.len() == 3 && !parts[2].is_empty(),
        too_large: false,
    }
}

/// The `sub` of a payload that is cut behind it.
fn legible_sub(payload: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(payload);
    let (_, rest) = text.split_once(r#""sub":"#)?;
    let rest = rest.trim_start().strip_prefix('"')?;
    let (sub, _) = rest.split_once('"')?;
    (!sub.contains('\\')).then(|| sub.to_owned())
}

fn lenient(part: &[u8]) -> Vec<u8> {
    let trimmed: Vec<u8> = part
        .iter()
        .filter(|b| !b.is_ascii_whitespace() && **b != b'=')
        .map(|b| match b {
            b'+' => b'-',
            b'/' => b'_',
            other => *other,
        })
        .collect();
    // A cut part may end inside a group of four: what is whole before it still counts.
    (0..4.min(trimmed.len() + 1))
        .find_map(|cut| LENIENT.decode(&trimmed[..trimmed.len() - cut]).ok())
        .unwrap_or_default()
}

fn decode(part: &[u8], name: &'static str) -> Result<Vec<u8>, Failure> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| {
        let found = match part
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || b"-_".contains(b)))
        {
            Some(at) => match part[at] {
                b'=' => format!("`=` at the end of the {name}"),
                b'+' | b'/' => format!(
                    "`{}` in the {name}, of the other base64 alphabet",
                    char::from(part[at])
                ),
                b if b.is_ascii_graphic() => format!("`{}` in the {name}", char::from(b)),
                b if b.is_ascii_whitespace() => format!("white space in the {name}"),
                _ => format!("a character in the {name} that is no base64url"),
            },
            None => format!("a {name} whose last character is cut off or changed"),
        };
        malformed(found, "base64url without padding")
    })
}

fn checked_header(json: Json) -> Result<Header, Failure> {
    if json.as_object().is_none() {
        return Err(malformed(
            format!("{} as the header", json.kind()),
            "an object",
        ));
    }
    for name in ["alg", "kid", "typ", "cty"] {
        match json.get(name) {
            None => {}
            Some(Json::String(text)) if !(name == "alg" && text.is_empty()) => {}
            Some(Json::String(_)) => {
                return Err(malformed(
                    "an empty `alg` in the header",
                    "the name of an algorithm",
                ));
            }
            Some(other) => {
                return Err(malformed(
                    format!("{} as `{name}` in the header", other.kind()),
                    "a string",
                ));
            }
        }
    }
    Ok(Header(json))
}

/// A part that should be JSON and is not.
pub(super) fn not_json(name: &str, error: crate::json::ParseError) -> Failure {
    let code = if error.deep {
        Code::TooLarge
    } else {
        Code::Malformed
    };
    Failure::new(
        code,
        format!("a {name} that is not JSON: {error}"),
        "a JSON object".to_owned(),
    )
}

fn malformed(found: impl Into<String>, expected: impl Into<String>) -> Failure {
    Failure::new(Code::Malformed, found.into(), expected.into())
}

fn count(parts: usize) -> String {
    match parts {
        0 => "nothing".to_owned(),
        1 => "one part, without a dot".to_owned(),
        2 => "two parts".to_owned(),
        4 => "four parts".to_owned(),
        5 => "five parts, as an encrypted token (JWE) has".to_owned(),
        _ => "more than five parts".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_paste_is_taken_off() {
        #[rustfmt::skip]
        let cases = [
            ("a.b.c",                              "a.b.c"),
            (" a.b.c\r\n",                         "a.b.c"),
            ("\"a.b.c\"",                          "a.b.c"),
            ("'Bearer a.b.c'",                     "a.b.c"),
            ("Bearer a.b.c",                       "a.b.c"),
            ("bearer   a.b.c",                     "a.b.c"),
            ("Authorization: Bearer \"a.b.c\" \n", "a.b.c"),
            ("\"a.b.c",                            "\"a.b.c"),
            ("Bearer",                             "Bearer"),
            ("",                                   ""),
        ];
        for (text, want) in cases {
            assert_eq!(bare(text), want, "{text:?}");
        }
    }

    #[test]
    fn shape_tells_a_token_from_a_secret() {
        #[rustfmt::skip]
        let cases = [
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA",   true),
            ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0", true),
            ("eyJhbGciOiJIUzI1NiJ9",                        true),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi4uLg==",       true),
            ("${input:pat}",                                false),
            ("legacy-token",                                false),
            ("eyJ not a token",                             false),
        ];
        for (text, want) in cases {
            assert_eq!(looks_like_token(text), want, "{text}");
        }
    }

    #[test]
    fn a_token_is_found_wherever_it_stands() {
        const T: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA";
        #[rustfmt::skip]
        let cases = [
            (T.to_owned(),                                  Some(T)),
            (format!("Bearer {T}"),                         Some(T)),
            (format!("Authorization:Bearer {T}"),           Some(T)),
            (format!("--token={T}"),                        Some(T)),
            (format!("https://a.example/mcp?token={T}&x=1"), Some(T)),
            (format!("curl -H 'X: {T}' -s"),                Some(T)),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi4uLg==".into(), Some("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOi4uLg==")),
            ("a=eyJhbGciOiJub25lIn0.eyJ9.;b".into(),        Some("eyJhbGciOiJub25lIn0.eyJ9.")),
            ("eyJhbGciOiJIUzI1NiJ9".into(),                 Some("eyJhbGciOiJIUzI1NiJ9")),
            // JSON in base64 that is no header, and a word that only ends so.
            ("eyJhIjoxfQ".into(),                           None),
            ("keyJhbGciOiJIUzI1NiJ9.e30".into(),            None),
            ("${input:pat}".into(),                         None),
            (String::new(),                                 None),
        ];
        for (text, want) in &cases {
            assert_eq!(found_in(text), *want, "{text}");
        }
    }

    #[test]
    fn every_token_of_a_text_is_found_once() {
        #[rustfmt::skip]
        let cases: &[(&str, &[&str])] = &[
            ("",                                       &[]),
            ("a=eyJh.e30.a; b=eyJi.e30.b",             &["eyJh.e30.a", "eyJi.e30.b"]),
            ("eyJh.e30.a=eyJi.e30.b",                  &["eyJh.e30.a", "eyJi.e30.b"]),
            ("eyJh.eyJi.c",                            &["eyJh.eyJi.c"]),
            ("eyJh.e30.a\neyJh.e30.a",                 &["eyJh.e30.a", "eyJh.e30.a"]),
        ];
        for (text, want) in cases {
            let found: Vec<&str> = all_in(text).collect();
            assert_eq!(found, *want, "{text}");
        }
    }

    #[test]
    fn a_cut_token_still_tells_its_subject() {
        let cut = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ2c2NvZGUxQGV4YWktbWNwLmxvY2FsIi4uLg==";
        let peek = peek(cut);
        assert_eq!(peek.sub.as_deref(), Some("vscode1@exai-mcp.local"));
        assert_eq!(
            (peek.parts, peek.signature, peek.claims.is_none()),
            (2, false, true)
        );
    }
}
