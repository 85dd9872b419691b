//! L22, and the script of a language.

use super::look::Look;
use super::{Finding, Lang, Place, chars, rules};

/// A script, as far as the rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Arabic,
    Latin,
    Han,
    Japanese,
    Hangul,
    Cyrillic,
    Hebrew,
    Greek,
    Devanagari,
    /// That of a language or a letter that the rules do not know.
    Unknown,
}

impl Script {
    fn name(self) -> &'static str {
        match self {
            Self::Arabic => "Arabic",
            Self::Latin => "Latin",
            Self::Han => "Chinese",
            Self::Japanese => "Japanese",
            Self::Hangul => "Korean",
            Self::Cyrillic => "Cyrillic",
            Self::Hebrew => "Hebrew",
            Self::Greek => "Greek",
            Self::Devanagari => "Devanagari",
            Self::Unknown => "another",
        }
    }

    /// Whether a letter of another script belongs to this one's texts as well.
    fn holds(self, letter: Self) -> bool {
        self == letter || letter == Self::Han && matches!(self, Self::Japanese | Self::Hangul)
    }

    /// Whether it is written right to left.
    pub(super) fn is_rtl(self) -> bool {
        matches!(self, Self::Arabic | Self::Hebrew)
    }
}

/// The primary subtag of a language and its script. The subtag is empty where the tag names
/// another script than the usual one: the rules for Arabic say nothing of `ar-Latn`.
pub(super) fn of(lang: &Lang) -> (&str, Script) {
    let primary = lang.primary();
    let usual = usual(primary, lang.as_str());
    let named = lang.as_str().split('-').skip(1).find(|subtag| subtag.len() == 4);
    let script = match named {
        None => usual,
        Some("Arab" | "Aran") => Script::Arabic,
        Some("Latn") => Script::Latin,
        Some("Hans" | "Hant" | "Hani") => Script::Han,
        Some("Jpan") => Script::Japanese,
        Some("Kore" | "Hang") => Script::Hangul,
        Some("Cyrl") => Script::Cyrillic,
        Some("Hebr") => Script::Hebrew,
        Some("Grek") => Script::Greek,
        Some("Deva") => Script::Devanagari,
        Some(_) => Script::Unknown,
    };
    (if script == usual { primary } else { "" }, script)
}

/// The script that a language is usually written in.
fn usual(primary: &str, tag: &str) -> Script {
    match primary {
        "ar" | "ur" | "fa" | "ps" | "sd" | "ug" | "ckb" | "arz" | "ary" | "skr" | "bal" => {
            Script::Arabic
        }
        "pa" if tag.ends_with("-PK") => Script::Arabic,
        "en" | "fr" | "de" | "es" | "tr" | "id" | "ms" | "it" | "pt" | "nl" | "pl" | "sv"
        | "da" | "nb" | "no" | "nn" | "fi" | "cs" | "sk" | "hu" | "ro" | "hr" | "sl" | "et"
        | "lv" | "lt" | "vi" | "sw" | "so" | "ha" | "ku" | "ca" | "eu" | "gl" | "ga" | "cy"
        | "is" | "mt" | "sq" | "af" | "tl" | "fil" => Script::Latin,
        "zh" | "yue" | "wuu" | "lzh" => Script::Han,
        "ja" => Script::Japanese,
        "ko" => Script::Hangul,
        "ru" | "uk" | "bg" | "be" | "mk" | "kk" | "ky" | "tg" => Script::Cyrillic,
        "he" | "yi" => Script::Hebrew,
        "el" => Script::Greek,
        "hi" | "ne" | "mr" => Script::Devanagari,
        _ => Script::Unknown,
    }
}

/// The script of a letter; `None` for what is none.
pub(super) fn of_letter(c: char) -> Option<Script> {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphabetic().then_some(Script::Latin),
        _ if chars::is_arabic(c) => Some(Script::Arabic),
        // Harakat count as alphabetic, but are no letters.
        _ if chars::is_arabic_mark(c) || c == chars::TATWEEL => None,
        '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => Some(Script::Arabic),
        _ if chars::is_latin(c) => Some(Script::Latin),
        _ if chars::is_han(c) => Some(Script::Han),
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' => Some(Script::Japanese),
        '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{11FF}' => Some(Script::Hangul),
        '\u{0400}'..='\u{052F}' if c.is_alphabetic() => Some(Script::Cyrillic),
        '\u{05D0}'..='\u{05F2}' => Some(Script::Hebrew),
        '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' if c.is_alphabetic() => {
            Some(Script::Greek)
        }
        '\u{0904}'..='\u{0939}' => Some(Script::Devanagari),
        _ => c.is_alphabetic().then_some(Script::Unknown),
    }
}

/// L22: a title or description most of whose letters are of another script.
pub(super) fn wrong(look: &Look<'_>, found: &mut Vec<Finding>) {
    if look.script == Script::Unknown {
        return;
    }
    let (mut letters, mut foreign) = (0_usize, 0_usize);
    let mut other = None;
    let mut lower = false;
    for c in look.text.chars() {
        let Some(script) = of_letter(c) else { continue };
        letters += 1;
        lower |= c.is_lowercase();
        if !look.script.holds(script) {
            foreign += 1;
            other.get_or_insert(script);
        }
    }
    let Some(other) = other.filter(|_| letters >= 4 && foreign * 2 > letters) else { return };
    // A title such as «CPEC 2.0» is a name in every language.
    let is_name = look.place == Place::Title && other == Script::Latin && !lower;
    if is_name && foreign == letters {
        return;
    }
    let what = if look.place == Place::Title { "title" } else { "description" };
    let start = look.text.len() - look.text.trim_start().len();
    let message = format!(
        "most letters of the {what} are of the {} script, but its language is written in the {} \
         script",
        other.name(),
        look.script.name()
    );
    let hint = "translate it, or give the page the language that it is written in";
    found.push(Finding::new(rules::SCRIPT, start..look.text.trim_end().len(), message).hint(hint));
}
