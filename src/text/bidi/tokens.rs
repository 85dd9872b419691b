//! Words and numbers of left-to-right script in a right-to-left text.

use std::ops::Range;

use super::numbers::{self, Number};
use super::{Class, class, has};

/// How far the brackets that belong to a word may reach, in characters.
const MAX_BRACKETS: usize = 64;

/// A word or number, without the punctuation around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Something with a letter in it: a word, a name, a path, an address.
    Word,
    /// Digits and signs.
    Number(Number),
}

/// The tokens of a text, in their order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut from = 0;
    while let Some(found) = text.as_bytes().get(from..).and_then(super::first_ltr) {
        let found = from + found;
        // The signs before a letter or digit may belong to it.
        let signs = text.get(from..found).unwrap_or_default().chars().rev();
        let signs: usize = signs.take_while(|c| in_chunk(*c)).map(char::len_utf8).sum();
        let start = found - signs;
        let rest = text.get(start..).unwrap_or_default();
        if let Some(length) = url(rest) {
            tokens.push(Token { range: start..start + length, kind: Kind::Word });
            from = start + length;
            continue;
        }
        let length = chunk_length(rest);
        // An address may begin inside of a chunk.
        let address = |at: &usize| *at > 0 && rest.get(*at..).and_then(url).is_some();
        let chunk = rest.get(..length).unwrap_or_default();
        let inner = if chunk.contains(':') { chunk.find("http").filter(address) } else { None };
        let end = start + inner.unwrap_or(length);
        let token = token(text, start..end);
        from = token.as_ref().map_or(end, |token| token.range.end).max(end).max(found + 1);
        while !text.is_char_boundary(from) {
            from += 1;
        }
        tokens.extend(token);
    }
    tokens
}

/// How far the chunk goes that a text begins with. A comma between two digits is part of the number.
fn chunk_length(text: &str) -> usize {
    let digit = |c: char| class(c) == Class::Digit;
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let thousands = c == ',' && before.is_some_and(digit) && next.is_some_and(digit);
        if !in_chunk(c) && !thousands {
            return at;
        }
        before = Some(c);
    }
    text.len()
}

/// Whether a character may be inside of a word or number: no space, no letter from right to left,
/// none of the brackets and quotation marks that stand around phrases.
fn in_chunk(c: char) -> bool {
    match class(c) {
        Class::Rtl | Class::Space => false,
        Class::Ltr | Class::Digit | Class::Mark => true,
        Class::Other => {
            !matches!(
                c,
                ',' | ';' | '"' | '«' | '»' | '‹' | '›' | '“' | '”' | '„' | '‘' | '[' | ']' | '{' | '}'
                    | '(' | ')' | '<' | '>' | '|' | '—' | '…' | '،' | super::OBJECT
                    | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF20}'
            ) && !crate::text::is_bidi_control(c)
        }
    }
}

/// The length of the web address that a text begins with. It may hold letters of any script; the
/// punctuation of the sentence after it does not belong to it.
fn url(text: &str) -> Option<usize> {
    if !text.starts_with(['h', 'H', 'w', 'W', 'm', 'M']) {
        return None;
    }
    let starts = |prefix: &str| {
        text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    if !(starts("http://") || starts("https://") || starts("www.") || starts("mailto:")) {
        return None;
    }
    let stop = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | super::OBJECT)
    };
    let mut url = text.get(..text.find(stop).unwrap_or(text.len()))?;
    let excess = |open: char, close: char| {
        url.matches(close).count().saturating_sub(url.matches(open).count())
    };
    let (mut round, mut square) = (excess('(', ')'), excess('[', ']'));
    while let Some(last) = url.chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '،' | '؛' | '؟' | '۔' | '…' => {}
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            _ => break,
        }
        url = url.get(..url.len() - last.len_utf8())?;
    }
    Some(url.len())
}

/// The token in a chunk; `None` where it has neither letter nor digit.
fn token(text: &str, chunk: Range<usize>) -> Option<Token> {
    let written = text.get(chunk.clone())?;
    let start = leading(written, is_free(text, chunk.start));
    let bracket = brackets(text, chunk.end);
    let kept = written.get(start..)?;
    let end = match bracket {
        Some(_) => kept.len(),
        None => trailing(kept),
    };
    let kept = kept.get(..end)?;
    let range = chunk.start + start..bracket.unwrap_or(chunk.start + start + end);
    if has(kept, Class::Ltr) {
        return Some(Token { range, kind: Kind::Word });
    }
    if !has(kept, Class::Digit) {
        return None;
    }
    let range = chunk.start + start..chunk.start + start + end;
    let percent = text.get(range.end..).and_then(|rest| rest.chars().next());
    let percent = percent.filter(|c| matches!(c, '%' | '٪'));
    let signed = kept.starts_with(['+', '-', '−', '±']);
    let (range, number) = match percent {
        // The sign would stand on the other side of it.
        Some(sign) if signed => (range.start..range.end + sign.len_utf8(), Number::Alone),
        Some(_) => (range, Number::Percent),
        None => (range, numbers::classify(kept)),
    };
    Some(Token { range, kind: Kind::Number(number) })
}

/// Whether a chunk that starts here is a word of its own, or hangs on no more than a particle of one
/// letter, as in «و/usr»: a hyphen, point or slash after a longer word joins the two.
fn is_free(text: &str, start: usize) -> bool {
    let mut before = text.get(..start).unwrap_or_default().chars().rev();
    match before.next() {
        Some('و' | 'ف' | 'ب' | 'ل' | 'ك') => before.next().is_none_or(|c| !c.is_alphabetic()),
        Some(c) => class(c) != Class::Rtl,
        None => true,
    }
}

/// Where the token of a chunk begins: after the signs that do not belong to it.
fn leading(chunk: &str, free: bool) -> usize {
    let mut characters = chunk.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if matches!(class(c), Class::Ltr | Class::Digit) {
            return at;
        }
        let next = characters.peek().map(|(_, c)| *c);
        let word = next.is_some_and(|c| matches!(class(c), Class::Ltr | Class::Digit));
        let digit = next.is_some_and(|c| class(c) == Class::Digit);
        let belongs = match c {
            '+' | '−' | '±' => digit,
            '-' => free && (word || next == Some('-')),
            '#' | '@' | '$' | '€' | '£' | '¥' | '₨' | '₹' | '\\' | '_' | '°' => word,
            '.' => free && (word || starts_path(chunk.get(at..).unwrap_or_default())),
            '/' | '~' => free && (word || matches!(next, Some('/' | '.' | '_' | '%'))),
            _ => false,
        };
        if belongs {
            return at;
        }
    }
    chunk.len()
}

/// Whether a text begins a path from the folder that one is in or from the one above it.
fn starts_path(text: &str) -> bool {
    text.starts_with("./") || text.starts_with("../")
}

/// Where a token ends: before the punctuation of the sentence.
fn trailing(token: &str) -> usize {
    let mut end = token.len();
    let is_word = has(token, Class::Ltr);
    let first_slash = token.find('/').unwrap_or(token.len());
    for (at, c) in token.char_indices().rev() {
        let belongs = match c {
            '+' | '#' | '$' | '€' | '£' | '™' | '®' | '©' | '°' | '_' => is_word,
            '/' => first_slash < at,
            c => matches!(class(c), Class::Ltr | Class::Digit | Class::Mark),
        };
        if belongs {
            break;
        }
        end = at;
    }
    end
}

/// Where the brackets end that follow a word without a space and hold no right-to-left text, as in
/// `f(x)`; such a word goes on to their end.
fn brackets(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?.strip_prefix('(')?;
    let (length, _) = rest.char_indices().take(MAX_BRACKETS).find(|(_, c)| *c == ')')?;
    let inside = rest.get(..length)?;
    let attached = text.get(..end)?.chars().next_back().is_some_and(|c| class(c) == Class::Ltr);
    let plain = inside.chars().all(|c| in_chunk(c) || matches!(c, ',' | ' '));
    (attached && plain).then_some(end + length + 2)
}
