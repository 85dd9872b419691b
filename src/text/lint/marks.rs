//! L18: vowel marks.
//!
//! Two things that look odd are left alone. Shadda may stand before its vowel, as keyboards write
//! it, or after it, as NFC does: what NFC leaves as it is cannot be wrong. And the tanween of
//! «كتابًا» is written on its alef in «كتاباً» as well: both are in use, and a house decides.

use super::chars::{self, OBJECT, TATWEEL, ZWJ, ZWNJ, is_arabic_mark, is_harakat, named};
use super::look::Look;
use super::{Finding, rules};

/// A vowel, its absence or a tanween: a letter has but one of them.
fn is_vowel(c: char) -> bool {
    matches!(c, '\u{064B}'..='\u{0650}' | '\u{0652}')
}

/// Whether a vowel mark cannot sit on a character, so that it shows on a dotted circle. A no-break
/// space carries a mark on purpose, and letters of other scripts have marks in common with Arabic.
fn carries_none(base: Option<char>) -> bool {
    let Some(base) = base else { return true };
    base != '\u{A0}'
        && (base.is_whitespace()
            || base.is_ascii()
            || chars::is_latin(base)
            || chars::is_digit(base)
            || chars::is_opening(base)
            || chars::is_closing(base)
            || matches!(base, '،' | '؛' | '؟' | '۔' | '…' | '–' | '—'))
}

/// L18.
pub(super) fn marks(look: &Look<'_>, found: &mut Vec<Finding>) {
    let mut base: Option<(usize, char)> = None;
    let mut on: [Option<char>; 4] = [None; 4];
    for (at, c) in look.text.char_indices() {
        let hidden = matches!(c, ZWJ | ZWNJ) || super::super::is_bidi_control(c);
        if !is_arabic_mark(c) {
            if !hidden {
                base = Some((at, c));
                on = [None; 4];
            }
            continue;
        }
        if !is_harakat(c) {
            continue;
        }
        let range = at..at + c.len_utf8();
        let letter = base.map_or("", |(start, _)| look.slice(start..range.end));
        if carries_none(base.map(|(_, c)| c)) {
            // One finding for all marks of a place.
            if on == [None; 4] {
                let message = format!("{} has no letter under it", named(c));
                let finding = Finding::new(rules::VOWELS, range, message);
                found.push(finding.hint("write it after its letter, or after a tatweel"));
            }
        } else if on.contains(&Some(c)) {
            let message = format!("{} is doubled in «{letter}»", named(c));
            let finding = Finding::new(rules::VOWELS, range.clone(), message);
            found.push(finding.hint("remove one").edit(range, ""));
        } else if let Some(other) =
            on.iter().flatten().find(|other| is_vowel(c) && is_vowel(**other))
            && base.is_some_and(|(_, c)| c != TATWEEL && c != OBJECT)
        {
            let message = format!("{} and {} are on one letter", named(*other), named(c));
            found.push(Finding::new(rules::VOWELS, range, message).hint("remove one of them"));
        }
        if let Some(free) = on.iter_mut().find(|mark| mark.is_none()) {
            *free = Some(c);
        }
    }
}
