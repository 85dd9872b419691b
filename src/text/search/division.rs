//! What is joined to words, as only all words of a site tell: the letter before a word is *and* where the site
//! has the word without it, or where no other word could be.

use std::collections::BTreeMap;

use super::analysis::{self, Analysis, Rules};
use super::families::Known;
use super::lexicon::LEXICON;

/// Finds the keys whose words have something joined to them that is not their own.
pub(super) fn divide(known: &mut BTreeMap<String, Known>, analyses: &[Analysis], rules: Rules) {
    let mut found = Vec::new();
    for (key, entry) in known.iter() {
        if !entry.arabic || LEXICON.is_root(key) {
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
        let keys = words.iter().flat_map(|word| analysis::joined(word, rules)).map(|(key, _)| key);
        let rest = { keys }.find(|rest| is_rest(known, key, entry, rest));
        found.extend(rest.map(|rest| (key.clone(), rest)));
    }
    for (key, rest) in found {
        if let Some(entry) = known.get_mut(&key) {
            entry.instead = Some(rest);
        }
    }
}

/// Whether the words of a key are those of another with something joined to them.
fn is_rest(known: &BTreeMap<String, Known>, key: &str, entry: &Known, rest: &str) -> bool {
    let Some(found) = known.get(rest) else { return false };
    let short = rest.chars().nth(3).is_none();
    if key.starts_with(rest) {
        // Two of a noun: not where the whole may be a name.
        let dual = key.ends_with("ان") && short;
        return !dual || found.definite;
    }
    let lam = rest.starts_with('ل') && rest.ends_with(key);
    if entry.definite {
        return lam && entry.always_definite;
    }
    // بنما is not *by* نما.
    !(short && key.starts_with(['ب', 'ف', 'ك'])) || found.definite || rest.chars().nth(2).is_none()
}

/// Makes the words known that a site has only with a letter joined to them: who asks for سافر finds وسافر.
pub(super) fn raise(known: &mut BTreeMap<String, Known>, analyses: &[Analysis], rules: Rules) {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, entry) in known.iter() {
        let own = !entry.arabic || entry.definite || entry.instead.is_some();
        if own || LEXICON.is_root(key) || key.ends_with('-') {
            continue;
        }
        let words = entry.words.iter().filter_map(|n| analyses.get(*n));
        let rests = words.flat_map(|word| analysis::joined(word, rules)).map(|(rest, _)| rest);
        let long = |rest: &String| {
            let sure = key.starts_with('و') || key.starts_with(rest.as_str());
            rest.chars().nth(if sure { 2 } else { 3 }).is_some() && !known.contains_key(rest)
        };
        for rest in rests.filter(long) {
            let keys = found.entry(rest).or_default();
            if keys.last() != Some(key) {
                keys.push(key.clone());
            }
        }
    }
    for (rest, keys) in found {
        let mut raised = Known { arabic: true, ..Known::default() };
        match keys.as_slice() {
            [key] => raised.instead = Some(key.clone()),
            keys => {
                for key in keys {
                    if let Some(entry) = known.get_mut(key) {
                        entry.instead = Some(rest.clone());
                    }
                }
            }
        }
        known.insert(rest, raised);
    }
}

/// The keys that must be known so that nothing is taken off them, though no text has them: words whose first
/// letter is their own, where what is left would be found.
pub(super) fn guards(known: &BTreeMap<String, Known>) -> Vec<String> {
    let roots = LEXICON.roots().into_iter();
    let rest = |key: &String| {
        let rests = analysis::rests(key);
        rests.iter().any(|rest| known.contains_key(*rest))
    };
    roots.filter(|key| !known.contains_key(*key) && rest(key)).cloned().collect()
}
