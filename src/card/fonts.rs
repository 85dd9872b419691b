//! The fonts of a site.

use super::face::{Face, fold};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::source::{self, Digest, SourceFile};

/// The fonts of a site, in the order of their paths.
#[derive(Debug, Default)]
pub struct Fonts {
    pub(super) faces: Vec<Face>,
    /// The digest of all their bytes.
    pub(super) digest: Digest,
    /// Files that cannot be read or are no fonts.
    problems: Vec<Diagnostic>,
}

impl Fonts {
    /// Reads font files.
    #[must_use]
    pub(super) fn read(files: &[SourceFile]) -> Self {
        let (mut fonts, mut hasher) = (Self::default(), blake3::Hasher::new());
        for file in files {
            let bytes = match source::read(file) {
                Ok(bytes) => bytes,
                Err(problem) => {
                    fonts.problems.push(problem);
                    continue;
                }
            };
            hasher.update(blake3::hash(&bytes).as_bytes());
            match Face::read(bytes, &file.path) {
                Some(face) => fonts.faces.push(face),
                None => fonts.problems.push(
                    Diagnostic::error(codes::CARD, "this is no font that can be read")
                        .at(Span::file(&file.path))
                        .hint("put a TrueType or OpenType font in its place"),
                ),
            }
        }
        fonts.digest.copy_from_slice(hasher.finalize().as_bytes().split_at(16).0);
        fonts
    }

    /// What is wrong with the files.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The names of the families, for suggestions.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.faces.iter().map(|face| face.name.as_str())
    }

    /// Whether there is a font of a family.
    #[must_use]
    pub fn has_family(&self, family: &str) -> bool {
        let family = fold(family);
        self.faces.iter().any(|face| face.is_of(&family))
    }

    /// Whether any font has a letter.
    pub(super) fn has(&self, c: char) -> bool {
        self.faces.iter().any(|face| face.has(c))
    }

    /// All fonts, those of the families first, in their order; of each, the nearest in style first.
    pub(super) fn by_preference(&self, families: &[&str], weight: u16, italic: bool) -> Vec<&Face> {
        let families: Vec<String> = families.iter().map(|family| fold(family)).collect();
        let rank = |face: &Face| {
            let family = families.iter().position(|family| face.is_of(family));
            (family.unwrap_or(families.len()), face.distance(weight, italic))
        };
        let mut faces: Vec<&Face> = self.faces.iter().collect();
        faces.sort_by_key(|face| rank(face));
        faces
    }
}
