//! Words as readers search for them: with or without hamza, vowel signs, article, *and*, plural endings;
//! in Arabic or Latin digits.
//!
//! A word has a key, which it shares with its family, and a form. [`analyse`] finds both by the word alone;
//! [`Families`] looks at all words of a site, for only they tell what a single letter before a word is. A
//! reader's word finds the forms of its family that are near to it ([`nearness`]), and the families that it
//! is linked to.
//!
//! The theme's script does the same in the browser. Lists of words are here alone: what they say of a site's
//! words is written into its index.

mod analysis;
mod arabic;
mod division;
mod english;
mod families;
mod fold;
mod form;
mod kin;
mod lexicon;
mod patterns;
mod ranges;
mod tokens;

use std::ops::Range;

pub use analysis::{Analysis, Rules, analyse, joined, spoken};
pub use arabic::{begun, without_article};
pub use english::is_ending_begun;
pub use families::{Families, Family, Link};
pub use fold::fold;
pub use form::{FORMS, Form, Has, Nature, Nearness, is_same_word, nearness};
pub use lexicon::tables;
pub use patterns::plain_pasts;
pub use tokens::{Script, Token, is_single, tokens};

/// The words of a text as they are indexed: a run of a script without spaces gives each two letters that
/// stand together, and its last; a single Arabic letter, which is joined to what stands beside it, nothing; two
/// Latin words with a hyphen or an apostrophe between them are a third.
pub fn words(text: &str, mut each: impl FnMut(Range<usize>, Script)) {
    let mut before: Option<Range<usize>> = None;
    for token in tokens(text) {
        let word = text.get(token.place.clone()).unwrap_or_default();
        let is_latin = matches!(token.script, Script::Letters | Script::Number);
        let joined = before.take().filter(|before| is_latin && is_joint(text, before, &token));
        if let Some(before) = joined {
            each(before.start..token.place.end, Script::Letters);
        }
        before = is_latin.then(|| token.place.clone());
        match token.script {
            Script::Run => {
                let last = letters(word).pop().filter(|last| last.start > 0);
                for place in pairs(word).into_iter().chain(last) {
                    let start = token.place.start;
                    each(start + place.start..start + place.end, Script::Run);
                }
            }
            Script::Arabic if is_single(word) => {}
            script => each(token.place, script),
        }
    }
}

/// Whether a word is joined to the one before it, of which at least one has letters: Xi'an, co-operation, COVID-19.
fn is_joint(text: &str, before: &Range<usize>, token: &Token) -> bool {
    let gap = text.get(before.end..token.place.start);
    let word = text.get(before.start..token.place.end).unwrap_or_default();
    matches!(gap, Some("-" | "'" | "’" | "‑"))
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !word.ends_with("'s")
        && !word.ends_with("’s")
}

/// Each two letters of a run that stand together, a mark with its letter; of a run of one letter, that.
#[must_use]
pub fn pairs(run: &str) -> Vec<Range<usize>> {
    let letters = letters(run);
    match letters.as_slice() {
        [letter] => vec![letter.clone()],
        letters => {
            letters.windows(2).filter_map(|two| Some(two.first()?.start..two.last()?.end)).collect()
        }
    }
}

/// The letters of a run, each with the marks after it.
fn letters(run: &str) -> Vec<Range<usize>> {
    let mut letters: Vec<Range<usize>> = Vec::new();
    for (at, c) in run.char_indices() {
        let end = at + c.len_utf8();
        match letters.last_mut() {
            Some(last) if tokens::is_inside(c) => last.end = end,
            _ => letters.push(at..end),
        }
    }
    letters
}
