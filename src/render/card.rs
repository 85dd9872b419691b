//! A page's social card: its template, rendered, looked through and drawn.

use std::collections::BTreeSet;

use tera::{Context, Map, Value};

use super::{Renderer, page, plan};
use crate::card::{self, Drawing, Fault, Pictures};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::site::{PageIx, Site};
use crate::template::values::{self, map_value, put};
use crate::text::Direction;

/// `page.card` in templates: that of the page, or of the original that it shows.
pub(super) fn value(renderer: &Renderer, ix: PageIx) -> Value {
    let site = &renderer.world.site;
    let drawn = renderer.templates.has(card::TEMPLATE);
    let of = |ix: PageIx| plan::card_url(site, site.page(ix), drawn);
    let page = site.page(ix);
    let original = || site.version(page.group, page.document.lang).and_then(of);
    let Some(url) = of(ix).or_else(original) else { return Value::none() };
    let mut map = Map::with_capacity(3);
    put(&mut map, "url", site.config.base.permalink(&url));
    put(&mut map, "width", u64::from(card::SIZE.0));
    put(&mut map, "height", u64::from(card::SIZE.1));
    map_value(map)
}

impl Renderer {
    /// The card of a page.
    pub(super) fn card(&self, ix: PageIx) -> (Option<Vec<u8>>, Vec<Diagnostic>) {
        let (drawing, mut problems) = self.drawing(ix);
        let Some(drawing) = drawing else { return (None, problems) };
        let (cards, ranges) = (&self.world.cards, self.ranges(ix));
        let draw = || cards.draw(&drawing, ranges, self.pictures());
        match self.memo.get(cards.key(&drawing, ranges), draw) {
            Ok(bytes) => (Some(bytes), problems),
            Err(fault) => {
                problems.push(self.fault(ix, &drawing.svg, fault));
                (None, problems)
            }
        }
    }

    /// What is wrong with the card of a page, as far as it is seen without drawing it.
    #[must_use]
    pub fn card_problems(&self, ix: PageIx) -> Vec<Diagnostic> {
        self.drawing(ix).1
    }

    /// The SVG of a card, looked through.
    fn drawing(&self, ix: PageIx) -> (Option<Drawing>, Vec<Diagnostic>) {
        let (svg, mut problems) = self.card_svg(ix);
        let Some(svg) = svg else { return (None, problems) };
        let cards = &self.world.cards;
        problems.extend(cards.fonts().problems().iter().cloned());
        match cards.read(svg, self.pictures()) {
            Ok(drawing) => {
                let missing: BTreeSet<char> = drawing.missing(cards.fonts());
                let template =
                    self.tree.layered("templates/").get(card::TEMPLATE).map(|f| &f.path).cloned();
                problems.extend(card::missing(&missing, template.as_ref()));
                (Some(drawing), problems)
            }
            Err((svg, faults)) => {
                problems.extend(faults.into_iter().map(|fault| self.fault(ix, &svg, fault)));
                (None, problems)
            }
        }
    }

    /// The template, rendered.
    fn card_svg(&self, ix: PageIx) -> (Option<String>, Vec<Diagnostic>) {
        if self.templates.is_broken() {
            return (None, Vec::new());
        }
        let site = &self.world.site;
        let page = site.page(ix);
        let what = format!("the card of {}", page::describe(site, page));
        let (result, mut problems) = self.scope(page.lang, Some(ix)).run(|| {
            let mut bytes = Vec::with_capacity(4096);
            let context = self.card_context(ix);
            let name = card::TEMPLATE;
            self.templates.render(&self.tree, name, &context, &what, &mut bytes).map(|()| bytes)
        });
        self.place_messages(&mut problems);
        match result {
            Ok(bytes) => (String::from_utf8(bytes).ok(), problems),
            Err(problem) => {
                problems.push(problem);
                (None, problems)
            }
        }
    }

    /// What the template of a card knows: of the page a summary, its section and its terms.
    fn card_context(&self, ix: PageIx) -> Context {
        let site = &self.world.site;
        let page = site.page(ix);
        let mut context = self.language_context(page.lang);
        let mut map = values::summary_map(site, ix);
        let section = page.section.map_or_else(Value::none, |section| self.world.summary(section));
        put(&mut map, "section", section);
        put(&mut map, "terms", page::terms(&self.world, page));
        context.insert_value("page", map_value(map));
        context
    }

    fn pictures(&self) -> Pictures<'_> {
        Pictures { assets: &self.world.assets, base: &self.world.site.config.base }
    }

    /// The direction of ranges of numbers in the language of a page.
    fn ranges(&self, ix: PageIx) -> Direction {
        let site: &Site = &self.world.site;
        site.language(site.page(ix).lang).ranges
    }

    /// A fault as a problem of the template, on a page.
    fn fault(&self, ix: PageIx, svg: &str, fault: Fault) -> Diagnostic {
        let site = &self.world.site;
        let (line, column) = fault.place;
        let what = page::describe(site, site.page(ix));
        let cause = fault.message.trim_end_matches('.');
        let message =
            format!("{cause}, in line {line}, column {column} of the SVG made for {what}");
        let mut problem = Diagnostic::error(codes::CARD, message);
        problem.hints.extend(fault.hint);
        let written = svg.lines().nth(line.saturating_sub(1) as usize).map(str::trim);
        if let Some(written) = written.filter(|written| !written.is_empty()) {
            let shown: String = written.chars().take(120).collect();
            problem = problem.hint(format!("that line is: {shown}"));
        }
        match self.tree.layered("templates/").get(card::TEMPLATE) {
            Some(file) => problem.at(Span::file(&file.path)),
            None => problem,
        }
    }
}
