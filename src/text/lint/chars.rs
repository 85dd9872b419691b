//! What single characters are, and what stands beside a place in a text.

/// A space within a line: of the keyboard, or one that does not break.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}')
}

/// A letter of the Arabic script, of whichever language; no tatweel, no mark.
pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{066E}' | '\u{066F}'
        | '\u{0671}'..='\u{06D3}' | '\u{06D5}' | '\u{06EE}' | '\u{06EF}' | '\u{06FA}'..='\u{06FC}'
        | '\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08C9}')
}

/// A vowel mark of Arabic or another mark that sits on a letter.
pub(super) fn is_harakat(c: char) -> bool {
    matches!(c, '\u{064B}'..='\u{065F}' | '\u{0670}')
}

/// A mark of the Arabic script that sits on a letter, those of the Quran among them.
pub(super) fn is_arabic_mark(c: char) -> bool {
    is_harakat(c)
        || matches!(c, '\u{0610}'..='\u{061A}' | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}'
            | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08CA}'..='\u{08E1}'
            | '\u{08E3}'..='\u{08FF}')
}

/// A letter of the Latin script.
pub(super) fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') && !matches!(c, '×' | '÷')
}

/// A Han character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

pub(super) const TATWEEL: char = '\u{0640}';
pub(super) const ZWNJ: char = '\u{200C}';
pub(super) const ZWJ: char = '\u{200D}';
/// What stands for inline code, an image, a footnote mark, an entity.
pub(super) const OBJECT: char = '\u{FFFC}';

/// What opens a quotation or a parenthesis.
pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '«' | '‹' | '“' | '‘' | '(' | '[' | '{' | '"' | '\'')
}

/// What closes a quotation or a parenthesis.
pub(super) fn is_closing(c: char) -> bool {
    matches!(c, '»' | '›' | '”' | '’' | ')' | ']' | '}' | '"' | '\'')
}

/// A set of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DigitSet {
    /// 0–9
    European,
    /// ٠–٩
    Arabic,
    /// ۰–۹
    Persian,
}

/// The set that a digit belongs to; `None` for what is no digit of the three.
pub(super) fn digit_set(c: char) -> Option<DigitSet> {
    match c {
        '0'..='9' => Some(DigitSet::European),
        '\u{0660}'..='\u{0669}' => Some(DigitSet::Arabic),
        '\u{06F0}'..='\u{06F9}' => Some(DigitSet::Persian),
        _ => None,
    }
}

/// A digit of one of the three sets.
pub(super) fn is_digit(c: char) -> bool {
    digit_set(c).is_some()
}

/// The character before a place.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character after a place.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Whether a place is within what machines read: a URL, an e-mail address, a path, all of which
/// reach from white space to white space.
pub(super) fn in_address(text: &str, at: usize) -> bool {
    let start = text.get(..at).and_then(|head| head.rfind(char::is_whitespace)).unwrap_or(0);
    let end = text.get(at..).and_then(|tail| tail.find(char::is_whitespace));
    let end = end.map_or(text.len(), |end| at + end);
    let token = text.get(start..end).unwrap_or_default();
    token.contains("://") || token.contains("www.") || token.contains(['@', '\\', '/', '#', '='])
}

/// A character by its number and, where it is one of those that the rules find, its name.
pub(super) fn named(c: char) -> String {
    let name = match c {
        '\u{00AD}' => "SOFT HYPHEN",
        '\u{034F}' => "COMBINING GRAPHEME JOINER",
        '\u{061C}' => "ARABIC LETTER MARK",
        '\u{0640}' => "ARABIC TATWEEL",
        '\u{064B}' => "ARABIC FATHATAN",
        '\u{064C}' => "ARABIC DAMMATAN",
        '\u{064D}' => "ARABIC KASRATAN",
        '\u{064E}' => "ARABIC FATHA",
        '\u{064F}' => "ARABIC DAMMA",
        '\u{0650}' => "ARABIC KASRA",
        '\u{0651}' => "ARABIC SHADDA",
        '\u{0652}' => "ARABIC SUKUN",
        '\u{0653}' => "ARABIC MADDAH ABOVE",
        '\u{0654}' => "ARABIC HAMZA ABOVE",
        '\u{0655}' => "ARABIC HAMZA BELOW",
        '\u{0670}' => "ARABIC LETTER SUPERSCRIPT ALEF",
        '\u{180E}' => "MONGOLIAN VOWEL SEPARATOR",
        '\u{200B}' => "ZERO WIDTH SPACE",
        '\u{200C}' => "ZERO WIDTH NON-JOINER",
        '\u{200D}' => "ZERO WIDTH JOINER",
        '\u{200E}' => "LEFT-TO-RIGHT MARK",
        '\u{200F}' => "RIGHT-TO-LEFT MARK",
        '\u{2028}' => "LINE SEPARATOR",
        '\u{2029}' => "PARAGRAPH SEPARATOR",
        '\u{202A}' => "LEFT-TO-RIGHT EMBEDDING",
        '\u{202B}' => "RIGHT-TO-LEFT EMBEDDING",
        '\u{202C}' => "POP DIRECTIONAL FORMATTING",
        '\u{202D}' => "LEFT-TO-RIGHT OVERRIDE",
        '\u{202E}' => "RIGHT-TO-LEFT OVERRIDE",
        '\u{2060}' => "WORD JOINER",
        '\u{2066}' => "LEFT-TO-RIGHT ISOLATE",
        '\u{2067}' => "RIGHT-TO-LEFT ISOLATE",
        '\u{2068}' => "FIRST STRONG ISOLATE",
        '\u{2069}' => "POP DIRECTIONAL ISOLATE",
        '\u{FEFF}' => "ZERO WIDTH NO-BREAK SPACE",
        '\u{E0000}'..='\u{E007F}' => "TAG CHARACTER",
        _ => return format!("U+{:04X}", u32::from(c)),
    };
    format!("U+{:04X} {name}", u32::from(c))
}

/// The numbers of the characters of a text, for what does not show.
pub(super) fn numbers(text: &str) -> String {
    let numbers: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    numbers.join(" ")
}
