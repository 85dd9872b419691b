//! Every document placed: sections, terms, translations, links. A [`Site`] is immutable and made anew
//! whenever a file changes. It does no I/O but to read a body that was not parsed with its front
//! matter.

mod assemble;
mod bibliography;
mod citations;
mod claims;
mod data;
mod facts;
mod follow;
mod frame;
mod hierarchy;
mod links;
mod listing;
mod lookup;
pub mod messages;
mod parse;
mod place;
mod record;
mod relations;
mod renew;
mod rows;
mod settings;
mod terms;
mod versions;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use self::lookup::Lookup;
use crate::config::{Config, Language};
use crate::diagnostic::Names;
use crate::document::markdown::REFERENCE;
use crate::document::{Document, FrontMatter, Heading, LinkKind, Sort};
use crate::knowledge::Kind;
use crate::source::SourceFile;
use crate::text::Edtf;
use crate::text::date::Dates;
use crate::text::{Collation, Lists, Numbers};

pub use assemble::{BIBTEX, CSL, Clock, assemble};
pub use citations::Citing;
pub use data::SYNONYMS;
pub use follow::Links;
pub use frame::Frame;
pub use links::{LinkProblem, Resolved, Target, is_external, is_unsafe};
pub use messages::Messages;
pub use parse::{Load, parse, parse_bodies};
pub(crate) use place::alias;
pub use relations::{Relation, RelationType, Relations};
pub use renew::Newer;

/// The index of a [`Page`] in its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageIx(u32);

/// The index of a [`Group`] in its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIx(u32);

impl PageIx {
    fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The page's place in [`Site::pages`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl GroupIx {
    /// The home, whose id comes first, since it is empty.
    pub const HOME: Self = Self(0);

    fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// What a page is in the tree of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A single page.
    Page,
    /// A section with its pages; the home is one.
    Section,
    /// The list of a taxonomy's terms; the index is into [`Config::taxonomies`].
    Taxonomy(usize),
    /// A term with its pages.
    Term(usize),
}

/// All versions of one page, and the facts that they share.
#[derive(Debug)]
pub struct Group {
    /// The page's id.
    pub id: Arc<str>,
    /// What it is.
    pub shape: Shape,
    /// The file that holds the facts: in the first language that has one.
    pub original: Arc<Document>,
    /// What the original and the sections above it say.
    pub facts: Facts,
    /// Where its terms are among those of all, while lists are made.
    terms: std::ops::Range<usize>,
    /// A number that sorts it by its date, the newest first; the greatest where it has none.
    newest: i64,
}

/// What does not depend on language.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The kind.
    pub kind: Option<Arc<Kind>>,
    /// The front matter of the original; where its sections hand something down, a copy with that.
    pub front: Arc<FrontMatter>,
}

/// A page in one language of the site.
#[derive(Debug)]
pub struct Page {
    /// The page in all languages.
    pub group: GroupIx,
    /// The language that it is listed in, as an index into the site's.
    pub lang: usize,
    /// The document whose text it shows: in its own language, or the original.
    pub document: Arc<Document>,
    /// The decoded path on the site: `/en/places/gwadar-port/`.
    pub url: Arc<str>,
    /// The title.
    pub title: Arc<str>,
    /// Whether its headings have the anchors of the original's, once that was asked.
    shares_anchors: OnceLock<bool>,
    /// The section that it is in; `None` for homes.
    pub section: Option<PageIx>,
    /// The pages before and after it in its section's order.
    pub neighbours: (Option<PageIx>, Option<PageIx>),
    /// What is in it, for those pages that can hold others.
    lists: Option<Box<Contents>>,
}

/// What a section, taxonomy or term holds.
#[derive(Clone, Debug, Default)]
struct Contents {
    listing: Vec<PageIx>,
    subsections: Vec<PageIx>,
}

impl Page {
    /// Whether it shows the original because its language has no version of its own.
    #[must_use]
    pub fn is_untranslated(&self) -> bool {
        self.document.lang != self.lang
    }

    /// The pages of a section or term in their order; for a taxonomy, its terms.
    #[must_use]
    pub fn listing(&self) -> &[PageIx] {
        self.lists.as_ref().map_or(&[], |lists| &lists.listing)
    }

    /// The sections directly below it.
    #[must_use]
    pub fn subsections(&self) -> &[PageIx] {
        self.lists.as_ref().map_or(&[], |lists| &lists.subsections)
    }
}

/// A file of `content/` that is no document.
#[derive(Clone, Debug)]
pub struct ContentFile {
    /// The file.
    pub file: SourceFile,
    /// The decoded path that it is published at.
    pub url: Arc<str>,
}

/// What belongs to one language: its settings, formatters and order.
#[derive(Debug)]
pub struct LanguageTools {
    /// Dates.
    pub dates: Dates,
    /// Numbers and plurals.
    pub numbers: Numbers,
    /// Alphabetical order.
    pub collation: Collation,
    /// Lists in a sentence.
    pub lists: Lists,
}

/// A site, assembled.
#[derive(Debug)]
pub struct Site {
    /// The settings.
    pub config: Arc<Config>,
    /// What all pages share.
    pub frame: Arc<Frame>,
    /// All pages in all languages, by language and then by id.
    pub pages: Vec<Page>,
    /// All pages, each once for all languages, by id.
    pub groups: Vec<Group>,
    /// Files beside the documents.
    pub files: Vec<ContentFile>,
    /// The ids of the pages that are left out because they are drafts, of the future or expired, in their
    /// order.
    pub not_shown: Arc<[Arc<str>]>,
    /// The versions of each group in turn, one for each language.
    versions: Vec<Option<PageIx>>,
    /// Groups by their ids and by the last parts of those, pages by their URLs: each made when
    /// something is first looked up in it.
    by_id: Arc<OnceLock<Lookup>>,
    by_name: Arc<OnceLock<Lookup>>,
    by_url: Arc<OnceLock<Lookup>>,
    terms: Arc<HashMap<(usize, String), GroupIx>>,
    files_by_path: Arc<HashMap<Arc<str>, usize>>,
    files_by_url: Arc<OnceLock<HashMap<Arc<str>, usize>>>,
    published: Arc<HashSet<Arc<str>>>,
    links: OnceLock<Links>,
    relations: Arc<Relations>,
    /// Ids and their last parts, for suggestions; made when a link first leads nowhere.
    names: OnceLock<Names>,
}

/// The last part of an id.
fn last_part(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// How many of so many equal pieces of work a worker should take at once: few enough that no worker
/// is left without, and enough that what each share costs by itself does not count.
fn share(count: usize) -> usize {
    (count / (rayon::current_num_threads() * 4)).clamp(256, 8192)
}

impl Site {
    /// A page.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a PageIx is only made for a page of its site")]
    pub fn page(&self, ix: PageIx) -> &Page {
        &self.pages[ix.index()]
    }

    /// A group.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "a GroupIx is only made for a group of its site")]
    pub fn group(&self, ix: GroupIx) -> &Group {
        &self.groups[ix.0 as usize]
    }

    /// The group of a page.
    #[must_use]
    pub fn group_of(&self, page: &Page) -> &Group {
        self.group(page.group)
    }

    /// The settings of a language.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "pages and documents hold indices of the site's languages"
    )]
    pub fn language(&self, lang: usize) -> &Language {
        &self.config.languages[lang]
    }

    /// The formatters of a language.
    #[must_use]
    #[allow(clippy::indexing_slicing, reason = "there is one for each language")]
    pub fn tools(&self, lang: usize) -> &LanguageTools {
        &self.frame.tools[lang]
    }

    /// The indices of all pages.
    pub fn page_indices(&self) -> impl Iterator<Item = PageIx> + use<> {
        (0..self.pages.len()).map(PageIx::new)
    }

    /// The indices of all groups.
    pub fn group_indices(&self) -> impl Iterator<Item = GroupIx> + use<> {
        (0..self.groups.len()).map(GroupIx::new)
    }

    /// The home of a language.
    #[must_use]
    pub fn home(&self, lang: usize) -> Option<PageIx> {
        // Its id is empty, so that it comes first.
        self.version(GroupIx(0), lang)
    }

    /// The versions of a page, one for each language of the site.
    #[must_use]
    pub fn versions(&self, group: GroupIx) -> &[Option<PageIx>] {
        let count = self.config.languages.len();
        let start = group.0 as usize * count;
        self.versions.get(start..start + count).unwrap_or_default()
    }

    /// A page's version in a language.
    #[must_use]
    pub fn version(&self, group: GroupIx, lang: usize) -> Option<PageIx> {
        self.versions(group).get(lang).copied().flatten()
    }

    /// A page's version in a language, or in the first language that has one.
    #[must_use]
    pub fn best_version(&self, group: GroupIx, lang: usize) -> Option<PageIx> {
        self.version(group, lang).or_else(|| self.versions(group).iter().copied().flatten().next())
    }

    /// The group of an id.
    fn by_id(&self, id: &str) -> Option<GroupIx> {
        let text = |n: u32| &*self.group(GroupIx(n)).id;
        let ids = self.by_id.get_or_init(|| Lookup::new(self.groups.len(), text));
        ids.get(id, text).next().map(GroupIx)
    }

    /// The groups whose id has this last part.
    fn by_name(&self, name: &str) -> Vec<GroupIx> {
        let text = |n: u32| last_part(&self.group(GroupIx(n)).id);
        let names = self.by_name.get_or_init(|| Lookup::new(self.groups.len(), text));
        names.get(name, text).map(GroupIx).collect()
    }

    /// The page at a decoded path.
    #[must_use]
    pub fn by_url(&self, url: &str) -> Option<PageIx> {
        let text = |n: u32| &*self.page(PageIx(n)).url;
        let urls = self.by_url.get_or_init(|| Lookup::new(self.pages.len(), text));
        urls.get(url, text).next().map(PageIx)
    }

    /// The term that a page names, by taxonomy.
    #[must_use]
    pub fn term(&self, taxonomy: usize, name: &str) -> Option<GroupIx> {
        self.terms.get(&(taxonomy, crate::text::slug::slugify(name))).copied()
    }

    /// The links between its pages, followed when they are first asked for, which parses every body
    /// that was not.
    ///
    /// It is worked out by rayon's workers, so whatever runs on one of them must not be the first to
    /// ask: the worker would wait for itself. Ask before rendering in parallel.
    #[must_use]
    pub fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::of(self))
    }

    /// The typed references between its pages.
    #[must_use]
    pub fn relations(&self) -> &Relations {
        &self.relations
    }

    /// Whether the links between its pages were followed.
    #[must_use]
    pub fn has_links(&self) -> bool {
        self.links.get().is_some()
    }

    /// The pages whose text links to a page, by their indices. Follows every link where that was not
    /// done: see [`Site::links`].
    #[must_use]
    pub fn backlinks(&self, ix: PageIx) -> &[PageIx] {
        self.links().to(ix)
    }

    /// The pages that rest on a page, by their indices: their text or facts cite it, or they list it
    /// among their sources. Follows every link where that was not done: see [`Site::links`].
    #[must_use]
    pub fn citing(&self, ix: PageIx) -> &[PageIx] {
        self.links().citing(ix)
    }

    /// The date of a page.
    #[must_use]
    pub fn date(&self, page: &Page) -> Option<Edtf> {
        self.group_of(page).facts.front.date
    }

    /// The description of a page: its own, or the beginning of its text.
    #[must_use]
    pub fn description<'a>(&'a self, page: &'a Page) -> Cow<'a, str> {
        match &page.document.front.description {
            Some(own) => Cow::Borrowed(own),
            None => self.with_titles(page, &page.document.body(&self.config).summary),
        }
    }

    /// Plain text of a page with the titles that its wikilinks stand for.
    #[must_use]
    pub fn with_titles<'a>(&self, page: &Page, text: &'a str) -> Cow<'a, str> {
        if !text.contains(REFERENCE) {
            return Cow::Borrowed(text);
        }
        let mut filled = String::with_capacity(text.len() * 2);
        for (i, part) in text.split(REFERENCE).enumerate() {
            match self.wikilink_title(page, part).filter(|_| i % 2 == 1) {
                Some(title) => filled.push_str(&title),
                None => filled.push_str(part),
            }
        }
        Cow::Owned(filled)
    }

    /// The words of a wikilink that has none of its own: the title of the page, or of the heading
    /// where it leads to a place on this one.
    #[must_use]
    pub fn wikilink_title(&self, page: &Page, reference: &str) -> Option<String> {
        let resolved = self.resolve(page, LinkKind::Wiki, reference).ok()?;
        let Target::Page(ix) = resolved.target else { return None };
        let target = self.page(ix);
        let heading = resolved.anchor.filter(|_| reference.starts_with('#')).and_then(|anchor| {
            self.headings(target).find(|(id, _)| **id == *anchor).map(|(_, heading)| heading)
        });
        Some(heading.map_or(&*target.title, |heading| &*heading.text).replace(REFERENCE, ""))
    }

    /// The headings of a page with their anchors: those of the original where the translation has the
    /// same headings, so that a link to a place leads there in every language.
    pub fn headings<'a>(&'a self, page: &'a Page) -> impl Iterator<Item = (&'a str, &'a Heading)> {
        let original = self.shares_anchors(page).then(|| &self.group_of(page).original);
        let original = original.map_or(&[][..], |original| &original.body(&self.config).outline);
        let outline = &page.document.body(&self.config).outline;
        outline.iter().enumerate().map(move |(i, heading)| {
            let shared = original.get(i).filter(|_| !heading.own_id);
            (&*shared.unwrap_or(heading).id, heading)
        })
    }

    /// Whether a translation has the headings of its original, level by level, so that each can keep
    /// its anchor; a heading with an anchor of its author's may not take that of another.
    #[must_use]
    pub fn shares_anchors(&self, page: &Page) -> bool {
        let (document, original) = (&page.document, &self.group_of(page).original);
        if Arc::ptr_eq(document, original) {
            return false;
        }
        *page.shares_anchors.get_or_init(|| {
            let outlines = [document, original].map(|d| &d.body(&self.config).outline);
            let [own, theirs] = outlines;
            if own.len() != theirs.len() {
                return false;
            }
            let pairs = || own.iter().zip(theirs);
            let ids: HashSet<&str> = pairs()
                .map(|(own, other)| if own.own_id { &*own.id } else { &*other.id })
                .collect();
            pairs().all(|(own, other)| own.level == other.level) && ids.len() == theirs.len()
        })
    }

    /// Whether a page has feeds: a home, a section or a term, as it or the settings say.
    #[must_use]
    pub fn has_feed(&self, page: &Page) -> bool {
        let output = &self.config.output;
        let group = self.group_of(page);
        match group.shape {
            Shape::Section if page.section.is_none() => {
                group.facts.front.feed.unwrap_or(output.feed)
            }
            Shape::Section => group.facts.front.feed.unwrap_or(output.section_feeds),
            Shape::Term(t) => self.config.taxonomies.get(t).is_some_and(|taxonomy| taxonomy.feed),
            Shape::Page | Shape::Taxonomy(_) => false,
        }
    }

    /// Sorts pages in place.
    pub fn sort(&self, pages: &mut [PageIx], sort: Sort, lang: usize) {
        listing::sort(self, pages, sort, lang);
    }

    /// The sections above a page, the home first, without the page itself.
    #[must_use]
    pub fn ancestors(&self, page: &Page) -> Vec<PageIx> {
        let mut chain = Vec::new();
        let mut next = page.section;
        while let Some(ix) = next {
            chain.push(ix);
            next = self.page(ix).section;
        }
        chain.reverse();
        chain
    }
}
