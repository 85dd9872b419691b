//! What a script fetches to search: the manifest of a language's index, its pieces, what pages are of, and the
//! text of each page.
//!
//! Only the manifest is asked for anew each time. Pieces have its version in their addresses, and so may be
//! kept for ever; what they are called depends on the number of pages alone, so that it is known before any
//! text is read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::shards::digits;
use super::site::{Built, texts};
use crate::diagnostic::Diagnostic;
use crate::site::{Page, PageIx, Shape, Site};
use crate::text::date::DateStyle;
use crate::text::search::{Rules, tables};

/// The parts of what a language is searched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchPart {
    /// Where its pieces are cut.
    Manifest,
    /// A piece of the index.
    Words(usize),
    /// What pages are of.
    Facets(usize),
    /// What opens the page for searching where there is no connection.
    Worker,
}

/// How many pages a file of facets tells of.
pub const PAGES_A_FACET: usize = 4096;

/// How many bytes of a page's text are shown of at most: those of some six hundred words of Arabic. A reader's browser
/// fetches them for each page that it shows.
const SHOWN: usize = 7_000;

/// A service worker for the page for searching. A browser lets one serve only what lies below its own address, and
/// asks for it anew there: so it is beside the page, and has no hash in its name.
pub const WORKER: &str = include_str!("worker.js");

/// The folder of a language's search, as a decoded path of the site.
#[must_use]
pub fn folder(site: &Site, lang: usize) -> String {
    let root = site.home(lang).map_or("/", |home| &*site.page(home).url);
    format!("{root}search/")
}

/// How many files of facets so many pages have.
#[must_use]
pub fn facet_files(pages: usize) -> usize {
    pages.div_ceil(PAGES_A_FACET)
}

/// The manifest of a language's index.
#[must_use]
pub fn manifest(site: &Site, lang: usize, built: &Built) -> String {
    let shards = &built.shards;
    let facets = built.facets.get_or_init(|| Facets::of(site, lang, &built.pages));
    let mut hasher = blake3::Hasher::new();
    for text in shards.pieces.iter().chain(&facets.files) {
        hasher.update(text.as_bytes());
        hasher.update(b"\n\n");
    }
    hasher.update(&built.texts);
    let version = hasher.finalize().to_hex();
    let rules = Rules::of(&site.language(lang).lang);
    let manifest = json!({
        "version": version.get(..12),
        "rules": rules.code(),
        "lists": tables(rules),
        "pages": built.pages.len(),
        "nature": shards.nature.bits(),
        "starts": shards.starts,
        "facets": PAGES_A_FACET,
        "kinds": facets.kinds,
        "sections": facets.sections,
    });
    manifest.to_string()
}

/// What the pages of a part are of: three lines, one of kinds, one of sections, both by their numbers among
/// those of the manifest, from 1, with 0 for none, and one of years, each less the one before, 0 for none.
#[must_use]
pub fn facets(site: &Site, lang: usize, built: &Built, number: usize) -> String {
    let facets = built.facets.get_or_init(|| Facets::of(site, lang, &built.pages));
    facets.files.get(number).cloned().unwrap_or_default()
}

/// What pages are of.
#[derive(Clone, Debug)]
pub(super) struct Facets {
    /// The names and labels of the kinds that pages have.
    kinds: Vec<(String, String)>,
    /// The ids and titles of the sections that pages are in.
    sections: Vec<(String, String)>,
    files: Vec<String>,
}

impl Facets {
    fn of(site: &Site, lang: usize, pages: &[PageIx]) -> Self {
        let mut kinds: BTreeMap<String, String> = BTreeMap::new();
        let mut sections: Vec<PageIx> = Vec::new();
        for ix in pages {
            let page = site.page(*ix);
            if let Some(kind) = &site.group_of(page).facts.kind {
                kinds.entry(kind.name.clone()).or_insert_with(|| {
                    let key = format!("kind-{}", kind.name);
                    site.label(&kind.labels, &key, lang).unwrap_or_else(|| kind.name.clone())
                });
            }
            sections.extend(top_section(site, page));
        }
        sections.sort_unstable();
        sections.dedup();
        let files = pages.chunks(PAGES_A_FACET).map(|pages| {
            let (mut of_kind, mut of_section, mut of_year) =
                (String::new(), String::new(), String::new());
            let mut before = 0;
            for ix in pages {
                let page = site.page(*ix);
                let kind = site.group_of(page).facts.kind.as_ref();
                let kind = kind.and_then(|kind| kinds.keys().position(|name| *name == kind.name));
                digits(kind.map_or(0, |n| n + 1), &mut of_kind);
                let section = top_section(site, page).and_then(|s| sections.binary_search(&s).ok());
                digits(section.map_or(0, |n| n + 1), &mut of_section);
                let year = year(site, page).unwrap_or(0);
                digits(year.saturating_sub(before), &mut of_year);
                before = before.max(year);
            }
            format!("{of_kind}\n{of_section}\n{of_year}\n")
        });
        Self {
            files: files.collect(),
            sections: sections.iter().map(|ix| section(site, *ix)).collect(),
            kinds: kinds.into_iter().collect(),
        }
    }
}

/// The section directly below the home that a page is in, if it is a page of one.
fn top_section(site: &Site, page: &Page) -> Option<PageIx> {
    let mut section = page.section?;
    while let Some(above) = site.page(section).section {
        if site.page(above).section.is_none() {
            break;
        }
        section = above;
    }
    let is_section = |ix: PageIx| {
        let page = site.page(ix);
        page.section.is_some() && site.group_of(page).shape == Shape::Section
    };
    Some(section).filter(|section| is_section(*section))
}

/// The id and title of a section.
fn section(site: &Site, ix: PageIx) -> (String, String) {
    let page = site.page(ix);
    (site.group_of(page).id.to_string(), page.title.to_string())
}

/// The year of a page's date; none before the first of our era.
fn year(site: &Site, page: &Page) -> Option<usize> {
    usize::try_from(site.date(page)?.year()).ok()
}

/// What is shown of a page: its address, title, description and date, each on a line, and then the
/// beginning of its text, a block a line.
///
/// # Errors
/// Where its text can no longer be read, or is not what it was.
pub fn page(site: &Site, ix: PageIx) -> Result<String, Diagnostic> {
    let page = site.page(ix);
    let texts = texts(site, page)?;
    let language = site.language(page.lang);
    let dates = &site.tools(page.lang).dates;
    let date = site.date(page).map(|date| dates.format(&date, DateStyle::Long, language.calendar));
    let date = date.unwrap_or_default();
    let mut out = String::new();
    let address = site.config.base.path(&page.url);
    for line in [&*address, &page.title, &site.description(page), &date] {
        let _ = writeln!(out, "{}", line.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let mut left = SHOWN;
    for block in texts.blocks.iter() {
        let mut end = block.text.len().min(left);
        while !block.text.is_char_boundary(end) {
            end -= 1;
        }
        out.push_str(block.text.get(..end).unwrap_or_default());
        out.push('\n');
        left = left.saturating_sub(block.text.len());
        if left == 0 {
            break;
        }
    }
    Ok(out)
}
