//! How long to wait before a request is repeated.

use std::time::Duration;

/// The longest that is waited for one host; who wants more is asked another day.
pub(super) const LONGEST: Duration = Duration::from_secs(60);

/// The wait before a repetition, from 0: it doubles with each.
pub(super) fn growing(first: Duration, repetition: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(repetition)).min(LONGEST)
}

/// What `Retry-After` asks for (RFC 9110 §10.2.3): a number of seconds or a date. A date is counted
/// from the answer's own `Date`, else from `now`: the clocks of two machines differ.
pub(super) fn asked_for(retry_after: &str, date: Option<&str>, now: u64) -> Option<Duration> {
    let text = retry_after.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let now = date.and_then(seconds).unwrap_or(now);
    Some(Duration::from_secs(seconds(text)?.saturating_sub(now)))
}

/// The seconds since the Unix epoch of an HTTP date in the one form that is still sent:
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn seconds(date: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = date.trim().split_once(", ")?.1.split(' ');
    let day: u64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)? as u64;
    let year: u64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.splitn(3, ':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if parts.next()? != "GMT" || day == 0 || day > 31 || !(1970..=9999).contains(&year) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years begin in March, so that the odd day is their last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap = year / 4 - year / 100 + year / 400;
    let days = (year * 365 + leap + (month * 153 + 2) / 5 + day).checked_sub(719_469)?;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_seconds() {
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds("Tue, 29 Feb 2000 12:00:00 GMT"), Some(951_825_600));
        assert_eq!(seconds("Sat, 10 Jan 2026 00:00:00 GMT"), Some(1_768_003_200));
        let bad = [
            "",
            "x",
            "Sun, ",
            "Sun, 06 Nov 1994",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 نوف 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 +0200",
            "Thu, 01 Jan 0000 00:00:00 GMT",
            "Thu, 01 Jan 1970 24:00:00 GMT",
        ];
        for date in bad {
            assert_eq!(seconds(date), None, "{date}");
        }
    }

    #[test]
    fn servers_are_heard() {
        let s = Duration::from_secs;
        assert_eq!(asked_for(" 120 ", None, 0), Some(s(120)));
        assert_eq!(asked_for("99999999999999999999999", None, 0), Some(s(u64::MAX)));
        assert_eq!(asked_for("-1", None, 0), None);
        assert_eq!(asked_for("soon", None, 0), None);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(asked_for(date, Some("Sun, 06 Nov 1994 08:49:07 GMT"), 7), Some(s(30)));
        assert_eq!(asked_for(date, Some("?"), 784_111_770), Some(s(7)));
        assert_eq!(asked_for(date, None, 784_111_999), Some(s(0)));
    }

    #[test]
    fn waits_grow_to_a_limit() {
        let wait = |n| growing(Duration::from_secs(1), n).as_secs();
        assert_eq!([wait(0), wait(1), wait(3), wait(6), wait(u32::MAX)], [1, 2, 8, 60, 60]);
    }
}
