//! Words, and what Arabic writes together with them.

use super::chars::{self, TATWEEL, ZWJ, ZWNJ};

/// A part of a word: a letter, a mark on it, a digit, tatweel, a joiner.
fn is_part(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric()
        || chars::is_arabic_mark(c)
        || matches!(c, TATWEEL | ZWNJ | ZWJ | '\u{300}'..='\u{36F}')
}

/// The words of a text with where they begin.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is_part)?;
        let rest = text.get(start..)?;
        let word = rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))?;
        at = start + word.len();
        Some((start, word))
    })
}

/// Whether a character is not read as part of a word's spelling: vowel marks, tatweel, joiners.
pub(super) fn is_ornament(c: char) -> bool {
    c == TATWEEL || matches!(c, ZWNJ | ZWJ) || chars::is_arabic_mark(c)
}

/// What may stand before a word in Arabic, by how it is written: conjunctions, prepositions and
/// the article, which loses its alef after «ل». The empty one comes first.
pub(super) const PROCLITICS: &[(&str, bool)] = &[
    ("", false),
    ("و", false),
    ("ف", false),
    ("ب", false),
    ("ل", false),
    ("ك", false),
    ("وب", false),
    ("ول", false),
    ("وك", false),
    ("فب", false),
    ("فل", false),
    ("ال", true),
    ("وال", true),
    ("فال", true),
    ("بال", true),
    ("كال", true),
    ("لل", true),
    ("وبال", true),
    ("ولل", true),
    ("وكال", true),
    ("فبال", true),
    ("فلل", true),
];

/// Cuts a proclitic from a word, passing over vowel marks and tatweel on the way: what is left.
pub(super) fn cut<'a>(word: &'a str, proclitic: &str) -> Option<&'a str> {
    let mut rest = word;
    for letter in proclitic.chars() {
        rest = rest.strip_prefix(letter)?.trim_start_matches(is_ornament);
    }
    Some(rest)
}

/// Whether a word without its ornaments is another.
pub(super) fn reads_as(word: &str, other: &str) -> bool {
    word.chars().filter(|c| !is_ornament(*c)).eq(other.chars())
}
