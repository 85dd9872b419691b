//! What words are searched by.

use dhikra::search::index::Collected;
use dhikra::search::{Field, Index, search};
use dhikra::text::search::{Rules, analyse, fold, tokens, words};
use proptest::prelude::*;

use crate::cases;
use crate::inputs::markup;

/// Words of the letters that the rules look at.
fn arabic() -> impl Strategy<Value = String> {
    let letters: Vec<char> = "اأإآٱبتثجحخدذرزسشصضطظعغفقكلمنهويىئؤءةﻻپچگکیہھےںَُِّْـ".chars().collect();
    let often: Vec<char> = "والبفلكسيتنةهاموا".chars().collect();
    let letter = prop_oneof![prop::sample::select(letters), prop::sample::select(often)];
    prop::collection::vec(letter, 1..12).prop_map(|letters| letters.into_iter().collect())
}

fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![3 => arabic(), 1 => "[a-z]{1,14}", 1 => any::<String>()]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        markup(),
        prop::collection::vec(any_word(), 0..20).prop_map(|words| words.join(" "))
    ]
}

proptest! {
    #![proptest_config(cases(1024))]

    #[test]
    fn folding_what_is_folded_changes_nothing(word in any_word()) {
        let folded = fold(&word);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn analysing_what_was_analysed_changes_nothing(word in any_word()) {
        for token in tokens(&word) {
            let analysis = analyse(&word[token.place], token.script, Rules::default());
            let again = analyse(&analysis.key, token.script, Rules::default());
            // A stem may be spelled as a particle is, which has a key of its own.
            let is_particle = again.function && !analysis.function;
            prop_assert!(is_particle || again.key == analysis.key, "{} {}", again.key, analysis.key);
        }
    }

    #[test]
    fn words_are_in_their_text_and_in_order(text in any_text()) {
        let mut before = 0;
        words(&text, |place, _| {
            assert!(place.start >= before && place.end > place.start);
            assert!(text.get(place.clone()).is_some());
            before = place.start;
        });
    }

    #[test]
    fn every_word_of_a_page_finds_it(texts in prop::collection::vec(any_text(), 1..6)) {
        let mut collected = Collected::default();
        for text in &texts {
            collected.page([(Field::Text, text.as_str())]);
        }
        let index = Index::of(&collected, Rules::default(), &[]);
        for (page, text) in (0..).zip(&texts) {
            let mut missed = Vec::new();
            words(text, |place, _| {
                let word = &text[place];
                // Nothing is left of a sign that is a letter to Unicode alone.
                if fold(word).is_empty() {
                    return;
                }
                if !search(&index, word, Rules::default()).hits.iter().any(|hit| hit.page == page) {
                    missed.push(word.to_owned());
                }
            });
            prop_assert!(missed.is_empty(), "{:?} of {:?}", missed, texts);
        }
    }
}
