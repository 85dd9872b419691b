//! Pixels to files.

use super::container::Fault;
use super::decode::Raster;

/// The format of a file that is made, with its quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Avif(u8),
    Webp(u8),
    Jpeg(u8),
    Png,
}

impl Encoding {
    /// The end of a file's name.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Avif(_) => "avif",
            Self::Webp(_) => "webp",
            Self::Jpeg(_) => "jpg",
            Self::Png => "png",
        }
    }

    /// Its media type.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Avif(_) => "image/avif",
            Self::Webp(_) => "image/webp",
            Self::Jpeg(_) => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What tells it apart from others.
    pub(super) fn key(self) -> [u8; 2] {
        match self {
            Self::Avif(quality) => [0, quality],
            Self::Webp(quality) => [1, quality],
            Self::Jpeg(quality) => [2, quality],
            Self::Png => [3, 0],
        }
    }
}

/// Writes a picture in sRGB.
///
/// # Errors
/// What an encoder says, which it has no reason to.
pub(super) fn encode(raster: &Raster, encoding: Encoding) -> Result<Vec<u8>, Fault> {
    match encoding {
        Encoding::Avif(quality) => avif(raster, quality),
        Encoding::Webp(quality) => webp(raster, quality),
        Encoding::Jpeg(quality) => jpeg(raster, quality),
        Encoding::Png => png(raster),
    }
}

/// An encoder that fails.
fn failed(error: impl std::fmt::Display) -> Fault {
    format!("cannot be encoded: {error}")
}

fn avif(raster: &Raster, quality: u8) -> Result<Vec<u8>, Fault> {
    let pixels = dhikra_avif::Pixels {
        width: raster.width as usize,
        height: raster.height as usize,
        channels: raster.channels,
        numbers: &raster.pixels,
    };
    dhikra_avif::encode(&pixels, quality).map_err(failed)
}

fn webp(raster: &Raster, quality: u8) -> Result<Vec<u8>, Fault> {
    let (width, height) = (raster.width, raster.height);
    let encoder = match raster.channels {
        3 => webp::Encoder::from_rgb(&raster.pixels, width, height),
        _ => webp::Encoder::from_rgba(&raster.pixels, width, height),
    };
    let encoded = encoder.encode_simple(false, quality.into());
    encoded.map(|bytes| bytes.to_vec()).map_err(|error| failed(format!("{error:?}")))
}

fn jpeg(raster: &Raster, quality: u8) -> Result<Vec<u8>, Fault> {
    let side = |side: u32| u16::try_from(side).map_err(failed);
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, quality);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    let (width, height) = (side(raster.width)?, side(raster.height)?);
    let colours = match raster.channels {
        3 => jpeg_encoder::ColorType::Rgb,
        _ => jpeg_encoder::ColorType::Rgba,
    };
    encoder.encode(&raster.pixels, width, height, colours).map_err(failed)?;
    Ok(out)
}

fn png(raster: &Raster) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, raster.width, raster.height);
    encoder.set_depth(png::BitDepth::Eight);
    let grey = raster.pixels.chunks_exact(raster.channels).all(|pixel| match *pixel {
        [red, green, blue, ..] => red == green && green == blue,
        _ => false,
    });
    let taken: Vec<usize> = if grey { (2..raster.channels).collect() } else { Vec::new() };
    encoder.set_color(match (grey, raster.channels) {
        (true, 3) => png::ColorType::Grayscale,
        (true, _) => png::ColorType::GrayscaleAlpha,
        (false, 3) => png::ColorType::Rgb,
        (false, _) => png::ColorType::Rgba,
    });
    let mut writer = encoder.write_header().map_err(failed)?;
    if grey {
        let pixels = raster.pixels.chunks_exact(raster.channels);
        let kept = pixels.flat_map(|pixel| taken.iter().filter_map(|n| pixel.get(*n).copied()));
        writer.write_image_data(&kept.collect::<Vec<u8>>()).map_err(failed)?;
    } else {
        writer.write_image_data(&raster.pixels).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(out)
}
