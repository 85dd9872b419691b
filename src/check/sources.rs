//! Whether pages rest on sources, and sources have pages that rest on them.

use super::{Context, Found};
use crate::config::reader::Step;
use crate::diagnostic::{Span, rules};
use crate::site::{GroupIx, Page};

pub(super) fn check(context: &Context<'_>) -> Found {
    let site = context.site;
    let mut found = Vec::new();
    for page in site.pages.iter().filter(|p| !p.is_untranslated() && !p.document.is_synthetic()) {
        let group = site.group_of(page);
        found.extend(unsourced(context, page));
        // The rest is about the page in all its languages.
        if page.document.file.path == group.original.file.path {
            found.extend(uncited(context, page));
            found.extend(own_sources(context, page));
        }
    }
    found
}

/// A source that nobody cites or lists.
fn uncited(context: &Context<'_>, page: &Page) -> Found {
    let site = context.site;
    let kind = site.group_of(page).facts.kind.as_ref();
    let mut versions = site.versions(page.group).iter().flatten();
    if kind.is_none_or(|kind| kind.name != "source")
        || versions.any(|ix| !site.citing(*ix).is_empty())
    {
        return Vec::new();
    }
    let message = format!("no page cites the source «{}»", page.title);
    let problem = context.rule(rules::UNCITED_SOURCE, message);
    let hint = "cite it with [@id], list it under `sources:`, or remove its page";
    problem.into_iter().map(|p| p.at(Span::file(&page.document.file.path)).hint(hint)).collect()
}

/// A page of a kind that wants sources, without any.
fn unsourced(context: &Context<'_>, page: &Page) -> Found {
    let group = context.site.group_of(page);
    let Some(kind) = group.facts.kind.as_ref().filter(|kind| kind.sourced) else {
        return Vec::new();
    };
    let front = &group.facts.front;
    let cites = page.document.body(&context.site.config).citations.is_some();
    if cites || !front.sources.is_empty() || !front.facts.is_empty() {
        return Vec::new();
    }
    let message = format!("the page has no source, and a page of kind `{}` should", kind.name);
    let problem = context.rule(rules::UNSOURCED_PAGE, message);
    let hint = "cite one with [@id], or list it under `sources:`";
    problem.into_iter().map(|p| p.at(Span::file(&page.document.file.path)).hint(hint)).collect()
}

/// Sources that a page lists and that no version of it cites.
fn own_sources(context: &Context<'_>, page: &Page) -> Found {
    let site = context.site;
    let original = &site.group_of(page).original;
    if original.front.sources.is_empty() {
        return Vec::new();
    }
    let versions = site.versions(page.group).iter().flatten().map(|ix| site.page(*ix));
    let cited: Vec<GroupIx> = versions
        .flat_map(|version| site.citations(version).into_iter().filter_map(|citing| citing.source))
        .collect();
    let mut found = Vec::new();
    for (n, written) in original.front.sources.iter().enumerate() {
        if site.source(written).is_none_or(|source| cited.contains(&source)) {
            continue;
        }
        let message = format!("the page lists the source `{written}` and never cites it");
        let path = [Step::Key("sources".into()), Step::Index(n)];
        let problem = context.rule(rules::UNCITED_OWN_SOURCE, message);
        found.extend(problem.map(|problem| problem.at(original.value_span(&path))));
    }
    found
}
