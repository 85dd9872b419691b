//! What the rules find, and what they leave alone.

mod clean;
mod invisible;
mod letters;
mod numbers;
mod punctuation;
mod robust;
mod words;

use super::{Finding, Lang, Passage, Place, passage};

/// A language, a place, a text, what a rule finds in it, and the text when it is mended; none where
/// it stays as it is.
type Case<'a> = (&'a str, Place, &'a str, &'a [&'a str], Option<&'a str>);

/// Looks at a text with every rule.
fn lint(tag: &str, place: Place, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let lang = Lang::parse(tag);
    assert!(lang.is_some(), "{tag}");
    if let Some(lang) = lang {
        passage(&Passage { text, lang: &lang, place }, &mut found);
    }
    found
}

/// A text with the edits of its findings.
fn mended<'a>(text: &str, found: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut edits: Vec<_> = found.into_iter().flat_map(|finding| &finding.edits).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut new = String::new();
    let mut at = 0;
    for edit in edits {
        if edit.range.start < at {
            continue;
        }
        new.push_str(text.get(at..edit.range.start).unwrap_or_default());
        new.push_str(&edit.new);
        at = edit.range.end;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

/// Holds one rule to its cases. What can be mended is not found again.
fn holds(code: &str, cases: &[Case<'_>]) {
    for (tag, place, text, quoted, better) in cases {
        let mut found = lint(tag, *place, text);
        found.retain(|finding| finding.rule.code == code);
        let ranges: Vec<&str> =
            found.iter().map(|finding| text.get(finding.range.clone()).unwrap_or("?")).collect();
        assert_eq!(&ranges, quoted, "{code} in {text:?}");
        let new = mended(text, &found);
        assert_eq!(new, better.unwrap_or(text), "{code} in {text:?}");
        if found.iter().all(|finding| !finding.edits.is_empty()) {
            let again = lint(tag, *place, &new);
            let again = again.iter().filter(|finding| finding.rule.code == code).count();
            assert_eq!(again, 0, "{code} in {new:?}");
        }
    }
}
