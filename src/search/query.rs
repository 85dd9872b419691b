//! What a reader's words find.
//!
//! All words have to be in a page; where no page has all, any. A word is found in its form, and in those near
//! to it; where there is none, the last word is taken to be the beginning of one, and then forms that may
//! mean something else are taken as well.

use std::collections::BTreeMap;

use crate::text::search::{
    Analysis, Form, Has, Nature, Nearness, Rules, Script, analyse, begun, is_ending_begun,
    is_same_word, is_single, joined, nearness, pairs, plain_pasts, spoken, tokens, without_article,
};

use super::index::{Postings, Rank};

/// A family of words as an index has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// What is known of it.
    pub nature: Nature,
    /// The key of the family that is meant instead.
    pub instead: Option<String>,
    /// Other families whose words are meant as well.
    pub links: Vec<Linked>,
    /// Its forms, in their order, with the pages that have them.
    pub forms: Vec<(Form, Postings)>,
}

/// See [`crate::text::search::Link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The form that is asked for.
    pub asked: Form,
    /// The key of the other family.
    pub key: String,
    /// As if this form of it were asked for.
    pub form: Form,
    /// How near it is.
    pub nearness: Nearness,
}

/// Where families are looked up.
pub trait Dictionary {
    /// How many pages there are.
    fn pages(&self) -> usize;
    /// The family of a key.
    fn get(&self, key: &str) -> Option<Entry>;
    /// The first families whose keys begin so.
    fn beginning_with(&self, start: &str, most: usize) -> Vec<Entry>;
}

/// What a query found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The pages, the best first.
    pub hits: Vec<Hit>,
    /// Whether each of them has all words.
    pub all: bool,
    /// The keys of the families that were found, with the forms of each.
    pub words: BTreeMap<String, Vec<Form>>,
}

/// A page that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its number.
    pub page: u32,
    /// How well it fits.
    pub score: u32,
}

/// How many pieces of an index are looked through for them.
pub const PIECES: usize = 8;

/// How many words may begin as the last of a query does, and how many with a single letter of a script without
/// spaces.
pub const COMPLETIONS: usize = 64;
const LETTERS: usize = 2048;

/// How many letters a word has at least of which the last may be those of an ending that is not there yet.
const BEGINNING: usize = 4;

/// How many words a query has at most.
const WORDS: usize = 32;

/// What a word of a rank counts.
const WEIGHTS: [u32; super::index::RANKS] = [10, 14, 18, 40, 80, 160];

/// What one word of a query found: the score of each page, and the words.
#[derive(Default)]
struct Matches {
    pages: BTreeMap<u32, u32>,
    words: BTreeMap<String, Vec<Form>>,
}

/// A word of a query.
#[derive(Clone, Debug)]
pub struct Word {
    /// What it is known by.
    pub analysis: Analysis,
    /// Whether more letters may follow.
    pub open: bool,
    /// Whether it is a single letter of a script without spaces, which words begin with.
    pub letter: bool,
    /// What it is where it only looks like one that says nothing.
    pub spoken: Option<Analysis>,
}

/// The words of a query: those that say nothing are left out, where others say something.
#[must_use]
pub fn words(query: &str, rules: Rules) -> Vec<Word> {
    let mut words = Vec::new();
    for token in tokens(query) {
        let open = token.place.end == query.len();
        let text = query.get(token.place).unwrap_or_default();
        let word = |text: &str, open, letter| {
            let analysis = analyse(text, token.script, rules);
            let spoken = analysis.function.then(|| spoken(text, token.script, rules)).flatten();
            Word { analysis, open, letter, spoken }
        };
        if token.script == Script::Run {
            let pairs = pairs(text);
            let single = text.chars().nth(1).is_none();
            let pairs = pairs.into_iter().take(WORDS).filter_map(|pair| text.get(pair));
            words.extend(pairs.map(|pair| word(pair, open, single)));
        } else if token.script != Script::Arabic || !is_single(text) {
            words.push(word(text, open, false));
        }
    }
    words.retain(|word| !word.analysis.key.is_empty());
    if words.iter().any(|word| !word.analysis.function) {
        words.retain(|word| !word.analysis.function);
    }
    words.truncate(WORDS);
    words
}

/// Searches.
#[must_use]
pub fn search(dictionary: &dyn Dictionary, query: &str, rules: Rules) -> Found {
    let words = words(query, rules);
    let matches: Vec<Matches> =
        words.iter().map(|word| Search { dictionary, rules }.word(word)).collect();
    let Some((first, rest)) = matches.split_first() else { return Found::default() };
    let mut all = first.pages.clone();
    for other in rest {
        all.retain(|page, score| match other.pages.get(page) {
            Some(more) => {
                *score += more;
                true
            }
            None => false,
        });
    }
    let has_all = !all.is_empty();
    if !has_all {
        for (page, score) in matches.iter().flat_map(|matches| &matches.pages) {
            *all.entry(*page).or_default() += score;
        }
    }
    let mut hits: Vec<Hit> = all.into_iter().map(|(page, score)| Hit { page, score }).collect();
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.score), std::cmp::Reverse(hit.page)));
    let mut found = BTreeMap::<String, Vec<Form>>::new();
    for (key, forms) in matches.into_iter().flat_map(|matches| matches.words) {
        let known = found.entry(key).or_default();
        known.extend(forms);
        known.sort_unstable();
        known.dedup();
    }
    Found { hits, all: has_all, words: found }
}

struct Search<'a> {
    dictionary: &'a dyn Dictionary,
    rules: Rules,
}

impl Search<'_> {
    fn word(&self, word: &Word) -> Matches {
        let mut matches = Matches::default();
        let spoken = &word.spoken;
        let entry = match spoken {
            Some(spoken) => {
                self.whole(&word.analysis, &mut matches);
                self.whole(spoken, &mut matches)
            }
            None => self.whole(&word.analysis, &mut matches),
        };
        let open = word.open && matches.pages.is_empty();
        if word.letter || open {
            self.beginning(word, &mut matches);
        }
        if let Some((entry, asked)) = entry.filter(|_| matches.pages.is_empty()) {
            self.family(&entry, asked, Nearness::Far, &mut matches);
        }
        matches
    }

    /// Takes in the pages that have a word, and gives its family with the form that is asked for.
    fn whole(&self, word: &Analysis, matches: &mut Matches) -> Option<(Entry, Form)> {
        let entry = self.entry(word);
        match &entry {
            Some((entry, asked)) => self.family(entry, *asked, Nearness::Near, matches),
            None => self.past(word, matches),
        }
        entry
    }

    /// Takes in the pages that have a word which begins so.
    fn beginning(&self, word: &Word, matches: &mut Matches) {
        let most = if word.letter { LETTERS } else { COMPLETIONS };
        for start in self.starts(word) {
            let entries = self.dictionary.beginning_with(&start, most);
            // What says nothing is asked for by itself alone.
            for entry in entries.iter().filter(|entry| !entry.key.ends_with('-')) {
                self.add(entry, 5, matches, |_| true);
            }
            if !matches.pages.is_empty() {
                return;
            }
        }
        // Letters of an ending that is not typed to its end: governm, organiz.
        let folded = &word.analysis.folded;
        let ends = folded.char_indices().map(|(at, _)| at).skip(BEGINNING).collect::<Vec<_>>();
        for (at, rest) in ends.iter().rev().filter_map(|at| folded.split_at_checked(*at)) {
            let entry = self.dictionary.get(at).filter(|_| is_ending_begun(rest));
            if let Some(entry) = entry {
                self.add(&entry, 5, matches, |_| true);
                return;
            }
        }
    }

    /// What the words may begin with that begin as one does, the likeliest first.
    fn starts(&self, word: &Word) -> Vec<String> {
        let folded = &word.analysis.folded;
        if !word.analysis.arabic {
            return vec![folded.clone()];
        }
        let bare = without_article(folded);
        // Of the article and what follows it there may be a letter or none.
        let mut starts = vec![bare];
        starts.extend(begun(folded));
        starts
    }

    /// The family that a word belongs to, and its form in that.
    fn entry(&self, word: &Analysis) -> Option<(Entry, Form)> {
        if let Some(entry) = self.dictionary.get(&word.key) {
            let joined = entry.instead.as_ref().and_then(|instead| {
                joined(word, self.rules).into_iter().find(|(key, _)| key == instead)
            });
            let form = joined.map_or(word.form, |(_, form)| form);
            return Some((self.meant(entry)?, form));
        }
        joined(word, self.rules)
            .into_iter()
            .find_map(|(key, form)| Some((self.meant(self.dictionary.get(&key)?)?, form)))
    }

    /// The family that is meant by one.
    fn meant(&self, entry: Entry) -> Option<Entry> {
        match &entry.instead {
            Some(key) => self.dictionary.get(key),
            None => Some(entry),
        }
    }

    /// What is found of a family by one of its forms, as near as is wanted.
    fn family(&self, entry: &Entry, asked: Form, wanted: Nearness, matches: &mut Matches) {
        let near = |entry: &Entry, asked, found| {
            let has = Has::of(entry.forms.iter().map(|(form, _)| *form));
            nearness(asked, found, &entry.key, entry.nature, has)
        };
        let same = |form: Form| form == asked;
        self.add(entry, 10, matches, same);
        self.add(entry, 8, matches, |form| !same(form) && near(entry, asked, form) >= wanted);
        for link in &entry.links {
            if link.nearness < wanted || !is_same_word(asked, link.asked, entry.nature) {
                continue;
            }
            if let Some(other) = self.dictionary.get(&link.key) {
                self.add(&other, 7, matches, |form| {
                    near(&other, link.form, form) >= Nearness::Near
                });
            }
        }
    }

    /// The verbs of the past that one of the present is made from, where the site does not have it itself.
    fn past(&self, word: &Analysis, matches: &mut Matches) {
        if !word.arabic || word.definite || word.function {
            return;
        }
        let entries = plain_pasts(&word.key);
        let entries = entries.iter().filter_map(|key| self.meant(self.dictionary.get(key)?));
        for entry in entries.filter(|entry| !entry.nature.article) {
            self.family(&entry, Form::Bare, Nearness::Near, matches);
        }
    }

    /// Takes in the pages of the forms that are wanted, at so many tenths.
    fn add(
        &self,
        entry: &Entry,
        tenths: u32,
        matches: &mut Matches,
        wanted: impl Fn(Form) -> bool,
    ) {
        let forms = || entry.forms.iter().filter(|(form, _)| wanted(*form));
        let pages: usize = forms().map(|(_, pages)| pages.len()).sum();
        if pages == 0 {
            return;
        }
        let rarity = rarity(self.dictionary.pages(), pages);
        for (form, postings) in forms() {
            matches.words.entry(entry.key.clone()).or_default().push(*form);
            for (page, rank) in postings {
                let score = weight(*rank) * tenths * rarity / 10;
                let best = matches.pages.entry(*page).or_default();
                *best = (*best).max(score);
            }
        }
    }
}

fn weight(rank: Rank) -> u32 {
    WEIGHTS.get(usize::from(rank)).copied().unwrap_or_default()
}

/// What a word counts that so many of the pages have: the fewer, the more.
fn rarity(all: usize, pages: usize) -> u32 {
    let quotient = all / pages.max(1) + 1;
    8 + (usize::BITS - quotient.leading_zeros()) * 2
}
