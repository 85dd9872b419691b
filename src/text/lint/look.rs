//! The first look at a passage: which kinds of characters are in it. Most rules need one that a
//! clean passage does not have, so that most passages are read but once.

use super::chars;
use super::script::{self, Script};
use super::{Passage, Place};

pub(super) const BIDI: u64 = 1;
/// What is invisible and neither a bidirectional control nor a joiner.
pub(super) const INVISIBLE: u64 = 1 << 1;
pub(super) const JOINER: u64 = 1 << 2;
/// Presentation forms of Arabic letters.
pub(super) const FORM: u64 = 1 << 3;
/// Combining marks of every script.
pub(super) const MARK: u64 = 1 << 4;
/// What may be something else in NFC.
pub(super) const OTHER: u64 = 1 << 5;
pub(super) const TATWEEL: u64 = 1 << 6;
pub(super) const ARABIC: u64 = 1 << 7;
pub(super) const LATIN: u64 = 1 << 8;
pub(super) const GREEK_CYRILLIC: u64 = 1 << 9;
pub(super) const HAN: u64 = 1 << 10;
/// Letters that are wrong in Arabic.
pub(super) const NOT_ARABIC: u64 = 1 << 11;
/// 0–9
pub(super) const EUROPEAN: u64 = 1 << 12;
/// ٠–٩ and ۰–۹
pub(super) const EASTERN: u64 = 1 << 13;
/// ٪ ٫ ٬
pub(super) const SEPARATOR: u64 = 1 << 14;
pub(super) const HARAKAT: u64 = 1 << 15;
/// , ; ?
pub(super) const ASCII_MARK: u64 = 1 << 16;
/// ، ؛ ؟ ۔
pub(super) const ARABIC_MARK: u64 = 1 << 17;
/// . : !
pub(super) const STOP: u64 = 1 << 18;
pub(super) const SPACE: u64 = 1 << 19;
pub(super) const OPEN: u64 = 1 << 20;
pub(super) const CLOSE: u64 = 1 << 21;
pub(super) const BRACKET: u64 = OPEN | CLOSE;
/// " “ ”
pub(super) const QUOTE: u64 = 1 << 22;
/// * _ ~
pub(super) const MARKUP: u64 = 1 << 23;
pub(super) const HYPHEN: u64 = 1 << 24;
pub(super) const PLUS: u64 = 1 << 25;
/// ٭
pub(super) const STAR: u64 = 1 << 26;
/// Forms of alef: ا أ إ
pub(super) const ALEF: u64 = 1 << 27;
const WAW: u64 = 1 << 28;
/// Letters that are wrong in Urdu.
pub(super) const NOT_URDU: u64 = 1 << 29;

/// Two characters beside each other that [`super::spacing`] looks at.
pub(super) const SPACING: u64 = 1 << 40;
/// «و» and a space.
pub(super) const WAW_SPACE: u64 = 1 << 41;
/// Arabic beside Latin.
pub(super) const SEAM: u64 = 1 << 42;

/// The kinds of a character below U+0700.
const fn near(c: u32) -> u64 {
    match c {
        0x20 | 0xA0 => SPACE,
        0x22 => QUOTE,
        0x28 | 0x5B | 0xAB => OPEN,
        0x29 | 0x5D | 0xBB => CLOSE,
        0x2A | 0x5F | 0x7E => MARKUP,
        0x2B => PLUS,
        0x2C | 0x3B | 0x3F => ASCII_MARK,
        0x21 | 0x2E | 0x3A => STOP,
        0x2D => HYPHEN,
        0x30..=0x39 => EUROPEAN,
        0x41..=0x5A | 0x61..=0x7A => LATIN,
        0xAD => INVISIBLE,
        0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x24F => LATIN,
        0x34F => INVISIBLE | MARK,
        0x300..=0x36F => MARK,
        0x370..=0x3FF => GREEK_CYRILLIC | OTHER,
        0x483..=0x489 | 0x591..=0x5BD => MARK,
        0x400..=0x52F => GREEK_CYRILLIC,
        0x60C | 0x61B | 0x61F | 0x6D4 => ARABIC_MARK,
        0x61C => BIDI,
        0x640 => TATWEEL,
        0x648 => ARABIC | WAW,
        0x623 | 0x625 | 0x627 => ARABIC | ALEF,
        0x629 | 0x643 | 0x647 | 0x649 | 0x64A => ARABIC | NOT_URDU,
        0x671 | 0x6A9 | 0x6BE | 0x6C1 | 0x6CC | 0x6D2 | 0x6D5 => ARABIC | NOT_ARABIC,
        0x64B..=0x65F | 0x670 => HARAKAT | MARK,
        0x660..=0x669 | 0x6F0..=0x6F9 => EASTERN,
        0x66A..=0x66C => SEPARATOR,
        0x66D => STAR,
        0x610..=0x61A | 0x6D6..=0x6ED => MARK,
        0x620..=0x63F | 0x641..=0x64A | 0x66E..=0x6D3 | 0x6FA..=0x6FF => ARABIC,
        0..0x300 => 0,
        _ => OTHER,
    }
}

/// The kinds of a character from U+0700 on.
fn far(c: char) -> u64 {
    match c {
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => BIDI,
        '\u{200C}' | '\u{200D}' => JOINER,
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' | '\u{2028}' | '\u{2029}' => INVISIBLE,
        '\u{E0000}'..='\u{E007F}' => INVISIBLE,
        '“' | '”' => QUOTE,
        '\u{2010}'..='\u{2027}' | '\u{202F}'..='\u{205F}' | '\u{FFFC}' => 0,
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => FORM,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2EBEF}' => HAN,
        '\u{3000}'..='\u{3029}' | '\u{FF00}'..='\u{FF65}' => 0,
        '\u{1E00}'..='\u{1EFF}' => LATIN,
        c if chars::is_arabic(c) => ARABIC,
        _ => OTHER,
    }
}

const NEAR: usize = 0x700;

static KINDS: [u64; NEAR] = {
    let mut kinds = [0; NEAR];
    let mut c = 0;
    while c < NEAR {
        kinds[c] = near(c as u32);
        c += 1;
    }
    kinds
};

fn kinds(c: char) -> u64 {
    KINDS.get(c as usize).copied().unwrap_or_else(|| far(c))
}

/// What two characters beside each other may be a sign of.
fn pair(left: u64, right: u64) -> u64 {
    const PUNCTUATION: u64 = ASCII_MARK | ARABIC_MARK | STOP | CLOSE;
    const WORD: u64 = ARABIC | LATIN | EUROPEAN | EASTERN | OPEN;
    let mut found = 0;
    let spaced = left & SPACE != 0 && right & (SPACE | PUNCTUATION) != 0
        || left & OPEN != 0 && right & SPACE != 0;
    if spaced || left & ARABIC_MARK != 0 && right & WORD != 0 {
        found |= SPACING;
    }
    if left & WAW != 0 && right & SPACE != 0 {
        found |= WAW_SPACE;
    }
    let arabic = ARABIC | TATWEEL | HARAKAT;
    if left & arabic != 0 && right & LATIN != 0 || left & LATIN != 0 && right & arabic != 0 {
        found |= SEAM;
    }
    found
}

/// A passage, and what a first look tells of it.
pub(super) struct Look<'a> {
    pub(super) text: &'a str,
    pub(super) place: Place,
    /// The primary subtag of its language, where that is written in its usual script; else empty.
    pub(super) lang: &'a str,
    /// The script of its language.
    pub(super) script: Script,
    /// The kinds of characters and of pairs that are in it.
    pub(super) has: u64,
}

impl<'a> Look<'a> {
    pub(super) fn new(passage: &Passage<'a>) -> Self {
        let (lang, script) = script::of(passage.lang);
        let mut has = 0;
        let mut left = 0;
        for c in passage.text.chars() {
            let right = kinds(c);
            has |= right | pair(left, right);
            left = right;
        }
        Self { text: passage.text, place: passage.place, lang, script, has }
    }

    /// Whether one of these kinds is in it.
    pub(super) fn has(&self, kinds: u64) -> bool {
        self.has & kinds != 0
    }

    /// The text of a range; empty where there is none such.
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }
}
