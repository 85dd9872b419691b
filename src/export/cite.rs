//! How to cite a page: in words, as its language does it, and as BibTeX.

use serde_json::Value;

use super::{documents, fields_of};
use crate::knowledge::bibliography::{Record, shown, to_bibtex};
use crate::knowledge::{Field, FieldType, items};
use crate::site::{Page, PageIx, Site};
use crate::text::date::DateStyle;
use crate::text::{Edtf, Quotes, escape};

/// How a page is cited.
#[derive(Clone, Debug)]
pub struct Citation {
    /// In words, as HTML.
    pub html: String,
    /// As an entry of BibTeX.
    pub bibtex: String,
}

/// What stands around the number of a part until the words around it are escaped; of private use, so that no text
/// says anything by it.
const MARK: char = '\u{F8FE}';

/// How a page is cited in its language.
///
/// # Errors
/// The key of the message that its language lacks.
pub fn cite(site: &Site, ix: PageIx) -> Result<Citation, &'static str> {
    let page = site.page(ix);
    let (authors, date) = (authors(site, page), date(site, page));
    let key = match (authors.is_empty(), date.is_some()) {
        (true, false) => "cite-text",
        (true, true) => "cite-text-date",
        (false, false) => "cite-text-authors",
        (false, true) => "cite-text-authors-date",
    };
    let tools = site.tools(page.lang);
    let names: Vec<String> = authors.iter().map(|name| shown(name).to_owned()).collect();
    let calendar = site.language(page.lang).calendar;
    let day = date.map(|date| tools.dates.format(&date, DateStyle::default(), calendar));
    let parts = [
        ("title", own_words(site, page, &page.title)),
        ("site", escape::html(&site.language(page.lang).title)),
        ("authors", own_words(site, page, &tools.lists.format(&names, false))),
        ("date", escape::html(&day.unwrap_or_default())),
        ("url", address(site, page)),
    ];
    let marks: Vec<String> = (0..parts.len()).map(|n| format!("{MARK}{n}{MARK}")).collect();
    let values: Vec<(&str, &str)> =
        parts.iter().zip(&marks).map(|((name, _), mark)| (*name, &**mark)).collect();
    let words =
        site.frame.messages.get(page.lang, key, None, &tools.numbers, &values).ok_or(key)?;
    let quotes = Quotes::of(&site.language(page.lang).lang);
    let title = marks.first().map_or("", |mark| mark);
    let is_quoted = words.contains(&format!("{}{title}{}", quotes.outer.0, quotes.outer.1));
    let mut html = escape::html(&words);
    for ((name, part), mark) in parts.iter().zip(&marks) {
        let nested = (*name == "title" && is_quoted).then(|| inside(part, quotes));
        html = html.replace(mark, nested.as_deref().unwrap_or(part));
    }
    Ok(Citation { html, bibtex: bibtex(site, page, &authors, date) })
}

/// The day that the page is as of: when it was last changed, else when it was published.
fn date(site: &Site, page: &Page) -> Option<Edtf> {
    let facts = &site.group_of(page).facts;
    // The date of anything but a publication is its subject's.
    let published = facts.kind.as_ref().is_none_or(|kind| kind.publication);
    site.updated(page).or(facts.front.date.filter(|_| published))
}

/// Who wrote the page, where its kind says so.
fn authors(site: &Site, page: &Page) -> Vec<String> {
    let group = site.group_of(page);
    let Some(kind) = &group.facts.kind else { return Vec::new() };
    // The author of anything but a publication is its subject's.
    let is_author =
        |field: &&Field| matches!(field.property.as_deref(), Some("author" | "creator"));
    let mut authors = Vec::new();
    for field in fields_of(kind).filter(|_| kind.publication).filter(is_author) {
        let all = documents(site, page.group);
        let own = all.iter().find(|document| document.lang == page.document.lang);
        let said =
            |document: &crate::document::Document| document.front.fields.get(&field.name).cloned();
        let value = own.and_then(|document| said(document)).or_else(|| said(&group.original));
        for (_, item) in items(&value.unwrap_or_default()) {
            authors.extend(name(site, page, field, item));
        }
    }
    authors
}

/// The name of somebody who is named, or whose page is.
fn name(site: &Site, page: &Page, field: &Field, value: &Value) -> Option<String> {
    let tag = |lang: usize| site.language(lang).lang.as_str();
    match (field.type_.item(), value) {
        (FieldType::Text | FieldType::Localized, Value::String(name)) => Some(name.clone()),
        (FieldType::Localized, Value::Object(names)) => {
            let own = names.get(tag(page.document.lang)).or_else(|| names.values().next());
            own.and_then(Value::as_str).map(str::to_owned)
        }
        (FieldType::Reference(kinds), Value::String(reference)) => {
            let group = site.find_of(reference, kinds).ok()?;
            let ix = site.best_version(group, page.document.lang)?;
            Some(site.page(ix).title.to_string())
        }
        _ => None,
    }
}

/// A title between quotation marks: those that it holds become the inner ones.
fn inside(title: &str, quotes: Quotes) -> String {
    let (outer, inner) = (quotes.outer, quotes.inner);
    title.replace(outer.0, inner.0).replace(outer.1, inner.1)
}

/// Words of a page as HTML, in its own language and direction where that is not the interface's.
fn own_words(site: &Site, page: &Page, words: &str) -> String {
    let words_html = escape::html(words);
    if words.is_empty() || !page.is_untranslated() || page.document.is_synthetic() {
        return words_html;
    }
    let language = site.language(page.document.lang);
    let (lang, dir) = (language.lang.as_str(), language.direction.as_str());
    format!("<bdi lang=\"{lang}\" dir=\"{dir}\">{words_html}</bdi>")
}

/// The address of a page as HTML; readable where it can be read back.
fn address(site: &Site, page: &Page) -> String {
    let base = &site.config.base;
    let encoded = base.permalink(&page.url);
    let decoded = format!("{}{}{}", base.origin, base.prefix, page.url);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | ':' | '-' | '.' | '_' | '~');
    let shown = if decoded.chars().all(plain) { &decoded } else { &encoded };
    let (href, shown) = (escape::html(&encoded), escape::html(shown));
    format!("<bdi dir=\"ltr\"><a href=\"{href}\">{shown}</a></bdi>")
}

fn bibtex(site: &Site, page: &Page, authors: &[String], date: Option<Edtf>) -> String {
    let (shown, own) = (site.language(page.lang), site.language(page.document.lang));
    let record = Record {
        key: key(&site.group_of(page).id, shown.lang.as_str()),
        type_: "web".to_owned(),
        title: page.title.to_string(),
        authors: authors.to_vec(),
        publisher: Some(shown.title.clone()),
        published: date,
        language: Some(own.lang.to_string()),
        url: Some(site.config.base.permalink(&page.url)),
        ..Record::default()
    };
    to_bibtex(&[record]).trim_end().to_owned()
}

/// The key of an entry: the page's id and language, in signs that programs take.
fn key(id: &str, lang: &str) -> String {
    let id = if id.is_empty() { "home" } else { id };
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    format!("{}-{lang}", id.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_one_word() {
        assert_eq!(key("places/gwadar port", "ar"), "places-gwadar-port-ar");
        assert_eq!(key("أماكن/ميناء", "en"), "أماكن-ميناء-en");
        assert_eq!(key("", "en"), "home-en");
    }
}
