//! How a token stands in time.

/// Where `now` is between `nbf` and `exp`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not yet valid.
    Early,
    /// Valid, and for longer than the window asked about.
    Good,
    /// Valid, but `exp` comes within the window.
    Ending,
    /// `exp` has come.
    Expired,
    /// It has no `exp`.
    Endless,
}

impl Standing {
    /// The word in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Early => "not_yet_valid",
            Self::Good => "good",
            Self::Ending => "expiring",
            Self::Expired => "expired",
            Self::Endless => "endless",
        }
    }
}

/// Says how a token with these times stands at `now`.
///
/// RFC 7519 section 4.1.4 puts the end *on* `exp`: a token is already expired in the second
/// its `exp` names. The window counts likewise: `exp` on its last second is inside.
pub fn standing(nbf: Option<i64>, exp: Option<i64>, now: i64, within: i64) -> Standing {
    if let Some(exp) = exp {
        if exp <= now {
            return Standing::Expired;
        }
        if nbf.is_some_and(|nbf| nbf > now) {
            return Standing::Early;
        }
        // Without a window there is no last second of one either.
        if within > 0 && exp <= now.saturating_add(within) {
            return Standing::Ending;
        }
        return Standing::Good;
    }
    if nbf.is_some_and(|nbf| nbf > now) {
        Standing::Early
    } else {
        Standing::Endless
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standing_at_each_edge() {
        use Standing::{Early, Ending, Endless, Expired, Good};
        #[rustfmt::skip]
        let cases = [
            // nbf       exp        now  within  want
            (None,       Some(100),  99,      0, Good),
            (None,       Some(100), 100,      0, Expired),
            (None,       Some(100),  90,      9, Good),
            (None,       Some(100),  90,     10, Ending),
            (Some(50),   Some(100),  49,      0, Early),
            (Some(50),   Some(100),  50,      0, Good),
            (Some(150),  Some(100), 120,      0, Expired),
            (None,       Some(i64::MAX), 100, i64::MAX, Ending),
            (None,       None,      100,     10, Endless),
            (Some(101),  None,      100,     10, Early),
        ];
        for (nbf, exp, now, within, want) in cases {
            let got = standing(nbf, exp, now, within);
            assert_eq!(
                got, want,
                "nbf {nbf:?} exp {exp:?} now {now} within {within}"
            );
        }
    }
}
