//! The order of titles and terms, by the language's collation (UCA with CLDR's tailoring), and the
//! letters that an alphabetical index files them under.

use std::cmp::Ordering;
use std::fmt;

use icu::collator::CollatorBorrowed;
use icu::collator::options::CollatorOptions;

use super::Lang;

/// For each letter of pinyin that words begin with, the first character that CLDR's pinyin order
/// files under it.
const PINYIN: [(&str, &str); 23] = [
    ("A", "阿"),
    ("B", "八"),
    ("C", "嚓"),
    ("D", "咑"),
    ("E", "妸"),
    ("F", "发"),
    ("G", "旮"),
    ("H", "哈"),
    ("J", "丌"),
    ("K", "咔"),
    ("L", "垃"),
    ("M", "妈"),
    ("N", "拿"),
    ("O", "噢"),
    ("P", "妑"),
    ("Q", "七"),
    ("R", "呥"),
    ("S", "仨"),
    ("T", "他"),
    ("W", "屲"),
    ("X", "夕"),
    ("Y", "丫"),
    ("Z", "帀"),
];

/// A language's alphabetical order, with numbers in titles compared by value and articles aside.
pub struct Collation {
    collator: Option<CollatorBorrowed<'static>>,
    articles: &'static [&'static str],
    pinyin: bool,
}

impl Collation {
    /// The collation of a language; the root collation where CLDR has no tailoring for it.
    #[must_use]
    pub fn new(lang: &Lang) -> Self {
        let locale = lang.locale(&["kn-true"]);
        Self {
            collator: CollatorBorrowed::try_new((&locale).into(), CollatorOptions::default()).ok(),
            articles: articles(lang),
            // Simplified characters are ordered by their sound, others by their strokes.
            pinyin: lang.primary() == "zh"
                && !["Hant", "TW", "HK", "MO"]
                    .iter()
                    .any(|part| lang.as_str().split('-').any(|own| own == *part)),
        }
    }

    /// Compares two titles by their words without the article; titles that the collation holds equal
    /// are told apart by code point, so that the order is total and does not depend on the order of
    /// the input.
    #[must_use]
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        let (bare_a, bare_b) = (self.without_article(a), self.without_article(b));
        match &self.collator {
            Some(collator) => collator.compare(bare_a, bare_b).then_with(|| a.cmp(b)),
            None => bare_a.cmp(bare_b).then_with(|| a.cmp(b)),
        }
    }

    /// Bytes that order a title among others as [`Collation::compare`] does, but for the code points by
    /// which it tells equal ones apart. To make them takes as long as to compare once or twice.
    #[must_use]
    pub fn key(&self, title: &str) -> Vec<u8> {
        let bare = self.without_article(title);
        let mut key = Vec::with_capacity(bare.len() * 2);
        match &self.collator {
            // To write into memory does not fail.
            Some(collator) => _ = collator.write_sort_key_to(bare, &mut key),
            None => key.extend(bare.bytes()),
        }
        key
    }

    /// A title from its first word on: without quotation marks before it, and without the article
    /// («الصين» is filed under ص).
    #[must_use]
    pub fn without_article<'a>(&self, title: &'a str) -> &'a str {
        let title = title.trim_start_matches(|c: char| !c.is_alphanumeric());
        for article in self.articles {
            let Some(head) = title.get(..article.len()) else { continue };
            let rest = title.get(article.len()..).unwrap_or_default();
            // What is left must still be a word: «ال» is none, nor is the name of a letter.
            let left = rest.chars().take_while(|c| c.is_alphabetic()).count();
            if super::lower_equal(head, article) && left > 1 {
                return rest;
            }
        }
        title
    }

    /// The letter that a title is filed under: the first of its first word, in its plain form
    /// (أ and آ under ا), a capital where there are such, a letter of pinyin for a simplified
    /// character; `#` for a number or sign.
    #[must_use]
    pub fn letter(&self, title: &str) -> String {
        let Some(first) = self.without_article(title).chars().next() else { return "#".into() };
        match first {
            'أ' | 'إ' | 'آ' | 'ٱ' => "ا".into(),
            'ؤ' => "و".into(),
            'ئ' | 'ى' => "ي".into(),
            c if self.pinyin && super::is_han(c) => self.pinyin_letter(c).into(),
            c if c.is_alphabetic() => base_letter(c),
            _ => "#".into(),
        }
    }

    fn pinyin_letter(&self, character: char) -> &'static str {
        let Some(collator) = &self.collator else { return "#" };
        let mut buffer = [0; 4];
        let character = character.encode_utf8(&mut buffer);
        let under = |(_, first): &(&str, &str)| collator.compare(first, character).is_le();
        let at = PINYIN.partition_point(under);
        at.checked_sub(1).and_then(|at| PINYIN.get(at)).map_or("#", |(letter, _)| letter)
    }
}

/// A letter without its accents, as a capital.
fn base_letter(c: char) -> String {
    let decomposed = icu::normalizer::properties::CanonicalDecompositionBorrowed::new();
    let mut base = c;
    while let icu::normalizer::properties::Decomposed::Expansion(first, _)
    | icu::normalizer::properties::Decomposed::Singleton(first) = decomposed.decompose(base)
    {
        base = first;
    }
    base.to_uppercase().collect()
}

/// The articles that order passes over, with the space after them where there is one.
fn articles(lang: &Lang) -> &'static [&'static str] {
    match lang.primary() {
        "ar" => &["ال"],
        "en" => &["the ", "an ", "a "],
        "fr" => &["les ", "le ", "la ", "l’", "l'", "une ", "un "],
        "de" => &["der ", "die ", "das ", "eine ", "ein "],
        "es" => &["los ", "las ", "el ", "la ", "una ", "un "],
        "it" => &["gli ", "il ", "lo ", "la ", "i ", "le ", "l’", "l'", "una ", "un "],
        "pt" => &["os ", "as ", "o ", "a ", "uma ", "um "],
        _ => &[],
    }
}

impl fmt::Debug for Collation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collation")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collation(tag: &str) -> Collation {
        match Lang::parse(tag) {
            Some(lang) => Collation::new(&lang),
            None => unreachable!(),
        }
    }

    fn sorted<'a>(tag: &str, mut words: Vec<&'a str>) -> Vec<&'a str> {
        let order = collation(tag);
        words.sort_by(|a, b| order.compare(a, b));
        words
    }

    #[test]
    fn arabic_letters_in_their_own_order() {
        assert_eq!(
            sorted("ar", vec!["CPEC", "عين", "ضاد", "باء", "أحمد", "ظاء", "دال"]),
            ["أحمد", "باء", "دال", "ضاد", "ظاء", "عين", "CPEC"]
        );
    }

    #[test]
    fn articles_are_passed_over() {
        assert_eq!(
            sorted("ar", vec!["الممر", "السكك", "«الحزام والطريق»", "باكستان", "الصين"]),
            ["باكستان", "«الحزام والطريق»", "السكك", "الصين", "الممر"]
        );
        assert_eq!(
            sorted("en", vec!["The port", "A road", "Nine"]),
            ["Nine", "The port", "A road"]
        );
    }

    #[test]
    fn keys_order_as_comparing_does() {
        let words = [
            "",
            "«»",
            "الصين",
            "صين",
            "الحزام والطريق",
            "«الحزام» 10",
            "الحزام 9",
            "أحمد",
            "احمد",
            "آزادی",
            "مُبَادَرَة",
            "مبادرة",
            "مبادره",
            "ى",
            "ي",
            "ی",
            "ك",
            "ک",
            "هٔ",
            "ة",
            "CPEC 2.0",
            "cpec 2.0",
            "CPEC 10",
            "The port",
            "port",
            "Port",
            "Émigré",
            "emigre",
            "e\u{301}migre",
            "75 years",
            "8 years",
            "٧٥ عاماً",
            "٩ أعوام",
            "中巴经济走廊",
            "北京",
            "一带一路",
            "瓜达尔港",
            "喀喇昆仑",
            "ﻣﺒﺎﺩﺭﺓ",
            "a-b",
            "a b",
            "ab",
            "🚂",
            "ß",
            "ss",
            "0010",
            "010",
            "10",
            "9",
            "9.5",
        ];
        for tag in ["ar", "en", "fr", "de", "es", "ur", "fa", "zh", "zh-Hant", "sv"] {
            let order = collation(tag);
            for a in words {
                for b in words {
                    let by_key = order.key(a).cmp(&order.key(b)).then_with(|| a.cmp(b));
                    assert_eq!(by_key, order.compare(a, b), "{tag}: «{a}» and «{b}»");
                }
            }
        }
    }

    #[test]
    fn numbers_by_value() {
        assert_eq!(sorted("en", vec!["Round 10", "Round 9"]), ["Round 9", "Round 10"]);
    }

    #[test]
    fn letters_of_an_index() {
        for (tag, title, letter) in [
            ("ar", "الصين", "ص"),
            ("ar", "إعلان", "ا"),
            ("ar", "«الحزام»", "ح"),
            ("ar", "CPEC 2.0", "C"),
            ("ar", "الأمن", "ا"),
            ("ar", "الو", "ا"),
            ("en", "The port", "P"),
            ("en", "Émigré", "E"),
            ("en", "75 years", "#"),
            ("ur", "آزادی", "ا"),
            ("zh", "中巴经济走廊", "Z"),
            ("zh", "北京", "B"),
            ("zh", "瓜达尔港", "G"),
            ("zh", "一带一路", "Y"),
            ("zh", "阿拉伯", "A"),
            ("zh", "喀喇昆仑", "K"),
        ] {
            assert_eq!(collation(tag).letter(title), letter, "{title}");
        }
    }
}
