//! A page to HTML: its body, the context of its template, the template's choice.

use std::cell::RefCell;
use std::sync::Arc;

use tera::value::Key;
use tera::{Context, Map, Value};

use super::host::SiteHost;
use super::markdown::{self, Body};
use super::plan::{page_count, page_size, page_url};
use super::{Renderer, card, feed, plan, references, sitemap};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::front_matter::key_path;
use crate::document::markdown::Source;
use crate::document::{self, Parts};
use crate::site::{Page, PageIx, Shape, Site};
use crate::source;
use crate::template::World;
use crate::template::pictures;
use crate::template::values::{self, map_value, put};

/// Renders the body of a page; with `lines`, its blocks say which lines of the file they come from.
pub(super) fn body(
    renderer: &Renderer,
    page: &Page,
    what: &str,
    lines: bool,
    found: &mut Vec<Diagnostic>,
) -> Body {
    let document = &page.document;
    if document.is_synthetic() {
        return Body::default();
    }
    let text = match source::read_text(&document.file) {
        Ok(text) => text,
        Err(problem) => {
            found.push(problem);
            return Body::default();
        }
    };
    if source::digest(text.as_bytes()) != document.digest {
        found.push(document::Body::changed(&document.file.path));
        return Body::default();
    }
    if let Some(table) = document.file.table().filter(|table| renderer.tree.is_stale(table)) {
        found.push(document::Body::changed(table));
        return Body::default();
    }
    // Problems of the front matter were reported when the file was parsed.
    let parts = Parts::split(&text, &document.file.path, &crate::diagnostic::Problems::new());
    let site = &renderer.world.site;
    let anchors: Vec<&str> = site.headings(page).map(|(id, _)| id).collect();
    let problems = RefCell::new(Vec::new());
    let ends = || memchr::memchr_iter(b'\n', text.as_bytes()).collect();
    let host = SiteHost { renderer, page, what, found: &problems, lines: lines.then(ends) };
    let source = Source::new(parts.body).smart(site.config.typographer(document.lang));
    let body = markdown::write(&source, &host, &anchors, parts.body_start);
    found.extend(problems.into_inner());
    body
}

/// The name of a page for messages.
pub(super) fn describe(site: &Site, page: &Page) -> String {
    let id = &site.group_of(page).id;
    let lang = &site.language(page.lang).lang;
    if id.is_empty() { format!("the home ({lang})") } else { format!("the page `{id}` ({lang})") }
}

/// The context of a page's template.
pub(super) fn context(renderer: &Renderer, ix: PageIx, number: usize, body: Body) -> Context {
    let world = &renderer.world;
    let site = &world.site;
    let page = site.page(ix);
    let mut context = renderer.language_context(page.lang);
    let mut map = values::summary_map(site, ix);
    put(&mut map, "content", Value::safe_string(&body.html));
    put(&mut map, "toc", values::contents(site, page));
    // They belong to the body, which is on the first page of a listing.
    let cited = if number == 1 { site.citations(page) } else { Vec::new() };
    put(&mut map, "references", references::cited(world, page, &cited));
    let further = if number == 1 { site.further_sources(page, &cited) } else { Vec::new() };
    put(&mut map, "further_sources", references::further(world, page, &further));
    put(&mut map, "facts", references::facts(world, page, &cited));
    put(&mut map, "glossary", glossary(world, page, &body));
    let neighbour = |ix: Option<PageIx>| ix.map_or_else(Value::none, |ix| world.summary(ix));
    put(&mut map, "previous", neighbour(page.neighbours.0));
    put(&mut map, "next", neighbour(page.neighbours.1));
    put(&mut map, "section", neighbour(page.section));
    put(&mut map, "sections", world.summaries(page.subsections()));
    put(&mut map, "terms", terms(world, page));
    put(&mut map, "feeds", feeds(site, ix));
    put(&mut map, "alternates", alternates(site, page));
    let is_copy = page.is_untranslated() && site.group_of(page).shape == Shape::Page;
    let original = site.version(page.group, page.document.lang).filter(|_| is_copy);
    let canonical =
        original.map_or_else(|| page_url(page, number), |ix| site.page(ix).url.to_string());
    put(&mut map, "as_of", site.as_of(page).map(|date| date.to_string()));
    put(&mut map, "corrections", corrections(site, page));
    put(&mut map, "media", media(world, page, &body.figures));
    put(&mut map, "image", pictures::image(world, page));
    put(&mut map, "canonical", site.config.base.permalink(&canonical));
    put(&mut map, "card", card::value(renderer, ix));
    put(&mut map, "words", u64::from(page.document.body(&site.config).words));
    put(&mut map, "file", &**page.document.file.written_in());
    context.insert_value("page", map_value(map));
    if site.group_of(page).shape != Shape::Page {
        context.insert_value("paginator", paginator(world, page, number));
    }
    context
}

/// The pages of a listing page, and where its neighbours are.
fn paginator(world: &World, page: &Page, number: usize) -> Value {
    let site = &world.site;
    let total = page_count(site, page);
    let size = match page_size(site, page) {
        0 => page.listing().len(),
        size => size,
    };
    let start = (number - 1).saturating_mul(size).min(page.listing().len());
    let end = start.saturating_add(size).min(page.listing().len());
    let url = |n: usize| Value::from(site.config.base.path(&page_url(page, n)));
    let mut map = Map::with_capacity(10);
    let shown = page.listing().get(start..end).unwrap_or_default();
    put(&mut map, "pages", world.summaries(shown));
    put(&mut map, "number", number);
    put(&mut map, "total", total);
    put(&mut map, "count", page.listing().len());
    put(&mut map, "previous", if number > 1 { url(number - 1) } else { Value::none() });
    put(&mut map, "next", if number < total { url(number + 1) } else { Value::none() });
    put(&mut map, "first", url(1));
    put(&mut map, "last", url(total));
    map_value(map)
}

/// The pages that explain words of a body, each with the anchor that the word names.
fn glossary(world: &World, page: &Page, body: &Body) -> Value {
    let site = &world.site;
    let entries = body.terms.iter().enumerate().filter_map(|(i, id)| {
        let ix = site.find(id).ok().and_then(|group| site.best_version(group, page.lang))?;
        let mut map = Map::with_capacity(2);
        put(&mut map, "anchor", format!("term_{}", i + 1));
        put(&mut map, "page", world.summary(ix));
        Some(map_value(map))
    });
    Value::from(entries.collect::<Vec<_>>())
}

/// The page's terms by taxonomy.
pub(super) fn terms(world: &World, page: &Page) -> Value {
    let site = &world.site;
    let mut map = Map::new();
    for (t, taxonomy) in site.config.taxonomies.iter().enumerate() {
        let names = site.group_of(page).facts.front.terms.iter().find(|(i, _)| *i == t);
        let terms = names.iter().flat_map(|(_, names)| names);
        let mut pages: Vec<PageIx> = Vec::new();
        for ix in terms.filter_map(|name| site.version(site.term(t, name)?, page.lang)) {
            // Two spellings can be one term.
            if !pages.contains(&ix) {
                pages.push(ix);
            }
        }
        let list: Vec<Value> = pages.into_iter().map(|ix| world.summary(ix)).collect();
        map.insert(Key::String(Arc::from(taxonomy.name.as_str())), Value::from(list));
    }
    map_value(map)
}

/// What was corrected on the page, the newest first.
fn corrections(site: &Site, page: &Page) -> Value {
    let list = site.corrections(page).into_iter().map(|(lang, correction)| {
        let mut map = Map::with_capacity(3);
        put(&mut map, "date", correction.date.to_string());
        put(&mut map, "kind", correction.kind.name());
        put(&mut map, "text", pictures::localized(site, page, &correction.text, lang));
        map_value(map)
    });
    Value::from(list.collect::<Vec<_>>())
}

/// The pictures and recordings of the page. Those that its text shows in a `figures` of their own are credited
/// there.
fn media(world: &World, page: &Page, figures: &[String]) -> Value {
    let site = &world.site;
    let list = site.media(page).into_iter().map(|(media, url, in_text)| {
        let mut map = pictures::media(site, page, media, url.clone());
        put(&mut map, "in_text", in_text);
        put(&mut map, "credited", figures.contains(&url));
        let picture = world.picture(page, &media.file).filter(|_| !in_text);
        let picture = picture.map(|(picture, url)| pictures::value(world, &picture, &url));
        put(&mut map, "picture", picture.unwrap_or_else(Value::none));
        map_value(map)
    });
    Value::from(list.collect::<Vec<_>>())
}

fn feeds(site: &Site, ix: PageIx) -> Value {
    let page = site.page(ix);
    let feed = |format: plan::FeedFormat| {
        let mut map = Map::with_capacity(3);
        put(&mut map, "url", site.config.base.path(&format!("{}{}", page.url, format.file_name())));
        put(&mut map, "type", format.media_type());
        put(&mut map, "title", feed::title(site, ix));
        map_value(map)
    };
    Value::from(plan::feeds(site, page).into_iter().map(feed).collect::<Vec<_>>())
}

fn alternates(site: &Site, page: &Page) -> Value {
    let links = sitemap::alternates(site, page).into_iter().map(|(lang, url)| {
        let mut map = Map::with_capacity(2);
        put(&mut map, "hreflang", lang);
        put(&mut map, "url", url);
        map_value(map)
    });
    Value::from(links.collect::<Vec<_>>())
}

/// The template of a page: the first there is of those that its front matter, kind, sections and
/// shape name.
pub(super) fn template(renderer: &Renderer, page: &Page) -> Result<String, Diagnostic> {
    let site = &renderer.world.site;
    let group = site.group_of(page);
    if let Some(own) = group.facts.front.template.as_deref() {
        let name = if own.ends_with(".html") { own.to_owned() } else { format!("{own}.html") };
        if renderer.templates.has(&name) {
            return Ok(name);
        }
        let problem =
            Diagnostic::error(codes::TEMPLATE_MISSING, format!("there is no template `{name}`"))
                .did_you_mean(&name, renderer.templates.names());
        let said = group.original.front.template.is_some();
        return Err(problem.at(if said {
            group.original.value_span(&key_path("template"))
        } else {
            Span::file(&group.original.file.path)
        }));
    }
    let candidates = candidates(site, page);
    let found = candidates.iter().find(|name| renderer.templates.has(name));
    found.cloned().ok_or_else(|| {
        // The same words for every page, so that they are said once.
        let name = candidates.last().map_or("page.html", |name| name);
        let message = format!("the theme has no template {name}, nor a narrower one");
        Diagnostic::error(codes::TEMPLATE_MISSING, message)
            .hint(format!("add templates/{name} to the theme or the site"))
    })
}

fn candidates(site: &Site, page: &Page) -> Vec<String> {
    let group = site.group_of(page);
    let mut names = Vec::new();
    match group.shape {
        Shape::Page => {
            names.extend(group.facts.kind.as_ref().map(|kind| format!("kinds/{}.html", kind.name)));
            let above = site.ancestors(page).into_iter().rev();
            let sections =
                above.map(|ix| &site.group_of(site.page(ix)).id).filter(|id| !id.is_empty());
            names.extend(sections.map(|id| format!("sections/{id}/page.html")));
            names.push("page.html".into());
        }
        Shape::Section => {
            if page.section.is_none() {
                names.push("home.html".into());
            } else {
                names.push(format!("sections/{}/section.html", group.id));
            }
            names.push("section.html".into());
        }
        Shape::Taxonomy(_) => {
            names.push(format!("taxonomies/{}/list.html", group.id));
            names.push("taxonomy.html".into());
        }
        Shape::Term(t) => {
            let name = site.config.taxonomies.get(t).map_or("", |taxonomy| &taxonomy.name);
            names.push(format!("taxonomies/{name}/term.html"));
            names.push("term.html".into());
        }
    }
    names
}
