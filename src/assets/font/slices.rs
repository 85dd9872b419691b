//! Cuts the characters of a font into slices, so that a page loads what it needs and little more.
//!
//! An alphabet is one slice. Chinese characters are cut by how common they are, which does not depend on
//! the site, so that a new one changes one slice and leaves the others in readers' caches.

use std::collections::{BTreeMap, HashMap};

use crate::text::charset::CharSet;
use crate::text::is_ideograph;

/// The 3,600 most common characters of simplified Chinese, the most common first: those of the words of
/// jieba's dictionary (github.com/fxsjy/jieba, MIT), each counted as often as the word is said to occur.
const COMMON: &str = include_str!("common.txt");

/// Up to how many Chinese characters are one slice (some 80 KB), and up to how many are two.
const ONE: usize = 400;
const TWO: usize = 1600;

/// How many of the most common are in the first slice of two.
const FIRST: usize = 1000;

/// How many ranks of the most common are in a slice of many.
const BAND: usize = 400;

/// How many bits of a rarer character's code point tell its place in a slice of many.
const BITS: u32 = 9;

/// Cuts a set; the slice that holds the alphabets and the most common characters comes first.
pub(super) fn cut(chars: &CharSet) -> Vec<CharSet> {
    let many = chars.iter().filter(|c| is_ideograph(*c)).count();
    if many <= ONE {
        return if chars.is_empty() { Vec::new() } else { vec![chars.clone()] };
    }
    let common = COMMON.chars().filter(|c| !c.is_whitespace());
    let ranks: HashMap<char, usize> = common.zip(0..).collect();
    let mut slices: BTreeMap<(bool, usize), CharSet> = BTreeMap::new();
    for c in chars.iter() {
        let rank = if is_ideograph(c) { ranks.get(&c).copied() } else { Some(0) };
        let slice = match rank {
            Some(rank) if many > TWO => (false, rank / BAND),
            None if many > TWO => (true, (u32::from(c) >> BITS) as usize),
            Some(rank) if rank < FIRST => (false, 0),
            _ => (true, 0),
        };
        slices.entry(slice).or_default().insert(c);
    }
    slices.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first characters of a block of Chinese.
    fn han(from: char, count: usize) -> CharSet {
        CharSet::of((from..).filter(|c| is_ideograph(*c)).take(count))
    }

    #[test]
    fn the_table_is_what_it_says() {
        let common: Vec<char> = COMMON.chars().filter(|c| !c.is_whitespace()).collect();
        let set = CharSet::of(common.iter().copied());
        assert_eq!((common.len(), set.len()), (3600, 3600));
        assert!(common.iter().all(|c| is_ideograph(*c)) && common[..50].contains(&'的'));
    }

    #[test]
    fn every_character_is_in_one_slice() {
        for count in [0, 1, ONE, ONE + 1, TWO, TWO + 1, 20_000] {
            let mut chars = han('一', count);
            "aب。".chars().for_each(|c| chars.insert(c));
            let slices = cut(&chars);
            let mut whole = CharSet::default();
            slices.iter().for_each(|slice| whole.extend(slice));
            assert_eq!(whole, chars, "{count}");
            assert_eq!(slices.iter().map(CharSet::len).sum::<usize>(), chars.len(), "{count}");
            assert!(slices[0].contains('a'), "{count}");
            assert_eq!(slices.len() == 1, count <= ONE, "{count}");
        }
        assert_eq!(cut(&CharSet::default()), []);
    }

    #[test]
    fn a_new_character_changes_one_slice() {
        for count in [700, 6000] {
            let chars = han('一', count);
            let before = cut(&chars);
            let mut more = chars.clone();
            let new = ('一'..).find(|c| !chars.contains(*c)).expect("another");
            more.insert(new);
            let other = cut(&more).into_iter().filter(|slice| !before.contains(slice)).count();
            assert_eq!(other, 1, "{count}");
        }
    }
}
