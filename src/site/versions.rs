//! Documents grouped into pages of several languages, with the sections and terms that come from
//! them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::facts;
use super::{Facts, Shape};
use crate::config::{Config, Untranslated};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::front_matter::key_path;
use crate::document::{Document, FrontMatter, Role};
use crate::knowledge::Kinds;
use crate::text::slug;

/// A group on its way to becoming a [`super::Group`].
pub(super) struct Draft {
    pub(super) id: Arc<str>,
    pub(super) shape: Shape,
    pub(super) original: Arc<Document>,
    pub(super) facts: Facts,
    /// The document that each language shows; `None` where it shows nothing.
    pub(super) shown: Vec<Option<Arc<Document>>>,
    /// The group of the section it is in.
    pub(super) parent: Option<usize>,
}

/// What is left out because it is a draft, of the future or expired.
pub(super) struct NotShown {
    /// How many pages.
    pub(super) pages: usize,
    /// The folders of those that have one, whose files are not shown either.
    pub(super) folders: Vec<Arc<str>>,
}

/// Groups documents, works out facts and versions; groups come in the order of their ids. Also gives
/// what is not shown.
pub(super) fn drafts(
    documents: &[Arc<Document>],
    config: &Config,
    kinds: &Kinds,
    today: Option<(i32, u8, u8)>,
    problems: &Problems,
) -> (Vec<Draft>, NotShown) {
    let mut grouped = BTreeMap::<Arc<str>, Vec<&Arc<Document>>>::new();
    for document in documents {
        grouped.entry(Arc::clone(&document.id)).or_default().push(document);
    }
    let originals: HashMap<&str, &Arc<Document>> =
        grouped.iter().filter_map(|(id, docs)| Some((&**id, *docs.first()?))).collect();
    let mut drafts = Vec::with_capacity(grouped.len());
    // Sections that are not shown hide what is in them; ids come in order, so parents come first.
    let mut hidden = Vec::new();
    let mut not_shown = 0;
    for (id, documents) in &grouped {
        let Some(original) = documents.first() else {
            continue;
        };
        let cascades = cascades(id, &originals);
        let facts = facts::gather(original, &cascades, kinds, problems);
        check_documents(documents, &facts, config, problems);
        let below_hidden = hidden.iter().any(|section: &Arc<str>| is_below(id, section));
        if below_hidden || today.is_some_and(|today| facts::is_hidden(&facts, today)) {
            not_shown += 1;
            if original.role != Role::Page && !id.is_empty() {
                hidden.push(Arc::clone(id));
            }
            continue;
        }
        let shape = shape(id, original, config);
        drafts.push(Draft {
            id: Arc::clone(id),
            shape,
            original: Arc::clone(original),
            shown: shown(documents, &facts, config, today.is_some()),
            facts,
            parent: None,
        });
    }
    add_roots_and_terms(&mut drafts, config);
    place_in_sections(&mut drafts, config);
    (drafts, NotShown { pages: not_shown, folders: hidden })
}

pub(super) fn is_below(id: &str, section: &str) -> bool {
    id.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
}

/// What the sections above an id hand down, the nearest first.
fn cascades<'a>(
    id: &str,
    originals: &HashMap<&str, &'a Arc<Document>>,
) -> Vec<(&'a Document, &'a FrontMatter)> {
    let mut cascades = Vec::new();
    let mut at = id;
    while !at.is_empty() {
        at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        let section = originals.get(at).filter(|document| document.role == Role::Section);
        cascades.extend(section.and_then(|doc| Some((&***doc, doc.front.cascade.as_deref()?))));
    }
    cascades
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
    documents: &[&Arc<Document>],
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
        let title = document.front.title.as_deref();
        if title.is_none_or(|title| title.trim().is_empty()) {
            let span = document.key_span(&key_path("title"));
            let hint = if span.is_whole_file() {
                "begin the file with front matter that has one:\n---\ntitle: …\n---"
            } else {
                "write the title after the colon"
            };
            let problem = Diagnostic::error(codes::MISSING_KEY, "the page has no title");
            problems.push(problem.at(span).hint(hint));
        }
    }
}

/// The document that each language shows: its own, or the original where the policy says so.
fn shown(
    documents: &[&Arc<Document>],
    facts: &Facts,
    config: &Config,
    hide_drafts: bool,
) -> Vec<Option<Arc<Document>>> {
    let policy = facts.front.untranslated.unwrap_or(config.untranslated);
    let mut shown = vec![None; config.languages.len()];
    for document in documents {
        let hidden = hide_drafts && document.front.draft == Some(true);
        if let Some(slot) = shown.get_mut(document.lang).filter(|_| !hidden) {
            slot.get_or_insert_with(|| Arc::clone(document));
        }
    }
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
    shown
}

/// Adds the home, the taxonomies and the terms that no file describes.
fn add_roots_and_terms(drafts: &mut Vec<Draft>, config: &Config) {
    let mut wanted = BTreeMap::<String, (Shape, String)>::new();
    let home = config.languages.first().map_or("", |l| l.title.as_str());
    wanted.insert(String::new(), (Shape::Section, home.to_owned()));
    for (i, taxonomy) in config.taxonomies.iter().enumerate() {
        wanted.insert(taxonomy.name.clone(), (Shape::Taxonomy(i), taxonomy.name.clone()));
    }
    for draft in drafts.iter().filter(|d| d.shape == Shape::Page) {
        for (i, terms) in &draft.facts.front.terms {
            let Some(taxonomy) = config.taxonomies.get(*i) else {
                continue;
            };
            for term in terms {
                let id = format!("{}/{}", taxonomy.name, slug::slugify(term));
                wanted.entry(id).or_insert_with(|| (Shape::Term(*i), term.to_string()));
            }
        }
    }
    let existing: BTreeSet<String> = drafts.iter().map(term_id).collect();
    for (id, (shape, title)) in wanted {
        if existing.contains(&id) {
            continue;
        }
        let id: Arc<str> = id.into();
        let original = facts::synthetic(&id, 0, &title);
        let shown = vec![None; config.languages.len()];
        drafts.push(Draft { id, shape, original, facts: facts::none(), shown, parent: None });
    }
    drafts.sort_by(|a, b| a.id.cmp(&b.id));
}

/// The id by which pages name a term: a term's file may be spelt otherwise than its slug.
fn term_id(draft: &Draft) -> String {
    match (draft.shape, draft.id.rsplit_once('/')) {
        (Shape::Term(_), Some((taxonomy, name))) => format!("{taxonomy}/{}", slug::slugify(name)),
        _ => draft.id.to_string(),
    }
}

/// Finds each group's section, and gives sections and terms a version in every language that has
/// something in them.
fn place_in_sections(drafts: &mut [Draft], config: &Config) {
    let index: HashMap<String, usize> =
        drafts.iter().enumerate().map(|(i, d)| (term_id(d), i)).collect();
    for i in 0..drafts.len() {
        let Some(draft) = drafts.get(i) else { continue };
        let parent = parent(&draft.id, &index, drafts);
        if let Some(draft) = drafts.get_mut(i) {
            draft.parent = parent;
        }
    }
    let mut needed = BTreeSet::new();
    for draft in drafts.iter().filter(|d| d.shape == Shape::Page) {
        for (lang, _) in draft.shown.iter().enumerate().filter(|(_, shown)| shown.is_some()) {
            let mut up = draft.parent;
            while let Some(i) = up.filter(|i| needed.insert((*i, lang))) {
                up = drafts.get(i).and_then(|d| d.parent);
            }
            for (t, terms) in &draft.facts.front.terms {
                let Some(taxonomy) = config.taxonomies.get(*t) else {
                    continue;
                };
                needed.extend(index.get(&taxonomy.name).map(|i| (*i, lang)));
                for term in terms {
                    let id = format!("{}/{}", taxonomy.name, slug::slugify(term));
                    needed.extend(index.get(&id).map(|i| (*i, lang)));
                }
            }
        }
    }
    needed.extend(index.get("").iter().flat_map(|i| (0..config.languages.len()).map(|l| (**i, l))));
    for (i, lang) in needed {
        let Some(draft) = drafts.get_mut(i) else {
            continue;
        };
        let original = &draft.original;
        let Some(slot) = draft.shown.get_mut(lang) else { continue };
        slot.get_or_insert_with(|| {
            // What no file describes is in every language alike; the home is called as the site is.
            let site_title = config.languages.get(lang).map(|language| language.title.as_str());
            let title =
                site_title.filter(|_| draft.id.is_empty()).or(original.front.title.as_deref());
            match title.filter(|_| original.is_synthetic()) {
                Some(title) => facts::synthetic(&draft.id, lang, title),
                None => Arc::clone(original),
            }
        });
    }
}

/// The nearest section above an id.
fn parent(id: &str, index: &HashMap<String, usize>, drafts: &[Draft]) -> Option<usize> {
    let mut at = id;
    while !at.is_empty() {
        at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
        let found = index.get(at).copied();
        if let Some(i) = found.filter(|i| drafts.get(*i).is_some_and(|d| d.shape != Shape::Page)) {
            return Some(i);
        }
    }
    None
}
