//! Durations and instants: how people write them, and the words for them.
//!
//! Pure: `now` is always a parameter. Instants are unix seconds, durations seconds.

use crate::error::Error;

/// Reads a duration: `30s 15m 24h 7d 2w 6mo 1y` and sums such as `1d12h`, in seconds.
pub fn parse_duration(text: &str) -> Result<i64, Error> {
    todo!("{text}")
}

/// Reads an instant: RFC 3339, a date (00:00 UTC), unix seconds of 9 to 11 digits, `+7d`, `-1h`.
pub fn parse_instant(text: &str, now: i64) -> Result<i64, Error> {
    todo!("{text}{now}")
}

/// An instant as RFC 3339 in UTC, `2026-11-22T03:00:00Z`. Outside of the years
/// 0-9999 the bare number.
pub fn rfc3339(instant: i64) -> String {
    todo!("{instant}")
}

/// The largest unit of a duration, for people: `59 s`, `12 min`, `23 h`, `30 d`, `14 mo`, `3 y`.
pub fn rough(seconds: i64) -> String {
    todo!("{seconds}")
}

/// A duration as the command line reads it back, `90d`, `1d12h`.
pub fn exact(seconds: i64) -> String {
    todo!("{seconds}")
}

/// Now, and the local zone: what it takes to show an instant to a person.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Unix seconds.
    pub now: i64,
    /// Seconds east of UTC at an instant.
    pub local_offset: fn(i64) -> i32,
}

impl Clock {
    /// Local date and time with zone, `2026-11-22 14:03:05 +01:00`.
    pub fn local(&self, instant: i64) -> String {
        todo!("{instant}")
    }

    /// How far an instant is from now, `in 23 h`, `12 d ago`, `now`.
    pub fn relative(&self, instant: i64) -> String {
        todo!("{instant}")
    }

    /// Both, `2026-11-22 14:03:05 +01:00 (in 23 h)`.
    pub fn full(&self, instant: i64) -> String {
        format!("{} ({})", self.local(instant), self.relative(instant))
    }
}
