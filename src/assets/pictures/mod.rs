//! Pictures: what their files say of themselves, and the variants that are made of them.
//!
//! A file is read when its picture is first asked for, and by a build before outputs are planned. So a
//! preview of thousands of pictures begins at once, and gives those that are looked at the same names
//! as a build.

mod colour;
mod container;
mod decode;
mod encode;
mod exif;
mod jpeg;
mod placeholder;
mod png;
mod resize;
mod svg;
mod variant;
mod webp;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::config::Images;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::is_raster;
use crate::memo::Memo;
use crate::source::{self, Digest, SourceFile, SourceTree, digest};

use self::decode::Raster;
use self::resize::{Part, resize};

pub use container::{Format, Header};
pub use variant::{Cut, Shown, Source};

/// The largest file that is looked at, in bytes.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Whether a file is a picture by its name.
fn is_picture(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    is_raster(path) || ["gif", "svg"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The bytes of a picture as they are published: its pixels as they are, and nothing of where and how it was
/// taken.
///
/// # Errors
/// Where the file cannot be read or is no picture.
pub fn published(file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    without_metadata(file, source::read(file)?)
}

/// The same of bytes that were read.
pub(super) fn without_metadata(file: &SourceFile, bytes: Vec<u8>) -> Result<Vec<u8>, Diagnostic> {
    container::strip(bytes).map_err(|fault| problem(file, &fault))
}

fn problem(file: &SourceFile, fault: &str) -> Diagnostic {
    let problem = Diagnostic::error(codes::PICTURE, format!("the picture {fault}"));
    problem
        .at(Span::file(&file.path))
        .hint("save it anew from a program that shows it, or give another")
}

/// A picture's file.
#[derive(Debug)]
pub struct Picture {
    file: SourceFile,
    /// The beginning of its variants' paths: `/assets/pictures/places/port`.
    stem: String,
    known: OnceLock<Result<Known, Box<Diagnostic>>>,
    /// Held while a large picture is in memory: one at a time.
    turn: Arc<Mutex<()>>,
}

/// A picture of more pixels than these waits for its turn.
const LARGE: u64 = 16_000_000;

/// What is known of a picture once its file was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The digest of the file.
    pub digest: Digest,
    /// What it says of itself.
    pub header: Header,
}

impl Picture {
    fn new(file: &SourceFile, folder: &str, path: &str, turn: &Arc<Mutex<()>>) -> Self {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let (stem, turn) = (format!("{folder}{stem}"), Arc::clone(turn));
        Self { file: file.clone(), stem, known: OnceLock::new(), turn }
    }

    /// Decodes it and makes a part of it as large as is wanted.
    fn part(
        &self,
        known: &Known,
        bytes: &[u8],
        part: Part,
        size: (u32, u32),
    ) -> Result<Raster, Diagnostic> {
        let header = &known.header;
        let large = u64::from(header.width) * u64::from(header.height) > LARGE;
        let _turn = large.then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        let raster = decode::decode(bytes, header).map_err(|fault| problem(&self.file, &fault))?;
        Ok(resize(&raster, part, size.0, size.1))
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.file
    }

    /// What is known of it; reads the file where that was not done.
    ///
    /// # Errors
    /// Where it cannot be read or is no picture.
    pub fn known(&self) -> Result<Known, Diagnostic> {
        let known = self.known.get_or_init(|| self.look().map_err(Box::new));
        known.clone().map_err(|problem| *problem)
    }

    fn look(&self) -> Result<Known, Diagnostic> {
        let size = source::size(&self.file)?;
        if size > MOST_BYTES {
            let message = format!("the file has {size} bytes; the limit is {MOST_BYTES}");
            return Err(
                Diagnostic::error(codes::TOO_LARGE, message).at(Span::file(&self.file.path))
            );
        }
        let bytes = source::read(&self.file)?;
        let header = container::read(&bytes).map_err(|fault| problem(&self.file, &fault))?;
        let pixels = u64::from(header.width) * u64::from(header.height);
        if pixels > decode::MOST_PIXELS && header.format != Format::Svg {
            let fault = decode::too_many(&header);
            let problem = Diagnostic::error(codes::PICTURE, format!("the picture {fault}"));
            return Err(problem.at(Span::file(&self.file.path)).hint("make it smaller"));
        }
        Ok(Known { digest: digest(&bytes), header })
    }

    /// Whether its file is another by now than the one that was looked at.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        match self.known.get() {
            None => false,
            Some(Err(_)) => true,
            Some(Ok(known)) => {
                source::read(&self.file).map_or(true, |bytes| digest(&bytes) != known.digest)
            }
        }
    }

    fn is_at(&self, file: &SourceFile) -> bool {
        self.file.path == file.path && self.file.disk_path() == file.disk_path()
    }
}

/// The pictures of a site and its themes.
#[derive(Debug, Default)]
pub struct Pictures {
    /// Those of `content/`, by their paths in the site.
    content: BTreeMap<Arc<str>, Arc<Picture>>,
    /// Those of `assets/`, by their paths there.
    assets: BTreeMap<String, Arc<Picture>>,
    /// What they are made into.
    images: Images,
    memo: Arc<Memo>,
}

/// Where variants of the pictures of `content/` are; those of assets are beside these.
const CONTENT_FOLDER: &str = "/assets/pictures/";
const ASSETS_FOLDER: &str = "/assets/";

impl Pictures {
    /// Finds the pictures of a tree. Nothing is read. What is known of those that were there `before` stays
    /// known, unless they changed.
    #[must_use]
    pub fn find(
        tree: &SourceTree,
        before: Option<&Self>,
        changed: &dyn Fn(&str) -> bool,
        memo: &Arc<Memo>,
    ) -> Self {
        let turn = Arc::new(Mutex::new(()));
        let same = |known: Option<&Arc<Picture>>, file: &SourceFile| {
            known.filter(|known| known.is_at(file) && !changed(&file.path)).cloned()
        };
        let content = tree.under("content/").filter(|file| is_picture(&file.path)).map(|file| {
            let known = before.and_then(|before| before.content.get(&file.path));
            let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
            let picture = same(known, file)
                .unwrap_or_else(|| Arc::new(Picture::new(file, CONTENT_FOLDER, path, &turn)));
            (Arc::clone(&file.path), picture)
        });
        let assets = tree.layered("assets/").into_iter().filter(|(path, _)| is_picture(path));
        let assets = assets.map(|(path, file)| {
            let known = before.and_then(|before| before.assets.get(&path));
            let picture = same(known, file)
                .unwrap_or_else(|| Arc::new(Picture::new(file, ASSETS_FOLDER, &path, &turn)));
            (path, picture)
        });
        Self {
            content: content.collect(),
            assets: assets.collect(),
            images: tree.images(),
            memo: Arc::clone(memo),
        }
    }

    /// A picture of `content/` by its path in the site.
    #[must_use]
    pub fn content(&self, path: &str) -> Option<&Arc<Picture>> {
        self.content.get(path)
    }

    /// A picture of `assets/` by its path there.
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<&Arc<Picture>> {
        self.assets.get(path)
    }

    /// Those of `assets/`.
    pub fn assets(&self) -> impl Iterator<Item = &Arc<Picture>> {
        self.assets.values()
    }

    /// What pictures are made into.
    #[must_use]
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The pictures whose variants' paths begin as a path does, which has to be looked at closely.
    pub fn near<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Arc<Picture>> {
        let all = self.content.values().chain(self.assets.values());
        all.filter(move |picture| path.starts_with(&picture.stem))
    }

    /// The paths of the files of these that are not what they were when they were looked at.
    pub fn stale<'a>(
        &'a self,
        covers: &'a dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        let all = self.content.values().chain(self.assets.values());
        let looked_at = all.filter(|picture| covers(&picture.file.path));
        looked_at.filter(|picture| picture.is_stale()).map(|picture| &picture.file.path)
    }
}

#[cfg(test)]
mod tests;
