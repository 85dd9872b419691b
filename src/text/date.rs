//! Dates as a reader of the language expects them, with the precision they have.

use std::fmt;

use icu::calendar::{Date, Gregorian};
use icu::datetime::FixedCalendarDateTimeFormatter;
use icu::datetime::fieldsets::{Y, YM, YMD, YMDE};

use super::edtf::{Edtf, Moment, Precision};
use super::{Lang, Numbering, Numbers};

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

type Formatter<F> = Option<FixedCalendarDateTimeFormatter<Gregorian, F>>;

/// Formats dates in one language. Shares nothing mutable, so one serves every thread.
pub struct Dates {
    words: Words,
    day: Formatter<YMD>,
    weekday: Formatter<YMDE>,
    month: Formatter<YM>,
    year: Formatter<Y>,
    numbers: Numbers,
}

impl Dates {
    /// The formatters of a language: month names by its region, digits by `numbering`.
    #[must_use]
    pub fn new(lang: &Lang, numbering: Numbering) -> Self {
        let locale = lang.locale(numbering.extension().as_slice());
        macro_rules! formatter {
            ($fields:expr) => {
                FixedCalendarDateTimeFormatter::try_new((&locale).into(), $fields).ok()
            };
        }
        Self {
            words: Words::of(lang),
            day: formatter!(YMD::long()),
            weekday: formatter!(YMDE::long()),
            month: formatter!(YM::long()),
            year: formatter!(Y::long()),
            numbers: Numbers::new(lang, numbering),
        }
    }

    /// A date as text without markup or invisible marks.
    #[must_use]
    pub fn format(&self, date: &Edtf, style: DateStyle) -> String {
        let text = match date {
            Edtf::At(moment) => self.moment(moment, style),
            Edtf::Between(Some(from), Some(to)) => self.between(from, to, style),
            Edtf::Between(Some(from), None) => fill(self.words.since, &self.moment(from, style)),
            Edtf::Between(None, Some(to)) => fill(self.words.until, &self.moment(to, style)),
            Edtf::Between(None, None) => String::new(),
        };
        text.replace(super::is_bidi_control, "")
    }

    fn between(&self, from: &Moment, to: &Moment, style: DateStyle) -> String {
        let (a, b) = (self.moment(from, style), self.moment(to, style));
        let years = |m: &Moment| m.precision == Precision::Year && !m.approximate && !m.uncertain;
        match (a == b, years(from) && years(to)) {
            (true, _) => a,
            (_, true) => format!("{}–{}", self.numbers.ungrouped(from.year.into()), b),
            _ => format!("{a}{}{b}", self.words.dash),
        }
    }

    fn moment(&self, moment: &Moment, style: DateStyle) -> String {
        let mut text = self.exact(moment, style);
        if moment.approximate {
            text = fill(self.words.about, &text);
        }
        if moment.uncertain {
            text = fill(self.words.uncertain, &text);
        }
        text
    }

    fn exact(&self, moment: &Moment, style: DateStyle) -> String {
        let plain = || self.numbers.ungrouped(moment.year.into());
        let Ok(date) = Date::try_new_gregorian(moment.year, moment.month, moment.day) else {
            return plain();
        };
        let show = |text: Option<String>| text.unwrap_or_else(plain);
        let year = || show(self.year.as_ref().map(|f| f.format(&date).to_string()));
        match (moment.precision, style) {
            (Precision::Century, _) => fill(self.words.century, &plain()),
            (Precision::Decade, _) => fill(self.words.decade, &plain()),
            (Precision::Year, _) | (_, DateStyle::Year) => year(),
            (Precision::Month, _) => show(self.month.as_ref().map(|f| f.format(&date).to_string())),
            (Precision::Day, DateStyle::Full) => {
                show(self.weekday.as_ref().map(|f| f.format(&date).to_string()))
            }
            (Precision::Day, DateStyle::Long) => {
                show(self.day.as_ref().map(|f| f.format(&date).to_string()))
            }
        }
    }
}

impl fmt::Debug for Dates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dates")
    }
}

/// What CLDR has no stable pattern for; `{}` stands for the date.
struct Words {
    about: &'static str,
    uncertain: &'static str,
    since: &'static str,
    until: &'static str,
    decade: &'static str,
    century: &'static str,
    dash: &'static str,
}

impl Words {
    fn of(lang: &Lang) -> Self {
        let [about, uncertain, since, until, decade, century, dash] = match lang.primary() {
            "ar" => [
                "نحو {}",
                "{} (غير مؤكد)",
                "منذ {}",
                "حتى {}",
                "عقد {}",
                "القرن الذي أوله {}",
                " – ",
            ],
            "en" => {
                ["about {}", "{} (uncertain)", "since {}", "until {}", "the {}s", "the {}s", " – "]
            }
            "ur" => [
                "تقریباً {}",
                "{} (غیر یقینی)",
                "{} سے",
                "{} تک",
                "{} کی دہائی",
                "{} سے شروع صدی",
                " – ",
            ],
            "zh" => ["约{}", "{}（存疑）", "{}至今", "截至{}", "{}年代", "{}年起的百年", "至"],
            _ => ["~ {}", "{} (?)", "{} –", "– {}", "{}–", "{}–", " – "],
        };
        Self { about, uncertain, since, until, decade, century, dash }
    }
}

fn fill(pattern: &str, date: &str) -> String {
    pattern.replace("{}", date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(tag: &str, date: &str, style: DateStyle) -> String {
        match (Lang::parse(tag), Edtf::parse(date)) {
            (Some(lang), Ok(date)) => Dates::new(&lang, Numbering::Latn).format(&date, style),
            _ => String::new(),
        }
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
            ("ar", "2025-08-30/2025-09-04", "30 أغسطس 2025 – 4 سبتمبر 2025"),
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
