//! The function that templates of social cards set text with.

use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::{boolean, integer, only, optional, text};
use super::scope::Scope;
use super::values::{map_value, put};
use crate::card::{Broken, Fonts, Frame, Style};
use crate::diagnostic::nearest;
use crate::text::Direction;
use crate::text::bidi::Policy;

/// The sizes of letters, in pixels, that make any sense.
const SIZES: std::ops::RangeInclusive<f32> = 4.0..=600.0;

/// `lines(text, family, size, sizes, width, max, weight, italic, dir, word_spacing)`: a text in lines no wider than that.
pub(super) fn lines(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let known = [
        "text",
        "family",
        "size",
        "sizes",
        "width",
        "max",
        "weight",
        "italic",
        "dir",
        "word_spacing",
    ];
    only("lines", &kwargs, &known)?;
    let scope = Scope::current()?;
    let fonts = scope.world.cards.fonts();
    let language = scope.site().language(scope.lang);
    let families = families(fonts, text("lines", &kwargs, "family")?)?;
    let base = match optional(&kwargs, "dir")? {
        None => language.direction,
        Some("ltr") => Direction::Ltr,
        Some("rtl") => Direction::Rtl,
        Some(other) => {
            return Err(Error::message(format!("lines(): `dir` is ltr or rtl, not «{other}»")));
        }
    };
    let weight = integer(&kwargs, "weight")?.unwrap_or(400);
    let weight = u16::try_from(weight).ok().filter(|weight| (1..=1000).contains(weight));
    let style = Style {
        families,
        weight: weight.ok_or_else(|| Error::message("lines(): `weight` is from 1 to 1000"))?,
        italic: boolean(&kwargs, "italic", false)?,
        word_space: number(kwargs.get::<&Value>("word_spacing")?, "word_spacing", &(0.0..=5.0))?
            .unwrap_or(0.0),
        lang: language.lang.as_str(),
        policy: Policy { base, ranges: language.ranges },
    };
    let width = number(kwargs.get::<&Value>("width")?, "width", &(1.0..=4000.0))?;
    let max = integer(&kwargs, "max")?.map_or(Some(3), |max| usize::try_from(max).ok());
    let frame = Frame {
        sizes: &sizes(&kwargs)?,
        width: width.ok_or_else(|| Error::message("lines() needs the argument `width`"))?,
        max: max
            .filter(|max| (1..=50).contains(max))
            .ok_or_else(|| Error::message("lines(): `max` is from 1 to 50"))?,
    };
    let text = optional(&kwargs, "text")?.unwrap_or_default();
    Ok(value(fonts.break_text(text, &style, frame)))
}

fn families<'a>(fonts: &Fonts, list: &'a str) -> TeraResult<Vec<&'a str>> {
    let families: Vec<&str> = list.split(',').map(str::trim).filter(|f| !f.is_empty()).collect();
    if families.iter().any(|family| fonts.has_family(family)) {
        return Ok(families);
    }
    let hint = match nearest(list.trim(), fonts.families()) {
        Some(name) => format!("did you mean «{name}»?"),
        None => "fonts are .ttf and .otf files in assets/".to_owned(),
    };
    Err(Error::message(format!("lines(): there is no font «{list}»: {hint}")))
}

/// The sizes that are tried.
fn sizes(kwargs: &Kwargs) -> TeraResult<Vec<f32>> {
    let one = number(kwargs.get::<&Value>("size")?, "size", &SIZES)?;
    let list = kwargs.get::<&Value>("sizes")?.filter(|value| !value.is_none());
    let sizes = match (one, list) {
        (Some(size), None) => vec![size],
        (None, Some(list)) => {
            let list = list.as_array().filter(|list| !list.is_empty());
            let list =
                list.ok_or_else(|| Error::message("lines(): `sizes` is a list of numbers"))?;
            let sizes = list.iter().map(|size| number(Some(size), "sizes", &SIZES));
            sizes.collect::<TeraResult<Vec<_>>>()?.into_iter().flatten().collect()
        }
        _ => return Err(Error::message("lines() needs either `size` or `sizes`")),
    };
    Ok(sizes)
}

/// A number of pixels.
#[allow(clippy::cast_possible_truncation)]
fn number(
    value: Option<&Value>,
    name: &str,
    range: &std::ops::RangeInclusive<f32>,
) -> TeraResult<Option<f32>> {
    let Some(value) = value.filter(|value| !value.is_none() && !value.is_undefined()) else {
        return Ok(None);
    };
    let number = value.as_f64().map(|n| n as f32).filter(|n| range.contains(n));
    number.map(Some).ok_or_else(|| {
        let (least, most) = (range.start(), range.end());
        Error::message(format!("lines(): `{name}` is a number from {least} to {most}"))
    })
}

fn value(broken: Broken) -> Value {
    let lines = broken.lines.into_iter().map(|line| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "text", line.text);
        put(&mut map, "width", f64::from(line.width));
        map_value(map)
    });
    let mut map = Map::with_capacity(7);
    put(&mut map, "lines", lines.collect::<Vec<_>>());
    put(&mut map, "cut", broken.cut);
    put(&mut map, "torn", broken.torn);
    for (key, number) in [
        ("size", broken.size),
        ("ascent", broken.ascent),
        ("descent", broken.descent),
        ("height", broken.height),
    ] {
        put(&mut map, key, f64::from(number));
    }
    map_value(map)
}
