//! The segments of a JPEG file (ITU T.81, annex B).

use super::container::{Fault, Format, Header, be16, cut_off, orientation};
use super::exif;

const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const JFIF: &[u8] = b"JFIF\0";

/// A piece of a file.
enum Piece<'a> {
    /// A marker with its segment, without their length.
    Segment(u8, &'a [u8]),
    /// Coded pixels, to the next marker.
    Pixels(&'a [u8]),
}

/// The pieces of a file in their order.
struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether pixels are to follow.
    scan: bool,
}

/// The end of the picture. What follows is no part of it: other pictures, films.
const END: u8 = 0xD9;

impl<'a> Pieces<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2, scan: false }
    }

    /// The next piece; `None` after the end of the picture.
    fn next(&mut self) -> Result<Option<Piece<'a>>, Fault> {
        if std::mem::take(&mut self.scan) {
            return Ok(Some(Piece::Pixels(self.pixels())));
        }
        if self.bytes.get(self.at) != Some(&0xFF) {
            return Err(match self.bytes.get(self.at) {
                None => cut_off(),
                Some(_) => format!("is damaged: no marker at byte {}", self.at),
            });
        }
        // A marker may have any number of these before it.
        while self.bytes.get(self.at) == Some(&0xFF) {
            self.at += 1;
        }
        let marker = *self.bytes.get(self.at).ok_or_else(cut_off)?;
        self.at += 1;
        match marker {
            END => return Ok(None),
            0x01 | 0xD0..=0xD7 => return Ok(Some(Piece::Segment(marker, &[]))),
            _ => {}
        }
        let length = be16(self.bytes, self.at).ok_or_else(cut_off)? as usize;
        let data = self.bytes.get(self.at + 2..self.at + length.max(2)).ok_or_else(cut_off)?;
        self.at += length.max(2);
        self.scan = marker == 0xDA;
        Ok(Some(Piece::Segment(marker, data)))
    }

    /// Coded pixels with the restarts between them.
    fn pixels(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let marks = memchr::memchr_iter(0xFF, rest);
        let ends = |at: &usize| !matches!(rest.get(at + 1), Some(0 | 0xD0..=0xD7 | 0xFF) | None);
        let length = marks.into_iter().find(ends).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }
}

/// What a file says of itself; whether it is there to its end is looked at too.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let mut pieces = Pieces::of(bytes);
    let (mut size, mut turned, mut scans) = (None, 1, 0);
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Segment(0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF, frame) => {
                let side = |at| be16(frame, at).ok_or_else(cut_off);
                size = size.or(Some((side(3)?, side(1)?)));
            }
            Piece::Segment(0xE1, data) if turned == 1 => {
                turned = data.strip_prefix(EXIF).map_or(1, orientation);
            }
            Piece::Pixels(_) => scans += 1,
            Piece::Segment(..) => {}
        }
    }
    match size {
        Some(size) if scans > 0 => Ok(Header::turned(Format::Jpeg, size, turned)),
        _ => Err("holds no picture".to_owned()),
    }
}

/// The colour profile, which may be in several segments.
pub(super) fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut pieces = Pieces::of(bytes);
    let mut parts: Vec<(u8, &[u8])> = Vec::new();
    while let Ok(Some(piece)) = pieces.next() {
        let Piece::Segment(0xE2, data) = piece else { continue };
        if let Some([number, _, part @ ..]) = data.strip_prefix(PROFILE) {
            parts.push((*number, part));
        }
    }
    parts.sort_by_key(|(number, _)| *number);
    (!parts.is_empty()).then(|| parts.into_iter().flat_map(|(_, part)| part).copied().collect())
}

/// The file without what it tells of its making.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let turned = header(bytes)?.orientation;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend([0xFF, 0xD8]);
    let mut pieces = Pieces::of(bytes);
    let mut said = turned == 1;
    while let Some(piece) = pieces.next()? {
        let (marker, data) = match piece {
            Piece::Segment(marker, data) => (marker, data),
            Piece::Pixels(pixels) => {
                out.extend(pixels);
                continue;
            }
        };
        let jfif = marker == 0xE0 && data.starts_with(JFIF);
        // The orientation comes first of all, but for what says that this is a JFIF file.
        if !said && !jfif {
            segment(&mut out, 0xE1, &[EXIF, &exif::minimal(turned)].concat());
            said = true;
        }
        match marker {
            0xE0 if jfif => segment(&mut out, marker, &without_thumbnail(data)),
            0xE2 if data.starts_with(PROFILE) => segment(&mut out, marker, data),
            // Without it, colours would be read otherwise.
            0xEE if data.starts_with(b"Adobe") => segment(&mut out, marker, data),
            0xE0..=0xEF | 0xFE => {}
            0x01 | 0xD0..=0xD7 => out.extend([0xFF, marker]),
            _ => segment(&mut out, marker, data),
        }
    }
    out.extend([0xFF, END]);
    Ok(out)
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    out.extend([0xFF, marker]);
    // What was read had its length in these two bytes.
    out.extend(u16::try_from(data.len() + 2).unwrap_or(u16::MAX).to_be_bytes());
    out.extend(data);
}

/// A JFIF segment whose little picture, which may show what the picture does not, is left out.
fn without_thumbnail(data: &[u8]) -> Vec<u8> {
    match data.get(..12) {
        Some(start) => [start, &[0, 0]].concat(),
        None => data.to_vec(),
    }
}
