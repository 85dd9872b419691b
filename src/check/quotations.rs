//! Quotations compared with the texts of their sources, as far as those are kept below `archive/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Context, Found, archive};
use crate::config::reader::Step;
use crate::diagnostic::{Diagnostic, Severity, Span, nearest, rules};
use crate::document::front_matter::key_path;
use crate::document::markdown::closing;
use crate::document::{Document, LinkKind};
use crate::site::{GroupIx, Site};
use crate::source::{SourceFile, read_text};
use crate::text::join;
use crate::text::quotation::{self, Found as Words, Text};

/// The words that a page quotes.
struct Quoted<'a> {
    locator: &'a str,
    quote: &'a str,
    document: &'a Arc<Document>,
    place: Place,
}

/// Where a page quotes them.
enum Place {
    /// In its text.
    Text(Span),
    /// In a fact, by its number and that of the source.
    Fact(usize, usize),
}

pub(super) fn check(context: &Context<'_>) -> Found {
    let site = context.site;
    let own = || site.pages.iter().filter(|p| !p.is_untranslated() && !p.document.is_synthetic());
    let mut by_source: BTreeMap<GroupIx, Vec<Quoted<'_>>> = BTreeMap::new();
    for page in own() {
        let mut quoted = in_text(site, &page.document);
        let original = &site.group_of(page).original;
        if Arc::ptr_eq(&page.document, original) {
            quoted.extend(in_facts(original));
        }
        for (written, quoted) in quoted {
            if let Some(source) = site.source(written) {
                by_source.entry(source).or_default().push(quoted);
            }
        }
    }
    // A text that is not there is reported without a quotation too.
    for page in own() {
        let facts = &site.group_of(page).facts;
        let has_text = page.document.front.fields.contains_key("archive");
        if has_text && facts.kind.as_ref().is_some_and(|kind| kind.name == "source") {
            by_source.entry(page.group).or_default();
        }
    }
    let sources: Vec<(GroupIx, Vec<Quoted<'_>>)> = by_source.into_iter().collect();
    sources.par_iter().flat_map_iter(|(source, all)| compare(context, *source, all)).collect()
}

/// What the text of a document quotes, with the sources as it names them.
fn in_text<'a>(site: &'a Site, document: &'a Arc<Document>) -> Vec<(&'a str, Quoted<'a>)> {
    let body = document.body(&site.config);
    let cited = body.citations.iter().flat_map(|citations| &citations.list);
    let quoted = cited.filter_map(|cited| {
        let (locator, quote) = (&*cited.locator, &*cited.quote);
        let link = body.links.get(cited.link as usize)?;
        let place = Place::Text(link.span(&document.file.path));
        let quoted = Quoted { locator, quote, document, place };
        (link.kind == LinkKind::Citation).then_some((&*link.destination, quoted))
    });
    quoted.collect()
}

/// What the facts of a page quote.
fn in_facts(original: &Arc<Document>) -> Vec<(&str, Quoted<'_>)> {
    let mut all = Vec::new();
    for (n, claim) in original.front.facts.iter().enumerate() {
        for (i, cited) in claim.sources.iter().enumerate() {
            let (locator, quote, place) = (&*cited.locator, &*cited.quote, Place::Fact(n, i));
            all.push((&*cited.id, Quoted { locator, quote, document: original, place }));
        }
    }
    all
}

impl Quoted<'_> {
    /// The place of the words, or of the citation where they are not written as they are.
    fn span(&self) -> Span {
        let span = match &self.place {
            Place::Text(span) => span.clone(),
            Place::Fact(n, i) => {
                let (facts, sources) = (Step::Key("facts".into()), Step::Key("sources".into()));
                let path = [facts, Step::Index(*n), sources, Step::Index(*i)];
                return self.document.value_span(&path);
            }
        };
        let Ok(text) = read_text(&self.document.file) else { return span };
        let written = text.get(span.range.0..span.range.1).unwrap_or_default();
        let wanted = if self.quote.is_empty() { self.locator } else { self.quote };
        match written.find(wanted).filter(|_| !wanted.is_empty()) {
            Some(at) => {
                let start = span.range.0 + at;
                Span::new(&span.file, start..start + wanted.len())
            }
            None => span,
        }
    }
}

/// Compares everything that is quoted from a source.
fn compare(context: &Context<'_>, source: GroupIx, all: &[Quoted<'_>]) -> Found {
    let (text, mut found) = match local_text(context, source) {
        Ok(text) => (text, Vec::new()),
        Err(problem) => (None, problem.into_iter().collect()),
    };
    for quoted in all {
        found.extend(look(context, source, text.as_ref(), quoted));
    }
    found
}

fn look(
    context: &Context<'_>,
    source: GroupIx,
    text: Option<&(Arc<str>, Text)>,
    quoted: &Quoted<'_>,
) -> Option<Diagnostic> {
    let rule = |message: String| context.rule(rules::QUOTATION, message);
    let Quoted { locator, quote, .. } = *quoted;
    if quote.is_empty() {
        // Marks that were not closed left the words in the locator.
        locator.chars().find(|c| closing(*c).is_some())?;
        let problem = rule(format!("the quotation in «{locator}» does not end"))?;
        return Some(problem.at(quoted.span()).hint("close it with the mark that pairs its first"));
    }
    if !quotation::has_words(quote) {
        return Some(rule("the quotation has no words".to_owned())?.at(quoted.span()));
    }
    let (file, text) = text?;
    let wanted = quotation::paragraphs(locator);
    match (text.find(quote, wanted.as_ref()), wanted) {
        (Words::Nowhere(near), _) => {
            let id = &context.site.group(source).id;
            let problem = rule(format!("the text of the source `{id}` does not have these words"))?;
            let problem = problem.at(quoted.span());
            Some(match near {
                Some(near) => problem.hint(format!("{file} has «{near}»")),
                None => problem.hint(format!("nothing in {file} is like them")),
            })
        }
        (Words::In(number), Some(wanted)) if !number.is_some_and(|n| wanted.contains(&n)) => {
            let problem = rule(format!("these words do not stand in {locator}"))?;
            let severity = problem.severity.max(Severity::Warning);
            let problem = Diagnostic { severity, ..problem }.at(quoted.span());
            Some(match number {
                Some(number) => problem.hint(format!("{file} has them in ¶{number}")),
                None => problem.hint(format!("{file} has them outside of its paragraphs")),
            })
        }
        _ => None,
    }
}

/// The text that a source keeps locally, with the path of its file; none where it names no file.
fn local_text(
    context: &Context<'_>,
    source: GroupIx,
) -> Result<Option<(Arc<str>, Text)>, Option<Diagnostic>> {
    let original = &context.site.group(source).original;
    let Some(name) = original.front.fields.get("archive").and_then(|value| value.as_str()) else {
        return Ok(None);
    };
    let path = join("archive", name.trim()).filter(|path| path.starts_with("archive/"));
    let file: Option<&SourceFile> = path.as_deref().and_then(|path| context.tree.file(path));
    let Some(file) = file else {
        let message = format!("there is no file `{name}` in the folder archive/");
        let names = context.tree.under("archive/").filter_map(|f| f.path.strip_prefix("archive/"));
        let problem = context.rule(rules::QUOTATION, message);
        return Err(problem.map(|problem| {
            let problem = problem.at(original.value_span(&key_path("archive")));
            match nearest(name, names) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint("a path below archive/, such as `seed.txt`"),
            }
        }));
    };
    match read_text(file) {
        Ok(text) => Ok(Some((Arc::clone(&file.path), archive::read(file, &text)))),
        Err(why) => {
            let message = format!("{} cannot be compared: {}", file.path, why.message);
            let hint = "keep the words of the source as text, Markdown or HTML, in UTF-8";
            let span = original.value_span(&key_path("archive"));
            let problem = context.rule(rules::QUOTATION, message);
            Err(problem.map(|problem| problem.at(span).hint(hint)))
        }
    }
}
