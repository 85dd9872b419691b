//! L8 and L9: tatweel, and letters of another language.

use std::ops::Range;

use super::chars::{self, OBJECT, TATWEEL, named};
use super::look::{self, Look};
use super::words::{self, PROCLITICS};
use super::{Finding, rules};

/// L8: tatweel in running text.
pub(super) fn tatweel(look: &Look<'_>, found: &mut Vec<Finding>) {
    for (start, word) in words::words(look.text) {
        if !word.contains(TATWEEL) {
            continue;
        }
        let mut runs = Vec::new();
        let mut rest = 0;
        while let Some(at) = word.get(rest..).and_then(|tail| tail.find(TATWEEL)).map(|i| rest + i)
        {
            let tail = word.get(at..).unwrap_or_default();
            let len = tail.len() - tail.trim_start_matches(TATWEEL).len();
            rest = at + len;
            if len > TATWEEL.len_utf8() || !is_meant(look.text, start, word, at) {
                runs.push(start + at..start + rest);
            }
        }
        // Alone it is a dash of sorts, or is spoken of.
        let letters = word.contains(chars::is_arabic);
        let (Some(first), Some(last), true) = (runs.first(), runs.last(), letters) else {
            continue;
        };
        let range = first.start..last.end;
        let message = format!("«{word}» is drawn out with {}", named(TATWEEL));
        let hint = "remove it: search does not find the word, and fonts justify by themselves";
        let finding = Finding::new(rules::TATWEEL, range, message).hint(hint);
        found.push(runs.into_iter().fold(finding, |finding, run| finding.edit(run, "")));
    }
}

/// Whether a single tatweel has a purpose: the era «هـ», a letter shown in the form that it has
/// within a word, a mark without a letter, an article or preposition before what does not join.
fn is_meant(text: &str, start: usize, word: &str, at: usize) -> bool {
    let letters = word.chars().filter(|c| chars::is_arabic(*c)).count();
    let end = at + TATWEEL.len_utf8();
    // Vowels may stand between it and the hamza that it carries.
    let vowel = |c: &char| matches!(c, '\u{064B}'..='\u{0653}' | '\u{06D6}'..='\u{06ED}');
    let next = word.get(end..).and_then(|rest| rest.chars().find(|c| !vowel(c)));
    if letters <= 1 || matches!(next, Some('\u{0654}' | '\u{0655}' | '\u{0670}')) {
        return true;
    }
    let head = word.get(..at).unwrap_or_default();
    let proclitic = PROCLITICS.iter().any(|(proclitic, _)| words::reads_as(head, proclitic));
    let tail = text.get(start + end..).unwrap_or_default();
    let follower = tail.strip_prefix(' ').unwrap_or(tail).chars().next();
    let apart =
        |c: char| c == OBJECT || chars::is_latin(c) || chars::is_digit(c) || chars::is_opening(c);
    proclitic && follower.is_some_and(apart)
}

/// The right letter for one of another language; `None` where the word must tell.
fn right(lang: &str, c: char, last: bool) -> Option<Option<char>> {
    Some(match (lang, c) {
        // At the end of a word it may stand for either ي or ى.
        ("ar", '\u{06CC}') => (!last).then_some('ي'),
        ("ar", '\u{06A9}') => Some('ك'),
        ("ar", '\u{06C1}' | '\u{06BE}' | '\u{06D5}') => Some('ه'),
        ("ar", '\u{06D2}') => Some('ي'),
        ("ar", '\u{0671}') => None,
        ("ur", 'ي' | 'ى') => Some('\u{06CC}'),
        ("ur", 'ك') => Some('\u{06A9}'),
        ("ur", 'ه') => Some('\u{06C1}'),
        ("ur", 'ة') => None,
        _ => return None,
    })
}

/// L9: letters of another language, word by word.
pub(super) fn foreign(look: &Look<'_>, found: &mut Vec<Finding>) {
    let wrong = match look.lang {
        "ar" => look::NOT_ARABIC,
        "ur" => look::NOT_URDU,
        _ => return,
    };
    if !look.has(wrong) {
        return;
    }
    for (start, word) in words::words(look.text) {
        let mut wrong: Vec<(Range<usize>, char, Option<char>)> = Vec::new();
        for (at, c) in word.char_indices() {
            let end = at + c.len_utf8();
            let last = !word.get(end..).unwrap_or_default().contains(chars::is_arabic);
            if let Some(right) = right(look.lang, c, last) {
                wrong.push((start + at..start + end, c, right));
            }
        }
        let (Some(first), Some(last)) = (wrong.first(), wrong.last()) else { continue };
        found.push(foreign_word(look.lang, word, first.0.start..last.0.end, &wrong));
    }
}

fn foreign_word(
    lang: &str,
    word: &str,
    range: Range<usize>,
    wrong: &[(Range<usize>, char, Option<char>)],
) -> Finding {
    let mut letters: Vec<char> = wrong.iter().map(|(_, c, _)| *c).collect();
    letters.sort_unstable();
    letters.dedup();
    let letters: Vec<String> =
        letters.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    let name = if lang == "ur" { "Urdu" } else { "Arabic" };
    let verb = if letters.len() == 1 { "is no letter" } else { "are no letters" };
    let message = format!("{} in «{word}» {verb} of {name}", letters.join(" and "));
    let mut finding = Finding::new(rules::FOREIGN, range, message);
    let known: Option<Vec<char>> = wrong.iter().map(|(_, _, right)| *right).collect();
    let Some(known) = known else {
        return finding.hint(match wrong.iter().find(|(_, _, right)| right.is_none()) {
            Some((_, 'ة', _)) => "Urdu writes ت, ہ or ۃ; a phrase in Arabic is marked as Arabic",
            Some((_, '\u{06CC}', _)) => "at the end of a word it is ي or ى",
            _ => "Arabic writes ا outside the Quran",
        });
    };
    for ((range, ..), right) in wrong.iter().zip(known) {
        finding = finding.edit(range.clone(), right);
    }
    finding.hint(format!("write the letters of {name}, or mark the phrase as of its language"))
}
