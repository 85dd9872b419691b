//! L12: punctuation of another script than the words beside it.

use super::chars::{self, is_arabic, is_han, is_latin, is_space};
use super::look::{self, Look};
use super::script::Script;
use super::{Finding, rules};

/// L12.
pub(super) fn latin(look: &Look<'_>, found: &mut Vec<Finding>) {
    let arabic = look.script == Script::Arabic && look.has(look::ARABIC);
    let chinese = look.script == Script::Han && look.has(look::HAN);
    let marks = (arabic || chinese) && look.has(look::ASCII_MARK | look::STOP);
    if !(marks || look.has(look::ARABIC_MARK) && look.has(look::LATIN)) {
        return;
    }
    for (at, c) in look.text.char_indices() {
        let end = at + c.len_utf8();
        let (what, new) = match c {
            ',' | ';' | '?' if arabic => ("Arabic", beside_arabic(look.text, at, c)),
            '.' if arabic && look.lang == "ur" => ("Urdu", ends_urdu(look.text, at)),
            ',' | ';' | '?' | '!' | '.' | ':' if chinese => {
                ("Chinese", beside_han(look.text, at, c))
            }
            '،' | '؛' | '؟' | '۔' => ("Latin", beside_latin(look, at, end, c)),
            _ => continue,
        };
        let Some(new) = new.filter(|_| !chars::in_address(look.text, at)) else { continue };
        let message = format!("«{c}» (U+{:04X}) beside {what} letters", u32::from(c));
        let hint = format!("write «{new}» (U+{:04X})", u32::from(new));
        // A full-width mark has its own space.
        let tail = look.text.get(end..).unwrap_or_default();
        let mut until = end;
        if what == "Chinese" && !tail.trim_start_matches(is_space).starts_with('\n') {
            until += tail.len() - tail.trim_start_matches(is_space).len();
        }
        found.push(
            Finding::new(rules::PUNCTUATION, at..end, message).hint(hint).edit(at..until, new),
        );
    }
}

/// The Arabic mark for an ASCII one after an Arabic letter, with a space between or not.
fn beside_arabic(text: &str, at: usize, c: char) -> Option<char> {
    let head = text.get(..at)?;
    let last = head.strip_suffix(is_space).unwrap_or(head).chars().next_back()?;
    if !is_arabic(last) && !chars::is_arabic_mark(last) {
        return None;
    }
    match c {
        ',' => Some('،'),
        ';' => Some('؛'),
        _ => Some('؟'),
    }
}

/// The Urdu full stop for a dot that ends a sentence.
fn ends_urdu(text: &str, at: usize) -> Option<char> {
    let letter = |c: &char| is_arabic(*c) || chars::is_arabic_mark(*c);
    let word = text.get(..at)?.chars().rev().take_while(letter);
    // One letter and a dot is an abbreviation.
    if word.filter(|c| is_arabic(*c)).count() < 2 {
        return None;
    }
    let next = chars::after(text, at + 1);
    next.is_none_or(|c| c.is_whitespace() || chars::is_closing(c)).then_some('۔')
}

/// The full-width mark for an ASCII one directly after a Han character.
fn beside_han(text: &str, at: usize, c: char) -> Option<char> {
    if !chars::before(text, at).is_some_and(is_han) {
        return None;
    }
    let next = chars::after(text, at + 1);
    match c {
        ',' => Some('，'),
        ';' => Some('；'),
        '?' => Some('？'),
        '!' => Some('！'),
        ':' if next != Some('/') && next != Some(':') => Some('：'),
        // Else it may be part of a file's name.
        '.' if next.is_none_or(|c| c.is_whitespace() || is_han(c) || chars::is_closing(c)) => {
            Some('。')
        }
        _ => None,
    }
}

/// The Latin mark for an Arabic one between Latin words. In Arabic it is right between two names
/// («SCO، CPEC»); there it is found only within a sentence, which goes on in small letters.
fn beside_latin(look: &Look<'_>, at: usize, end: usize, c: char) -> Option<char> {
    let (head, tail) = (look.text.get(..at)?, look.text.get(end..)?);
    let next = tail.trim_start_matches(is_space);
    if !head.ends_with(is_latin) || !next.starts_with(is_latin) {
        return None;
    }
    if look.script == Script::Arabic {
        let word = head.rsplit(|c| !is_latin(c)).next()?;
        if !word.starts_with(char::is_lowercase) || !next.starts_with(char::is_lowercase) {
            return None;
        }
    }
    match c {
        '،' => Some(','),
        '؛' => Some(';'),
        '؟' => Some('?'),
        _ => Some('.'),
    }
}
