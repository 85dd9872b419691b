//! The list of the rules.

use super::{Level, Rule};

const fn rule(number: &'static str, code: &'static str, level: Level, about: &'static str) -> Rule {
    Rule { number, code, level, about }
}

macro_rules! rules {
    ($($name:ident = $number:literal, $code:literal, $level:ident, $about:literal;)*) => {
        $(pub(super) const $name: &Rule = &rule($number, $code, Level::$level, $about);)*

        /// All rules in their order.
        pub const RULES: &[Rule] = &[$(*$name),*];
    };
}

rules! {
    OVERRIDE = "L1", "bidi-override", Error,
        "Embeddings and overrides, which show a text in another order than it is read by machines.";
    UNBALANCED = "L2", "bidi-unbalanced", Error,
        "Isolates that are not closed, and bidirectional controls in code, URLs and identifiers.";
    STRAY = "L3", "stray-mark", Warning,
        "Directional marks that do nothing: at an edge, beside a line break, doubled.";
    INVISIBLE = "L4", "invisible", Warning,
        "Other invisible characters, such as a zero-width space or a soft hyphen.";
    JOINER = "L5", "joiner", Warning,
        "Zero-width joiners and non-joiners where the language has no use for them.";
    FORM = "L6", "presentation-form", Error,
        "Letters stored as glyphs, as they come out of PDF files.";
    NFC = "L7", "not-nfc", Warning,
        "Letters and marks that are stored apart though there is one character for them.";
    TATWEEL = "L8", "tatweel", Warning,
        "Letters drawn out with tatweel in running text.";
    FOREIGN = "L9", "foreign-letter", Warning,
        "Letters of another language's keyboard that look like the right ones.";
    DIGITS = "L10", "mixed-digits", Warning,
        "Sets of digits mixed in a page or in a number.";
    SEPARATOR = "L11", "digit-separator", Warning,
        "Separators and percent signs that belong to another set of digits.";
    PUNCTUATION = "L12", "latin-punctuation", Warning,
        "Punctuation of another script than the words beside it.";
    SPACING = "L13", "spacing", Warning,
        "Spaces doubled, missing or too many beside punctuation and brackets.";
    WAW = "L14", "detached-waw", Warning,
        "The word «و» standing apart from the word that it belongs to.";
    QUOTES = "L15", "quotes", Info,
        "Quotation marks of another language, and quotation marks and brackets without their pair.";
    SPELLING = "L16", "spelling", Info,
        "Frequent slips with hamza, and words that end otherwise than in the rest of the site.";
    UNISOLATED = "L17", "unisolated-number", Warning,
        "Dates, telephone numbers and ranges that show in the wrong order right to left.";
    VOWELS = "L18", "vowel-mark", Warning,
        "Vowel marks that are doubled, that clash, or that have no letter under them.";
    LOOK_ALIKE = "L19", "look-alike", Warning,
        "Characters of another script that only look like the right ones.";
    MARKUP = "L20", "literal-markup", Warning,
        "Markup that was meant but shows as it was typed.";
    NAME = "L21", "name", Warning,
        "Names that are spelt otherwise than the glossary has them.";
    SCRIPT = "L22", "wrong-script", Error,
        "Titles and descriptions that are not written in the script of their language.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbered_in_their_order_and_named_once() {
        for (i, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.number, format!("L{}", i + 1));
            assert_eq!(RULES.iter().filter(|other| other.code == rule.code).count(), 1);
            assert!(rule.about.ends_with('.'));
        }
        assert_eq!(RULES.len(), 22);
    }
}
