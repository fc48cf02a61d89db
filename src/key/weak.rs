//! Which secrets are too weak.

use super::algorithm::Algorithm;
use crate::error::{Code, Error};
use crate::secret::Secret;

/// Published default secrets of 32 bytes and more; see `known_secrets.md` beside it.
const KNOWN: &str = include_str!("known_secrets.txt");

/// Text repeated with a shorter period than this was typed, not drawn.
const SHORTEST_PERIOD: usize = 16;

/// 32 random bytes have fewer different ones once in 10^50 times, 64 random hex digits
/// once in 10^25.
const FEWEST_DIFFERENT: usize = 6;

/// What `rotate-secret` and `generate` are for.
const HINT: &str = "make one with `mcpjwt secret generate`";

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
    // A walk through the text costs some 10 us; a table would have to be built first.
    if KNOWN
        .lines()
        .any(|known| known.as_bytes() == secret.expose())
    {
        return Err(Error::new(Code::KeyWeak, "the secret is a published default").hint(HINT));
    }
    Ok(())
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
    fn the_list_is_the_one_of_the_vectors() {
        assert_eq!(
            KNOWN,
            include_str!("../../tests/vectors/weak_secrets_32plus.txt")
        );
    }
}
