//! L8, L9, L18, L19, L22.

use super::Place::{Description, Prose, Title};
use super::holds;

#[test]
fn tatweel_has_few_uses() {
    holds(
        "tatweel",
        &[
            ("ar", Prose, "مبـادرة الحزام", &["ـ"], Some("مبادرة الحزام")),
            ("ar", Prose, "ميـــناء غــوادر", &["ـــ", "ــ"], Some("ميناء غوادر")),
            ("ar", Prose, "بـاكستـان", &["ـاكستـ"], Some("باكستان")),
            ("ar", Prose, "1447هـ و15 هـ، والحروف عـ ـعـ ـع، أما بـ في أول الكلمة", &[], None),
            ("ar", Prose, "الـCPEC وبـ«الحزام» والـ75 ولـ\u{FFFC} والـ 5G", &[], None),
            ("ar", Prose, "ـَ ـُ ـِ", &[], None),
            ("ur", Prose, "پاکســتان", &["ــ"], Some("پاکستان")),
        ],
    );
}

#[test]
fn letters_belong_to_their_language() {
    holds(
        "foreign-letter",
        &[
            ("ar", Prose, "العلاقات مع باکستان", &["ک"], Some("العلاقات مع باكستان")),
            ("ar", Prose, "میناء جوادر", &["ی"], Some("ميناء جوادر")),
            ("ar", Prose, "الصینی", &["ینی"], None),
            ("ar", Prose, "علیہ", &["یہ"], Some("عليه")),
            ("ar", Prose, "ٱلله", &["ٱ"], None),
            ("ur", Prose, "پاكستاني تعلقات", &["كستاني"], Some("پاکستانی تعلقات")),
            ("ur", Prose, "علاقه", &["ه"], Some("علاقہ")),
            ("ur", Prose, "رحمة اللہ", &["ة"], None),
            ("ur", Prose, "پاکستان اور چین کے تعلقات", &[], None),
            ("fa", Prose, "پاكستان", &[], None),
            ("en", Prose, "کراچی", &[], None),
        ],
    );
}

#[test]
fn vowel_marks_sit_on_letters() {
    holds(
        "vowel-mark",
        &[
            ("ar", Prose, "يُ\u{064F}عدّ", &["\u{064F}"], Some("يُعدّ")),
            ("ar", Prose, "كتاب \u{064B}", &["\u{064B}"], None),
            ("ar", Prose, "\u{064E}كتب", &["\u{064E}"], None),
            ("ar", Prose, "ك\u{064E}\u{0650}تب", &["\u{0650}"], None),
            (
                "ar",
                Prose,
                "تّ\u{064E} وت\u{064E}\u{0651} وكتاباً وكتابًا وهٰذا ـَ \u{25CC}\u{064E}",
                &[],
                None,
            ),
            ("ur", Prose, "اتفاقِ رائے", &[], None),
        ],
    );
}

#[test]
fn words_are_of_one_script() {
    holds(
        "look-alike",
        &[
            ("ar", Prose, "ممر CPECية", &["CPECية"], None),
            ("ar", Prose, "والCPEC ولـCPEC وCPEC والـG20", &[], None),
            ("en", Prose, "P\u{0430}kist\u{0430}n", &["P\u{0430}kist\u{0430}n"], Some("Pakistan")),
            ("ru", Prose, "Пaкистaн", &["Пaкистaн"], Some("Пакистан")),
            ("en", Prose, "\u{039A}arachi", &["\u{039A}arachi"], Some("Karachi")),
            ("en", Prose, "3 μm and 5 kΩ, αHelix", &[], None),
            ("ar", Prose, "انتهى النص٠", &["٠"], Some("انتهى النص.")),
            ("ur", Prose, "متن ختم ہوا۰", &["۰"], Some("متن ختم ہوا۔")),
            ("ar", Prose, "عام ٢٠٢٠ والصفر ٠", &[], None),
            ("ar", Prose, "٭ملاحظة", &["٭"], None),
            ("ar", Prose, "صدر البيت ٭ عجزه", &[], None),
        ],
    );
}

#[test]
fn titles_are_in_the_script_of_their_language() {
    holds(
        "wrong-script",
        &[
            ("ar", Title, "Gwadar Port", &["Gwadar Port"], None),
            ("ar", Description, " The port of غوادر ", &["The port of غوادر"], None),
            ("en", Title, "ميناء غوادر", &["ميناء غوادر"], None),
            ("zh", Title, "Corridor", &["Corridor"], None),
            ("ar", Title, "CPEC 2.0", &[], None),
            ("ar", Title, "ML-1", &[], None),
            ("ar", Title, "الممر CPEC", &[], None),
            ("en", Title, "CPEC 中", &[], None),
            ("ar-Latn", Title, "Mina Ghwadar", &[], None),
            ("ar", Prose, "Gwadar Port", &[], None),
            ("tlh", Title, "غوادر", &[], None),
        ],
    );
}
