//! The runs of a left-to-right text: phrases of right-to-left letters.

use std::ops::Range;

use super::{Class, class};

/// The runs of a text: from a right-to-left letter to the last one that nothing of the text around
/// it parts from the first. A Latin comma parts two terms, an Arabic one belongs to the phrase.
pub(super) fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        match class(c) {
            Class::Rtl => match &mut open {
                Some(run) => run.end = at + c.len_utf8(),
                None => open = Some(at..at + c.len_utf8()),
            },
            Class::Mark => {
                if let Some(run) = open.as_mut().filter(|run| run.end == at) {
                    run.end += c.len_utf8();
                }
            }
            // Between two words of the phrase; after its last one they are the paragraph's.
            Class::Space | Class::Digit => {}
            Class::Other if matches!(c, '.' | '-' | '/' | '\'' | '’' | '،' | '٫' | '٬' | '٪') =>
                {}
            Class::Ltr | Class::Other => runs.extend(open.take()),
        }
    }
    runs.extend(open);
    // A mark that follows no letter, such as a lone comma, is no phrase.
    runs.retain(|run| {
        text.get(run.clone()).is_some_and(|text| text.chars().any(char::is_alphabetic))
    });
    for run in &mut runs {
        trim(text, run);
    }
    runs
}

/// Leaves the punctuation of the sentence out.
fn trim(text: &str, run: &mut Range<usize>) {
    let Some(written) = text.get(run.clone()) else { return };
    let outside = |c: char| c.is_whitespace() || matches!(c, '،' | '؛' | '؟' | '۔');
    let kept = written.trim_end_matches(outside);
    let start = written.len() - written.trim_start_matches(outside).len();
    *run = run.start + start..run.start + kept.len();
}
