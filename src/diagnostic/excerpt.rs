//! The line that a problem is in, for people to see.

use super::Span;

/// Lines longer than this are quoted in part, in characters.
const MAX_QUOTED_LINE: usize = 160;

/// The first line of a place, with the place's offsets in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, without its end; a long one in part. Characters that would turn the order of others are
    /// replaced.
    pub text: String,
    /// Its number in the file, from 1.
    pub line: usize,
    /// Where in `text` the place begins, in bytes.
    pub start: usize,
    /// Where in `text` it ends.
    pub end: usize,
}

impl Excerpt {
    /// Cuts the line of a place out of its file; `None` where the place is not in it.
    #[must_use]
    pub fn cut(text: &str, span: &Span) -> Option<Self> {
        let start = floor(text, span.range.0);
        let first = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text.get(start..)?.find('\n').map_or(text.len(), |at| start + at);
        // A place of several lines is shown by its first.
        let end = floor(text, span.range.1).clamp(start, line_end);
        let line = text.get(..first)?.bytes().filter(|b| *b == b'\n').count() + 1;
        let mut quoted = text.get(first..line_end)?.trim_end_matches('\r');
        if quoted.chars().count() > MAX_QUOTED_LINE {
            let cut = quoted.char_indices().nth(MAX_QUOTED_LINE).map_or(quoted.len(), |(at, _)| at);
            quoted = quoted.get(..cut.max(floor(text, end) - first))?;
        }
        let text = quoted.replace(crate::text::is_bidi_control, "\u{FFFD}");
        let (start, end) = if text.len() == quoted.len() {
            (start - first, end - first)
        } else {
            (start.min(first) - first, text.len())
        };
        Some(Self { start: start.min(text.len()), end: end.min(text.len()), text, line })
    }

    /// The excerpt without what follows the first `=`, or without anything where there is none.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let key = self.text.find('=').map_or(0, |sign| sign + 2);
        self.text.truncate(key.saturating_sub(2));
        self.text.push_str(if key > 0 { "= •••" } else { "•••" });
        // What was in the value is the whole of it.
        if self.end + 2 > key {
            (self.start, self.end) = (self.start.min(key), self.text.len());
        }
        self
    }
}

/// The nearest character boundary at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
