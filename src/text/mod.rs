//! What is true of language, knowing no site: direction, dates, digits, plurals, order, slugs,
//! escaping. Everything here is a pure function over ICU4X's compiled data, so that a theme or a
//! page can never get it wrong in its own way.

pub mod bidi;
pub mod charset;
pub mod collate;
pub mod date;
pub mod edtf;
pub mod escape;
pub mod html;
pub mod lang;
pub mod lint;
pub mod list;
pub mod number;
pub mod percent;
pub mod quotation;
pub mod quotes;
pub mod search;
pub mod segments;
pub mod sentences;
pub mod slug;
pub mod used;

pub use collate::Collation;
pub use date::Calendar;
pub use edtf::Edtf;
pub use lang::{Direction, Lang};
pub use list::Lists;
pub use number::{Numbering, Numbers, Quantity};
pub use quotes::{Quotes, Typographer};

use std::borrow::Cow;

/// Normalises to NFC (UAX #15), borrowing where the text already is.
#[must_use]
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    icu::normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Where the first block begins that holds a byte that, with the one after it, is as wanted. A block
/// is looked at whole, which the compiler makes vectors of.
fn first_block(text: &[u8], wanted: impl Fn(u8, u8) -> bool) -> Option<usize> {
    let mut at = 0;
    while let Some(block) = text.get(at..at + BLOCK + 1) {
        let (Some(bytes), Some(next)) = (block.first_chunk::<BLOCK>(), block.last_chunk::<BLOCK>())
        else {
            break;
        };
        let pairs = bytes.iter().zip(next);
        if pairs.fold(0, |found, (byte, next)| found | u8::from(wanted(*byte, *next))) != 0 {
            return Some(at);
        }
        at += BLOCK;
    }
    let rest = text.get(at..)?;
    let mut block = [b' '; BLOCK + 1];
    block.get_mut(..rest.len())?.copy_from_slice(rest);
    let pairs = block.iter().zip(block.iter().skip(1));
    let found = pairs.fold(0, |found, (byte, next)| found | u8::from(wanted(*byte, *next)));
    (found != 0).then_some(at)
}

/// How many bytes are looked at together.
const BLOCK: usize = 32;

/// Whether a character is an invisible formatting mark of the bidirectional algorithm (UAX #9 §2):
/// LRM, RLM, ALM, the embeddings, overrides and isolates.
#[must_use]
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character belongs to a script written without upper and lower case and without
/// reliable spaces around punctuation (Arabic, Hebrew, Han, kana, Hangul…), beside which
/// CommonMark's emphasis rule breaks.
#[must_use]
pub fn is_caseless_letter(c: char) -> bool {
    c >= '\u{0590}' && c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
        || is_arabic_mark(c)
}

/// Whether a character is a Chinese one.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Whether a character is one of the thousands of a script that is no alphabet: Chinese, Korean syllables,
/// Yi, Tangut.
#[must_use]
pub fn is_ideograph(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{A000}'..='\u{A48C}' | '\u{17000}'..='\u{18CFF}' | '\u{323B0}'..='\u{3FFFF}')
}

/// Whether a text is the same as one in small letters, but for the size of its letters.
fn lower_equal(text: &str, lower: &str) -> bool {
    text.chars().flat_map(char::to_lowercase).eq(lower.chars())
}

/// Arabic vowel signs and Quranic marks, which end a word as a letter does.
fn is_arabic_mark(c: char) -> bool {
    matches!(c, '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' | '\u{0640}')
}

/// Joins a relative path with `/` to a folder and takes out `.` and `..`; `None` where it leaves the
/// root.
#[must_use]
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Cuts a text to at most `max` characters at a word boundary, with an ellipsis where it was cut.
#[must_use]
pub fn truncate_words(text: &str, max: usize) -> Cow<'_, str> {
    let Some((limit, _)) = text.char_indices().nth(max) else {
        return Cow::Borrowed(text);
    };
    let head = text.get(..limit).unwrap_or(text);
    let end = head.rfind(char::is_whitespace).unwrap_or(limit);
    let kept = head.get(..end).unwrap_or(head).trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '،' | ',' | '؛' | ';' | ':' | '—' | '–')
    });
    Cow::Owned(format!("{kept}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_keeps_whole_words() {
        assert_eq!(truncate_words("ميناء غوادر، على بحر العرب", 13), "ميناء غوادر…");
        assert_eq!(truncate_words("ميناء", 5), "ميناء");
    }

    #[test]
    fn joined_paths_stay_inside() {
        assert_eq!(join("a/b", "../c.md").as_deref(), Some("a/c.md"));
        assert_eq!(join("", "../c.md"), None);
    }

    #[test]
    fn nfc_composes_the_hamza() {
        assert_eq!(nfc("\u{0627}\u{0654}حمد"), "أحمد");
    }
}
