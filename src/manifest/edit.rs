//! Edits of the text of a manifest. Comments, line ends and everything else stay byte for byte.

use toml_edit::Document;

use crate::error::Error;
use crate::json::Json;
use crate::place::split_bom;
use crate::place::tree::{Change, Format, Make};
use crate::time;

const TOKEN: &str = "token";

/// Puts a date and time, unix seconds, behind a key of the manifest itself.
pub fn set_time(text: &str, key: &str, instant: i64) -> Result<String, Error> {
    let value = Json::from(time::rfc3339(instant));
    let at = vec![key.to_owned()];
    let make = Make::Around;
    let text = Format::Toml.apply(text, &[Change::Set { at, value, make }])?;
    Ok(bare(&text, key).unwrap_or(text))
}

/// Takes out a key of the manifest itself, where it is there.
pub fn unset(text: &str, key: &str) -> Result<String, Error> {
    let at = vec![key.to_owned()];
    Format::Toml.apply(text, &[Change::Remove { at }])
}

/// Adds a `[[token]]` with these keys behind the last one.
pub fn add_token(text: &str, keys: Vec<(String, Json)>) -> Result<String, Error> {
    let at = vec![TOKEN.to_owned()];
    let value = Json::Object(keys);
    Format::Toml.apply(text, &[Change::Append { at, value }])
}

/// Adds places to the `to` of the token of this index.
pub fn add_places(text: &str, token: usize, places: &[Json]) -> Result<String, Error> {
    let at = vec![TOKEN.to_owned(), token.to_string(), "to".to_owned()];
    let changes: Vec<Change> = places
        .iter()
        .map(|place| Change::Append {
            at: at.clone(),
            value: place.clone(),
        })
        .collect();
    Format::Toml.apply(text, &changes)
}

/// Takes out the token of this index.
pub fn remove_token(text: &str, token: usize) -> Result<String, Error> {
    let at = vec![TOKEN.to_owned(), token.to_string()];
    Format::Toml.apply(text, &[Change::Remove { at }])
}

/// A time without the quotes that it has as a string.
fn bare(text: &str, key: &str) -> Option<String> {
    let (bom, body) = split_bom(text);
    let document = Document::parse(body).ok()?;
    let item = document.as_table().get(key)?;
    let (time, span) = (item.as_str()?, item.span()?);
    Some(format!(
        "{bom}{}{time}{}",
        &body[..span.start],
        &body[span.end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "\u{feff}# ours\r\nname = 'x' # y\r\n\r\n# first\r\n[[token]]\r\nsub = 'a'\r\nto = [\r\n  'file:a', # here\r\n]\r\n\r\n[[token]]\r\nsub = 'b'\r\n\r\n[roles]\r\nr = []\r\n";

    #[test]
    fn a_time_is_set_and_taken_out_again() {
        #[rustfmt::skip]
        let cases = [
            // before, after
            ("",                           "previous-until = @\n"),
            ("# c\n",                      "# c\nprevious-until = @\n"),
            ("\u{feff}a = 1 # c\r\n",      "\u{feff}a = 1 # c\r\nprevious-until = @\r\n"),
            ("a  = 'x'\n\n[roles]\n",      "a  = 'x'\nprevious-until  = @\n\n[roles]\n"),
            ("a = 1\n# until\n[[token]]\nsub = \"a\"\n", "a = 1\nprevious-until = @\n# until\n[[token]]\nsub = \"a\"\n"),
        ];
        for (before, want) in cases {
            let want = want.replace('@', "2026-12-06T00:00:00Z");
            let got = set_time(before, "previous-until", 1_796_515_200).unwrap();
            assert_eq!(got, want, "{before}");
            assert_eq!(unset(&got, "previous-until").unwrap(), before);
        }
        #[rustfmt::skip]
        let values = ["2020-01-01T00:00:00Z", "2020-01-01 00:00:00+01:00", "'2020-01-01'", "\"x\"", "1"];
        for value in values {
            let before = format!("b = 1\nprevious-until = {value} # c\nz = 2\n");
            let got = set_time(&before, "previous-until", 1_796_515_200).unwrap();
            assert_eq!(
                got,
                "b = 1\nprevious-until = 2026-12-06T00:00:00Z # c\nz = 2\n"
            );
        }
        assert_eq!(unset("a = 1\n", "previous-until").unwrap(), "a = 1\n");
    }

    #[test]
    fn a_token_comes_behind_the_others_and_goes_again() {
        let keys = || {
            vec![
                ("sub".to_owned(), Json::from("c")),
                ("to".to_owned(), Json::Array(vec![Json::from("file:c")])),
            ]
        };
        #[rustfmt::skip]
        let cases = [
            // before, what is new, what follows it
            ("",                                    "[[token]]\nsub = \"c\"\nto = [\"file:c\"]\n", ""),
            ("# c\nname = \"x\"\n",                 "\n[[token]]\nsub = \"c\"\nto = [\"file:c\"]\n", ""),
            ("[[token]]\nsub = \"a\"\n# end\n",     "\n[[token]]\nsub = \"c\"\nto = [\"file:c\"]\n", ""),
            ("[[token]]\nsub = \"a\"\n[token.claims]\nq = 1\n", "\n[[token]]\nsub = \"c\"\nto = [\"file:c\"]\n", "\n[roles]\n"),
            ("a = 'b'\r\n\r\n[[token]]\r\nsub = 'a'\r\n", "\r\n[[token]]\r\nsub = 'c'\r\nto = ['file:c']\r\n", "\r\n[roles]\r\nr = []\r\n"),
        ];
        for (before, new, rest) in cases {
            let text = format!("{before}{rest}");
            let got = add_token(&text, keys()).unwrap();
            assert_eq!(got, format!("{before}{new}{rest}"), "{before}");
            let index = before.matches("[[token]]").count();
            let kept = remove_token(&got, index).unwrap();
            assert_eq!(kept.trim_end(), text.trim_end(), "{before}");
        }
        let inline = "token = [{ sub = \"a\" }]\n";
        let got = add_token(inline, keys()).unwrap();
        assert_eq!(
            got,
            "token = [{ sub = \"a\" }, { sub = \"c\", to = [\"file:c\"] }]\n"
        );
        assert_eq!(remove_token(&got, 1).unwrap(), inline);
    }

    #[test]
    fn removing_leaves_the_other_tokens_and_every_comment() {
        let first = "\u{feff}# ours\r\nname = 'x' # y\r\n\r\n# first\r\n\r\n[[token]]\r\nsub = 'b'\r\n\r\n[roles]\r\nr = []\r\n";
        assert_eq!(remove_token(TWO, 0).unwrap(), first);
        let second = TWO.replace("\r\n[[token]]\r\nsub = 'b'\r\n", "");
        assert_eq!(remove_token(TWO, 1).unwrap(), second);
        let none = remove_token(&second, 0).unwrap();
        assert!(!none.contains("[[token]]"), "{none}");
        assert!(none.contains("# first"), "{none}");
        assert_eq!(remove_token(TWO, 2).unwrap(), TWO);
    }

    #[test]
    fn places_are_added_to_one_token() {
        let places = [
            Json::from("file:c"),
            Json::object([("place", Json::from("mcp:d#e"))]),
        ];
        #[rustfmt::skip]
        let cases = [
            // index, before, after
            (0, "  'file:a', # here\r\n",    "  'file:a', # here\r\n  'file:c',\r\n  { place = 'mcp:d#e' },\r\n"),
            (1, "sub = 'b'\r\n",             "sub = 'b'\r\nto = ['file:c', { place = 'mcp:d#e' }]\r\n"),
        ];
        for (index, before, after) in cases {
            let got = add_places(TWO, index, &places).unwrap();
            assert_eq!(got, TWO.replace(before, after), "{index}");
        }
        let broken = add_places("[[token]]\nto = 1\n", 0, &places).unwrap_err();
        assert_eq!(
            broken.message,
            "line 2, column 6: an array was expected, not an integer"
        );
    }
}
