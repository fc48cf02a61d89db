//! The claims that mean something to those who read tokens, so that not everything may be said of
//! them: the option that sets each, and what it may hold, wherever it is given.

use super::template::Times;
use crate::json::Json;

/// A claim with an option of its own.
#[derive(Debug)]
pub struct Special {
    /// Its name.
    pub name: &'static str,
    /// What sets it in `issue`, as it stands between backticks.
    pub option: &'static str,
    holds: Holds,
    /// Why no line of a batch may give it, where none may.
    pub not_by_line: Option<&'static str>,
}

/// What a claim holds.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    /// A text or several.
    Texts,
    Time,
    Count,
}

const RUN: &str = "it is that of the run, with the number of the line";
const PAIR: &str = "a refresh token is minted by `mcpjwt issue --pair`";

#[rustfmt::skip]
const SPECIAL: &[Special] = &[
    Special { name: "iss",       option: "--iss",            holds: Holds::Text,  not_by_line: None },
    Special { name: "sub",       option: "--sub",            holds: Holds::Text,  not_by_line: None },
    Special { name: "aud",       option: "--aud",            holds: Holds::Texts, not_by_line: None },
    Special { name: "exp",       option: "--exp` or `--ttl", holds: Holds::Time,  not_by_line: None },
    Special { name: "nbf",       option: "--nbf",            holds: Holds::Time,  not_by_line: None },
    Special { name: "iat",       option: "--at",             holds: Holds::Time,  not_by_line: None },
    Special { name: "jti",       option: "--jti",            holds: Holds::Text,  not_by_line: Some(RUN) },
    Special { name: "scope",     option: "--scope",          holds: Holds::Text,  not_by_line: None },
    Special { name: "role",      option: "--role",           holds: Holds::Text,  not_by_line: None },
    Special { name: "name",      option: "--name",           holds: Holds::Text,  not_by_line: None },
    Special { name: "quota",     option: "--quota",          holds: Holds::Count, not_by_line: None },
    Special { name: "client_id", option: "--client-id",      holds: Holds::Text,  not_by_line: None },
    Special { name: "type",      option: "--pair",           holds: Holds::Text,  not_by_line: Some(PAIR) },
];

/// What is known of a claim, where it is none that is free.
pub fn special(name: &str) -> Option<&'static Special> {
    SPECIAL.iter().find(|special| special.name == name)
}

/// What is wrong with a claim, if anything is; its name comes before these words.
pub fn fault(name: &str, value: &Json) -> Option<String> {
    if name.is_empty() {
        return Some("is no name of a claim".to_owned());
    }
    let unlike = |wanted: &str| Some(format!("is {}, and not {wanted}", value.kind()));
    match (special(name)?.holds, value) {
        (Holds::Text | Holds::Texts, Json::String(text)) => text_fault(text).map(str::to_owned),
        (Holds::Text, _) => unlike("a string"),
        (Holds::Texts, Json::Array(items)) if !items.is_empty() => {
            items.iter().find_map(|item| match item {
                Json::String(text) => text_fault(text).map(|fault| format!("has one that {fault}")),
                _ => Some("is a list of something else than strings".to_owned()),
            })
        }
        (Holds::Texts, _) => unlike("a string or a list of strings"),
        (Holds::Time, _) => {
            let time = value.as_i64().unwrap_or(-1);
            let none = !(0..=Times::LAST).contains(&time);
            none.then(|| "is no time in unix seconds".to_owned())
        }
        (Holds::Count, _) => {
            let none = value.as_i64().is_none_or(|count| count <= 0);
            none.then(|| "is no whole number above 0".to_owned())
        }
    }
}

/// The same of a text that is a special claim.
pub fn text_fault(text: &str) -> Option<&'static str> {
    // Those beyond ASCII begin with this byte, and few texts have it.
    let may_be = |b: u8| b < 0x20 || b == 0x7f || b == 0xc2;
    if text.trim().is_empty() {
        Some("is empty")
    } else if text.bytes().any(may_be) && text.contains(char::is_control) {
        Some("holds a control character")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::REGISTERED;

    #[test]
    fn values_at_each_edge() {
        #[rustfmt::skip]
        let cases = [
            // claim     value               what is wrong
            ("sub",     r#""a b""#,          ""),
            ("sub",     r#""äé¿""#,          ""),
            ("sub",     r#""""#,             "is empty"),
            ("sub",     r#"" \u00a0""#,      "is empty"),
            ("sub",     r#""a\u0000b""#,     "holds a control character"),
            ("sub",     r#""a\r""#,          "holds a control character"),
            ("sub",     r#""a\u007f""#,      "holds a control character"),
            ("sub",     r#""ä\u0085""#,      "holds a control character"),
            ("role",    "5",                 "is a number, and not a string"),
            ("type",    "null",              "is null, and not a string"),
            ("aud",     r#""a""#,            ""),
            ("aud",     r#"["a","b"]"#,      ""),
            ("aud",     "[]",                "is an array, and not a string or a list of strings"),
            ("aud",     r#"["a",1]"#,        "is a list of something else than strings"),
            ("aud",     r#"["a",""]"#,       "has one that is empty"),
            ("exp",     "0",                 ""),
            ("exp",     "253402300799",      ""),
            ("exp",     "253402300800",      "is no time in unix seconds"),
            ("nbf",     "-1",                "is no time in unix seconds"),
            ("iat",     r#""now""#,          "is no time in unix seconds"),
            ("quota",   "1",                 ""),
            ("quota",   "0",                 "is no whole number above 0"),
            ("quota",   "1.5",               "is no whole number above 0"),
            ("",        "1",                 "is no name of a claim"),
            ("team",    "null",              ""),
            ("team",    r#""\u0000""#,       ""),
        ];
        for (name, value, want) in cases {
            let json = Json::parse(value.as_bytes()).unwrap();
            let got = fault(name, &json).unwrap_or_default();
            assert_eq!(got, want, "{name} {value}");
        }
    }

    #[test]
    fn every_registered_claim_is_special() {
        for name in REGISTERED {
            assert!(fault(name, &Json::Bool(true)).is_some(), "{name}");
        }
    }
}
