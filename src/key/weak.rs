//! Which secrets are too weak.

use std::cmp::Ordering;

use super::algorithm::Algorithm;
use crate::error::{Code, Error};
use crate::secret::Secret;

/// Published default secrets of 32 bytes and more; see `known_secrets.md` beside it.
const KNOWN: &str = include_str!("known_secrets.txt");

/// Text repeated with a shorter period than this was typed, not drawn.
const SHORTEST_PERIOD: usize = 16;

/// 32 random bytes have fewer different ones once in 10^44 times, 64 random hex digits
/// once in 10^28.
const FEWEST_DIFFERENT: usize = 6;

/// How to get a good one.
const HINT: &str = "make another with `mcpjwt secret generate --print`, or `--to PLACE`";

/// Refuses a secret shorter than its algorithm requires, and the ones that everybody knows.
pub(super) fn check(secret: &Secret, algorithm: Algorithm) -> Result<(), Error> {
    let least = algorithm.least_secret_bytes().unwrap_or(0);
    if secret.len() < least {
        let (name, length) = (algorithm.name(), secret.len());
        return Err(Error::new(
            Code::KeyTooShort,
            format!(
                "the secret has {length} bytes, and {name} requires {least} (RFC 7518 section 3.2)"
            ),
        )
        .hint(HINT));
    }
    if is_known(secret.expose()) {
        return Err(Error::new(Code::KeyWeak, "the secret is a published default").hint(HINT));
    }
    Ok(())
}

/// Whether the bytes are a line of the list.
///
/// The list is sorted, so this halves the text itself: a walk through all of it costs 85 us
/// of a start that takes 1 ms, and a table would have to be built first.
fn is_known(secret: &[u8]) -> bool {
    let mut rest = KNOWN.as_bytes();
    while !rest.is_empty() {
        let (before, after) = rest.split_at(rest.len() / 2);
        let is_end = |byte: &u8| *byte == b'\n';
        let start = before.iter().rposition(is_end).map_or(0, |at| at + 1);
        let end = after
            .iter()
            .position(is_end)
            .map_or(rest.len(), |at| before.len() + at);
        match secret.cmp(&rest[start..end]) {
            Ordering::Equal => return true,
            Ordering::Less => rest = &rest[..start],
            Ordering::Greater => rest = rest.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

/// Refuses a secret that is one short text repeated or has hardly any different bytes.
///
/// Only for signing: in verifying, others chose the secret, and the vectors of Project
/// Wycheproof want tokens of an all-zero secret accepted.
pub(super) fn check_variety(secret: &Secret) -> Result<(), Error> {
    let bytes = secret.expose();
    let weak = |what: &str| Err(Error::new(Code::KeyWeak, format!("the secret {what}")).hint(HINT));
    if different(bytes) < FEWEST_DIFFERENT {
        return weak("has fewer than 6 different bytes");
    }
    if has_short_period(bytes) {
        return weak("is one short text repeated");
    }
    Ok(())
}

fn different(bytes: &[u8]) -> usize {
    let mut seen = [false; 256];
    for byte in bytes {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count()
}

fn has_short_period(bytes: &[u8]) -> bool {
    (1..SHORTEST_PERIOD.min(bytes.len()))
        .any(|period| bytes[period..].iter().eq(&bytes[..bytes.len() - period]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_at_each_edge() {
        use Code::{KeyTooShort, KeyWeak};
        let text = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
        let fifteen = "0123456789abcde".repeat(3);
        let sixteen = "0123456789abcdef".repeat(2);
        let known = "#$Vby8o5ey+vbaio7vzw63v)273eyowhsukdt36iwu";
        #[rustfmt::skip]
        let cases = [
            // secret          algorithm          known, short           variety
            ("",               Algorithm::HS256, Some(KeyTooShort),     Some(KeyWeak)),
            (&text[..31],      Algorithm::HS256, Some(KeyTooShort),     None),
            (&text[..32],      Algorithm::HS256, None,                  None),
            (&text[..47],      Algorithm::HS384, Some(KeyTooShort),     None),
            (&text[..48],      Algorithm::HS384, None,                  None),
            (&text[..63],      Algorithm::HS512, Some(KeyTooShort),     None),
            (text,             Algorithm::HS512, None,                  None),
            (known,            Algorithm::HS256, Some(KeyWeak),         None),
            (&known[..41],     Algorithm::HS256, None,                  None),
            (&fifteen,         Algorithm::HS256, None,                  Some(KeyWeak)),
            (&fifteen[..44],   Algorithm::HS256, None,                  Some(KeyWeak)),
            (&sixteen,         Algorithm::HS256, None,                  None),
            ("abcdeabcddabcdcabcdbabcdaabcdeaedbcadbecbdaecb",
                               Algorithm::HS256, None,                  Some(KeyWeak)),
            ("abcdeabcddabcdcabcdbabcdaabcdeaedbcadbecbdaecf",
                               Algorithm::HS256, None,                  None),
        ];
        for (secret, algorithm, known, variety) in cases {
            let got = check(&Secret::from(secret), algorithm)
                .err()
                .map(|error| error.code);
            assert_eq!(got, known, "`{secret}` {algorithm:?}");
            let got = check_variety(&Secret::from(secret))
                .err()
                .map(|error| error.code);
            assert_eq!(got, variety, "`{secret}` variety");
        }
    }

    #[test]
    fn every_known_secret_is_refused_by_its_exact_bytes() {
        let mut count = 0;
        for known in KNOWN.lines() {
            let got = check(&Secret::from(known), Algorithm::HS256)
                .err()
                .map(|error| error.code);
            assert_eq!(got, Some(Code::KeyWeak), "`{known}`");
            count += 1;
        }
        assert!(count > 1800, "{count}");
    }

    #[test]
    fn the_list_is_sorted_and_holds_what_the_vectors_name() {
        assert!(KNOWN.lines().is_sorted_by(|one, next| one < next));
        for known in include_str!("../../tests/vectors/weak_secrets_32plus.txt").lines() {
            assert!(is_known(known.as_bytes()), "`{known}`");
            for other in [
                format!("{known} "),
                format!("!{known}"),
                known.chars().skip(1).collect(),
            ] {
                let listed = KNOWN.lines().any(|line| line == other);
                assert_eq!(is_known(other.as_bytes()), listed, "`{other}`");
            }
        }
    }
}
