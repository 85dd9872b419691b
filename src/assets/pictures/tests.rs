//! Pictures as cameras, scanners and hostile people make them, through the whole way. `tests/pictures/make.py`
//! makes them.

use super::container::{Format, read, strip};
use super::decode::{Raster, decode};
use super::encode::{Encoding, encode};
use super::resize::{Part, resize};

macro_rules! picture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/pictures/", $name)).as_slice()
    };
}

/// The same scene in every way there is to store it.
const SCENES: [(&str, &[u8]); 14] = [
    ("gps.jpg", picture!("gps.jpg")),
    ("turned.jpg", picture!("turned.jpg")),
    ("turned.png", picture!("turned.png")),
    ("turned.webp", picture!("turned.webp")),
    ("grey.jpg", picture!("grey.jpg")),
    ("cmyk.jpg", picture!("cmyk.jpg")),
    ("progressive.jpg", picture!("progressive.jpg")),
    ("lossy.webp", picture!("lossy.webp")),
    ("alpha.png", picture!("alpha.png")),
    ("alpha.webp", picture!("alpha.webp")),
    ("palette.png", picture!("palette.png")),
    ("deep.png", picture!("deep.png")),
    ("wide.jpg", picture!("wide.jpg")),
    ("small.png", picture!("small.png")),
];

const ENCODINGS: [Encoding; 4] =
    [Encoding::Avif(60), Encoding::Webp(78), Encoding::Jpeg(80), Encoding::Png];

fn decoded(name: &str, bytes: &[u8]) -> Raster {
    let header = read(bytes).unwrap_or_else(|fault| panic!("{name} {fault}"));
    decode(bytes, &header).unwrap_or_else(|fault| panic!("{name} {fault}"))
}

fn small(raster: &Raster, width: u32, height: u32) -> Raster {
    let part = Part { x: 0, y: 0, width: raster.width, height: raster.height };
    resize(raster, part, width, height)
}

fn pixel(raster: &Raster, x: u32, y: u32) -> [u8; 3] {
    let at = (y * raster.width + x) as usize * raster.channels;
    [raster.pixels[at], raster.pixels[at + 1], raster.pixels[at + 2]]
}

#[test]
fn every_way_to_store_it_shows_the_same_scene() {
    let original = small(&decoded("deep.png", picture!("deep.png")), 40, 30);
    for (name, bytes) in SCENES.iter().take(12) {
        let raster = decoded(name, bytes);
        assert_eq!((raster.width, raster.height), (400, 300), "{name}");
        let raster = small(&raster, 40, 30);
        // A place in the red square, in the sky, on the shore. What is transparent at the top has no colour there.
        for (x, y) in [(5, 6), (30, 15), (20, 27)] {
            let (own, other) = (pixel(&raster, x, y), pixel(&original, x, y));
            let far = match *name {
                "grey.jpg" => {
                    let light = |[r, g, b]: [u8; 3]| {
                        (u32::from(r) * 3 + u32::from(g) * 6 + u32::from(b)) / 10
                    };
                    light(own).abs_diff(light(other))
                }
                // Only the shore is certain: it is opaque, and no ink is mixed otherwise there.
                "alpha.png" | "alpha.webp" if y < 20 => 0,
                _ => {
                    own.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b))).max().unwrap_or(0)
                }
            };
            assert!(far <= 14, "{name} at {x}, {y}: {own:?} for {other:?}");
        }
    }
}

#[test]
fn every_format_is_written_and_read_again() {
    for (name, bytes) in SCENES {
        let raster = small(&decoded(name, bytes), 37, 23);
        for encoding in ENCODINGS {
            let made = encode(&raster, encoding).unwrap_or_else(|fault| panic!("{name} {fault}"));
            assert_eq!(made, encode(&raster, encoding).unwrap_or_default(), "{name} {encoding:?}");
            if let Encoding::Avif(_) = encoding {
                assert_eq!(made.get(4..12), Some(&b"ftypavif"[..]), "{name}");
                continue;
            }
            let again = decoded(name, &made);
            assert_eq!((again.width, again.height), (37, 23), "{name} {encoding:?}");
            let alpha = raster.channels == 4 && encoding != Encoding::Jpeg(80);
            assert_eq!(again.channels == 4, alpha, "{name} {encoding:?}");
            let far = pixel(&raster, 18, 21)
                .iter()
                .zip(pixel(&again, 18, 21))
                .any(|(a, b)| a.abs_diff(b) > 24);
            assert!(!far, "{name} {encoding:?}");
        }
    }
}

#[test]
fn nothing_is_told_of_its_making() {
    let secrets: [&[u8]; 8] =
        [b"secret", b"Camera", b"GPS", b"Photoshop", b"adobe.com", b"8BIM", b"tEXt", b"XMP "];
    let has = |bytes: &[u8], secret: &[u8]| bytes.windows(secret.len()).any(|part| part == secret);
    assert!(has(picture!("gps.jpg"), b"secret film"), "there is something to leave out");
    for (name, bytes) in SCENES {
        let clean = strip(bytes.to_vec()).unwrap_or_else(|fault| panic!("{name} {fault}"));
        for secret in secrets {
            assert!(!has(&clean, secret), "{name} tells {}", String::from_utf8_lossy(secret));
        }
        // Not a pixel is another, nor is its colour or the way it is up.
        let (before, after) = (decoded(name, bytes), decoded(name, &clean));
        assert!(before.pixels == after.pixels && before.profile == after.profile, "{name}");
        assert_eq!(read(bytes), read(&clean), "{name}");
        assert_eq!(strip(clean.clone()), Ok(clean), "{name}: there is nothing left to leave out");
    }
    let clean = strip(picture!("gps.jpg").to_vec()).unwrap_or_default();
    // The tag of where it was taken, in either order of bytes.
    assert!(!has(&clean, b"\x88\x25\0\x04") && !has(&clean, b"\x25\x88\x04\0"));
    assert!(has(&clean, b"ICC_PROFILE"), "the profile stays");
    let turned = strip(picture!("turned.jpg").to_vec()).unwrap_or_default();
    assert!(has(&turned, b"Exif\0\0MM\0*"), "which way is up is said, and nothing else");
}

#[test]
fn what_moves_is_known_to() {
    for (name, bytes) in [
        ("moves.webp", picture!("moves.webp")),
        ("moves.png", picture!("moves.png")),
        ("moves.gif", picture!("moves.gif")),
    ] {
        let header = read(bytes).unwrap_or_else(|fault| panic!("{name} {fault}"));
        assert!(header.animated && (header.width, header.height) == (120, 90), "{name}");
        assert!(strip(bytes.to_vec()).is_ok_and(|clean| read(&clean) == Ok(header)), "{name}");
    }
}

#[test]
fn damaged_files_are_told_apart() {
    let fault = |bytes: &[u8]| match read(bytes) {
        Ok(header) => decode(bytes, &header).map(|_| ()),
        Err(fault) => Err(fault),
    };
    assert_eq!(fault(picture!("cut.jpg")), Err("ends too early".to_owned()));
    assert_eq!(fault(picture!("broken.png")), Err("is damaged".to_owned()));
    assert_eq!(
        fault(picture!("bomb.png")),
        Err("has 20000 × 20000 pixels; the limit is 100 million".to_owned())
    );
    assert_eq!(fault(b"not a picture"), Err("is no JPEG, PNG, WebP, GIF or SVG".to_owned()));
    assert_eq!(fault(b""), Err("is empty".to_owned()));
}

#[test]
fn a_file_cut_off_anywhere_ends_in_words() {
    for (name, bytes) in SCENES.into_iter().chain([("moves.gif", picture!("moves.gif"))]) {
        for end in (0..bytes.len()).step_by(bytes.len() / 97 + 1) {
            let part = &bytes[..end];
            let header = read(part);
            assert!(strip(part.to_vec()).is_ok() == header.is_ok(), "{name} at {end}");
            if let Ok(header) = header {
                let _ = decode(part, &header);
            }
        }
    }
}

#[test]
fn a_file_with_other_bytes_ends_in_words() {
    let mut state = 75u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for (_, bytes) in SCENES {
        for _ in 0..12 {
            let mut bytes = bytes.to_vec();
            for _ in 0..=next(6) {
                let at = next(bytes.len());
                bytes[at] = u8::try_from(next(256)).unwrap_or_default();
            }
            if let Ok(header) = read(&bytes)
                && u64::from(header.width) * u64::from(header.height) < 4_000_000
            {
                let _ = decode(&bytes, &header);
            }
            let _ = strip(bytes);
        }
    }
}

#[test]
fn formats_are_known_by_their_contents() {
    let format = |bytes| read(bytes).map(|header| header.format);
    assert_eq!(format(picture!("gps.jpg")), Ok(Format::Jpeg));
    assert_eq!(format(picture!("deep.png")), Ok(Format::Png));
    assert_eq!(format(picture!("alpha.webp")), Ok(Format::Webp));
    assert_eq!(format(b"<svg viewBox='0 0 3 2'/>"), Ok(Format::Svg));
}
