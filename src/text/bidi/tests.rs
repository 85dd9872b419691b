//! The hard cases, as marked texts: `⟦` and `⟧` stand around what must be isolated.

use super::*;

/// Finds the runs and marks them.
fn marked(text: &str, policy: Policy) -> String {
    let mut out = String::new();
    let mut from = 0;
    for run in runs(text, policy) {
        out.push_str(&text[from..run.start]);
        out.extend(["⟦", &text[run.clone()], "⟧"]);
        from = run.end;
    }
    out + &text[from..]
}

fn check(base: Direction, cases: &[&str]) {
    for case in cases {
        let text = case.replace(['⟦', '⟧'], "");
        assert_eq!(&marked(&text, Policy::of(base)), case);
        let held = may_hold(text.as_bytes(), base);
        assert!(held || !case.contains('⟦'), "the quick look misses {case}");
    }
}

#[test]
fn phrases_in_arabic() {
    check(
        Direction::Rtl,
        &[
            "ممر ⟦CPEC 2.0⟧ (2025–2029).",
            "بين ⟦CPEC⟧, ⟦SCO⟧ وغيرهما",
            "بين ⟦CPEC⟧، ⟦SCO⟧",
            "⟦CPEC⟧ و⟦SCO⟧",
            "الـ⟦CPEC⟧ والصين",
            "(⟦CPEC⟧) هو الممر",
            "⟦Shanghai Cooperation Organisation⟧ (⟦SCO⟧)",
            "⟦CPEC 2.0⟧: مرحلة",
            "مؤسسة ⟦Research & Development⟧ هنا",
            "قال ⟦Xi Jinping⟧ و⟦Ch. Shafi⟧.",
            "مبادرة «⟦一带一路⟧» الصينية",
            "قال: «⟦The corridor, he said, is open to all⟧» وأضاف",
            "«⟦Karachi⟧, ⟦Lahore⟧»",
            "⟦US$ 62⟧ مليارا",
            "طائرة ⟦Boeing 747⟧ جديدة",
            "نشرته ⟦Xinhua, in Global Times⟧، أمس",
            "معرفات ⟦ML-1⟧ و⟦ML-2⟧",
            "عام 2026",
        ],
    );
}

#[test]
fn technical_things() {
    check(
        Direction::Rtl,
        &[
            "لغة ⟦C++⟧.",
            "لغة ⟦C#⟧ و⟦.NET⟧",
            "زوروا ⟦https://a.com/x/⟧ اليوم",
            "زوروا (⟦https://a.com/x⟧).",
            "انظر ⟦https://ar.wikipedia.org/wiki/باكستان⟧، ثم",
            "المجلد ⟦/usr/bin/⟧ والملف ⟦~/notes.md⟧",
            "وسم ⟦#CPEC⟧ و⟦@user⟧",
            "راسلوا ⟦info@example.org⟧.",
            "الدالة ⟦f(x)⟧ هنا",
            "الخيار ⟦--force⟧ والخيار ⟦-v⟧",
        ],
    );
}

#[test]
fn numbers_in_arabic() {
    check(
        Direction::Rtl,
        &[
            "في ⟦2026-01-04⟧ وقع",
            "هاتف ⟦+92 51 123 4567⟧ الآن",
            "هاتف ⟦+86 (10) 6532-1234⟧",
            "هاتف ⟦051-9201234⟧",
            "عدد ⟦62 000 000⟧ نسمة",
            "في ⟦٢٠٢٦-٠١-٠٤⟧",
            "الإصدار ⟦2.0.1⟧ والإصدار 2.0",
            "القدرة ⟦5 GW⟧ والحرارة ⟦5°C⟧ و⟦37 °C⟧",
            "بين 2025–2029 وبين ⟦2025⟧-⟦2029⟧",
            "2025–2029 مرحلة",
            "⟦CPEC⟧ 2025–2029 و⟦CPEC⟧ ⟦2025⟧-⟦2029⟧",
            "نسبة 75% و٧٥٪ و%12",
            "الساعة 10:30 والنسبة 1:2 في 4/1/2026 و3.5",
            "بلغ ⟦-5⟧ و⟦$62⟧",
            "وبلغت ⟦1,320 MW⟧ هنا و1,200 كم",
            "بمبلغ ⟦$62,000⟧ و⟦US$1,320 million⟧ و⟦PKR 1,200,000⟧ و⟦-1,200⟧ و⟦€1.234,56⟧",
            "مساحتها ⟦796,095 km²⟧ و⟦10 m³⟧ و⟦5 µg/m³⟧ و⟦CO₂⟧",
            "رقم ⟦ISSN 1234-5678⟧ وطائرة ⟦Boeing 737-800⟧ والصفحات ⟦10⟧-⟦20⟧",
            "هاتف ⟦(051) 920-1234⟧ و⟦+966 (0)11 405 5555⟧ (2026)",
            "الملف ⟦../a/b.txt⟧ والأمر ⟦./run⟧",
            "نما ⟦-5%⟧ و⟦±3%⟧ و5%",
            "قدرة ⟦3–5 GW⟧ وبين 3–5",
            "الدالة ⟦f(x, y)⟧ و⟦a = b⟧ و⟦CPEC → SCO⟧ و⟦Vol. 5⟧",
            "المرحلة 2: ⟦Phase 2⟧",
            "سنة 2015 ⟦CPEC⟧",
        ],
    );
}

#[test]
fn ranges_by_policy() {
    let ltr = Policy { base: Direction::Rtl, ranges: Direction::Ltr };
    assert_eq!(marked("بين 2025–2029 (1951–2026)", ltr), "بين ⟦2025–2029⟧ (⟦1951–2026⟧)");
}

#[test]
fn arabic_in_english() {
    check(
        Direction::Ltr,
        &[
            "The words ⟦ذكرى⟧, ⟦سلام⟧ mean",
            "called ⟦الممر الاقتصادي⟧ 75 years",
            "⟦مُبَادَرَة⟧ (⟦الحزام والطريق⟧)",
            "He said ⟦نعم، بالطبع⟧.",
            "in ⟦عام 2026 م⟧ it",
            "no Arabic, 2026",
            "a ⟦سؤال⟧؟",
        ],
    );
}

#[test]
fn objects_part_runs() {
    check(Direction::Rtl, &["⟦CPEC⟧\u{FFFC}⟦SCO⟧ و", "⟦CPEC⟧ \u{FFFC} ⟦SCO⟧"]);
}
