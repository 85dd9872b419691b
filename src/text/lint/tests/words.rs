//! L14, L16, L21.

use super::super::{Finding, Glossary, Lang, Passage, Spelling};
use super::Place::{Prose, Title};
use super::{holds, mended};

#[test]
fn waw_stands_with_its_word() {
    holds(
        "detached-waw",
        &[
            ("ar", Prose, "باكستان و الصين", &["و"], Some("باكستان والصين")),
            ("ar", Title, "و أكد الجانبان، و  جددا", &["و", "و"], Some("وأكد الجانبان، وجددا")),
            ("ar", Prose, "حرف و ينطق، وبنود أ و ب، وأ، ب، و", &[], None),
            ("ar", Prose, "و CPEC و 2025 و م أ و«و» و", &[], None),
            ("ur", Prose, "علم و ادب", &[], None),
        ],
    );
}

#[test]
fn frequent_slips_with_hamza_are_found() {
    holds(
        "spelling",
        &[
            ("ar", Prose, "اعلان بكين والى الصين", &["اعلان", "والى"], Some("إعلان بكين وإلى الصين")),
            (
                "ar",
                Prose,
                "الإتفاق والإجتماع بإسم",
                &["الإتفاق", "والإجتماع", "بإسم"],
                Some("الاتفاق والاجتماع باسم"),
            ),
            (
                "ar",
                Prose,
                "للاعلان وبانشاء الاطار",
                &["للاعلان", "وبانشاء", "الاطار"],
                Some("للإعلان وبإنشاء الإطار"),
            ),
            (
                "ar",
                Prose,
                "الاولى او الاسلاميّة",
                &["الاولى", "او", "الاسلاميّة"],
                Some("الأولى أو الإسلاميّة"),
            ),
            ("ar", Prose, "باول واحد لازمة إستراتيجي ان واو الفاو", &[], None),
            ("ar", Prose, "اتفاق الاقتصاد باسم اجتماع والاستثمار", &[], None),
            ("ur", Prose, "اعلان اسلام آباد", &[], None),
        ],
    );
}

fn in_arabic(text: &str, look: impl Fn(&Passage<'_>, &mut Vec<Finding>)) -> (Vec<String>, String) {
    let mut found = Vec::new();
    if let Some(lang) = Lang::parse("ar") {
        look(&Passage { text, lang: &lang, place: Prose }, &mut found);
    }
    let quoted =
        found.iter().map(|f| text.get(f.range.clone()).unwrap_or("?").to_owned()).collect();
    (quoted, mended(text, &found))
}

#[test]
fn the_site_is_its_own_measure() {
    let mut spelling = Spelling::default();
    if let Some(lang) = Lang::parse("ar") {
        let text = "الاتفاقية بين باكستاني وصيني في المستوى، وبالاتفاقية كتابة";
        for half in 0..2 {
            let mut other = Spelling::default();
            for _ in 0..10 + half {
                other.add(&Passage { text, lang: &lang, place: Prose });
            }
            spelling.merge(other);
        }
    }
    for (text, quoted, better) in [
        ("للاتفاقيه", vec!["للاتفاقيه"], "للاتفاقية"),
        ("رجل باكستانى", vec!["باكستانى"], "رجل باكستانى"),
        ("كتابه عن اتفاقيه", vec![], "كتابه عن اتفاقيه"),
        ("المستوي", vec![], "المستوي"),
        ("الاتفاقية باكستاني", vec![], "الاتفاقية باكستاني"),
    ] {
        let (found, new) = in_arabic(text, |passage, found| spelling.check(passage, found));
        assert_eq!((found.iter().map(String::as_str).collect(), new.as_str()), (quoted, better));
    }
}

#[test]
fn names_are_spelt_as_in_the_glossary() {
    let entry = |tag, right: &str, wrong: &[&str]| {
        let wrong: Vec<String> = wrong.iter().map(|wrong| (*wrong).to_owned()).collect();
        Some((Lang::parse(tag)?, right.to_owned(), wrong))
    };
    let glossary = Glossary::new(
        [
            entry("ar", "غوادر", &["جوادر", "كوادر", "قوادر الجديدة"]),
            entry("ar", "شي جين بينغ", &["شي جين بينج", "تشي جين بينغ"]),
            entry("ar", "الحزام والطريق", &["الطريق والحزام", "الحزام"]),
            entry("en", "Gwadar", &["Guadar", "Gawadar"]),
        ]
        .into_iter()
        .flatten(),
    );
    assert!(!glossary.is_empty() && Glossary::new([]).is_empty());
    for (text, quoted, better) in [
        ("ميناء جوادر", vec!["جوادر"], "ميناء غوادر"),
        ("بجوادر وجَوَادِر", vec!["جوادر", "جَوَادِر"], "بغوادر وغوادر"),
        ("الرئيس شي جين بينج،", vec!["شي جين بينج"], "الرئيس شي جين بينغ،"),
        ("شي  جين\nبينج", vec!["شي  جين\nبينج"], "شي جين بينغ"),
        ("غوادر وشي جين بينغ والجوادري", vec![], "غوادر وشي جين بينغ والجوادري"),
        // The right name holds a wrong one.
        ("مبادرة الحزام والطريق", vec![], "مبادرة الحزام والطريق"),
        ("للطريق والحزام", vec!["طريق والحزام"], "للحزام والطريق"),
        ("Guadar", vec![], "Guadar"),
    ] {
        let (found, new) = in_arabic(text, |passage, found| glossary.check(passage, found));
        assert_eq!((found.iter().map(String::as_str).collect(), new.as_str()), (quoted, better));
    }
}
