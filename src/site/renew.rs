//! A site with other words in the same places.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::assemble::title;
use super::listing::sort_again;
use super::{Group, Page, PageIx, Site};
use crate::document::Document;

/// A document before and after its text changed.
pub type Newer = (Arc<Document>, Arc<Document>);

impl Site {
    /// The site with newer versions of some documents that have the places of those before (see
    /// [`Document::has_place_of`]), so that everything is in the place that it was in. Pages are compared
    /// with each, so let there be few.
    #[must_use]
    pub fn with_words(&self, newer: &[Newer]) -> Self {
        let find = |document: &Arc<Document>| {
            newer.iter().find(|(before, _)| Arc::ptr_eq(before, document)).map(|(_, now)| now)
        };
        let newest = |document: &Arc<Document>| Arc::clone(find(document).unwrap_or(document));
        let group = |group: &Group| {
            let mut facts = group.facts.clone();
            if let Some(now) = find(&group.original) {
                if Arc::ptr_eq(&facts.front, &group.original.front) {
                    facts.front = Arc::clone(&now.front);
                } else {
                    // What its sections hand down is what it was.
                    Arc::make_mut(&mut facts.front).take_words(&now.front);
                }
            }
            Group {
                id: Arc::clone(&group.id),
                shape: group.shape,
                original: newest(&group.original),
                facts,
                terms: group.terms.clone(),
                newest: group.newest,
            }
        };
        let page = |page: &Page| Page {
            document: newest(&page.document),
            url: Arc::clone(&page.url),
            title: match find(&page.document) {
                Some(now) => title(now, self.group_of(page).shape, page.lang, &self.frame),
                None => Arc::clone(&page.title),
            },
            // Texts may have other headings now.
            shares_anchors: OnceLock::new(),
            lists: page.lists.clone(),
            ..*page
        };
        let (pages, groups) = rayon::join(
            || self.pages.par_iter().with_min_len(512).map(page).collect(),
            || self.groups.par_iter().with_min_len(512).map(group).collect(),
        );
        let mut site = Self {
            config: Arc::clone(&self.config),
            frame: Arc::clone(&self.frame),
            pages,
            groups,
            files: self.files.clone(),
            not_shown: Arc::clone(&self.not_shown),
            versions: self.versions.clone(),
            by_id: Arc::clone(&self.by_id),
            by_name: Arc::clone(&self.by_name),
            by_url: Arc::clone(&self.by_url),
            terms: Arc::clone(&self.terms),
            files_by_path: Arc::clone(&self.files_by_path),
            files_by_url: Arc::clone(&self.files_by_url),
            published: Arc::clone(&self.published),
            links: OnceLock::new(),
            relations: Arc::clone(&self.relations),
            names: OnceLock::new(),
        };
        let titles = site.pages.iter().zip(&self.pages).enumerate();
        let renamed = titles.filter(|(_, (now, before))| now.title != before.title);
        let renamed: Vec<PageIx> = renamed.map(|(i, _)| PageIx::new(i)).collect();
        if !renamed.is_empty() {
            sort_again(&mut site, &renamed);
        }
        site
    }
}
