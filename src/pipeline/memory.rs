//! What a session remembers between two runs of the pipeline: documents as they were parsed, and the
//! parts of a site that are made of its other files. Nothing here knows what depends on what; a thing is
//! made anew when its input changed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Problems, has_errors};
use crate::document::Document;
use crate::site::Newer;
use crate::source::{Digest, Effect, SourceFile, SourceTree, Stamp, file_digest, file_stamp};

/// Something that is made of files, as it was last good.
#[derive(Debug)]
pub(super) struct Part<T> {
    made: Option<Arc<T>>,
    good: bool,
    problems: Vec<Diagnostic>,
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { made: None, good: false, problems: Vec::new() }
    }
}

impl<T> Part<T> {
    /// Gives it as it was, or makes it where its files `changed` or it is not there yet. What cannot be
    /// made rightly does not take the place of what was good; its problems are told all the same.
    pub(super) fn renew(
        &mut self,
        changed: bool,
        problems: &Problems,
        make: impl FnOnce(&Problems) -> T,
    ) -> Arc<T> {
        let before = self.made.take();
        let now = match before {
            Some(before) if !changed => before,
            before => {
                let found = Problems::new();
                let made = Arc::new(make(&found));
                let good = !found.has_errors();
                self.problems = found.into_vec();
                match before.filter(|_| self.good && !good) {
                    Some(before) => before,
                    None => {
                        self.good = good;
                        made
                    }
                }
            }
        };
        problems.extend(self.problems.iter().cloned());
        self.made = Some(Arc::clone(&now));
        now
    }
}

/// A content file as it was parsed.
#[derive(Debug)]
struct Known {
    path: Arc<str>,
    /// None where it is no document of this site.
    document: Option<Arc<Document>>,
    problems: Vec<Diagnostic>,
    /// Whether what the document says of itself is what was last good, since it cannot be read now.
    kept: bool,
}

/// How a content file is parsed.
pub(super) type Parse<'a> = dyn Fn(&SourceFile, &Problems) -> Option<Document> + Sync + 'a;

/// All content files, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Documents(Vec<Known>);

impl Documents {
    /// Parses the content files of a tree that are new or, as far as an effect says that they may have,
    /// have other contents. Gives the paths of those, and their versions before and now where no other
    /// than these can have changed.
    pub(super) fn renew(
        &mut self,
        tree: &SourceTree,
        effect: &Effect,
        parse: &Parse<'_>,
    ) -> (HashSet<Arc<str>>, Option<Vec<Newer>>) {
        if effect.structure || self.0.is_empty() {
            return (self.renew_all(tree, effect, parse), None);
        }
        let mut changed = HashSet::new();
        let mut newer = Some(Vec::new());
        for path in &effect.files {
            let at = self.0.binary_search_by(|known| known.path.cmp(path));
            let known = at.ok().and_then(|at| self.0.get_mut(at));
            let (Some(known), Some(file)) = (known, tree.file(path)) else { continue };
            let before = known.document.clone();
            if known.renew(file, parse) {
                changed.insert(Arc::clone(path));
                let pair = before.zip(known.document.clone());
                newer = newer.zip(pair).map(|(mut newer, pair)| {
                    newer.push(pair);
                    newer
                });
            }
        }
        (changed, newer)
    }

    fn renew_all(
        &mut self,
        tree: &SourceTree,
        effect: &Effect,
        parse: &Parse<'_>,
    ) -> HashSet<Arc<str>> {
        let mut before = std::mem::take(&mut self.0).into_iter().peekable();
        let mut pairs = Vec::with_capacity(before.len());
        for file in tree.under("content/").filter(|file| file.path.ends_with(".md")) {
            while before.next_if(|known| known.path < file.path).is_some() {}
            pairs.push((file, before.next_if(|known| known.path == file.path)));
        }
        let renewed: Vec<(Known, bool)> = pairs
            .into_par_iter()
            .map(|(file, known)| match known {
                Some(mut known) => {
                    let looked_at = effect.covers(&file.path)
                        || !known.is_at(file)
                        // A row that came with another reading of its table.
                        || (file.table().is_some() && !known.is_same_row(file));
                    let changed = looked_at && known.renew(file, parse);
                    (known, changed)
                }
                None => (Known::of(file, parse), true),
            })
            .collect();
        let changed = renewed.iter().filter(|(_, changed)| *changed);
        let changed = changed.map(|(known, _)| Arc::clone(&known.path)).collect();
        self.0 = renewed.into_iter().map(|(known, _)| known).collect();
        changed
    }

    /// Forgets everything, for settings that files are parsed by.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The documents, with their problems told.
    pub(super) fn all(&self, problems: &Problems) -> Vec<Arc<Document>> {
        problems.extend(self.0.iter().flat_map(|known| known.problems.iter().cloned()));
        self.0.iter().filter_map(|known| known.document.clone()).collect()
    }

    /// The paths of documents that stand for files that cannot be read as they are now.
    pub(super) fn kept(&self) -> HashSet<Arc<str>> {
        self.0.iter().filter(|known| known.kept).map(|known| Arc::clone(&known.path)).collect()
    }
}

impl Known {
    fn of(file: &SourceFile, parse: &Parse<'_>) -> Self {
        let problems = Problems::new();
        let document = parse(file, &problems).map(Arc::new);
        Self { path: Arc::clone(&file.path), document, problems: problems.into_vec(), kept: false }
    }

    /// Parses the file again where its contents are others. Gives whether they were.
    fn renew(&mut self, file: &SourceFile, parse: &Parse<'_>) -> bool {
        // After a rescan nearly all are as they were, and to parse them takes ten times as long.
        let same = |document: &Arc<Document>| {
            is_at(document, file)
                && document.is_read()
                && file_digest(file) == Some(document.digest)
        };
        if !self.kept && self.document.as_ref().is_some_and(same) {
            return false;
        }
        let now = Self::of(file, parse);
        let digest = |known: &Self| known.document.as_ref().map(|document| document.digest);
        let read = self.document.as_ref().is_none_or(|document| document.is_read());
        if read && self.is_at(file) && digest(&now) == digest(self) && now.problems == self.problems
        {
            return false;
        }
        let last = self.document.take().filter(|_| self.kept || !has_errors(&self.problems));
        *self = match (now, last) {
            (now, Some(last)) if has_errors(&now.problems) => now.with_facts_of(last),
            (now, _) => now,
        };
        true
    }

    fn is_same_row(&self, file: &SourceFile) -> bool {
        self.document.as_ref().is_some_and(|document| document.file.is_same_row(file))
    }

    /// Whether it stands for the file where that is now. One path of the site can be two on the disk, in
    /// different Unicode spellings.
    fn is_at(&self, file: &SourceFile) -> bool {
        self.document.as_ref().is_none_or(|document| is_at(document, file))
    }

    /// The file as it is, with what its last good version said of itself: a mistake in front matter
    /// takes no page out of its lists.
    fn with_facts_of(mut self, last: Arc<Document>) -> Self {
        self.kept = true;
        self.document = Some(match self.document {
            Some(now) => Arc::new(Arc::unwrap_or_clone(now).with_front_of(&last)),
            None => last,
        });
        self
    }
}

fn is_at(document: &Document, file: &SourceFile) -> bool {
    document.file.disk_path() == file.disk_path() && document.file.table() == file.table()
}

/// The digests of files other than documents, to tell a change from a touch.
#[derive(Debug, Default)]
pub(super) struct Digests {
    /// None of a file that could not be read, or that changed before it was.
    known: HashMap<Arc<str>, Option<Digest>>,
    /// What is still to be read, as it was when the session began with it.
    noted: HashMap<Arc<str>, Option<Stamp>>,
}

impl Digests {
    /// Notes files that [`Digests::remember`] reads later, when they may have changed already.
    pub(super) fn note(&mut self, files: &[&SourceFile]) {
        let new = files.iter().filter(|file| !self.known.contains_key(&file.path));
        self.noted.extend(new.map(|file| (Arc::clone(&file.path), file_stamp(file))));
    }

    /// Remembers files that are not yet known.
    pub(super) fn remember(&mut self, files: &[&SourceFile]) {
        let new: Vec<_> =
            files.iter().filter(|file| !self.known.contains_key(&file.path)).collect();
        let digest = |file: &SourceFile| {
            let digest = file_digest(file);
            let noted = self.noted.get(&file.path);
            digest.filter(|_| noted.is_none_or(|noted| *noted == file_stamp(file)))
        };
        let digests: Vec<_> =
            new.par_iter().map(|file| (Arc::clone(&file.path), digest(file))).collect();
        self.known.extend(digests);
        self.noted = HashMap::new();
    }

    /// Forgets files that are there no more.
    pub(super) fn forget(&mut self, paths: &[Arc<str>]) {
        for path in paths {
            self.known.remove(path);
        }
    }

    /// Looks at a file again. Gives whether its contents are others than those that were remembered.
    pub(super) fn renew(&mut self, file: &SourceFile) -> bool {
        let now = file_digest(file);
        self.known.insert(Arc::clone(&file.path), now) != Some(now)
    }
}
