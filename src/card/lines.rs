//! A text in lines, by the widths that its letters have.

use std::ops::Range;

use super::fonts::Fonts;
use super::set::Style;
use crate::text::segments;

/// What a text has to fit into.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The sizes of letters that are tried, in this order; the last is taken where it fits in none.
    pub sizes: &'a [f32],
    /// The width of a line.
    pub width: f32,
    /// The most lines.
    pub max: usize,
}

/// A text in lines.
#[derive(Clone, Debug, Default)]
pub struct Broken {
    /// The size of its letters.
    pub size: f32,
    /// The lines.
    pub lines: Vec<Line>,
    /// Whether a part is left out; the last line then ends in `…`.
    pub cut: bool,
    /// Whether a word is broken in its middle, since it is wider than a line.
    pub torn: bool,
    /// How far the letters of its font go above and below the line, and the distance from one line to the next.
    pub ascent: f32,
    /// See `ascent`.
    pub descent: f32,
    /// See `ascent`.
    pub height: f32,
}

/// A line of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// Its width.
    pub width: f32,
}

/// A piece of a text that is not broken, its width with and without the spaces at its end, in parts of the size.
struct Piece {
    range: Range<usize>,
    full: f32,
    bare: f32,
}

impl Fonts {
    /// The width of a line in parts of the size.
    fn width(&self, text: &str, style: &Style<'_>) -> f32 {
        self.set(text, style).width
    }

    /// Breaks a text into lines, in the first of the sizes in which it fits. Lines are about equally long.
    #[must_use]
    pub fn break_text(&self, text: &str, style: &Style<'_>, frame: Frame<'_>) -> Broken {
        let text = plain(text);
        let pieces = self.pieces(&text, style);
        let mut broken = Broken::default();
        for (n, size) in frame.sizes.iter().enumerate() {
            let is_last = n + 1 == frame.sizes.len();
            let width = frame.width / size;
            // A word that is broken in its middle is worse than smaller letters.
            broken.torn = pieces.iter().any(|piece| piece.bare > width);
            if broken.torn && !is_last {
                continue;
            }
            let pieces = self.split(&text, style, &pieces, width);
            let lines = fill(&pieces, width);
            if lines.len() > frame.max && !is_last {
                continue;
            }
            broken.size = *size;
            if lines.len() > frame.max {
                broken.cut = true;
                broken.lines = self.cut(&text, style, &pieces, &lines, (width, frame.max));
            } else {
                let lines = balanced(&text, &pieces, width, lines);
                let whole = |line: &Range<usize>| {
                    span(&pieces, line).map(|range| self.line(&text, range, style))
                };
                broken.lines = lines.iter().filter_map(whole).collect();
            }
            break;
        }
        for line in &mut broken.lines {
            line.width *= broken.size;
        }
        let first = self.by_preference(&style.families, style.weight, style.italic);
        if let Some(face) = first.first() {
            broken.ascent = face.ascent * broken.size;
            broken.descent = face.descent * broken.size;
            broken.height = (face.ascent + face.descent + face.gap) * broken.size;
        }
        broken
    }

    fn line(&self, text: &str, range: Range<usize>, style: &Style<'_>) -> Line {
        let text = text.get(range).unwrap_or_default().trim_end();
        Line { text: text.to_owned(), width: self.width(text, style) }
    }

    fn pieces(&self, text: &str, style: &Style<'_>) -> Vec<Piece> {
        let mut from = 0;
        let breaks = segments::line_breaks(text).into_iter();
        breaks.map(|at| self.piece(text, std::mem::replace(&mut from, at)..at, style)).collect()
    }

    fn piece(&self, text: &str, range: Range<usize>, style: &Style<'_>) -> Piece {
        let full = text.get(range.clone()).unwrap_or_default();
        let bare = full.trim_end();
        let width = self.width(bare, style);
        let spaces = full.get(bare.len()..).unwrap_or_default();
        Piece { range, full: width + self.width(spaces, style), bare: width }
    }

    /// The pieces, those that are wider than a line broken between letters.
    fn split(&self, text: &str, style: &Style<'_>, pieces: &[Piece], width: f32) -> Vec<Piece> {
        let mut split = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let mut start = piece.range.start;
            if piece.bare > width {
                let part = text.get(piece.range.clone()).unwrap_or_default();
                let letters = part.char_indices().filter(|(_, c)| !segments::is_attached(*c));
                let ends: Vec<usize> = letters.map(|(at, _)| piece.range.start + at).collect();
                let mut last = start;
                for end in ends.into_iter().chain([piece.range.end]) {
                    let so_far = text.get(start..end).unwrap_or_default().trim_end();
                    if last > start && self.width(so_far, style) > width {
                        split.push(self.piece(text, start..last, style));
                        start = last;
                    }
                    last = end;
                }
            }
            split.push(self.piece(text, start..piece.range.end, style));
        }
        split
    }

    /// The first lines of a text that has too many, the last with `…`.
    fn cut(
        &self,
        text: &str,
        style: &Style<'_>,
        pieces: &[Piece],
        lines: &[Range<usize>],
        (width, max): (f32, usize),
    ) -> Vec<Line> {
        let (whole, rest) = lines.split_at(max.saturating_sub(1).min(lines.len()));
        let whole = whole.iter().filter_map(|line| span(pieces, line));
        let mut cut: Vec<Line> = whole.map(|range| self.line(text, range, style)).collect();
        let Some(last) = rest.first().and_then(|line| span(pieces, line)) else { return cut };
        let (start, mut end) = (last.start, last.end);
        loop {
            let kept = text.get(start..end).unwrap_or_default().trim_end_matches(is_weak);
            let line = format!("{kept}…");
            let set = self.width(&line, style);
            if set <= width || kept.is_empty() {
                cut.push(Line { text: line, width: set });
                return cut;
            }
            let mut words = pieces.iter().map(|piece| piece.range.end);
            let shorter = words.rfind(|at| *at > start && *at < start + kept.len());
            // Where even one word is too long, letter by letter.
            let mut letter =
                kept.char_indices().filter(|(at, c)| *at > 0 && !segments::is_attached(*c));
            end = shorter.unwrap_or_else(|| start + letter.next_back().map_or(0, |(at, _)| at));
        }
    }
}

/// Signs that do not stand before `…`.
fn is_weak(c: char) -> bool {
    c.is_whitespace() || "،,؛;:.：，、；–—-(（«「『《“‘\"".contains(c)
}

/// A text without line breaks and other controls, and with one space at a time.
fn plain(text: &str) -> String {
    let is_blank = |c: char| {
        c == ' ' || c == '\u{2028}' || c == '\u{2029}' || (c.is_control() && c != '\u{85}')
    };
    text.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text of some pieces.
fn span(pieces: &[Piece], line: &Range<usize>) -> Option<Range<usize>> {
    let pieces = pieces.get(line.clone())?;
    Some(pieces.first()?.range.start..pieces.last()?.range.end)
}

/// Pieces in lines, each as full as it can be.
fn fill(pieces: &[Piece], width: f32) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut used = 0.0;
    for (n, piece) in pieces.iter().enumerate() {
        match lines.last_mut() {
            Some(line) if used + piece.bare <= width => {
                line.end = n + 1;
                used += piece.full;
            }
            _ => {
                lines.push(n..n + 1);
                used = piece.full;
            }
        }
    }
    lines
}

/// As many lines, about equally long: as narrow as they can be, but for ends of sentences and the like, which are
/// good ends of lines.
fn balanced(
    text: &str,
    pieces: &[Piece],
    width: f32,
    full: Vec<Range<usize>>,
) -> Vec<Range<usize>> {
    if full.len() < 2 {
        return full;
    }
    let widest = pieces.iter().fold(0.0, |widest: f32, piece| widest.max(piece.bare));
    let good_ends = |lines: &[Range<usize>]| {
        let ends = lines.iter().rev().skip(1).filter_map(|line| span(pieces, line));
        let last = ends.filter_map(|range| text.get(range)?.trim_end().chars().last());
        last.filter(|c| is_stop(*c)).count()
    };
    let count = full.len();
    let (mut best, mut most) = (full, 0);
    for step in 0..=STEPS {
        #[allow(clippy::cast_precision_loss)]
        let narrower = widest + (width - widest).max(0.0) * (step as f32) / (STEPS as f32);
        let lines = fill(pieces, narrower);
        if lines.len() == count && (most == 0 || good_ends(&lines) + 1 > most) {
            (most, best) = (good_ends(&lines) + 1, lines);
        }
    }
    best
}

/// How many widths are tried.
const STEPS: u16 = 48;

/// Signs that a line ends well in.
fn is_stop(c: char) -> bool {
    "،,؛;:.!?؟۔：，、；。！？—–)»”’）」』》".contains(c)
}

#[cfg(test)]
mod tests {
    use super::super::set::Style;
    use super::*;
    use crate::card::tests::fonts;
    use crate::text::Direction;
    use crate::text::bidi::Policy;

    fn style(family: &'static str, base: Direction) -> Style<'static> {
        let families = vec![family];
        Style {
            families,
            weight: 600,
            italic: false,
            word_space: 0.0,
            lang: "ar",
            policy: Policy::of(base),
        }
    }

    fn broken(text: &str, family: &'static str, sizes: &[f32], max: usize) -> Broken {
        let style = style(family, Direction::Rtl);
        fonts().break_text(text, &style, Frame { sizes, width: 900.0, max })
    }

    const LONG: &str = "الذكرى الخامسة والسبعون لإقامة العلاقات الدبلوماسية بين باكستان والصين واتفاق المرحلة الثانية من الممر الاقتصادي";

    #[test]
    fn lines_are_no_wider_than_they_may_be_and_about_equal() {
        let broken = broken(LONG, "Reem Kufi", &[72.0, 56.0], 3);
        assert!(!broken.cut && !broken.torn && (2..=3).contains(&broken.lines.len()), "{broken:?}");
        let widths: Vec<f32> = broken.lines.iter().map(|line| line.width).collect();
        let (most, least) =
            widths.iter().fold((0.0f32, f32::MAX), |(m, l), w| (m.max(*w), l.min(*w)));
        assert!(most <= 900.0 && least > most * 0.5, "{widths:?}");
        let words = broken.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>();
        assert_eq!(words.join(" "), LONG);
    }

    #[test]
    fn the_first_size_that_fits_is_taken() {
        assert_eq!(broken("ميناء جوادر", "Reem Kufi", &[72.0, 56.0], 3).size, 72.0);
        assert_eq!(broken(LONG, "Reem Kufi", &[90.0, 40.0], 2).size, 40.0);
    }

    #[test]
    fn what_does_not_fit_ends_in_dots() {
        let broken = broken(LONG, "Reem Kufi", &[72.0], 2);
        assert!(broken.cut && broken.lines.len() == 2, "{broken:?}");
        let last = &broken.lines[1];
        assert!(last.text.ends_with('…') && last.width <= 900.0, "{last:?}");
        assert!(LONG.contains(last.text.trim_end_matches('…')));
    }

    #[test]
    fn words_without_end_are_broken_between_letters() {
        for text in ["a".repeat(300), "م".repeat(300), "中".repeat(300), "e\u{301}".repeat(200)] {
            let broken = broken(&text, "Reem Kufi", &[64.0], 3);
            // Chinese breaks between any two characters.
            assert_eq!(broken.torn, !text.starts_with('中'), "{broken:?}");
            assert!(broken.cut && broken.lines.len() == 3, "{broken:?}");
            for line in &broken.lines {
                assert!(line.width <= 900.5 && !line.text.starts_with('\u{301}'), "{line:?}");
            }
        }
    }

    #[test]
    fn chinese_breaks_between_letters_and_not_before_a_stop() {
        let text = "中华人民共和国和巴基斯坦伊斯兰共和国建交七十五周年。";
        let broken = broken(text, "Noto Serif SC", &[72.0], 3);
        assert!(broken.lines.len() > 1);
        assert!(broken.lines.iter().all(|line| !line.text.starts_with('。')), "{broken:?}");
    }

    #[test]
    fn lines_end_where_sentences_do() {
        let text = "巴基斯坦与中国：建交75周年";
        let style = style("Noto Serif SC", Direction::Ltr);
        let frame = Frame { sizes: &[80.0], width: 650.0, max: 3 };
        let lines = fonts().break_text(text, &style, frame).lines;
        let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, ["巴基斯坦与中国：", "建交75周年"]);
    }

    #[test]
    fn nothing_is_no_line() {
        assert!(broken(" \n ", "Reem Kufi", &[64.0], 3).lines.is_empty());
        assert_eq!(plain("a\tb\n\nc"), "a b c");
        assert_eq!(plain("a\u{A0}b"), "a\u{A0}b");
    }
}
