//! The files that a site is made of. This module alone reads the disk; everything after it works
//! on what it hands out.

// The one door to reading: see clippy.toml.
#![allow(clippy::disallowed_methods)]

mod changes;
mod embedded;
mod layers;
mod stamp;
mod table;
mod walk;
pub mod watch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::reader::{Locate, Step};
use crate::config::toml::TomlFile;
use crate::config::{Config, Images, ThemeConfig, lay_over};
use crate::diagnostic::{Diagnostic, Problems, Quotes, Span, codes};

pub use changes::{Effect, file_digest, file_stamp, settings_digest};
pub use layers::{Layer, SITE_LAYER};
pub use stamp::Stamp;
pub use table::is_table;
use table::{Row, Tables};

/// The largest text file that is read, in bytes.
pub const MAX_TEXT: u64 = 5 * 1024 * 1024;

/// The name of a site's settings file.
pub const SITE_FILE: &str = "site.toml";

/// A BLAKE3 digest of a file's bytes.
pub type Digest = [u8; 16];

/// The digest of some bytes, cut to 128 bits.
#[must_use]
pub fn digest(bytes: &[u8]) -> Digest {
    let mut short = Digest::default();
    short.copy_from_slice(blake3::hash(bytes).as_bytes().split_at(16).0);
    short
}

/// Where a file's bytes come from.
#[derive(Clone, Debug)]
enum Backing {
    /// A file, by its path as the file system has it.
    Disk(PathBuf),
    /// Part of the program.
    Embedded(&'static [u8]),
    /// A row of a table, in one language.
    Row(Arc<Row>),
}

/// One file of the site.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path relative to the site's root: NFC, `/` between parts.
    pub path: Arc<str>,
    backing: Backing,
}

impl SourceFile {
    /// A file without content that is not on the disk.
    #[must_use]
    pub fn empty(path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), backing: Backing::Embedded(b"") }
    }

    /// Where it is on the disk; nowhere for what is part of the program or a row of a table.
    #[must_use]
    pub fn disk_path(&self) -> Option<&Path> {
        match &self.backing {
            Backing::Disk(path) => Some(path),
            Backing::Embedded(_) | Backing::Row(_) => None,
        }
    }

    fn row(&self) -> Option<&Row> {
        match &self.backing {
            Backing::Row(row) => Some(row),
            Backing::Disk(_) | Backing::Embedded(_) => None,
        }
    }

    /// Whether both are one row of a table as it was read once.
    #[must_use]
    pub fn is_same_row(&self, other: &Self) -> bool {
        match (&self.backing, &other.backing) {
            (Backing::Row(row), Backing::Row(other)) => Arc::ptr_eq(row, other),
            _ => false,
        }
    }

    /// The path of the table that it is a row of.
    #[must_use]
    pub fn table(&self) -> Option<&Arc<str>> {
        self.row().map(|row| &row.table)
    }

    /// The path of the file that people write it in: its own, or its table's.
    #[must_use]
    pub fn written_in(&self) -> &Arc<str> {
        self.table().unwrap_or(&self.path)
    }

    /// The line of its table that it begins in, where it is a row of one.
    #[must_use]
    pub fn row_line(&self) -> Option<usize> {
        self.row().map(|row| row.line)
    }

    /// Whether it could not say whether a value is a text or a number: a row of a CSV table.
    #[must_use]
    pub fn is_untyped(&self) -> bool {
        self.row().is_some_and(|row| row.untyped)
    }
}

/// Everything that a site is made of, found but not yet read.
#[derive(Debug)]
pub struct SourceTree {
    root: PathBuf,
    /// The site's settings.
    pub config: Arc<Config>,
    /// Every file but themes', by path; the rows of tables among them.
    files: BTreeMap<Arc<str>, SourceFile>,
    /// The tables, by path.
    tables: Tables,
    /// The site's own templates and the themes, nearest first.
    layers: Arc<Vec<Layer>>,
    /// Symbolic links inside the site.
    links: Vec<watch::Link>,
    complete: bool,
}

impl SourceTree {
    /// Finds the files of the site at `root`. Always gives a tree; what is wrong is in `problems`.
    /// `None` only where there is no readable `site.toml`.
    #[must_use]
    pub fn open(root: &Path, problems: &Problems) -> Option<Self> {
        Self::open_after(None, root, problems)
    }

    /// The same, where the tree was open `before`: what is dear to read is not read again where it is the same.
    #[must_use]
    pub fn open_after(before: Option<&Self>, root: &Path, problems: &Problems) -> Option<Self> {
        let site_file: Arc<str> = SITE_FILE.into();
        let text = match std::fs::read(root.join(SITE_FILE)) {
            Ok(bytes) => utf8(bytes, &site_file).map_err(|p| problems.push(p)).ok()?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!("there is no {SITE_FILE} in {}", root.display());
                problems.push(Diagnostic::error(codes::UNREADABLE, message).hint(
                    "run the command in a site's folder, name it with --root, or make one with `dhikra init`",
                ));
                return None;
            }
            Err(error) => {
                problems.push(unreadable(&site_file, &error));
                return None;
            }
        };
        let config = Arc::new(Config::parse(&text, &site_file, problems));
        let mut files = BTreeMap::new();
        let mut links = Vec::new();
        walk::walk(root, "", walk::SITE_PARTS, &mut files, &mut links, problems);
        let tables = table::expand(&config, &mut files, before.map(|tree| &tree.tables), problems);
        let toml = TomlFile::parse(&text, &site_file, &Problems::new());
        let theme = Span::new(&site_file, toml.value(&[Step::Key("theme".into())]));
        let (layers, complete) = layers::find(root, &config.theme, theme, &mut links, problems);
        Some(Self {
            root: root.to_path_buf(),
            config,
            files,
            tables,
            layers: Arc::new(layers),
            links,
            complete,
        })
    }

    /// Replaces the settings, for options of the command line that override them.
    pub fn set_config(&mut self, config: Config) {
        self.config = Arc::new(config);
    }

    /// The files below a folder such as `content/`, in the order of their paths.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SourceFile> + 'a {
        self.files
            .range(Arc::from(folder)..)
            .map(|(_, file)| file)
            .take_while(move |file| file.path.starts_with(folder))
    }

    /// A file of the site by its path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path)
    }

    /// The layers that templates, assets and messages come from, the nearest first.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Whether every theme that is asked for was found; what is missing of a theme that is not there
    /// is not worth a word.
    #[must_use]
    pub fn has_themes(&self) -> bool {
        self.complete
    }

    /// For a folder of the layers such as `assets/`: each file that is in any of them, from the
    /// nearest layer that has it, with its path below the folder.
    #[must_use]
    pub fn layered(&self, folder: &str) -> BTreeMap<String, &SourceFile> {
        let mut found = BTreeMap::new();
        for layer in self.layers.iter() {
            for (path, file) in layer.under(folder) {
                found.entry(path.to_owned()).or_insert(file);
            }
        }
        found
    }

    /// The settings of the theme, its parents' below them, the site's above.
    #[must_use]
    pub fn theme(&self) -> ThemeConfig {
        let mut theme = ThemeConfig::default();
        for layer in self.layers.iter().rev() {
            lay_over(&mut theme.settings, &layer.config.settings);
        }
        theme
    }

    /// What pictures are made into: as the themes say, the site above them.
    #[must_use]
    pub fn images(&self) -> Images {
        let mut images = Images::default();
        for layer in self.layers.iter().rev() {
            images.apply(&layer.config.images);
        }
        images.apply(&self.config.images);
        images
    }

    /// The symbolic links that lead to another place in the site.
    #[must_use]
    pub fn links(&self) -> &[watch::Link] {
        &self.links
    }

    /// The absolute or relative root that the tree was opened at.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// Reads a file's bytes.
///
/// # Errors
/// A diagnostic where it cannot be read.
pub fn read(file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    match &file.backing {
        Backing::Embedded(bytes) => Ok(bytes.to_vec()),
        Backing::Row(row) => Ok(row.text.as_bytes().to_vec()),
        Backing::Disk(path) => std::fs::read(path).map_err(|e| unreadable(&file.path, &e)),
    }
}

/// How many bytes a file has.
///
/// # Errors
/// A diagnostic where it cannot be looked at.
pub fn size(file: &SourceFile) -> Result<u64, Diagnostic> {
    match &file.backing {
        Backing::Embedded(bytes) => Ok(bytes.len() as u64),
        Backing::Row(row) => Ok(row.text.len() as u64),
        Backing::Disk(path) => {
            std::fs::metadata(path).map(|meta| meta.len()).map_err(|e| unreadable(&file.path, &e))
        }
    }
}

/// Reads a part of a file; less where the file ends before.
///
/// # Errors
/// A diagnostic where it cannot be read.
pub fn read_part(file: &SourceFile, part: std::ops::Range<u64>) -> Result<Vec<u8>, Diagnostic> {
    use std::io::{Read, Seek, SeekFrom};
    let failed = |error: std::io::Error| unreadable(&file.path, &error);
    let cut = |bytes: &[u8]| {
        let at = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).min(bytes.len());
        bytes.get(at(part.start)..at(part.end)).unwrap_or_default().to_vec()
    };
    match &file.backing {
        Backing::Embedded(bytes) => Ok(cut(bytes)),
        Backing::Row(row) => Ok(cut(row.text.as_bytes())),
        Backing::Disk(path) => {
            let mut open = std::fs::File::open(path).map_err(failed)?;
            open.seek(SeekFrom::Start(part.start)).map_err(failed)?;
            let mut bytes = Vec::new();
            let length = part.end.saturating_sub(part.start);
            open.take(length).read_to_end(&mut bytes).map_err(failed)?;
            Ok(bytes)
        }
    }
}

/// Reads a file as text, without a byte order mark.
///
/// # Errors
/// A diagnostic where it cannot be read, is larger than [`MAX_TEXT`] or not UTF-8.
pub fn read_text(file: &SourceFile) -> Result<String, Diagnostic> {
    let bytes = read(file)?;
    if bytes.len() as u64 > MAX_TEXT {
        let message = format!("the file has {} bytes; the limit is {MAX_TEXT}", bytes.len());
        return Err(Diagnostic::error(codes::TOO_LARGE, message).at(Span::file(&file.path)));
    }
    utf8(bytes, &file.path)
}

fn utf8(bytes: Vec<u8>, path: &Arc<str>) -> Result<String, Diagnostic> {
    // The standard library validates Arabic at a sixth of this speed; it is a tenth of a build.
    match simdutf8::compat::from_utf8(&bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes.iter().take(at).filter(|b| **b == b'\n').count() + 1;
            let byte = bytes.get(at).copied().unwrap_or_default();
            let message = format!("not UTF-8: byte 0x{byte:02X} in line {line}");
            Err(Diagnostic::error(codes::NOT_UTF8, message)
                .at(Span::file(path))
                .hint("save the file as UTF-8 (it may be Windows-1256 or UTF-16 now)"))
        }
    }
}

fn unreadable(path: &Arc<str>, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(codes::UNREADABLE, format!("cannot be read: {error}")).at(Span::file(path))
}

impl Quotes for SourceTree {
    fn text(&self, path: &str) -> Option<String> {
        if path == SITE_FILE {
            return std::fs::read_to_string(self.root.join(SITE_FILE)).ok();
        }
        read_text(self.any_file(path)?).ok()
    }

    fn origin(&self, span: &Span) -> Option<Span> {
        let row = self.files.get(&span.file)?.row()?;
        Some(Span::new(&row.table, row.place(span.range.0..span.range.1)))
    }
}

/// Quotes from the files below a folder, for problems met before there is a [`SourceTree`].
#[derive(Debug)]
pub struct Folder<'a>(pub &'a Path);

impl Quotes for Folder<'_> {
    fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.0.join(path)).ok()
    }
}
