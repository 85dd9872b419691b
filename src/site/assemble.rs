//! From files to documents, and from documents to a site.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::place::Places;
use super::versions::{Draft, drafts, is_below};
use super::{
    ContentFile, Group, GroupIx, LanguageTools, Messages, Page, PageIx, Shape, Site, data,
};
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::{Document, Sort};
use crate::knowledge::Kinds;
use crate::source::SourceTree;
use crate::text::date::Dates;
use crate::text::{Collation, Lists, Numbers};

/// What the site is assembled for.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The day, as year, month, day.
    pub today: (i32, u8, u8),
    /// Whether drafts, pages of the future and expired ones are shown.
    pub drafts: bool,
}

/// Puts documents in their places. Always gives a site; what is wrong with the places is in
/// `problems`, and with what leads from one to another in [`Links::problems`](super::Links).
#[must_use]
pub fn assemble(
    tree: &SourceTree,
    mut documents: Vec<Arc<Document>>,
    clock: Clock,
    problems: &Problems,
) -> Site {
    let config = Arc::clone(&tree.config);
    documents.sort_by(|a, b| (&a.id, a.lang, &a.file.path).cmp(&(&b.id, b.lang, &b.file.path)));
    let kinds = Kinds::load(tree, problems);
    let messages = Messages::load(tree, problems);
    let tools: Vec<LanguageTools> = config
        .languages
        .iter()
        .map(|language| LanguageTools {
            dates: Dates::new(&language.locale, language.numbering),
            numbers: Numbers::new(&language.locale, language.numbering),
            collation: Collation::new(&language.lang),
            lists: Lists::new(&language.locale),
        })
        .collect();
    messages.check(&config, &tools.iter().map(|t| &t.numbers).collect::<Vec<_>>(), problems);
    let today = (!clock.drafts).then_some(clock.today);
    let (drafts, not_shown) = drafts(&documents, &config, &kinds, today, problems);
    let mut places = Places::new(&config, &documents, problems);
    let mut site = Site {
        settings: settings(tree, problems),
        kinds,
        messages,
        data: data::load(tree, problems),
        tools,
        pages: Vec::with_capacity(documents.len()),
        groups: Vec::with_capacity(drafts.len()),
        files: Vec::new(),
        by_id: HashMap::with_capacity(drafts.len()),
        by_name: HashMap::with_capacity(drafts.len()),
        by_url: HashMap::with_capacity(documents.len()),
        terms: HashMap::new(),
        files_by_path: HashMap::new(),
        published: HashSet::new(),
        links: OnceLock::new(),
        names: OnceLock::new(),
        not_shown: not_shown.pages,
        config: Arc::clone(&config),
    };
    let parents: Vec<Option<usize>> = drafts.iter().map(|draft| draft.parent).collect();
    add_pages(&mut site, drafts, &mut places, problems);
    list_pages(&mut site, &parents);
    list_terms(&mut site);
    order(&mut site);
    add_files(&mut site, tree, &mut places, &not_shown.folders);
    site
}

/// The theme's settings with the site's over them.
fn settings(tree: &SourceTree, problems: &Problems) -> serde_json::Map<String, serde_json::Value> {
    let mut settings = tree.theme().settings;
    for (key, value) in &tree.config.settings {
        if !settings.contains_key(key) {
            let message = format!("the theme has no setting `{key}`");
            let problem = Diagnostic::error(codes::UNKNOWN_KEY, message)
                .did_you_mean(key, settings.keys().map(String::as_str));
            let span = tree.site_key(&["settings", key]);
            problems.push(problem.at(span));
        }
        settings.insert(key.clone(), value.clone());
    }
    settings
}

fn add_pages(site: &mut Site, drafts: Vec<Draft>, places: &mut Places<'_>, problems: &Problems) {
    let languages = site.config.languages.len();
    let mut shown = Vec::with_capacity(drafts.len());
    for (i, draft) in drafts.into_iter().enumerate() {
        let ix = GroupIx::new(i);
        let name: Box<str> = draft.id.rsplit('/').next().unwrap_or_default().into();
        site.by_id.insert(Arc::clone(&draft.id), ix);
        site.by_name.entry(name).or_default().push(ix);
        site.groups.push(Group {
            id: draft.id,
            shape: draft.shape,
            original: draft.original,
            facts: draft.facts,
            versions: vec![None; languages].into(),
        });
        shown.push(draft.shown);
    }
    for lang in 0..languages {
        for (i, (group, shown)) in site.groups.iter_mut().zip(&shown).enumerate() {
            let Some(document) = shown.get(lang).cloned().flatten() else {
                continue;
            };
            let url: Arc<str> =
                places.page(&group.id, group.shape, lang, &document, &group.facts, problems).into();
            let ix = PageIx::new(site.pages.len());
            if let Some(version) = group.versions.get_mut(lang) {
                *version = Some(ix);
            }
            let title = title(&document, group.shape, lang, &site.messages, &site.tools);
            site.by_url.entry(Arc::clone(&url)).or_insert(ix);
            site.pages.push(Page {
                group: GroupIx::new(i),
                lang,
                document,
                url,
                title,
                shares_anchors: OnceLock::new(),
                section: None,
                neighbours: (None, None),
                listing: Vec::new(),
                subsections: Vec::new(),
            });
        }
    }
}

/// The title of a page; a taxonomy that no file describes is named by the message `taxonomy-NAME`.
fn title(
    document: &Document,
    shape: Shape,
    lang: usize,
    messages: &Messages,
    tools: &[LanguageTools],
) -> Arc<str> {
    let own = document.front.title.as_deref().unwrap_or(&document.id);
    if let (Shape::Taxonomy(_), true, Some(tools)) =
        (shape, document.is_synthetic(), tools.get(lang))
    {
        let key = format!("taxonomy-{own}");
        if let Some(title) = messages.get(lang, &key, None, &tools.numbers, &[]) {
            return title.into();
        }
    }
    own.into()
}

/// Puts every page into the listing of its section.
#[allow(clippy::indexing_slicing, reason = "pages and groups hold indices of this site")]
fn list_pages(site: &mut Site, parents: &[Option<usize>]) {
    for i in 0..site.pages.len() {
        let page = &site.pages[i];
        let (lang, group) = (page.lang, page.group.0 as usize);
        let Some(parent) = parents.get(group).copied().flatten() else {
            continue;
        };
        let Some(section) = site.groups[parent].versions.get(lang).copied().flatten() else {
            continue;
        };
        site.pages[i].section = Some(section);
        let shape = site.groups[group].shape;
        let list = &mut site.pages[section.index()];
        match shape {
            Shape::Section | Shape::Taxonomy(_) => list.subsections.push(PageIx::new(i)),
            Shape::Page | Shape::Term(_) => list.listing.push(PageIx::new(i)),
        }
    }
}

/// Puts every page into the listings of its terms.
#[allow(clippy::indexing_slicing, reason = "pages and groups hold indices of this site")]
fn list_terms(site: &mut Site) {
    for (i, group) in site.groups.iter().enumerate() {
        if let (Shape::Term(t), Some((_, name))) = (group.shape, group.id.rsplit_once('/')) {
            site.terms.insert((t, crate::text::slug::slugify(name)), GroupIx::new(i));
        }
    }
    let mut members: BTreeMap<PageIx, Vec<PageIx>> = BTreeMap::new();
    for (g, group) in site.groups.iter().enumerate() {
        if group.shape != Shape::Page {
            continue;
        }
        let mut own: Vec<GroupIx> = Vec::new();
        for (t, names) in &group.facts.front.terms {
            own.extend(names.iter().filter_map(|name| site.term(*t, name)));
        }
        own.sort_unstable();
        own.dedup();
        for (lang, version) in site.groups[g].versions.iter().enumerate() {
            let Some(page) = version else { continue };
            for term in &own {
                if let Some(term) = site.group(*term).versions.get(lang).copied().flatten() {
                    members.entry(term).or_default().push(*page);
                }
            }
        }
    }
    for (term, pages) in members {
        site.pages[term.index()].listing = pages;
    }
}

/// Sorts listings, and gives pages their neighbours.
#[allow(clippy::indexing_slicing, reason = "pages and groups hold indices of this site")]
fn order(site: &mut Site) {
    let lists: Vec<(usize, Vec<PageIx>, Vec<PageIx>)> = (0..site.pages.len())
        .into_par_iter()
        .filter_map(|i| {
            let page = &site.pages[i];
            if page.listing.is_empty() && page.subsections.is_empty() {
                return None;
            }
            let group = site.group_of(page);
            let default = match group.shape {
                Shape::Taxonomy(_) => Sort::Title,
                _ => Sort::Newest,
            };
            let sort = group.facts.front.sort.or(group.original.front.sort).unwrap_or(default);
            let mut listing = page.listing.clone();
            site.sort(&mut listing, sort, page.lang);
            let mut subsections = page.subsections.clone();
            site.sort(&mut subsections, Sort::Weight, page.lang);
            Some((i, listing, subsections))
        })
        .collect();
    for (i, listing, subsections) in lists {
        if site.group_of(&site.pages[i]).shape == Shape::Section {
            for (n, ix) in listing.iter().enumerate() {
                let before = n.checked_sub(1).and_then(|n| listing.get(n)).copied();
                site.pages[ix.index()].neighbours = (before, listing.get(n + 1).copied());
            }
        }
        site.pages[i].listing = listing;
        site.pages[i].subsections = subsections;
    }
}

/// Places the files that lie beside documents, and notes the paths of static files.
fn add_files(site: &mut Site, tree: &SourceTree, places: &mut Places<'_>, hidden: &[Arc<str>]) {
    for file in tree.under("content/").filter(|file| !file.path.ends_with(".md")) {
        let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // A picture can say as much as the page that waits for its day.
        if hidden.iter().any(|page| is_below(path, page)) {
            continue;
        }
        let url: Arc<str> = format!("{}{name}", places.folder(folder, 0)).into();
        site.files_by_path.insert(Arc::clone(&file.path), site.files.len());
        site.published.insert(Arc::clone(&url));
        site.files.push(ContentFile { file: file.clone(), url });
    }
    let statics = tree.under("static/").filter_map(|file| file.path.strip_prefix("static"));
    site.published.extend(statics.map(Arc::from));
    let theme = tree.layered("static/").into_keys().map(|path| Arc::from(format!("/{path}")));
    site.published.extend(theme);
    // What the program makes besides pages may be linked too.
    let made = ["/sitemap.xml", "/robots.txt"].into_iter().map(str::to_owned);
    let homes = (0..site.config.languages.len()).filter_map(|lang| site.home(lang));
    let lost = homes.map(|home| format!("{}404.html", site.page(home).url));
    let feeds = site.pages.iter().filter(|page| site.has_feed(page));
    let feeds = feeds.flat_map(|page| ["atom.xml", "rss.xml"].map(|f| format!("{}{f}", page.url)));
    let more: Vec<Arc<str>> = made.chain(lost).chain(feeds).map(Arc::from).collect();
    site.published.extend(more);
}
