//! Where the words of a text are.

use std::ops::Range;

use super::fold::{is_ignorable, is_mark};

/// A run of a text that is searched for as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its place in the text.
    pub place: Range<usize>,
    /// What it is written in.
    pub script: Script,
}

/// What a token is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Letters of the Arabic script.
    Arabic,
    /// Digits, and a separator within them.
    Number,
    /// Letters of a script whose words stand apart, with digits among them.
    Letters,
    /// Letters of a script without spaces between words: Chinese characters, kana, Thai.
    Run,
}

/// The words of a text in their order. The rules are those of UAX #29, but that words end where Arabic
/// letters meet others or digits (الـCPEC, و75), and at apostrophes.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// See [`tokens`].
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let signs = bytes.get(self.at..)?.iter();
        self.at +=
            signs.take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
        // Most words begin right here, and are like most.
        if let Some(end) = plain_end(bytes, self.at) {
            let place = self.at..end;
            self.at = end;
            let latin = bytes.get(place.start).is_some_and(u8::is_ascii);
            return Some(Token {
                place,
                script: if latin { Script::Letters } else { Script::Arabic },
            });
        }
        let mut chars = self.text.get(self.at..)?.char_indices();
        let (offset, first) = chars.find(|(_, c)| class(*c) > Class::Inside)?;
        let start = self.at + offset;
        let script = match class(first) {
            Class::Arabic => Script::Arabic,
            Class::Digit => Script::Number,
            Class::Run => Script::Run,
            _ => Script::Letters,
        };
        let (end, script) = self.end(start, script);
        self.at = end;
        Some(Token { place: start..end, script })
    }
}

impl Tokens<'_> {
    /// Where the token that starts at a place ends, and what it turned out to be.
    fn end(&self, start: usize, mut script: Script) -> (usize, Script) {
        let rest = self.text.get(start..).unwrap_or_default();
        let mut end = start;
        let mut dotted = false;
        for (offset, c) in rest.char_indices() {
            let at = start + offset;
            // What was looked at with a separator.
            if at < end {
                continue;
            }
            let goes_on = match (script, class(c)) {
                (_, Class::Inside) => true,
                (Script::Arabic, Class::Arabic) | (Script::Run, Class::Run) => true,
                (Script::Number, Class::Digit) => true,
                (Script::Letters, Class::Letter | Class::Digit) => true,
                (Script::Number, Class::Letter) => {
                    script = Script::Letters;
                    true
                }
                (Script::Number, Class::Break) => match self.separator(start, at, c, dotted) {
                    Some(after) => {
                        dotted |= matches!(c, '.' | '٫');
                        end = after;
                        continue;
                    }
                    None => false,
                },
                _ => false,
            };
            if !goes_on {
                break;
            }
            end = at + c.len_utf8();
        }
        (end, script)
    }

    /// Where the first digit after a separator in a number ends: a decimal point, of which there is one, or
    /// one between thousands.
    fn separator(&self, start: usize, at: usize, c: char, dotted: bool) -> Option<usize> {
        let point = |c: char| matches!(c, '.' | '٫');
        let mut before = self.text.get(..start)?.chars().rev();
        let after_point = before.next().is_some_and(point)
            && before.next().is_some_and(|c| class(c) == Class::Digit);
        let rest = self.text.get(at + c.len_utf8()..)?;
        let digits = rest.chars().take_while(|c| class(*c) == Class::Digit).count();
        let after = rest.chars().nth(digits);
        let next = rest.chars().next()?;
        let end = at + c.len_utf8() + next.len_utf8();
        let good = match c {
            c if point(c) => {
                !dotted && digits > 0 && !after_point && !self.dot_follows(at + c.len_utf8())
            }
            ',' | '٬' => !dotted && digits == 3 && after.is_none_or(|c| class(c) != Class::Letter),
            _ => false,
        };
        good.then_some(end)
    }

    /// Whether the digits at a place end in another point with digits after it, as in a date.
    fn dot_follows(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut rest = rest.chars().skip_while(|c| class(*c) == Class::Digit);
        rest.next().is_some_and(|c| matches!(c, '.' | '٫'))
            && rest.next().is_some_and(|c| class(c) == Class::Digit)
    }
}

/// Whether a word of the Arabic script is a single letter, which is joined to what stands beside it.
#[must_use]
#[inline]
pub fn is_single(word: &str) -> bool {
    // Nearly all begin with two letters.
    if let [a, b, c, d, ..] = *word.as_bytes()
        && plain(a, b) == Some(Class::Arabic)
        && plain(c, d) == Some(Class::Arabic)
    {
        return false;
    }
    let mut letters = word.chars().filter(|c| class(*c) == Class::Arabic);
    letters.next().is_some() && letters.next().is_none()
}

/// Whether a character is part of the word that it stands in: a mark, or what is not seen.
pub(super) fn is_inside(c: char) -> bool {
    class(c) == Class::Inside
}

/// Whether a character is a letter of the Arabic script.
#[cfg(test)]
pub(super) fn is_arabic(c: char) -> bool {
    class(c) == Class::Arabic
}

/// Whether a character is a letter of a script without spaces.
#[cfg(test)]
pub(super) fn is_run(c: char) -> bool {
    class(c) == Class::Run
}

/// What a character is to a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Break,
    /// A mark, or what is not seen: part of a word that it stands in.
    Inside,
    Letter,
    Digit,
    Arabic,
    Run,
}

/// Where a word ends that begins at a place and is like most: Arabic letters with or without marks up to another
/// sign of Arabic or ASCII, or ASCII letters up to another sign of ASCII. Every text of a site goes through here.
fn plain_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    if bytes.get(start)?.is_ascii_alphabetic() {
        at += bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let ends = bytes.get(at).is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_digit());
        return ends.then_some(at);
    }
    // A mark begins no word.
    if plain(*bytes.get(start)?, *bytes.get(start + 1)?) != Some(Class::Arabic) {
        return None;
    }
    while let Some([lead, next]) = bytes.get(at..at + 2) {
        match plain(*lead, *next) {
            Some(Class::Arabic | Class::Inside) => at += 2,
            Some(_) => break,
            // A soft hyphen is part of its word, a quotation mark is not.
            None if *lead == 0xC2 && *next != 0xAD => break,
            None if lead.is_ascii() => break,
            None => return None,
        }
    }
    Some(at)
}

/// The class of the character of two bytes, where it is one from U+0600 to U+067F.
#[inline]
fn plain(lead: u8, next: u8) -> Option<Class> {
    match lead {
        0xD8 | 0xD9 => ARABIC.get(usize::from(lead & 1) << 6 | usize::from(next & 0x3F)).copied(),
        _ => None,
    }
}

/// The classes of the characters from U+0600 to U+067F.
static ARABIC: [Class; 128] = {
    let mut classes = [Class::Break; 128];
    let mut n = 0;
    while n < 128 {
        classes[n] = match n {
            0x10..=0x1A | 0x1C | 0x40 | 0x4B..=0x5F | 0x70 => Class::Inside,
            0x20..=0x3F | 0x41..=0x4A | 0x6E..=0x6F | 0x71..=0x7F => Class::Arabic,
            0x60..=0x69 => Class::Digit,
            _ => Class::Break,
        };
        n += 1;
    }
    classes
};

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' | '\u{0660}'..='\u{0669}' | '\u{06F0}'..='\u{06F9}' => Class::Digit,
        '\0'..='\u{007F}' => Class::Break,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0640}' => {
            Class::Inside
        }
        '\u{0620}'..='\u{064A}' | '\u{066E}'..='\u{06D3}' | '\u{06D5}' => Class::Arabic,
        c if is_ignorable(c) || is_mark(c) => Class::Inside,
        // The letters that stand between the verses, and Persian's.
        '\u{06EE}' | '\u{06EF}' | '\u{06FA}'..='\u{06FC}' | '\u{06FF}' => Class::Arabic,
        '\u{0750}'..='\u{077F}' | '\u{0870}'..='\u{08C9}' => Class::Arabic,
        '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDFB}' => {
            Class::Arabic
        }
        '\u{FE70}'..='\u{FEFC}' => Class::Arabic,
        // Fullwidth digits.
        '\u{FF10}'..='\u{FF19}' => Class::Digit,
        c if is_unspaced(c) => Class::Run,
        c if c.is_alphanumeric() => Class::Letter,
        _ => Class::Break,
    }
}

/// Whether a letter belongs to a script that is written without spaces between words.
fn is_unspaced(c: char) -> bool {
    crate::text::is_han(c)
        || matches!(
            c,
            '\u{3005}'..='\u{3007}'
                | '\u{3041}'..='\u{30FF}'
                | '\u{31F0}'..='\u{31FF}'
                | '\u{0E01}'..='\u{0EDF}'
                | '\u{1000}'..='\u{109F}'
                | '\u{1780}'..='\u{17D3}'
        ) && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_characters_are() {
        for (class_of, n) in ARABIC.iter().zip(0x600..) {
            let c = char::from_u32(n).unwrap();
            assert_eq!(*class_of, class(c), "U+{n:04X}");
        }
    }

    fn words(text: &str) -> Vec<&str> {
        tokens(text).filter_map(|token| text.get(token.place)).collect()
    }

    #[test]
    fn words_are_found() {
        for (text, found) in [
            ("أكَّدَ الجانبان، و«المبادرة»؛", &["أكَّدَ", "الجانبان", "و", "المبادرة"][..]),
            (
                "الـCPEC و75 CPEC 2.0 (2025–2029).",
                &["الـ", "CPEC", "و", "75", "CPEC", "2.0", "2025", "2029"],
            ),
            ("مبـــادرة م\u{200C}ي", &["مبـــادرة", "م\u{200C}ي"]),
            (
                "1,234.5 و١٬٢٣٤ 1,23 4.1.2026 3.",
                &["1,234.5", "و", "١٬٢٣٤", "1", "23", "4", "1", "2026", "3"],
            ),
            ("ML-1 JF17 Pakistan's", &["ML", "1", "JF17", "Pakistan", "s"]),
            ("中巴经济走廊（CPEC）ひらがな", &["中巴经济走廊", "CPEC", "ひらがな"]),
            ("अर्थव्यवस्था दो", &["अर्थव्यवस्था", "दो"]),
            ("ﻣﺒﺎﺩﺭﺓ ٧٥٪", &["ﻣﺒﺎﺩﺭﺓ", "٧٥"]),
            ("", &[]),
            ("…", &[]),
        ] {
            assert_eq!(words(text), found, "{text}");
        }
    }
}
