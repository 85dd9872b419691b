//! The day, from the system's clock or from `SOURCE_DATE_EPOCH` (reproducible-builds.org).

use std::time::{SystemTime, UNIX_EPOCH};

use crate::site::Clock;

/// Reads the day, in UTC.
pub(super) fn read(drafts: bool) -> Clock {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.trim().parse::<i64>().ok());
    let seconds = fixed.unwrap_or_else(|| i64::try_from(seconds()).unwrap_or(i64::MAX));
    Clock { today: civil(seconds.div_euclid(86_400)), drafts }
}

/// The time by the system's clock, in seconds since 1970.
pub(super) fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// A time in seconds since 1970 as people write it, in UTC.
pub(super) fn text(seconds: u64) -> String {
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap_or(i64::MAX));
    let (hour, minute) = (seconds / 3_600 % 24, seconds / 60 % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

/// A name that no other run has, on this machine or another.
pub(super) fn unique() -> String {
    use std::hash::{BuildHasher, Hasher};
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    // The keys of a hasher are the system's randomness.
    let chance = std::hash::RandomState::new().build_hasher().finish();
    format!("{time:x}-{:x}-{chance:x}", std::process::id())
}

/// The date of a number of days since 1970-01-01, by Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i32, u8, u8) {
    let z = days.clamp(-100_000_000, 100_000_000) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (
        i32::try_from(year).unwrap_or(i32::MAX),
        u8::try_from(month).unwrap_or(1),
        u8::try_from(day).unwrap_or(1),
    )
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(20_457), (2026, 1, 4));
        assert_eq!(civil(-6_801), (1951, 5, 20));
        assert_eq!(civil(11_016), (2000, 2, 29));
    }
}
