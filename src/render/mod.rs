//! Outputs to bytes: [`plan()`] says what files the site will have, [`Renderer::render`] makes one.
//! Building and previewing call the same function.

mod card;
mod data;
mod feed;
mod highlight;
mod host;
pub mod isolate;
pub mod markdown;
mod page;
pub mod plan;
mod references;
mod searches;
mod sitemap;
mod variants;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tera::{Context, Value};

use crate::assets::pictures;
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::export::table;
use crate::knowledge::bibliography::{to_bibtex, to_csl};
use crate::memo::Memo;
use crate::search;
use crate::search::files::SearchPart;
use crate::site::PageIx;
use crate::source::{self, SourceTree};
use crate::template::values::{self, map_value, put};
use crate::template::{self, Scope, TemplateSet, World};
use crate::text::bidi::Policy;
use crate::text::escape;

pub use self::highlight::Highlighter;
use self::plan::SourceFormat;

pub use self::plan::{Output, What, plan};
use self::searches::Searches;
pub use self::variants::{variant, variants};

/// Makes the bytes of outputs. Shared by every thread.
#[derive(Debug)]
pub struct Renderer {
    tree: Arc<SourceTree>,
    world: Arc<World>,
    templates: Arc<TemplateSet>,
    highlighter: Arc<Highlighter>,
    /// What was made of pictures and fonts before.
    memo: Arc<Memo>,
    /// How Markdown is written, but for the direction, which is the page's.
    options: markdown::Options,
    /// `site` in templates, by language.
    sites: Vec<Value>,
    /// `settings` in templates.
    settings: Value,
    /// What is found in pages, by language, once it was asked for.
    search: Searches,
    /// Where templates ask for messages that are not there.
    asked: Mutex<HashMap<String, Option<Span>>>,
    /// Whether nobody wants its bytes any more.
    stopped: AtomicBool,
}

impl Renderer {
    /// A renderer of a site with templates, which are those of its tree unless they do not load.
    #[must_use]
    pub fn new(
        tree: Arc<SourceTree>,
        world: Arc<World>,
        templates: Arc<TemplateSet>,
        highlighter: Arc<Highlighter>,
        memo: Arc<Memo>,
    ) -> Self {
        let site = &world.site;
        let options = markdown::Options {
            raw_html: site.config.markdown.raw_html,
            rtl: false,
            link_hook: templates.has_component("render.link"),
            term_hook: templates.component("render.link").is_some_and(|component| {
                component.rest_param().is_some()
                    || component.args().iter().any(|argument| argument.name() == "term")
            }),
            image_hook: templates.has_component("render.image"),
            figure_hook: templates.has_component("render.figure"),
            heading_hook: templates.has_component("render.heading"),
            code_hook: templates.has_component("render.code"),
        };
        let languages = 0..site.config.languages.len();
        let searched = search::site::has_search(&tree);
        Self {
            options,
            sites: languages.map(|lang| values::site_value(site, lang, searched)).collect(),
            settings: Value::from_serializable(&site.frame.settings),
            highlighter,
            memo,
            search: Searches::new(site),
            asked: Mutex::default(),
            stopped: AtomicBool::new(false),
            templates,
            tree,
            world,
        }
    }

    /// What was made of pictures and fonts, now and before.
    #[must_use]
    pub fn memo(&self) -> &Memo {
        &self.memo
    }

    /// The world that it renders.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Makes what searching needs, where these outputs hold it. Whoever renders them in parallel calls it
    /// before: one of the threads would make it for all others otherwise.
    pub fn prepare(&self, outputs: &[Output]) {
        for output in outputs {
            if let What::Search(lang, SearchPart::Manifest) = output.what {
                self.search.get(&self.world.site, lang);
            }
        }
    }

    /// Ends the renders that are under way, as soon as they next write something. They fail.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether [`Renderer::stop`] was called.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Makes an output. Gives its bytes, none where it failed, and what is wrong.
    #[must_use]
    pub fn render(&self, output: &Output) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let site = &self.world.site;
        match &output.what {
            What::Page(ix, number) => self.page(*ix, *number, false),
            What::Card(ix) => self.card(*ix),
            What::NotFound(lang) => self.not_found(*lang),
            What::Feed(owner, format) => self.feed(*owner, *format),
            What::Redirect(ix, _) | What::Iri(ix) => self.redirect(*ix),
            What::Data(group, format) => done(data::group(site, *group, *format)),
            What::Dump(format) => done(data::dump(site, *format)),
            What::Vocabulary => done(data::terms(site)),
            What::Table(kind, plan::TableFormat::Json) => done(table::json(site, kind)),
            What::Table(kind, plan::TableFormat::Csv) => (Some(table::csv(site, kind)), Vec::new()),
            What::Sitemap(part) => done(sitemap::sitemap(site, part)),
            What::SitemapIndex(parts) => done(sitemap::index(site, *parts)),
            What::Robots => done(sitemap::robots(site)),
            What::Sources(SourceFormat::Bibtex) => done(to_bibtex(&site.records())),
            What::Sources(SourceFormat::Csl) => done(to_csl(&site.records())),
            What::SearchPage(lang) => self.search_page(*lang),
            What::Search(lang, part) => done(self.search.part(site, *lang, *part)),
            What::SearchText(ix) => match search::files::page(site, *ix) {
                Ok(text) => done(searches::isolated(site, *ix, &text)),
                Err(problem) => (None, vec![problem]),
            },
            What::Asset(asset) => (Some(asset.bytes.clone()), Vec::new()),
            What::Derived(derived) => match derived.bytes(&self.memo) {
                Ok(bytes) => (Some(bytes), Vec::new()),
                Err(problem) => (None, vec![problem]),
            },
            What::Picture(file) => match pictures::published(file) {
                Ok(bytes) => (Some(bytes), Vec::new()),
                Err(problem) => (None, vec![problem]),
            },
            What::File(file) => match source::read(file) {
                Ok(bytes) => (Some(bytes), Vec::new()),
                Err(problem) => (None, vec![problem]),
            },
        }
    }

    /// A page whose blocks say which lines of its file they come from, in comments that begin with
    /// [`markdown::LINE_MARK`]; otherwise as it is published.
    #[must_use]
    pub fn render_with_lines(&self, page: PageIx) -> Option<Vec<u8>> {
        self.page(page, 1, true).0
    }

    fn scope(&self, lang: usize, page: Option<PageIx>) -> Scope {
        Scope { world: Arc::clone(&self.world), lang, page, problems: Problems::new() }
    }

    /// How text of a language is isolated.
    fn isolation(&self, lang: usize) -> isolate::Options {
        let site = &self.world.site;
        let language = site.language(lang);
        let policy = Policy { base: language.direction, ranges: language.ranges };
        isolate::Options { policy, titles: site.config.output.title_isolates }
    }

    /// A page of a language with its runs isolated.
    fn isolated(&self, lang: usize, html: Vec<u8>) -> Vec<u8> {
        match simdutf8::basic::from_utf8(&html)
            .map(|html| isolate::isolate(html, self.isolation(lang)))
        {
            Ok(Cow::Owned(isolated)) => isolated.into_bytes(),
            Ok(Cow::Borrowed(_)) | Err(_) => html,
        }
    }

    /// What every template of a language knows.
    fn language_context(&self, lang: usize) -> Context {
        let language = self.world.site.language(lang);
        let mut context = Context::new();
        context.insert_value("lang", Value::from(language.lang.as_str()));
        context.insert_value("dir", Value::from(language.direction.as_str()));
        context.insert_value("site", self.sites.get(lang).cloned().unwrap_or_else(Value::none));
        context.insert_value("settings", self.settings.clone());
        context
    }

    fn page(&self, ix: PageIx, number: usize, lines: bool) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let site = &self.world.site;
        let page = site.page(ix);
        let what = page::describe(site, page);
        let (result, mut problems) = self.scope(page.lang, Some(ix)).run(|| {
            let mut found = Vec::new();
            // The body belongs to the first page of a listing.
            let body = if number == 1 {
                page::body(self, page, &what, lines, &mut found)
            } else {
                markdown::Body::default()
            };
            if self.templates.is_broken() {
                return (None, found);
            }
            let template = match page::template(self, page) {
                Ok(template) => template,
                Err(problem) => {
                    found.push(problem);
                    return (None, found);
                }
            };
            let size = body.html.len() + 4096;
            let context = page::context(self, ix, number, body);
            let mut bytes = Vec::with_capacity(size);
            let out = Stoppable { bytes: &mut bytes, stopped: &self.stopped };
            match self.templates.render(&self.tree, &template, &context, &what, out) {
                Ok(()) => (Some(self.isolated(page.lang, bytes)), found),
                Err(problem) => {
                    found.push(problem);
                    (None, found)
                }
            }
        });
        let (bytes, found) = result;
        self.place_messages(&mut problems);
        problems.extend(found);
        (bytes, problems)
    }

    /// Gives problems with messages the place of the template that asks for the message, as far as it
    /// names it.
    fn place_messages(&self, problems: &mut [Diagnostic]) {
        for problem in problems.iter_mut().filter(|p| p.code == codes::MESSAGE && p.span.is_none())
        {
            let Some(key) = problem.message.split('`').nth(1) else { continue };
            let Ok(mut asked) = self.asked.lock() else { continue };
            let place = || template::asking(&self.tree, key);
            problem.span = asked.entry(key.to_owned()).or_insert_with(place).clone();
        }
    }

    /// Renders a template that belongs to no page, if the theme has it.
    fn special(
        &self,
        name: &str,
        lang: usize,
        page: Option<PageIx>,
        context: &Context,
        what: &str,
    ) -> Option<(Option<Vec<u8>>, Vec<Diagnostic>)> {
        if !self.templates.has(name) {
            return None;
        }
        let (result, mut problems) = self.scope(lang, page).run(|| {
            let mut bytes = Vec::new();
            self.templates.render(&self.tree, name, context, what, &mut bytes).map(|()| bytes)
        });
        self.place_messages(&mut problems);
        Some(match result {
            Ok(bytes) => (Some(self.isolated(lang, bytes)), problems),
            Err(problem) => {
                problems.push(problem);
                (None, problems)
            }
        })
    }

    fn not_found(&self, lang: usize) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let context = self.language_context(lang);
        let what = format!("the 404 page ({})", self.world.site.language(lang).lang);
        self.special("404.html", lang, None, &context, &what).unwrap_or_else(|| {
            let language = self.world.site.language(lang);
            let (lang, dir) = (language.lang.as_str(), language.direction.as_str());
            done(minimal(lang, dir, "404", "<h1>404</h1>\n"))
        })
    }

    fn search_page(&self, lang: usize) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let site = &self.world.site;
        let mut context = self.language_context(lang);
        context.insert_value("searching", Value::from(true));
        let what = format!("the page for searching ({})", site.language(lang).lang);
        let missing = (None, Vec::new());
        self.special("search.html", lang, None, &context, &what).unwrap_or(missing)
    }

    fn redirect(&self, ix: PageIx) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let site = &self.world.site;
        let page = site.page(ix);
        let (url, permalink) =
            (site.config.base.path(&page.url), site.config.base.permalink(&page.url));
        let mut context = self.language_context(page.lang);
        let mut map = tera::Map::with_capacity(4);
        put(&mut map, "url", url.as_str());
        put(&mut map, "permalink", permalink.as_str());
        put(&mut map, "title", &*page.title);
        context.insert_value("redirect", map_value(map));
        let what = format!("a redirect to {}", page::describe(site, page));
        self.special("redirect.html", page.lang, Some(ix), &context, &what).unwrap_or_else(|| {
            let (lang, language) = (page.lang, site.language(page.lang));
            let (title, link) = (escape::html(&page.title), escape::html(&permalink));
            let head = format!("<link rel=\"canonical\" href=\"{link}\">\n<meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={}\">\n", escape::html(&url));
            let body = format!("<p><a href=\"{}\">{title}</a></p>\n", escape::html(&url));
            let page = minimal(language.lang.as_str(), language.direction.as_str(), &title, &body);
            let html = page.replacen("</head>", &format!("{head}</head>"), 1);
            (Some(self.isolated(lang, html.into_bytes())), Vec::new())
        })
    }

    fn feed(&self, owner: PageIx, format: plan::FeedFormat) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let site = &self.world.site;
        let entries = feed::pages(site, owner).into_iter().map(|ix| {
            let page = site.page(ix);
            let what = page::describe(site, page);
            // What is wrong with the body is reported where the page itself is rendered.
            let (body, _) = self
                .scope(page.lang, Some(ix))
                .run(|| page::body(self, page, &what, false, &mut Vec::new()));
            let options = self.isolation(page.document.lang);
            let html = format!("{}{}", feed::corrections(site, page), body.html);
            feed::Entry { page: ix, content: isolate::isolate(&html, options).into_owned() }
        });
        done(feed::write(site, owner, format, &entries.collect::<Vec<_>>()))
    }
}

/// Bytes that are being made, for as long as somebody wants them.
struct Stoppable<'a> {
    bytes: &'a mut Vec<u8>,
    stopped: &'a AtomicBool,
}

impl io::Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(io::Error::other("nobody wants it any more"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn done(text: String) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
    (Some(text.into_bytes()), Vec::new())
}

/// A page for themes that have none of their own for the purpose. `title` and `body` are HTML.
fn minimal(lang: &str, dir: &str, title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}
