//! How mcpjwt says no: one error with its code, what was wrong, and what to type next.
//!
//! Pure. Knows nothing of the terminal: `report` renders errors, `main` turns
//! the gravest one into the exit code.

use std::fmt;

/// How grave an answer is. The process exits with the gravest of a run:
/// `CouldNot` over `No` over `Expired` over `Done`; `Usage` ends a run before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Done, or the answer is yes: exit code 0.
    Done,
    /// Expired, or expiring inside the window asked about: exit code 3.
    Expired,
    /// The answer is no: a token refused, a finding, drift: exit code 1.
    No,
    /// It could not be told or done: exit code 4.
    CouldNot,
    /// The command line itself is wrong: exit code 2.
    Usage,
    /// Another program took over, and ended with this exit code.
    Ended(u8),
}

impl Outcome {
    /// The exit code that scripts see.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Expired => 3,
            Self::CouldNot => 4,
            Self::Ended(code) => code,
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $outcome:ident $about:literal)*) => {
        /// What kind of problem an error is; stable in `--json`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $about] $variant,)*
        }

        impl Code {
            /// Every code, in the order in which the manual lists them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in `--json` and `verify --batch`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One line for the manual.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// What a run ends with when this is its gravest error.
            pub fn outcome(self) -> Outcome {
                match self { $(Self::$variant => Outcome::$outcome,)* }
            }
        }
    };
}

// The order is also the order in which failing checks of a token are listed.
codes! {
    Malformed       "malformed"        No       "the text is not a signed JWT in compact form"
    TooLarge        "too_large"        No       "the token is longer than 64 KiB, or nested deeper than 64"
    AlgNone         "alg_none"         No       "the header says the token is not signed"
    AlgMissing      "alg_missing"      No       "the header names no algorithm"
    AlgNotAllowed   "alg_not_allowed"  No       "the header names another algorithm than the key has"
    AlgKeyMismatch  "alg_key_mismatch" No       "an allowed algorithm is one that the key cannot do"
    CritUnsupported "crit_unsupported" No       "the header demands an extension (`crit`, `b64`)"
    KeyNotFound     "key_not_found"    No       "no accepted key has the `kid` of the token"
    SigMissing      "sig_missing"      No       "the signature is empty"
    SigInvalid      "sig_invalid"      No       "the signature does not fit the key"
    Revoked         "revoked"          No       "the token was revoked"
    ClaimType       "claim_type"       No       "a claim has the wrong type or is out of range"
    ClaimMissing    "claim_missing"    No       "a claim that is required is not there"
    ClaimMismatch   "claim_mismatch"   No       "a claim is not what was expected"
    NotYetValid     "not_yet_valid"    No       "`nbf` lies in the future"
    IatFuture       "iat_future"       No       "`iat` lies in the future"
    LineInvalid     "line_invalid"     No       "a line of a batch is none that `issue --from` takes"
    Expired         "expired"          Expired  "`exp` has come, or the token is older than `--max-age`"
    Expiring        "expiring"         Expired  "`exp` comes within the window asked about"
    KeyTooShort     "key_too_short"    CouldNot "the secret is shorter than its algorithm requires (RFC 7518 section 3.2)"
    KeyWeak         "key_weak"         CouldNot "the key is a published default, or too weak"
    KeyUnusable     "key_unusable"     CouldNot "the key is not meant for signatures"
    KeyInvalid      "key_invalid"      CouldNot "the key cannot be read, or contradicts itself"
    KeyAmbiguous    "key_ambiguous"    CouldNot "it is not clear which key or which reading of it is meant"
    KeyMissing      "key_missing"      CouldNot "there is no key to sign or verify with"
    KeyExists       "key_exists"       CouldNot "there is a key already, and it is not overwritten"
    KeyMade         "key_made"         Done     "there was no key, so one was made"
    Usage           "usage"            Usage    "the command line is wrong"
    PlaceMissing    "place_missing"    CouldNot "nothing is at that place"
    PlaceUnreadable "place_unreadable" CouldNot "the place is there but cannot be read"
    PlaceUnwritable "place_unwritable" CouldNot "the place cannot be written"
    PlaceForeignValue "place_foreign_value" CouldNot "the place holds a value that is not ours to replace"
    PlaceInvalid    "place_invalid"    CouldNot "the file at that place is not understood completely, so it is left alone"
    PlaceAmbiguous  "place_ambiguous"  CouldNot "the place can be read in two ways"
    PlaceLooseMode  "place_loose_mode" CouldNot "our own store can be read by others"
    Overwritten     "overwritten"      CouldNot "another program changed the file meanwhile"
    GitTracked      "git_tracked"      CouldNot "git has the file, or would take it, and a secret does not belong there"
    GitUnknown      "git_unknown"      Done     "it cannot be told whether git has the file"
    KeyringAbsent   "keyring_absent"   CouldNot "no keyring service answers"
    KeyringLocked   "keyring_locked"   CouldNot "the keyring is locked"
    KeyringFailed   "keyring_failed"   CouldNot "the keyring refused or did not answer in time"
    CommandFailed   "command_failed"   CouldNot "a `cmd:` place failed or took longer than 30 s"
    TokenUnknown    "token_unknown"    CouldNot "the manifest has no token of that name, or several"
    CommandMissing  "command_missing"  CouldNot "`exec` found no such program: exit code 127"
    CommandUnusable "command_unusable" CouldNot "`exec` could not start the program: exit code 126"
    NetworkFailed   "network_failed"   CouldNot "a URL could not be read, or a Redis server not be written to"
    StateUnreadable "state_unreadable" CouldNot "our own state cannot be read, or is of a newer version"
    StateUnwritable "state_unwritable" CouldNot "our own state cannot be written"
    ClientReader    "client_reader"    Done     "the client does not read the file or entry as it stands"
    ClientMode      "client_mode"      Done     "the client gets its token that way only under a condition"
    ManifestInvalid "manifest_invalid" CouldNot "the manifest is wrong"
    Untrusted       "untrusted"        CouldNot "the manifest wants what only a trusted one may"
    KeyOld          "key_old"          No       "a key has been in use for more than 90 days"
    KeyShared       "key_shared"       No       "a key signs for several audiences"
    ClockWrong      "clock_wrong"      CouldNot "the clock is behind what was done already"
    TokenUnrecorded "token_unrecorded" No       "a token of ours is in a place that the ledger does not know"
    Standard        "standard"         No       "a token goes against a standard: `findings` of `lint` names the rule"
    Drift           "drift"            No       "a place is not as the manifest wants it"
    Io              "io"               CouldNot "reading or writing failed"
    Internal        "internal"         CouldNot "a defect of mcpjwt"
}

/// One problem: what it is, where, and what to do about it.
///
/// `message` is lower case, without a full stop, and never holds a secret or a
/// whole token; `hint` is what to type or open.
pub struct Error {
    /// What kind of problem.
    pub code: Code,
    /// What could not be done, then why.
    pub message: String,
    /// What to type or open.
    pub hint: Option<String>,
    /// The place it is about.
    pub place: Option<String>,
    /// The claim it is about.
    pub claim: Option<String>,
    /// The cause, for a defect report; never shown by itself.
    pub source: Option<anyhow::Error>,
}

impl Error {
    /// An error without hint, place or claim.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            place: None,
            claim: None,
            source: None,
        }
    }

    /// An error of the command line, exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, about this place.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// Names the place where nothing more precise is named yet.
    #[must_use]
    pub fn or_at(self, place: impl Into<String>) -> Self {
        if self.place.is_some() {
            return self;
        }
        self.at(place)
    }

    /// The same, about this claim.
    #[must_use]
    pub fn claim(mut self, claim: impl Into<String>) -> Self {
        self.claim = Some(claim.into());
        self
    }

    /// The same with its cause.
    #[must_use]
    pub fn source(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Code and message only: a cause may carry bytes that are nobody's business.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {})", self.code.name(), self.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// One or more problems of one phase of a run, reported together. Never empty.
#[derive(Debug)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// The problems, in the order found.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }

    /// The problems as a slice.
    pub fn as_slice(&self) -> &[Error] {
        &self.0
    }

    /// The same problems, each changed.
    #[must_use]
    pub fn map(self, change: impl FnMut(Error) -> Error) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }

    /// The gravest outcome among them.
    pub fn outcome(&self) -> Outcome {
        self.0
            .iter()
            .map(|error| error.code.outcome())
            .max()
            .unwrap_or(Outcome::CouldNot)
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl IntoIterator for Errors {
    type Item = Error;
    type IntoIter = std::vec::IntoIter<Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = std::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Collects the problems of one phase, so that all are reported at once.
#[derive(Debug, Default)]
pub struct Gather(Vec<Error>);

impl Gather {
    /// Keeps the value of a good result and the problems of a bad one.
    pub fn take<T>(&mut self, result: Result<T, impl Into<Errors>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(errors) => {
                errors.into().into_iter().for_each(|error| self.add(error));
                None
            }
        }
    }

    /// Adds one problem; the same one met twice is told once.
    pub fn add(&mut self, error: Error) {
        let same = |known: &Error| known.code == error.code && known.message == error.message;
        if !self.0.iter().any(same) {
            self.0.push(error);
        }
    }

    /// Ends the phase: goes on only when nothing was wrong.
    pub fn done(self) -> Result<(), Errors> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Errors(self.0))
        }
    }
}

/// A text as one word of a POSIX shell, for hints: as it is, or in single quotes.
pub fn shell_word(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    // A `#` begins a comment only at the start of a word.
    if !text.is_empty()
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| plain(b) || (b == b'#' && at > 0))
    {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A path as one word for a shell: a leading `~/` stays the home folder, a leading `-` is no option.
pub fn shell_path(text: &str) -> String {
    match text.strip_prefix("~/") {
        Some(rest) if !rest.is_empty() => format!("~/{}", shell_word(rest)),
        _ if text.starts_with('-') => shell_word(&format!("./{text}")),
        _ => shell_word(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn paths_for_a_shell() {
        for (path, want) in [
            (".env", ".env"),
            ("a b/.env", "'a b/.env'"),
            ("~/.env", "~/.env"),
            ("~/a b/it's", "~/'a b/it'\\''s'"),
            ("~x/.env", "'~x/.env'"),
            ("-x", "./-x"),
        ] {
            assert_eq!(shell_path(path), want);
        }
    }

    #[test]
    fn codes_are_unique_lower_case_and_explained() {
        let mut seen = BTreeSet::new();
        for code in Code::ALL {
            let name = code.name();
            assert!(seen.insert(name), "two codes are named `{name}`");
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
                "`{name}`"
            );
            let about = code.about();
            assert!(
                !about.is_empty() && !about.ends_with('.'),
                "`{name}`: {about}"
            );
        }
    }

    #[test]
    fn the_gravest_outcome_wins() {
        #[rustfmt::skip]
        let cases = [
            (vec![Code::Expired],                                    3),
            (vec![Code::Expired, Code::ClaimMismatch],               1),
            (vec![Code::KeyWeak, Code::SigInvalid, Code::Expired],   4),
            (vec![Code::PlaceMissing, Code::Usage],                  2),
        ];
        for (codes, want) in cases {
            let mut gather = Gather::default();
            for code in &codes {
                gather.add(Error::new(*code, "x"));
            }
            let got = gather.done().map_err(|errors| errors.outcome().exit_code());
            assert_eq!(got, Err(want), "{codes:?}");
        }
    }
}
