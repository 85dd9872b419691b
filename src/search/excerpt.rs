//! Where the words that were found stand in a text, in its own spelling.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::search::{Form, Rules, Script, analyse, joined, pairs, tokens};

/// The places in a text of words of families that were found.
#[must_use]
pub fn marks(text: &str, words: &BTreeMap<String, Vec<Form>>, rules: Rules) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for token in tokens(text) {
        let part = text.get(token.place.clone()).unwrap_or_default();
        let whole = std::iter::once(0..part.len()).collect();
        let places = if token.script == Script::Run { pairs(part) } else { whole };
        for place in places {
            let word = analyse(part.get(place.clone()).unwrap_or_default(), token.script, rules);
            let is_found = |key: &String| words.contains_key(key);
            if !is_found(&word.key) && !joined(&word, rules).iter().any(|(key, _)| is_found(key)) {
                continue;
            }
            let (start, end) = (token.place.start + place.start, token.place.start + place.end);
            match found.last_mut() {
                // Pairs of a run share letters.
                Some(last) if last.end > start => last.end = end,
                _ => found.push(start..end),
            }
        }
    }
    found
}

/// The part of a text that is shown of it: about so many characters around the first place.
#[must_use]
pub fn around(text: &str, marks: &[Range<usize>], most: usize) -> Range<usize> {
    let Some(first) = marks.first().filter(|_| text.chars().nth(most).is_some()) else {
        return 0..end_of(text, 0, most);
    };
    let before = text.get(..first.start).unwrap_or_default();
    // A quarter of it stands before, from the beginning of a word.
    let start = match before.char_indices().rev().nth(most / 4) {
        None => 0,
        Some((at, _)) => {
            let rest = text.get(at..first.start).unwrap_or_default();
            let space = rest.char_indices().find(|(_, c)| c.is_whitespace());
            space.map_or(first.start, |(space, c)| at + space + c.len_utf8())
        }
    };
    start..end_of(text, start, most)
}

/// Where so many characters from a place end, at the end of a word.
fn end_of(text: &str, start: usize, most: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some((limit, _)) = rest.char_indices().nth(most) else { return text.len() };
    let shown = rest.get(..limit).unwrap_or_default();
    start + shown.rfind(char::is_whitespace).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_as_they_are_written() {
        let words =
            |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), Vec::new())).collect();
        let text = "كُتِبَ عَنِ الْمُبَادَرَةِ شِعْرٌ، وبمبادراتهم و«مبـــادرة» CPEC.";
        let found = marks(text, &words(&["مبادر", "cpec"]), Rules::default());
        let found: Vec<&str> = found.into_iter().filter_map(|place| text.get(place)).collect();
        assert_eq!(found, ["الْمُبَادَرَةِ", "وبمبادراتهم", "مبـــادرة", "CPEC"]);
        let text = "中巴经济走廊是";
        let found = marks(text, &words(&["经济", "济走"]), Rules::default());
        assert_eq!(
            found.into_iter().filter_map(|place| text.get(place)).collect::<Vec<_>>(),
            ["经济走"]
        );
    }

    #[test]
    fn an_excerpt_begins_and_ends_with_words() {
        let text = "كلمة ".repeat(40) + "غوادر " + &"أخرى ".repeat(40);
        let place = text.find("غوادر").unwrap_or(0);
        let shown = around(&text, std::slice::from_ref(&(place..place + 10)), 60);
        let shown = text.get(shown).unwrap_or_default();
        assert!(
            shown.starts_with("كلمة") && shown.contains("غوادر") && shown.ends_with("أخرى"),
            "{shown}"
        );
        // A space may be longer than a byte.
        let text = text.replace(' ', "\u{A0}");
        let place = text.find("غوادر").unwrap_or(0);
        let shown = around(&text, std::slice::from_ref(&(place..place + 10)), 60);
        let shown = text.get(shown).unwrap_or_default();
        assert!(shown.starts_with("كلمة") && shown.contains("غوادر"), "{shown}");
    }
}
