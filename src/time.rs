//! Durations and instants: how people write them, and the words for them.
//!
//! Pure: `now` is always a parameter. Instants are unix seconds, durations seconds.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

use crate::error::Error;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// The longest duration anybody may ask for.
const LONGEST: i64 = 10_000 * YEAR;

/// 9999-12-31T23:59:59Z.
const LAST_INSTANT: i64 = 253_402_300_799;

/// Every unit of a duration, in seconds.
#[rustfmt::skip]
const UNITS: [(&str, i64); 7] = [
    ("s", 1), ("m", MINUTE), ("h", HOUR), ("d", DAY), ("w", 7 * DAY), ("mo", 30 * DAY), ("y", YEAR),
];

/// Reads a duration: `30s 15m 24h 7d 2w 6mo 1y` and sums such as `1d12h`, in seconds.
///
/// A month is 30 days and a year 365. Units are lower case and may come in any order. Nothing
/// longer than 10000 years; zero is a duration, a negative one is not.
pub fn parse_duration(text: &str) -> Result<i64, Error> {
    if text.is_empty() {
        return Err(Error::usage("the duration is empty").hint("write one such as `24h` or `30d`"));
    }
    if let Some(rest) = text.strip_prefix(['-', '+']) {
        let error = Error::usage(format!("{} is not a duration: it has a sign", typed(text)));
        let unsigned = parse_duration(rest).is_ok().then_some(rest);
        return Err(error.hint(format!("write `{}`", unsigned.unwrap_or("24h"))));
    }
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let (count, after) = split_while(rest, |c| c.is_ascii_digit());
        let (unit, after) = split_while(after, |c| c.is_ascii_alphabetic());
        if count.is_empty() {
            return Err(no_duration(text));
        }
        if unit.is_empty() {
            return Err(if after.is_empty() {
                no_unit(text, count)
            } else {
                no_duration(text)
            });
        }
        let Some((_, seconds)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(unknown_unit(text, unit));
        };
        total = count
            .parse::<i64>()
            .ok()
            .and_then(|count| count.checked_mul(*seconds))
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= LONGEST)
            .ok_or_else(|| Error::usage(format!("`{}` is longer than 10000 years", shown(text))))?;
        rest = after;
    }
    Ok(total)
}

/// Reads an instant: RFC 3339, a date (00:00 UTC), unix seconds of 9 to 11 digits, `+7d`, `-1h`.
///
/// Fractions of a second are cut off. What [`Clock::local`] shows is read back too. Nothing
/// outside of the years 1970 to 9999.
pub fn parse_instant(text: &str, now: i64) -> Result<i64, Error> {
    let instant = if let Some(rest) = text.strip_prefix('+') {
        now.checked_add(parse_duration(rest)?)
    } else if let Some(rest) = text.strip_prefix('-') {
        now.checked_sub(parse_duration(rest)?)
    } else if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        Some(unix_seconds(text)?)
    } else if let Some(date) = date(text) {
        Some(
            date.and_hms_opt(0, 0, 0)
                .unwrap_or_default()
                .and_utc()
                .timestamp(),
        )
    } else {
        Some(date_and_time(text).ok_or_else(|| no_instant(text))?)
    };
    instant
        .filter(|instant| (0..=LAST_INSTANT).contains(instant))
        .ok_or_else(|| {
            Error::usage(format!(
                "{} is outside of the years 1970 to 9999",
                typed(text)
            ))
        })
}

/// An instant as RFC 3339 in UTC, `2026-11-22T03:00:00Z`. Outside of the years
/// 0-9999 the bare number.
pub fn rfc3339(instant: i64) -> String {
    match calendar(instant) {
        Some(date) => date.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        None => instant.to_string(),
    }
}

/// The largest unit of a duration, for people: `59 s`, `12 min`, `23 h`, `30 d`, `14 mo`, `3 y`.
///
/// Rounded to the nearest, without a sign. A unit starts where it counts at least two (minutes:
/// one), days go up to 119, so that no number that people write themselves (`24h`, `90d`) is
/// made coarser.
pub fn rough(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    #[rustfmt::skip]
    let steps = [
        // below       unit          name
        (60,           1,            "s"),
        (2 * 3600,     60,           "min"),
        (2 * 86_400,   3600,         "h"),
        (120 * 86_400, 86_400,       "d"),
        (730 * 86_400, 30 * 86_400,  "mo"),
        (u64::MAX,     365 * 86_400, "y"),
    ];
    let step = steps.iter().find(|(below, ..)| seconds < *below);
    let (_, unit, name) = step.unwrap_or(&(u64::MAX, 365 * 86_400, "y"));
    format!("{} {name}", seconds.saturating_add(unit / 2) / unit)
}

/// A duration as the command line reads it back, `90d`, `1d12h`.
///
/// In days, hours, minutes and seconds only: those never depend on what a month is.
pub fn exact(seconds: i64) -> String {
    let mut rest = seconds.unsigned_abs();
    let mut out = String::new();
    if seconds < 0 {
        out.push('-');
    }
    if rest == 0 {
        return "0s".to_owned();
    }
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
        if rest >= unit {
            out.push_str(&(rest / unit).to_string());
            out.push_str(name);
            rest %= unit;
        }
    }
    out
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
    /// Local date and time with zone, `2026-11-22 14:03:05 +01:00`. Outside of the years
    /// 0-9999 the bare number.
    pub fn local(&self, instant: i64) -> String {
        let local = calendar(instant).and_then(|date| {
            let zone = FixedOffset::east_opt((self.local_offset)(instant))
                .or_else(|| FixedOffset::east_opt(0))?;
            Some(
                date.with_timezone(&zone)
                    .format("%Y-%m-%d %H:%M:%S %:z")
                    .to_string(),
            )
        });
        local.unwrap_or_else(|| instant.to_string())
    }

    /// How far an instant is from now, `in 23 h`, `12 d ago`, `now`.
    pub fn relative(&self, instant: i64) -> String {
        match instant.saturating_sub(self.now) {
            0 => "now".to_owned(),
            ahead @ 1.. => format!("in {}", rough(ahead)),
            behind => format!("{} ago", rough(behind)),
        }
    }

    /// Both, `2026-11-22 14:03:05 +01:00 (in 23 h)`.
    pub fn full(&self, instant: i64) -> String {
        format!("{} ({})", self.local(instant), self.relative(instant))
    }
}

/// The calendar date of an instant in the years that have four digits.
fn calendar(instant: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(instant, 0).filter(|date| (0..=9999).contains(&date.year()))
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

fn unix_seconds(text: &str) -> Result<i64, Error> {
    let error = || Error::usage(format!("{} is not a time", typed(text)));
    match (text.len(), text.parse::<i64>()) {
        (9..=11, Ok(seconds)) => Ok(seconds),
        (13, Ok(millis)) => Err(error().hint(format!(
            "it looks like milliseconds: write the seconds, `{}`",
            millis / 1000
        ))),
        (8, _) if date(&dashed(text)).is_some() => {
            Err(error().hint(format!("a date is written `{}`", dashed(text))))
        }
        _ => {
            Err(error()
                .hint("unix seconds have 9 to 11 digits; or write `2026-11-22`, `+7d` or `-7d`"))
        }
    }
}

/// `20261122` as `2026-11-22`.
fn dashed(digits: &str) -> String {
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..])
}

/// A date of exactly ten characters; chrono alone would take `2026-1-5` too.
fn date(text: &str) -> Option<NaiveDate> {
    let shaped = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    shaped.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?
}

/// RFC 3339, or the same with a blank before the zone, as we show it.
fn date_and_time(text: &str) -> Option<i64> {
    let joined = match text.split_at_checked(19) {
        Some((time, zone)) if zone.starts_with(" +") || zone.starts_with(" -") => {
            format!("{time}{}", zone.trim_start())
        }
        _ => text.to_owned(),
    };
    DateTime::parse_from_rfc3339(&joined)
        .ok()
        .map(|date| date.timestamp())
}

fn no_duration(text: &str) -> Error {
    Error::usage(format!("{} is not a duration", typed(text)))
        .hint("write one such as `90s`, `24h`, `30d` or `1d12h`")
}

fn no_unit(text: &str, count: &str) -> Error {
    if count.len() < text.len() {
        let text = shown(text);
        let what = format!("`{text}` is not a duration: its last number has no unit");
        return Error::usage(what).hint(format!("write `{text}s` or `{text}m`"));
    }
    let count = shown(count);
    Error::usage(format!("`{count}` has no unit")).hint(format!(
        "write `{count}s`, `{count}m`, `{count}h` or `{count}d`"
    ))
}

fn unknown_unit(text: &str, unit: &str) -> Error {
    let error = Error::usage(format!("{} has no known unit", typed(text)));
    let lower = text.to_ascii_lowercase();
    // `30D` is what was meant as `30d`; `1M` may be a minute or a month.
    if unit != "M" && lower != text && parse_duration(&lower).is_ok() {
        return error.hint(format!("units are lower case: write `{}`", shown(&lower)));
    }
    error.hint("the units are `s`, `m` (minutes), `h`, `d`, `w`, `mo` (30 days) and `y`")
}

fn no_instant(text: &str) -> Error {
    let error = Error::usage(format!("{} is not a time", typed(text)));
    if date_and_time(&format!("{text}Z")).is_some() {
        return error.hint(format!("it has no zone: write `{}Z` for UTC", shown(text)));
    }
    error.hint("write `2026-11-22T03:00:00Z`, `2026-11-22`, unix seconds, `+7d` or `-1h`")
}

/// What somebody typed, repeated only where it cannot well be anything but a time: a secret that
/// stands behind the wrong option is not for the screen.
fn typed(text: &str) -> String {
    let of_times = |c: char| c.is_ascii_digit() || " -+:.TZtzSMHDWOYsmhdwoyin".contains(c);
    if text.len() <= 25 && text.chars().all(of_times) {
        return format!("`{text}`");
    }
    match text.chars().count() {
        1 => "a text of 1 character".to_owned(),
        count => format!("a text of {count} characters"),
    }
}

/// What somebody typed, safe to repeat: no control characters, at most 40 characters.
fn shown(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(40)
        .flat_map(char::escape_debug)
        .take(40)
        .collect();
    if text.chars().count() > 40 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests;
