//! The words of a language's pages, and which pages have them.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Place;
use rayon::prelude::*;

use crate::text::search::{
    Analysis, FORMS, Families, Family, Form, Link, Rules, Script, analyse, words,
};

use super::query::{Dictionary, Entry, Linked};

/// Where a word stands in a page: the later, the more it says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Its text.
    #[default]
    Text,
    /// Its headings.
    Heading,
    /// What else it is called: names in other languages, what it is known as.
    Name,
    /// Its title.
    Title,
}

/// How much a word says of a page: a number below [`RANKS`].
pub type Rank = u8;

/// The number of ranks: once, some times or often in the text; in a heading, a name, the title.
pub const RANKS: usize = 6;

/// The pages that have a word, by their numbers, in their order.
pub type Postings = Vec<(u32, Rank)>;

/// The words of pages.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Families of words in the order of their keys.
    pub families: Vec<Family>,
    /// For each family, its forms with the pages that have them.
    pub postings: Vec<Vec<(Form, Postings)>>,
    /// How many pages there are.
    pub pages: usize,
}

/// Distinct words with their numbers, and the words of each page.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    words: Vec<(Box<str>, Script)>,
    /// The numbers of the words by these.
    numbers: HashTable<u32>,
    pages: Vec<Vec<(u32, Rank)>>,
    /// For each word, how often and where it stands in the page that is being taken in.
    counts: Vec<(u32, Field)>,
}

impl Collected {
    /// Takes in the next page.
    pub fn page<'a>(&mut self, fields: impl IntoIterator<Item = (Field, &'a str)>) {
        let mut seen: Vec<u32> = Vec::new();
        for (field, text) in fields {
            words(text, |place, script| {
                let word = text.get(place).unwrap_or_default();
                let number = self.number(word, script);
                let Some((times, best)) = self.counts.get_mut(number as usize) else { return };
                if *times == 0 {
                    seen.push(number);
                }
                *times += 1;
                *best = (*best).max(field);
            });
        }
        let counts = &mut self.counts;
        let take = |word: u32| {
            let count = counts.get_mut(word as usize).map(std::mem::take).unwrap_or_default();
            (word, rank(count.1, count.0))
        };
        self.pages.push(seen.into_iter().map(take).collect());
    }

    fn number(&mut self, word: &str, script: Script) -> u32 {
        let words = &self.words;
        let text = |n: u32| words.get(n as usize).map_or("", |(word, _)| word);
        match self.numbers.entry(hash(word), |n| text(*n) == word, |n| hash(text(*n))) {
            Place::Occupied(entry) => *entry.get(),
            Place::Vacant(entry) => {
                let number = u32::try_from(words.len()).unwrap_or(u32::MAX);
                entry.insert(number);
                self.words.push((word.into(), script));
                self.counts.push((0, Field::Text));
                number
            }
        }
    }

    /// Takes in the pages of another after its own.
    pub fn append(&mut self, other: Self) {
        let numbers: Vec<u32> =
            other.words.iter().map(|(word, script)| self.number(word, *script)).collect();
        self.pages.extend(other.pages.into_iter().map(|mut page| {
            for (word, _) in &mut page {
                *word = numbers.get(*word as usize).copied().unwrap_or(u32::MAX);
            }
            page
        }));
    }
}

fn hash(word: &str) -> u64 {
    // The same in every run: nothing depends on it but time, and the texts are the site's own.
    FixedState::with_seed(0).hash_one(word)
}

/// The rank of a word that stands in a field, and so often in all.
#[must_use]
pub fn rank(field: Field, times: u32) -> Rank {
    match (field, times) {
        (Field::Text, 0 | 1) => 0,
        (Field::Text, 2 | 3) => 1,
        (Field::Text, _) => 2,
        (Field::Heading, _) => 3,
        (Field::Name, _) => 4,
        (Field::Title, _) => 5,
    }
}

impl Index {
    /// The index of pages. `same` are groups of words that the site takes to mean one thing.
    #[must_use]
    pub fn of(collected: &Collected, rules: Rules, same: &[Vec<String>]) -> Self {
        let look = |(word, script): &(Box<str>, Script)| analyse(word, *script, rules);
        // A worker that waits for others may be given what waits for this index.
        let analyses: Vec<Analysis> = match rayon::current_thread_index() {
            Some(_) => collected.words.iter().map(look).collect(),
            None => collected.words.par_iter().with_min_len(256).map(look).collect(),
        };
        let families = Families::of(&analyses, rules, same);
        let mut postings = vec![vec![Postings::new(); FORMS]; families.all.len()];
        for (page, words) in (0..).zip(&collected.pages) {
            for (word, rank) in words {
                let Some((family, form)) = families.words.get(*word as usize) else { continue };
                let Some(list) = postings.get_mut(*family).and_then(|l| l.get_mut(form.number()))
                else {
                    continue;
                };
                match list.last_mut() {
                    // Two words of one form, in any order: what says more, and both in a text are more than once.
                    Some((last, before)) if *last == page => {
                        *before = if (*before, *rank) == (0, 0) { 1 } else { (*before).max(*rank) };
                    }
                    _ => list.push((page, *rank)),
                }
            }
        }
        let forms = |lists: Vec<Postings>| {
            Form::ALL.into_iter().zip(lists).filter(|(_, list)| !list.is_empty()).collect()
        };
        Self {
            families: families.all,
            postings: postings.into_iter().map(forms).collect(),
            pages: collected.pages.len(),
        }
    }

    /// A family with what it is linked to, by its number.
    #[must_use]
    pub fn entry(&self, number: usize) -> Option<Entry> {
        let family = self.families.get(number)?;
        let key = |number: usize| self.families.get(number).map(|family| family.key.clone());
        let linked = |link: &Link| {
            let (asked, form, nearness) = (link.asked, link.form, link.nearness);
            Some(Linked { asked, key: key(link.family)?, form, nearness })
        };
        Some(Entry {
            key: family.key.clone(),
            nature: family.nature,
            instead: family.instead.and_then(key),
            links: family.links.iter().filter_map(linked).collect(),
            forms: self.postings.get(number).cloned().unwrap_or_default(),
        })
    }
}

impl Dictionary for Index {
    fn pages(&self) -> usize {
        self.pages
    }

    fn get(&self, key: &str) -> Option<Entry> {
        let number = self.families.binary_search_by(|family| (*family.key).cmp(key)).ok()?;
        self.entry(number)
    }

    fn beginning_with(&self, start: &str, most: usize) -> Vec<Entry> {
        let first = self.families.partition_point(|family| *family.key < *start);
        let keys = self.families.iter().enumerate().skip(first);
        keys.take_while(|(_, family)| family.key.starts_with(start))
            .take(most)
            .filter_map(|(number, _)| self.entry(number))
            .collect()
    }
}
