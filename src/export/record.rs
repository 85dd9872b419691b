//! The record of a page as statements: when it changed, what was corrected, whose pictures it shows.

use super::describe::{Describer, exact};
use super::iri;
use crate::document::{Localized, Media};
use crate::knowledge::graph::{Datatype, Name, Object, Resource};
use crate::site::Page;
use crate::text::Edtf;

/// The term for the day up to which a page is true.
pub(super) const AS_OF: &str = "as_of";
/// The term for where a picture is from, where that is no address.
pub(super) const MEDIA_SOURCE: &str = "media.source";

/// The ends of the names of pictures; what else there is sounds or moves.
const PICTURES: [&str; 8] = ["avif", "gif", "jpeg", "jpg", "png", "svg", "tif", "webp"];

impl Describer<'_> {
    /// Says of a work when it was last changed, up to when it is true, and what was corrected.
    pub(super) fn history(&self, page: &Page, work: &mut Resource) {
        let site = self.site;
        if let Some(updated) = site.updated(page).and_then(|date| exact(&date)) {
            work.say("dateModified", updated);
        }
        if let Some(date) = site.as_of(page) {
            let value = Object::Typed(date.to_string(), Datatype::Edtf);
            work.statements.push((Name::Own(AS_OF.to_owned()), value));
        }
        for (lang, correction) in site.corrections(page) {
            let mut comment = Resource::new(None, vec![Name::schema("CorrectionComment")]);
            // Each language has a page of its own.
            if let Some((lang, text)) = correction.text.get(page.document.lang, lang) {
                comment.say("text", self.tagged(text, lang));
            }
            self.say_date("datePublished", "correction.date", &correction.date, &mut comment);
            work.say("correction", Object::Node(Box::new(comment)));
        }
    }

    /// Says what pictures there are of a thing: as its original has them, since they are facts.
    pub(super) fn pictures(&self, page: &Page, thing: &mut Resource) {
        let site = self.site;
        for (media, href, _) in site.media(page) {
            let extension = media.file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            let address = match href.starts_with('/') && !href.starts_with("//") {
                true => format!("{}{href}", site.config.base.origin),
                false => match iri::written(&href) {
                    Some(address) => address,
                    None => continue,
                },
            };
            if PICTURES.contains(&&*extension) {
                thing.say("image", Object::Node(Box::new(self.picture(page, media, address))));
            }
        }
    }

    fn picture(&self, page: &Page, media: &Media, address: String) -> Resource {
        let mut picture = Resource::new(None, vec![Name::schema("ImageObject")]);
        picture.say("contentUrl", Object::Iri(address));
        self.say_localized("description", &media.alt, page, &mut picture);
        if let Some(caption) = &media.caption {
            self.say_localized("caption", caption, page, &mut picture);
        }
        picture.say("creditText", Object::Text(media.creator.to_string()));
        picture.say(
            "license",
            match media.licence_url().and_then(|url| iri::written(&url)) {
                Some(url) => Object::Iri(url),
                None => Object::Text(media.licence.to_string()),
            },
        );
        match media.source_url().and_then(iri::written) {
            Some(url) => picture.say("isBasedOn", Object::Iri(url)),
            None => {
                let source = Object::Text(media.source.to_string());
                picture.statements.push((Name::Own(MEDIA_SOURCE.to_owned()), source));
            }
        }
        if let Some(date) = media.date {
            self.say_date("dateCreated", "media.date", &date, &mut picture);
        }
        picture
    }

    /// Says a text in the languages that are given, else in the one that there is.
    fn say_localized(
        &self,
        property: &'static str,
        text: &Localized,
        page: &Page,
        into: &mut Resource,
    ) {
        let original = self.site.group_of(page).original.lang;
        match self.only {
            Some(lang) => {
                if let Some((lang, text)) = text.get(lang, original) {
                    into.say(property, self.tagged(text, lang));
                }
            }
            None => {
                for (lang, text) in text.all() {
                    into.say(property, self.tagged(text, lang.unwrap_or(original)));
                }
            }
        }
    }

    /// Says a date where it is exact; else in the site's own words.
    fn say_date(
        &self,
        property: &'static str,
        own: &'static str,
        date: &Edtf,
        into: &mut Resource,
    ) {
        match exact(date) {
            Some(value) => into.say(property, value),
            None => {
                let value = Object::Typed(date.to_string(), Datatype::Edtf);
                into.statements.push((Name::Own(own.to_owned()), value));
            }
        }
    }
}
