//! Making a picture, or a part of it, smaller: in light, with transparent pixels counting for nothing, by
//! Lanczos' filter.

use super::colour::{Colours, byte, srgb};
use super::decode::Raster;

/// A part of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// How far the filter reaches, in pixels of the result.
const REACH: f32 = 3.0;

/// What each pixel of a result along one side is made of: where it begins, and the weights.
struct Weights(Vec<(usize, Vec<f32>)>);

impl Weights {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sides of pictures"
    )]
    fn new(from: usize, scale: f32, to: u32) -> Self {
        let stretch = scale.max(1.0);
        let weights = |n: u32| {
            let centre = (n as f32 + 0.5) * scale;
            let reach = REACH * stretch;
            let start = (centre - reach).floor().max(0.0) as usize;
            let end = ((centre + reach).ceil().max(1.0) as usize).min(from);
            let start = start.min(end.saturating_sub(1));
            let at = |i: usize| lanczos((i as f32 + 0.5 - centre) / stretch);
            let mut weights: Vec<f32> = (start..end).map(at).collect();
            let sum: f32 = weights.iter().sum();
            weights.iter_mut().for_each(|weight| *weight /= sum);
            (start, weights)
        };
        Self((0..to).map(weights).collect())
    }
}

fn lanczos(x: f32) -> f32 {
    if x == 0.0 {
        return 1.0;
    }
    if x.abs() >= REACH {
        return 0.0;
    }
    let x = x * std::f32::consts::PI;
    REACH * x.sin() * (x / REACH).sin() / (x * x)
}

/// A part of a picture with the width and height that are wanted, in sRGB.
pub(super) fn resize(raster: &Raster, part: Part, width: u32, height: u32) -> Raster {
    let colours = Colours::of(raster.profile.as_deref());
    let channels = raster.channels;
    #[allow(clippy::cast_precision_loss, reason = "sides of pictures")]
    let (across, down) = (part.width as f32 / width as f32, part.height as f32 / height as f32);
    // Where there is much more than the filter needs, blocks of pixels are averaged before.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sides of pictures")]
    let block = |scale: f32| (scale / 3.0).floor().max(1.0) as usize;
    let blocks =
        Blocks { raster, part, colours: &colours, across: block(across), down: block(down) };
    #[allow(clippy::cast_precision_loss, reason = "small")]
    let rest = |scale: f32, block: usize| scale / block as f32;
    let columns = Weights::new(blocks.columns(), rest(across, blocks.across), width);
    let rows = Weights::new(blocks.rows(), rest(down, blocks.down), height);
    let mut narrow = Vec::with_capacity(blocks.rows() * width as usize * channels);
    let mut row = vec![0.0; blocks.columns() * channels];
    for n in 0..blocks.rows() {
        blocks.row(n, &mut row);
        squeeze(&row, &columns, channels, &mut narrow);
    }
    let mut pixels = Vec::with_capacity(width as usize * height as usize * channels);
    let stride = width as usize * channels;
    let mut sums = vec![0.0; stride];
    for (start, weights) in &rows.0 {
        sums.fill(0.0);
        let taken = narrow.chunks_exact(stride.max(1)).skip(*start);
        for (weight, row) in weights.iter().zip(taken) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum = value.mul_add(*weight, *sum);
            }
        }
        write(&sums, channels, &mut pixels);
    }
    opaque(Raster { width, height, channels, pixels, profile: None })
}

/// A picture's part in light, as rows of averages of blocks.
struct Blocks<'a> {
    raster: &'a Raster,
    part: Part,
    colours: &'a Colours,
    across: usize,
    down: usize,
}

impl Blocks<'_> {
    fn columns(&self) -> usize {
        (self.part.width as usize).div_ceil(self.across)
    }

    fn rows(&self) -> usize {
        (self.part.height as usize).div_ceil(self.down)
    }

    /// Writes a row of averages; red, green and blue are multiplied by alpha.
    fn row(&self, n: usize, out: &mut [f32]) {
        out.fill(0.0);
        let channels = self.raster.channels;
        let stride = self.raster.width as usize * channels;
        let end = ((n + 1) * self.down).min(self.part.height as usize);
        let start = self.part.x as usize * channels;
        let length = self.part.width as usize * channels;
        for y in n * self.down..end {
            let from = (self.part.y as usize + y) * stride + start;
            let pixels = self.raster.pixels.get(from..from + length).unwrap_or_default();
            let sums = out.chunks_exact_mut(channels);
            for (block, sum) in pixels.chunks(self.across * channels).zip(sums) {
                block.chunks_exact(channels).for_each(|pixel| self.add(pixel, sum));
            }
        }
        let rows = end - n * self.down;
        let sums = out.chunks_exact_mut(channels).enumerate();
        for (x, sum) in sums {
            let columns = self.across.min(self.part.width as usize - x * self.across);
            #[allow(clippy::cast_precision_loss, reason = "small")]
            let count = (rows * columns) as f32;
            sum.iter_mut().for_each(|value| *value /= count);
        }
    }

    fn add(&self, pixel: &[u8], sum: &mut [f32]) {
        match (pixel, sum) {
            (&[red, green, blue], sum) => {
                let light = self.colours.of_pixel(red, green, blue);
                sum.iter_mut().zip(light).for_each(|(sum, light)| *sum += light);
            }
            (&[red, green, blue, alpha], sum) => {
                let alpha = f32::from(alpha) / 255.0;
                let [red, green, blue] = self.colours.of_pixel(red, green, blue);
                let values = [red * alpha, green * alpha, blue * alpha, alpha];
                sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
            _ => {}
        }
    }
}

/// A row with its columns made fewer.
fn squeeze(row: &[f32], columns: &Weights, channels: usize, out: &mut Vec<f32>) {
    for (start, weights) in &columns.0 {
        let pixels = row.get(start * channels..).unwrap_or_default().chunks_exact(channels);
        let mut sums = [0.0f32; 4];
        for (weight, pixel) in weights.iter().zip(pixels) {
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum = value.mul_add(*weight, *sum);
            }
        }
        out.extend(sums.iter().take(channels));
    }
}

/// Light to the numbers of sRGB.
fn write(light: &[f32], channels: usize, out: &mut Vec<u8>) {
    if channels == 3 {
        return out.extend(light.iter().map(|value| srgb(*value)));
    }
    for pixel in light.chunks_exact(channels) {
        let [red, green, blue, alpha] = *pixel else { continue };
        let whole = alpha.clamp(0.0, 1.0);
        let of = |value: f32| if whole > 0.0 { srgb(value / whole) } else { 0 };
        out.extend([of(red), of(green), of(blue), byte(whole * 255.0)]);
    }
}

/// A picture without alpha, where none of its pixels is transparent.
fn opaque(raster: Raster) -> Raster {
    let is_opaque =
        raster.channels == 4 && raster.pixels.iter().skip(3).step_by(4).all(|a| *a == 255);
    if !is_opaque {
        return raster;
    }
    let pixels = raster.pixels.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3)).copied();
    Raster { channels: 3, pixels: pixels.collect(), ..raster }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(
        width: u32,
        height: u32,
        channels: usize,
        pixel: impl Fn(u32, u32) -> [u8; 4],
    ) -> Raster {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = places.flat_map(|(x, y)| pixel(x, y).into_iter().take(channels)).collect();
        Raster { width, height, channels, pixels, profile: None }
    }

    fn whole(raster: &Raster) -> Part {
        Part { x: 0, y: 0, width: raster.width, height: raster.height }
    }

    #[test]
    fn one_colour_stays_one_colour() {
        let from = raster(97, 61, 3, |_, _| [200, 16, 99, 0]);
        for (width, height) in [(97, 61), (48, 30), (7, 5), (1, 1)] {
            let to = resize(&from, whole(&from), width, height);
            assert_eq!((to.width, to.height, to.channels), (width, height, 3));
            assert!(to.pixels.chunks(3).all(|pixel| pixel == [200, 16, 99]), "{width}");
        }
    }

    #[test]
    fn black_and_white_mix_as_light_does() {
        let from = raster(64, 64, 3, |x, y| [if (x + y) % 2 == 0 { 255 } else { 0 }; 4]);
        let to = resize(&from, whole(&from), 8, 8);
        assert!(to.pixels.iter().all(|value| value.abs_diff(188) <= 2), "{:?}", to.pixels);
    }

    #[test]
    fn what_is_transparent_has_no_colour() {
        let from = raster(64, 8, 4, |x, _| if x < 32 { [255, 0, 0, 255] } else { [0, 255, 0, 0] });
        let to = resize(&from, whole(&from), 16, 2);
        assert_eq!(to.channels, 4);
        let green = to.pixels.chunks(4).filter(|pixel| pixel[3] > 2 && pixel[1] > 4).count();
        assert_eq!(green, 0, "{:?}", to.pixels);
    }

    #[test]
    fn a_part_is_that_part() {
        let from =
            raster(60, 40, 4, |x, y| [u8::from(x >= 30) * 255, u8::from(y >= 20) * 255, 0, 255]);
        let part = Part { x: 30, y: 20, width: 30, height: 20 };
        let to = resize(&from, part, 3, 2);
        assert_eq!((to.channels, to.pixels), (3, [255, 255, 0].repeat(6)));
    }
}
