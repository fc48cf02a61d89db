//! Durations and instants: no panic, no overflow, and what is written exactly reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mcpjwt::time;

fuzz_target!(|input: (i64, &str)| {
    let (now, text) = input;
    if let Ok(seconds) = time::parse_duration(text) {
        assert!(seconds >= 0, "{text:?} is {seconds} s");
        let exact = time::exact(seconds);
        assert_eq!(
            time::parse_duration(&exact).ok(),
            Some(seconds),
            "{text:?} is written {exact:?}"
        );
        let _ = time::rough(seconds);
    }
    if let Ok(instant) = time::parse_instant(text, now) {
        let written = time::rfc3339(instant);
        if (0..=253_402_300_799).contains(&instant) {
            assert_eq!(
                time::parse_instant(&written, now).ok(),
                Some(instant),
                "{text:?} is written {written:?}"
            );
        }
    }
    let _ = (time::rfc3339(now), time::rough(now), time::exact(now));
});
