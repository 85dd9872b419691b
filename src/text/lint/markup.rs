//! L20: markup that shows as it was typed.

use super::chars;
use super::look::{self, Look};
use super::{Finding, Place, rules};

/// L20.
pub(super) fn markup(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.has(look::MARKUP) {
        for mark in ["**", "__", "~~"] {
            literal(look, mark, found);
        }
    }
    if look.has(look::EASTERN) && look.place == Place::Prose {
        list(look, found);
    }
}

/// The marks of emphasis, in pairs; one without its pair where it stands before a word as if to
/// open.
fn literal(look: &Look<'_>, mark: &str, found: &mut Vec<Finding>) {
    let text = look.text;
    let mut at = 0;
    while let Some(start) = next(text, mark, at) {
        let end = start + mark.len();
        at = end;
        if let Some(stop) = spaced(text, mark, end) {
            at = stop;
            let message = format!("«{}» shows with its «{mark}»", look.slice(start..stop));
            let finding = Finding::new(rules::MARKUP, start..stop, message);
            found.push(finding.hint(format!("leave no space between «{mark}» and the words")));
            continue;
        }
        if !word(chars::after(text, end)) && !chars::after(text, end).is_some_and(is_quote) {
            continue;
        }
        let inner = |close: usize| text.get(end..close).unwrap_or_default();
        let close =
            next(text, mark, end).filter(|close| !inner(*close).ends_with(char::is_whitespace));
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let (stop, what) = match close {
            // «__init__» is a name of Python.
            Some(close) if mark == "__" && plain(inner(close)) => {
                at = close + mark.len();
                continue;
            }
            Some(close) => (close + mark.len(), look.slice(start..close + mark.len())),
            None if word(chars::before(text, start)) => continue,
            None => (end, mark),
        };
        at = stop;
        let message = format!("«{what}» shows with its «{mark}»");
        let finding = Finding::new(rules::MARKUP, start..stop, message);
        found
            .push(finding.hint("Markdown does not see it as emphasis: look at what stands beside"));
    }
}

/// Where the pair ends of a mark that ends here, of those with a space on their inner sides and words
/// between them.
fn spaced(text: &str, mark: &str, end: usize) -> Option<usize> {
    let close = next(text, mark, end)?;
    let inner = text.get(end..close)?;
    let padded = inner.starts_with(' ') && inner.ends_with(' ') && !inner.contains('\n');
    (padded && inner.contains(char::is_alphabetic)).then_some(close + mark.len())
}

/// The next place at or after `at` where a mark stands, neither longer than emphasis has it nor an
/// operator of a formula.
fn next(text: &str, mark: &str, at: usize) -> Option<usize> {
    let letter = mark.chars().next()?;
    let most = if letter == '*' { 3 } else { 2 };
    let mut from = at;
    loop {
        let start = from + text.get(from..)?.find(mark)?;
        let rest = text.get(start..)?;
        let end = start + rest.len() - rest.trim_start_matches(letter).len();
        let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let operator = ascii(chars::before(text, start)) && ascii(chars::after(text, end));
        if end - start <= most && !operator {
            // The last two of three stand beside the word.
            return Some(end - mark.len());
        }
        from = end;
    }
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == chars::OBJECT)
}

fn is_quote(c: char) -> bool {
    matches!(c, '«' | '“' | '"' | '(')
}

/// A line that looks like an item of a list, whose number Markdown does not read.
fn list(look: &Look<'_>, found: &mut Vec<Finding>) {
    let mut base = 0;
    for line in look.text.split_inclusive('\n') {
        let start = base + line.len() - line.trim_start().len();
        base += line.len();
        let item = line.trim_start();
        let rest = item
            .trim_start_matches(['\u{0660}', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩'])
            .trim_start_matches(|c| matches!(c, '۰'..='۹'));
        let digits = item.len() - rest.len();
        let marked = rest.starts_with(". ") || rest.starts_with(") ");
        // Two bytes a digit; a longer number is a year at the end of a sentence.
        if !(2..=6).contains(&digits)
            || !marked
            || rest.trim_start_matches(['.', ')', ' ']).trim().is_empty()
        {
            continue;
        }
        let end = start + digits + 1;
        let message = format!("«{}» begins no list", look.slice(start..end));
        let finding = Finding::new(rules::MARKUP, start..end, message);
        found.push(finding.hint("write «1.»: lists are numbered in the digits of the page"));
        // The next lines are of the same list.
        return;
    }
}
