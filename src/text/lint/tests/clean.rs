//! Texts in which no rule finds anything.

use super::Place::{Code, Description, Machine, Prose, Title};
use super::lint;

#[test]
fn good_texts_are_left_alone() {
    for (tag, place, text) in [
        ("ar", Title, "حوار بكين: الجولة السابعة"),
        ("ar", Title, "CPEC 2.0"),
        ("ar", Title, "مبادرة «الحزام والطريق» والممر CPEC"),
        ("ar", Description, "خمسة وسبعون عاماً من العلاقات بين باكستان والصين، واتفاق يناير 2026."),
        (
            "ar",
            Prose,
            "أقامت باكستان والصين علاقاتهما الدبلوماسية في 21 مايو 1951\u{FFFC}\u{FFFC}. وتُتمّ هذه \
            العلاقات 75 عاماً في عام 2026؛ فهل تتجدّد؟ نعم، «في جميع الظروف».",
        ),
        (
            "ar",
            Prose,
            "تضم النسخة المطوّرة CPEC 2.0 (2025–2029) خمسة ممرات: ممر النمو، وممر الابتكار…",
        ),
        (
            "ar",
            Prose,
            "انعقد الاجتماع في الساعة 10:30، وبلغت النسبة 12.5% أو ١٢٫٥٪، والقيمة 1,250 دولاراً.",
        ),
        (
            "ar",
            Prose,
            "قال الوزير: «إنّ الممرّ \"شريان\" حيّ»، وأضاف أنّ مجلة “Foreign Affairs” ذكرته!",
        ),
        ("ar", Prose, "مُبَادَرَةُ الحِزامِ والطَّرِيقِ شَراكةٌ بينَ البَلَدَيْنِ."),
        ("ar", Prose, "في عام 1447 هـ، ووُقّع الـCPEC والـ«تفاهم» وبـ75 مليوناً، ونموذج الـ 5G."),
        ("ar", Prose, "أولاً) الطاقة، و(ب) النقل، و1) الموانئ، وأ) الزراعة :)"),
        (
            "ar",
            Prose,
            "زر https://example.org/بحث?س=1,2 أو راسل info@example.org، وانظر ملف README.md.",
        ),
        (
            "ur",
            Prose,
            "پاکستان کے وزیر خارجہ نے بیجنگ میں مذاکرات کیے۔ سی پیک (CPEC) کا نیا مرحلہ، یعنی \
            «CPEC 2.0»، 2026 میں شروع ہوا؛ کیا یہ کامیاب ہو گا؟",
        ),
        ("ur", Title, "پاکستان اور چین کی یادگار"),
        ("fa", Prose, "راه‌آهن می‌تواند گوادر را به کاشغر پیوند دهد، اما چه زمانی؟"),
        (
            "zh",
            Prose,
            "巴基斯坦与中国于1951年5月21日建交，双方就CPEC 2.0（2025—2029年）达成共识：合作、共赢。",
        ),
        ("zh", Title, "中巴经济走廊"),
        (
            "en",
            Prose,
            "The Karakoram Highway (opened in 1978) is over 4,600 metres high; isn't it? Yes, \
            e.g. at 10:30 a.m. ... and .md files, too :)",
        ),
        ("en", Prose, "“Gwadar”, he said, \"is a port\" of 5 kΩ and 3 μm [sic]."),
        ("fr", Prose, "Le corridor : une route, une ceinture ; est-ce « possible » ?"),
        ("ru", Prose, "Пакистан и Китай строят CPEC вместе с IT-компаниями."),
        ("ru", Title, "Пакистан"),
        ("el", Title, "Πακιστάν και Κίνα"),
        ("ja", Title, "中国・パキスタン経済回廊"),
        ("sw", Prose, "Pakistan na China ni marafiki."),
        ("tlh", Title, "غوادر Gwadar"),
        ("hi", Prose, "क्‍ष और र्‍य"),
        (
            "en",
            Prose,
            "A family 👨\u{200D}👩\u{200D}👧 and 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}.",
        ),
        ("ar", Code, "let x  = \"بـاكستان ,\"; // **ok**"),
        ("ar", Machine, "ar/places/ميناء-غوادر"),
        ("ar", Prose, ""),
    ] {
        let found: Vec<_> = lint(tag, place, text);
        let found: Vec<_> =
            found.iter().map(|f| (f.rule.code, text.get(f.range.clone()))).collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
