//! Words around dates that CLDR has no stable pattern for.

use crate::text::Lang;

/// What CLDR has no stable pattern for; `{}` stands for the date.
pub(super) struct Words {
    pub(super) about: &'static str,
    pub(super) uncertain: &'static str,
    pub(super) since: &'static str,
    pub(super) until: &'static str,
    pub(super) decade: &'static str,
    pub(super) century: &'static str,
    pub(super) dash: &'static str,
    /// The Gregorian era, where another calendar's date stands beside it. CLDR's own pattern for
    /// Arabic puts it before the year.
    pub(super) era: &'static str,
}

impl Words {
    pub(super) fn of(lang: &Lang) -> Self {
        let [about, uncertain, since, until, decade, century, dash, era] = match lang.primary() {
            "ar" => [
                "نحو {}",
                "{} (غير مؤكد)",
                "منذ {}",
                "حتى {}",
                "عقد {}",
                "القرن الذي أوله {}",
                " – ",
                "{} م",
            ],
            "en" => [
                "about {}",
                "{} (uncertain)",
                "since {}",
                "until {}",
                "the {}s",
                "the {}s",
                " – ",
                "{} CE",
            ],
            "ur" => [
                "تقریباً {}",
                "{} (غیر یقینی)",
                "{} سے",
                "{} تک",
                "{} کی دہائی",
                "{} سے شروع صدی",
                " – ",
                "{}ء",
            ],
            "zh" => {
                ["约{}", "{}（存疑）", "{}至今", "截至{}", "{}年代", "{}年起的百年", "至", "公元{}"]
            }
            _ => ["~ {}", "{} (?)", "{} –", "– {}", "{}–", "{}–", " – ", "{}"],
        };
        Self { about, uncertain, since, until, decade, century, dash, era }
    }
}

/// Puts a date into a pattern.
pub(super) fn fill(pattern: &str, date: &str) -> String {
    pattern.replace("{}", date)
}
