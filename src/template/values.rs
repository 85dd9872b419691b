//! Pages as template values.

use std::sync::{Arc, LazyLock, OnceLock};

use tera::value::Key;
use tera::{Map, Value};

use crate::document::Heading;
use crate::search::files::folder;
use crate::site::{Page, PageIx, Shape, Site};

/// Puts a value under a key.
pub fn put(map: &mut Map, key: &'static str, value: impl Into<Value>) {
    map.insert(Key::Str(key), value.into());
}

/// Puts a text that may be absent under a key.
fn put_option(map: &mut Map, key: &'static str, value: Option<impl Into<Value>>) {
    map.insert(Key::Str(key), value.map_or_else(Value::none, Into::into));
}

/// A map as a value.
#[must_use]
pub fn map_value(map: Map) -> Value {
    Value::from(map)
}

/// The name of a shape in templates.
#[must_use]
pub fn shape_name(site: &Site, page: &Page) -> &'static str {
    match site.group_of(page).shape {
        Shape::Section if page.section.is_none() => "home",
        Shape::Section => "section",
        Shape::Page => "page",
        Shape::Taxonomy(_) => "taxonomy",
        Shape::Term(_) => "term",
    }
}

/// An empty map; one for all, since most pages have no fields of their own.
fn empty() -> Value {
    static EMPTY: LazyLock<Value> = LazyLock::new(|| map_value(Map::new()));
    EMPTY.clone()
}

/// The summaries of a site's pages, each made when it is first asked for. A page is in the lists of
/// its section and its terms and beside two others, so it is asked for many times.
#[derive(Debug)]
pub struct Summaries(Box<[OnceLock<Value>]>);

impl Summaries {
    /// Room for the summaries of a site.
    #[must_use]
    pub fn new(site: &Site) -> Self {
        Self(site.page_indices().map(|_| OnceLock::new()).collect())
    }

    /// The summary of a page.
    #[must_use]
    pub fn get(&self, site: &Site, ix: PageIx) -> Value {
        let make = || map_value(summary_map(site, ix));
        self.0.get(ix.index()).map_or_else(make, |cell| cell.get_or_init(make).clone())
    }
}

/// The fields of a summary.
#[must_use]
pub fn summary_map(site: &Site, ix: PageIx) -> Map {
    let page = site.page(ix);
    let group = site.group_of(page);
    let front = &group.facts.front;
    let language = site.language(page.document.lang);
    let mut map = Map::with_capacity(40);
    let path = site.config.base.path(&page.url);
    put(&mut map, "id", &*group.id);
    put(&mut map, "permalink", format!("{}{path}", site.config.base.origin));
    put(&mut map, "url", path);
    put(&mut map, "title", &*page.title);
    put(&mut map, "description", site.description(page));
    put(&mut map, "lang", language.lang.as_str());
    put(&mut map, "dir", language.direction.as_str());
    put(&mut map, "untranslated", page.is_untranslated() && !page.document.is_synthetic());
    put_option(&mut map, "kind", group.facts.kind.as_ref().map(|kind| kind.name.as_str()));
    put(&mut map, "shape", shape_name(site, page));
    put_option(&mut map, "date", front.date.map(|date| date.to_string()));
    put_option(&mut map, "updated", site.updated(page).map(|date| date.to_string()));
    put_option(&mut map, "weight", front.weight);
    put(&mut map, "fields", fields(site, page));
    put(&mut map, "extra", extra(site, page));
    put(&mut map, "count", page.listing().len());
    map
}

/// The fields of the page's kind: the original's, with the translation's own words over them.
fn fields(site: &Site, page: &Page) -> Value {
    let original = &site.group_of(page).original.front.fields;
    let own = &page.document.front.fields;
    if original.is_empty() && own.is_empty() {
        return empty();
    }
    let mut merged = original.clone();
    merged.extend(own.clone());
    Value::from_serializable(&merged)
}

/// The free values: the page's own over the original's, which hold what sections hand down.
fn extra(site: &Site, page: &Page) -> Value {
    let group = site.group_of(page);
    let layers = [&group.facts.front.extra, &page.document.front.extra];
    if layers.iter().all(|extra| extra.is_empty()) {
        return empty();
    }
    let mut merged = serde_json::Map::new();
    for layer in layers {
        merged.extend(layer.clone());
    }
    Value::from_serializable(&merged)
}

/// Headings as a tree by their levels.
#[must_use]
pub fn contents(site: &Site, page: &Page) -> Value {
    let headings: Vec<(&str, &Heading)> = site.headings(page).collect();
    Value::from(level(site, page, &mut headings.as_slice(), 0))
}

/// The headings at the front of `rest` that are deeper than `above`.
fn level(site: &Site, page: &Page, rest: &mut &[(&str, &Heading)], above: u8) -> Vec<Value> {
    let mut entries = Vec::new();
    while let Some(((id, heading), after)) = rest.split_first() {
        if heading.level <= above {
            break;
        }
        *rest = after;
        let mut map = Map::with_capacity(4);
        put(&mut map, "id", *id);
        put(&mut map, "title", site.with_titles(page, &heading.text));
        put(&mut map, "level", u64::from(heading.level));
        map.insert(Key::Str("children"), Value::from(level(site, page, rest, heading.level)));
        entries.push(map_value(map));
    }
    entries
}

/// What templates know of the site in one language. Whether it is `searched` decides whether they know where.
#[must_use]
pub fn site_value(site: &Site, lang: usize, searched: bool) -> Value {
    let language = site.language(lang);
    let mut map = Map::with_capacity(8);
    put(&mut map, "title", language.title.as_str());
    put(&mut map, "description", language.description.as_str());
    put(&mut map, "base_url", site.config.base.permalink("/"));
    let home = site.home(lang).map(|ix| Arc::clone(&site.page(ix).url));
    put(&mut map, "home", site.config.base.path(home.as_deref().unwrap_or("/")));
    let search = |lang| searched.then(|| site.config.base.path(&folder(site, lang)));
    put(&mut map, "search", search(lang));
    let languages = site.config.languages.iter().zip(0..).map(|(language, lang)| {
        let mut map = Map::with_capacity(4);
        put(&mut map, "lang", language.lang.as_str());
        put(&mut map, "dir", language.direction.as_str());
        put(&mut map, "label", language.label.as_str());
        put(&mut map, "search", search(lang));
        map_value(map)
    });
    put(&mut map, "languages", languages.collect::<Vec<_>>());
    put(&mut map, "extra", Value::from_serializable(&site.config.extra));
    map_value(map)
}
