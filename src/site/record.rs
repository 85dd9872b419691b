//! The record of a page: when it last changed, what was corrected, whose pictures it shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ContentFile, Page, Site};
use crate::document::{Correction, Focus, LinkKind, Media, is_raster};
use crate::text::Edtf;

impl Site {
    /// When a page was last changed, as far as it says: by `updated` or its newest correction.
    #[must_use]
    pub fn updated(&self, page: &Page) -> Option<Edtf> {
        let said = self.group_of(page).facts.front.updated;
        let corrected = self.corrections(page).into_iter().map(|(_, correction)| correction.date);
        // Of equal ones what the page says itself.
        corrected.chain(said).max_by_key(Edtf::sort_key)
    }

    /// The day up to which a page is true, where it says so.
    #[must_use]
    pub fn as_of(&self, page: &Page) -> Option<Edtf> {
        self.group_of(page).facts.front.record.as_ref()?.as_of
    }

    /// The corrections of a page, the newest first: of its original, which hold for every language, and
    /// of its own text. Each with the language of the file that has it.
    #[must_use]
    pub fn corrections<'a>(&'a self, page: &'a Page) -> Vec<(usize, &'a Correction)> {
        let original = &self.group_of(page).original;
        let own = (!Arc::ptr_eq(original, &page.document)).then_some(&page.document);
        let mut all: Vec<_> = [original]
            .into_iter()
            .chain(own)
            .filter_map(|document| Some((document.lang, document.front.record.as_ref()?)))
            .flat_map(|(lang, record)| record.corrections.iter().map(move |c| (lang, c)))
            .collect();
        all.sort_by_key(|(_, correction)| std::cmp::Reverse(correction.date.sort_key()));
        all
    }

    /// The pictures and recordings of a page, each with its decoded path and whether its text shows it.
    #[must_use]
    pub fn media<'a>(&'a self, page: &'a Page) -> Vec<(&'a Media, String, bool)> {
        let original = &self.group_of(page).original;
        let Some(record) = &original.front.record else { return Vec::new() };
        if record.media.is_empty() {
            return Vec::new();
        }
        let href = |page: &Page, file: &str| {
            let resolved = self.resolve(page, LinkKind::Image, file).ok()?;
            Some(match resolved.target {
                super::Target::External => file.to_owned(),
                _ => self.href(&resolved),
            })
        };
        let links = &page.document.body(&self.config).links;
        let shown: Vec<String> = links
            .iter()
            .filter(|link| link.kind == LinkKind::Image)
            .filter_map(|link| href(page, &link.destination))
            .collect();
        let media = record.media.iter();
        // Where a file is not there, that was reported.
        media
            .filter_map(|media| {
                let href = href(page, &media.file)?;
                let in_text = shown.contains(&href);
                Some((media, href, in_text))
            })
            .collect()
    }

    /// The picture that stands for a page: the first of its record that is a file of this site made of
    /// pixels; with that file's decoded path.
    #[must_use]
    pub fn lead_picture<'a>(&'a self, page: &'a Page) -> Option<(&'a Media, Arc<str>)> {
        let record = self.group_of(page).original.front.record.as_ref()?;
        record.media.iter().filter(|media| is_raster(&media.file)).find_map(|media| {
            match self.resolve(page, LinkKind::Image, &media.file).ok()?.target {
                super::Target::File(url) => Some((media, url)),
                _ => None,
            }
        })
    }

    /// The pictures that stand for pages, as decoded paths, each with the places in it that must be seen.
    #[must_use]
    pub fn lead_pictures(&self) -> BTreeSet<(Arc<str>, Focus)> {
        let recorded = self.pages.iter().filter(|page| {
            self.group_of(page).original.front.record.as_ref().is_some_and(|r| !r.media.is_empty())
        });
        let leads = recorded.filter_map(|page| self.lead_picture(page));
        leads.map(|(media, url)| (url, media.focus)).collect()
    }

    /// A file of `content/` that is no document, by its decoded path on the site.
    #[must_use]
    pub fn content_file(&self, url: &str) -> Option<&ContentFile> {
        let files = || self.files.iter().enumerate().map(|(n, file)| (Arc::clone(&file.url), n));
        let by_url = self.files_by_url.get_or_init(|| files().collect());
        self.files.get(*by_url.get(url)?)
    }

    /// What is said of a picture of a page, by the URL that shows it.
    #[must_use]
    pub fn media_at<'a>(&'a self, page: &'a Page, href: &str) -> Option<&'a Media> {
        let original = &self.group_of(page).original;
        let media = &original.front.record.as_ref()?.media;
        media.iter().find(|media| {
            let resolved = self.resolve(page, LinkKind::Image, &media.file);
            resolved.is_ok_and(|resolved| match resolved.target {
                super::Target::External => *media.file == *href,
                _ => self.href(&resolved) == href,
            })
        })
    }
}
