//! L16: frequent slips with hamza.

use std::borrow::Cow;

use super::look::Look;
use super::words::{self, PROCLITICS};
use super::{Finding, rules};

/// What a word may have before it, so that no other word comes of it: «باول» is a name, «لازمة» an
/// adjective, and neither is «أول» or «أزمة» without its hamza.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Every proclitic, or none.
    Noun,
    /// A conjunction, or nothing.
    Particle,
    /// An article, always.
    Defined,
    /// Nothing.
    Bare,
}

use Kind::{Bare, Defined, Noun, Particle};

/// Words that begin with a hamza which is often left out, by what follows it. Only words that are
/// none without it, and not another with another hamza: «اعلام» may be «أعلام» or «إعلام».
#[rustfmt::skip]
const WITH: &[(&str, Kind)] = &[
    ("أبحاث", Noun), ("إجازة", Noun), ("إجراء", Noun), ("إجراءات", Noun), ("أجنبي", Defined),
    ("أجنبية", Defined), ("إحصاء", Noun), ("إحصائيات", Noun), ("إحصائية", Noun),
    ("أخرى", Defined), ("أخير", Defined), ("أخيرة", Defined), ("إدارة", Noun), ("إداري", Noun),
    ("إدارية", Noun), ("إدانة", Noun), ("إذا", Particle), ("أراضي", Noun), ("إرسال", Noun),
    ("إرهاب", Noun), ("إرهابي", Noun), ("إرهابية", Noun), ("إرهابيين", Noun), ("إزالة", Noun),
    ("أزمات", Defined), ("أزمة", Defined), ("أساس", Noun), ("أساسي", Noun), ("أساسية", Noun),
    ("أسباب", Noun), ("إسرائيل", Noun), ("أسعار", Noun), ("إسلام", Noun), ("إسلامي", Noun),
    ("إسلامية", Noun), ("أسواق", Noun), ("آسيا", Noun), ("آسيوي", Noun), ("آسيوية", Noun),
    ("إشادة", Noun), ("أشار", Particle), ("إشارة", Noun), ("أشارت", Particle),
    ("أصبح", Particle), ("أصبحت", Particle), ("إصدار", Noun), ("إصلاح", Noun),
    ("إصلاحات", Noun), ("أضاف", Particle), ("إضافة", Noun), ("إضافي", Noun), ("إضافية", Noun),
    ("إطار", Noun), ("أطراف", Noun), ("أطفال", Defined), ("إعادة", Noun), ("أعرب", Particle),
    ("أعربت", Particle), ("أعضاء", Noun), ("إعلامي", Noun), ("إعلامية", Noun), ("إعلان", Noun),
    ("إعلانات", Noun), ("أعلن", Particle), ("أعلنت", Particle), ("أفضل", Noun), ("إقامة", Noun),
    ("إقليم", Noun), ("إقليمي", Noun), ("إقليمية", Noun), ("أكثر", Noun), ("أكد", Particle),
    ("أكدت", Particle), ("إكمال", Noun), ("إلى", Particle), ("إمارات", Noun), ("إماراتي", Noun),
    ("إماراتية", Noun), ("أمريكا", Noun), ("أمريكي", Noun), ("أمريكية", Noun),
    ("إمكانات", Noun), ("إمكانيات", Noun), ("إمكانية", Noun), ("أمم", Defined),
    ("أمني", Defined), ("أمنية", Defined), ("إنتاج", Noun), ("إنتاجية", Noun), ("إنترنت", Noun),
    ("إنجاز", Noun), ("إنجازات", Noun), ("إنجليزي", Noun), ("إنجليزية", Noun),
    ("إندونيسيا", Noun), ("إنسان", Noun), ("إنساني", Noun), ("إنسانية", Noun), ("إنشاء", Noun),
    ("أنشطة", Noun), ("أهداف", Noun), ("أهمية", Noun), ("أو", Bare), ("أوروبا", Noun),
    ("أوروبي", Noun), ("أوروبية", Noun), ("أوضاع", Noun), ("أوضح", Particle),
    ("أوضحت", Particle), ("أول", Defined), ("أولى", Defined), ("إيران", Noun), ("إيراني", Noun),
    ("إيرانية", Noun), ("أيضا", Particle), ("إيطاليا", Noun),
];

/// Words that begin with a hamza of joining, on which none is written, by what follows it.
#[rustfmt::skip]
const WITHOUT: &[&str] = &[
    "ابتكار", "ابن", "اتحاد", "اتصال", "اتصالات", "اتفاق", "اتفاقات", "اتفاقيات", "اتفاقية",
    "اجتماع", "اجتماعات", "اجتماعي", "اجتماعية", "احترام", "احتفاء", "احتفال", "احتفالات",
    "احتياجات", "اختبار", "اختتام", "اختلاف", "اختيار", "ارتباط", "ارتفاع", "ارتياح", "ازدهار",
    "استثمار", "استثمارات", "استثماري", "استثمارية", "استخدام", "استشارة", "استضافة", "استعادة",
    "استعداد", "استعمال", "استقبال", "استقرار", "استقلال", "استمرار", "اسم", "اعتبار", "اعتماد",
    "افتتاح", "اقتصاد", "اقتصادي", "اقتصاديات", "اقتصادية", "اكتشاف", "التزام", "التزامات",
    "امتداد", "امرأة", "انتخاب", "انتخابات", "انتشار", "انتقال", "انخفاض", "انضمام", "انطلاق",
    "انعقاد", "انفتاح", "اهتمام",
];

/// A word after its first letter, by which the lists are in order.
fn tail(word: &str) -> &str {
    word.char_indices().nth(1).and_then(|(at, _)| word.get(at..)).unwrap_or_default()
}

/// L16: frequent slips with hamza.
pub(super) fn hamza(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.lang != "ar" {
        return;
    }
    for (start, word) in words::words(look.text) {
        if !word.starts_with(['ا', 'إ', 'و', 'ف', 'ب', 'ل', 'ك']) {
            continue;
        }
        // A hamza or madda that is stored after its alef is there all the same; L7 sees to it.
        if word.contains(['\u{0653}', '\u{0654}', '\u{0655}']) {
            continue;
        }
        for (proclitic, article) in PROCLITICS {
            let Some(stem) = words::cut(word, proclitic) else { continue };
            let Some(right) = right(stem, proclitic, *article) else { continue };
            found.push(slip(start, word, stem, right));
            break;
        }
    }
}

/// The letter that a stem should begin with.
fn right(stem: &str, proclitic: &str, article: bool) -> Option<char> {
    let first = stem.chars().next().filter(|c| matches!(c, 'ا' | 'إ'))?;
    let rest = stem.get(first.len_utf8()..)?;
    let rest: Cow<'_, str> = if rest.contains(words::is_ornament) {
        Cow::Owned(rest.chars().filter(|c| !words::is_ornament(*c)).collect())
    } else {
        Cow::Borrowed(rest)
    };
    if first == 'إ' {
        return WITHOUT.binary_search_by(|word| tail(word).cmp(&rest)).is_ok().then_some('ا');
    }
    let at = WITH.binary_search_by(|(word, _)| tail(word).cmp(&rest)).ok()?;
    let (word, kind) = WITH.get(at)?;
    let fits = match kind {
        Noun => true,
        Particle => matches!(proclitic, "" | "و" | "ف"),
        Defined => article,
        Bare => proclitic.is_empty(),
    };
    fits.then(|| word.chars().next()).flatten()
}

fn slip(start: usize, word: &str, stem: &str, right: char) -> Finding {
    let at = start + word.len() - stem.len();
    let range = at..at + stem.chars().next().map_or(0, char::len_utf8);
    let head = word.get(..word.len() - stem.len()).unwrap_or_default();
    let better = format!("{head}{right}{}", tail(stem));
    let message = format!("«{word}» is written «{better}»");
    Finding::new(rules::SPELLING, start..start + word.len(), message)
        .hint(if right == 'ا' {
            "it begins with a hamza of joining"
        } else {
            "it begins with hamza"
        })
        .edit(range, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(WITH.is_sorted_by(|a, b| tail(a.0) < tail(b.0)));
        assert!(WITHOUT.is_sorted_by(|a, b| tail(a) < tail(b)));
        assert!(WITH.iter().all(|(word, _)| word.starts_with(['أ', 'إ', 'آ'])));
        assert!(WITHOUT.iter().all(|word| word.starts_with('ا')));
    }

    #[test]
    fn no_right_word_is_a_slip_of_another() {
        let words = WITH.iter().map(|(word, _)| *word).chain(WITHOUT.iter().copied());
        for word in words {
            let slip = PROCLITICS.iter().find_map(|(proclitic, article)| {
                right(words::cut(word, proclitic)?, proclitic, *article)
            });
            assert_eq!(slip, None, "{word}");
        }
    }
}
