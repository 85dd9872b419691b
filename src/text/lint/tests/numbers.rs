//! L10, L11, L17.

use super::super::{Lang, Passage, page};
use super::Place::{Description, Prose, Title};
use super::holds;

#[test]
fn separators_belong_to_their_digits() {
    holds(
        "digit-separator",
        &[
            ("ar", Prose, "بلغ 12٫5 و1٬250", &["٫", "٬"], Some("بلغ 12.5 و1,250")),
            ("ar", Prose, "بلغ ١,٢٥٠ و١٢.٥", &[",", "."], Some("بلغ ١٬٢٥٠ و١٢٫٥")),
            ("ar", Prose, "الأعوام ٢٠٢٥,٢٠٢٦", &[","], None),
            ("ar", Prose, "بنسبة 75٪ و٧٥%", &["٪", "%"], Some("بنسبة 75% و٧٥٪")),
            ("ar", Prose, "بنسبة ٧٥ % من", &["%"], Some("بنسبة ٧٥ ٪ من")),
            ("ar", Prose, "٧٥٪ و75% و%12 و١٬٢٥٠٫٥ و1,250.5", &[], None),
            ("ar", Prose, "يوم ٤.١.٢٠٢٦", &[], None),
            ("ar", Prose, "٢.١ الطاقة", &[], None),
        ],
    );
}

#[test]
fn dates_and_ranges_show_in_their_order() {
    holds(
        "unisolated-number",
        &[
            ("ar", Prose, "خطة 2025-2029", &["2025-2029"], Some("خطة 2025–2029")),
            ("ar", Prose, "خطة ٢٠٢٥-٢٠٢٩.", &["٢٠٢٥-٢٠٢٩"], Some("خطة ٢٠٢٥–٢٠٢٩.")),
            ("ur", Prose, "(2013-2030)", &["2013-2030"], Some("(2013–2030)")),
            ("ar", Title, "بيان 2026-01-04", &["2026-01-04"], None),
            ("ar", Description, "الهاتف +92 51 123 4567", &["+92 51 123 4567"], None),
            ("ar", Prose, "بيان 2026-01-04، هاتف +92 51 123 4567", &[], None),
            ("ar", Prose, "رقم 1234-5678 و2029-2025 وA2025-2029 و2025-2029-1", &[], None),
            ("en", Title, "2026-01-04", &[], None),
            ("en", Prose, "2025-2029", &[], None),
        ],
    );
}

#[test]
fn a_page_has_one_set_of_digits() {
    let Some(lang) = Lang::parse("ar") else { return };
    let found = |texts: &[&str]| {
        let passages: Vec<_> =
            texts.iter().map(|text| Passage { text, lang: &lang, place: Prose }).collect();
        let found = page(&passages).into_iter();
        let quoted = found.map(|(i, f)| (i, texts[i].get(f.range).unwrap_or("?").to_owned()));
        quoted.collect::<Vec<_>>()
    };
    let own = |list: &[(usize, &str)]| -> Vec<_> {
        list.iter().map(|(i, text)| (*i, (*text).to_owned())).collect()
    };
    assert_eq!(found(&["عام 2026 و1951", "عام ٢٠٢٥"]), own(&[(1, "٢٠٢٥")]));
    assert_eq!(found(&["عام ٢٠٢٦ و١٩٥١", "عام 2025"]), own(&[(1, "2025")]));
    assert_eq!(found(&["عام ۲۰۲۶", "عام 2025 و2026"]), own(&[(0, "۲۰۲۶")]));
    assert_eq!(found(&["عام 2٠26"]), own(&[(0, "2٠26")]));
    assert_eq!(found(&["1 2 3 4 5 6 و١ و٢ و٣ و٤"]).len(), 3);
    // European digits of Latin names go with every set.
    assert_eq!(found(&["عام ٢٠٢٦: CPEC 2.0 وML-1 و5G وhttps://a.org/2026"]), own(&[]));
    assert_eq!(found(&["عام 2026", "و75 عاماً"]), own(&[]));
}
