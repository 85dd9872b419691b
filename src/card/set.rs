//! A line of text as glyphs in their places.

use std::ops::Range;

use super::face::{Face, Item};
use super::fonts::Fonts;
use crate::text::bidi::{self, Policy};
use crate::text::{Direction, is_bidi_control, segments};

/// How a line is set.
#[derive(Clone, Debug)]
pub struct Style<'a> {
    /// The families of fonts that are asked for, the dearest first.
    pub families: Vec<&'a str>,
    /// How bold: 400, 600 and so on.
    pub weight: u16,
    /// Whether it is slanted.
    pub italic: bool,
    /// How much wider than the font's the spaces between words are, in parts of the size.
    pub word_space: f32,
    /// The tag of its language.
    pub lang: &'a str,
    /// The direction of the line, and of ranges in it.
    pub policy: Policy,
}

/// A glyph in its place on the line, in parts of the size: from the left, and above the line.
pub(super) struct Glyph<'a> {
    pub(super) face: &'a Face,
    pub(super) id: u32,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A line.
#[derive(Default)]
pub(super) struct Set<'a> {
    pub(super) glyphs: Vec<Glyph<'a>>,
    /// Its width in parts of the size.
    pub(super) width: f32,
}

/// A piece of a line that is shaped at once.
struct Piece<'a> {
    range: Range<usize>,
    face: &'a Face,
    script: Option<[u8; 4]>,
}

impl Fonts {
    /// Sets a line. A letter that no font has is left out.
    pub(super) fn set(&self, text: &str, style: &Style<'_>) -> Set<'_> {
        let line = isolated(text, style.policy);
        let faces = self.by_preference(&style.families, style.weight, style.italic);
        let mut set = Set::default();
        for (run, direction) in segments::visual_runs(&line, style.policy.base) {
            let mut pieces = pieces(&line, run, &faces);
            if direction == Direction::Rtl {
                pieces.reverse();
            }
            for piece in pieces {
                set.push(&line, &piece, direction, style);
            }
        }
        set
    }
}

impl<'a> Set<'a> {
    fn push(&mut self, line: &str, piece: &Piece<'a>, direction: Direction, style: &Style<'_>) {
        let Range { start, end } = piece.range;
        let part = |range: Range<usize>| line.get(range).unwrap_or_default();
        let around = (part(0..start), part(start..end), part(end..line.len()));
        let item =
            Item { script: piece.script, direction, lang: style.lang.into(), weight: style.weight };
        let Some(shaped) = piece.face.shape(&item, around) else { return };
        let units = piece.face.units;
        #[allow(clippy::cast_precision_loss)]
        let em = |n: i32| n as f32 / units;
        for (info, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            if info.glyph_id != 0 {
                let (x, y) = (self.width + em(at.x_offset), em(at.y_offset));
                self.glyphs.push(Glyph { face: piece.face, id: info.glyph_id, x, y });
            }
            self.width += em(at.x_advance);
            let letter =
                usize::try_from(info.cluster).ok().and_then(|at| around.1.as_bytes().get(at));
            if letter == Some(&b' ') {
                self.width += style.word_space;
            }
        }
    }
}

/// A line with invisible isolates around what would otherwise be drawn in another order than it is read.
fn isolated(text: &str, policy: Policy) -> String {
    let open = match policy.base {
        Direction::Ltr => '\u{2067}',
        Direction::Rtl => '\u{2066}',
    };
    let mut out = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for run in bidi::runs(text, policy) {
        out.push_str(text.get(from..run.start).unwrap_or_default());
        out.push(open);
        out.push_str(text.get(run.clone()).unwrap_or_default());
        out.push('\u{2069}');
        from = run.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// A run in pieces of one script and one font, in the order of reading. A word is set in the first font that has
/// all of it, so that its letters join; where none has, each letter in the first that has it.
fn pieces<'a>(line: &str, run: Range<usize>, faces: &[&'a Face]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut put = |range: Range<usize>, face: &'a Face, script| match pieces.last_mut() {
        Some(last)
            if last.range.end == range.start
                && std::ptr::eq(last.face, face)
                && last.script == script =>
        {
            last.range.end = range.end;
        }
        _ => pieces.push(Piece { range, face, script }),
    };
    for (word, script) in words(line, run) {
        let letters = line.get(word.clone()).unwrap_or_default();
        if let Some(face) = faces.iter().find(|face| letters.chars().all(|c| sets(face, c))) {
            put(word, face, script);
            continue;
        }
        let mut start = word.start;
        let mut clusters = letters.char_indices().map(|(at, _)| word.start + at).skip(1);
        let mut ends: Vec<usize> = clusters.by_ref().collect();
        ends.push(word.end);
        for end in ends {
            let next = line.get(end..word.end).and_then(|rest| rest.chars().next());
            if next.is_some_and(segments::is_attached) {
                continue;
            }
            let cluster = line.get(start..end).unwrap_or_default();
            let whole = faces.iter().find(|face| cluster.chars().all(|c| sets(face, c)));
            let base =
                || faces.iter().find(|face| cluster.chars().next().is_some_and(|c| sets(face, c)));
            if let Some(face) = whole.or_else(base) {
                put(start..end, face, script);
            }
            start = end;
        }
    }
    pieces
}

/// Whether a font can set a character: what is never seen needs no glyph.
fn sets(face: &Face, c: char) -> bool {
    is_unseen(c) || face.has(c)
}

/// Whether a character has no shape of its own.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || is_bidi_control(c)
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{00AD}')
}

/// The words of a run, each with the spaces after it, and their scripts. What belongs to no script is of that
/// before it, or at the beginning of that after it.
fn words(line: &str, run: Range<usize>) -> Vec<(Range<usize>, Option<[u8; 4]>)> {
    let text = line.get(run.clone()).unwrap_or_default();
    let mut words: Vec<(Range<usize>, Option<[u8; 4]>)> = Vec::new();
    let mut current = text.chars().find_map(segments::script);
    let mut after_space = false;
    for (at, c) in text.char_indices() {
        let at = run.start + at;
        let end = at + c.len_utf8();
        if is_bidi_control(c) {
            after_space = true;
            continue;
        }
        let own = segments::script(c);
        let changes = own.is_some() && own != current && words.last().is_some();
        current = own.or(current);
        match words.last_mut() {
            Some((range, script)) if !changes && (!after_space || c == ' ') && range.end == at => {
                range.end = end;
                *script = current;
            }
            _ => words.push((at..end, current)),
        }
        after_space = c == ' ';
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::tests::fonts;

    fn style(base: Direction) -> Style<'static> {
        let families = vec!["Reem Kufi"];
        Style {
            families,
            weight: 400,
            italic: false,
            word_space: 0.0,
            lang: "ar",
            policy: Policy::of(base),
        }
    }

    /// The glyphs of a line from left to right.
    fn glyphs(text: &str, base: Direction) -> Vec<u32> {
        let set = fonts().set(text, &style(base));
        let mut glyphs: Vec<(f32, u32)> = set.glyphs.iter().map(|g| (g.x, g.id)).collect();
        glyphs.sort_by(|a, b| a.0.total_cmp(&b.0));
        glyphs.into_iter().map(|(_, id)| id).collect()
    }

    fn position(of: &[u32], line: &[u32]) -> Option<usize> {
        line.windows(of.len()).position(|part| part == of)
    }

    #[test]
    fn latin_and_numbers_in_arabic_are_drawn_in_the_order_of_reading() {
        let line = glyphs("اتفاق CPEC 2.0 لعام 2026 جديد", Direction::Rtl);
        let at = |text: &str| position(&glyphs(text, Direction::Ltr), &line).expect(text);
        let word = |text: &str| position(&glyphs(text, Direction::Rtl), &line).expect(text);
        // From left to right: the last word, the year, the name with its number, the first word.
        assert!(word("جديد") < at("2026"));
        assert!(at("2026") < at("CPEC 2.0") && at("CPEC 2.0") < word("اتفاق"));
    }

    #[test]
    fn arabic_in_latin_is_drawn_in_the_order_of_reading() {
        let line = glyphs("The word ذكرى الصين, in 1951", Direction::Ltr);
        let at = |text: &str, base| position(&glyphs(text, base), &line).expect(text);
        let arabic = at("ذكرى الصين", Direction::Rtl);
        assert!(at("word", Direction::Ltr) < arabic && arabic < at("1951", Direction::Ltr));
    }

    #[test]
    fn letters_join_and_lines_add_up() {
        let alone: Vec<u32> =
            ["ب", "ا", "ب"].iter().flat_map(|c| glyphs(c, Direction::Rtl)).collect();
        assert_ne!(glyphs("باب", Direction::Rtl), alone, "the letters have other forms");
        let width = |text: &str| fonts().set(text, &style(Direction::Rtl)).width;
        assert!((width("باب باب") - width("باب ") - width("باب")).abs() < 0.01);
        assert!(width("لا") > 0.1 && width("") == 0.0);
    }

    #[test]
    fn words_can_be_set_apart() {
        let wide = Style { word_space: 0.5, ..style(Direction::Rtl) };
        let width = |style: &Style<'_>| fonts().set("باب باب CPEC باب", style).width;
        assert!((width(&wide) - width(&style(Direction::Rtl)) - 1.5).abs() < 0.01);
    }

    #[test]
    fn nastaliq_goes_down_along_the_word() {
        let style =
            Style { families: vec!["Noto Nastaliq Urdu"], lang: "ur", ..style(Direction::Rtl) };
        let set = fonts().set("تعلقات", &style);
        let highest = set.glyphs.iter().map(|g| g.y).fold(f32::MIN, f32::max);
        assert!(highest > 0.1, "the beginning of the word is above the line: {highest}");
    }

    #[test]
    fn a_word_is_in_one_font_and_what_no_font_has_is_left_out() {
        let faces = fonts().by_preference(&["EB Garamond"], 400, false);
        let line = "ab ذكرى 中国";
        let pieces = pieces(line, 0..line.len(), &faces);
        let names: Vec<&str> = pieces.iter().map(|piece| piece.face.name.as_str()).collect();
        assert_eq!(names, ["EB Garamond", "Noto Naskh Arabic", "Noto Serif SC"]);
        assert_eq!(fonts().set("\u{1F600}", &style(Direction::Ltr)).glyphs.len(), 0);
        assert!(!fonts().has('ሀ') && fonts().has('گ'));
    }

    #[test]
    fn nothing_panics() {
        let bad = [
            "\u{2066}\u{202E}\u{2069}\u{2069}",
            "\u{301}",
            "\u{200D}\u{200D}ا",
            "a\u{0}b\n\nc",
            "\u{FE0F}",
            "नमस्ते",
            "\u{1F468}\u{200D}\u{1F469}",
        ];
        for text in bad {
            for base in [Direction::Ltr, Direction::Rtl] {
                assert!(fonts().set(text, &style(base)).width.is_finite());
            }
        }
    }
}
