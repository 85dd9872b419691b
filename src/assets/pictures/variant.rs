//! Which variants a picture has, what they are called, and how they are made.

use std::sync::Arc;

use super::container::{Format, Header};
use super::encode::Encoding;
use super::resize::Part;
use super::{Known, Picture, Pictures, container, encode, problem};
use crate::assets::{DIGITS, Derived, Transform};
use crate::config::{BaseUrl, Crop, ImageFormat};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::Focus;
use crate::memo::Key;
use crate::source::{self, digest};

/// Changes with every change of what is made of the same input.
const VERSION: u8 = 1;

/// The shape that a picture is cut to, and the place in it that must be seen.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'a> {
    /// The shape.
    pub crop: &'a Crop,
    /// The place.
    pub focus: Focus,
}

/// What a page needs to show a picture. All URLs are encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The URL for `src`: of the widest variant in the picture's own format, or of the picture itself.
    pub url: String,
    /// The width of that in pixels; 0 where it is not known.
    pub width: u32,
    /// The height.
    pub height: u32,
    /// Its media type.
    pub media_type: &'static str,
    /// The variants in its own format, for `srcset`; empty where it has none.
    pub srcset: String,
    /// How wide it is shown where nothing else is said, for `sizes`; empty where it has no variants.
    pub sizes: String,
    /// The variants in other formats, the best first.
    pub sources: Vec<Source>,
}

/// The variants of a picture in one format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Their media type.
    pub media_type: &'static str,
    /// Their URLs, for `srcset`.
    pub srcset: String,
}

/// A picture, or a part of it, in another size or format.
#[derive(Debug)]
struct Variant {
    picture: Arc<Picture>,
    known: Known,
    part: Part,
    width: u32,
    height: u32,
    encoding: Encoding,
}

/// The variants in one format, from the narrowest to the widest, with their decoded paths.
type Line = (Encoding, Vec<(String, Variant)>);

impl Pictures {
    /// The variants of a picture as outputs: of the whole, or cut.
    ///
    /// # Errors
    /// Where the picture cannot be read.
    pub fn derived(
        &self,
        picture: &Arc<Picture>,
        cut: Option<Cut<'_>>,
    ) -> Result<Vec<Derived>, Diagnostic> {
        let variants = self.variants(picture, cut)?;
        let one = |(url, variant): (String, Variant)| Derived { url, transform: Arc::new(variant) };
        Ok(variants.into_iter().flat_map(|(_, list)| list).map(one).collect())
    }

    /// What a page needs to show a picture that is published at a URL, whole or cut.
    ///
    /// # Errors
    /// Where the picture cannot be read.
    pub fn shown(
        &self,
        picture: &Arc<Picture>,
        url: &str,
        cut: Option<Cut<'_>>,
        base: &BaseUrl,
    ) -> Result<Shown, Diagnostic> {
        let header = picture.known()?.header;
        let mut formats = self.variants(picture, cut)?;
        let Some((encoding, own)) = formats.pop() else {
            return Ok(Shown {
                url: base.path(url),
                width: header.width,
                height: header.height,
                media_type: header.format.media_type(),
                ..Shown::default()
            });
        };
        let srcset = |list: &[(String, Variant)]| {
            let one = |(url, variant): &(String, Variant)| {
                // A comma would end the URL.
                format!("{} {}w", base.path(url).replace(',', "%2C"), variant.width)
            };
            list.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let sources = formats.iter().map(|(encoding, list)| Source {
            media_type: encoding.media_type(),
            srcset: srcset(list),
        });
        let widest = own.last();
        Ok(Shown {
            url: widest.map_or_else(|| base.path(url), |(url, _)| base.path(url)),
            width: widest.map_or(header.width, |(_, variant)| variant.width),
            height: widest.map_or(header.height, |(_, variant)| variant.height),
            media_type: encoding.media_type(),
            srcset: srcset(&own),
            sizes: self.images.sizes.clone(),
            sources: sources.collect(),
        })
    }

    /// The variants of a picture by format, its own the last, each from the narrowest to the widest, with
    /// their decoded paths. None of what moves or has no pixels, nor of what is narrow as it is.
    fn variants(
        &self,
        picture: &Arc<Picture>,
        cut: Option<Cut<'_>>,
    ) -> Result<Vec<Line>, Diagnostic> {
        let known = picture.known()?;
        let header = known.header;
        let fixed = header.animated || matches!(header.format, Format::Gif | Format::Svg);
        let least = self.images.widths.first().copied().unwrap_or(1);
        if fixed || (cut.is_none() && header.width < least) {
            return Ok(Vec::new());
        }
        let (part, name) = match cut {
            Some(cut) => (part(&header, cut), format!("-{}", cut.crop.name)),
            None => {
                (Part { x: 0, y: 0, width: header.width, height: header.height }, String::new())
            }
        };
        let widths = widths(part.width, &self.images.widths);
        let one = |width: u32, encoding: Encoding| {
            let height = scaled(part.height, width, part.width);
            let picture = Arc::clone(picture);
            let variant = Variant { picture, known, part, width, height, encoding };
            let hex = variant.key().hex();
            let short = hex.get(..DIGITS).unwrap_or(&hex);
            let end = encoding.extension();
            (format!("{}{name}-{width}.{short}.{end}", variant.picture.stem), variant)
        };
        let encodings = self.encodings(header.format);
        let list =
            |encoding| (encoding, widths.iter().map(|width| one(*width, encoding)).collect());
        Ok(encodings.into_iter().map(list).collect())
    }

    /// The formats of variants, the picture's own the last.
    fn encodings(&self, own: Format) -> Vec<Encoding> {
        let images = &self.images;
        let own = match own {
            Format::Jpeg => Encoding::Jpeg(images.jpeg),
            Format::Webp => Encoding::Webp(images.webp),
            Format::Png | Format::Gif | Format::Svg => Encoding::Png,
        };
        let others = images.formats.iter().map(|format| match format {
            ImageFormat::Avif => Encoding::Avif(images.avif),
            ImageFormat::Webp => Encoding::Webp(images.webp),
        });
        others.filter(|other| *other != own).chain([own]).collect()
    }
}

/// The widths that something so wide has: those that are less, and its own where that is less than the
/// greatest. One that is nearly its own is left out for it.
fn widths(own: u32, wanted: &[u32]) -> Vec<u32> {
    let widest = wanted.last().copied().unwrap_or(own).min(own);
    let less =
        wanted.iter().copied().filter(|width| u64::from(*width) * 11 <= u64::from(widest) * 10);
    less.chain([widest]).collect()
}

/// A length made smaller or larger as another is, to the nearest pixel.
fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let (length, to, from) = (u64::from(length), u64::from(to), u64::from(from).max(1));
    u32::try_from(((length * to + from / 2) / from).max(1)).unwrap_or(u32::MAX)
}

/// The largest part of a picture that has a shape, with the place that must be seen as near to its middle as
/// the edges let it be.
fn part(header: &Header, cut: Cut<'_>) -> Part {
    let (width, height) = (header.width, header.height);
    let (across, down) = cut.crop.ratio;
    let wide = u64::from(width) * u64::from(down) > u64::from(height) * u64::from(across);
    let (part_width, part_height) = match wide {
        true => (scaled(height, across, down).min(width), height),
        false => (width, scaled(width, down, across).min(height)),
    };
    let start = |whole: u32, part: u32, place: u16| {
        let middle = u64::from(whole) * u64::from(place) / 1000;
        let start = middle.saturating_sub(u64::from(part / 2)).min(u64::from(whole - part));
        u32::try_from(start).unwrap_or_default()
    };
    Part {
        x: start(width, part_width, cut.focus.x),
        y: start(height, part_height, cut.focus.y),
        width: part_width,
        height: part_height,
    }
}

impl Pictures {
    /// The part of a picture that a cut leaves.
    pub(super) fn part(header: &Header, cut: Option<Cut<'_>>) -> Part {
        let whole = Part { x: 0, y: 0, width: header.width, height: header.height };
        cut.map_or(whole, |cut| part(header, cut))
    }
}

/// A part as bytes, for keys.
pub(super) fn part_key(part: Part) -> Vec<u8> {
    [part.x, part.y, part.width, part.height].iter().flat_map(|n| n.to_le_bytes()).collect()
}

impl Transform for Variant {
    fn key(&self) -> Key {
        let size = [self.width.to_le_bytes(), self.height.to_le_bytes()].concat();
        let (part, encoding) = (part_key(self.part), self.encoding.key());
        Key::of("picture", &[&[VERSION], &self.known.digest, &part, &size, &encoding])
    }

    fn make(&self) -> Result<Vec<u8>, Diagnostic> {
        let file = &self.picture.file;
        let bytes = read(&self.picture, &self.known)?;
        let fault = |fault: String| problem(file, &fault);
        let header = &self.known.header;
        let size = (self.width, self.height);
        let raster = self.picture.part(&self.known, &bytes, self.part, size)?;
        let made = encode::encode(&raster, self.encoding).map_err(fault)?;
        let is_whole = (self.part, self.width) == (Pictures::part(header, None), header.width);
        // A picture in its own size and format may be smaller as its author made it.
        let own = self.encoding.media_type() == header.format.media_type();
        if is_whole && own && header.orientation == 1 && bytes.len() < made.len() {
            return container::strip(bytes).map_err(fault);
        }
        Ok(made)
    }
}

/// The bytes of a picture's file, if it is the one that was looked at.
pub(super) fn read(picture: &Picture, known: &Known) -> Result<Vec<u8>, Diagnostic> {
    let bytes = source::read(&picture.file)?;
    if digest(&bytes) == known.digest {
        return Ok(bytes);
    }
    let message = "the file was changed while the site was built";
    let problem = Diagnostic::error(codes::CHANGED, message).at(Span::file(&picture.file.path));
    Err(problem.hint("build again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_made_wider() {
        let wanted = [480, 960, 1600];
        assert_eq!(widths(4000, &wanted), [480, 960, 1600]);
        assert_eq!(widths(1600, &wanted), [480, 960, 1600]);
        assert_eq!(widths(1200, &wanted), [480, 960, 1200]);
        assert_eq!(widths(1000, &wanted), [480, 1000]);
        assert_eq!(widths(500, &wanted), [500]);
        assert_eq!(widths(300, &wanted), [300]);
    }

    #[test]
    fn the_focus_stays_in_sight() {
        let header = Header::turned(Format::Png, (3000, 1000), 1);
        let at = |ratio, x, y| {
            let crop = Crop { name: "x".into(), ratio };
            let part = part(&header, Cut { crop: &crop, focus: Focus { x, y } });
            (part.x, part.y, part.width, part.height)
        };
        assert_eq!(at((1, 1), 500, 500), (1000, 0, 1000, 1000));
        assert_eq!(at((1, 1), 0, 0), (0, 0, 1000, 1000));
        assert_eq!(at((1, 1), 900, 0), (2000, 0, 1000, 1000));
        assert_eq!(at((1, 1), 300, 0), (400, 0, 1000, 1000));
        assert_eq!(at((6, 1), 300, 800), (0, 500, 3000, 500));
        assert_eq!(at((3, 1), 1, 1), (0, 0, 3000, 1000));
    }
}
