//! Facts: what the original says with what its sections hand down, checked against the kind; and
//! that translations do not say them again.

use std::sync::Arc;

use super::{Facts, GroupIx, Site, claims};
use crate::config::reader::Step;
use crate::config::{Config, FRONT_MATTER_KEYS};
use crate::diagnostic::{Diagnostic, Problems, codes};
use crate::document::front_matter::key_path;
use crate::document::{Document, FrontMatter, Gist, LANGUAGE_KEYS, LinkKind, Role};
use crate::knowledge::{Kinds, References, unknown, validate};
use crate::text::Edtf;

/// The facts of a page: its own front matter over its sections' cascades, the nearest first.
pub(super) fn gather(
    original: &Document,
    cascades: &[(&Document, &FrontMatter)],
    kinds: &Kinds,
    problems: &Problems,
) -> Facts {
    let mut front = Arc::clone(&original.front);
    if cascades.is_empty() && !original.gist.kind {
        return Facts { kind: None, front };
    }
    if !cascades.is_empty() {
        // Most pages of a large site are below no cascade, and share what they were parsed to.
        let own = Arc::make_mut(&mut front);
        for (_, cascade) in cascades {
            own.inherit(cascade);
        }
        // What a section hands down is for its pages: a section below it is no event.
        if original.role == Role::Section {
            own.kind.clone_from(&original.front.kind);
        }
    }
    let kind = front.kind.as_deref().and_then(|name| {
        let kind = kinds.get(name).cloned();
        if kind.is_none() {
            let message = format!("there is no kind `{name}`");
            let names = kinds.names().collect::<Vec<_>>().join(", ");
            let mut problem = Diagnostic::error(codes::UNKNOWN_KIND, message)
                .did_you_mean(name, kinds.names())
                .hint(format!("kinds: {names}"));
            problem = problem.at(if original.front.kind.is_some() {
                original.value_span(&key_path("kind"))
            } else {
                let said = |front: &FrontMatter| front.kind.as_deref() == Some(name);
                let section = cascades.iter().find(|(_, cascade)| said(cascade));
                let path = [Step::Key("cascade".into()), Step::Key("kind".into())];
                section.map_or_else(
                    || crate::diagnostic::Span::file(&original.file.path),
                    |(section, _)| section.value_span(&path),
                )
            });
            problems.push(problem);
        }
        kind
    });
    Facts { kind, front }
}

/// Checks that a translation holds only what belongs to its language.
pub(super) fn check_translation(
    document: &Document,
    original: &Document,
    facts: &Facts,
    config: &Config,
    problems: &Problems,
) {
    let said = said(&document.front, config);
    for key in said {
        let translatable =
            facts.kind.as_ref().and_then(|kind| kind.field(&key)).is_some_and(|f| f.translatable);
        if LANGUAGE_KEYS.contains(&key.as_str()) || translatable {
            continue;
        }
        let field = facts.kind.as_ref().and_then(|kind| kind.field(&key));
        if document.front.fields.contains_key(&key) && field.is_none() {
            let problem = unknown(facts.kind.as_deref(), &key, LANGUAGE_KEYS);
            problems.push(problem.at(document.key_span(&key_path(&key))));
            continue;
        }
        let message = format!("`{key}` is a fact, and facts are kept in the original");
        problems.push(
            Diagnostic::error(codes::FACT_IN_TRANSLATION, message)
                .at(document.key_span(&key_path(&key)))
                .hint(format!(
                    "remove it here; it is inherited from {}",
                    original.file.written_in()
                )),
        );
    }
}

/// The keys that a page says.
fn said(front: &FrontMatter, config: &Config) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    macro_rules! options {
        ($($key:ident),*) => { $(if front.$key.is_some() { keys.push(stringify!($key).into()); })* };
    }
    options!(kind, date, updated, publish, expires, weight, template, sort, paginate, feed);
    options!(untranslated, cascade, cite_paragraphs);
    if !front.sources.is_empty() {
        keys.push("sources".into());
    }
    if let Some(record) = &front.record {
        let said = [("as_of", record.as_of.is_some()), ("media", !record.media.is_empty())];
        keys.extend(said.iter().filter(|(_, said)| *said).map(|(key, _)| (*key).to_owned()));
    }
    if !front.facts.is_empty() {
        keys.push("facts".into());
    }
    keys.extend(
        front.terms.iter().filter_map(|(i, _)| config.taxonomies.get(*i)).map(|t| t.name.clone()),
    );
    keys.extend(front.fields.keys().cloned());
    keys
}

/// Checks the fields of a group's documents, and what its kind requires of it.
pub(super) fn check(site: &Site, ix: GroupIx, problems: &Problems) {
    let group = site.group(ix);
    let original = &group.original;
    let kind = group.facts.kind.as_deref();
    if kind.is_none() && !original.gist.facts {
        return;
    }
    let unknown_kind = group.facts.front.kind.is_some() && kind.is_none();
    if !unknown_kind {
        let resolver = Resolver { site, own: ix };
        let (fields, date) = (&original.front.fields, group.facts.front.date);
        for (path, on_key, problem) in validate(kind, fields, date, FRONT_MATTER_KEYS, &resolver) {
            let span = match (path.is_empty(), on_key) {
                (true, _) => crate::diagnostic::Span::file(&original.file.path),
                (_, true) => original.key_span(&path),
                (_, false) => original.value_span(&path),
            };
            problems.push(problem.at(span));
        }
    }
    if let Some(kind) = kind {
        let lacks_date = group.facts.front.date.is_none() && original.front.date.is_none();
        // One that is there and holds no date was reported.
        let is_told = || {
            let path = key_path("date");
            let (key, value) = (original.key_span(&path), original.value_span(&path));
            let is_empty = value == key || value.range.1.saturating_sub(value.range.0) <= 2;
            !key.is_whole_file() && (original.file.is_untyped() || !is_empty)
        };
        if lacks_date && !is_told() && kind.requires.iter().any(|key| key == "date") {
            let message = format!("a page of kind `{}` must say its `date`", kind.name);
            problems.push(
                Diagnostic::error(codes::MISSING_KEY, message)
                    .at(original.key_span(&key_path("date"))),
            );
        }
    }
    check_media(site, ix, problems);
    for (i, source) in original.front.sources.iter().enumerate() {
        let resolver = Resolver { site, own: ix };
        if let Err((message, hint)) = resolver.check(source, &["source".to_owned()]) {
            let path = [Step::Key("sources".into()), Step::Index(i)];
            let mut problem =
                Diagnostic::error(codes::UNKNOWN_SOURCE, message).at(original.value_span(&path));
            problem.hints.extend(hint);
            problems.push(problem);
        }
    }
    claims::check(&Resolver { site, own: ix }, original, problems);
}

/// Checks that the files of a page's pictures are there.
fn check_media(site: &Site, ix: GroupIx, problems: &Problems) {
    let original = &site.group(ix).original;
    let media = original.front.record.iter().flat_map(|record| &record.media);
    let Some(page) = site.version(ix, original.lang).map(|ix| site.page(ix)) else { return };
    for (i, media) in media.enumerate() {
        let problem = match site.resolve(page, LinkKind::Image, &media.file) {
            Ok(resolved) if !matches!(resolved.target, super::Target::Page(_)) => continue,
            Ok(_) => (format!("«{}» is a page and no picture", media.file), None),
            Err(problem) => {
                let problem = site.with_suggestion(problem, LinkKind::Image, &media.file);
                problem.explain(&media.file)
            }
        };
        let path = [Step::Key("media".into()), Step::Index(i), Step::Key("file".into())];
        let mut found =
            Diagnostic::error(codes::BROKEN_LINK, problem.0).at(original.value_span(&path));
        found.hints.extend(problem.1);
        problems.push(found);
    }
}

/// Looks references of a page up in the site.
pub(super) struct Resolver<'a> {
    site: &'a Site,
    own: GroupIx,
}

impl References for Resolver<'_> {
    fn check(&self, reference: &str, kinds: &[String]) -> Result<(), (String, Option<String>)> {
        let site = self.site;
        let group = site.find_of(reference, kinds).map_err(|problem| {
            site.with_suggestion(problem, LinkKind::Wiki, reference).explain(reference)
        })?;
        if group == self.own {
            return Err((format!("«{reference}» is this page itself"), None));
        }
        let kind = site.group(group).facts.kind.as_ref().map(|kind| kind.name.as_str());
        let fits = kinds.is_empty() || kind.is_some_and(|kind| kinds.iter().any(|k| k == kind));
        if fits {
            return Ok(());
        }
        let wanted = kinds.join(" or ");
        let is = kind.map_or_else(|| "no kind".to_owned(), |kind| format!("the kind `{kind}`"));
        Err((format!("«{reference}» is of {is}; a page of kind {wanted} is wanted"), None))
    }

    fn languages(&self) -> Vec<&str> {
        self.site.config.languages.iter().map(|language| language.lang.as_str()).collect()
    }
}

/// Whether a page may be shown on a day, and if not, why.
pub(super) fn is_hidden(facts: &Facts, gist: Gist, today: (i32, u8, u8)) -> bool {
    // A day of any precision that is after today sorts after today's.
    let sooner = || gist.newest == i64::MAX || -gist.newest < Edtf::day_key(today);
    if !gist.restricted && sooner() {
        return false;
    }
    let front = &facts.front;
    let future = |date: Edtf| date.start().first_day() > today;
    // A page without a kind is taken for an article.
    let publication = facts.kind.as_ref().is_none_or(|kind| kind.publication);
    front.draft == Some(true)
        || front.publish.is_some_and(future)
        || front.expires.is_some_and(|date| !future(date))
        || (front.publish.is_none() && publication && front.date.is_some_and(future))
}

/// Shared empty facts for pages that no file describes.
pub(super) fn none() -> Facts {
    Facts::default()
}

/// A document for a page that no file describes: a term, a taxonomy, a home.
pub(super) fn synthetic(id: &Arc<str>, lang: usize, title: &str) -> Arc<Document> {
    Arc::new(Document::synthetic(id, lang, title))
}
