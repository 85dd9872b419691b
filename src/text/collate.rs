//! The order of titles and terms, by the language's collation (UCA with CLDR's tailoring).

use std::cmp::Ordering;
use std::fmt;

use icu::collator::CollatorBorrowed;
use icu::collator::options::CollatorOptions;

use super::Lang;

/// A language's alphabetical order, with numbers in titles compared by value.
pub struct Collation(Option<CollatorBorrowed<'static>>);

impl Collation {
    /// The collation of a language; the root collation where CLDR has no tailoring for it.
    #[must_use]
    pub fn new(lang: &Lang) -> Self {
        let locale = lang.locale(&["kn-true"]);
        Self(CollatorBorrowed::try_new((&locale).into(), CollatorOptions::default()).ok())
    }

    /// Compares two texts; texts that the collation holds equal are told apart by code point, so
    /// that the order is total and does not depend on the order of the input.
    #[must_use]
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        match &self.0 {
            Some(collator) => collator.compare(a, b).then_with(|| a.cmp(b)),
            None => a.cmp(b),
        }
    }
}

impl fmt::Debug for Collation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(tag: &str, mut words: Vec<&'a str>) -> Vec<&'a str> {
        let Some(lang) = Lang::parse(tag) else {
            return words;
        };
        let order = Collation::new(&lang);
        words.sort_by(|a, b| order.compare(a, b));
        words
    }

    #[test]
    fn arabic_letters_in_their_own_order() {
        assert_eq!(
            sorted("ar", vec!["CPEC", "عين", "ضاد", "باء", "أحمد", "ظاء", "دال"]),
            ["أحمد", "باء", "دال", "ضاد", "ظاء", "عين", "CPEC"]
        );
    }

    #[test]
    fn numbers_by_value() {
        assert_eq!(sorted("en", vec!["Round 10", "Round 9"]), ["Round 9", "Round 10"]);
    }
}
