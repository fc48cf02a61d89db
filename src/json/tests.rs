use super::*;
use proptest::prelude::*;

#[test]
fn what_is_read_is_written_back() {
    #[rustfmt::skip]
    let cases = [
        r#"{"a":1,"b":[true,false,null,"x"],"c":{}}"#,
        r#"[1e999,-0,1.10,12345678901234567890]"#,
        r#""\"\\\n\r\tä\u0001\u202e""#,
        "[]",
    ];
    for case in cases {
        let got = Json::parse(case.as_bytes()).map(|json| json.to_string());
        assert_eq!(got.as_deref(), Ok(case));
    }
}

#[test]
fn what_is_wrong_is_said() {
    #[rustfmt::skip]
    let cases: [(&[u8], &str); 18] = [
        (b"",                     "it ends too early (at byte 0)"),
        (b"{\"a\":1,\"a\":2}",    "a name is there twice (at byte 7)"),
        (b"{\"a\":1,\"\\u0061\":2}", "a name is there twice (at byte 7)"),
        (b"{\"a\":1}x",           "there is more after the end (at byte 7)"),
        (b"\"\\ud800\"",          "a lone surrogate (at byte 7)"),
        (b"\"\\ud800\\u0041\"",   "a lone surrogate (at byte 13)"),
        (b"\"\\udc00\"",          "a lone surrogate (at byte 7)"),
        (b"\"\\u+123\"",          "four hex digits were expected (at byte 3)"),
        (b"\"\x01\"",             "a control character stands in a string (at byte 1)"),
        (b"\xff",                 "it is not UTF-8 (at byte 0)"),
        (b"\xef\xbb\xbf{}",       "a value was expected (at byte 0)"),
        (b"01",                   "there is more after the end (at byte 1)"),
        (b"+1",                   "a value was expected (at byte 0)"),
        (b"1.",                   "a digit was expected (at byte 2)"),
        (b"[1,]",                 "a value was expected (at byte 3)"),
        (b"{\"a\":1,}",           "a name in quotes was expected (at byte 7)"),
        (b"NaN",                  "a value was expected (at byte 0)"),
        (b"[",                    "it ends too early (at byte 1)"),
    ];
    for (text, want) in cases {
        let got = Json::parse(text).map_err(|error| error.to_string());
        assert_eq!(
            got.map(|_| ()),
            Err(want.to_owned()),
            "{:?}",
            String::from_utf8_lossy(text)
        );
    }
}

#[test]
fn depth_is_bounded_at_64() {
    for (depth, want) in [(64, true), (65, false)] {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(Json::parse(text.as_bytes()).is_ok(), want, "depth {depth}");
    }
}

#[test]
fn whole_numbers_are_recognised() {
    #[rustfmt::skip]
    let cases = [
        ("1", Some(1)), ("-1", Some(-1)), ("1.0", Some(1)), ("1e3", Some(1000)),
        ("1.5", None), ("1e999", None), ("9223372036854775807", Some(i64::MAX)),
        ("9223372036854775808", None),
    ];
    for (text, want) in cases {
        assert_eq!(Json::Number(text.to_owned()).as_i64(), want, "{text}");
    }
}

proptest! {
    /// Whatever we accept, serde_json accepts too (it has no rule of ours that is looser).
    #[test]
    fn never_looser_than_serde_json(text in r#"[\[\]{}:," \\u0-9a-fetrun.+-]{0,40}"#) {
        if Json::parse(text.as_bytes()).is_ok() && !text.contains(['e', 'E']) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn strings_survive(text in any::<String>()) {
        let json = Json::String(text);
        for text in [json.to_string(), json.pretty()] {
            let back = Json::parse(text.as_bytes());
            prop_assert_eq!(back.as_ref(), Ok(&json));
        }
    }
}

#[test]
fn values_are_compared_by_what_they_mean() {
    #[rustfmt::skip]
    let cases = [
        ("100", "1e2", true), ("100", "100.0", true), ("1.50", "15e-1", true), ("0", "-0.0e9", true),
        ("100", "1000", false), ("1", "-1", false), ("9007199254740993", "9007199254740992", false),
        (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1.0}"#, true), (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        ("[1,2]", "[2,1]", false), ("[1]", "[1,1]", false), (r#""1""#, "1", false), ("null", "false", false),
        ("1e99999999999999999999", "1e99999999999999999999", true),
        ("1e99999999999999999999", "2e99999999999999999999", false),
    ];
    for (one, two, want) in cases {
        let [left, right] = [one, two].map(|text| Json::parse(text.as_bytes()).unwrap());
        assert_eq!(left.is_same(&right), want, "{one} and {two}");
        assert_eq!(right.is_same(&left), want, "{two} and {one}");
    }
}
