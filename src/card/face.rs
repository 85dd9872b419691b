//! One font file: what it is called, what letters it has, and shaping with it.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

use harfrust::font::{Blob, Variation};
use harfrust::{
    Buffer, Direction as Way, Font, Language, Script, ShapeOptions, ShapePlan, ShaperFont,
};
use skrifa::attribute::Style as Slant;
use skrifa::instance::{Location, Size};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider, Tag};

use crate::text::Direction;

/// The axis of a variable font along which letters grow bold.
const WEIGHT: Tag = Tag::new(b"wght");

/// A font.
pub(super) struct Face {
    bytes: Arc<Vec<u8>>,
    /// The names of its family, folded, since fonts and their files are called so or so.
    families: Vec<String>,
    /// The first of them as it is written.
    pub(super) name: String,
    /// The weights that it has: one, but for a variable font.
    weights: RangeInclusive<u16>,
    pub(super) italic: bool,
    /// The letters that it has, as ranges in order.
    letters: Vec<(u32, u32)>,
    /// How far it goes above and below the line, and the room between lines, in parts of its size.
    pub(super) ascent: f32,
    pub(super) descent: f32,
    pub(super) gap: f32,
    /// The units of its outlines in its size.
    pub(super) units: f32,
    shaping: Font,
    plans: Mutex<HashMap<Item, Arc<ShapePlan>>>,
}

/// What a piece of text is shaped as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    pub(super) script: Option<[u8; 4]>,
    pub(super) direction: Direction,
    pub(super) lang: Box<str>,
    pub(super) weight: u16,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Face({} {:?})", self.name, self.weights)
    }
}

impl Face {
    /// Reads a font; `None` where the bytes are none.
    pub(super) fn read(bytes: Vec<u8>, path: &str) -> Option<Self> {
        let bytes = Arc::new(bytes);
        let font = FontRef::new(&bytes).ok()?;
        let metrics = font.metrics(Size::unscaled(), skrifa::instance::LocationRef::default());
        let units = f32::from(metrics.units_per_em);
        if units < 16.0 {
            return None;
        }
        let attributes = font.attributes();
        let own = whole(attributes.weight.value());
        let axis = font.axes().get_by_tag(WEIGHT);
        let weights =
            axis.map_or(own..=own, |axis| whole(axis.min_value())..=whole(axis.max_value()));
        let names: Vec<String> = [StringId::TYPOGRAPHIC_FAMILY_NAME, StringId::FAMILY_NAME]
            .into_iter()
            .flat_map(|id| font.localized_strings(id).map(|name| name.to_string()))
            .collect();
        let file = path.rsplit('/').next().unwrap_or(path).split(['-', '.', '[']).next();
        let name = without_weight(names.first().map(String::as_str).or(file)?).to_owned();
        let all = names.iter().map(String::as_str).chain(file);
        let face = Self {
            families: all.flat_map(|name| [fold(name), fold(without_weight(name))]).collect(),
            name,
            weights,
            italic: attributes.style != Slant::Normal,
            letters: letters(&font),
            ascent: metrics.ascent / units,
            descent: -metrics.descent / units,
            gap: metrics.leading.max(0.0) / units,
            units,
            shaping: Font::new(Blob::Shared(Arc::clone(&bytes) as Arc<_>), 0)?,
            plans: Mutex::default(),
            bytes: Arc::clone(&bytes),
        };
        Some(face)
    }

    /// The font as its tables are read.
    pub(super) fn font(&self) -> Option<FontRef<'_>> {
        FontRef::new(&self.bytes).ok()
    }

    /// Whether it is of a family, by its folded name.
    pub(super) fn is_of(&self, family: &str) -> bool {
        self.families.iter().any(|own| own == family)
    }

    /// Whether it has a letter.
    pub(super) fn has(&self, c: char) -> bool {
        let c = u32::from(c);
        let at = self.letters.partition_point(|(_, last)| *last < c);
        self.letters.get(at).is_some_and(|(first, _)| *first <= c)
    }

    /// How far it is from a style: less is nearer.
    pub(super) fn distance(&self, weight: u16, italic: bool) -> (bool, u16) {
        let nearest = weight.clamp(*self.weights.start(), *self.weights.end());
        (self.italic != italic, nearest.abs_diff(weight))
    }

    fn is_variable(&self) -> bool {
        self.weights.start() != self.weights.end()
    }

    /// Where in a variable font a weight is.
    pub(super) fn location(&self, font: &FontRef<'_>, weight: u16) -> Location {
        let settings = self.is_variable().then_some((WEIGHT, f32::from(weight)));
        font.axes().location(settings)
    }

    /// Shapes a piece of a line between what stands before and after it.
    pub(super) fn shape(&self, item: &Item, around: (&str, &str, &str)) -> Option<Buffer> {
        let varied = self.is_variable().then(|| {
            let weight = Variation::new(WEIGHT, f32::from(item.weight));
            self.shaping.instance_builder().variations([weight]).build()
        });
        let font = varied.as_ref().unwrap_or(&self.shaping);
        let way = match item.direction {
            Direction::Ltr => Way::LeftToRight,
            Direction::Rtl => Way::RightToLeft,
        };
        let script =
            item.script.as_ref().and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
        let script: Option<Script> = script;
        let language: Option<Language> = item.lang.parse().ok();
        let (before, text, after) = around;
        let mut buffer = Buffer::new();
        buffer.push_str(text);
        buffer.set_pre_context(before);
        buffer.set_post_context(after);
        buffer.set_direction(way);
        buffer.set_script(script);
        buffer.set_language(language.clone());
        let plan = {
            let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
            let plan = plans.entry(item.clone());
            let make = || ShapePlan::new(font, way, script, language.as_ref(), &[]);
            Arc::clone(plan.or_insert_with(|| Arc::new(make())))
        };
        let options = ShapeOptions::new().plan(Some(&plan));
        harfrust::shape(&ShaperFont::new(font), &mut buffer, options).ok()?;
        Some(buffer)
    }
}

/// The name of a family as it is compared: fonts and files spell theirs with and without spaces.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name without the weight at its end, which fonts made of variable ones keep by mistake.
fn without_weight(name: &str) -> &str {
    const WEIGHTS: &[&str] = &[
        "Thin",
        "ExtraLight",
        "Light",
        "Regular",
        "Medium",
        "SemiBold",
        "Bold",
        "ExtraBold",
        "Black",
    ];
    match name.rsplit_once(' ') {
        Some((family, weight)) if WEIGHTS.contains(&weight) => family,
        _ => name,
    }
}

/// A weight as a whole number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(weight: f32) -> u16 {
    weight.clamp(1.0, 1000.0) as u16
}

/// The letters of a font, as ranges in order.
fn letters(font: &FontRef<'_>) -> Vec<(u32, u32)> {
    let mut all: Vec<u32> = font.charmap().mappings().map(|(c, _)| c).collect();
    all.sort_unstable();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for c in all {
        match ranges.last_mut() {
            Some((_, last)) if c <= last.saturating_add(1) => *last = c,
            _ => ranges.push((c, c)),
        }
    }
    ranges
}
