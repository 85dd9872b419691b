//! What is known of words beforehand: those that say nothing, those whose first letter is their own, plurals
//! that no ending makes, spellings of names.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Analysis, Rules, Script, analysis, fold, tokens};

/// The lists, folded and analysed once.
pub(super) struct Lexicon {
    /// Keys whose words begin with a letter of their own.
    roots: HashSet<String>,
    /// Keys of places.
    places: HashSet<String>,
    /// Keys of words that differ from those with teh marbuta.
    apart: HashSet<String>,
    together: HashSet<String>,
    /// Words with their plurals.
    pub(super) plurals: Vec<Vec<Analysis>>,
    /// Spellings of one name.
    pub(super) names: Vec<Vec<Analysis>>,
}

/// The lists.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let keys = |text| rows(text).flatten().map(|word| word.key).collect();
    let groups = |text| rows(text).filter(|row| row.len() > 1).collect();
    Lexicon {
        roots: keys(include_str!("words/roots.txt")),
        places: keys(include_str!("words/places.txt")),
        apart: keys(include_str!("words/apart.txt")),
        together: keys(include_str!("words/together.txt")),
        plurals: groups(include_str!("words/plurals.txt")),
        names: groups(include_str!("words/names.txt")),
    }
});

/// Apart from the others, which are analysed with it.
static FUNCTIONS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let text = include_str!("words/functions.txt");
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(fold)
        .collect()
});

/// The words of each line, analysed by the rules of Arabic.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<Analysis>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        line.split_whitespace().map(|word| analyse_listed(word, Rules::default())).collect()
    })
}

/// Analyses a word of a list, in the script that it is written in.
pub(super) fn analyse_listed(word: &str, rules: Rules) -> Analysis {
    let script = tokens(word).next().map_or(Script::Letters, |token| token.script);
    analysis::analyse(word, script, rules)
}

/// Whether a folded word says nothing, by itself or with a letter joined to it.
pub(super) fn is_function(folded: &str) -> bool {
    let rest = folded.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك']);
    let rest = rest.filter(|rest| rest.len() > 'ا'.len_utf8());
    FUNCTIONS.contains(folded) || rest.is_some_and(|rest| FUNCTIONS.contains(rest))
}

/// The words that say nothing, folded and in their order.
#[must_use]
pub fn functions() -> Vec<&'static str> {
    let mut words: Vec<&str> = FUNCTIONS.iter().map(String::as_str).collect();
    words.sort_unstable();
    words
}

/// Every list by which words are taken apart, by its name.
#[must_use]
pub fn tables() -> Vec<(&'static str, Vec<String>)> {
    super::arabic::tables().into_iter().chain(super::english::tables()).collect()
}

impl Lexicon {
    /// Whether the words of a family begin with a letter of their own.
    pub(super) fn is_root(&self, key: &str) -> bool {
        self.roots.contains(key)
    }

    /// The keys of the families whose words do, in their order.
    pub(super) fn roots(&self) -> Vec<&String> {
        let mut all: Vec<&String> = self.roots.iter().collect();
        all.sort_unstable();
        all
    }

    /// Whether a family is that of a place.
    pub(super) fn is_place(&self, key: &str) -> bool {
        self.places.contains(key)
    }

    /// Whether a family holds two words, one with teh marbuta: as listed, or of the pattern of مبادرة.
    pub(super) fn is_apart(&self, key: &str) -> bool {
        let mut letters = key.chars();
        let pattern = letters.next() == Some('م')
            && letters.next().is_some_and(|c| c != 'ا')
            && letters.next() == Some('ا')
            && letters.count() == 2;
        self.apart.contains(key) || pattern && !self.together.contains(key)
    }
}
