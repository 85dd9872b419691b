//! Arabic words without what is joined to them: the article with what stands before it, and endings.
//! Single letters before a word, which may be its own, are another matter: see [`super::families`].

use super::Form;
use super::patterns::is_made;

/// What joins the article, or stands for it with one; the longest first.
const ARTICLES: [&str; 12] =
    ["وبال", "وكال", "فبال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لال", "ال", "لل"];

/// Words whose beginning only looks like that.
const NO_ARTICLE: [&str; 25] = [
    "لالي",
    "لاليه",
    "لاليها",
    "لاليهم",
    "الان",
    "الاف",
    "والده",
    "والدي",
    "والدا",
    "والدته",
    "والدتي",
    "والدها",
    "والدتها",
    "والدهم",
    "بالغه",
    "بالغا",
    "بالغي",
    "بالغين",
    "بالغون",
    "بالون",
    "بالونات",
    "الفي",
    "الفا",
    "الفين",
    "الفان",
];

/// Words that begin with lam, of which one is not written after لل: للجنة is of لجنة.
const LAM: [&str; 14] = [
    "لجن",
    "لجان",
    "لغه",
    "لغات",
    "لغو",
    "لقاء",
    "لقاح",
    "لون",
    "لوح",
    "لوايح",
    "لاعب",
    "لاجي",
    "ليل",
    "لحظ",
];

/// Pronouns that are joined to a word, the longer first.
const PRONOUNS: [&str; 7] = ["هما", "كما", "ها", "هم", "هن", "كم", "كن"];

/// Words whose last letters only look like an ending: طالبان are not two طالب.
const NO_ENDING: [&str; 10] = [
    "عليا",
    "دنيا",
    "طالبان",
    "مهرجان",
    "ترجمان",
    "بهلوان",
    "صولجان",
    "برلمان",
    "اصفهان",
    "ارجوان",
];

/// Short words whose teh is their own.
const SHORT_TEH: [&str; 12] =
    ["بيت", "وقت", "صوت", "بنت", "موت", "زيت", "سبت", "تحت", "قوت", "حوت", "نحت", "ست"];

/// The key of the family of a folded word, and its form. `spelling` is the word as it was written.
pub(super) fn analyse(folded: &str, spelling: &str) -> (String, Form) {
    if let "الله" | "لله" | "والله" | "بالله" | "ولله" | "فالله" = folded
    {
        return ("الله".to_owned(), Form::Bare);
    }
    let bare = without_article(folded);
    let (mut key, form) = without_endings(&bare, Spelling::of(spelling));
    loop {
        let shorter = without_endings(&without_article(&key), Spelling::default()).0;
        if shorter.len() >= key.len() {
            return (key, form);
        }
        key = shorter;
    }
}

/// The words that a word may be with what is joined to it by letters that are often a word's own, which only the
/// words of a site tell: تراث in تراثنا, سهل in سهلين, مسول in مسولو, لبنان in للبنان.
pub(super) fn unsure(folded: &str) -> Vec<String> {
    let bare = without_article(folded);
    let mut found = Vec::new();
    let lam = ["لل", "ولل", "فلل"].iter().find_map(|article| folded.strip_prefix(article));
    found.extend(lam.map(|rest| format!("ل{rest}")));
    found.extend(cut(&bare, "نا", 3).map(str::to_owned));
    let dual = cut(&bare, "ين", 3).filter(|_| !is_made(&bare)).or_else(|| cut(&bare, "ان", 3));
    found.extend(dual.filter(|rest| length(rest) == 3).map(str::to_owned));
    found.extend(cut(&bare, "و", 4).map(str::to_owned));
    found
}

/// The lists above, for scripts.
pub(super) fn tables() -> [(&'static str, Vec<String>); 6] {
    let list = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    [
        ("articles", list(&ARTICLES)),
        ("no_article", list(&NO_ARTICLE)),
        ("lam", list(&LAM)),
        ("pronouns", list(&PRONOUNS)),
        ("no_ending", list(&NO_ENDING)),
        ("short_teh", list(&SHORT_TEH)),
    ]
}

/// What the spelling of a word tells that folding takes from it.
#[derive(Clone, Copy, Debug, Default)]
struct Spelling {
    /// Its last letter.
    last: Option<char>,
    /// Whether a hamza sits after alef, on what the case before a pronoun wants: وزرائه، وزراؤها.
    seated: bool,
}

impl Spelling {
    fn of(word: &str) -> Self {
        let letters = word
            .chars()
            .rev()
            .filter(|c| ('\u{0621}'..='\u{064A}').contains(c) && *c != '\u{0640}');
        let mut letters = letters.peekable();
        let last = letters.peek().copied();
        let mut seated = false;
        for _ in 0..4 {
            let hamza = matches!(letters.next(), Some('ئ' | 'ؤ'));
            seated |= hamza && letters.peek() == Some(&'ا');
        }
        Self { last, seated }
    }
}

fn length(word: &str) -> usize {
    word.chars().count()
}

/// A word without the article and what is joined to that, however often that is there.
#[must_use]
pub fn without_article(word: &str) -> String {
    let mut word = word.to_owned();
    while !NO_ARTICLE.contains(&word.as_str()) {
        let stripped = ARTICLES.iter().find_map(|article| {
            let rest = word.strip_prefix(article)?;
            (length(rest) >= 2).then_some((*article, rest))
        });
        let Some((article, rest)) = stripped else { break };
        let lam = format!("ل{rest}");
        word = if article.ends_with("لل") && LAM.iter().any(|stem| lam.starts_with(stem)) {
            lam
        } else {
            rest.to_owned()
        };
    }
    word
}

/// What a word that is not typed to its end may be without what is joined to it, though that leaves a single letter.
#[must_use]
pub fn begun(folded: &str) -> Vec<String> {
    let articles = ARTICLES.iter().filter(|article| **article != "لال");
    let articles = articles.filter_map(|article| folded.strip_prefix(article));
    let and = folded.strip_prefix('و').filter(|rest| length(rest) > 2);
    let letter = folded.strip_prefix(['ف', 'ب', 'ل', 'ك', 'س']).filter(|rest| length(rest) > 3);
    let starts = articles.take(1).chain(and).chain(letter);
    starts.filter(|rest| !rest.is_empty()).map(str::to_owned).collect()
}

/// A word without an ending of at least these letters before it.
fn cut<'a>(word: &'a str, ending: &str, least: usize) -> Option<&'a str> {
    word.strip_suffix(ending).filter(|rest| length(rest) >= least)
}

/// The pronouns that are joined to a word, but for ـه, which may be a teh marbuta.
fn without_pronoun(word: &str, spelling: Spelling) -> Option<String> {
    let rest = PRONOUNS.iter().find_map(|pronoun| {
        // تفاهم and محاكم end so by themselves.
        cut(word, pronoun, 3).filter(|rest| length(rest) > 3 || !rest.ends_with('ا'))
    });
    let rest = rest.or_else(|| {
        // تعاونا has an ending of another kind.
        cut(word, "نا", 3).filter(|rest| rest.ends_with(['ت', 'ء']) || spelling.seated)
    })?;
    Some(seated(rest, spelling).unwrap_or_else(|| rest.to_owned()))
}

/// A word with its last hamza as it is without a pronoun.
fn seated(word: &str, spelling: Spelling) -> Option<String> {
    let rest = word.strip_suffix("اي").or_else(|| word.strip_suffix("او"))?;
    (spelling.seated && length(rest) >= 2).then(|| format!("{rest}اء"))
}

fn without_endings(word: &str, spelling: Spelling) -> (String, Form) {
    match without_pronoun(word, spelling) {
        Some(rest) => without_number(&rest, true, Spelling::default()),
        None => without_number(word, false, spelling),
    }
}

/// Takes off the endings of number and gender, and of belonging below them.
fn without_number(word: &str, owned: bool, spelling: Spelling) -> (String, Form) {
    // Two letters before an ending are those of a short word with ة: لغات، لغتان، لغتهم.
    for ending in ["ات", "تان", "تين"] {
        let short = cut(word, ending, 2).filter(|rest| length(rest) == 2);
        let own = |rest: &str| ending != "ات" && SHORT_TEH.iter().any(|teh| teh.starts_with(rest));
        if let Some(rest) = short.filter(|rest| !own(rest)) {
            return (format!("{rest}ه"), Form::Plural);
        }
    }
    let own = if owned { Some(word) } else { word.strip_suffix('ه') };
    if let Some(rest) = own.and_then(|word| word.strip_suffix('ت')).filter(|rest| length(rest) == 2)
        && !SHORT_TEH.iter().any(|short| short.starts_with(rest))
    {
        return (format!("{rest}ه"), Form::Either);
    }
    for ending in ["اته", "ات", "تين", "تان"] {
        // باكستان has no such ending.
        if let Some(rest) = cut(word, ending, 3).filter(|_| !word.ends_with("ستان")) {
            return belonging(rest, Form::Plural);
        }
    }
    if owned {
        return match cut(word, "ت", 3) {
            Some(rest) => belonging(rest, Form::Either),
            None => belonging(word, Form::Bare),
        };
    }
    let dotted = spelling.last == Some('ة');
    if let Some(rest) = cut(word, "ه", 3) {
        if let Some(whole) = seated(rest, spelling).filter(|_| !dotted) {
            return (whole, Form::Bare);
        }
        return match cut(rest, "ت", 3).filter(|_| !dotted) {
            Some(rest) => belonging(rest, Form::Either),
            None => belonging(rest, if dotted { Form::Feminine } else { Form::Either }),
        };
    }
    if word.ends_with('ه') {
        return (word.to_owned(), if dotted { Form::Feminine } else { Form::Either });
    }
    for ending in ["ون", "ين"] {
        if let Some(rest) = cut(word, ending, 3).filter(|r| length(r) > 3 || r.ends_with('ي')) {
            return belonging(rest, Form::Masculine);
        }
    }
    if let Some(rest) = cut(word, "ان", 4).filter(|_| !NO_ENDING.contains(&word)) {
        return belonging(rest, Form::Masculine);
    }
    for ending in ["وا", "ت"] {
        if let Some(rest) = cut(word, ending, 3) {
            return (rest.to_owned(), Form::Verb);
        }
    }
    if let Some(rest) = cut(word, "ا", 3).filter(|_| !NO_ENDING.contains(&word)) {
        return belonging(rest, Form::Bare);
    }
    // Of two, before another word: صفحتي. It is no ending of سوفيتي and معلوماتي.
    if let Some(rest) = cut(word, "تي", 4).filter(|r| !r.ends_with('ا') && !r.starts_with("سوفي"))
    {
        return belonging(rest, Form::Plural);
    }
    if spelling.last == Some('ى') {
        let key = cut(word, "ي", 3).unwrap_or(word);
        return (key.to_owned(), Form::Maqsura);
    }
    belonging(word, Form::Bare)
}

/// Takes off the yeh of belonging, which says more than the ending after it.
fn belonging(word: &str, form: Form) -> (String, Form) {
    let Some(rest) = cut(word, "ي", 3) else { return (word.to_owned(), form) };
    let form = match form {
        Form::Feminine | Form::Either | Form::Plural => Form::RelativeFeminine,
        _ => Form::Relative,
    };
    // كهربائي is of كهرباء.
    if let Some(stem) = rest.strip_suffix("اي").filter(|stem| length(stem) >= 2) {
        return (format!("{stem}اء"), form);
    }
    (rest.to_owned(), form)
}

#[cfg(test)]
mod tests {
    use super::{Form, analyse};
    use crate::text::search::fold;

    #[test]
    fn forms_of_a_word_have_one_key() {
        use Form::*;
        for (key, words) in [
            (
                "مبادر",
                &[
                    ("مبادرة", Feminine),
                    ("المبادرات", Plural),
                    ("بالمبادرة", Feminine),
                    ("مبادراتهم", Plural),
                    ("للمبادره", Either),
                    ("مبادرتنا", Either),
                    ("والمبادرتين", Plural),
                ][..],
            ),
            (
                "اتفاق",
                &[
                    ("اتفاقية", RelativeFeminine),
                    ("الاتفاق", Bare),
                    ("اتفاقيات", RelativeFeminine),
                    ("اتفاقيتي", RelativeFeminine),
                ],
            ),
            (
                "مسول",
                &[
                    ("مسؤول", Bare),
                    ("المسئولين", Masculine),
                    ("مسؤولون", Masculine),
                    ("مسؤولة", Feminine),
                ],
            ),
            (
                "باكس",
                &[
                    ("باكستان", Masculine),
                    ("باكستاني", Relative),
                    ("الباكستانية", RelativeFeminine),
                    ("الباكستانيون", Relative),
                ],
            ),
            (
                "وزراء",
                &[
                    ("وزراء", Bare),
                    ("الوزراء", Bare),
                    ("وزرائه", Bare),
                    ("وزراؤها", Bare),
                    ("وزرائهم", Bare),
                ],
            ),
            (
                "كهرباء",
                &[("كهرباء", Bare), ("الكهربائية", RelativeFeminine), ("كهربائي", Relative)],
            ),
            ("ذكر", &[("ذكرى", Maqsura), ("الذكرى", Maqsura), ("ذكري", Relative)]),
            (
                "لغه",
                &[
                    ("لغة", Feminine),
                    ("اللغات", Plural),
                    ("للغة", Feminine),
                    ("لغتهم", Either),
                    ("لغتان", Plural),
                ],
            ),
            ("لجن", &[("لجنة", Feminine), ("للجنة", Feminine), ("واللجنة", Feminine)]),
            ("اكد", &[("أكد", Bare), ("أكدت", Verb), ("أكدوا", Verb), ("أكّدها", Bare)]),
            ("تعاون", &[("تعاون", Bare), ("تعاوناً", Bare), ("تعاونهم", Bare), ("والتعاون", Bare)]),
            ("تزام", &[("التزام", Bare), ("الالتزام", Bare), ("والتزامهما", Bare)]),
            ("قانون", &[("قانون", Bare), ("القانونية", RelativeFeminine), ("قانوني", Relative)]),
            ("تفاهم", &[("تفاهم", Bare), ("للتفاهم", Bare)]),
            ("بيت", &[("بيت", Bare), ("بيتهم", Bare), ("البيت", Bare)]),
            ("الله", &[("الله", Bare), ("والله", Bare)]),
            ("خط", &[("الخط", Bare), ("للخط", Bare), ("خط", Bare)]),
        ] {
            for (word, form) in words {
                assert_eq!(analyse(&fold(word), word), (key.to_owned(), *form), "{word}");
                assert_eq!(analyse(key, key).0, key, "{key}, again");
            }
        }
    }
}
