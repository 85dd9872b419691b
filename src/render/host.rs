//! The site as the Markdown writer sees it.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use tera::{Context, Value};

use super::Renderer;
use super::markdown::{Cited, HookValue, Host, Link, Options};
use crate::assets::pictures::Shown;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::document::LinkKind;
use crate::document::markdown::{Block, Citation};
use crate::site::{Page, PageIx, Site, Target, is_unsafe};
use crate::template::pictures;
use crate::template::values::map_value;
use crate::text::{Direction, percent};

/// What is wrong with a page that is being written.
pub(super) type Found = RefCell<Vec<Diagnostic>>;

pub(super) struct SiteHost<'a> {
    pub(super) renderer: &'a Renderer,
    pub(super) page: &'a Page,
    /// What the page is called in messages.
    pub(super) what: &'a str,
    pub(super) found: &'a Found,
    /// Where the lines of its file end, if its blocks are to say where they come from.
    pub(super) lines: Option<Vec<usize>>,
}

impl SiteHost<'_> {
    fn site(&self) -> &Site {
        &self.renderer.world.site
    }

    fn report(&self, problem: Diagnostic) {
        self.found.borrow_mut().push(problem);
    }

    fn span(&self, place: Range<usize>) -> Span {
        Span::new(&self.page.document.file.path, place)
    }

    /// The language of a page's text where it is not this page's.
    fn other_language(&self, ix: PageIx) -> Option<(String, &'static str)> {
        let target = self.site().page(ix).document.lang;
        let language = self.site().language(target);
        (target != self.page.document.lang)
            .then(|| (language.lang.to_string(), language.direction.as_str()))
    }

    /// The id of a page that says what a word means, if it is another than this one.
    fn explains(&self, target: &Page) -> Option<String> {
        let group = self.site().group_of(target);
        let explains = group.facts.kind.as_ref().is_some_and(|kind| kind.explains)
            && target.group != self.page.group
            // An explanation in another language explains nothing here.
            && target.lang == self.page.lang
            && !self.site().description(target).is_empty();
        explains.then(|| group.id.to_string())
    }

    /// The component's arguments from a block's attributes; what does not fit is reported.
    fn arguments(
        &self,
        component: &tera::ComponentInfo,
        block: &Block,
        place: &Range<usize>,
    ) -> Option<Context> {
        let mut context = Context::new();
        let mut fits = true;
        for (key, value) in &block.attributes {
            let name = key.replace('-', "_");
            let argument = component.args().iter().find(|a| a.name() == name);
            if argument.is_none() && component.rest_param().is_none() {
                let names = component.args().iter().map(tera::ComponentArg::name);
                let message = format!("the block `{}` has no attribute `{key}`", block.name);
                let problem = Diagnostic::error(codes::BLOCK, message).at(self.span(place.clone()));
                self.report(problem.did_you_mean(&name, names));
                fits = false;
                continue;
            }
            let type_name = argument.and_then(|a| a.arg_type()).map_or("string", |t| t.as_str());
            match typed(value.as_deref(), type_name) {
                Some(value) => context.insert_value(name, value),
                None => {
                    let message = format!("the attribute `{key}` must be of the type {type_name}");
                    let problem = Diagnostic::error(codes::BLOCK, message);
                    self.report(problem.at(self.span(place.clone())));
                    fits = false;
                }
            }
        }
        for argument in component.args().iter().filter(|a| a.is_required() && !a.is_implicit()) {
            let given =
                block.attributes.iter().any(|(key, _)| key.replace('-', "_") == argument.name());
            if argument.name() != "body" && !given {
                let message =
                    format!("the block `{}` needs the attribute `{}`", block.name, argument.name());
                let problem = Diagnostic::error(codes::BLOCK, message);
                self.report(problem.at(self.span(place.clone())));
                fits = false;
            }
        }
        fits.then_some(context)
    }

    /// An argument of a hook; none where there is none, or it is not asked for.
    fn hook_value(
        &self,
        value: &HookValue<'_>,
        place: &Range<usize>,
        is_asked: &dyn Fn() -> bool,
    ) -> Option<Value> {
        let world = &self.renderer.world;
        Some(match value {
            HookValue::Text(text) => Value::from(*text),
            HookValue::Option(text) => Value::from((*text)?),
            HookValue::Bool(b) => Value::from(*b),
            HookValue::Number(n) => Value::from(*n),
            HookValue::Offer(value) if is_asked() => self.hook_value(value, place, is_asked)?,
            HookValue::Picture(destination) if is_asked() => {
                let (picture, url) = world.picture(self.page, destination)?;
                let mut report = |problem| self.report_picture(problem, place);
                map_value(world.picture_value(&picture, &url, None, &mut report))
            }
            HookValue::Media(src) if is_asked() => {
                let media = self.site().media_at(self.page, src)?;
                map_value(pictures::media(self.site(), self.page, media, (*src).to_owned()))
            }
            HookValue::Offer(_) | HookValue::Picture(_) | HookValue::Media(_) => return None,
        })
    }

    /// Reports what is wrong with a picture, also at the place that shows it.
    fn report_picture(&self, problem: Diagnostic, place: &Range<usize>) {
        self.report(problem.related(self.span(place.clone()), "it is shown here"));
    }

    /// `:::lang{lang=en}`: a passage in another language.
    fn language_block(&self, block: &Block, body: &str, place: &Range<usize>) -> String {
        let tag = block.attribute("lang").unwrap_or_default();
        let Some(lang) = crate::text::Lang::parse(tag) else {
            let message = "the block `lang` needs a language, as in `:::lang{lang=en}`";
            self.report(Diagnostic::error(codes::BLOCK, message).at(self.span(place.clone())));
            return body.to_owned();
        };
        let dir = lang.direction().as_str();
        format!("<div lang=\"{lang}\" dir=\"{dir}\">\n{body}</div>\n")
    }
}

/// An attribute's text as a value of a component's type; a bare attribute is true.
fn typed(text: Option<&str>, type_name: &str) -> Option<Value> {
    let Some(text) = text else {
        return Some(if type_name == "string" { Value::from("") } else { Value::from(true) });
    };
    match type_name {
        "bool" => text.parse::<bool>().ok().map(Value::from),
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "float" => text.parse::<f64>().ok().map(Value::from),
        "number" => {
            let integer = text.parse::<i64>().ok().map(Value::from);
            integer.or_else(|| text.parse::<f64>().ok().map(Value::from))
        }
        "array" => {
            Some(Value::from(text.split(',').map(|s| Value::from(s.trim())).collect::<Vec<_>>()))
        }
        "string" => Some(Value::from(text)),
        _ => None,
    }
}

impl Host for SiteHost<'_> {
    fn options(&self) -> Options {
        let language = self.site().language(self.page.document.lang);
        Options { rtl: language.direction == Direction::Rtl, ..self.renderer.options }
    }

    fn link(&self, kind: LinkKind, destination: &str) -> Link {
        let site = self.site();
        // What cannot be resolved was reported when the site was assembled.
        let Ok(resolved) = site.resolve(self.page, kind, destination) else {
            let title = Some(destination.to_owned()).filter(|_| kind == LinkKind::Wiki);
            return Link { title, ..Link::default() };
        };
        let mut link = Link::default();
        match &resolved.target {
            Target::Page(ix) => {
                let target = site.page(*ix);
                link.lang = self.other_language(*ix);
                if kind == LinkKind::Wiki {
                    link.title = site.wikilink_title(self.page, destination);
                }
                // A place on this very page needs no path.
                if target.group == self.page.group
                    && target.lang == self.page.lang
                    && let Some(anchor) = &resolved.anchor
                {
                    link.href = Some(format!("#{}", percent::encode_fragment(anchor)));
                    return link;
                }
                link.explains = self.explains(target);
            }
            Target::File(_) => {}
            Target::External => {
                link.external = true;
                let href = || percent::encode_written(destination);
                link.href = (!is_unsafe(destination)).then(href);
                return link;
            }
        }
        link.href = Some(site.href(&resolved));
        link
    }

    fn line(&self, place: usize) -> Option<usize> {
        let ends = self.lines.as_ref()?;
        Some(ends.partition_point(|end| *end < place) + 1)
    }

    fn alt(&self, src: &str) -> Option<(String, Option<String>)> {
        let site = self.site();
        let media = site.media_at(self.page, src)?;
        let (own, original) = (self.page.document.lang, site.group_of(self.page).original.lang);
        let (lang, alt) = media.alt.get(own, original)?;
        let lang = (lang != own).then(|| site.language(lang).lang.to_string());
        Some((alt.to_owned(), lang))
    }

    fn picture(&self, destination: &str, place: Range<usize>) -> Option<Shown> {
        let world = &self.renderer.world;
        let (picture, url) = world.picture(self.page, destination)?;
        Some(world.shown(&picture, &url, None, &mut |problem| self.report_picture(problem, &place)))
    }

    fn is_recorded(&self, src: &str) -> bool {
        self.site().media_at(self.page, src).is_some()
    }

    fn cite(&self, citation: &Citation) -> Option<Cited> {
        let group = self.site().source(&citation.id)?;
        let ix = self.site().best_version(group, self.page.lang)?;
        let id = self.site().group(group).id.to_string();
        Some(Cited { id, title: self.site().page(ix).title.to_string() })
    }

    fn message(&self, key: &str) -> String {
        let site = self.site();
        let numbers = &site.tools(self.page.lang).numbers;
        site.frame
            .messages
            .get(self.page.lang, key, None, numbers, &[])
            .unwrap_or_else(|| key.to_owned())
    }

    fn number(&self, n: usize) -> String {
        let numbers = &self.site().tools(self.page.lang).numbers;
        numbers.ungrouped(i64::try_from(n).unwrap_or(i64::MAX))
    }

    fn highlight(&self, language: &str, code: &str) -> Option<Arc<str>> {
        if !self.site().config.markdown.highlight {
            return None;
        }
        self.renderer.highlighter.highlight(language, code)
    }

    fn block(&self, block: &Block, body: &str, place: Range<usize>) -> String {
        if block.name == "lang" {
            return self.language_block(block, body, &place);
        }
        let component = format!("block.{}", block.name.replace('-', "_"));
        let templates = &self.renderer.templates;
        let Some(info) = templates.component(&component) else {
            if templates.is_broken() {
                return body.to_owned();
            }
            let names = templates.components("block.");
            let list: String = names.iter().map(|name| format!(", {name}")).collect();
            let message = format!("the theme has no block `{}`", block.name);
            let problem = Diagnostic::error(codes::UNKNOWN_BLOCK, message)
                .at(self.span(place))
                .did_you_mean(&block.name, names)
                .hint(format!("blocks: lang{list}"));
            self.report(problem);
            return body.to_owned();
        };
        let Some(arguments) = self.arguments(&info, block, &place) else {
            return body.to_owned();
        };
        let tree = &self.renderer.tree;
        match templates.render_component(tree, &component, &arguments, body, self.what) {
            Ok(html) => html,
            Err(problem) => {
                let here = self.span(place);
                self.report(problem.related(here, "for this block"));
                body.to_owned()
            }
        }
    }

    fn hook(
        &self,
        name: &str,
        arguments: &[(&'static str, HookValue<'_>)],
        body: &str,
        place: Range<usize>,
    ) -> String {
        let mut context = Context::new();
        let component = self.renderer.templates.component(name);
        let takes = |key: &str| {
            component.as_ref().is_some_and(|component| {
                component.rest_param().is_some() || component.args().iter().any(|a| a.name() == key)
            })
        };
        if matches!(name, "render.image" | "render.figure") {
            let language = self.site().language(self.page.lang);
            for (key, value) in
                [("lang", language.lang.as_str()), ("dir", language.direction.as_str())]
            {
                if takes(key) {
                    context.insert_value(key, Value::from(value));
                }
            }
        }
        for (key, value) in arguments {
            // What is absent is left to the component's own default.
            if let Some(value) = self.hook_value(value, &place, &|| takes(key)) {
                context.insert_value(*key, value);
            }
        }
        let (templates, tree) = (&self.renderer.templates, &self.renderer.tree);
        templates.render_component(tree, name, &context, body, self.what).unwrap_or_else(
            |problem| {
                let component = name.trim_start_matches("render.");
                let problem = match &problem.span {
                    Some(_) => problem.related(self.span(place), format!("for this {component}")),
                    None => problem.at(self.span(place)),
                };
                self.report(
                    problem.hint(format!("the component `{name}` of the theme renders it")),
                );
                body.to_owned()
            },
        )
    }

    fn removed_html(&self, elements: &[String], place: Range<usize>) {
        let names = elements.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(", ");
        let message = format!("raw HTML is sanitised: {names} was removed");
        let problem = Diagnostic::warning(codes::RAW_HTML, message).at(self.span(place));
        self.report(problem.hint(
            "if you trust every author, set `raw_html = \"trust\"` under [markdown] in site.toml",
        ));
    }

    fn footnote_problem(&self, message: String, place: Range<usize>) {
        self.report(Diagnostic::warning(codes::FOOTNOTE, message).at(self.span(place)));
    }
}
