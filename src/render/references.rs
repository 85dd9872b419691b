//! The sources and facts of a page as template values.

use tera::{Map, Value};

use crate::document::Certainty;
use crate::site::{Citing, GroupIx, Page, Site};
use crate::template::World;
use crate::template::sources::{language, quotation, source_map};
use crate::template::values::{map_value, put};

/// The sources that a page cites, in the order of their numbers, each with the places in it, the words
/// quoted from it and the anchors of its citations.
pub(super) fn cited(world: &World, page: &Page, citations: &[Citing<'_>]) -> Value {
    let site = &world.site;
    let mut sources: Vec<Vec<&Citing<'_>>> = Vec::new();
    for citing in citations {
        // Numbers come in order.
        if citing.number > sources.len() {
            sources.push(Vec::new());
        }
        if let Some(own) = sources.get_mut(citing.number - 1) {
            own.push(citing);
        }
    }
    let entry = |own: Vec<&Citing<'_>>| {
        let first = own.first()?;
        let ix = site.best_version(first.source?, page.lang)?;
        let mut map = source_map(world, ix, page.lang);
        put(&mut map, "number", first.number);
        put(&mut map, "anchor", format!("ref-{}", first.number));
        let mut locators: Vec<&str> = Vec::new();
        for citing in own.iter().filter(|citing| !citing.locator.is_empty()) {
            if !locators.contains(&citing.locator) {
                locators.push(citing.locator);
            }
        }
        // ¶2 before ¶7, whichever is cited first.
        locators.sort_by_key(|locator| first_number(locator));
        put(&mut map, "locators", locators);
        put(&mut map, "quotes", quotes(site, site.page(ix), &own));
        put(&mut map, "backrefs", own.iter().map(|citing| citing.anchor()).collect::<Vec<_>>());
        Some(map_value(map))
    };
    Value::from(sources.into_iter().filter_map(entry).collect::<Vec<_>>())
}

/// The words quoted from a source, each once with its place.
fn quotes(site: &Site, source: &Page, own: &[&Citing<'_>]) -> Value {
    let lang = language(site, source);
    let mut list: Vec<Value> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for citing in own.iter().filter(|citing| !citing.quote.is_empty()) {
        if seen.contains(&(citing.quote, citing.locator)) {
            continue;
        }
        seen.push((citing.quote, citing.locator));
        let mut map = Map::with_capacity(5);
        put(&mut map, "text", citing.quote);
        put(&mut map, "locator", citing.locator);
        put(&mut map, "lang", lang.as_str());
        put(&mut map, "dir", lang.direction().as_str());
        put(&mut map, "html", Value::safe_string(&quotation(&lang, citing.quote)));
        list.push(map_value(map));
    }
    Value::from(list)
}

/// The sources that a page lists and does not cite.
pub(super) fn further(world: &World, page: &Page, sources: &[GroupIx]) -> Value {
    let shown = sources.iter().filter_map(|group| world.site.best_version(*group, page.lang));
    let maps = shown.map(|ix| map_value(source_map(world, ix, page.lang)));
    Value::from(maps.collect::<Vec<_>>())
}

/// The facts of a page, each with its citations.
pub(super) fn facts(world: &World, page: &Page, citations: &[Citing<'_>]) -> Value {
    let site = &world.site;
    let group = site.group_of(page);
    let claims = group.facts.front.facts.iter().enumerate();
    let list = claims.map(|(n, claim)| {
        let (text, lang) = claim.words(page.lang, group.original.lang);
        let language = site.language(lang);
        let mut map = Map::with_capacity(12);
        let name = claim.id.as_deref().map_or_else(|| (n + 1).to_string(), str::to_owned);
        // The anchors of headings hold no underscore.
        put(&mut map, "anchor", format!("fact_{name}"));
        put(&mut map, "text", text);
        put(&mut map, "lang", language.lang.as_str());
        put(&mut map, "dir", language.direction.as_str());
        put(&mut map, "certainty", claim.certainty.name());
        put(&mut map, "certain", claim.certainty == Certainty::Certain);
        if let Some(date) = claim.as_of {
            put(&mut map, "as_of", date.to_string());
        }
        let asserter = claim.asserted_by.as_deref().and_then(|who| site.find(who).ok());
        if let Some(ix) = asserter.and_then(|group| site.best_version(group, page.lang)) {
            put(&mut map, "asserted_by", world.summary(ix));
        }
        if let Some(property) = claim.property.as_deref() {
            put(&mut map, "property", property);
            put(&mut map, "value", Value::from_serializable(&claim.value));
        }
        let own = citations.iter().filter(|citing| citing.fact == Some(n));
        put(&mut map, "sources", own.map(|citing| source(site, page, citing)).collect::<Vec<_>>());
        map_value(map)
    });
    Value::from(list.collect::<Vec<_>>())
}

/// A citation of a fact: its number and where that leads.
fn source(site: &Site, page: &Page, citing: &Citing<'_>) -> Value {
    let mut map = Map::with_capacity(6);
    put(&mut map, "number", citing.number);
    put(&mut map, "anchor", citing.anchor());
    put(&mut map, "reference", format!("ref-{}", citing.number));
    let shown = citing.source.and_then(|group| site.best_version(group, page.lang));
    put(&mut map, "title", shown.map_or("", |ix| &*site.page(ix).title));
    put(&mut map, "locator", citing.locator);
    put(&mut map, "quote", citing.quote);
    map_value(map)
}

/// The first number of a locator such as `¶12` or `pp. 3–4`; what has none comes last.
fn first_number(locator: &str) -> u64 {
    let parts = locator.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|digits| digits.parse().ok()).next().unwrap_or(u64::MAX)
}
