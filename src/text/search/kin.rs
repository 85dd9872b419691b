//! Families that belong together by more than their endings: plurals inside the word, verbs in their tenses,
//! spellings of one name. What no list has follows from patterns, and those hold only where a site has both words,
//! or where it has one and nobody could ask for another by that.

use std::collections::BTreeMap;

use super::analysis::{self, Analysis, Rules};
use super::arabic::without_article;
use super::families::{Known, meant};
use super::lexicon::{LEXICON, Lexicon, analyse_listed};
use super::{Form, Has, Nature, Nearness, nearness, patterns};

/// A link between keys, before they have numbers.
pub(super) struct Bond {
    pub(super) from: (String, Form),
    pub(super) to: (String, Form),
    pub(super) nearness: Nearness,
}

/// What a family is taken to have that was not looked at.
const ANY: Has = Has { adjective: true, feminine: true };

/// Everything that links two families.
pub(super) fn bonds(
    known: &BTreeMap<String, Known>,
    analyses: &[Analysis],
    rules: Rules,
    same: &[Vec<String>],
) -> Vec<Bond> {
    let mut bonds = Bonds { known, analyses, all: Vec::new() };
    let Lexicon { plurals, names, .. } = &*LEXICON;
    for row in plurals {
        if let Some((singular, plurals)) = row.split_first() {
            for plural in plurals {
                bonds.link(plural, singular, Nearness::Near);
                bonds.link(singular, plural, Nearness::Far);
                plurals
                    .iter()
                    .filter(|other| *other != plural)
                    .for_each(|other| bonds.link(plural, other, Nearness::Near));
            }
        }
    }
    let own: Vec<Vec<Analysis>> = same
        .iter()
        .map(|group| group.iter().map(|word| analyse_listed(word, rules)).collect())
        .collect();
    for group in names.iter().chain(&own) {
        for from in group {
            group.iter().filter(|to| *to != from).for_each(|to| bonds.name(from, to));
        }
    }
    if rules.is_arabic() {
        bonds.patterns();
    }
    bonds.all
}

/// What a site has of a word without its article.
struct Base {
    key: String,
    form: Form,
    definite: bool,
    /// Whether it has a hamza below an alef.
    below: bool,
}

struct Bonds<'a> {
    known: &'a BTreeMap<String, Known>,
    analyses: &'a [Analysis],
    all: Vec<Bond>,
}

impl Bonds<'_> {
    fn link(&mut self, from: &Analysis, to: &Analysis, near: Nearness) {
        self.tie((&from.key, from.form), (&to.key, to.form), near);
    }

    /// Links two spellings of a name, and the adjectives of both.
    fn name(&mut self, from: &Analysis, to: &Analysis) {
        self.link(from, to, Nearness::Near);
        if from.arabic && to.arabic && from.form != Form::Relative {
            for form in [Form::Relative, Form::RelativeFeminine] {
                self.tie((&from.key, form), (&to.key, form), Nearness::Near);
            }
        }
    }

    fn tie(&mut self, from: (&str, Form), to: (&str, Form), nearness_of: Nearness) {
        let target = meant(self.known, to.0);
        if !self.known.contains_key(target) {
            return;
        }
        let source = meant(self.known, from.0);
        let nature = Nature { apart: LEXICON.is_apart(source), ..Nature::default() };
        let within = source == target;
        if within && nearness(from.1, to.1, source, nature, ANY) >= Nearness::Near {
            return;
        }
        self.all.push(Bond {
            from: (source.to_owned(), from.1),
            to: (target.to_owned(), to.1),
            nearness: nearness_of,
        });
    }

    /// The words of a site that patterns are looked for in.
    fn bases(&self) -> BTreeMap<String, Base> {
        let mut bases = BTreeMap::new();
        for (key, entry) in
            self.known.iter().filter(|(key, entry)| entry.arabic && !key.ends_with('-'))
        {
            let mut add = |word: String, form, below| {
                let key = key.clone();
                bases.entry(word).or_insert(Base { key, form, definite: entry.definite, below });
            };
            // What is known only with a letter before it.
            if entry.words.is_empty() {
                let source = entry.instead.as_ref().and_then(|key| self.known.get(key));
                let words = source.map_or(&[][..], |entry| &entry.words).iter();
                for word in words.filter_map(|n| self.analyses.get(*n)) {
                    for rest in analysis::rests(&word.folded) {
                        let found = analyse_listed(rest, Rules::default());
                        if found.key == *key {
                            add(rest.to_owned(), found.form, word.below);
                        }
                    }
                }
                add(key.clone(), Form::Bare, false);
            }
            if entry.instead.is_some() {
                continue;
            }
            for word in entry.words.iter().filter_map(|n| self.analyses.get(*n)) {
                add(without_article(&word.folded), word.form, word.below);
            }
        }
        bases
    }

    /// Whether a site has a word in a form that is as good as that, and with its article if it has one.
    fn has(&self, word: &Analysis) -> bool {
        let key = meant(self.known, &word.key);
        let nature = Nature { apart: LEXICON.is_apart(key), ..Nature::default() };
        self.known.get(key).is_some_and(|entry| {
            entry.arabic
                && (entry.definite || !word.definite)
                && entry.words.iter().filter_map(|n| self.analyses.get(*n)).any(|found| {
                    nearness(word.form, found.form, key, nature, ANY) >= Nearness::Near
                })
        })
    }

    fn patterns(&mut self) {
        let bases = self.bases();
        for (word, base) in &bases {
            self.plurals(word, base);
            self.verbs(word, base);
        }
    }

    /// Links a word that is a plural by its pattern with what it may be the plural of.
    fn plurals(&mut self, word: &str, base: &Base) {
        if base.below || LEXICON.is_together(&base.key) {
            return;
        }
        let (singulars, sure) = patterns::singulars(word);
        let singulars = singulars.iter().map(|word| analyse_listed(word, Rules::default()));
        let singulars: Vec<Analysis> =
            { singulars }.filter(|word| !word.function && word.key != base.key).collect();
        // The first is the likeliest.
        let attested = singulars.iter().find(|word| self.has(word));
        let plural = (base.key.as_str(), base.form);
        if let Some(singular) = attested {
            self.tie(plural, (&singular.key, singular.form), Nearness::Near);
            self.tie((&singular.key, singular.form), plural, Nearness::Far);
        }
        if attested.is_none() && sure {
            for singular in singulars.iter().filter(|word| !self.known.contains_key(&word.key)) {
                self.tie((&singular.key, singular.form), plural, Nearness::Near);
            }
        }
    }

    /// Links a verb of the present with its past, and with the same of another person.
    fn verbs(&mut self, word: &str, base: &Base) {
        if base.definite {
            return;
        }
        let present = (base.key.as_str(), base.form);
        let is_verb = |known: &BTreeMap<String, Known>, word: &Analysis| {
            let entry = known.get(meant(known, &word.key));
            !word.function && entry.is_none_or(|entry| !entry.definite)
        };
        let mut found = Vec::new();
        for past in patterns::pasts(word) {
            let past = analyse_listed(&past, Rules::default());
            let free = !self.known.contains_key(&past.key);
            if !is_verb(self.known, &past) || past.key == base.key {
                continue;
            }
            if self.has(&past) {
                self.tie(present, (&past.key, past.form), Nearness::Near);
                self.tie((&past.key, past.form), present, Nearness::Far);
                found.push(past);
            } else if free && word.starts_with('ي') {
                self.tie((&past.key, past.form), present, Nearness::Near);
            }
        }
        for other in patterns::persons(word).into_iter().chain(patterns::presents(word)) {
            let other = analyse_listed(&other, Rules::default());
            let free = !self.known.contains_key(&other.key);
            if !is_verb(self.known, &other) || other.key == base.key {
                continue;
            }
            if free || self.has(&other) {
                self.tie((&other.key, other.form), present, Nearness::Near);
            }
            for past in found.iter().filter(|_| free) {
                self.tie((&other.key, other.form), (&past.key, past.form), Nearness::Near);
            }
        }
    }
}
