//! Cutting a font down to some characters, and packing it as WOFF2.

use std::panic::{AssertUnwindSafe, catch_unwind};

use skera::{DEFAULT_DROP_TABLES, Plan, SubsetFlags, subset_font};
use skrifa::Tag;
use skrifa::raw::TableProvider;
use skrifa::raw::collections::IntSet;
use skrifa::raw::types::NameId;
use ttf2woff2::{BrotliQuality, EncodeOptions, encode_with_options};

use super::source::{open, unusable};
use crate::assets::Transform;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::memo::Key;
use crate::source::{self, Digest, SourceFile};
use crate::text::charset::CharSet;

/// The version of what is done here: another one makes everything anew.
const VERSION: &[u8] = b"1 skera 0.9 ttf2woff2 0.14";

/// Features of layout that are kept: all that shaping needs in any script, and the few that are worth
/// their bytes: kerning, ligatures, the forms of numbers.
const FEATURES: &[&[u8; 4]] = &[
    // Common
    b"rvrn", b"ccmp", b"locl", b"rlig", b"liga", b"clig", b"calt", b"rclt", b"curs", b"dist",
    b"kern", b"mark", b"mkmk", b"lnum", b"onum", b"tnum", b"pnum", b"ltra", b"ltrm", b"rtla",
    b"rtlm", // Arabic, Syriac and their like
    b"isol", b"init", b"medi", b"fina", b"med2", b"fin2", b"fin3", b"mset", b"stch",
    // Indic and other scripts of southern Asia
    b"nukt", b"akhn", b"rphf", b"rkrf", b"pref", b"blwf", b"half", b"abvf", b"pstf", b"cfar",
    b"vatu", b"cjct", b"pres", b"abvs", b"blws", b"psts", b"haln", b"abvm", b"blwm",
    // Korean
    b"ljmo", b"vjmo", b"tjmo",
];

/// What is kept of the names of a font: whose it is, what it is called, under which licence.
const NAMES: [u16; 7] = [0, 1, 2, 4, 6, 13, 14];

/// A part of a font, to be made.
#[derive(Clone, Debug)]
pub(super) struct Subset {
    /// The font's file.
    pub(super) file: SourceFile,
    /// The digest of its bytes when it was looked at.
    pub(super) digest: Digest,
    /// The characters; none for the whole font.
    pub(super) chars: Option<CharSet>,
    /// Features that the style sheet asks for beside the usual ones.
    pub(super) features: Vec<[u8; 4]>,
}

impl Transform for Subset {
    fn key(&self) -> Key {
        let chars = self.chars.iter().flat_map(CharSet::iter);
        let chars: Vec<u8> = chars.flat_map(|c| u32::from(c).to_le_bytes()).collect();
        Key::of("font", &[VERSION, &self.digest, &chars, &self.features.concat()])
    }

    fn make(&self) -> Result<Vec<u8>, Diagnostic> {
        let bytes = source::read(&self.file)?;
        if source::digest(&bytes) != self.digest {
            let message = "the font changed while the site was being built";
            let problem =
                Diagnostic::error(codes::CHANGED, message).at(Span::file(&self.file.path));
            return Err(problem.hint("build again"));
        }
        cut(&bytes, self.chars.as_ref(), &self.features)
            .map_err(|why| unusable(&self.file.path, &why))
    }
}

/// A font, or these characters of it, as WOFF2.
fn cut(bytes: &[u8], chars: Option<&CharSet>, features: &[[u8; 4]]) -> Result<Vec<u8>, String> {
    // Nothing else stands between a damaged font and a thread that ends.
    let made = catch_unwind(AssertUnwindSafe(|| match chars {
        Some(chars) => woff2(&subset(bytes, chars, features)?),
        None => woff2(bytes),
    }));
    made.unwrap_or_else(|_| Err("it is damaged".to_owned()))
}

/// How large outlines may be whose places are given in short numbers, for them to be packed in the form of
/// WOFF2. Unpacked they are a little larger, and browsers refuse places that short numbers cannot give.
const SHORT: usize = 110_000;

fn woff2(sfnt: &[u8]) -> Result<Vec<u8>, String> {
    let font = open(sfnt)?;
    let is_long = font.head().is_ok_and(|head| head.index_to_loc_format() == 1);
    let outlines = font.table_data(Tag::new(b"glyf")).map_or(0, |data| data.len());
    let options = EncodeOptions {
        quality: BrotliQuality::default(),
        transform_glyf_loca: is_long || outlines < SHORT,
        threads: None,
    };
    encode_with_options(sfnt, options).map_err(|error| error.to_string())
}

/// A font with these characters alone, those glyphs that they turn into, and what lays them out.
fn subset(bytes: &[u8], chars: &CharSet, features: &[[u8; 4]]) -> Result<Vec<u8>, String> {
    let font = open(bytes)?;
    let mut unicodes = IntSet::<u32>::empty();
    unicodes.extend(chars.iter().map(u32::from));
    let mut dropped = IntSet::<Tag>::empty();
    dropped.extend(DEFAULT_DROP_TABLES.iter().copied());
    let mut scripts = IntSet::<Tag>::empty();
    scripts.invert();
    let mut kept = IntSet::<Tag>::empty();
    kept.extend(FEATURES.iter().map(|tag| Tag::new(tag)).chain(features.iter().map(Tag::new)));
    let mut names = IntSet::<NameId>::empty();
    names.extend(NAMES.into_iter().map(NameId::new));
    let mut languages = IntSet::<u16>::empty();
    languages.insert(0x0409);
    let flags = SubsetFlags::SUBSET_FLAGS_NO_HINTING;
    let plan = Plan::new(
        &IntSet::empty(),
        &unicodes,
        &font,
        flags,
        &dropped,
        &scripts,
        &kept,
        &names,
        &languages,
    );
    subset_font(&font, &plan).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use skrifa::MetadataProvider;

    use super::*;

    const NASKH: &[u8] =
        include_bytes!("../../../themes/dhikra/assets/fonts/NotoNaskhArabic-Regular.ttf");

    #[test]
    fn a_subset_has_its_characters_and_what_joins_them() {
        let chars = CharSet::of("مبادرة«لله»٣".chars());
        let bytes = subset(NASKH, &chars, &[]).expect("a subset");
        let (whole, cut) = (open(NASKH).expect("a font"), open(&bytes).expect("a font"));
        let codes = cut.charmap().mappings().filter_map(|(code, _)| char::from_u32(code));
        let mut codes = CharSet::of(codes);
        // A mirrored pair is kept together.
        assert!(chars.iter().all(|c| codes.contains(c)));
        codes.extend(&chars);
        assert!(codes.len() <= chars.len() + 2 && bytes.len() < NASKH.len() / 5);
        // Each joins as it did: the features of the whole font are there, but for those that are dropped.
        let tags = |font: &skrifa::raw::FontRef<'_>| {
            let list = font.gsub().and_then(|gsub| gsub.feature_list()).expect("features");
            let tags = list.feature_records().iter().map(|record| record.feature_tag());
            tags.filter(|tag| FEATURES.iter().any(|kept| *tag == Tag::new(kept)))
                .collect::<std::collections::BTreeSet<_>>()
        };
        let joining = tags(&cut);
        assert!(joining.is_subset(&tags(&whole)));
        for tag in [b"init", b"medi", b"fina", b"rlig"] {
            assert!(joining.contains(&Tag::new(tag)), "{joining:?}");
        }
        assert!(cut.gpos().is_ok() && cut.gdef().is_ok());
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let chars = CharSet::of("مبادرة".chars());
        let make = || cut(NASKH, Some(&chars), &[]).expect("a web font");
        let made = make();
        assert!(made.starts_with(b"wOF2") && made == make());
    }

    #[test]
    fn damage_is_said_and_ends_nothing() {
        let chars = CharSet::of("مبادرة".chars());
        for length in [0, 3, 12, 200, 5000, NASKH.len() / 2] {
            let damaged = NASKH.get(..length).unwrap_or_default();
            assert!(cut(damaged, Some(&chars), &[]).is_err(), "{length}");
        }
    }
}
