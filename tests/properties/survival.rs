//! Whole sites of broken files: every problem has a place that is there and can be shown, and
//! nothing is published beside an error.

use std::path::Path;
use std::sync::Arc;

use dhikra::diagnostic::{self, Diagnostic, Quotes, has_errors};
use dhikra::pipeline::{self, Overrides};
use dhikra::publish::{self, Options, Outcome};
use dhikra::site::Clock;
use dhikra::source::Folder;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases;
use crate::common::{Site, visible};
use crate::inputs::{content, markup, table, template, toml, yaml};

/// Builds a site in this process. Gives what was done, and the problems as JSON.
pub(crate) fn build(site: &Site, out: &Path, keep_going: bool) -> (Outcome, Vec<String>) {
    let clock = Clock { today: (2026, 1, 10), drafts: false };
    let overrides = Overrides { clock, base_url: None };
    let mut loaded = match pipeline::load(&site.root(), &overrides) {
        Ok(loaded) => loaded,
        Err(found) => return (Outcome::default(), show(found, &Folder(&site.root()))),
    };
    let mut problems = std::mem::take(&mut loaded.problems);
    let failed = has_errors(&problems);
    let options = Options { out, keep_going, made: &|| {} };
    let (outcome, found) = publish::publish(&loaded.renderer, &loaded.outputs, failed, &options);
    problems.extend(found);
    assert!(!outcome.published || keep_going || !has_errors(&problems), "{problems:?}");
    assert!(outcome.published || has_errors(&problems), "{problems:?}");
    (outcome, show(problems, &*Arc::clone(&loaded.tree)))
}

/// Shows problems in every form, as their places must allow.
fn show(mut problems: Vec<Diagnostic>, quotes: &(impl Quotes + Sync)) -> Vec<String> {
    diagnostic::sort(&mut problems, quotes);
    for problem in &problems {
        let related = problem.related.iter().map(|(span, _)| span);
        for span in problem.span.iter().chain(related) {
            let range = span.range.0..span.range.1;
            if let Some(text) = quotes.text(&span.file) {
                assert!(text.get(range).is_some(), "{problem:?} is not in {text:?}");
            }
        }
        assert!(!problem.message.is_empty(), "{problem:?}");
        let _ = diagnostic::human(problem, quotes, true);
    }
    problems.iter().map(|problem| diagnostic::json(problem, quotes)).collect()
}

/// Builds a site that may be broken in any way.
fn check(site: &Site) {
    let (outcome, _) = build(site, &site.out(), false);
    if !outcome.published {
        assert!(visible(&site.out()).is_empty());
        build(site, &site.out(), true);
    }
}

/// Adds front matter and body as a page.
fn page(site: &Site, path: &str, yaml: &str, body: &str) {
    site.write(path, format!("---\n{yaml}\n---\n{body}"));
}

/// A site of one language.
pub(crate) const SETTINGS: &str =
    "base_url = \"https://example.org/\"\n[languages.ar]\ntitle = \"أ\"\n[output]\n";

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_content(files in vec(content(), 1..5)) {
        let site = Site::new();
        let names = ["أ.md", "b/_index.md", "b/ج/index.md", "b/ج.md", "_index.md"];
        for (bytes, name) in files.iter().zip(names) {
            site.write(&format!("content/{name}"), bytes);
        }
        check(&site);
    }

    #[test]
    fn any_front_matter(yamls in vec(yaml(), 1..4), section in yaml()) {
        let site = Site::new();
        site.write("site.toml", "base_url = \"https://example.org/\"\ntheme = \"bare\"\n\
            [languages.ar]\ntitle = \"أ\"\n[languages.en]\ntitle = \"b\"\n[taxonomies.tags]\n");
        site.write("themes/bare/kinds.toml", "[event]\nrequires = [\"date\"]\n\
            fields.place = { type = \"reference\", to = [\"event\"] }\n\
            fields.coordinates = { type = \"coordinates\" }\n");
        page(&site, "content/s/_index.md", &format!("title: قسم\n{section}"), "");
        for (yaml, name) in yamls.iter().zip(["a.md", "a.en.md", "s/b.md"]) {
            page(&site, &format!("content/{name}"), yaml, "نص");
        }
        check(&site);
    }

    #[test]
    fn any_table(
        tables in vec(table(), 1..4), columns in table(), bytes in vec(any::<u8>(), 0..40), rows in yaml()
    ) {
        let site = Site::new();
        site.write("site.toml", "base_url = \"https://example.org/\"\ntheme = \"bare\"\n\
            [languages.ar]\ntitle = \"أ\"\n[languages.en]\ntitle = \"b\"\n[taxonomies.tags]\n");
        site.write("themes/bare/kinds.toml", "[event]\nrequires = [\"date\"]\n\
            fields.place = { type = \"reference\", to = [\"event\"] }\n\
            fields.coordinates = { type = \"coordinates\" }\n");
        for (n, text) in tables.iter().enumerate() {
            site.write(&format!("content/_{n}.csv"), format!("id,title,body,extra.a,kind\n{text}"));
        }
        site.write("content/s/_a.csv", format!("{columns}\na,b,c"));
        site.write("content/s/_b.csv", bytes);
        site.write("content/s/_c.yaml", format!("- id: a\n  title: {rows}"));
        site.write("content/s/_d.yaml", rows);
        check(&site);
    }

    #[test]
    fn any_settings(text in toml()) {
        let site = Site::new();
        // Not in the default theme, whose fonts take seconds.
        site.write("site.toml", format!("theme = \"bare\"\n{text}"));
        page(&site, "content/events/a.md", "title: أ\ndate: 1951\ntags: [ب]", "[[events]]");
        site.page("events/_index", "الأحداث");
        check(&site);
    }

    #[test]
    fn any_data_and_messages(data in yaml(), more in toml(), messages in yaml()) {
        let site = Site::new();
        site.write("data/a.yaml", data.clone());
        site.write("data/b.toml", more);
        site.write("data/c.json", data.clone());
        site.write("data/d.csv", data);
        site.write("messages/ar.yaml", messages.clone());
        site.write("kinds.toml", messages);
        check(&site);
    }

    #[test]
    fn any_template(text in template(), parts in template()) {
        let site = Site::new();
        site.write("themes/bare/templates/page.html", text);
        site.write("themes/bare/templates/parts.html", parts);
        site.page("a", "أ");
        check(&site);
    }

    #[test]
    fn any_block_in_the_default_theme(body in markup(), more in markup()) {
        let site = Site::new();
        site.in_the_default_theme(SETTINGS);
        page(&site, "content/a.md", "title: أ", &body);
        page(&site, "content/b.md", "title: ب", &more);
        check(&site);
    }
}
