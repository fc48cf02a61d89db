//! The text of the list: JSON, an entry a line, sorted, every line with a checksum, the last one
//! with the number of entries and a checksum over all of them.
//!
//! ```text
//! {"version":1,"revoked":[
//! {"iss":"exai","jti":"5f1c","at":1763784000,"exp":1763870400,"reason":"leaked","sum":"…"},
//! {"iss":"exai","sub":"vscode2","until":1763784000,"at":1763784000,"exp":1763870400,"sum":"…"}
//! ],"entries":2,"sum":"…"}
//! ```
//!
//! There is one text for a list: what does not read back to the very same bytes was changed by
//! somebody else, and what it says about any token is not to be believed. The checksums are
//! against accidents (a disk, an editor, a merge), not against who may write the file. Line ends
//! may be those of Windows: git makes them so.

use aws_lc_rs::digest::{SHA256, digest};

use super::{Entry, Revocations, What};
use crate::json::Json;

/// The version of the list that we write; a newer one is refused, not rewritten.
const VERSION: u32 = 1;

const HEAD: &str = r#"{"version":1,"revoked":["#;

/// Why a list cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// A newer program wrote it.
    Newer,
    /// It is not what we wrote, from this line on (from 1).
    Damaged(usize),
    /// Git could not merge two lists: from this line on it has left both.
    Conflict(usize),
}

impl Revocations {
    /// Reads the text of a list. Anything but exactly what [`Self::text`] wrote is an error.
    pub fn read(text: &[u8]) -> Result<Self, Unread> {
        let Some(text) = std::str::from_utf8(text).ok().map(plain) else {
            return Err(Unread::Damaged(1));
        };
        if is_newer(&text) {
            return Err(Unread::Newer);
        }
        let marks = |line: &str| line.starts_with("<<<<<<< ");
        if let Some(index) = text.split('\n').position(marks) {
            return Err(Unread::Conflict(index + 1));
        }
        let mut lines = text.split('\n');
        if lines.next() != Some(HEAD) {
            return Err(Unread::Damaged(1));
        }
        let mut list = Self::default();
        for (index, line) in lines.enumerate() {
            if line.starts_with(']') {
                break;
            }
            let line = line.strip_suffix(',').unwrap_or(line);
            let entry = entry(line).ok_or(Unread::Damaged(index + 2))?;
            list.0.insert(entry.what.clone(), entry);
        }
        let same = list.text();
        let differs = |(one, other)| one != other;
        match text.split('\n').zip(same.split('\n')).position(differs) {
            Some(index) => Err(Unread::Damaged(index + 1)),
            None if text.len() != same.len() => {
                let common = text.split('\n').count().min(same.split('\n').count());
                Err(Unread::Damaged(common))
            }
            None => Ok(list),
        }
    }

    /// The text of the list.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let mut sums = String::new();
        for (index, entry) in self.0.values().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            let mut members = members(entry);
            let sum = checksum(&object(&members));
            sums.push_str(&sum);
            members.push(("sum", sum.into()));
            text.push_str(&object(&members));
        }
        let entries = self.0.len();
        let sum = checksum(&format!("{HEAD}{entries} {sums}"));
        text + &format!("\n],\"entries\":{entries},\"sum\":\"{sum}\"}}\n")
    }
}

/// The members of a line, without its checksum.
fn members(entry: &Entry) -> Vec<(&'static str, Json)> {
    let (iss, name, id) = match &entry.what {
        What::Token { iss, jti } => (iss.as_ref(), "jti", jti),
        What::Subject { iss, sub } => (iss.as_ref(), "sub", sub),
        What::Key { kid } => (None, "kid", kid),
        What::Run { id } => (None, "run", id),
    };
    let mut members = Vec::new();
    members.extend(iss.map(|iss| ("iss", Json::from(iss.as_str()))));
    members.push((name, id.as_str().into()));
    members.extend(entry.until.map(|until| ("until", until.into())));
    members.push(("at", entry.at.into()));
    members.extend(entry.exp.map(|exp| ("exp", exp.into())));
    let reason = entry.reason.as_deref();
    members.extend(reason.map(|reason| ("reason", reason.into())));
    members
}

/// They as a line of JSON, in which nothing is invisible.
fn object(members: &[(&'static str, Json)]) -> String {
    let named = |(name, value): &(&'static str, Json)| ((*name).to_owned(), value.clone());
    Json::Object(members.iter().map(named).collect()).to_string()
}

/// The entry of a line, where its checksum fits. That it has nothing else is seen when the whole
/// text is compared.
fn entry(line: &str) -> Option<Entry> {
    let line = Json::parse(line.as_bytes()).ok()?;
    let text = |name: &str| line.get(name).and_then(Json::as_str).map(str::to_owned);
    let time = |name: &str| line.get(name).and_then(Json::as_i64);
    let iss = text("iss");
    let what = match (text("jti"), text("sub"), text("kid"), text("run")) {
        (Some(jti), None, None, None) => What::Token { iss, jti },
        (None, Some(sub), None, None) => What::Subject { iss, sub },
        (None, None, Some(kid), None) => What::Key { kid },
        (None, None, None, Some(id)) => What::Run { id },
        _ => return None,
    };
    let entry = Entry {
        what,
        until: time("until"),
        at: time("at")?,
        exp: time("exp"),
        reason: text("reason"),
    };
    (text("sum")? == checksum(&object(&members(&entry)))).then_some(entry)
}

/// The text with the line ends of Unix.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether the first line says that a newer program wrote it; the rest may be anything.
fn is_newer(text: &str) -> bool {
    let version = text.strip_prefix(r#"{"version":"#).unwrap_or_default();
    let digits = version.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = version.split_at(digits);
    rest.starts_with([',', '}']) && number.parse::<u32>().is_ok_and(|it| it > VERSION)
}

/// Sixteen hexadecimal digits of SHA-256.
fn checksum(text: &str) -> String {
    hex::encode(&digest(&SHA256, text.as_bytes()).as_ref()[..8])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn sample() -> Revocations {
        let iss = || Some("exai-mcp-server".to_owned());
        let mut list = Revocations::default();
        let all = [
            (What::Key { kid: "old".into() }, None, None),
            (
                What::Subject {
                    iss: iss(),
                    sub: "vscode2@exai".into(),
                },
                Some(100),
                Some("left the\n\"team\" \u{202e}"),
            ),
            (
                What::Token {
                    iss: iss(),
                    jti: "ff".into(),
                },
                None,
                Some("leaked"),
            ),
            (
                What::Token {
                    iss: None,
                    jti: "7".into(),
                },
                None,
                None,
            ),
            (
                What::Run {
                    id: "0123456789abcdef0123456789abcdef".into(),
                },
                None,
                None,
            ),
        ];
        for (what, until, reason) in all {
            list.add(Entry {
                what,
                until,
                at: 100,
                exp: until.is_none().then_some(200),
                reason: reason.map(str::to_owned),
            });
        }
        list
    }

    #[test]
    fn a_list_is_read_back() {
        for list in [sample(), Revocations::default()] {
            let text = list.text();
            assert_eq!(Revocations::read(text.as_bytes()), Ok(list.clone()));
            let windows = text.replace('\n', "\r\n");
            assert_eq!(Revocations::read(windows.as_bytes()), Ok(list));
            Json::parse(text.as_bytes()).unwrap();
        }
        expect![[r#"
            {"version":1,"revoked":[
            {"jti":"7","at":100,"exp":200,"sum":"f452083cffbd8080"},
            {"iss":"exai-mcp-server","jti":"ff","at":100,"exp":200,"reason":"leaked","sum":"00bc7d9dbe033fa4"},
            {"iss":"exai-mcp-server","sub":"vscode2@exai","until":100,"at":100,"reason":"left the\n\"team\" \u202e","sum":"73bea086e6fe8dff"},
            {"kid":"old","at":100,"exp":200,"sum":"951fadb547cd95a2"},
            {"run":"0123456789abcdef0123456789abcdef","at":100,"exp":200,"sum":"4530f7b9095c9db2"}
            ],"entries":5,"sum":"708b9dbffd7cb894"}
        "#]].assert_eq(&sample().text());
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        for text in [
            sample().text(),
            sample().text().replace('\n', "\r\n"),
            Revocations::default().text(),
        ] {
            let mut bytes = text.into_bytes();
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    bytes[at] ^= 1 << bit;
                    let read = Revocations::read(&bytes);
                    assert!(read.is_err(), "byte {at}, bit {bit}");
                    bytes[at] ^= 1 << bit;
                }
            }
        }
    }

    #[test]
    fn every_cut_is_noticed() {
        for text in [
            sample().text(),
            sample().text().replace('\n', "\r\n"),
            Revocations::default().text(),
        ] {
            for at in 0..text.len() {
                let front = Revocations::read(&text.as_bytes()[..at]);
                assert!(front.is_err(), "up to byte {at}");
                if at > 0 {
                    let back = Revocations::read(&text.as_bytes()[at..]);
                    assert!(back.is_err(), "from byte {at}");
                }
            }
        }
    }

    #[test]
    fn a_line_that_is_gone_doubled_or_elsewhere_is_noticed() {
        let text = sample().text();
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..lines.len() {
            let mut gone = lines.clone();
            gone.remove(at);
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            let mut swapped = lines.clone();
            swapped.swap(at, (at + 1) % lines.len());
            for (how, lines) in [("gone", gone), ("doubled", doubled), ("swapped", swapped)] {
                let text = lines.join("\n") + "\n";
                let read = Revocations::read(text.as_bytes());
                assert!(read.is_err(), "line {at} {how}");
            }
        }
        // As somebody would do it who mends the commas too.
        let one = |jti: &str| {
            let mut list = Revocations::default();
            let mut entry = sample().iter().next().unwrap().clone();
            entry.what = What::Token {
                iss: None,
                jti: jti.into(),
            };
            list.add(entry);
            list
        };
        let mut both = one("a");
        both.join(one("b"));
        let both = both.text();
        let lines: Vec<&str> = both.lines().collect();
        let text = [lines[0], lines[2], lines[3]].join("\n") + "\n";
        assert_eq!(Revocations::read(text.as_bytes()), Err(Unread::Damaged(3)));
        // An end of another list does not fit, whatever it says.
        let other = one("b").text();
        let other = other.lines().last().unwrap().to_owned();
        let text = [lines[0], lines[1].trim_end_matches(','), &other].join("\n") + "\n";
        assert_eq!(Revocations::read(text.as_bytes()), Err(Unread::Damaged(3)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let text = sample().text();
        #[rustfmt::skip]
        let cases = [
            (String::new(),                                   Unread::Damaged(1)),
            ("{}\n".to_owned(),                               Unread::Damaged(1)),
            (text.replace("leaked", "leaker"),                Unread::Damaged(3)),
            (text.replace(r#""entries":5"#, r#""entries":4"#), Unread::Damaged(7)),
            (text.replace(r#""version":1"#, r#""version":2"#), Unread::Newer),
            (r#"{"version":2}"#.to_owned(),                   Unread::Newer),
            (r#"{"version":20,"#.to_owned(),                  Unread::Newer),
            (text.replace(r#""version":1"#, r#""version":0"#), Unread::Damaged(1)),
            (format!("{text}\n"),                             Unread::Damaged(8)),
            (format!("<<<<<<< HEAD\n{text}"),                 Unread::Conflict(1)),
            (text.replace("],", "<<<<<<< HEAD\n],"),          Unread::Conflict(7)),
        ];
        for (text, want) in cases {
            assert_eq!(Revocations::read(text.as_bytes()), Err(want), "{text}");
        }
    }
}
