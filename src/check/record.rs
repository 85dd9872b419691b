//! What pages record: whose pictures they show, and under which name others refer to them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Context, Found};
use crate::diagnostic::{Span, rules};
use crate::document::{Document, LinkKind, RawLink};
use crate::site::{Group, Page};

/// How many of the pages that share a name are shown.
const MAX_SHOWN: usize = 5;

pub(super) fn check(context: &Context<'_>) -> Found {
    let mut found = Vec::new();
    let own = |page: &&Page| !page.is_untranslated() && !page.document.is_synthetic();
    for page in context.site.pages.iter().filter(own) {
        found.extend(uncredited(context, page));
    }
    found.extend(shared_names(context));
    found
}

fn images(context: &Context<'_>, document: &Document) -> Vec<RawLink> {
    let links = &document.body(&context.site.config).links;
    links.iter().filter(|link| link.kind == LinkKind::Image).cloned().collect()
}

/// Whether the record of a page says what a picture in its text shows.
fn is_recorded(context: &Context<'_>, page: &Page, image: &RawLink) -> bool {
    let site = context.site;
    let Ok(resolved) = site.resolve(page, LinkKind::Image, &image.destination) else {
        // A picture that is not there is reported as that.
        return true;
    };
    let href = match resolved.target {
        crate::site::Target::External => image.destination.to_string(),
        _ => site.href(&resolved),
    };
    site.media_at(page, &href).is_some()
}

fn uncredited(context: &Context<'_>, page: &Page) -> Found {
    let document = &page.document;
    let mut found = Vec::new();
    for image in images(context, document) {
        if is_recorded(context, page, &image) {
            continue;
        }
        let message = format!("the page does not say whose picture «{}» is", image.destination);
        let hint = "add it to `media:` in the original's front matter, with alt, creator, licence and source";
        let problem = context.rule(rules::UNCREDITED_IMAGE, message);
        found.extend(problem.map(|p| p.at(image.span(&document.file.path)).hint(hint)));
    }
    found
}

/// Whether what a picture at a place of a document shows is said in its page's record.
pub(super) fn describes(context: &Context<'_>, document: &Document, place: &Range<usize>) -> bool {
    let images = images(context, document);
    let Some(image) = images.iter().find(|image| {
        let (start, end) = image.place;
        (start as usize..end as usize).contains(&place.start)
    }) else {
        return false;
    };
    let shows = |page: &&Page| std::ptr::eq(Arc::as_ptr(&page.document), document);
    let page = context.site.pages.iter().find(shows);
    let recorded = page.and_then(|page| context.site.group_of(page).original.front.record.as_ref());
    recorded.is_some() && page.is_some_and(|page| is_recorded(context, page, image))
}

/// Pages of kinds that are called the same: who refers to one of them must write more of its path.
fn shared_names(context: &Context<'_>) -> Found {
    let mut names: BTreeMap<&str, Vec<&Group>> = BTreeMap::new();
    for group in context.site.groups.iter().filter(|group| group.facts.kind.is_some()) {
        let name = group.id.rsplit('/').next().unwrap_or(&group.id);
        names.entry(name).or_default().push(group);
    }
    let shared = names.into_iter().filter(|(_, groups)| groups.len() > 1);
    let problem = |(name, groups): (&str, Vec<&Group>)| {
        let (first, others) = groups.split_first()?;
        let ids: Vec<String> =
            groups.iter().take(MAX_SHOWN).map(|group| format!("`{}`", group.id)).collect();
        let message = format!("{} pages have the name `{name}`: {}", groups.len(), ids.join(", "));
        let place = |group: &Group| Span::file(&group.original.file.path);
        let mut problem = context.rule(rules::SHARED_NAME, message)?.at(place(first));
        for other in others.iter().take(MAX_SHOWN) {
            problem = problem.related(place(other), "the other one");
        }
        Some(problem.hint("rename one of the files, so that each reference can only mean one page"))
    };
    shared.filter_map(problem).collect()
}
