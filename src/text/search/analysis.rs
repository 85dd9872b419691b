//! A word by itself, without the others of its site.

use super::lexicon::is_function;
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
            "fa" | "ps" | "sd" | "ug" | "ckb" | "ks" | "az" | "pa" | "pnb" => ArabicScript::Other,
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

    /// As a letter, for scripts that search: which language the words in the Arabic script are of, and
    /// whether English words keep their endings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match (self.arabic, self.whole) {
            (ArabicScript::Arabic, false) => "a",
            (ArabicScript::Arabic, true) => "A",
            (ArabicScript::Urdu, false) => "u",
            (ArabicScript::Urdu, true) => "U",
            (ArabicScript::Other, false) => "o",
            (ArabicScript::Other, true) => "O",
        }
    }
}

/// Analyses a word as it is written.
#[must_use]
pub fn analyse(word: &str, script: Script, rules: Rules) -> Analysis {
    let folded = fold(word);
    let function = is_function(&folded);
    let arabic = script == Script::Arabic && rules.arabic == ArabicScript::Arabic;
    let latin = script == Script::Letters
        && !rules.whole
        && folded.bytes().all(|byte| byte.is_ascii_lowercase());
    let (key, form) = match script {
        _ if function => (folded.clone(), Form::Bare),
        Script::Arabic if arabic => arabic::analyse(&folded, word),
        Script::Arabic if rules.arabic == ArabicScript::Urdu => urdu(&folded),
        Script::Letters if latin => english::analyse(&folded),
        _ => (folded.clone(), Form::Bare),
    };
    let definite = arabic && !function && arabic::without_article(&folded) != folded;
    Analysis { folded, key, form, function, definite, arabic }
}

/// The keys that a word may have where a letter before it is joined to it: what its own key is without that,
/// and then what the word is.
#[must_use]
pub fn joined(word: &Analysis, rules: Rules) -> Vec<String> {
    let mut keys = Vec::new();
    if !word.arabic || word.function {
        return keys;
    }
    for rest in rests(&word.key).into_iter().chain(rests(&word.folded)) {
        let rest = analyse(rest, Script::Arabic, rules);
        if !rest.function && rest.key != word.key && !keys.contains(&rest.key) {
            keys.push(rest.key);
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

/// The forms that an Urdu noun has in a sentence: معاہدہ، معاہدے، معاہدوں; کتاب، کتابیں. Postpositions
/// are words of their own.
fn urdu(folded: &str) -> (String, Form) {
    let endings = [
        ("ون", Form::Masculine),
        ("ين", Form::Plural),
        ("ات", Form::Plural),
        ("ي", Form::Relative),
        ("ه", Form::Feminine),
        ("ا", Form::Verb),
    ];
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
