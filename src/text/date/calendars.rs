//! ICU4X's formatters, by calendar.

use icu::calendar::cal::hijri::UmmAlQura;
use icu::calendar::{Date, Gregorian, cal};
use icu::datetime::FixedCalendarDateTimeFormatter;
use icu::datetime::fieldsets::{Y, YM, YMD, YMDE};
use icu::datetime::options::YearStyle;
use icu::locale::Locale;

use super::DateStyle;
use crate::text::edtf::Precision;

/// A day of the Gregorian calendar: year, month, day.
type Day = (i32, u8, u8);

/// The years of the Umm al-Qura calendar that its tables hold (KACST).
const TABULATED: std::ops::RangeInclusive<i32> = 1300..=1600;

macro_rules! formatters {
    ($(#[$doc:meta])* $name:ident, $calendar:ty, $convert:expr) => {
        $(#[$doc])*
        pub(super) struct $name {
            day: Option<FixedCalendarDateTimeFormatter<$calendar, YMD>>,
            weekday: Option<FixedCalendarDateTimeFormatter<$calendar, YMDE>>,
            month: Option<FixedCalendarDateTimeFormatter<$calendar, YM>>,
            year: Option<FixedCalendarDateTimeFormatter<$calendar, Y>>,
        }

        impl $name {
            /// The formatters of a locale, with the era where `era`.
            pub(super) fn new(locale: &Locale, era: bool) -> Self {
                let years = if era { YearStyle::WithEra } else { YearStyle::Auto };
                macro_rules! formatter {
                    ($fields:expr) => {{
                        let fields = $fields.with_year_style(years);
                        FixedCalendarDateTimeFormatter::try_new(locale.into(), fields).ok()
                    }};
                }
                Self {
                    day: formatter!(YMD::long()),
                    weekday: formatter!(YMDE::long()),
                    month: formatter!(YM::long()),
                    year: formatter!(Y::long()),
                }
            }

            /// A day with as much of it as is known and wanted; `None` where the calendar does not
            /// reach to it.
            pub(super) fn show(&self, day: Day, known: Precision, style: DateStyle) -> Option<String> {
                let date = $convert(day)?;
                Some(match (known, style) {
                    (Precision::Century | Precision::Decade, _) => return None,
                    (Precision::Year, _) | (_, DateStyle::Year) => {
                        self.year.as_ref()?.format(&date).to_string()
                    }
                    (Precision::Month, _) => self.month.as_ref()?.format(&date).to_string(),
                    (Precision::Day, DateStyle::Full) => {
                        self.weekday.as_ref()?.format(&date).to_string()
                    }
                    (Precision::Day, DateStyle::Long) => self.day.as_ref()?.format(&date).to_string(),
                })
            }
        }
    };
}

formatters!(
    /// The Gregorian calendar.
    Western,
    Gregorian,
    gregorian
);
formatters!(
    /// The Umm al-Qura calendar.
    Hijri,
    cal::Hijri<UmmAlQura>,
    umm_al_qura
);

impl Hijri {
    /// The year of the calendar that a day lies in.
    pub(super) fn year(day: Day) -> Option<i32> {
        umm_al_qura(day).map(|date| date.year().extended_year())
    }
}

fn gregorian((year, month, day): Day) -> Option<Date<Gregorian>> {
    Date::try_new_gregorian(year, month, day).ok()
}

fn umm_al_qura(day: Day) -> Option<Date<cal::Hijri<UmmAlQura>>> {
    let date = gregorian(day)?.to_calendar(cal::Hijri::new_umm_al_qura());
    TABULATED.contains(&date.year().extended_year()).then_some(date)
}
