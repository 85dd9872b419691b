//! What changes on the disk mean for a tree: other contents of a file that it has, or files that came
//! and went.

use std::path::Path;
use std::sync::Arc;

use super::watch::Changes;
use super::{Digest, SITE_FILE, SourceFile, SourceTree, digest, read, walk};

/// What changes mean for a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether files or folders may have come or gone, so that the tree has to be opened anew.
    pub structure: bool,
    /// The files whose contents may have changed, and the folders in which any may have: those end in
    /// `/`, and all of the site is the empty path.
    pub contents: Vec<Arc<str>>,
}

impl Effect {
    /// Whether the contents of a file may have changed.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        self.contents.iter().any(|changed| match &**changed {
            "" => true,
            folder if folder.ends_with('/') => path.starts_with(folder),
            file => file == path,
        })
    }
}

impl SourceTree {
    /// What changes mean for this tree. Looks at what is there now, not at what happened: what came
    /// and went in between, as the temporary files of editors do, means nothing.
    #[must_use]
    pub fn effect(&self, changes: &Changes) -> Effect {
        let mut effect = Effect { structure: changes.rescan, contents: Vec::new() };
        if changes.rescan {
            effect.contents.push("".into());
        }
        for path in &changes.paths {
            self.effect_of(path, &mut effect);
        }
        effect
    }

    fn effect_of(&self, path: &Path, effect: &mut Effect) {
        let Some(name) = walk::relative(Path::new(""), "", path) else {
            effect.structure = true;
            return;
        };
        let meta = std::fs::symlink_metadata(self.root().join(path)).ok();
        let known = name == SITE_FILE || self.any_file(&name).is_some();
        match meta.map(|meta| meta.file_type()) {
            Some(kind) if kind.is_file() && known => effect.contents.push(name.into()),
            // A folder that came, or took the place of another; a link to something.
            Some(kind) if !kind.is_file() => {
                effect.structure = true;
                effect.contents.push(name.as_str().into());
                effect.contents.push(format!("{name}/").into());
            }
            Some(_) => effect.structure = true,
            None if known => {
                effect.structure = true;
                effect.contents.push(name.into());
            }
            None => effect.structure |= self.has_below(&name),
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
        own.chain(self.layers.iter().flat_map(super::Layer::files))
            .filter(|file| file.disk_path().is_some())
    }

    /// Takes the settings and the themes of another tree, whose own are better than none.
    pub fn keep_settings(&mut self, other: &Self) {
        self.config = Arc::clone(&other.config);
        self.layers = Arc::clone(&other.layers);
        self.complete = other.complete;
    }

    /// Whether the same files are in both trees.
    #[must_use]
    pub fn has_same_files(&self, other: &Self) -> bool {
        let layers = |tree: &Self| -> Vec<Arc<str>> {
            tree.layers.iter().flat_map(|layer| layer.paths().cloned()).collect()
        };
        self.files.keys().eq(other.files.keys()) && layers(self) == layers(other)
    }
}

/// The digest of the settings of the site at `root`; none where they cannot be read.
#[must_use]
pub fn settings_digest(root: &Path) -> Option<Digest> {
    std::fs::read(root.join(SITE_FILE)).ok().map(|bytes| digest(&bytes))
}

/// The digest of a file's bytes; none where it cannot be read.
#[must_use]
pub fn file_digest(file: &SourceFile) -> Option<Digest> {
    read(file).ok().map(|bytes| digest(&bytes))
}
