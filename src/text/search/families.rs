//! The words of a site together: only all of them tell what a single letter before a word is. وبحر is
//! *and a sea* where the site speaks of a sea; وزير is no *and* at all.

use std::collections::BTreeMap;

use super::analysis::{self, Analysis, Rules};
use super::lexicon::{LEXICON, Lexicon, analyse_listed};
use super::{Form, Nature, Nearness, nearness};

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
struct Known {
    words: Vec<usize>,
    definite: bool,
    arabic: bool,
    instead: Option<String>,
}

impl Families {
    /// Finds the families of distinct words. `same` are groups of words that the site takes to mean one thing.
    #[must_use]
    pub fn of(analyses: &[Analysis], rules: Rules, same: &[Vec<String>]) -> Self {
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for (n, word) in analyses.iter().enumerate() {
            let entry = known.entry(word.key.clone()).or_default();
            entry.words.push(n);
            entry.definite |= word.definite;
            entry.arabic |= word.arabic;
        }
        divide(&mut known, analyses, rules);
        let families = Numbered::new(&known, rules, same);
        families.finish(analyses)
    }
}

/// Finds the keys that begin with a letter that is not their words' own.
fn divide(known: &mut BTreeMap<String, Known>, analyses: &[Analysis], rules: Rules) {
    let mut found = Vec::new();
    for (key, entry) in known.iter() {
        if !entry.arabic || entry.definite || LEXICON.is_root(key) {
            continue;
        }
        let mut words: Vec<&Analysis> = entry
            .words
            .iter()
            .filter_map(|n| analyses.get(*n))
            .filter(|word| !word.function)
            .collect();
        // The shortest word says most of what they have in common.
        words.sort_unstable_by_key(|word| (word.folded.len(), &word.folded));
        words.dedup_by_key(|word| &word.folded);
        let keys = words.iter().flat_map(|word| analysis::joined(word, rules));
        let rest = { keys }.find(|key| known.contains_key(key));
        found.extend(rest.map(|rest| (key.clone(), rest)));
    }
    for (key, rest) in found {
        if let Some(entry) = known.get_mut(&key) {
            entry.instead = Some(rest);
        }
    }
}

/// The key that is meant by a key in the end.
fn meant<'a>(known: &'a BTreeMap<String, Known>, key: &'a str) -> &'a str {
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
}

/// A link between keys, before they have numbers.
struct Bond {
    from: (String, Form),
    to: (String, Form),
    nearness: Nearness,
}

impl<'a> Numbered<'a> {
    fn new(known: &'a BTreeMap<String, Known>, rules: Rules, same: &[Vec<String>]) -> Self {
        let bonds = bonds(known, rules, same);
        let mut keys: Vec<String> = known.keys().cloned().collect();
        keys.extend(bonds.iter().map(|bond| bond.from.0.clone()));
        keys.extend(guards(known));
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
        Self { numbers, links, known, rules }
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
                    *place = (instead.unwrap_or(*number), word.form);
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

/// The keys that must be known so that nothing is taken off them, though no text has them: words whose first
/// letter is their own, where what is left would be found.
fn guards(known: &BTreeMap<String, Known>) -> Vec<String> {
    let roots = LEXICON.roots().into_iter();
    let rest = |key: &String| {
        let rests = analysis::rests(key);
        rests.iter().any(|rest| known.contains_key(*rest))
    };
    roots.filter(|key| !known.contains_key(*key) && rest(key)).cloned().collect()
}

/// Everything that links two families.
fn bonds(known: &BTreeMap<String, Known>, rules: Rules, same: &[Vec<String>]) -> Vec<Bond> {
    let mut bonds = Vec::new();
    let mut bond = |from: &Analysis, to: &Analysis, near: Nearness| {
        let target = meant(known, &to.key);
        if !known.contains_key(target) {
            return;
        }
        let source = meant(known, &from.key);
        let nature = Nature { apart: LEXICON.is_apart(source), ..Nature::default() };
        if source == target && nearness(from.form, to.form, source, nature, true) >= Nearness::Near
        {
            return;
        }
        bonds.push(Bond {
            from: (source.to_owned(), from.form),
            to: (target.to_owned(), to.form),
            nearness: near,
        });
    };
    let Lexicon { plurals, names, .. } = &*LEXICON;
    for row in plurals {
        if let Some((singular, plurals)) = row.split_first() {
            for plural in plurals {
                bond(plural, singular, Nearness::Near);
                bond(singular, plural, Nearness::Far);
                plurals
                    .iter()
                    .filter(|other| *other != plural)
                    .for_each(|other| bond(plural, other, Nearness::Near));
            }
        }
    }
    let own: Vec<Vec<Analysis>> = same
        .iter()
        .map(|group| group.iter().map(|word| analyse_listed(word, rules)).collect())
        .collect();
    for group in names.iter().chain(&own) {
        for from in group {
            group.iter().filter(|to| *to != from).for_each(|to| bond(from, to, Nearness::Near));
        }
    }
    verbs(known, &mut bonds);
    bonds
}

/// Verbs of the present with those of the past that they are made from: who asks for يؤكد wants أكد too.
fn verbs(known: &BTreeMap<String, Known>, bonds: &mut Vec<Bond>) {
    for (key, entry) in known {
        if !entry.arabic || entry.definite || entry.instead.is_some() {
            continue;
        }
        for past in pasts(key) {
            let found = known
                .get(&past)
                .filter(|past| past.arabic && !past.definite && past.instead.is_none());
            if found.is_some() {
                let (present, past) = ((key.clone(), Form::Bare), (past, Form::Bare));
                bonds.push(Bond {
                    from: present.clone(),
                    to: past.clone(),
                    nearness: Nearness::Near,
                });
                bonds.push(Bond { from: past, to: present, nearness: Nearness::Far });
            }
        }
    }
}

/// The keys that the past of a verb of the present may have.
#[must_use]
pub fn pasts(key: &str) -> Vec<String> {
    let Some(rest) = key.strip_prefix(['ي', 'ت']).filter(|rest| rest.chars().count() >= 3) else {
        return Vec::new();
    };
    // The hamza that sits on waw in يؤكد and on alef in أكد.
    let hamza = rest.strip_prefix('و').map(|rest| format!("ا{rest}"));
    [Some(rest.to_owned()), Some(format!("ا{rest}")), hamza].into_iter().flatten().collect()
}
