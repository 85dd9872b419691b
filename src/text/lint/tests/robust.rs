//! Every rule stands every text.

use super::super::{Glossary, Lang, Passage, Place, RULES, Spelling, page, passage, raw};
use super::{Finding, mended};

/// What the rules look at, to be put together at random.
const PIECES: &[&str] = &[
    "\u{200E}",
    "\u{200F}",
    "\u{061C}",
    "\u{202A}",
    "\u{202B}",
    "\u{202C}",
    "\u{202D}",
    "\u{202E}",
    "\u{2066}",
    "\u{2067}",
    "\u{2068}",
    "\u{2069}",
    "\u{200B}",
    "\u{2060}",
    "\u{FEFF}",
    "\u{AD}",
    "\u{34F}",
    "\u{180E}",
    "\u{2028}",
    "\u{2029}",
    "\u{E0041}",
    "\u{1F3F4}",
    "\u{200C}",
    "\u{200D}",
    "ﻣ",
    "ﺓ",
    "ﻻ",
    "ﷺ",
    "\u{FE70}",
    "\u{FC60}",
    "\u{0654}",
    "\u{0653}",
    "\u{301}",
    "e",
    "ـ",
    "ـــ",
    "ا",
    "إ",
    "أ",
    "ل",
    "و",
    "ب",
    "ي",
    "ى",
    "ة",
    "ه",
    "ک",
    "ی",
    "ہ",
    "ے",
    "ٱ",
    "ك",
    "0",
    "1",
    "2026",
    "٠",
    "٢٠٢٦",
    "۷",
    "٪",
    "%",
    "٫",
    "٬",
    "٭",
    ",",
    ";",
    "?",
    ".",
    ":",
    "!",
    "،",
    "؛",
    "؟",
    "۔",
    " ",
    "  ",
    "\u{A0}",
    "\n",
    "«",
    "»",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "“",
    "”",
    "*",
    "**",
    "__",
    "~~",
    "-",
    "+",
    "–",
    "\u{064B}",
    "\u{064E}",
    "\u{0651}",
    "\u{0652}",
    "CPEC",
    "the",
    "а",
    "Κ",
    "中国",
    "の",
    "한",
    "क्",
    "\u{FFFC}",
    "😀",
    "https://a.org/",
    "الى",
    "الإتفاق",
    "جوادر",
    "شي",
    "جين",
    " و ",
];

/// A generator of numbers that are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn text(&mut self) -> String {
        let pieces = 1 + self.below(12);
        (0..pieces).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }
}

fn is_sound(text: &str, found: &[Finding]) {
    for finding in found {
        assert!(RULES.contains(finding.rule));
        let quoted = text.get(finding.range.clone());
        assert!(quoted.is_some_and(|quoted| !quoted.is_empty()), "{finding:?} in {text:?}");
        for edit in &finding.edits {
            assert!(text.get(edit.range.clone()).is_some(), "{finding:?} in {text:?}");
        }
    }
}

#[test]
fn no_text_is_too_strange() {
    let langs = ["ar", "ur", "fa", "zh", "en", "ru", "he", "km"].map(Lang::parse);
    let langs: Vec<Lang> = langs.into_iter().flatten().collect();
    let places = [Place::Prose, Place::Title, Place::Description, Place::Code, Place::Machine];
    let entries = langs.iter().flat_map(|lang| {
        ["جوادر", "شي جين", "the", "ال"]
            .map(|wrong| (lang.clone(), "غوادر".to_owned(), vec![wrong.to_owned()]))
    });
    let glossary = Glossary::new(entries);
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut spelling = Spelling::default();
    for round in 0..40_000 {
        let text = numbers.text();
        let lang = &langs[numbers.below(langs.len())];
        let one = Passage { text: &text, lang, place: places[numbers.below(places.len())] };
        let mut found = Vec::new();
        spelling.add(&one);
        passage(&one, &mut found);
        spelling.check(&one, &mut found);
        glossary.check(&one, &mut found);
        raw(&text, &mut found);
        found.extend(page(&[one]).into_iter().map(|(_, finding)| finding));
        is_sound(&text, &found);
        settles(&one, round);
    }
}

/// The edits of a rule are never without end: a text mended again and again comes to rest.
fn settles(one: &Passage<'_>, round: usize) {
    let mut text = one.text.to_owned();
    for _ in 0..12 {
        let mut found = Vec::new();
        passage(&Passage { text: &text, ..*one }, &mut found);
        let new = mended(&text, &found);
        if new == text {
            return;
        }
        text = new;
    }
    assert!(text.is_empty(), "round {round}: {:?} does not come to rest: {text:?}", one.text);
}
