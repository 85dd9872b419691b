//! Files published under a name that holds the digest of their bytes, so that they can be cached
//! for ever.

mod derived;
mod font;
pub mod pictures;
mod scripts;
mod style;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::is_raster;
use crate::source::{self, SourceFile, SourceTree};
use crate::text::charset::CharSet;

use self::font::Fonts;

pub use derived::{Derived, Transform};
pub(crate) use scripts::minified;

/// How much of the digest a name holds, in hexadecimal digits: with 64 bits, no two versions of a
/// site's files will ever meet.
const DIGITS: usize = 16;

/// A file ready to be published.
#[derive(Debug)]
pub struct Asset {
    /// The decoded path that it is published at.
    pub url: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The assets of a site by the path that templates know them by.
#[derive(Debug, Default)]
pub struct Assets {
    named: BTreeMap<String, Arc<Asset>>,
    derived: Vec<Arc<Derived>>,
    /// The URLs of what is made of each font that pages need, by its path and by language.
    fonts: BTreeMap<String, Vec<Vec<String>>>,
    /// The files of `assets/` that others are made of, and that are not published.
    parts: BTreeSet<String>,
}

impl Assets {
    /// Reads and fingerprints every file of `assets/`, each from the nearest layer that has it. Style
    /// sheets are bundled first; of fonts the characters that the site uses are taken.
    #[must_use]
    pub fn load(tree: &SourceTree, used: &CharSet, problems: &Problems) -> Self {
        let files: BTreeMap<String, &SourceFile> = tree.layered("assets/");
        let (sheets, others): (Vec<_>, Vec<_>) =
            files.iter().partition(|(path, _)| style::is_sheet(path));
        let mut assets = Self::default();
        let loaded: Vec<_> = others
            .par_iter()
            .filter(|(path, _)| !font::is_source(path) && !scripts::is_script(path))
            .map(|(path, file)| Ok(((*path).clone(), bytes_of(path, file)?)))
            .collect();
        for result in loaded {
            match result {
                Ok((path, bytes)) => assets.add(path, bytes),
                Err(problem) => problems.push(problem),
            }
        }
        let mut sources = Vec::new();
        for (path, file) in sheets {
            match source::read_text(file) {
                Ok(text) => {
                    let file = Arc::clone(&file.path);
                    sources.push(style::Source { path: path.clone(), file, text });
                }
                Err(problem) => problems.push(problem),
            }
        }
        let is_part = |path: &&String| style::is_partial(path) || font::is_source(path);
        assets.parts = files.keys().filter(is_part).cloned().collect();
        let fonts = Fonts::new(&files, used);
        let references = style::References { named: &assets.named, fonts: &fonts };
        let mut refers_to = BTreeSet::new();
        for sheet in style::sheets(tree, sources, &references, problems) {
            refers_to.extend(sheet.refers_to);
            assets.add(sheet.path, sheet.css.into_bytes());
        }
        assets.take_fonts(fonts.slices.take(), &refers_to, tree);
        assets.add_scripts(tree, &files, problems);
        assets
    }

    /// Adds the scripts, which may refer to all other assets.
    fn add_scripts(
        &mut self,
        tree: &SourceTree,
        files: &BTreeMap<String, &SourceFile>,
        problems: &Problems,
    ) {
        let sources = read_scripts(files, problems);
        let url = |path: &str| self.named.get(path).map(|asset| asset.url.clone());
        let paths = files.keys().map(String::as_str).collect();
        let others = scripts::Others { url: &url, named: &named, paths };
        for (path, bytes) in
            scripts::publish(sources, &scripts::Bundles::of(tree), &others, problems)
        {
            self.add(path, bytes);
        }
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) {
        let url = named(&path, &bytes);
        self.named.insert(path, Arc::new(Asset { url, bytes }));
    }

    /// Takes in what is made of fonts, as far as published style sheets refer to it.
    fn take_fonts(
        &mut self,
        mut slices: Vec<font::Slice>,
        refers_to: &BTreeSet<String>,
        tree: &SourceTree,
    ) {
        slices.retain(|slice| refers_to.contains(&slice.derived.url));
        self.fonts = font::preloads(&slices, &tree.config.languages);
        let by_url = slices.into_iter().map(|slice| (slice.derived.url.clone(), slice.derived));
        self.derived.extend(by_url.collect::<BTreeMap<_, _>>().into_values());
    }

    /// The URLs of the web fonts that are made of the font at a path and that a page in a language needs
    /// whatever it says.
    #[must_use]
    pub fn fonts(&self, path: &str, lang: usize) -> Option<&[String]> {
        self.fonts.get(path)?.get(lang).map(Vec::as_slice)
    }

    /// The paths of the fonts that web fonts are made of, for suggestions.
    pub fn font_paths(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(String::as_str).filter(|path| font::is_source(path))
    }

    /// Why a file of `assets/` is not published, if it is not.
    #[must_use]
    pub fn why_unpublished(&self, path: &str) -> Option<&'static str> {
        let why = if font::is_source(path) {
            "web fonts are made of it: `fonts(path)` gives their URLs"
        } else {
            "its name begins with `_`, so that it is but a part of other style sheets"
        };
        self.parts.contains(path).then_some(why)
    }

    /// An asset by its path below `assets/`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Asset>> {
        self.named.get(path)
    }

    /// The paths of all assets, for suggestions.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(String::as_str)
    }

    /// All assets, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Asset>> {
        self.named.values()
    }

    /// The files that are made from others when they are wanted.
    pub fn derived(&self) -> impl Iterator<Item = &Arc<Derived>> {
        self.derived.iter()
    }
}

/// The bytes of a file as it is published: a picture without what it tells of its making.
fn bytes_of(path: &str, file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    let bytes = source::read(file)?;
    if is_raster(path) { pictures::without_metadata(file, bytes) } else { Ok(bytes) }
}

/// Reads the scripts of a site; one that is not UTF-8 is reported.
fn read_scripts(
    files: &BTreeMap<String, &SourceFile>,
    problems: &Problems,
) -> Vec<scripts::Source> {
    let read = |(path, file): (&String, &&SourceFile)| {
        let bytes = source::read(file).map_err(|problem| problems.push(problem)).ok()?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let problem = Diagnostic::error(codes::NOT_UTF8, "the script is not UTF-8");
            problems.push(problem.at(Span::file(&file.path)).hint(format!("look at byte {at}")));
        });
        Some(scripts::Source { path: path.clone(), file: Arc::clone(&file.path), text: text.ok()? })
    };
    files.iter().filter(|(path, _)| scripts::is_script(path)).filter_map(read).collect()
}

/// The URL of an asset by its path and bytes.
fn named(path: &str, bytes: &[u8]) -> String {
    fingerprinted(path, &blake3::hash(bytes).to_hex())
}

/// `/assets/css/main.0123456789abcdef.css` for `css/main.css`; the digest is in hexadecimal digits.
fn fingerprinted(path: &str, digest: &str) -> String {
    let short = digest.get(..DIGITS).unwrap_or(digest);
    let (stem, extension) = match path.rsplit_once('.') {
        Some((stem, extension)) if !stem.ends_with('/') && !extension.contains('/') => {
            (stem, format!(".{extension}"))
        }
        _ => (path, String::new()),
    };
    format!("/assets/{stem}.{short}{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_extension() {
        let name = fingerprinted("css/main.css", &"0".repeat(64));
        assert!(name.starts_with("/assets/css/main.") && name.ends_with(".css"), "{name}");
        assert_eq!(name.len(), "/assets/css/main..css".len() + DIGITS);
        assert!(fingerprinted("LICENSE", "01234567").starts_with("/assets/LICENSE."));
    }
}
