//! Sentences of a text: by the rules of Unicode (UAX #29), but that abbreviations, initials and what
//! stands in quotation marks or brackets end none.

use std::ops::Range;

use icu::segmenter::SentenceSegmenter;

/// Abbreviations that a full stop belongs to, in small letters. A sentence seldom ends in one.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "approx", "apr", "art", "arts", "assoc", "aug", "ca", "capt", "cf", "ch", "chap",
    "cl", "co", "col", "corp", "cpt", "dec", "dept", "dr", "ed", "eds", "e.g", "est", "etc", "feb",
    "fig", "figs", "ft", "gen", "gov", "hon", "ibid", "i.e", "inc", "jan", "jr", "lt", "ltd",
    "maj", "mar", "mr", "mrs", "ms", "mt", "nos", "nov", "no", "oct", "op", "para", "paras",
    "ph.d", "pp", "pres", "prof", "pt", "rep", "rev", "sec", "sect", "sen", "sept", "sep", "sgt",
    "sr", "st", "supp", "tr", "trans", "univ", "viz", "vol", "vols", "vs",
];

/// The places of the sentences of a text, without the spaces between them, in their order.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in SentenceSegmenter::new(Default::default()).segment_str(text) {
        let piece = text.get(start..end).unwrap_or_default();
        if end < text.len() && (continues(piece) || is_open(piece, text.get(end..))) {
            continue;
        }
        let trimmed = piece.trim();
        if !trimmed.is_empty() {
            let from = start + (piece.len() - piece.trim_start().len());
            found.push(from..from + trimmed.len());
        }
        start = end;
    }
    found
}

/// Whether a text ends in a full stop that is none: of an abbreviation, of initials, or of the number
/// that it begins with.
fn continues(piece: &str) -> bool {
    let Some(head) = piece.trim_end().strip_suffix('.') else { return false };
    let word = head.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or(head);
    let last = word.rsplit('.').next().unwrap_or(word);
    let mut letters = last.chars();
    let initial = matches!((letters.next(), letters.next()), (Some(c), None) if c.is_alphabetic());
    let number = word.len() == head.trim_start().len() && word.chars().all(char::is_numeric);
    initial || number || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Whether a quotation or bracket is open at the end of a text that what follows closes.
fn is_open(piece: &str, rest: Option<&str>) -> bool {
    const PAIRS: [(char, char); 8] = [
        ('«', '»'),
        ('“', '”'),
        ('(', ')'),
        ('[', ']'),
        ('（', '）'),
        ('「', '」'),
        ('『', '』'),
        ('《', '》'),
    ];
    PAIRS.iter().any(|(open, close)| {
        let opened = piece.matches(*open).count() > piece.matches(*close).count();
        opened && rest.is_some_and(|rest| rest.contains(*close))
    })
}

/// The sentence that a place in a text belongs to: the one that it is in or follows.
#[must_use]
pub fn at(sentences: &[Range<usize>], place: usize) -> Option<usize> {
    let before = sentences.partition_point(|sentence| sentence.start < place);
    (!sentences.is_empty()).then(|| before.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn arabic() {
        let text = "وقّع البلدان الاتفاق؛ ثم نُشر. هل نُفّذ؟ نعم! انتهى";
        let wanted = ["وقّع البلدان الاتفاق؛ ثم نُشر.", "هل نُفّذ؟", "نعم!", "انتهى"];
        assert_eq!(split(text), wanted);
        assert_eq!(
            split("قال د. محمد إن النسبة 3.5 بالمئة. ثم سكت."),
            ["قال د. محمد إن النسبة 3.5 بالمئة.", "ثم سكت."]
        );
        let quoted = "قال: «نعم. سنمضي معاً.» ثم غادر. وعاد.";
        assert_eq!(split(quoted), ["قال: «نعم. سنمضي معاً.»", "ثم غادر.", "وعاد."]);
    }

    #[test]
    fn urdu_and_chinese() {
        assert_eq!(
            split("معاہدہ ہوا۔ پھر شائع ہوا۔ کب؟ کل۔"),
            ["معاہدہ ہوا۔", "پھر شائع ہوا۔", "کب؟", "کل۔"]
        );
        assert_eq!(
            split("两国签署协议。什么时候？去年！好"),
            ["两国签署协议。", "什么时候？", "去年！", "好"]
        );
        assert_eq!(
            split("他说：“好。我们走。”然后走了。完"),
            ["他说：“好。我们走。”", "然后走了。", "完"]
        );
    }

    #[test]
    fn english() {
        let text = "The U.S. Senate met Mr. Smith at No. 5 Park St. in Islamabad. It cost $3.5 bn. \
                    Why? See pp. 4–5, e.g. the table.";
        assert_eq!(
            split(text),
            [
                "The U.S. Senate met Mr. Smith at No. 5 Park St. in Islamabad.",
                "It cost $3.5 bn.",
                "Why?",
                "See pp. 4–5, e.g. the table."
            ]
        );
        assert_eq!(
            split("It began in 2013. It ends in 2030."),
            ["It began in 2013.", "It ends in 2030."]
        );
        assert_eq!(split("1. The road"), ["1. The road"]);
    }

    #[test]
    fn nothing_is_no_sentence() {
        assert!(split("").is_empty() && split("  \n ").is_empty());
    }

    #[test]
    fn a_place_belongs_to_the_sentence_that_it_follows() {
        let text = "أول هنا. ثان هنا. ثالث";
        let list = sentences(text);
        let of =
            |place: usize| at(&list, place).and_then(|n| list.get(n)).map(|r| &text[r.clone()]);
        assert_eq!(of(0), Some("أول هنا."));
        assert_eq!(of("أول هنا".len()), Some("أول هنا."));
        assert_eq!(of("أول هنا.".len()), Some("أول هنا."));
        assert_eq!(of("أول هنا. ".len()), Some("أول هنا."));
        assert_eq!(of("أول هنا. ثان".len()), Some("ثان هنا."));
        assert_eq!(of(text.len()), Some("ثالث"));
        assert_eq!(at(&[], 3), None);
    }
}
