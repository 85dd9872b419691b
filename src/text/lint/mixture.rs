//! L19: characters of another script that only look like the right ones.

use super::chars::{self, TATWEEL, is_arabic, is_latin};
use super::look::{self, Look};
use super::script::{self, Script};
use super::words::{self, PROCLITICS};
use super::{Finding, rules};

/// Letters of Latin and of Cyrillic or Greek that look the same.
const TWINS: &[(char, char)] = &[
    ('a', 'а'),
    ('c', 'с'),
    ('e', 'е'),
    ('o', 'о'),
    ('p', 'р'),
    ('x', 'х'),
    ('y', 'у'),
    ('i', 'і'),
    ('j', 'ј'),
    ('s', 'ѕ'),
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
    ('A', 'Α'),
    ('B', 'Β'),
    ('E', 'Ε'),
    ('Z', 'Ζ'),
    ('H', 'Η'),
    ('I', 'Ι'),
    ('K', 'Κ'),
    ('M', 'Μ'),
    ('N', 'Ν'),
    ('O', 'Ο'),
    ('P', 'Ρ'),
    ('T', 'Τ'),
    ('Y', 'Υ'),
    ('X', 'Χ'),
    ('o', 'ο'),
    ('v', 'ν'),
];

/// L19.
pub(super) fn mixture(look: &Look<'_>, found: &mut Vec<Finding>) {
    let seam = look.has(look::SEAM);
    let twins = look.has(look::LATIN) && look.has(look::GREEK_CYRILLIC);
    let zero = look.script == Script::Arabic && look.has(look::EASTERN) && look.has(look::ARABIC);
    if seam || twins || zero {
        for (start, word) in words::words(look.text) {
            let letters = Letters::of(word);
            if letters.arabic && letters.latin {
                found.extend(joined(look, start, word));
            } else if letters.latin && letters.twin {
                found.extend(twin(start, word));
            } else if zero && letters.arabic {
                found.extend(full_stop(look, start, word));
            }
        }
    }
    if look.has(look::STAR) {
        star(look, found);
    }
}

/// The scripts of a word's letters.
#[derive(Default)]
struct Letters {
    arabic: bool,
    latin: bool,
    /// Cyrillic or Greek
    twin: bool,
}

impl Letters {
    fn of(word: &str) -> Self {
        let mut letters = Self::default();
        for c in word.chars() {
            letters.arabic |= is_arabic(c);
            letters.latin |= is_latin(c);
            letters.twin |= matches!(script::of_letter(c), Some(Script::Cyrillic | Script::Greek));
        }
        letters
    }
}

/// Arabic and Latin letters in one word; «وCPEC» and «الـCPEC» are written so.
fn joined(look: &Look<'_>, start: usize, word: &str) -> Option<Finding> {
    let head = word.get(..word.find(is_latin)?)?;
    let tail = word.get(head.len()..)?;
    let proclitic = !head.is_empty()
        && PROCLITICS.iter().any(|(proclitic, _)| words::reads_as(head, proclitic));
    let apart = !tail.contains(|c| is_arabic(c) || c == TATWEEL);
    if proclitic && apart && look.lang == "ar" {
        return None;
    }
    let message = format!("«{word}» mixes Arabic and Latin letters");
    let finding = Finding::new(rules::LOOK_ALIKE, start..start + word.len(), message);
    Some(finding.hint("put a space between them, or write the word anew"))
}

/// Latin and Cyrillic or Greek letters in one word, those of one script all looking like letters of
/// the other. Otherwise they are meant: «μm», «kΩ».
fn twin(start: usize, word: &str) -> Option<Finding> {
    let letters = || word.chars().filter(|c| c.is_alphabetic());
    if letters().count() < 3 {
        return None;
    }
    let count = letters().filter(|c| is_latin(*c)).count();
    let others = letters().count() - count;
    let to_latin = |c: char| TWINS.iter().find(|(_, other)| *other == c).map(|(latin, _)| *latin);
    let cyrillic = letters().any(|c| script::of_letter(c) == Some(Script::Cyrillic));
    let of_other = |c: char| (script::of_letter(c) == Some(Script::Cyrillic)) == cyrillic;
    let to_other = |c: char| {
        TWINS.iter().find(|(latin, other)| *latin == c && of_other(*other)).map(|(_, other)| *other)
    };
    let latin = letters().all(|c| is_latin(c) || to_latin(c).is_some());
    let other = letters().all(|c| !is_latin(c) || to_other(c).is_some());
    let wrong = match (latin, other) {
        (true, true) if others > count => true,
        (true, _) => false,
        (false, true) => true,
        (false, false) => return None,
    };
    let script = if cyrillic { "Cyrillic" } else { "Greek" };
    let message = format!("«{word}» mixes Latin letters with {script} ones that look like them");
    let range = start..start + word.len();
    let mut finding = Finding::new(rules::LOOK_ALIKE, range, message);
    for (at, c) in word.char_indices().filter(|(_, c)| c.is_alphabetic() && is_latin(*c) == wrong) {
        let range = start + at..start + at + c.len_utf8();
        if let Some(new) = if wrong { to_other(c) } else { to_latin(c) } {
            finding = finding.edit(range, new);
        }
    }
    let right = if wrong { script } else { "Latin" };
    Some(finding.hint(format!("write it all in {right} letters")))
}

/// The digit zero that stands for a full stop: «النص٠».
fn full_stop(look: &Look<'_>, start: usize, word: &str) -> Option<Finding> {
    let body = word.strip_suffix(['٠', '۰'])?;
    let letters = body.chars().filter(|c| is_arabic(*c)).count();
    let end = start + word.len();
    let next = chars::after(look.text, end);
    let closes = next.is_none_or(|c| c.is_whitespace() || chars::is_closing(c));
    if letters < 2 || body.contains(chars::is_digit) || !closes {
        return None;
    }
    let range = start + body.len()..end;
    let message = format!("the digit zero after «{body}» looks like a full stop");
    let stop = if look.lang == "ur" { '۔' } else { '.' };
    let finding = Finding::new(rules::LOOK_ALIKE, range.clone(), message);
    Some(finding.hint(format!("write «{stop}»")).edit(range, stop))
}

/// The star of Arabic beside a word, in place of an asterisk.
fn star(look: &Look<'_>, found: &mut Vec<Finding>) {
    for (at, star) in look.text.match_indices('\u{066D}') {
        let end = at + star.len();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if word(chars::before(look.text, at)) || word(chars::after(look.text, end)) {
            let message = "«٭» (U+066D) looks like an asterisk, but is none";
            let finding = Finding::new(rules::LOOK_ALIKE, at..end, message);
            found.push(finding.hint("write «*», or put spaces around it"));
        }
    }
}
