//! Places in a style sheet, from lines and columns to bytes.

use std::ops::Range;

/// The longest piece that is shown as the place of a problem, in bytes.
const LONGEST: usize = 60;

/// The byte at a line, the first being 0, and a column, the first being 1, in UTF-16 units, as CSS's
/// tokenizer counts them.
pub(super) fn offset(text: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    for _ in 0..line {
        let rest = text.get(start..).unwrap_or_default();
        let Some(end) = rest.find(['\n', '\r', '\x0C']) else { break };
        let pair = rest.get(end..).is_some_and(|rest| rest.starts_with("\r\n"));
        start += end + 1 + usize::from(pair);
    }
    let mut units = column.saturating_sub(1) as usize;
    for (at, c) in text.get(start..).unwrap_or_default().char_indices() {
        if units == 0 || matches!(c, '\n' | '\r' | '\x0C') {
            return start + at;
        }
        units = units.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// The word at a place, which may be a single sign.
pub(super) fn word(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start().len();
    let (at, rest) = (at + skipped, rest.trim_start());
    let is_end = |c: char| c.is_whitespace() || matches!(c, ';' | '{' | '}' | '(' | ')' | ',');
    let mut end = rest.find(is_end).unwrap_or(rest.len());
    if end == 0 {
        end = rest.chars().next().map_or(0, char::len_utf8);
    }
    while end > LONGEST && !rest.is_char_boundary(end.min(LONGEST)) || end > LONGEST + 4 {
        end -= 1;
    }
    if rest.is_empty() { text.trim_end().len()..text.len() } else { at..at + end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        let css = "a{}\r\nب { 😀x: y }\n";
        assert_eq!(&css[offset(css, 1, 1)..], "ب { 😀x: y }\n");
        assert_eq!(&css[word(css, offset(css, 1, 7))], "x:");
        assert_eq!(offset(css, 9, 1), css.len());
        assert_eq!(&css[word(css, offset(css, 1, 2))], "{");
    }

    #[test]
    fn a_place_is_never_outside() {
        let long = "ب".repeat(200);
        for text in ["", "   ", "}", long.as_str()] {
            for at in [0, 2, text.len(), text.len() + 9] {
                assert!(text.get(word(text, at)).is_some(), "{text} {at}");
            }
        }
    }
}
