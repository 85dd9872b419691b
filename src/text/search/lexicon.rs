//! What is known of words beforehand: those that say nothing, those whose first letter is their own, plurals
//! that no ending makes, spellings of names.

use std::collections::{BTreeMap, HashMap, HashSet};
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

/// Words that say nothing, in a language: folded, each with its spellings. Apart from the other lists, which are
/// analysed with them.
type Functions = HashMap<String, String>;

static FUNCTIONS: LazyLock<BTreeMap<&'static str, Functions>> = LazyLock::new(|| {
    let mut all: BTreeMap<&str, Functions> = BTreeMap::new();
    let lines = include_str!("words/functions.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        let (head, words) = line.split_once(' ').unwrap_or((line, ""));
        let (lang, letters) = head.split_once('+').unwrap_or((head, ""));
        let joined: Vec<String> = match letters {
            "" => vec![String::new()],
            letters => letters.chars().map(String::from).collect(),
        };
        for word in words.split_whitespace() {
            for letter in &joined {
                let word = format!("{letter}{word}");
                let spellings = all.entry(lang).or_default().entry(fold(&word)).or_default();
                if !spellings.split(' ').any(|spelling| spelling == word) {
                    spellings.push_str(if spellings.is_empty() { "" } else { " " });
                    spellings.push_str(&word);
                }
            }
        }
    }
    all
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

/// Whether a word says nothing, by the lists of some languages: إمام is not أمام, nor علي على.
pub(super) fn is_function(folded: &str, word: &str, langs: [&str; 2]) -> bool {
    let lists = langs.iter().filter_map(|lang| FUNCTIONS.get(lang));
    lists.filter_map(|list| list.get(folded)).any(|spellings| is_spelled(word, spellings))
}

/// A folded word that says nothing, without a letter that is joined to another such word: أمام in وأمام.
pub(super) fn bare_function<'a>(folded: &'a str, langs: [&str; 2]) -> &'a str {
    let rest = folded.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك']);
    let is = |rest: &&str| {
        let mut lists = langs.iter().filter_map(|lang| FUNCTIONS.get(lang));
        lists.any(|list| list.contains_key(*rest))
    };
    rest.filter(is).unwrap_or(folded)
}

/// Whether a word may be one of those spellings: its hamzas are theirs, and so is its last yeh.
fn is_spelled(word: &str, spellings: &str) -> bool {
    let has = |letters: [char; 2]| !word.contains(letters) || spellings.contains(letters);
    let last = word.chars().rfind(|c| ('\u{0621}'..='\u{064A}').contains(c));
    has(['إ', 'إ']) && has(['أ', 'آ']) && !(last == Some('ي') && spellings.ends_with('ى'))
}

/// The words that say nothing in the texts of a language, as they are spelled, in their order.
fn functions(rules: Rules) -> String {
    let lists = rules.lists();
    let lists = lists.iter().filter_map(|lang| FUNCTIONS.get(lang));
    let mut words: Vec<&str> = lists.flat_map(HashMap::values).map(String::as_str).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Every list by which the words of a language are taken apart, by its name, with spaces between its words.
#[must_use]
pub fn tables(rules: Rules) -> BTreeMap<&'static str, String> {
    let mut tables = super::ranges::tables();
    tables.insert("functions", functions(rules));
    let mut add = |lists: &[(&'static str, Vec<String>)]| {
        tables.extend(lists.iter().map(|(name, words)| (*name, words.join(" "))));
    };
    match rules.lists() {
        ["ar", _] => add(&super::arabic::tables()),
        _ => add(&analysis::tables(rules)),
    }
    if rules.is_english() {
        add(&super::english::tables());
    }
    tables
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

    /// Whether a family is of a participle of the pattern of مفاعل, which is no plural.
    pub(super) fn is_together(&self, key: &str) -> bool {
        self.together.contains(key)
    }

    /// Whether a family is that of a place.
    pub(super) fn is_place(&self, key: &str) -> bool {
        self.places.contains(key)
    }

    /// Whether it is listed that a family holds two words, one with teh marbuta.
    pub(super) fn is_listed_apart(&self, key: &str) -> bool {
        self.apart.contains(key)
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
