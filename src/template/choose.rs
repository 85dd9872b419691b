//! What the functions that show many pages at once have in common: which pages, and remembering.

use tera::value::Key;
use tera::{Error, Kwargs, TeraResult, Value};

use super::arguments::optional;
use super::scope::Scope;
use crate::diagnostic::nearest;
use crate::document::Sort;
use crate::knowledge::{FieldType, Kind};
use crate::site::{PageIx, Shape};

/// An argument that is a name or a list of names.
pub(super) fn names<'k>(kwargs: &'k Kwargs, key: &'k str) -> TeraResult<Option<Vec<&'k str>>> {
    let Some(value) = kwargs.get::<&Value>(key)? else { return Ok(None) };
    if value.is_none() || value.is_undefined() {
        return Ok(None);
    }
    let wrong =
        || Error::message(format!("the argument `{key}` must be a name or a list of names"));
    match value.as_array() {
        Some(items) => items
            .iter()
            .map(|item| item.as_str().ok_or_else(wrong))
            .collect::<TeraResult<_>>()
            .map(Some),
        None => value.as_str().map(|name| Some(vec![name])).ok_or_else(wrong),
    }
}

/// The kinds of an argument, none but those that there are.
pub(super) fn kinds<'k>(
    scope: &Scope,
    function: &str,
    kwargs: &'k Kwargs,
    key: &'k str,
) -> TeraResult<Option<Vec<&'k str>>> {
    let kinds = names(kwargs, key)?;
    let known = &scope.site().frame.kinds;
    if let Some(kind) = kinds.iter().flatten().find(|kind| known.get(kind).is_none()) {
        let hint = nearest(kind, known.names());
        let hint = hint.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        return Err(Error::message(format!("{function}(): there is no kind `{kind}`{hint}")));
    }
    Ok(kinds)
}

/// The pages of the language whose kind fits, below a section if one is named, by title.
pub(super) fn pages(
    scope: &Scope,
    function: &str,
    section: Option<&str>,
    fits: impl Fn(Option<&Kind>) -> bool,
) -> TeraResult<Vec<PageIx>> {
    let site = scope.site();
    let section = match section {
        None => None,
        Some(id) => Some(site.version(super::links::find(scope, function, id)?, scope.lang)),
    };
    let inside = |ix: PageIx| match section {
        None => true,
        Some(section) => section.is_some_and(|s| site.ancestors(site.page(ix)).contains(&s)),
    };
    let mut found: Vec<PageIx> = site
        .page_indices()
        .filter(|ix| {
            let page = site.page(*ix);
            let group = site.group_of(page);
            page.lang == scope.lang
                && group.shape == Shape::Page
                && fits(group.facts.kind.as_deref())
                && inside(*ix)
        })
        .collect();
    site.sort(&mut found, Sort::Title, scope.lang);
    Ok(found)
}

/// The pages that an argument lists: summaries.
pub(super) fn listed(scope: &Scope, function: &str, pages: &Value) -> TeraResult<Vec<PageIx>> {
    let site = scope.site();
    let page = |value: &Value| {
        let id = value.as_map()?.get(&Key::Str("id"))?.as_str()?;
        site.best_version(site.find(id).ok()?, scope.lang)
    };
    let wrong =
        || Error::message(format!("{function}() takes pages in its list, and nothing else"));
    let items = pages.as_array().ok_or_else(wrong)?;
    items.iter().map(|item| page(item).ok_or_else(wrong)).collect()
}

/// The argument `section`.
pub(super) fn section(kwargs: &Kwargs) -> TeraResult<Option<&str>> {
    optional(kwargs, "section")
}

/// Whether pages of a kind are at a point of the Earth.
pub(super) fn has_coordinates(kind: Option<&Kind>) -> bool {
    kind.is_some_and(|kind| {
        kind.fields.iter().any(|field| *field.type_.item() == FieldType::Coordinates)
    })
}

/// Gives what was worked out before for the language, or works it out.
pub(super) fn kept(
    scope: &Scope,
    key: String,
    work: impl FnOnce() -> TeraResult<Value>,
) -> TeraResult<Value> {
    let key = (scope.lang, key);
    let queries = &scope.world.queries;
    if let Some(value) = queries.read().ok().and_then(|known| known.get(&key).cloned()) {
        return Ok(value);
    }
    let value = work()?;
    if let Ok(mut known) = queries.write() {
        known.insert(key, value.clone());
    }
    Ok(value)
}

/// A key for [`kept`]: a function with its arguments.
pub(super) fn call(function: &str, kwargs: &Kwargs) -> String {
    let mut key = String::from(function);
    for (name, value) in kwargs.iter() {
        key.push_str(&format!("\u{1f}{}={value:?}", name.as_str().unwrap_or_default()));
    }
    key
}
