//! Exif, as far as it says which way a picture is up.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;

/// The orientation that Exif data (a TIFF file) gives, from 1 to 8.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.first_chunk::<4>()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let part = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(part) } else { u16::from_be_bytes(part) })
    };
    let part = *tiff.get(4..)?.first_chunk::<4>()?;
    let first = if little { u32::from_le_bytes(part) } else { u32::from_be_bytes(part) };
    let first = usize::try_from(first).ok()?;
    let entries = usize::from(short(first)?);
    for n in 0..entries {
        let entry = first.checked_add(2 + n * 12)?;
        if short(entry)? == ORIENTATION {
            let value = u8::try_from(short(entry.checked_add(8)?)?).ok()?;
            return (1..=8).contains(&value).then_some(value);
        }
    }
    None
}

/// Exif data that gives an orientation and nothing else.
pub(super) fn minimal(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    // The tag, its type (a short number), how many, the number, and that no other directory follows.
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for value in 1..=8 {
            assert_eq!(orientation(&minimal(value)), Some(value));
        }
        assert_eq!(orientation(&minimal(9)), None);
        let whole = minimal(6);
        for end in 0..20 {
            assert_eq!(orientation(whole.get(..end).unwrap_or_default()), None, "{end}");
        }
        let little = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(3));
        // A directory that lies outside of the file.
        assert_eq!(orientation(b"II*\0\xFF\xFF\xFF\xFF"), None);
    }
}
