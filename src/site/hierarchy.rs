//! Hierarchies that lead round in a circle: a place in a place that is in the first.

use std::collections::HashMap;

use super::{GroupIx, Site};
use crate::diagnostic::{Diagnostic, Problems, Span, codes};
use crate::document::front_matter::key_path;

/// How many of the pages of a circle are named.
const MAX_NAMED: usize = 6;

/// Reports each circle once, at the page whose id comes first.
pub(super) fn check(site: &Site, problems: &Problems) {
    let relations = site.relations();
    for (n, type_) in (0u32..).zip(relations.types()) {
        let Some(field) = type_.field().filter(|field| field.leads_up()) else { continue };
        let above = |ix: GroupIx| {
            let own = relations.from(ix).iter().filter(move |relation| relation.type_ == n);
            own.map(|relation| relation.page)
        };
        for circle in circles(site.groups.len(), above) {
            problems.push(problem(site, &field.name, &circle));
        }
    }
}

/// Where the search for circles stands with a page.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// It is on the way that is being followed, at this place.
    Open(usize),
    /// Everything above it was looked at.
    Done,
}

/// The circles of a relation, each beginning with its first page. Pages are followed upwards, each once;
/// of circles that share pages not all need be found, but one of them is.
fn circles<I: Iterator<Item = GroupIx>>(
    count: usize,
    above: impl Fn(GroupIx) -> I,
) -> Vec<Vec<GroupIx>> {
    let mut states: HashMap<GroupIx, State> = HashMap::new();
    let mut found = Vec::new();
    for start in (0..count).map(GroupIx::new) {
        if states.contains_key(&start) || above(start).next().is_none() {
            continue;
        }
        let mut way = vec![(start, above(start))];
        states.insert(start, State::Open(0));
        while let Some((ix, parents)) = way.last_mut() {
            let Some(parent) = parents.next() else {
                states.insert(*ix, State::Done);
                way.pop();
                continue;
            };
            match states.get(&parent) {
                Some(State::Done) => {}
                Some(State::Open(at)) => {
                    let mut circle: Vec<GroupIx> =
                        way.iter().skip(*at).map(|(ix, _)| *ix).collect();
                    let first = circle.iter().enumerate().min_by_key(|(_, ix)| **ix);
                    let first = first.map_or(0, |(n, _)| n);
                    circle.rotate_left(first);
                    found.push(circle);
                }
                None => {
                    states.insert(parent, State::Open(way.len()));
                    way.push((parent, above(parent)));
                }
            }
        }
    }
    found
}

fn problem(site: &Site, field: &str, circle: &[GroupIx]) -> Diagnostic {
    let id = |ix: &GroupIx| format!("`{}`", site.group(*ix).id);
    let span = |ix: &GroupIx| -> Span { site.group(*ix).original.value_span(&key_path(field)) };
    let mut names: Vec<String> = circle.iter().take(MAX_NAMED).map(id).collect();
    if circle.len() > MAX_NAMED {
        names.push("…".to_owned());
    }
    names.extend(circle.first().map(id));
    let message = format!("`{field}` leads round in a circle: {}", names.join(" → "));
    let mut problem = Diagnostic::error(codes::BAD_REFERENCE, message);
    if let Some(first) = circle.first() {
        problem = problem.at(span(first));
    }
    for ix in circle.iter().take(MAX_NAMED).skip(1) {
        problem = problem.related(span(ix), "and from here");
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: &[(usize, usize)]) -> Vec<Vec<u32>> {
        let above = |ix: GroupIx| {
            let of = edges.iter().filter(move |(from, _)| *from == ix.0 as usize);
            of.map(|(_, to)| GroupIx::new(*to)).collect::<Vec<_>>().into_iter()
        };
        let circles = circles(8, above);
        circles.into_iter().map(|circle| circle.into_iter().map(|ix| ix.0).collect()).collect()
    }

    #[test]
    fn circles_are_found_once() {
        assert!(found(&[(0, 1), (1, 2), (0, 2), (3, 2)]).is_empty());
        assert_eq!(found(&[(3, 2), (2, 1), (1, 3), (0, 3)]), [[1, 3, 2]]);
        assert_eq!(found(&[(0, 1), (1, 0), (4, 5), (5, 6), (6, 4)]), [vec![0, 1], vec![4, 5, 6]]);
    }

    #[test]
    fn a_long_way_up_is_no_matter() {
        let above = |ix: GroupIx| (ix.0 < 200_000).then(|| GroupIx(ix.0 + 1)).into_iter();
        assert!(circles(200_001, above).is_empty());
    }
}
