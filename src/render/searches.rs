//! The indexes of a site's languages, made when one of their files is first asked for.

use std::sync::OnceLock;

use super::isolate;
use super::plan::What;
use crate::assets;
use crate::search::files::{self, SearchPart};
use crate::search::{self, Built};
use crate::site::{PageIx, Site};
use crate::text::bidi::{self, Policy};

/// One for each language.
#[derive(Debug)]
pub(super) struct Searches(Box<[OnceLock<Built>]>);

impl Searches {
    pub(super) fn new(site: &Site) -> Self {
        Self(site.config.languages.iter().map(|_| OnceLock::new()).collect())
    }

    /// That of a language.
    pub(super) fn get(&self, site: &Site, lang: usize) -> Option<&Built> {
        self.0.get(lang).map(|built| built.get_or_init(|| Built::of(site, lang)))
    }

    /// The text of one of its files.
    pub(super) fn part(&self, site: &Site, lang: usize, part: SearchPart) -> String {
        let Some(built) = self.get(site, lang) else { return String::new() };
        match part {
            SearchPart::Manifest => files::manifest(site, lang, built),
            SearchPart::Words(n) => built.shards.pieces.get(n).cloned().unwrap_or_default(),
            SearchPart::Facets(n) => files::facets(site, lang, built, n),
            SearchPart::Worker => assets::minified(files::WORKER),
        }
    }
}

/// What is shown of a page, with invisible isolates in all lines but that of its address: the script that shows it
/// makes no others.
pub(super) fn isolated(site: &Site, ix: PageIx, text: &str) -> String {
    let language = site.language(site.page(ix).lang);
    let policy = Policy { base: language.direction, ranges: language.ranges };
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for (n, line) in text.split_inclusive('\n').enumerate() {
        match n > 0 && bidi::may_hold(line.as_bytes(), policy.base) {
            true => out.push_str(&isolate::marked(line, policy)),
            false => out.push_str(line),
        }
    }
    out
}

/// The files that languages are searched by. Their names depend on how many pages there are, and not on texts.
pub(super) fn outputs(site: &Site) -> Vec<(String, What)> {
    let mut outputs = Vec::new();
    for lang in 0..site.config.languages.len() {
        let pages = search::site::pages(site, lang);
        let folder = files::folder(site, lang);
        let mut add = |name: &str, what| outputs.push((format!("{folder}{name}"), what));
        // A page of the site's own may be there.
        if site.by_url(&folder).is_none() {
            add("", What::SearchPage(lang));
        }
        add("index.json", What::Search(lang, SearchPart::Manifest));
        add("worker.js", What::Search(lang, SearchPart::Worker));
        for n in 0..search::site::pieces(pages.len()) {
            add(&format!("words/{n}.txt"), What::Search(lang, SearchPart::Words(n)));
        }
        for n in 0..files::facet_files(pages.len()) {
            add(&format!("facets/{n}.txt"), What::Search(lang, SearchPart::Facets(n)));
        }
        for (n, page) in pages.into_iter().enumerate() {
            add(&format!("pages/{n}.txt"), What::SearchText(page));
        }
    }
    outputs
}
