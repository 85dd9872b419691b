//! Finding pages by a text that they have.
//!
//! The text is not kept a second time: a table of numbers, and the texts where they are. That makes
//! one allocation of what would be a hundred thousand, which cost more to make and to drop than all
//! that is ever looked up.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

/// The end of a list.
const END: u32 = u32::MAX;

/// The numbers of texts by the text, the first of equal ones before the others.
#[derive(Debug)]
pub(super) struct Lookup {
    first: HashTable<u32>,
    /// For each number the next one with an equal text.
    next: Vec<u32>,
}

impl Lookup {
    /// Notes the texts of the numbers below `count`.
    pub(super) fn new<'a>(count: usize, text: impl Fn(u32) -> &'a str) -> Self {
        let count = u32::try_from(count).unwrap_or(END);
        let mut first = HashTable::with_capacity(count as usize);
        let mut next = vec![END; count as usize];
        // From the last to the first, so that each list begins with the first.
        for (n, next) in (0..count).zip(&mut next).rev() {
            let own = text(n);
            match first.entry(hash(own), |n| text(*n) == own, |n| hash(text(*n))) {
                Entry::Occupied(mut entry) => *next = std::mem::replace(entry.get_mut(), n),
                Entry::Vacant(entry) => {
                    entry.insert(n);
                }
            }
        }
        Self { first, next }
    }

    /// The numbers of a text, ascending; `text` gives the same texts as before.
    pub(super) fn get<'a>(
        &self,
        wanted: &str,
        text: impl Fn(u32) -> &'a str,
    ) -> impl Iterator<Item = u32> {
        let first = self.first.find(hash(wanted), |n| text(*n) == wanted).copied();
        std::iter::successors(first, |n| {
            self.next.get(*n as usize).copied().filter(|next| *next != END)
        })
    }
}

fn hash(text: &str) -> u64 {
    // The same in every run: nothing depends on it but time, and the texts are the site's own.
    FixedState::with_seed(0).hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_found_in_their_order() {
        let texts = ["أ", "b", "أ", "", "أ"];
        let text = |n: u32| texts[n as usize];
        let lookup = Lookup::new(texts.len(), text);
        let found = |wanted: &str| lookup.get(wanted, text).collect::<Vec<_>>();
        assert_eq!(found("أ"), [0, 2, 4]);
        assert_eq!((found("b"), found(""), found("c")), (vec![1], vec![3], vec![]));
    }
}
