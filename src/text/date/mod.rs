//! Dates as a reader of the language expects them, with the precision they have.

mod calendars;
mod interval;
mod words;

use std::fmt;

use super::edtf::{Edtf, Moment, Precision};
use super::{Lang, Numbering, Numbers};
use calendars::{Hijri, Western};
use words::{Words, fill};

/// How much of a date to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateStyle {
    /// «4 يناير 2026»
    #[default]
    Long,
    /// «الأحد، 4 يناير 2026»
    Full,
    /// «2026»
    Year,
}

impl DateStyle {
    /// The style of that name: `long`, `full` or `year`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "long" => Some(Self::Long),
            "full" => Some(Self::Full),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// The calendar that a date is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Calendar {
    /// «4 يناير 2026»
    #[default]
    Gregorian,
    /// «15 رجب 1447 هـ»
    UmmAlQura,
    /// «4 يناير 2026 م / 15 رجب 1447 هـ»
    Both,
}

impl Calendar {
    /// The words for them.
    pub const NAMES: [&'static str; 3] = ["gregorian", "umalqura", "both"];

    /// The calendar of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "gregorian" => Some(Self::Gregorian),
            "umalqura" => Some(Self::UmmAlQura),
            "both" => Some(Self::Both),
            _ => None,
        }
    }
}

/// Formats dates in one language. Shares nothing mutable, so one serves every thread.
pub struct Dates {
    words: Words,
    western: Western,
    hijri: Hijri,
    numbers: Numbers,
}

impl Dates {
    /// The formatters of a language: month names by its region, digits by `numbering`.
    #[must_use]
    pub fn new(lang: &Lang, numbering: Numbering) -> Self {
        let locale = lang.locale(numbering.extension().as_slice());
        Self {
            words: Words::of(lang),
            western: Western::new(&locale, false),
            hijri: Hijri::new(&locale, true),
            numbers: Numbers::new(lang, numbering),
        }
    }

    /// A date as text without markup or invisible marks. A calendar that does not reach to it
    /// (Umm al-Qura is tabulated for 1300–1600 AH) gives way to the Gregorian one.
    #[must_use]
    pub fn format(&self, date: &Edtf, style: DateStyle, calendar: Calendar) -> String {
        let text = match date {
            Edtf::At(moment) => self.moment(moment, style, calendar),
            Edtf::Between(Some(from), Some(to)) => self.between(from, to, style, calendar),
            Edtf::Between(Some(from), None) => {
                fill(self.words.since, &self.moment(from, style, calendar))
            }
            Edtf::Between(None, Some(to)) => {
                fill(self.words.until, &self.moment(to, style, calendar))
            }
            Edtf::Between(None, None) => String::new(),
        };
        // CLDR 48 has a space inside of «ربیع» in Urdu.
        text.replace(super::is_bidi_control, "").replace("ر بیع", "ربیع")
    }

    /// An interval, whole in one calendar and then in the other.
    fn between(&self, from: &Moment, to: &Moment, style: DateStyle, calendar: Calendar) -> String {
        let hijri = |m: &Moment| self.hijri(m, style).map(|text| self.qualified(m, text));
        let hijri = hijri(from).zip(hijri(to)).map(|(a, b)| self.joined(&a, &b));
        let plain = |m: &Moment| m.precision == Precision::Year && !m.approximate && !m.uncertain;
        let show = |m: &Moment| self.qualified(m, self.western(m, style));
        let (a, b) = (show(from), show(to));
        let western = match (a == b, plain(from) && plain(to)) {
            (false, true) => format!("{}–{b}", self.numbers.ungrouped(from.year.into())),
            (false, false) if interval::can_share(from, to, style) => {
                interval::shared(&a, &b, from.month == to.month, self.words.dash)
            }
            _ => self.joined(&a, &b),
        };
        self.beside(western, hijri, calendar)
    }

    /// A date in the calendar that is wanted, or in both.
    fn beside(&self, western: String, hijri: Option<String>, calendar: Calendar) -> String {
        match (calendar, hijri) {
            (Calendar::Gregorian, _) | (_, None) => western,
            (Calendar::UmmAlQura, Some(hijri)) => hijri,
            (Calendar::Both, Some(hijri)) => {
                format!("{} / {hijri}", fill(self.words.era, &western))
            }
        }
    }

    /// Two ends of an interval, one where they are the same.
    fn joined(&self, from: &str, to: &str) -> String {
        if from == to { from.to_owned() } else { format!("{from}{}{to}", self.words.dash) }
    }

    fn moment(&self, moment: &Moment, style: DateStyle, calendar: Calendar) -> String {
        let hijri = self.hijri(moment, style);
        self.qualified(moment, self.beside(self.western(moment, style), hijri, calendar))
    }

    /// The text of a date with what is in doubt about it.
    fn qualified(&self, moment: &Moment, mut text: String) -> String {
        if moment.approximate {
            text = fill(self.words.about, &text);
        }
        if moment.uncertain {
            text = fill(self.words.uncertain, &text);
        }
        text
    }

    fn western(&self, moment: &Moment, style: DateStyle) -> String {
        let plain = || self.numbers.ungrouped(moment.year.into());
        match moment.precision {
            Precision::Century => fill(self.words.century, &plain()),
            Precision::Decade => fill(self.words.decade, &plain()),
            precision => {
                let day = (moment.year, moment.month, moment.day);
                self.western.show(day, precision, style).unwrap_or_else(plain)
            }
        }
    }

    /// A date by the Umm al-Qura calendar. A month or year of the Gregorian calendar lies in two or
    /// more of its own, and both ends are named.
    fn hijri(&self, moment: &Moment, style: DateStyle) -> Option<String> {
        if moment.precision < Precision::Year {
            return None;
        }
        let (first, last) = (moment.first_day(), moment.last_day());
        let precision = match style {
            DateStyle::Year => Precision::Year,
            _ => moment.precision,
        };
        let to = self.hijri.show(last, precision, style)?;
        if precision == Precision::Year {
            let (a, b) = (Hijri::year(first)?, Hijri::year(last)?);
            // The era may stand before the year, as in Chinese.
            let (a, b) = (self.numbers.ungrouped(a.into()), self.numbers.ungrouped(b.into()));
            return Some(if a == b { to } else { to.replacen(&b, &format!("{a}–{b}"), 1) });
        }
        let from = self.hijri.show(first, precision, style)?;
        Some(self.joined(&from, &to))
    }
}

impl fmt::Debug for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dates")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(tag: &str, date: &str, style: DateStyle) -> String {
        shown(tag, date, style, Calendar::Gregorian)
    }

    fn shown(tag: &str, date: &str, style: DateStyle, calendar: Calendar) -> String {
        match (Lang::parse(tag), Edtf::parse(date)) {
            (Some(lang), Ok(date)) => {
                Dates::new(&lang, Numbering::Latn).format(&date, style, calendar)
            }
            _ => String::new(),
        }
    }

    #[test]
    fn two_calendars() {
        for (tag, date, text) in [
            ("ar", "2026-01-04", "4 يناير 2026 م / 15 رجب 1447 هـ"),
            ("ar", "1951-05-21", "21 مايو 1951 م / 15 شعبان 1370 هـ"),
            ("ar", "1951", "1951 م / 1370–1371 هـ"),
            ("ar", "1951~", "نحو 1951 م / 1370–1371 هـ"),
            ("ar", "1963-01", "يناير 1963 م / شعبان 1382 هـ – رمضان 1382 هـ"),
            ("ar", "2025/2029", "2025–2029 م / 1446–1447 هـ – 1450–1451 هـ"),
            ("ar", "195X", "عقد 1950"),
            ("ar", "1800-01-01", "1 يناير 1800"),
            ("ar-SA", "2026-01-04", "4 يناير 2026 م / 15 رجب 1447 هـ"),
            ("en", "2026-01-04", "January 4, 2026 CE / Rajab 15, 1447 AH"),
            ("ur", "2026-01-04", "4 جنوری، 2026ء / 15 رجب، 1447 ہجری"),
            ("zh", "2026-01-04", "公元2026年1月4日 / 伊斯兰历1447年7月15日"),
        ] {
            assert_eq!(shown(tag, date, DateStyle::Long, Calendar::Both), text, "{tag} {date}");
        }
        let hijri = shown("ar", "2026-01-04", DateStyle::Full, Calendar::UmmAlQura);
        assert_eq!(hijri, "الأحد، 15 رجب 1447 هـ");
    }

    #[test]
    fn dates_in_each_language() {
        for (tag, date, text) in [
            ("ar", "2026-01-04", "4 يناير 2026"),
            ("ar-SY", "2026-01-04", "4 كانون الثاني 2026"),
            ("ur", "2026-01-04", "4 جنوری، 2026"),
            ("zh", "2026-01-04", "2026年1月4日"),
            ("en", "2026-01-04", "January 4, 2026"),
            ("en-GB", "2026-01-04", "4 January 2026"),
            ("ar", "1963-01", "يناير 1963"),
            ("ar", "1951~", "نحو 1951"),
            ("ar", "2025/2029", "2025–2029"),
            ("zh", "2025/2029", "2025–2029年"),
            ("ar", "2025-08-30/2025-09-04", "30 أغسطس – 4 سبتمبر 2025"),
            ("ar", "2025-12-30/2026-01-02", "30 ديسمبر 2025 – 2 يناير 2026"),
            ("ar", "2026-01-03/2026-01-05", "3–5 يناير 2026"),
            ("ar", "2026-01-03/2026-02-03", "3 يناير – 3 فبراير 2026"),
            ("zh", "2026-01-03/2026-02-03", "2026年1月3日至2月3日"),
            ("ar", "2026-01-03/2026-01-05~", "3 يناير 2026 – نحو 5 يناير 2026"),
            ("ar", "2026-01/2026-03", "يناير – مارس 2026"),
            ("ar", "2026-01/2026-03-05", "يناير 2026 – 5 مارس 2026"),
            ("en", "2026-01-03/2026-01-05", "January 3–5, 2026"),
            ("en", "2026-01-30/2026-02-05", "January 30 – February 5, 2026"),
            ("en-GB", "2026-01-03/2026-01-05", "3–5 January 2026"),
            ("ur", "2026-01-03/2026-01-05", "3–5 جنوری، 2026"),
            ("zh", "2026-01-03/2026-01-05", "2026年1月3日至5日"),
            ("zh", "2026-01-11/2026-02-11", "2026年1月11日至2月11日"),
            ("ar", "2013/..", "منذ 2013"),
            ("ar", "1951~/1952", "نحو 1951 – 1952"),
            ("en", "195X", "the 1950s"),
        ] {
            assert_eq!(show(tag, date, DateStyle::Long), text, "{tag} {date}");
        }
    }

    #[test]
    fn the_weekday_is_right() {
        assert_eq!(show("ar", "2026-01-04", DateStyle::Full), "الأحد، 4 يناير 2026");
    }
}
