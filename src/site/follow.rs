//! Every link of a site followed: who links where, and what leads nowhere.

use std::sync::Arc;

use rayon::prelude::*;

use super::{GroupIx, LinkProblem, Page, PageIx, Site, Target, facts, hierarchy};
use crate::config::{MenuItem, MenuTarget};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::LinkKind;

/// How many broken links get the nearest right name.
const MAX_SUGGESTED: usize = 200;

/// The links between the pages of a site, and what is wrong with references of every sort.
#[derive(Debug)]
pub struct Links {
    to: Backwards,
    /// The same of citations alone, those of facts and lists of sources among them.
    citing: Backwards,
    /// Links, fields, sources and menus that lead nowhere, fields that their kind does not know.
    pub problems: Vec<Diagnostic>,
}

/// What some of the pages link to.
#[derive(Default)]
struct Found {
    /// Target and origin.
    pairs: Vec<(PageIx, PageIx)>,
    /// The same of citations.
    citing: Vec<(PageIx, PageIx)>,
    /// Links that lead nowhere, by the page and their number.
    wrong: Vec<(PageIx, usize, LinkProblem)>,
}

impl Links {
    /// Follows every link of a site, and checks every field.
    pub(super) fn of(site: &Site) -> Self {
        let problems = Problems::new();
        let found: Vec<Found> = site
            .pages
            .par_iter()
            .enumerate()
            .with_min_len(64)
            .fold(Found::default, |mut found, (i, page)| {
                follow(site, PageIx::new(i), page, &mut found);
                found
            })
            .collect();
        let checked: Vec<Vec<Diagnostic>> = site
            .groups
            .par_iter()
            .enumerate()
            .with_min_len(256)
            .fold(Problems::new, |problems, (i, _)| {
                facts::check(site, GroupIx::new(i), &problems);
                problems
            })
            .map(Problems::into_vec)
            .collect();
        report(site, &found, &problems);
        problems.extend(checked.into_iter().flatten());
        hierarchy::check(site, &problems);
        check_menus(site, &problems);
        let count = site.pages.len();
        let to = Backwards::new(count, || found.iter().flat_map(|found| &found.pairs));
        let citing = Backwards::new(count, || found.iter().flat_map(|found| &found.citing));
        Self { to, citing, problems: problems.into_vec() }
    }

    /// The pages whose text links to a page, by their indices.
    #[must_use]
    pub fn to(&self, ix: PageIx) -> &[PageIx] {
        self.to.get(ix)
    }

    /// The pages that cite a page or list it among their sources, by their indices.
    #[must_use]
    pub fn citing(&self, ix: PageIx) -> &[PageIx] {
        self.citing.get(ix)
    }
}

/// For each page, the pages that lead to it.
#[derive(Debug)]
struct Backwards {
    /// Where those of each page begin in `from`, and where the last one's end. One list for all: a list
    /// for each page is a hundred thousand to make and to drop.
    starts: Vec<usize>,
    from: Vec<PageIx>,
}

impl Backwards {
    /// Pairs of target and origin by their targets. Those of one target stay in the order of their
    /// origins.
    fn new<'a, I: Iterator<Item = &'a (PageIx, PageIx)>>(
        pages: usize,
        pairs: impl Fn() -> I,
    ) -> Self {
        let mut starts = vec![0; pages + 1];
        for (to, _) in pairs() {
            if let Some(count) = starts.get_mut(to.index() + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut from = vec![PageIx::new(0); sum];
        for (to, origin) in pairs() {
            let slot = next.get_mut(to.index()).and_then(|at| {
                *at += 1;
                from.get_mut(*at - 1)
            });
            if let Some(slot) = slot {
                *slot = *origin;
            }
        }
        Self { starts, from }
    }

    fn get(&self, ix: PageIx) -> &[PageIx] {
        let bound = |n: usize| self.starts.get(n).copied();
        bound(ix.index())
            .zip(bound(ix.index() + 1))
            .and_then(|(start, end)| self.from.get(start..end))
            .unwrap_or_default()
    }
}

/// Resolves the links of a page.
fn follow(site: &Site, ix: PageIx, page: &Page, found: &mut Found) {
    // An untranslated page shows the original's links; they are checked there.
    let reports = !page.is_untranslated();
    let (first, first_citing) = (found.pairs.len(), found.citing.len());
    for (i, link) in page.document.body(&site.config).links.iter().enumerate() {
        match site.resolve(page, link.kind, &link.destination) {
            Ok(resolved) => match resolved.target {
                Target::Page(to) if to != ix => {
                    found.pairs.push((to, ix));
                    if link.kind == LinkKind::Citation {
                        found.citing.push((to, ix));
                    }
                }
                Target::Page(_) | Target::File(_) | Target::External => {}
            },
            Err(problem) if reports => found.wrong.push((ix, i, problem)),
            Err(_) => {}
        }
    }
    let front = &site.group_of(page).facts.front;
    let facts = front.facts.iter().flat_map(|claim| &claim.sources).map(|cited| &*cited.id);
    for written in facts.chain(front.sources.iter().map(|id| &**id)) {
        let to = site.source(written).and_then(|source| site.best_version(source, page.lang));
        found.citing.extend(to.filter(|to| *to != ix).map(|to| (to, ix)));
    }
    once_each(&mut found.pairs, first);
    once_each(&mut found.citing, first_citing);
}

/// Sorts the pairs from one on, and keeps each once.
fn once_each(pairs: &mut Vec<(PageIx, PageIx)>, first: usize) {
    if let Some(own) = pairs.get_mut(first..).filter(|own| own.len() > 1) {
        own.sort_unstable();
        let mut kept: Vec<_> = own.to_vec();
        kept.dedup();
        pairs.truncate(first);
        pairs.append(&mut kept);
    }
}

/// Reports the links that lead nowhere.
fn report(site: &Site, found: &[Found], problems: &Problems) {
    let wrong = found.iter().flat_map(|found| &found.wrong);
    for (n, (ix, number, problem)) in wrong.enumerate() {
        let document = &site.page(*ix).document;
        let Some(link) = document.body(&site.config).links.get(*number) else { continue };
        let mut problem = problem.clone();
        if n < MAX_SUGGESTED {
            problem = site.with_suggestion(problem, link.kind, &link.destination);
        }
        problems.push(problem.diagnostic(link, &document.file.path));
    }
}

/// Reports menu entries whose page is not there.
fn check_menus(site: &Site, problems: &Problems) {
    let file: Arc<str> = crate::source::SITE_FILE.into();
    let mut open: Vec<&MenuItem> = Vec::new();
    for language in &site.config.languages {
        open.extend(language.menus.iter().flat_map(|(_, items)| items));
    }
    while let Some(item) = open.pop() {
        open.extend(&item.children);
        let (written, found) = match &item.target {
            MenuTarget::Page(id) => (id, site.find(id).map(|_| ())),
            MenuTarget::Url(url) => {
                let Some(home) = site.home(0) else { continue };
                (url, site.resolve(site.page(home), LinkKind::Link, url).map(|_| ()))
            }
        };
        if let Err(problem) = found {
            let kind = match &item.target {
                MenuTarget::Page(_) => LinkKind::Wiki,
                MenuTarget::Url(_) => LinkKind::Link,
            };
            let (message, hint) = site.with_suggestion(problem, kind, written).explain(written);
            let span = Span::new(&file, item.place.0..item.place.1);
            let problem = Diagnostic::error(codes::BAD_REFERENCE, format!("menu: {message}"));
            let mut problem = problem.at(span);
            problem.hints.extend(hint);
            problems.push(problem);
        }
    }
}
