//! The finished pages: every link in them, from whatever it came, every anchor, every file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::html::{self, Facts};
use super::{Context, External, Found, external};
use crate::config::BaseUrl;
use crate::diagnostic::{Diagnostic, Span, nearest, rules};
use crate::pipeline::Loaded;
use crate::render::{Output, What, variants};
use crate::site::{PageIx, Shape, is_external};
use crate::source::read_text;
use crate::text::{join, nfc, percent};

/// What came of rendering one output.
#[derive(Debug, Default)]
struct Rendered {
    problems: Found,
    /// The outputs that it leads to, each with the anchor that is meant.
    targets: Vec<(usize, Option<Box<str>>)>,
    /// Links that lead to no output, as they are written.
    broken: Vec<Box<str>>,
    /// Links that leave the site.
    external: Vec<Box<str>>,
    ids: HashSet<Box<str>>,
    twice: Vec<Box<str>>,
    bare_images: Vec<Box<str>>,
}

/// Every output, rendered and read.
#[derive(Debug)]
pub(super) struct Outputs(Vec<Rendered>);

/// Where a link in a finished page leads.
#[derive(Debug, PartialEq, Eq)]
enum Leads {
    To(usize, Option<Box<str>>),
    Out,
    Nowhere,
    /// To nothing that can be checked: a mail address, a picture in the page.
    Elsewhere,
}

/// Renders every output and reads those that are pages.
pub(super) fn read(loaded: &Loaded) -> Outputs {
    let base = &loaded.renderer.world().site.config.base;
    let index: HashMap<&str, usize> =
        loaded.outputs.iter().enumerate().map(|(n, output)| (&*output.path, n)).collect();
    let one = |output: &Output| {
        let (bytes, problems) = match output.what {
            // Files that are published as they are have nothing to say of themselves, nor what is said
            // again for searching.
            What::File(_) | What::Asset(_) | What::Search(..) | What::SearchText(_) => {
                (None, Vec::new())
            }
            What::Card(ix) => (None, loaded.renderer.card_problems(ix)),
            _ => loaded.renderer.render(output),
        };
        let mut rendered = Rendered { problems, ..Rendered::default() };
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(text) = text.filter(|_| output.path.ends_with(".html")) {
            rendered.take(html::read(&text), output, &index, base);
        }
        if let What::Asset(asset) = &output.what
            && output.path.ends_with(".css")
        {
            rendered.styles(&asset.bytes, &output.path, &index, base);
        }
        rendered
    };
    Outputs(loaded.outputs.par_iter().map(one).collect())
}

impl Rendered {
    fn take(
        &mut self,
        facts: Facts,
        output: &Output,
        index: &HashMap<&str, usize>,
        base: &BaseUrl,
    ) {
        let mut seen = HashSet::new();
        for link in facts.links {
            if !seen.insert(link.clone()) {
                continue;
            }
            match leads(&link, &output.path, index, base) {
                Leads::To(target, anchor) => self.targets.push((target, anchor)),
                Leads::Out => self.external.push(link),
                Leads::Nowhere => self.broken.push(link),
                Leads::Elsewhere => {}
            }
        }
        (self.ids, self.twice, self.bare_images) = (facts.ids, facts.twice, facts.bare_images);
    }

    /// What a style sheet refers to.
    fn styles(&mut self, bytes: &[u8], path: &str, index: &HashMap<&str, usize>, base: &BaseUrl) {
        let text = String::from_utf8_lossy(bytes);
        for part in text.split("url(").skip(1) {
            let url = part.split(')').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            if let Leads::To(target, anchor) = leads(url, path, index, base) {
                self.targets.push((target, anchor));
            }
        }
    }
}

/// Where a link leads from the page at a path.
fn leads(link: &str, from: &str, index: &HashMap<&str, usize>, base: &BaseUrl) -> Leads {
    let link = link.trim();
    // An address of the site's own, written whole, stays in it.
    let own = link
        .strip_prefix(&*base.origin)
        .filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    let local = own.unwrap_or(link);
    if own.is_none() && is_external(link) {
        let web = ["http://", "https://", "//"].iter().any(|start| link.starts_with(start));
        let drive = link.as_bytes().get(1) == Some(&b':') || link.starts_with("file:");
        return match (web, drive) {
            (true, _) => Leads::Out,
            (_, true) => Leads::Nowhere,
            _ => Leads::Elsewhere,
        };
    }
    let (rest, anchor) = local.split_once('#').map_or((local, None), |(rest, a)| (rest, Some(a)));
    let path = rest.split('?').next().unwrap_or_default();
    let anchor = anchor.filter(|a| !a.is_empty() && *a != "top");
    let anchor = anchor.map(|a| percent::decode(a).map_or_else(|| a.into(), |a| nfc(&a).into()));
    let found = if path.is_empty() && own.is_none() {
        index.get(from).copied()
    } else {
        target(path, from, index, base)
    };
    found.map_or(Leads::Nowhere, |target| Leads::To(target, anchor))
}

/// The output at a path of a link.
fn target(path: &str, from: &str, index: &HashMap<&str, usize>, base: &BaseUrl) -> Option<usize> {
    let decoded = percent::decode(path)?;
    let decoded = nfc(&decoded);
    let wanted = match decoded.strip_prefix('/') {
        Some(_) => {
            let inside = decoded.strip_prefix(&*base.prefix)?;
            join("", inside.strip_prefix('/').or(inside.is_empty().then_some(""))?)?
        }
        None => join(from.rsplit_once('/').map_or("", |(folder, _)| folder), &decoded)?,
    };
    let folder = decoded.is_empty() || decoded.ends_with('/') || wanted.is_empty();
    let page =
        if wanted.is_empty() { "index.html".to_owned() } else { format!("{wanted}/index.html") };
    let file = index.get(&*wanted).filter(|_| !folder);
    file.or_else(|| index.get(&*page)).copied()
}

impl Outputs {
    /// What is wrong in the finished pages.
    pub(super) fn check(&self, context: &Context<'_>, loaded: &Loaded) -> Found {
        let mut found: Found = self.0.iter().flat_map(|r| r.problems.iter().cloned()).collect();
        let mut broken = Gathered::default();
        for (output, rendered) in loaded.outputs.iter().zip(&self.0) {
            for link in &rendered.broken {
                broken.add(link, output, || {
                    format!("«{}» leads to no page or file of this site", shown(link))
                });
            }
            for (target, anchor) in &rendered.targets {
                let Some(anchor) = anchor else { continue };
                let other = self.0.get(*target).filter(|_| is_page(loaded, *target));
                if let Some(other) = other.filter(|other| !other.ids.contains(anchor)) {
                    let near = nearest(anchor, other.ids.iter().map(|id| &**id));
                    let near = near.map_or(String::new(), |near| format!("; it has `{near}`"));
                    broken.add(&format!("#{anchor}"), output, || {
                        let path = loaded.outputs.get(*target).map_or("", |output| &*output.path);
                        format!("{path} has no anchor `{anchor}`{near}")
                    });
                }
            }
        }
        found.extend(broken.problems(context, loaded, rules::BROKEN_URL));
        let (mut twice, mut bare) = (Gathered::default(), Gathered::default());
        for (output, rendered) in loaded.outputs.iter().zip(&self.0) {
            for id in &rendered.twice {
                twice.add(id, output, || format!("the anchor `{id}` is there twice"));
            }
            for src in &rendered.bare_images {
                bare.add(src, output, || format!("the image «{}» has no `alt`", shown(src)));
            }
        }
        found.extend(twice.problems(context, loaded, rules::DUPLICATE_ID));
        found.extend(bare.problems(context, loaded, rules::IMAGE_ALT));
        found.extend(self.orphans(context, loaded));
        found.extend(self.unused(context, loaded));
        found
    }

    /// Pages that no other page of their language links to.
    fn orphans(&self, context: &Context<'_>, loaded: &Loaded) -> Found {
        let page = |n: usize| match loaded.outputs.get(n).map(|output| &output.what) {
            Some(What::Page(ix, _)) => Some(*ix),
            _ => None,
        };
        let mut linked: BTreeSet<PageIx> = BTreeSet::new();
        for (n, rendered) in self.0.iter().enumerate() {
            let Some(from) = page(n) else { continue };
            let lang = context.site.page(from).lang;
            let targets = rendered.targets.iter().filter_map(|(target, _)| page(*target));
            linked.extend(targets.filter(|to| *to != from && context.site.page(*to).lang == lang));
        }
        let orphan = |ix: &PageIx| {
            let page = context.site.page(*ix);
            let alone = !linked.contains(ix) && page.section.is_some();
            alone && !page.is_untranslated() && context.site.group_of(page).shape == Shape::Page
        };
        let problems = context.site.page_indices().filter(orphan).filter_map(|ix| {
            let page = context.site.page(ix);
            let message = format!("no page links to «{}»", page.title);
            let problem = context.rule(rules::ORPHAN, message)?;
            Some(problem.at(Span::file(&page.document.file.path)))
        });
        problems.collect()
    }

    /// Files beside the pages, and assets of the site's own, that nothing refers to.
    fn unused(&self, context: &Context<'_>, loaded: &Loaded) -> Found {
        let used: HashSet<usize> =
            self.0.iter().flat_map(|r| r.targets.iter().map(|(target, _)| *target)).collect();
        let used_paths = |path: &str| {
            let at = loaded.outputs.binary_search_by(|output| (*output.path).cmp(path));
            at.is_ok_and(|at| used.contains(&at))
        };
        let unused = loaded.outputs.iter().enumerate().filter(|(n, _)| !used.contains(n));
        let problems = unused.filter_map(|(_, output)| {
            let file = match &output.what {
                What::File(file) => file,
                What::Picture(file) => {
                    // What pages show are its variants.
                    let mut variants = variants(loaded.renderer.world(), file).into_iter();
                    variants.all(|path| !used_paths(&path)).then_some(file)?
                }
                _ => return None,
            };
            let own = file.path.starts_with("content/");
            let problem =
                context.rule(rules::UNUSED_FILE, "nothing links to this file or shows it");
            problem.filter(|_| own).map(|problem| problem.at(Span::file(&file.path)))
        });
        problems.collect()
    }

    /// Asks for every external link. Gives what is wrong, and how many there are.
    pub(super) fn check_external(
        &self,
        context: &Context<'_>,
        loaded: &Loaded,
        external: External<'_>,
    ) -> (Found, usize) {
        let ignored = &context.site.config.check.ignore_links;
        let mut places: BTreeMap<String, &Output> = BTreeMap::new();
        for (output, rendered) in loaded.outputs.iter().zip(&self.0) {
            for link in &rendered.external {
                let url =
                    if link.starts_with("//") { format!("https:{link}") } else { link.to_string() };
                if !ignored.iter().any(|start| url.starts_with(start.as_str())) {
                    places.entry(url).or_insert(output);
                }
            }
        }
        let urls: Vec<String> = places.keys().cloned().collect();
        let checked = external::check(&urls, external.options, external.progress);
        let mut found = Vec::new();
        for ((url, output), verdict) in places.iter().zip(&checked.verdicts) {
            let (code, message, hint) = match verdict {
                external::Verdict::Alive => continue,
                external::Verdict::Moved(to) => {
                    let to = percent::decode(to).unwrap_or_else(|| to.clone());
                    (
                        rules::MOVED_LINK,
                        format!("«{}» has moved", shown(url)),
                        Some(format!("it is now at {to}")),
                    )
                }
                external::Verdict::Dead { why, archived } => {
                    let hint =
                        archived.as_ref().map(|copy| format!("there is a copy of it at {copy}"));
                    (rules::DEAD_LINK, format!("«{}» {why}", shown(url)), hint)
                }
                external::Verdict::Unsure(why) => {
                    (rules::UNSURE_LINK, format!("«{}» {why}", shown(url)), None)
                }
            };
            let Some(mut problem) = context.rule(code, message) else { continue };
            problem.hints.extend(hint);
            found.push(place(loaded, output, url, problem));
        }
        if let Some(why) = checked.unsaved {
            let message = format!("what was found is not remembered: {why}");
            found.extend(context.rule(rules::UNSURE_LINK, message));
        }
        (found, urls.len())
    }
}

fn is_page(loaded: &Loaded, output: usize) -> bool {
    loaded.outputs.get(output).is_some_and(|output| output.path.ends_with(".html"))
}

/// A URL as people read it.
fn shown(url: &str) -> String {
    percent::decode(url).unwrap_or_else(|| url.to_owned())
}

/// Problems of finished pages, the same of a template on many pages once.
#[derive(Default)]
struct Gathered<'a> {
    /// By what is written and the message: the outputs that have it.
    found: BTreeMap<(String, String), Vec<&'a Output>>,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, written: &str, output: &'a Output, message: impl FnOnce() -> String) {
        self.found.entry((written.to_owned(), message())).or_default().push(output);
    }

    /// One problem for each place in a page's own text, and one for all pages that have it from
    /// elsewhere.
    fn problems(self, context: &Context<'_>, loaded: &Loaded, code: &'static str) -> Found {
        let mut problems = Vec::new();
        for ((written, message), outputs) in self.found {
            let mut elsewhere: Vec<&Output> = Vec::new();
            for output in outputs {
                let span = in_document(loaded, output, &written);
                match (span, context.rule(code, &*message)) {
                    (Some(span), Some(problem)) => problems.push(problem.at(span)),
                    (None, _) => elsewhere.push(output),
                    (Some(_), None) => {}
                }
            }
            let Some(first) = elsewhere.first() else { continue };
            if let Some(problem) = context.rule(code, format!("{message} (in {})", first.path)) {
                let mut problem = place(loaded, first, &written, problem);
                if elsewhere.len() > 1 {
                    problem =
                        problem.hint(format!("the same on {} other pages", elsewhere.len() - 1));
                }
                problems.push(problem);
            }
        }
        problems
    }
}

/// Where a page's own file says something; none where it comes from elsewhere, or from the original
/// of another language, where it is found as well.
fn in_document(loaded: &Loaded, output: &Output, written: &str) -> Option<Span> {
    let What::Page(ix, _) = output.what else { return None };
    let document = &loaded.renderer.world().site.page(ix).document;
    if document.is_synthetic() {
        return None;
    }
    find(&document.file.path, &read_text(&document.file).ok()?, written)
}

fn find(file: &Arc<str>, text: &str, written: &str) -> Option<Span> {
    let decoded = shown(written);
    let at = [written, &decoded]
        .into_iter()
        .filter(|w| !w.is_empty())
        .find_map(|written| text.find(written).map(|at| at..at + written.len()));
    at.map(|range| Span::new(file, range))
}

/// A problem with the best place there is: in the page's file, in a template, the page's file.
fn place(loaded: &Loaded, output: &Output, written: &str, problem: Diagnostic) -> Diagnostic {
    if let Some(span) = in_document(loaded, output, written) {
        return problem.at(span);
    }
    let templates = loaded.tree.layers().iter().flat_map(|layer| layer.under("templates/"));
    let in_template = templates.into_iter().find_map(|(_, file)| {
        let text = read_text(file).ok()?;
        find(&file.path, &text, &format!("\"{written}\""))
    });
    match (in_template, &output.what) {
        (Some(span), _) => problem.at(span),
        (None, What::Page(ix, _)) => {
            let document = &loaded.renderer.world().site.page(*ix).document;
            if document.is_synthetic() {
                problem
            } else {
                problem.at(Span::file(&document.file.path))
            }
        }
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let paths = ["index.html", "en/index.html", "ميناء/index.html", "ميناء/خطة.pdf", "a.html"];
        let index: HashMap<&str, usize> = paths.iter().enumerate().map(|(n, p)| (*p, n)).collect();
        let Ok(base) = BaseUrl::parse("https://example.org/repo/") else { unreachable!() };
        for (link, from, wanted) in [
            ("/repo/", "a.html", Leads::To(0, None)),
            ("/repo", "a.html", Leads::To(0, None)),
            ("/repo/en", "a.html", Leads::To(1, None)),
            ("/en/", "a.html", Leads::Nowhere),
            ("../en/?q#x", "ميناء/index.html", Leads::To(1, Some("x".into()))),
            ("%D8%AE%D8%B7%D8%A9.pdf", "ميناء/index.html", Leads::To(3, None)),
            ("#%D8%A3", "a.html", Leads::To(4, Some("أ".into()))),
            ("https://example.org/repo/a.html", "index.html", Leads::To(4, None)),
            ("https://example.org.evil/", "index.html", Leads::Out),
            ("mailto:a@b", "index.html", Leads::Elsewhere),
            ("C:\\x.png", "index.html", Leads::Nowhere),
            ("file:///etc", "index.html", Leads::Nowhere),
            ("../../x", "a.html", Leads::Nowhere),
            ("a.html/", "index.html", Leads::Nowhere),
        ] {
            assert_eq!(leads(link, from, &index, &base), wanted, "{link}");
        }
    }
}
