//! The terms that pages name. Many pages name the same ones, so that each spelling is made a slug of
//! once for some hundred pages, and not once for each.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use super::Shape;
use super::versions::Draft;
use crate::config::Config;
use crate::text::slug;

/// A term that a page names.
pub(super) struct Term {
    /// Its taxonomy, as an index into the site's.
    pub(super) taxonomy: usize,
    /// Its id: the taxonomy and the slug.
    pub(super) id: String,
    /// As the first page spells it.
    pub(super) name: Box<str>,
}

/// The terms of all pages.
#[derive(Default)]
pub(super) struct Terms {
    /// Each once, in the order in which they are first named.
    pub(super) all: Vec<Term>,
    /// Indices into `all`: those of each page, ascending, in the range that its draft holds.
    named: Vec<u32>,
}

/// The terms of some pages: their spellings, and which of them each page names.
#[derive(Default)]
struct Part {
    spellings: Vec<(usize, Box<str>)>,
    named: Vec<u32>,
}

/// Numbers of spellings, for each taxonomy.
type Known = Vec<HashMap<Box<str>, u32, FixedState>>;

impl Terms {
    /// Gathers the terms of pages, and notes with each where its own are.
    pub(super) fn gather(drafts: &mut [Draft], config: &Config) -> Self {
        if config.taxonomies.is_empty() {
            return Self::default();
        }
        let size = super::share(drafts.len());
        let mut parts: Vec<Part> =
            drafts.par_chunks_mut(size).map(|drafts| spellings(drafts, config)).collect();
        let mut terms = Self::default();
        let mut known = HashMap::<String, u32>::new();
        let numbers: Vec<Vec<u32>> = parts
            .iter_mut()
            .map(|part| {
                let spellings = std::mem::take(&mut part.spellings).into_iter();
                spellings.map(|(t, name)| terms.number(t, name, config, &mut known)).collect()
            })
            .collect();
        let mut base = 0;
        for ((drafts, part), numbers) in drafts.chunks_mut(size).zip(&mut parts).zip(&numbers) {
            for number in &mut part.named {
                *number = numbers.get(*number as usize).copied().unwrap_or_default();
            }
            for draft in drafts {
                let own = draft.terms.clone();
                let count = part.named.get_mut(own.clone()).map_or(0, sort_and_dedup);
                draft.terms = base + own.start..base + own.start + count;
            }
            base += part.named.len();
            terms.named.append(&mut part.named);
        }
        terms
    }

    fn number(
        &mut self,
        taxonomy: usize,
        name: Box<str>,
        config: &Config,
        known: &mut HashMap<String, u32>,
    ) -> u32 {
        let folder = config.taxonomies.get(taxonomy).map_or("", |taxonomy| &taxonomy.name);
        let id = format!("{folder}/{}", slug::slugify(&name));
        if let Some(number) = known.get(&id) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        known.insert(id.clone(), number);
        self.all.push(Term { taxonomy, id, name });
        number
    }

    /// The terms of a page, as indices into `all`.
    pub(super) fn of(&self, range: &Range<usize>) -> &[u32] {
        self.named.get(range.clone()).unwrap_or_default()
    }
}

fn spellings(drafts: &mut [Draft], config: &Config) -> Part {
    let mut part = Part::default();
    let mut known: Known = vec![HashMap::default(); config.taxonomies.len()];
    for draft in drafts {
        let start = part.named.len();
        if draft.shape == Shape::Page {
            for (t, names) in &draft.facts.front.terms {
                let Some(known) = known.get_mut(*t) else { continue };
                for name in names {
                    let number = known.get(name).copied().unwrap_or_else(|| {
                        let number = u32::try_from(part.spellings.len()).unwrap_or(u32::MAX);
                        part.spellings.push((*t, name.clone()));
                        known.insert(name.clone(), number);
                        number
                    });
                    part.named.push(number);
                }
            }
        }
        draft.terms = start..part.named.len();
    }
    part
}

/// Sorts numbers, puts each once at the front, and gives how many there are.
fn sort_and_dedup(numbers: &mut [u32]) -> usize {
    numbers.sort_unstable();
    let mut kept = 0;
    for i in 0..numbers.len() {
        let number = numbers.get(i).copied();
        if kept == 0 || numbers.get(kept - 1).copied() != number {
            numbers.swap(kept, i);
            kept += 1;
        }
    }
    kept
}
