//! Slugs and anchors that keep their script.
//!
//! The rule: NFKC; harakat, tatweel, joiners and bidi controls dropped; letters, their other marks
//! and digits kept, both Arabic digit sets as ASCII digits; Latin in lower case; every other run
//! becomes one `-`. Letters are never folded (أ stays apart from ا, ة from ه): that would change
//! what the word says.

use std::borrow::Cow;

use icu::normalizer::ComposingNormalizerBorrowed;

/// The longest slug, in bytes. With `index.html.gz` and temporary names it stays below the 255
/// bytes that file systems allow a name.
pub const MAX_BYTES: usize = 120;

/// Makes a slug of a text; empty where the text has no letter or digit.
#[must_use]
pub fn slugify(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|c| push(&mut slug, c));
    } else {
        // Nothing in the letters of Arabic and ASCII changes under NFKC, but for hamza and madda
        // written after their letter, which are marks.
        let plain = |c: char| c.is_ascii() || matches!(c, '\u{0620}'..='\u{064A}');
        if text.chars().all(plain) {
            text.chars().for_each(|c| push(&mut slug, c));
            return finish(slug);
        }
        let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
        normal.chars().for_each(|c| push(&mut slug, c));
    }
    finish(slug)
}

/// The slug of a text, which is most often the text itself.
#[must_use]
pub fn of(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_slug = text.len() <= MAX_BYTES
        && text.bytes().all(|byte| plain(byte) || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--");
    if is_slug { text.into() } else { slugify(text).into() }
}

/// A slug or path as a hurried reader takes it: alef with or without hamza, teh marbuta and heh, the
/// forms of yeh and kaf are one. Two pages that differ in no more should not be two.
#[must_use]
pub fn fold(slug: &str) -> String {
    slug.chars()
        .map(|c| match c {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ة' | 'ۃ' | 'ہ' | 'ە' | 'ھ' | 'ۀ' | 'ۂ' => 'ه',
            'ى' | 'ئ' | 'ی' | 'ے' => 'ي',
            'ؤ' => 'و',
            'ک' => 'ك',
            '_' => '-',
            c => c,
        })
        .collect()
}

fn finish(mut slug: String) -> String {
    while slug.ends_with('-') {
        slug.pop();
    }
    cap(&mut slug);
    slug
}

fn push(slug: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => slug.push(c),
        'A'..='Z' => slug.push(c.to_ascii_lowercase()),
        // The letters of Arabic and of the languages written with it, which have no case.
        '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{0671}'..='\u{06D3}' => slug.push(c),
        // harakat, superscript alef, tatweel, zero-width joiner, bidi controls
        '\u{064B}'..='\u{0652}' | '\u{0670}' | '\u{0640}' | '\u{200D}' => {}
        c if super::is_bidi_control(c) => {}
        '٠'..='٩' => push_digit(slug, c, '٠'),
        '۰'..='۹' => push_digit(slug, c, '۰'),
        c if c.is_alphanumeric() || is_mark(c) => slug.extend(c.to_lowercase()),
        _ if slug.is_empty() || slug.ends_with('-') => {}
        _ => slug.push('-'),
    }
}

fn push_digit(slug: &mut String, c: char, zero: char) {
    slug.extend(char::from_digit(u32::from(c) - u32::from(zero), 10));
}

/// Combining marks that belong to their letter (vowel signs of Indic scripts, Urdu's marks).
fn is_mark(c: char) -> bool {
    use icu::properties::{CodePointMapData, props::GeneralCategory};
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark
    )
}

/// Cuts to [`MAX_BYTES`] at a word boundary where there is one in the second half.
fn cap(slug: &mut String) {
    if slug.len() <= MAX_BYTES {
        return;
    }
    let mut end = MAX_BYTES;
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    if let Some(dash) = slug.rfind('-').filter(|&at| at > MAX_BYTES / 2) {
        slug.truncate(dash);
    }
}

/// Names that Windows reserves for devices, in any letter case and with any extension.
#[must_use]
pub fn is_reserved_on_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let is = |device: &&str| stem.eq_ignore_ascii_case(device);
    let numbered = |device: &&str| {
        stem.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(device))
            && stem.len() == 4
            && stem.ends_with(|c: char| c.is_ascii_digit() && c != '0')
    };
    ["con", "prn", "aux", "nul"].iter().any(is) || ["com", "lpt"].iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_kept() {
        for (text, slug) in [
            ("ميناء غوادر", "ميناء-غوادر"),
            ("مُبَادَرَة «الحزام والطريق»", "مبادرة-الحزام-والطريق"),
            ("مبـــادرة", "مبادرة"),
            ("CPEC 2.0 (2025–2029)", "cpec-2-0-2025-2029"),
            ("عام ٢٠٢٦ و۷۵", "عام-2026-و75"),
            ("ﻣﺒﺎﺩﺭﺓ", "مبادرة"),
            ("中巴经济走廊", "中巴经济走廊"),
            ("می\u{200C}روم", "می-روم"),
            ("«»", ""),
            ("अर्थव्यवस्था", "अर्थव्यवस्था"),
        ] {
            assert_eq!(slugify(text), slug, "{text}");
        }
    }

    #[test]
    fn slugs_are_their_own_slugs() {
        for text in ["", "-", "a", "a-b", "a--b", "-a", "a-", "A", "a_b", "ميناء", "2026"] {
            assert_eq!(of(text), slugify(text), "{text}");
        }
    }

    #[test]
    fn long_slugs_end_at_a_word() {
        let slug = slugify(&"ميناء ".repeat(60));
        assert!(slug.len() <= MAX_BYTES && slug.ends_with("ميناء"), "{slug}");
    }

    #[test]
    fn letters_keep_their_meaning() {
        assert_ne!(slugify("أحمد"), slugify("احمد"));
        assert_ne!(slugify("تاء"), slugify("طاء"));
    }

    #[test]
    fn windows_devices_are_known() {
        assert!(is_reserved_on_windows("con") && is_reserved_on_windows("Lpt1.txt"));
        assert!(!is_reserved_on_windows("console") && !is_reserved_on_windows("com0"));
    }
}
