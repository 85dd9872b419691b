//! L1 to L7.

use super::super::{Finding, raw};
use super::Place::{Code, Machine, Prose, Title};
use super::holds;

#[test]
fn embeddings_and_overrides_are_found_everywhere() {
    holds(
        "bidi-override",
        &[
            (
                "ar",
                Prose,
                "ميناء \u{202E}غوادر\u{202C}",
                &["\u{202E}", "\u{202C}"],
                Some("ميناء غوادر"),
            ),
            ("en", Code, "if a \u{202B}{", &["\u{202B}"], Some("if a {")),
            ("ar", Machine, "ar/\u{202A}gwadar", &["\u{202A}"], Some("ar/gwadar")),
            ("ar", Prose, "ميناء \u{2068}Gwadar\u{2069}", &[], None),
        ],
    );
}

#[test]
fn isolates_are_closed() {
    holds(
        "bidi-unbalanced",
        &[
            ("ar", Prose, "ميناء \u{2068}Gwadar\u{2069} و\u{2066}CPEC\u{2069}", &[], None),
            ("ar", Prose, "ميناء \u{2068}Gwadar", &["\u{2068}"], Some("ميناء Gwadar")),
            ("ar", Prose, "ميناء Gwadar\u{2069}", &["\u{2069}"], Some("ميناء Gwadar")),
            ("ar", Prose, "C++\u{200E} لغة", &[], None),
            ("ar", Code, "a\u{200E}b", &["\u{200E}"], None),
            ("ar", Machine, "a\u{2068}b\u{2069}", &["\u{2068}", "\u{2069}"], Some("ab")),
        ],
    );
}

#[test]
fn marks_that_do_nothing_are_found() {
    holds(
        "stray-mark",
        &[
            ("ar", Prose, "\u{200F}ميناء غوادر", &["\u{200F}"], Some("ميناء غوادر")),
            ("ar", Prose, "ميناء غوادر\u{200F}", &["\u{200F}"], Some("ميناء غوادر")),
            (
                "ar",
                Prose,
                "لغة C++\u{200F}\u{200F}، وغيرها",
                &["\u{200F}"],
                Some("لغة C++\u{200F}، وغيرها"),
            ),
            ("ar", Prose, "ميناء\u{200E}\nغوادر", &["\u{200E}"], Some("ميناء\nغوادر")),
            ("ar", Prose, "لغة C++\u{200E} مشهورة", &[], None),
            ("ar", Title, "\u{200F}CPEC 2.0: نسخة مطوّرة", &[], None),
            ("ar", Title, "\u{200F}النسخة المطوّرة", &["\u{200F}"], Some("النسخة المطوّرة")),
            ("ar", Title, "لغة C++\u{200E}", &[], None),
        ],
    );
}

#[test]
fn other_invisible_characters_are_found() {
    holds(
        "invisible",
        &[
            ("ar", Prose, "مي\u{200B}\u{200B}ناء", &["\u{200B}\u{200B}"], Some("ميناء")),
            ("ar", Prose, "ميناء\u{2028}غوادر", &["\u{2028}"], Some("ميناء غوادر")),
            (
                "en",
                Prose,
                "co\u{AD}oper\u{FEFF}ation",
                &["\u{AD}", "\u{FEFF}"],
                Some("cooperation"),
            ),
            ("en", Code, "a\u{2060}b", &["\u{2060}"], Some("ab")),
            ("en", Prose, "a\u{E0041}b", &["\u{E0041}"], Some("ab")),
            ("km", Prose, "ភាសា\u{200B}ខ្មែរ", &[], None),
        ],
    );
}

#[test]
fn joiners_belong_to_some_languages() {
    holds(
        "joiner",
        &[
            ("ar", Prose, "مي\u{200C}ناء", &["\u{200C}"], None),
            ("ar", Prose, "غواد\u{200C}ر", &["\u{200C}"], Some("غوادر")),
            ("ar", Prose, "مي\u{200D}ناء", &["\u{200D}"], Some("ميناء")),
            ("ar", Prose, "عام 1447 ه\u{200D}", &[], None),
            ("ar", Prose, "ميناء\u{200C} غوادر", &["\u{200C}"], Some("ميناء غوادر")),
            ("fa", Prose, "می\u{200C}رود", &[], None),
            ("fa", Prose, "می\u{200C}\u{200C}رود", &["\u{200C}"], Some("می\u{200C}رود")),
            ("ur", Prose, "علم\u{200C} و ادب", &["\u{200C}"], Some("علم و ادب")),
            ("en", Prose, "port \u{200D} of", &["\u{200D}"], Some("port  of")),
            ("hi", Prose, "र्\u{200D} और क्\u{200C}ष", &[], None),
            ("ar", Machine, "می\u{200C}رود", &[], None),
            ("ar", Code, "مي\u{200C}ناء", &[], None),
        ],
    );
}

#[test]
fn letters_are_stored_as_letters() {
    holds(
        "presentation-form",
        &[
            ("ar", Prose, "ﻣﺒﺎﺩﺭﺓ الحزام", &["ﻣﺒﺎﺩﺭﺓ"], Some("مبادرة الحزام")),
            ("ar", Prose, "ﻣﻴﻨﺎء ﻏﻮﺍﺩﺭ", &["ﻣﻴﻨﺎ", "ﻏﻮﺍﺩﺭ"], Some("ميناء غوادر")),
            ("ar", Prose, "اﻻتفاق", &["ﻻ"], Some("الاتفاق")),
            ("ar", Prose, "ﺓﺭﺩﺎﺒﻣ", &["ﺓﺭﺩﺎﺒﻣ"], None),
            ("ar", Prose, "محمد ﷺ ﴿آية﴾", &[], None),
            ("ar", Machine, "ﻣﻦ", &["ﻣﻦ"], Some("من")),
        ],
    );
}

#[test]
fn texts_are_in_nfc() {
    holds(
        "not-nfc",
        &[
            (
                "ar",
                Prose,
                "ا\u{0654}حمد وا\u{0653}سيا",
                &["ا\u{0654}", "ا\u{0653}"],
                Some("أحمد وآسيا"),
            ),
            ("en", Prose, "communique\u{301}", &["e\u{301}"], Some("communiqué")),
            ("ar", Machine, "ا\u{0654}حمد", &["ا\u{0654}"], Some("أحمد")),
            // Shadda before its vowel, as it is typed, and after it.
            ("ar", Prose, "تّ\u{064E} و ت\u{064E}\u{0651}", &[], None),
            ("ar", Code, "ا\u{0654}", &[], None),
        ],
    );
}

#[test]
fn raw_text_is_looked_at_by_lines() {
    let mut found = Vec::new();
    raw("\u{FEFF}a\u{2068}\nb\u{2069}\nc\u{202E}d\u{200B}\u{200F}", &mut found);
    let places: Vec<_> = found.iter().map(|f: &Finding| (f.rule.number, f.range.clone())).collect();
    assert_eq!(places, [("L2", 4..7), ("L2", 9..12), ("L1", 14..17), ("L4", 18..21)]);
}
