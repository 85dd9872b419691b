//! Pictures of few colours as PNG.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// How far two colours may be apart to be taken for one, in each of red, green and blue.
const NEAR: u8 = 6;

/// How hard it is pressed: most of a card is one colour, which the lowest levels find already.
const LEVEL: u32 = 4;

/// The PNG of opaque pixels, each red, green, blue and a byte that is not looked at. Of few colours, or many that
/// are nearly the same, it has a palette.
pub(super) fn encode(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let row = width as usize;
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    if let Some(reduced) = reduce(pixels) {
        head.extend([8, 3, 0, 0, 0]);
        chunk(&mut out, b"IHDR", &head);
        chunk(&mut out, b"PLTE", reduced.palette.as_flattened());
        chunk(&mut out, b"IDAT", &deflate(reduced.pixels.chunks(row)));
    } else {
        let colours: Vec<u8> =
            pixels.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        head.extend([8, 2, 0, 0, 0]);
        chunk(&mut out, b"IHDR", &head);
        chunk(&mut out, b"IDAT", &deflate(colours.chunks(row * 3)));
    }
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let mut sum = crc32fast::Hasher::new();
    sum.update(kind);
    sum.update(data);
    out.extend(sum.finalize().to_be_bytes());
}

/// Rows, none of them filtered.
fn deflate<'a>(rows: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    for row in rows {
        // Writing to memory does not fail.
        let _ = encoder.write_all(&[0]).and_then(|()| encoder.write_all(row));
    }
    encoder.finish().unwrap_or_default()
}

type Colour = [u8; 3];

/// A picture with a palette.
struct Reduced {
    palette: Vec<Colour>,
    pixels: Vec<u8>,
}

/// The picture with at most 256 colours, where each pixel finds one that is near. The most frequent stay as they
/// are.
fn reduce(pixels: &[u8]) -> Option<Reduced> {
    let (pixels, _) = pixels.as_chunks::<4>();
    let mut numbers: HashMap<Colour, u16, FixedState> = HashMap::default();
    let mut counts: Vec<(u32, Colour)> = Vec::new();
    let mut numbered: Vec<u16> = Vec::with_capacity(pixels.len());
    let (mut last, mut number) = (None, 0);
    for [r, g, b, _] in pixels {
        let colour = [*r, *g, *b];
        // Most pixels are like the one before.
        if last != Some(colour) {
            last = Some(colour);
            number = *numbers.entry(colour).or_insert_with(|| {
                counts.push((0, colour));
                u16::try_from(counts.len() - 1).unwrap_or(u16::MAX)
            });
        }
        counts.get_mut(usize::from(number))?.0 += 1;
        numbered.push(number);
    }
    let (palette, places) = palette(&counts)?;
    let pixels =
        numbered.iter().map(|n| places.get(usize::from(*n)).copied().unwrap_or(0)).collect();
    Some(Reduced { palette, pixels })
}

/// At most 256 of the colours, and for each colour the place of the one that stands for it.
fn palette(counts: &[(u32, Colour)]) -> Option<(Vec<Colour>, Vec<u8>)> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|n| counts.get(*n).map(|(count, colour)| (u32::MAX - count, *colour)));
    let mut palette: Vec<Colour> = Vec::new();
    let mut places = vec![0; counts.len()];
    for n in order {
        let (_, colour) = counts.get(n)?;
        let near =
            palette.iter().enumerate().map(|(at, other)| (distance(*colour, *other), at)).min();
        let at = match near {
            Some((0, at)) => at,
            Some((distance, at)) if counts.len() > 256 && distance <= NEAR => at,
            _ => {
                palette.push(*colour);
                palette.len() - 1
            }
        };
        *places.get_mut(n)? = u8::try_from(at).ok()?;
    }
    Some((palette, places))
}

fn distance(a: Colour, b: Colour) -> u8 {
    a.into_iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What another decoder makes of it.
    fn decoded(png: &[u8]) -> Vec<u8> {
        resvg::tiny_skia::Pixmap::decode_png(png).expect("it is a PNG").take()
    }

    fn picture(colour: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let pixels = (0..48).flat_map(|y| (0..64).map(move |x| (x, y)));
        pixels
            .flat_map(|(x, y)| {
                let [r, g, b] = colour(x, y);
                [r, g, b, 255]
            })
            .collect()
    }

    #[test]
    #[allow(clippy::cast_possible_truncation)]
    fn few_colours_come_back_as_they_were() {
        let pixels = picture(|x, y| [x as u8, (y / 16) as u8, 7]);
        let png = encode(64, 48, &pixels);
        assert_eq!(decoded(&png), pixels);
        assert_eq!(png[25], 3, "it has a palette");
    }

    #[test]
    #[allow(clippy::cast_possible_truncation)]
    fn colours_that_are_nearly_the_same_become_one() {
        let pixels =
            picture(|x, y| if x < 8 { [11, 61, 49] } else { [(x * 2) as u8, (y * 2) as u8, 40] });
        let png = encode(64, 48, &pixels);
        assert_eq!(png[25], 3, "it has a palette");
        let drawn = decoded(&png);
        let far = pixels.iter().zip(&drawn).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(far <= Some(NEAR), "{far:?}");
        assert_eq!(drawn[..3], [11, 61, 49], "the most frequent colour is itself");
    }

    #[test]
    #[allow(clippy::cast_possible_truncation)]
    fn many_colours_stay_all() {
        let pixels = picture(|x, y| [(x * 4) as u8, (y * 5) as u8, ((x * y) % 256) as u8]);
        let png = encode(64, 48, &pixels);
        assert_eq!((decoded(&png), png[25]), (pixels, 2));
    }
}
