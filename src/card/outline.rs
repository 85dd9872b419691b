//! A line as the path of an SVG.

use std::fmt::Write;

use skrifa::instance::Size;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{GlyphId, MetadataProvider};

use super::fonts::Fonts;
use super::set::{Set, Style};

/// Where a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// At its left end.
    Left,
    /// In its middle.
    Middle,
    /// At its right end.
    Right,
}

/// A line and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) anchor: Anchor,
}

impl Fonts {
    /// The data of a path that draws a line.
    pub(super) fn path(&self, text: &str, style: &Style<'_>, place: Place) -> String {
        let set = self.set(text, style);
        let width = set.width * place.size;
        let left = match place.anchor {
            Anchor::Left => place.x,
            Anchor::Middle => place.x - width / 2.0,
            Anchor::Right => place.x - width,
        };
        draw(&set, style.weight, place, left)
    }
}

fn draw(set: &Set<'_>, weight: u16, place: Place, left: f32) -> String {
    let mut pen =
        Pen { path: String::with_capacity(set.glyphs.len() * 400), scale: 0.0, x: 0.0, y: 0.0 };
    for glyph in &set.glyphs {
        let Some(font) = glyph.face.font() else { continue };
        let Some(outline) = font.outline_glyphs().get(GlyphId::new(glyph.id)) else { continue };
        pen.scale = place.size / glyph.face.units;
        pen.x = left + glyph.x * place.size;
        pen.y = place.y - glyph.y * place.size;
        let location = glyph.face.location(&font, weight);
        // What cannot be drawn is left out, as a letter is that no font has.
        let _ = outline.draw(DrawSettings::unhinted(Size::unscaled(), &location), &mut pen);
    }
    pen.path
}

/// Writes outlines as the data of a path.
struct Pen {
    path: String,
    scale: f32,
    x: f32,
    y: f32,
}

impl Pen {
    fn write(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let (x, y) = (self.x + x * self.scale, self.y - y * self.scale);
            // Writing to a string does not fail.
            let _ = write!(self.path, "{x:.2} {y:.2} ");
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.write('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.write('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.write('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.write('C', &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}
