//! Whether the clock can be right.

use super::Session;
use crate::error::{Code, Error};
use crate::time;

/// How far the clock of the machine that built the program may have been ahead, in seconds.
const AHEAD: i64 = 86_400;

/// Refuses to mint by a clock that is behind the program itself: no server would accept such a
/// token, and every good one would be taken for one from the future.
pub(crate) fn require(session: &Session<'_, '_>) -> Result<(), Error> {
    let facts = &session.host.facts;
    if facts.now.saturating_add(AHEAD) >= facts.built {
        return Ok(());
    }
    Err(behind(facts.now, (facts.built, "this program")))
}

/// That something was done already which is still to come.
pub(crate) fn behind(now: i64, (since, what): (i64, &str)) -> Error {
    let (now, since) = (time::rfc3339(now), time::rfc3339(since));
    let message = format!("the clock says {now}, but {what} is of {since}");
    let hint = "set it, such as with `timedatectl set-ntp true`";
    Error::new(Code::ClockWrong, message).hint(hint)
}
