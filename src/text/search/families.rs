//! The words of a site together: only all of them tell what a single letter before a word is. وبحر is
//! *and a sea* where the site speaks of a sea; وزير is no *and* at all.

use std::collections::BTreeMap;

use super::analysis::{self, Analysis, Rules};
use super::kin::bonds;
use super::lexicon::LEXICON;
use super::{Form, Nature, Nearness, division};

/// Words that belong together, and how they are found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// Their key.
    pub key: String,
    /// What is known of them.
    pub nature: Nature,
    /// The family that is meant instead, where the key begins with a letter that is not its words' own.
    pub instead: Option<usize>,
    /// Other families whose words are meant as well.
    pub links: Vec<Link>,
    /// Whether words of the texts are in it.
    pub has_words: bool,
}

/// That who asks for a form of a family may mean another family too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The form.
    pub asked: Form,
    /// The other family, by its number.
    pub family: usize,
    /// As if this form of it were asked for.
    pub form: Form,
    /// Near where it is the same word or means the same; far where it is shown for want of others.
    pub nearness: Nearness,
}

/// The families of a site's words.
#[derive(Clone, Debug, Default)]
pub struct Families {
    /// In the order of their keys.
    pub all: Vec<Family>,
    /// For each word that was given, its family and form.
    pub words: Vec<(usize, Form)>,
}

/// What the words of a key have in common.
#[derive(Default)]
pub(super) struct Known {
    /// The words, by their numbers.
    pub(super) words: Vec<usize>,
    /// Whether one of them has the article, and whether all have.
    pub(super) definite: bool,
    pub(super) always_definite: bool,
    pub(super) arabic: bool,
    /// The key that is meant instead.
    pub(super) instead: Option<String>,
}

impl Families {
    /// Finds the families of distinct words. `same` are groups of words that the site takes to mean one thing.
    #[must_use]
    pub fn of(analyses: &[Analysis], rules: Rules, same: &[Vec<String>]) -> Self {
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for (n, word) in analyses.iter().enumerate() {
            let entry = known.entry(word.key.clone()).or_default();
            entry.always_definite =
                word.definite && (entry.words.is_empty() || entry.always_definite);
            entry.words.push(n);
            entry.definite |= word.definite;
            entry.arabic |= word.arabic;
        }
        division::divide(&mut known, analyses, rules);
        division::raise(&mut known, analyses, rules);
        let families = Numbered::new(&known, analyses, rules, same);
        families.finish(analyses)
    }
}

/// The key that is meant by a key in the end.
pub(super) fn meant<'a>(known: &'a BTreeMap<String, Known>, key: &'a str) -> &'a str {
    let mut key = key;
    // Each is shorter than the one before, or has fewer letters before it.
    for _ in 0..8 {
        match known.get(key).and_then(|entry| entry.instead.as_deref()) {
            Some(rest) => key = rest,
            None => break,
        }
    }
    key
}

/// Families with their numbers.
struct Numbered<'a> {
    numbers: BTreeMap<String, usize>,
    links: BTreeMap<usize, Vec<Link>>,
    known: &'a BTreeMap<String, Known>,
    rules: Rules,
    /// Whether teh marbuta is written with its dots.
    dotted: bool,
}

/// Whether a word ends in heh that is *his* where teh marbuta has dots: كتابه is not كتابة.
fn is_owned(word: &Analysis) -> bool {
    word.form == Form::Either && word.folded.ends_with('ه') && !word.folded.ends_with("ته")
}

impl<'a> Numbered<'a> {
    fn new(
        known: &'a BTreeMap<String, Known>,
        analyses: &[Analysis],
        rules: Rules,
        same: &[Vec<String>],
    ) -> Self {
        let bonds = bonds(known, analyses, rules, same);
        let mut keys: Vec<String> = known.keys().cloned().collect();
        keys.extend(bonds.iter().map(|bond| bond.from.0.clone()));
        keys.extend(division::guards(known));
        keys.sort_unstable();
        keys.dedup();
        let numbers: BTreeMap<String, usize> = keys.into_iter().zip(0..).collect();
        let mut links: BTreeMap<usize, Vec<Link>> = BTreeMap::new();
        for bond in bonds {
            let (Some(from), Some(to)) = (numbers.get(&bond.from.0), numbers.get(&bond.to.0))
            else {
                continue;
            };
            let (asked, form) = (bond.from.1, bond.to.1);
            links.entry(*from).or_default().push(Link {
                asked,
                family: *to,
                form,
                nearness: bond.nearness,
            });
        }
        for links in links.values_mut() {
            // Of two to the same, the nearer.
            links.sort_unstable_by(|a, b| {
                (a.asked, a.family, a.form, b.nearness)
                    .cmp(&(b.asked, b.family, b.form, a.nearness))
            });
            links.dedup_by_key(|link| (link.asked, link.family, link.form));
        }
        let with = |form| analyses.iter().filter(|word| word.arabic && word.form == form).count();
        let dotted = with(Form::Feminine) > with(Form::Either);
        Self { numbers, links, known, rules, dotted }
    }

    /// The form of a word among those of the key that is meant.
    fn form(&self, word: &Analysis, entry: Option<&Known>) -> Form {
        let instead = entry.and_then(|entry| entry.instead.as_ref());
        let joined = instead.and_then(|key| {
            let mut joined = analysis::joined(word, self.rules).into_iter();
            joined.find(|(rest, _)| rest == key)
        });
        joined.map_or(word.form, |(_, form)| form)
    }

    fn finish(mut self, analyses: &[Analysis]) -> Families {
        let mut families =
            Families { all: Vec::new(), words: vec![(0, Form::Bare); analyses.len()] };
        for (key, number) in &self.numbers {
            let entry = self.known.get(key);
            let instead = entry.and_then(|entry| entry.instead.as_ref());
            let instead = instead.and_then(|_| self.numbers.get(meant(self.known, key)).copied());
            let arabic = match entry {
                Some(entry) => entry.arabic,
                None => {
                    self.rules.is_arabic()
                        && key.chars().any(|c| ('\u{0620}'..='\u{06FF}').contains(&c))
                }
            };
            let nature = match arabic {
                true => Nature {
                    place: LEXICON.is_place(key),
                    apart: LEXICON.is_apart(key),
                    uniform: false,
                    article: entry.is_some_and(|entry| entry.always_definite),
                },
                false => Nature { uniform: true, ..Nature::default() },
            };
            let links = self.links.remove(number).unwrap_or_default();
            families.all.push(Family {
                key: key.clone(),
                nature,
                instead,
                links,
                has_words: false,
            });
            for n in entry.map_or(&[][..], |entry| &entry.words) {
                if let (Some(place), Some(word)) = (families.words.get_mut(*n), analyses.get(*n)) {
                    let own = self.dotted && LEXICON.is_listed_apart(key) && is_owned(word);
                    let form = if own { Form::Bare } else { self.form(word, entry) };
                    *place = (instead.unwrap_or(*number), form);
                }
            }
        }
        for (family, _) in &families.words {
            if let Some(family) = families.all.get_mut(*family) {
                family.has_words = true;
            }
        }
        families
    }
}
