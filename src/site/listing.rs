//! The order of pages.

use std::cmp::Ordering;

use super::{PageIx, Site};
use crate::document::Sort;

/// Sorts pages; equal ones by id, so that the order is total.
pub(super) fn sort(site: &Site, pages: &mut [PageIx], sort: Sort, lang: usize) {
    let id = |ix: PageIx| &site.group(site.page(ix).group).id;
    match sort {
        Sort::Title => {
            let collation = &site.tools(lang).collation;
            pages.sort_by(|a, b| {
                let titles = (&site.page(*a).title, &site.page(*b).title);
                collation.compare(titles.0, titles.1).then_with(|| id(*a).cmp(id(*b)))
            });
        }
        Sort::Weight => {
            let collation = &site.tools(lang).collation;
            let weight = |ix: PageIx| site.group_of(site.page(ix)).facts.front.weight;
            pages.sort_by(|a, b| {
                let titles = (&site.page(*a).title, &site.page(*b).title);
                absent_last(weight(*a), weight(*b), Ord::cmp)
                    .then_with(|| collation.compare(titles.0, titles.1))
                    .then_with(|| id(*a).cmp(id(*b)))
            });
        }
        Sort::Newest | Sort::Date => {
            let compare = |a: &i64, b: &i64| {
                if sort == Sort::Newest { b.cmp(a) } else { a.cmp(b) }
            };
            let key = |ix: PageIx| site.date(site.page(ix)).map(|date| date.sort_key());
            let mut keyed: Vec<_> = pages.iter().map(|ix| (key(*ix), *ix)).collect();
            keyed.sort_by(|a, b| absent_last(a.0, b.0, compare).then_with(|| id(a.1).cmp(id(b.1))));
            for (slot, (_, ix)) in pages.iter_mut().zip(keyed) {
                *slot = ix;
            }
        }
    }
}

fn absent_last<T>(a: Option<T>, b: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
