//! The land of the Earth, part of the program. `land/README.md` says where it is from.

use std::sync::LazyLock;

/// How many units a degree has.
pub(super) const PER_DEGREE: f64 = 100.0;

/// The outline of a piece of land, or of water inside of one.
#[derive(Debug)]
pub(super) struct Ring {
    /// Longitude and latitude in hundredths of a degree. The last is joined to the first. A ring across
    /// the 180th meridian goes on beyond it.
    pub(super) points: Vec<(i16, i16)>,
    /// The least and the greatest of each.
    pub(super) bounds: ((i16, i16), (i16, i16)),
}

/// All rings, decoded when they are first asked for.
pub(super) fn rings() -> &'static [Ring] {
    static RINGS: LazyLock<Vec<Ring>> =
        LazyLock::new(|| decode(include_bytes!("land/land.bin")).collect());
    &RINGS
}

/// Reads rings as `land/convert.mjs` writes them.
fn decode(mut bytes: &[u8]) -> impl Iterator<Item = Ring> {
    std::iter::from_fn(move || {
        let count = number(&mut bytes)?;
        let (mut x, mut y) = (0, 0);
        let mut points = Vec::with_capacity(count as usize);
        for _ in 0..count {
            x += signed(&mut bytes)?;
            y += signed(&mut bytes)?;
            points.push((i16::try_from(x).ok()?, i16::try_from(y).ok()?));
        }
        let range = |of: fn(&(i16, i16)) -> i16| {
            let values = || points.iter().map(of);
            Some((values().min()?, values().max()?))
        };
        let bounds = (range(|point| point.0)?, range(|point| point.1)?);
        Some(Ring { points, bounds })
    })
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut n = 0;
    for shift in (0..32).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u32::from(byte & 127) << shift;
        if *byte < 128 {
            return Some(n);
        }
    }
    None
}

fn signed(bytes: &mut &[u8]) -> Option<i32> {
    let n = number(bytes)?;
    let half = i32::try_from(n >> 1).ok()?;
    Some(if n & 1 == 1 { -half - 1 } else { half })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a place is on land, by how often a line to the east of it meets a coast.
    fn is_land(lat: f64, lon: f64) -> bool {
        let degrees =
            |(x, y): &(i16, i16)| (f64::from(*x) / PER_DEGREE, f64::from(*y) / PER_DEGREE);
        let crossed = |lon: f64, ring: &Ring| {
            let next = ring.points.iter().cycle().skip(1);
            let edges = ring.points.iter().zip(next);
            let crosses = |(a, b): &(&(i16, i16), &(i16, i16))| {
                let ((ax, ay), (bx, by)) = (degrees(a), degrees(b));
                (ay > lat) != (by > lat) && lon < (bx - ax) * (lat - ay) / (by - ay) + ax
            };
            edges.filter(crosses).count()
        };
        let turned =
            |ring| crossed(lon - 360.0, ring) + crossed(lon, ring) + crossed(lon + 360.0, ring);
        rings().iter().map(turned).sum::<usize>() % 2 == 1
    }

    #[test]
    fn it_is_read_to_its_end() {
        let rings = rings();
        let points: usize = rings.iter().map(|ring| ring.points.len()).sum();
        assert!(rings.len() > 1000 && points > 40_000, "{} rings, {points} points", rings.len());
        let in_range = |(x, y): &(i16, i16)| x.abs() <= 27_000 && y.abs() <= 9_000;
        assert!(rings.iter().all(|ring| ring.points.iter().all(in_range)));
    }

    #[test]
    fn land_is_where_it_is() {
        for (lat, lon) in
            [(39.91, 116.39), (33.69, 73.05), (36.85, 75.43), (-25.0, 135.0), (-80.0, 0.0)]
        {
            assert!(is_land(lat, lon), "{lat} {lon} is land");
        }
        for (lat, lon) in [(20.0, 65.0), (0.0, -30.0), (42.0, 51.0), (89.0, 0.0), (0.0, 180.0)] {
            assert!(!is_land(lat, lon), "{lat} {lon} is sea");
        }
    }

    #[test]
    fn half_a_ring_is_none() {
        assert_eq!(decode(&[3, 2, 2, 4]).count(), 0);
        assert_eq!(decode(&[0x80, 0x80]).count(), 0);
        assert_eq!(decode(&[]).count(), 0);
    }
}
