//! Dates with the precision they have: the Extended Date/Time Format (ISO 8601-2:2019, EDTF
//! level 0 and the parts of level 1 that editors need).
//!
//! `1951-05-21`, `1951-05`, `1951`, approximate `1951~`, uncertain `1951?`, both `1951%`,
//! intervals `2025/2029`, `2013/..`, and unspecified digits `195X`, `19XX`.

use std::fmt;

/// A day, month, year, decade or century.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `19XX`
    Century,
    /// `195X`
    Decade,
    /// `1951`
    Year,
    /// `1951-05`
    Month,
    /// `1951-05-21`
    Day,
}

/// One point of time with its precision and qualifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Proleptic Gregorian year; the first of a decade or century.
    pub year: i32,
    /// 1–12; 1 where the month is not given.
    pub month: u8,
    /// 1–31; 1 where the day is not given.
    pub day: u8,
    /// How much of it is given.
    pub precision: Precision,
    /// `~` or `%`: about then.
    pub approximate: bool,
    /// `?` or `%`: the source is in doubt.
    pub uncertain: bool,
}

/// A date or an interval of two, either end of which may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edtf {
    /// A single date.
    At(Moment),
    /// From … to …; `None` is an open end (`..`).
    Between(Option<Moment>, Option<Moment>),
}

impl Edtf {
    /// Parses an EDTF string. The error says what is wrong, in a sentence without its subject.
    ///
    /// # Errors
    /// Where the text is none of the forms above, no such day exists, or an interval runs
    /// backwards.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((from, to)) = text.split_once('/') else {
            return Moment::parse(text).map(Self::At);
        };
        let whole = |why: String| if why.starts_with('«') { shape(text) } else { why };
        let end = |part: &str| match part {
            "" | ".." => Ok(None),
            part => Moment::parse(part).map(Some).map_err(whole),
        };
        let (from, to) = (end(from)?, end(to)?);
        match (from, to) {
            (None, None) => Err("is an interval without either end".into()),
            (Some(a), Some(b)) if a.first_day() > b.last_day() => {
                Err("ends before it starts".into())
            }
            ends => Ok(Self::Between(ends.0, ends.1)),
        }
    }

    /// The moment that orders the date among others: its start, or its end where the start is open.
    #[must_use]
    pub fn start(&self) -> Moment {
        match *self {
            Self::At(moment) | Self::Between(Some(moment), _) => moment,
            Self::Between(None, Some(end)) => end,
            Self::Between(None, None) => Moment::year(0),
        }
    }

    /// The last moment of it; nothing where the end is open.
    #[must_use]
    pub fn end(&self) -> Option<Moment> {
        match *self {
            Self::At(moment) | Self::Between(_, Some(moment)) => Some(moment),
            Self::Between(_, None) => None,
        }
    }

    /// Whether it is over before another begins, whatever day each may mean.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        if matches!(other, Self::Between(None, _)) {
            return false;
        }
        self.end().is_some_and(|end| end.last_day() < other.start().first_day())
    }

    /// A number that sorts dates by their first possible day, the less precise first.
    #[must_use]
    pub fn sort_key(&self) -> i64 {
        let start = self.start();
        Self::day_key(start.first_day()) + start.precision as i64
    }

    /// A number that no date sorts before that begins on this day (year, month, day) or later.
    #[must_use]
    pub fn day_key((year, month, day): (i32, u8, u8)) -> i64 {
        (i64::from(year) * 372 + (i64::from(month) - 1) * 31 + i64::from(day) - 1) * 8
    }

    /// The year that the date is filed under.
    #[must_use]
    pub fn year(&self) -> i32 {
        self.start().year
    }

    /// A value for HTML's `datetime` attribute or schema.org, where the precision allows one:
    /// a valid date, month or year string of a single, certain date.
    #[must_use]
    pub fn machine(&self) -> Option<String> {
        match self {
            Self::At(m) if !m.approximate && !m.uncertain => m.machine(),
            _ => None,
        }
    }
}

impl Moment {
    fn year(year: i32) -> Self {
        Self {
            year,
            month: 1,
            day: 1,
            precision: Precision::Year,
            approximate: false,
            uncertain: false,
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let shape = || shape(text);
        let plain = text.trim_end_matches(['~', '?', '%']);
        let marks = text.get(plain.len()..).unwrap_or_default();
        if marks.len() > 1 {
            return Err(shape());
        }
        let mut parts = plain.split('-');
        let (year, precision) = parse_year(parts.next().unwrap_or_default()).ok_or_else(shape)?;
        let mut moment = Self { precision, ..Self::year(year) };
        let two = |part: &str| {
            (part.len() == 2).then(|| digits(part)).flatten().and_then(|n| u8::try_from(n).ok())
        };
        if let Some(part) = parts.next() {
            moment.month = two(part).filter(|_| precision == Precision::Year).ok_or_else(shape)?;
            moment.precision = Precision::Month;
        }
        if let Some(part) = parts.next() {
            moment.day = two(part).ok_or_else(shape)?;
            moment.precision = Precision::Day;
        }
        if parts.next().is_some() {
            return Err(shape());
        }
        if !(1..=12).contains(&moment.month) {
            return Err(format!("has no month {}", moment.month));
        }
        if moment.day == 0 || moment.day > days_in(moment.year, moment.month) {
            return Err(format!("has no day {} in month {}", moment.day, moment.month));
        }
        moment.approximate = matches!(marks, "~" | "%");
        moment.uncertain = matches!(marks, "?" | "%");
        Ok(moment)
    }

    /// The first day it can mean.
    #[must_use]
    pub fn first_day(&self) -> (i32, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// The last day it can mean.
    #[must_use]
    pub fn last_day(&self) -> (i32, u8, u8) {
        match self.precision {
            Precision::Century => (self.year + 99, 12, 31),
            Precision::Decade => (self.year + 9, 12, 31),
            Precision::Year => (self.year, 12, 31),
            Precision::Month => (self.year, self.month, days_in(self.year, self.month)),
            Precision::Day => self.first_day(),
        }
    }

    fn machine(&self) -> Option<String> {
        let Self { year, month, day, .. } = self;
        match self.precision {
            Precision::Day => Some(format!("{year:04}-{month:02}-{day:02}")),
            Precision::Month => Some(format!("{year:04}-{month:02}")),
            Precision::Year => Some(format!("{year:04}")),
            Precision::Decade | Precision::Century => None,
        }
    }
}

fn shape(text: &str) -> String {
    format!("«{text}» is not a date such as 1951-05-21, 1951-05, 1951, 1951~ or 2025/2029")
}

fn digits(text: &str) -> Option<i32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn parse_year(text: &str) -> Option<(i32, Precision)> {
    if text.len() != 4 {
        return None;
    }
    if let Some(century) = text.strip_suffix("XX") {
        return digits(century).map(|n| (n * 100, Precision::Century));
    }
    if let Some(decade) = text.strip_suffix('X') {
        return digits(decade).map(|n| (n * 10, Precision::Decade));
    }
    digits(text).map(|n| (n, Precision::Year))
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Edtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(moment) => moment.fmt(f),
            Self::Between(from, to) => {
                let end = |f: &mut fmt::Formatter<'_>, m: &Option<Moment>| match m {
                    Some(moment) => moment.fmt(f),
                    None => f.write_str(".."),
                };
                end(f, from)?;
                f.write_str("/")?;
                end(f, to)
            }
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Precision::Century => write!(f, "{:02}XX", self.year / 100)?,
            Precision::Decade => write!(f, "{:03}X", self.year / 10)?,
            Precision::Year => write!(f, "{:04}", self.year)?,
            Precision::Month => write!(f, "{:04}-{:02}", self.year, self.month)?,
            Precision::Day => write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?,
        }
        f.write_str(match (self.approximate, self.uncertain) {
            (true, true) => "%",
            (true, false) => "~",
            (false, true) => "?",
            (false, false) => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_back_as_it_was() {
        for text in [
            "1951-05-21",
            "1951-05",
            "1951",
            "1951~",
            "1951?",
            "1951%",
            "195X",
            "19XX",
            "2025/2029",
            "2013/..",
            "../1951",
            "2025-08-30/2025-09-04",
        ] {
            assert_eq!(Edtf::parse(text).map(|d| d.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in [
            "",
            "2026-02-30",
            "2026-13",
            "26",
            "2026-1-4",
            "2029/2025",
            "../..",
            "1951~?",
            "195X-01",
            "2026-01-04-05",
            "٢٠٢٦",
            "4 يناير 2026",
            "2026-00",
            "2026-01-00",
        ] {
            assert!(Edtf::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_sort_by_their_start() {
        let key = |text| Edtf::parse(text).map(|d| d.sort_key()).unwrap_or_default();
        assert!(key("1950") < key("1951-05-21"));
        assert!(key("2026") < key("2026-01-01"));
        assert!(key("2025-08-30/2025-09-04") < key("2026-01-04"));
        assert!(key("0001") < key("1951"));
    }

    #[test]
    fn only_certain_dates_are_for_machines() {
        let machine = |text| Edtf::parse(text).ok().and_then(|d| d.machine());
        assert_eq!(machine("1951-05").as_deref(), Some("1951-05"));
        assert_eq!(machine("1951~"), None);
        assert_eq!(machine("2025/2029"), None);
    }
}
