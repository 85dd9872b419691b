//! A font of `assets/` as it lies there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use skrifa::MetadataProvider;
use skrifa::raw::{FileRef, FontRef, TableProvider};

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::source::{self, Digest, SourceFile};
use crate::text::charset::CharSet;

/// A font that can be cut.
#[derive(Debug)]
pub(super) struct FontSource {
    /// Its file.
    pub(super) file: SourceFile,
    /// The digest of its bytes.
    pub(super) digest: Digest,
    /// The characters that it has.
    pub(super) chars: CharSet,
    /// Whether its outlines are of the sort that can be cut; others are published whole.
    pub(super) can_be_cut: bool,
    /// How many bytes it has.
    pub(super) size: usize,
}

impl FontSource {
    /// Reads a font.
    ///
    /// # Errors
    /// Where it cannot be read or is no font.
    pub(super) fn load(file: &SourceFile) -> Result<Self, Diagnostic> {
        let bytes = source::read(file)?;
        let read = catch_unwind(AssertUnwindSafe(|| look_at(&bytes)));
        let (chars, can_be_cut) =
            read.unwrap_or(Err("it is damaged")).map_err(|why| unusable(&file.path, why))?;
        let (file, digest, size) = (file.clone(), source::digest(&bytes), bytes.len());
        Ok(Self { file, digest, chars, can_be_cut, size })
    }
}

/// The characters of a font, and whether it can be cut.
fn look_at(bytes: &[u8]) -> Result<(CharSet, bool), &'static str> {
    let font = open(bytes)?;
    let damaged = "it is damaged: it lacks tables that every font has";
    font.head().and(font.maxp().map(|_| ())).map_err(|_| damaged)?;
    font.hhea().and(font.hmtx().map(|_| ())).map_err(|_| damaged)?;
    let tables =
        [font.glyf().is_ok() && font.loca(None).is_ok(), has(&font, b"CFF "), has(&font, b"CFF2")];
    if !tables.contains(&true) {
        return Err("it has no outlines that a browser could draw");
    }
    let codes = font.charmap().mappings().filter_map(|(code, _)| char::from_u32(code));
    let chars = CharSet::of(codes);
    if chars.is_empty() { Err("it has no characters") } else { Ok((chars, tables[0])) }
}

fn has(font: &FontRef<'_>, tag: &[u8; 4]) -> bool {
    font.table_data(skrifa::Tag::new(tag)).is_some()
}

/// The font in a file.
pub(super) fn open(bytes: &[u8]) -> Result<FontRef<'_>, &'static str> {
    if bytes.starts_with(b"wOF2") || bytes.starts_with(b"wOFF") {
        return Err(
            "it is a web font already: let its name end in .woff2 or .woff, as its bytes say",
        );
    }
    match FileRef::new(bytes) {
        Ok(FileRef::Font(font)) => {
            let inside = |record: &skrifa::raw::TableRecord| {
                let end = u64::from(record.offset()) + u64::from(record.length());
                end <= bytes.len() as u64
            };
            let whole = font.table_directory().table_records().iter().all(inside);
            if whole { Ok(font) } else { Err("it is damaged: it is shorter than it says") }
        }
        Ok(FileRef::Collection(_)) => {
            Err("it is a collection of several fonts: give each a file of its own")
        }
        Err(_) => Err("it is damaged, or no TrueType or OpenType font"),
    }
}

/// What is said of a font that cannot be used.
pub(super) fn unusable(path: &Arc<str>, why: &str) -> Diagnostic {
    let message = format!("the font cannot be used: {why}");
    Diagnostic::error(codes::FONT, message)
        .at(Span::file(path))
        .hint("get it anew from where it comes from, or take a .woff2, which is published as it is")
}
