//! The day of a build: today in the user's time zone, or the given day of a reproducible build.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::parse::Day;

use super::say_err;

/// Today in the time zone of the system or of `TZ`, unless another day is given.
pub(super) fn today(given: Option<Day>) -> Day {
    given.unwrap_or_else(|| Zoned::now().date())
}

/// Warns if `TZ` is not a valid time zone, since UTC is used then.
pub(super) fn warn_of_unknown_zone() {
    let named = std::env::var("TZ").unwrap_or_default();
    if !named.is_empty() && TimeZone::try_system().is_err() {
        say_err(&format!(
            "warning: the time zone `{}` of TZ is unknown, so the day is that of UTC\n",
            named.escape_debug()
        ));
    }
}

/// The day in UTC of a time in seconds since 1970, as in `SOURCE_DATE_EPOCH`.
pub(super) fn day_of(epoch: &str) -> Result<Day, &'static str> {
    let moment = epoch.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map(|moment| moment.to_zoned(TimeZone::UTC).date()).ok_or("write the seconds since 1970 began, in UTC")
}
