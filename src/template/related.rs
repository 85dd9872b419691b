//! Functions that lead on from a page: what is around it, and what is like it.

use std::collections::{BTreeMap, BTreeSet};

use tera::{Error, Kwargs, Map, State, TeraResult, Value};

use super::arguments::{integer, only};
use super::labels::{field_label, inverse_label};
use super::scope::{Scope, World};
use super::values::{map_value, put};
use crate::drawing::{self, RingStyle, Side};
use crate::site::{Group, GroupIx, PageIx, Relation, Shape, Site, Target};
use crate::text::Direction;

/// What more pages than this have in common says too little of any two of them to relate them by itself.
const COMMON: usize = 128;

/// What it counts that two pages share something with no other page: a page that both have a relation
/// to, a term, a source. What more pages share counts less, by the logarithm of their number.
const SHARED_RELATION: usize = 4000;
const SHARED_TERM: usize = 2000;
const SHARED_SOURCE: usize = 1000;

/// What it counts that the text of one of two pages links to the other.
const LINKED: usize = 3000;

/// Pages that have less in common are not related: one source that twenty others cite too is chance.
const LEAST: usize = 700;

/// The width of the drawing of neighbours, and the size of its letters.
const RING: (f64, f64) = (1000.0, 22.0);

fn limit(function: &str, kwargs: &Kwargs, default: usize) -> TeraResult<usize> {
    let wrong = || Error::message(format!("{function}(): `limit` must be 0 or more"));
    integer(kwargs, "limit")?.map_or(Ok(default), |n| usize::try_from(n).map_err(|_| wrong()))
}

/// `related(limit)`: pages that have the most in common with the one being rendered, without those that
/// it has a relation to, which are shown as that.
pub(super) fn related(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("related", &kwargs, &["limit"])?;
    let scope = Scope::current()?;
    let limit = limit("related", &kwargs, 6)?;
    let Some(ix) = scope.page else { return Ok(Value::from(Vec::<Value>::new())) };
    let mut found = alike(&scope.world, ix);
    found.truncate(limit);
    Ok(scope.world.summaries(&found))
}

/// The pages of the language that a page has something in common with, the most first.
fn alike(world: &World, ix: PageIx) -> Vec<PageIx> {
    let site = &*world.site;
    let page = site.page(ix);
    let mut points: Vec<(GroupIx, usize)> = Vec::new();
    let mut share = |pages: &mut dyn Iterator<Item = GroupIx>, count: usize, weight: usize| {
        if (2..=COMMON).contains(&count) {
            let each = weight * 100 / logarithm(count);
            points.extend(pages.map(|page| (page, each)));
        }
    };
    let relations = site.relations();
    let around = |group: GroupIx| {
        let ends = [relations.from(group), relations.to(group)];
        ends.into_iter().flatten().map(|relation| relation.page)
    };
    // A page may have several relations to another: it is one page.
    let each_once = |pages: &mut Vec<GroupIx>| {
        pages.sort_unstable();
        pages.dedup();
    };
    let mut direct: Vec<GroupIx> = around(page.group).collect();
    each_once(&mut direct);
    let mut pages = Vec::new();
    for group in &direct {
        if relations.from(*group).len() + relations.to(*group).len() <= COMMON * 2 {
            pages.clear();
            pages.extend(around(*group));
            each_once(&mut pages);
            share(&mut pages.iter().copied(), pages.len(), SHARED_RELATION);
        }
    }
    let group = site.group_of(page);
    for (taxonomy, names) in &group.facts.front.terms {
        let terms: BTreeSet<GroupIx> =
            names.iter().filter_map(|name| site.term(*taxonomy, name)).collect();
        for term in terms.into_iter().filter_map(|term| site.version(term, page.lang)) {
            let listing = site.page(term).listing();
            share(&mut listing.iter().map(|ix| site.page(*ix).group), listing.len(), SHARED_TERM);
        }
    }
    for source in sources(site, page.group) {
        let citing = world.naming(source);
        share(&mut citing.iter().copied(), citing.len(), SHARED_SOURCE);
    }
    let linked = world.backlinks(ix).iter().copied().chain(leads_to(site, ix));
    let linked: BTreeSet<GroupIx> = linked.map(|ix| site.page(ix).group).collect();
    points.extend(linked.into_iter().map(|group| (group, LINKED)));
    // What explains words is shown where the page uses them.
    let explains = |group: &Group| group.facts.kind.as_ref().is_some_and(|kind| kind.explains);
    let fits = |other: &GroupIx| {
        let candidate = site.group(*other);
        *other != page.group
            && direct.binary_search(other).is_err()
            && candidate.shape == Shape::Page
            && (!explains(candidate) || explains(group))
    };
    let found = ranked(points).into_iter().filter(fits);
    found.filter_map(|group| site.version(group, page.lang)).collect()
}

/// Those with points enough, the most first, then by id.
fn ranked(mut points: Vec<(GroupIx, usize)>) -> Vec<GroupIx> {
    points.sort_unstable();
    let mut sums: Vec<(usize, GroupIx)> = points
        .chunk_by(|a, b| a.0 == b.0)
        .filter_map(|same| Some((same.iter().map(|(_, n)| n).sum(), same.first()?.0)))
        .collect();
    sums.retain(|(sum, _)| *sum >= LEAST);
    sums.sort_by_key(|(sum, group)| (std::cmp::Reverse(*sum), *group));
    sums.into_iter().map(|(_, group)| group).collect()
}

/// A hundred times the binary logarithm of half of a number and one: 100 for two that share something.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a number up to COMMON"
)]
fn logarithm(count: usize) -> usize {
    ((count as f64 / 2.0 + 1.0).log2() * 100.0) as usize
}

/// The sources that a page names.
pub(super) fn sources(site: &Site, group: GroupIx) -> BTreeSet<GroupIx> {
    let named = &site.group(group).facts.front.sources;
    named.iter().filter_map(|id| site.source(id)).collect()
}

/// The pages that the text of a page links to.
fn leads_to(site: &Site, ix: PageIx) -> impl Iterator<Item = PageIx> {
    let page = site.page(ix);
    let links = &page.document.body(&site.config).links;
    links.iter().filter_map(move |link| match site.resolve(page, link.kind, &link.destination) {
        Ok(resolved) => match resolved.target {
            Target::Page(to) => Some(to),
            _ => None,
        },
        Err(_) => None,
    })
}

/// `neighbours(limit)`: the pages that the one being rendered has relations with, placed around it; none
/// where there are none.
pub(super) fn neighbours(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    only("neighbours", &kwargs, &["limit"])?;
    let scope = Scope::current()?;
    let limit = limit("neighbours", &kwargs, 12)?.min(40);
    let Some(page) = scope.page() else { return Ok(Value::none()) };
    let site = scope.site();
    let around = nearest(&scope, page.group);
    let shown: Vec<&(PageIx, Vec<(bool, Relation)>)> = around.iter().take(limit).collect();
    if shown.is_empty() {
        return Ok(Value::none());
    }
    let language = site.language(scope.lang);
    let style =
        RingStyle { width: RING.0, size: RING.1, rtl: language.direction == Direction::Rtl };
    let names: Vec<&str> = shown.iter().map(|(ix, _)| &*site.page(*ix).title).collect();
    let tall = shown.iter().any(|(ix, _)| {
        matches!(site.language(site.page(*ix).document.lang).lang.primary(), "ur" | "ks")
    });
    let ring = drawing::ring(&names, if tall { 2.2 } else { 0.0 }, &style);
    let nodes = shown.iter().zip(&ring.nodes).map(|((ix, relations), node)| {
        let rtl = site.language(site.page(*ix).document.lang).direction == Direction::Rtl;
        let mut map = Map::with_capacity(8);
        put(&mut map, "page", scope.world.summary(*ix));
        put(&mut map, "relations", words(&scope, relations));
        put(&mut map, "x", whole(node.x));
        put(&mut map, "y", whole(node.y));
        put(&mut map, "text_x", whole(node.text_x));
        put(&mut map, "anchor", if (node.side == Side::Left) == rtl { "end" } else { "start" });
        let line = |(text, y): &(String, f64)| {
            let mut map = Map::with_capacity(2);
            put(&mut map, "text", text.as_str());
            put(&mut map, "y", whole(*y));
            map_value(map)
        };
        put(&mut map, "lines", node.lines.iter().map(line).collect::<Vec<_>>());
        map_value(map)
    });
    let mut map = Map::with_capacity(6);
    put(&mut map, "nodes", nodes.collect::<Vec<_>>());
    put(&mut map, "width", whole(style.width));
    put(&mut map, "height", whole(ring.height));
    put(&mut map, "x", whole(style.width / 2.0));
    put(&mut map, "y", whole(ring.height / 2.0));
    put(&mut map, "size", whole(style.size));
    put(&mut map, "total", around.len());
    Ok(map_value(map))
}

/// The pages that a page has relations with, each with those (whether they are its own), in the order of
/// how much connects them to it and to its other neighbours.
fn nearest(scope: &Scope, group: GroupIx) -> Vec<(PageIx, Vec<(bool, Relation)>)> {
    let site = scope.site();
    let relations = site.relations();
    let own = relations.from(group).iter().map(|relation| (true, *relation));
    let of_others = relations.to(group).iter().map(|relation| (false, *relation));
    let mut around = BTreeMap::<GroupIx, Vec<(bool, Relation)>>::new();
    for (is_own, relation) in own.chain(of_others) {
        around.entry(relation.page).or_default().push((is_own, relation));
    }
    let near: Vec<GroupIx> = around.keys().copied().collect();
    let between = |other: &GroupIx| {
        let ends = relations.from(*other).len() + relations.to(*other).len();
        // Of a page that everything leads to, or that leads to everything, nothing is to be learnt.
        if ends > COMMON || around.len() > COMMON {
            return 0;
        }
        let ends = [relations.from(*other), relations.to(*other)];
        let shared = |relation: &&Relation| near.binary_search(&relation.page).is_ok();
        ends.into_iter().flatten().filter(shared).count()
    };
    let mut order: Vec<(usize, usize, GroupIx)> =
        around.iter().map(|(other, list)| (list.len(), between(other), *other)).collect();
    order.sort_by_key(|(own, between, other)| {
        std::cmp::Reverse((*own, *between, std::cmp::Reverse(*other)))
    });
    let found = order.into_iter().filter_map(|(_, _, other)| {
        Some((site.version(other, scope.lang)?, around.get(&other)?.clone()))
    });
    found.collect()
}

/// The names of relations as they are called from the page in the middle, each once.
fn words(scope: &Scope, list: &[(bool, Relation)]) -> String {
    let site = scope.site();
    let relations = site.relations();
    let own = scope.page().and_then(|page| site.group_of(page).facts.kind.clone());
    let mut words: Vec<String> = Vec::new();
    for (is_own, relation) in list {
        let Some(type_) = relations.type_of(*relation) else { continue };
        // The other end may say what is a field of this page's kind.
        let back = || own.as_ref()?.field(type_.inverse.as_deref()?);
        let word = match if *is_own { type_.field() } else { back() } {
            Some(field) => field_label(scope, field),
            None => inverse_label(scope, type_),
        };
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    scope.tools().lists.format(&words, false)
}

/// A length in whole units.
#[allow(clippy::cast_possible_truncation, reason = "a drawing is a few thousand units wide")]
fn whole(n: f64) -> i64 {
    n.round() as i64
}
