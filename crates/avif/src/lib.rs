//! Pixels to AVIF, by rav1e: 8 bits, colours at half the size, as photographs have them everywhere.
//!
//! rav1e is generic over the size of its numbers, and whoever uses it compiles it. Here that is done once.

use rav1e::prelude::*;

/// Pixels of red, green, blue and perhaps alpha, 8 bits each, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Pixels<'a> {
    /// How many are in a row.
    pub width: usize,
    /// How many rows there are.
    pub height: usize,
    /// Three, or four with alpha.
    pub channels: usize,
    /// Their numbers.
    pub numbers: &'a [u8],
}

/// The longest side of a picture.
const MOST: usize = 65_535;

/// How rav1e weighs time against size, from 0 (the smallest files) to 10.
const SPEED: u8 = 8;

/// A picture as an AVIF file, in sRGB; `quality` is from 1 to 100. The same bytes on every run.
///
/// # Errors
/// Where the numbers are not those of a picture, or rav1e fails.
pub fn encode(pixels: &Pixels<'_>, quality: u8) -> Result<Vec<u8>, String> {
    let &Pixels { width, height, channels, numbers } = pixels;
    let fits = (1..=MOST).contains(&width)
        && (1..=MOST).contains(&height)
        && matches!(channels, 3 | 4)
        && numbers.len() == width * height * channels;
    if !fits {
        return Err("these are not the pixels of a picture".to_owned());
    }
    let planes = Planes::of(pixels);
    let quantizer = quantizer(quality);
    let colour = frame(width, height, ChromaSampling::Cs420, quantizer, &planes.colour)?;
    let alpha = match &planes.alpha {
        Some(alpha) => {
            let planes = std::slice::from_ref(alpha);
            Some(frame(width, height, ChromaSampling::Cs400, quantizer, planes)?)
        }
        None => None,
    };
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let mut file = avif_serialize::Aviffy::new();
    file.matrix_coefficients(avif_serialize::constants::MatrixCoefficients::Bt601);
    file.set_chroma_subsampling((true, true)).set_seq_profile(0);
    Ok(file.to_vec(&colour, alpha.as_deref(), side(width), side(height), 8))
}

/// A number from 0 to 255.
fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn failed(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// rav1e's number for a quality: 255 is the worst.
fn quantizer(quality: u8) -> usize {
    let quality = f32::from(quality.clamp(1, 100)) / 100.0;
    let part = if quality >= 0.82 {
        (1.0 - quality) * 2.6
    } else if quality > 0.25 {
        quality.mul_add(-0.5, 0.875)
    } else {
        1.0 - quality
    };
    byte(part * 255.0).into()
}

/// A plane: its width, and its numbers.
type Flat = (usize, Vec<u8>);

struct Planes {
    /// Lightness, blueness, redness (BT.601, full range).
    colour: [Flat; 3],
    alpha: Option<Flat>,
}

impl Planes {
    fn of(pixels: &Pixels<'_>) -> Self {
        let &Pixels { width, height, channels, numbers } = pixels;
        let rows = || numbers.chunks_exact(width * channels);
        let lightness: Vec<u8> =
            numbers.chunks_exact(channels).map(|pixel| byte(ycbcr(&rgb(pixel))[0])).collect();
        let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
        let (mut blue, mut red) = (Vec::new(), Vec::new());
        for y in 0..half_height {
            let pair: Vec<&[u8]> = rows().skip(y * 2).take(2).collect();
            for x in 0..half_width {
                let from = x * 2 * channels;
                let to = (from + 2 * channels).min(width * channels);
                let near = pair.iter().filter_map(|row| row.get(from..to));
                let near = near.flat_map(|part| part.chunks_exact(channels));
                let (mut sum, mut count) = ([0.0; 3], 0.0);
                for pixel in near {
                    rgb(pixel).iter().zip(&mut sum).for_each(|(value, sum)| *sum += value);
                    count += 1.0;
                }
                let [_, cb, cr] = ycbcr(&sum.map(|sum| sum / f32::max(count, 1.0)));
                blue.push(byte(cb));
                red.push(byte(cr));
            }
        }
        let alpha =
            (channels == 4).then(|| (width, numbers.iter().skip(3).step_by(4).copied().collect()));
        Self { colour: [(width, lightness), (half_width, blue), (half_width, red)], alpha }
    }
}

fn rgb(pixel: &[u8]) -> [f32; 3] {
    match *pixel {
        [red, green, blue, ..] => [red, green, blue].map(f32::from),
        _ => [0.0; 3],
    }
}

fn ycbcr([red, green, blue]: &[f32; 3]) -> [f32; 3] {
    let light = 0.114f32.mul_add(*blue, 0.299f32.mul_add(*red, 0.587 * green));
    [light, (blue - light).mul_add(0.5 / 0.886, 128.0), (red - light).mul_add(0.5 / 0.701, 128.0)]
}

/// One frame of AV1.
fn frame(
    width: usize,
    height: usize,
    chroma_sampling: ChromaSampling,
    quantizer: usize,
    planes: &[Flat],
) -> Result<Vec<u8>, String> {
    let is_colour = chroma_sampling != ChromaSampling::Cs400;
    let mut settings = EncoderConfig::with_speed_preset(SPEED);
    settings.width = width;
    settings.height = height;
    settings.still_picture = true;
    settings.chroma_sampling = chroma_sampling;
    settings.pixel_range = PixelRange::Full;
    settings.color_description = is_colour.then_some(ColorDescription {
        color_primaries: ColorPrimaries::BT709,
        transfer_characteristics: TransferCharacteristics::SRGB,
        matrix_coefficients: MatrixCoefficients::BT601,
    });
    settings.quantizer = quantizer;
    settings.min_quantizer = u8::try_from(quantizer).unwrap_or(u8::MAX);
    settings.tiles = 1;
    settings.low_latency = true;
    settings.speed_settings.scene_detection_mode = SceneDetectionSpeed::None;
    settings.speed_settings.rdo_lookahead_frames = 1;
    // Outputs are made side by side: one thread for each is enough.
    let config = Config::new().with_encoder_config(settings).with_threads(1);
    let mut context: Context<u8> = config.new_context().map_err(failed)?;
    let mut picture = context.new_frame();
    for (plane, (stride, numbers)) in picture.planes.iter_mut().zip(planes) {
        plane.copy_from_raw_u8(numbers, *stride, 1);
    }
    context.send_frame(picture).map_err(failed)?;
    context.flush();
    let mut bytes = Vec::new();
    loop {
        match context.receive_packet() {
            Ok(packet) => bytes.extend(packet.data),
            Err(EncoderStatus::Encoded) => {}
            Err(EncoderStatus::LimitReached) => return Ok(bytes),
            Err(error) => return Err(failed(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_refused() {
        let of = |width, height, channels, length| {
            let numbers = vec![7; length];
            encode(&Pixels { width, height, channels, numbers: &numbers }, 60)
        };
        assert!(of(16, 9, 3, 16 * 9 * 3).is_ok_and(|file| file.get(4..12) == Some(b"ftypavif")));
        assert!(of(17, 33, 4, 17 * 33 * 4).is_ok());
        assert!(of(1, 1, 3, 3).is_ok());
        for (width, height, channels, length) in
            [(0, 9, 3, 0), (16, 9, 3, 1), (16, 9, 2, 288), (70_000, 1, 3, 210_000)]
        {
            assert!(of(width, height, channels, length).is_err(), "{width} × {height}");
        }
    }
}
