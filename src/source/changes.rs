//! What changes on the disk mean for a tree: other contents of a file that it has, or files that came
//! and went.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::watch::Changes;
use super::{
    Digest, Layer, SITE_FILE, SourceFile, SourceTree, Stamp, digest, is_table, read, table, walk,
};
use crate::diagnostic::{Diagnostic, Problems};

/// What changes mean for a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether files or folders may have come or gone, so that the tree has to be opened anew.
    pub structure: bool,
    /// The files whose contents may have changed.
    pub files: BTreeSet<Arc<str>>,
    /// The folders in which any may have, with `/` at their ends; all of the site is the empty path.
    pub folders: Vec<String>,
}

impl Effect {
    /// Whether the contents of a file may have changed.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.iter().any(|folder| path.starts_with(folder))
    }
}

impl SourceTree {
    /// What changes mean for this tree, in which `found` is wrong. Looks at what is there now, not at what happened: what came
    /// and went in between, as the temporary files of editors do, means nothing.
    #[must_use]
    pub fn effect(&self, changes: &Changes, found: &[Diagnostic]) -> Effect {
        let structure = changes.structure || changes.rescan;
        let mut effect = Effect { structure, ..Effect::default() };
        if changes.rescan {
            effect.folders.push(String::new());
        }
        for path in &changes.paths {
            self.effect_of(path, found, &mut effect);
        }
        effect
    }

    fn effect_of(&self, path: &Path, found: &[Diagnostic], effect: &mut Effect) {
        let Some(name) = walk::relative(Path::new(""), "", path) else {
            effect.structure = true;
            return;
        };
        let meta = std::fs::symlink_metadata(self.root().join(path)).ok();
        // Of a row's page there is no file on the disk.
        let is_there = |file: &SourceFile| file.table().is_none();
        let known = name == SITE_FILE || self.any_file(&name).is_some_and(is_there);
        match meta.map(|meta| meta.file_type()) {
            Some(kind) if kind.is_file() && known => {
                // Pages come and go with the rows of a table.
                effect.structure |= is_table(&name);
                effect.files.insert(name.into());
            }
            // A folder that came, or took the place of another; a link to something.
            Some(kind) if !kind.is_file() => {
                effect.structure = true;
                effect.folders.push(format!("{name}/"));
                effect.files.insert(name.into());
            }
            Some(_) => effect.structure = true,
            None if known => {
                effect.structure = true;
                effect.files.insert(name.into());
            }
            None => {
                // What was wrong with it is wrong no more.
                let is_its = |found: &Diagnostic| {
                    found.span.as_ref().is_some_and(|span| *span.file == *name)
                };
                effect.structure |= self.has_below(&name) || found.iter().any(is_its);
            }
        }
    }

    /// A file of the site or of its themes.
    #[must_use]
    pub fn any_file(&self, path: &str) -> Option<&SourceFile> {
        self.files.get(path).or_else(|| self.layers.iter().find_map(|layer| layer.file(path)))
    }

    /// Whether there are files below a folder.
    fn has_below(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        let below = |path: &Arc<str>| path.starts_with(&start);
        self.under(&start).next().is_some() || self.layers.iter().any(|l| l.paths().any(below))
    }

    /// Every file of the site and its themes on the disk but the documents, once each.
    pub fn others(&self) -> impl Iterator<Item = &SourceFile> {
        let documents = |path: &str| path.starts_with("content/") && path.ends_with(".md");
        let own = self.files.values().filter(move |file| !documents(&file.path));
        own.chain(self.layers.iter().flat_map(Layer::files))
            .filter(|file| file.disk_path().is_some())
    }

    /// Whether the file of a table is another than the one that was read.
    #[must_use]
    pub fn is_stale(&self, table: &str) -> bool {
        let (Some(file), Some(known)) = (self.files.get(table), self.tables.get(table)) else {
            return true;
        };
        table::stamp_of(file) != known.stamp
    }

    /// Takes the rows from another tree of tables that cannot be read as they are now.
    pub fn keep_tables(&mut self, other: &Self) {
        let of_broken = |file: &&SourceFile| {
            let table = file.table().and_then(|table| self.tables.get(table));
            table.is_some_and(|table| table.broken)
        };
        let kept: Vec<SourceFile> = other.files.values().filter(of_broken).cloned().collect();
        for file in kept {
            self.files.entry(Arc::clone(&file.path)).or_insert(file);
        }
    }

    /// The paths of the rows of tables that cannot be read as they are now.
    pub fn kept(&self) -> impl Iterator<Item = &Arc<str>> {
        let any = self.tables.values().any(|table| table.broken);
        let files = any.then(|| self.files.values()).into_iter().flatten();
        let of_broken = |file: &&SourceFile| {
            let table = file.table().and_then(|table| self.tables.get(table));
            table.is_some_and(|table| table.broken)
        };
        files.filter(of_broken).map(|file| &file.path)
    }

    /// Takes the settings and the themes of another tree, whose own are better than none.
    pub fn keep_settings(&mut self, other: &Self) {
        self.config = Arc::clone(&other.config);
        self.layers = Arc::clone(&other.layers);
        self.complete = other.complete;
        if !self.tables.is_empty() {
            // Their columns are read by the languages of the site.
            self.files.retain(|_, file| file.table().is_none());
            self.tables =
                table::expand(&self.config, &mut self.files, Some(&other.tables), &Problems::new());
        }
    }

    /// Whether the same files are in both trees.
    #[must_use]
    pub fn has_same_files(&self, other: &Self) -> bool {
        let layers = |tree: &Self| {
            tree.layers.iter().flat_map(Layer::files).map(place).eq(other
                .layers
                .iter()
                .flat_map(Layer::files)
                .map(place))
        };
        self.files.values().map(place).eq(other.files.values().map(place)) && layers(self)
    }
}

/// A file by its path in the site, and where it is on the disk or in which table.
fn place(file: &SourceFile) -> (&str, Option<&Path>, Option<&Arc<str>>) {
    (&file.path, file.disk_path(), file.table())
}

/// The digest of the settings of the site at `root`; none where they cannot be read.
#[must_use]
pub fn settings_digest(root: &Path) -> Option<Digest> {
    std::fs::read(root.join(SITE_FILE)).ok().map(|bytes| digest(&bytes))
}

/// A file larger than this is known by its size and time and not by its bytes: a film is not read to find out
/// whether it is another.
const LARGE: u64 = 32 * 1024 * 1024;

/// The digest of a file's bytes; none where it cannot be read.
#[must_use]
pub fn file_digest(file: &SourceFile) -> Option<Digest> {
    let meta = file.disk_path().and_then(|path| std::fs::metadata(path).ok());
    match meta.filter(|meta| meta.len() > LARGE) {
        Some(meta) => {
            let known = format!("{} {:?}", meta.len(), meta.modified().ok());
            Some(digest(known.as_bytes()))
        }
        None => read(file).ok().map(|bytes| digest(&bytes)),
    }
}

/// What the file system says of a file; nothing of one that is not on the disk, or is not there.
#[must_use]
pub fn file_stamp(file: &SourceFile) -> Option<Stamp> {
    file.disk_path().and_then(|path| std::fs::metadata(path).ok()).map(|meta| Stamp::of(&meta))
}
