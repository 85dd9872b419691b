//! One spelling for all that a hurried reader takes to be the same letters.

use std::borrow::Cow;

use icu::normalizer::DecomposingNormalizerBorrowed;

/// A word as it is searched for: compatibility forms taken apart (NFKD), marks, tatweel and invisible
/// characters left out, one letter for the forms of alef, yeh, waw, kaf and heh, ASCII digits, small
/// letters without accents. Folding what is folded changes nothing.
#[must_use]
pub fn fold(word: &str) -> String {
    let plain = |c: char| c.is_ascii() || matches!(c, '\u{0621}'..='\u{0652}');
    let is_plain = word.chars().all(plain);
    let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
    let text = if is_plain { Cow::Borrowed(word) } else { nfkd.normalize(word) };
    let mut folding = Folding { out: String::with_capacity(text.len()), hamza: false };
    for c in text.chars() {
        folding.push(c);
    }
    folding.end();
    match is_plain {
        true => folding.out,
        // What stood between two marks may be gone.
        false => nfkd.normalize(&folding.out).into_owned(),
    }
}

/// Latin letters that no decomposition makes plain.
pub(super) const SPELLED: [(char, &str); 9] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('ł', "l"),
    ('ı', "i"),
];

struct Folding {
    out: String,
    /// Whether the last letter is a yeh that carried a hamza.
    hamza: bool,
}

impl Folding {
    fn push(&mut self, c: char) {
        let c = match c {
            // A hamza written over the yeh before it.
            '\u{0654}' => {
                self.hamza |= self.out.ends_with('ي');
                return;
            }
            c if is_dropped(c) => return,
            'ئ' => {
                self.out.push('ي');
                self.hamza = true;
                return;
            }
            c => letter(c),
        };
        let seated = std::mem::take(&mut self.hamza);
        match c {
            'و' => self.waw(seated),
            '.' | '0'..='9' | 'a'..='z' => self.out.push(c),
            c if c.is_alphanumeric() => {
                for small in c.to_lowercase().filter(|c| !is_dropped(*c)) {
                    match SPELLED.iter().find(|(letter, _)| *letter == small) {
                        Some((_, spelled)) => self.out.push_str(spelled),
                        None => self.out.push(small),
                    }
                }
            }
            c if is_mark(c) => self.out.push(c),
            _ => {}
        }
    }

    /// موانيء and بطيء are موانئ and بطئ to many; شيء is too short to be anything else.
    fn end(&mut self) {
        if self.out.ends_with("يء") && self.out.chars().nth(3).is_some() {
            self.out.pop();
        }
    }

    /// The hamza of مسؤول، مسئول and مسءول sits as its writer was taught, and some write one waw.
    fn waw(&mut self, seated: bool) {
        if seated || self.out.ends_with('ء') {
            self.out.pop();
            if self.out.ends_with('و') && self.out.len() > 'و'.len_utf8() {
                return;
            }
        } else if self.out.ends_with('و') && self.out.len() > 'و'.len_utf8() {
            return;
        }
        self.out.push('و');
    }
}

/// What is read over: vowel signs, Quranic marks, accents, tatweel, joiners, invisible characters.
pub(super) fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '\u{0300}'..='\u{036F}'
            | '\u{0591}'..='\u{05C7}'
            | '\u{0610}'..='\u{061A}'
            | '\u{0640}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{06D6}'..='\u{06E4}'
            | '\u{06E7}'..='\u{06ED}'
            | '\u{0898}'..='\u{089F}'
            | '\u{08CA}'..='\u{08FF}'
            | '\u{FE00}'..='\u{FE0F}'
    ) || is_ignorable(c)
}

/// Invisible characters that may stand inside a word.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{180E}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}')
        || crate::text::is_bidi_control(c)
}

/// One letter for those that look or sound the same, in the Arabic script; digits; the rest as it is.
pub(super) fn letter(c: char) -> char {
    match c {
        '\u{0622}' | '\u{0623}' | '\u{0625}' | '\u{0671}'..='\u{0673}' | '\u{0675}' => 'ا',
        '\u{0624}' | '\u{0676}' | '\u{0677}' | '\u{06C4}'..='\u{06C7}' | '\u{06CB}' => 'و',
        '\u{0649}' | '\u{06CC}' | '\u{06CD}' | '\u{06D0}'..='\u{06D3}' | '\u{0678}' => 'ي',
        '\u{0629}' | '\u{06BE}' | '\u{06C0}'..='\u{06C3}' | '\u{06D5}' | '\u{06FF}' => 'ه',
        '\u{06A9}' | '\u{06AA}' | '\u{063B}' | '\u{063C}' => 'ك',
        '\u{06BA}' => 'ن',
        '\u{06A4}' => 'ف',
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06F0}'..='\u{06F9}' => digit(c, '\u{06F0}'),
        '\u{066B}' => '.',
        'A'..='Z' => c.to_ascii_lowercase(),
        c => c,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// Combining marks that are part of their word's spelling, as the vowel signs of Indic scripts.
pub(super) fn is_mark(c: char) -> bool {
    use icu::properties::{CodePointMapData, props::GeneralCategory};
    c > '\u{02FF}'
        && matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::NonspacingMark
                | GeneralCategory::SpacingMark
                | GeneralCategory::EnclosingMark
        )
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_readers_take_to_be_the_same_is() {
        for (words, folded) in [
            (&["مُبَادَرَة", "مبـــادرة", "ﻣﺒﺎﺩﺭﺓ", "مبادره", "مبادرۃ"][..], "مبادره"),
            (&["إعلان", "اعلان", "أعلان", "ٱعلان", "ا\u{0655}علان"], "اعلان"),
            (&["مسؤول", "مسئول", "مسءول", "مسي\u{0654}ول", "مسوول", "مسول"], "مسول"),
            (&["شؤون", "شئون", "شوون"], "شون"),
            (&["ذكرى", "ذكري", "ذِكْرَى", "ذکری"], "ذكري"),
            (&["موانئ", "موانى\u{0654}", "موانيء", "موانىء"], "مواني"),
            (&["شيء"], "شيء"),
            (&["٧٥", "75", "۷۵", "７５"], "75"),
            (&["٢٫٥", "2.5"], "2.5"),
            (&["CPEC", "cpec", "ＣＰＥＣ"], "cpec"),
            (&["Café", "cafe\u{0301}", "CAFE"], "cafe"),
            (&["Straße", "STRASSE"], "strasse"),
            (&["ۇۋ", "وو"], "وو"),
            (&["ووزير"], "ووزير"),
            (&["می\u{200C}روم", "میروم"], "ميروم"),
            (&["گھر"], "گهر"),
        ] {
            for word in words {
                assert_eq!(fold(word), folded, "{word}");
                assert_eq!(fold(&fold(word)), folded, "{word}, twice");
            }
        }
    }
}
