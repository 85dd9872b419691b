//! Whether words stand in a text: vowel signs, invisible characters and the shapes of quotation marks,
//! dashes and spaces aside.

use std::collections::HashMap;
use std::ops::Range;

use super::{is_arabic_mark, is_bidi_control, is_han, nfc};

/// A text that words are looked for in, in paragraphs.
#[derive(Debug, Default)]
pub struct Text {
    folded: Folded,
    /// The end of each paragraph in the folded text, and its number for readers.
    ends: Vec<(usize, Option<usize>)>,
}

/// What came of looking for words.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// They are there, and begin in the paragraph of this number.
    In(Option<usize>),
    /// They are not; what resembles them most.
    Nowhere(Option<String>),
}

/// A text in which what may differ is equal, with the way back to what it was.
#[derive(Debug, Default)]
struct Folded {
    text: String,
    /// The text in NFC, otherwise as it was.
    original: String,
    /// For each character of `text`, its place there and in `original`.
    places: Vec<(usize, usize)>,
}

/// The sign of what a quotation leaves out.
const GAP: char = '…';

impl Folded {
    fn push(&mut self, text: &str) {
        let base = self.original.len();
        self.original.push_str(&nfc(text));
        let added = self.original.get(base..).unwrap_or_default().to_owned();
        let mut chars = added.char_indices().peekable();
        let mut space = false;
        while let Some((at, c)) = chars.next() {
            if is_dropped(c) {
                continue;
            }
            if c.is_whitespace() {
                space = true;
                continue;
            }
            let mut c = fold(c);
            if c == '.' && added.get(at..).is_some_and(|rest| rest.starts_with("...")) {
                chars.nth(1);
                c = GAP;
            }
            let last = self.text.chars().next_back();
            // Chinese lines are broken anywhere, without a space.
            let joined = is_wide(c) && last.is_some_and(is_wide);
            if std::mem::take(&mut space) && last.is_some() && !joined {
                self.places.push((self.text.len(), base + at));
                self.text.push(' ');
            }
            self.places.push((self.text.len(), base + at));
            self.text.push(c);
        }
    }

    /// A range of the folded text as it was.
    fn original(&self, range: &Range<usize>) -> &str {
        let place = |at: usize| {
            let n = self.places.partition_point(|(folded, _)| *folded < at);
            self.places.get(n).map_or(self.original.len(), |(_, original)| *original)
        };
        self.original.get(place(range.start)..place(range.end)).unwrap_or_default().trim()
    }
}

fn is_dropped(c: char) -> bool {
    is_arabic_mark(c)
        || is_bidi_control(c)
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\u{180E}' | '\u{FE00}'..='\u{FE0F}')
}

fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3000}'..='\u{30FF}' | '\u{FF00}'..='\u{FFEF}')
}

fn fold(c: char) -> char {
    match c {
        '«' | '»' | '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛' | '‹' | '›' | '「' | '」'
        | '『' | '』' | '＂' | '＇' | '\'' | '`' | '´' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => '-',
        c => c,
    }
}

/// The pieces of a quotation between what it leaves out (`…`, `[...]`), folded.
fn pieces(quote: &str) -> Vec<String> {
    let mut folded = Folded::default();
    folded.push(quote);
    let mut pieces: Vec<String> = folded.text.split(GAP).map(str::to_owned).collect();
    for n in 1..pieces.len() {
        let opens = |piece: &String| piece.trim_end().ends_with(['[', '(']);
        let closes = |piece: &String| piece.trim_start().starts_with([']', ')']);
        if pieces.get(n - 1).is_some_and(opens) && pieces.get(n).is_some_and(closes) {
            if let Some(before) = pieces.get_mut(n - 1) {
                before.truncate(before.trim_end().len() - 1);
            }
            if let Some(after) = pieces.get_mut(n) {
                *after = after.trim_start().chars().skip(1).collect();
            }
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces.iter().map(|piece| piece.trim().to_owned()).collect()
}

/// Where the pieces stand one after the other in a text: the place of the first.
fn place(pieces: &[String], text: &str) -> Option<usize> {
    let mut at = 0;
    let mut first = None;
    for piece in pieces {
        let found = at + text.get(at..)?.find(piece.as_str())?;
        first = first.or(Some(found));
        at = found + piece.len();
    }
    first
}

impl Text {
    /// A text of paragraphs, each with its number; headings and the like have none.
    pub fn new<'a>(paragraphs: impl IntoIterator<Item = (Option<usize>, &'a str)>) -> Self {
        let mut text = Self::default();
        for (number, paragraph) in paragraphs {
            text.folded.push(&format!("\n{paragraph}"));
            text.ends.push((text.folded.text.len(), number));
        }
        text
    }

    /// Looks for a quotation; with `wanted`, in the paragraphs of these numbers first.
    #[must_use]
    pub fn find(&self, quote: &str, wanted: Option<&Range<usize>>) -> Found {
        let pieces = pieces(quote);
        let whole = &self.folded.text;
        if let Some(wanted) = wanted {
            let part = self.part(wanted);
            let start = part.start;
            if let Some(at) = whole.get(part).and_then(|part| place(&pieces, part)) {
                return Found::In(self.number(start + at));
            }
        }
        match place(&pieces, whole) {
            Some(at) => Found::In(self.number(at)),
            None => Found::Nowhere(self.nearest(quote)),
        }
    }

    /// The number of the last paragraph that has one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.iter().filter_map(|(_, number)| *number).max().unwrap_or(0)
    }

    /// The part of the folded text from one numbered paragraph to the end of another.
    fn part(&self, wanted: &Range<usize>) -> Range<usize> {
        let mut start = 0;
        let mut part: Option<Range<usize>> = None;
        for (end, number) in &self.ends {
            if number.is_some_and(|number| wanted.contains(&number)) {
                part = Some(part.map_or(start, |part| part.start)..*end);
            }
            start = *end;
        }
        part.unwrap_or(0..0)
    }

    /// The number of the paragraph that a place of the folded text is in.
    fn number(&self, at: usize) -> Option<usize> {
        let n = self.ends.partition_point(|(end, _)| *end <= at);
        self.ends.get(n).and_then(|(_, number)| *number)
    }

    /// The passage that has the most words in common with a quotation, if it has many.
    fn nearest(&self, quote: &str) -> Option<String> {
        let mut folded = Folded::default();
        folded.push(quote);
        let wanted: Vec<&str> = words(&folded.text).map(|(_, word)| word).collect();
        let text: Vec<(usize, &str)> = words(&self.folded.text).collect();
        let size = wanted.len().min(text.len());
        let mut missing: HashMap<&str, isize> = HashMap::new();
        for word in &wanted {
            *missing.entry(word).or_default() += 1;
        }
        let (mut common, mut best) = (0_usize, (0_usize, 0_usize));
        for (n, (_, word)) in text.iter().enumerate() {
            if let Some(left) = missing.get_mut(word) {
                common += usize::from(*left > 0);
                *left -= 1;
            }
            if n >= size
                && let Some((_, gone)) = text.get(n - size)
                && let Some(left) = missing.get_mut(gone)
            {
                *left += 1;
                common -= usize::from(*left > 0);
            }
            if common > best.0 {
                best = (common, (n + 1).saturating_sub(size));
            }
        }
        // Less than half is a resemblance that tells nothing.
        let (common, first) = best;
        if size == 0 || common * 2 < wanted.len() {
            return None;
        }
        let start = text.get(first)?.0;
        let (last, word) = text.get(first + size - 1)?;
        Some(self.folded.original(&(start..last + word.len())).to_owned())
    }
}

/// The words of a folded text with their places; a Chinese character is a word.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c != ' ')?;
        let rest = text.get(start..)?;
        let first = rest.chars().next()?;
        let length = if is_wide(first) {
            first.len_utf8()
        } else {
            rest.find(|c: char| c == ' ' || is_wide(c)).unwrap_or(rest.len())
        };
        at = start + length;
        Some((start, rest.get(..length)?))
    })
}

/// Whether a quotation has words at all.
#[must_use]
pub fn has_words(quote: &str) -> bool {
    pieces(quote).iter().any(|piece| piece.chars().any(char::is_alphanumeric))
}

/// The paragraphs that a locator such as `¶2` or `¶¶2–4` names, if it names any.
#[must_use]
pub fn paragraphs(locator: &str) -> Option<Range<usize>> {
    let rest = locator.split('¶').next_back().filter(|_| locator.contains('¶'))?.trim_start();
    let number = |text: &str| {
        let mut number = None;
        for c in text.chars() {
            let digit = match c {
                '0'..='9' => u32::from(c) - u32::from('0'),
                '٠'..='٩' => u32::from(c) - u32::from('٠'),
                '۰'..='۹' => u32::from(c) - u32::from('۰'),
                _ => break,
            };
            number =
                Some(number.unwrap_or(0_usize).saturating_mul(10).saturating_add(digit as usize));
        }
        number
    };
    let first = number(rest)?;
    let after = rest.trim_start_matches(char::is_numeric).trim_start();
    let last = after.strip_prefix(['-', '–', '—']).and_then(|rest| number(rest.trim_start()));
    Some(first..last.unwrap_or(first).max(first).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> Text {
        Text::new([
            (None, "عنوان البيان"),
            (Some(1), "وقّعَ البلــدانِ الاتفاق في بكين – عاصمة الصين."),
            (Some(2), "قال الوزير: «سنمضي معاً» ثم غادر القاعة إلى المطار."),
            (Some(3), "两国\n签署协议。 It’s signed."),
        ])
    }

    #[test]
    fn what_may_differ_does_not_count() {
        let text = text();
        for (quote, number) in [
            ("وقع البلدان الاتفاق", Some(1)),
            ("بكين - عاصمة\u{A0} الصين", Some(1)),
            ("قال الوزير: \"سنمضي معا\"", Some(2)),
            ("وقع … بكين", Some(1)),
            ("وقع البلدان [...] ثم غادر", Some(1)),
            ("قال الوزير (…) إلى المطار.", Some(2)),
            ("两国签署协议", Some(3)),
            ("It's signed", Some(3)),
            ("\u{200F}الاتفاق\u{200C}", Some(1)),
            ("عنوان", None),
        ] {
            assert_eq!(text.find(quote, None), Found::In(number), "{quote}");
        }
    }

    #[test]
    fn what_is_not_there() {
        let text = text();
        let near = Found::Nowhere(Some("قال الوزير: «سنمضي معاً» ثم غادر القاعة".to_owned()));
        assert_eq!(text.find("قال الوزير: «سنبقى معاً» ثم غادر القاعة", None), near);
        assert_eq!(text.find("كلام آخر لا صلة له بالنص", None), Found::Nowhere(None));
        assert_eq!(text.find("غادر … بكين", None), Found::Nowhere(None));
        assert_eq!(Text::default().find("كلام", None), Found::Nowhere(None));
    }

    #[test]
    fn paragraphs_are_looked_at_first() {
        let text = Text::new([(Some(1), "كلام واحد"), (Some(2), "كلام آخر"), (Some(3), "كلام")]);
        assert_eq!(text.find("كلام", Some(&(2..3))), Found::In(Some(2)));
        assert_eq!(text.find("كلام آخر", Some(&(1..2))), Found::In(Some(2)));
        assert_eq!(text.find("واحد … آخر", Some(&(1..3))), Found::In(Some(1)));
        assert_eq!(text.find("كلام", Some(&(9..10))), Found::In(Some(1)));
        assert_eq!(text.count(), 3);
    }

    #[test]
    fn locators() {
        for (locator, wanted) in [
            ("¶2", Some(2..3)),
            ("¶ ٢", Some(2..3)),
            ("¶¶2–4", Some(2..5)),
            ("p. 4, ¶3", Some(3..4)),
            ("¶4-2", Some(4..5)),
            ("ص 4", None),
            ("¶", None),
            ("¶99999999999999999999999", Some(usize::MAX - 1..usize::MAX)),
        ] {
            match wanted {
                Some(range) if range.start > 1000 => assert!(paragraphs(locator).is_some()),
                wanted => assert_eq!(paragraphs(locator), wanted, "{locator}"),
            }
        }
    }

    #[test]
    fn quotations_without_words() {
        assert!(!has_words("…") && !has_words("[...] -") && has_words("أ"));
    }
}
