//! L21: names, as the site's glossary has them.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::words::{self, PROCLITICS};
use super::{Finding, Lang, Passage, Place, rules};

/// The names of a site's glossary.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// By the primary subtag of their language.
    languages: BTreeMap<String, Names>,
}

/// The names of a language.
#[derive(Clone, Debug, Default)]
struct Names {
    all: Vec<Name>,
    /// The names by their first word.
    by_word: HashMap<String, Vec<usize>>,
    /// The first letters that names have, by their hash, so that most words are looked up nowhere.
    letters: [u64; 16],
}

/// A spelling of a name.
#[derive(Clone, Debug)]
struct Name {
    /// The words after its first, with what stands before each; white space is one space.
    rest: Vec<(String, String)>,
    /// What to write in its place; `None` where it is right.
    right: Option<String>,
    /// It had the article, which was taken off with that of the right name.
    defined: bool,
}

impl Glossary {
    /// Makes a glossary of entries: their language, the name to use, the spellings not to use.
    pub fn new(entries: impl IntoIterator<Item = (Lang, String, Vec<String>)>) -> Self {
        let mut glossary = Self::default();
        for (lang, right, wrong) in entries {
            let names = glossary.languages.entry(lang.primary().to_owned()).or_default();
            names.add(&right, None, false);
            for wrong in wrong.iter().filter(|wrong| **wrong != right) {
                names.add(wrong, Some(&right), false);
                // «للحزام» has lost the alef of «الحزام».
                let bare = (wrong.strip_prefix("ال"), right.strip_prefix("ال"));
                if let (Some(wrong), Some(right)) = bare {
                    names.add(wrong, Some(right), true);
                }
            }
            if let Some(bare) = right.strip_prefix("ال") {
                names.add(bare, None, true);
            }
        }
        glossary
    }

    /// Whether there is no name in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.languages.is_empty()
    }

    /// Looks for names that are spelt otherwise.
    pub fn check(&self, passage: &Passage<'_>, found: &mut Vec<Finding>) {
        let primary = passage.lang.primary();
        let Some(names) = self.languages.get(primary) else { return };
        if matches!(passage.place, Place::Code | Place::Machine) {
            return;
        }
        let proclitics =
            if primary == "ar" { PROCLITICS } else { PROCLITICS.get(..1).unwrap_or(&[]) };
        let mut done = 0;
        for (at, word) in words::words(passage.text).filter(|(_, word)| word.len() > 1) {
            if at < done {
                continue;
            }
            let Some(hit) = names.find(passage.text, at, word, proclitics) else { continue };
            done = hit.end;
            found.extend(hit.finding(passage.text));
        }
    }
}

/// A name found in a text.
struct Hit<'a> {
    name: &'a Name,
    start: usize,
    end: usize,
    /// What stands before it in its first word.
    proclitic: &'static str,
}

impl Hit<'_> {
    fn finding(&self, text: &str) -> Option<Finding> {
        let right = self.name.right.as_deref()?;
        let written = text.get(self.start..self.end).unwrap_or_default();
        let message = format!("«{written}» is «{right}» in the glossary");
        let finding = Finding::new(rules::NAME, self.start..self.end, message)
            .hint(format!("write «{right}»"));
        // «ل» and «ال» are written «لل», which changes more than the name.
        let merged = self.proclitic.ends_with('ل') && right.starts_with("ال");
        Some(if merged { finding } else { finding.edit(self.start..self.end, right) })
    }
}

impl Names {
    fn add(&mut self, name: &str, right: Option<&str>, defined: bool) {
        let mut parts = words::words(name);
        let Some((at, first)) = parts.next() else { return };
        let mut end = at + first.len();
        let mut rest = Vec::new();
        for (at, word) in parts {
            let gap = gap(name.get(end..at).unwrap_or_default()).into_owned();
            rest.push((gap, plain(word).into_owned()));
            end = at + word.len();
        }
        let first = plain(first).into_owned();
        if first.is_empty() {
            return;
        }
        let (at, bit) = place(&first);
        if let Some(letters) = self.letters.get_mut(at) {
            *letters |= bit;
        }
        self.by_word.entry(first).or_default().push(self.all.len());
        self.all.push(Name { rest, right: right.map(str::to_owned), defined });
    }

    /// The longest name that begins in a word, with the least before it; the right one where a
    /// right and a wrong name are equally long.
    fn find(
        &self,
        text: &str,
        at: usize,
        word: &str,
        proclitics: &[(&'static str, bool)],
    ) -> Option<Hit<'_>> {
        let mut best: Option<(usize, Hit<'_>)> = None;
        for (proclitic, article) in proclitics {
            let Some(stem) = words::cut(word, proclitic) else { continue };
            let (bucket, bit) = place(stem);
            // Marks hide the second letter from the filter.
            let filtered = self.letters.get(bucket).is_some_and(|letters| letters & bit == 0);
            if filtered && !stem.contains(words::is_ornament) {
                continue;
            }
            let names = self.by_word.get(&*plain(stem)).into_iter().flatten();
            for name in names.filter_map(|i| self.all.get(*i)) {
                if name.defined && !article {
                    continue;
                }
                let Some(end) = name.ends(text, at + word.len()) else { continue };
                let len = name.rest.len();
                let better = best.as_ref().is_none_or(|(most, hit)| {
                    len > *most || len == *most && name.right.is_none() && hit.name.right.is_some()
                });
                if better {
                    let start = at + word.len() - stem.len();
                    best = Some((len, Hit { name, start, end, proclitic }));
                }
            }
        }
        best.map(|(_, hit)| hit)
    }
}

impl Name {
    /// Where the name ends whose first word ends at a place; `None` where its other words do not
    /// follow.
    fn ends(&self, text: &str, mut end: usize) -> Option<usize> {
        for (between, word) in &self.rest {
            let (at, next) = words::words(text.get(end..)?).next()?;
            let space = text.get(end..end + at)?;
            if gap(space) != between.as_str() || !words::reads_as(next, word) {
                return None;
            }
            end += at + next.len();
        }
        Some(end)
    }
}

/// What stands between two words; white space of every kind is one space.
fn gap(text: &str) -> Cow<'_, str> {
    if !text.is_empty() && text.chars().all(char::is_whitespace) {
        return Cow::Borrowed(" ");
    }
    Cow::Borrowed(text)
}

/// A word without vowel marks and tatweel.
fn plain(word: &str) -> Cow<'_, str> {
    if word.contains(words::is_ornament) {
        return Cow::Owned(word.chars().filter(|c| !words::is_ornament(*c)).collect());
    }
    Cow::Borrowed(word)
}

/// Where the first two letters of a word have their place in the filter.
fn place(word: &str) -> (usize, u64) {
    let mut letters = word.chars().map(u32::from);
    let (first, second) = (letters.next().unwrap_or(0), letters.next().unwrap_or(0));
    let hash = first.wrapping_mul(37).wrapping_add(second) % 1024;
    (hash as usize / 64, 1 << (hash % 64))
}
