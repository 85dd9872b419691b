//! Land and the lines of a graticule as the paths of an SVG.

use std::fmt::Write as _;

use super::land::{self, PER_DEGREE, Ring};
use super::view::View;

type Point = (f64, f64);

/// How far from a coast its drawing may be, in units of the drawing.
const TOLERANCE: f64 = 0.5;

/// How far outside of the view land is cut off, so that the cut is not seen.
const MARGIN: f64 = 3.0;

/// The land in a view as the data of an SVG's path, in whole units, to be filled by the rule `evenodd`.
#[must_use]
pub fn land(view: &View) -> String {
    let mut out = String::new();
    let mut points = Vec::new();
    for ring in land::rings() {
        for turn in [-360.0, 0.0, 360.0] {
            if outline(ring, turn, view, &mut points) {
                let clipped =
                    clip(&points, (-MARGIN, -MARGIN), (view.width + MARGIN, view.height + MARGIN));
                write(&simplified(&clipped), &mut out);
            }
        }
    }
    out
}

/// The points of a ring in the drawing; whether any of it could be seen there.
fn outline(ring: &Ring, turn: f64, view: &View, points: &mut Vec<Point>) -> bool {
    let degrees = |n: i16| f64::from(n) / PER_DEGREE;
    let ((x0, x1), (y0, y1)) = ring.bounds;
    let (left, bottom) = view.at(degrees(x0) + turn, degrees(y0));
    let (right, top) = view.at(degrees(x1) + turn, degrees(y1));
    let outside = right < 0.0 || left > view.width || bottom < 0.0 || top > view.height;
    let speck = right - left < TOLERANCE && bottom - top < TOLERANCE;
    if outside || speck {
        return false;
    }
    points.clear();
    points.extend(ring.points.iter().map(|(x, y)| view.at(degrees(*x) + turn, degrees(*y))));
    true
}

/// A polygon cut off at the sides of a box (Sutherland and Hodgman). Where it comes in more than once,
/// its parts are joined along the side.
fn clip(polygon: &[Point], low: Point, high: Point) -> Vec<Point> {
    type Inside = fn(Point, f64) -> bool;
    type Cut = fn(Point, Point, f64) -> Point;
    let across: Cut = |a, b, x| (x, a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0));
    let along: Cut = |a, b, y| (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y);
    let sides: [(f64, Inside, Cut); 4] = [
        (low.0, |p, x| p.0 >= x, across),
        (high.0, |p, x| p.0 <= x, across),
        (low.1, |p, y| p.1 >= y, along),
        (high.1, |p, y| p.1 <= y, along),
    ];
    let mut points = polygon.to_vec();
    for (limit, inside, cut) in sides {
        if points.iter().all(|point| inside(*point, limit)) {
            continue;
        }
        let mut kept = Vec::with_capacity(points.len());
        let mut last = points.last().copied();
        for point in points {
            let before = last.replace(point).unwrap_or(point);
            if inside(before, limit) != inside(point, limit) {
                kept.push(cut(before, point, limit));
            }
            if inside(point, limit) {
                kept.push(point);
            }
        }
        points = kept;
    }
    points
}

/// A ring without the points that its drawing can do without (Ramer, Douglas and Peucker).
fn simplified(ring: &[Point]) -> Vec<Point> {
    // A ring is two lines: from its first point to the one that is the farthest from it, and back.
    let Some(first) = ring.first().copied() else { return Vec::new() };
    let far = |point: &Point| (point.0 - first.0).powi(2) + (point.1 - first.1).powi(2);
    let farthest = ring.iter().enumerate().max_by(|a, b| far(a.1).total_cmp(&far(b.1)));
    let middle = farthest.map_or(0, |(at, _)| at);
    let mut closed = ring.to_vec();
    closed.push(first);
    let mut keep = vec![false; closed.len()];
    let mut open = vec![(0, middle), (middle, closed.len() - 1)];
    while let Some((from, to)) = open.pop() {
        for end in [from, to] {
            if let Some(kept) = keep.get_mut(end) {
                *kept = true;
            }
        }
        let (Some(a), Some(b)) = (closed.get(from), closed.get(to)) else { continue };
        let between = closed.get(from + 1..to).unwrap_or_default();
        let distances = between.iter().map(|point| distance(*point, *a, *b)).enumerate();
        let worst = distances.max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((at, distance)) = worst
            && distance > TOLERANCE
        {
            open.push((from, from + 1 + at));
            open.push((from + 1 + at, to));
        }
    }
    let kept = closed.iter().zip(keep).take(ring.len()).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

/// How far a point is from a line between two others.
fn distance(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx.hypot(dy);
    if length == 0.0 {
        return (point.0 - a.0).hypot(point.1 - a.1);
    }
    (dx * (point.1 - a.1) - dy * (point.0 - a.0)).abs() / length
}

/// Writes a ring in whole units, each point as the way to it from the one before.
#[allow(clippy::cast_possible_truncation, reason = "a drawing is a few thousand units wide")]
fn write(ring: &[Point], out: &mut String) {
    let mut whole: Vec<(i32, i32)> =
        ring.iter().map(|(x, y)| (x.round() as i32, y.round() as i32)).collect();
    whole.dedup();
    if whole.len() > 1 && whole.first() == whole.last() {
        whole.pop();
    }
    if whole.len() < 3 {
        return;
    }
    let mut last = (0, 0);
    for (at, (x, y)) in whole.into_iter().enumerate() {
        let (dx, dy) = (x - last.0, y - last.1);
        last = (x, y);
        // Writing to a String cannot fail.
        let _ = match at {
            0 => write!(out, "M{x}"),
            1 => write!(out, "l{dx}"),
            _ if dx < 0 => write!(out, "{dx}"),
            _ => write!(out, " {dx}"),
        };
        let y = if at == 0 { y } else { dy };
        let _ = if y < 0 { write!(out, "{y}") } else { write!(out, " {y}") };
    }
    out.push('z');
}

/// Meridians and parallels at round degrees, as the data of an SVG's path: three lines or more each
/// way where there is room for as many.
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "degrees and units are small numbers")]
pub fn graticule(view: &View) -> String {
    let extent = (view.east - view.west).max(view.north - view.south);
    let steps = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
    let step = steps.into_iter().find(|step| extent / step <= 8.0).unwrap_or(30.0);
    let lines = |from: f64, to: f64| {
        let first = (from / step).ceil() as i32;
        let last = (to / step).floor() as i32;
        (first..=last).map(move |n| f64::from(n) * step)
    };
    let mut out = String::new();
    let (width, height) = (view.width.round() as i32, view.height.round() as i32);
    for lon in lines(view.west, view.east) {
        let _ = write!(out, "M{} 0v{height}", view.at(lon, 0.0).0.round() as i32);
    }
    for lat in lines(view.south, view.north) {
        let _ = write!(out, "M0 {}h{width}", view.at(view.west, lat).1.round() as i32);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::{Place, Shape};

    const SHAPE: Shape = Shape { width: 1000.0, ratio: (0.5, 1.0), padding: 0.1, least: 12.0 };

    fn view(list: &[(f64, f64)]) -> View {
        let places: Vec<Place> =
            list.iter().map(|(lat, lon)| Place { lat: *lat, lon: *lon }).collect();
        View::around(&places, &SHAPE).unwrap()
    }

    /// The rings of a path as this module writes it.
    fn rings(path: &str) -> Vec<Vec<(i32, i32)>> {
        let ring = |text: &str| {
            let numbers = text.replace('-', " -").replace(['M', 'l', 'z'], " ");
            let numbers: Vec<i32> =
                numbers.split_whitespace().map(|n| n.parse().unwrap()).collect();
            let mut at = (0, 0);
            let step = |pair: &[i32]| {
                at = (at.0 + pair[0], at.1 + pair[1]);
                at
            };
            numbers.chunks(2).map(step).collect()
        };
        path.split_inclusive('z').map(ring).collect()
    }

    fn is_land(path: &str, (x, y): (f64, f64)) -> bool {
        let mut crossed = 0;
        for ring in rings(path) {
            for (i, b) in ring.iter().enumerate() {
                let a = ring[(i + ring.len() - 1) % ring.len()];
                let [ax, ay, bx, by] = [a.0, a.1, b.0, b.1].map(f64::from);
                crossed +=
                    usize::from((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax);
            }
        }
        crossed % 2 == 1
    }

    #[test]
    fn a_square_is_cut_at_each_side() {
        let square = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)];
        let mut cut = clip(&square, (0.0, -9.0), (9.0, 3.0));
        cut.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(cut, [(0.0, -5.0), (0.0, 3.0), (5.0, -5.0), (5.0, 3.0)]);
        assert_eq!(clip(&square, (6.0, 6.0), (9.0, 9.0)), []);
        let around = clip(&square, (-1.0, -1.0), (1.0, 1.0));
        assert_eq!(around.len(), 4, "the box itself: {around:?}");
    }

    #[test]
    fn a_straight_line_needs_two_points() {
        let ring: Vec<Point> =
            (0..100).map(|n| (f64::from(n), 0.1)).chain([(50.0, 80.0)]).collect();
        assert_eq!(simplified(&ring), [(0.0, 0.1), (99.0, 0.1), (50.0, 80.0)]);
        assert_eq!(simplified(&[]), []);
        assert_eq!(simplified(&[(1.0, 1.0)]).len(), 1);
    }

    #[test]
    fn a_region_shows_its_land_and_sea() {
        let view = view(&[(39.91, 116.39), (25.11, 62.34)]);
        let path = land(&view);
        assert!(path.len() < 16_000, "{} bytes", path.len());
        let at = |lat, lon| view.project(Place { lat, lon });
        assert!(is_land(&path, at(33.69, 73.05)) && is_land(&path, at(40.0, 90.0)));
        assert!(!is_land(&path, at(22.0, 65.0)) && !is_land(&path, at(18.0, 90.0)));
        let inside = |(x, y): &(i32, i32)| {
            (-3..=1003).contains(x)
                && (-3..=i32::try_from(view.height as i64).unwrap() + 3).contains(y)
        };
        assert!(rings(&path).iter().flatten().all(inside));
    }

    #[test]
    fn inside_of_a_continent_all_is_land() {
        let view = view(&[(40.0, 85.0)]);
        let path = land(&view);
        assert!(path.len() < 100, "{path}");
        assert!(is_land(&path, (500.0, 250.0)));
    }

    #[test]
    fn on_the_open_sea_there_is_none() {
        assert_eq!(land(&view(&[(-50.0, -120.0)])), "");
    }

    #[test]
    fn both_sides_of_the_180th_meridian_are_drawn() {
        let view = view(&[(-17.8, 177.9), (-16.8, -179.9), (-37.0, 175.0)]);
        let path = land(&view);
        let at = |lat, lon| view.project(Place { lat, lon });
        assert!(is_land(&path, at(-17.8, 177.9)), "Viti Levu");
        assert!(is_land(&path, at(-38.5, 176.0)), "New Zealand");
        let siberia = View::about(Place { lat: 67.0, lon: 180.0 }, 30.0, 0.6, 1000.0);
        let path = land(&siberia);
        let at = |lat, lon| siberia.project(Place { lat, lon });
        assert!(is_land(&path, at(67.5, 178.0)) && is_land(&path, at(67.5, -178.5)));
        assert!(is_land(&path, at(65.0, -155.0)), "Alaska");
    }

    #[test]
    fn the_whole_earth_is_a_few_tens_of_kilobytes() {
        let world =
            view(&[(51.5, 0.0), (-33.9, 151.2), (40.7, -74.0), (35.7, 139.7), (19.7, -155.1)]);
        let path = land(&world);
        assert!((8_000..40_000).contains(&path.len()), "{} bytes", path.len());
    }

    #[test]
    fn a_graticule_has_round_degrees() {
        let view = view(&[(39.91, 116.39), (25.11, 62.34)]);
        let lines = graticule(&view);
        assert!((3..=9).contains(&lines.matches('v').count()), "{lines}");
        assert!((2..=9).contains(&lines.matches('h').count()), "{lines}");
    }
}
