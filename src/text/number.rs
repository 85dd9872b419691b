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

/// A number to be shown or counted with, whole or not, exactly as it was written: 1.50 stays 1.50.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity(Decimal);

impl Quantity {
    /// A number written with European digits and a point; `None` where it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Decimal::try_from_str(text).ok().map(Self)
    }
}

impl From<i64> for Quantity {
    fn from(n: i64) -> Self {
        Self(Decimal::from(n))
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
        self.quantity(&n.into(), true)
    }

    /// A number with the language's digits and signs, without invisible marks; grouped where
    /// `grouping`.
    #[must_use]
    pub fn quantity(&self, quantity: &Quantity, grouping: bool) -> String {
        let text = match if grouping { &self.grouped } else { &self.plain } {
            Some(formatter) => formatter.format(&quantity.0).to_string(),
            None => quantity.0.to_string(),
        };
        text.replace(super::is_bidi_control, "")
    }

    /// A whole number without grouping: years, ordinals, page numbers.
    #[must_use]
    pub fn ungrouped(&self, n: i64) -> String {
        self.quantity(&n.into(), false)
    }

    /// CLDR's plural category of a count: `zero`, `one`, `two`, `few`, `many` or `other`.
    #[must_use]
    pub fn plural(&self, n: &Quantity) -> &'static str {
        let category = self.plurals.as_ref().map(|rules| rules.category_for(&n.0));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(tag: &str, numbering: Numbering) -> Option<Numbers> {
        Lang::parse(tag).map(|lang| Numbers::new(&lang, numbering))
    }

    #[test]
    fn arabic_has_six_plural_forms() {
        let Some(ar) = numbers("ar", Numbering::Auto) else { unreachable!() };
        for (form, numbers) in [
            ("zero", vec!["0"]),
            ("one", vec!["1", "1.0"]),
            ("two", vec!["2"]),
            ("few", vec!["3", "10", "103", "1003"]),
            ("many", vec!["11", "99", "111"]),
            ("other", vec!["100", "101", "102", "1000", "1.5", "0.5"]),
        ] {
            for n in numbers {
                let quantity = Quantity::parse(n);
                assert_eq!(quantity.map(|n| ar.plural(&n)), Some(form), "{n}");
            }
        }
        assert_eq!(ar.categories().len(), 6);
    }

    #[test]
    fn decimals_and_signs() {
        let show = |tag, n, numbering| {
            numbers(tag, numbering)
                .and_then(|numbers| Some(numbers.quantity(&Quantity::parse(n)?, true)))
                .unwrap_or_default()
        };
        assert_eq!(show("ar", "1234567.890", Numbering::Latn), "1,234,567.890");
        assert_eq!(show("ar", "1234567.89", Numbering::Arab), "١٬٢٣٤٬٥٦٧٫٨٩");
        assert_eq!(show("ar", "-5", Numbering::Latn), "-5");
        assert_eq!(show("en", "62000", Numbering::Auto), "62,000");
    }

    #[test]
    fn digits_by_setting() {
        let year = |numbering| numbers("ar", numbering).map(|n| n.ungrouped(2026));
        assert_eq!(year(Numbering::Latn).as_deref(), Some("2026"));
        assert_eq!(year(Numbering::Arab).as_deref(), Some("٢٠٢٦"));
        assert_eq!(year(Numbering::ArabExt).as_deref(), Some("۲۰۲۶"));
    }
}
