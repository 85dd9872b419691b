//! The pages of a site as they are searched.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde_json::{Map, Value};

use super::files::Facets;
use super::index::{Collected, Field, Index};
use super::shards::Shards;
use crate::diagnostic::Diagnostic;
use crate::document::{Block, LinkKind};
use crate::knowledge::{Field as KindField, FieldType, items};
use crate::site::{Page, PageIx, SYNONYMS, Shape, Site, Target};
use crate::source::SourceTree;
use crate::text::search::Rules;

/// How many pages are looked at together.
const PART: usize = 256;
/// How many pages there are for each piece of an index, and how many pieces there are at most.
const PAGES_A_PIECE: usize = 8;
const MOST_PIECES: usize = 1024;

/// Whether a site is searched: its theme has a page for it, and the site does not forbid it.
#[must_use]
pub fn has_search(tree: &SourceTree) -> bool {
    tree.config.output.search && tree.layered("templates/").contains_key("search.html")
}

/// The texts of a page.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    /// What it is called elsewhere: its titles in other languages, its names.
    pub names: Vec<String>,
    /// Its text, block by block.
    pub blocks: Cow<'a, [Block]>,
    /// What its facts say in words.
    pub facts: Vec<String>,
}

/// What is found in the pages of a language.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The pages by their numbers.
    pub pages: Vec<PageIx>,
    /// The index.
    pub shards: Shards,
    /// What tells the texts of the pages from those before a change.
    pub texts: Vec<u8>,
    /// What the pages are of.
    pub(super) facets: OnceLock<Facets>,
}

/// The pages of a language that are searched, by their numbers: the older first, so that a new page leaves
/// the others' numbers as they are.
#[must_use]
pub fn pages(site: &Site, lang: usize) -> Vec<PageIx> {
    let mut pages: Vec<PageIx> =
        site.page_indices().filter(|ix| is_searched(site, site.page(*ix), lang)).collect();
    pages.sort_by_cached_key(|ix| {
        let page = site.page(*ix);
        (site.date(page).map(|date| date.sort_key()), *ix)
    });
    pages
}

/// Whether a page is searched in a language: in its own, unless it is a list of all that there is.
fn is_searched(site: &Site, page: &Page, lang: usize) -> bool {
    page.lang == lang
        && match site.group_of(page).shape {
            Shape::Page => !page.is_untranslated(),
            Shape::Section | Shape::Term(_) => true,
            Shape::Taxonomy(_) => false,
        }
}

/// How many pieces the index of so many pages has: known before it is made.
#[must_use]
pub fn pieces(pages: usize) -> usize {
    pages.div_ceil(PAGES_A_PIECE).clamp(1, MOST_PIECES)
}

/// The texts of a page, which are read again.
///
/// # Errors
/// Where its file can no longer be read, or is not what it was.
pub fn texts<'a>(site: &'a Site, page: &'a Page) -> Result<Texts<'a>, Diagnostic> {
    let blocks = match page.is_untranslated() {
        true => Cow::Borrowed(&[][..]),
        false => page.document.prose(&site.config)?,
    };
    let text = |block: &Block| site.with_titles(page, &block.text).into_owned();
    let blocks = match blocks.iter().any(|block| block.refers) {
        false => blocks,
        true => blocks.iter().map(|block| Block { text: text(block), ..*block }).collect(),
    };
    let mut gathering = Facts { site, page, names: titles(site, page), facts: Vec::new() };
    gathering.all();
    Ok(Texts { names: gathering.names, blocks, facts: gathering.facts })
}

/// The titles of a page in the other languages.
fn titles(site: &Site, page: &Page) -> Vec<String> {
    let versions = site.versions(page.group).iter().flatten().map(|ix| site.page(*ix));
    let mut titles: Vec<String> = versions
        .filter(|other| other.lang != page.lang && other.title != page.title)
        .map(|other| other.title.to_string())
        .collect();
    titles.dedup();
    titles
}

/// Gathers what the facts of a page say in words.
struct Facts<'a> {
    site: &'a Site,
    page: &'a Page,
    names: Vec<String>,
    facts: Vec<String>,
}

impl Facts<'_> {
    fn all(&mut self) {
        let site = self.site;
        let group = site.group_of(self.page);
        let Some(kind) = &group.facts.kind else { return };
        let own = &self.page.document.front.fields;
        for field in kind.fields.iter().filter(|field| !field.private) {
            let value =
                own.get(&field.name).or_else(|| group.original.front.fields.get(&field.name));
            if let Some(value) = value {
                self.value(field, &field.type_, value);
            }
        }
    }

    fn value(&mut self, field: &KindField, type_: &FieldType, value: &Value) {
        match (type_, value) {
            (FieldType::List(of), value) => {
                for (_, item) in items(value) {
                    self.value(field, of, item);
                }
            }
            (FieldType::Record(fields), Value::Object(values)) => {
                for inner in fields.iter().filter(|inner| !inner.private) {
                    if let Some(value) = values.get(&inner.name) {
                        self.value(inner, &inner.type_, value);
                    }
                }
            }
            (FieldType::Record(fields), value) => {
                if let Some(first) = fields.first().filter(|first| !first.private) {
                    self.value(first, &first.type_, value);
                }
            }
            (FieldType::Text, Value::String(text)) => {
                let text = field.plain(text).to_owned();
                self.say(field, text);
            }
            (FieldType::Localized, Value::String(text)) => self.say(field, text.clone()),
            (FieldType::Localized, Value::Object(texts)) => {
                let text = localized(texts, self.site.language(self.page.lang).lang.as_str());
                text.into_iter().for_each(|text| self.say(field, text));
            }
            (FieldType::Reference(_), Value::String(reference)) => {
                let resolved = self.site.resolve(self.page, LinkKind::Wiki, reference);
                if let Ok(Target::Page(ix)) = resolved.map(|resolved| resolved.target) {
                    self.facts.push(self.site.page(ix).title.to_string());
                }
            }
            _ => {}
        }
    }

    fn say(&mut self, field: &KindField, text: String) {
        // alternateName, legalName, familyName …
        let is_name = field.property.as_deref().is_some_and(|p| p == "name" || p.ends_with("Name"));
        if is_name { self.names.push(text) } else { self.facts.push(text) }
    }
}

/// A text in a language, or in all where there is none in that.
fn localized(texts: &Map<String, Value>, lang: &str) -> Vec<String> {
    let own = texts.get(lang).and_then(Value::as_str);
    let texts = texts.values().filter_map(Value::as_str);
    own.map_or_else(|| texts.map(str::to_owned).collect(), |own| vec![own.to_owned()])
}

/// The groups of words that a site declares to mean the same, in `data/search-synonyms.yaml`.
#[must_use]
pub fn same(site: &Site) -> Vec<Vec<String>> {
    let groups = site.frame.data.get(SYNONYMS).and_then(Value::as_array);
    let words = |group: &Value| -> Vec<String> {
        group
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    groups.into_iter().flatten().map(words).collect()
}

/// A digest of all that the texts of a language's pages are made of, which is less than the texts.
fn made_of(site: &Site, lang: usize, pages: &[PageIx]) -> Vec<u8> {
    let base = site.config.base.path("/");
    let version = env!("CARGO_PKG_VERSION");
    let mut all = format!("{version}\n{base}\n{:?}\n", site.language(lang)).into_bytes();
    for ix in pages {
        all.extend_from_slice(site.page(*ix).url.as_bytes());
        all.push(b'\n');
    }
    // Titles of any page can stand in a text, and facts of its original beside it.
    for ix in site.page_indices() {
        all.extend_from_slice(&site.page(ix).document.digest);
    }
    blake3::hash(&all).as_bytes().to_vec()
}

impl Built {
    /// Makes the index of a language. Pages whose text can no longer be read are found by their titles; that
    /// they cannot is said where they are rendered.
    #[must_use]
    pub fn of(site: &Site, lang: usize) -> Self {
        let pages = pages(site, lang);
        let collect = |pages: &[PageIx]| {
            let mut collected = Collected::default();
            for ix in pages {
                let page = site.page(*ix);
                let texts = texts(site, page).unwrap_or_default();
                let description = page.document.front.description.as_deref().unwrap_or_default();
                let field =
                    |block: &Block| if block.heading { Field::Heading } else { Field::Text };
                let fields = std::iter::once((Field::Title, &*page.title))
                    .chain(texts.names.iter().map(|name| (Field::Name, name.as_str())))
                    .chain(std::iter::once((Field::Text, description)))
                    .chain(texts.blocks.iter().map(|block| (field(block), block.text.as_str())))
                    .chain(texts.facts.iter().map(|fact| (Field::Text, fact.as_str())));
                collected.page(fields);
            }
            collected
        };
        // A worker that waits for others may be given what waits for this index.
        let parts: Vec<Collected> = match rayon::current_thread_index() {
            Some(_) => pages.chunks(PART).map(collect).collect(),
            None => pages.par_chunks(PART).map(collect).collect(),
        };
        let mut parts = parts.into_iter();
        let mut collected = parts.next().unwrap_or_default();
        parts.for_each(|part| collected.append(part));
        let texts = made_of(site, lang, &pages);
        let rules = Rules::of(&site.language(lang).lang);
        let index = Index::of(&collected, rules, &same(site));
        let shards = Shards::of(&index, pieces(pages.len()));
        Self { pages, shards, texts, facets: OnceLock::new() }
    }
}
