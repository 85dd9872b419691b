//! Files published under a name that holds the digest of their bytes, so that they can be cached
//! for ever.

mod css;
mod derived;
pub mod pictures;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::is_raster;
use crate::source::{self, SourceFile, SourceTree};

pub use derived::{Derived, Transform};

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
}

impl Assets {
    /// Reads and fingerprints every file of `assets/`, each from the nearest layer that has it.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let files: BTreeMap<String, &SourceFile> = tree.layered("assets/");
        let loaded: Vec<_> = files
            .par_iter()
            .map(|(path, file)| Ok((path.clone(), bytes_of(path, file)?)))
            .collect();
        let mut unnamed = BTreeMap::new();
        for result in loaded {
            match result {
                Ok((path, bytes)) => {
                    unnamed.insert(path, bytes);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let mut naming = Naming { unnamed, named: BTreeMap::new(), files: &files, problems };
        while let Some(path) = naming.unnamed.keys().next().cloned() {
            naming.name(&path);
        }
        Self { named: naming.named, derived: Vec::new() }
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

/// Assets on their way to their names: a style sheet's depends on those of what it refers to.
struct Naming<'a> {
    unnamed: BTreeMap<String, Vec<u8>>,
    named: BTreeMap<String, Arc<Asset>>,
    files: &'a BTreeMap<String, &'a SourceFile>,
    problems: &'a Problems,
}

impl Naming<'_> {
    /// Names an asset, and first those that it refers to; gives its URL. `None` where there is no
    /// such asset, or where it is being named: style sheets that import each other in a ring.
    fn name(&mut self, path: &str) -> Option<String> {
        if let Some(asset) = self.named.get(path) {
            return Some(asset.url.clone());
        }
        let mut bytes = self.unnamed.remove(path)?;
        if path.ends_with(".css")
            && let Ok(css) = std::str::from_utf8(&bytes)
        {
            bytes = self.follow(path, css).into_bytes();
        }
        let url = fingerprinted(path, &bytes);
        self.named.insert(path.to_owned(), Arc::new(Asset { url: url.clone(), bytes }));
        Some(url)
    }

    /// A style sheet with its relative references led to the names of the assets they mean.
    fn follow(&mut self, path: &str, css: &str) -> String {
        let mut out = String::with_capacity(css.len() + 256);
        let mut from = 0;
        for (range, reference) in css::references(css) {
            let Some((target, tail)) = css::target(path, &reference) else { continue };
            let Some(url) = self.name(&target) else {
                self.missing(path, range, &reference, &target);
                continue;
            };
            out.push_str(css.get(from..range.start).unwrap_or_default());
            out.push_str(&relative(path, &url));
            out.push_str(tail);
            from = range.end;
        }
        out.push_str(css.get(from..).unwrap_or_default());
        out
    }

    fn missing(&self, path: &str, range: Range<usize>, reference: &str, target: &str) {
        let Some(file) = self.files.get(path) else { return };
        let message = if self.files.contains_key(target) {
            format!("«{reference}» leads back to this style sheet")
        } else {
            format!("there is no asset «{reference}»")
        };
        let problem =
            Diagnostic::error(codes::BROKEN_LINK, message).at(Span::new(&file.path, range));
        let names = self.files.keys().map(String::as_str);
        self.problems.push(problem.did_you_mean(target, names));
    }
}

/// The way from a published asset to another: style sheets have relative references, so that they
/// do not depend on the site's address.
fn relative(from: &str, url: &str) -> String {
    let up = "../".repeat(from.matches('/').count());
    let path = url.strip_prefix("/assets/").unwrap_or(url);
    format!("{up}{}", crate::text::percent::encode_path(path))
}

/// `/assets/css/main.0123456789abcdef.css` for `css/main.css`.
fn fingerprinted(path: &str, bytes: &[u8]) -> String {
    let digest = blake3::hash(bytes).to_hex();
    let short = digest.get(..DIGITS).unwrap_or(&digest);
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
        let name = fingerprinted("css/main.css", b"x");
        assert!(name.starts_with("/assets/css/main.") && name.ends_with(".css"), "{name}");
        assert_eq!(name.len(), "/assets/css/main..css".len() + DIGITS);
        assert!(fingerprinted("LICENSE", b"x").starts_with("/assets/LICENSE."));
    }
}
