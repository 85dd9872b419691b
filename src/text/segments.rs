//! Where a text may be broken into lines, what script a letter is of, and in what order the runs of a line
//! are drawn: for whoever sets type.

use std::ops::Range;

use icu::properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu::properties::{CodePointMapData, PropertyNamesShort};
use icu::segmenter::LineSegmenter;
use icu::segmenter::options::LineBreakOptions;
use unicode_bidi::{BidiInfo, Level};

use super::Direction;

/// The offsets at which a new line may begin (UAX #14), the end of the text among them.
#[must_use]
pub fn line_breaks(text: &str) -> Vec<usize> {
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    segmenter.segment_str(text).filter(|at| *at > 0).collect()
}

/// The ISO 15924 code of a letter's script (`Arab`); none of a sign that is of every script, or of the one
/// before it.
#[must_use]
pub fn script(c: char) -> Option<[u8; 4]> {
    let script = CodePointMapData::<Script>::new().get(c);
    if matches!(script, Script::Common | Script::Inherited | Script::Unknown) {
        return None;
    }
    let name = PropertyNamesShort::<Script>::new().get(script)?;
    name.as_bytes().try_into().ok()
}

/// The name of a letter's script in English; none of a sign.
#[must_use]
pub fn script_name(c: char) -> Option<&'static str> {
    script(c)?;
    let script = CodePointMapData::<Script>::new().get(c);
    icu::properties::PropertyNamesLong::<Script>::new().get(script)
}

/// Whether a character belongs to the one before it: a mark, a joiner, a variation selector.
#[must_use]
pub fn is_attached(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    GeneralCategoryGroup::Mark.contains(category) || matches!(c, '\u{200C}' | '\u{200D}')
}

/// The runs of a line in the order that they are drawn in, from left to right (UAX #9).
#[must_use]
pub fn visual_runs(line: &str, base: Direction) -> Vec<(Range<usize>, Direction)> {
    let level = match base {
        Direction::Ltr => Level::ltr(),
        Direction::Rtl => Level::rtl(),
    };
    let info = BidiInfo::new(line, Some(level));
    let mut drawn = Vec::new();
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            drawn.push((run, if rtl { Direction::Rtl } else { Direction::Ltr }));
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Vec<&str> {
        let mut from = 0;
        let pieces = line_breaks(text).into_iter().map(|at| {
            let piece = &text[from..at];
            from = at;
            piece
        });
        pieces.collect()
    }

    #[test]
    fn lines_break_where_the_script_lets_them() {
        assert_eq!(broken("ميناء جوادر البحري"), ["ميناء ", "جوادر ", "البحري"]);
        assert_eq!(broken("中巴「友谊」。"), ["中", "巴", "「友", "谊」。"]);
        assert_eq!(broken("one 2026–2029"), ["one ", "2026–", "2029"]);
        assert_eq!(broken(""), Vec::<&str>::new());
    }

    #[test]
    fn scripts_have_their_codes() {
        assert_eq!(script('م'), Some(*b"Arab"));
        assert_eq!(script('中'), Some(*b"Hani"));
        assert_eq!(script('2'), None, "digits belong to what is around them");
        assert_eq!(script_name('ሀ'), Some("Ethiopic"));
        assert!(is_attached('\u{64E}') && is_attached('\u{200D}') && !is_attached('م'));
    }

    #[test]
    fn runs_are_drawn_in_the_order_of_the_paragraph() {
        let line = "اتفاق \u{2066}CPEC 2.0\u{2069} جديد";
        let runs = visual_runs(line, Direction::Rtl);
        let words: Vec<(&str, Direction)> =
            runs.into_iter().map(|(run, dir)| (&line[run], dir)).collect();
        let at = |word: &str| words.iter().position(|(run, _)| run.contains(word));
        assert!(at("جديد") < at("CPEC") && at("CPEC") < at("اتفاق"), "{words:?}");
        let cpec = words.iter().find(|(run, _)| run.contains("CPEC"));
        assert_eq!(cpec, Some(&("CPEC 2.0", Direction::Ltr)));
    }
}
