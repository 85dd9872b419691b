//! L13: spaces.

use std::ops::Range;

use super::chars::{self, OBJECT, is_digit, is_space};
use super::look::Look;
use super::script::{self, Script};
use super::{Finding, rules};

/// L13.
pub(super) fn spacing(look: &Look<'_>, found: &mut Vec<Finding>) {
    // French and others write spaces where these languages do not.
    let strict =
        look.script == Script::Arabic || matches!(look.lang, "en" | "he" | "tr" | "id" | "ms");
    let text = look.text;
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find(is_space)).map(|i| at + i) {
        let rest = text.get(start..).unwrap_or_default();
        let end = start + rest.len() - rest.trim_start_matches(is_space).len();
        at = end;
        let (Some(left), Some(right)) = (chars::before(text, start), chars::after(text, end))
        else {
            continue;
        };
        if left == '\n' || right == '\n' {
            continue;
        }
        if strict && let Some(message) = needless(text, start, end, left, right) {
            let finding = Finding::new(rules::SPACING, start..end, message).hint("remove it");
            found.push(finding.edit(start..end, ""));
        } else if matches!(rest.chars().take_while(|c| is_space(*c)).count(), 2) {
            // More of them part the halves of a verse.
            found.push(doubled(text, start..end));
        }
    }
    if look.script == Script::Arabic {
        missing(look, found);
    }
}

fn doubled(text: &str, range: Range<usize>) -> Finding {
    let run = text.get(range.clone()).unwrap_or_default();
    let hard = run.chars().all(|c| c == '\u{A0}');
    let message = if hard { "a no-break space is doubled" } else { "a space is doubled" };
    let new = if hard { "\u{A0}" } else { " " };
    Finding::new(rules::SPACING, range.clone(), message).hint("leave one").edit(range, new)
}

/// Why the spaces between two characters are too many.
fn needless(text: &str, start: usize, end: usize, left: char, right: char) -> Option<String> {
    let tail = text.get(end + right.len_utf8()..)?;
    if matches!(left, '«' | '(' | '[') {
        // «[ ]» is a box to tick, «:(» a face.
        let head = text.get(..start - left.len_utf8())?;
        let face = head.ends_with([':', ';', '-']);
        let open = !matches!(right, '»' | ')' | ']') && !face;
        return open.then(|| format!("a space after «{left}»"));
    }
    if matches!(right, '»' | ')' | ']') {
        let open = match right {
            '»' => '«',
            ')' => '(',
            _ => '[',
        };
        let head = text.get(..start)?;
        // One that closes nothing marks an item of a list, or is part of something else.
        let closes = head.matches(open).count() > head.matches(right).count();
        return (closes && left != open).then(|| format!("a space before «{right}»"));
    }
    let word = is_word(left) || matches!(left, '»' | ')' | ']' | '”' | '"' | OBJECT);
    if !word || !is_mark(left, right, tail) {
        return None;
    }
    Some(format!("a space before «{right}»"))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || chars::is_arabic_mark(c)
}

/// Whether a character is a punctuation mark that closes what stands before it, and not the
/// beginning of something else: « .5», « .md», « ...», « :)», « != ».
fn is_mark(left: char, c: char, tail: &str) -> bool {
    let next = tail.chars().next();
    let ends = next.is_none_or(|c| c.is_whitespace() || chars::is_closing(c));
    match c {
        '،' | '؛' | '؟' | '۔' => true,
        ',' | '.' => ends,
        // « ;)» is a face.
        ';' => next.is_none_or(char::is_whitespace),
        '!' | '?' => ends || matches!(next, Some('!' | '?' | '؟')),
        ':' => {
            let value = tail.trim_start_matches(is_space).starts_with(is_digit);
            let ratio = is_digit(left) && value;
            next.is_none_or(char::is_whitespace) && !ratio
        }
        _ => false,
    }
}

/// Whether a full stop stands between the short words that letters of another alphabet are called by.
fn is_abbreviation(text: &str, at: usize, end: usize) -> bool {
    let short = |length: usize| (1..=4).contains(&length);
    let before = text.get(..at).unwrap_or_default().chars().rev();
    let after = text.get(end..).unwrap_or_default().chars();
    short(before.take_while(|c| c.is_alphabetic()).count())
        && short(after.take_while(|c| c.is_alphabetic()).count())
}

/// Spaces missing after the marks of Arabic.
fn missing(look: &Look<'_>, found: &mut Vec<Finding>) {
    let marks = look.text.char_indices().filter(|(_, c)| matches!(c, '،' | '؛' | '؟' | '۔'));
    for (at, c) in marks {
        let end = at + c.len_utf8();
        let (left, right) = (chars::before(look.text, at), chars::after(look.text, end));
        let Some(right) = right else { continue };
        let number = is_digit(right) && left.is_some_and(is_digit);
        // «پی۔ایچ۔ڈی»
        if c == '۔' && is_abbreviation(look.text, at, end) {
            continue;
        }
        let word = script::of_letter(right).is_some() || is_digit(right);
        let opens = matches!(right, '«' | '(' | '[' | '“');
        // Alone between brackets or quotation marks it is spoken of.
        if number || !(word || opens) || left.is_some_and(chars::is_opening) {
            continue;
        }
        if chars::in_address(look.text, at) {
            continue;
        }
        let finding = Finding::new(rules::SPACING, at..end, format!("no space after «{c}»"));
        found.push(finding.hint("write one").edit(end..end, " "));
    }
}
