//! A word by itself, without the others of its site.

use super::lexicon::{bare_function, is_function};
use super::{Form, Script, arabic, english, fold};
use crate::text::Lang;

/// What a word is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The word folded.
    pub folded: String,
    /// What its family is found by: the word without what is joined to it and without its endings.
    pub key: String,
    /// Which form of its family it is.
    pub form: Form,
    /// Whether it says nothing by itself.
    pub function: bool,
    /// Whether it has the article.
    pub definite: bool,
    /// Whether it is analysed as Arabic.
    pub arabic: bool,
    /// Whether it has a hamza below an alef: إعلان is no plural, as أعمال is.
    pub below: bool,
}

/// How the words of a language are analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    arabic: ArabicScript,
    /// Whether words of ASCII letters keep their endings.
    whole: bool,
}

/// The language of words in the Arabic script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ArabicScript {
    #[default]
    Arabic,
    Urdu,
    Persian,
    /// Another, whose words are only folded.
    Other,
}

impl Rules {
    /// Those of texts in a language. Words of the other script among them are taken to be Arabic or English.
    #[must_use]
    pub fn of(lang: &Lang) -> Self {
        let tag = lang.as_str();
        let primary = tag.split('-').next().unwrap_or(tag);
        let arabic = match primary {
            "ur" => ArabicScript::Urdu,
            "fa" => ArabicScript::Persian,
            "ps" | "sd" | "ug" | "ckb" | "ks" | "az" | "pa" | "pnb" => ArabicScript::Other,
            _ => ArabicScript::Arabic,
        };
        // Languages in the Latin script have endings of their own.
        let whole = !matches!(
            primary,
            "en" | "ar"
                | "ur"
                | "zh"
                | "fa"
                | "ps"
                | "sd"
                | "ug"
                | "ja"
                | "ko"
                | "he"
                | "ru"
                | "hi"
                | "bn"
                | "th"
        );
        Self { arabic, whole }
    }

    /// Whether words in the Arabic script are Arabic.
    pub(super) fn is_arabic(self) -> bool {
        self.arabic == ArabicScript::Arabic
    }

    /// The endings of words in the Arabic script that are not Arabic.
    fn endings(self) -> &'static Endings {
        match self.arabic {
            ArabicScript::Urdu => &URDU,
            ArabicScript::Persian => &PERSIAN,
            ArabicScript::Arabic | ArabicScript::Other => &[],
        }
    }

    /// Whether words of ASCII letters are English.
    pub(super) fn is_english(self) -> bool {
        !self.whole
    }

    /// The languages whose words that say nothing are known.
    pub(super) fn lists(self) -> [&'static str; 2] {
        let arabic = match self.arabic {
            ArabicScript::Arabic => "ar",
            ArabicScript::Urdu => "ur",
            ArabicScript::Persian => "fa",
            ArabicScript::Other => "",
        };
        [arabic, if self.whole { "" } else { "en" }]
    }

    /// As a letter, for scripts that search: which language the words in the Arabic script are of, and
    /// whether English words keep their endings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match (self.arabic, self.whole) {
            (ArabicScript::Arabic, false) => "a",
            (ArabicScript::Arabic, true) => "A",
            (ArabicScript::Urdu, false) => "u",
            (ArabicScript::Urdu, true) => "U",
            (ArabicScript::Persian, false) => "f",
            (ArabicScript::Persian, true) => "F",
            (ArabicScript::Other, false) => "o",
            (ArabicScript::Other, true) => "O",
        }
    }
}

/// Letters of a word that is not only folded: no word is longer.
const LONGEST: usize = 64;

/// Analyses a word as it is written.
#[must_use]
pub fn analyse(word: &str, script: Script, rules: Rules) -> Analysis {
    let folded = fold(word);
    let function = is_function(&folded, word, rules.lists());
    // Not to be found by words that are spelled alike and say something.
    let key = function.then(|| format!("{}-", bare_function(&folded, rules.lists())));
    analysed(folded, key, word, script, rules)
}

/// A word that says nothing, as if it said something, where its spelling allows that: امام is how many write إمام.
#[must_use]
pub fn spoken(word: &str, script: Script, rules: Rules) -> Option<Analysis> {
    let exact = word.contains(['أ', 'إ', 'آ', 'ى']);
    (!exact).then(|| analysed(fold(word), None, word, script, rules))
}

fn analysed(
    folded: String,
    key: Option<String>,
    word: &str,
    script: Script,
    rules: Rules,
) -> Analysis {
    let long = folded.chars().nth(LONGEST).is_some();
    let arabic = script == Script::Arabic && rules.arabic == ArabicScript::Arabic;
    let latin = script == Script::Letters
        && !rules.whole
        && folded.bytes().all(|byte| byte.is_ascii_lowercase());
    let function = key.is_some();
    let (key, form) = match (script, key) {
        (_, Some(key)) => (key, Form::Bare),
        _ if long => (folded.clone(), Form::Bare),
        (Script::Arabic, _) if arabic => arabic::analyse(&folded, word),
        (Script::Arabic, _) => other(&folded, rules.endings()),
        (Script::Letters, _) if latin => english::analyse(&folded),
        _ => (folded.clone(), Form::Bare),
    };
    let definite = arabic && !function && !long && arabic::without_article(&folded) != folded;
    Analysis { folded, key, form, function, definite, arabic, below: word.contains('إ') }
}

/// The keys that a word may have where what is joined to it cannot be told from its own letters: what its own key
/// is without a letter before that, what the word is, and what it is without an ending; each with the form that the word
/// is then.
#[must_use]
pub fn joined(word: &Analysis, rules: Rules) -> Vec<(String, Form)> {
    let mut keys: Vec<(String, Form)> = Vec::new();
    if !word.arabic || word.function || word.folded.chars().nth(LONGEST).is_some() {
        return keys;
    }
    let within = rests(&word.key).into_iter().map(|rest| (rest.to_owned(), Some(word.form)));
    let starts = rests(&word.folded).into_iter().chain([word.folded.as_str()]);
    let whole =
        starts.flat_map(|start| std::iter::once(start.to_owned()).chain(arabic::unsure(start)));
    let whole = whole.map(|rest| (rest, None));
    for (rest, form) in within.chain(whole) {
        let rest = analyse(&rest, Script::Arabic, rules);
        let known = keys.iter().any(|(key, _)| *key == rest.key);
        if !rest.function && rest.key != word.key && !known {
            keys.push((rest.key, form.unwrap_or(rest.form)));
        }
    }
    keys
}

/// What is left of a word, as it is written, without one letter that may be joined to its beginning; with
/// a second such letter after *and* too.
pub(super) fn rests(folded: &str) -> Vec<&str> {
    let mut rests = Vec::new();
    let Some(rest) = folded.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك', 'س']) else {
        return rests;
    };
    let good = |first: char, rest: &str| match first {
        'س' => rest.chars().nth(2).is_some() && rest.starts_with(['ي', 'ت', 'ن', 'ا']),
        // Words of two letters are few: وخط، بحق.
        'و' | 'ب' | 'ل' => rest.chars().nth(1).is_some(),
        _ => rest.chars().nth(2).is_some(),
    };
    let first = folded.chars().next().unwrap_or_default();
    if good(first, rest) {
        rests.push(rest);
    }
    if matches!(first, 'و' | 'ف')
        && let Some(second) = rest.chars().next()
        && matches!(second, 'ب' | 'ل' | 'ك' | 'س')
        && let Some(inner) = rest.get(second.len_utf8()..)
        && good(second, inner)
    {
        rests.push(inner);
    }
    rests
}

/// Endings with the forms that they make.
type Endings = [(&'static str, Form)];

/// Those of an Urdu noun in a sentence: معاہدہ، معاہدے، معاہدوں; کتاب، کتابیں; تبدیلی، تبدیلیاں. Postpositions are
/// words of their own.
const URDU: [(&str, Form); 7] = [
    ("يان", Form::Plural),
    ("ون", Form::Masculine),
    ("ين", Form::Plural),
    ("ات", Form::Plural),
    ("ي", Form::Relative),
    ("ه", Form::Feminine),
    ("ا", Form::Verb),
];

/// Those of a Persian noun: کتاب‌ها، کتاب‌های، کتابی.
const PERSIAN: [(&str, Form); 3] =
    [("هاي", Form::Plural), ("ها", Form::Plural), ("ي", Form::Relative)];

/// The endings of a language, for scripts: each with the number of its form.
pub(super) fn tables(rules: Rules) -> [(&'static str, Vec<String>); 1] {
    let pair = |(ending, form): &(&str, Form)| format!("{ending}-{}", form.number());
    [("endings", rules.endings().iter().map(pair).collect())]
}

/// A word without endings, however many it has.
fn other(folded: &str, endings: &Endings) -> (String, Form) {
    let mut key = folded;
    let mut form = Form::Bare;
    loop {
        let cut = endings.iter().find_map(|(ending, form)| {
            let rest = key.strip_suffix(ending)?;
            (rest.chars().count() >= 3).then_some((rest, *form))
        });
        let Some((rest, found)) = cut else { return (key.to_owned(), form) };
        form = if form == Form::Bare { found } else { form };
        key = rest;
    }
}
