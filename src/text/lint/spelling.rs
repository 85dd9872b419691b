//! L16: final ي or ى, ة or ه, as the rest of the site has them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::words::{self, PROCLITICS};
use super::{Finding, Passage, Place, chars, rules};

/// How a word's last letter is written over the site: each form's count, in the order of [`ENDS`].
type Counts = HashMap<Box<str>, [u32; 2]>;

/// The pairs of last letters that are mistaken for each other.
const ENDS: [[char; 2]; 2] = [['ي', 'ى'], ['ة', 'ه']];

/// A form is the site's own where it is found this often,
const LEAST: u32 = 5;
/// and this many times as often as the other.
const TIMES: u32 = 10;

/// How the site writes the ends of its words.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    yeh: Counts,
    teh: Counts,
}

/// A word with an end that may be mistaken.
struct Ending<'a> {
    /// Which pair of [`ENDS`], and which of its letters.
    pair: usize,
    form: usize,
    /// The word before its last letter, without article and vowel marks.
    stem: Cow<'a, str>,
}

impl Spelling {
    /// Counts the words of a passage.
    pub fn add(&mut self, passage: &Passage<'_>) {
        for (_, word) in words_of(passage) {
            let Some(ending) = ending(word) else { continue };
            let counts = if ending.pair == 0 { &mut self.yeh } else { &mut self.teh };
            let count = match counts.get_mut(&*ending.stem) {
                Some(count) => count,
                None => counts.entry(ending.stem.into()).or_default(),
            };
            if let Some(count) = count.get_mut(ending.form) {
                *count += 1;
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        for (counts, others) in [(&mut self.yeh, other.yeh), (&mut self.teh, other.teh)] {
            if counts.is_empty() {
                *counts = others;
                continue;
            }
            others.into_iter().for_each(|(stem, [first, second])| {
                let count = counts.entry(stem).or_default();
                *count = [count[0] + first, count[1] + second];
            });
        }
    }

    /// Looks for words that end otherwise than nearly everywhere else in the site.
    pub fn check(&self, passage: &Passage<'_>, found: &mut Vec<Finding>) {
        for (start, word) in words_of(passage) {
            let Some(ending) = ending(word) else { continue };
            let counts = if ending.pair == 0 { &self.yeh } else { &self.teh };
            let Some([first, second]) = counts.get(&*ending.stem).copied() else { continue };
            let (own, other) = if ending.form == 0 { (first, second) } else { (second, first) };
            // That a ه stands for ة is known; the other way round it may be a pronoun. So is that a ى
            // stands for ي, where both are words («اليمنى», «اليمني») the editor decides.
            let last = word.trim_end_matches(words::is_ornament).chars().next_back();
            let known = matches!(last, Some('ى' | 'ه'));
            if !known || other < LEAST || other < own.saturating_mul(TIMES) {
                continue;
            }
            let letter = ENDS.get(ending.pair).and_then(|pair| pair.get(1 - ending.form));
            if let Some(letter) = letter {
                found.push(otherwise(start, word, *letter, other));
            }
        }
    }
}

/// The words of a passage that is Arabic and read by readers.
fn words_of<'a>(passage: &Passage<'a>) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    let readers = !matches!(passage.place, Place::Code | Place::Machine);
    let arabic = passage.lang.primary() == "ar" && !passage.text.is_ascii();
    let text = if readers && arabic { passage.text } else { "" };
    words::words(text)
}

fn otherwise(start: usize, word: &str, letter: char, count: u32) -> Finding {
    let at = word.trim_end_matches(words::is_ornament);
    let last = at.chars().next_back().map_or(0, char::len_utf8);
    let range = start + at.len() - last..start + at.len();
    let head = at.get(..at.len() - last).unwrap_or_default();
    let message = format!("«{word}» is written «{head}{letter}» {count} times in the site");
    let finding = Finding::new(rules::SPELLING, start..start + word.len(), message);
    if letter == 'ة' { finding.edit(range, letter) } else { finding }
}

/// The end of a word, where it is one of the letters in question and the word one that can be
/// judged by it alone.
fn ending(word: &str) -> Option<Ending<'_>> {
    let bare = word.trim_end_matches(words::is_ornament);
    let last = bare.chars().next_back()?;
    let find =
        |(pair, ends): (usize, &[char; 2])| Some((pair, ends.iter().position(|end| *end == last)?));
    let (pair, form) = ENDS.iter().enumerate().find_map(find)?;
    let body = bare.get(..bare.len() - last.len_utf8())?;
    let defined = PROCLITICS.iter().filter(|(_, article)| *article);
    let stem = defined.filter_map(|(proclitic, _)| words::cut(body, proclitic)).next();
    let letters = |stem: &str| stem.chars().filter(|c| chars::is_arabic(*c)).count();
    let stem = match stem {
        // A word with its article is a noun, and has no pronoun after it: its ه is no other word.
        Some(stem) if letters(stem) >= 2 => stem,
        // Others may be a verb in another form («يبني», «يبنى»), or have a pronoun.
        _ if pair == 0 && letters(body) >= 5 && !body.starts_with(VERBAL) => body,
        _ => return None,
    };
    let stem: Cow<'_, str> = if stem.contains(words::is_ornament) {
        Cow::Owned(stem.chars().filter(|c| !words::is_ornament(*c)).collect())
    } else {
        Cow::Borrowed(stem)
    };
    (pair != 0 || !BOTH.contains(&&*stem)).then_some(Ending { pair, form, stem })
}

/// The letters that verbs in question begin with.
const VERBAL: [char; 8] = ['ي', 'ت', 'ن', 'أ', 'ا', 'س', 'و', 'ف'];

/// Words that are right with ي and with ى, and mean different things, before that letter.
const BOTH: &[&str] = &[
    "معن",
    "مبن",
    "مسم",
    "مرم",
    "مرض",
    "قو",
    "عل",
    "مدع",
    "مصل",
    "متوف",
    "ملتق",
    "منته",
    "مشتر",
    "مقتض",
    "مقتن",
    "مهد",
    "مفت",
    "هد",
    "فت",
    "محتو",
    "مستو",
    "مستدع",
    "متلق",
    "منتق",
    "مصطف",
    "مجر",
    "منف",
    "مله",
    "مرب",
    "مغن",
    "مسع",
    "مستعص",
    "مستثن",
    "مستقص",
    "متبن",
    "معف",
    "مفد",
    "أعل",
    "أدن",
    "مرتض",
    "موس",
    "مثن",
    "منس",
];
