//! The rules of text over every file that a reader's words come from.

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::passages::{self, Text};
use super::{Context, Found};
use crate::config::reader::Step;
use crate::diagnostic::{Diagnostic, Problems, Span, rules};
use crate::document::front_matter::key_path;
use crate::document::{Document, Parts};
use crate::source::{SourceFile, read_text};
use crate::text::Lang;
use crate::text::lint::{self, Finding, Glossary, Passage, Place, Spelling};

/// Folders and files that are read as they are: no Markdown, no prose of one language.
const RAW: [&str; 2] = ["data/", "assets/"];

/// Looks at every text of the site.
pub(super) fn check(context: &Context<'_>) -> Found {
    let documents = context.documents();
    let glossary = glossary(context);
    let spelling = spelling(context, &documents);
    let mut found: Found = documents
        .par_iter()
        .flat_map_iter(|document| self::document(context, document, &glossary, &spelling))
        .collect();
    for (lang, language) in context.site.config.languages.iter().enumerate() {
        for (path, file) in context.tree.layers().iter().flat_map(|layer| layer.under("messages/"))
        {
            let stem = path.split('.').next().unwrap_or_default();
            if stem.eq_ignore_ascii_case(language.lang.as_str()) {
                found.extend(messages(context, file, &context.site.language(lang).lang));
            }
        }
    }
    found.extend(raw_files(context));
    found
}

/// The names to use: a mapping of languages to names to the spellings not to use.
fn glossary(context: &Context<'_>) -> Glossary {
    let config = &context.site.config;
    let mut entries = Vec::new();
    let languages = context.site.frame.data.get(&config.check.names).and_then(Value::as_object);
    for (tag, names) in languages.into_iter().flatten() {
        let Some(lang) = Lang::parse(tag) else { continue };
        for (name, wrong) in names.as_object().into_iter().flatten() {
            let one = |value: &Value| value.as_str().map(str::to_owned);
            let wrong = match wrong {
                Value::Array(list) => list.iter().filter_map(one).collect(),
                single => one(single).into_iter().collect(),
            };
            entries.push((lang.clone(), name.clone(), wrong));
        }
    }
    Glossary::new(entries)
}

/// The site's own spelling.
fn spelling(context: &Context<'_>, documents: &[Arc<Document>]) -> Spelling {
    let arabic =
        |document: &&Arc<Document>| context.site.language(document.lang).lang.primary() == "ar";
    let count = |mut spelling: Spelling, document: &Arc<Document>| {
        for text in texts(context, document).map(|(texts, _)| texts).unwrap_or_default() {
            spelling.add(&text.passage());
        }
        spelling
    };
    let merge = |mut a: Spelling, b: Spelling| {
        a.merge(b);
        a
    };
    documents
        .par_iter()
        .filter(arabic)
        .fold(Spelling::default, count)
        .reduce(Spelling::default, merge)
}

/// The passages of a document: title, description, body. Also the images without a description.
fn texts(
    context: &Context<'_>,
    document: &Document,
) -> Option<(Vec<Text>, Vec<std::ops::Range<usize>>)> {
    let text = read_text(&document.file).ok()?;
    let parts = Parts::split(&text, &document.file.path, &Problems::new());
    let lang = &context.site.language(document.lang).lang;
    let mut found = passages::body(&parts, lang);
    for (key, place) in [("title", Place::Title), ("description", Place::Description)] {
        let range = parts.value(&key_path(key));
        let (inside, skipped) = unquoted(text.get(range.clone()).unwrap_or_default());
        let start = range.start + skipped;
        if !inside.is_empty() && !inside.contains('\\') {
            found.texts.push(Text::at(lang, place, inside, start));
        }
    }
    // Fields of the kind that are words for readers; what else there is, is looked at for what is
    // wrong in any text.
    for (key, value) in &document.front.fields {
        let Some(value) = value.as_str().filter(|value| value.contains(' ')) else { continue };
        let range = parts.value(&key_path(key));
        let written = text.get(range.clone()).unwrap_or_default();
        if let Some(at) = written.find(value) {
            found.texts.push(Text::at(lang, Place::Prose, value, range.start + at));
        }
    }
    for (path, lang, words) in facts(context, document) {
        let range = parts.value(&path);
        let written = text.get(range.clone()).unwrap_or_default();
        if let Some(at) = written.find(words) {
            found.texts.push(Text::at(lang, Place::Prose, words, range.start + at));
        }
    }
    Some((found.texts, found.bare_images))
}

/// The words of the facts of a document, with their places and languages.
fn facts<'a>(
    context: &'a Context<'_>,
    document: &'a Document,
) -> Vec<(Vec<Step>, &'a Lang, &'a str)> {
    let mut all = Vec::new();
    for (n, claim) in document.front.facts.iter().enumerate() {
        for (lang, words) in claim.text.all() {
            let language = &context.site.language(lang.unwrap_or(document.lang)).lang;
            let mut path =
                vec![Step::Key("facts".into()), Step::Index(n), Step::Key("text".into())];
            path.extend(lang.map(|_| Step::Key(language.to_string())));
            all.push((path, language, words));
        }
    }
    all
}

/// A value as it is written in YAML without its quotation marks and the comment after it, and where
/// it begins.
fn unquoted(written: &str) -> (&str, usize) {
    match written.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = written.get(1..).unwrap_or_default();
            (inside.split(quote).next().unwrap_or_default(), 1)
        }
        _ => (written.split(" #").next().unwrap_or_default().trim_end(), 0),
    }
}

fn document(
    context: &Context<'_>,
    document: &Document,
    glossary: &Glossary,
    spelling: &Spelling,
) -> Found {
    let Some((texts, images)) = texts(context, document) else { return Vec::new() };
    let file = &document.file.path;
    let mut found = Vec::new();
    let mut findings = Vec::new();
    for text in &texts {
        let passage = text.passage();
        lint::passage(&passage, &mut findings);
        if !glossary.is_empty() {
            glossary.check(&passage, &mut findings);
        }
        spelling.check(&passage, &mut findings);
        found.extend(findings.drain(..).filter_map(|f| diagnostic(context, file, text, f)));
    }
    let passages: Vec<Passage<'_>> = texts.iter().map(Text::passage).collect();
    for (n, finding) in lint::page(&passages) {
        let text = texts.get(n);
        found.extend(text.and_then(|text| diagnostic(context, file, text, finding)));
    }
    for place in images {
        if super::record::describes(context, document, &place) {
            continue;
        }
        let problem = context.rule(rules::IMAGE_ALT, "the image has no description");
        let hint = "say what it shows between the brackets: ![…](…)";
        found.extend(problem.map(|p| p.at(Span::new(file, place.clone())).hint(hint)));
    }
    found.extend(front_matter(context, document, &texts));
    found
}

/// Invisible characters anywhere in the front matter, where no passage of it was looked at.
fn front_matter(context: &Context<'_>, document: &Document, texts: &[Text]) -> Found {
    let Ok(text) = read_text(&document.file) else { return Vec::new() };
    let parts = Parts::split(&text, &document.file.path, &Problems::new());
    let front = text.get(..parts.body_start).unwrap_or_default();
    let mut findings = Vec::new();
    lint::raw(front, &mut findings);
    let whole = Text::at(&context.site.language(document.lang).lang, Place::Machine, front, 0);
    let seen = |at: usize| {
        texts.iter().any(|text| text.source(&(0..text.passage().text.len())).contains(&at))
    };
    findings.retain(|finding| !seen(finding.range.start));
    findings
        .into_iter()
        .filter_map(|finding| diagnostic(context, &document.file.path, &whole, finding))
        .collect()
}

/// A finding as a diagnostic, if its rule is on.
fn diagnostic(
    context: &Context<'_>,
    file: &Arc<str>,
    text: &Text,
    finding: Finding,
) -> Option<Diagnostic> {
    let mut problem = context.rule(finding.rule.code, finding.message)?;
    problem = problem.at(Span::new(file, text.source(&finding.range)));
    problem.hints.extend(finding.hint);
    let edits: Option<Vec<_>> = finding.edits.iter().map(|edit| text.edit(edit)).collect();
    problem.fix = edits.unwrap_or_default();
    Some(problem)
}

/// The words of the interface in one language.
fn messages(context: &Context<'_>, file: &SourceFile, lang: &Lang) -> Found {
    let Ok(text) = read_text(file) else { return Vec::new() };
    let mut found = Vec::new();
    let mut findings = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((key, value)) = line.split_once(':').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let (inside, quote) = unquoted(value.trim());
        let skipped = key.len() + 1 + (value.len() - value.trim_start().len()) + quote;
        let passage = Text::at(lang, Place::Prose, inside, start + skipped);
        lint::passage(&passage.passage(), &mut findings);
        let one = |finding| diagnostic(context, &file.path, &passage, finding);
        found.extend(findings.drain(..).filter_map(one));
    }
    found
}

/// Files that are no prose: settings, templates, style sheets, data.
fn raw_files(context: &Context<'_>) -> Found {
    let tree = context.tree;
    let own = RAW.iter().flat_map(|folder| tree.under(folder));
    let layers = tree.layers().iter().flat_map(|layer| {
        layer.under("templates/").chain(layer.under("assets/")).map(|(_, file)| file)
    });
    let mut found = Vec::new();
    for file in own.chain(layers) {
        let known = [".html", ".xml", ".css", ".js", ".yaml", ".yml", ".toml", ".json", ".csv"];
        if known.iter().any(|end| file.path.ends_with(end))
            && let Ok(text) = read_text(file)
        {
            found.extend(raw(context, &file.path, &text));
        }
    }
    let settings: Arc<str> = crate::source::SITE_FILE.into();
    if let Some(text) = crate::diagnostic::Quotes::text(tree, &settings) {
        found.extend(raw(context, &settings, &text));
    }
    found
}

fn raw(context: &Context<'_>, file: &Arc<str>, text: &str) -> Found {
    let mut findings = Vec::new();
    lint::raw(text, &mut findings);
    if findings.is_empty() {
        return Vec::new();
    }
    let whole = Text::at(&context.site.language(0).lang, Place::Machine, text, 0);
    findings.into_iter().filter_map(|f| diagnostic(context, file, &whole, f)).collect()
}
