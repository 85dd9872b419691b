//! Slugs, URLs and dates.

use dhikra::text::{Edtf, nfc, percent, slug};
use icu::normalizer::ComposingNormalizerBorrowed;
use proptest::prelude::*;

use crate::cases;
use crate::inputs::{markup, word};

/// Whether a slug must keep something of a text: tatweel and vowel signs count as letters for
/// Unicode and are no part of a word's spelling, in whatever form they are written.
fn has_letters(text: &str) -> bool {
    let dropped = |c: char| matches!(c, '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}');
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
    normal.chars().any(|c| c.is_alphanumeric() && !dropped(c))
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        markup(),
        prop::collection::vec(word(), 0..40).prop_map(|w| w.join(" "))
    ]
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn slugs_are_sound(text in any_text()) {
        let slug = slug::slugify(&text);
        prop_assert!(slug.len() <= slug::MAX_BYTES, "{}", slug);
        prop_assert_eq!(&*nfc(&slug), &*slug);
        prop_assert_eq!(slug::slugify(&slug), slug.clone());
        prop_assert!(!slug.is_empty() || !has_letters(&text));
        prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "/\\:*?\"<>|.%#".contains(c);
        prop_assert!(!slug.contains(forbidden), "{}", slug);
    }

    #[test]
    fn equal_texts_have_equal_slugs(text in any_text()) {
        // Decomposed by hand: hamza and madda above their letter.
        let apart = text.replace('أ', "\u{627}\u{654}").replace('آ', "\u{627}\u{653}");
        prop_assert_eq!(slug::slugify(&apart), slug::slugify(&text));
    }

    #[test]
    fn paths_are_encoded_once_and_come_back(path in any_text()) {
        let encoded = percent::encode_path(&path);
        prop_assert!(encoded.is_ascii());
        prop_assert_eq!(percent::decode(&encoded), Some(path));
        prop_assert_eq!(percent::encode_written(&encoded), encoded);
    }

    #[test]
    fn written_urls_are_encoded_once(url in any_text()) {
        let once = percent::encode_written(&url);
        prop_assert!(once.bytes().all(|b| b.is_ascii_graphic()), "{}", once);
        prop_assert_eq!(percent::encode_written(&once), once.clone());
        prop_assert_eq!(percent::decode(&once), percent::decode(&url));
    }

    #[test]
    fn dates_come_back_as_they_were(
        from in moment(), to in moment(), form in 0..4,
    ) {
        let text = match form {
            0 => from,
            1 => format!("{from}/{to}"),
            2 => format!("{from}/.."),
            _ => format!("../{to}"),
        };
        if let Ok(date) = Edtf::parse(&text) {
            prop_assert_eq!(date.to_string(), &*text);
            prop_assert_eq!(Edtf::parse(&date.to_string()), Ok(date));
            let _ = (date.sort_key(), date.machine(), date.start().last_day());
        } else {
            // Only a day that no month has, and an interval that runs backwards, are refused.
            prop_assert!(form == 1 || text.contains("-29") || text.contains("-3"), "{}", text);
        }
    }

    #[test]
    fn no_text_is_too_odd_for_a_date(text in "[0-9X/.~?%-]{0,24}|\\PC{0,12}") {
        if let Ok(date) = Edtf::parse(&text) {
            prop_assert_eq!(Edtf::parse(&date.to_string()), Ok(date));
            let _ = (date.sort_key(), date.machine(), date.start().last_day());
        }
    }
}

/// A date with the precision that it has.
fn moment() -> impl Strategy<Value = String> {
    let plain =
        (0..=9999_u16, 1..=12_u8, 1..=31_u8, 0..5).prop_map(
            |(y, m, d, precision)| match precision {
                0 => format!("{y:04}-{m:02}-{d:02}"),
                1 => format!("{y:04}-{m:02}"),
                2 => format!("{y:04}"),
                3 => format!("{:03}X", y / 10),
                _ => format!("{:02}XX", y / 100),
            },
        );
    (plain, prop::sample::select(vec!["", "~", "?", "%"])).prop_map(|(date, mark)| date + mark)
}
