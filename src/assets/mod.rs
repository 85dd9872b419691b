//! Files published under a name that holds the digest of their bytes, so that they can be cached
//! for ever.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Problems;
use crate::source::{self, SourceFile, SourceTree};

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
pub struct Assets(BTreeMap<String, Arc<Asset>>);

impl Assets {
    /// Reads and fingerprints every file of `assets/`, each from the nearest layer that has it.
    #[must_use]
    pub fn load(tree: &SourceTree, problems: &Problems) -> Self {
        let files: Vec<(String, &SourceFile)> = tree.layered("assets/").into_iter().collect();
        let loaded: Vec<_> = files
            .into_par_iter()
            .map(|(path, file)| source::read(file).map(|bytes| (path, bytes)))
            .collect();
        let mut assets = BTreeMap::new();
        for result in loaded {
            match result {
                Ok((path, bytes)) => {
                    let url = fingerprinted(&path, &bytes);
                    assets.insert(path, Arc::new(Asset { url, bytes }));
                }
                Err(problem) => problems.push(problem),
            }
        }
        Self(assets)
    }

    /// An asset by its path below `assets/`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Asset>> {
        self.0.get(path)
    }

    /// The paths of all assets, for suggestions.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All assets, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Asset>> {
        self.0.values()
    }
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
