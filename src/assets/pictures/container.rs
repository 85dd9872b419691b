//! What the files of pictures say of themselves, without decoding them.

use super::{exif, jpeg, png, svg, webp};

/// The format of a picture's file, by its contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG (ITU T.81).
    Jpeg,
    /// PNG (W3C, third edition).
    Png,
    /// WebP (RFC 9649).
    Webp,
    /// GIF, which is published as it is.
    Gif,
    /// SVG, which is published as it is.
    Svg,
}

impl Format {
    /// The end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Svg => "svg",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Svg => "image/svg+xml",
        }
    }
}

/// What a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its format.
    pub format: Format,
    /// The width in pixels, as it is to be shown; 0 where an SVG has none.
    pub width: u32,
    /// The height.
    pub height: u32,
    /// How what is stored is turned to be shown: the values of Exif, 1 for not at all.
    pub orientation: u8,
    /// Whether it moves.
    pub animated: bool,
}

impl Header {
    /// A header of what is stored; turned as it says.
    pub(super) fn turned(format: Format, size: (u32, u32), orientation: u8) -> Self {
        let (width, height) = if orientation >= 5 { (size.1, size.0) } else { size };
        Self { format, width, height, orientation, animated: false }
    }
}

/// Why a file is no picture, as a sentence without its subject.
pub(super) type Fault = String;

/// The file ends where something should follow.
pub(super) fn cut_off() -> Fault {
    "ends too early".to_owned()
}

/// Reads what a file says of itself.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(bytes: &[u8]) -> Result<Header, Fault> {
    let header = match format(bytes) {
        Some(Format::Jpeg) => jpeg::header(bytes)?,
        Some(Format::Png) => png::header(bytes)?,
        Some(Format::Webp) => webp::header(bytes)?,
        Some(Format::Gif) => gif(bytes)?,
        Some(Format::Svg) => return svg::header(bytes),
        None if bytes.is_empty() => return Err("is empty".to_owned()),
        None => return Err("is no JPEG, PNG, WebP, GIF or SVG".to_owned()),
    };
    if header.width == 0 || header.height == 0 {
        return Err("has no width or height".to_owned());
    }
    Ok(header)
}

/// The file without what it tells of its making: of the camera, the place, the people. Its pixels, profile
/// and orientation stay as they are.
///
/// # Errors
/// What is wrong with it.
pub(super) fn strip(bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
    match format(&bytes) {
        Some(Format::Jpeg) => jpeg::strip(&bytes),
        Some(Format::Png) => png::strip(&bytes),
        Some(Format::Webp) => webp::strip(&bytes),
        Some(Format::Gif | Format::Svg) => Ok(bytes),
        None => read(&bytes).map(|_| bytes),
    }
}

/// The format of a file by its first bytes.
fn format(bytes: &[u8]) -> Option<Format> {
    Some(match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Format::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Format::Webp,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        _ if svg::is_svg(bytes) => Format::Svg,
        _ => return None,
    })
}

fn gif(bytes: &[u8]) -> Result<Header, Fault> {
    let size = |at| le16(bytes, at).ok_or_else(cut_off);
    let mut header = Header::turned(Format::Gif, (size(6)?, size(8)?), 1);
    header.animated = true;
    Ok(header)
}

/// The orientation in Exif data; 1 where there is none.
pub(super) fn orientation(tiff: &[u8]) -> u8 {
    exif::orientation(tiff).unwrap_or(1)
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_be_bytes(*part).into())
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let part = bytes.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*part).into())
}

pub(super) fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = *bytes.get(at..)?.first_chunk::<3>()?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
