//! Which runs of a text must be isolated so that they are drawn in the order they are read.
//!
//! The bidirectional algorithm (UAX #9) knows no words. In a right-to-left paragraph it draws
//! `CPEC, SCO` with the first name on the left, `2026-01-04` back to front and `C++.` with its signs
//! before the letter. The remedy is an isolate around each phrase of the other direction
//! (UAX #9 §2.4.2; `<bdi dir>` in HTML), and nothing around what comes out right by itself:
//! percentages, times, decimals, ratios.

mod arabic;
mod latin;
mod numbers;
mod tokens;

use std::ops::Range;

use super::{Direction, first_block};

/// Stands in a text for what is none: inline code, an image, a line break. No run goes across.
pub const OBJECT: char = '\u{FFFC}';

/// How the runs of a text are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The direction of the paragraph.
    pub base: Direction,
    /// The direction in which a range of numbers, `2025–2029`, is read in it.
    pub ranges: Direction,
}

impl Policy {
    /// The policy of a direction, with ranges read in it.
    #[must_use]
    pub fn of(base: Direction) -> Self {
        Self { base, ranges: base }
    }
}

/// Whether a text may hold a run to isolate: a quick look at its bytes, for the many that do not.
#[must_use]
pub fn may_hold(text: &[u8], base: Direction) -> bool {
    match base {
        Direction::Rtl => first_block(text, begins_ltr).is_some(),
        Direction::Ltr => first_block(text, begins_rtl).is_some(),
    }
}

/// Whether a left-to-right letter or a digit of any kind may begin with this byte of UTF-8 before that
/// one.
fn begins_ltr(byte: u8, next: u8) -> bool {
    let ascii = (byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 26);
    // Everything but Hebrew and Arabic (D6–DF), punctuation (E2) and the forms of Arabic letters (EF).
    let letter = (byte >= 0xC3) & (byte.wrapping_sub(0xD6) >= 10) & (byte != 0xE2) & (byte != 0xEF);
    let arabic_digit = ((byte == 0xD9) & (next.wrapping_sub(0xA0) < 10))
        | ((byte == 0xDB) & (next.wrapping_sub(0xB0) < 10));
    ascii | letter | arabic_digit
}

/// Whether a right-to-left letter may begin with this byte of UTF-8.
fn begins_rtl(byte: u8, _: u8) -> bool {
    matches!(byte, 0xD6..=0xDF | 0xE0 | 0xEF | 0xF0)
}

/// Where the first left-to-right letter or digit may be.
fn first_ltr(text: &[u8]) -> Option<usize> {
    let start = first_block(text, begins_ltr)?;
    let rest = text.get(start..)?;
    let next = rest.iter().skip(1).copied().chain([0]);
    rest.iter().zip(next).position(|(byte, next)| begins_ltr(*byte, next)).map(|at| start + at)
}

/// The runs of a text to isolate, in their order and apart, each in the direction that is not the
/// paragraph's.
#[must_use]
pub fn runs(text: &str, policy: Policy) -> Vec<Range<usize>> {
    match policy.base {
        Direction::Rtl => latin::runs(text, policy),
        Direction::Ltr => arabic::runs(text),
    }
}

/// What a character is to the search for runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// A letter of a script written from left to right.
    Ltr,
    /// A letter of a script written from right to left, and its punctuation.
    Rtl,
    /// A digit: European, Arabic-Indic or its eastern forms.
    Digit,
    Space,
    /// What belongs to the character before it.
    Mark,
    Other,
}

/// The class of a character: what of UAX #9 §3.2 the search needs, without a table.
fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Ltr,
        '0'..='9' | '٠'..='٩' | '۰'..='۹' => Class::Digit,
        c if c.is_ascii() => {
            if c.is_ascii_whitespace() {
                Class::Space
            } else {
                Class::Other
            }
        }
        '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' => Class::Mark,
        '\u{0300}'..='\u{036F}' | '\u{200C}' | '\u{200D}' => Class::Mark,
        // Raised and lowered digits: km², CO₂.
        '²' | '³' | '¹' | '\u{2070}'..='\u{2079}' | '\u{2080}'..='\u{2089}' => Class::Mark,
        '٪' | '٫' | '٬' => Class::Other,
        '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => Class::Rtl,
        '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}' => Class::Rtl,
        c if c.is_whitespace() => Class::Space,
        c if c.is_alphabetic() => Class::Ltr,
        _ => Class::Other,
    }
}

/// Whether a text holds a letter of a class.
fn has(text: &str, wanted: Class) -> bool {
    text.chars().any(|c| class(c) == wanted)
}

#[cfg(test)]
mod tests;
