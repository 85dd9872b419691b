//! What can be said of pages without looking at their HTML: titles, descriptions, headings,
//! addresses.

use std::collections::BTreeMap;

use super::{Context, Found};
use crate::diagnostic::{Diagnostic, Span, rules};
use crate::document::front_matter::key_path;
use crate::site::{Page, Shape};
use crate::text::slug;

pub(super) fn check(context: &Context<'_>) -> Found {
    let mut found = Vec::new();
    // A page shown untranslated was looked at in its own language.
    let own =
        || context.site.pages.iter().filter(|p| !p.is_untranslated() && !p.document.is_synthetic());
    for page in own() {
        found.extend(lengths(context, page));
        found.extend(headings(context, page));
    }
    found.extend(duplicates(context, own()));
    found.extend(similar(context, own()));
    found
}

fn lengths(context: &Context<'_>, page: &Page) -> Found {
    let (config, front) = (&context.site.config.check, &page.document.front);
    let mut found = Vec::new();
    let mut long = |code, key: &str, text: &str, most: usize| {
        let length = text.chars().count();
        if length > most {
            let message =
                format!("the {key} has {length} characters; more than {most} are cut off");
            let span = || page.document.value_span(&key_path(key));
            found.extend(context.rule(code, message).map(|problem| problem.at(span())));
        }
    };
    long(rules::TITLE_LENGTH, "title", &page.title, config.max_title);
    match front.description.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            long(rules::DESCRIPTION_LENGTH, "description", text, config.max_description);
        }
        None => {
            let message = "the page has no description; search engines show its first words";
            let problem = context.rule(rules::DESCRIPTION_MISSING, message);
            found.extend(problem.map(|p| p.at(Span::file(&page.document.file.path))));
        }
    }
    found
}

/// The title is the heading of the first level; each further one is at most one level deeper than
/// the one before (WCAG 2.2, technique G141).
fn headings(context: &Context<'_>, page: &Page) -> Found {
    let mut above = 1;
    let mut found = Vec::new();
    for heading in &page.document.body(&context.site.config).outline {
        if heading.level > above + 1 {
            let message = format!(
                "the heading «{}» is of level {} and follows one of level {above}",
                heading.text, heading.level
            );
            let hint = format!("begin it with {}", "#".repeat(usize::from(above) + 1));
            let problem = context.rule(rules::HEADING_LEVEL, message);
            found.extend(
                problem.map(|p| p.at(heading_span(page, heading.level, &heading.text)).hint(hint)),
            );
        }
        above = heading.level;
    }
    found
}

/// The place of a heading: its line, as far as its words are found as they are.
fn heading_span(page: &Page, level: u8, words: &str) -> Span {
    let file = &page.document.file;
    let Ok(text) = crate::source::read_text(file) else { return Span::file(&file.path) };
    let marks = "#".repeat(usize::from(level));
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start().strip_prefix(&marks).filter(|rest| rest.starts_with(' '));
        if rest.is_some_and(|rest| rest.contains(words)) {
            return Span::new(&file.path, at..at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::file(&file.path)
}

fn duplicates<'a>(context: &Context<'_>, pages: impl Iterator<Item = &'a Page>) -> Found {
    let mut titles: BTreeMap<(usize, &str), Vec<&Page>> = BTreeMap::new();
    // A term is named as the page about it may be.
    for page in pages.filter(|page| context.site.group_of(page).shape == Shape::Page) {
        titles.entry((page.lang, page.title.trim())).or_default().push(page);
    }
    let same = titles.into_iter().filter(|(_, pages)| pages.len() > 1);
    let problems = same.filter_map(|((_, title), pages)| {
        let (first, others) = pages.split_first()?;
        let message = format!("{} pages are titled «{title}»", pages.len());
        pair(context, rules::DUPLICATE_TITLE, message, first, others, "title")
    });
    problems.collect()
}

fn similar<'a>(context: &Context<'_>, pages: impl Iterator<Item = &'a Page>) -> Found {
    let mut slugs: BTreeMap<(usize, String), Vec<&Page>> = BTreeMap::new();
    for page in pages {
        slugs.entry((page.lang, slug::fold(&page.url))).or_default().push(page);
    }
    let same = slugs.into_iter().filter(|(_, pages)| pages.len() > 1);
    let problems = same.filter_map(|(_, pages)| {
        let (first, others) = pages.split_first()?;
        let urls: Vec<String> = pages.iter().map(|page| format!("«{}»", page.url)).collect();
        let message = format!("readers will take these addresses for one: {}", urls.join(", "));
        pair(context, rules::SIMILAR_SLUG, message, first, others, "slug")
    });
    problems.collect()
}

/// A problem of a page that others share.
fn pair(
    context: &Context<'_>,
    code: &'static str,
    message: String,
    first: &Page,
    others: &[&Page],
    key: &str,
) -> Option<Diagnostic> {
    let place = |page: &Page| page.document.value_span(&key_path(key));
    let mut problem = context.rule(code, message)?.at(place(first));
    for other in others {
        problem = problem.related(place(other), "the other one");
    }
    Some(problem)
}
