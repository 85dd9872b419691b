//! What files the site will have.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::assets::pictures::Pictures;
use crate::assets::{Asset, Assets, Derived};
use crate::card;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::front_matter::key_path;
use crate::document::is_raster;
use crate::knowledge::Kind;
use crate::search::files::SearchPart;
use crate::search::site::has_search;
use crate::site::{BIBTEX, CSL, GroupIx, Page, PageIx, Shape, Site, alias};
use crate::source::{SourceFile, SourceTree};
use crate::text::nfc;

use super::{data, searches, sitemap, variants};

/// A file that the site will have.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its path in the output folder: decoded, NFC, `/` between parts.
    pub path: Box<str>,
    /// What makes it.
    pub what: What,
}

/// What makes an output.
#[derive(Clone, Debug)]
pub enum What {
    /// A page, or a listing page of a section or term; the first is number 1.
    Page(PageIx, usize),
    /// The social card of a page.
    Card(PageIx),
    /// The page for missing addresses, in a language.
    NotFound(usize),
    /// A feed of a home, section or term.
    Feed(PageIx, FeedFormat),
    /// A sitemap with these of the indexable pages.
    Sitemap(std::ops::Range<usize>),
    /// The list of this many sitemaps.
    SitemapIndex(usize),
    /// `robots.txt`
    Robots,
    /// The sources, for other programs.
    Sources(SourceFormat),
    /// A redirect to a page from an alias, by its number among the page's.
    Redirect(PageIx, usize),
    /// A redirect to a page from the address that is its IRI.
    Iri(PageIx),
    /// What is said of a page and its versions.
    Data(GroupIx, RdfFormat),
    /// What is said of all pages.
    Dump(RdfFormat),
    /// The terms of the site's own vocabulary.
    Vocabulary,
    /// The pages of a kind.
    Table(Arc<Kind>, TableFormat),
    /// The page that a language is searched on.
    SearchPage(usize),
    /// A part of what a language is searched by, by its index.
    Search(usize, SearchPart),
    /// What searching shows of a page.
    SearchText(PageIx),
    /// A fingerprinted asset.
    Asset(Arc<Asset>),
    /// A file that is made from others.
    Derived(Arc<Derived>),
    /// A file published as it is.
    File(SourceFile),
    /// A picture published without what it tells of its making.
    Picture(SourceFile),
}

/// The formats of lists of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceFormat {
    /// BibTeX, in the words of biblatex.
    Bibtex,
    /// CSL-JSON.
    Csl,
}

/// The formats of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RdfFormat {
    /// JSON-LD 1.1.
    JsonLd,
    /// RDF 1.1 Turtle.
    Turtle,
}

impl RdfFormat {
    /// Both.
    pub const ALL: [Self; 2] = [Self::JsonLd, Self::Turtle];

    /// The end of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::JsonLd => "jsonld",
            Self::Turtle => "ttl",
        }
    }
}

/// The formats of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// RFC 4180.
    Csv,
    /// RFC 8259.
    Json,
}

/// The formats of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedFormat {
    /// RFC 4287.
    Atom,
    /// RSS 2.0.
    Rss,
}

impl FeedFormat {
    /// The name of the feed's file, below its page.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Atom => "atom.xml",
            Self::Rss => "rss.xml",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
        }
    }
}

/// How many pages a listing page of a section or term shows; 0 for all.
#[must_use]
pub fn page_size(site: &Site, page: &Page) -> usize {
    let group = site.group_of(page);
    match group.shape {
        Shape::Term(t) => site.config.taxonomies.get(t).map_or(0, |taxonomy| taxonomy.paginate),
        Shape::Section => {
            let own = group.facts.front.paginate;
            own.unwrap_or(site.config.output.paginate)
        }
        Shape::Page | Shape::Taxonomy(_) => 0,
    }
}

/// How many listing pages a page has; at least 1.
#[must_use]
pub fn page_count(site: &Site, page: &Page) -> usize {
    match page_size(site, page) {
        0 => 1,
        size => page.listing().len().div_ceil(size).max(1),
    }
}

/// The decoded path of a listing page.
#[must_use]
pub fn page_url(page: &Page, number: usize) -> String {
    if number <= 1 { page.url.to_string() } else { format!("{}page/{number}/", page.url) }
}

/// The feeds that a page has.
#[must_use]
pub fn feeds(site: &Site, page: &Page) -> Vec<FeedFormat> {
    match (site.has_feed(page), site.config.output.rss) {
        (false, _) => Vec::new(),
        (true, false) => vec![FeedFormat::Atom],
        (true, true) => vec![FeedFormat::Atom, FeedFormat::Rss],
    }
}

/// The decoded path of a page's social card, where it has one: a page that is shown untranslated has none of its
/// own. `drawn` says that the theme draws cards.
#[must_use]
pub fn card_url(site: &Site, page: &Page, drawn: bool) -> Option<String> {
    let own = !page.is_untranslated() || page.document.is_synthetic();
    (drawn && own && site.config.output.cards).then(|| format!("{}{}", page.url, card::FILE_NAME))
}

/// The path in the output folder of a decoded path of the site.
#[must_use]
pub fn file_path(url: &str) -> String {
    let path = url.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

/// Plans every output of a site, in the order of their paths. Paths that collide are reported. Without
/// `pictures` the variants of these are left out, so that no picture is read: [`super::variant`] finds one.
#[must_use]
pub fn plan(
    site: &Site,
    assets: &Assets,
    pictures: Option<&Pictures>,
    tree: &SourceTree,
    problems: &Problems,
) -> Vec<Output> {
    let cards = tree
        .layers()
        .iter()
        .any(|layer| layer.under("templates/").any(|(path, _)| path == card::TEMPLATE));
    let outputs = Vec::with_capacity(site.pages.len() * (1 + usize::from(cards)) + 64);
    let mut plan = Plan { site, cards, outputs };
    let pages: Vec<PageIx> = site.page_indices().collect();
    let parts: Vec<(Vec<Output>, Vec<Diagnostic>)> = pages
        .par_chunks((pages.len() / 16).clamp(256, 8192))
        .map(|pages| {
            let problems = Problems::new();
            let outputs = Vec::with_capacity(pages.len() * (1 + usize::from(cards)) + 16);
            let mut part = Plan { site, cards, outputs };
            pages.iter().for_each(|ix| part.page(*ix, &problems));
            (part.outputs, problems.into_vec())
        })
        .collect();
    for (mut outputs, found) in parts {
        plan.outputs.append(&mut outputs);
        problems.extend(found);
    }
    for lang in 0..site.config.languages.len() {
        let root = site.home(lang).map_or("/", |ix| &*site.page(ix).url);
        plan.add(&format!("{root}404.html"), What::NotFound(lang));
    }
    for asset in assets.iter() {
        plan.add(&asset.url, What::Asset(Arc::clone(asset)));
    }
    for derived in assets.derived() {
        plan.add(&derived.url, What::Derived(Arc::clone(derived)));
    }
    for file in &site.files {
        let own = file.file.clone();
        let picture = is_raster(&own.path);
        plan.add(&file.url, if picture { What::Picture(own) } else { What::File(own) });
    }
    let made = pictures.map(|pictures| variants::all(site, pictures, problems));
    for derived in made.into_iter().flatten().map(Arc::new) {
        plan.add(&derived.url, What::Derived(Arc::clone(&derived)));
    }
    plan.statics(tree);
    plan.sitemaps();
    plan.unless_there("/robots.txt", What::Robots);
    if site.has_sources() {
        plan.unless_there(BIBTEX, What::Sources(SourceFormat::Bibtex));
        plan.unless_there(CSL, What::Sources(SourceFormat::Csl));
    }
    plan.data();
    if has_search(tree) {
        for (url, what) in searches::outputs(site) {
            plan.add(&url, what);
        }
    }
    plan.finish(problems)
}

struct Plan<'a> {
    site: &'a Site,
    /// Whether the theme draws cards.
    cards: bool,
    outputs: Vec<Output>,
}

impl Plan<'_> {
    fn add(&mut self, url: &str, what: What) {
        let path = file_path(url);
        let path = match nfc(&path) {
            Cow::Borrowed(_) => path,
            Cow::Owned(normal) => normal,
        };
        self.outputs.push(Output { path: path.into(), what });
    }

    /// Adds a file unless the site has one of its own there.
    fn unless_there(&mut self, url: &str, what: What) {
        let path = file_path(url);
        if !self.outputs.iter().any(|output| *output.path == *path) {
            self.add(url, what);
        }
    }

    fn page(&mut self, ix: PageIx, problems: &Problems) {
        let site = self.site;
        let page = site.page(ix);
        self.add(&page.url, What::Page(ix, 1));
        for number in 2..=page_count(site, page) {
            self.add(&page_url(page, number), What::Page(ix, number));
        }
        if let Some(url) = card_url(site, page, self.cards) {
            self.add(&url, What::Card(ix));
        }
        for format in feeds(site, page) {
            let url = format!("{}{}", page.url, format.file_name());
            self.add(&url, What::Feed(ix, format));
        }
        if page.is_untranslated() {
            return;
        }
        let root = site.home(page.lang).map_or("/", |home| &*site.page(home).url);
        for (i, written) in page.document.front.aliases.iter().enumerate() {
            match alias(written, root) {
                Ok(url) => self.add(&url, What::Redirect(ix, i)),
                Err(why) => {
                    let mut path = key_path("aliases").to_vec();
                    path.push(crate::config::reader::Step::Index(i));
                    let message = format!("the alias «{written}» {why}");
                    let problem = Diagnostic::error(codes::BAD_PATH, message)
                        .at(page.document.value_span(&path))
                        .hint("write a path of this site, such as /old/name/");
                    problems.push(problem);
                }
            }
        }
    }

    fn statics(&mut self, tree: &SourceTree) {
        let mut own = std::collections::HashSet::new();
        for file in tree.under("static/") {
            let Some(url) = file.path.strip_prefix("static") else {
                continue;
            };
            own.insert(url.to_owned());
            self.add(url, What::File(file.clone()));
        }
        for (path, file) in tree.layered("static/") {
            let url = format!("/{path}");
            if !own.contains(&url) {
                self.add(&url, What::File(file.clone()));
            }
        }
    }

    fn sitemaps(&mut self) {
        if !self.site.config.output.sitemap {
            return;
        }
        let parts = sitemap::parts(self.site);
        if let [single] = parts.as_slice() {
            return self.add("/sitemap.xml", What::Sitemap(single.clone()));
        }
        self.add("/sitemap.xml", What::SitemapIndex(parts.len()));
        for (n, part) in parts.into_iter().enumerate() {
            self.add(&sitemap::part_url(n), What::Sitemap(part));
        }
    }

    fn data(&mut self) {
        for (url, what) in data::outputs(self.site) {
            self.add(&url, what);
        }
        for (url, what) in data::redirects(self.site, &self.outputs) {
            self.add(&url, what);
        }
    }

    /// Sorts the outputs, and reports those that would be one file or a file and a folder, also on
    /// file systems that do not tell letter cases apart.
    fn finish(self, problems: &Problems) -> Vec<Output> {
        let mut all = self.outputs;
        all.par_sort_by(|a, b| a.path.cmp(&b.path));
        let mut wrong: Vec<usize> = Vec::new();
        for (this, first) in clashes(&all) {
            if let (Some(this), Some(first)) = (all.get(this), all.get(first)) {
                problems.push(collision(self.site, this, first));
            }
            wrong.push(this);
        }
        if wrong.is_empty() {
            return all;
        }
        wrong.sort_unstable();
        let stays = |i: usize| wrong.binary_search(&i).is_err();
        all.into_iter().enumerate().filter(|(i, _)| stays(*i)).map(|(_, output)| output).collect()
    }
}

/// The outputs, in order, that cannot be beside an earlier one, or below a file; each with that one.
fn clashes<'a>(all: &'a [Output]) -> Vec<(usize, usize)> {
    let folds = |path: &str| !path.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
    // Nearly always no path has capitals, and the paths are in order as they are.
    let plain = all.par_iter().with_min_len(1024).all(|output| {
        !folds(&output.path) || output.path.chars().all(|c| c.to_lowercase().eq([c]))
    });
    let mut keys: Vec<(Cow<'a, str>, usize)> = Vec::new();
    if !plain {
        let key = |output: &'a Output| -> Cow<'a, str> {
            let path = &*output.path;
            if folds(path) { path.to_lowercase().into() } else { path.into() }
        };
        keys = all.iter().map(key).zip(0..).collect();
        keys.par_sort_unstable();
    }
    let key = |n: usize| -> Option<(&str, usize)> {
        if plain {
            return Some((&all.get(n)?.path, n));
        }
        keys.get(n).map(|(key, i)| (&**key, *i))
    };
    // What is equal to a path, or below it, comes after it, and what stands between begins as it does.
    let after = |n: usize| {
        let mut found = Vec::new();
        let Some((path, first)) = key(n) else { return found };
        let is_first = n.checked_sub(1).and_then(key).is_none_or(|(before, _)| before != path);
        let others = (n + 1..).map_while(key).take_while(|(other, _)| other.starts_with(path));
        for (other, i) in others.filter(|_| is_first) {
            if other.len() == path.len() || other.as_bytes().get(path.len()) == Some(&b'/') {
                found.push((i, first));
            }
        }
        found
    };
    (0..all.len()).into_par_iter().with_min_len(1024).flat_map_iter(after).collect()
}

/// The file that an output comes from.
fn owner<'a>(site: &'a Site, output: &'a Output) -> Option<&'a Arc<str>> {
    match &output.what {
        What::Page(ix, _)
        | What::Card(ix)
        | What::Feed(ix, _)
        | What::Redirect(ix, _)
        | What::Iri(ix) => {
            let document = &site.page(*ix).document;
            Some(&document.file.path).filter(|_| !document.is_synthetic())
        }
        What::Data(group, _) => Some(&site.group(*group).original.file.path),
        What::File(file) | What::Picture(file) => Some(&file.path),
        _ => None,
    }
}

/// Whether an output is data that nobody asked for by name.
fn is_data(what: &What) -> bool {
    matches!(what, What::Data(..) | What::Dump(_) | What::Vocabulary | What::Table(..))
}

fn collision(site: &Site, output: &Output, first: &Output) -> Diagnostic {
    let message = if output.path == first.path {
        format!("two sources want the path /{}", output.path)
    } else {
        format!("the paths /{} and /{} cannot be side by side everywhere", output.path, first.path)
    };
    let mut problem = Diagnostic::error(codes::PATH_COLLISION, message);
    let ours = [&output.what, &first.what];
    let any = |test: fn(&What) -> bool| ours.iter().any(|what| test(what));
    problem = problem.hint(if any(|w| matches!(w, What::Redirect(..))) {
        "remove or change the alias"
    } else if any(|w| matches!(w, What::Sitemap(_) | What::SitemapIndex(_))) {
        "the program makes the sitemap: rename the file, or set `sitemap = false` under [output]"
    } else if any(is_data) {
        "the program makes the data: rename the file, or set `linked_data = false` under [output]"
    } else if any(|w| matches!(w, What::Card(_))) {
        "the program draws the card: rename the file, or set `cards = false` under [output]"
    } else if any(|w| matches!(w, What::File(_) | What::Picture(_))) {
        "rename or remove the file, or give the page another `slug`"
    } else {
        "give one of them another `slug`, or rename its file"
    });
    if let Some(owner) = owner(site, output) {
        problem = problem.at(place(site, &output.what, owner));
    }
    if let Some(owner) = owner(site, first) {
        problem = problem.related(place(site, &first.what, owner), "the other one");
    }
    problem
}

/// The place that an output's path comes from.
fn place(site: &Site, what: &What, owner: &Arc<str>) -> Span {
    let What::Redirect(ix, i) = what else { return Span::file(owner) };
    let mut path = key_path("aliases").to_vec();
    path.push(crate::config::reader::Step::Index(*i));
    site.page(*ix).document.value_span(&path)
}
