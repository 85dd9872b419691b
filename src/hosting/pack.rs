//! Packed copies beside files, which servers send to browsers that can unpack them.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use crate::config::Packing;
use crate::memo::{Key, Memo};

/// What is smaller than this, in bytes, goes over the wire in one packet either way.
const SMALLEST: usize = 1024;

/// Changes whenever the same bytes are packed otherwise.
const VERSION: &[u8] = b"1";

/// The ends of the names of files that packing makes smaller: text, and fonts that are not packed by themselves.
const ENDS: [&str; 29] = [
    "atom",
    "bib",
    "css",
    "csv",
    "geojson",
    "htm",
    "html",
    "ics",
    "js",
    "json",
    "jsonld",
    "map",
    "md",
    "mjs",
    "nt",
    "otf",
    "rdf",
    "rss",
    "svg",
    "tsv",
    "ttf",
    "ttl",
    "txt",
    "vtt",
    "wasm",
    "webmanifest",
    "xhtml",
    "xml",
    "yaml",
];

/// Whether a file is worth trying.
pub(super) fn may_pay(path: &str, bytes: &[u8]) -> bool {
    let end = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    bytes.len() > SMALLEST && end.is_some_and(|end| ENDS.contains(&&*end.to_ascii_lowercase()))
}

/// The bytes packed, where that makes them smaller by a tenth. `is_kept` says that they are fetched once and kept
/// for ever, which is worth more time.
pub(super) fn pack(packing: Packing, bytes: &[u8], is_kept: bool, memo: &Memo) -> Option<Vec<u8>> {
    let quality = match (packing, is_kept) {
        (Packing::Gzip, _) => 9,
        (Packing::Brotli, true) => 11,
        (Packing::Brotli, false) => 9,
        (Packing::Zstd, true) => 19,
        (Packing::Zstd, false) => 12,
    };
    let kind = match packing {
        Packing::Gzip => "gzip",
        Packing::Brotli => "brotli",
        Packing::Zstd => "zstd",
    };
    let make = || {
        let packed = match packing {
            Packing::Gzip => gzip(bytes, quality),
            Packing::Brotli => brotli(bytes, quality),
            Packing::Zstd => zstd(bytes, quality),
        };
        // That it does not pay is remembered as well.
        packed.map(|packed| if packed.len() * 10 <= bytes.len() * 9 { packed } else { Vec::new() })
    };
    let key = Key::of(kind, &[VERSION, &quality.to_le_bytes(), bytes]);
    memo.get(key, make).ok().filter(|packed| !packed.is_empty())
}

/// RFC 1952, without a time or a name.
fn gzip(bytes: &[u8], quality: u32) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(quality));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// RFC 7932.
fn brotli(mut bytes: &[u8], quality: u32) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut params =
        brotli::enc::BrotliEncoderParams { size_hint: bytes.len(), ..Default::default() };
    params.quality = i32::try_from(quality).unwrap_or(9);
    brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
    Ok(packed)
}

/// RFC 8878, with a window that every browser allows (RFC 9659: at most 8 MiB).
fn zstd(bytes: &[u8], quality: u32) -> std::io::Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), i32::try_from(quality).unwrap_or(12))?;
    encoder.set_pledged_src_size(Some(bytes.len() as u64))?;
    encoder.window_log(bytes.len().max(1024).next_power_of_two().ilog2().min(23))?;
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use proptest::prelude::*;

    use super::*;

    fn unpack(packing: Packing, packed: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = match packing {
            Packing::Gzip => flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes),
            Packing::Brotli => brotli::Decompressor::new(packed, 4096).read_to_end(&mut bytes),
            Packing::Zstd => {
                zstd::Decoder::new(packed).and_then(|mut it| it.read_to_end(&mut bytes))
            }
        };
        read.map(|_| bytes).unwrap_or_default()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_packed_comes_back(text in "[ابتث ]{0,40}[a-z<>\n]{0,40}", times in 0_usize..200, is_kept: bool) {
            let bytes = text.repeat(times).into_bytes();
            for packing in [Packing::Gzip, Packing::Brotli, Packing::Zstd] {
                if let Some(packed) = pack(packing, &bytes, is_kept, &Memo::default()) {
                    prop_assert!(packed.len() * 10 <= bytes.len() * 9);
                    prop_assert_eq!(&unpack(packing, &packed), &bytes);
                    prop_assert_eq!(Some(packed), pack(packing, &bytes, is_kept, &Memo::default()));
                }
            }
        }
    }

    #[test]
    fn only_what_pays_is_packed() {
        let text = "<p>ميناء</p>".repeat(200);
        assert!(may_pay("ميناء/index.html", text.as_bytes()) && may_pay("a.SVG", text.as_bytes()));
        for path in ["a.png", "html", "a.html/b", "_headers", "a.woff2"] {
            assert!(!may_pay(path, text.as_bytes()), "{path}");
        }
        assert!(!may_pay("a.html", b"short"));
        let noise: Vec<u8> =
            (0..100_u32).flat_map(|n| *blake3::hash(&n.to_le_bytes()).as_bytes()).collect();
        for packing in [Packing::Gzip, Packing::Brotli, Packing::Zstd] {
            assert_eq!(pack(packing, &noise, true, &Memo::default()), None);
            let packed = pack(packing, text.as_bytes(), true, &Memo::default());
            assert!(packed.is_some_and(|packed| packed.len() < 200));
        }
    }
}
