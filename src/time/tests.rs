use super::*;
use proptest::prelude::*;

fn said(result: Result<i64, Error>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => format!("{error} | {}", error.hint.as_deref().unwrap_or("")),
    }
}

#[test]
fn durations_are_read() {
    #[rustfmt::skip]
    let cases = [
        ("30s",           30),
        ("15m",           900),
        ("24h",           86_400),
        ("7d",            604_800),
        ("2w",            1_209_600),
        ("6mo",           15_552_000),
        ("1y",            31_536_000),
        ("1d12h",         129_600),
        ("12h1d",         129_600),
        ("1mo1m",         2_592_060),
        ("0s",            0),
        ("007d",          604_800),
        ("31557600000s",  31_557_600_000),
        ("10000y",        315_360_000_000),
    ];
    for (text, want) in cases {
        assert_eq!(parse_duration(text).ok(), Some(want), "{text}");
    }
}

#[test]
fn what_is_no_duration_is_said() {
    #[rustfmt::skip]
    let cases = [
        ("",          "the duration is empty",                       "write one such as `24h` or `30d`"),
        ("30",        "`30` has no unit",                            "write `30s`, `30m`, `30h` or `30d`"),
        ("1h30",      "`1h30` is not a duration: its last number has no unit", "write `1h30s` or `1h30m`"),
        ("-1h",       "`-1h` is not a duration: it has a sign",      "write `1h`"),
        ("--1h",      "`--1h` is not a duration: it has a sign",     "write `24h`"),
        ("30D",       "`30D` has no known unit",                     "units are lower case: write `30d`"),
        ("1M",        "`1M` has no known unit",                      "the units are `s`, `m` (minutes), `h`, `d`, `w`, `mo` (30 days) and `y`"),
        ("5min",      "`5min` has no known unit",                    "the units are `s`, `m` (minutes), `h`, `d`, `w`, `mo` (30 days) and `y`"),
        ("d",         "`d` is not a duration",                       "write one such as `90s`, `24h`, `30d` or `1d12h`"),
        ("1.5h",      "`1.5h` is not a duration",                    "write one such as `90s`, `24h`, `30d` or `1d12h`"),
        ("1d 12h",    "`1d 12h` is not a duration",                  "write one such as `90s`, `24h`, `30d` or `1d12h`"),
        ("\u{202e}1", "a text of 2 characters is not a duration",              "write one such as `90s`, `24h`, `30d` or `1d12h`"),
        ("１d",       "a text of 2 characters is not a duration",                     "write one such as `90s`, `24h`, `30d` or `1d12h`"),
    ];
    for (text, message, hint) in cases {
        assert_eq!(said(parse_duration(text)), format!("{message} | {hint}"));
    }
    for text in [
        "10001y",
        "315360000001s",
        "99999999999999999999s",
        "9223372036854775807y",
    ] {
        let error = said(parse_duration(text));
        assert!(error.contains("is longer than 10000 years"), "{error}");
    }
}

#[test]
fn instants_are_read() {
    const NOW: i64 = 1_795_316_400;
    #[rustfmt::skip]
    let cases = [
        ("1970-01-01T00:00:00Z",       0),
        ("2026-11-22T03:00:00Z",       NOW),
        ("2026-11-22t04:00:00+01:00",  NOW),
        ("2026-11-22T03:00:00.999Z",   NOW),
        ("2026-11-22 04:00:00 +01:00", NOW),
        ("2026-11-22",                 NOW - 3 * HOUR),
        ("9999-12-31T23:59:59Z",       LAST_INSTANT),
        ("1795316400",                 NOW),
        ("999999999",                  999_999_999),
        ("99999999999",                99_999_999_999),
        ("+7d",                        NOW + 7 * DAY),
        ("-1h",                        NOW - HOUR),
        ("+0s",                        NOW),
    ];
    for (text, want) in cases {
        assert_eq!(parse_instant(text, NOW).ok(), Some(want), "{text}");
    }
}

#[test]
fn what_is_no_instant_is_said() {
    #[rustfmt::skip]
    let cases = [
        ("1795316400000",        "`1795316400000` is not a time",  "it looks like milliseconds: write the seconds, `1795316400`"),
        ("20261122",             "`20261122` is not a time",       "a date is written `2026-11-22`"),
        ("12345678",             "`12345678` is not a time",       "unix seconds have 9 to 11 digits; or write `2026-11-22`, `+7d` or `-7d`"),
        ("2026-11-22T03:00:00",  "`2026-11-22T03:00:00` is not a time", "it has no zone: write `2026-11-22T03:00:00Z` for UTC"),
        ("2026-1-5",             "`2026-1-5` is not a time",       "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"),
        ("12026-1-05",           "`12026-1-05` is not a time",     "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"),
        ("2026-02-30",           "`2026-02-30` is not a time",     "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"),
        ("tomorrow",             "a text of 8 characters is not a time",       "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"),
        ("",                     "`` is not a time",               "write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`"),
        ("+30",                  "`30` has no unit",               "write `30s`, `30m`, `30h` or `30d`"),
    ];
    for (text, message, hint) in cases {
        assert_eq!(said(parse_instant(text, 0)), format!("{message} | {hint}"));
    }
    for text in [
        "1969-12-31",
        "0001-01-01",
        "-1s",
        "+9000y",
        "1970-01-01T00:00:00+00:01",
    ] {
        let error = said(parse_instant(text, 0));
        assert!(
            error.contains("is outside of the years 1970 to 9999"),
            "{text}"
        );
    }
}

#[test]
fn instants_are_shown() {
    let clock = Clock {
        now: 1_795_316_400,
        local_offset: |_| 3600,
    };
    #[rustfmt::skip]
    let cases = [
        (1_795_316_400,  "2026-11-22T03:00:00Z", "2026-11-22 04:00:00 +01:00 (now)"),
        (1_795_402_799,  "2026-11-23T02:59:59Z", "2026-11-23 03:59:59 +01:00 (in 24 h)"),
        (1_794_279_600,  "2026-11-10T03:00:00Z", "2026-11-10 04:00:00 +01:00 (12 d ago)"),
        (0,              "1970-01-01T00:00:00Z", "1970-01-01 01:00:00 +01:00 (57 y ago)"),
        (LAST_INSTANT + 1, "253402300800",       "253402300800 (in 7978 y)"),
        (i64::MAX,       "9223372036854775807",  "9223372036854775807 (in 292471208621 y)"),
        (i64::MIN,       "-9223372036854775808", "-9223372036854775808 (292471208678 y ago)"),
    ];
    for (instant, utc, full) in cases {
        assert_eq!(rfc3339(instant), utc);
        assert_eq!(clock.full(instant), full);
    }
    let odd = Clock {
        now: 0,
        local_offset: |_| i32::MAX,
    };
    assert_eq!(odd.local(0), "1970-01-01 00:00:00 +00:00");
}

#[test]
fn durations_in_words() {
    #[rustfmt::skip]
    let cases = [
        (0,               "0 s",                  "0s"),
        (59,              "59 s",                 "59s"),
        (60,              "1 min",                "1m"),
        (720,             "12 min",               "12m"),
        (7199,            "120 min",              "1h59m59s"),
        (7200,            "2 h",                  "2h"),
        (24 * HOUR,       "24 h",                 "1d"),
        (36 * HOUR,       "36 h",                 "1d12h"),
        (48 * HOUR,       "2 d",                  "2d"),
        (90 * DAY,        "90 d",                 "90d"),
        (120 * DAY,       "4 mo",                 "120d"),
        (425 * DAY,       "14 mo",                "425d"),
        (3 * YEAR,        "3 y",                  "1095d"),
        (-90,             "2 min",                "-1m30s"),
        (i64::MIN,        "292471208678 y",       "-106751991167300d15h30m8s"),
    ];
    for (seconds, words, text) in cases {
        assert_eq!(
            (rough(seconds).as_str(), exact(seconds).as_str()),
            (words, text)
        );
    }
}

proptest! {
    #[test]
    fn exact_is_read_back(seconds in 0..=LONGEST) {
        prop_assert_eq!(parse_duration(&exact(seconds)).ok(), Some(seconds));
    }

    #[test]
    fn instants_are_read_back(instant in 0..=LAST_INSTANT) {
        prop_assert_eq!(parse_instant(&rfc3339(instant), 0).ok(), Some(instant));
        let clock = Clock { now: 0, local_offset: |at| if at % 2 == 0 { 5400 } else { -3600 } };
        let local = clock.local(instant);
        if local.starts_with(|c: char| c.is_ascii_digit()) && local.len() == 26 {
            prop_assert_eq!(parse_instant(&local, 0).ok(), Some(instant));
        }
    }

    #[test]
    fn nothing_panics(text in any::<String>(), close in "[-+]?[0-9smhdwoyTZ:. -]{0,24}", now in any::<i64>(), seconds in any::<i64>()) {
        for text in [text.as_str(), close.as_str(), &format!("{text}Z")] {
            let _ = (parse_duration(text), parse_instant(text, now));
        }
        let clock = Clock { now, local_offset: |_| -86_399 };
        let _ = (rough(seconds), exact(seconds), clock.full(seconds));
    }
}
