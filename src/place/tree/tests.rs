use super::*;
use crate::error::Error;

fn steps(at: &str) -> Vec<String> {
    jsonc::steps(at).unwrap_or_default()
}

fn set(at: &str, value: &str) -> Change {
    Change::Set {
        at: steps(at),
        value: Json::parse(value.as_bytes()).unwrap_or(Json::Null),
        make: Make::All,
    }
}

fn said<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| error.message)
}

#[test]
fn what_was_made_is_taken_out_again() {
    use Format::{Json as J, Toml as T};
    #[rustfmt::skip]
    let cases = [
        (J, Some("{}")),
        (J, Some("{ }\n")),
        (J, Some("{\r\n\r\n}")),
        (J, Some("{ // c\n}")),
        (J, Some("{/* c */}")),
        (J, Some("{\"s\":{}}")),
        (J, Some("{ \"s\": {  } }")),
        (J, Some("{\n  \"s\": null, // c\n}\n")),
        (J, Some("{\n\t\"s\": {\n\t\t\"x\": 1, // c\n\t},\n}")),
        (J, Some("{\n  \"x\": 1 }")),
        (J, Some("{\n  \"x\": 1, }")),
        (J, Some("{\"x\": 1 /* c */ }")),
        (J, Some("{\"x\": 1\n// c\n,}")),
        (J, Some("")),
        (J, Some("\u{feff}")),
        (J, Some("// c")),
        (J, Some("// c\n\n")),
        (J, Some(" ")),
        (J, None),
        (T, Some("")),
        (T, Some("\u{feff}\r\n")),
        (T, Some("a = 1")),
        (T, Some("a = 1\n")),
        (T, Some("a = 1\n\n")),
        (T, Some("a = 1\r\n\r\n\r\n# c")),
        (T, Some("[s]")),
        (T, Some("[s.b]\nc = 1\n\n[t]\n")),
        (T, Some("[s.b]\nc = 1\n[t]\n")),
        (T, Some("s = {  }\n")),
        (T, Some("s = { a = 1 } # c\n")),
        (T, Some("s.a = 1\n")),
        (T, None),
    ];
    for (format, before) in cases {
        for (value, at) in [
            ("{\"u\": \"v\", \"h\": {\"A\": \"t\"}}", "/s/n/h/A"),
            ("{\"h\": {\"A\": \"t\"}}", "/s/n/h/A"),
            ("\"t\"", "/s/n"),
        ] {
            let after = said(format.apply(before.unwrap_or_default(), &[set("/s/n", value)]));
            let after = after.unwrap_or_else(|error| panic!("{before:?}: {error}"));
            let made = said(format.made(before, &after)).unwrap_or_default();
            let new = after.replace("\"t\"", "\"a longer one\"");
            let back = said(format.take_out(&new, &steps(at), made.as_ref()));
            assert_eq!(
                back.as_ref().map(Option::as_deref),
                Ok(before),
                "{new} {made:?}"
            );
        }
    }
}
