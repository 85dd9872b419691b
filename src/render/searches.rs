//! The indexes of a site's languages, made when one of their files is first asked for.

use std::sync::OnceLock;

use super::plan::SearchPart;
use crate::search::{Built, files};
use crate::site::Site;

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
        }
    }
}
