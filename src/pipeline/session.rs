//! The pipeline run again and again while files change: one code path with a build's, so that a preview
//! cannot be otherwise than the site.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::characters::Characters;
use super::memory::{Digests, Documents, Part};
use super::{Loaded, Overrides};
use crate::assets::Assets;
use crate::assets::pictures::Pictures;
use crate::card::Cards;
use crate::config::{BaseUrl, Config};
use crate::diagnostic::{Diagnostic, Problems, Severity, codes};
use crate::document::Document;
use crate::memo::Memo;
use crate::render::{Highlighter, Output, Renderer, plan};
use crate::search::site::has_search;
use crate::site::{self, Frame, Newer, Site};
use crate::source::watch::Changes;
use crate::source::{Digest, Effect, SITE_FILE, SourceFile, SourceTree, settings_digest};
use crate::template::{TemplateSet, World};

/// A site that is loaded again whenever its files change.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    overrides: Overrides,
    tree: Option<Arc<SourceTree>>,
    /// What was wrong with finding the files and with the settings.
    opened: Vec<Diagnostic>,
    /// The digest of `site.toml`, taken before it is read.
    settings: Option<Digest>,
    /// The digest of the `site.toml` by whose settings the documents are parsed.
    in_force: Option<Digest>,
    documents: Documents,
    others: Digests,
    frame: Part<Frame>,
    placed: Option<Placed>,
    templates: Part<TemplateSet>,
    characters: Characters,
    assets: Part<Assets>,
    pictures: Option<Arc<Pictures>>,
    cards: Part<Cards>,
    highlighter: Arc<Highlighter>,
    memo: Arc<Memo>,
    /// Whether pages are rendered before every text was read.
    hasty: bool,
}

/// A site after a change.
#[derive(Debug)]
pub struct Update {
    /// The site, or why there is none.
    pub loaded: Result<Loaded, Vec<Diagnostic>>,
    /// The files whose contents changed, and those other than documents that came or went.
    pub changed: HashSet<Arc<str>>,
}

impl Session {
    /// A session for the site at `root`.
    #[must_use]
    pub fn new(root: &Path, overrides: &Overrides) -> Self {
        Self {
            root: root.to_path_buf(),
            overrides: overrides.clone(),
            tree: None,
            opened: Vec::new(),
            settings: None,
            in_force: None,
            documents: Documents::default(),
            others: Digests::default(),
            frame: Part::default(),
            placed: None,
            templates: Part::default(),
            characters: Characters::default(),
            assets: Part::default(),
            pictures: None,
            cards: Part::default(),
            highlighter: Arc::default(),
            memo: Arc::new(Memo::of_site(root)),
            hasty: false,
        }
    }

    /// Loads the site for the first time. With `fronts`, only what pages say of themselves is read; their
    /// texts are when they are asked for, or by [`Loaded::settle`]; until then pages are rendered without the
    /// links that lead to them.
    ///
    /// # Errors
    /// Only where there is no site: everything else that is wrong is in the result's problems.
    pub fn load(&mut self, fronts: bool) -> Result<Loaded, Vec<Diagnostic>> {
        self.hasty = fronts;
        self.settings = settings_digest(&self.root);
        let tree = self.open()?;
        // Before they are read: what changes later is then told from what is read now.
        let (now, later): (Vec<_>, _) = tree.others().partition(|file| is_read_at_once(&file.path));
        self.others.remember(&now);
        self.others.note(&later);
        let load = match fronts {
            true => Document::load_front,
            // The texts of a site that is searched are wanted again; those of a large one take much room.
            false if has_search(&tree) && tree.under("content/").count() <= MOST_KEPT => {
                Document::load_with_prose
            }
            false => Document::load,
        };
        self.renew_documents(&tree, &Effect::default(), load);
        self.renew_pictures(&tree, &HashSet::new());
        Ok(self.assemble(tree, true, None))
    }

    /// Remembers what is in the files that are published as they are, so that [`Session::update`] can tell
    /// a change of one from a touch. They can be large: call it once the site is loaded.
    pub fn remember(&mut self) {
        if let Some(tree) = &self.tree {
            self.others.remember(&tree.others().collect::<Vec<_>>());
        }
    }

    /// The files of the site, once they were found.
    #[must_use]
    pub fn tree(&self) -> Option<&SourceTree> {
        self.tree.as_deref()
    }

    /// Loads the site again after changes; `None` where they change nothing.
    pub fn update(&mut self, changes: &Changes) -> Option<Update> {
        let Some(before) = self.tree.clone() else {
            let loaded = self.load(true);
            self.remember();
            return Some(Update { loaded, changed: HashSet::new() });
        };
        let (opened, in_force) = (self.opened.clone(), self.in_force);
        let mut effect = before.effect(changes, &self.opened);
        let mut changed = self.changed_others(&before, &effect);
        let settings = |path: &Arc<str>| **path == *SITE_FILE || path.ends_with("/theme.toml");
        effect.structure |= changed.iter().any(settings);
        if effect.structure {
            match self.open() {
                Ok(tree) => changed.extend(self.come_and_gone(&before, &tree)),
                // Without settings the files are those that there were.
                Err(problems) => {
                    self.opened = problems;
                    effect.structure = false;
                }
            }
            if self.in_force != in_force {
                // Files are parsed by the languages and taxonomies of the site.
                self.documents.clear();
            }
        }
        let tree = self.tree.clone().unwrap_or_else(|| Arc::clone(&before));
        let (documents, newer) = self.renew_documents(&tree, &effect, Document::load);
        changed.extend(documents);
        if changed.is_empty() && opened == self.opened && tree.has_same_files(&before) {
            return None;
        }
        let others = effect.structure || changed.iter().any(|path| !is_document(path));
        if others {
            self.renew_pictures(&tree, &changed);
        }
        let loaded = self.assemble(tree, others, newer.as_deref());
        Some(Update { loaded: Ok(loaded), changed })
    }

    /// The files other than documents that one of two trees has and the other lacks.
    fn come_and_gone(&mut self, before: &SourceTree, now: &SourceTree) -> Vec<Arc<str>> {
        let lacks = |tree: &SourceTree, file: &&SourceFile| tree.any_file(&file.path).is_none();
        let gone = before.others().filter(|file| lacks(now, file));
        let mut paths: Vec<Arc<str>> = gone.map(|file| Arc::clone(&file.path)).collect();
        self.others.forget(&paths);
        paths.extend(now.others().filter(|file| lacks(before, file)).map(|f| Arc::clone(&f.path)));
        self.others.remember(&now.others().collect::<Vec<_>>());
        paths
    }

    /// Finds the files and reads the settings. Settings that are wrong do not take the place of good
    /// ones from before.
    fn open(&mut self) -> Result<Arc<SourceTree>, Vec<Diagnostic>> {
        let problems = Problems::new();
        let Some(mut tree) = SourceTree::open_after(self.tree.as_deref(), &self.root, &problems)
        else {
            return Err(problems.into_vec());
        };
        if let Some(url) = &self.overrides.base_url {
            match BaseUrl::parse(url) {
                Ok(base) => tree.set_config(Config { base, ..(*tree.config).clone() }),
                Err(why) => {
                    problems.push(Diagnostic::error(codes::BAD_VALUE, format!("--base-url {why}")));
                }
            }
        }
        self.opened = problems.into_vec();
        match &self.tree {
            Some(before) if self.opened.iter().any(is_of_settings) => tree.keep_settings(before),
            _ => self.in_force = self.settings,
        }
        if let Some(before) = &self.tree {
            tree.keep_tables(before);
        }
        let tree = Arc::new(tree);
        self.tree = Some(Arc::clone(&tree));
        Ok(tree)
    }

    /// The files other than documents whose contents changed.
    fn changed_others(&mut self, tree: &SourceTree, effect: &Effect) -> HashSet<Arc<str>> {
        let mut changed = HashSet::new();
        if effect.covers(SITE_FILE) {
            let settings = settings_digest(&self.root);
            if std::mem::replace(&mut self.settings, settings) != settings {
                changed.insert(SITE_FILE.into());
            }
        }
        let files: Vec<&SourceFile> = if effect.folders.is_empty() {
            let found = effect.files.iter().filter_map(|path| tree.any_file(path));
            found.filter(|file| !is_document(&file.path)).collect()
        } else {
            tree.others().filter(|file| effect.covers(&file.path)).collect()
        };
        for file in files {
            if self.others.renew(file) {
                changed.insert(Arc::clone(&file.path));
            }
        }
        // One may have been looked at before it was remembered, and changed in between.
        if let Some(pictures) = &self.pictures {
            changed.extend(pictures.stale(&|path| effect.covers(path)).cloned());
        }
        changed
    }

    /// Finds the pictures, and forgets what was known of those that changed.
    fn renew_pictures(&mut self, tree: &SourceTree, changed: &HashSet<Arc<str>>) {
        let before = self.pictures.take();
        let is_changed = |path: &str| changed.contains(path);
        let found = Pictures::find(tree, before.as_deref(), &is_changed, &self.memo);
        self.pictures = Some(Arc::new(found));
    }

    fn renew_documents(
        &mut self,
        tree: &SourceTree,
        effect: &Effect,
        load: site::Load,
    ) -> (HashSet<Arc<str>>, Option<Vec<Newer>>) {
        let parse = |file: &SourceFile, problems: &Problems| load(file, &tree.config, problems);
        self.documents.renew(tree, effect, &parse)
    }

    /// Assembles and plans what was read; `others` where files other than documents changed, `newer` where
    /// no other documents than these did.
    fn assemble(&mut self, tree: Arc<SourceTree>, others: bool, newer: Option<&[Newer]>) -> Loaded {
        let problems = Problems::new();
        problems.extend(self.opened.iter().cloned());
        let documents = self.documents.all(&problems);
        let frame = self.frame.renew(others, &problems, |found| Frame::load(&tree, found));
        let before = Arc::clone(self.characters.used());
        let used = self.characters.renew(&tree, others, &documents, newer);
        // A character that is new to the site is in other fonts, which other style sheets name.
        let fonts = others || !Arc::ptr_eq(&before, &used);
        let load = |found: &Problems| Assets::load(&tree, &used, found);
        let assets = self.assets.renew(fonts, &problems, load);
        let cards = self.cards.renew(others, &problems, |_| Cards::of(&tree));
        let templates =
            self.templates.renew(others, &problems, |found| TemplateSet::load(&tree, found));
        let pictures = self.pictures.clone().unwrap_or_default();
        let newer = newer.filter(|_| !fonts);
        let placed = match (self.placed.take(), newer) {
            (Some(before), Some(newer)) if before.stays(newer) => before.with_words(newer),
            _ => self.place(&tree, frame, documents.clone(), &assets, &pictures),
        };
        problems.extend(placed.problems.iter().cloned());
        let (site, outputs) = (Arc::clone(&placed.site), Arc::clone(&placed.outputs));
        self.placed = Some(placed);
        let world = World::new(site, assets, pictures, cards);
        let world = Arc::new(if self.hasty { world.hasty() } else { world });
        let (highlighter, memo) = (Arc::clone(&self.highlighter), Arc::clone(&self.memo));
        let renderer = Renderer::new(Arc::clone(&tree), world, templates, highlighter, memo);
        let mut kept = self.documents.kept();
        kept.extend(tree.kept().map(Arc::clone));
        Loaded { tree, renderer, outputs, documents, problems: problems.into_vec(), kept }
    }

    /// Puts everything in its place.
    fn place(
        &self,
        tree: &SourceTree,
        frame: Arc<Frame>,
        documents: Vec<Arc<Document>>,
        assets: &Assets,
        pictures: &Pictures,
    ) -> Placed {
        let problems = Problems::new();
        let clock = self.overrides.clock;
        let site = Arc::new(site::assemble(tree, frame, documents, clock, &problems));
        // A preview reads a picture when it is looked at.
        let pictures = (!self.hasty).then_some(pictures);
        let outputs = Arc::new(plan(&site, assets, pictures, tree, &problems));
        Placed { site, outputs, problems: problems.into_vec() }
    }
}

/// A site with its outputs. Where things are does not depend on the texts of pages, nor on their titles
/// but for lists in the order of these: where words alone are others, everything is in the place that it
/// was in.
#[derive(Debug)]
struct Placed {
    site: Arc<Site>,
    outputs: Arc<Vec<Output>>,
    problems: Vec<Diagnostic>,
}

impl Placed {
    /// Whether documents that changed, few, are others in their words alone.
    fn stays(&self, newer: &[Newer]) -> bool {
        newer.len() <= MOST_WORDS
            && newer.iter().all(|(before, now)| {
                // What is wrong with a place was found at one in the front matter.
                now.has_front_of(before)
                    || (now.has_place_of(before) && !self.has_problem_in(&now.file.path))
            })
    }

    fn has_problem_in(&self, file: &Arc<str>) -> bool {
        self.problems.iter().any(|problem| {
            let related = problem.related.iter().map(|(span, _)| span);
            problem.span.iter().chain(related).any(|span| span.file == *file)
        })
    }

    fn with_words(self, newer: &[Newer]) -> Self {
        Self { site: Arc::new(self.site.with_words(newer)), ..self }
    }
}

/// How many files a site may have whose texts are kept while it is built.
const MOST_KEPT: usize = 20_000;

/// How many documents may have new words before all is placed anew: each is looked for among all pages.
const MOST_WORDS: usize = 16;

/// Whether loading a site reads a file that is no document.
fn is_read_at_once(path: &str) -> bool {
    let published =
        ["content/", "archive/", "static/"].iter().any(|folder| path.starts_with(folder))
            || path.contains("/static/");
    !published
}

fn is_document(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(".md")
}

/// Whether a problem makes the settings of the site or of its themes worthless.
fn is_of_settings(problem: &Diagnostic) -> bool {
    let in_settings = |file: &str| file == SITE_FILE || file.ends_with("/theme.toml");
    problem.severity == Severity::Error
        && problem.span.as_ref().is_some_and(|span| in_settings(&span.file))
}

#[cfg(test)]
mod tests {
    // Tests may write what they like.
    #![allow(clippy::disallowed_methods)]

    use super::*;
    use crate::site::Clock;

    #[test]
    fn a_file_that_changes_before_it_is_remembered_is_seen_to_change() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("site.toml", "base_url = \"https://example.org/\"\n[languages.ar]\n");
        write("static/_redirects", "/old/ /new/ 301\n");
        write("static/note.txt", "one");
        let clock = Clock { today: (2026, 5, 21), drafts: false };
        let overrides = Overrides { clock, base_url: None };
        let mut session = Session::new(folder.path(), &overrides);
        session.load(true).unwrap();
        write("static/_redirects", "/old/ /newer/ 301\n");
        session.remember();
        let changes = |path: &str| Changes { paths: [path.into()].into(), ..Changes::default() };
        let update = session.update(&changes("static/_redirects")).map(|update| update.changed);
        assert_eq!(update, Some(["static/_redirects".into()].into()));
        assert!(session.update(&changes("static/_redirects")).is_none(), "it was seen");
        assert!(session.update(&changes("static/note.txt")).is_none(), "nothing changed");
    }
}
