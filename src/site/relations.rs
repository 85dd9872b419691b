//! The typed references between pages, from both of their ends.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::{GroupIx, Site};
use crate::knowledge::{Field, Kind, Kinds, references};

/// A field of a kind through which its pages refer to others.
#[derive(Clone, Debug)]
pub struct RelationType {
    /// The kind that has the field.
    pub kind: Arc<Kind>,
    /// The field, by its number among the kind's.
    field: usize,
    /// The name of the relation from the other end.
    pub inverse: Option<Box<str>>,
}

impl RelationType {
    /// The field.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        self.kind.fields.get(self.field)
    }

    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> &str {
        self.field().map_or("", |field| &field.name)
    }
}

/// A reference, seen from one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    /// Its type, by its number in [`Relations::types`].
    pub type_: u32,
    /// The page at the other end.
    pub page: GroupIx,
}

/// Lists of relations, one for each page, in one piece of memory.
#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    all: Vec<Relation>,
}

impl Lists {
    fn of(&self, ix: GroupIx) -> &[Relation] {
        let bound = |n: usize| self.starts.get(n).map(|at| *at as usize);
        let n = ix.0 as usize;
        let range = bound(n).zip(bound(n + 1));
        range.and_then(|(start, end)| self.all.get(start..end)).unwrap_or_default()
    }
}

/// The typed references between the pages of a site.
#[derive(Debug, Default)]
pub struct Relations {
    types: Vec<RelationType>,
    from: Lists,
    to: Lists,
}

/// Where the types of each kind begin, and of which of its fields they are.
type Numbers<'a> = HashMap<&'a str, (u32, Vec<usize>)>;

impl Relations {
    /// Finds the pages that fields refer to. What leads nowhere is left out here and reported where
    /// fields are checked.
    pub(super) fn of(site: &Site) -> Self {
        let (types, numbers) = types(&site.frame.kinds);
        let speaks = |i: &usize| {
            site.groups.get(*i).is_some_and(|g| g.facts.kind.is_some() && g.original.gist.facts)
        };
        let speaking: Vec<usize> = (0..site.groups.len()).filter(speaks).collect();
        if types.is_empty() || speaking.is_empty() {
            return Self { types, ..Self::default() };
        }
        let found: Vec<Vec<(GroupIx, Relation)>> = speaking
            .par_chunks(256)
            .map(|groups| {
                let mut seen = HashMap::new();
                let mut found = Vec::with_capacity(groups.len() * 4);
                for i in groups {
                    find(site, GroupIx::new(*i), &numbers, &mut seen, &mut found);
                }
                found
            })
            .collect();
        let pairs = || found.iter().flatten().copied();
        let back = || pairs().map(|(from, to)| (to.page, Relation { page: from, ..to }));
        let count = site.groups.len();
        Self { from: lists(count, pairs), to: lists(count, back), types }
    }

    /// The references that a page makes, by their fields.
    #[must_use]
    pub fn from(&self, ix: GroupIx) -> &[Relation] {
        self.from.of(ix)
    }

    /// The references to a page, by the ids of the pages that make them.
    #[must_use]
    pub fn to(&self, ix: GroupIx) -> &[Relation] {
        self.to.of(ix)
    }

    /// The type of a relation.
    #[must_use]
    pub fn type_of(&self, relation: Relation) -> Option<&RelationType> {
        self.types.get(relation.type_ as usize)
    }

    /// Every type, by kind and field.
    #[must_use]
    pub fn types(&self) -> &[RelationType] {
        &self.types
    }

    /// How many references there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.from.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from.all.is_empty()
    }
}

/// The types of relations, and their numbers by kind and field.
fn types(kinds: &Kinds) -> (Vec<RelationType>, Numbers<'_>) {
    let (mut types, mut numbers) = (Vec::new(), HashMap::new());
    for kind in kinds.iter() {
        let start = u32::try_from(types.len()).unwrap_or(u32::MAX);
        // What is for editors alone shows from neither end.
        let refers = |(_, field): &(usize, &Field)| field.type_.refers() && !field.private;
        let fields: Vec<usize> =
            kind.fields.iter().enumerate().filter(refers).map(|(n, _)| n).collect();
        for field in &fields {
            let inverse = kind.fields.get(*field).and_then(Field::inverse_name);
            let inverse = inverse.map(Into::into);
            types.push(RelationType { kind: Arc::clone(kind), field: *field, inverse });
        }
        numbers.insert(&*kind.name, (start, fields));
    }
    (types, numbers)
}

/// Notes what a page refers to, each once for a field.
fn find<'a>(
    site: &'a Site,
    ix: GroupIx,
    numbers: &Numbers<'_>,
    seen: &mut HashMap<(*const Field, &'a str), Option<GroupIx>>,
    found: &mut Vec<(GroupIx, Relation)>,
) {
    let group = site.group(ix);
    let Some(kind) = group.facts.kind.as_deref() else { return };
    let Some((start, fields)) = numbers.get(&*kind.name) else { return };
    let mut once = HashSet::new();
    references(kind, &group.original.front.fields, &mut |reference| {
        let Some(n) = fields.iter().position(|n| *n == reference.field) else { return };
        if reference.of.private {
            return;
        }
        let page =
            *seen.entry((std::ptr::from_ref(reference.of), reference.to)).or_insert_with(|| {
                let to = match reference.of.type_.item() {
                    crate::knowledge::FieldType::Reference(to) => to.as_slice(),
                    _ => &[],
                };
                site.find_of(reference.to, to).ok()
            });
        let type_ = start + u32::try_from(n).unwrap_or(u32::MAX);
        if let Some(page) = page.filter(|page| *page != ix) {
            let relation = Relation { type_, page };
            if once.insert(relation) {
                found.push((ix, relation));
            }
        }
    });
}

/// Pairs by their first, in the order that they come in.
fn lists<I: Iterator<Item = (GroupIx, Relation)>>(count: usize, pairs: impl Fn() -> I) -> Lists {
    let mut starts = vec![0u32; count + 1];
    for (owner, _) in pairs() {
        if let Some(n) = starts.get_mut(owner.0 as usize + 1) {
            *n += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut all = vec![Relation { type_: 0, page: GroupIx(0) }; sum as usize];
    for (owner, relation) in pairs() {
        let slot = next.get_mut(owner.0 as usize).and_then(|at| {
            *at += 1;
            all.get_mut(*at as usize - 1)
        });
        if let Some(slot) = slot {
            *slot = relation;
        }
    }
    Lists { starts, all }
}
