//! A site with other texts in the same places.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{Group, Page, Site};
use crate::document::Document;

/// A document before and after its text changed.
pub type Newer = (Arc<Document>, Arc<Document>);

impl Site {
    /// The site with newer versions of some documents that say the same of themselves, so that everything
    /// is in the place that it was in. Pages are compared with each, so let there be few.
    #[must_use]
    pub fn with_texts(&self, newer: &[Newer]) -> Self {
        let newest = |document: &Arc<Document>| {
            let found = newer.iter().find(|(before, _)| Arc::ptr_eq(before, document));
            Arc::clone(found.map_or(document, |(_, now)| now))
        };
        let group = |group: &Group| Group {
            id: Arc::clone(&group.id),
            shape: group.shape,
            original: newest(&group.original),
            facts: group.facts.clone(),
            terms: group.terms.clone(),
            newest: group.newest,
        };
        let page = |page: &Page| Page {
            document: newest(&page.document),
            url: Arc::clone(&page.url),
            title: Arc::clone(&page.title),
            // Texts may have other headings now.
            shares_anchors: OnceLock::new(),
            lists: page.lists.clone(),
            ..*page
        };
        let (pages, groups) = rayon::join(
            || self.pages.par_iter().with_min_len(512).map(page).collect(),
            || self.groups.par_iter().with_min_len(512).map(group).collect(),
        );
        Self {
            config: Arc::clone(&self.config),
            frame: Arc::clone(&self.frame),
            pages,
            groups,
            files: self.files.clone(),
            not_shown: self.not_shown,
            versions: self.versions.clone(),
            by_id: Arc::clone(&self.by_id),
            by_name: Arc::clone(&self.by_name),
            by_url: Arc::clone(&self.by_url),
            terms: Arc::clone(&self.terms),
            files_by_path: Arc::clone(&self.files_by_path),
            published: Arc::clone(&self.published),
            links: OnceLock::new(),
            names: OnceLock::new(),
        }
    }
}
