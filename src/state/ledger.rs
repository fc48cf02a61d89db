//! The ledger: what was issued and where it was put, a JSON line a record. History only: never
//! a token, never a secret.

use serde::{Deserialize, Serialize};

/// The version of the records that we write; a newer one is refused, not guessed at.
pub const VERSION: u32 = 1;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A token was signed; it may or may not have arrived at its places.
    Issued,
    /// A token was written to its places.
    Installed,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// When, in unix seconds.
    pub at: i64,
    /// What happened.
    pub event: Event,
    /// The token's `jti`.
    pub jti: String,
    /// Its `sub`.
    pub sub: String,
    /// Its `iss`.
    pub iss: String,
    /// Its `aud`.
    pub aud: Vec<String>,
    /// The `kid` of the key it was signed with.
    pub kid: String,
    /// Its `iat`, in unix seconds.
    pub iat: i64,
    /// Its `exp`, in unix seconds.
    pub exp: i64,
    /// The places it goes to, as on the command line but absolute; empty for standard output.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
}

impl Record {
    /// The line, with its end.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|mut line| {
            line.push('\n');
            line
        })
    }
}

/// What a ledger says, and which lines of it could not be read.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Numbers of damaged lines, from 1.
    pub damaged: Vec<usize>,
    /// Whether a newer program wrote into it.
    pub newer: bool,
}

/// Reads a ledger; a damaged line is set aside, the others count.
pub fn read(text: &[u8]) -> Ledger {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let mut ledger = Ledger::default();
    for (index, line) in text.split(|&b| b == b'\n').enumerate() {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Record>(line) {
            Ok(record) if record.version <= VERSION => ledger.records.push(record),
            _ if serde_json::from_slice::<Version>(line).is_ok_and(|it| it.version > VERSION) => {
                ledger.newer = true;
            }
            _ => ledger.damaged.push(index + 1),
        }
    }
    ledger
}

impl Ledger {
    /// Every place a token was installed at, oldest first, each once.
    pub fn places(&self) -> Vec<&str> {
        let mut places = Vec::new();
        for place in self
            .records
            .iter()
            .filter(|record| record.event == Event::Installed)
            .flat_map(|record| &record.places)
        {
            if !places.contains(&place.as_str()) {
                places.push(place);
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(event: Event, places: &[&str]) -> Record {
        Record {
            version: VERSION,
            at: 100,
            event,
            jti: "j".into(),
            sub: "s".into(),
            iss: "i".into(),
            aud: vec!["a".into()],
            kid: "k".into(),
            iat: 95,
            exp: 200,
            places: places.iter().map(|&place| place.to_owned()).collect(),
        }
    }

    #[test]
    fn a_line_is_read_back() {
        let issued = record(Event::Issued, &["file:/x"]);
        let line = issued.line().unwrap();
        assert_eq!(
            line,
            concat!(
                r#"{"version":1,"at":100,"event":"issued","jti":"j","sub":"s","iss":"i","aud":["a"],"#,
                r#""kid":"k","iat":95,"exp":200,"places":["file:/x"]}"#,
                "\n"
            )
        );
        assert_eq!(read(line.as_bytes()).records, [issued]);
    }

    #[test]
    fn damage_is_set_aside_and_a_newer_version_noticed() {
        let good = record(Event::Installed, &["file:/x", "file:/x"])
            .line()
            .unwrap();
        let text = format!("{good}{{\"version\":1,\"at\n\n{good}{{\"version\":2,\"what\":1}}\n");
        let ledger = read(text.as_bytes());
        assert_eq!(ledger.records.len(), 2);
        assert_eq!(ledger.damaged, [2]);
        assert!(ledger.newer);
        assert_eq!(ledger.places(), ["file:/x"]);
    }
}
