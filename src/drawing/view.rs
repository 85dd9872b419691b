//! The part of the Earth that a map shows, and where a place is on it.
//!
//! The projection is equirectangular: degrees are lengths, so that a reader can follow the lines of the
//! graticule to a place, the poles are on the map, and a box of degrees is a rectangle. Its standard
//! parallel is in the middle of what is shown, where shapes are true. (Mercator's has neither poles nor,
//! on a map of the world, sizes that one would want to show to a public.)

/// A place by its latitude and longitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// −90 to 90.
    pub lat: f64,
    /// −180 to 180.
    pub lon: f64,
}

/// What a map is to look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Its width in the units of the drawing.
    pub width: f64,
    /// The least and the greatest height, as parts of the width.
    pub ratio: (f64, f64),
    /// What is added on each side, as a part of the extent of the places.
    pub padding: f64,
    /// The least extent from west to east, in degrees of a great circle.
    pub least: f64,
}

/// A part of the Earth, drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Its western side, −180 to 180.
    pub west: f64,
    /// Its eastern side; more than 180 where it lies beyond the 180th meridian.
    pub east: f64,
    /// Its southern side.
    pub south: f64,
    /// Its northern side.
    pub north: f64,
    /// Its width in the units of the drawing.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// The least factor by which degrees of longitude are narrowed: that of 75° north or south. Nearer to
/// the poles, a map that is true in its middle would be true nowhere else.
const LEAST_FACTOR: f64 = 0.26;

impl View {
    /// The view that shows all of some places, the narrowest there is: it lies across the 180th meridian
    /// if that is shorter. `None` where there is no place.
    #[must_use]
    pub fn around(places: &[Place], shape: &Shape) -> Option<Self> {
        let finite = |place: &&Place| place.lat.is_finite() && place.lon.is_finite();
        let places: Vec<&Place> = places.iter().filter(finite).collect();
        let (from, span) = longitudes(&places)?;
        let lats = || places.iter().map(|place| place.lat.clamp(-90.0, 90.0));
        let (low, high) = (lats().fold(90.0, f64::min), lats().fold(-90.0, f64::max));
        let middle = f64::midpoint(low, high);
        let factor = factor(middle);
        let room = 1.0 + 2.0 * shape.padding.clamp(0.0, 2.0);
        let (least, most) = (shape.ratio.0.clamp(0.1, 4.0), shape.ratio.1.clamp(0.1, 4.0));
        let mut across = (span * factor * room).max(shape.least);
        let mut along = ((high - low) * room).max(across * least);
        across = across.max(along / most).min(360.0 * factor);
        along = along.min(across * most).max(across * least).min(180.0);
        let width = across / factor;
        let south = (middle - along / 2.0).clamp(-90.0, 90.0 - along);
        let west = if width < 360.0 { wrap(from + span / 2.0 - width / 2.0) } else { -180.0 };
        Some(Self {
            west,
            east: west + width,
            south,
            north: south + along,
            width: shape.width,
            height: (shape.width * along / across).round(),
        })
    }

    /// A view by its middle and its extent from west to east in degrees of a great circle.
    #[must_use]
    pub fn about(middle: Place, across: f64, ratio: f64, width: f64) -> Self {
        let across = across.clamp(1.0, 360.0);
        let shape = Shape { width, ratio: (ratio, ratio), padding: 0.0, least: across };
        Self::around(&[middle], &shape).unwrap_or(Self {
            west: -180.0,
            east: 180.0,
            south: -90.0,
            north: 90.0,
            width,
            height: width / 2.0,
        })
    }

    /// Where a place is in the drawing, from its left and its top; it may lie outside.
    #[must_use]
    pub fn project(&self, place: Place) -> (f64, f64) {
        let east_of = (place.lon - self.west).rem_euclid(360.0);
        // A place on the eastern side is not on the western one of a map of all longitudes.
        let span = self.east - self.west;
        let east_of = if east_of == 0.0 && place.lon > self.west { span } else { east_of };
        self.at(self.west + east_of, place.lat)
    }

    /// Where a longitude that is already counted from the view's west, and a latitude, are.
    pub(super) fn at(&self, lon: f64, lat: f64) -> (f64, f64) {
        let x = (lon - self.west) / (self.east - self.west) * self.width;
        let y = (self.north - lat) / (self.north - self.south) * self.height;
        (x, y)
    }
}

/// How much shorter a degree of longitude is than one of latitude.
fn factor(lat: f64) -> f64 {
    lat.to_radians().cos().max(LEAST_FACTOR)
}

/// A longitude from −180 to below 180.
fn wrap(lon: f64) -> f64 {
    (lon + 180.0).rem_euclid(360.0) - 180.0
}

/// The shortest arc that holds all longitudes: where it begins, and how long it is.
fn longitudes(places: &[&Place]) -> Option<(f64, f64)> {
    let mut lons: Vec<f64> = places.iter().map(|place| wrap(place.lon)).collect();
    lons.sort_by(f64::total_cmp);
    let (first, last) = (*lons.first()?, *lons.last()?);
    let mut widest = (first, first + 360.0 - last);
    for pair in lons.windows(2) {
        if let [a, b] = pair
            && b - a > widest.1
        {
            widest = (*b, b - a);
        }
    }
    Some((widest.0, 360.0 - widest.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { width: 1000.0, ratio: (0.5, 1.0), padding: 0.1, least: 12.0 };

    fn places(list: &[(f64, f64)]) -> Vec<Place> {
        list.iter().map(|(lat, lon)| Place { lat: *lat, lon: *lon }).collect()
    }

    fn view(list: &[(f64, f64)]) -> View {
        View::around(&places(list), &SHAPE).unwrap()
    }

    /// Whether every place is on the map, with some room around it.
    fn holds(view: &View, list: &[(f64, f64)]) -> bool {
        let inside = |(x, y): (f64, f64)| {
            (0.0..=view.width).contains(&x) && (0.0..=view.height).contains(&y)
        };
        places(list).into_iter().all(|place| inside(view.project(place)))
    }

    #[test]
    fn every_place_is_on_its_map() {
        for list in [
            &[(39.91, 116.39), (25.11, 62.34), (36.85, 75.43)][..],
            &[(0.0, 0.0)],
            &[(90.0, 0.0)],
            &[(-90.0, 10.0), (90.0, -170.0)],
            &[(-17.7, 178.0), (-13.8, -171.8)],
            &[(64.8, -147.7), (35.7, 139.7), (-36.8, 174.8)],
            &[(51.5, 0.0), (-33.9, 151.2), (40.7, -74.0), (35.7, 139.7), (19.7, -155.1)],
            &[(0.0, 180.0), (0.0, -180.0)],
            &[(10.0, 180.0), (10.0, 0.0), (10.0, -90.0), (10.0, 90.0)],
            &[(89.9, 0.0), (89.9, 120.0), (89.9, -120.0)],
        ] {
            let view = view(list);
            assert!(holds(&view, list), "{list:?} {view:?}");
            assert!(view.south >= -90.0 && view.north <= 90.0001, "{view:?}");
            assert!(view.east - view.west <= 360.0001 && view.height > 0.0, "{view:?}");
        }
        assert_eq!(View::around(&[], &SHAPE), None);
        assert_eq!(View::around(&[Place { lat: f64::NAN, lon: 0.0 }], &SHAPE), None);
    }

    #[test]
    fn north_is_up_and_east_to_the_right() {
        let view = view(&[(39.91, 116.39), (25.11, 62.34)]);
        let (beijing, gwadar) = (
            view.project(Place { lat: 39.91, lon: 116.39 }),
            view.project(Place { lat: 25.11, lon: 62.34 }),
        );
        assert!(beijing.0 > gwadar.0 + 500.0 && beijing.1 < gwadar.1 - 100.0);
    }

    #[test]
    fn the_shorter_way_round_is_taken() {
        let fiji_and_samoa = view(&[(-17.7, 178.0), (-13.8, -171.8)]);
        assert!(fiji_and_samoa.east - fiji_and_samoa.west < 20.0);
        assert!(fiji_and_samoa.west < 178.0 && fiji_and_samoa.east > 188.2);
        let x = |lon| fiji_and_samoa.project(Place { lat: 0.0, lon }).0;
        assert!(x(178.0) < x(180.0) && x(180.0) < x(-171.8) && x(180.0) == x(-180.0));
    }

    #[test]
    fn one_place_has_land_around_it() {
        let view = view(&[(33.69, 73.05), (33.69, 73.05)]);
        let across = (view.east - view.west) * 33.69_f64.to_radians().cos();
        assert!((across - 12.0).abs() < 0.01 && (view.height - 500.0).abs() < 1.0, "{view:?}");
        let (x, y) = view.project(Place { lat: 33.69, lon: 73.05 });
        assert!((x - 500.0).abs() < 0.01 && (y - 250.0).abs() < 1.0);
    }
}
