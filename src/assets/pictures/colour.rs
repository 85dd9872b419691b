//! Colours: from what a picture stores to light, and from light to sRGB. Pictures are made smaller in
//! light, since half black and half white is not the grey between their numbers.

use std::sync::LazyLock;

use super::container::{be16, be32};

/// From sRGB to light.
fn to_light(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// From light to sRGB.
fn from_light(light: f32) -> f32 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055f32.mul_add(light.powf(1.0 / 2.4), -0.055)
    }
}

/// The light of each number of sRGB.
static LIGHT: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|n| to_light(number(n) / 255.0)));

/// How finely light is told apart on the way back: more than 8 bits of sRGB need in the dark.
const STEPS: usize = 1 << 14;

static NUMBERS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..=STEPS).map(|n| byte(from_light(number(n) / number(STEPS)) * 255.0)).collect()
});

#[allow(clippy::cast_precision_loss, reason = "below 2^24")]
fn number(n: usize) -> f32 {
    n as f32
}

/// A number from 0 to 255.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
pub(super) fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The number of sRGB for light.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
pub(super) fn srgb(light: f32) -> u8 {
    let step = (light.clamp(0.0, 1.0) * number(STEPS)).round() as usize;
    NUMBERS.get(step).copied().unwrap_or(u8::MAX)
}

/// What the numbers of a picture mean.
pub(super) struct Colours {
    /// The light of each number, of red, green and blue.
    light: [[f32; 256]; 3],
    /// From the picture's light to that of sRGB; none where it is the same.
    matrix: Option<[[f32; 3]; 3]>,
}

impl Colours {
    /// Those of sRGB.
    pub(super) fn srgb() -> Self {
        Self { light: [*LIGHT; 3], matrix: None }
    }

    /// Those of a profile (ICC.1) that describes colours by curves and three primaries, as those of cameras
    /// and screens do. Other profiles, for printing and scanning, are taken for sRGB.
    pub(super) fn of(profile: Option<&[u8]>) -> Self {
        let own = profile.and_then(Self::read);
        own.filter(|own| !own.is_srgb()).unwrap_or_else(Self::srgb)
    }

    fn read(profile: &[u8]) -> Option<Self> {
        if profile.get(16..24)? != b"RGB XYZ " {
            return None;
        }
        let column = |tag: &[u8; 4]| primary(element(profile, tag)?);
        let (red, green, blue) = (column(b"rXYZ")?, column(b"gXYZ")?, column(b"bXYZ")?);
        let row = |n: usize| {
            let of = |column: &[f32; 3]| column.get(n).copied();
            Some([of(&red)?, of(&green)?, of(&blue)?])
        };
        let to_xyz = [row(0)?, row(1)?, row(2)?];
        let curve = |tag: &[u8; 4]| curve(element(profile, tag)?);
        let light = [curve(b"rTRC")?, curve(b"gTRC")?, curve(b"bTRC")?];
        Some(Self { light, matrix: Some(product(&FROM_XYZ, &to_xyz)) })
    }

    fn is_srgb(&self) -> bool {
        let same = |a: f32, b: f32| (a - b).abs() < 0.004;
        let curves =
            self.light.iter().all(|own| own.iter().zip(&*LIGHT).all(|(a, b)| same(*a, *b)));
        let unit = |n, m| if n == m { 1.0 } else { 0.0 };
        let rows = self.matrix.iter().flatten().enumerate();
        curves
            && rows
                .into_iter()
                .all(|(n, row)| row.iter().enumerate().all(|(m, v)| same(*v, unit(n, m))))
    }

    /// The light of three numbers, in sRGB's primaries.
    pub(super) fn of_pixel(&self, red: u8, green: u8, blue: u8) -> [f32; 3] {
        let [reds, greens, blues] = &self.light;
        let of = |curve: &[f32; 256], n: u8| curve.get(usize::from(n)).copied().unwrap_or_default();
        let own = [of(reds, red), of(greens, green), of(blues, blue)];
        match &self.matrix {
            None => own,
            Some(matrix) => matrix.map(|row| dot(&row, &own)),
        }
    }
}

/// From CIE XYZ under D50 to the light of sRGB.
const FROM_XYZ: [[f32; 3]; 3] = [
    [3.133_856, -1.616_866_7, -0.490_614_6],
    [-0.978_768_4, 1.916_141_5, 0.033_454],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
];

fn dot(a: &[f32; 3], b: &[f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn product(a: &[[f32; 3]; 3], b: &[[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let [x, y, z] = b;
    let column = |n: usize| [x, y, z].map(|row| row.get(n).copied().unwrap_or_default());
    a.map(|row| [0, 1, 2].map(|n| dot(&row, &column(n))))
}

/// An element of a profile.
fn element<'a>(profile: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = be32(profile, 128)?.min(256) as usize;
    let entries = (0..count).map(|n| 132 + n * 12);
    let at = entries.into_iter().find(|at| profile.get(*at..at + 4) == Some(tag))?;
    let (start, size) = (be32(profile, at + 4)? as usize, be32(profile, at + 8)? as usize);
    profile.get(start..start.checked_add(size)?)
}

/// A number with sixteen bits behind the point.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "ICC.1 §4.6")]
fn fixed(bytes: &[u8], at: usize) -> Option<f32> {
    Some(be32(bytes, at)? as i32 as f32 / 65_536.0)
}

fn primary(element: &[u8]) -> Option<[f32; 3]> {
    element.starts_with(b"XYZ ").then_some(())?;
    Some([fixed(element, 8)?, fixed(element, 12)?, fixed(element, 16)?])
}

/// The light of each number by a curve.
fn curve(element: &[u8]) -> Option<[f32; 256]> {
    let table = |of: &dyn Fn(f32) -> f32| {
        let value = |n: usize| of(number(n) / 255.0);
        let table: [f32; 256] = std::array::from_fn(value);
        table.iter().all(|light| light.is_finite()).then_some(table)
    };
    match element.get(..4)? {
        b"curv" => match be32(element, 8)? as usize {
            0 => table(&|value| value),
            1 => {
                let gamma = be16(element, 12)?;
                #[allow(clippy::cast_precision_loss, reason = "16 bits")]
                let gamma = gamma as f32 / 256.0;
                table(&|value| value.powf(gamma))
            }
            count => {
                let points = element.get(12..12 + count.checked_mul(2)?)?;
                table(&|value| between(points, value * number(count - 1)))
            }
        },
        b"para" => {
            let kind = be16(element, 8)?;
            let part = |n: usize| fixed(element, 12 + n * 4);
            let (g, a, b) = (part(0)?, part(1), part(2));
            let (c, d, e, f) = (part(3), part(4), part(5), part(6));
            match kind {
                0 => table(&|x| x.powf(g)),
                1 => {
                    let (a, b) = (a?, b?);
                    table(&|x| if x >= -b / a { a.mul_add(x, b).powf(g) } else { 0.0 })
                }
                2 => {
                    let (a, b, c) = (a?, b?, c?);
                    table(&|x| if x >= -b / a { a.mul_add(x, b).powf(g) + c } else { c })
                }
                3 => {
                    let (a, b, c, d) = (a?, b?, c?, d?);
                    table(&|x| if x >= d { a.mul_add(x, b).powf(g) } else { c * x })
                }
                4 => {
                    let (a, b, c, d, e, f) = (a?, b?, c?, d?, e?, f?);
                    table(&|x| if x >= d { a.mul_add(x, b).powf(g) + e } else { c.mul_add(x, f) })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The value between two points of a curve.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most the points there are"
)]
fn between(points: &[u8], place: f32) -> f32 {
    let first = place.floor().max(0.0) as usize;
    #[allow(clippy::cast_precision_loss, reason = "16 bits")]
    let point = |n: usize| be16(points, n * 2).map(|value| value as f32 / 65_535.0);
    let from = point(first).unwrap_or(1.0);
    let to = point(first + 1).unwrap_or(from);
    (to - from).mul_add(place - number(first), from)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A profile of three primaries and a gamma of 2.2.
    pub(crate) fn profile(primaries: [[f32; 3]; 3]) -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes[16..24].copy_from_slice(b"RGB XYZ ");
        bytes.extend(6u32.to_be_bytes());
        let tags: [&[u8; 4]; 6] = [b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"];
        let mut data = Vec::new();
        for (n, tag) in tags.iter().enumerate() {
            let mut element = Vec::new();
            match primaries.get(n) {
                Some(primary) => {
                    element.extend(b"XYZ \0\0\0\0");
                    for value in primary {
                        element.extend(((value * 65_536.0) as i32).to_be_bytes());
                    }
                }
                None => element.extend(b"curv\0\0\0\0\0\0\0\x01\x02\x33"),
            }
            bytes.extend(*tag);
            bytes.extend((204 + data.len() as u32).to_be_bytes());
            bytes.extend((element.len() as u32).to_be_bytes());
            data.extend(element);
        }
        bytes.extend(data);
        bytes
    }

    pub(crate) const DISPLAY_P3: [[f32; 3]; 3] =
        [[0.515_1, 0.241_2, -0.001_1], [0.292, 0.692_2, 0.041_9], [0.157_1, 0.066_6, 0.784_1]];

    #[test]
    fn srgb_comes_back_as_it_was() {
        for n in 0..=255 {
            let [red, ..] = Colours::srgb().of_pixel(n, 0, 0);
            assert_eq!(srgb(red), n);
        }
    }

    #[test]
    fn wide_colours_are_converted() {
        let colours = Colours::of(Some(&profile(DISPLAY_P3)));
        let shown = |r, g, b| colours.of_pixel(r, g, b).map(srgb);
        // White and grey stay so, but for the curve; a red that sRGB lacks is its reddest.
        assert_eq!(shown(255, 255, 255).map(|v| v >= 254), [true; 3]);
        let [r, g, b] = shown(128, 128, 128);
        assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1, "{r} {g} {b}");
        assert_eq!(shown(255, 0, 0), [255, 0, 0]);
        let [r, g, b] = shown(200, 100, 50);
        assert!(r > 205 && g < 100 && b < 45, "{r} {g} {b}");
    }

    #[test]
    fn broken_profiles_are_taken_for_srgb() {
        let whole = profile(DISPLAY_P3);
        for end in 0..whole.len() {
            assert_eq!(
                Colours::of(whole.get(..end)).of_pixel(200, 0, 0).map(srgb),
                [200, 0, 0],
                "{end}"
            );
        }
        assert!(Colours::of(None).matrix.is_none());
    }
}
