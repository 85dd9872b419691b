//! From files to documents, and from documents to a site.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::listing;
use super::place::{Places, Slugs};
use super::versions::{Draft, Drafts, drafts, is_below};
use super::{ContentFile, Frame, Group, GroupIx, Page, PageIx, Relations, Shape, Site};
use crate::diagnostic::Problems;
use crate::document::Document;
use crate::source::{SourceTree, is_table};

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
    frame: Arc<Frame>,
    mut documents: Vec<Arc<Document>>,
    clock: Clock,
    problems: &Problems,
) -> Site {
    let config = Arc::clone(&tree.config);
    let today = (!clock.drafts).then_some(clock.today);
    let Drafts { all, shown, terms, term_groups, slugs, not_shown, hidden_folders } =
        drafts(&mut documents, &config, &frame.kinds, today, problems);
    let mut site = Site {
        frame: Arc::clone(&frame),
        pages: Vec::new(),
        groups: Vec::new(),
        files: Vec::new(),
        versions: vec![None; shown.len()],
        by_id: Arc::default(),
        by_name: Arc::default(),
        by_url: Arc::default(),
        terms: Arc::default(),
        files_by_path: Arc::default(),
        files_by_url: Arc::default(),
        published: Arc::default(),
        links: OnceLock::new(),
        relations: Arc::default(),
        names: OnceLock::new(),
        not_shown,
        config: Arc::clone(&config),
    };
    add_pages(&mut site, all, shown, &slugs, problems);
    for (i, group) in site.groups.iter().enumerate() {
        if let (Shape::Term(t), Some((_, name))) = (group.shape, group.id.rsplit_once('/')) {
            Arc::make_mut(&mut site.terms)
                .insert((t, crate::text::slug::slugify(name)), GroupIx::new(i));
        }
    }
    let term_groups: Vec<_> = term_groups.into_iter().map(|ix| ix.map(GroupIx::new)).collect();
    listing::fill(&mut site, &terms, &term_groups);
    site.relations = Arc::new(Relations::of(&site));
    add_files(&mut site, tree, &mut Places::new(&config, &slugs), &hidden_folders);
    site
}

fn add_pages(
    site: &mut Site,
    drafts: Vec<Draft>,
    mut shown: Vec<Option<Arc<Document>>>,
    slugs: &Slugs,
    problems: &Problems,
) {
    let languages = site.config.languages.len();
    let parents: Vec<Option<usize>> = drafts.iter().map(|draft| draft.parent).collect();
    let group = |draft: Draft| Group {
        id: draft.id,
        shape: draft.shape,
        original: draft.original,
        facts: draft.facts,
        terms: draft.terms,
        newest: draft.newest,
    };
    site.groups = drafts.into_iter().map(group).collect();
    let mut wanted = Vec::with_capacity(shown.len());
    for lang in 0..languages {
        let slots = shown.iter_mut().zip(&mut site.versions).skip(lang).step_by(languages);
        for (i, (document, version)) in slots.enumerate() {
            let Some(document) = document.take() else { continue };
            *version = Some(PageIx::new(wanted.len()));
            wanted.push((GroupIx::new(i), lang, document));
        }
    }
    let (config, placed) = (&site.config, &*site);
    let (mut pages, mut found) = (Vec::new(), Vec::new());
    wanted
        .into_par_iter()
        .with_min_len(256)
        .map_init(
            || Places::new(config, slugs),
            |places, (ix, lang, document)| {
                let problems = Problems::new();
                let group = placed.group(ix);
                let url =
                    places.page(&group.id, group.shape, lang, &document, &group.facts, &problems);
                let title = title(&document, group.shape, lang, &placed.frame);
                let parent = parents.get(ix.0 as usize).copied().flatten();
                let page = Page {
                    group: ix,
                    lang,
                    document,
                    url: url.into(),
                    title,
                    shares_anchors: OnceLock::new(),
                    section: parent.and_then(|ix| placed.version(GroupIx::new(ix), lang)),
                    neighbours: (None, None),
                    lists: None,
                };
                let found = problems.into_vec();
                (page, (!found.is_empty()).then(|| Box::new(found)))
            },
        )
        .unzip_into_vecs(&mut pages, &mut found);
    site.pages = pages;
    problems.extend(found.into_iter().flatten().flat_map(|found| *found));
}

/// The title of a page; a taxonomy that no file describes is named by the message `taxonomy-NAME`.
pub(super) fn title(document: &Document, shape: Shape, lang: usize, frame: &Frame) -> Arc<str> {
    let own = document.front.title.as_ref().unwrap_or(&document.id);
    if let (Shape::Taxonomy(_), true, Some(tools)) =
        (shape, document.is_synthetic(), frame.tools.get(lang))
    {
        let key = format!("taxonomy-{own}");
        if let Some(title) = frame.messages.get(lang, &key, None, &tools.numbers, &[]) {
            return title.into();
        }
    }
    Arc::clone(own)
}

/// Where the sources are as BibTeX, and as CSL-JSON.
pub const BIBTEX: &str = "/data/sources.bib";
/// See [`BIBTEX`].
pub const CSL: &str = "/data/sources.csl.json";

/// Places the files that lie beside documents, and notes the paths of static files.
fn add_files(site: &mut Site, tree: &SourceTree, places: &mut Places<'_>, hidden: &[Arc<str>]) {
    let is_source = |path: &str| path.ends_with(".md") || is_table(path);
    for file in tree.under("content/").filter(|file| !is_source(&file.path)) {
        let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // A picture can say as much as the page that waits for its day.
        if hidden.iter().any(|page| is_below(path, page)) {
            continue;
        }
        let url: Arc<str> = format!("{}{name}", places.folder(folder, 0)).into();
        Arc::make_mut(&mut site.files_by_path).insert(Arc::clone(&file.path), site.files.len());
        Arc::make_mut(&mut site.published).insert(Arc::clone(&url));
        site.files.push(ContentFile { file: file.clone(), url });
    }
    let statics = tree.under("static/").filter_map(|file| file.path.strip_prefix("static"));
    Arc::make_mut(&mut site.published).extend(statics.map(Arc::from));
    let theme = tree.layered("static/").into_keys().map(|path| Arc::from(format!("/{path}")));
    Arc::make_mut(&mut site.published).extend(theme);
    // What the program makes besides pages may be linked too.
    let sources = [BIBTEX, CSL].into_iter().filter(|_| site.has_sources());
    let made = ["/sitemap.xml", "/robots.txt"].into_iter().chain(sources).map(str::to_owned);
    let homes = (0..site.config.languages.len()).filter_map(|lang| site.home(lang));
    let lost = homes.map(|home| format!("{}404.html", site.page(home).url));
    let feeds = site.pages.iter().filter(|page| site.has_feed(page));
    let feeds = feeds.flat_map(|page| ["atom.xml", "rss.xml"].map(|f| format!("{}{f}", page.url)));
    let more: Vec<Arc<str>> = made.chain(lost).chain(feeds).map(Arc::from).collect();
    Arc::make_mut(&mut site.published).extend(more);
}
