//! A picture's file to pixels.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::container::{Fault, Format, Header};
use super::{jpeg, webp};

/// Pixels of red, green, blue and, where some are transparent, alpha; 8 bits each.
#[derive(Debug)]
pub(super) struct Raster {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Three, or four with alpha.
    pub(super) channels: usize,
    pub(super) pixels: Vec<u8>,
    /// The colour profile, where there is one.
    pub(super) profile: Option<Vec<u8>>,
}

/// The most pixels of a picture: a hundred million.
pub(super) const MOST_PIXELS: u64 = 100_000_000;
/// The most memory that a decoder may take beside its result.
const MOST_BYTES: usize = 1 << 30;

/// Decodes a picture, turned the way it is to be shown.
///
/// # Errors
/// What is wrong with it.
pub(super) fn decode(bytes: &[u8], header: &Header) -> Result<Raster, Fault> {
    let pixels = u64::from(header.width) * u64::from(header.height);
    if pixels > MOST_PIXELS {
        return Err(too_many(header));
    }
    let decoded = || match header.format {
        Format::Jpeg => jpeg_pixels(bytes),
        Format::Png => png_pixels(bytes),
        Format::Webp => webp_pixels(bytes),
        Format::Gif | Format::Svg => Err("has no pixels to be read".to_owned()),
    };
    // A file can be made so that a decoder fails in ways that its authors did not think of.
    let raster = catch_unwind(AssertUnwindSafe(decoded))
        .unwrap_or_else(|_| Err("cannot be decoded".to_owned()))?;
    let (width, height) = (raster.width as usize, raster.height as usize);
    if raster.pixels.len() != width * height * raster.channels || raster.pixels.is_empty() {
        return Err("is damaged: it has not the pixels that it says".to_owned());
    }
    let raster = turned(raster, header.orientation);
    match (raster.width, raster.height) == (header.width, header.height) {
        true => Ok(raster),
        false => Err("is damaged: it says two sizes".to_owned()),
    }
}

/// What is wrong with a picture of too many pixels.
pub(super) fn too_many(header: &Header) -> Fault {
    let most = MOST_PIXELS / 1_000_000;
    format!("has {} × {} pixels; the limit is {most} million", header.width, header.height)
}

/// What decoders say of it helps nobody who is not writing one.
fn damaged(_: impl std::fmt::Debug) -> Fault {
    "is damaged".to_owned()
}

fn jpeg_pixels(bytes: &[u8]) -> Result<Raster, Fault> {
    let side = 65_535;
    let options = DecoderOptions::default()
        .set_max_width(side)
        .set_max_height(side)
        .set_strict_mode(false)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| "holds no picture".to_owned())?;
    let grey = pixels.len() == width * height;
    let pixels = if grey { pixels.iter().flat_map(|v| [*v; 3]).collect() } else { pixels };
    // The profile of what is printed says nothing of what it was turned into here.
    let profile = jpeg::profile(bytes).filter(|_| !grey);
    Ok(Raster { width: side_of(width), height: side_of(height), channels: 3, pixels, profile })
}

fn side_of(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

fn png_pixels(bytes: &[u8]) -> Result<Raster, Fault> {
    let limits = png::Limits { bytes: MOST_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().ok_or_else(|| damaged("it is too large"))?;
    let mut raw = vec![0; size];
    let frame = reader.next_frame(&mut raw).map_err(damaged)?;
    raw.truncate(frame.buffer_size());
    let profile = reader.info().icc_profile.as_ref().map(|profile| profile.to_vec());
    let (channels, pixels) = match frame.color_type {
        png::ColorType::Grayscale => (3, raw.iter().flat_map(|v| [*v; 3]).collect()),
        png::ColorType::GrayscaleAlpha => {
            let pairs = raw.chunks_exact(2);
            (
                4,
                pairs
                    .flat_map(|pair| match *pair {
                        [grey, alpha] => [grey, grey, grey, alpha],
                        _ => [0; 4],
                    })
                    .collect(),
            )
        }
        png::ColorType::Rgb => (3, raw),
        png::ColorType::Rgba => (4, raw),
        png::ColorType::Indexed => return Err(damaged("its palette is missing")),
    };
    Ok(Raster { width: frame.width, height: frame.height, channels, pixels, profile })
}

fn webp_pixels(bytes: &[u8]) -> Result<Raster, Fault> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    decoder.set_memory_limit(MOST_BYTES);
    let (width, height) = decoder.dimensions();
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let size = decoder.output_buffer_size().ok_or_else(|| damaged("it is too large"))?;
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(damaged)?;
    Ok(Raster { width, height, channels, pixels, profile: webp::profile(bytes) })
}

/// Pixels turned by the orientation of Exif.
fn turned(raster: Raster, orientation: u8) -> Raster {
    if !(2..=8).contains(&orientation) {
        return raster;
    }
    let (width, height) = (raster.width as usize, raster.height as usize);
    let swaps = orientation >= 5;
    let (new_width, new_height) = if swaps { (height, width) } else { (width, height) };
    let mut pixels = Vec::with_capacity(raster.pixels.len());
    for y in 0..new_height {
        for x in 0..new_width {
            // Where what is shown here is stored.
            let (from_x, from_y) = match orientation {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (y, height - 1 - x),
                7 => (width - 1 - y, height - 1 - x),
                _ => (width - 1 - y, x),
            };
            let at = (from_y * width + from_x) * raster.channels;
            pixels.extend(raster.pixels.get(at..at + raster.channels).unwrap_or_default());
        }
    }
    Raster { width: side_of(new_width), height: side_of(new_height), pixels, ..raster }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_turned_the_right_way() {
        // 1 2 3
        // 4 5 6
        let raster = || {
            let pixels = (1..=6u8).flat_map(|n| [n; 3]).collect();
            Raster { width: 3, height: 2, channels: 3, pixels, profile: None }
        };
        let shown = |orientation| {
            let raster = turned(raster(), orientation);
            let pixels: Vec<u8> = raster.pixels.iter().step_by(3).copied().collect();
            (raster.width, raster.height, pixels)
        };
        assert_eq!(shown(1), (3, 2, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(shown(2), (3, 2, vec![3, 2, 1, 6, 5, 4]));
        assert_eq!(shown(3), (3, 2, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(shown(4), (3, 2, vec![4, 5, 6, 1, 2, 3]));
        assert_eq!(shown(5), (2, 3, vec![1, 4, 2, 5, 3, 6]));
        assert_eq!(shown(6), (2, 3, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(shown(7), (2, 3, vec![6, 3, 5, 2, 4, 1]));
        assert_eq!(shown(8), (2, 3, vec![3, 6, 2, 5, 1, 4]));
    }
}
