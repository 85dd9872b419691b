//! L12, L13, L15, L20.

use super::Place::{Prose, Title};
use super::holds;

#[test]
fn punctuation_is_of_the_script_of_its_words() {
    holds(
        "latin-punctuation",
        &[
            ("ar", Prose, "باكستان, والصين; نعم?", &[",", ";", "?"], Some("باكستان، والصين؛ نعم؟")),
            ("ar", Prose, "باكستان ,والصين", &[","], Some("باكستان ،والصين")),
            ("ar", Prose, "CPEC, SCO و1,250 وf(x, y)", &[], None),
            ("ar", Prose, "انظر https://a.org/بحث?س=1 وملف", &[], None),
            ("ar", Prose, "مشروعات CPEC، SCO", &[], None),
            (
                "ar",
                Prose,
                "the Arabian sea، and the port",
                &["،"],
                Some("the Arabian sea, and the port"),
            ),
            ("en", Prose, "Gwadar، the port؟ no", &["،", "؟"], Some("Gwadar, the port? no")),
            (
                "ur",
                Prose,
                "یہ ایک معاہدہ ہے. اور یہ بھی.",
                &[".", "."],
                Some("یہ ایک معاہدہ ہے۔ اور یہ بھی۔"),
            ),
            ("ur", Prose, "ا. ب. یا ملف.md اور...", &[], None),
            (
                "zh",
                Prose,
                "巴基斯坦, 中国; 合作?",
                &[",", ";", "?"],
                Some("巴基斯坦，中国；合作？"),
            ),
            ("zh", Prose, "双方同意: 合作.", &[":", "."], Some("双方同意：合作。")),
            ("zh", Prose, "文件.md 和 CPEC, SCO", &[], None),
            ("fa", Title, "پاکستان, چین", &[","], Some("پاکستان، چین")),
        ],
    );
}

#[test]
fn spaces_stand_where_they_belong() {
    holds(
        "spacing",
        &[
            ("ar", Prose, "ميناء  غوادر", &["  "], Some("ميناء غوادر")),
            ("ar", Prose, "ميناء\u{A0}\u{A0}غوادر", &["\u{A0}\u{A0}"], Some("ميناء\u{A0}غوادر")),
            ("zh", Prose, "中国  巴基斯坦", &["  "], Some("中国 巴基斯坦")),
            (
                "ar",
                Prose,
                "باكستان ، والصين  ؛ نعم .",
                &[" ", "  ", " "],
                Some("باكستان، والصين؛ نعم."),
            ),
            (
                "ar",
                Prose,
                "باكستان،والصين؛نعم؟لا",
                &["،", "؛", "؟"],
                Some("باكستان، والصين؛ نعم؟ لا"),
            ),
            ("ar", Prose, "باكستان ،والصين", &[" ", "،"], Some("باكستان، والصين")),
            (
                "ar",
                Prose,
                "« الحزام » و( الطريق )",
                &[" ", " ", " ", " "],
                Some("«الحزام» و(الطريق)"),
            ),
            ("ar", Prose, "قال : نعم !", &[" ", " "], Some("قال: نعم!")),
            ("ar", Prose, "١،٢٥٠ و«هل؟» و؟!، نعم؟\u{FFFC} …؛ ثم", &[], None),
            ("ar", Prose, "بنسبة 3 : 1 و :) و .md و .5 و ...", &[], None),
            (
                "en",
                Prose,
                "the port , and ( the road ) .",
                &[" ", " ", " ", " "],
                Some("the port, and (the road)."),
            ),
            ("en", Prose, "[ ] todo, .gitignore and ...", &[], None),
            ("fr", Prose, "Le corridor : « oui » !", &[], None),
            ("en", Prose, "  leading\n  and trailing  ", &[], None),
        ],
    );
}

#[test]
fn quotation_marks_have_their_pair() {
    holds(
        "quotes",
        &[
            ("ar", Prose, "مبادرة “الحزام” قال", &["“الحزام”"], Some("مبادرة «الحزام» قال")),
            ("ar", Prose, "قال: «مبادرة “الحزام”»", &[], None),
            ("ar", Prose, "مجلة “Foreign Affairs”", &[], None),
            ("ar", Prose, "مبادرة \"الحزام قال", &["\""], None),
            ("ar", Prose, "مبادرة «الحزام", &["«"], None),
            ("ar", Prose, "مبادرة الحزام» (والطريق", &["»", "("], None),
            ("en", Prose, "a) one, 1) two (three) iv) four :) and 12\" pipes", &[], None),
            ("en", Prose, "\"A quotation of several paragraphs", &[], None),
            ("de", Prose, "»so« steht es da", &[], None),
            ("en", Prose, "the one) (two", &[")", "("], None),
        ],
    );
}

#[test]
fn markup_does_not_show() {
    holds(
        "literal-markup",
        &[
            ("ar", Prose, "**«مبادرة»**التي", &["**«مبادرة»**"], None),
            ("ar", Prose, "هذا **مهم", &["**"], None),
            ("ar", Prose, "نص __مهم__ و~~شطب~~", &["__مهم__", "~~شطب~~"], None),
            ("en", Prose, "2**8, __init__, a ** b, ____ and *one*, Name**", &[], None),
            ("ar", Prose, "١. الطاقة\n٢. النقل", &["١."], None),
            ("ar", Prose, "المشروعات:\n۱) الطاقة", &["۱)"], None),
            ("ar", Prose, "في عام\n١٩٥١. ثم", &[], None),
            ("ar", Prose, "١٫٥ مليون و١. ", &[], None),
        ],
    );
}
