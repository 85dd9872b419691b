//! The order of pages, and the lists of sections and terms.

use rayon::prelude::*;

use super::terms::Terms;
use super::{Contents, Group, GroupIx, PageIx, Shape, Site};
use crate::document::Sort;

/// Sorts pages; equal ones by id, so that the order is total.
pub(super) fn sort(site: &Site, pages: &mut [PageIx], sort: Sort, lang: usize) {
    // Groups are in the order of their ids.
    let group = |ix: PageIx| site.page(ix).group;
    match sort {
        Sort::Title | Sort::Weight => {
            let collation = &site.tools(lang).collation;
            let weight = |ix: PageIx| site.group_of(site.page(ix)).facts.front.weight;
            let weight = |ix: PageIx| (sort == Sort::Weight).then(|| weight(ix)).flatten();
            let key = |ix: &PageIx| {
                let (weight, title) = (weight(*ix), &*site.page(*ix).title);
                // What has no weight comes last.
                ((weight.is_none(), weight, collation.key(title), title, group(*ix)), *ix)
            };
            let mut keyed: Vec<_> = pages.iter().map(key).collect();
            keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
            for (slot, (_, ix)) in pages.iter_mut().zip(keyed) {
                *slot = ix;
            }
        }
        Sort::Newest | Sort::Date => {
            let key = |ix: &PageIx| (date_key(site, *ix, sort), group(*ix), *ix);
            let mut keyed: Vec<_> = pages.iter().map(key).collect();
            keyed.sort_unstable();
            for (slot, (.., ix)) in pages.iter_mut().zip(keyed) {
                *slot = ix;
            }
        }
    }
}

/// A number that sorts a page by its date; pages without a date come last.
fn date_key(site: &Site, ix: PageIx, sort: Sort) -> i64 {
    match site.group_of(site.page(ix)).newest {
        newest if sort == Sort::Newest || newest == i64::MAX => newest,
        newest => -newest,
    }
}

/// A list on its way to becoming that of a page.
#[derive(Default)]
struct List {
    /// The ranks of the pages that are in it as in a section.
    inside: Vec<u32>,
    /// The ranks of the pages that name it as their term.
    named: Vec<u32>,
    subsections: Vec<PageIx>,
}

/// Puts every page into the lists of its section and its terms, sorts those, and gives pages their
/// neighbours.
///
/// Nearly all of them are by date, and a page is in several: so all pages are sorted by their dates
/// once, and a list is then sorted by their ranks in that order, which are small numbers.
#[allow(clippy::indexing_slicing, reason = "pages and groups hold indices of this site")]
pub(super) fn fill(site: &mut Site, terms: &Terms, term_groups: &[Option<GroupIx>]) {
    let mut ranked: Vec<(i64, PageIx)> = (0..site.pages.len())
        .into_par_iter()
        .with_min_len(1024)
        .map(|i| (date_key(site, PageIx::new(i), Sort::Newest), PageIx::new(i)))
        .collect();
    ranked.par_sort_unstable();
    let mut ranks = vec![0; ranked.len()];
    for (rank, (_, ix)) in (0..).zip(&ranked) {
        ranks[ix.index()] = rank;
    }
    // The lists, and which one each page has.
    let mut lists: Vec<(PageIx, List)> = Vec::new();
    let mut list_of = vec![u32::MAX; site.pages.len()];
    for (i, page) in site.pages.iter().enumerate() {
        if site.group_of(page).shape != Shape::Page {
            list_of[i] = u32::try_from(lists.len()).unwrap_or(u32::MAX);
            lists.push((PageIx::new(i), List::default()));
        }
    }
    for (i, page) in site.pages.iter().enumerate() {
        let group = site.group_of(page);
        let section = page.section.and_then(|ix| lists.get_mut(list_of[ix.index()] as usize));
        if let Some((_, list)) = section {
            match group.shape {
                Shape::Section | Shape::Taxonomy(_) => list.subsections.push(PageIx::new(i)),
                Shape::Page | Shape::Term(_) => list.inside.push(ranks[i]),
            }
        }
        for term in terms.of(&group.terms) {
            let term = term_groups.get(*term as usize).copied().flatten();
            let Some(term) = term.and_then(|term| site.version(term, page.lang)) else { continue };
            if let Some((_, list)) = lists.get_mut(list_of[term.index()] as usize) {
                list.named.push(ranks[i]);
            }
        }
    }
    let lists: Vec<(PageIx, Contents)> = lists
        .into_par_iter()
        .map(|(owner, list)| (owner, sorted(site, owner, list, &ranked)))
        .collect();
    for (owner, lists) in lists {
        put(site, owner, lists);
    }
}

/// Gives a page its lists, and the pages of a section their neighbours.
#[allow(clippy::indexing_slicing, reason = "lists hold indices of pages of this site")]
fn put(site: &mut Site, owner: PageIx, lists: Contents) {
    if site.group_of(&site.pages[owner.index()]).shape == Shape::Section {
        for (n, ix) in lists.listing.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|n| lists.listing.get(n)).copied();
            let after = lists.listing.get(n + 1).copied();
            site.pages[ix.index()].neighbours = (before, after);
        }
    }
    site.pages[owner.index()].lists = Some(Box::new(lists));
}

/// Puts those lists into their order again that pages with new titles are in.
pub(super) fn sort_again(site: &mut Site, renamed: &[PageIx]) {
    let holds = |list: &[PageIx]| list.iter().any(|ix| renamed.contains(ix));
    let mut sorted = Vec::new();
    for ix in site.page_indices() {
        let page = site.page(ix);
        let Some(lists) = page.lists.as_deref() else { continue };
        let order = order(site.group_of(page));
        let by_title = matches!(order, Sort::Title | Sort::Weight) && holds(&lists.listing);
        if by_title || holds(&lists.subsections) {
            let mut lists = lists.clone();
            if by_title {
                sort(site, &mut lists.listing, order, page.lang);
            }
            sort(site, &mut lists.subsections, Sort::Weight, page.lang);
            sorted.push((ix, lists));
        }
    }
    for (owner, lists) in sorted {
        put(site, owner, lists);
    }
}

/// The order of the pages of a section, taxonomy or term.
fn order(group: &Group) -> Sort {
    let default = match group.shape {
        Shape::Taxonomy(_) => Sort::Title,
        _ => Sort::Newest,
    };
    group.facts.front.sort.or(group.original.front.sort).unwrap_or(default)
}

/// The lists of a page in their order.
fn sorted(site: &Site, owner: PageIx, mut list: List, ranked: &[(i64, PageIx)]) -> Contents {
    let page = site.page(owner);
    let order = order(site.group_of(page));
    // What lies below a term is listed there only where no page names the term.
    let mut ranks = if list.named.is_empty() { list.inside } else { list.named };
    ranks.sort_unstable();
    let pages = ranks.iter().filter_map(|rank| ranked.get(*rank as usize));
    let mut listing: Vec<PageIx> = pages.map(|(_, ix)| *ix).collect();
    if order != Sort::Newest {
        sort(site, &mut listing, order, page.lang);
    }
    sort(site, &mut list.subsections, Sort::Weight, page.lang);
    Contents { listing, subsections: list.subsections }
}
