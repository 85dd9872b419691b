//! The runs of a right-to-left text: phrases of left-to-right letters, and numbers that would be
//! drawn back to front.

use std::ops::Range;

use super::numbers::{Number, digits, is_unit, is_year};
use super::tokens::{Kind, Token, tokens};
use super::{Class, Policy, has};
use crate::text::{Direction, first_block};

/// The words in quotation marks from which on they are a sentence, whose commas are its own.
const SENTENCE: usize = 4;

/// The runs of a text, in their order.
pub(super) fn runs(text: &str, policy: Policy) -> Vec<Range<usize>> {
    let tokens = tokens(text);
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some(first) = rest.first() {
        let (count, isolate) = match first.kind {
            Kind::Word => (phrase(text, rest), true),
            Kind::Number(number) => self::number(text, rest, number, policy),
        };
        let Some((taken, after)) = rest.split_at_checked(count.max(1)) else { break };
        if let Some(last) = taken.last().filter(|_| isolate) {
            // The bracket around the area of a telephone number is part of it.
            let closed = text
                .get(first.range.start..last.range.end)
                .is_some_and(|run| run.matches(')').count() > run.matches('(').count());
            let start = first.range.start - usize::from(closed && in_brackets(text, first));
            runs.push(start..last.range.end);
        } else if first.kind == Kind::Number(Number::Range) {
            runs.extend(ends(text, first.range.clone()));
        }
        rest = after;
    }
    join_sentences(text, runs)
}

/// The two numbers of a range with a hyphen. Where no Arabic letter stands before it, the algorithm
/// would take both and the hyphen for one number (UAX #9 W4); each by itself, they are read in the
/// direction of the paragraph everywhere. A dash needs no help.
fn ends(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let written = text.get(range.clone()).unwrap_or_default();
    let hyphen = written.find('-').map(|at| range.start + at);
    hyphen.into_iter().flat_map(move |at| [range.start..at, at + 1..range.end])
}

fn between<'a>(text: &'a str, a: &Token, b: &Token) -> &'a str {
    text.get(a.range.end..b.range.start).unwrap_or_default()
}

/// How many tokens the phrase that a word begins has: words with nothing but spaces, `&` or the
/// point of an abbreviation between them, and the numbers that follow a word.
fn phrase(text: &str, tokens: &[Token]) -> usize {
    let mut count = 1;
    for pair in tokens.windows(2) {
        let [before, next] = pair else { break };
        let gap = between(text, before, next);
        let joins = match next.kind {
            Kind::Word => {
                is_space(gap)
                    || matches!(gap, " & " | " + " | " = " | " × " | " → " | " ← " | ". " | ".\n")
                    || (gap == ", " && is_particle(text, next))
            }
            Kind::Number(Number::Plain) => {
                is_space(gap) || (gap == ". " && is_abbreviation(text, before))
            }
            // «growth of 5% in …» goes on; a percentage at the end is the Arabic sentence's.
            Kind::Number(Number::Percent) => is_space(gap) && goes_on(text, tokens, count),
            Kind::Number(Number::Alone) => is_space(gap) && !is_date(text, next),
            // «Boeing 737-800» is a name, «CPEC 2025-2029» a name and years.
            Kind::Number(Number::Range) => is_space(gap) && is_code(text, next),
        };
        if !joins {
            break;
        }
        count += 1;
    }
    count
}

/// Whether a word is one that goes on with a sentence of English rather than begin the next term of a
/// list: «Xinhua, in Global Times».
fn is_particle(text: &str, token: &Token) -> bool {
    const PARTICLES: [&str; 24] = [
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "he", "in", "is", "it", "of",
        "on", "or", "she", "that", "the", "they", "to", "which", "who", "with",
    ];
    text.get(token.range.clone()).is_some_and(|word| PARTICLES.contains(&word))
}

/// Whether a word follows the token at an index after no more than its sign and a space.
fn goes_on(text: &str, tokens: &[Token], at: usize) -> bool {
    let (Some(number), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return false };
    let gap = between(text, number, next);
    next.kind == Kind::Word && is_space(gap.trim_start_matches(['%', '٪']))
}

/// Whether a word is one that a number belongs to: «Vol. 5».
fn is_abbreviation(text: &str, token: &Token) -> bool {
    let word = text.get(token.range.clone()).unwrap_or_default();
    matches!(
        word,
        "No" | "no" | "Nos" | "Nr" | "Vol" | "vol" | "p" | "pp" | "Art" | "Fig" | "Ch" | "Sec"
    )
}

/// Whether a number with a hyphen is no range of years.
fn is_code(text: &str, token: &Token) -> bool {
    let written = text.get(token.range.clone()).unwrap_or_default();
    written
        .split_once('-')
        .is_some_and(|(from, to)| !(is_year(from) && matches!(digits(to), 2 | 4)))
}

fn is_date(text: &str, token: &Token) -> bool {
    let written = text.get(token.range.clone()).unwrap_or_default();
    let mut groups = written.split('-').map(digits);
    groups.next() == Some(4) && groups.next() == Some(2)
}

fn is_space(gap: &str) -> bool {
    !gap.is_empty() && gap.chars().all(char::is_whitespace)
}

/// How many tokens a number that begins `tokens` has, and whether they are isolated.
fn number(text: &str, tokens: &[Token], number: Number, policy: Policy) -> (usize, bool) {
    let unit = tokens.get(1).filter(|next| {
        next.kind == Kind::Word
            && tokens.first().is_some_and(|number| is_space(between(text, number, next)))
            && text.get(next.range.clone()).is_some_and(is_unit)
    });
    let groups = groups(text, tokens);
    match number {
        _ if groups > 1 => (groups, true),
        Number::Plain | Number::Alone | Number::Range if unit.is_some() => (2, true),
        Number::Plain | Number::Percent => (1, false),
        Number::Range => (1, policy.ranges == Direction::Ltr),
        Number::Alone => (1, true),
    }
}

/// How many tokens are groups of one number that is written with spaces: a telephone number
/// (`+92 51 920 1234`), a large number (`62 000 000`).
fn groups(text: &str, tokens: &[Token]) -> usize {
    let shown = |token: &Token| text.get(token.range.clone()).unwrap_or_default();
    let Some(first) = tokens.first().map(shown) else { return 1 };
    let international = first.strip_prefix('+').is_some_and(digits_only);
    let mut count = 1;
    for pair in tokens.windows(2) {
        let [before, next] = pair else { break };
        let gap = between(text, before, next);
        let joint = matches!(gap, " " | "\u{A0}" | "\u{202F}" | "\u{2009}")
            || (international && count == 1 && gap == " (")
            || (international && count == 2 && matches!(gap, ") " | ")"))
            || (count == 1 && in_brackets(text, before) && gap == ") ");
        if !joint || !matches!(next.kind, Kind::Number(_)) || !digits_only(shown(next)) {
            break;
        }
        count += 1;
    }
    let groups = tokens.get(..count).unwrap_or_default();
    let total: usize = groups.iter().map(|token| all_digits(shown(token))).sum();
    let thousands = (1..=3).contains(&digits(first))
        && groups.iter().skip(1).all(|token| digits(shown(token)) == 3);
    match count {
        1 => 1,
        _ if international && total >= 7 => count,
        _ if thousands => count,
        _ if count >= 3 && total >= 7 && digits_only(first) => count,
        _ if total >= 7 && tokens.first().is_some_and(|first| in_brackets(text, first)) => count,
        _ => 1,
    }
}

/// Whether a bracket opens just before a number, as before the area in «(051) 920-1234».
fn in_brackets(text: &str, token: &Token) -> bool {
    text.get(..token.range.start).is_some_and(|before| before.ends_with('('))
}

fn digits_only(text: &str) -> bool {
    all_digits(text) > 0 && text.split('-').all(|group| digits(group) > 0)
}

fn all_digits(text: &str) -> usize {
    text.chars().filter(|c| super::class(*c) == Class::Digit).count()
}

/// Joins the runs inside of quotation marks that hold a sentence without a right-to-left letter.
fn join_sentences(text: &str, runs: Vec<Range<usize>>) -> Vec<Range<usize>> {
    // '"', «, and the first bytes of “.
    let opens = |byte: u8, next: u8| {
        (byte == b'"') | ((byte == 0xC2) & (next == 0xAB)) | ((byte == 0xE2) & (next == 0x80))
    };
    if runs.len() < 2 || first_block(text.as_bytes(), opens).is_none() {
        return runs;
    }
    let sentences = sentences(text);
    let sentence = |at: usize| {
        let after = sentences.partition_point(|quoted| quoted.start <= at);
        let quoted = sentences.get(after.checked_sub(1)?)?;
        quoted.contains(&at).then_some(quoted.start)
    };
    let mut joined: Vec<Range<usize>> = Vec::new();
    for run in runs {
        let own = sentence(run.start);
        match joined.last_mut() {
            Some(last) if own.is_some() && sentence(last.start) == own => last.end = run.end,
            _ => joined.push(run),
        }
    }
    joined
}

/// The insides of quotation marks that hold a sentence and nothing from right to left.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut open = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“' | '«', _) | ('"', None) => open = Some(at + c.len_utf8()),
            ('”' | '»' | '"', Some(start)) => {
                let quoted = text.get(start..at).unwrap_or_default();
                let words = quoted.split_whitespace().filter(|word| has(word, Class::Ltr));
                if words.count() >= SENTENCE {
                    sentences.push(start..at);
                }
                open = None;
            }
            (c, Some(_)) if c == super::OBJECT || super::class(c) == Class::Rtl => open = None,
            _ => {}
        }
    }
    sentences
}
