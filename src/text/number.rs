//! Numbers and plural categories of a language.

use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::decimal::options::{DecimalFormatterOptions, GroupingStrategy};
use icu::plurals::{PluralCategory, PluralRuleType, PluralRules};

use super::Lang;

/// Which digits formatted values are shown in. Numerals in an author's prose are never rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// As CLDR says for the language and region.
    #[default]
    Auto,
    /// `0123456789`.
    Latn,
    /// `٠١٢٣٤٥٦٧٨٩`.
    Arab,
    /// `۰۱۲۳۴۵۶۷۸۹`.
    ArabExt,
}

impl Numbering {
    /// The settings a site may write, for messages.
    pub const NAMES: [&'static str; 4] = ["auto", "latn", "arab", "arabext"];

    /// The setting of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "auto" => Self::Auto,
            "latn" => Self::Latn,
            "arab" => Self::Arab,
            "arabext" => Self::ArabExt,
            _ => return None,
        })
    }

    /// The Unicode locale extension that asks for these digits.
    #[must_use]
    pub fn extension(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Latn => Some("nu-latn"),
            Self::Arab => Some("nu-arab"),
            Self::ArabExt => Some("nu-arabext"),
        }
    }
}

/// Formats numbers and picks plural forms for one language.
#[derive(Debug)]
pub struct Numbers {
    plain: Option<DecimalFormatter>,
    grouped: Option<DecimalFormatter>,
    plurals: Option<PluralRules>,
}

impl Numbers {
    /// The formatters of a language with the given digits.
    #[must_use]
    pub fn new(lang: &Lang, numbering: Numbering) -> Self {
        let locale = lang.locale(numbering.extension().as_slice());
        let formatter = |grouping| {
            let mut options = DecimalFormatterOptions::default();
            options.grouping_strategy = Some(grouping);
            DecimalFormatter::try_new((&locale).into(), options).ok()
        };
        Self {
            plain: formatter(GroupingStrategy::Never),
            grouped: formatter(GroupingStrategy::Auto),
            plurals: PluralRules::try_new((&locale).into(), PluralRuleType::Cardinal.into()).ok(),
        }
    }

    /// A whole number with the language's digits and digit grouping.
    #[must_use]
    pub fn integer(&self, n: i64) -> String {
        format(self.grouped.as_ref(), n)
    }

    /// A whole number without grouping: years, ordinals, page numbers.
    #[must_use]
    pub fn ungrouped(&self, n: i64) -> String {
        format(self.plain.as_ref(), n)
    }

    /// CLDR's plural category of a count: `zero`, `one`, `two`, `few`, `many` or `other`.
    #[must_use]
    pub fn plural(&self, n: i64) -> &'static str {
        let category = self.plurals.as_ref().map(|rules| rules.category_for(n.unsigned_abs()));
        match category {
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }

    /// The categories that the language tells apart, in CLDR's order.
    #[must_use]
    pub fn categories(&self) -> Vec<&'static str> {
        let has = |wanted: &PluralCategory| {
            self.plurals.as_ref().is_some_and(|rules| rules.categories().any(|c| c == *wanted))
        };
        let all = [
            (PluralCategory::Zero, "zero"),
            (PluralCategory::One, "one"),
            (PluralCategory::Two, "two"),
            (PluralCategory::Few, "few"),
            (PluralCategory::Many, "many"),
        ];
        let mut names: Vec<_> = all.iter().filter(|(c, _)| has(c)).map(|(_, name)| *name).collect();
        names.push("other");
        names
    }
}

fn format(formatter: Option<&DecimalFormatter>, n: i64) -> String {
    match formatter {
        Some(formatter) => formatter.format(&Decimal::from(n)).to_string(),
        None => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(tag: &str, numbering: Numbering) -> Option<Numbers> {
        Lang::parse(tag).map(|lang| Numbers::new(&lang, numbering))
    }

    #[test]
    fn arabic_has_six_plural_forms() {
        let Some(ar) = numbers("ar", Numbering::Auto) else { unreachable!() };
        let forms: Vec<_> = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103].map(|n| ar.plural(n)).to_vec();
        let wanted = ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "few"];
        assert_eq!(forms, wanted);
        assert_eq!(ar.categories().len(), 6);
    }

    #[test]
    fn digits_by_setting() {
        let year = |numbering| numbers("ar", numbering).map(|n| n.ungrouped(2026));
        assert_eq!(year(Numbering::Latn).as_deref(), Some("2026"));
        assert_eq!(year(Numbering::Arab).as_deref(), Some("٢٠٢٦"));
        assert_eq!(year(Numbering::ArabExt).as_deref(), Some("۲۰۲۶"));
    }
}
