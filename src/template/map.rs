//! Functions that draw places: a map of many, and where one is.

use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::only;
use super::choose;
use super::scope::Scope;
use super::values::{map_value, put};
use crate::drawing::{self, Label, Place, Point, Shape, Side, Style, View};
use crate::knowledge::FieldType;
use crate::site::{Group, PageIx, Site};
use crate::text::Direction;

/// The width of a map in its own units.
const WIDTH: f64 = 1000.0;

/// How a map is drawn where there is room, and where there is little: a drawing is scaled to its frame, so
/// that its letters are larger in a narrow one. The sizes are legible from 500 and from 280 pixels on.
const SIZES: [(&str, f64, f64, f64); 2] = [("wide", 24.0, 7.0, 24.0), ("narrow", 44.0, 14.0, 43.0)];

/// The width of a locator in its own units, and the degrees of a great circle that it shows.
const LOCATOR: (f64, f64) = (320.0, 60.0);

/// Locators are drawn around the crossings of a grid of so many degrees: there are few, and each is made once.
const GRID: (f64, f64) = (15.0, 20.0);

/// `map(places, kinds, section, ratio, padding)`: places drawn on the land of the Earth; none where none
/// of them says where it is.
pub(super) fn map(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("map", &kwargs, &["places", "kinds", "section", "ratio", "padding"])?;
    let scope = Scope::current()?;
    let kinds = choose::kinds(&scope, "map", &kwargs, "kinds")?;
    let shape = Shape {
        width: WIDTH,
        ratio: number(&kwargs, "ratio", 0.1..=4.0)?.map_or((0.6, 1.0), |ratio| (ratio, ratio)),
        padding: number(&kwargs, "padding", 0.0..=2.0)?.unwrap_or(0.12),
        least: 12.0,
    };
    let given = kwargs.get::<&Value>("places")?.filter(|v| !v.is_none() && !v.is_undefined());
    if let Some(places) = given {
        return Ok(drawn(&scope, &choose::listed(&scope, "map", places)?, &shape));
    }
    choose::kept(&scope, choose::call("map", &kwargs), || {
        let pages = choose::pages(&scope, "map", choose::section(&kwargs)?, |kind| match &kinds {
            Some(kinds) => kind.is_some_and(|kind| kinds.contains(&kind.name.as_str())),
            None => choose::has_coordinates(kind),
        })?;
        Ok(drawn(&scope, &pages, &shape))
    })
}

/// `locator()`: where the page is on a part of the Earth; none where it does not say.
pub(super) fn locator(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("locator", &kwargs, &[])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let Some(place) = scope.page().and_then(|page| coordinates(site.group_of(page))) else {
        return Ok(Value::none());
    };
    let nearest = |degrees: f64, step: f64| (degrees / step).round() * step;
    let middle = Place { lat: nearest(place.lat, GRID.0), lon: nearest(place.lon, GRID.1) };
    let view = View::about(middle, LOCATOR.1, 0.6, LOCATOR.0);
    let ground = choose::kept(&scope, format!("locator\u{1f}{middle:?}"), || {
        let mut map = Map::with_capacity(8);
        put_view(&mut map, &view);
        Ok(map_value(map))
    })?;
    let mut map = ground.as_map().cloned().unwrap_or_default();
    let (x, y) = view.project(place);
    put(&mut map, "x", whole(x));
    put(&mut map, "y", whole(y));
    Ok(map_value(map))
}

/// A number argument within limits.
fn number(
    kwargs: &Kwargs,
    key: &str,
    limits: std::ops::RangeInclusive<f64>,
) -> TeraResult<Option<f64>> {
    let Some(value) = kwargs.get::<&Value>(key)?.filter(|v| !v.is_none() && !v.is_undefined())
    else {
        return Ok(None);
    };
    match value.as_f64().filter(|n| limits.contains(n)) {
        Some(n) => Ok(Some(n)),
        None => Err(Error::message(format!(
            "map(): `{key}` must be a number from {} to {}",
            limits.start(),
            limits.end()
        ))),
    }
}

/// Where a page is, if it is of a kind that says so.
fn coordinates(group: &Group) -> Option<Place> {
    let kind = group.facts.kind.as_ref()?;
    let mut fields = kind.fields.iter();
    let field = fields.find(|field| *field.type_.item() == FieldType::Coordinates)?;
    let mut value = group.facts.front.fields.get(&field.name)?.as_array()?;
    // Of several points, the first stands for the page.
    if let Some(first) = value.first().and_then(|first| first.as_array()) {
        value = first;
    }
    let number = |at: usize| value.get(at)?.as_f64().filter(|n| n.is_finite());
    let place = Place { lat: number(0)?, lon: number(1)? };
    // What is beyond was reported when the site was assembled.
    (place.lat.abs() <= 90.0 && place.lon.abs() <= 180.0).then_some(place)
}

fn drawn(scope: &Scope, pages: &[PageIx], shape: &Shape) -> Value {
    let site = scope.site();
    let mut at = Vec::new();
    let mut unplaced = Vec::new();
    for ix in pages {
        match coordinates(site.group_of(site.page(*ix))) {
            Some(place) => at.push((*ix, place)),
            None => unplaced.push(*ix),
        }
    }
    let places: Vec<Place> = at.iter().map(|(_, place)| *place).collect();
    let Some(view) = View::around(&places, shape) else {
        return Value::none();
    };
    let points: Vec<Point> = at.iter().map(|(ix, place)| point(site, *ix, &view, *place)).collect();
    let mut map = Map::with_capacity(10);
    put_view(&mut map, &view);
    put(&mut map, "unplaced", scope.world.summaries(&unplaced));
    let rtl = site.language(scope.lang).direction == Direction::Rtl;
    let mut arranged = Vec::new();
    for (name, size, dot, reach) in SIZES {
        let style = Style { size, dot, rtl };
        let labels = drawing::arrange(&points, &style, view.width, view.height);
        arranged.push((name, labels, drawing::reach(&points, dot, reach)));
        let mut sizes = Map::with_capacity(2);
        put(&mut sizes, "size", whole(size));
        put(&mut sizes, "dot", whole(dot));
        put(&mut map, name, map_value(sizes));
    }
    let entries = at.iter().zip(&points).enumerate().map(|(n, ((ix, _), point))| {
        let mut entry = Map::with_capacity(8);
        put(&mut entry, "page", scope.world.summary(*ix));
        put(&mut entry, "x", whole(point.x));
        put(&mut entry, "y", whole(point.y));
        for (name, labels, reaches) in &arranged {
            let label = labels.get(n).copied().flatten();
            let mut marks = Map::with_capacity(2);
            put(&mut marks, "reach", whole(reaches.get(n).copied().unwrap_or_default()));
            put(&mut marks, "label", label.map_or_else(Value::none, |l| label_value(site, *ix, l)));
            put(&mut entry, name, map_value(marks));
        }
        map_value(entry)
    });
    put(&mut map, "places", entries.collect::<Vec<_>>());
    map_value(map)
}

fn point(site: &Site, ix: PageIx, view: &View, place: Place) -> Point {
    let page = site.page(ix);
    let (x, y) = view.project(place);
    // A mark at a pole is on the map with all of it.
    let edge = 8.0;
    let (x, y) = (x.clamp(edge, view.width - edge), y.clamp(edge, view.height - edge));
    let line = match site.language(page.document.lang).lang.primary() {
        "ur" | "ks" => 2.3,
        "ar" | "fa" | "ps" | "sd" | "ug" | "ckb" => 1.7,
        _ => 1.4,
    };
    Point { x, y, name: page.title.to_string(), line }
}

/// A label with the word of SVG for its side, which follows the direction of the name.
fn label_value(site: &Site, ix: PageIx, label: Label) -> Value {
    let rtl = site.language(site.page(ix).document.lang).direction == Direction::Rtl;
    let anchor = match (label.side, rtl) {
        (Side::Middle, _) => "middle",
        (Side::Left, false) | (Side::Right, true) => "start",
        (Side::Right, false) | (Side::Left, true) => "end",
    };
    let mut map = Map::with_capacity(3);
    put(&mut map, "x", whole(label.x));
    put(&mut map, "y", whole(label.y));
    put(&mut map, "anchor", anchor);
    map_value(map)
}

/// What is the same for every map: its size, the land and the graticule.
fn put_view(map: &mut Map, view: &View) {
    put(map, "width", whole(view.width));
    put(map, "height", whole(view.height));
    put(map, "land", drawing::land(view));
    put(map, "graticule", drawing::graticule(view));
}

/// A length in whole units.
#[allow(clippy::cast_possible_truncation, reason = "a drawing is a few thousand units wide")]
fn whole(n: f64) -> i64 {
    n.round() as i64
}
