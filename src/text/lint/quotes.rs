//! L15: quotation marks and brackets.

use std::ops::Range;

use super::chars::{self, is_digit};
use super::look::{self, Look};
use super::script::Script;
use super::{Finding, rules};

/// L15.
pub(super) fn quotes(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.has(look::QUOTE) {
        straight(look, found);
        if look.lang == "ar" {
            curly(look, found);
        }
    }
    if look.has(look::BRACKET) {
        let guillemets = look.script == Script::Arabic
            || matches!(look.lang, "fr" | "it" | "es" | "pt" | "ru" | "uk" | "el");
        if guillemets {
            unpaired(look, '«', '»', found);
        }
        unpaired(look, '(', ')', found);
        unpaired(look, '[', ']', found);
    }
}

/// Straight quotation marks become the language's own, in pairs.
fn straight(look: &Look<'_>, found: &mut Vec<Finding>) {
    // After a digit it may be inches.
    let marks = || {
        let quotes = look.text.match_indices('"').map(|(at, _)| at);
        quotes.filter(|at| !chars::before(look.text, *at).is_some_and(is_digit))
    };
    let inches = look.text.matches('"').count() - marks().count();
    let Some(last) = marks().next_back().filter(|_| marks().count() % 2 == 1) else { return };
    // A quotation of several paragraphs opens in each, and closes in the last. One that ends in a
    // number closes there.
    let opens = last == look.text.len() - look.text.trim_start().len();
    if opens || inches > 0 {
        return;
    }
    let message = "a quotation mark has no pair";
    let finding = Finding::new(rules::QUOTES, last..last + 1, message);
    found.push(finding.hint("write its pair"));
}

/// Curly quotation marks in Arabic; within «» they are right.
fn curly(look: &Look<'_>, found: &mut Vec<Finding>) {
    let mut depth = 0_usize;
    let mut open: Option<usize> = None;
    for (at, c) in look.text.char_indices() {
        match c {
            '«' => depth += 1,
            '»' => depth = depth.saturating_sub(1),
            '“' if depth == 0 => open = Some(at),
            '”' => {
                let Some(start) = open.take().filter(|_| depth == 0) else { continue };
                let (end, len) = (at + c.len_utf8(), '“'.len_utf8());
                let inner = look.slice(start + len..at);
                // A quotation in another language keeps its own marks, as one within one does.
                if inner.contains('«') || !inner.contains(chars::is_arabic) {
                    continue;
                }
                let message = "“ ” are the quotation marks of other languages";
                found.push(
                    Finding::new(rules::QUOTES, start..end, message)
                        .hint("write «»")
                        .edit(start..start + len, "«")
                        .edit(at..end, "»"),
                );
            }
            _ => {}
        }
    }
}

/// Brackets of a kind without their pair.
fn unpaired(look: &Look<'_>, open: char, close: char, found: &mut Vec<Finding>) {
    let mut opened: Vec<usize> = Vec::new();
    let mut alone: Vec<(Range<usize>, char)> = Vec::new();
    for (at, c) in look.text.char_indices() {
        let end = at + c.len_utf8();
        if c == open {
            if !is_face(look.text, at) {
                opened.push(at);
            }
        } else if c == close && opened.pop().is_none() && !is_item(look.text, at) {
            alone.push((at..end, c));
        }
    }
    // A quotation of several paragraphs opens in each, in French with the closing mark.
    let begins = look.text.len() - look.text.trim_start().len();
    if open == '«' {
        opened.retain(|at| *at != begins);
        let french = alone.first().is_some_and(|(range, _)| range.start == begins);
        let end = look.text.trim_end().len();
        alone.retain(|(range, _)| !french || (range.start != begins && range.end != end));
    }
    alone.extend(opened.into_iter().map(|at| (at..at + open.len_utf8(), open)));
    for (range, c) in alone {
        let message = format!("«{c}» has no pair");
        found.push(Finding::new(rules::QUOTES, range, message).hint("write its pair"));
    }
}

/// Whether a bracket is the mouth of a face: «:)».
fn is_face(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|head| head.ends_with([':', ';', '-', '=', '^']))
}

/// Whether a closing bracket needs none before it: after the number or letter of an item, which
/// may be within a line («1) … 2) …»), after the first word of a line («أولاً)»), or in a face.
fn is_item(text: &str, at: usize) -> bool {
    if is_face(text, at) {
        return true;
    }
    let head = text.get(..at).unwrap_or_default();
    let mark = head.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let line = head.rsplit('\n').next().unwrap_or_default();
    if !mark.is_empty() && line.trim_start() == mark {
        return true;
    }
    let mark = mark.strip_prefix('و').filter(|rest| !rest.is_empty()).unwrap_or(mark);
    let mut chars = mark.chars();
    let number = mark.chars().all(is_digit) && mark.chars().count() <= 3;
    let roman = mark.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    let letter = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
    !mark.is_empty() && (number || letter || roman)
}
