//! Sets of characters.

use std::ops::RangeInclusive;

/// A set of characters, as bits.
#[derive(Clone, Debug, Default)]
pub struct CharSet(Vec<u64>);

/// How many characters a word of bits holds.
const WORD: u32 = 64;

impl CharSet {
    /// A set of these.
    pub fn of(chars: impl IntoIterator<Item = char>) -> Self {
        let mut set = Self::default();
        chars.into_iter().for_each(|c| set.insert(c));
        set
    }

    /// Takes a character in.
    pub fn insert(&mut self, c: char) {
        let (word, bit) = place(c);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// Takes all characters of a range in.
    pub fn insert_range(&mut self, range: RangeInclusive<char>) {
        range.for_each(|c| self.insert(c));
    }

    /// Takes all characters of another set in.
    pub fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Whether a character is among them.
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        let (word, bit) = place(c);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The characters, in their order.
    pub fn iter(&self) -> impl Iterator<Item = char> + '_ {
        let words = (0u32..).zip(&self.0).filter(|(_, word)| **word != 0);
        let bits = words.flat_map(|(at, word)| {
            // Each word without the bits that were given already.
            let rest = std::iter::successors(Some(*word), |rest| {
                let rest = rest & (rest - 1);
                (rest != 0).then_some(rest)
            });
            rest.map(move |rest| at * WORD + rest.trailing_zeros())
        });
        bits.filter_map(char::from_u32)
    }

    /// The code points of the characters in ranges, each as its first and its last one. A gap that
    /// `may_bridge` says yes to, of its first and its last code point, ends none.
    #[must_use]
    pub fn ranges(&self, may_bridge: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for code in self.iter().map(u32::from) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == code || may_bridge(*last + 1, code - 1) => {
                    *last = code;
                }
                _ => ranges.push((code, code)),
            }
        }
        ranges
    }
}

impl PartialEq for CharSet {
    fn eq(&self, other: &Self) -> bool {
        let (short, long) =
            if self.0.len() <= other.0.len() { (&self.0, &other.0) } else { (&other.0, &self.0) };
        let (same, rest) = long.split_at(short.len());
        same == short.as_slice() && rest.iter().all(|word| *word == 0)
    }
}

impl Eq for CharSet {}

fn place(c: char) -> (usize, u64) {
    let code = u32::from(c);
    ((code / WORD) as usize, 1 << (code % WORD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_what_is_in_it() {
        let mut set = CharSet::of("بa中a\u{20000}".chars());
        assert_eq!(set.iter().collect::<String>(), "aب中\u{20000}");
        assert_eq!((set.len(), set.contains('中'), set.contains('b')), (4, true, false));
        set.extend(&CharSet::of(['b']));
        assert_eq!(set.ranges(|_, _| false)[0], (0x61, 0x62));
        assert!(CharSet::default().is_empty() && !set.is_empty());
    }

    #[test]
    fn equal_sets_are_equal_however_they_were_made() {
        let mut large = CharSet::of(['\u{20000}']);
        large.0.iter_mut().for_each(|word| *word = 0);
        assert_eq!(large, CharSet::default());
        assert_ne!(CharSet::of(['a']), CharSet::of(['b']));
    }

    #[test]
    fn gaps_are_bridged_where_they_may() {
        let set = CharSet::of("acz".chars());
        assert_eq!(set.ranges(|from, to| to - from < 3), [(97, 99), (122, 122)]);
    }
}
