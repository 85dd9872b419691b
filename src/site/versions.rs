//! Documents grouped into pages of several languages, with the sections and terms that come from
//! them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};

use rayon::prelude::*;

use super::place::Slugs;
use super::terms::Terms;
use super::{Facts, Shape, share};
use super::{facts, rows};
use crate::config::{Config, Untranslated};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::front_matter::key_path;
use crate::document::{Document, FrontMatter, Gist, Role};
use crate::knowledge::Kinds;
use crate::text::slug;

/// A group on its way to becoming a [`super::Group`].
pub(super) struct Draft {
    pub(super) id: Arc<str>,
    pub(super) shape: Shape,
    pub(super) original: Arc<Document>,
    pub(super) facts: Facts,
    /// Its documents, by their indices.
    documents: Range<usize>,
    /// Its terms, by their indices.
    pub(super) terms: Range<usize>,
    /// The group of the section it is in.
    pub(super) parent: Option<usize>,
    /// A number that sorts it by its date, the newest first.
    pub(super) newest: i64,
    /// Whether it is a draft, of the future or expired.
    hidden: bool,
    /// Whether something decides what languages show but the documents that there are.
    restricted: bool,
    /// Whether it has the key of a taxonomy without a term of it.
    empty_terms: bool,
    /// What is wrong with it.
    found: Vec<Diagnostic>,
}

/// Every group, and what languages show of it.
pub(super) struct Drafts {
    /// In the order of their ids.
    pub(super) all: Vec<Draft>,
    /// For each group the document that each language shows; `None` where it shows nothing.
    pub(super) shown: Vec<Option<Arc<Document>>>,
    /// The terms that pages name.
    pub(super) terms: Terms,
    /// The groups of those terms.
    pub(super) term_groups: Vec<Option<usize>>,
    /// The slugs that authors chose.
    pub(super) slugs: Slugs,
    /// The ids of the pages that are left out because they are drafts, of the future or expired.
    pub(super) not_shown: Arc<[Arc<str>]>,
    /// The folders of those that have one, whose files are not shown either.
    pub(super) hidden_folders: Vec<Arc<str>>,
}

/// Groups that are more than a page, by the id that pages know them by. There are few.
type Index = HashMap<String, usize>;

/// Groups documents, works out facts and versions.
pub(super) fn drafts(
    documents: &mut [Arc<Document>],
    config: &Config,
    kinds: &Kinds,
    today: Option<(i32, u8, u8)>,
    problems: &Problems,
) -> Drafts {
    let starts = group(documents);
    let count = documents.len();
    let end = |n: usize| starts.get(n + 1).copied().unwrap_or(count);
    rows::give_types(documents, starts.iter().enumerate().map(|(n, start)| *start..end(n)), kinds);
    let documents = &*documents;
    let handing_down =
        |document: &&Arc<Document>| document.role == Role::Section && document.gist.cascade;
    let originals = starts.iter().filter_map(|start| documents.get(*start));
    let cascading: HashMap<&str, &Arc<Document>> =
        originals.filter(handing_down).map(|document| (&*document.id, document)).collect();
    let mut all: Vec<Draft> = starts
        .par_iter()
        .enumerate()
        .with_min_len(64)
        .filter_map(|(n, start)| draft(*start..end(n), documents, &cascading, config, kinds, today))
        .collect();
    for draft in all.iter_mut().filter(|draft| !draft.found.is_empty()) {
        problems.extend(std::mem::take(&mut draft.found));
    }
    let slugs = Slugs::new(config, documents.iter().filter(|doc| doc.gist.slug), problems);
    let (not_shown, hidden_folders) = hide(&mut all);
    let terms = Terms::gather(&mut all, config);
    let mut all = with_roots_and_terms(all, &terms, config);
    let index: Index = all
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.shape != Shape::Page)
        .map(|(i, draft)| (term_id(draft), i))
        .collect();
    let term_groups: Vec<Option<usize>> =
        terms.all.iter().map(|term| index.get(&term.id).copied()).collect();
    place_in_sections(&mut all, &index);
    let mut shown = vec![None; all.len() * config.languages.len()];
    let size = share(all.len());
    let slots = shown.par_chunks_mut(size * config.languages.len().max(1));
    all.par_chunks(size).zip(slots).for_each(|(drafts, slots)| {
        let slots = slots.chunks_mut(config.languages.len().max(1));
        for (draft, slots) in drafts.iter().zip(slots) {
            let documents = documents.get(draft.documents.clone()).unwrap_or_default();
            if let ([document], false) = (documents, draft.restricted)
                && config.untranslated != Untranslated::Show
            {
                if let Some(slot) = slots.get_mut(document.lang) {
                    *slot = Some(Arc::clone(document));
                }
                continue;
            }
            show(slots, documents, &draft.facts, config, today.is_some());
        }
    });
    let needed = needed(&all, &shown, &terms, &term_groups, &index, config);
    show_needed(&all, &mut shown, needed, config);
    Drafts { all, shown, terms, term_groups, slugs, not_shown, hidden_folders }
}

/// Sorts documents by their ids and languages, and finds where each id begins. They come by their
/// paths, which is nearly that.
fn group(documents: &mut [Arc<Document>]) -> Vec<usize> {
    fn order(a: &Arc<Document>, b: &Arc<Document>) -> Ordering {
        (&a.id, a.lang, &a.file.path).cmp(&(&b.id, b.lang, &b.file.path))
    }
    let in_order = |pair: &[Arc<Document>]| matches!(pair, [a, b] if order(a, b).is_le());
    if !documents.par_windows(2).with_min_len(512).all(in_order) {
        documents.par_sort_by(order);
    }
    let differ = |pair: &[Arc<Document>]| matches!(pair, [a, b] if a.id != b.id);
    let pairs = documents.par_windows(2).with_min_len(512).enumerate();
    let mut starts: Vec<usize> = pairs.filter(|(_, p)| differ(p)).map(|(i, _)| i + 1).collect();
    if !documents.is_empty() {
        starts.insert(0, 0);
    }
    starts
}

fn draft(
    range: Range<usize>,
    documents: &[Arc<Document>],
    cascading: &HashMap<&str, &Arc<Document>>,
    config: &Config,
    kinds: &Kinds,
    today: Option<(i32, u8, u8)>,
) -> Option<Draft> {
    let documents = documents.get(range.clone())?;
    let original = documents.first()?;
    let problems = Problems::new();
    let cascades = cascades(&original.id, cascading);
    let facts = facts::gather(original, &cascades, kinds, &problems);
    check_documents(documents, &facts, config, &problems);
    let gist = if cascades.is_empty() { original.gist } else { Gist::of(&facts.front) };
    Some(Draft {
        id: Arc::clone(&original.id),
        shape: shape(&original.id, original, config),
        original: Arc::clone(original),
        hidden: today.is_some_and(|today| facts::is_hidden(&facts, gist, today)),
        newest: gist.newest,
        restricted: gist.restricted || documents.len() > 1,
        empty_terms: gist.empty_terms,
        facts,
        documents: range,
        terms: 0..0,
        parent: None,
        found: problems.into_vec(),
    })
}

/// Takes out what is hidden, and what is in a section that is; gives the ids of all that, and the folders
/// of what had one.
fn hide(drafts: &mut Vec<Draft>) -> (Arc<[Arc<str>]>, Vec<Arc<str>>) {
    if !drafts.iter().any(|draft| draft.hidden) {
        return (Arc::default(), Vec::new());
    }
    let (mut ids, mut folders) = (Vec::new(), Vec::new());
    // Ids come in order, so that a section comes before what is in it.
    let mut hidden: HashSet<Arc<str>> = HashSet::new();
    drafts.retain(|draft| {
        let stays = !draft.hidden && !above(&draft.id).any(|section| hidden.contains(section));
        if !stays {
            ids.push(Arc::clone(&draft.id));
            if draft.original.role != Role::Page && !draft.id.is_empty() {
                hidden.insert(Arc::clone(&draft.id));
                folders.push(Arc::clone(&draft.id));
            }
        }
        stays
    });
    (ids.into(), folders)
}

pub(super) fn is_below(id: &str, section: &str) -> bool {
    id.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
}

/// The ids above an id, the nearest first, the home last.
pub(super) fn above(id: &str) -> impl Iterator<Item = &str> {
    let parent = |id: &str| id.rfind('/').map_or(0, |at| at);
    std::iter::successors(Some(id), move |id| (!id.is_empty()).then(|| id.get(..parent(id)))?)
        .skip(1)
}

/// What the sections above an id hand down, the nearest first.
fn cascades<'a>(
    id: &str,
    cascading: &HashMap<&str, &'a Arc<Document>>,
) -> Vec<(&'a Document, &'a FrontMatter)> {
    if cascading.is_empty() {
        return Vec::new();
    }
    let sections = above(id).filter_map(|id| cascading.get(id));
    sections.filter_map(|section| Some((&***section, section.front.cascade.as_deref()?))).collect()
}

fn shape(id: &str, original: &Document, config: &Config) -> Shape {
    for (i, taxonomy) in config.taxonomies.iter().enumerate() {
        match id.strip_prefix(taxonomy.name.as_str()) {
            Some("") => return Shape::Taxonomy(i),
            Some(rest) if rest.starts_with('/') && !rest.trim_start_matches('/').contains('/') => {
                return Shape::Term(i);
            }
            _ => {}
        }
    }
    if original.role == Role::Section { Shape::Section } else { Shape::Page }
}

/// Checks what belongs to the documents of one id together.
fn check_documents(
    documents: &[Arc<Document>],
    facts: &Facts,
    config: &Config,
    problems: &Problems,
) {
    let Some((original, translations)) = documents.split_first() else {
        return;
    };
    for pair in documents.windows(2) {
        let [first, second] = pair else { continue };
        if first.lang == second.lang {
            let message = format!("two files are the page `{}` in one language", first.id);
            problems.push(
                Diagnostic::error(codes::PATH_COLLISION, message)
                    .at(Span::file(&second.file.path))
                    .related(Span::file(&first.file.path), "the other one")
                    .hint("delete or rename one of them"),
            );
        }
    }
    for document in translations {
        facts::check_translation(document, original, facts, config, problems);
    }
    for document in documents {
        if !document.gist.title {
            let span = document.key_span(&key_path("title"));
            let hint = if document.file.table().is_some() {
                "give the row a `title` in this language"
            } else if span.is_whole_file() {
                "begin the file with front matter that has one:\n---\ntitle: …\n---"
            } else {
                "write the title after the colon"
            };
            let problem = Diagnostic::error(codes::MISSING_KEY, "the page has no title");
            problems.push(problem.at(span).hint(hint));
        }
    }
}

/// Fills in the document that each language shows: its own, or the original where the policy says so.
fn show(
    shown: &mut [Option<Arc<Document>>],
    documents: &[Arc<Document>],
    facts: &Facts,
    config: &Config,
    hide_drafts: bool,
) {
    for document in documents {
        let hidden = hide_drafts && document.front.draft == Some(true);
        if let Some(slot) = shown.get_mut(document.lang).filter(|_| !hidden) {
            slot.get_or_insert_with(|| Arc::clone(document));
        }
    }
    let policy = facts.front.untranslated.unwrap_or(config.untranslated);
    if policy == Untranslated::Show
        && let Some(original) = documents.first()
    {
        let meant = &facts.front.languages;
        for (lang, slot) in shown.iter_mut().enumerate() {
            if meant.is_empty() || meant.contains(&lang) {
                slot.get_or_insert_with(|| Arc::clone(original));
            }
        }
    }
}

/// Adds the home, the taxonomies and the terms that no file describes.
fn with_roots_and_terms(drafts: Vec<Draft>, terms: &Terms, config: &Config) -> Vec<Draft> {
    let mut wanted = BTreeMap::<&str, (Shape, &str)>::new();
    let home = config.languages.first().map_or("", |l| l.title.as_str());
    wanted.insert("", (Shape::Section, home));
    for (i, taxonomy) in config.taxonomies.iter().enumerate() {
        wanted.insert(&taxonomy.name, (Shape::Taxonomy(i), &taxonomy.name));
    }
    for term in &terms.all {
        wanted.entry(&term.id).or_insert((Shape::Term(term.taxonomy), &term.name));
    }
    // Whatever has the id of one of these has its shape too.
    let known: HashSet<String> =
        drafts.iter().filter(|draft| draft.shape != Shape::Page).map(term_id).collect();
    wanted.retain(|id, _| !known.contains(*id));
    let places: Vec<usize> =
        wanted.keys().map(|id| drafts.partition_point(|draft| *draft.id < **id)).collect();
    let mut all = Vec::with_capacity(drafts.len() + wanted.len());
    let mut rest = drafts.into_iter();
    let mut taken = 0;
    for ((id, (shape, title)), place) in wanted.into_iter().zip(places) {
        all.extend(rest.by_ref().take(place - taken));
        taken = place;
        let id: Arc<str> = id.into();
        let original = facts::synthetic(&id, 0, title);
        let (facts, found) = (facts::none(), Vec::new());
        let (documents, terms, parent, hidden) = (0..0, 0..0, None, false);
        all.push(Draft {
            id,
            shape,
            original,
            facts,
            documents,
            terms,
            parent,
            newest: i64::MAX,
            hidden,
            restricted: false,
            empty_terms: false,
            found,
        });
    }
    all.extend(rest);
    all
}

/// The id by which pages name a term: a term's file may be spelt otherwise than its slug.
fn term_id(draft: &Draft) -> String {
    match (draft.shape, draft.id.rsplit_once('/')) {
        (Shape::Term(_), Some((taxonomy, name))) => format!("{taxonomy}/{}", slug::slugify(name)),
        _ => draft.id.to_string(),
    }
}

/// Finds each group's section: the nearest above its id.
fn place_in_sections(drafts: &mut [Draft], index: &Index) {
    let size = share(drafts.len());
    drafts.par_chunks_mut(size).for_each(|drafts| {
        // Those of one folder come one after the other.
        let mut last: Option<(Arc<str>, usize, Option<usize>)> = None;
        for draft in drafts.iter_mut().filter(|draft| !draft.id.is_empty()) {
            let at = draft.id.rfind('/').unwrap_or(0);
            let folder = draft.id.get(..at);
            match &last {
                Some((id, end, parent)) if id.get(..*end) == folder => draft.parent = *parent,
                _ => {
                    draft.parent = above(&draft.id).find_map(|id| index.get(id).copied());
                    last = Some((Arc::clone(&draft.id), at, draft.parent));
                }
            }
        }
    });
}

/// The versions that a section or term has because something is in it: for each group and language,
/// whether it is needed.
fn needed(
    drafts: &[Draft],
    shown: &[Option<Arc<Document>>],
    terms: &Terms,
    term_groups: &[Option<usize>],
    index: &Index,
    config: &Config,
) -> Vec<bool> {
    let languages = config.languages.len().max(1);
    let filled = || -> Vec<AtomicBool> { shown.iter().map(|_| AtomicBool::new(false)).collect() };
    let (sections, others) = (filled(), filled());
    let mark = |marks: &[AtomicBool], group: usize, lang: usize| {
        // Nearly always it is marked already, and reading is cheaper than writing.
        if let Some(mark) = marks.get(group * languages + lang)
            && !mark.load(Memory::Relaxed)
        {
            mark.store(true, Memory::Relaxed);
        }
    };
    let taxonomies: Vec<Option<usize>> =
        config.taxonomies.iter().map(|taxonomy| index.get(&taxonomy.name).copied()).collect();
    let pages = drafts.par_iter().zip(shown.par_chunks(languages)).with_min_len(512);
    pages.filter(|(draft, _)| draft.shape == Shape::Page).for_each(|(draft, shown)| {
        for (lang, _) in shown.iter().enumerate().filter(|(_, shown)| shown.is_some()) {
            if let Some(parent) = draft.parent {
                mark(&sections, parent, lang);
            }
            let taxonomy = |t: usize| taxonomies.get(t).copied().flatten();
            if draft.empty_terms {
                let said = draft.facts.front.terms.iter();
                said.filter_map(|(t, _)| taxonomy(*t)).for_each(|group| mark(&others, group, lang));
            }
            for term in terms.of(&draft.terms) {
                let named = terms.all.get(*term as usize).and_then(|term| taxonomy(term.taxonomy));
                if let Some(group) = named {
                    mark(&others, group, lang);
                }
                if let Some(group) = term_groups.get(*term as usize).copied().flatten() {
                    mark(&others, group, lang);
                }
            }
        }
    });
    let mut needed: Vec<bool> = vec![false; shown.len()];
    let marked = sections.into_iter().enumerate().filter_map(|(i, m)| m.into_inner().then_some(i));
    for i in marked {
        // What holds a section that holds a page holds one too.
        let (mut up, lang) = (Some(i / languages), i % languages);
        while let Some(slot) = up.and_then(|group| needed.get_mut(group * languages + lang))
            && !*slot
        {
            *slot = true;
            up = up.and_then(|group| drafts.get(group)).and_then(|draft| draft.parent);
        }
    }
    for (needed, mark) in needed.iter_mut().zip(others) {
        *needed |= mark.into_inner();
    }
    // The home, whose id comes first, is in every language.
    needed.iter_mut().take(languages).for_each(|needed| *needed = true);
    needed
}

/// Gives sections and terms a version in every language that has something in them.
fn show_needed(
    drafts: &[Draft],
    shown: &mut [Option<Arc<Document>>],
    needed: Vec<bool>,
    config: &Config,
) {
    let languages = config.languages.len().max(1);
    let slots = shown.chunks_mut(languages).zip(needed.chunks(languages)).zip(drafts);
    for ((shown, needed), draft) in slots {
        let original = &draft.original;
        for (lang, (slot, _)) in shown.iter_mut().zip(needed).enumerate().filter(|(_, s)| *s.1) {
            slot.get_or_insert_with(|| {
                // What no file describes is in every language alike; the home is called as the site.
                let site_title = config.languages.get(lang).map(|language| &*language.title);
                let title =
                    site_title.filter(|_| draft.id.is_empty()).or(original.front.title.as_deref());
                match title.filter(|_| original.is_synthetic()) {
                    Some(title) => facts::synthetic(&draft.id, lang, title),
                    None => Arc::clone(original),
                }
            });
        }
    }
}
