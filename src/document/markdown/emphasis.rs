//! Emphasis beside punctuation in scripts that put no space there.
//!
//! CommonMark (0.31.2 §6.2) lets `**` close after a punctuation mark only if a space or
//! punctuation follows, so `**«مبادرة»**التي` stays literal. A character that counts as
//! punctuation and occurs nowhere in the text is put between the run and the letter; it makes the
//! run both left- and right-flanking, and is taken out of every event again.

use std::borrow::Cow;

use super::Edit;
use crate::text::is_caseless_letter;

/// Characters of category Po from scripts no longer written; the first that the text lacks serves.
const CANDIDATES: [char; 4] = ['\u{10857}', '\u{1091F}', '\u{10A7F}', '\u{10A50}'];

/// The sentinel for a text, or `None` where it has no emphasis to help.
pub(super) fn sentinel(text: &str) -> Option<char> {
    memchr::memchr2(b'*', b'~', text.as_bytes())?;
    CANDIDATES.into_iter().find(|c| !text.contains(*c))
}

/// Where sentinels go.
pub(super) fn edits(text: &str, sentinel: char) -> Vec<Edit> {
    let bytes = text.as_bytes();
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|b| memchr::memchr2(b'*', b'~', b)) {
        let start = from + found;
        let mark = bytes.get(start).copied().unwrap_or_default();
        let length = bytes.iter().skip(start).take_while(|b| **b == mark).count();
        from = start + length;
        let (before, after) = (text.get(..start), text.get(from..));
        let before = before.unwrap_or_default().chars().rev();
        let after = after.unwrap_or_default().chars();
        let at = if breaks(before.clone(), after.clone()) {
            from
        } else if breaks(after, before) {
            start
        } else {
            continue;
        };
        edits.push(Edit { old: at..at, new: Cow::Owned(sentinel.to_string()) });
    }
    edits
}

/// Whether a run stands between punctuation and a word, in a script that puts no space there: going
/// away from the run, `punctuated` begins with punctuation and `word` with a letter, digit or mark,
/// and the letter next to the run on one of the sides is of such a script.
fn breaks(
    mut punctuated: impl Iterator<Item = char>,
    mut word: impl Iterator<Item = char>,
) -> bool {
    let Some(next) = word.next().filter(|c| !c.is_whitespace() && !is_punctuation(*c)) else {
        return false;
    };
    if !punctuated.next().is_some_and(is_punctuation) {
        return false;
    }
    let mut beyond = punctuated.take(8).skip_while(|c| is_punctuation(*c));
    is_caseless_letter(next) || beyond.next().is_some_and(is_caseless_letter)
}

/// What CommonMark calls a Unicode punctuation character: general category P or S.
fn is_punctuation(c: char) -> bool {
    use icu::properties::props::{GeneralCategory, GeneralCategoryGroup};
    if c.is_ascii() {
        return c.is_ascii_punctuation() && c != '\\';
    }
    let category = icu::properties::CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Punctuation.contains(category)
        || GeneralCategoryGroup::Symbol.contains(category)
}
