//! Functions that list pages. They sort, filter and limit here, and the results of those that do
//! not depend on the page are kept for the other pages of the language.

use std::collections::HashSet;

use tera::{Error, Kwargs, State, TeraResult, Value};

use super::arguments::{boolean, integer, only, optional, text};
use super::choose;
use super::conditions::conditions;
use super::scope::Scope;
use crate::document::Sort;
use crate::site::{PageIx, Shape};

/// Gives what an earlier page of the language asked for, or works it out.
pub(super) fn remembered(
    scope: &Scope,
    function: &str,
    kwargs: &Kwargs,
    work: impl FnOnce() -> TeraResult<Value>,
) -> TeraResult<Value> {
    choose::kept(scope, choose::call(function, kwargs), work)
}

/// The arguments of `pages` that are no conditions on fields.
const PAGES: [&str; 8] =
    ["section", "kind", "term", "sort", "reverse", "limit", "offset", "recursive"];

/// `pages(section, kind, term, sort, reverse, limit, offset, recursive, FIELD…)`
pub(super) fn pages(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let scope = Scope::current()?;
    remembered(&scope, "pages", &kwargs, || {
        let mut found = select(&scope, &kwargs)?;
        let sort = match optional(&kwargs, "sort")? {
            None => Sort::Newest,
            Some(name) => Sort::from_name(name).ok_or_else(|| {
                let names = Sort::NAMES.join(", ");
                Error::message(format!("pages(): `sort` is one of {names}, not «{name}»"))
            })?,
        };
        scope.site().sort(&mut found, sort, scope.lang);
        if boolean(&kwargs, "reverse", false)? {
            found.reverse();
        }
        let count = |key| -> TeraResult<Option<usize>> {
            let n = integer(&kwargs, key)?;
            let wrong = || Error::message(format!("pages(): `{key}` must be 0 or more"));
            n.map(|n| usize::try_from(n).map_err(|_| wrong())).transpose()
        };
        let start = count("offset")?.unwrap_or(0).min(found.len());
        let end = count("limit")?.map_or(found.len(), |n| found.len().min(start.saturating_add(n)));
        Ok(scope.world.summaries(found.get(start..end).unwrap_or_default()))
    })
}

/// The pages that the arguments of `pages` choose, in no particular order.
fn select(scope: &Scope, kwargs: &Kwargs) -> TeraResult<Vec<PageIx>> {
    let site = scope.site();
    let recursive = boolean(kwargs, "recursive", true)?;
    let kind = optional(kwargs, "kind")?;
    if let Some(kind) = kind.filter(|kind| site.frame.kinds.get(kind).is_none()) {
        let near = crate::diagnostic::nearest(kind, site.frame.kinds.names());
        let hint = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        return Err(Error::message(format!("pages(): there is no kind `{kind}`{hint}")));
    }
    let section = match optional(kwargs, "section")? {
        None => None,
        Some(id) => Some(links_find(scope, "pages", id)?),
    };
    let base: Vec<PageIx> = match optional(kwargs, "term")? {
        Some(term) => match links_find(scope, "pages", term)? {
            Some(ix) => site.page(ix).listing().to_vec(),
            None => Vec::new(),
        },
        None => match section {
            Some(None) => Vec::new(),
            Some(Some(ix)) if !recursive => site.page(ix).listing().to_vec(),
            _ => site.page_indices().filter(|ix| site.page(*ix).lang == scope.lang).collect(),
        },
    };
    let conditions = conditions(scope, kwargs, &PAGES, kind)?;
    let in_section = |ix: PageIx| match section {
        None => true,
        Some(None) => false,
        Some(Some(section)) => {
            let parent = site.page(ix).section;
            parent == Some(section)
                || (recursive && site.ancestors(site.page(ix)).contains(&section))
        }
    };
    Ok(base
        .into_iter()
        .filter(|ix| site.group_of(site.page(*ix)).shape == Shape::Page)
        .filter(|ix| {
            let facts = &site.group_of(site.page(*ix)).facts;
            kind.is_none_or(|kind| facts.kind.as_ref().is_some_and(|k| k.name == kind))
        })
        .filter(|ix| in_section(*ix))
        .filter(|ix| conditions.iter().all(|condition| condition.holds(scope, *ix)))
        .collect())
}

/// The version of a page in the language being rendered; an error where there is no such page.
fn links_find(scope: &Scope, function: &str, id: &str) -> TeraResult<Option<PageIx>> {
    let group = super::links::find(scope, function, id)?;
    Ok(scope.site().version(group, scope.lang))
}

/// `sections()`: the top-level sections of the language.
pub(super) fn sections(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("sections", &kwargs, &[])?;
    let scope = Scope::current()?;
    remembered(&scope, "sections", &kwargs, || {
        let site = scope.site();
        let Some(home) = site.home(scope.lang) else {
            return Ok(Value::from(Vec::<Value>::new()));
        };
        let sections = site.page(home).subsections().iter().copied();
        let only_sections: Vec<PageIx> =
            sections.filter(|ix| site.group_of(site.page(*ix)).shape == Shape::Section).collect();
        Ok(scope.world.summaries(&only_sections))
    })
}

/// `terms(taxonomy)`: the terms of a taxonomy, by title.
pub(super) fn terms(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("terms", &kwargs, &["taxonomy"])?;
    let scope = Scope::current()?;
    remembered(&scope, "terms", &kwargs, || {
        let name = text("terms", &kwargs, "taxonomy")?;
        let site = scope.site();
        if !site.config.taxonomies.iter().any(|t| t.name == name) {
            return Err(Error::message(format!("there is no taxonomy `{name}` in site.toml")));
        }
        let list = links_find(&scope, "terms", name)?;
        Ok(list.map_or_else(
            || Value::from(Vec::<Value>::new()),
            |ix| scope.world.summaries(site.page(ix).listing()),
        ))
    })
}

/// `ancestors()`: the sections above the page, the home first.
pub(super) fn ancestors(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("ancestors", &kwargs, &[])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let chain = scope.page().map(|page| site.ancestors(page)).unwrap_or_default();
    Ok(scope.world.summaries(&chain))
}

/// `backlinks(untyped)`: the pages whose text links to this one, by title; with `untyped`, without
/// those that a relation shows.
pub(super) fn backlinks(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("backlinks", &kwargs, &["untyped"])?;
    let scope = Scope::current()?;
    let site = scope.site();
    let mut pages = scope.page.map(|ix| scope.world.backlinks(ix).to_vec()).unwrap_or_default();
    pages.retain(|ix| site.page(*ix).lang == scope.lang);
    if let Some(own) = scope.page().filter(|_| !pages.is_empty()) {
        let relations = site.relations();
        let related = boolean(&kwargs, "untyped", false)?.then(|| {
            let both = relations.from(own.group).iter().chain(relations.to(own.group));
            both.map(|relation| relation.page).collect::<HashSet<_>>()
        });
        pages.retain(|ix| related.as_ref().is_none_or(|r| !r.contains(&site.page(*ix).group)));
    }
    site.sort(&mut pages, Sort::Title, scope.lang);
    Ok(scope.world.summaries(&pages))
}
