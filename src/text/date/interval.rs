//! Intervals that say once what their ends share: «3–5 يناير 2026», “January 3–5, 2026”, 2026年1月3日至5日.

use super::DateStyle;
use crate::text::edtf::{Moment, Precision};

/// Whether two ends can share a year, and a month: both certain, as precise, and of one year.
pub(super) fn can_share(from: &Moment, to: &Moment, style: DateStyle) -> bool {
    let doubtful = |moment: &Moment| moment.approximate || moment.uncertain;
    style == DateStyle::Long
        && from.precision == to.precision
        && from.precision >= Precision::Month
        && from.year == to.year
        && !doubtful(from)
        && !doubtful(to)
}

/// Two ends written as one interval. What they share at their ends stands after both, what they share at their
/// beginnings before both; whether year or month comes first is the language's pattern and not ours.
pub(super) fn shared(from: &str, to: &str, same_month: bool, dash: &str) -> String {
    let after = ending(from, to);
    let (a, b) = (cut_end(from, after), cut_end(to, after));
    let before = beginning(a, b, same_month);
    let (head, a) = a.split_at_checked(before).unwrap_or(("", a));
    let b = b.get(before..).unwrap_or(b);
    let tail = to.get(to.len() - after..).unwrap_or_default();
    // Days alone stand as close as years do.
    let is_day = |text: &str| text.chars().all(char::is_numeric);
    let dash = if is_day(a) && is_day(b) { "–" } else { dash };
    format!("{head}{a}{dash}{b}{tail}")
}

fn cut_end(text: &str, length: usize) -> &str {
    text.get(..text.len() - length).unwrap_or(text)
}

/// The length of the longest ending that two texts share and that begins where a word ends.
fn ending(a: &str, b: &str) -> usize {
    let common = a.char_indices().rev().zip(b.chars().rev()).take_while(|((_, x), y)| x == y);
    let cuts = common.filter(|((_, c), _)| c.is_whitespace() || matches!(c, ',' | '،'));
    cuts.map(|((at, _), _)| a.len() - at).last().unwrap_or(0)
}

/// The length of the longest beginning that two texts share and that ends with the sign of a year; of one month,
/// also with its sign or a space. Days of two months may be the same, and are no beginning to share.
fn beginning(a: &str, b: &str, same_month: bool) -> usize {
    let common = a.char_indices().zip(b.chars()).take_while(|((_, x), y)| x == y);
    let cuts = common
        .filter(|((_, c), _)| *c == '年' || (same_month && (c.is_whitespace() || *c == '月')));
    cuts.map(|((at, c), _)| at + c.len_utf8()).last().unwrap_or(0)
}
