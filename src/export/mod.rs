//! The site for other programs: statements about its pages (RDF), tables of its kinds, how to cite a page, and a
//! schema of its front matter. Everything here is made from a [`crate::site::Site`] and is text.

pub mod cite;
mod claims;
pub mod describe;
mod fields;
pub mod iri;
mod record;
pub mod schema;
pub mod table;
pub mod vocabulary;

use std::sync::Arc;

use crate::document::Document;
use crate::knowledge::{Field, Kind};
use crate::site::{Group, GroupIx, Page, PageIx, Site};

/// The folder of what belongs to no page.
pub const FOLDER: &str = "/data/";

/// The kind of a group that a reader can see.
fn kind_of<'a>(site: &Site, group: &'a Group) -> Option<&'a Arc<Kind>> {
    group.facts.kind.as_ref().filter(|_| site.config.output.linked_data)
}

/// Every group of a kind that has a page, in the order of their ids.
pub fn typed(site: &Site) -> impl Iterator<Item = GroupIx> + '_ {
    site.group_indices().filter(|ix| {
        kind_of(site, site.group(*ix)).is_some() && site.versions(*ix).iter().any(Option::is_some)
    })
}

/// The pages of a group in the languages that have a text of their own, by language. One that shows the original
/// in another language is no version.
fn versions(site: &Site, group: GroupIx) -> impl Iterator<Item = &Page> {
    let pages = site.versions(group).iter().flatten().map(|ix| site.page(*ix));
    pages.filter(|page| !page.is_untranslated())
}

/// The documents of a group's languages, the original first.
fn documents(site: &Site, group: GroupIx) -> Vec<&Document> {
    let original = &site.group(group).original;
    let others = versions(site, group).map(|page| &*page.document);
    let others = others.filter(|document| document.lang != original.lang);
    std::iter::once(&**original).chain(others).collect()
}

/// The fields of a kind that are for everybody.
fn fields_of(kind: &Kind) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| !field.private)
}

/// The version of a group that its data stands beside: the original.
#[must_use]
pub fn original(site: &Site, group: GroupIx) -> Option<PageIx> {
    let lang = site.group(group).original.lang;
    site.version(group, lang).or_else(|| site.best_version(group, lang))
}

/// The path of a group's data in a format by its extension: one file for all its languages.
#[must_use]
pub fn data_url(site: &Site, group: GroupIx, extension: &str) -> Option<String> {
    kind_of(site, site.group(group))?;
    let url = &site.page(original(site, group)?).url;
    Some(match url.ends_with('/') {
        true => format!("{url}index.{extension}"),
        false => format!("{url}.{extension}"),
    })
}
