//! L10, L11 and L17: sets of digits, separators, numbers that show in the wrong order.

use std::ops::Range;

use super::chars::{self, DigitSet, digit_set, is_digit};
use super::look::{self, Look};
use super::script::Script;
use super::{Finding, Passage, Place, rules};

/// How many of a page's numbers are reported at most.
const MOST: usize = 3;

/// The runs of digits of a text.
fn numbers(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(is_digit)?;
        let rest = text.get(start..)?;
        let number = rest.get(..rest.find(|c| !is_digit(c)).unwrap_or(rest.len()))?;
        at = start + number.len();
        Some((start..at, number))
    })
}

/// The set that all digits of a number belong to; `None` where they are of several.
fn set_of(number: &str) -> Option<DigitSet> {
    let first = number.chars().next().and_then(digit_set);
    number.chars().all(|c| digit_set(c) == first).then_some(first).flatten()
}

fn name(set: DigitSet) -> &'static str {
    match set {
        DigitSet::European => "0–9",
        DigitSet::Arabic => "٠–٩",
        DigitSet::Persian => "۰–۹",
    }
}

/// L10: sets of digits mixed among the prose of a page, or within a number. Gives the findings
/// with the index of their passage.
#[must_use]
pub fn page(passages: &[Passage<'_>]) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    let mut seen: Vec<(usize, Range<usize>, &str, DigitSet)> = Vec::new();
    for (i, passage) in passages.iter().enumerate() {
        let look = Look::new(passage);
        let prose = !matches!(passage.place, Place::Code | Place::Machine);
        if !prose || look.script != Script::Arabic || !look.has(look::EUROPEAN | look::EASTERN) {
            continue;
        }
        let verses = super::scripture(look.text);
        let outside =
            |range: &Range<usize>| !verses.iter().any(|verse| verse.contains(&range.start));
        for (range, number) in numbers(look.text).filter(|(range, _)| outside(range)) {
            match set_of(number) {
                None if found.len() < MOST => found.push((i, mixed(range, number))),
                None => {}
                Some(DigitSet::European) if is_latin(look.text, &range) => {}
                Some(set) => seen.push((i, range, number, set)),
            }
        }
    }
    let count = |set| seen.iter().filter(|(.., other)| *other == set).count();
    let sets = [DigitSet::European, DigitSet::Arabic, DigitSet::Persian];
    let Some(main) = sets.into_iter().rev().max_by_key(|set| count(*set)) else { return found };
    for (i, range, number, set) in seen.iter().filter(|(.., set)| *set != main).take(MOST) {
        let message = format!(
            "«{number}» is in the digits {}, but most numbers of the page are in {}",
            name(*set),
            name(main)
        );
        let finding = Finding::new(rules::DIGITS, range.clone(), message);
        found.push((*i, finding.hint("write all numbers of a page in one set of digits")));
    }
    found.sort_by_key(|(i, finding)| (*i, finding.range.start));
    found
}

fn mixed(range: Range<usize>, number: &str) -> Finding {
    let codes = chars::numbers(number);
    let message = format!("«{number}» mixes two sets of digits: {codes}");
    Finding::new(rules::DIGITS, range, message).hint("write the number anew in one set")
}

/// Whether a number belongs to a Latin name, URL or code, and so has European digits everywhere:
/// «CPEC 2.0», «ML-1», «8K».
fn is_latin(text: &str, number: &Range<usize>) -> bool {
    let inner = |c: char| matches!(c, ' ' | '\u{A0}' | '-' | '.' | ',' | '/' | ':' | '_' | '–');
    let head = text.get(..number.start).unwrap_or_default();
    let head = head.trim_end_matches(|c| inner(c) || c.is_ascii_digit());
    let tail = text.get(number.end..).unwrap_or_default();
    let tail = tail.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    head.ends_with(chars::is_latin)
        || tail.starts_with(chars::is_latin)
        || chars::in_address(text, number.start)
}

/// L11: separators and percent signs of another set of digits.
pub(super) fn separators(look: &Look<'_>, found: &mut Vec<Finding>) {
    let text = look.text;
    for (at, c) in text.char_indices() {
        if !matches!(c, '٪' | '٫' | '٬' | '%' | ',' | '.') {
            continue;
        }
        let end = at + c.len_utf8();
        let (left, right) = (chars::before(text, at), chars::after(text, end));
        let set = |c: Option<char>| c.and_then(digit_set);
        let new = match (c, set(left), set(right)) {
            ('٪', ..) | ('%', ..) => percent(text, at, end, c),
            ('٫', Some(DigitSet::European), Some(DigitSet::European)) => Some(Some('.')),
            ('٬', Some(DigitSet::European), Some(DigitSet::European)) => Some(Some(',')),
            (',' | '.', Some(left), Some(right)) if left != DigitSet::European && left == right => {
                within(text, at, c)
            }
            _ => None,
        };
        let Some(new) = new else { continue };
        if chars::in_address(text, at) {
            continue;
        }
        let message = format!("«{c}» (U+{:04X}) belongs to another set of digits", u32::from(c));
        let finding = Finding::new(rules::SEPARATOR, at..end, message);
        found.push(match new {
            Some(new) => finding.hint(format!("write «{new}»")).edit(at..end, new),
            None => finding.hint("write ٫ before decimals, ٬ between thousands, ، between numbers"),
        });
    }
}

/// A percent sign beside a number of the other kind, on whichever side and with a space or not.
fn percent(text: &str, at: usize, end: usize, c: char) -> Option<Option<char>> {
    let head = text.get(..at)?;
    let tail = text.get(end..)?;
    let left = head.strip_suffix(' ').unwrap_or(head).chars().next_back().and_then(digit_set);
    let right = tail.chars().next().and_then(digit_set);
    let european = left.or(right)? == DigitSet::European;
    match (c, european) {
        ('٪', true) => Some(Some('%')),
        ('%', false) => Some(Some('٪')),
        _ => None,
    }
}

/// An ASCII separator within a number of Arabic digits: what it should be. Dates, versions and
/// numbers of sections have dots of their own.
fn within(text: &str, at: usize, c: char) -> Option<Option<char>> {
    let digit = |c: &char| is_digit(*c);
    let head = text.get(..at)?;
    let whole = head.chars().rev().take_while(digit).count();
    let tail = text.get(at + 1..)?;
    let part = tail.chars().take_while(digit).count();
    let rest = |text: &str| text.starts_with(['.', ',', '/', '-']) && text.len() > 1;
    if c == '.' {
        let first = head.trim_end_matches(is_digit);
        let single = !first.ends_with(['.', '/', '-']) && !rest(tail.trim_start_matches(is_digit))
            || tail.trim_start_matches(is_digit).starts_with(". ");
        let counted = first.trim_start().is_empty() || first.ends_with('\n');
        return (single && !counted).then_some(Some('٫'));
    }
    Some((part == 3 && whole <= 3).then_some('٬'))
}

/// L17: numbers that the order of a right-to-left text turns round.
pub(super) fn unisolated(look: &Look<'_>, found: &mut Vec<Finding>) {
    if !look.script.is_rtl() {
        return;
    }
    for (range, number) in numbers(look.text) {
        let Some(tail) = look.text.get(range.end..) else { continue };
        if starts_number(look.text, range.start) && number.chars().count() == 4 {
            dated(look, &range, number, tail, found);
        }
        if look.place != Place::Prose && chars::before(look.text, range.start) == Some('+') {
            telephone(range.start - 1, number, tail, found);
        }
    }
}

/// Whether a number begins at a place, not the later part of a longer one or of an identifier.
fn starts_number(text: &str, at: usize) -> bool {
    chars::before(text, at).is_none_or(|c| {
        !c.is_alphanumeric()
            && !matches!(c, '-' | '/' | '.' | '_' | ',' | '–' | '٫' | '٬' | '+' | '#')
    })
}

/// Whether nothing more of a number or identifier follows.
fn ends_number(tail: &str) -> bool {
    let mut chars = tail.chars();
    match chars.next() {
        None => true,
        Some('.' | ',' | ':' | '٫' | '٬') => chars.next().is_none_or(|c| !c.is_alphanumeric()),
        Some(c) => !c.is_alphanumeric() && !matches!(c, '-' | '/' | '_' | '–'),
    }
}

/// A year followed by another year or by the rest of an ISO date.
fn dated(look: &Look<'_>, year: &Range<usize>, number: &str, tail: &str, found: &mut Vec<Finding>) {
    let Some(after) = tail.strip_prefix('-') else { return };
    let Some((first, second)) = numbers(after).next().filter(|(range, _)| range.start == 0) else {
        return;
    };
    let rest = after.get(first.end..).unwrap_or_default();
    let end = year.end + 1 + first.end;
    if set_of(second) != set_of(number) || set_of(number).is_none() {
        return;
    }
    let digits = second.chars().count();
    if digits == 4 && ends_number(rest) && is_range(number, second) {
        let message = format!(
            "«{number}-{second}» has a hyphen, which shows the years now in one order, now in the \
             other"
        );
        let finding = Finding::new(rules::UNISOLATED, year.start..end, message);
        found.push(finding.hint("write an en dash").edit(year.end..year.end + 1, "–"));
    }
    let day = rest.strip_prefix('-').and_then(|rest| {
        let (range, day) = numbers(rest).next()?;
        let whole = range.start == 0 && day.chars().count() == 2;
        (whole && ends_number(rest.get(range.end..)?)).then_some(range.end)
    });
    let Some(day) = day.filter(|_| digits == 2 && look.place != Place::Prose) else { return };
    let range = year.start..end + 1 + day;
    let message =
        format!("«{}» shows with its day first in a right-to-left text", look.slice(range.clone()));
    let hint = "write the month as a word";
    found.push(Finding::new(rules::UNISOLATED, range, message).hint(hint));
}

/// Whether two numbers are years, the second after the first.
fn is_range(first: &str, second: &str) -> bool {
    let value = |number: &str| {
        number.chars().fold(0_u32, |value, c| {
            let zero = match digit_set(c) {
                Some(DigitSet::Arabic) => '٠',
                Some(DigitSet::Persian) => '۰',
                _ => '0',
            };
            value * 10 + (u32::from(c) - u32::from(zero))
        })
    };
    let years = 1000..2600;
    let (first, second) = (value(first), value(second));
    years.contains(&first) && years.contains(&second) && first < second
}

/// A telephone number with its country's code, in groups.
fn telephone(start: usize, number: &str, tail: &str, found: &mut Vec<Finding>) {
    let mut digits = number.len();
    let mut groups = 1;
    let mut end = start + 1 + number.len();
    let mut rest = tail;
    while let Some(next) = rest.strip_prefix([' ', '-', '\u{A0}']) {
        let Some((range, group)) = numbers(next).next().filter(|(range, _)| range.start == 0)
        else {
            break;
        };
        end += rest.len() - next.len() + range.end;
        digits += group.len();
        groups += 1;
        rest = next.get(range.end..).unwrap_or_default();
    }
    if groups < 2 || digits < 7 {
        return;
    }
    let message = "a telephone number shows its groups from the last to the first in a \
                   right-to-left text";
    let hint = "leave it to the text of the page, where it is set apart by itself";
    found.push(Finding::new(rules::UNISOLATED, start..end, message).hint(hint));
}
