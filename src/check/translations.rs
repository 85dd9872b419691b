//! Translations that fell behind, and words of the interface that a language lacks.

use super::{Context, Found};
use crate::diagnostic::{Span, rules};
use crate::document::front_matter::key_path;
use crate::site::Page;
use crate::translation::{Coverage, Status};

/// How many missing messages of one language are named.
const MAX_NAMED: usize = 12;

pub(super) fn check(context: &Context<'_>) -> Found {
    let mut found = stale(context);
    for page in &context.site.pages {
        found.extend(headings(context, page));
    }
    found.extend(messages(context));
    found
}

fn stale(context: &Context<'_>) -> Found {
    let coverage = Coverage::of(&context.documents(), context.site);
    let stale = coverage.entries().iter().filter(|entry| entry.status == Status::Stale);
    let problems = stale.filter_map(|entry| {
        let document = entry.document.as_ref()?;
        let original = entry.original.file.written_in();
        let message = format!("the original, {original}, has changed since this was translated");
        let mut problem = context.rule(rules::STALE_TRANSLATION, message)?;
        let mut lines: Vec<String> =
            entry.changed.iter().take(MAX_NAMED).map(|line| line.number.to_string()).collect();
        lines.dedup();
        if !lines.is_empty() {
            problem = problem.hint(format!("changed lines of the original: {}", lines.join(", ")));
        }
        let file = &document.file.path;
        let hint = format!("when it is as the original again: dhikra translations mark {file}");
        let span = document.key_span(&key_path("translated_from"));
        Some(problem.at(span).hint(hint))
    });
    problems.collect()
}

/// A translation whose headings do not match loses the original's anchors.
fn headings(context: &Context<'_>, page: &Page) -> Found {
    let original = &context.site.group_of(page).original;
    let own = &page.document;
    if page.is_untranslated() || own.lang == original.lang || context.site.shares_anchors(page) {
        return Vec::new();
    }
    let levels = |document: &crate::document::Document| {
        document
            .body(&context.site.config)
            .outline
            .iter()
            .map(|heading| heading.level)
            .collect::<Vec<_>>()
    };
    let (mine, theirs) = (levels(own), levels(original));
    if mine == theirs || own.is_synthetic() {
        return Vec::new();
    }
    let at =
        mine.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(mine.len().min(theirs.len()));
    let named = |document: &crate::document::Document| {
        document.body(&context.site.config).outline.get(at).map_or_else(
            || "no more heading".to_owned(),
            |heading| format!("«{}», level {}", heading.text, heading.level),
        )
    };
    let message = format!(
        "the headings are not those of {}: {} here, {} there",
        original.file.written_in(),
        named(own),
        named(original)
    );
    let hint =
        "links to a place on the page lead astray in this language; give it the same headings";
    let problem = context.rule(rules::TRANSLATION_HEADINGS, message);
    problem.map(|p| p.at(Span::file(&own.file.path)).hint(hint)).into_iter().collect()
}

/// Messages that one language has and another lacks.
fn messages(context: &Context<'_>) -> Found {
    let site = context.site;
    let mut found = Vec::new();
    for (lang, missing) in site.frame.messages.gaps() {
        let language = &site.language(lang).lang;
        let some = missing.iter().take(MAX_NAMED).map(|key| format!("`{key}`"));
        let mut named = some.collect::<Vec<_>>().join(", ");
        if let Some(more) = missing.len().checked_sub(MAX_NAMED).filter(|n| *n > 0) {
            named.push_str(&format!(" and {more} more"));
        }
        let message = format!("{language} lacks messages that other languages have: {named}");
        let hint = format!("add them to messages/{language}.yaml");
        found.extend(context.rule(rules::MISSING_MESSAGE, message).map(|p| p.hint(hint)));
    }
    found
}
