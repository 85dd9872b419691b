//! The chunks of a PNG file.

use super::container::{Fault, Format, Header, be32, cut_off, orientation};
use super::exif;

/// The chunks that make a picture; others tell of it.
const KEPT: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

/// How many bytes a file begins with before its first chunk.
const SIGNATURE: usize = 8;

/// A chunk: its name, its data, and all of it.
type Chunk<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// The chunks of a file, to its end.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Result<Chunk<'_>, Fault>> {
    let mut at = SIGNATURE;
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let read = || {
            let length = be32(bytes, at)? as usize;
            let whole = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
            Some((whole.get(4..8)?, whole.get(8..8 + length)?, whole))
        };
        let chunk = read();
        at += chunk.map_or(0, |(_, _, whole)| whole.len());
        ended = chunk.is_none_or(|(name, ..)| name == b"IEND");
        Some(chunk.ok_or_else(cut_off))
    })
}

/// What a file says of itself.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let (mut size, mut turned, mut animated) = (None, 1, false);
    for chunk in chunks(bytes) {
        let (name, data, _) = chunk?;
        match name {
            b"IHDR" => {
                let side = |at| be32(data, at).ok_or_else(cut_off);
                size = Some((side(0)?, side(4)?));
            }
            b"eXIf" => turned = orientation(data),
            b"acTL" => animated = true,
            _ => {}
        }
    }
    let size = size.ok_or_else(|| "holds no picture".to_owned())?;
    Ok(Header { animated, ..Header::turned(Format::Png, size, turned) })
}

/// The file without what it tells of its making.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::with_capacity(bytes.len());
    out.extend(bytes.get(..SIGNATURE).unwrap_or_default());
    for chunk in chunks(bytes) {
        let (name, data, whole) = chunk?;
        if KEPT.iter().any(|kept| *kept == name) {
            out.extend(whole);
        } else if name == b"eXIf" && orientation(data) > 1 {
            out.extend(own_chunk(b"eXIf", &exif::minimal(orientation(data))));
        }
    }
    Ok(out)
}

fn own_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).unwrap_or_default().to_be_bytes().to_vec();
    chunk.extend(name);
    chunk.extend(data);
    let sum = crc(chunk.get(4..).unwrap_or_default());
    chunk.extend(sum.to_be_bytes());
    chunk
}

/// The check sum of a chunk, of which there is one of some thirty bytes.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_sums_are_those_of_the_standard() {
        assert_eq!(crc(b"IEND"), 0xAE42_6082);
        assert_eq!(own_chunk(b"IEND", b""), b"\0\0\0\0IEND\xAE\x42\x60\x82");
    }
}
