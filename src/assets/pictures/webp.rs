//! The chunks of a WebP file (RFC 9649).

use super::container::{Fault, Format, Header, cut_off, le16, le24, le32, orientation};
use super::exif;

/// The chunks that make a picture; others tell of it.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];

/// Flags of the first chunk: which others there are.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const MOVES: u8 = 0x02;

/// A chunk: its name and its data.
type Chunk<'a> = (&'a [u8], &'a [u8]);

/// The chunks of a file.
fn chunks(bytes: &[u8]) -> Result<Vec<Chunk<'_>>, Fault> {
    // The length of what follows it; what comes behind is no part of the picture.
    let end = (le32(bytes, 4).ok_or_else(cut_off)? as usize).saturating_add(8);
    let bytes = bytes.get(..end).ok_or_else(cut_off)?;
    let mut chunks = Vec::new();
    let mut at = 12;
    while at < bytes.len() {
        let read = || {
            let length = le32(bytes, at + 4)? as usize;
            let name = bytes.get(at..at + 4)?;
            Some((name, bytes.get(at + 8..(at + 8).checked_add(length)?)?))
        };
        let (name, data) = read().ok_or_else(cut_off)?;
        at += 8 + data.len() + data.len() % 2;
        chunks.push((name, data));
    }
    Ok(chunks)
}

/// What a file says of itself.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let chunks = chunks(bytes)?;
    let (mut size, mut turned, mut animated) = (None, 1, false);
    for (name, data) in chunks {
        let found = match name {
            b"VP8X" => {
                animated = data.first().is_some_and(|flags| flags & MOVES != 0);
                le24(data, 4).zip(le24(data, 7)).map(|(width, height)| (width + 1, height + 1))
            }
            // Each side has 14 bits; the upper two of a lossy one say how to enlarge it.
            b"VP8 " => le16(data, 6).zip(le16(data, 8)).map(|(w, h)| (w & 0x3FFF, h & 0x3FFF)),
            b"VP8L" => le32(data, 1).map(|bits| ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1)),
            b"EXIF" => {
                turned = orientation(data.strip_prefix(b"Exif\0\0").unwrap_or(data));
                continue;
            }
            _ => continue,
        };
        size = size.or(Some(found.ok_or_else(cut_off)?));
    }
    let size = size.ok_or_else(|| "holds no picture".to_owned())?;
    Ok(Header { animated, ..Header::turned(Format::Webp, size, turned) })
}

/// The colour profile.
pub(super) fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let chunks = chunks(bytes).ok()?;
    let (_, profile) = chunks.into_iter().find(|(name, _)| name == b"ICCP")?;
    Some(profile.to_vec())
}

/// The file without what it tells of its making.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let turned = header(bytes)?.orientation;
    let mut out = bytes.get(..12).unwrap_or_default().to_vec();
    for (name, data) in chunks(bytes)? {
        match (name, data) {
            (b"VP8X", [flags, rest @ ..]) => {
                let exif = if turned > 1 { HAS_EXIF } else { 0 };
                let flags = (flags & !(HAS_EXIF | HAS_XMP)) | exif;
                chunk(&mut out, name, &[&[flags], rest].concat());
            }
            (name, data) if KEPT.iter().any(|kept| *kept == name) => chunk(&mut out, name, data),
            _ => {}
        }
    }
    if turned > 1 {
        chunk(&mut out, b"EXIF", &exif::minimal(turned));
    }
    let length = u32::try_from(out.len().saturating_sub(8)).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(4..8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    out.extend(name);
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}
